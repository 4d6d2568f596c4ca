/*
 * test_status.c - the till's well-being in one line, the worst first.
 */
#include "pos/screens/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "pos/till/practice.h"
#include "pos/till/setup.h"
#include "tests/support/till_fixture.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, DISK_LOW = 200 * 1024 * 1024 };

static struct till_fixture f;
static struct status status;
static int64_t disk; /* bytes free */

static int64_t disk_free(void *ctx, const char *path)
{
    (void)ctx, (void)path;
    return disk;
}

static int set_up(void **state)
{
    struct env env;
    (void)state;
    i18n_init("en");
    till_fixture_init(&f);
    env = *env_get();
    env.disk_free = disk_free;
    env_use(&env);
    disk = DISK_LOW;
    status = (struct status){ 0 };
    till_fixture_open(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_done(&f);
    return 0;
}

static struct inbox *inbox(void)
{
    struct inbox *in = NULL;
    assert_int_equal(inbox_open(f.dir, INBOX_WRITE, "test", NULL, &in), ERR_OK);
    return in;
}

static void acknowledge(int64_t count)
{
    uint8_t head[HASH_BYTES] = { 0 };
    struct inbox *in = inbox();
    assert_int_equal(inbox_set_contact(in, f.wall_ms, 0), ERR_OK);
    assert_int_equal(inbox_set_ack(in, count, head, STR("ack"), f.list),
                     ERR_OK);
    inbox_close(in);
}

static void fair_sync_says(const char *word)
{
    struct inbox *in = inbox();
    assert_int_equal(inbox_set_state(in, word), ERR_OK);
    inbox_close(in);
}

static void shows_of(struct till *till, const char *line, enum style style)
{
    enum style got;
    BUF(text, MAX_TEXT);
    status_look(till, &status);
    status_line(&status, f.wall_ms, false, &text, &got);
    assert_string_equal(buf_text(&text), line);
    assert_int_equal(got, style);
}

static void shows(const char *line, enum style style)
{
    shows_of(&f.till, line, style);
}

/* ---- what is sent ---- */

static void m21_says_what_is_not_sent_and_when_there_was_contact(void **state)
{
    (void)state;
    shows("2 not sent · no contact yet", STYLE_WARN);
    acknowledge(2);
    shows("all sent · contact 08:00", STYLE_BAR);
    till_fixture_shift(&f, 0);
    shows("1 not sent · contact 08:00", STYLE_BAR);
    till_fixture_pass(&f, HOUR_MS);
    shows("1 not sent · contact 08:00", STYLE_BAR);
    till_fixture_pass(&f, 1);
    shows("1 not sent · contact 08:00", STYLE_WARN);
    acknowledge(3);
    shows("all sent · contact 09:00", STYLE_BAR);
}

static void m21_without_fair_sync_everything_is_unsent(void **state)
{
    (void)state;
    till_fixture_close(&f);
    assert_int_equal(till_open(f.dir, LEDGER_WRITE, "test", NULL, &f.till),
                     ERR_OK);
    f.open = true;
    inbox_close(f.till.inbox);
    f.till.inbox = NULL;
    status_look(&f.till, &status);
    assert_int_equal(status.unsent, 2);
    assert_int_equal(status.last_contact_ms, 0);
}

static void m21_brief_leaves_the_contact_out(void **state)
{
    enum style style;
    BUF(text, MAX_TEXT);
    (void)state;
    acknowledge(2);
    status_look(&f.till, &status);
    status_line(&status, f.wall_ms, true, &text, &style);
    assert_string_equal(buf_text(&text), "all sent");
}

/* ---- clock, disk, lists, printer ---- */

static void m21_a_clock_that_is_off_by_more_than_a_minute_is_said(void **state)
{
    (void)state;
    acknowledge(2);
    till_fixture_offset(&f, MINUTE_MS);
    shows("all sent · contact 08:00", STYLE_BAR);
    till_fixture_offset(&f, MINUTE_MS + 1);
    shows("CLOCK IS WRONG", STYLE_WARN);
    till_fixture_offset(&f, -MINUTE_MS - 1);
    shows("CLOCK IS WRONG", STYLE_WARN);
}

static void m21_a_disk_nearly_full_is_said(void **state)
{
    (void)state;
    acknowledge(2);
    shows("all sent · contact 08:00", STYLE_BAR);
    disk--;
    shows("DISK NEARLY FULL", STYLE_ERROR);
    disk = -1; /* unknown */
    shows("all sent · contact 08:00", STYLE_BAR);
}

/* From where doctor says that nothing can be sold. */
static void m21_a_full_disk_is_told_from_one_nearly_full(void **state)
{
    (void)state;
    acknowledge(2);
    disk = SETUP_DISK_OUT;
    shows("DISK NEARLY FULL", STYLE_ERROR);
    disk--;
    shows("DISK FULL: close the shift", STYLE_ERROR);
    struct finding found[FINDINGS_MAX];
    int n = setup_check(&f.till, &(struct printer_state){ 0 }, found);
    ASSERT(n > 0);
    assert_int_equal(found[0].level, FINDING_BAD);
    assert_string_equal(found[0].id, "disk");
}

static void m21_the_version_of_the_lists_is_known(void **state)
{
    (void)state;
    status_look(&f.till, &status);
    assert_int_equal(status.list_version, 1);
    lists_close(f.till.lists);
    f.till.lists = NULL;
    shows("no price list yet", STYLE_WARN);
}

static void m21_slips_that_wait_are_said(void **state)
{
    (void)state;
    acknowledge(2);
    status.slips_waiting = 1; /* it is being printed */
    shows("all sent · contact 08:00", STYLE_BAR);
    status.slips_waiting = 2;
    shows("PRINTER DOES NOT PRINT", STYLE_WARN);
}

/* ---- who may not go on, and practice ---- */

static void m21_the_worst_is_said_alone(void **state)
{
    (void)state;
    disk = 0;
    till_fixture_offset(&f, DAY_MS);
    shows("DISK FULL: close the shift", STYLE_ERROR);
    fair_sync_says("revoked");
    shows("REVOKED: call the organiser", STYLE_ERROR);
    fair_sync_says("fork");
    shows("TWO MACHINES USE THIS TILL: call the organiser", STYLE_ERROR);
}

static void m21_practice_is_said_before_anything_else(void **state)
{
    struct till practice;
    BUF(why, MAX_TEXT);
    (void)state;
    disk = 0;
    assert_int_equal(practice_open(f.dir, "test", &why, &practice), ERR_OK);
    shows_of(&practice, "PRACTICE: nothing counts", STYLE_WARN);
    till_close(&practice);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m21_says_what_is_not_sent_and_when_there_was_contact),
        TEST(m21_without_fair_sync_everything_is_unsent),
        TEST(m21_brief_leaves_the_contact_out),
        TEST(m21_a_clock_that_is_off_by_more_than_a_minute_is_said),
        TEST(m21_a_disk_nearly_full_is_said),
        TEST(m21_a_full_disk_is_told_from_one_nearly_full),
        TEST(m21_the_version_of_the_lists_is_known),
        TEST(m21_slips_that_wait_are_said),
        TEST(m21_the_worst_is_said_alone),
        TEST(m21_practice_is_said_before_anything_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
