/*
 * report.c - P12 and P16: what a report costs the server, and what an event
 * costs it once it is stored.
 *
 * Two fairs of twenty devices with fifty sales each, folded; for verifying a
 * single device, which is one thread's. The point SELECT that a day report is
 * held against is one of a device by its id.
 */
#include "sync/aggregator/report/report.h"

#include <stdlib.h>

#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/reference.h"
#include "tests/bench/yard.h"
#include "tests/budget/budget.h"
#include "tests/support/raw.h"

enum { FAIRS = 2, EACH = 20, SALES = 50, RUNS = 20, EVENTS = 1000 };

static struct yard yard;
static sqlite3_stmt *point;
static struct buf out;
static struct fold *fold;
static struct buf lines;

static void must(enum err e)
{
    if (e != ERR_OK)
        err_die(err_code(e), 0, err_text(e));
}

/* ---- the store ----------------------------------------------------------- */

static void report(const char *kind, const char *with)
{
    struct report_query q = {
        .kind = kind, .fair = "F1", .with = with, .format = REPORT_JSON
    };
    BUF(why, MAX_TEXT);
    buf_clear(&out);
    must(report_make(yard.store, &q, &out, &why));
}

static void begin_yard(int fairs, int each, int sales)
{
    yard_open(&yard, fairs, each);
    yard_calendar(&yard);
    yard_fill(&yard, sales);
}

static void begin(void)
{
    begin_yard(FAIRS, EACH, SALES);
    buf_init(&out, MAX_OUTPUT);
    int rc = sqlite3_prepare_v2(raw_handle(yard.store),
                                "SELECT count FROM device WHERE device = ?1",
                                -1, &point, NULL);
    ASSERT(rc == SQLITE_OK);
    report("days", NULL); /* statements are compiled */
    report("compare", "F2");
}

static void finish(void)
{
    sqlite3_finalize(point);
    buf_done(&out);
    yard_close(&yard);
}

static bool again(void)
{
    return true;
}

/* ---- reports ------------------------------------------------------------- */

static void work_point(void)
{
    sqlite3_bind_text(point, 1, yard.traders[0].device, DEVICE_LEN,
                      SQLITE_STATIC);
    int rc = sqlite3_step(point);
    ASSERT(rc == SQLITE_ROW);
    sqlite3_reset(point);
}

static void work_days(void)
{
    report("days", NULL);
}

/* A decision about anything: day tables are added up anew. */
static bool changed(void)
{
    must(store_turned(yard.store, STR("F1")));
    must(store_turned(yard.store, STR("F2")));
    return true;
}

static void work_compare(void)
{
    report("compare", "F2");
}

/* ---- events -------------------------------------------------------------- */

static void begin_events(void)
{
    struct trader *t = x_alloc(sizeof(*t));
    BUF(first, MAX_BATCH);
    buf_init(&lines, MAX_OUTPUT);
    trader_open(t, "F1", NULL, 1, &first);
    t->step_ms = 20000;
    trader_lines(t, EVENTS, &lines);
    trader_close(t);
    free(t);
}

static bool fold_anew(void)
{
    fold_close(fold);
    fold = fold_open();
    return true;
}

static void work_fold(void)
{
    struct str bytes = buf_slice(&lines), line;
    while (lines_next(&bytes, &line))
        fold_event(fold, STR("ABCDEFGH23456789"), line, NULL, 0);
}

static void finish_events(void)
{
    fold_close(fold);
    fold = NULL;
    buf_done(&lines);
}

static void begin_verify(void)
{
    begin_yard(1, 1, EVENTS);
}

static void finish_verify(void)
{
    yard_close(&yard);
}

static void work_verify(void)
{
    struct check found;
    must(check_verify(yard.store, yard.keys.signing.public_key, NULL, NULL,
                      &found));
    ASSERT(found.ok);
}

const struct budget report_budgets[] = {
    { .id = "P12",
      .name = "point",
      .what = "a point SELECT",
      .limit = 8000,
      .runs = RUNS,
      .open = begin,
      .prepare = again,
      .work = work_point,
      .close = finish },
    { .id = "P12",
      .name = "days",
      .what = "a day report",
      .limit = 2200,
      .times = "point",
      .runs = RUNS,
      .open = begin,
      .prepare = again,
      .work = work_days,
      .close = finish },
    { .id = "P12",
      .name = "days-anew",
      .what = "a day report of 20 devices, added up anew",
      .limit = 1400000,
      .runs = RUNS,
      .open = begin,
      .prepare = changed,
      .work = work_days,
      .close = finish },
    { .id = "P13",
      .name = "compare-anew",
      .what = "a comparison of 20 devices with 20, added up anew",
      .limit = 2700000,
      .runs = RUNS,
      .open = begin,
      .prepare = changed,
      .work = work_compare,
      .close = finish },
    { .id = "P16",
      .name = "fold",
      .what = "folding 1,000 sales",
      .limit = 22000000,
      .runs = 3,
      .open = begin_events,
      .prepare = fold_anew,
      .work = work_fold,
      .close = finish_events },
    { .id = "P16",
      .name = "verify",
      .what = "verifying 1,000 sales",
      .limit = 70000000,
      .runs = 1,
      .open = begin_verify,
      .prepare = again,
      .work = work_verify,
      .close = finish_verify },
    { .name = NULL },
};
