/*
 * postgres_schema.c - both engines hold the same tables, and both read every
 * statement.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/store/store_sql.h"
#include "tests/support/place.h"
#include "tests/support/pq.h"
#include "tests/support/raw.h"

struct pair {
    char dir[SCRATCH_ROOM], where[SCRATCH_ROOM];
    struct store *file, *shared;
};

static int open_pair(void **state)
{
    struct pair *p = x_alloc(sizeof(*p));
    scratch_make(p->dir);
    place_make(p->where);
    assert_int_equal(store_open(p->dir, STORE_WRITE, NULL, &p->file), ERR_OK);
    assert_int_equal(store_open(p->where, STORE_WRITE, NULL, &p->shared),
                     ERR_OK);
    *state = p;
    return 0;
}

static int close_pair(void **state)
{
    struct pair *p = *state;
    store_close(p->file);
    store_close(p->shared);
    scratch_remove(p->dir);
    place_remove(p->where);
    free(p);
    return 0;
}

/* Each column: table, name, type, whether it may be NULL. Event lines are bytes
 * there; a segment of a file has a number besides; the count of migrations
 * stands in the file's head. */
static void the_tables_have_the_same_columns(void **state)
{
    struct pair *p = *state;
    BUF(file, MAX_TEXT);
    BUF(shared, MAX_TEXT);
    raw_text(p->file,
             "SELECT t.name || '.' || c.name || ' ' ||"
             " CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'TEXT' THEN"
             " CASE c.name WHEN 'bytes' THEN 'bytea' ELSE 'text' END"
             " WHEN 'BLOB' THEN 'bytea' ELSE c.type END ||"
             " CASE WHEN c.\"notnull\" OR c.pk THEN ' needed' ELSE '' END"
             " FROM sqlite_master t, pragma_table_info(t.name) c"
             " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
             " AND NOT (t.name = 'segment' AND c.name = 'id')"
             " ORDER BY t.name, c.name",
             &file);
    raw_text(p->shared,
             "SELECT table_name || '.' || column_name || ' ' || data_type ||"
             " CASE is_nullable WHEN 'NO' THEN ' needed' ELSE '' END"
             " FROM information_schema.columns"
             " WHERE table_schema = current_schema"
             " AND table_name <> 'schema_version'"
             " ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\"",
             &shared);
    assert_true(file.len > 1000);
    assert_string_equal(buf_text(&shared), buf_text(&file));
}

/* Each column of a key: table, place in the key, name. A segment of a file is
 * keyed by its number. */
static void the_tables_have_the_same_keys(void **state)
{
    struct pair *p = *state;
    BUF(file, MAX_TEXT);
    BUF(shared, MAX_TEXT);
    raw_text(p->file,
             "SELECT t.name || ' ' || c.pk || ' ' || c.name"
             " FROM sqlite_master t, pragma_table_info(t.name) c"
             " WHERE t.type = 'table' AND c.pk > 0 AND t.name <> 'segment'"
             " ORDER BY t.name, c.pk",
             &file);
    raw_text(p->shared,
             "SELECT table_name || ' ' || ordinal_position || ' ' ||"
             " column_name FROM information_schema.key_column_usage"
             " WHERE table_schema = current_schema"
             " AND table_name NOT IN ('schema_version', 'segment')"
             " ORDER BY table_name COLLATE \"C\", ordinal_position",
             &shared);
    assert_true(file.len > 300);
    assert_string_equal(buf_text(&shared), buf_text(&file));
}

/* ---- statements ---------------------------------------------------------- */

/* Every column comes as a type that query_int or query_str reads. */
static void columns_are_readable(const struct libpq *pq, const PGresult *r,
                                 const char *sql)
{
    static const Oid readable[] = { 17, 20, 23, 25 };
    for (int i = 0; i < pq->PQnfields(r); i++) {
        bool fine = false;
        for (size_t k = 0; k < ARRAY_LEN(readable); k++)
            fine = fine || pq->PQftype(r, i) == readable[k];
        if (!fine)
            fail_msg("column %d is of type %u: %s", i + 1,
                     (unsigned)pq->PQftype(r, i), sql);
    }
}

static void every_statement_is_read_by_postgresql(void **state)
{
    struct pair *p = *state;
    struct engine *e = store_engine(p->shared);
    const struct libpq *pq = pg_of(e)->pq;
    PGconn *conn = pg_of(e)->conn;

    assert_true(pq->PQexitPipelineMode(conn));
    for (int i = 0; i < STORE_SQL_COUNT; i++) {
        BUF(sql, MAX_TEXT);
        BUF(name, MAX_NAME_COLUMNS);
        batch_text(pg_of(e), i, 1, &sql);
        buf_printf(&name, "try%d", i);
        PGresult *r =
            pq_more()->prepare(conn, buf_text(&name), buf_text(&sql), 0, NULL);
        if (pq->PQresultStatus(r) != PGRES_COMMAND_OK)
            fail_msg("%s: %s", pq->PQerrorMessage(conn), buf_text(&sql));
        pq->PQclear(r);
        r = pq_more()->describe(conn, buf_text(&name));
        columns_are_readable(pq, r, buf_text(&sql));
        pq->PQclear(r);
    }
}

#define PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAIR(the_tables_have_the_same_columns),
        PAIR(the_tables_have_the_same_keys),
        PAIR(every_statement_is_read_by_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
