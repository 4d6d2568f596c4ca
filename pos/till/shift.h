/*
 * shift.h - a cashier's shift: opening, closing, X and Z.
 *
 * expected cash = float + cash taken - change - cash given back + put in -
 * taken out. A shift can always be closed; a difference is data, and so is the
 * reason given for it. The fair-day is fixed when the shift opens (clock +
 * known offset - cut-off, or as the operator says) and turns by at most what
 * the monotonic clock has really counted, so a jumping clock moves no sale.
 */
#ifndef POS_SHIFT_H
#define POS_SHIFT_H

#include "pos/till/trail.h"

enum { METHODS_MAX = 8 };

struct shift_report { /* X while open, Z once closed: sum of its events */
    struct shift shift;
    int64_t sales, gross_vnd, refunds_vnd, voids_vnd, net_vnd;
    int64_t late_sales, late_vnd; /* of the sales, entered afterwards */
    int64_t unread; /* damaged events, which are in none of the sums */
    int n_methods;  /* all there are, cash first */
    struct {
        const char *method;
        int64_t vnd; /* taken, less what was given back */
        bool used;
    } by_method[METHODS_MAX];
    /* cash_expected = float + taken - change - back + in - out, the last two
     * being the trail's */
    int64_t cash_taken_vnd, change_vnd, cash_back_vnd, cash_expected_vnd;
    struct trail_counts trail;
    int64_t counted_vnd, difference_vnd; /* once closed */
    char reason[REASON_ROOM];            /* given for the difference, or "" */
    int64_t first_seq, last_seq;
    uint8_t head[HASH_BYTES]; /* after last_seq */
};

/* The next shift's number is given by the ledger. ERR_SHIFT_OPEN. day 0: by
 * the clock. */
enum err shift_open(struct till *till, int64_t float_vnd, int day, int64_t op,
                    int64_t *seq) MUST_USE;
/* Whatever was counted; `reason` says why it differs (may be empty). Also
 * appends the seal; the report is that of the closed shift. ERR_NO_SHIFT,
 * ERR_INVALID (reason_check). */
enum err shift_close(struct till *till, int64_t counted_vnd, struct str reason,
                     int64_t op, struct shift_report *out) MUST_USE;
/* The open shift (X) or the last closed one (Z), while the next is open, too.
 * ERR_NO_SHIFT. */
enum err shift_report(struct till *till, bool z,
                      struct shift_report *out) MUST_USE;
/* Any shift by its number, open or closed. ERR_NO_SHIFT. */
enum err shift_report_of(struct till *till, int64_t number,
                         struct shift_report *out) MUST_USE;

/* The fair-day that what is done now counts for, in an open shift: the
 * shift's, or the one that has really begun since it was opened: by the
 * monotonic clock within one boot; after a restart by the wall clock, if it
 * lies at most a day after the last event. */
int shift_day_now(const struct till *till);
/* Appends `day_turned` when that is another day than the shift's. Called
 * before every event that counts for a day. *turned may be NULL. */
enum err shift_turn_day(struct till *till, int64_t op, bool *turned) MUST_USE;

#endif
