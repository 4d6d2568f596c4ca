/* Reading CSV: what is accepted, and that every fault is named with its
 * line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/csv.h"
#include "fair/i18n.h"

static const struct csv_column columns[] = {
    { "sku", true },
    { "name", true },
    { "price", false },
    { NULL, false },
};
enum { COLUMNS = ARRAY_LEN(columns) - 1 };

/* Rows as "LINE:sku|name|price\n". */
static enum err list_row(void *ctx, const struct csv_row *row, struct buf *why)
{
    struct buf *seen = ctx;
    buf_printf(seen, "%d:", row->line);
    for (size_t i = 0; i < COLUMNS; i++) {
        buf_puts(seen, i > 0 ? "|" : "");
        buf_str(seen, row->fields[i]);
    }
    buf_putc(seen, '\n');
    if (!str_is(row->fields[0], "bad"))
        return ERR_OK;
    buf_puts(why, "a bad sku");
    return ERR_INVALID;
}

struct sample {
    const char *name;
    struct str text;
    const char *seen;   /* rows */
    const char *errors; /* "" means accepted */
};

static void check_all(const struct sample *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        BUF(seen, MAX_TEXT);
        BUF(errors, MAX_TEXT);
        enum err e = csv_read(cases[i].text, columns, list_row, &seen, &errors);
        enum err want = cases[i].errors[0] ? ERR_INVALID : ERR_OK;
        if (e != want || strcmp(buf_text(&seen), cases[i].seen) != 0 ||
            strcmp(buf_text(&errors), cases[i].errors) != 0)
            fail_msg("%s: %s\nrows: %s\nerrors: %s", cases[i].name, err_code(e),
                     buf_text(&seen), buf_text(&errors));
    }
}

static void test_what_organisers_save_is_read(void **state)
{
    (void)state;
    const struct sample cases[] = {
        { "plain", STR("sku,name,price\na,Chè,5\nb,Mực,\n"),
          "2:a|Chè|5\n3:b|Mực|\n", "" },
        { "BOM and CRLF", STR("\xEF\xBB\xBFsku,name,price\r\na,b,c\r\n"),
          "2:a|b|c\n", "" },
        { "no newline at the end", STR("sku,name\na,b"), "2:a|b|\n", "" },
        { "columns in any order", STR("price,name,sku\n1,b,a\n"), "2:a|b|1\n",
          "" },
        { "optional column absent", STR("name,sku\nb,a\n"), "2:a|b|\n", "" },
        { "quoted header", STR("\"sku\",\"name\"\na,b\n"), "2:a|b|\n", "" },
        { "comma in quotes", STR("sku,name\na,\"b, c\"\n"), "2:a|b, c|\n", "" },
        { "quotes in quotes", STR("sku,name\na,\"\"\"b\"\" c\"\n"),
          "2:a|\"b\" c|\n", "" },
        { "newlines in quotes count", STR("sku,name\na,\"b\r\nc\n\"\nd,e\n"),
          "2:a|b\r\nc\n|\n5:d|e|\n", "" },
        { "empty lines between", STR("\n\nsku,name\n\r\na,b\n\n\nc,d\n\n"),
          "5:a|b|\n8:c|d|\n", "" },
        { "empty quoted optional", STR("sku,name,price\na,b,\"\"\n"),
          "2:a|b|\n", "" },
        { "blanks are kept", STR("sku,name\na, b \n"), "2:a| b |\n", "" },
        { "semicolons in values", STR("sku,name\na;x,b\n"), "2:a;x|b|\n", "" },
        { "header alone", STR("sku,name,price\n"), "", "" },
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void test_a_wrong_header_rejects_the_file(void **state)
{
    (void)state;
    const struct sample cases[] = {
        { "empty file", STR(""), "",
          "line 1: the line with the column names is missing\n" },
        { "BOM alone", STR("\xEF\xBB\xBF"), "",
          "line 1: the line with the column names is missing\n" },
        { "unknown column", STR("sku,name,prize\na,b,c\n"), "",
          "line 1: unknown column \"prize\"\n" },
        { "case counts", STR("SKU,name\n"), "",
          "line 1: unknown column \"SKU\"\n"
          "line 1: column \"sku\" is missing\n" },
        { "unnamed column", STR("sku,name,\na,b,\n"), "",
          "line 1: unknown column \"\"\n" },
        { "doubled column", STR("sku,name,sku\na,b,c\n"), "",
          "line 1: column \"sku\" stands there twice\n" },
        { "doubled optional", STR("sku,price,name,price\n"), "",
          "line 1: column \"price\" stands there twice\n" },
        { "missing columns", STR("\nprice\n1\n"), "",
          "line 2: column \"sku\" is missing\n"
          "line 2: column \"name\" is missing\n" },
        { "semicolons", STR("sku;name\na;b\n"), "",
          "line 1: the columns are separated by semicolons; use commas "
          "(Windows: set the list separator)\n" },
        { "UTF-16", STR("\xFF\xFEs\0k\0u\0\n\0"), "",
          "line 1: a NUL byte; in Excel save as \"CSV UTF-8\"\n" },
        { "harmful name", STR("sku,name,a\x1b[2J\n"), "",
          "line 1: unknown column \"a\\x1b[2J\"\n" },
    };
    check_all(cases, ARRAY_LEN(cases));
}

#define HEAD "sku,name,price\n"

static void test_every_bad_row_is_named_with_its_line(void **state)
{
    (void)state;
    const struct sample cases[] = {
        { "too few", STR(HEAD "a,b\nc,d,e\n"), "3:c|d|e\n",
          "line 2: 2 fields, but 3 columns\n" },
        { "too many", STR(HEAD "a,b,c,d\n"), "",
          "line 2: 4 fields, but 3 columns\n" },
        { "comma at the end", STR(HEAD "a,b,c,\n"), "",
          "line 2: 4 fields, but 3 columns\n" },
        { "required and empty", STR(HEAD ",\"\",1\na,b,\n"), "3:a|b|\n",
          "line 2: sku is empty\nline 2: name is empty\n" },
        { "quote inside", STR(HEAD "a,b\"c\",d\ne,f,g\n"), "3:e|f|g\n",
          "line 2: a quote stands inside a field without quotes\n" },
        { "blank before a quote", STR(HEAD "a, \"b\",c\n"), "",
          "line 2: a quote stands inside a field without quotes\n" },
        { "text after a quote", STR(HEAD "a,\"b\" ,c\ne,f,g\n"), "3:e|f|g\n",
          "line 2: text follows a closing quote\n" },
        { "open quote", STR(HEAD "a,b,c\nd,\"e,f\ng,h,i\n"), "2:a|b|c\n",
          "line 3: a quote is opened and not closed\n" },
        { "quote at the end", STR(HEAD "a,b,\""), "",
          "line 2: a quote is opened and not closed\n" },
        { "lone CR", STR(HEAD "a,b\rc,d\ne,f,g\n"), "3:e|f|g\n",
          "line 2: a carriage return stands alone\n" },
        { "not UTF-8", STR(HEAD "a,\xC3,c\ne,f,g\n"), "3:e|f|g\n",
          "line 2: not UTF-8; in Excel save as \"CSV UTF-8\"\n" },
        { "not UTF-8 within a row", STR(HEAD "a,\"b\n\xFF\",c\n"), "",
          "line 3: not UTF-8; in Excel save as \"CSV UTF-8\"\n" },
        { "a letter cut by the end", STR(HEAD "a,b,\xE1\xBB"), "",
          "line 2: not UTF-8; in Excel save as \"CSV UTF-8\"\n" },
        { "NUL", STR(HEAD "a,b\0c,d\n"), "",
          "line 2: a NUL byte; in Excel save as \"CSV UTF-8\"\n" },
        { "what the caller says", STR(HEAD "bad,1,1\nok,2,2\nbad,3,3\n"),
          "2:bad|1|1\n3:ok|2|2\n4:bad|3|3\n",
          "line 2: a bad sku\nline 4: a bad sku\n" },
        { "all of them", STR(HEAD "a\n\"x\ny\",,\nbad,1,\n"), "5:bad|1|\n",
          "line 2: 1 fields, but 3 columns\nline 3: name is empty\n"
          "line 5: a bad sku\n" },
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void test_100_faults_are_listed_and_the_rest_counted(void **state)
{
    (void)state;
    static const struct {
        int faults;
        int lines;
        const char *end;
    } cases[] = {
        { 100, 100, "line 101: 1 fields, but 3 columns\n" },
        { 101, 101, "and 1 more\n" },
        { 250, 101, "and 150 more\n" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(text, MAX_TEXT);
        BUF(seen, MAX_TEXT);
        BUF(errors, MAX_TEXT);
        buf_puts(&text, HEAD);
        for (int n = 0; n < cases[i].faults; n++)
            buf_puts(&text, "x\n");
        assert_int_equal(
            csv_read(buf_slice(&text), columns, list_row, &seen, &errors),
            ERR_INVALID);
        int lines = 0;
        for (size_t at = 0; at < errors.len; at++)
            lines += errors.data[at] == '\n';
        assert_int_equal(lines, cases[i].lines);
        size_t end = strlen(cases[i].end);
        assert_string_equal(buf_text(&errors) + errors.len - end, cases[i].end);
    }
}

static enum err fail_on_third(void *ctx, const struct csv_row *row,
                              struct buf *why)
{
    int *rows = ctx;
    (void)row;
    (void)why;
    return ++*rows == 3 ? ERR_FULL : ERR_OK;
}

static void test_another_failure_of_the_taker_ends_reading(void **state)
{
    (void)state;
    int rows = 0;
    BUF(errors, MAX_TEXT);
    struct str text = STR(HEAD "a,b,c\na,b,c\na,b,c\na,b,c\n");
    assert_int_equal(csv_read(text, columns, fail_on_third, &rows, &errors),
                     ERR_FULL);
    assert_int_equal(rows, 3);
}

static void test_a_file_over_the_maximum_is_not_read(void **state)
{
    (void)state;
    BUF(seen, MAX_TEXT);
    BUF(errors, MAX_TEXT);
    struct str text = { HEAD, (size_t)MAX_CSV + 1 };
    assert_int_equal(csv_read(text, columns, list_row, &seen, &errors),
                     ERR_LIMIT);
    assert_int_equal(seen.len, 0);
}

/* Fields of one row lie in one buffer that grows while the row is read. */
static void test_long_rows_keep_their_first_fields(void **state)
{
    (void)state;
    BUF(text, MAX_LIST);
    BUF(seen, MAX_LIST);
    BUF(errors, MAX_TEXT);
    buf_puts(&text, HEAD "first,\"");
    for (int i = 0; i < 20000; i++)
        buf_puts(&text, "\"\"x");
    buf_puts(&text, "\",last\n");
    assert_int_equal(
        csv_read(buf_slice(&text), columns, list_row, &seen, &errors), ERR_OK);
    assert_memory_equal(buf_text(&seen), "2:first|\"x\"x", 12);
    assert_string_equal(buf_text(&seen) + seen.len - 6, "|last\n");
    assert_int_equal(seen.len, strlen("2:first||last\n") + 40000);
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
        cmocka_unit_test(test_what_organisers_save_is_read),
        cmocka_unit_test(test_a_wrong_header_rejects_the_file),
        cmocka_unit_test(test_every_bad_row_is_named_with_its_line),
        cmocka_unit_test(test_100_faults_are_listed_and_the_rest_counted),
        cmocka_unit_test(test_another_failure_of_the_taker_ends_reading),
        cmocka_unit_test(test_a_file_over_the_maximum_is_not_read),
        cmocka_unit_test(test_long_rows_keep_their_first_fields),
    };
    return cmocka_run_group_tests(tests, english, NULL);
}
