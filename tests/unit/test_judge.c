/*
 * test_judge.c - what may be sold today, and what is said about it.
 */
#include "pos/model/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"

enum { FIRST = 20200114, LAST = 20200119 };

static struct list_fair fair(int64_t refuse)
{
    return (
        struct list_fair){ .first_day = FIRST, .days = 6, .refuse = refuse };
}

static struct product starred(int64_t certified, int64_t expires)
{
    return (struct product){ .sku = STR("MO-02"),
                             .name = STR("Mật ong"),
                             .stars = 4,
                             .certificate = STR("QN-2"),
                             .certified_day = certified,
                             .expires_day = expires };
}

static void assert_says(const struct judgement *j, const char *text)
{
    BUF(said, MAX_TEXT);
    judge_say(j, &said);
    assert_string_equal(buf_text(&said), text);
}

/* ---- the verdict ---- */

static void n06_expiring_is_noted_and_expired_sells_unless_refused(void **state)
{
    static const struct {
        int64_t expires, refuse;
        int day;
        enum certificate state;
        enum verdict verdict;
        int days_left;
        enum err err;
    } cases[] = {
        { LAST, 3, FIRST, CERT_VALID, JUDGE_SELL, 5, ERR_OK },
        { LAST, 3, LAST, CERT_VALID, JUDGE_SELL, 0, ERR_OK },
        { LAST - 1, 3, FIRST, CERT_EXPIRING, JUDGE_NOTE, 4, ERR_OK },
        { LAST - 1, 3, LAST - 1, CERT_EXPIRING, JUDGE_NOTE, 0, ERR_OK },
        { LAST - 1, 0, LAST, CERT_EXPIRED, JUDGE_NOTE, -1, ERR_OK },
        { LAST - 1, 2, LAST, CERT_EXPIRED, JUDGE_NOTE, -1, ERR_OK },
        { LAST - 1, 4, LAST, CERT_EXPIRED, JUDGE_NOTE, -1, ERR_OK },
        { LAST - 1, 1, LAST, CERT_EXPIRED, JUDGE_REFUSE, -1, ERR_EXPIRED },
        { 20191231, 3, FIRST, CERT_EXPIRED, JUDGE_REFUSE, -14, ERR_EXPIRED },
        { 0, 3, FIRST, CERT_NONE, JUDGE_SELL, 0, ERR_OK },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct list_fair f = fair(cases[i].refuse);
        struct product p = starred(20170116, cases[i].expires);
        struct judgement j = judge_product(&f, &p, cases[i].day, LAST);
        assert_true(j.on_list);
        assert_int_equal(j.state, cases[i].state);
        assert_int_equal(j.verdict, cases[i].verdict);
        assert_int_equal(j.days_left, cases[i].days_left);
        assert_int_equal(j.stars, 4);
        assert_int_equal(j.expires_day, cases[i].expires);
        assert_true(str_is(j.certificate, "QN-2"));
        assert_int_equal(judge_err(&j), cases[i].err);
    }
}

static void n06_off_the_list_is_noted_unless_refused(void **state)
{
    static const struct {
        int64_t refuse;
        enum verdict verdict;
        enum err err;
    } cases[] = {
        { 0, JUDGE_NOTE, ERR_OK },
        { REFUSE_EXPIRED, JUDGE_NOTE, ERR_OK },
        { REFUSE_UNLISTED, JUDGE_REFUSE, ERR_NOT_ALLOWED },
        { REFUSE_EXPIRED | REFUSE_UNLISTED, JUDGE_REFUSE, ERR_NOT_ALLOWED },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct list_fair f = fair(cases[i].refuse);
        struct judgement unlisted = judge_unlisted(&f);
        struct judgement gone = judge_product(&f, NULL, FIRST, LAST);
        assert_false(unlisted.on_list);
        assert_int_equal(unlisted.verdict, cases[i].verdict);
        assert_int_equal(judge_err(&unlisted), cases[i].err);
        assert_false(gone.on_list);
        assert_int_equal(gone.verdict, cases[i].verdict);
    }
}

static void without_a_list_nothing_is_refused(void **state)
{
    struct product p = starred(20170116, 20191231);
    (void)state;
    assert_int_equal(judge_unlisted(NULL).verdict, JUDGE_NOTE);
    assert_int_equal(judge_product(NULL, &p, FIRST, LAST).verdict, JUDGE_NOTE);
}

/* ---- words ---- */

static void n06_stars_certificate_and_expiry_are_said(void **state)
{
    static const struct {
        int64_t certified, expires, refuse;
        const char *sign, *text;
    } cases[] = {
        { 20170116, 20200119, 0, "",
          "4 stars, certificate QN-2, valid until 19/01/2020" },
        { 20170116, 20200116, 0, "!",
          "! 4 stars, certificate QN-2, valid until 16/01/2020: "
          "ends during the fair" },
        { 20170116, 20200110, 0, "!",
          "! 4 stars, certificate QN-2, expired: valid until 10/01/2020" },
        { 20170116, 20200110, 1, "x",
          "x 4 stars, certificate QN-2, expired: valid until 10/01/2020; "
          "the organiser does not let it be sold" },
        { 20200115, 20230115, 0, "",
          "4 stars, certificate QN-2, not valid yet" },
        { 0, 0, 0, "", "4 stars, certificate QN-2" },
    };
    (void)state;
    i18n_init("en");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct list_fair f = fair(cases[i].refuse);
        struct product p = starred(cases[i].certified, cases[i].expires);
        struct judgement j = judge_product(&f, &p, FIRST, LAST);
        assert_string_equal(judge_sign(&j), cases[i].sign);
        assert_says(&j, cases[i].text);
    }
}

static void goods_without_stars_need_no_words(void **state)
{
    struct list_fair f = fair(3);
    struct product p = { .sku = STR("A"), .expires_day = 20191231 };
    (void)state;
    struct judgement j = judge_product(&f, &p, FIRST, LAST);
    assert_int_equal(j.verdict, JUDGE_SELL);
    assert_says(&j, "");
}

static void n06_what_is_off_the_list_says_so(void **state)
{
    struct list_fair notes = fair(0), refuses = fair(REFUSE_UNLISTED);
    (void)state;
    i18n_init("en");
    struct judgement noted = judge_unlisted(&notes);
    struct judgement refused = judge_unlisted(&refuses);
    assert_says(&noted, "! not on the list");
    assert_says(&refused,
                "x not on the list; the organiser does not let it be sold");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            n06_expiring_is_noted_and_expired_sells_unless_refused),
        cmocka_unit_test(n06_off_the_list_is_noted_unless_refused),
        cmocka_unit_test(without_a_list_nothing_is_refused),
        cmocka_unit_test(n06_stars_certificate_and_expiry_are_said),
        cmocka_unit_test(goods_without_stars_need_no_words),
        cmocka_unit_test(n06_what_is_off_the_list_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
