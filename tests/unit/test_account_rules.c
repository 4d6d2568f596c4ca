/*
 * test_account_rules.c - what a role may see, which fields it has, and how
 * long wrong passwords wait.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "sync/aggregator/account/account_rules.h"

enum { NOW_MS = 1000000 };

static struct account account_of(const char *name, enum role role,
                                 const char *fair, const char *booth)
{
    struct account a = { .role = role };
    snprintf(a.name, sizeof(a.name), "%s", name);
    snprintf(a.fair, sizeof(a.fair), "%s", fair);
    snprintf(a.booth, sizeof(a.booth), "%s", booth);
    a.expires_ms = role == ROLE_PRESS ? NOW_MS : 0;
    return a;
}

/* ---- who sees what ------------------------------------------------------- */

static void s15_a_role_sees_its_fairs_and_no_other(void **state)
{
    static const struct {
        enum role role;
        const char *fair;
        bool own, other;
    } rows[] = {
        { ROLE_NONE, "", false, false },
        { ROLE_NONE, "XUAN", false, false },
        { ROLE_PRESS, "XUAN", true, false },
        { ROLE_BOOTH, "XUAN", true, false },
        { ROLE_STAFF, "XUAN", true, false },
        { ROLE_ORGANISER, "XUAN", true, false },
        { ROLE_ORGANISER, "", true, true },
        { ROLE_ADMINISTRATOR, "", true, true },
        { ROLE_STAFF, "", false, false }, /* no such account is let in */
        { ROLE_BOOTH, "", false, false },
        { ROLE_PRESS, "", false, false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct login who = { .role = rows[i].role };
        snprintf(who.fair, sizeof(who.fair), "%s", rows[i].fair);
        assert_int_equal(login_sees_fair(&who, STR("XUAN")), rows[i].own);
        assert_int_equal(login_sees_fair(&who, STR("HA")), rows[i].other);
        assert_false(login_sees_fair(&who, STR("")));
    }
}

static void s15_what_roles_may_is_a_ladder(void **state)
{
    static const struct {
        unsigned who;
        enum role lowest;
    } rows[] = { { MAY_ADMIN, ROLE_ADMINISTRATOR },
                 { MAY_ORGANISE, ROLE_ORGANISER },
                 { MAY_FAIR, ROLE_STAFF },
                 { MAY_OWN, ROLE_BOOTH },
                 { MAY_ANYBODY, ROLE_NONE } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (int role = ROLE_NONE; role < ROLES; role++)
            assert_int_equal((rows[i].who & MAY(role)) != 0,
                             role >= (int)rows[i].lowest);
    }
}

/* ---- the fields of a role ------------------------------------------------ */

static void s15_an_account_has_the_fields_of_its_role(void **state)
{
    static const struct {
        enum role role;
        const char *fair, *booth;
        enum err e;
    } rows[] = {
        { ROLE_ADMINISTRATOR, "", "", ERR_OK },
        { ROLE_ADMINISTRATOR, "XUAN", "", ERR_INVALID },
        { ROLE_ADMINISTRATOR, "", "A1", ERR_INVALID },
        { ROLE_ORGANISER, "", "", ERR_OK },
        { ROLE_ORGANISER, "XUAN", "", ERR_OK },
        { ROLE_ORGANISER, "XUAN", "A1", ERR_INVALID },
        { ROLE_STAFF, "XUAN", "", ERR_OK },
        { ROLE_STAFF, "", "", ERR_INVALID },
        { ROLE_STAFF, "xuan", "", ERR_INVALID },
        { ROLE_STAFF, "XUAN", "A1", ERR_INVALID },
        { ROLE_BOOTH, "XUAN", "A1", ERR_OK },
        { ROLE_BOOTH, "XUAN", "", ERR_INVALID },
        { ROLE_BOOTH, "", "A1", ERR_INVALID },
        { ROLE_BOOTH, "XUAN", "a1", ERR_INVALID },
        { ROLE_PRESS, "XUAN", "", ERR_OK },
        { ROLE_PRESS, "", "", ERR_INVALID },
        { ROLE_PRESS, "XUAN", "A1", ERR_INVALID },
        { ROLE_NONE, "", "", ERR_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct account a =
            account_of("lan", rows[i].role, rows[i].fair, rows[i].booth);
        assert_int_equal(account_check(&a), rows[i].e);
    }
}

static void s15_a_press_link_always_expires(void **state)
{
    (void)state;
    struct account a = account_of("lan", ROLE_PRESS, "XUAN", "");
    assert_int_equal(account_check(&a), ERR_OK);
    a.expires_ms = 0;
    assert_int_equal(account_check(&a), ERR_INVALID);
    a.expires_ms = -1;
    assert_int_equal(account_check(&a), ERR_INVALID);
}

static void a_name_is_of_plain_small_characters(void **state)
{
    static const struct {
        const char *name;
        enum err e;
    } rows[] = {
        { "a", ERR_OK },
        { "lan.nguyen_2-b", ERR_OK },
        { "0123456789abcdefghijklmnopqrstuv", ERR_OK },
        { "", ERR_INVALID },
        { "Lan", ERR_INVALID },
        { "lan nguyen", ERR_INVALID },
        { "lân", ERR_INVALID },
        { "lan<b>", ERR_INVALID },
        { "lan\n", ERR_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct account a = account_of(rows[i].name, ROLE_ORGANISER, "", "");
        assert_int_equal(account_check(&a), rows[i].e);
    }
}

/* ---- wrong passwords ----------------------------------------------------- */

static void the_fifth_wrong_password_locks_and_the_wait_doubles(void **state)
{
    static const int64_t waits_s[] = { 0,   0,   0,   0,    30,   60,   120,
                                       240, 480, 960, 1920, 3600, 3600, 3600 };
    (void)state;
    struct account a = account_of("lan", ROLE_STAFF, "XUAN", "");
    int64_t now = NOW_MS;
    for (size_t i = 0; i < ARRAY_LEN(waits_s); i++) {
        account_wrong(&a, now);
        assert_int_equal(a.fails, (int64_t)i + 1);
        int64_t until = now + waits_s[i] * 1000;
        if (waits_s[i] > 0) {
            assert_int_equal(a.locked_until_ms, until);
            assert_int_equal(account_open(&a, until - 1), ERR_BUSY);
        }
        assert_int_equal(account_open(&a, until), ERR_OK);
        now = until;
    }
}

static void very_many_wrong_passwords_wait_no_longer_than_an_hour(void **state)
{
    (void)state;
    struct account a = account_of("lan", ROLE_STAFF, "XUAN", "");
    a.fails = INT64_C(1) << 40;
    account_wrong(&a, NOW_MS);
    assert_int_equal(a.locked_until_ms, NOW_MS + LOCK_MOST_S * 1000);
}

static void a_right_password_sets_both_back(void **state)
{
    (void)state;
    struct account a = account_of("lan", ROLE_STAFF, "XUAN", "");
    for (int i = 0; i < 6; i++)
        account_wrong(&a, NOW_MS);
    account_right(&a);
    assert_int_equal(a.fails, 0);
    assert_int_equal(account_open(&a, NOW_MS), ERR_OK);
    for (int i = 0; i < TRIES_BEFORE_LOCK - 1; i++)
        account_wrong(&a, NOW_MS);
    assert_int_equal(account_open(&a, NOW_MS), ERR_OK);
}

static void what_a_person_locked_opens_by_no_time(void **state)
{
    (void)state;
    struct account a = account_of("lan", ROLE_STAFF, "XUAN", "");
    a.locked = true;
    account_right(&a);
    assert_int_equal(account_open(&a, INT64_MAX), ERR_REVOKED);
    a.locked = false;
    assert_int_equal(account_open(&a, NOW_MS), ERR_OK);
}

static void s15_an_account_ends_when_it_expires(void **state)
{
    (void)state;
    struct account a = account_of("lan", ROLE_STAFF, "XUAN", "");
    a.expires_ms = NOW_MS;
    assert_int_equal(account_open(&a, NOW_MS - 1), ERR_OK);
    assert_int_equal(account_open(&a, NOW_MS), ERR_EXPIRED);
    a.expires_ms = 0;
    assert_int_equal(account_open(&a, INT64_MAX), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s15_a_role_sees_its_fairs_and_no_other),
        cmocka_unit_test(s15_what_roles_may_is_a_ladder),
        cmocka_unit_test(s15_an_account_has_the_fields_of_its_role),
        cmocka_unit_test(s15_a_press_link_always_expires),
        cmocka_unit_test(a_name_is_of_plain_small_characters),
        cmocka_unit_test(the_fifth_wrong_password_locks_and_the_wait_doubles),
        cmocka_unit_test(very_many_wrong_passwords_wait_no_longer_than_an_hour),
        cmocka_unit_test(a_right_password_sets_both_back),
        cmocka_unit_test(what_a_person_locked_opens_by_no_time),
        cmocka_unit_test(s15_an_account_ends_when_it_expires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
