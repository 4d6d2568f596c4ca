/*
 * refund.h - giving money back: refund (any later day, whole or in part) and
 * void (same shift, whole, as if it had not been).
 *
 * What remains refundable is derived from the ledger alone: sold minus voided
 * minus refunded, line by line; amounts are the stored ones, so a refund of
 * everything gives back exactly what was paid, whatever the rounding.
 */
#ifndef POS_REFUND_H
#define POS_REFUND_H

#include "pos/till/sale.h"

struct remaining {
    int64_t seq;  /* of the sale */
    bool touched; /* something was given back already */
    bool voided;
    int n_lines;
    int64_t milli[MAX_LINES], amount_vnd[MAX_LINES];
    int64_t total_vnd;
};
/* ERR_RECEIPT when seq is no sale. */
enum err refund_remaining(struct till *till, int64_t seq,
                          struct remaining *out) MUST_USE;

struct refund_item {
    struct str word; /* code, sku or barcode as on the receipt or the list */
    int64_t milli;
};

struct refunded {
    int64_t seq, refund_vnd, remaining_vnd;
    bool repeated; /* it was recorded before, nothing is new */
};

/* What is to be given back. */
struct refund {
    int64_t of; /* seq of the sale */
    const struct refund_item *items;
    int n_items;         /* 0: all that remains */
    struct str transfer; /* its reference; empty: cash */
    struct str basket;   /* the caller's id of this refund; may be empty */
    int64_t op;
};

/* Exactly once: the same basket again records nothing and answers with what
 * was recorded then, also while no shift is open; ERR_EXISTS when it is a
 * sale's or that of another receipt's refund.
 * An item is looked up as on the list (code, sku, barcode), then as the sku on
 * the receipt; its quantity is taken from the receipt's lines in their order.
 * ERR_RECEIPT (no sale), ERR_VOIDED, ERR_REFUNDED (more than remains, or
 * nothing does), ERR_ITEM (not on the receipt), ERR_LIMIT, ERR_NO_SHIFT. */
enum err refund_commit(struct till *till, const struct refund *refund,
                       struct refunded *out) MUST_USE;

/* ERR_NO_SHIFT, ERR_RECEIPT, ERR_OTHER_SHIFT, ERR_VOIDED, ERR_REFUNDED
 * (partly refunded already). */
enum err void_commit(struct till *till, int64_t sale_seq, int64_t op,
                     struct refunded *out) MUST_USE;

#endif
