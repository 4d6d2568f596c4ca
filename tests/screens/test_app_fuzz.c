/*
 * test_app_fuzz.c - whatever is pressed, scanned, pasted, clicked or brought
 * by the network, in whatever window: the till does not fall over, its sums
 * are those of its events, and the cart on the screen is the one on the disk.
 *
 * Random, but the same at every run; FAIR_FUZZ=N in the environment plays N
 * rounds of each story instead of one.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/action.h"
#include "pos/screens/screens.h"
#include "pos/till/carts.h"
#include "pos/till/shift.h"
#include "tests/support/app_fixture.h"
#include "tests/support/vfs_fault.h"

enum { STEPS = 900, CHECK_EVERY = 50, FAULT_STEPS = 300, FAULT_ROUNDS = 4 };

struct player {
    struct app_fixture f;
    uint64_t seed;
    bool failing; /* the disk: what is on it may be behind the screen */
};

/* ---- chance ---- */

static uint64_t chance(struct player *p)
{
    p->seed ^= p->seed << 13;
    p->seed ^= p->seed >> 7;
    p->seed ^= p->seed << 17;
    return p->seed;
}

static int below(struct player *p, int n)
{
    return (int)(chance(p) % (uint64_t)n);
}

/* ---- what is sold: names nobody would think of ---- */

#define T(text)                \
    {                          \
        text, sizeof(text) - 1 \
    }
#define WIDE20 "茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶"
#define MARKS  "\xcc\xa3\xcc\x82\xcc\x83\xcc\x82\xcc\x83"
static const struct product wares[] = {
    { .code = T("1"),
      .sku = T("CM-KG"),
      .name = T("Chả mực"),
      .unit = T("kg"),
      .price_vnd = 450000 },
    { .code = T("2"),
      .sku = T("TH-01"),
      .name = T(WIDE20 WIDE20),
      .unit = T(WIDE20),
      .price_vnd = 120000,
      .seller = T(WIDE20 WIDE20),
      .barcode = T("8936012340017"),
      .hotkey = 1 },
    { .code = T("3"),
      .sku = T("NM-05"),
      .name = T("q" MARKS "q" MARKS "q" MARKS),
      .unit = T("chai"),
      .price_vnd = 65000,
      .stars = 3,
      .certificate = T("QN-1"),
      .certified_day = 20170111,
      .expires_day = 20200110,
      .hotkey = 2 },
    { .code = T("4"),
      .sku = T("MO-02"),
      .name = T("🍯🐝🍯🐝🍯"),
      .unit = T("🍯"),
      .price_vnd = INT64_C(9999999999999) },
    { .code = T("5"),
      .sku = T("QUA"),
      .name = T("Quà tặng"),
      .unit = T("cái"),
      .price_vnd = 0 },
    { .code = T("6"),
      .sku = T("LE-01"),
      .name = T("%s%n 100 % {} \\ \" '"),
      .unit = T("gói"),
      .price_vnd = 1001 },
};
#undef T

/* A new version of the lists, of other products each time. */
static void bring_lists(struct player *p)
{
    struct list_fair fair = till_fixture_fair();
    int first = below(p, (int)ARRAY_LEN(wares));
    int n = 1 + below(p, (int)ARRAY_LEN(wares) - first);
    int64_t fails_at = vfs_fault.at;
    vfs_fault.at = 0; /* it is another program that brings them */
    till_fixture_adopt(&p->f.till, &fair, wares + first, n);
    vfs_fault.at = fails_at;
}

/* ---- what is pressed ---- */

static void press(struct player *p, struct press key)
{
    till_fixture_pass(&p->f.till, 1 + below(p, 400));
    key.at_ms = p->f.till.mono_ms;
    app_key(&p->f.app, &key);
}

static void type(struct player *p, const char *text)
{
    size_t at = 0;
    for (int32_t c; (c = utf8_next(str_of(text), &at)) >= 0;)
        press(p, (struct press){ .kind = K_TEXT, .code = c });
}

static void enter(struct player *p)
{
    press(p, (struct press){ .kind = K_ENTER });
}

static void press_any_kind(struct player *p)
{
    struct press key = { .kind = (enum key_kind)below(p, K_RESIZE + 1) };
    key.row = below(p, 60) - 5;
    key.col = below(p, 200) - 5;
    if (key.kind == K_F)
        key.code = 1 + below(p, 12);
    else if (key.kind == K_CTRL) /* all but the one that quits */
        key.code = 'A' + below(p, 'Q' - 'A');
    else if (key.kind == K_ALT)
        key.code = (unsigned char)"1234567890-="[below(p, 12)];
    else if (key.kind == K_TEXT)
        key.code = below(p, 3) ? ' ' + below(p, 95) : below(p, 0x110000);
    else if (key.kind == K_SCAN || key.kind == K_PASTE)
        key.text = STR("12 \xff\x1b[2J\xe2\x80\xae %n");
    press(p, key);
}

static void press_words(struct player *p)
{
    static const char *const words[] = {
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "3*1",
        "0,385*1",
        "999999,999*1",
        "999999*5",
        "*5",
        "*0",
        "*999999,999",
        "+",
        "-",
        "/85",
        "2*/9999999999",
        "/0",
        "/9999999999999",
        "%10",
        "%100",
        "%%100",
        "%%9",
        "%5000",
        "%9999999999999",
        "!1",
        "200",
        "9999999999999",
        "99999999999999999999",
        "A1-1-3",
        "A1-1-999",
        "7",
        "0",
        "1*123456",
        "15/1",
        "31/2/2020",
        "tra",
        "mat ong",
        WIDE20 WIDE20 WIDE20,
        "e" MARKS MARKS,
        "~300",
        "-5",
        "1000000",
        "3*1 2 5",
        "\xe2\x80\xae"
        "evil",
        "lý do",
        "89360123400171234567890123456789012345678901234567890123456789"
        "89360123400171234567890123456789012345678901234567890123456789",
    };
    type(p, words[below(p, (int)ARRAY_LEN(words))]);
    if (below(p, 8))
        enter(p);
}

static void press_scan(struct player *p)
{
    static const char *const codes[] = {
        "8936012340017",
        "8936012340018",
        "2100001003850",
        "",
        "]C1018936012340017\03521ABC",
        "https://x.vn/01/08936012340017/21/S",
        "STAMP-0001",
        "00020101021238",
        "\x1d\x1d\x1d",
    };
    struct str text = str_of(codes[below(p, (int)ARRAY_LEN(codes))]);
    press(p, (struct press){ .kind = below(p, 4) ? K_SCAN : K_PASTE,
                             .text = text });
}

/* As the line mode does it. */
static void press_action(struct player *p)
{
    const struct action *a = &actions[below(p, n_actions)];
    if (strcmp(a->id, "quit") == 0 || !action_can(&p->f.app, a))
        return;
    till_fixture_pass(&p->f.till, 200);
    p->f.app.key_ms = p->f.till.mono_ms;
    a->run(&p->f.app, a->arg);
}

static void press_named(struct player *p)
{
    static const char *const names[] = {
        "Enter",  "Enter", "Enter", "Esc",      "Esc",       "F9",   "F10",
        "F2",     "F3",    "F4",    "F7",       "F8",        "Tab",  "+",
        "/",      "Down",  "Up",    "PageDown", "Backspace", "Home", "Ctrl-Z",
        "Ctrl-X", "Alt-1", "Alt-2", "F12",      "F6",        "End",
    };
    struct press key = { 0 };
    assert_true(press_parse(names[below(p, (int)ARRAY_LEN(names))], &key));
    press(p, key);
}

/* ---- what happens besides ---- */

static void pass_time(struct player *p)
{
    static const int64_t jumps[] = { 0,        1000,      3600000,    -7200000,
                                     86400000, -86400000, 31536000000 };
    till_fixture_pass(&p->f.till, 1000);
    if (below(p, 8) == 0)
        p->f.till.wall_ms += jumps[below(p, (int)ARRAY_LEN(jumps))];
    (void)app_tick(&p->f.app);
}

static void start_again(struct player *p)
{
    app_fixture_close(&p->f);
    if (below(p, 2))
        till_fixture_reboot(&p->f.till);
    app_fixture_open(&p->f);
}

static void step(struct player *p)
{
    int what = below(p, 100);
    if (what < 40)
        press_words(p);
    else if (what < 65)
        press_named(p);
    else if (what < 78)
        press_any_kind(p);
    else if (what < 86)
        press_action(p);
    else if (what < 91)
        press_scan(p);
    else if (what < 96)
        pass_time(p);
    else if (what < 98)
        bring_lists(p);
    else if (what < 99 && !p->failing)
        start_again(p);
}

/* ---- what holds at every moment ---- */

static void window_holds(struct player *p)
{
    struct grid *g = &p->f.grid;
    int rows = 24, cols = 80;
    if (below(p, 4) == 0) {
        rows = 1 + below(p, GRID_ROWS_MAX);
        cols = 1 + below(p, GRID_COLS_MAX);
    } else if (below(p, 3) == 0) {
        rows = 1 + below(p, 30);
        cols = 1 + below(p, 90);
    }
    grid_reset(g, rows, cols);
    app_draw(&p->f.app, g);
    assert_int_equal(g->rows, rows);
    assert_int_equal(g->cols, cols);
    assert_true(g->cursor_row < rows);
    if (g->cursor_col >= cols)
        fail_msg("the cursor is at %d of %d", g->cursor_col, cols);
    for (int i = 0; i < rows * cols; i++) {
        const char *text = g->cells[i].text;
        if ((unsigned char)text[0] < ' ' && text[0] != '\0')
            fail_msg("a control character is shown");
        assert_null(strstr(text, "\xe2\x80\xae"));
    }
}

static void stack_holds(const struct app *app)
{
    if (app->depth < 1 || app->depth > 8)
        fail_msg("%d screens, on %s", app->depth, app_top(app)->id);
    assert_in_range(app->cart->n_lines, 0, MAX_LINES);
    assert_true(app->selected >= -1);
    assert_true(app->selected < app->cart->n_lines || app->cart->n_lines == 0);
}

/* ---- what holds on the disk ---- */

static void cart_holds(struct player *p)
{
    BUF(shown, MAX_TEXT);
    BUF(kept, MAX_TEXT);
    bool unread;
    struct cart *cart = x_alloc(sizeof(*cart));
    assert_int_equal(carts_open(&p->f.app.till, cart, &unread), ERR_OK);
    assert_int_equal(cart->n_lines, p->f.app.cart->n_lines);
    cart_render(p->f.app.cart, &shown);
    cart_render(cart, &kept);
    if (cart->n_lines > 0)
        assert_string_equal(buf_text(&shown), buf_text(&kept));
    free(cart);
}

struct cash {
    int64_t sales, taken, change, back, moved;
};

static int64_t in_cash(const struct tender *tenders, int64_t n)
{
    int64_t vnd = 0;
    for (int64_t i = 0; i < n; i++)
        vnd += str_is(tenders[i].method, "cash") ? tenders[i].amount_vnd : 0;
    return vnd;
}

static void add(const struct record *r, struct cash *c)
{
    const union body *b = &r->body;
    switch ((int)r->event.kind) {
    case EV_SALE:
        c->sales++;
        c->taken += in_cash(b->sale.tenders, b->sale.n_tenders);
        c->change += b->sale.change_vnd;
        break;
    case EV_VOID:
        c->back += in_cash(b->voided.tenders, b->voided.n_tenders);
        break;
    case EV_REFUND:
        c->back += in_cash(b->refund.tenders, b->refund.n_tenders);
        break;
    case EV_CASH: c->moved += b->cash.amount_vnd; break;
    default: break;
    }
}

static void sums_hold(struct player *p)
{
    struct till *till = &p->f.app.till;
    struct cash c = { 0 };
    struct shift_report x;
    if (!till->shift.open)
        return;
    struct record *r = record_open();
    int64_t count = ledger_state(till->ledger)->count;
    for (int64_t seq = till->shift.opened + 1; seq <= count; seq++) {
        assert_int_equal(till_record(till, seq, r), ERR_OK);
        add(r, &c);
    }
    record_close(r);
    assert_int_equal(shift_report(till, false, &x), ERR_OK);
    assert_int_equal(x.sales, c.sales);
    assert_int_equal(x.cash_taken_vnd, c.taken);
    assert_int_equal(x.change_vnd, c.change);
    assert_int_equal(x.cash_back_vnd, c.back);
    assert_int_equal(x.cash_expected_vnd,
                     x.shift.float_vnd + c.taken - c.change - c.back + c.moved);
}

/* ---- stories ---- */

static int rounds(void)
{
    const char *n = getenv("FAIR_FUZZ");
    return n ? (int)strtol(n, NULL, 10) : 1;
}

static void begin(struct player *p, int round)
{
    memset(p, 0, sizeof(*p));
    p->seed = 0x9E3779B97F4A7C15u * (uint64_t)(2 * round + 1);
    app_fixture_init(&p->f, round % 2 ? "vi" : "en");
    struct list_fair fair = till_fixture_fair();
    till_fixture_adopt(&p->f.till, &fair, wares, (int)ARRAY_LEN(wares));
    app_fixture_shift(&p->f, 500000);
    app_fixture_tick(&p->f, 1);
}

static void end(struct player *p)
{
    app_fixture_close(&p->f);
    till_fixture_verify(&p->f.till);
    app_fixture_done(&p->f);
}

static void play(struct player *p, int steps)
{
    for (int i = 0; i < steps; i++) {
        step(p);
        stack_holds(&p->f.app);
        window_holds(p);
        if (!p->failing && i % CHECK_EVERY == 0) {
            cart_holds(p);
            sums_hold(p);
        }
    }
}

static void whatever_is_pressed_the_sums_are_those_of_the_events(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        struct player *p = x_alloc(sizeof(*p));
        begin(p, round);
        play(p, STEPS);
        end(p);
        free(p);
    }
}

/* Nothing is sold at a gate, and no key leads away from there. */
static void whatever_is_pressed_at_a_gate_only_visits_are_counted(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        struct player *p = x_alloc(sizeof(*p));
        begin(p, round);
        p->f.app.gate = "";
        app_push(&p->f.app, &gate_screen);
        play(p, STEPS / 4);
        end(p);
        free(p);
    }
}

/* Any call to the disk fails, once or from then on, while keys are pressed. */
static void a_disk_that_fails_at_any_moment_stops_no_screen(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        struct player *p = x_alloc(sizeof(*p));
        begin(p, round);
        app_fixture_close(&p->f);
        vfs_fault_install();
        app_fixture_open(&p->f);
        for (int i = 0; i < FAULT_ROUNDS; i++) {
            vfs_fault_clear();
            vfs_fault.ops = (unsigned)(1 + below(p, FAULT_ALL));
            vfs_fault.at = 1 + below(p, 150);
            vfs_fault.persistent = below(p, 2);
            vfs_fault.number = below(p, 2) ? EIO : ENOSPC;
            p->failing = true;
            play(p, FAULT_STEPS / FAULT_ROUNDS);
            vfs_fault_clear();
            app_fixture_tick(&p->f, 1);
            p->failing = false;
            play(p, 1);
            start_again(p);
            cart_holds(p);
            sums_hold(p);
        }
        end(p);
        free(p);
    }
}

/* Every call to the disk while they are taken over fails once. */
static void lists_that_come_to_a_failing_disk_are_searched_afterwards(
    void **state)
{
    struct player *p = x_alloc(sizeof(*p));
    (void)state;
    begin(p, 0);
    app_fixture_close(&p->f);
    vfs_fault_install();
    app_fixture_open(&p->f);
    for (int at = 1; at <= 60; at++) {
        bring_lists(p);
        type(p, "a");
        vfs_fault_clear();
        vfs_fault.ops = FAULT_ALL;
        vfs_fault.number = EIO;
        vfs_fault.at = at;
        app_fixture_tick(&p->f, 1);
        vfs_fault_clear();
        app_fixture_tick(&p->f, 61);
        assert_int_equal(lists_version(p->f.app.till.lists), p->f.till.list);
        assert_non_null(app_search(&p->f.app));
    }
    end(p);
    free(p);
}

static void a_cart_the_disk_did_not_take_is_kept_once_it_does(void **state)
{
    struct player *p = x_alloc(sizeof(*p));
    (void)state;
    begin(p, 0);
    app_fixture_close(&p->f);
    vfs_fault_install();
    app_fixture_open(&p->f);
    app_fixture_keys(&p->f, "6 Enter");
    vfs_fault_clear();
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.number = ENOSPC;
    vfs_fault.at = 1;
    vfs_fault.persistent = true;
    app_fixture_keys(&p->f, "0,385*1 Enter");
    app_fixture_sees(&p->f, "the cart could not be put on the disk");
    vfs_fault_clear();
    app_fixture_tick(&p->f, 1);
    assert_int_equal(p->f.app.cart->n_lines, 2);
    cart_holds(p);
    end(p);
    free(p);
}

/* A wide letter is never cut in two. */
static void the_end_of_a_long_wide_text_is_seen(void **state)
{
    struct app_fixture f;
    BUF(picture, MAX_OUTPUT);
    (void)state;
    app_fixture_init(&f, "en");
    app_fixture_shift(&f, 0);
    for (int i = 0; i < 40; i++)
        app_fixture_keys(&f, "茶");
    app_fixture_keys(&f, "!");
    app_fixture_picture(&f, 24, 80, &picture);
    assert_non_null(strstr(buf_text(&picture), "茶茶!"));
    assert_null(strstr(buf_text(&picture), "\xef\xbf\xbd"));
    app_fixture_done(&f);
}

static void help_asked_for_in_a_tiny_window_is_there_when_it_grows(void **state)
{
    struct app_fixture f;
    (void)state;
    app_fixture_init(&f, "en");
    app_fixture_shift(&f, 0);
    grid_reset(&f.grid, 1, 1);
    app_draw(&f.app, &f.grid);
    app_key(&f.app, &(struct press){ .kind = K_F, .code = 1 });
    grid_reset(&f.grid, 24, 80);
    app_fixture_sees(&f, "three of item 12");
    app_fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_pressed_the_sums_are_those_of_the_events),
        cmocka_unit_test(whatever_is_pressed_at_a_gate_only_visits_are_counted),
        cmocka_unit_test(
            help_asked_for_in_a_tiny_window_is_there_when_it_grows),
        cmocka_unit_test(
            lists_that_come_to_a_failing_disk_are_searched_afterwards),
        cmocka_unit_test(a_cart_the_disk_did_not_take_is_kept_once_it_does),
        cmocka_unit_test(the_end_of_a_long_wide_text_is_seen),
        cmocka_unit_test(a_disk_that_fails_at_any_moment_stops_no_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
