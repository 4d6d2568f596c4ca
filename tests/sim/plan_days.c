/*
 * plan_days.c - when things happen: days, busy hours, spells without network.
 */
#include <stdlib.h>

#include "fair/date.h"
#include "tests/sim/plan.h"

enum { STREAM = 0xda7500, SPELLS = 3, HOURS = CLOSES_HOUR - OPENS_HOUR };
#define SECOND INT64_C(1000)
#define MINUTE INT64_C(60000)
#define HOUR   INT64_C(3600000)

/* Visitors come in the evening, and before lunch. */
static const int64_t busy[HOURS] = {
    3, 6, 9, 9, 5, 4, 6, 7, 8, 9, 12, 14, 12, 5
};

struct spell {
    int64_t from_ms, to_ms;
};

struct scheme {
    struct plan *plan;
    struct chance chance;
    int64_t day_weights[DAYS_MAX];
    struct spell *spells; /* SPELLS for each booth */
    int room;             /* for acts */
};

/* ---- helpers ------------------------------------------------------------- */

static int64_t moment(const struct scheme *s, int day, int64_t ms)
{
    return day_start_ms(plan_day(s->plan, day)) + ms;
}

static void add(struct scheme *s, const struct act *act)
{
    struct plan *p = s->plan;
    if (p->n_acts == s->room) {
        s->room = s->room ? 2 * s->room : 1024;
        p->acts = x_realloc(p->acts, (size_t)s->room * sizeof(*p->acts));
    }
    p->acts[p->n_acts++] = *act;
}

/* Weekends draw more, so do the first day and the last. */
static void weigh_days(struct scheme *s)
{
    enum { A_MONDAY = 19700105 };
    int days = s->plan->wish.days;
    for (int day = 0; day < days; day++) {
        int weekday = day_diff(plan_day(s->plan, day), A_MONDAY) % 7;
        s->day_weights[day] = 100 + (weekday > 4 ? 45 : 0) +
                              (day == 0 ? 15 : 0) + (day == days - 1 ? 10 : 0);
    }
}

/* ---- sales and what comes of them ---------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A void the moment a mistake is seen; goods come back the same evening or a
 * day or two later. */
static void plan_back(struct scheme *s, const struct act *sale, enum back back)
{
    struct act act = *sale;
    struct chance *c = &s->chance;
    act.deed = back == BACK_VOID ? DEED_VOID : DEED_REFUND;
    act.ms += chance_between(c, 30 * SECOND, 9 * MINUTE);
    if (back != BACK_VOID) {
        int last = s->plan->wish.days - 1 - sale->day;
        act.day += (int)chance_between(c, 0, last < 2 ? last : 2);
        act.ms += chance_between(c, 5 * MINUTE, 90 * MINUTE);
        if (act.day != sale->day)
            act.ms = moment(
                s, act.day,
                chance_between(c, OPENS_HOUR * HOUR, CLOSES_HOUR * HOUR));
    }
    act.ms =
        earlier(act.ms, moment(s, act.day, CLOSES_HOUR * HOUR + 10 * MINUTE));
    add(s, &act);
}

static void plan_sale(struct scheme *s, int basket)
{
    const struct basket *b = &s->plan->baskets[basket];
    struct act act = { .booth = b->booth, .deed = DEED_SALE, .what = basket };
    struct chance *c = &s->chance;
    act.day = chance_weighted(c, s->day_weights, s->plan->wish.days);
    int hour = OPENS_HOUR + chance_weighted(c, busy, HOURS);
    act.ms = moment(s, act.day, hour * HOUR + chance_below(c, HOUR));
    add(s, &act);
    if (b->back != BACK_NONE)
        plan_back(s, &act, b->back);
}

/* ---- visits -------------------------------------------------------------- */

/* Gates are counted at the hour's end by the booths next to them. */
static void plan_gates(struct scheme *s)
{
    static const int64_t gate_weights[GATES_MAX] = { 40, 28, 20, 12, 9,
                                                     8,  7,  6,  5 };
    const struct wish *w = &s->plan->wish;
    int gates = w->gates > 0 ? w->gates : 1, n = w->days * HOURS * gates;
    int64_t *weights = x_alloc((size_t)n * 2 * sizeof(*weights));
    for (int i = 0; i < n; i++)
        weights[i] = s->day_weights[i / (HOURS * gates)] *
                     busy[i / gates % HOURS] * gate_weights[i % gates];
    share_out(w->visits, weights, n, weights + n);
    for (int i = 0; i < n; i++) {
        int gate = i % gates, hour = OPENS_HOUR + i / gates % HOURS;
        struct act act = { .booth = gate * s->plan->stock->n / gates,
                           .day = i / (HOURS * gates),
                           .deed = DEED_VISITS,
                           .what = w->gates > 0 ? gate : NO_GATE,
                           .n = weights[n + i] };
        act.ms = moment(s, act.day, hour * HOUR + 59 * MINUTE);
        if (act.n > 0)
            add(s, &act);
    }
    free(weights);
}

/* Some booths count who stops by; no gate, so no visits of the fair. */
static void plan_contacts(struct scheme *s, int day)
{
    for (int booth = 3; booth < s->plan->stock->n; booth += 7) {
        struct act act = { .ms = moment(s, day, 15 * HOUR + booth * SECOND),
                           .booth = booth,
                           .day = day,
                           .deed = DEED_VISITS,
                           .what = NO_GATE,
                           .n = chance_between(&s->chance, 5, 60) };
        add(s, &act);
    }
}

/* ---- the network --------------------------------------------------------- */

static void cut_off(struct scheme *s, int booth, int spells, bool last_day)
{
    struct spell *spell = &s->spells[booth * SPELLS];
    int days = s->plan->wish.days;
    for (int i = 0; i < spells; i++) {
        int day = (int)chance_below(&s->chance, days);
        spell[i].from_ms =
            moment(s, day, chance_between(&s->chance, 9, 16) * HOUR);
        spell[i].to_ms =
            spell[i].from_ms + chance_between(&s->chance, 2, 6) * HOUR;
    }
    if (last_day)
        spell[SPELLS - 1] =
            (struct spell){ moment(s, days - 1, 0), moment(s, days, 0) };
    s->plan->offline_booths++;
}

/* Every third booth, the first of them also the whole last day: what it sold
 * then comes after the fair. */
static void plan_spells(struct scheme *s)
{
    bool first = true;
    for (int booth = 1; booth < s->plan->stock->n; booth += 3) {
        if (booth == s->plan->by_binaries)
            continue;
        cut_off(s, booth, (int)chance_between(&s->chance, 1, SPELLS - 1),
                first);
        first = false;
    }
}

static enum network network_at(struct scheme *s, int booth, int64_t ms)
{
    int64_t at = chance_below(&s->chance, 100);
    if (booth == s->plan->by_binaries)
        return NET_UP;
    for (int i = 0; i < SPELLS; i++) {
        const struct spell *spell = &s->spells[booth * SPELLS + i];
        if (ms >= spell->from_ms && ms < spell->to_ms)
            return NET_DOWN;
    }
    int pct = s->plan->wish.faults_pct;
    return at < pct ? NET_LOSE : at < 2 * pct ? NET_TWICE : NET_UP;
}

static void plan_syncs(struct scheme *s, int booth, int day)
{
    int syncs = s->plan->wish.syncs;
    for (int i = 0; i <= syncs; i++) {
        int64_t ms = CLOSES_HOUR * HOUR + 30 * MINUTE + booth * SECOND;
        if (i < syncs)
            ms = OPENS_HOUR * HOUR + HOURS * HOUR * i / syncs +
                 chance_below(&s->chance, HOURS * HOUR / syncs);
        struct act act = { .ms = moment(s, day, ms),
                           .booth = booth,
                           .day = day,
                           .deed = DEED_SYNC };
        act.what = (int)network_at(s, booth, act.ms);
        add(s, &act);
    }
}

/* ---- all of it ----------------------------------------------------------- */

static void plan_booth_day(struct scheme *s, int booth, int day)
{
    struct act act = { .booth = booth, .day = day, .deed = DEED_OPEN };
    act.ms = moment(s, day, OPENS_HOUR * HOUR - 20 * MINUTE + booth * SECOND);
    add(s, &act);
    act.deed = DEED_CLOSE;
    act.ms = moment(s, day, CLOSES_HOUR * HOUR + 12 * MINUTE + booth * SECOND);
    add(s, &act);
    plan_syncs(s, booth, day);
}

void plan_days(struct plan *plan)
{
    size_t n = (size_t)plan->stock->n * SPELLS;
    struct scheme s = { .plan = plan };
    s.spells = x_alloc(n * sizeof(*s.spells));
    chance_seed(&s.chance, plan->wish.seed, STREAM);
    weigh_days(&s);
    if (plan->wish.offline)
        plan_spells(&s);
    for (int i = 0; i < plan->n_baskets; i++)
        plan_sale(&s, i);
    if (plan->wish.visits > 0)
        plan_gates(&s);
    for (int day = 0; day < plan->wish.days; day++) {
        for (int booth = 0; booth < plan->stock->n; booth++)
            plan_booth_day(&s, booth, day);
        if (plan->wish.gates > 0)
            plan_contacts(&s, day);
    }
    free(s.spells);
}
