/*
 * test_health.c - every fault that keeps an aggregator from serving is found,
 * named, and comes first.
 */
#include "sync/aggregator/ops/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/library.h"
#include "sync/aggregator/ingest/keys.h"
#include "sync/aggregator/store/store.h"
#include "tests/support/scratch.h"

struct place {
    char dir[SCRATCH_ROOM];
    struct health_place place;
};

static int set_up(void **state)
{
    struct place *p = x_alloc(sizeof(*p));
    struct store *s = NULL;
    BUF(why, MAX_TEXT);

    i18n_init("en");
    scratch_make(p->dir);
    assert_int_equal(chmod(p->dir, 0700), 0);
    assert_int_equal(keys_make(p->dir), ERR_OK);
    assert_int_equal(store_open(p->dir, STORE_WRITE, &why, &s), ERR_OK);
    store_close(s);
    p->place = (struct health_place){ .dir = p->dir,
                                      .where = p->dir,
                                      .chart_js = "/dev/null" };
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct env system = env_system();

    env_use(&system);
    free(*state);
    return 0;
}

static void damage(const struct place *p, const char *name, const char *bytes)
{
    BUF(dir, MAX_TEXT);
    const char *slash = strrchr(name, '/');

    buf_printf(&dir, "%s/", p->dir);
    buf_put(&dir, name, slash ? (size_t)(slash - name) : 0);
    assert_int_equal(
        env_file_put(buf_text(&dir), slash ? slash + 1 : name, str_of(bytes)),
        ERR_OK);
}

/* The item, which comes first when it is the only one in its state. */
static enum health_state state_of(const struct health *h, const char *name,
                                  bool first)
{
    for (int i = 0; i < h->n; i++) {
        if (strcmp(h->items[i].name, name) == 0) {
            if (first)
                assert_int_equal(i, 0);
            return h->items[i].state;
        }
    }
    fail_msg("%s was not looked at", name);
    return HEALTH_OK;
}

static enum health_state look(const struct place *p, const char *name)
{
    struct health h;

    health_look(&p->place, &h);
    enum health_state state = state_of(&h, name, false);
    if (state == HEALTH_BAD)
        state_of(&h, name, true);
    health_done(&h);
    return state;
}

static void a_directory_that_is_set_up_can_serve(void **state)
{
    const struct place *p = *state;
    struct health h;

    health_look(&p->place, &h);
    assert_int_not_equal(health_worst(&h), HEALTH_BAD);
    assert_int_equal(h.n, 8);
    for (int i = 0; i < h.n; i++) {
        bool silent = h.items[i].remedy[0] == '\0';
        assert_int_equal(silent, h.items[i].state == HEALTH_OK);
        assert_true(h.items[i].found.len > 0);
    }
    assert_int_equal(state_of(&h, "keys", false), HEALTH_OK);
    assert_int_equal(state_of(&h, "database", false), HEALTH_OK);
    assert_int_equal(state_of(&h, "charts", false), HEALTH_OK);
    assert_int_equal(state_of(&h, "accounts", false), HEALTH_WARNING);
    health_done(&h);
}

static void without_its_directory_nothing_else_is_looked_at(void **state)
{
    struct place *p = *state;
    struct health h;

    p->place.dir = "/nonexistent/hub";
    health_look(&p->place, &h);
    assert_int_equal(h.n, 1);
    assert_int_equal(state_of(&h, "directory", true), HEALTH_BAD);
    health_done(&h);
}

/* Its state, and what is told of it: never the password. */
static void a_database_that_is_not_there_is_bad(void **state)
{
    struct place *p = *state;
    struct health h;

    p->place.where = "postgresql://fair:geheim@127.0.0.1:1/fair";
    health_look(&p->place, &h);
    assert_int_equal(state_of(&h, "database", true), HEALTH_BAD);
    const char *found = buf_text(&h.items[0].found);
    assert_non_null(strstr(found, "fair@127.0.0.1:1/fair"));
    assert_null(strstr(found, "geheim"));
    health_done(&h);
}

static void keys_that_are_damaged_or_open_to_others_are_bad(void **state)
{
    const struct place *p = *state;
    BUF(key, MAX_TEXT);

    buf_printf(&key, "%s/keys/signing.key", p->dir);
    assert_int_equal(chmod(buf_text(&key), 0644), 0);
    assert_int_equal(look(p, "keys"), HEALTH_BAD);
    assert_int_equal(chmod(buf_text(&key), 0600), 0);
    assert_int_equal(look(p, "keys"), HEALTH_OK);
    damage(p, "keys/tls.crt", "no certificate");
    assert_int_equal(look(p, "keys"), HEALTH_BAD);
}

static void a_database_that_is_none_is_bad(void **state)
{
    const struct place *p = *state;

    damage(p, STORE_FILE, "this is no database, it only looks like a file");
    assert_int_equal(look(p, "database"), HEALTH_BAD);
}

static int64_t left;
static int64_t little(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return left;
}

static void a_disk_that_fills_up_is_warned_of_then_bad(void **state)
{
    const struct place *p = *state;
    struct env env = *env_get();

    env.disk_free = little;
    env_use(&env);
    left = INT64_C(1000000000);
    assert_int_equal(look(p, "disk"), HEALTH_OK);
    left--;
    assert_int_equal(look(p, "disk"), HEALTH_WARNING);
    left = INT64_C(199999999);
    assert_int_equal(look(p, "disk"), HEALTH_BAD);
}

static int64_t late(void *ctx)
{
    (void)ctx;
    return INT64_C(32503680000000); /* the year 3000 */
}

static void a_certificate_that_has_ended_is_warned_of(void **state)
{
    const struct place *p = *state;
    struct env env = *env_get();

    env.wall_ms = late;
    env_use(&env);
    assert_int_equal(look(p, "keys"), HEALTH_WARNING);
}

static void charts_that_are_not_installed_are_warned_of(void **state)
{
    struct place *p = *state;

    p->place.chart_js = "/nonexistent/chart.js";
    assert_int_equal(look(p, "charts"), HEALTH_WARNING);
}

static const char *old(void)
{
    return "1.2.3";
}

static const char *not_there(void)
{
    return NULL;
}

static void old_and_missing_libraries_are_named(void **state)
{
    struct place *p = *state;
    struct library_use uses[] = { { "SQLite", old, "1.2.3" },
                                  { "GnuTLS", old, "1.2.3" },
                                  { NULL, NULL, NULL } };

    p->place.libraries = uses;
    assert_int_equal(look(p, "libraries"), HEALTH_OK);
    uses[0].least = "1.2.4";
    assert_int_equal(look(p, "libraries"), HEALTH_WARNING);
    uses[1].version = not_there;
    assert_int_equal(look(p, "libraries"), HEALTH_BAD);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_directory_that_is_set_up_can_serve),
        CASE(without_its_directory_nothing_else_is_looked_at),
        CASE(keys_that_are_damaged_or_open_to_others_are_bad),
        CASE(a_database_that_is_none_is_bad),
        CASE(a_database_that_is_not_there_is_bad),
        CASE(a_disk_that_fills_up_is_warned_of_then_bad),
        CASE(a_certificate_that_has_ended_is_warned_of),
        CASE(charts_that_are_not_installed_are_warned_of),
        CASE(old_and_missing_libraries_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
