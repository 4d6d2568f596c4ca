/*
 * cli_parse.c - from argv to a command, its options and its arguments.
 *
 * Not getopt_long(): that one abbreviates option names (a new option would
 * break old scripts), takes -3 for an option, prints by itself and has one
 * state per process, while a server parses forwarded commands in a thread.
 * Options and arguments come in any order, `--` ends options, a repeated
 * global option counts as given last. Prints nothing, translates nothing.
 */
#include <string.h>

#include "fair/i18n.h"
#include "sync/core/cli_parts.h"

const struct cli_option cli_global_options[] = {
    { "data", "DIR", N_("directory of this program's files"), false },
    { "format", "FORMAT", N_("text or json; of reports also csv"), false },
    { "language", "vi|en", N_("language of texts"), false },
    { "help", NULL, N_("show this help"), false },
    { "version", NULL, N_("show the version"), false },
    { NULL, NULL, NULL, false }
};

static void wrong(struct cli *cli, const char *message, const char *word)
{
    if (cli->wrong)
        return;
    cli->wrong = message;
    cli->wrong_word = word;
}

static void wrong_option(struct cli *cli, const char *message, const char *name)
{
    if (!cli->wrong)
        cli->wrong_option = true;
    wrong(cli, message, name);
}

bool cli_asks(const struct cli *cli)
{
    return cli_has(cli, "help") || cli_has(cli, "version");
}

/* ---- looking up ---- */

static const struct cli_option *option_in(const struct cli_option *options,
                                          struct str name)
{
    for (; options && options->name; options++) {
        if (str_is(name, options->name))
            return options;
    }
    return NULL;
}

/* Of every command: ours or the program's. */
static const struct cli_option *option_global(const struct cli *cli,
                                              struct str name)
{
    const struct cli_option *o = option_in(cli_global_options, name);
    return o ? o : option_in(cli->program->options, name);
}

/* Which command it is may still be unknown: the option is looked up in all. */
static const struct cli_option *option_find(const struct cli *cli,
                                            struct str name)
{
    const struct cli_option *found = option_global(cli, name);
    const struct cli_command *c = cli->program->commands;
    for (; c->words; c++) {
        const struct cli_option *o = option_in(c->options, name);
        ASSERT(!found || !o || !found->arg == !o->arg);
        if (!found)
            found = o;
    }
    return found;
}

/* How many of the given words a command's words are; -1: not this one. */
static int words_matched(const char *words, const char *const *given, int n)
{
    int matched = 0;
    while (*words) {
        size_t len = strcspn(words, " ");
        if (matched == n ||
            !str_eq((struct str){ words, len }, str_of(given[matched])))
            return -1;
        matched++;
        words += len + (words[len] == ' ');
    }
    return matched;
}

/* The longest match wins; the command without words takes no arguments, so
 * that a mistyped command does not start the terminal. */
static void command_find(struct cli *cli, int n)
{
    const struct cli_command *c = cli->program->commands;
    int best = -1;
    for (;; c++) {
        const struct cli_command *one = c->words ? c : &cli_commands_command;
        int matched = words_matched(one->words, cli->words, n);
        if (matched > best && (matched > 0 || n == 0)) {
            best = matched;
            cli->command = one;
        }
        if (!c->words)
            break;
    }
    if (!cli->command)
        return;
    cli->args = cli->words + best;
    cli->n_args = n - best;
}

static const char *group_of(const struct cli_program *program, const char *word)
{
    size_t len = strlen(word);
    for (const struct cli_command *c = program->commands; c->words; c++) {
        if (strncmp(c->words, word, len) == 0 && c->words[len] == ' ')
            return word;
    }
    return NULL;
}

/* ---- reading argv ---- */

static void given_put(struct cli *cli, const struct cli_option *o,
                      const char *value)
{
    int i = 0;
    while (i < cli->n_given && strcmp(cli->given[i].name, o->name) != 0)
        i++;
    ASSERT(i < (int)ARRAY_LEN(cli->given));
    if (i < cli->n_given && !option_global(cli, str_of(o->name)))
        wrong_option(cli, N_("this option was given twice"), o->name);
    cli->given[i] = (struct cli_given){ o->name, value };
    if (i == cli->n_given)
        cli->n_given++;
}

/* `text` is an argv word without its "--"; says whether `next` was its
 * value. What looks like an option is no value: "--transfer --exact" is a
 * slip, and "--transfer=--exact" says it is meant. */
static bool option_take(struct cli *cli, const char *text, const char *next)
{
    size_t len = strcspn(text, "=");
    const char *value = text[len] == '=' ? text + len + 1 : NULL;
    const struct cli_option *o = option_find(cli, (struct str){ text, len });
    if (!o) {
        wrong(cli, N_("unknown option"), text - strlen("--"));
        return false;
    }
    if (!o->arg && value) {
        wrong_option(cli, N_("this option takes no value"), o->name);
        return false;
    }
    if (!o->arg || value) {
        given_put(cli, o, value ? value : "");
        return false;
    }
    if (!next || strncmp(next, "--", 2) == 0) {
        wrong_option(cli, N_("this option needs a value"), o->name);
        return false;
    }
    given_put(cli, o, next);
    return true;
}

/* "-3" is a number and "-" a name; there are no short options. */
static bool is_short_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && !strchr("0123456789", word[1]);
}

static int words_read(struct cli *cli)
{
    bool options = true;
    int n = 0;
    for (int i = 1; i < cli->argc; i++) {
        const char *word = cli->argv[i];
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && strncmp(word, "--", 2) == 0)
            i += option_take(cli, word + 2,
                             i + 1 < cli->argc ? cli->argv[i + 1] : NULL);
        else if (options && is_short_option(word))
            wrong(cli, N_("unknown option"), word);
        else
            cli->words[n++] = word;
    }
    return n;
}

/* ---- what must be so ---- */

static void format_read(struct cli *cli)
{
    static const char *const names[] = { [FORMAT_TEXT] = "text",
                                         [FORMAT_JSON] = "json",
                                         [FORMAT_CSV] = "csv",
                                         [FORMAT_XLSX] = "xlsx" };
    const char *name = cli_option(cli, "format");
    if (!name)
        return;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            cli->format = (enum cli_format)i;
            return;
        }
    }
    wrong(cli, N_("no such format"), name);
}

const char *cli_language(const struct cli *cli)
{
    const char *name = cli_option(cli, "language");
    bool known = name && (strcmp(name, "vi") == 0 || strcmp(name, "en") == 0);
    return known ? name : NULL;
}

static void language_check(struct cli *cli)
{
    if (cli_has(cli, "language") && !cli_language(cli))
        wrong(cli, N_("no such language"), cli_option(cli, "language"));
}

static void options_check(struct cli *cli)
{
    const struct cli_option *own = cli->command->options;
    for (int i = 0; i < cli->n_given; i++) {
        struct str name = str_of(cli->given[i].name);
        if (!option_in(own, name) && !option_global(cli, name))
            wrong_option(cli, N_("this command has no such option"), name.data);
    }
    for (; own && own->name; own++) {
        if (own->required && !cli_has(cli, own->name))
            wrong_option(cli, N_("this option is required"), own->name);
    }
}

static void args_check(struct cli *cli)
{
    const struct cli_command *c = cli->command;
    if (cli->n_args < c->min_args)
        wrong(cli, N_("an argument is missing"), c->args);
    if (c->max_args >= 0 && cli->n_args > c->max_args)
        wrong(cli, N_("an argument too many"), cli->args[c->max_args]);
}

static void format_check(struct cli *cli)
{
    bool plain = cli->format == FORMAT_TEXT || cli->format == FORMAT_JSON;
    if (!plain && !(cli->command->flags & CLI_FORMATS_TABLE))
        wrong(cli, N_("this command has no such format"),
              cli_option(cli, "format"));
    if (cli->format == FORMAT_XLSX && !cli_has(cli, "out"))
        wrong(cli, N_("this format needs --out"), "xlsx");
}

void cli_parse(struct cli *cli)
{
    cli->words = x_alloc(((size_t)cli->argc + 1) * sizeof(*cli->words));
    int n = words_read(cli);
    format_read(cli);
    language_check(cli);
    command_find(cli, n);
    if (cli->command && !cli_asks(cli)) {
        options_check(cli);
        args_check(cli);
        format_check(cli);
    } else if (n > 0 && !cli->command) {
        cli->group = group_of(cli->program, cli->words[0]);
        if (!cli->group || n > 1)
            wrong(cli, N_("unknown command"), cli->words[cli->group ? 1 : 0]);
        else if (!cli_asks(cli))
            wrong(cli, N_("the command is not complete"), cli->group);
    } else if (!cli->command && !cli_asks(cli)) {
        wrong(cli, N_("a command is missing"), "");
    }
}
