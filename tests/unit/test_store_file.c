/*
 * test_store_file.c - the store's statements against SQLite's own view of the
 * schema. What holds for every engine is in test_store.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/aggregator/store/store_sql.h"
#include "tests/support/raw.h"
#include "tests/support/scratch.h"
#include "tests/unit/sql_table.h"

static void the_statements_fit_the_schema(void **state)
{
    static const int may_scan[] = { SQL_ACCOUNT_ALL,
                                    SQL_SESSION_EXPIRE,
                                    REF_FAIR_ALL,
                                    REF_FIGURES_ALL,
                                    SQL_DEVICE_ALL,
                                    SQL_FOLD_DUE,
                                    -1 };
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_statements_fit_the_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
