/*
 * test_db.c - a connection is set up safely or refused; errors have names;
 * transactions nest and end.
 */
#include "fair/db.h"

#include <errno.h>
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

static const struct db_kind old_kind = { .application_id = 0x46616972,
                                         .migrations = migrations,
                                         .n_migrations = 1,
                                         .sql = sql,
                                         .n_sql = N_SQL };
static const struct db_kind kind = { .application_id = 0x46616972,
                                     .migrations = migrations,
                                     .n_migrations = 2,
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

static int64_t pragma(struct db *of, const char *text)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db_handle(of), text, -1, &st, NULL);
    assert_int_equal(rc, SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = db_int(st, 0);
    sqlite3_finalize(st);
    return n;
}

static int exec(struct db *of, const char *text)
{
    return sqlite3_exec(db_handle(of), text, NULL, NULL, NULL);
}

/* ---- opening ---- */

static void a_writer_is_wal_full_and_hardened(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    sqlite3_stmt *st = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(db_handle(db), "PRAGMA journal_mode", -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_true(str_is(db_str(st, 0), "wal"));
    sqlite3_finalize(st);
    assert_int_equal(pragma(db, "PRAGMA synchronous"), 2);
    assert_int_equal(pragma(db, "PRAGMA cell_size_check"), 1);
    assert_int_equal(pragma(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(pragma(db, "PRAGMA trusted_schema"), 0);
    assert_int_equal(pragma(db, "PRAGMA wal_autocheckpoint"), 0);
    assert_int_equal(pragma(db, "PRAGMA application_id"), 0x46616972);
    assert_int_equal(pragma(db, "PRAGMA user_version"), 2);
    assert_int_not_equal(exec(db, "SELECT \"text\""), SQLITE_OK);
    assert_int_not_equal(exec(db, "ATTACH ':memory:' AS x"), SQLITE_OK);
    assert_int_not_equal(exec(db, "SELECT load_extension('x')"), SQLITE_OK);
    assert_int_not_equal(exec(db, "PRAGMA writable_schema = 1;"
                                  "DELETE FROM sqlite_schema"),
                         SQLITE_OK);
}

static void what_a_statement_may_need_has_limits(void **state)
{
    static const int limits[][2] = {
        { SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024 },
        { SQLITE_LIMIT_SQL_LENGTH, 10000 },
        { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_VDBE_OP, 25000 },
        { SQLITE_LIMIT_TRIGGER_DEPTH, 8 },
        { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };
    char text[10001 + 1] = "SELECT 1";
    (void)state;
    for (int mode = DB_WRITE; mode >= DB_READ; mode--) {
        open_ok((enum db_mode)mode, &kind);
        for (size_t i = 0; i < ARRAY_LEN(limits); i++)
            assert_int_equal(sqlite3_limit(db_handle(db), limits[i][0], -1),
                             limits[i][1]);
        memset(text + 8, ' ', sizeof(text) - 8 - 1);
        assert_int_equal(exec(db, text), SQLITE_TOOBIG);
        text[10000] = '\0';
        assert_int_equal(exec(db, text), SQLITE_OK);
    }
}

/* One without shared memory, as some network shares are. */
static void where_no_log_can_be_kept_nothing_is_opened(void **state)
{
    const struct env before = *env_get();
    struct env env = before;
    BUF(why, MAX_TEXT);
    (void)state;
    env.vfs = "unix-none";
    env_use(&env);
    enum err e = db_open(path, DB_WRITE, &kind, &why, &db);
    env_use(&before);
    assert_int_equal(e, ERR_IO);
    assert_non_null(strstr(buf_text(&why), "cannot keep a log"));
}

static void files_are_for_their_owner_only(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put(db, 1, STR("x")), ERR_OK);
    static const char *const names[] = { "a.db", "a.db-wal", "a.db-shm" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct stat st;
        assert_int_equal(stat(scratch_path(dir, names[i]), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

static void a_missing_file_is_made_by_a_writer_only(void **state)
{
    (void)state;
    assert_int_equal(open_err(DB_READ, &kind, ""), ERR_NOT_FOUND);
    assert_false(scratch_has(dir, "a.db"));
    scratch_write(dir, "a.db", STR(""));
    assert_int_equal(open_err(DB_READ, &kind, "empty"), ERR_NOT_FOUND);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(count(db), 0);
}

static void a_missing_directory_is_named(void **state)
{
    (void)state;
    path = scratch_path(dir, "no/a.db");
    assert_int_equal(open_err(DB_WRITE, &kind, "No such file"), ERR_NOT_FOUND);
}

static void a_path_too_long_for_sqlite_is_called_so(void **state)
{
    (void)state;
    char deep[SCRATCH_ROOM + 700];
    static const size_t longest[] = { 504, 505, 600 };
    for (size_t i = 0; i < ARRAY_LEN(longest); i++) {
        /* DIR/dd…/dd…/dd…/a.db */
        size_t len = longest[i];
        memset(deep, 'd', len);
        memcpy(deep, dir, strlen(dir));
        for (size_t at = strlen(dir); at < len; at += 200)
            deep[at] = '/';
        memcpy(deep + len - 5, "/a.db", 6);
        deep[len - 5] = '\0';
        assert_int_equal(env_dir_make(deep), ERR_OK);
        deep[len - 5] = '/';
        path = deep;
        if (len == 504) {
            open_ok(DB_WRITE, &kind);
            continue;
        }
        assert_int_equal(open_err(DB_WRITE, &kind, "longer"), ERR_LIMIT);
        assert_int_equal(open_err(DB_READ, &kind, "longer"), ERR_LIMIT);
    }
}

static void an_older_file_is_brought_up_to_date_once(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &old_kind);
    assert_int_equal(put(db, 1, STR("kept")), ERR_OK);
    db_close(db);
    db = NULL;
    assert_int_equal(open_err(DB_READ, &kind, "up to date"), ERR_BUSY);
    for (int i = 0; i < 2; i++) {
        open_ok(DB_WRITE, &kind);
        assert_int_equal(count(db), 1);
        assert_int_equal(pragma(db, "SELECT sum(k) FROM more"), 7);
    }
}

static void a_newer_file_is_refused_unchanged(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    db_close(db);
    db = NULL;
    BUF(before, MAX_CSV);
    BUF(after, MAX_CSV);
    scratch_read(dir, "a.db", &before);
    assert_int_equal(open_err(DB_WRITE, &old_kind, "newer"), ERR_NEWER);
    assert_int_equal(open_err(DB_READ, &old_kind, "newer"), ERR_NEWER);
    scratch_read(dir, "a.db", &after);
    assert_true(str_eq(buf_slice(&before), buf_slice(&after)));
}

static void another_programs_file_is_refused_unchanged(void **state)
{
    (void)state;
    sqlite3 *foreign = NULL;
    assert_int_equal(sqlite3_open(path, &foreign), SQLITE_OK);
    sqlite3_exec(foreign, "CREATE TABLE t (x)", NULL, NULL, NULL);
    sqlite3_close(foreign);
    BUF(before, MAX_CSV);
    BUF(after, MAX_CSV);
    scratch_read(dir, "a.db", &before);
    assert_int_equal(open_err(DB_WRITE, &kind, "another program"), ERR_CORRUPT);
    assert_int_equal(open_err(DB_READ, &kind, "another program"), ERR_CORRUPT);
    scratch_read(dir, "a.db", &after);
    assert_true(str_eq(buf_slice(&before), buf_slice(&after)));
}

static void what_is_no_database_is_refused(void **state)
{
    (void)state;
    BUF(junk, MAX_TEXT);
    while (junk.len < 8192)
        buf_puts(&junk, "this is no database. ");
    scratch_write(dir, "a.db", buf_slice(&junk));
    assert_int_equal(open_err(DB_WRITE, &kind, "not a database"), ERR_CORRUPT);
    assert_int_equal(open_err(DB_READ, &kind, "not a database"), ERR_CORRUPT);
}

static void an_interrupted_migration_leaves_the_old_version(void **state)
{
    (void)state;
    vfs_fault.ops = FAULT_WRITE | FAULT_SYNC;
    for (int64_t at = 1;; at++) {
        open_ok(DB_WRITE, &old_kind);
        db_close(db);
        db = NULL;
        struct db *other = NULL;
        vfs_fault.calls = vfs_fault.hits = 0;
        vfs_fault.at = at;
        vfs_fault.persistent = true;
        enum err e = db_open(path, DB_WRITE, &kind, NULL, &other);
        vfs_fault.at = 0;
        db_close(other);
        if (vfs_fault.hits == 0) {
            assert_int_equal(e, ERR_OK);
            assert_true(at > 3);
            break;
        }
        open_ok(DB_WRITE, &kind);
        assert_int_equal(pragma(db, "SELECT sum(k) FROM more"), 7);
        assert_int_equal(pragma(db, "PRAGMA user_version"), 2);
        db_close(db);
        db = NULL;
        unlink(path);
    }
}

/* ---- statements ---- */

static void values_come_back_as_they_were_bound(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    static const char odd[] = "a\0b\xff";
    struct str blob = { odd, sizeof(odd) };
    DB_STMT(st, db, PUT);
    db_bind(st, "ib", INT64_MIN, blob);
    assert_int_equal(db_run(db, st), ERR_OK);
    db_stmt_release(&st);
    db_bind(st, "is", INT64_MAX, STR("chè"));
    assert_int_equal(db_run(db, st), ERR_OK);
    db_stmt_release(&st);
    db_bind(st, "ib", INT64_C(3), (struct str){ NULL, 0 });
    assert_int_equal(db_run(db, st), ERR_OK);
    db_stmt_release(&st);
    db_bind(st, "in", INT64_C(4));
    assert_int_equal(db_run(db, st), ERR_OK);

    bool row = false;
    DB_STMT(get, db, GET);
    db_bind(get, "i", INT64_MIN);
    assert_int_equal(db_step(db, get, &row), ERR_OK);
    assert_true(row && str_eq(db_str(get, 0), blob));
    assert_true(db_int(get, 1) == INT64_MIN);
    db_stmt_release(&get);
    db_bind(get, "i", INT64_MAX);
    assert_int_equal(db_step(db, get, &row), ERR_OK);
    assert_true(row && str_is(db_str(get, 0), "chè"));
    assert_int_equal(db_step(db, get, &row), ERR_OK);
    assert_false(row);
    assert_int_equal(pragma(db, "SELECT count(*) FROM pair WHERE v IS NULL"),
                     1);
}

static void a_doubled_key_exists_and_changes_are_counted(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    assert_int_equal(db_changes(db), 1);
    assert_int_equal(put(db, 1, STR("b")), ERR_EXISTS);
    assert_non_null(strstr(db_errmsg(db), "UNIQUE"));
    assert_int_equal(count(db), 1);
}

static void every_code_has_its_error(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum err e;
    } table[] = {
        { SQLITE_OK, ERR_OK },
        { SQLITE_ROW, ERR_OK },
        { SQLITE_DONE, ERR_OK },
        { SQLITE_FULL, ERR_FULL },
        { SQLITE_IOERR_SHMSIZE, ERR_FULL },
        { SQLITE_IOERR_FSYNC, ERR_IO },
        { SQLITE_IOERR_READ, ERR_IO },
        { SQLITE_IOERR, ERR_IO },
        { SQLITE_CORRUPT_INDEX, ERR_CORRUPT },
        { SQLITE_NOTADB, ERR_CORRUPT },
        { SQLITE_READONLY, ERR_READ_ONLY },
        { SQLITE_READONLY_ROLLBACK, ERR_READ_ONLY },
        { SQLITE_READONLY_CANTINIT, ERR_READ_ONLY },
        { SQLITE_READONLY_DIRECTORY, ERR_READ_ONLY },
        { SQLITE_PERM, ERR_READ_ONLY },
        { SQLITE_BUSY, ERR_LOCKED },
        { SQLITE_BUSY_RECOVERY, ERR_LOCKED },
        { SQLITE_LOCKED, ERR_LOCKED },
        { SQLITE_INTERRUPT, ERR_BUSY },
        { SQLITE_TOOBIG, ERR_LIMIT },
        { SQLITE_CONSTRAINT_PRIMARYKEY, ERR_EXISTS },
        { SQLITE_CONSTRAINT_TRIGGER, ERR_INVALID },
        { SQLITE_CONSTRAINT_CHECK, ERR_INVALID },
        { SQLITE_ERROR, ERR_INVALID },
        { SQLITE_AUTH, ERR_INVALID },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (db_err(table[i].code) != table[i].e)
            fail_msg("code %d gives %s", table[i].code,
                     err_code(db_err(table[i].code)));
    }
}

/* ---- transactions ---- */

static void a_transaction_left_early_changes_nothing(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    {
        TX(tx);
        assert_int_equal(tx_begin(db, &tx), ERR_OK);
        assert_int_equal(put(db, 1, STR("a")), ERR_OK);
        assert_int_equal(count(db), 1);
    }
    assert_int_equal(count(db), 0);
    assert_int_equal(put(db, 1, STR("b")), ERR_OK);
}

static void inner_transactions_fail_alone(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    TX(outer);
    assert_int_equal(tx_begin(db, &outer), ERR_OK);
    assert_int_equal(put(db, 1, STR("outer")), ERR_OK);
    {
        TX(inner);
        assert_int_equal(tx_begin(db, &inner), ERR_OK);
        assert_int_equal(put(db, 2, STR("lost")), ERR_OK);
    }
    {
        TX(inner);
        assert_int_equal(tx_begin(db, &inner), ERR_OK);
        assert_int_equal(put(db, 3, STR("kept")), ERR_OK);
        assert_int_equal(tx_commit(&inner), ERR_OK);
    }
    assert_int_equal(tx_commit(&outer), ERR_OK);
    assert_int_equal(pragma(db, "SELECT sum(k) FROM pair"), 4);
    assert_int_equal(sqlite3_get_autocommit(db_handle(db)), 1);
}

static void an_io_error_at_commit_is_unsure_and_the_end(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    TX(tx);
    assert_int_equal(tx_begin(db, &tx), ERR_OK);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    vfs_fault.ops = FAULT_SYNC;
    vfs_fault.at = 1;
    assert_int_equal(tx_commit(&tx), ERR_UNSURE);
    assert_false(tx.open);
    assert_int_equal(put(db, 2, STR("b")), ERR_IO);
    TX(again);
    assert_int_equal(tx_begin(db, &again), ERR_IO);
    db_checkpoint(db);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(pragma(db, "SELECT count(*) FROM pair WHERE k = 2"), 0);
    assert_int_equal(put(db, 3, STR("c")), ERR_OK);
}

static enum err put_alone(int64_t k)
{
    DB_STMT(st, db, PUT);
    db_bind(st, "is", k, STR("a"));
    return db_run_alone(db, st);
}

static void a_statement_alone_is_a_transaction_or_unsure(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(put_alone(1), ERR_EXISTS);
    vfs_fault.ops = FAULT_SYNC;
    vfs_fault.at = 1;
    assert_int_equal(put_alone(2), ERR_UNSURE);
    assert_int_equal(put_alone(3), ERR_IO); /* known: nothing is written */
    vfs_fault_clear();
    open_ok(DB_WRITE, &kind);
    assert_int_equal(pragma(db, "SELECT count(*) FROM pair WHERE k = 3"), 0);
    assert_int_equal(put_alone(3), ERR_OK);
}

static void pages_that_cannot_be_read_are_not_called_damaged(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    {
        DB_STMT(st, db, FILL);
        db_bind(st, "ii", INT64_C(1), INT64_C(100000));
        assert_int_equal(db_run_alone(db, st), ERR_OK);
    }
    open_ok(DB_READ, &kind);
    assert_int_equal(db_integrity(db), ERR_OK);
    open_ok(DB_READ, &kind);
    vfs_fault.ops = FAULT_READ;
    vfs_fault.at = 1;
    vfs_fault.persistent = true;
    assert_int_equal(db_integrity(db), ERR_IO);
}

static void what_is_no_plain_file_is_no_database(void **state)
{
    static const enum db_mode modes[] = { DB_READ, DB_WRITE };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        BUF(why, MAX_TEXT);
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_int_equal(db_open(path, modes[i], &kind, &why, &db), ERR_IO);
        assert_non_null(strstr(buf_text(&why), "a.db: this is no plain file"));
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_int_equal(db_open(path, modes[i], &kind, NULL, &db), ERR_IO);
        assert_int_equal(rmdir(path), 0);
        assert_int_equal(symlink("nowhere", path), 0);
        assert_int_equal(db_open(path, modes[i], &kind, NULL, &db), ERR_IO);
        assert_false(scratch_has(dir, "nowhere"));
        assert_int_equal(unlink(path), 0);
    }
}

/* SQLite would throw the log away. */
static void a_log_without_its_file_is_not_begun_anew(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put_alone(1), ERR_OK);
    assert_int_equal(unlink(path), 0);
    struct db *other = NULL;
    assert_int_equal(db_open(path, DB_WRITE, &kind, NULL, &other), ERR_CORRUPT);
    assert_false(scratch_has(dir, "a.db"));
    assert_true(scratch_has(dir, "a.db-wal"));
}

static void a_full_disk_at_commit_changes_nothing_and_passes(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.number = ENOSPC;
    vfs_fault.at = 1;
    vfs_fault.persistent = true;
    for (int i = 0; i < 3; i++) {
        TX(tx);
        assert_int_equal(tx_begin(db, &tx), ERR_OK);
        assert_int_equal(put(db, 2, STR("b")), ERR_OK);
        assert_int_equal(tx_commit(&tx), ERR_FULL);
        assert_int_equal(count(db), 1);
    }
    vfs_fault.at = 0;
    assert_int_equal(put(db, 2, STR("b")), ERR_OK);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(count(db), 2);
}

/* A write refused by a file system that went read-only has not happened. */
static void a_disk_gone_read_only_is_called_so(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    TX(tx);
    assert_int_equal(tx_begin(db, &tx), ERR_OK);
    assert_int_equal(put(db, 1, STR("a")), ERR_OK);
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.number = EROFS;
    vfs_fault.at = 1;
    assert_int_equal(tx_commit(&tx), ERR_READ_ONLY);
    assert_int_equal(put(db, 1, STR("a")), ERR_IO);
    open_ok(DB_WRITE, &kind);
    assert_int_equal(count(db), 0);
}

/* More than the page cache holds: SQLite writes to the log before commit,
 * fails there, and ends the whole transaction by itself. */
static void a_transaction_ended_by_sqlite_runs_nothing_more(void **state)
{
    (void)state;
    open_ok(DB_WRITE, &kind);
    assert_int_equal(exec(db, "PRAGMA cache_size = 10"), SQLITE_OK);
    TX(outer);
    assert_int_equal(tx_begin(db, &outer), ERR_OK);
    TX(inner);
    assert_int_equal(tx_begin(db, &inner), ERR_OK);
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.number = ENOSPC;
    vfs_fault.at = 1;
    {
        DB_STMT(st, db, FILL);
        db_bind(st, "ii", INT64_C(1), INT64_C(4096 * 100));
        assert_int_equal(db_run(db, st), ERR_FULL);
    }
    vfs_fault.at = 0;
    assert_int_equal(put(db, 2, STR("stray")), ERR_FULL);
    assert_int_equal(tx_commit(&inner), ERR_FULL);
    assert_int_equal(tx_commit(&outer), ERR_FULL);
    assert_int_equal(count(db), 0);
    assert_int_equal(put(db, 3, STR("fine")), ERR_OK);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(a_writer_is_wal_full_and_hardened),
        RULE(what_a_statement_may_need_has_limits),
        RULE(where_no_log_can_be_kept_nothing_is_opened),
        RULE(files_are_for_their_owner_only),
        RULE(a_missing_file_is_made_by_a_writer_only),
        RULE(a_missing_directory_is_named),
        RULE(a_path_too_long_for_sqlite_is_called_so),
        RULE(an_older_file_is_brought_up_to_date_once),
        RULE(a_newer_file_is_refused_unchanged),
        RULE(another_programs_file_is_refused_unchanged),
        RULE(what_is_no_database_is_refused),
        RULE(an_interrupted_migration_leaves_the_old_version),
        RULE(values_come_back_as_they_were_bound),
        RULE(a_doubled_key_exists_and_changes_are_counted),
        RULE(every_code_has_its_error),
        RULE(a_transaction_left_early_changes_nothing),
        RULE(inner_transactions_fail_alone),
        RULE(an_io_error_at_commit_is_unsure_and_the_end),
        RULE(a_statement_alone_is_a_transaction_or_unsure),
        RULE(pages_that_cannot_be_read_are_not_called_damaged),
        RULE(what_is_no_plain_file_is_no_database),
        RULE(a_log_without_its_file_is_not_begun_anew),
        RULE(a_full_disk_at_commit_changes_nothing_and_passes),
        RULE(a_disk_gone_read_only_is_called_so),
        RULE(a_transaction_ended_by_sqlite_runs_nothing_more),
    };
    vfs_fault_install();
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
