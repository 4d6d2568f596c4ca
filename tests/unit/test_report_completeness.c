/*
 * test_report_completeness.c - what was measured, and estimates of the rest.
 *
 * NEW has five in-province booths A1…A5, two of other provinces B1, B2, one
 * foreign C1, a service S1; it is open 14 and 15 January 2020.
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

enum { NEW_1 = 20200114, NEW_2 = 20200115, LATER = 20200120 };

static struct fairs hall;
static struct fairs_device *a1, *a2, *a3, *b1, *s1;

static void add_booth(const char *code, const char *origin)
{
    const struct booth b = { str_of(code), STR("Hạ Long"), str_of(origin),
                             STR(""), 1 };
    fairs_booth(&hall, "NEW", &b);
}

static int open_hall(void **state)
{
    static const struct {
        const char *code, *origin;
    } booths[] = {
        { "A1", "in-province" },    { "A2", "in-province" },
        { "A3", "in-province" },    { "A4", "in-province" },
        { "A5", "in-province" },    { "B1", "other-province" },
        { "B2", "other-province" }, { "C1", "foreign" },
        { "S1", "service" },
    };
    const struct fair fair = { .code = "NEW",
                               .name = "Hội chợ",
                               .first_day = NEW_1,
                               .days = 2,
                               .cut_off_min = 240 };
    (void)state;
    fairs_open(&hall);
    i18n_init("en");
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++)
        add_booth(booths[i].code, booths[i].origin);
    a1 = fairs_device(&hall, "NEW", "A1");
    a2 = fairs_device(&hall, "NEW", "A2");
    a3 = fairs_device(&hall, "NEW", "A3");
    b1 = fairs_device(&hall, "NEW", "B1");
    s1 = fairs_device(&hall, "NEW", "S1");
    fairs_clock(LATER, 600);
    return 0;
}

static void sell(struct fairs_device *d, int day, int64_t vnd)
{
    fairs_sell(d, (struct deal){ day, 600, "CM", vnd, NULL });
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
    q.kind = "completeness";
    q.fair = "NEW";
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
}

static void n03_missing_booths_count_as_their_origins_average(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, NEW_1, 100000);
    sell(a2, NEW_1, 50000);
    sell(a3, NEW_1, 50); /* 150.050 of three: two missing are 100.033,33 */
    sell(b1, NEW_1, 30001);
    sell(s1, NEW_1, 700);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json,
             "\"days\":[{\"date\":\"2020-01-14\",\"fair_day\":1,"
             "\"measured_net_vnd\":180751,\"booths_reporting\":4,"
             "\"booths_expected\":8,\"coverage_pct\":50.00,"
             "\"estimated_missing_vnd\":130034,"
             "\"estimated_total_vnd\":310785,\"booths_not_estimated\":1},");
}

static void n03_without_any_report_there_is_no_estimate(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, NEW_1, 100000);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json,
             "{\"date\":\"2020-01-15\",\"fair_day\":2,"
             "\"measured_net_vnd\":0,\"booths_reporting\":0,"
             "\"booths_expected\":8,\"coverage_pct\":0.00,"
             "\"estimated_missing_vnd\":null,\"estimated_total_vnd\":null,"
             "\"booths_not_estimated\":8}]");
    text_has(&json, "\"totals\":{\"measured_net_vnd\":100000,"
                    "\"booths_reporting\":1,\"booths_expected\":16,"
                    "\"coverage_pct\":6.25,\"estimated_missing_vnd\":400000,"
                    "\"estimated_total_vnd\":500000,"
                    "\"booths_not_estimated\":11}");
}

static void n03_rounding_is_half_away_from_zero(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    add_booth("A4", "foreign"); /* leaves one missing beside A1, A2 */
    add_booth("A5", "foreign");
    add_booth("A3", "foreign");
    add_booth("C1", "in-province");
    sell(a1, NEW_1, 1000);
    sell(a2, NEW_1, 1);
    fairs_refund(a1, 0, "Z9-1-2", (struct deal){ NEW_2, 600, "CM", 4, NULL });
    fairs_refund(a2, 0, "Z9-1-3", (struct deal){ NEW_2, 600, "CM", 1, NULL });
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"estimated_missing_vnd\":501,");
    text_has(&json, "\"measured_net_vnd\":-5,\"booths_reporting\":2,"
                    "\"booths_expected\":8,\"coverage_pct\":25.00,"
                    "\"estimated_missing_vnd\":-3,"
                    "\"estimated_total_vnd\":-8,");
}

static void n03_nothing_is_added_to_what_was_measured(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    BUF(days, MAX_TEXT);
    BUF(why, MAX_TEXT);
    struct report_query q = { .kind = "days",
                              .fair = "NEW",
                              .format = REPORT_JSON };
    for (int i = 0; i < 30; i++)
        sell(i % 3 ? a1 : b1, i % 2 ? NEW_1 : NEW_2, 1000 + i * 7);
    sell(a3, 20200113, 11);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    assert_int_equal(report_make(hall.store, &q, &days, &why), ERR_OK);
    const char *m = buf_text(&json), *d = buf_text(&days);
    for (int i = 0; i < 4; i++) { /* three days and the totals */
        m = strstr(m, "\"measured_net_vnd\":");
        d = strstr(d, "\"net_vnd\":");
        assert_non_null(m);
        assert_non_null(d);
        m += strlen("\"measured_net_vnd\":");
        d += strlen("\"net_vnd\":");
        assert_int_equal(strtoll(m, NULL, 10), strtoll(d, NULL, 10));
    }
}

static void n03_a_full_house_lacks_nothing(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(b1, NEW_1, 30000);
    add_booth("B2", "service");
    ask((struct report_query){ .origin = "other-province",
                               .format = REPORT_JSON },
        &json);
    text_has(&json, "\"booths_reporting\":1,\"booths_expected\":1,"
                    "\"coverage_pct\":100.00,\"estimated_missing_vnd\":0,"
                    "\"estimated_total_vnd\":30000,"
                    "\"booths_not_estimated\":0}");
}

static void n03_days_to_come_are_not_missing(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    fairs_clock(NEW_1, 700);
    sell(a1, NEW_1, 1000);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    assert_null(strstr(buf_text(&json), "2020-01-15"));
    text_has(&json, "\"booths_reporting\":1,\"booths_expected\":8,"
                    "\"coverage_pct\":12.50,");
}

static void n03_days_outside_the_calendar_expect_nobody(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, 20200116, 5000);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json,
             "{\"date\":\"2020-01-16\",\"fair_day\":null,"
             "\"measured_net_vnd\":5000,\"booths_reporting\":null,"
             "\"booths_expected\":null,\"coverage_pct\":null,"
             "\"estimated_missing_vnd\":null,\"estimated_total_vnd\":null,"
             "\"booths_not_estimated\":null}]");
}

static void n03_what_waits_on_devices_is_told(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    BUF(json, MAX_TEXT);
    BUF(text, MAX_TEXT);
    struct heartbeat h = { .seen_ms = 1, .unsent = 12, .program = STR("t") };
    assert_int_equal(store_heartbeat(hall.store, fairs_id(&hall, 0, id), &h),
                     ERR_OK);
    h.unsent = 30;
    assert_int_equal(store_heartbeat(hall.store, fairs_id(&hall, 4, id), &h),
                     ERR_OK);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"events_waiting\":42,");
    ask((struct report_query){ .format = REPORT_TEXT }, &text);
    text_has(&text, "Events waiting on devices, as told last: 42\n");
    text_has(&text, "Estimated:");
    text_has(&text, "missing booths × net / booths heard");
}

static void n03_a_booth_is_not_estimated_from_others(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(a1, NEW_1, 100000);
    ask((struct report_query){ .booth = "A2", .format = REPORT_JSON }, &json);
    text_has(&json, "\"totals\":{\"measured_net_vnd\":0,"
                    "\"booths_reporting\":0,\"booths_expected\":2,"
                    "\"coverage_pct\":0.00,\"estimated_missing_vnd\":null,");
    assert_null(strstr(buf_text(&json), "100000"));
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(n03_missing_booths_count_as_their_origins_average),
        AT_A_FAIR(n03_without_any_report_there_is_no_estimate),
        AT_A_FAIR(n03_rounding_is_half_away_from_zero),
        AT_A_FAIR(n03_nothing_is_added_to_what_was_measured),
        AT_A_FAIR(n03_a_full_house_lacks_nothing),
        AT_A_FAIR(n03_days_to_come_are_not_missing),
        AT_A_FAIR(n03_days_outside_the_calendar_expect_nobody),
        AT_A_FAIR(n03_what_waits_on_devices_is_told),
        AT_A_FAIR(n03_a_booth_is_not_estimated_from_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
