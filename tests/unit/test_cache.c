/*
 * test_cache.c - what was made is given again while it is fresh, and only to
 * who asks for the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/report/table.h"
#include "sync/aggregator/store/reference.h"
#include "sync/aggregator/web/cache.h"
#include "tests/support/scratch.h"

static int64_t now_ms;

static int64_t our_clock(void *ctx)
{
    (void)ctx;
    return now_ms;
}

static int set_up(void **state)
{
    struct env env = env_system();
    env.mono_ms = our_clock;
    env_use(&env);
    now_ms = 1000000;
    *state = cache_open();
    return 0;
}

static int tear_down(void **state)
{
    struct env env = env_system();
    env_use(&env);
    cache_close(*state);
    return 0;
}

static bool has(struct cache *c, const char *key, const char *value)
{
    BUF(out, MAX_OUTPUT);
    bool found = cache_get(c, str_of(key), &out);
    if (found)
        assert_string_equal(buf_text(&out), value);
    return found;
}

static void what_is_put_is_fresh_for_two_seconds(void **state)
{
    struct cache *c = *state;
    assert_false(has(c, "a", ""));
    cache_put(c, STR("a"), STR("one"));
    now_ms += CACHE_MS - 1;
    assert_true(has(c, "a", "one"));
    now_ms += 1;
    assert_false(has(c, "a", ""));
    cache_put(c, STR("a"), STR("two"));
    assert_true(has(c, "a", "two"));
}

static void keys_are_compared_whole(void **state)
{
    struct cache *c = *state;
    cache_put(c, STR("ab"), STR("cd"));
    cache_put(c, STR("nothing"), STR(""));
    assert_false(has(c, "a", ""));
    assert_false(has(c, "abc", ""));
    assert_false(has(c, "", ""));
    assert_true(has(c, "ab", "cd"));
    assert_true(has(c, "nothing", ""));
}

static void put_number(struct cache *c, int i)
{
    BUF(text, 32);
    buf_int(&text, i);
    cache_put(c, buf_slice(&text), buf_slice(&text));
}

static bool has_number(struct cache *c, int i)
{
    BUF(text, 32);
    buf_int(&text, i);
    return has(c, buf_text(&text), buf_text(&text));
}

static void the_oldest_gives_way(void **state)
{
    struct cache *c = *state;
    for (int i = 0; i < CACHE_ENTRIES; i++) {
        now_ms++;
        put_number(c, i);
    }
    assert_true(has_number(c, 0));
    put_number(c, CACHE_ENTRIES);
    assert_false(has_number(c, 0));
    for (int i = 1; i <= CACHE_ENTRIES; i++)
        assert_true(has_number(c, i));
}

static void much_gives_way_to_more_and_too_much_is_not_kept(void **state)
{
    struct cache *c = *state;
    size_t quarter = CACHE_BYTES / 4;
    char *bytes = x_alloc(quarter + 1);
    memset(bytes, 'x', quarter);
    cache_put(c, STR("k"), (struct str){ bytes, quarter });
    assert_false(has(c, "k", bytes));
    for (const char *key = "abcde"; *key; key++) {
        now_ms++;
        cache_put(c, (struct str){ key, 1 },
                  (struct str){ bytes, quarter - 1 });
    }
    bytes[quarter - 1] = '\0';
    assert_false(has(c, "a", bytes));
    for (const char *key = "bcde"; *key; key++) {
        char name[2] = { *key, '\0' };
        assert_true(has(c, name, bytes));
    }
    free(bytes);
}

/* ---- reports ------------------------------------------------------------- */

struct house {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct cache *cache;
};

static void house_open(struct house *h, struct cache *c)
{
    struct fair f = {
        .code = "XUAN", .name = "Xuân", .first_day = 20200114, .days = 2
    };
    enum change change;
    BUF(why, MAX_TEXT);
    h->cache = c;
    scratch_make(h->dir);
    assert_int_equal(store_open(h->dir, STORE_WRITE, &why, &h->store), ERR_OK);
    assert_int_equal(fair_put(h->store, &f, &change), ERR_OK);
    memcpy(f.code, "HE", 3);
    assert_int_equal(fair_put(h->store, &f, &change), ERR_OK);
}

static void house_close(struct house *h)
{
    store_close(h->store);
    scratch_remove(h->dir);
}

static void rename_fair(struct house *h, const char *name)
{
    struct fair f;
    enum change change;
    assert_int_equal(fair_get(h->store, STR("XUAN"), &f), ERR_OK);
    strncpy(f.name, name, sizeof(f.name) - 1);
    assert_int_equal(fair_put(h->store, &f, &change), ERR_OK);
}

static bool says(struct house *h, const struct report_query *q,
                 const char *word)
{
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    assert_int_equal(cache_report(h->cache, h->store, q, &out, &why), ERR_OK);
    return strstr(buf_text(&out), word) != NULL;
}

static void a_report_is_made_once_in_two_seconds(void **state)
{
    struct report_query q = { .kind = "days", .fair = "XUAN" };
    struct house h;
    house_open(&h, *state);
    assert_true(says(&h, &q, "Xuân"));
    rename_fair(&h, "Mùa xuân");
    assert_false(says(&h, &q, "Mùa xuân"));
    now_ms += CACHE_MS;
    assert_true(says(&h, &q, "Mùa xuân"));
    house_close(&h);
}

/* Only of what it is about: other pages are not made anew for it. */
static void news_ends_what_was_made_of_its_fair_and_booth(void **state)
{
    struct report_query q = { .kind = "days", .fair = "XUAN" };
    const struct report_query others[] = {
        { .kind = "days", .fair = "XUA" },
        { .kind = "days", .fair = "HE" },
        { .kind = "days", .fair = "XUAN", .booth = "A01" },
    };
    struct house h;
    house_open(&h, *state);
    cache_put(h.cache, STR("live"), STR("event"));
    assert_true(says(&h, &q, "Xuân"));
    rename_fair(&h, "Mùa mới");
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        cache_forget(h.cache, &others[i]);
    assert_false(says(&h, &q, "Mùa mới"));
    q.kind = "hours";
    cache_forget(h.cache, &q);
    q.kind = "days";
    assert_true(says(&h, &q, "Mùa mới"));
    assert_true(has(h.cache, "live", "event"));
    house_close(&h);
}

static struct {
    struct house *house;
    const struct report_query *query;
} news;

/* A report asks for the time when it begins. */
static int64_t news_comes(void *ctx)
{
    (void)ctx;
    if (news.house) {
        rename_fair(news.house, "Mùa mới");
        cache_forget(news.house->cache, news.query);
    }
    news.house = NULL;
    return 1579000000000;
}

static void a_report_begun_before_the_news_is_not_kept(void **state)
{
    struct report_query q = { .kind = "days", .fair = "XUAN" };
    struct env env = *env_get();
    struct house h;
    house_open(&h, *state);
    env.wall_ms = news_comes;
    env_use(&env);
    news.house = &h;
    news.query = &q;
    assert_true(says(&h, &q, "Mùa mới"));
    rename_fair(&h, "Mới hơn");
    assert_true(says(&h, &q, "Mới hơn"));
    rename_fair(&h, "Mới nhất");
    assert_true(says(&h, &q, "Mới hơn"));
    house_close(&h);
}

/* Each differs from the first in one member: none may get its answer. */
static void another_question_gets_another_answer(void **state)
{
    static const struct table_link links[] = { { "date", "/explain?day=" },
                                               { NULL, NULL } };
    const struct report_query first = { .kind = "days", .fair = "XUAN" };
    const struct report_query others[] = {
        { .kind = "hours", .fair = "XUAN" },
        { .kind = "days", .fair = "XUAN", .origin = "foreign" },
        { .kind = "days", .fair = "XUAN", .format = REPORT_HTML },
        { .kind = "days", .fair = "XUAN", .format = REPORT_CSV },
        { .kind = "days", .fair = "XUAN", .links = links },
        { .kind = "days", .fair = "XUAN", .carry = "&fair=XUAN" },
    };
    struct house h;
    house_open(&h, *state);
    assert_true(says(&h, &first, "Xuân"));
    rename_fair(&h, "Mới");
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        BUF(fresh, MAX_OUTPUT);
        BUF(out, MAX_OUTPUT);
        BUF(why, MAX_TEXT);
        enum err e = report_make(h.store, &others[i], &fresh, &why);
        assert_int_equal(e, ERR_OK);
        e = cache_report(h.cache, h.store, &others[i], &out, &why);
        assert_int_equal(e, ERR_OK);
        assert_false(str_eq(buf_slice(&out), STR("")));
        assert_null(strstr(buf_text(&out), "Xuân"));
    }
    i18n_use("vi");
    assert_true(says(&h, &first, "Mới"));
    i18n_use(NULL);
    house_close(&h);
}

static void a_refusal_is_not_kept(void **state)
{
    struct report_query q = { .kind = "days", .fair = "XUAN", .booth = "A1" };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    enum change change;
    struct house h;
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    house_open(&h, *state);
    assert_int_equal(cache_report(h.cache, h.store, &q, &out, &why),
                     ERR_NOT_FOUND);
    assert_int_equal(out.len, 0);
    assert_int_equal(booth_put(h.store, STR("XUAN"), &b, &change), ERR_OK);
    assert_int_equal(cache_report(h.cache, h.store, &q, &out, &why), ERR_OK);
    house_close(&h);
}

#define CACHE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CACHE(what_is_put_is_fresh_for_two_seconds),
        CACHE(keys_are_compared_whole),
        CACHE(news_ends_what_was_made_of_its_fair_and_booth),
        CACHE(a_report_begun_before_the_news_is_not_kept),
        CACHE(the_oldest_gives_way),
        CACHE(much_gives_way_to_more_and_too_much_is_not_kept),
        CACHE(a_report_is_made_once_in_two_seconds),
        CACHE(another_question_gets_another_answer),
        CACHE(a_refusal_is_not_kept),
    };
    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
