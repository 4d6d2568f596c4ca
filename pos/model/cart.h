/*
 * cart.h - the cart: what is being sold, as a model without I/O.
 *
 * Lines keep the facts as they will be charged. Totals are exact integers;
 * an order discount is shared over the lines by largest remainder, so that
 * the lines always add up to the total and a later refund of one line gives
 * back exactly what was paid for it.
 */
#ifndef POS_CART_H
#define POS_CART_H

#include "fair/body.h"
#include "fair/lists.h"

enum { BASKET_MAX = 40, REFERENCE_LEN = 5 };

struct cart_line {
    char sku[33], name[4 * MAX_NAME_COLUMNS + 1],
        unit[4 * MAX_NAME_COLUMNS + 1];
    char seller[4 * MAX_NAME_COLUMNS + 1], stamp[MAX_NAME_COLUMNS + 1];
    int64_t milli, price_vnd;
    int64_t discount_vnd; /* of this line, given by hand */
    bool unlisted;
};

struct cart {
    char basket[BASKET_MAX + 1];       /* caller's id; "" when made here */
    char reference[REFERENCE_LEN + 1]; /* unique on this device */
    int n_lines;
    struct cart_line lines[MAX_LINES];
    int64_t order_discount_vnd;
};

void cart_init(struct cart *cart);

/* Adds quantity of a listed product as a new line (the same product again is
 * a line of its own only when the price differs). ERR_LIMIT: too many lines,
 * too much of it, or more money for it than MONEY_MAX. */
enum err cart_add(struct cart *cart, const struct product *p,
                  int64_t milli) MUST_USE;

/* Amount of line i before any order discount, and the whole cart's total
 * after all discounts. ERR_LIMIT above MONEY_MAX before the order discount, and
 * for a discount above what it is taken off. */
enum err cart_line_amount(const struct cart *cart, int i,
                          int64_t *vnd) MUST_USE;
enum err cart_total(const struct cart *cart, int64_t *vnd) MUST_USE;

/* The body of the sale, without tenders. Strings point into the cart. */
enum err cart_body(const struct cart *cart, struct body_sale *out) MUST_USE;

/* Canonical draft bytes, and back (kill -9 loses no cart). */
void cart_render(const struct cart *cart, struct buf *out);
enum err cart_parse(struct str bytes, struct cart *out) MUST_USE;

#endif
