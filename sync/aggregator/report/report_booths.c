/*
 * report_booths.c - booths by net revenue.
 *
 * Every booth of the booth list has a row, and so has every other booth whose
 * devices have recorded something; name, origin and stands of those are null.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"

#include "report_parts.h"

enum { COLUMNS = 10 };

static const struct column columns[COLUMNS] = {
    { "booth", N_("Booth"), COL_TEXT },
    { "name", N_("Name"), COL_NAME },
    { "origin", NULL, COL_TEXT },
    { "stands", NULL, COL_INT },
    { "net_vnd", N_("Net revenue"), COL_MONEY },
    { "revenue_vnd", NULL, COL_MONEY },
    { "refunds_vnd", NULL, COL_MONEY },
    { "sales", N_("Receipts"), COL_INT },
    { "devices", NULL, COL_INT },
    { "last_seen", N_("Last seen"), COL_TIME },
};

struct league_row {
    const struct ground_booth *booth;
    int64_t net_vnd, revenue_vnd, refunds_vnd, sales, devices, seen_ms;
};

struct league {
    struct report *r;
    struct league_row *rows; /* by booth */
};

static enum err take_day(void *ctx, const struct roll_day *d)
{
    struct league *l = ctx;
    const struct post *p = ground_post(&l->r->ground, d->device);

    if (!p)
        return ERR_OK;
    struct league_row *row = &l->rows[p->booth];
    sum_add(&row->revenue_vnd, d->revenue_vnd);
    sum_add(&row->refunds_vnd, d->refunds_vnd);
    sum_add(&row->net_vnd, d->revenue_vnd);
    sum_add(&row->net_vnd, -d->refunds_vnd);
    sum_add(&row->sales, d->sales);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct league *l = ctx;

    return report_hold(l->r, h);
}

static void count_devices(struct league *l)
{
    const struct fairground *g = &l->r->ground;

    for (int i = 0; i < g->n_booths; i++)
        l->rows[i].booth = &g->booths[i];
    for (int i = 0; i < g->n_devices; i++) {
        struct league_row *row = &l->rows[g->devices[i].booth];
        int64_t seen_ms = g->devices[i].d.seen_ms;

        row->devices++;
        if (seen_ms > row->seen_ms)
            row->seen_ms = seen_ms;
    }
}

static int by_net(const void *left, const void *right)
{
    const struct league_row *a = left, *b = right;

    if (a->net_vnd != b->net_vnd)
        return a->net_vnd > b->net_vnd ? -1 : 1;
    return strcmp(a->booth->code, b->booth->code);
}

static void put_row(struct table *table, const struct league_row *row)
{
    const struct ground_booth *b = row->booth;
    const struct cell cells[COLUMNS] = {
        cell_word(b->code),
        cell_word(b->name),
        cell_word(origin_names[b->origin].word),
        b->name ? cell_int(b->stands) : cell_null,
        cell_int(row->net_vnd),
        cell_int(row->revenue_vnd),
        cell_int(row->refunds_vnd),
        cell_int(row->sales),
        cell_int(row->devices),
        row->seen_ms > 0 ? cell_int(row->seen_ms) : cell_null,
    };

    table_row(table, cells);
}

enum err report_booths(struct report *r, struct buf *out)
{
    const struct fairground *g = &r->ground;
    size_t n = (size_t)g->n_booths;
    struct league l = { r, x_alloc((n + 1) * sizeof(*l.rows)) };
    struct roll_taker taker = { .ctx = &l, .day = take_day, .hold = take_hold };

    count_devices(&l);
    enum err e = store_rolls(r->store, str_of(g->fair.code), &taker);
    if (e == ERR_OK) {
        struct table *table = report_table(r, columns, COLUMNS);
        struct page page = { .array = "booths", .table = table };

        qsort(l.rows, n, sizeof(*l.rows), by_net);
        int shown = 0;
        for (size_t i = 0; i < n && !report_full(r, shown); i++) {
            if (!ground_wants(g, l.rows[i].booth))
                continue;
            put_row(table, &l.rows[i]);
            shown++;
        }
        report_print(r, &page, out);
        table_close(table);
    }
    free(l.rows);
    return e;
}
