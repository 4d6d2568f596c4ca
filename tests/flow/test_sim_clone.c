/*
 * test_sim_clone.c - a till that is there twice (a copied disk) never lowers
 * a total: whichever was heard first counts, the other is set aside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/sim/answer.h"
#include "tests/support/replay.h"

enum { BOOTH = 2, FIRST_TURN = 20, DAYS = 4 };

struct twins {
    struct replay replay;
    struct world world;
    char folders[2][SCRATCH_ROOM]; /* of the tills: true one, copy */
    int64_t net_vnd;               /* the highest total told */
};

/* ---- the copy ------------------------------------------------------------ */

static void copy_file(const char *from, const char *to, const char *name)
{
    BUF(bytes, MAX_LIST);
    if (env_file_read(from, name, &bytes) == ERR_NOT_FOUND)
        return;
    scratch_write(to, name, buf_slice(&bytes));
}

static void copy_till(struct twins *t)
{
    static const char *const names[] = { "device.key",    "admission",
                                         "phone.key",     "ledger.db",
                                         "ledger.db-wal", "sync.db",
                                         "sync.db-wal" };
    char from[SCRATCH_ROOM], to[SCRATCH_ROOM * 2];
    replay_stand_dir(&t->replay, BOOTH, from);
    snprintf(t->folders[0], sizeof(t->folders[0]), "%.400s/tills",
             t->replay.dir);
    snprintf(t->folders[1], sizeof(t->folders[1]), "%.400s/copies",
             t->replay.dir);
    snprintf(to, sizeof(to), "%s%s", t->folders[1], strrchr(from, '/'));
    assert_int_equal(env_dir_make(to), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        copy_file(from, to, names[i]);
}

/* ---- what the twins do --------------------------------------------------- */

static void total_has_not_fallen(struct twins *t)
{
    int64_t now = replay_net(&t->replay);
    assert_true(now >= t->net_vnd);
    t->net_vnd = now;
}

/* Sells what the plan has for the booth on a day, then calls; what the call
 * said. */
static enum err sell_and_call(struct twins *t, int twin, int day)
{
    const struct plan *plan = &t->replay.fair.plan;
    struct stand stand;
    const struct stand_place place = { plan, &t->world,
                                       t->replay.fair.setup.build,
                                       t->folders[twin] };
    struct act call = { .booth = BOOTH, .day = day, .deed = DEED_SYNC };
    world_enter(&t->world);
    stand_init(&stand, &place, BOOTH, FIRST_TURN + 2 * day + twin);
    for (int i = plan->day_acts[day]; i < plan->day_acts[day + 1]; i++) {
        const struct act *a = &plan->acts[i];
        if (a->booth != BOOTH || a->deed == DEED_SYNC || a->deed == DEED_REFUND)
            continue;
        call.ms = a->ms;
        assert_int_equal(stand_do(&stand, a), ERR_OK);
    }
    enum err e = stand_do(&stand, &call);
    stand_done(&stand);
    world_leave(&t->world);
    total_has_not_fallen(t);
    return e;
}

static int64_t on_hold(const struct twins *t)
{
    BUF(days, MAX_OUTPUT);
    enum err e = host_ask(
        &t->replay.fair.host,
        WORDS("report", "days", "--fair", FAIR_CODE, "--format", "json"),
        &days);
    assert_int_equal(e, ERR_OK);
    return answer_int(buf_slice(&days), "hold.events");
}

static void begin(struct twins *t)
{
    struct wish wish = replay_wish();
    wish.days = DAYS;
    wish.sales = 300; /* some on every day */
    wish.offline = false;
    wish.faults_pct = 0;
    memset(t, 0, sizeof(*t));
    replay_begin(&t->replay, &wish, 1);
    replay_phase(&t->replay, PHASE_ENROL);
    replay_phase(&t->replay, 0);
    copy_till(t);
    total_has_not_fallen(t);
}

/* ---- the rules ----------------------------------------------------------- */

/* The branch that was heard first goes on as if nothing were. */
static void the_copy_comes_second(void **state)
{
    (void)state;
    struct twins t;
    begin(&t);
    assert_int_equal(sell_and_call(&t, 0, 1), ERR_OK);
    int64_t before = t.net_vnd;
    assert_int_equal(on_hold(&t), 0);
    assert_int_equal(sell_and_call(&t, 1, 1), ERR_FORK);
    assert_int_equal(t.net_vnd, before);
    assert_true(on_hold(&t) > 0);
    assert_int_equal(sell_and_call(&t, 0, 2), ERR_OK);
    assert_true(t.net_vnd > before);
    replay_end(&t.replay);
}

static void the_copy_comes_first(void **state)
{
    (void)state;
    struct twins t;
    begin(&t);
    assert_int_equal(sell_and_call(&t, 1, 1), ERR_OK);
    int64_t before = t.net_vnd;
    assert_int_equal(sell_and_call(&t, 0, 1), ERR_FORK);
    assert_int_equal(t.net_vnd, before);
    assert_true(on_hold(&t) > 0);
    replay_end(&t.replay);
}

static void neither_lowers_the_total_later(void **state)
{
    (void)state;
    struct twins t;
    begin(&t);
    for (int i = 2; i < 2 * DAYS; i++) {
        (void)!sell_and_call(&t, i % 2, i / 2);
        replay_order(&t.replay, WORDS("verify"));
        replay_order(&t.replay, WORDS("rebuild"));
        total_has_not_fallen(&t);
    }
    assert_true(on_hold(&t) > 0);
    replay_end(&t.replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_copy_comes_second),
        cmocka_unit_test(the_copy_comes_first),
        cmocka_unit_test(neither_lowers_the_total_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
