/*
 * cmd_refund.c - `refund` and `void`.
 */
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/till/operators.h"

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

/* ---- why not ---- */

/* What exactly was refused of another till's receipt. */
static enum err refused_foreign(struct cli *cli, enum err e)
{
    if (e == ERR_RECEIPT) {
        cli->text = N_("this is a receipt of this very till");
        cli->remedy = N_("leave out --foreign");
    } else if (e == ERR_INVALID) {
        cli->text = N_("this is no receipt number");
        cli->remedy = N_("it looks like A1-2-15: booth, till, number");
    } else if (e == ERR_LIMIT) {
        cli->text = N_("that is more than the list's prices");
        cli->remedy = N_("leave out --paid to give back by the list");
        return e;
    } else if (e == ERR_EXISTS) {
        return cli_fail(cli, e, "--basket %s", cli_option(cli, "basket"));
    } else {
        return e;
    }
    return cli_fail(cli, e, "%s", cli->args[0]);
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

/* ---- refund ---- */

/* --foreign with all it needs, or nothing of it. */
static enum err read_foreign(struct cli *cli, struct refund *refund)
{
    if (!cli_has(cli, "foreign")) {
        if (cli_has(cli, "supervisor") || cli_has(cli, "paid"))
            return cli_fail(cli, ERR_USAGE, "%s",
                            _("--supervisor and --paid go with --foreign"));
        return ERR_OK;
    }
    const char *by = cli_option(cli, "supervisor");
    if (!by || refund->n_items == 0)
        return cli_fail(cli, ERR_USAGE, "%s",
                        _("--foreign needs --supervisor N and the items"));
    if (money_parse(str_of(by), &refund->by) != ERR_OK ||
        refund->by > OPERATOR_MAX)
        return cli_fail_option(cli, ERR_USAGE, "supervisor");
    refund->foreign = str_of(cli->args[0]);
    enum err e = pos_amount(cli, "paid", &refund->paid_vnd);
    return !e && cli_has(cli, "paid") && refund->paid_vnd == 0
               ? cli_fail_option(cli, ERR_USAGE, "paid")
               : e;
}

static enum err read_refund(struct cli *cli, struct refund *refund,
                            struct refund_item *items, struct buf *reason)
{
    int columns;
    refund->items = items;
    enum err e = pos_items(cli, 1, items, &refund->n_items);
    if (!e)
        e = read_foreign(cli, refund);
    if (!e)
        e = pos_transfer(cli, &refund->transfer);
    if (!e)
        e = pos_basket(cli, &refund->basket);
    if (!e)
        e = pos_operator(cli, &refund->op);
    if (!e)
        e = pos_reason(cli, reason);
    refund->reason = buf_slice(reason);
    return e ? e : pos_columns(cli, &columns);
}

/* On the command line nobody is asked for a PIN, but a supervisor it must
 * be. */
static enum err supervisor_check(struct cli *cli, int64_t number)
{
    struct operators *ops;
    enum err e = operators_open(cli->data, &ops);
    if (e)
        return e;
    const struct operator_entry *by = operators_find(ops, number);
    if (!by || by->role != ROLE_SUPERVISOR)
        e = cli_fail(cli, ERR_NOT_MAY, "--supervisor %lld", (long long)number);
    operators_close(ops);
    return e;
}

static enum err give_back(struct cli *cli, struct till *till,
                          struct refund *refund, struct refunded *done)
{
    bool foreign = refund->foreign.len > 0;
    enum err e = foreign ? supervisor_check(cli, refund->by)
                         : pos_receipt_seq(cli, till, &refund->of);
    if (e)
        return e;
    e = refund_commit(till, refund, done);
    if (!e)
        return ERR_OK;
    return foreign ? refused_foreign(cli, e)
                   : refused(cli, till, refund->of, e);
}

enum err pos_refund(struct cli *cli)
{
    struct refund_item items[MAX_LINES];
    struct refund refund = { 0 };
    struct till till;
    struct refunded done = { 0 };
    BUF(reason, MAX_TEXT);
    enum err e = read_refund(cli, &refund, items, &reason);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = give_back(cli, &till, &refund, &done);
    if (!e)
        put(cli, &till, &done);
    till_close(&till);
    return e;
}

/* ---- void ---- */

enum err pos_void(struct cli *cli)
{
    int64_t seq, op = 0;
    struct till till;
    struct refunded done = { 0 };
    int columns;
    BUF(reason, MAX_TEXT);
    enum err e = pos_operator(cli, &op);
    if (!e)
        e = pos_reason(cli, &reason);
    if (!e)
        e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = pos_receipt_seq(cli, &till, &seq);
    if (!e)
        e = void_commit(&till, seq, buf_slice(&reason), op, &done);
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
