/*
 * test_report_latest.c - the last sales, against all deals sorted by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "sync/aggregator/report/report.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

enum { DAY = 20200114 };

static struct fairs hall;
static struct fairs_device *a1, *b1, *other;

static int open_hall(void **state)
{
    const struct fair fair = { .code = "XUAN",
                               .name = "Hội chợ Xuân",
                               .first_day = DAY,
                               .days = 3,
                               .cut_off_min = 240 };
    const struct booth booth = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                                 STR(""), 1 };
    (void)state;
    fairs_open(&hall);
    fairs_clock(DAY + 1, 0);
    i18n_init("en");
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, "XUAN", &booth);
    a1 = fairs_device(&hall, "XUAN", "A1");
    b1 = fairs_device(&hall, "XUAN", "B1");
    other = fairs_device(&hall, "HA", "A1");
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static struct deal at(int minute, int64_t vnd)
{
    return (struct deal){ DAY, minute, "CM", vnd, NULL };
}

static void heard(int i, int minute)
{
    char id[DEVICE_LEN + 1];
    struct heartbeat h = { .seen_ms = minute, .program = STR("test") };
    assert_int_equal(store_heartbeat(hall.store, fairs_id(&hall, i, id), &h),
                     ERR_OK);
}

static void decide(int i, const char *what, int first, int last)
{
    char id[DEVICE_LEN + 1];
    struct decision d = {
        .at_ms = 1, .what = what, .first = first, .last = last
    };
    assert_int_equal(store_decide(hall.store, fairs_id(&hall, i, id), &d),
                     ERR_OK);
}

static void ask(struct report_query q, struct buf *out)
{
    BUF(why, MAX_TEXT);
    fairs_send(&hall);
    q.kind = "latest";
    q.fair = "XUAN";
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
}

/* The amounts of the rows, in their order. */
static void expect(struct report_query q, const char *amounts)
{
    static const char name[] = "\"amount_vnd\":";
    BUF(json, MAX_TEXT);
    BUF(found, MAX_TEXT);
    q.format = REPORT_JSON;
    ask(q, &json);
    char *end = strstr(buf_text(&json), "\"hold\"");
    assert_non_null(end);
    *end = '\0';
    for (const char *p = json.data; (p = strstr(p, name)); p++)
        buf_printf(&found, "%ld ", strtol(p + strlen(name), NULL, 10));
    assert_string_equal(buf_text(&found), amounts);
}

static const struct report_query usual = { .limit = 0 };

static void m29_sales_refunds_and_voids_stand_newest_first(void **state)
{
    (void)state;
    int sale = fairs_sell(a1, at(540, 100));
    fairs_sell(b1, at(541, 200));
    fairs_refund(a1, sale, NULL, at(542, 30));
    fairs_void(b1, fairs_sell(b1, at(543, 400)), at(543, 400));
    fairs_visits(a1, (struct counting){ DAY, 550, NULL, 9, false });
    fairs_sell(other, at(560, 7));
    expect(usual, "-400 400 -30 200 100 ");
}

static void m29_a_row_says_where_and_what(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    BUF(json, MAX_TEXT);
    BUF(csv, MAX_TEXT);
    BUF(want, MAX_TEXT);
    fairs_sell(a1, at(545, 150000));
    fairs_sell(b1, at(544, 20000));
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    buf_printf(&want,
               "\"latest\":[{\"time\":\"2020-01-14T09:05:00+07:00\","
               "\"booth\":\"A1\",\"booth_name\":\"Hạ Long\","
               "\"receipt\":\"A1-1-2\",\"kind\":\"sale\",\"lines\":1,"
               "\"product\":\"Chả mực\",\"amount_vnd\":150000,"
               "\"device\":\"%.*s\",\"seq\":2},",
               DEVICE_LEN, fairs_id(&hall, 0, id).data);
    text_has(&json, buf_text(&want));
    text_has(&json, "\"booth\":\"B1\",\"booth_name\":null,");
    ask((struct report_query){ .format = REPORT_CSV }, &csv);
    text_has(&csv, "time,booth,booth_name,receipt,kind,lines,product,"
                   "amount_vnd,device,seq\r\n");
}

static void m29_no_more_rows_than_asked_for(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++)
        fairs_sell(i % 3 ? a1 : b1, at(540 + i, 1000 + i));
    expect((struct report_query){ .limit = 3 }, "1059 1058 1057 ");
    BUF(twenty, MAX_TEXT);
    for (int i = 59; i >= 40; i--)
        buf_printf(&twenty, "%d ", 1000 + i);
    expect(usual, buf_text(&twenty));
    BUF(all, MAX_TEXT);
    for (int i = 59; i >= 0; i--)
        buf_printf(&all, "%d ", 1000 + i);
    expect((struct report_query){ .limit = INT32_MAX }, buf_text(&all));
}

/* Whoever was heard last may have sold nothing for long. */
static void m29_the_order_devices_were_heard_in_does_not_matter(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++)
        fairs_sell(a1, at(540 + i, 1000 + i));
    for (int i = 0; i < 40; i++)
        fairs_sell(b1, at(560 + i, 2000 + i));
    const char *newest = "2039 2038 2037 2036 2035 2034 2033 2032 2031 2030 "
                         "2029 2028 2027 2026 2025 2024 2023 2022 2021 2020 ";
    heard(0, 7);
    expect(usual, newest);
    heard(1, 8);
    expect(usual, newest);
}

static void m29_other_events_do_not_hide_sales(void **state)
{
    (void)state;
    fairs_sell(a1, at(540, 100));
    for (int i = 0; i < 100; i++)
        fairs_visits(a1, (struct counting){ DAY, 541, NULL, 1, false });
    fairs_sell(b1, at(530, 200));
    expect((struct report_query){ .limit = 1 }, "100 ");
}

static void m29_what_is_on_hold_is_left_out(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    for (int i = 0; i < 30; i++)
        fairs_sell(a1, at(540 + i, 1000 + i));
    fairs_send(&hall);
    decide(0, "hold", 3, 31);
    expect(usual, "1000 ");
    decide(0, "release", 30, 30);
    expect(usual, "1028 1000 ");
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"hold\":{\"events\":28,");
    decide(0, "day", 2, 2);
    expect(usual, "1028 1000 ");
}

static void m29_a_void_of_a_held_sale_is_on_hold_too(void **state)
{
    (void)state;
    int sale = fairs_sell(a1, at(540, 100));
    fairs_void(a1, sale, at(540, 100));
    fairs_sell(a1, at(550, 300));
    fairs_send(&hall);
    decide(0, "hold", sale, sale);
    expect(usual, "300 ");
}

static void m29_a_booth_sees_its_own(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    fairs_sell(a1, at(540, 100));
    fairs_sell(b1, at(541, 200));
    expect((struct report_query){ .booth = "A1" }, "100 ");
    ask((struct report_query){ .booth = "A1", .format = REPORT_JSON }, &json);
    assert_null(strstr(buf_text(&json), "B1"));
}

static void m29_without_sales_there_are_no_rows(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"latest\":[],\"hold\"");
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(m29_sales_refunds_and_voids_stand_newest_first),
        AT_A_FAIR(m29_a_row_says_where_and_what),
        AT_A_FAIR(m29_no_more_rows_than_asked_for),
        AT_A_FAIR(m29_the_order_devices_were_heard_in_does_not_matter),
        AT_A_FAIR(m29_other_events_do_not_hide_sales),
        AT_A_FAIR(m29_what_is_on_hold_is_left_out),
        AT_A_FAIR(m29_a_void_of_a_held_sale_is_on_hold_too),
        AT_A_FAIR(m29_a_booth_sees_its_own),
        AT_A_FAIR(m29_without_sales_there_are_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
