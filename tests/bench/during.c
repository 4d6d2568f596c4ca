/*
 * during.c - P14: what a report takes while devices push as fast as they can,
 * against the same when they are silent; of another fair as large, and of the
 * fair that they push to, where the report has to fold what just came.
 *
 * The reader pauses after each report, as people do. The devices are a process
 * of their own, which makes and signs pushes while they are silent.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fair/wire.h"
#include "sync/aggregator/report/report.h"
#include "tests/bench/bench.h"
#include "tests/bench/town.h"

enum {
    READINGS = 150,
    PAUSE_NS = 3000000,
    PER_CENT = 99,
    DURING_ROUNDS = 5,
    OWN_ROUNDS = 3,
    READY = 30 /* loads made before the devices begin */
};

struct during {
    struct town town;
    struct store *store;
    struct load load;
    const char *fair; /* that is read */
    int line;         /* to the devices: one byte begins, one more ends */
    int64_t waits[READINGS];
};

static void must(enum err e)
{
    if (e != ERR_OK)
        err_die(err_code(e), 0, err_text(e));
}

static int64_t report_ns(struct during *d)
{
    struct report_query q = { .kind = "days",
                              .fair = d->fair,
                              .format = REPORT_JSON };
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    int64_t from = bench_ns();
    must(report_make(d->store, &q, &out, &why));
    return bench_ns() - from;
}

/* What ninety-nine of a hundred did not take. */
static int64_t read_all(struct during *d)
{
    struct timespec pause = { .tv_nsec = PAUSE_NS };
    for (int i = 0; i < READINGS; i++) {
        d->waits[i] = report_ns(d);
        nanosleep(&pause, NULL);
    }
    median(d->waits, READINGS); /* sorts them */
    return d->waits[READINGS * PER_CENT / 100];
}

/* ---- devices ------------------------------------------------------------- */

static void say(int line)
{
    ssize_t n = write(line, "!", 1);
    if (n != 1)
        err_die(__FILE__, __LINE__, "the other side has gone");
}

static void hear(int line)
{
    char c;
    if (read(line, &c, 1) != 1)
        err_die(__FILE__, __LINE__, "the other side has gone");
}

static bool told_to_end(int line)
{
    char c;
    return recv(line, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/* Loads until it is told to end: those made before, then fresh ones. */
static void push_on(struct during *d, struct buf **ready)
{
    struct flood *f = flood_open(d->town.port, d->load.connections);
    say(d->line);
    for (int i = 0; !told_to_end(d->line); i++) {
        struct buf *pushes =
            i < READY ? ready[i] : pushes_make(&d->town, &d->load);
        flood_run(f, pushes, d->load.each, NULL);
        pushes_free(pushes, &d->load);
        if (i < READY)
            ready[i] = NULL;
    }
    flood_close(f);
}

static void devices(struct during *d)
{
    struct buf *ready[READY] = { NULL };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        /* In the order of their numbers: what is left over goes first. */
        int n = 0;
        for (int i = 0; i < READY; i++) {
            if (ready[i])
                ready[n++] = ready[i];
        }
        for (; n < READY; n++)
            ready[n] = pushes_make(&d->town, &d->load);
        say(d->line);
        hear(d->line);
        push_on(d, ready);
        hear(d->line);
        say(d->line);
    }
}

static pid_t devices_start(struct during *d)
{
    int ends[2];
    bool ok = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
    ASSERT(ok);
    pid_t child = fork();
    ASSERT(child >= 0);
    d->line = ends[child == 0];
    close(ends[child != 0]);
    if (child == 0)
        devices(d);
    return child;
}

/* ---- the two sides ------------------------------------------------------- */

/* Nothing is left to fold: reports have come to their usual cost. */
static void settle(struct during *d)
{
    struct timespec pause = { .tv_nsec = 200000000 };
    int64_t before, now = report_ns(d);
    do {
        before = now;
        nanosleep(&pause, NULL);
        now = report_ns(d);
    } while (now < before * 9 / 10);
}

static int64_t read_idle(void *ctx)
{
    struct during *d = ctx;
    settle(d);
    return read_all(d);
}

static int64_t read_busy(void *ctx)
{
    struct during *d = ctx;
    say(d->line);
    hear(d->line); /* they are connected */
    int64_t ns = read_all(d);
    say(d->line);
    hear(d->line); /* they are silent, */
    hear(d->line); /* and ready again */
    return ns;
}

/* As many devices of F2 have sold as much as the others will have at first. */
static void sell_elsewhere(struct town *t, int n)
{
    struct flood *f = flood_open(t->port, 1);
    town_grow_at(t, 2 * n, "F2");
    for (int i = n; i < 2 * n; i++) {
        BUF(push, MAX_BATCH);
        BUF(request, MAX_BATCH + MAX_HEADER);
        trader_push(&t->traders[i], MAX_BATCH_EVENTS, &push);
        flood_request(buf_slice(&push), &request);
        flood_run(f, &request, 1, NULL);
    }
    flood_close(f);
}

/* What nobody has pushed to is remembered; of the other one everything is
 * added up again, and what just came is folded. */
static void own_fair(struct bench *b, struct during *d)
{
    static const struct fact half = {
        "", "report of the fair they push to, p50", "ms", { AT_MOST, 0, 0 }
    };
    static const struct fact late = {
        "", "report of the fair they push to, p99", "ms", { AT_MOST, 0, 0 }
    };
    int64_t p50[OWN_ROUNDS], p99[OWN_ROUNDS];
    d->fair = "F1";
    for (int i = 0; i < OWN_ROUNDS; i++) {
        settle(d);
        p99[i] = read_busy(d) / 1000;
        p50[i] = d->waits[READINGS / 2] / 1000;
    }
    bench_fact(b, &half, p50, OWN_ROUNDS);
    bench_fact(b, &late, p99, OWN_ROUNDS);
}

static void other_fair(struct bench *b, struct during *d)
{
    struct contest c = {
        .id = "P14",
        .what = "report while 50 devices push elsewhere / idle, p99",
        .ctx = d,
        .ours = read_busy,
        .floor = read_idle,
        .ours_ops = 1,
        .floor_ops = 1,
        .rounds = DURING_ROUNDS,
        .goal = { AT_MOST, 1500, 1250 }
    };
    d->fair = "F2";
    bench_contest(b, &c);
}

void bench_during(struct bench *b)
{
    struct during *d = x_alloc(sizeof(*d));
    d->load = (struct load){ 50, 10, 5 };
    town_open(&d->town, bench_program(b, "fair-aggregator"), NULL);
    town_grow(&d->town, d->load.connections);
    sell_elsewhere(&d->town, d->load.connections);
    must(store_open(d->town.program.data, STORE_READ, NULL, &d->store));
    pid_t child = devices_start(d);
    hear(d->line);
    other_fair(b, d);
    own_fair(b, d);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(d->line);
    store_close(d->store);
    town_close(&d->town);
    free(d);
}
