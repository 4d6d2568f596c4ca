/*
 * http_room.c - see http_room.h. Any thread.
 */
#include "http_room.h"

void room_init(struct room *r, size_t most)
{
    r->held = 0;
    r->most = most;
    pthread_mutex_init(&r->mutex, NULL);
}

void room_done(struct room *r)
{
    ASSERT(r->held == 0);
    pthread_mutex_destroy(&r->mutex);
}

bool room_take(struct room *r, size_t n)
{
    pthread_mutex_lock(&r->mutex);
    bool fits = r->held == 0 || (r->held <= r->most && n <= r->most - r->held);
    if (fits)
        r->held += n;
    pthread_mutex_unlock(&r->mutex);
    return fits;
}

void room_give(struct room *r, size_t n)
{
    pthread_mutex_lock(&r->mutex);
    ASSERT(n <= r->held);
    r->held -= n;
    pthread_mutex_unlock(&r->mutex);
}
