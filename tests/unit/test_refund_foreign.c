/*
 * test_refund_foreign.c - giving back for another till's receipt, and saying
 * why.
 */
#include "pos/till/foreign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct record *r;
static struct sold sold;
static struct refunded back;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 1000000);
    r = record_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    record_close(r);
    till_fixture_done(&f);
    return 0;
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

static const struct refund_item two[] = { { { "2", 1 }, 1000 },
                                          { { "CM-KG", 5 }, 500 } };

static struct refund of_b2(void)
{
    return (struct refund){
        .foreign = STR("B2-1-15"), .by = 9, .items = two, .n_items = 2, .op = 7
    };
}

static enum err give(const struct refund *refund)
{
    return refund_commit(&f.till, refund, &back);
}

/* ---- foreign receipts ---- */

static void m10_a_foreign_receipt_is_given_back_by_the_list(void **state)
{
    struct refund refund = of_b2();
    (void)state;
    assert_int_equal(give(&refund), ERR_OK);
    assert_int_equal(back.refund_vnd, 120000 + 225000);
    assert_int_equal(back.remaining_vnd, 0);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    const struct body_refund *b = &r->body.refund;
    assert_int_equal(r->event.kind, EV_REFUND);
    assert_int_equal(r->event.op, 7);
    assert_true(str_is(b->foreign, "B2-1-15"));
    assert_int_equal(b->of, 0);
    assert_int_equal(b->n_lines, 2);
    assert_true(str_is(b->lines[0].sku, "TH-01"));
    assert_true(str_is(b->lines[0].more.seller, "HTX Ba Chẽ"));
    assert_int_equal(b->lines[1].amount_vnd, 225000);
    assert_true(str_is(b->tenders[0].method, "cash"));
    till_fixture_verify(&f);
}

static void m16_each_foreign_refund_has_an_override_of_its_own(void **state)
{
    struct refund refund = of_b2();
    (void)state;
    for (int i = 0; i < 3; i++) {
        int64_t before = count();
        assert_int_equal(give(&refund), ERR_OK);
        assert_int_equal(count(), before + 2);
        assert_int_equal(till_record(&f.till, back.seq - 1, r), ERR_OK);
        assert_int_equal(r->event.kind, EV_OVERRIDE);
        assert_int_equal(r->event.op, 7);
        assert_int_equal(r->body.override.by, 9);
        assert_true(str_is(r->body.override.what, "foreign refund B2-1-15"));
    }
}

static void an_override_stands_just_before_also_when_the_day_turns(void **state)
{
    struct refund refund = of_b2();
    (void)state;
    till_fixture_pass(&f, 20 * INT64_C(3600000)); /* over the cut-off */
    assert_int_equal(give(&refund), ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq - 1, r), ERR_OK);
    assert_int_equal(r->event.kind, EV_OVERRIDE);
    assert_int_equal(r->event.day, 20200115);
    assert_int_equal(till_record(&f.till, back.seq - 2, r), ERR_OK);
    assert_int_equal(r->event.kind, EV_DAY_TURNED);
}

static void what_is_refused_needs_no_override(void **state)
{
    static const struct refund_item none[] = { { { "nothing", 7 }, 1000 } };
    struct refund refund = of_b2();
    (void)state;
    int64_t before = count();
    refund.items = none;
    refund.n_items = 1;
    assert_int_equal(give(&refund), ERR_ITEM);
    refund.n_items = 0;
    assert_int_equal(give(&refund), ERR_ITEM);
    refund = of_b2();
    refund.reason = STR("two\nlines");
    assert_int_equal(give(&refund), ERR_INVALID);
    assert_int_equal(count(), before);
}

static void m10_a_receipt_number_is_booth_label_and_number(void **state)
{
    static const struct {
        const char *word, *number;
        enum err e;
    } cases[] = {
        { "B2-1-15", "B2-1-15", ERR_OK },
        { "b2-1a-15", "B2-1A-15", ERR_OK },
        { "ABC123-Z9Z-999999999999999999", "ABC123-Z9Z-999999999999999999",
          ERR_OK },
        { "A1-2-7", "A1-2-7", ERR_OK }, /* another till of our booth */
        { "A1-11-7", "A1-11-7", ERR_OK },
        { "A1-1-7", NULL, ERR_RECEIPT }, /* this till */
        { "a1-1-999999", NULL, ERR_RECEIPT },
        { "B2-1-015", NULL, ERR_INVALID },
        { "B2-1-0", NULL, ERR_INVALID },
        { "B2-1-", NULL, ERR_INVALID },
        { "B2-1", NULL, ERR_INVALID },
        { "B2", NULL, ERR_INVALID },
        { "-1-15", NULL, ERR_INVALID },
        { "B2--15", NULL, ERR_INVALID },
        { "B2-1-15-1", NULL, ERR_INVALID },
        { "B2-1-1x", NULL, ERR_INVALID },
        { "B2-1-+1", NULL, ERR_INVALID },
        { "B2 -1-15", NULL, ERR_INVALID },
        { "ABCDEFG-1-15", NULL, ERR_INVALID },
        { "B2-1234-15", NULL, ERR_INVALID },
        { "B2-1-1234567890123456789", NULL, ERR_INVALID },
        { "B2-1-15B2-1-15B2-1-15B2-1-15B2-1-15", NULL, ERR_INVALID },
        { "Đ2-1-15", NULL, ERR_INVALID },
        { "", NULL, ERR_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char number[RECEIPT_ROOM] = "";
        enum err e = foreign_number(&f.till, str_of(cases[i].word), number);
        if (e != cases[i].e)
            fail_msg("%s: %s", cases[i].word, err_code(e));
        if (!e)
            assert_string_equal(number, cases[i].number);
    }
}

static void m10_a_number_of_this_very_till_is_never_foreign(void **state)
{
    struct refund refund = of_b2();
    BUF(number, MAX_TEXT);
    (void)state;
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    till_receipt_number(&f.till, sold.seq, &number);
    refund.foreign = buf_slice(&number);
    int64_t before = count();
    assert_int_equal(give(&refund), ERR_RECEIPT);
    assert_int_equal(count(), before);
}

static void what_was_paid_is_given_back_when_it_was_less(void **state)
{
    struct refund refund = of_b2();
    (void)state;
    refund.paid_vnd = 300001;
    assert_int_equal(give(&refund), ERR_OK);
    assert_int_equal(back.refund_vnd, 300001);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    const struct line *l = r->body.refund.lines;
    assert_int_equal(l[0].amount_vnd + l[1].amount_vnd, 300001);
    assert_int_equal(l[0].amount_vnd + l[0].more.discount_vnd, 120000);
    assert_int_equal(l[1].amount_vnd + l[1].more.discount_vnd, 225000);
    int64_t before = count();
    refund.paid_vnd = 345001;
    assert_int_equal(give(&refund), ERR_LIMIT);
    refund.paid_vnd = -1;
    assert_int_equal(give(&refund), ERR_LIMIT);
    assert_int_equal(count(), before);
    refund.paid_vnd = 345000;
    assert_int_equal(give(&refund), ERR_OK);
    till_fixture_verify(&f);
}

static void a_foreign_refund_needs_a_shift_and_lists(void **state)
{
    struct refund refund = of_b2();
    struct shift_report report;
    (void)state;
    lists_close(f.till.lists);
    f.till.lists = NULL;
    assert_int_equal(give(&refund), ERR_ITEM);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(give(&refund), ERR_NO_SHIFT);
}

static void the_same_basket_gives_a_foreign_receipt_back_once(void **state)
{
    struct refund refund = of_b2();
    (void)state;
    refund.basket = STR("f-1");
    assert_int_equal(give(&refund), ERR_OK);
    int64_t first = back.seq, before = count();
    refund.foreign = STR("b2-1-15");
    assert_int_equal(give(&refund), ERR_OK);
    assert_true(back.repeated);
    assert_int_equal(back.seq, first);
    assert_int_equal(back.refund_vnd, 345000);
    refund.foreign = STR("B2-1-16");
    assert_int_equal(give(&refund), ERR_EXISTS);
    refund.foreign = STR("");
    refund.of = 4;
    assert_int_equal(give(&refund), ERR_EXISTS);
    assert_int_equal(count(), before);
}

static void it_leaves_the_drawer_of_this_shift(void **state)
{
    struct refund refund = of_b2();
    struct shift_report x;
    (void)state;
    assert_int_equal(give(&refund), ERR_OK);
    assert_int_equal(shift_report(&f.till, false, &x), ERR_OK);
    assert_int_equal(x.refunds_vnd, 345000);
    assert_int_equal(x.cash_back_vnd, 345000);
    assert_int_equal(x.cash_expected_vnd, 1000000 - 345000);
    assert_int_equal(x.trail.overrides, 1);
}

/* ---- reasons ---- */

static void m10_refund_and_void_carry_their_reason(void **state)
{
    struct refund refund = { .reason = STR("hàng \"vỡ\"") };
    (void)state;
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    refund.of = sold.seq;
    assert_int_equal(give(&refund), ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_true(str_is(r->body.refund.reason, "hàng \"vỡ\""));
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(void_commit(&f.till, sold.seq, STR("bấm nhầm"), 0, &back),
                     ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_true(str_is(r->body.voided.reason, "bấm nhầm"));
    till_fixture_verify(&f);
}

static void a_reason_is_one_line_of_eighty_columns(void **state)
{
    char text[REASON_ROOM + 8];
    (void)state;
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    memset(text, 'x', 81);
    text[81] = '\0';
    const char *const wrong[] = { text, "a\nb", " a", "\x1b[2J", "\xff" };
    int64_t before = count();
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct refund refund = { .of = sold.seq, .reason = str_of(wrong[i]) };
        assert_int_equal(give(&refund), ERR_INVALID);
        assert_int_equal(
            void_commit(&f.till, sold.seq, str_of(wrong[i]), 0, &back),
            ERR_INVALID);
    }
    assert_int_equal(count(), before);
    text[80] = '\0';
    assert_int_equal(void_commit(&f.till, sold.seq, str_of(text), 0, &back),
                     ERR_OK);
}

/* Every line at its longest, until no more sale fits: its void still does,
 * with the longest reason there is. */
static void the_longest_sale_can_be_voided_with_the_longest_reason(void **state)
{
    char name[4 * MAX_NAME_COLUMNS + 1] = "", reason[REASON_ROOM] = "";
    struct cart *cart = x_alloc(sizeof(*cart));
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { .cart = cart, .payments = &cash, .n_payments = 1 };
    enum err e = ERR_OK;
    (void)state;
    for (int i = 0; i < 76; i++)
        strncat(name, "ậ", sizeof(name) - strlen(name) - 1);
    for (int i = 0; i < 80; i++)
        strncat(reason, "\U00010348", sizeof(reason) - strlen(reason) - 1);
    struct product p = {
        .sku = STR("X"), .name = str_of(name), .unit = STR("x"), .price_vnd = 1
    };
    for (int64_t price = 1; e != ERR_LIMIT; price++) {
        p.price_vnd = price;
        assert_int_equal(cart_add(cart, &p, 1000), ERR_OK);
        assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
        e = sale_commit(&f.till, &sale, &sold);
    }
    assert_int_equal(e, ERR_LIMIT);
    assert_int_equal(void_commit(&f.till, sold.seq, str_of(reason), 999, &back),
                     ERR_OK);
    till_fixture_verify(&f);
    free(cart);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m10_a_foreign_receipt_is_given_back_by_the_list),
        TEST(m16_each_foreign_refund_has_an_override_of_its_own),
        TEST(an_override_stands_just_before_also_when_the_day_turns),
        TEST(what_is_refused_needs_no_override),
        TEST(m10_a_receipt_number_is_booth_label_and_number),
        TEST(m10_a_number_of_this_very_till_is_never_foreign),
        TEST(what_was_paid_is_given_back_when_it_was_less),
        TEST(a_foreign_refund_needs_a_shift_and_lists),
        TEST(the_same_basket_gives_a_foreign_receipt_back_once),
        TEST(it_leaves_the_drawer_of_this_shift),
        TEST(m10_refund_and_void_carry_their_reason),
        TEST(a_reason_is_one_line_of_eighty_columns),
        TEST(the_longest_sale_can_be_voided_with_the_longest_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
