/*
 * test_account_deeds.c - signing in, locking, sharing and new passwords: what
 * changes, which sessions end, and what the list of accesses says.
 *
 * Whether a password fits is a fact here; judging it is test_secrets.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/account/deeds.h"
#include "tests/support/scratch.h"

#define SECRET_OF_LAN "what lan's password hashes to"

struct room {
    char dir[SCRATCH_ROOM];
    struct store *store;
    int64_t now_ms;
    uint8_t sessions; /* begun so far */
};

static struct account account_of(const char *name, enum role role)
{
    struct account a = { .role = role, .fair = "XUAN", .made_ms = 1 };
    snprintf(a.name, sizeof(a.name), "%s", name);
    snprintf(a.secret, sizeof(a.secret), "what %s's password hashes to", name);
    return a;
}

static struct deed deed_now(const struct room *r, const char *by)
{
    return (struct deed){ r->now_ms, str_of(by) };
}

static void add(struct room *r, const struct account *a)
{
    struct deed deed = deed_now(r, "test");
    assert_int_equal(deed_add(r->store, &deed, a), ERR_OK);
}

static int open_room(void **state)
{
    struct room *r = x_alloc(sizeof(*r));
    scratch_make(r->dir);
    assert_int_equal(store_open(r->dir, STORE_WRITE, NULL, &r->store), ERR_OK);
    r->now_ms = 1000000;
    struct account lan = account_of("lan", ROLE_STAFF);
    struct account minh = account_of("minh", ROLE_STAFF);
    add(r, &lan);
    add(r, &minh);
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

/* ---- what is looked at --------------------------------------------------- */

static enum err note_access(void *ctx, const struct access *a)
{
    const struct str texts[] = { a->account, a->what, a->detail };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        buf_str(ctx, texts[i]);
        buf_putc(ctx, i < 2 ? ' ' : ';');
    }
    return ERR_OK;
}

/* "account what detail;" from the newest on. */
static void accesses_are(struct room *r, const char *wanted)
{
    BUF(got, MAX_TEXT);
    assert_int_equal(access_each(r->store, 100, note_access, &got), ERR_OK);
    assert_string_equal(buf_text(&got), wanted);
}

static struct account get(struct room *r, const char *name)
{
    struct account a;
    assert_int_equal(account_get(r->store, str_of(name), &a), ERR_OK);
    return a;
}

/* The hash of a session that is nobody else's. */
static void hash_of(uint8_t session, uint8_t out[SESSION_HASH])
{
    memset(out, session, SESSION_HASH);
}

static bool is_open(struct room *r, uint8_t session)
{
    uint8_t hash[SESSION_HASH];
    struct session got;
    hash_of(session, hash);
    return session_get(r->store, hash, &got) == ERR_OK;
}

static struct signed_in try_as(struct room *r, const char *name, bool right)
{
    struct deed deed = deed_now(r, "10.0.0.7");
    struct sign_in in = { .name = str_of(name),
                          .right = right,
                          .secret = SECRET_OF_LAN };
    struct signed_in out = { .outcome = ERR_COUNT };
    r->sessions++;
    hash_of(r->sessions, in.hash);
    assert_int_equal(deed_sign_in(r->store, &deed, &in, &out), ERR_OK);
    assert_int_equal(is_open(r, r->sessions), out.outcome == ERR_OK);
    assert_int_equal(out.wait_ms > 0, out.outcome == ERR_BUSY);
    return out;
}

static void change(struct room *r, void (*how)(struct account *a))
{
    struct account a = get(r, "lan");
    how(&a);
    assert_int_equal(account_put(r->store, &a), ERR_OK);
}

static void lock_it(struct account *a)
{
    a->locked = true;
}

static void expire_it(struct account *a)
{
    a->expires_ms = 1;
}

static void change_secret(struct account *a)
{
    snprintf(a->secret, sizeof(a->secret), "another");
}

/* ---- signing in ---------------------------------------------------------- */

static void a_right_password_begins_a_session_of_twelve_hours(void **state)
{
    struct room *r = *state;
    struct session got;
    uint8_t hash[SESSION_HASH];
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_OK);
    hash_of(1, hash);
    assert_int_equal(session_get(r->store, hash, &got), ERR_OK);
    assert_string_equal(got.account, "lan");
    assert_int_equal(got.since_ms, r->now_ms);
    assert_int_equal(got.expires_ms, r->now_ms + INT64_C(12) * 3600 * 1000);
    accesses_are(r, "lan sign-in 10.0.0.7;");
}

static void a_wrong_password_is_counted_and_recorded(void **state)
{
    struct room *r = *state;
    assert_int_equal(try_as(r, "lan", false).outcome, ERR_PIN_WRONG);
    assert_int_equal(get(r, "lan").fails, 1);
    assert_int_equal(get(r, "minh").fails, 0);
    accesses_are(r, "lan refused 10.0.0.7;");
}

static void a_right_password_forgets_the_wrong_ones(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < TRIES_BEFORE_LOCK - 1; i++)
        assert_int_equal(try_as(r, "lan", false).outcome, ERR_PIN_WRONG);
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_OK);
    assert_int_equal(get(r, "lan").fails, 0);
    assert_int_equal(try_as(r, "lan", false).outcome, ERR_PIN_WRONG);
}

static void after_five_wrong_ones_the_right_one_must_wait(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < TRIES_BEFORE_LOCK - 1; i++)
        assert_false(try_as(r, "lan", false).locked_now);
    struct signed_in fifth = try_as(r, "lan", false);
    assert_int_equal(fifth.outcome, ERR_BUSY);
    assert_true(fifth.locked_now);
    assert_int_equal(fifth.wait_ms, 30000);
    r->now_ms += 10000;
    struct signed_in early = try_as(r, "lan", true);
    assert_int_equal(early.outcome, ERR_BUSY);
    assert_false(early.locked_now);
    assert_int_equal(early.wait_ms, 20000);
    assert_int_equal(try_as(r, "minh", false).outcome, ERR_PIN_WRONG);
    r->now_ms += 20000;
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_OK);
}

static void the_next_wrong_one_waits_twice_as_long(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < TRIES_BEFORE_LOCK; i++)
        (void)try_as(r, "lan", false);
    r->now_ms += 30000;
    struct signed_in sixth = try_as(r, "lan", false);
    assert_true(sixth.locked_now);
    assert_int_equal(sixth.wait_ms, 60000);
}

static void tries_while_waiting_neither_count_nor_are_recorded(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < TRIES_BEFORE_LOCK; i++)
        (void)try_as(r, "lan", false);
    int64_t until_ms = get(r, "lan").locked_until_ms;
    for (int i = 0; i < 50; i++)
        assert_int_equal(try_as(r, "lan", false).outcome, ERR_BUSY);
    assert_int_equal(get(r, "lan").fails, TRIES_BEFORE_LOCK);
    assert_int_equal(get(r, "lan").locked_until_ms, until_ms);
    accesses_are(r, "lan locked 10.0.0.7;lan refused 10.0.0.7;"
                    "lan refused 10.0.0.7;lan refused 10.0.0.7;"
                    "lan refused 10.0.0.7;");
}

static void nobody_of_that_name_leaves_no_trace(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(try_as(r, "nobody", false).outcome, ERR_NOT_FOUND);
        assert_int_equal(try_as(r, "nobody", true).outcome, ERR_NOT_FOUND);
    }
    accesses_are(r, "");
}

static void s15_a_press_account_never_signs_in(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "lan");
    char key[TOKEN_TEXT + 1];
    struct account bao = account_of("bao", ROLE_PRESS);
    bao.expires_ms = r->now_ms + 1;
    assert_int_equal(deed_share(r->store, &deed, &bao, key), ERR_OK);
    assert_int_equal(try_as(r, "bao", true).outcome, ERR_NOT_FOUND);
    assert_int_equal(try_as(r, "bao", false).outcome, ERR_NOT_FOUND);
    assert_int_equal(get(r, "bao").fails, 0);
}

static void s15_who_is_locked_learns_it_only_with_the_right_password(
    void **state)
{
    struct room *r = *state;
    change(r, lock_it);
    assert_int_equal(try_as(r, "lan", false).outcome, ERR_PIN_WRONG);
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_REVOKED);
    assert_int_equal(get(r, "lan").fails, 0);
}

static void s15_who_has_expired_learns_it_only_with_the_right_password(
    void **state)
{
    struct room *r = *state;
    change(r, expire_it);
    assert_int_equal(try_as(r, "lan", false).outcome, ERR_PIN_WRONG);
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_EXPIRED);
}

static void a_password_changed_meanwhile_is_wrong(void **state)
{
    struct room *r = *state;
    change(r, change_secret);
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_PIN_WRONG);
}

static void signing_out_ends_that_session_alone(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "10.0.0.7");
    uint8_t hash[SESSION_HASH];
    (void)try_as(r, "lan", true);
    (void)try_as(r, "lan", true);
    hash_of(1, hash);
    assert_int_equal(deed_sign_out(r->store, &deed, STR("lan"), hash), ERR_OK);
    assert_false(is_open(r, 1));
    assert_true(is_open(r, 2));
    accesses_are(r, "lan sign-out 10.0.0.7;lan sign-in 10.0.0.7;"
                    "lan sign-in 10.0.0.7;");
}

/* ---- locking ------------------------------------------------------------- */

static void sign_in_minh(struct room *r)
{
    struct deed deed = deed_now(r, "10.0.0.7");
    struct account minh = get(r, "minh");
    struct sign_in in = { .name = STR("minh"),
                          .right = true,
                          .secret = minh.secret };
    struct signed_in out;
    r->sessions++;
    hash_of(r->sessions, in.hash);
    assert_int_equal(deed_sign_in(r->store, &deed, &in, &out), ERR_OK);
    assert_int_equal(out.outcome, ERR_OK);
}

static void s15_locking_ends_all_sessions_of_the_account(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "root");
    bool changed = false;
    (void)try_as(r, "lan", true);
    (void)try_as(r, "lan", true);
    sign_in_minh(r);
    assert_int_equal(deed_lock(r->store, &deed, STR("lan"), &changed), ERR_OK);
    assert_true(changed);
    assert_false(is_open(r, 1) || is_open(r, 2));
    assert_true(is_open(r, 3));
    assert_true(get(r, "lan").locked);
    assert_int_equal(deed_lock(r->store, &deed, STR("lan"), &changed), ERR_OK);
    assert_false(changed);
    accesses_are(r, "lan locked root;minh sign-in 10.0.0.7;"
                    "lan sign-in 10.0.0.7;lan sign-in 10.0.0.7;");
}

static void s15_letting_in_again_takes_back_both_kinds_of_lock(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "root");
    bool changed = false;
    for (int i = 0; i < TRIES_BEFORE_LOCK; i++)
        (void)try_as(r, "lan", false);
    assert_int_equal(deed_release(r->store, &deed, STR("lan"), &changed),
                     ERR_OK);
    assert_true(changed);
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_OK);
    change(r, lock_it);
    assert_int_equal(deed_release(r->store, &deed, STR("lan"), &changed),
                     ERR_OK);
    assert_true(changed);
    assert_int_equal(try_as(r, "lan", true).outcome, ERR_OK);
    assert_int_equal(deed_release(r->store, &deed, STR("lan"), &changed),
                     ERR_OK);
    assert_false(changed);
}

static void nobody_can_be_locked_or_let_in(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "root");
    bool changed = false;
    assert_int_equal(deed_lock(r->store, &deed, STR("nobody"), &changed),
                     ERR_NOT_FOUND);
    assert_int_equal(deed_release(r->store, &deed, STR("nobody"), &changed),
                     ERR_NOT_FOUND);
    assert_int_equal(deed_password(r->store, &deed, STR("nobody"), "x"),
                     ERR_NOT_FOUND);
}

/* ---- new passwords ------------------------------------------------------- */

static void a_password_set_by_others_ends_all_sessions(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "root");
    (void)try_as(r, "lan", true);
    (void)try_as(r, "lan", false);
    sign_in_minh(r);
    assert_int_equal(deed_password(r->store, &deed, STR("lan"), "another"),
                     ERR_OK);
    assert_false(is_open(r, 1));
    assert_true(is_open(r, 3));
    assert_string_equal(get(r, "lan").secret, "another");
    assert_int_equal(get(r, "lan").fails, 0);
    accesses_are(r, "lan password root;minh sign-in 10.0.0.7;"
                    "lan refused 10.0.0.7;lan sign-in 10.0.0.7;");
}

/* Lan sets another password from one of her sessions. */
static struct signed_in set_own(struct room *r, uint8_t session, bool right)
{
    struct deed deed = deed_now(r, "10.0.0.7");
    struct sign_in in = { .name = STR("lan"),
                          .right = right,
                          .secret = SECRET_OF_LAN };
    struct signed_in out = { .outcome = ERR_COUNT };
    hash_of(session, in.hash);
    assert_int_equal(deed_own_password(r->store, &deed, &in, "another", &out),
                     ERR_OK);
    assert_int_equal(strcmp(get(r, "lan").secret, "another") == 0,
                     out.outcome == ERR_OK);
    return out;
}

static void an_own_new_password_ends_the_other_sessions(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < 3; i++)
        (void)try_as(r, "lan", true);
    assert_int_equal(set_own(r, 2, true).outcome, ERR_OK);
    assert_false(is_open(r, 1) || is_open(r, 3));
    assert_true(is_open(r, 2));
}

static void a_session_of_somebody_else_is_not_kept(void **state)
{
    struct room *r = *state;
    (void)try_as(r, "lan", true);
    sign_in_minh(r);
    assert_int_equal(set_own(r, 2, true).outcome, ERR_OK);
    assert_false(is_open(r, 1));
    assert_true(is_open(r, 2));
}

static void wrong_ones_count_also_when_setting_another(void **state)
{
    struct room *r = *state;
    (void)try_as(r, "lan", true);
    for (int i = 0; i < TRIES_BEFORE_LOCK - 1; i++)
        assert_int_equal(set_own(r, 1, false).outcome, ERR_PIN_WRONG);
    assert_true(set_own(r, 1, false).locked_now);
    assert_int_equal(set_own(r, 1, true).outcome, ERR_BUSY);
    assert_true(is_open(r, 1));
}

/* ---- sharing ------------------------------------------------------------- */

static void s15_a_press_link_is_found_by_its_key_alone(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "lan");
    char key[TOKEN_TEXT + 1];
    struct login who;
    struct account bao = account_of("bao", ROLE_PRESS);
    bao.expires_ms = r->now_ms + 1;
    assert_int_equal(deed_share(r->store, &deed, &bao, key), ERR_OK);
    assert_int_equal(login_of_link(r->store, str_of(key), r->now_ms, &who),
                     ERR_OK);
    assert_string_equal(who.name, "bao");
    assert_string_equal(who.fair, "XUAN");
    assert_null(strstr(get(r, "bao").secret, key));
    assert_int_equal(deed_share(r->store, &deed, &bao, key), ERR_EXISTS);
    accesses_are(r, "bao share lan;");
}

static void s15_a_link_without_an_end_is_not_made(void **state)
{
    struct room *r = *state;
    struct deed deed = deed_now(r, "lan");
    char key[TOKEN_TEXT + 1];
    struct account bao = account_of("bao", ROLE_PRESS);
    assert_int_equal(deed_share(r->store, &deed, &bao, key), ERR_INVALID);
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(a_right_password_begins_a_session_of_twelve_hours),
        ROOM(a_wrong_password_is_counted_and_recorded),
        ROOM(a_right_password_forgets_the_wrong_ones),
        ROOM(after_five_wrong_ones_the_right_one_must_wait),
        ROOM(the_next_wrong_one_waits_twice_as_long),
        ROOM(tries_while_waiting_neither_count_nor_are_recorded),
        ROOM(nobody_of_that_name_leaves_no_trace),
        ROOM(s15_a_press_account_never_signs_in),
        ROOM(s15_who_is_locked_learns_it_only_with_the_right_password),
        ROOM(s15_who_has_expired_learns_it_only_with_the_right_password),
        ROOM(a_password_changed_meanwhile_is_wrong),
        ROOM(signing_out_ends_that_session_alone),
        ROOM(s15_locking_ends_all_sessions_of_the_account),
        ROOM(s15_letting_in_again_takes_back_both_kinds_of_lock),
        ROOM(nobody_can_be_locked_or_let_in),
        ROOM(a_password_set_by_others_ends_all_sessions),
        ROOM(an_own_new_password_ends_the_other_sessions),
        ROOM(wrong_ones_count_also_when_setting_another),
        ROOM(a_session_of_somebody_else_is_not_kept),
        ROOM(s15_a_press_link_is_found_by_its_key_alone),
        ROOM(s15_a_link_without_an_end_is_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
