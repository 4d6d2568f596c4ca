/*
 * db_parts.h - what the files of the db module share.
 */
#ifndef DB_PARTS_H
#define DB_PARTS_H

#include <sys/types.h>

#include "fair/db.h"

/* Our own statements, cached behind those of the kind. */
enum {
    TX_BEGIN,
    TX_COMMIT,
    TX_SAVEPOINT,
    TX_RELEASE,
    TX_READ,
    TX_INTEGRITY,
    TX_COUNT
};

/* Which file a path led to. */
struct place {
    dev_t disk;
    ino_t number; /* 0: nobody can tell */
};

struct db {
    sqlite3 *handle;
    const struct db_kind *kind;
    enum db_mode mode;
    sqlite3_stmt **stmts; /* kind->n_sql, then TX_COUNT */
    int depth;            /* open transactions, inner ones too */
    bool settled;         /* a writer: what it sees is durable */
    enum err dead;        /* a writer's I/O error or damage: the end */
    enum err aborted;     /* why SQLite rolled back the open transaction */
    enum err unprepared;  /* why the last db_stmt() gave NULL */
    int log_pages;        /* in the log, after the last commit */
    int log_moved;        /* of these, already in the file */
    const char *path;     /* a writer's, NULL: nobody can tell; both are */
    const char *log_path; /* SQLite's own, and absolute */
    struct place file, log;
    bool log_gone;      /* it has lost its name, and the file has not */
    const char *detail; /* what SQLite's own message does not say */
};

/* The error of a failed SQLite call, noted in the handle. */
enum err db_fail(struct db *db, int code);

/* The first column of the first row of any text, as a number or as text (or
 * NULL). */
enum err db_ask(struct db *db, const char *sql, int64_t *number,
                struct buf *text) MUST_USE;

/* Moves what it can of the log into the file; a full disk and readers are no
 * failure, the rest stays in the log. */
void db_move_log(struct db *db);

/* An empty file with our mode, for SQLite gives its log and index the same;
 * fine when there is one. Only a new name is opened: closing a descriptor of a
 * database in use would drop its locks. */
enum err db_file_make(const char *path) MUST_USE;

#endif
