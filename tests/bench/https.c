/*
 * https.c - the real server on loopback: P7, P8, P9, and P17's memory with a
 * thousand devices.
 *
 * Pushes are made and signed before the clock starts. Durable and
 * acknowledged: an answer counts, not a request. Client and server share the
 * machine, the floor has it for itself: real figures are no worse.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/wire.h"
#include "tests/bench/bench.h"
#include "tests/bench/ceiling.h"
#include "tests/support/crowd.h"
#include "tests/support/flood.h"
#include "tests/bench/memory.h"
#include "tests/bench/rows.h"
#include "tests/sim/child.h"
#include "tests/support/scratch.h"

enum { MANY = 1000, HTTPS_ROUNDS = 5, ROWS_EVENTS = 4000, ROWS_ALONE = 400 };

/* The server, its devices, and a floor on the same disk. */
struct town {
    char dir[SCRATCH_ROOM];
    struct program program;
    struct child server;
    int port;
    struct trader *traders;
    int n; /* admitted so far */
    struct rows_floor *rows;
    struct ceiling ceiling;
};

struct load {
    const char *id, *what;
    int connections, batch, each; /* pushes of each connection in a round */
    enum { AGAINST_ROWS, AGAINST_CEILING } against;
    struct goal goal;
};

// clang-format off
static const struct load loads[] = {
    { "", "https, 1 connection x 1 / raw rows x 1", 1, 1, 200,
      AGAINST_ROWS, { AT_LEAST, 0, 0 } },
    { "", "https, 1 connection x 10 / raw rows x 10", 1, 10, 200,
      AGAINST_ROWS, { AT_LEAST, 0, 0 } },
    { "", "https, 1 connection x 100 / raw rows x 100", 1, 100, 100,
      AGAINST_ROWS, { AT_LEAST, 0, 0 } },
    { "", "https, 1 connection x 500 / raw rows x 500", 1, 500, 40,
      AGAINST_ROWS, { AT_LEAST, 0, 0 } },
    { "P8", "https, 50 connections x 1 / raw rows x 1", 50, 1, 60,
      AGAINST_ROWS, { AT_LEAST, 4000, 6000 } },
    { "", "https, 50 connections x 10 / raw rows x 10", 50, 10, 40,
      AGAINST_ROWS, { AT_LEAST, 0, 0 } },
    { "", "https, 50 connections x 100 / raw rows x 100", 50, 100, 6,
      AGAINST_ROWS, { AT_LEAST, 0, 0 } },
    { "P7", "https, 50 connections x 500 / raw rows x 500", 50, 500, 2,
      AGAINST_ROWS, { AT_LEAST, 2500, 4000 } },
    { "", "https, 50 connections x 1 / the same, nothing stored", 50, 1, 60,
      AGAINST_CEILING, { AT_LEAST, 0, 0 } },
    { "P7", "https, 50 connections x 500 / the same, nothing stored", 50, 500,
      2, AGAINST_CEILING, { AT_LEAST, 500, 700 } },
};
// clang-format on

/* ---- the town ------------------------------------------------------------ */

static void must(enum err e)
{
    if (e != ERR_OK)
        err_die(err_code(e), 0, err_text(e));
}

static void keys_give(const char *dir)
{
    struct keypair key;
    const char *keys = scratch_path(dir, "keys");
    crowd_aggregator(&key);
    must(env_dir_make(keys));
    must(key_store(keys, "signing.key", &key));
}

static void server_start(struct town *t)
{
    int code = 0;
    BUF(out, MAX_TEXT);
    must(child_run(&t->program, WORDS("init"), &out, &code));
    ASSERT(code == 0);
    buf_clear(&out);
    must(child_start(&t->program, WORDS("serve", "--listen", "127.0.0.1:0"),
                     &t->server));
    must(child_line(&t->server, &out));
    const char *colon = strrchr(buf_text(&out), ':');
    ASSERT(colon);
    t->port = (int)strtol(colon + 1, NULL, 10);
}

static void town_open(struct town *t, const char *program)
{
    BUF(line, MAX_EVENT);
    memset(t, 0, sizeof(*t));
    scratch_make(t->dir);
    snprintf(t->program.path, sizeof(t->program.path), "%s", program);
    snprintf(t->program.data, sizeof(t->program.data), "%s/data", t->dir);
    must(env_dir_make(t->program.data));
    keys_give(t->program.data);
    server_start(t);
    ceiling_start(t->program.data, &t->ceiling);
    t->traders = x_alloc(MANY * sizeof(*t->traders));
    crowd_line(&line);
    t->rows = rows_floor_open(t->dir, buf_slice(&line));
}

static void town_close(struct town *t)
{
    child_end(&t->server, SIGTERM);
    ceiling_stop(&t->ceiling);
    rows_floor_close(t->rows);
    for (int i = 0; i < t->n; i++)
        trader_close(&t->traders[i]);
    free(t->traders);
    scratch_remove(t->dir);
}

/* Admits devices until there are n, over a connection of their own. */
static void town_grow(struct town *t, int n)
{
    struct flood *f = flood_open(t->port, 1);
    for (; t->n < n; t->n++) {
        struct buf request;
        BUF(first, MAX_BATCH);
        buf_init(&request, MAX_BATCH + MAX_HEADER);
        trader_open(&t->traders[t->n], "F1", t->n + 1, &first);
        flood_request(buf_slice(&first), &request);
        flood_run(f, &request, 1, NULL);
        buf_done(&request);
    }
    flood_close(f);
}

/* ---- pushes -------------------------------------------------------------- */

static struct buf *pushes_make(struct town *t, const struct load *load)
{
    size_t n = (size_t)load->connections * (size_t)load->each;
    struct buf *all = x_alloc(n * sizeof(*all));
    for (int i = 0; i < (int)n; i++) {
        BUF(push, MAX_BATCH);
        trader_push(&t->traders[i / load->each], load->batch, &push);
        buf_init(&all[i], MAX_BATCH + MAX_HEADER);
        flood_request(buf_slice(&push), &all[i]);
    }
    return all;
}

static void pushes_free(struct buf *all, const struct load *load)
{
    for (int i = 0; i < load->connections * load->each; i++)
        buf_done(&all[i]);
    free(all);
}

struct run {
    struct town *town;
    const struct load *load;
    struct flood *flood, *ceiling;
    struct buf *again; /* for the ceiling: it forgets them each time */
};

static int64_t run_ours(void *ctx)
{
    struct run *run = ctx;
    struct buf *pushes = pushes_make(run->town, run->load);
    int64_t ns = flood_run(run->flood, pushes, run->load->each, NULL);
    pushes_free(pushes, run->load);
    return ns;
}

static int64_t run_rows(void *ctx)
{
    struct run *run = ctx;
    int batch = run->load->batch;
    return rows_floor_insert(run->town->rows,
                             batch == 1 ? ROWS_ALONE : ROWS_EVENTS, batch);
}

static int64_t run_ceiling(void *ctx)
{
    struct run *run = ctx;
    return flood_run(run->ceiling, run->again, run->load->each, NULL);
}

/* What the ceiling is sent: events that nobody stores. */
static struct buf *pushes_aside(struct town *t, const struct load *load)
{
    struct trader *kept = x_alloc((size_t)load->connections * sizeof(*kept));
    memcpy(kept, t->traders, (size_t)load->connections * sizeof(*kept));
    struct buf *pushes = pushes_make(t, load);
    memcpy(t->traders, kept, (size_t)load->connections * sizeof(*kept));
    free(kept);
    return pushes;
}

static void load_run(struct bench *b, struct town *t, const struct load *load)
{
    bool ceiling = load->against == AGAINST_CEILING;
    struct run run = { .town = t, .load = load };
    struct contest c = {
        .id = load->id,
        .what = load->what,
        .ctx = &run,
        .ours = run_ours,
        .floor = ceiling ? run_ceiling : run_rows,
        .ours_ops = (int64_t)load->connections * load->each * load->batch,
        .floor_ops = load->batch == 1 ? ROWS_ALONE : ROWS_EVENTS,
        .rounds = HTTPS_ROUNDS,
        .goal = load->goal,
    };
    town_grow(t, load->connections);
    run.flood = flood_open(t->port, load->connections);
    if (ceiling) {
        c.floor_ops = c.ours_ops;
        run.ceiling = flood_open(t->ceiling.port, load->connections);
        run.again = pushes_aside(t, load);
    }
    bench_contest(b, &c);
    flood_close(run.flood);
    if (ceiling) {
        flood_close(run.ceiling);
        pushes_free(run.again, load);
    }
}

/* ---- a thousand devices -------------------------------------------------- */

static void crowd_run(struct bench *b, struct town *t)
{
    enum { EACH = 3, ANSWERS = MANY * EACH };
    static const struct load load = {
        "", "", MANY, 1, EACH, AGAINST_ROWS, { AT_LEAST, 0, 0 }
    };
    static const struct fact late = { "P9",
                                      "https, 1,000 connections x 1: p99",
                                      "ms",
                                      { AT_MOST, 100000, 50000 } };
    static const struct fact rate = {
        "", "https, 1,000 connections x 1", "per s", { AT_LEAST, 0, 0 }
    };
    int64_t *waits = x_alloc(ANSWERS * sizeof(*waits));
    int64_t p99[HTTPS_ROUNDS], rates[HTTPS_ROUNDS];
    town_grow(t, MANY);
    struct flood *f = flood_open(t->port, MANY);
    for (int i = 0; i < HTTPS_ROUNDS; i++) {
        struct buf *pushes = pushes_make(t, &load);
        int64_t ns = flood_run(f, pushes, EACH, waits);
        median(waits, ANSWERS); /* sorts them */
        p99[i] = waits[ANSWERS * 99 / 100] / 1000;
        rates[i] = INT64_C(1000000000000) * ANSWERS / ns;
        pushes_free(pushes, &load);
    }
    flood_close(f);
    bench_fact(b, &rate, rates, HTTPS_ROUNDS);
    bench_fact(b, &late, p99, HTTPS_ROUNDS);
    free(waits);
}

void bench_https(struct bench *b)
{
    struct town town;
    town_open(&town, bench_program(b, "fair-aggregator"));
    for (size_t i = 0; i < ARRAY_LEN(loads); i++)
        load_run(b, &town, &loads[i]);
    crowd_run(b, &town);
    memory_fact(b, "fair-aggregator, 1,000 devices connected",
                memory_peak(town.server.pid),
                (struct goal){ AT_MOST, 96000, 48000 });
    town_close(&town);
}
