/*
 * cmd_refund.c - `refund` and `void`.
 */
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"

static void put_json(const struct till *till, const struct refunded *r,
                     struct buf *out)
{
    struct json j;
    BUF(number, MAX_TEXT);
    till_receipt_number(till, r->seq, &number);
    json_begin(&j, out);
    json_object(&j, NULL);
    json_str(&j, "receipt", buf_slice(&number));
    json_int(&j, "refund_vnd", r->refund_vnd);
    json_int(&j, "remaining_vnd", r->remaining_vnd);
    if (r->repeated)
        json_bool(&j, "repeated", true);
    json_end_object(&j);
    json_finish(&j);
}

static void put(struct cli *cli, struct till *till, const struct refunded *r)
{
    if (cli->format == FORMAT_JSON) {
        put_json(till, r, &cli->out);
        return;
    }
    if (r->repeated)
        cli_note(cli, "%s", _("this basket was recorded before"));
    pos_slip_of(cli, till, r->seq, r->repeated);
}

/* What exactly was refused of receipt `of`. */
static enum err refused(struct cli *cli, struct till *till, int64_t of,
                        enum err e)
{
    BUF(amount, 64);
    struct remaining left;
    if (e == ERR_ITEM) {
        cli->text = N_("this is not on the receipt");
        cli->remedy = N_("see what is: fair-pos receipt RECEIPT");
    }
    if (e == ERR_RECEIPT)
        return cli_fail(cli, e, "%s", cli->args[0]);
    if (e == ERR_EXISTS)
        return cli_fail(cli, e, "--basket %s", cli_option(cli, "basket"));
    if (e != ERR_REFUNDED || refund_remaining(till, of, &left) != ERR_OK)
        return e;
    money_render(&amount, left.total_vnd);
    return cli_fail(cli, e, _("%s remains"), buf_text(&amount));
}

enum err pos_refund(struct cli *cli)
{
    struct refund_item items[MAX_LINES];
    struct refund refund = { .items = items };
    struct till till;
    struct refunded done;
    int columns;
    enum err e = pos_items(cli, 1, items, &refund.n_items);
    if (!e)
        e = pos_transfer(cli, &refund.transfer);
    if (!e)
        e = pos_basket(cli, &refund.basket);
    if (!e)
        e = pos_operator(cli, &refund.op);
    if (!e)
        e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = pos_receipt_seq(cli, &till, &refund.of);
    if (!e)
        e = refund_commit(&till, &refund, &done);
    if (e)
        e = refused(cli, &till, refund.of, e);
    else
        put(cli, &till, &done);
    till_close(&till);
    return e;
}

enum err pos_void(struct cli *cli)
{
    int64_t seq, op = 0;
    struct till till;
    struct refunded done;
    int columns;
    enum err e = pos_operator(cli, &op);
    if (!e)
        e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = pos_receipt_seq(cli, &till, &seq);
    if (!e)
        e = void_commit(&till, seq, STR(""), op, &done);
    if (e == ERR_REFUNDED) {
        cli->text = N_("some of this sale was given back already");
        cli->remedy = N_("give back the rest with `refund`");
    }
    if (e == ERR_RECEIPT)
        e = cli_fail(cli, e, "%s", cli->args[0]);
    if (!e)
        put(cli, &till, &done);
    till_close(&till);
    return e;
}
