/*
 * test_09_aggregator_lost.c - promise 9: if the aggregator's disk is lost, an
 * older backup, or none, and the devices that come back rebuild the same totals
 * for every event that any device still holds.
 *
 * A seed is a fair of three tills that trade, visit and are all heard; somewhen
 * meanwhile a backup is made. Then the database is gone, or put back from the
 * backup, or its file is damaged; and a till may be gone for good. The others
 * come back in any order, on a bad network.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/store/check.h"
#include "tests/support/promise.h"
#include "tests/support/roll_set.h"
#include "tests/support/simnet.h"

enum { SEEDS = 2000, RENEWED = 100, TILLS = 3, STEPS = 9, VISITS = 12 };

enum loss { DELETED, RESTORED, DAMAGED, LOSSES };
static const char *const words[LOSSES] = { "databases-lost", "backups-restored",
                                           "files-damaged" };

struct till {
    struct machine machine;
    struct session session;
    char id[DEVICE_LEN + 1];
    bool gone;
    int backed_up; /* events in the backup */
    int notices;   /* before the loss */
};

static struct simnet net;
static struct till tills[TILLS];
static char fair[17], dir[SCRATCH_ROOM];
static uint64_t current; /* seed */
static int64_t seeds, losses[LOSSES], noticed, found;

/* ---- a fair -------------------------------------------------------------- */

static void till_open(struct till *t, uint64_t seed, int number)
{
    *t = (struct till){ 0 };
    machine_open(&t->machine,
                 &(struct machine_wish){ .key = seed * TILLS + (uint64_t)number,
                                         .fair = str_of(fair),
                                         .booth = STR("A1"),
                                         .number = number });
    device_id(t->machine.book.device.public_key, t->id);
    session_init(&t->session, t->machine.dir, "test", 1000);
    t->session.batch = 1 + (int)simnet_below(&net, 12);
}

static void trade(struct till *t)
{
    uint64_t dice = chance_next(&net.chance);
    book_chance(&t->machine.book, &dice, (int)simnet_below(&net, 8));
}

static struct till *any_till(void)
{
    return &tills[simnet_below(&net, TILLS)];
}

static void back_up(const char *path)
{
    simnet_backup(&net, path);
    for (int i = 0; i < TILLS; i++)
        tills[i].backed_up = (int)simnet_stored(&net, tills[i].id);
}

static void come_home(struct till *t)
{
    simnet_settle(&net, &t->session, VISITS);
    assert_int_equal(simnet_stored(&net, t->id), t->machine.book.n);
    assert_string_equal(t->machine.state, "active");
}

/* Every row that reports read of the tills that are left. */
static void totals(struct buf *out)
{
    struct roll_set rows = { .n = 0 };
    struct roll_taker taker = roll_set_taker(&rows);
    struct store *s = simnet_reader(&net);
    BUF(text, MAX_BATCH);
    assert_int_equal(store_read_begin(s), ERR_OK);
    assert_int_equal(store_rolls(s, str_of(fair), &taker), ERR_OK);
    store_read_end(s);
    roll_set_text(&rows, &text);
    struct str lines = buf_slice(&text), line;
    while (lines_next(&lines, &line)) {
        for (int i = 0; i < TILLS; i++) {
            const char *at = strstr(line.data, tills[i].id);
            if (!tills[i].gone && at && at < line.data + line.len)
                buf_str(out, line), buf_putc(out, '\n');
        }
    }
    roll_set_done(&rows);
}

/* ---- the loss ------------------------------------------------------------ */

/* Nobody is told anything that is not so by a damaged database; whoever looks
 * finds out, and has it replaced. */
static bool damage_is_found(void)
{
    struct check look;
    if (!simnet_damage(&net))
        return true;
    for (int i = 0; i < TILLS; i++)
        (void)simnet_visit(&net, &tills[i].session);
    struct store *s = NULL;
    enum err e = store_open(net.where, STORE_READ, NULL, &s);
    if (e == ERR_OK)
        e = check_verify(s, net.keys.signing.public_key, NULL, NULL, &look);
    store_close(s);
    return e != ERR_OK || !look.ok;
}

static void lose(enum loss l, const char *backup)
{
    for (int i = 0; i < TILLS; i++)
        tills[i].notices = tills[i].machine.restored;
    losses[l]++;
    if (l == RESTORED) {
        simnet_restore(&net, backup);
        return;
    }
    if (l == DAMAGED && !damage_is_found())
        return;
    found += l == DAMAGED;
    simnet_lose(&net);
    for (int i = 0; i < TILLS; i++)
        tills[i].backed_up = 0;
}

/* What was not in the backup is gone with the till, and nothing else. */
static void left_of(const struct till *t)
{
    struct event e;
    struct sums sums = { 0 };
    assert_int_equal(simnet_stored(&net, t->id), t->backed_up);
    if (t->backed_up > 0) {
        struct str line = book_line(&t->machine.book, t->backed_up);
        assert_int_equal(event_decode(line, &e), ERR_OK);
        sums = e.sums;
    }
    simnet_counts(&net, fair, t->id, &sums);
}

/* A till that was told of more than the aggregator has knows it, exactly. */
static void notices(const struct till *t)
{
    const struct machine *m = &t->machine;
    bool behind = t->backed_up < m->book.n;
    assert_int_equal(m->restored > t->notices, behind);
    if (behind && m->restored == t->notices + 1)
        assert_int_equal(m->restored_to, t->backed_up);
    noticed += behind;
}

static void return_in_any_order(enum loss l)
{
    int order[TILLS] = { 0, 1, 2 };
    for (int i = TILLS - 1; i > 0; i--) {
        int64_t k = simnet_below(&net, i + 1);
        int kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
    for (int i = 0; i < TILLS; i++) {
        struct till *t = any_till();
        if (!t->gone)
            (void)simnet_visit(&net, &t->session);
    }
    for (int i = 0; i < TILLS; i++) {
        struct till *t = &tills[order[i]];
        if (t->gone)
            continue;
        come_home(t);
        if (l != DAMAGED)
            notices(t);
    }
}

/* ---- a seed -------------------------------------------------------------- */

static void before_the_loss(const char *backup)
{
    int64_t when = simnet_below(&net, STEPS);
    for (int i = 0; i < STEPS; i++) {
        struct till *t = any_till();
        trade(t);
        (void)simnet_visit(&net, &t->session);
        if (simnet_one_in(&net, 5))
            simnet_fold(&net);
        if (i == when)
            back_up(backup);
    }
    simnet_delayed_arrive(&net);
    for (int i = 0; i < TILLS; i++)
        come_home(&tills[i]);
}

static enum loss any_loss(void)
{
    enum loss l = (enum loss)simnet_below(&net, LOSSES);
    return l == DAMAGED && engine_is_address(net.where) ? DELETED : l;
}

static void run(uint64_t seed)
{
    char backup[2 * SCRATCH_ROOM];
    BUF(before, MAX_BATCH);
    BUF(after, MAX_BATCH);
    current = seed;
    simnet_seed(&net, seed);
    net.trouble_pct = (int)simnet_below(&net, 50);
    snprintf(fair, sizeof(fair), "S%" PRIu64, seed);
    snprintf(backup, sizeof(backup), "%s/%" PRIu64, dir, seed);
    for (int i = 0; i < TILLS; i++)
        till_open(&tills[i], seed, i + 1);
    before_the_loss(backup);
    enum loss l = any_loss();
    tills[0].gone = l != DAMAGED && simnet_one_in(&net, 3);
    totals(&before);
    lose(l, backup);
    /* What the network still has of before may come, too, or never. */
    return_in_any_order(l);
    if (tills[0].gone)
        left_of(&tills[0]);
    totals(&after);
    assert_string_equal(buf_text(&before), buf_text(&after));
    for (int i = 0; i < TILLS; i++) {
        session_done(&tills[i].session);
        machine_close(&tills[i].machine);
    }
    remove(backup);
    seeds++;
}

static void begin(void)
{
    scratch_make(dir);
    simnet_open(&net);
    /* Its answer would be given by a till that is gone. */
    net.spared = 1U << TROUBLE_REPLAYED | 1U << TROUBLE_DELAYED;
}

static void end(void)
{
    simnet_verify(&net);
    simnet_close(&net);
    scratch_remove(dir);
}

static void devices_that_come_back_rebuild_the_totals(void **state)
{
    (void)state;
    promise_walk(&(struct seed_walk){ "test_09_aggregator_lost", SEEDS, RENEWED,
                                      begin, run, end });
    promise(9, "seeds", seeds);
    for (int l = 0; l < LOSSES; l++) {
        if (l != DAMAGED || !engine_is_address(net.where))
            promise(9, words[l], losses[l]);
    }
    promise(9, "damage-found", found);
    promise(9, "noticed-by-devices", noticed);
    promise(9, "totals-that-differ", 0);
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
        cmocka_unit_test_teardown(devices_that_come_back_rebuild_the_totals,
                                  tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
