/*
 * test_table_html.c - a table in a page: figures as integers beside what
 * people read, nothing of a name that a browser would obey.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "sync/aggregator/report/table.h"
#include "tests/support/cli_run.h"

enum { NAME, STATE, SECRET, MONEY, GROWTH, DAY, COLUMNS };

static const struct column columns[COLUMNS] = {
    [NAME] = { "name", "Name", COL_NAME },
    [STATE] = { "state", "State", COL_TEXT },
    [SECRET] = { "secret", NULL, COL_INT },
    [MONEY] = { "money_vnd", "Net <revenue>", COL_MONEY },
    [GROWTH] = { "growth_pct", "Growth", COL_GROWTH },
    [DAY] = { "day", "Date", COL_DAY },
};

static const struct cell nothing = { .null = true };
static const struct table_page plain = { .caption = "A & B", .carry = "" };

static struct cell number(int64_t n)
{
    return (struct cell){ .n = n };
}

static struct cell words(const char *s, const char *people)
{
    return (struct cell){ .s = str_of(s), .people = people };
}

static void put(struct table *t, const char *name, int64_t growth)
{
    const struct cell cells[COLUMNS] = { words(name, NULL), words("ok", "fine"),
                                         number(7),         number(1009420),
                                         number(growth),    number(20200114) };
    table_row(t, cells);
}

static struct table *table_of(const char *name, int64_t growth)
{
    struct table *t = table_open(columns, COLUMNS);
    put(t, name, growth);
    return t;
}

/* Of a table with one row. */
static void page_has(const char *name, int64_t growth,
                     const struct table_page *page, const char *want)
{
    struct table *t = table_of(name, growth);
    BUF(out, MAX_TEXT);
    table_html(t, page, &out);
    table_close(t);
    text_has(&out, want);
}

static void page_lacks(const char *name, const struct table_page *page,
                       const char *what)
{
    struct table *t = table_of(name, 0);
    BUF(out, MAX_TEXT);
    table_html(t, page, &out);
    table_close(t);
    assert_null(strstr(buf_text(&out), what));
}

#define REGION(attributes)                                               \
    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "              \
    "aria-label=\"A &amp; B\">\n<table" attributes                       \
    ">\n<caption>A &amp; B</caption>\n<thead><tr><th scope=\"col\">Name" \
    "</th><th scope=\"col\">State</th><th scope=\"col\" class=\"n\">"    \
    "Net &lt;revenue&gt;</th><th scope=\"col\" class=\"n\">Growth</th>"  \
    "<th scope=\"col\">Date</th></tr></thead>\n<tbody>\n"

static void every_figure_stands_whole_beside_what_people_read(void **state)
{
    (void)state;
    struct table *t = table_of("Chả mực", 1157);
    const struct cell unknown[COLUMNS] = { nothing, nothing, nothing,
                                           nothing, nothing, nothing };
    const struct cell total[COLUMNS] = { nothing,   nothing, nothing,
                                         number(1), nothing, nothing };
    BUF(out, MAX_TEXT);
    table_row(t, unknown);
    table_total(t, total);
    table_html(t, &plain, &out);
    table_close(t);
    assert_string_equal(
        buf_text(&out),
        REGION(
            "") "<tr><th scope=\"row\"><bdi>Chả mực</bdi></th>"
                "<td><data value=\"ok\">fine</data></td>"
                "<td class=\"n\"><data value=\"1009420\">1.009.420</data></td>"
                "<td class=\"n\"><data value=\"1157\">"
                "<span aria-hidden=\"true\">▲</span> "
                "<span class=\"visually-hidden\">up</span> +11,57 %</data></td>"
                "<td><time "
                "datetime=\"2020-01-14\">14/01/2020</time></td></tr>\n"
                "<tr><th scope=\"row\">–</th><td>–</td><td class=\"n\">–</td>"
                "<td class=\"n\">–</td><td>–</td></tr>\n"
                "</tbody>\n<tfoot>\n"
                "<tr><th scope=\"row\">Total</th><td></td>"
                "<td class=\"n\"><data value=\"1\">1</data></td>"
                "<td class=\"n\"></td><td></td></tr>\n"
                "</tfoot>\n</table>\n</div>\n");
}

static void a_page_may_have_an_order_of_its_own(void **state)
{
    static const int order[COLUMNS] = {
        STATE, SECRET, GROWTH, NAME, DAY, MONEY
    };
    const struct chart chart = {
        .kind = CHART_BARS, .x = NAME, .n = 1, .series = { GROWTH }
    };
    struct table_page ordered = plain;
    (void)state;
    ordered.order = order;
    ordered.chart = &chart;
    page_has("x", 0, &ordered,
             " data-x=\"2\" data-series=\"1\" data-ghosts=\"0\">");
    page_has("x", 0, &ordered,
             "<thead><tr><th scope=\"col\">State</th>"
             "<th scope=\"col\" class=\"n\">Growth</th>"
             "<th scope=\"col\">Name</th><th scope=\"col\">Date</th>"
             "<th scope=\"col\" class=\"n\">Net &lt;revenue&gt;</th></tr>");
    page_has("x", 0, &ordered,
             "<tr><th scope=\"row\"><data value=\"ok\">fine</data></th>"
             "<td class=\"n\"><data value=\"0\">");
    page_has("x", 0, &ordered,
             "<td><bdi>x</bdi></td><td><time datetime=\"2020-01-14\">");
}

static void growth_is_told_by_sign_arrow_and_word(void **state)
{
    (void)state;
    page_has("x", -652, &plain,
             "<data value=\"-652\"><span aria-hidden=\"true\">▼</span> "
             "<span class=\"visually-hidden\">down</span> −6,52 %</data>");
    page_has("x", 0, &plain,
             "<data value=\"0\"><span aria-hidden=\"true\">=</span> "
             "<span class=\"visually-hidden\">unchanged</span> 0,00 %</data>");
}

static void numbers_are_written_as_the_reader_does(void **state)
{
    (void)state;
    number_style_use(NUMBERS_ENGLISH);
    page_has("x", 1157, &plain, "<data value=\"1009420\">1,009,420</data>");
    page_has("x", 1157, &plain, "</span> +11.57 %</data>");
    number_style_use(NUMBERS_VIETNAMESE);
}

static void each_kind_of_value_has_its_element(void **state)
{
    (void)state;
    static const struct {
        enum column_type type;
        int64_t n;
        const char *want;
    } cases[] = {
        { COL_INT, -1200, "<data value=\"-1200\">-1.200</data>" },
        { COL_MILLI, 1385, "<data value=\"1385\">1,385</data>" },
        { COL_HUNDREDTHS, 1205000, "<data value=\"1205000\">12.050,00</data>" },
        { COL_HOUR, 9, "<data value=\"9\">09h</data>" },
        { COL_BOOL, 1, "<data value=\"true\">yes</data>" },
        { COL_TIME, INT64_C(1578963780123),
          "<time datetime=\"2020-01-14T08:03:00+07:00\">14/01/2020 08:03"
          "</time>" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct column column = { "c", "C", cases[i].type };
        const struct cell cell = number(cases[i].n);
        struct table *t = table_open(&column, 1);
        BUF(out, MAX_TEXT);
        table_row(t, &cell);
        table_html(t, &plain, &out);
        table_close(t);
        text_has(&out, cases[i].want);
    }
}

static void a_name_is_nothing_but_text(void **state)
{
    (void)state;
    page_has("<script>alert(\"1\")</script>", 0, &plain,
             "<bdi>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</bdi>");
    page_has("a\x01\n\xFF"
             "b\u202E\u2066c",
             0, &plain, "<bdi>a\uFFFD\uFFFD\uFFFDb\uFFFD\uFFFDc</bdi>");
    page_has("' onfocus='x", 0, &plain, "<bdi>&#39; onfocus=&#39;x</bdi>");
    page_lacks("<b>", &plain, "<b>");
}

static void a_link_carries_the_value_and_what_goes_along(void **state)
{
    (void)state;
    static const struct table_link links[] = { { "name", "/explain?booth=" },
                                               { "day", "/hours?day=" },
                                               { NULL, NULL } };
    const struct table_page page = { .caption = "x",
                                     .links = links,
                                     .carry = "&fair=A&day=2020-01-01&with=B" };
    page_has("Ba Chẽ&\"<", 0, &page,
             "<th scope=\"row\"><a href=\"/explain?booth=Ba%20Ch%E1%BA%BD%26"
             "%22%3C&amp;fair=A&amp;day=2020-01-01&amp;with=B\"><bdi>Ba Chẽ"
             "&amp;&quot;&lt;</bdi></a></th>");
    page_has("x", 0, &page,
             "<a href=\"/hours?day=2020-01-14&amp;fair=A&amp;with=B\"><time");
    page_lacks("x", &plain, "<a ");
}

static void the_chart_names_columns_as_they_are_shown(void **state)
{
    (void)state;
    const struct chart chart = { CHART_BARS, NAME, 2, { MONEY, GROWTH }, 1 };
    const struct table_page page = { .caption = "A & B", .chart = &chart };
    page_has("x", 0, &page,
             REGION(" data-chart=\"bars\" data-x=\"0\" data-series=\"2 3\" "
                    "data-ghosts=\"1\""));
    page_lacks("x", &plain, "data-chart");
}

static int english(void **state)
{
    (void)state;
    i18n_init("en");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_stands_whole_beside_what_people_read),
        cmocka_unit_test(a_page_may_have_an_order_of_its_own),
        cmocka_unit_test(growth_is_told_by_sign_arrow_and_word),
        cmocka_unit_test(numbers_are_written_as_the_reader_does),
        cmocka_unit_test(each_kind_of_value_has_its_element),
        cmocka_unit_test(a_name_is_nothing_but_text),
        cmocka_unit_test(a_link_carries_the_value_and_what_goes_along),
        cmocka_unit_test(the_chart_names_columns_as_they_are_shown),
    };
    return cmocka_run_group_tests(tests, english, NULL);
}
