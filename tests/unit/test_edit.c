/*
 * test_edit.c - typing, as keyboards and Vietnamese input methods do it.
 */
#include "pos/model/edit.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"

static struct line_edit line;

static int set_up(void **state)
{
    (void)state;
    edit_init(&line);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edit_done(&line);
    return 0;
}

/* '<' is Backspace, everything else itself. */
static void type(const char *keys)
{
    struct str s = str_of(keys);
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(s, &pos)) >= 0) {
        if (code == '<')
            edit_backspace(&line);
        else
            assert_true(edit_insert(&line, code));
    }
}

static void shows(const char *text, int column)
{
    assert_true(str_is(edit_text(&line), text));
    assert_int_equal(edit_column(&line), column);
}

static void a_new_line_is_empty(void **state)
{
    (void)state;
    shows("", 0);
    edit_backspace(&line);
    edit_delete(&line);
    edit_move(&line, -1);
    edit_move(&line, 1);
    shows("", 0);
}

static void what_is_typed_stands_where_the_cursor_is(void **state)
{
    (void)state;
    type("chả ực");
    edit_move(&line, -2);
    type("m");
    shows("chả mực", 5);
    edit_move(&line, INT_MIN);
    type("2*");
    shows("2*chả mực", 2);
    edit_move(&line, INT_MAX);
    shows("2*chả mực", 9);
    edit_move(&line, 1);
    edit_move(&line, -100);
    shows("2*chả mực", 0);
}

static void backspace_and_delete_take_one_letter(void **state)
{
    (void)state;
    type("mật ong");
    edit_move(&line, -4);
    edit_backspace(&line);
    shows("mậ ong", 2);
    edit_delete(&line);
    shows("mậong", 2);
    edit_backspace(&line);
    edit_backspace(&line);
    edit_backspace(&line);
    shows("ong", 0);
    edit_move(&line, INT_MAX);
    edit_delete(&line);
    shows("ong", 3);
}

/* An input method erases what it must change and types it again. */
static void m05_telex_bursts_end_in_the_word_that_was_meant(void **state)
{
    static const struct {
        const char *keys, *text;
    } rows[] = {
        /* precomposed, letter by letter: dduwowcj */
        { "d<đu<ưo<<ươc<<<ược", "được" },
        { "Cha<<hả muc<<ực", "Chả mực" },
        /* the tone comes at the end of the word: Ruoocs hauf */
        { "Ruo<ôc<<ốc hau<<àu", "Ruốc hàu" },
        /* marks of their own: Backspace takes off the mark alone */
        { "e\u0323<\u0309", "ẻ" },
        { "o\u0302\u0301<<\u031B\u0323", "ợ" },
        { "mat\u0323<<a<â\u0323t", "maật" },
        { "đươ<<<<đươ\u0323c", "được" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        edit_clear(&line);
        type(rows[i].keys);
        shows(rows[i].text, text_width(str_of(rows[i].text)));
    }
}

static void decomposed_text_is_shown_composed(void **state)
{
    (void)state;
    type("Che\u0302\u0301 Lam");
    shows("Chế Lam", 7);
    assert_true(text_is_nfc(edit_text(&line)));
    edit_move(&line, -5);
    shows("Chế Lam", 2);
    edit_move(&line, 1);
    shows("Chế Lam", 3);
    edit_move(&line, -1);
    edit_delete(&line);
    shows("Ch Lam", 2);
}

static void look_alikes_of_d_become_d(void **state)
{
    (void)state;
    type("Ðông ðào");
    shows("Đông đào", 8);
}

static void what_cannot_be_printed_is_left_out(void **state)
{
    static const int32_t bad[] = {
        '\0',   '\t',     '\n',    '\r',   0x1B,    0x7F,   0x85,   0x200B,
        0x202E, 0x2028,   0x2029,  0xE000, 0xD800,  0xDFFF, 0xFFFF, 0xFEFF,
        0x2066, 0x110000, INT_MAX, -1,     INT_MIN, 0x0378, /* unassigned */
    };
    (void)state;
    type("a");
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(edit_insert(&line, bad[i]));
    shows("a", 1);
}

static void a_mark_needs_a_letter_before_it(void **state)
{
    (void)state;
    assert_false(edit_insert(&line, 0x0323));
    type("ab");
    edit_move(&line, INT_MIN);
    assert_false(edit_insert(&line, 0x0323));
    shows("ab", 0);
    edit_move(&line, 1);
    assert_true(edit_insert(&line, 0x0323));
    shows("ạb", 1);
}

static void a_full_line_takes_no_more(void **state)
{
    (void)state;
    for (int i = 0; i < ENTRY_MAX - 1; i++)
        assert_true(edit_insert(&line, '7'));
    assert_false(edit_insert(&line, 0x1EAD)); /* ậ: 3 bytes */
    assert_true(edit_insert(&line, '7'));
    assert_false(edit_insert(&line, '7'));
    assert_int_equal(edit_text(&line).len, ENTRY_MAX);
    edit_backspace(&line);
    assert_int_equal(edit_column(&line), ENTRY_MAX - 1);
    assert_true(edit_insert(&line, '8'));
}

static void pasted_text_arrives_as_if_typed(void **state)
{
    (void)state;
    edit_insert_text(&line, STR("2*\x1B[31mmật\r\n\xFF ong\xE1"));
    shows("2*[31mmật\uFFFD ong\uFFFD", 15);
}

static void clearing_leaves_no_byte_behind(void **state)
{
    (void)state;
    type("4711");
    edit_clear(&line);
    shows("", 0);
    for (size_t i = 0; i < line.typed.cap; i++)
        assert_int_equal(line.typed.data[i], 0);
    for (size_t i = 0; i < line.text.cap; i++)
        assert_int_equal(line.text.data[i], 0);
    type("1");
    shows("1", 1);
}

/* Whatever is typed, erased and moved: the text is whole and normal, and
 * enough Backspace empties it. */
static void any_keys_leave_a_whole_line(void **state)
{
    static const int32_t keys[] = { 'a',    'o',    0x0302, 0x0323, 0x031B,
                                    0x1EAD, 0x111,  ' ',    0x4E2D, 0x1F600,
                                    0x0958, 0xFFFD, 0xF0,   0x1100, 0x1161 };
    uint64_t x = 88172645463325252;
    (void)state;
    for (int i = 0; i < 4000; i++) {
        x = x * 6364136223846793005U + 1442695040888963407U;
        uint32_t chance = (uint32_t)(x >> 33);
        switch (chance % 8) {
        case 0: edit_backspace(&line); break;
        case 1: edit_delete(&line); break;
        case 2: edit_move(&line, -1); break;
        case 3: edit_move(&line, 1); break;
        default: edit_insert(&line, keys[chance / 8 % ARRAY_LEN(keys)]);
        }
        assert_true(line.at <= line.typed.len);
        assert_true(text_is_nfc(edit_text(&line)));
        assert_true(edit_column(&line) <= text_width(edit_text(&line)));
    }
    edit_move(&line, INT_MAX);
    for (int i = 0; i < ENTRY_MAX; i++)
        edit_backspace(&line);
    shows("", 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_line_is_empty),
        TEST(what_is_typed_stands_where_the_cursor_is),
        TEST(backspace_and_delete_take_one_letter),
        TEST(m05_telex_bursts_end_in_the_word_that_was_meant),
        TEST(decomposed_text_is_shown_composed),
        TEST(look_alikes_of_d_become_d),
        TEST(what_cannot_be_printed_is_left_out),
        TEST(a_mark_needs_a_letter_before_it),
        TEST(a_full_line_takes_no_more),
        TEST(pasted_text_arrives_as_if_typed),
        TEST(clearing_leaves_no_byte_behind),
        TEST(any_keys_leave_a_whole_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
