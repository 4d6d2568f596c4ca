/*
 * test_live.c - visits that are kept until there is news: every one comes
 * back, none too many is taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/web/live.h"
#include "sync/aggregator/web/routes.h"
#include "tests/support/scratch.h"

static const struct route route = { "GET",      "/live", MAY_ANYBODY, 0,
                                    DESK_PAGES, "",      NULL,        true };

static struct env machine;
static atomic_llong ahead_ms;

static int64_t shifted(void *ctx)
{
    (void)ctx;
    return machine.mono_ms(machine.ctx) + atomic_load(&ahead_ms);
}

struct stage {
    char dir[SCRATCH_ROOM];
    struct web web;
    atomic_int called, refused; /* to their page; told to come again */
    struct seat {
        struct visit visit; /* first */
        struct stage *stage;
    } seats[LIVE_MOST + 1];
};

static void call(struct desk_job *job, struct store *s)
{
    struct seat *seat = (struct seat *)job;
    (void)s;
    assert_non_null(seat->visit.own);
    atomic_fetch_add(&seat->stage->called, 1);
}

static void finished(struct visit *v)
{
    struct seat *seat = (struct seat *)v;
    assert_int_equal(v->answer.status, 503);
    atomic_fetch_add(&seat->stage->refused, 1);
}

static int set_up(void **state)
{
    struct stage *st = x_alloc(sizeof(*st));
    struct store *s = NULL;
    struct env env;
    BUF(why, MAX_TEXT);
    machine = env_system();
    env = machine;
    env.mono_ms = shifted;
    env_use(&env);
    scratch_make(st->dir);
    assert_int_equal(store_open(st->dir, STORE_WRITE, &why, &s), ERR_OK);
    store_close(s);
    st->web.language = "en";
    /* A queue so short that not all fit at once. */
    struct desk_options options = { st->dir, 1, 100 };
    assert_int_equal(desk_open(&options, &why, &st->web.pages), ERR_OK);
    assert_int_equal(live_open(st->dir, st->web.pages, &why, &st->web.live),
                     ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(st->seats); i++) {
        visit_init(&st->seats[i].visit, &st->web);
        st->seats[i].visit.ask.route = &route;
        st->seats[i].visit.job.run = call;
        st->seats[i].visit.finished = finished;
        st->seats[i].stage = st;
    }
    *state = st;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *st = *state;
    live_close(st->web.live);
    desk_close(st->web.pages);
    for (size_t i = 0; i < ARRAY_LEN(st->seats); i++)
        visit_done(&st->seats[i].visit);
    scratch_remove(st->dir);
    env_use(&machine);
    free(st);
    return 0;
}

static enum err sit(struct stage *st, int i)
{
    static const struct live_of of = { "XUAN", NULL };
    return live_wait(st->web.live, &st->seats[i].visit, &of, STR("0-0"));
}

static void no_more_are_kept_than_there_is_room_for(void **state)
{
    struct stage *st = *state;
    for (int i = 0; i < LIVE_MOST; i++)
        assert_int_equal(sit(st, i), ERR_OK);
    assert_int_equal(sit(st, LIVE_MOST), ERR_BUSY);
    live_stop(st->web.live);
    assert_int_equal(atomic_load(&st->refused), LIVE_MOST);
    assert_int_equal(sit(st, LIVE_MOST), ERR_BUSY);
    live_stop(st->web.live);
    assert_int_equal(atomic_load(&st->refused), LIVE_MOST);
}

static void who_is_called_makes_room_and_a_full_desk_loses_nobody(void **state)
{
    struct stage *st = *state;
    for (int i = 0; i < LIVE_MOST; i++)
        assert_int_equal(sit(st, i), ERR_OK);
    atomic_fetch_add(&ahead_ms, LIVE_HOLD_MS);
    while (atomic_load(&st->called) < LIVE_MOST)
        env_wait_ms(1);
    while (sit(st, LIVE_MOST) == ERR_BUSY) /* the last one is being left */
        env_wait_ms(1);
    live_stop(st->web.live);
    assert_int_equal(atomic_load(&st->called), LIVE_MOST);
    assert_int_equal(atomic_load(&st->refused), 1);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE(no_more_are_kept_than_there_is_room_for),
        LIVE(who_is_called_makes_room_and_a_full_desk_loses_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
