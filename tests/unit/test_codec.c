/*
 * test_codec.c - what canonical is, and that a record has one encoding.
 */
#include "fair/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/book.h"

/* ---- canonical form --------------------------------------------------------
 */

static void check_canonical(const char *text, enum shape_order order,
                            bool expected)
{
    /* A copy without NUL, so that a look beyond the end is seen. */
    struct str s = str_of(text);
    char *copy = x_alloc(s.len + 1);
    memcpy(copy, s.data, s.len);
    copy = x_realloc(copy, s.len > 0 ? s.len : 1);
    bool said = canonical((struct str){ copy, s.len }, order);
    free(copy);
    if (said != expected)
        fail_msg("%s", text);
}

static void canonical_objects_are_recognised(void **state)
{
    static const char *const cases[] = {
        "{}",
        "{\"a\":0}",
        "{\"\":\"\"}",
        "{\"a\":[]}",
        "{\"a\":{}}",
        "{\"a\":[1,\"b\",[],{}]}",
        "{\"A\":1,\"a\":1,\"ab\":1,\"b\":1,\"é\":1}",
        "{\"a\":-1}",
        "{\"a\":9223372036854775807}",
        "{\"a\":-9223372036854775808}",
        "{\"a\":1000000000000000000}",
        "{\"a\":\"\\\"\\\\\"}",
        "{\"a\":\"/\"}",
        "{\"a\":\"Đặc sản Quảng Ninh\"}",
        "{\"a\":\"\xC2\xA0\xCB\xBF\xE1\xB8\x80\xE1\xBB\xBF\"}",
        "{\"a\":\"\xED\x95\x9C\"}",     /* a Hangul syllable */
        "{\"a\":\"\xF4\x8F\xBF\xBD\"}", /* plane 16 */
        "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{}}}}}}",
        "{\"a\":[[[[[]]]]]}",
        "{\"\\\"\":1,\"\\\\\":1}",
        "{\"!\":1,\"\\\"\":1,\"#\":1}",
        "{\"a\":1,\"a \":1,\"a!\":1}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check_canonical(cases[i], SHAPE_SORTED, true);
}

static const char *const not_canonical[] = {
    "",
    " ",
    "[]",
    "1",
    "\"a\"",
    "{",
    "}",
    "{}}",
    "{}{}",
    "{} ",
    " {}",
    "{\"a\":1",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\" :1}",
    "{\"a\": 1}",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{\"a\":1 ,\"b\":1}",
    "{\"a\":1;\"b\":1}",
    "{\"a\":1\"b\":1}",
    "{\"a\":[1,]}",
    "{\"a\":[,1]}",
    "{\"a\":[1 2]}",
    "{\"a\":[1}",
    "{\"a\":[1}]",
    "{\"a\":{]}",
    "{\"a\":1.0}",
    "{\"a\":1e3}",
    "{\"a\":01}",
    "{\"a\":00}",
    "{\"a\":-0}",
    "{\"a\":-}",
    "{\"a\":+1}",
    "{\"a\":0x1}",
    "{\"a\":-01}",
    "{\"a\":--1}",
    "{\"a\":1-}",
    "{\"a\":9223372036854775808}",
    "{\"a\":-9223372036854775809}",
    "{\"a\":10000000000000000000}",
    "{\"a\":18446744073709551616}",
    "{\"a\":100000000000000000000}",
    "{\"a\":true}",
    "{\"a\":null}",
    "{\"a\":NaN}",
    "{\"a\":\"\\n\"}",
    "{\"a\":\"\\u0041\"}",
    "{\"a\":\"\\/\"}",
    "{\"a\":\"\\\"}",
    "{\"a\":\"\\",
    "{\"a\":\"",
    "{\"a\":\"\n\"}",
    "{\"a\":\"\x1F\"}",
    "{\"a\":\"\x7F\"}",
    "{\"a\":\"\xC2\x80\"}",
    "{\"a\":\"\xC2\x9F\"}",
    "{\"a\":\"\xE4\xB8\xAD\xC2\x9F\"}",
    "{\"a\":\"a\xCC\x82\"}",        /* â in two */
    "{\"a\":\"\xC3\xA2\xCC\xA3\"}", /* ậ in two */
    "{\"a\":\"\xE1\xB8\"}",
    "{\"a\":\"\xC3\"}",
    "{\"a\":\"\x80\"}",
    "{\"a\":\"\xC0\xAF\"}",
    "{\"a\":\"\xED\xA0\x80\"}",
    "{\"a\":\"\xF4\x90\x80\x80\"}",
    "{\"a\":\"\xFF\"}",
    "{\"b\":1,\"a\":1}",
    "{\"a\":1,\"a\":1}",
    "{\"ab\":1,\"a\":1}",
    "{\"é\":1,\"z\":1}",
    "{\"a\":{\"b\":1,\"a\":1}}",
    "{\"a\":[{\"b\":1,\"b\":1}]}",
    "{\"#\":1,\"\\\"\":1}",
    "{\"\\\\\":1,\"\\\"\":1}",
    "{\"\\\"\":1,\"\\\"\":1}",
    "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{}}}}}}}",
    "{\"a\":[[[[[[]]]]]]}",
    "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":[[]]}}}}}",
    "\xEF\xBB\xBF{}",
};

static void everything_else_is_not_canonical(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(not_canonical); i++)
        check_canonical(not_canonical[i], SHAPE_SORTED, false);
}

static void an_envelope_may_be_in_any_order_but_doubles_nothing(void **state)
{
    (void)state;
    check_canonical("{\"b\":1,\"a\":{}}", SHAPE_FIXED, true);
    check_canonical("{}", SHAPE_FIXED, true);
    check_canonical("{\"b\":1,\"a\":1,\"b\":1}", SHAPE_FIXED, false);
    check_canonical("{\"b\":{\"d\":1,\"c\":1}}", SHAPE_FIXED, false);
    check_canonical("{\"b\":[[[[[]]]]]}", SHAPE_FIXED, true);
    check_canonical("{\"b\":[[[[[[]]]]]]}", SHAPE_FIXED, false);
    check_canonical("{\"b\":1,}", SHAPE_FIXED, false);
    check_canonical("{\"b\":1}}", SHAPE_FIXED, false);
    check_canonical("[]", SHAPE_FIXED, false);
}

static void an_envelope_has_at_most_32_members(void **state)
{
    (void)state;
    for (int n = CODEC_MEMBERS; n <= CODEC_MEMBERS + 1; n++) {
        BUF(text, MAX_TEXT);
        for (int i = 0; i < n; i++)
            buf_printf(&text, "%c\"m%d\":0", i > 0 ? ',' : '{', i);
        buf_putc(&text, '}');
        check_canonical(buf_text(&text), SHAPE_FIXED, n == CODEC_MEMBERS);
    }
}

static void no_beginning_of_an_object_is_canonical(void **state)
{
    (void)state;
    struct book b;
    book_random(&b, 5, 30);
    for (int seq = 1; seq <= b.n; seq++) {
        struct str line = book_line(&b, seq);
        assert_true(canonical(line, SHAPE_FIXED));
        for (size_t len = 0; len < line.len; len++)
            assert_false(
                canonical((struct str){ line.data, len }, SHAPE_FIXED));
    }
    book_done(&b);
}

static void strings_are_escaped_as_little_as_may_be(void **state)
{
    (void)state;
    BUF(out, 100);
    canonical_string(&out, STR("\"Mực\" \\ một/nắng\""));
    assert_string_equal(buf_text(&out), "\"\\\"Mực\\\" \\\\ một/nắng\\\"\"");
    buf_clear(&out);
    canonical_string(&out, (struct str){ NULL, 0 });
    assert_string_equal(buf_text(&out), "\"\"");
}

static void a_string_that_does_not_fit_is_remembered(void **state)
{
    (void)state;
    BUF(out, 5);
    canonical_string(&out, STR("four5"));
    assert_false(buf_ok(&out));
}

/* ---- records ---------------------------------------------------------------
 */

struct pair {
    int64_t a;
    struct str b;
};
struct thing {
    int64_t count, extra;
    struct str name, raw, tail;
    struct pair pair;
    int64_t n_pairs, n_ints;
    struct pair pairs[3];
    int64_t ints[2];
};

static const struct field pair_fields[] = {
    { "a", F_INT, .offset = offsetof(struct pair, a) },
    { "b", F_STR, .optional = true, .offset = offsetof(struct pair, b) },
};
static const struct shape pair_shape = { "pair", SHAPE_TUPLE, pair_fields, 2,
                                         sizeof(struct pair) };
static const struct field more_fields[] = {
    { "a", F_INT, .optional = true, .offset = offsetof(struct pair, a) },
    { "b", F_STR, .optional = true, .offset = offsetof(struct pair, b) },
};
static const struct shape more_shape = { "more", SHAPE_SORTED, more_fields, 2,
                                         sizeof(struct pair) };
static const struct field thing_fields[] = {
    { "count", F_INT, .offset = offsetof(struct thing, count) },
    { "extra", F_INT, .optional = true,
      .offset = offsetof(struct thing, extra) },
    { "ints", F_LIST, .optional = true, .offset = offsetof(struct thing, ints),
      .count_offset = offsetof(struct thing, n_ints), .max = 2 },
    { "name", F_STR, .offset = offsetof(struct thing, name) },
    { "pair", F_RECORD, .optional = true,
      .offset = offsetof(struct thing, pair), .sub = &more_shape },
    { "pairs", F_LIST, .offset = offsetof(struct thing, pairs),
      .sub = &pair_shape, .count_offset = offsetof(struct thing, n_pairs),
      .max = 3 },
    { "raw", F_OBJECT, .offset = offsetof(struct thing, raw) },
    { "tail", F_STR, .optional = true, .offset = offsetof(struct thing, tail) },
};
static const struct shape thing_shape = { "thing", SHAPE_SORTED, thing_fields,
                                          ARRAY_LEN(thing_fields),
                                          sizeof(struct thing) };
static const struct shape fixed_shape = { "fixed", SHAPE_FIXED, thing_fields,
                                          ARRAY_LEN(thing_fields),
                                          sizeof(struct thing) };

#define LEAST "{\"count\":0,\"name\":\"\",\"pairs\":[],\"raw\":{}}"
#define MOST                                                        \
    "{\"count\":-5,\"extra\":7,\"ints\":[8,0],\"name\":\"a\\\"b\"," \
    "\"pair\":{\"b\":\"x\"},\"pairs\":[[1],[2,\"y\"],[0]],"         \
    "\"raw\":{\"k\":[1]},\"tail\":\"end\"}"

static void a_record_comes_back_as_it_was(void **state)
{
    static const char *const cases[] = { LEAST, MOST };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(arena, 1000);
        BUF(out, 1000);
        struct thing t;
        int unknown = -1;
        memset(&t, 0x55, sizeof(t));
        assert_int_equal(
            shape_decode(&thing_shape, str_of(cases[i]), &arena, &t, &unknown),
            ERR_OK);
        assert_int_equal(unknown, 0);
        shape_encode(&thing_shape, &t, &out);
        assert_string_equal(buf_text(&out), cases[i]);
    }
}

static void every_field_is_set_from_its_member(void **state)
{
    (void)state;
    BUF(arena, 1000);
    struct thing t;
    assert_int_equal(shape_decode(&thing_shape, STR(MOST), &arena, &t, NULL),
                     ERR_OK);
    assert_int_equal(t.count, -5);
    assert_int_equal(t.extra, 7);
    assert_int_equal(t.n_ints, 2);
    assert_int_equal(t.ints[0], 8);
    assert_int_equal(t.ints[1], 0);
    assert_true(str_is(t.name, "a\"b"));
    assert_int_equal(t.pair.a, 0);
    assert_true(str_is(t.pair.b, "x"));
    assert_int_equal(t.n_pairs, 3);
    assert_int_equal(t.pairs[1].a, 2);
    assert_true(str_is(t.pairs[1].b, "y"));
    assert_int_equal(t.pairs[2].b.len, 0);
    assert_true(str_is(t.raw, "{\"k\":[1]}"));
    assert_true(str_is(t.tail, "end"));
}

static void an_absent_optional_member_is_empty(void **state)
{
    (void)state;
    struct thing t;
    memset(&t, 0x55, sizeof(t));
    assert_int_equal(shape_decode(&thing_shape, STR(LEAST), NULL, &t, NULL),
                     ERR_OK);
    assert_int_equal(t.extra, 0);
    assert_int_equal(t.n_ints, 0);
    assert_int_equal(t.n_pairs, 0);
    assert_int_equal(t.pair.a, 0);
    assert_int_equal(t.pair.b.len, 0);
    assert_int_equal(t.tail.len, 0);
}

static const struct {
    const char *text;
    int unknown;
} strange[] = {
    { "{\"a\":0,\"count\":0,\"name\":\"\",\"pairs\":[],\"raw\":{}}", 1 },
    { "{\"count\":0,\"d\":{\"x\":[1,{}]},\"e\":\"\",\"name\":\"\","
      "\"pairs\":[],\"raw\":{}}",
      2 },
    { "{\"count\":0,\"extra\":1,\"extras\":2,\"name\":\"\",\"pairs\":[],"
      "\"raw\":{}}",
      1 },
    { "{\"count\":0,\"name\":\"\",\"pairs\":[[1,\"y\",5,{}]],\"raw\":{},"
      "\"z\":0}",
      3 },
    { "{\"count\":0,\"name\":\"\",\"pair\":{\"a\":1,\"c\":0},\"pairs\":[],"
      "\"raw\":{\"unseen\":1}}",
      1 },
    { "{\"count\":0,\"name\":\"\",\"pairs\":[[1,\"y\",[[[]]]]],\"raw\":{}}",
      1 },
};

static void unknown_members_are_passed_over_and_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(strange); i++) {
        struct thing t;
        int unknown = -1;
        enum err bad = shape_decode(&thing_shape, str_of(strange[i].text), NULL,
                                    &t, &unknown);
        if (bad || unknown != strange[i].unknown)
            fail_msg("%s: %s, %d unknown", strange[i].text, err_code(bad),
                     unknown);
    }
}

static const struct {
    enum err error;
    const char *text;
} faulty[] = {
    { ERR_FORM, "{}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[]}" },
    { ERR_FORM, "{\"count\":0,\"pairs\":[],\"raw\":{}}" },
    { ERR_FORM, "{\"count\":\"\",\"name\":\"\",\"pairs\":[],\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":0,\"pairs\":[],\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":{},\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[],\"raw\":[]}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[[]],\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[1],\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[[1,\"\"]],\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[[1],[1],[1],[1]],"
                "\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"extra\":0,\"name\":\"\",\"pairs\":[],"
                "\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"ints\":[],\"name\":\"\",\"pairs\":[],"
                "\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"ints\":[1,2,3],\"name\":\"\",\"pairs\":[],"
                "\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"ints\":[\"1\"],\"name\":\"\",\"pairs\":[],"
                "\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pair\":{},\"pairs\":[],"
                "\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pair\":{\"a\":0},\"pairs\":[],"
                "\"raw\":{}}" },
    { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[],\"raw\":{},"
                "\"tail\":\"\"}" },
    { ERR_CANONICAL, "" },
    { ERR_CANONICAL, LEAST " " },
    { ERR_CANONICAL, LEAST LEAST },
    { ERR_CANONICAL, "{\"count\":0,\"name\":\"\",\"pairs\":[],\"raw\":{}" },
    { ERR_CANONICAL, "{\"name\":\"\",\"count\":0,\"pairs\":[],\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"count\":0,\"name\":\"\",\"pairs\":[],"
                     "\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"b\":0,\"name\":\"\",\"pairs\":[],"
                     "\"raw\":{}}" },
    { ERR_CANONICAL, "{\"d\":0,\"count\":0,\"name\":\"\",\"pairs\":[],"
                     "\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"e\":0,\"d\":0,\"name\":\"\","
                     "\"pairs\":[],\"raw\":{}}" },
    { ERR_CANONICAL, "{\"a\":0,\"count\":0,\"b\":0,\"name\":\"\","
                     "\"pairs\":[],\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"d\":0,\"d\":0,\"name\":\"\","
                     "\"pairs\":[],\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"name\":,\"pairs\":[],\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":,\"name\":\"\",\"pairs\":[],\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"name\":\"\",\"pairs\":[[1],"
                     "\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"d\":1.5,\"name\":\"\",\"pairs\":[],"
                     "\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"name\":\"a\xCC\x82\",\"pairs\":[],"
                     "\"raw\":{}}" },
    { ERR_CANONICAL, "{\"count\":0,\"name\":\"\",\"pairs\":[],"
                     "\"raw\":{\"b\":1,\"a\":1}}" },
    { ERR_CANONICAL, "{\"count\":0,\"name\":\"\",\"pairs\":[[1,\"y\",[[[[]]"
                     "]]]],\"raw\":{}}" },
    /* A fault of form first, then one of canonical form: that one counts. */
    { ERR_CANONICAL,
      "{\"count\":\"\",\"name\":\"\",\"pairs\":[],\"raw\":{ }}" },
};

static void faults_of_form_and_of_canonical_form_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(faulty); i++) {
        struct thing t;
        int unknown = -1;
        enum err bad = shape_decode(&thing_shape, str_of(faulty[i].text), NULL,
                                    &t, &unknown);
        if (bad != faulty[i].error)
            fail_msg("%s: %s", faulty[i].text, err_code(bad));
        assert_int_equal(unknown, -1);
        assert_int_equal(canonical(str_of(faulty[i].text), SHAPE_SORTED),
                         faulty[i].error == ERR_FORM);
    }
}

static void a_fixed_order_is_kept_between_strangers(void **state)
{
    static const struct {
        enum err error;
        const char *text;
    } cases[] = {
        { ERR_OK, LEAST },
        { ERR_OK, "{\"z\":0,\"count\":0,\"a\":{},\"name\":\"\",\"pairs\":[],"
                  "\"raw\":{},\"b\":1}" },
        { ERR_FORM, "{\"name\":\"\",\"count\":0,\"pairs\":[],\"raw\":{}}" },
        { ERR_FORM, "{\"count\":0,\"name\":\"\",\"pairs\":[],\"raw\":{},"
                    "\"extra\":1}" },
        { ERR_CANONICAL, "{\"count\":0,\"count\":0,\"name\":\"\","
                         "\"pairs\":[],\"raw\":{}}" },
        { ERR_CANONICAL, "{\"z\":0,\"count\":0,\"y\":0,\"z\":0,"
                         "\"name\":\"\",\"pairs\":[],\"raw\":{}}" },
        { ERR_CANONICAL, "{\"z\":0,\"count\":0,\"z\":0,\"name\":\"\","
                         "\"pairs\":[],\"raw\":{}}" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct thing t;
        enum err bad =
            shape_decode(&fixed_shape, str_of(cases[i].text), NULL, &t, NULL);
        if (bad != cases[i].error)
            fail_msg("%s: %s", cases[i].text, err_code(bad));
    }
}

static void any_number_of_strangers_may_stand_in_a_sorted_object(void **state)
{
    (void)state;
    struct thing t;
    int unknown;
    BUF(text, MAX_TEXT);
    buf_puts(&text, "{\"count\":0,\"name\":\"\",\"pairs\":[],\"raw\":{}");
    for (int i = 100; i < 300; i++)
        buf_printf(&text, ",\"z%d\":0", i);
    buf_putc(&text, '}');
    assert_int_equal(
        shape_decode(&thing_shape, buf_slice(&text), NULL, &t, &unknown),
        ERR_OK);
    assert_int_equal(unknown, 200);
    assert_int_equal(
        shape_decode(&fixed_shape, buf_slice(&text), NULL, &t, &unknown),
        ERR_CANONICAL);
}

static void without_an_arena_escaped_strings_are_refused(void **state)
{
    (void)state;
    struct thing t;
    assert_int_equal(shape_decode(&thing_shape, STR(MOST), NULL, &t, NULL),
                     ERR_FORM);
}

static void escaped_strings_share_an_arena(void **state)
{
    (void)state;
    struct str text = STR("{\"count\":0,\"name\":\"\\\"one\",\"pairs\":"
                          "[[1,\"two\\\\\"],[2,\"\\\"\"]],\"raw\":{}}");
    BUF(arena, 200);
    struct thing t;
    assert_int_equal(shape_decode(&thing_shape, text, &arena, &t, NULL),
                     ERR_OK);
    assert_true(str_is(t.name, "\"one"));
    assert_true(str_is(t.pairs[0].b, "two\\"));
    assert_true(str_is(t.pairs[1].b, "\""));
    assert_true(arena.len <= text.len);
}

static void inner_objects_decode_without_a_second_check(void **state)
{
    (void)state;
    BUF(arena, 1000);
    struct thing t;
    assert_int_equal(
        shape_decode_inner(&thing_shape, STR(MOST), &arena, &t, NULL), ERR_OK);
    assert_true(str_is(t.name, "a\"b"));
    assert_int_equal(
        shape_decode_inner(&thing_shape, STR("{}"), NULL, &t, NULL), ERR_FORM);
    assert_int_equal(shape_decode_inner(&thing_shape, STR(""), NULL, &t, NULL),
                     ERR_FORM);
}

/* Whatever bytes: no reading outside, and never a third answer. */
static void inner_objects_are_safe_with_any_bytes(void **state)
{
    (void)state;
    struct str most = STR(MOST);
    for (size_t i = 0; i < most.len; i++) {
        for (unsigned c = 0; c < 256; c += 5) {
            char *copy = x_alloc(most.len);
            BUF(arena, 1000);
            struct thing t;
            memcpy(copy, most.data, most.len);
            copy[i] = (char)c;
            struct str changed = { copy, most.len - (c % 3 ? 0 : i / 2) };
            enum err bad =
                shape_decode_inner(&thing_shape, changed, &arena, &t, NULL);
            assert_true(bad == ERR_OK || bad == ERR_FORM);
            free(copy);
        }
    }
}

/* One fact, one encoding: whatever decodes without a stranger encodes to the
 * same bytes again. */
static void what_decodes_encodes_to_the_same_bytes(void **state)
{
    (void)state;
    struct str most = STR(MOST);
    int decoded = 0;
    for (size_t i = 0; i < most.len; i++) {
        for (unsigned c = 1; c < 256; c++) {
            char copy[sizeof(MOST)];
            BUF(arena, 1000);
            BUF(again, 1000);
            struct thing t;
            int unknown = 0;
            memcpy(copy, most.data, most.len);
            copy[i] = (char)c;
            struct str changed = { copy, most.len };
            if (shape_decode(&thing_shape, changed, &arena, &t, &unknown) ||
                unknown > 0)
                continue;
            shape_encode(&thing_shape, &t, &again);
            assert_true(str_eq(buf_slice(&again), changed));
            decoded++;
        }
    }
    assert_true(decoded > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_objects_are_recognised),
        cmocka_unit_test(everything_else_is_not_canonical),
        cmocka_unit_test(an_envelope_may_be_in_any_order_but_doubles_nothing),
        cmocka_unit_test(an_envelope_has_at_most_32_members),
        cmocka_unit_test(no_beginning_of_an_object_is_canonical),
        cmocka_unit_test(strings_are_escaped_as_little_as_may_be),
        cmocka_unit_test(a_string_that_does_not_fit_is_remembered),
        cmocka_unit_test(a_record_comes_back_as_it_was),
        cmocka_unit_test(every_field_is_set_from_its_member),
        cmocka_unit_test(an_absent_optional_member_is_empty),
        cmocka_unit_test(unknown_members_are_passed_over_and_counted),
        cmocka_unit_test(faults_of_form_and_of_canonical_form_are_told_apart),
        cmocka_unit_test(a_fixed_order_is_kept_between_strangers),
        cmocka_unit_test(any_number_of_strangers_may_stand_in_a_sorted_object),
        cmocka_unit_test(without_an_arena_escaped_strings_are_refused),
        cmocka_unit_test(escaped_strings_share_an_arena),
        cmocka_unit_test(inner_objects_decode_without_a_second_check),
        cmocka_unit_test(inner_objects_are_safe_with_any_bytes),
        cmocka_unit_test(what_decodes_encodes_to_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
