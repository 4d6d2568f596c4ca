/*
 * test_01_power.c - the power goes at any moment.
 *
 * One till's morning is recorded call by call, from its first start on: the
 * drafts and sales, moments of idleness, a restart, a sync that failed so that
 * the sale had to be looked for. Then the disk is rebuilt as a power cut after
 * each of these calls could have left it: with what was synced only, with
 * everything written, with any 512-byte sectors of what was not synced and any
 * of its names. In
 * every such state the ledger opens, is whole, and holds what was
 * acknowledged until then; a draft and its sale are never both there, nor
 * both gone.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/ledger.h"
#include "tests/support/promise.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"
#include "tests/support/vfs_fault.h"

enum {
    SALES = 20,
    DRAFT = 20000, /* bytes, so that idle moments have something to do */
    RESTART_AT = 7,
    UNSURE_AT = 12, /* this sale's sync fails */
    STATES = 20000  /* together */
};

static char dir[SCRATCH_ROOM];
static struct ledger *l;

/* When it was acknowledged: the number of calls before. */
static int draft_at[SALES], sale_at[SALES];
static int64_t states;

static const char *basket_name(int i)
{
    static char name[24];
    snprintf(name, sizeof(name), "basket-%d", i);
    return name;
}

/* ---- the morning ---- */

static void save_draft(int i)
{
    static char bytes[DRAFT];
    memset(bytes, ' ', sizeof(bytes));
    memcpy(bytes, &i, sizeof(i));
    struct str draft = { bytes, sizeof(bytes) };
    assert_int_equal(ledger_draft_save(l, "cart", draft), ERR_OK);
    draft_at[i] = vfs_record_count();
}

static void restart(void)
{
    ledger_close(l);
    l = till_ledger_open(dir, LEDGER_WRITE);
}

static void sell(int i)
{
    int64_t seq;
    assert_int_equal(till_sell(l, basket_name(i), 1000, "cart", &seq), ERR_OK);
    sale_at[i] = vfs_record_count();
}

/* It is written but not synced; opening anew finds it, and that is the
 * acknowledgement. */
static void sell_unsure(int i)
{
    int64_t seq;
    vfs_fault.ops = FAULT_SYNC;
    vfs_fault.at = 1;
    assert_int_equal(till_sell(l, basket_name(i), 1000, "cart", &seq),
                     ERR_UNSURE);
    vfs_fault_clear();
    restart();
    assert_int_equal(ledger_find_basket(l, str_of(basket_name(i)), &seq),
                     ERR_OK);
    sale_at[i] = vfs_record_count();
}

static int record_a_morning(void **state)
{
    (void)state;
    vfs_fault_install();
    scratch_make(dir);
    till_enrol(dir, 1, 2);
    vfs_record_begin();
    l = till_ledger_open(dir, LEDGER_WRITE);
    for (int i = 0; i < SALES; i++) {
        save_draft(i);
        if (i == UNSURE_AT)
            sell_unsure(i);
        else
            sell(i);
        if (i == RESTART_AT)
            restart();
        ledger_idle(l);
    }
    ledger_close(l);
    l = NULL;
    vfs_record_end();
    return 0;
}

static int forget(void **state)
{
    (void)state;
    scratch_remove(dir);
    return 0;
}

/* ---- after the power cut ---- */

static void clean(void)
{
    static const char *const files[] = { "ledger.db", "ledger.db-wal",
                                         "ledger.db-shm", "ledger.db-journal",
                                         "reserve" };
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        unlink(scratch_path(dir, files[i]));
}

static enum err draft_of(void *ctx, const char *id, struct str bytes)
{
    assert_string_equal(id, "cart");
    assert_int_equal(bytes.len, DRAFT);
    memcpy(ctx, bytes.data, sizeof(int));
    return ERR_OK;
}

static enum err in_order(void *ctx, const struct stored *s)
{
    static union body body;
    struct event e;
    (void)ctx;
    assert_int_equal(event_decode(s->bytes, &e), ERR_OK);
    assert_int_equal(e.kind, s->seq == 1 ? EV_ENROLLED : EV_SALE);
    if (s->seq == 1)
        return ERR_OK;
    assert_int_equal(body_decode(&e, NULL, &body), ERR_OK);
    assert_true(str_is(body.sale.basket, basket_name((int)s->seq - 2)));
    return ERR_OK;
}

static int acknowledged(const int *at, int calls)
{
    int n = 0;
    while (n < SALES && at[n] <= calls)
        n++;
    return n;
}

/* Sales are 0…there-1; `draft` is the basket of the draft, or -1. */
static bool sound(int calls, int there, int draft)
{
    int sold = acknowledged(sale_at, calls);
    int drafted = acknowledged(draft_at, calls);
    if (there < sold || there > sold + 1)
        return false;
    /* The newest draft stands until its sale does. */
    return draft < 0 ? drafted <= there
                     : draft >= there && draft >= drafted - 1;
}

static void check_state(int calls, enum power power, uint64_t seed)
{
    int draft = -1;
    states++;
    clean();
    vfs_power_state(calls, power, seed, dir);
    l = till_ledger_open(dir, LEDGER_WRITE); /* dies of damage */
    int64_t count = ledger_state(l)->count;
    assert_int_equal(ledger_each(l, 1, count, in_order, NULL), ERR_OK);
    assert_int_equal(ledger_draft_each(l, draft_of, &draft), ERR_OK);
    if (!sound(calls, (int)count - 1, draft))
        fail_msg("after call %d of %d, power %d, seed %llu: %lld sales, "
                 "draft %d, where %d sales and %d drafts were acknowledged",
                 calls, vfs_record_count(), (int)power,
                 (unsigned long long)seed, (long long)count - 1, draft,
                 acknowledged(sale_at, calls), acknowledged(draft_at, calls));
    if (calls % 8 == 0) { /* and the day goes on */
        int64_t seq;
        assert_int_equal(till_sell(l, "later", 1000, NULL, &seq), ERR_OK);
        assert_int_equal(seq, count + 1);
    }
    ledger_close(l);
    l = NULL;
    if (calls % 8 == 0)
        till_verify(dir);
}

static void what_was_synced_is_enough(void **state)
{
    (void)state;
    for (int calls = 0; calls <= vfs_record_count(); calls++)
        check_state(calls, POWER_SYNCED, 0);
}

static void what_was_written_does_no_harm(void **state)
{
    (void)state;
    for (int calls = 0; calls <= vfs_record_count(); calls++)
        check_state(calls, POWER_ALL, 0);
}

static void any_sectors_of_what_was_not_synced_do_no_harm(void **state)
{
    (void)state;
    uint64_t seed = promise_seed() * 1000003;
    int64_t wanted = promise_share(STATES);
    while (states < wanted) {
        for (int calls = 0; calls <= vfs_record_count(); calls++)
            check_state(calls, POWER_RANDOM, seed++);
    }
    promise(1, "power-states", states);
    promise(1, "saved-and-lost", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_synced_is_enough),
        cmocka_unit_test(what_was_written_does_no_harm),
        cmocka_unit_test(any_sectors_of_what_was_not_synced_do_no_harm),
    };
    return cmocka_run_group_tests_name("01_power", tests, record_a_morning,
                                       forget);
}
