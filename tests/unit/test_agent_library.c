/*
 * test_agent_library.c - fair-sync on a machine without libcurl: it says so,
 * and what to do, like any other failure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/ledger.h"
#include "fair/library.h"
#include "sync/agent/apart.h"
#include "sync/agent/commands.h"
#include "sync/agent/http.h"
#include "sync/agent/watch.h"
#include "tests/support/cli_run.h"
#include "tests/support/sender.h"
#include "tests/support/till.h"

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;

/* In place of ours: no library is installed. */
bool library_load(const char *const *files,
                  const struct library_symbol *symbols)
{
    (void)files, (void)symbols;
    return false;
}

void library_missing(const char *file)
{
    err_die(file, 0, "asked for by a test");
}

static int set_up(void **state)
{
    (void)state;
    https_break = 0;
    sender_init(dir, &fake, &session);
    ledger_close(till_ledger_open(dir, LEDGER_WRITE));
    https_install();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sender_done(dir, &fake, &session);
    return 0;
}

static void a_request_fails_and_leaves_all_as_it_was(void **state)
{
    const struct net_request r = { .url = SENDER_SERVER,
                                   .pin = "sha256//x",
                                   .timeout_ms = 1000,
                                   .reply_max = MAX_REPLY };
    int status = -1;
    BUF(reply, MAX_REPLY);
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(https_post(NULL, &r, &status, &reply), ERR_LIBRARY);
        assert_int_equal(status, -1);
        assert_int_equal(reply.len, 0);
    }
    https_done();
}

static void a_command_says_what_is_missing_and_what_to_do(void **state)
{
    const char *const words[] = { "--data", dir,    "--format",
                                  "json",   "once", NULL };
    (void)state;
    CLI_RESULT r = cli_run(agent_program(), CLI_RUN_CAUGHT, words);
    assert_int_equal(r.code, err_exit(ERR_LIBRARY));
    text_has(&r.out, "{\"error\":\"library\",\"message\":");
    text_has(&r.out, ": libcurl\",\"remedy\":\"");
    text_has(&r.err, ": libcurl\n");
}

static enum err told = ERR_OK;

static void end_when_told(void *ctx, const struct session *s, enum err outcome,
                          int64_t wait_ms)
{
    (void)ctx, (void)wait_ms;
    told = outcome;
    assert_string_equal(buf_text(&s->why), "libcurl");
    https_break = 1;
}

static void a_watcher_is_told_by_its_session(void **state)
{
    const struct watch_wish wish = { .interval_ms = 1000,
                                     .changed = end_when_told,
                                     .apart = true };
    (void)state;
    assert_int_equal(watch_run(&session, &wish), ERR_OK);
    assert_int_equal(told, ERR_LIBRARY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_fails_and_leaves_all_as_it_was),
        TEST(a_command_says_what_is_missing_and_what_to_do),
        TEST(a_watcher_is_told_by_its_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
