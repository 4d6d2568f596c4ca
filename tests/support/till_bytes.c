/*
 * till_bytes.c - see till_bytes.h.
 */
#include "tests/support/till_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/env.h"
#include "tests/support/till_fixture.h"
#include "tests/support/till_pty.h"

enum { PRODUCTS = 40, ROWS = 24, COLS = 80, TEXT_ROOM = 96, CUT_OFF_MIN = 240 };

static const char code[] = "8934567890123"; /* nobody sells it */

/* ---- the till ---- */

static void adopt(const struct till_pty *t)
{
    static char names[PRODUCTS][TEXT_ROOM], codes[PRODUCTS][8];
    struct till_fixture lists = { .wall_ms = env_wall_ms(), .list = 1 };
    struct list_fair fair = till_fixture_fair();
    struct product products[PRODUCTS];
    memset(products, 0, sizeof(products));
    fair.first_day = day_add(fair_day_of_ms(lists.wall_ms, CUT_OFF_MIN), -1);
    for (int i = 0; i < PRODUCTS; i++) {
        snprintf(names[i], TEXT_ROOM,
                 "Chả mực giã tay Hạ Long loại đặc biệt hộp %d gam", 250 + i);
        snprintf(codes[i], sizeof(codes[i]), "%d", i + 1);
        products[i].code = str_of(codes[i]);
        products[i].sku = str_of(codes[i]);
        products[i].name = str_of(names[i]);
        products[i].unit = STR("hộp");
        products[i].seller = STR("Cơ sở chế biến hải sản Thoan, Hạ Long");
        products[i].price_vnd = 1250000 + 1000 * i;
    }
    snprintf(lists.dir, sizeof(lists.dir), "%s", t->dir);
    till_fixture_adopt(&lists, &fair, products, PRODUCTS);
}

static void begin(struct till_pty *t)
{
    till_pty_init(t);
    adopt(t);
    scratch_write(t->dir, "fair-pos.conf", STR("language = vi\n"));
    till_pty_shift(t);
    till_pty_start(t);
    for (int i = 1; i <= ROWS; i++) {
        BUF(words, 32);
        buf_printf(&words, "%d Enter", i);
        till_pty_keys(t, buf_text(&words));
    }
}

/* ---- what it sends ---- */

static size_t more(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t sent_for(struct pty *p, const char *key)
{
    size_t before = pty_bytes(p);
    pty_key(p, key);
    return pty_bytes(p) - before;
}

static void type(struct pty *p, struct till_bytes *out)
{
    for (const char *c = code; *c; c++) {
        out->digit = more(out->digit, sent_for(p, (char[]){ *c, '\0' }));
        out->digits++;
    }
    for (int i = 0; i < out->digits; i++)
        out->erased = more(out->erased, sent_for(p, "Backspace"));
}

/* A terminal of another size and back shows nothing of before. */
static size_t frame(struct pty *p)
{
    pty_wait_frame(p);
    pty_resize(p, ROWS + 1, COLS);
    pty_wait_frame(p);
    size_t before = pty_bytes(p);
    pty_resize(p, ROWS, COLS);
    pty_wait_frame(p);
    return pty_bytes(p) - before;
}

static int rows_of(struct pty *p)
{
    BUF(picture, MAX_OUTPUT);
    int n = 0;
    pty_screen(p, &picture);
    for (const char *line = buf_text(&picture); *line;) {
        const char *end = strchr(line, '\n');
        n += end > line;
        line = end + 1;
    }
    return n;
}

void till_bytes_measure(struct till_bytes *out)
{
    struct till_pty t;
    *out = (struct till_bytes){ 0 };
    begin(&t);
    type(t.pty, out);
    out->cart = frame(t.pty);
    pty_key(t.pty, "F2");
    out->list = frame(t.pty);
    out->rows = rows_of(t.pty);
    till_pty_done(&t);
}
