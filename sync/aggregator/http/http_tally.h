/*
 * http_tally.h - how many each has, by a number of 64 bits: connections by
 * address or by who they belong to. One thread at a time.
 */
#ifndef AGGREGATOR_HTTP_TALLY_H
#define AGGREGATOR_HTTP_TALLY_H

#include "fair/err.h"

struct tally;

struct tally *tally_open(void);
void tally_close(struct tally *t); /* NULL does nothing */

int tally_count(const struct tally *t, uint64_t key);
/* One more; how many it has now. */
int tally_take(struct tally *t, uint64_t key);
/* One less, of those that were taken. */
void tally_give(struct tally *t, uint64_t key);

#endif
