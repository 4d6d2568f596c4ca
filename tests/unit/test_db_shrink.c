/*
 * test_db_shrink.c - a file gives back what it does not use, or stays what it
 * was.
 */
#include "fair/db.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/scratch.h"
#include "tests/support/vfs_fault.h"

enum { FILL, DROP, COUNT, N_SQL };

static const char *const sql[N_SQL] = {
    [FILL] = "INSERT INTO pair (k, v) SELECT $1, zeroblob($2)",
    [DROP] = "DELETE FROM pair WHERE k > $1",
    [COUNT] = "SELECT count(*), sum(length(v)) FROM pair",
};

static const char *const migrations[] = {
    "CREATE TABLE pair (k INTEGER PRIMARY KEY, v BLOB) STRICT;",
};

static const struct db_kind kind = { .application_id = 0x46616972,
                                     .migrations = migrations,
                                     .n_migrations = ARRAY_LEN(migrations),
                                     .sql = sql,
                                     .n_sql = N_SQL };

enum { ROWS = 200, KEPT = 40, BLOB = 10000 };

static char dir[SCRATCH_ROOM];
static struct db *db;
static int64_t disk_left; /* what is said to be free; -1: not known */

static int64_t said_free(void *ctx, const char *path)
{
    (void)ctx;
    assert_string_equal(path, dir);
    return disk_left;
}

static void open_db(enum db_mode mode, struct db **out)
{
    assert_int_equal(db_open(scratch_path(dir, "a.db"), mode, &kind, NULL, out),
                     ERR_OK);
}

static enum err run(int index, const char *types, int64_t a, int64_t b)
{
    DB_STMT(st, db, index);
    db_bind(st, types, a, b);
    return db_run(db, st);
}

/* A file that is mostly unused. */
static int set_up(void **state)
{
    (void)state;
    disk_left = INT64_MAX;
    vfs_fault_clear();
    scratch_make(dir);
    open_db(DB_WRITE, &db);
    for (int64_t k = 1; k <= ROWS; k++)
        assert_int_equal(run(FILL, "ii", k, BLOB), ERR_OK);
    assert_int_equal(run(DROP, "i", KEPT, 0), ERR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    vfs_fault_clear();
    db_close(db);
    db = NULL;
    scratch_remove(dir);
    return 0;
}

static void expect_rows(struct db *from, int64_t rows)
{
    bool row = false;
    DB_STMT(st, from, COUNT);
    assert_int_equal(db_step(from, st, &row), ERR_OK);
    assert_int_equal(db_int(st, 0), rows);
    assert_int_equal(db_int(st, 1), rows * BLOB);
}

static int64_t file_size(void)
{
    struct stat st;
    assert_int_equal(stat(scratch_path(dir, "a.db"), &st), 0);
    return st.st_size;
}

static void a_file_gives_back_what_it_does_not_use(void **state)
{
    struct db_shrunk shrunk = { 0, 0 };
    (void)state;
    db_checkpoint(db);
    int64_t before = file_size();
    assert_int_equal(db_shrink(db, NULL, &shrunk), ERR_OK);
    assert_int_equal(shrunk.before, before);
    assert_int_equal(shrunk.after, file_size());
    assert_true(shrunk.after < before / 4);
    assert_true(shrunk.after > (int64_t)KEPT * BLOB);
    expect_rows(db, KEPT);
    assert_int_equal(db_integrity(db), ERR_OK);
    assert_int_equal(run(FILL, "ii", 1000, BLOB), ERR_OK); /* it goes on */
    db_close(db);
    open_db(DB_WRITE, &db); /* ours as before, of the same version */
    expect_rows(db, KEPT + 1);
}

static void little_is_not_worth_it(void **state)
{
    struct db_shrunk shrunk = { 0, 0 };
    (void)state;
    assert_int_equal(db_shrink(db, NULL, &shrunk), ERR_OK);
    assert_int_equal(run(DROP, "i", KEPT - 1, 0), ERR_OK);
    int64_t size = shrunk.after;
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.at = 1;
    assert_int_equal(db_shrink(db, NULL, &shrunk), ERR_OK);
    assert_int_equal(shrunk.before, size);
    assert_int_equal(shrunk.after, size);
}

static void room_for_two_copies_is_looked_for_before(void **state)
{
    struct db_shrunk shrunk = { -1, -1 };
    BUF(why, MAX_TEXT);
    (void)state;
    disk_left = 2 * KEPT * BLOB;
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.at = 1;
    assert_int_equal(db_shrink(db, &why, &shrunk), ERR_FULL);
    assert_non_null(strstr(buf_text(&why), "2 MB needed, 0 MB free"));
    assert_int_equal(db_shrink(db, NULL, &shrunk), ERR_FULL);
    assert_int_equal(shrunk.before, -1);
    vfs_fault_clear();
    disk_left = 2 * (KEPT + 1) * (BLOB + 4096) + 1024 * 1024;
    assert_int_equal(db_shrink(db, NULL, &shrunk), ERR_OK);
    expect_rows(db, KEPT);
}

static void a_disk_that_says_nothing_is_tried(void **state)
{
    struct db_shrunk shrunk;
    (void)state;
    disk_left = -1;
    assert_int_equal(db_shrink(db, NULL, &shrunk), ERR_OK);
    assert_true(shrunk.after < shrunk.before);
}

static void a_reader_keeps_its_moment(void **state)
{
    struct db_shrunk shrunk;
    struct db *reader = NULL;
    (void)state;
    open_db(DB_READ, &reader);
    assert_int_equal(db_read_begin(reader), ERR_OK);
    expect_rows(reader, KEPT);
    assert_int_equal(db_shrink(db, NULL, &shrunk), ERR_OK);
    assert_int_equal(run(DROP, "i", 10, 0), ERR_OK);
    expect_rows(reader, KEPT);
    db_read_end(reader);
    expect_rows(reader, 10);
    db_close(reader);
    db_close(db); /* what the reader held up is done now */
    open_db(DB_WRITE, &db);
    assert_true(file_size() <= shrunk.after);
}

/* Whatever call fails: the rows are there, and the next try succeeds. */
static void a_failing_disk_costs_nothing(void **state)
{
    static const int numbers[] = { EIO, ENOSPC };
    struct db_shrunk shrunk;
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        enum err e = ERR_IO;
        for (int64_t n = 1; e != ERR_OK; n += 1 + n / 9) {
            vfs_fault.ops = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE;
            vfs_fault.number = numbers[i];
            vfs_fault.at = n;
            e = db_shrink(db, NULL, &shrunk);
            failed += e != ERR_OK;
            assert_true(e == ERR_OK || e == ERR_IO || e == ERR_FULL);
            vfs_fault_clear();
            db_close(db);
            open_db(DB_WRITE, &db);
            expect_rows(db, KEPT);
            assert_int_equal(db_integrity(db), ERR_OK);
        }
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
    assert_true(failed > 20);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_file_gives_back_what_it_does_not_use),
        RULE(little_is_not_worth_it),
        RULE(room_for_two_copies_is_looked_for_before),
        RULE(a_disk_that_says_nothing_is_tried),
        RULE(a_reader_keeps_its_moment),
        RULE(a_failing_disk_costs_nothing),
    };
    vfs_fault_install();
    struct env env = *env_get();
    env.disk_free = said_free;
    env_use(&env);
    return cmocka_run_group_tests_name("db_shrink", tests, NULL, NULL);
}
