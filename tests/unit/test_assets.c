/*
 * test_assets.c - the files of pages: there, compressed, known by version.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/web/assets.h"
#include "sync/aggregator/web/gzip.h"
#include "sync/aggregator/web/routes.h"
#include "tests/support/scratch.h"

static const struct route route = {
    "GET", "/assets/chart.js", MAY_ANYBODY, 0, DESK_NONE, "v", NULL, true
};

static void look(const struct web *web, const char *query, const char *matches,
                 struct visit *v)
{
    visit_init(v, web);
    v->ask.route = &route;
    v->ask.query = str_of(query);
    v->ask.none_match = str_of(matches);
    assets_answer(v, ASSET_CHARTS);
}

static void take_line(void *ctx, struct str line)
{
    buf_str(ctx, line);
}

static void charts_are_read_from_where_they_lie(void **state)
{
    char dir[SCRATCH_ROOM];
    struct web web = { .language = "en" };
    struct visit v;
    (void)state;
    scratch_make(dir);
    scratch_write(dir, "chart.js", STR("var Chart = 1;"));
    web.assets = assets_open(scratch_path(dir, "chart.js"));
    /* printf 'var Chart = 1;' | sha256sum | cut -c1-16 */
    assert_string_equal(assets_path(web.assets, ASSET_CHARTS),
                        "/assets/chart.js?v=7eca9922e5e94c49");
    look(&web, "v=7eca9922e5e94c49", "", &v);
    assert_int_equal(v.answer.status, 200);
    assert_true(v.answer.keep);
    assert_true(str_is(v.answer.lent, "var Chart = 1;"));
    visit_done(&v);
    look(&web, "", "W/\"7eca9922e5e94c49\"", &v);
    assert_int_equal(v.answer.status, 304);
    assert_int_equal(v.answer.lent.len, 0);
    assert_false(v.answer.keep);
    visit_done(&v);
    look(&web, "v=0", "W/\"other\"", &v);
    assert_int_equal(v.answer.status, 200);
    assert_false(v.answer.keep);
    visit_done(&v);
    assets_close(web.assets);
    scratch_remove(dir);
}

static void take_style(const struct web *web, const char *encodings,
                       struct visit *v)
{
    visit_init(v, web);
    v->ask.route = &route;
    v->ask.encodings = str_of(encodings);
    assets_answer(v, ASSET_STYLE);
}

/* However many take one, and however slowly. */
static void no_answer_has_a_copy_of_its_own(void **state)
{
    static const char *const encodings[] = { "", "gzip" };
    struct web web = { .language = "en" };
    struct visit a, b;
    (void)state;
    web.assets = assets_open("");
    for (size_t i = 0; i < ARRAY_LEN(encodings); i++) {
        take_style(&web, encodings[i], &a);
        take_style(&web, encodings[i], &b);
        assert_true(a.answer.lent.len > 0);
        assert_ptr_equal(a.answer.lent.data, b.answer.lent.data);
        assert_int_equal(a.answer.body.len, 0);
        assert_int_equal(a.answer.gzip, i == 1);
        visit_done(&a);
        visit_done(&b);
    }
    assets_close(web.assets);
}

static void missing_charts_are_told_once_and_not_found(void **state)
{
    struct web web = { .language = "en" };
    struct visit v;
    BUF(told, MAX_TEXT);
    (void)state;
    journal_to(take_line, &told);
    web.assets = assets_open("/nowhere/chart.js");
    assert_non_null(strstr(buf_text(&told), "event=no-charts"));
    assert_non_null(strstr(buf_text(&told), "/nowhere/chart.js"));
    assert_string_equal(assets_path(web.assets, ASSET_CHARTS), "");
    look(&web, "", "", &v);
    assert_int_equal(v.answer.status, 404);
    visit_done(&v);
    assets_close(web.assets);
    buf_clear(&told);
    assets_close(assets_open("")); /* nobody wants them */
    journal_to(NULL, NULL);
    assert_int_equal(told.len, 0);
}

static void what_is_ours_is_always_there(void **state)
{
    static const enum asset ours[] = { ASSET_STYLE, ASSET_SCRIPT, ASSET_ICON,
                                       ASSET_OPENAPI };
    struct assets *a = assets_open("");
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
        const char *at = strstr(assets_path(a, ours[i]), "?v=");
        assert_non_null(at);
        assert_int_equal(strspn(at + 3, "0123456789abcdef"), 16);
        assert_int_equal(strlen(at + 3), 16);
    }
    assets_close(a);
}

static void gzip_goes_to_whoever_names_it(void **state)
{
    static const struct {
        const char *encodings;
        bool wanted;
    } cases[] = {
        { "", false },
        { "gzip", true },
        { "GZIP", true },
        { "deflate, gzip, br", true },
        { "br,gzip", true },
        { "gzip;q=1.0", true },
        { "gzip; q=0.1", true },
        { "gzip;q=0", false },
        { "gzip;q=0.000", false },
        { "gzipped", false },
        { "identity", false },
        { "x-gzip", false },
        { "*", false },
        { ",,", false },
        { "gzip ;q=0, br", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (gzip_wanted(str_of(cases[i].encodings)) != cases[i].wanted)
            fail_msg("%s", cases[i].encodings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charts_are_read_from_where_they_lie),
        cmocka_unit_test(no_answer_has_a_copy_of_its_own),
        cmocka_unit_test(missing_charts_are_told_once_and_not_found),
        cmocka_unit_test(what_is_ours_is_always_there),
        cmocka_unit_test(gzip_goes_to_whoever_names_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
