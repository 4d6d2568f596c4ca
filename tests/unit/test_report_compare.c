/*
 * test_report_compare.c - one fair against another: from published figures,
 * from events, while a fair is running; and what is refused.
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
#include "tests/support/unzip.h"

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

static struct asked ask(const char *fair, const char *with, const char *source,
                        enum report_format format)
{
    struct report_query q = { .kind = "compare",
                              .fair = fair,
                              .with = with,
                              .source = source,
                              .format = format };
    struct asked a;
    buf_init(&a.out, MAX_TEXT);
    buf_init(&a.why, MAX_TEXT);
    a.e = report_make(hall.store, &q, &a.out, &a.why);
    return a;
}

/* ---- a hall with fairs of every sort ------------------------------------- */

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
    assert_int_equal(env_file_read("tests/data", "figures.csv", &text), ERR_OK);
    assert_int_equal(
        csv_read(buf_slice(&text), figure_columns, take_figures, NULL, &errors),
        ERR_OK);
}

static void old_fair(void)
{
    const struct fair fair = { .code = "OLD",
                               .name = "Xuân 2019",
                               .first_day = 20190125,
                               .days = 3,
                               .cut_off_min = 240 };
    const struct booth booth = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                                 STR(""), 1 };
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, "OLD", &booth);
    struct fairs_device *d = fairs_device(&hall, "OLD", "A1");
    fairs_sell(d, (struct deal){ 20190125, 540, "CM", 100000, NULL });
    fairs_visits(d, (struct counting){ 20190125, 600, NULL, 10, false });
    fairs_sell(d, (struct deal){ 20190126, 609, "CM", 200000, NULL });
    fairs_sell(d, (struct deal){ 20190126, 610, "CM", 400000, NULL });
    fairs_visits(d, (struct counting){ 20190126, 660, NULL, 20, false });
    fairs_sell(d, (struct deal){ 20190127, 600, "CM", 800000, NULL });
}

/* A fair of one day. */
static void short_fair(void)
{
    const struct fair fair = { .code = "ONE",
                               .name = "Một ngày",
                               .first_day = 20190125,
                               .days = 1,
                               .cut_off_min = 240 };
    fairs_fair(&hall, &fair);
    struct fairs_device *d = fairs_device(&hall, "ONE", "A1");
    fairs_sell(d, (struct deal){ 20190125, 1200, "CM", 100000, NULL });
}

/* Measured and, as published, something quite different. */
static void new_fair(void)
{
    const struct fair fair = { .code = "NEW",
                               .opens_min = 480,
                               .closes_min = 1320,
                               .name = "Xuân 2020",
                               .first_day = 20200114,
                               .days = 4,
                               .n_closed = 1,
                               .closed = { 20200116 },
                               .cut_off_min = 240,
                               .compare_with = "OLD" };
    const struct booth a1 = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                              STR(""), 1 };
    const struct booth b1 = { STR("B1"), STR("Bắc Giang"),
                              STR("other-province"), STR(""), 1 };
    const struct figures figures = { .fair = STR("NEW"),
                                     .name = STR("Xuân 2020 (công bố)"),
                                     .days = 3,
                                     .visits = 900,
                                     .revenue_in_province_vnd = -1,
                                     .revenue_all_vnd = 9000000 };
    enum change change;
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, "NEW", &a1);
    fairs_booth(&hall, "NEW", &b1);
    assert_int_equal(figures_put(hall.store, &figures, &change), ERR_OK);
    struct fairs_device *a = fairs_device(&hall, "NEW", "A1");
    struct fairs_device *b = fairs_device(&hall, "NEW", "B1");
    fairs_sell(a, (struct deal){ 20200114, 540, "CM", 150000, NULL });
    fairs_visits(a, (struct counting){ 20200114, 600, NULL, 12, false });
    fairs_sell(b, (struct deal){ 20200115, 540, "CM", 310000, NULL });
    fairs_refund(b, b->book.n, NULL,
                 (struct deal){ 20200115, 550, "CM", 10000, NULL });
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    fairs_clock(20261122, 31);
    published_figures();
    old_fair();
    new_fair();
    short_fair();
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

/* ---- published figures --------------------------------------------------- */

static void growth_comes_from_the_exact_fractions(void **state)
{
    (void)state;
    static const struct {
        const char *fair, *with, *visits, *revenue;
    } cases[] = {
        { "XUAN2020", "XUAN2019",
          "{\"this\":72300,\"that\":64800,\"this_per_day\":12050.00,"
          "\"that_per_day\":10800.00,\"growth_total_pct\":11.57,"
          "\"growth_per_day_pct\":11.57}",
          "{\"this\":6056500000,\"that\":5553360000,"
          "\"this_per_day\":1009416667,\"that_per_day\":925560000,"
          "\"growth_total_pct\":9.06,\"growth_per_day_pct\":9.06}" },
        { "XUAN2020", "XUAN2019-7D",
          "{\"this\":72300,\"that\":75600,\"this_per_day\":12050.00,"
          "\"that_per_day\":10800.00,\"growth_total_pct\":-4.37,"
          "\"growth_per_day_pct\":11.57}",
          "{\"this\":6056500000,\"that\":6478920000,"
          "\"this_per_day\":1009416667,\"that_per_day\":925560000,"
          "\"growth_total_pct\":-6.52,\"growth_per_day_pct\":9.06}" },
        { "XUAN2019", "XUAN2020",
          "\"growth_total_pct\":-10.37,\"growth_per_day_pct\":-10.37}",
          "\"growth_total_pct\":-8.31,\"growth_per_day_pct\":-8.31}" },
        { "XUAN2019", "XUAN2019-7D",
          "\"growth_total_pct\":-14.29,\"growth_per_day_pct\":0.00}",
          "\"this_per_day\":925560000,\"that_per_day\":925560000,"
          "\"growth_total_pct\":-14.29,\"growth_per_day_pct\":0.00}" },
        { "XUAN2019-7D", "XUAN2020",
          "\"growth_total_pct\":4.56,\"growth_per_day_pct\":-10.37}",
          "\"growth_total_pct\":6.97,\"growth_per_day_pct\":-8.31}" },
        { "XUAN2019-7D", "XUAN2019",
          "\"growth_total_pct\":16.67,\"growth_per_day_pct\":0.00}",
          "\"growth_total_pct\":16.67,\"growth_per_day_pct\":0.00}" },
        { "XUAN2020", "XUAN2020",
          "\"growth_total_pct\":0.00,\"growth_per_day_pct\":0.00}",
          "\"growth_total_pct\":0.00,\"growth_per_day_pct\":0.00}" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ASKED a = ask(cases[i].fair, cases[i].with, NULL, REPORT_JSON);
        assert_int_equal(a.e, ERR_OK);
        char *revenue = strstr(buf_text(&a.out), "\"revenue_vnd\"");
        char *in_province = strstr(revenue, "\"in_province\"");
        assert_non_null(in_province);
        assert_non_null(strstr(in_province, cases[i].revenue));
        *revenue = '\0';
        assert_non_null(strstr(buf_text(&a.out), cases[i].visits));
    }
}

static void published_figures_make_the_whole_document(void **state)
{
    (void)state;
    ASKED a = ask("XUAN2020", "XUAN2019-7D", NULL, REPORT_JSON);
    static const char none[] =
        "{\"this\":null,\"that\":null,\"this_per_day\":null,"
        "\"that_per_day\":null,\"growth_total_pct\":null,"
        "\"growth_per_day_pct\":null}";
    BUF(want, MAX_TEXT);
    buf_puts(&want, "{\"fair\":\"XUAN2020\",\"with\":\"XUAN2019-7D\","
                    "\"as_of\":\"2026-11-22T00:31:00+07:00\","
                    "\"running\":false,"
                    "\"source\":{\"this\":\"published\","
                    "\"that\":\"published\"},"
                    "\"days\":{\"this\":6,\"that\":7},"
                    "\"visits\":{\"this\":72300,\"that\":75600,"
                    "\"this_per_day\":12050.00,\"that_per_day\":10800.00,"
                    "\"growth_total_pct\":-4.37,\"growth_per_day_pct\":11.57},"
                    "\"revenue_vnd\":{\"all\":");
    buf_puts(&want, none);
    buf_puts(&want, ",\"in_province\":{\"this\":6056500000,"
                    "\"that\":6478920000,\"this_per_day\":1009416667,"
                    "\"that_per_day\":925560000,\"growth_total_pct\":-6.52,"
                    "\"growth_per_day_pct\":9.06},\"other_province\":");
    buf_puts(&want, none);
    buf_puts(&want, ",\"foreign\":");
    buf_puts(&want, none);
    buf_puts(&want, "},\"name\":{"
                    "\"this\":\"Hội chợ OCOP Quảng Ninh - Xuân 2020\","
                    "\"that\":\"Hội chợ OCOP Quảng Ninh - Xuân 2019 "
                    "(7 days)\"},"
                    "\"coverage\":{\"this\":null,\"that\":null},"
                    "\"hold\":{\"this\":null,\"that\":null},"
                    "\"until\":null,\"compared\":null}\n");
    assert_string_equal(buf_text(&a.out), buf_text(&want));
}

static void the_page_shows_the_published_growth(void **state)
{
    (void)state;
    i18n_init("vi");
    ASKED a = ask("XUAN2020", "XUAN2019-7D", NULL, REPORT_TEXT);
    i18n_init("en");
    assert_string_equal(
        buf_text(&a.out),
        "So sánh hội chợ, tính đến 22/11/2026 00:31\n\n"
        "Kỳ này: Hội chợ OCOP Quảng Ninh - Xuân 2020 (XUAN2020)\n"
        "    6 ngày hội chợ, số liệu công bố\n"
        "Kỳ gốc: Hội chợ OCOP Quảng Ninh - Xuân 2019 (7 days) (XUAN2019-7D)\n"
        "    7 ngày hội chợ, số liệu công bố\n\n"
        "                                   XUAN2020"
        "              XUAN2019-7D tăng trưởng\n"
        "Lượt khách                           72.300"
        "                   75.600     −4,37 %\n"
        "    mỗi ngày                         12.050"
        "                   10.800    +11,57 %\n"
        "  trong tỉnh            6.056,50 triệu đồng"
        "      6.478,92 triệu đồng     −6,52 %\n"
        "    mỗi ngày       1.009,42 triệu đồng/ngày"
        "   925,56 triệu đồng/ngày     +9,06 %\n\n"
        "mỗi ngày = tổng / số ngày hội chợ; "
        "tăng trưởng = kỳ này / kỳ gốc − 1\n");
}

static void growth_stands_beside_what_has_grown(void **state)
{
    (void)state;
    ASKED a = ask("XUAN2020", "XUAN2019", NULL, REPORT_HTML);
    text_has(&a.out, "<thead><tr><th scope=\"col\">Figure</th>"
                     "<th scope=\"col\" class=\"n\">This</th>"
                     "<th scope=\"col\" class=\"n\">Growth</th>"
                     "<th scope=\"col\" class=\"n\">Growth per day</th>"
                     "<th scope=\"col\" class=\"n\">Base</th>");
}

static void csv_has_a_line_a_figure(void **state)
{
    (void)state;
    ASKED a = ask("XUAN2020", "XUAN2019", NULL, REPORT_CSV);
    assert_string_equal(
        buf_text(&a.out),
        "\xEF\xBB\xBF"
        "figure,this,that,this_per_day,that_per_day,growth_total_pct,"
        "growth_per_day_pct\r\n"
        "days,6,6,,,,\r\n"
        "visits,72300,64800,12050.00,10800.00,11.57,11.57\r\n"
        "revenue_vnd.all,,,,,,\r\n"
        "revenue_vnd.in_province,6056500000,5553360000,1009416667,925560000,"
        "9.06,9.06\r\n"
        "revenue_vnd.other_province,,,,,,\r\n"
        "revenue_vnd.foreign,,,,,,\r\n");
}

static void each_growth_is_shown_with_its_inputs(void **state)
{
    (void)state;
    ASKED a = ask("XUAN2020", "XUAN2019", NULL, REPORT_HTML);
    ASKED seven = ask("XUAN2020", "XUAN2019-7D", NULL, REPORT_HTML);
    text_has(&a.out, "<caption>Fair against fair</caption>");
    text_has(&a.out, "<tr><th scope=\"row\"><data value=\"visits\">Visits"
                     "</data></th><td class=\"n\"><data value=\"72300\">"
                     "72,300</data></td>");
    text_has(&a.out, "<td class=\"n\"><data value=\"64800\">64,800</data></td>"
                     "<td class=\"n\"><data value=\"1205000\">12,050.00"
                     "</data></td>");
    text_has(&a.out, "<data value=\"1009416667\">1,009,416,667</data>");
    text_has(&a.out, "(XUAN2020): 6 fair-days, published figures</p>");
    text_has(&a.out, "<p class=\"note\">Visits in total: 72,300 / 64,800 − 1 "
                     "= +11.57 %</p>");
    text_has(&a.out, "<p class=\"note\">Visits per day: (72,300 / 6) / "
                     "(64,800 / 6) − 1 = +11.57 %</p>");
    text_has(&seven.out, "Net revenue, in-province per day: "
                         "(6,056,500,000 / 6) / (6,478,920,000 / 7) − 1 = "
                         "+9.06 %</p>");
    assert_null(strstr(buf_text(&a.out), "foreign per day"));
}

static void a_workbook_has_the_rows_of_the_page(void **state)
{
    (void)state;
    BUF(sheet, MAX_OUTPUT);
    ASKED a = ask("XUAN2020", "XUAN2019", NULL, REPORT_XLSX);
    assert_int_equal(a.e, ERR_OK);
    assert_true(
        unzip_part(buf_slice(&a.out), "xl/worksheets/sheet1.xml", &sheet));
    text_has(&sheet, "(XUAN2020): 6 fair-days, published figures</t>");
    text_has(&sheet, "<v>72300</v>");
    text_has(&sheet, "<v>12050</v>");
    text_has(&sheet, "<v>1009416667</v>");
}

/* ---- measured figures ---------------------------------------------------- */

static void a_fair_with_a_calendar_is_measured(void **state)
{
    (void)state;
    ASKED a = ask("NEW", NULL, NULL, REPORT_JSON);
    assert_int_equal(a.e, ERR_OK);
    text_has(&a.out, "\"with\":\"OLD\"");
    text_has(&a.out, "\"running\":false,\"source\":{\"this\":\"measured\","
                     "\"that\":\"measured\"},\"days\":{\"this\":3,\"that\":3}");
    text_has(&a.out, "\"visits\":{\"this\":12,\"that\":30,"
                     "\"this_per_day\":4.00,\"that_per_day\":10.00,"
                     "\"growth_total_pct\":-60.00,"
                     "\"growth_per_day_pct\":-60.00}");
    text_has(&a.out, "\"all\":{\"this\":450000,\"that\":1500000,"
                     "\"this_per_day\":150000,\"that_per_day\":500000,"
                     "\"growth_total_pct\":-70.00,"
                     "\"growth_per_day_pct\":-70.00}");
    text_has(&a.out, "\"in_province\":{\"this\":150000,\"that\":1500000,");
    text_has(&a.out, "\"other_province\":{\"this\":300000,\"that\":0,"
                     "\"this_per_day\":100000,\"that_per_day\":0,"
                     "\"growth_total_pct\":null,"
                     "\"growth_per_day_pct\":null}");
    text_has(&a.out, "\"coverage\":{\"this\":{\"booths_reporting\":2,"
                     "\"booths_expected\":6},\"that\":{\"booths_reporting\":3,"
                     "\"booths_expected\":3}}");
}

static void a_measured_fair_is_compared_with_a_published_one(void **state)
{
    (void)state;
    ASKED a = ask("OLD", "XUAN2019", NULL, REPORT_JSON);
    text_has(&a.out,
             "\"source\":{\"this\":\"measured\","
             "\"that\":\"published\"},\"days\":{\"this\":3,\"that\":6}");
    text_has(&a.out, "\"visits\":{\"this\":30,\"that\":64800,"
                     "\"this_per_day\":10.00,\"that_per_day\":10800.00,"
                     "\"growth_total_pct\":-99.95,"
                     "\"growth_per_day_pct\":-99.91}");
}

static void the_source_can_be_forced(void **state)
{
    (void)state;
    ASKED a = ask("NEW", "XUAN2019", "published", REPORT_JSON);
    text_has(&a.out, "\"source\":{\"this\":\"published\","
                     "\"that\":\"published\"}");
    text_has(&a.out, "\"visits\":{\"this\":900,");
    text_has(&a.out, "\"name\":{\"this\":\"Xuân 2020 (công bố)\"");
    ASKED other = ask("NEW", "OLD", "published", REPORT_JSON);
    assert_int_equal(other.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&other.why), "no published figures of: OLD");
    ASKED none = ask("NEW", "XUAN2019", "measured", REPORT_JSON);
    assert_int_equal(none.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&none.why),
                        "no measured figures of: XUAN2019");
}

/* ---- while a fair runs --------------------------------------------------- */

static void a_running_fair_is_compared_up_to_the_same_slot(void **state)
{
    (void)state;
    fairs_clock(20200115, 610);
    ASKED a = ask("NEW", NULL, NULL, REPORT_JSON);
    ASKED text = ask("NEW", NULL, NULL, REPORT_TEXT);
    ASKED page = ask("NEW", NULL, NULL, REPORT_HTML);
    fairs_clock(20261122, 31);
    text_has(&page.out, "measured figures, 2 of 4 booth-days reported</p>");
    text_has(&page.out, "<p class=\"note\">Growth is between what both had at "
                        "10:10</p>");
    text_has(&page.out, "Net revenue per day: (450,000 / 2) / (300,000 / 2) − "
                        "1 = +50.00 %</p>");
    text_has(&a.out, "\"running\":true");
    text_has(&a.out, "\"days\":{\"this\":2,\"that\":2}");
    text_has(&a.out,
             "\"visits\":{\"this\":12,\"that\":10,"
             "\"this_per_day\":6.00,\"that_per_day\":5.00,"
             "\"growth_total_pct\":20.00,\"growth_per_day_pct\":20.00}");
    text_has(&a.out, "\"all\":{\"this\":450000,\"that\":300000,"
                     "\"this_per_day\":225000,\"that_per_day\":150000,"
                     "\"growth_total_pct\":50.00,"
                     "\"growth_per_day_pct\":50.00}");
    text_has(&a.out, "\"coverage\":{\"this\":{\"booths_reporting\":2,"
                     "\"booths_expected\":4},\"that\":{\"booths_reporting\":2,"
                     "\"booths_expected\":2}}");
    text_has(&text.out, "the other one is counted up to its fair-day 2");
    text_has(&text.out, "Growth is between what both had at 10:10");
    text_has(&a.out, "\"until\":\"2020-01-15T10:10:00+07:00\",\"compared\":{"
                     "\"visits\":12,\"revenue_vnd\":{\"all\":450000,"
                     "\"in_province\":150000,\"other_province\":300000,"
                     "\"foreign\":0}}}");
}

static void a_shorter_fair_is_compared_whole(void **state)
{
    (void)state;
    fairs_clock(20200115, 605);
    ASKED early = ask("NEW", "ONE", NULL, REPORT_JSON);
    ASKED page = ask("NEW", "ONE", NULL, REPORT_HTML);
    fairs_clock(20200115, 1320);
    ASKED a = ask("NEW", "ONE", NULL, REPORT_JSON);
    ASKED text = ask("NEW", "ONE", NULL, REPORT_TEXT);
    fairs_clock(20261122, 31);
    text_has(&early.out, "\"growth_total_pct\":null,"
                         "\"growth_per_day_pct\":null}");
    text_has(&page.out, "no growth: a day of NEW is not over</p>");
    text_has(&a.out, "\"days\":{\"this\":2,\"that\":1}");
    text_has(&a.out, "\"all\":{\"this\":450000,\"that\":100000,"
                     "\"this_per_day\":225000,\"that_per_day\":100000,"
                     "\"growth_total_pct\":350.00,"
                     "\"growth_per_day_pct\":125.00}");
    text_has(&text.out, "the other one was shorter and is counted whole");
}

static void on_a_closed_day_whole_days_are_compared(void **state)
{
    (void)state;
    fairs_clock(20200116, 10 * 60);
    ASKED a = ask("NEW", NULL, NULL, REPORT_JSON);
    fairs_clock(20261122, 31);
    text_has(&a.out, "\"running\":true");
    text_has(&a.out, "\"days\":{\"this\":2,\"that\":2}");
    text_has(&a.out, "\"all\":{\"this\":450000,\"that\":700000,");
}

static void the_last_day_ends_at_its_cut_off(void **state)
{
    (void)state;
    fairs_clock(20200118, 239);
    ASKED before = ask("NEW", NULL, NULL, REPORT_JSON);
    fairs_clock(20200118, 240);
    ASKED after = ask("NEW", NULL, NULL, REPORT_JSON);
    fairs_clock(20261122, 31);
    text_has(&before.out, "\"running\":true");
    text_has(&before.out, "\"days\":{\"this\":3,\"that\":3}");
    text_has(&before.out, "\"all\":{\"this\":450000,\"that\":1500000,");
    text_has(&after.out, "\"running\":false");
}

static void published_totals_do_not_compare_with_a_part(void **state)
{
    (void)state;
    fairs_clock(20200115, 605);
    ASKED a = ask("NEW", "XUAN2019", NULL, REPORT_JSON);
    ASKED text = ask("NEW", "XUAN2019", NULL, REPORT_TEXT);
    ASKED back = ask("XUAN2019", "NEW", NULL, REPORT_JSON);
    ASKED page = ask("NEW", "XUAN2019", NULL, REPORT_HTML);
    ASKED page_back = ask("XUAN2019", "NEW", NULL, REPORT_HTML);
    fairs_clock(20261122, 31);
    text_has(&page.out, "Visits in total: no growth: NEW is running, and of "
                        "XUAN2019 only the totals at its end are known</p>");
    text_has(&page.out, "Visits per day: no growth: NEW is running, and of "
                        "XUAN2019 only the totals at its end are known</p>");
    text_has(&page.out, "Net revenue, foreign in total: no growth: XUAN2019 "
                        "has no such figure</p>");
    text_has(&page_back.out,
             "Visits in total: no growth: NEW has not ended</p>");
    text_has(&a.out, "\"days\":{\"this\":2,\"that\":6}");
    text_has(&a.out, "\"this_per_day\":6.00,\"that_per_day\":10800.00,"
                     "\"growth_total_pct\":null,\"growth_per_day_pct\":null}");
    text_has(&text.out, "an unfinished day stands against no whole one");
    text_has(&back.out, "\"running\":false");
    text_has(&back.out, "\"days\":{\"this\":6,\"that\":2}");
    text_has(&back.out, "\"growth_total_pct\":null,"
                        "\"growth_per_day_pct\":null}");
}

static void a_day_that_has_closed_is_a_whole_one(void **state)
{
    (void)state;
    fairs_clock(20200115, 1319);
    ASKED before = ask("NEW", "XUAN2019", NULL, REPORT_JSON);
    fairs_clock(20200115, 1320);
    ASKED a = ask("NEW", "XUAN2019", NULL, REPORT_JSON);
    ASKED page = ask("NEW", "XUAN2019", NULL, REPORT_HTML);
    ASKED text = ask("NEW", "XUAN2019", NULL, REPORT_TEXT);
    ASKED back = ask("XUAN2019", "NEW", NULL, REPORT_JSON);
    fairs_clock(20261122, 31);
    text_has(&before.out, "\"growth_per_day_pct\":null}");
    text_has(&a.out, "\"growth_total_pct\":null,"
                     "\"growth_per_day_pct\":-99.94}");
    text_has(&page.out, "Visits per day: (12 / 2) / (64,800 / 6) − 1 = "
                        "−99.94 %</p>");
    text_has(&text.out, "only figures per day can be compared");
    text_has(&back.out, "\"growth_per_day_pct\":179900.00}");
}

/* ONE has a stall and no gate. */
static void visits_that_nobody_counted_have_not_fallen(void **state)
{
    (void)state;
    ASKED a = ask("ONE", "OLD", NULL, REPORT_JSON);
    ASKED page = ask("ONE", "OLD", NULL, REPORT_HTML);
    text_has(&a.out, "\"visits\":{\"this\":0,\"that\":30,"
                     "\"this_per_day\":0.00,\"that_per_day\":10.00,"
                     "\"growth_total_pct\":null,"
                     "\"growth_per_day_pct\":null}");
    text_has(&page.out,
             "Visits in total: no growth: ONE has counted no visits</p>");
}

static void before_the_first_day_there_is_nothing_to_compare(void **state)
{
    (void)state;
    fairs_clock(20200113, 605);
    ASKED a = ask("NEW", NULL, NULL, REPORT_JSON);
    ASKED page = ask("NEW", NULL, NULL, REPORT_HTML);
    fairs_clock(20261122, 31);
    text_has(&page.out, "Visits per day: no growth: NEW has not begun</p>");
    text_has(&a.out, "\"running\":false");
    text_has(&a.out, "\"days\":{\"this\":0,\"that\":3}");
    text_has(&a.out, "\"this_per_day\":null,\"that_per_day\":10.00,"
                     "\"growth_total_pct\":null,\"growth_per_day_pct\":null}");
}

/* ---- refusals ------------------------------------------------------------ */

static void what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *fair, *with, *source;
        enum err e;
        const char *why;
    } cases[] = {
        { "NOPE", NULL, NULL, ERR_NOT_FOUND, "no such fair: NOPE" },
        { "NEW", "NOPE", NULL, ERR_NOT_FOUND, "no such fair: NOPE" },
        { "OLD", NULL, NULL, ERR_INVALID,
          "OLD names no other fair, give --with CODE" },
        { "XUAN2020", NULL, NULL, ERR_INVALID,
          "XUAN2020 names no other fair, give --with CODE" },
        { "NEW", "OLD", "guessed", ERR_USAGE, "no such source: guessed" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ASKED a =
            ask(cases[i].fair, cases[i].with, cases[i].source, REPORT_JSON);
        assert_int_equal(a.e, cases[i].e);
        assert_string_equal(buf_text(&a.why), cases[i].why);
        assert_int_equal(a.out.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_comes_from_the_exact_fractions),
        cmocka_unit_test(published_figures_make_the_whole_document),
        cmocka_unit_test(the_page_shows_the_published_growth),
        cmocka_unit_test(growth_stands_beside_what_has_grown),
        cmocka_unit_test(csv_has_a_line_a_figure),
        cmocka_unit_test(each_growth_is_shown_with_its_inputs),
        cmocka_unit_test(a_workbook_has_the_rows_of_the_page),
        cmocka_unit_test(a_fair_with_a_calendar_is_measured),
        cmocka_unit_test(a_measured_fair_is_compared_with_a_published_one),
        cmocka_unit_test(the_source_can_be_forced),
        cmocka_unit_test(a_running_fair_is_compared_up_to_the_same_slot),
        cmocka_unit_test(a_shorter_fair_is_compared_whole),
        cmocka_unit_test(on_a_closed_day_whole_days_are_compared),
        cmocka_unit_test(the_last_day_ends_at_its_cut_off),
        cmocka_unit_test(published_totals_do_not_compare_with_a_part),
        cmocka_unit_test(a_day_that_has_closed_is_a_whole_one),
        cmocka_unit_test(visits_that_nobody_counted_have_not_fallen),
        cmocka_unit_test(before_the_first_day_there_is_nothing_to_compare),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
