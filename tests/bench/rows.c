/*
 * rows.c - the floor: sales as plain rows.
 */
#include "tests/bench/rows.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "tests/bench/bench.h"
#include "tests/support/scratch.h"

enum { SQL_BEGIN, SQL_COMMIT, SQL_EVENT, SQL_SALE, SQL_LINE, SQL_COUNT };

static const char schema[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, device TEXT, bytes TEXT,"
    " hash BLOB);"
    "CREATE TABLE sale (id INTEGER PRIMARY KEY, day INTEGER, at_ms INTEGER,"
    " total_vnd INTEGER, method TEXT);"
    "CREATE TABLE line (id INTEGER PRIMARY KEY, sale INTEGER, sku TEXT,"
    " name TEXT, unit TEXT, milli INTEGER, price_vnd INTEGER,"
    " amount_vnd INTEGER);";

static const char *const sql[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_EVENT] = "INSERT INTO event VALUES (NULL, 'aaaabbbbccccdddd', ?1,"
                  " zeroblob(32))",
    [SQL_SALE] = "INSERT INTO sale VALUES (?1, 20200114, 1578963600000 + ?1,"
                 " 1380000, 'cash')",
    [SQL_LINE] = "INSERT INTO line VALUES (NULL, ?1, 'TR01',"
                 " 'Trà hoa vàng Ba Chẽ', 'hộp 50g', 1000, 750000, 750000)",
};

struct rows_floor {
    sqlite3 *db;
    sqlite3_stmt *stmts[SQL_COUNT];
    struct str line;
    int64_t sales;
};

struct rows_floor *rows_floor_open(const char *dir, struct str line)
{
    struct rows_floor *r = x_alloc(sizeof(*r));
    r->line = line;
    int rc = sqlite3_open(scratch_path(dir, "rows.db"), &r->db);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(r->db, schema, NULL, NULL, NULL);
    for (int i = 0; i < SQL_COUNT && rc == SQLITE_OK; i++)
        rc = sqlite3_prepare_v2(r->db, sql[i], -1, &r->stmts[i], NULL);
    if (rc != SQLITE_OK)
        err_die(__FILE__, __LINE__, sqlite3_errmsg(r->db));
    return r;
}

void rows_floor_close(struct rows_floor *r)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(r->stmts[i]);
    sqlite3_close(r->db);
    free(r);
}

static void run(const struct rows_floor *r, int which)
{
    int rc = sqlite3_step(r->stmts[which]);
    if (rc != SQLITE_DONE)
        err_die(__FILE__, __LINE__, sqlite3_errmsg(r->db));
    sqlite3_reset(r->stmts[which]);
}

static void insert_one(struct rows_floor *r)
{
    r->sales++;
    if (r->line.len > 0) {
        sqlite3_bind_text(r->stmts[SQL_EVENT], 1, r->line.data,
                          (int)r->line.len, SQLITE_STATIC);
        run(r, SQL_EVENT);
    }
    sqlite3_bind_int64(r->stmts[SQL_SALE], 1, r->sales);
    run(r, SQL_SALE);
    sqlite3_bind_int64(r->stmts[SQL_LINE], 1, r->sales);
    for (int i = 0; i < 3; i++)
        run(r, SQL_LINE);
}

int64_t rows_floor_insert(struct rows_floor *r, int n, int in_one)
{
    int64_t from = bench_ns();
    for (int i = 0; i < n; i += in_one) {
        run(r, SQL_BEGIN);
        for (int k = 0; k < in_one; k++)
            insert_one(r);
        run(r, SQL_COMMIT);
    }
    return bench_ns() - from;
}

void rows_floor_idle(struct rows_floor *r)
{
    sqlite3_wal_checkpoint_v2(r->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                              NULL);
}
