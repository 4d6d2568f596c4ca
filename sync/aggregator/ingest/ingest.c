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

#include "fair/env.h"

#include "folding.h"
#include "waiting.h"

enum { GROUP_MAX = 256 }; /* jobs in one transaction */

struct ingest {
    const char *dir;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct job *first, **end; /* the queue */
    int queued, max_queue;
    bool stopping;
    /* The rest is the writer's own. */
    struct store *store; /* NULL while it could not be opened again */
    enum err lost;       /* why not */
    struct folding folding;
};

/* ---- a group ------------------------------------------------------------- */

struct outcome {
    struct job *job;
    enum err e;
};

/* What is no job's own fault: the disk or the file. */
static bool is_disk(enum err e)
{
    return e == ERR_IO || e == ERR_UNSURE || e == ERR_CORRUPT ||
           e == ERR_FULL || e == ERR_READ_ONLY;
}

/* After such an error a handle is dead: what is true is on the disk. Jobs
 * fail until the store opens again; devices come back with the same events. */
static void open_again(struct ingest *in)
{
    store_close(in->store);
    in->store = NULL;
    in->lost = store_open(in->dir, STORE_WRITE, NULL, &in->store);
}

/* A savepoint of its own, so that one job's failure undoes nothing else. */
static enum err run_one(struct ingest *in, struct job *job)
{
    enum err e = store_group_begin(in->store);

    if (e != ERR_OK)
        return e;
    e = job->run(job, in->store);
    if (e == ERR_OK)
        return store_group_commit(in->store);
    store_group_rollback(in->store);
    return e;
}

/* Runs jobs as one durable group; every outcome is final on return. After a
 * failure of the disk the commit fails too, whatever the jobs said. */
static enum err run_group(struct ingest *in, struct outcome *o, int n)
{
    enum err e = store_group_begin(in->store);

    if (e != ERR_OK)
        return e;
    for (int i = 0; i < n; i++)
        o[i].e = run_one(in, o[i].job);
    return store_group_commit(in->store);
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

/* Answers are read from one moment of the store: begun once for all. */
static void finish_jobs(struct ingest *in, struct outcome *o, int n, enum err e)
{
    bool reading = in->store != NULL && o[0].job->in_group &&
                   store_read_begin(in->store) == ERR_OK;

    for (int i = 0; i < n; i++)
        o[i].job->done(o[i].job, in->store, e != ERR_OK ? e : o[i].e);
    if (reading)
        store_read_end(in->store);
}

static void run_jobs(struct ingest *in, struct outcome *o, int n)
{
    enum err e = ERR_OK;

    if (in->store == NULL)
        open_again(in);
    if (in->store == NULL)
        e = in->lost;
    else if (o[0].job->in_group)
        e = run_group(in, o, n);
    else
        o[0].e = o[0].job->run(o[0].job, in->store);
    if (is_disk(e) || is_disk(o[0].e))
        open_again(in);
    finish_jobs(in, o, n, e);
    folding_stir(&in->folding);
}

/* ---- folding ------------------------------------------------------------- */

/* A step of folding; a failure waits for the next time, reports are exact
 * without it. The log is moved when there is nothing else to do. */
static void fold_some(struct ingest *in, bool idle)
{
    int64_t folded = 0, began_ms = env_mono_ms();
    struct folding *f = &in->folding;

    folding_begin(f);
    if (in->store == NULL)
        return;
    enum err e = store_fold_step(in->store, f->step, &folded);
    folding_end(f, began_ms, env_mono_ms(), folded);
    if (is_disk(e))
        open_again(in);
    else if (idle && !f->behind)
        store_idle(in->store);
}

/* ---- the thread ---------------------------------------------------------- */

/* Waits for jobs; false: nothing came, and there is time to fold. */
static bool wait_for_jobs(struct ingest *in)
{
    if (in->first != NULL || in->stopping)
        return true;
    if (!in->folding.any) {
        pthread_cond_wait(&in->wake, &in->mutex);
        return true;
    }
    return !in->folding.behind &&
           waiting_for(&in->wake, &in->mutex, FOLD_EVERY_MS);
}

static void *writer(void *ctx)
{
    struct ingest *in = ctx;
    struct outcome *o = x_alloc(GROUP_MAX * sizeof(*o));

    pthread_mutex_lock(&in->mutex);
    while (!in->stopping || in->first != NULL) {
        bool idle = !wait_for_jobs(in);
        int n = take_jobs(in, o);

        pthread_mutex_unlock(&in->mutex);
        if (n > 0)
            run_jobs(in, o, n);
        if (idle || folding_due(&in->folding, env_mono_ms()))
            fold_some(in, idle);
        pthread_mutex_lock(&in->mutex);
    }
    pthread_mutex_unlock(&in->mutex);
    free(o);
    return NULL;
}

/* ---- from other threads -------------------------------------------------- */

enum err ingest_open(const char *dir, int max_queue, struct buf *why,
                     struct ingest **out)
{
    struct ingest *in = x_alloc(sizeof(*in));
    enum err e = store_open(dir, STORE_WRITE, why, &in->store);

    if (e != ERR_OK) {
        free(in);
        return e;
    }
    in->dir = dir;
    in->end = &in->first;
    in->max_queue = max_queue;
    folding_init(&in->folding, env_mono_ms());
    pthread_mutex_init(&in->mutex, NULL);
    waiting_init(&in->wake);
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

void ingest_stored(struct ingest *in, int64_t events)
{
    folding_add(&in->folding, events);
}

void ingest_stop(struct ingest *in)
{
    pthread_mutex_lock(&in->mutex);
    bool again = in->stopping;
    in->stopping = true;
    pthread_cond_signal(&in->wake);
    pthread_mutex_unlock(&in->mutex);
    if (again)
        return;
    pthread_join(in->thread, NULL);
    store_close(in->store);
    in->store = NULL;
}

void ingest_close(struct ingest *in)
{
    pthread_cond_destroy(&in->wake);
    pthread_mutex_destroy(&in->mutex);
    free(in);
}
