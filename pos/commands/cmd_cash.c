/*
 * cmd_cash.c - `cash in` and `cash out`: money that comes into the drawer or
 * leaves it otherwise than by a sale.
 */
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/till/shift.h"

struct moved {
    int64_t seq, amount_vnd; /* < 0: taken out */
    bool known;              /* what is expected now */
    int64_t expected_vnd;
};

static void put(struct cli *cli, const struct moved *moved)
{
    struct slip slip = { &cli->out, SLIP_WIDE };
    struct json j;
    int64_t vnd = moved->amount_vnd;
    if (cli->format == FORMAT_JSON) {
        json_begin(&j, &cli->out);
        json_object(&j, NULL);
        json_int(&j, "seq", moved->seq);
        json_int(&j, "amount_vnd", vnd);
        if (moved->known)
            json_int(&j, "cash_expected_vnd", moved->expected_vnd);
        json_end_object(&j);
        json_finish(&j);
        return;
    }
    slip_money(&slip, vnd > 0 ? _("Put in") : _("Taken out"),
               vnd > 0 ? vnd : -vnd);
    if (moved->known)
        slip_money(&slip, _("Cash expected now"), moved->expected_vnd);
}

/* What exactly was refused. */
static enum err refused(struct cli *cli, struct till *till, enum err e)
{
    BUF(amount, 64);
    struct shift_report x;
    if (e != ERR_LIMIT || shift_report(till, false, &x) != ERR_OK)
        return e;
    cli->text = N_("there is not so much cash in the drawer");
    cli->remedy = N_("count it; put in what is missing with `cash in`");
    money_render(&amount, x.cash_expected_vnd);
    return cli_fail(cli, e, _("%s expected"), buf_text(&amount));
}

/* It is recorded, whatever can be read now. */
static void answer(struct cli *cli, struct till *till, struct moved *moved)
{
    struct shift_report x;
    moved->known =
        till_ready(till) == ERR_OK && shift_report(till, false, &x) == ERR_OK;
    if (moved->known)
        moved->expected_vnd = x.cash_expected_vnd;
    put(cli, moved);
}

static enum err move(struct cli *cli, int sign)
{
    struct moved moved = { 0 };
    struct till till;
    int64_t op = 0;
    BUF(reason, MAX_TEXT);
    if (money_parse(str_of(cli->args[0]), &moved.amount_vnd) != ERR_OK ||
        moved.amount_vnd == 0)
        return cli_fail(cli, ERR_USAGE, "%s: %s", cli->args[0],
                        _(cli_form("AMOUNT")));
    moved.amount_vnd *= sign;
    enum err e = pos_reason(cli, &reason);
    if (!e)
        e = pos_operator(cli, &op);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = trail_cash(&till, moved.amount_vnd, buf_slice(&reason), op, &moved.seq);
    if (e)
        e = refused(cli, &till, e);
    else
        answer(cli, &till, &moved);
    till_close(&till);
    return e;
}

enum err pos_cash_in(struct cli *cli)
{
    return move(cli, 1);
}

enum err pos_cash_out(struct cli *cli)
{
    return move(cli, -1);
}
