/*
 * test_money.c - đồng, quantities and growth are exact and rounded once.
 */
#include "fair/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 10000 };

/* Random but the same in every run. */
static uint64_t seed = 20200114;

static int64_t below(int64_t limit)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((seed >> 11) % (uint64_t)limit);
}

/* ---- sums and products ---- */

static void sums_are_exact_or_refused(void **state)
{
    static const struct {
        int64_t a, b;
        enum err e;
        int64_t sum;
    } cases[] = {
        { 2, -5, ERR_OK, -3 },
        { INT64_MAX, 0, ERR_OK, INT64_MAX },
        { INT64_MAX - 1, 1, ERR_OK, INT64_MAX },
        { INT64_MAX, 1, ERR_LIMIT, 0 },
        { INT64_MIN, 0, ERR_OK, INT64_MIN },
        { INT64_MIN + 1, -1, ERR_OK, INT64_MIN },
        { INT64_MIN, -1, ERR_LIMIT, 0 },
        { INT64_MIN, INT64_MAX, ERR_OK, -1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = 4711;
        assert_int_equal(money_add(cases[i].a, cases[i].b, &out), cases[i].e);
        assert_int_equal(out, cases[i].e ? 4711 : cases[i].sum);
    }
}

static void products_are_exact_or_refused(void **state)
{
    static const struct {
        int64_t a, b;
        enum err e;
        int64_t product;
    } cases[] = {
        { 3, -4, ERR_OK, -12 },
        { 0, INT64_MIN, ERR_OK, 0 },
        { INT64_MAX, -1, ERR_OK, -INT64_MAX },
        { INT64_MIN, 1, ERR_OK, INT64_MIN },
        { INT64_MIN, -1, ERR_LIMIT, 0 },
        { INT64_MAX / 7, 7, ERR_OK, INT64_MAX },
        { INT64_MAX / 7 + 1, 7, ERR_LIMIT, 0 },
        { INT64_C(1) << 32, INT64_C(1) << 31, ERR_LIMIT, 0 },
        { INT64_C(1) << 32, -(INT64_C(1) << 31), ERR_OK, INT64_MIN },
        { INT64_MAX, INT64_MAX, ERR_LIMIT, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = 4711;
        assert_int_equal(money_mul(cases[i].a, cases[i].b, &out), cases[i].e);
        assert_int_equal(out, cases[i].e ? 4711 : cases[i].product);
    }
}

static void a_line_is_rounded_half_up_to_one_dong(void **state)
{
    static const struct {
        int64_t price, milli;
        enum err e;
        int64_t amount;
    } cases[] = {
        { 180000, 385, ERR_OK, 69300 },
        { 45000, 1237, ERR_OK, 55665 },
        { 450000, 333, ERR_OK, 149850 },
        { 500, 1, ERR_OK, 1 },
        { 499, 1, ERR_OK, 0 },
        { 1500, 1, ERR_OK, 2 },
        { 0, MILLI_MAX, ERR_OK, 0 },
        { MONEY_MAX, 1000, ERR_OK, MONEY_MAX },
        { INT64_MAX, 1000, ERR_OK, INT64_MAX },
        { INT64_MAX, 1001, ERR_LIMIT, 0 },
        { MONEY_MAX, MILLI_MAX, ERR_LIMIT, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = 4711;
        enum err e = money_line(cases[i].price, cases[i].milli, &out);
        assert_int_equal(e, cases[i].e);
        assert_int_equal(out, e ? 4711 : cases[i].amount);
    }
}

/* ---- parts and shares ---- */

static void parts_taken_one_after_another_add_up_to_the_line(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t amount = below(round % 2 ? 1000 : MONEY_MAX);
        int64_t whole = 1 + below(MILLI_MAX), taken = 0, sum = 0;
        while (taken < whole) {
            int64_t more = 1 + below(whole - taken);
            int64_t part = money_part(amount, taken + more, whole) -
                           money_part(amount, taken, whole);
            assert_true(part >= 0);
            sum += part;
            taken += more;
        }
        assert_int_equal(sum, amount);
    }
}

static void a_part_is_rounded_half_up(void **state)
{
    static const struct {
        int64_t amount, part, whole, out;
    } cases[] = {
        { 100, 0, 3, 0 },
        { 100, 1, 3, 33 },
        { 100, 2, 3, 67 },
        { 100, 3, 3, 100 },
        { 1, 1, 2, 1 },
        { 5, 1, 2, 3 },
        { 0, 1, 2, 0 },
        { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
        { INT64_MAX, 1, 2, INT64_MAX / 2 + 1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(
            money_part(cases[i].amount, cases[i].part, cases[i].whole),
            cases[i].out);
}

static void a_discount_is_shared_by_largest_remainder(void **state)
{
    static const struct {
        int64_t discount;
        int n;
        int64_t amounts[4], shares[4];
    } cases[] = {
        { 0, 3, { 10, 20, 30 }, { 0, 0, 0 } },
        { 60, 3, { 10, 20, 30 }, { 10, 20, 30 } },
        { 10, 3, { 10, 10, 10 }, { 4, 3, 3 } }, /* equals: earlier first */
        { 11, 3, { 10, 10, 10 }, { 4, 4, 3 } },
        { 1, 2, { 1, 2 }, { 0, 1 } }, /* 1/3 and 2/3: the larger rest */
        { 5, 4, { 0, 7, 0, 7 }, { 0, 3, 0, 2 } },
        { 0, 2, { 0, 0 }, { 0, 0 } },
        { 0, 0, { 0 }, { 0 } },
        { 7, 1, { 9 }, { 7 } },
        { INT64_MAX,
          3,
          { INT64_MAX, INT64_MAX, INT64_MAX },
          { INT64_MAX / 3 + 1, INT64_MAX / 3, INT64_MAX / 3 } },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t shares[4] = { 0 };
        money_share(cases[i].discount, cases[i].amounts, cases[i].n, shares);
        for (int k = 0; k < 4; k++)
            assert_int_equal(shares[k], cases[i].shares[k]);
    }
}

static void shares_add_up_and_stay_within_their_amounts(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t amounts[MAX_LINES], shares[MAX_LINES];
        int n = 1 + (int)below(round % 100 ? 12 : MAX_LINES);
        int64_t sum = 0, shared = 0;
        for (int i = 0; i < n; i++) {
            amounts[i] = below(round % 3 ? 20 : 90000000);
            sum += amounts[i];
        }
        int64_t discount = below(sum + 1);
        money_share(discount, amounts, n, shares);
        for (int i = 0; i < n; i++) {
            int64_t exact = sum ? discount * amounts[i] / sum : 0;
            assert_true(shares[i] == exact || shares[i] == exact + 1);
            assert_true(shares[i] <= amounts[i]);
            shared += shares[i];
        }
        assert_int_equal(shared, discount);
    }
}

/* ---- reading ---- */

static void an_amount_is_1_to_13_digits_and_nothing_else(void **state)
{
    static const struct {
        const char *text;
        int64_t vnd; /* -1: refused */
    } cases[] = {
        { "0", 0 },      { "72300", 72300 },
        { "007", 7 },    { "9999999999999", MONEY_MAX },
        { "", -1 },      { "10000000000000", -1 },
        { "-1", -1 },    { "+1", -1 },
        { "1.000", -1 }, { "1,5", -1 },
        { " 1", -1 },    { "1 ", -1 },
        { "1k", -1 },    { "0x10", -1 },
        { "1e3", -1 },   { "\xd9\xa1", -1 }, /* an Arabic digit one */
        { "/", -1 },     { ":", -1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = -1;
        enum err e = money_parse(str_of(cases[i].text), &out);
        assert_int_equal(e, cases[i].vnd < 0 ? ERR_INVALID : ERR_OK);
        assert_int_equal(out, cases[i].vnd);
    }
}

static void a_quantity_has_at_most_three_decimals_and_is_above_0(void **state)
{
    static const struct {
        const char *text;
        int64_t milli; /* -1: refused */
    } cases[] = {
        { "1", 1000 },    { "0.385", 385 },
        { "1.5", 1500 },  { "12.05", 12050 },
        { "0.001", 1 },   { "999999.999", MILLI_MAX },
        { "003", 3000 },  { "0", -1 },
        { "0.000", -1 },  { "1000000", -1 },
        { "0.0005", -1 }, { "1.", -1 },
        { ".5", -1 },     { ".", -1 },
        { "", -1 },       { "1,5", -1 },
        { "-1", -1 },     { "1.2.3", -1 },
        { "1.-5", -1 },   { "99999999999999", -1 },
        { "1 ", -1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = -1;
        enum err e = qty_parse(str_of(cases[i].text), &out);
        assert_int_equal(e, cases[i].milli < 0 ? ERR_INVALID : ERR_OK);
        assert_int_equal(out, cases[i].milli);
    }
    int64_t out = -1;
    assert_int_equal(qty_parse((struct str){ NULL, 0 }, &out), ERR_INVALID);
    assert_int_equal(qty_parse((struct str){ "1.57", 3 }, &out), ERR_OK);
    assert_int_equal(out, 1500); /* the slice ends before the 7 */
}

/* ---- writing ---- */

struct rendered {
    int64_t n;
    const char *text;
};

static void renders(void (*render)(struct buf *, int64_t),
                    const struct rendered *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        BUF(b, 64);
        render(&b, cases[i].n);
        assert_string_equal(buf_text(&b), cases[i].text);
    }
}

static void amounts_have_points_between_thousands(void **state)
{
    static const struct rendered cases[] = {
        { 0, "0" },
        { 999, "999" },
        { 1000, "1.000" },
        { 72300, "72.300" },
        { 6056500000, "6.056.500.000" },
        { -150000, "-150.000" },
        { -999, "-999" },
        { INT64_MAX, "9.223.372.036.854.775.807" },
        { INT64_MIN, "-9.223.372.036.854.775.808" },
    };
    (void)state;
    renders(money_render, cases, ARRAY_LEN(cases));
}

static void quantities_have_no_needless_zeros(void **state)
{
    static const struct rendered cases[] = {
        { 3000, "3" },
        { 385, "0,385" },
        { 1500, "1,5" },
        { 1050, "1,05" },
        { 1, "0,001" },
        { 0, "0" },
        { 10, "0,01" },
        { -1500, "-1,5" },
        { -5, "-0,005" },
        { 1000000, "1.000" },
        { MILLI_MAX, "999.999,999" },
    };
    (void)state;
    renders(qty_render, cases, ARRAY_LEN(cases));
}

static void hundredths_have_a_decimal_comma(void **state)
{
    static const struct rendered cases[] = {
        { 100942, "1.009,42" },
        { 0, "0,00" },
        { 5, "0,05" },
        { -5, "-0,05" },
        { -437, "-4,37" },
        { 100, "1,00" },
        { INT64_MAX, "92.233.720.368.547.758,07" },
        { INT64_MIN, "-92.233.720.368.547.758,08" },
    };
    (void)state;
    renders(hundredths_render, cases, ARRAY_LEN(cases));
}

static void hundredths_in_json_have_two_decimals_and_no_groups(void **state)
{
    static const struct rendered cases[] = {
        { 100942, "1009.42" },
        { 0, "0.00" },
        { 5, "0.05" },
        { -5, "-0.05" },
        { -99, "-0.99" },
        { -100, "-1.00" },
        { -437, "-4.37" },
        { INT64_MAX, "92233720368547758.07" },
        { INT64_MIN, "-92233720368547758.08" },
    };
    (void)state;
    renders(hundredths_json, cases, ARRAY_LEN(cases));
}

static void growth_shows_its_sign_unless_it_is_nothing(void **state)
{
    static const struct rendered cases[] = {
        { 906, "+9,06 %" },
        { -652, "\u2212"
                "6,52 %" },
        { 0, "0,00 %" },
        { 1, "+0,01 %" },
        { -1, "\u2212"
              "0,01 %" },
        { 123456789, "+1.234.567,89 %" },
    };
    (void)state;
    renders(growth_render, cases, ARRAY_LEN(cases));
}

/* ---- averages and growth ---- */

static void averages_round_half_away_from_zero(void **state)
{
    static const struct {
        int64_t total, days, whole, hundredths;
    } cases[] = {
        { 6056500000, 6, 1009416667, 100941666667 },
        { 72300, 6, 12050, 1205000 },
        { 75600, 7, 10800, 1080000 },
        { 8700, 162, 54, 5370 }, /* 8.7 of 16.2 are 53,70 % */
        { 1, 2, 1, 50 },
        { -1, 2, -1, -50 },
        { 1, 3, 0, 33 },
        { 2, 3, 1, 67 },
        { -2, 3, -1, -67 },
        { 1, 200, 0, 1 }, /* half a hundredth */
        { -1, 200, 0, -1 },
        { 1, 201, 0, 0 },
        { 0, 5, 0, 0 },
        { INT64_MAX, 1, INT64_MAX, INT64_MAX },
        { INT64_MIN, 1, INT64_MIN, INT64_MIN },
        { INT64_MAX, 100, INT64_MAX / 100, INT64_MAX },
        { INT64_MIN, 100, INT64_MIN / 100, INT64_MIN },
        { 1, INT64_MAX, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t total = cases[i].total, days = cases[i].days;
        assert_int_equal(per_day(total, days), cases[i].whole);
        assert_int_equal(per_day_hundredths(total, days), cases[i].hundredths);
    }
}

static void millions_are_rounded_to_two_decimals(void **state)
{
    static const struct {
        int64_t vnd, hundredths;
    } cases[] = {
        { 1009416667, 100942 },
        { 6056500000, 605650 },
        { 4999, 0 },
        { 5000, 1 },
        { -4999, 0 },
        { -5000, -1 },
        { INT64_MAX, INT64_C(922337203685478) },
        { INT64_MIN, INT64_C(-922337203685478) },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(millions_hundredths(cases[i].vnd),
                         cases[i].hundredths);
}

static void published_growth_figures_come_out(void **state)
{
    static const struct {
        int64_t a, da, b, db, hundredths;
    } cases[] = {
        { 72300, 1, 75600, 1, -437 },
        { 72300, 6, 75600, 7, 1157 },
        { 6056500000, 1, 6478930000, 1, -652 },
        { 6056500000, 6, 6478930000, 7, 906 },
        { 5, 1, 5, 1, 0 },
        { 0, 1, 5, 1, -10000 },
        { 10, 1, 5, 1, 10000 },
        { -5, 1, 5, 1, -20000 },
        /* exact halves of a hundredth: 1/20000 and 3/20000 */
        { 20001, 1, 20000, 1, 1 },
        { 19999, 1, 20000, 1, -1 },
        { 20003, 1, 20000, 1, 2 },
        { 19997, 1, 20000, 1, -2 },
        /* just beside the half */
        { 20002, 1, 20001, 1, 0 },
        { 20000, 1, 20001, 1, 0 },
        { 40001, 1, 40000, 1, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = 4711;
        assert_int_equal(
            growth(cases[i].a, cases[i].da, cases[i].b, cases[i].db, &out),
            ERR_OK);
        assert_int_equal(out, cases[i].hundredths);
    }
}

static void growth_over_nothing_or_a_loss_does_not_exist(void **state)
{
    (void)state;
    int64_t out = 4711;
    assert_int_equal(growth(5, 1, 0, 1, &out), ERR_NOT_FOUND);
    assert_int_equal(growth(0, 1, 0, 1, &out), ERR_NOT_FOUND);
    assert_int_equal(growth(5, 1, -1, 1, &out), ERR_NOT_FOUND);
    assert_int_equal(out, 4711);
}

static void growth_is_exact_at_the_edges_or_refused(void **state)
{
    static const struct {
        int64_t a, da, b, db;
        enum err e;
        int64_t hundredths;
    } cases[] = {
        { INT64_MAX, 6, INT64_MAX, 6, ERR_OK, 0 },
        { INT64_MAX, 6, INT64_MAX, 7, ERR_OK, 1667 },
        { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, ERR_OK, 0 },
        { 1, 1, INT64_MAX, 1, ERR_OK, -10000 },
        { INT64_MAX / 10000, 1, 1, 1, ERR_OK, 9223372036854760000 },
        { INT64_MAX / 10000 + 2, 1, 1, 1, ERR_LIMIT, 0 },
        { INT64_MAX, 1, 1, 1, ERR_LIMIT, 0 },
        { INT64_MIN, 1, 1, 1, ERR_LIMIT, 0 },
        { INT64_MIN, 1, INT64_MAX, INT64_MAX, ERR_LIMIT, 0 },
        { INT64_MAX, 1, 1, INT64_MAX, ERR_LIMIT, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = 4711;
        enum err e =
            growth(cases[i].a, cases[i].da, cases[i].b, cases[i].db, &out);
        assert_int_equal(e, cases[i].e);
        assert_int_equal(out, e ? 4711 : cases[i].hundredths);
    }
}

/* The result r is the nearest: 2|r x base - more| <= base, and at equality
 * the one farther from zero. */
static void growth_is_the_nearest_hundredth_half_away(void **state)
{
    (void)state;
    int halves = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t a = below(50000) - 5000, b = 1 + below(40000);
        int64_t da = 1 + below(10), db = 1 + below(10), r;
        assert_int_equal(growth(a, da, b, db, &r), ERR_OK);
        int64_t base = b * da, more = (a * db - base) * 10000;
        int64_t off = r * base - more;
        assert_true(llabs(off) * 2 <= base);
        if (llabs(off) * 2 == base) {
            halves++;
            assert_true(llabs(r * base) > llabs(more));
        }
    }
    assert_true(halves > 0);
}

/* And as before in the thread that asks for nothing. */
static void english_swaps_points_and_commas(void **state)
{
    (void)state;
    BUF(b, MAX_TEXT);
    assert_int_equal(number_style_use(NUMBERS_ENGLISH), NUMBERS_VIETNAMESE);
    money_render(&b, -1009420);
    buf_putc(&b, ' ');
    qty_render(&b, 1234385);
    buf_putc(&b, ' ');
    hundredths_render(&b, 123456);
    buf_putc(&b, ' ');
    growth_render(&b, 1157);
    assert_int_equal(number_style_use(NUMBERS_VIETNAMESE), NUMBERS_ENGLISH);
    money_render(&b, 1000);
    assert_string_equal(buf_text(&b),
                        "-1,009,420 1,234.385 1,234.56 +11.57 %1.000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_exact_or_refused),
        cmocka_unit_test(products_are_exact_or_refused),
        cmocka_unit_test(a_line_is_rounded_half_up_to_one_dong),
        cmocka_unit_test(parts_taken_one_after_another_add_up_to_the_line),
        cmocka_unit_test(a_part_is_rounded_half_up),
        cmocka_unit_test(a_discount_is_shared_by_largest_remainder),
        cmocka_unit_test(shares_add_up_and_stay_within_their_amounts),
        cmocka_unit_test(an_amount_is_1_to_13_digits_and_nothing_else),
        cmocka_unit_test(a_quantity_has_at_most_three_decimals_and_is_above_0),
        cmocka_unit_test(amounts_have_points_between_thousands),
        cmocka_unit_test(quantities_have_no_needless_zeros),
        cmocka_unit_test(hundredths_have_a_decimal_comma),
        cmocka_unit_test(hundredths_in_json_have_two_decimals_and_no_groups),
        cmocka_unit_test(growth_shows_its_sign_unless_it_is_nothing),
        cmocka_unit_test(averages_round_half_away_from_zero),
        cmocka_unit_test(millions_are_rounded_to_two_decimals),
        cmocka_unit_test(published_growth_figures_come_out),
        cmocka_unit_test(growth_over_nothing_or_a_loss_does_not_exist),
        cmocka_unit_test(growth_is_exact_at_the_edges_or_refused),
        cmocka_unit_test(growth_is_the_nearest_hundredth_half_away),
        cmocka_unit_test(english_swaps_points_and_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
