/*
 * report_explain.c - what a number is made of: the booths of a fair or of one
 * day, a booth's devices day by day, a device's events.
 *
 * Promise: each level adds up to the row above it, because all of them are
 * sums of the same roll-ups; the events are folded by the same function. What
 * is on hold is in no figure and is said below.
 */
#include "report_explain.h"

#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"

/* ---- sums ---------------------------------------------------------------- */

void explained_sale(struct explained *sum, const struct roll_sale *r)
{
    sum_add(&sum->revenue_vnd, r->revenue_vnd);
    sum_add(&sum->refunds_vnd, r->refunds_vnd);
    sum_add(&sum->net_vnd, r->revenue_vnd);
    sum_add(&sum->net_vnd, -r->refunds_vnd);
    sum_add(&sum->sales, r->sales);
}

void explained_add(struct explained *sum, const struct explained *by)
{
    sum_add(&sum->net_vnd, by->net_vnd);
    sum_add(&sum->revenue_vnd, by->revenue_vnd);
    sum_add(&sum->refunds_vnd, by->refunds_vnd);
    sum_add(&sum->sales, by->sales);
    sum_add(&sum->visits, by->visits);
}

void explained_json(const struct explained *sum, struct json *j)
{
    json_object(j, "totals");
    json_int(j, "net_vnd", sum->net_vnd);
    json_int(j, "revenue_vnd", sum->revenue_vnd);
    json_int(j, "refunds_vnd", sum->refunds_vnd);
    json_int(j, "sales", sum->sales);
    json_int(j, "visits", sum->visits);
    json_end_object(j);
}

/* ---- what a device had on a day ------------------------------------------ */

struct part {
    const struct post *post;
    int day;
    struct explained sum;
};

struct level {
    struct report *r;
    struct part *parts; /* in the order found */
    size_t n;
    struct explained total;
};

/* NULL: not asked for. */
static struct part *part_of(struct level *l, struct str device, int day)
{
    const struct report *r = l->r;
    const struct post *p = ground_post(&r->ground, device);

    if (!p || (r->query->day != 0 && r->query->day != day))
        return NULL;
    struct row_key key = { .device = (uint32_t)(p - r->ground.devices),
                           .day = day };
    int64_t *place = rows_at(&l->r->rows, key)->v;
    if (*place == 0) {
        l->parts = x_realloc(l->parts, (l->n + 1) * sizeof(*l->parts));
        l->parts[l->n] = (struct part){ .post = p, .day = day };
        *place = (int64_t)++l->n;
    }
    return &l->parts[*place - 1];
}

static enum err take_sale(void *ctx, const struct roll_sale *sale)
{
    struct part *part = part_of(ctx, sale->device, sale->day);

    if (part)
        explained_sale(&part->sum, sale);
    return ERR_OK;
}

static enum err take_visit(void *ctx, const struct roll_visit *v)
{
    struct level *l = ctx;
    bool counts = ground_gate(&l->r->ground, v->gate);
    struct part *part = counts ? part_of(l, v->device, v->day) : NULL;

    if (part)
        sum_add(&part->sum.visits, v->visits);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct level *l = ctx;

    return report_hold(l->r, h);
}

static enum err level_load(struct level *l)
{
    struct roll_taker taker = {
        .ctx = l, .sale = take_sale, .visit = take_visit, .hold = take_hold
    };
    enum err e =
        store_rolls(l->r->store, str_of(l->r->ground.fair.code), &taker);

    for (size_t i = 0; i < l->n; i++)
        explained_add(&l->total, &l->parts[i].sum);
    return e;
}

static void totals(const struct report *r, struct json *j)
{
    const struct level *l = r->own;

    explained_json(&l->total, j);
}

/* The five figures from cells[0] on. */
static void put_sums(struct cell *cells, const struct explained *sum)
{
    cells[0] = cell_int(sum->net_vnd);
    cells[1] = cell_int(sum->revenue_vnd);
    cells[2] = cell_int(sum->refunds_vnd);
    cells[3] = cell_int(sum->sales);
    cells[4] = cell_int(sum->visits);
}

/* ---- the booths ---------------------------------------------------------- */

enum { BOOTH, BOOTH_NAME, BOOTH_SUMS, BOOTH_COLUMNS = BOOTH_SUMS + 5 };

static const struct column booth_columns[BOOTH_COLUMNS] = {
    { "booth", N_("Booth"), COL_TEXT },
    { "name", N_("Name"), COL_NAME },
    { "net_vnd", N_("Net revenue"), COL_MONEY },
    { "revenue_vnd", N_("Revenue"), COL_MONEY },
    { "refunds_vnd", N_("Refunds"), COL_MONEY },
    { "sales", N_("Receipts"), COL_INT },
    { "visits", N_("Visits"), COL_INT },
};

struct booth_row {
    const struct ground_booth *booth;
    struct explained sum;
};

static int by_net(const void *left, const void *right)
{
    const struct booth_row *a = left, *b = right;

    if (a->sum.net_vnd != b->sum.net_vnd)
        return a->sum.net_vnd < b->sum.net_vnd ? 1 : -1;
    return strcmp(a->booth->code, b->booth->code);
}

static void put_booths(const struct level *l, struct table *table)
{
    const struct fairground *g = &l->r->ground;
    size_t n = (size_t)g->n_booths;
    struct booth_row *rows = x_alloc((n + 1) * sizeof(*rows));

    for (size_t i = 0; i < n; i++)
        rows[i].booth = &g->booths[i];
    for (size_t i = 0; i < l->n; i++)
        explained_add(&rows[l->parts[i].post->booth].sum, &l->parts[i].sum);
    qsort(rows, n, sizeof(*rows), by_net);
    for (size_t i = 0; i < n; i++) {
        struct cell cells[BOOTH_COLUMNS];

        if (!ground_wants(g, rows[i].booth))
            continue;
        cells[BOOTH] = cell_word(rows[i].booth->code);
        cells[BOOTH_NAME] = cell_word(rows[i].booth->name);
        put_sums(&cells[BOOTH_SUMS], &rows[i].sum);
        table_row(table, cells);
    }
    free(rows);
}

static void booth_total(const struct level *l, struct table *table)
{
    struct cell cells[BOOTH_COLUMNS];

    for (int i = 0; i < BOOTH_SUMS; i++)
        cells[i] = cell_null;
    put_sums(&cells[BOOTH_SUMS], &l->total);
    table_total(table, cells);
}

static void print_booths(struct level *l, struct buf *out)
{
    struct table *table = report_table(l->r, booth_columns, BOOTH_COLUMNS);
    const struct page page = { .array = "booths",
                               .table = table,
                               .json = totals };

    put_booths(l, table);
    booth_total(l, table);
    report_print(l->r, &page, out);
    table_close(table);
}

/* ---- a booth's devices --------------------------------------------------- */

enum {
    DEVICE,
    DEVICE_BOOTH,
    DEVICE_DATE,
    DEVICE_DAY,
    DEVICE_SUMS,
    DEVICE_COLUMNS = DEVICE_SUMS + 5
};

static const struct column device_columns[DEVICE_COLUMNS] = {
    { "device", N_("Device"), COL_TEXT },
    { "booth", NULL, COL_TEXT },
    { "date", N_("Date"), COL_DAY },
    { "fair_day", NULL, COL_INT },
    { "net_vnd", N_("Net revenue"), COL_MONEY },
    { "revenue_vnd", N_("Revenue"), COL_MONEY },
    { "refunds_vnd", N_("Refunds"), COL_MONEY },
    { "sales", N_("Receipts"), COL_INT },
    { "visits", N_("Visits"), COL_INT },
};

static int by_device_and_day(const void *left, const void *right)
{
    const struct part *a = left, *b = right;
    int64_t x = a->post->d.number, y = b->post->d.number;

    if (x != y)
        return x < y ? -1 : 1;
    return (a->day > b->day) - (a->day < b->day);
}

static void put_device(const struct level *l, const struct part *part,
                       struct table *table)
{
    int number = fair_day_number(&l->r->ground.fair, part->day);
    struct cell cells[DEVICE_COLUMNS];

    cells[DEVICE] = cell_word(part->post->d.device);
    cells[DEVICE_BOOTH] = cell_word(part->post->d.booth);
    cells[DEVICE_DATE] = cell_int(part->day);
    cells[DEVICE_DAY] = number > 0 ? cell_int(number) : cell_null;
    put_sums(&cells[DEVICE_SUMS], &part->sum);
    table_row(table, cells);
}

static void print_devices(struct level *l, struct buf *out)
{
    struct table *table = report_table(l->r, device_columns, DEVICE_COLUMNS);
    const struct page page = { .array = "devices",
                               .table = table,
                               .json = totals };
    struct cell cells[DEVICE_COLUMNS];

    if (l->n > 0)
        qsort(l->parts, l->n, sizeof(*l->parts), by_device_and_day);
    for (size_t i = 0; i < l->n; i++)
        put_device(l, &l->parts[i], table);
    for (int i = 0; i < DEVICE_SUMS; i++)
        cells[i] = cell_null;
    put_sums(&cells[DEVICE_SUMS], &l->total);
    table_total(table, cells);
    report_print(l->r, &page, out);
    table_close(table);
}

/* ---- the report ---------------------------------------------------------- */

enum err report_explain(struct report *r, struct buf *out)
{
    const struct report_query *q = r->query;
    struct level l = { .r = r };

    if (q->device)
        return explain_events(r, out);
    if (q->seq != 0) {
        buf_puts(r->why, _("the number of an event needs its device"));
        return ERR_USAGE;
    }
    enum err e = level_load(&l);
    r->own = &l;
    if (e == ERR_OK)
        (q->booth ? print_devices : print_booths)(&l, out);
    free(l.parts);
    return e;
}
