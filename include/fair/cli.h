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

enum cli_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_XLSX };
enum {
    CLI_FORMATS_TABLE = 1, /* also csv (and xlsx once there is a writer) */
    CLI_NO_DATA = 2,       /* works without a data directory */
    CLI_WRITES = 4,        /* changes the data (the aggregator forwards these
                              to a serving process) */
    CLI_RAW = 8            /* prints by itself as it goes (serve, watch) */
};

struct cli_option {
    const char *name;  /* "float" */
    const char *arg;   /* "AMOUNT", or NULL for a switch */
    const char *help;  /* English message id */
    bool required;
};

struct cli;
struct cli_command {
    const char *words; /* "shift open" */
    const char *args;  /* "ITEM…", "" */
    int min_args, max_args; /* max_args < 0: no limit */
    const struct cli_option *options; /* ends with a NULL name; or NULL */
    int flags;
    const char *help; /* English message id */
    enum err (*run)(struct cli *cli);
};

struct cli_program {
    const char *name;    /* "fair-pos" */
    const char *version;
    const char *about;   /* one line, English message id */
    struct str conf_defaults;
    const struct conf_key *conf_keys;
    const struct cli_command *commands; /* ends with NULL words; one with the
                                           words "" is run without a command */
    /* If set, sees a CLI_WRITES command first; *handled true: it was carried
     * out elsewhere and its output and error are in place. */
    enum err (*forward)(struct cli *cli, bool *handled);
};

struct cli {
    const struct cli_program *program;
    const struct cli_command *command;
    const char *data; /* directory; made when missing */
    enum cli_format format;
    struct conf *conf;
    int n_args;
    const char *const *args;
    struct buf out;    /* the result; printed when run returns ERR_OK (and
                          also with a failure when out_on_failure is set:
                          `verify` reports and exits 1) */
    bool out_on_failure;
    struct buf detail; /* what exactly went wrong, for people */
    const char *code;  /* overrides err_code() when set (`once`'s reasons) */
    int n_given;
    struct cli_given { const char *name, *value; } given[48];
};

/* Value of an option, or NULL when it was not given ("" for a switch). */
const char *cli_option(const struct cli *cli, const char *name);
bool cli_has(const struct cli *cli, const char *name);

/* Records the detail (translated by the caller) and returns `e`, so that a
 * command says `return cli_fail(cli, ERR_ITEM, _("…"), …)`. */
enum err cli_fail(struct cli *cli, enum err e, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* A note for people: one line on stderr (never in the result). */
void cli_note(const struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Prints what stands in cli->out now and clears it (CLI_RAW commands). */
void cli_flush(struct cli *cli);

/* Parses, runs, prints. The exit code. */
int cli_main(const struct cli_program *program, int argc, char **argv);

/* Parses argv into `cli` and runs the command without printing, for a process
 * that carries out a forwarded command; out and detail are filled. */
enum err cli_carry_out(const struct cli_program *program, int argc,
                       const char *const *argv, struct cli *cli);
void cli_done(struct cli *cli);

#endif
