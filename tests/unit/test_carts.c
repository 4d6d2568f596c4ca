/*
 * test_carts.c - the open cart and the parked ones outlive whatever stops the
 * till.
 */
#include "pos/till/carts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pos/till/shift.h"
#include "pos/till/trail.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct cart *cart, *other;
static struct parked parked[PLACES_MAX];
static int n, place;
static bool kept_open; /* an open cart could not be read */

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 0);
    cart = x_alloc(sizeof(*cart));
    other = x_alloc(sizeof(*other));
    assert_int_equal(carts_open(&f.till, cart, &kept_open), ERR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(cart);
    free(other);
    till_fixture_done(&f);
    return 0;
}

static void put(const char *code, int64_t milli)
{
    if (!cart->reference[0])
        assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    const struct product *p = lists_find(f.till.lists, str_of(code));
    assert_non_null(p);
    assert_int_equal(cart_add(cart, p, milli), ERR_OK);
    assert_int_equal(carts_save(&f.till, cart), ERR_OK);
}

static enum err park(const char *label)
{
    return carts_park(&f.till, cart, str_of(label), 7, &place);
}

/* Another process opens the same ledger: nothing was kept in memory. */
static void killed(void)
{
    till_fixture_open(&f);
    memset(cart, 0xee, sizeof(*cart));
    assert_int_equal(carts_open(&f.till, cart, &kept_open), ERR_OK);
}

static void expect_parked(int wanted)
{
    assert_int_equal(carts_parked(&f.till, parked, &n), ERR_OK);
    assert_int_equal(n, wanted);
}

/* ---- the open cart ---- */

struct kept {
    struct buf bytes;
    const char *id;
};

static enum err keep_draft(void *ctx, const char *id, struct str bytes)
{
    struct kept *kept = ctx;
    if (strcmp(id, kept->id) == 0)
        buf_str(&kept->bytes, bytes);
    return ERR_OK;
}

static void kept_init(struct kept *kept, const char *id)
{
    kept->id = id;
    buf_init(&kept->bytes, MAX_TEXT);
    assert_int_equal(ledger_draft_each(f.till.ledger, keep_draft, kept),
                     ERR_OK);
}

static void m06_the_open_cart_stands_on_disk_after_every_change(void **state)
{
    static const char *const codes[] = { "1", "2", "3", "4", "5", "6" };
    char reference[REFERENCE_LEN + 1];
    (void)state;
    assert_int_equal(cart->n_lines, 0);
    put("1", 1000);
    memcpy(reference, cart->reference, sizeof(reference));
    for (int i = 0; i < 6; i++) {
        put(codes[i], 1000 * (i + 1));
        cart->lines[0].discount_vnd = 100 * i;
        cart->order_discount_vnd = i;
        assert_int_equal(carts_save(&f.till, cart), ERR_OK);
        memcpy(other, cart, sizeof(*cart));
        killed();
        assert_memory_equal(cart, other, sizeof(*cart));
        assert_string_equal(cart->reference, reference);
    }
}

/* Beginning reads the whole ledger: that has time until it is needed. */
static void m06_an_emptied_cart_comes_back_empty_and_not_begun(void **state)
{
    struct kept kept;
    (void)state;
    put("1", 1000);
    cart->n_lines = 0;
    assert_int_equal(carts_save(&f.till, cart), ERR_OK);
    kept_init(&kept, cart_draft);
    assert_int_equal(kept.bytes.len, 0);
    killed();
    assert_int_equal(cart->n_lines, 0);
    assert_string_equal(cart->reference, "");
}

static enum err sell_cart(int n_payments)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { cart, &cash, n_payments, 0, 0 };
    struct sold sold;
    return sale_commit(&f.till, &sale, &sold);
}

static void m06_a_sold_cart_is_gone_with_its_sale(void **state)
{
    char reference[REFERENCE_LEN + 1];
    (void)state;
    put("2", 2000);
    memcpy(reference, cart->reference, sizeof(reference));
    assert_int_equal(sell_cart(0), ERR_TENDER);
    killed();
    assert_int_equal(cart->n_lines, 1);
    assert_string_equal(cart->reference, reference);
    assert_int_equal(sell_cart(1), ERR_OK);
    for (int i = 0; i < 2; i++) {
        killed();
        assert_int_equal(cart->n_lines, 0);
        assert_string_not_equal(cart->reference, reference);
    }
}

static void m06_the_next_cart_takes_the_sold_ones_place(void **state)
{
    (void)state;
    put("2", 2000);
    assert_int_equal(sell_cart(1), ERR_OK);
    cart_init(cart);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    put("1", 1000);
    memcpy(other, cart, sizeof(*cart));
    killed();
    assert_memory_equal(cart, other, sizeof(*cart));
}

/* A caller's basket names the cart, not its reference. */
static void m06_a_cart_sold_under_a_basket_id_is_gone_too(void **state)
{
    (void)state;
    snprintf(cart->basket, sizeof(cart->basket), "till-7/0001");
    put("2", 2000);
    assert_int_equal(sell_cart(1), ERR_OK);
    killed();
    assert_int_equal(cart->n_lines, 0);
}

/* As a program before this one left it. */
static void m06_a_sold_cart_that_does_not_know_since_when_is_gone_too(void **s)
{
    (void)s;
    put("2", 2000);
    cart->since = 0;
    assert_int_equal(carts_save(&f.till, cart), ERR_OK);
    assert_int_equal(sell_cart(1), ERR_OK);
    killed();
    assert_int_equal(cart->n_lines, 0);
}

/* Only what was recorded since it was begun can be its sale. */
static void m06_a_cart_knows_since_when_it_is_one(void **state)
{
    struct sold sold;
    (void)state;
    put("1", 1000);
    assert_int_equal(cart->since, ledger_state(f.till.ledger)->count);
    assert_int_equal(sell_cart(1), ERR_OK);
    cart_init(cart);
    put("2", 1000);
    int64_t since = cart->since;
    assert_int_equal(since, ledger_state(f.till.ledger)->count);
    assert_int_equal(till_fixture_sell(&f, "1", 1000, &sold), ERR_OK);
    killed();
    assert_int_equal(cart->n_lines, 1);
    assert_int_equal(cart->since, since);
    assert_int_equal(sell_cart(1), ERR_OK);
    killed();
    assert_int_equal(cart->n_lines, 0);
}

static void save_draft(const char *id, const char *bytes)
{
    assert_int_equal(ledger_draft_save(f.till.ledger, id, str_of(bytes)),
                     ERR_OK);
}

static void a_cancelled_cart_is_gone_with_its_event(void **state)
{
    (void)state;
    put("2", 2000);
    assert_int_equal(trail_cart_cancelled(&f.till, cart, cart_draft, 3),
                     ERR_OK);
    killed();
    assert_int_equal(cart->n_lines, 0);
}

static void a_draft_of_nothing_is_no_cart(void **state)
{
    static const char *const empty[] = { "",
                                         "{\"lines\":[],\"ref\":\"ABCDE\"}" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
        save_draft(cart_draft, empty[i]);
        save_draft("park.3", empty[i]);
        killed();
        assert_int_equal(cart->n_lines, 0);
        assert_false(kept_open);
        expect_parked(0);
        assert_int_equal(carts_recall(&f.till, 3, cart), ERR_NOT_FOUND);
    }
}

/* ---- drafts that cannot be read ---- */

static const char *const unread[] = {
    "x",
    "{}",
    "\xff\xfe",
    "{\"lines\":[],\"ref\":\"ABCDE\",\"since\":-1}",
    ("{\"lines\":[{\"milli\":1000,\"name\":\"Trà\",\"price\":1000,"
     "\"sku\":\"X\",\"unit\":\"\"}],\"newer\":1,\"ref\":\"ABCDE\"}"),
    "{\"at\":1,\"cart\":{\"lines\":[],\"newer\":1,\"ref\":\"ABCDE\"}}",
};

static void expect_draft(const char *id, const char *bytes)
{
    struct kept kept;
    kept_init(&kept, id);
    assert_string_equal(buf_text(&kept.bytes), bytes);
    buf_done(&kept.bytes);
}

/* Killed at any moment, it is in one place only, and told of until another
 * cart stands in its draft. */
static void m06_an_open_cart_nobody_can_read_is_kept_and_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unread); i++) {
        save_draft(cart_draft, unread[i]);
        for (int again = 0; again < 2; again++) {
            killed();
            assert_true(kept_open);
            assert_int_equal(cart->n_lines, 0);
            expect_draft("park.1", unread[i]);
            expect_parked(1);
        }
        put("1", 1000);
        killed();
        assert_false(kept_open);
        assert_int_equal(cart->n_lines, 1);
        assert_int_equal(park(""), ERR_OK);
        assert_int_equal(place, 2);
        assert_int_equal(carts_recall(&f.till, 2, cart), ERR_OK);
        assert_int_equal(sell_cart(1), ERR_OK);
        till_fixture_reboot(&f);
        killed();
        cart_init(cart);
        assert_int_equal(carts_recall(&f.till, 1, cart), ERR_NEWER);
        expect_parked(1);
        expect_draft("park.1", unread[i]);
        assert_int_equal(ledger_draft_drop(f.till.ledger, "park.1"), ERR_OK);
    }
}

static void m07_a_parked_cart_nobody_can_read_keeps_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unread); i++) {
        save_draft("park.1", unread[i]);
        killed();
        assert_false(kept_open);
        put("2", 1000);
        assert_int_equal(park(""), ERR_OK);
        assert_int_equal(place, 2);
        expect_parked(2);
        assert_int_equal(parked[0].place, 1);
        assert_int_equal(parked[0].n_lines, 0);
        assert_int_equal(carts_recall(&f.till, 1, cart), ERR_NEWER);
        expect_draft("park.1", unread[i]);
        assert_int_equal(carts_recall(&f.till, 2, cart), ERR_OK);
        cart_init(cart);
        assert_int_equal(carts_save(&f.till, cart), ERR_OK);
    }
}

static void m07_nine_parked_carts_hinder_no_keeping(void **state)
{
    (void)state;
    for (int i = 0; i < PARKED_MAX; i++) {
        put("2", 1000);
        assert_int_equal(park(""), ERR_OK);
    }
    for (int i = PARKED_MAX; i < PLACES_MAX; i++) {
        save_draft(cart_draft, unread[i - PARKED_MAX]);
        killed();
        assert_true(kept_open);
        expect_parked(i + 1);
    }
    expect_draft("park.10", unread[0]);
    expect_draft("park.12", unread[2]);
    save_draft(cart_draft, unread[3]);
    assert_int_equal(carts_open(&f.till, cart, &kept_open), ERR_LIMIT);
    expect_draft(cart_draft, unread[3]);
}

/* The program that wrote it is back: it is the bytes it wrote. */
static void m06_who_can_read_it_has_the_kept_cart_again(void **state)
{
    struct kept kept;
    (void)state;
    put("1", 500);
    memcpy(other, cart, sizeof(*cart));
    kept_init(&kept, cart_draft);
    save_draft("park.1", buf_text(&kept.bytes));
    killed(); /* before anything else was rung up: it is open still */
    assert_memory_equal(cart, other, sizeof(*cart));
    expect_parked(0);
    cart_init(cart);
    assert_int_equal(carts_save(&f.till, cart), ERR_OK);
    save_draft("park.10", buf_text(&kept.bytes));
    buf_done(&kept.bytes);
    killed();
    expect_parked(1);
    assert_int_equal(parked[0].place, 10);
    assert_int_equal(parked[0].n_lines, 1);
    assert_int_equal(parked[0].at_ms, 0);
    assert_int_equal(carts_recall(&f.till, 10, cart), ERR_OK);
    assert_memory_equal(cart, other, sizeof(*cart));
    expect_parked(0);
}

/* A sold cart's draft stays: it is none of a newer version's, either. */
static void m06_a_newer_cart_that_was_sold_is_not_kept(void **state)
{
    BUF(newer, MAX_TEXT);
    struct kept kept;
    (void)state;
    put("2", 2000);
    kept_init(&kept, cart_draft);
    assert_int_equal(sell_cart(1), ERR_OK);
    buf_printf(&newer, "{\"and\":1,%s", buf_text(&kept.bytes) + 1);
    buf_done(&kept.bytes);
    save_draft(cart_draft, buf_text(&newer));
    save_draft("park.2", buf_text(&newer));
    killed();
    assert_false(kept_open);
    expect_parked(0);
    expect_draft("park.1", "");
    expect_draft("park.2", "");
}

/* ---- parking ---- */

static void m07_nine_carts_are_parked_and_a_tenth_is_refused(void **state)
{
    char label[32];
    (void)state;
    for (int i = 1; i <= PARKED_MAX; i++) {
        put("2", 1000 * i);
        snprintf(label, sizeof(label), "khách %d", i);
        assert_int_equal(park(label), ERR_OK);
        assert_int_equal(place, i);
        assert_int_equal(cart->n_lines, 0);
        assert_int_equal(strlen(cart->reference), REFERENCE_LEN);
    }
    put("6", 1000);
    memcpy(other, cart, sizeof(*cart));
    assert_int_equal(park("one more"), ERR_LIMIT);
    assert_memory_equal(cart, other, sizeof(*cart));
    expect_parked(PARKED_MAX);
    for (int i = 0; i < n; i++) {
        snprintf(label, sizeof(label), "khách %d", i + 1);
        assert_int_equal(parked[i].place, i + 1);
        assert_int_equal(parked[i].n_lines, 1);
        assert_int_equal(parked[i].total_vnd, 120000 * (i + 1));
        assert_int_equal(parked[i].at_ms, f.wall_ms);
        assert_int_equal(parked[i].op, 7);
        assert_string_equal(parked[i].first, "Trà hoa vàng");
        assert_string_equal(parked[i].label, label);
    }
}

static void m07_parked_carts_stay_over_restart_and_shift(void **state)
{
    struct shift_report report;
    (void)state;
    put("1", 500);
    put("2", 2000);
    memcpy(other, cart, sizeof(*cart));
    assert_int_equal(park(""), ERR_OK);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    till_fixture_reboot(&f);
    killed();
    till_fixture_shift(&f, 0);
    expect_parked(1);
    assert_string_equal(parked[0].label, "");
    assert_int_equal(carts_recall(&f.till, 1, cart), ERR_OK);
    assert_memory_equal(cart, other, sizeof(*cart));
    expect_parked(0);
    killed();
    assert_memory_equal(cart, other, sizeof(*cart));
}

static void m07_a_freed_place_is_taken_first(void **state)
{
    (void)state;
    for (int i = 1; i <= 3; i++) {
        put("6", 1000 * i);
        assert_int_equal(park(""), ERR_OK);
    }
    assert_int_equal(carts_recall(&f.till, 2, cart), ERR_OK);
    assert_int_equal(cart->lines[0].milli, 2000);
    assert_int_equal(park(""), ERR_OK);
    assert_int_equal(place, 2);
}

static void m07_only_an_empty_cart_gives_way(void **state)
{
    (void)state;
    put("1", 1000);
    assert_int_equal(park(""), ERR_OK);
    put("2", 1000);
    assert_int_equal(carts_recall(&f.till, 1, cart), ERR_EXISTS);
    expect_parked(1);
    cart->n_lines = 0;
    assert_int_equal(carts_save(&f.till, cart), ERR_OK);
    assert_int_equal(carts_recall(&f.till, 0, cart), ERR_NOT_FOUND);
    assert_int_equal(carts_recall(&f.till, 2, cart), ERR_NOT_FOUND);
    assert_int_equal(carts_recall(&f.till, 10, cart), ERR_NOT_FOUND);
    assert_int_equal(carts_recall(&f.till, 1, cart), ERR_OK);
}

static void a_label_is_one_line_of_text(void **state)
{
    static const char *const wrong[] = { "a\nb", "\x1b[2J", " x", "\xff" };
    (void)state;
    put("1", 1000);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(park(wrong[i]), ERR_INVALID);
    expect_parked(0);
    assert_int_equal(park("chị \"áo đỏ\" \\ bàn 3"), ERR_OK);
    expect_parked(1);
    assert_string_equal(parked[0].label, "chị \"áo đỏ\" \\ bàn 3");
}

/* ---- killed in between ---- */

/* Puts back the draft that a step to come would have removed. */
static void put_back(struct kept *kept)
{
    assert_true(kept->bytes.len > 0);
    assert_int_equal(
        ledger_draft_save(f.till.ledger, kept->id, buf_slice(&kept->bytes)),
        ERR_OK);
    buf_done(&kept->bytes);
}

static void m06_a_kill_while_parking_leaves_one_cart(void **state)
{
    struct kept kept;
    (void)state;
    put("1", 1000);
    memcpy(other, cart, sizeof(*cart));
    kept_init(&kept, cart_draft);
    assert_int_equal(park(""), ERR_OK);
    put_back(&kept);
    killed();
    assert_memory_equal(cart, other, sizeof(*cart));
    expect_parked(0);
}

static void m06_a_kill_while_recalling_leaves_one_cart(void **state)
{
    struct kept kept;
    (void)state;
    put("1", 1000);
    memcpy(other, cart, sizeof(*cart));
    assert_int_equal(park(""), ERR_OK);
    kept_init(&kept, "park.1");
    assert_int_equal(carts_recall(&f.till, 1, cart), ERR_OK);
    put_back(&kept);
    killed();
    assert_memory_equal(cart, other, sizeof(*cart));
    expect_parked(0);
}

static void m06_a_kill_while_recalling_brings_no_cancelled_cart_back(void **s)
{
    struct kept kept;
    (void)s;
    put("1", 1000);
    assert_int_equal(park(""), ERR_OK);
    kept_init(&kept, "park.1");
    assert_int_equal(carts_recall(&f.till, 1, cart), ERR_OK);
    put_back(&kept);
    killed();
    assert_int_equal(trail_cart_cancelled(&f.till, cart, cart_draft, 3),
                     ERR_OK);
    expect_parked(0);
}

static void a_parked_cart_that_was_sold_meanwhile_is_no_cart(void **state)
{
    struct kept kept;
    (void)state;
    put("1", 1000);
    assert_int_equal(park(""), ERR_OK);
    kept_init(&kept, "park.1");
    assert_int_equal(carts_recall(&f.till, 1, cart), ERR_OK);
    assert_int_equal(sell_cart(1), ERR_OK);
    put_back(&kept);
    expect_parked(0);
    killed();
    assert_int_equal(carts_recall(&f.till, 1, cart), ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m06_the_open_cart_stands_on_disk_after_every_change),
        TEST(m06_an_emptied_cart_comes_back_empty_and_not_begun),
        TEST(m06_a_sold_cart_is_gone_with_its_sale),
        TEST(m06_the_next_cart_takes_the_sold_ones_place),
        TEST(m06_a_cart_sold_under_a_basket_id_is_gone_too),
        TEST(m06_a_sold_cart_that_does_not_know_since_when_is_gone_too),
        TEST(m06_a_cart_knows_since_when_it_is_one),
        TEST(a_cancelled_cart_is_gone_with_its_event),
        TEST(a_draft_of_nothing_is_no_cart),
        TEST(m06_an_open_cart_nobody_can_read_is_kept_and_told),
        TEST(m07_a_parked_cart_nobody_can_read_keeps_its_place),
        TEST(m07_nine_parked_carts_hinder_no_keeping),
        TEST(m06_who_can_read_it_has_the_kept_cart_again),
        TEST(m06_a_newer_cart_that_was_sold_is_not_kept),
        TEST(m07_nine_carts_are_parked_and_a_tenth_is_refused),
        TEST(m07_parked_carts_stay_over_restart_and_shift),
        TEST(m07_a_freed_place_is_taken_first),
        TEST(m07_only_an_empty_cart_gives_way),
        TEST(a_label_is_one_line_of_text),
        TEST(m06_a_kill_while_parking_leaves_one_cart),
        TEST(m06_a_kill_while_recalling_leaves_one_cart),
        TEST(m06_a_kill_while_recalling_brings_no_cancelled_cart_back),
        TEST(a_parked_cart_that_was_sold_meanwhile_is_no_cart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
