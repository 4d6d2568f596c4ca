/*
 * test_text_id.c - identifiers at their limits, check digits, base32.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"

#define UPPER_DIGIT "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define ALL         UPPER_DIGIT "abcdefghijklmnopqrstuvwxyz"

static const struct {
    bool (*is)(struct str s);
    size_t max;
    const char *first, *rest; /* the characters allowed there */
} forms[] = {
    { id_fair, 16, UPPER_DIGIT, UPPER_DIGIT "-" },
    { id_booth, 6, UPPER_DIGIT, UPPER_DIGIT },
    { id_sku, 32, ALL "._-", ALL "._-" },
    { id_basket, 40, ALL "._-", ALL "._-" },
    { id_reference, 25, UPPER_DIGIT, UPPER_DIGIT },
    { id_code, 8, ALL, ALL },
};

static void identifiers_keep_their_lengths(void **state)
{
    (void)state;
    char word[64];
    memset(word, 'A', sizeof(word));
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        size_t max = forms[i].max;
        assert_false(forms[i].is((struct str){ word, 0 }));
        assert_false(forms[i].is((struct str){ NULL, 0 }));
        assert_true(forms[i].is((struct str){ word, 1 }));
        assert_true(forms[i].is((struct str){ word, max - 1 }));
        assert_true(forms[i].is((struct str){ word, max }));
        assert_false(forms[i].is((struct str){ word, max + 1 }));
    }
}

static void identifiers_keep_their_characters(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        for (int byte = 0; byte <= 0xFF; byte++) {
            char first[] = { (char)byte, 'A', 'A' };
            char last[] = { 'A', 'A', (char)byte };
            bool in_first = byte != 0 && strchr(forms[i].first, byte);
            bool in_rest = byte != 0 && strchr(forms[i].rest, byte);
            assert_int_equal(forms[i].is((struct str){ first, 3 }), in_first);
            assert_int_equal(forms[i].is((struct str){ last, 3 }), in_rest);
        }
    }
}

/* Of the digits that may stand at a place only the good one is right. */
static void check_digits_at(const char *good, size_t at)
{
    char bad[16];
    size_t n = strlen(good);
    memcpy(bad, good, n);
    for (const char *d = "0123456789"; *d; d++) {
        bad[at] = *d;
        assert_int_equal(id_gtin((struct str){ bad, n }), *d == good[at]);
    }
}

static void gtins_have_a_right_check_digit(void **state)
{
    (void)state;
    static const char *const good[] = {
        "8931234567897",  "8930000000019",  "8938512345673", "8936024043001",
        "89312346",       "2100012012508",  "2001234007504", "036000291452",
        "08931234567897", "00000089312346",
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        assert_true(id_gtin(str_of(good[i])));
        for (size_t at = 0; good[i][at] != '\0'; at++)
            check_digits_at(good[i], at);
    }
}

static void gtins_have_four_lengths(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 20; n++) {
        bool known = n == 8 || n == 12 || n == 13 || n == 14;
        struct str zeros = { "00000000000000000000", n };
        assert_int_equal(id_gtin(zeros), known);
    }
    assert_false(id_gtin(STR("8931234A")));
    assert_false(id_gtin(STR("893 2346")));
    assert_false(id_gtin(STR("-8931234")));
}

/* RFC 4648, section 10, without padding and in lower case. */
static const struct {
    const char *bytes, *word;
} base32[] = {
    { "", "" },
    { "f", "my" },
    { "fo", "mzxq" },
    { "foo", "mzxw6" },
    { "foob", "mzxw6yq" },
    { "fooba", "mzxw6ytb" },
    { "foobar", "mzxw6ytboi" },
    { "\xFF\xFF\xFF\xFF\xFF", "77777777" },
};

static void base32_writes_and_reads_the_rfc_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(base32); i++) {
        BUF(out, MAX_TEXT);
        char bytes[16] = { 0 };
        size_t n = strlen(base32[i].bytes);
        base32_put(&out, base32[i].bytes, n);
        assert_string_equal(buf_text(&out), base32[i].word);
        assert_true(base32_bytes(buf_slice(&out), bytes, n));
        assert_memory_equal(bytes, base32[i].bytes, n);
        assert_int_equal(bytes[n], 0);
    }
}

static void base32_gives_every_byte_back(void **state)
{
    (void)state;
    unsigned char bytes[256], back[256];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(i * 167 + 13);
    for (size_t n = 0; n <= sizeof(bytes); n++) {
        BUF(out, MAX_TEXT);
        base32_put(&out, bytes, n);
        assert_int_equal(out.len, (n * 8 + 4) / 5);
        assert_true(base32_bytes(buf_slice(&out), back, n));
        assert_memory_equal(back, bytes, n);
    }
}

static void base32_has_one_word_for_one_run_of_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        size_t len;
    } bad[] = {
        { "mz", 1 },                           /* a spare bit is set */
        { "mzxr", 2 },                         /* the same */
        { "mzxw7", 3 - 1 }, { "my======", 1 }, /* padding */
        { "MY", 1 },                           /* upper case */
        { "m1", 1 },        { "m8", 1 },       { "m", 1 },  { "myy", 1 },
        { "", 1 },          { "my", 0 },       { "my", 2 }, { "m ", 1 },
        { "mzxw6ytb", 4 },  { "mzxw6ytb", 6 },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        unsigned char out[16] = { 0xA5 };
        assert_false(base32_bytes(str_of(bad[i].word), out, bad[i].len));
        assert_int_equal(out[0], 0xA5);
    }
    unsigned char out[1];
    assert_false(base32_bytes(STR("m\0"), out, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_keep_their_lengths),
        cmocka_unit_test(identifiers_keep_their_characters),
        cmocka_unit_test(gtins_have_a_right_check_digit),
        cmocka_unit_test(gtins_have_four_lengths),
        cmocka_unit_test(base32_writes_and_reads_the_rfc_vectors),
        cmocka_unit_test(base32_gives_every_byte_back),
        cmocka_unit_test(base32_has_one_word_for_one_run_of_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
