/*
 * backoff.c - a random wait that grows.
 */
#include "sync/agent/backoff.h"

#include "fair/env.h"

enum { DOUBLINGS = 9 }; /* 1 s doubled so often is more than the longest */

int64_t backoff_fail(struct backoff *b, int64_t asked_ms)
{
    int64_t ceiling = (int64_t)BACKOFF_FIRST_MS << b->failures;
    if (ceiling > BACKOFF_LONGEST_MS)
        ceiling = BACKOFF_LONGEST_MS;
    if (b->failures < DOUBLINGS)
        b->failures++;
    int64_t wait = (int64_t)env_random_below((uint32_t)ceiling + 1);
    if (asked_ms >= BACKOFF_LONGEST_MS - wait)
        return BACKOFF_LONGEST_MS;
    return asked_ms + wait;
}

void backoff_reset(struct backoff *b)
{
    b->failures = 0;
}
