/*
 * test_sale_rules.c - what may be sold today: judged before an event is made,
 * noted in it, refused where the organiser chose so.
 */
#include "pos/till/sale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

/* The fixture's products: a certificate that ended on 2020-01-10, one that
 * ends on 2020-01-16, within the fair. */
#define EXPIRED  "3"
#define EXPIRING "4"
#define GOOD     "2"

static struct till_fixture f;
static struct cart *cart;
static struct sold sold;
static struct record *r;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    cart = x_alloc(sizeof(*cart));
    r = record_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    record_close(r);
    free(cart);
    till_fixture_done(&f);
    return 0;
}

/* The organiser's choice arrives with new lists. */
static void refuse(int64_t rules)
{
    struct list_fair fair = till_fixture_fair();
    fair.refuse = rules;
    till_fixture_adopt(&f, &fair, till_fixture_products,
                       till_fixture_n_products);
    till_fixture_open(&f);
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

static void put(const char *code)
{
    const struct product *p = lists_find(f.till.lists, str_of(code));
    assert_non_null(p);
    assert_int_equal(cart_add(cart, p, 1000), ERR_OK);
}

static void begin(const char *code)
{
    cart_init(cart);
    put(code);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
}

static void begin_unlisted(void)
{
    cart_init(cart);
    assert_int_equal(
        cart_add_unlisted(cart, STR("Bánh gai"), STR("cái"), 85000, 1000),
        ERR_OK);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
}

static enum err sell_late(const char *time)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { .cart = cart, .payments = &cash, .n_payments = 1 };
    if (time)
        assert_int_equal(time_parse(str_of(time), &sale.late_ms), ERR_OK);
    return sale_commit(&f.till, &sale, &sold);
}

static enum err sell(void)
{
    return sell_late(NULL);
}

static const struct body_sale *recorded(void)
{
    assert_int_equal(till_record(&f.till, sold.seq, r), ERR_OK);
    assert_int_equal(r->event.kind, EV_SALE);
    return &r->body.sale;
}

static void assert_refused(enum err wanted, int line)
{
    enum err why = ERR_OK;
    int64_t before = count();
    assert_int_equal(sell(), wanted);
    assert_int_equal(count(), before);
    assert_int_equal(sale_refused(&f.till, cart, &why), line);
    assert_int_equal(why, wanted);
}

static void assert_allowed(void)
{
    enum err why = ERR_OK;
    assert_int_equal(sale_refused(&f.till, cart, &why), -1);
    assert_int_equal(why, ERR_OK);
    assert_int_equal(sell(), ERR_OK);
}

/* ---- certificates ---- */

static void n06_what_expires_or_has_expired_sells_and_is_noted(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin(EXPIRED);
    put(EXPIRING);
    put(GOOD);
    assert_allowed();
    assert_int_equal(sold.notes, NOTE_EXPIRED | NOTE_EXPIRING);
    const struct body_sale *s = recorded();
    static const int of_lines[] = { NOTE_EXPIRED, NOTE_EXPIRING, 0 };
    for (int i = 0; i < 3; i++)
        assert_int_equal(sale_line_notes(&f.till, &s->lines[i], sold.day),
                         of_lines[i]);
}

static void n06_expired_goods_are_refused_where_chosen(void **state)
{
    (void)state;
    refuse(REFUSE_EXPIRED);
    till_fixture_shift(&f, 0);
    begin(GOOD);
    put(EXPIRING);
    put(EXPIRED);
    assert_refused(ERR_EXPIRED, 2);
    begin(GOOD);
    put(EXPIRING);
    assert_allowed();
    assert_int_equal(sold.notes, NOTE_EXPIRING);
    begin_unlisted();
    assert_allowed();
    assert_int_equal(sold.notes, NOTE_UNLISTED);
}

/* The rule follows the lists, not the cart. */
static void a_choice_taken_back_lets_the_same_cart_go(void **state)
{
    (void)state;
    refuse(REFUSE_EXPIRED);
    till_fixture_shift(&f, 0);
    begin(EXPIRED);
    assert_refused(ERR_EXPIRED, 0);
    refuse(0);
    assert_allowed();
}

/* Its last day is over at the cut-off; nothing is sold before the day has
 * turned, and no day turns for what is not sold. */
static void the_day_that_begins_with_the_sale_judges_it(void **state)
{
    int64_t seq;
    (void)state;
    refuse(REFUSE_EXPIRED);
    assert_int_equal(shift_open(&f.till, 0, 20200116, 0, &seq), ERR_OK);
    till_fixture_pass(&f, 19 * 3600000); /* 03:00 */
    begin(EXPIRING);
    assert_allowed();
    till_fixture_pass(&f, 3600000); /* 04:00 */
    begin(EXPIRING);
    assert_int_equal(shift_day_now(&f.till), 20200117);
    assert_refused(ERR_EXPIRED, 0);
    assert_int_equal(f.till.shift.day, 20200116);
    begin(GOOD);
    assert_allowed();
    assert_int_equal(sold.day, 20200117);
    assert_int_equal(sold.notes, NOTE_DAY_TURNED);
}

/* It was sold: the ledger says so, and that it should not have been. */
static void a_late_entry_is_recorded_and_noted(void **state)
{
    (void)state;
    refuse(REFUSE_EXPIRED | REFUSE_UNLISTED);
    till_fixture_shift(&f, 0);
    begin(EXPIRED);
    assert_int_equal(sell_late("2020-01-14T07:30"), ERR_OK);
    assert_int_equal(sold.notes, NOTE_LATE | NOTE_EXPIRED);
    begin_unlisted();
    assert_int_equal(sell_late("2020-01-14T07:30"), ERR_OK);
    assert_int_equal(sold.notes, NOTE_LATE | NOTE_UNLISTED);
}

/* ---- off the list ---- */

static void m13_what_is_not_on_the_list_sells_flagged(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin_unlisted();
    assert_allowed();
    assert_int_equal(sold.notes, NOTE_UNLISTED);
    assert_int_equal(sold.total_vnd, 85000);
    const struct body_sale *s = recorded();
    assert_int_equal(s->lines[0].more.unlisted, 1);
    assert_true(str_is(s->lines[0].sku, "KHAC"));
    assert_true(str_is(s->lines[0].name, "Bánh gai"));
    till_fixture_verify(&f);
}

static void m13_off_the_list_is_refused_where_chosen(void **state)
{
    (void)state;
    refuse(REFUSE_UNLISTED);
    till_fixture_shift(&f, 0);
    begin_unlisted();
    assert_refused(ERR_NOT_ALLOWED, 0);
    begin(EXPIRED);
    assert_allowed();
    assert_int_equal(sold.notes, NOTE_EXPIRED);
}

/* A cart that was parked, or open while new lists came. */
static void what_has_left_the_list_is_off_it(void **state)
{
    struct list_fair fair = till_fixture_fair();
    struct sold again;
    (void)state;
    till_fixture_shift(&f, 0);
    begin(GOOD);
    till_fixture_adopt(&f, &fair, till_fixture_products, 1);
    till_fixture_open(&f);
    assert_allowed();
    assert_int_equal(sold.notes, NOTE_UNLISTED);
    assert_int_equal(recorded()->lines[0].more.unlisted, 1);
    assert_int_equal(sale_find(&f.till, str_of(sold.basket), &again), ERR_OK);
    assert_int_equal(again.notes, sold.notes);
    begin("1");
    memcpy(cart->lines[0].sku, "TH-01", sizeof("TH-01"));
    fair.refuse = REFUSE_UNLISTED;
    till_fixture_adopt(&f, &fair, till_fixture_products, 1);
    till_fixture_open(&f);
    assert_refused(ERR_NOT_ALLOWED, 0);
}

/* ---- as everywhere ---- */

static void what_was_recorded_is_found_whatever_the_rules(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin(EXPIRED);
    assert_allowed();
    int64_t seq = sold.seq;
    refuse(REFUSE_EXPIRED);
    assert_int_equal(sell(), ERR_OK);
    assert_true(sold.repeated);
    assert_int_equal(sold.seq, seq);
    assert_int_equal(sold.notes, NOTE_EXPIRED);
}

static void a_new_sale_answers_what_is_recorded(void **state)
{
    struct sold again;
    (void)state;
    till_fixture_shift(&f, 0);
    begin(EXPIRED);
    put(GOOD);
    assert_allowed();
    assert_int_equal(sale_recall(&f.till, sold.seq, &again), ERR_OK);
    assert_int_equal(again.seq, sold.seq);
    assert_int_equal(again.total_vnd, sold.total_vnd);
    assert_int_equal(again.tendered_vnd, sold.tendered_vnd);
    assert_int_equal(again.change_vnd, sold.change_vnd);
    assert_int_equal(again.day, sold.day);
    assert_int_equal(again.notes, sold.notes);
    assert_string_equal(again.reference, sold.reference);
    assert_string_equal(again.basket, sold.basket);
}

static void a_practice_till_sells_by_the_same_rules(void **state)
{
    (void)state;
    refuse(REFUSE_EXPIRED);
    f.till.practice = true;
    till_fixture_shift(&f, 0);
    begin(EXPIRED);
    assert_refused(ERR_EXPIRED, 0);
    begin(EXPIRING);
    assert_allowed();
    assert_int_equal(sold.notes, NOTE_EXPIRING);
}

static void without_lists_nothing_is_refused_or_called_unlisted(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0);
    begin(GOOD);
    lists_close(f.till.lists);
    f.till.lists = NULL;
    assert_allowed();
    assert_int_equal(sold.notes, 0);
}

/* ---- the fair-day ---- */

static void m27_a_clock_three_days_behind_moves_no_sale(void **state)
{
    (void)state;
    till_fixture_shift(&f, 0); /* 2020-01-14, said by the operator */
    f.wall_ms -= 3 * DAY_MS;
    begin(GOOD);
    assert_allowed();
    assert_int_equal(sold.day, 20200114);
    till_fixture_reboot(&f); /* the battery of its clock is empty */
    till_fixture_open(&f);
    begin(GOOD);
    assert_allowed();
    assert_int_equal(sold.day, 20200114);
    assert_int_equal(sold.notes, 0);
    till_fixture_verify(&f);
}

static void m27_the_known_offset_says_which_day_it_is(void **state)
{
    int64_t seq;
    (void)state;
    f.wall_ms -= 3 * DAY_MS;
    till_fixture_offset(&f, 3 * DAY_MS);
    till_fixture_open(&f);
    assert_int_equal(till_day_now(&f.till), 20200114);
    assert_int_equal(shift_open(&f.till, 0, 0, 0, &seq), ERR_OK);
    begin(GOOD);
    assert_allowed();
    assert_int_equal(sold.day, 20200114);
    begin(GOOD);
    assert_int_equal(sell_late("2020-01-13T21:00"), ERR_OK);
    assert_int_equal(sold.day, 20200113);
    begin(GOOD); /* after midnight, before the cut-off */
    assert_int_equal(sell_late("2020-01-14T03:59"), ERR_OK);
    assert_int_equal(sold.day, 20200113);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(n06_what_expires_or_has_expired_sells_and_is_noted),
        RULE(n06_expired_goods_are_refused_where_chosen),
        RULE(a_choice_taken_back_lets_the_same_cart_go),
        RULE(the_day_that_begins_with_the_sale_judges_it),
        RULE(a_late_entry_is_recorded_and_noted),
        RULE(m13_what_is_not_on_the_list_sells_flagged),
        RULE(m13_off_the_list_is_refused_where_chosen),
        RULE(what_has_left_the_list_is_off_it),
        RULE(what_was_recorded_is_found_whatever_the_rules),
        RULE(a_new_sale_answers_what_is_recorded),
        RULE(a_practice_till_sells_by_the_same_rules),
        RULE(without_lists_nothing_is_refused_or_called_unlisted),
        RULE(m27_a_clock_three_days_behind_moves_no_sale),
        RULE(m27_the_known_offset_says_which_day_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
