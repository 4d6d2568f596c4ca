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

/* What is paid back for the next `milli` of line i: 0…left->milli[i]. */
int64_t refund_part(const struct body_sale *sale, const struct remaining *left,
                    int64_t i, int64_t milli);

struct refund_item {
    struct str word; /* code, sku or barcode as on the receipt or the list */
    int64_t milli;
};

/* The ways money goes back; only cash comes out of the drawer. */
enum back_way { BACK_CASH, BACK_TRANSFER, BACK_CARD, BACK_VOUCHER, BACK_WAYS };

struct refunded {
    int64_t seq, refund_vnd, remaining_vnd;
    bool repeated;               /* it was recorded before, nothing is new */
    int64_t back_vnd[BACK_WAYS]; /* refund_vnd, by enum back_way */
};

/* What is to be given back: of a sale of this till, or for another till's
 * receipt. */
struct refund {
    int64_t of;         /* seq of the sale; 0 when foreign */
    struct str foreign; /* the other till's receipt number; empty: our own */
    int64_t by;         /* foreign: the supervisor who allows it, this once */
    int64_t paid_vnd;   /* foreign: what was paid for the items in all, when
                           that was less than the list's prices; 0: these */
    const struct refund_item *items;
    int n_items;            /* 0: all that remains; foreign: at least one */
    const int64_t *by_line; /* instead of items: what comes back of each of
                               the receipt's lines, milli; or NULL */
    struct str transfer;    /* its reference; empty: cash */
    struct str reason;      /* reason_check'ed; may be empty */
    struct str basket;      /* the caller's id of this refund; may be empty */
    int64_t op;
};

/* Exactly once: the same basket again records nothing and answers with what
 * was recorded then, also while no shift is open; ERR_EXISTS when it is a
 * sale's or that of another receipt's refund.
 * An item is looked up as on the list (code, sku, barcode), then as the sku on
 * the receipt; its quantity is taken from the receipt's lines in their order.
 * ERR_RECEIPT (no sale, so also a refund), ERR_VOIDED, ERR_REFUNDED (more than
 * remains, or nothing does), ERR_ITEM (not on the receipt), ERR_LIMIT,
 * ERR_INVALID (reason), ERR_NO_SHIFT.
 * Foreign: priced by the list, an `override` by the supervisor is appended
 * just before it, and what remains is said to be 0, for nobody here knows.
 * ERR_INVALID also for what is no receipt number, ERR_RECEIPT for one of this
 * very till, ERR_ITEM (not on the list), ERR_LIMIT (paid more than the list's
 * prices). */
enum err refund_commit(struct till *till, const struct refund *refund,
                       struct refunded *out) MUST_USE;

/* `reason` as above. ERR_NO_SHIFT, ERR_RECEIPT, ERR_OTHER_SHIFT, ERR_VOIDED,
 * ERR_REFUNDED (partly refunded already), ERR_INVALID (reason). */
enum err void_commit(struct till *till, int64_t sale_seq, struct str reason,
                     int64_t op, struct refunded *out) MUST_USE;
/* The same without doing it: what would go back (seq 0), or the error. */
enum err void_check(struct till *till, int64_t sale_seq,
                    struct refunded *out) MUST_USE;

#endif
