/*
 * test_desk.c - every job that a desk takes is carried out, once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/web/desk.h"
#include "tests/support/scratch.h"

enum { THREADS = 2, QUEUE = 5, ALL = THREADS + QUEUE };

struct room {
    char dir[SCRATCH_ROOM];
    struct desk *desk;
    atomic_bool open;
    atomic_int begun, ended;
    struct errand {
        struct desk_job job; /* first */
        struct room *room;
        atomic_int times;
        struct store *store;
        int place;
    } errands[ALL + 1];
};

/* Waits until the room is open. */
static void carry_out(struct desk_job *job, struct store *s)
{
    struct errand *a = (struct errand *)job;
    atomic_fetch_add(&a->room->begun, 1);
    while (!atomic_load(&a->room->open))
        env_wait_ms(1);
    a->store = s;
    atomic_fetch_add(&a->times, 1);
    a->place = atomic_fetch_add(&a->room->ended, 1);
}

static enum err give(struct room *r, int i)
{
    r->errands[i].job.run = carry_out;
    r->errands[i].room = r;
    return desk_queue(r->desk, &r->errands[i].job);
}

static int set_up(void **state)
{
    struct room *r = x_alloc(sizeof(*r));
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    scratch_make(r->dir);
    assert_int_equal(store_open(r->dir, STORE_WRITE, &why, &s), ERR_OK);
    store_close(s);
    struct desk_options options = { r->dir, THREADS, QUEUE };
    assert_int_equal(desk_open(&options, &why, &r->desk), ERR_OK);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    struct room *r = *state;
    atomic_store(&r->open, true);
    desk_close(r->desk);
    scratch_remove(r->dir);
    free(r);
    return 0;
}

/* Every thread has a job, and every place in the queue. */
static void fill(struct room *r)
{
    for (int i = 0; i < ALL; i++) {
        assert_int_equal(give(r, i), ERR_OK);
        while (i < THREADS && atomic_load(&r->begun) <= i)
            env_wait_ms(1);
    }
}

static void each_job_is_done_once_with_a_store_to_read(void **state)
{
    struct room *r = *state;
    fill(r);
    atomic_store(&r->open, true);
    desk_stop(r->desk);
    for (int i = 0; i < ALL; i++) {
        assert_int_equal(r->errands[i].times, 1);
        assert_non_null(r->errands[i].store);
    }
    assert_ptr_not_equal(r->errands[0].store, r->errands[1].store);
}

static void what_waits_is_done_in_order(void **state)
{
    struct room *r = *state;
    fill(r);
    atomic_store(&r->open, true);
    desk_stop(r->desk);
    /* Two hands: who came three before is done before. */
    for (int i = THREADS; i + THREADS < ALL; i++)
        assert_true(r->errands[i].place < r->errands[i + THREADS].place);
}

static void more_than_the_queue_holds_is_not_taken(void **state)
{
    struct room *r = *state;
    fill(r);
    assert_int_equal(give(r, ALL), ERR_BUSY);
    atomic_store(&r->open, true);
    while (atomic_load(&r->ended) < ALL)
        env_wait_ms(1);
    assert_int_equal(r->errands[ALL].times, 0);
    assert_int_equal(give(r, ALL), ERR_OK);
    desk_stop(r->desk);
    assert_int_equal(r->errands[ALL].times, 1);
}

static void a_stopped_desk_takes_nothing_and_may_be_stopped_again(void **state)
{
    struct room *r = *state;
    desk_stop(r->desk);
    assert_int_equal(give(r, 0), ERR_BUSY);
    desk_stop(r->desk);
}

static void without_a_store_there_is_no_desk(void **state)
{
    char dir[SCRATCH_ROOM];
    struct desk *desk = NULL;
    BUF(why, MAX_TEXT);
    (void)state;
    scratch_make(dir);
    struct desk_options options = { dir, THREADS, QUEUE };
    assert_int_equal(desk_open(&options, &why, &desk), ERR_NOT_SET_UP);
    assert_null(desk);
    scratch_remove(dir);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(each_job_is_done_once_with_a_store_to_read),
        DESK(what_waits_is_done_in_order),
        DESK(more_than_the_queue_holds_is_not_taken),
        DESK(a_stopped_desk_takes_nothing_and_may_be_stopped_again),
        cmocka_unit_test(without_a_store_there_is_no_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
