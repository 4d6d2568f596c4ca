/*
 * report.h - the figures organisers ask for, from one moment of the store.
 *
 * Reports add roll-up rows to what was not folded yet (store_rolls) inside one
 * read transaction, so they are exact at every moment; booth, origin, name and
 * certificate are joined when read, so a corrected booth or catalogue shows in
 * the next report. Integers only. Members: CONTRACT.md "Reports as JSON".
 *
 * A report is one table of a kind; the command line, the exports and the
 * pages all print it through report_make, so they cannot differ.
 */
#ifndef AGGREGATOR_REPORT_H
#define AGGREGATOR_REPORT_H

#include "fair/cli.h"

#include "sync/aggregator/store/store.h"

enum report_format {
    REPORT_TEXT,
    REPORT_JSON,
    REPORT_CSV,
    REPORT_XLSX, /* with a native chart where the report has one */
    REPORT_HTML  /* a <table> and its notes: part of a page */
};

/* What a kind can be asked for besides the fair: members of report_query. */
enum report_takes {
    TAKES_WITH = 1,
    TAKES_SOURCE = 2,
    TAKES_ORIGIN = 4,
    TAKES_BOOTH = 8, /* shows nothing of another booth then */
    TAKES_DAY = 16,
    TAKES_BY = 32,
    TAKES_DEVICE = 64, /* and the number of an event */
    TAKES_LIMIT = 128
};

struct report_query {
    const char *kind; /* a name in report_kinds */
    const char *fair; /* code */
    /* The rest may be NULL or 0; what the kind does not take is ERR_USAGE,
     * but a booth it does not take is ERR_NOT_MAY. */
    const char *with;   /* the other fair; else compare_with */
    const char *source; /* measured or published, of both fairs */
    const char *origin; /* only devices at booths of this origin */
    const char *booth;  /* only devices at this booth */
    const char *by;     /* how a league groups: see report_league.c */
    const char *device;
    int64_t seq; /* an event of the device; events from here on */
    int day;     /* YYYYMMDD, a fair-day */
    int limit;   /* rows at most; 0: all */
    enum report_format format;
    /* HTML: see table.h. */
    const struct table_link *links;
    const char *carry;
};

/* Appends the report to `out`. ERR_NOT_FOUND (kind, fair, other fair, source,
 * booth, device, event), ERR_LIMIT (more than `out` holds or the thread's
 * allowance has, see allowance.h), ERR_USAGE (a word or a member the kind does
 * not know), ERR_INVALID (no other fair named), ERR_NOT_MAY (see above), or the
 * store's errors; `why` then says what about, in the language set. */
enum err report_make(struct store *s, const struct report_query *q,
                     struct buf *out, struct buf *why) MUST_USE;

/* A number that may not exist. */
struct figure {
    bool known;
    int64_t n;
};

struct report;
struct report_kind {
    const char *name;  /* "days": the command's word, an export's name */
    const char *title; /* English message id */
    const char *help;  /* of the command, likewise */
    unsigned takes;    /* bits of enum report_takes */
    bool own_fairs;    /* looks its fairs up itself */
    enum err (*make)(struct report *r, struct buf *out);
};
/* Ends with a NULL name. */
extern const struct report_kind report_kinds[];
/* NULL when there is none. */
const struct report_kind *report_kind_of(struct str name);

/* `report days`, `report compare`…: a row for every kind, appended to the
 * program's command table; they read the store in cli->data. */
enum { REPORT_KINDS_MAX = 24 };
int report_commands(struct cli_command out[REPORT_KINDS_MAX]);

#endif
