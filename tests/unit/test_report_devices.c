/*
 * test_report_devices.c - who of a fair's devices needs somebody to look.
 *
 * The fair: 14 and 15 January 2020, open 08:00 to 22:00; devices at A1, A2,
 * B1, C1, D1, E1 in this order. The clock stands at 10:00 of the 14th.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/store/listing.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

#define FAIR "XUAN"

enum { DAY = 20200114, A1 = 0, A2, B1, C1, D1, E1, DEVICES };

static struct fairs hall;
static int64_t newest; /* version of the lists */

static int64_t at(int day, int minute)
{
    return day_start_ms(day) + minute * INT64_C(60000);
}

static struct str id(int device)
{
    static char text[DEVICE_LEN + 1];
    return fairs_id(&hall, device, text);
}

static void heard(int device, int64_t ms, int64_t list)
{
    const struct heartbeat h = { .seen_ms = ms,
                                 .unsent = device == B1 ? 4 : 0,
                                 .offset_ms = -1500,
                                 .disk_mb = 900 + device,
                                 .list = list,
                                 .program = STR("0.4.0") };
    assert_int_equal(store_heartbeat(hall.store, id(device), &h), ERR_OK);
}

static const char *const booths[DEVICES] = {
    "A1", "A2", "B1", "C1", "D1", "E1"
};

/* Lists that every booth gets; their version. */
static int64_t lists(void)
{
    int64_t version = 0;
    for (int i = 0; i < DEVICES; i++) {
        const struct booth booth = { str_of(booths[i]), STR("Hạ Long"),
                                     STR("in-province"), STR(""), 1 };
        fairs_booth(&hall, FAIR, &booth);
    }
    assert_int_equal(store_group_begin(hall.store), ERR_OK);
    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    assert_int_equal(listing_bump(hall.store, STR(FAIR), at(DAY, 0)), ERR_OK);
    assert_int_equal(store_group_commit(hall.store), ERR_OK);
    assert_int_equal(
        listing_version(hall.store, STR(FAIR), STR("A1"), &version), ERR_OK);
    return version;
}

static int open_hall(void **state)
{
    const struct fair fair = { .code = FAIR,
                               .name = "Xuân",
                               .first_day = DAY,
                               .days = 2,
                               .cut_off_min = 240,
                               .opens_min = 480,
                               .closes_min = 1320 };
    (void)state;
    fairs_open(&hall);
    fairs_fair(&hall, &fair);
    for (int i = 0; i < DEVICES; i++)
        fairs_device(&hall, FAIR, booths[i]);
    fairs_clock(DAY, 600);
    fairs_send(&hall);
    newest = lists();
    heard(A1, at(DAY, 599), newest);
    heard(A2, at(DAY, 569), newest);
    heard(B1, at(DAY, 571), newest - 1);
    heard(D1, at(DAY, 598), newest);
    heard(E1, at(DAY, 500), newest);
    assert_int_equal(store_set_state(hall.store, id(D1), DEVICE_FORK), ERR_OK);
    assert_int_equal(store_set_state(hall.store, id(E1), DEVICE_REVOKED),
                     ERR_OK);
    i18n_init("en");
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static void ask(const char *booth, enum report_format format, struct buf *out)
{
    const struct report_query q = {
        .kind = "devices", .fair = FAIR, .booth = booth, .format = format
    };
    BUF(why, MAX_TEXT);
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
}

/* What stands behind the device in its row, around the version of its lists. */
static void row_is(const struct buf *csv, int device, int64_t list,
                   const char *before, const char *after)
{
    BUF(want, MAX_TEXT);
    buf_puts(&want, "\r\n");
    buf_str(&want, id(device));
    buf_printf(&want, ",%s,%lld,%s,2020-01-14T08:00:00+07:00,0\r\n", before,
               (long long)list, after);
    text_has(csv, buf_text(&want));
}

/* ---- rules --------------------------------------------------------------- */

static void s12_devices_that_need_somebody_stand_first(void **state)
{
    (void)state;
    static const int order[DEVICES] = { D1, A2, C1, B1, A1, E1 };
    BUF(csv, MAX_TEXT);
    ask(NULL, REPORT_CSV, &csv);
    const char *from = buf_text(&csv);
    for (int i = 0; i < DEVICES; i++) {
        BUF(want, MAX_TEXT);
        buf_str(&want, id(order[i]));
        from = strstr(from, buf_text(&want));
        if (!from)
            fail_msg("device %d is not in its place", order[i]);
    }
}

static void s12_a_device_shows_what_it_said_last(void **state)
{
    (void)state;
    BUF(csv, MAX_TEXT);
    ask(NULL, REPORT_CSV, &csv);
    text_has(&csv, "device,booth,events,last_seen,unsent,clock_offset_ms,state,"
                   "resent,silent,minutes_silent,number,name,program,list,"
                   "list_current,disk_mb,last_event,known_vnd\r\n");
    row_is(&csv, A1, newest,
           "A1,1,2020-01-14T09:59:00+07:00,0,-1500,active,0,false,1,1,till,"
           "0.4.0",
           "true,900");
    row_is(&csv, B1, newest - 1,
           "B1,1,2020-01-14T09:31:00+07:00,4,-1500,active,0,false,29,3,till,"
           "0.4.0",
           "false,902");
    row_is(&csv, C1, 0, "C1,1,,0,0,active,0,true,,4,till,", "false,");
}

static void s12_silent_is_half_an_hour_of_the_opening_hours(void **state)
{
    (void)state;
    static const struct {
        int day, minute;
        const char *silent;
    } cases[] = {
        { DAY, 599, "\"silent\":1,\"old" },     /* A2 for 30 minutes */
        { DAY, 600, "\"silent\":2,\"old" },     /* ... for 31 */
        { DAY, 1319, "\"silent\":5,\"old" },    /* open */
        { DAY, 1320, "\"silent\":0,\"old" },    /* closed for the night */
        { DAY + 1, 509, "\"silent\":0,\"old" }, /* not open for that long */
        { DAY + 1, 510, "\"silent\":5,\"old" }, /* ... it is now */
        { DAY + 2, 600, "\"silent\":0,\"old" }, /* over */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(json, MAX_TEXT);
        fairs_clock(cases[i].day, cases[i].minute);
        ask(NULL, REPORT_JSON, &json);
        fairs_clock(DAY, 600);
        if (!strstr(buf_text(&json), cases[i].silent))
            fail_msg("case %zu: %s", i, buf_text(&json));
    }
}

static void s12_people_read_who_is_silent_and_what_waits(void **state)
{
    (void)state;
    BUF(text, MAX_TEXT);
    BUF(html, MAX_TEXT);
    ask(NULL, REPORT_TEXT, &text);
    ask(NULL, REPORT_HTML, &html);
    text_has(&text, "\nSilent: 2 of 5 devices (not heard for 30 minutes of the "
                    "opening hours)\n"
                    "Waiting on devices, as they said last: 4 events\n"
                    "Selling from old lists: 2 devices\n");
    text_has(&text, "silent");
    assert_null(strstr(buf_text(&text), "Program"));
    text_has(&html, "<data value=\"active\">silent</data>");
    text_has(&html, "<th scope=\"col\">Program</th>");
    text_has(&html, "<p class=\"note\">Silent: 2 of 5 devices");
}

/* As after a loss, when a new till was let in before the old one came. */
static void two_devices_of_one_label_are_told(void **state)
{
    (void)state;
    const struct fair fair = {
        .code = "HA", .name = "Hạ", .first_day = DAY, .days = 1
    };
    const struct report_query q = { .kind = "devices", .fair = "HA" };
    const char *text = "Two devices print the same slip numbers A1-1-…: ";
    BUF(alone, MAX_TEXT);
    BUF(both, MAX_TEXT);
    BUF(why, MAX_TEXT);
    fairs_fair(&hall, &fair);
    fairs_device(&hall, "HA", "A1");
    fairs_device(&hall, "HA", "B1");
    assert_int_equal(report_make(hall.store, &q, &alone, &why), ERR_OK);
    assert_null(strstr(buf_text(&alone), "slip numbers"));
    fairs_device(&hall, "HA", "A1");
    assert_int_equal(report_make(hall.store, &q, &both, &why), ERR_OK);
    text_has(&both, text);
    assert_int_equal(
        store_set_state(hall.store, id(hall.n - 1), DEVICE_REVOKED), ERR_OK);
    buf_clear(&both);
    assert_int_equal(report_make(hall.store, &q, &both, &why), ERR_OK);
    assert_null(strstr(buf_text(&both), "slip numbers"));
}

/* On a telephone the first columns are all that is seen. */
static void a_page_shows_first_who_needs_somebody(void **state)
{
    (void)state;
    BUF(html, MAX_TEXT);
    ask("B1", REPORT_HTML, &html);
    text_has(&html, "<thead><tr><th scope=\"col\">Booth</th>"
                    "<th scope=\"col\">State</th>"
                    "<th scope=\"col\" class=\"n\">Unsent</th>"
                    "<th scope=\"col\">Last seen</th>");
    text_has(&html, "<tr><th scope=\"row\"><bdi>B1</bdi></th>"
                    "<td><data value=\"active\">active</data></td>"
                    "<td class=\"n\"><data value=\"4\">4</data></td>");
    assert_null(strstr(buf_text(&html), "alarm"));
    text_has(&html, "<td class=\"n\"><data value=\"18299\">18299</data>");
    buf_clear(&html);
    ask(NULL, REPORT_HTML, &html);
    text_has(&html, "<td class=\"alarm\"><data value=\"active\">silent<");
    text_has(&html, "<td class=\"alarm\"><data value=\"fork\">forked<");
    text_has(&html, "<td class=\"alarm\"><data value=\"revoked\">revoked<");
}

static void one_booth_sees_its_devices_alone(void **state)
{
    (void)state;
    BUF(json, MAX_TEXT);
    ask("B1", REPORT_JSON, &json);
    text_has(&json, "\"booth\":\"B1\"");
    text_has(&json, "\"totals\":{\"devices\":1,\"in_use\":1,\"silent\":0,"
                    "\"old_lists\":1,\"unsent\":4}");
    assert_null(strstr(buf_text(&json), "\"A1\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s12_devices_that_need_somebody_stand_first),
        cmocka_unit_test(s12_a_device_shows_what_it_said_last),
        cmocka_unit_test(s12_silent_is_half_an_hour_of_the_opening_hours),
        cmocka_unit_test(s12_people_read_who_is_silent_and_what_waits),
        cmocka_unit_test(two_devices_of_one_label_are_told),
        cmocka_unit_test(a_page_shows_first_who_needs_somebody),
        cmocka_unit_test(one_booth_sees_its_devices_alone),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
