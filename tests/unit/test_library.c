/*
 * test_library.c - versions of libraries are compared as numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fair/library.h"

static void versions_are_compared_number_by_number(void **state)
{
    static const struct {
        const char *version, *than;
        bool older;
    } cases[] = {
        { "3.40.1", "3.40.1", false }, { "3.40.0", "3.40.1", true },
        { "3.40.2", "3.40.1", false }, { "3.9.0", "3.37.0", true },
        { "3.40", "3.40.0", false },   { "3.40", "3.40.1", true },
        { "4", "3.99.99", false },     { "7.88.1-DEV", "7.88.1", false },
        { "", "0.1", true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (library_is_older(cases[i].version, cases[i].than) != cases[i].older)
            fail_msg("%s, %s", cases[i].version, cases[i].than);
    }
}

static const char *ours(void)
{
    return "1.2.3";
}

static const char *none(void)
{
    return NULL;
}

static void one_that_is_not_installed_is_not_old(void **state)
{
    const struct library_use old = { "a", ours, "1.2.4" };
    const struct library_use good = { "a", ours, "1.2.3" };
    const struct library_use gone = { "a", none, "1.2.4" };
    (void)state;
    assert_true(library_is_old(&old));
    assert_false(library_is_old(&good));
    assert_false(library_is_old(&gone));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_compared_number_by_number),
        cmocka_unit_test(one_that_is_not_installed_is_not_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
