/*
 * test_report_course.c - the fair's revenue added up hour by hour. Both fairs
 * are open from 9 to 12.
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

enum { NEW_1 = 20200114, NEW_2 = 20200115, NEW_3 = 20200117 };
enum { OLD_1 = 20190125, OLD_2 = 20190126, OLD_3 = 20190127 };

static struct fairs hall;
static struct fairs_device *a1, *b1, *old;

static void add_fair(const char *code, int first_day, int days,
                     const char *compare_with)
{
    struct fair f = { .first_day = first_day,
                      .days = days,
                      .opens_min = 540,
                      .closes_min = 720,
                      .cut_off_min = 240 };
    snprintf(f.code, sizeof(f.code), "%s", code);
    snprintf(f.name, sizeof(f.name), "Hội chợ %s", code);
    snprintf(f.compare_with, sizeof(f.compare_with), "%s", compare_with);
    if (first_day == NEW_1)
        f.closed[f.n_closed++] = 20200116;
    fairs_fair(&hall, &f);
}

static void sell(struct fairs_device *d, int day, int minute, int64_t vnd)
{
    fairs_sell(d, (struct deal){ day, minute, "CM", vnd, NULL });
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    i18n_init("en");
    add_fair("NEW", NEW_1, 4, "OLD");
    add_fair("OLD", OLD_1, 3, "");
    a1 = fairs_device(&hall, "NEW", "A1");
    b1 = fairs_device(&hall, "NEW", "B1");
    old = fairs_device(&hall, "OLD", "A1");
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static void ask(struct report_query q, struct buf *out)
{
    BUF(why, MAX_TEXT);
    fairs_send(&hall);
    q.kind = "course";
    q.fair = "NEW";
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
}

static void publish(void)
{
    const struct figures figures = { .fair = STR("BAO"),
                                     .name = STR("Xuân 2019"),
                                     .days = 6,
                                     .visits = 64800,
                                     .revenue_in_province_vnd = -1,
                                     .revenue_all_vnd = 5553360000 };
    enum change change;
    assert_int_equal(figures_put(hall.store, &figures, &change), ERR_OK);
}

static void has_row(const struct buf *json, int day, int hour,
                    const char *figures)
{
    BUF(want, MAX_TEXT);
    static const char *const dates[] = { "2020-01-14", "2020-01-15",
                                         "2020-01-17" };
    buf_printf(&want,
               "{\"moment\":\"%d/%02dh\",\"date\":\"%s\",\"fair_day\":%d,"
               "\"hour\":%d,%s}",
               day, hour, dates[day - 1], day, hour, figures);
    text_has(json, buf_text(&want));
}

/* "net, sum, other's net, other's sum". */
#define ROW(net, sum, date, that, that_sum)                                \
    "\"net_vnd\":" net ",\"cumulative_vnd\":" sum ",\"that_date\":\"" date \
    "\",\"that_net_vnd\":" that ",\"that_cumulative_vnd\":" that_sum

static void m30_sums_grow_over_the_hours_and_days(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, NEW_1, 540, 100000);
    sell(b1, NEW_1, 719, 200000);
    sell(a1, NEW_2, 600, 40000);
    fairs_refund(a1, 2, NULL, (struct deal){ NEW_3, 541, "CM", 10000, NULL });
    sell(old, OLD_1, 600, 5000);
    sell(old, OLD_3, 700, 7000);
    fairs_clock(20200120, 600);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    has_row(&json, 1, 9, ROW("100000", "100000", "2019-01-25", "0", "0"));
    has_row(&json, 1, 10, ROW("0", "100000", "2019-01-25", "5000", "5000"));
    has_row(&json, 1, 11, ROW("200000", "300000", "2019-01-25", "0", "5000"));
    has_row(&json, 2, 10, ROW("40000", "340000", "2019-01-26", "0", "5000"));
    has_row(&json, 3, 9, ROW("-10000", "330000", "2019-01-27", "0", "5000"));
    has_row(&json, 3, 11, ROW("0", "330000", "2019-01-27", "7000", "12000"));
    assert_null(strstr(buf_text(&json), "\"hour\":8"));
    assert_null(strstr(buf_text(&json), "\"hour\":12"));
}

static void m30_an_hour_in_progress_has_no_sum_yet(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, NEW_1, 540, 100000);
    sell(a1, NEW_2, 599, 20000);
    sell(a1, NEW_2, 605, 3000);
    sell(old, OLD_2, 600, 5000);
    fairs_clock(NEW_2, 607);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    has_row(&json, 2, 9, ROW("20000", "120000", "2019-01-26", "0", "0"));
    has_row(&json, 2, 10, ROW("3000", "null", "2019-01-26", "5000", "5000"));
    has_row(&json, 2, 11, ROW("null", "null", "2019-01-26", "0", "5000"));
    has_row(&json, 3, 9, ROW("null", "null", "2019-01-27", "0", "5000"));
    text_has(&json, "\"until\":\"2020-01-15T10:00:00+07:00\"");
    fairs_clock(NEW_2, 660);
    buf_clear(&json);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    has_row(&json, 2, 10, ROW("3000", "123000", "2019-01-26", "5000", "5000"));
    has_row(&json, 2, 11, ROW("0", "null", "2019-01-26", "0", "5000"));
}

static void m30_hours_with_sales_are_shown_also_when_closed(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, NEW_1, 1465, 30000); /* 00:25, still day 1 */
    sell(old, OLD_2, 470, 5000);
    fairs_clock(20200120, 600);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    has_row(&json, 1, 7, ROW("0", "0", "2019-01-25", "0", "0"));
    has_row(&json, 1, 0, ROW("30000", "30000", "2019-01-25", "0", "0"));
    has_row(&json, 2, 7, ROW("0", "30000", "2019-01-26", "5000", "5000"));
    assert_true(strstr(buf_text(&json), "\"1/00h\"") >
                strstr(buf_text(&json), "\"1/23h\""));
}

static void m30_without_a_comparable_fair_its_columns_are_empty(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    publish();
    sell(a1, NEW_1, 540, 100000);
    fairs_clock(20200120, 600);
    ask((struct report_query){ .with = "BAO", .format = REPORT_JSON }, &json);
    text_has(&json, "\"cumulative_vnd\":100000,\"that_date\":null,"
                    "\"that_net_vnd\":null,\"that_cumulative_vnd\":null}");
    text_has(&json, "\"why\":\"published_only\"");
}

static void m30_a_booth_has_its_own_course(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, NEW_1, 540, 100000);
    sell(b1, NEW_1, 540, 2000);
    sell(old, OLD_1, 540, 7);
    fairs_clock(20200120, 600);
    ask((struct report_query){ .booth = "B1", .format = REPORT_JSON }, &json);
    text_has(&json, "\"net_vnd\":2000,\"cumulative_vnd\":2000,"
                    "\"that_date\":null,");
    text_has(&json, "\"why\":\"own_only\"");
}

static void m29_the_last_sum_and_what_is_outside_are_the_total(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    BUF(want, MAX_TEXT);
    int64_t inside = 0, outside = 0;
    for (int i = 0; i < 60; i++) {
        static const int days[] = { NEW_1, NEW_2, 20200116, NEW_3 };
        int64_t vnd = 1000 + i * 37;
        sell(i % 2 ? a1 : b1, days[i % 4], 300 + i * 19, vnd);
        *(i % 4 == 2 ? &outside : &inside) += vnd;
    }
    fairs_clock(20200120, 600);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    buf_printf(&want, "\"cumulative_vnd\":%ld,\"that_date\":\"2019-01-27\"",
               (long)inside);
    text_has(&json, buf_text(&want));
    buf_clear(&want);
    buf_printf(&want,
               "}],\"with\":\"OLD\",\"why\":\"compared\","
               "\"until\":null,\"outside_vnd\":%ld,",
               (long)outside);
    text_has(&json, buf_text(&want));
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(m30_sums_grow_over_the_hours_and_days),
        AT_A_FAIR(m30_an_hour_in_progress_has_no_sum_yet),
        AT_A_FAIR(m30_hours_with_sales_are_shown_also_when_closed),
        AT_A_FAIR(m30_without_a_comparable_fair_its_columns_are_empty),
        AT_A_FAIR(m30_a_booth_has_its_own_course),
        AT_A_FAIR(m29_the_last_sum_and_what_is_outside_are_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
