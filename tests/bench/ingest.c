/*
 * ingest.c - what the aggregator takes in, in one process: pushes decoded,
 * compared and stored in transactions of their own, against the same sales as
 * raw rows in transactions of the same size.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"
#include "tests/bench/rows.h"
#include "tests/bench/yard.h"

enum { DEVICES = 4 };

struct size {
    int batch, events; /* in a transaction, in a round */
    bool folded;
    const char *what;
};

// clang-format off
static const struct size sizes[] = {
    { 1, 150, false, "taken in, in one process, 1 a push / raw rows" },
    { 10, 1500, false, "taken in, in one process, 10 a push / raw rows" },
    { 100, 6000, false, "taken in, in one process, 100 a push / raw rows" },
    { 500, 10000, false, "taken in, in one process, 500 a push / raw rows" },
    { 500, 10000, true, "taken in and folded, 500 a push / raw rows" },
};
// clang-format on

struct race {
    struct yard yard;
    struct rows_floor *rows;
    const struct size *size;
};

static int64_t ingest_ours(void *ctx)
{
    struct race *race = ctx;
    const struct size *size = race->size;
    int n = size->events / size->batch;
    struct buf *pushes = x_alloc((size_t)n * sizeof(*pushes));
    for (int i = 0; i < n; i++) {
        buf_init(&pushes[i], MAX_BATCH);
        trader_push(&race->yard.traders[i % DEVICES], size->batch, &pushes[i]);
    }
    int64_t from = bench_ns();
    for (int i = 0; i < n; i++)
        yard_take(&race->yard, buf_slice(&pushes[i]));
    if (size->folded)
        yard_fold(&race->yard);
    int64_t ns = bench_ns() - from;
    for (int i = 0; i < n; i++)
        buf_done(&pushes[i]);
    free(pushes);
    return ns;
}

static int64_t ingest_floor(void *ctx)
{
    struct race *race = ctx;
    return rows_floor_insert(race->rows, race->size->events, race->size->batch);
}

static void size_run(struct bench *b, struct race *race,
                     const struct size *size)
{
    race->size = size;
    struct contest c = { .id = "",
                         .what = size->what,
                         .ctx = race,
                         .ours = ingest_ours,
                         .floor = ingest_floor,
                         .ours_ops = size->events,
                         .floor_ops = size->events,
                         .goal = { AT_LEAST, 0, 0 } };
    bench_contest(b, &c);
    yard_fold(&race->yard);
}

void bench_ingest(struct bench *b)
{
    struct race race;
    BUF(line, MAX_EVENT);
    crowd_line(&line);
    yard_open(&race.yard, DEVICES, 1);
    race.rows = rows_floor_open(race.yard.dir, buf_slice(&line));
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        size_run(b, &race, &sizes[i]);
    rows_floor_close(race.rows);
    yard_close(&race.yard);
}
