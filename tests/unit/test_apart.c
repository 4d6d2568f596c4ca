/*
 * test_apart.c - a session in a process of its own: what it finds and why it
 * failed come back, its death is a failure like others, and it can be ended.
 */
#include "sync/agent/apart.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/ledger.h"
#include "sync/agent/http.h"
#include "sync/agent/watch.h"
#include "tests/support/sender.h"
#include "tests/support/till.h"

enum { HOUR_MS = 3600000 };

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;
static int end[2]; /* a pipe as a watcher has it */
static pid_t tester;

static int set_up(void **state)
{
    (void)state;
    https_break = 0;
    tester = getpid();
    assert_int_equal(pipe(end), 0);
    sender_init(dir, &fake, &session);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sender_done(dir, &fake, &session);
    close(end[0]);
    close(end[1]);
    return 0;
}

static int64_t acknowledged(void)
{
    struct inbox *in = sender_inbox(dir, INBOX_READ);
    struct inbox_state at;
    assert_int_equal(inbox_state(in, &at), ERR_OK);
    int64_t acked = at.acked;
    inbox_close(in);
    return acked;
}

/* As soon as a ledger is there it has an event, which says who we are. */
static void write_ledger(void)
{
    ledger_close(till_ledger_open(dir, LEDGER_WRITE));
}

static void what_it_finds_comes_back(void **state)
{
    (void)state;
    write_ledger();
    fake_lists(&fake, 3, 1, 1);
    assert_int_equal(session_apart(&session, end[0]), ERR_OK);
    assert_int_equal(session.events, 1);
    assert_int_equal(session.acknowledged, 1);
    assert_int_equal(session.list, 3);
    assert_string_equal(session.state, "active");
    assert_int_equal(acknowledged(), 1);
    assert_int_equal(fake.requests, 0); /* ours has seen none of it */
}

static void why_it_failed_comes_back(void **state)
{
    (void)state;
    write_ledger();
    fake.fault = FAKE_LOST_REQUEST;
    assert_int_equal(session_apart(&session, end[0]), ERR_UNREACHABLE);
    assert_string_equal(buf_text(&session.why), SENDER_SERVER);
    assert_int_equal(acknowledged(), 0);
}

/* As long a server's name as a session takes; one byte of it is too many. */
static void a_long_reason_ends_with_a_whole_character(void **state)
{
    static const struct {
        int digits; /* in front of as many "ộ" as there is room for */
        const char *last;
        size_t told;
    } names[] = { { 1, "ộ", 1021 }, { 2, "đ", 1022 }, { 0, "1", 1023 } };
    (void)state;
    write_ledger();
    fake.fault = FAKE_LOST_REQUEST;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        BUF(name, MAX_TEXT);
        for (int n = 0; n < names[i].digits; n++)
            buf_putc(&name, '1');
        while (name.len + strlen(names[i].last) < 1024)
            buf_puts(&name, "ộ");
        buf_puts(&name, names[i].last);
        assert_int_equal(name.len, 1024);
        struct inbox *in = sender_inbox(dir, INBOX_WRITE);
        assert_int_equal(
            inbox_set_server(in, buf_slice(&name), STR("sha256//x")), ERR_OK);
        inbox_close(in);
        assert_int_equal(session_apart(&session, end[0]), ERR_UNREACHABLE);
        assert_int_equal(session.why.len, names[i].told);
        assert_memory_equal(session.why.data, name.data, session.why.len);
    }
}

static void what_is_kept_from_one_to_the_next_is_kept(void **state)
{
    (void)state;
    write_ledger();
    session.batch = 1;
    fake_lists(&fake, 3, 1, 1);
    assert_int_equal(session_apart(&session, end[0]), ERR_OK);
    assert_int_equal(session.batch, 2);
    assert_true(session.list_looked_ms > 0);
}

static void die(struct fake *f)
{
    (void)f;
    assert_int_not_equal(getpid(), tester);
    _exit(1);
}

static void its_death_is_a_failure(void **state)
{
    (void)state;
    write_ledger();
    fake.look = die;
    assert_int_equal(session_apart(&session, end[0]), ERR_IO);
    assert_string_equal(buf_text(&session.why), "the session's process died");
    fake.look = NULL;
    assert_int_equal(session_apart(&session, end[0]), ERR_OK);
}

static void tell_watcher(int number)
{
    (void)number;
    https_break = 1;
    (void)!write(end[1], "e", 1);
}

/* Somebody ends the child alone, which a list of processes shows like ours. */
static enum err be_ended(void *ctx, const struct net_request *req, int *status,
                         struct buf *reply)
{
    (void)ctx, (void)req, (void)status, (void)reply;
    assert_int_not_equal(getpid(), tester);
    raise(SIGTERM);
    return https_break ? ERR_UNREACHABLE : ERR_REFUSED;
}

static void who_ends_it_alone_ends_no_more_than_it(void **state)
{
    struct sigaction act = { .sa_handler = tell_watcher }, before;
    struct pollfd told = { .fd = end[0], .events = POLLIN };
    struct env env = *env_get();
    (void)state;
    write_ledger();
    env.post = be_ended;
    env_use(&env);
    sigaction(SIGTERM, &act, &before);
    assert_int_equal(session_apart(&session, end[0]), ERR_UNREACHABLE);
    assert_int_equal(poll(&told, 1, 0), 0);
    sigaction(SIGTERM, &before, NULL);
}

/* Our watcher is told to end while its child waits for a server that never
 * answers: only the child's own handler can have broken that off. */
static enum err end_and_wait(void *ctx, const struct net_request *req,
                             int *status, struct buf *reply)
{
    (void)ctx, (void)req, (void)status, (void)reply;
    assert_int_not_equal(getpid(), tester);
    kill(tester, SIGTERM);
    while (!https_break)
        poll(NULL, 0, 1);
    return ERR_UNREACHABLE;
}

static void never_told(void *ctx, const struct session *s, enum err outcome,
                       int64_t wait_ms)
{
    (void)ctx, (void)s, (void)outcome, (void)wait_ms;
    fail();
}

static void a_watcher_that_is_ended_ends_it(void **state)
{
    const struct watch_wish wish = { .interval_ms = HOUR_MS,
                                     .changed = never_told,
                                     .apart = true };
    struct env env = *env_get();
    (void)state;
    write_ledger();
    env.post = end_and_wait;
    env_use(&env);
    assert_int_equal(watch_run(&session, &wish), ERR_OK);
    assert_int_equal(https_break, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_it_finds_comes_back),
        TEST(why_it_failed_comes_back),
        TEST(a_long_reason_ends_with_a_whole_character),
        TEST(what_is_kept_from_one_to_the_next_is_kept),
        TEST(its_death_is_a_failure),
        TEST(who_ends_it_alone_ends_no_more_than_it),
        TEST(a_watcher_that_is_ended_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
