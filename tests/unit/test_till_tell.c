/*
 * test_till_tell.c - telling fair-sync that there is something new: once, when
 * nobody waits for the till any more.
 */
#define _GNU_SOURCE /* SOCK_NONBLOCK */
#include "pos/till/till.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct sold sold;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_done(&f);
    return 0;
}

/* How often it was told, and forgotten then. */
static int nudges(int fd)
{
    char bytes[8];
    int n = 0;
    while (recv(fd, bytes, sizeof(bytes), 0) == 1)
        n++;
    return n;
}

static void the_agent_is_told_once_after_the_answer(void **state)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    (void)state;
    till_fixture_open(&f);
    till_fixture_shift(&f, 0);
    till_tell(&f.till); /* nobody listens */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    snprintf(at.sun_path, sizeof(at.sun_path), "%s",
             scratch_path(f.dir, "nudge.sock"));
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    assert_int_equal(nudges(fd), 0); /* no work of the sale's */
    till_tell(&f.till);
    till_tell(&f.till);
    assert_int_equal(nudges(fd), 1);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    till_close(&f.till); /* as a command does */
    assert_int_equal(nudges(fd), 1);
    till_fixture_open(&f);
    assert_int_equal(nudges(fd), 0);
    /* A queue that is full stops nobody. */
    for (int i = 0; i < 400; i++) {
        assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
        till_tell(&f.till);
    }
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_agent_is_told_once_after_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
