/*
 * alone.h - one aggregator on loopback, the program itself, with the fair F1
 * and its booth A1; it has the keys of crowd_aggregator(). Everything fails
 * the test that cannot be done.
 */
#ifndef FAIR_TESTS_ALONE_H
#define FAIR_TESTS_ALONE_H

#include "tests/sim/child.h"
#include "tests/support/scratch.h"

#define ALONE_FAIR "F1"

struct alone {
    char dir[SCRATCH_ROOM];
    struct program program;
    struct child server;
    int port;
};

/* Serves; its store is a file, whatever FAIR_TEST_STORE says. */
void alone_open(struct alone *a);
void alone_close(struct alone *a);

#endif
