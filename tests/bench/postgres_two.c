/*
 * postgres_two.c - the same pushes to two aggregators on one database against
 * one aggregator alone: processor time of all programs, the database's too.
 *
 * Devices keep to their connections; each server has half of them, or one has
 * all. What the database does in the background belongs to both sides. And what
 * one aggregator costs sale by sale, in time and in bytes, for the capacity
 * page.
 */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/wire.h"
#include "tests/bench/bench.h"
#include "tests/support/crowd.h"
#include "tests/support/flood.h"
#include "tests/support/pair.h"
#include "tests/support/raw.h"

enum { DEVICES = 16, BATCH = 100, EACH = 4, HALF = DEVICES / PAIR };

struct match {
    struct pair pair;
    struct store *store; /* to ask the database who it is */
    struct trader *traders;
    int batch;          /* events in a push */
    struct buf *pushes; /* of a run, device by device */
};

/* ---- processor time ------------------------------------------------------ */

/* What all threads of a process have computed; 0: it has gone. */
static int64_t process_ns(long pid)
{
    char path[64];
    int64_t ns = 0;
    snprintf(path, sizeof(path), "/proc/%ld/task", pid);
    DIR *tasks = opendir(path);
    if (!tasks)
        return 0;
    for (const struct dirent *d; (d = readdir(tasks)) != NULL;) {
        BUF(text, MAX_TEXT);
        if (d->d_name[0] == '.')
            continue;
        scratch_read(scratch_path(path, d->d_name), "schedstat", &text);
        ns += strtoll(buf_text(&text), NULL, 10);
    }
    closedir(tasks);
    return ns;
}

static int64_t all_ns(const struct match *m)
{
    int64_t ns = 0;
    char *end = NULL;
    BUF(pids, MAX_TEXT);
    raw_text(m->store,
             "SELECT CAST(pid AS TEXT) FROM pg_stat_activity"
             " WHERE pid <> pg_backend_pid()",
             &pids);
    for (const char *at = buf_text(&pids); *at; at = end + 1)
        ns += process_ns(strtol(at, &end, 10));
    for (int i = 0; i < PAIR; i++)
        ns += process_ns(m->pair.servers[i].pid);
    return ns;
}

/* ---- pushes -------------------------------------------------------------- */

static void pushes_make(struct match *m)
{
    for (int i = 0; i < DEVICES * EACH; i++) {
        BUF(push, MAX_BATCH);
        trader_push(&m->traders[i / EACH], m->batch, &push);
        buf_clear(&m->pushes[i]);
        flood_request(buf_slice(&push), &m->pushes[i]);
    }
}

struct part { /* of the devices, at one server */
    pthread_t thread;
    struct flood *flood;
    const struct buf *pushes;
};

static void *part_run(void *ctx)
{
    struct part *p = ctx;
    flood_run(p->flood, p->pushes, EACH, NULL);
    return NULL;
}

/* Devices from…from + n - 1 connect to a server. */
static struct part part_of(const struct match *m, int server, int from, int n)
{
    return (struct part){ .flood = flood_open(m->pair.ports[server], n),
                          .pushes = &m->pushes[from * EACH] };
}

static int64_t run(struct match *m, struct part *parts, int n)
{
    int64_t from_ns = all_ns(m);
    for (int i = 0; i < n; i++) {
        int rc = pthread_create(&parts[i].thread, NULL, part_run, &parts[i]);
        ASSERT(rc == 0);
    }
    for (int i = 0; i < n; i++)
        pthread_join(parts[i].thread, NULL);
    int64_t ns = all_ns(m) - from_ns;
    for (int i = 0; i < n; i++)
        flood_close(parts[i].flood);
    return ns;
}

static int64_t both(void *ctx)
{
    struct match *m = ctx;
    struct part parts[PAIR];
    pushes_make(m);
    for (int i = 0; i < PAIR; i++)
        parts[i] = part_of(m, i, i * HALF, HALF);
    return run(m, parts, PAIR);
}

static int64_t alone(void *ctx)
{
    struct match *m = ctx;
    pushes_make(m);
    struct part part = part_of(m, 0, 0, DEVICES);
    return run(m, &part, 1);
}

/* ---- the match ----------------------------------------------------------- */

static void admit(struct match *m)
{
    struct flood *f = flood_open(m->pair.ports[0], 1);
    for (int i = 0; i < DEVICES; i++) {
        BUF(first, MAX_BATCH);
        BUF(request, MAX_BATCH + MAX_HEADER);
        trader_open(&m->traders[i], PAIR_FAIR, NULL, i + 1, &first);
        flood_request(buf_slice(&first), &request);
        flood_run(f, &request, 1, NULL);
    }
    flood_close(f);
}

static void match_open(struct match *m, const char *program)
{
    pair_open(&m->pair, program);
    for (int i = 0; i < PAIR; i++)
        pair_serve(&m->pair, i);
    enum err e = store_open(m->pair.where, STORE_READ, NULL, &m->store);
    ASSERT(e == ERR_OK);
    m->traders = x_alloc(DEVICES * sizeof(*m->traders));
    m->pushes = x_alloc(DEVICES * EACH * sizeof(*m->pushes));
    for (int i = 0; i < DEVICES * EACH; i++)
        buf_init(&m->pushes[i], MAX_BATCH + MAX_HEADER);
    admit(m);
}

static void match_close(struct match *m)
{
    store_close(m->store);
    for (int i = 0; i < PAIR; i++)
        child_end(&m->pair.servers[i], SIGTERM);
    pair_close(&m->pair);
    for (int i = 0; i < DEVICES * EACH; i++)
        buf_done(&m->pushes[i]);
    for (int i = 0; i < DEVICES; i++)
        trader_close(&m->traders[i]);
    free(m->traders);
    free(m->pushes);
}

/* What is stored of a sale that came in a push of BATCH, indexes too. */
static void stored(struct bench *b, struct match *m)
{
    static const struct fact fact = {
        "", "a sale in PostgreSQL, 100 a push", "bytes", { AT_MOST, 0, 0 }
    };
    static const char size[] = "SELECT pg_total_relation_size('segment')";
    int64_t before = raw_int(m->store, size);
    (void)alone(m);
    int64_t milli = (raw_int(m->store, size) - before) * 1000 /
                    ((int64_t)DEVICES * EACH * BATCH);
    bench_fact(b, &fact, &milli, 1);
}

static void one_by_one(struct bench *b, struct match *m)
{
    static const struct fact fact = {
        "", "PostgreSQL x 1: all computing an event", "us", { AT_MOST, 0, 0 }
    };
    enum { TIMES = 8, SHORT_ROUNDS = 3 };
    int64_t milli[SHORT_ROUNDS] = { 0 };
    m->batch = 1;
    for (int i = 0; i < SHORT_ROUNDS * TIMES; i++)
        milli[i % SHORT_ROUNDS] += alone(m);
    for (int i = 0; i < SHORT_ROUNDS; i++)
        milli[i] /= (int64_t)DEVICES * EACH * TIMES;
    m->batch = BATCH;
    bench_fact(b, &fact, milli, SHORT_ROUNDS);
}

void bench_postgres_two(struct bench *b)
{
    struct match m = { .batch = BATCH };
    const char *address = getenv("FAIR_TEST_STORE");
    if (!address || !*address) {
        bench_missing(b, "P19", "CPU of two aggregators on PostgreSQL / one",
                      "no server: run it by tests/postgres/with-server");
        return;
    }
    match_open(&m, bench_program(b, "fair-aggregator"));
    struct contest c = { .id = "P19",
                         .what = "CPU an event of two aggregators on PostgreSQL"
                                 " / of one",
                         .ctx = &m,
                         .ours = both,
                         .floor = alone,
                         .ours_ops = (int64_t)DEVICES * EACH * BATCH,
                         .floor_ops = (int64_t)DEVICES * EACH * BATCH,
                         .goal = { AT_MOST, 1300, 0 } };
    bench_contest(b, &c);
    stored(b, &m);
    one_by_one(b, &m);
    match_close(&m);
}
