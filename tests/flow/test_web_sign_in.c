/*
 * test_web_sign_in.c - people come in, go out, share and are locked out, over
 * the wire: what the cookie looks like, which forms are ours, and how long
 * wrong passwords wait.
 */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/account/deeds.h"
#include "tests/support/guests.h"

#define FAIR "XUAN-2020" /* of the house's till */

/* ---- in ------------------------------------------------------------------ */

static void s15_the_right_password_lets_in(void **state)
{
    struct house *h = *state;
    struct house_guest g = { .name = "lan" };
    BUF(cookie, MAX_TEXT);
    HTTPS_REPLY(r);
    guests_add(h, "lan", ROLE_ORGANISER, "");
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_leads_to(&r, "/");
    reply_take_token(&r, &g);
    buf_printf(&cookie,
               "Set-Cookie: __Host-fair=%s; Path=/; Secure; HttpOnly; "
               "SameSite=Strict; Max-Age=43200",
               g.token);
    assert_true(https_says(&r, buf_text(&cookie)));
    assert_true(https_says(&r, "Cache-Control: no-store"));
    assert_true(guests_is_in(h, &g));
    assert_true(guests_heard("event=sign-in account=lan peer=127.0.0.1"));
}

static void no_token_and_no_password_is_written_down(void **state)
{
    struct house *h = *state;
    struct house_guest g = { .name = "lan" };
    BUF(file, MAX_OUTPUT);
    BUF(log, MAX_OUTPUT);
    HTTPS_REPLY(r);
    guests_add(h, "lan", ROLE_ORGANISER, "");
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_take_token(&r, &g);
    guests_sign_in(h, "lan", "the+wrong+one", &r);
    guests_sign_in(h, "my+secret+by+mistake", "x", &r);
    guests_sign_in(h, "by-mistake-too", "x", &r);
    scratch_read(h->where, "aggregator.db", &file);
    scratch_read(h->where, "aggregator.db-wal", &log);
    static const char *const never[] = { GUEST_PASSWORD, "the wrong one",
                                         "mistake" };
    for (size_t i = 0; i <= ARRAY_LEN(never); i++) {
        const char *word = i < ARRAY_LEN(never) ? never[i] : g.token;
        assert_null(memmem(file.data, file.len, word, strlen(word)));
        assert_null(memmem(log.data, log.len, word, strlen(word)));
        assert_false(guests_heard(word));
    }
    assert_true(
        guests_heard("event=sign-in-refused account=lan peer=127.0.0.1"));
    assert_true(guests_heard("event=sign-in-refused account=\"\""));
}

/* Two answers are the same but for the name that was typed. */
static void nothing_tells_a_wrong_name_from_a_wrong_password(void **state)
{
    struct house *h = *state;
    HTTPS_REPLY(wrong);
    HTTPS_REPLY(nobody);
    HTTPS_REPLY(press);
    guests_add(h, "lan", ROLE_ORGANISER, "");
    guests_add(h, "bao", ROLE_PRESS, FAIR);
    guests_sign_in(h, "lan", "wrong+wrong", &wrong);
    guests_sign_in(h, "nam", "wrong+wrong", &nobody);
    guests_sign_in(h, "bao", GUEST_ENCODED, &press);
    reply_expect(&wrong, 401);
    reply_expect(&nobody, 401);
    reply_expect(&press, 401);
    assert_true(reply_says(&wrong, "Name or password is not right."));
    char *names[] = { strstr(wrong.body.data, "value=\"lan\""),
                      strstr(nobody.body.data, "value=\"nam\""),
                      strstr(press.body.data, "value=\"bao\"") };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_non_null(names[i]);
        memcpy(names[i] + strlen("value=\""), "...", 3);
    }
    assert_string_equal(buf_text(&wrong.body), buf_text(&nobody.body));
    assert_string_equal(buf_text(&wrong.body), buf_text(&press.body));
    assert_null(strstr(buf_text(&nobody.head), "Set-Cookie"));
}

static void who_is_locked_is_told_only_with_the_right_password(void **state)
{
    struct house *h = *state;
    struct house_guest root = { "root", ROLE_ADMINISTRATOR, "", "", "", "" };
    HTTPS_REPLY(r);
    guests_add(h, "lan", ROLE_ORGANISER, "");
    house_sign_in(h, &root);
    guests_post_as(h, &root, "/accounts", "do=lock&name=lan", &r);
    reply_leads_to(&r, "/accounts");
    guests_sign_in(h, "lan", "wrong+wrong", &r);
    reply_expect(&r, 401);
    assert_true(reply_says(&r, "Name or password is not right."));
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_expect(&r, 401);
    assert_true(reply_says(&r, "This account is locked."));
    guests_post_as(h, &root, "/accounts", "do=release&name=lan", &r);
    reply_leads_to(&r, "/accounts");
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_leads_to(&r, "/");
}

static void five_wrong_passwords_lock_and_say_when_to_try_again(void **state)
{
    struct house *h = *state;
    HTTPS_REPLY(r);
    guests_add(h, "lan", ROLE_ORGANISER, "");
    for (int i = 1; i < TRIES_BEFORE_LOCK; i++) {
        guests_sign_in(h, "lan", "wrong+wrong", &r);
        reply_expect(&r, 401);
    }
    guests_sign_in(h, "lan", "wrong+wrong", &r);
    reply_expect(&r, 429);
    assert_in_range(r.retry_after_s, 20, 30);
    assert_true(reply_says(&r, "Too many wrong passwords. Try again in "));
    assert_true(guests_heard("event=locked account=lan"));
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_expect(&r, 429);
    assert_int_equal(guests_account(h, "lan").fails, TRIES_BEFORE_LOCK);
    guests_end_wait(h, "lan");
    guests_sign_in(h, "lan", "wrong+wrong", &r);
    reply_expect(&r, 429);
    assert_in_range(r.retry_after_s, 50, 60);
    guests_end_wait(h, "lan");
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_leads_to(&r, "/");
    assert_int_equal(guests_account(h, "lan").fails, 0);
}

static void a_broken_form_is_a_wrong_password(void **state)
{
    static const char *const forms[] = {
        "",
        "name=lan",
        "password=" GUEST_ENCODED,
        "name=lan&password=%",
        "name=lan&password=%zz",
        "name=lan&password=%ff%fe",
        "name=lan&password=a%00b",
        "name=lan&name=lan&password=" GUEST_ENCODED,
        "name=Lan&password=" GUEST_ENCODED,
        "name=lan%20&password=" GUEST_ENCODED,
        "name=lan&password=" GUEST_ENCODED "&password=" GUEST_ENCODED
    };
    struct house *h = *state;
    guests_add(h, "lan", ROLE_ORGANISER, "");
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        HTTPS_REPLY(r);
        guests_end_wait(h, "lan");
        guests_post(h, "/sign-in", FORM_OF_OURS, forms[i], &r);
        if (r.status != 401 && r.status != 429)
            fail_msg("%s: %d", forms[i], r.status);
        assert_null(strstr(buf_text(&r.head), "Set-Cookie"));
    }
}

/* A link from elsewhere shows the form although a session is there. */
static void signing_in_anew_replaces_the_session(void **state)
{
    struct house *h = *state;
    struct house_guest g = { .name = "lan" }, again = { .name = "lan" };
    BUF(more, MAX_TEXT);
    HTTPS_REPLY(r);
    guests_add(h, "lan", ROLE_ORGANISER, "");
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_take_token(&r, &g);
    buf_printf(&more, "%s" FORM_OF_OURS, g.cookie);
    guests_post(h, "/sign-in", buf_text(&more),
                "name=lan&password=" GUEST_ENCODED, &r);
    reply_leads_to(&r, "/");
    reply_take_token(&r, &again);
    assert_string_not_equal(g.token, again.token);
    assert_true(guests_is_in(h, &again));
    assert_false(guests_is_in(h, &g));
    guests_get(h, "/sign-in", again.cookie, &r);
    reply_leads_to(&r, "/");
}

/* ---- out ----------------------------------------------------------------- */

static void signing_out_ends_the_session(void **state)
{
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ORGANISER, "", "", "", "" };
    HTTPS_REPLY(r);
    house_sign_in(h, &g);
    assert_true(guests_is_in(h, &g));
    guests_post_as(h, &g, "/sign-out", "", &r);
    reply_leads_to(&r, "/sign-in");
    assert_true(https_says(&r, "Set-Cookie: __Host-fair=; Path=/; Secure; "
                               "HttpOnly; SameSite=Strict; Max-Age=0"));
    assert_false(guests_is_in(h, &g));
    guests_post(h, "/sign-out", FORM_OF_OURS, "",
                &r); /* nobody is in any more */
    reply_leads_to(&r, "/sign-in");
}

static void s15_locking_ends_sessions_at_once(void **state)
{
    struct house *h = *state;
    struct house_guest root = { "root", ROLE_ADMINISTRATOR, "", "", "", "" };
    struct house_guest g = { "lan", ROLE_BOOTH, FAIR, "A1", "", "" };
    HTTPS_REPLY(r);
    house_sign_in(h, &root);
    house_sign_in(h, &g);
    assert_true(guests_is_in(h, &g));
    guests_post_as(h, &root, "/accounts", "do=lock&name=lan", &r);
    reply_leads_to(&r, "/accounts");
    assert_false(guests_is_in(h, &g));
    assert_true(guests_is_in(h, &root));
    assert_true(guests_heard("event=locked account=lan by=root"));
    guests_post_as(h, &root, "/accounts", "do=release&name=lan", &r);
    assert_false(guests_is_in(h, &g)); /* it has to sign in */
}

static void nobody_locks_themselves_out(void **state)
{
    static const char *const forms[] = { "do=lock&name=root", "do=lock",
                                         "name=lan", "do=drop&name=lan",
                                         "do=lock&name=%22%3E" };
    struct house *h = *state;
    struct house_guest root = { "root", ROLE_ADMINISTRATOR, "", "", "", "" };
    house_sign_in(h, &root);
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        HTTPS_REPLY(r);
        guests_post_as(h, &root, "/accounts", forms[i], &r);
        reply_expect(&r, 400);
    }
    HTTPS_REPLY(r);
    guests_post_as(h, &root, "/accounts", "do=lock&name=nobody", &r);
    reply_expect(&r, 404);
    assert_true(guests_is_in(h, &root));
}

/* ---- whose forms --------------------------------------------------------- */

static const struct {
    const char *path, *form;
} posts[] = {
    { "/sign-out", "" },
    { "/password", "current=" GUEST_ENCODED "&password=another+password"
                   "&again=another+password" },
    { "/share", "do=make&days=3&fair=" FAIR },
    { "/accounts", "do=lock&name=minh" },
};

static void expect_no_link(struct house *h, const struct house_guest *g)
{
    HTTPS_REPLY(r);
    guests_get(h, "/share?fair=" FAIR, g->cookie, &r);
    reply_expect(&r, 200);
    assert_true(reply_says(&r, "No link yet."));
}

/* Nothing that a form could have changed has changed. */
static void expect_unchanged(struct house *h, const struct house_guest *root)
{
    assert_true(guests_is_in(h, root));
    assert_false(guests_account(h, "minh").locked);
    assert_string_equal(guests_account(h, "lan").secret, guests_secret());
    expect_no_link(h, root);
}

static struct house_guest signed_in_root(struct house *h)
{
    struct house_guest root = { "lan", ROLE_ADMINISTRATOR, "", "", "", "" };
    HTTPS_REPLY(r);
    house_fair(h, 20200114, 6);
    guests_add(h, "lan", ROLE_ADMINISTRATOR, "");
    guests_add(h, "minh", ROLE_STAFF, FAIR);
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_take_token(&r, &root);
    return root;
}

static void a_form_without_the_session_s_token_changes_nothing(void **state)
{
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    struct house_guest other = { "huy", ROLE_ADMINISTRATOR, "", "", "", "" };
    char foreign[TOKEN_TEXT + 1];
    house_sign_in(h, &other);
    csrf_token(str_of(other.token), foreign);
    const char *const tokens[] = { NULL, "", "0", foreign, root.token };
    for (size_t p = 0; p < ARRAY_LEN(posts); p++) {
        for (size_t t = 0; t < ARRAY_LEN(tokens); t++) {
            BUF(more, MAX_TEXT);
            BUF(form, MAX_TEXT);
            HTTPS_REPLY(r);
            buf_printf(&more,
                       "%s" FORM_OF_OURS "Sec-Fetch-Site: same-origin\r\n",
                       root.cookie);
            buf_puts(&form, posts[p].form);
            if (tokens[t])
                buf_printf(&form, "&csrf=%s", tokens[t]);
            else
                buf_puts(&form, "&nothing=");
            guests_post(h, posts[p].path, buf_text(&more), buf_text(&form), &r);
            reply_expect(&r, 403);
        }
    }
    expect_unchanged(h, &root);
}

/* Every form, signed in, with the header lines of its site. */
static void expect_refused(struct house *h, const struct house_guest *root,
                           const char *csrf, const char *from)
{
    for (size_t p = 0; p < ARRAY_LEN(posts); p++) {
        BUF(more, MAX_TEXT);
        BUF(form, MAX_TEXT);
        HTTPS_REPLY(r);
        buf_printf(&more, "%s%s", root->cookie, from);
        buf_printf(&form, "csrf=%s&%s", csrf, posts[p].form);
        guests_post(h, posts[p].path, buf_text(&more), buf_text(&form), &r);
        if (r.status != 403)
            fail_msg("%s %s: %d", posts[p].path, from, r.status);
    }
}

static void a_form_of_another_site_changes_nothing(void **state)
{
    static const char *const from[] = {
        "",
        "Origin: null\r\n",
        "Origin: https://localhost.example\r\n",
        "Origin: http://localhost\r\n",
        "Origin: https://localhost:8443\r\n",
        "Origin: https://elsewhere\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: none\r\n",
        FORM_OF_OURS "Sec-Fetch-Site: cross-site\r\n",
        "Referer: https://localhost/accounts\r\n",
    };
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    char csrf[TOKEN_TEXT + 1];
    csrf_token(str_of(root.token), csrf);
    for (size_t f = 0; f < ARRAY_LEN(from); f++) {
        HTTPS_REPLY(r);
        expect_refused(h, &root, csrf, from[f]);
        guests_post(h, "/sign-in", from[f], "name=lan&password=" GUEST_ENCODED,
                    &r);
        reply_expect(&r, 403);
        assert_null(strstr(buf_text(&r.head), "Set-Cookie"));
    }
    expect_unchanged(h, &root);
}

static void a_form_of_ours_does_change_something(void **state)
{
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    static const int wanted[] = { 303, 303, 200, 303 };
    for (size_t p = ARRAY_LEN(posts); p-- > 0;) { /* out at last */
        HTTPS_REPLY(r);
        guests_post_as(h, &root, posts[p].path, posts[p].form, &r);
        reply_expect(&r, wanted[p]);
    }
    assert_false(guests_is_in(h, &root));
    assert_true(guests_account(h, "minh").locked);
    assert_string_not_equal(guests_account(h, "lan").secret, guests_secret());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUESTS(s15_the_right_password_lets_in),
        GUESTS(no_token_and_no_password_is_written_down),
        GUESTS(nothing_tells_a_wrong_name_from_a_wrong_password),
        GUESTS(who_is_locked_is_told_only_with_the_right_password),
        GUESTS(five_wrong_passwords_lock_and_say_when_to_try_again),
        GUESTS(a_broken_form_is_a_wrong_password),
        GUESTS(signing_in_anew_replaces_the_session),
        GUESTS(signing_out_ends_the_session),
        GUESTS(s15_locking_ends_sessions_at_once),
        GUESTS(nobody_locks_themselves_out),
        GUESTS(a_form_without_the_session_s_token_changes_nothing),
        GUESTS(a_form_of_another_site_changes_nothing),
        GUESTS(a_form_of_ours_does_change_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
