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
#include "fair/inbox.h"
#include "fair/ledger.h"
#include "sync/agent/http.h"
#include "sync/agent/watch.h"
#include "tests/support/fake_aggregator.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"

enum { DEVICE = 1, AGGREGATOR = 2, HOUR_MS = 3600000 };

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;
static int end[2]; /* a pipe as a watcher has it */
static pid_t tester;

static int set_up(void **state)
{
    struct inbox *in = NULL;
    (void)state;
    https_break = 0;
    tester = getpid();
    assert_int_equal(pipe(end), 0);
    scratch_make(dir);
    fake_init(&fake, AGGREGATOR);
    till_enrol(dir, DEVICE, AGGREGATOR);
    session_init(&session, dir, "test", 1000);
    assert_int_equal(inbox_open(dir, INBOX_WRITE, "test", NULL, &in), ERR_OK);
    assert_int_equal(
        inbox_set_server(in, STR("https://fair.test:1"), STR("sha256//x")),
        ERR_OK);
    inbox_close(in);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    session_done(&session);
    fake_done(&fake);
    scratch_remove(dir);
    close(end[0]);
    close(end[1]);
    return 0;
}

static int64_t acknowledged(void)
{
    struct inbox *in = NULL;
    struct inbox_state at;
    assert_int_equal(inbox_open(dir, INBOX_READ, "test", NULL, &in), ERR_OK);
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
    assert_string_equal(buf_text(&session.why), "https://fair.test:1");
    assert_int_equal(acknowledged(), 0);
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
        TEST(what_is_kept_from_one_to_the_next_is_kept),
        TEST(its_death_is_a_failure),
        TEST(who_ends_it_alone_ends_no_more_than_it),
        TEST(a_watcher_that_is_ended_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
