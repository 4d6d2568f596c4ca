/*
 * sql_table.h - holds a table of SQL statements against a fresh schema.
 *
 * Every statement must prepare; its parameters must be $1…$n, first used in
 * that order (so that SQLite and PostgreSQL number them alike); and its plan
 * must not walk a whole table unless the table of exceptions says so. Every
 * table of the schema is STRICT: it keeps no value of another type.
 */
#ifndef SQL_TABLE_H
#define SQL_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "fair/buf.h"

static inline void sql_parameters_check(sqlite3_stmt *stmt, const char *sql)
{
    int n = sqlite3_bind_parameter_count(stmt);
    for (int i = 1; i <= n; i++) {
        BUF(wanted, 16);
        buf_printf(&wanted, "$%d", i);
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        if (!name || strcmp(name, buf_text(&wanted)) != 0)
            fail_msg("parameter %d of: %s", i, sql);
    }
}

static inline bool sql_scans(sqlite3 *handle, const char *sql)
{
    BUF(explain, MAX_TEXT);
    buf_printf(&explain, "EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(handle, buf_text(&explain), -1, &stmt, NULL);
    assert_int_equal(rc, SQLITE_OK);
    bool scans = false;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(stmt, 3);
        if (detail && strncmp(detail, "SCAN ", 5) == 0)
            scans = true;
    }
    sqlite3_finalize(stmt);
    return scans;
}

static inline void sql_strict_check(sqlite3 *handle)
{
    static const char tables[] =
        "SELECT name, strict FROM pragma_table_list"
        " WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    sqlite3_stmt *stmt = NULL;
    int n = 0;
    assert_int_equal(sqlite3_prepare_v2(handle, tables, -1, &stmt, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(stmt) == SQLITE_ROW; n++) {
        if (sqlite3_column_int(stmt, 1) != 1)
            fail_msg("not strict: %s",
                     (const char *)sqlite3_column_text(stmt, 0));
    }
    sqlite3_finalize(stmt);
    assert_true(n > 0);
}

/* `may_scan` lists, ended by -1, the statements that walk a table because
 * they are meant to. Those must really do it: the list stays true. */
static inline void sql_table_check(sqlite3 *handle, const char *const *sql,
                                   int n, const int *may_scan)
{
    sql_strict_check(handle);
    for (int i = 0; i < n; i++) {
        sqlite3_stmt *stmt = NULL;
        if (sqlite3_prepare_v2(handle, sql[i], -1, &stmt, NULL) != SQLITE_OK)
            fail_msg("%s: %s", sqlite3_errmsg(handle), sql[i]);
        sql_parameters_check(stmt, sql[i]);
        sqlite3_finalize(stmt);
        bool may = false;
        for (const int *m = may_scan; *m >= 0; m++)
            may = may || *m == i;
        if (sql_scans(handle, sql[i]) != may)
            fail_msg("%s: %s", may ? "needs no scan" : "scans", sql[i]);
    }
}

#endif
