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
    char dir[SCRATCH_ROOM]; /* or an address */
    bool lent;              /* the place is somebody else's */
    struct store *store;
    struct keys keys;       /* only those that sign */
    struct trader *traders; /* of the first fair, the second… */
    int n;
    int fairs;
};

/* Fairs F1, F2… with so many devices each (at most 1,000), each at a booth of
 * its own; their first two events are taken in. */
void yard_open(struct yard *y, int fairs, int each);
/* The same at a place that stays. */
void yard_open_at(struct yard *y, const char *where, int fairs, int each);
void yard_close(struct yard *y);
void yard_open_store(struct yard *y);
void yard_close_store(struct yard *y);
/* The fairs' calendars and booths. */
void yard_calendar(struct yard *y);
/* The code of fair i (0…). */
const char *yard_fair(int i);
/* The code of the booth where device 1, 2… of a fair stands. */
const char *yard_booth(int number);

/* What the server does with a push but for the answer: checked, compared,
 * stored, durable. */
void yard_take(struct yard *y, struct str push);
/* Appends n sales to each device's events without checking them, spread over
 * the six days of their fair, and folds them. */
void yard_fill(struct yard *y, int n);
/* Folds what there is. */
void yard_fold(struct yard *y);

#endif
