/*
 * tries.c - token buckets: one for each address, one for all.
 *
 * A bucket is the moment at which it will be full again; a try moves that
 * moment on by the time one token takes. The table has a fixed size: a
 * stranger takes the place that is full again soonest, so that an address
 * that tries hard is the last to be forgotten.
 */
#include "tries.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

struct bucket {
    struct peer peer;
    int64_t full_ms; /* when all tries are there again */
};

struct tries {
    pthread_mutex_t mutex;
    struct bucket all;
    struct bucket of[TRIES_ADDRESSES];
};

struct tries *tries_open(void)
{
    struct tries *t = x_alloc(sizeof(*t));

    pthread_mutex_init(&t->mutex, NULL);
    return t;
}

void tries_close(struct tries *t)
{
    if (t == NULL)
        return;
    pthread_mutex_destroy(&t->mutex);
    free(t);
}

static bool any_left(const struct bucket *b, int64_t now_ms, int a_minute)
{
    int64_t one = MINUTE_MS / a_minute;

    return b->full_ms - now_ms <= MINUTE_MS - one;
}

static void take_one(struct bucket *b, int64_t now_ms, int a_minute)
{
    if (b->full_ms < now_ms)
        b->full_ms = now_ms;
    b->full_ms += MINUTE_MS / a_minute;
}

/* The address's bucket, or the one that may be forgotten first. */
static struct bucket *bucket_of(struct tries *t, struct peer from)
{
    struct bucket *least = &t->of[0];

    for (size_t i = 0; i < ARRAY_LEN(t->of); i++) {
        struct bucket *b = &t->of[i];

        if (memcmp(&b->peer, &from, sizeof(from)) == 0)
            return b;
        if (b->full_ms < least->full_ms)
            least = b;
    }
    return least;
}

bool tries_left(struct tries *t, struct peer from, int64_t now_ms)
{
    pthread_mutex_lock(&t->mutex);
    const struct bucket *b = bucket_of(t, from);
    bool known = memcmp(&b->peer, &from, sizeof(from)) == 0;
    bool left = any_left(&t->all, now_ms, TRIES_OF_ALL) &&
                (!known || any_left(b, now_ms, TRIES_A_MINUTE));

    pthread_mutex_unlock(&t->mutex);
    return left;
}

void tries_count(struct tries *t, struct peer from, int64_t now_ms)
{
    pthread_mutex_lock(&t->mutex);
    struct bucket *b = bucket_of(t, from);

    if (memcmp(&b->peer, &from, sizeof(from)) != 0)
        *b = (struct bucket){ .peer = from };
    take_one(b, now_ms, TRIES_A_MINUTE);
    take_one(&t->all, now_ms, TRIES_OF_ALL);
    pthread_mutex_unlock(&t->mutex);
}
