/*
 * sale.h - hop 1 of a sale: the cart becomes an event, or a reason why not.
 *
 * The only callers of till_append for money are the intents: sale, refund,
 * void, visits, shift and cash. Exactly once: the same basket again records
 * nothing and answers with what was recorded then.
 */
#ifndef POS_SALE_H
#define POS_SALE_H

#include "cart.h"
#include "till.h"

struct payment {
    const char *method; /* cash, transfer, card, voucher */
    int64_t amount_vnd; /* taken; < 0: exactly the total */
    struct str reference;
};

/* Remarks about a sale; they never stop it. */
enum sale_note {
    NOTE_EXPIRED = 1,   /* a certificate had expired on the day */
    NOTE_EXPIRING = 2,  /* one expires during the fair */
    NOTE_UNLISTED = 4,
    NOTE_LATE = 8,
    NOTE_OUTSIDE = 16,  /* the day is not in the fair's calendar */
    NOTE_DAY_TURNED = 32
};

struct sold {
    int64_t seq, total_vnd, tendered_vnd, change_vnd;
    int day;
    char reference[REFERENCE_LEN + 1];
    char basket[BASKET_MAX + 1]; /* the caller's, or the reference */
    int notes;                   /* enum sale_note, or-ed */
    bool repeated;
};

/* Makes the cart's reference (unique on this device) and, if the caller gave
 * none, lets it be the basket. Cheap; no I/O but reading. */
enum err sale_begin(struct till *till, struct cart *cart) MUST_USE;

/* ERR_NO_SHIFT, ERR_TENDER (cash below the total, transfer not exact…),
 * ERR_LIMIT, ERR_FUTURE, and ledger_append's. */
enum err sale_commit(struct till *till, const struct cart *cart,
                     const struct payment *payments, int n_payments,
                     int64_t op, int64_t late_ms, const char *draft,
                     struct sold *out) MUST_USE;

/* Fills `out` from a stored sale. */
enum err sale_recall(struct till *till, int64_t seq, struct sold *out)
    MUST_USE;

#endif
