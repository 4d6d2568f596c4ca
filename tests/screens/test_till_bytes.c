/*
 * test_till_bytes.c - P6: what fair-pos sends to its terminal. Over a slow line
 * typing feels as on the spot, and a screen comes within a moment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/till_bytes.h"

static void p6_a_digit_is_sent_as_itself(void **state)
{
    struct till_bytes *b = *state;
    assert_int_equal(b->digits, 13);
    assert_int_equal(b->digit, 1);
    assert_in_range(b->erased, 1, 3);
}

static void p6_a_full_frame_is_little_more_than_its_text(void **state)
{
    struct till_bytes *b = *state;
    assert_in_range(b->rows, 22, 24);
    assert_in_range(b->list, 1500, 2200);
    assert_in_range(b->cart, 1500, 2400); /* a third of it is big digits */
}

static int measure(void **state)
{
    static struct till_bytes bytes;
    till_bytes_measure(&bytes);
    *state = &bytes;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p6_a_digit_is_sent_as_itself),
        cmocka_unit_test(p6_a_full_frame_is_little_more_than_its_text),
    };
    return cmocka_run_group_tests(tests, measure, NULL);
}
