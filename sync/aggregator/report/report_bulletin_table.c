/*
 * report_bulletin_table.c - the table behind a bulletin: an indicator a line,
 * each in its own unit, split by origin where it can be, beside what it is
 * compared with.
 *
 * Averages per fair-day are lines of their own, so that growth of a total and
 * growth per day both stand beside the numbers they come from.
 */
#include "report_bulletin.h"

#include "fair/i18n.h"
#include "fair/money.h"

static struct figure known(int64_t n)
{
    return (struct figure){ true, n };
}

enum { TOTAL = 5, THAT, COLUMNS = 8 };

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
    bool hundredths; /* total and that are so */
};

static void put_line(struct table *table, const struct entry *l)
{
    struct cell cells[COLUMNS] = {
        cell_named(&l->name),
        cell_named(&units[l->unit]),
        cell_figure(l->split[ORIGIN_IN_PROVINCE]),
        cell_figure(l->split[ORIGIN_OTHER_PROVINCE]),
        cell_figure(l->split[ORIGIN_FOREIGN]),
        cell_figure(l->total),
        cell_figure(l->that),
        cell_figure(l->growth),
    };

    cells[TOTAL].hundredths = cells[THAT].hundredths = l->hundredths;
    table_row(table, cells);
}

static struct figure daily(struct figure total, int64_t days, bool hundredths)
{
    if (!total.known || days == 0)
        return (struct figure){ false, 0 };
    return known(hundredths ? per_day_hundredths(total.n, days)
                            : per_day(total.n, days));
}

/* The same per fair-day: visits in hundredths, money in whole đồng. */
static void put_daily(const struct bulletin *b, struct table *table,
                      struct entry l, struct figure growth)
{
    int64_t days = b->versus.this_days;

    for (int i = 0; i < SPLIT; i++)
        l.split[i] = daily(l.split[i], days, false);
    l.total = daily(l.total, days, l.hundredths);
    l.that = daily(l.that, b->that_days, l.hundredths);
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
    l.hundredths = true;
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
    struct entry l = { .name = { "booths_reporting",
                                 N_("Booth-days reported") },
                       .unit = UNIT_BOOTH_DAYS,
                       .split[ORIGIN_IN_PROVINCE] = known(b->inside.reporting),
                       .total = known(b->all.reporting) };

    put_line(table, &l);
    l.name = (struct word_name){ "booths_expected", N_("Booth-days expected") };
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
    json_bool(j, "running", b->versus.stage.open);
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
    other_text(b->compared ? GLANCE_COMPARED : b->versus.why,
               b->versus.other.name, b->versus.other.code, out);
    if (b->compared) {
        buf_puts(out, ": ");
        buf_printf(out, _("%lld fair-days against %lld"),
                   (long long)b->versus.this_days, (long long)b->that_days);
    }
    buf_putc(out, '\n');
    if (b->compared && b->versus.stage.running && !b->published) {
        buf_puts(out, b->versus.stage.open
                          ? _("The day is running: growth is of what both had "
                              "by the same time of it.")
                          : _("The day has closed: growth is of what both had "
                              "by the same time of it."));
        buf_putc(out, '\n');
    }
}

void bulletin_table(const struct bulletin *b, struct buf *out)
{
    struct report *r = b->r;
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
