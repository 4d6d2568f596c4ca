/*
 * child.h - programs that are started from here, and ended by their number.
 *
 * A child never outlives us: it is sent SIGTERM when we end, however we do.
 */
#ifndef SIM_CHILD_H
#define SIM_CHILD_H

#include <sys/types.h>

#include "fair/buf.h"

enum { CHILD_WORDS = 32 };

/* Words behind the program and its --data; ends with NULL. */
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct program {
    char path[4096];
    char data[4096];
};

struct child {
    pid_t pid; /* 0: none */
    int out;   /* read end of its stdout */
};

/* Standard input is /dev/null, stderr ours. ERR_IO. */
enum err child_start(const struct program *program, const char *const *words,
                     struct child *out) MUST_USE;
/* One line of its output, without '\n'. ERR_IO when it ends before. */
enum err child_line(struct child *child, struct buf *line) MUST_USE;
/* Sends `number`, waits for its end; the exit code, or -1. */
int child_end(struct child *child, int number);

/* Runs to the end: its output is appended, its exit code told. */
enum err child_run(const struct program *program, const char *const *words,
                   struct buf *out, int *code) MUST_USE;

#endif
