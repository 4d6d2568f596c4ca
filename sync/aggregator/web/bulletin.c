/*
 * bulletin.c - the evening's bulletin: its text to copy, its table to take.
 */
#include "sections.h"

#include "fair/i18n.h"

#include "cache.h"

static const struct section sections[] = {
    { .kind = "bulletin" },
    { .kind = NULL },
};

/* The report's own text, as the command prints it. */
static enum err put_text(struct visit *v, const struct report_query *page,
                         struct buf *out, struct buf *why)
{
    struct report_query q;
    BUF(text, ANSWER_MAX);
    enum err e = filter_days(v, page, out, why);

    if (e != ERR_OK || !section_query(sections, page, &q))
        return e;
    q.format = REPORT_TEXT;
    numbers_for_people();
    e = cache_report(v->web->cache, v->store, &q, &text, why);
    if (e != ERR_OK)
        return e;
    html_put(out,
             "<section class=\"section\">\n<h2>%s</h2>\n"
             "<p><button type=\"button\" data-copy=\"text\" data-done=\"%s\""
             " hidden>%s</button></p>\n"
             "<pre id=\"text\" class=\"bulletin\" tabindex=\"0\">",
             _("Text"), _("Copied"), _("Copy the text"));
    html_text(out, buf_slice(&text));
    html_put(out, "</pre>\n</section>\n");
    return ERR_OK;
}

bool page_bulletin(struct visit *v)
{
    static const struct page_plan plan = {
        N_("Evening bulletin"), "/bulletin", sections, put_text, NULL, false
    };

    return plan_answer(v, &plan);
}
