/*
 * test_db_place.c - a writer goes on only with the file and the log that it
 * opened, and what stood in a log that lost its name is kept.
 */
#define _GNU_SOURCE /* O_PATH */
#include "fair/db.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/scratch.h"
#include "tests/support/vfs_fault.h"

enum { PUT, COUNT, N_SQL };

static const char *const sql[N_SQL] = {
    [PUT] = "INSERT INTO one (k) VALUES ($1)",
    [COUNT] = "SELECT count(*) FROM one",
};

static const char *const migrations[] = {
    "CREATE TABLE one (k INTEGER PRIMARY KEY) STRICT;",
};

static const struct db_kind kind = { .application_id = 0x46616972,
                                     .migrations = migrations,
                                     .n_migrations = 1,
                                     .sql = sql,
                                     .n_sql = N_SQL };

static char dir[SCRATCH_ROOM], path[SCRATCH_ROOM + 8];
static struct db *db;

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    snprintf(path, sizeof(path), "%s/a.db", dir);
    db = NULL;
    vfs_fault_clear();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    vfs_fault_clear();
    db_close(db);
    scratch_remove(dir);
    return 0;
}

static void reopen(void)
{
    db_close(db);
    db = NULL;
    assert_int_equal(db_open(path, DB_WRITE, &kind, NULL, &db), ERR_OK);
}

static enum err put(int64_t k)
{
    DB_STMT(st, db, PUT);
    db_bind(st, "i", k);
    return db_run(db, st);
}

static enum err put_alone(int64_t k)
{
    DB_STMT(st, db, PUT);
    db_bind(st, "i", k);
    return db_run_alone(db, st);
}

static int64_t count(struct db *from)
{
    bool row = false;
    DB_STMT(st, from, COUNT);
    assert_int_equal(db_step(from, st, &row), ERR_OK);
    assert_true(row);
    return db_int(st, 0);
}

/* Moved away, replaced, or gone: what would be committed has no name. */
static void nothing_is_committed_to_a_file_that_lost_its_place(void **state)
{
    char away[SCRATCH_ROOM + 16];
    (void)state;
    snprintf(away, sizeof(away), "%s-away", path);
    reopen();
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(rename(path, away), 0);
    scratch_write(dir, "a.db", STR("a report"));
    TX(tx);
    assert_int_equal(tx_begin(db, &tx), ERR_OK);
    assert_int_equal(put(2), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_IO);
    assert_true(db_lost(db));
    assert_non_null(strstr(db_errmsg(db), "no longer there"));
    db_close(db);
    db = NULL;
    assert_int_equal(rename(away, path), 0);
    reopen();
    assert_int_equal(unlink(path), 0);
    assert_int_equal(put_alone(3), ERR_IO);
    assert_true(db_lost(db));
}

/* Removed beside a file that stays: nothing more is written to it, and what
 * was is not lost with it. */
static void nothing_is_committed_to_a_log_that_was_removed(void **state)
{
    (void)state;
    reopen();
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(unlink(scratch_path(dir, "a.db-wal")), 0);
    assert_int_equal(unlink(scratch_path(dir, "a.db-shm")), 0);
    assert_int_equal(put_alone(2), ERR_IO);
    assert_true(db_lost(db));
    assert_non_null(strstr(db_errmsg(db), "its log is no longer there"));
    reopen();
    assert_int_equal(count(db), 1);
    assert_int_equal(unlink(scratch_path(dir, "a.db-wal")), 0);
    scratch_write(dir, "a.db-wal", STR(""));
    TX(tx);
    assert_int_equal(tx_begin(db, &tx), ERR_OK);
    assert_int_equal(put(3), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_IO);
    reopen();
    assert_int_equal(count(db), 1);
    assert_int_equal(put_alone(4), ERR_OK);
}

/* A reader that comes makes an empty one in its place. */
static void a_removed_log_is_saved_from_readers_that_come(void **state)
{
    struct db *reader = NULL;
    (void)state;
    reopen();
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(unlink(scratch_path(dir, "a.db-wal")), 0);
    assert_int_equal(unlink(scratch_path(dir, "a.db-shm")), 0);
    assert_int_equal(db_open(path, DB_READ, &kind, NULL, &reader), ERR_OK);
    db_close(reader);
    assert_true(scratch_has(dir, "a.db-wal"));
    assert_int_equal(put_alone(2), ERR_IO);
    reopen();
    assert_int_equal(count(db), 1);
}

/* The file has moved with its log: neither name is looked for elsewhere. */
static void a_relative_name_stays_the_file_that_was_opened(void **state)
{
    char away[SCRATCH_ROOM + 16];
    int here = open(".", O_PATH | O_CLOEXEC);
    (void)state;
    snprintf(away, sizeof(away), "%s-away", dir);
    assert_int_equal(chdir(dir), 0);
    assert_int_equal(db_open("a.db", DB_WRITE, &kind, NULL, &db), ERR_OK);
    assert_int_equal(rename(dir, away), 0);
    assert_int_equal(put_alone(1), ERR_IO);
    assert_false(db_log_gone(db));
    assert_int_equal(rename(away, dir), 0);
    assert_int_equal(fchdir(here), 0);
    close(here);
}

static struct db *long_reader;
static int64_t slept_us;

/* A report that goes on for half a minute. */
static void goes_on_reading(int us)
{
    slept_us += us;
    if (slept_us < 30000000 || !long_reader)
        return;
    db_read_end(long_reader);
    db_close(long_reader);
    long_reader = NULL;
}

static void a_removed_log_is_saved_whole_behind_a_long_report(void **state)
{
    (void)state;
    reopen();
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(db_open(path, DB_READ, &kind, NULL, &long_reader), ERR_OK);
    assert_int_equal(db_read_begin(long_reader), ERR_OK);
    assert_int_equal(count(long_reader), 1);
    assert_int_equal(put_alone(2), ERR_OK);
    assert_int_equal(unlink(scratch_path(dir, "a.db-wal")), 0);
    assert_int_equal(unlink(scratch_path(dir, "a.db-shm")), 0);
    assert_int_equal(put_alone(3), ERR_IO);
    vfs_fault.asleep = goes_on_reading;
    slept_us = 0;
    db_close(db);
    db = NULL;
    vfs_fault_clear();
    assert_null(long_reader);
    reopen();
    assert_int_equal(count(db), 2);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(nothing_is_committed_to_a_file_that_lost_its_place),
        RULE(nothing_is_committed_to_a_log_that_was_removed),
        RULE(a_removed_log_is_saved_from_readers_that_come),
        RULE(a_relative_name_stays_the_file_that_was_opened),
        RULE(a_removed_log_is_saved_whole_behind_a_long_report),
    };
    vfs_fault_install();
    return cmocka_run_group_tests_name("db_place", tests, NULL, NULL);
}
