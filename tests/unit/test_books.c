/*
 * test_books.c - the books of a till, whatever happens at it: random shifts
 * of sales, discounts, split payments, late entries, refunds, voids and cash,
 * held against a model that only adds up what was answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/money.h"
#include "pos/till/refund.h"
#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

enum { SALES_MAX = 400, SHIFTS_MAX = 8, ACTS = 8, METHODS = 4, GOODS = 6 };

/* A sale as it was rung up, and what of it is with the customer still. */
struct deed {
    int64_t seq, shift;
    int64_t milli[GOODS], kept[GOODS]; /* of each of the goods */
    int64_t total_vnd, given_vnd;
    bool voided, refunded;
};

struct tally { /* of one shift */
    int64_t float_vnd, taken, change, back, in, out;
    int64_t sales, gross, refunds, voids, late, late_vnd;
    int64_t by_method[METHODS];
    struct trail_counts trail;
};

static const char *const codes[GOODS] = { "1", "2", "3", "4", "5", "6" };
static const char *const methods[METHODS] = { "cash", "transfer", "card",
                                              "voucher" };

static struct till_fixture f;
static struct record *r;
static struct cart *cart;
static struct deed *deeds;
static int n_deeds;
static struct tally now;
static int64_t foreign_vnd, n_foreign;
static uint64_t dice;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    r = record_open();
    cart = x_alloc(sizeof(*cart));
    deeds = x_alloc(SALES_MAX * sizeof(*deeds));
    n_deeds = 0;
    foreign_vnd = n_foreign = 0;
    dice = 88172645463325252;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(deeds);
    free(cart);
    record_close(r);
    till_fixture_done(&f);
    return 0;
}

static int64_t chance(int64_t below)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int64_t)(dice >> 33) % below;
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- selling ---- */

static void fill_cart(struct deed *d)
{
    int64_t amount, total;
    int wanted = 1 + (int)chance(5);
    cart_init(cart);
    while (cart->n_lines < wanted) {
        int64_t g = chance(GOODS);
        const struct product *p = lists_find(f.till.lists, str_of(codes[g]));
        int64_t milli = chance(2) ? 1000 * (1 + chance(4)) : 1 + chance(3000);
        assert_int_equal(cart_add(cart, p, milli), ERR_OK);
        d->milli[g] = d->kept[g] += milli;
        int i = cart->n_lines - 1;
        assert_int_equal(cart_line_amount(cart, i, &amount), ERR_OK);
        if (chance(3) == 0 && cart->lines[i].discount_vnd == 0)
            cart->lines[i].discount_vnd = chance(amount + 1);
    }
    assert_int_equal(cart_total(cart, &total), ERR_OK);
    if (chance(3) == 0)
        cart->order_discount_vnd = chance(total + 1);
}

/* Up to three parts in any ways; cash last, and perhaps too much of it. */
static int split(int64_t total, struct payment payments[4])
{
    int n = 0;
    for (int i = 0; i < 2 && chance(3) == 0; i++) {
        int64_t part = chance(total + 1);
        payments[n++] =
            (struct payment){ methods[1 + chance(3)], part, { NULL, 0 } };
        total -= part;
    }
    int64_t over = chance(2) ? 1 + chance(500000) : 0;
    payments[n++] = (struct payment){ "cash", total + over, { NULL, 0 } };
    return n;
}

static void note_payments(const struct payment *payments, int n, int64_t change)
{
    for (int i = 0; i < n; i++) {
        int m = 0;
        while (strcmp(methods[m], payments[i].method) != 0)
            m++;
        now.by_method[m] += payments[i].amount_vnd;
        now.taken += m == 0 ? payments[i].amount_vnd : 0;
    }
    now.by_method[0] -= change;
    now.change += change;
}

static void act_sell(void)
{
    struct payment payments[4];
    struct sale sale = { .cart = cart, .payments = payments };
    struct sold sold;
    int64_t total;
    if (n_deeds == SALES_MAX)
        return;
    struct deed *d = &deeds[n_deeds++];
    memset(d, 0, sizeof(*d));
    fill_cart(d);
    assert_int_equal(cart_total(cart, &total), ERR_OK);
    sale.n_payments = split(total, payments);
    sale.late_ms = chance(6) == 0 ? f.wall_ms - chance(3 * 86400000) : 0;
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    assert_int_equal(sold.total_vnd, total);
    d->seq = sold.seq;
    d->shift = f.till.shift.number;
    d->total_vnd = total;
    note_payments(payments, sale.n_payments, sold.change_vnd);
    now.sales++;
    now.gross += total;
    now.late += sale.late_ms != 0;
    now.late_vnd += sale.late_ms != 0 ? total : 0;
}

/* ---- giving back ---- */

static void note_given(int64_t vnd, bool by_transfer)
{
    now.by_method[by_transfer] -= vnd;
    now.back += by_transfer ? 0 : vnd;
}

static void took_back(struct deed *d, const struct refunded *back)
{
    int64_t left = 0;
    for (int g = 0; g < GOODS; g++) {
        assert_true(d->kept[g] >= 0);
        left += d->kept[g];
    }
    d->refunded = true;
    d->given_vnd += back->refund_vnd;
    assert_true(back->refund_vnd >= 0 && d->given_vnd <= d->total_vnd);
    assert_int_equal(back->remaining_vnd, d->total_vnd - d->given_vnd);
    if (left == 0)
        assert_int_equal(d->given_vnd, d->total_vnd);
    now.refunds += back->refund_vnd;
}

/* One or two of the goods of any sale, also more than there is of them;
 * *may: the customer has that. */
static int ask_for(const struct deed *d, struct refund_item items[2],
                   int64_t after[GOODS], bool *may)
{
    int n = 1 + (int)chance(2);
    memcpy(after, d->kept, GOODS * sizeof(*after));
    *may = !d->voided;
    for (int i = 0; i < n; i++) {
        int64_t g = chance(GOODS);
        for (int tries = 0; d->milli[g] == 0 && tries < 6; tries++)
            g = chance(GOODS);
        int64_t most = chance(2) && after[g] > 0 ? after[g] : d->milli[g] + 1;
        items[i] = (struct refund_item){ str_of(codes[g]), 1 + chance(most) };
        after[g] -= items[i].milli;
        *may = *may && after[g] >= 0;
    }
    return n;
}

static void act_refund(void)
{
    struct refund_item items[2];
    struct refunded back;
    int64_t after[GOODS];
    bool may, by_transfer = chance(3) == 0;
    if (n_deeds == 0)
        return;
    struct deed *d = &deeds[chance(n_deeds)];
    struct refund refund = { .of = d->seq,
                             .items = items,
                             .n_items = ask_for(d, items, after, &may),
                             .transfer = str_of(by_transfer ? "FT1" : NULL) };
    int64_t before = count();
    enum err e = refund_commit(&f.till, &refund, &back);
    if (!may) {
        assert_true(e == ERR_VOIDED || e == ERR_REFUNDED || e == ERR_ITEM);
        assert_int_equal(count(), before);
        return;
    }
    assert_int_equal(e, ERR_OK);
    memcpy(d->kept, after, sizeof(after));
    took_back(d, &back);
    note_given(back.refund_vnd, by_transfer);
}

/* What a void takes back is what each way of paying had brought. */
static void note_voided(const struct body_void *v)
{
    for (int64_t i = 0; i < v->n_tenders; i++) {
        int m = 0;
        while (!str_is(v->tenders[i].method, methods[m]))
            m++;
        now.by_method[m] -= v->tenders[i].amount_vnd;
        now.back += m == 0 ? v->tenders[i].amount_vnd : 0;
    }
}

static void act_void(void)
{
    struct refunded back;
    if (n_deeds == 0)
        return;
    struct deed *d = &deeds[n_deeds - 1 - chance(smaller(n_deeds, 6))];
    bool may = !d->voided && !d->refunded && d->shift == f.till.shift.number;
    int64_t before = count();
    enum err e = void_commit(&f.till, d->seq, STR(""), 0, &back);
    if (!may) {
        assert_true(e == ERR_VOIDED || e == ERR_REFUNDED ||
                    e == ERR_OTHER_SHIFT);
        assert_int_equal(count(), before);
        return;
    }
    assert_int_equal(e, ERR_OK);
    assert_int_equal(back.refund_vnd, d->total_vnd);
    d->voided = true;
    now.voids += d->total_vnd;
    assert_int_equal(till_record(&f.till, back.seq, r), ERR_OK);
    note_voided(&r->body.voided);
}

static void act_foreign(void)
{
    struct refund_item item = { STR("2"), 1 + chance(2000) };
    struct refund refund = {
        .foreign = STR("B2-1-15"), .by = 1, .items = &item, .n_items = 1
    };
    struct refunded back;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    now.refunds += back.refund_vnd;
    now.trail.overrides++;
    foreign_vnd += back.refund_vnd;
    n_foreign++;
    note_given(back.refund_vnd, false);
}

/* ---- cash, and what else happens ---- */

static int64_t cash_wanted(void)
{
    return now.float_vnd + now.taken - now.change - now.back + now.in - now.out;
}

static void act_cash(void)
{
    int64_t seq, vnd = 1 + chance(300000);
    if (chance(2)) {
        assert_int_equal(trail_cash(&f.till, vnd, STR("đổi"), 0, &seq), ERR_OK);
        now.in += vnd;
        return;
    }
    enum err e = trail_cash(&f.till, -vnd, STR("nộp"), 0, &seq);
    assert_int_equal(e, vnd > cash_wanted() ? ERR_LIMIT : ERR_OK);
    now.out += e ? 0 : vnd;
}

static void act_trail(void)
{
    assert_int_equal(trail_drawer(&f.till, STR(""), 0), ERR_OK);
    assert_int_equal(trail_access(&f.till, 2, access_wrong_pin, 2), ERR_OK);
    now.trail.drawer++;
    now.trail.wrong_pins++;
}

static void act_time(void)
{
    till_fixture_pass(&f, chance(4 * 3600000));
}

/* Another process goes on with the same ledger. */
static void act_restart(void)
{
    if (chance(2))
        till_fixture_reboot(&f);
    till_fixture_open(&f);
}

/* ---- shifts ---- */

typedef void act(void);
static act *const acts[ACTS] = { act_sell, act_refund, act_void, act_foreign,
                                 act_cash, act_trail,  act_time, act_restart };

/* How often of 16 each of the acts. */
static const int any_day[ACTS] = { 6, 3, 2, 1, 2, 1, 1, 0 };
static const int much_comes_back[ACTS] = { 3, 9, 3, 0, 0, 0, 0, 1 };

static void play(const int *weights, int n)
{
    while (n-- > 0) {
        int64_t roll = chance(16);
        int i = 0;
        while (roll >= weights[i])
            roll -= weights[i++];
        acts[i]();
    }
}

static void begin(void)
{
    int64_t seq;
    now = (struct tally){ .float_vnd = chance(1000000) };
    assert_int_equal(shift_open(&f.till, now.float_vnd, 0, 0, &seq), ERR_OK);
}

static void finish(struct shift_report *out)
{
    int64_t counted = chance(2) ? chance(2000000) : 0;
    assert_int_equal(shift_close(&f.till, counted, STR(""), 0, out), ERR_OK);
}

static void expect_sums(const struct shift_report *report)
{
    assert_int_equal(report->sales, now.sales);
    assert_int_equal(report->gross_vnd, now.gross);
    assert_int_equal(report->refunds_vnd, now.refunds);
    assert_int_equal(report->voids_vnd, now.voids);
    assert_int_equal(report->net_vnd, now.gross - now.refunds - now.voids);
    assert_int_equal(report->late_sales, now.late);
    assert_int_equal(report->late_vnd, now.late_vnd);
    assert_int_equal(report->unread, 0);
    assert_int_equal(report->n_methods, METHODS);
    for (int i = 0; i < METHODS; i++)
        assert_int_equal(report->by_method[i].vnd, now.by_method[i]);
    now.trail.cash_in_vnd = now.in;
    now.trail.cash_out_vnd = now.out;
    assert_memory_equal(&report->trail, &now.trail, sizeof(now.trail));
}

static void expect_cash(const struct shift_report *report)
{
    assert_int_equal(report->shift.float_vnd, now.float_vnd);
    assert_int_equal(report->cash_taken_vnd, now.taken);
    assert_int_equal(report->change_vnd, now.change);
    assert_int_equal(report->cash_back_vnd, now.back);
    assert_int_equal(report->cash_expected_vnd, cash_wanted());
}

/* ---- properties ---- */

static void m14_expected_cash_is_float_taken_change_back_in_and_out(
    void **state)
{
    struct shift_report report;
    (void)state;
    for (int shift = 0; shift < 4; shift++) {
        begin();
        for (int i = 0; i < 12; i++) {
            play(any_day, 5);
            assert_int_equal(shift_report(&f.till, false, &report), ERR_OK);
            expect_cash(&report);
        }
        finish(&report);
        expect_cash(&report);
        assert_int_equal(report.difference_vnd,
                         report.counted_vnd - cash_wanted());
    }
    till_fixture_verify(&f);
}

/* But for what only a closed shift has. */
static void expect_same(const struct shift_report *a,
                        const struct shift_report *b)
{
    assert_int_equal(a->sales, b->sales);
    assert_int_equal(a->gross_vnd, b->gross_vnd);
    assert_int_equal(a->refunds_vnd, b->refunds_vnd);
    assert_int_equal(a->voids_vnd, b->voids_vnd);
    assert_int_equal(a->net_vnd, b->net_vnd);
    assert_int_equal(a->late_sales, b->late_sales);
    assert_int_equal(a->late_vnd, b->late_vnd);
    assert_memory_equal(a->by_method, b->by_method, sizeof(a->by_method));
    assert_int_equal(a->cash_expected_vnd, b->cash_expected_vnd);
    assert_memory_equal(&a->trail, &b->trail, sizeof(a->trail));
    assert_int_equal(a->first_seq, b->first_seq);
}

static void m15_x_is_z_is_the_sum_of_the_events(void **state)
{
    struct shift_report x, closed, z, *all;
    (void)state;
    all = x_alloc(SHIFTS_MAX * sizeof(*all));
    for (int i = 0; i < SHIFTS_MAX; i++) {
        struct sums before = ledger_state(f.till.ledger)->sums;
        begin();
        play(any_day, 30);
        const struct sums *after = &ledger_state(f.till.ledger)->sums;
        assert_int_equal(shift_report(&f.till, false, &x), ERR_OK);
        expect_sums(&x);
        assert_int_equal(x.gross_vnd, after->gross_vnd - before.gross_vnd);
        assert_int_equal(x.refunds_vnd,
                         after->refunds_vnd - before.refunds_vnd);
        assert_int_equal(x.voids_vnd, after->voids_vnd - before.voids_vnd);
        assert_int_equal(x.sales, after->sales - before.sales);
        finish(&closed);
        assert_int_equal(shift_report(&f.till, true, &z), ERR_OK);
        expect_same(&x, &closed);
        expect_same(&x, &z);
        assert_int_equal(z.last_seq, x.last_seq + 1);
        all[i] = z;
    }
    /* At any time later the same again. */
    for (int i = 0; i < SHIFTS_MAX; i++) {
        assert_int_equal(shift_report_of(&f.till, i + 1, &z), ERR_OK);
        assert_memory_equal(&z, &all[i], sizeof(z));
    }
    assert_int_equal(shift_report_of(&f.till, 0, &z), ERR_NO_SHIFT);
    assert_int_equal(shift_report_of(&f.till, SHIFTS_MAX + 1, &z),
                     ERR_NO_SHIFT);
    free(all);
    till_fixture_verify(&f);
}

static void m10_in_no_order_is_more_given_back_than_was_paid(void **state)
{
    struct shift_report report;
    (void)state;
    for (int shift = 0; shift < 6; shift++) {
        begin();
        play(much_comes_back, 80);
        finish(&report);
    }
    for (int i = 0; i < n_deeds; i++) {
        struct remaining left;
        const struct deed *d = &deeds[i];
        assert_int_equal(refund_remaining(&f.till, d->seq, &left), ERR_OK);
        assert_int_equal(left.voided, d->voided);
        assert_int_equal(left.total_vnd,
                         d->voided ? 0 : d->total_vnd - d->given_vnd);
        int64_t kept = 0, remains = 0;
        for (int j = 0; j < GOODS; j++)
            kept += d->voided ? 0 : d->kept[j];
        for (int j = 0; j < left.n_lines; j++)
            remains += left.milli[j];
        assert_int_equal(remains, kept);
    }
    till_fixture_verify(&f);
}

static void m09_a_sale_and_all_its_refunds_are_nothing(void **state)
{
    struct shift_report report;
    (void)state;
    for (int shift = 0; shift < 3; shift++) {
        begin();
        play(any_day, 40);
        finish(&report);
    }
    begin();
    for (int i = 0; i < n_deeds; i++) {
        struct refund rest = { .of = deeds[i].seq };
        struct refunded back;
        enum err e = refund_commit(&f.till, &rest, &back);
        assert_true(e == ERR_OK || e == ERR_VOIDED || e == ERR_REFUNDED);
        deeds[i].given_vnd += e ? 0 : back.refund_vnd;
        if (!deeds[i].voided)
            assert_int_equal(deeds[i].given_vnd, deeds[i].total_vnd);
    }
    const struct sums *sums = &ledger_state(f.till.ledger)->sums;
    assert_int_equal(sums->gross_vnd,
                     sums->refunds_vnd - foreign_vnd + sums->voids_vnd);
    till_fixture_verify(&f);
}

/* The register of NexoPOS#577 could not be closed unless the count was what
 * the program expected. */
static void m14_a_shift_closes_whatever_was_counted_and_says_why(void **state)
{
    static const char *const reasons[] = { "", "trả nhầm tiền thối", "?",
                                           "hết \"ca\" \\ thiếu" };
    struct shift_report closed, z;
    (void)state;
    for (int i = 0; i < SHIFTS_MAX; i++) {
        begin();
        play(any_day, 4);
        int64_t counted[] = { 0, cash_wanted() > 0 ? cash_wanted() : 0,
                              chance(3000000), MONEY_MAX };
        int64_t vnd = counted[i % 4];
        const char *reason = reasons[i / 3 % 4];
        assert_int_equal(shift_close(&f.till, vnd, str_of(reason), 0, &closed),
                         ERR_OK);
        assert_int_equal(shift_report(&f.till, true, &z), ERR_OK);
        assert_int_equal(z.counted_vnd, vnd);
        assert_int_equal(z.difference_vnd, vnd - cash_wanted());
        assert_string_equal(z.reason, reason);
        assert_string_equal(closed.reason, reason);
        assert_int_equal(closed.difference_vnd, z.difference_vnd);
        assert_int_equal(till_record(&f.till, z.last_seq, r), ERR_OK);
        assert_true(str_is(r->body.shift_closed.reason, reason));
        assert_int_equal(r->body.shift_closed.expected_vnd, cash_wanted());
    }
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &z), ERR_NO_SHIFT);
    begin();
    assert_int_equal(shift_close(&f.till, 0, STR("a\nb"), 0, &z), ERR_INVALID);
    till_fixture_verify(&f);
}

static enum err count_overrides(void *ctx, const struct stored *s)
{
    int64_t *n = ctx;
    struct event e;
    assert_int_equal(event_decode(s->bytes, &e), ERR_OK);
    *n += e.kind == EV_OVERRIDE;
    return ERR_OK;
}

static void m16_there_are_as_many_overrides_as_foreign_refunds(void **state)
{
    struct shift_report report;
    int64_t n = 0;
    (void)state;
    begin();
    play(any_day, 120);
    finish(&report);
    assert_int_equal(
        ledger_each(f.till.ledger, 1, count(), count_overrides, &n), ERR_OK);
    assert_true(n_foreign > 0);
    assert_int_equal(n, n_foreign);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m14_expected_cash_is_float_taken_change_back_in_and_out),
        TEST(m15_x_is_z_is_the_sum_of_the_events),
        TEST(m10_in_no_order_is_more_given_back_than_was_paid),
        TEST(m09_a_sale_and_all_its_refunds_are_nothing),
        TEST(m14_a_shift_closes_whatever_was_counted_and_says_why),
        TEST(m16_there_are_as_many_overrides_as_foreign_refunds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
