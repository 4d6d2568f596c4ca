/*
 * test_entry.c - what each line of the entry line means.
 */
#include "pos/model/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/money.h"

enum { QUANTITY_WRONG, ITEM_MISSING, PRICE_MISSING, DISCOUNT_WRONG };

static const char *const whys[] = {
    [QUANTITY_WRONG] = "this is no quantity",
    [ITEM_MISSING] = "after a quantity and * comes an item",
    [PRICE_MISSING] = "after / comes the price of an item off the list",
    [DISCOUNT_WRONG] = "after % comes a percentage up to 100, or an amount",
};

static struct entry parsed(const char *line)
{
    struct entry e;
    memset(&e, 0x55, sizeof(e));
    entry_parse(str_of(line), true, &e);
    return e;
}

/* ---- items ---- */

static void m01_a_line_is_a_code_a_quantity_of_it_or_a_name(void **state)
{
    static const struct {
        const char *line, *word;
        int64_t milli;
        bool counted;
    } rows[] = {
        { "12", "12", 1000, false },
        { "3*12", "12", 3000, true },
        { "1.5*12", "12", 1500, true },
        { "1,5*12", "12", 1500, true },
        { "1.500*12", "12", 1500, true },
        { "0,385*7", "7", 385, true },
        { "999999.999*7", "7", MILLI_MAX, true },
        { "  3 * 12 ", "12", 3000, true },
        { "8934567890123", "8934567890123", 1000, false },
        { "2*8934567890123", "8934567890123", 2000, true },
        { "mật ong", "mật ong", 1000, false },
        { "3*mật ong", "mật ong", 3000, true },
        { "OCOP-TRA.01", "OCOP-TRA.01", 1000, false },
        { "https://truyxuat.vn/01/0893*7?a=1/2", NULL, 1000, false },
        { "a*b", "a*b", 1000, false },
        { "3*4*12", "4*12", 3000, true },
        { "+5", "+5", 1000, false },
        { "-12", "-12", 1000, false },
        { "!200", "!200", 1000, false },
        { "12/85", "12/85", 1000, false },
        { "1.5", "1.5", 1000, false },
        { "...", "...", 1000, false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entry e = parsed(rows[i].line);
        const char *word = rows[i].word ? rows[i].word : rows[i].line;
        assert_int_equal(e.kind, ENTRY_ITEM);
        assert_true(str_is(e.word, word));
        assert_int_equal(e.milli, rows[i].milli);
        assert_int_equal(e.counted, rows[i].counted);
        assert_int_equal(e.vnd, 0);
        assert_int_equal(e.percent_hundredths, 0);
        assert_null(e.why);
    }
}

static void the_word_points_into_the_line(void **state)
{
    static const char line[] = "3*12";
    (void)state;
    assert_ptr_equal(parsed(line).word.data, line + 2);
}

static void m01_an_empty_line_asks_for_the_total(void **state)
{
    (void)state;
    assert_int_equal(parsed("").kind, ENTRY_EMPTY);
    assert_int_equal(parsed("   ").kind, ENTRY_EMPTY);
}

static void m01_signs_alone_change_the_last_line(void **state)
{
    (void)state;
    assert_int_equal(parsed("+").kind, ENTRY_MORE);
    assert_int_equal(parsed(" - ").kind, ENTRY_LESS);
    struct entry e = parsed("*5");
    assert_int_equal(e.kind, ENTRY_QUANTITY);
    assert_int_equal(e.milli, 5000);
    assert_true(e.counted);
    e = parsed("* 0,25");
    assert_int_equal(e.kind, ENTRY_QUANTITY);
    assert_int_equal(e.milli, 250);
}

/* ---- off the list, off the price ---- */

static void m13_a_price_after_a_slash_is_an_item_off_the_list(void **state)
{
    static const struct {
        const char *line;
        int64_t milli, vnd;
        bool counted;
    } rows[] = {
        { "/85", 1000, 85000, false },     { "/85000", 1000, 85000, false },
        { "/85.000", 1000, 85000, false }, { "/!500", 1000, 500, false },
        { "/ 500.", 1000, 500, false },    { "2*/85", 2000, 85000, true },
        { "0.5*/120", 500, 120000, true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entry e = parsed(rows[i].line);
        assert_int_equal(e.kind, ENTRY_UNLISTED);
        assert_int_equal(e.milli, rows[i].milli);
        assert_int_equal(e.vnd, rows[i].vnd);
        assert_int_equal(e.counted, rows[i].counted);
        assert_int_equal(e.word.len, 0);
    }
}

static void m12_a_discount_is_a_percentage_or_an_amount(void **state)
{
    static const struct {
        const char *line;
        enum entry_kind kind;
        int64_t hundredths, vnd;
    } rows[] = {
        { "%10", ENTRY_DISCOUNT, 1000, 0 },
        { "% 10", ENTRY_DISCOUNT, 1000, 0 },
        { "%12,5", ENTRY_DISCOUNT, 1250, 0 },
        { "%0.01", ENTRY_DISCOUNT, 1, 0 },
        { "%33.33", ENTRY_DISCOUNT, 3333, 0 },
        { "%100", ENTRY_DISCOUNT, 10000, 0 },
        { "%100,00", ENTRY_DISCOUNT, 10000, 0 },
        { "%101", ENTRY_DISCOUNT, 0, 101000 },
        { "%5000", ENTRY_DISCOUNT, 0, 5000 },
        { "%5.000", ENTRY_DISCOUNT, 0, 5000 },
        { "%50,000", ENTRY_DISCOUNT, 0, 50000 },
        { "%!50", ENTRY_DISCOUNT, 0, 50 },
        { "%50.", ENTRY_DISCOUNT, 0, 50 },
        { "%%10", ENTRY_DISCOUNT_ALL, 1000, 0 },
        { "%0", ENTRY_DISCOUNT, 0, 0 },
        { "%%0", ENTRY_DISCOUNT_ALL, 0, 0 },
        { "%%20000", ENTRY_DISCOUNT_ALL, 0, 20000 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entry e = parsed(rows[i].line);
        assert_int_equal(e.kind, rows[i].kind);
        assert_int_equal(e.percent_hundredths, rows[i].hundredths);
        assert_int_equal(e.vnd, rows[i].vnd);
    }
}

static void a_line_that_means_nothing_says_what_is_wrong(void **state)
{
    static const struct {
        const char *line;
        int why;
    } rows[] = {
        { "*", QUANTITY_WRONG },
        { "*0", QUANTITY_WRONG },
        { "*a", QUANTITY_WRONG },
        { "*1,2345", QUANTITY_WRONG },
        { "*-1", QUANTITY_WRONG },
        { "0*12", QUANTITY_WRONG },
        { "1.2.3*12", QUANTITY_WRONG },
        { ".5*12", QUANTITY_WRONG },
        { "1.*12", QUANTITY_WRONG },
        { "1000000*12", QUANTITY_WRONG },
        { "3*", ITEM_MISSING },
        { "3* ", ITEM_MISSING },
        { "/", PRICE_MISSING },
        { "/0", PRICE_MISSING },
        { "/abc", PRICE_MISSING },
        { "2*/", PRICE_MISSING },
        { "/-5", PRICE_MISSING },
        { "/8.5", PRICE_MISSING },
        { "%", DISCOUNT_WRONG },
        { "%%", DISCOUNT_WRONG },
        { "%0x", DISCOUNT_WRONG },
        { "%%%10", DISCOUNT_WRONG },
        { "%-10", DISCOUNT_WRONG },
        { "%100.5", DISCOUNT_WRONG },
        { "%10%", DISCOUNT_WRONG },
        { "%12345678901234", DISCOUNT_WRONG },
        { "/99999999999999", PRICE_MISSING },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entry e = parsed(rows[i].line);
        assert_int_equal(e.kind, ENTRY_WRONG);
        assert_string_equal(e.why, whys[rows[i].why]);
    }
}

/* ---- amounts ---- */

static void m08_an_amount_below_a_thousand_means_thousands(void **state)
{
    static const struct {
        const char *text;
        int64_t thousands, plain;
    } rows[] = {
        { "0", 0, 0 },
        { "5", 5000, 5 },
        { "200", 200000, 200 },
        { " 200 ", 200000, 200 },
        { "999", 999000, 999 },
        { "0999", 999000, 999 },
        { "1000", 1000, 1000 },
        { "85000", 85000, 85000 },
        { "200.", 200, 200 },
        { "!200", 200, 200 },
        { "!0", 0, 0 },
        { "1.500", 1500, 1500 },
        { "1,500", 1500, 1500 },
        { "0.500", 500, 500 },
        { "1.500.000", 1500000, 1500000 },
        { "12,345,678", 12345678, 12345678 },
        { "1.500.", 1500, 1500 },
        { "!1.500", 1500, 1500 },
        { "9999999999999", MONEY_MAX, MONEY_MAX },
        { "9.999.999.999.999", MONEY_MAX, MONEY_MAX },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t vnd = -1;
        struct str text = str_of(rows[i].text);
        assert_int_equal(entry_amount(text, true, &vnd), ERR_OK);
        assert_int_equal(vnd, rows[i].thousands);
        assert_int_equal(entry_amount(text, false, &vnd), ERR_OK);
        assert_int_equal(vnd, rows[i].plain);
    }
}

static void what_is_no_amount_is_refused_and_changes_nothing(void **state)
{
    static const char *const bad[] = {
        "",
        " ",
        ".",
        "!",
        "!.",
        "-5",
        "+5",
        "5k",
        "1.5",
        "1,5",
        "1.50",
        "1.5000",
        "1234.567",
        ".500",
        "1.500,000",
        "1,500.000",
        "1.500.00",
        "1..500",
        "1,",
        "1 500",
        "!!5",
        "5!",
        "1.500.0000",
        "\xC3\x28",
        "５",
        "5..",
        "1/500",
        "1a500",
        "1.500,",
        "10000000000000",
        "10.000.000.000.000",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t vnd = -7;
        assert_int_equal(entry_amount(str_of(bad[i]), true, &vnd), ERR_INVALID);
        assert_int_equal(vnd, -7);
    }
}

static void any_bytes_are_read_without_harm(void **state)
{
    static const char signs[] = "0123456789*/%+-!., aạ\xFF";
    uint64_t x = 88172645463325252;
    char line[ENTRY_MAX];
    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t len = (size_t)(round % 24);
        for (size_t i = 0; i < len; i++) {
            x = x * 6364136223846793005U + 1442695040888963407U;
            line[i] = signs[(x >> 33) % (sizeof(signs) - 1)];
        }
        struct entry e;
        entry_parse((struct str){ line, len }, round % 2 == 0, &e);
        assert_in_range(e.kind, ENTRY_EMPTY, ENTRY_WRONG);
        assert_in_range(e.milli, 1, MILLI_MAX);
        assert_in_range(e.vnd, 0, MONEY_MAX);
        assert_in_range(e.percent_hundredths, 0, 10000);
        assert_int_equal(e.kind == ENTRY_WRONG, e.why != NULL);
        assert_int_equal(e.kind == ENTRY_ITEM, e.word.len > 0);
    }
    memset(line, '1', sizeof(line));
    struct entry e;
    entry_parse((struct str){ line, sizeof(line) }, true, &e);
    assert_int_equal(e.word.len, sizeof(line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m01_a_line_is_a_code_a_quantity_of_it_or_a_name),
        cmocka_unit_test(the_word_points_into_the_line),
        cmocka_unit_test(m01_an_empty_line_asks_for_the_total),
        cmocka_unit_test(m01_signs_alone_change_the_last_line),
        cmocka_unit_test(m13_a_price_after_a_slash_is_an_item_off_the_list),
        cmocka_unit_test(m12_a_discount_is_a_percentage_or_an_amount),
        cmocka_unit_test(a_line_that_means_nothing_says_what_is_wrong),
        cmocka_unit_test(m08_an_amount_below_a_thousand_means_thousands),
        cmocka_unit_test(what_is_no_amount_is_refused_and_changes_nothing),
        cmocka_unit_test(any_bytes_are_read_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
