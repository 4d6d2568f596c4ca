/*
 * test_report_daybook.c - a day table that is remembered is always what adding
 * everything up would give.
 *
 * A reader that stays is asked beside one that has just been opened and
 * remembers nothing, after everything that may happen to a store.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/report/report.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/hall.h"

static const char *const fairs[] = { "XUAN", "HA-2020" };

struct reading {
    struct hall *hall;
    struct store *reader; /* stays open */
    int decisions;
};

static int open_reading(void **state)
{
    struct reading *r = x_alloc(sizeof(*r));
    enum change change;
    struct fair fair = {
        .name = "Hội chợ", .first_day = 20200114, .days = 4, .cut_off_min = 240
    };
    r->hall = hall_open(5);
    for (size_t i = 0; i < ARRAY_LEN(fairs); i++) {
        snprintf(fair.code, sizeof(fair.code), "%s", fairs[i]);
        assert_int_equal(fair_put(r->hall->store, &fair, &change), ERR_OK);
    }
    assert_int_equal(store_open(r->hall->dir, STORE_READ, NULL, &r->reader),
                     ERR_OK);
    *state = r;
    return 0;
}

static int close_reading(void **state)
{
    struct reading *r = *state;
    store_close(r->reader);
    hall_close(r->hall);
    free(r);
    return 0;
}

/* ---- asking -------------------------------------------------------------- */

/* The report without the moment that it was made at. */
static void ask(struct store *s, struct report_query q, struct buf *out)
{
    BUF(text, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    if (report_make(s, &q, &text, &why) != ERR_OK)
        fail_msg("%s", buf_text(&why));
    if (q.format == REPORT_JSON) {
        const char *moment = strstr(buf_text(&text), "\"as_of\"");
        assert_non_null(moment);
        buf_puts(out, strchr(moment, ','));
    } else {
        buf_str(out, buf_slice(&text));
    }
}

static void expect_same(struct reading *r, struct report_query q)
{
    struct store *fresh = NULL;
    BUF(remembered, MAX_OUTPUT);
    BUF(anew, MAX_OUTPUT);
    assert_int_equal(store_open(r->hall->dir, STORE_READ, NULL, &fresh),
                     ERR_OK);
    ask(r->reader, q, &remembered);
    ask(fresh, q, &anew);
    assert_string_equal(buf_text(&remembered), buf_text(&anew));
    store_close(fresh);
}

static void expect_exact(struct reading *r)
{
    static const enum report_format formats[] = { REPORT_JSON, REPORT_CSV };
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        for (size_t i = 0; i < ARRAY_LEN(fairs); i++)
            expect_same(r, (struct report_query){ .kind = "days",
                                                  .fair = fairs[i],
                                                  .format = formats[f] });
        expect_same(r, (struct report_query){ .kind = "compare",
                                              .fair = fairs[0],
                                              .with = fairs[1],
                                              .format = formats[f] });
    }
}

/* ---- what happens -------------------------------------------------------- */

static void send(struct reading *r)
{
    for (int i = 0; i < STALLS; i++)
        hall_send(r->hall, i, 25);
}

static void fold_some(struct reading *r)
{
    int64_t n;
    assert_int_equal(store_fold_step(r->hall->store, 30, &n), ERR_OK);
}

static void fold_all(struct reading *r)
{
    hall_fold(r->hall);
}

static void hold(struct reading *r)
{
    struct decision d = { .at_ms = 1,
                          .what = "hold",
                          .first = 5 + r->decisions * 10,
                          .last = 12 + r->decisions * 10,
                          .reason = STR("as agreed") };
    r->decisions++;
    assert_int_equal(store_decide(r->hall->store, hall_name(r->hall, 0), &d),
                     ERR_OK);
}

static void booth_is_listed(struct reading *r)
{
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    enum change change;
    assert_int_equal(booth_put(r->hall->store, STR("XUAN"), &b, &change),
                     ERR_OK);
}

static void booth_becomes_service(struct reading *r)
{
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("service"), STR(""), 1 };
    enum change change;
    assert_int_equal(booth_put(r->hall->store, STR("XUAN"), &b, &change),
                     ERR_OK);
}

static void gate_is_named(struct reading *r)
{
    const struct str gates[] = { STR("A"), STR("CONG") };
    enum change change;
    assert_int_equal(gates_put(r->hall->store, STR("XUAN"), gates, 2, &change),
                     ERR_OK);
}

static void fair_is_renamed(struct reading *r)
{
    struct fair fair = { .code = "XUAN",
                         .name = "Hội chợ khác",
                         .first_day = 20200115,
                         .days = 2,
                         .cut_off_min = 240 };
    enum change change;
    assert_int_equal(fair_put(r->hall->store, &fair, &change), ERR_OK);
}

static void branch_comes(struct reading *r)
{
    struct stall twin;
    stall_open(&twin, 10, 777);
    stall_trade(&twin, 40);
    hall_set_aside(r->hall, 0, &twin, 3, 40);
    stall_close(&twin);
}

static void branch_counts(struct reading *r)
{
    struct decision d = { .at_ms = 1,
                          .what = "count-branch",
                          .first = 1,
                          .last = 1,
                          .reason = STR("as agreed") };
    assert_int_equal(store_decide(r->hall->store, hall_name(r->hall, 0), &d),
                     ERR_OK);
}

static void rolls_are_made_anew(struct reading *r)
{
    assert_int_equal(store_unfold_all(r->hall->store), ERR_OK);
}

static void whatever_happens_the_table_is_exact(void **state)
{
    static void (*const steps[])(struct reading *) = {
        send,
        fold_some,
        fold_all,
        booth_is_listed,
        gate_is_named,
        hold,
        fold_all,
        booth_becomes_service,
        send,
        fair_is_renamed,
        fold_some,
        fold_all,
        branch_comes,
        branch_counts,
        hold,
        fold_some,
        fold_all,
        send,
        fold_all,
        rolls_are_made_anew,
        fold_some,
        fold_all,
        booth_is_listed,
    };
    struct reading *r = *state;
    expect_exact(r);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        steps[i](r);
        expect_exact(r);
    }
}

/* ---- what is asked ------------------------------------------------------- */

static void a_table_of_some_booths_is_not_the_whole(void **state)
{
    struct reading *r = *state;
    struct report_query whole = { .kind = "days",
                                  .fair = "XUAN",
                                  .format = REPORT_CSV };
    struct report_query part = whole;
    BUF(all, MAX_OUTPUT);
    BUF(some, MAX_OUTPUT);
    part.booth = "A2";
    send(r);
    fold_all(r);
    ask(r->reader, whole, &all);
    ask(r->reader, part, &some);
    assert_string_not_equal(buf_text(&all), buf_text(&some));
    expect_same(r, part);
    expect_same(r, whole);
}

static void a_fair_stands_against_itself(void **state)
{
    struct reading *r = *state;
    struct report_query q = {
        .kind = "compare", .fair = "XUAN", .with = "XUAN", .format = REPORT_JSON
    };
    send(r); /* nothing is remembered */
    expect_same(r, q);
    fold_all(r);
    expect_same(r, q);
}

static void an_unknown_fair_is_refused_each_time(void **state)
{
    struct reading *r = *state;
    struct report_query q = { .kind = "days",
                              .fair = "NOWHERE",
                              .format = REPORT_JSON };
    for (int i = 0; i < 2; i++) {
        BUF(out, MAX_OUTPUT);
        BUF(why, MAX_TEXT);
        assert_int_equal(report_make(r->reader, &q, &out, &why), ERR_NOT_FOUND);
        assert_non_null(strstr(buf_text(&why), "NOWHERE"));
    }
}

#define READING(test) \
    cmocka_unit_test_setup_teardown(test, open_reading, close_reading)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READING(whatever_happens_the_table_is_exact),
        READING(a_table_of_some_booths_is_not_the_whole),
        READING(a_fair_stands_against_itself),
        READING(an_unknown_fair_is_refused_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
