/*
 * postgres_batch.c - rows posted by the same INSERT one after the other become
 * statements of many rows.
 *
 * The server reads, plans and answers a statement of 64 rows for little more
 * than one of a single row. A statement is gathered when all its parameters
 * stand inside one VALUES (…); any other is sent as it comes. Order is kept:
 * whatever is not the next row of the same INSERT sends the rows before it.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_parts.h"

const int batch_sizes[N_SIZES] = { 64, 16, 4, 1 };

enum {
    BATCH_ROWS = 64,
    BATCH_ROW_BYTES = 16 * 1024, /* a bigger row travels alone */
    RUN_BYTES = 4 * 1024 * 1024, /* sent, then answers are waited for */
    MAX_SQL = 64 * 1024,
    OID_BYTEA = 17,
    OID_INT8 = 20
};

/* ---- texts --------------------------------------------------------------- */

#define LOCKING "/* FOR UPDATE */"

/* The list of VALUES: from its "(" to behind its ")". */
static bool tuple_of(struct str sql, struct str *tuple)
{
    static const char mark[] = " VALUES (";
    const char *at = strstr(sql.data, mark);
    int depth = 0;
    bool quoted = false;

    if (!at || strncmp(sql.data, "INSERT ", 7) != 0)
        return false;
    const char *from = at + sizeof(mark) - 2, *to = from;
    do {
        quoted = quoted != (*to == '\'');
        depth += quoted ? 0 : (*to == '(') - (*to == ')');
        to++;
    } while (depth > 0 && *to);
    *tuple = (struct str){ from, (size_t)(to - from) };
    const char *ask = strstr(from, "SELECT"); /* sees no row beside it */
    if (ask && ask < to)
        return false;
    return memchr(sql.data, '$', (size_t)(from - sql.data)) == NULL &&
           strchr(to, '$') == NULL;
}

bool batch_able(const char *sql)
{
    struct str tuple;

    return tuple_of(str_of(sql), &tuple);
}

/* A row's parameters behind those of the rows before it. */
static void tuple_put(struct buf *out, struct str tuple, int base)
{
    for (const char *c = tuple.data; c < tuple.data + tuple.len;) {
        buf_putc(out, *c);
        if (*c++ == '$') {
            char *end = NULL;
            buf_int(out, base + strtol(c, &end, 10));
            c = end;
        }
    }
}

void batch_text(const struct pg *p, int index, int rows, struct buf *out)
{
    struct str sql = str_of(p->kind->sql[index]), tuple;
    const char *locking = strstr(sql.data, LOCKING);

    if (locking) {
        buf_put(out, sql.data, (size_t)(locking - sql.data));
        buf_puts(out, "FOR UPDATE");
        buf_puts(out, locking + sizeof(LOCKING) - 1);
    } else if (rows == 1) {
        buf_str(out, sql);
    } else {
        bool many = tuple_of(sql, &tuple);
        ASSERT(many);
        buf_put(out, sql.data, (size_t)(tuple.data - sql.data));
        for (int i = 0; i < rows; i++) {
            buf_puts(out, i > 0 ? ", " : "");
            tuple_put(out, tuple, i * p->queries[index].n_parameters);
        }
        buf_puts(out, tuple.data + tuple.len);
    }
    ASSERT(buf_ok(out));
}

/* ---- sending ------------------------------------------------------------- */

Oid batch_oid(char letter)
{
    return letter == 'i' ? OID_INT8 : letter == 'b' ? OID_BYTEA : InvalidOid;
}

enum err batch_send(struct pg *p, struct pg_query *q, const struct rows *rows,
                    PGresult **result)
{
    Oid types[MAX_PARAMETERS * BATCH_ROWS];
    int formats[MAX_PARAMETERS * BATCH_ROWS];
    int n_rows = batch_sizes[rows->size], n = n_rows * q->n_parameters;
    BUF(name, MAX_NAME_COLUMNS);
    BUF(sql, MAX_SQL);
    buf_printf(&name, "q%d_%d_%d", q->index, n_rows, q->generation);
    for (int i = 0; i < n; i++) {
        types[i] = batch_oid(q->types[i % q->n_parameters]);
        formats[i] = 1;
        p->sent += rows->values[i] ? (size_t)rows->lengths[i] : 0;
    }
    q->sent = true;
    if (!q->prepared[rows->size])
        batch_text(p, q->index, n_rows, &sql);
    return pipe_message(p,
                        &(struct message){ .name = buf_text(&name),
                                           .sql = sql.len ? sql.data : NULL,
                                           .done = &q->prepared[rows->size],
                                           .types = types,
                                           .n = n,
                                           .values = rows->values,
                                           .lengths = rows->lengths,
                                           .formats = formats },
                        result);
}

/* Waits for answers when much is on its way. */
static enum err bound(struct pg *p)
{
    return p->sent >= RUN_BYTES ? pipe_prove(p) : ERR_OK;
}

/* Sends `size` rows from the one at `row`, whose bytes begin at *at. */
static enum err send_rows(struct pg *p, int size, int row, size_t *at)
{
    const struct batch *b = &p->batch;
    const char *values[MAX_PARAMETERS * BATCH_ROWS];
    int width = b->query->n_parameters, n = batch_sizes[size] * width;
    const int *lengths = b->lengths + row * width;

    for (int i = 0; i < n; i++) {
        values[i] = lengths[i] < 0 ? NULL : buf_text(&b->bytes) + *at;
        *at += (size_t)(lengths[i] < 0 ? 0 : lengths[i]);
    }
    const struct rows rows = { size, values, lengths };
    enum err e = batch_send(p, b->query, &rows, NULL);
    p->unproved = true;
    return e == ERR_OK ? bound(p) : e;
}

enum err batch_flush(struct pg *p)
{
    struct batch *b = &p->batch;
    enum err e = ERR_OK;
    size_t at = 0;
    int row = 0;

    if (b->rows > 0)
        e = pipe_begin(p);
    for (int size = 0; size < N_SIZES; size++) {
        for (; e == ERR_OK && b->rows - row >= batch_sizes[size];
             row += batch_sizes[size])
            e = send_rows(p, size, row, &at);
    }
    batch_forget(p);
    return e;
}

void batch_forget(struct pg *p)
{
    p->batch.query = NULL;
    p->batch.rows = 0;
    buf_clear(&p->batch.bytes);
}

/* ---- gathering ----------------------------------------------------------- */

size_t batch_row(const struct pg_query *q, const char **values, int *lengths)
{
    size_t bytes = 0;

    for (int i = 0; i < q->n_parameters; i++) {
        const struct value *v = &q->values[i];
        bool number = v->letter == 'i', nothing = v->letter == 'n';
        const char *text = v->bytes.len > 0 ? v->bytes.data : "";
        values[i] = nothing ? NULL : number ? v->number : text;
        lengths[i] = nothing ? 0 : number ? INT8_BYTES : (int)v->bytes.len;
        bytes += (size_t)lengths[i];
    }
    return bytes;
}

/* One row, as it is bound. */
static enum err send_one(struct pg *p, struct pg_query *q,
                         const char *const *values, const int *lengths)
{
    const struct rows one = { N_SIZES - 1, values, lengths };
    enum err e = batch_flush(p);

    if (e == ERR_OK)
        e = pipe_begin(p);
    if (e == ERR_OK)
        e = batch_send(p, q, &one, NULL);
    p->unproved = true;
    return e == ERR_OK ? bound(p) : e;
}

static void gather(struct batch *b, struct pg_query *q,
                   const char *const *values, const int *lengths)
{
    int *kept = b->lengths + b->rows * q->n_parameters;

    b->query = q;
    b->rows++;
    for (int i = 0; i < q->n_parameters; i++) {
        buf_put(&b->bytes, values[i], (size_t)lengths[i]);
        kept[i] = values[i] ? lengths[i] : -1;
    }
    ASSERT(buf_ok(&b->bytes));
}

enum err batch_add(struct pg *p, struct pg_query *q)
{
    const char *values[MAX_PARAMETERS] = { NULL };
    int lengths[MAX_PARAMETERS] = { 0 };
    struct batch *b = &p->batch;
    enum err e = ERR_OK;

    if (batch_row(q, values, lengths) >= BATCH_ROW_BYTES || !q->many)
        return send_one(p, q, values, lengths);
    if (b->query != q)
        e = batch_flush(p);
    if (e != ERR_OK)
        return e;
    if (!b->lengths) {
        b->lengths = x_alloc(sizeof(int) * BATCH_ROWS * MAX_PARAMETERS);
        buf_init(&b->bytes, BATCH_ROWS * BATCH_ROW_BYTES);
    }
    gather(b, q, values, lengths);
    return b->rows == BATCH_ROWS ? batch_flush(p) : ERR_OK;
}
