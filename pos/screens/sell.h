/*
 * sell.h - what the sell screen lends to others: adding, finishing, refusing.
 */
#ifndef POS_SELL_H
#define POS_SELL_H

#include "pos/screens/app.h"

enum { MATCHES_MAX = 12 };

struct sell {
    const struct product *matches[MATCHES_MAX];
    int n_matches; /* of what is typed; 0 while it is no search */
    int match;     /* selected */
    /* Waiting for a supervisor or a name. */
    int64_t discount_vnd, unlisted_vnd, unlisted_milli;
    int discount_line; /* -1: the whole cart */
};

/* Rings up milli of a product and says what is to be said about it; the same
 * for what was scanned. False when it was refused (said, too). */
bool sell_add(struct app *app, const struct product *p, int64_t milli);
/* A scan: true when it was a code known here (or a stamp). */
bool sell_scan(struct app *app, struct str text);
/* A burst that was no code known here: true when the scanner misread it, which
 * is said. Nothing of it goes into the entry line then: what is typed next
 * would be glued to it. */
bool sell_misread(struct app *app, struct str text);

/* Records the cart with these payments; on success the cart is new, the slip
 * printed, app->last the sale. `late_ms` 0. */
bool sell_finish(struct app *app, const struct payment *payments, int n);

/* The rest of the grammar: on an empty line, the selected line out, an item
 * off the list (asks what it is), a discount on line i or (-1) on all. */
void sell_total(struct app *app);
void sell_remove(struct app *app);
void sell_quantity(struct app *app, int64_t milli); /* 0 or less: out */
void sell_unlisted(struct app *app, int64_t vnd, int64_t milli);
void sell_discount(struct app *app, const struct entry *typed, int i);

/* The product with this hot key (1…12); NULL. */
const struct product *sell_hot_product(const struct app *app, int key);

/* Makes the cart empty and begun anew. */
void sell_new_cart(struct app *app);

#endif
