/*
 * test_admission.c - an admission is taken whole or not at all, and counts
 * the fair's days.
 */
#include "fair/admission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/book.h"

/* An admission as bytes, signed whatever it says. */
struct paper {
    struct book book; /* its two keys */
    struct buf bytes, signature;
};

static void sign_paper(struct paper *p)
{
    uint8_t signature[SIGNATURE_BYTES];
    sign_make(&p->book.aggregator, DOMAIN_ADMISSION, buf_slice(&p->bytes),
              signature);
    buf_clear(&p->signature);
    buf_hex(&p->signature, signature, sizeof(signature));
}

static void paper_init(struct paper *p)
{
    book_init(&p->book, 1, 2);
    buf_init(&p->bytes, MAX_EVENT);
    buf_init(&p->signature, 2 * SIGNATURE_BYTES);
    p->book.admission.closed[0] = 20200116;
    p->book.admission.closed[1] = 20200119;
    p->book.admission.n_closed = 2;
    p->book.admission.successor_of = STR("jlsixhqjf2bip2lp");
    shape_encode(&admission_shape, &p->book.admission, &p->bytes);
    sign_paper(p);
}

static void paper_done(struct paper *p)
{
    book_done(&p->book);
    buf_done(&p->bytes);
    buf_done(&p->signature);
}

static enum err check(const struct paper *p, struct admission *out)
{
    BUF(arena, MAX_EVENT);
    return admission_check(buf_slice(&p->bytes), buf_slice(&p->signature),
                           p->book.device.public_key, &arena, out);
}

static void a_good_admission_is_read(void **state)
{
    (void)state;
    struct paper p;
    struct admission a;
    paper_init(&p);
    assert_int_equal(check(&p, &a), ERR_OK);
    assert_true(str_is(a.fair, "XUAN-2020"));
    assert_true(str_is(a.booth, "A1"));
    assert_true(str_is(a.booth_name, "Hạ Long"));
    assert_true(str_is(a.label, "1"));
    assert_int_equal(a.number, 1);
    assert_int_equal(a.first_day, 20200114);
    assert_int_equal(a.days, 6);
    assert_int_equal(a.cut_off_min, 240);
    assert_int_equal(a.n_closed, 2);
    assert_int_equal(a.closed[1], 20200119);
    assert_true(str_is(a.successor_of, "jlsixhqjf2bip2lp"));
    paper_done(&p);
}

static void any_device_is_taken_when_none_is_asked_for(void **state)
{
    (void)state;
    struct paper p;
    struct admission a;
    paper_init(&p);
    assert_int_equal(admission_check(buf_slice(&p.bytes),
                                     buf_slice(&p.signature), NULL, NULL, &a),
                     ERR_OK);
    assert_int_equal(admission_check(buf_slice(&p.bytes),
                                     buf_slice(&p.signature),
                                     p.book.aggregator.public_key, NULL, &a),
                     ERR_ADMISSION);
    paper_done(&p);
}

/* Puts `to` for `from` and signs anew. */
static void edit(struct paper *p, const char *from, const char *to)
{
    struct book b = { 0 };
    book_bytes(&b, buf_slice(&p->bytes));
    book_edit(&b, 1, from, to);
    buf_clear(&p->bytes);
    buf_str(&p->bytes, book_line(&b, 1));
    book_done(&b);
    sign_paper(p);
}

static const struct {
    const char *from, *to;
    bool good;
} edits[] = {
    { "\"booth\":\"A1\"", "\"booth\":\"ABCD12\"", true },
    { "\"booth\":\"A1\"", "\"booth\":\"ABCD123\"", false },
    { "\"booth\":\"A1\"", "\"booth\":\"a1\"", false },
    { "\"booth\":\"A1\"", "\"booth\":\"\"", false },
    { "Hạ Long", "\\\"Hạ Long\\\"", true },
    { "Hạ Long", "", false },
    { "Hạ Long", "Ha\xCC\xA3 Long", false },
    { "Hội chợ OCOP Xuân 2020", "", false },
    { "\"fair\":\"XUAN-2020\"", "\"fair\":\"X\"", true },
    { "\"fair\":\"XUAN-2020\"", "\"fair\":\"-X\"", false },
    { "\"fair\":\"XUAN-2020\"", "\"fair\":\"XUAN_2020\"", false },
    { "\"fair\":\"XUAN-2020\"", "\"fair\":\"X234567890123456\"", true },
    { "\"fair\":\"XUAN-2020\"", "\"fair\":\"X2345678901234567\"", false },
    { "\"label\":\"1\"", "\"label\":\"ZZ9\"", true },
    { "\"label\":\"1\"", "\"label\":\"ZZ99\"", false },
    { "\"label\":\"1\"", "\"label\":\"\"", false },
    { "\"label\":\"1\"", "\"label\":\"z\"", false },
    { "\"number\":1", "\"number\":1023", true },
    { "\"number\":1", "\"number\":1024", false },
    { "\"number\":1", "\"number\":0", false },
    { "\"at\":1578877200000", "\"at\":0", true },
    { "\"at\":1578877200000", "\"at\":-1", false },
    { "\"cut_off\":240", "\"cut_off\":1439", true },
    { "\"cut_off\":240", "\"cut_off\":0", true },
    { "\"cut_off\":240", "\"cut_off\":1440", false },
    { "\"cut_off\":240", "\"cut_off\":-1", false },
    { "\"days\":6", "\"days\":3660", true },
    { "\"days\":6", "\"days\":3661", false },
    { "\"days\":6", "\"days\":5", false }, /* the 19th is the sixth */
    { "\"closed\":[20200116,20200119],", "", true },
    { "\"closed\":[20200116,20200119],\"cut_off\":240,\"days\":6",
      "\"cut_off\":240,\"days\":1", true },
    { "\"closed\":[20200116,20200119],\"cut_off\":240,\"days\":6",
      "\"cut_off\":240,\"days\":0", false },
    { "[20200116,20200119]", "[]", false },
    { "[20200116,20200119]", "[20200114]", true },
    { "[20200116,20200119]", "[20200113]", false },
    { "[20200116,20200119]", "[20200120]", false },
    { "[20200116,20200119]", "[20200199]", false },
    { "[20200116,20200119]", "[9223372036854775807]", false },
    { "[20200116,20200119]", "[20200119,20200116]", false },
    { "[20200116,20200119]", "[20200116,20200116]", false },
    { "[20200116,20200119],\"cut_off\":240,\"days\":6",
      "[20200114],\"cut_off\":240,\"days\":1", false },
    { "\"first_day\":20200114", "\"first_day\":20200115", true },
    { "\"first_day\":20200114", "\"first_day\":20200111", false },
    { "\"first_day\":20200114", "\"first_day\":20200100", false },
    { "\"first_day\":20200114", "\"first_day\":0", false },
    { "\"first_day\":20200114", "\"first_day\":-20200114", false },
    { "\"first_day\":20200114", "\"first_day\":4315167410", false },
    { "jlsixhqjf2bip2lp", "jlsixhqjf2bip2l", false },
    { "jlsixhqjf2bip2lp", "jlsixhqjf2bip2l1", false },
    { ",\"successor_of\":\"jlsixhqjf2bip2lp\"", "", true },
    { ",\"successor_of\"", ",\"phone\":1,\"successor_of\"", true },
    { "\"key\":\"8a", "\"key\":\"8A", false },
    { "\"key\":\"8a", "\"key\":\"8b", false },
    { "\"key\":\"8a", "\"key\":\"a", false },
    { "\"name\"", "\"nama\"", false },
    { "{", "{ ", false },
};

static void an_admission_is_held_to_its_ranges(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
        struct paper p;
        struct admission a = { .number = -7 };
        paper_init(&p);
        edit(&p, edits[i].from, edits[i].to);
        enum err bad = check(&p, &a);
        if (bad != (edits[i].good ? ERR_OK : ERR_ADMISSION))
            fail_msg("%s: %s", edits[i].to, err_code(bad));
        if (bad)
            assert_int_equal(a.number, -7);
        paper_done(&p);
    }
}

static void only_the_aggregators_signature_admits(void **state)
{
    (void)state;
    struct paper p;
    struct admission a;
    uint8_t signature[SIGNATURE_BYTES];
    paper_init(&p);
    p.bytes.data[p.bytes.len - 4] ^= 1; /* a letter of the old device's name */
    assert_int_equal(check(&p, &a), ERR_ADMISSION);
    p.bytes.data[p.bytes.len - 4] ^= 1;
    assert_int_equal(check(&p, &a), ERR_OK);
    sign_make(&p.book.device, DOMAIN_ADMISSION, buf_slice(&p.bytes), signature);
    buf_clear(&p.signature);
    buf_hex(&p.signature, signature, sizeof(signature));
    assert_int_equal(check(&p, &a), ERR_ADMISSION);
    sign_make(&p.book.aggregator, DOMAIN_ACK, buf_slice(&p.bytes), signature);
    buf_clear(&p.signature);
    buf_hex(&p.signature, signature, sizeof(signature));
    assert_int_equal(check(&p, &a), ERR_ADMISSION);
    buf_clear(&p.signature);
    assert_int_equal(check(&p, &a), ERR_ADMISSION);
    paper_done(&p);
}

static void fair_days_count_open_days_only(void **state)
{
    static const struct {
        int day, number;
    } cases[] = {
        { 20200113, 0 }, { 20200114, 1 }, { 20200115, 2 }, { 20200116, 0 },
        { 20200117, 3 }, { 20200118, 4 }, { 20200119, 0 }, { 20200120, 0 },
        { 0, 0 },        { 20200199, 0 }, { 20210114, 0 },
    };
    (void)state;
    struct paper p;
    paper_init(&p);
    struct calendar c = admission_calendar(&p.book.admission);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(calendar_fair_day(&c, cases[i].day), cases[i].number);
    c.n_closed = 0;
    assert_int_equal(calendar_fair_day(&c, 20200119), 6);
    assert_int_equal(calendar_fair_day(&c, 20200120), 0);
    paper_done(&p);
}

/* ---- the till's file -------------------------------------------------------
 */

#define DIR_TEMPLATE "/tmp/fair-admission-XXXXXX"

static char dir[sizeof(DIR_TEMPLATE)];
static char path[sizeof(DIR_TEMPLATE) + 16];

static int dir_new(void **state)
{
    (void)state;
    memcpy(dir, DIR_TEMPLATE, sizeof(DIR_TEMPLATE));
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof(path), "%s/admission", dir);
    return 0;
}

static int dir_done(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(dir);
}

static enum err load(const char *content, struct str *bytes,
                     struct str *signature, struct buf *text)
{
    unlink(path);
    assert_int_equal(env_file_create(dir, "admission", str_of(content)),
                     ERR_OK);
    return admission_load(dir, text, bytes, signature);
}

static void the_file_holds_two_lines(void **state)
{
    (void)state;
    struct paper p;
    struct admission a;
    struct str bytes, signature;
    BUF(content, MAX_TEXT);
    BUF(text, MAX_TEXT);
    BUF(arena, MAX_TEXT);
    paper_init(&p);
    buf_printf(&content, "%s\n%s\n", buf_text(&p.bytes),
               buf_text(&p.signature));
    assert_int_equal(load(buf_text(&content), &bytes, &signature, &text),
                     ERR_OK);
    assert_int_equal(
        admission_check(bytes, signature, p.book.device.public_key, &arena, &a),
        ERR_OK);
    paper_done(&p);
}

static void a_file_of_another_form_is_damaged(void **state)
{
    (void)state;
    struct str bytes = STR("kept"), signature = STR("kept");
    BUF(hex, MAX_TEXT);
    BUF(text, MAX_TEXT);
    assert_int_equal(admission_load(dir, &text, &bytes, &signature),
                     ERR_NOT_FOUND);
    for (int i = 0; i < SIGNATURE_BYTES; i++)
        buf_puts(&hex, "ab");
    static const char *const forms[] = { "",           "{}",
                                         "{}\n",       "{}\n%s",
                                         "{}\n%s\n\n", "{}\n\n%s\n",
                                         "{}\n%s0\n",  "{}%s\n" };
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        BUF(content, MAX_TEXT);
        const char *at = strstr(forms[i], "%s");
        size_t head = at ? (size_t)(at - forms[i]) : strlen(forms[i]);
        buf_put(&content, forms[i], head);
        if (at) {
            buf_str(&content, buf_slice(&hex));
            buf_puts(&content, at + 2);
        }
        buf_clear(&text);
        assert_int_equal(load(buf_text(&content), &bytes, &signature, &text),
                         ERR_CORRUPT);
        assert_true(str_is(bytes, "kept"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_admission_is_read),
        cmocka_unit_test(any_device_is_taken_when_none_is_asked_for),
        cmocka_unit_test(an_admission_is_held_to_its_ranges),
        cmocka_unit_test(only_the_aggregators_signature_admits),
        cmocka_unit_test(fair_days_count_open_days_only),
        cmocka_unit_test_setup_teardown(the_file_holds_two_lines, dir_new,
                                        dir_done),
        cmocka_unit_test_setup_teardown(a_file_of_another_form_is_damaged,
                                        dir_new, dir_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
