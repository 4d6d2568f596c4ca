/*
 * test_report_exhibitors.c - growth taken apart by who was there before.
 *
 * NEW: 14 to 16 January 2020. A1 "Hạ Long" and A2 "Móng Cái", service S1, and
 * a device at Z9, which no booth list names.
 *
 *   A1  14th 09:00  800.000      15th 10:30  200.000
 *   A2  14th 09:00  500.000
 *   Z9  14th 09:00   30.000
 *
 * OLD: 25 to 28 January 2019, four days. "HẠ  LONG" at B7 and "Hạ Long" at B9;
 * A2 is somebody else, "Uông Bí".
 *
 *   B7  25th 09:00  300.000      B9  26th 10:20  400.000
 *   A2  26th 10:40  200.000
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "sync/aggregator/report/report_exhibitors.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

#define BOM "\xEF\xBB\xBF"
#define HEADER                                                               \
    BOM "group,exhibitors,that_exhibitors,net_vnd,that_net_vnd,"             \
        "net_per_day_vnd,that_net_per_day_vnd,growth_total_pct,"             \
        "growth_per_day_pct,contribution_total_pct,contribution_per_day_pct" \
        "\r\n"

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

static struct asked ask(const char *fair, const char *with,
                        enum report_format format)
{
    struct report_query q = {
        .kind = "exhibitors", .fair = fair, .with = with, .format = format
    };
    struct asked a;
    buf_init(&a.out, MAX_TEXT);
    buf_init(&a.why, MAX_TEXT);
    a.e = report_make(hall.store, &q, &a.out, &a.why);
    return a;
}

static void expect(const struct asked *a, const char *want)
{
    assert_int_equal(a->e, ERR_OK);
    assert_string_equal(buf_text(&a->out), want);
}

/* ---- the fairs ----------------------------------------------------------- */

static void booths(const char *fair, const struct booth *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fairs_booth(&hall, fair, &list[i]);
}

static void old_fair(void)
{
    const struct fair fair = { .code = "OLD",
                               .name = "Xuân 2019",
                               .first_day = 20190125,
                               .days = 4,
                               .cut_off_min = 240 };
    /* The first name is decomposed and in capitals. */
    const struct booth list[] = {
        { STR("B7"), STR("HA\xCC\xA3  LONG"), STR("in-province"), STR(""), 1 },
        { STR("B9"), STR("Hạ Long"), STR("in-province"), STR(""), 1 },
        { STR("A2"), STR("Uông Bí"), STR("in-province"), STR(""), 1 },
    };
    fairs_fair(&hall, &fair);
    booths("OLD", list, ARRAY_LEN(list));
    struct fairs_device *b7 = fairs_device(&hall, "OLD", "B7");
    struct fairs_device *b9 = fairs_device(&hall, "OLD", "B9");
    struct fairs_device *a2 = fairs_device(&hall, "OLD", "A2");
    fairs_sell(b7, (struct deal){ 20190125, 540, "CM", 300000, NULL });
    fairs_sell(b9, (struct deal){ 20190126, 620, "CM", 400000, NULL });
    fairs_sell(a2, (struct deal){ 20190126, 640, "CM", 200000, NULL });
}

static void new_fair(void)
{
    const struct fair fair = { .code = "NEW",
                               .name = "Xuân 2020",
                               .first_day = 20200114,
                               .days = 3,
                               .cut_off_min = 240,
                               .compare_with = "OLD" };
    const struct booth list[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""), 2 },
        { STR("A2"), STR("Móng Cái"), STR("in-province"), STR(""), 1 },
        { STR("S1"), STR("Cổng"), STR("service"), STR(""), 1 },
    };
    fairs_fair(&hall, &fair);
    booths("NEW", list, ARRAY_LEN(list));
    struct fairs_device *a1 = fairs_device(&hall, "NEW", "A1");
    struct fairs_device *a2 = fairs_device(&hall, "NEW", "A2");
    struct fairs_device *z9 = fairs_device(&hall, "NEW", "Z9");
    fairs_sell(a1, (struct deal){ 20200114, 540, "CM", 800000, NULL });
    fairs_sell(a1, (struct deal){ 20200115, 630, "CM", 200000, NULL });
    fairs_sell(a2, (struct deal){ 20200114, 540, "CM", 500000, NULL });
    fairs_sell(z9, (struct deal){ 20200114, 540, "CM", 30000, NULL });
}

static int open_hall(void **state)
{
    const struct figures paper = { .fair = STR("PAPER"),
                                   .name = STR("Xuân 2018"),
                                   .days = 6,
                                   .visits = 900,
                                   .revenue_in_province_vnd = -1,
                                   .revenue_all_vnd = 9000000 };
    enum change change;
    (void)state;
    fairs_open(&hall);
    fairs_clock(20200120, 605);
    old_fair();
    new_fair();
    assert_int_equal(figures_put(hall.store, &paper, &change), ERR_OK);
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

/* ---- who is the same ----------------------------------------------------- */

static void n05_an_exhibitor_is_the_same_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        { "Hạ Long", "hạ long", true },
        { "Hạ Long", "HA\xCC\xA3 LONG", true },
        { "  Hạ   Long ", "Hạ Long", true },
        { "ĐỒNG RUI", "đồng rui", true },
        { "Hạ Long", "Ha Long", false },
        { "Đồng Rui", "Dồng Rui", false },
        { "A1", "A2", false },
        { "\xFF", "\xFE", true }, /* no text at all: cannot be imported */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(a, MAX_TEXT);
        BUF(b, MAX_TEXT);
        exhibitor_key(&a, str_of(cases[i].a));
        exhibitor_key(&b, str_of(cases[i].b));
        assert_int_equal(str_eq(buf_slice(&a), buf_slice(&b)), cases[i].same);
    }
}

/* ---- growth taken apart -------------------------------------------------- */

static void n05_contributions_add_up_to_the_growth_exactly(void **state)
{
    (void)state;
    ASKED a = ask("NEW", NULL, REPORT_CSV);
    expect(&a, HEADER
           "same,1,1,1000000,700000,333333,175000,42.86,90.48,33.33,70.37\r\n"
           "new,1,0,500000,0,166667,0,,,55.56,74.07\r\n"
           "gone,0,1,0,200000,0,50000,-100.00,-100.00,-22.22,-22.22\r\n"
           "others,0,0,30000,0,10000,0,,,3.33,4.45\r\n"
           "total,2,2,1530000,900000,510000,225000,70.00,126.67,70.00,"
           "126.67\r\n");
}

static void n05_while_a_fair_runs_both_are_cut_at_the_same_slot(void **state)
{
    (void)state;
    fairs_clock(20200115, 635);
    ASKED a = ask("NEW", NULL, REPORT_CSV);
    ASKED json = ask("NEW", NULL, REPORT_JSON);
    fairs_clock(20200120, 605);
    expect(&a, HEADER
           "same,1,1,800000,700000,400000,350000,14.29,14.29,14.29,14.29\r\n"
           "new,1,0,500000,0,250000,0,,,71.43,71.43\r\n"
           "gone,0,1,0,0,0,0,,,0.00,0.00\r\n"
           "others,0,0,30000,0,15000,0,,,4.28,4.28\r\n"
           "total,2,2,1330000,700000,665000,350000,90.00,90.00,90.00,"
           "90.00\r\n");
    text_has(&json.out, "\"with\":\"OLD\",\"why_not_compared\":null,"
                        "\"days\":{\"this\":2,\"that\":2},");
}

static void n05_the_page_says_who_counts_as_the_same(void **state)
{
    (void)state;
    ASKED a = ask("NEW", NULL, REPORT_TEXT);
    expect(&a,
           "Exhibitors – Xuân 2020 (NEW)\n"
           "as of 20/01/2020 10:05\n\n"
           "           How  How many        Net  Net revenue     Growth     "
           "Points\n"
           "Who       many     there    revenue        there    per day    per "
           "day\n"
           "the same     1         1  1.000.000      700.000   +90,48 %   "
           "+70,37 %\n"
           "new          1         0    500.000            0          –   "
           "+74,07 %\n"
           "gone         0         1          0      200.000  −100,00 %   "
           "−22,22 %\n"
           "others       0         0     30.000            0          –    "
           "+4,45 %\n"
           "total        2         2  1.530.000      900.000  +126,67 %  "
           "+126,67 %\n"
           "\n"
           "Compared with Xuân 2019 (OLD): 3 fair-days against 4\n"
           "Growth in total: +70,00 %\n"
           "Points: what each group adds to the growth of all.\n"
           "An exhibitor is the same when its booth's name is, capital letters "
           "aside.\n"
           "Booth codes are only positions.\n"
           "Others: service booths and those in no booth list.\n");
}

/* ---- no comparison ------------------------------------------------------- */

static void n05_published_totals_have_no_exhibitors(void **state)
{
    (void)state;
    ASKED a = ask("NEW", "PAPER", REPORT_CSV);
    ASKED json = ask("NEW", "PAPER", REPORT_JSON);
    expect(&a, HEADER "same,,,,,,,,,,\r\n"
                      "new,,,,,,,,,,\r\n"
                      "gone,,,,,,,,,,\r\n"
                      "total,2,,1530000,,510000,,,,,\r\n");
    text_has(&json.out, "\"with\":\"PAPER\","
                        "\"why_not_compared\":\"published_only\","
                        "\"days\":{\"this\":3,\"that\":null},");
}

static void a_fair_that_names_no_other_stands_alone(void **state)
{
    (void)state;
    ASKED a = ask("OLD", NULL, REPORT_TEXT);
    text_has(&a.out, "Not compared with another fair: no other fair is named");
    ASKED none = ask("NEW", "NOPE", REPORT_TEXT);
    assert_int_equal(none.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&none.why), "no such fair: NOPE");
}

static void before_the_first_day_nothing_is_divided(void **state)
{
    (void)state;
    fairs_clock(20200113, 605);
    ASKED a = ask("NEW", NULL, REPORT_JSON);
    fairs_clock(20200120, 605);
    text_has(&a.out, "\"why_not_compared\":\"not_begun\"");
    text_has(&a.out, "\"net_per_day_vnd\":null,");
}

static void s15_it_is_not_for_one_booth(void **state)
{
    (void)state;
    struct report_query q = { .kind = "exhibitors",
                              .fair = "NEW",
                              .booth = "A1" };
    BUF(out, MAX_TEXT);
    BUF(why, MAX_TEXT);
    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_NOT_MAY);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n05_an_exhibitor_is_the_same_by_name),
        cmocka_unit_test(n05_contributions_add_up_to_the_growth_exactly),
        cmocka_unit_test(n05_while_a_fair_runs_both_are_cut_at_the_same_slot),
        cmocka_unit_test(n05_the_page_says_who_counts_as_the_same),
        cmocka_unit_test(n05_published_totals_have_no_exhibitors),
        cmocka_unit_test(a_fair_that_names_no_other_stands_alone),
        cmocka_unit_test(before_the_first_day_nothing_is_divided),
        cmocka_unit_test(s15_it_is_not_for_one_booth),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
