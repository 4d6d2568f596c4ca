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
#include <unistd.h>

#include <cmocka.h>

#include "fair/ledger.h"
#include "pos/till/nudge.h"
#include "sync/agent/http.h"
#include "tests/support/sender.h"
#include "tests/support/till.h"

enum { HOUR_MS = 3600000 };

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;
static int changes;
static enum err outcomes[8];

static int set_up(void **state)
{
    (void)state;
    https_break = 0;
    changes = 0;
    sender_init(dir, &fake, &session);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sender_done(dir, &fake, &session);
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
    const struct watch_wish wish = { .interval_ms = HOUR_MS,
                                     .changed = note,
                                     .ctx = &then };
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
    const struct watch_wish wish = { .interval_ms = 400,
                                     .changed = note,
                                     .ctx = &then };
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
    const struct watch_wish wish = { .interval_ms = HOUR_MS, .changed = note };
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

/* ---- with a till, which holds the other end of a pipe ---- */

static int to_agent, from_till;

/* The till is at `to_agent` and may act when a change is told. */
static enum err watch_with_till(void (*then)(void), bool with_till)
{
    int ends_of_pipe[2];
    assert_int_equal(pipe(ends_of_pipe), 0);
    from_till = ends_of_pipe[0];
    to_agent = ends_of_pipe[1];
    const struct watch_wish wish = { .interval_ms = HOUR_MS,
                                     .changed = note,
                                     .ctx = &then,
                                     .with_till = with_till,
                                     .till = from_till };
    enum err e = watch_run(&session, &wish);
    close(from_till);
    return e;
}

static void sell_and_wake(void)
{
    write_event();
    assert_int_equal(write(to_agent, "nnn", 3), 3);
}

static void a_byte_from_the_till_brings_the_next_session_at_once(void **state)
{
    int64_t begun = env_mono_ms();
    (void)state;
    fake.look = end_with_events;
    assert_int_equal(watch_with_till(sell_and_wake, true), ERR_OK);
    assert_int_equal(fake.appended, 2);
    assert_true(env_mono_ms() - begun < HOUR_MS / 10);
    close(to_agent);
}

static void sell_and_leave(void)
{
    if (changes > 1)
        return;
    write_event();
    close(to_agent);
}

static void a_till_that_leaves_ends_it_once_all_is_sent(void **state)
{
    int64_t begun = env_mono_ms();
    (void)state;
    assert_int_equal(watch_with_till(sell_and_leave, true), ERR_OK);
    assert_int_equal(fake.appended, 2);
    assert_int_equal(https_break, 0);
    assert_true(env_mono_ms() - begun < HOUR_MS / 10);
}

static void a_revoked_till_that_leaves_ends_it_as_well(void **state)
{
    struct env env = *env_get();
    (void)state;
    env.random = zeros;
    env_use(&env);
    fake.revoked = true;
    assert_int_equal(watch_with_till(sell_and_leave, true), ERR_OK);
    assert_int_equal(outcomes[0], ERR_REVOKED);
    assert_in_range(fake.requests, 1, 6);
}

static void a_forked_till_that_leaves_ends_it_as_well(void **state)
{
    struct env env = *env_get();
    (void)state;
    env.random = zeros;
    env_use(&env);
    write_event();
    assert_int_equal(session_run(&session), ERR_OK);
    fake_impostor(&fake, 1);
    write_event();
    fake.requests = 0;
    assert_int_equal(watch_with_till(sell_and_leave, true), ERR_OK);
    assert_int_equal(outcomes[0], ERR_FORK);
    assert_int_equal(fake.aside, 2); /* what it sold last, too */
    assert_in_range(fake.requests, 1, 20);
}

static int64_t minutes;

static int64_t minutes_ms(void *ctx)
{
    (void)ctx;
    return minutes * 60000;
}

static void a_minute_goes_by(struct fake *f)
{
    (void)f;
    minutes++;
}

static void nobody_to_send_to_ends_it_after_ten_minutes(void **state)
{
    struct env env = *env_get();
    (void)state;
    minutes = 1;
    env.random = zeros;
    env.mono_ms = minutes_ms;
    env_use(&env);
    fake.fault = FAKE_LOST_REQUEST;
    fake.look = a_minute_goes_by;
    assert_int_equal(watch_with_till(sell_and_leave, true), ERR_OK);
    assert_int_equal(fake.requests, 11); /* after the first it is noticed */
    assert_int_equal(changes, 1);
}

static void the_network_back_in_time_takes_all_of_it(void **state)
{
    struct env env = *env_get();
    (void)state;
    env.random = zeros;
    env_use(&env);
    fake.fault = FAKE_LOST_REQUEST;
    fake.look = recover;
    assert_int_equal(watch_with_till(sell_and_leave, true), ERR_OK);
    assert_int_equal(fake.appended, 2);
    assert_int_equal(outcomes[1], ERR_OK);
}

static void close_and_sell(void)
{
    close(to_agent);
    sell_and_nudge();
}

static void alone_it_does_not_look_at_its_input(void **state)
{
    (void)state;
    fake.look = end_with_events;
    assert_int_equal(watch_with_till(close_and_sell, false), ERR_OK);
    assert_int_equal(https_break, 1); /* only the signal ended it */
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
        TEST(a_byte_from_the_till_brings_the_next_session_at_once),
        TEST(a_till_that_leaves_ends_it_once_all_is_sent),
        TEST(a_revoked_till_that_leaves_ends_it_as_well),
        TEST(a_forked_till_that_leaves_ends_it_as_well),
        TEST(nobody_to_send_to_ends_it_after_ten_minutes),
        TEST(the_network_back_in_time_takes_all_of_it),
        TEST(alone_it_does_not_look_at_its_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
