/*
 * cmd_operator.c - `operator add|list|remove|reset`: who may use the screen.
 *
 * A PIN comes as a line of standard input and never as an argument, which
 * others on the machine can read; a terminal shows nothing of it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/till/operators.h"

/* ---- the PIN ---- */

enum { PIN_ROOM = PIN_MAX + 2 }; /* one too many is noticed */

/* The rest of a longer line is read too and thrown away. */
static void read_line(char line[PIN_ROOM])
{
    size_t len = 0;
    char c;
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        if (c != '\r' && len < PIN_ROOM - 1)
            line[len++] = c;
    }
    line[len] = '\0';
}

/* Signals wait, and their keys are none, so that the echo comes back. */
static enum err read_unseen(struct cli *cli, char pin[PIN_ROOM])
{
    struct termios before, dark;
    sigset_t all, mask;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &mask);
    bool known = tcgetattr(STDIN_FILENO, &before) == 0;
    dark = before;
    if (known)
        dark.c_lflag &= (tcflag_t) ~(ECHO | ECHOE | ECHOK | ECHONL | ISIG);
    bool is_dark = known && tcsetattr(STDIN_FILENO, TCSAFLUSH, &dark) == 0;
    if (is_dark) {
        if (isatty(STDERR_FILENO))
            fputs(_("PIN: "), stderr);
        read_line(pin);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    sigprocmask(SIG_SETMASK, &mask, NULL);
    if (is_dark)
        return ERR_OK;
    cli->text = N_("this terminal would show the PIN");
    cli->remedy = N_("use another, or give the PIN through a pipe");
    return ERR_INVALID;
}

static enum err read_pin(struct cli *cli, char pin[PIN_ROOM])
{
    enum err e = ERR_OK;
    if (isatty(STDIN_FILENO))
        e = read_unseen(cli, pin);
    else
        read_line(pin);
    if (e || pin_valid(pin))
        return e;
    sodium_memzero(pin, PIN_ROOM);
    cli->text = N_("a PIN is 6 to 12 digits");
    cli->remedy = N_("give it as one line of standard input");
    return ERR_INVALID;
}

/* ---- words of the command line ---- */

static enum err read_number(struct cli *cli, int64_t *number)
{
    if (money_parse(str_of(cli->args[0]), number) == ERR_OK && *number >= 1 &&
        *number <= OPERATOR_MAX)
        return ERR_OK;
    return cli_fail(cli, ERR_USAGE, "%s: %s", cli->args[0],
                    _(cli_form("NUMBER")));
}

static enum err read_name(struct cli *cli, struct operator_entry *out)
{
    BUF(clean, MAX_TEXT);
    enum err e =
        text_clean(&clean, str_of(cli_option(cli, "name")), MAX_NAME_COLUMNS);
    if (e || clean.len >= sizeof(out->name))
        return cli_fail_option(cli, ERR_USAGE, "name");
    memcpy(out->name, buf_text(&clean), clean.len + 1);
    return ERR_OK;
}

static enum err read_role(struct cli *cli, enum role *out)
{
    const char *value = cli_option(cli, "role");
    if (!value)
        return ERR_OK;
    for (enum role r = ROLE_CASHIER; r <= ROLE_SUPERVISOR; r++) {
        if (strcmp(value, role_words[r]) == 0) {
            *out = r;
            return ERR_OK;
        }
    }
    return cli_fail_option(cli, ERR_USAGE, "role");
}

/* --language is already what this command itself speaks. */
static enum err read_speaks(struct cli *cli, char out[3])
{
    const char *value = cli_option(cli, "speaks");
    if (!value)
        return ERR_OK;
    if (strcmp(value, "vi") != 0 && strcmp(value, "en") != 0)
        return cli_fail_option(cli, ERR_USAGE, "speaks");
    memcpy(out, value, 3);
    return ERR_OK;
}

static enum err read_entry(struct cli *cli, struct operator_entry *out)
{
    enum err e = read_number(cli, &out->number);
    if (!e)
        e = read_name(cli, out);
    if (!e)
        e = read_role(cli, &out->role);
    return e ? e : read_speaks(cli, out->language);
}

/* ---- answering ---- */

static void put_member(struct json *j, const struct operators *ops,
                       const struct operator_entry *entry)
{
    int64_t wait_ms = operators_wait_ms(ops, entry->number);
    json_object(j, NULL);
    json_int(j, "number", entry->number);
    json_text(j, "name", entry->name);
    json_text(j, "role", role_words[entry->role]);
    json_text(j, "language", entry->language[0] ? entry->language : NULL);
    json_bool(j, "locked", wait_ms > 0);
    json_int(j, "locked_s", (wait_ms + 999) / 1000);
    json_end_object(j);
}

static void put_line(struct buf *out, const struct operators *ops,
                     const struct operator_entry *entry)
{
    static const char *const roles[] = { N_("cashier"), N_("supervisor") };
    struct slip slip = { out, SLIP_WIDE };
    int64_t wait_ms = operators_wait_ms(ops, entry->number);
    BUF(left, MAX_TEXT);
    BUF(right, MAX_TEXT);
    buf_printf(&left, "%3lld %s", (long long)entry->number, entry->name);
    buf_puts(&right, _(roles[entry->role]));
    if (wait_ms > 0)
        buf_printf(&right, _(", locked for %lld s"),
                   (long long)(wait_ms + 999) / 1000);
    slip_pair(&slip, 4, buf_slice(&left), buf_slice(&right));
}

static void put(struct cli *cli, const struct operators *ops, int64_t number)
{
    const struct operator_entry *entry = operators_find(ops, number);
    struct json j;
    if (cli->format == FORMAT_TEXT) {
        put_line(&cli->out, ops, entry);
        return;
    }
    json_begin(&j, &cli->out);
    put_member(&j, ops, entry);
    json_finish(&j);
}

/* ---- the commands ---- */

static enum err open_both(struct cli *cli, enum ledger_mode mode,
                          struct till *till, struct operators **ops)
{
    enum err e = pos_open(cli, mode, till);
    if (e)
        return e;
    e = pos_operators(cli, ops);
    if (e)
        till_close(till);
    return e;
}

/* What exactly was refused. */
static enum err refused(struct cli *cli, const struct operators *ops,
                        enum err e)
{
    if (e == ERR_INVALID && operators_count(ops) == 0) {
        cli->text = N_("the first operator must be a supervisor");
        cli->remedy = N_("add --role supervisor");
    } else if (e == ERR_INVALID) {
        cli->text = N_("somebody must stay supervisor");
        cli->remedy = N_("add another supervisor first");
    } else if (e == ERR_LIMIT) {
        cli->text = N_("there are 50 operators already");
        cli->remedy = N_("remove one: fair-pos operator remove NUMBER");
    }
    return e == ERR_NOT_FOUND || e == ERR_EXISTS
               ? cli_fail(cli, e, "%s", cli->args[0])
               : e;
}

static enum err add(struct cli *cli, const struct operator_entry *entry,
                    const char *pin)
{
    struct operators *ops;
    struct till till;
    enum err e = open_both(cli, LEDGER_WRITE, &till, &ops);
    if (e)
        return e;
    if (operators_count(ops) > 0 && operators_find(ops, entry->number))
        e = ERR_EXISTS;
    if (!e)
        e = operators_put(ops, &till, entry, pin, 0);
    if (e)
        e = refused(cli, ops, e);
    else
        put(cli, ops, entry->number);
    operators_close(ops);
    till_close(&till);
    return e;
}

enum err pos_operator_add(struct cli *cli)
{
    struct operator_entry entry = { .role = ROLE_CASHIER };
    char pin[PIN_ROOM] = "";
    enum err e = read_entry(cli, &entry);
    if (!e)
        e = read_pin(cli, pin);
    if (!e)
        e = add(cli, &entry, pin);
    sodium_memzero(pin, sizeof(pin));
    return e;
}

static void put_all_json(struct cli *cli, const struct operators *ops)
{
    struct json j;
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_array(&j, "operators");
    for (int i = 0; i < operators_count(ops); i++)
        put_member(&j, ops, operators_at(ops, i));
    json_end_array(&j);
    json_end_object(&j);
    json_finish(&j);
}

static void put_all_text(struct cli *cli, const struct operators *ops)
{
    for (int i = 0; i < operators_count(ops); i++)
        put_line(&cli->out, ops, operators_at(ops, i));
    if (operators_count(ops) == 0)
        cli_note(cli, "%s", _("nobody yet: the screen asks for no PIN"));
}

enum err pos_operator_list(struct cli *cli)
{
    struct operators *ops;
    struct till till;
    enum err e = open_both(cli, LEDGER_READ, &till, &ops);
    if (e)
        return e;
    if (cli->format == FORMAT_JSON)
        put_all_json(cli, ops);
    else
        put_all_text(cli, ops);
    operators_close(ops);
    till_close(&till);
    return ERR_OK;
}

enum err pos_operator_remove(struct cli *cli)
{
    struct operators *ops;
    struct till till;
    struct json j;
    int64_t number;
    enum err e = read_number(cli, &number);
    if (!e)
        e = open_both(cli, LEDGER_WRITE, &till, &ops);
    if (e)
        return e;
    e = operators_remove(ops, &till, number, 0);
    if (e)
        e = refused(cli, ops, e);
    if (!e && cli->format == FORMAT_JSON) {
        json_begin(&j, &cli->out);
        json_object(&j, NULL);
        json_int(&j, "number", number);
        json_end_object(&j);
        json_finish(&j);
    }
    operators_close(ops);
    till_close(&till);
    return e;
}

/* A file nobody can read any more begins anew with this one supervisor. */
static enum err open_or_anew(struct cli *cli, int64_t number,
                             struct operators **ops,
                             struct operator_entry *entry)
{
    enum err e = operators_open(cli->data, ops);
    if (e == ERR_CORRUPT) {
        *ops = operators_anew(cli->data);
        *entry = (struct operator_entry){ .number = number,
                                          .role = ROLE_SUPERVISOR };
        snprintf(entry->name, sizeof(entry->name), "%lld", (long long)number);
        cli_note(cli, "%s",
                 _("the file of operators was damaged: add the others again"));
        return ERR_OK;
    }
    if (e)
        return e;
    const struct operator_entry *found =
        operators_count(*ops) > 0 ? operators_find(*ops, number) : NULL;
    if (found)
        *entry = *found;
    else
        operators_close(*ops);
    return found ? ERR_OK : cli_fail(cli, ERR_NOT_FOUND, "%s", cli->args[0]);
}

static enum err reset(struct cli *cli, int64_t number, const char *pin)
{
    struct operators *ops;
    struct operator_entry entry;
    struct till till;
    enum err e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = open_or_anew(cli, number, &ops, &entry);
    if (!e) {
        e = operators_put(ops, &till, &entry, pin, 0);
        if (!e)
            put(cli, ops, number);
        operators_close(ops);
    }
    till_close(&till);
    return e;
}

enum err pos_operator_reset(struct cli *cli)
{
    int64_t number;
    char pin[PIN_ROOM] = "";
    enum err e = read_number(cli, &number);
    if (!e)
        e = read_pin(cli, pin);
    if (!e)
        e = reset(cli, number, pin);
    sodium_memzero(pin, sizeof(pin));
    return e;
}
