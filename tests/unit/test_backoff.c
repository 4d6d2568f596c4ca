/*
 * test_backoff.c - the wait after a failure: random, growing, bounded.
 */
#include "sync/agent/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"

static struct env before;
static uint8_t chance; /* every random byte */

static void same_bytes(void *ctx, void *out, size_t len)
{
    (void)ctx;
    memset(out, chance, len);
}

static int set_up(void **state)
{
    (void)state;
    before = *env_get();
    struct env env = before;
    env.random = same_bytes;
    env_use(&env);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    env_use(&before);
    return 0;
}

/* What a random number of these bytes makes of `ceiling`. */
static int64_t drawn(int64_t ceiling)
{
    uint32_t n;
    memset(&n, chance, sizeof(n));
    return n % (ceiling + 1);
}

static void the_longest_wait_doubles_from_one_second_to_five_minutes(
    void **state)
{
    static const int64_t ceilings[] = { 1000,   2000,   4000,   8000,
                                        16000,  32000,  64000,  128000,
                                        256000, 300000, 300000, 300000 };
    (void)state;
    for (chance = 1; chance < 200; chance++) {
        struct backoff b = { 0 };
        for (size_t i = 0; i < ARRAY_LEN(ceilings); i++)
            assert_int_equal(backoff_fail(&b, 0), drawn(ceilings[i]));
    }
}

static void the_wait_is_any_time_up_to_the_longest(void **state)
{
    int64_t least = INT64_MAX, most = 0;
    (void)state;
    env_use(&before);
    for (int i = 0; i < 20000; i++) {
        struct backoff b = { .failures = 3 };
        int64_t wait = backoff_fail(&b, 0);
        least = wait < least ? wait : least;
        most = wait > most ? wait : most;
    }
    assert_in_range(least, 0, 40);
    assert_in_range(most, 7960, 8000);
}

static void a_success_begins_anew(void **state)
{
    struct backoff b = { 0 };
    (void)state;
    chance = 77;
    for (int i = 0; i < 100; i++)
        backoff_fail(&b, 0);
    backoff_reset(&b);
    assert_int_equal(backoff_fail(&b, 0), drawn(1000));
}

static void what_the_server_asks_for_comes_before_the_random_time(void **state)
{
    struct backoff b = { 0 };
    (void)state;
    chance = 99;
    assert_int_equal(backoff_fail(&b, 5000), 5000 + drawn(1000));
    assert_int_equal(backoff_fail(&b, 5000), 5000 + drawn(2000));
}

static void no_server_can_ask_for_more_than_five_minutes(void **state)
{
    static const int64_t asked[] = { BACKOFF_LONGEST_MS - 1, BACKOFF_LONGEST_MS,
                                     BACKOFF_LONGEST_MS + 1, INT64_MAX };
    (void)state;
    chance = 200;
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        struct backoff b = { .failures = 2 };
        assert_int_equal(backoff_fail(&b, asked[i]), BACKOFF_LONGEST_MS);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_longest_wait_doubles_from_one_second_to_five_minutes),
        TEST(the_wait_is_any_time_up_to_the_longest),
        TEST(a_success_begins_anew),
        TEST(what_the_server_asks_for_comes_before_the_random_time),
        TEST(no_server_can_ask_for_more_than_five_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
