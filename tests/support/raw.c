#include "tests/support/raw.h"

#include <stdlib.h>

#include "sync/aggregator/engine/postgres_parts.h"

/* PostgreSQL's answer to the last statement. */
static PGresult *ask(struct engine *e, const char *sql)
{
    struct pg *p = pg_of(e);
    PGresult *r = NULL;

    if (pipe_script(p, sql, &r) != ERR_OK)
        err_die(__FILE__, __LINE__, engine_errmsg(e));
    return r;
}

void raw_exec(struct store *s, const char *sql)
{
    struct engine *e = store_engine(s);

    if (engine_shared(e)) {
        pg_of(e)->pq->PQclear(ask(e, sql));
        return;
    }
    sqlite3 *handle = sqlite_handle(e);
    if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        err_die(__FILE__, __LINE__, sqlite3_errmsg(handle));
}

static void file_text(sqlite3 *handle, const char *sql, struct buf *out)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        err_die(__FILE__, __LINE__, sqlite3_errmsg(handle));
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const void *bytes = sqlite3_column_blob(stmt, i);
            buf_put(out, bytes, (size_t)sqlite3_column_bytes(stmt, i));
            buf_putc(out, '\n');
        }
    }
    sqlite3_finalize(stmt);
}

void raw_text(struct store *s, const char *sql, struct buf *out)
{
    struct engine *e = store_engine(s);

    if (!engine_shared(e)) {
        file_text(sqlite_handle(e), sql, out);
        return;
    }
    const struct libpq *pq = pg_of(e)->pq;
    PGresult *r = ask(e, sql);
    for (int row = 0; row < pq->PQntuples(r); row++) {
        for (int i = 0; i < pq->PQnfields(r); i++) {
            buf_puts(out, pq->PQgetvalue(r, row, i));
            buf_putc(out, '\n');
        }
    }
    pq->PQclear(r);
}

int64_t raw_int(struct store *s, const char *sql)
{
    BUF(text, MAX_TEXT);

    raw_text(s, sql, &text);
    return strtoll(buf_text(&text), NULL, 10);
}

static void file_segment(sqlite3 *handle, int64_t first, struct str bytes)
{
    static const char sql[] = "UPDATE segment SET bytes = $1 WHERE first = $2";
    sqlite3_stmt *put = NULL;

    ASSERT(sqlite3_prepare_v2(handle, sql, -1, &put, NULL) == SQLITE_OK);
    sqlite3_bind_text64(put, 1, bytes.data, bytes.len, SQLITE_STATIC,
                        SQLITE_UTF8);
    sqlite3_bind_int64(put, 2, first);
    ASSERT(sqlite3_step(put) == SQLITE_DONE);
    sqlite3_finalize(put);
}

void raw_segment(struct store *s, int64_t first, struct str bytes)
{
    struct engine *e = store_engine(s);
    BUF(sql, MAX_OUTPUT);

    if (!engine_shared(e)) {
        file_segment(sqlite_handle(e), first, bytes);
        return;
    }
    buf_puts(&sql, "UPDATE segment SET bytes = '\\x");
    buf_hex(&sql, bytes.data, bytes.len);
    buf_printf(&sql, "' WHERE first = %lld", (long long)first);
    raw_exec(s, buf_text(&sql));
}

bool raw_grouped(struct store *s)
{
    struct engine *e = store_engine(s);

    return engine_shared(e) ? pg_of(e)->depth > 0
                            : !sqlite3_get_autocommit(sqlite_handle(e));
}

sqlite3 *raw_handle(struct store *s)
{
    struct engine *e = store_engine(s);

    ASSERT(!engine_shared(e));
    return sqlite_handle(e);
}
