/*
 * test_html.c - nothing gets into a page as markup unless we wrote it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/aggregator/web/html.h"

static const struct {
    const char *in, *out;
} texts[] = {
    { "", "" },
    { "Chả mực Hạ Long", "Chả mực Hạ Long" },
    { "<script>alert('x')</script>",
      "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" },
    { "a&b \"c\" &amp;", "a&amp;b &quot;c&quot; &amp;amp;" },
    { "one\ntwo", "one\ntwo" },
    { "a\tb\rc\x1b[31m\x7f", "a\uFFFDb\uFFFDc\uFFFD[31m\uFFFD" },
    { "\xc2\x85x\xc2\x9b", "\uFFFDx\uFFFD" },
    { "a\u202eb\u2066c\u2069\u200e\u200f\u061c",
      "a\uFFFDb\uFFFDc\uFFFD\uFFFD\uFFFD\uFFFD" },
    { "\xf3\xa0\x80\xa1x", "\uFFFDx" }, /* a tag character */
    { "a\xff\xc3z\xc0\xaf", "a\uFFFD\uFFFDz\uFFFD\uFFFD" },
    { "\xf0\x9f\x8c\xbe ₫ ★", "\xf0\x9f\x8c\xbe ₫ ★" },
};

static void a_text_cannot_become_markup(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        BUF(out, MAX_TEXT);
        html_puts(&out, texts[i].in);
        assert_string_equal(buf_text(&out), texts[i].out);
    }
}

static void no_byte_leaves_as_control_quote_or_bracket(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        BUF(out, MAX_TEXT);
        html_text(&out, (struct str){ &byte, 1 });
        assert_true(out.len > 0);
        for (size_t i = 0; i < out.len; i++) {
            unsigned char o = (unsigned char)out.data[i];
            assert_true(o >= 0x20 || o == '\n');
            assert_false(o == '<' || o == '>' || o == '"' || o == '\'' ||
                         o == 0x7f);
        }
    }
}

static void a_name_keeps_its_direction_to_itself(void **state)
{
    (void)state;
    BUF(out, MAX_TEXT);
    html_name(&out, STR("<b>\u202e"));
    assert_string_equal(buf_text(&out), "<bdi>&lt;b&gt;\uFFFD</bdi>");
}

static void only_constants_and_m_are_markup(void **state)
{
    (void)state;
    BUF(out, MAX_TEXT);
    html_put(&out, "<p title=\"%s\">%d %% of %s%m</p>", "\"><b>", INT64_MIN,
             "a<b", "<i>x</i>");
    assert_string_equal(buf_text(&out),
                        "<p title=\"&quot;&gt;&lt;b&gt;\">"
                        "-9223372036854775808 % of a&lt;b<i>x</i></p>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_cannot_become_markup),
        cmocka_unit_test(no_byte_leaves_as_control_quote_or_bracket),
        cmocka_unit_test(a_name_keeps_its_direction_to_itself),
        cmocka_unit_test(only_constants_and_m_are_markup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
