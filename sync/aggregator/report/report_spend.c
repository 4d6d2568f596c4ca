/*
 * report_spend.c - what a visit brings in: đồng per visit and sales per hundred
 * visits, by fair-day and hour, and how the visits of the hour were spread over
 * the gates.
 *
 * A row with a gate has visits only: a sale is not tied to a gate. Visits that
 * name no gate are in the hour's row alone. The counter's error is stated as
 * the share of visits that were estimated. Ratios exist where visits do.
 */
#include <stdlib.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "report_parts.h"

enum { VISITED, ESTIMATED, REVENUE, REFUNDS, SOLD }; /* sums of an hour */

enum {
    DATE,
    FAIR_DAY,
    HOUR,
    GATE,
    VISITS,
    GUESSED,
    GUESSED_PCT,
    GATE_PCT,
    NET,
    SALES,
    PER_VISIT,
    CONVERSION,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [DATE] = { "date", N_("Date"), COL_DAY },
    [FAIR_DAY] = { "fair_day", NULL, COL_INT },
    [HOUR] = { "hour", N_("Hour"), COL_HOUR },
    [GATE] = { "gate", N_("Gate"), COL_TEXT },
    [VISITS] = { "visits", N_("Visits"), COL_INT },
    [GUESSED] = { "estimated", NULL, COL_INT },
    [GUESSED_PCT] = { "estimated_pct", N_("Est. %"), COL_HUNDREDTHS },
    [GATE_PCT] = { "gate_pct", N_("Gate %"), COL_HUNDREDTHS },
    [NET] = { "net_vnd", N_("Net revenue"), COL_MONEY },
    [SALES] = { "sales", NULL, COL_INT },
    [PER_VISIT] = { "vnd_per_visit", N_("Đồng a visit"), COL_MONEY },
    [CONVERSION] = { "sales_per_100_visits", N_("Sales per 100"),
                     COL_HUNDREDTHS },
};

struct spend {
    struct report *r;
    int64_t all[SOLD + 1]; /* of all hours */
};

/* ---- adding up ----------------------------------------------------------- */

/* The sums of an hour; `gate` "" of all gates. */
static int64_t *hour_at(struct report *r, int day, int slot, struct str gate)
{
    struct row_key key = { .day = day,
                           .part = hour_of_slot(&r->ground, slot),
                           .a = rows_text(&r->rows, gate) };

    return rows_at(&r->rows, key)->v;
}

static enum err take_sale(void *ctx, const struct roll_sale *sale)
{
    struct spend *s = ctx;

    if (!ground_post(&s->r->ground, sale->device))
        return ERR_OK;
    int64_t *v = hour_at(s->r, sale->day, sale->slot, STR(""));
    const struct {
        int sum;
        int64_t n;
    } adds[] = { { REVENUE, sale->revenue_vnd },
                 { REFUNDS, sale->refunds_vnd },
                 { SOLD, sale->sales } };

    for (size_t i = 0; i < ARRAY_LEN(adds); i++) {
        sum_add(&v[adds[i].sum], adds[i].n);
        sum_add(&s->all[adds[i].sum], adds[i].n);
    }
    return ERR_OK;
}

static void add_visits(int64_t *v, const struct roll_visit *visit)
{
    sum_add(&v[VISITED], visit->visits);
    sum_add(&v[ESTIMATED], visit->estimated);
}

static enum err take_visit(void *ctx, const struct roll_visit *visit)
{
    struct spend *s = ctx;

    if (!ground_post(&s->r->ground, visit->device) ||
        !ground_gate(&s->r->ground, visit->gate))
        return ERR_OK;
    add_visits(s->all, visit);
    add_visits(hour_at(s->r, visit->day, visit->slot, STR("")), visit);
    if (visit->gate.len > 0)
        add_visits(hour_at(s->r, visit->day, visit->slot, visit->gate), visit);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct spend *s = ctx;

    return report_hold(s->r, h);
}

/* ---- printing ------------------------------------------------------------ */

/* The hour before its gates. */
static int by_hour(const void *left, const void *right)
{
    const struct summed *a = left, *b = right;

    if (a->key.day != b->key.day)
        return a->key.day < b->key.day ? -1 : 1;
    if (a->key.part != b->key.part)
        return a->key.part < b->key.part ? -1 : 1;
    return str_cmp(a->a, b->a);
}

static struct figure per_visit(const int64_t *v)
{
    if (v[VISITED] <= 0)
        return (struct figure){ false, 0 };
    return (struct figure){ true,
                            per_day(v[REVENUE] - v[REFUNDS], v[VISITED]) };
}

static void put_visits(const int64_t *v, struct cell *cells)
{
    cells[VISITS] = cell_int(v[VISITED]);
    cells[GUESSED] = cell_int(v[ESTIMATED]);
    cells[GUESSED_PCT] = cell_figure(share_of(v[ESTIMATED], v[VISITED]));
}

static void put_spend(const int64_t *v, struct cell *cells)
{
    int64_t net = v[REVENUE] - v[REFUNDS];

    put_visits(v, cells);
    cells[NET] = cell_int(net);
    cells[SALES] = cell_int(v[SOLD]);
    cells[PER_VISIT] = cell_figure(per_visit(v));
    cells[CONVERSION] = cell_figure(share_of(v[SOLD], v[VISITED]));
}

static void put_row(const struct report *r, const struct summed *row,
                    const struct summed *hour, struct table *table)
{
    int number = fair_day_number(&r->ground.fair, row->key.day);
    struct cell cells[COLUMNS];

    for (int i = 0; i < COLUMNS; i++)
        cells[i] = cell_null;
    cells[DATE] = cell_int(row->key.day);
    cells[FAIR_DAY] = number > 0 ? cell_int(number) : cell_null;
    cells[HOUR] = cell_int(row->key.part % 24);
    if (row == hour) {
        put_spend(row->v, cells);
    } else {
        put_visits(row->v, cells);
        cells[GATE] = cell_str(row->a);
        cells[GATE_PCT] =
            cell_figure(share_of(row->v[VISITED], hour->v[VISITED]));
    }
    table_row(table, cells);
}

static void put_rows(const struct spend *s, struct table *table)
{
    struct summed *rows = report_summed(s->r, by_hour);
    const struct summed *hour = NULL;
    struct cell cells[COLUMNS];

    for (uint32_t i = 0; i < s->r->rows.n; i++) {
        if (rows[i].a.len == 0)
            hour = &rows[i];
        ASSERT(hour != NULL);
        put_row(s->r, &rows[i], hour, table);
    }
    free(rows);
    for (int i = 0; i < COLUMNS; i++)
        cells[i] = cell_null;
    put_spend(s->all, cells);
    table_total(table, cells);
}

static void spend_json(const struct report *r, struct json *j)
{
    const struct spend *s = r->own;
    struct cell cells[COLUMNS];

    put_spend(s->all, cells);
    json_object(j, "totals");
    cells_json(j, columns, cells, VISITS, GATE_PCT);
    cells_json(j, columns, cells, NET, COLUMNS);
    json_end_object(j);
}

static void spend_text(const struct report *r, struct buf *out)
{
    const int64_t *v = ((const struct spend *)r->own)->all;
    struct figure guessed = share_of(v[ESTIMATED], v[VISITED]);

    buf_puts(out, _("Đồng a visit = net revenue / visits; a sale is not tied "
                    "to a gate."));
    buf_putc(out, '\n');
    if (!guessed.known)
        return;
    buf_puts(out, _("Error of the counters: visits that were estimated, in "
                    "per cent: "));
    hundredths_render(out, guessed.n);
    buf_putc(out, '\n');
}

enum err report_spend(struct report *r, struct buf *out)
{
    struct spend s = { .r = r };
    struct roll_taker taker = {
        .ctx = &s, .sale = take_sale, .visit = take_visit, .hold = take_hold
    };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);

    if (e != ERR_OK)
        return e;
    struct table *table = report_table(r, columns, COLUMNS);
    struct page page = {
        .array = "hours", .table = table, .json = spend_json, .text = spend_text
    };

    put_rows(&s, table);
    r->own = &s;
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
