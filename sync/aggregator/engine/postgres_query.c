/*
 * postgres_query.c - one statement after the other: what it is bound to, how
 * it is sent, what its answer holds.
 *
 * A result is fetched whole. A statement that may give very much says so in
 * the comment BY PAGES: inside a transaction its rows come through a cursor,
 * in pages of about half a megabyte.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_parts.h"

enum {
    PAGE_FIRST = 8, /* rows; many want no more */
    PAGE_GROWS = 16,
    PAGE_ROWS = 4096,
    PAGE_BYTES = 512 * 1024,
    ROW_COSTS = 24, /* of libpq, each value */
    INT4_BYTES = 4,
    OID_BYTES = 17, /* bytea */
    OID_TEXT = 25
};

static struct pg_query *own(struct query *q)
{
    return (struct pg_query *)q;
}

static const struct pg_query *own_const(const struct query *q)
{
    return (const struct pg_query *)q;
}

/* ---- pages --------------------------------------------------------------- */

/* Asks for the next rows of a cursor. */
static enum err page_ask(struct pg_query *q)
{
    BUF(sql, MAX_NAME_COLUMNS);

    buf_printf(&sql, "FETCH %d FROM c%d", q->page, q->cursor);
    return pipe_text(pg_of(q->base.engine), buf_text(&sql), &q->result);
}

/* As many rows as half a megabyte holds, going by those that came. */
static void page_measure(struct pg_query *q)
{
    const struct libpq *pq = pg_of(q->base.engine)->pq;
    int rows = pq->PQntuples(q->result), columns = pq->PQnfields(q->result);
    int64_t bytes = 1, most = (int64_t)q->page * PAGE_GROWS;

    for (int row = 0; row < rows; row++) {
        for (int i = 0; i < columns; i++)
            bytes += pq->PQgetlength(q->result, row, i) + ROW_COSTS;
    }
    int64_t fit = rows * (int64_t)PAGE_BYTES / bytes;
    fit = fit > most ? most : fit;
    q->page = fit < 1 ? 1 : fit > PAGE_ROWS ? PAGE_ROWS : (int)fit;
}

static enum err page_next(struct pg_query *q)
{
    struct pg *p = pg_of(q->base.engine);
    enum err e = pipe_usable(p);

    page_measure(q);
    p->pq->PQclear(q->result);
    q->result = NULL;
    q->row = 0;
    if (e == ERR_OK)
        e = batch_flush(p);
    if (e == ERR_OK)
        e = page_ask(q);
    return e == ERR_OK ? pipe_prove(p) : e;
}

static enum err page_first(struct pg_query *q, const char *const *values,
                           const int *lengths)
{
    struct pg *p = pg_of(q->base.engine);
    Oid types[MAX_PARAMETERS];
    int formats[MAX_PARAMETERS];
    BUF(sql, MAX_TEXT);

    q->cursor = ++p->n_cursors;
    q->undone = p->undone;
    q->page = PAGE_FIRST;
    for (int i = 0; i < q->n_parameters; i++) {
        types[i] = batch_oid(q->types[i]);
        formats[i] = 1;
    }
    buf_printf(&sql, "DECLARE c%d NO SCROLL CURSOR FOR ", q->cursor);
    batch_text(p, q->index, 1, &sql);
    enum err e = pipe_message(p,
                              &(struct message){ .sql = buf_text(&sql),
                                                 .types = types,
                                                 .n = q->n_parameters,
                                                 .values = values,
                                                 .lengths = lengths,
                                                 .formats = formats },
                              NULL);
    if (e == ERR_OK)
        e = page_ask(q);
    return e == ERR_OK ? pipe_prove(p) : e;
}

/* The end of the transaction, or of the part that it was opened in, has closed
 * it already. */
static void page_close(struct pg_query *q)
{
    struct pg *p = pg_of(q->base.engine);
    bool there = q->undone == p->undone && pipe_usable(p) == ERR_OK;
    BUF(sql, MAX_NAME_COLUMNS);

    if (there) {
        buf_printf(&sql, "CLOSE c%d", q->cursor);
        enum err e = pipe_text(p, buf_text(&sql), NULL);
        (void)e; /* a lost connection tells itself */
    }
    q->cursor = 0;
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

struct query *pg_query_at(struct engine *e, int index)
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
        q->paged = strstr(p->kind->sql[index], "/* BY PAGES */") != NULL;
        memset(q->types, 'n', sizeof(q->types));
    }
    q->used = true;
    q->row = -1;
    for (int i = 0; i < q->n_parameters; i++)
        q->values[i].letter = 'n';
    return &q->base;
}

void pg_release(struct query *query)
{
    struct pg_query *q = own(query);

    pg_of(query->engine)->pq->PQclear(q->result);
    if (q->cursor)
        page_close(q);
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

void pg_bind(struct query *query, const char *types, va_list args)
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

void pg_bind_null(struct query *query, int position)
{
    own(query)->values[position - 1].letter = 'n';
}

/* ---- asking -------------------------------------------------------------- */

/* Sends the statement as it is bound and takes its answer. */
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
    batch_row(q, values, lengths);
    if (q->paged && (p->depth > 0 || p->reading))
        return page_first(q, values, lengths);
    e = batch_send(p, q, &(struct rows){ N_SIZES - 1, values, lengths },
                   &q->result);
    return e == ERR_OK ? pipe_prove(p) : e;
}

enum err pg_step(struct query *query, bool *row)
{
    struct pg_query *q = own(query);
    struct pg *p = pg_of(query->engine);

    if (!q->result) {
        enum err e = execute(q);
        if (e != ERR_OK)
            return e;
    }
    bool full = q->cursor && p->pq->PQntuples(q->result) == q->page;
    if (++q->row == q->page && full) {
        enum err e = page_next(q);
        if (e != ERR_OK)
            return e;
    }
    *row = q->row < p->pq->PQntuples(q->result);
    return ERR_OK;
}

enum err pg_run(struct query *query)
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

enum err pg_post(struct query *query)
{
    struct pg *p = pg_of(query->engine);
    enum err e = pipe_usable(p);

    if (p->depth == 0)
        return pg_run(query);
    return e == ERR_OK ? batch_add(p, own(query)) : e;
}

int64_t pg_changes(const struct query *query)
{
    return own_const(query)->changes;
}

/* ---- results ------------------------------------------------------------- */

bool pg_null(const struct query *query, int column)
{
    const struct pg_query *q = own_const(query);
    const struct libpq *pq = pg_of(query->engine)->pq;

    return pq->PQgetisnull(q->result, q->row, column) == 1;
}

int64_t pg_integer(const struct query *query, int column)
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

struct str pg_string(const struct query *query, int column)
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
