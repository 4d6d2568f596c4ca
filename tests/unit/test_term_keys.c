/*
 * test_term_keys.c - bytes and times in, keys out (pos/term/keys.h).
 *
 * A script is bytes with the time each came; what comes out is written as
 * names: "3 * 12" are four keys, a code is Scan(…). Time is a number here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/term/keys.h"

enum { GAP_MS = 35, MIN = 6 };

struct desk {
    struct keys *keys;
    int64_t now_ms;
    struct buf got; /* names, a blank between */
};

static struct desk desk(void)
{
    struct keys_options options = { MIN, GAP_MS };
    struct desk d = { .keys = keys_open(&options), .now_ms = 1000 };
    buf_init(&d.got, MAX_OUTPUT);
    return d;
}

static void desk_done(struct desk *d)
{
    keys_close(d->keys);
    buf_done(&d->got);
}

#define DESK(d) __attribute__((cleanup(desk_done))) struct desk d = desk()

static void write_down(struct desk *d, const struct press *press)
{
    if (d->got.len > 0)
        buf_putc(&d->got, ' ');
    press_name(press, &d->got);
    if (press->kind == K_SCAN || press->kind == K_PASTE) {
        buf_putc(&d->got, '(');
        buf_str(&d->got, press->text);
        buf_putc(&d->got, ')');
    } else if (press->kind == K_MOUSE) {
        buf_printf(&d->got, "(%d,%d)", press->row, press->col);
    }
}

static void collect(struct desk *d)
{
    struct press press;
    while (keys_next(d->keys, d->now_ms, &press))
        write_down(d, &press);
}

/* All at one moment, as in one read. */
static void come_bytes(struct desk *d, struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        keys_feed(d->keys, (unsigned char)bytes.data[i], d->now_ms);
    collect(d);
}

static void come(struct desk *d, const char *bytes)
{
    come_bytes(d, str_of(bytes));
}

static void pass(struct desk *d, int ms)
{
    d->now_ms += ms;
    collect(d);
}

/* Waits just as long as the keys ask for, until nothing is held back. */
static void rest(struct desk *d)
{
    int wait_ms;
    while ((wait_ms = keys_wait_ms(d->keys, d->now_ms)) >= 0) {
        assert_true(wait_ms <= 1001);
        pass(d, wait_ms);
    }
}

static void expect(struct desk *d, const char *names)
{
    assert_string_equal(buf_text(&d->got), names);
    buf_clear(&d->got);
}

/* One read, and what it gives in the end. */
static void expect_of(const char *bytes, const char *names)
{
    DESK(d);
    come(&d, bytes);
    rest(&d);
    expect(&d, names);
}

/* Every character `ms` after the one before. */
static void type(struct desk *d, const char *bytes, int ms)
{
    for (; *bytes; bytes++) {
        keys_feed(d->keys, (unsigned char)*bytes, d->now_ms);
        collect(d);
        pass(d, ms);
    }
}

/* ---- text ---- */

static void typing_comes_one_gap_after_it_was_typed(void **state)
{
    (void)state;
    DESK(d);
    come(&d, "7");
    expect(&d, "");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), GAP_MS + 1);
    pass(&d, GAP_MS);
    expect(&d, "");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 1);
    pass(&d, 1);
    expect(&d, "7");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
}

static void nothing_waits_behind_a_key_that_is_no_character(void **state)
{
    (void)state;
    DESK(d);
    come(&d, "3*12\r");
    expect(&d, "3 * 1 2 Enter");
    come(&d, "\t\x7f\x08");
    expect(&d, "Tab Backspace Backspace");
}

static void a_key_tells_when_its_last_byte_came(void **state)
{
    (void)state;
    DESK(d);
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
    DESK(d);
    type(&d, "\xe1\xbb\x87", 400);
    rest(&d);
    expect(&d, "ệ");
    type(&d, "\xf0\x9f\x8c\xbe", 400);
    rest(&d);
    expect(&d, "🌾");
}

static void m05_decomposed_letters_come_as_they_were_sent(void **state)
{
    (void)state;
    expect_of("e\u0302\u0323n", "e \u0302 \u0323 n");
}

/* ncurses' own wide input loses a third of the keys after one such byte. */
static void m05_a_bad_byte_loses_no_key_around_it(void **state)
{
    (void)state;
    DESK(d);
    BUF(want, MAX_OUTPUT);
    for (int i = 0; i < 400; i++) {
        char c = (char)('a' + i % 26);
        come_bytes(&d, (struct str){ (char[]){ c, '\xff' }, 2 });
        rest(&d);
        buf_printf(&want, "%s%c \uFFFD", i ? " " : "", c);
    }
    expect(&d, buf_text(&want));
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
        expect_of(cases[i][0], cases[i][1]);
}

/* A Telex keyboard takes letters back and sends new ones, in one read. */
static void m05_telex_bursts_come_in_order(void **state)
{
    (void)state;
    expect_of("d\x7f\u0111u\x7f\u01b0o\x7f\u01a1c\x08\x08\u1ee3c",
              "d Backspace đ u Backspace ư o Backspace ơ c Backspace "
              "Backspace ợ c");
}

static void control_keys_have_their_letters(void **state)
{
    (void)state;
    expect_of("\x01\x03\x10\x11\x13\x1a",
              "Ctrl-A Ctrl-C Ctrl-P Ctrl-Q Ctrl-S Ctrl-Z");
    expect_of("\x1c\x1e\x1f\x1d", ""); /* what nobody can name */
}

/* ---- sequences ---- */

static void f10_and_alt_0_come_through(void **state)
{
    (void)state;
    expect_of("\x1b[21~", "F10");
    expect_of("\x1b"
              "0",
              "Alt-0");
    expect_of("\x1b\u0111"
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
        expect_of(cases[i][0], cases[i][1]);
}

static void m05_an_arrow_split_by_60_ms_is_an_arrow(void **state)
{
    (void)state;
    static const char *const split[] = { "\x1b[A", "\x1bOA", "\x1b[1;5A" };
    for (size_t i = 0; i < ARRAY_LEN(split); i++) {
        DESK(d);
        type(&d, split[i], 60);
        expect(&d, "Up");
        type(&d, split[i], 150);
        expect(&d, "Up");
        assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
    }
}

static void a_lone_esc_comes_and_esc_esc_are_two(void **state)
{
    (void)state;
    DESK(d);
    come(&d, "\x1b");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 151);
    pass(&d, 150);
    expect(&d, "");
    pass(&d, 1);
    expect(&d, "Esc");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
    expect_of("\x1b\x1b", "Esc Esc");
    expect_of("\x1b\x1b[A", "Esc Up");
    expect_of("\x1b\r", "Esc Enter");
    expect_of("\x1b\x7f", "Esc Backspace");
}

static void a_key_soon_after_esc_is_not_alt(void **state)
{
    (void)state;
    DESK(d);
    type(&d,
         "\x1b"
         "5",
         50);
    rest(&d);
    expect(&d, "Alt-5");
    type(&d,
         "\x1b"
         "5",
         51);
    rest(&d);
    expect(&d, "Esc 5");
    type(&d, "\x1b[", 151);
    rest(&d);
    expect(&d, "Esc [");
}

static void alt_with_a_bracket_is_a_key_too(void **state)
{
    (void)state;
    expect_of("\x1b[", "Alt-[");
    expect_of("\x1bO", "Alt-O");
}

static void m05_unknown_sequences_are_passed_over_whole(void **state)
{
    (void)state;
    expect_of("\x1b[?62;22c\x1b[I\x1b[200;1H\x1b[99~z", "Home z");
    expect_of("\x1b[12345678901234567890123456789012345678901234567890Az",
              "Up z");
    expect_of("\x1b[99999999999999999999~z", "z");
    expect_of("\x1b[1;\rz", "Enter z");
    expect_of("\x1b[1;\x1b[Bz", "Down z");
    expect_of("\x1bO\rz", "Enter z");
    expect_of("\x1b[1;\xc4\x91", "đ");
}

static void m05_a_sequence_that_never_ends_is_given_up(void **state)
{
    (void)state;
    DESK(d);
    come(&d, "\x1b[1;");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 1001);
    pass(&d, 1001);
    expect(&d, "");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
    come(&d, "5A\r");
    expect(&d, "5 A Enter");
}

static void the_number_pad_gives_digits_without_numlock(void **state)
{
    (void)state;
    expect_of("\x1bOp\x1bOq\x1bOr\x1bOs\x1bOt\x1bOu\x1bOv\x1bOw\x1bOx\x1bOy",
              "0 1 2 3 4 5 6 7 8 9");
    expect_of("\x1bOj\x1bOk\x1bOl\x1bOm\x1bOn\x1bOo\x1bOM\x1b[E",
              "* + , - . / Enter 5");
}

static void the_linux_console_has_a_number_pad_of_its_own(void **state)
{
    (void)state;
    DESK(d);
    keys_console_pad(d.keys);
    come(&d, "\x1bOw\x1bOQ\x1bOR\x1bOS\x1bOl\x1bOn\x1bOM\x1b[[B");
    rest(&d);
    expect(&d, "7 / * - + . Enter F2");
}

static void clicks_tell_where(void **state)
{
    (void)state;
    expect_of("\x1b[<0;10;5M\x1b[<0;10;5m", "Mouse(4,9)");
    expect_of("\x1b[<16;1;1M\x1b[<0;223;95M", "Mouse(0,0) Mouse(94,222)");
    expect_of("\x1b[<2;1;1M\x1b[<64;1;1M\x1b[<35;1;1M\x1b[<0;0;1M\x1b[<M", "");
    expect_of("\x1b[M !!z\x1b[M \x21\x30", "Mouse(0,0) z Mouse(15,0)");
    expect_of("\x1b[M#!!\x1b[M   z", "z");
}

/* ---- scanners ---- */

static void a_burst_with_an_end_is_one_scan(void **state)
{
    (void)state;
    DESK(d);
    come(&d, "8934567890123\r");
    expect(&d, "Scan(8934567890123)");
    come(&d, "123456\t");
    expect(&d, "Scan(123456)");
    come(&d, "123456\n");
    expect(&d, "Scan(123456)");
    type(&d, "8934567890123\r", GAP_MS);
    expect(&d, "Scan(8934567890123)");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
}

static void two_codes_in_one_read_are_two(void **state)
{
    (void)state;
    expect_of("8934567890123\r8931234567890\r",
              "Scan(8934567890123) Scan(8931234567890)");
    expect_of("8934567890123\r\n8931234567890\r\n",
              "Scan(8934567890123) Scan(8931234567890)");
    expect_of("x\x1b[B893456789\r5\r", "x Down Scan(893456789) 5 Enter");
}

static void the_enter_of_a_scan_never_comes_as_a_key(void **state)
{
    (void)state;
    DESK(d);
    type(&d, "8934567890123\r\n", 10);
    rest(&d);
    expect(&d, "Scan(8934567890123)");
    come(&d, "8934567890123\r");
    pass(&d, GAP_MS + 1);
    come(&d, "\n");
    expect(&d, "Scan(8934567890123) Enter");
    come(&d, "8934567890123\n\n");
    expect(&d, "Scan(8934567890123) Enter");
    come(&d, "12\r\n");
    expect(&d, "1 2 Enter");
    come(&d, "\r\n\n");
    expect(&d, "Enter Enter");
}

static void m05_a_burst_too_short_comes_as_keys_unchanged(void **state)
{
    (void)state;
    expect_of("12345\r", "1 2 3 4 5 Enter");
    expect_of("3*đ5\t", "3 * đ 5 Tab");
}

static void m05_a_burst_without_an_end_comes_as_keys_unchanged(void **state)
{
    (void)state;
    DESK(d);
    come(&d, "matong");
    pass(&d, GAP_MS + 1);
    expect(&d, "m a t o n g");
    come(&d, "\r"); /* too late to be the end of a code */
    expect(&d, "Enter");
    come(&d, "matong\x1b[A\r");
    expect(&d, "m a t o n g Up Enter");
}

static void m05_typing_slower_than_the_gap_is_no_scan(void **state)
{
    (void)state;
    DESK(d);
    type(&d, "8934567\r", GAP_MS + 1);
    expect(&d, "8 9 3 4 5 6 7 Enter");
    type(&d, "89", GAP_MS + 1);
    type(&d, "345678\r", 5); /* two by hand, then a code */
    expect(&d, "8 9 Scan(345678)");
    type(&d, "893456", 5);
    pass(&d, GAP_MS);
    come(&d, "\r");
    expect(&d, "8 9 3 4 5 6 Enter");
}

/* The loop may look only after both came. */
static void m05_an_end_after_the_gap_is_a_key(void **state)
{
    (void)state;
    DESK(d);
    for (const char *at = "893456"; *at; at++)
        keys_feed(d.keys, (unsigned char)*at, d.now_ms);
    d.now_ms += GAP_MS + 1;
    come(&d, "\r");
    expect(&d, "8 9 3 4 5 6 Enter");
}

/* The till looks away while it writes to a slow disk. */
static void m05_a_burst_goes_on_after_a_pause_of_the_reader(void **state)
{
    (void)state;
    static const char *const halves[][2] = { { "89345", "67890123\r" },
                                             { "8934567890123", "\r" },
                                             { "8934567890123\r", "\n" } };
    for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
        DESK(d);
        come(&d, halves[i][0]);
        d.now_ms += 500;
        keys_pause(d.keys, 500);
        come(&d, halves[i][1]);
        expect(&d, "Scan(8934567890123)");
    }
    DESK(d);
    come(&d, "\x1b");
    d.now_ms += 500;
    keys_pause(d.keys, 500);
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 151);
    come(&d, "[A");
    expect(&d, "Up");
}

static void a_pause_does_not_change_when_a_key_came(void **state)
{
    (void)state;
    DESK(d);
    struct press press;
    keys_feed(d.keys, '7', 1000);
    keys_feed(d.keys, 0x1b, 1001);
    keys_pause(d.keys, 500);
    assert_false(keys_next(d.keys, 1500 + GAP_MS, &press));
    assert_true(keys_next(d.keys, 1501 + GAP_MS, &press));
    assert_int_equal(press.at_ms, 1000);
    assert_false(keys_next(d.keys, 1501 + 150, &press));
    assert_true(keys_next(d.keys, 1501 + 151, &press));
    assert_int_equal(press.kind, K_ESC);
    assert_int_equal(press.at_ms, 1001);
}

static void m05_a_key_held_down_is_not_held_back(void **state)
{
    (void)state;
    DESK(d);
    type(&d, "00000000", 33);
    expect(&d, "0 0 0 0 0 0 0 0");
    come(&d, "\r");
    expect(&d, "Enter");
    type(&d, "00000000\r", 10);
    expect(&d, "Scan(00000000)");
}

static void m05_a_flood_is_not_held_back_for_ever(void **state)
{
    (void)state;
    DESK(d);
    enum { FLOOD = 2000 };
    BUF(want, MAX_OUTPUT);
    for (int i = 0; i < FLOOD; i++) {
        come(&d, (char[]){ (char)('a' + i % 7), '\0' });
        buf_printf(&want, "%s%c", i ? " " : "", 'a' + i % 7);
    }
    expect(&d, buf_text(&want));
    come(&d, "\r");
    expect(&d, "Enter");
    come(&d, "123456\r");
    expect(&d, "Scan(123456)");
    buf_clear(&want);
    BUF(bytes, MAX_OUTPUT);
    for (int i = 0; i < FLOOD; i++) {
        buf_puts(&bytes, "z");
        buf_puts(&want, "z ");
    }
    buf_puts(&bytes, "\r");
    buf_puts(&want, "Enter");
    come_bytes(&d, buf_slice(&bytes));
    expect(&d, buf_text(&want));
}

static void n07_separators_of_stamps_stay_in_the_scan(void **state)
{
    (void)state;
    expect_of("0108934567890126\x1d"
              "10LÔ7\r",
              "Scan(0108934567890126\x1d"
              "10LÔ7)");
    expect_of("12\x1d\r", "1 2 Enter");
}

/* ---- paste ---- */

static void m05_a_paste_is_one_and_presses_no_enter(void **state)
{
    (void)state;
    expect_of("\x1b[200~mật ong\r\n\x1b[A\t!\x1b[201~\r",
              "Paste(mật ong   [A !) Enter");
    expect_of("\x1b[200~\x1b[201~x", "Paste() x");
    expect_of("\x1b[200~a\xff\xc2\x9bz\x1b[20\x1b[201~",
              "Paste(a\uFFFD z [20)");
    expect_of("\x1b[200~8934567890123\r\x1b[201~", "Paste(8934567890123 )");
    expect_of("\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~", "Paste(a) Paste(b)");
}

static void m05_a_paste_split_anywhere_is_the_same(void **state)
{
    (void)state;
    DESK(d);
    type(&d, "\x1b[200~đ\x1b[201~", 100);
    expect(&d, "Paste(đ)");
}

static void m05_a_paste_that_never_ends_is_given_after_a_second(void **state)
{
    (void)state;
    DESK(d);
    come(&d, "\x1b[200~hello");
    assert_int_equal(keys_wait_ms(d.keys, d.now_ms), 1001);
    pass(&d, 1001);
    expect(&d, "Paste(hello)");
    come(&d, "\r");
    expect(&d, "Enter");
}

static void m05_a_huge_paste_is_cut_but_its_end_is_seen(void **state)
{
    (void)state;
    DESK(d);
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
    rest(&d);
    expect(&d, "Enter");
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
        DESK(d);
        for (const char *at = begun[i]; *at; at++)
            keys_feed(d.keys, (unsigned char)*at, d.now_ms);
        keys_flush(d.keys);
        assert_int_equal(keys_wait_ms(d.keys, d.now_ms), -1);
        come(&d, "7");
        rest(&d);
        expect(&d, "7");
    }
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
        cmocka_unit_test(a_name_is_read_as_the_key_it_was_written_for),
        cmocka_unit_test(short_names_are_understood),
        cmocka_unit_test(what_is_no_key_is_not_taken_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
