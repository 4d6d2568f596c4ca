/*
 * test_glance_trust.c - how far the glance can be trusted: who was heard, who
 * is silent, what waits and what is on hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "sync/aggregator/report/glance.h"
#include "tests/support/fairs.h"

enum { NEW_1 = 20200114, NEW_2 = 20200115 };

static struct fairs hall;
static struct fairs_device *a1, *b1;

/* Open from 8 to 22; 16 January is closed. */
static int open_hall(void **state)
{
    const struct fair fair = { .code = "NEW",
                               .name = "Hội chợ",
                               .first_day = NEW_1,
                               .days = 4,
                               .n_closed = 1,
                               .closed = { 20200116 },
                               .opens_min = 480,
                               .closes_min = 1320,
                               .cut_off_min = 240 };
    const struct booth booths[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""), 1 },
        { STR("B1"), STR("Lào"), STR("foreign"), STR(""), 1 },
        { STR("S1"), STR("Cổng"), STR("service"), STR(""), 1 },
    };
    (void)state;
    fairs_open(&hall);
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++)
        fairs_booth(&hall, "NEW", &booths[i]);
    a1 = fairs_device(&hall, "NEW", "A1");
    b1 = fairs_device(&hall, "NEW", "B1");
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static struct glance look(const char *booth)
{
    struct report_query q = { .fair = "NEW", .booth = booth };
    struct glance g;
    BUF(why, MAX_TEXT);
    fairs_send(&hall);
    assert_int_equal(glance_make(hall.store, &q, SILENT_MIN_USUAL, &g, &why),
                     ERR_OK);
    return g;
}

static struct glance look_at(int day, int minute)
{
    fairs_clock(day, minute);
    return look(NULL);
}

static void sell(struct fairs_device *d, int day, int minute, int64_t vnd)
{
    fairs_sell(d, (struct deal){ day, minute, "CM", vnd, NULL });
}

static void heard(int i, int day, int minute, int64_t unsent)
{
    char id[DEVICE_LEN + 1];
    struct heartbeat h = { .seen_ms = day_start_ms(day) + minute * 60000,
                           .unsent = unsent,
                           .program = STR("test") };
    assert_int_equal(store_heartbeat(hall.store, fairs_id(&hall, i, id), &h),
                     ERR_OK);
}

static void n03_the_glance_says_how_much_it_can_be_trusted(void **state)
{
    (void)state;
    heard(0, NEW_2, 597, 3);
    heard(1, NEW_2, 576, 4);
    struct glance g = look_at(NEW_2, 607);
    assert_int_equal(g.booths_expected, 2);
    assert_int_equal(g.booths_reporting, 0);
    assert_int_equal(g.booths_recent, 1);
    assert_int_equal(g.devices, 2);
    assert_int_equal(g.devices_silent, 1);
    assert_int_equal(g.events_waiting, 7);
    g = look_at(NEW_2, 606); /* thirty minutes are not yet too long */
    assert_int_equal(g.devices_silent, 0);
    g = look_at(NEW_2, 608);
    assert_int_equal(g.booths_recent, 0);
}

static void n03_a_device_may_be_silent_while_the_fair_is_closed(void **state)
{
    (void)state;
    static const struct {
        int day, minute;
        int64_t silent;
    } cases[] = {
        { NEW_2, 8 * 60 - 1, 0 },  { NEW_2, 8 * 60, 0 },
        { NEW_2, 8 * 60 + 29, 0 }, { NEW_2, 8 * 60 + 30, 2 },
        { NEW_2, 22 * 60 - 1, 2 }, { NEW_2, 22 * 60, 0 },
        { 20200116, 12 * 60, 0 },  { 20200201, 12 * 60, 0 },
        { NEW_1 - 1, 12 * 60, 0 },
    };
    heard(0, NEW_1, 1300, 0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(look_at(cases[i].day, cases[i].minute).devices_silent,
                         cases[i].silent);
}

static void n03_revoked_devices_are_not_waited_for(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    heard(0, NEW_2, 500, 3);
    heard(1, NEW_2, 500, 4);
    assert_int_equal(
        store_set_state(hall.store, fairs_id(&hall, 1, id), DEVICE_REVOKED),
        ERR_OK);
    struct glance g = look_at(NEW_2, 607);
    assert_int_equal(g.devices, 1);
    assert_int_equal(g.devices_silent, 1);
    assert_int_equal(g.events_waiting, 3);
}

static void n03_what_is_on_hold_is_left_out_and_named(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    sell(a1, NEW_2, 550, 250000);
    sell(b1, NEW_2, 560, 30000);
    struct decision hold = { .at_ms = 1,
                             .what = "hold",
                             .first = b1->book.n,
                             .last = b1->book.n,
                             .reason = STR("kiểm tra") };
    fairs_send(&hall);
    assert_int_equal(store_decide(hall.store, fairs_id(&hall, 1, id), &hold),
                     ERR_OK);
    struct glance g = look_at(NEW_2, 607);
    assert_int_equal(g.row[GLANCE_NET].now.n, 250000);
    assert_int_equal(g.hold_events, 1);
    assert_int_equal(g.hold_vnd, 30000);
    g = look("A1");
    assert_int_equal(g.hold_events, 0);
}

#define AT_A_FAIR(test) \
    cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(n03_the_glance_says_how_much_it_can_be_trusted),
        AT_A_FAIR(n03_a_device_may_be_silent_while_the_fair_is_closed),
        AT_A_FAIR(n03_revoked_devices_are_not_waited_for),
        AT_A_FAIR(n03_what_is_on_hold_is_left_out_and_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
