/*
 * test_report_league.c - goods grouped and ranked, and what they are held
 * against.
 *
 * NEW: 14, 15 and 17 January 2020. A1 "Hạ Long" and A2 "Móng Cái" in-province,
 * B1 "Bắc Giang" another province's, and a device at Z9, which no booth list
 * names.
 *
 *   A1  14th 09:00  400.000 CM      15th 10:00  100.000 RU
 *       14th 09:15  900.000 MR, voided
 *   A2  14th 09:00  200.000 MR      15th 11:30  100.000 CM
 *   B1  14th 09:00  150.000 MR      15th 12:00  refund 50.000 of it
 *   Z9  17th 15:00  100.000 XX (not in the catalogue)
 *
 * OLD: 25 to 28 January 2019, four days. "hạ  LONG" stands at A5, and B1 is
 * somebody else: "Lào", foreign.
 *
 *   A5  25th 09:00  200.000 CM      26th 12:00   50.000 MR
 *   B1  25th 09:00  150.000 MR
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

#define BOM "\xEF\xBB\xBF"
#define HEADER                                                             \
    BOM "rank,key,name,areas,products_sold,net_vnd,share_pct,sales,"       \
        "compared_vnd,that_net_vnd,growth_total_pct,compared_per_day_vnd," \
        "that_net_per_day_vnd,growth_per_day_pct,that_rank,rank_change\r\n"
#define HOSTILE "=1+1<script>"

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

static struct asked ask_for(struct report_query q)
{
    struct asked a;
    if (!q.kind)
        q.kind = "league";
    if (!q.fair)
        q.fair = "NEW";
    buf_init(&a.out, MAX_TEXT);
    buf_init(&a.why, MAX_TEXT);
    a.e = report_make(hall.store, &q, &a.out, &a.why);
    return a;
}

static struct asked ask(const char *by, enum report_format format)
{
    return ask_for((struct report_query){ .by = by, .format = format });
}

static void expect(const struct asked *a, const char *want)
{
    assert_int_equal(a->e, ERR_OK);
    assert_string_equal(buf_text(&a->out), want);
}

/* ---- the fairs ----------------------------------------------------------- */

static void catalogue(void)
{
    const struct catalogue_product products[] = {
        { { .sku = STR("CM"),
            .name = STR("Chả mực giã tay"),
            .place = STR("Hạ Long"),
            .seller = STR("Bá Kiên"),
            .group = STR("Thực phẩm"),
            .stars = 5,
            .unit = STR("kg") },
          STR("") },
        { { .sku = STR("MR"),
            .name = STR("Miến rong"),
            .place = STR("Bình Liêu"),
            .seller = STR("HTX Bình Liêu"),
            .group = STR("Thực phẩm"),
            .stars = 4,
            .unit = STR("gói") },
          STR("") },
        { { .sku = STR("RU"),
            .name = STR("Rượu"),
            .seller = STR(HOSTILE),
            .group = STR("Đồ uống"),
            .unit = STR("chai") },
          STR("") },
    };
    int64_t version = 0;
    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(products); i++)
        assert_int_equal(
            product_add(hall.store, version, (int64_t)i + 1, &products[i]),
            ERR_OK);
}

static void old_fair(void)
{
    const struct fair fair = { .code = "OLD",
                               .name = "Xuân 2019",
                               .first_day = 20190125,
                               .days = 4,
                               .cut_off_min = 240 };
    const struct booth a5 = { STR("A5"), STR("hạ  LONG"), STR("in-province"),
                              STR(""), 1 };
    const struct booth b1 = { STR("B1"), STR("Lào"), STR("foreign"), STR(""),
                              1 };
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, "OLD", &a5);
    fairs_booth(&hall, "OLD", &b1);
    struct fairs_device *a = fairs_device(&hall, "OLD", "A5");
    struct fairs_device *b = fairs_device(&hall, "OLD", "B1");
    fairs_sell(a, (struct deal){ 20190125, 540, "CM", 200000, NULL });
    fairs_sell(a, (struct deal){ 20190126, 720, "MR", 50000, NULL });
    fairs_sell(b, (struct deal){ 20190125, 540, "MR", 150000, NULL });
}

static void new_fair(void)
{
    const struct fair fair = { .code = "NEW",
                               .name = "Xuân 2020",
                               .first_day = 20200114,
                               .days = 4,
                               .n_closed = 1,
                               .closed = { 20200116 },
                               .cut_off_min = 240,
                               .compare_with = "OLD" };
    const struct booth booths[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""), 2 },
        { STR("A2"), STR("Móng Cái"), STR("in-province"), STR(""), 1 },
        { STR("B1"), STR("Bắc Giang"), STR("other-province"), STR(""), 1 },
    };
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++)
        fairs_booth(&hall, "NEW", &booths[i]);
    struct fairs_device *a1 = fairs_device(&hall, "NEW", "A1");
    struct fairs_device *a2 = fairs_device(&hall, "NEW", "A2");
    struct fairs_device *b1 = fairs_device(&hall, "NEW", "B1");
    struct fairs_device *z9 = fairs_device(&hall, "NEW", "Z9");
    struct deal voided = { 20200114, 555, "MR", 900000, NULL };
    fairs_sell(a1, (struct deal){ 20200114, 540, "CM", 400000, NULL });
    fairs_void(a1, fairs_sell(a1, voided), voided);
    fairs_sell(a1, (struct deal){ 20200115, 600, "RU", 100000, NULL });
    fairs_sell(a2, (struct deal){ 20200114, 540, "MR", 200000, NULL });
    fairs_sell(a2, (struct deal){ 20200115, 690, "CM", 100000, NULL });
    fairs_sell(b1, (struct deal){ 20200114, 540, "MR", 150000, NULL });
    fairs_refund(b1, b1->book.n, NULL,
                 (struct deal){ 20200115, 720, "MR", 50000, NULL });
    fairs_sell(z9, (struct deal){ 20200117, 900, "XX", 100000, NULL });
}

/* Known by its totals alone. */
static void published_fair(void)
{
    const struct figures figures = { .fair = STR("PAPER"),
                                     .name = STR("Xuân 2018"),
                                     .days = 6,
                                     .visits = 900,
                                     .revenue_in_province_vnd = -1,
                                     .revenue_all_vnd = 9000000 };
    enum change change;
    assert_int_equal(figures_put(hall.store, &figures, &change), ERR_OK);
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    fairs_clock(20200120, 605);
    catalogue();
    old_fair();
    new_fair();
    published_fair();
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

/* ---- groups -------------------------------------------------------------- */

static void m29_origins_are_ranked_with_their_share(void **state)
{
    (void)state;
    ASKED a = ask(NULL, REPORT_CSV);
    expect(&a, HEADER
           "1,in-province,in-province,2,3,800000,80.00,4,800000,250000,220.00,"
           "266667,62500,326.67,1,0\r\n"
           "2,other-province,other-province,1,1,100000,10.00,1,100000,0,,"
           "33333,0,,,\r\n"
           ",,,1,1,100000,10.00,1,100000,,,33333,,,,\r\n");
}

static void m29_booths_go_by_their_name_at_the_other_fair(void **state)
{
    (void)state;
    ASKED a = ask("booth", REPORT_CSV);
    expect(&a, HEADER "1,A1,Hạ Long,1,2,500000,50.00,2,500000,250000,100.00,"
                      "166667,62500,166.67,1,0\r\n"
                      "2,A2,Móng Cái,1,2,300000,30.00,2,300000,,,100000,,,,\r\n"
                      "3,B1,Bắc Giang,1,1,100000,10.00,1,100000,,,33333,,,,\r\n"
                      "3,Z9,,1,1,100000,10.00,1,100000,,,33333,,,,\r\n");
    ASKED text = ask("booth", REPORT_TEXT);
    text_has(&text.out, "A booth is the same at both fairs when its name is, "
                        "and only one booth bears it.\n");
}

static void m29_products_and_stars_come_from_the_catalogue(void **state)
{
    (void)state;
    ASKED products = ask("product", REPORT_CSV);
    expect(&products, HEADER
           "1,CM,Chả mực giã tay,2,1,500000,50.00,2,500000,200000,150.00,"
           "166667,50000,233.33,1,0\r\n"
           "2,MR,Miến rong,2,1,300000,30.00,2,300000,200000,50.00,"
           "100000,50000,100.00,1,-1\r\n"
           "3,RU,Rượu,1,1,100000,10.00,1,100000,0,,33333,0,,,\r\n"
           "3,XX,Chả mực,1,1,100000,10.00,1,100000,0,,33333,0,,,\r\n");
    ASKED stars = ask("stars", REPORT_CSV);
    expect(&stars, HEADER "1,5,5,2,1,500000,50.00,,500000,200000,150.00,"
                          "166667,50000,233.33,1,0\r\n"
                          "2,4,4,2,1,300000,30.00,,300000,200000,50.00,"
                          "100000,50000,100.00,1,-1\r\n"
                          ",,,2,2,200000,20.00,,200000,,,66667,,,,\r\n");
}

static void m29_what_is_not_known_makes_a_row_of_its_own(void **state)
{
    (void)state;
    ASKED place = ask("place", REPORT_CSV);
    ASKED group = ask("group", REPORT_CSV);
    ASKED producer = ask("producer", REPORT_CSV);
    text_has(&place.out, "\r\n,,,2,2,200000,20.00,");
    text_has(&group.out, "1,Thực phẩm,Thực phẩm,3,2,800000,80.00,");
    text_has(&group.out, "\r\n2,Đồ uống,Đồ uống,1,1,100000,10.00,");
    text_has(&group.out, "\r\n,,,1,1,100000,10.00,");
    text_has(&producer.out, "1,Bá Kiên,Bá Kiên,2,1,500000,50.00,");
}

/* ---- sums ---------------------------------------------------------------- */

/* The sum of a CSV's column, and of its hundredths where it has any. */
static int64_t column_sum(const struct asked *a, int column)
{
    const char *line = strchr(buf_text(&a->out), '\n') + 1;
    int64_t sum = 0;
    for (; *line; line = strchr(line, '\n') + 1) {
        const char *field = line;
        for (int i = 0; i < column; i++)
            field = strchr(field, ',') + 1;
        char *end;
        int64_t whole = strtoll(field, &end, 10);
        sum += *end == '.' ? whole * 100 + strtoll(end + 1, NULL, 10) : whole;
    }
    return sum;
}

static void m29_every_grouping_adds_up_to_the_days(void **state)
{
    (void)state;
    static const char *const bys[] = { "booth", "origin", "place",  "producer",
                                       "group", "stars",  "product" };
    static const char *const origins[] = { NULL, "in-province",
                                           "other-province" };
    for (size_t o = 0; o < ARRAY_LEN(origins); o++) {
        ASKED days = ask_for((struct report_query){
            .kind = "days", .origin = origins[o], .format = REPORT_CSV });
        int64_t net = column_sum(&days, 6);
        assert_true(net > 0);
        for (size_t i = 0; i < ARRAY_LEN(bys); i++) {
            ASKED a = ask_for((struct report_query){
                .by = bys[i], .origin = origins[o], .format = REPORT_CSV });
            assert_int_equal(column_sum(&a, 5), net);
            assert_int_equal(column_sum(&a, 6), 10000);
        }
    }
}

static void the_totals_are_the_fairs_whatever_the_limit(void **state)
{
    (void)state;
    static const char totals[] =
        "\"totals\":{\"areas\":4,\"products_sold\":4,\"net_vnd\":1000000,"
        "\"share_pct\":100.00,\"sales\":6,\"compared_vnd\":1000000,"
        "\"that_net_vnd\":400000,\"growth_total_pct\":150.00,"
        "\"compared_per_day_vnd\":333333,\"that_net_per_day_vnd\":100000,"
        "\"growth_per_day_pct\":233.33}";
    ASKED all = ask("booth", REPORT_JSON);
    ASKED one = ask_for((struct report_query){
        .by = "booth", .limit = 1, .format = REPORT_JSON });
    text_has(&all.out, totals);
    text_has(&all.out, "\"by\":\"booth\",\"with\":\"OLD\","
                       "\"why_not_compared\":null,"
                       "\"days\":{\"this\":3,\"that\":4},");
    text_has(&one.out, totals);
    text_has(&one.out, "\"key\":\"A1\"");
    assert_null(strstr(buf_text(&one.out), "\"key\":\"A2\""));
}

static void what_is_on_hold_is_left_out_and_said(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    struct decision hold = { .what = "hold", .first = 2, .last = 2 };
    struct decision release = { .what = "release", .first = 2, .last = 2 };
    struct str a1 = fairs_id(&hall, 2, id);
    assert_int_equal(store_decide(hall.store, a1, &hold), ERR_OK);
    ASKED a = ask("booth", REPORT_JSON);
    assert_int_equal(store_decide(hall.store, a1, &release), ERR_OK);
    text_has(&a.out, "\"totals\":{\"areas\":4,\"products_sold\":4,"
                     "\"net_vnd\":600000,");
    text_has(&a.out, "\"hold\":{\"events\":1,\"amount_vnd\":400000}}");
}

/* ---- while a fair runs --------------------------------------------------- */

static void m29_a_running_fair_is_compared_by_whole_hours(void **state)
{
    (void)state;
    fairs_clock(20200115, 635);
    ASKED a = ask("origin", REPORT_CSV);
    ASKED text = ask("origin", REPORT_TEXT);
    fairs_clock(20200120, 605);
    text_has(&a.out,
             "1,in-province,in-province,2,3,800000,80.00,4,600000,200000,"
             "200.00,300000,100000,200.00,1,0\r\n");
    text_has(&text.out, "Compared with Xuân 2019 (OLD): 2 fair-days against "
                        "2\nThe fair is not over: both are counted up to the "
                        "same fair-day and time.\n");
}

static void ranks_are_held_against_the_compared_part(void **state)
{
    (void)state;
    fairs_clock(20200115, 635);
    ASKED a = ask("product", REPORT_CSV);
    fairs_clock(20200120, 605);
    text_has(&a.out, "1,CM,Chả mực giã tay,2,1,500000,50.00,2,400000,200000,"
                     "100.00,200000,100000,100.00,1,0\r\n");
    text_has(&a.out, "2,MR,Miến rong,2,1,300000,30.00,2,350000,150000,"
                     "133.33,175000,75000,133.33,2,0\r\n");
}

/* ---- no comparison ------------------------------------------------------- */

static void published_totals_have_no_groups_to_compare(void **state)
{
    (void)state;
    ASKED a = ask_for(
        (struct report_query){ .with = "PAPER", .format = REPORT_JSON });
    ASKED none =
        ask_for((struct report_query){ .fair = "OLD", .format = REPORT_JSON });
    text_has(&a.out, "\"with\":\"PAPER\","
                     "\"why_not_compared\":\"published_only\","
                     "\"days\":{\"this\":3,\"that\":null},");
    text_has(&a.out, "\"that_net_vnd\":null,\"growth_total_pct\":null,");
    text_has(&none.out, "\"with\":null,\"why_not_compared\":\"no_other\",");
}

static void s15_one_booth_sees_only_its_own(void **state)
{
    (void)state;
    ASKED a = ask_for((struct report_query){
        .by = "product", .booth = "A1", .format = REPORT_CSV });
    expect(&a, HEADER "1,CM,Chả mực giã tay,1,1,400000,80.00,1,,,,,,,,\r\n"
                      "2,RU,Rượu,1,1,100000,20.00,1,,,,,,,,\r\n"
                      "3,MR,Miến rong,0,0,0,0.00,0,,,,,,,,\r\n");
    ASKED json = ask_for((struct report_query){
        .by = "booth", .booth = "A1", .with = "OLD", .format = REPORT_JSON });
    text_has(&json.out, "\"why_not_compared\":\"own_only\"");
    text_has(&json.out, "\"totals\":{\"areas\":1,\"products_sold\":2,"
                        "\"net_vnd\":500000,\"share_pct\":100.00,");
    assert_null(strstr(buf_text(&json.out), "Móng Cái"));
    assert_null(strstr(buf_text(&json.out), "250000"));
}

/* ---- what people read ---------------------------------------------------- */

static void the_page_fits_a_screen(void **state)
{
    (void)state;
    ASKED a = ask("booth", REPORT_TEXT);
    expect(&a,
           "League – Xuân 2020 (NEW)\n"
           "as of 20/01/2020 10:05\n\n"
           "                               Net  Share,     Growth     Growth\n"
           " Rank  Booth  Name         revenue       %   in total    per day\n"
           "    1  A1     Hạ Long      500.000   50,00  +100,00 %  +166,67 %\n"
           "    2  A2     Móng Cái     300.000   30,00          –          –\n"
           "    3  B1     Bắc Giang    100.000   10,00          –          –\n"
           "    3  Z9     –            100.000   10,00          –          –\n"
           "Total                    1.000.000  100,00  +150,00 %  +233,33 %\n"
           "\n"
           "Compared with Xuân 2019 (OLD): 3 fair-days against 4\n"
           "A booth is the same at both fairs when its name is, and only one "
           "booth bears it.\n");
}

static void hostile_names_stay_text(void **state)
{
    (void)state;
    ASKED csv = ask("producer", REPORT_CSV);
    ASKED page = ask("producer", REPORT_HTML);
    text_has(&csv.out, ",'" HOSTILE ",");
    text_has(&page.out, "=1+1&lt;script&gt;");
    assert_null(strstr(buf_text(&page.out), "<script>"));
}

static void a_page_draws_both_fairs_per_day(void **state)
{
    (void)state;
    ASKED page = ask("booth", REPORT_HTML);
    ASKED alone = ask_for((struct report_query){
        .fair = "OLD", .by = "booth", .format = REPORT_HTML });
    text_has(&page.out, "data-chart=\"bars\" data-x=\"2\" "
                        "data-series=\"10 11\" data-ghosts=\"1\"");
    text_has(&alone.out, "data-chart=\"bars\" data-x=\"2\" "
                         "data-series=\"5\" data-ghosts=\"0\"");
}

static void a_workbook_is_made_of_every_grouping(void **state)
{
    (void)state;
    static const char *const bys[] = { "booth", "origin", "producer" };
    for (size_t i = 0; i < ARRAY_LEN(bys); i++) {
        ASKED a = ask(bys[i], REPORT_XLSX);
        assert_int_equal(a.e, ERR_OK);
        assert_memory_equal(buf_text(&a.out), "PK\x03\x04", 4);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    ASKED a = ask("colour", REPORT_JSON);
    assert_int_equal(a.e, ERR_USAGE);
    assert_string_equal(buf_text(&a.why), "no such grouping: colour");
    ASKED with = ask_for((struct report_query){ .with = "NOPE" });
    assert_int_equal(with.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&with.why), "no such fair: NOPE");
    assert_int_equal(a.out.len + with.out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m29_origins_are_ranked_with_their_share),
        cmocka_unit_test(m29_booths_go_by_their_name_at_the_other_fair),
        cmocka_unit_test(m29_products_and_stars_come_from_the_catalogue),
        cmocka_unit_test(m29_what_is_not_known_makes_a_row_of_its_own),
        cmocka_unit_test(m29_every_grouping_adds_up_to_the_days),
        cmocka_unit_test(the_totals_are_the_fairs_whatever_the_limit),
        cmocka_unit_test(what_is_on_hold_is_left_out_and_said),
        cmocka_unit_test(m29_a_running_fair_is_compared_by_whole_hours),
        cmocka_unit_test(ranks_are_held_against_the_compared_part),
        cmocka_unit_test(published_totals_have_no_groups_to_compare),
        cmocka_unit_test(s15_one_booth_sees_only_its_own),
        cmocka_unit_test(the_page_fits_a_screen),
        cmocka_unit_test(hostile_names_stay_text),
        cmocka_unit_test(a_page_draws_both_fairs_per_day),
        cmocka_unit_test(a_workbook_is_made_of_every_grouping),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
