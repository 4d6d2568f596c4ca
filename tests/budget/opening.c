/*
 * opening.c - P5: opening a till whose booth may sell very much, or has sold
 * very much, and what it puts off until its first frame is seen.
 */
#include <stdlib.h>

#include "pos/till/carts.h"
#include "pos/till/shift.h"
#include "tests/budget/budget.h"
#include "tests/support/many.h"

enum { SOME_SALES = 100, MANY_SALES = 2000 };

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

/* A line comes into the cart, as on the screen, and is sold. */
static void sell(struct cart *cart)
{
    const struct payment cash = { "cash", -1, { NULL, 0 } };
    const struct sale sale = { cart, &cash, 1, 0, 0 };
    struct till *till = &fixture.app.till;
    struct sold sold;
    till_fixture_pass(&fixture.till, 1000);
    cart_init(cart);
    enum err e = sale_begin(till, cart);
    ASSERT(e == ERR_OK);
    e = cart_add(cart, lists_at(till->lists, 0), 1000);
    ASSERT(e == ERR_OK);
    e = carts_save(till, cart);
    ASSERT(e == ERR_OK);
    e = sale_commit(till, &sale, &sold);
    ASSERT(e == ERR_OK);
}

/* The day's last cart was sold, and the shift was closed. */
static void begin_sold(int n)
{
    struct cart *cart = x_alloc(sizeof(*cart));
    struct shift_report report;
    app_fixture_init(&fixture, "vi");
    app_fixture_shift(&fixture, 0);
    for (int i = 0; i < n; i++)
        sell(cart);
    free(cart);
    enum err e = shift_close(&fixture.app.till, 0, STR(""), 0, &report);
    ASSERT(e == ERR_OK);
    app_fixture_close(&fixture);
    app_fixture_open(&fixture);
}

static void begin_sold_some(void)
{
    begin_sold(SOME_SALES);
}

static void begin_sold_many(void)
{
    begin_sold(MANY_SALES);
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
    { .id = "P5",
      .name = "opening-sold",
      .what = "opening after 100 sales",
      .limit = 5500000,
      .runs = 1,
      .open = begin_sold_some,
      .prepare = prepare,
      .work = work,
      .close = finish },
    { .id = "P5",
      .name = "opening-sold-2000",
      .what = "opening after 2,000 sales",
      .limit = 1020,
      .times = "opening-sold",
      .runs = 1,
      .open = begin_sold_many,
      .prepare = prepare,
      .work = work,
      .close = finish },
    { .name = NULL },
};
