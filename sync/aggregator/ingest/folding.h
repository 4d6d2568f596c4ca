/*
 * folding.h - when the writer folds, and how much at once.
 *
 * Every report folds what is not in the roll-ups yet for itself, so it must
 * stay little; and while the writer folds, devices wait. So it folds often,
 * in steps of some milliseconds, and while there are jobs it spends at most an
 * eighth of its time with it, or more when much waits: a quarter, half. What
 * then stays behind is folded when the devices are silent; reports are exact
 * all along.
 */
#ifndef AGGREGATOR_FOLDING_H
#define AGGREGATOR_FOLDING_H

#include <stdbool.h>
#include <stdint.h>

enum {
    FOLD_EVENTS = 1000,     /* so many are worth a step of their own, */
    FOLD_EVERY_MS = 500,    /* any after this time */
    FOLD_QUIET_MS = 10,     /* no job for so long: devices are silent */
    FOLD_SHARE = 8,         /* of the time between two steps' ends, */
    FOLD_MUCH = 20000,      /* half of that when so many events wait, */
    FOLD_TOO_MUCH = 100000, /* a quarter of it */
    FOLD_STEP_MS = 40,      /* what a step should take at most */
    FOLD_STEP_LEAST = 1024, /* events of a step */
    FOLD_STEP_MOST = 16384
};

struct folding {
    bool any;         /* something was done since the last step began */
    bool behind;      /* it left more to fold */
    int64_t events;   /* that wait, as far as we were told */
    int64_t step;     /* events of the next one at most */
    int64_t ended_ms; /* of the last one */
    int64_t took_ms;
};
void folding_init(struct folding *f, int64_t now_ms);
/* Jobs were done; events were stored. */
void folding_stir(struct folding *f);
void folding_add(struct folding *f, int64_t events);
/* Is it time for a step although there are jobs? */
bool folding_due(const struct folding *f, int64_t now_ms);
/* How long to wait for a job before a step is taken as there is none. */
int64_t folding_patience(const struct folding *f);
/* A step of f->step events begins; it has ended and folded so many. */
void folding_begin(struct folding *f);
void folding_end(struct folding *f, int64_t began_ms, int64_t now_ms,
                 int64_t folded);

#endif
