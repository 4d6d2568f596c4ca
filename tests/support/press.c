/*
 * press.c - an interpreter of ESC/POS, written from its description and
 * sharing no code with ours but the alphabets.
 */
#include "tests/support/press.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/paper/charset.h"

static const char letters[] =
    "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
    "ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬÈẺẼÉẸÊỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢÙỦŨÚỤƯỪỬỮỨỰỲỶỸÝỴĐ";

struct press *press_open(void)
{
    struct press *p = x_alloc(sizeof(*p));
    buf_init(&p->text, MAX_OUTPUT);
    return p;
}

void press_close(struct press *p)
{
    if (!p)
        return;
    buf_done(&p->text);
    free(p);
}

/* ---- commands ---- */

static uint8_t take(struct str *rest)
{
    assert_true(rest->len > 0);
    uint8_t byte = (uint8_t)rest->data[0];
    rest->data++;
    rest->len--;
    return byte;
}

static void want(struct str *rest, uint8_t byte)
{
    assert_int_equal(take(rest), byte);
}

static void raster(struct press *p, struct str *rest)
{
    want(rest, '0');
    want(rest, 0);
    int bytes = take(rest);
    bytes += take(rest) << 8;
    int rows = take(rest);
    rows += take(rest) << 8;
    assert_true(bytes >= 1 && bytes <= PRESS_DOTS / 8 && rows >= 1);
    assert_true(p->rows + rows <= PRESS_ROWS);
    p->rasters++;
    p->largest = rows > p->largest ? rows : p->largest;
    p->width = bytes * 8 > p->width ? bytes * 8 : p->width;
    for (int end = p->rows + rows; p->rows < end; p->rows++) {
        for (int x = 0; x < bytes; x++) {
            uint8_t byte = take(rest);
            for (int i = 0; i < 8; i++)
                p->dots[p->rows][x * 8 + i] = byte >> (7 - i) & 1;
        }
    }
}

static void begin(struct press *p)
{
    p->begun++;
    p->wide = p->tall = 1;
    p->table = -1;
}

static void drawer(struct press *p, struct str *rest)
{
    p->kicks++;
    p->pin = take(rest);
    assert_in_range(p->pin, 0, 1);
    assert_true(take(rest) > 0);
    assert_true(take(rest) > 0);
}

static void size(struct press *p, struct str *rest)
{
    int n = take(rest);
    p->wide = (n >> 4) + 1;
    p->tall = (n & 15) + 1;
    assert_in_range(p->wide, 1, 2);
    assert_in_range(p->tall, 1, 2);
}

static void command(struct press *p, int first, struct str *rest)
{
    int which = first << 8 | take(rest);
    switch (which) {
    case 0x1B40: begin(p); return;
    case 0x1B74: p->table = take(rest); return;
    case 0x1B64: assert_true(take(rest) < 20); return;
    case 0x1B70: drawer(p, rest); return;
    case 0x1C2E: return;
    case 0x1D21: size(p, rest); return;
    case 0x1D56:
        want(rest, 1);
        p->cuts++;
        return;
    case 0x1D76: raster(p, rest); return;
    default: fail_msg("command %04x", which);
    }
}

/* ---- text ---- */

static bool heard(const struct press *p, int32_t code, struct str at,
                  size_t *len)
{
    static const struct {
        int table;
        enum charset set;
        bool second;
    } tables[] = { { 30, CHARSET_TCVN3, false },
                   { 31, CHARSET_TCVN3, true },
                   { 52, CHARSET_CP1258, false },
                   { 60, CHARSET_VISCII, false } };
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        struct coded c;
        if (tables[i].table != p->table)
            continue;
        charset_encode(tables[i].set, code, &c);
        bool here = c.len <= at.len && memcmp(c.bytes, at.data, c.len) == 0;
        bool foreign = (uint8_t)c.bytes[0] >= 0x80 || c.len > 1;
        if (!here || !foreign || c.len <= *len || c.second != tables[i].second)
            continue;
        *len = c.len;
        return true;
    }
    return false;
}

/* The letter whose bytes are the longest here. */
static void character(struct press *p, struct str *rest)
{
    int32_t code, best = (uint8_t)rest->data[0];
    size_t at = 0, len = 0;
    while ((code = utf8_next(STR(letters), &at)) >= 0) {
        if (heard(p, code, *rest, &len))
            best = code;
    }
    assert_true(best >= ' ' && best != 0x7F);
    if (len == 0 && best > 0x7F)
        best = 0xFFFD;
    for (len = len > 0 ? len : 1; len > 0; len--)
        take(rest);
    utf8_put(&p->text, best);
}

void press_print(struct press *p, struct str bytes)
{
    while (bytes.len > 0) {
        int first = (uint8_t)bytes.data[0];
        if (first == 0x1B || first == 0x1C || first == 0x1D) {
            take(&bytes);
            command(p, first, &bytes);
            continue;
        }
        assert_true(p->begun > 0);
        if (first != '\n') {
            character(p, &bytes);
            continue;
        }
        take(&bytes);
        p->sizes[p->wide][p->tall]++;
        buf_putc(&p->text, '\n');
    }
}

/* ---- pictures ---- */

/* Where the dots of a Braille pattern are, by bit. */
static const struct {
    int x, y;
} places[] = { { 0, 0 }, { 0, 1 }, { 0, 2 }, { 1, 0 },
               { 1, 1 }, { 1, 2 }, { 0, 3 }, { 1, 3 } };

static int32_t pattern(const struct press *p, int x, int y)
{
    int32_t bits = 0;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        int row = y * 4 + places[i].y, column = x * 2 + places[i].x;
        if (row < p->rows && p->dots[row][column])
            bits |= 1 << i;
    }
    return bits;
}

void press_picture(const struct press *p, struct buf *out)
{
    for (int y = 0; y * 4 < p->rows; y++) {
        int blanks = 0;
        for (int x = 0; x < PRESS_DOTS / 2; x++) {
            int32_t bits = pattern(p, x, y);
            blanks++;
            if (bits == 0)
                continue;
            for (; blanks > 1; blanks--)
                buf_putc(out, ' ');
            blanks = 0;
            utf8_put(out, 0x2800 + bits);
        }
        buf_putc(out, '\n');
    }
}

void press_compare(const struct press *p, struct str picture, int *differing,
                   int *black)
{
    size_t at = 0;
    int32_t code;
    int x = 0, y = 0;
    *differing = *black = 0;
    while ((code = utf8_next(picture, &at)) >= 0) {
        int wanted = code >= 0x2800 ? code - 0x2800 : 0;
        if (code == '\n') {
            for (; x < PRESS_DOTS / 2; x++)
                *differing += __builtin_popcount((unsigned)pattern(p, x, y));
            x = 0;
            y++;
            continue;
        }
        assert_true(x < PRESS_DOTS / 2);
        *black += __builtin_popcount((unsigned)wanted);
        *differing +=
            __builtin_popcount((unsigned)(wanted ^ pattern(p, x++, y)));
    }
    assert_int_equal(y, (p->rows + 3) / 4);
}
