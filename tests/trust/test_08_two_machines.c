/*
 * test_08_two_machines.c - promise 8: two machines with one identity, or an old
 * disk that was put back, are never merged silently.
 *
 * A seed is one till; at some moment its disk is copied, or an image of it is
 * kept and later put in its place, or somebody takes its key elsewhere. Then
 * all that is alive trades and visits in any order, on a bad network. After
 * every step the aggregator's ledger goes on from what it was, each of its
 * events is one of theirs, and its totals are those of that ledger alone. What
 * a machine has at a visit is there after it, counted or set aside, also when
 * it was told long ago that it is not alone, and again after the database was
 * lost.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "tests/support/promise.h"
#include "tests/support/simnet.h"

enum {
    SEEDS = 5000,
    RENEWED = 250, /* seeds on one store */
    LOST = 8,      /* one database in so many is lost in the end */
    MACHINES = 2,
    STEPS_ALONE = 4, /* at most */
    STEPS = 12,
    VISITS = 8,
    EVENTS = 400 /* of all at most */
};

enum mishap { CLONE, OLD_DISK, COPIED_KEY, MISHAPS };
static const char *const words[MISHAPS] = { "clones", "old-disks",
                                            "copied-keys" };

struct twin {
    struct machine machine;
    struct session session;
    bool alive;
    int handed; /* its events at its last visit */
};

static struct simnet net;
static struct twin twins[MACHINES];
static char device[DEVICE_LEN + 1], fair[17];
static uint64_t current; /* seed */
static uint64_t looked;  /* at this seed, and what was found is remembered */
static int64_t seeds, mishaps[MISHAPS], forks, aside, lost;

/* ---- what is stored ------------------------------------------------------ */

struct event_at {
    int64_t seq;
    uint8_t hash[HASH_BYTES];
};

struct kept {
    struct event_at events[EVENTS];
    int n;
};

static bool has(const struct kept *k, int64_t seq, const uint8_t *hash)
{
    for (int i = 0; i < k->n; i++) {
        if (k->events[i].seq == seq &&
            memcmp(k->events[i].hash, hash, HASH_BYTES) == 0)
            return true;
    }
    return false;
}

static void keep(struct kept *k, const struct segment *seg,
                 const uint8_t *before)
{
    struct str bytes = seg->bytes, line;
    uint8_t hash[HASH_BYTES];
    memcpy(hash, before, HASH_BYTES);
    for (int64_t seq = seg->first; lines_next(&bytes, &line); seq++) {
        chain_next(hash, line, hash);
        assert_false(has(k, seq, hash)); /* once, wherever it lies */
        assert_true(k->n < EVENTS);
        k->events[k->n].seq = seq;
        memcpy(k->events[k->n++].hash, hash, HASH_BYTES);
    }
}

static enum err keep_segment(void *ctx, const struct segment *seg)
{
    struct kept *k = ctx;
    uint8_t start[HASH_BYTES];
    chain_start(twins[0].machine.book.device.public_key, start);
    keep(k, seg, k->n > 0 ? k->events[k->n - 1].hash : start);
    return ERR_OK;
}

static enum err keep_branch(void *ctx, const struct branch *b)
{
    keep(ctx, &b->seg, b->previous);
    return ERR_OK;
}

/* The counted events, then those set aside; how many are counted. */
static int look(struct kept *k)
{
    struct str name = str_of(device);
    k->n = 0;
    assert_int_equal(
        store_segments(simnet_reader(&net), name, 1, keep_segment, k), ERR_OK);
    int counted = k->n;
    assert_int_equal(
        store_branch_each(simnet_reader(&net), name, keep_branch, k), ERR_OK);
    return counted;
}

static enum device_state state(void)
{
    struct device d;
    enum err e = store_device(simnet_reader(&net), str_of(device), &d);
    return e == ERR_OK ? d.state : DEVICE_ACTIVE;
}

/* ---- what must be so ----------------------------------------------------- */

/* The counted ledger is that of a machine, living or not: whose sums it has. */
static struct sums sums_of(const struct kept *k, int counted)
{
    struct event e;
    struct sums none = { 0 };
    for (int i = 0; counted > 0 && i < MACHINES; i++) {
        const struct book *b = &twins[i].machine.book;
        if (b->n < counted ||
            memcmp(b->events[counted - 1].hash, k->events[counted - 1].hash,
                   HASH_BYTES) != 0)
            continue;
        assert_int_equal(event_decode(book_line(b, counted), &e), ERR_OK);
        return e.sums;
    }
    assert_int_equal(counted, 0);
    return none;
}

/* Who was heard first stays: what was counted is the beginning of what is. */
static void stays(const struct kept *old, int old_counted,
                  const struct kept *new, int counted)
{
    assert_true(counted >= old_counted);
    assert_memory_equal(old->events, new->events,
                        (size_t)old_counted * sizeof(old->events[0]));
    for (int i = old_counted; i < old->n; i++)
        assert_true(has(new, old->events[i].seq, old->events[i].hash));
}

static void look_again(void)
{
    static struct kept old, new;
    static int old_counted;
    if (looked != current)
        old.n = old_counted = 0;
    looked = current;
    int counted = look(&new);
    struct sums sums = sums_of(&new, counted);
    stays(&old, old_counted, &new, counted);
    simnet_counts(&net, fair, device, &sums);
    assert_int_equal(simnet_counted(&net, fair, device).held, new.n - counted);
    assert_true(new.n == counted || state() == DEVICE_FORK);
    old = new;
    old_counted = counted;
}

/* Everything that a machine had at its last visit is at the aggregator: counted
 * or set aside. */
static void kept_both(const struct twin *t)
{
    static struct kept k;
    int counted = look(&k);
    for (int seq = 1; seq <= t->handed; seq++)
        assert_true(has(&k, seq, t->machine.book.events[seq - 1].hash));
    /* What is not counted was told on both sides. */
    for (int seq = 1; seq <= t->handed; seq++) {
        const uint8_t *hash = t->machine.book.events[seq - 1].hash;
        if (seq <= counted &&
            memcmp(k.events[seq - 1].hash, hash, HASH_BYTES) == 0)
            continue;
        assert_string_equal(t->machine.state, "fork");
        assert_true(t->machine.forks > 0);
        assert_int_equal(state(), DEVICE_FORK);
    }
    aside += k.n - counted;
}

/* ---- a seed -------------------------------------------------------------- */

static void trade(struct twin *t)
{
    uint64_t dice = chance_next(&net.chance);
    book_chance(&t->machine.book, &dice, (int)simnet_below(&net, 6));
}

static enum err visit(struct twin *t)
{
    enum err e = simnet_visit(&net, &t->session);
    if (e == ERR_OK || e == ERR_FORK)
        t->handed = t->machine.book.n;
    return e;
}

static void twin_live(struct twin *t)
{
    t->alive = true;
    session_init(&t->session, t->machine.dir, "test", 1000);
    t->session.batch = 1 + (int)simnet_below(&net, 12);
}

static void step(void)
{
    struct twin *t = &twins[simnet_below(&net, MACHINES)];
    if (!t->alive)
        return;
    trade(t);
    if (!simnet_one_in(&net, 3))
        (void)visit(t);
    if (simnet_one_in(&net, 10))
        simnet_delayed_arrive(&net);
    if (simnet_one_in(&net, 10))
        simnet_fold(&net);
    look_again();
}

/* An image is taken; the first one goes on alone for a while, if it is to be
 * replaced. */
static void befall(enum mishap m)
{
    machine_copy(&twins[1].machine, &twins[0].machine);
    if (m == COPIED_KEY)
        machine_anew(&twins[1].machine);
    for (int64_t i = simnet_below(&net, 1 + STEPS_ALONE); i > 0; i--)
        step();
    twin_live(&twins[1]);
    twins[0].alive = m != OLD_DISK;
    mishaps[m]++;
}

static void begin_till(uint64_t seed)
{
    memset(twins, 0, sizeof(twins));
    snprintf(fair, sizeof(fair), "S%" PRIu64, seed);
    machine_open(&twins[0].machine,
                 &(struct machine_wish){ .key = seed,
                                         .fair = str_of(fair),
                                         .booth = STR("A1"),
                                         .number = 1 });
    device_id(twins[0].machine.book.device.public_key, device);
    twin_live(&twins[0]);
    for (int64_t i = simnet_below(&net, 2 * STEPS_ALONE); i > 0; i--)
        step();
}

/* Each comes home once more, with what it has; nothing is in the way. */
static void come_home(void)
{
    int first = (int)simnet_below(&net, MACHINES);
    net.trouble_pct = 0;
    simnet_delayed_arrive(&net);
    for (int i = 0; i < MACHINES; i++) {
        struct twin *t = &twins[(first + i) % MACHINES];
        enum err e = ERR_BUSY;
        for (int n = 0; t->alive && e && e != ERR_FORK && n < VISITS; n++)
            e = visit(t);
        assert_true(!t->alive || e == ERR_OK || e == ERR_FORK);
        look_again();
    }
}

/* The database is gone, and with it what only a dead machine had. */
static void lose(void)
{
    simnet_lose(&net);
    looked = 0;
    for (int i = 0; i < MACHINES; i++)
        twins[i].handed = 0;
    come_home();
    for (int i = 0; i < MACHINES; i++) {
        assert_true(!twins[i].alive ||
                    twins[i].handed == twins[i].machine.book.n);
        kept_both(&twins[i]);
    }
    lost++;
}

static void run(uint64_t seed)
{
    current = seed;
    simnet_seed(&net, seed);
    net.trouble_pct = (int)simnet_below(&net, 50);
    begin_till(seed);
    befall((enum mishap)simnet_below(&net, MISHAPS));
    for (int i = 0; i < STEPS; i++)
        step();
    come_home();
    for (int i = 0; i < MACHINES; i++)
        kept_both(&twins[i]);
    forks += state() == DEVICE_FORK;
    if (simnet_one_in(&net, LOST))
        lose();
    for (int i = 0; i < MACHINES; i++) {
        session_done(&twins[i].session);
        machine_close(&twins[i].machine);
    }
    seeds++;
}

static void replay(uint64_t seed)
{
    simnet_open(&net);
    run(seed);
    simnet_verify(&net);
    simnet_close(&net);
}

static void two_machines_are_never_merged_silently(void **unused)
{
    (void)unused;
    int64_t most = promise_share(SEEDS);
    uint64_t first = (promise_seed() - 1) * SEEDS + 1;
    promise_seeds_kept("test_08_two_machines", replay);
    for (int64_t i = 0; i < most; i++) {
        if (i % RENEWED == 0)
            simnet_open(&net);
        run(first + (uint64_t)i);
        if (i % RENEWED == RENEWED - 1 || i == most - 1) {
            simnet_verify(&net);
            simnet_close(&net);
        }
    }
    promise(8, "seeds", seeds);
    for (int m = 0; m < MISHAPS; m++)
        promise(8, words[m], mishaps[m]);
    promise(8, "forks-found", forks);
    promise(8, "databases-lost", lost);
    promise(8, "events-set-aside", aside);
    promise(8, "merged-silently", 0);
}

static int tell_seed(void **unused)
{
    (void)unused;
    fprintf(stderr, "the last seed was %" PRIu64 "\n", current);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(two_machines_are_never_merged_silently,
                                  tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
