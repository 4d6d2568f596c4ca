/*
 * report_course.c - the fair's net revenue added up hour by hour, beside the
 * other fair's at the same fair-day and hour.
 *
 * A sum is given when its hour is over: an hour in progress would stand against
 * a whole one. Hours are those of the opening times and all others with sales;
 * those after midnight follow their evening. Hours to come are empty.
 */
#include <stdlib.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "report_versus.h"

enum { HOURS = 48, SLOTS_PER_HOUR = 60 / SLOT_MINUTES };

enum {
    MOMENT,
    DATE,
    FAIR_DAY,
    HOUR,
    NET,
    SUM,
    THAT_DATE,
    THAT_NET,
    THAT_SUM,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [MOMENT] = { "moment", N_("Day/hour"), COL_TEXT }, /* "2/09h" */
    [DATE] = { "date", NULL, COL_DAY }, /* the moment names the day */
    [FAIR_DAY] = { "fair_day", NULL, COL_INT },
    [HOUR] = { "hour", NULL, COL_HOUR },
    [NET] = { "net_vnd", N_("Net revenue"), COL_MONEY },
    [SUM] = { "cumulative_vnd", N_("Added up"), COL_MONEY },
    [THAT_DATE] = { "that_date", NULL, COL_DAY },
    [THAT_NET] = { "that_net_vnd", NULL, COL_MONEY },
    [THAT_SUM] = { "that_cumulative_vnd", N_("Other fair"), COL_MONEY },
};

static const struct chart chart = { .kind = CHART_LINES,
                                    .x = MOMENT,
                                    .n = 2,
                                    .series = { SUM, THAT_SUM },
                                    .ghosts = 1 };

struct course_side {
    const struct fairground *ground;
    const struct stage *stage;
    int days;                 /* fair-days of its own */
    int64_t (*net)[HOURS];    /* by number of the fair-day - 1, in đồng */
    int64_t outside_vnd, sum; /* sum: up to the hour being printed */
    struct hold hold;
};

struct course {
    struct versus v; /* what the notes are made from */
    struct course_side this, that;
    int first, last; /* hours shown */
};

/* ---- adding up ----------------------------------------------------------- */

static enum err take_sale(void *ctx, const struct roll_sale *sale)
{
    struct course_side *s = ctx;
    int number = fair_day_number(&s->ground->fair, sale->day);
    int64_t *at = &s->outside_vnd;

    if (!ground_post(s->ground, sale->device))
        return ERR_OK;
    if (number > 0)
        at = &s->net[number - 1][hour_of_slot(s->ground, sale->slot)];
    sum_add(at, sale->revenue_vnd);
    sum_add(at, -sale->refunds_vnd);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct course_side *s = ctx;

    hold_add(s->ground, h, &s->hold);
    return ERR_OK;
}

static enum err side_load(struct course_side *s, struct store *store,
                          const struct fairground *g, const struct stage *stage)
{
    struct roll_taker taker = { .ctx = s,
                                .sale = take_sale,
                                .hold = take_hold };

    s->ground = g;
    s->stage = stage;
    s->days = fair_open_days(&g->fair);
    s->net = x_alloc((size_t)(s->days + 1) * sizeof(*s->net));
    return store_rolls(store, str_of(g->fair.code), &taker);
}

/* ---- hours --------------------------------------------------------------- */

/* So that all with sales of a day are shown. */
static void hours_widen(struct course *c, const int64_t net[HOURS])
{
    for (int h = 0; h < HOURS; h++) {
        if (net[h] == 0)
            continue;
        c->first = h < c->first ? h : c->first;
        c->last = h > c->last ? h : c->last;
    }
}

static void hours_of(struct course *c)
{
    const struct course_side *sides[] = { &c->this, &c->that };
    const struct fair *f = &c->this.ground->fair;
    int length = f->closes_min - f->opens_min;

    if (length <= 0)
        length += 24 * 60;
    c->first = f->opens_min / 60;
    if (f->opens_min < f->cut_off_min) /* hours before it are an evening's */
        c->first = (f->cut_off_min + 59) / 60;
    c->last = (f->opens_min + length - 1) / 60;
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < sides[i]->days && k < c->this.days; k++)
            hours_widen(c, sides[i]->net[k]);
    }
}

/* Has the hour of a fair-day begun; is it over? */
static bool begun(const struct stage *s, int number, int hour)
{
    if (number != s->number || !s->running)
        return number <= s->number;
    return hour * SLOTS_PER_HOUR <= s->cut + 1;
}

static bool over(const struct stage *s, int number, int hour)
{
    if (number != s->number || !s->running)
        return number <= s->number;
    return (hour + 1) * SLOTS_PER_HOUR <= s->cut + 1;
}

/* ---- rows ---------------------------------------------------------------- */

/* The hour's net and the sum up to it; null where they are not yet. */
static void put_side(struct course_side *s, int number, int hour,
                     struct cell cells[2])
{
    int64_t net = s->net[number - 1][hour];

    sum_add(&s->sum, net);
    if (net != 0 || begun(s->stage, number, hour))
        cells[0] = cell_int(net);
    if (over(s->stage, number, hour))
        cells[1] = cell_int(s->sum);
}

static void put_hour(struct course *c, int number, int hour,
                     struct table *table)
{
    struct cell cells[COLUMNS];
    BUF(moment, MAX_TEXT);

    for (int i = 0; i < COLUMNS; i++)
        cells[i] = cell_null;
    buf_printf(&moment, "%d/%02dh", number, hour % 24);
    cells[MOMENT] = cell_str(buf_slice(&moment));
    cells[DATE] = cell_int(fair_day_date(&c->this.ground->fair, number));
    cells[FAIR_DAY] = cell_int(number);
    cells[HOUR] = cell_int(hour % 24);
    put_side(&c->this, number, hour, &cells[NET]);
    if (number <= c->that.days) {
        cells[THAT_DATE] =
            cell_int(fair_day_date(&c->that.ground->fair, number));
        put_side(&c->that, number, hour, &cells[THAT_NET]);
    }
    table_row(table, cells);
}

static enum err load(struct report *r, struct course *c)
{
    struct other *o = &c->v.other;
    enum err e = versus_open(r, 0, &c->v);

    if (e == ERR_OK)
        e = side_load(&c->this, r->store, &r->ground, &c->v.stage);
    if (e == ERR_OK && o->why == GLANCE_COMPARED)
        e = side_load(&c->that, r->store, &o->ground, &o->stage);
    return e;
}

enum err report_course(struct report *r, struct buf *out)
{
    struct course c = { .first = 0 };
    enum err e = load(r, &c);

    if (e == ERR_OK) {
        struct table *table = table_open(columns, COLUMNS);
        struct page page = { .array = "hours",
                             .table = table,
                             .json = versus_days_json,
                             .text = versus_days_text,
                             .chart = &chart };

        hours_of(&c);
        for (int number = 1; number <= c.this.days; number++) {
            for (int hour = c.first; hour <= c.last; hour++)
                put_hour(&c, number, hour, table);
        }
        c.v.outside_vnd = c.this.outside_vnd;
        r->own = &c.v;
        r->hold = c.this.hold;
        report_print(r, &page, out);
        table_close(table);
    }
    free(c.this.net);
    free(c.that.net);
    versus_done(&c.v);
    return e;
}
