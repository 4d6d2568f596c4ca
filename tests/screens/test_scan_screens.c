/*
 * test_scan_screens.c - what a scanner misread leaves nothing behind.
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

static void types(const char *text)
{
    assert_true(str_is(edit_text(app_entry(&f.app)), text));
}

static void m01_a_misread_scan_leaves_the_line_as_it_was(void **state)
{
    (void)state;
    app_fixture_keys(&f, "scan:8936012340018");
    app_fixture_sees(&f, "wrong check digit: scan it again");
    types("");
    app_fixture_keys(&f, "2");
    types("2");
    app_fixture_keys(&f, "Enter");
    assert_int_equal(f.app.cart->n_lines, 1);
}

/* There it would be an amount. */
static void m01_a_misread_scan_is_no_amount_received(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter 20 scan:8936012340018");
    assert_ptr_equal(app_top(&f.app), &pay_screen);
    app_fixture_sees(&f, "wrong check digit: scan it again");
    types("20");
    app_fixture_keys(&f, "scan:8938888888880");
    app_fixture_sees(&f, "no such item here");
    types("20");
}

static void m01_a_scan_behind_a_part_is_no_amount_received(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter 20 + 5 scan:8936012340017");
    assert_ptr_equal(app_top(&f.app), &pay_screen);
    app_fixture_sees(&f, "Esc takes the part back; then scan");
    types("5");
    app_fixture_keys(&f, "Esc Esc scan:8936012340017");
    assert_ptr_equal(app_top(&f.app), &sell_screen);
    assert_int_equal(f.app.cart->lines[0].milli, 2000);
}

/* Eight digits of a slip, thirteen of a voucher: nobody's GTIN. */
static void s04_a_scanned_reference_is_no_misread_code(void **state)
{
    static const char *const ways[] = { "/", "/ /", "/ / /" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        app_fixture_keys(&f, "2 Enter Enter");
        app_fixture_keys(&f, ways[i]);
        app_fixture_keys(&f, i % 2 ? "scan:12345678" : "scan:8936012340018");
        assert_ptr_equal(app_top(&f.app), &pay_screen);
        types(i % 2 ? "12345678" : "8936012340018");
        app_fixture_keys(&f, "Enter");
        struct record *r = app_fixture_event(&f, EV_SALE);
        assert_true(str_is(r->body.sale.tenders[0].reference,
                           i % 2 ? "12345678" : "8936012340018"));
        record_close(r);
    }
}

/* What was typed by a person is there to be mended. */
static void m01_a_typed_code_with_a_wrong_digit_stays(void **state)
{
    (void)state;
    app_fixture_keys(&f, "8936012340018 Enter");
    app_fixture_sees(&f, "no such item here");
    types("8936012340018");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(m01_a_misread_scan_leaves_the_line_as_it_was),
        T(m01_a_misread_scan_is_no_amount_received),
        T(m01_a_scan_behind_a_part_is_no_amount_received),
        T(s04_a_scanned_reference_is_no_misread_code),
        T(m01_a_typed_code_with_a_wrong_digit_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
