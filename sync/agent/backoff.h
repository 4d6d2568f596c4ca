/*
 * backoff.h - how long to leave the aggregator alone after a failure.
 *
 * Full jitter: the longest wait doubles with every failure from 1 s to 300 s,
 * the wait itself is any time up to it, so that ten thousand tills that lost
 * the same server do not all come back at once.
 */
#ifndef AGENT_BACKOFF_H
#define AGENT_BACKOFF_H

#include <stdint.h>

enum { BACKOFF_FIRST_MS = 1000, BACKOFF_LONGEST_MS = 300000 };

struct backoff {
    int failures; /* in a row */
};

/* Milliseconds to wait after one more failure, at most BACKOFF_LONGEST_MS:
 * what the server asked for (`asked_ms`, 0: nothing), then a random time. */
int64_t backoff_fail(struct backoff *b, int64_t asked_ms);
/* All is well again. */
void backoff_reset(struct backoff *b);

#endif
