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
    int64_t since; /* events there were when it was begun: none is its sale */
    int n_lines;
    struct cart_line lines[MAX_LINES];
    int64_t order_discount_vnd;
};

/* Empty, without basket and reference. A cart given up is not used again but
 * begun anew: a customer may have paid to its reference already. */
void cart_init(struct cart *cart);

/* ---- lines ---- */

/* Adds quantity of a listed product; *line is the line it went to. Whole
 * quantities of the same product at the same price come together on one line,
 * unless that has a discount or a stamp. What was weighed (no whole number)
 * stays a line of its own: each bag costs what its label says, and can be
 * taken back by itself. ERR_LIMIT: too many lines, too much of it, or more
 * money for all the lines than MONEY_MAX. 0 < milli <= MILLI_MAX. */
enum err cart_add_at(struct cart *cart, const struct product *p, int64_t milli,
                     int *line) MUST_USE;
enum err cart_add(struct cart *cart, const struct product *p,
                  int64_t milli) MUST_USE;

/* Adds what is not on the list, always as the last line and flagged, so that
 * the organiser sees it. All of it goes by one sku: reports by product show
 * what was sold off the list as one row, whatever it was called.
 * ERR_INVALID: no name, or a text that text_check refuses; the unit may be
 * empty. ERR_LIMIT as above. */
extern const char *const cart_unlisted_sku; /* "KHAC": khác, other */
enum err cart_add_unlisted(struct cart *cart, struct str name, struct str unit,
                           int64_t price_vnd, int64_t milli) MUST_USE;

/* Line i becomes milli (> 0); its discount grows and shrinks with it, so that
 * 10 % stay 10 %. ERR_LIMIT: above MILLI_MAX, or all lines above MONEY_MAX. */
enum err cart_set_quantity(struct cart *cart, int i, int64_t milli) MUST_USE;
/* Takes line i out; those behind it move up. */
void cart_remove(struct cart *cart, int i);

/* Line i carries this traceability stamp. Of several units one is taken off
 * and becomes a line of its own right behind, with its part of the discount:
 * a stamp is on one piece. *line is the line that has it now. ERR_INVALID: no
 * text (text_check), ERR_LIMIT: too long, or no room for another line. */
enum err cart_set_stamp(struct cart *cart, int i, struct str stamp,
                        int *line) MUST_USE;

/* ---- discounts ---- */

/* Discount of line i, and of the whole cart on top of those; each replaces the
 * one before, 0 takes it back. ERR_LIMIT above what it is taken off, and when
 * less of it leaves all the lines above MONEY_MAX. Whenever
 * a change leaves less than the order discount to pay, that is lowered to
 * it. */
enum err cart_discount_line(struct cart *cart, int i, int64_t vnd) MUST_USE;
enum err cart_discount_order(struct cart *cart, int64_t vnd) MUST_USE;

/* So many hundredths of a per cent (0…10000) of an amount >= 0, rounded half
 * up to one đồng. */
int64_t cart_percent(int64_t amount_vnd, int64_t percent_hundredths);

/* Is no line's own discount above this percentage of it, nor all discounts
 * above that of the whole cart, each rounded as cart_percent does? To be asked
 * once more before paying: an order discount weighs more when lines go. False
 * where the cart does not add up. */
bool cart_discount_within(const struct cart *cart, int64_t percent_hundredths);

/* ---- adding up ---- */

/* Amount of line i before any order discount, and the whole cart's total
 * after all discounts. ERR_LIMIT above MONEY_MAX before the order discount, and
 * for a discount above what it is taken off. */
enum err cart_line_amount(const struct cart *cart, int i,
                          int64_t *vnd) MUST_USE;
enum err cart_total(const struct cart *cart, int64_t *vnd) MUST_USE;

/* The body of the sale, without tenders. Strings point into the cart. */
enum err cart_body(const struct cart *cart, struct body_sale *out) MUST_USE;

/* ---- drafts (cart_draft.c) ---- */

/* Canonical draft bytes, and back (kill -9 loses no cart). */
void cart_render(const struct cart *cart, struct buf *out);
enum err cart_parse(struct str bytes, struct cart *out) MUST_USE;
/* Of a draft that may hold more than this version knows: a cart with its
 * basket, reference and since, and no lines. */
enum err cart_parse_name(struct str bytes, struct cart *out) MUST_USE;

#endif
