/*
 * test_refund.c - giving back: never more than was paid, exactly all of it in
 * the end, and only here.
 */
#include "pos/till/refund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct record *r;
static struct cart *cart;
static struct sold sold;
static struct refunded back;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 1000000);
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

static uint32_t chance(uint32_t below)
{
    static uint64_t x = 88172645463325252;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)(x >> 33) % below;
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

static void sell_cart(int64_t cash_vnd)
{
    struct payment cash = { "cash", cash_vnd, { NULL, 0 } };
    struct sale sale = { .cart = cart, .payments = &cash, .n_payments = 1 };
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
}

/* Three kilograms of 1, two of 2, one gift. */
static void sell_some(void)
{
    cart_init(cart);
    put("1", 3000);
    put("2", 2000);
    put("5", 1000);
    sell_cart(-1);
}

static enum err give(const char *word, int64_t milli)
{
    struct refund_item item = { str_of(word), milli };
    struct refund refund = { .of = sold.seq, .items = &item, .n_items = 1 };
    return refund_commit(&f.till, &refund, &back);
}

static enum err give_all(void)
{
    struct refund refund = { .of = sold.seq };
    return refund_commit(&f.till, &refund, &back);
}

/* ---- refunds ---- */

static void everything_comes_back_at_once(void **state)
{
    (void)state;
    sell_some();
    assert_int_equal(give_all(), ERR_OK);
    assert_int_equal(back.refund_vnd, 1590000);
    assert_int_equal(back.remaining_vnd, 0);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    const struct body_refund *b = &r->body.refund;
    assert_int_equal(r->event.kind, EV_REFUND);
    assert_int_equal(b->of, sold.seq);
    assert_int_equal(b->n_lines, 3);
    assert_true(str_is(b->lines[0].name, "Chả mực"));
    assert_int_equal(b->lines[0].price_vnd, 450000);
    assert_true(str_is(b->lines[1].more.seller, "HTX Ba Chẽ"));
    assert_int_equal(b->n_tenders, 1);
    assert_true(str_is(b->tenders[0].method, "cash"));
    assert_int_equal(give_all(), ERR_REFUNDED);
    till_fixture_verify(&f);
}

static void an_item_is_named_by_code_sku_or_barcode(void **state)
{
    static const char *const words[] = { "2", "TH-01", "8936012340017" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        sell_some();
        assert_int_equal(give(words[i], 1000), ERR_OK);
        assert_int_equal(back.refund_vnd, 120000);
        assert_int_equal(back.remaining_vnd, 1470000);
    }
}

static void an_item_is_found_by_its_sku_when_the_lists_are_gone(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    sell_some();
    till_fixture_adopt(&f, &fair, till_fixture_products, 1);
    till_fixture_open(&f);
    assert_int_equal(give("2", 1000), ERR_ITEM);
    assert_int_equal(give("TH-01", 1000), ERR_OK);
}

static void what_is_not_on_the_receipt_is_no_item(void **state)
{
    (void)state;
    sell_some();
    assert_int_equal(give("3", 1000), ERR_ITEM);
    assert_int_equal(give("NM-05", 1000), ERR_ITEM);
    assert_int_equal(give("", 1000), ERR_ITEM);
    assert_int_equal(give("unheard-of", 1000), ERR_ITEM);
    assert_int_equal(count(), 4);
}

static void m10_more_than_remains_is_refused_whole(void **state)
{
    struct refund_item items[] = { { STR("1"), 1000 }, { STR("2"), 2001 } };
    struct refund refund = { .items = items, .n_items = 2 };
    (void)state;
    sell_some();
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_REFUNDED);
    assert_int_equal(give("1", 3001), ERR_REFUNDED);
    assert_int_equal(count(), 4);
    items[1].milli = 2000;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_REFUNDED);
    assert_int_equal(give("2", 1), ERR_REFUNDED);
    assert_int_equal(give("1", 2001), ERR_REFUNDED);
    assert_int_equal(give("1", 2000), ERR_OK);
    assert_int_equal(back.remaining_vnd, 0);
}

static void the_same_item_named_twice_counts_twice(void **state)
{
    struct refund_item items[] = { { STR("2"), 1000 },
                                   { STR("TH-01"), 1000 },
                                   { STR("2"), 1 } };
    struct refund refund = { .items = items, .n_items = 3 };
    (void)state;
    sell_some();
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_REFUNDED);
    refund.n_items = 2;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    assert_int_equal(back.refund_vnd, 240000);
}

static void a_gift_comes_back_for_nothing_but_once(void **state)
{
    (void)state;
    sell_some();
    assert_int_equal(give("5", 1000), ERR_OK);
    assert_int_equal(back.refund_vnd, 0);
    assert_int_equal(give("5", 1), ERR_REFUNDED);
    till_fixture_verify(&f);
}

static void a_quantity_is_spread_over_the_lines_of_one_product(void **state)
{
    (void)state;
    cart_init(cart);
    put("2", 2000);
    cart->lines[0].discount_vnd = 40000;
    put("2", 3000);
    sell_cart(-1);
    assert_int_equal(sold.total_vnd, 560000);
    assert_int_equal(give("2", 3000), ERR_OK);
    assert_int_equal(back.refund_vnd, 200000 + 120000);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_int_equal(r->body.refund.n_lines, 2);
    assert_int_equal(r->body.refund.lines[0].more.discount_vnd, 40000);
    assert_int_equal(r->body.refund.lines[1].more.discount_vnd, 0);
    assert_int_equal(give("2", 2000), ERR_OK);
    assert_int_equal(back.refund_vnd, 240000);
    assert_int_equal(back.remaining_vnd, 0);
}

static void money_goes_back_by_transfer_when_asked_to(void **state)
{
    struct refund refund = { .transfer = STR("FT99") };
    (void)state;
    sell_some();
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_true(str_is(r->body.refund.tenders[0].method, "transfer"));
    assert_true(str_is(r->body.refund.tenders[0].reference, "FT99"));
}

static void a_refund_counts_on_the_day_it_is_made(void **state)
{
    struct shift_report report;
    int64_t seq;
    (void)state;
    sell_some();
    till_fixture_pass(&f, 20 * 3600000); /* over the cut-off */
    assert_int_equal(give("2", 1000), ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_int_equal(r->event.day, 20200115);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(give("2", 1000), ERR_NO_SHIFT);
    assert_int_equal(shift_open(&f.till, 0, 20200117, 0, &seq), ERR_OK);
    assert_int_equal(give("2", 1000), ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_int_equal(r->event.day, 20200117);
    assert_int_equal(r->event.shift, 2);
}

static void m10_only_a_sale_can_be_given_back_never_a_refund(void **state)
{
    struct refund refund = { 0 };
    struct remaining left;
    (void)state;
    sell_some();
    assert_int_equal(give("2", 1000), ERR_OK);
    for (int64_t of = 0; of <= count() + 1; of++) {
        if (of == sold.seq)
            continue;
        refund.of = of;
        assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_RECEIPT);
        assert_int_equal(void_commit(&f.till, of, STR(""), 0, &back),
                         ERR_RECEIPT);
        assert_int_equal(refund_remaining(&f.till, of, &left), ERR_RECEIPT);
    }
}

static void what_is_given_back_of_one_sale_leaves_the_others_whole(void **state)
{
    struct remaining left;
    struct sold first;
    (void)state;
    sell_some();
    first = sold;
    sell_some();
    assert_int_equal(give("2", 1000), ERR_OK);
    assert_int_equal(refund_remaining(&f.till, first.seq, &left), ERR_OK);
    assert_int_equal(left.total_vnd, first.total_vnd);
    assert_false(left.touched);
    sell_some();
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back), ERR_OK);
    assert_int_equal(refund_remaining(&f.till, first.seq, &left), ERR_OK);
    assert_int_equal(left.total_vnd, first.total_vnd);
    assert_false(left.voided);
}

static void a_code_that_became_another_items_still_names_the_sku(void **state)
{
    struct list_fair fair = till_fixture_fair();
    struct product other = till_fixture_products[0];
    (void)state;
    sell_some();
    other.code = STR("QUA");
    other.sku = STR("ELSE");
    till_fixture_adopt(&f, &fair, &other, 1);
    till_fixture_open(&f);
    assert_int_equal(give("QUA", 1000), ERR_OK);
    assert_int_equal(give("ELSE", 1000), ERR_ITEM);
}

/* Refunds that other programs may have made: any line, in any order. */
static void give_line(const struct line *line, int64_t milli, int64_t vnd)
{
    struct tender cash = { STR("cash"), vnd, { NULL, 0 } };
    union body *body = x_alloc(sizeof(*body));
    struct intent intent = { .kind = EV_REFUND, .body = body };
    int64_t seq;
    body->refund.of = sold.seq;
    body->refund.n_lines = body->refund.n_tenders = 1;
    body->refund.lines[0] = *line;
    body->refund.lines[0].milli = milli;
    body->refund.lines[0].amount_vnd = vnd;
    body->refund.tenders[0] = cash;
    body->refund.total_vnd = vnd;
    assert_int_equal(till_append(&f.till, &intent, &seq), ERR_OK);
    free(body);
}

static void a_refunded_line_is_known_by_its_amount_and_quantity(void **state)
{
    struct remaining left;
    (void)state;
    cart_init(cart);
    put("2", 1000);
    cart->lines[0].discount_vnd = 40000; /* 80,000 for one */
    put("2", 3000);
    cart->lines[1].discount_vnd = 330000; /* 30,000 for three */
    put("2", 1000);
    sell_cart(-1);
    assert_int_equal(till_record(&f.till, sold.seq, r), ERR_OK);
    give_line(&r->body.sale.lines[2], 1000, 120000);
    give_line(&r->body.sale.lines[1], 2000, 20000);
    assert_int_equal(refund_remaining(&f.till, sold.seq, &left), ERR_OK);
    assert_int_equal(left.amount_vnd[0], 80000);
    assert_int_equal(left.amount_vnd[1], 10000);
    assert_int_equal(left.amount_vnd[2], 0);
    give_line(&r->body.sale.lines[1], 1000, 10000);
    assert_int_equal(refund_remaining(&f.till, sold.seq, &left), ERR_OK);
    assert_int_equal(left.amount_vnd[0], 80000);
    assert_int_equal(left.amount_vnd[1], 0);
    assert_int_equal(give_all(), ERR_OK);
    assert_int_equal(back.refund_vnd, 80000);
}

static void m10_lines_of_one_sku_are_told_apart_by_their_place(void **state)
{
    int64_t milli[MAX_LINES] = { 0, 0, 1000 };
    struct refund refund = { .by_line = milli };
    struct remaining left;
    (void)state;
    cart_init(cart);
    put("6", 1000);
    for (int i = 0; i < 2; i++) /* a jar and a basket, both off the list */
        assert_int_equal(cart_add_unlisted(cart, str_of(i ? "Giỏ" : "Lọ"),
                                           STR("cái"), 20000 + 5000 * i, 2000),
                         ERR_OK);
    sell_cart(-1);
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    assert_int_equal(back.refund_vnd, 25000);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_true(str_is(r->body.refund.lines[0].name, "Giỏ"));
    assert_int_equal(refund_remaining(&f.till, sold.seq, &left), ERR_OK);
    assert_int_equal(left.milli[1], 2000);
    assert_int_equal(left.milli[2], 1000);
    int64_t before = count();
    milli[2] = 1001;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_REFUNDED);
    milli[2] = -1;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_REFUNDED);
    milli[2] = 0;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_ITEM);
    assert_int_equal(count(), before);
    milli[0] = milli[2] = 1000;
    milli[1] = 2000;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    assert_int_equal(back.remaining_vnd, 0);
}

/* ---- property: whatever the cart and the order of parts ---- */

static void random_cart(void)
{
    static const char *const codes[] = { "1", "2", "3", "4", "5", "6" };
    int64_t total, amount;
    cart_init(cart);
    for (uint32_t i = 0, n = 1 + chance(6); i < n; i++) {
        put(codes[chance(6)], 1 + chance(3000));
        struct cart_line *l = &cart->lines[cart->n_lines - 1];
        assert_int_equal(cart_line_amount(cart, cart->n_lines - 1, &amount),
                         ERR_OK);
        if (chance(3) == 0 && l->discount_vnd == 0)
            l->discount_vnd = chance((uint32_t)amount + 1);
    }
    assert_int_equal(cart_total(cart, &total), ERR_OK);
    if (chance(2))
        cart->order_discount_vnd = chance((uint32_t)total + 1);
}

/* One random part of one line; the rest of it when there is little left. */
static void give_a_part(int64_t *given)
{
    struct remaining left, after;
    assert_int_equal(refund_remaining(&f.till, sold.seq, &left), ERR_OK);
    int i = (int)chance((uint32_t)left.n_lines);
    if (left.milli[i] == 0)
        return;
    int64_t part = 1 + chance((uint32_t)left.milli[i]);
    assert_int_equal(till_record(&f.till, sold.seq, r), ERR_OK);
    char sku[40];
    snprintf(sku, sizeof(sku), "%.*s", (int)r->body.sale.lines[i].sku.len,
             r->body.sale.lines[i].sku.data);
    assert_int_equal(give(sku, part), ERR_OK);
    *given += back.refund_vnd;
    assert_int_equal(refund_remaining(&f.till, sold.seq, &after), ERR_OK);
    assert_int_equal(after.total_vnd, left.total_vnd - back.refund_vnd);
    assert_int_equal(after.total_vnd, back.remaining_vnd);
    assert_true(after.touched);
    for (int j = 0; j < after.n_lines; j++) {
        assert_true(after.milli[j] >= 0 && after.amount_vnd[j] >= 0);
        assert_true(after.milli[j] > 0 || after.amount_vnd[j] == 0);
    }
}

static void m09_refunds_in_any_order_give_back_exactly_what_was_paid(
    void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        int64_t given = 0;
        random_cart();
        sell_cart(-1);
        for (uint32_t i = 0, n = chance(6); i < n; i++)
            give_a_part(&given);
        enum err e = give_all();
        assert_true(e == ERR_OK || (e == ERR_REFUNDED && given > 0) ||
                    sold.total_vnd == 0);
        given += e ? 0 : back.refund_vnd;
        assert_int_equal(given, sold.total_vnd);
        assert_int_equal(give_all(), ERR_REFUNDED);
    }
    const struct sums *sums = &ledger_state(f.till.ledger)->sums;
    assert_int_equal(sums->gross_vnd, sums->refunds_vnd);
    till_fixture_verify(&f);
}

/* ---- baskets ---- */

static enum err give_as(const char *basket, const char *word)
{
    struct refund_item item = { str_of(word), 1000 };
    struct refund refund = {
        .of = sold.seq, .items = &item, .n_items = 1, .basket = str_of(basket)
    };
    return refund_commit(&f.till, &refund, &back);
}

static void the_same_basket_gives_back_once(void **state)
{
    struct shift_report report;
    (void)state;
    sell_some();
    assert_int_equal(give_as("r-1", "2"), ERR_OK);
    assert_false(back.repeated);
    int64_t first = back.seq, before = count();
    for (int i = 0; i < 2; i++) {
        assert_int_equal(give_as("r-1", "2"), ERR_OK);
        assert_true(back.repeated);
        assert_int_equal(back.seq, first);
        assert_int_equal(back.refund_vnd, 120000);
        assert_int_equal(back.remaining_vnd, 1470000);
        assert_int_equal(count(), before);
        till_fixture_open(&f); /* as another command would */
    }
    assert_int_equal(give_as("r-2", "2"), ERR_OK);
    assert_false(back.repeated);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(give_as("r-1", "2"), ERR_OK);
    assert_int_equal(back.remaining_vnd, 1350000);
    assert_int_equal(give_as("r-3", "2"), ERR_NO_SHIFT);
    till_fixture_verify(&f);
}

static void a_basket_is_of_one_receipt(void **state)
{
    (void)state;
    sell_some();
    assert_int_equal(give_as("r-1", "2"), ERR_OK);
    int64_t before = count();
    assert_int_equal(give_as(sold.basket, "2"), ERR_EXISTS); /* a sale's */
    sell_some();
    assert_int_equal(give_as("r-1", "2"), ERR_EXISTS);
    assert_int_equal(count(), before + 1);
    assert_int_equal(sale_find(&f.till, STR("r-1"), &sold), ERR_EXISTS);
}

/* ---- void ---- */

static void a_void_undoes_the_sale_with_its_day_and_net_payments(void **state)
{
    struct payment payments[] = { { "voucher", 20000, { NULL, 0 } },
                                  { "cash", 500000, { NULL, 0 } } };
    struct sale sale = { cart, payments, 2, 0, 0 };
    (void)state;
    cart_init(cart);
    put("2", 1000);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    int64_t sold_at = f.wall_ms;
    till_fixture_pass(&f, 60000);
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 9, &back), ERR_OK);
    assert_int_equal(back.refund_vnd, 120000);
    assert_int_equal(back.remaining_vnd, 0);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    const struct body_void *v = &r->body.voided;
    assert_int_equal(r->event.op, 9);
    assert_int_equal(v->of, sold.seq);
    assert_int_equal(v->day, 20200114);
    assert_int_equal(v->at_ms, sold_at);
    assert_int_equal(v->n_tenders, 2);
    assert_int_equal(v->tenders[0].amount_vnd, 20000);
    assert_int_equal(v->tenders[1].amount_vnd, 100000);
    till_fixture_verify(&f);
}

static void change_that_ate_a_payment_leaves_none_of_it(void **state)
{
    struct payment payments[] = { { "cash", 50000, { NULL, 0 } },
                                  { "cash", 200000, { NULL, 0 } },
                                  { "transfer", 20000, STR("F1") } };
    struct sale sale = { cart, payments, 3, 0, 0 };
    (void)state;
    cart_init(cart);
    put("2", 1000);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    assert_int_equal(sold.change_vnd, 150000);
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back), ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_int_equal(r->body.voided.n_tenders, 2);
    assert_int_equal(r->body.voided.tenders[0].amount_vnd, 100000);
    assert_true(str_is(r->body.voided.tenders[1].method, "transfer"));
}

static void a_late_sale_is_voided_where_it_was_counted(void **state)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { cart, &cash, 1, 0, f.wall_ms - 86400000 };
    (void)state;
    cart_init(cart);
    put("2", 1000);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back), ERR_OK);
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    assert_int_equal(r->body.voided.day, 20200113);
    assert_int_equal(r->body.voided.at_ms, sale.late_ms);
}

static void a_voided_sale_is_neither_voided_nor_refunded_again(void **state)
{
    struct remaining left;
    (void)state;
    sell_some();
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back), ERR_OK);
    int64_t before = count();
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back),
                     ERR_VOIDED);
    assert_int_equal(give_all(), ERR_VOIDED);
    assert_int_equal(give("2", 1000), ERR_VOIDED);
    assert_int_equal(count(), before);
    assert_int_equal(refund_remaining(&f.till, sold.seq, &left), ERR_OK);
    assert_true(left.voided);
    assert_int_equal(left.total_vnd, 0);
}

static void a_refunded_sale_is_not_voided(void **state)
{
    (void)state;
    sell_some();
    assert_int_equal(give("5", 1000), ERR_OK);
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back),
                     ERR_REFUNDED);
    assert_int_equal(give_all(), ERR_OK);
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back),
                     ERR_REFUNDED);
}

static void m10_a_void_belongs_to_the_shift_of_its_sale(void **state)
{
    struct shift_report report;
    (void)state;
    sell_some();
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back),
                     ERR_NO_SHIFT);
    till_fixture_shift(&f, 0);
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back),
                     ERR_OTHER_SHIFT);
    assert_int_equal(give_all(), ERR_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_comes_back_at_once),
        TEST(an_item_is_named_by_code_sku_or_barcode),
        TEST(an_item_is_found_by_its_sku_when_the_lists_are_gone),
        TEST(what_is_not_on_the_receipt_is_no_item),
        TEST(m10_more_than_remains_is_refused_whole),
        TEST(the_same_item_named_twice_counts_twice),
        TEST(a_gift_comes_back_for_nothing_but_once),
        TEST(a_quantity_is_spread_over_the_lines_of_one_product),
        TEST(money_goes_back_by_transfer_when_asked_to),
        TEST(a_refund_counts_on_the_day_it_is_made),
        TEST(m10_only_a_sale_can_be_given_back_never_a_refund),
        TEST(what_is_given_back_of_one_sale_leaves_the_others_whole),
        TEST(a_code_that_became_another_items_still_names_the_sku),
        TEST(a_refunded_line_is_known_by_its_amount_and_quantity),
        TEST(m10_lines_of_one_sku_are_told_apart_by_their_place),
        TEST(m09_refunds_in_any_order_give_back_exactly_what_was_paid),
        TEST(the_same_basket_gives_back_once),
        TEST(a_basket_is_of_one_receipt),
        TEST(a_void_undoes_the_sale_with_its_day_and_net_payments),
        TEST(change_that_ate_a_payment_leaves_none_of_it),
        TEST(a_late_sale_is_voided_where_it_was_counted),
        TEST(a_voided_sale_is_neither_voided_nor_refunded_again),
        TEST(a_refunded_sale_is_not_voided),
        TEST(m10_a_void_belongs_to_the_shift_of_its_sale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
