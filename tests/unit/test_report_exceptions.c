/*
 * test_report_exceptions.c - what operators did, as rates that are compared,
 * and how many lines carried a stamp.
 *
 * A1 (operators 1 and 2) and B1 (operator 1) of one fair; 14 January 2020:
 *   A1/1  four sales, one of them voided, one discounted
 *   A1/2  no sale; a refund, a wrong PIN
 *   B1/1  six sales; drawer opened three times; on the 15th a cart cancelled
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/text.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/report/table.h"
#include "tests/support/fairs.h"

#define FAIR "XUAN"
#define BOM  "\xEF\xBB\xBF"
enum { DAY = 20200114 };

static struct fairs hall;
static struct fairs_device *a1, *b1;

static int set_up(void **state)
{
    const struct fair fair = {
        .code = FAIR, .name = "Xuân", .first_day = DAY, .days = 4
    };
    const struct booth booths[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""), 1 },
        { STR("B1"), STR("Lào"), STR("foreign"), STR(""), 1 },
    };
    (void)state;
    fairs_open(&hall);
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++)
        fairs_booth(&hall, FAIR, &booths[i]);
    a1 = fairs_device(&hall, FAIR, "A1");
    b1 = fairs_device(&hall, FAIR, "B1");
    fairs_clock(DAY + 3, 600);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

/* ---- events -------------------------------------------------------------- */

static int sell(struct fairs_device *d, int op)
{
    d->book.next.op = op;
    return fairs_sell(d, (struct deal){ DAY, 600, "CM", 50000, NULL });
}

static void add(struct fairs_device *d, int op, int day, enum event_kind kind,
                const union body *body)
{
    d->book.next.op = op;
    d->book.next.day = day;
    d->book.next.at_ms = day_start_ms(day) + INT64_C(36000000);
    book_add(&d->book, kind, body);
}

/* A sale of one line; its stamp may be NULL. */
static void sell_line(struct fairs_device *d, const char *sku,
                      const char *stamp, int64_t discount_vnd)
{
    union body body = { 0 };
    struct body_sale *b = &body.sale;
    b->reference = STR("K7Q2M");
    b->n_lines = b->n_tenders = 1;
    b->total_vnd = 40000;
    b->tenders[0] = (struct tender){ STR("cash"), 40000, STR("") };
    b->lines[0] = (struct line){ .sku = str_of(sku),
                                 .name = STR("Chả mực"),
                                 .unit = STR("hộp"),
                                 .milli = 1000,
                                 .price_vnd = 50000,
                                 .amount_vnd = 40000 };
    b->lines[0].more.stamp = str_of(stamp);
    b->lines[0].more.discount_vnd = discount_vnd;
    add(d, 1, DAY, EV_SALE, &body);
}

static void the_day(void)
{
    const struct deal deal = { DAY, 600, "CM", 50000, NULL };
    union body body = { 0 };
    int of = sell(a1, 1);
    fairs_void(a1, of, deal);
    (void)sell(a1, 1);
    of = sell(a1, 1);
    sell_line(a1, "CM", NULL, 10000);
    a1->book.next.op = 2;
    fairs_refund(a1, of, NULL, deal);
    body.access = (struct body_access){ 2, STR(ACCESS_WRONG_PIN) };
    add(a1, 2, DAY, EV_ACCESS, &body);
    for (int i = 0; i < 6; i++)
        (void)sell(b1, 1);
    body.drawer.reason = STR("");
    for (int i = 0; i < 3; i++)
        add(b1, 1, DAY, EV_DRAWER, &body);
    body.cart = (struct body_cart){ 2, 70000 };
    add(b1, 1, DAY + 1, EV_CART_CANCELLED, &body);
    fairs_send(&hall);
}

/* ---- asking -------------------------------------------------------------- */

static void ask(struct report_query q, struct buf *out)
{
    BUF(why, MAX_TEXT);
    q.fair = FAIR;
    if (report_make(hall.store, &q, out, &why) != ERR_OK)
        fail_msg("%s", buf_text(&why));
}

static void expect(struct report_query q, const char *want)
{
    int64_t n = 0;
    for (int folded = 0; folded < 2; folded++) {
        BUF(out, MAX_TEXT);
        ask(q, &out);
        assert_string_equal(buf_text(&out), want);
        assert_int_equal(store_fold_step(hall.store, 1000, &n), ERR_OK);
    }
}

static void expect_in(struct report_query q, const char *part)
{
    BUF(out, MAX_TEXT);
    ask(q, &out);
    if (!strstr(buf_text(&out), part))
        fail_msg("\"%s\" is not in\n%s", part, buf_text(&out));
}

#define EXCEPTIONS(...)                   \
    (struct report_query)                 \
    {                                     \
        .kind = "exceptions", __VA_ARGS__ \
    }
#define EXCEPTIONS_HEADER                                                    \
    BOM "booth,device,operator,sales,most,above,voids,voids_vnd,voids_rate," \
        "refunds,refunds_vnd,refunds_rate,discounts,discounts_vnd,"          \
        "discounts_rate,unlisted,unlisted_vnd,unlisted_rate,lines_removed,"  \
        "lines_removed_vnd,lines_removed_rate,carts_cancelled,"              \
        "carts_cancelled_vnd,carts_cancelled_rate,drawer,drawer_rate,"       \
        "reprints,reprints_rate,pins_failed,pins_failed_rate,overrides,"     \
        "overrides_rate\r\n"

/* ---- exceptions ---------------------------------------------------------- */

/* 10 sales in all. B1's drawer: 50 against 30; A1/1's voids and discounts: 25
 * against 10. A1/2 has no sale, so no rate. */
static void s13_exceptions_are_rated_by_booth_and_operator(void **state)
{
    char a[DEVICE_LEN + 1], b[DEVICE_LEN + 1];
    BUF(want, MAX_TEXT);
    (void)state;
    the_day();
    buf_printf(&want,
               EXCEPTIONS_HEADER
               "B1,%s,1,6,drawer,20.00,0,0,0.00,0,0,0.00,0,0,0.00,0,0,0.00,"
               "0,0,0.00,1,70000,16.67,3,50.00,0,0.00,0,0.00,0,0.00\r\n"
               "A1,%s,1,4,void,15.00,1,50000,25.00,0,0,0.00,1,10000,25.00,"
               "0,0,0.00,0,0,0.00,0,0,0.00,0,0.00,0,0.00,0,0.00,0,0.00\r\n"
               "A1,%s,2,0,,,0,0,,1,50000,,0,0,,0,0,,0,0,,0,0,,0,,0,,1,,0,"
               "\r\n",
               fairs_id(&hall, 1, b).data, fairs_id(&hall, 0, a).data,
               fairs_id(&hall, 0, a).data);
    expect(EXCEPTIONS(.format = REPORT_CSV), buf_text(&want));
}

static void s13_exceptions_of_one_day_leave_out_the_others(void **state)
{
    (void)state;
    the_day();
    expect_in(EXCEPTIONS(.format = REPORT_CSV, .day = DAY),
              ",0,0,0.00,3,50.00,");
    BUF(out, MAX_TEXT);
    ask(EXCEPTIONS(.format = REPORT_CSV, .day = DAY + 1), &out);
    assert_non_null(strstr(buf_text(&out), ",1,0,,,"));
    assert_non_null(strstr(buf_text(&out), ",1,70000,,"));
    assert_null(strstr(buf_text(&out), "A1,"));
}

/* The rate of comparison is its own then, too. */
static void s13_a_booth_sees_nothing_of_another(void **state)
{
    char a[DEVICE_LEN + 1];
    BUF(out, MAX_TEXT);
    BUF(row, MAX_TEXT);
    (void)state;
    the_day();
    ask(EXCEPTIONS(.format = REPORT_CSV, .booth = "A1"), &out);
    assert_null(strstr(buf_text(&out), "B1,"));
    buf_printf(&row, "\r\nA1,%s,1,4,,,1,50000,25.00,",
               fairs_id(&hall, 0, a).data);
    assert_non_null(strstr(buf_text(&out), buf_text(&row)));
    expect_in(EXCEPTIONS(.booth = "A1", .format = REPORT_JSON),
              "\"totals\":{\"sales\":4,\"voids\":1,");
    BUF(foreign, MAX_TEXT);
    ask(EXCEPTIONS(.format = REPORT_CSV, .origin = "foreign"), &foreign);
    assert_null(strstr(buf_text(&foreign), "A1,"));
    assert_non_null(strstr(buf_text(&foreign), "B1,"));
}

static void s13_the_total_is_that_of_all_rows(void **state)
{
    (void)state;
    the_day();
    expect_in(EXCEPTIONS(.format = REPORT_JSON),
              "\"totals\":{\"sales\":10,\"voids\":1,"
              "\"voids_vnd\":50000,\"voids_rate\":10.00,"
              "\"refunds\":1,\"refunds_vnd\":50000,"
              "\"refunds_rate\":10.00,");
}

static void s13_rows_lead_to_booth_and_device(void **state)
{
    static const struct table_link links[] = {
        { "booth", "/explain?booth=" },
        { "device", "/explain?device=" },
        { NULL, NULL },
    };
    char a[DEVICE_LEN + 1];
    BUF(link, MAX_TEXT);
    (void)state;
    the_day();
    buf_printf(&link, "<a href=\"/explain?device=%s",
               fairs_id(&hall, 0, a).data);
    expect_in(EXCEPTIONS(.format = REPORT_HTML, .links = links, .carry = ""),
              buf_text(&link));
    expect_in(EXCEPTIONS(.format = REPORT_HTML, .links = links, .carry = ""),
              "<a href=\"/explain?booth=B1");
}

static void s13_the_table_fits_a_screen(void **state)
{
    BUF(out, MAX_TEXT);
    (void)state;
    the_day();
    ask(EXCEPTIONS(.format = REPORT_TEXT), &out);
    assert_non_null(strstr(buf_text(&out), "drawer opened"));
    for (const char *at = buf_text(&out); *at; at = strchr(at, '\n') + 1) {
        struct str line = { at, (size_t)(strchr(at, '\n') - at) };
        assert_true(text_width(line) <= 80);
    }
}

/* ---- stamps -------------------------------------------------------------- */

#define STAMPS(form)                       \
    (struct report_query)                  \
    {                                      \
        .kind = "stamps", .format = (form) \
    }

/* CM has stars, TRA none. */
static void the_catalogue(void)
{
    const struct catalogue_product products[] = {
        { { .sku = STR("CM"), .name = STR("Chả mực giã tay"), .stars = 4 },
          STR("") },
        { { .sku = STR("TRA"), .name = STR("Trà") }, STR("") },
    };
    int64_t version = 0;
    assert_int_equal(store_group_begin(hall.store), ERR_OK);
    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(product_add(hall.store, version, i + 1, &products[i]),
                         ERR_OK);
    assert_int_equal(store_group_commit(hall.store), ERR_OK);
}

static void sell_stamped(const char *sku, int stamped, int bare)
{
    for (int i = 0; i < stamped + bare; i++)
        sell_line(a1, sku, i < stamped ? "tem.vn/8934" : NULL, 0);
    fairs_send(&hall);
}

static void n07_stamps_are_counted_by_product(void **state)
{
    (void)state;
    the_catalogue();
    sell_stamped("CM", 2, 1);
    sell_stamped("TRA", 1, 0);
    sell_stamped("XX", 0, 1);
    expect(STAMPS(REPORT_CSV),
           BOM "sku,name,stars,lines,stamped,coverage_pct\r\n"
               "CM,Chả mực giã tay,4,3,2,66.67\r\n"
               "TRA,Trà,,1,1,100.00\r\n"
               "XX,Chả mực,,1,0,0.00\r\n");
    expect_in(STAMPS(REPORT_JSON),
              "\"totals\":{\"lines\":5,\"stamped\":3,"
              "\"coverage_pct\":60.00},\"with_stars\":{"
              "\"lines\":3,\"stamped\":2,"
              "\"coverage_pct\":66.67},"
              "\"target_pct\":90.00,\"above_target\":false");
}

/* More than 90 in 100, of products with stars alone. */
static void n07_only_products_with_stars_count_towards_the_target(void **state)
{
    (void)state;
    the_catalogue();
    sell_stamped("TRA", 0, 5);
    expect_in(STAMPS(REPORT_JSON), "\"above_target\":null");
    expect_in(STAMPS(REPORT_TEXT), "No product with stars was sold");
    sell_stamped("CM", 9, 1);
    expect_in(STAMPS(REPORT_JSON), "\"above_target\":false");
    expect_in(STAMPS(REPORT_TEXT), "90,00 per cent, not above the "
                                   "programme's target of 90,00.");
    sell_stamped("CM", 1, 0);
    expect_in(STAMPS(REPORT_JSON), "\"above_target\":true");
    expect_in(STAMPS(REPORT_TEXT), "90,91 per cent, above the programme's "
                                   "target of 90,00.");
}

static void n07_what_was_voided_carries_no_stamp(void **state)
{
    (void)state;
    the_catalogue();
    sell_stamped("CM", 1, 0);
    fairs_void(a1, sell(a1, 1), (struct deal){ DAY, 600, "CM", 50000, NULL });
    fairs_void(b1, sell(b1, 1), (struct deal){ DAY, 600, "TRA", 50000, NULL });
    fairs_send(&hall);
    struct report_query of_a1 = STAMPS(REPORT_CSV);
    of_a1.booth = "A1";
    expect(of_a1, BOM "sku,name,stars,lines,stamped,coverage_pct\r\n"
                      "CM,Chả mực giã tay,4,1,1,100.00\r\n");
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HALL(s13_exceptions_are_rated_by_booth_and_operator),
        HALL(s13_exceptions_of_one_day_leave_out_the_others),
        HALL(s13_a_booth_sees_nothing_of_another),
        HALL(s13_the_total_is_that_of_all_rows),
        HALL(s13_rows_lead_to_booth_and_device),
        HALL(s13_the_table_fits_a_screen),
        HALL(n07_stamps_are_counted_by_product),
        HALL(n07_only_products_with_stars_count_towards_the_target),
        HALL(n07_what_was_voided_carries_no_stamp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
