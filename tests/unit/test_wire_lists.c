/*
 * test_wire_lists.c - manifests and the records of a lists file
 * (sync/PROTOCOL.md 8 and 9).
 */
#include "fair/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/signed.h"

#define HEX_64 \
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct keypair aggregator;
static struct page_name pages[MAX_PAGES + 1];

static int make_keys(void **state)
{
    (void)state;
    uint8_t seed[KEY_BYTES];
    sign_init();
    memset(seed, 2, sizeof(seed));
    key_from_seed(seed, &aggregator);
    for (size_t i = 0; i < ARRAY_LEN(pages); i++)
        pages[i].hash = STR(HEX_64);
    return 0;
}

/* ---- manifest ------------------------------------------------------------ */

static struct manifest good_manifest(void)
{
    return (struct manifest){ .at_ms = 1579000000000,
                              .booth = STR("A01"),
                              .fair = STR("XUAN-2020"),
                              .n_pages = 2,
                              .pages = pages,
                              .version = 3 };
}

static enum err decode(struct str bytes)
{
    struct manifest m;
    struct str rest;
    enum err e = manifest_decode(bytes, aggregator.public_key, &m, &rest);
    if (!e)
        free(m.pages);
    return e;
}

static void a_manifest_arrives_as_it_was_sent(void **state)
{
    (void)state;
    struct manifest m = good_manifest(), got;
    struct str rest;
    BUF(b, MAX_REPLY);
    manifest_encode(&m, &aggregator, &b);
    buf_puts(&b, "what follows");
    assert_int_equal(
        manifest_decode(buf_slice(&b), aggregator.public_key, &got, &rest),
        ERR_OK);
    assert_true(str_is(rest, "what follows"));
    assert_int_equal(got.at_ms, m.at_ms);
    assert_true(str_is(got.booth, "A01"));
    assert_true(str_is(got.fair, "XUAN-2020"));
    assert_int_equal(got.version, 3);
    assert_int_equal(got.n_pages, 2);
    assert_true(str_is(got.pages[0].hash, HEX_64));
    assert_true(str_is(got.pages[1].hash, HEX_64));
    free(got.pages);
}

static void a_manifest_is_written_in_one_way(void **state)
{
    static const char line[] =
        "{\"at\":1579000000000,\"booth\":\"A01\",\"fair\":\"XUAN-2020\","
        "\"manifest\":\"1\",\"pages\":[[\"" HEX_64 "\"],[\"" HEX_64
        "\"]],\"version\":3}\n";
    (void)state;
    const struct manifest m = good_manifest();
    BUF(b, MAX_REPLY);
    manifest_encode(&m, &aggregator, &b);
    assert_true(b.len == sizeof(line) - 1 + 2 * SIGNATURE_BYTES + 1);
    assert_memory_equal(b.data, line, sizeof(line) - 1);
}

static void a_damaged_manifest_is_refused(void **state)
{
    (void)state;
    struct manifest m = good_manifest();
    m.n_pages = 1;
    BUF(b, MAX_REPLY);
    manifest_encode(&m, &aggregator, &b);
    for (size_t len = 0; len < b.len; len++)
        assert_int_not_equal(decode((struct str){ b.data, len }), ERR_OK);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        char mask = (char)(1 << bit % 8);
        b.data[bit / 8] ^= mask;
        assert_int_not_equal(decode(buf_slice(&b)), ERR_OK);
        b.data[bit / 8] ^= mask;
    }
    assert_int_equal(decode(buf_slice(&b)), ERR_OK);
}

static void a_manifest_is_of_one_aggregator_and_one_purpose(void **state)
{
    (void)state;
    const struct manifest m = good_manifest();
    struct manifest got;
    struct str rest, line;
    struct keypair other;
    uint8_t seed[KEY_BYTES] = { 3 };
    key_from_seed(seed, &other);
    BUF(b, MAX_REPLY);
    BUF(again, MAX_REPLY);
    manifest_encode(&m, &aggregator, &b);
    assert_int_equal(
        manifest_decode(buf_slice(&b), other.public_key, &got, &rest),
        ERR_SIGNATURE);
    rest = buf_slice(&b);
    assert_true(lines_next(&rest, &line));
    signed_put(&aggregator, DOMAIN_ACK, line, &again);
    assert_int_equal(decode(buf_slice(&again)), ERR_SIGNATURE);
}

static void members_of_a_manifest_keep_their_ranges(void **state)
{
    static const struct {
        const char *line;
        enum err err;
    } cases[] = {
#define LINE(at, booth, fair, format, pages, version)         \
    "{\"at\":" at ",\"booth\":\"" booth "\",\"fair\":\"" fair \
    "\",\"manifest\":\"" format "\",\"pages\":[" pages        \
    "],\"version\":" version "}"
#define PAGE "[\"" HEX_64 "\"]"
        { LINE("0", "A", "F", "1", PAGE, "1"), ERR_OK },
        { LINE("-1", "A", "F", "1", PAGE, "1"), ERR_FORM },
        { LINE("0", "", "F", "1", PAGE, "1"), ERR_FORM },
        { LINE("0", "ABCDEFG", "F", "1", PAGE, "1"), ERR_FORM },
        { LINE("0", "A", "", "1", PAGE, "1"), ERR_FORM },
        { LINE("0", "A", "F", "2", PAGE, "1"), ERR_FORM },
        { LINE("0", "A", "F", "1", "", "1"), ERR_FORM },
        { LINE("0", "A", "F", "1", "\"" HEX_64 "\"", "1"), ERR_FORM },
        { LINE("0", "A", "F", "1", "[]", "1"), ERR_FORM },
        { LINE("0", "A", "F", "1", "[\"00\"]", "1"), ERR_FORM },
        { LINE("0", "A", "F", "1", "[\"" HEX_64 "00\"]", "1"), ERR_FORM },
        { LINE("0", "A", "F", "1", PAGE, "0"), ERR_FORM },
        { LINE("0", "A", "F", "1", PAGE, "01"), ERR_CANONICAL },
        { LINE("0", "A", "F", "1", PAGE ", " PAGE, "1"), ERR_CANONICAL },
        { "{}", ERR_FORM },
        { "", ERR_CANONICAL },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(b, MAX_REPLY);
        signed_put(&aggregator, DOMAIN_LISTS, str_of(cases[i].line), &b);
        assert_int_equal(decode(buf_slice(&b)), cases[i].err);
    }
}

static void a_manifest_has_all_its_members(void **state)
{
    static const char *const names[] = { "at",    "booth",   "fair", "manifest",
                                         "pages", "version", NULL };
    (void)state;
    const struct signing how = { &aggregator, DOMAIN_LISTS, decode };
    assert_members_needed(&how, STR(LINE("0", "A", "F", "1", PAGE, "1")),
                          names);
}

static void a_manifest_names_at_most_MAX_PAGES(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more++) {
        BUF(line, MAX_TEXT);
        BUF(b, MAX_TEXT);
        buf_puts(&line, "{\"at\":0,\"booth\":\"A\",\"fair\":\"F\","
                        "\"manifest\":\"1\",\"pages\":[");
        for (int i = 0; i < MAX_PAGES + more; i++)
            buf_printf(&line, "%s" PAGE, i > 0 ? "," : "");
        buf_puts(&line, "],\"version\":1}");
        signed_put(&aggregator, DOMAIN_LISTS, buf_slice(&line), &b);
        assert_true(buf_ok(&b));
        assert_int_equal(decode(buf_slice(&b)), more > 0 ? ERR_FORM : ERR_OK);
    }
}

static void the_longest_manifest_fits_its_limit_and_a_reply(void **state)
{
    (void)state;
    const struct manifest m = { .at_ms = INT64_MAX,
                                .booth = STR("ABCDEF"),
                                .fair = STR("ABCDEFGHIJKLMNOP"),
                                .n_pages = MAX_PAGES,
                                .pages = pages,
                                .version = INT64_MAX };
    BUF(b, MAX_MANIFEST);
    manifest_encode(&m, &aggregator, &b);
    assert_true(buf_ok(&b));
    assert_int_equal(decode(buf_slice(&b)), ERR_OK);
    size_t ack = MAX_HEADER + 1 + 2 * SIGNATURE_BYTES + 1;
    assert_true(ack + MAX_MANIFEST <= MAX_REPLY);
    assert_true(ack + MAX_PAGE <= MAX_REPLY);
}

/* ---- records of a file --------------------------------------------------- */

static void records_arrive_as_they_were_put(void **state)
{
    static const struct {
        const char *kind;
        struct str bytes;
    } cases[] = {
        { "manifest", { "two\nlines\n", 10 } },
        { "page", { "", 0 } },
        { "page", { "\0\n{\"bytes\":3,\"file\":\"1\"}\n", 24 } },
        { "ack", { "x", 1 } },
        { "of a later release", { "\n\n\n", 3 } },
    };
    (void)state;
    BUF(b, MAX_TEXT);
    struct file_record r;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        file_record_put(cases[i].kind, cases[i].bytes, &b);
    struct str file = buf_slice(&b);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(file_record_next(&file, &r), ERR_OK);
        assert_true(str_is(r.kind, cases[i].kind));
        assert_true(str_eq(r.bytes, cases[i].bytes));
    }
    assert_int_equal(file_record_next(&file, &r), ERR_NOT_FOUND);
}

static void a_record_is_written_in_one_way(void **state)
{
    (void)state;
    BUF(b, MAX_TEXT);
    file_record_put("page", STR("abc\n"), &b);
    assert_string_equal(
        buf_text(&b),
        "{\"bytes\":4,\"file\":\"1\",\"kind\":\"page\"}\nabc\n\n");
}

static void a_file_cut_anywhere_ends_in_a_whole_record_or_an_error(void **state)
{
    (void)state;
    BUF(b, MAX_TEXT);
    file_record_put("manifest", STR("abc\n"), &b);
    size_t first = b.len;
    file_record_put("page", STR("defg"), &b);
    for (size_t len = 0; len <= b.len; len++) {
        struct str file = { b.data, len };
        struct file_record r;
        enum err e = ERR_OK;
        int n = 0;
        while ((e = file_record_next(&file, &r)) == ERR_OK)
            n++;
        bool whole = len == 0 || len == first || len == b.len;
        assert_int_equal(e, whole ? ERR_NOT_FOUND : ERR_FORM);
        assert_int_equal(n, len == b.len ? 2 : len >= first ? 1 : 0);
    }
}

static void damaged_records_are_refused(void **state)
{
#define HEAD(bytes, format) \
    "{\"bytes\":" bytes ",\"file\":\"" format "\",\"kind\":\"page\"}\n"
    static const struct {
        const char *text;
        enum err err;
    } cases[] = {
        { HEAD("3", "1") "abc\n", ERR_OK },
        { HEAD("0", "1") "\n", ERR_OK },
        { HEAD("2", "1") "abc\n", ERR_FORM },
        { HEAD("4", "1") "abc\n", ERR_FORM },
        { HEAD("-1", "1") "abc\n", ERR_FORM },
        { HEAD("9223372036854775807", "1") "abc\n", ERR_FORM },
        { HEAD("9223372036854775808", "1") "abc\n", ERR_CANONICAL },
        { HEAD("3", "2") "abc\n", ERR_FORM },
        { HEAD("3", "1") "abc", ERR_FORM },
        { "{\"bytes\":0,\"file\":\"1\"}\n\n", ERR_FORM },
        { "{\"file\":\"1\",\"kind\":\"page\"}\n\n", ERR_FORM },
        { "\n", ERR_CANONICAL },
        { "not a record at all", ERR_FORM },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str file = str_of(cases[i].text), before = file;
        struct file_record r;
        assert_int_equal(file_record_next(&file, &r), cases[i].err);
        if (cases[i].err)
            assert_ptr_equal(file.data, before.data);
    }
}

static void a_record_head_is_at_most_MAX_RECORD_HEAD_bytes(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more++) {
        struct file_record r;
        BUF(b, MAX_TEXT);
        buf_puts(&b, "{\"bytes\":0,\"file\":\"1\",\"kind\":\"");
        while (b.len < (size_t)(MAX_RECORD_HEAD + more - 2))
            buf_putc(&b, 'k');
        buf_puts(&b, "\"}\n\n");
        struct str file = buf_slice(&b);
        assert_int_equal(file_record_next(&file, &r),
                         more > 0 ? ERR_FORM : ERR_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manifest_arrives_as_it_was_sent),
        cmocka_unit_test(a_manifest_is_written_in_one_way),
        cmocka_unit_test(a_damaged_manifest_is_refused),
        cmocka_unit_test(a_manifest_is_of_one_aggregator_and_one_purpose),
        cmocka_unit_test(members_of_a_manifest_keep_their_ranges),
        cmocka_unit_test(a_manifest_has_all_its_members),
        cmocka_unit_test(a_manifest_names_at_most_MAX_PAGES),
        cmocka_unit_test(the_longest_manifest_fits_its_limit_and_a_reply),
        cmocka_unit_test(records_arrive_as_they_were_put),
        cmocka_unit_test(a_record_is_written_in_one_way),
        cmocka_unit_test(
            a_file_cut_anywhere_ends_in_a_whole_record_or_an_error),
        cmocka_unit_test(damaged_records_are_refused),
        cmocka_unit_test(a_record_head_is_at_most_MAX_RECORD_HEAD_bytes),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
