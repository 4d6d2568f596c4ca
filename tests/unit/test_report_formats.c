/*
 * test_report_formats.c - every report in every format: the same figures, and
 * nothing of a name that its reader would obey.
 *
 * Two fairs of two days and two booths each; the second is over, booths and
 * products have hostile names.
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
#include "tests/support/unzip.h"

#define BOM   "\xEF\xBB\xBF"
#define SHEET "xl/worksheets/sheet1.xml"

static struct fairs hall;

/* ---- the hall ------------------------------------------------------------ */

static void one_fair(const char *code, const char *with, int day)
{
    struct fair fair = { .name = "<b>Xuân</b>",
                         .first_day = day,
                         .days = 2,
                         .cut_off_min = 240,
                         .opens_min = 480,
                         .closes_min = 1320 };
    const struct booth booths[] = {
        { STR("A1"), STR("=1+1"), STR("in-province"), STR("@Hạ Long"), 2 },
        { STR("B1"), STR("<script>1</script>"), STR("foreign"), STR(""), 1 },
    };
    memcpy(fair.code, code, strlen(code));
    memcpy(fair.compare_with, with, strlen(with));
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++) {
        fairs_booth(&hall, code, &booths[i]);
        struct fairs_device *d =
            fairs_device(&hall, code, (i == 0) ? "A1" : "B1");
        for (int n = 0; n < 2; n++) {
            struct deal deal = { day + n, 600, "CM", 123456 + n, "=seller()" };
            fairs_refund(d, fairs_sell(d, deal), NULL, deal);
            deal.amount_vnd = 7654321;
            fairs_sell(d, deal);
            fairs_visits(d,
                         (struct counting){ day + n, 605, NULL, 4321, false });
        }
    }
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open(&hall);
    fairs_clock(20200120, 605);
    one_fair("OLD", "", 20190114);
    one_fair("NEW", "OLD", 20200114);
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

static void make(const struct report_kind *kind, enum report_format format,
                 struct buf *out)
{
    const struct report_query q = { .kind = kind->name,
                                    .fair = "NEW",
                                    .format = format };
    BUF(why, MAX_TEXT);
    enum err e = report_make(hall.store, &q, out, &why);
    if (e != ERR_OK)
        fail_msg("%s: %s %s", kind->name, err_text(e), buf_text(&why));
}

/* ---- one table, many formats --------------------------------------------- */

static bool all_digits(struct str s)
{
    size_t i = s.len > 0 && s.data[0] == '-';
    if (i == s.len)
        return false;
    while (i < s.len && s.data[i] >= '0' && s.data[i] <= '9')
        i++;
    return i == s.len;
}

static void finds(const char *kind, const struct buf *text, const char *before,
                  struct str field, const char *after)
{
    BUF(want, MAX_TEXT);
    buf_puts(&want, before);
    buf_str(&want, field);
    buf_puts(&want, after);
    if (!strstr(buf_text(text), buf_text(&want)))
        fail_msg("%s: %s is not there", kind, buf_text(&want));
}

/* A quantity is in thousandths for programs, in units in a workbook. */
static bool is_quantity(const struct buf *csv, int column)
{
    const char *name = buf_text(csv);
    for (; column > 0; column--)
        name = strchr(name, ',') + 1;
    return strncmp(name, "quantity_milli", 14) == 0;
}

/* Every field of the CSV that is a whole number is a value of the workbook. No
 * text here has a comma or a line in it. */
static void same_integers(const char *kind, const struct buf *csv,
                          const struct buf *sheet)
{
    int column = 0;
    const char *at = strstr(buf_text(csv), "\r\n") + 2;
    for (; *at; at++) {
        struct str field = { at, strcspn(at, ",\r") };
        if (all_digits(field) && is_quantity(csv, column))
            field.len -= 3;
        if (all_digits(field))
            finds(kind, sheet, "<v>", field, "</v>");
        at += strcspn(at, ",\r");
        column = *at == ',' ? column + 1 : 0;
        at += *at == '\r';
    }
}

static void m32_every_table_is_csv_xlsx_and_json(void **state)
{
    (void)state;
    for (const struct report_kind *k = report_kinds; k->name; k++) {
        BUF(csv, MAX_OUTPUT);
        BUF(json, MAX_OUTPUT);
        BUF(xlsx, MAX_OUTPUT);
        BUF(sheet, MAX_OUTPUT);
        make(k, REPORT_CSV, &csv);
        make(k, REPORT_JSON, &json);
        make(k, REPORT_XLSX, &xlsx);
        assert_memory_equal(buf_text(&csv), BOM, 3);
        assert_memory_equal(buf_text(&json), "{\"fair\":\"NEW\"", 13);
        assert_true(unzip_part(buf_slice(&xlsx), SHEET, &sheet));
        same_integers(k->name, &csv, &sheet);
    }
}

static void no_report_lets_a_name_act(void **state)
{
    (void)state;
    for (const struct report_kind *k = report_kinds; k->name; k++) {
        BUF(csv, MAX_OUTPUT);
        BUF(html, MAX_OUTPUT);
        BUF(xlsx, MAX_OUTPUT);
        BUF(sheet, MAX_OUTPUT);
        make(k, REPORT_CSV, &csv);
        make(k, REPORT_HTML, &html);
        make(k, REPORT_XLSX, &xlsx);
        assert_true(unzip_part(buf_slice(&xlsx), SHEET, &sheet));
        assert_null(strstr(buf_text(&csv), ",="));
        assert_null(strstr(buf_text(&csv), ",@"));
        assert_null(strstr(buf_text(&html), "<script"));
        assert_null(strstr(buf_text(&html), "<b>"));
        assert_null(strstr(buf_text(&sheet), "<f>"));
        assert_null(strstr(buf_text(&sheet), "hyperlink"));
    }
}

static void every_page_has_a_table_with_a_caption(void **state)
{
    (void)state;
    for (const struct report_kind *k = report_kinds; k->name; k++) {
        BUF(html, MAX_OUTPUT);
        make(k, REPORT_HTML, &html);
        text_has(&html, "<table");
        text_has(&html, "<caption>");
        text_has(&html, "<th scope=\"col\"");
    }
}

/* ---- what stands around it ----------------------------------------------- */

static void a_workbook_says_what_it_is_about(void **state)
{
    (void)state;
    BUF(xlsx, MAX_OUTPUT);
    BUF(sheet, MAX_OUTPUT);
    make(report_kind_of(STR("days")), REPORT_XLSX, &xlsx);
    assert_true(unzip_part(buf_slice(&xlsx), SHEET, &sheet));
    text_has(&sheet, "<t>Days – &lt;b&gt;Xuân&lt;/b&gt; (NEW)</t>");
    text_has(&sheet, "<t>as of 20/01/2020 10:05</t>");
    text_has(&sheet, "<t>Coverage: 4 of 4 booth-days (100.00 %)</t>");
}

static void a_page_has_its_notes_below_the_table(void **state)
{
    (void)state;
    BUF(html, MAX_OUTPUT);
    make(report_kind_of(STR("days")), REPORT_HTML, &html);
    text_has(&html, "</table>\n</div>\n<p class=\"note\">Coverage: 4 of 4 "
                    "booth-days (100.00 %)</p>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m32_every_table_is_csv_xlsx_and_json),
        cmocka_unit_test(no_report_lets_a_name_act),
        cmocka_unit_test(every_page_has_a_table_with_a_caption),
        cmocka_unit_test(a_workbook_says_what_it_is_about),
        cmocka_unit_test(a_page_has_its_notes_below_the_table),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
