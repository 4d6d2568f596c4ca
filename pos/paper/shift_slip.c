/*
 * shift_slip.c - the lines of X and Z.
 */
#include "pos/paper/shift_slip.h"

#include "fair/chain.h"
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/paper/slip.h"

const char *tender_name(struct str method)
{
    static const struct {
        const char *word, *text;
    } names[] = {
        { "cash", N_("Cash") },
        { "transfer", N_("Bank transfer") },
        { "card", N_("Card") },
        { "voucher", N_("Voucher") },
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_is(method, names[i].word))
            return _(names[i].text);
    }
    return "";
}

static void put_head(struct slip *slip, const struct till *till,
                     const struct shift_report *report)
{
    const struct admission *a = &ledger_state(till->ledger)->admission;
    BUF(booth, MAX_TEXT);
    BUF(day, 32);
    buf_str(&booth, a->booth);
    buf_puts(&booth, " · ");
    buf_str(&booth, a->booth_name);
    day_render_people(&day, report->shift.day);
    slip_center(slip, a->name);
    slip_center(slip, buf_slice(&booth));
    slip_rule(slip, '=');
    slip_center(slip,
                str_of(report->shift.open ? _("X REPORT (shift still open)")
                                          : _("Z REPORT (shift closed)")));
    slip_count(slip, _("Shift"), report->shift.number);
    slip_pair(slip, 0, str_of(_("Fair-day")), buf_slice(&day));
}

static void put_sales(struct slip *slip, const struct shift_report *report)
{
    slip_rule(slip, '-');
    slip_count(slip, _("Receipts"), report->sales);
    slip_money(slip, _("Sold"), report->gross_vnd);
    slip_money(slip, _("Refunds"), -report->refunds_vnd);
    slip_money(slip, _("Voids"), -report->voids_vnd);
    slip_money(slip, _("NET"), report->net_vnd);
    if (report->unread > 0)
        slip_count(slip, _("DAMAGED, NOT COUNTED"), report->unread);
    if (report->late_sales == 0)
        return;
    slip_count(slip, _("Of these entered afterwards"), report->late_sales);
    slip_money(slip, _("Their amount"), report->late_vnd);
}

static void put_methods(struct slip *slip, const struct shift_report *report)
{
    slip_rule(slip, '-');
    for (int i = 0; i < report->n_methods; i++) {
        if (report->by_method[i].used)
            slip_money(slip, tender_name(str_of(report->by_method[i].method)),
                       report->by_method[i].vnd);
    }
}

/* How the expected cash comes about, line by line. */
static void put_cash(struct slip *slip, const struct shift_report *report)
{
    slip_rule(slip, '-');
    slip_money(slip, _("Float"), report->shift.float_vnd);
    slip_money(slip, _("+ Cash taken"), report->cash_taken_vnd);
    slip_money(slip, _("- Change given"), report->change_vnd);
    slip_money(slip, _("- Given back in cash"), report->cash_back_vnd);
    slip_money(slip, _("+ Put in"), report->trail.cash_in_vnd);
    slip_money(slip, _("- Taken out"), report->trail.cash_out_vnd);
    slip_money(slip, _("= CASH EXPECTED"), report->cash_expected_vnd);
    if (report->shift.open)
        return;
    slip_money(slip, _("Cash counted"), report->counted_vnd);
    slip_money(slip, _("Difference"), report->difference_vnd);
    if (report->reason[0])
        slip_text(slip, str_of(report->reason));
}

/* What else happened; what did not is not said. */
static void put_trail(struct slip *slip, const struct trail_counts *trail)
{
    const struct {
        const char *text;
        int64_t n;
    } rows[] = {
        { N_("Lines removed"), trail->line_removed },
        { N_("Carts cancelled"), trail->carts_cancelled },
        { N_("Drawer opened without a sale"), trail->drawer },
        { N_("Slips printed again"), trail->reprints },
        { N_("Wrong PINs"), trail->wrong_pins },
        { N_("Allowed by a supervisor"), trail->overrides },
    };
    bool ruled = false;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].n == 0)
            continue;
        if (!ruled)
            slip_rule(slip, '-');
        ruled = true;
        slip_count(slip, _(rows[i].text), rows[i].n);
    }
}

void shift_report_render(const struct till *till,
                         const struct shift_report *report, int columns,
                         struct buf *out)
{
    struct slip slip = { out, columns };
    char code[10];
    BUF(events, MAX_TEXT);
    chain_short(report->head, code);
    buf_printf(&events, "%lld-%lld", (long long)report->first_seq,
               (long long)report->last_seq);
    put_head(&slip, till, report);
    put_sales(&slip, report);
    put_methods(&slip, report);
    put_cash(&slip, report);
    put_trail(&slip, &report->trail);
    slip_rule(&slip, '-');
    slip_pair(&slip, 0, str_of(_("Entries")), buf_slice(&events));
    slip_pair(&slip, 0, str_of(_("Ledger code")), str_of(code));
}
