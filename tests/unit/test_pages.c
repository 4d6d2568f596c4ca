/*
 * test_pages.c - the organiser's pages, without a transport: whole markup for
 * every role, names of others only as text, figures as in the reports.
 *
 * The fairs: XUAN, running at 10:07 on its second day, against NAM2019 of the
 * year before. Every name in them is an attack on the page that shows it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fair/i18n.h"
#include "sync/aggregator/web/assets.h"
#include "sync/aggregator/web/cache.h"
#include "sync/aggregator/web/pages.h"
#include "sync/aggregator/web/routes.h"
#include "tests/support/fairs.h"
#include "tests/support/markup.h"

#define FAIR  "XUAN"
#define OTHER "NAM2019"

static struct fairs hall;
static struct web web;

/* ---- the fairs ----------------------------------------------------------- */

static const char evil_fair[] = "<b onclick=evil()>Hội \"&' chợ</b>";
static const char evil_booth[] = "<script>evil(1)</script>";
static const char evil_other[] = "</td></table><img src=x onerror=evil(2)>";
static const char evil_name[] = "\"><svg onload=evil(3)> \xE2\x80\xAE";
static const char evil_seller[] = "' style='evil:4";

static void a_calendar(const char *code, int first_day, const char *with)
{
    struct fair fair = { .first_day = first_day,
                         .days = 3,
                         .opens_min = 480,
                         .closes_min = 1320,
                         .cut_off_min = 240 };
    const struct booth booths[] = {
        { STR("A1"), str_of(evil_booth), STR("in-province"), STR("Hạ Long"),
          2 },
        { STR("B2"), str_of(evil_other), STR("other-province"),
          str_of(evil_seller), 1 },
    };

    snprintf(fair.code, sizeof(fair.code), "%s", code);
    snprintf(fair.name, sizeof(fair.name), "%s", evil_fair);
    snprintf(fair.compare_with, sizeof(fair.compare_with), "%s", with);
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++)
        fairs_booth(&hall, code, &booths[i]);
}

static void the_catalogue(void)
{
    const struct catalogue_product p = {
        { .sku = STR("CM"),
          .name = str_of(evil_name),
          .unit = STR("<i>"),
          .place = str_of(evil_seller),
          .group = str_of(evil_name),
          .stars = 4 },
        STR(""),
    };
    int64_t version = 0;

    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    assert_int_equal(product_add(hall.store, version, 1, &p), ERR_OK);
}

/* Two days of both booths of a fair, and visits. */
static void trade(const char *fair, int day, int64_t price)
{
    struct fairs_device *a = fairs_device(&hall, fair, "A1");
    struct fairs_device *b = fairs_device(&hall, fair, "B2");

    for (int i = 0; i < 2; i++, day++) {
        struct deal deal = { day, 545, "CM", price, evil_seller };
        int sale = fairs_sell(a, deal);

        fairs_refund(a, sale, NULL,
                     (struct deal){ day, 555, "CM", price / 4, NULL });
        deal.minute = 600;
        deal.amount_vnd = price * 3;
        fairs_sell(b, deal);
        fairs_visits(a, (struct counting){ day, 550, NULL, 40 + i, false });
    }
}

static int open_hall(void **state)
{
    const struct figures published = { .fair = STR("HE2019"),
                                       .name = { evil_fair,
                                                 sizeof(evil_fair) - 1 },
                                       .note = STR(""),
                                       .days = 6,
                                       .visits = 7,
                                       .revenue_all_vnd = 8,
                                       .revenue_in_province_vnd = 8 };
    enum change change;

    (void)state;
    fairs_open(&hall);
    fairs_clock(20200115, 607);
    a_calendar(FAIR, 20200114, OTHER);
    a_calendar(OTHER, 20190125, "");
    assert_int_equal(figures_put(hall.store, &published, &change), ERR_OK);
    the_catalogue();
    trade(FAIR, 20200114, 200000);
    trade(OTHER, 20190125, 150000);
    fairs_send(&hall);
    i18n_init("en");
    web = (struct web){ .dir = hall.dir,
                        .where = hall.dir,
                        .cache = cache_open(),
                        .assets = assets_open(""),
                        .url = "https://127.0.0.1:8443",
                        .language = "en",
                        .silent_min = 30 };
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    cache_close(web.cache);
    assets_close(web.assets);
    fairs_close(&hall);
    return 0;
}

/* ---- asking -------------------------------------------------------------- */

static const struct login logins[] = {
    { ROLE_ADMINISTRATOR, "adm", "", "" },
    { ROLE_ORGANISER, "org", "", "" },
    { ROLE_STAFF, "sta", FAIR, "" },
    { ROLE_BOOTH, "own", FAIR, "A1" },
};
enum { ORGANISER = 1, OWNER = 3 };

static const struct {
    const char *path, *query;
} asked[] = {
    { "/", "" },
    { "/", "fair=" FAIR "&with=" OTHER },
    { "/days", "" },
    { "/hours", "" },
    { "/booths", "" },
    { "/booths", "origin=in-province" },
    { "/products", "" },
    { "/league", "" },
    { "/league", "by=place" },
    { "/league", "by=producer" },
    { "/league", "by=group" },
    { "/league", "by=stars" },
    { "/visitors", "" },
    { "/compare", "" },
    { "/compare", "fair=" FAIR "&with=HE2019&source=published" },
    { "/compare", "fair=" OTHER },
    { "/supervision", "" },
    { "/devices", "" },
    { "/explain", "" },
    { "/explain", "day=2020-01-14&booth=A1" },
    { "/bulletin", "" },
    { "/bulletin", "day=2020-01-14" },
    { "/daily", "" },
    { "/daily", "day=2020-01-14" },
    { "/final", "" },
    { "/definitions", "" },
};

static const struct route *route_at(const char *path)
{
    BUF(allow, 64);
    const struct route *r = route_of("GET", path, &allow);

    assert_non_null(r);
    return r;
}

static void ask(struct visit *v, const struct login *who, const char *path,
                const char *query)
{
    visit_init(v, &web);
    v->store = hall.store;
    v->who = *who;
    v->ask.route = route_at(path);
    v->ask.query = str_of(query);
    assert_true(route_takes(v->ask.route, v->ask.query));
    assert_true(v->ask.route->page(v));
    assert_true(buf_ok(&v->answer.body));
}

typedef void look_fn(const struct visit *v, const char *what);

/* An account of one fair sees of the others only what its own is compared
 * with. */
static bool may_ask(const struct login *who, size_t page)
{
    return (route_at(asked[page].path)->who & MAY(who->role)) &&
           (who->fair[0] == '\0' || !strstr(asked[page].query, "HE2019")) &&
           (who->fair[0] == '\0' ||
            strcmp(asked[page].query, "fair=" OTHER) != 0);
}

/* Every page, in both languages, for every role that may see it. */
static void look_at_all(look_fn *look)
{
    static const char *const languages[] = { "en", "vi" };

    for (size_t n = 0; n < 2 * ARRAY_LEN(logins) * ARRAY_LEN(asked); n++) {
        const struct login *who = &logins[n / 2 % ARRAY_LEN(logins)];
        size_t page = n / 2 / ARRAY_LEN(logins);
        struct visit v;
        char what[128];

        if (!may_ask(who, page))
            continue;
        i18n_use(languages[n % 2]);
        snprintf(what, sizeof(what), "%s?%s for %s", asked[page].path,
                 asked[page].query, who->name);
        ask(&v, who, asked[page].path, asked[page].query);
        if (v.answer.status != 200)
            fail_msg("%s: %d", what, v.answer.status);
        look(&v, what);
        visit_done(&v);
    }
    i18n_use("en");
}

/* ---- markup -------------------------------------------------------------- */

static void is_whole(const struct visit *v, const char *what)
{
    markup_is_whole(buf_text(&v->answer.body), what);
}

static void every_page_is_whole_for_every_role(void **state)
{
    (void)state;
    look_at_all(is_whole);
}

/* ---- text of others ------------------------------------------------------ */

static int seen[5]; /* how often each attack stood there as text */

static void count_text(const char *body, const char *as_text, int *n)
{
    for (; (body = strstr(body, as_text)) != NULL; body++)
        ++*n;
}

static void shows_no_attack(const struct visit *v, const char *what)
{
    static const char *const live[] = { evil_fair, evil_booth, evil_other,
                                        evil_name, evil_seller };
    static const char *const text[] = {
        "&lt;b onclick=evil()&gt;Hội &quot;&amp;&#39; chợ&lt;/b&gt;",
        "&lt;script&gt;evil(1)&lt;/script&gt;",
        "&lt;/td&gt;&lt;/table&gt;&lt;img src=x onerror=evil(2)&gt;",
        "&quot;&gt;&lt;svg onload=evil(3)&gt;",
        "&#39; style=&#39;evil:4",
    };
    const char *body = buf_text(&v->answer.body);

    for (size_t i = 0; i < ARRAY_LEN(live); i++) {
        if (strstr(body, live[i]))
            fail_msg("%s: holds %s", what, live[i]);
        count_text(body, text[i], &seen[i]);
    }
    if (strstr(body, "\xE2\x80\xAE"))
        fail_msg("%s: turns the text behind it around", what);
}

static void names_of_others_are_only_ever_text(void **state)
{
    (void)state;
    look_at_all(shows_no_attack);
    for (size_t i = 0; i < ARRAY_LEN(seen); i++)
        assert_true(seen[i] > 0);
}

/* ---- whose figures ------------------------------------------------------- */

static void shows_one_booth(const struct visit *v, const char *what)
{
    static const char *const others[] = { "onerror=evil(2)", "B2<", "booth=B2",
                                          "\"600000\"", "\"1200000\"" };
    const char *body = buf_text(&v->answer.body);

    if (v->who.role != ROLE_BOOTH)
        return;
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (strstr(body, others[i]))
            fail_msg("%s: shows %s", what, others[i]);
    }
}

static void s15_a_booth_owner_reads_of_no_other_booth(void **state)
{
    (void)state;
    look_at_all(shows_one_booth);
}

static void s15_a_booth_owner_may_not_ask_for_another(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[OWNER], "/explain", "booth=B2");
    assert_int_equal(v.answer.status, 403);
    visit_done(&v);
    ask(&v, &logins[OWNER], "/", "fair=" OTHER);
    assert_int_equal(v.answer.status, 403);
    visit_done(&v);
}

static void s15_tabs_lead_nobody_where_they_may_not_go(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[OWNER], "/", "");
    assert_null(strstr(buf_text(&v.answer.body), "\"/compare"));
    assert_null(strstr(buf_text(&v.answer.body), "\"/daily"));
    assert_non_null(strstr(buf_text(&v.answer.body), "\"/products"));
    visit_done(&v);
    ask(&v, &logins[ORGANISER], "/", "");
    assert_non_null(strstr(buf_text(&v.answer.body), "\"/compare"));
    visit_done(&v);
}

/* ---- figures ------------------------------------------------------------- */

static json_t *report(const char *kind)
{
    struct report_query q = { .kind = kind,
                              .fair = FAIR,
                              .format = REPORT_JSON };
    BUF(out, MAX_TEXT);
    BUF(why, MAX_TEXT);

    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_OK);
    json_t *json = json_loadb(out.data, out.len, 0, NULL);
    assert_non_null(json);
    return json;
}

static int64_t member(const json_t *row, const char *name)
{
    const json_t *n = json_object_get(row, name);

    assert_true(json_is_integer(n));
    return (int64_t)json_integer_value(n);
}

/* The next <data> behind `*at` has this value. */
static void next_is(const char **at, int64_t n)
{
    char want[48];

    *at = strstr(*at, "<data value=\"");
    assert_non_null(*at);
    snprintf(want, sizeof(want), "<data value=\"%lld\"", (long long)n);
    assert_memory_equal(*at, want, strlen(want));
    *at += strlen(want);
}

static const char *behind(const char *body, const char *mark)
{
    const char *at = strstr(body, mark);

    if (!at)
        fail_msg("nothing of %s", mark);
    return at;
}

static void m29_days_on_the_page_are_those_of_the_report(void **state)
{
    static const char *const shown[] = { "fair_day",        "revenue_vnd",
                                         "refunds_vnd",     "net_vnd",
                                         "sales",           "visits",
                                         "booths_reporting" };
    json_t *json = report("days");
    const json_t *days = json_object_get(json, "days");
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/days", "fair=" FAIR);
    const char *at = behind(buf_text(&v.answer.body), "id=\"days\"");
    at = behind(at, "<tbody>");
    assert_int_equal(json_array_size(days), 3);
    for (size_t i = 0; i < 3; i++) {
        for (size_t c = 0; c < ARRAY_LEN(shown); c++)
            next_is(&at, member(json_array_get(days, i), shown[c]));
    }
    json_decref(json);
    visit_done(&v);
}

static void m29_the_heat_map_is_the_report_of_hours(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/", "fair=" FAIR);
    const char *at = behind(buf_text(&v.answer.body), "id=\"hours-heat\"");
    at = behind(at, "<tbody>");
    at = behind(at, ">9h</th>");
    next_is(&at, 150000); /* 200.000 less a quarter, on both days */
    next_is(&at, 150000);
    at = behind(at, ">10h</th>");
    next_is(&at, 600000);
    next_is(&at, 600000);
    behind(buf_text(&v.answer.body), "n heat-9\"><data value=\"600000\"");
    behind(buf_text(&v.answer.body), "n heat-3\"><data value=\"150000\"");
    visit_done(&v);
}

static void m29_the_glance_is_the_days_figures(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/", "fair=" FAIR);
    const char *at = behind(buf_text(&v.answer.body), "data-live=\"glance\"");
    at = behind(at, "data-glance=\"0\"");
    next_is(&at, 750000);
    at = behind(at, "data-glance=\"1\"");
    next_is(&at, 2);
    at = behind(at, "data-glance=\"2\"");
    next_is(&at, 375000);
    at = behind(at, "data-glance=\"3\"");
    next_is(&at, 41);
    at = behind(at, "data-glance=\"4\"");
    next_is(&at, 18293);
    visit_done(&v);
}

/* At 10:07 both sides end with the slot before 10:00. */
static void m30_a_running_day_is_compared_to_the_minute(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/", "fair=" FAIR);
    const char *body = buf_text(&v.answer.body);
    behind(body, "fair-day 2 until 10:00");
    behind(body, "Against the day before until 10:00");
    const char *at = behind(body, "data-glance=\"0\"");
    next_is(&at, 750000);
    next_is(&at, 3333); /* 150.000 against 112.500 */
    behind(at, "<span aria-hidden=\"true\">▲</span> up <span class=\"n\">+33");
    visit_done(&v);
}

static void m30_without_comparison_the_reason_stands_there(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/", "fair=" FAIR "&with=HE2019");
    const char *body = buf_text(&v.answer.body);
    behind(body, "Not against another fair:");
    assert_null(strstr(body, "<dt>HE2019</dt>"));
    visit_done(&v);
}

/* ---- down to an event ---------------------------------------------------- */

static void n10_steps_lead_from_an_event_back_to_the_fair(void **state)
{
    char id[DEVICE_LEN + 1], query[128], at[160];
    struct visit v;

    (void)state;
    fairs_id(&hall, 0, id);
    snprintf(query, sizeof(query), "day=2020-01-14&booth=A1&device=%s&seq=2",
             id);
    ask(&v, &logins[ORGANISER], "/explain", query);
    is_whole(&v, query);
    const char *body = buf_text(&v.answer.body);
    behind(body, "<a href=\"/explain?fair=XUAN\">The whole fair</a>");
    behind(body, "<a href=\"/explain?fair=XUAN&amp;day=2020-01-14\">");
    snprintf(at, sizeof(at), "booth=A1&amp;device=%s\">Device", id);
    behind(body, at);
    behind(body, "aria-current=\"page\">Event 2</a>");
    visit_done(&v);
}

static void n10_events_lead_on_to_those_that_follow(void **state)
{
    char id[DEVICE_LEN + 1], query[128], at[160];
    struct visit v;

    (void)state;
    fairs_id(&hall, 0, id);
    snprintf(query, sizeof(query), "device=%s&seq=1&limit=3", id);
    ask(&v, &logins[OWNER], "/explain", query);
    snprintf(at, sizeof(at), "device=%s&amp;seq=4&amp;limit=200\">The events",
             id);
    behind(buf_text(&v.answer.body), at);
    snprintf(at, sizeof(at),
             "/explain?seq=2&amp;fair=XUAN&amp;booth=A1"
             "&amp;device=%s\"",
             id);
    behind(buf_text(&v.answer.body), at);
    visit_done(&v);
    snprintf(query, sizeof(query), "device=%s&seq=2", id);
    ask(&v, &logins[OWNER], "/explain", query);
    assert_null(strstr(buf_text(&v.answer.body), "The events that follow"));
    visit_done(&v);
}

/* ---- the frame ----------------------------------------------------------- */

static void every_table_leads_to_its_exports(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/days", "fair=" FAIR "&with=" OTHER);
    behind(buf_text(&v.answer.body),
           "\"/report?kind=days&amp;fair=XUAN&amp;format=csv\" download");
    behind(buf_text(&v.answer.body),
           "\"/report?kind=days&amp;fair=XUAN&amp;format=xlsx\" download");
    visit_done(&v);
}

static void the_choice_holds_fairs_of_both_kinds(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/compare", "fair=" FAIR "&with=HE2019");
    behind(buf_text(&v.answer.body), "<option value=\"XUAN\" selected>");
    behind(buf_text(&v.answer.body), "<option value=\"HE2019\" selected>");
    behind(buf_text(&v.answer.body), "<option value=\"published\">");
    visit_done(&v);
}

static void another_language_keeps_the_question(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/days", "fair=" FAIR "&with=" OTHER);
    behind(buf_text(&v.answer.body),
           "\"/days?fair=XUAN&amp;with=NAM2019&amp;lang=vi\"");
    visit_done(&v);
}

static void an_unknown_fair_is_not_found(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/days", "fair=NONE");
    assert_int_equal(v.answer.status, 404);
    visit_done(&v);
}

static void the_overview_is_small(void **state)
{
    struct visit v;

    (void)state;
    ask(&v, &logins[ORGANISER], "/", "");
    assert_true(v.answer.body.len < 60 * 1024);
    visit_done(&v);
}

static void headline_money_keeps_every_dong(void **state)
{
    BUF(out, MAX_TEXT);

    (void)state;
    i18n_use("vi");
    put_millions(&out, INT64_C(1009416667));
    behind(buf_text(&out), "<data value=\"1009416667\" title=\"1.009.416.667");
    behind(buf_text(&out), ">1.009,42<");
    buf_clear(&out);
    i18n_use("en");
    put_millions(&out, -5000);
    behind(buf_text(&out), "<data value=\"-5000\"");
    behind(buf_text(&out), "0.01<");
}

/* ---- the press ----------------------------------------------------------- */

static const char *press_key(void)
{
    static char key[TOKEN_TEXT + 1];
    struct account a = { .name = "press", .role = ROLE_PRESS, .fair = FAIR };

    token_make(key);
    assert_true(link_hash(str_of(key), a.secret));
    a.expires_ms = INT64_C(4102444800000);
    assert_int_equal(account_add(hall.store, &a), ERR_OK);
    return key;
}

static void s15_a_press_link_shows_its_fair_and_leads_nowhere(void **state)
{
    static const struct login nobody = { .role = ROLE_NONE };
    char query[128];
    struct visit v;

    (void)state;
    snprintf(query, sizeof(query), "key=%s", press_key());
    ask(&v, &nobody, "/press", query);
    assert_int_equal(v.answer.status, 200);
    is_whole(&v, "/press");
    const char *body = buf_text(&v.answer.body);
    const char *at = behind(body, "class=\"cards few\"");
    next_is(&at, 1500000);
    next_is(&at, 4);
    next_is(&at, 81);
    behind(body, "id=\"compare\"");
    behind(body, "id=\"days\"");
    assert_null(strstr(body, "/report"));
    assert_null(strstr(body, "class=\"tabs\""));
    assert_null(strstr(body, "/explain"));
    visit_done(&v);
}

static void s15_a_press_link_that_is_none_finds_nothing(void **state)
{
    static const struct login nobody = { .role = ROLE_NONE };
    struct visit v;

    (void)state;
    ask(&v, &nobody, "/press", "key=0123");
    assert_int_equal(v.answer.status, 404);
    assert_null(strstr(buf_text(&v.answer.body), "750000"));
    visit_done(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_whole_for_every_role),
        cmocka_unit_test(names_of_others_are_only_ever_text),
        cmocka_unit_test(s15_a_booth_owner_reads_of_no_other_booth),
        cmocka_unit_test(s15_a_booth_owner_may_not_ask_for_another),
        cmocka_unit_test(s15_tabs_lead_nobody_where_they_may_not_go),
        cmocka_unit_test(m29_days_on_the_page_are_those_of_the_report),
        cmocka_unit_test(m29_the_heat_map_is_the_report_of_hours),
        cmocka_unit_test(m29_the_glance_is_the_days_figures),
        cmocka_unit_test(m30_a_running_day_is_compared_to_the_minute),
        cmocka_unit_test(m30_without_comparison_the_reason_stands_there),
        cmocka_unit_test(n10_steps_lead_from_an_event_back_to_the_fair),
        cmocka_unit_test(n10_events_lead_on_to_those_that_follow),
        cmocka_unit_test(every_table_leads_to_its_exports),
        cmocka_unit_test(the_choice_holds_fairs_of_both_kinds),
        cmocka_unit_test(another_language_keeps_the_question),
        cmocka_unit_test(an_unknown_fair_is_not_found),
        cmocka_unit_test(the_overview_is_small),
        cmocka_unit_test(headline_money_keeps_every_dong),
        cmocka_unit_test(s15_a_press_link_shows_its_fair_and_leads_nowhere),
        cmocka_unit_test(s15_a_press_link_that_is_none_finds_nothing),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
