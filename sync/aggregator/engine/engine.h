/*
 * engine.h - one connection to the aggregator's database, whichever engine
 * holds it: a SQLite file (sqlite.c, over db.h) or PostgreSQL and what speaks
 * its protocol (postgres.c, over libpq, which is loaded when it is asked for).
 *
 * The store writes each statement once, in the subset of SQL that both read:
 * parameters $1…$n, INSERT … ON CONFLICT … DO NOTHING or DO UPDATE, sums cast
 * to BIGINT, no types of one engine. tests/lint/sql checks it. All statements
 * are arrays fixed at compile time, prepared on first use and kept by index.
 *
 * Two comments in a statement are for engines behind a wire: FOR UPDATE at its
 * end locks the rows that it gives, BY PAGES fetches them page by page (inside
 * a transaction), not whole.
 *
 * A connection belongs to one thread.
 */
#ifndef AGGREGATOR_ENGINE_H
#define AGGREGATOR_ENGINE_H

#include "fair/buf.h"

struct engine;
struct query;

/* What a database is. Scripts are whole texts of DDL, several statements. */
struct engine_kind {
    int32_t application_id;      /* SQLite: what file(1) knows the file by */
    const char *const *sqlite;   /* migrations, numbered from 1 */
    const char *const *postgres; /* its own: counted from 1, too */
    int n_sqlite, n_postgres;
    const char *const *sql; /* statements, indexed by their enum */
    int n_sql;
};

enum engine_mode { ENGINE_READ, ENGINE_WRITE };

/* Is this an address (postgresql:// or postgres://) and not a path? */
bool engine_is_address(const char *where);

/* Appends how people are told of the place: an address without password and
 * parameters. */
void engine_place(const char *where, struct buf *out);
/* Is there a password in the address? */
bool engine_has_password(const char *where);

/* Opens; ENGINE_WRITE creates and migrates, forward only. `where` is a path of
 * a file or an address. db_open's errors; for an address also ERR_DATABASE
 * (nobody answers there, or not within some seconds), ERR_REFUSED (it does not
 * let us in), ERR_CONFIG (the address is none), ERR_LIBRARY (this
 * machine has no libpq).
 * `why` (may be NULL) receives the detail, never a password. */
enum err engine_open(const char *where, enum engine_mode mode,
                     const struct engine_kind *kind, struct buf *why,
                     struct engine **out) MUST_USE;
void engine_close(struct engine *e);
/* Who opened it to write has looked at what is there and will go on with it
 * (db_settle). A file that is closed before stays as it is. */
enum err engine_settle(struct engine *e) MUST_USE;
/* Of one opened to read: what opening it to write would say of the server's
 * settings (ERR_READ_ONLY, ERR_REFUSED, with the reason appended to `why`). A
 * file's access rights are not looked at. */
enum err engine_writable(struct engine *e, struct buf *why) MUST_USE;
const char *engine_errmsg(struct engine *e);

/* True where several programs may write at once, each its own transactions:
 * jobs are better run one by one than gathered into one, several at a time. */
bool engine_shared(const struct engine *e);

/* True when the connection is gone, as far as can be seen without asking; a
 * file's never is. Every use fails then. Outside of transactions. */
bool engine_lost(struct engine *e);
/* A file's: it was given up because its log is no longer there (db_log_gone);
 * no new one is to be opened while others of this process are open. */
bool engine_log_gone(struct engine *e);
/* Every use of a connection that is gone fails with `why` from now on. */
void engine_give_up(struct engine *e, enum err why);

/* Waits no longer than that for an answer from now on, and gives the connection
 * up when none comes; 0: as long as any statement may take, as at first. A
 * file's answers are not waited for. */
void engine_patience(struct engine *e, int64_t ms);

/* ---- statements ---------------------------------------------------------- */

/* The statement at `index`, reset and without bindings; one at a time of each
 * index. */
struct query *engine_query(struct engine *e, int index);
void query_release(struct query **q);
#define QUERY(name, engine, index)                               \
    __attribute__((cleanup(query_release))) struct query *name = \
        engine_query((engine), (int)(index))

/* Binds by position, `types` one letter each: i int64_t, s struct str (text),
 * b struct str (blob), n nothing (NULL; takes no argument). The bytes stay the
 * caller's until the query is released. A parameter has the same letter, or n,
 * in every run. */
void query_bind(struct query *q, const char *types, ...);
/* The integer parameter at `position` (1…) becomes NULL after all. */
void query_bind_null(struct query *q, int position);

/* One row: *row says whether there is one. Errors as db_step; besides
 * ERR_AGAIN: somebody else was in the way (SQLSTATE 40001, 40P01); the whole
 * transaction is to be rolled back and may be run again. */
enum err query_step(struct query *q, bool *row) MUST_USE;
/* Runs a statement that gives no rows. */
enum err query_run(struct query *q) MUST_USE;
/* The same, but what becomes of it may come to light only with the next
 * query_step, query_run or commit of this connection, which then fails: many
 * of these cost one way there and back. Outside of a transaction it is run.
 * Rows of the same INSERT in a row may travel as one statement, so none may
 * come twice. */
enum err query_post(struct query *q) MUST_USE;
/* Rows that the last query_run of it has touched. */
int64_t query_changes(const struct query *q);

int64_t query_int(const struct query *q, int column);
struct str query_str(const struct query *q, int column); /* text or blob;
                                          borrowed until the next step */
bool query_null(const struct query *q, int column);

/* ---- transactions -------------------------------------------------------- */

/* They nest: an inner one is a savepoint. Whoever has begun commits or rolls
 * back, inner ones first. */
enum err engine_begin(struct engine *e) MUST_USE;
enum err engine_commit(struct engine *e) MUST_USE; /* ERR_UNSURE: db.h */
void engine_rollback(struct engine *e);
/* One moment for several statements that read. */
enum err engine_read_begin(struct engine *e) MUST_USE;
void engine_read_end(struct engine *e);

/* ---- the whole ----------------------------------------------------------- */

/* DDL of several statements, inside a transaction. `sqlite` or `postgres`
 * runs. */
enum err engine_script(struct engine *e, const char *sqlite,
                       const char *postgres) MUST_USE;
/* Whether the engine finds its own pages in order; ERR_CORRUPT. An address is
 * its administrator's: ERR_OK. */
enum err engine_integrity(struct engine *e) MUST_USE;
/* Copies a file's database (db_backup). ERR_NOT_ALLOWED for an address. */
enum err engine_backup(struct engine *e, const char *path) MUST_USE;
/* Gives back to the file system what a file does not use any more (db_shrink:
 * nobody else may use SQLite meanwhile). An address's engine uses it again by
 * itself: ERR_OK, and both sizes are 0. */
enum err engine_shrink(struct engine *e, struct buf *why, int64_t *before,
                       int64_t *after) MUST_USE;
/* For idle moments: checkpoints a file. */
void engine_idle(struct engine *e);

#endif
