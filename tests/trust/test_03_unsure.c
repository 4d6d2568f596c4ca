/*
 * test_03_unsure.c - what the till said of a sale is what the ledger shows
 * after the next start, and the same basket rung again counts once.
 *
 * A till sells a script of baskets while the Nth call to the disk fails (EIO,
 * ENOSPC, EDQUOT; once or from then on), for each N until the script runs
 * through. What it said of each basket is kept: recorded, not recorded, or not
 * known. Then the disk works again and the till is started: what was recorded
 * is there, what was not is not, and when every basket is rung again, each is
 * there once.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "pos/till/sale.h"
#include "tests/support/promise.h"
#include "tests/support/till.h"
#include "tests/support/till_fixture.h"
#include "tests/support/vfs_fault.h"

enum { SALES = 50, STEP = 5 /* of a disk that stays broken */ };

static struct till_fixture f; /* an open shift; its directory is copied */
static char dir[SCRATCH_ROOM];
static struct till till;
static bool is_open;
static enum err said[SALES];
static int64_t unsure;

static void name_basket(int i, char out[BASKET_MAX + 1])
{
    snprintf(out, BASKET_MAX + 1, "basket-%d", i);
}

/* ---- selling ---- */

static bool opened(void)
{
    if (!is_open)
        is_open = till_open(dir, LEDGER_WRITE, "test", NULL, &till) == ERR_OK;
    return is_open;
}

static void shut(void)
{
    if (is_open)
        till_close(&till);
    is_open = false;
}

static enum err ring(int i, struct sold *sold)
{
    static struct cart cart;
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { .cart = &cart, .payments = &cash, .n_payments = 1 };
    cart_init(&cart);
    name_basket(i, cart.basket);
    enum err e = till_ready(&till);
    if (e == ERR_OK && !till.lists)
        return ERR_IO;
    if (e == ERR_OK)
        e = cart_add(&cart, lists_find(till.lists, STR("2")), 1000);
    if (e == ERR_OK)
        e = sale_begin(&till, &cart);
    return e == ERR_OK ? sale_commit(&till, &sale, sold) : e;
}

static void copy_till(void)
{
    static const char *const files[] = { "device.key", "admission", "ledger.db",
                                         "sync.db" };
    scratch_make(dir);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        BUF(bytes, MAX_LIST);
        scratch_read(f.dir, files[i], &bytes);
        scratch_write(dir, files[i], buf_slice(&bytes));
    }
}

/* ---- afterwards ---- */

static enum err count_basket(void *ctx, const struct stored *s)
{
    static union body body;
    int *times = ctx, i = -1;
    struct event e;
    assert_int_equal(event_decode(s->bytes, &e), ERR_OK);
    if (e.kind != EV_SALE)
        return ERR_OK;
    assert_int_equal(body_decode(&e, NULL, &body), ERR_OK);
    BUF(basket, BASKET_MAX);
    buf_str(&basket, body.sale.basket);
    assert_int_equal(sscanf(buf_text(&basket), "basket-%d", &i), 1);
    assert_in_range(i, 0, SALES - 1);
    times[i]++;
    return ERR_OK;
}

static void look(int times[SALES])
{
    memset(times, 0, SALES * sizeof(*times));
    assert_int_equal(ledger_each(till.ledger, 1,
                                 ledger_state(till.ledger)->count, count_basket,
                                 times),
                     ERR_OK);
}

static void check(const struct vfs_fault *plan)
{
    int times[SALES];
    assert_true(opened());
    look(times);
    for (int i = 0; i < SALES; i++) {
        bool known = said[i] != ERR_UNSURE;
        if (times[i] > 1 || (known && times[i] != (said[i] == ERR_OK)))
            fail_msg("errno %d, %s from call %lld: basket %d is there %d "
                     "times, and the till said %s",
                     plan->number, plan->persistent ? "always" : "once",
                     (long long)plan->at, i, times[i], err_code(said[i]));
        unsure += !known;
    }
    for (int i = 0; i < SALES; i++) {
        struct sold sold;
        assert_int_equal(ring(i, &sold), ERR_OK);
        assert_int_equal(sold.repeated, times[i] == 1);
    }
    look(times);
    for (int i = 0; i < SALES; i++)
        assert_int_equal(times[i], 1);
    shut();
    till_verify(dir);
}

/* True when the fault came. */
static bool script(const struct vfs_fault *plan)
{
    copy_till();
    vfs_fault = *plan;
    for (int i = 0; i < SALES; i++) {
        struct sold sold;
        said[i] = opened() ? ring(i, &sold) : ERR_IO;
        if (said[i] == ERR_UNSURE)
            shut();
    }
    shut();
    bool came = vfs_fault.hits > 0;
    vfs_fault_clear();
    check(plan);
    scratch_remove(dir);
    return came;
}

static int set_up(void **state)
{
    (void)state;
    vfs_fault_install();
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 500000);
    till_fixture_close(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_done(&f);
    return 0;
}

static void what_the_till_said_is_what_the_ledger_shows(void **state)
{
    static const int numbers[] = { EIO, ENOSPC, EDQUOT };
    int64_t faults = 0, all = 100 / promise_share(100);
    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(numbers); i++) {
        int64_t step = i % 2 ? STEP * all : all;
        struct vfs_fault plan = {
            .ops = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_GROW,
            .number = numbers[i / 2],
            .persistent = i % 2 == 1,
            .done = (int)((promise_seed() + i) % 3),
            .at = 1 + (int64_t)(promise_seed() % (uint64_t)step),
        };
        for (; script(&plan); plan.at += step)
            faults++;
    }
    print_message("%lld times not known at once\n", (long long)unsure);
    promise(3, "faults", faults);
    promise(3, "said-otherwise", 0);
    promise(3, "counted-twice", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_till_said_is_what_the_ledger_shows),
    };
    return cmocka_run_group_tests_name("03_unsure", tests, set_up, tear_down);
}
