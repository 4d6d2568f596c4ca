/*
 * postgres_ingest.c - several writers on one shared store: whichever of them
 * has done the last job, what it stored is folded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>

#include "fair/env.h"
#include "sync/aggregator/ingest/ingest.h"
#include "tests/support/hall.h"

enum { WRITERS = 4, JOBS = 6, LOOK_MS = 5, LIMIT_MS = 10000 };

struct errand {
    struct job job;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done;
};

static enum err nothing(struct job *job, struct store *s)
{
    (void)job, (void)s;
    return ERR_OK;
}

static void finished(struct job *job, struct store *s, enum err e)
{
    struct errand *r = (struct errand *)job;
    (void)s, (void)e;
    pthread_mutex_lock(&r->mutex);
    r->done = true;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

/* One job, of whichever writer wakes first. */
static void stir(struct ingest *in)
{
    struct errand r = { .job = { nothing, true, finished, NULL, false } };
    pthread_mutex_init(&r.mutex, NULL);
    pthread_cond_init(&r.changed, NULL);
    assert_int_equal(ingest_queue(in, &r.job), ERR_OK);
    pthread_mutex_lock(&r.mutex);
    while (!r.done)
        pthread_cond_wait(&r.changed, &r.mutex);
    pthread_mutex_unlock(&r.mutex);
    pthread_cond_destroy(&r.changed);
    pthread_mutex_destroy(&r.mutex);
}

static bool folds(struct hall *h)
{
    int64_t until_ms = env_mono_ms() + LIMIT_MS;
    while (hall_mark(h, 0) < h->sent[0] && env_mono_ms() < until_ms)
        poll(NULL, 0, LOOK_MS);
    return hall_mark(h, 0) == h->sent[0];
}

static void what_any_writer_stored_is_folded(void **state)
{
    struct hall *h = hall_open(3);
    const struct ingest_options options = { h->dir, JOBS, WRITERS, false };
    struct ingest *in = NULL;
    (void)state;
    assert_int_equal(ingest_open(&options, NULL, &in), ERR_OK);
    for (int i = 0; i < JOBS; i++) {
        hall_send(h, 0, 5);
        stir(in);
        assert_true(folds(h));
    }
    ingest_stop(in);
    ingest_close(in);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_any_writer_stored_is_folded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
