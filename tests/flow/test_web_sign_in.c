/*
 * test_web_sign_in.c - people come in, go out, share and are locked out, over
 * the wire: what the cookie looks like, which forms are ours, how long wrong
 * passwords wait, and that no name is ever markup.
 */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "fair/env.h"
#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/house.h"

#define FAIR     "XUAN-2020" /* of the house's till */
#define PASSWORD "mat khau cua lan"
#define ENCODED  "mat+khau+cua%20lan"
#define OURS     "Origin: https://localhost\r\n"

/* ---- what the server says to its journal --------------------------------- */

static struct {
    pthread_mutex_t mutex;
    struct buf lines;
} heard = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void hear(void *ctx, struct str line)
{
    (void)ctx;
    pthread_mutex_lock(&heard.mutex);
    buf_str(&heard.lines, line);
    pthread_mutex_unlock(&heard.mutex);
}

static bool was_heard(const char *words)
{
    pthread_mutex_lock(&heard.mutex);
    bool found = strstr(buf_text(&heard.lines), words) != NULL;
    pthread_mutex_unlock(&heard.mutex);
    return found;
}

static int set_up(void **state)
{
    buf_init(&heard.lines, MAX_OUTPUT);
    journal_to(hear, NULL);
    return house_set_up(state);
}

static int tear_down(void **state)
{
    int rc = house_tear_down(state);
    journal_to(NULL, NULL);
    buf_done(&heard.lines);
    return rc;
}

/* ---- who is there -------------------------------------------------------- */

static char secret[SECRET_ROOM]; /* of PASSWORD; made once */

static enum err put_account(void *ctx, struct store *s)
{
    return account_add(s, ctx);
}

static void add(struct house *h, const char *name, enum role role,
                const char *fair)
{
    struct account a = { .role = role, .made_ms = 1 };
    snprintf(a.name, sizeof(a.name), "%s", name);
    snprintf(a.fair, sizeof(a.fair), "%s", fair);
    if (secret[0] == '\0')
        assert_int_equal(password_hash(STR(PASSWORD), secret), ERR_OK);
    /* No two have the same; only "lan" is ever let in. */
    snprintf(a.secret, sizeof(a.secret), "%s%s", secret,
             strcmp(name, "lan") == 0 ? "" : name);
    assert_int_equal(house_do(h, put_account, &a), ERR_OK);
}

static struct account found;

static enum err read_account(void *ctx, struct store *s)
{
    return account_get(s, str_of(ctx), &found);
}

static struct account get_account(struct house *h, char *name)
{
    assert_int_equal(house_do(h, read_account, name), ERR_OK);
    return found;
}

static enum err end_wait(void *ctx, struct store *s)
{
    struct account a;
    enum err e = account_get(s, str_of(ctx), &a);
    a.locked_until_ms = 1;
    return e == ERR_OK ? account_put(s, &a) : e;
}

/* ---- asking -------------------------------------------------------------- */

static void get(struct house *h, const char *path, const char *cookie,
                struct https_reply *out)
{
    struct https *c = house_call(h);
    https_get(c, path, cookie, out);
    https_close(c);
}

/* `more`: header lines. */
static void post(struct house *h, const char *path, const char *more,
                 const char *form, struct https_reply *out)
{
    struct https *c = house_call(h);
    BUF(head, MAX_TEXT);
    BUF(lines, MAX_TEXT);
    buf_printf(&lines,
               "Content-Type: application/x-www-form-urlencoded\r\n"
               "Content-Length: %zu\r\n%s",
               strlen(form), more);
    https_ask_head("POST", path, buf_text(&lines), &head);
    buf_puts(&head, form);
    assert_true(https_send(c, buf_slice(&head)));
    https_read(c, out);
    https_close(c);
}

/* With a guest's cookie and token, as a page of ours would. */
static void post_as(struct house *h, const struct house_guest *g,
                    const char *path, const char *form, struct https_reply *out)
{
    char csrf[TOKEN_TEXT + 1];
    BUF(more, MAX_TEXT);
    BUF(whole, MAX_TEXT);
    csrf_token(str_of(g->token), csrf);
    buf_printf(&more, "%s" OURS, g->cookie);
    buf_printf(&whole, "csrf=%s&%s", csrf, form);
    post(h, path, buf_text(&more), buf_text(&whole), out);
}

static void sign_in(struct house *h, const char *name, const char *password,
                    struct https_reply *out)
{
    BUF(form, MAX_TEXT);
    buf_printf(&form, "name=%s&password=%s", name, password);
    post(h, "/sign-in", OURS, buf_text(&form), out);
}

static void expect(const struct https_reply *r, int status)
{
    if (r->status != status)
        fail_msg("%d instead of %d: %s\n%s", r->status, status,
                 buf_text(&r->head), buf_text(&r->body));
}

static void leads_to(const struct https_reply *r, const char *path)
{
    BUF(line, MAX_TEXT);
    buf_printf(&line, "Location: %s", path);
    expect(r, 303);
    if (!https_says(r, buf_text(&line)))
        fail_msg("not to %s: %s", path, buf_text(&r->head));
}

static bool says(const struct https_reply *r, const char *words)
{
    return strstr(buf_text(&r->body), words) != NULL;
}

/* The token of the cookie that an answer sets. */
static void take_token(const struct https_reply *r, struct house_guest *g)
{
    const char *at = strstr(buf_text(&r->head), "__Host-fair=");
    assert_non_null(at);
    at += strlen("__Host-fair=");
    assert_int_equal(strspn(at, "0123456789abcdef"), TOKEN_TEXT);
    memcpy(g->token, at, TOKEN_TEXT);
    g->token[TOKEN_TEXT] = '\0';
    snprintf(g->cookie, sizeof(g->cookie), "Cookie: __Host-fair=%s\r\n",
             g->token);
}

/* Whether somebody with that cookie is let in. */
static bool is_in(struct house *h, const struct house_guest *g)
{
    HTTPS_REPLY(r);
    get(h, "/password", g->cookie, &r);
    if (r.status != 200)
        leads_to(&r, "/sign-in");
    return r.status == 200;
}

/* ---- in ------------------------------------------------------------------ */

static void s15_the_right_password_lets_in(void **state)
{
    struct house *h = *state;
    struct house_guest g = { .name = "lan" };
    BUF(cookie, MAX_TEXT);
    HTTPS_REPLY(r);
    add(h, "lan", ROLE_ORGANISER, "");
    sign_in(h, "lan", ENCODED, &r);
    leads_to(&r, "/");
    take_token(&r, &g);
    buf_printf(&cookie,
               "Set-Cookie: __Host-fair=%s; Path=/; Secure; HttpOnly; "
               "SameSite=Strict; Max-Age=43200",
               g.token);
    assert_true(https_says(&r, buf_text(&cookie)));
    assert_true(https_says(&r, "Cache-Control: no-store"));
    assert_true(is_in(h, &g));
    assert_true(was_heard("event=sign-in account=lan peer=127.0.0.1"));
}

static void no_token_and_no_password_is_written_down(void **state)
{
    struct house *h = *state;
    struct house_guest g = { .name = "lan" };
    BUF(file, MAX_OUTPUT);
    BUF(log, MAX_OUTPUT);
    HTTPS_REPLY(r);
    add(h, "lan", ROLE_ORGANISER, "");
    sign_in(h, "lan", ENCODED, &r);
    take_token(&r, &g);
    sign_in(h, "lan", "the+wrong+one", &r);
    sign_in(h, "my+secret+by+mistake", "x", &r);
    sign_in(h, "by-mistake-too", "x", &r);
    scratch_read(h->dir, "aggregator.db", &file);
    scratch_read(h->dir, "aggregator.db-wal", &log);
    static const char *const never[] = { PASSWORD, "the wrong one", "mistake" };
    for (size_t i = 0; i <= ARRAY_LEN(never); i++) {
        const char *word = i < ARRAY_LEN(never) ? never[i] : g.token;
        assert_null(memmem(file.data, file.len, word, strlen(word)));
        assert_null(memmem(log.data, log.len, word, strlen(word)));
        assert_false(was_heard(word));
    }
    assert_true(was_heard("event=sign-in-refused account=lan peer=127.0.0.1"));
    assert_true(was_heard("event=sign-in-refused account=\"\""));
}

/* Two answers are the same but for the name that was typed. */
static void nothing_tells_a_wrong_name_from_a_wrong_password(void **state)
{
    struct house *h = *state;
    HTTPS_REPLY(wrong);
    HTTPS_REPLY(nobody);
    HTTPS_REPLY(press);
    add(h, "lan", ROLE_ORGANISER, "");
    add(h, "bao", ROLE_PRESS, FAIR);
    sign_in(h, "lan", "wrong+wrong", &wrong);
    sign_in(h, "nam", "wrong+wrong", &nobody);
    sign_in(h, "bao", ENCODED, &press);
    expect(&wrong, 401);
    expect(&nobody, 401);
    expect(&press, 401);
    assert_true(says(&wrong, "Name or password is not right."));
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
    add(h, "lan", ROLE_ORGANISER, "");
    house_sign_in(h, &root);
    post_as(h, &root, "/accounts", "do=lock&name=lan", &r);
    leads_to(&r, "/accounts");
    sign_in(h, "lan", "wrong+wrong", &r);
    expect(&r, 401);
    assert_true(says(&r, "Name or password is not right."));
    sign_in(h, "lan", ENCODED, &r);
    expect(&r, 401);
    assert_true(says(&r, "This account is locked."));
    post_as(h, &root, "/accounts", "do=release&name=lan", &r);
    leads_to(&r, "/accounts");
    sign_in(h, "lan", ENCODED, &r);
    leads_to(&r, "/");
}

static void five_wrong_passwords_lock_and_say_when_to_try_again(void **state)
{
    struct house *h = *state;
    char lan[] = "lan";
    HTTPS_REPLY(r);
    add(h, lan, ROLE_ORGANISER, "");
    for (int i = 1; i < TRIES_BEFORE_LOCK; i++) {
        sign_in(h, "lan", "wrong+wrong", &r);
        expect(&r, 401);
    }
    sign_in(h, "lan", "wrong+wrong", &r);
    expect(&r, 429);
    assert_in_range(r.retry_after_s, 20, 30);
    assert_true(says(&r, "Too many wrong passwords. Try again in "));
    assert_true(was_heard("event=locked account=lan"));
    sign_in(h, "lan", ENCODED, &r);
    expect(&r, 429);
    assert_int_equal(get_account(h, lan).fails, TRIES_BEFORE_LOCK);
    assert_int_equal(house_do(h, end_wait, lan), ERR_OK);
    sign_in(h, "lan", "wrong+wrong", &r);
    expect(&r, 429);
    assert_in_range(r.retry_after_s, 50, 60);
    assert_int_equal(house_do(h, end_wait, lan), ERR_OK);
    sign_in(h, "lan", ENCODED, &r);
    leads_to(&r, "/");
    assert_int_equal(get_account(h, lan).fails, 0);
}

static void a_broken_form_is_a_wrong_password(void **state)
{
    static const char *const forms[] = { "",
                                         "name=lan",
                                         "password=" ENCODED,
                                         "name=lan&password=%",
                                         "name=lan&password=%zz",
                                         "name=lan&password=%ff%fe",
                                         "name=lan&password=a%00b",
                                         "name=lan&name=lan&password=" ENCODED,
                                         "name=Lan&password=" ENCODED,
                                         "name=lan%20&password=" ENCODED,
                                         "name=lan&password=" ENCODED
                                         "&password=" ENCODED };
    struct house *h = *state;
    char lan[] = "lan";
    add(h, lan, ROLE_ORGANISER, "");
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        HTTPS_REPLY(r);
        assert_int_equal(house_do(h, end_wait, lan), ERR_OK);
        post(h, "/sign-in", OURS, forms[i], &r);
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
    add(h, "lan", ROLE_ORGANISER, "");
    sign_in(h, "lan", ENCODED, &r);
    take_token(&r, &g);
    buf_printf(&more, "%s" OURS, g.cookie);
    post(h, "/sign-in", buf_text(&more), "name=lan&password=" ENCODED, &r);
    leads_to(&r, "/");
    take_token(&r, &again);
    assert_string_not_equal(g.token, again.token);
    assert_true(is_in(h, &again));
    assert_false(is_in(h, &g));
    get(h, "/sign-in", again.cookie, &r);
    leads_to(&r, "/");
}

/* ---- out ----------------------------------------------------------------- */

static void signing_out_ends_the_session(void **state)
{
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ORGANISER, "", "", "", "" };
    HTTPS_REPLY(r);
    house_sign_in(h, &g);
    assert_true(is_in(h, &g));
    post_as(h, &g, "/sign-out", "", &r);
    leads_to(&r, "/sign-in");
    assert_true(https_says(&r, "Set-Cookie: __Host-fair=; Path=/; Secure; "
                               "HttpOnly; SameSite=Strict; Max-Age=0"));
    assert_false(is_in(h, &g));
    post(h, "/sign-out", OURS, "", &r); /* nobody is in any more */
    leads_to(&r, "/sign-in");
}

static void s15_locking_ends_sessions_at_once(void **state)
{
    struct house *h = *state;
    struct house_guest root = { "root", ROLE_ADMINISTRATOR, "", "", "", "" };
    struct house_guest g = { "lan", ROLE_BOOTH, FAIR, "A1", "", "" };
    HTTPS_REPLY(r);
    house_sign_in(h, &root);
    house_sign_in(h, &g);
    assert_true(is_in(h, &g));
    post_as(h, &root, "/accounts", "do=lock&name=lan", &r);
    leads_to(&r, "/accounts");
    assert_false(is_in(h, &g));
    assert_true(is_in(h, &root));
    assert_true(was_heard("event=locked account=lan by=root"));
    post_as(h, &root, "/accounts", "do=release&name=lan", &r);
    assert_false(is_in(h, &g)); /* it has to sign in */
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
        post_as(h, &root, "/accounts", forms[i], &r);
        expect(&r, 400);
    }
    HTTPS_REPLY(r);
    post_as(h, &root, "/accounts", "do=lock&name=nobody", &r);
    expect(&r, 404);
    assert_true(is_in(h, &root));
}

/* ---- whose forms --------------------------------------------------------- */

static const struct {
    const char *path, *form;
} posts[] = {
    { "/sign-out", "" },
    { "/password", "current=" ENCODED "&password=another+password"
                   "&again=another+password" },
    { "/share", "do=make&days=3&fair=" FAIR },
    { "/accounts", "do=lock&name=minh" },
};

static void expect_no_link(struct house *h, const struct house_guest *g)
{
    HTTPS_REPLY(r);
    get(h, "/share?fair=" FAIR, g->cookie, &r);
    expect(&r, 200);
    assert_true(says(&r, "No link yet."));
}

/* Nothing that a form could have changed has changed. */
static void expect_unchanged(struct house *h, const struct house_guest *root)
{
    char minh[] = "minh", lan[] = "lan";
    assert_true(is_in(h, root));
    assert_false(get_account(h, minh).locked);
    assert_string_equal(get_account(h, lan).secret, secret);
    expect_no_link(h, root);
}

static struct house_guest signed_in_root(struct house *h)
{
    struct house_guest root = { "lan", ROLE_ADMINISTRATOR, "", "", "", "" };
    HTTPS_REPLY(r);
    house_fair(h, 20200114, 6);
    add(h, "lan", ROLE_ADMINISTRATOR, "");
    add(h, "minh", ROLE_STAFF, FAIR);
    sign_in(h, "lan", ENCODED, &r);
    take_token(&r, &root);
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
            buf_printf(&more, "%s" OURS "Sec-Fetch-Site: same-origin\r\n",
                       root.cookie);
            buf_puts(&form, posts[p].form);
            if (tokens[t])
                buf_printf(&form, "&csrf=%s", tokens[t]);
            else
                buf_puts(&form, "&nothing=");
            post(h, posts[p].path, buf_text(&more), buf_text(&form), &r);
            expect(&r, 403);
        }
    }
    expect_unchanged(h, &root);
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
        OURS "Sec-Fetch-Site: cross-site\r\n",
        "Referer: https://localhost/accounts\r\n",
    };
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    char csrf[TOKEN_TEXT + 1];
    csrf_token(str_of(root.token), csrf);
    for (size_t p = 0; p < ARRAY_LEN(posts); p++) {
        for (size_t f = 0; f < ARRAY_LEN(from); f++) {
            BUF(more, MAX_TEXT);
            BUF(form, MAX_TEXT);
            HTTPS_REPLY(r);
            buf_printf(&more, "%s%s", root.cookie, from[f]);
            buf_printf(&form, "csrf=%s&%s", csrf, posts[p].form);
            post(h, posts[p].path, buf_text(&more), buf_text(&form), &r);
            if (r.status != 403)
                fail_msg("%s %s: %d", posts[p].path, from[f], r.status);
        }
    }
    for (size_t f = 0; f < ARRAY_LEN(from); f++) {
        HTTPS_REPLY(r);
        post(h, "/sign-in", from[f], "name=lan&password=" ENCODED, &r);
        expect(&r, 403);
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
        post_as(h, &root, posts[p].path, posts[p].form, &r);
        expect(&r, wanted[p]);
    }
    char minh[] = "minh", lan[] = "lan";
    assert_false(is_in(h, &root));
    assert_true(get_account(h, minh).locked);
    assert_string_not_equal(get_account(h, lan).secret, secret);
}

/* ---- passwords ----------------------------------------------------------- */

static void a_new_password_needs_the_old_one_and_itself_twice(void **state)
{
    static const struct {
        const char *form;
        int status;
    } cases[] = {
        { "current=wrong&password=another+password&again=another+password",
          403 },
        { "password=another+password&again=another+password", 403 },
        { "current=" ENCODED "&password=another+password&again=anothe+password",
          400 },
        { "current=" ENCODED "&password=another+password", 400 },
        { "current=" ENCODED "&password=short&again=short", 400 },
        { "current=" ENCODED, 400 },
    };
    struct house *h = *state;
    char lan[] = "lan";
    struct house_guest root = signed_in_root(h);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        HTTPS_REPLY(r);
        post_as(h, &root, "/password", cases[i].form, &r);
        expect(&r, cases[i].status);
        assert_true(says(&r, "role=\"alert\""));
    }
    assert_string_equal(get_account(h, lan).secret, secret);
    assert_int_equal(get_account(h, lan).fails, 2);
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    struct house_guest elsewhere = { .name = "lan" };
    HTTPS_REPLY(r);
    sign_in(h, "lan", ENCODED, &r);
    take_token(&r, &elsewhere);
    post_as(h, &root, "/password", posts[1].form, &r);
    leads_to(&r, "/password?done=1");
    assert_true(is_in(h, &root));
    assert_false(is_in(h, &elsewhere));
    sign_in(h, "lan", ENCODED, &r);
    expect(&r, 401);
    sign_in(h, "lan", "another+password", &r);
    leads_to(&r, "/");
    get(h, "/password?done=1", root.cookie, &r);
    assert_true(says(&r, "role=\"status\""));
    get(h, "/password", root.cookie, &r);
    assert_false(says(&r, "role=\"status\""));
}

static void wrong_ones_lock_also_where_it_is_changed(void **state)
{
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    HTTPS_REPLY(r);
    for (int i = 0; i < TRIES_BEFORE_LOCK; i++)
        post_as(h, &root, "/password",
                "current=no&password=another+password&again=another+password",
                &r);
    expect(&r, 429);
    post_as(h, &root, "/password", posts[1].form, &r);
    expect(&r, 429);
    assert_true(is_in(h, &root)); /* who is in stays in */
}

/* ---- press links --------------------------------------------------------- */

/* The key of the link that a page shows; false when it shows none. */
static bool take_key(const struct https_reply *r, char key[TOKEN_TEXT + 1])
{
    const char *at = strstr(buf_text(&r->body), "https://localhost/press?key=");
    if (at == NULL)
        return false;
    memcpy(key, strchr(at, '=') + 1, TOKEN_TEXT);
    key[TOKEN_TEXT] = '\0';
    return strspn(key, "0123456789abcdef") == TOKEN_TEXT;
}

static void take_name(const struct https_reply *r, char name[64])
{
    const char *at = strstr(buf_text(&r->body), "name=\"name\" value=\"");
    assert_non_null(at);
    at += strlen("name=\"name\" value=\"");
    size_t len = strcspn(at, "\"");
    assert_true(len > 0 && len < 64);
    memcpy(name, at, len);
    name[len] = '\0';
}

static void s15_a_link_is_shown_once_and_ends_when_told(void **state)
{
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ORGANISER, FAIR, "", "", "" };
    char key[TOKEN_TEXT + 1], name[64];
    BUF(press, MAX_TEXT);
    BUF(end, MAX_TEXT);
    HTTPS_REPLY(r);
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    post_as(h, &g, "/share", "do=make&days=3&fair=" FAIR, &r);
    expect(&r, 200);
    assert_true(take_key(&r, key));
    assert_false(was_heard(key));
    buf_printf(&press, "/press?key=%s", key);
    get(h, buf_text(&press), "", &r);
    expect(&r, 200);
    get(h, "/share", g.cookie, &r);
    assert_false(says(&r, key));
    take_name(&r, name);
    assert_memory_equal(name, "press-xuan-2020-", 16);
    buf_printf(&end, "do=end&fair=" FAIR "&name=%s", name);
    post_as(h, &g, "/share", buf_text(&end), &r);
    leads_to(&r, "/share?fair=" FAIR);
    get(h, buf_text(&press), "", &r);
    expect(&r, 404);
    get(h, "/share", g.cookie, &r);
    assert_false(says(&r, "name=\"name\""));
    assert_true(says(&r, name));
}

static void s15_links_are_made_for_one_s_own_fair_by_organisers(void **state)
{
    struct house *h = *state;
    struct house_guest guests[] = {
        { "minh", ROLE_STAFF, FAIR, "", "", "" },
        { "nam", ROLE_BOOTH, FAIR, "A1", "", "" },
        { "huy", ROLE_ORGANISER, "HE-2020", "", "", "" },
    };
    struct house_guest lan = { "lan", ROLE_ORGANISER, "", "", "", "" };
    HTTPS_REPLY(r);
    house_fair(h, 20200114, 6);
    house_sign_in(h, &lan);
    for (size_t i = 0; i < ARRAY_LEN(guests); i++) {
        house_sign_in(h, &guests[i]);
        post_as(h, &guests[i], "/share", "do=make&days=3&fair=" FAIR, &r);
        expect(&r, 403);
    }
    expect_no_link(h, &lan);
    /* Nor can an account that is no link be ended so. */
    post_as(h, &lan, "/share", "do=end&name=minh&fair=" FAIR, &r);
    expect(&r, 404);
    assert_true(is_in(h, &guests[0]));
}

static void what_a_link_must_say_is_checked(void **state)
{
#define OF "fair=" FAIR "&"
    static const struct {
        const char *form;
        int status;
    } cases[] = {
        { OF "do=make", 400 },
        { OF "do=make&days=0", 400 },
        { OF "do=make&days=367", 400 },
        { OF "do=make&days=-1", 400 },
        { OF "do=make&days=x", 400 },
        { OF "do=end", 400 },
        { OF "do=end&name=%3C", 400 },
        { OF "days=3", 400 },
        { "do=make&days=3", 400 },
        { "fair=&do=make&days=3", 400 },
        { "fair=%3C&do=make&days=3", 400 },
        { "fair=NOWHERE&do=make&days=3", 404 },
    };
#undef OF
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ORGANISER, "", "", "", "" };
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        HTTPS_REPLY(r);
        post_as(h, &g, "/share", cases[i].form, &r);
        expect(&r, cases[i].status);
    }
    expect_no_link(h, &g);
}

static void s15_a_link_s_key_is_no_session_and_a_session_no_key(void **state)
{
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ORGANISER, "", "", "", "" };
    struct house_guest press = { .name = "" };
    BUF(path, MAX_TEXT);
    HTTPS_REPLY(r);
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    post_as(h, &g, "/share", "do=make&days=3&fair=" FAIR, &r);
    assert_true(take_key(&r, press.token));
    snprintf(press.cookie, sizeof(press.cookie), "Cookie: __Host-fair=%s\r\n",
             press.token);
    assert_false(is_in(h, &press));
    buf_printf(&path, "/press?key=%s", g.token);
    get(h, buf_text(&path), "", &r);
    expect(&r, 404);
}

/* ---- names --------------------------------------------------------------- */

#define MARKUP  "<script>x()</script>\"'&amp;"
#define BIDI    "\u202eolleh"
#define ESCAPED "&lt;script&gt;x()&lt;/script&gt;&quot;&#39;&amp;amp;"

static enum err put_hostile(void *ctx, struct store *s)
{
    struct fair f;
    enum change change;
    struct access a = { 1, STR(MARKUP), STR("export"), STR(BIDI "\x1b[2J") };
    enum err e = fair_get(s, STR(FAIR), &f);
    (void)ctx;
    snprintf(f.name, sizeof(f.name), "%s", MARKUP BIDI);
    if (e == ERR_OK)
        e = fair_put(s, &f, &change);
    return e == ERR_OK ? access_add(s, &a) : e;
}

static void hostile_names_are_text(void **state)
{
    static const char *const paths[] = { "/share", "/accounts", "/password" };
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ADMINISTRATOR, "", "", "", "" };
    house_fair(h, 20200114, 6);
    assert_int_equal(house_do(h, put_hostile, NULL), ERR_OK);
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        HTTPS_REPLY(r);
        get(h, paths[i], g.cookie, &r);
        expect(&r, 200);
        assert_false(says(&r, "<script>x"));
        assert_false(says(&r, "\u202e"));
        assert_false(says(&r, "\x1b"));
        assert_int_equal(says(&r, ESCAPED), i < 2);
    }
    HTTPS_REPLY(r);
    sign_in(h, "%22%3E%3Cscript%3Ex()%3C/script%3E", "y", &r);
    expect(&r, 401);
    assert_false(says(&r, "<script>x"));
    assert_true(says(&r, "value=\"\""));
}

/* What browsers and their password managers go by. */
static void forms_name_their_fields(void **state)
{
    static const struct {
        const char *path, *words;
    } cases[] = {
        { "/sign-in", "name=\"name\" autocomplete=\"username\"" },
        { "/sign-in", "name=\"password\" autocomplete=\"current-password\"" },
        { "/password", "name=\"current\" autocomplete=\"current-password\"" },
        { "/password", "name=\"password\" autocomplete=\"new-password\"" },
        { "/password", "name=\"again\" autocomplete=\"new-password\"" },
        { "/share", "name=\"days\"" },
    };
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ADMINISTRATOR, "", "", "", "" };
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool in = strcmp(cases[i].path, "/sign-in") != 0;
        HTTPS_REPLY(r);
        get(h, cases[i].path, in ? g.cookie : "", &r);
        expect(&r, 200);
        if (!says(&r, cases[i].words))
            fail_msg("%s: %s", cases[i].path, cases[i].words);
    }
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HALL(s15_the_right_password_lets_in),
        HALL(no_token_and_no_password_is_written_down),
        HALL(nothing_tells_a_wrong_name_from_a_wrong_password),
        HALL(who_is_locked_is_told_only_with_the_right_password),
        HALL(five_wrong_passwords_lock_and_say_when_to_try_again),
        HALL(a_broken_form_is_a_wrong_password),
        HALL(signing_in_anew_replaces_the_session),
        HALL(signing_out_ends_the_session),
        HALL(s15_locking_ends_sessions_at_once),
        HALL(nobody_locks_themselves_out),
        HALL(a_form_without_the_session_s_token_changes_nothing),
        HALL(a_form_of_another_site_changes_nothing),
        HALL(a_form_of_ours_does_change_something),
        HALL(a_new_password_needs_the_old_one_and_itself_twice),
        HALL(a_new_password_ends_the_other_sessions),
        HALL(wrong_ones_lock_also_where_it_is_changed),
        HALL(s15_a_link_is_shown_once_and_ends_when_told),
        HALL(s15_links_are_made_for_one_s_own_fair_by_organisers),
        HALL(what_a_link_must_say_is_checked),
        HALL(s15_a_link_s_key_is_no_session_and_a_session_no_key),
        HALL(hostile_names_are_text),
        HALL(forms_name_their_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
