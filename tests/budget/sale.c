/*
 * sale.c - P3: a sale of three lines, ready in the cart, until it is durable,
 * read back and answered.
 */
#include "tests/bench/stand.h"
#include "tests/budget/budget.h"

static struct stand stand;

/* Statements are compiled and buffers grown at the first sale of a day. */
static void begin(void)
{
    stand_open(&stand);
    stand_prepare(&stand);
    stand_sell(&stand);
}

static bool prepare(void)
{
    stand_prepare(&stand);
    return true;
}

static void work(void)
{
    stand_sell(&stand);
}

static void finish(void)
{
    stand_close(&stand);
}

const struct budget sale_budgets[] = {
    { .id = "P3",
      .name = "sale",
      .what = "a sale of three lines",
      .limit = 111000,
      .runs = 100,
      .open = begin,
      .prepare = prepare,
      .work = work,
      .close = finish },
    { .name = NULL },
};
