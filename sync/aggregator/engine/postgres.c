/*
 * postgres.c - the engine for organisers who outgrow one machine: PostgreSQL
 * and what speaks its protocol.
 *
 * Several programs may write at once: transactions are READ COMMITTED, what
 * must not change beside them is locked by its statement, and ERR_AGAIN asks
 * for the whole transaction once more. Parameters and results are binary;
 * a result is fetched whole, so who reads much asks for pages.
 *
 * An error ends the transaction: until its innermost part is rolled back every
 * statement gives that error again. BEGIN travels with the first statement,
 * COMMIT with the last posted ones.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_parts.h"

enum {
    MAX_DETAIL = 4096,
    INT4_BYTES = 4,
    OID_BYTES = 17, /* bytea */
    OID_TEXT = 25
};

struct pg *pg_of(struct engine *e)
{
    return (struct pg *)e;
}

static struct pg_query *own(struct query *q)
{
    return (struct pg_query *)q;
}

static const struct pg_query *own_const(const struct query *q)
{
    return (const struct pg_query *)q;
}

/* ---- statements ---------------------------------------------------------- */

static int parameters_of(const char *sql)
{
    int n = 0;

    for (const char *c = sql; (c = strchr(c, '$')) != NULL;) {
        int number = (int)strtol(++c, NULL, 10);
        n = number > n ? number : n;
    }
    ASSERT(n <= MAX_PARAMETERS);
    return n;
}

static struct query *pg_query_at(struct engine *e, int index)
{
    struct pg *p = pg_of(e);

    ASSERT(index >= 0 && index < p->kind->n_sql);
    struct pg_query *q = &p->queries[index];
    ASSERT(!q->used);
    if (!q->base.engine) {
        q->base.engine = e;
        q->index = index;
        q->n_parameters = parameters_of(p->kind->sql[index]);
        q->many = batch_able(p->kind->sql[index]);
        memset(q->types, 'n', sizeof(q->types));
    }
    q->used = true;
    q->row = -1;
    for (int i = 0; i < q->n_parameters; i++)
        q->values[i].letter = 'n';
    return &q->base;
}

static void pg_release(struct query *query)
{
    struct pg_query *q = own(query);

    pg_of(query->engine)->pq->PQclear(q->result);
    free(q->numbers);
    q->result = NULL;
    q->numbers = NULL;
    q->used = false;
}

/* A letter that was not known when the statement was prepared asks for it to
 * be prepared once more, under another name. */
static void learn(struct pg_query *q, int i, char letter)
{
    if (letter == 'n' || q->types[i] == letter)
        return;
    ASSERT(q->types[i] == 'n');
    q->types[i] = letter;
    q->generation += q->sent;
    q->sent = false;
    memset(q->prepared, 0, sizeof(q->prepared));
}

static void number_put(char out[INT8_BYTES], int64_t n)
{
    for (int i = INT8_BYTES - 1; i >= 0; i--, n >>= 8)
        out[i] = (char)(uint8_t)n;
}

static void pg_bind(struct query *query, const char *types, va_list args)
{
    struct pg_query *q = own(query);

    ASSERT((int)strlen(types) == q->n_parameters);
    for (int i = 0; types[i]; i++) {
        struct value *v = &q->values[i];
        v->letter = types[i];
        if (types[i] == 'i')
            number_put(v->number, va_arg(args, int64_t));
        else if (types[i] != 'n')
            v->bytes = va_arg(args, struct str);
        learn(q, i, types[i]);
    }
}

static void pg_bind_null(struct query *query, int position)
{
    own(query)->values[position - 1].letter = 'n';
}

/* Sends the statement as it is bound and takes its whole answer. */
static enum err execute(struct pg_query *q)
{
    struct pg *p = pg_of(q->base.engine);
    const char *values[MAX_PARAMETERS];
    int lengths[MAX_PARAMETERS];
    enum err e = pipe_usable(p);

    if (e == ERR_OK)
        e = batch_flush(p);
    if (e == ERR_OK)
        e = pipe_begin(p);
    if (e != ERR_OK)
        return e;
    for (int i = 0; i < q->n_parameters; i++) {
        const struct value *v = &q->values[i];
        const char *bytes = v->bytes.len > 0 ? v->bytes.data : "";
        values[i] = v->letter == 'n'   ? NULL
                    : v->letter == 'i' ? v->number
                                       : bytes;
        lengths[i] = v->letter == 'i' ? INT8_BYTES : (int)v->bytes.len;
    }
    e = batch_send(p, q, N_SIZES - 1, values, lengths, &q->result);
    return e == ERR_OK ? pipe_prove(p) : e;
}

static enum err pg_step(struct query *query, bool *row)
{
    struct pg_query *q = own(query);
    struct pg *p = pg_of(query->engine);

    if (!q->result) {
        enum err e = execute(q);
        if (e != ERR_OK)
            return e;
    }
    *row = ++q->row < p->pq->PQntuples(q->result);
    return ERR_OK;
}

static enum err pg_run(struct query *query)
{
    struct pg_query *q = own(query);
    struct pg *p = pg_of(query->engine);

    bool lone = p->depth == 0 && p->dead == ERR_OK; /* its own commit */
    p->pq->PQclear(q->result);
    q->result = NULL;
    enum err e = execute(q);
    if (e != ERR_OK)
        return lone && p->dead != ERR_OK ? ERR_UNSURE : e;
    ASSERT(p->pq->PQntuples(q->result) == 0);
    q->changes = strtoll(p->pq->PQcmdTuples(q->result), NULL, 10);
    return ERR_OK;
}

static enum err pg_post(struct query *query)
{
    struct pg *p = pg_of(query->engine);
    enum err e = pipe_usable(p);

    ASSERT(p->depth > 0);
    return e == ERR_OK ? batch_add(p, own(query)) : e;
}

static int64_t pg_changes(const struct query *query)
{
    return own_const(query)->changes;
}

/* ---- results ------------------------------------------------------------- */

static bool pg_null(const struct query *query, int column)
{
    const struct pg_query *q = own_const(query);
    const struct libpq *pq = pg_of(query->engine)->pq;

    return pq->PQgetisnull(q->result, q->row, column) == 1;
}

static int64_t pg_integer(const struct query *query, int column)
{
    const struct pg_query *q = own_const(query);
    const struct libpq *pq = pg_of(query->engine)->pq;
    int len = pq->PQgetlength(q->result, q->row, column);

    if (pg_null(query, column))
        return 0;
    const char *bytes = pq->PQgetvalue(q->result, q->row, column);
    ASSERT(len == INT8_BYTES || len == INT4_BYTES);
    int64_t n = bytes[0] < 0 ? -1 : 0;
    for (int i = 0; i < len; i++)
        n = (int64_t)((uint64_t)n << 8 | (uint8_t)bytes[i]);
    return n;
}

/* A number as text: some columns are a text for one statement and a number
 * for another. */
static struct str number_text(struct pg_query *q, int column)
{
    struct pg *p = pg_of(q->base.engine);
    int n_columns = p->pq->PQnfields(q->result);
    BUF(text, MAX_NAME_COLUMNS);

    if (!q->numbers)
        q->numbers = x_alloc((size_t)n_columns * sizeof(*q->numbers));
    buf_int(&text, pg_integer(&q->base, column));
    memcpy(q->numbers[column], buf_text(&text), text.len + 1);
    return str_of(q->numbers[column]);
}

static struct str pg_string(const struct query *query, int column)
{
    struct pg_query *q = (struct pg_query *)(uintptr_t)query;
    const struct libpq *pq = pg_of(query->engine)->pq;
    Oid type = pq->PQftype(q->result, column);

    if (pg_null(query, column))
        return STR("");
    if (type != OID_TEXT && type != OID_BYTES)
        return number_text(q, column);
    return (struct str){ pq->PQgetvalue(q->result, q->row, column),
                         (size_t)pq->PQgetlength(q->result, q->row, column) };
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

static void pg_read_end(struct engine *engine)
{
    struct pg *p = pg_of(engine);

    ASSERT(p->depth == 0);
    if (p->reading)
        undo(p);
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
        return ERR_CONFIG;
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
