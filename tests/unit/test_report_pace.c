/*
 * test_report_pace.c - day by day against the other fair's fair-days.
 *
 * NEW is open 14, 15 and 17 January 2020 (16 is closed), OLD 25 to 27 January
 * 2019.
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
    q.kind = "pace";
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

/* NEW has 300.000 on day 1 and 250.000 up to ten on day 2. */
static void trade(void)
{
    sell(a1, NEW_1, 540, 100000);
    sell(b1, NEW_1, 700, 200000);
    fairs_visits(a1, (struct counting){ NEW_1, 550, NULL, 40, false });
    sell(a1, NEW_2, 599, 300000);
    fairs_refund(a1, a1->book.n, NULL,
                 (struct deal){ NEW_2, 599, "CM", 50000, NULL });
    sell(old, OLD_1, 710, 240000);
    sell(old, OLD_2, 598, 250000);
    sell(old, OLD_2, 603, 70000);
    sell(old, OLD_2, 700, 80000);
    sell(old, OLD_3, 700, 90000);
}

static void m30_each_day_stands_beside_the_same_fair_day(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    trade();
    fairs_clock(20200120, 600);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json,
             "\"days\":[{\"date\":\"2020-01-14\",\"fair_day\":1,"
             "\"net_vnd\":300000,\"visits\":40,\"sales\":2,"
             "\"net_so_far_vnd\":300000,\"that_date\":\"2019-01-25\","
             "\"that_net_vnd\":240000,\"that_net_so_far_vnd\":240000,"
             "\"growth\":25.00},"
             "{\"date\":\"2020-01-15\",\"fair_day\":2,\"net_vnd\":250000,"
             "\"visits\":0,\"sales\":1,\"net_so_far_vnd\":250000,"
             "\"that_date\":\"2019-01-26\",\"that_net_vnd\":400000,"
             "\"that_net_so_far_vnd\":400000,\"growth\":-37.50},"
             "{\"date\":\"2020-01-17\",\"fair_day\":3,\"net_vnd\":0,"
             "\"visits\":0,\"sales\":0,\"net_so_far_vnd\":0,"
             "\"that_date\":\"2019-01-27\",\"that_net_vnd\":90000,"
             "\"that_net_so_far_vnd\":90000,\"growth\":-100.00}],"
             "\"with\":\"OLD\",\"why\":\"compared\",\"until\":null,"
             "\"outside_vnd\":0,");
}

static void m30_a_running_day_is_cut_on_both_sides(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    BUF(text, MAX_TEXT);
    trade();
    sell(b1, NEW_2, 605, 11000);
    fairs_clock(NEW_2, 607);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"net_vnd\":261000,\"visits\":0,\"sales\":2,"
                    "\"net_so_far_vnd\":250000,"
                    "\"that_date\":\"2019-01-26\",\"that_net_vnd\":400000,"
                    "\"that_net_so_far_vnd\":250000,\"growth\":0.00},"
                    "{\"date\":\"2020-01-17\",\"fair_day\":3,"
                    "\"net_vnd\":null,\"visits\":null,\"sales\":null,"
                    "\"net_so_far_vnd\":null,\"that_date\":\"2019-01-27\","
                    "\"that_net_vnd\":90000,\"that_net_so_far_vnd\":90000,"
                    "\"growth\":null}]");
    text_has(&json, "\"until\":\"2020-01-15T10:00:00+07:00\"");
    ask((struct report_query){ .format = REPORT_TEXT }, &text);
    text_has(&text,
             "Date        revenue  compared     fair  compared    Growth\n"
             "14/01/2020  300.000   300.000  240.000   240.000  +25,00 %\n"
             "15/01/2020  261.000   250.000  400.000   250.000    0,00 %\n");
    text_has(&text, "The day is running: it is compared up to 10:00\n");
}

static void m30_published_totals_have_no_days(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    BUF(text, MAX_TEXT);
    publish();
    trade();
    fairs_clock(20200120, 600);
    ask((struct report_query){ .with = "BAO", .format = REPORT_JSON }, &json);
    text_has(&json, "\"net_so_far_vnd\":300000,\"that_date\":null,"
                    "\"that_net_vnd\":null,\"that_net_so_far_vnd\":null,"
                    "\"growth\":null}");
    text_has(&json, "\"with\":\"BAO\",\"why\":\"published_only\"");
    ask((struct report_query){ .with = "BAO", .format = REPORT_TEXT }, &text);
    text_has(&text, "Not compared with another fair: the other fair is known "
                    "by its published totals alone");
}

static void m30_a_day_still_running_there_is_not_shown(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    add_fair("OLD", 20200119, 2, "");
    sell(old, 20200119, 700, 1000);
    sell(old, 20200120, 580, 2000);
    trade();
    fairs_clock(20200120, 600);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"that_date\":\"2020-01-19\",\"that_net_vnd\":1000,"
                    "\"that_net_so_far_vnd\":1000,\"growth\":29900.00}");
    text_has(&json, "\"that_date\":\"2020-01-20\",\"that_net_vnd\":null,"
                    "\"that_net_so_far_vnd\":null,\"growth\":null}");
    text_has(&json, "\"fair_day\":3,\"net_vnd\":0,\"visits\":0,\"sales\":0,"
                    "\"net_so_far_vnd\":0,\"that_date\":null,");
}

static void m30_what_lies_outside_the_calendar_is_named(void **state)
{
    (void)state;
    BUF(text, MAX_TEXT);
    sell(a1, 20200116, 600, 70000);
    sell(a1, NEW_1 - 1, 600, 5000);
    fairs_clock(20200120, 600);
    ask((struct report_query){ .format = REPORT_TEXT }, &text);
    text_has(&text, "Outside the calendar and in no row, in đồng: 75.000\n");
}

static void m30_a_booth_stands_against_nobody(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    trade();
    fairs_clock(20200120, 600);
    ask((struct report_query){ .booth = "B1", .format = REPORT_JSON }, &json);
    text_has(&json, "\"fair_day\":1,\"net_vnd\":200000,");
    text_has(&json, "\"that_net_vnd\":null,");
    text_has(&json, "\"with\":\"\",\"why\":\"own_only\"");
    assert_null(strstr(buf_text(&json), "OLD"));
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(m30_each_day_stands_beside_the_same_fair_day),
        AT_A_FAIR(m30_a_running_day_is_cut_on_both_sides),
        AT_A_FAIR(m30_published_totals_have_no_days),
        AT_A_FAIR(m30_a_day_still_running_there_is_not_shown),
        AT_A_FAIR(m30_what_lies_outside_the_calendar_is_named),
        AT_A_FAIR(m30_a_booth_stands_against_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
