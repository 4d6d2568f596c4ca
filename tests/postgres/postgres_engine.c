/*
 * postgres_engine.c - statements as engine.h promises them, on a real server:
 * values, pages, posted rows.
 */
#include "tests/postgres/engine_bench.h"

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
        query_bind(set, "ii", (int64_t)round, round / 100 * INT64_C(100));
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
