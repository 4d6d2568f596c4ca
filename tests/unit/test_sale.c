/*
 * test_sale.c - a cart becomes one sale, or a reason why not.
 */
#include "pos/till/sale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/till/refund.h"
#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct record *r;
static struct cart *cart;
static struct sold sold;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
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

static void put(const char *code, int64_t milli)
{
    const struct product *p = lists_find(f.till.lists, str_of(code));
    assert_non_null(p);
    assert_int_equal(cart_add(cart, p, milli), ERR_OK);
}

static void begin(const char *basket, const char *code, int64_t milli)
{
    cart_init(cart);
    memcpy(cart->basket, basket, strlen(basket) + 1);
    put(code, milli);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
}

static enum err commit(const struct payment *payments, int n, int64_t late_ms)
{
    struct sale sale = { .cart = cart,
                         .payments = payments,
                         .n_payments = n,
                         .op = 3,
                         .late_ms = late_ms };
    return sale_commit(&f.till, &sale, &sold);
}

static enum err commit_cash(int64_t vnd)
{
    struct payment cash = { "cash", vnd, { NULL, 0 } };
    return commit(&cash, 1, 0);
}

static int64_t at(const char *time)
{
    int64_t ms;
    assert_int_equal(time_parse(str_of(time), &ms), ERR_OK);
    return ms;
}

/* ---- what is recorded ---- */

static void a_sale_is_recorded_as_charged(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin("b1", "2", 2000);
    put("1", 385);
    assert_int_equal(commit_cash(500000), ERR_OK);
    assert_int_equal(sold.seq, 4);
    assert_int_equal(sold.total_vnd, 413250);
    assert_int_equal(sold.tendered_vnd, 500000);
    assert_int_equal(sold.change_vnd, 86750);
    assert_int_equal(sold.day, 20200114);
    assert_int_equal(sold.notes, 0);
    assert_false(sold.repeated);
    assert_string_equal(sold.basket, "b1");
    assert_int_equal(till_record(&f.till, 4, r), ERR_OK);
    const struct body_sale *s = &r->body.sale;
    assert_int_equal(r->event.op, 3);
    assert_int_equal(s->n_lines, 2);
    assert_true(str_is(s->lines[0].more.seller, "HTX Ba Chẽ"));
    assert_true(str_is(s->lines[1].name, "Chả mực"));
    assert_int_equal(s->lines[1].amount_vnd, 173250);
    assert_int_equal(s->n_tenders, 1);
    assert_int_equal(s->tenders[0].amount_vnd, 500000);
    assert_int_equal(s->change_vnd, 86750);
    assert_true(str_is(s->reference, sold.reference));
    till_fixture_verify(&f);
}

static void a_gift_is_a_sale_of_nothing(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin("", "5", 1000);
    assert_int_equal(commit_cash(-1), ERR_OK);
    assert_int_equal(sold.total_vnd, 0);
    assert_int_equal(sold.tendered_vnd, 0);
    begin("", "5", 1000);
    assert_int_equal(commit_cash(50000), ERR_OK);
    assert_int_equal(sold.change_vnd, 50000);
    till_fixture_verify(&f);
}

static void references_are_five_plain_signs_and_never_the_same(void **state)
{
    static char seen[300][REFERENCE_LEN + 1];
    (void)state;
    till_fixture_shift(&f, 0);
    for (int i = 0; i < 300; i++) {
        assert_int_equal(till_fixture_sell(&f, "5", 1000, &sold), ERR_OK);
        assert_int_equal(strlen(sold.reference), REFERENCE_LEN);
        assert_int_equal(
            strspn(sold.reference, "ABCDEFGHJKMNPQRSTUVWXYZ23456789"),
            REFERENCE_LEN);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(seen[j], sold.reference);
        memcpy(seen[i], sold.reference, sizeof(seen[i]));
    }
}

/* Chance that always gives the same makes the same reference twice. */
static void a_reference_in_use_is_not_given_again(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    assert_int_equal(till_fixture_sell(&f, "5", 1000, &sold), ERR_OK);
    f.chance = 0x9E3779B97F4A7C15;
    cart_init(cart);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_string_not_equal(cart->reference, sold.reference);
}

/* Else the sale would be answered with the other one, and not recorded. */
static void a_reference_is_nobodys_basket(void **state)
{
    char reference[sizeof(cart->reference)];
    (void)state;
    till_fixture_shift(&f, 0);
    uint64_t chance = f.chance;
    begin("", "5", 1000);
    memcpy(reference, cart->reference, sizeof(reference));
    begin(reference, "5", 1000);
    assert_int_equal(commit_cash(-1), ERR_OK);
    f.chance = chance;
    begin("", "5", 1000);
    assert_string_not_equal(cart->reference, reference);
    assert_int_equal(commit_cash(-1), ERR_OK);
    assert_false(sold.repeated);
}

/* ---- exactly once ---- */

static void the_same_basket_again_records_nothing(void **state)
{
    struct sold first;
    struct shift_report report;
    (void)state;
    till_fixture_shift(&f, 0);
    begin("again", "2", 1000);
    assert_int_equal(commit_cash(200000), ERR_OK);
    first = sold;
    begin("again", "3", 7000);
    assert_int_equal(commit_cash(1), ERR_OK);
    assert_true(sold.repeated);
    assert_int_equal(sold.seq, first.seq);
    assert_int_equal(sold.total_vnd, first.total_vnd);
    assert_int_equal(sold.tendered_vnd, first.tendered_vnd);
    assert_int_equal(sold.change_vnd, first.change_vnd);
    assert_int_equal(sold.day, first.day);
    assert_int_equal(sold.notes, first.notes);
    assert_string_equal(sold.reference, first.reference);
    assert_string_equal(sold.basket, first.basket);
    till_fixture_open(&f);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    begin("again", "2", 1000);
    int64_t before = count();
    assert_int_equal(commit_cash(-1), ERR_OK);
    assert_true(sold.repeated);
    assert_int_equal(sold.seq, first.seq);
    assert_int_equal(count(), before);
}

static void a_sale_without_a_basket_is_found_by_its_reference(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin("", "2", 1000);
    assert_int_equal(commit_cash(-1), ERR_OK);
    assert_string_equal(sold.basket, sold.reference);
    assert_int_equal(commit_cash(-1), ERR_OK);
    assert_true(sold.repeated);
    assert_int_equal(sale_find(&f.till, str_of(cart->reference), &sold),
                     ERR_OK);
    assert_int_equal(sale_find(&f.till, STR("unheard-of"), &sold),
                     ERR_NOT_FOUND);
    assert_int_equal(count(), 4);
}

static void a_refunds_basket_is_no_sale(void **state)
{
    struct tender back = { STR("cash"), 1000, { NULL, 0 } };
    union body *body = x_alloc(sizeof(*body));
    struct intent intent = { .kind = EV_REFUND, .body = body };
    int64_t seq;
    (void)state;
    till_fixture_shift(&f, 0);
    body->refund.basket = STR("r-1");
    body->refund.foreign = STR("B2-1-9");
    body->refund.n_lines = body->refund.n_tenders = 1;
    body->refund.lines[0] = (struct line){ .sku = STR("A"),
                                           .name = STR("A"),
                                           .unit = STR("kg"),
                                           .milli = 1000,
                                           .price_vnd = 1000,
                                           .amount_vnd = 1000 };
    body->refund.tenders[0] = back;
    body->refund.total_vnd = 1000;
    assert_int_equal(till_append(&f.till, &intent, &seq), ERR_OK);
    free(body);
    begin("r-1", "2", 1000);
    assert_int_equal(commit_cash(-1), ERR_EXISTS);
    assert_int_equal(sale_recall(&f.till, seq, &sold), ERR_RECEIPT);
}

/* ---- paying ---- */

static void payments_cover_the_total_and_only_cash_gives_change(void **state)
{
    /* The cart is 120,000. */
    static const struct {
        struct payment payments[3];
        int n;
        enum err e;
        int64_t change;
    } cases[] = {
        { { { "cash", 120000, { 0 } } }, 1, ERR_OK, 0 },
        { { { "cash", 119999, { 0 } } }, 1, ERR_TENDER, 0 },
        { { { "cash", 500000, { 0 } } }, 1, ERR_OK, 380000 },
        { { { "cash", 0, { 0 } } }, 1, ERR_TENDER, 0 },
        { { { "transfer", -1, { 0 } } }, 1, ERR_OK, 0 },
        { { { "transfer", 120001, { 0 } } }, 1, ERR_TENDER, 0 },
        { { { "transfer", 119999, { 0 } } }, 1, ERR_TENDER, 0 },
        { { { "voucher", 100000, { 0 } }, { "cash", -1, { 0 } } },
          2,
          ERR_OK,
          0 },
        { { { "voucher", 100000, { 0 } }, { "cash", 50000, { 0 } } },
          2,
          ERR_OK,
          30000 },
        { { { "voucher", 130000, { 0 } }, { "cash", 5000, { 0 } } },
          2,
          ERR_TENDER,
          0 },
        { { { "card", 60000, { 0 } },
            { "transfer", 30000, { 0 } },
            { "cash", 30000, { 0 } } },
          3,
          ERR_OK,
          0 },
        { { { "cash", INT64_MAX, { 0 } }, { "cash", 1, { 0 } } },
          2,
          ERR_LIMIT,
          0 },
        { { { "cash", 0, { 0 } } }, 0, ERR_TENDER, 0 },
    };
    (void)state;
    till_fixture_shift(&f, 0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t before = count();
        begin("", "2", 1000);
        assert_int_equal(commit(cases[i].payments, cases[i].n, 0), cases[i].e);
        assert_int_equal(count(), before + (cases[i].e == ERR_OK));
        if (cases[i].e == ERR_OK)
            assert_int_equal(sold.change_vnd, cases[i].change);
    }
    till_fixture_verify(&f);
}

static void a_transfer_keeps_the_banks_reference(void **state)
{
    struct payment transfer = { "transfer", -1, STR("FT20014ABC") };
    (void)state;
    till_fixture_shift(&f, 0);
    begin("", "2", 1000);
    assert_int_equal(commit(&transfer, 1, 0), ERR_OK);
    assert_int_equal(till_record(&f.till, sold.seq, r), ERR_OK);
    assert_true(str_is(r->body.sale.tenders[0].method, "transfer"));
    assert_true(str_is(r->body.sale.tenders[0].reference, "FT20014ABC"));
}

/* ---- when ---- */

static void nothing_is_sold_without_a_shift(void **state)
{
    struct shift_report report;
    (void)state;
    begin("", "2", 1000);
    assert_int_equal(commit_cash(-1), ERR_NO_SHIFT);
    till_fixture_shift(&f, 0);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(commit_cash(-1), ERR_NO_SHIFT);
    assert_int_equal(count(), 5);
}

static void a_late_entry_carries_the_day_of_its_own_time(void **state)
{
    static const struct {
        const char *time;
        int day;
        int notes;
    } cases[] = {
        { "2020-01-14T07:59:59", 20200114, NOTE_LATE },
        { "2020-01-14T08:00", 20200114, NOTE_LATE },
        { "2020-01-14T04:00", 20200114, NOTE_LATE },
        { "2020-01-14T03:59:59", 20200113, NOTE_LATE | NOTE_OUTSIDE },
        { "2019-12-31T12:00", 20191231, NOTE_LATE | NOTE_OUTSIDE },
    };
    struct payment cash = { "cash", -1, { NULL, 0 } };
    (void)state;
    till_fixture_shift(&f, 0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        begin("", "2", 1000);
        assert_int_equal(commit(&cash, 1, at(cases[i].time)), ERR_OK);
        assert_int_equal(sold.day, cases[i].day);
        assert_int_equal(sold.notes, cases[i].notes);
        assert_int_equal(f.till.shift.day, 20200114);
    }
    begin("", "2", 1000);
    int64_t before = count();
    assert_int_equal(commit(&cash, 1, f.wall_ms + 1), ERR_FUTURE);
    assert_int_equal(count(), before);
}

static void a_late_entry_turns_no_day(void **state)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    (void)state;
    till_fixture_shift(&f, 0);
    till_fixture_pass(&f, 24 * 3600000);
    begin("", "2", 1000);
    int64_t before = count();
    assert_int_equal(commit(&cash, 1, at("2020-01-14T09:00")), ERR_OK);
    assert_int_equal(count(), before + 1);
    assert_int_equal(f.till.shift.day, 20200114);
}

static void no_clock_ever_stops_a_sale(void **state)
{
    static const int64_t walls[] = { -157766400000, -1, 0, 1,
                                     INT64_C(253402300799999) };
    (void)state;
    till_fixture_shift(&f, 0);
    for (size_t i = 0; i < ARRAY_LEN(walls); i++) {
        f.wall_ms = walls[i];
        assert_int_equal(till_fixture_sell(&f, "5", 1000, &sold), ERR_OK);
        assert_int_equal(sold.day, 20200114);
    }
    till_fixture_offset(&f, INT64_MAX);
    till_fixture_open(&f);
    assert_int_equal(f.till.offset_ms, 0);
    assert_int_equal(till_fixture_sell(&f, "5", 1000, &sold), ERR_OK);
    till_fixture_verify(&f);
}

static void the_future_begins_after_the_aggregators_clock(void **state)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    (void)state;
    till_fixture_shift(&f, 0);
    till_fixture_offset(&f, 3600000);
    till_fixture_open(&f);
    begin("", "2", 1000);
    assert_int_equal(commit(&cash, 1, at("2020-01-14T09:00:01")), ERR_FUTURE);
    assert_int_equal(commit(&cash, 1, at("2020-01-14T09:00:00")), ERR_OK);
}

static void the_first_sale_of_a_new_day_turns_it_and_says_so(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    till_fixture_pass(&f, 19 * 3600000); /* 03:00 */
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(sold.day, 20200114);
    assert_int_equal(sold.notes, 0);
    till_fixture_pass(&f, 3600000); /* 04:00 */
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(sold.day, 20200115);
    assert_int_equal(sold.notes, NOTE_DAY_TURNED);
    assert_int_equal(till_record(&f.till, sold.seq - 1, r), ERR_OK);
    assert_int_equal(r->event.kind, EV_DAY_TURNED);
    assert_int_equal(r->body.day_turned.from, 20200114);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(sold.notes, 0);
    assert_int_equal(sale_recall(&f.till, sold.seq - 1, &sold), ERR_OK);
    assert_int_equal(sold.notes, NOTE_DAY_TURNED);
}

/* ---- remarks ---- */

static void remarks_never_stop_a_sale(void **state)
{
    static const struct {
        const char *code;
        int day, notes;
    } cases[] = {
        { "2", 20200114, 0 },
        { "3", 20200114, NOTE_EXPIRED },
        { "4", 20200114, NOTE_EXPIRING },
        { "4", 20200116, NOTE_EXPIRING },
        { "4", 20200117, NOTE_EXPIRED },
        { "2", 20200120, NOTE_OUTSIDE },
        { "3", 20200113, NOTE_EXPIRED | NOTE_OUTSIDE },
    };
    struct shift_report report;
    int64_t seq;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(shift_open(&f.till, 0, cases[i].day, 0, &seq), ERR_OK);
        assert_int_equal(till_fixture_sell(&f, cases[i].code, 1000, &sold),
                         ERR_OK);
        assert_int_equal(sold.day, cases[i].day);
        assert_int_equal(sold.notes, cases[i].notes);
        assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    }
}

static void an_item_that_is_not_on_the_list_is_remarked(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin("", "2", 1000);
    cart->lines[0].unlisted = true;
    memcpy(cart->lines[0].sku, "OTHER", 6);
    assert_int_equal(commit_cash(-1), ERR_OK);
    assert_int_equal(sold.notes, NOTE_UNLISTED);
}

static void every_remark_has_a_code_word_and_a_text(void **state)
{
    int all = 0, n = 0;
    (void)state;
    for (; sale_note_names[n].word; n++) {
        assert_int_equal(all & (int)sale_note_names[n].note, 0);
        all |= (int)sale_note_names[n].note;
        assert_true(sale_note_names[n].text[0] != '\0');
    }
    assert_int_equal(all, 63);
}

/* ---- limits ---- */

static void a_sale_too_long_for_the_ledger_is_refused_whole(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin("", "2", 1000);
    for (int i = 1; i < MAX_LINES; i++) {
        cart->lines[i] = cart->lines[0];
        memset(cart->lines[i].name, 'n', 200);
        cart->lines[i].name[200] = '\0';
    }
    cart->n_lines = MAX_LINES;
    assert_int_equal(commit_cash(-1), ERR_LIMIT);
    assert_int_equal(count(), 3);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
}

/* 60 lines, their names this long together. */
static enum err sell_of_length(int names)
{
    begin("", "2", 1000);
    for (int i = 0; i < 60; i++) {
        int len = names / 60 + (i < names % 60);
        cart->lines[i] = cart->lines[0];
        memset(cart->lines[i].name, 'n', (size_t)len);
        cart->lines[i].name[len] = '\0';
    }
    cart->n_lines = 60;
    return commit_cash(-1);
}

static void the_longest_sale_can_be_voided_and_refunded(void **state)
{
    struct refunded back;
    int sales = 0, names = 11000;
    (void)state;
    till_fixture_shift(&f, 0);
    for (; sell_of_length(names) == ERR_OK; names += 9) {
        struct refund refund = { .of = sold.seq,
                                 .transfer = STR("ABCDEFGHIJKLMNOPQRSTUVWXY") };
        char basket[BASKET_MAX + 1];
        snprintf(basket, sizeof(basket), "%040d", names);
        refund.basket = str_of(basket);
        enum err e = names % 2
                         ? void_commit(&f.till, sold.seq, STR(""), 0, &back)
                         : refund_commit(&f.till, &refund, &back);
        if (e != ERR_OK)
            fail_msg("names of %d: %s", names, err_code(e));
        sales++;
    }
    assert_true(sales > 10);
    till_fixture_verify(&f);
}

static void a_discount_above_the_total_is_refused(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin("", "2", 1000);
    cart->order_discount_vnd = 120001;
    assert_int_equal(commit_cash(-1), ERR_LIMIT);
    cart->order_discount_vnd = 120000;
    assert_int_equal(commit_cash(-1), ERR_OK);
    assert_int_equal(sold.total_vnd, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sale_is_recorded_as_charged),
        TEST(a_gift_is_a_sale_of_nothing),
        TEST(references_are_five_plain_signs_and_never_the_same),
        TEST(a_reference_in_use_is_not_given_again),
        TEST(a_reference_is_nobodys_basket),
        TEST(the_same_basket_again_records_nothing),
        TEST(a_sale_without_a_basket_is_found_by_its_reference),
        TEST(a_refunds_basket_is_no_sale),
        TEST(payments_cover_the_total_and_only_cash_gives_change),
        TEST(a_transfer_keeps_the_banks_reference),
        TEST(nothing_is_sold_without_a_shift),
        TEST(a_late_entry_carries_the_day_of_its_own_time),
        TEST(a_late_entry_turns_no_day),
        TEST(no_clock_ever_stops_a_sale),
        TEST(the_future_begins_after_the_aggregators_clock),
        TEST(the_first_sale_of_a_new_day_turns_it_and_says_so),
        TEST(remarks_never_stop_a_sale),
        TEST(an_item_that_is_not_on_the_list_is_remarked),
        TEST(every_remark_has_a_code_word_and_a_text),
        TEST(a_sale_too_long_for_the_ledger_is_refused_whole),
        TEST(the_longest_sale_can_be_voided_and_refunded),
        TEST(a_discount_above_the_total_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
