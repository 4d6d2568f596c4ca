/*
 * test_words.c - amounts in Vietnamese words: every row of the vectors, what
 * else must be said, and that words tell the amount back.
 */
#include "pos/model/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/text.h"

enum { VECTORS = 30, ROUNDS = 20000 };

struct row {
    int64_t vnd;
    const char *words;
};

static void expect(int64_t vnd, struct str want)
{
    BUF(out, MAX_TEXT);
    words_vnd(&out, vnd);
    if (!str_eq(buf_slice(&out), want))
        fail_msg("%lld: \"%s\"", (long long)vnd, buf_text(&out));
}

static void every_vector_is_said_as_it_stands(void **state)
{
    (void)state;
    int n = 0;
    BUF(file, MAX_TEXT);
    assert_int_equal(env_file_read("tests/data", "amount-in-words.tsv", &file),
                     ERR_OK);
    const char *at = strchr(buf_text(&file), '\n') + 1;
    for (; *at; n++) {
        char *tab;
        int64_t vnd = strtoll(at, &tab, 10);
        assert_int_equal(*tab, '\t');
        size_t len = strcspn(tab + 1, "\n");
        expect(vnd, (struct str){ tab + 1, len });
        at = tab + 1 + len + 1;
    }
    assert_int_equal(n, VECTORS);
}

static void expect_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        expect(rows[i].vnd, str_of(rows[i].words));
}

static void empty_thousands_before_hundreds_are_said(void **state)
{
    static const struct row rows[] = {
        { 1000500, "một triệu không nghìn năm trăm đồng" },
        { 1000100, "một triệu không nghìn một trăm đồng" },
        { 1000999, "một triệu không nghìn chín trăm chín mươi chín đồng" },
        { 1000000500, "một tỷ không nghìn năm trăm đồng" },
        { 1000099, "một triệu không trăm chín mươi chín đồng" },
        { 1001500, "một triệu không trăm linh một nghìn năm trăm đồng" },
        { 500, "năm trăm đồng" },
        { 2000500000, "hai tỷ năm trăm nghìn đồng" },
    };
    (void)state;
    expect_rows(rows, ARRAY_LEN(rows));
}

static void units_behind_tens_change_their_sound(void **state)
{
    static const struct row rows[] = {
        { 1, "một đồng" },
        { 4, "bốn đồng" },
        { 11, "mười một đồng" },
        { 14, "mười bốn đồng" },
        { 20, "hai mươi đồng" },
        { 31, "ba mươi mốt đồng" },
        { 44, "bốn mươi tư đồng" },
        { 95, "chín mươi lăm đồng" },
        { 104, "một trăm linh bốn đồng" },
        { 1054, "một nghìn không trăm năm mươi tư đồng" },
    };
    (void)state;
    expect_rows(rows, ARRAY_LEN(rows));
}

static void the_largest_amounts_are_said_too(void **state)
{
    static const struct row rows[] = {
        { INT64_C(9999999999999),
          "chín nghìn chín trăm chín mươi chín tỷ chín trăm chín mươi chín "
          "triệu chín trăm chín mươi chín nghìn chín trăm chín mươi chín "
          "đồng" },
        { INT64_C(1000000000000000000), "một tỷ tỷ đồng" },
        { INT64_C(1000000000000000001), "một tỷ tỷ không trăm linh một đồng" },
        { INT64_MAX,
          "chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn "
          "không trăm ba mươi sáu tỷ tám trăm năm mươi tư triệu bảy trăm bảy "
          "mươi lăm nghìn tám trăm linh bảy đồng" },
    };
    (void)state;
    expect_rows(rows, ARRAY_LEN(rows));
}

static void a_slip_begins_it_with_a_capital(void **state)
{
    (void)state;
    BUF(out, MAX_TEXT);
    buf_puts(&out, "x: ");
    words_vnd_capital(&out, 105000);
    assert_string_equal(buf_text(&out), "x: Một trăm linh năm nghìn đồng");
    for (int n = 0; n < 10; n++) {
        buf_clear(&out);
        words_vnd_capital(&out, n);
        assert_in_range(buf_text(&out)[0], 'A', 'Z');
    }
    BUF(small, 2);
    words_vnd_capital(&small, 0);
    assert_false(buf_ok(&small));
}

/* ---- read back by somebody who listens ---- */

static int digit_heard(const char *word)
{
    static const struct row heard[] = {
        { 0, "không" }, { 1, "một" }, { 1, "mốt" },  { 2, "hai" }, { 3, "ba" },
        { 4, "bốn" },   { 4, "tư" },  { 5, "năm" },  { 5, "lăm" }, { 6, "sáu" },
        { 7, "bảy" },   { 8, "tám" }, { 9, "chín" },
    };
    for (size_t i = 0; i < ARRAY_LEN(heard); i++) {
        if (strcmp(heard[i].words, word) == 0)
            return (int)heard[i].vnd;
    }
    return -1;
}

/* Up to some hundred million million: one "tỷ" at most. */
static int64_t amount_heard(const char *text)
{
    int64_t billions = 0, part = 0;
    int group = 0, digit = 0;
    char words[1024], *rest;
    assert_true(strlen(text) < sizeof(words));
    memcpy(words, text, strlen(text) + 1);
    for (char *w = words; w; w = rest) {
        rest = strchr(w, ' ');
        if (rest)
            *rest++ = '\0';
        int heard = digit_heard(w);
        if (heard >= 0) {
            digit = heard;
            continue;
        }
        if (strcmp(w, "trăm") == 0)
            group += digit * 100;
        else if (strcmp(w, "mươi") == 0)
            group += digit * 10;
        else if (strcmp(w, "mười") == 0)
            group += 10;
        else if (strcmp(w, "triệu") == 0)
            part += (int64_t)(group + digit) * 1000000;
        else if (strcmp(w, "nghìn") == 0)
            part += (int64_t)(group + digit) * 1000;
        else if (strcmp(w, "tỷ") == 0)
            billions = part + group + digit;
        else if (strcmp(w, "đồng") == 0)
            return billions * 1000000000 + part + group + digit;
        else
            assert_string_equal(w, "linh");
        digit = 0;
        if (strcmp(w, "tỷ") == 0)
            part = 0;
        if (strstr("triệu nghìn tỷ", w))
            group = 0;
    }
    fail_msg("no đồng in \"%s\"", text);
    return -1;
}

static void words_tell_the_amount_back(void **state)
{
    uint64_t seed = 20200114;
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        BUF(out, MAX_TEXT);
        seed = seed * UINT64_C(6364136223846793005) +
               UINT64_C(1442695040888963407);
        /* Of every length, and with many zeros. */
        int64_t vnd = (int64_t)(seed >> (20 + i % 44));
        if (i % 2)
            vnd = vnd / 1000000 * 1000000 + vnd % 1000;
        words_vnd(&out, vnd);
        assert_int_equal(amount_heard(buf_text(&out)), vnd);
        assert_true(text_is_nfc(buf_slice(&out)));
        assert_null(strstr(buf_text(&out), "  "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_is_said_as_it_stands),
        cmocka_unit_test(empty_thousands_before_hundreds_are_said),
        cmocka_unit_test(units_behind_tens_change_their_sound),
        cmocka_unit_test(the_largest_amounts_are_said_too),
        cmocka_unit_test(a_slip_begins_it_with_a_capital),
        cmocka_unit_test(words_tell_the_amount_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
