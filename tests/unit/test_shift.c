/*
 * test_shift.c - opening and closing, X and Z, and which day it is whatever
 * the clock does.
 */
#include "pos/till/shift.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "fair/date.h"
#include "pos/paper/shift_slip.h"
#include "pos/till/refund.h"
#include "tests/support/till_fixture.h"

#define HOUR_MS INT64_C(3600000)

static struct till_fixture f;
static struct record *r;
static struct sold sold;
static int64_t seq;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
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

static uint32_t chance(uint32_t below)
{
    static uint64_t x = 88172645463325252;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)(x >> 33) % below;
}

/* ---- opening and closing ---- */

static void a_shift_opens_for_the_clocks_day_or_the_one_given(void **state)
{
    static const struct {
        int64_t hours; /* after 08:00 of the first day */
        int given, day;
    } cases[] = {
        { 0, 0, 20200114 },        { 19, 0, 20200114 },
        { 20, 0, 20200115 },       { 0, 20191224, 20191224 },
        { 24 * 365, 0, 20210113 }, { 0, 20200115, 20200115 },
    };
    int64_t morning = f.wall_ms;
    struct shift_report report;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        f.wall_ms = morning + cases[i].hours * HOUR_MS;
        assert_int_equal(shift_open(&f.till, 5000, cases[i].given, 2, &seq),
                         ERR_OK);
        assert_int_equal(f.till.shift.number, (int)i + 1);
        assert_int_equal(f.till.shift.day, cases[i].day);
        assert_int_equal(f.till.shift.float_vnd, 5000);
        assert_int_equal(till_record(&f.till, seq, r), ERR_OK);
        assert_int_equal(r->event.day, cases[i].day);
        assert_int_equal(r->event.shift, (int)i + 1);
        assert_int_equal(r->event.op, 2);
        assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    }
}

static void one_shift_at_a_time(void **state)
{
    struct shift_report report;
    (void)state;
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report),
                     ERR_NO_SHIFT);
    assert_int_equal(shift_report(&f.till, false, &report), ERR_NO_SHIFT);
    assert_int_equal(shift_report(&f.till, true, &report), ERR_NO_SHIFT);
    till_fixture_shift(&f, 0);
    assert_int_equal(shift_open(&f.till, 0, 0, 0, &seq), ERR_SHIFT_OPEN);
    assert_int_equal(shift_report(&f.till, true, &report), ERR_NO_SHIFT);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(shift_report(&f.till, false, &report), ERR_NO_SHIFT);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report),
                     ERR_NO_SHIFT);
}

static void m14_a_difference_is_recorded_and_never_an_error(void **state)
{
    static const int64_t counted[] = { 0, 619999, 620000, 9999999999999 };
    struct shift_report report;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
        till_fixture_shift(&f, 500000);
        assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
        assert_int_equal(shift_close(&f.till, counted[i], STR(""), 4, &report),
                         ERR_OK);
        assert_int_equal(report.cash_expected_vnd, 620000);
        assert_int_equal(report.counted_vnd, counted[i]);
        assert_int_equal(report.difference_vnd, counted[i] - 620000);
        assert_int_equal(till_record(&f.till, report.last_seq, r), ERR_OK);
        assert_int_equal(r->event.kind, EV_SHIFT_CLOSED);
        assert_int_equal(r->event.op, 4);
        assert_int_equal(r->body.shift_closed.opened, report.first_seq);
        assert_int_equal(r->body.shift_closed.expected_vnd, 620000);
        assert_int_equal(r->body.shift_closed.counted_vnd, counted[i]);
    }
}

static void closing_seals_everything_up_to_it(void **state)
{
    struct shift_report report;
    uint8_t signature[SIGNATURE_BYTES];
    (void)state;
    till_fixture_shift(&f, 0);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(count(), report.last_seq + 1);
    assert_int_equal(till_record(&f.till, count(), r), ERR_OK);
    assert_int_equal(r->event.kind, EV_SEAL);
    assert_int_equal(r->event.day, 20200114);
    assert_true(
        hex_bytes(r->body.seal.signature, signature, sizeof(signature)));
    assert_true(sign_check(
        ledger_state(f.till.ledger)->key.public_key, DOMAIN_SEAL,
        (struct str){ (const char *)report.head, HASH_BYTES }, signature));
    till_fixture_verify(&f);
}

/* ---- X and Z ---- */

/* Everything added up a second time, by rules of our own. */
struct sums_wanted {
    int64_t sales, gross, refunds, voids, cash;
};

static void do_something(struct sums_wanted *w, int64_t *last_sale)
{
    static const char *const codes[] = { "1", "2", "3", "4", "5", "6" };
    struct refunded back;
    struct refund refund = { .of = *last_sale };
    union body body = { .cash = { 0, STR("tiền lẻ") } };
    struct intent cash = { .kind = EV_CASH, .body = &body };
    enum err e;
    switch (chance(4)) {
    case 0:
        e = *last_sale ? refund_commit(&f.till, &refund, &back) : ERR_RECEIPT;
        w->refunds += e ? 0 : back.refund_vnd;
        w->cash -= e ? 0 : back.refund_vnd;
        break;
    case 1:
        e = *last_sale ? void_commit(&f.till, *last_sale, STR(""), 0, &back)
                       : ERR_RECEIPT;
        w->voids += e ? 0 : back.refund_vnd;
        w->cash -= e ? 0 : back.refund_vnd;
        break;
    case 2:
        body.cash.amount_vnd = (int64_t)chance(100000) - 50000;
        body.cash.amount_vnd += body.cash.amount_vnd == 0;
        assert_int_equal(till_append(&f.till, &cash, &seq), ERR_OK);
        w->cash += body.cash.amount_vnd;
        break;
    default:
        assert_int_equal(
            till_fixture_sell(&f, codes[chance(6)], 1 + chance(3000), &sold),
            ERR_OK);
        *last_sale = sold.seq;
        w->sales++;
        w->gross += sold.total_vnd;
        w->cash += sold.tendered_vnd - sold.change_vnd;
        break;
    }
}

static void expect(const struct shift_report *report,
                   const struct sums_wanted *w)
{
    int64_t net = 0;
    assert_int_equal(report->sales, w->sales);
    assert_int_equal(report->gross_vnd, w->gross);
    assert_int_equal(report->refunds_vnd, w->refunds);
    assert_int_equal(report->voids_vnd, w->voids);
    assert_int_equal(report->net_vnd, w->gross - w->refunds - w->voids);
    assert_int_equal(report->cash_expected_vnd, w->cash);
    for (int i = 0; i < report->n_methods; i++)
        net += report->by_method[i].vnd;
    assert_int_equal(net, report->net_vnd);
}

static void same_report(const struct shift_report *a,
                        const struct shift_report *b)
{
    BUF(left, MAX_TEXT);
    BUF(right, MAX_TEXT);
    shift_report_render(&f.till, a, 48, &left);
    shift_report_render(&f.till, b, 48, &right);
    assert_string_equal(buf_text(&left), buf_text(&right));
    assert_memory_equal(a->head, b->head, HASH_BYTES);
}

static void m15_x_and_z_are_the_sum_of_the_shifts_events(void **state)
{
    (void)state;
    for (int shift = 0; shift < 12; shift++) {
        struct sums_wanted w = { .cash = 100000 };
        struct shift_report x, closed, z;
        int64_t last_sale = 0;
        till_fixture_shift(&f, 100000);
        for (int i = 0; i < 40; i++)
            do_something(&w, &last_sale);
        assert_int_equal(shift_report(&f.till, false, &x), ERR_OK);
        expect(&x, &w);
        assert_int_equal(x.last_seq, count());
        assert_memory_equal(x.head, ledger_state(f.till.ledger)->head,
                            HASH_BYTES);
        assert_int_equal(
            shift_close(&f.till, w.cash > 0 ? w.cash : 0, STR(""), 0, &closed),
            ERR_OK);
        assert_int_equal(shift_report(&f.till, true, &z), ERR_OK);
        expect(&z, &w);
        same_report(&closed, &z);
        assert_int_equal(z.first_seq, x.first_seq);
        assert_int_equal(z.last_seq, x.last_seq + 1);
    }
    till_fixture_verify(&f);
}

static void m15_z_stays_what_it_was_while_the_next_shift_is_open(void **state)
{
    struct shift_report closed, z;
    (void)state;
    till_fixture_shift(&f, 100);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(shift_close(&f.till, 1, STR(""), 0, &closed), ERR_OK);
    till_fixture_shift(&f, 200);
    assert_int_equal(till_fixture_sell(&f, "3", 1000, &sold), ERR_OK);
    assert_int_equal(shift_report(&f.till, true, &z), ERR_OK);
    same_report(&closed, &z);
}

static void late_entries_stand_on_a_line_of_their_own(void **state)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sale sale = { cart, &cash, 1, 0, f.wall_ms - DAY_MS };
    struct shift_report x;
    (void)state;
    till_fixture_shift(&f, 0);
    assert_int_equal(cart_add(cart, lists_at(f.till.lists, 1), 1000), ERR_OK);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    assert_int_equal(till_fixture_sell(&f, "3", 1000, &sold), ERR_OK);
    assert_int_equal(shift_report(&f.till, false, &x), ERR_OK);
    assert_int_equal(x.sales, 2);
    assert_int_equal(x.gross_vnd, 185000);
    assert_int_equal(x.late_sales, 1);
    assert_int_equal(x.late_vnd, 120000);
    assert_int_equal(x.cash_expected_vnd, 185000);
    free(cart);
}

static void m11_split_payments_are_told_apart_and_change_is_cash(void **state)
{
    struct payment payments[] = { { "voucher", 50000, { NULL, 0 } },
                                  { "transfer", 30000, STR("FT1") },
                                  { "cash", 100000, { NULL, 0 } } };
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sale sale = { cart, payments, 3, 0, 0 };
    struct refunded back;
    struct refund refund = { .transfer = STR("FT2") };
    struct shift_report x;
    (void)state;
    till_fixture_shift(&f, 1000);
    assert_int_equal(cart_add(cart, lists_at(f.till.lists, 1), 1000), ERR_OK);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    assert_int_equal(shift_report(&f.till, false, &x), ERR_OK);
    assert_string_equal(x.by_method[0].method, "cash");
    assert_int_equal(x.by_method[0].vnd, 40000);
    assert_int_equal(x.by_method[1].vnd, 30000);
    assert_int_equal(x.by_method[2].vnd, 0);
    assert_false(x.by_method[2].used);
    assert_int_equal(x.by_method[3].vnd, 50000);
    assert_int_equal(x.cash_expected_vnd, 41000);
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    assert_int_equal(shift_report(&f.till, false, &x), ERR_OK);
    assert_int_equal(x.by_method[0].vnd, 40000);
    assert_int_equal(x.by_method[1].vnd, -90000);
    assert_int_equal(x.cash_expected_vnd, 41000);
    free(cart);
}

/* ---- the day ---- */

/* What the clocks do between the opening (14th, 08:00) and a sale. */
static void m27_a_jumping_clock_moves_no_sale(void **state)
{
    static const struct {
        const char *what;
        int64_t real_h; /* hours that really pass */
        int64_t jump_h; /* what somebody adds to the wall clock */
        bool reboot;
        int opened_for; /* 0: the clock's day */
        int day;
    } cases[] = {
        { "nothing happens", 0, 0, false, 0, 20200114 },
        { "just before the cut-off", 19, 0, false, 0, 20200114 },
        { "the cut-off", 20, 0, false, 0, 20200115 },
        { "two nights", 44, 0, false, 0, 20200116 },
        { "the clock jumps a day ahead", 0, 24, false, 0, 20200114 },
        { "the clock jumps years ahead", 1, 60000, false, 0, 20200114 },
        { "the clock falls back years", 1, -60000, false, 0, 20200114 },
        { "it falls back three days over a night", 20, -72, false, 0,
          20200115 },
        { "a restart in the day", 2, 0, true, 0, 20200114 },
        { "a restart over night", 21, 0, true, 0, 20200115 },
        { "a restart, the clock is years ahead", 2, 60000, true, 0, 20200114 },
        { "a restart, the clock is behind", 21, -60, true, 0, 20200114 },
        { "a restart a day and more later", 25, 0, true, 0, 20200114 },
        { "opened for another year", 1, 0, false, 20260620, 20260620 },
        { "that one's night", 20, 0, false, 20260620, 20260621 },
        { "opened for yesterday", 1, 0, false, 20200113, 20200113 },
        { "over the end of a month", 20, 0, false, 20200131, 20200201 },
    };
    int64_t wall = f.wall_ms;
    struct shift_report report;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        f.wall_ms = wall;
        assert_int_equal(shift_open(&f.till, 0, cases[i].opened_for, 0, &seq),
                         ERR_OK);
        till_fixture_pass(&f, cases[i].real_h * HOUR_MS);
        f.wall_ms += cases[i].jump_h * HOUR_MS;
        if (cases[i].reboot)
            till_fixture_reboot(&f);
        till_fixture_open(&f);
        assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
        if (sold.day != cases[i].day)
            fail_msg("%s: %d", cases[i].what, sold.day);
        assert_int_equal(f.till.shift.day, cases[i].day);
        assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
        assert_int_equal(report.shift.day, cases[i].day);
    }
    till_fixture_verify(&f);
}

static void a_day_turns_once_and_never_back(void **state)
{
    bool turned;
    (void)state;
    till_fixture_shift(&f, 0);
    till_fixture_pass(&f, 20 * HOUR_MS);
    assert_int_equal(shift_turn_day(&f.till, 5, &turned), ERR_OK);
    assert_true(turned);
    assert_int_equal(till_record(&f.till, count(), r), ERR_OK);
    assert_int_equal(r->event.kind, EV_DAY_TURNED);
    assert_int_equal(r->event.day, 20200115);
    assert_int_equal(r->event.op, 5);
    int64_t before = count();
    assert_int_equal(shift_turn_day(&f.till, 5, &turned), ERR_OK);
    assert_false(turned);
    /* After a restart the clock shows the morning before. */
    till_fixture_reboot(&f);
    f.wall_ms -= 10 * HOUR_MS;
    assert_int_equal(shift_turn_day(&f.till, 5, &turned), ERR_OK);
    assert_false(turned);
    assert_int_equal(count(), before);
    assert_int_equal(f.till.shift.day, 20200115);
}

/* The clock ran two days ahead while selling; after a restart it shows a time
 * before the last event, so nobody knows what is right. */
static void a_clock_that_falls_behind_the_last_event_turns_no_day(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    f.wall_ms += 50 * HOUR_MS;
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    till_fixture_reboot(&f);
    f.wall_ms -= 24 * HOUR_MS;
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(sold.day, 20200114);
}

static void an_offset_learned_later_turns_no_day(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    till_fixture_offset(&f, 30 * HOUR_MS);
    till_fixture_open(&f);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(sold.day, 20200114);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_shift_opens_for_the_clocks_day_or_the_one_given),
        TEST(one_shift_at_a_time),
        TEST(m14_a_difference_is_recorded_and_never_an_error),
        TEST(closing_seals_everything_up_to_it),
        TEST(m15_x_and_z_are_the_sum_of_the_shifts_events),
        TEST(m15_z_stays_what_it_was_while_the_next_shift_is_open),
        TEST(late_entries_stand_on_a_line_of_their_own),
        TEST(m11_split_payments_are_told_apart_and_change_is_cash),
        TEST(m27_a_jumping_clock_moves_no_sale),
        TEST(a_day_turns_once_and_never_back),
        TEST(a_clock_that_falls_behind_the_last_event_turns_no_day),
        TEST(an_offset_learned_later_turns_no_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
