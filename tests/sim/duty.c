/*
 * duty.c - what one process does in a phase, for its own booths.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/crew.h"

enum { TELL_EVERY = 50 }; /* acts */

static bool is_mine(const struct duty *d, int booth)
{
    return booth % d->step == d->first;
}

static enum err failed(struct duty *d, int booth, enum err e)
{
    const struct stand *s = &d->stands[booth];
    struct buf *why = &d->fair->why;
    buf_printf(why, "booth %s: %s: %s", stand_stall(s)->booth, err_text(e),
               buf_text(&s->why));
    return e;
}

/* ---- telling ------------------------------------------------------------- */

static void duty_tell(struct duty *d)
{
    struct tally now = { 0 }, before = d->told;
    for (int i = d->first; i < d->fair->stock.n; i += d->step)
        tally_add(&now, &d->stands[i].tally);
    d->told = now;
    d->tell(d, tally_less(&now, &before));
}

/* ---- the phases ---------------------------------------------------------- */

static bool beyond(const struct duty *d, int64_t ms)
{
    int64_t until = d->fair->plan.wish.until_ms;
    return until != 0 && ms > until;
}

static enum err enrol(struct duty *d, int booth)
{
    struct stand *s = &d->stands[booth];
    BUF(word, MAX_TEXT);
    enum err e = host_enrol(&d->fair->host, stand_stall(s)->booth, &word);
    return e ? e : stand_enrol(s, buf_text(&word));
}

static enum err settle(struct duty *d, int booth)
{
    const struct plan *plan = &d->fair->plan;
    int64_t last = plan->acts[plan->n_acts - 1].ms;
    return stand_settle(&d->stands[booth],
                        beyond(d, last) ? plan->wish.until_ms : last);
}

static enum err verify(struct duty *d, int booth)
{
    return stand_verify(&d->stands[booth]);
}

static enum err each_booth(struct duty *d,
                           enum err (*work)(struct duty *d, int booth))
{
    enum err e = ERR_OK;
    for (int i = d->first; !e && i < d->fair->stock.n; i += d->step) {
        e = crew_stop ? ERR_BUSY : work(d, i);
        if (e)
            return failed(d, i, e);
        duty_tell(d);
    }
    return e;
}

/* In order of time, as if all stood side by side. */
static enum err do_day(struct duty *d)
{
    const struct plan *plan = &d->fair->plan;
    int done = 0;
    for (int i = plan->day_acts[d->phase]; i < plan->day_acts[d->phase + 1];
         i++) {
        const struct act *a = &plan->acts[i];
        if (!is_mine(d, a->booth) || beyond(d, a->ms))
            continue;
        enum err e = crew_stop ? ERR_BUSY : stand_do(&d->stands[a->booth], a);
        if (e)
            return failed(d, a->booth, e);
        if (++done % TELL_EVERY == 0)
            duty_tell(d);
    }
    return ERR_OK;
}

static enum err do_phase(struct duty *d)
{
    if (d->phase == PHASE_ENROL)
        return each_booth(d, enrol);
    if (d->phase == PHASE_SETTLE)
        return each_booth(d, settle);
    if (d->phase == PHASE_VERIFY)
        return each_booth(d, verify);
    return do_day(d);
}

/* ---- all of it ----------------------------------------------------------- */

enum err duty_do(struct duty *d)
{
    struct fair *f = d->fair;
    struct world world;
    int turn = d->phase >= 0 ? d->phase : f->plan.wish.days - d->phase;
    BUF(stands, MAX_TEXT);
    buf_printf(&stands, "%s/tills", f->setup.dir);
    struct stand_place place = { &f->plan, &world, f->setup.build,
                                 buf_text(&stands) };
    world_enter(&world);
    d->stands = x_alloc((size_t)f->stock.n * sizeof(*d->stands));
    for (int i = d->first; i < f->stock.n; i += d->step)
        stand_init(&d->stands[i], &place, i, turn);
    enum err e = do_phase(d);
    duty_tell(d);
    for (int i = d->first; i < f->stock.n; i += d->step)
        stand_done(&d->stands[i]);
    free(d->stands);
    world_leave(&world);
    return e;
}
