/*
 * town.h - a serving aggregator on loopback with its devices, for all
 * benchmarks of the real server.
 *
 * Pushes are made and signed before a clock starts. Durable and acknowledged:
 * an answer counts, not a request. Client and server share the machine, a
 * floor has it for itself: real figures are no worse.
 */
#ifndef FAIR_BENCH_TOWN_H
#define FAIR_BENCH_TOWN_H

#include "tests/bench/bench.h"
#include "tests/bench/rows.h"
#include "tests/sim/child.h"
#include "tests/support/crowd.h"
#include "tests/support/flood.h"
#include "tests/support/scratch.h"

enum { TOWN_MANY = 1000 };

/* The fairs F1 and F2 with a booth A1 each. */
struct town {
    char dir[SCRATCH_ROOM];
    struct program program, serving; /* for commands; the one that serves */
    struct child server;
    int port;
    struct trader *traders;
    int n; /* admitted so far */
};

/* `serving` NULL: the same program. */
void town_open(struct town *t, const char *program, const char *serving);
void town_close(struct town *t);
/* Admits devices of F1, or of a fair, until there are n, over a connection of
 * their own. */
void town_grow(struct town *t, int n);
void town_grow_at(struct town *t, int n, const char *fair);
/* What all threads of the server have computed so far, ns. */
int64_t town_cpu_ns(const struct town *t);

/* So many devices send so many pushes of so many events, each over a
 * connection of its own, one push after the other. */
struct load {
    int connections, batch, each;
};
int64_t load_events(const struct load *load);
/* The pushes of one run, as requests for flood_run(). */
struct buf *pushes_make(struct town *t, const struct load *load);
/* Such that nobody will store: the devices forget them. */
struct buf *pushes_aside(struct town *t, const struct load *load);
void pushes_free(struct buf *pushes, const struct load *load);
/* Sends them over connections made for it; nanoseconds as flood_run(). A server
 * does not keep silent connections for long. */
int64_t load_run(int port, const struct load *load, const struct buf *pushes,
                 int64_t *waits);

#endif
