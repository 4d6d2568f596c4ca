/*
 * report_hours.c - revenue and visits by fair-day and hour.
 *
 * The hours after midnight and before the cut-off belong to the fair-day that
 * began before and stand behind its evening. Hours without events have no row.
 */
#include <stdlib.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "report_parts.h"

enum { COLUMNS = 8, SLOTS_PER_HOUR = 60 / SLOT_MINUTES };
enum { REVENUE, REFUNDS, SALES, VISITS };

static const struct column columns[COLUMNS] = {
    { "date", N_("Date"), COL_DAY },
    { "fair_day", N_("Day"), COL_INT },
    { "hour", N_("Hour"), COL_HOUR },
    { "revenue_vnd", N_("Sales"), COL_MONEY },
    { "refunds_vnd", N_("Refunds"), COL_MONEY },
    { "net_vnd", N_("Net revenue"), COL_MONEY },
    { "sales", N_("Receipts"), COL_INT },
    { "visits", N_("Visits"), COL_INT },
};

int hour_of_slot(const struct fairground *g, int slot)
{
    int hour = slot / SLOTS_PER_HOUR % 24;

    return hour * 60 < g->fair.cut_off_min ? hour + 24 : hour;
}

static struct row *row_of(struct report *r, int day, int slot)
{
    struct row_key key = { .day = day, .part = hour_of_slot(&r->ground, slot) };

    return rows_at(&r->rows, key);
}

static enum err take_sale(void *ctx, const struct roll_sale *sale)
{
    struct report *r = ctx;

    if (!ground_post(&r->ground, sale->device))
        return ERR_OK;
    int64_t *v = row_of(r, sale->day, sale->slot)->v;
    sum_add(&v[REVENUE], sale->revenue_vnd);
    sum_add(&v[REFUNDS], sale->refunds_vnd);
    sum_add(&v[SALES], sale->sales);
    return ERR_OK;
}

static enum err take_visit(void *ctx, const struct roll_visit *visit)
{
    struct report *r = ctx;

    if (ground_post(&r->ground, visit->device) &&
        ground_gate(&r->ground, visit->gate))
        sum_add(&row_of(r, visit->day, visit->slot)->v[VISITS], visit->visits);
    return ERR_OK;
}

static int by_hour(const void *left, const void *right)
{
    const struct summed *a = left, *b = right;

    if (a->key.day != b->key.day)
        return a->key.day < b->key.day ? -1 : 1;
    return (a->key.part > b->key.part) - (a->key.part < b->key.part);
}

static void put_row(const struct report *r, struct table *table,
                    const struct summed *row)
{
    int number = fair_day_number(&r->ground.fair, row->key.day);
    const struct cell cells[COLUMNS] = {
        cell_int(row->key.day),
        number > 0 ? cell_int(number) : cell_null,
        cell_int(row->key.part % 24),
        cell_int(row->v[REVENUE]),
        cell_int(row->v[REFUNDS]),
        cell_int(row->v[REVENUE] - row->v[REFUNDS]),
        cell_int(row->v[SALES]),
        cell_int(row->v[VISITS]),
    };

    table_row(table, cells);
}

enum err report_hours(struct report *r, struct buf *out)
{
    struct roll_taker taker = {
        .ctx = r, .sale = take_sale, .visit = take_visit, .hold = report_hold
    };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);

    if (e != ERR_OK)
        return e;
    struct table *table = report_table(r, columns, COLUMNS);
    struct page page = { .array = "hours", .table = table };

    struct summed *rows = report_summed(r, by_hour);

    for (uint32_t i = 0; i < r->rows.n; i++)
        put_row(r, table, &rows[i]);
    free(rows);
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
