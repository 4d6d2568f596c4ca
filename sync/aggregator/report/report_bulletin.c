/*
 * report_bulletin.c - the evening bulletin: what organisers publish about the
 * fair so far.
 *
 * The text is in report_bulletin_text.c, the table behind it in
 * report_bulletin_table.c. Figures of the other fair are measured or
 * published, never a mixture; published ones have no parts, so a day that
 * still runs is not held against them, and a fair that is not over only per
 * day.
 */
#include "report_bulletin.h"

#include "fair/date.h"

/* ---- this fair ----------------------------------------------------------- */

static struct figure known(int64_t n)
{
    return (struct figure){ true, n };
}

/* Booth-days of fair-days begun, of all booths or those in the province. */
static void coverage_count(struct bulletin *b)
{
    const struct tally *t = &b->shown;
    const struct fairground *g = t->ground;

    for (int i = 0; i < t->n_days; i++) {
        const struct tally_day *d = &t->days[i];

        if (d->number == 0 || d->number > b->versus.stage.number)
            continue;
        b->all.reporting += d->sums.reporting;
        b->all.expected += d->sums.expected;
        for (int k = 0; k < g->n_booths; k++) {
            if (g->booths[k].origin != ORIGIN_IN_PROVINCE)
                continue;
            b->inside.reporting += d->booths[k].heard;
            b->inside.expected++;
        }
    }
}

static int64_t booth_net(const struct tally *t, int booth)
{
    int64_t net = 0;

    for (int i = 0; i < t->n_days; i++)
        sum_add(&net, t->days[i].booths[booth].net_vnd);
    return net;
}

/* The greatest first; of equal ones the first by code. */
static void best_put(struct bulletin *b, struct best one)
{
    int at = b->n_booths;

    while (at > 0 && b->booths[at - 1].net_vnd < one.net_vnd)
        at--;
    if (at == BEST)
        return;
    b->n_booths += b->n_booths < BEST;
    for (int i = b->n_booths - 1; i > at; i--)
        b->booths[i] = b->booths[i - 1];
    b->booths[at] = one;
}

static void best_booths(struct bulletin *b)
{
    const struct fairground *g = b->shown.ground;

    for (int i = 0; i < g->n_booths; i++) {
        const struct ground_booth *booth = &g->booths[i];
        struct best one = { str_of(booth->name ? booth->name : booth->code),
                            booth_net(&b->shown, i) };

        if (one.net_vnd > 0)
            best_put(b, one);
    }
}

/* ---- the other fair ------------------------------------------------------ */

static void tell_this(struct told *t, int64_t total, int64_t part)
{
    t->total = known(total);
    t->part = known(part);
}

/* What is compared of this fair: all of it unless its day still runs. */
static enum err part_load(struct bulletin *b)
{
    struct tally part = { .ground = &b->r->ground,
                          .until = b->versus.this_end };
    enum err e = tally_load(&part, b->r->store);

    if (e == ERR_OK) {
        const struct tally *all = &b->shown;

        tell_this(&b->visits, all->total.visits, part.total.visits);
        tell_this(&b->net, tally_net(&all->total), tally_net(&part.total));
        tell_this(&b->in_province, all->net_vnd[ORIGIN_IN_PROVINCE],
                  part.net_vnd[ORIGIN_IN_PROVINCE]);
    }
    tally_done(&part);
    return e;
}

static enum err that_measured(struct bulletin *b)
{
    struct tally that = { .ground = &b->versus.other.ground,
                          .until = b->versus.that_end };
    enum err e = tally_load(&that, b->r->store);

    if (e == ERR_OK) {
        b->visits.that = known(that.total.visits);
        b->net.that = known(tally_net(&that.total));
        b->in_province.that = known(that.net_vnd[ORIGIN_IN_PROVINCE]);
        b->that_days = b->versus.that_days;
        b->compared = true;
    }
    tally_done(&that);
    return e;
}

static struct figure published(int64_t n)
{
    return (struct figure){ n >= 0, n };
}

static enum err that_published(struct bulletin *b)
{
    struct figures f;
    BUF(strings, MAX_TEXT);
    enum err e =
        figures_get(b->r->store, str_of(b->versus.other.code), &f, &strings);

    if (e != ERR_OK)
        return e;
    b->published = true;
    const struct stage *stage = &b->versus.stage;
    b->compared = stage->number > 0 && !stage->open;
    if (!b->compared)
        return ERR_OK;
    b->that_days = f.days;
    b->visits.that = published(f.visits);
    b->net.that = published(f.revenue_all_vnd);
    b->in_province.that = published(f.revenue_in_province_vnd);
    return ERR_OK;
}

/* A part of a fair has no total to stand against a whole one's. */
static void grow(const struct bulletin *b, struct told *t)
{
    bool both = t->part.known && t->that.known;

    if (both && (b->versus.whole || !b->published))
        t->growth = growth_per_day(t->part.n, 1, t->that.n, 1);
    if (both)
        t->growth_per_day = growth_per_day(t->part.n, b->versus.this_days,
                                           t->that.n, b->that_days);
}

static enum err compare(struct bulletin *b)
{
    enum err e = part_load(b);

    if (e == ERR_OK && b->versus.why == GLANCE_COMPARED)
        e = that_measured(b);
    else if (e == ERR_OK && b->versus.why == GLANCE_PUBLISHED_ONLY)
        e = that_published(b);
    grow(b, &b->visits);
    grow(b, &b->net);
    grow(b, &b->in_province);
    return e;
}

/* ---- the whole ----------------------------------------------------------- */

static enum err bulletin_load(struct bulletin *b)
{
    struct report *r = b->r;
    const struct stage *stage = &b->versus.stage;
    enum err e = versus_open(r, r->query->day, &b->versus);

    if (e != ERR_OK)
        return e;
    b->fair_days = fair_open_days(&r->ground.fair);
    b->shown.ground = &r->ground;
    if (!b->versus.whole)
        b->shown.until = (struct until){ stage->day, SLOTS_MAX - 1 };
    e = tally_load(&b->shown, r->store);
    if (e == ERR_OK)
        e = compare(b);
    if (e == ERR_OK)
        e = composition_load(r, b->shown.until.day, &b->composition);
    if (e == ERR_OK)
        e = league_load(r, BY_PRODUCT, b->shown.until.day, &b->products);
    if (e != ERR_OK)
        return e;
    coverage_count(b);
    best_booths(b);
    return ERR_OK;
}

/* ---- the report ---------------------------------------------------------- */

enum err report_bulletin(struct report *r, struct buf *out)
{
    struct bulletin b = { .r = r };
    enum err e = bulletin_load(&b);

    if (e == ERR_OK && r->query->format == REPORT_TEXT)
        bulletin_text(&b, out);
    else if (e == ERR_OK)
        bulletin_table(&b, out);
    league_done(&b.products);
    tally_done(&b.shown);
    versus_done(&b.versus);
    return e;
}
