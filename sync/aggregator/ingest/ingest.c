/*
 * ingest.c - the writer threads: one queue, one group at a time each.
 *
 * Promises that `done` of a job is called only when its outcome is durable or
 * has failed, and that every queued job gets its `done`, also while stopping.
 * One writer takes the jobs in the order they came in; whatever has queued up
 * while the last group was being synced forms the next one: no timer is needed.
 * Several take one job each, and those of one device meet at its row. A job's
 * own failure rolls back that job alone.
 */
#include "ingest.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"

#include "folding.h"
#include "waiting.h"

enum {
    GROUP_MAX = 256, /* jobs in one transaction of a file */
    LEASE_MS = 5000, /* who folds goes on folding for so long */
    HOLDER_BYTES = 8
};

struct writer {
    struct ingest *in;
    pthread_t thread;
    struct store *store; /* NULL while a file could not be opened again */
    enum err lost;       /* why not */
};

struct ingest {
    const char *where;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct job *first, **end; /* the queue */
    int queued, max_queue;
    bool stopping;
    struct folding folding; /* the first writer folds */
    int held; /* the only writer's file: store_hold(); not under the lock */
    /* The rest does not change. */
    bool shared;
    bool by_turns; /* no threads: ingest_turn() */
    int n;         /* writers, each with its thread */
    struct writer *writers;
    char holder[2 * HOLDER_BYTES + 1]; /* our name in leases */
};

/* ---- a group ------------------------------------------------------------- */

struct outcome {
    struct job *job;
    enum err e;
};

/* What is no job's own fault: the disk, the file. */
static bool is_disk(enum err e)
{
    return e == ERR_IO || e == ERR_UNSURE || e == ERR_CORRUPT ||
           e == ERR_FULL || e == ERR_READ_ONLY;
}

/* After such an error a file's handle is dead: what is true is on the disk.
 * Jobs fail until the store opens again, also while its file is away; devices
 * come back with the same events. */
static void open_again(struct writer *w)
{
    w->lost = store_open_again(w->in->where, &w->in->held, &w->store);
}

/* There is a store that can be reached. */
static enum err be_ready(struct writer *w)
{
    if (w->store != NULL)
        return store_revive(w->store);
    open_again(w);
    return w->store != NULL ? ERR_OK : w->lost;
}

/* After `e` of a job or a step. */
static void recover(struct writer *w, enum err e)
{
    if (is_disk(e) && !w->in->shared)
        open_again(w);
}

/* A savepoint of its own, so that one job's failure undoes nothing else. */
static enum err run_one(struct writer *w, struct job *job)
{
    enum err e = store_group_begin(w->store);

    if (e != ERR_OK)
        return e;
    e = job->run(job, w->store);
    if (e == ERR_OK)
        return store_group_commit(w->store);
    store_group_rollback(w->store);
    return e;
}

/* Runs jobs as one durable group; every outcome is final on return. After a
 * failure of the disk the commit fails too, whatever the jobs said. */
static enum err run_group(struct writer *w, struct outcome *o, int n)
{
    enum err e = store_group_begin(w->store);

    if (e != ERR_OK)
        return e;
    for (int i = 0; i < n; i++)
        o[i].e = run_one(w, o[i].job);
    return store_group_commit(w->store);
}

static enum err run_job(struct store *s, void *ctx)
{
    struct job *job = ctx;

    return job->run(job, s);
}

/* Takes jobs for one group off the queue, or one that runs alone. */
static int take_jobs(struct ingest *in, struct outcome *o)
{
    int n = 0, most = in->shared ? 1 : GROUP_MAX;

    while (in->first != NULL && n < most) {
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
static void finish_jobs(struct writer *w, struct outcome *o, int n, enum err e)
{
    bool reading = w->store != NULL && o[0].job->in_group && !w->in->shared &&
                   store_read_begin(w->store) == ERR_OK;

    for (int i = 0; i < n; i++)
        o[i].job->done(o[i].job, w->store, e != ERR_OK ? e : o[i].e);
    if (reading)
        store_read_end(w->store);
}

/* Was the connection lost under a job that may be run again? Its transaction
 * is undone then, unless it was committed just before. */
static bool may_repeat(const struct outcome *o)
{
    return o->job->in_group &&
           (o->e == ERR_DATABASE || (o->e == ERR_UNSURE && o->job->repeats));
}

/* One job of a shared store: a database that comes back at once, as after it
 * was started anew, costs nobody a refusal. */
static void run_shared(struct writer *w, struct outcome *o)
{
    o->e = store_do(w->store, run_job, o->job);
    if (may_repeat(o) && store_revive(w->store) == ERR_OK)
        o->e = store_do(w->store, run_job, o->job);
}

static void run_jobs(struct writer *w, struct outcome *o, int n)
{
    enum err e = be_ready(w);

    if (e == ERR_OK && !o[0].job->in_group)
        o[0].e = o[0].job->run(o[0].job, w->store);
    else if (e == ERR_OK && w->in->shared)
        run_shared(w, o);
    else if (e == ERR_OK)
        e = run_group(w, o, n);
    recover(w, e != ERR_OK ? e : o[0].e);
    finish_jobs(w, o, n, e);
}

/* ---- folding ------------------------------------------------------------- */

/* Of several programs one folds at a time: two would only wait for each
 * other. Those of another version take another lease, of tables that are not
 * there. */
static bool is_ours(struct writer *w)
{
    bool mine = false;
    BUF(name, MAX_TEXT);

    buf_printf(&name, "fold %d", DERIVED_VERSION);
    const struct lease lease = { buf_text(&name), w->in->holder, env_wall_ms(),
                                 LEASE_MS };
    return store_lease(w->store, &lease, &mine) == ERR_OK && mine;
}

/* A step of folding; a failure waits for the next time, reports are exact
 * without it. The log is moved when there is nothing else to do. */
static int64_t fold_some(struct writer *w, int64_t step, bool idle)
{
    int64_t folded = 0;
    enum err e = store_fold_step(w->store, step, &folded);

    recover(w, e);
    if (!is_disk(e) && idle && folded < step)
        store_idle(w->store);
    return folded;
}

/* ---- the threads --------------------------------------------------------- */

/* Waits for jobs; false: nothing came, and there is time to fold. */
static bool wait_for_jobs(struct writer *w)
{
    struct ingest *in = w->in;

    if (in->first != NULL || in->stopping)
        return true;
    if (!in->folding.any || w != in->writers) {
        pthread_cond_wait(&in->wake, &in->mutex);
        return true;
    }
    return waiting_for(&in->wake, &in->mutex, folding_patience(&in->folding));
}

/* What the first writer does besides, under the lock but for the folding. What
 * somebody else is folding it looks at again when they may have gone. */
static void fold_when(struct writer *w, bool idle)
{
    struct folding *f = &w->in->folding;
    int64_t folded = 0, began_ms = env_mono_ms();

    if (w != w->in->writers || (!idle && !folding_due(f, began_ms)))
        return;
    folding_begin(f);
    if (w->store == NULL)
        return;
    pthread_mutex_unlock(&w->in->mutex);
    bool ours = store_revive(w->store) == ERR_OK && is_ours(w);
    if (ours)
        folded = fold_some(w, f->step, idle);
    pthread_mutex_lock(&w->in->mutex);
    folding_end(f, began_ms, env_mono_ms(), folded);
    if (!ours)
        folding_stir(f);
}

/* The writer that folds may be waiting for a job alone. */
static void stir(struct ingest *in)
{
    if (in->shared && !in->folding.any)
        pthread_cond_broadcast(&in->wake);
    folding_stir(&in->folding);
}

/* One group of jobs, and what is to be folded; under the lock, which it opens
 * for its work. */
static void turn(struct writer *w, struct outcome *o, bool idle)
{
    struct ingest *in = w->in;
    int n = take_jobs(in, o);

    if (n > 0) {
        pthread_mutex_unlock(&in->mutex);
        run_jobs(w, o, n);
        pthread_mutex_lock(&in->mutex);
        stir(in);
    }
    fold_when(w, idle);
}

static void *writer(void *ctx)
{
    struct writer *w = ctx;
    struct ingest *in = w->in;
    struct outcome *o = x_alloc(GROUP_MAX * sizeof(*o));

    pthread_mutex_lock(&in->mutex);
    while (!in->stopping || in->first != NULL)
        turn(w, o, !wait_for_jobs(w));
    pthread_mutex_unlock(&in->mutex);
    free(o);
    return NULL;
}

void ingest_turn(struct ingest *in)
{
    struct outcome *o = x_alloc(GROUP_MAX * sizeof(*o));

    ASSERT(in->by_turns);
    pthread_mutex_lock(&in->mutex);
    turn(in->writers, o, in->first == NULL);
    pthread_mutex_unlock(&in->mutex);
    free(o);
}

/* ---- from other threads -------------------------------------------------- */

static enum err start(struct ingest *in, const struct ingest_options *options,
                      struct buf *why)
{
    enum err e = store_open(in->where, STORE_WRITE, why, &in->writers->store);
    int n = 1;

    if (e != ERR_OK)
        return e;
    in->shared = store_shared(in->writers->store);
    in->held = store_hold(in->where);
    for (; in->shared && e == ERR_OK && n < options->writers; n++)
        e = store_open(in->where, STORE_WRITE, why, &in->writers[n].store);
    for (int i = 0; i < n && e != ERR_OK; i++)
        store_close(in->writers[i].store);
    for (; e == ERR_OK && in->n < n; in->n++) {
        struct writer *w = &in->writers[in->n];

        w->in = in;
        int rc = in->by_turns ? 0 : pthread_create(&w->thread, NULL, writer, w);
        ASSERT(rc == 0);
    }
    return e;
}

enum err ingest_open(const struct ingest_options *options, struct buf *why,
                     struct ingest **out)
{
    struct ingest *in = x_alloc(sizeof(*in));
    uint8_t random[HOLDER_BYTES];
    BUF(holder, sizeof(in->holder));

    env_random(random, sizeof(random));
    buf_hex(&holder, random, sizeof(random));
    memcpy(in->holder, buf_text(&holder), holder.len);
    in->where = options->where;
    in->by_turns = options->by_turns;
    in->end = &in->first;
    in->max_queue = options->queue;
    in->held = -1;
    folding_init(&in->folding, env_mono_ms());
    in->writers = x_alloc((size_t)options->writers * sizeof(*in->writers));
    pthread_mutex_init(&in->mutex, NULL);
    waiting_init(&in->wake);
    enum err e = start(in, options, why);
    if (e == ERR_OK)
        *out = in;
    else
        ingest_close(in);
    return e;
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
    pthread_mutex_lock(&in->mutex);
    folding_add(&in->folding, events);
    pthread_mutex_unlock(&in->mutex);
}

void ingest_stop(struct ingest *in)
{
    pthread_mutex_lock(&in->mutex);
    bool again = in->stopping;
    in->stopping = true;
    pthread_cond_broadcast(&in->wake);
    pthread_mutex_unlock(&in->mutex);
    if (again)
        return;
    for (int i = 0; i < in->n; i++) {
        if (!in->by_turns)
            pthread_join(in->writers[i].thread, NULL);
        store_close(in->writers[i].store);
    }
}

void ingest_close(struct ingest *in)
{
    pthread_cond_destroy(&in->wake);
    pthread_mutex_destroy(&in->mutex);
    if (in->held >= 0)
        close(in->held);
    free(in->writers);
    free(in);
}
