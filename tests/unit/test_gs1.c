/*
 * test_gs1.c - element strings are cut into identifiers and values, and
 * nowhere else.
 */
#include "pos/model/gs1.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GS   "\x1D"
#define TEN  "1234567890"
#define MOST TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* All elements as "(ai)value", and "!" where something else follows. The text
 * is read at the very end of its memory. */
static void read_all(struct str text, struct buf *out)
{
    char *copy = malloc(text.len > 0 ? text.len : 1);
    assert_non_null(copy);
    memcpy(copy, text.data, text.len);
    struct gs1_reader reader = gs1_begin((struct str){ copy, text.len });
    struct gs1_element e;
    bool right = true;
    while (right && reader.rest.len > 0) {
        right = gs1_next(&reader, &e);
        buf_puts(out, right ? "(" : "!");
        buf_str(out, right ? e.ai : STR(""));
        buf_puts(out, right ? ")" : "");
        buf_str(out, right ? e.value : STR(""));
    }
    free(copy);
}

struct row {
    const char *text, *want;
};

static void expect_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        BUF(out, MAX_TEXT);
        read_all(str_of(rows[i].text), &out);
        if (strcmp(buf_text(&out), rows[i].want) != 0)
            fail_msg("\"%s\": %s", rows[i].text, buf_text(&out));
    }
}

static void a_value_ends_by_its_length_at_fnc1_or_with_the_text(void **state)
{
    static const struct row rows[] = {
        { "010893123456789710L1", "(01)08931234567897(10)L1" },
        { "10L1" GS "21S", "(10)L1(21)S" },
        { "10L1" GS, "(10)L1" },
        { "17261231" GS "10L", "(17)261231(10)L" },
        { "240x" GS "30"
          "7" GS "3922"
          "1",
          "(240)x(30)7(3922)1" },
        { "4301x" GS "7003y" GS "710z" GS "8200u", "(4301)x(7003)y(710)z(8200)"
                                                   "u" },
        { "003123456789012345672012", "(00)312345678901234567(20)12" },
        { "10" MOST, "(10)" MOST },
        { "10!\"%&'()*+,-./:;<=>?_azAZ09", "(10)!\"%&'()*+,-./:;<=>?_azAZ09" },
    };
    (void)state;
    expect_rows(rows, ARRAY_LEN(rows));
}

static void a_printed_value_ends_where_parentheses_with_digits_begin(void **s)
{
    static const struct row rows[] = {
        { "(01)08931234567897(10)L1", "(01)08931234567897(10)L1" },
        { "(3103)000250(240)x", "(3103)000250(240)x" },
        { "(10)A(B)C(1)D(12345)E(21)F", "(10)A(B)C(1)D(12345)E(21)F" },
        { "(10)" MOST, "(10)" MOST },
    };
    (void)s;
    expect_rows(rows, ARRAY_LEN(rows));
}

static void reading_ends_where_the_form_does(void **state)
{
    static const struct row rows[] = {
        { "x", "!" },
        { "1", "!" },
        { "1x", "!" },
        { "(", "!" },
        { "(1", "!" },
        { "(1)x", "!" },
        { "(101)x10L", "!" },
        { "(12345)x", "!" },
        { "(12", "!" },
        { "(3103", "!" },
        { "31x", "!" },
        { "98x" GS "310", "(98)x!" },
        { "05x" GS "10L", "!" },
        { "10L" GS "38x" GS "1", "(10)L!" },
        { "(10)L(38)x(10)L", "(10)L!" },
        { "10a b" GS "1", "!" },
        { "10\xE1\xBA\xA3" GS "1", "!" },
        { "10" GS "10L", "!" },
        { "10" MOST "1" GS "1", "!" },
        { "0108931234567x9710L", "!" },
    };
    (void)state;
    expect_rows(rows, ARRAY_LEN(rows));
    BUF(out, MAX_TEXT);
    read_all(STR("10a\0b" GS "1"), &out);
    assert_string_equal(buf_text(&out), "!");
}

static void nothing_follows_the_end(void **state)
{
    static const char *const ends[] = { "", "31", "310", "10", "(10)", "(10" };
    struct gs1_element e;
    (void)state;
    struct gs1_reader none = gs1_begin((struct str){ NULL, 0 });
    assert_false(gs1_next(&none, &e));
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        struct gs1_reader reader = gs1_begin(str_of(ends[i]));
        assert_false(gs1_next(&reader, &e));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_ends_by_its_length_at_fnc1_or_with_the_text),
        cmocka_unit_test(
            a_printed_value_ends_where_parentheses_with_digits_begin),
        cmocka_unit_test(reading_ends_where_the_form_does),
        cmocka_unit_test(nothing_follows_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
