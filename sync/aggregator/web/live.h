/*
 * live.h - viewers who wait for news (GET /live, server-sent events).
 *
 * A stream is held until what it shows has changed, at most 25 s, then
 * answered with one event and ended; the browser comes back with its
 * Last-Event-ID. The event's data is the markup of the glance and of the last
 * sales, made by the functions that made the page. Nothing is remembered of a
 * viewer, so any server of a fair can take the next stream.
 *
 * The id is "EVENTS-DEVICES" of the fair: what is stored, and how many have
 * ever been heard; for a booth's owner of that booth alone, who is not even
 * told when others sell. One thread looks every two seconds, while anybody
 * waits.
 */
#ifndef AGGREGATOR_LIVE_H
#define AGGREGATOR_LIVE_H

#include "visit.h"

enum {
    LIVE_HOLD_MS = 25000,
    LIVE_LOOK_MS = 2000,
    LIVE_RETRY_MS = 1000, /* the browser's pause between streams */
    LIVE_MOST = 256       /* viewers at once; more get 503 */
};

struct live;
/* `pages` is where they are queued again; `where` has the store. Both outlive
 * it. */
enum err live_open(const char *where, struct desk *pages, struct buf *why,
                   struct live **out) MUST_USE;
/* Answers everybody who waits (503); takes no more. */
void live_stop(struct live *l);
void live_close(struct live *l);

/* What somebody watches: a fair, or one booth of it; NULL all of them. */
struct live_of {
    const char *fair, *booth;
};

/* The id of what is stored of it now. */
enum err live_id(struct store *s, const struct live_of *of,
                 struct buf *out) MUST_USE;
/* Keeps a visit until there is news behind `seen` ("" has seen nothing: comes
 * back at once); then it is queued again at the pages' desk and its job runs
 * with v->own set, to say that it must be answered now. ERR_BUSY. */
enum err live_wait(struct live *l, struct visit *v, const struct live_of *of,
                   struct str seen) MUST_USE;

#endif
