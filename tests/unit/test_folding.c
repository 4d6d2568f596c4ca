/*
 * test_folding.c - when the writer folds, and how much.
 */
#include "sync/aggregator/ingest/folding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct folding fresh(void)
{
    struct folding f;
    folding_init(&f, 10000);
    folding_begin(&f);
    folding_end(&f, 10000, 10000, 0);
    return f;
}

/* A step that began now, took so long and folded all that it could. */
static void full_step(struct folding *f, int64_t took_ms)
{
    folding_begin(f);
    folding_end(f, f->ended_ms, f->ended_ms + took_ms, f->step);
}

static void what_was_there_at_the_start_is_folded(void **state)
{
    struct folding f;
    (void)state;
    folding_init(&f, 10000);
    assert_true(f.any);
    assert_false(folding_due(&f, 10000));
    assert_true(folding_due(&f, 10000 + FOLD_EVERY_MS));
}

static void nothing_done_needs_no_fold(void **state)
{
    struct folding f = fresh();
    (void)state;
    assert_false(f.any);
    assert_false(folding_due(&f, 99999999));
    folding_add(&f, FOLD_EVENTS); /* a job that stored is a job done */
    folding_stir(&f);
    assert_true(folding_due(&f, 10000));
}

static void few_events_wait_half_a_second(void **state)
{
    struct folding f = fresh();
    (void)state;
    folding_stir(&f);
    folding_add(&f, FOLD_EVENTS - 1);
    assert_false(folding_due(&f, 10000 + FOLD_EVERY_MS - 1));
    assert_true(folding_due(&f, 10000 + FOLD_EVERY_MS));
    folding_add(&f, 1);
    assert_true(folding_due(&f, 10001));
}

static void jobs_keep_seven_eighths_of_the_time(void **state)
{
    struct folding f = fresh();
    (void)state;
    folding_begin(&f);
    folding_end(&f, 20000, 20030, 5);
    folding_stir(&f);
    folding_add(&f, FOLD_MUCH - 1);
    assert_false(folding_due(&f, 20030 + 209));
    assert_true(folding_due(&f, 20030 + 210));
}

static void much_that_waits_gets_more_time(void **state)
{
    static const struct {
        int64_t events, wait_ms;
    } cases[] = { { FOLD_MUCH - 1, 70 },
                  { FOLD_MUCH, 30 },
                  { FOLD_TOO_MUCH - 1, 30 },
                  { FOLD_TOO_MUCH, 10 } };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct folding f = fresh();
        full_step(&f, 10);
        folding_add(&f, cases[i].events);
        assert_false(folding_due(&f, f.ended_ms + cases[i].wait_ms - 1));
        assert_true(folding_due(&f, f.ended_ms + cases[i].wait_ms));
    }
}

static void what_was_folded_waits_no_more(void **state)
{
    struct folding f = fresh();
    (void)state;
    folding_add(&f, 3 * f.step);
    full_step(&f, FOLD_STEP_MS);
    assert_int_equal(f.events, 2 * f.step);
    folding_begin(&f);
    folding_end(&f, f.ended_ms, f.ended_ms, f.step - 1); /* all of it */
    assert_int_equal(f.events, 0);
}

static void a_full_step_leaves_more_to_fold(void **state)
{
    struct folding f = fresh();
    (void)state;
    full_step(&f, 1);
    assert_true(f.any && f.behind);
    assert_int_equal(folding_patience(&f), FOLD_QUIET_MS);
    assert_true(folding_due(&f, f.ended_ms + 7));
    folding_begin(&f);
    folding_end(&f, f.ended_ms, f.ended_ms + 1, f.step - 1);
    assert_false(f.any || f.behind);
    assert_int_equal(folding_patience(&f), FOLD_EVERY_MS);
}

static void what_came_during_a_step_is_not_forgotten(void **state)
{
    struct folding f = fresh();
    (void)state;
    folding_stir(&f);
    folding_begin(&f);
    folding_stir(&f);
    folding_end(&f, 10000, 10001, 1);
    assert_true(f.any);
}

static void steps_fit_the_machine(void **state)
{
    struct folding f = fresh();
    int64_t step = f.step;
    (void)state;
    full_step(&f, FOLD_STEP_MS / 2 - 1);
    assert_int_equal(f.step, 2 * step);
    full_step(&f, FOLD_STEP_MS);
    assert_int_equal(f.step, 2 * step);
    full_step(&f, FOLD_STEP_MS + 1);
    assert_int_equal(f.step, step);
    full_step(&f, FOLD_STEP_MS + 1);
    assert_int_equal(f.step, FOLD_STEP_LEAST);
    for (int i = 0; i < 40; i++)
        full_step(&f, 0);
    assert_int_equal(f.step, FOLD_STEP_MOST);
    for (int i = 0; i < 40; i++)
        full_step(&f, 1000);
    assert_int_equal(f.step, FOLD_STEP_LEAST);
    folding_end(&f, 0, 0, 1); /* little to do proves nothing */
    assert_int_equal(f.step, FOLD_STEP_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_there_at_the_start_is_folded),
        cmocka_unit_test(nothing_done_needs_no_fold),
        cmocka_unit_test(few_events_wait_half_a_second),
        cmocka_unit_test(jobs_keep_seven_eighths_of_the_time),
        cmocka_unit_test(much_that_waits_gets_more_time),
        cmocka_unit_test(what_was_folded_waits_no_more),
        cmocka_unit_test(a_full_step_leaves_more_to_fold),
        cmocka_unit_test(what_came_during_a_step_is_not_forgotten),
        cmocka_unit_test(steps_fit_the_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
