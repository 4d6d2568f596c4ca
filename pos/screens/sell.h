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
    bool guided;   /* hints of the guided sale are shown */
};

/* Rings up milli of a product and says what is to be said about it; the same
 * for what was scanned. False when it was refused (said, too). */
bool sell_add(struct app *app, const struct product *p, int64_t milli);
/* A scan: true when it was a code known here (or a stamp). */
bool sell_scan(struct app *app, struct str text);

/* Records the cart with these payments; on success the cart is new, the slip
 * printed, app->last the sale. `late_ms` 0. */
bool sell_finish(struct app *app, const struct payment *payments, int n);

/* Makes the cart empty and begun anew. */
void sell_new_cart(struct app *app);

#endif
