/*
 * cli_run.h - running a program's main in a process of its own, from a test.
 */
#ifndef TESTS_CLI_RUN_H
#define TESTS_CLI_RUN_H

#include "fair/cli.h"

enum {
    CLI_RUN_WORDS = 16, /* at most, behind the program's name */
    CLI_RUN_CAUGHT = -1,
    CLI_RUN_CLOSED = -2
};

struct cli_result {
    int code; /* exit code, or -1 when a signal ended it */
    struct buf out, err;
};

/* Runs cli_main() with `words` (ends with NULL). Its stdout goes to the
 * descriptor `to`, or into the result, or is closed. A failure to run fails
 * the test. */
struct cli_result cli_run(const struct cli_program *program, int to,
                          const char *const *words);
void cli_result_done(struct cli_result *r);

#define CLI_RESULT __attribute__((cleanup(cli_result_done))) struct cli_result

/* Fails the test unless `what` stands in `text`. */
void text_has(const struct buf *text, const char *what);

#endif
