/*
 * report_pace.c - each day of the calendar beside the other fair's fair-day of
 * the same number.
 *
 * A day that runs is compared up to the end of the last slot that is over, on
 * both sides; the other fair's whole day stands there too, as what is still to
 * come. Days to come have no figures of their own.
 */
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "report_versus.h"

enum {
    DATE,
    FAIR_DAY,
    NET,
    VISITS,
    SALES,
    SO_FAR,
    THAT_DATE,
    THAT_NET,
    THAT_SO_FAR,
    GROWTH,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [DATE] = { "date", N_("Date"), COL_DAY },
    [FAIR_DAY] = { "fair_day", NULL, COL_INT },
    [NET] = { "net_vnd", N_("Net revenue"), COL_MONEY },
    [VISITS] = { "visits", NULL, COL_INT },
    [SALES] = { "sales", NULL, COL_INT },
    [SO_FAR] = { "net_so_far_vnd", N_("compared"), COL_MONEY },
    [THAT_DATE] = { "that_date", NULL, COL_DAY },
    [THAT_NET] = { "that_net_vnd", N_("Other fair"), COL_MONEY },
    [THAT_SO_FAR] = { "that_net_so_far_vnd", N_("compared"), COL_MONEY },
    [GROWTH] = { "growth", N_("Growth"), COL_GROWTH },
};

static const struct chart chart = { .kind = CHART_BARS,
                                    .x = DATE,
                                    .n = 2,
                                    .series = { NET, THAT_NET },
                                    .ghosts = 1 };

struct pace {
    struct versus v; /* what the notes are made from */
    struct tally this, that;
};

static void put_own(const struct pace *p, int number, struct cell *cells)
{
    const struct stage *s = &p->v.stage;
    const struct tally_day *d = tally_day_numbered(&p->this, number);
    bool now = s->running && number == s->number;

    cells[NET] = cell_int(tally_net(&d->sums));
    cells[VISITS] = cell_int(d->sums.visits);
    cells[SALES] = cell_int(d->sums.sales);
    cells[SO_FAR] = cell_int(tally_net(now ? &d->cut : &d->sums));
}

static void put_other(const struct pace *p, int number, struct cell *cells)
{
    const struct other *o = &p->v.other;
    const struct stage *s = &p->v.stage;

    if (o->why != GLANCE_COMPARED || number > fair_open_days(&o->ground.fair))
        return;
    const struct tally_day *d = tally_day_numbered(&p->that, number);
    bool whole = number < o->stage.number ||
                 (number == o->stage.number && !o->stage.running);
    bool now = s->running && number == s->number;

    cells[THAT_DATE] = cell_int(d->day);
    if (whole)
        cells[THAT_NET] = cell_int(tally_net(&d->sums));
    if (now && other_day(o, s, number) == GLANCE_COMPARED)
        cells[THAT_SO_FAR] = cell_int(tally_net(&d->cut));
    else if (whole)
        cells[THAT_SO_FAR] = cells[THAT_NET];
}

static void put_day(const struct pace *p, int number, struct table *table)
{
    const struct stage *s = &p->v.stage;
    struct figure g = { false, 0 };
    struct cell cells[COLUMNS];

    for (int i = 0; i < COLUMNS; i++)
        cells[i] = cell_null;
    cells[DATE] = cell_int(fair_day_date(&p->this.ground->fair, number));
    cells[FAIR_DAY] = cell_int(number);
    if (number <= s->number)
        put_own(p, number, cells);
    put_other(p, number, cells);
    if (number <= s->number && !cells[THAT_SO_FAR].null)
        g.known =
            growth(cells[SO_FAR].n, 1, cells[THAT_SO_FAR].n, 1, &g.n) == ERR_OK;
    cells[GROWTH] = cell_figure(g);
    table_row(table, cells);
}

static void put_days(struct pace *p, struct table *table)
{
    int64_t inside = 0;

    for (int i = 1; i <= fair_open_days(&p->this.ground->fair); i++) {
        put_day(p, i, table);
        sum_add(&inside, tally_net(&tally_day_numbered(&p->this, i)->sums));
    }
    p->v.outside_vnd = tally_net(&p->this.total) - inside;
}

static enum err load(struct report *r, struct pace *p)
{
    enum err e = versus_open(r, 0, &p->v);

    if (e != ERR_OK)
        return e;
    p->this.ground = &r->ground;
    p->that.ground = &p->v.other.ground;
    p->this.cuts = p->that.cuts = true;
    p->this.cut = p->v.stage.cut;
    p->that.cut = p->v.stage.cut;
    e = tally_load(&p->this, r->store);
    if (e == ERR_OK && p->v.other.why == GLANCE_COMPARED)
        e = tally_load(&p->that, r->store);
    return e;
}

enum err report_pace(struct report *r, struct buf *out)
{
    struct pace p = { .this = { .ground = NULL } };
    enum err e = load(r, &p);

    if (e == ERR_OK) {
        struct table *table = table_open(columns, COLUMNS);
        struct page page = { .array = "days",
                             .table = table,
                             .json = versus_days_json,
                             .text = versus_days_text,
                             .chart = &chart };

        put_days(&p, table);
        r->own = &p.v;
        r->hold = p.this.hold;
        report_print(r, &page, out);
        table_close(table);
    }
    tally_done(&p.this);
    tally_done(&p.that);
    versus_done(&p.v);
    return e;
}
