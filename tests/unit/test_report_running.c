/*
 * test_report_running.c - the comparison of a fair that runs: two fairs that
 * sell the same at the same time do not differ, whatever the clock shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "sync/aggregator/report/report.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

enum { NEW_1 = 20200114, NEW_2 = 20200115, OLD_1 = 20190125, OLD_2 = 20190126 };

static struct fairs hall;
static struct fairs_device *now_here, *then;

static struct fairs_device *a_fair(const char *code, int first_day)
{
    const struct booth a1 = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                              STR(""), 1 };
    struct fair f = { .first_day = first_day, .days = 3, .cut_off_min = 240 };
    memcpy(f.code, code, strlen(code));
    memcpy(f.name, code, strlen(code));
    fairs_fair(&hall, &f);
    fairs_booth(&hall, code, &a1);
    return fairs_device(&hall, code, "A1");
}

static void sell(struct fairs_device *d, int day, int minute, int64_t vnd)
{
    fairs_sell(d, (struct deal){ day, minute, "CM", vnd, NULL });
    fairs_visits(d, (struct counting){ day, minute, NULL, 5, false });
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    i18n_init("en");
    now_here = a_fair("NEW", NEW_1);
    then = a_fair("OLD", OLD_1);
    sell(now_here, NEW_1, 700, 100000);
    sell(then, OLD_1, 700, 100000);
    sell(now_here, NEW_2, 599, 200000);
    sell(then, OLD_2, 599, 200000);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static void ask(struct buf *out)
{
    struct report_query q = {
        .kind = "compare", .fair = "NEW", .with = "OLD", .format = REPORT_JSON
    };
    BUF(why, MAX_TEXT);
    fairs_send(&hall);
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
}

static void no_growth_at(int minute)
{
    BUF(json, MAX_TEXT);
    fairs_clock(NEW_2, minute);
    ask(&json);
    text_has(&json, "\"growth_total_pct\":0.00,\"growth_per_day_pct\":0.00},"
                    "\"revenue_vnd\"");
    text_has(&json, "\"that\":300000,");
    text_has(&json, "\"growth_total_pct\":0.00,\"growth_per_day_pct\":0.00},"
                    "\"other_province\"");
    text_has(&json, "\"until\":\"2020-01-15T10:00:00+07:00\",\"compared\":{"
                    "\"visits\":10,\"revenue_vnd\":{\"all\":300000,");
}

static void m30_no_false_fall_when_only_the_other_sold_since(void **state)
{
    (void)state;
    sell(then, OLD_2, 603, 400000);
    sell(then, OLD_2, 900, 800000);
    for (int minute = 600; minute < 610; minute++)
        no_growth_at(minute);
}

static void m30_no_false_rise_when_only_this_one_sold_since(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(now_here, NEW_2, 603, 400000);
    no_growth_at(607);
    ask(&json);
    text_has(&json, "\"visits\":{\"this\":15,\"that\":10,");
    text_has(&json, "\"all\":{\"this\":700000,\"that\":300000,");
}

static void m30_nor_any_change_when_both_did(void **state)
{
    (void)state;
    sell(now_here, NEW_2, 603, 400000);
    sell(then, OLD_2, 608, 400000);
    no_growth_at(607);
}

static void m30_the_slot_counts_once_it_is_over(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(now_here, NEW_2, 603, 450000);
    sell(then, OLD_2, 609, 300000);
    fairs_clock(NEW_2, 610);
    ask(&json);
    text_has(&json, "\"all\":{\"this\":750000,\"that\":600000,"
                    "\"this_per_day\":375000,\"that_per_day\":300000,"
                    "\"growth_total_pct\":25.00,\"growth_per_day_pct\":25.00}");
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(m30_no_false_fall_when_only_the_other_sold_since),
        AT_A_FAIR(m30_no_false_rise_when_only_this_one_sold_since),
        AT_A_FAIR(m30_nor_any_change_when_both_did),
        AT_A_FAIR(m30_the_slot_counts_once_it_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
