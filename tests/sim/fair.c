/*
 * fair.c - see fair.h.
 */
#include "tests/sim/fair.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/sim/crew.h"

enum { ROOM = 4200 };

static enum err set_up(struct fair *f)
{
    const struct fair_setup *s = &f->setup;
    char organiser[ROOM];
    const struct setup setup = { &f->plan, s->stock_dir, s->figures, s->name };
    snprintf(organiser, sizeof(organiser), "%s%s",
             s->organiser ? s->organiser : s->dir,
             s->organiser ? "" : "/organiser");
    host_init(&f->host, s->build, organiser);
    if (s->code)
        f->host.fair = s->code;
    enum err e = access(f->host.program.path, X_OK) ? ERR_NOT_FOUND : ERR_OK;
    if (!e)
        e = host_setup(&f->host, &setup);
    if (!e)
        e = host_serve(&f->host);
    if (e)
        buf_puts(&f->why, f->host.program.path);
    return e;
}

enum err fair_begin(struct fair *fair, const struct fair_setup *setup)
{
    *fair = (struct fair){ .setup = *setup };
    buf_init(&fair->why, MAX_TEXT);
    enum err e = stock_load(setup->stock_dir, &fair->why, &fair->stock);
    if (!e)
        e = plan_make(&setup->wish, &fair->stock, &fair->plan);
    return e ? e : set_up(fair);
}

void fair_end(struct fair *fair)
{
    (void)!host_stop(&fair->host);
    plan_done(&fair->plan);
    stock_done(&fair->stock);
    buf_done(&fair->why);
}

enum err fair_phase(struct fair *fair, int phase)
{
    return crew_work(fair, phase);
}

enum err fair_course(struct fair *fair)
{
    enum err e = fair_phase(fair, PHASE_ENROL);
    for (int day = 0; !e && day < fair->plan.wish.days; day++)
        e = fair_phase(fair, day);
    if (!e)
        e = fair_phase(fair, PHASE_SETTLE);
    return e ? e : fair_phase(fair, PHASE_VERIFY);
}

int64_t fair_net(const struct fair *fair)
{
    const struct tally *t = &fair->sum;
    return t->gross_vnd - t->refunds_vnd - t->voids_vnd;
}

void fair_stand_dir(const struct fair *fair, int booth, struct buf *out)
{
    buf_printf(out, "%s/tills/%s", fair->setup.dir,
               fair->stock.stalls[booth].booth);
}
