/*
 * test_report_composition.c - who is at a fair: areas, stands, products.
 *
 * SUMMER has the booths of the sample's Summer fair and no goods. SMALL has
 * goods: A1 and A2 in-province, B1 another province's, C1 foreign, S1 service,
 * and a device at Z9, which no booth list names.
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
#define HEADER                                                  \
    BOM "origin,areas,areas_with_list,stands,products_on_show," \
        "products_sold,producers,net_vnd,share_pct\r\n"

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
    q.kind = "composition";
    buf_init(&a.out, MAX_TEXT);
    buf_init(&a.why, MAX_TEXT);
    a.e = report_make(hall.store, &q, &a.out, &a.why);
    return a;
}

static struct asked ask(const char *fair, enum report_format format)
{
    return ask_for((struct report_query){ .fair = fair, .format = format });
}

static void expect(const struct asked *a, const char *want)
{
    assert_int_equal(a->e, ERR_OK);
    assert_string_equal(buf_text(&a->out), want);
}

/* ---- the fairs ----------------------------------------------------------- */

static const struct csv_column booth_columns[] = {
    { "booth", true },   { "name", true },   { "origin", true },
    { "stands", false }, { "place", false }, { NULL, false },
};

static enum err take_booth(void *ctx, const struct csv_row *row,
                           struct buf *why)
{
    struct booth b = { .code = row->fields[0],
                       .name = row->fields[1],
                       .origin = row->fields[2],
                       .place = row->fields[4] };
    (void)ctx;
    (void)why;
    assert_int_equal(money_parse(row->fields[3], &b.stands), ERR_OK);
    fairs_booth(&hall, "SUMMER", &b);
    return ERR_OK;
}

static void summer(void)
{
    const struct fair fair = { .code = "SUMMER",
                               .name = "Hội chợ Hè",
                               .first_day = 20200501,
                               .days = 7,
                               .cut_off_min = 240 };
    BUF(text, MAX_CSV);
    BUF(errors, MAX_TEXT);
    fairs_fair(&hall, &fair);
    assert_int_equal(env_file_read("config/sample", "booths-summer.csv", &text),
                     ERR_OK);
    assert_int_equal(
        csv_read(buf_slice(&text), booth_columns, take_booth, NULL, &errors),
        ERR_OK);
}

static void catalogue(void)
{
    const struct catalogue_product products[] = {
        { { .sku = STR("CM"),
            .name = STR("Chả mực"),
            .seller = STR("Bá Kiên"),
            .unit = STR("kg") },
          STR("") },
        { { .sku = STR("MR"),
            .name = STR("Miến"),
            .seller = STR("Bình Liêu"),
            .unit = STR("gói") },
          STR("") },
        { { .sku = STR("RU"),
            .name = STR("Rượu"),
            .seller = STR("Bình Liêu"),
            .unit = STR("chai") },
          STR("") },
        { { .sku = STR("GG"), .name = STR("Gạo"), .unit = STR("kg") },
          STR("") },
    };
    int64_t version = 0;
    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(products); i++)
        assert_int_equal(
            product_add(hall.store, version, (int64_t)i + 1, &products[i]),
            ERR_OK);
}

static void booths(const char *fair)
{
    const struct booth list[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""), 3 },
        { STR("A2"), STR("Móng Cái"), STR("in-province"), STR(""), 1 },
        { STR("B1"), STR("Bắc Giang"), STR("other-province"), STR(""), 2 },
        { STR("C1"), STR("Lào"), STR("foreign"), STR(""), 4 },
        { STR("S1"), STR("Cổng"), STR("service"), STR(""), 1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        fairs_booth(&hall, fair, &list[i]);
}

static void goods(void)
{
    struct fairs_device *a1 = fairs_device(&hall, "SMALL", "A1");
    struct fairs_device *a2 = fairs_device(&hall, "SMALL", "A2");
    struct fairs_device *b1 = fairs_device(&hall, "SMALL", "B1");
    struct fairs_device *z9 = fairs_device(&hall, "SMALL", "Z9");
    struct deal voided = { 20200114, 600, "GG", 900000, NULL };
    fairs_sell(a1, (struct deal){ 20200114, 540, "CM", 500000, NULL });
    fairs_sell(a2, (struct deal){ 20200115, 540, "CM", 100000, NULL });
    fairs_void(a1, fairs_sell(a1, voided), voided);
    fairs_sell(b1, (struct deal){ 20200114, 540, "MR", 300000, NULL });
    fairs_sell(b1, (struct deal){ 20200115, 540, "CM", 50000, NULL });
    fairs_refund(b1, b1->book.n, NULL,
                 (struct deal){ 20200115, 550, "CM", 50000, NULL });
    fairs_sell(z9, (struct deal){ 20200115, 540, "XX", 100000, NULL });
}

static void list(const char *const items[][2], size_t n)
{
    int64_t version = 0;
    assert_int_equal(booth_list_add(hall.store, STR("SMALL"), 1, &version),
                     ERR_OK);
    for (size_t i = 0; i < n; i++) {
        struct booth_item item = { .position = (int64_t)i + 1,
                                   .booth = str_of(items[i][0]),
                                   .code = str_of(items[i][1]),
                                   .sku = str_of(items[i][1]),
                                   .price_vnd = -1 };
        assert_int_equal(
            booth_item_add(hall.store, STR("SMALL"), version, &item), ERR_OK);
    }
}

static int open_hall(void **state)
{
    const struct fair small = { .code = "SMALL",
                                .name = "Hội chợ Xuân",
                                .first_day = 20200114,
                                .days = 2,
                                .cut_off_min = 240 };
    (void)state;
    fairs_open(&hall);
    fairs_clock(20200120, 605);
    i18n_init("en");
    summer();
    catalogue();
    fairs_fair(&hall, &small);
    booths("SMALL");
    goods();
    fairs_send(&hall);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

/* ---- areas and stands ---------------------------------------------------- */

static void n15_areas_and_stands_are_counted_apart(void **state)
{
    (void)state;
    ASKED a = ask("SUMMER", REPORT_JSON);
    assert_int_equal(a.e, ERR_OK);
    text_has(&a.out, "{\"origin\":\"in-province\",\"areas\":100,");
    text_has(&a.out, "{\"origin\":\"other-province\",\"areas\":93,");
    text_has(&a.out, "{\"origin\":\"foreign\",\"areas\":7,");
    text_has(&a.out, "\"totals\":{\"areas\":200,\"areas_with_list\":0,"
                     "\"stands\":350,");
}

static void n15_titles_say_which_is_which(void **state)
{
    (void)state;
    ASKED a = ask("SUMMER", REPORT_TEXT);
    expect(&a, "Who is at the fair – Hội chợ Hè (SUMMER)\n"
               "as of 20/01/2020 10:05\n\n"
               "                Areas (khu       Stands  Products  Products"
               "      Net\n"
               "Origin          gian hàng)  (gian hàng)   on show      sold"
               "  revenue\n"
               "in-province            100          183         –         0"
               "        0\n"
               "other province          93          153         –         0"
               "        0\n"
               "foreign                  7           14         –         0"
               "        0\n"
               "Total                  200          350                   0"
               "        0\n\n"
               "An area is one booth of the booth list and has one or more "
               "stands.\n"
               "Producers of what is on show or sold: 0\n");
}

/* Two units in one sum would show here. */
static void n15_origins_add_up_in_their_own_units(void **state)
{
    (void)state;
    ASKED a = ask("SMALL", REPORT_CSV);
    expect(&a, HEADER "in-province,2,0,4,,1,1,600000,60.00\r\n"
                      "other-province,1,0,2,,2,2,300000,30.00\r\n"
                      "foreign,1,0,4,,0,0,0,0.00\r\n"
                      "service,1,0,1,,0,0,0,0.00\r\n"
                      ",,,,,1,0,100000,10.00\r\n");
    ASKED json = ask("SMALL", REPORT_JSON);
    text_has(&json.out, "\"totals\":{\"areas\":5,\"areas_with_list\":0,"
                        "\"stands\":11,\"products_on_show\":null,"
                        "\"products_sold\":3,\"producers\":2,"
                        "\"net_vnd\":1000000,\"share_pct\":100.00}");
}

/* ---- products ------------------------------------------------------------ */

static void products_on_show_are_those_of_the_booth_lists(void **state)
{
    (void)state;
    static const char *const items[][2] = {
        { "A1", "CM" }, { "A1", "GG" }, { "A2", "CM" },
        { "B1", "CM" }, { "B1", "RU" },
    };
    list(items, ARRAY_LEN(items));
    ASKED a = ask("SMALL", REPORT_CSV);
    expect(&a, HEADER "in-province,2,2,4,2,1,1,600000,60.00\r\n"
                      "other-province,1,1,2,2,2,2,300000,30.00\r\n"
                      "foreign,1,0,4,,0,0,0,0.00\r\n"
                      "service,1,0,1,,0,0,0,0.00\r\n"
                      ",,,,,1,0,100000,10.00\r\n");
    ASKED json = ask("SMALL", REPORT_JSON);
    text_has(&json.out, "\"totals\":{\"areas\":5,\"areas_with_list\":3,"
                        "\"stands\":11,\"products_on_show\":3,");
    ASKED text = ask("SMALL", REPORT_TEXT);
    text_has(&text.out, "Products on show: in the lists of 3 of 5 areas\n"
                        "Producers of what is on show or sold: 2\n");
}

static void s15_one_booth_sees_only_its_own(void **state)
{
    (void)state;
    ASKED a = ask_for((struct report_query){
        .fair = "SMALL", .booth = "A2", .format = REPORT_CSV });
    expect(&a, HEADER "in-province,1,1,1,1,1,1,100000,100.00\r\n");
    ASKED json = ask_for((struct report_query){
        .fair = "SMALL", .booth = "A2", .format = REPORT_JSON });
    text_has(&json.out, "\"totals\":{\"areas\":1,\"areas_with_list\":1,"
                        "\"stands\":1,\"products_on_show\":1,"
                        "\"products_sold\":1,\"producers\":1,"
                        "\"net_vnd\":100000,");
}

static void an_origin_can_be_asked_for_alone(void **state)
{
    (void)state;
    ASKED a = ask_for((struct report_query){
        .fair = "SMALL", .origin = "foreign", .format = REPORT_CSV });
    expect(&a, HEADER "foreign,1,0,4,,0,0,0,\r\n");
}

static void what_is_on_hold_is_said(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    struct decision hold = { .what = "hold", .first = 2, .last = 2 };
    struct decision release = { .what = "release", .first = 2, .last = 2 };
    struct str z9 = fairs_id(&hall, 3, id);
    assert_int_equal(store_decide(hall.store, z9, &hold), ERR_OK);
    ASKED a = ask("SMALL", REPORT_JSON);
    assert_int_equal(store_decide(hall.store, z9, &release), ERR_OK);
    text_has(&a.out, "\"net_vnd\":900000,");
    text_has(&a.out, "\"hold\":{\"events\":1,\"amount_vnd\":100000}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n15_areas_and_stands_are_counted_apart),
        cmocka_unit_test(n15_titles_say_which_is_which),
        cmocka_unit_test(n15_origins_add_up_in_their_own_units),
        cmocka_unit_test(products_on_show_are_those_of_the_booth_lists),
        cmocka_unit_test(s15_one_booth_sees_only_its_own),
        cmocka_unit_test(an_origin_can_be_asked_for_alone),
        cmocka_unit_test(what_is_on_hold_is_said),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
