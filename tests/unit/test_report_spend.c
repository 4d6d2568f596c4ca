/*
 * test_report_spend.c - đồng per visit and sales per visit, by hour and gate.
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

enum { NEW_1 = 20200114, NEW_2 = 20200115 };

static struct fairs hall;
static struct fairs_device *a1, *gates;

static int open_hall(void **state)
{
    const struct fair fair = { .code = "NEW",
                               .name = "Hội chợ",
                               .first_day = NEW_1,
                               .days = 2,
                               .cut_off_min = 240 };
    (void)state;
    fairs_open(&hall);
    i18n_init("en");
    fairs_fair(&hall, &fair);
    a1 = fairs_device(&hall, "NEW", "A1");
    gates = fairs_device(&hall, "NEW", "S1");
    fairs_clock(20200120, 600);
    return 0;
}

static void sell(int day, int minute, int64_t vnd)
{
    fairs_sell(a1, (struct deal){ day, minute, "CM", vnd, NULL });
}

static void count(int day, int minute, const char *gate, int64_t n, bool guess)
{
    fairs_visits(gates, (struct counting){ day, minute, gate, n, guess });
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
    q.kind = "spend";
    q.fair = "NEW";
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
}

static void n08_each_hour_has_its_spend_and_its_gates(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(NEW_1, 540, 100000);
    sell(NEW_1, 599, 50000);
    fairs_refund(a1, 2, NULL, (struct deal){ NEW_1, 595, "CM", 1000, NULL });
    count(NEW_1, 541, "G1", 40, false);
    count(NEW_1, 580, "G2", 20, true);
    count(NEW_1, 590, NULL, 3, false);
    count(NEW_1, 592, "G1", -3, false);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json,
             "\"hours\":[{\"date\":\"2020-01-14\",\"fair_day\":1,"
             "\"hour\":9,\"gate\":null,\"visits\":60,\"estimated\":20,"
             "\"estimated_pct\":33.33,\"gate_pct\":null,"
             "\"net_vnd\":149000,\"sales\":2,\"vnd_per_visit\":2483,"
             "\"sales_per_100_visits\":3.33},"
             "{\"date\":\"2020-01-14\",\"fair_day\":1,\"hour\":9,"
             "\"gate\":\"G1\",\"visits\":37,\"estimated\":0,"
             "\"estimated_pct\":0.00,\"gate_pct\":61.67,\"net_vnd\":null,"
             "\"sales\":null,\"vnd_per_visit\":null,"
             "\"sales_per_100_visits\":null},"
             "{\"date\":\"2020-01-14\",\"fair_day\":1,\"hour\":9,"
             "\"gate\":\"G2\",\"visits\":20,\"estimated\":20,"
             "\"estimated_pct\":100.00,\"gate_pct\":33.33,");
    text_has(&json, "}],\"totals\":{\"visits\":60,\"estimated\":20,"
                    "\"estimated_pct\":33.33,\"net_vnd\":149000,\"sales\":2,"
                    "\"vnd_per_visit\":2483,\"sales_per_100_visits\":3.33}");
}

static void n08_without_visits_there_are_no_ratios(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    sell(NEW_2, 600, 70000);
    count(NEW_2, 660, "G1", 5, false);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"hour\":10,\"gate\":null,\"visits\":0,\"estimated\":0,"
                    "\"estimated_pct\":null,\"gate_pct\":null,"
                    "\"net_vnd\":70000,\"sales\":1,\"vnd_per_visit\":null,"
                    "\"sales_per_100_visits\":null},");
    text_has(&json, "\"hour\":11,\"gate\":null,\"visits\":5,\"estimated\":0,"
                    "\"estimated_pct\":0.00,\"gate_pct\":null,"
                    "\"net_vnd\":0,\"sales\":0,\"vnd_per_visit\":0,"
                    "\"sales_per_100_visits\":0.00},");
}

static void n08_only_the_fairs_gates_count(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    struct str listed[] = { STR("G1") };
    enum change change;
    sell(NEW_1, 540, 10000);
    count(NEW_1, 541, "G1", 8, false);
    count(NEW_1, 542, "A1", 100, false);
    count(NEW_1, 543, NULL, 100, false);
    assert_int_equal(gates_put(hall.store, STR("NEW"), listed, 1, &change),
                     ERR_OK);
    ask((struct report_query){ .format = REPORT_JSON }, &json);
    text_has(&json, "\"gate\":null,\"visits\":8,");
    text_has(&json, "\"vnd_per_visit\":1250,\"sales_per_100_visits\":12.50}");
    text_has(&json, "\"gate\":\"G1\",\"visits\":8,");
    assert_null(strstr(buf_text(&json), "\"A1\""));
}

static void n08_the_counters_error_is_stated(void **state)
{
    (void)state;
    BUF(text, MAX_TEXT);
    count(NEW_1, 541, "G1", 7, false);
    count(NEW_1, 541, "G1", 1, true);
    ask((struct report_query){ .format = REPORT_TEXT }, &text);
    text_has(&text, "Error of the counters: visits that were estimated, in "
                    "per cent: 12,50\n");
}

/* Sums of rows without a gate, of one column of the CSV. */
static int64_t column_sum(const struct buf *csv, int column)
{
    int64_t sum = 0;
    const char *line = strstr(csv->data, "\r\n");
    while (line && line[2]) {
        const char *field = line + 2;
        bool whole = false;
        for (int i = 0; i < column; i++) {
            if (i == 3)
                whole = field[0] == ',';
            field = strchr(field, ',') + 1;
        }
        if (whole)
            sum += strtoll(field, NULL, 10);
        line = strstr(line + 2, "\r\n");
    }
    return sum;
}

static void n08_the_hours_sum_to_the_events(void **state)
{
    (void)state;
    BUF(csv, MAX_TEXT);
    int64_t visits = 0, guessed = 0, net = 0;
    for (int i = 0; i < 50; i++) {
        static const char *const names[] = { "G1", "G2", "G3", NULL };
        sell(i % 3 ? NEW_1 : NEW_2, 480 + i * 23, 1000 + i);
        count(i % 3 ? NEW_2 : NEW_1, 480 + i * 21, names[i % 4], i, i % 5 == 0);
        net += 1000 + i;
        visits += i;
        guessed += i % 5 == 0 ? i : 0;
    }
    ask((struct report_query){ .format = REPORT_CSV }, &csv);
    assert_int_equal(column_sum(&csv, 4), visits);
    assert_int_equal(column_sum(&csv, 5), guessed);
    assert_int_equal(column_sum(&csv, 8), net);
    assert_int_equal(column_sum(&csv, 9), 50);
}

static void n08_a_booth_may_not_see_the_fairs_visits(void **state)
{
    (void)state;
    struct report_query q = { .kind = "spend", .fair = "NEW", .booth = "A1" };
    BUF(out, MAX_TEXT);
    BUF(why, MAX_TEXT);
    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_NOT_MAY);
    assert_int_equal(out.len, 0);
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(n08_each_hour_has_its_spend_and_its_gates),
        AT_A_FAIR(n08_without_visits_there_are_no_ratios),
        AT_A_FAIR(n08_only_the_fairs_gates_count),
        AT_A_FAIR(n08_the_counters_error_is_stated),
        AT_A_FAIR(n08_the_hours_sum_to_the_events),
        AT_A_FAIR(n08_a_booth_may_not_see_the_fairs_visits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
