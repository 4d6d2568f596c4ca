/*
 * cli.c - from main() to exit code: parse, find the directory, read the
 * configuration, choose the language, run, print.
 *
 * Promise: whatever the command line holds, there is one answer: a result
 * with exit 0, or a refusal with its remedy and the exit code of the error
 * table. Nothing is made on disk for a wrong command line, --help or
 * --version. Keeps no state between calls.
 */
#include "fair/cli.h"

#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/library.h"
#include "sync/core/cli_parts.h"

enum { PATH_ROOM = 4096 };

const char *cli_option(const struct cli *cli, const char *name)
{
    for (int i = 0; i < cli->n_given; i++) {
        if (strcmp(cli->given[i].name, name) == 0)
            return cli->given[i].value;
    }
    return NULL;
}

bool cli_has(const struct cli *cli, const char *name)
{
    return cli_option(cli, name) != NULL;
}

enum err cli_fail(struct cli *cli, enum err e, const char *fmt, ...)
{
    va_list args;
    buf_clear(&cli->detail);
    va_start(args, fmt);
    buf_vprintf(&cli->detail, fmt, args);
    va_end(args);
    return e;
}

enum err cli_fail_option(struct cli *cli, enum err e, const char *option)
{
    const struct cli_option *o = cli->command->options;
    while (strcmp(o->name, option) != 0)
        o++;
    const char *form = cli_form(o->arg);
    return cli_fail(cli, e, "--%s %s%s%s", option, cli_option(cli, option),
                    form ? ": " : "", form ? _(form) : "");
}

/* ---- before a command runs ---- */

/* An empty variable counts as unset; a relative $XDG_STATE_HOME is ignored,
 * as the XDG base directory specification asks. */
static void find_data(struct cli *cli)
{
    const char *name = cli->program->name;
    const char *given = cli_option(cli, "data");
    const char *fair = getenv("FAIR_DATA");
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (cli->program->data)
        buf_puts(&cli->path, cli->program->data);
    else if (given)
        buf_puts(&cli->path, given);
    else if (fair && *fair)
        buf_puts(&cli->path, fair);
    else if (state && *state == '/')
        buf_printf(&cli->path, "%s/phien-cho/%s", state, name);
    else if (home && *home)
        buf_printf(&cli->path, "%s/.local/state/phien-cho/%s", home, name);
    cli->data = buf_text(&cli->path);
}

static enum err read_config(struct cli *cli)
{
    const struct cli_program *program = cli->program;
    const struct conf_source from = { .program = program->name,
                                      .data_dir = *cli->data ? cli->data : NULL,
                                      .defaults = program->conf_defaults,
                                      .keys = program->conf_keys };
    buf_clear(&cli->detail);
    return conf_load(&from, &cli->detail, &cli->conf);
}

/* Twice, so that also a complaint about the configuration file comes in the
 * language that was asked for. */
static enum err read_config_and_language(struct cli *cli)
{
    const char *given = cli_language(cli);
    i18n_init(given ? given : "vi");
    enum err e = read_config(cli);
    if (e == ERR_OK && !given)
        i18n_init(conf_text(cli->conf, "language"));
    return e;
}

static enum err wrong_usage(struct cli *cli)
{
    struct str word = str_of(cli->wrong_word);
    return cli_fail(cli, ERR_USAGE, "%s%s%s%s", _(cli->wrong),
                    word.len > 0 ? ": " : "", cli->wrong_option ? "--" : "",
                    cli->wrong_word);
}

static enum err make_data(struct cli *cli)
{
    if (cli->command->flags & CLI_NO_DATA)
        return ERR_OK;
    if (!buf_ok(&cli->path))
        return cli_fail(cli, ERR_LIMIT, "--data");
    if (!*cli->data)
        return cli_fail(cli, ERR_USAGE, "%s",
                        _("no data directory is known: give --data DIR"));
    enum err e = env_dir_make(cli->data);
    return e == ERR_OK ? e : cli_fail(cli, e, "%s", cli->data);
}

/* ---- running ---- */

static void cli_start(struct cli *cli, const struct cli_program *program,
                      int argc, const char *const *argv)
{
    *cli = (struct cli){ .program = program, .argc = argc, .argv = argv };
    buf_init(&cli->out, MAX_OUTPUT);
    buf_init(&cli->detail, MAX_TEXT);
    buf_init(&cli->note, MAX_TEXT);
    buf_init(&cli->path, PATH_ROOM);
    buf_init(&cli->carried, MAX_TEXT);
    cli_parse(cli);
    find_data(cli);
}

void cli_done(struct cli *cli)
{
    conf_free(cli->conf);
    buf_done(&cli->out);
    buf_done(&cli->detail);
    buf_done(&cli->note);
    buf_done(&cli->path);
    buf_done(&cli->carried);
    if (cli->hidden)
        memset(cli->hidden, 0, strlen(cli->hidden));
    free(cli->hidden);
    free(cli->words);
}

static enum err carry_out(struct cli *cli)
{
    if (cli->wrong)
        return wrong_usage(cli);
    if (cli_asks(cli))
        return cli_fail(cli, ERR_USAGE, "--help");
    enum err e = read_config(cli);
    if (e == ERR_OK)
        e = make_data(cli);
    return e == ERR_OK ? cli->command->run(cli) : e;
}

enum err cli_carry_out(const struct cli_program *program, int argc,
                       const char *const *argv, struct cli *cli)
{
    cli_start(cli, program, argc, argv);
    i18n_use(cli_language(cli));
    enum err e = carry_out(cli);
    i18n_use(NULL);
    return e;
}

void cli_take_face(struct cli *cli, struct str text, struct str remedy)
{
    buf_clear(&cli->carried);
    buf_str(&cli->carried, text);
    buf_putc(&cli->carried, '\0');
    buf_str(&cli->carried, remedy);
    const char *both = buf_text(&cli->carried);
    if (!buf_ok(&cli->carried))
        return;
    cli->text = text.len > 0 ? both : NULL;
    cli->remedy = remedy.len > 0 ? both + text.len + 1 : NULL;
}

int cli_flags(const struct cli_program *program, int argc,
              const char *const *argv)
{
    struct cli cli;
    cli_start(&cli, program, argc, argv);
    int flags = cli.command ? cli.command->flags : 0;
    cli_done(&cli);
    return flags;
}

static enum err forward_or_run(struct cli *cli)
{
    const struct cli_program *program = cli->program;
    bool handled = false;
    enum err e = ERR_OK;
    if (program->forward && (cli->command->flags & CLI_WRITES))
        e = program->forward(cli, &handled);
    return handled || e != ERR_OK ? e : cli->command->run(cli);
}

static void say_version(struct cli *cli)
{
    const struct cli_program *program = cli->program;
    const struct library_use *use = program->libraries;
    buf_printf(&cli->out, "%s %s\n", program->name, program->version);
    for (; use && use->name; use++) {
        const char *version = use->version();
        buf_printf(&cli->out, "  %s %s\n", use->name,
                   version ? version : _("is not installed"));
    }
}

static enum err answer(struct cli *cli)
{
    enum err e = read_config_and_language(cli);
    if (cli->wrong)
        return wrong_usage(cli);
    if (cli_has(cli, "version")) {
        say_version(cli);
        return ERR_OK;
    }
    if (cli_has(cli, "help")) {
        cli_help(cli, &cli->out);
        return ERR_OK;
    }
    if (e == ERR_OK)
        e = make_data(cli);
    return e == ERR_OK ? forward_or_run(cli) : e;
}

/* The caller of a command that wrote and could not say so does not know what
 * was recorded: that is what exit 3 is for. */
static enum err deliver(struct cli *cli, enum err e)
{
    if (e != ERR_OK && !cli->out_on_failure)
        return e;
    enum err printed = cli_deliver(cli);
    if (e != ERR_OK || printed == ERR_OK)
        return e;
    bool wrote = !cli_asks(cli) && (cli->command->flags & CLI_WRITES);
    return wrote ? ERR_UNSURE : printed;
}

/* Everybody on this machine may read a command line. */
static void hide(struct cli *cli, int argc, char **argv)
{
    if (!cli->command || !(cli->command->flags & CLI_HIDES) || !cli->n_args)
        return;
    const char *word = cli->args[0];
    size_t len = strlen(word);
    cli->hidden = x_alloc(len + 1);
    memcpy(cli->hidden, word, len);
    for (int i = 0; i < argc; i++) {
        if (argv[i] == word)
            memset(argv[i], '*', len);
    }
    cli->words[cli->args - cli->words] = cli->hidden;
}

int cli_main(const struct cli_program *program, int argc, char **argv)
{
    struct cli cli;
    env_keep_secrets();
    cli_streams_guard();
    cli_start(&cli, program, argc, (const char *const *)argv);
    hide(&cli, argc, argv);
    enum err e = deliver(&cli, answer(&cli));
    if (e != ERR_OK)
        cli_refuse(&cli, e);
    else if (cli.note.len > 0)
        cli_note(&cli, "%s", buf_text(&cli.note));
    cli_done(&cli);
    return err_exit(e);
}
