/*
 * payslip.c - a request to pay, for the customer's phone.
 */
#include "pos/paper/payslip.h"

#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/model/vietqr.h"
#include "pos/paper/receipt.h"
#include "pos/paper/slip.h"

enum err payslip_payload(const struct till *till, const struct payslip *pay,
                         struct buf *out)
{
    BUF(purpose, MAX_TEXT);
    till_payment_ref(till, pay->reference, &purpose);
    struct vietqr qr = { .bin = pay->bin,
                         .account = pay->account,
                         .amount_vnd = pay->vnd,
                         .purpose = buf_slice(&purpose) };
    return vietqr_make(&qr, out);
}

static void put_text(const struct till *till, const struct payslip *pay,
                     int columns, struct sheet *out)
{
    struct slip slip = { &out->text, columns };
    BUF(amount, 64);
    BUF(reference, MAX_TEXT);
    money_render(&amount, pay->vnd);
    buf_puts(&amount, " đ");
    till_payment_ref(till, pay->reference, &reference);
    receipt_head(out, columns, till);
    slip_center(&slip, str_of(_("PAY BY BANK TRANSFER")));
    slip_pair(&slip, 0, str_of(_("Bank (BIN)")), pay->bin);
    slip_pair(&slip, 0, str_of(_("Account")), pay->account);
    if (pay->holder.len > 0)
        slip_pair(&slip, 0, str_of(_("Holder")), pay->holder);
    slip_pair(&slip, 0, str_of(_("Payment reference")), buf_slice(&reference));
    sheet_large(out);
    slip_pair(&slip, 0, str_of(_("Amount")), buf_slice(&amount));
    receipt_words(out, columns, pay->vnd);
    slip_center(&slip, str_of(_("Not paid yet: no receipt")));
    receipt_practice(out, columns, till);
}

enum err payslip_render(const struct till *till, const struct payslip *pay,
                        int columns, struct sheet *out)
{
    enum err e = payslip_payload(till, pay, &out->qr);
    if (e)
        return e;
    put_text(till, pay, columns, out);
    buf_puts(&out->caption, _("Scan with the app of your bank"));
    sheet_finish(out);
    return ERR_OK;
}
