/*
 * test_charset.c - Vietnamese in the alphabets of receipt printers, held
 * against the C library's own tables.
 */
#include "pos/paper/charset.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"

static const char small[] = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíị"
                            "oòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ";
static const char capitals[] = "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊ"
                               "OÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴĐ";

static const enum charset all[] = { CHARSET_ASCII, CHARSET_TCVN3,
                                    CHARSET_CP1258, CHARSET_VISCII };

static void encode(enum charset set, struct str text, struct buf *out)
{
    size_t at = 0;
    int32_t code;
    while ((code = utf8_next(text, &at)) >= 0) {
        struct coded c;
        charset_encode(set, code, &c);
        buf_put(out, c.bytes, c.len);
    }
}

static void is(enum charset set, const char *text, const char *bytes)
{
    BUF(out, MAX_TEXT);
    encode(set, str_of(text), &out);
    assert_string_equal(buf_text(&out), bytes);
}

/* What the C library reads in these bytes, in NFC. */
static void heard(const char *charset, struct str bytes, struct buf *out)
{
    char text[64], *to = text;
    char *from = (char *)(uintptr_t)bytes.data;
    size_t left = bytes.len, room = sizeof(text);
    iconv_t cd = iconv_open("UTF-8", charset);
    assert_true(cd != (iconv_t)-1);
    assert_int_not_equal(iconv(cd, &from, &left, &to, &room), (size_t)-1);
    assert_int_not_equal(iconv(cd, NULL, NULL, &to, &room), (size_t)-1);
    iconv_close(cd);
    assert_int_equal(text_nfc(out, (struct str){ text, sizeof(text) - room }),
                     ERR_OK);
}

/* Every letter, alone, as charset_encode says and as the library hears it. */
static void agree(enum charset set, const char *charset, struct str letters)
{
    size_t at = 0, before = 0;
    while (utf8_next(letters, &at) >= 0) {
        struct str letter = { letters.data + before, at - before };
        BUF(bytes, 8);
        BUF(back, 64);
        encode(set, letter, &bytes);
        heard(charset, buf_slice(&bytes), &back);
        if (!str_eq(buf_slice(&back), letter))
            fail_msg("%s: %.*s became %s", charset, (int)letter.len,
                     letter.data, buf_text(&back));
        before = at;
    }
}

static void m20_golden_bytes_of_every_alphabet(void **state)
{
    (void)state;
    is(CHARSET_TCVN3, "Chả mực Hạ Long",
       "\x43\x68\xB6\x20\x6D\xF9\x63\x20\x48\xB9\x20\x4C\x6F\x6E\x67");
    is(CHARSET_CP1258, "Chả mực Hạ Long",
       "Cha\xD2 m\xFD\xF2"
       "c Ha\xF2 Long");
    is(CHARSET_VISCII, "Chả mực Hạ Long",
       "Ch\xE4 m\xF1"
       "c H\xD5 Long");
    is(CHARSET_ASCII, "Chả mực Hạ Long", "Cha muc Ha Long");
}

static void m20_all_small_letters_agree_with_the_library(void **state)
{
    (void)state;
    agree(CHARSET_TCVN3, "TCVN5712-1", STR(small));
    agree(CHARSET_TCVN3, "TCVN5712-1", STR("ĂÂÊÔƠƯĐ"));
    agree(CHARSET_CP1258, "CP1258", STR(small));
    agree(CHARSET_VISCII, "VISCII", STR(small));
}

static void m20_all_capitals_agree_with_the_library(void **state)
{
    (void)state;
    agree(CHARSET_CP1258, "CP1258", STR(capitals));
    agree(CHARSET_VISCII, "VISCII",
          STR("AÀẢÃÁẠĂẰẮẶÂẦẨẤẬEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤ"
              "ƯỪỬỮỨỰYỲÝĐ"));
}

/* The second table of TCVN-3 has a capital where the first has the small
 * letter. */
static void tcvn_capitals_with_tones_are_in_the_second_table(void **state)
{
    struct str lower = STR(small), upper = STR(capitals);
    size_t i = 0, j = 0;
    int32_t s, c;
    int toned = 0;
    (void)state;
    while ((s = utf8_next(lower, &i)) >= 0 && (c = utf8_next(upper, &j)) >= 0) {
        struct coded low, high;
        charset_encode(CHARSET_TCVN3, s, &low);
        charset_encode(CHARSET_TCVN3, c, &high);
        assert_false(low.second);
        assert_int_equal(high.len, 1);
        if (!high.second)
            continue;
        assert_int_equal(low.bytes[0], high.bytes[0]);
        toned++;
    }
    assert_int_equal(toned, 60);
    is(CHARSET_TCVN3, "ĂÂÊÔƠƯĐ", "\xA1\xA2\xA3\xA4\xA5\xA6\xA7");
}

static void six_capitals_of_viscii_lose_their_tone_not_their_letter(void **s)
{
    (void)s;
    is(CHARSET_VISCII, "ẲẴẪỶỸỴ", "\xC5\xC5\xC2YYY");
}

static void what_has_no_letter_is_said_plainer(void **state)
{
    (void)state;
    is(CHARSET_ASCII, "ĐƯỜNG HOA đặc sản – 1 × 2 … “ổi” · 5.000 ₫",
       "DUONG HOA dac san - 1 x 2 ... \"oi\" - 5.000 d");
    is(CHARSET_ASCII, small,
       "aaaaaaaaaaaaaaaaaaeeeeeeeeeeeeiiiiii"
       "oooooooooooooooooouuuuuuuuuuuuyyyyyyd");
    is(CHARSET_TCVN3, "Müller, Crème brûlée, \xE2\x84\xAA",
       "Muller, Cr\xCCme brul\xD0"
       "e, K");
    is(CHARSET_ASCII, "e\xCC\x81 a\xCC\xA3\xCC\x82", "e a");
    is(CHARSET_CP1258, "水 한 ß 🐟", "? ? ? ?");
}

static void letters_lose_one_mark_at_a_time(void **state)
{
    (void)state;
    assert_int_equal(charset_plainer(0x1EC7), 0xEA);  /* ệ ê */
    assert_int_equal(charset_plainer(0xEA), 'e');     /* ê e */
    assert_int_equal(charset_plainer(0x1EA4), 0xC2);  /* Ấ Â */
    assert_int_equal(charset_plainer(0x1EDD), 0x1A1); /* ờ ơ */
    assert_int_equal(charset_plainer(0x110), 'D');
    assert_int_equal(charset_plainer('e'), 0);
    assert_int_equal(charset_plainer(0x6C34), 0);
}

static void no_code_point_becomes_a_control_byte(void **state)
{
    (void)state;
    for (int32_t code = -2; code <= 0x110001; code++) {
        for (size_t i = 0; i < ARRAY_LEN(all); i++) {
            struct coded c;
            charset_encode(all[i], code, &c);
            assert_true(c.len <= sizeof(c.bytes));
            for (int k = 0; k < c.len; k++)
                assert_true((uint8_t)c.bytes[k] >= ' ' && c.bytes[k] != 0x7F);
        }
        /* Planes without letters are sampled. */
        if (code > 0x3FFFF && code < 0x10FFF0)
            code += 0xFFF;
    }
    is(CHARSET_ASCII, "a\x1B@b\x7F\xC2\x9B\xE2\x80\xAE", "a?@b???");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m20_golden_bytes_of_every_alphabet),
        cmocka_unit_test(m20_all_small_letters_agree_with_the_library),
        cmocka_unit_test(m20_all_capitals_agree_with_the_library),
        cmocka_unit_test(tcvn_capitals_with_tones_are_in_the_second_table),
        cmocka_unit_test(
            six_capitals_of_viscii_lose_their_tone_not_their_letter),
        cmocka_unit_test(what_has_no_letter_is_said_plainer),
        cmocka_unit_test(letters_lose_one_mark_at_a_time),
        cmocka_unit_test(no_code_point_becomes_a_control_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
