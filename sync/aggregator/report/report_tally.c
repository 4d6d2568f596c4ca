/*
 * report_tally.c - a fair's roll-up rows added up by day and by origin.
 *
 * Invariant: the days' sums add up to the total, because a row outside the
 * calendar makes a day of its own. What lies behind `until` is left out.
 */
#include <stdlib.h>

#include "fair/date.h"

#include "report_parts.h"
#include "sync/aggregator/store/allowance.h"

static int expected_count(const struct fairground *g)
{
    int n = 0;

    for (int i = 0; i < g->n_booths; i++)
        n += ground_expects(g, &g->booths[i]);
    return n;
}

/* ---- days ---------------------------------------------------------------- */

static struct tally_day *day_make(struct tally *t, int day)
{
    size_t n = (size_t)t->n_days + 1;
    size_t booths = (size_t)t->ground->n_booths;

    allowance_take(sizeof(*t->days) + (booths + 1) * sizeof(*t->days->booths));
    t->days = x_realloc(t->days, n * sizeof(*t->days));
    struct tally_day *d = &t->days[t->n_days++];
    *d = (struct tally_day){ .day = day };
    d->number = fair_day_number(&t->ground->fair, day);
    d->booths = x_alloc((booths + 1) * sizeof(*d->booths));
    return d;
}

/* A device may name very many days. */
static struct tally_day *day_at(struct tally *t, int day)
{
    if (t->at < t->n_days && t->days[t->at].day == day)
        return &t->days[t->at];
    struct row_key key = { .day = day };
    int64_t *place = rows_at(t->places, key)->v; /* and one more */
    if (*place == 0) {
        day_make(t, day);
        *place = t->n_days;
    }
    t->at = (int)*place - 1;
    return &t->days[t->at];
}

static void calendar_make(struct tally *t)
{
    const struct fair *f = &t->ground->fair;
    int n = expected_count(t->ground);

    for (int i = 1; i <= fair_open_days(f); i++) {
        int day = fair_day_date(f, i);

        if (t->until.day == 0 || day <= t->until.day)
            day_at(t, day)->sums.expected = n;
    }
}

int64_t tally_net(const struct tally_sums *s)
{
    int64_t net = s->revenue_vnd;

    sum_add(&net, -s->refunds_vnd);
    return net;
}

/* ---- rows ---------------------------------------------------------------- */

/* The day of a row that counts, its booth marked as heard; or NULL. */
static struct tally_day *day_of(struct tally *t, const struct post *p, int day,
                                int slot)
{
    const struct until *u = &t->until;

    if (u->day != 0 && (day > u->day || (day == u->day && slot > u->slot)))
        return NULL;
    struct tally_day *d = day_at(t, day);
    d->booths[p->booth].heard = true;
    return d;
}

static void add_sale(struct tally_sums *sums, const struct roll_sale *r)
{
    sum_add(&sums->revenue_vnd, r->revenue_vnd);
    sum_add(&sums->refunds_vnd, r->refunds_vnd);
    sum_add(&sums->voids_vnd, r->voids_vnd);
    sum_add(&sums->sales, r->sales);
}

static void add_net(int64_t *net_vnd, const struct roll_sale *r)
{
    sum_add(net_vnd, r->revenue_vnd);
    sum_add(net_vnd, -r->refunds_vnd);
}

static enum err take_day(void *ctx, const struct roll_day *r)
{
    struct tally *t = ctx;
    const struct post *p = ground_post(t->ground, r->device);
    struct tally_day *d = p ? day_of(t, p, r->day, 0) : NULL;
    struct roll_sale sale = { .revenue_vnd = r->revenue_vnd,
                              .refunds_vnd = r->refunds_vnd,
                              .voids_vnd = r->voids_vnd,
                              .sales = r->sales };

    if (!d)
        return ERR_OK;
    add_sale(&d->sums, &sale);
    if (ground_gate(t->ground, r->gate))
        sum_add(&d->sums.visits, r->visits);
    add_net(&d->booths[p->booth].net_vnd, &sale);
    add_net(&t->net_vnd[t->ground->booths[p->booth].origin], &sale);
    return ERR_OK;
}

static enum err take_sale(void *ctx, const struct roll_sale *r)
{
    struct tally *t = ctx;
    const struct post *p = ground_post(t->ground, r->device);
    struct tally_day *d = p ? day_of(t, p, r->day, r->slot) : NULL;

    if (!d)
        return ERR_OK;
    add_sale(&d->sums, r);
    if (t->cuts && r->slot <= t->cut)
        add_sale(&d->cut, r);
    add_net(&d->booths[p->booth].net_vnd, r);
    add_net(&t->net_vnd[t->ground->booths[p->booth].origin], r);
    return ERR_OK;
}

/* A booth that only counts contacts has reported too. */
static enum err take_visit(void *ctx, const struct roll_visit *r)
{
    struct tally *t = ctx;
    const struct post *p = ground_post(t->ground, r->device);
    struct tally_day *d = p ? day_of(t, p, r->day, r->slot) : NULL;

    if (!d || !ground_gate(t->ground, r->gate))
        return ERR_OK;
    sum_add(&d->sums.visits, r->visits);
    if (t->cuts && r->slot <= t->cut)
        sum_add(&d->cut.visits, r->visits);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct tally *t = ctx;

    hold_add(t->ground, h, &t->hold);
    return ERR_OK;
}

/* ---- the whole ----------------------------------------------------------- */

static int by_date(const void *left, const void *right)
{
    const struct tally_day *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static void add_sums(struct tally_sums *all, const struct tally_sums *day)
{
    sum_add(&all->revenue_vnd, day->revenue_vnd);
    sum_add(&all->refunds_vnd, day->refunds_vnd);
    sum_add(&all->voids_vnd, day->voids_vnd);
    sum_add(&all->sales, day->sales);
    sum_add(&all->visits, day->visits);
    sum_add(&all->reporting, day->reporting);
    sum_add(&all->expected, day->expected);
}

static void add_up(struct tally *t)
{
    const struct fairground *g = t->ground;

    for (int i = 0; i < t->n_days; i++) {
        struct tally_day *d = &t->days[i];

        for (int b = 0; b < g->n_booths; b++)
            d->sums.reporting +=
                d->booths[b].heard && ground_expects(g, &g->booths[b]);
        add_sums(&t->total, &d->sums);
    }
    if (t->n_days > 0)
        qsort(t->days, (size_t)t->n_days, sizeof(*t->days), by_date);
}

enum err tally_load(struct tally *t, struct store *s)
{
    struct roll_taker whole = { .ctx = t, .day = take_day, .hold = take_hold };
    struct roll_taker slots = {
        .ctx = t, .sale = take_sale, .visit = take_visit, .hold = take_hold
    };
    bool by_day = t->until.day == 0 && !t->cuts;
    struct rows places;

    rows_init(&places);
    t->places = &places;
    calendar_make(t);
    enum err e =
        store_rolls(s, str_of(t->ground->fair.code), by_day ? &whole : &slots);
    rows_done(&places);
    t->places = NULL;
    if (e == ERR_OK)
        add_up(t);
    return e;
}

const struct tally_day *tally_day_of(const struct tally *t, int day)
{
    for (int i = 0; i < t->n_days; i++) {
        if (t->days[i].day == day)
            return &t->days[i];
    }
    return NULL;
}

const struct tally_day *tally_day_numbered(const struct tally *t, int number)
{
    const struct tally_day *d =
        tally_day_of(t, fair_day_date(&t->ground->fair, number));

    ASSERT(d != NULL);
    return d;
}

struct tally_sums tally_up_to(const struct tally *t, int day)
{
    struct tally_sums all = { 0 };

    for (int i = 0; i < t->n_days && t->days[i].day <= day; i++)
        add_sums(&all,
                 t->days[i].day < day ? &t->days[i].sums : &t->days[i].cut);
    return all;
}

int slot_over(int64_t now_ms, int day)
{
    return slot_of(now_ms, day) - 1;
}

struct coverage tally_coverage(const struct tally *t, int64_t now_ms)
{
    int today = fair_day_of_ms(now_ms, t->ground->fair.cut_off_min);
    struct coverage c = { 0, 0 };

    for (int i = 0; i < t->n_days; i++) {
        const struct tally_day *d = &t->days[i];

        if (d->number > 0 && d->day <= today) {
            c.reporting += d->sums.reporting;
            c.expected += d->sums.expected;
        }
    }
    return c;
}

void tally_done(struct tally *t)
{
    for (int i = 0; i < t->n_days; i++)
        free(t->days[i].booths);
    free(t->days);
    t->days = NULL;
    t->n_days = 0;
}
