/*
 * parts.c - sections: a report as part of a page, with heading and exports.
 *
 * Every figure comes out of report_make, through the cache. What cannot be
 * said is said: a report that has nothing to compare with tells so in place of
 * its table, and the rest of the page stands. Where no reader could do anything
 * about it, the section is left out instead.
 */
#include "sections.h"

#include <string.h>

#include "fair/i18n.h"

#include "cache.h"

/* ---- one report ---------------------------------------------------------- */

static const struct {
    const char *format, *name;
} exports[] = {
    { "csv", "CSV" },
    { "xlsx", "XLSX" },
    { "json", "JSON" },
};

static void put_exports(struct visit *v, const struct report_query *q,
                        const char *title, struct buf *out)
{
    struct report_query whole = *q;
    BUF(href, CARRY_MAX * 2);

    if (!may_visit(v, "/report"))
        return;
    whole.limit = 0; /* a page may show the first rows alone, never a file */
    href_put(&href, "/report", &whole);
    html_put(out, "<p class=\"exports\"><span>%s:</span>", _("Take away"));
    for (size_t i = 0; i < ARRAY_LEN(exports); i++) {
        html_put(out, " <a href=\"%m&amp;format=%s\" download", buf_text(&href),
                 exports[i].format);
        html_put(out, " aria-label=\"%s: %s\">%s</a>", title, exports[i].name,
                 exports[i].name);
    }
    html_put(out, "</p>\n");
}

/* Nothing to show for a reason that people should read. */
static bool is_reason(enum err e)
{
    return e == ERR_INVALID || e == ERR_NOT_FOUND || e == ERR_LIMIT;
}

/* It stands where the figures would; other errors are the page's. */
static enum err say_why(enum err e, const struct buf *reason, struct buf *out,
                        struct buf *why)
{
    if (is_reason(e))
        html_put(out, "<p class=\"none\">%s</p>\n", buf_text(reason));
    else
        buf_str(why, buf_slice(reason));
    return is_reason(e) ? ERR_OK : e;
}

/* An empty table says so in words. */
static void put_made(struct buf *out, const struct buf *html)
{
    if (html->len > 0 && strstr(html->data, "<tbody>\n</tbody>"))
        html_put(out, "<p class=\"none\">%s</p>\n", _("Nothing so far."));
    buf_str(out, buf_slice(html));
}

static enum err put_table(struct visit *v, const struct report_query *q,
                          struct buf *out, struct buf *why)
{
    struct report_query html = *q;
    BUF(made, ANSWER_MAX);
    BUF(reason, MAX_TEXT);
    BUF(carry, CARRY_MAX);

    if (q->links)
        carry_put(&carry, "/explain", q);
    html.format = REPORT_HTML;
    html.carry = buf_text(&carry);
    enum err e = cache_report(v->web->cache, v->store, &html, &made, &reason);
    if (e != ERR_OK)
        return say_why(e, &reason, out, why);
    put_made(out, &made);
    return ERR_OK;
}

static enum err put_heat(struct visit *v, const struct report_query *q,
                         struct buf *out, struct buf *why)
{
    BUF(reason, MAX_TEXT);
    enum err e = heat_put(v, q, out, &reason);

    return e == ERR_OK ? e : say_why(e, &reason, out, why);
}

static const char *title_of(const struct report_query *q)
{
    const struct report_kind *kind = report_kind_of(str_of(q->kind));

    return kind ? _(kind->title) : "";
}

enum err part_report(struct visit *v, const struct report_query *q,
                     struct buf *out, struct buf *why)
{
    const char *title = title_of(q);

    numbers_for_people();
    html_put(out, "<section class=\"section\" id=\"%s\">\n<h2>%s</h2>\n",
             q->kind, title);
    enum err e = put_table(v, q, out, why);
    if (e == ERR_OK)
        put_exports(v, q, title, out);
    html_put(out, "</section>\n");
    return e;
}

/* ---- sections of a page -------------------------------------------------- */

bool section_query(const struct section *s, const struct report_query *page,
                   struct report_query *out)
{
    const struct report_kind *kind = report_kind_of(str_of(s->kind));

    if (!kind || (page->booth && !(kind->takes & TAKES_BOOTH)))
        return false;
    const struct {
        unsigned bit;
        const char **member;
    } texts[] = {
        { TAKES_WITH, &out->with },     { TAKES_SOURCE, &out->source },
        { TAKES_ORIGIN, &out->origin }, { TAKES_BY, &out->by },
        { TAKES_DEVICE, &out->device },
    };

    *out = *page;
    out->kind = s->kind;
    out->by = s->by ? s->by : page->by;
    out->limit = s->limit ? s->limit : page->limit;
    out->links = s->links;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!(kind->takes & texts[i].bit))
            *texts[i].member = NULL;
    }
    out->day = kind->takes & TAKES_DAY ? out->day : 0;
    out->seq = kind->takes & TAKES_DEVICE ? out->seq : 0;
    out->limit = kind->takes & TAKES_LIMIT ? out->limit : 0;
    return true;
}

/* Only a reason stands in the report's place. */
static bool is_void(struct visit *v, const struct report_query *q)
{
    struct report_query html = *q;
    BUF(made, MAX_OUTPUT);
    BUF(reason, MAX_TEXT);

    html.format = REPORT_HTML;
    return is_reason(
        cache_report(v->web->cache, v->store, &html, &made, &reason));
}

enum err section_put(struct visit *v, const struct section *s,
                     const struct report_query *page, struct buf *why)
{
    struct buf *out = &v->answer.body;
    struct report_query q;

    if (!section_query(s, page, &q))
        return ERR_OK;
    const char *title = s->title ? _(s->title) : title_of(&q);
    numbers_for_people();
    if (s->quiet && is_void(v, &q))
        return ERR_OK;
    html_put(out, "<section class=\"section%m\" id=\"%s%m\">\n<h2>%s</h2>\n",
             s->plain ? " plain" : "", s->kind, s->heat ? "-heat" : "", title);
    if (s->note)
        html_put(out, "<p class=\"note\">%s</p>\n", _(s->note));
    enum err e =
        s->heat ? put_heat(v, &q, out, why) : put_table(v, &q, out, why);
    if (e == ERR_OK && !s->plain)
        put_exports(v, &q, title, out);
    html_put(out, "</section>\n");
    return e;
}

enum err sections_put(struct visit *v, const struct section *sections,
                      const struct report_query *page, struct buf *why)
{
    enum err e = ERR_OK;

    for (; e == ERR_OK && sections->kind; sections++)
        e = section_put(v, sections, page, why);
    return e;
}

/* ---- whole pages --------------------------------------------------------- */

enum err page_query(struct visit *v, struct buf *strings,
                    struct report_query *out)
{
    struct fair fair;
    struct figures figures;
    BUF(names, MAX_TEXT);
    enum err e = visit_query(v, strings, out);

    if (e != ERR_OK)
        return e;
    e = fair_get(v->store, str_of(out->fair), &fair);
    if (e == ERR_NOT_FOUND)
        e = figures_get(v->store, str_of(out->fair), &figures, &names);
    return e;
}

/* An aggregator whose organiser has only just begun. */
static void answer_no_fair(struct visit *v, const struct frame *f)
{
    struct buf *out = &v->answer.body;

    frame_begin(v, f);
    html_put(out,
             "<p class=\"none\">%s</p>\n<pre class=\"bulletin\">%s</pre>\n",
             _("There is no fair yet. Whoever keeps this server adds one:"),
             "fair-aggregator fair add CODE --name NAME --first-day DATE "
             "--days N");
    frame_end(v, f);
}

void page_refuse(struct visit *v, const struct frame *f, enum err e)
{
    if (e == ERR_NOT_FOUND && visit_param(v, "fair").len == 0 && !f->q)
        answer_no_fair(v, f);
    else
        visit_refuse(v, e);
}

bool plan_answer(struct visit *v, const struct page_plan *plan)
{
    struct frame f = { .title = _(plan->title), .tab = plan->tab };
    struct report_query q;
    BUF(strings, MAX_TEXT);
    BUF(why, MAX_TEXT);
    enum err e = page_query(v, &strings, &q);

    if (e == ERR_OK) {
        f.q = &q;
        frame_begin(v, &f);
        if (plan->head)
            e = plan->head(v, &q, &v->answer.body, &why);
    }
    if (e == ERR_OK) {
        html_put(&v->answer.body, "<div class=\"sections%m\">\n",
                 plan->pairs ? " pairs" : "");
        e = sections_put(v, plan->sections, &q, &why);
        html_put(&v->answer.body, "</div>\n");
    }
    if (e == ERR_OK && plan->tail)
        e = plan->tail(v, &q, &v->answer.body, &why);
    if (e == ERR_OK)
        frame_end(v, &f);
    else
        page_refuse(v, &f, e);
    return true;
}
