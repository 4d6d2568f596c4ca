/*
 * opening.c - P5: opening a till whose booth may sell very much, and what it
 * puts off until its first frame is seen.
 */
#include "tests/budget/budget.h"
#include "tests/support/many.h"

static struct app_fixture fixture;

/* The first opening records the list and learns that its pages are sound. */
static void begin(int n)
{
    app_fixture_init(&fixture, "vi");
    app_fixture_shift(&fixture, 0);
    app_fixture_close(&fixture);
    many_adopt(&fixture, n);
    app_fixture_open(&fixture);
}

static void begin_many(void)
{
    begin(MANY);
}

static void begin_very_many(void)
{
    begin(VERY_MANY);
}

static bool prepare(void)
{
    app_fixture_close(&fixture);
    return true;
}

/* Until the first frame is drawn. */
static void work(void)
{
    app_fixture_open(&fixture);
}

static bool prepare_ready(void)
{
    app_fixture_close(&fixture);
    app_fixture_open(&fixture);
    return true;
}

/* What the first tick does behind the first frame, or the first key that
 * needs it. */
static void work_ready(void)
{
    (void)app_search(&fixture.app);
}

static void finish(void)
{
    app_fixture_done(&fixture);
}

const struct budget opening_budgets[] = {
    { .id = "P5",
      .name = "opening",
      .what = "opening with 16,000 products",
      .limit = 99500000,
      .runs = 1,
      .open = begin_many,
      .prepare = prepare,
      .work = work,
      .close = finish },
    { .id = "P5",
      .name = "opening-65000",
      .what = "opening with 65,000 products",
      .limit = 4120,
      .times = "opening",
      .runs = 1,
      .open = begin_very_many,
      .prepare = prepare,
      .work = work,
      .close = finish },
    { .id = "P5",
      .name = "ready",
      .what = "the search, behind the first frame, 16,000 products",
      .limit = 84200000,
      .runs = 1,
      .open = begin_many,
      .prepare = prepare_ready,
      .work = work_ready,
      .close = finish },
    { .name = NULL },
};
