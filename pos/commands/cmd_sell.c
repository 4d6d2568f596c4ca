/*
 * cmd_sell.c - `sell`: one sale from the command line, exactly once.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/till/sale.h"

struct order { /* what the command line says */
    struct refund_item items[MAX_LINES];
    int n_items;
    struct payment payment;
    struct str basket; /* may be empty */
    int64_t op, late_ms;
};

/* ---- reading ---- */

static enum err read_payment(struct cli *cli, struct payment *p)
{
    bool transfer = cli_has(cli, "transfer");
    int ways = cli_has(cli, "cash") + transfer + cli_has(cli, "exact");
    if (ways != 1)
        return cli_fail(cli, ERR_USAGE, "%s",
                        _("give one of --cash, --transfer and --exact"));
    *p = (struct payment){ transfer ? "transfer" : "cash", -1, { NULL, 0 } };
    enum err e = pos_amount(cli, "cash", &p->amount_vnd);
    return e ? e : pos_transfer(cli, &p->reference);
}

static enum err read_order(struct cli *cli, struct order *order)
{
    enum err e = pos_items(cli, 0, order->items, &order->n_items);
    if (!e)
        e = read_payment(cli, &order->payment);
    if (!e)
        e = pos_operator(cli, &order->op);
    if (!e)
        e = pos_time(cli, "at", &order->late_ms);
    return e ? e : pos_basket(cli, &order->basket);
}

/* ---- selling ---- */

static enum err fill_cart(struct cli *cli, struct till *till,
                          const struct order *order, struct cart *cart)
{
    cart_init(cart);
    if (order->basket.len > 0)
        memcpy(cart->basket, order->basket.data, order->basket.len);
    if (!till->lists)
        return pos_no_lists(cli, till);
    for (int i = 0; i < order->n_items; i++) {
        const struct refund_item *item = &order->items[i];
        const struct product *p = lists_find(till->lists, item->word);
        enum err e = p ? cart_add(cart, p, item->milli) : ERR_ITEM;
        if (e)
            return cli_fail(cli, e, "%s", cli->args[i]);
    }
    return sale_begin(till, cart);
}

static enum err too_little(struct cli *cli, const struct cart *cart)
{
    int64_t total;
    BUF(amount, 64);
    if (cart_total(cart, &total) != ERR_OK)
        return ERR_TENDER;
    money_render(&amount, total);
    return cli_fail(cli, ERR_TENDER, _("the total is %s"), buf_text(&amount));
}

static enum err refused(struct cli *cli, const struct till *till,
                        const struct cart *cart)
{
    enum err why = ERR_OK;
    int i = sale_refused(till, cart, &why);
    ASSERT(i >= 0);
    return cli_fail(cli, why, "%s", cart->lines[i].name);
}

static enum err sell_once(struct cli *cli, struct till *till,
                          const struct order *order, struct sold *sold)
{
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sale sale = { cart, &order->payment, 1, order->op, order->late_ms };
    enum err e = fill_cart(cli, till, order, cart);
    if (!e)
        e = sale_commit(till, &sale, sold);
    if (e == ERR_TENDER)
        e = too_little(cli, cart);
    if (e == ERR_EXPIRED || e == ERR_NOT_ALLOWED)
        e = refused(cli, till, cart);
    free(cart);
    return e;
}

/* The basket first: what it holds counts no more once it was recorded, nor
 * does whether a shift is open. */
static enum err sell(struct cli *cli, struct till *till,
                     const struct order *order, struct sold *sold)
{
    enum err e = ERR_NOT_FOUND;
    if (order->basket.len > 0)
        e = sale_find(till, order->basket, sold);
    return e == ERR_NOT_FOUND ? sell_once(cli, till, order, sold) : e;
}

/* ---- answering ---- */

static void put_json(const struct till *till, const struct sold *sold,
                     struct buf *out)
{
    struct json j;
    BUF(number, MAX_TEXT);
    BUF(reference, MAX_TEXT);
    till_receipt_number(till, sold->seq, &number);
    till_payment_ref(till, str_of(sold->reference), &reference);
    json_begin(&j, out);
    json_object(&j, NULL);
    json_str(&j, "receipt", buf_slice(&number));
    json_str(&j, "payment_ref", buf_slice(&reference));
    json_int(&j, "seq", sold->seq);
    json_day(&j, "day", sold->day);
    json_int(&j, "total_vnd", sold->total_vnd);
    json_int(&j, "tendered_vnd", sold->tendered_vnd);
    json_int(&j, "change_vnd", sold->change_vnd);
    json_array(&j, "notes");
    for (const struct sale_note_name *n = sale_note_names; n->word; n++) {
        if (sold->notes & (int)n->note)
            json_text(&j, NULL, n->word);
    }
    json_end_array(&j);
    json_text(&j, "basket", sold->basket);
    if (sold->repeated)
        json_bool(&j, "repeated", true);
    json_end_object(&j);
    json_finish(&j);
}

static int put_line_notes(struct cli *cli, const struct till *till,
                          const struct line *line, int day)
{
    int notes = sale_line_notes(till, line, day);
    for (const struct sale_note_name *n = sale_note_names; n->word; n++) {
        if (notes & (int)n->note)
            cli_note(cli, "%.*s: %s", (int)line->name.len, line->name.data,
                     _(n->text));
    }
    return notes;
}

/* What is so of one line names its goods, the rest is so of the sale. */
static void put_notes(struct cli *cli, struct till *till,
                      const struct sold *sold)
{
    int rest = sold->notes;
    struct record *r = record_open();
    if (rest != 0 && till_record(till, sold->seq, r) == ERR_OK) {
        const struct body_sale *sale = &r->body.sale;
        for (int64_t i = 0; i < sale->n_lines; i++)
            rest &= ~put_line_notes(cli, till, &sale->lines[i], sold->day);
    }
    record_close(r);
    for (const struct sale_note_name *n = sale_note_names; n->word; n++) {
        if (rest & (int)n->note)
            cli_note(cli, "%s", _(n->text));
    }
}

static void put_text(struct cli *cli, struct till *till,
                     const struct sold *sold)
{
    put_notes(cli, till, sold);
    if (sold->repeated)
        cli_note(cli, "%s", _("this basket was recorded before"));
    pos_slip_of(cli, till, sold->seq, sold->repeated);
}

enum err pos_sell(struct cli *cli)
{
    struct order order = { 0 };
    struct till till;
    struct sold sold = { 0 };
    int columns;
    enum err e = read_order(cli, &order);
    if (!e)
        e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = sell(cli, &till, &order, &sold);
    if (!e && cli->format == FORMAT_JSON)
        put_json(&till, &sold, &cli->out);
    else if (!e)
        put_text(cli, &till, &sold);
    till_close(&till);
    return e;
}
