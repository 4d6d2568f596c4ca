/*
 * aged.c - see aged.h.
 */
#include "tests/support/aged.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sync/aggregator/store/store.h"
#include "tests/support/scratch.h"

extern const char embedded_sync_aggregator_store_kept_sql[];
extern const char embedded_sync_aggregator_store_kept_2_sql[];
extern const char embedded_sync_aggregator_store_kept_3_sql[];

static const char *const scripts[AGED_VERSIONS] = {
    embedded_sync_aggregator_store_kept_sql,
    embedded_sync_aggregator_store_kept_2_sql,
    embedded_sync_aggregator_store_kept_3_sql,
};

/* What is there, as a program of then would have written it: branches and
 * decisions numbered through all devices, the branches from 11 on. */
static const char transfer[] =
    "INSERT INTO main.fair (code, name, first_day, days, opens_min,"
    " closes_min, cut_off_min) SELECT code, name, first_day, days, opens_min,"
    " closes_min, cut_off_min FROM new.fair;"
    "INSERT INTO main.device SELECT * FROM new.device;"
    "INSERT INTO main.segment SELECT * FROM new.segment;"
    "INSERT INTO main.branch (id, device, first, last, previous, bytes, head,"
    " at_ms) SELECT 10 + row_number() OVER (ORDER BY at_ms), device, first,"
    " last, previous, bytes, head, at_ms FROM new.branch;"
    "INSERT INTO main.decision (at_ms, device, what, first, last, day, reason)"
    " SELECT at_ms, device, what, first, last, day, reason FROM new.decision"
    " ORDER BY at_ms;"
    "DETACH new; PRAGMA application_id = 0x50684341;";

static void run(sqlite3 *handle, const char *sql)
{
    if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(handle));
}

void aged_make(const char *dir, int version)
{
    sqlite3 *old = NULL;
    BUF(sql, MAX_TEXT);
    const char *new = scratch_path(dir, "new.db");
    const char *path = scratch_path(dir, STORE_FILE);
    assert_int_equal(rename(path, new), 0);
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    for (int i = 0; i < version; i++)
        run(old, scripts[i]);
    buf_printf(&sql, "ATTACH '%s' AS new", new);
    run(old, buf_text(&sql));
    run(old, transfer);
    buf_clear(&sql);
    buf_printf(&sql, "PRAGMA user_version = %d", version);
    run(old, buf_text(&sql));
    assert_int_equal(sqlite3_close(old), SQLITE_OK);
    assert_int_equal(remove(new), 0);
}
