/*
 * web.h - the parts that visits share, begun and ended together.
 */
#ifndef AGGREGATOR_WEB_H
#define AGGREGATOR_WEB_H

#include "visit.h"

enum {
    PAGE_THREADS = 2,
    PAGE_QUEUE = 320, /* all viewers at once (live.h), and others besides */
    DOOR_THREADS = 2, /* each may take 64 MiB (secrets.h) */
    DOOR_QUEUE = 16
};

/* Opens desks, cache, assets and viewers of `web`, whose other members are set
 * and outlive it. store_open's errors; nothing is open then. */
enum err web_open(struct web *web, struct buf *why) MUST_USE;
/* Every visit under way is answered or handed to the writer; none is begun any
 * more. To be followed by ingest_stop(): then all are answered. */
void web_stop(struct web *web);
void web_close(struct web *web);

#endif
