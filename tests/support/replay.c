/*
 * replay.c - see replay.h.
 */
#include "tests/support/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/sim/answer.h"

struct wish replay_wish(void)
{
    return (struct wish){ .seed = 7,
                          .first_day = 20200114,
                          .days = 2,
                          .sales = 90,
                          .target_vnd = REPLAY_NET_VND,
                          .refunds = 8,
                          .voids = 4,
                          .gates = 3,
                          .visits = REPLAY_VISITS,
                          .syncs = 4,
                          .faults_pct = 10,
                          .offline = true };
}

static void well(const struct replay *r, enum err e)
{
    if (e)
        fail_msg("%s: %s", err_code(e), buf_text(&r->fair.why));
}

static struct setup organiser_setup(const struct replay *r)
{
    return (struct setup){ &r->fair.plan, r->stock, NULL, "Replay" };
}

void replay_begin(struct replay *r, const struct wish *wish, int jobs)
{
    const struct stock_size size = { wish->seed, REPLAY_BOOTHS, 30 };
    const char *build = getenv("FAIR_BUILD");
    scratch_make(r->dir);
    snprintf(r->stock, sizeof(r->stock), "%s/stock", r->dir);
    assert_int_equal(env_dir_make(r->stock), ERR_OK);
    assert_int_equal(env_dir_make(scratch_path(r->dir, "tills")), ERR_OK);
    assert_int_equal(stock_invent(r->stock, &size), ERR_OK);
    const struct fair_setup setup = { .wish = *wish,
                                      .build = build ? build : "build",
                                      .dir = r->dir,
                                      .stock_dir = r->stock,
                                      .name = "Replay",
                                      .jobs = jobs };
    well(r, fair_begin(&r->fair, &setup));
}

void replay_phase(struct replay *r, int phase)
{
    well(r, fair_phase(&r->fair, phase));
}

void replay_days(struct replay *r)
{
    replay_phase(r, PHASE_ENROL);
    for (int day = 0; day < r->fair.plan.wish.days; day++)
        replay_phase(r, day);
}

void replay_all(struct replay *r)
{
    replay_days(r);
    replay_phase(r, PHASE_SETTLE);
    replay_phase(r, PHASE_VERIFY);
}

void replay_end(struct replay *r)
{
    assert_int_equal(host_stop(&r->fair.host), ERR_OK);
    fair_end(&r->fair);
    scratch_remove(r->dir);
}

/* ---- asking -------------------------------------------------------------- */

int64_t replay_net(const struct replay *r)
{
    BUF(days, MAX_OUTPUT);
    well(r, host_ask(&r->fair.host,
                     WORDS("report", "days", "--fair", FAIR_CODE, "--format",
                           "json"),
                     &days));
    return answer_int(buf_slice(&days), "totals.net_vnd");
}

void replay_agrees(const struct replay *r)
{
    struct outcome o;
    well(r, outcome_ask(&r->fair.host, &o));
    assert_true(o.sound);
    assert_int_equal(o.net_vnd, fair_net(&r->fair));
    assert_int_equal(o.events, r->fair.sum.events);
    assert_int_equal(r->fair.sum.sound, r->fair.sum.devices);
    assert_true(outcome_agrees(&o, &r->fair));
    outcome_done(&o);
}

void replay_report(const struct replay *r, const char *kind, struct buf *out)
{
    well(r,
         host_ask(&r->fair.host,
                  WORDS("report", kind, "--fair", FAIR_CODE, "--format", "csv"),
                  out));
}

void replay_order(const struct replay *r, const char *const *words)
{
    BUF(unread, MAX_OUTPUT);
    well(r, host_ask(&r->fair.host, words, &unread));
}

/* ---- trouble ------------------------------------------------------------- */

void replay_lose_database(struct replay *r)
{
    static const char *const files[] = { "aggregator.db", "aggregator.db-wal",
                                         "aggregator.db-shm" };
    const struct setup setup = organiser_setup(r);
    struct host *host = &r->fair.host;
    assert_int_equal(host_stop(host), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        unlink(scratch_path(host->program.data, files[i]));
    assert_false(scratch_has(host->program.data, "aggregator.db"));
    well(r, host_setup(host, &setup));
    well(r, host_serve(host));
}

void replay_stand_dir(const struct replay *r, int booth, char out[SCRATCH_ROOM])
{
    BUF(path, SCRATCH_ROOM - 1);
    fair_stand_dir(&r->fair, booth, &path);
    assert_true(buf_ok(&path));
    snprintf(out, SCRATCH_ROOM, "%s", buf_text(&path));
}
