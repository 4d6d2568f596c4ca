/*
 * branching.h - what is set aside when two machines write under one identity.
 *
 * A branch is events whose chain has left the acknowledged one; kept, not
 * counted, until a person decides. However its events arrive - again, in
 * other portions, from the middle on - each is kept once.
 */
#ifndef AGGREGATOR_BRANCHING_H
#define AGGREGATOR_BRANCHING_H

#include "fair/wire.h"

#include "store.h"

/* Does the push go on behind an event of a branch kept already? A question
 * does when it is about such an event. */
enum err branch_follows(struct store *s, const struct push *push,
                        bool *follows) MUST_USE;
/* Is event `to` of the push kept, in a branch or among the `count` that are
 * acknowledged, and so every one before it? */
enum err branch_whole(struct store *s, const struct push *push, int64_t count,
                      bool *whole) MUST_USE;
/* The branch that holds event `seq` of the ledger that branch `b` is a piece
 * of; 0: none, it is older than the fork. Not inside store_branch_down. */
enum err branch_holding(struct store *s, struct str device,
                        const struct branch *b, int64_t seq,
                        int64_t *id) MUST_USE;
/* Keeps the push's events from `first` on, but those that are kept already. */
enum err branch_keep(struct store *s, const struct push *push, int64_t first,
                     int64_t now_ms) MUST_USE;

/* Has somebody decided about every branch? */
enum err branch_all_decided(struct store *s, struct str device,
                            bool *decided) MUST_USE;

/* A machine hands over what it sells on in pieces, each a branch: branch `id`
 * and what goes on behind it, as far as the same was decided last about it, or
 * about none of it anything yet. So what was decided about several together is
 * taken back about all of them. ERR_NOT_FOUND: there is no such branch. */
enum branch_verdict { BRANCH_OPEN, BRANCH_COUNTED, BRANCH_DROPPED };
struct branch_run {
    int64_t *ids; /* in the order of their events; the caller's to free */
    size_t n;
    enum branch_verdict verdict;
};
enum err branch_run(struct store *s, struct str device, int64_t id,
                    struct branch_run *out) MUST_USE;

#endif
