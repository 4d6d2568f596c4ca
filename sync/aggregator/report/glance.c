/*
 * glance.c - the organiser's one minute, and the same as a report.
 *
 * Promise: growth is between two sides that were cut at the same slot of the
 * same fair-day, the last one that is over by the clock; what was sold since is
 * in `now` alone. Averages are compared as exact fractions, not as rounded.
 */
#include "glance.h"

#include <stdio.h>
#include <stdlib.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "report_versus.h"
#include "sync/aggregator/store/allowance.h"

static const struct word_name whys[GLANCE_WHYS] = {
    [GLANCE_COMPARED] = { "compared", N_("compared") },
    [GLANCE_NO_OTHER] = { "no_other", N_("no other fair is named") },
    [GLANCE_PUBLISHED_ONLY] = { "published_only",
                                N_("the other fair is known by its published "
                                   "totals alone, which have no such part") },
    [GLANCE_NO_SUCH_DAY] = { "no_such_day", N_("there is no such fair-day") },
    [GLANCE_OWN_ONLY] = { "own_only", N_("figures of one booth alone") },
    [GLANCE_NOT_BEGUN] = { "not_begun", N_("the fair has not begun") },
};

const char *glance_why_word(enum glance_why why)
{
    return whys[why].word;
}

const char *glance_why_text(enum glance_why why)
{
    return whys[why].text;
}

/* ---- figures from sums --------------------------------------------------- */

struct fraction {
    int64_t n, d; /* d 0: it does not exist */
};

static void fractions_of(const struct tally_sums *s,
                         struct fraction out[GLANCES])
{
    int64_t net = tally_net(s);

    out[GLANCE_NET] = (struct fraction){ net, 1 };
    out[GLANCE_SALES] = (struct fraction){ s->sales, 1 };
    out[GLANCE_AVERAGE] = (struct fraction){ net, s->sales };
    out[GLANCE_VISITS] = (struct fraction){ s->visits, 1 };
    out[GLANCE_PER_VISIT] = (struct fraction){ net, s->visits };
}

static struct figure value_of(struct fraction f)
{
    if (f.d <= 0)
        return (struct figure){ false, 0 };
    return (struct figure){ true, per_day(f.n, f.d) };
}

static struct figure growth_of(struct fraction a, struct fraction b)
{
    struct figure g = { false, 0 };

    if (a.d > 0 && b.d > 0)
        g.known = growth(a.n, a.d, b.n, b.d, &g.n) == ERR_OK;
    return g;
}

/* NULL: there is nothing of that sort. */
struct sides {
    const struct tally_sums *now, *compared, *that, *yesterday;
};

static void rows_fill(const struct sides *s, struct glance_row rows[GLANCES])
{
    struct fraction now[GLANCES], cut[GLANCES], that[GLANCES], before[GLANCES];

    fractions_of(s->now, now);
    fractions_of(s->compared, cut);
    fractions_of(s->that ? s->that : s->now, that);
    fractions_of(s->yesterday ? s->yesterday : s->now, before);
    for (int i = 0; i < GLANCES; i++) {
        struct glance_row *row = &rows[i];

        *row = (struct glance_row){ .now = value_of(now[i]),
                                    .compared = value_of(cut[i]) };
        if (s->that) {
            row->that = value_of(that[i]);
            row->growth = growth_of(cut[i], that[i]);
        }
        if (s->yesterday) {
            row->yesterday = value_of(before[i]);
            row->growth_yesterday = growth_of(cut[i], before[i]);
        }
    }
}

/* ---- trust --------------------------------------------------------------- */

enum { RECENT_MS = 10 * 60000 };

static void devices_trust(const struct report *r, int64_t silent_since,
                          struct glance *g)
{
    const struct fairground *ground = &r->ground;
    bool *recent = x_alloc((size_t)ground->n_booths + 1);

    for (int i = 0; i < ground->n_devices; i++) {
        const struct post *p = &ground->devices[i];

        if (!ground_wants(ground, &ground->booths[p->booth]) ||
            p->d.state == DEVICE_REVOKED)
            continue;
        g->devices++;
        g->devices_silent += p->d.seen_ms < silent_since;
        sum_add(&g->events_waiting, p->d.unsent);
        if (p->d.seen_ms >= r->now_ms - RECENT_MS)
            recent[p->booth] = true;
    }
    for (int i = 0; i < ground->n_booths; i++)
        g->booths_recent +=
            recent[i] && ground_expects(ground, &ground->booths[i]);
    free(recent);
}

static void trust_fill(const struct report *r, const struct stage *s,
                       int silent_min, struct glance *g)
{
    const struct fair *f = &r->ground.fair;

    devices_trust(r, stage_silent_since(f, s, r->now_ms, silent_min), g);
    g->hold_events = r->hold.events;
    g->hold_vnd = r->hold.amount_vnd;
}

/* ---- the whole ----------------------------------------------------------- */

struct view {
    struct report *r;
    struct versus versus; /* of the day shown */
    struct tally tally, that;
};

static enum err view_open(struct view *v)
{
    struct report *r = v->r;
    enum err e = versus_open(r, r->query->day, &v->versus);

    if (e != ERR_OK)
        return e;
    v->tally.ground = &r->ground;
    v->tally.cuts = v->that.cuts = true;
    v->tally.cut = v->versus.stage.cut;
    v->that.ground = &v->versus.other.ground;
    v->that.cut = v->versus.stage.cut;
    e = tally_load(&v->tally, r->store);
    if (e == ERR_OK && v->versus.other.why == GLANCE_COMPARED)
        e = tally_load(&v->that, r->store);
    r->hold = v->tally.hold;
    return e;
}

static void view_close(struct view *v)
{
    tally_done(&v->tally);
    tally_done(&v->that);
    versus_done(&v->versus);
}

static void fill_day(const struct view *v, struct glance *g)
{
    const struct stage *s = &v->versus.stage;
    const struct tally_day *today = tally_day_numbered(&v->tally, s->number);
    struct sides sides = { .now = &today->sums, .compared = &today->cut };

    g->booths_reporting = today->sums.reporting;
    g->booths_expected = today->sums.expected;
    if (g->why == GLANCE_COMPARED)
        sides.that = &tally_day_numbered(&v->that, s->number)->cut;
    g->why_yesterday = s->number > 1 ? GLANCE_COMPARED : GLANCE_NO_SUCH_DAY;
    if (s->number > 1)
        sides.yesterday = &tally_day_numbered(&v->tally, s->number - 1)->cut;
    rows_fill(&sides, g->row);
}

static void fill_to_date(const struct view *v, struct glance *g)
{
    const struct stage *s = &v->versus.stage;
    const struct fair *other = &v->versus.other.ground.fair;
    struct tally_sums cut = tally_up_to(&v->tally, s->day), that;
    struct sides sides = { .now = v->versus.past ? &cut : &v->tally.total,
                           .compared = s->over ? &v->tally.total : &cut };

    if (v->versus.why == GLANCE_COMPARED) {
        that = s->over ? v->that.total
                       : tally_up_to(&v->that, fair_day_date(other, s->number));
        sides.that = &that;
    }
    rows_fill(&sides, g->to_date);
}

/* Nobody has counted visits in this fair, which is no fall of them. */
static void forget_visits(const struct view *v, struct glance *g)
{
    struct glance_row *const rows[] = { &g->row[GLANCE_VISITS],
                                        &g->to_date[GLANCE_VISITS] };

    for (size_t i = 0; v->tally.total.visits == 0 && i < ARRAY_LEN(rows); i++)
        rows[i]->growth.known = rows[i]->growth_yesterday.known = false;
}

enum err glance_fill(struct report *r, int silent_min, struct glance *out)
{
    struct view v = { .r = r };
    const struct fair *f = &r->ground.fair;
    const struct stage *s = &v.versus.stage;
    const struct other *o = &v.versus.other;
    enum err e = view_open(&v);

    if (e == ERR_OK) {
        struct glance g = { .as_of_ms = r->now_ms,
                            .fair_day = s->number,
                            .day = s->day,
                            .fair_days = fair_open_days(f),
                            .running = s->open,
                            .until_min =
                                s->running ? (s->cut + 1) * SLOT_MINUTES : -1,
                            .why = other_day(o, s, s->number),
                            .why_yesterday = GLANCE_NOT_BEGUN };

        snprintf(g.fair, sizeof(g.fair), "%s", f->code);
        snprintf(g.name, sizeof(g.name), "%s", f->name);
        snprintf(g.with, sizeof(g.with), "%s", o->code);
        snprintf(g.with_name, sizeof(g.with_name), "%s", o->name);
        if (s->number > 0)
            fill_day(&v, &g);
        fill_to_date(&v, &g);
        forget_visits(&v, &g);
        trust_fill(r, s, silent_min, &g);
        *out = g;
    }
    view_close(&v);
    return e;
}

static enum err make_reading(struct report *r, int silent_min,
                             struct glance *out)
{
    const struct report_query *q = r->query;
    struct scope only = { ORIGINS, q->booth };
    enum err e = ground_load(r->store, str_of(q->fair), only, &r->ground);

    if (e == ERR_NOT_FOUND)
        buf_printf(r->why, "%s: %s", _("no fair of this code has a calendar"),
                   q->fair);
    if (e != ERR_OK)
        return e;
    if (q->booth && !ground_booth(&r->ground, q->booth)) {
        buf_printf(r->why, "%s: %s", _("no booth of this code"), q->booth);
        e = ERR_NOT_FOUND;
    } else {
        e = glance_fill(r, silent_min, out);
    }
    ground_done(&r->ground);
    return e;
}

enum err glance_make(struct store *s, const struct report_query *q,
                     int silent_min, struct glance *out, struct buf *why)
{
    struct report r = {
        .store = s, .query = q, .now_ms = env_wall_ms(), .why = why
    };
    size_t taken = allowance_taken();
    enum err e = store_read_begin(s);

    if (e != ERR_OK)
        return e;
    e = make_reading(&r, silent_min, out);
    if (e == ERR_OK)
        e = allowance_check();
    allowance_release(taken);
    store_read_end(s);
    return e;
}
