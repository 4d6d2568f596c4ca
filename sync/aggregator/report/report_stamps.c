/*
 * report_stamps.c - how many lines of sales had their traceability stamp
 * scanned, by product.
 *
 * A line counts as it was sold, whatever its quantity; voided sales do not
 * count, what was given back later does. The programme's target speaks of its
 * own products: only those with stars in the newest catalogue are held against
 * it. A stamp that nobody scanned may still have been on the goods.
 */
#include <stdlib.h>

#include "fair/i18n.h"
#include "fair/money.h"

#include "report_parts.h"

/* The programme reports more than 90 % of its products with an electronic
 * stamp, without its base; measured here are lines of sales. */
enum { TARGET = 9000 /* hundredths of a per cent */ };

enum { COLUMNS = 6 };

static const struct column columns[COLUMNS] = {
    { "sku", N_("Product"), COL_TEXT },
    { "name", N_("Name"), COL_NAME },
    { "stars", N_("Stars"), COL_INT },
    { "lines", N_("Lines sold"), COL_INT },
    { "stamped", N_("With stamp"), COL_INT },
    { "coverage_pct", N_("Stamps, %"), COL_HUNDREDTHS },
};

enum { TABLE_SOLD, TABLE_KNOWN };
enum { LINES, STAMPED };     /* of rows by sku of TABLE_SOLD */
enum { NAMED, NAME, STARS }; /* ... of TABLE_KNOWN */

struct coverage_of {
    int64_t lines, stamped;
};

struct stamps {
    struct coverage_of all, starred;
};

/* ---- gathering ----------------------------------------------------------- */

static int64_t *row_of(struct report *r, uint32_t table, struct str sku)
{
    struct row_key key = { .table = table, .a = rows_text(&r->rows, sku) };

    return rows_at(&r->rows, key)->v;
}

/* The name told first holds: the newest catalogue's before any other. */
static void put_known(struct report *r, struct str sku, struct str name,
                      int64_t stars)
{
    uint32_t text = rows_text(&r->rows, name);
    int64_t *v = row_of(r, TABLE_KNOWN, sku);

    if (v[NAMED])
        return;
    v[NAMED] = true;
    v[NAME] = text;
    v[STARS] = stars;
}

static enum err take_product(void *ctx, const struct catalogue_product *c)
{
    put_known(ctx, c->p.sku, c->p.name, c->p.stars);
    return ERR_OK;
}

static enum err take_item(void *ctx, const struct roll_item *item)
{
    struct report *r = ctx;

    if (ground_post(&r->ground, item->device))
        put_known(r, item->sku, item->name, 0);
    return ERR_OK;
}

static enum err take_sold(void *ctx, const struct roll_sold *sold)
{
    struct report *r = ctx;

    if (!ground_post(&r->ground, sold->device))
        return ERR_OK;
    (void)row_of(r, TABLE_KNOWN, sold->sku); /* so that printing makes none */
    int64_t *v = row_of(r, TABLE_SOLD, sold->sku);
    sum_add(&v[LINES], sold->lines);
    sum_add(&v[STAMPED], sold->stamped);
    return ERR_OK;
}

/* ---- the report ---------------------------------------------------------- */

static int by_lines(const void *left, const void *right)
{
    const struct summed *a = left, *b = right;

    if (a->key.table != b->key.table)
        return a->key.table < b->key.table ? -1 : 1;
    if (a->key.table == TABLE_SOLD && a->v[LINES] != b->v[LINES])
        return a->v[LINES] > b->v[LINES] ? -1 : 1;
    return str_cmp(a->a, b->a);
}

static void add_to(struct coverage_of *sum, const int64_t *v)
{
    sum_add(&sum->lines, v[LINES]);
    sum_add(&sum->stamped, v[STAMPED]);
}

static void put_row(struct report *r, struct table *table,
                    const struct summed *row, struct stamps *s)
{
    const int64_t *known = row_of(r, TABLE_KNOWN, row->a);
    struct str name = report_text(r, (uint32_t)known[NAME]);
    const struct cell cells[COLUMNS] = {
        cell_str(row->a),
        name.len > 0 ? cell_str(name) : cell_null,
        known[STARS] > 0 ? cell_int(known[STARS]) : cell_null,
        cell_int(row->v[LINES]),
        cell_int(row->v[STAMPED]),
        cell_figure(share_of(row->v[STAMPED], row->v[LINES])),
    };

    add_to(&s->all, row->v);
    if (known[STARS] > 0)
        add_to(&s->starred, row->v);
    table_row(table, cells);
}

static void put_total(struct table *table, const struct coverage_of *all)
{
    const struct cell cells[COLUMNS] = {
        cell_null,
        cell_null,
        cell_null,
        cell_int(all->lines),
        cell_int(all->stamped),
        cell_figure(share_of(all->stamped, all->lines)),
    };

    table_total(table, cells);
}

static void coverage_json(struct json *j, const char *name,
                          const struct coverage_of *c)
{
    struct figure share = share_of(c->stamped, c->lines);

    json_object(j, name);
    json_int(j, "lines", c->lines);
    json_int(j, "stamped", c->stamped);
    if (share.known)
        json_hundredths(j, "coverage_pct", share.n);
    else
        json_null(j, "coverage_pct");
    json_end_object(j);
}

/* From the exact fraction: 90.004 % are above 90 %. */
static bool above_target(const struct coverage_of *c)
{
    int64_t part = 0, whole = 0;

    return money_mul(c->stamped, 10000, &part) == ERR_OK &&
           money_mul(c->lines, TARGET, &whole) == ERR_OK && part > whole;
}

static void totals_json(const struct report *r, struct json *j)
{
    const struct stamps *s = r->own;

    coverage_json(j, "totals", &s->all);
    coverage_json(j, "with_stars", &s->starred);
    json_hundredths(j, "target_pct", TARGET);
    if (s->starred.lines > 0)
        json_bool(j, "above_target", above_target(&s->starred));
    else
        json_null(j, "above_target");
}

static void notes_text(const struct report *r, struct buf *out)
{
    const struct coverage_of *c = &((const struct stamps *)r->own)->starred;
    struct figure share = share_of(c->stamped, c->lines);
    BUF(pct, MAX_TEXT);
    BUF(target, MAX_TEXT);

    hundredths_render(&target, TARGET);
    if (share.known) {
        hundredths_render(&pct, share.n);
        buf_printf(out,
                   above_target(c)
                       ? _("Products with stars: %s per cent, above the "
                           "programme's target of %s.")
                       : _("Products with stars: %s per cent, not above the "
                           "programme's target of %s."),
                   buf_text(&pct), buf_text(&target));
    } else {
        buf_printf(out,
                   _("No product with stars was sold; the programme's target "
                     "is %s per cent."),
                   buf_text(&target));
    }
    buf_putc(out, '\n');
    buf_puts(out, _("Only products with stars count towards the target."));
    buf_putc(out, '\n');
    buf_puts(out, _("A stamp counts when it was scanned."));
    buf_putc(out, '\n');
}

enum err report_stamps(struct report *r, struct buf *out)
{
    struct roll_taker taker = {
        .ctx = r, .sold = take_sold, .item = take_item, .hold = report_hold
    };
    struct stamps stamps = { .all = { 0 } };
    (void)rows_text(&r->rows, STR("")); /* number 0 is no text */
    enum err e = product_each(r->store, take_product, r);

    if (e == ERR_OK)
        e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);
    if (e != ERR_OK)
        return e;
    struct table *table = report_table(r, columns, COLUMNS);
    struct page page = { .array = "stamps",
                         .table = table,
                         .json = totals_json,
                         .text = notes_text };
    struct summed *rows = report_summed(r, by_lines);

    for (uint32_t i = 0; i < r->rows.n && rows[i].key.table == TABLE_SOLD &&
                         rows[i].v[LINES] > 0;
         i++)
        put_row(r, table, &rows[i], &stamps);
    free(rows);
    put_total(table, &stamps.all);
    r->own = &stamps;
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
