/*
 * receipt.c - a slip, from its event alone.
 *
 * Promise: the slip says what the ledger says; printing it again gives the
 * same words but for the mark of a copy and what has been given back since.
 * Changes nothing and decides nothing.
 */
#include "pos/paper/receipt.h"

#include <string.h>

#include "fair/chain.h"
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/model/words.h"
#include "pos/paper/shift_slip.h"
#include "pos/paper/slip.h"
#include "pos/till/refund.h"

/* What sale, void and refund slips have in common. */
struct content {
    const char *title; /* English message id */
    const char *total;
    const struct line *lines;
    int64_t n_lines;
    const struct tender *tenders;
    int64_t n_tenders;
    int64_t total_vnd, change_vnd;
    int64_t of;         /* the sale it takes back, or 0 */
    struct str foreign; /* … of another till, or empty */
    struct str reference;
};

static bool content_of(const struct record *r, struct content *c)
{
    const union body *b = &r->body;
    if (r->event.kind == EV_SALE)
        *c = (struct content){ .title = N_("SALES SLIP"),
                               .total = N_("TOTAL"),
                               .lines = b->sale.lines,
                               .n_lines = b->sale.n_lines,
                               .tenders = b->sale.tenders,
                               .n_tenders = b->sale.n_tenders,
                               .total_vnd = b->sale.total_vnd,
                               .change_vnd = b->sale.change_vnd,
                               .reference = b->sale.reference };
    else if (r->event.kind == EV_REFUND)
        *c = (struct content){ .title = N_("REFUND SLIP"),
                               .total = N_("GIVEN BACK"),
                               .lines = b->refund.lines,
                               .n_lines = b->refund.n_lines,
                               .tenders = b->refund.tenders,
                               .n_tenders = b->refund.n_tenders,
                               .total_vnd = b->refund.total_vnd,
                               .of = b->refund.of,
                               .foreign = b->refund.foreign };
    else if (r->event.kind == EV_VOID)
        *c = (struct content){ .title = N_("VOID SLIP"),
                               .total = N_("GIVEN BACK"),
                               .lines = b->voided.lines,
                               .n_lines = b->voided.n_lines,
                               .tenders = b->voided.tenders,
                               .n_tenders = b->voided.n_tenders,
                               .total_vnd = b->voided.total_vnd,
                               .of = b->voided.of };
    else
        return false;
    return true;
}

static bool moves_cash(const struct content *c)
{
    for (int64_t i = 0; i < c->n_tenders; i++) {
        if (str_is(c->tenders[i].method, "cash"))
            return true;
    }
    return false;
}

/* ---- parts of a slip, from top to bottom ---- */

static struct slip slip_of(struct sheet *sheet, int columns)
{
    return (struct slip){ &sheet->text, columns };
}

void receipt_practice(struct sheet *sheet, int columns, const struct till *till)
{
    struct slip slip = slip_of(sheet, columns);
    if (!till->practice)
        return;
    sheet_large(sheet);
    slip_center(&slip, str_of(_("PRACTICE - NOT A SALE")));
}

void receipt_head(struct sheet *sheet, int columns, const struct till *till)
{
    const struct admission *a = &ledger_state(till->ledger)->admission;
    struct slip slip = slip_of(sheet, columns);
    BUF(booth, MAX_TEXT);
    receipt_practice(sheet, columns, till);
    buf_str(&booth, a->booth);
    buf_puts(&booth, " · ");
    buf_str(&booth, a->booth_name);
    slip_center(&slip, a->name);
    slip_center(&slip, buf_slice(&booth));
    slip_rule(&slip, '=');
}

void receipt_words(struct sheet *sheet, int columns, int64_t vnd)
{
    struct slip slip = slip_of(sheet, columns);
    BUF(words, MAX_TEXT);
    if (strcmp(i18n_language(), "vi") != 0)
        return;
    buf_printf(&words, "%s: ", _("In words"));
    words_vnd_capital(&words, vnd);
    slip_text(&slip, buf_slice(&words));
}

static void put_number(struct slip *slip, const struct till *till,
                       const char *label, int64_t seq)
{
    BUF(number, MAX_TEXT);
    till_receipt_number(till, seq, &number);
    slip_pair(slip, 0, str_of(label), buf_slice(&number));
}

static void put_when(struct slip *slip, const struct event *e)
{
    BUF(when, MAX_TEXT);
    BUF(op, 32);
    int64_t ms = event_time_ms(e);
    day_render_people(&when, day_of_ms(ms));
    buf_putc(&when, ' ');
    clock_render(&when, ms);
    buf_printf(&op, "%02lld", (long long)e->op);
    slip_pair(slip, 0, str_of(_("Time")), buf_slice(&when));
    slip_pair(slip, 0, str_of(_("Operator")), buf_slice(&op));
    if (e->late_ms != 0)
        slip_text(slip, str_of(_("Entered afterwards")));
}

static void put_line(struct slip *slip, const struct line *l)
{
    BUF(count, MAX_TEXT);
    BUF(amount, 64);
    int64_t discount = l->more.discount_vnd;
    qty_render(&count, l->milli);
    buf_puts(&count, l->unit.len > 0 ? " " : "");
    buf_str(&count, l->unit);
    buf_puts(&count, " × ");
    money_render(&count, l->price_vnd);
    money_render(&amount, l->amount_vnd + discount);
    slip_text(slip, l->name);
    slip_pair(slip, 2, buf_slice(&count), buf_slice(&amount));
    if (discount != 0) {
        buf_clear(&amount);
        money_render(&amount, -discount);
        slip_pair(slip, 2, str_of(_("Discount")), buf_slice(&amount));
    }
    if (l->more.unlisted)
        slip_pair(slip, 2, str_of(_("Not on the fair's list")), STR(""));
    if (l->more.stamp.len > 0)
        slip_pair(slip, 2, str_of(_("Stamp")), l->more.stamp);
}

static void put_total(struct sheet *sheet, int columns, const struct content *c)
{
    struct slip slip = slip_of(sheet, columns);
    BUF(total, 64);
    money_render(&total, c->total_vnd);
    buf_puts(&total, " đ");
    sheet_large(sheet);
    slip_pair(&slip, 0, str_of(_(c->total)), buf_slice(&total));
    receipt_words(sheet, columns, c->total_vnd);
}

static void put_tenders(struct slip *slip, const struct content *c)
{
    for (int64_t i = 0; i < c->n_tenders; i++) {
        const struct tender *t = &c->tenders[i];
        BUF(label, MAX_TEXT);
        buf_puts(&label, tender_name(t->method));
        if (t->reference.len > 0) {
            buf_putc(&label, ' ');
            buf_str(&label, t->reference);
        }
        slip_money(slip, buf_text(&label), t->amount_vnd);
    }
    if (c->change_vnd > 0)
        slip_money(slip, _("Change"), c->change_vnd);
}

void receipt_code(const struct record *r, char out[10])
{
    chain_short(r->hash, out);
}

static void put_foot(struct slip *slip, const struct till *till,
                     const struct content *c, const char *code)
{
    BUF(reference, MAX_TEXT);
    slip_rule(slip, '-');
    if (c->reference.len > 0) {
        till_payment_ref(till, c->reference, &reference);
        slip_pair(slip, 0, str_of(_("Payment reference")),
                  buf_slice(&reference));
    }
    slip_pair(slip, 0, str_of(_("Ledger code")), str_of(code));
    slip_center(slip, str_of(_("Not a VAT invoice")));
    slip_center(slip, str_of(_("Slip numbers have gaps: other entries of the "
                               "till are numbered too")));
    slip_center(slip, str_of(_("Thank you!")));
}

/* A copy also says what has become of the sale since. */
static enum err put_rest(struct slip *slip, struct till *till, int64_t seq)
{
    struct remaining left;
    enum err e = refund_remaining(till, seq, &left);
    if (e)
        return e;
    if (left.voided)
        slip_center(slip, str_of(_("VOIDED")));
    else if (left.touched)
        slip_money(slip, _("Can still be given back"), left.total_vnd);
    return ERR_OK;
}

static void put_title(struct sheet *sheet, int columns, const struct content *c,
                      bool copy)
{
    struct slip slip = slip_of(sheet, columns);
    sheet_large(sheet);
    slip_center(&slip, str_of(_(c->title)));
    if (copy)
        slip_center(&slip, str_of(_("COPY")));
}

static void put_origin(struct slip *slip, const struct till *till,
                       const struct content *c, const struct event *e)
{
    put_number(slip, till, _("Number"), e->seq);
    if (c->of != 0)
        put_number(slip, till, _("For receipt"), c->of);
    if (c->foreign.len > 0)
        slip_pair(slip, 0, str_of(_("For receipt")), c->foreign);
    put_when(slip, e);
}

static enum err put_slip(struct sheet *sheet, int columns, struct till *till,
                         const struct record *r, bool copy)
{
    struct slip slip = slip_of(sheet, columns);
    struct content c;
    char code[10];
    enum err e = ERR_OK;
    if (!content_of(r, &c))
        return ERR_RECEIPT;
    receipt_code(r, code);
    receipt_head(sheet, columns, till);
    put_title(sheet, columns, &c, copy);
    put_origin(&slip, till, &c, &r->event);
    slip_rule(&slip, '-');
    for (int64_t i = 0; i < c.n_lines; i++)
        put_line(&slip, &c.lines[i]);
    slip_rule(&slip, '-');
    put_total(sheet, columns, &c);
    put_tenders(&slip, &c);
    if (copy && r->event.kind == EV_SALE)
        e = put_rest(&slip, till, r->event.seq);
    put_foot(&slip, till, &c, code);
    receipt_practice(sheet, columns, till);
    sheet->job.drawer = !copy && moves_cash(&c);
    return e;
}

enum err receipt_job(struct till *till, int64_t seq, int columns, bool copy,
                     struct sheet *out)
{
    struct record *r = record_open();
    enum err e = till_record(till, seq, r);
    if (e == ERR_NOT_FOUND)
        e = ERR_RECEIPT;
    if (!e)
        e = put_slip(out, columns, till, r, copy);
    record_close(r);
    sheet_finish(out);
    return e;
}

enum err receipt_render(struct till *till, int64_t seq, int columns, bool copy,
                        struct buf *out)
{
    struct sheet sheet;
    sheet_init(&sheet);
    enum err e = receipt_job(till, seq, columns, copy, &sheet);
    if (!e)
        buf_str(out, sheet.job.text);
    sheet_done(&sheet);
    return e;
}
