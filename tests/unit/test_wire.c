/*
 * test_wire.c - pushes: what is sent arrives, and nothing that was not sent is
 * taken (sync/PROTOCOL.md 6.2).
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

/* ---- a push made by hand ------------------------------------------------- */

/* Everything a push is made of, so that a test can spoil one thing. */
struct draft {
    struct push_header h;
    char key[2 * KEY_BYTES + 1];
    char previous[2 * HASH_BYTES + 1], head[2 * HASH_BYTES + 1];
    struct buf lines;
};

static void to_hex(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void put_event(struct buf *out, int64_t seq, size_t pad)
{
    BUF(body, MAX_EVENT);
    buf_puts(&body, "{\"text\":\"");
    for (size_t i = 0; i < pad; i++)
        buf_putc(&body, 'x');
    buf_puts(&body, "\",\"what\":\"test\"}");
    struct event e = { .version = 1,
                       .seq = seq,
                       .kind = EV_NOTE,
                       .at_ms = 1579000000000 + seq,
                       .boot = STR("abcdef"),
                       .up_ms = seq,
                       .day = 20200114,
                       .body = buf_slice(&body) };
    event_encode(&e, out);
}

/* Events from…to of a ledger whose every event is padded by `pad`, the last
 * one by `last`; the hashes are those of the whole ledger from event 1. */
static void draft_make(struct draft *d, int64_t from, int64_t to, size_t pad,
                       size_t last)
{
    uint8_t hash[HASH_BYTES];
    memset(d, 0, sizeof(*d));
    buf_init(&d->lines, 2 * MAX_BATCH);
    to_hex(device.public_key, KEY_BYTES, d->key);
    chain_start(device.public_key, hash);
    for (int64_t seq = 1; seq <= to; seq++) {
        BUF(line, 2 * MAX_EVENT);
        put_event(&line, seq, seq == to ? last : pad);
        if (seq == from)
            to_hex(hash, HASH_BYTES, d->previous);
        chain_next(hash, buf_slice(&line), hash);
        if (seq < from)
            continue;
        buf_str(&d->lines, buf_slice(&line));
        buf_putc(&d->lines, '\n');
    }
    to_hex(hash, HASH_BYTES, d->head);
    if (from > to)
        to_hex(hash, HASH_BYTES, d->previous);
    d->h = (struct push_header){ .aggregator = str_of(aggregator_name),
                                 .clock_ms = 1579000000123,
                                 .device = str_of(device_name),
                                 .disk_mb = -1,
                                 .from = from,
                                 .head = str_of(d->head),
                                 .key = str_of(d->key),
                                 .list = 7,
                                 .nonce = str_of(nonce),
                                 .previous = str_of(d->previous),
                                 .program = STR("fair-sync 1.0"),
                                 .push = STR("1"),
                                 .to = to,
                                 .unsent = 3 };
}

static void draft_init(struct draft *d, int64_t from, int64_t to, size_t pad)
{
    draft_make(d, from, to, pad, pad);
}

/* As push_encode(), without its assertions. */
static void draft_put(const struct draft *d, struct buf *out)
{
    BUF(line, MAX_TEXT);
    shape_encode(&push_header_shape, &d->h, &line);
    signed_put(&device, DOMAIN_PUSH, buf_slice(&line), out);
    buf_str(out, buf_slice(&d->lines));
}

static enum err decode(struct str bytes, struct push *out, int64_t *bad)
{
    return push_decode(bytes, NULL, out, bad);
}

static enum err decode_draft(const struct draft *d, int64_t *bad)
{
    struct push p;
    BUF(b, 4 * MAX_BATCH);
    draft_put(d, &b);
    *bad = -1;
    enum err e = decode(buf_slice(&b), &p, bad);
    return e;
}

static void replace(struct buf *b, const char *old, const char *new)
{
    char *at = strstr(b->data, old);
    assert_non_null(at);
    assert_int_equal(strlen(old), strlen(new));
    memcpy(at, new, strlen(new));
}

/* ---- push ---------------------------------------------------------------- */

static void a_push_arrives_as_it_was_sent(void **state)
{
    (void)state;
    struct draft d;
    struct push p;
    int64_t bad = -1;
    BUF(b, MAX_BATCH);
    draft_init(&d, 3, 5, 10);
    d.h.want = STR("manifest");
    push_encode(&d.h, &device, buf_slice(&d.lines), &b);
    size_t len = b.len;
    buf_puts(&b, "what follows in a file");
    assert_int_equal(decode(buf_slice(&b), &p, &bad), ERR_OK);
    assert_int_equal(bad, -1);
    assert_int_equal(p.bytes, len);
    assert_int_equal(p.n, 3);
    assert_true(str_eq(p.events, buf_slice(&d.lines)));
    assert_memory_equal(p.key, device.public_key, KEY_BYTES);
    assert_true(str_is(p.header.device, device_name));
    assert_true(str_is(p.header.aggregator, aggregator_name));
    assert_true(str_is(p.header.previous, d.previous));
    assert_true(str_is(p.header.head, d.head));
    assert_true(str_is(p.header.nonce, nonce));
    assert_true(str_is(p.header.program, "fair-sync 1.0"));
    assert_true(str_is(p.header.want, "manifest"));
    assert_int_equal(p.header.clock_ms, 1579000000123);
    assert_int_equal(p.header.disk_mb, -1);
    assert_int_equal(p.header.list, 7);
    assert_int_equal(p.header.unsent, 3);
    char hex[2 * HASH_BYTES + 1];
    to_hex(p.head, HASH_BYTES, hex);
    assert_string_equal(hex, d.head);
    to_hex(p.previous, HASH_BYTES, hex);
    assert_string_equal(hex, d.previous);
    buf_done(&d.lines);
}

static void a_question_is_a_push_of_no_events(void **state)
{
    static const int64_t known[] = { 0, 1, 17 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        struct draft d;
        struct push p;
        BUF(b, MAX_BATCH);
        draft_init(&d, known[i] + 1, known[i], 0);
        push_encode(&d.h, &device, buf_slice(&d.lines), &b);
        assert_int_equal(decode(buf_slice(&b), &p, NULL), ERR_OK);
        assert_int_equal(p.n, 0);
        assert_int_equal(p.events.len, 0);
        assert_int_equal(p.bytes, b.len);
        assert_memory_equal(p.previous, p.head, HASH_BYTES);
        buf_done(&d.lines);
    }
}

static void a_push_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct draft d;
    struct push p;
    BUF(b, MAX_BATCH);
    draft_init(&d, 1, 3, 0);
    draft_put(&d, &b);
    for (size_t len = 0; len < b.len; len++) {
        /* A block of its own, so that reading past its end is seen. */
        char *cut = malloc(len + 1);
        memcpy(cut, b.data, len);
        cut = realloc(cut, len > 0 ? len : 1);
        assert_int_not_equal(decode((struct str){ cut, len }, &p, NULL),
                             ERR_OK);
        free(cut);
    }
    assert_int_equal(decode(buf_slice(&b), &p, NULL), ERR_OK);
    buf_done(&d.lines);
}

static void a_push_with_any_bit_flipped_is_refused(void **state)
{
    (void)state;
    struct draft d;
    struct push p;
    BUF(b, MAX_BATCH);
    draft_init(&d, 1, 2, 0);
    draft_put(&d, &b);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        char mask = (char)(1 << bit % 8);
        b.data[bit / 8] ^= mask;
        assert_int_not_equal(decode(buf_slice(&b), &p, NULL), ERR_OK);
        b.data[bit / 8] ^= mask;
    }
    assert_int_equal(decode(buf_slice(&b), &p, NULL), ERR_OK);
    buf_done(&d.lines);
}

static void a_refused_push_leaves_the_result_alone(void **state)
{
    (void)state;
    struct push p, before;
    memset(&p, 0x5a, sizeof(p));
    before = p;
    assert_int_equal(decode(STR("{}\n"), &p, NULL), ERR_FORM);
    assert_memory_equal(&p, &before, sizeof(p));
}

static void the_fault_names_its_event(void **state)
{
    static const struct {
        const char *name, *old, *new;
        enum err err;
        int64_t bad;
    } cases[] = {
        { "an event changed", "\"what\":\"test\"", "\"what\":\"tast\"",
          ERR_CHAIN, 0 },
        { "a blank", "\"seq\":3,", "\"seq\": 3", ERR_CANONICAL, 3 },
        { "a wrong number", "\"seq\":4,", "\"seq\":5,", ERR_SEQUENCE, 4 },
        { "another version", "{\"v\":1,\"seq\":4", "{\"v\":2,\"seq\":4",
          ERR_FORM, 4 },
        { "two lines made one", "}\n{\"v\":1,\"seq\":4", "},{\"v\":1,\"seq\":4",
          ERR_CANONICAL, 3 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct draft d;
        int64_t bad;
        draft_init(&d, 3, 5, 0);
        replace(&d.lines, cases[i].old, cases[i].new);
        print_message("%s\n", cases[i].name);
        assert_int_equal(decode_draft(&d, &bad), cases[i].err);
        assert_int_equal(bad, cases[i].bad);
        buf_done(&d.lines);
    }
}

static void lines_must_be_as_many_as_the_header_says(void **state)
{
    (void)state;
    struct draft d;
    int64_t bad;
    draft_init(&d, 3, 5, 0);
    d.h.to = 6;
    assert_int_equal(decode_draft(&d, &bad), ERR_FORM);
    assert_int_equal(bad, 6);
    d.h.to = 4; /* the third line is left over and the head is not met */
    assert_int_equal(decode_draft(&d, &bad), ERR_CHAIN);
    assert_int_equal(bad, 0);
    buf_done(&d.lines);
}

static void a_push_from_event_1_starts_where_the_chain_starts(void **state)
{
    (void)state;
    struct draft d, other;
    int64_t bad;
    draft_init(&d, 1, 0, 0);
    draft_init(&other, 2, 1, 0);
    assert_int_equal(decode_draft(&d, &bad), ERR_OK);
    d.h.previous = d.h.head = str_of(other.head);
    assert_int_equal(decode_draft(&d, &bad), ERR_CHAIN);
    buf_done(&d.lines);
    buf_done(&other.lines);
}

static void a_question_has_one_hash(void **state)
{
    (void)state;
    struct draft d;
    int64_t bad;
    draft_init(&d, 6, 5, 0);
    char other[2 * HASH_BYTES + 1];
    memset(other, 'a', sizeof(other) - 1);
    other[sizeof(other) - 1] = '\0';
    d.h.head = str_of(other);
    assert_int_equal(decode_draft(&d, &bad), ERR_CHAIN);
    buf_done(&d.lines);
}

/* Header members at and beyond their ranges, one at a time. */
#define HEX_64 \
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define CHARS_40 "fair-sync 1.0 ~~~~~~~~~~~~~~~~~~~~~~~~~~"

static void header_text_cases(const struct draft *good, int64_t *bad)
{
    static const struct {
        const char *name, *value;
        size_t offset;
        enum err err;
    } cases[] = {
#define AT(member) offsetof(struct push_header, member)
        { "other format", "2", AT(push), ERR_FORM },
        { "no format", "", AT(push), ERR_FORM },
        { "key id too short", "aaaaaaaaaaaaaaa", AT(aggregator), ERR_FORM },
        { "key id too long", "aaaaaaaaaaaaaaaaa", AT(aggregator), ERR_FORM },
        { "key id of other letters", "aaaaaaaaaaaaaaa1", AT(aggregator),
          ERR_FORM },
        { "any key id", "aaaaaaaaaaaaaaaa", AT(aggregator), ERR_OK },
        { "another device", "aaaaaaaaaaaaaaaa", AT(device), ERR_FORM },
        { "nonce too short", "000102030405060708090a0b0c0d0e0", AT(nonce),
          ERR_FORM },
        { "nonce too long", "000102030405060708090a0b0c0d0e0f0", AT(nonce),
          ERR_FORM },
        { "nonce in capitals", "000102030405060708090A0B0C0D0E0F", AT(nonce),
          ERR_FORM },
        { "nonce of zeros", NONCE_NONE, AT(nonce), ERR_OK },
        { "no program", "", AT(program), ERR_FORM },
        { "program of 1", "x", AT(program), ERR_OK },
        { "program of 39", &CHARS_40[1], AT(program), ERR_OK },
        { "program of 40", CHARS_40, AT(program), ERR_OK },
        { "program of 41", CHARS_40 "x", AT(program), ERR_FORM },
        { "program not ASCII", "phiên", AT(program), ERR_FORM },
        { "program not ASCII at first", "éa", AT(program), ERR_FORM },
        { "program escaped", "a\"b", AT(program), ERR_FORM },
        { "another key", HEX_64, AT(key), ERR_FORM },
        { "head too short", &HEX_64[1], AT(head), ERR_FORM },
        { "previous too short", &HEX_64[1], AT(previous), ERR_FORM },
        { "wants a page", HEX_64, AT(want), ERR_OK },
        { "wants something else", "pages", AT(want), ERR_FORM },
        { "wants most of a page", &HEX_64[1], AT(want), ERR_FORM },
#undef AT
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct draft d = *good;
        struct str value = str_of(cases[i].value);
        memcpy((char *)&d.h + cases[i].offset, &value, sizeof(value));
        print_message("%s\n", cases[i].name);
        assert_int_equal(decode_draft(&d, bad), cases[i].err);
        assert_int_equal(*bad, cases[i].err ? 0 : -1);
    }
}

static void header_number_cases(const struct draft *good, int64_t *bad)
{
    static const struct {
        const char *name;
        int64_t value;
        size_t offset;
        enum err err;
    } cases[] = {
#define AT(member) offsetof(struct push_header, member)
        { "clock below 1970", -1, AT(clock_ms), ERR_FORM },
        { "clock of 1970", 0, AT(clock_ms), ERR_OK },
        { "clock of any year", INT64_MAX, AT(clock_ms), ERR_OK },
        { "disk unknown", -1, AT(disk_mb), ERR_OK },
        { "disk less than unknown", -2, AT(disk_mb), ERR_FORM },
        { "list below none", -1, AT(list), ERR_FORM },
        { "no list", 0, AT(list), ERR_OK },
        { "unsent below none", -1, AT(unsent), ERR_FORM },
        { "nothing unsent", 0, AT(unsent), ERR_OK },
        { "from 0", 0, AT(from), ERR_FORM },
        { "from below", INT64_MIN, AT(from), ERR_FORM },
        { "to below from", 3, AT(to), ERR_FORM },
        { "to the last number", INT64_MAX, AT(to), ERR_FORM },
        { "to one less", INT64_MAX - 1, AT(to), ERR_LIMIT },
#undef AT
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct draft d = *good;
        memcpy((char *)&d.h + cases[i].offset, &cases[i].value,
               sizeof(cases[i].value));
        print_message("%s\n", cases[i].name);
        assert_int_equal(decode_draft(&d, bad), cases[i].err);
        assert_int_equal(*bad, cases[i].err ? 0 : -1);
    }
}

static void header_members_keep_their_ranges(void **state)
{
    (void)state;
    struct draft d;
    int64_t bad;
    draft_init(&d, 5, 5, 0);
    header_text_cases(&d, &bad);
    header_number_cases(&d, &bad);
    buf_done(&d.lines);
}

static void a_header_is_canonical(void **state)
{
    static const struct {
        const char *name, *cut, *put;
        enum err err;
    } cases[] = {
        { "a member of a later release", ",\"to\"", ",\"tnew\":1,\"to\"",
          ERR_OK },
        { "a member twice", ",\"unsent\":3", ",\"unsent\":3,\"unsent\":3",
          ERR_CANONICAL },
        { "a blank", ",\"to\"", ", \"to\"", ERR_CANONICAL },
        { "members out of order", "\"push\":\"1\",\"to\":5",
          "\"to\":5,\"push\":\"1\"", ERR_CANONICAL },
        { "number for text", "\"push\":\"1\"", "\"push\":1", ERR_FORM },
        { "text for number", "\"to\":5", "\"to\":\"5\"", ERR_FORM },
        { "an empty wish", "\"unsent\":3", "\"unsent\":3,\"want\":\"\"",
          ERR_FORM },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct draft d;
        struct push p;
        BUF(whole, MAX_TEXT);
        BUF(line, MAX_TEXT);
        BUF(b, MAX_BATCH);
        draft_init(&d, 5, 5, 0);
        shape_encode(&push_header_shape, &d.h, &whole);
        const char *at = strstr(whole.data, cases[i].cut);
        assert_non_null(at);
        buf_put(&line, whole.data, (size_t)(at - whole.data));
        buf_puts(&line, cases[i].put);
        buf_puts(&line, at + strlen(cases[i].cut));
        signed_put(&device, DOMAIN_PUSH, buf_slice(&line), &b);
        buf_str(&b, buf_slice(&d.lines));
        print_message("%s\n", cases[i].name);
        assert_int_equal(decode(buf_slice(&b), &p, NULL), cases[i].err);
        buf_done(&d.lines);
    }
}

static enum err decode_question(struct str document)
{
    struct push p;
    return decode(document, &p, NULL);
}

static void a_header_has_all_its_members(void **state)
{
    static const char *const names[] = { "aggregator", "clock",   "device",
                                         "disk",       "from",    "head",
                                         "key",        "list",    "nonce",
                                         "previous",   "program", "push",
                                         "to",         "unsent",  NULL };
    (void)state;
    const struct signing how = { &device, DOMAIN_PUSH, decode_question };
    struct draft d;
    BUF(line, MAX_TEXT);
    draft_init(&d, 6, 5, 0);
    shape_encode(&push_header_shape, &d.h, &line);
    assert_members_needed(&how, buf_slice(&line), names);
    buf_done(&d.lines);
}

static void a_header_line_is_at_most_MAX_HEADER_bytes(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more++) {
        struct draft d;
        struct push p;
        BUF(line, MAX_TEXT);
        BUF(b, MAX_BATCH);
        draft_init(&d, 5, 5, 0);
        shape_encode(&push_header_shape, &d.h, &line);
        line.len--; /* its '}' */
        buf_puts(&line, ",\"zzz\":\"");
        while (line.len < (size_t)(MAX_HEADER + more - 2))
            buf_putc(&line, 'z');
        buf_puts(&line, "\"}");
        signed_put(&device, DOMAIN_PUSH, buf_slice(&line), &b);
        buf_str(&b, buf_slice(&d.lines));
        assert_int_equal(decode(buf_slice(&b), &p, NULL),
                         more > 0 ? ERR_FORM : ERR_OK);
        buf_done(&d.lines);
    }
}

static void a_signature_serves_one_key_one_line_and_one_purpose(void **state)
{
    static const char *const others[] = { DOMAIN_ACK, DOMAIN_LISTS,
                                          DOMAIN_ENROL, DOMAIN_SEAL, "" };
    (void)state;
    struct draft d;
    struct push p;
    draft_init(&d, 5, 5, 0);
    BUF(line, MAX_TEXT);
    BUF(b, MAX_BATCH);
    shape_encode(&push_header_shape, &d.h, &line);
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        buf_clear(&b);
        signed_put(&device, others[i], buf_slice(&line), &b);
        buf_str(&b, buf_slice(&d.lines));
        assert_int_equal(decode(buf_slice(&b), &p, NULL), ERR_SIGNATURE);
    }
    buf_clear(&b);
    signed_put(&aggregator, DOMAIN_PUSH, buf_slice(&line), &b);
    buf_str(&b, buf_slice(&d.lines));
    assert_int_equal(decode(buf_slice(&b), &p, NULL), ERR_SIGNATURE);
    buf_done(&d.lines);
}

static void a_push_carries_at_most_MAX_BATCH_EVENTS(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more++) {
        struct draft d;
        int64_t bad;
        draft_init(&d, 2, MAX_BATCH_EVENTS + 1 + more, 0);
        assert_int_equal(decode_draft(&d, &bad), more > 0 ? ERR_LIMIT : ERR_OK);
        buf_done(&d.lines);
    }
}

static void a_push_is_at_most_MAX_BATCH_bytes(void **state)
{
    enum { EVENTS = 32, PAD = 8000 };
    (void)state;
    struct draft d;
    BUF(b, 2 * MAX_BATCH);
    draft_make(&d, 1, EVENTS, PAD, 0);
    draft_put(&d, &b);
    buf_done(&d.lines);
    assert_in_range(b.len, MAX_BATCH - MAX_EVENT / 2 * 3 / 2, MAX_BATCH - 1);
    size_t left = MAX_BATCH - b.len;
    for (int more = -1; more <= 1; more++) {
        struct push p;
        int64_t bad = -1;
        draft_make(&d, 1, EVENTS, PAD, left + (size_t)more);
        buf_clear(&b);
        draft_put(&d, &b);
        assert_int_equal(b.len, MAX_BATCH + more);
        assert_int_equal(decode(buf_slice(&b), &p, &bad),
                         more > 0 ? ERR_LIMIT : ERR_OK);
        assert_int_equal(bad, more > 0 ? 0 : -1);
        buf_done(&d.lines);
    }
}

static void an_event_line_is_at_most_MAX_EVENT_bytes(void **state)
{
    (void)state;
    struct draft d;
    draft_init(&d, 1, 1, 0);
    size_t none = d.lines.len - 1;
    buf_done(&d.lines);
    for (int more = -1; more <= 1; more++) {
        int64_t bad;
        draft_init(&d, 1, 1, MAX_EVENT - none + (size_t)more);
        assert_int_equal(d.lines.len - 1, MAX_EVENT + more);
        assert_int_equal(decode_draft(&d, &bad),
                         more > 0 ? ERR_CANONICAL : ERR_OK);
        assert_int_equal(bad, more > 0 ? 1 : -1);
        buf_done(&d.lines);
    }
}

static void lines_are_walked_one_by_one(void **state)
{
    (void)state;
    struct str events = STR("a\n\nbc\nrest"), line;
    assert_true(lines_next(&events, &line) && str_is(line, "a"));
    assert_true(lines_next(&events, &line) && str_is(line, ""));
    assert_true(lines_next(&events, &line) && str_is(line, "bc"));
    assert_false(lines_next(&events, &line));
    assert_true(str_is(events, "rest"));
    events = str_of(NULL);
    assert_false(lines_next(&events, &line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_push_arrives_as_it_was_sent),
        cmocka_unit_test(a_question_is_a_push_of_no_events),
        cmocka_unit_test(a_push_cut_anywhere_is_refused),
        cmocka_unit_test(a_push_with_any_bit_flipped_is_refused),
        cmocka_unit_test(a_refused_push_leaves_the_result_alone),
        cmocka_unit_test(the_fault_names_its_event),
        cmocka_unit_test(lines_must_be_as_many_as_the_header_says),
        cmocka_unit_test(a_push_from_event_1_starts_where_the_chain_starts),
        cmocka_unit_test(a_question_has_one_hash),
        cmocka_unit_test(header_members_keep_their_ranges),
        cmocka_unit_test(a_header_is_canonical),
        cmocka_unit_test(a_header_has_all_its_members),
        cmocka_unit_test(a_header_line_is_at_most_MAX_HEADER_bytes),
        cmocka_unit_test(a_signature_serves_one_key_one_line_and_one_purpose),
        cmocka_unit_test(a_push_carries_at_most_MAX_BATCH_EVENTS),
        cmocka_unit_test(a_push_is_at_most_MAX_BATCH_bytes),
        cmocka_unit_test(an_event_line_is_at_most_MAX_EVENT_bytes),
        cmocka_unit_test(lines_are_walked_one_by_one),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
