/*
 * report_composition.c - areas, stands, products and producers by origin.
 *
 * Areas and stands come from the booth list, products on show from the newest
 * booth lists, products sold from goods, producers from the newest catalogue.
 * Invariant: areas, stands and net of the origins add up to the total;
 * products and producers need not, because one may be at several origins.
 */
#include "report_composition.h"

#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"

enum { COLUMNS = 9, PRODUCERS = 6, SHARE = 8 };

static const struct column columns[COLUMNS] = {
    { "origin", N_("Origin"), COL_TEXT },
    { "areas", N_("Areas (khu gian hàng)"), COL_INT },
    { "areas_with_list", NULL, COL_INT },
    { "stands", N_("Stands (gian hàng)"), COL_INT },
    { "products_on_show", N_("Products on show"), COL_INT },
    { "products_sold", N_("Products sold"), COL_INT },
    [PRODUCERS] = { "producers", N_("Producers"), COL_INT },
    { "net_vnd", N_("Net revenue"), COL_MONEY },
    [SHARE] = { "share_pct", N_("Share, %"), COL_HUNDREDTHS },
};

/* Sets of texts, and what is known of a sku; a key's part is the origin,
 * ORIGINS for the whole fair. */
enum set { SET_ON_SHOW, SET_SOLD, SET_PRODUCERS, SALES_OF, PRODUCER_OF };

struct gathering {
    struct report *r;
    struct composition *c;
    struct rows rows;
    uint32_t none;  /* the number of the empty text */
    int last_day;   /* 0: all */
    bool *has_list; /* by booth */
};

/* ---- sets ---------------------------------------------------------------- */

static int64_t *member(struct gathering *g, enum set set, enum origin origin,
                       uint32_t text)
{
    struct row_key key = { .table = set, .part = (int32_t)origin, .a = text };

    return rows_at(&g->rows, key)->v;
}

/* Goods of an origin, and with them their producer. */
static void put_product(struct gathering *g, enum set set, enum origin origin,
                        uint32_t sku)
{
    int64_t producer = member(g, PRODUCER_OF, ORIGINS, sku)[0];

    member(g, set, origin, sku);
    member(g, set, ORIGINS, sku);
    if (producer == g->none)
        return;
    member(g, SET_PRODUCERS, origin, (uint32_t)producer);
    member(g, SET_PRODUCERS, ORIGINS, (uint32_t)producer);
}

static int64_t count(const struct gathering *g, enum set set, enum origin of)
{
    int64_t n = 0;

    for (uint32_t i = 0; i < g->rows.n; i++) {
        const struct row_key *key = &g->rows.rows[i].key;

        n += key->table == set && key->part == (int32_t)of;
    }
    return n;
}

/* ---- what is there ------------------------------------------------------- */

static enum err take_product(void *ctx, const struct catalogue_product *c)
{
    struct gathering *g = ctx;
    uint32_t sku = rows_text(&g->rows, c->p.sku);
    uint32_t producer = rows_text(&g->rows, c->p.seller);

    member(g, PRODUCER_OF, ORIGINS, sku)[0] = producer;
    return ERR_OK;
}

static int by_code(const void *code, const void *booth)
{
    return str_cmp(*(const struct str *)code,
                   str_of(((const struct ground_booth *)booth)->code));
}

static enum err take_item(void *ctx, const struct booth_item *item)
{
    struct gathering *g = ctx;
    const struct fairground *ground = &g->r->ground;
    const struct ground_booth *b = NULL;

    if (ground->n_booths > 0)
        b = bsearch(&item->booth, ground->booths, (size_t)ground->n_booths,
                    sizeof(*b), by_code);
    if (!b || !ground_wants(ground, b))
        return ERR_OK;
    bool *has_list = &g->has_list[b - ground->booths];
    g->c->of[b->origin].listed_areas += !*has_list;
    *has_list = true;
    put_product(g, SET_ON_SHOW, b->origin, rows_text(&g->rows, item->sku));
    return ERR_OK;
}

static enum err take_line(void *ctx, const struct roll_line *line)
{
    struct gathering *g = ctx;
    const struct fairground *ground = &g->r->ground;
    const struct post *p = ground_post(ground, line->device);

    if (!p || (g->last_day != 0 && line->day > g->last_day))
        return ERR_OK;
    enum origin origin = ground->booths[p->booth].origin;
    uint32_t sku = rows_text(&g->rows, line->sku);
    sum_add(member(g, SALES_OF, origin, sku), line->sales);
    sum_add(&g->c->of[origin].net_vnd, line->amount_vnd);
    g->c->of[origin].any = true;
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct gathering *g = ctx;

    return report_hold(g->r, h);
}

/* ---- adding up ----------------------------------------------------------- */

static void put_booths(struct gathering *g)
{
    const struct fairground *ground = &g->r->ground;

    for (int i = 0; i < ground->n_booths; i++) {
        const struct ground_booth *b = &ground->booths[i];
        struct composed *of = &g->c->of[b->origin];

        if (!ground_wants(ground, b))
            continue;
        of->any = true;
        of->areas.n++;
        of->stands.n += b->stands;
    }
}

/* Rows are added meanwhile: only those that were there are looked at. */
static void put_sold(struct gathering *g)
{
    uint32_t n = g->rows.n;

    for (uint32_t i = 0; i < n; i++) {
        struct row_key key = g->rows.rows[i].key;

        if (key.table == SALES_OF && g->rows.rows[i].v[0] > 0)
            put_product(g, SET_SOLD, (enum origin)key.part, key.a);
    }
}

static void count_of(struct gathering *g, struct composed *of, enum origin i)
{
    of->areas.known = of->stands.known = i != ORIGIN_UNKNOWN;
    of->on_show.known = of->listed_areas > 0;
    of->on_show.n = count(g, SET_ON_SHOW, i);
    of->sold = count(g, SET_SOLD, i);
    of->producers = count(g, SET_PRODUCERS, i);
}

static void add_up(struct gathering *g)
{
    struct composed *all = &g->c->all;

    put_booths(g);
    put_sold(g);
    for (int i = 0; i < ORIGINS; i++) {
        struct composed *of = &g->c->of[i];

        count_of(g, of, (enum origin)i);
        all->listed_areas += of->listed_areas;
        all->areas.n += of->areas.known ? of->areas.n : 0;
        all->stands.n += of->stands.known ? of->stands.n : 0;
        sum_add(&all->net_vnd, of->net_vnd);
    }
    count_of(g, all, ORIGINS);
}

enum err composition_load(struct report *r, int last_day,
                          struct composition *out)
{
    size_t booths = (size_t)r->ground.n_booths;
    struct composition c = { .all.any = true };
    struct gathering g = {
        .r = r, .c = &c, .last_day = last_day, .has_list = x_alloc(booths + 1)
    };
    struct roll_taker taker = { .ctx = &g,
                                .line = take_line,
                                .hold = take_hold };
    struct str fair = str_of(r->ground.fair.code);

    rows_init(&g.rows);
    g.none = rows_text(&g.rows, STR(""));
    ASSERT(g.none == 0); /* what a product of no catalogue has */
    enum err e = product_each(r->store, take_product, &g);
    if (e == ERR_OK)
        e = booth_item_each(r->store, fair, take_item, &g);
    if (e == ERR_OK)
        e = store_rolls(r->store, fair, &taker);
    if (e == ERR_OK) {
        add_up(&g);
        *out = c;
    }
    rows_done(&g.rows);
    free(g.has_list);
    return e;
}

/* ---- printing ------------------------------------------------------------ */

/* Fills all cells but the first. */
static void put_cells(const struct composition *c, const struct composed *of,
                      struct cell *cells)
{
    const struct cell list[COLUMNS - 1] = {
        cell_figure(of->areas),
        of->areas.known ? cell_int(of->listed_areas) : cell_null,
        cell_figure(of->stands),
        cell_figure(of->on_show),
        cell_int(of->sold),
        cell_int(of->producers),
        cell_int(of->net_vnd),
        cell_figure(share_of(of->net_vnd, c->all.net_vnd)),
    };

    memcpy(&cells[1], list, sizeof(list));
}

static void total_json(const struct report *r, struct json *j)
{
    const struct composition *c = r->own;
    struct cell cells[COLUMNS];

    put_cells(c, &c->all, cells);
    json_object(j, "totals");
    cells_json(j, columns, cells, 1, COLUMNS);
    json_end_object(j);
}

/* Areas without a list make products on show a lower bound. */
static void notes_text(const struct report *r, struct buf *out)
{
    const struct composed *all = &((const struct composition *)r->own)->all;

    buf_puts(out, _("An area is one booth of the booth list and has one or "
                    "more stands."));
    buf_putc(out, '\n');
    if (all->on_show.known) {
        buf_printf(out,
                   _("Products on show: in the lists of %lld of %lld "
                     "areas"),
                   (long long)all->listed_areas, (long long)all->areas.n);
        buf_putc(out, '\n');
    }
    buf_printf(out, _("Producers of what is on show or sold: %lld"),
               (long long)all->producers);
    buf_putc(out, '\n');
}

/* A screen is too narrow for all of them. */
static void columns_choose(const struct report *r, struct column *out)
{
    memcpy(out, columns, sizeof(columns));
    if (r->query->format == REPORT_TEXT)
        out[PRODUCERS].title = out[SHARE].title = NULL;
}

static void print(struct report *r, const struct composition *c,
                  struct buf *out)
{
    struct column shown[COLUMNS];
    struct cell cells[COLUMNS];

    columns_choose(r, shown);
    struct table *table = table_open(shown, COLUMNS);
    for (int i = 0; i < ORIGINS; i++) {
        if (!c->of[i].any)
            continue;
        cells[0] = cell_named(&origin_names[i]);
        put_cells(c, &c->of[i], cells);
        table_row(table, cells);
    }
    cells[0] = cell_null;
    put_cells(c, &c->all, cells);
    table_total(table, cells);
    r->own = c;
    report_print(r,
                 &(struct page){ .array = "origins",
                                 .table = table,
                                 .json = total_json,
                                 .text = notes_text },
                 out);
    table_close(table);
}

enum err report_composition(struct report *r, struct buf *out)
{
    struct composition c;
    enum err e = composition_load(r, 0, &c);

    if (e == ERR_OK)
        print(r, &c, out);
    return e;
}
