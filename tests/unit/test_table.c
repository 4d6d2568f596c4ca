/*
 * test_table.c - one table, three renderings: the same figures for people on
 * 80 columns, for spreadsheets and for programs.
 */
#include "sync/aggregator/report/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "fair/text.h"

#define BOM "\xEF\xBB\xBF"

enum { DAY, NAME, STATE, SECRET, MONEY, COLUMNS };

static const struct column columns[COLUMNS] = {
    [DAY] = { "day", "Date", COL_DAY },
    [NAME] = { "name", "Name", COL_NAME },
    [STATE] = { "state", "State", COL_TEXT },
    [SECRET] = { "secret", NULL, COL_INT },
    [MONEY] = { "money_vnd", "Net revenue", COL_MONEY },
};

static const struct cell nothing = { .null = true };

static struct cell number(int64_t n)
{
    return (struct cell){ .n = n };
}

static struct cell words(const char *s, const char *people)
{
    return (struct cell){ .s = str_of(s), .people = people };
}

static void put(struct table *t, const char *name, int64_t vnd)
{
    const struct cell cells[COLUMNS] = { number(20200114), words(name, NULL),
                                         words("ok", "fine"), number(7),
                                         number(vnd) };
    table_row(t, cells);
}

static struct table *table_of_two(void)
{
    struct table *t = table_open(columns, COLUMNS);
    const struct cell second[COLUMNS] = { nothing, words("=1+1", NULL),
                                          words("new", NULL), nothing,
                                          nothing };
    const struct cell total[COLUMNS] = { nothing, nothing, nothing, number(7),
                                         number(1009) };
    put(t, "Chả mực", 1009);
    table_row(t, second);
    table_total(t, total);
    return t;
}

static void expect_text(const struct table *t, const char *want)
{
    BUF(out, MAX_TEXT);
    table_text(t, &out);
    assert_string_equal(buf_text(&out), want);
}

/* ---- text ---- */

/* A title gives way to the figures below it, a column without one is hidden,
 * what has a name is called by it. */
static void text_is_for_people(void **state)
{
    (void)state;
    struct table *t = table_of_two();
    expect_text(t, "                                Net\n"
                   "Date        Name     State  revenue\n"
                   "14/01/2020  Chả mực  fine     1.009\n"
                   "–           =1+1     new          –\n"
                   "Total                         1.009\n");
    table_close(t);
}

static void a_title_that_fits_its_column_stays_whole(void **state)
{
    (void)state;
    struct table *t = table_open(columns, COLUMNS);
    put(t, "x", 10000000000);
    expect_text(t, "Date        Name  State     Net revenue\n"
                   "14/01/2020  x     fine   10.000.000.000\n");
    table_close(t);
}

/* Only as much as has to go, and never in the middle of a letter. */
static void names_are_cut_to_80_columns(void **state)
{
    (void)state;
    static const char name[] = "Thành phố Hạ Long – Công ty cổ phần Ngọc trai "
                               "Hạ Long và các cơ sở sản xuất của tỉnh";
    struct table *t = table_open(columns, COLUMNS);
    put(t, name, 5);
    put(t, "ngắn", 1000000);
    expect_text(t, "                                                         "
                   "                    Net\n"
                   "Date        Name                                         "
                   "       State    revenue\n"
                   "14/01/2020  Thành phố Hạ Long – Công ty cổ phần Ngọc trai"
                   " Hạ …  fine           5\n"
                   "14/01/2020  ngắn                                         "
                   "       fine   1.000.000\n");
    table_close(t);
}

static void time_is_told_to_the_minute(void **state)
{
    (void)state;
    static const struct column when = { "at", "Last seen", COL_TIME };
    struct table *t = table_open(&when, 1);
    const struct cell at = number(INT64_C(1578963780123));
    table_row(t, &at);
    expect_text(t, "Last seen\n14/01/2020 08:03\n");
    table_close(t);
}

/* ---- programs ---- */

static void programs_get_every_column_and_no_total(void **state)
{
    (void)state;
    BUF(csv, MAX_TEXT);
    BUF(json, MAX_TEXT);
    struct json j;
    struct table *t = table_of_two();
    table_csv(t, &csv);
    assert_string_equal(buf_text(&csv),
                        BOM "day,name,state,secret,money_vnd\r\n"
                            "2020-01-14,Chả mực,ok,7,1009\r\n"
                            ",'=1+1,new,,\r\n");
    json_begin(&j, &json);
    json_object(&j, NULL);
    table_json(t, &j, "rows");
    json_end_object(&j);
    json_finish(&j);
    assert_string_equal(
        buf_text(&json),
        "{\"rows\":[{\"day\":\"2020-01-14\",\"name\":\"Chả mực\","
        "\"state\":\"ok\",\"secret\":7,\"money_vnd\":1009},{\"day\":null,"
        "\"name\":\"=1+1\",\"state\":\"new\",\"secret\":null,"
        "\"money_vnd\":null}]}\n");
    table_close(t);
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
        cmocka_unit_test(text_is_for_people),
        cmocka_unit_test(a_title_that_fits_its_column_stays_whole),
        cmocka_unit_test(names_are_cut_to_80_columns),
        cmocka_unit_test(time_is_told_to_the_minute),
        cmocka_unit_test(programs_get_every_column_and_no_total),
    };
    return cmocka_run_group_tests(tests, english, NULL);
}
