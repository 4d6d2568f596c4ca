/*
 * back.h - money going back, in words that name where it comes from.
 */
#ifndef POS_BACK_H
#define POS_BACK_H

#include "pos/screens/app.h"
#include "pos/till/refund.h"

/* "100.000 đ in cash, 40.000 đ by transfer, not from the drawer" */
void back_words(const struct refunded *back, struct buf *out);
/* What a void of sale `seq` would give back; false when there can be none,
 * which is said. */
bool back_of_void(struct app *app, int64_t seq, struct refunded *out);

#endif
