/*
 * cli_help.c - what a person reads about a program's commands, all from the
 * table: usage lines, --help, and the Markdown list of the README.
 */
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "sync/core/cli_parts.h"

enum { INDENT = 2, LEFT_COLUMNS = 28, MAX_LEFT = 1024 };

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

void cli_usage(const struct cli *cli, struct buf *out)
{
    BUF(call, MAX_TEXT);
    if (cli->command)
        put_call(&call, cli->command);
    else
        buf_puts(&call, _("[--data DIR] [--format text|json] COMMAND ..."));
    buf_printf(out, _("usage: %s %s"), cli->program->name, buf_text(&call));
    buf_putc(out, '\n');
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

static void put_options(struct buf *out, const char *title,
                        const struct cli_option *options)
{
    if (!options)
        return;
    buf_printf(out, "\n%s\n", title);
    for (; options->name; options++) {
        BUF(left, MAX_LEFT);
        put_option(&left, options);
        put_row(out, buf_slice(&left), options->help);
    }
}

static void put_commands(struct buf *out, const struct cli_program *program)
{
    buf_printf(out, "\n%s\n", _("Commands:"));
    for (const struct cli_command *c = program->commands; c->words; c++) {
        BUF(left, MAX_LEFT);
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
    if (one)
        put_options(out, _("Options:"), cli->command->options);
    else
        put_commands(out, program);
    put_options(out, _("Options of every command:"), cli_global_options);
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
