/*
 * postgres.c - the engine for organisers who outgrow one machine: PostgreSQL
 * and what speaks its protocol.
 *
 * Several programs may write at once: transactions are READ COMMITTED, what
 * must not change beside them is locked by its statement, and ERR_AGAIN asks
 * for the whole transaction once more.
 *
 * An error ends the transaction: until its innermost part is rolled back every
 * statement gives that error again. BEGIN travels with the first statement,
 * COMMIT with the last posted ones.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_parts.h"

enum { MAX_DETAIL = 4096 };

struct pg *pg_of(struct engine *e)
{
    return (struct pg *)e;
}

/* ---- transactions -------------------------------------------------------- */

static enum err pg_begin(struct engine *engine)
{
    struct pg *p = pg_of(engine);
    enum err e = pipe_usable(p);

    ASSERT(!p->reading);
    if (e == ERR_OK && p->depth == 0) {
        p->begin_due = "BEGIN";
        p->depth = 1;
        return ERR_OK;
    }
    /* What was posted before must not fail inside. */
    if (e == ERR_OK)
        e = batch_flush(p);
    if (e == ERR_OK && p->unproved)
        e = pipe_prove(p);
    if (e == ERR_OK)
        e = pipe_begin(p);
    if (e == ERR_OK)
        e = pipe_text(p, "SAVEPOINT s", NULL);
    if (e == ERR_OK)
        p->depth++;
    return e;
}

/* Undoes the innermost part. The connection may be lost: then it is undone. */
static void undo(struct pg *p)
{
    bool outermost = p->depth <= 1;
    enum err e = p->dead;

    batch_forget(p);
    p->undone++;
    p->depth -= p->depth > 0;
    if (p->begin_due) { /* nothing of it was sent */
        p->begin_due = NULL;
        return;
    }
    if (e == ERR_OK)
        e = pipe_prove(p);
    if (p->dead == ERR_OK)
        e = pipe_text(p, outermost ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT s",
                      NULL);
    if (e == ERR_OK && !outermost)
        e = pipe_text(p, "RELEASE SAVEPOINT s", NULL);
    if (e == ERR_OK)
        e = pipe_prove(p);
    p->aborted = e;
}

static void pg_rollback(struct engine *engine)
{
    ASSERT(pg_of(engine)->depth > 0);
    undo(pg_of(engine));
}

/* The inner part ends without a way there and back when there is nothing that
 * could still fail. */
static enum err release(struct pg *p)
{
    bool due = p->unproved;
    enum err e = pipe_text(p, "RELEASE SAVEPOINT s", NULL);

    return e == ERR_OK && due ? pipe_prove(p) : e;
}

static enum err commit_all(struct pg *p)
{
    PGresult *r = NULL;
    enum err e = pipe_text(p, "COMMIT", &r);

    if (e == ERR_OK)
        e = pipe_prove(p);
    if (e != ERR_OK && p->dead != ERR_OK)
        e = ERR_UNSURE;
    /* To COMMIT a failed transaction answers ROLLBACK, as if it were well. */
    if (e == ERR_OK && !(r && strcmp(p->pq->PQcmdStatus(r), "COMMIT") == 0))
        e = ERR_IO;
    p->pq->PQclear(r);
    return e;
}

static enum err pg_commit(struct engine *engine)
{
    struct pg *p = pg_of(engine);
    enum err e = pipe_usable(p);

    ASSERT(p->depth > 0);
    if (e == ERR_OK)
        e = batch_flush(p);
    if (e == ERR_OK && p->begin_due == NULL)
        e = p->depth > 1 ? release(p) : commit_all(p);
    p->begin_due = p->depth == 1 ? NULL : p->begin_due;
    if (e == ERR_OK)
        p->depth--;
    else
        undo(p);
    return e;
}

static enum err pg_read_begin(struct engine *engine)
{
    struct pg *p = pg_of(engine);
    enum err e = pipe_usable(p);

    ASSERT(p->depth == 0 && !p->reading);
    if (e != ERR_OK)
        return e;
    p->begin_due = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    p->reading = true;
    return ERR_OK;
}

/* Nothing depends on the answer: it is taken with the next one. */
static void pg_read_end(struct engine *engine)
{
    struct pg *p = pg_of(engine);
    enum err e = p->dead;

    ASSERT(p->depth == 0);
    if (p->reading && p->begin_due == NULL) {
        p->undone++;
        if (e == ERR_OK)
            e = pipe_text(p, "ROLLBACK", NULL);
        if (e == ERR_OK)
            e = pipe_end(p);
    }
    p->begin_due = NULL;
    p->aborted = e;
    p->reading = false;
}

/* ---- the whole ----------------------------------------------------------- */

static enum err pg_script(struct engine *engine, const char *sqlite,
                          const char *postgres)
{
    struct pg *p = pg_of(engine);
    enum err e = pipe_usable(p);

    (void)sqlite;
    ASSERT(p->depth > 0);
    if (e == ERR_OK)
        e = batch_flush(p);
    if (e == ERR_OK)
        e = pipe_begin(p);
    p->wait_ms = WAIT_SCRIPT_MS;
    if (e == ERR_OK)
        e = pipe_script(p, postgres, NULL);
    p->wait_ms = WAIT_MS;
    return e;
}

static enum err pg_integrity(struct engine *engine)
{
    return pg_of(engine)->dead;
}

static enum err pg_backup(struct engine *engine, const char *path)
{
    (void)engine;
    (void)path;
    return ERR_NOT_ALLOWED;
}

static void pg_idle(struct engine *engine)
{
    (void)engine;
}

static const char *pg_errmsg(struct engine *engine)
{
    return buf_text(&pg_of(engine)->detail);
}

/* What the server said in farewell lies in the socket. */
static bool pg_lost(struct engine *engine)
{
    struct pg *p = pg_of(engine);

    ASSERT(p->depth == 0 && !p->reading);
    /* Twice: its last words are read before the end behind them. */
    for (int i = 0; i < 2 && p->dead == ERR_OK; i++) {
        if (!p->pq->PQconsumeInput(p->conn) ||
            p->pq->PQstatus(p->conn) == CONNECTION_BAD)
            pipe_lost(p, p->pq->PQerrorMessage(p->conn));
    }
    return p->dead != ERR_OK;
}

static void pg_patience(struct engine *engine, int64_t ms)
{
    pg_of(engine)->wait_ms = ms > 0 ? ms : WAIT_MS;
}

static enum err pg_writable(struct engine *engine, struct buf *why)
{
    const struct pg *p = pg_of(engine);

    if (p->unfit != ERR_OK)
        buf_puts(why, p->unfit_why);
    return p->unfit;
}

static void pg_give_up(struct engine *engine, enum err why)
{
    ASSERT(pg_of(engine)->dead != ERR_OK);
    pg_of(engine)->dead = why;
}

static void pg_close(struct engine *engine)
{
    struct pg *p = pg_of(engine);

    if (p->conn)
        p->pq->PQfinish(p->conn); /* rolls back what is open */
    free(p->batch.lengths);
    buf_done(&p->batch.bytes);
    buf_done(&p->detail);
    free(p->queries);
    free(p);
}

static const struct engine_ops ops = {
    .shared = true,
    .close = pg_close,
    .errmsg = pg_errmsg,
    .lost = pg_lost,
    .give_up = pg_give_up,
    .writable = pg_writable,
    .patience = pg_patience,
    .query = pg_query_at,
    .release = pg_release,
    .bind = pg_bind,
    .bind_null = pg_bind_null,
    .step = pg_step,
    .run = pg_run,
    .post = pg_post,
    .changes = pg_changes,
    .integer = pg_integer,
    .string = pg_string,
    .null = pg_null,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .read_begin = pg_read_begin,
    .read_end = pg_read_end,
    .script = pg_script,
    .integrity = pg_integrity,
    .backup = pg_backup,
    .idle = pg_idle,
};

enum err postgres_open(const char *address, enum engine_mode mode,
                       const struct engine_kind *kind, struct buf *why,
                       struct engine **out)
{
    const struct libpq *pq = libpq();

    if (!pq) {
        if (why)
            buf_puts(why, "libpq.so.5 is not installed here (Debian's package "
                          "is libpq5)");
        return ERR_LIBRARY;
    }
    struct pg *p = x_alloc(sizeof(*p));
    p->base.ops = &ops;
    p->pq = pq;
    p->mode = mode;
    p->kind = kind;
    p->wait_ms = WAIT_MS;
    p->queries = x_alloc((size_t)kind->n_sql * sizeof(*p->queries));
    buf_init(&p->detail, MAX_DETAIL);
    enum err e = pg_connect(p, address, why);
    if (e != ERR_OK) {
        pg_close(&p->base);
        return e;
    }
    *out = &p->base;
    return ERR_OK;
}
