/*
 * promise.h - what a test of a promise tells: how often it looked.
 *
 * The promises are numbered; sync/PROMISES.md lists them. A line
 *
 *     promise N THING COUNT
 *
 * on standard output is gathered by tests/run, which prints the sums of every
 * promise and holds them to the least counts in tests/trust/counts.tsv. THING
 * is what was counted (kills, states, seeds, flips …), in a-z and `-`. Of what
 * may never happen (lost, counted-twice …) the count is 0 or the test fails.
 */
#ifndef PROMISE_H
#define PROMISE_H

#include <stdint.h>

/* Prints that line; on PostgreSQL THING ends in "-on-postgresql". */
void promise(int number, const char *thing, int64_t count);

/* Where this run's chance begins: the number in SEED, or 1. Whatever a test
 * draws comes from it, so that a run can be had again. */
uint64_t promise_seed(void);

/* How much of `most` this run does: SHARE per cent of it, or all; at least 1.
 * A slower build does less, never something else. */
int64_t promise_share(int64_t most);

/* Calls `replay` for each seed that once found a fault of `test`: lines
 * "TEST SEED # why" of tests/trust/seeds. How many there were. */
int promise_seeds_kept(const char *test, void (*replay)(uint64_t seed));

/* A walk over seeds, in a world that is made anew every so often. */
struct seed_walk {
    const char *test; /* of whose kept seeds each is run first, alone */
    int64_t most;     /* of a run; promise_share() of it is done */
    int renewed;      /* the world, after so many */
    void (*begin)(void);
    void (*run)(uint64_t seed);
    void (*end)(void);
};
/* How many of this run's own seeds there were. SEED=n has others than n + 1. */
int64_t promise_walk(const struct seed_walk *walk);

#endif
