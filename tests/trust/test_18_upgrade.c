/*
 * test_18_upgrade.c - files of every earlier program are read, verified and
 * gone on with, and an upgrade that is interrupted anywhere leaves a file that
 * is.
 *
 * An aggregator's file of each earlier version is opened by today's program
 * while the power goes after each call to the disk, while each call fails, and
 * while the program is killed. Opened again, it is of today's version, its
 * devices verify, its sums are those of the model, and it takes in more. What a
 * newer program has written is refused and stays as it is; so is a till's.
 */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/store/check.h"
#include "tests/support/aged.h"
#include "tests/support/hall.h"
#include "tests/support/promise.h"
#include "tests/support/raw.h"
#include "tests/support/till.h"
#include "tests/support/vfs_fault.h"

enum {
    EVENTS = 20,
    MORE = 3,
    DICE = 1,   /* random states after each call */
    KILLS = 40, /* of each version */
    LIFE_US = 12000,
    LOOKS = 4 /* upgrades between two that go on trading */
};

static struct hall *hall;
static struct buf old; /* the file of the earlier version */
static char dir[SCRATCH_ROOM];
static int64_t upgrades;

static void clean(void)
{
    static const char *const files[] = { STORE_FILE, STORE_FILE "-wal",
                                         STORE_FILE "-shm",
                                         STORE_FILE "-journal" };
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        unlink(scratch_path(dir, files[i]));
}

static void put_old(void)
{
    clean();
    scratch_write(dir, STORE_FILE, buf_slice(&old));
}

static void begin(int version)
{
    hall = hall_open((uint32_t)promise_seed());
    for (int i = 0; i < STALLS; i++)
        hall_send(hall, i, EVENTS);
    store_close(hall->store);
    hall->store = NULL;
    aged_make(hall->dir, version);
    buf_init(&old, MAX_LIST);
    scratch_read(hall->dir, STORE_FILE, &old);
    scratch_make(dir);
}

static void end(void)
{
    buf_done(&old);
    scratch_remove(dir);
    hall_close(hall);
}

static void take_in(struct store *s)
{
    int sent = hall->sent[0];
    hall->store = s;
    hall_send(hall, 0, MORE);
    hall_fold(hall);
    hall_expect(hall, s);
    hall->store = NULL;
    hall->sent[0] = sent;
}

/* What the interrupted upgrade has left is upgraded by the next start. */
static void look(const char *how, int64_t at)
{
    struct check check;
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    if (store_open(dir, STORE_WRITE, &why, &s) != ERR_OK)
        fail_msg("%s %lld: %s", how, (long long)at, buf_text(&why));
    assert_true(raw_int(s, "PRAGMA user_version") > AGED_VERSIONS);
    assert_int_equal(check_verify(s, hall->stalls[0].book.aggregator.public_key,
                                  NULL, NULL, &check),
                     ERR_OK);
    assert_true(check.ok);
    assert_int_equal(check.events, STALLS * EVENTS);
    hall_expect(hall, s);
    if (upgrades++ % LOOKS == 0)
        take_in(s);
    store_close(s);
}

static enum err upgrade(void)
{
    struct store *s = NULL;
    enum err e = store_open(dir, STORE_WRITE, NULL, &s);
    store_close(s);
    return e;
}

/* ---- interruptions ---- */

static void power_goes(void)
{
    uint64_t seed = promise_seed() * 1000003;
    put_old();
    vfs_record_begin();
    assert_int_equal(upgrade(), ERR_OK);
    vfs_record_end();
    for (int calls = 0; calls <= vfs_record_count(); calls++) {
        for (int i = 0; i < 2 + DICE; i++) {
            clean();
            vfs_power_state(calls,
                            i == 0   ? POWER_SYNCED
                            : i == 1 ? POWER_ALL
                                     : POWER_RANDOM,
                            seed++, dir);
            look("power after call", calls);
        }
    }
}

static void calls_fail(void)
{
    static const int numbers[] = { EIO, ENOSPC };
    for (size_t i = 0; i < 2 * ARRAY_LEN(numbers); i++) {
        struct vfs_fault plan = { .ops = FAULT_ALL,
                                  .number = numbers[i / 2],
                                  .persistent = i % 2 == 1,
                                  .done = (int)i % 3 };
        int64_t hits = 1;
        for (plan.at = 1; hits > 0; plan.at++) {
            put_old();
            vfs_fault = plan;
            (void)!upgrade();
            hits = vfs_fault.hits;
            vfs_fault_clear();
            look("failing call", plan.at);
        }
    }
}

static void kill_it(int64_t n)
{
    int status = 0;
    put_old();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(upgrade() == ERR_OK ? 0 : 1);
    struct timespec life = { 0, 1000L * stall_roll(&hall->stalls[1], LIFE_US) };
    ppoll(NULL, 0, &life, NULL);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    look("kill", n);
}

static void an_upgrade_interrupted_anywhere_is_finished_later(void **state)
{
    int64_t kills = promise_share(KILLS);
    (void)state;
    vfs_fault_install();
    for (int version = 1; version <= AGED_VERSIONS; version++) {
        begin(version);
        power_goes();
        calls_fail();
        for (int64_t i = 0; i < kills; i++)
            kill_it(i);
        end();
    }
    promise(18, "interrupted-upgrades", upgrades);
    promise(18, "upgrades-that-lost", 0);
}

/* ---- the other way ---- */

static void raise_version(const char *name)
{
    sqlite3 *handle = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, name), &handle), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(handle, "PRAGMA user_version = 99", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void expect_same(const char *name, const struct buf *before)
{
    BUF(after, MAX_LIST);
    scratch_read(dir, name, &after);
    assert_true(str_eq(buf_slice(&after), buf_slice(before)));
}

static void what_a_newer_program_wrote_is_refused_and_stays(void **state)
{
    struct store *s = NULL;
    struct ledger *l = NULL;
    BUF(ledger, MAX_LIST);
    BUF(store, MAX_LIST);
    (void)state;
    scratch_make(dir);
    till_enrol(dir, 1, 2);
    ledger_close(till_ledger_open(dir, LEDGER_WRITE));
    assert_int_equal(store_open(dir, STORE_WRITE, NULL, &s), ERR_OK);
    store_close(s);
    raise_version("ledger.db");
    raise_version(STORE_FILE);
    scratch_read(dir, "ledger.db", &ledger);
    scratch_read(dir, STORE_FILE, &store);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            ledger_open(dir, i ? LEDGER_READ : LEDGER_WRITE, "test", NULL, &l),
            ERR_NEWER);
        assert_int_equal(
            store_open(dir, i ? STORE_READ : STORE_WRITE, NULL, &s), ERR_NEWER);
    }
    expect_same("ledger.db", &ledger);
    expect_same(STORE_FILE, &store);
    scratch_remove(dir);
    promise(18, "downgrades-refused", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upgrade_interrupted_anywhere_is_finished_later),
        cmocka_unit_test(what_a_newer_program_wrote_is_refused_and_stays),
    };
    return cmocka_run_group_tests_name("18_upgrade", tests, NULL, NULL);
}
