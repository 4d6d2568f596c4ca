/*
 * cmd.c - opening the till for a command, and reading its words.
 */
#include "pos/commands/cmd.h"

#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/paper/receipt.h"
#include "pos/till/operators.h"
#include "pos/till/trail.h"

enum err pos_open(struct cli *cli, enum ledger_mode mode, struct till *out)
{
    BUF(who, MAX_TEXT);
    buf_printf(&who, "%s %s", cli->program->name, cli->command->words);
    buf_clear(&cli->detail);
    return till_open(cli->data, mode, buf_text(&who), &cli->detail, out);
}

enum err pos_no_lists(struct cli *cli, const struct till *till)
{
    struct inbox *inbox = NULL;
    BUF(why, MAX_TEXT);
    enum err e = ERR_OK;
    if (!till->inbox)
        e = inbox_open(till->dir, INBOX_READ, till->who, &why, &inbox);
    inbox_close(inbox);
    if (e != ERR_OK && e != ERR_NOT_SET_UP)
        return cli_fail(cli, e, "%s", buf_text(&why));
    return cli_fail(cli, ERR_NOT_SET_UP, "%s",
                    _("there are no lists yet: run `fair-sync once`"));
}

enum err pos_operators(struct cli *cli, struct operators **out)
{
    enum err e = operators_open(cli->data, out);
    if (e == ERR_CORRUPT) {
        cli->text = N_("the file of operators is damaged");
        cli->remedy = N_("begin it anew: fair-pos operator reset NUMBER");
    }
    return e;
}

enum err pos_amount(struct cli *cli, const char *option, int64_t *vnd)
{
    const char *value = cli_option(cli, option);
    if (!value || money_parse(str_of(value), vnd) == ERR_OK)
        return ERR_OK;
    return cli_fail_option(cli, ERR_USAGE, option);
}

enum err pos_day(struct cli *cli, const char *option, int *day)
{
    const char *value = cli_option(cli, option);
    if (!value || day_parse(str_of(value), day) == ERR_OK)
        return ERR_OK;
    return cli_fail_option(cli, ERR_USAGE, option);
}

enum err pos_time(struct cli *cli, const char *option, int64_t *ms)
{
    const char *value = cli_option(cli, option);
    int64_t at;
    if (!value)
        return ERR_OK;
    /* An event says 0 for "when it was entered". */
    if (time_parse(str_of(value), &at) != ERR_OK || at <= 0)
        return cli_fail_option(cli, ERR_USAGE, option);
    *ms = at;
    return ERR_OK;
}

enum err pos_operator(struct cli *cli, int64_t *op)
{
    const char *value = cli_option(cli, "operator");
    int64_t n;
    if (!value)
        return ERR_OK;
    if (money_parse(str_of(value), &n) != ERR_OK || n > OPERATOR_MAX)
        return cli_fail_option(cli, ERR_USAGE, "operator");
    *op = n;
    return ERR_OK;
}

enum err pos_columns(struct cli *cli, int *columns)
{
    const char *value = cli_option(cli, "columns");
    if (!value)
        return ERR_OK;
    bool narrow = strcmp(value, "32") == 0;
    if (!narrow && strcmp(value, "48") != 0)
        return cli_fail_option(cli, ERR_USAGE, "columns");
    *columns = narrow ? SLIP_NARROW : SLIP_WIDE;
    return ERR_OK;
}

enum err pos_transfer(struct cli *cli, struct str *reference)
{
    const char *value = cli_option(cli, "transfer");
    if (!value)
        return ERR_OK;
    if (!id_reference(str_of(value)))
        return cli_fail_option(cli, ERR_USAGE, "transfer");
    *reference = str_of(value);
    return ERR_OK;
}

enum err pos_basket(struct cli *cli, struct str *basket)
{
    const char *value = cli_option(cli, "basket");
    if (!value)
        return ERR_OK;
    if (!id_basket(str_of(value)))
        return cli_fail_option(cli, ERR_USAGE, "basket");
    *basket = str_of(value);
    return ERR_OK;
}

enum err pos_reason(struct cli *cli, struct buf *out)
{
    const char *value = cli_option(cli, "reason");
    BUF(clean, MAX_TEXT);
    if (!value)
        return ERR_OK;
    if (text_clean(&clean, str_of(value), MAX_NAME_COLUMNS) != ERR_OK ||
        reason_check(buf_slice(&clean)) != ERR_OK)
        return cli_fail_option(cli, ERR_USAGE, "reason");
    buf_str(out, buf_slice(&clean));
    return ERR_OK;
}

static enum err item_parse(struct str word, struct refund_item *item)
{
    const char *star = memchr(word.data, '*', word.len);
    int64_t milli = 1000;
    if (star) {
        struct str qty = { word.data, (size_t)(star - word.data) };
        word = (struct str){ star + 1, word.len - qty.len - 1 };
        if (qty_parse(qty, &milli) != ERR_OK)
            return ERR_USAGE;
    }
    if (word.len == 0)
        return ERR_USAGE;
    *item = (struct refund_item){ word, milli };
    return ERR_OK;
}

enum err pos_items(struct cli *cli, int first, struct refund_item *items,
                   int *n)
{
    if (cli->n_args - first > MAX_LINES)
        return cli_fail(cli, ERR_LIMIT, "%s", _("too many items"));
    for (int i = first; i < cli->n_args; i++) {
        if (item_parse(str_of(cli->args[i]), &items[i - first]) != ERR_OK)
            return cli_fail(cli, ERR_USAGE, "%s: %s", cli->args[i],
                            _(cli_form("ITEM…")));
    }
    *n = cli->n_args - first;
    return ERR_OK;
}

enum err pos_receipt_seq(struct cli *cli, struct till *till, int64_t *seq)
{
    enum err e = till_receipt(till, str_of(cli->args[0]), seq);
    return e ? cli_fail(cli, e, "%s", cli->args[0]) : ERR_OK;
}

enum err pos_slip(struct cli *cli, struct till *till, int64_t seq, bool copy)
{
    int columns = SLIP_WIDE;
    enum err e = pos_columns(cli, &columns);
    return e ? e : receipt_render(till, seq, columns, copy, &cli->out);
}

void pos_slip_of(struct cli *cli, struct till *till, int64_t seq, bool copy)
{
    size_t before = cli->out.len;
    if (pos_slip(cli, till, seq, copy) == ERR_OK)
        return;
    cli->out.len = before;
    BUF(number, MAX_TEXT);
    till_receipt_number(till, seq, &number);
    buf_str(&cli->out, buf_slice(&number));
    buf_putc(&cli->out, '\n');
    cli_note(cli, "%s", _("recorded, but the slip cannot be shown"));
}
