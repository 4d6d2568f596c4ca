/*
 * test_ledger_faults.c - a disk that fails in the middle of a morning.
 *
 * A till sells a script of baskets, each with a draft before it, while the
 * Nth call that touches the disk fails, for N = 1, 2, 3 … until the script
 * runs through. The till does what the contract says: after an I/O error it
 * opens the ledger anew, looks for the basket and rings it again when it is
 * not there. Whatever fails, and however much of a failing write has reached
 * the disk:
 * - every sale that was acknowledged is in the ledger, none is there twice;
 * - the ledger verifies;
 * - a draft stands for a basket that was not sold, never for one that was.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/ledger.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"
#include "tests/support/vfs_fault.h"

enum {
    SALES = 20,
    DRAFT = 9000, /* bytes: pages of the log, so that it is moved meanwhile */
    TRIES = 4     /* of one basket, before the operator gives up */
};

static char fresh[SCRATCH_ROOM]; /* an enrolled till, copied for each run */
static char dir[SCRATCH_ROOM];
static struct ledger *l;
static bool acked[SALES];
static int unsure; /* times that it was not known whether a sale is there */

static const char *basket_name(int i)
{
    static char name[24];
    snprintf(name, sizeof(name), "basket-%d", i);
    return name;
}

static void begin_day(void)
{
    static const char *const files[] = { "device.key", "admission", "ledger.db",
                                         "reserve" };
    scratch_make(dir);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        BUF(bytes, MAX_CSV);
        scratch_read(fresh, files[i], &bytes);
        scratch_write(dir, files[i], buf_slice(&bytes));
    }
    memset(acked, 0, sizeof(acked));
}

static void shut(void)
{
    ledger_close(l);
    l = NULL;
}

static bool opened(void)
{
    if (l)
        return true;
    return ledger_open(dir, LEDGER_WRITE, "test", NULL, &l) == ERR_OK;
}

/* The handle goes on after these. */
static bool goes_on(enum err e)
{
    return e == ERR_OK || e == ERR_FULL;
}

static void save_draft(const char *basket)
{
    static char bytes[DRAFT];
    memset(bytes, ' ', sizeof(bytes));
    memcpy(bytes, basket, strlen(basket));
    struct str draft = { bytes, sizeof(bytes) };
    if (opened() && !goes_on(ledger_draft_save(l, "cart", draft)))
        shut();
}

/* Every other cart is dropped with its sale, the others' drafts are none of
 * the ledger's business. */
static const char *draft_of(int i)
{
    return i % 2 == 0 ? "cart" : NULL;
}

/* As an operator does: true only when the till has said so. */
static bool ring(int i)
{
    const char *basket = basket_name(i);
    for (int tries = 0; tries < TRIES && opened(); tries++) {
        int64_t seq;
        enum err e = ledger_find_basket(l, str_of(basket), &seq);
        if (e == ERR_NOT_FOUND)
            e = till_sell(l, basket, 1000, draft_of(i), &seq);
        if (e == ERR_OK)
            return true;
        unsure += e == ERR_UNSURE;
        if (!goes_on(e))
            shut();
    }
    return false;
}

/* ---- what must be true afterwards ---- */

struct tally {
    int times[SALES];
};

static enum err count_basket(void *ctx, const struct stored *s)
{
    static union body body;
    struct tally *t = ctx;
    struct event e;
    assert_int_equal(event_decode(s->bytes, &e), ERR_OK);
    if (e.kind != EV_SALE)
        return ERR_OK;
    assert_int_equal(body_decode(&e, NULL, &body), ERR_OK);
    for (int i = 0; i < SALES; i++)
        t->times[i] += str_is(body.sale.basket, basket_name(i));
    return ERR_OK;
}

static enum err check_draft(void *ctx, const char *id, struct str bytes)
{
    const struct tally *t = ctx;
    assert_string_equal(id, "cart");
    assert_int_equal(bytes.len, DRAFT);
    size_t len = strcspn(bytes.data, " ");
    for (int i = 0; i < SALES; i++) {
        if (str_is((struct str){ bytes.data, len }, basket_name(i)))
            assert_int_equal(t->times[i], 0);
    }
    return ERR_OK;
}

static void check_day(int64_t at)
{
    l = till_ledger_open(dir, LEDGER_READ);
    struct tally t = { 0 };
    int64_t count = ledger_state(l)->count;
    assert_int_equal(ledger_each(l, 1, count, count_basket, &t), ERR_OK);
    assert_int_equal(ledger_draft_each(l, check_draft, &t), ERR_OK);
    shut();
    for (int i = 0; i < SALES; i++) {
        if (t.times[i] > 1 || (acked[i] && t.times[i] != 1))
            fail_msg("call %lld: %s is there %d times, %s", (long long)at,
                     basket_name(i), t.times[i],
                     acked[i] ? "acknowledged" : "not acknowledged");
    }
    till_verify(dir);
}

/* ---- one failure ---- */

/* Sells the script with the planned fault, then checks, rings again what was
 * not acknowledged, and checks again. True when the fault came. */
static bool day_with(const struct vfs_fault *plan)
{
    begin_day();
    vfs_fault = *plan;
    for (int i = 0; i < SALES; i++) {
        if (draft_of(i))
            save_draft(basket_name(i));
        acked[i] = ring(i);
        if (l && i % 4 == 3)
            ledger_idle(l);
    }
    shut();
    bool came = vfs_fault.hits > 0;
    vfs_fault_clear();
    check_day(plan->at);
    for (int i = 0; i < SALES; i++) {
        acked[i] = acked[i] || ring(i);
        assert_true(acked[i]);
    }
    shut();
    check_day(plan->at);
    scratch_remove(dir);
    return came;
}

/* Every call in turn; `step` > 1 leaves some out, others each time. */
static void every_call(struct vfs_fault plan, int64_t step)
{
    int64_t days = 0;
    const char *soak = getenv("SOAK");
    if (soak && strtol(soak, NULL, 10) > 1)
        step = 1;
    uint32_t first = env_random_below((uint32_t)step);
    unsure = 0;
    for (plan.at = 1 + (int64_t)first; day_with(&plan); plan.at += step)
        days++;
    print_message("%lld failures from call %u on, %d times unsure\n",
                  (long long)days, first + 1, unsure);
    assert_true(days > 0);
}

static int enrol_once(void **state)
{
    (void)state;
    vfs_fault_install();
    scratch_make(fresh);
    till_enrol(fresh, 1, 2);
    ledger_close(till_ledger_open(fresh, LEDGER_WRITE));
    return 0;
}

static int forget(void **state)
{
    (void)state;
    scratch_remove(fresh);
    return 0;
}

/* ---- the rules ---- */

static void a_sync_that_fails_once_loses_nothing(void **state)
{
    (void)state;
    every_call((struct vfs_fault){ .ops = FAULT_SYNC, .number = EIO }, 1);
    assert_int_equal(unsure, SALES); /* the sync of each sale, once */
}

static void a_disk_that_stops_syncing_loses_nothing(void **state)
{
    (void)state;
    every_call((struct vfs_fault){ .ops = FAULT_SYNC,
                                   .number = EIO,
                                   .persistent = true },
               1);
}

static void a_write_that_fails_once_loses_nothing(void **state)
{
    (void)state;
    for (int done = 0; done <= 2; done++)
        every_call((struct vfs_fault){ .ops = FAULT_WRITE,
                                       .number = EIO,
                                       .done = done },
                   4);
    assert_true(unsure > 0);
}

static void a_disk_that_stops_writing_loses_nothing(void **state)
{
    (void)state;
    every_call((struct vfs_fault){ .ops = FAULT_WRITE,
                                   .number = EIO,
                                   .persistent = true },
               4);
}

static void a_disk_that_is_full_for_a_moment_loses_nothing(void **state)
{
    (void)state;
    for (int done = 0; done <= 1; done++)
        every_call((struct vfs_fault){ .ops = FAULT_WRITE | FAULT_GROW,
                                       .number = ENOSPC,
                                       .done = done },
                   4);
    assert_int_equal(unsure, 0); /* full is never unsure */
}

static void a_disk_that_stays_full_loses_nothing(void **state)
{
    (void)state;
    every_call((struct vfs_fault){ .ops = FAULT_WRITE | FAULT_GROW,
                                   .number = ENOSPC,
                                   .persistent = true },
               4);
    assert_int_equal(unsure, 0);
}

static void a_disk_gone_read_only_loses_nothing(void **state)
{
    (void)state;
    every_call((struct vfs_fault){ .ops = FAULT_WRITE | FAULT_OPEN,
                                   .number = EROFS,
                                   .persistent = true },
               4);
    assert_int_equal(unsure, 0);
}

static void what_cannot_be_read_or_opened_loses_nothing(void **state)
{
    (void)state;
    static const unsigned ops[] = { FAULT_READ, FAULT_OPEN, FAULT_GROW };
    for (size_t i = 0; i < 2 * ARRAY_LEN(ops); i++)
        every_call((struct vfs_fault){ .ops = ops[i / 2],
                                       .number = EIO,
                                       .persistent = i % 2 == 1 },
                   1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sync_that_fails_once_loses_nothing),
        cmocka_unit_test(a_disk_that_stops_syncing_loses_nothing),
        cmocka_unit_test(a_write_that_fails_once_loses_nothing),
        cmocka_unit_test(a_disk_that_stops_writing_loses_nothing),
        cmocka_unit_test(a_disk_that_is_full_for_a_moment_loses_nothing),
        cmocka_unit_test(a_disk_that_stays_full_loses_nothing),
        cmocka_unit_test(a_disk_gone_read_only_loses_nothing),
        cmocka_unit_test(what_cannot_be_read_or_opened_loses_nothing),
    };
    return cmocka_run_group_tests_name("ledger_faults", tests, enrol_once,
                                       forget);
}
