/*
 * test_buf.c - buffers keep their maximum, slices compare by bytes.
 */
#include "fair/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_new_buffer_is_empty_text(void **state)
{
    (void)state;
    BUF(b, 10);
    assert_true(buf_ok(&b));
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(buf_slice(&b).len, 0);
    assert_non_null(buf_slice(&b).data);
}

static void a_put_fits_up_to_the_maximum_and_not_beyond(void **state)
{
    static const struct {
        size_t put;
        bool ok;
    } cases[] = { { 0, true }, { 9, true }, { 10, true }, { 11, false } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(b, 10);
        buf_put(&b, "0123456789ab", cases[i].put);
        assert_int_equal(buf_ok(&b), cases[i].ok);
        assert_int_equal(b.len, cases[i].ok ? cases[i].put : 0);
        assert_int_equal(strlen(buf_text(&b)), b.len);
    }
}

static void a_refused_buffer_keeps_its_prefix_and_takes_no_more(void **state)
{
    (void)state;
    BUF(b, 4);
    buf_puts(&b, "ab");
    buf_puts(&b, "cde");
    assert_false(buf_ok(&b));
    buf_putc(&b, 'f'); /* would fit, but "cde" is missing before it */
    assert_string_equal(buf_text(&b), "ab");
    buf_clear(&b);
    assert_true(buf_ok(&b));
    buf_puts(&b, "wxyz");
    assert_true(buf_ok(&b));
    assert_string_equal(buf_text(&b), "wxyz");
}

static void a_buffer_is_cut_back_to_what_it_held(void **state)
{
    (void)state;
    BUF(b, 4);
    buf_cut(&b, 0);
    assert_string_equal(buf_text(&b), "");
    buf_puts(&b, "abc");
    buf_puts(&b, "de");
    assert_false(buf_ok(&b));
    buf_cut(&b, 2);
    assert_true(buf_ok(&b));
    assert_string_equal(buf_text(&b), "ab");
    buf_puts(&b, "xy");
    assert_string_equal(buf_text(&b), "abxy");
}

static void growth_in_small_steps_keeps_every_byte(void **state)
{
    (void)state;
    enum { N = 5000 };
    BUF(b, N);
    for (int i = 0; i < N; i++) {
        buf_putc(&b, (char)('a' + i % 26));
        assert_true(b.cap <= N + 1);
        assert_int_equal(b.data[b.len], '\0');
    }
    assert_true(buf_ok(&b));
    for (int i = 0; i < N; i++)
        assert_int_equal(b.data[i], 'a' + i % 26);
    buf_putc(&b, '!');
    assert_false(buf_ok(&b));
}

static void zero_bytes_are_bytes(void **state)
{
    (void)state;
    BUF(b, 10);
    buf_put(&b, "a\0b", 3);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.data, "a\0b", 4);
}

static void putting_nothing_needs_no_pointer(void **state)
{
    (void)state;
    BUF(b, 0);
    buf_put(&b, NULL, 0);
    buf_str(&b, (struct str){ NULL, 0 });
    assert_true(buf_ok(&b));
    assert_string_equal(buf_text(&b), "");
}

static void integers_are_exact_to_both_ends(void **state)
{
    static const struct {
        int64_t n;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 7, "7" },
        { -1, "-1" },
        { 10, "10" },
        { INT64_MAX, "9223372036854775807" },
        { INT64_MIN, "-9223372036854775808" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(b, 20);
        buf_int(&b, cases[i].n);
        assert_string_equal(buf_text(&b), cases[i].text);
    }
}

static void hex_is_lower_case_and_comes_back(void **state)
{
    (void)state;
    unsigned char bytes[256], back[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (unsigned char)i;
    BUF(b, 512);
    buf_hex(&b, bytes, sizeof(bytes));
    assert_int_equal(b.len, 512);
    assert_memory_equal(b.data, "000102", 6);
    assert_string_equal(b.data + 506, "fdfeff");
    assert_true(hex_bytes(buf_slice(&b), back, sizeof(back)));
    assert_memory_equal(bytes, back, sizeof(bytes));
}

static void hex_that_does_not_fit_is_refused_whole(void **state)
{
    (void)state;
    BUF(b, 5);
    buf_hex(&b, "abc", 3);
    assert_false(buf_ok(&b));
    assert_int_equal(b.len, 0);
}

static void anything_but_lower_case_hex_of_that_length_is_no_hex(void **state)
{
    static const char *bad[] = { "",     "0",    "00f",  "000000", "00FF",
                                 "0g00", "00 0", "0x00", "00:0",   "/0`0" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        char out[2] = { 'x', 'y' };
        assert_false(hex_bytes(str_of(bad[i]), out, sizeof(out)));
        assert_memory_equal(out, "xy", 2);
    }
}

static void printf_writes_whole_or_not_at_all(void **state)
{
    (void)state;
    BUF(b, 12);
    buf_printf(&b, "%s-%03d", "A1", 7);
    assert_string_equal(buf_text(&b), "A1-007");
    buf_printf(&b, "%s", "123456");
    assert_true(buf_ok(&b));
    assert_string_equal(buf_text(&b), "A1-007123456");
    buf_printf(&b, "%d", 8);
    assert_false(buf_ok(&b));
    assert_string_equal(buf_text(&b), "A1-007123456");
}

static PRINTF_LIKE(2, 3) void note(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_puts(b, "note: ");
    buf_vprintf(b, fmt, args);
    va_end(args);
}

static void a_wrapper_hands_its_arguments_down(void **state)
{
    (void)state;
    BUF(b, 20);
    note(&b, "%s %d", "gate", 7);
    assert_string_equal(buf_text(&b), "note: gate 7");
    note(&b, "%s", "too long");
    assert_false(buf_ok(&b));
}

static void room_is_written_in_place(void **state)
{
    (void)state;
    BUF(b, 100);
    assert_non_null(buf_room(&b, 1));
    assert_string_equal(buf_text(&b), "");
    buf_puts(&b, "head ");
    char *to = buf_room(&b, 90);
    assert_non_null(to);
    assert_string_equal(buf_text(&b), "head ");
    to[0] = 'x';
    to[1] = 'y';
    buf_grew(&b, 2);
    assert_string_equal(buf_text(&b), "head xy");
    assert_null(buf_room(&b, 94));
    assert_false(buf_ok(&b));
    assert_null(buf_room(&b, 1));
}

static void a_monstrous_length_is_refused(void **state)
{
    (void)state;
    BUF(b, 100);
    buf_putc(&b, 'a');
    assert_null(buf_room(&b, SIZE_MAX));
    buf_clear(&b);
    buf_hex(&b, "", SIZE_MAX / 2 + 1); /* twice that is 0 */
    assert_false(buf_ok(&b));
}

static void taken_contents_are_the_callers(void **state)
{
    (void)state;
    BUF(b, 3);
    char *empty = buf_take(&b);
    assert_string_equal(empty, "");
    free(empty);
    buf_puts(&b, "abc");
    char *text = buf_take(&b);
    assert_string_equal(text, "abc");
    free(text);
    assert_string_equal(buf_text(&b), "");
    buf_puts(&b, "abcd"); /* the maximum stays */
    assert_false(buf_ok(&b));
}

static void slices_compare_by_byte_shorter_first(void **state)
{
    static const struct {
        struct str a, b;
        int sign;
    } cases[] = {
        { { "", 0 }, { NULL, 0 }, 0 },
        { { NULL, 0 }, { "a", 1 }, -1 },
        { { "a", 1 }, { "a", 1 }, 0 },
        { { "a", 1 }, { "ab", 2 }, -1 },
        { { "b", 1 }, { "ab", 2 }, 1 },
        { { "\x7f", 1 }, { "\x80", 1 }, -1 },
        { { "a\0b", 3 }, { "a\0c", 3 }, -1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int forth = str_cmp(cases[i].a, cases[i].b);
        int back = str_cmp(cases[i].b, cases[i].a);
        assert_int_equal((forth > 0) - (forth < 0), cases[i].sign);
        assert_int_equal((back > 0) - (back < 0), -cases[i].sign);
        assert_int_equal(str_eq(cases[i].a, cases[i].b), cases[i].sign == 0);
    }
}

static void a_slice_is_a_text_only_as_a_whole(void **state)
{
    (void)state;
    assert_true(str_is(STR("sale"), "sale"));
    assert_false(str_is(STR("sale"), "sales"));
    assert_false(str_is(STR("sales"), "sale"));
    assert_true(str_is(str_of(NULL), ""));
    assert_int_equal(STR("xin chào").len, 9);
}

static void allocations_are_zeroed_and_copies_independent(void **state)
{
    (void)state;
    unsigned char *p = x_alloc(100);
    for (int i = 0; i < 100; i++)
        assert_int_equal(p[i], 0);
    p = x_realloc(p, 200);
    assert_int_equal(p[99], 0);
    free(p);
    char text[] = "abc";
    char *copy = x_strdup(text);
    text[0] = 'X';
    assert_string_equal(copy, "abc");
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_buffer_is_empty_text),
        cmocka_unit_test(a_put_fits_up_to_the_maximum_and_not_beyond),
        cmocka_unit_test(a_refused_buffer_keeps_its_prefix_and_takes_no_more),
        cmocka_unit_test(a_buffer_is_cut_back_to_what_it_held),
        cmocka_unit_test(growth_in_small_steps_keeps_every_byte),
        cmocka_unit_test(zero_bytes_are_bytes),
        cmocka_unit_test(putting_nothing_needs_no_pointer),
        cmocka_unit_test(integers_are_exact_to_both_ends),
        cmocka_unit_test(hex_is_lower_case_and_comes_back),
        cmocka_unit_test(hex_that_does_not_fit_is_refused_whole),
        cmocka_unit_test(anything_but_lower_case_hex_of_that_length_is_no_hex),
        cmocka_unit_test(printf_writes_whole_or_not_at_all),
        cmocka_unit_test(a_wrapper_hands_its_arguments_down),
        cmocka_unit_test(room_is_written_in_place),
        cmocka_unit_test(a_monstrous_length_is_refused),
        cmocka_unit_test(taken_contents_are_the_callers),
        cmocka_unit_test(slices_compare_by_byte_shorter_first),
        cmocka_unit_test(a_slice_is_a_text_only_as_a_whole),
        cmocka_unit_test(allocations_are_zeroed_and_copies_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
