/*
 * test_10_device_lost.c - promise 10: if a device is lost, nothing it had
 * synced is, and the organiser sees exactly up to which number, time and total
 * the aggregator knows it.
 *
 * A seed is a till that sells and visits on a bad network until its folder is
 * gone. Its booth gets another one, as its successor; somebody enters there
 * what the slips show beyond the number that the report of devices tells: each
 * sale at its own time, marked as entered afterwards. Then the totals are those
 * of all that was ever sold, once.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/promise.h"
#include "tests/support/simnet.h"

enum { SEEDS = 1000, RENEWED = 50, STEPS = 8, VISITS = 8, EVENTS = 200 };

#define FAIR "MAT-2020"

struct slip { /* in somebody's hand, whatever becomes of the till */
    int64_t seq, at_ms, vnd;
};

struct till {
    struct machine machine;
    struct session session;
    char id[DEVICE_LEN + 1];
};

static struct simnet net;
static struct till lost, successor;
static struct slip slips[EVENTS];
static int n_slips;
static int64_t sold_vnd, seeds, unsent, entered;
static uint64_t current; /* seed */

/* ---- a fair -------------------------------------------------------------- */

static void begin(void)
{
    const struct fair fair = { .code = FAIR,
                               .name = "Fair",
                               .first_day = 20200114,
                               .days = 6,
                               .opens_min = 480,
                               .closes_min = 1320,
                               .cut_off_min = 240 };
    const struct booth booth = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                                 STR(""), 1 };
    enum change change;
    struct store *s = NULL;
    simnet_open(&net);
    simnet_stop(&net);
    assert_int_equal(store_open(net.where, STORE_WRITE, NULL, &s), ERR_OK);
    assert_int_equal(fair_put(s, &fair, &change), ERR_OK);
    assert_int_equal(booth_put(s, STR(FAIR), &booth, &change), ERR_OK);
    store_close(s);
    simnet_start(&net);
}

static void end(void)
{
    simnet_verify(&net);
    simnet_close(&net);
}

static void till_open(struct till *t, uint64_t key, const char *successor_of)
{
    *t = (struct till){ 0 };
    machine_open(&t->machine,
                 &(struct machine_wish){ .key = key,
                                         .fair = STR(FAIR),
                                         .booth = STR("A1"),
                                         .number = 1 + (int)(key % 1000),
                                         .successor_of = successor_of });
    device_id(t->machine.book.device.public_key, t->id);
    session_init(&t->session, t->machine.dir, "test", 1000);
    t->session.batch = 1 + (int)simnet_below(&net, 12);
}

static void till_gone(struct till *t)
{
    session_done(&t->session);
    machine_close(&t->machine);
}

static void sell(struct till *t)
{
    struct book *b = &t->machine.book;
    struct slip *s = &slips[n_slips++];
    *s = (struct slip){ .at_ms = b->next.at_ms,
                        .vnd = 1000 * (1 + simnet_below(&net, 900)) };
    book_sell(b, s->vnd);
    s->seq = b->n;
    sold_vnd += s->vnd;
}

static void live(struct till *t)
{
    book_open_shift(&t->machine.book);
    for (int i = 0; i < STEPS; i++) {
        for (int64_t n = simnet_below(&net, 5); n > 0; n--)
            sell(t);
        if (simnet_one_in(&net, 3))
            book_visit(&t->machine.book, simnet_below(&net, 9));
        if (simnet_one_in(&net, 2))
            (void)simnet_visit(&net, &t->session);
        if (simnet_one_in(&net, 6))
            simnet_fold(&net);
    }
}

/* ---- what the organiser sees --------------------------------------------- */

struct known {
    int64_t events, vnd;
    char time[40];
};

/* The device's row in the report of devices, as CSV. */
static bool report_tells(const char *id, struct known *out)
{
    const struct report_query q = { .kind = "devices",
                                    .fair = FAIR,
                                    .format = REPORT_CSV };
    BUF(csv, MAX_BATCH);
    BUF(why, MAX_TEXT);
    enum err e = report_make(simnet_reader(&net), &q, &csv, &why);
    assert_int_equal(e, ERR_OK);
    const char *row = strstr(buf_text(&csv), id);
    if (!row)
        return false;
    const char *last = strchr(row, '\r'), *at = last;
    for (int commas = 0; commas < 2; at -= commas < 2)
        commas += at[-1] == ',';
    assert_int_equal(sscanf(row + DEVICE_LEN, ",A1,%" SCNd64 ",", &out->events),
                     1);
    assert_int_equal(sscanf(at, "%39[^,],%" SCNd64, out->time, &out->vnd), 2);
    return true;
}

/* Number, time and total of the last event that the aggregator has. */
static int64_t told_exactly(void)
{
    struct known k;
    struct event e;
    BUF(time, 40);
    int64_t count = simnet_stored(&net, lost.id);
    assert_true(lost.machine.acked <= count); /* nothing synced is lost */
    assert_int_equal(report_tells(lost.id, &k), count > 0);
    if (count == 0)
        return 0;
    struct str line = book_line(&lost.machine.book, (int)count);
    assert_int_equal(event_decode(line, &e), ERR_OK);
    time_render(&time, e.at_ms);
    assert_int_equal(k.events, count);
    assert_string_equal(k.time, buf_text(&time));
    assert_int_equal(k.vnd, e.sums.gross_vnd);
    simnet_counts(&net, FAIR, lost.id, &e.sums);
    return count;
}

/* ---- entered again ------------------------------------------------------- */

static enum err count_late(void *ctx, const struct roll_note *n)
{
    if (str_is(n->device, successor.id) && str_is(n->what, "late"))
        *(int64_t *)ctx += n->events;
    return ERR_OK;
}

/* Every one of them is marked, for whoever asks. */
static int64_t marked(void)
{
    int64_t events = 0;
    const struct roll_taker taker = { .ctx = &events, .note = count_late };
    struct store *s = simnet_reader(&net);
    assert_int_equal(store_read_begin(s), ERR_OK);
    assert_int_equal(store_rolls(s, STR(FAIR), &taker), ERR_OK);
    store_read_end(s);
    return events;
}

static int64_t enter_again(int64_t known)
{
    struct book *b = &successor.machine.book;
    int64_t n = 0;
    b->next.at_ms += DAY_MS / 4;
    book_open_shift(b);
    for (int i = 0; i < n_slips; i++) {
        if (slips[i].seq <= known)
            continue;
        b->next.late_ms = slips[i].at_ms;
        book_sell(b, slips[i].vnd);
        n++;
        if (simnet_one_in(&net, 4))
            (void)simnet_visit(&net, &successor.session);
    }
    simnet_settle(&net, &successor.session, VISITS);
    return n;
}

/* ---- a seed -------------------------------------------------------------- */

static void run(uint64_t seed)
{
    current = seed;
    simnet_seed(&net, seed);
    net.trouble_pct = (int)simnet_below(&net, 60);
    n_slips = 0;
    sold_vnd = 0;
    till_open(&lost, 2 * seed, NULL);
    live(&lost);
    /* What is still on its way may come before anybody looks, or be lost. */
    if (simnet_one_in(&net, 2))
        simnet_delayed_arrive(&net);
    net.delayed.n = net.delayed.next = 0;
    net.requests.n = net.requests.next = 0;
    int64_t known = told_exactly();
    unsent += lost.machine.book.n - known;
    till_open(&successor, 2 * seed + 1, lost.id);
    int64_t again = enter_again(known);
    assert_int_equal(marked(), again);
    assert_int_equal(told_exactly(), known);
    struct simnet_counted a = simnet_counted(&net, FAIR, lost.id);
    struct simnet_counted b = simnet_counted(&net, FAIR, successor.id);
    assert_int_equal(a.revenue_vnd + b.revenue_vnd, sold_vnd);
    assert_int_equal(a.held + b.held, 0);
    entered += again;
    till_gone(&successor);
    till_gone(&lost);
    seeds++;
}

static void what_a_lost_device_had_synced_is_told_exactly(void **state)
{
    (void)state;
    promise_walk(&(struct seed_walk){ "test_10_device_lost", SEEDS, RENEWED,
                                      begin, run, end });
    promise(10, "seeds", seeds);
    promise(10, "events-lost-unsent", unsent);
    promise(10, "sales-entered-again", entered);
    promise(10, "synced-and-lost", 0);
    promise(10, "counted-twice", 0);
}

static int tell_seed(void **state)
{
    (void)state;
    fprintf(stderr, "the last seed was %" PRIu64 "\n", current);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_a_lost_device_had_synced_is_told_exactly,
                                  tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
