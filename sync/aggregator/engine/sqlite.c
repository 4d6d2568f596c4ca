/*
 * sqlite.c - the embedded engine: a thin coat over db.h, which keeps all the
 * rules about files (TRUST.md 3.6 is its page).
 *
 * Posting is running: there is no way to save. Nesting is db.h's own; here is
 * only the stack of what was begun.
 */
#include <stdlib.h>

#include "engine_ops.h"
#include "fair/db.h"

/* Sixteen megabytes of log: what a busy second leaves for an idle one, and no
 * more than a commit may wait for when there is none. */
enum {
    DEPTH = 8,
    LOG_PAGES = 4096,
    CACHE_KB = 8192 /* of who writes: folding comes back to its pages */
};

struct file_query {
    struct query base;
    sqlite3_stmt *stmt;
};

struct file_engine {
    struct engine base;
    struct db *db;
    struct db_kind kind;
    struct tx tx[DEPTH];
    int depth;
    struct file_query *queries; /* by index */
};

static struct file_engine *file_of(struct engine *e)
{
    return (struct file_engine *)e;
}

static sqlite3_stmt *stmt_of(const struct query *q)
{
    return ((const struct file_query *)q)->stmt;
}

static struct db *db_of(const struct query *q)
{
    return file_of(q->engine)->db;
}

/* ---- statements ---------------------------------------------------------- */

static struct query *file_query(struct engine *e, int index)
{
    struct file_engine *f = file_of(e);
    struct file_query *q = &f->queries[index];

    *q = (struct file_query){ { e }, db_stmt(f->db, index) };
    return &q->base;
}

static void file_release(struct query *q)
{
    db_stmt_release(&((struct file_query *)q)->stmt);
}

static void file_bind(struct query *q, const char *types, va_list args)
{
    db_bind_list(stmt_of(q), types, args);
}

static void file_bind_null(struct query *q, int position)
{
    if (stmt_of(q))
        sqlite3_bind_null(stmt_of(q), position);
}

static enum err file_step(struct query *q, bool *row)
{
    return db_step(db_of(q), stmt_of(q), row);
}

static enum err file_run(struct query *q)
{
    return db_run(db_of(q), stmt_of(q));
}

static int64_t file_changes(const struct query *q)
{
    return db_changes(db_of(q));
}

static int64_t file_int(const struct query *q, int column)
{
    return db_int(stmt_of(q), column);
}

static struct str file_str(const struct query *q, int column)
{
    return db_str(stmt_of(q), column);
}

static bool file_null(const struct query *q, int column)
{
    return sqlite3_column_type(stmt_of(q), column) == SQLITE_NULL;
}

/* ---- transactions -------------------------------------------------------- */

static enum err file_begin(struct engine *e)
{
    struct file_engine *f = file_of(e);

    ASSERT(f->depth < DEPTH);
    enum err result = tx_begin(f->db, &f->tx[f->depth]);
    if (result == ERR_OK)
        f->depth++;
    return result;
}

static enum err file_commit(struct engine *e)
{
    struct file_engine *f = file_of(e);

    ASSERT(f->depth > 0);
    return tx_commit(&f->tx[--f->depth]);
}

static void file_rollback(struct engine *e)
{
    struct file_engine *f = file_of(e);

    ASSERT(f->depth > 0);
    tx_rollback(&f->tx[--f->depth]);
}

static enum err file_read_begin(struct engine *e)
{
    return db_read_begin(file_of(e)->db);
}

static void file_read_end(struct engine *e)
{
    db_read_end(file_of(e)->db);
}

/* ---- the whole ----------------------------------------------------------- */

static enum err file_script(struct engine *e, const char *sqlite,
                            const char *postgres)
{
    (void)postgres;
    return db_err(
        sqlite3_exec(db_handle(file_of(e)->db), sqlite, NULL, NULL, NULL));
}

static enum err file_integrity(struct engine *e)
{
    return db_integrity(file_of(e)->db);
}

static enum err file_backup(struct engine *e, const char *path)
{
    return db_backup(file_of(e)->db, path);
}

static enum err file_shrink(struct engine *e, struct buf *why, int64_t *before,
                            int64_t *after)
{
    struct db_shrunk shrunk;

    enum err result = db_shrink(file_of(e)->db, why, &shrunk);
    if (result == ERR_OK) {
        *before = shrunk.before;
        *after = shrunk.after;
    }
    return result;
}

static enum err file_settle(struct engine *e)
{
    return db_settle(file_of(e)->db);
}

static void file_idle(struct engine *e)
{
    db_checkpoint(file_of(e)->db);
}

static bool file_log_gone(struct engine *e)
{
    return db_log_gone(file_of(e)->db);
}

static const char *file_errmsg(struct engine *e)
{
    return db_errmsg(file_of(e)->db);
}

static void file_close(struct engine *e)
{
    struct file_engine *f = file_of(e);

    while (f->depth > 0)
        file_rollback(e);
    db_close(f->db);
    free(f->queries);
    free(f);
}

struct sqlite3 *sqlite_handle(struct engine *e)
{
    return db_handle(file_of(e)->db);
}

static const struct engine_ops ops = {
    .close = file_close,
    .errmsg = file_errmsg,
    .log_gone = file_log_gone,
    .query = file_query,
    .release = file_release,
    .bind = file_bind,
    .bind_null = file_bind_null,
    .step = file_step,
    .run = file_run,
    .post = file_run,
    .changes = file_changes,
    .integer = file_int,
    .string = file_str,
    .null = file_null,
    .begin = file_begin,
    .commit = file_commit,
    .rollback = file_rollback,
    .read_begin = file_read_begin,
    .read_end = file_read_end,
    .script = file_script,
    .integrity = file_integrity,
    .backup = file_backup,
    .shrink = file_shrink,
    .idle = file_idle,
    .settle = file_settle,
};

enum err sqlite_open(const char *path, enum engine_mode mode,
                     const struct engine_kind *kind, struct buf *why,
                     struct engine **out)
{
    struct file_engine *f = x_alloc(sizeof(*f));

    f->base.ops = &ops;
    f->kind = (struct db_kind){ .application_id = kind->application_id,
                                .migrations = kind->sqlite,
                                .n_migrations = kind->n_sqlite,
                                .sql = kind->sql,
                                .n_sql = kind->n_sql,
                                .cache_kb = mode == ENGINE_WRITE ? CACHE_KB : 0,
                                .looks_first = true,
                                .log_pages = LOG_PAGES };
    f->queries = x_alloc((size_t)kind->n_sql * sizeof(*f->queries));
    enum err e = db_open(path, mode == ENGINE_WRITE ? DB_WRITE : DB_READ,
                         &f->kind, why, &f->db);
    if (e != ERR_OK) {
        free(f->queries);
        free(f);
        return e;
    }
    *out = &f->base;
    return ERR_OK;
}
