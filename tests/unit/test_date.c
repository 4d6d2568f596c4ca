/*
 * test_date.c - the calendar, the fair-day's cut-off and the 10-minute slots.
 */
#include "fair/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The moment of a local time written "2020-01-14T09:30[:05]". */
static int64_t at(const char *time)
{
    int64_t ms;
    assert_int_equal(time_parse(str_of(time), &ms), ERR_OK);
    return ms;
}

/* ---- days ---- */

static void a_day_exists_in_the_gregorian_calendar_or_is_invalid(void **state)
{
    static const struct {
        int day;
        bool valid;
    } cases[] = {
        { 20200114, true },   { 20200229, true },  { 20000229, true },
        { 20190229, false },  { 24000229, true },  { 25000229, false },
        { 21000229, false },  { 20200230, false }, { 20200431, false },
        { 20200430, true },   { 20201231, true },  { 20201232, false },
        { 20200100, false },  { 20200001, false }, { 20201301, false },
        { 19700101, true },   { 19691231, false }, { 99991231, true },
        { 100000101, false }, { 0, false },        { -20200114, false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(day_valid(cases[i].day), cases[i].valid);
}

static void adding_days_crosses_months_and_leap_days(void **state)
{
    static const struct {
        int day, days, sum;
    } cases[] = {
        { 20200114, 0, 20200114 },         { 20200114, 6, 20200120 },
        { 20200131, 1, 20200201 },         { 20200228, 1, 20200229 },
        { 20200229, 1, 20200301 },         { 20190228, 1, 20190301 },
        { 21000228, 1, 21000301 },         { 20000228, 1, 20000229 },
        { 20191231, 1, 20200101 },         { 20200101, -1, 20191231 },
        { 20200301, -1, 20200229 },        { 20200229, 365, 20210228 },
        { 19700101, 2932896, 99991231 },   { 99991231, -2932896, 19700101 },
        { 99991231, 1, 99991231 },         { 19700101, -1, 19700101 },
        { 20200114, INT32_MAX, 99991231 }, { 20200114, INT32_MIN, 19700101 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(day_add(cases[i].day, cases[i].days), cases[i].sum);
}

static void differences_are_signed(void **state)
{
    (void)state;
    assert_int_equal(day_diff(20200120, 20200114), 6);
    assert_int_equal(day_diff(20200114, 20200120), -6);
    assert_int_equal(day_diff(20200301, 20200228), 2);
    assert_int_equal(day_diff(99991231, 19700101), 2932896);
    assert_int_equal(day_diff(20200114, 20200114), 0);
}

/* Days of a month, by a rule of our own. */
static int length_of(int year, int month)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && leap);
}

/* The date after a date, by the same rule. */
static int next_of(int day)
{
    int year = day / 10000, month = day / 100 % 100, date = day % 100;
    if (date < length_of(year, month))
        return day + 1;
    if (month < 12)
        return year * 10000 + (month + 1) * 100 + 1;
    return (year + 1) * 10000 + 101;
}

static void every_day_of_400_years_follows_the_one_before(void **state)
{
    (void)state;
    int day = 19700101, count = 0;
    for (; day < 23700101; day = next_of(day), count++) {
        assert_true(day_valid(day));
        assert_int_equal(day_add(day, 1), next_of(day));
        assert_int_equal(day_diff(day, 19700101), count);
        assert_int_equal(day_of_ms(day_start_ms(day)), day);
        assert_int_equal(day_of_ms(day_start_ms(day) + DAY_MS - 1), day);
    }
    assert_int_equal(count, 146097);
}

/* ---- moments ---- */

static void local_time_is_seven_hours_ahead_of_utc(void **state)
{
    static const struct {
        const char *time;
        int64_t ms;
    } cases[] = {
        { "1970-01-01T00:00:00", -25200000 },
        { "1970-01-01T06:59:59", -1000 },
        { "1970-01-01T07:00:00", 0 },
        { "2000-02-29T12:00:00", 951800400000 },
        { "2020-01-14T09:30:05", 1578969005000 },
        { "2020-02-29T00:00:00", 1582909200000 },
        { "2024-12-31T23:59:59", 1735664399000 },
        { "2100-03-01T00:00:00", 4107517200000 },
        { "9999-12-31T23:59:59", 253402275599000 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(at(cases[i].time), cases[i].ms);
        BUF(b, 40);
        BUF(expected, 40);
        time_render(&b, cases[i].ms);
        buf_printf(&expected, "%s+07:00", cases[i].time);
        assert_string_equal(buf_text(&b), buf_text(&expected));
    }
}

static void a_moment_beyond_the_calendar_is_its_first_or_last(void **state)
{
    static const struct {
        int64_t ms;
        int day;
        const char *time;
    } cases[] = {
        { INT64_MIN, 19700101, "1970-01-01T00:00:00+07:00" },
        { -25200001, 19700101, "1970-01-01T00:00:00+07:00" },
        { 253402275600000, 99991231, "9999-12-31T23:59:59+07:00" },
        { INT64_MAX, 99991231, "9999-12-31T23:59:59+07:00" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(b, 40);
        time_render(&b, cases[i].ms);
        assert_string_equal(buf_text(&b), cases[i].time);
        assert_int_equal(day_of_ms(cases[i].ms), cases[i].day);
        assert_in_range(fair_day_of_ms(cases[i].ms, 240), 19700101, 99991231);
        assert_in_range(slot_of(cases[i].ms, 20200114), 0, SLOTS_MAX - 1);
    }
}

static void a_fair_day_ends_at_the_cut_off_of_the_next_date(void **state)
{
    static const struct {
        const char *time;
        int cut_off, day;
    } cases[] = {
        { "2020-01-14T04:00", 240, 20200114 },
        { "2020-01-14T03:59:59", 240, 20200113 },
        { "2020-01-15T03:59:59", 240, 20200114 },
        { "2020-01-15T00:00", 240, 20200114 },
        { "2020-01-14T23:59:59", 240, 20200114 },
        { "2020-01-14T00:00", 0, 20200114 },
        { "2020-01-13T23:59:59", 0, 20200113 },
        { "2020-01-14T23:58:59", 1439, 20200113 },
        { "2020-01-14T23:59", 1439, 20200114 },
        { "2020-03-01T02:00", 240, 20200229 },
        { "2020-01-01T02:00", 240, 20191231 },
        { "1970-01-01T02:00", 240, 19700101 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(fair_day_of_ms(at(cases[i].time), cases[i].cut_off),
                         cases[i].day);
}

static void a_slot_counts_ten_minutes_from_local_midnight(void **state)
{
    static const struct {
        const char *name, *time;
        int slot;
    } cases[] = {
        { "midnight", "2020-01-14T00:00", 0 },
        { "last second of a slot", "2020-01-14T00:09:59", 0 },
        { "next slot", "2020-01-14T00:10", 1 },
        { "morning", "2020-01-14T09:30:05", 57 },
        { "last of the date", "2020-01-14T23:59:59", SLOTS_PER_DAY - 1 },
        { "after midnight", "2020-01-15T00:00", SLOTS_PER_DAY },
        { "before the cut-off", "2020-01-15T03:59:59", 167 },
        { "last of 48 hours", "2020-01-15T23:59:59", SLOTS_MAX - 1 },
        { "two days late: time of day", "2020-01-16T00:00", 0 },
        { "clock years ahead", "2035-06-01T09:30", 57 },
        { "a day early", "2020-01-13T23:59:59", 143 },
        { "clock years behind", "1999-06-01T09:30", 57 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int slot = slot_of(at(cases[i].time), 20200114);
        if (slot != cases[i].slot)
            fail_msg("%s: slot %d", cases[i].name, slot);
    }
}

/* ---- reading ---- */

static void a_date_is_written_in_exactly_ten_characters(void **state)
{
    static const struct {
        const char *text;
        int day; /* 0: refused */
    } cases[] = {
        { "2020-01-14", 20200114 },
        { "2020-02-29", 20200229 },
        { "1970-01-01", 19700101 },
        { "9999-12-31", 99991231 },
        { "2019-02-29", 0 },
        { "2020-13-01", 0 },
        { "2020-00-10", 0 },
        { "2020-01-00", 0 },
        { "2020-01-32", 0 },
        { "1969-12-31", 0 },
        { "2020-99-99", 0 },
        { "2020-1-14", 0 },
        { "20200114", 0 },
        { "14/01/2020", 0 },
        { "2020/01/14", 0 },
        { "2020-01-14 ", 0 },
        { "+020-01-14", 0 },
        { "2020-01--1", 0 },
        { "", 0 },
        { "2020-01-1:", 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int day = 0;
        enum err e = day_parse(str_of(cases[i].text), &day);
        assert_int_equal(e, cases[i].day ? ERR_OK : ERR_INVALID);
        assert_int_equal(day, cases[i].day);
    }
}

static void a_time_has_minutes_and_perhaps_seconds(void **state)
{
    static const char *bad[] = {
        "2020-01-14",
        "2020-01-14T",
        "2020-01-14T9:30",
        "2020-01-14 09:30",
        "2020-01-14T24:00",
        "2020-01-14T09:60",
        "2020-01-14T09:30:60",
        "2020-01-14T09:30:",
        "2020-01-14T09:30:5",
        "2020-01-14T09:30:05Z",
        "2020-01-14T09:30:05+07:00",
        "2020-02-30T09:30",
        "2020-01-14t09:30",
        "",
        "2020-01-14T09-30",
        "2020-01-14T-9:30",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t ms = 4711;
        assert_int_equal(time_parse(str_of(bad[i]), &ms), ERR_INVALID);
        assert_int_equal(ms, 4711);
    }
    assert_int_equal(at("2020-01-14T09:30"), at("2020-01-14T09:30:00"));
    assert_int_equal(at("2020-01-14T23:59:59") + 1000, at("2020-01-15T00:00"));
}

static void a_clock_time_is_hh_mm(void **state)
{
    static const struct {
        const char *text;
        int minutes; /* -1: refused */
    } cases[] = {
        { "00:00", 0 },  { "04:00", 240 }, { "23:59", 1439 },  { "24:00", -1 },
        { "09:60", -1 }, { "9:30", -1 },   { "09:30:00", -1 }, { "0930", -1 },
        { "", -1 },      { "-1:30", -1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int minutes = -1;
        enum err e = hhmm_parse(str_of(cases[i].text), &minutes);
        assert_int_equal(e, cases[i].minutes < 0 ? ERR_INVALID : ERR_OK);
        assert_int_equal(minutes, cases[i].minutes);
    }
}

/* ---- writing ---- */

static void days_and_clocks_are_written_for_programs_and_people(void **state)
{
    (void)state;
    BUF(b, 200);
    day_render(&b, 20200114);
    buf_putc(&b, ' ');
    day_render_people(&b, 20200903);
    buf_putc(&b, ' ');
    clock_render(&b, at("2020-01-14T09:05:59"));
    buf_putc(&b, ' ');
    clock_render(&b, at("2020-01-14T00:00"));
    buf_putc(&b, ' ');
    hhmm_render(&b, 1439);
    assert_string_equal(buf_text(&b), "2020-01-14 03/09/2020 09:05 00:00 "
                                      "23:59");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_exists_in_the_gregorian_calendar_or_is_invalid),
        cmocka_unit_test(adding_days_crosses_months_and_leap_days),
        cmocka_unit_test(differences_are_signed),
        cmocka_unit_test(every_day_of_400_years_follows_the_one_before),
        cmocka_unit_test(local_time_is_seven_hours_ahead_of_utc),
        cmocka_unit_test(a_moment_beyond_the_calendar_is_its_first_or_last),
        cmocka_unit_test(a_fair_day_ends_at_the_cut_off_of_the_next_date),
        cmocka_unit_test(a_slot_counts_ten_minutes_from_local_midnight),
        cmocka_unit_test(a_date_is_written_in_exactly_ten_characters),
        cmocka_unit_test(a_time_has_minutes_and_perhaps_seconds),
        cmocka_unit_test(a_clock_time_is_hh_mm),
        cmocka_unit_test(days_and_clocks_are_written_for_programs_and_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
