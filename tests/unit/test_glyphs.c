/*
 * test_glyphs.c - what is shown where the font has less, and which set is
 * chosen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/term/glyphs.h"

static void expect_fitted(enum glyphs set, const char *text, const char *want)
{
    struct grid grid;
    BUF(picture, MAX_OUTPUT);
    grid_init(&grid, 1, 40);
    int cols = grid_puts(&grid, 0, 0, STYLE_GOOD, text);
    glyphs_fit(&grid, set);
    grid_picture(&grid, &picture);
    picture.data[picture.len - 1] = '\0';
    assert_string_equal(picture.data, want);
    for (int col = 0; col < grid.cols; col++) {
        assert_int_equal(grid_at(&grid, 0, col)->style,
                         col < cols ? STYLE_GOOD : STYLE_TEXT);
        assert_true(set == GLYPHS_FULL || *grid_at(&grid, 0, col)->text);
    }
    grid_done(&grid);
}

static void a_full_font_shows_everything_as_it_is(void **state)
{
    (void)state;
    static const char text[] = "Chả mực ★★☆ 85.000 ₫ ▀▄█ 市場 x\u0302";
    expect_fitted(GLYPHS_FULL, text, text);
}

static void s09_a_console_has_vietnamese_and_boxes(void **state)
{
    (void)state;
    static const char text[] = "Đường Quảng Ninh … – ─│┌┘═║ █ → ✗";
    expect_fitted(GLYPHS_CONSOLE, text, text);
    expect_fitted(GLYPHS_CONSOLE, "85.000 ₫ ★★★☆ ✓ ▀▄ ▁",
                  "85.000 đ ***. v ## _");
}

static void s09_ascii_keeps_letters_and_columns(void **state)
{
    (void)state;
    expect_fitted(GLYPHS_ASCII, "Mực một nắng ĐẶC SẢN đồng Rui",
                  "Muc mot nang DAC SAN dong Rui");
    expect_fitted(GLYPHS_ASCII, "85.000 ₫ ★★☆ × … – “a” ✓",
                  "85.000 d **. x . - \"a\" v");
    expect_fitted(GLYPHS_ASCII, "┌─┐│═║█▀▄░→←", "+-+|=|###:><");
}

static void every_vietnamese_letter_keeps_its_base(void **state)
{
    (void)state;
    static const char *const sets[][2] = {
        { "àảãáạăằẳẵắặâầẩẫấậ", "a" },
        { "èẻẽéẹêềểễếệ", "e" },
        { "ìỉĩíị", "i" },
        { "òỏõóọôồổỗốộơờởỡớợ", "o" },
        { "ùủũúụưừửữứự", "u" },
        { "ỳỷỹýỵ", "y" },
        { "đ", "d" },
        { "Đ", "D" },
        { "ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ", "A" },
        { "ƯỪỬỮỨỰ", "U" },
    };
    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        struct str s = str_of(sets[i][0]);
        for (size_t pos = 0, from = 0; from < s.len; from = pos) {
            BUF(letter, MAX_TEXT);
            utf8_next(s, &pos);
            buf_put(&letter, s.data + from, pos - from);
            expect_fitted(GLYPHS_ASCII, buf_text(&letter), sets[i][1]);
            expect_fitted(GLYPHS_CONSOLE, buf_text(&letter), buf_text(&letter));
        }
    }
}

/* No console combines; and two columns stay two. */
static void marks_and_wide_characters_become_single_signs(void **state)
{
    (void)state;
    expect_fitted(GLYPHS_CONSOLE, "x\u0302y \u0109\u0323 市場!", "xy ĉ ? ? !");
    expect_fitted(GLYPHS_ASCII, "x\u0302y \u0109\u0323 市場!", "xy c ? ? !");
    expect_fitted(GLYPHS_ASCII, "Ωж\uFFFD", "???");
}

static void nothing_but_ascii_is_left_for_ascii(void **state)
{
    (void)state;
    struct grid grid;
    enum { BMP = 0x10000, SURROGATE = 0xD800, AFTER = 0xE000 };
    grid_init(&grid, 1, 2);
    for (int32_t code = ' '; code < BMP; code++) {
        if (code >= SURROGATE && code < AFTER)
            continue;
        BUF(text, MAX_TEXT);
        utf8_put(&text, code);
        grid_put(&grid, 0, 0, STYLE_TEXT, buf_slice(&text));
        glyphs_fit(&grid, GLYPHS_ASCII);
        for (int col = 0; col < grid.cols; col++) {
            const char *shown = grid_at(&grid, 0, col)->text;
            assert_true(*shown >= ' ' && *shown <= '~' && !shown[1]);
        }
        grid_reset(&grid, 1, 2);
    }
    grid_done(&grid);
}

static enum glyphs chosen(const char *term, const char *lc_all,
                          const char *lang)
{
    static const char *const names[] = { "TERM", "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        unsetenv(names[i]);
    setenv("TERM", term, 1);
    if (lc_all)
        setenv("LC_ALL", lc_all, 1);
    if (lang)
        setenv("LANG", lang, 1);
    return glyphs_choose("auto");
}

static void a_word_decides_over_what_is_found(void **state)
{
    (void)state;
    chosen("linux", NULL, NULL);
    assert_int_equal(glyphs_choose("full"), GLYPHS_FULL);
    assert_int_equal(glyphs_choose("console"), GLYPHS_CONSOLE);
    assert_int_equal(glyphs_choose("ascii"), GLYPHS_ASCII);
}

/* Standard output of a test is no console, so its font cannot be asked. */
static void s09_a_console_that_shows_no_font_gets_ascii(void **state)
{
    (void)state;
    assert_int_equal(chosen("linux", NULL, "C.UTF-8"), GLYPHS_ASCII);
    assert_int_equal(chosen("linux-16color", NULL, NULL), GLYPHS_ASCII);
}

static void the_locale_says_what_other_terminals_show(void **state)
{
    (void)state;
    assert_int_equal(chosen("xterm", NULL, "vi_VN.UTF-8"), GLYPHS_FULL);
    assert_int_equal(chosen("xterm", NULL, "vi_VN.utf8@x"), GLYPHS_FULL);
    assert_int_equal(chosen("xterm", NULL, NULL), GLYPHS_FULL);
    assert_int_equal(chosen("vt100", NULL, "C"), GLYPHS_FULL);
    assert_int_equal(chosen("xterm", NULL, "en_US.ISO-8859-1"), GLYPHS_ASCII);
    assert_int_equal(chosen("xterm", "vi_VN.UTF-8", "vi_VN.TCVN"), GLYPHS_FULL);
    assert_int_equal(chosen("xterm", "", "vi_VN.TCVN"), GLYPHS_ASCII);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_font_shows_everything_as_it_is),
        cmocka_unit_test(s09_a_console_has_vietnamese_and_boxes),
        cmocka_unit_test(s09_ascii_keeps_letters_and_columns),
        cmocka_unit_test(every_vietnamese_letter_keeps_its_base),
        cmocka_unit_test(marks_and_wide_characters_become_single_signs),
        cmocka_unit_test(nothing_but_ascii_is_left_for_ascii),
        cmocka_unit_test(a_word_decides_over_what_is_found),
        cmocka_unit_test(s09_a_console_that_shows_no_font_gets_ascii),
        cmocka_unit_test(the_locale_says_what_other_terminals_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
