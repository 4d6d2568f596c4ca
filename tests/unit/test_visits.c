/*
 * test_visits.c - counting visitors.
 */
#include "pos/till/visits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fair/date.h"
#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct record *r;
static struct visited done;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    r = record_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    record_close(r);
    till_fixture_done(&f);
    return 0;
}

static enum err visit(int64_t n, const char *gate, int64_t late_ms)
{
    struct visits v = { .n = n, .gate = str_of(gate), .late_ms = late_ms };
    return visits_commit(&f.till, &v, &done);
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

static void a_count_is_recorded_with_gate_and_quality(void **state)
{
    struct visits v = { 250, STR("G1"), true, 4, 0 };
    (void)state;
    assert_int_equal(visits_commit(&f.till, &v, &done), ERR_OK);
    assert_int_equal(done.total, 250);
    assert_int_equal(till_record(&f.till, done.seq, r), ERR_OK);
    assert_int_equal(r->event.kind, EV_VISITS);
    assert_int_equal(r->event.op, 4);
    assert_int_equal(r->body.visits.n, 250);
    assert_int_equal(r->body.visits.estimated, 1);
    assert_true(str_is(r->body.visits.gate, "G1"));
    assert_int_equal(visit(0, NULL, 0), ERR_OK);
    assert_int_equal(done.total, 250);
    till_fixture_verify(&f);
}

static void corrections_never_take_the_count_below_zero(void **state)
{
    static const struct {
        int64_t n;
        enum err e;
        int64_t total;
    } cases[] = {
        { -1, ERR_INVALID, 0 },           { 10, ERR_OK, 10 },
        { -11, ERR_INVALID, 10 },         { -10, ERR_OK, 0 },
        { 100000, ERR_OK, 100000 },       { 100001, ERR_INVALID, 100000 },
        { -100001, ERR_INVALID, 100000 }, { -100000, ERR_OK, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t before = count();
        assert_int_equal(visit(cases[i].n, NULL, 0), cases[i].e);
        assert_int_equal(count(), before + (cases[i].e == ERR_OK));
        assert_int_equal(ledger_state(f.till.ledger)->sums.visits,
                         cases[i].total);
    }
    till_fixture_verify(&f);
}

static void a_fair_with_gates_knows_no_other(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    assert_int_equal(visit(1, "ANY", 0), ERR_OK);
    assert_int_equal(visit(1, "g1", 0), ERR_INVALID);
    assert_int_equal(visit(1, "TOOLONG", 0), ERR_INVALID);
    fair.n_gates = 2;
    fair.gates[0].code = STR("G1");
    fair.gates[1].code = STR("G2");
    till_fixture_adopt(&f, &fair, till_fixture_products, 1);
    till_fixture_open(&f);
    assert_int_equal(visit(1, "G2", 0), ERR_OK);
    assert_int_equal(visit(1, NULL, 0), ERR_OK);
    int64_t before = count();
    assert_int_equal(visit(1, "ANY", 0), ERR_NOT_FOUND);
    assert_int_equal(visit(1, "G", 0), ERR_NOT_FOUND);
    assert_int_equal(count(), before);
}

static void no_clock_ever_stops_a_count(void **state)
{
    (void)state;
    f.wall_ms = -1;
    assert_int_equal(visit(1, NULL, 0), ERR_OK);
    assert_int_equal(done.day, 19700101);
}

static void visitors_count_for_the_shifts_day_or_the_clocks(void **state)
{
    struct shift_report report;
    int64_t seq, morning = f.wall_ms;
    (void)state;
    assert_int_equal(visit(1, NULL, 0), ERR_OK);
    assert_int_equal(done.day, 20200114);
    assert_int_equal(shift_open(&f.till, 0, 20200118, 0, &seq), ERR_OK);
    assert_int_equal(visit(1, NULL, 0), ERR_OK);
    assert_int_equal(done.day, 20200118);
    till_fixture_pass(&f, 20 * 3600000);
    assert_int_equal(visit(1, NULL, 0), ERR_OK);
    assert_int_equal(done.day, 20200119);
    assert_int_equal(visit(1, NULL, morning), ERR_OK);
    assert_int_equal(done.day, 20200114);
    assert_int_equal(till_record(&f.till, done.seq, r), ERR_OK);
    assert_int_equal(r->event.late_ms, morning);
    assert_int_equal(visit(1, NULL, f.wall_ms + 1), ERR_FUTURE);
    assert_int_equal(shift_close(&f.till, 0, STR(""), 0, &report), ERR_OK);
    assert_int_equal(visit(1, NULL, 0), ERR_OK);
    assert_int_equal(done.day, 20200115);
}

/* ---- gate by gate ---- */

static int64_t at_gate(const struct day_visits *day, int i, const char *gate)
{
    assert_true(i < day->n_gates);
    assert_string_equal(day->gates[i].gate, gate);
    return day->gates[i].n;
}

static void m31_a_days_counts_are_told_gate_by_gate(void **state)
{
    struct list_fair fair = till_fixture_fair();
    struct day_visits day;
    int64_t morning = f.wall_ms;
    (void)state;
    assert_int_equal(visit(7, "OLD", 0), ERR_OK);
    fair.n_gates = 2;
    fair.gates[0].code = STR("G2");
    fair.gates[1].code = STR("G1");
    till_fixture_adopt(&f, &fair, till_fixture_products, 1);
    till_fixture_open(&f);
    assert_int_equal(visits_by_gate(&f.till, 20200115, &day), ERR_OK);
    assert_int_equal(at_gate(&day, 0, "G2"), 0);
    assert_int_equal(day.n_gates, 2);
    assert_int_equal(visit(10, "G1", 0), ERR_OK);
    assert_int_equal(visit(-3, "G1", 0), ERR_OK);
    assert_int_equal(visit(4, NULL, 0), ERR_OK);
    till_fixture_pass(&f, 24 * 3600000);
    assert_int_equal(visit(100, "G1", 0), ERR_OK);
    assert_int_equal(visit(20, "G2", morning), ERR_OK); /* afterwards */
    assert_int_equal(visits_by_gate(&f.till, 20200114, &day), ERR_OK);
    assert_int_equal(day.n_gates, 4);
    assert_int_equal(at_gate(&day, 0, "G2"), 20);
    assert_int_equal(at_gate(&day, 1, "G1"), 7);
    assert_int_equal(at_gate(&day, 2, "OLD"), 7);
    assert_int_equal(at_gate(&day, 3, ""), 4);
    assert_int_equal(day.total, 38);
    assert_int_equal(visits_by_gate(&f.till, 20200115, &day), ERR_OK);
    assert_int_equal(at_gate(&day, 1, "G1"), 100);
    assert_int_equal(day.total, 100);
}

static void more_gates_than_rows_are_in_the_total(void **state)
{
    struct day_visits day;
    char gate[8];
    (void)state;
    for (int i = 0; i < GATE_ROWS_MAX + 5; i++) {
        snprintf(gate, sizeof(gate), "X%d", i);
        assert_int_equal(visit(2, gate, 0), ERR_OK);
    }
    assert_int_equal(visits_by_gate(&f.till, 20200114, &day), ERR_OK);
    assert_int_equal(day.n_gates, GATE_ROWS_MAX);
    assert_int_equal(at_gate(&day, GATE_ROWS_MAX - 1, "X79"), 2);
    assert_int_equal(day.total, 2 * (GATE_ROWS_MAX + 5));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_count_is_recorded_with_gate_and_quality),
        TEST(corrections_never_take_the_count_below_zero),
        TEST(a_fair_with_gates_knows_no_other),
        TEST(no_clock_ever_stops_a_count),
        TEST(visitors_count_for_the_shifts_day_or_the_clocks),
        TEST(m31_a_days_counts_are_told_gate_by_gate),
        TEST(more_gates_than_rows_are_in_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
