/*
 * test_decide.c - what `decide` and `revoke` take and refuse, and what they
 * say has changed.
 *
 * The fair: 14 to 17 January 2020, 16 is closed. Booth A1: event 1 lets the
 * till in, 2 is a sale of 100.000, 3 one of 360.000, both on the 14th.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/admin/admin.h"
#include "sync/aggregator/store/office.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

enum { DAY_1 = 20200114, DAY_2 = 20200115 };

static struct fairs hall;
static struct fairs_device *a1;
static char a1_id[DEVICE_LEN + 1];

static int open_hall(void **state)
{
    const struct fair fair = { .code = "XUAN",
                               .name = "Hội chợ",
                               .first_day = DAY_1,
                               .days = 4,
                               .n_closed = 1,
                               .closed = { 20200116 },
                               .opens_min = 480,
                               .closes_min = 1320,
                               .cut_off_min = 240 };
    const struct booth booth = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                                 STR(""), 1 };
    (void)state;
    fairs_open(&hall);
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, "XUAN", &booth);
    a1 = fairs_device(&hall, "XUAN", "A1");
    fairs_id(&hall, 0, a1_id);
    fairs_sell(a1, (struct deal){ DAY_1, 600, "CM", 100000, NULL });
    fairs_sell(a1, (struct deal){ DAY_1, 610, "CM", 360000, NULL });
    fairs_send(&hall);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

/* ---- asking -------------------------------------------------------------- */

static struct cli_result ask(enum err (*command)(struct cli *cli),
                             struct cli_given given, const char *const *words)
{
    const struct office_host host = { .store = hall.store,
                                      .where = hall.where };
    const struct cli_program program = { .name = "fair-aggregator",
                                         .ctx = (void *)(uintptr_t)&host };
    struct cli cli = { .program = &program,
                       .data = hall.where,
                       .args = words,
                       .n_given = 2,
                       .given = { { "store", "" }, given } };
    struct cli_result r;
    while (words[cli.n_args])
        cli.n_args++;
    buf_init(&cli.out, MAX_TEXT);
    buf_init(&cli.detail, MAX_TEXT);
    r.code = (int)command(&cli);
    r.out = cli.out;
    r.err = cli.detail;
    return r;
}

#define WORDS(...)         ((const char *const[]){ __VA_ARGS__, NULL })
#define GIVEN(name, value) ((struct cli_given){ name, value })
#define NO_OPTION          GIVEN("store", "")
#define A1(...)            WORDS(a1_id, __VA_ARGS__)
#define DECIDE(...)        ask(admin_decide, NO_OPTION, A1(__VA_ARGS__))
#define DECIDE_DAY(date, ...) \
    ask(admin_decide, GIVEN("day", date), A1(__VA_ARGS__))
#define REVOKE(id)         ask(admin_revoke, NO_OPTION, WORDS(id))
#define REVOKE_UNKNOWN(id) ask(admin_revoke, GIVEN("unknown", ""), WORDS(id))

static enum err add_net(void *ctx, const struct roll_day *r)
{
    int64_t *net = ctx;
    *net += r->revenue_vnd - r->refunds_vnd;
    return ERR_OK;
}

static int64_t counted(void)
{
    int64_t net = 0;
    const struct roll_taker taker = { .ctx = &net, .day = add_net };
    assert_int_equal(store_read_begin(hall.store), ERR_OK);
    assert_int_equal(store_rolls(hall.store, STR("XUAN"), &taker), ERR_OK);
    store_read_end(hall.store);
    return net;
}

static enum err no_decision(void *ctx, const struct decision *d)
{
    (void)ctx;
    (void)d;
    return ERR_EXISTS;
}

static void expect_none(void)
{
    assert_int_equal(
        store_decision_each(hall.store, str_of(a1_id), no_decision, NULL),
        ERR_OK);
}

/* ---- rules --------------------------------------------------------------- */

static void events_that_have_not_come_are_not_decided_about(void **state)
{
    static const char *const whats[] = { "hold", "release" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
        CLI_RESULT ahead = DECIDE(whats[i], "99", "100");
        assert_int_equal(ahead.code, ERR_NOT_FOUND);
        text_has(&ahead.err, "has sent 3 events: there is no event 100");
        CLI_RESULT over = DECIDE(whats[i], "3", "4");
        assert_int_equal(over.code, ERR_NOT_FOUND);
        CLI_RESULT next = DECIDE(whats[i], "4");
        assert_int_equal(next.code, ERR_NOT_FOUND);
    }
    CLI_RESULT day = DECIDE_DAY("2020-01-15", "day", "3", "4");
    assert_int_equal(day.code, ERR_NOT_FOUND);
    CLI_RESULT branch = DECIDE("count-branch", "1");
    assert_int_equal(branch.code, ERR_NOT_FOUND);
    text_has(&branch.err, "has no branch 1");
    expect_none();
}

static void events_go_to_no_day_that_the_fair_has_not(void **state)
{
    static const char *const dates[] = { "2020-01-13", "2020-01-16",
                                         "2020-01-18", "2024-01-14" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
        CLI_RESULT r = DECIDE_DAY(dates[i], "day", "3");
        assert_int_equal(r.code, ERR_INVALID);
        text_has(&r.err, dates[i]);
        text_has(&r.err, "no day of fair XUAN");
    }
    expect_none();
}

static void what_a_decision_changes_is_said(void **state)
{
    (void)state;
    CLI_RESULT hold = DECIDE("hold", "3");
    assert_int_equal(hold.code, ERR_OK);
    text_has(&hold.out, ": recorded: hold\n"
                        "events that are left out now: 1 (360.000 đ)\n");
    assert_int_equal(counted(), 100000);
    CLI_RESULT again = DECIDE("hold", "2", "3");
    text_has(&again.out, "left out now: 1 (100.000 đ)\n");
    CLI_RESULT release = DECIDE("release", "1", "3");
    text_has(&release.out, "events that count now: 2 (460.000 đ)\n");
    assert_int_equal(counted(), 460000);
    CLI_RESULT idle = DECIDE("release", "1", "3");
    text_has(&idle.out, "no total changes by it\n");
    CLI_RESULT day = DECIDE_DAY("2020-01-15", "day", "2", "3");
    text_has(&day.out, "events that count for 15/01/2020 now: 2 (460.000 đ)\n");
}

/* The promise: what a revoked till sends later is kept, not counted. */
static void nobody_releases_what_a_revoked_till_will_send(void **state)
{
    (void)state;
    CLI_RESULT gone = REVOKE(a1_id);
    assert_int_equal(gone.code, ERR_OK);
    CLI_RESULT ahead = DECIDE("release", "4", "5");
    assert_int_equal(ahead.code, ERR_NOT_FOUND);
    fairs_sell(a1, (struct deal){ DAY_2, 600, "CM", 50000, NULL });
    fairs_sell(a1, (struct deal){ DAY_2, 601, "CM", 7000, NULL });
    fairs_send(&hall);
    assert_int_equal(counted(), 460000);
    CLI_RESULT seen = DECIDE("release", "4");
    text_has(&seen.out, "events that count now: 1 (50.000 đ)\n");
    assert_int_equal(counted(), 510000);
}

/* After a restore an old backup may not know whom it has to keep out. */
static void a_device_can_be_revoked_before_it_comes(void **state)
{
    struct book book; /* of the next device of the hall */
    char id[DEVICE_LEN + 1];
    struct device d;
    int64_t before = counted();
    (void)state;
    book_init(&book, 2, 200);
    device_id(book.device.public_key, id);
    book_done(&book);
    CLI_RESULT typo = REVOKE(id);
    assert_int_equal(typo.code, ERR_NOT_FOUND);
    CLI_RESULT ahead = REVOKE_UNKNOWN(id);
    assert_int_equal(ahead.code, ERR_OK);
    text_has(&ahead.out, "this device is not known yet: nothing counts that "
                         "it sends when it comes\n");
    CLI_RESULT twice = REVOKE_UNKNOWN(id);
    assert_int_equal(twice.code, ERR_OK);
    struct fairs_device *thief = fairs_device(&hall, "XUAN", "A1");
    fairs_sell(thief, (struct deal){ DAY_2, 700, "CM", 9000000, NULL });
    fairs_send(&hall);
    assert_int_equal(store_device(hall.store, str_of(id), &d), ERR_OK);
    assert_int_equal(d.state, DEVICE_REVOKED);
    assert_int_equal(d.count, 2);
    assert_int_equal(counted(), before);
}

static void what_no_device_can_be_called_is_not_revoked(void **state)
{
    static const char *const names[] = { "", "abc", "abcdefghijklmno1",
                                         "ABCDEFGHIJKLMNOP",
                                         "abcdefghijklmnopq" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLI_RESULT r = REVOKE_UNKNOWN(names[i]);
        assert_int_equal(r.code, ERR_INVALID);
    }
    CLI_RESULT known = REVOKE_UNKNOWN(a1_id);
    assert_int_equal(known.code, ERR_OK);
}

/* ---- branches ------------------------------------------------------------ */

/* A till of its own that has sold for 1.000. */
static struct fairs_device *fork_begin(char id[DEVICE_LEN + 1])
{
    struct fairs_device *d = fairs_device(&hall, "XUAN", "A1");
    fairs_id(&hall, hall.n - 1, id);
    fairs_sell(d, (struct deal){ DAY_1, 620, "CM", 1000, NULL });
    fairs_send(&hall);
    return d;
}

/* A copy of it goes on: `n` branches of two sales, each for 10.000. */
static void fork_on(struct fairs_device *d, const char *id, int n)
{
    const struct deal deal = { DAY_1, 630, "CM", 10000, NULL };
    for (int i = 0; i < n; i++) {
        uint8_t previous[HASH_BYTES], head[HASH_BYTES];
        BUF(lines, MAX_OUTPUT);
        book_head(&d->book, d->book.n, previous);
        int first = fairs_sell(d, deal), last = fairs_sell(d, deal);
        for (int seq = first; seq <= last; seq++) {
            buf_str(&lines, book_line(&d->book, seq));
            buf_putc(&lines, '\n');
        }
        book_head(&d->book, last, head);
        const struct branch b = { .seg = { .first = first,
                                           .last = last,
                                           .bytes = buf_slice(&lines),
                                           .head = head },
                                  .previous = previous,
                                  .at_ms = 1 };
        assert_int_equal(store_branch_add(hall.store, str_of(id), &b), ERR_OK);
    }
    d->sent = d->book.n; /* not as its own */
    assert_int_equal(store_set_state(hall.store, str_of(id), DEVICE_FORK),
                     ERR_OK);
}

static void expect_decided(const char *id, const char *what, const char *branch,
                           const char *said)
{
    CLI_RESULT r = ask(admin_decide, NO_OPTION, WORDS(id, what, branch));
    assert_int_equal(r.code, ERR_OK);
    text_has(&r.out, said);
}

static void expect_state(const char *id, enum device_state state)
{
    struct device d;
    assert_int_equal(store_device(hall.store, str_of(id), &d), ERR_OK);
    assert_int_equal(d.state, state);
}

#define ALL_COUNT    "events that count now: 6 (60.000 đ)\n"
#define ALL_LEFT_OUT "events that are left out now: 6 (60.000 đ)\n"

static void a_run_that_was_counted_is_dropped_whole_and_back(void **state)
{
    char id[DEVICE_LEN + 1];
    struct fairs_device *d = fork_begin(id);
    int64_t before = counted();
    (void)state;
    fork_on(d, id, 3);
    assert_int_equal(counted(), before);
    expect_decided(id, "count-branch", "1", ALL_COUNT);
    assert_int_equal(counted(), before + 60000);
    expect_state(id, DEVICE_ACTIVE);
    expect_decided(id, "drop-branch", "1", ALL_LEFT_OUT);
    assert_int_equal(counted(), before);
    expect_decided(id, "count-branch", "1", ALL_COUNT);
    assert_int_equal(counted(), before + 60000);
}

static void a_run_that_was_dropped_is_counted_whole_and_back(void **state)
{
    char id[DEVICE_LEN + 1];
    struct fairs_device *d = fork_begin(id);
    int64_t before = counted();
    (void)state;
    fork_on(d, id, 3);
    expect_decided(id, "drop-branch", "1", ALL_LEFT_OUT);
    assert_int_equal(counted(), before);
    expect_state(id, DEVICE_ACTIVE);
    expect_decided(id, "count-branch", "1", ALL_COUNT);
    assert_int_equal(counted(), before + 60000);
    expect_decided(id, "drop-branch", "1", ALL_LEFT_OUT);
    assert_int_equal(counted(), before);
}

/* What was never looked at is not decided by taking something back. */
static void what_came_after_the_decision_waits_for_one_of_its_own(void **state)
{
    char id[DEVICE_LEN + 1];
    struct fairs_device *d = fork_begin(id);
    int64_t before = counted();
    (void)state;
    fork_on(d, id, 2);
    expect_decided(id, "count-branch", "1", "count now: 4 (40.000 đ)\n");
    fork_on(d, id, 1);
    expect_decided(id, "drop-branch", "1", "left out now: 4 (40.000 đ)\n");
    assert_int_equal(counted(), before);
    expect_state(id, DEVICE_FORK);
    expect_decided(id, "count-branch", "3", "count now: 2 (20.000 đ)\n");
    assert_int_equal(counted(), before + 20000);
    expect_state(id, DEVICE_ACTIVE);
    expect_decided(id, "count-branch", "1", "count now: 4 (40.000 đ)\n");
    expect_decided(id, "drop-branch", "1", ALL_LEFT_OUT);
    assert_int_equal(counted(), before);
}

static void the_same_decision_about_a_branch_changes_no_total(void **state)
{
    char id[DEVICE_LEN + 1];
    struct fairs_device *d = fork_begin(id);
    (void)state;
    fork_on(d, id, 3);
    expect_decided(id, "count-branch", "2", "count now: 4 (40.000 đ)\n");
    expect_decided(id, "count-branch", "2", "no total changes by it\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_that_have_not_come_are_not_decided_about),
        cmocka_unit_test(events_go_to_no_day_that_the_fair_has_not),
        cmocka_unit_test(what_a_decision_changes_is_said),
        cmocka_unit_test(nobody_releases_what_a_revoked_till_will_send),
        cmocka_unit_test(a_device_can_be_revoked_before_it_comes),
        cmocka_unit_test(what_no_device_can_be_called_is_not_revoked),
        cmocka_unit_test(a_run_that_was_counted_is_dropped_whole_and_back),
        cmocka_unit_test(a_run_that_was_dropped_is_counted_whole_and_back),
        cmocka_unit_test(what_came_after_the_decision_waits_for_one_of_its_own),
        cmocka_unit_test(the_same_decision_about_a_branch_changes_no_total),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
