/*
 * report_compare.c - one fair against another, on totals and per fair-day.
 *
 * Promises: figures of one fair are either measured or published, never a
 * mixture; growth comes from the exact fractions; what does not exist is null.
 * While a fair runs its per-day figures divide by the days begun, a measured
 * other fair is taken up to the same fair-day and the end of the last 10-minute
 * slot that is over (slot_over), and growth is between what both had then; a
 * published one has no such part: per-day growth is given only once the day's
 * hour of closing is past, for an unfinished day is no whole one.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/text.h"

#include "report_compare.h"
#include "report_other.h"

/* ---- finding the figures ------------------------------------------------- */

static enum err source_fail(struct report *r, const char *word)
{
    buf_printf(r->why, "%s: %s", _("no such source"), word);
    return ERR_USAGE;
}

static enum err missing(struct report *r, const char *what, const char *code)
{
    buf_printf(r->why, "%s: %s", what, code);
    return ERR_NOT_FOUND;
}

/* The calendar and the published figures of `code`, as far as they exist. */
static enum err side_look(struct report *r, const char *code, struct side *s)
{
    enum err e = fair_get(r->store, str_of(code), &s->fair);

    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    s->measured = e == ERR_OK;
    e = figures_get(r->store, str_of(code), &s->figures, &s->strings);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    s->published = e == ERR_OK;
    return ERR_OK;
}

static enum err side_open(struct report *r, const char *code, struct side *s)
{
    const char *source = r->query->source;
    bool wants_published = source && strcmp(source, "published") == 0;
    bool wants_measured = source && strcmp(source, "measured") == 0;
    enum err e = ERR_OK;

    s->code = code;
    buf_init(&s->strings, MAX_TEXT);
    if (source && !wants_published && !wants_measured)
        return source_fail(r, source);
    e = side_look(r, code, s);
    if (e != ERR_OK)
        return e;
    if (!s->measured && !s->published)
        return missing(r, _("no such fair"), code);
    if (wants_measured && !s->measured)
        return missing(r, _("no measured figures of"), code);
    if (wants_published && !s->published)
        return missing(r, _("no published figures of"), code);
    s->measured = s->measured && !wants_published;
    return ERR_OK;
}

static void side_done(struct side *s)
{
    tally_done(&s->tally);
    ground_done(&s->ground);
    buf_done(&s->strings);
}

const char *side_name(const struct side *s)
{
    return s->measured ? s->fair.name : s->figures.name.data;
}

/* ---- the days that are compared ------------------------------------------ */

/* Fair-days begun by the clock; all of them after the last one. */
static void side_days(struct side *s, int64_t now_ms)
{
    const struct fair *f = &s->fair;

    if (!s->measured) {
        s->days = s->figures.days;
        return;
    }
    int today = fair_day_of_ms(now_ms, f->cut_off_min);
    int last = day_add(f->first_day, f->days - 1);
    s->running = f->first_day <= today && today <= last;
    for (int i = 1; i <= fair_open_days(f); i++)
        s->days += fair_day_date(f, i) <= today;
    s->part = fair_day_number(f, today) > 0 && !day_closed(f, today, now_ms);
}

/* The other fair up to where the running one is now: its k-th day, and on that
 * day the slots that are over unless the running fair's k-th day is. */
static void side_cut(struct comparison *c)
{
    const struct side *this = &c->this;
    struct side *that = &c->that;
    const struct fair *f = &this->fair;

    if (!this->running || !that->measured || this->days == 0 ||
        this->days > that->days)
        return;
    int today = fair_day_of_ms(c->now_ms, f->cut_off_min);
    struct until *u = &c->until;
    that->days = this->days;
    u->day = fair_day_date(&that->fair, (int)that->days);
    u->slot = SLOTS_MAX - 1;
    c->cut = true;
    if (fair_day_number(f, today) == 0)
        return;
    u->slot = slot_over(c->now_ms, today);
    c->until_ms =
        day_start_ms(today) + (u->slot + 1) * SLOT_MINUTES * INT64_C(60000);
}

/* ---- adding up ----------------------------------------------------------- */

static struct figure known(int64_t n)
{
    return (struct figure){ true, n };
}

static void use_published(struct side *s)
{
    const struct figures *f = &s->figures;

    s->figure[FIGURE_VISITS] = (struct figure){ f->visits >= 0, f->visits };
    s->figure[FIGURE_ALL] =
        (struct figure){ f->revenue_all_vnd >= 0, f->revenue_all_vnd };
    s->figure[FIGURE_IN_PROVINCE] =
        (struct figure){ f->revenue_in_province_vnd >= 0,
                         f->revenue_in_province_vnd };
}

static void use_measured(const struct tally *t, struct figure out[FIGURES])
{
    out[FIGURE_VISITS] = known(t->total.visits);
    out[FIGURE_ALL] = known(tally_net(&t->total));
    out[FIGURE_IN_PROVINCE] = known(t->net_vnd[ORIGIN_IN_PROVINCE]);
    out[FIGURE_OTHER_PROVINCE] = known(t->net_vnd[ORIGIN_OTHER_PROVINCE]);
    out[FIGURE_FOREIGN] = known(t->net_vnd[ORIGIN_FOREIGN]);
}

const struct tally *side_tally(const struct side *s)
{
    return s->whole ? &s->whole->tally : &s->tally;
}

/* What the fair had at the end of a slot. */
static enum err side_until(struct side *s, struct store *store,
                           struct until until)
{
    const struct scope all = { ORIGINS, NULL };
    enum err e = ground_load(store, str_of(s->code), all, &s->ground);

    s->tally.ground = &s->ground;
    s->tally.until = until;
    return e == ERR_OK ? tally_load(&s->tally, store) : e;
}

static enum err side_load(struct side *s, struct store *store,
                          struct until until)
{
    enum err e = ERR_OK;

    if (!s->measured) {
        use_published(s);
        return ERR_OK;
    }
    if (until.day != 0)
        e = side_until(s, store, until);
    else if (!s->whole)
        e = daybook_get(store, s->code, &s->whole);
    if (e == ERR_OK)
        use_measured(side_tally(s), s->figure);
    return e;
}

/* What this fair had when the other one is taken. */
static enum err compared_load(struct comparison *c, struct store *store)
{
    struct side *this = &c->this;
    struct until until = { fair_day_date(&this->fair, (int)this->days),
                           c->until.slot };

    if (!c->cut) {
        memcpy(c->compared, this->figure, sizeof(c->compared));
        return ERR_OK;
    }
    enum err e = side_until(this, store, until);
    if (e == ERR_OK)
        use_measured(&this->tally, c->compared);
    return e;
}

/* Days divide by the calendar's days, not by days with data. */
static struct figure growth_of(struct figure a, int64_t da, struct figure b,
                               int64_t db)
{
    struct figure g = { false, 0 };

    if (a.known && b.known && da > 0 && db > 0)
        g.known = growth(a.n, da, b.n, db, &g.n) == ERR_OK;
    return g;
}

static struct figure average(enum figure_name name, struct figure total,
                             int64_t days)
{
    if (!total.known || days == 0)
        return (struct figure){ false, 0 };
    return known(name == FIGURE_VISITS ? per_day_hundredths(total.n, days)
                                       : per_day(total.n, days));
}

/* Nobody has counted visits, which says nothing about who came. */
bool compare_uncounted(const struct comparison *c, enum figure_name name)
{
    return name == FIGURE_VISITS && c->this.measured &&
           c->this.figure[FIGURE_VISITS].n == 0;
}

static void compare(struct comparison *c)
{
    const struct side *a = &c->this, *b = &c->that;
    bool whole = !b->running && (!a->running || b->measured) && a->days > 0 &&
                 b->days > 0 && (c->cut || !a->part);
    bool days_whole = c->cut || (!a->part && !b->part);

    for (int i = 0; i < FIGURES; i++) {
        enum figure_name name = (enum figure_name)i;
        struct figure this = a->figure[i], that = b->figure[i];

        c->row[i][CMP_THIS] = this;
        c->row[i][CMP_THAT] = that;
        c->row[i][CMP_THIS_PER_DAY] = average(name, this, a->days);
        c->row[i][CMP_THAT_PER_DAY] = average(name, that, b->days);
        this = c->compared[i];
        if (compare_uncounted(c, name))
            continue;
        if (whole)
            c->row[i][CMP_GROWTH_TOTAL] = growth_of(this, 1, that, 1);
        if (days_whole)
            c->row[i][CMP_GROWTH_PER_DAY] =
                growth_of(this, a->days, that, b->days);
    }
}

/* ---- the report ---------------------------------------------------------- */

static enum err other_fair(struct report *r, const struct side *this,
                           const char **code)
{
    *code = r->query->with;
    if (!*code && this->fair.compare_with[0])
        *code = this->fair.compare_with;
    if (*code)
        return ERR_OK;
    buf_printf(r->why,
               r->query->format == REPORT_HTML
                   ? _("No other fair is chosen that %s is held against.")
                   : _("%s names no other fair, give --with CODE"),
               this->code);
    return ERR_INVALID;
}

static enum err load_both(struct report *r, struct comparison *c)
{
    const char *other = NULL;
    enum err e = side_open(r, r->query->fair, &c->this);

    if (e == ERR_OK)
        e = other_fair(r, &c->this, &other);
    if (e == ERR_OK)
        e = side_open(r, other, &c->that);
    if (e != ERR_OK)
        return e;
    side_days(&c->this, r->now_ms);
    side_days(&c->that, r->now_ms);
    side_cut(c);
    e = side_load(&c->this, r->store, (struct until){ 0 });
    if (strcmp(c->this.code, c->that.code) == 0 && !c->cut)
        c->that.whole = c->this.whole;
    if (e == ERR_OK)
        e = side_load(&c->that, r->store, c->until);
    return e == ERR_OK ? compared_load(c, r->store) : e;
}

enum err report_compare(struct report *r, struct buf *out)
{
    struct comparison c = { .now_ms = r->now_ms };
    enum err e = load_both(r, &c);

    if (e == ERR_OK) {
        compare(&c);
        if (r->query->format == REPORT_JSON)
            compare_json(&c, out);
        else if (r->query->format == REPORT_TEXT)
            compare_text(&c, out);
        else
            compare_print(&c, r, out);
    }
    side_done(&c.this);
    side_done(&c.that);
    return e;
}
