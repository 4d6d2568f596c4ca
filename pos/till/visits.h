/*
 * visits.h - counting visitors.
 *
 * A count is a number of people at a gate since the last one; a correction is
 * a negative count, and never takes back more than this till has counted.
 */
#ifndef POS_VISITS_H
#define POS_VISITS_H

#include "pos/till/till.h"

/* What one entry may count: more is a slip of the finger. A ledger may hold
 * up to VISITS_MAX (body.h). */
enum { VISITS_ENTRY_MAX = 100000 };

struct visits {
    int64_t n;       /* -VISITS_ENTRY_MAX … VISITS_ENTRY_MAX */
    struct str gate; /* empty: none named */
    bool estimated;
    int64_t op, late_ms;
};
struct visited {
    int64_t seq, total; /* counted by this till so far */
    int day;
};

/* Needs no open shift: without one the day is the clock's. ERR_INVALID (n out
 * of range, or the till's count would fall below 0), ERR_NOT_FOUND (a gate
 * that the fair does not list; while it lists none any will do), ERR_FUTURE,
 * and till_append's. */
enum err visits_commit(struct till *till, const struct visits *visits,
                       struct visited *out) MUST_USE;

/* What this till counted for one fair-day, gate by gate: the fair's gates in
 * the order of the lists, also those without a count, then any other that was
 * named, and "" for none named. */
enum { GATE_ROWS_MAX = MAX_GATES + 16 };
struct gate_count {
    char gate[7];
    int64_t n;
};
struct day_visits {
    int n_gates;
    struct gate_count gates[GATE_ROWS_MAX];
    int64_t total; /* also of gates that found no row any more */
};
/* Walks the ledger: for when a screen opens, not for every count. ERR_CORRUPT,
 * ERR_IO. */
enum err visits_by_gate(struct till *till, int day,
                        struct day_visits *out) MUST_USE;

#endif
