/*
 * test_wire_example.c - the examples of sync/PROTOCOL.md 6.7, 7 and 8.4, made
 * anew byte by byte and read back.
 *
 * Events come from the page too: the ledger of its section 5.7.
 */
#include "fair/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"

enum { FIRST_PUSH = 3, ALL_EVENTS = 12 };

static struct buf page_text; /* sync/PROTOCOL.md */
static struct keypair device, aggregator;
static char device_name[DEVICE_LEN + 1], aggregator_name[DEVICE_LEN + 1];

static int read_page(void **state)
{
    (void)state;
    uint8_t seed[KEY_BYTES];
    buf_init(&page_text, MAX_BATCH);
    if (env_file_read("sync", "PROTOCOL.md", &page_text))
        return -1;
    sign_init();
    memset(seed, 1, sizeof(seed));
    key_from_seed(seed, &device);
    memset(seed, 2, sizeof(seed));
    key_from_seed(seed, &aggregator);
    device_id(device.public_key, device_name);
    aggregator_id(aggregator.public_key, aggregator_name);
    return 0;
}

static int free_page(void **state)
{
    (void)state;
    buf_done(&page_text);
    return 0;
}

/* ---- the page ------------------------------------------------------------ */

/* What stands in the block that begins with ```name. */
static struct str block(const char *name)
{
    BUF(fence, MAX_TEXT);
    buf_printf(&fence, "\n```%s\n", name);
    const char *from = strstr(buf_text(&page_text), buf_text(&fence));
    assert_non_null(from);
    from += fence.len;
    const char *to = strstr(from - 1, "\n```\n");
    assert_non_null(to);
    return (struct str){ from, (size_t)(to + 1 - from) };
}

static void assert_block(const char *name, const struct buf *made)
{
    struct str want = block(name);
    if (!str_eq(want, buf_slice(made)))
        printf("%s, as made:\n%s", name, buf_text(made));
    assert_true(str_eq(want, buf_slice(made)));
}

/* Line `seq` of the ledger in 5.7: number, hash and bytes between tabs. */
static struct str ledger_line(int64_t seq, char hash[2 * HASH_BYTES + 1])
{
    BUF(start, MAX_TEXT);
    buf_printf(&start, "\n%lld\t", (long long)seq);
    const char *at = strstr(buf_text(&page_text), buf_text(&start));
    assert_non_null(at);
    at += start.len;
    memcpy(hash, at, 2 * HASH_BYTES);
    hash[2 * HASH_BYTES] = '\0';
    at += 2 * HASH_BYTES + 1;
    return (struct str){ at, (size_t)(strchr(at, '\n') - at) };
}

/* ---- 6.7 ----------------------------------------------------------------- */

struct hex {
    char text[2 * HASH_BYTES + 1];
};

static struct hex hex_of(const uint8_t bytes[HASH_BYTES])
{
    struct hex hex;
    for (size_t i = 0; i < HASH_BYTES; i++)
        snprintf(hex.text + 2 * i, 3, "%02x", bytes[i]);
    return hex;
}

static struct hex chain_begin(void)
{
    uint8_t hash[HASH_BYTES];
    chain_start(device.public_key, hash);
    return hex_of(hash);
}

static void make_push(int64_t to, const char *nonce, struct buf *out)
{
    const struct hex key = hex_of(device.public_key), start = chain_begin();
    struct hex head = start;
    BUF(lines, MAX_BATCH);
    for (int64_t seq = 1; seq <= to; seq++) {
        buf_str(&lines, ledger_line(seq, head.text));
        buf_putc(&lines, '\n');
    }
    const struct push_header header = { .aggregator = str_of(aggregator_name),
                                        .clock_ms = 1578964300000,
                                        .device = str_of(device_name),
                                        .disk_mb = 120000,
                                        .from = 1,
                                        .head = str_of(head.text),
                                        .key = str_of(key.text),
                                        .list = 0,
                                        .nonce = str_of(nonce),
                                        .previous = str_of(start.text),
                                        .program = STR("fair-sync 1.0"),
                                        .push = STR("1"),
                                        .to = to,
                                        .unsent = ALL_EVENTS - to };
    push_encode(&header, &device, buf_slice(&lines), out);
}

static void make_ack(int64_t count, const char *nonce, struct buf *out)
{
    struct hex head = chain_begin();
    if (count > 0)
        ledger_line(count, head.text);
    const struct ack ack = { .ack = STR("1"),
                             .aggregator = str_of(aggregator_name),
                             .at_ms = 1578964302500,
                             .count = count,
                             .device = str_of(device_name),
                             .head = str_of(head.text),
                             .list = 3,
                             .nonce = str_of(nonce),
                             .state = STR("active"),
                             .wanted = count + 1 };
    ack_encode(&ack, &aggregator, out);
}

static const struct {
    const char *push, *ack, *nonce;
    int64_t to;
} exchanges[] = {
    { "question", "answer", "000102030405060708090a0b0c0d0e0f", 0 },
    { "push", "ack", "101112131415161718191a1b1c1d1e1f", FIRST_PUSH },
};

static void pushes_are_made_as_the_page_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(exchanges); i++) {
        BUF(b, MAX_BATCH);
        make_push(exchanges[i].to, exchanges[i].nonce, &b);
        assert_block(exchanges[i].push, &b);
    }
}

static void acknowledgements_are_made_as_the_page_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(exchanges); i++) {
        BUF(b, MAX_REPLY);
        make_ack(exchanges[i].to, exchanges[i].nonce, &b);
        assert_block(exchanges[i].ack, &b);
    }
}

static void what_the_page_shows_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(exchanges); i++) {
        struct push p;
        struct ack a;
        struct str rest;
        struct str push = block(exchanges[i].push);
        assert_int_equal(push_decode(push, NULL, &p, NULL), ERR_OK);
        assert_int_equal(p.bytes, push.len);
        assert_int_equal(p.n, exchanges[i].to);
        assert_int_equal(ack_decode(block(exchanges[i].ack),
                                    aggregator.public_key, p.header.nonce, &a,
                                    &rest),
                         ERR_OK);
        assert_int_equal(rest.len, 0);
        assert_int_equal(a.count, p.header.to);
        assert_true(str_eq(a.head, p.header.head));
        assert_true(str_eq(a.device, p.header.device));
    }
}

/* ---- 7 ------------------------------------------------------------------- */

static struct enrolment example_string(void)
{
    struct enrolment e = { "fair.example.vn", 8443, "XUAN-2020", "A1",
                           "BCDFGHJKLM",      { 0 } };
    memset(e.pin, 3, sizeof(e.pin));
    return e;
}

static void the_enrolment_string_is_made_as_the_page_shows(void **state)
{
    (void)state;
    const struct enrolment e = example_string();
    struct enrolment got;
    struct str shown = block("string");
    BUF(b, MAX_TEXT);
    BUF(why, MAX_TEXT);
    enrolment_render(&e, &b);
    buf_putc(&b, '\n');
    assert_block("string", &b);
    shown.len--;
    assert_int_equal(enrolment_parse(shown, &got, &why), ERR_OK);
    assert_memory_equal(got.pin, e.pin, sizeof(e.pin));
}

static void the_enrolment_request_is_made_as_the_page_shows(void **state)
{
    (void)state;
    const struct enrolment e = example_string();
    const struct hex key = hex_of(device.public_key), pin = hex_of(e.pin);
    const struct enrol_request r = { .booth = str_of(e.booth),
                                     .code = str_of(e.code),
                                     .device_name = STR("Quầy 1"),
                                     .enrol = STR("1"),
                                     .fair = str_of(e.fair),
                                     .key = str_of(key.text),
                                     .pin = str_of(pin.text) };
    struct enrol_request got;
    BUF(b, MAX_TEXT);
    enrol_request_encode(&r, &device, &b);
    assert_block("enrol", &b);
    assert_int_equal(enrol_request_decode(block("enrol"), NULL, &got), ERR_OK);
    assert_true(str_eq(got.device_name, r.device_name));
}

/* ---- 8.4 ----------------------------------------------------------------- */

static void put_document(struct buf *out)
{
    struct list_fair fair = { .booth = STR("A1"),
                              .booth_name = STR("Hạ Long"),
                              .closes_min = 1320,
                              .cut_off_min = 240,
                              .days = 6,
                              .fair = STR("XUAN-2020"),
                              .first_day = 20200114,
                              .n_gates = 2,
                              .name = STR("Hội chợ OCOP Xuân 2020"),
                              .opens_min = 480,
                              .origin = STR("in-province"),
                              .restricted = 1 };
    fair.gates[0].code = STR("BAC");
    fair.gates[1].code = STR("NAM");
    const struct product full = { .barcode = STR("8936012340017"),
                                  .certificate = STR("QN-2017-0101-MAU"),
                                  .certified_day = 20170115,
                                  .code = STR("40"),
                                  .expires_day = 20200115,
                                  .group = STR("Đồ uống"),
                                  .hotkey = 1,
                                  .name = STR("Trà hoa vàng Ba Chẽ"),
                                  .place = STR("huyện Ba Chẽ"),
                                  .price_vnd = 120000,
                                  .seller = STR("HTX Ba Chẽ"),
                                  .sku = STR("TH-01"),
                                  .stars = 4,
                                  .unit = STR("hộp") };
    const struct product bare = { .code = STR("10"),
                                  .name = STR("Chả mực Hạ Long"),
                                  .price_vnd = 450000,
                                  .sku = STR("CM-KG"),
                                  .unit = STR("kg") };
    lists_fair_encode(&fair, out);
    lists_product_encode(&full, out);
    lists_product_encode(&bare, out);
}

static void a_document_is_made_as_the_page_shows(void **state)
{
    (void)state;
    struct lists *l = NULL;
    struct str page;
    BUF(b, MAX_LIST);
    put_document(&b);
    assert_block("page", &b);
    struct str rest = buf_slice(&b);
    assert_true(list_page_next(&rest, &page) && rest.len == 0);
    assert_int_equal(lists_parse(&b, 3, &l), ERR_OK);
    assert_int_equal(lists_count(l), 2);
    lists_close(l);
}

static void a_manifest_is_made_as_the_page_shows(void **state)
{
    (void)state;
    uint8_t hash[HASH_BYTES];
    hash_tagged("", block("page"), hash);
    const struct hex hex = hex_of(hash);
    struct page_name page = { str_of(hex.text) };
    const struct manifest m = { .at_ms = 1578900000000,
                                .booth = STR("A1"),
                                .fair = STR("XUAN-2020"),
                                .n_pages = 1,
                                .pages = &page,
                                .version = 3 };
    struct manifest got;
    struct str rest;
    BUF(b, MAX_TEXT);
    manifest_encode(&m, &aggregator, &b);
    assert_block("manifest", &b);
    assert_int_equal(
        manifest_decode(block("manifest"), aggregator.public_key, &got, &rest),
        ERR_OK);
    assert_int_equal(got.version, 3);
    free(got.pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pushes_are_made_as_the_page_shows),
        cmocka_unit_test(acknowledgements_are_made_as_the_page_shows),
        cmocka_unit_test(what_the_page_shows_is_taken),
        cmocka_unit_test(the_enrolment_string_is_made_as_the_page_shows),
        cmocka_unit_test(the_enrolment_request_is_made_as_the_page_shows),
        cmocka_unit_test(a_document_is_made_as_the_page_shows),
        cmocka_unit_test(a_manifest_is_made_as_the_page_shows),
    };
    return cmocka_run_group_tests(tests, read_page, free_page);
}
