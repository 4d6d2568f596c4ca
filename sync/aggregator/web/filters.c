/*
 * filters.c - the same page asked otherwise: another day, another origin,
 * another grouping. Links, so that they work without the script.
 */
#include "sections.h"

#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "routes.h"

static void begin(struct buf *out, const char *label)
{
    html_put(out, "<nav class=\"filter\" aria-label=\"%s\"><ul>\n", label);
}

static void end(struct buf *out)
{
    html_put(out, "</ul></nav>\n");
}

/* A choice; `now`: it is the one shown. */
static void put(struct visit *v, const struct report_query *q,
                const char *title, bool now)
{
    struct buf *out = &v->answer.body;

    html_put(out, "<li><a href=\"");
    href_put(out, v->ask.route->path, q);
    html_put(out, "\"%m>%s</a></li>\n", now ? " aria-current=\"true\"" : "",
             title);
}

static bool is(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- words --------------------------------------------------------------- */

static const struct {
    const char *word, *title; /* a NULL word: without one */
} origins[] = {
    { NULL, N_("All") },
    { "in-province", N_("In-province") },
    { "other-province", N_("Other provinces") },
    { "foreign", N_("Foreign") },
    { "service", N_("Service") },
}, groups[] = {
    { "origin", N_("Origin") },     { "place", N_("Place") },
    { "producer", N_("Producer") }, { "group", N_("Product group") },
    { "stars", N_("Stars") },
};

enum err filter_origin(struct visit *v, const struct report_query *q,
                       struct buf *out, struct buf *why)
{
    (void)why;
    if (q->booth)
        return ERR_OK;
    begin(out, _("Origin"));
    for (size_t i = 0; i < ARRAY_LEN(origins); i++) {
        struct report_query one = *q;

        one.origin = origins[i].word;
        put(v, &one, _(origins[i].title), is(q->origin, one.origin));
    }
    end(out);
    return ERR_OK;
}

enum err filter_by(struct visit *v, const struct report_query *q,
                   struct buf *out, struct buf *why)
{
    const char *by = q->by ? q->by : groups[0].word;

    (void)why;
    begin(out, _("Grouped by"));
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        struct report_query one = *q;

        one.by = groups[i].word;
        put(v, &one, _(groups[i].title), is(by, one.by));
    }
    end(out);
    return ERR_OK;
}

/* ---- days ---------------------------------------------------------------- */

enum err filter_days(struct visit *v, const struct report_query *q,
                     struct buf *out, struct buf *why)
{
    struct fair fair;
    enum err e = fair_get(v->store, str_of(q->fair), &fair);

    (void)why;
    if (e != ERR_OK)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    begin(out, _("Day"));
    for (int i = 1; i <= fair_open_days(&fair); i++) {
        struct report_query one = *q;
        BUF(title, 64);

        one.day = fair_day_date(&fair, i);
        buf_printf(&title, "%d · ", i);
        day_render_people(&title, one.day);
        buf_cut(&title, title.len - strlen("/yyyy"));
        put(v, &one, buf_text(&title), q->day == one.day);
    }
    end(out);
    return ERR_OK;
}
