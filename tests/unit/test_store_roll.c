/*
 * test_store_roll.c - reports are exact at every moment, however far the
 * watermark has come and whatever was decided.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/store/reference.h"
#include "tests/support/hall.h"

static int open_hall(void **state)
{
    *state = hall_open(1);
    return 0;
}

static int close_hall(void **state)
{
    hall_close(*state);
    return 0;
}

static void decide(struct hall *h, int i, struct decision d)
{
    d.at_ms = 1;
    d.reason = STR("as agreed");
    assert_int_equal(store_decide(h->store, hall_name(h, i), &d), ERR_OK);
}

/* ---- branches ---- */

static void expect_with_branch(struct hall *h, const struct stall *twin,
                               const struct fold_rule *rule)
{
    struct roll_set found = { .n = 0 }, wanted = { .n = 0 };
    hall_read(h->store, "", &found);
    stall_expect(&h->stalls[0], h->sent[0], NULL, 0, &wanted);
    if (rule)
        stall_expect(twin, 40, rule, 1, &wanted);
    roll_set_same(&found, &wanted);
    roll_set_done(&found);
    roll_set_done(&wanted);
}

static void a_branch_is_on_hold_until_a_person_decides(void **state)
{
    static const struct fold_rule hold = { 3, INT64_MAX, true, 0 };
    static const struct fold_rule count = { 3, INT64_MAX, false, 0 };
    struct hall *h = *state;
    struct stall twin;
    stall_open(&twin, 10, 777);
    stall_trade(&twin, 40);
    hall_send(h, 0, 50);
    hall_fold(h);
    hall_set_aside(h, 0, &twin, 3, 40);
    expect_with_branch(h, &twin, &hold);
    decide(h, 0,
           (struct decision){
               .what = "count-branch", .first = 1, .last = 1, .day = 0 });
    expect_with_branch(h, &twin, &count);
    decide(h, 0,
           (struct decision){
               .what = "drop-branch", .first = 1, .last = 1, .day = 0 });
    expect_with_branch(h, &twin, NULL);
    decide(h, 0,
           (struct decision){
               .what = "count-branch", .first = 1, .last = 1, .day = 0 });
    decide(h, 0,
           (struct decision){ .what = "drop-branch",
                              .first = 2,
                              .last = 2,
                              .day = 0 }); /* there is no such one */
    expect_with_branch(h, &twin, &count);
    stall_close(&twin);
}

/* ---- decisions and the watermark ---- */

static enum err take_decision(void *ctx, const struct decision *d)
{
    buf_printf(ctx, "%s %ld-%ld %d %.*s at %ld; ", d->what, (long)d->first,
               (long)d->last, d->day, (int)d->reason.len, d->reason.data,
               (long)d->at_ms);
    return ERR_OK;
}

static void decisions_are_kept_in_order(void **state)
{
    struct hall *h = *state;
    BUF(text, MAX_TEXT);
    decide(
        h, 0,
        (struct decision){ .what = "hold", .first = 3, .last = 5, .day = 0 });
    decide(
        h, 1,
        (struct decision){ .what = "hold", .first = 9, .last = 9, .day = 0 });
    decide(h, 0,
           (struct decision){
               .what = "day", .first = 4, .last = 4, .day = 20200120 });
    assert_int_equal(
        store_decision_each(h->store, hall_name(h, 0), take_decision, &text),
        ERR_OK);
    assert_string_equal(buf_text(&text), "hold 3-5 0 as agreed at 1; "
                                         "day 4-4 20200120 as agreed at 1; ");
}

/* What a decision means to the model. */
static void decide_both(struct hall *h, int i, const char *what, int first,
                        int last)
{
    bool hold = strcmp(what, "hold") == 0 || strcmp(what, "revoke") == 0;
    int day = strcmp(what, "day") == 0 ? 20200301 + h->n_rules[i] : 0;
    decide(h, i,
           (struct decision){
               .what = what, .first = first, .last = last, .day = day });
    h->rules[i][h->n_rules[i]++] = (struct fold_rule){ first, last, hold, day };
}

static void every_decision_counts_at_once(void **state)
{
    static const struct {
        const char *what;
        int first, last;
    } steps[] = { { "hold", 10, 20 },   { "release", 12, 14 },
                  { "day", 5, 30 },     { "revoke", 50, 100000 },
                  { "hold", 200, 300 }, { "release", 55, 56 } };
    struct hall *h = *state;
    hall_send(h, 0, 60);
    hall_fold(h);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        decide_both(h, 0, steps[i].what, steps[i].first, steps[i].last);
        hall_expect(h, h->store);
        hall_send(h, 0, 10);
        if (i % 2 == 0)
            hall_fold(h);
        hall_expect(h, h->store);
    }
}

static void only_a_decision_about_folded_events_unfolds(void **state)
{
    struct hall *h = *state;
    hall_send(h, 0, 20);
    hall_send(h, 1, 20);
    hall_fold(h);
    decide(h, 0,
           (struct decision){
               .what = "revoke", .first = 21, .last = INT64_MAX, .day = 0 });
    decide(h, 0,
           (struct decision){
               .what = "count-branch", .first = 1, .last = 1, .day = 0 });
    assert_int_equal(hall_mark(h, 0), 20);
    decide(
        h, 0,
        (struct decision){ .what = "hold", .first = 20, .last = 20, .day = 0 });
    assert_int_equal(hall_mark(h, 0), 0);
    assert_int_equal(hall_mark(h, 1), 20);
}

static void every_device_has_its_turn_while_there_is_too_much(void **state)
{
    struct hall *h = *state;
    int64_t n = 0;
    for (int i = 0; i < STALLS; i++)
        hall_send(h, i, 60);
    for (int round = 1; round <= 2; round++) {
        for (int i = 0; i < STALLS; i++) {
            assert_int_equal(store_fold_step(h->store, 20, &n), ERR_OK);
            assert_int_equal(n, 20);
        }
        for (int i = 0; i < STALLS; i++)
            assert_int_equal(hall_mark(h, i), 20 * round);
    }
    /* ... and one step takes what is left, wherever the last one ended. */
    assert_int_equal(store_fold_step(h->store, 10, &n), ERR_OK);
    assert_int_equal(store_fold_step(h->store, 1000, &n), ERR_OK);
    assert_int_equal(n, 50);
    hall_expect(h, h->store);
}

static void a_step_folds_as_many_events_as_it_may(void **state)
{
    struct hall *h = *state;
    int64_t n = -1;
    for (int i = 0; i < STALLS; i++)
        hall_send(h, i, 10);
    assert_int_equal(store_fold_step(h->store, 14, &n), ERR_OK);
    assert_int_equal(n, 14);
    assert_int_equal(hall_mark(h, 0) + hall_mark(h, 1) + hall_mark(h, 2), 14);
    hall_expect(h, h->store);
    assert_int_equal(store_fold_step(h->store, 1000, &n), ERR_OK);
    assert_int_equal(n, 16);
    assert_int_equal(store_fold_step(h->store, 1000, &n), ERR_OK);
    assert_int_equal(n, 0);
    hall_expect(h, h->store);
}

static void a_step_that_is_cut_short_has_not_happened(void **state)
{
    struct hall *h = *state;
    int64_t n = -1;
    hall_send(h, 0, 30);
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_fold_step(h->store, 1000, &n), ERR_OK);
    hall_reopen(h); /* as after a kill: the group never came to its end */
    assert_int_equal(hall_mark(h, 0), 0);
    hall_expect(h, h->store);
}

static void a_sum_that_cannot_be_stored_stops_no_other(void **state)
{
    struct hall *h = *state;
    struct roll_set rows = { .n = 0 };
    hall_send(h, 0, 30);
    hall_fold(h);
    hall_sql(h, "UPDATE roll_tender SET amount_vnd = 9223372036854775807");
    hall_send(h, 0, 300);
    hall_send(h, 1, 30);
    hall_fold(h);
    assert_int_equal(hall_mark(h, 0), 330);
    assert_int_equal(hall_mark(h, 1), 30);
    hall_read(h->store, "", &rows);
    roll_set_done(&rows);
}

static void a_report_of_one_fair_has_its_devices_only(void **state)
{
    struct hall *h = *state;
    struct roll_set found = { .n = 0 }, wanted = { .n = 0 };
    for (int i = 0; i < STALLS; i++)
        hall_send(h, i, 40);
    int64_t n;
    assert_int_equal(store_fold_step(h->store, 50, &n), ERR_OK);
    hall_read(h->store, "XUAN", &found);
    for (int i = 0; i < 2; i++)
        stall_expect(&h->stalls[i], 40, NULL, 0, &wanted);
    roll_set_same(&found, &wanted);
    roll_set_done(&found);
    roll_set_done(&wanted);
}

/* ---- whether sums are still the same ---- */

static int64_t turn_of(struct hall *h, const char *fair)
{
    int64_t turn = -1;
    assert_int_equal(store_turn(h->store, str_of(fair), &turn), ERR_OK);
    assert_true(turn >= 0);
    return turn;
}

/* The turn is there again and is none that was seen before. */
static void expect_turned(struct hall *h, int64_t *seen, int *n)
{
    hall_fold(h);
    seen[*n] = turn_of(h, "XUAN");
    assert_true(seen[*n] > 0);
    for (int i = 0; i < *n; i++)
        assert_true(seen[*n] != seen[i]);
    (*n)++;
}

static void a_turn_is_another_one_after_every_change(void **state)
{
    struct hall *h = *state;
    struct stall twin;
    enum change change;
    struct fair fair = { .code = "XUAN", .name = "Xuân", .days = 3 };
    struct booth booth = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                           STR(""), 1 };
    struct str gate = STR("CONG");
    int64_t seen[16];
    int n = 0;
    fair.first_day = 20200114;
    hall_send(h, 0, 30);
    expect_turned(h, seen, &n);
    hall_send(h, 1, 30);
    expect_turned(h, seen, &n);
    assert_int_equal(fair_put(h->store, &fair, &change), ERR_OK);
    expect_turned(h, seen, &n);
    assert_int_equal(gates_put(h->store, STR("XUAN"), &gate, 1, &change),
                     ERR_OK);
    expect_turned(h, seen, &n);
    assert_int_equal(booth_put(h->store, STR("XUAN"), &booth, &change), ERR_OK);
    expect_turned(h, seen, &n);
    decide(h, 0, (struct decision){ .what = "hold", .first = 3, .last = 5 });
    expect_turned(h, seen, &n);
    decide(h, 0, (struct decision){ .what = "hold", .first = 40, .last = 50 });
    expect_turned(h, seen, &n);
    stall_open(&twin, 10, 777);
    stall_trade(&twin, 40);
    hall_set_aside(h, 0, &twin, 3, 40);
    expect_turned(h, seen, &n);
    decide(h, 0,
           (struct decision){ .what = "count-branch", .first = 1, .last = 1 });
    expect_turned(h, seen, &n);
    stall_close(&twin);
    stall_open(&twin, 60, 778);
    assert_int_equal(hall_admit(h->store, &twin, 4), ERR_OK);
    expect_turned(h, seen, &n);
    stall_close(&twin);
    assert_int_equal(store_unfold(h->store, hall_name(h, 1)), ERR_OK);
    expect_turned(h, seen, &n);
    assert_int_equal(store_unfold_all(h->store), ERR_OK);
    expect_turned(h, seen, &n);
}

static void what_another_fair_does_turns_nothing(void **state)
{
    struct hall *h = *state;
    hall_send(h, 0, 30);
    hall_fold(h);
    int64_t turn = turn_of(h, "XUAN");
    hall_send(h, 2, 30);
    assert_true(turn_of(h, "XUAN") == turn);
    assert_true(turn_of(h, "HA-2020") == 0);
    hall_fold(h);
    assert_true(turn_of(h, "XUAN") == turn);
    assert_true(turn_of(h, "HA-2020") > 0);
}

static void there_is_no_turn_while_events_are_beyond_the_mark(void **state)
{
    struct hall *h = *state;
    int64_t n;
    hall_send(h, 0, 30);
    assert_true(turn_of(h, "XUAN") == 0);
    assert_int_equal(store_fold_step(h->store, 20, &n), ERR_OK);
    assert_true(turn_of(h, "XUAN") == 0);
    assert_int_equal(store_fold_step(h->store, 20, &n), ERR_OK);
    assert_true(turn_of(h, "XUAN") > 0);
    hall_send(h, 1, 1);
    assert_true(turn_of(h, "XUAN") == 0);
    assert_true(turn_of(h, "NOWHERE") == 0);
}

/* ---- at random ---- */

/* A fair's turn and the day rows that were read under it. */
struct seen {
    const char *fair;
    int64_t turn;
    struct buf rows;
};

static void expect_as_seen(struct hall *h, struct seen *seen)
{
    struct roll_set all = { .n = 0 };
    BUF(rows, MAX_OUTPUT);
    int64_t turn = turn_of(h, seen->fair);
    if (turn == 0)
        return;
    hall_read(h->store, seen->fair, &all);
    roll_set_text(&all, &rows);
    roll_set_done(&all);
    if (turn == seen->turn)
        assert_string_equal(buf_text(&rows), buf_text(&seen->rows));
    seen->turn = turn;
    buf_clear(&seen->rows);
    buf_str(&seen->rows, buf_slice(&rows));
}

static void stored_text(struct hall *h, struct buf *out)
{
    struct roll_set rows = { .n = 0 };
    struct roll_taker taker = roll_set_taker(&rows);
    for (int i = 0; i < STALLS; i++)
        assert_int_equal(store_rolls_stored(h->store, hall_name(h, i), &taker),
                         ERR_OK);
    for (int i = 0; i < rows.n; i++) { /* zero rows too */
        buf_puts(out, rows.rows[i].key);
        for (int k = 0; k < ROLL_SET_SUMS; k++)
            buf_printf(out, " %lld", (long long)rows.rows[i].v[k]);
        buf_putc(out, '\n');
    }
    roll_set_done(&rows);
}

static void some_decision(struct hall *h, int i)
{
    static const char *const whats[] = { "hold", "release", "day", "revoke" };
    struct stall *s = &h->stalls[i];
    int first = 1 + stall_roll(s, h->sent[i] + 5);
    if (h->n_rules[i] < 5)
        decide_both(h, i, whats[stall_roll(s, 4)], first,
                    first + stall_roll(s, 15));
}

static void one_step(struct hall *h)
{
    struct stall *dice = &h->stalls[0];
    int i = stall_roll(dice, STALLS);
    int64_t n;
    switch (stall_roll(dice, 8)) {
    case 0:
    case 1:
    case 2: hall_send(h, i, 1 + stall_roll(dice, 20)); break;
    case 3:
    case 4:
        assert_int_equal(
            store_fold_step(h->store, 1 + stall_roll(dice, 30), &n), ERR_OK);
        break;
    case 5: some_decision(h, i); break;
    case 6: hall_reopen(h); break;
    default: store_idle(h->store); break;
    }
}

static void reports_are_exact_at_every_moment(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 12; seed++) {
        BUF(grown, MAX_OUTPUT);
        BUF(rebuilt, MAX_OUTPUT);
        struct hall *h = hall_open(seed);
        struct seen seen[] = { { .fair = "XUAN" }, { .fair = "HA-2020" } };
        for (size_t i = 0; i < ARRAY_LEN(seen); i++)
            buf_init(&seen[i].rows, MAX_OUTPUT);
        for (int step = 0; step < 40; step++) {
            one_step(h);
            hall_expect(h, h->store);
            for (size_t i = 0; i < ARRAY_LEN(seen); i++)
                expect_as_seen(h, &seen[i]);
        }
        for (size_t i = 0; i < ARRAY_LEN(seen); i++)
            buf_done(&seen[i].rows);
        hall_fold(h);
        stored_text(h, &grown);
        assert_int_equal(store_unfold_all(h->store), ERR_OK);
        hall_expect(h, h->store);
        hall_fold(h);
        stored_text(h, &rebuilt);
        assert_string_equal(buf_text(&grown), buf_text(&rebuilt));
        hall_close(h);
    }
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HALL(a_branch_is_on_hold_until_a_person_decides),
        HALL(decisions_are_kept_in_order),
        HALL(every_decision_counts_at_once),
        HALL(only_a_decision_about_folded_events_unfolds),
        HALL(every_device_has_its_turn_while_there_is_too_much),
        HALL(a_step_folds_as_many_events_as_it_may),
        HALL(a_step_that_is_cut_short_has_not_happened),
        HALL(a_sum_that_cannot_be_stored_stops_no_other),
        HALL(a_report_of_one_fair_has_its_devices_only),
        HALL(a_turn_is_another_one_after_every_change),
        HALL(what_another_fair_does_turns_nothing),
        HALL(there_is_no_turn_while_events_are_beyond_the_mark),
        cmocka_unit_test(reports_are_exact_at_every_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
