/*
 * test_web_share.c - what people change at the aggregator's pages: their
 * password and press links, over the wire; and that no name is ever markup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/guests.h"

#define FAIR "XUAN-2020" /* of the house's till */
#define NEW_PASSWORD                                      \
    "current=" GUEST_ENCODED "&password=another+password" \
    "&again=another+password"

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
        { "current=" GUEST_ENCODED
          "&password=another+password&again=anothe+password",
          400 },
        { "current=" GUEST_ENCODED "&password=another+password", 400 },
        { "current=" GUEST_ENCODED "&password=short&again=short", 400 },
        { "current=" GUEST_ENCODED, 400 },
    };
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        HTTPS_REPLY(r);
        guests_post_as(h, &root, "/password", cases[i].form, &r);
        reply_expect(&r, cases[i].status);
        assert_true(reply_says(&r, "role=\"alert\""));
    }
    assert_string_equal(guests_account(h, "lan").secret, guests_secret());
    assert_int_equal(guests_account(h, "lan").fails, 2);
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    struct house_guest elsewhere = { .name = "lan" };
    HTTPS_REPLY(r);
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_take_token(&r, &elsewhere);
    guests_post_as(h, &root, "/password", NEW_PASSWORD, &r);
    reply_leads_to(&r, "/password?done=1");
    assert_true(guests_is_in(h, &root));
    assert_false(guests_is_in(h, &elsewhere));
    guests_sign_in(h, "lan", GUEST_ENCODED, &r);
    reply_expect(&r, 401);
    guests_sign_in(h, "lan", "another+password", &r);
    reply_leads_to(&r, "/");
    guests_get(h, "/password?done=1", root.cookie, &r);
    assert_true(reply_says(&r, "role=\"status\""));
    guests_get(h, "/password", root.cookie, &r);
    assert_false(reply_says(&r, "role=\"status\""));
}

static void wrong_ones_lock_also_where_it_is_changed(void **state)
{
    struct house *h = *state;
    struct house_guest root = signed_in_root(h);
    HTTPS_REPLY(r);
    for (int i = 0; i < TRIES_BEFORE_LOCK; i++)
        guests_post_as(
            h, &root, "/password",
            "current=no&password=another+password&again=another+password", &r);
    reply_expect(&r, 429);
    guests_post_as(h, &root, "/password", NEW_PASSWORD, &r);
    reply_expect(&r, 429);
    assert_true(guests_is_in(h, &root)); /* who is in stays in */
}

static void expect_no_link(struct house *h, const struct house_guest *g)
{
    HTTPS_REPLY(r);
    guests_get(h, "/share?fair=" FAIR, g->cookie, &r);
    reply_expect(&r, 200);
    assert_true(reply_says(&r, "No link yet."));
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
    guests_post_as(h, &g, "/share", "do=make&days=3&fair=" FAIR, &r);
    reply_expect(&r, 200);
    assert_true(take_key(&r, key));
    assert_false(guests_heard(key));
    buf_printf(&press, "/press?key=%s", key);
    guests_get(h, buf_text(&press), "", &r);
    reply_expect(&r, 200);
    guests_get(h, "/share", g.cookie, &r);
    assert_false(reply_says(&r, key));
    take_name(&r, name);
    assert_memory_equal(name, "press-xuan-2020-", 16);
    buf_printf(&end, "do=end&fair=" FAIR "&name=%s", name);
    guests_post_as(h, &g, "/share", buf_text(&end), &r);
    reply_leads_to(&r, "/share?fair=" FAIR);
    guests_get(h, buf_text(&press), "", &r);
    reply_expect(&r, 404);
    guests_get(h, "/share", g.cookie, &r);
    assert_false(reply_says(&r, "name=\"name\""));
    assert_true(reply_says(&r, name));
}

/* Its readers choose nothing and type no commands. */
static void the_press_is_shown_no_comparison_that_there_is_not(void **state)
{
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ORGANISER, FAIR, "", "", "" };
    char key[TOKEN_TEXT + 1];
    BUF(press, MAX_TEXT);
    HTTPS_REPLY(r);
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    guests_post_as(h, &g, "/share", "do=make&days=3&fair=" FAIR, &r);
    assert_true(take_key(&r, key));
    buf_printf(&press, "/press?key=%s&fbclid=IwAR0_x", key);
    guests_get(h, buf_text(&press), "", &r);
    reply_expect(&r, 200);
    assert_true(reply_says(&r, "id=\"days\""));
    assert_false(reply_says(&r, "id=\"compare\""));
    assert_false(reply_says(&r, "--with"));
    guests_get(h, "/compare", g.cookie, &r);
    assert_true(reply_says(&r, "No other fair is chosen that " FAIR));
    assert_false(reply_says(&r, "--with"));
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
        guests_post_as(h, &guests[i], "/share", "do=make&days=3&fair=" FAIR,
                       &r);
        reply_expect(&r, 403);
    }
    expect_no_link(h, &lan);
    /* Nor can an account that is no link be ended so. */
    guests_post_as(h, &lan, "/share", "do=end&name=minh&fair=" FAIR, &r);
    reply_expect(&r, 404);
    assert_true(guests_is_in(h, &guests[0]));
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
        guests_post_as(h, &g, "/share", cases[i].form, &r);
        reply_expect(&r, cases[i].status);
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
    guests_post_as(h, &g, "/share", "do=make&days=3&fair=" FAIR, &r);
    assert_true(take_key(&r, press.token));
    snprintf(press.cookie, sizeof(press.cookie), "Cookie: __Host-fair=%s\r\n",
             press.token);
    assert_false(guests_is_in(h, &press));
    buf_printf(&path, "/press?key=%s", g.token);
    guests_get(h, buf_text(&path), "", &r);
    reply_expect(&r, 404);
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
        guests_get(h, paths[i], g.cookie, &r);
        reply_expect(&r, 200);
        assert_false(reply_says(&r, "<script>x"));
        assert_false(reply_says(&r, "\u202e"));
        assert_false(reply_says(&r, "\x1b"));
        assert_int_equal(reply_says(&r, ESCAPED), i < 2);
    }
    HTTPS_REPLY(r);
    guests_sign_in(h, "%22%3E%3Cscript%3Ex()%3C/script%3E", "y", &r);
    reply_expect(&r, 401);
    assert_false(reply_says(&r, "<script>x"));
    assert_true(reply_says(&r, "value=\"\""));
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
        guests_get(h, cases[i].path, in ? g.cookie : "", &r);
        reply_expect(&r, 200);
        if (!reply_says(&r, cases[i].words))
            fail_msg("%s: %s", cases[i].path, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUESTS(a_new_password_needs_the_old_one_and_itself_twice),
        GUESTS(a_new_password_ends_the_other_sessions),
        GUESTS(wrong_ones_lock_also_where_it_is_changed),
        GUESTS(s15_a_link_is_shown_once_and_ends_when_told),
        GUESTS(s15_links_are_made_for_one_s_own_fair_by_organisers),
        GUESTS(the_press_is_shown_no_comparison_that_there_is_not),
        GUESTS(what_a_link_must_say_is_checked),
        GUESTS(s15_a_link_s_key_is_no_session_and_a_session_no_key),
        GUESTS(hostile_names_are_text),
        GUESTS(forms_name_their_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
