/*
 * test_12_clock.c - promise 12: a wrong, jumping or frozen clock never blocks a
 * sale or a sync, never reorders the ledger and never moves a sale out of the
 * business day its shift was opened for.
 *
 * A till of its own in a folder, with true signatures. Each clock is a shift:
 * it is opened for a day, sells while the clock does what it does, visits the
 * aggregator, whose clock is right, and is closed. Sums by day are held against
 * what was rung, at the aggregator too. That the pin and no date decides whom
 * the agent talks to is tested with true TLS in tests/unit/test_agent_http.c.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "pos/till/learn.h"
#include "pos/till/shift.h"
#include "tests/support/promise.h"
#include "tests/support/pushing.h"
#include "tests/support/simnet.h"
#include "tests/support/till_fixture.h"

enum {
    SEEDS = 5000,
    RENEWED = 150, /* clocks of one till */
    SALES = 4,     /* of one clock */
    DAYS = 6,      /* of the fair */
    PRICE_VND = 120000,
    AGGREGATOR = 2, /* of till_fixture_init() */
    CUT_OFF = 240,  /* minutes after midnight */
    FIXED = 30
};

#define HOUR   (DAY_MS / 24)
#define YEAR   (365 * DAY_MS)
#define NOW_MS INT64_C(1578963600000) /* 2020-01-14 08:00 UTC+7 */

struct wrong {
    int64_t at_ms, step_ms; /* the clock at first; its move before a sale */
    bool turns;             /* it goes back by as much before every other */
};

static const struct wrong fixed[FIXED] = {
    { 0, 60000, false },                        /* 1970 */
    { 0, 0, false },                            /* ... and stands still */
    { -DAY_MS, 60000, false },                  /* before it */
    { NOW_MS - 2 * DAY_MS, 60000, false },      /* two days slow */
    { NOW_MS - DAY_MS, 60000, false },          /* a day slow */
    { NOW_MS + DAY_MS, 60000, false },          /* a day fast */
    { NOW_MS + 10 * YEAR, 60000, false },       /* ten years fast */
    { NOW_MS - 10 * YEAR, 60000, false },       /* ten years slow */
    { INT64_C(2147483646000), 1000, false },    /* 2038-01-19 */
    { INT64_C(4294967294000), 1000, false },    /* 2106-02-07 */
    { INT64_C(2085978494000), 1000, false },    /* 2036-02-07, NTP's era */
    { INT64_C(946684799000), 1000, false },     /* 2000-01-01 */
    { INT64_C(1483228799000), 500, false },     /* a leap second, 2016 */
    { INT64_C(1582934399000), 1000, false },    /* 2020-02-29 */
    { INT64_C(1577836799000), 1000, false },    /* 2020-01-01 */
    { INT64_C(1585443600000), HOUR, false },    /* Europe's summer begins */
    { INT64_C(1603587600000), -HOUR, true },    /* ... and ends */
    { INT64_C(1583650800000), HOUR, false },    /* America's begins */
    { INT64_C(1604214000000), -HOUR, true },    /* ... and ends */
    { NOW_MS, 0, false },                       /* right, and frozen */
    { NOW_MS, DAY_MS, false },                  /* a day more every sale */
    { NOW_MS, -DAY_MS, false },                 /* a day less every sale */
    { NOW_MS, HOUR, false },                    /* an hour more */
    { NOW_MS, -1000, false },                   /* backwards, slowly */
    { NOW_MS, DAY_MS, true },                   /* to and fro */
    { NOW_MS, YEAR, true },                     /* ... by a year */
    { NOW_MS, 20 * YEAR, false },               /* whole lives */
    { NOW_MS + 20 * HOUR - 1000, 1000, false }, /* over its own cut-off */
    { INT64_C(253402300799000), 1000, false },  /* the end of 9999 */
    { -INT64_C(62135596800000), 1000, false },  /* the year 1 */
};

static struct till_fixture f;
static struct simnet net;
static struct env aggregators;
static struct session session;
static int64_t clocks, sales, drifts, sold_vnd[DAYS];
static uint64_t current; /* seed; 0: the fixed ones */

/* ---- two machines, two clocks -------------------------------------------- */

static enum err post(void *ctx, const struct net_request *req, int *status,
                     struct buf *reply)
{
    (void)ctx;
    env_use(&aggregators);
    *status = simnet_arrive(&net, &req->body, 1, reply);
    env_use(&f.env);
    return ERR_OK;
}

static void begin(void)
{
    struct book book;
    simnet_open_true(&net);
    book_init(&book, 1, AGGREGATOR);
    pushing_keys(&book, &net.keys);
    book_done(&book);
    aggregators = *env_get();
    till_fixture_init(&f);
    f.env.post = post;
    f.env.vfs = NULL;
    env_use(&f.env);
    struct inbox *in = NULL;
    assert_int_equal(inbox_open(f.dir, INBOX_WRITE, "test", NULL, &in), ERR_OK);
    assert_int_equal(
        inbox_set_server(in, STR("https://fair.test:1"), STR("sha256//x")),
        ERR_OK);
    inbox_close(in);
    session_init(&session, f.dir, "test", 1000);
    till_fixture_open(&f);
    memset(sold_vnd, 0, sizeof(sold_vnd));
}

/* ---- what must be so ----------------------------------------------------- */

static enum err day_is(void *ctx, const struct roll_day *r)
{
    int64_t *vnd = ctx;
    int i = day_diff(r->day, 20200114);
    assert_true(i >= 0 && i < DAYS);
    vnd[i] += r->revenue_vnd;
    return ERR_OK;
}

static void sums_are_by_day(void)
{
    int64_t vnd[DAYS] = { 0 };
    const struct roll_taker taker = { .ctx = vnd, .day = day_is };
    env_use(&aggregators);
    struct store *s = simnet_reader(&net);
    assert_int_equal(store_read_begin(s), ERR_OK);
    assert_int_equal(store_rolls(s, STR("XUAN-2020"), &taker), ERR_OK);
    store_read_end(s);
    assert_memory_equal(vnd, sold_vnd, sizeof(vnd));
    simnet_verify(&net);
    env_use(&f.env);
}

static void end(void)
{
    sums_are_by_day();
    till_fixture_verify(&f);
    session_done(&session);
    till_fixture_done(&f);
    env_use(&aggregators);
    simnet_close(&net);
}

static enum err newest_clock(void *ctx, const struct stored *s)
{
    struct record *r = ctx;
    assert_int_equal(record_take(r, s), ERR_OK);
    return r->event.kind == EV_CLOCK ? ERR_NOT_FOUND : ERR_OK;
}

/* No time before 1970 is recorded. */
static int64_t shown(int64_t wall_ms)
{
    return wall_ms > 0 ? wall_ms : 0;
}

/* The drift is known on both sides, and stands in the ledger. */
static void drift_is_known(void)
{
    struct device d;
    struct record *r = record_open();
    int64_t drift = net.now_ms - f.wall_ms, recorded = 0;
    const struct ledger_state *state = ledger_state(f.till.ledger);
    env_use(&aggregators);
    assert_int_equal(
        store_device(simnet_reader(&net), str_of(state->device), &d), ERR_OK);
    env_use(&f.env);
    assert_true(llabs(d.offset_ms - (net.now_ms - shown(f.wall_ms))) < 1000);
    assert_int_equal(learn_news(&f.till), ERR_OK);
    assert_true(llabs(f.till.offset_ms - drift) < 1000);
    if (ledger_back(f.till.ledger, state->count, newest_clock, r) ==
        ERR_NOT_FOUND)
        recorded = r->body.clock.offset_ms;
    assert_true(llabs(recorded - drift) < 61000);
    drifts += llabs(drift) >= 60000;
    record_close(r);
}

static void sell(const struct wrong *w, int i, int day)
{
    struct sold sold;
    int64_t step = w->turns && i % 2 == 1 ? -w->step_ms : w->step_ms;
    int64_t before = ledger_state(f.till.ledger)->count;
    f.wall_ms += step;
    f.mono_ms += 60000;
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(sold.seq, before + 1);
    assert_int_equal(sold.day, day);
    sold_vnd[day_diff(day, 20200114)] += PRICE_VND;
    sales++;
}

/* A day that ends by the till's own best time while it is open, and by what its
 * other clock has counted, turns: that is a shift over the cut-off, whatever
 * the true time is. Not here. */
static bool ends_meanwhile(int64_t at_ms)
{
    int64_t then = shown(at_ms) + f.till.offset_ms;
    return fair_day_of_ms(then, CUT_OFF) !=
           fair_day_of_ms(then + SALES * INT64_C(60000), CUT_OFF);
}

static void a_shift(const struct wrong *w, int day)
{
    struct shift_report z;
    int64_t seq;
    f.wall_ms =
        ends_meanwhile(w->at_ms) ? shown(w->at_ms) + HOUR : w->at_ms;
    assert_int_equal(shift_open(&f.till, 0, day, 0, &seq), ERR_OK);
    for (int i = 0; i < SALES; i++)
        sell(w, i, day);
    net.now_ms += 60000;
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(session.acknowledged, ledger_state(f.till.ledger)->count);
    if (llabs(net.now_ms - f.wall_ms) < INT64_C(1) << 48)
        drift_is_known();
    assert_int_equal(shift_close(&f.till, 0, STR("x"), 0, &z), ERR_OK);
    assert_int_equal(z.gross_vnd, SALES * PRICE_VND);
    clocks++;
}

static void the_worst_clocks(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < FIXED; i++)
        a_shift(&fixed[i], day_add(20200114, i % DAYS));
    end();
    promise(12, "fixed-clocks", FIXED);
}

/* Any clock: near the truth, far off, or anywhere. */
static struct wrong any_clock(struct chance *c)
{
    static const int64_t far[] = { HOUR, DAY_MS, 40 * DAY_MS, 60 * YEAR };
    static const int64_t steps[] = { 1, 60000, HOUR, DAY_MS, YEAR };
    int64_t reach = far[chance_below(c, ARRAY_LEN(far))];
    int64_t step = steps[chance_below(c, ARRAY_LEN(steps))];
    return (struct wrong){ NOW_MS + chance_between(c, -reach, reach),
                           chance_between(c, -step, step),
                           chance_below(c, 2) == 0 };
}

static void run(uint64_t seed)
{
    struct chance c;
    current = seed;
    chance_seed(&c, seed, 12);
    const struct wrong w = any_clock(&c);
    a_shift(&w, day_add(20200114, (int)chance_below(&c, DAYS)));
}

static void any_clock_at_all(void **state)
{
    (void)state;
    int64_t most = promise_walk(&(struct seed_walk){
        "test_12_clock", SEEDS, RENEWED, begin, run, end });
    promise(12, "seeds", most);
    promise(12, "sales", sales);
    promise(12, "drifts-recorded", drifts);
    promise(12, "blocked", 0);
    promise(12, "moved-to-another-day", 0);
}

static int tell_seed(void **state)
{
    (void)state;
    fprintf(stderr,
            "the last clock was of seed %" PRIu64 ", number %" PRId64 "\n",
            current, clocks);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_worst_clocks, tell_seed),
        cmocka_unit_test_teardown(any_clock_at_all, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
