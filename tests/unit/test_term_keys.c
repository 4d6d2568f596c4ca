/*
 * test_term_keys.c - bytes and times in, keys out (pos/term/keys.h), and what
 * keys are called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/keyboard.h"

/* ---- text ---- */

static void typing_comes_one_gap_after_it_was_typed(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_come(&d, "7");
    keyboard_gave(&d, "");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), KEYBOARD_GAP_MS + 1);
    keyboard_pass(&d, KEYBOARD_GAP_MS);
    keyboard_gave(&d, "");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 1);
    keyboard_pass(&d, 1);
    keyboard_gave(&d, "7");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
}

static void nothing_waits_behind_a_key_that_is_no_character(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_come(&d, "3*12\r");
    keyboard_gave(&d, "3 * 1 2 Enter");
    keyboard_come(&d, "\t\x7f\x08");
    keyboard_gave(&d, "Tab Backspace Backspace");
}

static void a_key_tells_when_its_last_byte_came(void **state)
{
    (void)state;
    KEYBOARD(d);
    struct press press;
    int64_t at_ms = d.now_ms;
    keys_feed(d.keys, 0xC4, at_ms);
    keys_feed(d.keys, 0x91, at_ms + 20);
    assert_true(keys_next(d.keys, at_ms + 90, &press));
    assert_int_equal(press.code, 0x111);
    assert_int_equal(press.at_ms, at_ms + 20);
    keys_feed(d.keys, 0x1b, at_ms + 100);
    keys_feed(d.keys, '5', at_ms + 200);
    assert_true(keys_next(d.keys, at_ms + 300, &press));
    assert_int_equal(press.at_ms, at_ms + 100);
    assert_true(keys_next(d.keys, at_ms + 300, &press));
    assert_int_equal(press.at_ms, at_ms + 200);
}

static void m05_a_letter_split_between_reads_is_one_letter(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_type(&d, "\xe1\xbb\x87", 400);
    keyboard_rest(&d);
    keyboard_gave(&d, "ệ");
    keyboard_type(&d, "\xf0\x9f\x8c\xbe", 400);
    keyboard_rest(&d);
    keyboard_gave(&d, "🌾");
}

static void m05_decomposed_letters_come_as_they_were_sent(void **state)
{
    (void)state;
    keyboard_gives("e\u0302\u0323n", "e \u0302 \u0323 n");
}

/* ncurses' own wide input loses a third of the keys after one such byte. */
static void m05_a_bad_byte_loses_no_key_around_it(void **state)
{
    (void)state;
    KEYBOARD(d);
    BUF(want, MAX_OUTPUT);
    for (int i = 0; i < 400; i++) {
        char c = (char)('a' + i % 26);
        keyboard_come_bytes(&d, (struct str){ (char[]){ c, '\xff' }, 2 });
        keyboard_rest(&d);
        buf_printf(&want, "%s%c \uFFFD", i ? " " : "", c);
    }
    keyboard_gave(&d, buf_text(&want));
}

static void m05_bad_utf8_is_one_sign_a_byte(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "\xe1\xbb"
          "a",
          "\uFFFD \uFFFD a" },                      /* cut short */
        { "\xe1\xe1\xbb\x87", "\uFFFD ệ" },         /* begun twice */
        { "\xc0\x80", "\uFFFD \uFFFD" },            /* overlong */
        { "\xed\xa0\x80", "\uFFFD \uFFFD \uFFFD" }, /* surrogate */
        { "\xf5\x80", "\uFFFD \uFFFD" },            /* beyond Unicode */
        { "\x87z", "\uFFFD z" },                    /* an end alone */
        { "\xc2\x9b", "\uFFFD" },                   /* a control */
        { "\xe1\xbb\x1b[A", "\uFFFD \uFFFD Up" },
        { "\xe1", "\uFFFD" }, /* and then nothing */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        keyboard_gives(cases[i][0], cases[i][1]);
}

/* A Telex keyboard takes letters back and sends new ones, in one read. */
static void m05_telex_bursts_come_in_order(void **state)
{
    (void)state;
    keyboard_gives("d\x7f\u0111u\x7f\u01b0o\x7f\u01a1c\x08\x08\u1ee3c",
                   "d Backspace đ u Backspace ư o Backspace ơ c Backspace "
                   "Backspace ợ c");
}

static void control_keys_have_their_letters(void **state)
{
    (void)state;
    keyboard_gives("\x01\x03\x10\x11\x13\x1a",
                   "Ctrl-A Ctrl-C Ctrl-P Ctrl-Q Ctrl-S Ctrl-Z");
    keyboard_gives("\x1c\x1e\x1f\x1d", ""); /* what nobody can name */
}

/* ---- sequences ---- */

static void f10_and_alt_0_come_through(void **state)
{
    (void)state;
    keyboard_gives("\x1b[21~", "F10");
    keyboard_gives("\x1b"
                   "0",
                   "Alt-0");
    keyboard_gives("\x1b\u0111"
                   "5",
                   "Alt-đ 5");
}

static void every_terminal_s_keys_are_known(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "\x1b[A\x1bOB\x1b[C\x1bOD", "Up Down Right Left" },
        { "\x1b[1;5A\x1b[1;2D\x1bO5C\x1b[a\x1bOd", "Up Left Right Up Left" },
        { "\x1b[H\x1b[F\x1bOH\x1bOF", "Home End Home End" },
        { "\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "Home End Home End" },
        { "\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "Insert Delete PageUp PageDown" },
        { "\x1b[3;5~\x1b[Z", "Delete Shift-Tab" },
        { "\x1bOP\x1bOQ\x1bOR\x1bOS", "F1 F2 F3 F4" },
        { "\x1b[P\x1b[1;2Q", "F1 F2" },
        { "\x1b[11~\x1b[12~\x1b[13~\x1b[14~\x1b[15~", "F1 F2 F3 F4 F5" },
        { "\x1b[[A\x1b[[B\x1b[[C\x1b[[D\x1b[[E", "F1 F2 F3 F4 F5" },
        { "\x1b[17~\x1b[18~\x1b[19~\x1b[20~", "F6 F7 F8 F9" },
        { "\x1b[21~\x1b[23~\x1b[24~", "F10 F11 F12" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        keyboard_gives(cases[i][0], cases[i][1]);
}

static void m05_an_arrow_split_by_60_ms_is_an_arrow(void **state)
{
    (void)state;
    static const char *const split[] = { "\x1b[A", "\x1bOA", "\x1b[1;5A" };
    for (size_t i = 0; i < ARRAY_LEN(split); i++) {
        KEYBOARD(d);
        keyboard_type(&d, split[i], 60);
        keyboard_gave(&d, "Up");
        keyboard_type(&d, split[i], 150);
        keyboard_gave(&d, "Up");
        assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
    }
}

static void a_lone_esc_comes_and_esc_esc_are_two(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_come(&d, "\x1b");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 151);
    keyboard_pass(&d, 150);
    keyboard_gave(&d, "");
    keyboard_pass(&d, 1);
    keyboard_gave(&d, "Esc");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
    keyboard_gives("\x1b\x1b", "Esc Esc");
    keyboard_gives("\x1b\x1b[A", "Esc Up");
    keyboard_gives("\x1b\r", "Esc Enter");
    keyboard_gives("\x1b\x7f", "Esc Backspace");
}

static void a_key_soon_after_esc_is_not_alt(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_type(&d,
                  "\x1b"
                  "5",
                  50);
    keyboard_rest(&d);
    keyboard_gave(&d, "Alt-5");
    keyboard_type(&d,
                  "\x1b"
                  "5",
                  51);
    keyboard_rest(&d);
    keyboard_gave(&d, "Esc 5");
    keyboard_type(&d, "\x1b[", 151);
    keyboard_rest(&d);
    keyboard_gave(&d, "Esc [");
}

static void alt_with_a_bracket_is_a_key_too(void **state)
{
    (void)state;
    keyboard_gives("\x1b[", "Alt-[");
    keyboard_gives("\x1bO", "Alt-O");
}

static void m05_unknown_sequences_are_passed_over_whole(void **state)
{
    (void)state;
    keyboard_gives("\x1b[?62;22c\x1b[I\x1b[200;1H\x1b[99~z", "Home z");
    keyboard_gives("\x1b[12345678901234567890123456789012345678901234567890Az",
                   "Up z");
    keyboard_gives("\x1b[99999999999999999999~z", "z");
    keyboard_gives("\x1b[1;\rz", "Enter z");
    keyboard_gives("\x1b[1;\x1b[Bz", "Down z");
    keyboard_gives("\x1bO\rz", "Enter z");
    keyboard_gives("\x1b[1;\xc4\x91", "đ");
}

static void m05_a_sequence_that_never_ends_is_given_up(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_come(&d, "\x1b[1;");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 1001);
    keyboard_pass(&d, 1001);
    keyboard_gave(&d, "");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
    keyboard_come(&d, "5A\r");
    keyboard_gave(&d, "5 A Enter");
}

static void the_number_pad_gives_digits_without_numlock(void **state)
{
    (void)state;
    keyboard_gives(
        "\x1bOp\x1bOq\x1bOr\x1bOs\x1bOt\x1bOu\x1bOv\x1bOw\x1bOx\x1bOy",
        "0 1 2 3 4 5 6 7 8 9");
    keyboard_gives("\x1bOj\x1bOk\x1bOl\x1bOm\x1bOn\x1bOo\x1bOM\x1b[E",
                   "* + , - . / Enter 5");
}

static void the_linux_console_has_a_number_pad_of_its_own(void **state)
{
    (void)state;
    KEYBOARD(d);
    keys_console_pad(d.keys);
    keyboard_come(&d, "\x1bOw\x1bOQ\x1bOR\x1bOS\x1bOl\x1bOn\x1bOM\x1b[[B");
    keyboard_rest(&d);
    keyboard_gave(&d, "7 / * - + . Enter F2");
}

static void clicks_tell_where(void **state)
{
    (void)state;
    keyboard_gives("\x1b[<0;10;5M\x1b[<0;10;5m", "Mouse(4,9)");
    keyboard_gives("\x1b[<16;1;1M\x1b[<0;223;95M", "Mouse(0,0) Mouse(94,222)");
    keyboard_gives("\x1b[<2;1;1M\x1b[<64;1;1M\x1b[<35;1;1M\x1b[<0;0;1M\x1b[<M",
                   "");
    keyboard_gives("\x1b[M !!z\x1b[M \x21\x30", "Mouse(0,0) z Mouse(15,0)");
    keyboard_gives("\x1b[M#!!\x1b[M   z", "z");
}

/* ---- names ---- */

static void a_name_is_read_as_the_key_it_was_written_for(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Enter",  "Esc",    "Tab",   "Shift-Tab", "Backspace", "Delete",
        "Insert", "Up",     "Down",  "Left",      "Right",     "Home",
        "End",    "PageUp", "Space", "PageDown",  "F1",        "F12",
        "Ctrl-A", "Ctrl-Z", "Alt-0", "Alt-đ",     "*",         "đ",
        "F",      "-",      "1",     "Resize",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct press press;
        BUF(name, MAX_TEXT);
        assert_true(press_parse(names[i], &press));
        press_name(&press, &name);
        assert_string_equal(buf_text(&name), names[i]);
    }
}

static void short_names_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum key_kind kind;
    } cases[] = { { "Del", K_DELETE },
                  { "Ins", K_INSERT },
                  { "PgUp", K_PAGE_UP },
                  { "PgDn", K_PAGE_DOWN } };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct press press;
        assert_true(press_parse(cases[i].name, &press));
        assert_int_equal(press.kind, cases[i].kind);
    }
}

static void what_is_no_key_is_not_taken_for_one(void **state)
{
    (void)state;
    static const char *const names[] = { "",      "F0",      "F13",  "F01",
                                         "enter", "Ctrl-",   "Alt-", "Ctrl-1",
                                         "ab",    "Ctrl-ab", "\xff", " ",
                                         "\n",    "Enter ",  "F1x" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct press press = { .kind = K_RESIZE };
        assert_false(press_parse(names[i], &press));
        assert_int_equal(press.kind, K_RESIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing_comes_one_gap_after_it_was_typed),
        cmocka_unit_test(nothing_waits_behind_a_key_that_is_no_character),
        cmocka_unit_test(a_key_tells_when_its_last_byte_came),
        cmocka_unit_test(m05_a_letter_split_between_reads_is_one_letter),
        cmocka_unit_test(m05_decomposed_letters_come_as_they_were_sent),
        cmocka_unit_test(m05_a_bad_byte_loses_no_key_around_it),
        cmocka_unit_test(m05_bad_utf8_is_one_sign_a_byte),
        cmocka_unit_test(m05_telex_bursts_come_in_order),
        cmocka_unit_test(control_keys_have_their_letters),
        cmocka_unit_test(f10_and_alt_0_come_through),
        cmocka_unit_test(every_terminal_s_keys_are_known),
        cmocka_unit_test(m05_an_arrow_split_by_60_ms_is_an_arrow),
        cmocka_unit_test(a_lone_esc_comes_and_esc_esc_are_two),
        cmocka_unit_test(a_key_soon_after_esc_is_not_alt),
        cmocka_unit_test(alt_with_a_bracket_is_a_key_too),
        cmocka_unit_test(m05_unknown_sequences_are_passed_over_whole),
        cmocka_unit_test(m05_a_sequence_that_never_ends_is_given_up),
        cmocka_unit_test(the_number_pad_gives_digits_without_numlock),
        cmocka_unit_test(the_linux_console_has_a_number_pad_of_its_own),
        cmocka_unit_test(clicks_tell_where),
        cmocka_unit_test(a_name_is_read_as_the_key_it_was_written_for),
        cmocka_unit_test(short_names_are_understood),
        cmocka_unit_test(what_is_no_key_is_not_taken_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
