/*
 * test_clock.c - a till whose clock is three days behind, at a fair whose days
 * the organiser has fixed (M27). True time is the aggregator's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "pos/screens/status.h"
#include "pos/till/learn.h"
#include "pos/till/setup.h"
#include "pos/till/shift.h"
#include "tests/support/roll_set.h"
#include "tests/support/till_fixture.h"

enum { HOUR_MS = 3600000, PRICE = 120000 };

#define SKEW (3 * DAY_MS)

static struct till_fixture f;
static struct record *r;

/* It is 08:00 of 2020-01-14, the fair's first day; the clock shows the 11th. */
static int set_up(void **state)
{
    (void)state;
    i18n_init("en");
    till_fixture_init(&f);
    f.wall_ms -= SKEW;
    r = record_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_verify(&f);
    record_close(r);
    till_fixture_done(&f);
    return 0;
}

/* ---- what happens ---- */

static void skew_is_known(void)
{
    till_fixture_offset(&f, SKEW);
    if (f.open)
        assert_int_equal(learn_news(&f.till), ERR_OK);
}

static void open_shift(int day)
{
    int64_t seq;
    assert_int_equal(shift_open(&f.till, 0, day, 0, &seq), ERR_OK);
}

/* One of the second product; late: entered now, sold at that true time. */
static struct sold sell(const char *late)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sale sale = { .cart = cart, .payments = &cash, .n_payments = 1 };
    struct sold sold;
    if (late)
        assert_int_equal(time_parse(str_of(late), &sale.late_ms), ERR_OK);
    assert_int_equal(cart_add(cart, lists_find(f.till.lists, STR("2")), 1000),
                     ERR_OK);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    free(cart);
    return sold;
}

static int day_of(int64_t seq)
{
    assert_int_equal(till_record(&f.till, seq, r), ERR_OK);
    return (int)r->event.day;
}

/* ---- the day ---- */

static void m27_with_the_skew_known_a_shift_opens_on_the_fairs_day(void **state)
{
    (void)state;
    skew_is_known();
    till_fixture_open(&f);
    open_shift(0);
    struct sold sold = sell(NULL);
    assert_int_equal(sold.day, 20200114);
    assert_int_equal(sold.notes & NOTE_OUTSIDE, 0);
    assert_int_equal(day_of(sold.seq), 20200114);
    /* What the clock showed is recorded as it was. */
    assert_int_equal(day_of_ms(r->event.at_ms), 20200111);
}

static void m27_a_skew_heard_of_while_open_counts_for_the_next_shift(
    void **state)
{
    (void)state;
    till_fixture_open(&f);
    assert_int_equal(till_day_now(&f.till), 20200111);
    skew_is_known();
    open_shift(0);
    assert_int_equal(sell(NULL).day, 20200114);
}

static void m27_without_contact_the_day_is_the_operators(void **state)
{
    (void)state;
    till_fixture_open(&f);
    open_shift(20200114);
    assert_int_equal(sell(NULL).day, 20200114);
    till_fixture_pass(&f, 20 * HOUR_MS - 1); /* to the cut-off at 04:00 */
    assert_int_equal(sell(NULL).day, 20200114);
    till_fixture_pass(&f, 1);
    struct sold sold = sell(NULL);
    assert_int_equal(sold.day, 20200115);
    assert_int_equal(sold.notes & NOTE_DAY_TURNED, NOTE_DAY_TURNED);
}

/* Neither hearing of the skew nor setting the clock right moves a sale. */
static void m27_what_becomes_of_the_clock_moves_no_sale(void **state)
{
    (void)state;
    till_fixture_open(&f);
    open_shift(20200114);
    assert_int_equal(sell(NULL).day, 20200114);
    skew_is_known();
    till_fixture_pass(&f, HOUR_MS);
    assert_int_equal(sell(NULL).day, 20200114);
    f.wall_ms += SKEW;
    assert_int_equal(sell(NULL).day, 20200114);
    till_fixture_offset(&f, 0);
    assert_int_equal(learn_news(&f.till), ERR_OK);
    assert_int_equal(sell(NULL).day, 20200114);
    till_fixture_pass(&f, DAY_MS);
    assert_int_equal(sell(NULL).day, 20200115);
    f.wall_ms -= SKEW;
    assert_int_equal(sell(NULL).day, 20200115);
}

/* ---- entered afterwards ---- */

static void m27_late_sales_land_on_the_day_of_their_own_time(void **state)
{
    static const struct {
        const char *at;
        int day;
    } late[] = { { "2020-01-14T20:00", 20200114 },
                 { "2020-01-15T03:59", 20200114 },
                 { "2020-01-15T04:00", 20200115 },
                 { "2020-01-16T08:00", 20200116 } };
    (void)state;
    skew_is_known();
    till_fixture_pass(&f, 2 * DAY_MS); /* it is 08:00 of the 16th */
    till_fixture_open(&f);
    open_shift(0);
    for (size_t i = 0; i < ARRAY_LEN(late); i++) {
        struct sold sold = sell(late[i].at);
        assert_int_equal(sold.day, late[i].day);
        assert_int_equal(day_of(sold.seq), late[i].day);
        assert_int_equal(sold.notes & NOTE_LATE, NOTE_LATE);
        assert_int_equal(sold.notes & NOTE_OUTSIDE, 0);
    }
    assert_int_equal(sell(NULL).day, 20200116);
}

/* ---- at the aggregator ---- */

static enum err fold_take(void *ctx, const struct stored *s)
{
    fold_event(ctx, str_of(ledger_state(f.till.ledger)->device), s->bytes, NULL,
               0);
    return ERR_OK;
}

/* Revenue of a day and ten minutes. */
static int64_t revenue(const struct roll_set *rows, int day, int slot)
{
    return roll_set_get(rows, 1, "sale %s %d %d",
                        ledger_state(f.till.ledger)->device, day, slot);
}

static void m27_every_sale_is_on_its_day_for_the_organiser(void **state)
{
    enum { EIGHT = 48, TWENTY = 120 }; /* slots of 08:00 and 20:00 */
    struct fold *fold = fold_open();
    struct roll_set rows = { 0 };
    (void)state;
    skew_is_known();
    till_fixture_open(&f);
    open_shift(0);
    sell(NULL);
    till_fixture_pass(&f, DAY_MS);
    sell(NULL);
    sell(NULL);
    sell("2020-01-14T20:00");
    const struct ledger_state *s = ledger_state(f.till.ledger);
    assert_int_equal(ledger_each(f.till.ledger, 1, s->count, fold_take, fold),
                     ERR_OK);
    struct roll_taker taker = roll_set_taker(&rows);
    assert_int_equal(fold_each(fold, &taker), ERR_OK);
    assert_int_equal(revenue(&rows, 20200114, EIGHT), PRICE);
    assert_int_equal(revenue(&rows, 20200114, TWENTY), PRICE);
    assert_int_equal(revenue(&rows, 20200115, EIGHT), 2 * PRICE);
    assert_int_equal(revenue(&rows, 20200111, EIGHT), 0);
    roll_set_done(&rows);
    fold_close(fold);
}

/* ---- and it is shown ---- */

static void m27_the_skew_is_shown(void **state)
{
    struct printer_state none = { 0 };
    struct finding found[FINDINGS_MAX];
    struct status status = { 0 };
    enum style style;
    BUF(line, MAX_TEXT);
    (void)state;
    till_fixture_open(&f);
    skew_is_known();
    assert_true(setup_check(&f.till, &none, found) > 0);
    assert_string_equal(found[0].id, "clock");
    assert_int_equal(found[0].level, FINDING_BAD);
    assert_string_equal(found[0].text, "the clock is 3 days slow");
    status_look(&f.till, &status);
    status_line(&status, f.wall_ms, false, &line, &style);
    assert_string_equal(buf_text(&line), "CLOCK IS WRONG");
    assert_int_equal(style, STYLE_WARN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m27_with_the_skew_known_a_shift_opens_on_the_fairs_day),
        TEST(m27_a_skew_heard_of_while_open_counts_for_the_next_shift),
        TEST(m27_without_contact_the_day_is_the_operators),
        TEST(m27_what_becomes_of_the_clock_moves_no_sale),
        TEST(m27_late_sales_land_on_the_day_of_their_own_time),
        TEST(m27_every_sale_is_on_its_day_for_the_organiser),
        TEST(m27_the_skew_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
