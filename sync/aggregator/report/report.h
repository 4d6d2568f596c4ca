/*
 * report.h - the figures organisers ask for, from one moment of the store.
 *
 * Reports add roll-up rows to what was not folded yet (store_rolls) inside one
 * read transaction, so they are exact at every moment; booth, origin, name and
 * certificate are joined when read, so a corrected booth or catalogue shows in
 * the next report. Integers only. Members: CONTRACT.md "Reports as JSON".
 */
#ifndef AGGREGATOR_REPORT_H
#define AGGREGATOR_REPORT_H

#include "fair/cli.h"

#include "sync/aggregator/store/store.h"

enum { REPORT_COMMANDS = 8 };

/* `report days`, `report compare`…, rows for the program's command table.
 * They read the store in cli->data. */
extern const struct cli_command report_commands[REPORT_COMMANDS];

struct report_query {
    const char *kind; /* days, compare, hours, booths, products, visitors,
                         supervision, devices */
    const char *fair; /* code */
    /* The rest may be NULL. */
    const char *with;   /* compare: the other fair; else compare_with */
    const char *source; /* compare: measured or published, of both fairs */
    const char *origin; /* only devices at booths of this origin */
    enum cli_format format;
};

/* Appends the report to `out`. ERR_NOT_FOUND (kind, fair, other fair, source),
 * ERR_USAGE (a word that is no origin or source, a format not written),
 * ERR_INVALID (no other fair named), or the store's errors; `why` then says
 * what about, in the language set. */
enum err report_make(struct store *s, const struct report_query *q,
                     struct buf *out, struct buf *why) MUST_USE;

#endif
