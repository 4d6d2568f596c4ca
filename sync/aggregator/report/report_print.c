/*
 * report_print.c - one table and what stands around it, in every format.
 *
 * Promise: all formats of a report say the same; notes that people read below
 * the table in text stand below it in a page and above it in a workbook.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"

#include "report_parts.h"
#include "sync/aggregator/store/allowance.h"

/* ---- the formats --------------------------------------------------------- */

void moment_render(struct buf *out, int64_t ms)
{
    day_render_people(out, day_of_ms(ms));
    buf_putc(out, ' ');
    clock_render(out, ms);
}

void hold_json(const struct hold *h, struct json *j, const char *name)
{
    json_object(j, name);
    json_int(j, "events", h->events);
    json_int(j, "amount_vnd", h->amount_vnd);
    json_end_object(j);
}

void page_members(const struct report *r, const struct page *page,
                  struct json *j)
{
    table_json(page->table, j, page->array);
    if (page->json)
        page->json(r, j);
    hold_json(&r->hold, j, "hold");
}

static void print_json(const struct report *r, const struct page *page,
                       struct buf *out)
{
    struct json j;

    buf_room(out, page->members.len); /* at once */
    json_begin(&j, out);
    json_object(&j, NULL);
    json_text(&j, "fair", r->ground.fair.code);
    json_time(&j, "as_of", r->now_ms);
    json_members(&j, page->members);
    if (page->members.len == 0)
        page_members(r, page, &j);
    json_end_object(&j);
    json_finish(&j);
}

/* What is left out is said, but only when there is something. */
static void hold_text(const struct hold *h, struct buf *out)
{
    BUF(amount, MAX_TEXT);

    if (h->events == 0)
        return;
    money_render(&amount, h->amount_vnd);
    buf_printf(out, _("On hold and left out: %lld events, %s đồng"),
               (long long)h->events, buf_text(&amount));
    buf_putc(out, '\n');
}

static void origin_text(const struct report *r, struct buf *out)
{
    enum origin origin = r->ground.only.origin;

    if (origin != ORIGINS)
        buf_printf(out, ", %s: %s", _("origin"), _(origin_names[origin].text));
}

/* As of when, and of whom. */
static void moment_text(const struct report *r, struct buf *out)
{
    buf_puts(out, _("as of"));
    buf_putc(out, ' ');
    moment_render(out, r->now_ms);
    origin_text(r, out);
    buf_putc(out, '\n');
}

/* What stands below the table. */
static void notes_text(const struct report *r, const struct page *page,
                       struct buf *out)
{
    if (page->text)
        page->text(r, out);
    hold_text(&r->hold, out);
}

static void title_text(const struct report *r, struct buf *out)
{
    buf_printf(out, "%s – ", _(r->kind->title));
    text_emit_terminal(out, str_of(r->ground.fair.name));
    buf_printf(out, " (%s)\n", r->ground.fair.code);
}

static void print_text(const struct report *r, const struct page *page,
                       struct buf *out)
{
    BUF(below, MAX_TEXT);

    title_text(r, out);
    moment_text(r, out);
    buf_putc(out, '\n');
    table_text(page->table, out);
    notes_text(r, page, &below);
    if (below.len > 0)
        buf_putc(out, '\n');
    buf_str(out, buf_slice(&below));
}

void notes_html(struct str notes, struct buf *out)
{
    while (notes.len > 0) {
        const char *end = memchr(notes.data, '\n', notes.len);
        size_t len = end ? (size_t)(end - notes.data) : notes.len;

        if (len > 0) {
            buf_puts(out, "<p class=\"note\">");
            text_emit_html(out, (struct str){ notes.data, len });
            buf_puts(out, "</p>\n");
        }
        len += end != NULL;
        notes = (struct str){ notes.data + len, notes.len - len };
    }
}

static void left_out_text(const struct table *t, struct buf *out)
{
    int n = table_left_out(t);

    if (n == 0)
        return;
    buf_printf(out, _("Rows left out here: %d. The files have them all."), n);
    buf_putc(out, '\n');
}

static void print_html(const struct report *r, const struct page *page,
                       struct buf *out)
{
    const struct table_page around = { .caption = _(r->kind->title),
                                       .chart = page->chart,
                                       .order = page->order,
                                       .links = r->query->links,
                                       .carry = r->query->carry };
    BUF(below, MAX_TEXT);

    table_html(page->table, &around, out);
    left_out_text(page->table, &below);
    notes_text(r, page, &below);
    notes_html(buf_slice(&below), out);
}

static enum err print_xlsx(const struct report *r, const struct page *page,
                           struct buf *out)
{
    BUF(about, MAX_TEXT);

    title_text(r, &about);
    moment_text(r, &about);
    notes_text(r, page, &about);
    const struct sheet sheet = { .name = _(r->kind->title),
                                 .about = buf_text(&about),
                                 .chart = page->chart,
                                 .why = r->why };
    return table_xlsx(page->table, &sheet, out);
}

struct table *report_table(const struct report *r, const struct column *columns,
                           int n)
{
    struct table *t = table_open(columns, n);

    if (r->query->format == REPORT_HTML)
        table_most(t, PAGE_ROWS);
    return t;
}

void report_print(const struct report *r, const struct page *page,
                  struct buf *out)
{
    if (allowance_check() != ERR_OK)
        return; /* the table is not whole */
    switch (r->query->format) {
    case REPORT_JSON: print_json(r, page, out); break;
    case REPORT_CSV: table_csv(page->table, out); break;
    case REPORT_HTML: print_html(r, page, out); break;
    case REPORT_XLSX: *r->printed = print_xlsx(r, page, out); break;
    case REPORT_TEXT: print_text(r, page, out); break;
    }
}

/* ---- what reports print -------------------------------------------------- */

enum err report_hold(void *ctx, const struct roll_hold *h)
{
    struct report *r = ctx;

    hold_add(&r->ground, h, &r->hold);
    return ERR_OK;
}

struct str report_text(const struct report *r, uint32_t number)
{
    if (number >= r->rows.n_texts)
        return STR("");
    const struct row_text *t = &r->rows.texts[number];
    return (struct str){ r->rows.bytes.data + t->at, t->len };
}

struct summed *report_summed(const struct report *r,
                             int (*compare)(const void *, const void *))
{
    size_t n = r->rows.n;
    struct summed *all = x_alloc((n + 1) * sizeof(*all));

    for (size_t i = 0; i < n; i++) {
        const struct row *row = &r->rows.rows[i];

        all[i] = (struct summed){ row->key, row->v, report_text(r, row->key.a),
                                  report_text(r, row->key.b) };
    }
    qsort(all, n, sizeof(*all), compare);
    return all;
}

bool report_full(const struct report *r, int shown)
{
    return r->query->limit > 0 && shown >= r->query->limit;
}

const struct cell cell_null = { .null = true };

struct cell cell_int(int64_t n)
{
    return (struct cell){ .n = n };
}

struct cell cell_str(struct str s)
{
    return (struct cell){ .s = s };
}

struct cell cell_word(const char *s)
{
    return s ? cell_str(str_of(s)) : cell_null;
}

struct cell cell_named(const struct word_name *name)
{
    struct cell c = cell_word(name->word);

    c.people = name->text;
    return c;
}

struct cell cell_figure(struct figure f)
{
    return f.known ? cell_int(f.n) : cell_null;
}

void cells_json(struct json *j, const struct column *columns,
                const struct cell *cells, int first, int end)
{
    for (int i = first; i < end; i++) {
        enum column_type type = columns[i].type;

        if (cells[i].null)
            json_null(j, columns[i].name);
        else if (type == COL_HUNDREDTHS || type == COL_GROWTH)
            json_hundredths(j, columns[i].name, cells[i].n);
        else
            json_int(j, columns[i].name, cells[i].n);
    }
}

struct figure share_of(int64_t part, int64_t whole)
{
    int64_t hundredfold = 0;

    if (whole <= 0 || money_mul(part, 100, &hundredfold) != ERR_OK)
        return (struct figure){ false, 0 };
    return (struct figure){ true, per_day_hundredths(hundredfold, whole) };
}
