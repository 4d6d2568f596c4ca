/*
 * table_html.c - a table as part of a page.
 *
 * Promises: every text of others is escaped and in an isolate of its own; a
 * number stands whole in its <data value>, whatever people are shown; nothing
 * is told by colour or by an arrow alone. No style, no script, no ids.
 */
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"

#include "table_parts.h"

static void put_escaped(struct buf *out, const char *text)
{
    text_emit_html(out, str_of(text));
}

/* ---- links --------------------------------------------------------------- */

/* A value in an address. */
static void put_percent(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                     (c >= 'a' && c <= 'z') || (c && strchr("-._~", c));

        buf_printf(out, plain ? "%c" : "%%%02X", c);
    }
}

static const struct table_link *link_of(const struct table_page *page,
                                        const char *column)
{
    const struct table_link *link = page->links;

    while (link && link->column && strcmp(link->column, column) != 0)
        link++;
    return link && link->column ? link : NULL;
}

/* Does the path ask for this member ("day=") itself? */
static bool names_member(const char *path, struct str member)
{
    for (const char *at = strpbrk(path, "?&"); at; at = strpbrk(at, "?&")) {
        at++;
        if (strncmp(at, member.data, member.len) == 0)
            return true;
    }
    return false;
}

/* "&fair=X&day=Y" without what the path names. */
static void put_carry(struct buf *out, const char *carry, const char *path)
{
    while (*carry == '&') {
        size_t len = 1 + strcspn(carry + 1, "&"), name = strcspn(carry, "=");
        struct str member = { carry + 1, name < len ? name : len - 1 };

        if (!names_member(path, member))
            text_emit_html(out, (struct str){ carry, len });
        carry += len;
    }
}

static bool begin_link(const struct table_page *page,
                       const struct column *column, const struct cell *c,
                       struct buf *out)
{
    const struct table_link *link = link_of(page, column->name);
    BUF(value, MAX_TEXT);

    if (!link || c->null)
        return false;
    cell_plain(column->type, c, &value);
    buf_puts(out, "<a href=\"");
    put_escaped(out, link->path);
    put_percent(out, buf_slice(&value));
    put_carry(out, page->carry ? page->carry : "", link->path);
    buf_puts(out, "\">");
    return true;
}

/* ---- cells --------------------------------------------------------------- */

/* How a growth is seen and how it is heard. */
static void put_direction(struct buf *out, int64_t n)
{
    const char *arrow = n > 0 ? "\u25B2" : n < 0 ? "\u25BC" : "=";
    const char *word = n > 0 ? _("up") : n < 0 ? _("down") : _("unchanged");

    buf_printf(out, "<span aria-hidden=\"true\">%s</span> ", arrow);
    buf_puts(out, "<span class=\"visually-hidden\">");
    put_escaped(out, word);
    buf_puts(out, "</span> ");
}

/* What programs read in the page: the integer as it is in JSON, hundredths
 * whole. */
static void put_value(enum column_type type, const struct cell *c,
                      struct buf *out)
{
    BUF(value, MAX_TEXT);

    if (type == COL_DAY || type == COL_TIME || type == COL_BOOL ||
        column_is_text(type))
        cell_plain(type, c, &value);
    else
        buf_int(&value, c->n);
    text_emit_html(out, buf_slice(&value));
}

/* The element around what people read in a cell that is not null. */
static const char *element_of(enum column_type type, const struct cell *c)
{
    if (type == COL_DAY || type == COL_TIME)
        return "time";
    return column_is_text(type) && !c->people ? "bdi" : "data";
}

static void put_known(const struct table *t, int row, int column,
                      struct buf *out)
{
    struct cell c = table_cell(t, row, column);
    enum column_type type = cell_type(&t->columns[column], &c);
    const char *element = element_of(type, &c);
    BUF(people, 4 * MAX_TEXT);

    table_people(t, row, column, &people);
    buf_printf(out, "<%s", element);
    if (strcmp(element, "bdi") != 0) {
        buf_puts(out,
                 strcmp(element, "time") == 0 ? " datetime=\"" : " value=\"");
        put_value(type, &c, out);
        buf_putc(out, '"');
    }
    buf_putc(out, '>');
    if (type == COL_GROWTH)
        put_direction(out, c.n);
    text_emit_html(out, buf_slice(&people));
    buf_printf(out, "</%s>", element);
}

static void put_cell(const struct table *t, const struct table_page *page,
                     int row, int column, struct buf *out)
{
    struct cell c = table_cell(t, row, column);

    if (c.null) {
        table_people(t, row, column, out);
        return;
    }
    bool linked = begin_link(page, &t->columns[column], &c, out);
    put_known(t, row, column, out);
    if (linked)
        buf_puts(out, "</a>");
}

/* ---- rows ---------------------------------------------------------------- */

/* The column that stands at a place. */
static int column_at(const struct table_page *page, int place)
{
    return page->order ? page->order[place] : place;
}

/* The place of the first one. */
static int first_shown(const struct table *t, const struct table_page *page)
{
    int place = 0;

    while (!t->columns[column_at(page, place)].title)
        place++;
    return place;
}

static const char *class_of(const struct column *column, const struct cell *c)
{
    if (c->alert && !c->null)
        return " class=\"alarm\">";
    return column_is_left(column->type) ? ">" : " class=\"n\">";
}

static void put_row(const struct table *t, const struct table_page *page,
                    int row, struct buf *out)
{
    int first = first_shown(t, page);

    buf_puts(out, "<tr>");
    for (int place = first; place < t->n_columns; place++) {
        int i = column_at(page, place);
        struct cell c = table_cell(t, row, i);

        if (!t->columns[i].title)
            continue;
        buf_puts(out, place == first ? "<th scope=\"row\"" : "<td");
        buf_puts(out, class_of(&t->columns[i], &c));
        put_cell(t, page, row, i, out);
        buf_puts(out, place == first ? "</th>" : "</td>");
    }
    buf_puts(out, "</tr>\n");
}

static void put_head(const struct table *t, const struct table_page *page,
                     struct buf *out)
{
    buf_puts(out, "<thead><tr>");
    for (int place = 0; place < t->n_columns; place++) {
        const struct column *column = &t->columns[column_at(page, place)];
        if (!column->title)
            continue;
        buf_puts(out, "<th scope=\"col\"");
        buf_puts(out, column_is_left(column->type) ? ">" : " class=\"n\">");
        put_escaped(out, _(column->title));
        buf_puts(out, "</th>");
    }
    buf_puts(out, "</tr></thead>\n");
}

/* The chart's columns as the script finds them: counted among those shown. */
static int place_of(const struct table *t, const struct table_page *page,
                    int column)
{
    int place = 0;

    ASSERT(column < t->n_columns && t->columns[column].title);
    for (int i = 0; column_at(page, i) != column; i++)
        place += t->columns[column_at(page, i)].title != NULL;
    return place;
}

static void put_chart(const struct table *t, const struct table_page *page,
                      struct buf *out)
{
    const struct chart *chart = page->chart;

    if (!chart || chart->kind == CHART_NONE)
        return;
    ASSERT(chart->n <= CHART_SERIES && chart->ghosts <= chart->n);
    buf_printf(out, " data-chart=\"%s\" data-x=\"%d\" data-series=\"",
               chart->kind == CHART_BARS ? "bars" : "lines",
               place_of(t, page, chart->x));
    for (int i = 0; i < chart->n; i++)
        buf_printf(out, "%s%d", i > 0 ? " " : "",
                   place_of(t, page, chart->series[i]));
    buf_printf(out, "\" data-ghosts=\"%d\"", chart->ghosts);
}

/* ---- the table ----------------------------------------------------------- */

void table_html(const struct table *t, const struct table_page *page,
                struct buf *out)
{
    int rows = table_rows(t);

    buf_puts(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                  "aria-label=\"");
    put_escaped(out, page->caption);
    buf_puts(out, "\">\n<table");
    put_chart(t, page, out);
    buf_puts(out, ">\n<caption>");
    put_escaped(out, page->caption);
    buf_puts(out, "</caption>\n");
    put_head(t, page, out);
    buf_puts(out, "<tbody>\n");
    for (int row = 0; row < rows; row++)
        put_row(t, page, row, out);
    buf_puts(out, "</tbody>\n");
    if (rows < table_rows_shown(t)) {
        buf_puts(out, "<tfoot>\n");
        put_row(t, page, rows, out);
        buf_puts(out, "</tfoot>\n");
    }
    buf_puts(out, "</table>\n</div>\n");
}
