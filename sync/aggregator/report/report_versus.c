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
static void stage_back(struct stage *s, const struct fair *f, int day)
{
    if (day == 0 || day >= s->day)
        return;
    s->number = fair_day_number(f, day);
    s->day = day;
    s->running = s->over = false;
    s->cut = SLOTS_MAX - 1;
}

enum err versus_open(struct report *r, int day, struct versus *out)
{
    const struct fair *this = &r->ground.fair;
    struct versus v = { .why = GLANCE_COMPARED };
    enum err e = other_open(r, &v.other);

    if (e != ERR_OK)
        return e;
    stage_of(this, r->now_ms, &v.stage);
    stage_back(&v.stage, this, day);
    v.why = other_to_date(&v.other, &v.stage);
    v.whole = v.stage.over;
    v.this_days = v.stage.number;
    if (v.stage.number > 0 && !v.whole)
        v.this_end = (struct until){ v.stage.day, v.stage.cut };
    if (v.why == GLANCE_COMPARED) {
        const struct fair *that = &v.other.ground.fair;

        v.that_days = v.whole ? fair_open_days(that) : v.this_days;
        if (!v.whole)
            v.that_end = (struct until){ fair_day_date(that, v.stage.number),
                                         v.stage.cut };
    }
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
    if (v->why != GLANCE_COMPARED) {
        buf_printf(out, _("Not compared with another fair: %s"),
                   _(glance_why_text(v->why)));
        buf_putc(out, '\n');
        return;
    }
    buf_printf(out, _("Compared with %s (%s)"), v->other.name, v->other.code);
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
