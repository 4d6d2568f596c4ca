/*
 * test_table_xlsx.c - a table as a workbook: exact integers, dates as dates,
 * and texts that stay texts whatever they say.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/report/table.h"
#include "tests/support/cli_run.h"
#include "tests/support/scratch.h"
#include "tests/support/unzip.h"

#define SHEET "xl/worksheets/sheet1.xml"

enum { NAME, DAY, MONEY, COLUMNS };

static const struct column columns[COLUMNS] = {
    [NAME] = { "name", "Name", COL_NAME },
    [DAY] = { "day", "Date", COL_DAY },
    [MONEY] = { "money_vnd", "Net revenue", COL_MONEY },
};

static const struct cell nothing = { .null = true };
static const struct sheet plain = { .name = "Booths", .about = "" };

static struct cell number(int64_t n)
{
    return (struct cell){ .n = n };
}

static struct cell words(struct str s)
{
    return (struct cell){ .s = s };
}

static struct table *table_of(struct str name, int64_t vnd)
{
    struct table *t = table_open(columns, COLUMNS);
    const struct cell cells[COLUMNS] = { words(name), number(20200114),
                                         number(vnd) };
    table_row(t, cells);
    return t;
}

/* The part of the workbook; closes the table. */
static bool part(struct table *t, const struct sheet *sheet, const char *name,
                 struct buf *out)
{
    BUF(zip, MAX_OUTPUT);
    assert_int_equal(table_xlsx(t, sheet, &zip), ERR_OK);
    table_close(t);
    return unzip_part(buf_slice(&zip), name, out);
}

static void lacks(const struct buf *text, const char *what)
{
    if (strstr(buf_text(text), what))
        fail_msg("\"%s\" is in there", what);
}

/* A cell as the file has it, styles left out: <c r="A2" ...>REST</c>. */
static void cell_is(const struct buf *sheet, const char *at, const char *want)
{
    BUF(begin, 64);
    buf_printf(&begin, "<c r=\"%s\"", at);
    const char *cell = strstr(buf_text(sheet), buf_text(&begin));
    assert_non_null(cell);
    size_t len = (size_t)(strstr(cell, "</c>") - cell);
    BUF(got, MAX_OUTPUT);
    const char *inside = memchr(cell, '>', len);
    assert_non_null(inside);
    buf_put(&got, inside + 1, len - (size_t)(inside + 1 - cell));
    assert_string_equal(buf_text(&got), want);
}

#define INLINE(text) "<is><t>" text "</t></is>"

/* ---- figures ---- */

static void figures_stand_below_their_titles(void **state)
{
    (void)state;
    const struct sheet sheet = { .name = "Booths",
                                 .about = "Booths – Xuân\nas of now\n" };
    struct table *t = table_of(STR("Chả mực"), 1009420);
    const struct cell unknown[COLUMNS] = { nothing, number(0), nothing };
    const struct cell total[COLUMNS] = { nothing, nothing, number(1009420) };
    BUF(out, MAX_OUTPUT);
    table_row(t, unknown);
    table_total(t, total);
    assert_true(part(t, &sheet, SHEET, &out));
    cell_is(&out, "A1", INLINE("Booths – Xuân"));
    cell_is(&out, "A2", INLINE("as of now"));
    cell_is(&out, "A4", INLINE("Name"));
    cell_is(&out, "C4", INLINE("Net revenue"));
    cell_is(&out, "A5", INLINE("Chả mực"));
    cell_is(&out, "B5", "<v>43844</v>");
    cell_is(&out, "C5", "<v>1009420</v>");
    cell_is(&out, "A7", INLINE("Total"));
    cell_is(&out, "C7", "<v>1009420</v>");
    text_has(&out, "<c r=\"B6\" s=");
    text_has(&out, "ySplit=\"4\"");
}

static void each_kind_of_value_is_a_value(void **state)
{
    (void)state;
    static const struct {
        enum column_type type;
        int64_t n;
        const char *want;
    } cases[] = {
        { COL_INT, -1200, "<v>-1200</v>" },
        { COL_MONEY, INT64_C(9007199254740992), "<v>9007199254740992</v>" },
        { COL_MONEY, INT64_C(9007199254740993), INLINE("9007199254740993") },
        { COL_MONEY, INT64_MIN, INLINE("-9223372036854775808") },
        { COL_MILLI, 1385, "<v>1.385</v>" },
        { COL_HUNDREDTHS, 1205042, "<v>12050.42</v>" },
        { COL_GROWTH, -625, "<v>-0.0625</v>" },
        { COL_HOUR, 9, "<v>9</v>" },
        { COL_BOOL, 1, "<v>1</v>" },
        { COL_TIME, INT64_C(1578963600123), "<v>43844.33333333333</v>" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct column column = { "c", NULL, cases[i].type };
        const struct cell cell = number(cases[i].n);
        struct table *t = table_open(&column, 1);
        BUF(out, MAX_OUTPUT);
        table_row(t, &cell);
        assert_true(part(t, &plain, SHEET, &out));
        cell_is(&out, "A1", INLINE("c"));
        cell_is(&out, "A2", cases[i].want);
    }
}

/* ---- texts ---- */

static void no_text_is_anything_else(void **state)
{
    (void)state;
    static const struct {
        const char *name, *want;
    } cases[] = {
        { "=cmd|' /C calc'!A0", INLINE("=cmd|' /C calc'!A0") },
        { "@SUM(1+1)", INLINE("@SUM(1+1)") },
        { "+84 33", INLINE("+84 33") },
        { "-1", INLINE("-1") },
        { "https://example.org", INLINE("https://example.org") },
        { "0123", INLINE("0123") },
        { "<f>1+1</f>", INLINE("&lt;f&gt;1+1&lt;/f&gt;") },
        { "a\x01\x1b\n\uFFFE", INLINE("a\uFFFD\uFFFD\uFFFD\uFFFD") },
        { "\u202Eexe\u200B", INLINE("\uFFFDexe\uFFFD") },
        { "\xFF\xC0", INLINE("\uFFFD\uFFFD") },
        { "_x0041_", INLINE("_x005F_x0041_") },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(out, MAX_OUTPUT);
        struct table *t = table_of(str_of(cases[i].name), 1);
        assert_true(part(t, &plain, SHEET, &out));
        cell_is(&out, "A2", cases[i].want);
        lacks(&out, "<f>");
        lacks(&out, "hyperlink");
    }
}

static void a_text_longer_than_a_cell_is_cut(void **state)
{
    (void)state;
    BUF(name, MAX_TEXT);
    BUF(want, MAX_TEXT);
    BUF(out, MAX_OUTPUT);
    for (int i = 0; i < 40000; i++)
        buf_putc(&name, 'n');
    buf_puts(&want, "<is><t>");
    buf_put(&want, buf_text(&name), 32767);
    buf_puts(&want, "</t></is>");
    struct table *t = table_of(buf_slice(&name), 1);
    assert_true(part(t, &plain, SHEET, &out));
    cell_is(&out, "A2", buf_text(&want));
}

static void any_name_will_do_for_a_sheet(void **state)
{
    (void)state;
    static const struct {
        const char *name, *want;
    } cases[] = {
        { "A/B: [c]*?\\'d'", "<sheet name=\"A-B- -c-----d-\"" },
        { "Hội chợ OCOP Quảng Ninh Xuân 2020 dài", "<sheet name=\"Hội chợ OCOP "
                                                   "Quảng Ninh Xuân 20\"" },
        { "", "<sheet name=\"1\"" },
        { "Chart", "<sheet name=\"Chart\"" },
    };
    const struct chart chart = { CHART_BARS, NAME, 1, { MONEY }, 0 };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct sheet sheet = { cases[i].name, "", &chart, NULL };
        BUF(out, MAX_OUTPUT);
        struct table *t = table_of(STR("x"), 1);
        assert_true(part(t, &sheet, "xl/workbook.xml", &out));
        text_has(&out, cases[i].want);
    }
}

/* ---- the chart ---- */

static void the_chart_points_at_the_figures(void **state)
{
    (void)state;
    const struct chart chart = { CHART_LINES, DAY, 1, { MONEY }, 0 };
    const struct sheet sheet = { "Our days", "About", &chart, NULL };
    BUF(out, MAX_OUTPUT);
    BUF(none, MAX_OUTPUT);
    struct table *t = table_of(STR("x"), 5);
    const struct cell second[COLUMNS] = { nothing, number(20200115),
                                          number(6) };
    table_row(t, second);
    assert_true(part(t, &sheet, "xl/charts/chart1.xml", &out));
    text_has(&out, "<c:lineChart>");
    text_has(&out, "<c:f>'Our days'!$B$4:$B$5</c:f>");
    text_has(&out, "<c:f>'Our days'!$C$4:$C$5</c:f>");
    text_has(&out, "<c:v>Net revenue</c:v>");
    assert_false(
        part(table_of(STR("x"), 5), &plain, "xl/charts/chart1.xml", &none));
}

/* ---- the disk ---- */

static int64_t no_room(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return 1000;
}

static void a_folder_without_room_is_told(void **state)
{
    struct env env = *env_get();
    BUF(out, MAX_OUTPUT);
    (void)state;
    env.disk_free = no_room;
    struct table *t = table_of(STR("x"), 5);
    env_use(&env);
    enum err full = table_xlsx(t, &plain, &out);
    env = env_system();
    env_use(&env);
    assert_int_equal(setenv("TMPDIR", "/nowhere", 1), 0);
    BUF(why, MAX_TEXT);
    struct sheet asked = plain;
    asked.why = &why;
    enum err nowhere = table_xlsx(t, &asked, &out);
    unsetenv("TMPDIR");
    table_close(t);
    assert_int_equal(full, ERR_FULL);
    assert_int_equal(nowhere, ERR_IO);
    assert_int_equal(out.len, 0);
    assert_string_equal(buf_text(&why), "/nowhere: No such file or directory");
}

static void nothing_is_left_in_the_folder(void **state)
{
    char dir[SCRATCH_ROOM];
    BUF(out, MAX_OUTPUT);
    (void)state;
    scratch_make(dir);
    assert_int_equal(setenv("TMPDIR", dir, 1), 0);
    struct table *t = table_of(STR("x"), 5);
    enum err e = table_xlsx(t, &plain, &out);
    table_close(t);
    unsetenv("TMPDIR");
    assert_int_equal(e, ERR_OK);
    assert_int_equal(rmdir(dir), 0);
}

static void *makes_some(void *ctx)
{
    enum err *e = ctx;
    for (int i = 0; i < 5 && *e == ERR_OK; i++) {
        BUF(out, MAX_OUTPUT);
        struct table *t = table_of(STR("x"), 5);
        *e = table_xlsx(t, &plain, &out);
        table_close(t);
    }
    return NULL;
}

/* As two visitors ask for files; ThreadSanitizer looks at it. */
static void two_threads_share_nothing(void **state)
{
    pthread_t threads[2];
    enum err said[2] = { ERR_OK, ERR_OK };
    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, makes_some, &said[i]), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(said[i], ERR_OK);
    }
}

static int english(void **state)
{
    (void)state;
    i18n_init("en");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_stand_below_their_titles),
        cmocka_unit_test(each_kind_of_value_is_a_value),
        cmocka_unit_test(no_text_is_anything_else),
        cmocka_unit_test(a_text_longer_than_a_cell_is_cut),
        cmocka_unit_test(any_name_will_do_for_a_sheet),
        cmocka_unit_test(the_chart_points_at_the_figures),
        cmocka_unit_test(a_folder_without_room_is_told),
        cmocka_unit_test(nothing_is_left_in_the_folder),
        cmocka_unit_test(two_threads_share_nothing),
    };
    return cmocka_run_group_tests(tests, english, NULL);
}
