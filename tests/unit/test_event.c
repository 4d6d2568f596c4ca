/*
 * test_event.c - envelopes and bodies: what is taken, and what is not.
 *
 * Faults of every kind stand in the golden ledgers too (test_verify.c); here
 * are the functions one by one.
 */
#include "fair/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/body.h"
#include "tests/support/book.h"

/* ---- envelope --------------------------------------------------------------
 */

static void every_kind_has_a_word_and_back(void **state)
{
    (void)state;
    for (int i = 0; i < EV_UNKNOWN; i++) {
        enum event_kind kind = (enum event_kind)i;
        struct str word = str_of(event_kind_word(kind));
        assert_true(word.len > 0);
        assert_int_equal(event_kind_of(word), kind);
    }
    assert_string_equal(event_kind_word(EV_SALE), "sale");
    assert_int_equal(event_kind_of(STR("weather")), EV_UNKNOWN);
    assert_int_equal(event_kind_of(STR("sal")), EV_UNKNOWN);
    assert_int_equal(event_kind_of(STR("sales")), EV_UNKNOWN);
    assert_int_equal(event_kind_of(STR("")), EV_UNKNOWN);
}

static struct event some_event(void)
{
    return (struct event){
        .version = 1,
        .seq = 7,
        .kind = EV_NOTE,
        .at_ms = 1578963600000,
        .boot = STR("abc234"),
        .up_ms = 42,
        .day = 20200114,
        .shift = 2,
        .op = 1,
        .list = 3,
        .sums = { 100, 20, 30, 4, 5 },
        .body = STR("{\"what\":\"x\"}"),
    };
}

#define SOME_EVENT                                                         \
    "{\"v\":1,\"seq\":7,\"kind\":\"note\",\"at\":1578963600000,"           \
    "\"boot\":\"abc234\",\"up\":42,\"day\":20200114,\"shift\":2,\"op\":1," \
    "\"list\":3,\"sum\":[100,20,30,4,5],\"body\":{\"what\":\"x\"}}"

static void members_come_in_the_order_of_the_envelope(void **state)
{
    (void)state;
    struct event e = some_event();
    BUF(out, MAX_EVENT);
    event_encode(&e, &out);
    assert_string_equal(buf_text(&out), SOME_EVENT);
    e.late_ms = 1578960000000;
    buf_clear(&out);
    event_encode(&e, &out);
    assert_non_null(
        strstr(buf_text(&out), "4,5],\"late\":1578960000000,\"body\""));
}

static void an_unknown_kind_keeps_its_word(void **state)
{
    (void)state;
    struct event e = some_event(), back;
    BUF(out, MAX_EVENT);
    e.kind = EV_UNKNOWN;
    e.kind_word = STR("weather");
    event_encode(&e, &out);
    assert_int_equal(event_decode(buf_slice(&out), &back), ERR_OK);
    assert_int_equal(back.kind, EV_UNKNOWN);
    assert_true(str_is(back.kind_word, "weather"));
}

static void a_decoded_envelope_is_the_encoded_one(void **state)
{
    (void)state;
    struct event want = some_event(), e;
    assert_int_equal(event_decode(STR(SOME_EVENT), &e), ERR_OK);
    assert_int_equal(e.version, 1);
    assert_int_equal(e.seq, want.seq);
    assert_int_equal(e.kind, EV_NOTE);
    assert_int_equal(e.at_ms, want.at_ms);
    assert_true(str_eq(e.boot, want.boot));
    assert_int_equal(e.up_ms, want.up_ms);
    assert_int_equal(e.day, want.day);
    assert_int_equal(e.shift, want.shift);
    assert_int_equal(e.op, want.op);
    assert_int_equal(e.list, want.list);
    assert_true(sums_equal(&e.sums, &want.sums));
    assert_int_equal(e.late_ms, 0);
    assert_true(str_eq(e.body, want.body));
}

static void an_event_counts_at_its_late_time_if_it_has_one(void **state)
{
    (void)state;
    struct event e = some_event();
    assert_int_equal(event_time_ms(&e), e.at_ms);
    e.late_ms = 5;
    assert_int_equal(event_time_ms(&e), 5);
}

static void no_number_of_an_envelope_is_negative(void **state)
{
    static const struct {
        const char *from, *to;
    } edits[] = {
        { "\"v\":1", "\"v\":0" },
        { "\"v\":1", "\"v\":2" },
        { "\"seq\":7", "\"seq\":0" },
        { "\"seq\":7", "\"seq\":-1" },
        { "\"at\":1578963600000", "\"at\":-1" },
        { "\"up\":42", "\"up\":-1" },
        { "\"day\":20200114", "\"day\":-1" },
        { "\"day\":20200114", "\"day\":20200132" },
        { "\"day\":20200114", "\"day\":4315167410" },
        { "\"shift\":2", "\"shift\":-2" },
        { "\"op\":1", "\"op\":-1" },
        { "\"list\":3", "\"list\":-3" },
        { "[100,", "[-100," },
        { ",20,", ",-20," },
        { ",30,", ",-30," },
        { ",4,5]", ",-4,5]" },
        { ",5]", ",-5]" },
        { ",\"body\"", ",\"late\":-1,\"body\"" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
        struct book b = { 0 };
        struct event e = { .seq = 99 };
        book_bytes(&b, STR(SOME_EVENT));
        book_edit(&b, 1, edits[i].from, edits[i].to);
        if (event_decode(book_line(&b, 1), &e) != ERR_FORM)
            fail_msg("%s", edits[i].to);
        assert_int_equal(e.seq, 99);
        book_done(&b);
    }
}

static void day_0_is_outside_all_days(void **state)
{
    (void)state;
    struct event e = some_event(), back;
    BUF(out, MAX_EVENT);
    e.day = 0;
    event_encode(&e, &out);
    assert_int_equal(event_decode(buf_slice(&out), &back), ERR_OK);
    assert_int_equal(back.day, 0);
}

static void the_last_letters_and_the_last_day_are_taken(void **state)
{
    (void)state;
    struct event e = some_event(), back;
    BUF(out, MAX_EVENT);
    e.boot = STR("az27az");
    e.day = 99991231;
    e.kind = EV_UNKNOWN;
    e.kind_word = STR("abcdefghijklmnopqrstuvwxyz_abcde");
    event_encode(&e, &out);
    assert_int_equal(event_decode(buf_slice(&out), &back), ERR_OK);
    assert_int_equal(back.day, 99991231);
    assert_true(str_eq(back.kind_word, e.kind_word));
}

static void a_line_beyond_the_limit_is_not_canonical(void **state)
{
    (void)state;
    struct event e = some_event(), back;
    BUF(body, 2 * MAX_EVENT);
    BUF(out, 2 * MAX_EVENT);
    buf_puts(&body, "{\"what\":\"");
    while (body.len < MAX_EVENT - (sizeof(SOME_EVENT) - 1) + 12 - 2)
        buf_putc(&body, 'x');
    buf_puts(&body, "\"}");
    e.body = buf_slice(&body);
    event_encode(&e, &out);
    assert_int_equal(out.len, MAX_EVENT);
    assert_int_equal(event_decode(buf_slice(&out), &back), ERR_OK);
    e.seq = 70;
    buf_clear(&out);
    event_encode(&e, &out);
    assert_int_equal(out.len, MAX_EVENT + 1);
    assert_int_equal(event_decode(buf_slice(&out), &back), ERR_CANONICAL);
}

/* ---- bodies ----------------------------------------------------------------
 */

static enum err decode(enum event_kind kind, const char *body, union body *out)
{
    BUF(arena, MAX_EVENT);
    struct event e = { .kind = kind, .body = str_of(body) };
    return body_decode(&e, &arena, out);
}

static void every_kind_has_a_shape_in_ascending_order(void **state)
{
    (void)state;
    for (int i = 0; i < EV_UNKNOWN; i++) {
        const struct shape *shape = body_shape((enum event_kind)i);
        assert_string_equal(shape->name, event_kind_word((enum event_kind)i));
        assert_int_equal(shape->order, SHAPE_SORTED);
        assert_true(shape->size <= sizeof(union body));
        for (int j = 1; j < shape->n; j++)
            assert_true(
                strcmp(shape->fields[j - 1].name, shape->fields[j].name) < 0);
    }
    assert_null(body_shape(EV_UNKNOWN));
}

static void an_unknown_kind_says_nothing(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    body->note.what = STR("kept");
    assert_int_equal(decode(EV_UNKNOWN, "{\"any\":1}", body), ERR_OK);
    assert_true(str_is(body->note.what, "kept"));
    free(body);
}

#define SALE(middle, paid, total)                                             \
    "{" middle "\"lines\":[[\"A\",\"Mực\",1500,\"kg\",100,150],"            \
    "[\"B\",\"Trà\",1000,\"\",50,50]],\"paid\":[" paid "],\"ref\":\"K7Q2M\"," \
    "\"total\":" total "}"

static void a_sale_is_read_as_it_was_charged(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    assert_int_equal(
        decode(EV_SALE,
               SALE("\"basket\":\"b-1\",\"change\":100,",
                    "[\"transfer\",250,\"FT1\"],[\"cash\",50]", "200"),
               body),
        ERR_OK);
    const struct body_sale *s = &body->sale;
    assert_true(str_is(s->basket, "b-1"));
    assert_int_equal(s->change_vnd, 100);
    assert_int_equal(s->discount_vnd, 0);
    assert_int_equal(s->n_lines, 2);
    assert_true(str_is(s->lines[0].name, "Mực"));
    assert_int_equal(s->lines[0].milli, 1500);
    assert_int_equal(s->lines[0].price_vnd, 100);
    assert_int_equal(s->lines[0].amount_vnd, 150);
    assert_int_equal(s->lines[0].more.seller.len, 0);
    assert_int_equal(s->lines[1].unit.len, 0);
    assert_int_equal(s->n_tenders, 2);
    assert_true(str_is(s->tenders[0].reference, "FT1"));
    assert_true(str_is(s->tenders[1].method, "cash"));
    assert_true(str_is(s->reference, "K7Q2M"));
    assert_int_equal(s->total_vnd, 200);
    free(body);
}

static void escaped_text_of_a_body_is_read_without_escapes(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    BUF(arena, MAX_EVENT);
    struct event e = { .kind = EV_NOTE,
                       .body =
                           STR("{\"text\":\"a\\\"b\\\\\",\"what\":\"w\"}") };
    assert_int_equal(body_decode(&e, &arena, body), ERR_OK);
    assert_true(str_is(body->note.text, "a\"b\\"));
    free(body);
}

static const struct {
    enum event_kind kind;
    enum err error;
    const char *body;
} bodies[] = {
    { EV_SALE, ERR_OK, SALE("", "[\"cash\",200]", "200") },
    { EV_SALE, ERR_FORM, SALE("\"change\":-1,", "[\"cash\",199]", "200") },
    { EV_SALE, ERR_FORM, SALE("\"discount\":-1,", "[\"cash\",200]", "200") },
    { EV_SALE, ERR_FORM, SALE("", "[\"Cash\",200]", "200") },
    { EV_SALE, ERR_FORM, SALE("", "[\"cash\",-200]", "200") },
    { EV_SALE, ERR_FORM, SALE("", "[\"cash\",200]", "-200") },
    { EV_SALE, ERR_SUMS, SALE("", "[\"cash\",200]", "201") },
    { EV_SALE, ERR_SUMS, SALE("", "[\"cash\",199]", "200") },
    { EV_SALE, ERR_SUMS, SALE("", "", "200") },
    { EV_SALE, ERR_SUMS, SALE("\"change\":1,", "[\"cash\",200]", "200") },
    { EV_SALE, ERR_FORM,
      "{\"lines\":[],\"paid\":[],\"ref\":\"K7Q2M\",\"total\":0}" },
    { EV_SALE, ERR_OK,
      "{\"lines\":[[\"A\",\"B\",1,\"\",0,0]],\"paid\":[],\"ref\":\"K7Q2M\","
      "\"total\":0}" },
    { EV_SALE, ERR_FORM,
      "{\"lines\":[[\"A\",\"B\",1,\"\",0,0]],\"paid\":[],\"ref\":\"\","
      "\"total\":0}" },
    { EV_SALE, ERR_FORM,
      "{\"lines\":[[\"A\",\"B\",0,\"\",0,0]],\"paid\":[],\"ref\":\"K7Q2M\","
      "\"total\":0}" },
    { EV_SALE, ERR_FORM,
      "{\"lines\":[[\"A\",\"\",1,\"\",0,0]],\"paid\":[],\"ref\":\"K7Q2M\","
      "\"total\":0}" },
    { EV_SALE, ERR_FORM,
      "{\"lines\":[[\"A\",\"B\",1,\"\",-1,0]],\"paid\":[],\"ref\":\"K7Q2M\","
      "\"total\":0}" },
    { EV_SALE, ERR_FORM,
      "{\"lines\":[[\"A\",\"B\",1,\"\",0,0,{\"discount\":-1}]],\"paid\":[],"
      "\"ref\":\"K7Q2M\",\"total\":0}" },
    { EV_SALE, ERR_SUMS,
      "{\"lines\":[[\"A\",\"B\",1,\"\",0,9223372036854775807],"
      "[\"A\",\"B\",1,\"\",0,9223372036854775807]],\"paid\":[],"
      "\"ref\":\"K7Q2M\",\"total\":0}" },
    { EV_VOID, ERR_OK,
      "{\"at\":1,\"day\":20200114,\"lines\":[[\"A\",\"B\",1,\"\",5,5]],"
      "\"of\":4,\"paid\":[[\"card\",5]],\"total\":5}" },
    { EV_VOID, ERR_FORM,
      "{\"at\":1,\"day\":20200114,\"lines\":[[\"A\",\"B\",1,\"\",5,5]],"
      "\"of\":0,\"paid\":[[\"card\",5]],\"total\":5}" },
    { EV_VOID, ERR_FORM,
      "{\"at\":1,\"day\":20201314,\"lines\":[[\"A\",\"B\",1,\"\",5,5]],"
      "\"of\":4,\"paid\":[[\"card\",5]],\"total\":5}" },
    { EV_VOID, ERR_FORM,
      "{\"at\":-1,\"day\":20200114,\"lines\":[[\"A\",\"B\",1,\"\",5,5]],"
      "\"of\":4,\"paid\":[[\"card\",5]],\"total\":5}" },
    { EV_VOID, ERR_SUMS,
      "{\"at\":1,\"day\":20200114,\"lines\":[[\"A\",\"B\",1,\"\",5,5]],"
      "\"of\":4,\"paid\":[[\"card\",6]],\"total\":5}" },
    { EV_REFUND, ERR_OK,
      "{\"foreign\":\"B2-1-7\",\"lines\":[[\"A\",\"B\",1,\"\",5,5]],"
      "\"paid\":[[\"cash\",5]],\"total\":5}" },
    { EV_REFUND, ERR_FORM,
      "{\"lines\":[[\"A\",\"B\",1,\"\",5,5]],\"paid\":[[\"cash\",5]],"
      "\"total\":5}" },
    { EV_REFUND, ERR_FORM,
      "{\"foreign\":\"B2-1-7\",\"lines\":[[\"A\",\"B\",1,\"\",5,5]],"
      "\"of\":4,\"paid\":[[\"cash\",5]],\"total\":5}" },
    { EV_REFUND, ERR_FORM,
      "{\"lines\":[[\"A\",\"B\",1,\"\",5,5]],\"of\":-4,"
      "\"paid\":[[\"cash\",5]],\"total\":5}" },
    { EV_REFUND, ERR_SUMS,
      "{\"lines\":[[\"A\",\"B\",1,\"\",5,5]],\"of\":4,"
      "\"paid\":[[\"cash\",5]],\"total\":6}" },
    { EV_SHIFT_OPENED, ERR_OK, "{\"float\":0}" },
    { EV_SHIFT_OPENED, ERR_FORM, "{\"float\":-1}" },
    { EV_SHIFT_CLOSED, ERR_OK, "{\"counted\":0,\"expected\":-5,\"opened\":3}" },
    { EV_SHIFT_CLOSED, ERR_FORM,
      "{\"counted\":-1,\"expected\":5,\"opened\":3}" },
    { EV_SHIFT_CLOSED, ERR_FORM,
      "{\"counted\":1,\"expected\":5,\"opened\":0}" },
    { EV_DAY_TURNED, ERR_OK, "{\"from\":20200114}" },
    { EV_DAY_TURNED, ERR_OK, "{\"from\":0}" },
    { EV_DAY_TURNED, ERR_FORM, "{\"from\":1}" },
    { EV_DAY_TURNED, ERR_FORM, "{\"from\":9223372036854775807}" },
    { EV_VISITS, ERR_OK, "{\"estimated\":1,\"gate\":\"G1\",\"n\":-1000000}" },
    { EV_VISITS, ERR_FORM, "{\"estimated\":2,\"n\":1}" },
    { EV_VISITS, ERR_FORM, "{\"n\":1000001}" },
    { EV_VISITS, ERR_FORM, "{\"n\":-1000001}" },
    { EV_CASH, ERR_OK, "{\"amount\":-5}" },
    { EV_CASH, ERR_FORM, "{\"amount\":0}" },
    { EV_STOCK, ERR_OK, "{\"milli\":-1,\"sku\":\"A\",\"why\":\"w\"}" },
    { EV_STOCK, ERR_FORM, "{\"milli\":-1,\"sku\":\"\",\"why\":\"w\"}" },
    { EV_STOCK, ERR_FORM, "{\"milli\":-1,\"sku\":\"A\",\"why\":\"\"}" },
    { EV_OVERRIDE, ERR_OK, "{\"by\":0,\"what\":\"w\"}" },
    { EV_OVERRIDE, ERR_FORM, "{\"by\":-1,\"what\":\"w\"}" },
    { EV_OVERRIDE, ERR_FORM, "{\"by\":0,\"what\":\"\"}" },
    { EV_DRAWER, ERR_OK, "{}" },
    { EV_CART_CANCELLED, ERR_OK, "{\"lines\":0,\"total\":0}" },
    { EV_CART_CANCELLED, ERR_FORM, "{\"lines\":-1,\"total\":0}" },
    { EV_CART_CANCELLED, ERR_FORM, "{\"lines\":1,\"total\":-1}" },
    { EV_LINE_REMOVED, ERR_OK, "{\"line\":[\"A\",\"B\",1,\"\",0,0]}" },
    { EV_LINE_REMOVED, ERR_FORM, "{\"line\":[\"A\",\"B\",-1,\"\",0,0]}" },
    { EV_REPRINT, ERR_OK, "{\"of\":1}" },
    { EV_REPRINT, ERR_FORM, "{\"of\":0}" },
    { EV_OPERATOR, ERR_OK, "{\"number\":1,\"what\":\"added\"}" },
    { EV_OPERATOR, ERR_FORM, "{\"number\":-1,\"what\":\"added\"}" },
    { EV_OPERATOR, ERR_FORM, "{\"number\":1,\"what\":\"\"}" },
    { EV_ACCESS, ERR_FORM, "{\"number\":-1,\"what\":\"locked\"}" },
    { EV_ACCESS, ERR_FORM, "{\"number\":1,\"what\":\"\"}" },
    { EV_LIST, ERR_FORM, "{\"hash\":\"00\",\"version\":1}" },
    { EV_CLOCK, ERR_OK, "{\"offset\":-9223372036854775808}" },
    { EV_CALL, ERR_OK, "{\"what\":\"help\"}" },
    { EV_CALL, ERR_FORM, "{\"what\":\"\"}" },
    { EV_SEAL, ERR_FORM, "{\"signature\":\"\"}" },
    { EV_NOTE, ERR_FORM, "{\"what\":\"\"}" },
    { EV_NOTE, ERR_FORM, "{\"text\":\"x\"}" },
};

static void bodies_are_held_to_their_ranges_and_sums(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        assert_true(canonical(str_of(bodies[i].body), SHAPE_SORTED));
        enum err bad = decode(bodies[i].kind, bodies[i].body, body);
        if (bad != bodies[i].error)
            fail_msg("%s: %s", bodies[i].body, err_code(bad));
    }
    free(body);
}

static void a_list_needs_its_whole_hash(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    BUF(text, MAX_EVENT);
    for (int64_t version = 0; version < 2; version++) {
        uint8_t hash[HASH_BYTES] = { 1 };
        buf_clear(&text);
        buf_puts(&text, "{\"hash\":\"");
        buf_hex(&text, hash, sizeof(hash));
        buf_printf(&text, "\",\"version\":%d}", (int)version);
        assert_int_equal(decode(EV_LIST, buf_text(&text), body),
                         version > 0 ? ERR_OK : ERR_FORM);
    }
    free(body);
}

static void a_typical_sale_of_three_lines_stays_small(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    struct body_sale *s = &body->sale;
    s->lines[0] = (struct line){ STR("OCOP-017"),
                                 STR("Chả mực Hạ Long"),
                                 STR("kg"),
                                 385,
                                 450000,
                                 173250,
                                 { 0 } };
    s->lines[1] = (struct line){ STR("OCOP-102"),
                                 STR("Nước mắm Cái Rồng"),
                                 STR("chai"),
                                 2000,
                                 65000,
                                 130000,
                                 { 0 } };
    s->lines[2] = (struct line){ STR("OCOP-044"),
                                 STR("Trà hoa vàng"),
                                 STR("hộp"),
                                 1000,
                                 350000,
                                 350000,
                                 { 0 } };
    s->n_lines = 3;
    s->tenders[0] = (struct tender){ STR("cash"), 653250, STR("") };
    s->n_tenders = 1;
    s->reference = STR("K7Q2M");
    s->total_vnd = 653250;
    struct event e = some_event();
    BUF(inner, MAX_EVENT);
    BUF(out, MAX_EVENT);
    shape_encode(body_shape(EV_SALE), body, &inner);
    e.kind = EV_SALE;
    e.seq = 1234;
    e.up_ms = 12345678;
    e.sums = (struct sums){ 56789000, 350000, 0, 120, 201 };
    e.body = buf_slice(&inner);
    event_encode(&e, &out);
    assert_in_range(out.len, 300, 430);
    free(body);
}

/* ---- running totals --------------------------------------------------------
 */

static void four_kinds_move_the_totals(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    for (int i = 0; i <= EV_UNKNOWN; i++) {
        enum event_kind kind = (enum event_kind)i;
        struct sums sums = { 100, 20, 30, 4, 5 }, want = sums;
        memset(body, 0, sizeof(*body));
        if (kind == EV_SALE) {
            body->sale.total_vnd = 7;
            want = (struct sums){ 107, 20, 30, 4, 6 };
        } else if (kind == EV_REFUND) {
            body->refund.total_vnd = 7;
            want.refunds_vnd = 27;
        } else if (kind == EV_VOID) {
            body->voided.total_vnd = 7;
            want.voids_vnd = 37;
        } else if (kind == EV_VISITS) {
            body->visits.n = -4;
            want.visits = 0;
        }
        assert_int_equal(sums_apply(&sums, kind, body), ERR_OK);
        assert_true(sums_equal(&sums, &want));
    }
    free(body);
}

static void totals_neither_overflow_nor_fall_below_0(void **state)
{
    (void)state;
    union body *body = x_alloc(sizeof(*body));
    struct sums full = { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, 0 };
    const struct sums before = full;
    body->sale.total_vnd = 1;
    assert_int_equal(sums_apply(&full, EV_SALE, body), ERR_SUMS);
    body->refund.total_vnd = 1;
    assert_int_equal(sums_apply(&full, EV_REFUND, body), ERR_SUMS);
    body->voided.total_vnd = 1;
    assert_int_equal(sums_apply(&full, EV_VOID, body), ERR_SUMS);
    memset(body, 0, sizeof(*body));
    body->visits.n = 1;
    assert_int_equal(sums_apply(&full, EV_VISITS, body), ERR_SUMS);
    assert_true(sums_equal(&full, &before));
    struct sums many = { .sales = INT64_MAX };
    memset(body, 0, sizeof(*body));
    assert_int_equal(sums_apply(&many, EV_SALE, body), ERR_SUMS);
    struct sums few = { .visits = 3 };
    body->visits.n = -4;
    assert_int_equal(sums_apply(&few, EV_VISITS, body), ERR_SUMS);
    assert_int_equal(few.visits, 3);
    free(body);
}

static void totals_are_equal_when_all_five_are(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        int64_t other[5] = { 1, 2, 3, 4, 5 };
        struct sums a = { 1, 2, 3, 4, 5 }, b;
        memcpy(&b, other, sizeof(b));
        assert_true(sums_equal(&a, &b));
        other[i]++;
        memcpy(&b, other, sizeof(b));
        assert_false(sums_equal(&a, &b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_word_and_back),
        cmocka_unit_test(members_come_in_the_order_of_the_envelope),
        cmocka_unit_test(an_unknown_kind_keeps_its_word),
        cmocka_unit_test(a_decoded_envelope_is_the_encoded_one),
        cmocka_unit_test(an_event_counts_at_its_late_time_if_it_has_one),
        cmocka_unit_test(no_number_of_an_envelope_is_negative),
        cmocka_unit_test(day_0_is_outside_all_days),
        cmocka_unit_test(the_last_letters_and_the_last_day_are_taken),
        cmocka_unit_test(a_line_beyond_the_limit_is_not_canonical),
        cmocka_unit_test(every_kind_has_a_shape_in_ascending_order),
        cmocka_unit_test(an_unknown_kind_says_nothing),
        cmocka_unit_test(a_sale_is_read_as_it_was_charged),
        cmocka_unit_test(escaped_text_of_a_body_is_read_without_escapes),
        cmocka_unit_test(bodies_are_held_to_their_ranges_and_sums),
        cmocka_unit_test(a_list_needs_its_whole_hash),
        cmocka_unit_test(a_typical_sale_of_three_lines_stays_small),
        cmocka_unit_test(four_kinds_move_the_totals),
        cmocka_unit_test(totals_neither_overflow_nor_fall_below_0),
        cmocka_unit_test(totals_are_equal_when_all_five_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
