/*
 * report_glance.c - the glance as a table: the figures of the day, then those
 * of the fair so far. What they mean is in glance.h.
 */
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "glance.h"
#include "report_other.h"

enum { COLUMNS = 9 };

/* People see what stands beside each other on a screen; programs also what the
 * growth is computed from. */
static const struct column columns[COLUMNS] = {
    { "period", NULL, COL_TEXT },
    { "name", N_("Figure"), COL_NAME },
    { "value", N_("Now"), COL_INT },
    { "compared", NULL, COL_INT },
    { "that", N_("Other fair"), COL_INT },
    { "growth", N_("Growth"), COL_GROWTH },
    { "yesterday", N_("Day before"), COL_INT },
    { "growth_yesterday", N_("Growth"), COL_GROWTH },
    { "unit", NULL, COL_TEXT },
};

enum { DAY, TO_DATE, PERIODS };
static const char *const periods[PERIODS] = { "day", "to_date" };

static const struct {
    struct word_name names[PERIODS];
    const char *unit;
} figures[GLANCES] = {
    [GLANCE_NET] = { { { "net_vnd", N_("Net revenue") },
                       { "net_vnd", N_("Fair: net revenue") } },
                     "vnd" },
    [GLANCE_SALES] = { { { "sales", N_("Receipts") },
                         { "sales", N_("Fair: receipts") } },
                       "receipts" },
    [GLANCE_AVERAGE] = { { { "average_vnd", N_("Đồng a receipt") },
                           { "average_vnd", N_("Fair: đồng a receipt") } },
                         "vnd" },
    [GLANCE_VISITS] = { { { "visits", N_("Visits") },
                          { "visits", N_("Fair: visits") } },
                        "visits" },
    [GLANCE_PER_VISIT] = { { { "vnd_per_visit", N_("Đồng a visit") },
                             { "vnd_per_visit", N_("Fair: đồng a visit") } },
                           "vnd" },
};

static void put_rows(struct table *table, const struct glance *g, int period)
{
    const struct glance_row *rows = period == DAY ? g->row : g->to_date;

    for (int i = 0; i < GLANCES; i++) {
        const struct glance_row *row = &rows[i];
        const struct cell cells[COLUMNS] = {
            cell_word(periods[period]),  cell_named(&figures[i].names[period]),
            cell_figure(row->now),       cell_figure(row->compared),
            cell_figure(row->that),      cell_figure(row->growth),
            cell_figure(row->yesterday), cell_figure(row->growth_yesterday),
            cell_word(figures[i].unit),
        };

        table_row(table, cells);
    }
}

/* ---- what stands around the table ---------------------------------------- */

static int64_t until_ms(const struct glance *g)
{
    return day_start_ms(g->day) + g->until_min * INT64_C(60000);
}

static void trust_json(const struct glance *g, struct json *j)
{
    json_object(j, "trust");
    json_int(j, "booths_reporting", g->booths_reporting);
    json_int(j, "booths_expected", g->booths_expected);
    json_int(j, "booths_recent", g->booths_recent);
    json_int(j, "devices", g->devices);
    json_int(j, "devices_silent", g->devices_silent);
    json_int(j, "events_waiting", g->events_waiting);
    json_end_object(j);
}

static void glance_json(const struct report *r, struct json *j)
{
    const struct glance *g = r->own;

    json_text(j, "with", g->with);
    json_bool(j, "running", g->running);
    json_int(j, "fair_day", g->fair_day);
    json_int(j, "fair_days", g->fair_days);
    json_day(j, "date", g->day);
    json_time(j, "until", g->until_min >= 0 ? until_ms(g) : 0);
    json_text(j, "why", glance_why_word(g->why));
    json_text(j, "why_yesterday", glance_why_word(g->why_yesterday));
    trust_json(g, j);
}

static void compared_text(const struct glance *g, struct buf *out)
{
    other_text(g->why, g->with_name, g->with, out);
    buf_putc(out, '\n');
    if (g->until_min < 0)
        return;
    buf_puts(out, g->running ? _("The day is running: growth is up to ")
                             : _("The day has closed: growth is up to "));
    clock_render(out, until_ms(g));
    buf_puts(out, _(" on both sides, Now is all there is"));
    buf_putc(out, '\n');
}

static void trust_text(const struct glance *g, struct buf *out)
{
    buf_printf(out,
               _("Booths heard: %lld of %lld, %lld within ten minutes; "
                 "devices silent: %lld of %lld"),
               (long long)g->booths_reporting, (long long)g->booths_expected,
               (long long)g->booths_recent, (long long)g->devices_silent,
               (long long)g->devices);
    buf_putc(out, '\n');
    buf_printf(out, _("Events waiting on devices, as told last: %lld"),
               (long long)g->events_waiting);
    buf_putc(out, '\n');
}

static void glance_text(const struct report *r, struct buf *out)
{
    const struct glance *g = r->own;

    if (g->fair_day > 0) {
        buf_printf(out, _("Fair-day %d of %d, "), g->fair_day, g->fair_days);
        day_render_people(out, g->day);
        buf_putc(out, '\n');
    }
    compared_text(g, out);
    trust_text(g, out);
}

enum err report_glance(struct report *r, struct buf *out)
{
    struct glance g;
    enum err e = glance_fill(r, SILENT_MIN_USUAL, &g);

    if (e != ERR_OK)
        return e;
    struct table *table = table_open(columns, COLUMNS);
    struct page page = { .array = "figures",
                         .table = table,
                         .json = glance_json,
                         .text = glance_text };

    if (g.fair_day > 0)
        put_rows(table, &g, DAY);
    put_rows(table, &g, TO_DATE);
    r->own = &g;
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
