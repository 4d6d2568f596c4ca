/*
 * overview.c - the first page: one minute and a phone.
 */
#include "sections.h"

#include "fair/i18n.h"

#include "sync/aggregator/report/table.h"

static const struct table_link to_booth[] = {
    { "booth", "/explain?booth=" },
    { NULL, NULL },
};
static const struct table_link to_day[] = {
    { "date", "/explain?day=" },
    { NULL, NULL },
};

enum { TOP = 10 };

static const struct section overview[] = {
    { .kind = "pace", .links = to_day },
    { .kind = "course" },
    { .kind = "hours",
      .title = N_("Net revenue by hour and day"),
      .note = N_("Million đ; the darker the more."),
      .heat = true },
    { .kind = "booths",
      .title = N_("Booths with the most revenue"),
      .limit = TOP,
      .links = to_booth },
    { .kind = "products",
      .title = N_("Products with the most revenue"),
      .limit = TOP },
    { .kind = NULL },
};

static enum err live_head(struct visit *v, const struct report_query *q,
                          struct buf *out, struct buf *why)
{
    BUF(stream, CARRY_MAX);

    href_put(&stream, "/live", q);
    html_put(out,
             "<p class=\"live\" data-stream=\"%m\" data-lost=\"%s\""
             " data-back=\"%s\" role=\"status\" hidden></p>\n",
             buf_text(&stream), _("No connection: these figures stand still."),
             _("Live: new sales appear by themselves."));
    return part_glance(v, q, out, why);
}

static enum err latest_tail(struct visit *v, const struct report_query *q,
                            struct buf *out, struct buf *why)
{
    html_put(out,
             "<p class=\"toolbar\"><button type=\"button\" data-pause=\"%s\""
             " data-resume=\"%s\" hidden>%s</button></p>\n",
             _("Pause the latest sales"), _("Let the latest sales go on"),
             _("Pause the latest sales"));
    return part_latest(v, q, out, why);
}

bool page_overview(struct visit *v)
{
    static const struct page_plan plan = { .title = N_("Overview"),
                                           .tab = "/",
                                           .sections = overview,
                                           .head = live_head,
                                           .tail = latest_tail,
                                           .pairs = true };

    return plan_answer(v, &plan);
}
