/*
 * test_back_screens.c - money going back: the screen says how before and after,
 * and asks nothing that cannot be done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pos/screens/screens.h"
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

/* ---- how the money goes back ---- */

static void m10_undoing_a_transfer_takes_nothing_from_the_drawer(void **state)
{
    static const char way[] = "120.000 đ by transfer, not from the drawer";
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter / Enter Ctrl-Z");
    app_fixture_sees(&f, way);
    app_fixture_keys(&f, "Enter");
    app_fixture_sees(&f, "sale undone");
    app_fixture_sees(&f, way);
    app_fixture_misses(&f, "in cash");
}

static void m10_undoing_a_cash_sale_says_cash_without_the_change(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter 200 Enter Ctrl-Z Enter");
    app_fixture_sees(&f, "sale undone: give back 120.000 đ in cash");
    app_fixture_misses(&f, "transfer");
}

static void m10_voiding_a_sale_paid_in_parts_says_each_part(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter 100 + / Enter F4 Enter F7");
    app_fixture_sees(&f, "100.000 đ in cash; 20.000 đ by transfer");
    app_fixture_keys(&f, "Enter");
    app_fixture_sees(&f, "100.000 đ in cash; 20.000 đ by transfer");
}

static void m10_a_refund_says_the_way_that_was_chosen(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3*2 Enter F9 F4 Enter 1 Enter F9");
    app_fixture_sees(&f, "To give back: 120.000 đ in cash");
    app_fixture_keys(&f, "Enter");
    app_fixture_sees(&f, "give back 120.000 đ in cash");
    app_fixture_keys(&f, "F4 Down Enter / 1 Enter F9 Enter");
    app_fixture_sees(&f, "give back 120.000 đ by transfer, not from");
}

static void m10_goods_for_nothing_give_nothing_back(void **state)
{
    (void)state;
    app_fixture_keys(&f, "5 F9 Ctrl-Z Enter");
    app_fixture_sees(&f, "give back 0 đ in cash");
}

/* ---- what cannot be done ---- */

static void m10_undo_of_what_is_voided_says_so_at_once(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 F9 F4 Enter F7 Enter Ctrl-Z");
    app_fixture_sees(&f, "voided already");
    app_fixture_misses(&f, "Void receipt");
}

static void m10_undo_of_what_is_partly_refunded_says_so_at_once(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3*2 Enter F9 F4 Enter 1 Enter F9 Enter Ctrl-Z");
    app_fixture_sees(&f, "part of it was given back already");
    app_fixture_misses(&f, "Void receipt");
}

static void m10_void_of_what_cannot_be_voided_says_why(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 F9 F4 Enter F7 Enter F4 Down Enter F7");
    app_fixture_sees(&f, "voided already");
    app_fixture_keys(&f, "Esc Esc 3*2 Enter F9 F4 Enter 1 Enter F9 Enter");
    app_fixture_keys(&f, "F4 Down Enter F7");
    app_fixture_sees(&f, "part of it was given back already");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(m10_undoing_a_transfer_takes_nothing_from_the_drawer),
        T(m10_undoing_a_cash_sale_says_cash_without_the_change),
        T(m10_voiding_a_sale_paid_in_parts_says_each_part),
        T(m10_a_refund_says_the_way_that_was_chosen),
        T(m10_goods_for_nothing_give_nothing_back),
        T(m10_undo_of_what_is_voided_says_so_at_once),
        T(m10_undo_of_what_is_partly_refunded_says_so_at_once),
        T(m10_void_of_what_cannot_be_voided_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
