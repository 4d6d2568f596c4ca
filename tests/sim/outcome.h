/*
 * outcome.h - what a fair came to, as the aggregator answers.
 */
#ifndef SIM_OUTCOME_H
#define SIM_OUTCOME_H

#include "tests/sim/fair.h"

struct outcome {
    int64_t net_vnd, sales, visits;  /* report days */
    int64_t devices, events, resent; /* report devices */
    bool sound;                      /* verify */
    struct buf days, list;           /* the answers themselves, JSON */
};

/* Asks the serving aggregator. The buffers are the caller's to release. */
enum err outcome_ask(const struct host *host, struct outcome *out) MUST_USE;
void outcome_done(struct outcome *out);

/* Does it say the same as the ledgers, and is all sound? After
 * PHASE_VERIFY. */
bool outcome_agrees(const struct outcome *o, const struct fair *fair);

#endif
