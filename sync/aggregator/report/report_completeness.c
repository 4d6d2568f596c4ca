/*
 * report_completeness.c - what was measured of each day, and an estimate of
 * what is missing, labelled as such.
 *
 * Promises: what was measured is the lower bound, and nothing is ever added to
 * it; an estimate stands in columns of its own that begin with `estimated`. A
 * booth that is missing on a fair-day counts there with the average net of the
 * booths of its origin that reported that day: missing x net / reporting,
 * rounded half away from zero, an origin at a time. Where none of an origin
 * reported there is no estimate for its booths, and they are counted.
 */
#include <stdlib.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "report_parts.h"

enum {
    DATE,
    FAIR_DAY,
    MEASURED,
    REPORTING,
    EXPECTED,
    COVERAGE,
    ESTIMATED_MISSING,
    ESTIMATED_TOTAL,
    NOT_ESTIMATED,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [DATE] = { "date", N_("Date"), COL_DAY },
    [FAIR_DAY] = { "fair_day", NULL, COL_INT },
    [MEASURED] = { "measured_net_vnd", N_("Measured net"), COL_MONEY },
    [REPORTING] = { "booths_reporting", N_("Booths heard"), COL_INT },
    [EXPECTED] = { "booths_expected", N_("of"), COL_INT },
    [COVERAGE] = { "coverage_pct", N_("Coverage, %"), COL_HUNDREDTHS },
    [ESTIMATED_MISSING] = { "estimated_missing_vnd", N_("Estimated: missing"),
                            COL_MONEY },
    [ESTIMATED_TOTAL] = { "estimated_total_vnd", N_("Estimated: total"),
                          COL_MONEY },
    [NOT_ESTIMATED] = { "booths_not_estimated", NULL, COL_INT },
};

struct completeness { /* of a day, or of all */
    int64_t measured_vnd, reporting, expected;
    struct figure missing_vnd; /* estimated */
    int64_t not_estimated;     /* booth-days missing without an estimate */
};

struct whole {
    struct completeness all;
    int64_t waiting; /* events on devices, as told last */
};

/* ---- estimating ---------------------------------------------------------- */

struct group { /* booths of an origin on a day */
    int64_t net_vnd, reporting, missing;
};

static void groups_of(const struct tally *t, const struct tally_day *d,
                      struct group groups[ORIGINS])
{
    const struct fairground *g = t->ground;

    for (int i = 0; i < g->n_booths; i++) {
        struct group *group = &groups[g->booths[i].origin];

        if (!ground_expects(g, &g->booths[i]))
            continue;
        group->reporting += d->booths[i].heard;
        group->missing += !d->booths[i].heard;
        sum_add(&group->net_vnd, d->booths[i].net_vnd);
    }
}

/* Unknown when nobody reported, or when it is beyond all money. */
static struct figure group_missing(const struct group *g)
{
    struct figure f = { .known = g->reporting > 0 };
    int64_t n = 0;

    f.known = f.known && money_mul(g->net_vnd, g->missing, &n) == ERR_OK;
    if (f.known)
        f.n = per_day(n, g->reporting);
    return f;
}

static void estimate(const struct tally *t, const struct tally_day *d,
                     struct completeness *c)
{
    struct group groups[ORIGINS] = { { 0 } };

    groups_of(t, d, groups);
    for (int i = 0; i < ORIGINS; i++) {
        struct figure missing = group_missing(&groups[i]);

        if (missing.known) {
            c->missing_vnd.known = true;
            sum_add(&c->missing_vnd.n, missing.n);
        } else {
            c->not_estimated += groups[i].missing;
        }
    }
}

static struct completeness complete(const struct tally *t,
                                    const struct tally_day *d)
{
    const struct tally_sums *s = &d->sums;
    struct completeness c = { .measured_vnd = tally_net(s) };

    if (d->number == 0)
        return c;
    c.reporting = s->reporting;
    c.expected = s->expected;
    estimate(t, d, &c);
    return c;
}

static void add_up(struct completeness *all, const struct completeness *day)
{
    sum_add(&all->measured_vnd, day->measured_vnd);
    all->reporting += day->reporting;
    all->expected += day->expected;
    all->missing_vnd.known |= day->missing_vnd.known;
    sum_add(&all->missing_vnd.n, day->missing_vnd.n);
    all->not_estimated += day->not_estimated;
}

static struct figure estimated_total(const struct completeness *c)
{
    struct figure f = c->missing_vnd;

    sum_add(&f.n, c->measured_vnd);
    return f;
}

/* ---- printing ------------------------------------------------------------ */

/* All cells but the first two. */
static void put_cells(const struct completeness *c, struct cell *cells)
{
    bool expected = c->expected > 0;

    cells[MEASURED] = cell_int(c->measured_vnd);
    cells[REPORTING] = expected ? cell_int(c->reporting) : cell_null;
    cells[EXPECTED] = expected ? cell_int(c->expected) : cell_null;
    cells[COVERAGE] = cell_figure(share_of(c->reporting, c->expected));
    cells[ESTIMATED_MISSING] = cell_figure(c->missing_vnd);
    cells[ESTIMATED_TOTAL] = cell_figure(estimated_total(c));
    cells[NOT_ESTIMATED] = expected ? cell_int(c->not_estimated) : cell_null;
}

/* Nobody can have reported of days to come; what has is shown all the same. */
static bool shown(const struct tally_day *d, int today)
{
    return d->day <= today || d->sums.reporting > 0 || d->number == 0;
}

static void put_days(const struct report *r, const struct tally *t,
                     struct table *table, struct completeness *all)
{
    int today = fair_day_of_ms(r->now_ms, r->ground.fair.cut_off_min);

    for (int i = 0; i < t->n_days; i++) {
        const struct tally_day *d = &t->days[i];
        struct completeness c = complete(t, d);
        struct cell cells[COLUMNS] = { cell_int(d->day),
                                       d->number > 0 ? cell_int(d->number)
                                                     : cell_null };

        if (!shown(d, today))
            continue;
        put_cells(&c, cells);
        table_row(table, cells);
        add_up(all, &c);
    }
    struct cell cells[COLUMNS] = { cell_null, cell_null };
    put_cells(all, cells);
    table_total(table, cells);
}

static int64_t waiting(const struct fairground *g)
{
    int64_t n = 0;

    for (int i = 0; i < g->n_devices; i++) {
        const struct post *p = &g->devices[i];

        if (ground_wants(g, &g->booths[p->booth]) &&
            p->d.state != DEVICE_REVOKED)
            sum_add(&n, p->d.unsent);
    }
    return n;
}

static void put_figure(struct json *j, const char *name, struct figure f)
{
    if (f.known)
        json_int(j, name, f.n);
    else
        json_null(j, name);
}

static void whole_json(const struct report *r, struct json *j)
{
    const struct whole *w = r->own;
    const struct completeness *all = &w->all;
    struct figure coverage = share_of(all->reporting, all->expected);

    json_object(j, "totals");
    json_int(j, columns[MEASURED].name, all->measured_vnd);
    json_int(j, columns[REPORTING].name, all->reporting);
    json_int(j, columns[EXPECTED].name, all->expected);
    if (coverage.known)
        json_hundredths(j, columns[COVERAGE].name, coverage.n);
    else
        json_null(j, columns[COVERAGE].name);
    put_figure(j, columns[ESTIMATED_MISSING].name, all->missing_vnd);
    put_figure(j, columns[ESTIMATED_TOTAL].name, estimated_total(all));
    json_int(j, columns[NOT_ESTIMATED].name, all->not_estimated);
    json_end_object(j);
    json_int(j, "events_waiting", w->waiting);
}

static void whole_text(const struct report *r, struct buf *out)
{
    const struct whole *w = r->own;

    buf_puts(out, _("Measured is what has arrived, the lower bound; nothing "
                    "is added to it."));
    buf_puts(out, "\n");
    buf_puts(out, _("Estimated: a booth not heard on a day counts as the "
                    "average of its origin then,"));
    buf_puts(out, "\n");
    buf_puts(out, _("missing booths × net / booths heard, rounded half away "
                    "from zero."));
    buf_puts(out, "\n");
    if (w->all.not_estimated > 0) {
        buf_printf(out,
                   _("Booth-days without an estimate, as no booth of their "
                     "origin was heard: %lld"),
                   (long long)w->all.not_estimated);
        buf_putc(out, '\n');
    }
    buf_printf(out, _("Events waiting on devices, as told last: %lld"),
               (long long)w->waiting);
    buf_putc(out, '\n');
}

enum err report_completeness(struct report *r, struct buf *out)
{
    struct tally t = { .ground = &r->ground };
    enum err e = tally_load(&t, r->store);

    if (e == ERR_OK) {
        struct whole w = { .waiting = waiting(&r->ground) };
        struct table *table = report_table(r, columns, COLUMNS);
        struct page page = { .array = "days",
                             .table = table,
                             .json = whole_json,
                             .text = whole_text };

        put_days(r, &t, table, &w.all);
        r->own = &w;
        r->hold = t.hold;
        report_print(r, &page, out);
        table_close(table);
    }
    tally_done(&t);
    return e;
}
