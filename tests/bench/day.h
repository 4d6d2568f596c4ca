/*
 * day.h - one day of one booth with 16,000 products: an aggregator that
 * serves, and a till enrolled there, all of them the real programs.
 */
#ifndef FAIR_BENCH_DAY_H
#define FAIR_BENCH_DAY_H

#include "tests/bench/bench.h"
#include "tests/sim/child.h"
#include "tests/support/pty.h"
#include "tests/support/scratch.h"

enum { DAY_PRODUCTS = 16000 }; /* codes 1… */

struct day {
    char dir[SCRATCH_ROOM], today[16];
    struct program aggregator, agent, till;
    struct child server;
};

/* The aggregator serves; the till is enrolled, in two steps for those who look
 * at the one before the other is there. */
void day_open(struct day *d, const struct bench *b);
void day_enrol(struct day *d);
void day_close(struct day *d);

/* Runs to its end, which must be good; the most memory it needed, kB. `out`
 * may be NULL. */
int64_t day_run(const struct program *p, const char *const *words,
                struct buf *out);

/* The till's screen in a terminal of 24 rows and 80 columns, in Vietnamese; its
 * first frame is waited for. */
struct pty *day_screen(struct day *d);
/* The fair-sync it has started. */
pid_t day_companion(struct pty *screen);

#endif
