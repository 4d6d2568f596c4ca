/*
 * setup.h - is this till ready for a day? Looked at when a shift is opened and
 * by `fair-pos doctor`, so that nothing surprises at the close (S10).
 */
#ifndef POS_SETUP_H
#define POS_SETUP_H

#include "pos/till/till.h"

enum finding_level { FINDING_GOOD, FINDING_WARN, FINDING_BAD };

struct finding {
    const char *id; /* "clock", "lists", "disk", "key", "printer",
                       "agent", "ledger", "operators" */
    enum finding_level level;
    char text[256];     /* what is so, in the language in use */
    const char *remedy; /* English message id, "" when good */
};
enum { FINDINGS_MAX = 12 };

/* What the paper side knows: the caller asks the printer, for this folder
 * knows none. `text` empty: no printer is configured (good). */
struct printer_state {
    bool configured, reachable;
    int waiting; /* slips in the spool */
    struct str why;
};

/* Judges; changes nothing. Returns how many findings, worst first. */
int setup_check(struct till *till, const struct printer_state *printer,
                struct finding out[FINDINGS_MAX]);

#endif
