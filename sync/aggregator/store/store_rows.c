/*
 * store_rows.c - roll-up tables, row by row: a function to read and one to
 * add for each.
 *
 * A sum that leaves int64 cannot be stored: the row stays as it was. Only a
 * device that lies about its totals gets there (fold_counts), and `verify`
 * names it; the others' figures go on. Rows are added together, and one by one
 * only when that has failed.
 */
#include "allowance.h"
#include "store_parts.h"

/* ---- reading ------------------------------------------------------------- */

typedef enum err read_row(struct query *q, const struct roll_taker *t);

static enum err read_day(struct query *q, const struct roll_taker *t)
{
    struct roll_day r = { query_str(q, 0), (int)query_int(q, 1),
                          query_str(q, 2), query_int(q, 3),
                          query_int(q, 4), query_int(q, 5),
                          query_int(q, 6), query_int(q, 7) };
    return t->day(t->ctx, &r);
}

static enum err read_sale(struct query *q, const struct roll_taker *t)
{
    struct roll_sale r = { query_str(q, 0),      (int)query_int(q, 1),
                           (int)query_int(q, 2), query_int(q, 3),
                           query_int(q, 4),      query_int(q, 5),
                           query_int(q, 6),      query_int(q, 7),
                           query_int(q, 8) };
    return t->sale(t->ctx, &r);
}

static enum err read_line(struct query *q, const struct roll_taker *t)
{
    struct roll_line r = { query_str(q, 0),      (int)query_int(q, 1),
                           (int)query_int(q, 2), query_str(q, 3),
                           query_str(q, 4),      query_int(q, 5),
                           query_int(q, 6),      query_int(q, 7) };
    return t->line(t->ctx, &r);
}

static enum err read_item(struct query *q, const struct roll_taker *t)
{
    struct roll_item r = { query_str(q, 0), query_str(q, 1), query_str(q, 2),
                           query_str(q, 3) };
    return t->item(t->ctx, &r);
}

static enum err read_tender(struct query *q, const struct roll_taker *t)
{
    struct roll_tender r = { query_str(q, 0), (int)query_int(q, 1),
                             query_str(q, 2), query_int(q, 3) };
    return t->tender(t->ctx, &r);
}

static enum err read_visit(struct query *q, const struct roll_taker *t)
{
    struct roll_visit r = { query_str(q, 0),      (int)query_int(q, 1),
                            (int)query_int(q, 2), query_str(q, 3),
                            query_int(q, 4),      query_int(q, 5) };
    return t->visit(t->ctx, &r);
}

static enum err read_sold(struct query *q, const struct roll_taker *t)
{
    struct roll_sold r = { query_str(q, 0), (int)query_int(q, 1),
                           query_str(q, 2), query_int(q, 3),
                           query_int(q, 4), query_int(q, 5),
                           query_int(q, 6), query_int(q, 7) };
    return t->sold(t->ctx, &r);
}

static enum err read_act(struct query *q, const struct roll_taker *t)
{
    struct roll_act r = { query_str(q, 0), (int)query_int(q, 1),
                          query_str(q, 2), query_int(q, 3),
                          query_int(q, 4), query_int(q, 5) };
    return t->act(t->ctx, &r);
}

static enum err read_hold(struct query *q, const struct roll_taker *t)
{
    struct roll_hold r = { query_str(q, 0), query_int(q, 1), query_int(q, 2) };
    return t->hold(t->ctx, &r);
}

static enum err read_note(struct query *q, const struct roll_taker *t)
{
    struct roll_note r = { query_str(q, 0), query_str(q, 1), query_int(q, 2),
                           query_int(q, 3), query_int(q, 4) };
    return t->note(t->ctx, &r);
}

static enum err read_all(struct store *s, enum store_sql sql, read_row *read,
                         struct str of, const struct roll_taker *t)
{
    bool row = false;
    QUERY(q, s->engine, sql);
    query_bind(q, "s", of);
    enum err e = query_step(q, &row);
    while (e == ERR_OK && row) {
        e = read(q, t);
        if (e == ERR_OK)
            e = allowance_check();
        if (e == ERR_OK)
            e = query_step(q, &row);
    }
    return e;
}

enum err rolls_read(struct store *s, enum rolls_of which, struct str of,
                    const struct roll_taker *t)
{
    const struct {
        bool wanted;
        enum store_sql sql[2]; /* by enum rolls_of */
        read_row *read;
    } tables[] = {
        { t->day != NULL, { SQL_DAY_OF, SQL_DAY_OF_FAIR }, read_day },
        { t->sale != NULL, { SQL_SALE_OF, SQL_SALE_OF_FAIR }, read_sale },
        { t->line != NULL, { SQL_LINE_OF, SQL_LINE_OF_FAIR }, read_line },
        { t->item != NULL, { SQL_ITEM_OF, SQL_ITEM_OF_FAIR }, read_item },
        { t->tender != NULL,
          { SQL_TENDER_OF, SQL_TENDER_OF_FAIR },
          read_tender },
        { t->visit != NULL, { SQL_VISIT_OF, SQL_VISIT_OF_FAIR }, read_visit },
        { t->sold != NULL, { SQL_SOLD_OF, SQL_SOLD_OF_FAIR }, read_sold },
        { t->act != NULL, { SQL_ACT_OF, SQL_ACT_OF_FAIR }, read_act },
        { t->hold != NULL, { SQL_HOLD_OF, SQL_HOLD_OF_FAIR }, read_hold },
        { t->note != NULL, { SQL_NOTE_OF, SQL_NOTE_OF_FAIR }, read_note },
    };
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < ARRAY_LEN(tables); i++) {
        if (tables[i].wanted)
            e = read_all(s, tables[i].sql[which], tables[i].read, of, t);
    }
    return e;
}

/* ---- adding -------------------------------------------------------------- */

struct adder {
    struct store *store;
    bool apart; /* each row in a part of its own, see the head */
};

static enum err add_row(const struct adder *a, struct query *add)
{
    if (!a->apart)
        return query_post(add);
    GROUP(part);
    enum err e = group_begin(a->store, &part);
    if (e == ERR_OK)
        e = query_run(add);
    if (e == ERR_OK)
        return group_commit(&part);
    return e == ERR_INVALID ? ERR_OK : e;
}

static enum err add_day(void *ctx, const struct roll_day *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_DAY_ADD);
    query_bind(add, "sisiiiii", r->device, (int64_t)r->day, r->gate, r->sales,
               r->revenue_vnd, r->refunds_vnd, r->voids_vnd, r->visits);
    return add_row(a, add);
}

static enum err add_sale(void *ctx, const struct roll_sale *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_SALE_ADD);
    query_bind(add, "siiiiiiii", r->device, (int64_t)r->day, (int64_t)r->slot,
               r->sales, r->revenue_vnd, r->refunds, r->refunds_vnd, r->voids,
               r->voids_vnd);
    return add_row(a, add);
}

static enum err add_line(void *ctx, const struct roll_line *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_LINE_ADD);
    query_bind(add, "siissiii", r->device, (int64_t)r->day, (int64_t)r->hour,
               r->sku, r->seller, r->milli, r->amount_vnd, r->sales);
    return add_row(a, add);
}

static enum err add_item(void *ctx, const struct roll_item *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_ITEM_ADD);
    query_bind(add, "ssss", r->device, r->sku, r->name, r->unit);
    return add_row(a, add);
}

static enum err add_tender(void *ctx, const struct roll_tender *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_TENDER_ADD);
    query_bind(add, "sisi", r->device, (int64_t)r->day, r->method,
               r->amount_vnd);
    return add_row(a, add);
}

static enum err add_visit(void *ctx, const struct roll_visit *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_VISIT_ADD);
    query_bind(add, "siisii", r->device, (int64_t)r->day, (int64_t)r->slot,
               r->gate, r->visits, r->estimated);
    return add_row(a, add);
}

static enum err add_sold(void *ctx, const struct roll_sold *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_SOLD_ADD);
    query_bind(add, "sisiiiii", r->device, (int64_t)r->day, r->sku, r->list,
               r->milli, r->amount_vnd, r->lines, r->stamped);
    return add_row(a, add);
}

static enum err add_act(void *ctx, const struct roll_act *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_ACT_ADD);
    query_bind(add, "sisiii", r->device, (int64_t)r->day, r->what,
               r->operator_number, r->events, r->amount_vnd);
    return add_row(a, add);
}

static enum err add_hold(void *ctx, const struct roll_hold *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_HOLD_ADD);
    query_bind(add, "sii", r->device, r->events, r->amount_vnd);
    return add_row(a, add);
}

static enum err add_note(void *ctx, const struct roll_note *r)
{
    const struct adder *a = ctx;
    QUERY(add, a->store->engine, SQL_NOTE_ADD);
    query_bind(add, "ssiii", r->device, r->what, r->events, r->first, r->last);
    return add_row(a, add);
}

static enum err add_all(const struct fold *f, struct adder *a)
{
    const struct roll_taker taker = { .ctx = a,
                                      .day = add_day,
                                      .sale = add_sale,
                                      .line = add_line,
                                      .item = add_item,
                                      .tender = add_tender,
                                      .visit = add_visit,
                                      .sold = add_sold,
                                      .act = add_act,
                                      .hold = add_hold,
                                      .note = add_note };
    return fold_each(f, &taker);
}

static enum err add_together(struct store *s, const struct fold *f)
{
    struct adder adder = { s, false };
    GROUP(all);
    enum err e = group_begin(s, &all);
    if (e == ERR_OK)
        e = add_all(f, &adder);
    return e == ERR_OK ? group_commit(&all) : e;
}

enum err rolls_add(struct store *s, const struct fold *f)
{
    struct adder apart = { s, true };
    enum err e = add_together(s, f);
    return e == ERR_INVALID ? add_all(f, &apart) : e;
}

/* ---- forgetting ---------------------------------------------------------- */

enum err rolls_drop(struct store *s, struct str device)
{
    static const enum store_sql drops[] = {
        SQL_MARK_DROP, SQL_DAY_DROP,    SQL_SALE_DROP,  SQL_LINE_DROP,
        SQL_ITEM_DROP, SQL_TENDER_DROP, SQL_VISIT_DROP, SQL_SOLD_DROP,
        SQL_ACT_DROP,  SQL_HOLD_DROP,   SQL_NOTE_DROP
    };
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < ARRAY_LEN(drops); i++) {
        QUERY(drop, s->engine, drops[i]);
        query_bind(drop, "s", device);
        e = query_run(drop);
    }
    return e;
}
