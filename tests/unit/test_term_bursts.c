/*
 * test_term_bursts.c - what scanners and pastes send, told from typing
 * (pos/term/keys.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/keyboard.h"

/* ---- scanners ---- */

static void a_burst_with_an_end_is_one_scan(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_come(&d, "8934567890123\r");
    keyboard_gave(&d, "Scan(8934567890123)");
    keyboard_come(&d, "123456\t");
    keyboard_gave(&d, "Scan(123456)");
    keyboard_come(&d, "123456\n");
    keyboard_gave(&d, "Scan(123456)");
    keyboard_type(&d, "8934567890123\r", KEYBOARD_GAP_MS);
    keyboard_gave(&d, "Scan(8934567890123)");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
}

static void two_codes_in_one_read_are_two(void **state)
{
    (void)state;
    keyboard_gives("8934567890123\r8931234567890\r",
                   "Scan(8934567890123) Scan(8931234567890)");
    keyboard_gives("8934567890123\r\n8931234567890\r\n",
                   "Scan(8934567890123) Scan(8931234567890)");
    keyboard_gives("x\x1b[B893456789\r5\r", "x Down Scan(893456789) 5 Enter");
}

static void the_enter_of_a_scan_never_comes_as_a_key(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_type(&d, "8934567890123\r\n", 10);
    keyboard_rest(&d);
    keyboard_gave(&d, "Scan(8934567890123)");
    keyboard_come(&d, "8934567890123\r");
    keyboard_pass(&d, KEYBOARD_GAP_MS + 1);
    keyboard_come(&d, "\n");
    keyboard_gave(&d, "Scan(8934567890123) Enter");
    keyboard_come(&d, "8934567890123\n\n");
    keyboard_gave(&d, "Scan(8934567890123) Enter");
    keyboard_come(&d, "12\r\n");
    keyboard_gave(&d, "1 2 Enter");
    keyboard_come(&d, "\r\n\n");
    keyboard_gave(&d, "Enter Enter");
}

static void m05_a_burst_too_short_comes_as_keys_unchanged(void **state)
{
    (void)state;
    keyboard_gives("12345\r", "1 2 3 4 5 Enter");
    keyboard_gives("3*đ5\t", "3 * đ 5 Tab");
}

static void m05_a_burst_without_an_end_comes_as_keys_unchanged(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_come(&d, "matong");
    keyboard_pass(&d, KEYBOARD_GAP_MS + 1);
    keyboard_gave(&d, "m a t o n g");
    keyboard_come(&d, "\r"); /* too late to be the end of a code */
    keyboard_gave(&d, "Enter");
    keyboard_come(&d, "matong\x1b[A\r");
    keyboard_gave(&d, "m a t o n g Up Enter");
}

static void m05_typing_slower_than_the_gap_is_no_scan(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_type(&d, "8934567\r", KEYBOARD_GAP_MS + 1);
    keyboard_gave(&d, "8 9 3 4 5 6 7 Enter");
    keyboard_type(&d, "89", KEYBOARD_GAP_MS + 1);
    keyboard_type(&d, "345678\r", 5); /* two by hand, then a code */
    keyboard_gave(&d, "8 9 Scan(345678)");
    keyboard_type(&d, "893456", 5);
    keyboard_pass(&d, KEYBOARD_GAP_MS);
    keyboard_come(&d, "\r");
    keyboard_gave(&d, "8 9 3 4 5 6 Enter");
}

/* The loop may look only after both came. */
static void m05_an_end_after_the_gap_is_a_key(void **state)
{
    (void)state;
    KEYBOARD(d);
    for (const char *at = "893456"; *at; at++)
        keys_feed(d.keys, (unsigned char)*at, d.now_ms);
    d.now_ms += KEYBOARD_GAP_MS + 1;
    keyboard_come(&d, "\r");
    keyboard_gave(&d, "8 9 3 4 5 6 Enter");
}

/* The till looks away while it writes to a slow disk. */
static void m05_a_burst_goes_on_after_a_pause_of_the_reader(void **state)
{
    (void)state;
    static const char *const halves[][2] = { { "89345", "67890123\r" },
                                             { "8934567890123", "\r" },
                                             { "8934567890123\r", "\n" } };
    for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
        KEYBOARD(d);
        keyboard_come(&d, halves[i][0]);
        d.now_ms += 500;
        keys_pause(d.keys, 500);
        keyboard_come(&d, halves[i][1]);
        keyboard_gave(&d, "Scan(8934567890123)");
    }
    KEYBOARD(d);
    keyboard_come(&d, "\x1b");
    d.now_ms += 500;
    keys_pause(d.keys, 500);
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 151);
    keyboard_come(&d, "[A");
    keyboard_gave(&d, "Up");
}

static void a_pause_does_not_change_when_a_key_came(void **state)
{
    (void)state;
    KEYBOARD(d);
    struct press press;
    keys_feed(d.keys, '7', 1000);
    keys_feed(d.keys, 0x1b, 1001);
    keys_pause(d.keys, 500);
    assert_false(keys_next(d.keys, 1500 + KEYBOARD_GAP_MS, &press));
    assert_true(keys_next(d.keys, 1501 + KEYBOARD_GAP_MS, &press));
    assert_int_equal(press.at_ms, 1000);
    assert_false(keys_next(d.keys, 1501 + 150, &press));
    assert_true(keys_next(d.keys, 1501 + 151, &press));
    assert_int_equal(press.kind, K_ESC);
    assert_int_equal(press.at_ms, 1001);
}

static void m05_a_key_held_down_is_not_held_back(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_type(&d, "00000000", 33);
    keyboard_gave(&d, "0 0 0 0 0 0 0 0");
    keyboard_come(&d, "\r");
    keyboard_gave(&d, "Enter");
    keyboard_type(&d, "00000000\r", 10);
    keyboard_gave(&d, "Scan(00000000)");
}

static void m05_a_flood_is_not_held_back_for_ever(void **state)
{
    (void)state;
    KEYBOARD(d);
    enum { FLOOD = 2000 };
    BUF(want, MAX_OUTPUT);
    for (int i = 0; i < FLOOD; i++) {
        keyboard_come(&d, (char[]){ (char)('a' + i % 7), '\0' });
        buf_printf(&want, "%s%c", i ? " " : "", 'a' + i % 7);
    }
    keyboard_gave(&d, buf_text(&want));
    keyboard_come(&d, "\r");
    keyboard_gave(&d, "Enter");
    keyboard_come(&d, "123456\r");
    keyboard_gave(&d, "Scan(123456)");
    buf_clear(&want);
    BUF(bytes, MAX_OUTPUT);
    for (int i = 0; i < FLOOD; i++) {
        buf_puts(&bytes, "z");
        buf_puts(&want, "z ");
    }
    buf_puts(&bytes, "\r");
    buf_puts(&want, "Enter");
    keyboard_come_bytes(&d, buf_slice(&bytes));
    keyboard_gave(&d, buf_text(&want));
}

static void n07_separators_of_stamps_stay_in_the_scan(void **state)
{
    (void)state;
    keyboard_gives("0108934567890126\x1d"
                   "10LÔ7\r",
                   "Scan(0108934567890126\x1d"
                   "10LÔ7)");
    keyboard_gives("12\x1d\r", "1 2 Enter");
}

/* ---- paste ---- */

static void m05_a_paste_is_one_and_presses_no_enter(void **state)
{
    (void)state;
    keyboard_gives("\x1b[200~mật ong\r\n\x1b[A\t!\x1b[201~\r",
                   "Paste(mật ong   [A !) Enter");
    keyboard_gives("\x1b[200~\x1b[201~x", "Paste() x");
    keyboard_gives("\x1b[200~a\xff\xc2\x9bz\x1b[20\x1b[201~",
                   "Paste(a\uFFFD z [20)");
    keyboard_gives("\x1b[200~8934567890123\r\x1b[201~",
                   "Paste(8934567890123 )");
    keyboard_gives("\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~",
                   "Paste(a) Paste(b)");
}

static void m05_a_paste_split_anywhere_is_the_same(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_type(&d, "\x1b[200~đ\x1b[201~", 100);
    keyboard_gave(&d, "Paste(đ)");
}

static void m05_a_paste_that_never_ends_is_given_after_a_second(void **state)
{
    (void)state;
    KEYBOARD(d);
    keyboard_come(&d, "\x1b[200~hello");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 1001);
    keyboard_pass(&d, 1001);
    keyboard_gave(&d, "Paste(hello)");
    keyboard_come(&d, "\r");
    keyboard_gave(&d, "Enter");
}

static void m05_a_huge_paste_is_cut_but_its_end_is_seen(void **state)
{
    (void)state;
    KEYBOARD(d);
    BUF(bytes, MAX_OUTPUT);
    buf_puts(&bytes, "\x1b[200~");
    for (int i = 0; i < MAX_TEXT; i++)
        buf_puts(&bytes, "\xff");
    buf_puts(&bytes, "\x1b[201~\r");
    struct press press;
    for (size_t i = 0; i < bytes.len; i++)
        keys_feed(d.keys, (unsigned char)bytes.data[i], d.now_ms);
    assert_true(keys_next(d.keys, d.now_ms, &press));
    assert_int_equal(press.kind, K_PASTE);
    assert_int_equal(press.text.len, 16 * 1024 * strlen("\uFFFD"));
    keyboard_rest(&d);
    keyboard_gave(&d, "Enter");
}

static void flushing_forgets_what_was_not_given(void **state)
{
    (void)state;
    static const char *const begun[] = { "ab",
                                         "\xe1",
                                         "\x1b",
                                         "\x1b[1",
                                         "\x1b\xe1",
                                         "\x1b[200~x\x1b[20",
                                         "\x1b[200~x\x1b[201~" };
    for (size_t i = 0; i < ARRAY_LEN(begun); i++) {
        KEYBOARD(d);
        for (const char *at = begun[i]; *at; at++)
            keys_feed(d.keys, (unsigned char)*at, d.now_ms);
        keys_flush(d.keys);
        assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
        keyboard_come(&d, "7");
        keyboard_rest(&d);
        keyboard_gave(&d, "7");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_with_an_end_is_one_scan),
        cmocka_unit_test(two_codes_in_one_read_are_two),
        cmocka_unit_test(the_enter_of_a_scan_never_comes_as_a_key),
        cmocka_unit_test(m05_a_burst_too_short_comes_as_keys_unchanged),
        cmocka_unit_test(m05_a_burst_without_an_end_comes_as_keys_unchanged),
        cmocka_unit_test(m05_typing_slower_than_the_gap_is_no_scan),
        cmocka_unit_test(m05_an_end_after_the_gap_is_a_key),
        cmocka_unit_test(m05_a_burst_goes_on_after_a_pause_of_the_reader),
        cmocka_unit_test(a_pause_does_not_change_when_a_key_came),
        cmocka_unit_test(m05_a_key_held_down_is_not_held_back),
        cmocka_unit_test(m05_a_flood_is_not_held_back_for_ever),
        cmocka_unit_test(n07_separators_of_stamps_stay_in_the_scan),
        cmocka_unit_test(m05_a_paste_is_one_and_presses_no_enter),
        cmocka_unit_test(m05_a_paste_split_anywhere_is_the_same),
        cmocka_unit_test(m05_a_paste_that_never_ends_is_given_after_a_second),
        cmocka_unit_test(m05_a_huge_paste_is_cut_but_its_end_is_seen),
        cmocka_unit_test(flushing_forgets_what_was_not_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
