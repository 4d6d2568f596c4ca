/*
 * setup.h - is this till ready for a day? Looked at when a shift is opened and
 * by `fair-pos doctor`, so that nothing surprises at the close.
 */
#ifndef POS_SETUP_H
#define POS_SETUP_H

#include "pos/till/till.h"

/* Warn: the day can be sold. Bad: it cannot, or what is sold is in danger. */
enum finding_level { FINDING_GOOD, FINDING_WARN, FINDING_BAD };
extern const char *const finding_words[]; /* "good", "warn", "bad" */

struct finding {
    const char *id; /* "clock", "calendar", "lists", "disk", "key", "ledger",
                       "agent", "operators", "printer" */
    enum finding_level level;
    char text[256];     /* what is so, in the language in use */
    const char *remedy; /* English message id, "" when good */
};
enum { FINDINGS_MAX = 12 };

/* From here on the screen says so, too. */
enum {
    SETUP_CLOCK_OFF_MS = 60 * 1000,      /* either way */
    SETUP_DISK_LOW = 200 * 1024 * 1024,  /* bytes; a fair's sales fit */
    SETUP_DISK_OUT = 2 * LEDGER_RESERVE, /* only closing is sure of room */
    SETUP_SILENT_MS = 60 * 60 * 1000     /* with something to send */
};

/* What the paper side knows: the caller asks the printer, for this folder
 * knows none. Not configured: there is none (good). */
struct printer_state {
    bool configured, reachable;
    int waiting; /* slips in the spool */
    struct str why;
};

/* Judges; changes nothing. Returns how many findings, worst first. */
int setup_check(struct till *till, const struct printer_state *printer,
                struct finding out[FINDINGS_MAX]);

/* The same of a directory whose till did not open, as far as it can be told:
 * `error` and `why` are till_open's. At least one finding is bad. */
struct setup_closed {
    const char *dir;
    enum err error;
    struct str why;
};
int setup_check_closed(const struct setup_closed *closed,
                       const struct printer_state *printer,
                       struct finding out[FINDINGS_MAX]);

#endif
