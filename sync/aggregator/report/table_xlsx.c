/*
 * table_xlsx.c - a table as a workbook.
 *
 * Promises: what people typed is a text, never a formula, an address or an
 * escape; an integer is the same integer for a spreadsheet or, where its
 * numbers end, a text. Rows go out one by one, so memory does not grow with
 * them; the files in between have lost their names before anything is written
 * into them. The library does not tell a full disk, so room is asked for
 * before it copies the rows.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"

#include "table_parts.h"
#include "xlsx.h"

static const int64_t exact_max = INT64_C(1) << 53; /* of their numbers */

enum {
    SERIAL_1970 = 25569, /* 1970-01-01 as spreadsheets count days */
    NAME_UNITS = 31,     /* of a sheet */
    PAPER_A4 = 9,
    ROOM_SPARE = 1 << 20, /* bytes of the parts beside the rows */
    PATH_ROOM = 4096,
    GHOST_COLOR = 0xBFBFBF
};

/* By type: how it is shown, and how wide its column is at least. */
static const struct {
    const char *format;
    int width;
} looks[] = {
    [COL_TEXT] = { "@", 14 },
    [COL_NAME] = { "@", 36 },
    [COL_INT] = { "#,##0", 10 },
    [COL_CODE] = { "0", 10 },
    [COL_MONEY] = { "#,##0", 18 },
    [COL_MILLI] = { "#,##0.###", 12 },
    [COL_DAY] = { "dd/mm/yyyy", 12 },
    [COL_HOUR] = { "00\"h\"", 8 },
    [COL_TIME] = { "dd/mm/yyyy hh:mm:ss", 20 },
    [COL_BOOL] = { "General", 10 },
    [COL_HUNDREDTHS] = { "#,##0.00", 16 },
    [COL_GROWTH] = { "+0.00%;-0.00%;0.00%", 12 },
};
enum { TYPES = ARRAY_LEN(looks) };

struct book {
    const struct table *table;
    lxw_workbook *w;
    lxw_worksheet *sheet;
    lxw_format *formats[2][TYPES]; /* of rows; of the total */
    lxw_format *headings[2];       /* of numbers; of what stands at the left */
    struct buf name;               /* of the sheet */
    lxw_row_t row;
    lxw_row_t first; /* row of figures */
    lxw_error failed;
};

static void keep(struct book *b, lxw_error failed)
{
    if (b->failed == LXW_NO_ERROR)
        b->failed = failed;
}

/* ---- cells --------------------------------------------------------------- */

static void put_text(struct book *b, int column, struct str s, lxw_format *f)
{
    BUF(text, 4 * MAX_TEXT);

    text_emit_sheet(&text, s);
    keep(b, xlsx.worksheet_write_string(b->sheet, b->row, (lxw_col_t)column,
                                        buf_text(&text), f));
}

static double number_of(enum column_type type, int64_t n)
{
    static const int parts[TYPES] = {
        [COL_MILLI] = 1000, [COL_HUNDREDTHS] = 100, [COL_GROWTH] = 10000
    };

    if (type == COL_DAY)
        return day_diff((int)n, 19700101) + SERIAL_1970;
    if (type == COL_TIME) {
        int64_t seconds = (n + UTC_OFFSET_MS) / 1000, day = DAY_MS / 1000;
        return (double)seconds / (double)day + SERIAL_1970;
    }
    return parts[type] > 0 ? (double)n / parts[type] : (double)n;
}

static void put_number(struct book *b, int column, const struct cell *c,
                       lxw_format *f)
{
    enum column_type type = cell_type(&b->table->columns[column], c);
    BUF(digits, MAX_TEXT);

    if (c->n <= exact_max && c->n >= -exact_max) {
        keep(b, xlsx.worksheet_write_number(b->sheet, b->row, (lxw_col_t)column,
                                            number_of(type, c->n), f));
        return;
    }
    cell_plain(type, c, &digits);
    put_text(b, column, buf_slice(&digits), f);
}

/* Whole quantities are shown without the point that "#,##0.###" leaves. */
static lxw_format *format_of(const struct book *b, enum column_type type,
                             const struct cell *c, bool total)
{
    bool whole = type == COL_MILLI && c->n % 1000 == 0;

    return b->formats[total][whole ? COL_INT : type];
}

static void put_cell(struct book *b, int row, int column)
{
    struct cell c = table_cell(b->table, row, column);
    enum column_type type = cell_type(&b->table->columns[column], &c);
    lxw_format *f = format_of(b, type, &c, row >= table_rows(b->table));
    BUF(people, 4 * MAX_TEXT);

    if (column_is_text(type) || c.null) {
        if (!c.null || row >= table_rows(b->table))
            table_people(b->table, row, column, &people);
        put_text(b, column, buf_slice(&people), f);
    } else if (type == COL_BOOL) {
        keep(b, xlsx.worksheet_write_boolean(b->sheet, b->row,
                                             (lxw_col_t)column, c.n != 0, f));
    } else {
        put_number(b, column, &c, f);
    }
}

/* ---- the sheet ----------------------------------------------------------- */

static const char *heading_of(const struct column *column)
{
    return column->title ? _(column->title) : column->name;
}

static lxw_format *format_make(struct book *b, enum column_type type,
                               bool total)
{
    lxw_format *f = xlsx.workbook_add_format(b->w);

    xlsx.format_set_num_format(f, looks[type].format);
    if (column_is_left(type))
        xlsx.format_set_align(f, LXW_ALIGN_LEFT);
    if (total) {
        xlsx.format_set_bold(f);
        xlsx.format_set_top(f, LXW_BORDER_THIN);
    }
    return f;
}

static void formats_make(struct book *b)
{
    for (int type = 0; type < TYPES; type++) {
        b->formats[0][type] = format_make(b, (enum column_type)type, false);
        b->formats[1][type] = format_make(b, (enum column_type)type, true);
    }
    for (int left = 0; left < 2; left++) {
        lxw_format *f = xlsx.workbook_add_format(b->w);

        xlsx.format_set_bold(f);
        xlsx.format_set_text_wrap(f);
        xlsx.format_set_align(f, left ? LXW_ALIGN_LEFT : LXW_ALIGN_RIGHT);
        xlsx.format_set_bottom(f, LXW_BORDER_THIN);
        b->headings[left] = f;
    }
}

/* Before the first row: rows that are written cannot be changed. */
static void page_set(struct book *b)
{
    const struct table *t = b->table;

    for (int i = 0; i < t->n_columns; i++)
        keep(b,
             xlsx.worksheet_set_column(b->sheet, (lxw_col_t)i, (lxw_col_t)i,
                                       looks[t->columns[i].type].width, NULL));
    xlsx.worksheet_set_paper(b->sheet, PAPER_A4);
    xlsx.worksheet_set_landscape(b->sheet);
    xlsx.worksheet_fit_to_pages(b->sheet, 1, 0);
}

static void put_about(struct book *b, const char *about)
{
    lxw_format *bold = xlsx.workbook_add_format(b->w);

    xlsx.format_set_bold(bold);
    while (*about) {
        size_t len = strcspn(about, "\n");

        if (len > 0) {
            put_text(b, 0, (struct str){ about, len }, b->row ? NULL : bold);
            b->row++;
        }
        about += len + (about[len] == '\n');
    }
    b->row += b->row > 0;
}

static void put_rows(struct book *b)
{
    const struct table *t = b->table;

    for (int i = 0; i < t->n_columns; i++)
        put_text(b, i, str_of(heading_of(&t->columns[i])),
                 b->headings[column_is_left(t->columns[i].type)]);
    b->first = ++b->row;
    xlsx.worksheet_freeze_panes(b->sheet, b->first, 0);
    keep(b, xlsx.worksheet_repeat_rows(b->sheet, b->first - 1, b->first - 1));
    for (int row = 0; row < table_rows_shown(t); row++, b->row++) {
        for (int i = 0; i < t->n_columns; i++)
            put_cell(b, row, i);
    }
}

/* ---- the chart ----------------------------------------------------------- */

static void put_series(struct book *b, lxw_chart *chart, int x, int y,
                       bool ghost)
{
    lxw_row_t last = b->first + (lxw_row_t)table_rows(b->table) - 1;
    lxw_chart_series *s = xlsx.chart_add_series(chart, NULL, NULL);
    lxw_chart_fill fill = { .color = GHOST_COLOR };
    lxw_chart_line line = { .color = GHOST_COLOR };

    xlsx.chart_series_set_categories(s, buf_text(&b->name), b->first,
                                     (lxw_col_t)x, last, (lxw_col_t)x);
    xlsx.chart_series_set_values(s, buf_text(&b->name), b->first, (lxw_col_t)y,
                                 last, (lxw_col_t)y);
    xlsx.chart_series_set_name(s, heading_of(&b->table->columns[y]));
    if (ghost) {
        xlsx.chart_series_set_fill(s, &fill);
        xlsx.chart_series_set_line(s, &line);
    }
}

/* The figures are not kept in the chart: it does not know their format. */
static void axis_set(lxw_chart_axis *axis, const struct column *column)
{
    xlsx.chart_axis_set_name(axis, heading_of(column));
    xlsx.chart_axis_set_num_format(axis, looks[column->type].format);
}

static void put_chart(struct book *b, const struct sheet *about)
{
    const struct chart *c = about->chart;

    if (!c || c->kind == CHART_NONE || table_rows(b->table) == 0)
        return;
    lxw_chart *chart = xlsx.workbook_add_chart(
        b->w, c->kind == CHART_BARS ? LXW_CHART_COLUMN : LXW_CHART_LINE);
    /* Two sheets of one name there cannot be; NULL: one the library knows. */
    bool taken = strcasecmp(buf_text(&b->name), _("Chart")) == 0;
    lxw_chartsheet *sheet =
        xlsx.workbook_add_chartsheet(b->w, taken ? NULL : _("Chart"));
    for (int i = 0; i < c->n; i++)
        put_series(b, chart, c->x, c->series[i], i >= c->n - c->ghosts);
    xlsx.chart_title_set_name(chart, about->name);
    axis_set(chart->x_axis, &b->table->columns[c->x]);
    axis_set(chart->y_axis, &b->table->columns[c->series[0]]);
    xlsx.chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    keep(b, xlsx.chartsheet_set_chart(sheet, chart));
}

/* ---- the file ------------------------------------------------------------ */

/* What a sheet may be called: not all of ASCII, and not much. */
static void name_clean(struct buf *out, const char *name)
{
    struct str s = str_of(name);
    size_t pos = 0;
    int units = 0;

    for (int32_t code; (code = utf8_next(s, &pos)) >= 0;) {
        units += 1 + (code > 0xFFFF);
        if (units > NAME_UNITS)
            break;
        utf8_put(out, code < ' ' || (code < 0x7F && strchr("[]:*?/\\'", code))
                          ? '-'
                          : code);
    }
    if (out->len == 0)
        buf_puts(out, "1");
}

static enum err err_of(lxw_error failed)
{
    if (failed == LXW_NO_ERROR)
        return ERR_OK;
    if (failed == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE)
        return ERR_LIMIT;
    return err_from_errno(errno) == ERR_FULL ? ERR_FULL : ERR_IO;
}

/* Are the rows in their file, and is there room for them twice more: as a part
 * of the workbook and in it? */
static enum err room_check(const struct book *b, const char *folder)
{
    FILE *rows = b->sheet->optimize_tmpfile;

    if (!rows || fflush(rows) != 0)
        return err_from_errno(errno) == ERR_FULL ? ERR_FULL : ERR_IO;
    const struct env *env = env_get();
    int64_t room = env->disk_free(env->ctx, folder);
    return room >= 0 && room < 2 * ftell(rows) + ROOM_SPARE ? ERR_FULL : ERR_OK;
}

static enum err book_write(struct book *b, const struct sheet *about,
                           const char *folder)
{
    lxw_doc_properties made = { .created = (time_t)(env_wall_ms() / 1000) };

    b->sheet = xlsx.workbook_add_worksheet(b->w, buf_text(&b->name));
    if (!b->sheet)
        return ERR_IO;
    keep(b, xlsx.workbook_set_properties(b->w, &made));
    formats_make(b);
    page_set(b);
    put_about(b, about->about);
    put_rows(b);
    put_chart(b, about);
    enum err e = err_of(b->failed);
    return e == ERR_OK ? room_check(b, folder) : e;
}

/* The library tells the time by gmtime(), which is one for all threads. */
static lxw_error book_close(struct book *b)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&one);
    errno = 0;
    lxw_error failed = xlsx.workbook_close(b->w);
    pthread_mutex_unlock(&one);
    return failed;
}

/* Writes the workbook to `path`; whatever happens the library's files go. */
static enum err book_make(struct book *b, const struct sheet *about,
                          const char *path, struct buf *folder)
{
    lxw_workbook_options options = { .constant_memory = 1,
                                     .tmpdir = folder->data };

    b->w = xlsx.workbook_new_opt(path, &options);
    if (!b->w)
        return ERR_IO;
    buf_init(&b->name, MAX_TEXT);
    name_clean(&b->name, about->name);
    enum err e = book_write(b, about, buf_text(folder));
    enum err closed = err_of(book_close(b));
    buf_done(&b->name);
    return e == ERR_OK ? closed : e;
}

static enum err why_not(const struct sheet *sheet, const struct buf *folder,
                        enum err e, const char *text)
{
    if (sheet->why)
        buf_printf(sheet->why, "%s: %s", buf_text(folder), text);
    return e;
}

enum err table_xlsx(const struct table *t, const struct sheet *sheet,
                    struct buf *out)
{
    struct book book = { .table = t };
    const char *set = getenv("TMPDIR");
    BUF(folder, PATH_ROOM);
    BUF(path, PATH_ROOM);
    char number[24];

    if (!xlsx_load())
        return ERR_LIBRARY;
    buf_puts(&folder, set && set[0] ? set : "/tmp");
    buf_printf(&path, "%s/report.XXXXXX", buf_text(&folder));
    int fd = buf_ok(&path) ? mkstemp(path.data) : -1;
    if (fd < 0)
        return why_not(sheet, &folder, ERR_IO, strerror(errno));
    unlink(buf_text(&path));
    buf_clear(&path);
    snprintf(number, sizeof(number), "%d", fd);
    buf_printf(&path, "/proc/self/fd/%s", number);
    enum err e = book_make(&book, sheet, buf_text(&path), &folder);
    if (e == ERR_OK)
        e = env_file_read("/proc/self/fd", number, out);
    close(fd);
    if (e == ERR_IO || e == ERR_FULL)
        return why_not(sheet, &folder, e, err_text(e));
    return e;
}
