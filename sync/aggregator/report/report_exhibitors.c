/*
 * report_exhibitors.c - growth taken apart: what the same exhibitors brought,
 * what new ones did, and what went with those who are gone.
 *
 * Exhibitors are booths of the booth lists by name; service booths and those
 * in no booth list make a row of their own, so that the rows add up to the
 * fair. Both fairs are cut at the same fair-day and slot while one runs.
 * Invariant: contributions add up to the growth of the total to the hundredth
 * of a per cent, by largest remainder.
 */
#include "report_exhibitors.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"

#include "report_versus.h"

enum {
    GROUP,
    COUNT,
    THAT_COUNT,
    NET,
    THAT_NET,
    PER_DAY,
    THAT_PER_DAY,
    GROWTH_TOTAL,
    GROWTH_PER_DAY,
    POINTS_TOTAL,
    POINTS_PER_DAY,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [GROUP] = { "group", N_("Who"), COL_TEXT },
    [COUNT] = { "exhibitors", N_("How many"), COL_INT },
    [THAT_COUNT] = { "that_exhibitors", N_("How many there"), COL_INT },
    [NET] = { "net_vnd", N_("Net revenue"), COL_MONEY },
    [THAT_NET] = { "that_net_vnd", N_("Net revenue there"), COL_MONEY },
    [PER_DAY] = { "net_per_day_vnd", N_("Per day"), COL_MONEY },
    [THAT_PER_DAY] = { "that_net_per_day_vnd", N_("There per day"), COL_MONEY },
    [GROWTH_TOTAL] = { "growth_total_pct", N_("Growth in total"), COL_GROWTH },
    [GROWTH_PER_DAY] = { "growth_per_day_pct", N_("Growth per day"),
                         COL_GROWTH },
    [POINTS_TOTAL] = { "contribution_total_pct", N_("Points in total"),
                       COL_GROWTH },
    [POINTS_PER_DAY] = { "contribution_per_day_pct", N_("Points per day"),
                         COL_GROWTH },
};

enum group { SAME, NEW, GONE, OTHERS, TOTAL, GROUPS };

static const struct word_name group_names[GROUPS] = {
    [SAME] = { "same", N_("the same") }, [NEW] = { "new", N_("new") },
    [GONE] = { "gone", N_("gone") },     [OTHERS] = { "others", N_("others") },
    [TOTAL] = { "total", N_("total") },
};

enum side { HERE, THERE, SIDES };

struct group_sums {
    int64_t count[SIDES], net_vnd[SIDES];
    int64_t points_total, points_per_day; /* hundredths of a per cent */
};

struct parties {
    struct report *r;
    struct versus versus;
    struct rows rows; /* by exhibitor: booths HERE and THERE, then nets */
    struct group_sums of[GROUPS];
};

/* ---- who is who ---------------------------------------------------------- */

void exhibitor_key(struct buf *out, struct str name)
{
    BUF(clean, MAX_TEXT);
    size_t pos = 0;
    int32_t code;

    if (text_clean(&clean, name, MAX_NOTE_COLUMNS) != ERR_OK) {
        buf_clear(&clean); /* none that can be imported */
        buf_str(&clean, name);
    }
    while ((code = utf8_next(buf_slice(&clean), &pos)) >= 0)
        utf8_put(out, utf8proc_tolower(code));
}

/* ---- reading a fair ------------------------------------------------------ */

struct reading {
    struct parties *all;
    const struct fairground *ground;
    enum side side;
    struct until end;
    uint32_t *keys; /* by booth: the exhibitor's text */
};

enum { OTHERS_TEXT = 0 }; /* the empty text: no exhibitor goes by it */

static int64_t *party(struct parties *p, uint32_t key)
{
    return rows_at(&p->rows, (struct row_key){ .a = key })->v;
}

static void booths_name(struct reading *now)
{
    struct parties *p = now->all;

    for (int i = 0; i < now->ground->n_booths; i++) {
        const struct ground_booth *b = &now->ground->booths[i];
        BUF(key, MAX_TEXT);

        if (b->origin != ORIGIN_UNKNOWN && b->origin != ORIGIN_SERVICE)
            exhibitor_key(&key, str_of(b->name));
        now->keys[i] = rows_text(&p->rows, buf_slice(&key));
        party(p, now->keys[i])[now->side]++;
    }
}

static enum err take_sale(void *ctx, const struct roll_sale *sale)
{
    struct reading *now = ctx;
    const struct post *post = ground_post(now->ground, sale->device);

    if (!post || !until_slot(now->end, sale->day, sale->slot))
        return ERR_OK;
    int64_t *net = &party(now->all, now->keys[post->booth])[SIDES + now->side];
    sum_add(net, sale->revenue_vnd);
    sum_add(net, -sale->refunds_vnd);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct reading *now = ctx;

    return now->side == HERE ? report_hold(now->all->r, h) : ERR_OK;
}

static enum err read_side(struct reading *now)
{
    size_t booths = (size_t)now->ground->n_booths;
    struct roll_taker taker = { .ctx = now,
                                .sale = take_sale,
                                .hold = take_hold };

    now->keys = x_alloc((booths + 1) * sizeof(*now->keys));
    booths_name(now);
    enum err e =
        store_rolls(now->all->r->store, str_of(now->ground->fair.code), &taker);
    free(now->keys);
    return e;
}

/* ---- groups -------------------------------------------------------------- */

static enum group group_of(const struct row *row)
{
    if (row->key.a == OTHERS_TEXT)
        return OTHERS;
    if (row->v[HERE] == 0)
        return GONE;
    return row->v[THERE] == 0 ? NEW : SAME;
}

static void sums_put(struct group_sums *sums, const struct row *row)
{
    bool named = row->key.a != OTHERS_TEXT;

    for (int side = HERE; side < SIDES; side++) {
        sums->count[side] += named && row->v[side] > 0;
        sum_add(&sums->net_vnd[side], row->v[SIDES + side]);
    }
}

static void add_up(struct parties *p)
{
    for (uint32_t i = 0; i < p->rows.n; i++) {
        const struct row *row = &p->rows.rows[i];

        sums_put(&p->of[group_of(row)], row);
        sums_put(&p->of[TOTAL], row);
    }
}

/* ---- contributions ------------------------------------------------------- */

__extension__ typedef __int128 wide;

/* Shares the growth of the total out over its parts: the part's own change
 * over the whole base, rounded down, and what is missing then one by one to
 * those that lost most by it. `total` is what they have to add up to. */
static void points_share(const struct parties *p, int64_t days, int64_t base,
                         int64_t total, int64_t points[TOTAL])
{
    wide whole = (wide)p->of[TOTAL].net_vnd[THERE] * days, rest[TOTAL];

    for (int i = 0; i < TOTAL; i++) {
        wide change = (wide)p->of[i].net_vnd[HERE] * base -
                      (wide)p->of[i].net_vnd[THERE] * days;
        wide scaled = change * 10000;

        rest[i] = (scaled % whole + whole) % whole;
        points[i] = (int64_t)((scaled - rest[i]) / whole);
        total -= points[i];
    }
    for (; total > 0; total--) {
        int best = 0;

        for (int i = 1; i < TOTAL; i++)
            best = rest[i] > rest[best] ? i : best;
        points[best]++;
        rest[best] = 0;
    }
}

static struct figure growth_of(const struct parties *p, enum group group,
                               bool per_day)
{
    const struct versus *v = &p->versus;
    const int64_t *net = p->of[group].net_vnd;

    if (v->why != GLANCE_COMPARED)
        return (struct figure){ false, 0 };
    return growth_per_day(net[HERE], per_day ? v->this_days : 1, net[THERE],
                          per_day ? v->that_days : 1);
}

static void contributions(struct parties *p)
{
    const struct versus *v = &p->versus;
    struct figure total = growth_of(p, TOTAL, false);
    struct figure per_day = growth_of(p, TOTAL, true);
    int64_t points[TOTAL];

    if (!total.known || !per_day.known)
        return;
    points_share(p, 1, 1, total.n, points);
    for (int i = 0; i < TOTAL; i++)
        p->of[i].points_total = points[i];
    points_share(p, v->this_days, v->that_days, per_day.n, points);
    for (int i = 0; i < TOTAL; i++)
        p->of[i].points_per_day = points[i];
    p->of[TOTAL].points_total = total.n;
    p->of[TOTAL].points_per_day = per_day.n;
}

/* ---- the whole ----------------------------------------------------------- */

static enum err parties_load(struct report *r, struct parties *p)
{
    struct reading here = { .all = p, .ground = &r->ground, .side = HERE };
    struct reading there = { .all = p,
                             .ground = &p->versus.other.ground,
                             .side = THERE };

    p->r = r;
    rows_init(&p->rows);
    uint32_t others = rows_text(&p->rows, STR(""));
    ASSERT(others == OTHERS_TEXT);
    enum err e = versus_open(r, 0, &p->versus);
    here.end = p->versus.this_end;
    there.end = p->versus.that_end;
    if (e == ERR_OK)
        e = read_side(&here);
    if (e == ERR_OK && p->versus.why == GLANCE_COMPARED)
        e = read_side(&there);
    if (e == ERR_OK) {
        add_up(p);
        contributions(p);
    }
    return e;
}

/* ---- printing ------------------------------------------------------------ */

static struct cell day_cell(bool compared, int64_t net, int64_t days)
{
    return compared ? cell_int(per_day(net, days)) : cell_null;
}

static struct cell points_cell(const struct parties *p, bool per_day,
                               int64_t points)
{
    return growth_of(p, TOTAL, per_day).known ? cell_int(points) : cell_null;
}

/* Without another fair there are no groups, only the fair itself. */
static void put_group(const struct parties *p, enum group group,
                      struct table *table)
{
    const struct versus *v = &p->versus;
    const struct group_sums *s = &p->of[group];
    bool compared = v->why == GLANCE_COMPARED;
    bool known = compared || group == TOTAL;
    const struct cell cells[COLUMNS] = {
        [GROUP] = cell_named(&group_names[group]),
        [COUNT] = known ? cell_int(s->count[HERE]) : cell_null,
        [THAT_COUNT] = compared ? cell_int(s->count[THERE]) : cell_null,
        [NET] = known ? cell_int(s->net_vnd[HERE]) : cell_null,
        [THAT_NET] = compared ? cell_int(s->net_vnd[THERE]) : cell_null,
        [PER_DAY] =
            day_cell(known && v->this_days > 0, s->net_vnd[HERE], v->this_days),
        [THAT_PER_DAY] = day_cell(compared, s->net_vnd[THERE], v->that_days),
        [GROWTH_TOTAL] = cell_figure(growth_of(p, group, false)),
        [GROWTH_PER_DAY] = cell_figure(growth_of(p, group, true)),
        [POINTS_TOTAL] = points_cell(p, false, s->points_total),
        [POINTS_PER_DAY] = points_cell(p, true, s->points_per_day),
    };

    table_row(table, cells);
}

/* Others are only told of when they matter. */
static bool has_others(const struct parties *p)
{
    const int64_t *net = p->of[OTHERS].net_vnd;

    return p->versus.why == GLANCE_COMPARED &&
           (net[HERE] != 0 || net[THERE] != 0);
}

static void members_json(const struct report *r, struct json *j)
{
    versus_json(&((const struct parties *)r->own)->versus, j);
}

static void notes_text(const struct report *r, struct buf *out)
{
    const struct parties *p = r->own;
    struct figure total = growth_of(p, TOTAL, false);

    versus_text(&p->versus, out);
    if (total.known) {
        buf_puts(out, _("Growth in total"));
        buf_puts(out, ": ");
        growth_render(out, total.n);
        buf_putc(out, '\n');
        buf_puts(out, _("Points: what each group adds to the growth of all."));
        buf_putc(out, '\n');
    }
    buf_puts(out, _("An exhibitor is the same when its booth's name is, "
                    "capital letters aside."));
    buf_putc(out, '\n');
    buf_puts(out, _("Booth codes are only positions."));
    buf_putc(out, '\n');
    if (!has_others(p))
        return;
    buf_puts(out, _("Others: service booths and those in no booth list."));
    buf_putc(out, '\n');
}

/* A screen is too narrow for all of them. */
static void columns_choose(const struct report *r, struct column *out)
{
    static const int hidden[] = { PER_DAY, THAT_PER_DAY, GROWTH_TOTAL,
                                  POINTS_TOTAL };

    memcpy(out, columns, sizeof(columns));
    for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
        if (r->query->format == REPORT_TEXT)
            out[hidden[i]].title = NULL;
    }
}

static void print(struct report *r, const struct parties *p, struct buf *out)
{
    struct column shown[COLUMNS];

    columns_choose(r, shown);
    struct table *table = table_open(shown, COLUMNS);
    struct page page = { .array = "groups",
                         .table = table,
                         .json = members_json,
                         .text = notes_text };
    for (int i = 0; i < GROUPS; i++) {
        if (i != OTHERS || has_others(p))
            put_group(p, (enum group)i, table);
    }
    r->own = p;
    report_print(r, &page, out);
    table_close(table);
}

enum err report_exhibitors(struct report *r, struct buf *out)
{
    struct parties p = { .r = r };
    enum err e = parties_load(r, &p);

    if (e == ERR_OK)
        print(r, &p, out);
    versus_done(&p.versus);
    rows_done(&p.rows);
    return e;
}
