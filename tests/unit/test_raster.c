/*
 * test_raster.c - Vietnamese as dots: every mark there, nothing cut off.
 */
#include "pos/paper/raster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include "fair/text.h"
#include "pos/paper/escpos.h"
#include "tests/support/kept.h"
#include "tests/support/scratch.h"

#define FONT "/usr/share/fonts/truetype/noto/NotoMono-Regular.ttf"

static const char letters[] = "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíị"
                              "oòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
                              "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊ"
                              "OÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴ";

static struct raster *raster;

static int set_up(void **state)
{
    (void)state;
    return raster_open(FONT, &raster) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    raster_close(raster);
    return 0;
}

static bool dot(const struct strip *s, int x, int y)
{
    return s->bits[y][x / 8] >> (7 - x % 8) & 1;
}

/* Black dots of columns and rows from…before. */
static int ink(const struct strip *s, int x0, int x1, int y0, int y1)
{
    int n = 0;
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++)
            n += dot(s, x, y);
    }
    return n;
}

static struct strip draw(const char *text, int wide, int tall)
{
    struct strip s;
    raster_text(raster, str_of(text), wide, tall, &s);
    return s;
}

/* Prints lines and keeps the paper. */
static void kept_lines(const char *name, const char *const *lines, int tall)
{
    BUF(bytes, MAX_OUTPUT);
    struct escpos e = { .out = &bytes };
    struct press *p = press_open();
    escpos_begin(&e);
    for (int i = 0; lines[i]; i++) {
        struct strip s = draw(lines[i], tall, tall);
        escpos_strip(&e, &s);
    }
    press_print(p, buf_slice(&bytes));
    kept_picture(name, p);
    press_close(p);
}

static void the_alphabet_looks_like_this(void **state)
{
    static const char *const lines[] = {
        "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệ",  "iìỉĩíịoòỏõóọôồổỗốộơờởỡớợ",
        "uùủũúụưừửữứựyỳỷỹýỵ bcdghklmnpqrs", "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐEÈẺẼÉẸÊỀỂỄẾỆ",
        "IÌỈĨÍỊOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ",         "UÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴ BCDGHKLMNPQRS",
        "0123456789 .,:;-+*/×·–…₫%()[]|_",  NULL,
    };
    (void)state;
    kept_lines("alphabet.dots", lines, 1);
    kept_lines("alphabet-large.dots",
               (const char *const[]){ "TỔNG CỘNG  ẴẬ", "ợự 403.250 đ", NULL },
               2);
}

static struct strip pictures[sizeof(letters)];

static void is_new(const char *letter, int n)
{
    for (int i = 0; i < n; i++) {
        if (memcmp(&pictures[i], &pictures[n], sizeof(pictures[n])) == 0)
            fail_msg("%s looks like letter %d", letter, i);
    }
}

/* Marks stand above or below; a cell that cut them would show the same for
 * two letters. */
static void m20_every_letter_has_a_picture_of_its_own(void **state)
{
    size_t at = 0, before = 0;
    int n = 0;
    (void)state;
    while (utf8_next(STR(letters), &at) >= 0) {
        char one[8] = { 0 };
        memcpy(one, letters + before, at - before);
        before = at;
        pictures[n] = draw(one, 1, 1);
        assert_true(ink(&pictures[n], 0, 2 * CELL_DOTS, 0, CELL_ROWS) > 10);
        is_new(one, n++);
    }
    assert_int_equal(n, 2 * 73);
}

/* The dots of a letter as the font library draws it on a sheet without end. */
static int dots_of(FT_Face face, int32_t code)
{
    int n = 0;
    FT_Int32 how = FT_LOAD_RENDER | FT_LOAD_TARGET_MONO;
    assert_int_equal(FT_Load_Char(face, (FT_ULong)code, how), 0);
    const FT_Bitmap *b = &face->glyph->bitmap;
    for (int y = 0; y < (int)b->rows; y++) {
        for (int x = 0; x < (int)b->width; x++)
            n += b->buffer[y * b->pitch + x / 8] >> (7 - x % 8) & 1;
    }
    return n;
}

static void m20_no_mark_is_cut_off(void **state)
{
    FT_Library library;
    FT_Face face;
    size_t at = 0, before = 0;
    int32_t code;
    (void)state;
    assert_int_equal(FT_Init_FreeType(&library), 0);
    assert_int_equal(FT_New_Face(library, FONT, 0, &face), 0);
    /* What this font comes to in cells of 12 x 24. */
    assert_int_equal(FT_Set_Pixel_Sizes(face, 20, 18), 0);
    while ((code = utf8_next(STR(letters), &at)) >= 0) {
        char one[10] = " ";
        memcpy(one + 1, letters + before, at - before);
        before = at;
        struct strip s = draw(one, 1, 1);
        int drawn = ink(&s, 0, 4 * CELL_DOTS, 0, CELL_ROWS);
        if (drawn != dots_of(face, code))
            fail_msg("%s has %d dots of %d", one, drawn, dots_of(face, code));
    }
    FT_Done_FreeType(library);
}

static void letters_stand_in_their_columns(void **state)
{
    (void)state;
    struct strip s = draw("  M  M", 1, 1), one = draw("M", 1, 1);
    int m = ink(&one, 0, CELL_DOTS, 0, CELL_ROWS);
    assert_true(m > 0);
    assert_int_equal(ink(&s, 0, 2 * CELL_DOTS, 0, CELL_ROWS), 0);
    assert_int_equal(ink(&s, 24, 36, 0, CELL_ROWS), m);
    assert_int_equal(ink(&s, 36, 60, 0, CELL_ROWS), 0);
    assert_int_equal(ink(&s, 60, 72, 0, CELL_ROWS), m);
    s = draw(" M", 2, 1);
    assert_int_equal(s.rows, CELL_ROWS);
    assert_int_equal(ink(&s, 0, 24, 0, CELL_ROWS), 0);
    assert_true(ink(&s, 24, 48, 0, CELL_ROWS) > m);
    s = draw("M", 1, 2);
    assert_int_equal(s.rows, STRIP_ROWS);
    assert_int_equal(ink(&s, 12, STRIP_DOTS, 0, STRIP_ROWS), 0);
}

static void a_mark_of_its_own_goes_onto_its_letter(void **state)
{
    (void)state;
    struct strip plain = draw("x", 1, 1), dotted = draw("x\xCC\xA3", 1, 1);
    assert_true(ink(&dotted, 0, 12, 0, 24) > ink(&plain, 0, 12, 0, 24));
    assert_int_equal(ink(&dotted, 13, STRIP_DOTS, 0, 24), 0);
}

static void what_the_font_lacks_is_a_question_mark(void **state)
{
    (void)state;
    struct strip asked = draw("? M", 1, 1), drawn = draw("水M", 1, 1);
    assert_memory_equal(&asked, &drawn, sizeof(asked));
    asked = draw("", 1, 1);
    drawn = draw("\x01\x1B\x7F", 1, 1);
    assert_memory_equal(&asked, &drawn, sizeof(asked));
}

static void what_is_too_long_ends_at_the_edge(void **state)
{
    char text[200];
    (void)state;
    memset(text, 'M', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    struct strip s = draw(text, 2, 2);
    assert_true(ink(&s, STRIP_DOTS - 24, STRIP_DOTS, 0, STRIP_ROWS) > 0);
}

static void a_file_that_is_no_font_is_refused(void **state)
{
    char dir[SCRATCH_ROOM];
    struct raster *r = NULL;
    (void)state;
    scratch_make(dir);
    scratch_write(dir, "f.ttf", STR("no font"));
    assert_int_equal(raster_open(scratch_path(dir, "f.ttf"), &r), ERR_INVALID);
    assert_int_equal(raster_open(scratch_path(dir, "g.ttf"), &r),
                     ERR_NOT_FOUND);
    assert_null(r);
    scratch_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_alphabet_looks_like_this),
        cmocka_unit_test(m20_every_letter_has_a_picture_of_its_own),
        cmocka_unit_test(m20_no_mark_is_cut_off),
        cmocka_unit_test(letters_stand_in_their_columns),
        cmocka_unit_test(a_mark_of_its_own_goes_onto_its_letter),
        cmocka_unit_test(what_the_font_lacks_is_a_question_mark),
        cmocka_unit_test(what_is_too_long_ends_at_the_edge),
        cmocka_unit_test(a_file_that_is_no_font_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
