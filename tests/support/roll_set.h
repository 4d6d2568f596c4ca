/*
 * roll_set.h - roll-up rows collected and merged the slow way, for tests.
 *
 * It shares nothing with the code it is compared with: keys are texts, and rows
 * whose sums are all 0 are as if they were not there.
 */
#ifndef ROLL_SET_H
#define ROLL_SET_H

#include "sync/aggregator/store/fold.h"

enum { ROLL_SET_KEY = 320, ROLL_SET_SUMS = 6, ROLL_SET_CHAINS = 509 };

struct roll_set_row {
    char key[ROLL_SET_KEY];
    int64_t v[ROLL_SET_SUMS];
    int next; /* in its chain: place + 1 */
};

struct roll_set {
    struct roll_set_row *rows;
    int n, room;
    int chain[ROLL_SET_CHAINS]; /* by key; 0: empty */
};

void roll_set_done(struct roll_set *set);

/* Adds to the row with this key (printf form). */
void roll_set_add(struct roll_set *set, const int64_t v[ROLL_SET_SUMS],
                  const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The value of one sum, 0 when there is no such row. */
int64_t roll_set_get(const struct roll_set *set, int which, const char *fmt,
                     ...) PRINTF_LIKE(3, 4);

/* Takes rows. Keys: "day DEVICE DAY GATE", "sale DEVICE DAY SLOT", "line DEVICE
 * DAY HOUR SKU|SELLER", "item DEVICE SKU|NAME|UNIT" (the first), "tender DEVICE
 * DAY METHOD", "visit DEVICE DAY SLOT GATE", "sold DEVICE DAY SKU LIST", "act
 * DEVICE DAY WHAT OPERATOR", "hold DEVICE", "note DEVICE WHAT" (events, first,
 * last). Sums in the order of the structs' members. */
struct roll_taker roll_set_taker(struct roll_set *set);

/* All rows as sorted lines. */
void roll_set_text(const struct roll_set *set, struct buf *out);

/* Fails the test with both texts when they differ. */
void roll_set_same(const struct roll_set *a, const struct roll_set *b);

#endif
