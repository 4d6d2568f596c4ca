/*
 * yard.h - an aggregator's store of its own with devices admitted to it, and
 * pushes taken in one at a time, without server or thread.
 */
#ifndef FAIR_BENCH_YARD_H
#define FAIR_BENCH_YARD_H

#include "sync/aggregator/ingest/ingest.h"
#include "tests/support/crowd.h"
#include "tests/support/scratch.h"

struct yard {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct keys keys; /* only those that sign */
    struct trader *traders;
    int n;
};

/* n devices of as many fairs (F1, F2…), their first two events taken in. */
void yard_open(struct yard *y, int n);
void yard_close(struct yard *y);
void yard_open_store(struct yard *y);
void yard_close_store(struct yard *y);
/* The code of the fair that device i (0…) is of. */
const char *yard_fair(int i);

/* What the server does with a push but for the answer: checked, compared,
 * stored, durable. */
void yard_take(struct yard *y, struct str push);
/* Appends n sales to each device's events without checking them, spread over
 * the six days of their fair, and folds them. */
void yard_fill(struct yard *y, int n);
/* Folds what there is. */
void yard_fold(struct yard *y);

#endif
