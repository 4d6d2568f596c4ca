/*
 * companion.h - programs that run beside the screen: fair-sync, and the
 * printing of what is in the spool. Started from the folder of this program,
 * never waited for; what they say goes to DIR/<name>.log. Each ends by itself
 * after the till is gone (its standard input closes) and its work is done.
 */
#ifndef POS_COMPANION_H
#define POS_COMPANION_H

#include "fair/buf.h"

struct companion {
    int pid;                     /* 0: not running */
    int input;                   /* our end of its standard input; -1 */
    int64_t started_ms, wait_ms; /* back-off of restarts */
};

/* argv[0] is a program's name, looked for beside this one. Failure leaves pid
 * 0: the till works without. */
void companion_start(struct companion *c, const char *const *argv,
                     const char *log_path);
/* Reaps it when it ended and starts it again with back-off; from idle
 * moments. */
void companion_tend(struct companion *c, const char *const *argv,
                    const char *log_path);
/* Wakes it: one byte to its standard input, never waiting. */
void companion_nudge(const struct companion *c);
void companion_stop(struct companion *c); /* closes its input */

#endif
