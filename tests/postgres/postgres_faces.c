/*
 * postgres_faces.c - what people are told when the database is not as it
 * should be: by what opens it, in sentences of its own, and by `doctor`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/engine/postgres_parts.h"
#include "sync/aggregator/ingest/keys.h"
#include "sync/aggregator/ops/health.h"
#include "sync/aggregator/store/office.h"
#include "tests/support/place.h"
#include "tests/support/raw.h"

struct room {
    char dir[SCRATCH_ROOM], where[SCRATCH_ROOM];
};

static int open_room(void **state)
{
    struct room *r = x_alloc(sizeof(*r));
    i18n_init("en");
    scratch_make(r->dir);
    assert_int_equal(chmod(r->dir, 0700), 0);
    assert_int_equal(keys_make(r->dir), ERR_OK);
    place_make(r->where);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    place_remove(r->where);
    free(r);
    return 0;
}

static void set_up(const char *where)
{
    struct store *s = NULL;
    assert_int_equal(store_open(where, STORE_WRITE, NULL, &s), ERR_OK);
    store_close(s);
}

/* ---- who opens it -------------------------------------------------------- */

static void told(const char *where, enum store_mode mode, enum err expected,
                 const char *text, const char *remedy)
{
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    assert_int_equal(store_open(where, mode, &why, &s), expected);
    struct office_face face = office_face(where, expected, buf_text(&why));
    assert_non_null(strstr(face.text, text));
    assert_non_null(strstr(face.remedy, remedy));
}

static void an_empty_database_asks_for_init(void **state)
{
    const struct room *r = *state;
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    told(r->where, STORE_READ, ERR_NOT_SET_UP, "database has no store",
         "`init` or `migrate`");
    assert_int_equal(store_open(r->where, STORE_READ, &why, &s),
                     ERR_NOT_SET_UP);
    assert_null(strstr(buf_text(&why), "schema_version"));
}

static void an_address_that_is_none_is_to_be_corrected(void **state)
{
    (void)state;
    told("postgresql://fair:ge@heim@127.0.0.1:1/fair", STORE_READ, ERR_CONFIG,
         "no address", "correct it");
    told("postgresql://fair:100%@127.0.0.1:1/fair", STORE_READ, ERR_CONFIG,
         "no address", "correct it");
    told("postgresql://fair:geheim@127.0.0.1:1/fair", STORE_READ, ERR_DATABASE,
         "cannot be reached", "runs");
}

static void a_server_that_only_reads_is_named_so(void **state)
{
    const struct room *r = *state;
    BUF(where, MAX_TEXT);
    set_up(r->where);
    buf_printf(&where, "%s%%20-cdefault_transaction_read_only%%3Don", r->where);
    told(buf_text(&where), STORE_WRITE, ERR_READ_ONLY,
         "database can only be read", "primary");
    buf_clear(&where);
    buf_printf(&where, "%s%%20-csynchronous_commit%%3Doff", r->where);
    told(buf_text(&where), STORE_WRITE, ERR_REFUSED, "would not keep",
         "setting");
}

static void command(const char *where, const char *sql)
{
    struct store *s = NULL;
    assert_int_equal(store_open(where, STORE_WRITE, NULL, &s), ERR_OK);
    assert_int_equal(pipe_script(pg_of(store_engine(s)), sql, NULL), ERR_OK);
    store_close(s);
}

/* The same database as somebody else. */
static void as(const char *role, struct buf *out)
{
    const char *at = strrchr(getenv("FAIR_TEST_STORE"), '@');
    buf_clear(out);
    buf_printf(out, "postgresql://%s:geheim%s", role, at);
}

static void what_a_role_may_not_do_is_told(void **state)
{
    const struct room *r = *state;
    BUF(where, MAX_TEXT);
    command(r->where, "CREATE ROLE poor LOGIN PASSWORD 'geheim';"
                      "CREATE ROLE late LOGIN PASSWORD 'geheim'"
                      " CONNECTION LIMIT 0");
    as("poor", &where);
    told(buf_text(&where), STORE_WRITE, ERR_REFUSED, "make or use the tables",
         "CREATE");
    as("late", &where);
    told(buf_text(&where), STORE_WRITE, ERR_REFUSED, "no connection left",
         "LIMIT");
    as("nobody", &where);
    told(buf_text(&where), STORE_WRITE, ERR_REFUSED, "not let this program in",
         "password");
    command(r->where, "DROP ROLE poor; DROP ROLE late");
}

static void a_file_keeps_its_own_sentences(void **state)
{
    const struct room *r = *state;
    struct office_face face = office_face(r->dir, ERR_READ_ONLY, "");
    assert_string_equal(face.text, err_text(ERR_READ_ONLY));
    assert_string_equal(face.remedy, err_remedy(ERR_READ_ONLY));
}

/* ---- doctor -------------------------------------------------------------- */

/* What it finds of the database. */
static enum health_state doctor(const struct room *r, const char *where,
                                const char *conf_file, struct buf *found)
{
    const struct health_place place = { .dir = r->dir,
                                        .where = where,
                                        .conf_file = conf_file,
                                        .chart_js = "/dev/null" };
    struct health h;
    enum health_state state = HEALTH_OK;
    buf_clear(found);
    health_look(&place, &h);
    for (int i = 0; i < h.n; i++) {
        if (strcmp(h.items[i].name, "database") != 0)
            continue;
        state = h.items[i].state;
        buf_printf(found, "%s → %s", buf_text(&h.items[i].found),
                   h.items[i].remedy);
    }
    health_done(&h);
    return state;
}

static void doctor_sees_what_serving_would_be_refused_for(void **state)
{
    static const char *const cases[][2] = {
        { "default_transaction_read_only%3Don", "can only be read" },
        { "synchronous_commit%3Doff", "synchronous_commit is off" },
    };
    const struct room *r = *state;
    BUF(where, MAX_TEXT);
    BUF(found, MAX_TEXT);
    set_up(r->where);
    assert_int_equal(doctor(r, r->where, NULL, &found), HEALTH_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        buf_clear(&where);
        buf_printf(&where, "%s%%20-c%s", r->where, cases[i][0]);
        assert_int_equal(doctor(r, buf_text(&where), NULL, &found), HEALTH_BAD);
        assert_non_null(strstr(buf_text(&found), cases[i][1]));
    }
}

static void doctor_says_that_it_is_the_database(void **state)
{
    const struct room *r = *state;
    BUF(found, MAX_TEXT);
    assert_int_equal(
        doctor(r, "postgresql://fair:geheim@127.0.0.1:1/fair", NULL, &found),
        HEALTH_BAD);
    assert_non_null(strstr(buf_text(&found), "the database cannot be reached"));
    assert_null(strstr(buf_text(&found), "geheim"));
}

static void doctor_warns_of_a_password_that_others_can_read(void **state)
{
    const struct room *r = *state;
    const char *path = scratch_path(r->dir, "fair-aggregator.conf");
    BUF(found, MAX_TEXT);
    set_up(r->where);
    assert_int_equal(env_file_create(r->dir, "fair-aggregator.conf", STR("")),
                     ERR_OK);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(doctor(r, r->where, path, &found), HEALTH_WARNING);
    assert_non_null(strstr(buf_text(&found), "password"));
    assert_int_equal(doctor(r, r->where, NULL, &found), HEALTH_OK);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(doctor(r, r->where, path, &found), HEALTH_OK);
}

static void a_password_is_seen_where_it_stands(void **state)
{
    static const struct {
        const char *where;
        bool has;
    } cases[] = {
        { "postgresql://fair:geheim@h:5432/fair", true },
        { "postgresql://fair@h:5432/fair", false },
        { "postgresql://h:5432/fair", false },
        { "postgresql://h:5432/fair?user=x&password=geheim", true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(engine_has_password(cases[i].where), cases[i].has);
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(an_empty_database_asks_for_init),
        cmocka_unit_test(an_address_that_is_none_is_to_be_corrected),
        ROOM(a_server_that_only_reads_is_named_so),
        ROOM(what_a_role_may_not_do_is_told),
        ROOM(a_file_keeps_its_own_sentences),
        ROOM(doctor_sees_what_serving_would_be_refused_for),
        ROOM(doctor_says_that_it_is_the_database),
        ROOM(doctor_warns_of_a_password_that_others_can_read),
        cmocka_unit_test(a_password_is_seen_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
