/*
 * cli_parts.h - what the files of the command line share. Private to
 * sync/core: cli.c runs, cli_parse.c reads argv, cli_help.c explains,
 * cli_print.c writes.
 */
#ifndef FAIR_CLI_PARTS_H
#define FAIR_CLI_PARTS_H

#include "fair/cli.h"

/* ---- cli_parse.c ---- */

/* Fills command, args, given and format from argv, with any wrong usage in
 * `wrong`; goes on after it, so that --format is known for the answer. */
void cli_parse(struct cli *cli);

/* The value of --language; NULL when it was not given or is none. */
const char *cli_language(const struct cli *cli);

/* --help or --version: nothing is to be run. */
bool cli_asks(const struct cli *cli);

/* The options every command has; ends with a NULL name. */
extern const struct cli_option cli_global_options[];

/* Every program's hidden command. */
extern const struct cli_command cli_commands_command;

/* ---- cli_help.c ---- */

/* "usage: fair-pos sell ITEM… …" of the command, or of the whole program
 * when none was found. One line. */
void cli_usage(const struct cli *cli, struct buf *out);
/* What --help prints. */
void cli_help(const struct cli *cli, struct buf *out);

/* ---- cli_print.c ---- */

/* Descriptors 0–2 that are closed become ones that fail, so that no database
 * opens as "stdout"; a closed pipe, or a file that reaches a limit of this
 * process, is an error instead of a signal. */
void cli_streams_guard(void);
/* The result to stdout, or to the file of --out. */
enum err cli_deliver(struct cli *cli) MUST_USE;
/* Tells people on stderr, and scripts on stdout if they asked for JSON. */
void cli_refuse(const struct cli *cli, enum err e);

#endif
