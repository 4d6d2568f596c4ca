/*
 * test_wire_enrol.c - enrolment: a damaged string is found, a request proves
 * its key, a reply falls into its lines (sync/PROTOCOL.md 7).
 */
#include "fair/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "tests/support/signed.h"

#define HEX_64 \
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct keypair device;
static char key_hex[2 * KEY_BYTES + 1];

static int make_keys(void **state)
{
    (void)state;
    uint8_t seed[KEY_BYTES];
    BUF(hex, MAX_TEXT);
    sign_init();
    memset(seed, 1, sizeof(seed));
    key_from_seed(seed, &device);
    buf_hex(&hex, device.public_key, KEY_BYTES);
    memcpy(key_hex, buf_text(&hex), sizeof(key_hex));
    return 0;
}

/* ---- the string ---------------------------------------------------------- */

static struct enrolment good_string(void)
{
    struct enrolment e = { "fair.example.vn", 8443, "XUAN-2020", "A01",
                           "BCDFGHJKLM",      { 0 } };
    for (size_t i = 0; i < sizeof(e.pin); i++)
        e.pin[i] = (uint8_t)(i * 37 + 200);
    return e;
}

static void a_string_arrives_as_it_was_printed(void **state)
{
    static const char *const hosts[] = { "fair.example.vn", "127.0.0.1", "::1",
                                         "fe80::1:8443", "X" };
    static const int ports[] = { 1, 443, 65535 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(hosts) * ARRAY_LEN(ports); i++) {
        struct enrolment e = good_string(), got;
        BUF(word, MAX_TEXT);
        BUF(why, MAX_TEXT);
        snprintf(e.host, sizeof(e.host), "%s", hosts[i % ARRAY_LEN(hosts)]);
        e.port = ports[i / ARRAY_LEN(hosts)];
        enrolment_render(&e, &word);
        assert_int_equal(enrolment_parse(buf_slice(&word), &got, &why), ERR_OK);
        assert_string_equal(got.host, e.host);
        assert_int_equal(got.port, e.port);
        assert_string_equal(got.fair, "XUAN-2020");
        assert_string_equal(got.booth, "A01");
        assert_string_equal(got.code, "BCDFGHJKLM");
        assert_memory_equal(got.pin, e.pin, sizeof(e.pin));
        assert_int_equal(why.len, 0);
    }
}

static void a_string_is_one_word_no_shell_treats(void **state)
{
    (void)state;
    const struct enrolment e = good_string();
    BUF(word, MAX_TEXT);
    enrolment_render(&e, &word);
    const char *text = buf_text(&word);
    assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ/:.-"),
                     word.len);
    assert_int_equal(strncmp(text,
                             "phiencho1/fair.example.vn:8443/XUAN-2020/A01/"
                             "BCDFGHJKLM/",
                             56),
                     0);
    assert_int_equal(word.len, 56 + 52 + 1 + 6);
}

static void a_string_with_any_character_changed_is_found_damaged(void **state)
{
    (void)state;
    const struct enrolment e = good_string();
    BUF(word, MAX_TEXT);
    enrolment_render(&e, &word);
    for (size_t i = 0; i < word.len; i++) {
        char kept = word.data[i];
        for (int c = 0; c < 256; c++) {
            struct enrolment got;
            BUF(why, MAX_TEXT);
            if (c == (unsigned char)kept)
                continue;
            word.data[i] = (char)c;
            assert_int_equal(enrolment_parse(buf_slice(&word), &got, &why),
                             ERR_INVALID);
            assert_true(strcmp(buf_text(&why), "check") == 0 ||
                        strcmp(buf_text(&why), "form") == 0);
        }
        word.data[i] = kept;
    }
}

static void a_string_cut_doubled_or_swapped_is_found_damaged(void **state)
{
    (void)state;
    const struct enrolment e = good_string();
    struct enrolment got;
    BUF(word, MAX_TEXT);
    BUF(why, MAX_TEXT);
    enrolment_render(&e, &word);
    for (size_t i = 0; i < word.len; i++)
        assert_int_equal(
            enrolment_parse((struct str){ word.data, i }, &got, &why),
            ERR_INVALID);
    for (size_t i = 0; i < word.len; i++) {
        BUF(doubled, MAX_TEXT);
        buf_put(&doubled, word.data, i + 1);
        buf_put(&doubled, word.data + i, word.len - i);
        assert_int_equal(enrolment_parse(buf_slice(&doubled), &got, &why),
                         ERR_INVALID);
    }
    for (size_t i = 0; i + 1 < word.len; i++) {
        char a = word.data[i], b = word.data[i + 1];
        if (a == b)
            continue;
        word.data[i] = b;
        word.data[i + 1] = a;
        assert_int_equal(enrolment_parse(buf_slice(&word), &got, &why),
                         ERR_INVALID);
        word.data[i] = a;
        word.data[i + 1] = b;
    }
}

/* A word with a right check over whatever stands before it. */
static void put_checked(const char *before, struct buf *out)
{
    uint8_t hash[HASH_BYTES];
    BUF(check, MAX_TEXT);
    hash_tagged("", str_of(before), hash);
    base32_put(&check, hash, sizeof(hash));
    buf_printf(out, "%s/%.6s", before, buf_text(&check));
}

#define PIN_52   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HOST_50  "abcdefghij.abcdefghij.abcdefghij.abcdefghij.abcdef"
#define HOST_250 HOST_50 HOST_50 HOST_50 HOST_50 HOST_50

static void what_is_wrong_with_a_string_is_named(void **state)
{
    static const struct {
        const char *before, *why;
    } cases[] = {
        { "phiencho1/h:1/F/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho2/h:1/F/A/BCDFGHJKLM/" PIN_52, "form" },
        { "phiencho1/h:1/F/A/BCDFGHJKLM", "form" },
        { "phiencho1/h:1/F/A/BCDFGHJKLM/" PIN_52 "/x", "form" },
        { "phiencho1/:1/F/A/BCDFGHJKLM/" PIN_52, "host" },
        { "phiencho1/h/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/-h:1/F/A/BCDFGHJKLM/" PIN_52, "host" },
        { "phiencho1/h_:1/F/A/BCDFGHJKLM/" PIN_52, "host" },
        { "phiencho1/_h:1/F/A/BCDFGHJKLM/" PIN_52, "host" },
        { "phiencho1/80/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/h:9090/F/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/h:1/F/A/ACDFGHJKLM/" PIN_52, "code" },
        { "phiencho1/h@x:1/F/A/BCDFGHJKLM/" PIN_52, "host" },
        { "phiencho1/[::1]:1/F/A/BCDFGHJKLM/" PIN_52, "host" },
        { "phiencho1/" HOST_250 "abcd:1/F/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/" HOST_250 "abcde:1/F/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/" HOST_250 "abcdef:1/F/A/BCDFGHJKLM/" PIN_52, "host" },
        { "phiencho1/h:0/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/h:01/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/h:65534/F/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/h:65535/F/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/h:65536/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/h:99999999999/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/h:/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/h:1x/F/A/BCDFGHJKLM/" PIN_52, "port" },
        { "phiencho1/h:1//A/BCDFGHJKLM/" PIN_52, "fair" },
        { "phiencho1/h:1/ABCDEFGHIJKLMNO/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/h:1/ABCDEFGHIJKLMNOP/A/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/h:1/ABCDEFGHIJKLMNOPQ/A/BCDFGHJKLM/" PIN_52, "fair" },
        { "phiencho1/h:1/F//BCDFGHJKLM/" PIN_52, "booth" },
        { "phiencho1/h:1/F/ABCDE/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/h:1/F/ABCDEF/BCDFGHJKLM/" PIN_52, "" },
        { "phiencho1/h:1/F/ABCDEFG/BCDFGHJKLM/" PIN_52, "booth" },
        { "phiencho1/h:1/F/A/BCDFGHJKL/" PIN_52, "code" },
        { "phiencho1/h:1/F/A/BCDFGHJKLMN/" PIN_52, "code" },
        { "phiencho1/h:1/F/A/BCDFGHJKLA/" PIN_52, "code" },
        { "phiencho1/h:1/F/A/bcdfghjklm/" PIN_52, "code" },
        { "phiencho1/h:1/F/A/BCDFGHJKLM/" PIN_52 "a", "pin" },
        { "phiencho1/h:1/F/A/BCDFGHJKLM/b" PIN_52, "pin" },
        { "phiencho1/h:1/F/A/BCDFGHJKLM/", "pin" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct enrolment got;
        BUF(word, MAX_TEXT);
        BUF(why, MAX_TEXT);
        put_checked(cases[i].before, &word);
        enum err e = enrolment_parse(buf_slice(&word), &got, &why);
        assert_string_equal(buf_text(&why), cases[i].why);
        assert_int_equal(e, cases[i].why[0] ? ERR_INVALID : ERR_OK);
    }
}

static void a_zero_byte_is_no_character(void **state)
{
    static const struct {
        struct str before;
        const char *why;
    } cases[] = {
        { { "phiencho1/h\0:1/F/A/BCDFGHJKLM/" PIN_52, 83 }, "host" },
        { { "phiencho1/h:1/F/A/BCDFGHJKL\0/" PIN_52, 82 }, "code" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t hash[HASH_BYTES];
        struct enrolment got;
        BUF(check, MAX_TEXT);
        BUF(word, MAX_TEXT);
        BUF(why, MAX_TEXT);
        hash_tagged("", cases[i].before, hash);
        base32_put(&check, hash, sizeof(hash));
        buf_str(&word, cases[i].before);
        buf_printf(&word, "/%.6s", buf_text(&check));
        assert_int_equal(enrolment_parse(buf_slice(&word), &got, &why),
                         ERR_INVALID);
        assert_string_equal(buf_text(&why), cases[i].why);
    }
}

static void an_endless_string_is_refused(void **state)
{
    (void)state;
    struct enrolment got;
    BUF(word, MAX_BATCH);
    BUF(why, MAX_TEXT);
    buf_puts(&word, "phiencho1/h:1/F/A/BCDFGHJKLM/");
    while (word.len < 100000)
        buf_putc(&word, 'a');
    buf_puts(&word, "/aaaaaa");
    assert_int_equal(enrolment_parse(buf_slice(&word), &got, &why),
                     ERR_INVALID);
    assert_string_equal(buf_text(&why), "form");
}

static void the_address_is_written_for_the_http_client(void **state)
{
    static const struct {
        const char *host, *url;
    } cases[] = { { "fair.example.vn", "https://fair.example.vn:8443" },
                  { "10.0.0.7", "https://10.0.0.7:8443" },
                  { "fe80::1", "https://[fe80::1]:8443" } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct enrolment e = good_string();
        BUF(url, MAX_TEXT);
        snprintf(e.host, sizeof(e.host), "%s", cases[i].host);
        enrolment_url(&e, &url);
        assert_string_equal(buf_text(&url), cases[i].url);
    }
}

static void the_pin_is_written_for_the_http_client(void **state)
{
    (void)state;
    uint8_t pin[HASH_BYTES];
    for (size_t i = 0; i < sizeof(pin); i++)
        pin[i] = (uint8_t)(0xf8 + i);
    BUF(text, MAX_TEXT);
    pin_render(pin, &text);
    assert_string_equal(buf_text(&text),
                        "sha256//"
                        "+Pn6+/z9/v8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhc=");
}

/* ---- request and reply --------------------------------------------------- */

static struct enrol_request good_request(void)
{
    return (struct enrol_request){ .booth = STR("A01"),
                                   .code = STR("BCDFGHJKLM"),
                                   .device_name = STR("Quầy \"số\" 1"),
                                   .enrol = STR("1"),
                                   .fair = STR("XUAN-2020"),
                                   .key = str_of(key_hex),
                                   .pin = STR(HEX_64),
                                   .successor_of = STR("aaaaaaaaaaaaaaaa") };
}

static enum err decode(struct str bytes, struct enrol_request *out)
{
    BUF(arena, MAX_TEXT);
    return enrol_request_decode(bytes, &arena, out);
}

static void a_request_arrives_as_it_was_sent(void **state)
{
    (void)state;
    const struct enrol_request r = good_request();
    struct enrol_request got;
    BUF(b, MAX_BATCH);
    BUF(arena, MAX_TEXT);
    enrol_request_encode(&r, &device, &b);
    assert_int_equal(enrol_request_decode(buf_slice(&b), &arena, &got), ERR_OK);
    assert_true(str_eq(got.booth, r.booth));
    assert_true(str_eq(got.code, r.code));
    assert_true(str_eq(got.device_name, r.device_name));
    assert_true(str_eq(got.fair, r.fair));
    assert_true(str_eq(got.key, r.key));
    assert_true(str_eq(got.pin, r.pin));
    assert_true(str_eq(got.successor_of, r.successor_of));
}

static void a_damaged_request_is_refused(void **state)
{
    (void)state;
    const struct enrol_request r = good_request();
    struct enrol_request got;
    BUF(b, MAX_BATCH);
    enrol_request_encode(&r, &device, &b);
    for (size_t len = 0; len < b.len; len++)
        assert_int_not_equal(decode((struct str){ b.data, len }, &got), ERR_OK);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        char mask = (char)(1 << bit % 8);
        b.data[bit / 8] ^= mask;
        assert_int_not_equal(decode(buf_slice(&b), &got), ERR_OK);
        b.data[bit / 8] ^= mask;
    }
    assert_int_equal(decode(buf_slice(&b), &got), ERR_OK);
    buf_putc(&b, '\n');
    assert_int_equal(decode(buf_slice(&b), &got), ERR_FORM);
}

static enum err decode_any(struct str document)
{
    struct enrol_request got;
    return decode(document, &got);
}

static void a_request_has_all_its_members(void **state)
{
    static const char *const names[] = { "booth", "code", "enrol", "fair",
                                         "key",   "pin",  NULL };
    (void)state;
    const struct signing how = { &device, DOMAIN_ENROL, decode_any };
    const struct enrol_request r = good_request();
    BUF(line, MAX_TEXT);
    shape_encode(&enrol_request_shape, &r, &line);
    assert_members_needed(&how, buf_slice(&line), names);
}

static void a_request_leaves_out_what_is_empty(void **state)
{
    (void)state;
    struct enrol_request r = good_request();
    r.device_name = r.successor_of = STR("");
    BUF(b, MAX_BATCH);
    enrol_request_encode(&r, &device, &b);
    assert_null(strstr(buf_text(&b), "device_name"));
    assert_null(strstr(buf_text(&b), "successor_of"));
}

static void a_request_proves_that_it_has_the_key(void **state)
{
    (void)state;
    struct keypair other;
    uint8_t seed[KEY_BYTES] = { 9 };
    key_from_seed(seed, &other);
    const struct enrol_request r = good_request();
    struct enrol_request got;
    BUF(b, MAX_BATCH);
    enrol_request_encode(&r, &other, &b);
    assert_int_equal(decode(buf_slice(&b), &got), ERR_SIGNATURE);
}

#define COLUMNS_40 "Quầy số một của xã Đạp Thanh, Ba Chẽ 123"
#define COLUMNS_79 COLUMNS_40 "Quầy số một của xã Đạp Thanh, Ba Chẽ 12"

static void request_members_keep_their_ranges(void **state)
{
    static const struct {
        const char *name, *value;
        size_t offset;
        enum err err;
    } cases[] = {
#define AT(member) offsetof(struct enrol_request, member)
        { "other format", "2", AT(enrol), ERR_FORM },
        { "no booth", "", AT(booth), ERR_FORM },
        { "booth of 7", "ABCDEFG", AT(booth), ERR_FORM },
        { "booth of 6", "ABCDEF", AT(booth), ERR_OK },
        { "code of 9", "BCDFGHJKL", AT(code), ERR_FORM },
        { "code of 11", "BCDFGHJKLMN", AT(code), ERR_FORM },
        { "code with a vowel", "BCDFGHJKLA", AT(code), ERR_FORM },
        { "no device name", "", AT(device_name), ERR_OK },
        { "device name of 79", COLUMNS_79, AT(device_name), ERR_OK },
        { "device name of 80", COLUMNS_79 "x", AT(device_name), ERR_OK },
        { "device name of 81", COLUMNS_79 "xx", AT(device_name), ERR_FORM },
        { "device name in reverse", "a\u202eb", AT(device_name), ERR_FORM },
        { "no fair", "", AT(fair), ERR_FORM },
        { "fair of 17", "ABCDEFGHIJKLMNOPQ", AT(fair), ERR_FORM },
        { "key too short", &HEX_64[1], AT(key), ERR_FORM },
        { "pin too short", &HEX_64[1], AT(pin), ERR_FORM },
        { "no predecessor", "", AT(successor_of), ERR_OK },
        { "predecessor of 15", "aaaaaaaaaaaaaaa", AT(successor_of), ERR_FORM },
        { "predecessor of 17", "aaaaaaaaaaaaaaaaa", AT(successor_of),
          ERR_FORM },
#undef AT
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct enrol_request r = good_request(), got;
        struct str value = str_of(cases[i].value);
        BUF(b, MAX_BATCH);
        memcpy((char *)&r + cases[i].offset, &value, sizeof(value));
        enrol_request_encode(&r, &device, &b);
        print_message("%s\n", cases[i].name);
        assert_int_equal(decode(buf_slice(&b), &got), cases[i].err);
    }
}

static void a_reply_falls_into_its_three_lines(void **state)
{
    (void)state;
    const struct enrol_reply r = { STR("{\"fair\":\"F\"}"), STR(HEX_64 HEX_64),
                                   STR(HEX_64) };
    struct enrol_reply got;
    BUF(b, MAX_REPLY);
    enrol_reply_encode(&r, &b);
    for (size_t len = 0; len < b.len; len++)
        assert_int_equal(enrol_reply_decode((struct str){ b.data, len }, &got),
                         ERR_FORM);
    assert_int_equal(enrol_reply_decode(buf_slice(&b), &got), ERR_OK);
    assert_true(str_eq(got.admission, r.admission));
    assert_true(str_eq(got.signature, r.signature));
    assert_true(str_eq(got.phone_key, r.phone_key));
    buf_putc(&b, '\n');
    assert_int_equal(enrol_reply_decode(buf_slice(&b), &got), ERR_FORM);
}

static void lines_of_a_reply_have_their_lengths(void **state)
{
    static const char *const wrong[] = {
        "\n" HEX_64 HEX_64 "\n" HEX_64 "\n",
        "{}\n" HEX_64 HEX_64 "0\n" HEX_64 "\n",
        "{}\n" HEX_64 "\n" HEX_64 "\n",
        "{}\n" HEX_64 HEX_64 "\n" HEX_64 "00\n",
        "{}\n" HEX_64 HEX_64 "\n\n",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct enrol_reply got;
        assert_int_equal(enrol_reply_decode(str_of(wrong[i]), &got), ERR_FORM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_arrives_as_it_was_printed),
        cmocka_unit_test(a_string_is_one_word_no_shell_treats),
        cmocka_unit_test(a_string_with_any_character_changed_is_found_damaged),
        cmocka_unit_test(a_string_cut_doubled_or_swapped_is_found_damaged),
        cmocka_unit_test(what_is_wrong_with_a_string_is_named),
        cmocka_unit_test(a_zero_byte_is_no_character),
        cmocka_unit_test(an_endless_string_is_refused),
        cmocka_unit_test(the_address_is_written_for_the_http_client),
        cmocka_unit_test(the_pin_is_written_for_the_http_client),
        cmocka_unit_test(a_request_arrives_as_it_was_sent),
        cmocka_unit_test(a_damaged_request_is_refused),
        cmocka_unit_test(a_request_has_all_its_members),
        cmocka_unit_test(a_request_leaves_out_what_is_empty),
        cmocka_unit_test(a_request_proves_that_it_has_the_key),
        cmocka_unit_test(request_members_keep_their_ranges),
        cmocka_unit_test(a_reply_falls_into_its_three_lines),
        cmocka_unit_test(lines_of_a_reply_have_their_lengths),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
