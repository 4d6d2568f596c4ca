/*
 * table.c - rows and columns, rendered three ways.
 *
 * Promises that text, CSV and JSON of one table show the same integers: every
 * rendering goes through the same cells. Does not know what a report is.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"

struct table {
    const struct column *columns;
    int n_columns;
    struct cell *cells; /* row by row; s.data is unset until read */
    size_t *starts;     /* where each cell's text begins in `text` */
    size_t n_cells, cap;
    struct buf text;
};

struct table *table_open(const struct column *columns, int n)
{
    struct table *t = x_alloc(sizeof(*t));

    ASSERT(n > 0);
    t->columns = columns;
    t->n_columns = n;
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

void table_row(struct table *t, const struct cell *cells)
{
    size_t n = (size_t)t->n_columns;

    if (t->n_cells + n > t->cap) {
        t->cap = t->cap == 0 ? 64 * n : t->cap * 2;
        t->cells = x_realloc(t->cells, t->cap * sizeof(*t->cells));
        t->starts = x_realloc(t->starts, t->cap * sizeof(*t->starts));
    }
    for (size_t i = 0; i < n; i++) {
        t->cells[t->n_cells + i] = cells[i];
        t->starts[t->n_cells + i] = t->text.len;
        if (t->columns[i].type == COL_TEXT && !cells[i].null)
            buf_str(&t->text, cells[i].s);
    }
    ASSERT(buf_ok(&t->text));
    t->n_cells += n;
}

int table_rows(const struct table *t)
{
    return (int)(t->n_cells / (size_t)t->n_columns);
}

/* The cell with its text, which may have moved since it was put in. */
static struct cell cell_at(const struct table *t, int row, int column)
{
    size_t i = (size_t)row * (size_t)t->n_columns + (size_t)column;
    struct cell c = t->cells[i];

    if (t->columns[column].type == COL_TEXT && !c.null)
        c.s.data = buf_text(&t->text) + t->starts[i];
    return c;
}

/* What people read in a cell. */
static void cell_people(enum column_type type, const struct cell *c,
                        struct buf *out)
{
    if (c->null) {
        buf_puts(out, "–");
        return;
    }
    switch (type) {
    case COL_TEXT: text_emit_terminal(out, c->s); break;
    case COL_INT:
    case COL_MONEY: money_render(out, c->n); break;
    case COL_MILLI: qty_render(out, c->n); break;
    case COL_DAY: day_render_people(out, (int)c->n); break;
    case COL_HOUR: buf_printf(out, "%02dh", (int)(c->n % 24)); break;
    case COL_TIME: time_render(out, c->n); break;
    case COL_BOOL: buf_puts(out, c->n != 0 ? _("yes") : _("no")); break;
    case COL_HUNDREDTHS: hundredths_render(out, c->n); break;
    case COL_GROWTH: growth_render(out, c->n); break;
    }
}

static bool left_aligned(enum column_type type)
{
    return type == COL_TEXT || type == COL_DAY || type == COL_TIME;
}

static void pad(struct buf *out, enum column_type type, struct str s, int width)
{
    if (left_aligned(type))
        text_pad(out, s, width);
    else
        text_pad_left(out, s, width);
}

static int column_width(const struct table *t, int column)
{
    int width = text_width(str_of(_(t->columns[column].title)));
    BUF(b, MAX_TEXT);

    for (int row = 0; row < table_rows(t); row++) {
        struct cell c = cell_at(t, row, column);

        buf_clear(&b);
        cell_people(t->columns[column].type, &c, &b);
        int w = text_width(buf_slice(&b));
        if (w > width)
            width = w;
    }
    return width;
}

/* A row's blanks at its end serve nobody. */
static void end_line(struct buf *out)
{
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    buf_putc(out, '\n');
}

void table_text(const struct table *t, struct buf *out)
{
    int *widths = x_alloc((size_t)t->n_columns * sizeof(*widths));
    BUF(b, MAX_TEXT);

    for (int i = 0; i < t->n_columns; i++) {
        widths[i] = column_width(t, i);
        buf_puts(out, i > 0 ? "  " : "");
        pad(out, t->columns[i].type, str_of(_(t->columns[i].title)), widths[i]);
    }
    end_line(out);
    for (int row = 0; row < table_rows(t); row++) {
        for (int i = 0; i < t->n_columns; i++) {
            struct cell c = cell_at(t, row, i);

            buf_clear(&b);
            cell_people(t->columns[i].type, &c, &b);
            buf_puts(out, i > 0 ? "  " : "");
            pad(out, t->columns[i].type, buf_slice(&b), widths[i]);
        }
        end_line(out);
    }
    free(widths);
}

/* A cell as programs read it, the same bytes in CSV as in JSON but for the
 * quoting of text. */
static void cell_plain(enum column_type type, const struct cell *c,
                       struct buf *out)
{
    switch (type) {
    case COL_TEXT: text_emit_csv(out, c->s); break;
    case COL_DAY:
        if (c->n != 0)
            day_render(out, (int)c->n);
        break;
    case COL_TIME:
        if (c->n != 0)
            time_render(out, c->n);
        break;
    case COL_BOOL: buf_puts(out, c->n != 0 ? "true" : "false"); break;
    case COL_HUNDREDTHS:
    case COL_GROWTH: hundredths_json(out, c->n); break;
    case COL_INT:
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
            struct cell c = cell_at(t, row, i);

            buf_puts(out, i > 0 ? "," : "");
            if (!c.null)
                cell_plain(t->columns[i].type, &c, out);
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
    switch (column->type) {
    case COL_TEXT: json_str(j, column->name, c->s); break;
    case COL_DAY: json_day(j, column->name, (int)c->n); break;
    case COL_TIME: json_time(j, column->name, c->n); break;
    case COL_BOOL: json_bool(j, column->name, c->n != 0); break;
    case COL_HUNDREDTHS:
    case COL_GROWTH: json_hundredths(j, column->name, c->n); break;
    case COL_INT:
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
            struct cell c = cell_at(t, row, i);

            cell_json(&t->columns[i], &c, j);
        }
        json_end_object(j);
    }
    json_end_array(j);
}
