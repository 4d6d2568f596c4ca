/*
 * http_room.h - memory that others have us hold: bodies that come slowly and
 * answers that are taken slowly, however many of them there are.
 */
#ifndef AGGREGATOR_HTTP_ROOM_H
#define AGGREGATOR_HTTP_ROOM_H

#include <pthread.h>

#include "fair/err.h"

struct room {
    pthread_mutex_t mutex;
    size_t held, most; /* bytes */
};

void room_init(struct room *r, size_t most);
void room_done(struct room *r); /* all was given back */

/* False: there is no room and nothing was taken. What would not fit into all of
 * it fits while nobody else holds anything. */
bool room_take(struct room *r, size_t n) MUST_USE;
void room_give(struct room *r, size_t n);

#endif
