/*
 * https.c - the real server on loopback against a bare loop on the same disk:
 * P7 and P8, by the size of a push and the number of devices.
 *
 * The same on a disk whose syncs take 5 ms: there the server is this program
 * over the same objects (slow_disk.h).
 */
#include "tests/bench/bench.h"
#include "tests/bench/ceiling.h"
#include "tests/bench/slow_disk.h"
#include "tests/bench/town.h"

enum { HTTPS_ROUNDS = 5, ROWS_EVENTS = 4000, ROWS_ALONE = 400, ROWS_SLOW = 40 };

struct row {
    const char *id, *what;
    struct load load;
    enum { AGAINST_ROWS, AGAINST_CEILING } against;
    struct goal goal;
};

#define OPEN           \
    {                  \
        AT_LEAST, 0, 0 \
    }

// clang-format off
static const struct row rows[] = {
    { "", "https, 1 device x 1 / raw rows x 1",
      { 1, 1, 200 }, AGAINST_ROWS, OPEN },
    { "", "https, 1 device x 10 / raw rows x 10",
      { 1, 10, 200 }, AGAINST_ROWS, OPEN },
    { "", "https, 1 device x 100 / raw rows x 100",
      { 1, 100, 100 }, AGAINST_ROWS, OPEN },
    { "", "https, 1 device x 500 / raw rows x 500",
      { 1, 500, 40 }, AGAINST_ROWS, OPEN },
    { "P8", "https, 50 devices x 1 / raw rows x 1",
      { 50, 1, 60 }, AGAINST_ROWS, { AT_LEAST, 4000, 6000 } },
    { "", "https, 50 devices x 10 / raw rows x 10",
      { 50, 10, 40 }, AGAINST_ROWS, OPEN },
    { "", "https, 50 devices x 100 / raw rows x 100",
      { 50, 100, 8 }, AGAINST_ROWS, OPEN },
    { "P7", "https, 50 devices x 500 / raw rows x 500",
      { 50, 500, 3 }, AGAINST_ROWS, { AT_LEAST, 2500, 4000 } },
    { "", "https, 50 devices x 1 / the same, nothing stored",
      { 50, 1, 60 }, AGAINST_CEILING, OPEN },
    { "P7", "https, 50 devices x 500 / the same, nothing stored",
      { 50, 500, 3 }, AGAINST_CEILING, { AT_LEAST, 500, 700 } },
    { "", "https, 100 devices x 1 / raw rows x 1",
      { 100, 1, 30 }, AGAINST_ROWS, OPEN },
    { "", "https, 100 devices x 10 / raw rows x 10",
      { 100, 10, 20 }, AGAINST_ROWS, OPEN },
    { "", "https, 100 devices x 100 / raw rows x 100",
      { 100, 100, 4 }, AGAINST_ROWS, OPEN },
    { "", "https, 100 devices x 500 / raw rows x 500",
      { 100, 500, 1 }, AGAINST_ROWS, OPEN },
    { "", "https, 1,000 devices x 1 / raw rows x 1",
      { 1000, 1, 3 }, AGAINST_ROWS, OPEN },
    { "", "https, 1,000 devices x 10 / raw rows x 10",
      { 1000, 10, 3 }, AGAINST_ROWS, OPEN },
};

static const struct row slow_rows[] = {
    { "P8", "https, 50 devices x 1, sync 5 ms / raw rows x 1",
      { 50, 1, 20 }, AGAINST_ROWS, { AT_LEAST, 20000, 25000 } },
    { "P8", "https, 1,000 devices x 1, sync 5 ms / raw rows x 1",
      { 1000, 1, 3 }, AGAINST_ROWS, { AT_LEAST, 100000, 150000 } },
};
// clang-format on

struct run {
    struct town *town;
    const struct row *row;
    int ceiling_port;
    struct buf *again; /* for the ceiling: it forgets them each time */
    struct rows_floor *rows;
    int rows_each; /* in a round of the floor, one by one */
};

static int64_t run_ours(void *ctx)
{
    struct run *run = ctx;
    const struct load *load = &run->row->load;
    struct buf *pushes = pushes_make(run->town, load);
    int64_t ns = load_run(run->town->port, load, pushes, NULL);
    pushes_free(pushes, load);
    return ns;
}

static int64_t run_rows(void *ctx)
{
    struct run *run = ctx;
    return rows_floor_insert(run->rows, run->rows_each, run->row->load.batch);
}

static int64_t run_ceiling(void *ctx)
{
    struct run *run = ctx;
    return load_run(run->ceiling_port, &run->row->load, run->again, NULL);
}

static void contest_run(struct bench *b, struct run *run)
{
    const struct row *row = run->row;
    bool ceiling = row->against == AGAINST_CEILING;
    struct contest c = { .id = row->id,
                         .what = row->what,
                         .ctx = run,
                         .ours = run_ours,
                         .floor = ceiling ? run_ceiling : run_rows,
                         .ours_ops = load_events(&row->load),
                         .floor_ops =
                             ceiling ? load_events(&row->load) : run->rows_each,
                         .rounds = HTTPS_ROUNDS,
                         .goal = row->goal };
    bench_contest(b, &c);
}

/* The same keys, and nothing behind them. */
static void row_run_ceiling(struct bench *b, struct run *run)
{
    struct ceiling ceiling;
    ceiling_start(run->town->program.data, &ceiling);
    run->ceiling_port = ceiling.port;
    run->again = pushes_aside(run->town, &run->row->load);
    contest_run(b, run);
    pushes_free(run->again, &run->row->load);
    ceiling_stop(&ceiling);
}

static void rows_run(struct bench *b, struct run *run, const struct row *list,
                     size_t n, int alone)
{
    BUF(line, MAX_EVENT);
    crowd_line(&line);
    run->rows = rows_floor_open(run->town->dir, buf_slice(&line));
    for (size_t i = 0; i < n; i++) {
        run->row = &list[i];
        run->rows_each = list[i].load.batch == 1 ? alone : ROWS_EVENTS;
        town_grow(run->town, list[i].load.connections);
        if (list[i].against == AGAINST_CEILING)
            row_run_ceiling(b, run);
        else
            contest_run(b, run);
    }
    rows_floor_close(run->rows);
}

void bench_https(struct bench *b)
{
    struct town town;
    struct run run = { .town = &town };
    town_open(&town, bench_program(b, "fair-aggregator"), NULL);
    rows_run(b, &run, rows, ARRAY_LEN(rows), ROWS_ALONE);
    town_close(&town);
}

void bench_slow_disk(struct bench *b)
{
    struct town town;
    struct run run = { .town = &town };
    town_open(&town, bench_program(b, "fair-aggregator"),
              bench_program(b, "bench"));
    slow_disk_use(true);
    rows_run(b, &run, slow_rows, ARRAY_LEN(slow_rows), ROWS_SLOW);
    slow_disk_use(false);
    town_close(&town);
}
