/*
 * test_report.c - the figures of one fair, against sums made by hand.
 *
 * The fair: 14, 15 and 17 January 2020 (16 is closed), cut-off 04:00. Booths
 * A1 and A2 (in-province, A2 has no device), B1, C1, service S1; a device at
 * Z9, which no booth list names.
 *
 *   A1  14th 09:05  100.000 CM     15th 10:00  refund 40.000 of it
 *       14th 09:15   50.000 CM, voided
 *       14th 20:00  300.000 MR of producer "Ba Chẽ"
 *   B1  14th 24:30   70.000 CM (after midnight)   16th 10:00  10.000 CM
 *   C1  15th 11:00  500.000 XX (not in the catalogue)
 *   S1  visits: 14th 09:00 G1 120, G2 30 estimated, G1 -10; 15th 50 without
 *   Z9  17th 15:00    5.000 CM
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/report/report.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

#define FAIR "XUAN"
#define BOM  "\xEF\xBB\xBF"

static struct fairs hall;

/* ---- asking -------------------------------------------------------------- */

struct asked {
    enum err e;
    struct buf out, why;
};

static void asked_done(struct asked *a)
{
    buf_done(&a->out);
    buf_done(&a->why);
}
#define ASKED __attribute__((cleanup(asked_done))) struct asked

static struct asked ask_of(const char *kind, const char *origin,
                           enum report_format format)
{
    struct report_query q = {
        .kind = kind, .fair = FAIR, .origin = origin, .format = format
    };
    struct asked a;
    buf_init(&a.out, MAX_TEXT);
    buf_init(&a.why, MAX_TEXT);
    a.e = report_make(hall.store, &q, &a.out, &a.why);
    return a;
}

static struct asked ask(const char *kind, enum report_format format)
{
    return ask_of(kind, NULL, format);
}

static void expect(const struct asked *a, const char *want)
{
    assert_int_equal(a->e, ERR_OK);
    assert_string_equal(buf_text(&a->out), want);
}

/* ---- the fair ------------------------------------------------------------ */

static void the_calendar(void)
{
    const struct fair fair = { .code = FAIR,
                               .name = "Hội chợ Xuân",
                               .first_day = 20200114,
                               .days = 4,
                               .n_closed = 1,
                               .closed = { 20200116 },
                               .cut_off_min = 240 };
    const struct booth booths[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""), 2 },
        { STR("A2"), STR("Móng Cái"), STR("in-province"), STR(""), 1 },
        { STR("B1"), STR("Bắc Giang"), STR("other-province"), STR(""), 1 },
        { STR("C1"), STR("Lào"), STR("foreign"), STR(""), 3 },
        { STR("S1"), STR("Cổng"), STR("service"), STR(""), 1 },
    };
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++)
        fairs_booth(&hall, FAIR, &booths[i]);
}

/* CM ends with the fair's second day, MR long after, GG on its last but one
 * and is never sold. */
static void the_catalogue(void)
{
    const struct catalogue_product products[] = {
        { { .sku = STR("CM"),
            .name = STR("Chả mực giã tay"),
            .unit = STR("kg"),
            .stars = 5,
            .certified_day = 20170115,
            .expires_day = 20200115 },
          STR("") },
        { { .sku = STR("MR"),
            .name = STR("Miến rong"),
            .unit = STR("gói"),
            .stars = 4,
            .certified_day = 20180101,
            .expires_day = 20210101 },
          STR("") },
        { { .sku = STR("GG"),
            .name = STR("Gạo"),
            .unit = STR("kg"),
            .stars = 3,
            .expires_day = 20200115 },
          STR("") },
    };
    int64_t version = 0;
    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(products); i++)
        assert_int_equal(
            product_add(hall.store, version, (int64_t)i + 1, &products[i]),
            ERR_OK);
}

static void the_events(void)
{
    struct fairs_device *a1 = fairs_device(&hall, FAIR, "A1");
    struct fairs_device *b1 = fairs_device(&hall, FAIR, "B1");
    struct fairs_device *c1 = fairs_device(&hall, FAIR, "C1");
    struct fairs_device *z9 = fairs_device(&hall, FAIR, "Z9");
    struct fairs_device *s1 = fairs_device(&hall, FAIR, "S1");
    struct deal voided = { 20200114, 555, "CM", 50000, NULL };
    int sale =
        fairs_sell(a1, (struct deal){ 20200114, 545, "CM", 100000, NULL });
    fairs_void(a1, fairs_sell(a1, voided), voided);
    fairs_sell(a1, (struct deal){ 20200114, 1200, "MR", 300000, "Ba Chẽ" });
    fairs_refund(a1, sale, NULL,
                 (struct deal){ 20200115, 600, "CM", 40000, NULL });
    fairs_sell(b1, (struct deal){ 20200114, 1470, "CM", 70000, NULL });
    fairs_sell(b1, (struct deal){ 20200116, 600, "CM", 10000, NULL });
    fairs_sell(c1, (struct deal){ 20200115, 660, "XX", 500000, NULL });
    fairs_visits(s1, (struct counting){ 20200114, 540, "G1", 120, false });
    fairs_visits(s1, (struct counting){ 20200114, 550, "G2", 30, true });
    fairs_visits(s1, (struct counting){ 20200114, 560, "G1", -10, false });
    fairs_visits(s1, (struct counting){ 20200115, 600, NULL, 50, false });
    fairs_sell(z9, (struct deal){ 20200117, 900, "CM", 5000, NULL });
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    fairs_clock(20200120, 605);
    the_calendar();
    the_catalogue();
    the_events();
    fairs_send(&hall);
    i18n_init("en");
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static void list_gates(const char *first, const char *second)
{
    struct str gates[] = { str_of(first), str_of(second) };
    enum change change;
    int n = first ? second ? 2 : 1 : 0;
    assert_int_equal(gates_put(hall.store, STR(FAIR), gates, n, &change),
                     ERR_OK);
}

static void move_booth(const char *origin)
{
    const struct booth b1 = { STR("B1"), STR("Bắc Giang"), str_of(origin),
                              STR(""), 1 };
    fairs_booth(&hall, FAIR, &b1);
}

/* ---- days ---------------------------------------------------------------- */

static const char days_json[] =
    "{\"fair\":\"XUAN\",\"as_of\":\"2020-01-20T10:05:00+07:00\",\"days\":["
    "{\"date\":\"2020-01-14\",\"fair_day\":1,\"in_calendar\":true,"
    "\"revenue_vnd\":470000,\"refunds_vnd\":0,\"voids_vnd\":50000,"
    "\"net_vnd\":470000,\"sales\":3,\"visits\":140,"
    "\"booths_reporting\":2,\"booths_expected\":4},"
    "{\"date\":\"2020-01-15\",\"fair_day\":2,\"in_calendar\":true,"
    "\"revenue_vnd\":500000,\"refunds_vnd\":40000,\"voids_vnd\":0,"
    "\"net_vnd\":460000,\"sales\":1,\"visits\":50,"
    "\"booths_reporting\":2,\"booths_expected\":4},"
    "{\"date\":\"2020-01-16\",\"fair_day\":null,\"in_calendar\":false,"
    "\"revenue_vnd\":10000,\"refunds_vnd\":0,\"voids_vnd\":0,"
    "\"net_vnd\":10000,\"sales\":1,\"visits\":0,"
    "\"booths_reporting\":1,\"booths_expected\":0},"
    "{\"date\":\"2020-01-17\",\"fair_day\":3,\"in_calendar\":true,"
    "\"revenue_vnd\":5000,\"refunds_vnd\":0,\"voids_vnd\":0,"
    "\"net_vnd\":5000,\"sales\":1,\"visits\":0,"
    "\"booths_reporting\":0,\"booths_expected\":4}],"
    "\"totals\":{\"revenue_vnd\":985000,\"refunds_vnd\":40000,"
    "\"voids_vnd\":50000,\"net_vnd\":945000,\"sales\":6,\"visits\":190,"
    "\"booths_reporting\":5,\"booths_expected\":12},"
    "\"hold\":{\"events\":0,\"amount_vnd\":0}}\n";

static void every_day_of_the_calendar_has_a_row(void **state)
{
    (void)state;
    ASKED a = ask("days", REPORT_JSON);
    expect(&a, days_json);
}

static void csv_has_a_row_a_day(void **state)
{
    (void)state;
    ASKED a = ask("days", REPORT_CSV);
    expect(&a,
           BOM "date,fair_day,in_calendar,revenue_vnd,refunds_vnd,voids_vnd,"
               "net_vnd,sales,visits,booths_reporting,booths_expected\r\n"
               "2020-01-14,1,true,470000,0,50000,470000,3,140,2,4\r\n"
               "2020-01-15,2,true,500000,40000,0,460000,1,50,2,4\r\n"
               "2020-01-16,,false,10000,0,0,10000,1,0,1,0\r\n"
               "2020-01-17,3,true,5000,0,0,5000,1,0,0,4\r\n");
}

static void text_ends_with_the_totals_and_the_coverage(void **state)
{
    (void)state;
    ASKED a = ask("days", REPORT_TEXT);
    expect(&a,
           "Days – Hội chợ Xuân (XUAN)\n"
           "as of 20/01/2020 10:05\n\n"
           "                                       Net                    "
           "Booths\n"
           "Date        Day    Sales  Refunds  revenue  Receipts  Visits   "
           "heard\n"
           "14/01/2020    1  470.000        0  470.000         3     140       "
           "2\n"
           "15/01/2020    2  500.000   40.000  460.000         1      50       "
           "2\n"
           "16/01/2020    –   10.000        0   10.000         1       0       "
           "1\n"
           "17/01/2020    3    5.000        0    5.000         1       0       "
           "0\n"
           "Total            985.000   40.000  945.000         6     190       "
           "5\n\n"
           "Coverage: 4 of 12 booth-days (33,33 %)\n");
}

static void folding_changes_no_report(void **state)
{
    (void)state;
    for (int64_t folded = 1; folded > 0;) {
        assert_int_equal(store_fold_step(hall.store, 3, &folded), ERR_OK);
        ASKED a = ask("days", REPORT_JSON);
        expect(&a, days_json);
    }
}

static void an_origin_shows_its_devices_only(void **state)
{
    (void)state;
    ASKED a = ask_of("days", "in-province", REPORT_CSV);
    expect(&a,
           BOM "date,fair_day,in_calendar,revenue_vnd,refunds_vnd,voids_vnd,"
               "net_vnd,sales,visits,booths_reporting,booths_expected\r\n"
               "2020-01-14,1,true,400000,0,50000,400000,2,0,1,2\r\n"
               "2020-01-15,2,true,0,40000,0,-40000,0,0,1,2\r\n"
               "2020-01-17,3,true,0,0,0,0,0,0,0,2\r\n");
    ASKED service = ask_of("days", "service", REPORT_CSV);
    text_has(&service.out, "2020-01-14,1,true,0,0,0,0,0,140,1,1\r\n");
    ASKED page = ask_of("days", "foreign", REPORT_TEXT);
    text_has(&page.out, "as of 20/01/2020 10:05, origin: foreign\n");
}

static void a_corrected_booth_shows_in_the_next_report(void **state)
{
    (void)state;
    move_booth("foreign");
    ASKED moved = ask_of("days", "foreign", REPORT_JSON);
    move_booth("other-province");
    ASKED back = ask_of("days", "foreign", REPORT_JSON);
    text_has(&moved.out, "\"net_vnd\":580000,\"sales\":3,\"visits\":0,"
                         "\"booths_reporting\":3,\"booths_expected\":6}");
    text_has(&back.out, "\"net_vnd\":500000,\"sales\":1,\"visits\":0,"
                        "\"booths_reporting\":1,\"booths_expected\":3}");
}

static void once_gates_are_listed_only_theirs_are_visits(void **state)
{
    (void)state;
    list_gates("G1", NULL);
    ASKED one = ask("days", REPORT_JSON);
    list_gates("G1", "G2");
    ASKED two = ask("days", REPORT_JSON);
    list_gates(NULL, NULL);
    ASKED none = ask("days", REPORT_JSON);
    text_has(&one.out, "\"sales\":6,\"visits\":110,");
    text_has(&two.out, "\"sales\":6,\"visits\":140,");
    text_has(&none.out, "\"sales\":6,\"visits\":190,");
}

static void held_events_are_left_out_and_counted(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    struct decision hold = { .what = "hold", .first = 2, .last = 2 };
    struct decision release = { .what = "release", .first = 2, .last = 2 };
    struct str c1 = fairs_id(&hall, 2, id);
    assert_int_equal(store_decide(hall.store, c1, &hold), ERR_OK);
    ASKED held = ask("days", REPORT_JSON);
    ASKED page = ask("devices", REPORT_TEXT);
    ASKED other = ask_of("days", "in-province", REPORT_JSON);
    assert_int_equal(store_decide(hall.store, c1, &release), ERR_OK);
    ASKED again = ask("days", REPORT_JSON);
    text_has(&held.out, "\"net_vnd\":445000,");
    text_has(&held.out, "\"hold\":{\"events\":1,\"amount_vnd\":500000}}");
    text_has(&page.out, "On hold and left out: 1 events, 500.000 đồng\n");
    text_has(&other.out, "\"hold\":{\"events\":0,\"amount_vnd\":0}}");
    expect(&again, days_json);
}

/* ---- lists --------------------------------------------------------------- */

static void booths_stand_by_what_they_took(void **state)
{
    (void)state;
    struct heartbeat seen = { .seen_ms = INT64_C(1579489500000),
                              .unsent = 4,
                              .offset_ms = -1500,
                              .resent = true,
                              .program = STR("") };
    char id[DEVICE_LEN + 1];
    assert_int_equal(store_heartbeat(hall.store, fairs_id(&hall, 0, id), &seen),
                     ERR_OK);
    ASKED a = ask("booths", REPORT_CSV);
    expect(&a, BOM "booth,name,origin,stands,net_vnd,revenue_vnd,refunds_vnd,"
                   "sales,devices,last_seen\r\n"
                   "C1,Lào,foreign,3,500000,500000,0,1,1,\r\n"
                   "A1,Hạ Long,in-province,2,360000,400000,40000,2,1,"
                   "2020-01-20T10:05:00+07:00\r\n"
                   "B1,Bắc Giang,other-province,1,80000,80000,0,2,1,\r\n"
                   "Z9,,,,5000,5000,0,1,1,\r\n"
                   "A2,Móng Cái,in-province,1,0,0,0,0,0,\r\n"
                   "S1,Cổng,service,1,0,0,0,0,1,\r\n");
    ASKED one = ask_of("booths", "foreign", REPORT_JSON);
    expect(&one, "{\"fair\":\"XUAN\",\"as_of\":\"2020-01-20T10:05:00+07:00\","
                 "\"booths\":[{\"booth\":\"C1\",\"name\":\"Lào\","
                 "\"origin\":\"foreign\",\"stands\":3,\"net_vnd\":500000,"
                 "\"revenue_vnd\":500000,\"refunds_vnd\":0,\"sales\":1,"
                 "\"devices\":1,\"last_seen\":null}],"
                 "\"hold\":{\"events\":0,\"amount_vnd\":0}}\n");
}

static void products_are_net_and_carry_the_catalogues_name(void **state)
{
    (void)state;
    ASKED a = ask("products", REPORT_CSV);
    expect(&a, BOM "sku,name,seller,quantity_milli,unit,amount_vnd,sales\r\n"
                   "XX,Chả mực,,1000,hộp,500000,1\r\n"
                   "MR,Miến rong,Ba Chẽ,1000,gói,300000,1\r\n"
                   "CM,Chả mực giã tay,,3000,kg,145000,4\r\n");
    ASKED one = ask_of("products", "in-province", REPORT_JSON);
    text_has(&one.out, "\"products\":[{\"sku\":\"MR\",");
    text_has(&one.out, "{\"sku\":\"CM\",\"name\":\"Chả mực giã tay\","
                       "\"seller\":null,\"quantity_milli\":0,\"unit\":\"kg\","
                       "\"amount_vnd\":60000,\"sales\":1}]");
}

static void hours_after_midnight_follow_the_evening(void **state)
{
    (void)state;
    ASKED a = ask("hours", REPORT_CSV);
    expect(&a, BOM "date,fair_day,hour,revenue_vnd,refunds_vnd,net_vnd,sales,"
                   "visits\r\n"
                   "2020-01-14,1,9,100000,0,100000,1,140\r\n"
                   "2020-01-14,1,20,300000,0,300000,1,0\r\n"
                   "2020-01-14,1,0,70000,0,70000,1,0\r\n"
                   "2020-01-15,2,10,0,40000,-40000,0,50\r\n"
                   "2020-01-15,2,11,500000,0,500000,1,0\r\n"
                   "2020-01-16,,10,10000,0,10000,1,0\r\n"
                   "2020-01-17,3,15,5000,0,5000,1,0\r\n");
}

static void visits_say_gate_and_quality(void **state)
{
    (void)state;
    ASKED a = ask("visitors", REPORT_JSON);
    expect(&a, "{\"fair\":\"XUAN\",\"as_of\":\"2020-01-20T10:05:00+07:00\","
               "\"days\":[{\"date\":\"2020-01-14\",\"hour\":9,\"gate\":\"G1\","
               "\"visits\":110,\"quality\":\"counted\"},"
               "{\"date\":\"2020-01-14\",\"hour\":9,\"gate\":\"G2\","
               "\"visits\":30,\"quality\":\"estimated\"},"
               "{\"date\":\"2020-01-15\",\"hour\":10,\"gate\":null,"
               "\"visits\":50,\"quality\":\"counted\"}],"
               "\"totals\":{\"visits\":190,\"contacts\":0},"
               "\"hold\":{\"events\":0,\"amount_vnd\":0}}\n");
    list_gates("G1", NULL);
    ASKED gates = ask("visitors", REPORT_TEXT);
    list_gates(NULL, NULL);
    text_has(&gates.out, "\nVisits of the fair: 110\n"
                         "Contacts at booths, not in there: 80\n");
}

static void devices_are_listed_by_booth(void **state)
{
    (void)state;
    BUF(want, MAX_TEXT);
#define QUIET ",,0,0,active,0,false,,"
    static const struct {
        int device;
        const char *rest;
    } rows[] = {
        { 0,
          "A1,6,2020-01-20T10:05:00+07:00,4,-1500,active,1,false,0,1,till,,0,"
          "true,0,2020-01-15T10:00:00+07:00,360000" },
        { 1, "B1,3" QUIET "2,till,,0,true,,2020-01-16T10:00:00+07:00,80000" },
        { 2, "C1,2" QUIET "3,till,,0,true,,2020-01-15T11:00:00+07:00,500000" },
        { 4, "S1,5" QUIET "5,till,,0,true,,2020-01-15T10:00:00+07:00,0" },
        { 3, "Z9,2" QUIET "4,till,,0,true,,2020-01-17T15:00:00+07:00,5000" },
    };
    buf_puts(&want, BOM "device,booth,events,last_seen,unsent,clock_offset_ms,"
                        "state,resent,silent,minutes_silent,number,name,"
                        "program,list,list_current,disk_mb,last_event,"
                        "known_vnd\r\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char id[DEVICE_LEN + 1];
        buf_str(&want, fairs_id(&hall, rows[i].device, id));
        buf_printf(&want, ",%s\r\n", rows[i].rest);
    }
    ASKED a = ask("devices", REPORT_CSV);
    expect(&a, buf_text(&want));
}

/* ---- supervision --------------------------------------------------------- */

/* Before the 16th CM expires within the fair, from then on it has expired. */
static void certificates_are_judged_on_the_day_of_the_sale(void **state)
{
    (void)state;
    ASKED a = ask("supervision", REPORT_CSV);
    expect(&a,
           BOM "what,booth,device,sku,name,receipt,date,expires_on,events,"
               "amount_vnd,by_till_list,by_day_list\r\n"
               "unknown_product,C1,,XX,Chả mực,,2020-01-15,,1,500000,,true\r\n"
               "certificate_expired,B1,,CM,Chả mực giã tay,,2020-01-16,"
               "2020-01-15,1,10000,,true\r\n"
               "certificate_expired,Z9,,CM,Chả mực giã tay,,2020-01-17,"
               "2020-01-15,1,5000,,true\r\n"
               "certificate_expiring,A1,,CM,Chả mực giã tay,,2020-01-14,"
               "2020-01-15,1,100000,,true\r\n"
               "certificate_expiring,B1,,CM,Chả mực giã tay,,2020-01-14,"
               "2020-01-15,1,70000,,true\r\n");
}

static void a_product_off_the_booths_list_is_found(void **state)
{
    (void)state;
    const struct booth_item items[] = {
        { 1, STR("A1"), STR("1"), STR("CM"), -1, 0 },
        { 2, STR("B1"), STR("1"), STR("CM"), -1, 0 },
        { 3, STR("Z9"), STR("1"), STR("CM"), -1, 0 },
    };
    int64_t version = 0;
    assert_int_equal(store_group_begin(hall.store), ERR_OK);
    assert_int_equal(booth_list_add(hall.store, STR(FAIR), 1, &version),
                     ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(items); i++)
        assert_int_equal(
            booth_item_add(hall.store, STR(FAIR), version, &items[i]), ERR_OK);
    assert_int_equal(store_group_commit(hall.store), ERR_OK);
    ASKED a = ask("supervision", REPORT_CSV);
    text_has(&a.out,
             "\r\nunknown_product,C1,,XX,Chả mực,,2020-01-15,,1,500000,,"
             "true\r\nnot_on_list,A1,,MR,Miến rong,,2020-01-14,,1,300000"
             ",,true\r\ncertificate_expired,B1,");
}

/* Of the last tests, which add events. B1's one finding of the 16th; what
 * came in since the last fold is no sum of its own. */
static void a_refund_of_the_same_day_is_taken_off_folded_or_not(void **state)
{
    (void)state;
    struct fairs_device *b1 = &hall.devices[1];
    int64_t folded = 0;
    int of = fairs_sell(b1, (struct deal){ 20200116, 610, "CM", 9000, NULL });
    fairs_send(&hall);
    do {
        assert_int_equal(store_fold_step(hall.store, 50, &folded), ERR_OK);
    } while (folded > 0);
    fairs_refund(b1, of, NULL,
                 (struct deal){ 20200116, 780, "CM", 9000, NULL });
    fairs_send(&hall);
    for (int i = 0; i < 2; i++) {
        ASKED a = ask("supervision", REPORT_CSV);
        text_has(&a.out, "certificate_expired,B1,,CM,Chả mực giã tay,,"
                         "2020-01-16,2020-01-15,2,10000,,true\r\n");
        assert_int_equal(store_fold_step(hall.store, 50, &folded), ERR_OK);
    }
}

/* The last test: it adds events. A1's first sale (100.000, 40.000 given back)
 * is refunded at C1 with 70.000 more, its voided one with 50.000. */
static void refunds_are_held_against_their_receipts(void **state)
{
    (void)state;
    struct fairs_device *a1 = &hall.devices[0], *c1 = &hall.devices[2];
    struct deal deal = { 20200117, 600, "CM", 70000, NULL };
    struct deal small = { 20200117, 605, "CM", 50000, NULL };
    struct deal fair_one = { 20200117, 610, "MR", 300000, "Ba Chẽ" };
    fairs_refund(c1, 0, "A1-1-2", deal);
    fairs_refund(c1, 0, "A1-1-3", small);
    fairs_refund(c1, 0, "A1-1-5", fair_one);
    fairs_refund(c1, 0, "A1-1-99", small);
    fairs_refund(c1, 0, "a paper slip", small);
    a1->book.next.late_ms = INT64_C(1579489500000);
    fairs_sell(a1, (struct deal){ 20200114, 700, "MR", 1000, NULL });
    fairs_send(&hall);
    ASKED a = ask("supervision", REPORT_CSV);
    BUF(want, MAX_TEXT);
    char id[DEVICE_LEN + 1];
    const char *a1_id = fairs_id(&hall, 0, id).data;
    buf_printf(&want, "\r\nover_refund,A1,%s,,,A1-1-2,,,2,10000,,", a1_id);
    buf_printf(&want, "\r\nover_refund,A1,%s,,,A1-1-3,,,1,50000,,", a1_id);
    buf_printf(&want,
               "\r\nrefund_unmatched,,,,,a paper slip,,,1,50000,,"
               "\r\nrefund_unmatched,A1,%s,,,A1-1-99,,,1,50000,,"
               "\r\nlate,A1,%s,,,,,,1,,,\r\n",
               a1_id, a1_id);
    text_has(&a.out, buf_text(&want));
    assert_null(strstr(buf_text(&a.out), "A1-1-5"));
}

/* Also added at the end: C1 gives back what A1 gives back as well, and sends
 * first. Neither till could know; nothing is wrong until both have sent. */
static void m10_an_over_refund_across_tills_is_noted_once_both_have_sent(
    void **state)
{
    (void)state;
    struct fairs_device *a1 = &hall.devices[0], *c1 = &hall.devices[2];
    struct deal deal = { 20200117, 650, "MR", 80000, NULL };
    BUF(receipt, 64);
    BUF(unmatched, MAX_TEXT);
    BUF(over, MAX_TEXT);
    char id[DEVICE_LEN + 1];
    buf_printf(&receipt, "A1-1-%d", a1->book.n + 1);
    const char *a1_id = fairs_id(&hall, 0, id).data;
    buf_printf(&unmatched, "refund_unmatched,A1,%s,,,%s,,,1,80000", a1_id,
               buf_text(&receipt));
    buf_printf(&over, "over_refund,A1,%s,,,%s,,,2,80000", a1_id,
               buf_text(&receipt));
    fairs_refund(c1, 0, buf_text(&receipt), deal);
    fairs_send(&hall);
    ASKED before = ask("supervision", REPORT_CSV);
    text_has(&before.out, buf_text(&unmatched));
    assert_null(strstr(buf_text(&before.out), buf_text(&over)));
    int of = fairs_sell(a1, deal);
    fairs_send(&hall);
    ASKED once = ask("supervision", REPORT_CSV);
    assert_null(strstr(buf_text(&once.out), buf_text(&receipt)));
    fairs_refund(a1, of, NULL, deal);
    fairs_send(&hall);
    ASKED twice = ask("supervision", REPORT_CSV);
    text_has(&twice.out, buf_text(&over));
    assert_null(strstr(buf_text(&twice.out), buf_text(&unmatched)));
}

/* ---- refusals and commands ----------------------------------------------- */

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    ASKED kind = ask("nothing", REPORT_JSON);
    assert_int_equal(kind.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&kind.why), "no such report: nothing");
    ASKED origin = ask_of("days", "elsewhere", REPORT_JSON);
    assert_int_equal(origin.e, ERR_USAGE);
    assert_string_equal(buf_text(&origin.why), "no such origin: elsewhere");
    struct report_query q = { .kind = "days", .fair = "NOPE" };
    BUF(out, MAX_TEXT);
    BUF(why, MAX_TEXT);
    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_NOT_FOUND);
    assert_string_equal(buf_text(&why),
                        "no fair of this code has a calendar: NOPE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_the_calendar_has_a_row),
        cmocka_unit_test(csv_has_a_row_a_day),
        cmocka_unit_test(text_ends_with_the_totals_and_the_coverage),
        cmocka_unit_test(folding_changes_no_report),
        cmocka_unit_test(an_origin_shows_its_devices_only),
        cmocka_unit_test(a_corrected_booth_shows_in_the_next_report),
        cmocka_unit_test(once_gates_are_listed_only_theirs_are_visits),
        cmocka_unit_test(held_events_are_left_out_and_counted),
        cmocka_unit_test(booths_stand_by_what_they_took),
        cmocka_unit_test(products_are_net_and_carry_the_catalogues_name),
        cmocka_unit_test(hours_after_midnight_follow_the_evening),
        cmocka_unit_test(visits_say_gate_and_quality),
        cmocka_unit_test(devices_are_listed_by_booth),
        cmocka_unit_test(certificates_are_judged_on_the_day_of_the_sale),
        cmocka_unit_test(a_product_off_the_booths_list_is_found),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_refund_of_the_same_day_is_taken_off_folded_or_not),
        cmocka_unit_test(refunds_are_held_against_their_receipts),
        cmocka_unit_test(
            m10_an_over_refund_across_tills_is_noted_once_both_have_sent),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
