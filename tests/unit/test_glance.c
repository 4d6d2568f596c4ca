/*
 * test_glance.c - the organiser's minute: a running fair against the other one
 * and against the day before, at clocks that the tests set.
 *
 * NEW is open 14, 15 and 17 January 2020 (16 is closed), OLD 25 to 27 January
 * 2019. Unless a test says otherwise both sell the same at the same time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "sync/aggregator/report/glance.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

enum { NEW_1 = 20200114, NEW_2 = 20200115, NEW_3 = 20200117 };
enum { OLD_1 = 20190125, OLD_2 = 20190126, OLD_3 = 20190127 };
enum { TEN = 600 };

static struct fairs hall;
static struct fairs_device *new_a1, *new_b1, *old_a1;

/* ---- two fairs a year apart ---------------------------------------------- */

static void add_fair(const char *code, int first_day, int days,
                     const char *compare_with)
{
    struct fair f = { .first_day = first_day,
                      .days = days,
                      .opens_min = 480,
                      .closes_min = 1320,
                      .cut_off_min = 240 };
    snprintf(f.code, sizeof(f.code), "%s", code);
    snprintf(f.name, sizeof(f.name), "Hội chợ %s", code);
    snprintf(f.compare_with, sizeof(f.compare_with), "%s", compare_with);
    if (first_day == NEW_1)
        f.closed[f.n_closed++] = 20200116;
    fairs_fair(&hall, &f);
}

static void add_booth(const char *fair, const char *code, const char *origin)
{
    const struct booth b = { str_of(code), STR("Hạ Long"), str_of(origin),
                             STR(""), 1 };
    fairs_booth(&hall, fair, &b);
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    i18n_init("en");
    add_fair("NEW", NEW_1, 4, "OLD");
    add_fair("OLD", OLD_1, 3, "");
    add_booth("NEW", "A1", "in-province");
    add_booth("NEW", "B1", "other-province");
    add_booth("NEW", "S1", "service");
    add_booth("OLD", "A1", "in-province");
    new_a1 = fairs_device(&hall, "NEW", "A1");
    new_b1 = fairs_device(&hall, "NEW", "B1");
    old_a1 = fairs_device(&hall, "OLD", "A1");
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static void sell(struct fairs_device *d, int day, int minute, int64_t vnd)
{
    fairs_sell(d, (struct deal){ day, minute, "CM", vnd, NULL });
}

static void count(struct fairs_device *d, int day, int minute, int64_t n)
{
    fairs_visits(d, (struct counting){ day, minute, NULL, n, false });
}

/* Day 1 whole: 300.000 in 2 sales, 40 visits; up to 10:00 100.000, 30. */
static void first_day(struct fairs_device *d, int day)
{
    sell(d, day, 540, 100000);
    count(d, day, 550, 30);
    sell(d, day, 1200, 200000);
    count(d, day, 1210, 10);
}

/* Day 2 up to 10:00: 250.000 in 2 sales, one of them taken back in part, 20
 * visits. */
static void second_morning(struct fairs_device *d, int day)
{
    sell(d, day, 545, 200000);
    fairs_refund(d, d->book.n, NULL,
                 (struct deal){ day, 550, "CM", 50000, NULL });
    sell(d, day, 599, 100000);
    count(d, day, 570, 20);
}

static void both_up_to_ten(void)
{
    first_day(new_a1, NEW_1);
    first_day(old_a1, OLD_1);
    second_morning(new_a1, NEW_2);
    second_morning(old_a1, OLD_2);
}

/* ---- asking -------------------------------------------------------------- */

static struct glance look(struct report_query q)
{
    struct glance g;
    BUF(why, MAX_TEXT);
    fairs_send(&hall);
    q.fair = "NEW";
    assert_int_equal(glance_make(hall.store, &q, SILENT_MIN_USUAL, &g, &why),
                     ERR_OK);
    return g;
}

static struct glance look_at(int day, int minute)
{
    fairs_clock(day, minute);
    return look((struct report_query){ .with = NULL });
}

static void is(struct figure f, int64_t n)
{
    assert_true(f.known);
    assert_int_equal(f.n, n);
}

static void unknown(struct figure f)
{
    assert_false(f.known);
}

static void no_growth(const struct glance_row rows[GLANCES])
{
    for (int i = 0; i < GLANCES; i++) {
        is(rows[i].growth, 0);
        assert_int_equal(rows[i].compared.n, rows[i].that.n);
    }
}

static void not_compared(const struct glance_row rows[GLANCES])
{
    for (int i = 0; i < GLANCES; i++) {
        unknown(rows[i].that);
        unknown(rows[i].growth);
    }
}

/* ---- a running fair ------------------------------------------------------ */

static void m30_a_running_fair_never_shows_a_false_fall(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(old_a1, OLD_2, 603, 400000); /* since ten, there alone */
    count(old_a1, OLD_2, 606, 7);
    sell(old_a1, OLD_2, 1100, 800000);
    sell(old_a1, OLD_3, 540, 900000);
    for (int minute = TEN; minute < TEN + 10; minute++) {
        struct glance g = look_at(NEW_2, minute);
        assert_true(g.running);
        assert_int_equal(g.fair_day, 2);
        assert_int_equal(g.why, GLANCE_COMPARED);
        assert_int_equal(g.until_min, TEN);
        is(g.row[GLANCE_NET].now, 250000);
        is(g.to_date[GLANCE_NET].now, 550000);
        no_growth(g.row);
        no_growth(g.to_date);
    }
    struct glance g = look_at(NEW_2, TEN + 10);
    assert_int_equal(g.until_min, TEN + 10);
    is(g.row[GLANCE_NET].that, 650000);
    is(g.row[GLANCE_NET].growth, -6154);
}

static void m30_nor_a_rise_that_is_none(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(new_a1, NEW_2, 603, 300000);
    count(new_a1, NEW_2, 605, 9);
    struct glance g = look_at(NEW_2, 607);
    is(g.row[GLANCE_NET].now, 550000);
    is(g.row[GLANCE_NET].compared, 250000);
    is(g.row[GLANCE_SALES].now, 3);
    is(g.row[GLANCE_VISITS].now, 29);
    is(g.to_date[GLANCE_NET].now, 850000);
    is(g.to_date[GLANCE_NET].compared, 550000);
    no_growth(g.row);
    no_growth(g.to_date);
    sell(old_a1, OLD_2, 604, 300000); /* on both sides */
    g = look_at(NEW_2, 607);
    no_growth(g.row);
    no_growth(g.to_date);
}

static void m29_figures_of_the_day_and_of_the_fair(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(new_b1, NEW_2, 560, 30000);
    struct glance g = look_at(NEW_2, 607);
    assert_string_equal(g.fair, "NEW");
    assert_string_equal(g.with, "OLD");
    assert_string_equal(g.with_name, "Hội chợ OLD");
    assert_int_equal(g.day, NEW_2);
    assert_int_equal(g.fair_days, 3);
    is(g.row[GLANCE_NET].now, 280000);
    is(g.row[GLANCE_SALES].now, 3);
    is(g.row[GLANCE_AVERAGE].now, 93333);
    is(g.row[GLANCE_VISITS].now, 20);
    is(g.row[GLANCE_PER_VISIT].now, 14000);
    is(g.row[GLANCE_NET].growth, 1200);
    is(g.row[GLANCE_AVERAGE].growth, -2533); /* 280/3 against 250/2 */
    is(g.to_date[GLANCE_NET].now, 580000);
    is(g.to_date[GLANCE_SALES].now, 5);
    is(g.to_date[GLANCE_VISITS].now, 60);
    is(g.to_date[GLANCE_PER_VISIT].now, 9667);
    is(g.to_date[GLANCE_NET].growth, 545);
    unknown(g.to_date[GLANCE_NET].yesterday);
    assert_int_equal(g.booths_reporting, 2);
    assert_int_equal(g.booths_expected, 2);
}

static void m30_the_day_before_is_cut_at_the_same_slot(void **state)
{
    (void)state;
    both_up_to_ten();
    struct glance g = look_at(NEW_2, 607);
    assert_int_equal(g.why_yesterday, GLANCE_COMPARED);
    is(g.row[GLANCE_NET].yesterday, 100000);
    is(g.row[GLANCE_NET].growth_yesterday, 15000);
    is(g.row[GLANCE_VISITS].yesterday, 30);
    is(g.row[GLANCE_VISITS].growth_yesterday, -3333);
    g = look_at(NEW_2, 1203);
    is(g.row[GLANCE_NET].yesterday, 100000);
    g = look_at(NEW_2, 1210);
    is(g.row[GLANCE_NET].yesterday, 300000);
}

static void m30_the_first_day_has_no_day_before(void **state)
{
    (void)state;
    first_day(new_a1, NEW_1);
    first_day(old_a1, OLD_1);
    struct glance g = look_at(NEW_1, 1207);
    assert_int_equal(g.fair_day, 1);
    assert_int_equal(g.why_yesterday, GLANCE_NO_SUCH_DAY);
    unknown(g.row[GLANCE_NET].yesterday);
    unknown(g.row[GLANCE_NET].growth_yesterday);
    is(g.row[GLANCE_NET].now, 300000);
    is(g.row[GLANCE_NET].growth, 0);
}

static void m30_what_does_not_exist_is_unknown(void **state)
{
    (void)state;
    sell(old_a1, OLD_1, 540, 5000);
    struct glance g = look_at(NEW_1, TEN);
    is(g.row[GLANCE_NET].now, 0);
    is(g.row[GLANCE_NET].growth, -10000);
    is(g.row[GLANCE_SALES].now, 0);
    is(g.row[GLANCE_VISITS].now, 0);
    unknown(g.row[GLANCE_AVERAGE].now);
    unknown(g.row[GLANCE_AVERAGE].growth);
    unknown(g.row[GLANCE_PER_VISIT].now);
    unknown(g.row[GLANCE_PER_VISIT].that);
    unknown(g.row[GLANCE_VISITS].growth);
}

static void m30_before_the_cut_off_it_is_still_the_day_before(void **state)
{
    (void)state;
    first_day(new_a1, NEW_1);
    first_day(old_a1, OLD_1);
    sell(new_a1, NEW_1, 1461, 10000); /* 00:21 */
    sell(old_a1, OLD_1, 1462, 10000);
    sell(old_a1, OLD_1, 1471, 80000);
    struct glance g = look_at(NEW_1, 1475);
    assert_false(g.running); /* it has closed, and nothing is sold */
    assert_int_equal(g.day, NEW_1);
    assert_int_equal(g.until_min, 1470);
    is(g.row[GLANCE_NET].now, 310000);
    no_growth(g.row);
    g = look_at(NEW_1, 24 * 60 + 240);
    assert_int_equal(g.day, NEW_2);
}

/* Nobody has stood at a gate: that is no fall of 100 %. */
static void m30_visits_that_nobody_counts_have_no_growth(void **state)
{
    (void)state;
    sell(new_a1, NEW_1, 590, 100000);
    sell(old_a1, OLD_1, 590, 100000);
    fairs_visits(old_a1, (struct counting){ OLD_1, 590, NULL, 50, false });
    struct glance g = look_at(NEW_1, TEN);
    is(g.row[GLANCE_VISITS].now, 0);
    is(g.row[GLANCE_VISITS].that, 50);
    unknown(g.row[GLANCE_VISITS].growth);
    unknown(g.to_date[GLANCE_VISITS].growth);
    fairs_visits(new_a1, (struct counting){ NEW_1, 591, NULL, 25, false });
    g = look_at(NEW_1, TEN);
    is(g.row[GLANCE_VISITS].growth, -5000);
    is(g.to_date[GLANCE_VISITS].growth, -5000);
}

/* ---- days that are over -------------------------------------------------- */

static void m30_on_a_closed_day_whole_days_are_compared(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(new_a1, NEW_2, 1100, 50000);
    sell(old_a1, OLD_2, 1200, 150000);
    sell(old_a1, OLD_3, 540, 900000);
    struct glance g = look_at(20200116, 607);
    assert_false(g.running);
    assert_int_equal(g.fair_day, 2);
    assert_int_equal(g.until_min, -1);
    is(g.row[GLANCE_NET].now, 300000);
    is(g.row[GLANCE_NET].that, 400000);
    is(g.row[GLANCE_NET].growth, -2500);
    is(g.row[GLANCE_NET].yesterday, 300000);
    is(g.to_date[GLANCE_NET].now, 600000);
    is(g.to_date[GLANCE_NET].that, 700000);
}

static void m30_a_day_after_a_closed_one_is_the_next_fair_day(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(new_a1, NEW_3, 540, 45000);
    sell(old_a1, OLD_3, 540, 90000);
    struct glance g = look_at(NEW_3, 607);
    assert_int_equal(g.fair_day, 3);
    is(g.row[GLANCE_NET].that, 90000);
    is(g.row[GLANCE_NET].growth, -5000);
    is(g.row[GLANCE_NET].yesterday, 250000);
    is(g.to_date[GLANCE_NET].that, 640000);
}

static void m30_after_the_last_day_whole_fairs_are_compared(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(new_a1, NEW_3, 1200, 45000);
    sell(old_a1, OLD_3, 1300, 90000);
    sell(new_a1, 20200119, 600, 5000); /* outside, but of the whole */
    struct glance g = look_at(20200130, 607);
    assert_false(g.running);
    assert_int_equal(g.fair_day, 3);
    is(g.row[GLANCE_NET].now, 45000);
    is(g.row[GLANCE_NET].that, 90000);
    is(g.to_date[GLANCE_NET].now, 600000);
    is(g.to_date[GLANCE_NET].compared, 600000);
    is(g.to_date[GLANCE_NET].that, 640000);
    is(g.to_date[GLANCE_NET].growth, -625);
}

static void m30_a_day_can_be_asked_for(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(old_a1, OLD_1, 1300, 100000);
    fairs_clock(NEW_2, 607);
    struct glance g = look((struct report_query){ .day = NEW_1 });
    assert_int_equal(g.fair_day, 1);
    assert_false(g.running);
    is(g.row[GLANCE_NET].now, 300000);
    is(g.row[GLANCE_NET].that, 400000);
    is(g.to_date[GLANCE_NET].now, 300000);
    is(g.to_date[GLANCE_NET].growth, -2500);
    g = look((struct report_query){ .day = NEW_2 });
    assert_true(g.running);
    assert_int_equal(g.fair_day, 2);
}

static void m30_before_the_first_day_there_is_nothing(void **state)
{
    (void)state;
    both_up_to_ten();
    struct glance g = look_at(20200113, TEN);
    assert_int_equal(g.fair_day, 0);
    assert_false(g.running);
    assert_int_equal(g.why, GLANCE_NOT_BEGUN);
    assert_int_equal(g.why_yesterday, GLANCE_NOT_BEGUN);
    not_compared(g.row);
    not_compared(g.to_date);
}

/* ---- the other fair ------------------------------------------------------ */

static void m30_published_totals_have_no_part_to_compare_with(void **state)
{
    (void)state;
    const struct figures figures = { .fair = STR("BAO"),
                                     .name = STR("Xuân 2019 (công bố)"),
                                     .days = 6,
                                     .visits = 64800,
                                     .revenue_in_province_vnd = 5553360000,
                                     .revenue_all_vnd = -1 };
    enum change change;
    assert_int_equal(figures_put(hall.store, &figures, &change), ERR_OK);
    both_up_to_ten();
    fairs_clock(NEW_2, 607);
    struct glance g = look((struct report_query){ .with = "BAO" });
    assert_int_equal(g.why, GLANCE_PUBLISHED_ONLY);
    assert_string_equal(g.with_name, "Xuân 2019 (công bố)");
    not_compared(g.row);
    not_compared(g.to_date);
    is(g.row[GLANCE_NET].now, 250000);
    is(g.row[GLANCE_NET].growth_yesterday, 15000);
}

static void m30_a_shorter_fair_has_no_such_day(void **state)
{
    (void)state;
    add_fair("ONE", OLD_1, 1, "");
    both_up_to_ten();
    fairs_clock(NEW_2, 607);
    struct glance g = look((struct report_query){ .with = "ONE" });
    assert_int_equal(g.why, GLANCE_NO_SUCH_DAY);
    not_compared(g.row);
    not_compared(g.to_date);
}

static void m30_a_day_that_still_runs_is_no_match_for_a_whole_one(void **state)
{
    (void)state;
    both_up_to_ten();
    add_fair("LATE", 20200129, 2, "");
    fairs_clock(20200130, 607);
    struct glance g = look((struct report_query){ .with = "LATE" });
    assert_int_equal(g.why, GLANCE_NO_SUCH_DAY); /* there is no third */
    g = look((struct report_query){ .with = "LATE", .day = NEW_2 });
    assert_int_equal(g.why, GLANCE_NO_SUCH_DAY);
    not_compared(g.row);
    g = look((struct report_query){ .with = "LATE", .day = NEW_1 });
    assert_int_equal(g.why, GLANCE_COMPARED);
    fairs_clock(20200131, 607);
    g = look((struct report_query){ .with = "LATE", .day = NEW_2 });
    assert_int_equal(g.why, GLANCE_COMPARED);
}

static void m30_a_fair_against_itself_does_not_grow(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(new_a1, NEW_2, 604, 5000);
    fairs_clock(NEW_2, 607);
    struct glance g = look((struct report_query){ .with = "NEW" });
    assert_int_equal(g.why, GLANCE_COMPARED);
    no_growth(g.row);
    no_growth(g.to_date);
}

static void m30_without_another_fair_there_is_the_reason(void **state)
{
    (void)state;
    both_up_to_ten();
    add_fair("NEW", NEW_1, 4, "");
    struct glance g = look_at(NEW_2, 607);
    assert_int_equal(g.why, GLANCE_NO_OTHER);
    assert_string_equal(g.with, "");
    add_fair("NEW", NEW_1, 4, "GONE");
    g = look_at(NEW_2, 607);
    assert_int_equal(g.why, GLANCE_NO_OTHER);
    is(g.row[GLANCE_NET].now, 250000);
}

/* A fair that does not exist would be refused if it were looked for. */
static void m30_a_booths_own_figures_stand_against_nobodys(void **state)
{
    (void)state;
    both_up_to_ten();
    sell(new_b1, NEW_1, 545, 20000);
    sell(new_b1, NEW_2, 545, 30000);
    fairs_clock(NEW_2, 607);
    struct glance g =
        look((struct report_query){ .with = "GONE", .booth = "B1" });
    assert_int_equal(g.why, GLANCE_OWN_ONLY);
    assert_string_equal(g.with, "");
    assert_string_equal(g.with_name, "");
    not_compared(g.row);
    not_compared(g.to_date);
    is(g.row[GLANCE_NET].now, 30000);
    is(g.row[GLANCE_VISITS].now, 0);
    is(g.row[GLANCE_NET].growth_yesterday, 5000);
    is(g.to_date[GLANCE_NET].now, 50000);
    assert_int_equal(g.booths_expected, 1);
    assert_int_equal(g.booths_reporting, 1);
    assert_int_equal(g.devices, 1);
}

/* ---- the report ---------------------------------------------------------- */

static void heard(int i, int day, int minute, int64_t unsent)
{
    char id[DEVICE_LEN + 1];
    struct heartbeat h = { .seen_ms = day_start_ms(day) + minute * 60000,
                           .unsent = unsent,
                           .program = STR("test") };
    assert_int_equal(store_heartbeat(hall.store, fairs_id(&hall, i, id), &h),
                     ERR_OK);
}

static void ask(enum report_format format, const char *with, const char *booth,
                struct buf *out)
{
    struct report_query q = { .kind = "glance",
                              .fair = "NEW",
                              .with = with,
                              .booth = booth,
                              .format = format };
    BUF(why, MAX_TEXT);
    fairs_send(&hall);
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
}

static void m29_the_report_says_what_the_glance_does(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    BUF(csv, MAX_TEXT);
    both_up_to_ten();
    sell(new_a1, NEW_2, 603, 300000);
    heard(0, NEW_2, 601, 5);
    fairs_clock(NEW_2, 607);
    ask(REPORT_JSON, NULL, NULL, &json);
    text_has(&json, "{\"period\":\"day\",\"name\":\"net_vnd\",\"value\":550000,"
                    "\"compared\":250000,\"that\":250000,\"growth\":0.00,"
                    "\"yesterday\":100000,\"growth_yesterday\":150.00,"
                    "\"unit\":\"vnd\"}");
    text_has(&json, "{\"period\":\"to_date\",\"name\":\"visits\",\"value\":60,"
                    "\"compared\":60,\"that\":60,\"growth\":0.00,"
                    "\"yesterday\":null,\"growth_yesterday\":null,"
                    "\"unit\":\"visits\"}");
    text_has(&json, "\"with\":\"OLD\",\"running\":true,\"fair_day\":2,"
                    "\"fair_days\":3,\"date\":\"2020-01-15\","
                    "\"until\":\"2020-01-15T10:00:00+07:00\","
                    "\"why\":\"compared\",\"why_yesterday\":\"compared\","
                    "\"trust\":{\"booths_reporting\":1,\"booths_expected\":2,"
                    "\"booths_recent\":1,\"devices\":2,\"devices_silent\":1,"
                    "\"events_waiting\":5},"
                    "\"hold\":{\"events\":0,\"amount_vnd\":0}");
    ask(REPORT_CSV, NULL, NULL, &csv);
    text_has(&csv, "period,name,value,compared,that,growth,yesterday,"
                   "growth_yesterday,unit\r\n"
                   "day,net_vnd,550000,250000,250000,0.00,100000,150.00,"
                   "vnd\r\n");
}

static void m30_the_page_names_the_moment_of_the_comparison(void **state)
{
    (void)state;
    BUF(text, MAX_TEXT);
    BUF(own, MAX_TEXT);
    both_up_to_ten();
    fairs_clock(NEW_2, 607);
    ask(REPORT_TEXT, NULL, NULL, &text);
    text_has(&text, "Fair-day 2 of 3, 15/01/2020\n"
                    "Compared with Hội chợ OLD (OLD)\n"
                    "The day is running: growth is up to 10:00 on both sides, "
                    "Now is all there is\n"
                    "Booths heard: 1 of 2, 0 within ten minutes; "
                    "devices silent: 2 of 2\n");
    ask(REPORT_TEXT, "OLD", "A1", &own);
    text_has(&own, "Not compared with another fair: figures of one booth");
    assert_null(strstr(buf_text(&own), "OLD"));
}

/* As `compare` has it: from the hour of closing on nothing runs. */
static void m30_a_day_runs_until_its_hour_of_closing(void **state)
{
    (void)state;
    BUF(text, MAX_TEXT);
    BUF(json, MAX_TEXT);
    both_up_to_ten();
    assert_true(look_at(NEW_2, 1319).running);
    assert_false(look_at(NEW_2, 1320).running);
    ask(REPORT_TEXT, NULL, NULL, &text);
    text_has(&text, "The day has closed: growth is up to 22:00 on both sides, "
                    "Now is all there is\n");
    ask(REPORT_JSON, NULL, NULL, &json);
    text_has(&json, "\"running\":false,");
    text_has(&json, "\"until\":\"2020-01-15T22:00:00+07:00\"");
}

static void m29_what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        struct report_query q;
        const char *why;
    } cases[] = {
        { { .fair = "GONE" }, "no fair of this code has a calendar: GONE" },
        { { .fair = "NEW", .with = "GONE" }, "no such fair: GONE" },
        { { .fair = "NEW", .booth = "Z9" }, "no booth of this code: Z9" },
        { { .fair = "NEW", .booth = "A1A1A1A1A1" },
          "no booth of this code: A1A1A1A1A1" },
        { { .fair = "NEW", .day = 20200116 }, "no such fair-day has begun" },
        { { .fair = "NEW", .day = NEW_3 }, "no such fair-day has begun" },
    };
    fairs_clock(NEW_2, 607);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct glance g;
        BUF(why, MAX_TEXT);
        assert_int_equal(
            glance_make(hall.store, &cases[i].q, SILENT_MIN_USUAL, &g, &why),
            ERR_NOT_FOUND);
        assert_string_equal(buf_text(&why), cases[i].why);
    }
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(m30_a_running_fair_never_shows_a_false_fall),
        AT_A_FAIR(m30_nor_a_rise_that_is_none),
        AT_A_FAIR(m29_figures_of_the_day_and_of_the_fair),
        AT_A_FAIR(m30_the_day_before_is_cut_at_the_same_slot),
        AT_A_FAIR(m30_the_first_day_has_no_day_before),
        AT_A_FAIR(m30_what_does_not_exist_is_unknown),
        AT_A_FAIR(m30_before_the_cut_off_it_is_still_the_day_before),
        AT_A_FAIR(m30_a_day_runs_until_its_hour_of_closing),
        AT_A_FAIR(m30_visits_that_nobody_counts_have_no_growth),
        AT_A_FAIR(m30_on_a_closed_day_whole_days_are_compared),
        AT_A_FAIR(m30_a_day_after_a_closed_one_is_the_next_fair_day),
        AT_A_FAIR(m30_after_the_last_day_whole_fairs_are_compared),
        AT_A_FAIR(m30_a_day_can_be_asked_for),
        AT_A_FAIR(m30_before_the_first_day_there_is_nothing),
        AT_A_FAIR(m30_published_totals_have_no_part_to_compare_with),
        AT_A_FAIR(m30_a_shorter_fair_has_no_such_day),
        AT_A_FAIR(m30_a_day_that_still_runs_is_no_match_for_a_whole_one),
        AT_A_FAIR(m30_a_fair_against_itself_does_not_grow),
        AT_A_FAIR(m30_without_another_fair_there_is_the_reason),
        AT_A_FAIR(m30_a_booths_own_figures_stand_against_nobodys),
        AT_A_FAIR(m29_the_report_says_what_the_glance_does),
        AT_A_FAIR(m30_the_page_names_the_moment_of_the_comparison),
        AT_A_FAIR(m29_what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
