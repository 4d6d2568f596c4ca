/*
 * test_setup.c - is this till ready for a day? Each finding, good and not.
 */
#include "pos/till/setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "pos/till/learn.h"
#include "pos/till/operators.h"
#include "pos/till/practice.h"
#include "tests/support/till_fixture.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, MEBIBYTE = 1024 * 1024 };

static struct till_fixture f;
static struct env env;
static int64_t disk; /* bytes free */
static struct printer_state printer;
static struct finding found[FINDINGS_MAX];
static int n_found;

static int64_t disk_free(void *ctx, const char *path)
{
    (void)ctx, (void)path;
    return disk;
}

static struct inbox *inbox(void)
{
    struct inbox *in = NULL;
    assert_int_equal(inbox_open(f.dir, INBOX_WRITE, "test", NULL, &in), ERR_OK);
    return in;
}

/* fair-sync was there just now and has taken everything. */
static void all_is_sent(void)
{
    uint8_t head[HASH_BYTES] = { 0 };
    struct inbox *in = inbox();
    assert_int_equal(inbox_set_contact(in, f.wall_ms, 0), ERR_OK);
    assert_int_equal(inbox_set_ack(in, ledger_state(f.till.ledger)->count, head,
                                   STR("ack"), f.list),
                     ERR_OK);
    inbox_close(in);
}

static int set_up(void **state)
{
    static const struct operator_entry boss = { .number = 1,
                                                .name = "Lan",
                                                .role = ROLE_SUPERVISOR };
    struct operators *ops = NULL;
    (void)state;
    i18n_init("en");
    till_fixture_init(&f);
    env = *env_get();
    env.disk_free = disk_free;
    env_use(&env);
    disk = INT64_C(9000) * MEBIBYTE;
    printer = (struct printer_state){ 0 };
    till_fixture_open(&f);
    assert_int_equal(operators_open(f.dir, &ops), ERR_OK);
    assert_int_equal(operators_put(ops, &f.till, &boss, "271828", 0), ERR_OK);
    operators_close(ops);
    all_is_sent();
    till_fixture_open(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_done(&f);
    return 0;
}

static void check(void)
{
    memset(found, 0, sizeof(found));
    n_found = setup_check(&f.till, &printer, found);
}

static const struct finding *finding(const char *id)
{
    for (int i = 0; i < n_found; i++) {
        if (strcmp(found[i].id, id) == 0)
            return &found[i];
    }
    fail_msg("nothing is said about %s", id);
    return NULL;
}

/* What is said now: of that level, with those words; a remedy unless good. */
static void says(const char *id, enum finding_level level, const char *words)
{
    check();
    const struct finding *it = finding(id);
    if (it->level != level || !strstr(it->text, words))
        fail_msg("%s: %s: %s", id, finding_words[it->level], it->text);
    assert_int_equal(it->remedy[0] != '\0', level != FINDING_GOOD);
}

static void forward(int64_t ms)
{
    till_fixture_pass(&f, ms);
}

/* ---- all of them ---- */

static void s10_a_till_that_is_ready_has_only_good_findings(void **state)
{
    static const char *const ids[] = { "key",      "ledger",    "clock",
                                       "calendar", "lists",     "disk",
                                       "agent",    "operators", "printer" };
    (void)state;
    check();
    assert_int_equal(n_found, ARRAY_LEN(ids));
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        says(ids[i], FINDING_GOOD, "");
        assert_string_equal(found[i].id, ids[i]);
    }
}

static void s10_the_worst_is_said_first(void **state)
{
    (void)state;
    disk = 0;
    printer.configured = true;
    check();
    assert_string_equal(found[0].id, "disk");
    assert_int_equal(found[0].level, FINDING_BAD);
    assert_string_equal(found[1].id, "printer");
    assert_int_equal(found[1].level, FINDING_WARN);
    assert_string_equal(found[2].id, "key");
    assert_int_equal(found[2].level, FINDING_GOOD);
}

static void s10_looking_changes_nothing(void **state)
{
    int64_t before = ledger_state(f.till.ledger)->count;
    (void)state;
    check();
    assert_int_equal(ledger_state(f.till.ledger)->count, before);
    assert_false(scratch_has(f.dir, "lock.watch"));
}

/* ---- clock and calendar ---- */

static void clock_is_off_by(int64_t offset_ms)
{
    till_fixture_offset(&f, offset_ms);
    assert_int_equal(learn_news(&f.till), ERR_OK);
}

static void s10_the_clock_is_held_against_the_aggregators(void **state)
{
    (void)state;
    says("clock", FINDING_GOOD, "14/01/2020 08:00");
    clock_is_off_by(MINUTE_MS);
    says("clock", FINDING_GOOD, "");
    clock_is_off_by(MINUTE_MS + 1);
    says("clock", FINDING_WARN, "2 min slow");
    clock_is_off_by(-3 * HOUR_MS);
    says("clock", FINDING_WARN, "3 h fast");
    clock_is_off_by(-DAY_MS);
    says("clock", FINDING_WARN, "24 h fast");
    clock_is_off_by(3 * DAY_MS);
    says("clock", FINDING_BAD, "3 days slow");
    clock_is_off_by(300 * DAY_MS);
    says("clock", FINDING_BAD, "300 days slow");
    clock_is_off_by(2 * DAY_MS - 1);
    says("clock", FINDING_BAD, "47 h slow");
}

static void s10_a_clock_never_or_long_not_compared_is_a_warning(void **state)
{
    (void)state;
    forward(2 * DAY_MS);
    says("clock", FINDING_GOOD, "");
    forward(1);
    says("clock", FINDING_WARN, "compared last on 14/01/2020 08:00");
    till_fixture_close(&f);
    unlink(scratch_path(f.dir, "sync.db"));
    unlink(scratch_path(f.dir, "sync.db-wal"));
    unlink(scratch_path(f.dir, "sync.db-shm"));
    till_fixture_open(&f);
    says("clock", FINDING_WARN, "never compared");
}

static void s10_a_clock_before_the_enrolment_is_bad(void **state)
{
    (void)state;
    f.wall_ms -= 3 * DAY_MS; /* enrolled on the 13th */
    says("clock", FINDING_BAD, "enrolled on 13/01/2020 08:00");
}

static void s10_a_clock_before_the_last_record_is_bad(void **state)
{
    (void)state;
    f.wall_ms -= MINUTE_MS;
    says("clock", FINDING_WARN, "compared last"); /* in a time to come */
    f.wall_ms -= 1;
    says("clock", FINDING_BAD, "the last record is of 14/01/2020 08:00");
    /* The aggregator says that it is right now: it was wrong before. */
    all_is_sent();
    says("clock", FINDING_GOOD, "");
}

static void s10_today_is_a_day_of_the_fair(void **state)
{
    (void)state;
    says("calendar", FINDING_GOOD, "day 1 of the fair");
    forward(6 * DAY_MS);
    all_is_sent();
    says("calendar", FINDING_WARN, "20/01/2020 is no day of the fair");
}

/* ---- lists ---- */

static void s10_lists_say_version_and_products(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    says("lists", FINDING_GOOD, "price list 1 with 6 products");
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    assert_int_equal(till_learn(&f.till), ERR_OK);
    says("lists", FINDING_GOOD, "price list 2 with 2 products");
}

static void s10_lists_older_than_two_days_are_a_warning(void **state)
{
    (void)state;
    forward(2 * DAY_MS);
    says("lists", FINDING_GOOD, "");
    forward(1);
    says("lists", FINDING_WARN, "last on 14/01/2020 08:00");
}

static void s10_a_newer_list_not_fetched_is_a_warning(void **state)
{
    uint8_t head[HASH_BYTES] = { 0 };
    (void)state;
    struct inbox *in = inbox();
    assert_int_equal(inbox_set_ack(in, 3, head, STR("ack"), f.list + 1),
                     ERR_OK);
    inbox_close(in);
    says("lists", FINDING_WARN, "there is a newer one");
}

static void s10_no_lists_are_bad(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    fair.booth = STR("B2");
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    till_fixture_open(&f);
    says("lists", FINDING_BAD, "another booth's");
    till_fixture_close(&f);
    unlink(scratch_path(f.dir, "sync.db"));
    unlink(scratch_path(f.dir, "sync.db-wal"));
    unlink(scratch_path(f.dir, "sync.db-shm"));
    till_fixture_open(&f);
    says("lists", FINDING_BAD, "there is no price list yet");
    scratch_write(f.dir, "sync.db", STR("what was once an inbox"));
    till_fixture_open(&f);
    says("lists", FINDING_BAD, "sync.db is damaged");
}

/* ---- disk, key, ledger ---- */

static void s10_disk_space_is_said_and_judged(void **state)
{
    (void)state;
    says("disk", FINDING_GOOD, "9000 MiB");
    disk = 200 * MEBIBYTE + 1;
    says("disk", FINDING_GOOD, "200 MiB");
    disk--;
    says("disk", FINDING_GOOD, "200 MiB");
    disk--;
    says("disk", FINDING_WARN, "199 MiB");
    disk = 2 * LEDGER_RESERVE + 1;
    says("disk", FINDING_WARN, "2 MiB");
    disk--;
    says("disk", FINDING_WARN, "2 MiB");
    disk--;
    says("disk", FINDING_BAD, "a shift can be closed");
    disk = -1;
    says("disk", FINDING_GOOD, "not known");
}

static void s10_a_key_that_others_may_read_is_a_warning(void **state)
{
    (void)state;
    says("key", FINDING_GOOD, "");
    assert_int_equal(chmod(scratch_path(f.dir, "device.key"), 0640), 0);
    says("key", FINDING_WARN, "device.key");
    assert_int_equal(chmod(scratch_path(f.dir, "device.key"), 0600), 0);
    assert_int_equal(chmod(f.dir, 0750), 0);
    says("key", FINDING_WARN, f.dir);
}

static void s10_the_ledger_says_how_many_records_it_has(void **state)
{
    (void)state;
    says("ledger", FINDING_GOOD, "3 records");
}

/* ---- agent, operators, printer ---- */

static void sell(void)
{
    struct sold sold;
    if (!f.till.shift.open)
        till_fixture_shift(&f, 0);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
}

static int listen_as_agent(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    snprintf(at.sun_path, sizeof(at.sun_path), "%s",
             scratch_path(f.dir, "nudge.sock"));
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

static void s10_what_is_not_sent_is_said(void **state)
{
    char byte;
    (void)state;
    says("agent", FINDING_GOOD, "everything is sent");
    sell();
    says("agent", FINDING_WARN, "2 records are not sent, fair-sync does not");
    int fd = listen_as_agent();
    says("agent", FINDING_GOOD, "2 records are on their way");
    forward(HOUR_MS);
    says("agent", FINDING_GOOD, "");
    forward(1);
    says("agent", FINDING_WARN, "nothing was heard for an hour");
    /* Looking is no nudge. */
    assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    close(fd);
    says("agent", FINDING_WARN, "nothing was heard for an hour");
}

static void s10_what_the_aggregator_has_stopped_is_bad(void **state)
{
    static const struct {
        const char *word, *text;
    } stops[] = { { "fork", "two machines" },
                  { "revoked", "revoked" },
                  { "pin", "not the one of the enrolment" },
                  { "refused", "refused" } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
        struct inbox *in = inbox();
        assert_int_equal(inbox_set_state(in, stops[i].word), ERR_OK);
        inbox_close(in);
        says("agent", FINDING_BAD, stops[i].text);
    }
}

static void s10_without_operators_anybody_may_do_anything(void **state)
{
    (void)state;
    says("operators", FINDING_GOOD, "operators: 1");
    unlink(scratch_path(f.dir, "operators"));
    says("operators", FINDING_WARN, "anybody");
    scratch_write(f.dir, "operators", STR("{]\n"));
    says("operators", FINDING_BAD, "cannot be read");
}

static void s10_the_printer_is_as_the_paper_side_says(void **state)
{
    (void)state;
    says("printer", FINDING_GOOD, "there is no printer");
    printer = (struct printer_state){ .configured = true,
                                      .why = STR("/dev/usb/lp0") };
    says("printer", FINDING_WARN, "cannot be reached: /dev/usb/lp0");
    printer = (struct printer_state){ true, true, 1, { NULL, 0 } };
    says("printer", FINDING_GOOD, "the printer is ready");
    printer.waiting = 2;
    says("printer", FINDING_WARN, "2 slips wait");
}

static void s10_a_long_reason_ends_at_a_whole_character(void **state)
{
    static char why[2 * 400];
    (void)state;
    for (int odd = 0; odd < 2; odd++) {
        memset(why, 'x', sizeof(why));
        for (size_t i = (size_t)odd; i + 1 < sizeof(why); i += 2)
            memcpy(why + i, "đ", 2);
        printer = (struct printer_state){ .configured = true,
                                          .why = { why, sizeof(why) } };
        says("printer", FINDING_WARN, "");
        const char *text = finding("printer")->text;
        size_t len = strlen(text);
        assert_in_range(len, sizeof(found[0].text) - 2,
                        sizeof(found[0].text) - 1);
        assert_memory_equal(text + len - 2, "đ", 2);
    }
}

/* ---- practice, and tills that do not open ---- */

static void s10_practice_is_asked_only_what_matters_there(void **state)
{
    static const char *const ids[] = { "key",   "ledger", "clock",
                                       "lists", "disk",   "printer" };
    struct till till;
    BUF(why, MAX_TEXT);
    (void)state;
    forward(30 * DAY_MS);
    assert_int_equal(practice_open(f.dir, "test", &why, &till), ERR_OK);
    n_found = setup_check(&till, &printer, found);
    assert_int_equal(n_found, ARRAY_LEN(ids));
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        assert_string_equal(found[i].id, ids[i]);
        assert_int_equal(found[i].level, FINDING_GOOD);
    }
    till_close(&till);
}

static void check_closed(const char *dir, enum err e, const char *why)
{
    const struct setup_closed closed = { dir, e, str_of(why) };
    memset(found, 0, sizeof(found));
    n_found = setup_check_closed(&closed, &printer, found);
}

static void s10_a_directory_without_a_till_says_how_to_make_one(void **state)
{
    char empty[SCRATCH_ROOM];
    (void)state;
    scratch_make(empty);
    check_closed(empty, ERR_NOT_SET_UP, "device.key");
    assert_string_equal(found[0].id, "key");
    assert_int_equal(found[0].level, FINDING_BAD);
    assert_non_null(strstr(found[0].text, "is not enrolled"));
    assert_non_null(strstr(found[0].remedy, "fair-sync enrol"));
    assert_int_equal(n_found, 3);
    scratch_remove(empty);
    check_closed(empty, ERR_NOT_SET_UP, "device.key");
    assert_non_null(strstr(found[0].text, "there is no directory"));
}

static void s10_a_damaged_ledger_is_said_with_its_reason(void **state)
{
    (void)state;
    till_fixture_close(&f);
    check_closed(f.dir, ERR_CORRUPT, "event 1 is damaged");
    assert_string_equal(found[0].id, "ledger");
    assert_int_equal(found[0].level, FINDING_BAD);
    assert_non_null(strstr(found[0].text, "event 1 is damaged"));
    assert_non_null(strstr(found[0].text, "the stored data is damaged"));
    assert_true(found[0].remedy[0] != '\0');
    assert_int_equal(finding("key")->level, FINDING_GOOD);
}

static void s10_a_ledger_lost_while_open_is_said(void **state)
{
    (void)state;
    ledger_close(f.till.ledger);
    f.till.ledger = NULL;
    says("ledger", FINDING_GOOD, "3 records"); /* it opens again */
    ledger_close(f.till.ledger);
    f.till.ledger = NULL;
    scratch_write(f.dir, "ledger.db", STR("what was once a ledger"));
    says("ledger", FINDING_BAD, "damaged");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(s10_a_till_that_is_ready_has_only_good_findings),
        TEST(s10_the_worst_is_said_first),
        TEST(s10_looking_changes_nothing),
        TEST(s10_the_clock_is_held_against_the_aggregators),
        TEST(s10_a_clock_never_or_long_not_compared_is_a_warning),
        TEST(s10_a_clock_before_the_enrolment_is_bad),
        TEST(s10_a_clock_before_the_last_record_is_bad),
        TEST(s10_today_is_a_day_of_the_fair),
        TEST(s10_lists_say_version_and_products),
        TEST(s10_lists_older_than_two_days_are_a_warning),
        TEST(s10_a_newer_list_not_fetched_is_a_warning),
        TEST(s10_no_lists_are_bad),
        TEST(s10_disk_space_is_said_and_judged),
        TEST(s10_a_key_that_others_may_read_is_a_warning),
        TEST(s10_the_ledger_says_how_many_records_it_has),
        TEST(s10_what_is_not_sent_is_said),
        TEST(s10_what_the_aggregator_has_stopped_is_bad),
        TEST(s10_without_operators_anybody_may_do_anything),
        TEST(s10_the_printer_is_as_the_paper_side_says),
        TEST(s10_a_long_reason_ends_at_a_whole_character),
        TEST(s10_practice_is_asked_only_what_matters_there),
        TEST(s10_a_directory_without_a_till_says_how_to_make_one),
        TEST(s10_a_damaged_ledger_is_said_with_its_reason),
        TEST(s10_a_ledger_lost_while_open_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
