/*
 * report_versus.c - up to where two fairs are held against each other.
 *
 * Invariant: when there is a comparison either both fairs are whole, or both
 * ends lie at the same fair-day and slot.
 */
#include "report_versus.h"

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"

/* ---- up to where --------------------------------------------------------- */

/* Where the fair was when fair-day `day` was over, if that is past. */
static enum err stage_at(struct report *r, int day, struct versus *v)
{
    const struct fair *f = &r->ground.fair;
    struct stage *s = &v->stage;
    int number = day != 0 ? fair_day_number(f, day) : 0;

    stage_of(f, r->now_ms, s);
    if (day == 0 || (number > 0 && number == s->number))
        return ERR_OK;
    if (number == 0 || number > s->number) {
        buf_puts(r->why, _("no such fair-day has begun"));
        return ERR_NOT_FOUND;
    }
    v->past = true;
    *s = (struct stage){ .number = number, .day = day, .cut = SLOTS_MAX - 1 };
    return ERR_OK;
}

/* Both whole, or both up to the same slot of the same fair-day. */
static void ends_set(struct versus *v)
{
    const struct stage *s = &v->stage;
    const struct fair *that = &v->other.ground.fair;
    bool compared = v->why == GLANCE_COMPARED;

    v->this_days = s->number;
    if (compared)
        v->that_days = v->whole ? fair_open_days(that) : s->number;
    if (v->whole || s->number == 0)
        return;
    v->this_end = (struct until){ s->day, s->cut };
    if (compared)
        v->that_end = (struct until){ fair_day_date(that, s->number), s->cut };
}

enum err versus_open(struct report *r, int day, struct versus *out)
{
    struct versus v = { .why = GLANCE_COMPARED };
    enum err e = stage_at(r, day, &v);

    if (e == ERR_OK)
        e = other_open(r, &v.other);
    if (e != ERR_OK)
        return e;
    v.why = other_to_date(&v.other, &v.stage);
    v.whole = v.stage.over;
    ends_set(&v);
    *out = v;
    return ERR_OK;
}

void versus_done(struct versus *v)
{
    other_done(&v->other);
}

/* ---- counting ------------------------------------------------------------ */

bool until_slot(struct until end, int day, int slot)
{
    return end.day == 0 || day < end.day ||
           (day == end.day && slot <= end.slot);
}

bool until_hour(struct until end, int day, int hour)
{
    int slots = 60 / SLOT_MINUTES;

    return until_slot(end, day, hour * slots + slots - 1);
}

struct figure growth_per_day(int64_t this, int64_t this_days, int64_t that,
                             int64_t that_days)
{
    struct figure g = { false, 0 };

    if (this_days > 0 && that_days > 0)
        g.known = growth(this, this_days, that, that_days, &g.n) == ERR_OK;
    return g;
}

/* ---- saying so ----------------------------------------------------------- */

void versus_text(const struct versus *v, struct buf *out)
{
    other_text(v->why, v->other.name, v->other.code, out);
    if (v->why != GLANCE_COMPARED) {
        buf_putc(out, '\n');
        return;
    }
    buf_puts(out, ": ");
    buf_printf(out, _("%lld fair-days against %lld"), (long long)v->this_days,
               (long long)v->that_days);
    buf_putc(out, '\n');
    if (v->whole)
        return;
    buf_puts(out, _("The fair is not over: both are counted up to the same "
                    "fair-day and time."));
    buf_putc(out, '\n');
}

void versus_json(const struct versus *v, struct json *j)
{
    bool compared = v->why == GLANCE_COMPARED;

    json_text(j, "with", v->other.code[0] ? v->other.code : NULL);
    json_text(j, "why_not_compared", compared ? NULL : glance_why_word(v->why));
    json_object(j, "days");
    json_int(j, "this", v->this_days);
    if (compared)
        json_int(j, "that", v->that_days);
    else
        json_null(j, "that");
    json_end_object(j);
}

/* ---- fair-day by fair-day ------------------------------------------------ */

/* The moment a running day is compared up to; 0: none is running. */
static int64_t until_ms(const struct stage *s)
{
    if (!s->running)
        return 0;
    return day_start_ms(s->day) + (s->cut + 1) * SLOT_MINUTES * INT64_C(60000);
}

void versus_days_json(const struct report *r, struct json *j)
{
    const struct versus *v = r->own;

    json_text(j, "with", v->other.code);
    json_text(j, "why", glance_why_word(v->other.why));
    json_time(j, "until", until_ms(&v->stage));
    json_int(j, "outside_vnd", v->outside_vnd);
}

void versus_days_text(const struct report *r, struct buf *out)
{
    const struct versus *v = r->own;
    const struct other *o = &v->other;

    if (o->why == GLANCE_COMPARED)
        buf_printf(out, _("Compared with %s (%s), fair-day by fair-day"),
                   o->name, o->code);
    else
        other_text(o->why, o->name, o->code, out);
    buf_putc(out, '\n');
    if (v->stage.running && o->why == GLANCE_COMPARED) {
        buf_puts(out, v->stage.open
                          ? _("The day is running: it is compared up to ")
                          : _("The day has closed: it is compared up to "));
        clock_render(out, until_ms(&v->stage));
        buf_putc(out, '\n');
    }
    if (v->outside_vnd == 0)
        return;
    buf_puts(out, _("Outside the calendar and in no row, in đồng: "));
    money_render(out, v->outside_vnd);
    buf_putc(out, '\n');
}
