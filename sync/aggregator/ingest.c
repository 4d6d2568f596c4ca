/*
 * ingest.c - the writer thread: one queue, one group at a time.
 *
 * Promises that `done` of a job is called only when its outcome is durable or
 * has failed, in the order the jobs came in, and that every queued job gets
 * its `done`, also while stopping. Whatever has queued up while the last group
 * was being synced forms the next one: no timer is needed. A job's own failure
 * rolls back that job alone.
 */
#include "ingest.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    GROUP_MAX = 256,    /* jobs in one transaction */
    FOLD_STEP = 4096,   /* events folded between two groups */
    FOLD_AFTER_MS = 500 /* idle this long, the roll-ups catch up */
};

struct ingest {
    const char *dir;
    struct store *store; /* NULL while it could not be opened again */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct job *first, **end; /* the queue */
    int queued, max_queue;
    bool stopping;
    bool unfolded; /* something was appended since the last fold */
};

/* ---- a group ------------------------------------------------------------- */

struct outcome {
    struct job *job;
    enum err e;
};

/* A savepoint of its own, so that one job's failure undoes nothing else. */
static enum err run_in_group(struct ingest *in, struct job *job)
{
    TX(tx);
    enum err e = tx_begin(store_db(in->store), &tx);

    if (e != ERR_OK)
        return e;
    e = job->run(job, in->store);
    return e == ERR_OK ? tx_commit(&tx) : e;
}

/* After an I/O error a handle is dead: what is true is on the disk. Jobs fail
 * until the store opens again; devices come back with the same events. */
static void reopen_after(struct ingest *in, enum err e)
{
    if (in->store != NULL && e != ERR_IO && e != ERR_UNSURE && e != ERR_CORRUPT)
        return;
    store_close(in->store);
    in->store = NULL;
    if (store_open(in->dir, STORE_WRITE, NULL, &in->store) != ERR_OK)
        in->store = NULL;
}

/* Runs jobs as one durable group; every outcome is final on return. */
static void run_group(struct ingest *in, struct outcome *o, int n)
{
    enum err e = store_group_begin(in->store);

    for (int i = 0; i < n && e == ERR_OK; i++)
        o[i].e = run_in_group(in, o[i].job);
    if (e == ERR_OK)
        e = store_group_commit(in->store);
    if (e != ERR_OK) {
        store_group_rollback(in->store);
        for (int i = 0; i < n; i++)
            o[i].e = e;
    }
    for (int i = 0; i < n; i++)
        o[i].job->done(o[i].job, in->store, o[i].e);
    reopen_after(in, e);
}

/* Takes jobs for one group off the queue, or one that runs alone. */
static int take_jobs(struct ingest *in, struct outcome *o)
{
    int n = 0;

    while (in->first != NULL && n < GROUP_MAX) {
        struct job *job = in->first;

        if (n > 0 && !job->in_group)
            break;
        in->first = job->next;
        if (in->first == NULL)
            in->end = &in->first;
        in->queued--;
        o[n++] = (struct outcome){ job, ERR_OK };
        if (!job->in_group)
            break;
    }
    return n;
}

static void run_jobs(struct ingest *in, struct outcome *o, int n)
{
    if (in->store == NULL)
        reopen_after(in, ERR_IO);
    in->unfolded = true;
    if (in->store == NULL) {
        for (int i = 0; i < n; i++)
            o[i].job->done(o[i].job, NULL, ERR_IO);
    } else if (o[0].job->in_group) {
        run_group(in, o, n);
    } else {
        o[0].e = o[0].job->run(o[0].job, in->store);
        o[0].job->done(o[0].job, in->store, o[0].e);
        reopen_after(in, o[0].e);
    }
}

/* ---- the thread ---------------------------------------------------------- */

/* A step of folding; failures wait for the next time, reports are exact
 * without it. */
static void fold_some(struct ingest *in)
{
    int64_t folded = 0;

    if (in->store == NULL) {
        in->unfolded = false;
        return;
    }
    if (store_fold_step(in->store, FOLD_STEP, &folded) != ERR_OK || folded == 0)
        in->unfolded = false;
    if (!in->unfolded)
        store_idle(in->store);
}

/* Waits for jobs; false: nothing came for a while. */
static bool wait_for_jobs(struct ingest *in)
{
    struct timespec until;

    if (in->first != NULL || in->stopping)
        return true;
    if (!in->unfolded) {
        pthread_cond_wait(&in->wake, &in->mutex);
        return true;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += FOLD_AFTER_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    return pthread_cond_timedwait(&in->wake, &in->mutex, &until) == 0;
}

static void *writer(void *ctx)
{
    struct ingest *in = ctx;
    struct outcome *o = x_alloc(GROUP_MAX * sizeof(*o));

    pthread_mutex_lock(&in->mutex);
    while (!in->stopping || in->first != NULL) {
        bool woken = wait_for_jobs(in);
        int n = take_jobs(in, o);

        pthread_mutex_unlock(&in->mutex);
        if (n > 0)
            run_jobs(in, o, n);
        else if (!woken)
            fold_some(in);
        pthread_mutex_lock(&in->mutex);
    }
    pthread_mutex_unlock(&in->mutex);
    free(o);
    return NULL;
}

/* ---- from other threads -------------------------------------------------- */

enum err ingest_start(const char *dir, int max_queue, struct buf *why,
                      struct ingest **out)
{
    struct ingest *in = x_alloc(sizeof(*in));
    pthread_condattr_t attr;
    enum err e = store_open(dir, STORE_WRITE, why, &in->store);

    if (e != ERR_OK) {
        free(in);
        return e;
    }
    in->dir = dir;
    in->end = &in->first;
    in->max_queue = max_queue;
    in->unfolded = true;
    pthread_mutex_init(&in->mutex, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&in->wake, &attr);
    pthread_condattr_destroy(&attr);
    int rc = pthread_create(&in->thread, NULL, writer, in);
    ASSERT(rc == 0);
    *out = in;
    return ERR_OK;
}

enum err ingest_queue(struct ingest *in, struct job *job)
{
    enum err e = ERR_BUSY;

    job->next = NULL;
    pthread_mutex_lock(&in->mutex);
    if (!in->stopping && in->queued < in->max_queue) {
        *in->end = job;
        in->end = &job->next;
        in->queued++;
        pthread_cond_signal(&in->wake);
        e = ERR_OK;
    }
    pthread_mutex_unlock(&in->mutex);
    return e;
}

bool ingest_full(struct ingest *in)
{
    pthread_mutex_lock(&in->mutex);
    bool full = in->stopping || in->queued >= in->max_queue;
    pthread_mutex_unlock(&in->mutex);
    return full;
}

void ingest_stop(struct ingest *in)
{
    pthread_mutex_lock(&in->mutex);
    in->stopping = true;
    pthread_cond_signal(&in->wake);
    pthread_mutex_unlock(&in->mutex);
    pthread_join(in->thread, NULL);
    store_close(in->store);
    pthread_cond_destroy(&in->wake);
    pthread_mutex_destroy(&in->mutex);
    free(in);
}
