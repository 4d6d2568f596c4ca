/*
 * test_grid.c - texts in cells: cut, padded, wrapped, harmless.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/term/grid.h"

enum { ROWS = 3, COLS = 10 };

static int make(void **state)
{
    struct grid *grid = x_alloc(sizeof(*grid));
    grid_init(grid, ROWS, COLS);
    *state = grid;
    return 0;
}

static int drop(void **state)
{
    grid_done(*state);
    free(*state);
    return 0;
}

static void expect_picture(const struct grid *grid, const char *want)
{
    BUF(picture, MAX_OUTPUT);
    grid_picture(grid, &picture);
    assert_string_equal(buf_text(&picture), want);
}

static void expect_styles(const struct grid *grid, const char *want)
{
    BUF(picture, MAX_OUTPUT);
    grid_styles(grid, &picture);
    assert_string_equal(buf_text(&picture), want);
}

static void expect_row(struct grid *grid, const char *want)
{
    BUF(picture, MAX_OUTPUT);
    grid_picture(grid, &picture);
    *strchr(picture.data, '\n') = '\0';
    assert_string_equal(picture.data, want);
    grid_reset(grid, ROWS, COLS);
}

static void a_new_grid_is_blank_and_has_no_cursor(void **state)
{
    const struct grid *grid = *state;
    assert_true(grid->cursor_row < 0);
    expect_picture(grid, "\n\n\n");
    expect_styles(grid, "\n\n\n");
    for (int col = 0; col < COLS; col++)
        assert_string_equal(grid_at(grid, ROWS - 1, col)->text, " ");
}

static void a_size_out_of_range_is_brought_into_it(void **state)
{
    struct grid *grid = *state;
    grid_reset(grid, 0, -5);
    assert_int_equal(grid->rows, 1);
    assert_int_equal(grid->cols, 1);
    grid_reset(grid, 1 << 20, 1 << 20);
    assert_int_equal(grid->rows, GRID_ROWS_MAX);
    assert_int_equal(grid->cols, GRID_COLS_MAX);
    assert_int_equal(
        grid_puts(grid, GRID_ROWS_MAX - 1, GRID_COLS_MAX - 1, STYLE_TEXT, "xy"),
        1);
}

static void resetting_forgets_what_was_drawn(void **state)
{
    struct grid *grid = *state;
    grid_puts(grid, 0, 0, STYLE_ERROR, "old");
    grid->cursor_row = 1;
    grid_reset(grid, COLS, ROWS); /* as many cells, another shape */
    assert_int_equal(grid->cols, ROWS);
    assert_true(grid->cursor_row < 0);
    expect_picture(grid, "\n\n\n\n\n\n\n\n\n\n");
    expect_styles(grid, "\n\n\n\n\n\n\n\n\n\n");
}

static void text_is_cut_at_every_edge(void **state)
{
    struct grid *grid = *state;
    assert_int_equal(grid_puts(grid, 0, 7, STYLE_TEXT, "abcdef"), 3);
    assert_int_equal(grid_puts(grid, 1, -2, STYLE_TEXT, "abcd"), 4);
    assert_int_equal(grid_puts(grid, -1, 0, STYLE_TEXT, "no"), 0);
    assert_int_equal(grid_puts(grid, ROWS, 0, STYLE_TEXT, "no"), 0);
    assert_int_equal(grid_puts(grid, 2, COLS, STYLE_TEXT, "no"), 0);
    assert_int_equal(grid_puts(grid, 2, -5, STYLE_TEXT, "no"), 2);
    expect_picture(grid, "       abc\ncd\n\n");
}

static void vietnamese_takes_one_column_a_letter(void **state)
{
    struct grid *grid = *state;
    assert_int_equal(grid_puts(grid, 0, 0, STYLE_TOTAL, "Đặc sản ₫★"), 10);
    assert_string_equal(grid_at(grid, 0, 1)->text, "ặ");
    expect_picture(grid, "Đặc sản ₫★\n\n\n");
    expect_styles(grid, "tttttttttt\n\n\n");
}

/* Telex keyboards and old files have letters and marks apart. */
static void decomposed_text_stands_composed_in_its_cells(void **state)
{
    struct grid *grid = *state;
    assert_int_equal(
        grid_puts(grid, 0, 0, STYLE_TEXT, "mu\u031B\u0323c ne\u0302\u0301p"),
        7);
    assert_string_equal(grid_at(grid, 0, 1)->text, "ự");
    assert_string_equal(grid_at(grid, 0, 5)->text, "ế");
    expect_row(grid, "mực nếp");
}

static void marks_without_a_composed_letter_stay_in_its_cell(void **state)
{
    struct grid *grid = *state;
    assert_int_equal(grid_puts(grid, 0, 0, STYLE_TEXT, "x\u0302\u0301y"), 2);
    assert_string_equal(grid_at(grid, 0, 0)->text, "x\u0302\u0301");
    assert_string_equal(grid_at(grid, 0, 1)->text, "y");
}

static void no_control_or_bidi_character_gets_into_a_cell(void **state)
{
    struct grid *grid = *state;
    static const char *const harmful[][2] = {
        { "\x1b[2J", "\\x1b[2J" },      { "a\nb", "a\\x0ab" },
        { "\u202Etxt", "U+202Etxt" },   { "\xff", "\\xff" },
        { "\xe1\xbb(", "\\xe1\\xbb(" }, { "\xe1((", "\\xe1((" },
        { "\xc3(", "\\xc3(" },          { "\xe0\x83\x80", "\\xe0\\x83\\x" },
        { "\xe1\xbb", "\\xe1\\xbb" },   { "a\u200Db", "aU+200Db" },
        { "\u0301", "U+0301" },         { "\xc2\x9b", "U+009B" },
        { "\u00AD", "U+00AD" },
    };
    for (size_t i = 0; i < ARRAY_LEN(harmful); i++) {
        grid_puts(grid, 0, 0, STYLE_TEXT, harmful[i][0]);
        expect_row(grid, harmful[i][1]);
    }
}

/* What is laid without looking further must be what would have come out. */
static void every_code_point_is_shown_as_the_emitter_shows_it(void **state)
{
    struct grid *grid = *state;
    enum { BMP = 0x10000, SURROGATE = 0xD800, AFTER = 0xE000 };
    for (int32_t code = 1; code < BMP; code++) {
        if (code >= SURROGATE && code < AFTER)
            continue;
        BUF(text, MAX_TEXT);
        BUF(want, MAX_TEXT);
        BUF(nfc, MAX_TEXT);
        utf8_put(&text, code);
        text_emit_terminal(&want, buf_slice(&text));
        assert_int_equal(text_nfc(&nfc, buf_slice(&want)), ERR_OK);
        int width = grid_put(grid, 0, 0, STYLE_TEXT, buf_slice(&text));
        assert_int_equal(width, text_width(buf_slice(&want)));
        /* Alone, ð is not yet taken for đ. */
        if (code != 0xD0 && code != 0xF0 && width == 1)
            assert_string_equal(grid_at(grid, 0, 0)->text, buf_text(&nfc));
        grid_reset(grid, 1, COLS);
    }
}

static void a_wide_character_has_two_cells_or_none(void **state)
{
    struct grid *grid = *state;
    assert_int_equal(grid_puts(grid, 0, 8, STYLE_TEXT, "市"), 2);
    assert_string_equal(grid_at(grid, 0, 9)->text, "");
    assert_int_equal(grid_puts(grid, 1, 9, STYLE_TEXT, "市"), 0);
    assert_int_equal(grid_puts(grid, 2, -1, STYLE_TEXT, "市a"), 3);
    expect_picture(grid, "        市\n\n a\n");
}

static void half_of_a_wide_character_never_stays_alone(void **state)
{
    struct grid *grid = *state;
    grid_puts(grid, 0, 0, STYLE_TEXT, "市市市");
    grid_puts(grid, 0, 1, STYLE_TEXT, "ab");
    expect_row(grid, " ab 市");
    grid_puts(grid, 0, 0, STYLE_TEXT, "市市");
    grid_puts(grid, 0, 1, STYLE_TEXT, "場");
    expect_row(grid, " 場");
    grid_puts(grid, 0, 0, STYLE_TEXT, "市");
    grid_fill(grid, 0, 0, 1, STYLE_TEXT, "-");
    assert_string_equal(grid_at(grid, 0, 1)->text, " ");
    expect_row(grid, "-");
    grid_puts(grid, 0, 0, STYLE_TEXT, "市");
    grid_fill(grid, 0, 1, 1, STYLE_TEXT, "-");
    expect_row(grid, " -");
    grid_puts(grid, 0, 0, STYLE_TEXT, "市");
    grid_puts(grid, 0, 1, STYLE_TEXT, "");
    expect_row(grid, "市");
}

static void a_field_is_exactly_as_wide_as_asked(void **state)
{
    struct grid *grid = *state;
    static const char *const cases[][2] = {
        { "nếp", "nếp   |" },     { "gạo nếp", "gạo n…|" },
        { "", "      |" },        { "sáu chữ", "sáu c…|" },
        { "ăn cơm", "ăn cơm|" },  { "市市市市", "市市 …|" },
        { "a市市市", "a市市…|" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        grid_puts(grid, 0, 0, STYLE_TEXT, "xxxxxx|");
        grid_field(grid, 0, 0, 6, STYLE_ENTRY, str_of(cases[i][0]));
        expect_row(grid, cases[i][1]);
    }
}

static void a_field_keeps_to_its_style_and_the_grid(void **state)
{
    struct grid *grid = *state;
    grid_field(grid, 0, 7, 6, STYLE_ENTRY, STR("abcdef"));
    grid_field(grid, 1, -2, 5, STYLE_ENTRY, STR("abc"));
    grid_field(grid, 2, 3, 0, STYLE_ENTRY, STR("abc"));
    grid_field(grid, 2, -9, 5, STYLE_ENTRY, STR("abc"));
    grid_field(grid, 9, 0, 5, STYLE_ENTRY, STR("abc"));
    expect_picture(grid, "       ab…\nc\n\n");
    expect_styles(grid, ".......eee\neee\n\n");
}

static void numbers_end_where_they_are_told(void **state)
{
    struct grid *grid = *state;
    grid_right(grid, 0, 8, STYLE_TEXT, STR("85.000"));
    grid_right(grid, 1, 4, STYLE_TEXT, STR("1.500.000"));
    grid_right(grid, 2, COLS, STYLE_TEXT, STR("₫"));
    grid_right(grid, 7, COLS, STYLE_TEXT, STR("₫"));
    expect_picture(grid, "  85.000\n.000\n         ₫\n");
}

static void a_title_stands_in_the_middle(void **state)
{
    struct grid *grid = *state;
    grid_center(grid, 0, STYLE_TEXT, STR("chợ"));
    grid_center(grid, 1, STYLE_TEXT, STR("một phiên chợ"));
    expect_picture(grid, "   chợ\nmột phiên\n\n");
}

static void a_line_fills_what_is_there_of_it(void **state)
{
    struct grid *grid = *state;
    grid_fill(grid, 0, -2, 5, STYLE_DIM, "─");
    grid_fill(grid, 1, 8, 5, STYLE_DIM, "═");
    grid_fill(grid, 2, 1, -3, STYLE_DIM, "x");
    grid_fill(grid, -1, 1, 3, STYLE_DIM, "x");
    expect_picture(grid, "───\n        ══\n\n");
    expect_styles(grid, "ddd\n........dd\n\n");
}

static void expect_wrapped(struct grid *grid, const char *text, int rows,
                           const char *want)
{
    grid_reset(grid, ROWS, COLS);
    assert_int_equal(grid_wrap(grid, 0, 1, 6, ROWS, STYLE_TEXT, str_of(text)),
                     rows);
    expect_picture(grid, want);
}

static void wrapping_follows_the_words(void **state)
{
    struct grid *grid = *state;
    expect_wrapped(grid, "", 0, "\n\n\n");
    expect_wrapped(grid, "chợ", 1, " chợ\n\n\n");
    expect_wrapped(grid, "sau ba ngày", 2, " sau ba\n ngày\n\n");
    expect_wrapped(grid, "sau ba  ngày", 2, " sau ba\n ngày\n\n");
    expect_wrapped(grid, "khuyếnmãi", 2, " khuyến\n mãi\n\n");
    expect_wrapped(grid, "a\n\nb", 3, " a\n\n b\n");
    expect_wrapped(grid, "a\nb\n", 2, " a\n b\n\n");
    expect_wrapped(grid, "市市市市", 2, " 市市市\n 市\n\n");
}

static void what_does_not_fit_a_wrap_is_told(void **state)
{
    struct grid *grid = *state;
    expect_wrapped(grid, "một hai ba bốn năm", 3, " một\n hai ba\n bốn…\n");
    expect_wrapped(grid, "a\nb\nc\nd", 3, " a\n b\n c…\n");
    expect_wrapped(grid, "a\nb\nsáu ch", 3, " a\n b\n sáu ch\n");
    expect_wrapped(grid, "a\nb\nsáu ch\nd", 3, " a\n b\n sáu c…\n");
    grid_reset(grid, ROWS, COLS);
    assert_int_equal(grid_wrap(grid, 2, 8, 6, 4, STYLE_TEXT, STR("abcdef")), 1);
    assert_int_equal(grid_wrap(grid, 3, 0, 6, 4, STYLE_TEXT, STR("a")), 0);
    assert_int_equal(grid_wrap(grid, 0, 0, 0, 4, STYLE_TEXT, STR("a")), 0);
    expect_picture(grid, "\n\n        a…\n");
}

static void no_length_of_text_is_too_much(void **state)
{
    struct grid *grid = *state;
    BUF(text, MAX_OUTPUT);
    for (int i = 0; i < MAX_TEXT; i++)
        buf_puts(&text, "x\u0302\x01市");
    assert_int_equal(grid_put(grid, 0, 0, STYLE_TEXT, buf_slice(&text)), 10);
    grid_field(grid, 1, 0, COLS, STYLE_TEXT, buf_slice(&text));
    assert_int_equal(
        grid_wrap(grid, 2, 0, COLS, 1, STYLE_TEXT, buf_slice(&text)), 1);
    expect_picture(grid, "x\u0302\\x01市x\u0302\\x\n"
                         "x\u0302\\x01市x\u0302\\…\n"
                         "x\u0302\\x01市x\u0302\\…\n");
}

int main(void)
{
#define GRID(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        GRID(a_new_grid_is_blank_and_has_no_cursor),
        GRID(a_size_out_of_range_is_brought_into_it),
        GRID(resetting_forgets_what_was_drawn),
        GRID(text_is_cut_at_every_edge),
        GRID(vietnamese_takes_one_column_a_letter),
        GRID(decomposed_text_stands_composed_in_its_cells),
        GRID(marks_without_a_composed_letter_stay_in_its_cell),
        GRID(no_control_or_bidi_character_gets_into_a_cell),
        GRID(every_code_point_is_shown_as_the_emitter_shows_it),
        GRID(a_wide_character_has_two_cells_or_none),
        GRID(half_of_a_wide_character_never_stays_alone),
        GRID(a_field_is_exactly_as_wide_as_asked),
        GRID(a_field_keeps_to_its_style_and_the_grid),
        GRID(numbers_end_where_they_are_told),
        GRID(a_title_stands_in_the_middle),
        GRID(a_line_fills_what_is_there_of_it),
        GRID(wrapping_follows_the_words),
        GRID(what_does_not_fit_a_wrap_is_told),
        GRID(no_length_of_text_is_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
