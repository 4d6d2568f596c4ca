/*
 * test_cart.c - lines, discounts and totals of the cart, and its draft bytes.
 */
#include "pos/model/cart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/money.h"

static struct cart cart, other;

static int set_up(void **state)
{
    (void)state;
    cart_init(&cart);
    cart_init(&other);
    return 0;
}

static struct product product(const char *sku, int64_t price_vnd)
{
    return (struct product){ .code = STR("1"),
                             .sku = str_of(sku),
                             .name = STR("Chả mực"),
                             .unit = STR("kg"),
                             .seller = STR("HTX"),
                             .price_vnd = price_vnd };
}

static enum err add(const char *sku, int64_t price_vnd, int64_t milli)
{
    struct product p = product(sku, price_vnd);
    return cart_add(&cart, &p, milli);
}

/* The same sequence every time. */
static uint32_t chance(uint32_t below)
{
    static uint64_t x = 88172645463325252;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)(x >> 33) % below;
}

/* ---- lines ---- */

static void the_same_product_at_the_same_price_is_one_line(void **state)
{
    (void)state;
    assert_int_equal(add("A", 1000, 1000), ERR_OK);
    assert_int_equal(add("B", 1000, 1000), ERR_OK);
    assert_int_equal(add("A", 1000, 2000), ERR_OK);
    assert_int_equal(cart.n_lines, 2);
    assert_int_equal(cart.lines[0].milli, 3000);
    assert_string_equal(cart.lines[0].seller, "HTX");
}

static void what_was_weighed_stays_a_line_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(add("A", 450000, 385), ERR_OK);
    assert_int_equal(add("A", 450000, 385), ERR_OK);
    assert_int_equal(add("A", 450000, 1000), ERR_OK);
    assert_int_equal(add("A", 450000, 1500), ERR_OK);
    assert_int_equal(add("A", 450000, 1000), ERR_OK);
    assert_int_equal(cart.n_lines, 4);
    assert_int_equal(cart.lines[0].milli, 385);
    assert_int_equal(cart.lines[1].milli, 385);
    assert_int_equal(cart.lines[2].milli, 2000);
    assert_int_equal(cart.lines[3].milli, 1500);
}

static void an_addition_says_which_line_it_went_to(void **state)
{
    struct product a = product("A", 1000), b = product("B", 1000);
    int line = -1;
    (void)state;
    assert_int_equal(cart_add_at(&cart, &a, 1000, &line), ERR_OK);
    assert_int_equal(line, 0);
    assert_int_equal(cart_add_at(&cart, &b, 1000, &line), ERR_OK);
    assert_int_equal(line, 1);
    assert_int_equal(cart_add_at(&cart, &a, 1000, &line), ERR_OK);
    assert_int_equal(line, 0);
    line = 7;
    b.price_vnd = MONEY_MAX;
    assert_int_equal(cart_add_at(&cart, &b, 2000, &line), ERR_LIMIT);
    assert_int_equal(line, 7);
}

static void another_price_discount_or_stamp_is_a_line_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(add("A", 1000, 1000), ERR_OK);
    assert_int_equal(add("A", 900, 1000), ERR_OK);
    assert_int_equal(cart.n_lines, 2);
    cart.lines[0].discount_vnd = 1;
    cart.lines[1].stamp[0] = '8';
    assert_int_equal(add("A", 1000, 1000), ERR_OK);
    assert_int_equal(add("A", 900, 1000), ERR_OK);
    assert_int_equal(cart.n_lines, 4);
    cart.lines[2].unlisted = true;
    assert_int_equal(add("A", 1000, 1000), ERR_OK);
    assert_int_equal(cart.n_lines, 5);
}

static void a_cart_has_two_hundred_lines_at_most(void **state)
{
    char sku[16];
    (void)state;
    for (int i = 0; i < MAX_LINES; i++) {
        snprintf(sku, sizeof(sku), "S%d", i);
        assert_int_equal(add(sku, 1000, 1000), ERR_OK);
    }
    assert_int_equal(add("ONE-MORE", 1000, 1000), ERR_LIMIT);
    assert_int_equal(add("S7", 1000, 1000), ERR_OK);
    assert_int_equal(cart.n_lines, MAX_LINES);
    assert_int_equal(cart.lines[7].milli, 2000);
}

static void what_does_not_fit_is_refused_and_changes_nothing(void **state)
{
    char sku[40];
    (void)state;
    memset(sku, 'A', sizeof(sku));
    sku[33] = '\0';
    assert_int_equal(add(sku, 1000, 1000), ERR_LIMIT);
    sku[32] = '\0';
    assert_int_equal(add(sku, 1000, 1000), ERR_OK);
    assert_int_equal(add(sku, 1000, 999998000), ERR_OK);
    assert_int_equal(add(sku, 1000, 1000), ERR_LIMIT);
    assert_int_equal(cart.lines[0].milli, 999999000);
    assert_int_equal(add("B", INT64_MAX / 2, 3000), ERR_LIMIT);
    assert_int_equal(add("B", MONEY_MAX, 1001), ERR_LIMIT);
    assert_int_equal(cart.n_lines, 1);
}

/* ---- totals ---- */

static void a_discount_is_never_more_than_what_it_is_taken_off(void **state)
{
    int64_t vnd = -1;
    (void)state;
    assert_int_equal(add("A", 1001, 1500), ERR_OK);
    assert_int_equal(cart_line_amount(&cart, 0, &vnd), ERR_OK);
    assert_int_equal(vnd, 1502);
    cart.lines[0].discount_vnd = 1502;
    assert_int_equal(cart_total(&cart, &vnd), ERR_OK);
    assert_int_equal(vnd, 0);
    cart.lines[0].discount_vnd = 1503;
    assert_int_equal(cart_total(&cart, &vnd), ERR_LIMIT);
    cart.lines[0].discount_vnd = -1;
    assert_int_equal(cart_line_amount(&cart, 0, &vnd), ERR_LIMIT);
    cart.lines[0].discount_vnd = 2;
    cart.order_discount_vnd = 1501;
    assert_int_equal(cart_total(&cart, &vnd), ERR_LIMIT);
    cart.order_discount_vnd = -1;
    assert_int_equal(cart_total(&cart, &vnd), ERR_LIMIT);
    cart.order_discount_vnd = 1500;
    assert_int_equal(cart_total(&cart, &vnd), ERR_OK);
    assert_int_equal(vnd, 0);
}

static void a_total_beyond_all_money_is_refused(void **state)
{
    int64_t vnd = 7;
    (void)state;
    assert_int_equal(add("A", MONEY_MAX - 1, 1000), ERR_OK);
    assert_int_equal(add("B", 1, 1000), ERR_OK);
    assert_int_equal(cart_total(&cart, &vnd), ERR_OK);
    assert_int_equal(vnd, MONEY_MAX);
    cart.lines[1].price_vnd = 2;
    assert_int_equal(cart_total(&cart, &vnd), ERR_LIMIT);
    assert_int_equal(vnd, MONEY_MAX);
}

static void no_change_takes_the_cart_beyond_all_money(void **state)
{
    int64_t vnd = 0;
    (void)state;
    assert_int_equal(add("A", MONEY_MAX - 1, 1000), ERR_OK);
    assert_int_equal(add("B", 1, 1000), ERR_OK);
    assert_int_equal(add("B", 1, 1000), ERR_LIMIT);
    assert_int_equal(add("C", 1, 1000), ERR_LIMIT);
    assert_int_equal(cart_add_unlisted(&cart, STR("x"), STR(""), 1, 1000),
                     ERR_LIMIT);
    assert_int_equal(cart_set_quantity(&cart, 1, 2000), ERR_LIMIT);
    assert_int_equal(cart_discount_line(&cart, 0, 5), ERR_OK);
    assert_int_equal(cart_set_quantity(&cart, 1, 6000), ERR_OK);
    assert_int_equal(cart_discount_line(&cart, 0, 4), ERR_LIMIT);
    assert_int_equal(cart.n_lines, 2);
    assert_int_equal(cart_total(&cart, &vnd), ERR_OK);
    assert_int_equal(vnd, MONEY_MAX);
}

static void random_cart(void)
{
    int n = 1 + (int)chance(12);
    int64_t total = 0;
    cart_init(&cart);
    memcpy(cart.reference, "K7Q2M", 6);
    for (int i = 0; i < n; i++) {
        char sku[16];
        snprintf(sku, sizeof(sku), "S%u", chance(6));
        int64_t price = chance(4) ? chance(500000) : 0, amount;
        assert_int_equal(add(sku, price, 1 + chance(5000)), ERR_OK);
        int last = cart.n_lines - 1;
        assert_int_equal(cart_line_amount(&cart, last, &amount), ERR_OK);
        if (chance(3) == 0)
            cart.lines[last].discount_vnd += chance((uint32_t)amount + 1);
    }
    assert_int_equal(cart_total(&cart, &total), ERR_OK);
    if (chance(2))
        cart.order_discount_vnd = chance((uint32_t)total + 1);
}

static void lines_and_discounts_add_up_whatever_is_in_the_cart(void **state)
{
    static union body body;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        int64_t total, sum = 0, full, plain = 0, discounts = 0;
        random_cart();
        assert_int_equal(cart_total(&cart, &total), ERR_OK);
        assert_int_equal(cart_body(&cart, &body.sale), ERR_OK);
        assert_int_equal(body.sale.n_lines, cart.n_lines);
        for (int i = 0; i < cart.n_lines; i++) {
            const struct line *l = &body.sale.lines[i];
            assert_true(l->amount_vnd >= 0);
            assert_int_equal(money_line(l->price_vnd, l->milli, &full), ERR_OK);
            assert_int_equal(l->amount_vnd + l->more.discount_vnd, full);
            sum += l->amount_vnd;
            plain += full;
            discounts += cart.lines[i].discount_vnd;
        }
        assert_int_equal(sum, total);
        assert_int_equal(body.sale.total_vnd, total);
        assert_int_equal(plain - discounts - cart.order_discount_vnd, total);
    }
}

/* ---- drafts ---- */

static void a_draft_brings_the_cart_back_as_it_was(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        BUF(bytes, MAX_TEXT);
        random_cart();
        snprintf(cart.basket, sizeof(cart.basket), "b-%d", round);
        memcpy(cart.lines[0].stamp, "8936", 5);
        cart.lines[0].unlisted = round % 2 == 0;
        cart.since = round * (INT64_MAX / 300);
        cart_render(&cart, &bytes);
        assert_int_equal(cart_parse(buf_slice(&bytes), &other), ERR_OK);
        assert_memory_equal(&cart, &other, sizeof(cart));
    }
}

static void a_damaged_draft_is_refused_and_changes_nothing(void **state)
{
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "{\"lines\":[],\"ref\":\"K7Q2MX\"}",
        "{\"discount\":1,\"lines\":[],\"ref\":\"K7Q2M\"}",
        "{\"lines\":[],\"ref\":\"K7Q2M\",\"since\":-1}",
        "{\"lines\":[],\"newer\":1,\"ref\":\"K7Q2M\"}",
        "{\"lines\":[{\"milli\":1,\"name\":\"a\",\"newer\":1,\"price\":1,"
        "\"sku\":\"A\",\"unit\":\"kg\"}],\"ref\":\"K7Q2M\"}",
        "{\"lines\":[{\"milli\":0,\"name\":\"a\",\"price\":1,\"sku\":\"A\","
        "\"unit\":\"kg\"}],\"ref\":\"\"}",
        "{\"lines\":[{\"milli\":1,\"name\":\"a\",\"price\":-1,\"sku\":\"A\","
        "\"unit\":\"kg\"}],\"ref\":\"\"}",
        "{\"lines\":[{\"milli\":1000000000,\"name\":\"a\",\"price\":1,"
        "\"sku\":\"A\",\"unit\":\"kg\"}],\"ref\":\"\"}",
        "{\"lines\":[{\"discount\":2,\"milli\":1000,\"name\":\"a\","
        "\"price\":1,\"sku\":\"A\",\"unit\":\"kg\"}],\"ref\":\"\"}",
        "{\"lines\":[{\"milli\":1,\"name\":\"a\",\"price\":1,\"sku\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"unit\":\"kg\"}],\"ref\":\"\"}",
    };
    (void)state;
    memset(&cart, 0x55, sizeof(cart));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_not_equal(cart_parse(str_of(bad[i]), &cart), ERR_OK);
        assert_int_equal(cart.n_lines, 0x55555555);
    }
}

static void every_cut_of_a_draft_is_refused(void **state)
{
    BUF(bytes, MAX_TEXT);
    (void)state;
    random_cart();
    cart_render(&cart, &bytes);
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_not_equal(
            cart_parse((struct str){ bytes.data, len }, &other), ERR_OK);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_product_at_the_same_price_is_one_line),
        TEST(what_was_weighed_stays_a_line_of_its_own),
        TEST(an_addition_says_which_line_it_went_to),
        TEST(another_price_discount_or_stamp_is_a_line_of_its_own),
        TEST(a_cart_has_two_hundred_lines_at_most),
        TEST(what_does_not_fit_is_refused_and_changes_nothing),
        TEST(a_discount_is_never_more_than_what_it_is_taken_off),
        TEST(a_total_beyond_all_money_is_refused),
        TEST(no_change_takes_the_cart_beyond_all_money),
        TEST(lines_and_discounts_add_up_whatever_is_in_the_cart),
        TEST(a_draft_brings_the_cart_back_as_it_was),
        TEST(a_damaged_draft_is_refused_and_changes_nothing),
        TEST(every_cut_of_a_draft_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
