/*
 * tabs.c - the pages behind the overview: each a title and a list of reports.
 *
 * What a report takes of the page's query it gets; what a booth's owner may
 * not see is left out by section_query.
 */
#include "sections.h"

#include <string.h>

#include "fair/i18n.h"

#include "routes.h"
#include "sync/aggregator/report/table.h"

enum { FINDINGS = 200 };

// clang-format off
static const struct table_link
    to_day[] = { { "date", "/explain?day=" }, { NULL, NULL } },
    to_booth[] = { { "booth", "/explain?booth=" }, { NULL, NULL } },
    to_device[] = { { "device", "/explain?device=" },
                    { "booth", "/explain?booth=" }, { NULL, NULL } },
    to_all[] = { { "date", "/explain?day=" }, { "booth", "/explain?booth=" },
                 { "device", "/explain?device=" },
                 { "seq", "/explain?seq=" }, { NULL, NULL } };

#define END { .kind = NULL }

static const struct section
    days[] = {
        { .kind = "pace", .links = to_day },
        { .kind = "days", .links = to_day },
        { .kind = "course", .links = to_day },
        { .kind = "completeness", .links = to_day }, END },
    hours[] = {
        { .kind = "hours", .title = N_("Net revenue by hour and day"),
          .note = N_("Million đ; the darker the more."), .heat = true },
        { .kind = "hours", .links = to_day }, END },
    booths[] = {
        { .kind = "booths", .links = to_booth },
        { .kind = "composition",
          .note = N_("An area is what one exhibitor answers for; it has one "
                     "stand or more. They are never added.") }, END },
    products[] = { { .kind = "products" }, END },
    league[] = { { .kind = "league" }, END },
    visitors[] = {
        { .kind = "visitors", .links = to_day },
        { .kind = "spend", .links = to_day }, END },
    compare[] = {
        { .kind = "compare",
          .note = N_("Growth is this fair divided by the other, less one; on "
                     "totals and on averages of a fair-day. A running fair is "
                     "compared up to the same fair-day and minute.") },
        { .kind = "exhibitors" },
        { .kind = "pace" }, END },
    supervision[] = {
        { .kind = "supervision", .links = to_booth, .limit = FINDINGS,
          .note = N_("The first 200 findings; the files hold all.") },
        { .kind = "exceptions", .links = to_booth },
        { .kind = "stamps", .links = to_booth }, END },
    devices[] = { { .kind = "devices", .links = to_device }, END },
    explain[] = {
        { .kind = "explain", .title = N_("What it is made of"),
          .links = to_all,
          .note = N_("From the total down to one event with its number and "
                     "hash: follow a day, a booth, a device.") }, END };
// clang-format on

static enum err choose_fairs(struct visit *v, const struct report_query *q,
                             struct buf *out, struct buf *why)
{
    (void)why;
    return choice_put(v, q, "/compare", out);
}

// clang-format off
static const struct page_plan plans[] = {
    { N_("Days"), "/days", days, NULL, NULL, false },
    { N_("Hours"), "/hours", hours, NULL, NULL, false },
    { N_("Booths"), "/booths", booths, filter_origin, NULL, false },
    { N_("Products"), "/products", products, filter_origin, NULL, false },
    { N_("Leagues"), "/league", league, filter_by, NULL, false },
    { N_("Visits"), "/visitors", visitors, NULL, NULL, false },
    { N_("Fair against fair"), "/compare", compare, choose_fairs, NULL, false },
    { N_("Supervision"), "/supervision", supervision, NULL, NULL, false },
    { N_("Devices"), "/devices", devices, NULL, NULL, false },
    { N_("Explain this number"), "/explain", explain, explain_head,
      explain_tail, false },
};
// clang-format on

bool page_tab(struct visit *v)
{
    size_t i = 0;

    while (strcmp(plans[i].tab, v->ask.route->path) != 0) {
        i++;
        ASSERT(i < ARRAY_LEN(plans));
    }
    return plan_answer(v, &plans[i]);
}
