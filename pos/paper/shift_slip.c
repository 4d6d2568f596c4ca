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

static void put_cash(struct slip *slip, const struct shift_report *report)
{
    int64_t float_vnd = report->shift.float_vnd;
    int64_t sold = report->by_method[0].vnd;
    slip_rule(slip, '-');
    slip_money(slip, _("Float"), float_vnd);
    slip_money(slip, _("Cash from sales, less cash given back"), sold);
    slip_money(slip, _("Put in and taken out"),
               report->cash_expected_vnd - float_vnd - sold);
    slip_money(slip, _("CASH EXPECTED"), report->cash_expected_vnd);
    if (report->shift.open)
        return;
    slip_money(slip, _("Cash counted"), report->counted_vnd);
    slip_money(slip, _("Difference"), report->difference_vnd);
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
    slip_rule(&slip, '-');
    slip_pair(&slip, 0, str_of(_("Entries")), buf_slice(&events));
    slip_pair(&slip, 0, str_of(_("Ledger code")), str_of(code));
}
