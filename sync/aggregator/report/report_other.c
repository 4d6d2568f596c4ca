/*
 * report_other.c - a fair's place in its calendar, and whether another fair
 * has something of the same length to hold against it.
 */
#include "report_other.h"

#include <stdio.h>

#include "fair/date.h"
#include "fair/i18n.h"

/* ---- by the clock -------------------------------------------------------- */

/* Minutes from opening to closing, which may be after midnight. */
static int open_minutes(const struct fair *f)
{
    int length = f->closes_min - f->opens_min;

    return length > 0 ? length : length + SLOTS_PER_DAY * SLOT_MINUTES;
}

/* When the day opens. */
static int64_t opening(const struct fair *f, int day)
{
    return day_start_ms(day) + f->opens_min * INT64_C(60000);
}

bool day_closed(const struct fair *f, int day, int64_t now_ms)
{
    return fair_day_of_ms(now_ms, f->cut_off_min) == day &&
           now_ms >= opening(f, day) + open_minutes(f) * INT64_C(60000);
}

void stage_of(const struct fair *f, int64_t now_ms, struct stage *out)
{
    int today = fair_day_of_ms(now_ms, f->cut_off_min);
    struct stage s = { .over = today > day_add(f->first_day, f->days - 1),
                       .cut = SLOTS_MAX - 1 };

    while (s.number < fair_open_days(f) &&
           fair_day_date(f, s.number + 1) <= today)
        s.number++;
    if (s.number > 0)
        s.day = fair_day_date(f, s.number);
    s.running = s.number > 0 && s.day == today;
    if (s.running)
        s.cut = slot_over(now_ms, today);
    s.open = s.running && !day_closed(f, s.day, now_ms);
    *out = s;
}

int64_t stage_silent_since(const struct fair *f, const struct stage *s,
                           int64_t now_ms, int silent_min)
{
    if (!s->open)
        return 0;
    int64_t silent = now_ms - silent_min * INT64_C(60000);
    return opening(f, s->day) <= silent ? silent : 0;
}

/* ---- the other fair ------------------------------------------------------ */

static enum err published(struct report *r, const char *code, struct other *o)
{
    struct figures f;
    BUF(strings, MAX_TEXT);
    enum err e = figures_get(r->store, str_of(code), &f, &strings);

    if (e == ERR_OK) {
        o->why = GLANCE_PUBLISHED_ONLY;
        snprintf(o->name, sizeof(o->name), "%.*s", (int)f.name.len,
                 f.name.data);
    } else if (e == ERR_NOT_FOUND && !r->query->with) {
        o->why = GLANCE_NO_OTHER;
        return ERR_OK;
    } else if (e == ERR_NOT_FOUND) {
        buf_printf(r->why, "%s: %s", _("no such fair"), code);
    }
    return e;
}

static enum err load(struct report *r, const char *code, struct other *o)
{
    struct scope only = { r->ground.only.origin, NULL };
    enum err e = ground_load(r->store, str_of(code), only, &o->ground);

    if (e == ERR_NOT_FOUND)
        return published(r, code, o);
    if (e != ERR_OK)
        return e;
    o->why = GLANCE_COMPARED;
    snprintf(o->name, sizeof(o->name), "%s", o->ground.fair.name);
    stage_of(&o->ground.fair, r->now_ms, &o->stage);
    return ERR_OK;
}

enum err other_open(struct report *r, struct other *out)
{
    const char *code = r->query->with;
    struct other o = { .why = GLANCE_NO_OTHER };
    enum err e = ERR_OK;

    if (!code)
        code = r->ground.fair.compare_with;
    if (r->ground.only.booth) {
        o.why = GLANCE_OWN_ONLY;
    } else if (code[0]) {
        snprintf(o.code, sizeof(o.code), "%s", code);
        e = load(r, code, &o);
    }
    if (e == ERR_OK)
        *out = o;
    return e;
}

void other_done(struct other *o)
{
    ground_done(&o->ground);
}

/* ---- what can be compared ------------------------------------------------ */

enum glance_why other_day(const struct other *o, const struct stage *s,
                          int number)
{
    const struct fair *f = &o->ground.fair;

    if (number == 0)
        return GLANCE_NOT_BEGUN;
    if (o->why != GLANCE_COMPARED)
        return o->why;
    if (number > fair_open_days(f) || number > o->stage.number)
        return GLANCE_NO_SUCH_DAY;
    /* A day of the other fair that still runs is no match for a whole one. */
    bool part = o->stage.running && number == o->stage.number;
    bool whole = !s->running || number < s->number;
    return part && whole ? GLANCE_NO_SUCH_DAY : GLANCE_COMPARED;
}

enum glance_why other_to_date(const struct other *o, const struct stage *s)
{
    if (!s->over || s->number == 0 || o->why != GLANCE_COMPARED)
        return other_day(o, s, s->number);
    return o->stage.over ? GLANCE_COMPARED : GLANCE_NO_SUCH_DAY;
}

/* ---- saying so ----------------------------------------------------------- */

void other_text(enum glance_why why, const char *name, const char *code,
                struct buf *out)
{
    if (why == GLANCE_COMPARED)
        buf_printf(out, _("Compared with %s (%s)"), name, code);
    else
        buf_printf(out, _("Not compared with another fair: %s"),
                   _(glance_why_text(why)));
}
