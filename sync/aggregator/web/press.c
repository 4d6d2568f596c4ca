/*
 * press.c - the one page behind a press link: totals, days and comparison of
 * its fair.
 *
 * Who holds the link is nobody: no session, no export, no way to any other
 * page but the definitions' words. An unknown, ended or expired key finds
 * nothing.
 */
#include "sections.h"

#include <jansson.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "cache.h"
#include "sync/aggregator/account/session.h"

/* Whose figures these are, in full, and of when: a link comes alone. */
static enum err put_of_what(struct visit *v, const struct report_query *page,
                            struct buf *out)
{
    int64_t now = env_wall_ms();
    struct fair fair;
    BUF(time, 64);
    enum err e = fair_get(v->store, str_of(page->fair), &fair);

    if (e != ERR_OK)
        return e;
    clock_render(&time, now);
    buf_puts(&time, ", ");
    day_render_people(&time, day_of_ms(now));
    html_put(out,
             "<p class=\"sub\"><strong><bdi>%s</bdi></strong> · %s %s</p>\n",
             fair.name, _("Figures as of"), buf_text(&time));
    return ERR_OK;
}

static void put_total(struct buf *out, const json_t *totals, const char *name,
                      const char *title)
{
    int64_t n = (int64_t)json_integer_value(json_object_get(totals, name));
    BUF(people, MAX_TEXT);

    money_render(&people, n);
    html_put(out,
             "<li class=\"card\"><h2>%s</h2><p><data value=\"%d\">"
             "<span class=\"figure\">%s</span></data></p></li>\n",
             title, n, buf_text(&people));
}

static enum err put_totals(struct visit *v, const struct report_query *page,
                           struct buf *out, struct buf *why)
{
    struct report_query q = { .kind = "days",
                              .fair = page->fair,
                              .format = REPORT_JSON };
    BUF(bytes, PARSED_MAX);
    enum err e = put_of_what(v, page, out);

    if (e == ERR_OK)
        e = cache_report(v->web->cache, v->store, &q, &bytes, why);
    if (e != ERR_OK)
        return e;
    json_t *json = json_loadb(bytes.data, bytes.len, 0, NULL);
    const json_t *totals = json_object_get(json, "totals");
    numbers_for_people();
    html_put(out, "<ul class=\"cards few\">\n");
    html_put(out, "<li class=\"card\"><h2>%s</h2><p>", _("Net revenue"));
    put_millions(
        out, (int64_t)json_integer_value(json_object_get(totals, "net_vnd")));
    html_put(out, "</p></li>\n");
    put_total(out, totals, "sales", _("Receipts"));
    put_total(out, totals, "visits", _("Visits"));
    html_put(out, "</ul>\n");
    json_decref(json);
    return ERR_OK;
}

static const struct section sections[] = {
    { .kind = "compare", .quiet = true },
    { .kind = "days" },
    { .kind = NULL },
};

bool page_press(struct visit *v)
{
    static const struct page_plan plan = {
        N_("Figures for the press"), NULL, sections, put_totals, NULL, false
    };
    struct str key = visit_param(v, "key");
    enum err e = login_of_link(v->store, key, env_wall_ms(), &v->who);

    if (e == ERR_OK)
        return plan_answer(v, &plan);
    visit_refuse(v, e);
    return true;
}
