/*
 * test_13_month_offline.c - promise 13: a booth can sell for thirty days
 * without any network and then delivers everything without anyone's help.
 *
 * The till is a real one in a folder of its own, signatures are true ones; only
 * time and the network are simulated. Then there is a link of 50 kbit/s with
 * half a second there and back, which loses 3 % of what is sent and is cut
 * every 20 seconds. What the agent does is what its loop does: a visit, and
 * after a failure the wait it would have chosen.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/date.h"
#include "sync/agent/backoff.h"
#include "tests/support/promise.h"
#include "tests/support/simnet.h"
#include "tests/support/till.h"

enum {
    SALES = 20000,       /* of every run */
    MORE_SALES = 100000, /* of each with another seed */
    DAYS = 30,
    LEAST = 30,          /* a day */
    LINK_BYTES_S = 6250, /* 50 kbit/s */
    LINK_MS = 500,       /* there and back */
    LINK_CUT_MS = 20000,
    LOST_PCT = 3,
    TIMEOUT_MS = 30000,   /* the agent's, as configured */
    GROWN_KB = 16 * 1024, /* resident memory while it is sent, at most */
    HOURS_EACH = 12,      /* hours that 10,000 sales may take to be sent */
    AGGREGATOR_KEY = 200
};

static struct simnet net;
static char dir[SCRATCH_ROOM];
static bool online;
static int64_t sold_vnd, sales, visits, lost, cuts;
static int smallest, largest_after; /* batches, in events */

/* ---- the link ------------------------------------------------------------ */

/* Moves the clock by what so many bytes take; false: it was cut meanwhile. */
static bool carry(size_t bytes)
{
    int64_t from = net.now_ms;
    net.now_ms += (int64_t)bytes * 1000 / LINK_BYTES_S + LINK_MS / 2;
    if (from / LINK_CUT_MS == net.now_ms / LINK_CUT_MS)
        return true;
    net.now_ms = (from / LINK_CUT_MS + 1) * LINK_CUT_MS;
    cuts++;
    return false;
}

static bool is_lost(void)
{
    bool gone = simnet_below(&net, 100) < LOST_PCT;
    lost += gone;
    return gone;
}

static enum err link_post(void *ctx, const struct net_request *req, int *status,
                          struct buf *reply)
{
    int64_t began = net.now_ms;
    BUF(answer, MAX_REPLY);
    (void)ctx;
    bool there = online && carry(req->body.len) && !is_lost();
    if (there)
        *status = simnet_arrive(&net, &req->body, 1, &answer);
    bool back = there && carry(answer.len) && !is_lost();
    if (!back || net.now_ms - began > req->timeout_ms) {
        /* Nobody tells that nothing comes. */
        if (there && net.now_ms - began < req->timeout_ms)
            net.now_ms = began + req->timeout_ms;
        return ERR_UNREACHABLE;
    }
    buf_str(reply, buf_slice(&answer));
    return ERR_OK;
}

/* ---- a month ------------------------------------------------------------- */

static void append(struct ledger *l, enum event_kind kind, int day,
                   const union body *body)
{
    int64_t seq;
    const struct ledger_entry entry = {
        .kind = kind,
        .body = body,
        .day = day_add(20200114, day),
        .shift = day + 1,
    };
    if (ledger_append(l, &entry, &seq) != ERR_OK)
        fail_msg("%s", ledger_errmsg(l));
}

static void sell(struct ledger *l, int day)
{
    static union body body;
    char basket[24];
    snprintf(basket, sizeof(basket), "B%" PRId64, sales);
    till_sale(&body, basket, 1 + (int)simnet_below(&net, 3));
    append(l, EV_SALE, day, &body);
    sold_vnd += body.sale.total_vnd;
    sales++;
}

/* One day of the fair; now and then the agent tries in vain. */
static void live_a_day(struct session *s, int day, int64_t count)
{
    const union body float_ = { .shift_opened = { 500000 } };
    int64_t opens_ms = net.now_ms;
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    append(l, EV_SHIFT_OPENED, day, &float_);
    for (int64_t i = 0; i < count; i++) {
        sell(l, day);
        net.now_ms += DAY_MS / 2 / count;
        if (i == count / 2)
            assert_int_equal(session_run(s), ERR_UNREACHABLE);
    }
    ledger_close(l);
    net.now_ms = opens_ms + DAY_MS;
}

/* ---- coming home --------------------------------------------------------- */

static int64_t resident_kb(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%ld %ld", &pages, &resident), 2);
    fclose(f);
    return (int64_t)resident * sysconf(_SC_PAGESIZE) / 1024;
}

static void watch_batch(const struct session *s)
{
    if (s->batch < smallest) {
        smallest = s->batch;
        largest_after = 0;
    }
    if (s->batch > largest_after)
        largest_after = s->batch;
}

/* How much the process grew from when a tenth was sent. */
static int64_t deliver(struct session *s, int64_t events)
{
    struct backoff backoff = { 0 };
    enum err e = ERR_BUSY;
    int64_t at_first = 0, most = 0, began = net.now_ms;
    smallest = s->batch;
    while (e != ERR_OK) {
        e = session_run(s);
        visits++;
        watch_batch(s);
        if (e != ERR_OK) {
            assert_int_equal(e, ERR_UNREACHABLE);
            net.now_ms += backoff_fail(&backoff, s->retry_after_ms);
        }
        int64_t now = resident_kb();
        if (s->acknowledged >= events / 10 && at_first == 0)
            at_first = now;
        most = now > most ? now : most;
    }
    assert_true(net.now_ms - began <
                HOURS_EACH * (DAY_MS / 24) * (1 + events / 10000));
    return at_first > 0 ? most - at_first : 0;
}

static void everything_is_there(int64_t events)
{
    char id[DEVICE_LEN + 1];
    uint8_t head[HASH_BYTES];
    struct device d;
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    const struct ledger_state *state = ledger_state(l);
    memcpy(id, state->device, sizeof(id));
    memcpy(head, state->head, HASH_BYTES);
    assert_int_equal(state->count, events);
    struct sums sums = state->sums;
    ledger_close(l);
    assert_int_equal(store_device(simnet_reader(&net), str_of(id), &d), ERR_OK);
    assert_int_equal(d.count, events);
    assert_memory_equal(d.head, head, HASH_BYTES);
    assert_int_equal(sums.gross_vnd, sold_vnd);
    simnet_counts(&net, "XUAN-2020", id, &sums);
    simnet_verify(&net);
}

static void a_month_without_network_is_delivered(void **state)
{
    (void)state;
    int64_t most =
        promise_share(promise_seed() == 1 ? SALES : MORE_SALES) / DAYS + 1;
    if (most < LEAST) /* fewer would come in one batch */
        most = LEAST;
    struct session s;
    simnet_open_true(&net);
    simnet_seed(&net, promise_seed());
    struct env env = *env_get();
    env.post = link_post;
    env_use(&env);
    scratch_make(dir);
    till_enrol(dir, 1, AGGREGATOR_KEY);
    session_init(&s, dir, "test", TIMEOUT_MS);
    struct inbox *in = NULL;
    assert_int_equal(inbox_open(dir, INBOX_WRITE, "test", NULL, &in), ERR_OK);
    assert_int_equal(
        inbox_set_server(in, STR("https://fair.test:1"), STR("sha256//x")),
        ERR_OK);
    inbox_close(in);
    online = false;
    for (int day = 0; day < DAYS; day++)
        live_a_day(&s, day, most);
    int64_t events = 1 + DAYS + sales;
    online = true;
    int64_t began = net.now_ms, grown = deliver(&s, events);
    everything_is_there(events);
    print_message("%" PRId64 " visits, %" PRId64 " minutes; batches fell to %d"
                  " and rose to %d; %" PRId64 " KiB more memory\n",
                  visits, (net.now_ms - began) / 60000, smallest, largest_after,
                  grown);
#ifndef __SANITIZE_ADDRESS__ /* which gives nothing back for a while */
    assert_true(grown < GROWN_KB);
#endif
    assert_true(smallest < MAX_BATCH_EVENTS / 2);
    assert_true(largest_after > smallest);
    session_done(&s);
    simnet_close(&net);
    scratch_remove(dir);
    promise(13, "days-offline", DAYS);
    promise(13, "sales-offline", sales);
    promise(13, "cuts", cuts);
    promise(13, "requests-lost", lost);
    promise(13, "undelivered", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_without_network_is_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
