/*
 * report_products.c - products by what they brought in, voids and refunds
 * taken off.
 *
 * A product of two sellers has two rows. Name and unit are those of the newest
 * catalogue; what it does not know keeps the name it was first sold under.
 */
#include <stdlib.h>

#include "fair/i18n.h"

#include "report_parts.h"

enum { COLUMNS = 7 };
enum { MILLI, AMOUNT, SALES }; /* of rows by sku and seller */
/* Rows by sku alone hold numbers of texts; `table` tells them apart. */
enum { TABLE_SOLD, TABLE_NAME };
enum { NAME, UNIT, NAMED };

static const struct column columns[COLUMNS] = {
    { "sku", N_("Product"), COL_TEXT },
    { "name", N_("Name"), COL_NAME },
    { "seller", N_("Seller"), COL_NAME },
    { "quantity_milli", N_("Quantity"), COL_MILLI },
    { "unit", N_("Unit"), COL_TEXT },
    { "amount_vnd", N_("Net revenue"), COL_MONEY },
    { "sales", NULL, COL_INT },
};

static int64_t *names_at(struct report *r, uint32_t sku)
{
    struct row_key key = { .table = TABLE_NAME, .a = sku };

    return rows_at(&r->rows, key)->v;
}

/* The name known first holds: the catalogue's is told before any other. */
static void put_name(struct report *r, struct str sku, struct str name,
                     struct str unit)
{
    uint32_t name_at = rows_text(&r->rows, name);
    uint32_t unit_at = rows_text(&r->rows, unit);
    int64_t *v = names_at(r, rows_text(&r->rows, sku));

    if (v[NAMED])
        return;
    v[NAMED] = true;
    v[NAME] = name_at;
    v[UNIT] = unit_at;
}

static enum err take_product(void *ctx, const struct catalogue_product *c)
{
    put_name(ctx, c->p.sku, c->p.name, c->p.unit);
    return ERR_OK;
}

static enum err take_item(void *ctx, const struct roll_item *item)
{
    struct report *r = ctx;

    if (ground_post(&r->ground, item->device))
        put_name(r, item->sku, item->name, item->unit);
    return ERR_OK;
}

static enum err take_line(void *ctx, const struct roll_line *line)
{
    struct report *r = ctx;

    if (!ground_post(&r->ground, line->device))
        return ERR_OK;
    struct row_key key = { .table = TABLE_SOLD,
                           .a = rows_text(&r->rows, line->sku),
                           .b = rows_text(&r->rows, line->seller) };
    int64_t *v = rows_at(&r->rows, key)->v;
    sum_add(&v[MILLI], line->milli);
    sum_add(&v[AMOUNT], line->amount_vnd);
    sum_add(&v[SALES], line->sales);
    names_at(r, key.a); /* so that printing makes no row */
    return ERR_OK;
}

/* Names last. */
static int by_amount(const void *left, const void *right)
{
    const struct summed *a = left, *b = right;

    if (a->key.table != b->key.table)
        return a->key.table < b->key.table ? -1 : 1;
    if (a->key.table == TABLE_SOLD && a->v[AMOUNT] != b->v[AMOUNT])
        return a->v[AMOUNT] > b->v[AMOUNT] ? -1 : 1;
    int skus = str_cmp(a->a, b->a);
    return skus != 0 ? skus : str_cmp(a->b, b->b);
}

static struct cell text_or_null(struct str s)
{
    return s.len > 0 ? cell_str(s) : cell_null;
}

static void put_row(struct report *r, struct table *table,
                    const struct summed *row)
{
    const int64_t *names = names_at(r, row->key.a);
    const struct cell cells[COLUMNS] = {
        text_or_null(row->a),
        text_or_null(report_text(r, (uint32_t)names[NAME])),
        text_or_null(row->b),
        cell_int(row->v[MILLI]),
        text_or_null(report_text(r, (uint32_t)names[UNIT])),
        cell_int(row->v[AMOUNT]),
        cell_int(row->v[SALES]),
    };

    table_row(table, cells);
}

enum err report_products(struct report *r, struct buf *out)
{
    struct roll_taker taker = {
        .ctx = r, .line = take_line, .item = take_item, .hold = report_hold
    };
    (void)rows_text(&r->rows, STR("")); /* number 0 is no text */
    enum err e = product_each(r->store, take_product, r);

    if (e == ERR_OK)
        e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);
    if (e != ERR_OK)
        return e;
    struct table *table = report_table(r, columns, COLUMNS);
    struct page page = { .array = "products", .table = table };
    struct summed *rows = report_summed(r, by_amount);

    for (int i = 0; i < (int)r->rows.n && rows[i].key.table == TABLE_SOLD &&
                    !report_full(r, i);
         i++)
        put_row(r, table, &rows[i]);
    free(rows);
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
