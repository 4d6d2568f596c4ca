/*
 * ingest.c - what a push costs the one writer once it has been checked: taken
 * in and committed, and answered. The answer is mostly its signature.
 */
#include <string.h>

#include "fair/chain.h"
#include "tests/bench/yard.h"
#include "tests/budget/budget.h"

enum { FEW = 1, MOST = 500 };
enum { PIECES = 40, LINES = 250, LINE = 1000 }; /* ten megabytes */

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

/* What a device has set aside, in pieces as large as they come, and a question
 * about its last event. */
static void set_aside(void)
{
    uint8_t previous[HASH_BYTES];
    int64_t seq = 2;
    BUF(lines, MAX_BATCH);
    yard_open(&yard, 1, 1);
    buf_init(&bytes, MAX_BATCH);
    trader_push(&yard.traders[0], FEW, &bytes);
    ASSERT(push_decode(buf_slice(&bytes), NULL, &push, NULL) == ERR_OK);
    for (int i = 0; i < LINES; i++)
        buf_printf(&lines, "%0*d\n", LINE - 1, i);
    memcpy(push.head, push.previous, HASH_BYTES);
    for (int i = 0; i < PIECES; i++, seq += LINES) {
        struct str rest = buf_slice(&lines), line;
        memcpy(previous, push.head, HASH_BYTES);
        while (lines_next(&rest, &line))
            chain_next(push.head, line, push.head);
        struct branch b = { .seg = { .first = seq + 1,
                                     .last = seq + LINES,
                                     .bytes = buf_slice(&lines),
                                     .head = push.head },
                            .previous = previous };
        ASSERT(store_branch_add(yard.store, push.header.device, &b) == ERR_OK);
    }
    memcpy(push.previous, push.head, HASH_BYTES);
    push.header.from = seq + 1;
    push.header.to = seq;
    push.n = 0;
    ASSERT(store_set_state(yard.store, push.header.device, DEVICE_FORK) ==
           ERR_OK);
}

static bool again(void)
{
    return true;
}

static void ask(void)
{
    BUF(out, MAX_REPLY);
    struct ingested ingested = { &push, ERR_FORK, 1000 };
    ASSERT(store_group_begin(yard.store) == ERR_OK);
    ASSERT(ingest_push(yard.store, &yard.keys, &push, 1000, NULL) == ERR_FORK);
    ASSERT(store_group_commit(yard.store) == ERR_OK);
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
    { .id = "P8",
      .name = "ask-aside",
      .what = "a question answered by a device that has set much aside",
      .limit = 3000000,
      .runs = 5,
      .open = set_aside,
      .prepare = again,
      .work = ask,
      .close = finish },
    { .name = NULL },
};
