/*
 * cli_help.c - what a person reads about a program's commands, all from the
 * table: usage lines, --help, and the Markdown list of the README.
 */
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "sync/core/cli_parts.h"

enum { INDENT = 2, LEFT_COLUMNS = 28, MAX_LEFT = 1024 };

/* ---- what values look like ---- */

static const struct form {
    const char *arg, *text;
} forms[] = {
    { "AMOUNT", N_("whole đồng, digits only: 180000") },
    { "DATE", N_("year-month-day: 2027-02-01") },
    { "TIME", N_("2027-02-01T18:30, not in the future") },
    { "HH:MM", N_("hours and minutes: 21:30") },
    { "ITEM…", N_("code, sku or barcode, QTY* before it: 0.385*12") },
    { "REF", N_("the bank's reference: at most 25 of A-Z and 0-9") },
    { "ID", N_("at most 40 of A-Z a-z 0-9 . _ -") },
    { "N", N_("a whole number, not too large") },
    { "32|48", N_("32 or 48") },
    { "TEXT", N_("one line of at most 80 columns") },
    { "NUMBER", N_("a whole number from 1 to 999") },
    { "cashier|supervisor", N_("cashier or supervisor") },
    { "vi|en", N_("vi or en") },
};

const char *cli_form(const char *arg)
{
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        size_t len = strlen(forms[i].arg);
        if (strncmp(arg, forms[i].arg, len) == 0 && strchr(",", arg[len]))
            return forms[i].text; /* "DATE" or "DATE,…" */
    }
    return NULL;
}

/* ---- lines ---- */

/* "--cash AMOUNT" */
static void put_option(struct buf *out, const struct cli_option *o)
{
    buf_printf(out, "--%s%s%s", o->name, o->arg ? " " : "",
               o->arg ? o->arg : "");
}

/* "sell ITEM… [--cash AMOUNT] …", options in the order of the table. */
static void put_call(struct buf *out, const struct cli_command *c)
{
    buf_puts(out, c->words);
    if (c->args[0])
        buf_printf(out, "%s%s", out->len > 0 ? " " : "", c->args);
    for (const struct cli_option *o = c->options; o && o->name; o++) {
        buf_puts(out, o->required ? " " : " [");
        put_option(out, o);
        buf_puts(out, o->required ? "" : "]");
    }
}

/* Does the command begin with this word? With any, when there is none. */
static bool in_group(const struct cli_command *c, const char *group)
{
    size_t len = group ? strlen(group) : 0;
    return len == 0 ||
           (strncmp(c->words, group, len) == 0 && c->words[len] == ' ');
}

static void put_usage(struct buf *out, const struct cli_program *program,
                      const char *call)
{
    buf_printf(out, _("usage: %s %s"), program->name, call);
    buf_putc(out, '\n');
}

static void group_usage(const struct cli *cli, struct buf *out)
{
    const struct cli_command *c = cli->program->commands;
    for (; c->words; c++) {
        BUF(call, MAX_TEXT);
        put_call(&call, c);
        if (in_group(c, cli->group))
            put_usage(out, cli->program, buf_text(&call));
    }
}

void cli_usage(const struct cli *cli, struct buf *out)
{
    BUF(call, MAX_TEXT);
    if (cli->group) {
        group_usage(cli, out);
        return;
    }
    if (cli->command)
        put_call(&call, cli->command);
    else
        buf_puts(&call, _("[--data DIR] [--format text|json] COMMAND ..."));
    put_usage(out, cli->program, buf_text(&call));
}

/* Two columns; where the left one is too wide the help has its own line. */
static void put_row(struct buf *out, struct str left, const char *help)
{
    buf_printf(out, "%*s", INDENT, "");
    if (text_width(left) < LEFT_COLUMNS) {
        text_pad(out, left, LEFT_COLUMNS);
    } else {
        buf_str(out, left);
        buf_printf(out, "\n%*s", INDENT + LEFT_COLUMNS, "");
    }
    buf_printf(out, "%s\n", _(help));
}

static void put_option_rows(struct buf *out, const struct cli_option *options)
{
    for (; options && options->name; options++) {
        BUF(left, MAX_LEFT);
        put_option(&left, options);
        put_row(out, buf_slice(&left), options->help);
    }
}

/* Is `word` one of the words, arguments or values of the call? */
static bool has_word(const char *call, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(call, word); at; at = strstr(at + 1, word)) {
        if (at > call && strchr(" [", at[-1]) && strchr(" ],", at[len]))
            return true;
    }
    return false;
}

static void put_forms(struct buf *out, const struct cli_command *c)
{
    BUF(call, MAX_TEXT);
    put_call(&call, c);
    bool any = false;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (!has_word(buf_text(&call), forms[i].arg))
            continue;
        if (!any)
            buf_printf(out, "\n%s\n", _("Values:"));
        any = true;
        put_row(out, str_of(forms[i].arg), forms[i].text);
    }
}

static void put_commands(struct buf *out, const struct cli_program *program,
                         const char *group)
{
    buf_printf(out, "\n%s\n", _("Commands:"));
    for (const struct cli_command *c = program->commands; c->words; c++) {
        BUF(left, MAX_LEFT);
        if (!in_group(c, group))
            continue;
        buf_puts(&left, c->words[0] ? c->words : program->name);
        if (c->args[0])
            buf_printf(&left, " %s", c->args);
        put_row(out, buf_slice(&left), c->help);
    }
    buf_printf(out, _("\nMore about one: %s COMMAND --help\n"), program->name);
}

void cli_help(const struct cli *cli, struct buf *out)
{
    const struct cli_program *program = cli->program;
    bool one = cli->command && cli->command->words[0];
    buf_printf(out, "%s %s - %s\n", program->name, program->version,
               _(one ? cli->command->help : program->about));
    struct cli whole = { .program = program };
    cli_usage(one ? cli : &whole, out);
    if (one) {
        if (cli->command->options)
            buf_printf(out, "\n%s\n", _("Options:"));
        put_option_rows(out, cli->command->options);
        put_forms(out, cli->command);
    } else {
        put_commands(out, program, cli->group);
    }
    buf_printf(out, "\n%s\n", _("Options of every command:"));
    put_option_rows(out, program->options);
    put_option_rows(out, cli_global_options);
}

/* In a table's cell a bar ends the cell, even inside backquotes. */
static void put_cell(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '|')
            buf_putc(out, '\\');
        buf_putc(out, s.data[i]);
    }
}

void cli_commands_markdown(const struct cli_program *program, struct buf *out)
{
    for (const struct cli_command *c = program->commands; c->words; c++) {
        BUF(call, MAX_TEXT);
        put_call(&call, c);
        buf_puts(out, "| `");
        put_cell(out, call.len > 0 ? buf_slice(&call) : str_of(program->name));
        buf_puts(out, "` | ");
        put_cell(out, str_of(c->help));
        buf_puts(out, " |\n");
    }
}

static enum err commands_run(struct cli *cli)
{
    cli_commands_markdown(cli->program, &cli->out);
    return ERR_OK;
}

const struct cli_command cli_commands_command = {
    .words = "commands",
    .args = "",
    .flags = CLI_NO_DATA,
    .help = N_("print this list as Markdown"),
    .run = commands_run,
};
