/*
 * test_report_unlisted.c - what a till sells off the list is one row of the
 * organiser's supervision, under whatever names it was sold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pos/model/cart.h"
#include "sync/aggregator/report/report.h"
#include "tests/support/fairs.h"

#define FAIR "XUAN"

static struct fairs hall;

static int set_up(void **state)
{
    const struct fair fair = {
        .code = FAIR, .name = "Xuân", .first_day = 20200114, .days = 4
    };
    const struct booth booth = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                                 STR(""), 1 };
    (void)state;
    fairs_open(&hall);
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, FAIR, &booth);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static void m13_unlisted_goods_appear_for_the_organiser(void **state)
{
    struct fairs_device *a1 = fairs_device(&hall, FAIR, "A1");
    struct report_query q = {
        .kind = "supervision", .fair = FAIR, .format = REPORT_CSV
    };
    BUF(out, MAX_TEXT);
    BUF(why, MAX_TEXT);
    BUF(row, MAX_TEXT);
    (void)state;
    fairs_clock(20200115, 600);
    (void)fairs_sell(
        a1, (struct deal){ 20200114, 545, cart_unlisted_sku, 85000, NULL });
    (void)fairs_sell(
        a1, (struct deal){ 20200114, 550, cart_unlisted_sku, 15000, NULL });
    fairs_send(&hall);
    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_OK);
    buf_printf(&row, "\r\nunknown_product,A1,,%s,", cart_unlisted_sku);
    const char *at = strstr(buf_text(&out), buf_text(&row));
    assert_non_null(at);
    assert_non_null(strstr(at, ",2020-01-14,,2,100000,,true\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            m13_unlisted_goods_appear_for_the_organiser, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
