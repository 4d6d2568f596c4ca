/*
 * test_answer.c - reading figures out of the programs' answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/answer.h"

static const char text[] =
    "{\"fair\":\"X \\\"1\\\" }\",\"days\":[{\"n\":1,\"b\":[]},{\"n\":-22}],\n"
    "\"a\":{\"b\":{\"c\":3.10,\"d\":-0.05}},\"none\":null,\"yes\":true,"
    "\"no\":false,\"last\":7}\n";
static const struct str answer = { text, sizeof(text) - 1 };

static void values_are_found_by_path(void **state)
{
    (void)state;
    static const struct {
        const char *path, *value;
    } rows[] = {
        { "fair", "X \\\"1\\\" }" }, { "days.0.n", "1" },
        { "days.1.n", "-22" },       { "days.0.b", "[]" },
        { "a.b.c", "3.10" },         { "a.b", "{\"c\":3.10,\"d\":-0.05}" },
        { "none", "null" },          { "last", "7" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_true(str_is(answer_at(answer, rows[i].path), rows[i].value));
}

static void what_is_not_there_is_empty(void **state)
{
    (void)state;
    static const char *const paths[] = { "x",      "days.2",  "days.0.x",
                                         "fair.x", "a.b.c.d", "days.0.b.0" };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        assert_int_equal(answer_at(answer, paths[i]).len, 0);
    assert_int_equal(answer_at(STR(""), "x").len, 0);
}

static void figures_stay_exact(void **state)
{
    (void)state;
    assert_int_equal(answer_int(answer, "days.1.n"), -22);
    assert_int_equal(answer_hundredths(answer, "a.b.c"), 310);
    assert_int_equal(answer_hundredths(answer, "a.b.d"), -5);
    assert_int_equal(answer_hundredths(answer, "last"), 700);
    assert_true(answer_true(answer, "yes"));
    assert_false(answer_true(answer, "no"));
    assert_false(answer_true(answer, "missing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_path),
        cmocka_unit_test(what_is_not_there_is_empty),
        cmocka_unit_test(figures_stay_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
