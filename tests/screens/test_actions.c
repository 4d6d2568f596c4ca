/*
 * test_actions.c - the one table of keys: what is promised is there, no key
 * means two things at once, and F1 is never lost.
 */
#include "pos/screens/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/screens/screens.h"
#include "tests/support/app_fixture.h"

static int setup(void **state)
{
    static struct app_fixture f;
    app_fixture_init(&f, "en");
    app_fixture_shift(&f, 500000);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    app_fixture_done(*state);
    return 0;
}

static void every_key_of_the_table_is_one_a_terminal_sends(void **state)
{
    (void)state;
    for (int i = 0; i < n_actions; i++) {
        for (int k = 0; k < ACTION_KEYS && actions[i].keys[k]; k++) {
            struct press key;
            BUF(name, 64);
            assert_true(press_parse(actions[i].keys[k], &key));
            press_name(&key, &name);
            assert_string_equal(buf_text(&name), actions[i].keys[k]);
        }
    }
}

static void every_action_has_code_a_label_and_an_id_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < n_actions; i++) {
        assert_non_null(actions[i].run);
        assert_true(actions[i].label[0] != '\0');
        assert_true(actions[i].help[0] != '\0');
        assert_true(actions[i].contexts != 0);
        assert_ptr_equal(action_find(actions[i].id), &actions[i]);
    }
}

static void expect_no_key_in_common(const struct action *a,
                                    const struct action *b)
{
    for (int k = 0; k < ACTION_KEYS && a->keys[k]; k++) {
        for (int l = 0; l < ACTION_KEYS && b->keys[l]; l++)
            assert_string_not_equal(a->keys[k], b->keys[l]);
    }
}

/* Two rows may share a key only where they cannot both be offered: then one
 * of them has a condition. */
static void no_key_means_two_things_in_one_place(void **state)
{
    (void)state;
    for (int i = 0; i < n_actions; i++) {
        for (int j = i + 1; j < n_actions; j++) {
            if (actions[i].contexts & actions[j].contexts)
                expect_no_key_in_common(&actions[i], &actions[j]);
        }
    }
}

/* Letters and digits are typed; no command hides behind them. */
static void no_letter_or_digit_is_a_command(void **state)
{
    (void)state;
    for (int i = 0; i < n_actions; i++) {
        for (int k = 0; k < ACTION_KEYS && actions[i].keys[k]; k++) {
            const char *key = actions[i].keys[k];
            assert_true(key[1] != '\0' || strchr("/+*", key[0]));
        }
    }
}

static void f1_is_in_the_footer_at_any_width(void **state)
{
    struct app_fixture *f = *state;
    struct hint hints[HINTS_MAX];
    for (int cols = 40; cols <= 132; cols++) {
        int n = action_hints(&f->app, cols, hints);
        assert_true(n > 0);
        assert_string_equal(hints[0].action->id, "help");
        assert_true(hints[n - 1].col + hints[n - 1].cols <= cols);
    }
}

static void a_wider_footer_loses_no_hint(void **state)
{
    struct app_fixture *f = *state;
    struct hint hints[HINTS_MAX];
    int before = 0;
    for (int cols = 40; cols <= 200; cols += 20) {
        int n = action_hints(&f->app, cols, hints);
        assert_true(n >= before);
        before = n;
    }
}

/* Where the footer shows a hint, a click does what its key does. */
static void a_click_on_a_hint_is_its_key(void **state)
{
    struct app_fixture *f = *state;
    struct hint hints[HINTS_MAX];
    int n = action_hints(&f->app, f->grid.cols, hints);
    for (int i = 0; i < n; i++) {
        if (strcmp(hints[i].action->id, "menu") != 0)
            continue;
        struct press click = { .kind = K_MOUSE,
                               .row = f->grid.rows - 1,
                               .col = hints[i].col + hints[i].cols - 1 };
        app_key(&f->app, &click);
        assert_ptr_equal(app_top(&f->app), &palette_screen);
        return;
    }
    fail_msg("the footer does not show the menu");
}

static void help_shows_every_key_of_the_screen_below(void **state)
{
    struct app_fixture *f = *state;
    BUF(all, MAX_OUTPUT);
    app_fixture_keys(f, "F1");
    app_fixture_picture(f, 200, 200, &all);
    for (int i = 0; i < n_actions; i++) {
        if ((actions[i].contexts & IN_SELL) && actions[i].keys[0] &&
            actions[i].arg <= 1)
            assert_non_null(strstr(buf_text(&all), actions[i].help));
    }
    for (int i = 0; i < n_sell_grammar; i++)
        assert_non_null(strstr(buf_text(&all), sell_grammar[i].help));
}

/* Every example of the grammar is understood by it. */
static void every_example_of_the_grammar_is_read(void **state)
{
    (void)state;
    for (int i = 0; i < n_sell_grammar; i++) {
        struct entry typed;
        entry_parse(str_of(sell_grammar[i].example), true, &typed);
        assert_true(typed.kind != ENTRY_WRONG && typed.kind != ENTRY_EMPTY);
    }
}

static void the_menu_finds_by_a_part_of_the_name_and_does_it(void **state)
{
    struct app_fixture *f = *state;
    app_fixture_keys(f, "F10 report");
    app_fixture_sees(f, "X report");
    app_fixture_misses(f, "Close shift");
    app_fixture_keys(f, "Enter");
    assert_ptr_equal(app_top(&f->app), &text_screen);
}

/* "Lock" explains itself with the word and stands first in the table. */
static void the_menu_puts_names_before_explanations(void **state)
{
    struct app_fixture *f = *state;
    app_fixture_keys(f, "F10 screen");
    app_fixture_keys(f, "Enter");
    assert_ptr_equal(app_top(&f->app), &gate_screen);
}

static void the_menu_does_not_offer_what_cannot_be_done(void **state)
{
    struct app_fixture *f = *state;
    app_fixture_keys(f, "F10 shift");
    app_fixture_sees(f, "Close shift");
    app_fixture_misses(f, "Open shift");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(every_key_of_the_table_is_one_a_terminal_sends),
        T(every_action_has_code_a_label_and_an_id_of_its_own),
        T(no_key_means_two_things_in_one_place),
        T(no_letter_or_digit_is_a_command),
        T(f1_is_in_the_footer_at_any_width),
        T(a_wider_footer_loses_no_hint),
        T(a_click_on_a_hint_is_its_key),
        T(help_shows_every_key_of_the_screen_below),
        T(every_example_of_the_grammar_is_read),
        T(the_menu_finds_by_a_part_of_the_name_and_does_it),
        T(the_menu_puts_names_before_explanations),
        T(the_menu_does_not_offer_what_cannot_be_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
