/*
 * test_shift_screens.c - a day's frame: opening, cash in and out, the drawer,
 * counting and closing, X and Z, by key presses and pictures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "pos/screens/action.h"
#include "pos/screens/screens.h"
#include "pos/till/shift.h"
#include "tests/support/app_fixture.h"

static struct app_fixture f;

static int setup(void **state)
{
    (void)state;
    app_fixture_init(&f, "en");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    app_fixture_done(&f);
    return 0;
}

/* An action that has no key: as the menu runs it. */
static void act_now(const char *id)
{
    const struct action *a = action_find(id);
    assert_non_null(a);
    assert_true(action_can(&f.app, a));
    a->run(&f.app, a->arg);
    app_fixture_keys(&f, "tick:1");
}

static void on(const char *screen)
{
    if (strcmp(app_top(&f.app)->id, screen) != 0)
        fail_msg("on %s, not on %s:\n%s", app_top(&f.app)->id, screen,
                 app_fixture_seen(&f));
}

static int64_t drawer(void)
{
    struct shift_report x;
    assert_int_equal(shift_report(&f.app.till, false, &x), ERR_OK);
    return x.cash_expected_vnd;
}

/* One TH-01 of 120.000, paid in cash. */
static void sell_one(void)
{
    app_fixture_keys(&f, "2 Enter F9");
    on("sell");
    assert_int_equal(f.app.cart->n_lines, 0);
}

/* ---- opening ---- */

static void m14_shift_opens_with_an_empty_drawer_in_two_keys(void **state)
{
    (void)state;
    on("open");
    app_fixture_keys(&f, "Enter");
    on("question");
    app_fixture_keys(&f, "Enter");
    on("sell");
    assert_true(f.app.till.shift.open);
    assert_int_equal(f.app.till.shift.float_vnd, 0);
    assert_int_equal(f.app.till.shift.day, 20200114);
}

static void m14_float_is_one_amount_in_thousands(void **state)
{
    (void)state;
    BUF(narrow, MAX_OUTPUT);
    app_fixture_picture(&f, 12, 40, &narrow);
    assert_null(strstr(buf_text(&narrow), "500.000\n"));
    app_fixture_keys(&f, "500");
    buf_clear(&narrow);
    app_fixture_picture(&f, 12, 40, &narrow);
    assert_non_null(strstr(buf_text(&narrow), "500.000\n"));
    app_fixture_keys(&f, "Enter");
    on("open");
    app_fixture_keys(&f, "Enter");
    on("sell");
    assert_int_equal(f.app.till.shift.float_vnd, 500000);
}

static void m14_float_is_counted_by_denomination(void **state)
{
    (void)state;
    /* 2 × 500.000, none of 200.000, 3 × 100.000, then coins of 12.000. */
    app_fixture_keys(&f, "Down 2 Enter Enter 3 Enter");
    app_fixture_sees(&f, "500.000 ×      2                 1.000.000");
    app_fixture_keys(&f, "Down Down Down Down Down Down Down 12 Enter");
    app_fixture_keys(&f, "Enter");
    on("sell");
    assert_int_equal(f.app.till.shift.float_vnd, 1312000);
}

static void m14_an_amount_replaces_what_was_counted(void **state)
{
    (void)state;
    app_fixture_keys(&f, "Down 2 Enter Up Up 300 Enter");
    app_fixture_misses(&f, "1.000.000");
    app_fixture_keys(&f, "Enter");
    app_fixture_sees(&f, "shift 1 is open, 14/01/2020: fair-day 1");
    assert_int_equal(f.app.till.shift.float_vnd, 300000);
}

static void m14_a_note_counted_replaces_the_amount(void **state)
{
    (void)state;
    app_fixture_keys(&f, "300 Enter Down 2 Enter Up Up Enter");
    assert_int_equal(f.app.till.shift.float_vnd, 1000000);
}

static void m14_no_count_exceeds_what_money_may_be(void **state)
{
    (void)state;
    app_fixture_keys(&f, "Down 9999999999999 Enter");
    on("open");
    app_fixture_sees(&f, "✗ a limit is exceeded");
    app_fixture_keys(&f, "Esc x Enter");
    app_fixture_sees(&f, "✗ this is no amount");
}

static void m14_another_day_can_be_typed_where_the_clock_is_wrong(void **state)
{
    (void)state;
    f.till.wall_ms += 3 * 365 * DAY_MS;
    app_fixture_sees(&f, "! 13/01/2023: not a day of the fair");
    app_fixture_keys(&f, "Up 31/2 Enter");
    app_fixture_sees(&f, "✗ a day is typed as");
    app_fixture_keys(&f, "Esc 15/1/2020 Enter");
    app_fixture_sees(&f, "15/01/2020: fair-day 2");
    app_fixture_keys(&f, "100 Enter Enter");
    on("sell");
    assert_int_equal(f.app.till.shift.day, 20200115);
}

static void m14_a_day_off_the_fair_is_asked_about_once(void **state)
{
    (void)state;
    app_fixture_keys(&f, "Up 2/1 Enter Enter");
    on("question");
    app_fixture_sees(&f, "02/01/2020: not a day of the fair. Nothing is in");
    app_fixture_keys(&f, "Esc 100 Enter Enter");
    on("question");
    app_fixture_misses(&f, "Nothing is in");
    app_fixture_keys(&f, "Enter");
    on("sell");
    assert_int_equal(f.app.till.shift.day, 20200102);
}

static void m14_a_bouncing_enter_opens_nothing(void **state)
{
    (void)state;
    app_fixture_burst(&f, "Enter Enter Enter");
    on("question");
    app_fixture_keys(&f, "Esc 300");
    app_fixture_burst(&f, "Enter Enter");
    on("open");
    assert_false(f.app.till.shift.open);
    app_fixture_keys(&f, "Enter");
    assert_int_equal(f.app.till.shift.float_vnd, 300000);
}

static void s10_what_is_wrong_is_seen_with_its_remedy_and_blocks_not(
    void **state)
{
    (void)state;
    app_fixture_done(&f);
    app_fixture_init(&f, "en");
    app_fixture_conf(&f, "printer = /dev/fair-test-no-such-printer");
    app_fixture_sees(&f, "Ready for the day?");
    BUF(large, MAX_OUTPUT);
    app_fixture_picture(&f, 43, 132, &large);
    const char *worse = strstr(buf_text(&large), "! the printer");
    const char *good = strstr(buf_text(&large), "✓ ");
    assert_non_null(worse);
    assert_non_null(good);
    assert_true(worse < good);
    app_fixture_keys(&f, "Enter Enter");
    assert_true(f.app.till.shift.open);
}

/* ---- cash in and out ---- */

static void m14_cash_goes_in_and_out_with_a_reason(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    act_now("cash-in");
    app_fixture_keys(&f, "300 Enter");
    app_fixture_sees(&f, "Where from?");
    app_fixture_keys(&f, "1");
    on("sell");
    app_fixture_sees(&f, "✓ put in: 300.000 đ");
    assert_int_equal(drawer(), 500000);
    act_now("cash-out");
    app_fixture_keys(&f, "50 Enter ice Enter");
    on("sell");
    assert_int_equal(drawer(), 450000);
    struct record *r = app_fixture_event(&f, EV_CASH);
    assert_int_equal(r->body.cash.amount_vnd, -50000);
    assert_true(str_is(r->body.cash.reason, "ice"));
    record_close(r);
}

static void m14_no_cash_moves_without_a_reason(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    act_now("cash-out");
    app_fixture_keys(&f, "50 Enter Enter Enter");
    on("cash");
    app_fixture_keys(&f, "Esc Esc");
    on("sell");
    assert_int_equal(app_fixture_count(&f, EV_CASH), 0);
}

static void m14_no_more_goes_out_than_is_there(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    act_now("cash-out");
    app_fixture_keys(&f, "201 Enter 1");
    app_fixture_sees(&f, "so much is not in the drawer");
    assert_int_equal(app_fixture_count(&f, EV_CASH), 0);
}

static void m14_a_bouncing_enter_gives_no_reason(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    act_now("cash-in");
    app_fixture_keys(&f, "50");
    app_fixture_burst(&f, "Enter 1 Enter");
    on("cash");
    assert_int_equal(app_fixture_count(&f, EV_CASH), 0);
}

/* ---- the drawer ---- */

static void m17_a_drawer_opened_is_an_event_with_its_reason(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    app_fixture_keys(&f, "F11");
    on("drawer");
    app_fixture_keys(&f, "Enter");
    on("drawer");
    app_fixture_keys(&f, "2");
    on("sell");
    app_fixture_sees(&f, "drawer opened");
    struct record *r = app_fixture_event(&f, EV_DRAWER);
    assert_true(str_is(r->body.drawer.reason, "correct a mistake"));
    record_close(r);
    act_now("report-x");
    app_fixture_keys(&f, "End");
    app_fixture_sees(&f, "Drawer opened without a sale                   1");
}

/* ---- closing ---- */

static void m14_blind_count_hides_what_is_expected_until_counted(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    sell_one();
    act_now("shift-close");
    app_fixture_misses(&f, "320.000");
    app_fixture_keys(&f, "310 Enter");
    app_fixture_misses(&f, "320.000");
    app_fixture_keys(&f, "Enter");
    app_fixture_sees(&f, "Expected                            320.000");
    app_fixture_sees(&f, "! MISSING");
    app_fixture_keys(&f, "gave Space too Space much Enter");
    on("text");
    assert_false(f.app.till.shift.open);
    struct record *r = app_fixture_event(&f, EV_SHIFT_CLOSED);
    assert_int_equal(r->body.shift_closed.counted_vnd, 310000);
    assert_int_equal(r->body.shift_closed.expected_vnd, 320000);
    assert_true(str_is(r->body.shift_closed.reason, "gave too much"));
    record_close(r);
}

static void m14_open_count_shows_what_is_expected(void **state)
{
    (void)state;
    app_fixture_conf(&f, "blind_count = no");
    app_fixture_shift(&f, 200000);
    act_now("shift-close");
    app_fixture_sees(&f, "expected 200.000");
    app_fixture_keys(&f, "210 Enter Enter Esc");
    on("close"); /* counting again needs nobody here */
    app_fixture_keys(&f, "200 Enter Enter");
    app_fixture_sees(&f, "✓ AS EXPECTED");
}

/* The till that refuses to close unless counted = expected (NexoPOS#577). */
static void m14_a_shift_closes_with_any_difference_and_no_reason(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    sell_one();
    act_now("shift-close");
    app_fixture_keys(&f, "Enter Enter"); /* an empty drawer, said once more */
    app_fixture_sees(&f, "! MISSING");
    app_fixture_keys(&f, "Enter");
    assert_false(f.app.till.shift.open);
    struct record *r = app_fixture_event(&f, EV_SHIFT_CLOSED);
    assert_int_equal(r->body.shift_closed.counted_vnd, 0);
    assert_int_equal(r->body.shift_closed.reason.len, 0);
    record_close(r);
}

static void m14_carts_left_over_are_named_and_hinder_nothing(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    app_fixture_keys(&f, "2 Enter F3 3 Enter");
    assert_int_equal(f.app.cart->n_lines, 1);
    act_now("shift-close");
    app_fixture_sees(&f, "An open cart stays. Parked carts that stay: 1.");
    app_fixture_keys(&f, "200 Enter Enter Enter");
    assert_false(f.app.till.shift.open);
    assert_int_equal(f.app.cart->n_lines, 1);
}

static void m14_a_bouncing_enter_neither_reveals_nor_closes(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    act_now("shift-close");
    app_fixture_keys(&f, "200 Enter");
    app_fixture_burst(&f, "Enter Enter Enter");
    app_fixture_sees(&f, "✓ AS EXPECTED");
    assert_true(f.app.till.shift.open);
}

/* ---- X and Z ---- */

static void m15_x_shows_how_the_expected_cash_comes_about(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    sell_one();
    act_now("cash-out");
    app_fixture_keys(&f, "50 Enter 2");
    act_now("report-x");
    on("text");
    app_fixture_keys(&f, "PageDown");
    app_fixture_sees(&f, "270.000");
}

static void m15_z_is_shown_at_the_close_and_again_at_any_time(void **state)
{
    (void)state;
    app_fixture_shift(&f, 200000);
    sell_one();
    act_now("shift-close");
    app_fixture_keys(&f, "320 Enter Enter Enter");
    on("text");
    app_fixture_sees(&f, "✓ shift 1 is closed");
    BUF(at_close, MAX_OUTPUT);
    buf_puts(&at_close, app_fixture_seen(&f));
    app_fixture_keys(&f, "Esc");
    on("sell");
    app_fixture_shift(&f, 0);
    act_now("report-z");
    on("text");
    /* Rows 3 to 20: below the bar, above the message. */
    const char *a = strstr(buf_text(&at_close), "Z "),
               *b = strstr(app_fixture_seen(&f), "Z ");
    assert_non_null(a);
    assert_non_null(b);
    assert_memory_equal(a, b, 400);
}

static void m17_a_z_printed_again_is_a_reprint(void **state)
{
    (void)state;
    BUF(line, MAX_TEXT);
    buf_printf(&line, "printer = file:%s/paper\nprinter_profile = text",
               f.till.dir);
    app_fixture_conf(&f, buf_text(&line));
    app_fixture_shift(&f, 0);
    act_now("shift-close");
    app_fixture_keys(&f, "0 Enter Enter Enter");
    on("text");
    app_fixture_keys(&f, "tick:1");
    assert_int_equal(f.app.status.slips_waiting, 1);
    assert_int_equal(app_fixture_count(&f, EV_REPRINT), 0);
    app_fixture_keys(&f, "F8");
    struct record *r = app_fixture_event(&f, EV_REPRINT);
    assert_int_equal(r->body.reprint.of, f.app.till.shift.closed);
    record_close(r);
}

static void m15_without_a_shift_there_is_no_z(void **state)
{
    (void)state;
    app_fixture_keys(&f, "Esc");
    on("sell");
    assert_false(action_can(&f.app, action_find("report-x")));
    act_now("report-z");
    on("sell");
    app_fixture_sees(&f, "✗ no shift is open");
}

/* ---- pictures ---- */

static void no_clock_news(struct app_fixture *own)
{
    app_fixture_keys(own, "tick:1");
}

static void story_open(struct app_fixture *own)
{
    till_fixture_offset(&own->till, 200 * 1000); /* our clock is slow */
    app_fixture_close(own);
    app_fixture_open(own);
    app_fixture_keys(own, "Down 2 Enter 1 Enter 12");
    no_clock_news(own);
}

static void story_close(struct app_fixture *own)
{
    app_fixture_shift(own, 1500000);
    app_fixture_keys(own, "2 Enter F9");
    const struct action *close = action_find("shift-close");
    close->run(&own->app, close->arg);
    no_clock_news(own);
    app_fixture_keys(own, "1600000 Enter Enter");
}

static void story_cash(struct app_fixture *own)
{
    app_fixture_shift(own, 1500000);
    const struct action *in = action_find("cash-in");
    in->run(&own->app, in->arg);
    no_clock_news(own);
    app_fixture_keys(own, "2000 Enter");
}

static void pictures(void **state)
{
    (void)state;
    app_fixture_golden_story("shift-open", story_open);
    app_fixture_golden_story("shift-close", story_close);
    app_fixture_golden_story("cash-in", story_cash);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(m14_shift_opens_with_an_empty_drawer_in_two_keys),
        RULE(m14_float_is_one_amount_in_thousands),
        RULE(m14_float_is_counted_by_denomination),
        RULE(m14_an_amount_replaces_what_was_counted),
        RULE(m14_a_note_counted_replaces_the_amount),
        RULE(m14_no_count_exceeds_what_money_may_be),
        RULE(m14_another_day_can_be_typed_where_the_clock_is_wrong),
        RULE(m14_a_day_off_the_fair_is_asked_about_once),
        RULE(m14_a_bouncing_enter_opens_nothing),
        RULE(s10_what_is_wrong_is_seen_with_its_remedy_and_blocks_not),
        RULE(m14_cash_goes_in_and_out_with_a_reason),
        RULE(m14_no_cash_moves_without_a_reason),
        RULE(m14_no_more_goes_out_than_is_there),
        RULE(m14_a_bouncing_enter_gives_no_reason),
        RULE(m17_a_drawer_opened_is_an_event_with_its_reason),
        RULE(m14_blind_count_hides_what_is_expected_until_counted),
        RULE(m14_open_count_shows_what_is_expected),
        RULE(m14_a_shift_closes_with_any_difference_and_no_reason),
        RULE(m14_carts_left_over_are_named_and_hinder_nothing),
        RULE(m14_a_bouncing_enter_neither_reveals_nor_closes),
        RULE(m15_x_shows_how_the_expected_cash_comes_about),
        RULE(m15_z_is_shown_at_the_close_and_again_at_any_time),
        RULE(m17_a_z_printed_again_is_a_reprint),
        RULE(m15_without_a_shift_there_is_no_z),
        cmocka_unit_test(pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
