/*
 * trail.h - what happens at a till beside sales, as events: cash put in and
 * taken out, the drawer opened, a slip printed again, a line or a whole cart
 * thrown away, the screen locked, something allowed by a supervisor. The
 * organiser sees them beside the booth's figures.
 *
 * Each appends one event by operator `op` and answers till_append's errors.
 */
#ifndef POS_TRAIL_H
#define POS_TRAIL_H

#include "pos/model/cart.h"
#include "pos/till/till.h"

/* Room for a reason, which is one line of text: at most MAX_NAME_COLUMNS
 * columns. A sale whose event is as long as may be leaves no more to its
 * void. */
enum { REASON_ROOM = 4 * MAX_NAME_COLUMNS + 1 };

/* ERR_INVALID for what is no such line; none given (empty) is well. */
enum err reason_check(struct str reason) MUST_USE;

/* amount > 0 put in, < 0 taken out; never 0. ERR_INVALID without a reason;
 * ERR_NO_SHIFT; ERR_LIMIT when more is taken out than is expected to be
 * there, or put in than MONEY_MAX. */
enum err trail_cash(struct till *till, int64_t amount_vnd, struct str reason,
                    int64_t op, int64_t *seq) MUST_USE;
/* The drawer opened without a sale. */
enum err trail_drawer(struct till *till, struct str reason,
                      int64_t op) MUST_USE;
/* `of`: seq of the event whose slip is printed. */
enum err trail_reprint(struct till *till, int64_t of, int64_t op) MUST_USE;
/* Line i while it is still in the cart. */
enum err trail_line_removed(struct till *till, const struct cart *cart, int i,
                            int64_t op) MUST_USE;
/* Also drops draft `draft` (may be NULL). */
enum err trail_cart_cancelled(struct till *till, const struct cart *cart,
                              const char *draft, int64_t op) MUST_USE;
/* what: "locked", "unlocked", "signed in"…, or the word X and Z count. */
extern const char *const access_wrong_pin;
enum err trail_access(struct till *till, int64_t number, const char *what,
                      int64_t op) MUST_USE;
/* Supervisor `by` allows operator `op` this once what: a text of at most
 * MAX_NAME_COLUMNS columns (ERR_INVALID). */
enum err trail_override(struct till *till, int64_t by, struct str what,
                        int64_t op) MUST_USE;

/* How often each happened in a shift (X and Z show them). */
struct trail_counts {
    int64_t line_removed, carts_cancelled, drawer, reprints, wrong_pins,
        overrides;
    int64_t cash_in_vnd, cash_out_vnd; /* both >= 0 */
};
/* Adds what this event is, if it is one of these. */
void trail_count(struct trail_counts *counts, const struct record *r);

#endif
