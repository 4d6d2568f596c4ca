/*
 * desk.c - a queue of jobs and the threads that carry them out.
 *
 * Promises that every job taken is carried out, also while stopping. A job may
 * be gone when its run returns. These threads step back behind the transport
 * and the writer where processors are few: a page can wait, a till should not.
 */
#include "desk.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { BACK_NICE = 5 };

struct place { /* a thread and what is its own */
    struct desk *desk;
    struct store *store;
    pthread_t thread;
};

struct desk {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct desk_job *first, **end;
    int queued, max_queue;
    bool stopping;
    int n; /* places whose thread runs */
    struct place places[];
};

/* ---- the threads --------------------------------------------------------- */

/* NULL: it is stopping and nothing waits any more. */
static struct desk_job *next_job(struct desk *d)
{
    struct desk_job *job;

    pthread_mutex_lock(&d->mutex);
    while (d->first == NULL && !d->stopping)
        pthread_cond_wait(&d->wake, &d->mutex);
    job = d->first;
    if (job != NULL) {
        d->first = job->next;
        if (d->first == NULL)
            d->end = &d->first;
        d->queued--;
    }
    pthread_mutex_unlock(&d->mutex);
    return job;
}

static void *carry_out(void *ctx)
{
    struct place *place = ctx;
    struct desk_job *job;
    /* Of this thread alone, as Linux has it; no harm where it is not. */
    int now = nice(BACK_NICE);

    (void)now;
    while ((job = next_job(place->desk)) != NULL) {
        enum err e = store_revive(place->store);
        (void)e; /* the page's own asking says the same */
        job->run(job, place->store);
    }
    return NULL;
}

/* ---- from other threads -------------------------------------------------- */

enum err desk_open(const struct desk_options *options, struct buf *why,
                   struct desk **out)
{
    size_t n = (size_t)options->threads;
    struct desk *d = x_alloc(sizeof(*d) + n * sizeof(d->places[0]));
    enum err e = ERR_OK;

    ASSERT(options->threads > 0);
    d->end = &d->first;
    d->max_queue = options->queue;
    pthread_mutex_init(&d->mutex, NULL);
    pthread_cond_init(&d->wake, NULL);
    while (e == ERR_OK && d->n < options->threads) {
        struct place *place = &d->places[d->n];

        place->desk = d;
        e = store_open(options->where, STORE_READ, why, &place->store);
        if (e != ERR_OK)
            break;
        int rc = pthread_create(&place->thread, NULL, carry_out, place);
        ASSERT(rc == 0);
        d->n++;
    }
    if (e == ERR_OK)
        *out = d;
    else
        desk_close(d);
    return e;
}

enum err desk_queue(struct desk *d, struct desk_job *job)
{
    enum err e = ERR_BUSY;

    job->next = NULL;
    pthread_mutex_lock(&d->mutex);
    if (!d->stopping && d->queued < d->max_queue) {
        *d->end = job;
        d->end = &job->next;
        d->queued++;
        pthread_cond_signal(&d->wake);
        e = ERR_OK;
    }
    pthread_mutex_unlock(&d->mutex);
    return e;
}

void desk_stop(struct desk *d)
{
    pthread_mutex_lock(&d->mutex);
    bool again = d->stopping;
    d->stopping = true;
    pthread_cond_broadcast(&d->wake);
    pthread_mutex_unlock(&d->mutex);
    if (again)
        return;
    for (int i = 0; i < d->n; i++) {
        pthread_join(d->places[i].thread, NULL);
        store_close(d->places[i].store);
    }
}

void desk_close(struct desk *d)
{
    if (d == NULL)
        return;
    desk_stop(d);
    pthread_cond_destroy(&d->wake);
    pthread_mutex_destroy(&d->mutex);
    free(d);
}
