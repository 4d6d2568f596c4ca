/*
 * report_bulletin.c - the evening bulletin: what organisers publish about the
 * fair so far, and the table behind it.
 *
 * The text is in report_bulletin_text.c. Both say the same: growth in total
 * and per fair-day with both numbers of days, areas and stands apart. Figures
 * of the other fair are measured or published, never a mixture; published ones
 * have no parts, so a day that still runs is not held against them, and a fair
 * that is not over only per day.
 */
#include "report_bulletin.h"

#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"

/* ---- this fair ----------------------------------------------------------- */

static struct figure known(int64_t n)
{
    return (struct figure){ true, n };
}

static int64_t net_of(const struct tally *t)
{
    return t->total.revenue_vnd - t->total.refunds_vnd;
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
        tell_this(&b->net, net_of(all), net_of(&part));
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
        b->net.that = known(net_of(&that));
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
    b->compared = !b->versus.stage.running && b->versus.stage.number > 0;
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

/* ---- the table behind it ------------------------------------------------- */

enum { COLUMNS = 8 };

static const struct column columns[COLUMNS] = {
    { "indicator", N_("Indicator"), COL_TEXT },
    { "unit", N_("Unit"), COL_TEXT },
    { "in_province", N_("In-province"), COL_INT },
    { "other_province", N_("Other provinces"), COL_INT },
    { "foreign", N_("Foreign"), COL_INT },
    { "total", N_("Total"), COL_INT },
    { "compared", N_("Compared fair"), COL_INT },
    { "growth", N_("Growth"), COL_GROWTH },
};

enum unit {
    UNIT_DAYS,
    UNIT_VISITS,
    UNIT_VND,
    UNIT_AREAS,
    UNIT_STANDS,
    UNIT_PRODUCTS,
    UNIT_BOOTH_DAYS,
    UNIT_EVENTS
};

static const struct word_name units[] = {
    [UNIT_DAYS] = { "days", N_("days") },
    [UNIT_VISITS] = { "visits", N_("visits") },
    [UNIT_VND] = { "VND", N_("đồng") },
    [UNIT_AREAS] = { "areas", N_("areas") },
    [UNIT_STANDS] = { "stands", N_("stands") },
    [UNIT_PRODUCTS] = { "products", N_("products") },
    [UNIT_BOOTH_DAYS] = { "booth-days", N_("booth-days") },
    [UNIT_EVENTS] = { "events", N_("events") },
};

enum { SPLIT = ORIGIN_FOREIGN + 1 }; /* origins with a column */

struct entry {
    struct word_name name;
    enum unit unit;
    struct figure split[SPLIT], total, that, growth;
};

static void put_line(struct table *table, const struct entry *l)
{
    const struct cell cells[COLUMNS] = {
        cell_named(&l->name),
        cell_named(&units[l->unit]),
        cell_figure(l->split[ORIGIN_IN_PROVINCE]),
        cell_figure(l->split[ORIGIN_OTHER_PROVINCE]),
        cell_figure(l->split[ORIGIN_FOREIGN]),
        cell_figure(l->total),
        cell_figure(l->that),
        cell_figure(l->growth),
    };

    table_row(table, cells);
}

static struct figure daily(struct figure total, int64_t days)
{
    if (!total.known || days == 0)
        return (struct figure){ false, 0 };
    return known(per_day(total.n, days));
}

/* The same per fair-day. */
static void put_daily(const struct bulletin *b, struct table *table,
                      struct entry l, struct figure growth)
{
    int64_t days = b->versus.this_days;

    for (int i = 0; i < SPLIT; i++)
        l.split[i] = daily(l.split[i], days);
    l.total = daily(l.total, days);
    l.that = daily(l.that, b->that_days);
    l.growth = growth;
    put_line(table, &l);
}

static void put_days(const struct bulletin *b, struct table *table)
{
    struct entry l = { .name = { "fair_days", N_("Fair-days") },
                       .unit = UNIT_DAYS,
                       .total = known(b->versus.this_days),
                       .that = { b->compared, b->that_days } };

    put_line(table, &l);
}

static void put_visits(const struct bulletin *b, struct table *table)
{
    const struct told *t = &b->visits;
    struct entry l = { .name = { "visits", N_("Visits") },
                       .unit = UNIT_VISITS,
                       .total = t->total,
                       .that = t->that,
                       .growth = t->growth };

    put_line(table, &l);
    l.name = (struct word_name){ "visits_per_day", N_("Visits per day") };
    put_daily(b, table, l, t->growth_per_day);
}

static void put_net(const struct bulletin *b, struct table *table)
{
    const struct told *t = &b->net;
    struct entry l = { .name = { "net", N_("Net revenue") },
                       .unit = UNIT_VND,
                       .total = t->total,
                       .that = t->that,
                       .growth = t->growth };

    for (int i = 0; i < SPLIT; i++)
        l.split[i] = known(b->shown.net_vnd[i]);
    put_line(table, &l);
    l.name = (struct word_name){ "net_per_day", N_("Net revenue per day") };
    put_daily(b, table, l, t->growth_per_day);
}

static void put_in_province(const struct bulletin *b, struct table *table)
{
    const struct told *t = &b->in_province;
    struct entry l = { .name = { "net_in_province",
                                 N_("In-province net revenue") },
                       .unit = UNIT_VND,
                       .split[ORIGIN_IN_PROVINCE] = t->total,
                       .that = t->that,
                       .growth = t->growth };

    put_line(table, &l);
    l.name = (struct word_name){ "net_in_province_per_day",
                                 N_("In-province net revenue per day") };
    put_daily(b, table, l, t->growth_per_day);
}

static struct figure areas_of(const struct composed *c)
{
    return c->areas;
}

static struct figure stands_of(const struct composed *c)
{
    return c->stands;
}

static struct figure on_show_of(const struct composed *c)
{
    return c->on_show;
}

static struct figure sold_of(const struct composed *c)
{
    return known(c->sold);
}

/* Each in a line, and so in a unit, of its own. */
static const struct {
    struct word_name name;
    enum unit unit;
    struct figure (*of)(const struct composed *c);
} counts[] = {
    { { "areas", N_("Areas (khu gian hàng)") }, UNIT_AREAS, areas_of },
    { { "stands", N_("Stands (gian hàng)") }, UNIT_STANDS, stands_of },
    { { "products_on_show", N_("Products on show") },
      UNIT_PRODUCTS,
      on_show_of },
    { { "products_sold", N_("Products sold") }, UNIT_PRODUCTS, sold_of },
};

static void put_counts(const struct bulletin *b, struct table *table)
{
    const struct composition *c = &b->composition;

    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        struct entry l = { .name = counts[i].name,
                           .unit = counts[i].unit,
                           .total = counts[i].of(&c->all) };

        for (int k = 0; k < SPLIT; k++)
            l.split[k] = counts[i].of(&c->of[k]);
        put_line(table, &l);
    }
}

static void put_trust(const struct bulletin *b, struct table *table)
{
    struct entry l = { .name = { "booths_reporting", N_("Reported") },
                       .unit = UNIT_BOOTH_DAYS,
                       .split[ORIGIN_IN_PROVINCE] = known(b->inside.reporting),
                       .total = known(b->all.reporting) };

    put_line(table, &l);
    l.name = (struct word_name){ "booths_expected", N_("Expected") };
    l.split[ORIGIN_IN_PROVINCE] = known(b->inside.expected);
    l.total = known(b->all.expected);
    put_line(table, &l);
    l = (struct entry){ .name = { "hold_events", N_("On hold") },
                        .unit = UNIT_EVENTS,
                        .total = known(b->shown.hold.events) };
    put_line(table, &l);
    l = (struct entry){ .name = { "hold_vnd", N_("On hold") },
                        .unit = UNIT_VND,
                        .total = known(b->shown.hold.amount_vnd) };
    put_line(table, &l);
}

/* ---- printing ------------------------------------------------------------ */

static void members_json(const struct report *r, struct json *j)
{
    const struct bulletin *b = r->own;

    json_int(j, "fair_day", b->versus.stage.number);
    json_int(j, "fair_days", b->fair_days);
    json_day(j, "date", b->versus.stage.day);
    json_bool(j, "running", b->versus.stage.running);
    json_text(j, "with", b->versus.other.code[0] ? b->versus.other.code : NULL);
    json_text(j, "source",
              b->compared ? b->published ? "published" : "measured" : NULL);
}

static void notes_text(const struct report *r, struct buf *out)
{
    const struct bulletin *b = r->own;

    buf_printf(out, _("Fair-day %lld of %lld"),
               (long long)b->versus.stage.number, (long long)b->fair_days);
    buf_putc(out, '\n');
    if (!b->compared) {
        buf_printf(out, _("Not compared with another fair: %s"),
                   _(glance_why_text(b->versus.why)));
    } else {
        buf_printf(out, _("Compared with %s (%s)"), b->versus.other.name,
                   b->versus.other.code);
        buf_puts(out, ": ");
        buf_printf(out, _("%lld fair-days against %lld"),
                   (long long)b->versus.this_days, (long long)b->that_days);
    }
    buf_putc(out, '\n');
    if (b->compared && b->versus.stage.running) {
        buf_puts(out, _("The day is running: growth is of what both had by the "
                        "same time of it."));
        buf_putc(out, '\n');
    }
}

static void print_table(struct report *r, const struct bulletin *b,
                        struct buf *out)
{
    struct table *table = table_open(columns, COLUMNS);
    struct page page = { .array = "rows",
                         .table = table,
                         .json = members_json,
                         .text = notes_text };

    put_days(b, table);
    put_visits(b, table);
    put_net(b, table);
    put_in_province(b, table);
    put_counts(b, table);
    put_trust(b, table);
    r->own = b;
    r->hold = b->shown.hold;
    report_print(r, &page, out);
    table_close(table);
}

enum err report_bulletin(struct report *r, struct buf *out)
{
    struct bulletin b = { .r = r };
    enum err e = bulletin_load(&b);

    if (e == ERR_OK && r->query->format == REPORT_TEXT)
        bulletin_text(&b, out);
    else if (e == ERR_OK)
        print_table(r, &b, out);
    league_done(&b.products);
    tally_done(&b.shown);
    versus_done(&b.versus);
    return e;
}
