/*
 * postgres_writers.c - several writers on a shared store: each job is one
 * transaction, run again when others were in its way, and every job gets its
 * `done` once, also while stopping.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/place.h"
#include "tests/support/raw.h"

enum { WRITERS = 4, JOBS = 40 };

static struct desk {
    char where[SCRATCH_ROOM];
    struct ingest *ingest;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int inside, most; /* jobs that run now; most at once */
    int done;
} desk;

struct work {
    struct job job; /* first */
    int again;      /* so often somebody is in the way */
    enum err end;   /* how it ends then */
    bool meets;     /* waits until another one is inside, too */
    int runs, dones;
    enum err e;
};

static int open_desk(void **state)
{
    (void)state;
    memset(&desk, 0, sizeof(desk));
    place_make(desk.where);
    pthread_mutex_init(&desk.mutex, NULL);
    pthread_cond_init(&desk.changed, NULL);
    const struct ingest_options options = { .where = desk.where,
                                            .queue = 2 * JOBS,
                                            .writers = WRITERS };
    return ingest_open(&options, NULL, &desk.ingest) == ERR_OK ? 0 : -1;
}

static int close_desk(void **state)
{
    (void)state;
    ingest_stop(desk.ingest);
    ingest_close(desk.ingest);
    place_remove(desk.where);
    return 0;
}

/* Stays until a second one came; all of them meet in pairs or more. */
static void meet(const struct work *w)
{
    pthread_mutex_lock(&desk.mutex);
    if (++desk.inside > desk.most)
        desk.most = desk.inside;
    pthread_cond_broadcast(&desk.changed);
    while (w->meets && desk.most < 2)
        pthread_cond_wait(&desk.changed, &desk.mutex);
    pthread_mutex_unlock(&desk.mutex);
}

static enum err run(struct job *job, struct store *s)
{
    struct work *w = (struct work *)job;
    int64_t version = 0;
    meet(w);
    enum err e = catalogue_add(s, 1, &version);
    pthread_mutex_lock(&desk.mutex);
    desk.inside--;
    pthread_mutex_unlock(&desk.mutex);
    if (e != ERR_OK)
        return e;
    return w->runs++ < w->again ? ERR_AGAIN : w->end;
}

static void done(struct job *job, struct store *s, enum err e)
{
    struct work *w = (struct work *)job;
    assert_non_null(s);
    pthread_mutex_lock(&desk.mutex);
    w->dones++;
    w->e = e;
    desk.done++;
    pthread_cond_broadcast(&desk.changed);
    pthread_mutex_unlock(&desk.mutex);
}

static void queue(struct work *w)
{
    w->job = (struct job){ run, true, done, NULL, false };
    assert_int_equal(ingest_queue(desk.ingest, &w->job), ERR_OK);
}

static void wait_for(int n)
{
    pthread_mutex_lock(&desk.mutex);
    while (desk.done < n)
        pthread_cond_wait(&desk.changed, &desk.mutex);
    pthread_mutex_unlock(&desk.mutex);
}

static int64_t versions(void)
{
    struct store *s = NULL;
    assert_int_equal(store_open(desk.where, STORE_READ, NULL, &s), ERR_OK);
    int64_t n = raw_int(s, "SELECT count(*) FROM catalogue");
    store_close(s);
    return n;
}

static void a_job_is_run_again_and_answered_once(void **state)
{
    struct work w = { .again = 3 }, never = { .again = 1000 };
    (void)state;
    queue(&w);
    queue(&never);
    wait_for(2);
    assert_int_equal(w.runs, 4);
    assert_int_equal(w.dones, 1);
    assert_int_equal(w.e, ERR_OK);
    assert_int_equal(never.e, ERR_AGAIN);
    assert_in_range(never.runs, 2, 100);
    assert_int_equal(versions(), 1);
}

static void a_jobs_failure_is_its_own(void **state)
{
    struct work works[3] = { { .end = ERR_OK },
                             { .end = ERR_LIMIT },
                             { .end = ERR_OK } };
    (void)state;
    for (int i = 0; i < 3; i++)
        queue(&works[i]);
    wait_for(3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(works[i].e, works[i].end);
    assert_int_equal(versions(), 2);
}

static void jobs_run_beside_each_other(void **state)
{
    struct work works[2] = { { .meets = true }, { .meets = true } };
    (void)state;
    queue(&works[0]);
    queue(&works[1]);
    wait_for(2);
    assert_int_equal(works[0].e, ERR_OK);
    assert_int_equal(works[1].e, ERR_OK);
    assert_int_equal(versions(), 2);
}

static void whoever_stops_finishes_the_queue(void **state)
{
    static struct work works[JOBS];
    (void)state;
    memset(works, 0, sizeof(works));
    for (int i = 0; i < JOBS; i++)
        queue(&works[i]);
    ingest_stop(desk.ingest);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(works[i].dones, 1);
        assert_int_equal(works[i].e, ERR_OK);
    }
    assert_true(ingest_full(desk.ingest));
    assert_int_equal(versions(), JOBS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_job_is_run_again_and_answered_once),
        TEST(a_jobs_failure_is_its_own),
        TEST(jobs_run_beside_each_other),
        TEST(whoever_stops_finishes_the_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
