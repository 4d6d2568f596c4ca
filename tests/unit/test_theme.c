/*
 * test_theme.c - the looks: which theme is chosen, and what each may rely on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pos/term/theme.h"

enum { THEMES = THEME_MONO + 1, COLOURS = 8, ATTRIBUTES = 15 };

static int no_wishes(void **state)
{
    (void)state;
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm-256color", 1);
    return 0;
}

static void s07_a_theme_is_chosen_by_its_name(void **state)
{
    (void)state;
    assert_int_equal(theme_choose("default", false), THEME_DEFAULT);
    assert_int_equal(theme_choose("light", false), THEME_LIGHT);
    assert_int_equal(theme_choose("high-contrast", false), THEME_CONTRAST);
    assert_int_equal(theme_choose("mono", false), THEME_MONO);
    assert_int_equal(theme_choose("pink", false), THEME_DEFAULT);
}

static void s07_who_wants_no_colour_gets_none(void **state)
{
    (void)state;
    assert_int_equal(theme_choose("light", true), THEME_MONO);
    setenv("NO_COLOR", "", 1);
    assert_int_equal(theme_choose("light", false), THEME_LIGHT);
    setenv("NO_COLOR", "1", 1);
    assert_int_equal(theme_choose("light", false), THEME_MONO);
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_int_equal(theme_choose("light", false), THEME_MONO);
}

static bool same(const struct look *a, const struct look *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attributes == b->attributes;
}

static void looks_use_eight_colours_only(void **state)
{
    (void)state;
    for (int theme = 0; theme < THEMES; theme++) {
        for (int style = 0; style < STYLE_COUNT; style++) {
            const struct look *look =
                theme_look((enum theme)theme, (enum style)style);
            assert_in_range(look->fg + 1, 0, COLOURS);
            assert_in_range(look->bg + 1, 0, COLOURS);
            assert_in_range(look->attributes, 0, ATTRIBUTES);
            assert_true(look->fg < 0 || look->fg != look->bg);
        }
    }
}

static void mono_has_no_colour_but_in_a_qr_code(void **state)
{
    (void)state;
    for (int style = 0; style < STYLE_QR; style++) {
        const struct look *look = theme_look(THEME_MONO, (enum style)style);
        assert_int_equal(look->fg, -1);
        assert_int_equal(look->bg, -1);
    }
}

/* What has to be seen at once differs from text, in every theme. */
static void what_matters_stands_out_in_every_theme(void **state)
{
    (void)state;
    static const enum style loud[] = { STYLE_BAR,   STYLE_KEY,  STYLE_SELECTED,
                                       STYLE_TOTAL, STYLE_WARN, STYLE_ERROR };
    for (int theme = 0; theme < THEMES; theme++) {
        const struct look *text = theme_look((enum theme)theme, STYLE_TEXT);
        for (size_t i = 0; i < ARRAY_LEN(loud); i++)
            assert_false(same(text, theme_look((enum theme)theme, loud[i])));
        assert_false(same(theme_look((enum theme)theme, STYLE_BAR),
                          theme_look((enum theme)theme, STYLE_KEY)));
    }
}

static void a_qr_code_looks_the_same_in_every_theme(void **state)
{
    (void)state;
    for (int theme = 0; theme < THEMES; theme++) {
        const struct look *look = theme_look((enum theme)theme, STYLE_QR);
        assert_int_equal(look->fg, 7); /* blocks are its light modules */
        assert_int_equal(look->bg, 0);
        assert_int_equal(look->attributes, 0);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, no_wishes)
    const struct CMUnitTest tests[] = {
        TEST(s07_a_theme_is_chosen_by_its_name),
        TEST(s07_who_wants_no_colour_gets_none),
        TEST(looks_use_eight_colours_only),
        TEST(mono_has_no_colour_but_in_a_qr_code),
        TEST(what_matters_stands_out_in_every_theme),
        TEST(a_qr_code_looks_the_same_in_every_theme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
