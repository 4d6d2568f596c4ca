/*
 * test_qr.c - what is drawn on a screen reads as what was asked for.
 *
 * The drawn text is taken apart into modules again, and those are read the way
 * a phone does (mask, order of modules, blocks, modes), but without correcting
 * errors: there are none.
 */
#include "pos/paper/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/model/vietqr.h"

enum { SCREEN_ROWS = 21, SCREEN_COLS = 80, FINDER = 7, BITS_MAX = 4096 };

static const char v1[] = "00020101021138570010A0000007270127000697043601130011"
                         "0012345670208QRIBFTTA53037045802VN6304E8DB";
static const char v2[] = "00020101021238570010A0000007270127000697040501138000"
                         "2051234560208QRIBFTTA530370454062500005802VN62210817"
                         "OCOP G12 HD0001236304F116";
static const char v4[] = "00020101021238630010A0000007270133000697042201190123"
                         "4567890123456780208QRIBFTTA53037045410123456789058"
                         "02VN62290825HOI CHO OCOP QN 2026 ABCD63044D36";
static const char v5[] =
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
    "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E";

static struct qr qr;

static void make(const char *text)
{
    assert_int_equal(qr_make(str_of(text), &qr), ERR_OK);
}

/* ---- from the drawn text back to modules ---- */

struct drawn {
    int rows, cols;
    uint8_t dark[2 * QR_MAX][QR_MAX + 8];
};

static void take_row(const struct buf *line, int i, struct drawn *out)
{
    size_t pos = 0;
    int32_t code;
    int x = 0;
    for (; (code = utf8_next(buf_slice(line), &pos)) >= 0; x++) {
        assert_true(x < out->cols);
        assert_true(code == ' ' || code == 0x2580 || code == 0x2584 ||
                    code == 0x2588);
        out->dark[2 * i][x] = code == 0x2584 || code == ' ';
        out->dark[2 * i + 1][x] = code == 0x2580 || code == ' ';
    }
    assert_int_equal(x, out->cols);
    assert_int_equal(text_width(buf_slice(line)), out->cols);
}

static void take_apart(int quiet, struct drawn *out)
{
    memset(out, 0, sizeof(*out));
    qr_extent(&qr, quiet, &out->rows, &out->cols);
    for (int i = 0; i < out->rows; i++) {
        BUF(line, MAX_TEXT);
        qr_row(&qr, quiet, i, &line);
        assert_true(buf_ok(&line));
        take_row(&line, i, out);
    }
}

/* The modules inside the quiet zone, all around which is light. */
static void modules(const struct drawn *d, int quiet, struct qr *out)
{
    out->size = d->cols - 2 * quiet;
    assert_int_equal(d->rows, (d->cols + 1) / 2);
    for (int y = 0; y < 2 * d->rows; y++) {
        for (int x = 0; x < d->cols; x++) {
            int row = y - quiet, col = x - quiet;
            bool inside =
                row >= 0 && row < out->size && col >= 0 && col < out->size;
            if (inside)
                out->dark[row * out->size + col] = d->dark[y][x];
            else
                assert_false(d->dark[y][x]);
        }
    }
}

/* ---- read as a phone does ---- */

static bool dark(const struct qr *q, int row, int col)
{
    return q->dark[row * q->size + col];
}

static bool is_function(const struct qr *q, int row, int col)
{
    int far = q->size - 8, align = q->size - 7;
    bool aligned =
        q->size > 21 && abs(row - align) <= 2 && abs(col - align) <= 2;
    return (row <= 8 && col <= 8) || (row <= 8 && col >= far) ||
           (row >= far && col <= 8) || row == 6 || col == 6 || aligned;
}

static bool masked(int mask, int i, int j)
{
    switch (mask) {
    case 0: return (i + j) % 2 == 0;
    case 1: return i % 2 == 0;
    case 2: return j % 3 == 0;
    case 3: return (i + j) % 3 == 0;
    case 4: return (i / 2 + j / 3) % 2 == 0;
    case 5: return i * j % 2 + i * j % 3 == 0;
    case 6: return (i * j % 2 + i * j % 3) % 2 == 0;
    default: return ((i + j) % 2 + i * j % 3) % 2 == 0;
    }
}

/* Level and mask, two and three bits, from beside the first finder. */
static int format_of(const struct qr *q)
{
    int bits = 0;
    for (int i = 14; i >= 9; i--)
        bits = bits << 1 | dark(q, 8, 14 - i);
    bits = bits << 1 | dark(q, 8, 7);
    bits = bits << 1 | dark(q, 8, 8);
    bits = bits << 1 | dark(q, 7, 8);
    for (int i = 5; i >= 0; i--)
        bits = bits << 1 | dark(q, i, 8);
    return (bits ^ 0x5412) >> 10;
}

struct bits {
    uint8_t bit[BITS_MAX];
    int n, at;
};

static void collect_pair(const struct qr *q, int mask, int row, int right,
                         struct bits *out)
{
    for (int col = right; col >= right - 1; col--) {
        if (!is_function(q, row, col))
            out->bit[out->n++] = dark(q, row, col) != masked(mask, row, col);
    }
}

/* In pairs of columns from the right, up and down by turns. */
static void collect(const struct qr *q, int mask, struct bits *out)
{
    bool up = true;
    memset(out, 0, sizeof(*out));
    for (int right = q->size - 1; right > 0; right -= 2, up = !up) {
        if (right == 6)
            right--;
        for (int i = 0; i < q->size; i++)
            collect_pair(q, mask, up ? q->size - 1 - i : i, right, out);
    }
}

/* Data codewords of versions 1–6 at level M, and in how many blocks. */
static const struct {
    int words, blocks;
} data_of[] = { { 0, 0 },  { 16, 1 }, { 28, 1 }, { 44, 1 },
                { 64, 2 }, { 86, 2 }, { 108, 4 } };

static void in_order(const struct bits *from, int version, struct bits *out)
{
    int words = data_of[version].words, blocks = data_of[version].blocks;
    memset(out, 0, sizeof(*out));
    for (int i = 0; i < words; i++) {
        int to = i % blocks * (words / blocks) + i / blocks;
        memcpy(out->bit + 8 * to, from->bit + 8 * i, 8);
    }
    out->n = 8 * words;
}

static int take(struct bits *b, int n)
{
    int value = 0;
    assert_true(b->at + n <= b->n);
    for (; n > 0; n--)
        value = value << 1 | b->bit[b->at++];
    return value;
}

static void take_number(struct bits *b, struct buf *out)
{
    int n = take(b, 10);
    for (; n >= 3; n -= 3)
        buf_printf(out, "%03d", take(b, 10));
    if (n > 0)
        buf_printf(out, "%0*d", n, take(b, n == 2 ? 7 : 4));
}

static void take_capitals(struct bits *b, struct buf *out)
{
    static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    int n = take(b, 9);
    for (; n >= 2; n -= 2) {
        int pair = take(b, 11);
        buf_putc(out, set[pair / 45]);
        buf_putc(out, set[pair % 45]);
    }
    if (n > 0)
        buf_putc(out, set[take(b, 6)]);
}

static void read_code(const struct qr *q, struct buf *out)
{
    struct bits raw, data;
    int version = (q->size - 17) / 4, mode;
    assert_in_range(version, 1, 6);
    assert_int_equal(format_of(q) >> 3, 0); /* level M */
    collect(q, format_of(q) & 7, &raw);
    in_order(&raw, version, &data);
    while (data.n - data.at >= 4 && (mode = take(&data, 4)) != 0) {
        if (mode == 1)
            take_number(&data, out);
        else if (mode == 2)
            take_capitals(&data, out);
        else if (mode == 4)
            for (int n = take(&data, 8); n > 0; n--)
                buf_putc(out, (char)take(&data, 8));
        else
            fail_msg("mode %d", mode);
    }
}

/* ---- tests ---- */

static void reads(const char *text, int quiet)
{
    static struct drawn d;
    static struct qr back;
    BUF(said, MAX_TEXT);
    make(text);
    take_apart(quiet, &d);
    modules(&d, quiet, &back);
    assert_int_equal(back.size, qr.size);
    assert_memory_equal(back.dark, qr.dark, (size_t)(qr.size * qr.size));
    read_code(&back, &said);
    assert_string_equal(buf_text(&said), text);
}

static void s04_what_is_drawn_reads_as_the_transfer_code(void **state)
{
    static const char *const texts[] = { v1, v2, v4, v5 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        reads(texts[i], 2);
        reads(texts[i], 4);
        reads(texts[i], 1);
    }
}

static void any_text_reads_as_itself(void **state)
{
    static const char *const texts[] = {
        "1",
        "12",
        "8931234567897",
        "A1-1-4",
        "TEM.VN/A8",
        "a\n",
        "mật ong",
        "https://tem.vn/a8Xk2?x=1",
        "A1-1-4 K7Q2M 4711 ok",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        reads(texts[i], 2);
}

static void s04_a_transfer_code_fits_a_screen_of_80_by_24(void **state)
{
    static const struct {
        const char *text;
        int size;
    } rows[] = { { v1, 33 }, { v2, 37 }, { v4, 37 }, { v5, 41 } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int high, wide;
        make(rows[i].text);
        assert_int_equal(qr.size, rows[i].size);
        qr_extent(&qr, 2, &high, &wide);
        assert_int_equal(wide, rows[i].size + 4);
        if (rows[i].size <= 37)
            assert_in_range(high, 1, SCREEN_ROWS);
        assert_in_range(wide, 1, SCREEN_COLS);
    }
}

/* The longest code the till itself makes: every account and amount there may
 * be, and booth and reference of a cart. */
static void s04_any_code_of_the_till_fits_a_screen_of_80_by_24(void **state)
{
    const struct vietqr longest = { .bin = STR("970422"),
                                    .account = STR("0123456789012345678"),
                                    .amount_vnd = INT64_C(9999999999999),
                                    .purpose = STR("OCOP ABC123 K7Q2M") };
    int high, wide;
    BUF(payload, MAX_TEXT);
    (void)state;
    assert_int_equal(vietqr_make(&longest, &payload), ERR_OK);
    make(buf_text(&payload));
    qr_extent(&qr, 2, &high, &wide);
    assert_in_range(high, 1, SCREEN_ROWS);
}

static void expect_finder(int top, int left)
{
    static const char *const finder[FINDER] = { "#######", "#.....#", "#.###.#",
                                                "#.###.#", "#.###.#", "#.....#",
                                                "#######" };
    for (int y = 0; y < FINDER; y++) {
        for (int x = 0; x < FINDER; x++)
            assert_int_equal(dark(&qr, top + y, left + x), finder[y][x] == '#');
    }
}

static void three_corners_have_finders(void **state)
{
    (void)state;
    make(v2);
    expect_finder(0, 0);
    expect_finder(0, qr.size - FINDER);
    expect_finder(qr.size - FINDER, 0);
    for (int i = 8; i < qr.size - 8; i++) {
        assert_int_equal(dark(&qr, 6, i), i % 2 == 0);
        assert_int_equal(dark(&qr, i, 6), i % 2 == 0);
    }
    for (int i = 0; i < qr.size * qr.size; i++)
        assert_in_range(qr.dark[i], 0, 1);
}

static void the_first_row_shows_light_above_the_finders(void **state)
{
    (void)state;
    BUF(line, MAX_TEXT);
    make("1");
    qr_row(&qr, 2, 0, &line);
    assert_int_equal(text_width(buf_slice(&line)), 21 + 4);
    size_t pos = 0;
    while (pos < line.len)
        assert_int_equal(utf8_next(buf_slice(&line), &pos), 0x2588);
    buf_clear(&line);
    qr_row(&qr, 1, 0, &line);
    assert_memory_equal(line.data, "█▀▀▀▀▀▀▀█", strlen("█▀▀▀▀▀▀▀█"));
    buf_clear(&line);
    qr_row(&qr, 2, 12, &line); /* the half row below is light */
    pos = 0;
    while (pos < line.len)
        assert_int_equal(utf8_next(buf_slice(&line), &pos), 0x2588);
}

static void what_no_code_holds_is_refused(void **state)
{
    static char text[8192];
    (void)state;
    qr.size = 4711;
    memset(text, 'x', sizeof(text));
    assert_int_equal(qr_make((struct str){ text, 2332 }, &qr), ERR_LIMIT);
    assert_int_equal(qr_make((struct str){ text, 4096 }, &qr), ERR_LIMIT);
    assert_int_equal(qr_make((struct str){ text, 8192 }, &qr), ERR_LIMIT);
    assert_int_equal(qr_make(STR(""), &qr), ERR_INVALID);
    assert_int_equal(qr_make((struct str){ NULL, 0 }, &qr), ERR_INVALID);
    assert_int_equal(qr_make(STR("a\0b"), &qr), ERR_INVALID);
    assert_int_equal(qr.size, 4711);
    assert_int_equal(qr_make((struct str){ text, 2331 }, &qr), ERR_OK);
    assert_int_equal(qr.size, QR_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s04_what_is_drawn_reads_as_the_transfer_code),
        cmocka_unit_test(any_text_reads_as_itself),
        cmocka_unit_test(s04_a_transfer_code_fits_a_screen_of_80_by_24),
        cmocka_unit_test(s04_any_code_of_the_till_fits_a_screen_of_80_by_24),
        cmocka_unit_test(three_corners_have_finders),
        cmocka_unit_test(the_first_row_shows_light_above_the_finders),
        cmocka_unit_test(what_no_code_holds_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
