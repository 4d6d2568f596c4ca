/*
 * run.c - a fair of any size, and its summary for scripts.
 */
#include <stdio.h>

#include "fair/env.h"
#include "fair/json.h"
#include "tests/sim/outcome.h"
#include "tests/sim/scene.h"
#include "tests/sim/sim.h"

enum { NEED_MB = 1000, ROOM = 256 };

static void summary(const struct fair *f, const struct outcome *o, int64_t ms,
                    struct buf *out)
{
    const struct tally *t = &f->sum;
    struct json j;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_int(&j, "seed", (int64_t)f->plan.wish.seed);
    json_int(&j, "booths", f->stock.n);
    json_int(&j, "days", f->plan.wish.days);
    json_int(&j, "sales", t->sales);
    json_int(&j, "refunds", t->refunds);
    json_int(&j, "voids", t->voids);
    json_int(&j, "syncs", t->syncs);
    json_int(&j, "unreached", t->unreached);
    json_int(&j, "lost_answers", t->lost);
    json_int(&j, "doubled_pushes", t->doubled);
    json_int(&j, "resent", o->resent);
    json_int(&j, "devices", o->devices);
    json_int(&j, "events", o->events);
    json_int(&j, "net_vnd", o->net_vnd);
    json_int(&j, "ledgers_net_vnd", fair_net(f));
    json_int(&j, "visits", o->visits);
    json_bool(&j, "ok", outcome_agrees(o, f));
    json_int(&j, "ms", ms);
    json_end_object(&j);
    json_finish(&j);
}

static enum err course(struct fair *fair, const struct fair_setup *setup,
                       bool *ok)
{
    struct outcome o;
    BUF(out, MAX_TEXT);
    int64_t from = env_mono_ms();
    enum err e = fair_begin(fair, setup);
    if (!e)
        e = fair_course(fair);
    if (e)
        return e;
    e = outcome_ask(&fair->host, &o);
    if (!e) {
        *ok = outcome_agrees(&o, fair);
        summary(fair, &o, env_mono_ms() - from, &out);
        fputs(buf_text(&out), stdout);
    }
    outcome_done(&o);
    return e;
}

static enum err in_place(const struct options *options, const char *dir,
                         bool *ok)
{
    char stock[ROOM], tills[ROOM];
    struct fair fair;
    const struct stock_size size = { options->wish.seed, options->booths,
                                     options->products };
    snprintf(stock, sizeof(stock), "%s/stock", dir);
    snprintf(tills, sizeof(tills), "%s/tills", dir);
    const struct fair_setup setup = { .wish = options->wish,
                                      .build = options->build,
                                      .dir = dir,
                                      .organiser = options->data,
                                      .code = options->fair,
                                      .stock_dir = options->stock
                                                       ? options->stock
                                                       : stock,
                                      .name = options->name,
                                      .jobs = options->jobs };
    enum err e = env_dir_make(tills);
    if (!e && !options->stock)
        e = env_dir_make(stock);
    if (!e && !options->stock)
        e = stock_invent(stock, &size);
    if (e)
        return e;
    e = course(&fair, &setup, ok);
    if (e)
        scene_report(e, buf_text(&fair.why));
    fair_end(&fair);
    return e;
}

int sim_run(const struct options *options)
{
    char dir[64];
    bool memory, ok = false;
    enum err e = scene_make(NEED_MB, dir, &memory);
    if (e) {
        scene_report(e, "no place for a fair");
        return 1;
    }
    e = in_place(options, dir, &ok);
    if (options->keep)
        fprintf(stderr, "sim: kept %s\n", dir);
    else
        scene_remove(dir);
    return e ? scene_code() : !ok;
}
