/*
 * crew.h - looking at every device of a store by two readers at once.
 *
 * Nothing that one device holds says anything about another, so that half of
 * them can be somebody else's. For commands that read everything; a server has
 * better use for its processors.
 */
#ifndef AGGREGATOR_CREW_H
#define AGGREGATOR_CREW_H

#include "store.h"

struct crew {
    /* On either thread; `s` is the reader's own, `d` as it sees it, `found` has
     * room for what comes out, all zero. */
    enum err (*look)(void *ctx, struct store *s, const struct device *d,
                     void *found);
    size_t size; /* of *found */
    /* On the caller's thread, in report order, once all were looked at. */
    enum err (*take)(void *ctx, const struct device *d, const void *found);
    void *ctx;
};

/* Inside store_read_begin. The second reader has a moment of its own, which is
 * a little later: what it sees of one device belongs together all the same.
 * Without one everything is looked at here. The first error ends it. */
enum err crew_run(struct store *s, const struct crew *crew) MUST_USE;

#endif
