/*
 * test_visit_ask.c - what a visit asks: the values of a query, the fields of a
 * form, and whether a form is one of ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/store/reference.h"
#include "sync/aggregator/web/routes.h"
#include "tests/support/scratch.h"

static const struct route form = { "POST",     "/form", MAY_ANYBODY, FORM_MAX,
                                   DESK_PAGES, "",      NULL,        true };

static void a_value_is_that_of_its_whole_key(void **state)
{
    static const struct {
        const char *query, *key, *value;
    } cases[] = {
        { "", "fair", "" },
        { "fair=XUAN", "fair", "XUAN" },
        { "fair=XUAN&with=HE", "with", "HE" },
        { "fairs=XUAN", "fair", "" },
        { "air=XUAN", "fair", "" },
        { "with=fair&fair=A", "fair", "A" },
        { "fair", "fair", "" },
        { "fair=&with=HE", "fair", "" },
    };
    struct visit v = { 0 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        v.ask.query = str_of(cases[i].query);
        assert_true(str_is(visit_param(&v, cases[i].key), cases[i].value));
    }
}

static void a_field_is_decoded_or_not_there(void **state)
{
    static const struct {
        const char *body, *value; /* of "name"; NULL: not there */
    } cases[] = {
        { "name=lan", "lan" },
        { "other=1&name=lan", "lan" },
        { "name=", "" },
        { "name", "" },
        { "name=a+b%20c%2Bd", "a b c+d" },
        { "name=%c3%AA%26%3D", "ê&=" },
        { "", NULL },
        { "names=lan", NULL },
        { "na%6De=lan", NULL },
        { "name=lan&name=hoa", NULL },
        { "name=%", NULL },
        { "name=%4", NULL },
        { "name=%zz", NULL },
        { "name=a%00b", NULL },
        { "name=a%0ab", NULL },
        { "name=%1b[31m", NULL },
        { "name=%7f", NULL },
        { "name=%ff", NULL },
        { "name=%c0%af", NULL },
        { "name=%ed%a0%80", NULL },
    };
    struct visit v = { 0 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(out, FORM_MAX);
        buf_puts(&out, "=");
        v.ask.body = str_of(cases[i].body);
        bool there = visit_field(&v, "name", &out);
        if (there != (cases[i].value != NULL))
            fail_msg("%s", cases[i].body);
        assert_string_equal(buf_text(&out) + 1, there ? cases[i].value : "");
    }
}

static void a_form_comes_from_a_page_of_ours(void **state)
{
    static const struct {
        const char *site, *origin, *host;
        bool ours;
    } cases[] = {
        { "same-origin", "", "fair:8443", true },
        { "same-origin", "https://fair:8443", "fair:8443", true },
        { "", "https://fair:8443", "fair:8443", true },
        { "", "", "fair:8443", false },
        { "", "null", "fair:8443", false },
        { "", "http://fair:8443", "fair:8443", false },
        { "", "https://fair", "fair:8443", false },
        { "", "https://fair:8443.evil", "fair:8443", false },
        { "", "https://", "", false },
        { "same-site", "https://fair:8443", "fair:8443", false },
        { "cross-site", "https://fair:8443", "fair:8443", false },
        { "none", "https://fair:8443", "fair:8443", false },
    };
    struct web web = { .language = "en" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct visit v;
        visit_init(&v, &web);
        v.ask.route = &form;
        v.ask.fetch_site = str_of(cases[i].site);
        v.ask.origin = str_of(cases[i].origin);
        v.ask.host = str_of(cases[i].host);
        assert_int_equal(visit_is_ours(&v), cases[i].ours);
        assert_int_equal(v.answer.status, cases[i].ours ? 200 : 403);
        visit_done(&v);
    }
}

static void who_is_signed_in_also_sends_the_sessions_word(void **state)
{
    struct web web = { .language = "en" };
    char token[TOKEN_TEXT + 1], other[TOKEN_TEXT + 1], word[TOKEN_TEXT + 1];
    (void)state;
    token_make(token);
    token_make(other);
    for (int i = 0; i < 3; i++) {
        struct visit v;
        BUF(body, FORM_MAX);
        csrf_token(str_of(i == 0 ? token : other), word);
        if (i < 2)
            buf_printf(&body, "csrf=%s", word);
        visit_init(&v, &web);
        v.ask.route = &form;
        v.ask.fetch_site = STR("same-origin");
        v.ask.body = buf_slice(&body);
        v.who.role = ROLE_ORGANISER;
        memcpy(v.token, token, sizeof(token));
        assert_int_equal(visit_is_ours(&v), i == 0);
        visit_done(&v);
    }
}

/* ---- which fair is meant ------------------------------------------------- */

static int64_t now_ms(void *ctx)
{
    (void)ctx;
    return INT64_C(1579075200000); /* 2020-01-15, three in the afternoon */
}

static void without_a_word_the_fair_is_the_one_that_runs(void **state)
{
    static const struct {
        int first_day, days;
        const char *code, *usual; /* once it has been entered */
    } fairs[] = {
        { 20210301, 3, "LATER", "LATER" }, { 20200201, 3, "SOON", "SOON" },
        { 20180101, 5, "OLD", "OLD" },     { 20191201, 5, "ENDED", "ENDED" },
        { 20200114, 6, "RUNS", "RUNS" },   { 20200110, 9, "ALSO", "RUNS" },
        { 20200109, 6, "OVER", "RUNS" },
    };
    struct env env = env_system();
    struct visit v = { .ask.query = STR("") };
    char dir[SCRATCH_ROOM];
    BUF(why, MAX_TEXT);
    (void)state;
    env.wall_ms = now_ms;
    env_use(&env);
    scratch_make(dir);
    assert_int_equal(store_open(dir, STORE_WRITE, &why, &v.store), ERR_OK);
    v.who.role = ROLE_ORGANISER;
    for (size_t i = 0; i <= ARRAY_LEN(fairs); i++) {
        struct report_query q;
        BUF(strings, MAX_TEXT);
        enum err e = visit_query(&v, &strings, &q);
        assert_int_equal(e, i == 0 ? ERR_NOT_FOUND : ERR_OK);
        if (i > 0)
            assert_string_equal(q.fair, fairs[i - 1].usual);
        if (i == ARRAY_LEN(fairs))
            break;
        struct fair f = { .name = "x",
                          .first_day = fairs[i].first_day,
                          .days = fairs[i].days };
        enum change change;
        strncpy(f.code, fairs[i].code, sizeof(f.code) - 1);
        assert_int_equal(fair_put(v.store, &f, &change), ERR_OK);
    }
    v.who.role = ROLE_NONE;
    struct report_query q;
    BUF(strings, MAX_TEXT);
    assert_int_equal(visit_query(&v, &strings, &q), ERR_NOT_MAY);
    store_close(v.store);
    scratch_remove(dir);
    env = env_system();
    env_use(&env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_that_of_its_whole_key),
        cmocka_unit_test(a_field_is_decoded_or_not_there),
        cmocka_unit_test(a_form_comes_from_a_page_of_ours),
        cmocka_unit_test(who_is_signed_in_also_sends_the_sessions_word),
        cmocka_unit_test(without_a_word_the_fair_is_the_one_that_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
