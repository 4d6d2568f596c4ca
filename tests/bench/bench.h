/*
 * bench.h - figures as ratios: ours against a floor, measured in turns in the
 * same run, so that a busy or a slow machine moves both.
 *
 * A round runs both sides; who begins changes with every round. A figure is
 * the median of its rounds, shown with the least and the greatest. Nothing is
 * asserted about time: the table says what is met and what is missed.
 * Ratios and facts are integer thousandths.
 */
#ifndef FAIR_BENCH_H
#define FAIR_BENCH_H

#include "fair/buf.h"

enum { ROUNDS = 7, ROUNDS_MAX = 31 };

/* AT_MOST: cost of ours / cost of the floor. AT_LEAST: rate of ours / rate of
 * the floor. */
enum sense { AT_MOST, AT_LEAST };

struct goal {
    enum sense sense;
    int64_t target, moonshot; /* thousandths; 0: none is set */
};

/* The benchmarks of one run, and what they found. */
struct bench {
    const char *build; /* where the programs are */
    int longer; /* LONG=1: also what takes minutes; 2: an hour and 6 GB */
    struct result *results;
    int n;
};

/* One side of a contest: works, and says how many nanoseconds that took
 * without its preparations. */
typedef int64_t bench_side(void *ctx);

struct contest {
    const char *id, *what; /* "P1", "sale at the till / bare commit" */
    void *ctx;
    bench_side *ours, *floor;
    int64_t ours_ops, floor_ops; /* operations of one run */
    int rounds;                  /* 0: ROUNDS */
    int pairs; /* runs of each side in a round, in turns; their medians make
                  the round; 0: 1 */
    struct goal goal;
};
void bench_contest(struct bench *b, const struct contest *c);

/* A figure with a unit of its own, from one or more rounds. */
struct fact {
    const char *id, *what, *unit;
    struct goal goal;
};
void bench_fact(struct bench *b, const struct fact *f, const int64_t *milli,
                int n);
/* What cannot be measured here, and why. */
void bench_missing(struct bench *b, const char *id, const char *what,
                   const char *why);

void bench_table(const struct bench *b, struct buf *out);
void bench_json(const struct bench *b, struct buf *out);
void bench_done(struct bench *b);

int64_t bench_ns(void);                 /* a clock that never goes back */
int64_t median(int64_t *values, int n); /* sorts them */

/* The path of a program (four buffers in turn); dies when it is not built. */
const char *bench_program(const struct bench *b, const char *name);

/* The benchmarks, each in a file of its own. */
void bench_memory(struct bench *b);
void bench_sale(struct bench *b);
void bench_bytes(struct bench *b);
void bench_ingest(struct bench *b);
void bench_report(struct bench *b);
void bench_command(struct bench *b);
void bench_https(struct bench *b);
void bench_slow_disk(struct bench *b);
void bench_devices(struct bench *b);
void bench_during(struct bench *b);
void bench_postgres(struct bench *b);
void bench_postgres_two(struct bench *b);
void bench_screen(struct bench *b);
void bench_idle(struct bench *b);
void bench_count(struct bench *b);

/* `bench --sales N`: that many sales at a till, for callgrind. */
int sales_run(const char *word);

#endif
