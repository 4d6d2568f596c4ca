/*
 * test_sim_fair.c - whole fairs: what the aggregator tells is what the
 * ledgers say, whatever the network did.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/replay.h"

static void totals_are_the_sum_of_the_ledgers(void **state)
{
    (void)state;
    struct replay r;
    struct outcome o;
    struct wish wish = replay_wish();
    wish.binaries = true;
    replay_begin(&r, &wish, 1);
    assert_true(r.fair.plan.by_binaries >= 0);
    replay_all(&r);
    replay_agrees(&r);
    assert_int_equal(replay_net(&r), REPLAY_NET_VND);
    assert_int_equal(outcome_ask(&r.fair.host, &o), ERR_OK);
    assert_int_equal(o.visits, REPLAY_VISITS);
    assert_int_equal(o.devices, REPLAY_BOOTHS);
    assert_true(r.fair.sum.refunds > 0 && r.fair.sum.voids > 0);
    /* Contacts at booths are counted, but are no visits. */
    assert_true(r.fair.sum.counted > REPLAY_VISITS);
    outcome_done(&o);
    replay_end(&r);
}

static void nothing_counts_twice_over_a_bad_network(void **state)
{
    (void)state;
    struct replay r;
    struct outcome o;
    struct wish wish = replay_wish();
    wish.faults_pct = 50;
    replay_begin(&r, &wish, 1);
    replay_all(&r);
    replay_agrees(&r);
    assert_int_equal(replay_net(&r), REPLAY_NET_VND);
    assert_true(r.fair.sum.lost > 10 && r.fair.sum.doubled > 10);
    assert_int_equal(outcome_ask(&r.fair.host, &o), ERR_OK);
    assert_true(o.resent >= r.fair.sum.doubled);
    outcome_done(&o);
    replay_end(&r);
}

static const char *const kinds[] = { "days", "hours", "products", "visitors",
                                     "supervision" };

static void reports(const struct replay *r, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        replay_report(r, kinds[i], out);
}

static void rebuilding_changes_no_figure(void **state)
{
    (void)state;
    struct replay r;
    BUF(before, MAX_OUTPUT);
    BUF(after, MAX_OUTPUT);
    const struct wish wish = replay_wish();
    replay_begin(&r, &wish, 1);
    replay_all(&r);
    reports(&r, &before);
    replay_order(&r, WORDS("rebuild"));
    reports(&r, &after);
    assert_string_equal(buf_text(&before), buf_text(&after));
    replay_agrees(&r);
    replay_end(&r);
}

static void the_same_seed_gives_the_same_fair(void **state)
{
    (void)state;
    struct replay r;
    BUF(alone, MAX_OUTPUT);
    BUF(together, MAX_OUTPUT);
    const struct wish wish = replay_wish();
    replay_begin(&r, &wish, 1);
    replay_all(&r);
    reports(&r, &alone);
    replay_end(&r);
    replay_begin(&r, &wish, 3);
    replay_all(&r);
    reports(&r, &together);
    replay_agrees(&r);
    replay_end(&r);
    assert_string_equal(buf_text(&alone), buf_text(&together));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_the_sum_of_the_ledgers),
        cmocka_unit_test(nothing_counts_twice_over_a_bad_network),
        cmocka_unit_test(rebuilding_changes_no_figure),
        cmocka_unit_test(the_same_seed_gives_the_same_fair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
