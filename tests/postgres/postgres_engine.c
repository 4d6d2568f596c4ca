/*
 * postgres_engine.c - statements and transactions as engine.h promises them,
 * on a real server: values, posted rows, errors, lost connections.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

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
};

/* The same place, with another setting of the session. */
static void variant(char out[SCRATCH_ROOM], const char *where, const char *more)
{
    int n = snprintf(out, SCRATCH_ROOM, "%s%%20-c%s", where, more);
    assert_true(n > 0 && n < SCRATCH_ROOM);
}

static struct engine *open_at(const char *where, enum engine_mode mode)
{
    struct engine *e = NULL;
    BUF(why, MAX_TEXT);

    if (engine_open(where, mode, &kind, &why, &e) != ERR_OK)
        fail_msg("%s", buf_text(&why));
    return e;
}

static int open_bench(void **state)
{
    struct bench *b = x_alloc(sizeof(*b));
    char quick[SCRATCH_ROOM];

    place_make(b->where);
    variant(quick, b->where, "deadlock_timeout%3D50");
    b->e = open_at(quick, ENGINE_WRITE);
    b->other = open_at(quick, ENGINE_WRITE);
    *state = b;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *b = *state;

    engine_close(b->e);
    engine_close(b->other);
    place_remove(b->where);
    free(b);
    return 0;
}

/* ---- small steps --------------------------------------------------------- */

static enum err put(struct engine *e, int64_t id, int64_t at, bool posted)
{
    QUERY(put, e, PUT);
    query_bind(put, "ii", id, at);
    return posted ? query_post(put) : query_run(put);
}

static enum err add(struct engine *e, int64_t id, bool posted)
{
    QUERY(add, e, ADD);
    query_bind(add, "isbi", id, STR("x"), STR("y"), id);
    return posted ? query_post(add) : query_run(add);
}

static int64_t count(struct engine *e)
{
    bool row = false;
    QUERY(all, e, COUNT);
    assert_int_equal(query_step(all, &row), ERR_OK);
    assert_true(row);
    return query_int(all, 0);
}

static enum err at_of(struct engine *e, int64_t id, int64_t *at)
{
    bool row = false;
    QUERY(get, e, GET);
    query_bind(get, "i", id);
    enum err result = query_step(get, &row);
    if (result == ERR_OK)
        *at = row ? query_int(get, 2) : -1;
    return result;
}

static void script(struct engine *e, const char *sql)
{
    assert_int_equal(pipe_script(pg_of(e), sql, NULL), ERR_OK);
}

/* The server's process of a connection. */
static long backend(struct engine *e)
{
    PGresult *r = NULL;
    assert_int_equal(pipe_script(pg_of(e), "SELECT pg_backend_pid()", &r),
                     ERR_OK);
    long pid = strtol(pg_of(e)->pq->PQgetvalue(r, 0, 0), NULL, 10);
    pg_of(e)->pq->PQclear(r);
    return pid;
}

static void terminate(struct bench *b)
{
    BUF(sql, MAX_TEXT);
    long pid = pg_of(b->e)->depth > 0 ? 0 : backend(b->e);
    if (pid == 0) { /* asking would be a statement of the transaction */
        buf_puts(&sql, "SELECT pg_terminate_backend(pid, 10000) FROM"
                       " pg_stat_activity WHERE state = 'idle in transaction'"
                       " AND pid <> pg_backend_pid()");
    } else
        buf_printf(&sql, "SELECT pg_terminate_backend(%ld, 10000)", pid);
    script(b->other, buf_text(&sql));
}

/* ---- values -------------------------------------------------------------- */

static void values_come_back_as_they_were_put(void **state)
{
    static const int64_t numbers[] = { 0,         1,         -1, 255, 256,
                                       INT64_MAX, INT64_MIN, 42, 99,  -129 };
    struct bench *b = *state;
    struct str name = STR("bánh đậu xanh ₫"), blob = STR("\0\xff\x80' ");
    bool row = false;

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        QUERY(add, b->e, ADD);
        query_bind(add, "isbi", (int64_t)i, name, blob, numbers[i]);
        assert_int_equal(query_run(add), ERR_OK);
        assert_int_equal(query_changes(add), 1);
    }
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        QUERY(get, b->e, GET);
        query_bind(get, "i", (int64_t)i);
        assert_int_equal(query_step(get, &row), ERR_OK);
        assert_true(row);
        assert_true(str_eq(query_str(get, 0), name));
        assert_true(str_eq(query_str(get, 1), blob));
        assert_int_equal(query_int(get, 2), numbers[i]);
        assert_int_equal(query_step(get, &row), ERR_OK);
        assert_false(row);
    }
}

static void nothing_is_not_an_empty_text(void **state)
{
    struct bench *b = *state;
    bool row = false;

    for (int64_t id = 1; id <= 2; id++) {
        QUERY(add, b->e, ADD);
        if (id == 1)
            query_bind(add, "innn", id);
        else
            query_bind(add, "isbi", id, STR(""), STR(""), (int64_t)3);
        if (id == 2)
            query_bind_null(add, 4);
        assert_int_equal(query_run(add), ERR_OK);
    }
    for (int64_t id = 1; id <= 2; id++) {
        QUERY(get, b->e, GET);
        query_bind(get, "i", id);
        assert_int_equal(query_step(get, &row), ERR_OK);
        assert_int_equal(query_null(get, 0), id == 1);
        assert_int_equal(query_null(get, 1), id == 1);
        assert_true(query_null(get, 2));
        assert_int_equal(query_int(get, 2), 0);
        assert_int_equal(query_str(get, 0).len, 0);
    }
}

static void a_number_is_read_as_text_where_one_is_wanted(void **state)
{
    struct bench *b = *state;
    bool row = false;

    assert_int_equal(put(b->e, INT64_MAX, 1, false), ERR_OK);
    QUERY(all, b->e, NUMBERS);
    assert_int_equal(query_step(all, &row), ERR_OK);
    struct str seven = query_str(all, 0), id = query_str(all, 1);
    assert_true(str_is(seven, "7"));
    assert_true(str_is(id, "9223372036854775807"));
    assert_true(str_is(query_str(all, 2), "-9223372036854775807"));
    assert_int_equal(query_int(all, 0), 7);
}

/* Results are whole: what a caller does beside them does not matter. */
static void rows_are_read_while_others_are_written(void **state)
{
    struct bench *b = *state;
    bool row = false;
    int64_t sum = 0;

    for (int64_t id = 1; id <= 30; id++)
        assert_int_equal(put(b->e, id, id, false), ERR_OK);
    QUERY(all, b->e, ALL);
    assert_int_equal(query_step(all, &row), ERR_OK);
    while (row) {
        int64_t at = 0;
        assert_int_equal(at_of(b->e, query_int(all, 0), &at), ERR_OK);
        assert_int_equal(at, query_int(all, 1));
        assert_int_equal(put(b->e, 1000 + at, 1, false), ERR_OK);
        sum += at;
        assert_int_equal(query_step(all, &row), ERR_OK);
    }
    assert_int_equal(sum, 30 * 31 / 2);
    assert_int_equal(count(b->e), 60);
}

static void add_many(struct engine *e, int64_t n, struct str name)
{
    assert_int_equal(engine_begin(e), ERR_OK);
    for (int64_t id = 1; id <= n; id++) {
        QUERY(add, e, ADD);
        query_bind(add, "isbi", id, name, STR(""), id);
        assert_int_equal(query_post(add), ERR_OK);
    }
    assert_int_equal(engine_commit(e), ERR_OK);
}

/* All rows with another query beside each; returns the most that were held at
 * once. */
static int walk(struct engine *e, int64_t from, int64_t n)
{
    bool row = false;
    int64_t seen = 0;
    int most = 0;
    QUERY(many, e, MANY);
    query_bind(many, "i", from);
    assert_int_equal(query_step(many, &row), ERR_OK);
    while (row) {
        const struct pg_query *q = (struct pg_query *)many;
        int held = pg_of(e)->pq->PQntuples(q->result);
        most = held > most ? held : most;
        assert_int_equal(query_int(many, 0), from + ++seen);
        if (seen % 10 == 1) {
            bool first = false;
            QUERY(one, e, FROM);
            query_bind(one, "i", seen);
            assert_int_equal(query_step(one, &first), ERR_OK);
            assert_true(first);
            assert_int_equal(query_int(one, 0), seen);
        }
        assert_int_equal(query_step(many, &row), ERR_OK);
    }
    assert_int_equal(seen, n - from);
    return most;
}

static void what_is_much_comes_in_pages(void **state)
{
    struct bench *b = *state;
    BUF(big, MAX_LIST);

    add_many(b->e, 9000, STR("x"));
    for (int64_t from = 8980; from <= 9000; from++) {
        assert_int_equal(engine_read_begin(b->e), ERR_OK);
        walk(b->e, from, 9000);
        walk(b->e, from, 9000); /* once more in the same transaction */
        engine_read_end(b->e);
    }
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(walk(b->e, 0, 9000), 4096);
    assert_int_equal(put(b->e, 1, 1, true), ERR_OK);
    assert_int_equal(engine_commit(b->e), ERR_OK);
    /* Outside of a transaction there is no cursor. */
    assert_int_equal(walk(b->e, 0, 9000), 9000);
    script(b->e, "DELETE FROM thing");
    for (int i = 0; i < 100000; i++)
        buf_putc(&big, 'x');
    add_many(b->e, 300, buf_slice(&big));
    assert_int_equal(engine_read_begin(b->e), ERR_OK);
    assert_true(walk(b->e, 0, 300) <= 8);
    engine_read_end(b->e);
}

/* A cursor that its transaction has taken along is not closed once more. */
static void pages_end_with_their_transaction(void **state)
{
    struct bench *b = *state;
    bool row = false;

    add_many(b->e, 100, STR("x"));
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    {
        QUERY(many, b->e, MANY);
        query_bind(many, "i", (int64_t)0);
        assert_int_equal(query_step(many, &row), ERR_OK);
        engine_rollback(b->e);
    }
    assert_int_equal(walk(b->e, 0, 100), 92);
    {
        QUERY(many, b->e, MANY);
        query_bind(many, "i", (int64_t)0);
        assert_int_equal(query_step(many, &row), ERR_OK);
        engine_rollback(b->e);
    }
    assert_int_equal(count(b->e), 100);
}

/* ---- posted rows --------------------------------------------------------- */

static void an_insert_carries_many_rows(void **state)
{
    struct bench *b = *state;
    BUF(text, MAX_TEXT);

    put(b->e, 1, 1, false); /* so that its parameters are counted */
    batch_text(pg_of(b->e), PUT, 3, &text);
    assert_string_equal(
        buf_text(&text),
        "INSERT INTO thing AS t (id, name, bytes, at)"
        " VALUES ($1, 'a(b', NULL, $2), ($3, 'a(b', NULL, $4),"
        " ($5, 'a(b', NULL, $6)"
        " ON CONFLICT (id) DO UPDATE SET at = t.at + excluded.at");
    buf_clear(&text);
    batch_text(pg_of(b->e), GET_LOCKED, 1, &text);
    assert_string_equal(buf_text(&text),
                        "SELECT at FROM thing WHERE id = $1 FOR UPDATE");
    assert_true(batch_able(statements[ADD]));
    assert_false(batch_able(statements[NEXT])); /* it looks at the others */
    assert_false(batch_able(statements[SET]));
    assert_false(batch_able("INSERT INTO t (a) VALUES ($1)"
                            " ON CONFLICT (a) DO UPDATE SET a = $2"));
    assert_false(batch_able("INSERT INTO t (a) SELECT $1"));
}

static void posted_rows_are_all_there(void **state)
{
    static const int sizes[] = { 1,  2,  3,  4,  5,   15,  16,  17,
                                 63, 64, 65, 84, 149, 300, 1500 };
    struct bench *b = *state;

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        int64_t at = 0;
        script(b->e, "DELETE FROM thing");
        assert_int_equal(engine_begin(b->e), ERR_OK);
        for (int64_t id = 1; id <= sizes[i]; id++)
            assert_int_equal(put(b->e, id, id * 7, true), ERR_OK);
        assert_int_equal(engine_commit(b->e), ERR_OK);
        assert_int_equal(count(b->other), sizes[i]);
        for (int64_t id = 1; id <= sizes[i]; id += 13) {
            assert_int_equal(at_of(b->other, id, &at), ERR_OK);
            assert_int_equal(at, id * 7);
        }
    }
}

static void posted_statements_keep_their_order(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    for (int round = 0; round < 700; round++) {
        QUERY(set, b->e, SET);
        if (round % 100 == 0)
            assert_int_equal(put(b->e, round, 1, true), ERR_OK);
        query_bind(set, "ii", (int64_t)round, (int64_t)(round / 100 * 100));
        assert_int_equal(query_post(set), ERR_OK);
    }
    assert_int_equal(at_of(b->e, 300, &at), ERR_OK); /* before the commit */
    assert_int_equal(at, 399);
    assert_int_equal(engine_commit(b->e), ERR_OK);
    assert_int_equal(at_of(b->other, 0, &at), ERR_OK);
    assert_int_equal(at, 99);
    assert_int_equal(at_of(b->other, 600, &at), ERR_OK);
    assert_int_equal(at, 699);
}

static void big_rows_travel_in_time(void **state)
{
    struct bench *b = *state;
    BUF(big, MAX_LIST);
    bool row = false;

    for (int i = 0; i < 1024 * 1024; i++)
        buf_putc(&big, (char)('a' + i % 26));
    assert_int_equal(engine_begin(b->e), ERR_OK);
    for (int64_t id = 1; id <= 12; id++) {
        QUERY(add, b->e, ADD);
        query_bind(add, "isbi", id, buf_slice(&big), buf_slice(&big), id);
        assert_int_equal(query_post(add), ERR_OK);
        assert_true(pg_of(b->e)->batch.bytes.len < 300000);
    }
    assert_int_equal(engine_commit(b->e), ERR_OK);
    QUERY(get, b->other, GET);
    query_bind(get, "i", (int64_t)12);
    assert_int_equal(query_step(get, &row), ERR_OK);
    assert_true(str_eq(query_str(get, 0), buf_slice(&big)));
    assert_true(str_eq(query_str(get, 1), buf_slice(&big)));
}

/* The type of a parameter is not known while it has only been nothing. */
static void a_parameter_may_be_nothing_at_first(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    for (int64_t id = 1; id <= 40; id++) {
        QUERY(add, b->e, ADD);
        query_bind(add, id < 20 ? "innn" : "isbi", id, STR("n"), STR("b"), id);
        assert_int_equal(query_post(add), ERR_OK);
        if (id % 7 == 0)
            assert_int_equal(at_of(b->e, id, &at), ERR_OK);
    }
    assert_int_equal(engine_commit(b->e), ERR_OK);
    assert_int_equal(count(b->other), 40);
    assert_int_equal(at_of(b->other, 33, &at), ERR_OK);
    assert_int_equal(at, 33);
}

/* ---- errors -------------------------------------------------------------- */

static void every_sqlstate_has_its_error(void **state)
{
    static const struct {
        const char *code;
        enum err e;
    } cases[] = {
        { "40001", ERR_AGAIN },     { "40P01", ERR_AGAIN },
        { "23505", ERR_EXISTS },    { "22003", ERR_INVALID },
        { "23514", ERR_INVALID },   { "23502", ERR_INVALID },
        { "53100", ERR_FULL },      { "53300", ERR_BUSY },
        { "25006", ERR_READ_ONLY }, { "57P01", ERR_IO },
        { "08006", ERR_IO },        { "58030", ERR_IO },
        { "28P01", ERR_REFUSED },   { "42501", ERR_REFUSED },
        { "3D000", ERR_REFUSED },   { "42P01", ERR_CORRUPT },
        { "42P07", ERR_EXISTS },    { "55P03", ERR_BUSY },
        { "57014", ERR_BUSY },      { "XX001", ERR_CORRUPT },
        { "XX000", ERR_IO },        { "54000", ERR_LIMIT },
        { NULL, ERR_IO },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(pipe_err(cases[i].code), cases[i].e);
}

static void a_posted_error_comes_to_light_with_the_next_answer(void **state)
{
    struct bench *b = *state;

    for (int how = 0; how < 3; how++) {
        int64_t at = 0;
        assert_int_equal(engine_begin(b->e), ERR_OK);
        assert_int_equal(add(b->e, 5, true), ERR_OK);
        assert_int_equal(put(b->e, 9, 1, true), ERR_OK);
        assert_int_equal(add(b->e, 5, true), ERR_OK);
        if (how == 0)
            assert_int_equal(at_of(b->e, 5, &at), ERR_EXISTS);
        else if (how == 1)
            assert_int_equal(put(b->e, 6, 1, false), ERR_EXISTS);
        assert_int_equal(engine_commit(b->e), ERR_EXISTS);
        assert_int_equal(count(b->e), 0);
    }
}

/* Nothing more happens in a transaction that has failed; its errmsg stays. */
static void an_error_stays_until_it_is_rolled_back(void **state)
{
    struct bench *b = *state;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, -13, false), ERR_INVALID);
    assert_int_equal(put(b->e, 2, 1, false), ERR_INVALID);
    assert_int_equal(put(b->e, 2, 1, true), ERR_INVALID);
    assert_int_equal(engine_begin(b->e), ERR_INVALID);
    assert_non_null(strstr(engine_errmsg(b->e), "23514"));
    engine_rollback(b->e);
    assert_int_equal(put(b->e, 2, 1, false), ERR_OK);
    assert_int_equal(put(b->e, 3, -13, false), ERR_INVALID); /* alone */
    assert_int_equal(count(b->e), 1);
}

static void a_table_that_is_gone_is_damage(void **state)
{
    struct bench *b = *state;
    bool row = false;

    for (int i = 0; i < 2; i++) { /* it is not taken for prepared */
        QUERY(ask, b->e, NOT_THERE);
        assert_int_equal(query_step(ask, &row), ERR_CORRUPT);
    }
    assert_int_equal(count(b->e), 0);
}

/* ---- transactions -------------------------------------------------------- */

static void an_inner_part_is_undone_alone(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, true), ERR_OK);
    for (int64_t i = 2; i <= 9; i++) {
        assert_int_equal(engine_begin(b->e), ERR_OK);
        assert_int_equal(put(b->e, i, 1, true), ERR_OK);
        assert_int_equal(engine_begin(b->e), ERR_OK);
        assert_int_equal(put(b->e, i, i == 5 ? -13 : 100, i % 2), ERR_OK);
        if (i == 4)
            engine_rollback(b->e);
        else
            assert_int_equal(engine_commit(b->e),
                             i == 5 ? ERR_INVALID : ERR_OK);
        if (i == 7)
            engine_rollback(b->e);
        else
            assert_int_equal(engine_commit(b->e), ERR_OK);
    }
    assert_int_equal(engine_commit(b->e), ERR_OK);
    for (int64_t i = 1; i <= 9; i++) {
        assert_int_equal(at_of(b->other, i, &at), ERR_OK);
        assert_int_equal(at, i == 7                       ? -1
                             : i == 1 || i == 4 || i == 5 ? 1
                                                          : 101);
    }
}

static void an_unused_transaction_costs_no_way_there_and_back(void **state)
{
    struct bench *b = *state;
    struct pg *p = pg_of(b->e);

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(p->n_awaited, 0);
    assert_int_equal(engine_commit(b->e), ERR_OK);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    engine_rollback(b->e);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, true), ERR_OK);
    assert_int_equal(p->n_awaited, 0); /* not even BEGIN */
    engine_rollback(b->e);
    assert_int_equal(count(b->e), 0);
    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    assert_int_equal(count(b->other), 1); /* nothing was left open */
}

static void a_reader_sees_one_moment(void **state)
{
    struct bench *b = *state;

    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    struct engine *reader = open_at(b->where, ENGINE_READ);
    assert_int_equal(engine_read_begin(reader), ERR_OK);
    assert_int_equal(count(reader), 1);
    assert_int_equal(put(b->e, 2, 1, false), ERR_OK);
    assert_int_equal(count(reader), 1);
    engine_read_end(reader);
    assert_int_equal(count(reader), 2);
    /* ... and who writes may read so, too. */
    assert_int_equal(engine_read_begin(b->e), ERR_OK);
    assert_int_equal(count(b->e), 2);
    assert_int_equal(put(b->other, 3, 1, false), ERR_OK);
    assert_int_equal(count(b->e), 2);
    engine_read_end(b->e);
    assert_int_equal(put(b->e, 4, 1, false), ERR_OK);
    engine_close(reader);
}

static void a_reader_changes_nothing(void **state)
{
    struct bench *b = *state;
    struct engine *reader = open_at(b->where, ENGINE_READ);

    assert_int_equal(put(reader, 1, 1, false), ERR_READ_ONLY);
    assert_int_equal(count(reader), 0);
    engine_close(reader);
}

/* ---- side by side -------------------------------------------------------- */

static enum err lock_row(struct engine *e, int64_t id)
{
    bool row = false;
    QUERY(get, e, GET_LOCKED);
    query_bind(get, "i", id);
    return query_step(get, &row);
}

static void *lock_first(void *ctx)
{
    struct bench *b = ctx;
    static enum err result;

    result = lock_row(b->other, 1);
    if (result == ERR_OK)
        result = engine_commit(b->other);
    else
        engine_rollback(b->other);
    return &result;
}

static void who_waits_for_each_other_tries_again(void **state)
{
    struct bench *b = *state;
    pthread_t thread;
    void *theirs = NULL;

    put(b->e, 1, 1, false);
    put(b->e, 2, 1, false);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(engine_begin(b->other), ERR_OK);
    assert_int_equal(lock_row(b->e, 1), ERR_OK);
    assert_int_equal(lock_row(b->other, 2), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, lock_first, b), 0);
    enum err ours = lock_row(b->e, 2);
    engine_rollback(b->e);
    pthread_join(thread, &theirs);
    enum err other = *(enum err *)theirs;
    assert_true((ours == ERR_AGAIN) != (other == ERR_AGAIN));
    assert_true(ours == ERR_OK || other == ERR_OK);
    assert_int_equal(put(b->e, 3, 1, false), ERR_OK);
}

static void a_lock_is_not_waited_for_for_ever(void **state)
{
    struct bench *b = *state;
    char hasty[SCRATCH_ROOM];

    variant(hasty, b->where, "lock_timeout%3D30");
    struct engine *e = open_at(hasty, ENGINE_WRITE);
    put(b->e, 1, 1, false);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(lock_row(b->e, 1), ERR_OK);
    assert_int_equal(engine_begin(e), ERR_OK);
    assert_int_equal(lock_row(e, 1), ERR_BUSY);
    engine_rollback(e);
    engine_rollback(b->e);
    engine_close(e);
}

/* ---- lost connections ---------------------------------------------------- */

static void a_lost_connection_stays_lost(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;

    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    terminate(b);
    assert_int_equal(at_of(b->e, 1, &at), ERR_IO);
    assert_true(strlen(engine_errmsg(b->e)) > 0);
    assert_int_equal(engine_begin(b->e), ERR_IO);
    assert_int_equal(engine_read_begin(b->e), ERR_IO);
    assert_int_equal(put(b->e, 2, 1, false), ERR_IO);
    engine_close(b->e);
    b->e = open_at(b->where, ENGINE_WRITE);
    assert_int_equal(at_of(b->e, 1, &at), ERR_OK);
    assert_int_equal(at, 1);
}

static void a_transaction_without_its_connection_is_undone(void **state)
{
    struct bench *b = *state;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    terminate(b);
    assert_int_equal(put(b->e, 2, 1, false), ERR_IO);
    assert_int_equal(engine_commit(b->e), ERR_IO);
    assert_int_equal(engine_commit(b->e), ERR_IO); /* known: not recorded */
    assert_int_equal(count(b->other), 0);
}

static void a_commit_without_an_answer_is_unsure(void **state)
{
    struct bench *b = *state;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    terminate(b);
    assert_int_equal(engine_commit(b->e), ERR_UNSURE);
    assert_int_equal(count(b->other), 0);
}

static void a_lone_statement_without_an_answer_is_unsure(void **state)
{
    struct bench *b = *state;

    terminate(b);
    assert_int_equal(put(b->e, 1, 1, false), ERR_UNSURE);
    assert_int_equal(put(b->e, 1, 1, false), ERR_IO);
}

static void a_server_that_says_nothing_is_left(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;
    long pid = backend(b->e);

    pg_of(b->e)->wait_ms = 200;
    assert_int_equal(kill((pid_t)pid, SIGSTOP), 0);
    assert_int_equal(at_of(b->e, 1, &at), ERR_IO);
    assert_non_null(strstr(engine_errmsg(b->e), "does not answer"));
    assert_int_equal(kill((pid_t)pid, SIGCONT), 0);
}

#define BENCH(test) \
    cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH(values_come_back_as_they_were_put),
        BENCH(nothing_is_not_an_empty_text),
        BENCH(a_number_is_read_as_text_where_one_is_wanted),
        BENCH(rows_are_read_while_others_are_written),
        BENCH(what_is_much_comes_in_pages),
        BENCH(pages_end_with_their_transaction),
        BENCH(an_insert_carries_many_rows),
        BENCH(posted_rows_are_all_there),
        BENCH(posted_statements_keep_their_order),
        BENCH(big_rows_travel_in_time),
        BENCH(a_parameter_may_be_nothing_at_first),
        cmocka_unit_test(every_sqlstate_has_its_error),
        BENCH(a_posted_error_comes_to_light_with_the_next_answer),
        BENCH(an_error_stays_until_it_is_rolled_back),
        BENCH(a_table_that_is_gone_is_damage),
        BENCH(an_inner_part_is_undone_alone),
        BENCH(an_unused_transaction_costs_no_way_there_and_back),
        BENCH(a_reader_sees_one_moment),
        BENCH(a_reader_changes_nothing),
        BENCH(who_waits_for_each_other_tries_again),
        BENCH(a_lock_is_not_waited_for_for_ever),
        BENCH(a_lost_connection_stays_lost),
        BENCH(a_transaction_without_its_connection_is_undone),
        BENCH(a_commit_without_an_answer_is_unsure),
        BENCH(a_lone_statement_without_an_answer_is_unsure),
        BENCH(a_server_that_says_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
