/*
 * test_till_disk.c - a disk fails under an open till: the answer is the truth,
 * and what was recorded is never forgotten.
 */
#include "pos/till/till.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"
#include "tests/support/vfs_fault.h"

static struct till_fixture f;
static struct sold sold;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_done(&f);
    return 0;
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

/* Every write and sync of a sale fails once: afterwards the answer is the
 * truth, and the same basket again makes it exactly one sale. */
static void an_unsure_sale_is_looked_up_and_never_doubled(void **state)
{
    static const char *const baskets[] = { "unsure-0", "unsure-1", "unsure-2" };
    int answers[ERR_COUNT] = { 0 };
    (void)state;
    vfs_fault_install();
    till_fixture_open(&f);
    till_fixture_shift(&f, 0);
    for (int half = 0; half < 3; half++) {
        for (int n = 1; n < 40; n++) {
            struct payment cash = { "cash", -1, { NULL, 0 } };
            struct cart *cart = x_alloc(sizeof(*cart));
            struct sale sale = { .cart = cart,
                                 .payments = &cash,
                                 .n_payments = 1 };
            int64_t before = count(), hits;
            assert_int_equal(cart_add(cart, lists_at(f.till.lists, 1), 1000),
                             ERR_OK);
            snprintf(cart->basket, sizeof(cart->basket), "%s-%d", baskets[half],
                     n);
            assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
            vfs_fault_clear();
            vfs_fault.ops = FAULT_WRITE | FAULT_SYNC;
            vfs_fault.at = n;
            vfs_fault.number = EIO;
            vfs_fault.done = half;
            enum err e = sale_commit(&f.till, &sale, &sold);
            hits = vfs_fault.hits;
            vfs_fault_clear();
            answers[e]++;
            assert_true(e == ERR_OK || e == ERR_IO);
            assert_non_null(f.till.ledger); /* it was read again */
            assert_int_equal(count(), before + (e == ERR_OK));
            assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
            assert_int_equal(sold.repeated, e == ERR_OK);
            assert_int_equal(count(), before + 1);
            free(cart);
            if (hits == 0)
                break;
        }
    }
    assert_true(answers[ERR_OK] > 3);
    till_fixture_verify(&f);
}

/* A disk that never answers again leaves the question open. */
static void what_cannot_be_told_is_unsure(void **state)
{
    (void)state;
    vfs_fault_install();
    till_fixture_open(&f);
    till_fixture_shift(&f, 0);
    vfs_fault_clear();
    vfs_fault.ops = FAULT_ALL;
    vfs_fault.at = 3;
    vfs_fault.number = EIO;
    vfs_fault.persistent = true;
    enum err e = till_fixture_sell(&f, "2", 1000, &sold);
    assert_true(e == ERR_UNSURE || e == ERR_IO);
    assert_int_not_equal(till_ready(&f.till), ERR_OK);
    vfs_fault_clear();
    assert_int_equal(till_ready(&f.till), ERR_OK);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
}

/* An older copy takes the ledger's place below us: a number that is on a slip
 * is never given out again. */
static void a_ledger_that_has_become_shorter_is_not_gone_on_with(void **state)
{
    static const char *const beside[] = { "ledger.db", "ledger.db-wal",
                                          "ledger.db-shm" };
    BUF(older, MAX_CSV);
    (void)state;
    till_fixture_open(&f);
    till_fixture_shift(&f, 0);
    till_fixture_close(&f);
    scratch_read(f.dir, "ledger.db", &older);
    till_fixture_open(&f);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(beside); i++)
        assert_int_equal(unlink(scratch_path(f.dir, beside[i])), 0);
    scratch_write(f.dir, "ledger.db", buf_slice(&older));
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_IO);
    for (int i = 0; i < 2; i++)
        assert_int_equal(till_ready(&f.till), ERR_CORRUPT);
}

/* Closing fails at write n; was it recorded after all? */
static bool closes_in_spite_of(int n, int half)
{
    struct shift_report report;
    int64_t before = count();
    vfs_fault_clear();
    vfs_fault.ops = FAULT_WRITE | FAULT_SYNC;
    vfs_fault.at = n;
    vfs_fault.number = EIO;
    vfs_fault.done = half;
    vfs_fault.persistent = true;
    enum err e = shift_close(&f.till, 1000, STR(""), 0, &report);
    vfs_fault_clear();
    assert_int_equal(till_ready(&f.till), ERR_OK);
    struct shift kept = f.till.shift;
    till_fixture_open(&f);
    till_fixture_same_shift(&kept, &f.till.shift);
    return e != ERR_OK && count() > before;
}

static void a_ledger_read_again_says_which_shift_it_is(void **state)
{
    int recorded = 0;
    (void)state;
    vfs_fault_install();
    till_fixture_open(&f);
    for (int half = 0; half < 3; half++) {
        for (int n = 1; n < 12; n++) {
            if (!f.till.shift.open)
                till_fixture_shift(&f, 1000);
            recorded += closes_in_spite_of(n, half);
        }
    }
    assert_true(recorded > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unsure_sale_is_looked_up_and_never_doubled),
        TEST(what_cannot_be_told_is_unsure),
        TEST(a_ledger_that_has_become_shorter_is_not_gone_on_with),
        TEST(a_ledger_read_again_says_which_shift_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
