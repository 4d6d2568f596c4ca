/*
 * test_account_session.c - a token opens what its account may see, and nothing
 * once that account is locked, expired or signed out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/account/secrets.h"
#include "sync/aggregator/account/session.h"
#include "tests/support/scratch.h"

enum { NOW_MS = 1000000 };

struct room {
    char dir[SCRATCH_ROOM];
    struct store *store;
    char token[TOKEN_TEXT + 1], key[TOKEN_TEXT + 1];
};

static struct account account_of(const char *name, enum role role)
{
    struct account a = { .role = role, .fair = "XUAN" };
    snprintf(a.name, sizeof(a.name), "%s", name);
    snprintf(a.secret, sizeof(a.secret), "secret of %s", name);
    return a;
}

static void sign_in(struct room *r, const char *name, char out[TOKEN_TEXT + 1])
{
    struct session s = { .since_ms = NOW_MS,
                         .expires_ms = NOW_MS + SESSION_S * 1000 };
    snprintf(s.account, sizeof(s.account), "%s", name);
    token_make(out);
    assert_true(token_hash(str_of(out), s.hash));
    assert_int_equal(session_add(r->store, &s), ERR_OK);
}

/* A booth owner who is signed in, and a press link. */
static int open_room(void **state)
{
    struct room *r = x_alloc(sizeof(*r));
    scratch_make(r->dir);
    assert_int_equal(store_open(r->dir, STORE_WRITE, NULL, &r->store), ERR_OK);
    struct account owner = account_of("lan", ROLE_BOOTH);
    snprintf(owner.booth, sizeof(owner.booth), "A1");
    assert_int_equal(account_add(r->store, &owner), ERR_OK);
    struct account press = account_of("bao", ROLE_PRESS);
    press.expires_ms = NOW_MS + 1000;
    token_make(r->key);
    assert_true(link_hash(str_of(r->key), press.secret));
    assert_int_equal(account_add(r->store, &press), ERR_OK);
    sign_in(r, "lan", r->token);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    store_close(r->store);
    scratch_remove(r->dir);
    free(r);
    return 0;
}

static enum err by_token(struct room *r, const char *token, int64_t now_ms)
{
    struct login who = { .role = ROLES };
    enum err e = login_of_token(r->store, str_of(token), now_ms, &who);
    assert_int_equal(who.role == ROLES, e != ERR_OK);
    return e;
}

static enum err by_link(struct room *r, const char *key, int64_t now_ms)
{
    struct login who = { .role = ROLES };
    enum err e = login_of_link(r->store, str_of(key), now_ms, &who);
    assert_int_equal(who.role == ROLES, e != ERR_OK);
    return e;
}

static void change(struct room *r, const char *name,
                   void (*how)(struct account *a))
{
    struct account a;
    assert_int_equal(account_get(r->store, str_of(name), &a), ERR_OK);
    how(&a);
    assert_int_equal(account_put(r->store, &a), ERR_OK);
}

static void lock(struct account *a)
{
    a->locked = true;
}

static void expire(struct account *a)
{
    a->expires_ms = NOW_MS;
}

static void make_wait(struct account *a)
{
    a->fails = 9;
    a->locked_until_ms = INT64_MAX;
}

static void s15_a_token_opens_what_its_account_may_see(void **state)
{
    struct room *r = *state;
    struct login who;
    assert_int_equal(login_of_token(r->store, str_of(r->token), NOW_MS, &who),
                     ERR_OK);
    assert_int_equal(who.role, ROLE_BOOTH);
    assert_string_equal(who.name, "lan");
    assert_string_equal(who.fair, "XUAN");
    assert_string_equal(who.booth, "A1");
}

static void what_is_no_token_of_ours_is_nobody(void **state)
{
    struct room *r = *state;
    char other[TOKEN_TEXT + 1];
    token_make(other);
    const char *const texts[] = { "", "x", other };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_int_equal(by_token(r, texts[i], NOW_MS), ERR_NOT_FOUND);
        assert_int_equal(by_link(r, texts[i], NOW_MS), ERR_NOT_FOUND);
    }
}

static void a_session_ends_after_twelve_hours(void **state)
{
    struct room *r = *state;
    int64_t end = NOW_MS + INT64_C(12) * 60 * 60 * 1000;
    assert_int_equal(by_token(r, r->token, end - 1), ERR_OK);
    assert_int_equal(by_token(r, r->token, end), ERR_NOT_FOUND);
}

static void s15_who_is_locked_or_expired_is_nobody_at_once(void **state)
{
    struct room *r = *state;
    change(r, "lan", lock);
    assert_int_equal(by_token(r, r->token, NOW_MS), ERR_NOT_FOUND);
    change(r, "bao", lock);
    assert_int_equal(by_link(r, r->key, NOW_MS), ERR_NOT_FOUND);
}

static void s15_who_has_expired_is_nobody(void **state)
{
    struct room *r = *state;
    change(r, "lan", expire);
    assert_int_equal(by_token(r, r->token, NOW_MS - 1), ERR_OK);
    assert_int_equal(by_token(r, r->token, NOW_MS), ERR_NOT_FOUND);
    assert_int_equal(by_link(r, r->key, NOW_MS + 999), ERR_OK);
    assert_int_equal(by_link(r, r->key, NOW_MS + 1000), ERR_NOT_FOUND);
}

static void a_stranger_who_guesses_sends_nobody_away(void **state)
{
    struct room *r = *state;
    change(r, "lan", make_wait);
    assert_int_equal(by_token(r, r->token, NOW_MS), ERR_OK);
}

static void who_signed_out_or_is_gone_is_nobody(void **state)
{
    struct room *r = *state;
    char ghost[TOKEN_TEXT + 1];
    sign_in(r, "nobody", ghost);
    assert_int_equal(by_token(r, ghost, NOW_MS), ERR_NOT_FOUND);
    assert_int_equal(session_drop_all(r->store, STR("lan")), ERR_OK);
    assert_int_equal(by_token(r, r->token, NOW_MS), ERR_NOT_FOUND);
}

static void s15_a_session_is_no_press_link_and_a_link_no_session(void **state)
{
    struct room *r = *state;
    char signed_in[TOKEN_TEXT + 1];
    assert_int_equal(by_link(r, r->token, NOW_MS), ERR_NOT_FOUND);
    assert_int_equal(by_token(r, r->key, NOW_MS), ERR_NOT_FOUND);
    sign_in(r, "bao", signed_in); /* a press account never signs in */
    assert_int_equal(by_token(r, signed_in, NOW_MS), ERR_NOT_FOUND);
}

static void only_a_press_account_has_a_link(void **state)
{
    struct room *r = *state;
    char key[TOKEN_TEXT + 1];
    struct account a = account_of("minh", ROLE_ORGANISER);
    token_make(key);
    assert_true(link_hash(str_of(key), a.secret));
    assert_int_equal(account_add(r->store, &a), ERR_OK);
    assert_int_equal(by_link(r, key, NOW_MS), ERR_NOT_FOUND);
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(s15_a_token_opens_what_its_account_may_see),
        ROOM(what_is_no_token_of_ours_is_nobody),
        ROOM(a_session_ends_after_twelve_hours),
        ROOM(s15_who_is_locked_or_expired_is_nobody_at_once),
        ROOM(s15_who_has_expired_is_nobody),
        ROOM(a_stranger_who_guesses_sends_nobody_away),
        ROOM(who_signed_out_or_is_gone_is_nobody),
        ROOM(s15_a_session_is_no_press_link_and_a_link_no_session),
        ROOM(only_a_press_account_has_a_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
