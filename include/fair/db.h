/*
 * db.h - the only door to SQLite (TRUST.md 3.6).
 *
 * One writer connection per file, and only it checkpoints; every other
 * connection is read-only and never checkpoints. A writer is WAL and
 * synchronous=FULL, read back, and refused otherwise; DEFENSIVE, no trusted
 * schema, no double-quoted strings, no extensions, no ATTACH. All SQL a
 * program can run is an array fixed at compile time; statements are prepared
 * on first use and kept by index. Parameters are written $1…$n.
 */
#ifndef FAIR_DB_H
#define FAIR_DB_H

#include <sqlite3.h>
#include <stdarg.h>

#include "fair/buf.h"

struct db;

struct db_kind {
    int32_t application_id;
    const char *const *migrations; /* SQL texts, numbered from 1 */
    int n_migrations;
    const char *const *sql; /* statement texts, indexed by their enum */
    int n_sql;
    /* Called once on every new connection (functions, authoriser); or NULL */
    void (*setup)(sqlite3 *handle);
    int cache_kb; /* of the file, kept in memory at most; 0: as SQLite does */
    /* The log of who wrote before is left where it is until the owner has
       looked at what is there and calls db_settle(); closed before, or never
       settled, the files stay as they were. */
    bool looks_first;
    int log_pages; /* in the log, after which a commit no longer leaves them to
                      an idle moment; 0: 1,000 */
};

enum db_mode { DB_READ, DB_WRITE };

/* Opens (DB_WRITE creates and migrates, each step in a transaction, forward
 * only; the mark of application and version is set with it). What a writer
 * then sees is durable, also what a killed process has left. ERR_NOT_FOUND
 * (a reader also before the first migration), ERR_NEWER, ERR_CORRUPT (also
 * another application's file, left as it is), ERR_BUSY (a reader before the
 * writer has migrated), ERR_LIMIT (its full path is beyond what SQLite takes,
 * some 500 bytes), ERR_FULL, ERR_READ_ONLY, ERR_IO, ERR_LOCKED. `why`
 * (may be NULL) receives the detail. */
enum err db_open(const char *path, enum db_mode mode,
                 const struct db_kind *kind, struct buf *why,
                 struct db **out) MUST_USE;
/* When the log was found to have no name any more, what stands in it is moved
 * into the file first. */
void db_close(struct db *db);
/* After db_open() of a kind that looks first: what it sees is made durable.
 * ERR_IO, ERR_FULL… */
enum err db_settle(struct db *db) MUST_USE;

const char *db_errmsg(struct db *db);
sqlite3 *db_handle(struct db *db); /* for the stores; never to write SQL */

/* SQLite's (extended) result code as one of ours. */
enum err db_err(int sqlite_code);

/* The statement at `index`, reset and without bindings. A file that cannot be
 * read, or has lost a table of its migrations (ERR_CORRUPT), is for db_step to
 * report; dies of anything else, which the schema test excludes. */
sqlite3_stmt *db_stmt(struct db *db, int index);
void db_stmt_release(sqlite3_stmt **stmt); /* reset + clear; for DB_STMT */
#define DB_STMT(name, db, index)                                   \
    __attribute__((cleanup(db_stmt_release))) sqlite3_stmt *name = \
        db_stmt((db), (int)(index))

/* Binds by position, `types` one letter each: i int64_t, s struct str (text),
 * b struct str (blob), n nothing (NULL). db_bind(st, "is", n, name). The bytes
 * stay the caller's until the statement is released. */
void db_bind(sqlite3_stmt *stmt, const char *types, ...);
void db_bind_list(sqlite3_stmt *stmt, const char *types, va_list args);

/* One step: *row says whether there is a row. After an I/O error or damage a
 * writer's handle gives ERR_IO or ERR_CORRUPT for good. */
enum err db_step(struct db *db, sqlite3_stmt *stmt, bool *row) MUST_USE;
/* True once that was an I/O error: a new handle may do better. */
bool db_lost(const struct db *db);
/* True once that was because its log had lost its name: other connections that
 * are open would go on with the old one, and must be closed first. */
bool db_log_gone(const struct db *db);
/* Runs a statement that gives no rows. */
enum err db_run(struct db *db, sqlite3_stmt *stmt) MUST_USE;
/* The same as a transaction of its own: durable afterwards. ERR_UNSURE on an
 * I/O error, like tx_commit(). */
enum err db_run_alone(struct db *db, sqlite3_stmt *stmt) MUST_USE;
int64_t db_changes(struct db *db);

int64_t db_int(sqlite3_stmt *stmt, int column);
struct str db_str(sqlite3_stmt *stmt, int column); /* text or blob; borrowed
                                                      until the next step */

/* A write transaction that rolls back unless committed. It nests: an inner
 * one is a savepoint. */
struct tx {
    struct db *db;
    bool open;
};
enum err tx_begin(struct db *db, struct tx *tx) MUST_USE;
enum err tx_commit(struct tx *tx) MUST_USE; /* ERR_UNSURE on an I/O error at
                                               the outermost commit;
                                               ERR_IO, and nothing happened,
                                               when another file or log, or
                                               none, is at the path */
void tx_rollback(struct tx *tx);            /* fine when not open */
#define TX(name) __attribute__((cleanup(tx_rollback))) struct tx name = { 0 }

/* A consistent read over several statements. */
enum err db_read_begin(struct db *db) MUST_USE;
void db_read_end(struct db *db);

/* Whether SQLite finds the pages of its own file in order; ERR_CORRUPT, or
 * ERR_IO when they cannot be read. */
enum err db_integrity(struct db *db) MUST_USE;

/* Writer only: moves the WAL into the file when it is worth it. For idle
 * moments. */
void db_checkpoint(struct db *db);
/* Writer only, outside a transaction, while no other thread uses SQLite: writes
 * the file anew without the pages it does not use, when they are worth it
 * (before == after otherwise). Needs room for two copies of what is used,
 * looked for before: ERR_FULL, `why` says how much. Atomic: after any failure
 * the file is what it was. */
struct db_shrunk {
    int64_t before, after; /* bytes */
};
enum err db_shrink(struct db *db, struct buf *why,
                   struct db_shrunk *out) MUST_USE;
/* Of SQLite, as it runs: "3.40.1". */
const char *db_version(void);
/* Copies a live database into a new file, complete and synced. ERR_EXISTS. */
enum err db_backup(struct db *db, const char *path) MUST_USE;

#endif
