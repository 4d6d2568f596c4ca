/*
 * test_report_lists.c - supervision judges each sale by the lists that its
 * till had and by those of its day, and says which found what.
 *
 * The fair: 14 to 17 January 2020, cut-off 04:00; booths A1 and B1. Lists,
 * each of a version that tills name:
 *
 *   100  14th 06:00  catalogue 1 (TRA; CM until the 14th)  A1: TRA, CM
 *   200  15th 12:00  catalogue 2 (TRA; CM until 2021)      A1: TRA, CM
 *   300  16th 12:00                                        A1: TRA
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/store/versions.h"
#include "tests/support/fairs.h"
#include "tests/support/raw.h"

#define FAIR "XUAN"
enum { DAY = 20200114 };

static struct fairs hall;
static struct fairs_device *a1;

/* ---- lists --------------------------------------------------------------- */

static int64_t moment(int day, int hour)
{
    return day_start_ms(day) + hour * INT64_C(3600000);
}

static int64_t catalogue(int64_t ms, int expires)
{
    struct catalogue_product tea = {
        { .sku = STR("TRA"), .name = STR("Trà hoa vàng") }, STR("")
    };
    struct catalogue_product cakes = { { .sku = STR("CM"),
                                         .name = STR("Chả mực giã tay"),
                                         .stars = 5,
                                         .certified_day = 20170115,
                                         .expires_day = expires },
                                       STR("") };
    int64_t version = 0;
    assert_int_equal(catalogue_add(hall.store, ms, &version), ERR_OK);
    assert_int_equal(product_add(hall.store, version, 1, &tea), ERR_OK);
    assert_int_equal(product_add(hall.store, version, 2, &cakes), ERR_OK);
    return version;
}

static int64_t booth_list(int64_t ms, bool cakes)
{
    const struct booth_item items[] = {
        { 1, STR("A1"), STR("1"), STR("TRA"), -1, 0 },
        { 2, STR("A1"), STR("2"), STR("CM"), -1, 0 },
    };
    int64_t version = 0;
    assert_int_equal(booth_list_add(hall.store, STR(FAIR), ms, &version),
                     ERR_OK);
    for (int i = 0; i < 1 + cakes; i++)
        assert_int_equal(
            booth_item_add(hall.store, STR(FAIR), version, &items[i]), ERR_OK);
    return version;
}

static void list_version(int version, int64_t catalogue, int64_t list)
{
    BUF(sql, MAX_TEXT);
    buf_printf(&sql,
               "INSERT INTO list_version VALUES ('%s', %d, %lld, %lld, 1)",
               FAIR, version, (long long)catalogue, (long long)list);
    raw_exec(hall.store, buf_text(&sql));
}

static int set_up(void **state)
{
    const struct fair fair = { .code = FAIR,
                               .name = "Xuân",
                               .first_day = DAY,
                               .days = 4,
                               .cut_off_min = 240 };
    const struct booth booths[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""), 1 },
        { STR("B1"), STR("Ba Chẽ"), STR("in-province"), STR(""), 1 },
    };
    (void)state;
    fairs_open(&hall);
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, FAIR, &booths[0]);
    fairs_booth(&hall, FAIR, &booths[1]);
    a1 = fairs_device(&hall, FAIR, "A1");
    fairs_clock(DAY + 3, 600);
    assert_int_equal(store_group_begin(hall.store), ERR_OK);
    list_version(100, catalogue(moment(DAY, 6), DAY),
                 booth_list(moment(DAY, 6), true));
    int64_t newer = catalogue(moment(DAY + 1, 12), 20210101);
    list_version(200, newer, 1);
    list_version(300, newer, booth_list(moment(DAY + 2, 12), false));
    assert_int_equal(store_group_commit(hall.store), ERR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

/* ---- asking -------------------------------------------------------------- */

static int sell(int list, int day, int hour, const char *sku)
{
    a1->book.next.list = list;
    return fairs_sell(a1, (struct deal){ day, hour * 60, sku, 50000, NULL });
}

/* Rows of the report, without its header; also when they are folded. */
static void expect(const char *rows)
{
    fairs_send(&hall);
    for (int folded = 0; folded < 2; folded++) {
        struct report_query q = { .kind = "supervision",
                                  .fair = FAIR,
                                  .format = REPORT_CSV };
        int64_t n = 0;
        BUF(out, MAX_TEXT);
        BUF(why, MAX_TEXT);
        assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_OK);
        const char *end = strstr(buf_text(&out), ",by_till_list,by_day_list");
        assert_non_null(end);
        assert_string_equal(strchr(end, '\n') + 1, rows);
        assert_int_equal(store_fold_step(hall.store, 1000, &n), ERR_OK);
    }
}

/* ---- both lists ---------------------------------------------------------- */

/* 16th: sold by list 200 in the morning, dropped from the list at noon. */
static void n06_a_sale_off_the_list_of_its_day_is_found(void **state)
{
    (void)state;
    (void)sell(200, DAY + 1, 13, "CM");
    (void)sell(200, DAY + 2, 9, "CM");
    expect("not_on_list,A1,,CM,Chả mực giã tay,,2020-01-16,,1,50000,"
           "false,true\r\n");
}

static void n06_a_sale_off_the_list_of_its_till_is_found(void **state)
{
    (void)state;
    (void)sell(300, DAY + 1, 13, "CM");
    expect("not_on_list,A1,,CM,Chả mực giã tay,,2020-01-15,,1,50000,"
           "true,false\r\n");
}

static void n06_each_pair_of_verdicts_has_its_row(void **state)
{
    (void)state;
    (void)sell(300, DAY + 2, 14, "CM");
    (void)sell(200, DAY + 2, 9, "CM");
    (void)sell(300, DAY + 3, 9, "CM");
    expect("not_on_list,A1,,CM,Chả mực giã tay,,2020-01-16,,1,50000,"
           "false,true\r\n"
           "not_on_list,A1,,CM,Chả mực giã tay,,2020-01-16,,2,100000,"
           "true,true\r\n");
}

/* The certificate was prolonged at noon of the 15th; the till heard later. */
static void n06_certificates_are_those_of_each_list(void **state)
{
    (void)state;
    (void)sell(100, DAY, 9, "CM");
    (void)sell(100, DAY + 1, 14, "CM");
    (void)sell(200, DAY + 1, 15, "CM");
    expect("certificate_expired,A1,,CM,Chả mực giã tay,,2020-01-15,2020-01-14,"
           "1,50000,true,false\r\n"
           "certificate_expiring,A1,,CM,Chả mực giã tay,,2020-01-14,"
           "2020-01-14,1,50000,true,true\r\n");
}

static void n06_what_neither_catalogue_knows_both_find(void **state)
{
    (void)state;
    (void)sell(100, DAY, 9, "XX");
    expect("unknown_product,A1,,XX,Chả mực,,2020-01-14,,1,50000,true,true\r\n");
}

/* 0: the till had none yet; 77: of a database that was lost. */
static void n06_lists_that_are_not_known_say_nothing(void **state)
{
    (void)state;
    (void)sell(0, DAY + 3, 9, "CM");
    (void)sell(77, DAY + 3, 10, "CM");
    expect("not_on_list,A1,,CM,Chả mực giã tay,,2020-01-17,,2,100000,"
           ",true\r\n");
}

/* What came until 04:00 of the 17th is a list of the 16th. */
static void n06_the_days_list_is_that_of_its_end_at_the_cut_off(void **state)
{
    int64_t version = 0;
    (void)state;
    assert_int_equal(
        booth_list_add(hall.store, STR(FAIR), moment(DAY + 3, 4), &version),
        ERR_OK);
    (void)sell(300, DAY + 2, 14, "TRA");
    expect("");
    assert_int_equal(
        booth_list_add(hall.store, STR(FAIR), moment(DAY + 3, 4) - 1, &version),
        ERR_OK);
    expect("not_on_list,A1,,TRA,Trà hoa vàng,,2020-01-16,,1,50000,"
           "false,true\r\n");
}

static void n06_before_the_first_list_the_first_one_counts(void **state)
{
    (void)state;
    (void)sell(0, DAY - 5, 9, "TRA");
    (void)sell(0, DAY - 5, 9, "XX");
    expect("unknown_product,A1,,XX,Chả mực,,2020-01-09,,1,50000,,true\r\n");
}

/* ---- what was taken back ------------------------------------------------- */

static void n06_a_void_after_new_lists_leaves_nothing_to_find(void **state)
{
    struct deal deal = { DAY + 2, 9 * 60, "CM", 50000, NULL };
    (void)state;
    int of = sell(200, DAY + 2, 9, "CM");
    a1->book.next.list = 300;
    fairs_void(a1, of, deal);
    expect("");
}

static void n06_a_refund_after_new_lists_is_taken_off(void **state)
{
    struct deal deal = { DAY + 2, 15 * 60, "CM", 20000, NULL };
    (void)state;
    int of = sell(200, DAY + 2, 9, "CM");
    a1->book.next.list = 300;
    fairs_refund(a1, of, NULL, deal);
    expect("not_on_list,A1,,CM,Chả mực giã tay,,2020-01-16,,1,30000,"
           "false,true\r\n");
}

static void n06_a_booth_sees_its_own_findings_alone(void **state)
{
    const struct deal deal = { DAY + 2, 9 * 60, "XX", 20000, NULL };
    struct fairs_device *b1 = fairs_device(&hall, FAIR, "B1");
    struct report_query q = {
        .kind = "supervision", .fair = FAIR, .booth = "A1", .format = REPORT_CSV
    };
    BUF(out, MAX_TEXT);
    BUF(why, MAX_TEXT);
    (void)state;
    (void)sell(300, DAY + 2, 14, "CM");
    (void)fairs_sell(b1, deal);
    fairs_refund(b1, 0, "a paper slip", deal);
    fairs_refund(b1, 0, "B1-1-99", deal);
    fairs_send(&hall);
    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_OK);
    const char *rows = strchr(buf_text(&out), '\n') + 1;
    assert_string_equal(rows, "not_on_list,A1,,CM,Chả mực giã tay,,2020-01-16,,"
                              "1,50000,true,true\r\n");
}

/* ---- versions ------------------------------------------------------------ */

static void n06_versions_are_those_of_the_fair(void **state)
{
    const struct fair fair = {
        .code = "BARE", .name = "Xuân", .first_day = DAY, .days = 1
    };
    struct versions found = { 7, 7 };
    (void)state;
    fairs_fair(&hall, &fair);
    assert_int_equal(
        versions_before(hall.store, STR("BARE"), moment(DAY, 6), &found),
        ERR_OK);
    assert_int_equal(found.catalogue, 1); /* the first */
    assert_int_equal(found.booth_list, 0);
    assert_int_equal(versions_of_list(hall.store, STR("BARE"), 100, &found),
                     ERR_NOT_FOUND);
    assert_int_equal(versions_of_list(hall.store, STR(FAIR), 300, &found),
                     ERR_OK);
    assert_int_equal(found.catalogue, 2);
    assert_int_equal(found.booth_list, 2);
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HALL(n06_a_sale_off_the_list_of_its_day_is_found),
        HALL(n06_a_sale_off_the_list_of_its_till_is_found),
        HALL(n06_each_pair_of_verdicts_has_its_row),
        HALL(n06_certificates_are_those_of_each_list),
        HALL(n06_what_neither_catalogue_knows_both_find),
        HALL(n06_lists_that_are_not_known_say_nothing),
        HALL(n06_the_days_list_is_that_of_its_end_at_the_cut_off),
        HALL(n06_before_the_first_list_the_first_one_counts),
        HALL(n06_a_void_after_new_lists_leaves_nothing_to_find),
        HALL(n06_a_refund_after_new_lists_is_taken_off),
        HALL(n06_a_booth_sees_its_own_findings_alone),
        HALL(n06_versions_are_those_of_the_fair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
