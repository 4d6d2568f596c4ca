/*
 * escpos.c - commands that every ESC/POS printer and clone understands.
 *
 *   1B 40                init           1B 74 n   code page n
 *   1C 2E                no Kanji       1D 21 n   size: 10h wide, 01h tall
 *   1B 64 n              n lines down   1D 56 01  cut, but for a point
 *   1B 70 m t1 t2        drawer pin m, pulse t1 x 2 ms, rest t2 x 2 ms
 *   1D 76 30 00 xL xH yL yH …           x bytes by y rows of dots
 */
#include "pos/paper/escpos.h"

#include <string.h>

#include "fair/text.h"

enum { PULSE = 50, REST = 250, TEAR_LINES = 5 };

static void put(struct escpos *e, const char *bytes, size_t len)
{
    buf_put(e->out, bytes, len);
}

#define PUT(e, ...) \
    put((e), (const char[]){ __VA_ARGS__ }, sizeof((char[]){ __VA_ARGS__ }))

void escpos_begin(struct escpos *e)
{
    e->table = -1;
    PUT(e, 0x1B, '@', 0x1C, '.');
}

void escpos_drawer(struct escpos *e, int pin)
{
    PUT(e, 0x1B, 'p', (char)pin, PULSE, (char)REST);
}

void escpos_size(struct escpos *e, int wide, int tall)
{
    PUT(e, 0x1D, '!', (char)((wide - 1) << 4 | (tall - 1)));
}

static void choose(struct escpos *e, int table)
{
    if (table < 0 || table == e->table)
        return;
    PUT(e, 0x1B, 't', (char)table);
    e->table = table;
}

/* More than ASCII: a table decides what it looks like. */
static bool is_foreign(const struct coded *c)
{
    bool foreign = false;
    for (int i = 0; i < c->len; i++)
        foreign |= (uint8_t)c->bytes[i] >= 0x80;
    return foreign;
}

void escpos_line(struct escpos *e, struct str text)
{
    size_t at = 0;
    int32_t code;
    while ((code = utf8_next(text, &at)) >= 0) {
        struct coded c;
        charset_encode(e->set, code, &c);
        if (is_foreign(&c))
            choose(e, e->tables[c.second]);
        put(e, c.bytes, c.len);
    }
    PUT(e, '\n');
}

/* Bytes up to the last of any row that has a dot; blank rows are dots, too:
 * what a feed moves by differs between makers. */
static int used(const struct strip *strip)
{
    int bytes = 1;
    for (int y = 0; y < strip->rows; y++) {
        for (int x = bytes; x < STRIP_DOTS / 8; x++) {
            if (strip->bits[y][x] != 0)
                bytes = x + 1;
        }
    }
    return bytes;
}

void escpos_strip(struct escpos *e, const struct strip *strip)
{
    int bytes = used(strip);
    PUT(e, 0x1D, 'v', '0', 0, (char)bytes, 0, (char)strip->rows, 0);
    for (int y = 0; y < strip->rows; y++)
        buf_put(e->out, strip->bits[y], (size_t)bytes);
}

void escpos_end(struct escpos *e, bool cut)
{
    PUT(e, 0x1B, 'd', TEAR_LINES);
    if (cut)
        PUT(e, 0x1D, 'V', 1);
}
