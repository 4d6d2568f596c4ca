/*
 * trail.h - what happens at a till beside sales, as events: cash put in and
 * taken out, the drawer opened, a slip printed again, a line or a whole cart
 * thrown away, the screen locked, something allowed by a supervisor. The
 * organiser sees them beside the booth's figures (FEATURES.md M14, M16, M17).
 *
 * Each appends one event by operator `op` and answers till_append's errors.
 */
#ifndef POS_TRAIL_H
#define POS_TRAIL_H

#include "pos/model/cart.h"
#include "pos/till/till.h"

/* amount > 0 put in, < 0 taken out; never 0. reason: text_check'ed, not
 * empty. ERR_NO_SHIFT; ERR_LIMIT when more is taken out than is expected to be
 * there. */
enum err trail_cash(struct till *till, int64_t amount_vnd, struct str reason,
                    int64_t op, int64_t *seq) MUST_USE;
enum err trail_drawer(struct till *till, struct str reason,
                      int64_t op) MUST_USE;
/* `of`: seq of the event whose slip is printed. */
enum err trail_reprint(struct till *till, int64_t of, int64_t op) MUST_USE;
enum err trail_line_removed(struct till *till, const struct cart *cart, int i,
                            int64_t op) MUST_USE;
/* Also drops draft `draft` (may be NULL). */
enum err trail_cart_cancelled(struct till *till, const struct cart *cart,
                              const char *draft, int64_t op) MUST_USE;
/* what: "locked", "unlocked", "signed in"… */
enum err trail_access(struct till *till, int64_t number, const char *what,
                      int64_t op) MUST_USE;
/* Supervisor `by` allows operator `op` this once what. */
enum err trail_override(struct till *till, int64_t by, struct str what,
                        int64_t op) MUST_USE;

/* How often each happened in a shift (X and Z show them). */
struct trail_counts {
    int64_t line_removed, carts_cancelled, drawer, reprints, wrong_pins,
        overrides;
    int64_t cash_in_vnd, cash_out_vnd; /* both >= 0 */
};

#endif
