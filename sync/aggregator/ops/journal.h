/*
 * journal.h - what a serving aggregator says while it runs: one line an event
 * on stderr, "<6>event=sign-in account=lan peer=127.0.0.1", as journald reads
 * it (the number is syslog's severity).
 *
 * Values are escaped: no control byte, no line break, quoted when they hold a
 * blank, "=" or a quote; what is longer than 1,024 bytes is cut, with "…".
 * Never codes, passwords, cookies or keys. Any thread.
 */
#ifndef AGGREGATOR_JOURNAL_H
#define AGGREGATOR_JOURNAL_H

#include "fair/buf.h"

enum severity { JOURNAL_ERROR = 3, JOURNAL_WARNING = 4, JOURNAL_INFO = 6 };

struct journal_field {
    const char *name; /* ends the list when NULL */
    const char *text; /* or NULL: then `n` */
    int64_t n;
};
void journal(enum severity severity, const char *event,
             const struct journal_field *fields);
/* journal(…, JOURNAL_FIELDS({ "port", NULL, 8443 })) */
#define JOURNAL_FIELDS(...)                    \
    (const struct journal_field[])             \
    {                                          \
        __VA_ARGS__,                           \
        {                                      \
            .name = NULL, .text = NULL, .n = 0 \
        }                                      \
    }

/* Where lines go instead of stderr, for tests; NULL: stderr. */
void journal_to(void (*take)(void *ctx, struct str line), void *ctx);

#endif
