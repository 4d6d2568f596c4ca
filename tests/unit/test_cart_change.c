/*
 * test_cart_change.c - changing a cart: quantities, removals, stamps, items
 * off the list and discounts. Whatever is done, it adds up.
 */
#include "pos/model/cart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/money.h"
#include "fair/text.h"

static struct cart cart, before;

static int set_up(void **state)
{
    (void)state;
    cart_init(&cart);
    return 0;
}

static void add(const char *sku, int64_t price_vnd, int64_t milli)
{
    struct product p = { .sku = str_of(sku),
                         .name = STR("Chả mực"),
                         .unit = STR("kg"),
                         .price_vnd = price_vnd };
    assert_int_equal(cart_add(&cart, &p, milli), ERR_OK);
}

static int64_t total(void)
{
    int64_t vnd = -1;
    assert_int_equal(cart_total(&cart, &vnd), ERR_OK);
    return vnd;
}

static void unchanged(void)
{
    assert_memory_equal(&cart, &before, sizeof(cart));
}

/* ---- quantities and removals ---- */

static void a_line_becomes_the_quantity_that_is_said(void **state)
{
    (void)state;
    add("A", 85000, 1000);
    add("B", 10000, 1000);
    assert_int_equal(cart_set_quantity(&cart, 0, 5000), ERR_OK);
    assert_int_equal(total(), 435000);
    assert_int_equal(cart_set_quantity(&cart, 0, 385), ERR_OK);
    assert_int_equal(total(), 32725 + 10000);
}

static void a_quantity_too_much_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    add("A", 0, 1000);
    add("B", MONEY_MAX, 1000);
    before = cart;
    assert_int_equal(cart_set_quantity(&cart, 0, MILLI_MAX + 1), ERR_LIMIT);
    assert_int_equal(cart_set_quantity(&cart, 1, 1001), ERR_LIMIT);
    unchanged();
    assert_int_equal(cart_set_quantity(&cart, 0, MILLI_MAX), ERR_OK);
    assert_int_equal(cart_set_quantity(&cart, 1, 1000), ERR_OK);
}

static void a_removed_line_leaves_the_others_in_order(void **state)
{
    (void)state;
    add("A", 1, 1000);
    add("B", 20, 1000);
    add("C", 300, 1000);
    cart_remove(&cart, 1);
    assert_int_equal(cart.n_lines, 2);
    assert_string_equal(cart.lines[0].sku, "A");
    assert_string_equal(cart.lines[1].sku, "C");
    assert_int_equal(total(), 301);
    cart_remove(&cart, 1);
    cart_remove(&cart, 0);
    cart_init(&before);
    unchanged();
}

static void a_full_cart_loses_its_last_line(void **state)
{
    char sku[16];
    (void)state;
    for (int i = 0; i < MAX_LINES; i++) {
        snprintf(sku, sizeof(sku), "S%d", i);
        add(sku, 1000, 1000);
    }
    cart_remove(&cart, MAX_LINES - 1);
    assert_int_equal(cart.n_lines, MAX_LINES - 1);
    cart_remove(&cart, 0);
    assert_string_equal(cart.lines[0].sku, "S1");
    assert_string_equal(cart.lines[MAX_LINES - 3].sku, "S198");
}

static void a_new_cart_has_no_name_yet(void **state)
{
    (void)state;
    add("A", 1, 1000);
    memcpy(cart.reference, "K7Q2M", 6);
    memcpy(cart.basket, "b-1", 4);
    cart_init(&cart);
    assert_string_equal(cart.reference, "");
    assert_string_equal(cart.basket, "");
    assert_int_equal(total(), 0);
}

/* ---- items off the list ---- */

static void m13_an_item_off_the_list_is_flagged(void **state)
{
    static union body body;
    (void)state;
    add("A", 1000, 1000);
    assert_int_equal(
        cart_add_unlisted(&cart, STR("Bánh cooc mò"), STR("cái"), 15000, 2000),
        ERR_OK);
    assert_int_equal(
        cart_add_unlisted(&cart, STR("Bánh cooc mò"), STR(""), 15000, 2000),
        ERR_OK);
    assert_int_equal(cart.n_lines, 3);
    assert_int_equal(cart_body(&cart, &body.sale), ERR_OK);
    const struct line *l = &body.sale.lines[1];
    assert_int_equal(l->more.unlisted, 1);
    assert_int_equal(body.sale.lines[0].more.unlisted, 0);
    assert_true(str_is(l->sku, cart_unlisted_sku));
    assert_true(id_sku(l->sku));
    assert_true(str_is(l->name, "Bánh cooc mò"));
    assert_true(str_is(l->unit, "cái"));
    assert_int_equal(l->milli, 2000);
    assert_int_equal(l->price_vnd, 15000);
    assert_int_equal(l->amount_vnd, 30000);
}

static void a_listed_product_never_joins_one_off_the_list(void **state)
{
    (void)state;
    assert_int_equal(
        cart_add_unlisted(&cart, STR("Khác"), STR(""), 15000, 1000), ERR_OK);
    add(cart_unlisted_sku, 15000, 1000);
    assert_int_equal(cart.n_lines, 2);
    assert_false(cart.lines[1].unlisted);
}

static void an_item_off_the_list_needs_a_name_that_can_be_printed(void **state)
{
    char wide[MAX_NAME_COLUMNS + 1];
    (void)state;
    memset(wide, 'a', sizeof(wide));
    struct str long_name = { wide, sizeof(wide) };
    struct str unit = STR("cái"), name = STR("Bánh");
    before = cart;
    assert_int_equal(cart_add_unlisted(&cart, STR(""), unit, 1, 1000),
                     ERR_INVALID);
    assert_int_equal(cart_add_unlisted(&cart, STR("a\nb"), unit, 1, 1000),
                     ERR_INVALID);
    assert_int_equal(cart_add_unlisted(&cart, name, STR("\x1B"), 1, 1000),
                     ERR_INVALID);
    assert_int_equal(cart_add_unlisted(&cart, long_name, unit, 1, 1000),
                     ERR_INVALID);
    assert_int_equal(cart_add_unlisted(&cart, name, unit, MONEY_MAX, MILLI_MAX),
                     ERR_LIMIT);
    unchanged();
    for (int i = 0; i < MAX_LINES; i++)
        assert_int_equal(cart_add_unlisted(&cart, name, unit, 1, 1000), ERR_OK);
    assert_int_equal(cart_add_unlisted(&cart, name, unit, 1, 1000), ERR_LIMIT);
}

/* ---- stamps ---- */

static void a_stamp_belongs_to_one_piece(void **state)
{
    int line = -1;
    (void)state;
    add("A", 1001, 3000);
    add("B", 5, 1000);
    assert_int_equal(cart_discount_line(&cart, 0, 100), ERR_OK);
    int64_t was = total();
    assert_int_equal(cart_set_stamp(&cart, 0, STR("8936-1"), &line), ERR_OK);
    assert_int_equal(line, 1);
    assert_int_equal(cart.n_lines, 3);
    assert_int_equal(cart.lines[0].milli, 2000);
    assert_int_equal(cart.lines[0].discount_vnd, 67);
    assert_string_equal(cart.lines[0].stamp, "");
    assert_int_equal(cart.lines[1].milli, 1000);
    assert_int_equal(cart.lines[1].discount_vnd, 33);
    assert_string_equal(cart.lines[1].stamp, "8936-1");
    assert_string_equal(cart.lines[1].sku, "A");
    assert_string_equal(cart.lines[2].sku, "B");
    assert_int_equal(total(), was);
}

static void a_single_piece_or_a_weighed_bag_takes_the_stamp(void **state)
{
    int line = -1;
    (void)state;
    add("A", 1000, 1000);
    add("B", 1000, 1500);
    assert_int_equal(cart_set_stamp(&cart, 0, STR("1"), &line), ERR_OK);
    assert_int_equal(line, 0);
    assert_int_equal(cart_set_stamp(&cart, 1, STR("2"), &line), ERR_OK);
    assert_int_equal(line, 1);
    assert_int_equal(cart.n_lines, 2);
    assert_string_equal(cart.lines[1].stamp, "2");
    add("A", 1000, 1000);
    assert_int_equal(cart.n_lines, 3);
}

static void a_stamp_that_cannot_be_kept_changes_nothing(void **state)
{
    char stamp[MAX_NAME_COLUMNS + 1], sku[16];
    int line = -7;
    (void)state;
    memset(stamp, '8', sizeof(stamp));
    add("A", 1000, 2000);
    before = cart;
    assert_int_equal(cart_set_stamp(&cart, 0, STR(""), &line), ERR_INVALID);
    assert_int_equal(cart_set_stamp(&cart, 0, STR("a\tb"), &line), ERR_INVALID);
    struct str text = { stamp, sizeof(stamp) };
    assert_int_equal(cart_set_stamp(&cart, 0, text, &line), ERR_LIMIT);
    unchanged();
    for (int i = 1; i < MAX_LINES; i++) {
        snprintf(sku, sizeof(sku), "S%d", i);
        add(sku, 1000, 1000);
    }
    before = cart;
    assert_int_equal(cart_set_stamp(&cart, 0, STR("1"), &line), ERR_LIMIT);
    assert_int_equal(line, -7);
    unchanged();
    text.len--;
    assert_int_equal(cart_set_stamp(&cart, 1, text, &line), ERR_OK);
    assert_int_equal(line, 1);
}

/* ---- discounts ---- */

static void m12_percentages_are_rounded_half_up_to_one_dong(void **state)
{
    static const int64_t rows[][3] = {
        { 85000, 1000, 8500 },  { 105, 1000, 11 }, { 104, 1000, 10 },
        { 69317, 1000, 6932 },  { 3, 3333, 1 },    { 99999, 1, 10 },
        { 50, 9999, 50 },       { 0, 5000, 0 },    { 12345, 0, 0 },
        { 77777, 10000, 77777 }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(cart_percent(rows[i][0], rows[i][1]), rows[i][2]);
    assert_int_equal(cart_percent(MONEY_MAX, 10000), MONEY_MAX);
}

static void m12_a_line_or_the_order_costs_less(void **state)
{
    (void)state;
    add("A", 85000, 2000);
    add("B", 30000, 1000);
    assert_int_equal(cart_discount_line(&cart, 0, 17000), ERR_OK);
    assert_int_equal(total(), 183000);
    assert_int_equal(cart_discount_order(&cart, 3000), ERR_OK);
    assert_int_equal(total(), 180000);
    assert_int_equal(cart_discount_line(&cart, 0, 0), ERR_OK);
    assert_int_equal(cart_discount_order(&cart, 0), ERR_OK);
    assert_int_equal(total(), 200000);
}

static void a_discount_above_what_it_is_taken_off_is_refused(void **state)
{
    (void)state;
    add("A", 85000, 2000);
    assert_int_equal(cart_discount_line(&cart, 0, 70000), ERR_OK);
    before = cart;
    assert_int_equal(cart_discount_line(&cart, 0, 170001), ERR_LIMIT);
    assert_int_equal(cart_discount_line(&cart, 0, -1), ERR_LIMIT);
    assert_int_equal(cart_discount_order(&cart, 100001), ERR_LIMIT);
    assert_int_equal(cart_discount_order(&cart, -1), ERR_LIMIT);
    unchanged();
    assert_int_equal(cart_discount_order(&cart, 100000), ERR_OK);
    assert_int_equal(total(), 0);
    assert_int_equal(cart_discount_line(&cart, 0, 170000), ERR_OK);
    assert_int_equal(total(), 0);
}

static void m12_a_discount_keeps_its_percentage_with_the_quantity(void **state)
{
    (void)state;
    add("A", 85000, 2000);
    assert_int_equal(cart_discount_line(&cart, 0, 17000), ERR_OK);
    assert_int_equal(cart_set_quantity(&cart, 0, 5000), ERR_OK);
    assert_int_equal(cart.lines[0].discount_vnd, 42500);
    assert_int_equal(cart_set_quantity(&cart, 0, 1000), ERR_OK);
    assert_int_equal(cart.lines[0].discount_vnd, 8500);
    add("B", 0, 1000);
    assert_int_equal(cart_set_quantity(&cart, 1, 7000), ERR_OK);
    assert_int_equal(total(), 76500);
}

static void what_no_longer_costs_enough_lowers_the_order_discount(void **state)
{
    (void)state;
    add("A", 100000, 1000);
    add("B", 30000, 1000);
    assert_int_equal(cart_discount_order(&cart, 60000), ERR_OK);
    cart_remove(&cart, 1);
    assert_int_equal(total(), 40000);
    assert_int_equal(cart_set_quantity(&cart, 0, 500), ERR_OK);
    assert_int_equal(cart.order_discount_vnd, 50000);
    assert_int_equal(total(), 0);
    assert_int_equal(cart_discount_line(&cart, 0, 20000), ERR_OK);
    assert_int_equal(cart.order_discount_vnd, 30000);
    cart_remove(&cart, 0);
    assert_int_equal(cart.order_discount_vnd, 0);
    assert_int_equal(total(), 0);
}

static void m12_a_limit_holds_for_each_line_and_for_all(void **state)
{
    (void)state;
    add("A", 100000, 1000);
    add("B", 300000, 1000);
    assert_true(cart_discount_within(&cart, 0));
    assert_int_equal(cart_discount_line(&cart, 0, 10000), ERR_OK);
    assert_true(cart_discount_within(&cart, 1000));
    assert_false(cart_discount_within(&cart, 999));
    assert_false(cart_discount_within(&cart, 0));
    assert_int_equal(cart_discount_order(&cart, 30000), ERR_OK);
    assert_true(cart_discount_within(&cart, 1000));
    assert_int_equal(cart_discount_order(&cart, 30001), ERR_OK);
    assert_false(cart_discount_within(&cart, 1000));
    assert_int_equal(cart_discount_order(&cart, 0), ERR_OK);
    assert_int_equal(cart_discount_line(&cart, 0, 10001), ERR_OK);
    assert_false(cart_discount_within(&cart, 1000));
    assert_true(cart_discount_within(&cart, 1001));
    assert_true(cart_discount_within(&cart, 10000));
    cart.lines[0].price_vnd = INT64_MAX;
    assert_false(cart_discount_within(&cart, 10000));
}

static void m12_the_limit_allows_what_rounding_adds(void **state)
{
    (void)state;
    add("A", 105, 1000);
    add("B", 115, 1000);
    add("C", 125, 1000);
    for (int i = 0; i < 3; i++) {
        int64_t amount;
        assert_int_equal(cart_line_amount(&cart, i, &amount), ERR_OK);
        assert_int_equal(
            cart_discount_line(&cart, i, cart_percent(amount, 1000)), ERR_OK);
    }
    assert_true(cart_discount_within(&cart, 1000));
    cart_init(&cart);
    add("A", 104, 1000);
    add("B", 104, 1000);
    assert_int_equal(cart_discount_order(&cart, cart_percent(208, 1000)),
                     ERR_OK);
    assert_true(cart_discount_within(&cart, 1000));
}

/* ---- whatever is done ---- */

/* The same sequence every time. */
static uint32_t chance(uint32_t below)
{
    static uint64_t x = 88172645463325252;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)(x >> 33) % below;
}

static void change_lines(int i)
{
    enum err ignored = ERR_OK;
    int line;
    switch (chance(6)) {
    case 0: cart_remove(&cart, i); break;
    case 1: ignored = cart_set_quantity(&cart, i, 1 + chance(9000)); break;
    case 2:
        ignored = cart_set_quantity(&cart, i, 1000 * (1 + chance(9)));
        break;
    case 3: ignored = cart_discount_line(&cart, i, chance(200000)); break;
    case 4: ignored = cart_discount_order(&cart, chance(400000)); break;
    default: ignored = cart_set_stamp(&cart, i, STR("8936"), &line); break;
    }
    assert_true(ignored == ERR_OK || ignored == ERR_LIMIT);
}

static void change(void)
{
    char sku[16];
    snprintf(sku, sizeof(sku), "S%u", chance(5));
    int64_t price = chance(4) ? chance(300000) : 7;
    uint32_t what = chance(6);
    if (cart.n_lines == MAX_LINES)
        cart_remove(&cart, 0);
    if (what == 0)
        add(sku, price, 1 + chance(5000));
    else if (what == 1)
        add(sku, 1000, 1000);
    else if (what == 2)
        assert_int_equal(
            cart_add_unlisted(&cart, STR("Bánh"), STR(""), price, 1000),
            ERR_OK);
    else if (cart.n_lines > 0)
        change_lines((int)chance((uint32_t)cart.n_lines));
}

static void adds_up(void)
{
    static union body body;
    int64_t sum = 0, full;
    assert_int_equal(cart_body(&cart, &body.sale), ERR_OK);
    for (int i = 0; i < cart.n_lines; i++) {
        const struct line *l = &body.sale.lines[i];
        assert_int_equal(money_line(l->price_vnd, l->milli, &full), ERR_OK);
        assert_in_range(l->amount_vnd, 0, full);
        assert_int_equal(l->amount_vnd + l->more.discount_vnd, full);
        assert_in_range(cart.lines[i].discount_vnd, 0, full);
        sum += l->amount_vnd;
    }
    assert_int_equal(sum, total());
    assert_int_equal(sum, body.sale.total_vnd);
    assert_true(cart_discount_within(&cart, 10000));
}

static void m09_lines_add_up_whatever_is_changed(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        cart_init(&cart);
        for (int i = 0; i < 100; i++) {
            change();
            adds_up();
        }
        while (cart.n_lines > 0) {
            cart_remove(&cart, (int)chance((uint32_t)cart.n_lines));
            adds_up();
        }
        cart_init(&before);
        unchanged();
    }
}

static void stamping_piece_by_piece_never_changes_the_total(void **state)
{
    int line;
    (void)state;
    for (int round = 0; round < 500; round++) {
        cart_init(&cart);
        int64_t price = chance(5) ? chance(1000) : 1, pieces = 1 + chance(12);
        add("A", price, pieces * 1000);
        int64_t off = chance((uint32_t)(price * pieces) + 1);
        assert_int_equal(cart_discount_line(&cart, 0, off), ERR_OK);
        int64_t was = total();
        for (int64_t i = 0; i < pieces; i++) {
            assert_int_equal(cart_set_stamp(&cart, 0, STR("1"), &line), ERR_OK);
            assert_int_equal(total(), was);
        }
        assert_int_equal(cart.n_lines, pieces);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_becomes_the_quantity_that_is_said),
        TEST(a_quantity_too_much_is_refused_and_changes_nothing),
        TEST(a_removed_line_leaves_the_others_in_order),
        TEST(a_full_cart_loses_its_last_line),
        TEST(a_new_cart_has_no_name_yet),
        TEST(m13_an_item_off_the_list_is_flagged),
        TEST(a_listed_product_never_joins_one_off_the_list),
        TEST(an_item_off_the_list_needs_a_name_that_can_be_printed),
        TEST(a_stamp_belongs_to_one_piece),
        TEST(a_single_piece_or_a_weighed_bag_takes_the_stamp),
        TEST(a_stamp_that_cannot_be_kept_changes_nothing),
        TEST(m12_percentages_are_rounded_half_up_to_one_dong),
        TEST(m12_a_line_or_the_order_costs_less),
        TEST(a_discount_above_what_it_is_taken_off_is_refused),
        TEST(m12_a_discount_keeps_its_percentage_with_the_quantity),
        TEST(what_no_longer_costs_enough_lowers_the_order_discount),
        TEST(m12_a_limit_holds_for_each_line_and_for_all),
        TEST(m12_the_limit_allows_what_rounding_adds),
        TEST(m09_lines_add_up_whatever_is_changed),
        TEST(stamping_piece_by_piece_never_changes_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
