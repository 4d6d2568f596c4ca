/*
 * wire.c - P7: what an event costs on arrival, before anything is stored: its
 * line found, checked, decoded and chained, a batch of a hundred at a time.
 * The header's signature is a third of it at that size.
 */
#include <string.h>

#include "fair/wire.h"
#include "tests/budget/budget.h"
#include "tests/support/crowd.h"

enum { BATCH = 100 };

static struct trader trader;
static struct buf push, line;

static void begin(void)
{
    sign_init();
    buf_init(&push, MAX_BATCH);
    buf_init(&line, MAX_EVENT);
    trader_open(&trader, "OCOP", NULL, 1, &push);
    buf_clear(&push);
    trader_push(&trader, BATCH, &push);
    crowd_line(&line);
    line.len = strcspn(buf_text(&line), "\n");
}

static bool ready(void)
{
    return true;
}

static void take_push(void)
{
    struct push out;
    ASSERT(push_decode(buf_slice(&push), NULL, &out, NULL) == ERR_OK);
    ASSERT(out.n == BATCH);
}

static void take_event(void)
{
    struct event out;
    ASSERT(event_decode(buf_slice(&line), &out) == ERR_OK);
}

static void finish(void)
{
    trader_close(&trader);
    buf_done(&push);
    buf_done(&line);
}

const struct budget wire_budgets[] = {
    { .id = "P7",
      .name = "push",
      .what = "a push of 100 sales, checked and chained",
      .limit = 4650000,
      .runs = 3,
      .open = begin,
      .prepare = ready,
      .work = take_push,
      .close = finish },
    { .id = "P7",
      .name = "event",
      .what = "a sale's event, decoded",
      .limit = 9850,
      .runs = 3,
      .open = begin,
      .prepare = ready,
      .work = take_event,
      .close = finish },
    { .name = NULL },
};
