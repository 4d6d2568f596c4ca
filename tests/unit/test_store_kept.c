/*
 * test_store_kept.c - files of every earlier program are brought up to date,
 * with all that was in them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/store/reference.h"
#include "tests/support/aged.h"
#include "tests/support/hall.h"
#include "tests/support/raw.h"

/* Puts everything into a file of the first `version` scripts, and opens
 * that. */
static void age(struct hall *h, int version)
{
    store_close(h->store);
    h->store = NULL;
    aged_make(h->dir, version);
    hall_reopen(h);
}

static void set_aside(struct hall *h, int i, const struct stall *twin,
                      int64_t at_ms)
{
    BUF(sql, MAX_TEXT);
    hall_set_aside(h, i, twin, 3, 40);
    buf_printf(&sql, "UPDATE branch SET at_ms = %ld WHERE device = '%s'",
               (long)at_ms, h->stalls[i].device);
    hall_sql(h, buf_text(&sql));
}

static void decide(struct hall *h, int i, int64_t at_ms, const char *what,
                   int64_t first)
{
    struct decision d = { .at_ms = at_ms,
                          .what = what,
                          .first = first,
                          .last = first,
                          .day = str_is(str_of(what), "day") ? 20200227 : 0,
                          .reason = STR("as agreed") };
    assert_int_equal(store_decide(h->store, hall_name(h, i), &d), ERR_OK);
}

struct twins {
    struct stall stall[2];
};

static void twins_open(struct twins *t)
{
    for (int i = 0; i < 2; i++) {
        stall_open(&t->stall[i], (uint8_t)(10 + i), (uint32_t)(777 + i));
        stall_trade(&t->stall[i], 40);
    }
}

static void twins_close(struct twins *t)
{
    stall_close(&t->stall[0]);
    stall_close(&t->stall[1]);
}

/* Two forked devices; what was decided about them came in turn. */
static void fill(struct hall *h, const struct twins *t)
{
    struct fair f = { .code = "XUAN", .name = "Hội chợ", .days = 6 };
    enum change change;
    assert_int_equal(fair_put(h->store, &f, &change), ERR_OK);
    for (int i = 0; i < STALLS; i++)
        hall_send(h, i, 50 + i);
    set_aside(h, 1, &t->stall[1], 1000); /* 11 */
    set_aside(h, 0, &t->stall[0], 2000); /* 12 */
    decide(h, 0, 3000, "hold", 7);
    decide(h, 1, 3001, "hold", 5);
    decide(h, 0, 3002, "release", 7);
    decide(h, 1, 3003, "day", 9);
    decide(h, 1, 3004, "drop-branch", 11);
}

static enum err put_branch(void *ctx, const struct branch *b)
{
    buf_printf(ctx, "%ld:%ld-%ld ", (long)b->id, (long)b->seg.first,
               (long)b->seg.last);
    return ERR_OK;
}

static enum err put_decision(void *ctx, const struct decision *d)
{
    buf_printf(ctx, "%s:%ld ", d->what, (long)d->first);
    return ERR_OK;
}

static void expect(struct hall *h, int i, const char *wanted)
{
    BUF(text, MAX_TEXT);
    assert_int_equal(
        store_branch_each(h->store, hall_name(h, i), put_branch, &text),
        ERR_OK);
    assert_int_equal(
        store_decision_each(h->store, hall_name(h, i), put_decision, &text),
        ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

static void a_file_of_every_earlier_program_is_brought_up_to_date(void **state)
{
    struct twins t;
    (void)state;
    twins_open(&t);
    for (int version = 1; version <= AGED_VERSIONS; version++) {
        struct hall *h = hall_open(1);
        struct fair f;
        fill(h, &t);
        age(h, version);
        assert_true(raw_int(h->store, "PRAGMA user_version") > AGED_VERSIONS);
        assert_int_equal(fair_get(h->store, STR("XUAN"), &f), ERR_OK);
        assert_string_equal(f.name, "Hội chợ");
        assert_int_equal(f.refuse, 0);
        expect(h, 0, "12:3-40 hold:7 release:7 ");
        expect(h, 1, "11:3-40 hold:5 day:9 drop-branch:11 ");
        expect(h, 2, "");
        hall_close(h);
    }
    twins_close(&t);
}

static void reports_of_a_migrated_file_stay_the_same(void **state)
{
    struct twins t;
    struct roll_set before = { .n = 0 }, after = { .n = 0 };
    struct hall *h = hall_open(1);
    (void)state;
    twins_open(&t);
    fill(h, &t);
    /* As these branches are numbered here, and then in the older file. */
    hall_sql(h, "UPDATE branch SET id = 11 WHERE at_ms = 1000");
    hall_read(h->store, "", &before);
    age(h, AGED_VERSIONS);
    hall_read(h->store, "", &after);
    roll_set_same(&after, &before);
    roll_set_done(&after);
    hall_fold(h);
    hall_read(h->store, "", &after);
    roll_set_same(&after, &before);
    roll_set_done(&before);
    roll_set_done(&after);
    twins_close(&t);
    hall_close(h);
}

static void new_rows_are_counted_by_device(void **state)
{
    struct twins t, more;
    struct hall *h = hall_open(1);
    (void)state;
    twins_open(&t);
    twins_open(&more);
    fill(h, &t);
    expect(h, 0, "1:3-40 hold:7 release:7 ");
    expect(h, 1, "1:3-40 hold:5 day:9 drop-branch:11 ");
    age(h, AGED_VERSIONS);
    for (int i = 0; i < 2; i++)
        stall_trade(&more.stall[i], 44);
    hall_set_aside(h, 0, &more.stall[0], 3, 44);
    hall_set_aside(h, 1, &more.stall[1], 3, 44);
    decide(h, 0, 1, "count-branch", 13);
    expect(h, 0, "12:3-40 13:41-44 hold:7 release:7 count-branch:13 ");
    expect(h, 1, "11:3-40 12:41-44 hold:5 day:9 drop-branch:11 ");
    twins_close(&t);
    twins_close(&more);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_every_earlier_program_is_brought_up_to_date),
        cmocka_unit_test(reports_of_a_migrated_file_stay_the_same),
        cmocka_unit_test(new_rows_are_counted_by_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
