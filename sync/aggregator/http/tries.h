/*
 * tries.h - how often wrong enrolment codes may be tried: 30 a minute from
 * one address, 300 from all together.
 *
 * Only wrong codes count; a hall full of tills behind one address enrols as
 * fast as it likes. Several threads may share it. Each server counts for
 * itself, and nothing is remembered over a restart: what stops a guesser is the
 * lock of 500 tries at a booth, which is in the database; this here keeps him
 * from locking booths while their tills are on their way in.
 */
#ifndef AGGREGATOR_TRIES_H
#define AGGREGATOR_TRIES_H

#include "fair/buf.h"

enum {
    TRIES_A_MINUTE = 30,
    TRIES_OF_ALL = 300,
    TRIES_ADDRESSES = 1024 /* remembered */
};

/* An address as limits count it (http_listen.h); zeros: unknown. */
struct peer {
    uint8_t bytes[8];
};

struct tries;
struct tries *tries_open(void);
void tries_close(struct tries *t);

/* May this address try one more code now? */
bool tries_left(struct tries *t, struct peer from, int64_t now_ms);
/* It was a wrong one. */
void tries_count(struct tries *t, struct peer from, int64_t now_ms);

#endif
