/*
 * test_04_exactly_once.c - promise 4: however often, in whatever order and
 * however damaged batches arrive, every event is counted exactly once.
 *
 * A seed is a small fair: two tills trade and visit, on a network and with an
 * aggregator that do to them what simnet.h says. A model that knows nothing but
 * numbers is held against the aggregator after every step; at the end everybody
 * visits once without trouble, and everything ever sent is sent once more.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/promise.h"
#include "tests/support/pushing.h"
#include "tests/support/raw.h"
#include "tests/support/simnet.h"

enum {
    SEEDS = 8000,
    RENEWED = 250, /* seeds on one store */
    TILLS = 2,
    STEPS = 10,
    EVENTS = 200, /* of a till at most */
    VISITS = 8    /* without trouble until all is delivered, at most */
};

/* ---- the model: what was delivered is 1…count, and sums ------------------ */

struct model {
    int count, before;            /* now; before what is under way */
    struct sums sums[EVENTS + 1]; /* after so many events of the till */
};

static void model_takes(struct model *m, int64_t from, int64_t to)
{
    if (from <= m->count + 1 && to > m->count)
        m->count = (int)to;
}

/* ---- a fair -------------------------------------------------------------- */

struct till {
    struct machine machine;
    struct session session;
    struct model model;
    char id[DEVICE_LEN + 1], fair[17];
};

static struct simnet net;
static struct till tills[TILLS];
static int64_t seeds, events;
static uint64_t current; /* seed */

static int64_t number_after(struct str s, const char *name)
{
    const char *at = strstr(s.data, name);
    assert_non_null(at);
    return strtoll(at + strlen(name), NULL, 10);
}

static void arrives(void *ctx, struct str request)
{
    (void)ctx;
    for (int i = 0; i < TILLS; i++) {
        const char *at = strstr(request.data, "\"device\":\"") + 10;
        if (strncmp(at, tills[i].id, DEVICE_LEN) == 0)
            model_takes(&tills[i].model, number_after(request, "\"from\":"),
                        number_after(request, "\"to\":"));
    }
}

/* A group whose commit failed is there as a whole or not at all. */
static void settled(void *ctx, bool sure)
{
    bool undone = !sure, done = true;
    (void)ctx;
    for (int i = 0; i < TILLS; i++) {
        undone =
            undone && simnet_stored(&net, tills[i].id) == tills[i].model.before;
        done = done && simnet_stored(&net, tills[i].id) == tills[i].model.count;
    }
    assert_true(done || undone);
    for (int i = 0; i < TILLS; i++) {
        struct model *m = &tills[i].model;
        if (!done)
            m->count = m->before;
        m->before = m->count;
    }
}

static void trade(struct till *t)
{
    struct book *b = &t->machine.book;
    uint64_t dice = chance_next(&net.chance);
    for (int64_t n = simnet_below(&net, 8); n > 0 && b->n < EVENTS; n--) {
        book_chance(b, &dice, 1);
        t->model.sums[b->n] = b->sums;
    }
}

static void till_open(struct till *t, uint64_t seed, int number)
{
    *t = (struct till){ 0 };
    snprintf(t->fair, sizeof(t->fair), "S%" PRIu64, seed);
    machine_open(&t->machine,
                 &(struct machine_wish){ .key = seed * TILLS + (uint64_t)number,
                                         .fair = str_of(t->fair),
                                         .booth = STR("A1"),
                                         .number = number });
    device_id(t->machine.book.device.public_key, t->id);
    session_init(&t->session, t->machine.dir, "test", 1000);
    t->session.batch = 1 + (int)simnet_below(&net, 12);
}

static void till_close(struct till *t)
{
    session_done(&t->session);
    machine_close(&t->machine);
}

/* Any stretch of its ledger, as another program of its owner would send it. */
static void send_any(struct till *t)
{
    const struct book *b = &t->machine.book;
    BUF(bytes, 2 * MAX_BATCH);
    int from = 1 + (int)simnet_below(&net, b->n);
    int to = from - 1 + (int)simnet_below(&net, b->n - from + 2);
    pushing_put(b, (struct pushing){ from, to, NULL, &net.keys }, &bytes);
    struct str request = buf_slice(&bytes);
    simnet_arrive(&net, &request, 1, NULL);
}

/* ---- what must be so ----------------------------------------------------- */

/* The aggregator's ledger is the till's, up to what was delivered. */
static enum err same_bytes(void *ctx, const struct segment *seg)
{
    struct till *t = ctx;
    struct str bytes = seg->bytes, line;
    for (int64_t seq = seg->first; lines_next(&bytes, &line); seq++) {
        assert_true(seq <= t->model.count);
        assert_true(str_eq(line, book_line(&t->machine.book, (int)seq)));
        events++;
    }
    return ERR_OK;
}

static void counted_once(const struct till *t)
{
    simnet_counts(&net, t->fair, t->id, &t->model.sums[t->model.count]);
    assert_int_equal(simnet_counted(&net, t->fair, t->id).held, 0);
}

/* Nothing that the till believes is untrue. */
static void till_is_sound(const struct till *t)
{
    uint8_t head[HASH_BYTES];
    const struct machine *m = &t->machine;
    assert_true(m->acked <= t->model.count);
    book_head(&m->book, (int)m->acked, head);
    if (m->acked > 0)
        assert_memory_equal(head, m->acked_head, HASH_BYTES);
    assert_int_equal(m->forks + m->restored + m->revoked, 0);
}

static void rows_of(const struct till *t, struct buf *out)
{
    static const char *const tables[] = { "segment", "branch" };
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        BUF(sql, MAX_TEXT);
        buf_printf(&sql,
                   "SELECT '%s', first, last FROM %s WHERE device = '%s'"
                   " ORDER BY first",
                   tables[i], tables[i], t->id);
        raw_text(simnet_reader(&net), buf_text(&sql), out);
    }
}

static void rows(struct buf *out)
{
    for (int i = 0; i < TILLS; i++)
        rows_of(&tills[i], out);
}

/* Everything ever sent, and everything there is, arrives once more. */
static void again(void)
{
    BUF(before, MAX_BATCH);
    BUF(after, MAX_BATCH);
    rows(&before);
    assert_null(strstr(buf_text(&before), "branch"));
    simnet_past_arrives(&net);
    for (int i = 0; i < TILLS; i++)
        send_any(&tills[i]);
    rows(&after);
    assert_string_equal(buf_text(&before), buf_text(&after));
}

/* ---- seeds --------------------------------------------------------------- */

static void step(struct till *t)
{
    trade(t);
    if (simnet_one_in(&net, 6))
        send_any(t);
    else if (simnet_one_in(&net, 6))
        simnet_delayed_arrive(&net);
    else
        (void)simnet_visit(&net, &t->session);
    if (simnet_one_in(&net, 8))
        simnet_fold(&net);
    till_is_sound(t);
}

static void deliver_all(void)
{
    simnet_delayed_arrive(&net);
    for (int i = 0; i < TILLS; i++) {
        struct till *t = &tills[i];
        simnet_settle(&net, &t->session, VISITS);
        assert_int_equal(t->model.count, t->machine.book.n);
        assert_int_equal(t->machine.acked, t->machine.book.n);
        assert_string_equal(t->machine.state, "active");
    }
}

static void run(uint64_t seed)
{
    current = seed;
    simnet_seed(&net, seed);
    net.trouble_pct = 20 + (int)simnet_below(&net, 60);
    for (int i = 0; i < TILLS; i++)
        till_open(&tills[i], seed, i + 1);
    for (int i = 0; i < STEPS; i++)
        step(&tills[simnet_below(&net, TILLS)]);
    deliver_all();
    for (int i = 0; i < TILLS; i++) {
        assert_int_equal(store_segments(simnet_reader(&net),
                                        str_of(tills[i].id), 1, same_bytes,
                                        &tills[i]),
                         ERR_OK);
        counted_once(&tills[i]);
    }
    again();
    for (int i = 0; i < TILLS; i++) {
        counted_once(&tills[i]);
        till_close(&tills[i]);
    }
    seeds++;
}

static void begin(void)
{
    int64_t met[TROUBLES];
    memcpy(met, net.met, sizeof(met));
    simnet_open(&net);
    memcpy(net.met, met, sizeof(met));
    net.arrives = arrives;
    net.settled = settled;
}

static void end(void)
{
    simnet_verify(&net);
    simnet_close(&net);
}

static void every_event_is_counted_exactly_once(void **state)
{
    (void)state;
    promise_walk(&(struct seed_walk){ "test_04_exactly_once", SEEDS, RENEWED,
                                      begin, run, end });
    promise(4, "seeds", seeds);
    promise(4, "events", events);
    for (int t = TROUBLE_NONE + 1; t < TROUBLES; t++)
        promise(4, trouble_word((enum trouble)t), net.met[t]);
    promise(4, "lost", 0);
    promise(4, "counted-twice", 0);
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
        cmocka_unit_test_teardown(every_event_is_counted_exactly_once,
                                  tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
