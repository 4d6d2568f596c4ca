/*
 * report_visitors.c - visits by fair-day, hour, gate and quality.
 *
 * Every count has a row, the fair's and the booths' own contacts; the totals
 * say how many are which (report_parts.h, ground_gate). Corrections are
 * negative counts and have been added in.
 */
#include <stdlib.h>

#include "fair/i18n.h"
#include "fair/money.h"

#include "report_parts.h"

enum { COLUMNS = 5 };
enum { COUNTED, ESTIMATED }; /* row_key.b, and an index into: */

static const struct word_name quality_names[] = {
    [COUNTED] = { "counted", N_("counted") },
    [ESTIMATED] = { "estimated", N_("estimated") },
};

static const struct column columns[COLUMNS] = {
    { "date", N_("Date"), COL_DAY },        { "hour", N_("Hour"), COL_HOUR },
    { "gate", N_("Gate"), COL_TEXT },       { "visits", N_("Visits"), COL_INT },
    { "quality", N_("Quality"), COL_TEXT },
};

struct visitors {
    struct report *r;
    int64_t visits, contacts;
};

static void add(struct report *r, const struct roll_visit *v, uint32_t quality,
                int64_t visits)
{
    struct row_key key = { .day = v->day,
                           .part = hour_of_slot(&r->ground, v->slot),
                           .a = rows_text(&r->rows, v->gate),
                           .b = quality };

    sum_add(&rows_at(&r->rows, key)->v[0], visits);
}

static enum err take_visit(void *ctx, const struct roll_visit *v)
{
    struct visitors *own = ctx;
    struct report *r = own->r;
    int64_t counted = v->visits - v->estimated;

    if (!ground_post(&r->ground, v->device))
        return ERR_OK;
    sum_add(ground_gate(&r->ground, v->gate) ? &own->visits : &own->contacts,
            v->visits);
    if (counted != 0 || v->estimated == 0)
        add(r, v, COUNTED, counted);
    if (v->estimated != 0)
        add(r, v, ESTIMATED, v->estimated);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct visitors *own = ctx;

    return report_hold(own->r, h);
}

static int by_gate(const void *left, const void *right)
{
    const struct summed *a = left, *b = right;
    const struct row_key *x = &a->key, *y = &b->key;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    int gates = str_cmp(a->a, b->a);
    return gates != 0 ? gates : (x->b > y->b) - (x->b < y->b);
}

static void put_rows(const struct report *r, struct table *table)
{
    struct summed *rows = report_summed(r, by_gate);

    for (uint32_t i = 0; i < r->rows.n; i++) {
        const struct summed *row = &rows[i];
        const struct cell cells[COLUMNS] = {
            cell_int(row->key.day),
            cell_int(row->key.part % 24),
            row->a.len > 0 ? cell_str(row->a) : cell_null,
            cell_int(row->v[0]),
            cell_named(&quality_names[row->key.b]),
        };

        table_row(table, cells);
    }
    free(rows);
}

static void totals_json(const struct report *r, struct json *j)
{
    const struct visitors *own = r->own;

    json_object(j, "totals");
    json_int(j, "visits", own->visits);
    json_int(j, "contacts", own->contacts);
    json_end_object(j);
}

static void totals_text(const struct report *r, struct buf *out)
{
    const struct visitors *own = r->own;

    buf_puts(out, _("Visits of the fair: "));
    money_render(out, own->visits);
    buf_putc(out, '\n');
    if (own->contacts == 0)
        return;
    buf_puts(out, _("Contacts at booths, not in there: "));
    money_render(out, own->contacts);
    buf_putc(out, '\n');
}

enum err report_visitors(struct report *r, struct buf *out)
{
    struct visitors own = { .r = r };
    struct roll_taker taker = { .ctx = &own,
                                .visit = take_visit,
                                .hold = take_hold };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);

    if (e != ERR_OK)
        return e;
    struct table *table = report_table(r, columns, COLUMNS);
    struct page page = { .array = "days",
                         .table = table,
                         .json = totals_json,
                         .text = totals_text };

    put_rows(r, table);
    r->own = &own;
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
