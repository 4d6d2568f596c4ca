/*
 * test_list_find.c - products are found by code, sku, barcode and hot key, and
 * judged by their certificates.
 */
#include "fair/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/list_lines.h"

typedef const struct product *find_fn(const struct lists *l, struct str word);

/* Lists without their index yet find the same. */
static const struct product *find_twice(const struct lists *l, struct str word,
                                        find_fn *find_in)
{
    struct lists *again = NULL;
    const struct product *p = find_in(l, word);
    BUF(document, MAX_LIST);
    buf_str(&document, lists_document(l));
    assert_int_equal(lists_parse_again(&document, 1, &again), ERR_OK);
    for (int sorted = 0; sorted <= 1; sorted++) {
        const struct product *q = find_in(again, word);
        assert_int_equal(q != NULL, p != NULL);
        assert_true(!p || str_eq(q->code, p->code));
        lists_index(again);
    }
    lists_close(again);
    return p;
}

static const struct product *find(const struct lists *l, struct str word)
{
    return find_twice(l, word, lists_find);
}

static const struct product *find_sku(const struct lists *l, struct str word)
{
    return find_twice(l, word, lists_find_sku);
}

static void assert_found(const struct lists *l, const char *word,
                         const char *code)
{
    const struct product *p = find(l, str_of(word));
    assert_non_null(p);
    assert_true(str_is(p->code, code));
}

static void a_word_is_a_code_then_a_sku_then_a_barcode(void **state)
{
    (void)state;
    struct lists *l = parsed(
        FAIR_LINE PRODUCT_LINE("3", "X1", "")
            PRODUCT_LINE("1", "3", "\"barcode\":\"96385074\",")
                PRODUCT_LINE("2", "96385074", "\"barcode\":\"8939999000017\",")
                    PRODUCT_LINE("4", "X4", "\"barcode\":\"X1\","));
    assert_found(l, "3", "3");        /* also the sku of 1 */
    assert_found(l, "96385074", "2"); /* also the barcode of 1 */
    assert_found(l, "X1", "3");       /* also the barcode of 4 */
    assert_found(l, "8939999000017", "2");
    assert_null(find(l, STR("")));
    assert_null(find(l, STR("x1")));
    assert_null(find(l, STR("X")));
    assert_null(find(l, STR("X11")));
    assert_null(find(l, STR("03")));
    assert_null(find(l, STR("893999900001")));
    lists_close(l);
}

static void a_barcode_equals_its_form_of_14_digits(void **state)
{
    static const struct {
        const char *listed, *scanned;
        bool found;
    } cases[] = {
        { "96385074", "00000096385074", true },
        { "96385074", "0000096385074", true },
        { "96385074", "000096385074", true },
        { "00000096385074", "96385074", true },
        { "036000291452", "0036000291452", true },
        { "0036000291452", "036000291452", true },
        { "8939999000017", "08939999000017", true },
        { "08939999000017", "8939999000017", true },
        { "96385074", "096385074", false },       /* of 9 digits */
        { "96385074", "000000096385074", false }, /* of 15 digits */
        { "96385074", "9638507", false },
        { "96385074", "96385075", false },
        { "ABC-1", "ABC-1", true }, /* a house code */
        { "AK123456", "AK123456", true },
        { "AK123456", "BA123456", false }, /* no number of any kind */
        { "A6385074", "000176385074", false },
        { "ABC-1", "abc-1", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct lists *l = NULL;
        const struct list_fair fair = good_fair();
        struct product product = good_product();
        product.barcode = str_of(cases[i].listed);
        assert_int_equal(parse_one(&fair, &product, &l), ERR_OK);
        assert_int_equal(find(l, str_of(cases[i].scanned)) != NULL,
                         cases[i].found);
        lists_close(l);
    }
}

static void of_equal_skus_or_barcodes_the_first_is_found(void **state)
{
    (void)state;
    struct lists *l =
        parsed(FAIR_LINE PRODUCT_LINE("9", "S", "\"barcode\":\"96385074\",")
                   PRODUCT_LINE("1", "S", "\"barcode\":\"00000096385074\",")
                       PRODUCT_LINE("5", "S", "\"barcode\":\"96385074\","));
    assert_found(l, "S", "9");
    assert_found(l, "96385074", "9");
    lists_close(l);
}

static void a_sku_is_found_behind_a_code_that_reads_the_same(void **state)
{
    (void)state;
    struct lists *l = parsed(FAIR_LINE PRODUCT_LINE("10", "20", "")
                                 PRODUCT_LINE("20", "MO02", ""));
    assert_true(str_is(find(l, STR("20"))->sku, "MO02"));
    assert_true(str_is(find_sku(l, STR("20"))->code, "10"));
    assert_true(str_is(find_sku(l, STR("MO02"))->code, "20"));
    assert_null(find_sku(l, STR("10")));
    assert_null(find_sku(l, STR("")));
    lists_close(l);
}

/* However much the skus of a list have in common. */
static void a_sku_is_found_whole_or_not_at_all(void **state)
{
    static const char *const wrong[] = {
        "", "O", "OCOP-00000", "XCOP-00000A", "OCOP-00000AA", "A"
    };
    (void)state;
    struct lists *two = parsed(FAIR_LINE PRODUCT_LINE("1", "OCOP-00000B", "")
                                   PRODUCT_LINE("2", "OCOP-00000A", ""));
    struct lists *one = parsed(FAIR_LINE PRODUCT_LINE("1", "OCOP-00000A", ""));
    struct lists *prefix = parsed(FAIR_LINE PRODUCT_LINE("1", "OCOP", "")
                                      PRODUCT_LINE("2", "OCOP-00000A", ""));
    assert_found(two, "OCOP-00000A", "2");
    assert_found(two, "OCOP-00000B", "1");
    assert_found(one, "OCOP-00000A", "1");
    assert_found(prefix, "OCOP", "1");
    assert_found(prefix, "OCOP-00000A", "2");
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_null(find(two, str_of(wrong[i])));
        assert_null(find(one, str_of(wrong[i])));
        assert_null(find(prefix, str_of(wrong[i])));
        assert_null(find_sku(two, str_of(wrong[i])));
    }
    lists_close(two);
    lists_close(one);
    lists_close(prefix);
}

static void of_equal_hot_keys_the_first_is_found(void **state)
{
    (void)state;
    struct lists *l = parsed(FAIR_LINE PRODUCT_LINE(
        "1", "A",
        "") "{\"code\":\"2\",\"hotkey\":12,\"name\":\"n\",\"price\":1,"
            "\"sku\":\"B\",\"unit\":\"kg\"}\n"
            "{\"code\":\"3\",\"hotkey\":12,\"name\":\"n\",\"price\":1,"
            "\"sku\":\"C\",\"unit\":\"kg\"}\n");
    assert_true(str_is(lists_hotkey(l, 12)->code, "2"));
    assert_null(lists_hotkey(l, 1));
    lists_close(l);
}

static void every_product_of_a_long_list_is_found_by_each_word(void **state)
{
    enum { N = 2000 };
    (void)state;
    struct lists *l = NULL;
    BUF(b, MAX_LIST);
    buf_puts(&b, FAIR_LINE);
    for (int i = 0; i < N; i++) {
        int mixed = i * 7919 % N; /* in no order */
        buf_printf(&b,
                   PRODUCT_LINE("%d", "same-beginning-%d",
                                "\"barcode\":\"893%010d\","),
                   mixed, mixed, mixed);
    }
    assert_int_equal(lists_parse(&b, 1, &l), ERR_OK);
    for (int i = 0; i < N; i++) {
        const struct product *p = lists_at(l, i);
        assert_ptr_equal(lists_find(l, p->code), p);
        assert_ptr_equal(lists_find(l, p->sku), p);
        assert_ptr_equal(lists_find(l, p->barcode), p);
    }
    assert_null(lists_find(l, STR("same-beginning-")));
    assert_null(lists_find(l, STR("same-beginning-2000")));
    assert_null(lists_find(l, STR("8930000002000")));
    lists_close(l);
}

static void a_certificate_is_valid_through_its_last_day(void **state)
{
    static const struct {
        int64_t stars, certified, expires;
        int day, last_day;
        enum certificate want;
    } cases[] = {
        /* 36 months from 15 January 2017 */
        { 4, 20170115, 20200115, 20200114, 20200115, CERT_VALID },
        { 4, 20170115, 20200115, 20200115, 20200115, CERT_VALID },
        { 4, 20170115, 20200115, 20200116, 20200119, CERT_EXPIRED },
        { 4, 20170115, 20200115, 20200114, 20200116, CERT_EXPIRING },
        { 4, 20170115, 20200115, 20200115, 20200119, CERT_EXPIRING },
        { 4, 20170115, 20200115, 20170115, 20170120, CERT_VALID },
        { 4, 20170115, 20200115, 20170114, 20170120, CERT_NONE },
        { 4, 0, 20200115, 20200114, 20200114, CERT_VALID },
        { 4, 20170115, 0, 20200114, 20200119, CERT_NONE },
        { 0, 20170115, 20200115, 20200114, 20200114, CERT_NONE },
        { 0, 20170115, 20200115, 20200116, 20200119, CERT_NONE },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct product p = good_product();
        p.stars = cases[i].stars;
        p.certified_day = cases[i].certified;
        p.expires_day = cases[i].expires;
        assert_int_equal(
            product_certificate(&p, cases[i].day, cases[i].last_day),
            cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_a_code_then_a_sku_then_a_barcode),
        cmocka_unit_test(a_barcode_equals_its_form_of_14_digits),
        cmocka_unit_test(of_equal_skus_or_barcodes_the_first_is_found),
        cmocka_unit_test(a_sku_is_found_behind_a_code_that_reads_the_same),
        cmocka_unit_test(a_sku_is_found_whole_or_not_at_all),
        cmocka_unit_test(of_equal_hot_keys_the_first_is_found),
        cmocka_unit_test(every_product_of_a_long_list_is_found_by_each_word),
        cmocka_unit_test(a_certificate_is_valid_through_its_last_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
