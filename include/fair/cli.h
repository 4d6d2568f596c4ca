/*
 * cli.h - one command line for three programs (CONTRACT.md "Rules").
 *
 * A program is a table of commands; each command is a descriptor and a
 * function. From the table come parsing, --help, wrong-usage answers, the
 * README's command list and the rows tests/contract checks. Results go to
 * stdout, everything else to stderr; a refusal in JSON is one document
 * {"error","message","remedy"} on stdout with exit 1.
 */
#ifndef FAIR_CLI_H
#define FAIR_CLI_H

#include "fair/buf.h"
#include "fair/conf.h"

/* Of all three programs: they are released together. */
#define FAIR_VERSION "1.0"

enum cli_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_XLSX };
enum {
    CLI_FORMATS_TABLE = 1, /* also csv and xlsx */
    CLI_NO_DATA = 2,       /* works without a data directory: it is not
                              made, and `data` is "" when there is none */
    CLI_WRITES = 4,        /* changes the data (the aggregator forwards these
                              to a serving process) */
    CLI_RAW = 8,           /* prints by itself as it goes (serve, watch) */
    CLI_STEPS = 16,        /* takes long, and writes in steps: who carries it
                              out for others does other work in between */
    CLI_HIDES = 32         /* its one argument lets somebody in: once it is
                              read, the list of processes does not show it */
};

struct cli_option {
    const char *name; /* "float" */
    const char *arg;  /* "AMOUNT", or NULL for a switch */
    const char *help; /* English message id */
    bool required;
};
/* --data, --format, --language, --help and --version belong to every command,
 * and what the program adds to them. A repeated one counts as given last.
 * An option of one name takes a value in all commands of a program or in
 * none. A command with an option "out" writes nothing itself: its result goes
 * to that file instead of stdout, whole or not at all (when `out` is empty
 * the file is left alone). */

struct cli;
struct cli_command {
    const char *words;                /* "shift open" */
    const char *args;                 /* "ITEM…", "" */
    int min_args, max_args;           /* max_args < 0: no limit */
    const struct cli_option *options; /* ends with a NULL name; or NULL */
    int flags;
    const char *help; /* English message id */
    enum err (*run)(struct cli *cli);
};

struct cli_program {
    const char *name; /* "fair-pos" */
    const char *version;
    const char *about;        /* one line, English message id */
    struct str conf_defaults; /* with the key `language`: vi or en */
    const struct conf_key *conf_keys;
    const struct cli_option *options;   /* of every command of this program,
                                           besides ours; as a command's */
    const struct cli_command *commands; /* ends with NULL words; one with the
                                           words "" is run without a command */
    /* If set, sees a CLI_WRITES command first; *handled true: it was carried
     * out elsewhere and its output and error are in place. It may send `argv`;
     * --data and file names in there are relative to this process. */
    enum err (*forward)(struct cli *cli, bool *handled);
    const char *unsure; /* what to do after ERR_UNSURE, an English message id;
                           or NULL: err_remedy() says it */
    void *ctx;          /* what this process hands its commands; or NULL */
    const char *data;   /* the directory, whatever is given; or NULL */
    const struct library_use *libraries; /* for --version; or NULL */
};

struct cli {
    const struct cli_program *program;
    const struct cli_command *command;
    const char *data; /* directory; made when missing */
    enum cli_format format;
    struct conf *conf;
    int n_args;
    const char *const *args;
    int argc; /* the command line as it was given */
    const char *const *argv;
    struct buf out; /* the result; printed when run returns ERR_OK (and
                       also with a failure when out_on_failure is set:
                       `verify` reports and exits 1). Text is made
                       harmless for a terminal line by line */
    bool out_on_failure;
    struct buf detail; /* what exactly went wrong, for people; one line or
                          several */
    struct buf note;   /* after a success: one line for people on stderr */
    const char *code;  /* overrides err_code() when set (`once`'s reasons) */
    const char *text, *remedy; /* override err_text() and err_remedy() when
                                  set; English message ids */
    int n_given;
    struct cli_given {
        const char *name, *value;
    } given[48];
    /* The rest is the parser's own. */
    const char **words;     /* what `args` points into */
    char *hidden;           /* the argument that nobody sees any more */
    struct buf path;        /* what `data` points to */
    struct buf carried;     /* `text` and `remedy` of who carried it out */
    const char *wrong;      /* first wrong usage, a message id, or NULL */
    const char *wrong_word; /* what it is about */
    bool wrong_option;      /* the word is an option's name */
    const char *group;      /* a first word that only begins commands */
};

/* Value of an option, or NULL when it was not given ("" for a switch). */
const char *cli_option(const struct cli *cli, const char *name);
bool cli_has(const struct cli *cli, const char *name);

/* Records the detail (translated by the caller) and returns `e`, so that a
 * command says `return cli_fail(cli, ERR_ITEM, _("…"), …)`. */
enum err cli_fail(struct cli *cli, enum err e, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* What a value called `arg` in the table ("AMOUNT") has to look like, an
 * English message id; NULL when it may be any text. */
const char *cli_form(const char *arg);
/* Refuses the value of an option of this command and says what it has to look
 * like. Returns `e`. */
enum err cli_fail_option(struct cli *cli, enum err e, const char *option);

/* A note for people: one line on stderr (never in the result). */
void cli_note(const struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Prints what stands in cli->out now and clears it (CLI_RAW commands). That
 * nobody reads it any more does not stop the command. */
void cli_flush(struct cli *cli);

/* Parses, runs, prints. The exit code. A result that cannot be written is a
 * failure: of a CLI_WRITES command ERR_UNSURE, because the caller cannot know
 * what was recorded. */
int cli_main(const struct cli_program *program, int argc, char **argv);

/* Parses argv (argv[0] is the program) into `cli` and runs the command without
 * printing or forwarding, for a process that carries out a forwarded command;
 * out and detail are filled, also on failure, and cli_done() is due. Texts are
 * in the language that argv names, or else in that of this process. This thread
 * has no choice of its own (i18n_use) afterwards. */
enum err cli_carry_out(const struct cli_program *program, int argc,
                       const char *const *argv, struct cli *cli);
/* For `forward`: the text and remedy ("": none) with which who carried the
 * command out has failed. */
void cli_take_face(struct cli *cli, struct str text, struct str remedy);
void cli_done(struct cli *cli);
/* The flags of the command that argv names; 0 when it names none. */
int cli_flags(const struct cli_program *program, int argc,
              const char *const *argv);

/* The table as Markdown rows "| `words args options` | help |" in English.
 * Every program prints it for the hidden command `commands`, so that pages
 * and tests can be held against the table. */
void cli_commands_markdown(const struct cli_program *program, struct buf *out);

#endif
