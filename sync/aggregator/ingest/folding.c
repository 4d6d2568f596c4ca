/*
 * folding.c - arithmetic about time and steps; no clock and no store.
 */
#include "folding.h"

void folding_init(struct folding *f, int64_t now_ms)
{
    *f = (struct folding){ .any = true,
                           .step = FOLD_STEP_LEAST,
                           .ended_ms = now_ms };
}

void folding_stir(struct folding *f)
{
    f->any = true;
}

void folding_add(struct folding *f, int64_t events)
{
    f->events += events;
}

/* The step takes one of so many parts of the time. */
static int share(const struct folding *f)
{
    return f->events >= FOLD_TOO_MUCH ? FOLD_SHARE / 4
           : f->events >= FOLD_MUCH   ? FOLD_SHARE / 2
                                      : FOLD_SHARE;
}

bool folding_due(const struct folding *f, int64_t now_ms)
{
    int64_t since_ms = now_ms - f->ended_ms;

    if (!f->any || since_ms < f->took_ms * (share(f) - 1))
        return false;
    return f->behind || f->events >= FOLD_EVENTS || since_ms >= FOLD_EVERY_MS;
}

int64_t folding_patience(const struct folding *f)
{
    return f->behind ? FOLD_QUIET_MS : FOLD_EVERY_MS;
}

void folding_begin(struct folding *f)
{
    f->any = f->behind = false;
}

/* Half when it took too long, twice as many when a full one took little. */
static int64_t next_step(const struct folding *f)
{
    if (f->took_ms > FOLD_STEP_MS && f->step > FOLD_STEP_LEAST)
        return f->step / 2;
    if (f->behind && f->took_ms < FOLD_STEP_MS / 2 && f->step < FOLD_STEP_MOST)
        return f->step * 2;
    return f->step;
}

void folding_end(struct folding *f, int64_t began_ms, int64_t now_ms,
                 int64_t folded)
{
    f->ended_ms = now_ms;
    f->took_ms = now_ms - began_ms;
    f->behind = folded >= f->step;
    f->events = f->behind && f->events > folded ? f->events - folded : 0;
    f->any = f->any || f->behind;
    f->step = next_step(f);
}
