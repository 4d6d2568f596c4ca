/*
 * print.c - the daily and the final report on A4: title block, tables, places
 * to sign.
 *
 * On the screen it is the sheet as it will be printed; the style sheet leaves
 * out what is no paper. Page numbers come from the browser.
 */
#include "sections.h"

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"

enum { PAPER_ROWS = 20 };

// clang-format off
static const struct section
    daily[] = {
        { .kind = "glance", .title = N_("The day"), .plain = true },
        { .kind = "bulletin", .title = N_("By origin"), .plain = true },
        { .kind = "days", .title = N_("The fair so far"), .plain = true },
        { .kind = "completeness", .plain = true },
        { .kind = "supervision", .limit = PAPER_ROWS, .plain = true,
          .note = N_("The first 20 findings; the page of the same name has "
                     "more.") },
        { .kind = NULL } },
    final[] = {
        { .kind = "compare", .plain = true },
        { .kind = "days", .plain = true },
        { .kind = "composition", .plain = true },
        { .kind = "league", .title = N_("Revenue by place"), .by = "place",
          .limit = PAPER_ROWS, .plain = true },
        { .kind = "booths", .title = N_("Booths with the most revenue"),
          .limit = PAPER_ROWS, .plain = true },
        { .kind = "products", .title = N_("Products with the most revenue"),
          .limit = PAPER_ROWS, .plain = true },
        { .kind = "completeness", .plain = true },
        { .kind = "supervision", .limit = PAPER_ROWS, .plain = true,
          .note = N_("The first 20 findings; the page of the same name has "
                     "more.") },
        { .kind = NULL } };
// clang-format on

/* ---- the sheet's own blocks ---------------------------------------------- */

static void put_title_block(struct buf *out, const struct fair *fair)
{
    html_put(out,
             "<div class=\"block\">\n<p>%s<br><strong><bdi>%s</bdi></strong>"
             "</p>\n<p><strong>%s</strong><br>%s</p>\n</div>\n",
             _("ORGANISING COMMITTEE OF THE FAIR"), fair->name,
             _("SOCIALIST REPUBLIC OF VIET NAM"),
             _("Independence – Freedom – Happiness"));
}

static void put_period(struct buf *out, const struct fair *fair, int day)
{
    BUF(from, 32);
    BUF(to, 32);

    day_render_people(&from, day ? day : fair->first_day);
    if (day) {
        html_put(out, "<p class=\"period\">%s %d/%d, %s</p>\n", _("Fair-day"),
                 (int64_t)fair_day_number(fair, day),
                 (int64_t)fair_open_days(fair), buf_text(&from));
        return;
    }
    day_render_people(&to, fair_day_date(fair, fair_open_days(fair)));
    html_put(out, "<p class=\"period\">%s – %s, %d %s</p>\n", buf_text(&from),
             buf_text(&to), (int64_t)fair_open_days(fair), _("fair-days"));
}

static void put_as_of(struct buf *out)
{
    int64_t now = env_wall_ms();
    BUF(text, 64);

    clock_render(&text, now);
    buf_puts(&text, ", ");
    day_render_people(&text, day_of_ms(now));
    html_put(out,
             "<p class=\"period\">%s %s</p>\n<p class=\"toolbar\">"
             "<button type=\"button\" data-print hidden>%s</button></p>\n",
             _("Figures as of"), buf_text(&text), _("Print"));
}

static void put_signatures(struct buf *out)
{
    html_put(out,
             "<div class=\"sign\">\n<p class=\"place\">"
             "……………………, %s</p>\n"
             "<p><strong>%s</strong><br><em>%s</em></p>\n"
             "<p><strong>%s</strong><br><em>%s</em></p>\n</div>\n",
             _("date …… month …… year ………"), _("Drawn up by"),
             _("(signature, full name)"), _("Head of the organising committee"),
             _("(signature, full name, seal)"));
}

/* ---- the reports --------------------------------------------------------- */

/* The day asked for, or today, or the last one begun. */
static int day_shown(const struct report_query *q, const struct fair *fair)
{
    int today = fair_day_of_ms(env_wall_ms(), fair->cut_off_min);
    int day = fair_day_date(fair, 1);

    if (q->day != 0)
        return q->day;
    for (int i = 2; i <= fair_open_days(fair); i++) {
        if (fair_day_date(fair, i) <= today)
            day = fair_day_date(fair, i);
    }
    return day;
}

struct paper {
    const char *title, *tab; /* English message id; path */
    const struct section *sections;
    bool of_day;
};

static enum err put_sheet(struct visit *v, const struct paper *p,
                          const struct report_query *q, struct buf *why)
{
    struct buf *out = &v->answer.body;
    struct report_query own = *q;
    struct fair fair;
    enum err e = fair_get(v->store, str_of(q->fair), &fair);

    if (e != ERR_OK)
        return e;
    if (p->of_day) {
        own.day = day_shown(q, &fair);
        if (fair_day_number(&fair, own.day) == 0)
            return ERR_NOT_FOUND;
        e = filter_days(v, &own, out, why);
        if (e != ERR_OK)
            return e;
    }
    html_put(out, "<article class=\"sheet\">\n");
    put_title_block(out, &fair);
    html_put(out, "<h1>%s</h1>\n", _(p->title));
    put_period(out, &fair, own.day);
    put_as_of(out);
    e = sections_put(v, p->sections, &own, why);
    put_signatures(out);
    html_put(out, "</article>\n");
    return e;
}

static bool paper_answer(struct visit *v, const struct paper *p)
{
    struct frame f = { .title = _(p->title), .tab = p->tab, .print = true };
    struct report_query q;
    BUF(strings, MAX_TEXT);
    BUF(why, MAX_TEXT);
    enum err e = page_query(v, &strings, &q);

    if (e == ERR_OK) {
        f.q = &q;
        frame_begin(v, &f);
        e = put_sheet(v, p, &q, &why);
    }
    if (e == ERR_OK)
        frame_end(v, &f);
    else
        page_refuse(v, &f, e);
    return true;
}

bool page_daily(struct visit *v)
{
    static const struct paper p = { N_("Daily report"), "/daily", daily, true };

    return paper_answer(v, &p);
}

bool page_final(struct visit *v)
{
    static const struct paper p = { N_("Final report"), "/final", final,
                                    false };

    return paper_answer(v, &p);
}
