/*
 * test_http_room.c - memory for slow clients is bounded, and comes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/aggregator/http/http_room.h"

static void no_more_is_held_than_there_is_room_for(void **state)
{
    struct room r;
    (void)state;
    room_init(&r, 100);
    assert_true(room_take(&r, 99));
    assert_false(room_take(&r, 2));
    assert_true(room_take(&r, 1));
    assert_false(room_take(&r, 1));
    assert_false(room_take(&r, SIZE_MAX));
    room_give(&r, 1);
    assert_true(room_take(&r, 1)); /* what was refused took nothing */
    room_give(&r, 100);
    room_done(&r);
}

static void what_is_larger_than_all_fits_alone(void **state)
{
    struct room r;
    (void)state;
    room_init(&r, 100);
    assert_true(room_take(&r, 1));
    assert_false(room_take(&r, 101));
    room_give(&r, 1);
    assert_true(room_take(&r, 101));
    assert_false(room_take(&r, 1));
    room_give(&r, 101);
    assert_true(room_take(&r, 100));
    room_give(&r, 100);
    room_done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_is_held_than_there_is_room_for),
        cmocka_unit_test(what_is_larger_than_all_fits_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
