/*
 * carts.h - the open cart and the parked ones, on disk at every change, so
 * that neither kill -9 nor the end of a shift loses one (M06, M07).
 *
 * Drafts of the ledger: "cart" is the open one, "park.1"…"park.9" the parked.
 */
#ifndef POS_CARTS_H
#define POS_CARTS_H

#include "pos/model/cart.h"
#include "pos/till/till.h"

enum { PARKED_MAX = 9 };
extern const char *const cart_draft; /* "cart", for sale_commit */

/* The open cart as it was left; an empty one, begun, when there is none or its
 * draft cannot be read. `op` is the last who changed it. */
enum err carts_open(struct till *till, struct cart *out) MUST_USE;
/* Call after every change; an empty cart's draft is dropped. */
enum err carts_save(struct till *till, const struct cart *cart) MUST_USE;

/* Parks the cart in the first free place; `cart` is empty and begun anew
 * afterwards. *place 1…PARKED_MAX. ERR_LIMIT when all are taken. */
enum err carts_park(struct till *till, struct cart *cart, struct str label,
                    int64_t op, int *place) MUST_USE;
/* Takes it back as the open cart, which must be empty (ERR_EXISTS). */
enum err carts_recall(struct till *till, int place, struct cart *cart) MUST_USE;

struct parked {
    int place;
    int n_lines;
    int64_t total_vnd, at_ms, op;
    char first[4 * MAX_NAME_COLUMNS + 1]; /* name of its first line */
    char label[4 * MAX_NAME_COLUMNS + 1]; /* said when parked; may be "" */
};
/* In order of place. */
enum err carts_parked(struct till *till, struct parked out[PARKED_MAX],
                      int *n) MUST_USE;

#endif
