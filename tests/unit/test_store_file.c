/*
 * test_store_file.c - what only a file has: SQLite's view of the statements,
 * and migrations of files of before there were accounts. What holds for every
 * engine is in the other tests of the store.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/store/account.h"
#include "sync/aggregator/store/reference.h"
#include "sync/aggregator/store/store_sql.h"
#include "tests/support/raw.h"
#include "tests/support/scratch.h"
#include "tests/unit/sql_table.h"

static void the_statements_fit_the_schema(void **state)
{
    static const int may_scan[] = { SQL_ACCOUNT_ALL,    SQL_SESSION_EXPIRE,
                                    REF_FAIR_ALL,       REF_FIGURES_ALL,
                                    SQL_DEVICE_ALL,     SQL_BRANCHED_OF,
                                    SQL_BEYOND_PUT_ALL, -1 };
    char dir[SCRATCH_ROOM];
    struct store *s = NULL;

    (void)state;
    scratch_make(dir);
    assert_int_equal(store_open(dir, STORE_WRITE, NULL, &s), ERR_OK);
    sql_table_check(raw_handle(s), store_sql_texts, STORE_SQL_COUNT, may_scan);
    store_close(s);
    assert_true(scratch_has(dir, STORE_FILE));
    scratch_remove(dir);
}

/* However SQLite was built: what was asked for first is what it may. */
static void no_file_is_mapped_into_memory(void **state)
{
    char dir[SCRATCH_ROOM];
    struct store *s = NULL;
    sqlite3_stmt *stmt = NULL;

    (void)state;
    scratch_make(dir);
    assert_int_equal(store_open(dir, STORE_WRITE, NULL, &s), ERR_OK);
    assert_int_equal(sqlite3_prepare_v2(raw_handle(s),
                                        "PRAGMA mmap_size = 1048576", -1, &stmt,
                                        NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(stmt, 0), 0);
    sqlite3_finalize(stmt);
    store_close(s);
    scratch_remove(dir);
}

extern const char embedded_sync_aggregator_store_kept_sql[];
extern const char embedded_sync_aggregator_store_kept_2_sql[];

/* A database as the release before accounts left it, with one fair. */
static void old_file(const char *path)
{
    const char *const scripts[] = {
        embedded_sync_aggregator_store_kept_sql,
        embedded_sync_aggregator_store_kept_2_sql,
        "INSERT INTO fair VALUES ('XUAN', 'Xuân', 20200227, 6, 480, 1320, 240,"
        " NULL, 3); PRAGMA application_id = 0x50684341;"
        " PRAGMA user_version = 2; PRAGMA journal_mode = WAL",
    };
    sqlite3 *handle = NULL;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
        assert_int_equal(sqlite3_exec(handle, scripts[i], NULL, NULL, NULL),
                         SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void a_database_without_accounts_gets_them_and_keeps_the_rest(
    void **state)
{
    char dir[SCRATCH_ROOM];
    struct store *s = NULL;
    struct fair f;
    struct account got, a = { .name = "lan",
                              .role = ROLE_STAFF,
                              .fair = "XUAN",
                              .secret = "hers",
                              .made_ms = 7 };

    (void)state;
    scratch_make(dir);
    const char *path = scratch_path(dir, "old.db");
    old_file(path);
    assert_int_equal(store_open_file(path, STORE_READ, NULL, &s), ERR_BUSY);
    assert_int_equal(store_open_file(path, STORE_WRITE, NULL, &s), ERR_OK);
    assert_true(raw_int(s, "PRAGMA user_version") >= 3);
    assert_int_equal(fair_get(s, STR("XUAN"), &f), ERR_OK);
    assert_string_equal(f.name, "Xuân");
    assert_int_equal(f.refuse, 3);
    assert_int_equal(account_add(s, &a), ERR_OK);
    store_close(s);
    assert_int_equal(store_open_file(path, STORE_READ, NULL, &s), ERR_OK);
    assert_int_equal(account_get(s, STR("lan"), &got), ERR_OK);
    assert_string_equal(got.secret, a.secret);
    assert_int_equal(got.made_ms, a.made_ms);
    store_close(s);
    scratch_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_statements_fit_the_schema),
        cmocka_unit_test(no_file_is_mapped_into_memory),
        cmocka_unit_test(
            a_database_without_accounts_gets_them_and_keeps_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
