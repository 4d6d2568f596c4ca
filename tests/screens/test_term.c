/*
 * test_term.c - a small program in a terminal: what it shows, what reaches
 * it, and what it leaves behind.
 *
 * The program writes down every key it gets ("7 Enter Scan(893…)") and does
 * something special for a few function keys.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/text.h"
#include "pos/term/term.h"
#include "tests/support/keyboard.h"
#include "tests/support/pty.h"
#include "tests/support/scratch.h"

enum {
    GAP_MS = 35,
    MIN = 6,
    CODE_GONE = 7,
    CODE_REFUSED = 3,
    ROWS = 24,
    COLS = 80
};

/* ---- the program ---- */

struct notebook {
    struct term *term;
    struct grid grid;
    struct buf log, why;
    bool hidden, full;
    int told, gate; /* pipes to and from the test; -1: none */
};

static struct term_options options = { .mouse = true, .keys = { MIN, GAP_MS } };

/* A list as long as the screen, as a till's longest are. */
static void draw_full(struct grid *g)
{
    for (int row = 1; row < g->rows - 1; row++) {
        BUF(line, MAX_TEXT);
        buf_printf(&line, "%2d  Chả mực giã tay Hạ Long %s", row,
                   row % 2 ? "loại một" : "hộp quà");
        enum style style = row == 9 ? STYLE_SELECTED : STYLE_TEXT;
        grid_field(g, row, 0, g->cols, style, buf_slice(&line));
        grid_right(g, row, 60, style, STR("1.250.000"));
        grid_right(g, row, g->cols, row == 9 ? style : STYLE_GOOD,
                   STR("còn hạn"));
    }
}

static void draw(struct notebook *n)
{
    struct grid *g = &n->grid;
    int rows, cols;
    term_size(n->term, &rows, &cols);
    grid_reset(g, rows, cols);
    BUF(title, MAX_TEXT);
    buf_printf(&title, "Phiên chợ %d×%d", rows, cols);
    grid_field(g, 0, 0, cols, STYLE_BAR, buf_slice(&title));
    grid_field(g, rows - 1, 0, cols, STYLE_BAR, STR("F1 Trợ giúp"));
    if (n->full)
        draw_full(g);
    else
        grid_wrap(g, 2, 0, cols, rows - 3, STYLE_TEXT, buf_slice(&n->log));
    grid_put(g, 1, 0, STYLE_WARN, buf_slice(&n->why));
    grid_puts(g, 1, cols - 1, STYLE_QR, n->full ? "" : "█");
    if (!n->hidden && !n->full) {
        g->cursor_row = 2; /* behind what was typed, on its first row */
        g->cursor_col = text_width(buf_slice(&n->log));
    }
    term_draw(n->term, g);
}

/* Looks away until the test says so. */
static void look_away(struct notebook *n)
{
    char byte = '.';
    if (write(n->told, &byte, 1) != 1 || read(n->gate, &byte, 1) != 1)
        err_die("test", 9, "the test is gone");
}

/* Looks away three times, and only glances at what came in between. */
static void look_away_often(struct notebook *n)
{
    struct press press;
    for (int i = 0; i < 3; i++) {
        look_away(n);
        while (term_wait(n->term, 0, &press) == TERM_KEY)
            press_note(&press, &n->log);
    }
}

static void obey(struct notebook *n, int f)
{
    switch (f) {
    case 1: term_restyle(n->term, THEME_MONO, GLYPHS_FULL); break;
    case 2: term_restyle(n->term, THEME_CONTRAST, GLYPHS_ASCII); break;
    case 3: err_die("test", f, "because of F3"); break;
    case 4: raise(n->hidden ? SIGABRT : SIGSEGV); break;
    case 5: exit(f); break;
    case 6: term_bell(n->term); break;
    case 7: n->full = !n->full; break;
    case 8: n->hidden = !n->hidden; break;
    case 9: look_away_often(n); break;
    case 11: raise(SIGSTOP); break;
    default: break;
    }
}

static int run(void *ctx)
{
    struct notebook n = { .told = -1, .gate = -1 };
    const int *pipes = ctx;
    struct press press;
    if (pipes) {
        n.told = pipes[0];
        n.gate = pipes[1];
    }
    buf_init(&n.log, MAX_TEXT);
    buf_init(&n.why, MAX_TEXT);
    if (term_open(&options, &n.why, &n.term)) {
        printf("refused: %s\n", buf_text(&n.why));
        fflush(stdout);
        return CODE_REFUSED;
    }
    grid_init(&n.grid, 1, 1);
    enum term_event event = TERM_TIMEOUT;
    draw(&n);
    while (event != TERM_GONE) {
        event = term_wait(n.term, 60000, &press);
        if (event != TERM_KEY)
            continue;
        press_note(&press, &n.log);
        if (press.kind == K_F && press.code == 12)
            break;
        if (press.kind == K_F)
            obey(&n, press.code);
        draw(&n);
    }
    grid_done(&n.grid);
    term_close(n.term);
    printf("good-bye\n");
    fflush(stdout);
    return event == TERM_GONE ? CODE_GONE : 0;
}

/* ---- help for tests ---- */

static struct pty *start(const char *const *env)
{
    struct pty *p = pty_fork(run, NULL, (int[]){ ROWS, COLS }, env);
    return p;
}

static struct pty *started(const char *const *env)
{
    struct pty *p = start(env);
    pty_wait_text(p, "Phiên chợ 24×80");
    return p;
}

static void stop(struct pty **p)
{
    pty_stop(*p);
}

#define PTY(name, how) __attribute__((cleanup(stop))) struct pty *name = (how)

/* For what takes time itself: keys with a time between them. */
static void let_pass(int ms)
{
    int64_t until_ms = env_mono_ms() + ms;
    for (int64_t left; (left = until_ms - env_mono_ms()) > 0;)
        poll(NULL, 0, (int)left);
}

static void expect_row(struct pty *p, int row, const char *want)
{
    BUF(picture, MAX_OUTPUT);
    pty_screen(p, &picture);
    char *line = picture.data;
    while (row-- > 0)
        line = strchr(line, '\n') + 1;
    *strchr(line, '\n') = '\0';
    assert_string_equal(line, want);
}

/* ---- keys ---- */

static void m05_every_key_is_drawn_in_order(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_type(p, "3*đ7");
    pty_key(p, "Enter");
    pty_key(p, "F10");
    pty_key(p, "Alt-0");
    pty_key(p, "PageUp");
    pty_key(p, "Shift-Tab");
    pty_key(p, "Esc");
    pty_click(p, 4, 9);
    expect_row(p, 2, "3 * đ 7 Enter F10 Alt-0 PageUp Shift-Tab Esc Mouse(4,9)");
    assert_int_equal(pty_keys(p), 11);
    assert_int_equal(pty_keys(p), 0);
}

/* Terminals stop, stop output or end programs at these. */
static void control_keys_are_only_keys(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    static const char *const keys[] = { "Ctrl-C", "Ctrl-S", "Ctrl-Q", "Ctrl-Z",
                                        "Ctrl-D", "Ctrl-V", "Ctrl-O" };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        pty_key(p, keys[i]);
    expect_row(p, 2, "Ctrl-C Ctrl-S Ctrl-Q Ctrl-Z Ctrl-D Ctrl-V Ctrl-O");
}

static void m05_a_bad_byte_among_keys_loses_nothing(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_send(p, STR("a\xff"), 2);
    pty_type(p, "b1234");
    pty_send(p, STR("\xe1\xbb\x87\xc3"), -1); /* and the rest of é later */
    pty_wait_text(p, "4 ệ");
    pty_send(p, STR("\xa9\r"), -1);
    pty_wait_text(p, "a \uFFFD b 1 2 3 4 ệ é Enter");
}

static void m05_telex_bursts_and_decomposed_letters_come_in_order(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_send(p, STR("d\x7f\u0111u\x7f\u01b0o\x7f\u01a1"), 9);
    pty_send(p, STR("e\u0302"), 2);
    pty_wait_text(p, "d Backspace đ u Backspace ư o Backspace ơ e ");
}

static void m05_an_arrow_split_by_60_ms_is_an_arrow(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_send(p, STR("\x1b"), -1);
    let_pass(60);
    pty_send(p, STR("["), -1);
    let_pass(60);
    pty_send(p, STR("A"), -1);
    pty_wait_text(p, "Up");
    pty_key(p, "Esc");
    expect_row(p, 2, "Up Esc");
}

static void m05_scans_typing_and_pastes_are_told_apart(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_scan(p, "8934567890123");
    pty_send(p, STR("8931111111111\r8932222222222\r"), 2);
    pty_send(p, STR("12345\r"), 6);
    pty_paste(p, "mật\rong");
    expect_row(p, 2,
               "Scan(8934567890123) Scan(8931111111111) "
               "Scan(8932222222222) 1 2 3 4 5 Enter");
    expect_row(p, 3, "Paste(mật ong)");
    pty_type(p, "matong");
    pty_key(p, "Enter");
    pty_wait_text(p, "m a t o n g Enter");
}

/* A scan goes on while the till is busy; its Enter must not pay. */
static void m05_a_scan_cut_by_a_busy_till_is_still_a_scan(void **state)
{
    (void)state;
    int told[2], gate[2];
    char byte = '.';
    assert_int_equal(pipe(told), 0);
    assert_int_equal(pipe(gate), 0);
    int ends[] = { told[1], gate[0] };
    PTY(p, pty_fork(run, ends, (int[]){ ROWS, COLS }, NULL));
    pty_wait_text(p, "Phiên chợ");
    static const char *const parts[] = { "89345", "67890", "123\r" };
    pty_send(p, STR("\x1b[20~"), -1); /* F9 */
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        assert_int_equal(read(told[0], &byte, 1), 1);
        pty_send(p, str_of(parts[i]), -1);
        let_pass(2 * GAP_MS);
        assert_int_equal(write(gate[1], &byte, 1), 1);
    }
    pty_wait_text(p, "F9 Scan(8934567890123)");
    for (int i = 0; i < 2; i++) {
        close(told[i]);
        close(gate[i]);
    }
}

/* ---- terminals and locales ---- */

static void m05_a_terminal_nobody_knows_is_taken_for_xterm(void **state)
{
    (void)state;
    static const char *const unknown[] = { "nonsense", "" };
    for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
        PTY(p, started((const char *[]){ "TERM", unknown[i], NULL }));
        pty_key(p, "F10");
        expect_row(p, 2, "F10");
        pty_wait_text(p, "is not known, xterm-256color is taken");
    }
}

static void common_terminals_show_the_same(void **state)
{
    (void)state;
    static const char *const types[] = { "xterm", "linux", "vt100", "vt220",
                                         "screen" };
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        PTY(p, started((const char *[]){ "TERM", types[i], NULL }));
        pty_key(p, "Up");
        pty_key(p, "F10");
        pty_key(p, "F7");
        pty_key(p, "F7");
        expect_row(p, 2, "Up F10 F7 F7");
        expect_row(p, ROWS - 1, "F1 Trợ giúp");
        pty_key(p, "F12");
        assert_int_equal(pty_wait_exit(p), 0);
    }
}

static void s09_a_linux_console_has_its_number_pad(void **state)
{
    (void)state;
    PTY(p, started((const char *[]){ "TERM", "linux", NULL }));
    pty_send(p, STR("\x1bOw\x1bOR\x1bOl\x1bOM"), 4);
    expect_row(p, 2, "7 * + Enter");
}

static void a_terminal_that_cannot_place_the_cursor_is_refused(void **state)
{
    (void)state;
    PTY(p, start((const char *[]){ "TERM", "dumb", NULL }));
    pty_wait_text(p, "refused: a terminal of type \"dumb\" cannot show");
    assert_int_equal(pty_wait_exit(p), CODE_REFUSED);
    assert_true(pty_state(p).cooked);
}

static int run_without_a_terminal(void *ctx)
{
    int null = open("/dev/null", O_RDWR);
    dup2(null, *(int *)ctx);
    struct term *term = NULL;
    BUF(why, MAX_TEXT);
    enum err e = term_open(&options, &why, &term);
    return e == ERR_IO && why.len > 0 && !term ? CODE_REFUSED : 0;
}

static void input_and_output_must_both_be_a_terminal(void **state)
{
    (void)state;
    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++) {
        PTY(p, pty_fork(run_without_a_terminal, &fd, (int[]){ 5, 5 }, NULL));
        assert_int_equal(pty_wait_exit(p), CODE_REFUSED);
    }
}

static void m05_any_locale_shows_vietnamese(void **state)
{
    (void)state;
    static const char *const locales[][2] = {
        { "C", "" },           { "", "C" },    { "POSIX", "" },
        { "vi_VN.UTF-8", "" }, { "xx", "xx" }, { "", "" }
    };
    for (size_t i = 0; i < ARRAY_LEN(locales); i++) {
        PTY(p, started((const char *[]){ "LC_ALL", locales[i][0], "LANG",
                                         locales[i][1], NULL }));
        pty_type(p, "ệ");
        expect_row(p, 2, "ệ");
    }
}

/* ---- the picture ---- */

static void styles_are_colours_and_attributes(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    struct pty_look bar = pty_look(p, 0, 30), text = pty_look(p, 5, 5);
    assert_int_equal(bar.fg, 7);
    assert_int_equal(bar.bg, 4);
    assert_int_equal(text.fg, -1);
    assert_int_equal(text.bg, -1);
    struct pty_look code = pty_look(p, 1, COLS - 1);
    assert_int_equal(code.fg, 7);
    assert_int_equal(code.bg, 0);
    pty_key(p, "F2");
    text = pty_look(p, 5, 5); /* a blank, on the theme's ground */
    assert_int_equal(text.bg, 4);
    expect_row(p, 0, "Phien cho 24x80");
    pty_key(p, "F1");
    bar = pty_look(p, 0, 30);
    assert_true(bar.reverse);
    assert_int_equal(bar.bg, -1);
    assert_int_equal(pty_look(p, 5, 5).bg, -1);
    expect_row(p, 0, "Phiên chợ 24×80");
}

static void s07_a_terminal_without_colours_reverses(void **state)
{
    (void)state;
    PTY(p, started((const char *[]){ "TERM", "vt100", NULL }));
    assert_true(pty_look(p, 0, 30).reverse);
    assert_false(pty_look(p, 1, COLS - 1).reverse); /* blocks stay light */
    assert_false(pty_look(p, 5, 5).reverse);
    assert_int_equal(pty_look(p, 0, 30).bg, -1);
}

static void the_cursor_stands_where_typing_goes(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_key(p, "a");
    struct pty_state seen = pty_state(p);
    assert_true(seen.cursor);
    assert_int_equal(seen.row, 2);
    assert_int_equal(seen.col, 1);
    pty_key(p, "F8");
    assert_false(pty_state(p).cursor);
    pty_key(p, "F8");
    assert_true(pty_state(p).cursor);
}

static void the_bell_rings_when_told(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    assert_int_equal(pty_bells(p), 0);
    pty_key(p, "F6");
    pty_key(p, "a");
    assert_int_equal(pty_bells(p), 1);
}

static void p6_only_what_changed_is_sent(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_key(p, "a");
    for (int i = 0; i < 30; i++) {
        size_t before = pty_bytes(p);
        pty_key(p, i % 2 ? "7" : "đ");
        assert_in_range(pty_bytes(p) - before, 1, 16);
    }
    size_t before = pty_bytes(p);
    pty_key(p, "F7");
    pty_wait_text(p, "22  Chả mực giã tay Hạ Long hộp quà");
    assert_in_range(pty_bytes(p) - before, 1000, 2500);
    before = pty_bytes(p);
    pty_key(p, "x"); /* written down, but not in sight */
    assert_int_equal(pty_bytes(p), before);
}

static void m05_any_size_and_back_shows_the_same(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    static const int sizes[][2] = { { 1, 1 },    { 24, 80 }, { 2, 500 },
                                    { 200, 2 },  { 1, 80 },  { 60, 200 },
                                    { 210, 20 }, { 12, 40 }, { 24, 80 } };
    pty_key(p, "a");
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        pty_wait_frame(p);
        pty_resize(p, sizes[i][0], sizes[i][1]);
        BUF(title, MAX_TEXT);
        buf_printf(&title, "Phiên chợ %d×%d",
                   sizes[i][0] > GRID_ROWS_MAX ? GRID_ROWS_MAX : sizes[i][0],
                   sizes[i][1]);
        if (sizes[i][0] > 1 && sizes[i][1] >= 20)
            pty_wait_text(p, buf_text(&title));
        else
            pty_wait_frame(p);
        pty_key(p, "b");
    }
    pty_wait_text(p, "a Resize b");
    expect_row(p, 0, "Phiên chợ 24×80");
    expect_row(p, ROWS - 1, "F1 Trợ giúp");
    pty_key(p, "F12");
    assert_int_equal(pty_wait_exit(p), 0);
}

/* ---- ends ---- */

static void expect_restored(struct pty *p)
{
    struct pty_state s = pty_state(p);
    assert_false(s.other_screen);
    assert_false(s.mouse);
    assert_true(s.cursor);
    assert_true(s.cooked);
}

static void expect_taken(struct pty *p)
{
    struct pty_state s = pty_state(p);
    assert_true(s.other_screen);
    assert_true(s.mouse);
    assert_false(s.cooked);
}

static void a_program_that_ends_gives_the_terminal_back(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        int code;
        const char *says;
    } ends[] = {
        { "F12", 0, "good-bye" },
        { "F3", 128 + SIGABRT, "because of F3" },
        { "F5", 5, "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        PTY(p, started(NULL));
        expect_taken(p);
        pty_key(p, "F8"); /* without a cursor */
        pty_key(p, ends[i].key);
        assert_int_equal(pty_wait_exit(p), ends[i].code);
        expect_restored(p);
        assert_true(pty_has(p, ends[i].says));
        assert_false(pty_has(p, "Phiên chợ"));
    }
}

static void a_fatal_signal_gives_the_terminal_back(void **state)
{
    (void)state;
    static const int numbers[] = { SIGSEGV, SIGABRT };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        PTY(p, started(NULL));
        if (numbers[i] == SIGABRT)
            pty_key(p, "F8");
        pty_key(p, "F4");
        assert_int_equal(pty_wait_exit(p), 128 + numbers[i]);
        expect_restored(p);
    }
}

static void m05_a_hang_up_is_told(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_hangup(p);
    assert_int_equal(pty_wait_exit(p), CODE_GONE);
}

static void m05_signals_that_end_are_told_and_others_ignored(void **state)
{
    (void)state;
    static const int ends[] = { SIGTERM, SIGHUP };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        PTY(p, started(NULL));
        pty_signal(p, SIGTSTP);
        pty_signal(p, SIGINT);
        pty_key(p, "a");
        expect_row(p, 2, "a");
        pty_signal(p, ends[i]);
        assert_int_equal(pty_wait_exit(p), CODE_GONE);
        expect_restored(p);
    }
}

static void a_stopped_program_draws_anew_when_it_goes_on(void **state)
{
    (void)state;
    PTY(p, started(NULL));
    pty_key(p, "a");
    pty_wait_frame(p);
    pty_send(p, STR("\x1b[23~"), -1); /* F11 */
    size_t before = pty_bytes(p);
    pty_wait_stopped(p);
    pty_signal(p, SIGCONT);
    pty_wait_text(p, "a F11 Resize");
    assert_true(pty_bytes(p) - before > COLS);
    pty_key(p, "b");
    expect_row(p, 2, "a F11 Resize b");
}

/* ---- the frame counter ---- */

static int run_with_a_file(void *ctx)
{
    const char *dir = ctx;
    int fd = open(scratch_path(dir, "ledger"), O_RDWR | O_CREAT, 0600);
    BUF(number, MAX_TEXT);
    buf_int(&number, fd);
    setenv("FAIR_FRAME_FD", buf_text(&number), 1);
    return run(NULL);
}

static void a_file_is_never_taken_for_the_frame_counter(void **state)
{
    (void)state;
    char dir[SCRATCH_ROOM];
    scratch_make(dir);
    {
        PTY(p, pty_fork(run_with_a_file, dir, (int[]){ ROWS, COLS },
                        (const char *[]){ "FAIR_FRAME_FD", "", NULL }));
        pty_wait_text(p, "Phiên chợ");
        pty_send(p, STR("\x1b[24~"), -1); /* F12 */
        assert_int_equal(pty_wait_exit(p), 0);
    }
    BUF(bytes, MAX_TEXT);
    scratch_read(dir, "ledger", &bytes);
    assert_int_equal(bytes.len, 0);
    scratch_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m05_every_key_is_drawn_in_order),
        cmocka_unit_test(control_keys_are_only_keys),
        cmocka_unit_test(m05_a_bad_byte_among_keys_loses_nothing),
        cmocka_unit_test(m05_telex_bursts_and_decomposed_letters_come_in_order),
        cmocka_unit_test(m05_an_arrow_split_by_60_ms_is_an_arrow),
        cmocka_unit_test(m05_scans_typing_and_pastes_are_told_apart),
        cmocka_unit_test(m05_a_scan_cut_by_a_busy_till_is_still_a_scan),
        cmocka_unit_test(m05_a_terminal_nobody_knows_is_taken_for_xterm),
        cmocka_unit_test(common_terminals_show_the_same),
        cmocka_unit_test(s09_a_linux_console_has_its_number_pad),
        cmocka_unit_test(a_terminal_that_cannot_place_the_cursor_is_refused),
        cmocka_unit_test(input_and_output_must_both_be_a_terminal),
        cmocka_unit_test(m05_any_locale_shows_vietnamese),
        cmocka_unit_test(styles_are_colours_and_attributes),
        cmocka_unit_test(s07_a_terminal_without_colours_reverses),
        cmocka_unit_test(the_cursor_stands_where_typing_goes),
        cmocka_unit_test(the_bell_rings_when_told),
        cmocka_unit_test(p6_only_what_changed_is_sent),
        cmocka_unit_test(m05_any_size_and_back_shows_the_same),
        cmocka_unit_test(a_program_that_ends_gives_the_terminal_back),
        cmocka_unit_test(a_fatal_signal_gives_the_terminal_back),
        cmocka_unit_test(m05_a_hang_up_is_told),
        cmocka_unit_test(m05_signals_that_end_are_told_and_others_ignored),
        cmocka_unit_test(a_stopped_program_draws_anew_when_it_goes_on),
        cmocka_unit_test(a_file_is_never_taken_for_the_frame_counter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
