/*
 * postgres_open.c - opening an address: what is refused and why, without a
 * password in it; migrations, also by several programs at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "sync/aggregator/engine/postgres_parts.h"
#include "tests/support/place.h"
#include "tests/support/raw.h"

static const char *const one[] = { "SELECT 1" };
static const char *const migrations[] = { "CREATE TABLE thing (x BIGINT)",
                                          "CREATE TABLE more (x BIGINT);"
                                          "INSERT INTO more VALUES (5)" };

static const struct engine_kind old_kind = { .application_id = 7,
                                             .postgres = migrations,
                                             .n_postgres = 1,
                                             .sql = one,
                                             .n_sql = 1 };
static const struct engine_kind kind = { .application_id = 7,
                                         .postgres = migrations,
                                         .n_postgres = 2,
                                         .sql = one,
                                         .n_sql = 1 };

static int make_place(void **state)
{
    *state = x_alloc(SCRATCH_ROOM);
    place_make(*state);
    return 0;
}

static int remove_place(void **state)
{
    place_remove(*state);
    free(*state);
    return 0;
}

/* What opening says, and that it says no more than it should. */
static enum err try(const char *where, enum engine_mode mode, struct buf *why)
{
    struct engine *e = NULL;
    buf_clear(why);
    enum err result = engine_open(where, mode, &kind, why, &e);
    engine_close(e);
    assert_null(strstr(buf_text(why), "heim"));
    assert_null(strchr(buf_text(why), '\n'));
    assert_int_equal(why->len > 0, result != ERR_OK);
    return result;
}

/* ---- addresses ----------------------------------------------------------- */

static void an_address_is_known_by_its_scheme(void **state)
{
    (void)state;
    assert_true(engine_is_address("postgresql://"));
    assert_true(engine_is_address("postgres://x/y"));
    assert_false(engine_is_address("/var/lib/postgresql://x"));
    assert_false(engine_is_address("postgresql:/x"));
    assert_false(engine_is_address(""));
}

static void a_misread_address_is_refused_and_not_repeated(void **state)
{
    static const char *const addresses[] = {
        "postgresql://fair:ge@heim@127.0.0.1:1/fair",
        "postgresql://fair:ge/heim@127.0.0.1:1/fair",
        "postgresql://fair:geheim@127.0.0.1:heim/fair",
        "postgresql://fair:geheim@[127.0.0.1:1/fair",
        "postgresql://fair:ge%zzheim@127.0.0.1:1/fair",
        "postgresql://fair:geheim@127.0.0.1:1/fair?heim=1",
    };
    BUF(why, MAX_TEXT);
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        enum err x = try(addresses[i], ENGINE_WRITE, &why);
        if (x != ERR_CONFIG)
            fprintf(stderr, "%d %s: %s\n", (int)x, addresses[i],
                    buf_text(&why));
    }
}

static void nobody_there_is_unreachable(void **state)
{
    BUF(why, MAX_TEXT);
    (void)state;
    assert_int_equal(
        try("postgresql://fair:geheim@127.0.0.1:1/fair", ENGINE_READ, &why),
        ERR_DATABASE);
    assert_non_null(strstr(buf_text(&why), "127.0.0.1"));
}

/* The address with another password or database. */
static void other(const char *password, const char *database, struct buf *out)
{
    const char *address = getenv("FAIR_TEST_STORE");
    ASSERT(address);
    const char *colon = strchr(address + strlen("postgresql://"), ':');
    const char *at = strchr(address, '@');
    const char *slash = strchr(at, '/');
    buf_put(out, address, (size_t)(colon + 1 - address));
    if (password)
        buf_puts(out, password);
    else
        buf_put(out, colon + 1, (size_t)(at - colon - 1));
    buf_put(out, at, (size_t)(slash + 1 - at));
    buf_puts(out, database);
}

static void a_wrong_password_or_database_is_refused(void **state)
{
    BUF(why, MAX_TEXT);
    BUF(address, MAX_TEXT);
    (void)state;
    other("geheim", "fair", &address);
    assert_int_equal(try(buf_text(&address), ENGINE_WRITE, &why), ERR_REFUSED);
    buf_clear(&address);
    other(NULL, "elsewhere", &address);
    assert_int_equal(try(buf_text(&address), ENGINE_WRITE, &why), ERR_REFUSED);
}

/* ---- what a server must promise ------------------------------------------ */

static void setting(const char *where, const char *more, struct buf *out)
{
    buf_clear(out);
    buf_printf(out, "%s%%20-c%s", where, more);
}

static void only_what_is_durable_is_written(void **state)
{
    BUF(why, MAX_TEXT);
    BUF(where, MAX_TEXT);
    setting(*state, "synchronous_commit%3Doff", &where);
    assert_int_equal(try(buf_text(&where), ENGINE_WRITE, &why), ERR_REFUSED);
    assert_non_null(strstr(buf_text(&why), "synchronous_commit"));
    assert_int_equal(try(*state, ENGINE_WRITE, &why), ERR_OK);
    assert_int_equal(try(buf_text(&where), ENGINE_READ, &why), ERR_OK);
    setting(*state, "synchronous_commit%3Dlocal", &where);
    assert_int_equal(try(buf_text(&where), ENGINE_WRITE, &why), ERR_OK);
}

static void a_server_that_only_reads_is_no_place_to_write(void **state)
{
    BUF(why, MAX_TEXT);
    BUF(where, MAX_TEXT);
    assert_int_equal(try(*state, ENGINE_WRITE, &why), ERR_OK);
    setting(*state, "default_transaction_read_only%3Don", &where);
    assert_int_equal(try(buf_text(&where), ENGINE_WRITE, &why), ERR_READ_ONLY);
    assert_int_equal(try(buf_text(&where), ENGINE_READ, &why), ERR_OK);
}

static void command(struct engine *e, const char *sql)
{
    assert_int_equal(pipe_script(pg_of(e), sql, NULL), ERR_OK);
}

static void a_database_without_unicode_is_refused(void **state)
{
    struct engine *e = NULL;
    BUF(why, MAX_TEXT);
    BUF(address, MAX_TEXT);
    assert_int_equal(engine_open(*state, ENGINE_WRITE, &kind, NULL, &e),
                     ERR_OK);
    command(e, "CREATE DATABASE plain ENCODING 'SQL_ASCII' TEMPLATE template0"
               " LC_COLLATE 'C' LC_CTYPE 'C'");
    other(NULL, "plain", &address);
    assert_int_equal(try(buf_text(&address), ENGINE_WRITE, &why), ERR_REFUSED);
    assert_non_null(strstr(buf_text(&why), "UTF"));
    command(e, "DROP DATABASE plain");
    engine_close(e);
}

/* What an administrator has set for the role stays, else we set bounds. */
static void nothing_waits_for_ever_unless_somebody_says_so(void **state)
{
    static const char ask[] =
        "SELECT current_setting('statement_timeout') || ' ' ||"
        " current_setting('lock_timeout') || ' ' ||"
        " current_setting('default_transaction_isolation')";
    struct engine *e = NULL;
    BUF(where, MAX_TEXT);
    for (int i = 0; i < 2; i++) {
        PGresult *r = NULL;
        setting(*state, i ? "lock_timeout%3D77" : "geqo%3Don", &where);
        assert_int_equal(
            engine_open(buf_text(&where), ENGINE_WRITE, &kind, NULL, &e),
            ERR_OK);
        assert_int_equal(pipe_script(pg_of(e), ask, &r), ERR_OK);
        assert_string_equal(pg_of(e)->pq->PQgetvalue(r, 0, 0),
                            i ? "1min 77ms read committed"
                              : "1min 10s read committed");
        pg_of(e)->pq->PQclear(r);
        engine_close(e);
    }
}

/* ---- migrations ---------------------------------------------------------- */

static int64_t number(const char *where, const char *sql)
{
    struct engine *e = NULL;
    PGresult *r = NULL;
    assert_int_equal(engine_open(where, ENGINE_WRITE, &kind, NULL, &e), ERR_OK);
    assert_int_equal(pipe_script(pg_of(e), sql, &r), ERR_OK);
    int64_t n = strtoll(pg_of(e)->pq->PQgetvalue(r, 0, 0), NULL, 10);
    pg_of(e)->pq->PQclear(r);
    engine_close(e);
    return n;
}

static void a_database_grows_step_by_step(void **state)
{
    struct engine *e = NULL;
    assert_int_equal(engine_open(*state, ENGINE_READ, &kind, NULL, &e),
                     ERR_NOT_FOUND);
    assert_int_equal(engine_open(*state, ENGINE_WRITE, &old_kind, NULL, &e),
                     ERR_OK);
    engine_close(e);
    e = NULL;
    assert_int_equal(engine_open(*state, ENGINE_READ, &kind, NULL, &e),
                     ERR_BUSY);
    for (int i = 0; i < 3; i++)
        assert_int_equal(number(*state, "SELECT sum(x) FROM more"), 5);
    assert_int_equal(number(*state, "SELECT version FROM schema_version"), 2);
    assert_int_equal(engine_open(*state, ENGINE_WRITE, &old_kind, NULL, &e),
                     ERR_NEWER);
    assert_int_equal(engine_open(*state, ENGINE_READ, &old_kind, NULL, &e),
                     ERR_NEWER);
    assert_null(e);
}

static void a_step_that_fails_leaves_nothing(void **state)
{
    static const char *const steps[] = { "CREATE TABLE good (x BIGINT)",
                                         "CREATE TABLE bad (x NOTYPE)" };
    static const struct engine_kind broken = { .application_id = 7,
                                               .postgres = steps,
                                               .n_postgres = 2,
                                               .sql = one,
                                               .n_sql = 1 };
    struct engine *e = NULL;
    BUF(why, MAX_TEXT);
    assert_int_equal(engine_open(*state, ENGINE_WRITE, &broken, &why, &e),
                     ERR_CORRUPT);
    assert_non_null(strstr(buf_text(&why), "notype"));
    assert_int_equal(number(*state, "SELECT count(*) FROM pg_tables"
                                    " WHERE tablename = 'good'"),
                     0);
}

enum { AT_ONCE = 4, ROUNDS = 6 };

static void *open_store(void *where)
{
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    enum err e = store_open(where, STORE_WRITE, &why, &s);
    if (e != ERR_OK)
        fprintf(stderr, "%s\n", buf_text(&why));
    store_close(s);
    return e == ERR_OK ? where : NULL;
}

static void several_programs_set_up_one_store_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char where[SCRATCH_ROOM];
        pthread_t threads[AT_ONCE];
        struct store *s = NULL;
        place_make(where);
        for (int i = 0; i < AT_ONCE; i++)
            assert_int_equal(
                pthread_create(&threads[i], NULL, open_store, where), 0);
        for (int i = 0; i < AT_ONCE; i++) {
            void *fine = NULL;
            pthread_join(threads[i], &fine);
            assert_non_null(fine);
        }
        assert_int_equal(store_open(where, STORE_READ, NULL, &s), ERR_OK);
        assert_int_equal(raw_int(s, "SELECT count(*) FROM schema_version"), 1);
        assert_int_equal(raw_int(s, "SELECT count(*) FROM roll_sale"), 0);
        store_close(s);
        place_remove(where);
    }
}

#define PLACE(test) \
    cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_known_by_its_scheme),
        cmocka_unit_test(a_misread_address_is_refused_and_not_repeated),
        cmocka_unit_test(nobody_there_is_unreachable),
        cmocka_unit_test(a_wrong_password_or_database_is_refused),
        PLACE(only_what_is_durable_is_written),
        PLACE(a_server_that_only_reads_is_no_place_to_write),
        PLACE(a_database_without_unicode_is_refused),
        PLACE(nothing_waits_for_ever_unless_somebody_says_so),
        PLACE(a_database_grows_step_by_step),
        PLACE(a_step_that_fails_leaves_nothing),
        cmocka_unit_test(several_programs_set_up_one_store_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
