/*
 * test_trail.c - what is not a sale is in the ledger all the same, and in X.
 */
#include "pos/till/trail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/money.h"
#include "pos/paper/shift_slip.h"
#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct record *r;
static struct cart *cart;
static struct shift_report report;
static int64_t seq;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 500000);
    r = record_open();
    cart = x_alloc(sizeof(*cart));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(cart);
    record_close(r);
    till_fixture_done(&f);
    return 0;
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

/* The newest event, which is of this kind and of operator 7. */
static const union body *last(enum event_kind kind)
{
    assert_int_equal(till_record(&f.till, count(), r), ERR_OK);
    assert_int_equal(r->event.kind, kind);
    assert_int_equal(r->event.op, 7);
    assert_int_equal(r->event.shift, 1);
    return &r->body;
}

static void put(const char *code, int64_t milli)
{
    const struct product *p = lists_find(f.till.lists, str_of(code));
    assert_int_equal(cart_add(cart, p, milli), ERR_OK);
}

static enum err cash(int64_t vnd, const char *reason)
{
    return trail_cash(&f.till, vnd, str_of(reason), 7, &seq);
}

static int64_t expected(void)
{
    assert_int_equal(shift_report(&f.till, false, &report), ERR_OK);
    return report.cash_expected_vnd;
}

/* ---- cash ---- */

static void m14_cash_in_and_out_is_recorded_with_its_reason(void **state)
{
    (void)state;
    assert_int_equal(cash(200000, "tiền lẻ"), ERR_OK);
    assert_int_equal(last(EV_CASH)->cash.amount_vnd, 200000);
    assert_int_equal(r->event.seq, seq);
    assert_true(str_is(r->body.cash.reason, "tiền lẻ"));
    assert_int_equal(cash(-600000, "mua đá"), ERR_OK);
    assert_int_equal(last(EV_CASH)->cash.amount_vnd, -600000);
    assert_int_equal(expected(), 100000);
    assert_int_equal(report.trail.cash_in_vnd, 200000);
    assert_int_equal(report.trail.cash_out_vnd, 600000);
    till_fixture_verify(&f);
}

static void m14_no_more_is_taken_out_than_is_there(void **state)
{
    struct sold sold;
    (void)state;
    assert_int_equal(cash(-500001, "x"), ERR_LIMIT);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(cash(-620001, "x"), ERR_LIMIT);
    assert_int_equal(cash(-620000, "x"), ERR_OK);
    assert_int_equal(cash(-1, "x"), ERR_LIMIT);
    assert_int_equal(cash(MONEY_MAX + 1, "x"), ERR_LIMIT);
    assert_int_equal(expected(), 0);
}

static void cash_needs_a_reason_and_a_shift(void **state)
{
    static const char *const wrong[] = { "", " x", "a\nb", "\xff" };
    (void)state;
    int64_t before = count();
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(cash(1, wrong[i]), ERR_INVALID);
    assert_int_equal(count(), before);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(cash(1, "x"), ERR_NO_SHIFT);
    assert_int_equal(cash(-1, "x"), ERR_NO_SHIFT);
}

static void cash_counts_for_the_day_it_is_moved(void **state)
{
    (void)state;
    till_fixture_pass(&f, 20 * INT64_C(3600000)); /* over the cut-off */
    assert_int_equal(cash(1, "x"), ERR_OK);
    last(EV_CASH);
    assert_int_equal(r->event.day, 20200115);
}

/* ---- everything else ---- */

static void m17_a_removed_line_is_recorded_as_it_would_have_been_sold(
    void **state)
{
    (void)state;
    put("1", 500);
    put("2", 2000);
    cart->lines[1].discount_vnd = 40000;
    cart->order_discount_vnd = 42500; /* a tenth of everything */
    assert_int_equal(trail_line_removed(&f.till, cart, 1, 7), ERR_OK);
    const struct line *l = &last(EV_LINE_REMOVED)->line_removed.line;
    assert_true(str_is(l->sku, "TH-01"));
    assert_true(str_is(l->more.seller, "HTX Ba Chẽ"));
    assert_int_equal(l->milli, 2000);
    assert_int_equal(l->amount_vnd, 180000);
    assert_int_equal(l->more.discount_vnd, 60000);
    assert_int_equal(cart->n_lines, 2); /* the caller takes it out */
    till_fixture_verify(&f);
}

static void m17_a_cancelled_cart_is_recorded_with_its_total(void **state)
{
    (void)state;
    put("1", 500);
    put("2", 2000);
    cart->order_discount_vnd = 5000;
    assert_int_equal(trail_cart_cancelled(&f.till, cart, NULL, 7), ERR_OK);
    assert_int_equal(last(EV_CART_CANCELLED)->cart.lines, 2);
    assert_int_equal(r->body.cart.total_vnd, 460000);
}

static void m17_drawer_reprint_and_lock_are_events(void **state)
{
    (void)state;
    assert_int_equal(trail_drawer(&f.till, STR("đổi tiền"), 7), ERR_OK);
    assert_true(str_is(last(EV_DRAWER)->drawer.reason, "đổi tiền"));
    assert_int_equal(trail_drawer(&f.till, STR(""), 7), ERR_OK);
    assert_int_equal(last(EV_DRAWER)->drawer.reason.len, 0);
    assert_int_equal(trail_drawer(&f.till, STR("a\nb"), 7), ERR_INVALID);
    assert_int_equal(trail_reprint(&f.till, 3, 7), ERR_OK);
    assert_int_equal(last(EV_REPRINT)->reprint.of, 3);
    assert_int_equal(trail_access(&f.till, 4, "locked", 7), ERR_OK);
    assert_int_equal(last(EV_ACCESS)->access.number, 4);
    assert_true(str_is(r->body.access.what, "locked"));
    till_fixture_verify(&f);
}

static void m16_an_override_says_who_allowed_whom_what(void **state)
{
    (void)state;
    assert_int_equal(trail_override(&f.till, 1, STR("discount 30 %"), 7),
                     ERR_OK);
    assert_int_equal(last(EV_OVERRIDE)->override.by, 1);
    assert_true(str_is(r->body.override.what, "discount 30 %"));
    assert_int_equal(trail_override(&f.till, 1, STR(""), 7), ERR_INVALID);
    assert_int_equal(trail_override(&f.till, 1, STR("a\nb"), 7), ERR_INVALID);
}

/* ---- X and Z ---- */

/* Each one time more often than the one before. */
static void leave_a_trail(void)
{
    cart_init(cart);
    put("2", 1000);
    for (int i = 0; i < 6; i++) {
        enum err e = ERR_OK;
        if (i >= 5)
            e = trail_line_removed(&f.till, cart, 0, 7);
        if (!e && i >= 4)
            e = trail_cart_cancelled(&f.till, cart, NULL, 7);
        if (!e && i >= 3)
            e = trail_drawer(&f.till, STR(""), 7);
        if (!e && i >= 2)
            e = trail_reprint(&f.till, 3, 7);
        if (!e && i >= 1)
            e = trail_access(&f.till, 7, access_wrong_pin, 7);
        if (!e)
            e = trail_override(&f.till, 1, STR("x"), 7);
        assert_int_equal(e, ERR_OK);
    }
    assert_int_equal(trail_access(&f.till, 7, "locked", 7), ERR_OK);
}

static void expect_trail(int times)
{
    const struct trail_counts *t = &report.trail;
    assert_int_equal(t->line_removed, times);
    assert_int_equal(t->carts_cancelled, 2 * times);
    assert_int_equal(t->drawer, 3 * times);
    assert_int_equal(t->reprints, 4 * times);
    assert_int_equal(t->wrong_pins, 5 * times);
    assert_int_equal(t->overrides, 6 * times);
}

static void m17_x_and_z_count_what_happened_in_the_shift(void **state)
{
    BUF(slip, MAX_TEXT);
    (void)state;
    leave_a_trail();
    assert_int_equal(shift_report(&f.till, false, &report), ERR_OK);
    expect_trail(1);
    leave_a_trail();
    assert_int_equal(shift_report(&f.till, false, &report), ERR_OK);
    expect_trail(2);
    shift_report_render(&f.till, &report, 48, &slip);
    assert_non_null(strstr(
        buf_text(&slip), "Lines removed                                  2\n"
                         "Carts cancelled                                4\n"
                         "Drawer opened without a sale                   6\n"
                         "Slips printed again                            8\n"
                         "Wrong PINs                                    10\n"
                         "Allowed by a supervisor                       12\n"));
    assert_int_equal(shift_close(&f.till, 0, STR(""), 7, &report), ERR_OK);
    expect_trail(2);
    assert_int_equal(shift_report(&f.till, true, &report), ERR_OK);
    expect_trail(2);
    /* What comes after the close is none of its business. */
    leave_a_trail();
    assert_int_equal(shift_report(&f.till, true, &report), ERR_OK);
    expect_trail(2);
    till_fixture_shift(&f, 0);
    assert_int_equal(shift_report(&f.till, false, &report), ERR_OK);
    expect_trail(0);
    buf_clear(&slip);
    shift_report_render(&f.till, &report, 48, &slip);
    assert_null(strstr(buf_text(&slip), "Lines removed"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m14_cash_in_and_out_is_recorded_with_its_reason),
        TEST(m14_no_more_is_taken_out_than_is_there),
        TEST(cash_needs_a_reason_and_a_shift),
        TEST(cash_counts_for_the_day_it_is_moved),
        TEST(m17_a_removed_line_is_recorded_as_it_would_have_been_sold),
        TEST(m17_a_cancelled_cart_is_recorded_with_its_total),
        TEST(m17_drawer_reprint_and_lock_are_events),
        TEST(m16_an_override_says_who_allowed_whom_what),
        TEST(m17_x_and_z_count_what_happened_in_the_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
