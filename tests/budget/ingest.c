/*
 * ingest.c - what a push costs the one writer once it has been checked: taken
 * in and committed, and answered. The answer is mostly its signature.
 */
#include "tests/bench/yard.h"
#include "tests/budget/budget.h"

enum { FEW = 1, MOST = 500 };

static struct yard yard;
static struct buf bytes;
static struct push push;
static int batch;

/* The first push of a device compiles statements. */
static void begin(int n)
{
    yard_open(&yard, 1, 1);
    buf_init(&bytes, MAX_BATCH);
    batch = n;
    trader_push(&yard.traders[0], n, &bytes);
    yard_take(&yard, buf_slice(&bytes));
}

static void begin_one(void)
{
    begin(FEW);
}

static void begin_many(void)
{
    begin(MOST);
}

static bool prepare(void)
{
    buf_clear(&bytes);
    trader_push(&yard.traders[0], batch, &bytes);
    enum err e = push_decode(buf_slice(&bytes), NULL, &push, NULL);
    ASSERT(e == ERR_OK);
    return true;
}

static void take(void)
{
    ASSERT(store_group_begin(yard.store) == ERR_OK);
    ASSERT(ingest_push(yard.store, &yard.keys, &push, 1000, NULL) == ERR_OK);
    ASSERT(store_group_commit(yard.store) == ERR_OK);
}

static void answer(void)
{
    BUF(out, MAX_REPLY);
    struct ingested ingested = { &push, ERR_OK, 1000 };
    enum err e = ingest_ack(yard.store, &yard.keys, &ingested, &out);
    ASSERT(e == ERR_OK && buf_ok(&out));
}

static void finish(void)
{
    buf_done(&bytes);
    yard_close(&yard);
}

const struct budget ingest_budgets[] = {
    { .id = "P8",
      .name = "take-1",
      .what = "a push of one sale taken in, alone in its transaction",
      .limit = 80000,
      .runs = 20,
      .open = begin_one,
      .prepare = prepare,
      .work = take,
      .close = finish },
    { .id = "P7",
      .name = "take-500",
      .what = "a push of 500 sales taken in, alone in its transaction",
      .limit = 1300000,
      .runs = 10,
      .open = begin_many,
      .prepare = prepare,
      .work = take,
      .close = finish },
    { .id = "P8",
      .name = "answer",
      .what = "a push answered",
      .limit = 300000,
      .runs = 20,
      .open = begin_one,
      .prepare = prepare,
      .work = answer,
      .close = finish },
    { .name = NULL },
};
