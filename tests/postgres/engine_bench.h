/*
 * engine_bench.h - two connections to one database of its own, a table and
 * statements on it, for the tests of the PostgreSQL engine.
 */
#ifndef ENGINE_BENCH_H
#define ENGINE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/engine/postgres_parts.h"
#include "tests/support/place.h"

enum {
    ADD,
    PUT,
    NEXT,
    GET,
    GET_LOCKED,
    ALL,
    SET,
    COUNT,
    NUMBERS,
    NOT_THERE,
    MANY,
    FROM,
    N_STATEMENTS
};

static const char *const statements[] = {
    [ADD] = "INSERT INTO thing (id, name, bytes, at) VALUES ($1, $2, $3, $4)",
    [PUT] = "INSERT INTO thing AS t (id, name, bytes, at)"
            " VALUES ($1, 'a(b', NULL, $2)"
            " ON CONFLICT (id) DO UPDATE SET at = t.at + excluded.at",
    [NEXT] = "INSERT INTO thing (id, at)"
             " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM thing), $1)",
    [GET] = "SELECT name, bytes, at FROM thing WHERE id = $1",
    [GET_LOCKED] = "SELECT at FROM thing WHERE id = $1 /* FOR UPDATE */",
    [ALL] = "SELECT id, at FROM thing ORDER BY id",
    [SET] = "UPDATE thing SET at = $1 WHERE id = $2",
    [COUNT] = "SELECT count(*) FROM thing",
    [NUMBERS] = "SELECT 7, id, -id FROM thing ORDER BY id",
    [MANY] = "SELECT id, name, bytes, at FROM thing WHERE at > $1"
             " ORDER BY id /* BY PAGES */",
    [FROM] = "SELECT id FROM thing WHERE id >= $1 ORDER BY id /* BY PAGES */",
    [NOT_THERE] = "SELECT x FROM nothing",
};

static const char table[] =
    "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT, bytes BYTEA,"
    " at BIGINT CHECK (at <> -13))";
static const char *const migrations[] = { table,
                                          "CREATE TABLE more (x BIGINT)" };

static const struct engine_kind kind = { .application_id = 7,
                                         .postgres = migrations,
                                         .n_postgres = 1,
                                         .sql = statements,
                                         .n_sql = N_STATEMENTS };

struct bench {
    char where[SCRATCH_ROOM];
    struct engine *e, *other; /* of the same database */
    long pid;                 /* the server's process of the first */
};

/* The same place, with another setting of the session. */
static inline void variant(char out[SCRATCH_ROOM], const char *where,
                           const char *more)
{
    int n = snprintf(out, SCRATCH_ROOM, "%s%%20-c%s", where, more);
    assert_true(n > 0 && n < SCRATCH_ROOM);
}

static inline struct engine *open_at(const char *where, enum engine_mode mode)
{
    struct engine *e = NULL;
    BUF(why, MAX_TEXT);

    if (engine_open(where, mode, &kind, &why, &e) != ERR_OK)
        fail_msg("%s", buf_text(&why));
    return e;
}

/* The server's process of a connection. */
static inline long backend(struct engine *e)
{
    PGresult *r = NULL;
    assert_int_equal(pipe_script(pg_of(e), "SELECT pg_backend_pid()", &r),
                     ERR_OK);
    long pid = strtol(pg_of(e)->pq->PQgetvalue(r, 0, 0), NULL, 10);
    pg_of(e)->pq->PQclear(r);
    return pid;
}

static inline int open_bench(void **state)
{
    struct bench *b = x_alloc(sizeof(*b));
    char quick[SCRATCH_ROOM];

    place_make(b->where);
    variant(quick, b->where, "deadlock_timeout%3D50");
    b->e = open_at(quick, ENGINE_WRITE);
    b->other = open_at(quick, ENGINE_WRITE);
    b->pid = backend(b->e);
    *state = b;
    return 0;
}

static inline int close_bench(void **state)
{
    struct bench *b = *state;

    engine_close(b->e);
    engine_close(b->other);
    place_remove(b->where);
    free(b);
    return 0;
}

/* ---- small steps --------------------------------------------------------- */

static inline enum err put(struct engine *e, int64_t id, int64_t at,
                           bool posted)
{
    QUERY(put, e, PUT);
    query_bind(put, "ii", id, at);
    return posted ? query_post(put) : query_run(put);
}

static inline enum err add(struct engine *e, int64_t id, bool posted)
{
    QUERY(add, e, ADD);
    query_bind(add, "isbi", id, STR("x"), STR("y"), id);
    return posted ? query_post(add) : query_run(add);
}

static inline int64_t count(struct engine *e)
{
    bool row = false;
    QUERY(all, e, COUNT);
    assert_int_equal(query_step(all, &row), ERR_OK);
    assert_true(row);
    return query_int(all, 0);
}

static inline enum err at_of(struct engine *e, int64_t id, int64_t *at)
{
    bool row = false;
    QUERY(get, e, GET);
    query_bind(get, "i", id);
    enum err result = query_step(get, &row);
    if (result == ERR_OK)
        *at = row ? query_int(get, 2) : -1;
    return result;
}

static inline void script(struct engine *e, const char *sql)
{
    assert_int_equal(pipe_script(pg_of(e), sql, NULL), ERR_OK);
}

#define BENCH(test) \
    cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

#endif
