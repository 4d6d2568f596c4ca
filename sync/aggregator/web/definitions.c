/*
 * definitions.c - what the terms on every page mean.
 *
 * A figure that is read in a report must be the same thing to everybody; so
 * the words stand beside the figures, not in a manual.
 */
#include "sections.h"

#include "fair/i18n.h"

// clang-format off
static const struct {
    const char *term, *meaning;
} terms[] = {
    { N_("Fair-day"),
      N_("An official opening day of the organiser's calendar, in local time. "
         "It ends at the cut-off (04:00 unless the fair says otherwise). "
         "Closed days within the fair do not count.") },
    { N_("Sales"),
      N_("What was charged at the booths, with VAT, in đồng. A voided sale is "
         "in no total.") },
    { N_("Refunds"),
      N_("What was given back. A refund counts on the day it was made.") },
    { N_("Net revenue"),
      N_("Sales less voids less refunds. Orders and contracts that were "
         "signed are not revenue.") },
    { N_("Receipts"),
      N_("Sales that were not voided; a refunded one still counts.") },
    { N_("Average receipt"), N_("Net revenue divided by receipts.") },
    { N_("Visit"),
      N_("One entry counted at a gate or by a counter on a fair-day. Nobody "
         "is identified; who comes twice counts twice. Staff are left out.") },
    { N_("Visitor"),
      N_("A distinct person. Published only where tickets or registration "
         "prove it; these pages count visits.") },
    { N_("Quality of a count"),
      N_("Counted or estimated, said for each gate and hour.") },
    { N_("Đồng per visit"),
      N_("Net revenue divided by visits of the same time.") },
    { N_("Area and stand"),
      N_("An area is the ground of one responsible unit, one booth in these "
         "pages. It has one or more standard stands. Areas and stands are "
         "different units and are never added.") },
    { N_("Exhibitor"),
      N_("A legal unit with staff or goods of its own at the fair.") },
    { N_("Origin"),
      N_("In-province, other province, foreign, or sponsor and service; "
         "exactly one for each booth.") },
    { N_("OCOP revenue"),
      N_("Lines whose product had a valid certificate of three to five stars "
         "on the day of the sale.") },
    { N_("Coverage"),
      N_("Booth-days that reported, of those expected. Below 100 per cent a "
         "total is what was measured so far, not the whole.") },
    { N_("Average of a fair-day"),
      N_("The total divided by the fair-days of the calendar, not by the days "
         "with data. A running fair divides by the days begun.") },
    { N_("Growth"),
      N_("This fair divided by the other, less one, in per cent with two "
         "decimals: on totals and on averages of a fair-day, both shown, with "
         "fair, days and coverage named.") },
    { N_("Up to the same moment"),
      N_("A day that still runs is held against the same fair-day of the "
         "other fair, and against the day before, only up to the end of the "
         "last ten minutes that are over.") },
    { N_("Products on show, products sold"),
      N_("Distinct products on the lists of the booths present; those with at "
         "least one sale.") },
    { N_("On hold"),
      N_("Events that were stored and left out of every total until a person "
         "decides, such as those of a copied disk.") },
    { N_("As of"),
      N_("Figures are provisional until every expected device has closed its "
         "day. What comes late lands on its own day.") },
};
// clang-format on

bool page_definitions(struct visit *v)
{
    struct buf *out = &v->answer.body;
    struct frame f = { .title = _("Definitions"), .tab = "/definitions" };
    struct report_query q;
    BUF(strings, MAX_TEXT);

    // Whoever is not signed in reads the same words without a fair around.
    if (visit_query(v, &strings, &q) == ERR_OK)
        f.q = &q;
    frame_begin(v, &f);
    html_put(out, "<dl class=\"terms\">\n");
    for (size_t i = 0; i < ARRAY_LEN(terms); i++)
        html_put(out, "<dt>%s</dt><dd>%s</dd>\n", _(terms[i].term),
                 _(terms[i].meaning));
    html_put(out, "</dl>\n");
    frame_end(v, &f);
    return true;
}
