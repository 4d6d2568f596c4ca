/*
 * test_watch.c - staying: a session at once, another when the till says that
 * there is something new, and an end when asked for.
 */
#include "sync/agent/watch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "fair/inbox.h"
#include "fair/ledger.h"
#include "pos/till/nudge.h"
#include "sync/agent/http.h"
#include "tests/support/fake_aggregator.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"

enum { DEVICE = 1, AGGREGATOR = 2, HOUR_MS = 3600000 };

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;
static int changes;
static enum err outcomes[8];

static int set_up(void **state)
{
    struct inbox *in = NULL;
    (void)state;
    https_break = 0;
    changes = 0;
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
    return 0;
}

static void note(void *ctx, const struct session *s, enum err outcome,
                 int64_t wait_ms)
{
    void (*then)(void) = ctx ? *(void (**)(void))ctx : NULL;
    (void)s, (void)wait_ms;
    assert_in_range(changes, 0, ARRAY_LEN(outcomes) - 1);
    outcomes[changes++] = outcome;
    if (then)
        then();
}

static enum err watch(void (*then)(void))
{
    const struct watch_wish wish = { HOUR_MS, note, &then };
    return watch_run(&session, &wish);
}

static void end(void)
{
    raise(SIGTERM);
}

static void write_event(void)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    union body body;
    int64_t seq;
    memset(&body.note, 0, sizeof(body.note));
    body.note.what = STR("test");
    assert_int_equal(till_ledger_append(l, EV_NOTE, &body, &seq), ERR_OK);
    ledger_close(l);
}

static void sell_and_nudge(void)
{
    write_event();
    nudge_agent(dir);
}

static void end_with_events(struct fake *f)
{
    if (f->requests == 3) /* the question after the nudge, then the push */
        raise(SIGTERM);
}

static void a_nudge_brings_the_next_session_at_once(void **state)
{
    int64_t begun = env_mono_ms();
    (void)state;
    fake.look = end_with_events;
    assert_int_equal(watch(sell_and_nudge), ERR_OK);
    assert_int_equal(fake.appended, 2);
    assert_int_equal(changes, 1);
    assert_true(env_mono_ms() - begun < HOUR_MS / 10);
}

static int64_t second_ms;

static void end_at_the_third_session(struct fake *f)
{
    if (f->requests == 2) /* the question of the second */
        second_ms = env_mono_ms();
    if (f->requests == 4) /* a push came between */
        raise(SIGTERM);
}

static void nudge_thrice(void)
{
    for (int i = 0; i < 3; i++)
        sell_and_nudge();
}

/* Three nudges are one session; the next one comes after the interval. */
static void nudges_in_a_row_are_one_session(void **state)
{
    void (*then)(void) = nudge_thrice;
    const struct watch_wish wish = { 400, note, &then };
    (void)state;
    fake.look = end_at_the_third_session;
    assert_int_equal(watch_run(&session, &wish), ERR_OK);
    assert_int_equal(fake.appended, 4);
    assert_true(env_mono_ms() - second_ms >= 400);
}

static void the_socket_is_the_owners_alone(void **state)
{
    struct stat st;
    (void)state;
    assert_int_equal(watch(end), ERR_OK);
    assert_int_equal(stat(scratch_path(dir, "nudge.sock"), &st), 0);
    assert_true(S_ISSOCK(st.st_mode));
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_watcher_that_was_killed_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(watch(end), ERR_OK);
    https_break = 0;
    assert_int_equal(watch(end), ERR_OK);
}

static void watch_again(void)
{
    struct session second;
    session_init(&second, dir, "second", 1000);
    const struct watch_wish wish = { HOUR_MS, note, NULL };
    assert_int_equal(watch_run(&second, &wish), ERR_LOCKED);
    session_done(&second);
    end();
}

static void a_second_watcher_is_sent_away(void **state)
{
    (void)state;
    assert_int_equal(watch(watch_again), ERR_OK);
    assert_int_equal(changes, 1);
}

static void once_meanwhile(void)
{
    struct session second;
    session_init(&second, dir, "once", 1000);
    assert_int_equal(session_run(&second), ERR_OK);
    session_done(&second);
    end();
}

static void other_commands_work_while_it_waits(void **state)
{
    (void)state;
    assert_int_equal(watch(once_meanwhile), ERR_OK);
}

static uint8_t no_chance; /* random waits are none */

static void zeros(void *ctx, void *out, size_t len)
{
    (void)ctx;
    memset(out, no_chance, len);
}

static void recover(struct fake *f)
{
    if (f->requests == 4)
        f->fault = FAKE_FINE;
}

static void end_when_well(void)
{
    if (outcomes[changes - 1] == ERR_OK)
        end();
}

static void only_changes_are_told(void **state)
{
    struct env env = *env_get();
    (void)state;
    env.random = zeros;
    env_use(&env);
    fake.fault = FAKE_LOST_REQUEST;
    fake.look = recover;
    assert_int_equal(watch(end_when_well), ERR_OK);
    assert_int_equal(changes, 2);
    assert_int_equal(outcomes[0], ERR_UNREACHABLE);
    assert_int_equal(outcomes[1], ERR_OK);
    assert_int_equal(fake.requests, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_nudge_brings_the_next_session_at_once),
        TEST(nudges_in_a_row_are_one_session),
        TEST(the_socket_is_the_owners_alone),
        TEST(a_watcher_that_was_killed_is_replaced),
        TEST(a_second_watcher_is_sent_away),
        TEST(other_commands_work_while_it_waits),
        TEST(only_changes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
