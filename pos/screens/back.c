/*
 * back.c - a cashier who is told only an amount takes it out of the drawer:
 * every amount has its way beside it.
 */
#include "pos/screens/back.h"

#include "fair/i18n.h"
#include "fair/money.h"

void back_words(const struct refunded *back, struct buf *out)
{
    static const char *const ways[BACK_WAYS] = {
        [BACK_CASH] = N_("in cash"),
        [BACK_TRANSFER] = N_("by transfer, not from the drawer"),
        [BACK_CARD] = N_("to the card, not from the drawer"),
        [BACK_VOUCHER] = N_("as a voucher, not from the drawer"),
    };
    const char *between = "";
    for (int way = 0; way < BACK_WAYS; way++) {
        BUF(amount, 64);
        /* Goods for nothing go back for nothing. */
        if (back->back_vnd[way] == 0 &&
            (way != BACK_CASH || back->refund_vnd != 0))
            continue;
        money_render(&amount, back->back_vnd[way]);
        buf_puts(out, between);
        buf_str(out, buf_slice(&amount));
        buf_puts(out, " đ ");
        buf_puts(out, _(ways[way]));
        between = "; ";
    }
}

bool back_of_void(struct app *app, int64_t seq, struct refunded *out)
{
    enum err e = void_check(&app->till, seq, out);
    if (e == ERR_REFUNDED)
        app_say(app, STYLE_ERROR, "%s",
                _("part of it was given back already – give the rest back "
                  "line by line"));
    else if (e)
        app_fail(app, e, NULL);
    return e == ERR_OK;
}
