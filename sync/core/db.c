/*
 * db.c - statements and transactions of one SQLite connection.
 *
 * Promises: after an I/O error or damage a writer refuses everything, so that
 * nothing is built on pages that the kernel may have dropped (the error of an
 * fsync is told once, and the failed commit may be there after the next
 * opening); a transaction that SQLite itself has rolled back runs no further
 * statement; nothing is committed to a file or log that is not at its path any
 * more.
 *
 * Checkpoints are ours, not SQLite's: its own swallow errors. They run when
 * db_checkpoint() is called at an idle moment, after a commit only when no
 * idle moment has come for LOG_FULL pages, at db_open() and at db_close().
 *
 * Deliberately not here: threads (a connection belongs to one), retries, SQL
 * of any table. Set-up is in db_open.c, copies of whole files in db_copy.c.
 */
#include "fair/db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db_parts.h"
#include "fair/env.h"

enum {
    LOG_WORTH = 100, /* pages in the log that an idle moment is used for */
    LOG_FULL = 1000  /* pages after which a commit waits for none */
};

static const char *const tx_sql[TX_COUNT] = {
    [TX_BEGIN] = "BEGIN IMMEDIATE",
    [TX_COMMIT] = "COMMIT",
    [TX_SAVEPOINT] = "SAVEPOINT tx",
    [TX_RELEASE] = "RELEASE tx",
    [TX_READ] = "BEGIN",
    [TX_INTEGRITY] = "PRAGMA integrity_check(1)",
};

/* ---- errors ---- */

enum err db_err(int code)
{
    // clang-format off
    static const struct {
        int code;
        enum err e;
    } map[] = {
        { SQLITE_OK, ERR_OK },
        { SQLITE_ROW, ERR_OK },
        { SQLITE_DONE, ERR_OK },
        /* The index of the log grows by writing, and only there. */
        { SQLITE_IOERR_SHMSIZE, ERR_FULL },
        { SQLITE_CONSTRAINT_PRIMARYKEY, ERR_EXISTS },
        { SQLITE_CONSTRAINT_UNIQUE, ERR_EXISTS },
        { SQLITE_CONSTRAINT_ROWID, ERR_EXISTS },
        { SQLITE_FULL, ERR_FULL },
        { SQLITE_IOERR, ERR_IO },
        { SQLITE_CANTOPEN, ERR_IO },
        { SQLITE_CORRUPT, ERR_CORRUPT },
        { SQLITE_NOTADB, ERR_CORRUPT },
        { SQLITE_READONLY, ERR_READ_ONLY },
        { SQLITE_PERM, ERR_READ_ONLY },
        { SQLITE_BUSY, ERR_LOCKED },
        { SQLITE_LOCKED, ERR_LOCKED },
        { SQLITE_PROTOCOL, ERR_LOCKED },
        { SQLITE_INTERRUPT, ERR_BUSY },
        { SQLITE_TOOBIG, ERR_LIMIT },
    };
    // clang-format on
    if ((code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM)
        err_die(__FILE__, __LINE__, "out of memory");
    for (size_t i = 0; i < ARRAY_LEN(map); i++) {
        if (map[i].code == code)
            return map[i].e;
    }
    for (size_t i = 0; i < ARRAY_LEN(map); i++) {
        if (map[i].code == (code & 0xff))
            return map[i].e;
    }
    return ERR_INVALID;
}

/* errno tells more than SQLite's code. A write that the file system refuses
 * for a reason of its own has not happened (SQLite keeps no errno of a failed
 * commit; db_step() clears ours before). */
static enum err err_of_system(const struct db *db, int code)
{
    bool refused = errno == EROFS || errno == EDQUOT || errno == EFBIG;
    if (code == SQLITE_IOERR_WRITE && refused)
        return err_from_errno(errno);
    int number = sqlite3_system_errno(db->handle);
    if ((code & 0xff) == SQLITE_CANTOPEN && number != 0)
        return err_from_errno(number);
    return db_err(code);
}

bool db_lost(const struct db *db)
{
    return db->dead == ERR_IO;
}

bool db_log_gone(const struct db *db)
{
    return db->log_gone;
}

enum err db_fail(struct db *db, int code)
{
    enum err e = err_of_system(db, code);
    bool end = (code & 0xff) == SQLITE_IOERR || e == ERR_CORRUPT;
    if (db->mode == DB_WRITE && end && e != ERR_FULL)
        db->dead = e == ERR_CORRUPT ? ERR_CORRUPT : ERR_IO;
    if (db->depth > 0 && sqlite3_get_autocommit(db->handle))
        db->aborted = e;
    return e;
}

const char *db_errmsg(struct db *db)
{
    return db->detail ? db->detail : sqlite3_errmsg(db->handle);
}

sqlite3 *db_handle(struct db *db)
{
    return db->handle;
}

/* ---- statements ---- */

static const char *sql_at(const struct db *db, int index)
{
    int own = index - db->kind->n_sql;
    return own < 0 ? db->kind->sql[index] : tx_sql[own];
}

static sqlite3_stmt *stmt_at(struct db *db, int index)
{
    if (db->dead != ERR_OK)
        return NULL;
    sqlite3_stmt **stmt = &db->stmts[index];
    if (*stmt) {
        ASSERT(!sqlite3_stmt_busy(*stmt)); /* used by a caller of ours */
        return *stmt;
    }
    int rc = sqlite3_prepare_v3(db->handle, sql_at(db, index), -1,
                                SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    if (rc == SQLITE_OK)
        return *stmt;
    /* A test prepares every statement on the schema that our migrations make:
     * what is refused here is a file that has lost it. */
    db->unprepared = db_fail(db, rc == SQLITE_ERROR ? SQLITE_CORRUPT : rc);
    if (db->unprepared == ERR_INVALID || db->unprepared == ERR_LIMIT)
        err_die(__FILE__, __LINE__, sqlite3_errmsg(db->handle));
    return NULL;
}

sqlite3_stmt *db_stmt(struct db *db, int index)
{
    ASSERT(index >= 0 && index < db->kind->n_sql);
    return stmt_at(db, index);
}

void db_stmt_release(sqlite3_stmt **stmt)
{
    if (!*stmt)
        return;
    sqlite3_reset(*stmt); /* repeats the error that the step has given */
    sqlite3_clear_bindings(*stmt);
}

static int bind_str(sqlite3_stmt *stmt, int at, struct str s, bool blob)
{
    const char *data = s.len > 0 ? s.data : "";
    if (blob)
        return sqlite3_bind_blob64(stmt, at, data, s.len, SQLITE_STATIC);
    return sqlite3_bind_text64(stmt, at, data, s.len, SQLITE_STATIC,
                               SQLITE_UTF8);
}

void db_bind(sqlite3_stmt *stmt, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    db_bind_list(stmt, types, args);
    va_end(args);
}

void db_bind_list(sqlite3_stmt *stmt, const char *types, va_list args)
{
    if (!stmt)
        return; /* db_step() says why */
    ASSERT((int)strlen(types) == sqlite3_bind_parameter_count(stmt));
    for (int i = 0; types[i]; i++) {
        int rc = SQLITE_MISUSE;
        if (types[i] == 'i')
            rc = sqlite3_bind_int64(stmt, i + 1, va_arg(args, int64_t));
        else if (types[i] == 'n')
            rc = sqlite3_bind_null(stmt, i + 1);
        else if (types[i] == 's' || types[i] == 'b')
            rc = bind_str(stmt, i + 1, va_arg(args, struct str),
                          types[i] == 'b');
        ASSERT(rc == SQLITE_OK);
    }
}

enum err db_step(struct db *db, sqlite3_stmt *stmt, bool *row)
{
    if (db->dead != ERR_OK)
        return db->dead;
    if (db->aborted != ERR_OK)
        return db->aborted;
    if (!stmt)
        return db->unprepared;
    errno = 0;
    int rc = sqlite3_step(stmt);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return db_fail(db, rc);
    *row = rc == SQLITE_ROW;
    return ERR_OK;
}

enum err db_run(struct db *db, sqlite3_stmt *stmt)
{
    bool row = false;
    enum err e = db_step(db, stmt, &row);
    ASSERT(!row);
    return e;
}

int64_t db_changes(struct db *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t db_int(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt, column);
}

struct str db_str(sqlite3_stmt *stmt, int column)
{
    const char *data = sqlite3_column_blob(stmt, column);
    int len = sqlite3_column_bytes(stmt, column);
    return data ? (struct str){ data, (size_t)len } : STR("");
}

/* ---- transactions ---- */

static enum err tx_run(struct db *db, int which)
{
    sqlite3_stmt *stmt = stmt_at(db, db->kind->n_sql + which);
    enum err e = db_run(db, stmt);
    db_stmt_release(&stmt);
    return e;
}

static void log_look(struct db *db)
{
    int full = db->kind->log_pages > 0 ? db->kind->log_pages : LOG_FULL;
    if (db->log_pages - db->log_moved >= full)
        db_move_log(db);
}

static bool is_at(const char *path, const struct place *file)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_dev == file->disk &&
           st.st_ino == file->number;
}

/* Somebody may have moved, removed or replaced the file or its log: what is
 * committed to one that has no name any more is gone with this process. Their
 * descriptors are SQLite's, and one more of ours would drop its locks when
 * closed. */
static void look_for_file(struct db *db)
{
    if (!db->path || db->dead != ERR_OK)
        return;
    bool there = is_at(db->path, &db->file);
    db->log_gone =
        there && db->log.number != 0 && !is_at(db->log_path, &db->log);
    if (there && !db->log_gone)
        return;
    db->detail = there ? "its log is no longer there, or another one is"
                       : "the file is no longer there, or another one is";
    db->dead = ERR_IO;
}

enum err db_run_alone(struct db *db, sqlite3_stmt *stmt)
{
    ASSERT(db->mode == DB_WRITE && db->depth == 0);
    look_for_file(db);
    bool sound = db->dead == ERR_OK;
    enum err e = db_run(db, stmt);
    if (e == ERR_OK)
        log_look(db);
    return sound && e == ERR_IO ? ERR_UNSURE : e;
}

enum err tx_begin(struct db *db, struct tx *tx)
{
    ASSERT(db->mode == DB_WRITE && !tx->open);
    enum err e = tx_run(db, db->depth == 0 ? TX_BEGIN : TX_SAVEPOINT);
    if (e != ERR_OK)
        return e;
    db->depth++;
    *tx = (struct tx){ .db = db, .open = true };
    return ERR_OK;
}

enum err tx_commit(struct tx *tx)
{
    ASSERT(tx->open);
    struct db *db = tx->db;
    bool outermost = db->depth == 1;
    if (outermost)
        look_for_file(db);
    bool sound = db->dead == ERR_OK && db->aborted == ERR_OK;
    enum err e = tx_run(db, outermost ? TX_COMMIT : TX_RELEASE);
    if (e != ERR_OK) {
        tx_rollback(tx);
        return outermost && sound && e == ERR_IO ? ERR_UNSURE : e;
    }
    tx->open = false;
    db->depth--;
    if (outermost)
        log_look(db);
    return ERR_OK;
}

void tx_rollback(struct tx *tx)
{
    if (!tx->open)
        return;
    struct db *db = tx->db;
    tx->open = false;
    db->depth--;
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle,
                     db->depth > 0 ? "ROLLBACK TO tx; RELEASE tx" : "ROLLBACK",
                     NULL, NULL, NULL);
    if (db->depth == 0)
        db->aborted = ERR_OK;
}

enum err db_read_begin(struct db *db)
{
    ASSERT(db->depth == 0);
    return tx_run(db, TX_READ);
}

void db_read_end(struct db *db)
{
    ASSERT(db->depth == 0);
    /* There is nothing that could fail to be written. */
    if (!sqlite3_get_autocommit(db->handle) && tx_run(db, TX_COMMIT) != ERR_OK)
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

static int read_through(sqlite3_file *file)
{
    char chunk[16 * 1024];
    sqlite3_int64 size = 0;
    if (!file || !file->pMethods)
        return SQLITE_OK;
    int rc = file->pMethods->xFileSize(file, &size);
    for (sqlite3_int64 at = 0; rc == SQLITE_OK && at < size;) {
        int n = size - at < (int)sizeof(chunk) ? (int)(size - at)
                                               : (int)sizeof(chunk);
        rc = file->pMethods->xRead(file, chunk, n, at);
        at += n;
    }
    return rc;
}

/* The check words a page that cannot be read like one out of order. */
static enum err damaged_or_unreadable(struct db *db)
{
    static const int both[] = { SQLITE_FCNTL_FILE_POINTER,
                                SQLITE_FCNTL_JOURNAL_POINTER };
    for (size_t i = 0; i < ARRAY_LEN(both); i++) {
        sqlite3_file *file = NULL;
        sqlite3_file_control(db->handle, "main", both[i], (void *)&file);
        int rc = read_through(file);
        if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
            return db_fail(db, rc);
    }
    return ERR_CORRUPT;
}

enum err db_integrity(struct db *db)
{
    bool row = false;
    sqlite3_stmt *ask = stmt_at(db, db->kind->n_sql + TX_INTEGRITY);
    enum err e = db_step(db, ask, &row);
    if (e == ERR_OK && (!row || !str_is(db_str(ask, 0), "ok")))
        e = damaged_or_unreadable(db);
    db_stmt_release(&ask);
    return e;
}

/* ---- the log ---- */

void db_move_log(struct db *db)
{
    int pages = 0, moved = 0;
    int rc = sqlite3_wal_checkpoint_v2(
        db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
    if (rc != SQLITE_OK)
        db_fail(db, rc); /* busy or full: it stays in the log */
    db->log_pages = pages;
    db->log_moved = moved;
}

void db_checkpoint(struct db *db)
{
    ASSERT(db->mode == DB_WRITE && db->depth == 0);
    if (db->dead == ERR_OK && db->log_pages - db->log_moved >= LOG_WORTH)
        db_move_log(db);
}

const char *db_version(void)
{
    return sqlite3_libversion();
}
