/*
 * glance_html.c - the organiser's one minute, and the last sales: what /live
 * sends again whenever there is news.
 *
 * Every comparison is a word, a sign and an arrow; where there is none stands
 * the reason instead, once.
 */
#include "sections.h"

#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "sync/aggregator/report/glance.h"

enum { LATEST_ROWS = 12 };

static const struct {
    const char *title, *unit; /* unit: "" none */
    bool millions;
} cards[GLANCES] = {
    [GLANCE_NET] = { N_("Net revenue"), N_("million đ"), true },
    [GLANCE_SALES] = { N_("Receipts"), "", false },
    [GLANCE_AVERAGE] = { N_("Average receipt"), "đ", false },
    [GLANCE_VISITS] = { N_("Visits"), "", false },
    [GLANCE_PER_VISIT] = { N_("Đồng per visit"), "đ", false },
};

/* ---- figures ------------------------------------------------------------- */

static void put_unit(struct buf *out, int name)
{
    if (cards[name].unit[0])
        html_put(out, " <small>%s</small>", _(cards[name].unit));
}

/* Without its unit. */
static void put_figure(struct buf *out, int name, struct figure f)
{
    BUF(people, MAX_TEXT);
    BUF(whole, MAX_TEXT);

    if (!f.known) {
        html_put(out, "<span class=\"figure\">–</span>");
        return;
    }
    money_render(&whole, f.n);
    if (cards[name].millions)
        hundredths_render(&people, millions_hundredths(f.n));
    else
        buf_str(&people, buf_slice(&whole));
    html_put(out,
             "<data value=\"%d\" title=\"%s\"><span class=\"figure\">%s"
             "</span></data>",
             f.n, buf_text(&whole), buf_text(&people));
}

static void put_growth(struct buf *out, struct figure growth)
{
    static const struct {
        const char *css, *arrow, *word;
    } ways[] = {
        { "down", "▼", N_("down") },
        { "same", "=", N_("unchanged") },
        { "up", "▲", N_("up") },
    };
    int way = (growth.n > 0) - (growth.n < 0) + 1;
    BUF(people, MAX_TEXT);

    if (!growth.known) {
        html_put(out, "<span class=\"delta\">–</span>");
        return;
    }
    growth_render(&people, growth.n);
    html_put(out,
             "<data value=\"%d\" class=\"delta %m\">"
             "<span aria-hidden=\"true\">%m</span> %s"
             " <span class=\"n\">%s</span></data>",
             growth.n, ways[way].css, ways[way].arrow, _(ways[way].word),
             buf_text(&people));
}

/* ---- the day ------------------------------------------------------------- */

/* "until 10:10", of today. */
static void put_until(struct buf *out, const struct glance *g)
{
    BUF(time, 16);

    if (g->until_min < 0)
        return;
    hhmm_render(&time, g->until_min % (24 * 60));
    html_put(out, " %s %s", _("until"), buf_text(&time));
}

static void put_day(struct buf *out, const struct glance *g)
{
    BUF(date, 32);

    if (g->fair_day == 0) {
        html_put(out, "<p class=\"sub\">%s</p>\n",
                 _(glance_why_text(GLANCE_NOT_BEGUN)));
        return;
    }
    day_render_people(&date, g->day);
    html_put(out, "<p class=\"sub\"><strong>%s %d/%d</strong> · %s · %s</p>\n",
             _("Fair-day"), (int64_t)g->fair_day, (int64_t)g->fair_days,
             buf_text(&date),
             g->running ? _("selling now") : _("closed for sales"));
}

/* What the cards are held against, or why against nothing. */
static void put_against(struct buf *out, const struct glance *g)
{
    html_put(out, "<ul class=\"against\">\n<li>");
    if (g->why == GLANCE_COMPARED) {
        html_put(out, "%s <bdi>%s</bdi>, %s %d", _("Against"), g->with_name,
                 _("fair-day"), (int64_t)g->fair_day);
        put_until(out, g);
    } else {
        html_put(out, "%s %s", _("Not against another fair:"),
                 _(glance_why_text(g->why)));
    }
    html_put(out, "</li>\n<li>");
    if (g->why_yesterday == GLANCE_COMPARED) {
        html_put(out, "%s", _("Against the day before"));
        put_until(out, g);
    } else {
        html_put(out, "%s %s", _("Not against the day before:"),
                 _(glance_why_text(g->why_yesterday)));
    }
    html_put(out, "</li>\n</ul>\n");
}

static void put_card(struct buf *out, const struct glance *g, int name)
{
    const struct glance_row *r = &g->row[name];

    html_put(out, "<li class=\"card\" data-glance=\"%d\"><h2>%s</h2>\n<p>",
             (int64_t)name, _(cards[name].title));
    put_figure(out, name, r->now);
    if (r->now.known)
        put_unit(out, name);
    html_put(out, "</p>\n<dl>");
    if (g->why == GLANCE_COMPARED) {
        html_put(out, "<div><dt>%s</dt><dd>", g->with);
        put_growth(out, r->growth);
        html_put(out, "</dd></div>");
    }
    if (g->why_yesterday == GLANCE_COMPARED) {
        html_put(out, "<div><dt>%s</dt><dd>", _("day before"));
        put_growth(out, r->growth_yesterday);
        html_put(out, "</dd></div>");
    }
    html_put(out, "</dl></li>\n");
}

/* ---- the fair so far ----------------------------------------------------- */

static void put_to_date_head(struct buf *out, const struct glance *g)
{
    html_put(out,
             "<section class=\"section\" id=\"to-date\">\n<h2>%s</h2>\n"
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\""
             " aria-label=\"%s\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
             "<th scope=\"col\" class=\"n\">%s</th>",
             _("The fair so far"), _("The fair so far"), _("Figure"),
             _("So far"));
    if (g->why == GLANCE_COMPARED)
        html_put(out,
                 "<th scope=\"col\" class=\"n\">%s</th>"
                 "<th scope=\"col\" class=\"n\"><bdi>%s</bdi></th>",
                 _("Growth"), g->with);
    html_put(out, "</tr></thead>\n<tbody>\n");
}

static void put_to_date(struct buf *out, const struct glance *g)
{
    put_to_date_head(out, g);
    for (int i = 0; i < GLANCES; i++) {
        const struct glance_row *r = &g->to_date[i];

        html_put(out, "<tr><th scope=\"row\">%s", _(cards[i].title));
        put_unit(out, i);
        html_put(out, "</th><td class=\"n\">");
        put_figure(out, i, r->now);
        if (g->why == GLANCE_COMPARED) {
            html_put(out, "</td><td class=\"n\">");
            put_growth(out, r->growth);
            html_put(out, "</td><td class=\"n\">");
            put_figure(out, i, r->that);
        }
        html_put(out, "</td></tr>\n");
    }
    html_put(out, "</tbody></table></div>\n");
    if (g->why == GLANCE_COMPARED && g->fair_day > 0) {
        html_put(out, "<p class=\"note\">%s %d",
                 _("Growth: the same fair-days, 1 to"), (int64_t)g->fair_day);
        put_until(out, g);
        html_put(out, "</p>\n");
    }
    html_put(out, "</section>\n");
}

/* ---- trust --------------------------------------------------------------- */

/* One item: what, how much of how much, should somebody look? */
static void put_trust_item(struct buf *out, const char *what, const char *value,
                           bool worry)
{
    html_put(out,
             "<li%m><span aria-hidden=\"true\">%m</span> %s: "
             "<strong>%s</strong></li>\n",
             worry ? " class=\"worry\"" : "", worry ? "!" : "✓", what, value);
}

static void put_count(struct buf *out, const char *what, int64_t n, bool worry)
{
    BUF(value, MAX_TEXT);

    money_render(&value, n);
    put_trust_item(out, what, buf_text(&value), worry);
}

static void put_booths(struct buf *out, const struct glance *g)
{
    BUF(value, MAX_TEXT);

    money_render(&value, g->booths_reporting);
    buf_puts(&value, "/");
    money_render(&value, g->booths_expected);
    put_trust_item(out, _("Booths heard on this day"), buf_text(&value),
                   g->fair_day > 0 && g->booths_reporting < g->booths_expected);
}

static void put_hold(struct buf *out, const struct glance *g)
{
    BUF(value, MAX_TEXT);

    money_render(&value, g->hold_events);
    if (g->hold_events > 0) {
        buf_puts(&value, " (");
        money_render(&value, g->hold_vnd);
        buf_puts(&value, " đ)");
    }
    put_trust_item(out, _("Events on hold, left out"), buf_text(&value),
                   g->hold_events > 0);
}

static void put_trust(struct visit *v, struct buf *out,
                      const struct report_query *q, const struct glance *g)
{
    BUF(time, 16);
    BUF(stamp, 64);

    clock_render(&time, g->as_of_ms);
    time_render(&stamp, g->as_of_ms);
    html_put(out,
             "<section class=\"trust\" aria-label=\"%s\">\n<p>%s "
             "<time datetime=\"%s\"><strong>%s</strong></time></p>\n<ul>\n",
             _("How much these figures can be trusted"), _("Figures as of"),
             buf_text(&stamp), buf_text(&time));
    put_booths(out, g);
    put_count(out, _("Booths heard in the last 10 minutes"), g->booths_recent,
              g->running && g->booths_recent == 0);
    put_count(out, _("Events waiting at devices"), g->events_waiting, false);
    put_count(out, _("Silent devices"), g->devices_silent,
              g->devices_silent > 0);
    put_hold(out, g);
    html_put(out, "</ul>\n");
    if (may_visit(v, "/devices")) {
        html_put(out, "<p><a href=\"");
        href_put(out, "/devices", q);
        html_put(out, "\">%s</a></p>\n", _("Look at the devices"));
    }
    html_put(out, "</section>\n");
}

/* ---- the parts ----------------------------------------------------------- */

enum err part_glance(struct visit *v, const struct report_query *q,
                     struct buf *out, struct buf *why)
{
    struct report_query own = { .kind = "glance",
                                .fair = q->fair,
                                .with = q->with,
                                .booth = q->booth,
                                .day = q->day };
    struct glance *g = x_alloc(sizeof(*g));
    enum err e = glance_make(v->store, &own, v->web->silent_min, g, why);

    if (e == ERR_OK) {
        numbers_for_people();
        html_put(out, "<div data-live=\"glance\">\n");
        put_day(out, g);
        html_put(out, "<ul class=\"cards\" aria-label=\"%s\">\n",
                 _("The day at a glance"));
        for (int i = 0; i < GLANCES; i++)
            put_card(out, g, i);
        html_put(out, "</ul>\n");
        put_against(out, g);
        put_trust(v, out, q, g);
        put_to_date(out, g);
        html_put(out, "</div>\n");
    }
    free(g);
    return e;
}

enum err part_latest(struct visit *v, const struct report_query *q,
                     struct buf *out, struct buf *why)
{
    const struct section latest = { .kind = "latest", .limit = LATEST_ROWS };
    struct report_query own;

    html_put(out, "<div data-live=\"latest\" aria-live=\"off\">\n");
    enum err e = ERR_OK;
    if (section_query(&latest, q, &own))
        e = part_report(v, &own, out, why);
    html_put(out, "</div>\n");
    return e;
}
