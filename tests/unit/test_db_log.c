/*
 * test_db_log.c - readers and the one writer leave each other alone; the log
 * is moved at the right moments; a live database is copied whole; what lost its
 * name is not gone on with, and nothing of it is lost.
 */
#define _GNU_SOURCE /* O_PATH */
#include "fair/db.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/scratch.h"
#include "tests/support/vfs_fault.h"

enum { PUT, GET, COUNT, FILL, N_SQL };

static const char *const sql[N_SQL] = {
    [PUT] = "INSERT INTO pair (k, v) VALUES ($1, $2)",
    [GET] = "SELECT v, k FROM pair WHERE k = $1",
    [COUNT] = "SELECT count(*) FROM pair",
    [FILL] = "INSERT INTO pair (k, v) SELECT $1, zeroblob($2)",
};

static const char *const migrations[] = {
    "CREATE TABLE pair (k INTEGER PRIMARY KEY, v ANY) STRICT;",
    "CREATE TABLE more (k INTEGER PRIMARY KEY) STRICT;"
    "INSERT INTO more VALUES (7);",
};

static const struct db_kind kind = { .application_id = 0x46616972,
                                     .migrations = migrations,
                                     .n_migrations = ARRAY_LEN(migrations),
                                     .sql = sql,
                                     .n_sql = N_SQL };

static char dir[SCRATCH_ROOM];
static const char *path;
static struct db *db;

static int set_up(void **state)
{
    static char room[SCRATCH_ROOM * 2];
    (void)state;
    scratch_make(dir);
    const char *p = scratch_path(dir, "a.db");
    memcpy(room, p, strlen(p) + 1);
    path = room;
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

static void open_ok(enum db_mode mode, const struct db_kind *k)
{
    db_close(db);
    db = NULL;
    assert_int_equal(db_open(path, mode, k, NULL, &db), ERR_OK);
}

static enum err open_err(enum db_mode mode, const struct db_kind *k,
                         const char *says)
{
    struct db *other = NULL;
    BUF(why, MAX_TEXT);
    enum err e = db_open(path, mode, k, &why, &other);
    assert_null(other);
    assert_ptr_equal(strstr(buf_text(&why), path), buf_text(&why));
    if (!strstr(buf_text(&why), says))
        fail_msg("\"%s\" is not in: %s", says, buf_text(&why));
    return e;
}

static enum err put(struct db *to, int64_t k, struct str v)
{
    DB_STMT(st, to, PUT);
    db_bind(st, "is", k, v);
    return db_run(to, st);
}

static int64_t count(struct db *from)
{
    bool row = false;
    DB_STMT(st, from, COUNT);
    assert_int_equal(db_step(from, st, &row), ERR_OK);
    assert_true(row);
    return db_int(st, 0);
}

/* ---- one writer, many readers ---- */

static void a_reader_cannot_write(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    struct db *reader = NULL;
    assert_int_equal(db_open(path, DB_READ, &kind, NULL, &reader), ERR_OK);
    assert_int_equal(put(reader, 1, STR("a")), ERR_READ_ONLY);
    assert_int_equal(count(reader), 0); /* and goes on */
    db_close(reader);
}

static void a_reader_sees_one_moment(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    struct db *reader = NULL;
    assert_int_equal(db_open(path, DB_READ, &kind, NULL, &reader), ERR_OK);
    assert_int_equal(db_read_begin(reader), ERR_OK);
    assert_int_equal(count(reader), 0);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    assert_int_equal(count(reader), 0);
    db_read_end(reader);
    assert_int_equal(count(reader), 1);
    db_close(reader);
}

static off_t size_of(const char *name)
{
    struct stat st;
    assert_int_equal(stat(scratch_path(dir, name), &st), 0);
    return st.st_size;
}

static void a_reader_moves_nothing_and_leaves_the_log(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    off_t before = size_of("a.db");
    off_t log = size_of("a.db-wal");
    assert_true(log > 0);
    pid_t child = fork();
    if (child == 0)
        _exit(0); /* takes nothing with it */
    waitpid(child, NULL, 0);
    struct db *reader = NULL;
    assert_int_equal(db_open(path, DB_READ, &kind, NULL, &reader), ERR_OK);
    assert_int_equal(count(reader), 1);
    db_close(reader);
    assert_int_equal(size_of("a.db"), before);
    assert_int_equal(size_of("a.db-wal"), log);
}

/* The writer ends like a killed process: its log stays behind. */
static void leave_a_log(int64_t k)
{
    pid_t child = fork();
    if (child == 0) {
        if (db_open(path, DB_WRITE, &kind, NULL, &db) != ERR_OK ||
            put(db, k, STR("a")) != ERR_OK)
            _exit(1);
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_true(size_of("a.db-wal") > 0);
}

static void a_reader_reads_on_after_the_writer_was_killed(void **state)
{
    (void)state;
    leave_a_log(1);
    open_ok(DB_READ, &kind);
    assert_int_equal(count(db), 1);
    open_ok(DB_READ, &kind);
    assert_int_equal(count(db), 1);
    assert_true(size_of("a.db-wal") > 0);
}

static void a_reader_opens_after_a_clean_end(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    db_close(db);
    db = NULL;
    assert_false(scratch_has(dir, "a.db-wal"));
    open_ok(DB_READ, &kind);
    assert_int_equal(count(db), 1);
}

static void a_killed_writers_log_is_synced_before_it_is_believed(void **state)
{
    (void)state;
    leave_a_log(1);
    vfs_fault.syncs = 0;
    open_ok(DB_WRITE, &kind);
    assert_true(vfs_fault.syncs >= 2); /* the log, then the file */
    db_close(db);
    db = NULL;
    leave_a_log(2);
    vfs_fault.ops = FAULT_SYNC;
    vfs_fault.at = 1;
    assert_int_equal(open_err(DB_WRITE, &kind, "cannot be synced"), ERR_IO);
}

static void idle_moments_keep_the_log_short(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    off_t before = size_of("a.db");
    for (int64_t k = 1; k <= 60; k++)
        assert_int_equal(put(db, k, STR("a")), ERR_OK);
    db_checkpoint(db);
    assert_int_equal(size_of("a.db"), before); /* not worth it yet */
    for (int64_t k = 61; k <= 200; k++) {
        DB_STMT(st, db, FILL);
        db_bind(st, "ii", k, INT64_C(4000));
        assert_int_equal(db_run(db, st), ERR_OK);
    }
    db_checkpoint(db);
    off_t log = size_of("a.db-wal");
    assert_true(size_of("a.db") > before);
    for (int64_t k = 201; k <= 260; k++)
        assert_int_equal(put(db, k, STR("a")), ERR_OK);
    assert_int_equal(size_of("a.db-wal"), log); /* written over */
}

static void without_idle_moments_the_log_stays_bounded(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    for (int64_t k = 1; k <= 2000; k++) {
        TX(tx);
        assert_int_equal(tx_begin(db, &tx), ERR_OK);
        assert_int_equal(put(db, k, STR("a")), ERR_OK);
        assert_int_equal(tx_commit(&tx), ERR_OK);
    }
    for (int64_t k = 2001; k <= 4000; k++) {
        DB_STMT(st, db, PUT);
        db_bind(st, "is", k, STR("a"));
        assert_int_equal(db_run_alone(db, st), ERR_OK);
    }
    assert_true(size_of("a.db-wal") < 1100 * 4120);
}

static void a_kind_says_how_long_its_log_may_be(void **state)
{
    static struct db_kind longer;
    (void)state;
    longer = kind;
    longer.log_pages = 1500;
    open_ok(DB_WRITE, &longer);
    for (int64_t k = 1; k <= 4000; k++) {
        DB_STMT(st, db, PUT);
        db_bind(st, "is", k, STR("a"));
        assert_int_equal(db_run_alone(db, st), ERR_OK);
    }
    assert_true(size_of("a.db-wal") > 1450 * 4120);
    assert_true(size_of("a.db-wal") < 1600 * 4120);
}

static void a_failed_move_after_commit_ends_the_handle(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    for (int64_t k = 1; k <= 150; k++)
        assert_int_equal(put(db, k, STR("a")), ERR_OK);
    vfs_fault.ops = FAULT_SYNC;
    vfs_fault.at = 2;
    db_checkpoint(db);
    assert_int_equal(vfs_fault.hits, 1);
    assert_int_equal(put(db, 151, STR("a")), ERR_IO);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(count(db), 150);
}

/* ---- copies ---- */

static void a_backup_is_whole_and_never_replaces(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    const char *copy = scratch_path(dir, "copy.db");
    scratch_write(dir, "copy.db.new", STR("of an interrupted backup"));
    assert_int_equal(db_backup(db, copy), ERR_OK);
    assert_int_equal(put(db, 2, STR("b")), ERR_OK);
    assert_int_equal(db_backup(db, copy), ERR_EXISTS);
    assert_false(scratch_has(dir, "copy.db.new"));
    struct db *other = NULL;
    assert_int_equal(db_open(copy, DB_WRITE, &kind, NULL, &other), ERR_OK);
    assert_int_equal(count(other), 1);
    assert_int_equal(put(other, 5, STR("goes on")), ERR_OK);
    db_close(other);
    assert_int_equal(db_backup(db, scratch_path(dir, "no/copy.db")),
                     ERR_NOT_FOUND);
}

static void a_failed_backup_leaves_nothing(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.number = ENOSPC;
    vfs_fault.at = 1;
    vfs_fault.persistent = true;
    assert_int_equal(db_backup(db, scratch_path(dir, "copy.db")), ERR_FULL);
    vfs_fault.at = 0;
    assert_false(scratch_has(dir, "copy.db"));
    assert_false(scratch_has(dir, "copy.db.new"));
    assert_int_equal(count(db), 1);
}

/* ---- a file or log that lost its name ---- */

static enum err put_alone(int64_t k)
{
    DB_STMT(st, db, PUT);
    db_bind(st, "is", k, STR("a"));
    return db_run_alone(db, st);
}

/* Moved away, replaced, or gone: what would be committed has no name. */
static void nothing_is_committed_to_a_file_that_lost_its_place(void **state)
{
    char away[SCRATCH_ROOM + 16];
    (void)state;
    snprintf(away, sizeof(away), "%s-away", path);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(rename(path, away), 0);
    scratch_write(dir, "a.db", STR("a report"));
    TX(tx);
    assert_int_equal(tx_begin(db, &tx), ERR_OK);
    assert_int_equal(put(db, 2, STR("b")), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_IO);
    assert_true(db_lost(db));
    assert_non_null(strstr(db_errmsg(db), "no longer there"));
    db_close(db);
    db = NULL;
    assert_int_equal(rename(away, path), 0);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(put_alone(3), ERR_IO);
    assert_true(db_lost(db));
}

/* Removed beside a file that stays: nothing more is written to it, and what
 * was is not lost with it. */
static void nothing_is_committed_to_a_log_that_was_removed(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(unlink(scratch_path(dir, "a.db-wal")), 0);
    assert_int_equal(unlink(scratch_path(dir, "a.db-shm")), 0);
    assert_int_equal(put_alone(2), ERR_IO);
    assert_true(db_lost(db));
    assert_non_null(strstr(db_errmsg(db), "its log is no longer there"));
    open_ok(DB_WRITE, &kind);
    assert_int_equal(count(db), 1);
    assert_int_equal(unlink(scratch_path(dir, "a.db-wal")), 0);
    scratch_write(dir, "a.db-wal", STR(""));
    TX(tx);
    assert_int_equal(tx_begin(db, &tx), ERR_OK);
    assert_int_equal(put(db, 3, STR("c")), ERR_OK);
    assert_int_equal(tx_commit(&tx), ERR_IO);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(count(db), 1);
    assert_int_equal(put_alone(4), ERR_OK);
}

/* A reader that comes makes an empty one in its place. */
static void a_removed_log_is_saved_from_readers_that_come(void **state)
{
    struct db *reader = NULL;
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(unlink(scratch_path(dir, "a.db-wal")), 0);
    assert_int_equal(unlink(scratch_path(dir, "a.db-shm")), 0);
    assert_int_equal(db_open(path, DB_READ, &kind, NULL, &reader), ERR_OK);
    db_close(reader);
    assert_true(scratch_has(dir, "a.db-wal"));
    assert_int_equal(put_alone(2), ERR_IO);
    open_ok(DB_WRITE, &kind);
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
    open_ok(DB_WRITE, &kind);
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
    open_ok(DB_WRITE, &kind);
    assert_int_equal(count(db), 2);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_reader_cannot_write),
        RULE(a_reader_sees_one_moment),
        RULE(a_reader_moves_nothing_and_leaves_the_log),
        RULE(a_reader_reads_on_after_the_writer_was_killed),
        RULE(a_reader_opens_after_a_clean_end),
        RULE(a_killed_writers_log_is_synced_before_it_is_believed),
        RULE(idle_moments_keep_the_log_short),
        RULE(without_idle_moments_the_log_stays_bounded),
        RULE(a_kind_says_how_long_its_log_may_be),
        RULE(a_failed_move_after_commit_ends_the_handle),
        RULE(a_backup_is_whole_and_never_replaces),
        RULE(a_failed_backup_leaves_nothing),
        RULE(nothing_is_committed_to_a_file_that_lost_its_place),
        RULE(nothing_is_committed_to_a_log_that_was_removed),
        RULE(a_removed_log_is_saved_from_readers_that_come),
        RULE(a_relative_name_stays_the_file_that_was_opened),
        RULE(a_removed_log_is_saved_whole_behind_a_long_report),
    };
    vfs_fault_install();
    return cmocka_run_group_tests_name("db_log", tests, NULL, NULL);
}
