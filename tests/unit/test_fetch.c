/*
 * test_fetch.c - the lists of a booth come whole or not at all, and only the
 * pages that are not held (sync/PROTOCOL.md 8.3).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "sync/agent/session.h"
#include "tests/support/sender.h"

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;

static struct inbox *inbox(enum inbox_mode mode)
{
    return sender_inbox(dir, mode);
}

static int set_up(void **state)
{
    (void)state;
    sender_init(dir, &fake, &session);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sender_done(dir, &fake, &session);
    return 0;
}

static void fault(int n, enum fake_fault what)
{
    fake.requests = 0;
    fake.fault_at = n;
    fake.fault = what;
}

static void list_is(int64_t version, const char *text)
{
    struct inbox *in = inbox(INBOX_READ);
    int64_t held = 0;
    BUF(list, MAX_LIST);
    enum err e = fake_held(&fake, in, &held, &list);
    assert_int_equal(e, version > 0 ? ERR_OK : ERR_NOT_FOUND);
    assert_int_equal(held, version);
    assert_string_equal(buf_text(&list), text);
    inbox_close(in);
}

static void pages_held_already_are_not_fetched_again(void **state)
{
    (void)state;
    fake_lists(&fake, 1, 2, 7);
    assert_int_equal(session_run(&session), ERR_OK);
    list_is(1, "{\"page\":0,\"seed\":7}\n{\"page\":1,\"seed\":7}\n");
    assert_int_equal(fake.asked_pages, 2);
    fake_lists(&fake, 2, 3, 7);
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(fake.asked_pages, 3);
    list_is(2, "{\"page\":0,\"seed\":7}\n{\"page\":1,\"seed\":7}\n"
               "{\"page\":2,\"seed\":7}\n");
    assert_int_equal(session.list, 2);
}

static void change_once(struct fake *f)
{
    if (f->requests == 3)
        fake_lists(f, 2, 2, 2);
}

static void lists_that_change_on_the_way_are_asked_for_again(void **state)
{
    (void)state;
    fake_lists(&fake, 1, 2, 1);
    fake.look = change_once;
    assert_int_equal(session_run(&session), ERR_OK);
    list_is(2, "{\"page\":0,\"seed\":2}\n{\"page\":1,\"seed\":2}\n");
}

static void change_always(struct fake *f)
{
    fake_lists(f, f->requests + 1, 2, f->requests);
}

static void lists_that_never_come_whole_leave_the_old_ones(void **state)
{
    (void)state;
    fake_lists(&fake, 1, 1, 1);
    assert_int_equal(session_run(&session), ERR_OK);
    fake.look = change_always;
    assert_int_equal(session_run(&session), ERR_LISTS);
    list_is(1, "{\"page\":0,\"seed\":1}\n");
    assert_string_equal(session.state, "active");
}

static void a_page_of_other_bytes_is_not_taken(void **state)
{
    (void)state;
    fake_lists(&fake, 1, 1, 1);
    fault(3, FAKE_PAGE);
    assert_int_equal(session_run(&session), ERR_OK);
    list_is(1, "{\"page\":0,\"seed\":1}\n");
    fake_lists(&fake, 2, 1, 2);
    fault(0, FAKE_PAGE);
    assert_int_equal(session_run(&session), ERR_LISTS);
    list_is(1, "{\"page\":0,\"seed\":1}\n");
}

static void older_lists_are_not_gone_back_to(void **state)
{
    (void)state;
    fake_lists(&fake, 5, 1, 5);
    assert_int_equal(session_run(&session), ERR_OK);
    fake_lists(&fake, 4, 1, 4);
    assert_int_equal(session_run(&session), ERR_OK);
    list_is(5, "{\"page\":0,\"seed\":5}\n");
}

static void lists_of_another_booth_are_not_taken(void **state)
{
    (void)state;
    fake_lists(&fake, 1, 1, 1);
    fake.booth = "B2";
    assert_int_equal(session_run(&session), ERR_LISTS);
    assert_int_equal(fake.asked_pages, 0);
    list_is(0, "");
    fake.booth = "A1";
    assert_int_equal(session_run(&session), ERR_OK);
    list_is(1, "{\"page\":0,\"seed\":1}\n");
}

static void meddle(const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, "sync.db"), &db),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static int64_t now_ms;

static int64_t then_ms(void *ctx)
{
    (void)ctx;
    return now_ms;
}

/* Looking takes longer than all else: a visit a little later does not. */
static void lists_are_looked_at_again_after_five_minutes(void **state)
{
    enum { MINUTE_MS = 60000 };
    struct env env = *env_get();
    (void)state;
    env.mono_ms = then_ms;
    env_use(&env);
    fake_lists(&fake, 2, 2, 1);
    now_ms = MINUTE_MS;
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(fake.asked_pages, 2);
    meddle("DELETE FROM page");
    now_ms += 5 * MINUTE_MS - 1;
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(fake.asked_pages, 2);
    now_ms++;
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(fake.asked_pages, 4);
    list_is(2, "{\"page\":0,\"seed\":1}\n{\"page\":1,\"seed\":1}\n");
}

static void lists_that_are_damaged_are_fetched_anew(void **state)
{
    static const char *const damages[] = {
        "DELETE FROM list",
        "DELETE FROM page",
        "DELETE FROM page WHERE CAST(bytes AS TEXT) LIKE '%1,%'",
        "UPDATE page SET bytes = x'ff'",
        "UPDATE list SET manifest = x'ff'",
        "UPDATE contact SET list = 9",
    };
    (void)state;
    fake_lists(&fake, 2, 2, 1);
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        assert_int_equal(session_run(&session), ERR_OK);
        meddle(damages[i]);
        session.list_looked_ms = 0; /* minutes later */
        assert_int_equal(session_run(&session), ERR_OK);
        assert_int_equal(session.list, 2);
        list_is(2, "{\"page\":0,\"seed\":1}\n{\"page\":1,\"seed\":1}\n");
    }
}

/* Its sync.db came here: of an equal version, or a higher one. */
static void another_booths_lists_are_replaced_by_ours(void **state)
{
    (void)state;
    for (int64_t version = 3; version <= 4; version++) {
        struct inbox *in;
        struct manifest m;
        struct str rest;
        BUF(lines, MANIFEST_ROOM);
        fake_lists(&fake, version, 2, 1);
        assert_int_equal(session_run(&session), ERR_OK);
        fake_manifest(&fake, "B2", &lines);
        in = inbox(INBOX_WRITE);
        assert_int_equal(
            manifest_decode(buf_slice(&lines), fake.key.public_key, &m, &rest),
            ERR_OK);
        assert_int_equal(inbox_adopt(in, &m, buf_slice(&lines)), ERR_OK);
        free(m.pages);
        inbox_close(in);
        session.list_looked_ms = 0; /* minutes later */
        fake_lists(&fake, 3, 2, 1);
        assert_int_equal(session_run(&session), ERR_OK);
        assert_int_equal(session.list, 3);
        list_is(3, "{\"page\":0,\"seed\":1}\n{\"page\":1,\"seed\":1}\n");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_held_already_are_not_fetched_again),
        TEST(lists_that_change_on_the_way_are_asked_for_again),
        TEST(lists_that_never_come_whole_leave_the_old_ones),
        TEST(a_page_of_other_bytes_is_not_taken),
        TEST(lists_of_another_booth_are_not_taken),
        TEST(lists_are_looked_at_again_after_five_minutes),
        TEST(lists_that_are_damaged_are_fetched_anew),
        TEST(another_booths_lists_are_replaced_by_ours),
        TEST(older_lists_are_not_gone_back_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
