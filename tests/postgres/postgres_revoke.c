/*
 * postgres_revoke.c - who is revoked before it comes is kept out also when it
 * comes to another server at the same moment: either the revocation sees the
 * device or its admission sees the revocation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "sync/aggregator/admin/admin.h"
#include "sync/aggregator/store/office.h"
#include "tests/support/cli_run.h"
#include "tests/support/place.h"
#include "tests/support/raw.h"

static struct {
    char where[SCRATCH_ROOM];
    struct store *here, *there; /* of two servers */
} desk;

static const char name[] = "abcdefghijklmnop";

static int open_desk(void **state)
{
    (void)state;
    place_make(desk.where);
    assert_int_equal(store_open(desk.where, STORE_WRITE, NULL, &desk.here),
                     ERR_OK);
    assert_int_equal(store_open(desk.where, STORE_WRITE, NULL, &desk.there),
                     ERR_OK);
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    store_close(desk.there);
    store_close(desk.here);
    place_remove(desk.where);
    return 0;
}

static enum err admit(struct store *s)
{
    struct device d = { .fair = "XUAN", .booth = "A1", .label = "1" };
    const struct admitted a = { STR("{}"), STR("00"), STR("till"), NULL };
    snprintf(d.device, sizeof(d.device), "%s", name);
    return store_admit(s, &d, &a);
}

static int revoke(struct store *s)
{
    static const char *const words[] = { name };
    const struct office_host host = { .store = s, .where = desk.where };
    const struct cli_program program = { .name = "fair-aggregator",
                                         .ctx = (void *)(uintptr_t)&host };
    struct cli cli = { .program = &program,
                       .data = desk.where,
                       .args = words,
                       .n_args = 1,
                       .n_given = 2,
                       .given = { { "store", "" }, { "unknown", "" } } };
    CLI_RESULT r;
    buf_init(&cli.out, MAX_TEXT);
    buf_init(&cli.detail, MAX_TEXT);
    r.code = (int)admin_revoke(&cli);
    r.out = cli.out;
    r.err = cli.detail;
    return r.code;
}

static void expect_revoked(void)
{
    struct device d;
    assert_int_equal(store_device(desk.here, str_of(name), &d), ERR_OK);
    assert_int_equal(d.state, DEVICE_REVOKED);
}

/* Who would have to wait for the other gives up instead. */
static void hurry(struct store *s)
{
    raw_exec(s, "SET lock_timeout = 30");
}

static void a_revocation_waits_for_who_is_being_admitted(void **state)
{
    (void)state;
    hurry(desk.there);
    assert_int_equal(store_group_begin(desk.here), ERR_OK);
    assert_int_equal(admit(desk.here), ERR_OK);
    assert_int_equal(revoke(desk.there), ERR_BUSY);
    assert_int_equal(store_group_commit(desk.here), ERR_OK);
    assert_int_equal(revoke(desk.there), ERR_OK);
    expect_revoked();
}

static void an_admission_waits_for_who_revokes_ahead(void **state)
{
    const struct decision d = { .what = "revoke",
                                .first = 1,
                                .last = INT64_MAX };
    (void)state;
    hurry(desk.there);
    assert_int_equal(store_group_begin(desk.here), ERR_OK);
    assert_int_equal(store_admission_lock(desk.here), ERR_OK);
    assert_int_equal(store_decide_ahead(desk.here, str_of(name), &d), ERR_OK);
    assert_int_equal(admit(desk.there), ERR_BUSY);
    assert_int_equal(store_group_commit(desk.here), ERR_OK);
    assert_int_equal(admit(desk.there), ERR_OK);
    expect_revoked();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_revocation_waits_for_who_is_being_admitted),
        TEST(an_admission_waits_for_who_revokes_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
