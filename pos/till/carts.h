/*
 * carts.h - the open cart and the parked ones, on disk at every change, so
 * that neither kill -9 nor the end of a shift loses one.
 *
 * Drafts of the ledger: "cart" is the open one, "park.1"…"park.9" the parked.
 * A cart whose basket was sold is none, whatever a draft says. A draft that
 * cannot be read may be a newer program's cart: it is never written over, and
 * its place is taken. An open one is kept, as it is, in a place of its own.
 */
#ifndef POS_CARTS_H
#define POS_CARTS_H

#include "pos/model/cart.h"
#include "pos/till/till.h"

enum {
    PARKED_MAX = 9,
    PLACES_MAX = 12 /* those behind PARKED_MAX are for open ones to be kept */
};
extern const char *const cart_draft; /* "cart", for cancelling it */

/* All of these take the drafts as they stand and answer the ledger's errors
 * too; a till opened to write only. */

/* The open cart as it was left; an empty one, not begun, when there is none or
 * its draft cannot be read. *kept: it cannot, and stands in a place of its own
 * now; so it is answered until another cart is saved. ERR_LIMIT when there is
 * no place for it. To be called before anything is saved. Reads no more of the
 * ledger than what came since that cart was begun. */
enum err carts_open(struct till *till, struct cart *out, bool *kept) MUST_USE;
/* Call after every change; an empty cart's draft is dropped. ERR_LIMIT for
 * more than a draft (and any event) holds. */
enum err carts_save(struct till *till, const struct cart *cart) MUST_USE;

/* Parks the cart, which is not empty, in the first free place; it is empty and
 * begun anew afterwards. *place 1…PARKED_MAX. ERR_LIMIT when all are taken,
 * ERR_INVALID for a label that is no text of a line. */
enum err carts_park(struct till *till, struct cart *cart, struct str label,
                    int64_t op, int *place) MUST_USE;
/* Takes it back as the open cart, which must be empty (ERR_EXISTS).
 * ERR_NOT_FOUND when no cart is there, ERR_NEWER when it cannot be read. */
enum err carts_recall(struct till *till, int place, struct cart *cart) MUST_USE;

struct parked {
    int place;
    int n_lines; /* 0: it cannot be read, and nothing else is known */
    int64_t total_vnd;
    int64_t at_ms, op; /* 0 when it was an open one that was kept */
    char first[4 * MAX_NAME_COLUMNS + 1]; /* name of its first line */
    char label[4 * MAX_NAME_COLUMNS + 1]; /* said when parked; may be "" */
};
/* In order of place. */
enum err carts_parked(struct till *till, struct parked out[PLACES_MAX],
                      int *n) MUST_USE;

#endif
