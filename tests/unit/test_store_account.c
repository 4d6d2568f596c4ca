/*
 * test_store_account.c - accounts, sessions and accesses as rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/store/account.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/place.h"
#include "tests/support/raw.h"

struct room {
    char dir[SCRATCH_ROOM];
    struct store *store;
};

static int open_room(void **state)
{
    struct room *r = x_alloc(sizeof(*r));
    place_make(r->dir);
    assert_int_equal(store_open(r->dir, STORE_WRITE, NULL, &r->store), ERR_OK);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    store_close(r->store);
    place_remove(r->dir);
    free(r);
    return 0;
}

static struct account sample(const char *name, enum role role)
{
    struct account a = { .role = role,
                         .fair = "XUAN",
                         .booth = "A1",
                         .locked = true,
                         .fails = 3,
                         .locked_until_ms = 1234567890123,
                         .expires_ms = 1334567890123,
                         .made_ms = 1134567890123 };
    snprintf(a.name, sizeof(a.name), "%s", name);
    snprintf(a.secret, sizeof(a.secret), "secret of %s", name);
    return a;
}

static void same(const struct account *a, const struct account *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->role, b->role);
    assert_string_equal(a->fair, b->fair);
    assert_string_equal(a->booth, b->booth);
    assert_string_equal(a->secret, b->secret);
    assert_int_equal(a->locked, b->locked);
    assert_int_equal(a->fails, b->fails);
    assert_int_equal(a->locked_until_ms, b->locked_until_ms);
    assert_int_equal(a->expires_ms, b->expires_ms);
    assert_int_equal(a->made_ms, b->made_ms);
}

/* ---- accounts ------------------------------------------------------------ */

static void s15_every_role_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < ROLES; i++)
        assert_int_equal(role_of(str_of(role_word((enum role)i))), i);
    assert_int_equal(role_of(STR("Booth")), ROLES);
    assert_int_equal(role_of(STR("")), ROLES);
}

static void an_account_is_given_back_as_it_was_put(void **state)
{
    struct room *r = *state;
    struct account a = sample("lan", ROLE_BOOTH), got;
    assert_int_equal(account_add(r->store, &a), ERR_OK);
    assert_int_equal(account_get(r->store, STR("lan"), &got), ERR_OK);
    same(&got, &a);
    assert_int_equal(account_by_secret(r->store, STR("secret of lan"), &got),
                     ERR_OK);
    same(&got, &a);
}

static void nobody_is_found_under_another_name_or_secret(void **state)
{
    struct room *r = *state;
    struct account a = sample("lan", ROLE_BOOTH), got = sample("as-it-was", 1);
    struct account before = got;
    assert_int_equal(account_add(r->store, &a), ERR_OK);
    assert_int_equal(account_get(r->store, STR("LAN"), &got), ERR_NOT_FOUND);
    assert_int_equal(account_get(r->store, STR(""), &got), ERR_NOT_FOUND);
    assert_int_equal(account_by_secret(r->store, STR("secret"), &got),
                     ERR_NOT_FOUND);
    same(&got, &before);
}

static void a_name_is_taken_once(void **state)
{
    struct room *r = *state;
    struct account a = sample("lan", ROLE_BOOTH), other = a, got;
    snprintf(other.secret, sizeof(other.secret), "another");
    other.role = ROLE_ADMINISTRATOR;
    assert_int_equal(account_add(r->store, &a), ERR_OK);
    assert_int_equal(account_add(r->store, &other), ERR_EXISTS);
    assert_int_equal(account_get(r->store, STR("lan"), &got), ERR_OK);
    same(&got, &a);
}

static void all_but_name_and_making_can_be_changed(void **state)
{
    struct room *r = *state;
    struct account a = sample("lan", ROLE_BOOTH), got, wanted;
    assert_int_equal(account_add(r->store, &a), ERR_OK);
    wanted = (struct account){ .name = "lan",
                               .role = ROLE_STAFF,
                               .fair = "HA",
                               .secret = "new",
                               .made_ms = a.made_ms };
    struct account put = wanted;
    put.made_ms = 5;
    assert_int_equal(account_put(r->store, &put), ERR_OK);
    assert_int_equal(account_get(r->store, STR("lan"), &got), ERR_OK);
    same(&got, &wanted);
    snprintf(put.name, sizeof(put.name), "nobody");
    assert_int_equal(account_put(r->store, &put), ERR_NOT_FOUND);
}

static enum err note_name(void *ctx, const struct account *a)
{
    buf_printf(ctx, "%s ", a->name);
    return ERR_OK;
}

static void the_highest_roles_come_first_then_names(void **state)
{
    static const struct {
        const char *name;
        enum role role;
    } rows[] = { { "b", ROLE_PRESS },         { "a", ROLE_PRESS },
                 { "c", ROLE_BOOTH },         { "d", ROLE_ADMINISTRATOR },
                 { "e", ROLE_ADMINISTRATOR }, { "f", ROLE_STAFF },
                 { "g", ROLE_ORGANISER } };
    struct room *r = *state;
    BUF(names, MAX_TEXT);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct account a = sample(rows[i].name, rows[i].role);
        assert_int_equal(account_add(r->store, &a), ERR_OK);
    }
    assert_int_equal(account_each(r->store, note_name, &names), ERR_OK);
    assert_string_equal(buf_text(&names), "d e g f c a b ");
}

/* ---- sessions ------------------------------------------------------------ */

static struct session session_of(uint8_t hash, const char *account,
                                 int64_t since_ms, int64_t expires_ms)
{
    struct session s = { .since_ms = since_ms, .expires_ms = expires_ms };
    memset(s.hash, hash, sizeof(s.hash));
    snprintf(s.account, sizeof(s.account), "%s", account);
    return s;
}

static bool has(struct room *r, uint8_t hash)
{
    struct session got, wanted = session_of(hash, "", 0, 0);
    enum err e = session_get(r->store, wanted.hash, &got);
    assert_true(e == ERR_OK || e == ERR_NOT_FOUND);
    if (e == ERR_OK)
        assert_memory_equal(got.hash, wanted.hash, SESSION_HASH);
    return e == ERR_OK;
}

static void a_session_is_found_by_its_hash_until_it_is_dropped(void **state)
{
    struct room *r = *state;
    struct session s = session_of(1, "lan", 100, 200), got;
    assert_int_equal(session_add(r->store, &s), ERR_OK);
    assert_int_equal(session_get(r->store, s.hash, &got), ERR_OK);
    assert_string_equal(got.account, "lan");
    assert_int_equal(got.since_ms, 100);
    assert_int_equal(got.expires_ms, 200);
    assert_false(has(r, 2));
    assert_int_equal(session_drop(r->store, s.hash), ERR_OK);
    assert_false(has(r, 1));
    assert_int_equal(session_drop(r->store, s.hash), ERR_OK);
}

static void expired_sessions_are_forgotten_when_one_begins(void **state)
{
    struct room *r = *state;
    struct session all[] = { session_of(1, "lan", 100, 200),
                             session_of(2, "lan", 100, 201),
                             session_of(3, "minh", 200, 300) };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_int_equal(session_add(r->store, &all[i]), ERR_OK);
    assert_false(has(r, 1));
    assert_true(has(r, 2));
    assert_true(has(r, 3));
}

static void all_sessions_of_one_account_end_at_once(void **state)
{
    struct room *r = *state;
    struct session all[] = { session_of(1, "lan", 1, 2),
                             session_of(2, "minh", 1, 2),
                             session_of(3, "lan", 1, 2) };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_int_equal(session_add(r->store, &all[i]), ERR_OK);
    assert_int_equal(session_drop_all(r->store, STR("lan")), ERR_OK);
    assert_false(has(r, 1));
    assert_true(has(r, 2));
    assert_false(has(r, 3));
}

/* ---- accesses ------------------------------------------------------------ */

static void add_access(struct room *r, int64_t at_ms, const char *account,
                       const char *what)
{
    struct access a = { at_ms, str_of(account), str_of(what), STR("days") };
    assert_int_equal(access_add(r->store, &a), ERR_OK);
}

static enum err note_access(void *ctx, const struct access *a)
{
    buf_printf(ctx, "%lld", (long long)a->at_ms);
    const struct str texts[] = { a->account, a->what, a->detail };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        buf_putc(ctx, ' ');
        buf_str(ctx, texts[i]);
    }
    buf_putc(ctx, '\n');
    return ERR_OK;
}

static void s15_the_newest_accesses_come_first(void **state)
{
    struct room *r = *state;
    BUF(got, MAX_TEXT);
    add_access(r, 1, "lan", "sign-in");
    add_access(r, 2, "", "refused");
    add_access(r, 3, "minh", "export");
    assert_int_equal(access_each(r->store, 2, note_access, &got), ERR_OK);
    assert_string_equal(buf_text(&got),
                        "3 minh export days\n2  refused days\n");
    buf_clear(&got);
    assert_int_equal(access_each(r->store, 100, note_access, &got), ERR_OK);
    assert_string_equal(buf_text(&got), "3 minh export days\n2  refused days\n"
                                        "1 lan sign-in days\n");
}

static void a_list_without_accesses_is_empty(void **state)
{
    struct room *r = *state;
    BUF(got, MAX_TEXT);
    int64_t at_ms = 5;
    assert_int_equal(access_each(r->store, 2, note_access, &got), ERR_OK);
    assert_int_equal(got.len, 0);
    assert_int_equal(access_last(r->store, STR("lan"), "sign-in", &at_ms),
                     ERR_OK);
    assert_int_equal(at_ms, 0);
}

static void the_last_sign_in_is_that_account_s(void **state)
{
    struct room *r = *state;
    int64_t at_ms = 0;
    add_access(r, 7, "lan", "sign-in");
    add_access(r, 6, "lan", "sign-in");
    add_access(r, 8, "lan", "refused");
    add_access(r, 9, "minh", "sign-in");
    assert_int_equal(access_last(r->store, STR("lan"), "sign-in", &at_ms),
                     ERR_OK);
    assert_int_equal(at_ms, 7);
}

static void the_list_keeps_the_newest_100000(void **state)
{
    struct room *r = *state;
    static const char fill[] =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 99999) INSERT INTO access (id, at_ms, account, what, "
        "detail)"
        " SELECT i, i, 'lan', 'export', '' FROM n";
    raw_exec(r->store, fill);
    add_access(r, 100000, "lan", "export");
    assert_int_equal(raw_int(r->store, "SELECT count(*) FROM access"), 100000);
    add_access(r, 100001, "lan", "export");
    assert_int_equal(raw_int(r->store, "SELECT count(*) FROM access"), 100000);
    assert_int_equal(raw_int(r->store, "SELECT min(at_ms) FROM access"), 2);
}

static void an_access_is_of_a_known_kind(void **state)
{
    struct room *r = *state;
    struct access a = { 1, STR("lan"), STR("looked"), STR("") };
    assert_int_equal(access_add(r->store, &a), ERR_INVALID);
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s15_every_role_has_a_word_of_its_own),
        ROOM(an_account_is_given_back_as_it_was_put),
        ROOM(nobody_is_found_under_another_name_or_secret),
        ROOM(a_name_is_taken_once),
        ROOM(all_but_name_and_making_can_be_changed),
        ROOM(the_highest_roles_come_first_then_names),
        ROOM(a_session_is_found_by_its_hash_until_it_is_dropped),
        ROOM(expired_sessions_are_forgotten_when_one_begins),
        ROOM(all_sessions_of_one_account_end_at_once),
        ROOM(s15_the_newest_accesses_come_first),
        ROOM(a_list_without_accesses_is_empty),
        ROOM(the_last_sign_in_is_that_account_s),
        ROOM(the_list_keeps_the_newest_100000),
        ROOM(an_access_is_of_a_known_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
