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

static int64_t file_int(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int64_t n = 0;

    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        err_die(__FILE__, __LINE__, sqlite3_errmsg(handle));
    if (sqlite3_step(stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

int64_t raw_int(struct store *s, const char *sql)
{
    struct engine *e = store_engine(s);

    if (!engine_shared(e))
        return file_int(sqlite_handle(e), sql);
    const struct libpq *pq = pg_of(e)->pq;
    PGresult *r = ask(e, sql);
    int64_t n =
        pq->PQntuples(r) > 0 ? strtoll(pq->PQgetvalue(r, 0, 0), NULL, 10) : 0;
    pq->PQclear(r);
    return n;
}

sqlite3 *raw_handle(struct store *s)
{
    struct engine *e = store_engine(s);

    ASSERT(!engine_shared(e));
    return sqlite_handle(e);
}
