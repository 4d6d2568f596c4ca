/*
 * test_text_sort.c - the Vietnamese order of words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"

enum { CODES_IN_USE = 0x32000 }; /* planes 3 to 13 hold next to nothing */

/* Each entry stands before the next, by text_cmp() and by its key. */
static void expect_order(const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            struct str a = str_of(words[i]), b = str_of(words[k]);
            int by_place = (i > k) - (i < k);
            int got = text_cmp(a, b);
            assert_int_equal((got > 0) - (got < 0), by_place);
        }
    }
}

/* As CLDR's collation for `vi` has it. */
static void words_stand_as_in_a_dictionary(void **state)
{
    (void)state;
    static const char *const words[] = {
        "an",   "ăn",      "âm",      "ân",    "ấn",   "ba",    "ca",   "cà",
        "cá",   "ca cao",  "chả mực", "chuối", "cờ",   "cơm",   "da",   "dà",
        "dả",   "dã",      "dá",      "dạ",    "đào",  "gà",    "ghẹ",  "mắm",
        "măng", "mật ong", "miến",    "nấm",   "ngao", "nghêu", "oanh", "ông",
        "ở",    "ơn",      "thịt",    "tôm",   "trà",  "um",    "ưa",   "ứng",
        "xôi",  "y",       "ý",
    };
    expect_order(words, ARRAY_LEN(words));
}

static void letters_stand_in_the_order_of_the_alphabet(void **state)
{
    (void)state;
    static const char *const letters[] = {
        "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g",
        "h", "i", "j", "k", "l", "m", "n", "o", "ô", "ơ", "p",
        "q", "r", "s", "t", "u", "ư", "v", "w", "x", "y", "z",
    };
    expect_order(letters, ARRAY_LEN(letters));
}

static void letters_count_before_tones_and_tones_before_case(void **state)
{
    (void)state;
    static const char *const levels[] = {
        "ma",  "Ma",  "MA", "mà", "Mà", "mả", "mã", "má", "mạ", "mạb", "Mac",
        "màc", "mád", "mă", "mằ", "mẳ", "mẵ", "mắ", "mặ", "Mâ", "Mba",
    };
    expect_order(levels, ARRAY_LEN(levels));
}

static void the_first_tone_that_differs_decides(void **state)
{
    (void)state;
    static const char *const words[] = { "hoa", "hoà", "hoá", "hoạ",
                                         "hòa", "hóa", "họa" };
    expect_order(words, ARRAY_LEN(words));
}

static void blanks_signs_digits_letters_and_others_follow(void **state)
{
    (void)state;
    static const char *const words[] = {
        "",   " a", "(a)", "10 a", "9 a",     "a", "a b",  "a-b",
        "a1", "ab", "z",   "ß",    "\u0301a", "★", "日本",
    };
    expect_order(words, ARRAY_LEN(words));
}

static void composed_or_not_is_the_same_place(void **state)
{
    (void)state;
    static const char *const words[] = {
        "mực",
        "mu\u031B\u0323c",
        "mực a",
        "mu\u031B\u0323c b",
    };
    assert_true(text_cmp(str_of(words[2]), str_of(words[3])) < 0);
    assert_true(text_cmp(str_of(words[0]), str_of(words[3])) < 0);
    assert_true(text_cmp(str_of(words[1]), str_of(words[2])) < 0);
    assert_true(text_cmp(STR("o\u0323\u031Bn"), STR("ợm")) > 0);
}

static void only_equal_texts_compare_equal(void **state)
{
    (void)state;
    assert_int_equal(text_cmp(STR("Đào"), STR("Đào")), 0);
    assert_int_equal(text_cmp(STR(""), STR("")), 0);
    assert_int_not_equal(text_cmp(STR("ợ"), STR("o\u031B\u0323")), 0);
    assert_int_not_equal(text_cmp(STR("a\u0308"), STR("a\u030A")), 0);
    assert_int_not_equal(text_cmp(STR("a\0"), STR("a")), 0);
    assert_int_not_equal(text_cmp(STR("\xFF"), STR("\xFE")), 0);
}

static void a_key_is_appended_and_keeps_its_maximum(void **state)
{
    (void)state;
    BUF(key, 64);
    buf_putc(&key, '>');
    text_sort_key(&key, STR("Cà"));
    static const char want[] = ">\x84\x80\x01\x02\x03\x01\x03\x02\x01"
                               "Cà";
    assert_string_equal(buf_text(&key), want);
    BUF(full, 8);
    text_sort_key(&full, STR("Cà"));
    assert_false(buf_ok(&full));
}

/* The longest keys that code points give: text_cmp() has room for them. */
static void every_code_point_has_a_key(void **state)
{
    (void)state;
    BUF(in, MAX_TEXT);
    for (int32_t code = 0; code < CODES_IN_USE; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        buf_clear(&in);
        utf8_put(&in, code);
        assert_int_equal(text_cmp(buf_slice(&in), buf_slice(&in)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stand_as_in_a_dictionary),
        cmocka_unit_test(letters_stand_in_the_order_of_the_alphabet),
        cmocka_unit_test(letters_count_before_tones_and_tones_before_case),
        cmocka_unit_test(the_first_tone_that_differs_decides),
        cmocka_unit_test(blanks_signs_digits_letters_and_others_follow),
        cmocka_unit_test(composed_or_not_is_the_same_place),
        cmocka_unit_test(only_equal_texts_compare_equal),
        cmocka_unit_test(a_key_is_appended_and_keeps_its_maximum),
        cmocka_unit_test(every_code_point_has_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
