/*
 * test_sale_cost.c - what a cashier waits for: one sync and little more than
 * a page of the log a sale; everything else comes when nobody waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/support/app_fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/vfs_fault.h"

static struct app_fixture f;

static int set_up(void **state)
{
    (void)state;
    app_fixture_init(&f, "en");
    vfs_fault_install(); /* from the next opening on */
    app_fixture_close(&f);
    app_fixture_open(&f);
    app_fixture_shift(&f, 500000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    vfs_fault_clear();
    app_fixture_done(&f);
    return 0;
}

static off_t file_size(void)
{
    struct stat st;
    assert_int_equal(stat(scratch_path(f.till.dir, "ledger.db"), &st), 0);
    return st.st_size;
}

/* Three lines come into the cart, each saved, as on the screen. */
static void fill(struct cart *cart)
{
    struct till *till = &f.app.till;
    till_fixture_pass(&f.till, 1000);
    cart_init(cart);
    assert_int_equal(sale_begin(till, cart), ERR_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(cart_add(cart, lists_at(till->lists, i), 1000),
                         ERR_OK);
        assert_int_equal(carts_save(till, cart), ERR_OK);
    }
}

static void sell(const struct cart *cart)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { .cart = cart, .payments = &cash, .n_payments = 1 };
    struct sold sold;
    assert_int_equal(sale_commit(&f.app.till, &sale, &sold), ERR_OK);
}

/* P2, with what removes the draft: a leaf of the table, and at every tenth
 * sale a new one, the page above it and the file's first. */
static void a_sale_is_one_sync_and_little_more_than_a_page(void **state)
{
    enum { SALES = 200 };
    struct cart *cart = x_alloc(sizeof(*cart));
    int64_t pages = 0;
    (void)state;
    for (int i = 0; i < SALES; i++) {
        fill(cart);
        vfs_fault_clear();
        sell(cart);
        assert_int_equal(vfs_fault.syncs, 1);
        pages += vfs_fault.log_pages;
    }
    print_message("%lld.%02lld pages a sale\n", (long long)(pages / SALES),
                  (long long)(100 * pages / SALES % 100));
    assert_true(100 * pages <= 125 * SALES);
    free(cart);
}

/* From the key that pays to the picture, and for every key before it. */
static void a_key_that_sells_is_one_sync(void **state)
{
    static const char *const keys[] = { "1", "Enter", "2", "Enter", "F9" };
    static const int64_t syncs[] = { 0, 1, 0, 1, 1 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        vfs_fault_clear();
        app_fixture_keys(&f, keys[i]);
        if (vfs_fault.syncs != syncs[i])
            fail_msg("%s: %lld syncs", keys[i], (long long)vfs_fault.syncs);
    }
    assert_int_equal(app_fixture_count(&f, EV_SALE), 1);
}

static void no_sale_moves_the_log(void **state)
{
    struct cart *cart = x_alloc(sizeof(*cart));
    (void)state;
    ledger_idle(f.app.till.ledger);
    off_t before = file_size();
    for (int i = 0; i < 100; i++) { /* hours of them */
        fill(cart);
        sell(cart);
    }
    assert_int_equal(file_size(), before);
    ledger_idle(f.app.till.ledger);
    assert_true(file_size() > before);
    free(cart);
}

/* A tick falls between the keys of a busy cashier, too. */
static void the_log_is_moved_when_no_key_has_come_for_a_while(void **state)
{
    (void)state;
    off_t before = file_size();
    for (int i = 0; i < 60; i++)
        app_fixture_keys(&f, "1 Enter 2 Enter F9 tick:1");
    assert_int_equal(app_fixture_count(&f, EV_SALE), 60);
    assert_int_equal(file_size(), before);
    app_fixture_tick(&f, 2);
    assert_true(file_size() > before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sale_is_one_sync_and_little_more_than_a_page),
        TEST(a_key_that_sells_is_one_sync),
        TEST(no_sale_moves_the_log),
        TEST(the_log_is_moved_when_no_key_has_come_for_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
