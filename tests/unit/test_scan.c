/*
 * test_scan.c - what scanners send is told apart, kept safely and found.
 */
#include "pos/model/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"

#define LABELS "21IIIIIWWWWWC 22IIIIIPPPPPC 2IIIIIIWWWWWC 02IIIIIWWWWWC"
#define GS     "\x1D"

static struct scan scanned;

static void scan_str(struct str text)
{
    struct scan_masks masks;
    assert_int_equal(scan_masks_parse(STR(LABELS), &masks), ERR_OK);
    scan_parse(text, &masks, &scanned);
}

static void scan(const char *text)
{
    scan_str(str_of(text));
}

static void expect_str(struct str s, const char *want)
{
    if (!str_is(s, want))
        fail_msg("\"%.*s\", not \"%s\"", (int)s.len, s.data, want);
}

static void expect_kind(const char *text, enum scan_kind kind)
{
    scan(text);
    if (scanned.kind != kind)
        fail_msg("\"%s\" is of kind %d, not %d", text, (int)scanned.kind,
                 (int)kind);
}

/* A stamp, what is kept of it, and the product it tells. */
static void expect_stamp(const char *text, const char *stamp, const char *gtin)
{
    expect_kind(text, SCAN_STAMP);
    assert_string_equal(scanned.stamp, stamp);
    assert_string_equal(scanned.gtin, gtin);
    assert_int_equal(text_check(str_of(scanned.stamp), MAX_NAME_COLUMNS),
                     ERR_OK);
}

/* ---- product codes ---- */

static void a_gtin_of_any_length_is_told_with_fourteen_digits(void **state)
{
    static const char *const rows[][2] = {
        { "8931234567897", "08931234567897" },
        { "8930000000019", "08930000000019" },
        { "8938512345673", "08938512345673" },
        { "8936024043001", "08936024043001" },
        { "89312346", "00000089312346" },
        { "036000291452", "00036000291452" },
        { "18931234567894", "18931234567894" },
        { "08931234567897", "08931234567897" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        expect_kind(rows[i][0], SCAN_GTIN);
        assert_string_equal(scanned.gtin, rows[i][1]);
        expect_str(scanned.word, rows[i][0]);
        assert_string_equal(scanned.stamp, "");
    }
}

static void a_wrong_check_digit_is_said(void **state)
{
    static const char *const rows[] = { "8931234567890", "89312345",
                                        "036000291453", "18931234567897",
                                        "2100012012500" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        expect_kind(rows[i], SCAN_BAD_CHECK);
        assert_string_equal(scanned.gtin, "");
        expect_str(scanned.word, rows[i]);
    }
}

static void what_is_no_code_stays_what_was_typed(void **state)
{
    static const char *const rows[] = {
        "",
        "1",
        "12",
        "CM-KG",
        "mật ong",
        "893123456",
        "1234567890",
        "12345678901",
        "123456789012345",
        "3*12",
        "/85",
        "1.5*12",
        "K7Q2M",
        "A1-1-4",
        "2.5/85",
        "(12)",
        "https://",
        "http:///01/8931234567897",
        "matong.vn",
        "chè/mật",
        "a b.vn/x",
        ".vn/x",
        "tem.v/x",
        "tem.v1/x",
        "010893",
        "]",
        "]C1",
        "htps://x/y",
        "muc/nuong",
        "]=08931234567897",
        "]E-8931234567897",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        expect_kind(rows[i], SCAN_OTHER);
        expect_str(scanned.word, rows[i]);
        assert_string_equal(scanned.gtin, "");
        assert_string_equal(scanned.stamp, "");
        assert_int_equal(scanned.lot.len + scanned.serial.len, 0);
    }
    scan_str((struct str){ NULL, 0 });
    assert_int_equal(scanned.kind, SCAN_OTHER);
    expect_kind(GS, SCAN_OTHER);
    scan_str(STR("a\0b.vn/x"));
    assert_int_equal(scanned.kind, SCAN_OTHER);
}

/* ---- scales' labels ---- */

static void expect_label(const char *text, const char *item, int64_t milli,
                         int64_t vnd)
{
    expect_kind(text, milli > 0 ? SCAN_WEIGHED : SCAN_PRICED);
    expect_str(scanned.item, item);
    assert_int_equal(scanned.milli, milli);
    assert_int_equal(scanned.vnd, vnd);
    assert_string_equal(scanned.gtin, "");
}

static void s03_a_label_tells_item_and_weight_or_price(void **state)
{
    (void)state;
    expect_label("2100012012508", "00012", 1250, 0);
    expect_label("2001234007504", "001234", 750, 0);
    expect_label("2200012450000", "00012", 0, 45000);
    expect_label("0200012012507", "00012", 1250, 0);
    expect_label("200012012507", "00012", 1250, 0); /* UPC: the 0 not sent */
    expect_label("2100012000017", "00012", 1, 0);
}

static void a_label_of_nothing_or_of_no_mask_is_a_plain_number(void **state)
{
    struct scan_masks none = { 0 };
    (void)state;
    expect_kind("2100012000000", SCAN_GTIN);
    expect_kind("2200012000007", SCAN_GTIN);
    scan_parse(STR("2100012012508"), &none, &scanned);
    assert_int_equal(scanned.kind, SCAN_GTIN);
    assert_string_equal(scanned.gtin, "02100012012508");
    assert_int_equal(scanned.item.len, 0);
}

static void the_first_mask_that_fits_claims_a_label(void **state)
{
    struct scan_masks masks;
    (void)state;
    assert_int_equal(
        scan_masks_parse(STR("2IIIIIIWWWWWC 21IIIIIWWWWWC"), &masks), ERR_OK);
    scan_parse(STR("2100012012508"), &masks, &scanned);
    expect_str(scanned.item, "100012");
    assert_int_equal(
        scan_masks_parse(STR("210IIIIPPPPPC 210IIII0WWWWC"), &masks), ERR_OK);
    scan_parse(STR("2100012012508"), &masks, &scanned);
    expect_str(scanned.item, "0012");
    assert_int_equal(scanned.vnd, 1250);
}

static void masks_are_listed_with_blanks_between(void **state)
{
    struct scan_masks masks;
    (void)state;
    assert_int_equal(scan_masks_parse(STR(""), &masks), ERR_OK);
    assert_int_equal(masks.n, 0);
    assert_int_equal(
        scan_masks_parse(STR(" 21IIIIIWWWWWC \t04IIIIIIPPPPC "), &masks),
        ERR_OK);
    assert_int_equal(masks.n, 2);
    assert_string_equal(masks.mask[0], "21IIIIIWWWWWC");
    assert_string_equal(masks.mask[1], "04IIIIIIPPPPC");
}

static void a_mask_that_could_claim_anything_else_is_refused(void **state)
{
    static const char *const rows[] = {
        "21IIIIIWWWWW",    "21IIIIIWWWWWCC",  "21IIIIIWWWWWW",
        "8931IIIWWWWWC",   "00IIIIIWWWWWC",   "IIIIIIIWWWWWC",
        "21IIIIIIIIIIC",   "2100000WWWWWC",   "21IIIIIWWWPPC",
        "21IIWIIWWWWWC",   "21WWIIIIIWWWC",   "21IIICIWWWWWC",
        "21iiiiiwwwwwc",   "21IIIII.WWWWC",   "21PIIIIIPPPPC",
        "21IIIIIWWWWWC,",  "21IIIIIWWWWWC 2", "03IIIIIWWWWWC",
        "21IIIIIWWWWWC\n",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scan_masks masks = { .n = 4711 };
        if (scan_masks_parse(str_of(rows[i]), &masks) != ERR_INVALID)
            fail_msg("taken: %s", rows[i]);
        assert_int_equal(masks.n, 4711);
    }
}

static void no_more_masks_than_there_is_room_for(void **state)
{
    struct scan_masks masks;
    (void)state;
    BUF(text, MAX_TEXT);
    for (int i = 0; i < SCAN_MASKS; i++)
        buf_printf(&text, "2%dIIIIIWWWWWC ", i);
    assert_int_equal(scan_masks_parse(buf_slice(&text), &masks), ERR_OK);
    assert_int_equal(masks.n, SCAN_MASKS);
    buf_puts(&text, "29IIIIIWWWWWC");
    assert_int_equal(scan_masks_parse(buf_slice(&text), &masks), ERR_INVALID);
}

/* ---- stamps: URLs ---- */

static void n07_a_plain_url_is_kept_as_host_and_path(void **state)
{
    (void)state;
    expect_stamp("https://tem.vn/a8Xk2", "tem.vn/a8Xk2", "");
    expect_stamp("http://tem.vn/a8?utm=1#top", "tem.vn/a8", "");
    expect_stamp("HTTPS://TEM.VN/A8#X?Y", "TEM.VN/A8", "");
    expect_stamp("https://tem.vn", "tem.vn", "");
    expect_stamp("https://tem.vn:8443/x/", "tem.vn:8443/x/", "");
    expect_stamp("check.gs1.org.vn/8/x", "check.gs1.org.vn/8/x", "");
    expect_stamp("tem-1.vn/", "tem-1.vn/", "");
    expect_stamp("https://t.vn/01/893/10/L1", "t.vn/01/893/10/L1", "");
    expect_stamp("https://t.vn/01/8931234567890", "t.vn/01/8931234567890", "");
    expect_stamp("https://t.vn/x?10=L1&21=S", "t.vn/x", "");
    assert_int_equal(scanned.lot.len + scanned.serial.len, 0);
}

static void n07_a_digital_link_tells_product_lot_and_serial(void **state)
{
    (void)state;
    expect_stamp("https://id.gs1.org/01/08931234567897/10/L-7/21/S%2F9",
                 "id.gs1.org/01/08931234567897/10/L-7/21/S%2F9",
                 "08931234567897");
    expect_str(scanned.lot, "L-7");
    expect_str(scanned.serial, "S%2F9");
    assert_int_equal(scanned.expires.len, 0);
    expect_stamp("https://ocop.vn/tem/x/01/8931234567897/22/2A/21/9?17=261231"
                 "&10=L1&3103=000250#foo",
                 "ocop.vn/tem/x/01/8931234567897/22/2A/21/9", "08931234567897");
    expect_str(scanned.lot, "L1");
    expect_str(scanned.serial, "9");
    expect_str(scanned.expires, "261231");
    expect_stamp("https://t.vn/01/89312346", "t.vn/01/89312346",
                 "00000089312346");
    /* What is too odd to be one is not told, but the stamp is kept. */
    expect_stamp("https://t.vn/01/89312346/10//21?17=2612&17&10=",
                 "t.vn/01/89312346/10//21", "00000089312346");
    assert_int_equal(scanned.lot.len + scanned.serial.len + scanned.expires.len,
                     0);
    expect_stamp(
        "https://t.vn/01/89312346/10/a\tb/21/"
        "1234567890123456789012345678901234567890123456789012345678901",
        "t.vn/01/89312346/10/a%09b/21/1..."
        "56789012345678901234567890123456789012345678901",
        "00000089312346");
    assert_int_equal(scanned.lot.len + scanned.serial.len, 0);
}

static void n07_what_is_not_visible_ascii_is_kept_escaped(void **state)
{
    (void)state;
    expect_stamp("https://tem.vn/chả mực", "tem.vn/ch%E1%BA%A3%20m%E1%BB%B1c",
                 "");
    expect_stamp("https://t.vn/\x1B[2J\xE2\x80\xAE\xFF",
                 "t.vn/%1B[2J%E2%80%AE"
                 "%FF",
                 "");
    scan_str(STR("https://t.vn/a\0b"));
    assert_string_equal(scanned.stamp, "t.vn/a%00b");
}

static void n07_a_long_stamp_keeps_its_beginning_and_its_end(void **state)
{
    (void)state;
    BUF(url, MAX_TEXT);
    buf_puts(&url, "https://tem.vn/");
    while (url.len < strlen("https://") + SCAN_STAMP_MAX)
        buf_putc(&url, (char)('a' + url.len % 26));
    expect_stamp(buf_text(&url), buf_text(&url) + strlen("https://"), "");
    buf_putc(&url, 'Z');
    scan(buf_text(&url));
    assert_int_equal(strlen(scanned.stamp), SCAN_STAMP_MAX);
    const char *address = buf_text(&url) + strlen("https://");
    assert_memory_equal(scanned.stamp, address, 30);
    assert_memory_equal(scanned.stamp + 30, "...", 3);
    assert_string_equal(scanned.stamp + 33, address + strlen(address) - 47);
}

/* ---- stamps: element strings ---- */

#define ELEMENTS               \
    "010893123456789717261231" \
    "10LOT-7" GS "21S9" GS

static void n07_an_element_string_is_kept_one_way_however_sent(void **state)
{
    static const char *const sent[] = {
        ELEMENTS,
        GS ELEMENTS,
        "]C1" ELEMENTS,
        "]d2" ELEMENTS,
        "]Q3" GS ELEMENTS,
        "]e0" ELEMENTS,
        "01089312345678971726123110LOT-7" GS "21S9",
        "(01)08931234567897(17)261231(10)LOT-7(21)S9",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sent); i++) {
        expect_stamp(sent[i], "(01)08931234567897(17)261231(10)LOT-7(21)S9",
                     "08931234567897");
        expect_str(scanned.lot, "LOT-7");
        expect_str(scanned.serial, "S9");
        expect_str(scanned.expires, "261231");
    }
}

static void n07_elements_of_every_length_are_read(void **state)
{
    (void)state;
    expect_stamp("]C1"
                 "00312345678901234567"
                 "3103001250"
                 "4108931234567897"
                 "3712" GS "800545000" GS "99x",
                 "(00)312345678901234567(3103)001250(410)8931234567897(37)12"
                 "(8005)45000(99)x",
                 "");
    expect_stamp(GS "10L1", "(10)L1", "");
    expect_stamp("(10)A(b)c", "(10)A(b)c", "");
    expect_str(scanned.lot, "A(b)c");
}

static void a_product_alone_is_no_stamp(void **state)
{
    static const char *const sent[] = { "0108931234567897",
                                        "]C10108931234567897",
                                        "(01)08931234567897",
                                        "]E08931234567897" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sent); i++) {
        expect_kind(sent[i], SCAN_GTIN);
        assert_string_equal(scanned.gtin, "08931234567897");
        assert_string_equal(scanned.stamp, "");
    }
}

static void a_half_right_element_string_is_none(void **state)
{
    static const char *const sent[] = {
        "0108931234567890"
        "10L1",               /* check digit */
        "010893123456789710", /* nothing behind 10 */
        "0108931234567897"
        "17"
        "2612", /* too short */
        "0108931234567897"
        "17"
        "26123x",
        "0108931234567897"
        "10L 1", /* a blank */
        "0108931234567897"
        "10L\x1B",
        "0108931234567897"
        "05x", /* unknown */
        "0108931234567897"
        "31x",
        "]C1"
        "10" GS,
        "]C1"
        "nonsense",
        "(01)0893123456789(10)L",
        "(01)08931234567897(10)",
        "(01)08931234567897(1)L",
        "(010)8931234567897",
        "(01)08931234567897(55)L",
        "(3103)00125",
        "(01)08931234567897 (10)L",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sent); i++) {
        expect_kind(sent[i], SCAN_OTHER);
        assert_string_equal(scanned.gtin, "");
        assert_string_equal(scanned.stamp, "");
        assert_int_equal(scanned.lot.len, 0);
    }
}

/* ---- finding ---- */

#define T(text)                \
    {                          \
        text, sizeof(text) - 1 \
    }
static const struct product products[] = {
    { .code = T("12"), .sku = T("CM-KG"), .name = T("a"), .unit = T("kg") },
    { .code = T("1"), .sku = T("00013"), .name = T("b"), .unit = T("kg") },
    { .code = T("2"), .sku = T("13"), .name = T("c"), .unit = T("kg") },
    { .code = T("3"),
      .sku = T("TH-01"),
      .name = T("d"),
      .unit = T("kg"),
      .barcode = T("8931234567897") },
    { .code = T("4"),
      .sku = T("2100012012508"),
      .name = T("e"),
      .unit = T("kg") },
    { .code = T("5"),
      .sku = T("ALIAS"),
      .name = T("f"),
      .unit = T("kg"),
      .barcode = T("tem.vn/f") },
    { .code = T("6"),
      .sku = T("UPC"),
      .name = T("g"),
      .unit = T("kg"),
      .barcode = T("036000291452") },
    { .code = T("0"), .sku = T("NULL"), .name = T("h"), .unit = T("kg") },
};

static struct lists *lists_make(void)
{
    struct lists *lists = NULL;
    const struct list_fair fair = { .booth = T("A1"),
                                    .booth_name = T("Hạ Long"),
                                    .days = 6,
                                    .fair = T("XUAN-2020"),
                                    .first_day = 20200114,
                                    .name = T("Xuân"),
                                    .origin = T("in-province") };
    BUF(document, MAX_LIST);
    lists_fair_encode(&fair, &document);
    for (size_t i = 0; i < ARRAY_LEN(products); i++)
        lists_product_encode(&products[i], &document);
    assert_int_equal(lists_parse(&document, 1, &lists), ERR_OK);
    return lists;
}

static void s03_what_was_scanned_is_found_on_the_list(void **state)
{
    static const struct {
        const char *text, *code; /* NULL: not found */
    } rows[] = {
        { "12", "12" },
        { "CM-KG", "12" },
        { "8931234567897", "3" },
        { "08931234567897", "3" },
        { "(01)08931234567897(10)L1", "3" },
        { "0108931234567897", "3" },
        { "https://t.vn/01/08931234567897/21/9", "3" },
        { "0036000291452", "6" },
        { "]E00036000291452", "6" },
        { "8936024043001", NULL },
        { "8931234567890", NULL },
        { "https://tem.vn/x", NULL },
        { "tem.vn/f", "5" },
        { "", NULL },
        { "nothing", NULL },
        /* labels: item 00012, 00013, 00000, 00099 */
        { "2100012012508", "12" },
        { "2100013012507", "1" },
        { "2100000012503", "0" },
        { "2100099012507", NULL },
    };
    struct lists *lists = lists_make();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        scan(rows[i].text);
        const struct product *p = scan_find(lists, &scanned);
        if (!p != !rows[i].code || (p && !str_is(p->code, rows[i].code)))
            fail_msg("\"%s\" is found as %.*s", rows[i].text,
                     p ? (int)p->code.len : 0, p ? p->code.data : "");
    }
    lists_close(lists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gtin_of_any_length_is_told_with_fourteen_digits),
        cmocka_unit_test(a_wrong_check_digit_is_said),
        cmocka_unit_test(what_is_no_code_stays_what_was_typed),
        cmocka_unit_test(s03_a_label_tells_item_and_weight_or_price),
        cmocka_unit_test(a_label_of_nothing_or_of_no_mask_is_a_plain_number),
        cmocka_unit_test(the_first_mask_that_fits_claims_a_label),
        cmocka_unit_test(masks_are_listed_with_blanks_between),
        cmocka_unit_test(a_mask_that_could_claim_anything_else_is_refused),
        cmocka_unit_test(no_more_masks_than_there_is_room_for),
        cmocka_unit_test(n07_a_plain_url_is_kept_as_host_and_path),
        cmocka_unit_test(n07_a_digital_link_tells_product_lot_and_serial),
        cmocka_unit_test(n07_what_is_not_visible_ascii_is_kept_escaped),
        cmocka_unit_test(n07_a_long_stamp_keeps_its_beginning_and_its_end),
        cmocka_unit_test(n07_an_element_string_is_kept_one_way_however_sent),
        cmocka_unit_test(n07_elements_of_every_length_are_read),
        cmocka_unit_test(a_product_alone_is_no_stamp),
        cmocka_unit_test(a_half_right_element_string_is_none),
        cmocka_unit_test(s03_what_was_scanned_is_found_on_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
