/*
 * report_league.c - goods of a fair grouped by booth, origin, place, producer,
 * group, stars or product, ranked, and held against another fair.
 *
 * Groups of goods come from roll-up rows of lines, so that a booth shared by
 * several producers is taken apart. Where a fair is not over, both are compared
 * by whole hours: lines are rolled up by the hour.
 * How it is printed is in report_league_print.c.
 */
#include "report_league.h"

#include <stdlib.h>

#include "fair/i18n.h"
#include "fair/money.h"

#include "report_exhibitors.h"

/* Rows of league.rows. `a` is a text: the group's key, or what it goes by at
 * the other fair. */
enum {
    OF_SKU,     /* a sku: KEY and NAME of its group */
    OF_GROUP,   /* a group: NET, PART, SALES */
    OF_AREA,    /* a group, part a booth: sales */
    OF_PRODUCT, /* a group, b a sku: sales */
    OF_FAIR,    /* part a booth or b a sku: in how many groups it is */
    OF_MATCH,   /* how many booths go by it HERE and THERE */
    OF_THAT     /* what is there: NET, RANK */
};
enum { NET, PART, SALES, RANK = PART };
enum { KEY, NAME, NAMED };
enum side { HERE, THERE };

/* A fair being read. */
struct reading {
    struct report *r;
    struct league *l;
    const struct fairground *ground;
    uint32_t *booths; /* by booth: the text it is grouped by */
    int last_day;     /* 0: all */
};

enum { NONE = 0 }; /* the number of the empty text */

static int64_t *at(struct league *l, int table, uint32_t a, uint32_t b)
{
    struct row_key key = { .table = (uint32_t)table, .a = a, .b = b };

    return rows_at(&l->rows, key)->v;
}

static int64_t *at_area(struct league *l, uint32_t group, int booth)
{
    struct row_key key = { .table = OF_AREA, .part = booth + 1, .a = group };

    return rows_at(&l->rows, key)->v;
}

/* ---- groups -------------------------------------------------------------- */

static bool by_the_booth(enum league_by by)
{
    return by == BY_BOOTH || by == BY_ORIGIN;
}

/* The product's own text to group by. */
static uint32_t key_of(struct league *l, const struct product *p)
{
    char stars[2] = { (char)('0' + p->stars), '\0' };
    const struct str texts[LEAGUE_BYS] = {
        [BY_PLACE] = p->place,
        [BY_PRODUCER] = p->seller,
        [BY_GROUP] = p->group,
        [BY_STARS] = p->stars > 0 ? str_of(stars) : STR(""),
        [BY_PRODUCT] = p->sku,
    };

    return rows_text(&l->rows, texts[l->by]);
}

static enum err take_product(void *ctx, const struct catalogue_product *c)
{
    struct league *l = ((struct reading *)ctx)->l;
    uint32_t sku = rows_text(&l->rows, c->p.sku);
    uint32_t key = key_of(l, &c->p);
    uint32_t name = rows_text(&l->rows, c->p.name);
    int64_t *v = at(l, OF_SKU, sku, NONE);

    v[KEY] = key;
    v[NAME] = l->by == BY_PRODUCT ? name : key;
    v[NAMED] = true;
    return ERR_OK;
}

/* A product of no catalogue is one of its own, under the name it was first
 * sold by; otherwise nothing is known of it. */
static enum err take_item(void *ctx, const struct roll_item *item)
{
    struct reading *now = ctx;
    struct league *l = now->l;

    if (l->by != BY_PRODUCT || !ground_post(now->ground, item->device))
        return ERR_OK;
    uint32_t sku = rows_text(&l->rows, item->sku);
    uint32_t name = rows_text(&l->rows, item->name);
    int64_t *v = at(l, OF_SKU, sku, NONE);
    if (!v[NAMED])
        v[NAME] = name;
    v[NAMED] = true;
    return ERR_OK;
}

static uint32_t group_of(struct reading *now, int booth, uint32_t sku)
{
    if (by_the_booth(now->l->by))
        return now->booths[booth];
    return now->l->by == BY_PRODUCT
               ? sku
               : (uint32_t)at(now->l, OF_SKU, sku, NONE)[KEY];
}

/* A booth is the same at another fair when its name is: codes are positions. */
static uint32_t match_of(struct league *l, const struct ground_booth *b)
{
    BUF(name, MAX_TEXT);

    if (!b->name)
        return NONE;
    exhibitor_key(&name, str_of(b->name));
    return rows_text(&l->rows, buf_slice(&name));
}

static void booths_group(struct reading *now, enum side side)
{
    struct league *l = now->l;

    for (int i = 0; i < now->ground->n_booths; i++) {
        const struct ground_booth *b = &now->ground->booths[i];

        if (l->by == BY_ORIGIN)
            now->booths[i] =
                rows_text(&l->rows, str_of(origin_names[b->origin].word));
        if (l->by != BY_BOOTH)
            continue;
        uint32_t match = match_of(l, b);
        now->booths[i] =
            side == THERE ? match : rows_text(&l->rows, str_of(b->code));
        at(l, OF_MATCH, match, NONE)[side]++;
    }
}

/* ---- sums ---------------------------------------------------------------- */

static enum err take_line(void *ctx, const struct roll_line *line)
{
    struct reading *now = ctx;
    struct league *l = now->l;
    const struct post *p = ground_post(now->ground, line->device);

    if (!p || (now->last_day != 0 && line->day > now->last_day))
        return ERR_OK;
    uint32_t sku = rows_text(&l->rows, line->sku);
    uint32_t group = group_of(now, p->booth, sku);
    int64_t *v = at(l, OF_GROUP, group, NONE);
    sum_add(&v[NET], line->amount_vnd);
    if (until_hour(l->versus.this_end, line->day, line->hour))
        sum_add(&v[PART], line->amount_vnd);
    if (!by_the_booth(l->by))
        sum_add(&v[SALES], line->sales);
    sum_add(at_area(l, group, p->booth), line->sales);
    sum_add(at(l, OF_PRODUCT, group, sku), line->sales);
    return ERR_OK;
}

/* Receipts; the goods are in the lines. */
static enum err take_sale(void *ctx, const struct roll_sale *sale)
{
    struct reading *now = ctx;
    const struct post *p = ground_post(now->ground, sale->device);

    if (!p || !by_the_booth(now->l->by) ||
        (now->last_day != 0 && sale->day > now->last_day))
        return ERR_OK;
    uint32_t group = now->booths[p->booth];
    sum_add(&at(now->l, OF_GROUP, group, NONE)[SALES], sale->sales);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct reading *now = ctx;

    hold_add(now->ground, h, &now->l->hold);
    return ERR_OK;
}

static enum err take_that_line(void *ctx, const struct roll_line *line)
{
    struct reading *now = ctx;
    struct league *l = now->l;
    const struct post *p = ground_post(now->ground, line->device);

    if (!p || !until_hour(l->versus.that_end, line->day, line->hour))
        return ERR_OK;
    uint32_t sku = rows_text(&l->rows, line->sku);
    uint32_t group = group_of(now, p->booth, sku);
    sum_add(&at(l, OF_THAT, group, NONE)[NET], line->amount_vnd);
    return ERR_OK;
}

static enum err read_side(struct reading *now, enum side side)
{
    size_t booths = (size_t)now->ground->n_booths;
    struct roll_taker here = { .ctx = now,
                               .sale = take_sale,
                               .line = take_line,
                               .item = take_item,
                               .hold = take_hold };
    struct roll_taker there = { .ctx = now, .line = take_that_line };

    now->booths = x_alloc((booths + 1) * sizeof(*now->booths));
    booths_group(now, side);
    enum err e = store_rolls(now->r->store, str_of(now->ground->fair.code),
                             side == HERE ? &here : &there);
    free(now->booths);
    return e;
}

/* ---- rows ---------------------------------------------------------------- */

static void row_make(struct league *l, const struct row *from)
{
    size_t n = (size_t)l->n + 1;
    uint32_t key = from->key.a;
    struct league_row row = { .key_at = key,
                              .name_at = key,
                              .match = key,
                              .net_vnd = from->v[NET],
                              .part_vnd = from->v[PART] };

    row.sales.known = by_the_booth(l->by) || l->by == BY_PRODUCT;
    row.sales.n = from->v[SALES];
    l->list = x_realloc(l->list, n * sizeof(*l->list));
    l->list[l->n++] = row;
}

static int by_key(const void *left, const void *right)
{
    const struct league_row *a = left, *b = right;

    return (a->key_at > b->key_at) - (a->key_at < b->key_at);
}

static void rows_make(struct league *l)
{
    for (uint32_t i = 0; i < l->rows.n; i++) {
        if (l->rows.rows[i].key.table == OF_GROUP)
            row_make(l, &l->rows.rows[i]);
    }
    if (l->n > 0)
        qsort(l->list, (size_t)l->n, sizeof(*l->list), by_key);
}

/* The group of a key that has goods: there is one. */
static struct league_row *row_of(struct league *l, uint32_t key)
{
    struct league_row wanted = { .key_at = key };
    struct league_row *row =
        bsearch(&wanted, l->list, (size_t)l->n, sizeof(wanted), by_key);

    ASSERT(row != NULL);
    return row;
}

/* Areas and products of each group; the fair's are those of any. */
static void members_count(struct league *l)
{
    uint32_t n = l->rows.n;

    for (uint32_t i = 0; i < n; i++) {
        struct row_key key = l->rows.rows[i].key;
        bool area = key.table == OF_AREA, product = key.table == OF_PRODUCT;

        if ((!area && !product) || l->rows.rows[i].v[0] <= 0)
            continue;
        struct league_row *row = row_of(l, key.a);
        row->areas += area;
        row->products += product;
        key.table = OF_FAIR;
        key.a = NONE;
        bool first = rows_at(&l->rows, key)->v[0]++ == 0;
        l->all.areas += area && first;
        l->all.products += product && first;
    }
}

static void booths_name(struct reading *now)
{
    struct league *l = now->l;

    for (int i = 0; i < now->ground->n_booths; i++) {
        const struct ground_booth *b = &now->ground->booths[i];
        uint32_t code = rows_text(&l->rows, str_of(b->code));
        struct league_row wanted = { .key_at = code };
        struct league_row *row =
            bsearch(&wanted, l->list, (size_t)l->n, sizeof(wanted), by_key);

        if (!row)
            continue;
        row->name_at = rows_text(&l->rows, str_of(b->name));
        row->match = match_of(l, b);
    }
}

static void rows_name(struct reading *now)
{
    struct league *l = now->l;

    if (l->n > 0 && l->by == BY_BOOTH)
        booths_name(now);
    for (int i = 0; i < l->n && l->by == BY_PRODUCT; i++) {
        struct league_row *row = &l->list[i];

        row->name_at = (uint32_t)at(l, OF_SKU, row->key_at, NONE)[NAME];
    }
}

/* ---- ranks --------------------------------------------------------------- */

struct place {
    int64_t value, *rank;
};

static int by_value(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    return (a->value < b->value) - (a->value > b->value);
}

/* 1 for the greatest; equal ones share the first place they fill. */
static void places_rank(struct place *places, int n)
{
    if (n > 0)
        qsort(places, (size_t)n, sizeof(*places), by_value);
    for (int i = 0; i < n; i++) {
        bool same = i > 0 && places[i].value == places[i - 1].value;

        *places[i].rank = same ? *places[i - 1].rank : i + 1;
    }
}

/* By all of the net, and in `change` by the part that is compared. */
static void rank_here(struct league *l)
{
    struct place *all = x_alloc(((size_t)l->n + 1) * sizeof(*all));
    struct place *part = x_alloc(((size_t)l->n + 1) * sizeof(*part));
    int n = 0;

    for (int i = 0; i < l->n; i++) {
        struct league_row *row = &l->list[i];

        row->rank.known = row->key_at != NONE;
        if (!row->rank.known)
            continue;
        all[n] = (struct place){ row->net_vnd, &row->rank.n };
        part[n++] = (struct place){ row->part_vnd, &row->rank_change.n };
    }
    places_rank(all, n);
    places_rank(part, n);
    free(all);
    free(part);
}

static void rank_there(struct league *l)
{
    struct place *there = x_alloc((l->rows.n + 1) * sizeof(*there));
    int n = 0;

    for (uint32_t i = 0; i < l->rows.n; i++) {
        struct row *row = &l->rows.rows[i];

        if (row->key.table != OF_THAT)
            continue;
        sum_add(&l->all.that_vnd.n, row->v[NET]);
        if (row->key.a != NONE)
            there[n++] = (struct place){ row->v[NET], &row->v[RANK] };
    }
    places_rank(there, n);
    free(there);
}

/* ---- against the other fair ---------------------------------------------- */

static struct figure growth_of(const struct league *l,
                               const struct league_row *row)
{
    const struct versus *v = &l->versus;

    return growth_per_day(row->part_vnd, v->this_days, row->that_vnd.n,
                          v->that_days);
}

/* Is it known who of the other fair this is? */
static bool matches(struct league *l, const struct league_row *row)
{
    const int64_t *booths;

    if (l->by != BY_BOOTH || row->match == NONE)
        return row->match != NONE;
    booths = at(l, OF_MATCH, row->match, NONE);
    return booths[HERE] == 1 && booths[THERE] == 1;
}

static void row_compare(struct league *l, struct league_row *row)
{
    if (!matches(l, row)) {
        row->rank_change = (struct figure){ false, 0 };
        return;
    }
    const int64_t *that = at(l, OF_THAT, row->match, NONE);

    row->that_vnd = (struct figure){ true, that[NET] };
    row->growth = growth_of(l, row);
    row->that_rank = (struct figure){ that[RANK] > 0, that[RANK] };
    row->rank_change.known = row->that_rank.known;
    row->rank_change.n = that[RANK] - row->rank_change.n;
}

static enum err compare(struct reading *now)
{
    struct league *l = now->l;

    if (l->versus.why != GLANCE_COMPARED)
        return ERR_OK;
    struct reading there = { .r = now->r,
                             .l = l,
                             .ground = &l->versus.other.ground };
    enum err e = read_side(&there, THERE);
    if (e != ERR_OK)
        return e;
    rank_there(l);
    for (int i = 0; i < l->n; i++)
        row_compare(l, &l->list[i]);
    l->all.that_vnd.known = true;
    l->all.growth = growth_of(l, &l->all);
    return ERR_OK;
}

/* ---- the whole ----------------------------------------------------------- */

static int by_net(const void *left, const void *right)
{
    const struct league_row *a = left, *b = right;

    if (a->rank.known != b->rank.known)
        return a->rank.known ? -1 : 1;
    if (a->net_vnd != b->net_vnd)
        return a->net_vnd > b->net_vnd ? -1 : 1;
    return str_cmp(a->key, b->key);
}

static struct str text_of(const struct league *l, uint32_t number)
{
    const struct row_text *t = &l->rows.texts[number];

    return (struct str){ l->rows.bytes.data + t->at, t->len };
}

/* Once no text is added any more: they move. */
static void rows_sort(struct league *l)
{
    for (int i = 0; i < l->n; i++) {
        struct league_row *row = &l->list[i];

        row->key = text_of(l, row->key_at);
        row->name = text_of(l, row->name_at);
    }
    if (l->n > 0)
        qsort(l->list, (size_t)l->n, sizeof(*l->list), by_net);
}

static void add_up(struct league *l)
{
    l->all.sales.known = by_the_booth(l->by);
    for (int i = 0; i < l->n; i++) {
        const struct league_row *row = &l->list[i];

        sum_add(&l->all.net_vnd, row->net_vnd);
        sum_add(&l->all.part_vnd, row->part_vnd);
        sum_add(&l->all.sales.n, row->sales.n);
    }
}

enum err league_load(struct report *r, enum league_by by, int day,
                     struct league *l)
{
    struct reading here = {
        .r = r, .l = l, .ground = &r->ground, .last_day = day
    };

    *l = (struct league){ .by = by };
    rows_init(&l->rows);
    uint32_t none = rows_text(&l->rows, STR(""));
    ASSERT(none == NONE);
    enum err e = versus_open(r, day, &l->versus);
    if (e == ERR_OK)
        e = product_each(r->store, take_product, &here);
    if (e == ERR_OK)
        e = read_side(&here, HERE);
    if (e != ERR_OK)
        return e;
    rows_make(l);
    members_count(l);
    rows_name(&here);
    rank_here(l);
    add_up(l);
    e = compare(&here);
    if (e == ERR_OK)
        rows_sort(l);
    return e;
}

void league_done(struct league *l)
{
    versus_done(&l->versus);
    rows_done(&l->rows);
    free(l->list);
}
