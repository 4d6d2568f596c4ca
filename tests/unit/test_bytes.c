/*
 * test_bytes.c - P15: what a sale of three lines takes on its way. Bytes are
 * exact, so the targets are held here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/week.h"

static struct week week;

static int weigh(void **state)
{
    (void)state;
    week_weigh(&week);
    return 0;
}

static void expect(const char *where, int64_t bytes, int64_t limit)
{
    int64_t each = bytes * 100 / WEEK_SALES;
    print_message("%s: %lld.%02lld bytes a sale, at most %lld\n", where,
                  (long long)each / 100, (long long)each % 100,
                  (long long)limit);
    assert_true(bytes <= limit * WEEK_SALES);
}

static void p15_a_sale_fits_on_the_till_s_disk(void **state)
{
    (void)state;
    expect("till", week.till, 700);
}

static void p15_a_sale_fits_on_the_wire(void **state)
{
    (void)state;
    expect("wire", week.wire, 430);
}

static void p15_a_sale_fits_on_the_aggregator_s_disk(void **state)
{
    (void)state;
    expect("aggregator", week.aggregator, 480);
}

static void p15_a_packed_sale_fits_on_the_aggregator_s_disk(void **state)
{
    (void)state;
    expect("packed", week.packed, 70);
    expect("packed, with the sums of reports", week.summed, 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p15_a_sale_fits_on_the_till_s_disk),
        cmocka_unit_test(p15_a_sale_fits_on_the_wire),
        cmocka_unit_test(p15_a_sale_fits_on_the_aggregator_s_disk),
        cmocka_unit_test(p15_a_packed_sale_fits_on_the_aggregator_s_disk),
    };
    return cmocka_run_group_tests(tests, weigh, NULL);
}
