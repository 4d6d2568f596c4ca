/*
 * test_15_screen.c - promise 15: 500 attacks in the cells of the till's screen.
 * A real terminal shows exactly the picture that was drawn: nothing moved,
 * turned around, coloured or hid what stands beside it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/term/term.h"
#include "tests/support/payloads.h"
#include "tests/support/promise.h"
#include "tests/support/pty.h"

enum { ROWS = 20 };

static int64_t looked;

enum { SCREEN_ROWS = 24, SCREEN_COLS = 80 };

static void draw_screen(struct grid *g, int first)
{
    grid_reset(g, SCREEN_ROWS, SCREEN_COLS);
    for (int i = 0; i < ROWS; i++) {
        BUF(text, MAX_OUTPUT);
        payload_put(&text, (first + i) % PAYLOADS);
        grid_put(g, i, 0, STYLE_TEXT, STR("|"));
        grid_field(g, i, 1, 30, STYLE_TEXT, buf_slice(&text));
        grid_right(g, i, 62, STYLE_DIM, text_clip(buf_slice(&text), 20));
        grid_put(g, i, 64, STYLE_TOTAL, STR("1.000"));
    }
    BUF(page, 32);
    buf_printf(&page, "page %d.", first);
    grid_put(g, SCREEN_ROWS - 1, 0, STYLE_BAR, buf_slice(&page));
}

static bool next_key(struct term *term)
{
    struct press press;
    enum term_event event;
    do
        event = term_wait(term, 60000, &press);
    while (event == TERM_TIMEOUT);
    return event == TERM_KEY;
}

static int show_screens(void *ctx)
{
    static const struct term_options options = { .keys = { 4, 35 } };
    struct term *term;
    struct grid grid;
    BUF(why, MAX_TEXT);
    (void)ctx;
    if (term_open(&options, &why, &term))
        return 1;
    grid_init(&grid, SCREEN_ROWS, SCREEN_COLS);
    for (int first = 0; first < PAYLOADS; first += ROWS) {
        draw_screen(&grid, first);
        term_draw(term, &grid);
        if (!next_key(term))
            break;
    }
    grid_done(&grid);
    term_close(term);
    return 0;
}

static void a_screen_shows_them_where_they_belong(void **state)
{
    struct grid grid;
    (void)state;
    struct pty *p =
        pty_fork(show_screens, NULL, (int[]){ SCREEN_ROWS, SCREEN_COLS }, NULL);
    grid_init(&grid, SCREEN_ROWS, SCREEN_COLS);
    for (int first = 0; first < PAYLOADS; first += ROWS) {
        BUF(want, MAX_OUTPUT);
        BUF(got, MAX_OUTPUT);
        BUF(page, 32);
        draw_screen(&grid, first);
        grid_picture(&grid, &want);
        inert_text(buf_slice(&want), "screen");
        buf_printf(&page, "page %d.", first);
        pty_wait_text(p, buf_text(&page));
        pty_screen(p, &got);
        assert_string_equal(buf_text(&got), buf_text(&want));
        looked += ROWS;
        pty_key(p, "Enter");
    }
    assert_int_equal(pty_wait_exit(p), 0);
    pty_stop(p);
    grid_done(&grid);
}

static void tell(void **state)
{
    (void)state;
    promise(15, "rows-on-a-screen", looked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_screen_shows_them_where_they_belong),
        cmocka_unit_test(tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
