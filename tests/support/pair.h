/*
 * pair.h - two aggregators with the same keys on one database, serving on
 * loopback: the programs themselves. Everything fails the test that cannot be
 * done.
 */
#ifndef FAIR_TESTS_PAIR_H
#define FAIR_TESTS_PAIR_H

#include "tests/sim/child.h"
#include "tests/support/place.h"

enum { PAIR = 2 };

#define PAIR_FAIR "F1"

struct pair {
    char dir[SCRATCH_ROOM], where[SCRATCH_ROOM];
    struct program programs[PAIR];
    struct child servers[PAIR];
    char listen[PAIR][64]; /* "127.0.0.1:PORT" once it is known */
    int ports[PAIR];
};

/* Made by the program at `path`, in a place of place.h: keys of
 * crowd_aggregator(), the fair F1 with a booth A1. Nobody serves yet. */
void pair_open(struct pair *p, const char *path);
void pair_close(struct pair *p);
/* Serves, on the same port as before. */
void pair_serve(struct pair *p, int i);
/* A command of one of them; what it says is appended. Must go well. */
void pair_run(const struct pair *p, int i, const char *const *words,
              struct buf *out);

#endif
