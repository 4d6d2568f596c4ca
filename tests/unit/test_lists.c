/*
 * test_lists.c - a list document: written, parsed, refused.
 */
#include "fair/lists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/list_lines.h"

/* ---- parsing ------------------------------------------------------------- */

static void a_list_arrives_as_it_was_written(void **state)
{
    (void)state;
    struct list_fair fair = good_fair();
    fair.n_closed = 2;
    fair.closed[0] = 20200115;
    fair.closed[1] = 20200116;
    fair.n_gates = 2;
    fair.gates[0].code = STR("G1");
    fair.gates[1].code = STR("NAM");
    const struct product product = { .barcode = STR("8939999000017"),
                                     .certificate = STR("QN-2017-0001"),
                                     .certified_day = 20170115,
                                     .code = STR("10"),
                                     .expires_day = 20200115,
                                     .group = STR("Đồ uống"),
                                     .hotkey = 12,
                                     .name = STR("Rượu \"ba\\kích\""),
                                     .place = STR("Ba Chẽ"),
                                     .price_vnd = 750000,
                                     .seller = STR("HTX \"A\""),
                                     .sku = STR("RU.01_a-b"),
                                     .stars = 5,
                                     .unit = STR("chai 500ml") };
    struct lists *l;
    assert_int_equal(parse_one(&fair, &product, &l), ERR_OK);
    assert_int_equal(lists_version(l), 1);
    const struct list_fair *f = lists_fair(l);
    assert_true(str_eq(f->booth, fair.booth));
    assert_true(str_eq(f->booth_name, fair.booth_name));
    assert_true(str_eq(f->fair, fair.fair));
    assert_true(str_eq(f->name, fair.name));
    assert_true(str_eq(f->origin, fair.origin));
    assert_int_equal(f->first_day, 20200114);
    assert_int_equal(f->days, 6);
    assert_int_equal(f->opens_min, 480);
    assert_int_equal(f->closes_min, 1320);
    assert_int_equal(f->cut_off_min, 240);
    assert_int_equal(f->restricted, 1);
    assert_int_equal(f->n_closed, 2);
    assert_int_equal(f->closed[1], 20200116);
    assert_int_equal(f->n_gates, 2);
    assert_true(str_is(f->gates[1].code, "NAM"));
    assert_int_equal(lists_count(l), 1);
    const struct product *p = lists_at(l, 0);
    assert_true(str_eq(p->barcode, product.barcode));
    assert_true(str_eq(p->certificate, product.certificate));
    assert_true(str_eq(p->code, product.code));
    assert_true(str_eq(p->group, product.group));
    assert_true(str_eq(p->name, product.name));
    assert_true(str_eq(p->place, product.place));
    assert_true(str_eq(p->seller, product.seller));
    assert_true(str_eq(p->sku, product.sku));
    assert_true(str_eq(p->unit, product.unit));
    assert_int_equal(p->certified_day, 20170115);
    assert_int_equal(p->expires_day, 20200115);
    assert_int_equal(p->hotkey, 12);
    assert_int_equal(p->price_vnd, 750000);
    assert_int_equal(p->stars, 5);
    lists_close(l);
}

static void a_line_is_written_in_one_way(void **state)
{
    (void)state;
    const struct list_fair fair = good_fair();
    const struct product product = good_product();
    BUF(b, MAX_TEXT);
    lists_fair_encode(&fair, &b);
    lists_product_encode(&product, &b);
    assert_string_equal(buf_text(&b), FAIR_LINE PRODUCT_LINE("10", "MO02", ""));
}

/* FAIR_LINE, as it was before there were rules, says it in no words. */
static void what_is_refused_stands_in_the_first_line(void **state)
{
    (void)state;
    struct list_fair fair = good_fair();
    const struct product product = good_product();
    struct lists *l = parsed(FAIR_LINE);
    assert_int_equal(lists_fair(l)->refuse, 0);
    lists_close(l);
    fair.refuse = REFUSE_EXPIRED | REFUSE_UNLISTED;
    BUF(b, MAX_TEXT);
    lists_fair_encode(&fair, &b);
    assert_non_null(strstr(buf_text(&b), ",\"refuse\":3,\"restricted\":1}"));
    assert_int_equal(parse_one(&fair, &product, &l), ERR_OK);
    assert_int_equal(lists_fair(l)->refuse, 3);
    lists_close(l);
}

static void a_booth_may_have_no_products_yet(void **state)
{
    (void)state;
    struct lists *l = parsed(FAIR_LINE);
    assert_int_equal(lists_count(l), 0);
    assert_null(lists_find(l, STR("10")));
    lists_close(l);
}

static void parsing_takes_the_bytes_only_when_it_succeeds(void **state)
{
    (void)state;
    struct lists *l = NULL;
    BUF(document, MAX_LIST);
    buf_puts(&document, "{}\n");
    assert_int_equal(lists_parse(&document, 1, &l), ERR_FORM);
    assert_string_equal(buf_text(&document), "{}\n");
    assert_null(l);
    buf_clear(&document);
    buf_puts(&document, FAIR_LINE);
    assert_int_equal(lists_parse(&document, 1, &l), ERR_OK);
    assert_int_equal(document.len, 0);
    lists_close(l);
    lists_close(NULL);
}

static void assert_same_products(const struct lists *a, const struct lists *b)
{
    assert_int_equal(lists_count(a), lists_count(b));
    for (int i = 0; i < lists_count(a); i++) {
        const struct product *p = lists_at(a, i), *q = lists_at(b, i);
        assert_true(str_eq(p->name, q->name));
        assert_true(str_eq(p->sku, q->sku));
        assert_true(str_eq(p->barcode, q->barcode));
        assert_int_equal(p->price_vnd, q->price_vnd);
    }
}

static void a_document_parsed_again_says_the_same(void **state)
{
    static const char text[] = FAIR_LINE PRODUCT_LINE(
        "1", "A",
        "") "{\"code\":\"2\",\"name\":\"Rượu \\\"ba\\\\kích\\\"\",\"price\":7,"
            "\"sku\":\"B\",\"unit\":\"\\\\\"}\n" PRODUCT_LINE(
                "3", "C", "\"barcode\":\"8939999000017\",");
    (void)state;
    for (size_t len = 0; len <= sizeof(text) - 1; len++) {
        struct lists *once = NULL, *again = NULL;
        BUF(document, MAX_LIST);
        buf_put(&document, text, len);
        enum err e = parse((struct str){ text, len }, &once);
        enum err same = lists_parse_again(&document, 7, &again);
        assert_int_equal(e == ERR_OK, same == ERR_OK);
        if (e == ERR_OK) {
            assert_same_products(once, again);
            assert_true(
                str_eq(lists_document(again), (struct str){ text, len }));
        }
        lists_close(once);
        lists_close(again);
    }
}

static void a_document_cut_anywhere_has_whole_lines_or_is_refused(void **state)
{
    static const char text[] = FAIR_LINE PRODUCT_LINE("1", "A", "")
        PRODUCT_LINE("2", "B", "\"barcode\":\"8939999000017\",");
    (void)state;
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        struct lists *l = NULL;
        char *cut = malloc(len > 0 ? len : 1);
        memcpy(cut, text, len);
        enum err e = parse((struct str){ cut, len }, &l);
        free(cut);
        bool whole = len > 0 && text[len - 1] == '\n';
        assert_int_equal(e == ERR_OK, whole);
        lists_close(l);
    }
}

static void damaged_documents_are_refused(void **state)
{
    static const struct {
        const char *name, *text;
        enum err err;
    } cases[] = {
        { "nothing", "", ERR_FORM },
        { "an empty line", "\n", ERR_CANONICAL },
        { "an empty line at the end", FAIR_LINE "\n", ERR_CANONICAL },
        { "an empty line between", FAIR_LINE "\n" PRODUCT_LINE("1", "A", ""),
          ERR_CANONICAL },
        { "a product first", PRODUCT_LINE("1", "A", ""), ERR_FORM },
        { "two fairs", FAIR_LINE FAIR_LINE, ERR_FORM },
        { "a code twice",
          FAIR_LINE PRODUCT_LINE("1", "A", "") PRODUCT_LINE("2", "B", "")
              PRODUCT_LINE("1", "C", ""),
          ERR_FORM },
        { "no code", FAIR_LINE PRODUCT_LINE("", "A", ""), ERR_FORM },
        { "code of 9", FAIR_LINE PRODUCT_LINE("123456789", "A", ""), ERR_FORM },
        { "code of 8", FAIR_LINE PRODUCT_LINE("12345678", "A", ""), ERR_OK },
        { "no sku", FAIR_LINE PRODUCT_LINE("1", "", ""), ERR_FORM },
        { "sku of 32",
          FAIR_LINE PRODUCT_LINE("1", "abcdefghijklmnopqrstuvwxyz012345", ""),
          ERR_OK },
        { "sku of 33",
          FAIR_LINE PRODUCT_LINE("1", "abcdefghijklmnopqrstuvwxyz0123456", ""),
          ERR_FORM },
        { "no unit",
          FAIR_LINE "{\"code\":\"1\",\"name\":\"x\",\"price\":0,"
                    "\"sku\":\"A\",\"unit\":\"\"}\n",
          ERR_OK },
        { "no name",
          FAIR_LINE "{\"code\":\"1\",\"name\":\"\",\"price\":0,"
                    "\"sku\":\"A\",\"unit\":\"kg\"}\n",
          ERR_FORM },
        { "a barcode of nothing",
          FAIR_LINE PRODUCT_LINE("1", "A", "\"barcode\":\"\","), ERR_FORM },
        { "a member of a later release",
          FAIR_LINE PRODUCT_LINE("1", "A", "\"aaa\":[1,{\"b\":\"c\"}],"),
          ERR_OK },
        { "a carriage return", FAIR_LINE "{}\r\n", ERR_CANONICAL },
        { "bytes that are no text", FAIR_LINE PRODUCT_LINE("1", "\xff\xfe", ""),
          ERR_CANONICAL },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct lists *l = NULL;
        print_message("%s\n", cases[i].name);
        assert_int_equal(parse(str_of(cases[i].text), &l), cases[i].err);
        lists_close(l);
    }
}

struct range_case {
    size_t offset;
    int64_t value;
    bool ok;
};

static void numbers_of_the_fair_keep_their_ranges(void **state)
{
#define AT(member) offsetof(struct list_fair, member)
    static const struct range_case cases[] = {
        { AT(opens_min), -1, false },
        { AT(opens_min), 0, true },
        { AT(opens_min), 1439, true },
        { AT(opens_min), 1440, false },
        { AT(closes_min), -1, false },
        { AT(closes_min), 0, true },
        { AT(closes_min), 1439, true },
        { AT(closes_min), 1440, false },
        { AT(cut_off_min), -1, false },
        { AT(cut_off_min), 0, true },
        { AT(cut_off_min), 1439, true },
        { AT(cut_off_min), 1440, false },
        { AT(days), 0, false },
        { AT(days), 1, true },
        { AT(days), 3660, true },
        { AT(days), 3661, false },
        { AT(first_day), 0, false },
        { AT(first_day), 20200230, false },
        { AT(first_day), 20200229, true },
        { AT(first_day), 1 << 30, false },
        { AT(first_day), INT64_C(20200114) + (INT64_C(1) << 32), false },
        { AT(refuse), -1, false },
        { AT(refuse), 3, true },
        { AT(refuse), 1 << 20, true }, /* a rule of later programs */
        { AT(restricted), -1, false },
        { AT(restricted), 0, true },
        { AT(restricted), 1, true },
        { AT(restricted), 2, false },
    };
#undef AT
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct list_fair fair = good_fair();
        const struct product product = good_product();
        struct lists *l = NULL;
        memcpy((char *)&fair + cases[i].offset, &cases[i].value,
               sizeof(int64_t));
        assert_int_equal(parse_one(&fair, &product, &l),
                         cases[i].ok ? ERR_OK : ERR_FORM);
        lists_close(l);
    }
}

static void words_of_the_fair_are_known_ones(void **state)
{
#define AT(member) offsetof(struct list_fair, member)
    static const struct {
        size_t offset;
        const char *value;
        bool ok;
    } cases[] = {
        { AT(origin), "in-province", true },
        { AT(origin), "other-province", true },
        { AT(origin), "foreign", true },
        { AT(origin), "service", true },
        { AT(origin), "", false },
        { AT(origin), "abroad", false },
        { AT(booth), "", false },
        { AT(booth), "ABCDEFG", false },
        { AT(fair), "", false },
        { AT(fair), "ABCDEFGHIJKLMNOPQ", false },
        { AT(name), "", false },
        { AT(name), "X", true },
        { AT(booth_name), "", false },
        { AT(booth_name), "X", true },
    };
#undef AT
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct list_fair fair = good_fair();
        const struct product product = good_product();
        struct lists *l = NULL;
        struct str value = str_of(cases[i].value);
        memcpy((char *)&fair + cases[i].offset, &value, sizeof(value));
        assert_int_equal(parse_one(&fair, &product, &l),
                         cases[i].ok ? ERR_OK : ERR_FORM);
        lists_close(l);
    }
}

static void numbers_of_a_product_keep_their_ranges(void **state)
{
#define AT(member) offsetof(struct product, member)
    static const struct range_case cases[] = {
        { AT(price_vnd), -1, false },
        { AT(price_vnd), 0, true },
        { AT(price_vnd), INT64_MAX, true },
        { AT(hotkey), -1, false },
        { AT(hotkey), 0, true },
        { AT(hotkey), 1, true },
        { AT(hotkey), 12, true },
        { AT(hotkey), 13, false },
        { AT(stars), -1, false },
        { AT(stars), 0, true },
        { AT(stars), 2, false },
        { AT(stars), 3, true },
        { AT(stars), 5, true },
        { AT(stars), 6, false },
        { AT(certified_day), 20200230, false },
        { AT(certified_day), 20200229, true },
        { AT(expires_day), -1, false },
        { AT(expires_day), 20210229, false },
        { AT(expires_day), 20210228, true },
    };
#undef AT
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct list_fair fair = good_fair();
        struct product product = good_product();
        struct lists *l = NULL;
        memcpy((char *)&product + cases[i].offset, &cases[i].value,
               sizeof(int64_t));
        assert_int_equal(parse_one(&fair, &product, &l),
                         cases[i].ok ? ERR_OK : ERR_FORM);
        lists_close(l);
    }
}

/* The fair's line with `n` elements in the list `name`. */
static void put_list_of(struct buf *out, const char *name, const char *element,
                        int n)
{
    const char *before = strcmp(name, "gates") == 0 ? "\"name\"" : "\"closes\"";
    const char *at = strstr(FAIR_LINE, before);
    buf_put(out, FAIR_LINE, (size_t)(at - FAIR_LINE));
    buf_printf(out, "\"%s\":[", name);
    for (int i = 0; i < n; i++)
        buf_printf(out, "%s%s", i > 0 ? "," : "", element);
    buf_printf(out, "],%s", at);
}

static void gates_and_closed_days_are_at_most_so_many(void **state)
{
    static const struct {
        const char *name, *element;
        int n;
        bool ok;
    } cases[] = {
        { "gates", "[\"G1\"]", 0, false }, /* empty is absent */
        { "gates", "[\"G1\"]", MAX_GATES - 1, true },
        { "gates", "[\"G1\"]", MAX_GATES, true },
        { "gates", "[\"G1\"]", MAX_GATES + 1, false },
        { "gates", "[\"g1\"]", 1, false },
        { "gates", "\"G1\"", 1, false },
        { "gates", "[\"G1\",\"a later release's\"]", 1, true },
        { "closed", "20200115", MAX_CLOSED_DAYS - 1, true },
        { "closed", "20200115", MAX_CLOSED_DAYS, true },
        { "closed", "20200115", MAX_CLOSED_DAYS + 1, false },
        { "closed", "20200132", 1, false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct lists *l = NULL;
        BUF(b, MAX_LIST);
        put_list_of(&b, cases[i].name, cases[i].element, cases[i].n);
        assert_int_equal(lists_parse(&b, 1, &l),
                         cases[i].ok ? ERR_OK : ERR_FORM);
        lists_close(l);
    }
}

static void a_list_has_at_most_MAX_PRODUCTS(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more++) {
        struct lists *l = NULL;
        BUF(b, MAX_LIST);
        buf_puts(&b, FAIR_LINE);
        for (int i = 0; i < MAX_PRODUCTS + more; i++)
            buf_printf(&b, PRODUCT_LINE("%d", "S%d", ""), i, i);
        assert_int_equal(lists_parse(&b, 1, &l), more > 0 ? ERR_LIMIT : ERR_OK);
        if (l)
            assert_int_equal(lists_count(l), MAX_PRODUCTS + more);
        lists_close(l);
    }
}

static void a_flood_of_newlines_costs_nothing(void **state)
{
    (void)state;
    struct lists *l = NULL;
    BUF(b, MAX_LIST);
    char *to = buf_room(&b, MAX_LIST);
    memset(to, '\n', MAX_LIST);
    buf_grew(&b, MAX_LIST);
    assert_int_equal(lists_parse(&b, 1, &l), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_arrives_as_it_was_written),
        cmocka_unit_test(a_line_is_written_in_one_way),
        cmocka_unit_test(what_is_refused_stands_in_the_first_line),
        cmocka_unit_test(a_booth_may_have_no_products_yet),
        cmocka_unit_test(parsing_takes_the_bytes_only_when_it_succeeds),
        cmocka_unit_test(a_document_parsed_again_says_the_same),
        cmocka_unit_test(a_document_cut_anywhere_has_whole_lines_or_is_refused),
        cmocka_unit_test(damaged_documents_are_refused),
        cmocka_unit_test(numbers_of_the_fair_keep_their_ranges),
        cmocka_unit_test(words_of_the_fair_are_known_ones),
        cmocka_unit_test(numbers_of_a_product_keep_their_ranges),
        cmocka_unit_test(gates_and_closed_days_are_at_most_so_many),
        cmocka_unit_test(a_list_has_at_most_MAX_PRODUCTS),
        cmocka_unit_test(a_flood_of_newlines_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
