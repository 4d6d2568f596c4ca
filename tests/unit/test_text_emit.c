/*
 * test_text_emit.c - hostile text is harmless where it arrives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fair/text.h"

enum { CODES_IN_USE = 0x32000 }; /* planes 3 to 13 hold next to nothing */

struct row {
    struct str in;
    const char *want;
};

typedef void emitter(struct buf *out, struct str s);

static void expect_rows(emitter *emit, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        BUF(out, MAX_TEXT);
        emit(&out, rows[i].in);
        assert_true(utf8_valid(buf_slice(&out)));
        assert_string_equal(buf_text(&out), rows[i].want);
    }
}

static void a_terminal_gets_nothing_that_moves_or_hides(void **state)
{
    (void)state;
    const struct row rows[] = {
        { STR(""), "" },
        { STR("Chả mực 50.000 ₫ ★"), "Chả mực 50.000 ₫ ★" },
        { STR("\x1B[2J\x1B]0;x\a"), "\\x1b[2J\\x1b]0;x\\x07" },
        { STR("a\b\r\n\tb"), "a\\x08\\x0d\\x0a\\x09b" },
        { STR("a\0b\x7F"), "a\\x00b\\x7f" },
        { STR("a\xC2\x9B"
              "2J"),
          "aU+009B2J" },
        { STR("\xFF\xC3(\xED\xA0\x80"), "\\xff\\xc3(\\xed\\xa0\\x80" },
        { STR("\u202Egnp.exe"), "U+202Egnp.exe" },
        { STR("a\u2066b\u2069"), "aU+2066bU+2069" },
        { STR("a\u200Bb\uFEFF"), "aU+200BbU+FEFF" },
        { STR("a\u00ADb"), "aU+00ADb" },
        { STR("a\U000E0041"), "aU+E0041" },
        { STR("a\u2028b"), "aU+2028b" },
        { STR("\uE000\uFFFE"), "U+E000U+FFFE" },
        { STR("a\u0323\u0302\u0301\u0300b"), "a\u0323\u0302U+0301U+0300b" },
        { STR("\u0301a\u0301"), "U+0301a\u0301" },
        { STR("\uFFFD"), "\uFFFD" },
    };
    expect_rows(text_emit_terminal, rows, ARRAY_LEN(rows));
}

static void each_byte_and_code_point_is_safe_on_a_terminal(void **state)
{
    (void)state;
    BUF(in, MAX_TEXT);
    BUF(out, MAX_TEXT);
    for (int32_t code = 0; code < CODES_IN_USE; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        buf_clear(&in);
        buf_clear(&out);
        utf8_put(&in, code);
        buf_puts(&out, "<");
        text_emit_terminal(&out, buf_slice(&in));
        buf_puts(&out, ">");
        enum err e = text_check(buf_slice(&out), MAX_NAME_COLUMNS);
        /* It shows text that is not in NFC; that harms nobody. */
        assert_true(e == ERR_OK || !text_is_nfc(buf_slice(&out)));
    }
    for (int byte = 0x80; byte <= 0xFF; byte++) {
        buf_clear(&out);
        char c = (char)byte;
        text_emit_terminal(&out, (struct str){ &c, 1 });
        assert_int_equal(text_check(buf_slice(&out), 4), ERR_OK);
    }
}

static void a_csv_field_is_one_field_of_text(void **state)
{
    (void)state;
    const struct row rows[] = {
        { STR(""), "" },
        { STR("Chả mực"), "Chả mực" },
        { STR("a,b"), "\"a,b\"" },
        { STR("a;b"), "\"a;b\"" },
        { STR("say \"a\""), "\"say \"\"a\"\"\"" },
        { STR("\""), "\"\"\"\"" },
        { STR("a\r\nb"), "\"a\r\nb\"" },
        { STR("a\tb"), "\"a\tb\"" },
        { STR(" a"), "\" a\"" },
        { STR("a "), "\"a \"" },
        { STR("a'b"), "a'b" },
        { STR("a\xFF"
              "b"),
          "a\uFFFDb" },
        { STR("a\0\x1B\x7F\xC2\x85"), "a\uFFFD\uFFFD\uFFFD\uFFFD" },
    };
    expect_rows(text_emit_csv, rows, ARRAY_LEN(rows));
}

static void a_csv_field_is_never_a_formula(void **state)
{
    (void)state;
    const struct row rows[] = {
        { STR("=1+1"), "'=1+1" },
        { STR("+1"), "'+1" },
        { STR("-500"), "'-500" },
        { STR("@SUM(A1)"), "'@SUM(A1)" },
        { STR("＝1"), "'＝1" },
        { STR("＋1"), "'＋1" },
        { STR("－1"), "'－1" },
        { STR("＠a"), "'＠a" },
        { STR("\t=1"), "\"'\t=1\"" },
        { STR("\r=1"), "\"'\r=1\"" },
        { STR("\n=1"), "\"'\n=1\"" },
        { STR("=HYPERLINK(\"http://x\",\"y\")"),
          "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"" },
        { STR("a=1"), "a=1" },
        { STR("\",=1"), "\"\"\",=1\"" },
    };
    expect_rows(text_emit_csv, rows, ARRAY_LEN(rows));
}

static void a_json_string_shows_what_is_invisible(void **state)
{
    (void)state;
    const struct row rows[] = {
        { STR(""), "" },
        { STR("Chả mực ★"), "Chả mực ★" },
        { STR("a\"b\\c/d"), "a\\\"b\\\\c/d" },
        { STR("a\n\t\r\b"), "a\\u000a\\u0009\\u000d\\u0008" },
        { STR("a\0\x1B\x7F"), "a\\u0000\\u001b\\u007f" },
        { STR("\xC2\x9B\u202E\u2028"), "\\u009b\\u202e\\u2028" },
        { STR("\U000E0041"), "\\udb40\\udc41" },
        { STR("\U0010FFFF"), "\\udbff\\udfff" },
        { STR("\U0001F990"), "\U0001F990" },
        { STR("a\xFF"), "a\uFFFD" },
        { STR("</script>"), "</script>" },
    };
    expect_rows(text_emit_json, rows, ARRAY_LEN(rows));
}

static void a_json_reader_gets_the_text_back(void **state)
{
    (void)state;
    BUF(in, MAX_TEXT);
    BUF(out, MAX_TEXT);
    for (int32_t code = 0; code < CODES_IN_USE; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        buf_clear(&in);
        buf_clear(&out);
        utf8_put(&in, code);
        buf_putc(&out, '"');
        text_emit_json(&out, buf_slice(&in));
        buf_putc(&out, '"');
        json_t *read = json_loadb(buf_text(&out), out.len,
                                  JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(read);
        struct str got = { json_string_value(read), json_string_length(read) };
        assert_true(str_eq(got, buf_slice(&in)));
        json_decref(read);
    }
}

static void html_has_no_markup_of_the_text(void **state)
{
    (void)state;
    const struct row rows[] = {
        { STR("Chả mực"), "Chả mực" },
        { STR("<b a=\"x\" c='y'>&amp;"),
          "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;" },
        { STR("a\0b\n\x1b"), "a\uFFFD"
                             "b\uFFFD\uFFFD" },
        { STR("\u202Ea\u200B\uFEFF"), "\uFFFDa\uFFFD\uFFFD" },
        { STR("a\xFF"), "a\uFFFD" },
    };
    expect_rows(text_emit_html, rows, ARRAY_LEN(rows));
}

/* A workbook's reader takes _x0041_ for "A" and _x005F_ for "_". */
static void a_sheet_shows_escapes_as_they_were_typed(void **state)
{
    (void)state;
    const struct row rows[] = {
        { STR("=cmd|' /C calc'!A0"), "=cmd|' /C calc'!A0" },
        { STR("_x0041_"), "_x005F_x0041_" },
        { STR("a_x00e9__xD83D_"), "a_x005F_x00e9__x005F_xD83D_" },
        { STR("_x0041_x0042_"), "_x005F_x0041_x005F_x0042_" },
        { STR("_x041_ _x004G_ _x0041"), "_x041_ _x004G_ _x0041" },
        { STR("\x01\n\uFFFE\u202E"), "\uFFFD\uFFFD\uFFFD\uFFFD" },
    };
    expect_rows(text_emit_sheet, rows, ARRAY_LEN(rows));
}

static void a_sheets_cell_takes_32767_units(void **state)
{
    (void)state;
    BUF(in, 4 * MAX_TEXT);
    BUF(out, 4 * MAX_TEXT);
    for (int i = 0; i < 40000; i++)
        buf_putc(&in, 'a');
    text_emit_sheet(&out, buf_slice(&in));
    assert_int_equal(out.len, 32767);
    buf_clear(&in);
    buf_clear(&out);
    for (int i = 0; i < 20000; i++)
        utf8_put(&in, 0x1F990);
    text_emit_sheet(&out, buf_slice(&in));
    assert_int_equal(out.len, 4 * (32767 / 2));
}

static void sinks_append_and_remember_a_refusal(void **state)
{
    (void)state;
    static emitter *const sinks[] = { text_emit_terminal, text_emit_csv,
                                      text_emit_json, text_emit_html,
                                      text_emit_sheet };
    for (size_t i = 0; i < ARRAY_LEN(sinks); i++) {
        BUF(out, 4);
        buf_puts(&out, "ab");
        sinks[i](&out, STR("cd"));
        assert_true(buf_ok(&out));
        assert_string_equal(buf_text(&out), "abcd");
        sinks[i](&out, STR("e"));
        assert_false(buf_ok(&out));
        assert_string_equal(buf_text(&out), "abcd");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_gets_nothing_that_moves_or_hides),
        cmocka_unit_test(each_byte_and_code_point_is_safe_on_a_terminal),
        cmocka_unit_test(a_csv_field_is_one_field_of_text),
        cmocka_unit_test(a_csv_field_is_never_a_formula),
        cmocka_unit_test(a_json_string_shows_what_is_invisible),
        cmocka_unit_test(a_json_reader_gets_the_text_back),
        cmocka_unit_test(html_has_no_markup_of_the_text),
        cmocka_unit_test(a_sheet_shows_escapes_as_they_were_typed),
        cmocka_unit_test(a_sheets_cell_takes_32767_units),
        cmocka_unit_test(sinks_append_and_remember_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
