/*
 * test_wire_ack.c - acknowledgements: what the aggregator signed for this
 * request is believed, and nothing else (sync/PROTOCOL.md 6.3).
 */
#include "fair/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/signed.h"

#define HEX_64 \
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct keypair device, aggregator;
static char device_name[DEVICE_LEN + 1], aggregator_name[DEVICE_LEN + 1];
static const char nonce[] = "000102030405060708090a0b0c0d0e0f";

static int make_keys(void **state)
{
    (void)state;
    uint8_t seed[KEY_BYTES];
    sign_init();
    memset(seed, 1, sizeof(seed));
    key_from_seed(seed, &device);
    memset(seed, 2, sizeof(seed));
    key_from_seed(seed, &aggregator);
    device_id(device.public_key, device_name);
    aggregator_id(aggregator.public_key, aggregator_name);
    return 0;
}

static const char some_head[] = HEX_64;

static struct ack good_ack(void)
{
    return (struct ack){ .ack = STR("1"),
                         .aggregator = str_of(aggregator_name),
                         .at_ms = 1579000000456,
                         .count = 5,
                         .device = str_of(device_name),
                         .head = str_of(some_head),
                         .list = 8,
                         .nonce = str_of(nonce),
                         .state = STR("active"),
                         .wanted = 6 };
}

/* As ack_encode(), without its assertions. */
static void put_ack(const struct ack *a, struct buf *out)
{
    BUF(line, MAX_TEXT);
    shape_encode(&ack_shape, a, &line);
    signed_put(&aggregator, DOMAIN_ACK, buf_slice(&line), out);
}

static enum err decode_ack(struct str bytes, struct ack *out)
{
    struct str rest;
    return ack_decode(bytes, aggregator.public_key, str_of(nonce), out, &rest);
}

static void an_acknowledgement_arrives_as_it_was_sent(void **state)
{
    (void)state;
    const struct ack a = good_ack();
    struct ack got;
    struct str rest;
    BUF(b, MAX_REPLY);
    ack_encode(&a, &aggregator, &b);
    buf_puts(&b, "a page");
    assert_int_equal(ack_decode(buf_slice(&b), aggregator.public_key,
                                str_of(nonce), &got, &rest),
                     ERR_OK);
    assert_true(str_is(rest, "a page"));
    assert_true(str_eq(got.aggregator, a.aggregator));
    assert_true(str_eq(got.device, a.device));
    assert_true(str_eq(got.head, a.head));
    assert_true(str_eq(got.nonce, a.nonce));
    assert_true(str_eq(got.state, a.state));
    assert_int_equal(got.at_ms, a.at_ms);
    assert_int_equal(got.count, 5);
    assert_int_equal(got.list, 8);
    assert_int_equal(got.wanted, 6);
}

static enum err decode_any(struct str document)
{
    struct ack a;
    return decode_ack(document, &a);
}

static void an_acknowledgement_has_all_its_members(void **state)
{
    static const char *const names[] = { "ack",    "aggregator", "at",
                                         "count",  "device",     "head",
                                         "list",   "nonce",      "state",
                                         "wanted", NULL };
    (void)state;
    const struct signing how = { &aggregator, DOMAIN_ACK, decode_any };
    const struct ack a = good_ack();
    BUF(line, MAX_TEXT);
    shape_encode(&ack_shape, &a, &line);
    assert_members_needed(&how, buf_slice(&line), names);
}

static void every_state_of_a_device_can_be_told(void **state)
{
    static const struct {
        const char *state;
        enum err err;
    } cases[] = {
        { "active", ERR_OK },  { "gap", ERR_OK },       { "fork", ERR_OK },
        { "revoked", ERR_OK }, { "unknown", ERR_OK },   { "held", ERR_OK },
        { "", ERR_FORM },      { "actives", ERR_FORM },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ack a = good_ack(), got;
        BUF(b, MAX_REPLY);
        a.state = str_of(cases[i].state);
        put_ack(&a, &b);
        assert_int_equal(decode_ack(buf_slice(&b), &got), cases[i].err);
    }
}

static void an_acknowledgement_keeps_its_ranges(void **state)
{
    static const struct {
        size_t offset;
        int64_t value;
        enum err err;
    } cases[] = {
        { offsetof(struct ack, at_ms), -1, ERR_FORM },
        { offsetof(struct ack, at_ms), 0, ERR_OK },
        { offsetof(struct ack, count), -1, ERR_FORM },
        { offsetof(struct ack, count), 0, ERR_OK },
        { offsetof(struct ack, list), -1, ERR_FORM },
        { offsetof(struct ack, list), 0, ERR_OK },
        { offsetof(struct ack, wanted), -1, ERR_FORM },
        { offsetof(struct ack, wanted), 0, ERR_OK },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ack a = good_ack(), got;
        BUF(b, MAX_REPLY);
        memcpy((char *)&a + cases[i].offset, &cases[i].value,
               sizeof(cases[i].value));
        put_ack(&a, &b);
        assert_int_equal(decode_ack(buf_slice(&b), &got), cases[i].err);
    }
    struct ack a = good_ack(), got;
    BUF(b, MAX_REPLY);
    a.ack = STR("2");
    put_ack(&a, &b);
    assert_int_equal(decode_ack(buf_slice(&b), &got), ERR_FORM);
}

static void an_acknowledgement_answers_one_nonce_of_one_aggregator(void **state)
{
    (void)state;
    struct ack a = good_ack(), got;
    struct str rest;
    BUF(b, MAX_REPLY);
    ack_encode(&a, &aggregator, &b);
    assert_int_equal(ack_decode(buf_slice(&b), aggregator.public_key,
                                STR(NONCE_NONE), &got, &rest),
                     ERR_SIGNATURE);
    assert_int_equal(
        ack_decode(buf_slice(&b), aggregator.public_key, STR(""), &got, &rest),
        ERR_OK);
    assert_int_equal(
        ack_decode(buf_slice(&b), device.public_key, STR(""), &got, &rest),
        ERR_SIGNATURE);
    buf_clear(&b);
    a.aggregator = str_of(device_name);
    put_ack(&a, &b);
    assert_int_equal(decode_ack(buf_slice(&b), &got), ERR_SIGNATURE);
}

static void a_damaged_acknowledgement_is_refused(void **state)
{
    (void)state;
    const struct ack a = good_ack();
    struct ack got;
    BUF(b, MAX_REPLY);
    ack_encode(&a, &aggregator, &b);
    for (size_t len = 0; len < b.len; len++)
        assert_int_not_equal(decode_ack((struct str){ b.data, len }, &got),
                             ERR_OK);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        char mask = (char)(1 << bit % 8);
        b.data[bit / 8] ^= mask;
        assert_int_not_equal(decode_ack(buf_slice(&b), &got), ERR_OK);
        b.data[bit / 8] ^= mask;
    }
    assert_int_equal(decode_ack(buf_slice(&b), &got), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_acknowledgement_arrives_as_it_was_sent),
        cmocka_unit_test(an_acknowledgement_has_all_its_members),
        cmocka_unit_test(every_state_of_a_device_can_be_told),
        cmocka_unit_test(an_acknowledgement_keeps_its_ranges),
        cmocka_unit_test(
            an_acknowledgement_answers_one_nonce_of_one_aggregator),
        cmocka_unit_test(a_damaged_acknowledgement_is_refused),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
