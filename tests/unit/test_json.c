/* JSON for people's tools: exactly these bytes. (What strings
 * become is judged by another parser in test_text_emit.c.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fair/json.h"

static void test_members_printed_before_stand_among_others(void **state)
{
    (void)state;
    struct json before, j;
    BUF(members, MAX_TEXT);
    BUF(out, MAX_TEXT);
    json_begin(&before, &members);
    json_int(&before, "b", 2);
    json_array(&before, "c");
    json_end_array(&before);
    json_begin(&j, &out);
    json_object(&j, NULL);
    json_members(&j, STR(""));
    json_int(&j, "a", 1);
    json_members(&j, buf_slice(&members));
    json_int(&j, "d", 4);
    json_end_object(&j);
    json_finish(&j);
    assert_string_equal(buf_text(&out), "{\"a\":1,\"b\":2,\"c\":[],\"d\":4}\n");
}

static void test_members_come_in_the_order_written(void **state)
{
    (void)state;
    static const unsigned char bytes[] = { 0x00, 0xAB };
    struct json j;
    BUF(out, MAX_TEXT);
    json_begin(&j, &out);
    json_object(&j, NULL);
    json_int(&j, "z", INT64_MIN);
    json_text(&j, "a", "x");
    json_text(&j, "none", NULL);
    json_bool(&j, "yes", true);
    json_bool(&j, "no", false);
    json_null(&j, "null");
    json_hundredths(&j, "pct", -652);
    json_day(&j, "day", 20200114);
    json_day(&j, "no_day", 0);
    json_time(&j, "time", INT64_C(1578969005000));
    json_time(&j, "no_time", 0);
    json_hex(&j, "hex", bytes, sizeof(bytes));
    json_end_object(&j);
    json_finish(&j);
    assert_string_equal(
        buf_text(&out),
        "{\"z\":-9223372036854775808,\"a\":\"x\",\"none\":null,\"yes\":true,"
        "\"no\":false,\"null\":null,\"pct\":-6.52,\"day\":\"2020-01-14\","
        "\"no_day\":null,\"time\":\"2020-01-14T09:30:05+07:00\","
        "\"no_time\":null,\"hex\":\"00ab\"}\n");
}

static void test_nesting_puts_commas_between_only(void **state)
{
    (void)state;
    struct json j;
    BUF(out, MAX_TEXT);
    json_begin(&j, &out);
    json_array(&j, NULL);
    json_object(&j, NULL);
    json_end_object(&j);
    json_array(&j, NULL);
    json_int(&j, NULL, 1);
    json_int(&j, NULL, 2);
    json_end_array(&j);
    json_object(&j, NULL);
    json_array(&j, "empty");
    json_end_array(&j);
    json_object(&j, "one");
    json_int(&j, "n", 3);
    json_end_object(&j);
    json_int(&j, "after", 4);
    json_end_object(&j);
    json_end_array(&j);
    json_finish(&j);
    assert_string_equal(
        buf_text(&out),
        "[{},[1,2],{\"empty\":[],\"one\":{\"n\":3},\"after\":4}]\n");
}

static void test_strings_and_names_are_escaped(void **state)
{
    (void)state;
    const struct {
        struct str text;
        const char *want;
    } cases[] = {
        { STR(""), "{\"\\\"\":\"\"}\n" },
        { STR("Chả mực \"Hạ Long\" \\"),
          "{\"\\\"\":\"Chả mực \\\"Hạ Long\\\" \\\\\"}\n" },
        { STR("\n\x1b"), "{\"\\\"\":\"\\u000a\\u001b\"}\n" },
        { STR("a\0b"), "{\"\\\"\":\"a\\u0000b\"}\n" },
        { STR("a\xFF"), "{\"\\\"\":\"a\xEF\xBF\xBD\"}\n" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json j;
        BUF(out, MAX_TEXT);
        json_begin(&j, &out);
        json_object(&j, NULL);
        json_str(&j, "\"", cases[i].text);
        json_end_object(&j);
        json_finish(&j);
        assert_string_equal(buf_text(&out), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_printed_before_stand_among_others),
        cmocka_unit_test(test_members_come_in_the_order_written),
        cmocka_unit_test(test_nesting_puts_commas_between_only),
        cmocka_unit_test(test_strings_and_names_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
