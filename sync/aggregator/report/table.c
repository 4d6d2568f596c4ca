/*
 * table.c - rows and columns, rendered as text, CSV and JSON.
 *
 * Promises that all renderings of one table show the same integers: every one
 * goes through the same cells. Does not know what a report is.
 */
#include "table_parts.h"

#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/aggregator/store/allowance.h"

enum { SCREEN_COLUMNS = 80, GAP = 2, MIN_CUT = 12 };

struct table *table_open(const struct column *columns, int n)
{
    struct table *t = x_alloc(sizeof(*t));

    ASSERT(n > 0);
    t->columns = columns;
    t->n_columns = n;
    t->n_text = n;
    buf_init(&t->text, MAX_OUTPUT);
    return t;
}

void table_close(struct table *t)
{
    if (t == NULL)
        return;
    free(t->cells);
    free(t->starts);
    buf_done(&t->text);
    free(t);
}

bool column_is_text(enum column_type type)
{
    return type == COL_TEXT || type == COL_NAME;
}

/* Bytes that a row takes, about. */
static size_t bytes_of(const struct table *t, const struct cell *cells)
{
    size_t n = (size_t)t->n_columns;
    size_t bytes = n * (sizeof(*t->cells) + sizeof(*t->starts));

    for (size_t i = 0; i < n; i++)
        bytes += column_is_text(t->columns[i].type) ? cells[i].s.len : 0;
    return bytes;
}

static void row_add(struct table *t, const struct cell *cells)
{
    size_t n = (size_t)t->n_columns;

    if (!allowance_take(bytes_of(t, cells)))
        return;
    if (t->n_cells + n > t->cap) {
        t->cap = t->cap == 0 ? 64 * n : t->cap * 2;
        t->cells = x_realloc(t->cells, t->cap * sizeof(*t->cells));
        t->starts = x_realloc(t->starts, t->cap * sizeof(*t->starts));
    }
    for (size_t i = 0; i < n; i++) {
        enum column_type type = t->columns[i].type;
        bool when = type == COL_DAY || type == COL_TIME;

        t->cells[t->n_cells + i] = cells[i];
        t->cells[t->n_cells + i].null |= when && cells[i].n == 0;
        t->starts[t->n_cells + i] = t->text.len;
        if (column_is_text(t->columns[i].type) && !cells[i].null)
            buf_str(&t->text, cells[i].s);
    }
    ASSERT(buf_ok(&t->text));
    t->n_cells += n;
}

void table_most(struct table *t, int most)
{
    t->most = most;
}

int table_left_out(const struct table *t)
{
    return t->left_out;
}

void table_row(struct table *t, const struct cell *cells)
{
    if (t->most > 0 && table_rows_shown(t) >= t->most)
        t->left_out++;
    else
        row_add(t, cells);
}

void table_total(struct table *t, const struct cell *cells)
{
    row_add(t, cells);
    t->totalled = true;
}

void table_narrow(struct table *t, int n)
{
    ASSERT(n > 0 && n <= t->n_columns);
    t->n_text = n;
}

int table_rows_shown(const struct table *t)
{
    return (int)(t->n_cells / (size_t)t->n_columns);
}

int table_rows(const struct table *t)
{
    return table_rows_shown(t) - t->totalled;
}

struct cell table_cell(const struct table *t, int row, int column)
{
    size_t i = (size_t)row * (size_t)t->n_columns + (size_t)column;
    struct cell c = t->cells[i];

    if (column_is_text(t->columns[column].type) && !c.null)
        c.s.data = buf_text(&t->text) + t->starts[i];
    return c;
}

/* ---- text ---------------------------------------------------------------- */

static void time_people(struct buf *out, int64_t ms)
{
    day_render_people(out, day_of_ms(ms));
    buf_putc(out, ' ');
    clock_render(out, ms);
}

static void value_people(enum column_type type, const struct cell *c,
                         struct buf *out)
{
    switch (type) {
    case COL_TEXT:
    case COL_NAME:
        if (c->people)
            buf_puts(out, _(c->people));
        else
            buf_str(out, c->s);
        break;
    case COL_CODE: buf_int(out, c->n); break;
    case COL_INT:
    case COL_MONEY: money_render(out, c->n); break;
    case COL_MILLI: qty_render(out, c->n); break;
    case COL_DAY: day_render_people(out, (int)c->n); break;
    case COL_HOUR: buf_printf(out, "%02dh", (int)(c->n % 24)); break;
    case COL_TIME: time_people(out, c->n); break;
    case COL_BOOL: buf_puts(out, c->n != 0 ? _("yes") : _("no")); break;
    case COL_HUNDREDTHS: hundredths_render(out, c->n); break;
    case COL_GROWTH: growth_render(out, c->n); break;
    }
}

void table_people(const struct table *t, int row, int column, struct buf *out)
{
    bool total = row >= table_rows(t);
    struct cell c = table_cell(t, row, column);

    if (!c.null)
        value_people(cell_type(&t->columns[column], &c), &c, out);
    else if (!total)
        buf_puts(out, "–");
    else if (column == 0)
        buf_puts(out, _("Total"));
}

enum column_type cell_type(const struct column *column, const struct cell *c)
{
    bool whole = column->type == COL_INT || column->type == COL_MONEY;

    return whole && c->hundredths ? COL_HUNDREDTHS : column->type;
}

bool column_is_left(enum column_type type)
{
    return column_is_text(type) || type == COL_DAY || type == COL_TIME;
}

static void cell_text(const struct table *t, int row, int column,
                      struct buf *out)
{
    BUF(raw, MAX_TEXT);

    table_people(t, row, column, &raw);
    buf_clear(out);
    text_emit_terminal(out, buf_slice(&raw));
}

/* A title on two lines; `first` is empty when one is enough. */
struct title {
    struct str first, second;
};

static int title_width(struct title t)
{
    int first = text_width(t.first), second = text_width(t.second);

    return first > second ? first : second;
}

/* Broken at the blank where it becomes narrowest, unless it fits `width`. */
static struct title title_of(const struct column *column, int width)
{
    struct str s = str_of(_(column->title));
    struct title best = { STR(""), s };

    if (text_width(s) <= width)
        return best;
    for (size_t i = 0; i < s.len; i++) {
        struct title broken = { { s.data, i },
                                { s.data + i + 1, s.len - i - 1 } };
        if (s.data[i] == ' ' && title_width(broken) < title_width(best))
            best = broken;
    }
    return best;
}

static int column_width(const struct table *t, int column)
{
    int width = 0;
    BUF(b, MAX_TEXT);

    for (int row = 0; row < table_rows_shown(t); row++) {
        cell_text(t, row, column, &b);
        int w = text_width(buf_slice(&b));
        width = w > width ? w : width;
    }
    int title = title_width(title_of(&t->columns[column], width));
    return title > width ? title : width;
}

/* One column narrower: the widest that may be cut. False: there is none. */
static bool cut_one(const struct table *t, int *widths)
{
    int widest = -1;

    for (int i = 0; i < t->n_text; i++) {
        if (t->columns[i].type == COL_NAME && widths[i] > MIN_CUT &&
            (widest < 0 || widths[i] > widths[widest]))
            widest = i;
    }
    if (widest >= 0)
        widths[widest]--;
    return widest >= 0;
}

static void layout(const struct table *t, int *widths)
{
    int total = -GAP;

    for (int i = 0; i < t->n_text; i++) {
        if (!t->columns[i].title)
            continue;
        widths[i] = column_width(t, i);
        total += widths[i] + GAP;
    }
    while (total > SCREEN_COLUMNS && cut_one(t, widths))
        total--;
}

static void put_padded(struct buf *out, const struct column *column,
                       struct str s, int width)
{
    if (text_width(s) > width) {
        struct str head = text_clip(s, width - 1);
        buf_str(out, head);
        buf_puts(out, "…");
        buf_printf(out, "%*s", width - 1 - text_width(head), "");
    } else if (column_is_left(column->type)) {
        text_pad(out, s, width);
    } else {
        text_pad_left(out, s, width);
    }
    buf_printf(out, "%*s", GAP, "");
}

/* A row's blanks at its end serve nobody. */
static void end_line(struct buf *out)
{
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    buf_putc(out, '\n');
}

static void put_titles(const struct table *t, const int *widths,
                       struct buf *out)
{
    BUF(first, MAX_TEXT);
    BUF(second, MAX_TEXT);

    for (int i = 0; i < t->n_text; i++) {
        const struct column *column = &t->columns[i];
        if (!column->title)
            continue;
        struct title title = title_of(column, widths[i]);
        put_padded(&first, column, title.first, widths[i]);
        put_padded(&second, column, title.second, widths[i]);
    }
    end_line(&first);
    end_line(&second);
    if (first.len > 1)
        buf_str(out, buf_slice(&first));
    buf_str(out, buf_slice(&second));
}

void table_text(const struct table *t, struct buf *out)
{
    int *widths = x_alloc((size_t)t->n_columns * sizeof(*widths));
    BUF(b, MAX_TEXT);

    layout(t, widths);
    put_titles(t, widths, out);
    for (int row = 0; row < table_rows_shown(t); row++) {
        for (int i = 0; i < t->n_text; i++) {
            if (!t->columns[i].title)
                continue;
            cell_text(t, row, i, &b);
            put_padded(out, &t->columns[i], buf_slice(&b), widths[i]);
        }
        end_line(out);
    }
    free(widths);
}

/* ---- CSV and JSON -------------------------------------------------------- */

void cell_plain(enum column_type type, const struct cell *c, struct buf *out)
{
    switch (type) {
    case COL_TEXT:
    case COL_NAME: buf_str(out, c->s); break;
    case COL_DAY: day_render(out, (int)c->n); break;
    case COL_TIME: time_render(out, c->n); break;
    case COL_BOOL: buf_puts(out, c->n != 0 ? "true" : "false"); break;
    case COL_HUNDREDTHS:
    case COL_GROWTH: hundredths_json(out, c->n); break;
    case COL_INT:
    case COL_CODE:
    case COL_MONEY:
    case COL_MILLI:
    case COL_HOUR: buf_int(out, c->n); break;
    }
}

void table_csv(const struct table *t, struct buf *out)
{
    buf_puts(out, "\xEF\xBB\xBF");
    for (int i = 0; i < t->n_columns; i++) {
        buf_puts(out, i > 0 ? "," : "");
        buf_puts(out, t->columns[i].name);
    }
    buf_puts(out, "\r\n");
    for (int row = 0; row < table_rows(t); row++) {
        for (int i = 0; i < t->n_columns; i++) {
            struct cell c = table_cell(t, row, i);

            buf_puts(out, i > 0 ? "," : "");
            if (c.null)
                continue;
            if (column_is_text(t->columns[i].type))
                text_emit_csv(out, c.s);
            else
                cell_plain(cell_type(&t->columns[i], &c), &c, out);
        }
        buf_puts(out, "\r\n");
    }
}

static void cell_json(const struct column *column, const struct cell *c,
                      struct json *j)
{
    if (c->null) {
        json_null(j, column->name);
        return;
    }
    switch (cell_type(column, c)) {
    case COL_TEXT:
    case COL_NAME: json_str(j, column->name, c->s); break;
    case COL_DAY: json_day(j, column->name, (int)c->n); break;
    case COL_TIME: json_time(j, column->name, c->n); break;
    case COL_BOOL: json_bool(j, column->name, c->n != 0); break;
    case COL_HUNDREDTHS:
    case COL_GROWTH: json_hundredths(j, column->name, c->n); break;
    case COL_INT:
    case COL_CODE:
    case COL_MONEY:
    case COL_MILLI:
    case COL_HOUR: json_int(j, column->name, c->n); break;
    }
}

void table_json(const struct table *t, struct json *j, const char *name)
{
    json_array(j, name);
    for (int row = 0; row < table_rows(t); row++) {
        json_object(j, NULL);
        for (int i = 0; i < t->n_columns; i++) {
            struct cell c = table_cell(t, row, i);

            cell_json(&t->columns[i], &c, j);
        }
        json_end_object(j);
    }
    json_end_array(j);
}
