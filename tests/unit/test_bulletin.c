/*
 * test_bulletin.c - the evening bulletin: its text, and the table behind it.
 *
 * SPRING is a fair of six days whose in-province booths and gates add up to
 * the published totals of Spring 2020; it is held against the figures of 2019
 * imported from tests/data/figures-2019.csv. RUN is measured against BASE.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/csv.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "sync/aggregator/report/report.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

#define BOM "\xEF\xBB\xBF"

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
    q.kind = "bulletin";
    if (!q.fair)
        q.fair = "SPRING";
    buf_init(&a.out, MAX_OUTPUT);
    buf_init(&a.why, MAX_TEXT);
    a.e = report_make(hall.store, &q, &a.out, &a.why);
    return a;
}

static struct asked ask(const char *fair, enum report_format format)
{
    return ask_for((struct report_query){ .fair = fair, .format = format });
}

static void has_not(const struct asked *a, const char *what)
{
    assert_null(strstr(buf_text(&a->out), what));
}

/* The text is that of tests/data; UPDATE=1 writes it anew. */
static void is_golden(const struct asked *a, const char *name)
{
    BUF(want, MAX_TEXT);
    assert_int_equal(a->e, ERR_OK);
    if (getenv("UPDATE"))
        assert_int_equal(env_file_put("tests/data", name, buf_slice(&a->out)),
                         ERR_OK);
    assert_int_equal(env_file_read("tests/data", name, &want), ERR_OK);
    assert_string_equal(buf_text(&a->out), buf_text(&want));
}

/* ---- the fairs ----------------------------------------------------------- */

static const struct csv_column figure_columns[] = {
    { "fair", true },
    { "name", true },
    { "days", true },
    { "first_day", false },
    { "visits", false },
    { "revenue_in_province_vnd", false },
    { "revenue_all_vnd", false },
    { "note", false },
    { NULL, false },
};

static int64_t number(struct str s)
{
    int64_t n = -1;
    if (s.len > 0)
        assert_int_equal(money_parse(s, &n), ERR_OK);
    return n;
}

static enum err take_figures(void *ctx, const struct csv_row *row,
                             struct buf *why)
{
    struct figures f = { .fair = row->fields[0],
                         .name = row->fields[1],
                         .days = number(row->fields[2]),
                         .visits = number(row->fields[4]),
                         .revenue_in_province_vnd = number(row->fields[5]),
                         .revenue_all_vnd = number(row->fields[6]) };
    enum change change;
    (void)ctx;
    (void)why;
    return figures_put(hall.store, &f, &change);
}

static void published_figures(void)
{
    BUF(text, MAX_CSV);
    BUF(errors, MAX_TEXT);
    assert_int_equal(env_file_read("tests/data", "figures-2019.csv", &text),
                     ERR_OK);
    assert_int_equal(
        csv_read(buf_slice(&text), figure_columns, take_figures, NULL, &errors),
        ERR_OK);
}

static void catalogue(void)
{
    const struct catalogue_product products[] = {
        { { .sku = STR("CM"),
            .name = STR("Chả mực giã tay"),
            .unit = STR("kg") },
          STR("") },
        { { .sku = STR("NT"), .name = STR("Ngọc trai"), .unit = STR("chuỗi") },
          STR("") },
        { { .sku = STR("VT"), .name = STR("Vải thiều"), .unit = STR("kg") },
          STR("") },
    };
    int64_t version = 0;
    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(products); i++)
        assert_int_equal(
            product_add(hall.store, version, (int64_t)i + 1, &products[i]),
            ERR_OK);
}

static void spring_booths(void)
{
    const struct booth list[] = {
        { STR("A1"), STR("Thành phố Hạ Long"), STR("in-province"), STR(""), 4 },
        { STR("A2"), STR("Huyện Vân Đồn"), STR("in-province"), STR(""), 2 },
        { STR("N1"), STR("Lào"), STR("foreign"), STR(""), 1 },
        { STR("S1"), STR("Cổng chính"), STR("service"), STR(""), 1 },
        { STR("T1"), STR("Bắc Giang"), STR("other-province"), STR(""), 3 },
    };
    const struct booth_item items[] = {
        { 1, STR("A1"), STR("10"), STR("CM"), -1, 0 },
        { 2, STR("A1"), STR("11"), STR("NT"), -1, 0 },
        { 3, STR("T1"), STR("10"), STR("VT"), -1, 0 },
    };
    int64_t version = 0;
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        fairs_booth(&hall, "SPRING", &list[i]);
    assert_int_equal(booth_list_add(hall.store, STR("SPRING"), 1, &version),
                     ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(items); i++)
        assert_int_equal(
            booth_item_add(hall.store, STR("SPRING"), version, &items[i]),
            ERR_OK);
}

/* Device 0 at A1, 1 at A2. */
static void spring(void)
{
    const struct fair fair = { .code = "SPRING",
                               .name = "Hội chợ OCOP Quảng Ninh - Xuân 2020",
                               .first_day = 20200114,
                               .days = 6,
                               .opens_min = 480,
                               .closes_min = 1320,
                               .cut_off_min = 240,
                               .compare_with = "XUAN2019" };
    static const int64_t a1_million[] = { 700, 700, 700, 700, 700, 700 };
    static const int64_t a2_thousand[] = { 300000, 300000, 300000,
                                           300000, 300000, 356500 };
    static const int64_t visits[] = {
        10000, 11000, 12000, 13000, 13000, 13300
    };
    fairs_fair(&hall, &fair);
    spring_booths();
    struct fairs_device *a1 = fairs_device(&hall, "SPRING", "A1");
    struct fairs_device *a2 = fairs_device(&hall, "SPRING", "A2");
    struct fairs_device *t1 = fairs_device(&hall, "SPRING", "T1");
    struct fairs_device *s1 = fairs_device(&hall, "SPRING", "S1");
    for (int i = 0; i < 6; i++) {
        int day = 20200114 + i;
        fairs_sell(a1, (struct deal){ day, 600, i < 4 ? "NT" : "CM",
                                      a1_million[i] * 1000000, NULL });
        fairs_sell(
            a2, (struct deal){ day, 600, "CM", a2_thousand[i] * 1000, NULL });
        fairs_visits(s1, (struct counting){ day, 600, NULL, visits[i], false });
    }
    fairs_sell(t1, (struct deal){ 20200114, 600, "VT", 125000000, NULL });
    fairs_sell(t1, (struct deal){ 20200115, 600, "VT", 125000000, NULL });
}

static void base_and_run(void)
{
    const struct fair base = { .code = "BASE",
                               .name = "Hội chợ Hè 2019",
                               .first_day = 20190501,
                               .days = 3,
                               .cut_off_min = 240 };
    const struct fair run = { .code = "RUN",
                              .name = "Hội chợ Hè 2020",
                              .first_day = 20200501,
                              .days = 5,
                              .cut_off_min = 240,
                              .compare_with = "BASE" };
    const struct booth a1 = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                              STR(""), 2 };
    const struct booth hostile = { STR("X1"), STR("=1+1 <b>\x1B[2J"),
                                   STR("in-province"), STR(""), 1 };
    fairs_fair(&hall, &base);
    fairs_fair(&hall, &run);
    fairs_booth(&hall, "BASE", &a1);
    fairs_booth(&hall, "RUN", &a1);
    fairs_booth(&hall, "RUN", &hostile);
    struct fairs_device *old = fairs_device(&hall, "BASE", "A1");
    struct fairs_device *new = fairs_device(&hall, "RUN", "A1");
    struct fairs_device *bad = fairs_device(&hall, "RUN", "X1");
    fairs_visits(old, (struct counting){ 20190501, 600, NULL, 1000, false });
    fairs_sell(old, (struct deal){ 20190501, 600, "CM", 10000000, NULL });
    fairs_sell(old, (struct deal){ 20190502, 620, "CM", 6000000, NULL });
    fairs_sell(old, (struct deal){ 20190502, 630, "CM", 90000000, NULL });
    fairs_visits(new, (struct counting){ 20200501, 600, NULL, 900, false });
    fairs_sell(new, (struct deal){ 20200501, 600, "CM", 20000000, NULL });
    fairs_sell(new, (struct deal){ 20200502, 610, "NT", 4000000, NULL });
    fairs_sell(new, (struct deal){ 20200502, 630, "NT", 1500000, NULL });
    fairs_sell(bad, (struct deal){ 20200501, 600, "XX", 100000, NULL });
}

enum { AFTER = 20200120 };

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    fairs_clock(AFTER, 605);
    i18n_init("en");
    published_figures();
    catalogue();
    spring();
    base_and_run();
    fairs_send(&hall);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

/* ---- the text ------------------------------------------------------------ */

static void n15_the_bulletin_has_the_published_growth(void **state)
{
    (void)state;
    ASKED a = ask("SPRING", REPORT_TEXT);
    is_golden(&a, "bulletin-spring.txt");
    text_has(&a.out, "+11,57 %");
    text_has(&a.out, "+9,06 %");
    text_has(&a.out, "72.300 lượt người");
    text_has(&a.out, "6.056,5 triệu đồng");
    text_has(&a.out, "1.009,42 triệu đồng/ngày");
}

static void n15_growth_is_told_per_day_and_in_total(void **state)
{
    (void)state;
    ASKED a = ask_for(
        (struct report_query){ .with = "XUAN2019-7D", .format = REPORT_TEXT });
    text_has(&a.out, "- So sánh: bình quân ngày +11,57 % (12.050 so với 10.800 "
                     "lượt người/ngày); tổng số \u22124,37 % (72.300 so với "
                     "75.600 lượt người; 6 ngày so với 7 ngày).\n");
    text_has(&a.out,
             "- So sánh: bình quân ngày +9,06 % (1.009,42 so với 925,56 "
             "triệu đồng/ngày); tổng số \u22126,52 % (6.056,5 so với "
             "6.478,92 triệu đồng; 6 ngày so với 7 ngày).\n");
}

static void n15_the_text_is_vietnamese_in_every_language(void **state)
{
    (void)state;
    ASKED english = ask("SPRING", REPORT_TEXT);
    i18n_init("vi");
    ASKED vietnamese = ask("SPRING", REPORT_TEXT);
    i18n_init("en");
    assert_string_equal(buf_text(&english.out), buf_text(&vietnamese.out));
}

static void n15_areas_and_stands_are_never_mixed(void **state)
{
    (void)state;
    ASKED text = ask("SPRING", REPORT_TEXT);
    ASKED csv = ask("SPRING", REPORT_CSV);
    text_has(&text.out, "- Hội chợ có 11 gian hàng, bố trí thành 5 khu gian "
                        "hàng.\n- 2 khu gian hàng trong tỉnh (6 gian hàng) với "
                        "2 sản phẩm trưng bày, 2 sản phẩm đã bán,");
    text_has(&csv.out, "\r\nareas,areas,2,1,1,5,,\r\n"
                       "stands,stands,6,3,1,11,,\r\n");
}

static void n15_a_past_day_has_its_own_bulletin(void **state)
{
    (void)state;
    ASKED a = ask_for(
        (struct report_query){ .day = 20200115, .format = REPORT_TEXT });
    assert_int_equal(a.e, ERR_OK);
    text_has(&a.out, "Ngày hội chợ thứ 2/6, 15/01/2020\nSố liệu lũy kế đến hết "
                     "ngày 15/01/2020, tổng hợp lúc 10:05 ngày 20/01/2020.\n");
    text_has(&a.out, "đã thu hút 21.000 lượt người, bình quân 10.500 lượt "
                     "người/ngày, giảm 2,78 % so với");
    text_has(&a.out, "bình quân ngày \u22122,78 % (10.500 so với 10.800 lượt "
                     "người/ngày); tổng số – (21.000 so với 64.800 lượt người; "
                     "2 ngày so với 6 ngày).\n");
    text_has(&a.out, "đạt 2.000 triệu đồng, doanh thu bình quân đạt 1.000 "
                     "triệu đồng/ngày");
    text_has(&a.out, "1. Thành phố Hạ Long: 1.400 triệu đồng\n");
    text_has(&a.out, "1. Ngọc trai: 1.400 triệu đồng\n");
}

static void n15_what_has_not_reported_makes_it_an_estimate(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    struct decision hold = { .what = "hold", .first = 7, .last = 7 };
    struct decision release = { .what = "release", .first = 7, .last = 7 };
    struct str a2 = fairs_id(&hall, 1, id);
    assert_int_equal(store_decide(hall.store, a2, &hold), ERR_OK);
    ASKED a = ask("SPRING", REPORT_TEXT);
    assert_int_equal(store_decide(hall.store, a2, &release), ERR_OK);
    text_has(&a.out, "trong tỉnh ước đạt 5.700 triệu đồng, doanh thu bình quân "
                     "ước đạt 950 triệu đồng/ngày");
    text_has(&a.out, "- Tỷ lệ phủ trong tỉnh: 91,67 % (11/12 lượt khu gian "
                     "hàng đã báo số liệu).\n");
    text_has(&a.out, "\nTạm giữ, chưa tính vào số liệu: 1 bản ghi, 356,5 triệu "
                     "đồng.\n");
    ASKED whole = ask("SPRING", REPORT_TEXT);
    has_not(&whole, "Tạm giữ");
    has_not(&whole, "trong tỉnh ước đạt");
}

/* ---- while a fair runs --------------------------------------------------- */

static void n15_a_running_day_is_compared_up_to_the_same_time(void **state)
{
    (void)state;
    fairs_clock(20200502, 635);
    ASKED a = ask("RUN", REPORT_TEXT);
    fairs_clock(AFTER, 605);
    is_golden(&a, "bulletin-running.txt");
}

static void n15_a_running_day_stands_against_no_published_average(void **state)
{
    (void)state;
    fairs_clock(20200115, 605);
    ASKED a = ask("SPRING", REPORT_TEXT);
    fairs_clock(AFTER, 605);
    text_has(&a.out, "ngày hội chợ đang diễn ra.\n");
    text_has(&a.out, "- Chưa so sánh với Hội chợ OCOP Quảng Ninh - Xuân 2019: "
                     "kỳ gốc chỉ có số liệu công bố, ngày hội chợ này chưa kết "
                     "thúc.\n");
    has_not(&a, "tăng");
    has_not(&a, "So sánh");
}

static void n15_in_the_evening_the_day_stands_against_the_average(void **state)
{
    (void)state;
    fairs_clock(20200115, 1320);
    ASKED a = ask("SPRING", REPORT_TEXT);
    fairs_clock(AFTER, 605);
    text_has(&a.out, "So sánh: bình quân ngày −2,78 % (10.500 so với 10.800 "
                     "lượt người/ngày)");
}

static void n15_before_the_first_day_there_is_little_to_tell(void **state)
{
    (void)state;
    fairs_clock(20200113, 605);
    ASKED a = ask("SPRING", REPORT_TEXT);
    ASKED day = ask_for(
        (struct report_query){ .day = 20200114, .format = REPORT_TEXT });
    fairs_clock(AFTER, 605);
    text_has(&a.out, "Hội chợ chưa khai mạc.\n");
    text_has(&a.out, "- Hội chợ có 11 gian hàng");
    has_not(&a, "bình quân");
    assert_int_equal(day.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&day.why), "no such fair-day has begun");
    assert_int_equal(day.out.len, 0);
}

/* ---- the table ----------------------------------------------------------- */

static void n15_the_table_has_a_line_an_indicator(void **state)
{
    (void)state;
    ASKED a = ask_for(
        (struct report_query){ .with = "XUAN2019-7D", .format = REPORT_CSV });
    assert_string_equal(
        buf_text(&a.out),
        BOM "indicator,unit,in_province,other_province,foreign,total,compared,"
            "growth\r\n"
            "fair_days,days,,,,6,7,\r\n"
            "visits,visits,,,,72300,75600,-4.37\r\n"
            "visits_per_day,visits,,,,12050.00,10800.00,11.57\r\n"
            "net,VND,6056500000,250000000,0,6306500000,,\r\n"
            "net_per_day,VND,1009416667,41666667,0,1051083333,,\r\n"
            "net_in_province,VND,6056500000,,,,6478920000,-6.52\r\n"
            "net_in_province_per_day,VND,1009416667,,,,925560000,9.06\r\n"
            "areas,areas,2,1,1,5,,\r\n"
            "stands,stands,6,3,1,11,,\r\n"
            "products_on_show,products,2,1,,3,,\r\n"
            "products_sold,products,2,1,0,3,,\r\n"
            "booths_reporting,booth-days,12,,,14,,\r\n"
            "booths_expected,booth-days,12,,,24,,\r\n"
            "hold_events,events,,,,0,,\r\n"
            "hold_vnd,VND,,,,0,,\r\n");
}

static void n15_the_document_says_day_and_source(void **state)
{
    (void)state;
    ASKED a = ask("SPRING", REPORT_JSON);
    text_has(&a.out, "\"fair_day\":6,\"fair_days\":6,\"date\":\"2020-01-19\","
                     "\"running\":false,\"with\":\"XUAN2019\","
                     "\"source\":\"published\",");
    ASKED alone = ask("BASE", REPORT_JSON);
    text_has(&alone.out, "\"with\":null,\"source\":null,");
}

/* ---- hostile names ------------------------------------------------------- */

static void n15_hostile_names_stay_text(void **state)
{
    (void)state;
    fairs_clock(20200520, 605);
    ASKED a = ask("RUN", REPORT_TEXT);
    ASKED page = ask("RUN", REPORT_HTML);
    fairs_clock(AFTER, 605);
    text_has(&a.out, "2. =1+1 <b>\\x1b[2J: 0,1 triệu đồng\n");
    has_not(&a, "\x1B");
    has_not(&page, "<b>");
    text_has(&page.out, "<table");
}

static void s15_it_is_not_for_one_booth(void **state)
{
    (void)state;
    ASKED a = ask_for((struct report_query){ .booth = "A1" });
    assert_int_equal(a.e, ERR_NOT_MAY);
    assert_int_equal(a.out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n15_the_bulletin_has_the_published_growth),
        cmocka_unit_test(n15_growth_is_told_per_day_and_in_total),
        cmocka_unit_test(n15_the_text_is_vietnamese_in_every_language),
        cmocka_unit_test(n15_areas_and_stands_are_never_mixed),
        cmocka_unit_test(n15_a_past_day_has_its_own_bulletin),
        cmocka_unit_test(n15_what_has_not_reported_makes_it_an_estimate),
        cmocka_unit_test(n15_a_running_day_is_compared_up_to_the_same_time),
        cmocka_unit_test(n15_a_running_day_stands_against_no_published_average),
        cmocka_unit_test(n15_in_the_evening_the_day_stands_against_the_average),
        cmocka_unit_test(n15_before_the_first_day_there_is_little_to_tell),
        cmocka_unit_test(n15_the_table_has_a_line_an_indicator),
        cmocka_unit_test(n15_the_document_says_day_and_source),
        cmocka_unit_test(n15_hostile_names_stay_text),
        cmocka_unit_test(s15_it_is_not_for_one_booth),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
