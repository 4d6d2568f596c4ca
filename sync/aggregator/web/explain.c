/*
 * explain.c - the way from a total down to one event, and back: what stands
 * around the report `explain`.
 */
#include "sections.h"

#include <jansson.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "cache.h"

enum { EVENTS = 200 }; /* on a page, as the report has them unasked */

/* ---- where one is -------------------------------------------------------- */

static void put_step(struct buf *out, const struct report_query *q,
                     const char *what, const char *which, bool last)
{
    html_put(out, "<li><a href=\"");
    href_put(out, "/explain", q);
    html_put(out, "\"%m>%s%s%s</a></li>\n",
             last ? " aria-current=\"page\"" : "", what, which[0] ? " " : "",
             which);
}

/* Fair, day, booth, device, event: each leads back to its own level. */
static void put_steps(struct buf *out, const struct report_query *q)
{
    struct report_query at = { .fair = q->fair };
    BUF(day, 32);
    BUF(seq, 32);

    html_put(out, "<nav class=\"steps\" aria-label=\"%s\"><ol>\n",
             _("Where this is"));
    put_step(out, &at, _("The whole fair"), "",
             !q->day && !q->booth && !q->device);
    at.day = q->day;
    if (q->day) {
        day_render_people(&day, q->day);
        put_step(out, &at, _("Fair-day"), buf_text(&day),
                 !q->booth && !q->device);
    }
    at.booth = q->booth;
    if (q->booth)
        put_step(out, &at, _("Booth"), q->booth, !q->device);
    at.device = q->device;
    if (q->device)
        put_step(out, &at, _("Device"), q->device, !q->seq);
    at.seq = q->seq;
    at.limit = q->limit;
    if (q->device && q->seq) {
        buf_int(&seq, q->seq);
        put_step(out, &at, q->limit > 1 ? _("Events from") : _("Event"),
                 buf_text(&seq), true);
    }
    html_put(out, "</ol></nav>\n");
}

enum err explain_head(struct visit *v, const struct report_query *q,
                      struct buf *out, struct buf *why)
{
    struct report_query days = *q;

    put_steps(out, q);
    days.seq = 0;
    days.limit = 0;
    return filter_days(v, &days, out, why);
}

/* ---- the events that follow ---------------------------------------------- */

/* Its number as the report itself gives it; 0: there is none. */
static int64_t next_of(struct visit *v, const struct report_query *page)
{
    const struct section events = { .kind = "explain" };
    struct report_query q;
    BUF(bytes, PARSED_MAX);
    BUF(why, MAX_TEXT);

    if (!section_query(&events, page, &q))
        return 0;
    q.format = REPORT_JSON;
    if (cache_report(v->web->cache, v->store, &q, &bytes, &why) != ERR_OK)
        return 0; /* the page has said why */
    json_t *json = json_loadb(bytes.data, bytes.len, 0, NULL);
    int64_t next =
        (int64_t)json_integer_value(json_object_get(json, "next_seq"));
    json_decref(json);
    return next;
}

enum err explain_tail(struct visit *v, const struct report_query *q,
                      struct buf *out, struct buf *why)
{
    struct report_query next = *q;

    (void)why;
    next.seq = q->device ? next_of(v, q) : 0;
    next.limit = EVENTS;
    if (next.seq == 0)
        return ERR_OK;
    html_put(out, "<p><a href=\"");
    href_put(out, "/explain", &next);
    html_put(out, "\">%s</a></p>\n", _("The events that follow"));
    return ERR_OK;
}
