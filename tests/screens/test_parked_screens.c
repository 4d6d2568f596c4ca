/*
 * test_parked_screens.c - a cart that cannot be read is told of and shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/app_fixture.h"

static struct app_fixture f;

static int setup(void **state)
{
    (void)state;
    app_fixture_init(&f, "en");
    app_fixture_shift(&f, 500000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    app_fixture_done(&f);
    return 0;
}

/* Until its draft is another's, every start says so; F3 shows it for good. */
static void m06_a_newer_versions_cart_is_kept_and_told(void **state)
{
    static const char told[] = "an open cart of a newer version is kept";
    (void)state;
    assert_int_equal(
        ledger_draft_save(f.app.till.ledger, cart_draft, STR("{\"newer\":1}")),
        ERR_OK);
    for (int i = 0; i < 2; i++) {
        app_fixture_close(&f);
        app_fixture_open(&f);
        app_fixture_sees(&f, told);
    }
    app_fixture_keys(&f, "2 Enter");
    app_fixture_misses(&f, told);
    app_fixture_close(&f);
    app_fixture_open(&f);
    app_fixture_misses(&f, told);
    assert_int_equal(f.app.cart->n_lines, 1);
    app_fixture_keys(&f, "F9 F3");
    app_fixture_sees(&f, "1  kept for a newer version");
    app_fixture_keys(&f, "Enter");
    app_fixture_sees(&f, "written by a newer program");
}

/* What was an open cart is not known to have been parked at any time. */
static void m07_a_kept_cart_that_can_be_read_is_taken_back(void **state)
{
    BUF(bytes, MAX_TEXT);
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    cart_render(f.app.cart, &bytes);
    app_fixture_keys(&f, "Ctrl-X Enter");
    assert_int_equal(
        ledger_draft_save(f.app.till.ledger, "park.10", buf_slice(&bytes)),
        ERR_OK);
    app_fixture_keys(&f, "F3");
    app_fixture_sees(&f, "10    Trà hoa vàng");
    app_fixture_keys(&f, "Enter");
    app_fixture_sees(&f, "cart 10 is back");
    assert_int_equal(f.app.cart->n_lines, 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(m06_a_newer_versions_cart_is_kept_and_told),
        T(m07_a_kept_cart_that_can_be_read_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
