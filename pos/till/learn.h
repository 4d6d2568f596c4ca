/*
 * learn.h - what fair-sync left for the till since last time: the lists it
 * sells from, the aggregator's clock, and notices for its ledger.
 */
#ifndef POS_LEARN_H
#define POS_LEARN_H

#include "pos/till/till.h"

/* Reads the current lists into till->lists. When the till was opened to write
 * it also appends `list` for a version the ledger has not adopted yet, a `note`
 * for each notice not written yet, and `clock` when the clock is off by another
 * minute or more than the ledger knows. Lists that cannot be read, are not this
 * booth's or cannot be recorded for want of room count as none, and notices
 * wait: a shift can be closed then. Else till_append's errors. */
enum err till_learn(struct till *till) MUST_USE;
/* The same but for the lists: a few reads, so once a second is fine. */
enum err learn_news(struct till *till) MUST_USE;

/* The current lists of `in`, when they are those of `ours`, and the hash of
 * their manifest. inbox_list's and lists_parse's errors. */
enum err learn_lists_of(struct inbox *in, const struct admission *ours,
                        uint8_t hash[HASH_BYTES], struct lists **out) MUST_USE;
/* From now on the till sells from `lists`, which become its own, also on
 * failure. One opened to write first records a version it has not adopted;
 * without room for that it has no lists (ERR_OK). till_append's errors. */
enum err learn_sell_from(struct till *till, struct lists *lists,
                         const uint8_t hash[HASH_BYTES]) MUST_USE;

#endif
