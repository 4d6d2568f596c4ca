/*
 * test_till_robust.c - the real program where terminals, printers, agents and
 * people are at their worst: nothing is lost, nothing is stuck.
 */
#define _GNU_SOURCE /* ppoll's and nanosleep's friends */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/text.h"
#include "tests/support/till_pty.h"

enum { DEADLINE_MS = 20000 };

static struct till_pty t;

/* A shift is open, the screen is not there yet. */
static int setup(void **state)
{
    (void)state;
    till_pty_init(&t);
    till_pty_shift(&t);
    return 0;
}

static int setup_running(void **state)
{
    setup(state);
    till_pty_start(&t);
    return 0;
}

static int setup_fair(void **state)
{
    (void)state;
    till_pty_init_fair(&t);
    till_pty_shift(&t);
    till_pty_start(&t);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    till_pty_done(&t);
    return 0;
}

/* What is tested, never a wait for the till: keys and the bytes of one letter
 * that come so far apart. */
static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000L }, NULL);
}

/* One of 12 in cash, by three keys. */
static void sell_one(void)
{
    till_pty_keys(&t, "12 F9");
    till_pty_sees(&t, "✓ Recorded");
}

/* ---- what comes from the keyboard ---- */

static void m05_telex_erases_and_types_again(void **state)
{
    (void)state;
    /* "maatj ong" as an input method sends it: what was typed is erased as
     * soon as a mark changes it, all in one burst. */
    pty_send(t.pty,
             STR("ma\x7f"
                 "â"
                 "t\x7f\x7f"
                 "ật ong"),
             11);
    till_pty_sees(&t, "Item > mật ong");
    pty_key(t.pty, "Enter");
    till_pty_sees(&t, "1 chai");
    /* The same with Enter in the burst. */
    pty_send(t.pty,
             STR("mie\x7f"
                 "ê\x7f"
                 "ến\r"),
             9);
    till_pty_sees(&t, "1 gói");
}

static void m05_letters_may_come_byte_by_byte(void **state)
{
    (void)state;
    static const char word[] = "mật";
    for (size_t i = 0; word[i]; i++) {
        bool more = ((unsigned char)word[i + 1] & 0xC0) == 0x80;
        pty_send(t.pty, (struct str){ word + i, 1 }, !more);
        pause_ms(50);
    }
    till_pty_sees(&t, "Item > mật");
    pty_key(t.pty, "Enter");
    till_pty_sees(&t, "1 chai");
}

static void m05_marks_that_come_apart_are_put_together(void **state)
{
    (void)state;
    pty_type(t.pty, "ma\u0323\u0302t");
    till_pty_sees(&t, "Item > mật");
    pty_keys(t.pty);
    till_pty_keys(&t, "Backspace");
    till_pty_sees(&t, "Item > mậ");
    till_pty_keys(&t, "t Enter");
    till_pty_sees(&t, "1 chai");
}

static void m05_bytes_that_are_no_text_take_no_key_with_them(void **state)
{
    (void)state;
    pty_send(t.pty, STR("1\xff"), 2);
    pty_send(t.pty, STR("\xc3"), 0); /* a letter that never ends */
    pty_send(t.pty, STR("2"), 2);
    till_pty_sees(&t, "Item > 1");
    till_pty_keys(&t, "Esc 12 Enter");
    till_pty_sees(&t, "1 chai");
    pty_send(t.pty, STR("\x1b[99;99;99~\x1b[<0;1M\x00"), -1);
    till_pty_keys(&t, "F9");
    till_pty_sees(&t, "✓ Recorded");
    assert_int_equal(till_pty_count(&t, EV_SALE), 1);
}

static void m05_a_paste_of_lines_sells_nothing(void **state)
{
    (void)state;
    pty_paste(t.pty, "12\n7\r\n\n\n\x1b[20~ 3*12\n");
    till_pty_sees(&t, "Item > 12 7");
    assert_int_equal(till_pty_count(&t, EV_SALE), 0);
    till_pty_misses(&t, "TOTAL");
    till_pty_keys(&t, "Esc");
    sell_one();
}

static void m01_a_burst_that_is_no_code_arrives_unchanged(void **state)
{
    (void)state;
    pty_scan(t.pty, "Ghi chú NO-CODE 77");
    till_pty_sees(&t, "Item > Ghi chú NO-CODE 77");
    till_pty_keys(&t, "Esc");
    pty_scan(t.pty, "8936012340018");
    till_pty_sees(&t, "✗ wrong check digit");
    till_pty_misses(&t, "8936012340018");
    till_pty_misses(&t, "TOTAL");
    sell_one();
}

static void m02_a_bouncing_enter_records_nothing_unseen(void **state)
{
    (void)state;
    till_pty_keys(&t, "12 Enter");
    pty_send(t.pty, STR("\r\r\r\r"), 4);
    till_pty_sees(&t, "TO PAY");
    assert_int_equal(till_pty_count(&t, EV_SALE), 0);
    till_pty_keys(&t, "Enter");
    till_pty_sees(&t, "✓ Recorded");
    assert_int_equal(till_pty_count(&t, EV_SALE), 1);
}

/* ---- the terminal ---- */

static void m05_a_window_may_shrink_to_nothing_and_come_back(void **state)
{
    (void)state;
    till_pty_keys(&t, "3*12 Enter Enter 200");
    till_pty_sees(&t, "95.000");
    pty_wait_frame(t.pty);
    pty_resize(t.pty, 1, 1);
    pty_wait_frame(t.pty);
    pty_resize(t.pty, 24, 80);
    till_pty_sees(&t, "Received > 200");
    till_pty_sees(&t, "TO PAY");
    till_pty_keys(&t, "Enter");
    till_pty_sees(&t, "50k + 2×20k + 5k");
}

/* The cart is there again after the screen ended by itself. */
static void cart_survives(void)
{
    assert_int_equal(pty_wait_exit(t.pty), 0);
    till_pty_stop(&t);
    till_pty_start(&t);
    till_pty_sees(&t, "3 chai");
    till_pty_sees(&t, "105.000");
    till_pty_keys(&t, "F9");
    till_pty_sees(&t, "✓ Recorded");
}

static void m05_a_terminal_that_hangs_up_leaves_the_cart(void **state)
{
    (void)state;
    till_pty_keys(&t, "3*12 Enter Enter 20");
    pty_hangup(t.pty);
    cart_survives();
}

static void m05_a_program_told_to_end_leaves_the_cart(void **state)
{
    (void)state;
    till_pty_keys(&t, "3*12 Enter Enter 20");
    pty_signal(t.pty, SIGTERM);
    cart_survives();
}

static void sells_with(const int size[2], const char *const *env)
{
    till_pty_run(&t, NULL, size, env);
    pty_wait_frame(t.pty);
    till_pty_keys(&t, "3*12 Enter Enter 200 Enter");
    till_pty_sees(&t, "Recorded");
    till_pty_sees(&t, "50k + 2");
    assert_int_equal(till_pty_count(&t, EV_SALE), 1);
}

static void m05_an_unknown_terminal_is_taken_for_a_usual_one(void **state)
{
    (void)state;
    sells_with(NULL, WORDS("TERM", "fair-unheard-of"));
}

static void m05_a_locale_without_utf_8_sells(void **state)
{
    (void)state;
    sells_with(NULL, WORDS("LC_ALL", "", "LANG", "C"));
}

static void s09_a_small_screen_sells(void **state)
{
    (void)state;
    sells_with((const int[]){ 12, 40 }, NULL);
}

static void s09_a_large_screen_sells(void **state)
{
    (void)state;
    sells_with((const int[]){ 43, 132 }, NULL);
}

/* Does a parameter of CSI … m choose a colour? */
static bool is_colour(long n)
{
    return (n >= 30 && n <= 49) || (n >= 90 && n <= 107);
}

/* Of the numbers up to the 'm' that ends them. */
static bool has_colour(char *at)
{
    bool found = false;
    while (*at != 'm') {
        found |= is_colour(strtol(at, &at, 10));
        at += *at == ';';
    }
    return found;
}

static void sends_no_colour(struct str raw)
{
    for (size_t i = 0; i + 1 < raw.len; i++) {
        if (raw.data[i] != '\x1b' || raw.data[i + 1] != '[')
            continue;
        size_t len = strspn(raw.data + i + 2, "0123456789;");
        if (raw.data[i + 2 + len] != 'm')
            continue;
        if (has_colour((char *)(uintptr_t)(raw.data + i + 2)))
            fail_msg("a colour was sent: %.*s", (int)len + 3, raw.data + i);
    }
}

static void s07_no_colour_is_sent_where_none_is_wanted(void **state)
{
    (void)state;
    BUF(raw, 1 << 20);
    till_pty_run(&t, NULL, NULL, WORDS("NO_COLOR", "1"));
    pty_tap(t.pty, &raw);
    pty_wait_frame(t.pty);
    till_pty_keys(&t, "3*12 Enter x Enter Esc Enter Tab Esc F1 Esc F9");
    till_pty_sees(&t, "✓ Recorded");
    pty_signal(t.pty, SIGTERM);
    pty_wait_exit(t.pty);
    (void)buf_text(&raw);
    assert_true(raw.len > 1000);
    sends_no_colour(buf_slice(&raw));
    till_pty_stop(&t);
}

/* ---- hostile names ---- */

/* What may stand in a frame besides visible text: what ncurses sends. */
static bool is_drawing(unsigned char byte)
{
    return byte >= 0x20 || strchr("\x1b\r\n\b\t\a\x0e\x0f", byte);
}

static void is_harmless(struct str raw)
{
    size_t pos = 0;
    for (size_t i = 0; i < raw.len; i++)
        assert_true(is_drawing((unsigned char)raw.data[i]));
    while (pos < raw.len) {
        int32_t code = utf8_next(raw, &pos);
        bool control = code >= 0x7F && code <= 0x9F;
        bool turns = code == 0x061C || (code >= 0x200B && code <= 0x200F) ||
                     (code >= 0x202A && code <= 0x202E) ||
                     (code >= 0x2066 && code <= 0x2069);
        if (control || turns)
            fail_msg("U+%04X reached the terminal", (unsigned)code);
    }
    assert_null(strstr(raw.data, "pwned\a"));
    assert_null(strstr(raw.data, "\x1b]0;"));
    assert_null(strstr(raw.data, "\x1b[31;99"));
}

/* Every screen that shows a name. */
static const char everywhere[] =
    "ke Esc 2*9 Enter %5 Enter Delete Alt-3 F3 F3 Enter F9 Alt-3 Enter Esc "
    "F2 ke Esc Esc F1 Esc Ctrl-X Enter F4 Enter * F9 Enter Ctrl-Z";

static void m05_what_a_name_holds_does_nothing_to_the_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *shown;
    } names[] = {
        { "kẹo \u202Edọc ngược", "U+202E" },
        { "kẹo \u2066\u200F\u200B", "U+2066" },
        { "kẹo \xc2\x9b"
          "31;99m\xc2\x85",
          "U+009B" },
        { "kẹo \x7f\x7f\x7f", "\\x7f" },
        { "kẹo \x1b]0;pwned\a\x1b[31;99m\x1b[2J", NULL },
        { "kẹo \xff\xc3\xe2\x80", NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        BUF(raw, 1 << 20);
        till_pty_forge(&t, str_of(names[i].bytes));
        till_pty_run(&t, NULL, NULL, NULL);
        pty_tap(t.pty, &raw);
        pty_wait_frame(t.pty);
        if (names[i].shown)
            till_pty_sees(&t, names[i].shown);
        till_pty_keys(&t, everywhere);
        pty_signal(t.pty, SIGTERM);
        pty_wait_exit(t.pty);
        (void)buf_text(&raw);
        is_harmless(buf_slice(&raw));
        till_pty_stop(&t);
        teardown(state);
        setup(state);
    }
}

static void m05_what_is_pasted_as_a_name_does_nothing_to_it(void **state)
{
    (void)state;
    BUF(raw, 1 << 20);
    pty_tap(t.pty, &raw);
    till_pty_keys(&t, "/85 Enter");
    pty_paste(t.pty, "Kẹo\u202E\xc2\x9b"
                     "31;99m\x1b]0;pwned\a");
    till_pty_keys(&t, "Enter F9");
    till_pty_sees(&t, "✓ Recorded");
    till_pty_keys(&t, "F4 Enter Esc");
    struct record *r = till_pty_event(&t, EV_SALE);
    assert_true(str_is(r->body.sale.lines[0].name, "Kẹo 31;99m ]0;pwned"));
    record_close(r);
    (void)buf_text(&raw);
    is_harmless(buf_slice(&raw));
    pty_tap(t.pty, NULL);
}

/* ---- what runs beside it ---- */

/* The middle one of five: who waits for a printer waits each time, a busy
 * machine only now and then. */
static int64_t usual_sale_ms(void)
{
    int64_t took_ms[5];
    for (int i = 0; i < 5; i++) {
        till_pty_keys(&t, "12 Enter");
        int64_t from_ms = env_mono_ms();
        till_pty_keys(&t, "F9");
        int64_t ms = env_mono_ms() - from_ms;
        int at = i;
        for (; at > 0 && took_ms[at - 1] > ms; at--)
            took_ms[at] = took_ms[at - 1];
        took_ms[at] = ms;
    }
    return took_ms[2];
}

/* Reads from the fifo until the text has come so often. */
static void comes_out(int fd, const char *text, int times)
{
    BUF(paper, 1 << 20);
    char bytes[4096];
    int64_t until_ms = env_mono_ms() + DEADLINE_MS;
    int seen = 0;
    while (seen < times && env_mono_ms() < until_ms) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        poll(&p, 1, 1000);
        ssize_t n = read(fd, bytes, sizeof(bytes));
        if (n > 0)
            buf_put(&paper, bytes, (size_t)n);
        seen = 0;
        const char *at = buf_text(&paper);
        for (; (at = strstr(at, text)); at++)
            seen++;
    }
    assert_int_equal(seen, times);
}

/* A printer that nobody has plugged in: a fifo that nobody reads. */
static void unplugged(void)
{
    BUF(line, MAX_TEXT);
    assert_int_equal(mkfifo(scratch_path(t.dir, "lp0"), 0600), 0);
    buf_printf(&line, "printer = %s", scratch_path(t.dir, "lp0"));
    till_pty_conf(&t, buf_text(&line));
}

static void m20_a_printer_unplugged_holds_no_sale_up(void **state)
{
    (void)state;
    till_pty_start(&t);
    int64_t without_ms = usual_sale_ms();
    till_pty_stop(&t);
    unplugged();
    till_pty_start(&t);
    int64_t with_ms = usual_sale_ms();
    till_pty_sees(&t, "PRINTER DOES NOT PRINT");
    assert_in_range(with_ms, 0, without_ms + 100);
    assert_int_equal(till_pty_count(&t, EV_SALE), 10);
}

static void m20_slips_wait_for_the_printer_and_come_out_once(void **state)
{
    (void)state;
    unplugged();
    till_pty_conf(&t, "printer_profile = text");
    till_pty_start(&t);
    (void)usual_sale_ms();
    till_pty_sees(&t, "PRINTER DOES NOT PRINT");
    int fd = open(scratch_path(t.dir, "lp0"), O_RDWR | O_NONBLOCK);
    comes_out(fd, "Mật ong", 5);
    till_pty_misses(&t, "PRINTER DOES NOT PRINT");
    close(fd);
}

static void m21_an_agent_that_is_stopped_holds_nothing_up(void **state)
{
    (void)state;
    sell_one();
    till_pty_sees(&t, "all sent");
    pid_t agent = till_pty_companion(&t, "fair-sync");
    assert_true(agent > 0);
    assert_int_equal(kill(agent, SIGSTOP), 0);
    for (int i = 0; i < 3; i++)
        sell_one();
    till_pty_sees(&t, "3 not sent");
    assert_int_equal(kill(agent, SIGCONT), 0);
    till_pty_sees(&t, "all sent");
    assert_int_equal(till_pty_count(&t, EV_SALE), 4);
}

static void m19_a_second_start_says_who_holds_the_ledger(void **state)
{
    (void)state;
    struct till_pty second = t;
    second.pty = NULL;
    till_pty_run(&second, NULL, NULL, NULL);
    sell_one(); /* while the second one waits */
    assert_int_equal(pty_wait_exit(second.pty), 1);
    BUF(holder, MAX_TEXT);
    buf_printf(&holder, "%d", (int)pty_pid(t.pty));
    till_pty_sees(&second, "fair-pos");
    till_pty_sees(&second, buf_text(&holder));
    till_pty_stop(&second);
    sell_one();
    assert_int_equal(till_pty_count(&t, EV_SALE), 2);
}

#define WITH(name, begin) cmocka_unit_test_setup_teardown(name, begin, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(m05_telex_erases_and_types_again, setup_running),
        WITH(m05_letters_may_come_byte_by_byte, setup_running),
        WITH(m05_marks_that_come_apart_are_put_together, setup_running),
        WITH(m05_bytes_that_are_no_text_take_no_key_with_them, setup_running),
        WITH(m05_a_paste_of_lines_sells_nothing, setup_running),
        WITH(m01_a_burst_that_is_no_code_arrives_unchanged, setup_running),
        WITH(m02_a_bouncing_enter_records_nothing_unseen, setup_running),
        WITH(m05_a_window_may_shrink_to_nothing_and_come_back, setup_running),
        WITH(m05_a_terminal_that_hangs_up_leaves_the_cart, setup_running),
        WITH(m05_a_program_told_to_end_leaves_the_cart, setup_running),
        WITH(m05_an_unknown_terminal_is_taken_for_a_usual_one, setup),
        WITH(m05_a_locale_without_utf_8_sells, setup),
        WITH(s09_a_small_screen_sells, setup),
        WITH(s09_a_large_screen_sells, setup),
        WITH(s07_no_colour_is_sent_where_none_is_wanted, setup),
        WITH(m05_what_a_name_holds_does_nothing_to_the_terminal, setup),
        WITH(m05_what_is_pasted_as_a_name_does_nothing_to_it, setup_running),
        WITH(m20_a_printer_unplugged_holds_no_sale_up, setup),
        WITH(m20_slips_wait_for_the_printer_and_come_out_once, setup),
        WITH(m21_an_agent_that_is_stopped_holds_nothing_up, setup_fair),
        WITH(m19_a_second_start_says_who_holds_the_ledger, setup_running),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
