/*
 * report_days.c - revenue, refunds, voids, visits and coverage of each day.
 *
 * Every open day of the calendar has a row, days outside it with events have
 * one too, so rows sum to the totals. revenue = sales not voided; net =
 * revenue - refunds; a refund counts on its own day.
 */
#include "fair/i18n.h"
#include "fair/money.h"

#include "report_daybook.h"
#include "report_parts.h"

enum { COLUMNS = 11, SUMS = 8 };

static const struct column columns[COLUMNS] = {
    { "date", N_("Date"), COL_DAY },
    { "fair_day", N_("Day"), COL_INT },
    { "in_calendar", NULL, COL_BOOL },
    { "revenue_vnd", N_("Sales"), COL_MONEY },
    { "refunds_vnd", N_("Refunds"), COL_MONEY },
    { "voids_vnd", NULL, COL_MONEY },
    { "net_vnd", N_("Net revenue"), COL_MONEY },
    { "sales", N_("Receipts"), COL_INT },
    { "visits", N_("Visits"), COL_INT },
    { "booths_reporting", N_("Booths heard"), COL_INT },
    { "booths_expected", NULL, COL_INT },
};

/* In the order of the last SUMS columns. */
static void sums_list(const struct tally_sums *s, int64_t out[SUMS])
{
    const int64_t list[SUMS] = {
        s->revenue_vnd, s->refunds_vnd, s->voids_vnd, tally_net(s),
        s->sales,       s->visits,      s->reporting, s->expected,
    };

    for (int i = 0; i < SUMS; i++)
        out[i] = list[i];
}

/* Fills all cells but the first ones. */
static void sums_put(const struct tally_sums *sums, struct cell *cells)
{
    int64_t n[SUMS];

    sums_list(sums, n);
    for (int i = 0; i < SUMS; i++)
        cells[COLUMNS - SUMS + i] = cell_int(n[i]);
}

static void put_day(struct table *table, const struct tally_day *d)
{
    bool open = d->number > 0;
    struct cell cells[COLUMNS] = { cell_int(d->day),
                                   open ? cell_int(d->number) : cell_null,
                                   cell_int(open) };

    sums_put(&d->sums, cells);
    table_row(table, cells);
}

static void put_total(struct table *table, const struct tally_sums *sums)
{
    struct cell cells[COLUMNS] = { cell_null, cell_null, cell_null };

    sums_put(sums, cells);
    table_total(table, cells);
}

static void totals_json(const struct report *r, struct json *j)
{
    const struct tally *t = r->own;
    int64_t n[SUMS];

    sums_list(&t->total, n);
    json_object(j, "totals");
    for (int i = 0; i < SUMS; i++)
        json_int(j, columns[COLUMNS - SUMS + i].name, n[i]);
    json_end_object(j);
}

static void coverage_text(const struct report *r, struct buf *out)
{
    struct coverage c = tally_coverage(r->own, r->now_ms);

    if (c.expected == 0)
        return;
    buf_printf(out, _("Coverage: %lld of %lld booth-days"),
               (long long)c.reporting, (long long)c.expected);
    buf_puts(out, " (");
    hundredths_render(out, per_day_hundredths(c.reporting * 100, c.expected));
    buf_puts(out, " %)\n");
}

static struct table *table_of(const struct report *r, const struct tally *t)
{
    struct table *table = report_table(r, columns, COLUMNS);

    for (int i = 0; i < t->n_days; i++)
        put_day(table, &t->days[i]);
    put_total(table, &t->total);
    return table;
}

static const struct page days_page = { .array = "days",
                                       .json = totals_json,
                                       .text = coverage_text };

static void print(struct report *r, const struct tally *t, struct buf *out)
{
    struct table *table = table_of(r, t);
    struct page page = days_page;

    page.table = table;
    r->own = t;
    r->hold = t->hold;
    report_print(r, &page, out);
    table_close(table);
}

/* The days are printed once, too. */
static void print_json(struct report *r, struct daybook *book, struct buf *out)
{
    struct page page = days_page;

    r->own = &book->tally;
    r->hold = book->tally.hold;
    if (book->json.len == 0) {
        struct table *table = table_of(r, &book->tally);
        struct json j;

        page.table = table;
        json_begin(&j, &book->json);
        page_members(r, &page, &j);
        table_close(table);
    }
    page.members = buf_slice(&book->json);
    report_print(r, &page, out);
}

/* Of some booths. */
static enum err days_of_scope(struct report *r, struct buf *out)
{
    struct tally t = { .ground = &r->ground };
    enum err e = tally_load(&t, r->store);

    if (e == ERR_OK)
        print(r, &t, out);
    tally_done(&t);
    return e;
}

enum err report_days(struct report *r, struct buf *out)
{
    struct daybook *book = NULL;

    if (r->only.origin != ORIGINS || r->only.booth)
        return report_on_ground(r, days_of_scope, out);
    enum err e = daybook_get(r->store, r->query->fair, &book);
    if (e != ERR_OK)
        return report_no_fair(r, e);
    r->ground = book->ground;
    if (r->query->format == REPORT_JSON)
        print_json(r, book, out);
    else
        print(r, &book->tally, out);
    return ERR_OK;
}
