/*
 * sale.h - hop 1 of a sale: the cart becomes an event, or a reason why not.
 *
 * The only callers of till_append for money are the intents: sale, refund,
 * void, visits, shift and cash. Exactly once: the same basket again records
 * nothing and answers with what was recorded then.
 */
#ifndef POS_SALE_H
#define POS_SALE_H

#include "pos/model/cart.h"
#include "pos/model/judge.h"
#include "pos/till/till.h"

/* Bytes of an event that a sale's body leaves free: for the envelope, and for
 * what a void or refund of it says more. */
enum { SALE_SPARE = 1024 };

struct payment {
    const char *method; /* cash, transfer, card, voucher */
    int64_t amount_vnd; /* taken; < 0: exactly what is due still */
    struct str reference;
};

/* Remarks about a sale; they never stop it. */
enum sale_note {
    NOTE_EXPIRED = 1,  /* a certificate had expired on the day */
    NOTE_EXPIRING = 2, /* one expires during the fair */
    NOTE_UNLISTED = 4,
    NOTE_LATE = 8,
    NOTE_OUTSIDE = 16,   /* the day is not in the fair's calendar */
    NOTE_DAY_TURNED = 32 /* the sale was the first of a new fair-day */
};
/* The code word of a note and its English message id, in the order above;
 * ends with a word NULL. */
struct sale_note_name {
    enum sale_note note;
    const char *word, *text;
};
extern const struct sale_note_name sale_note_names[];

struct sold {
    int64_t seq, total_vnd, tendered_vnd, change_vnd;
    int day;
    char reference[REFERENCE_LEN + 1];
    char basket[BASKET_MAX + 1]; /* the caller's, or the reference */
    int notes;                   /* enum sale_note, or-ed */
    bool repeated;
};

/* A reference that nothing on this device has yet. ERR_LIMIT, and the
 * ledger's. */
enum err sale_reference(struct till *till,
                        char out[REFERENCE_LEN + 1]) MUST_USE;
/* Makes the cart's reference, and notes since when; without a basket id of the
 * caller's it is that too. */
enum err sale_begin(struct till *till, struct cart *cart) MUST_USE;

/* Was a sale with this basket id recorded? ERR_OK fills `out` with it,
 * repeated; ERR_NOT_FOUND; ERR_EXISTS when the id is a refund's. */
enum err sale_find(struct till *till, struct str basket,
                   struct sold *out) MUST_USE;

/* The line of a cart, judged as sold on `day`: a product by its sku in the
 * newest lists. */
struct judgement sale_judge(const struct till *till,
                            const struct cart_line *line, int day);
/* The first line that the organiser lets nobody sell, in an open shift now:
 * its index, and *why ERR_EXPIRED or ERR_NOT_ALLOWED; -1: none. */
int sale_refused(const struct till *till, const struct cart *cart,
                 enum err *why);

/* Records the cart, unless its basket is recorded already. ERR_NO_SHIFT,
 * ERR_TENDER (cash below the total, transfer not exact…), ERR_LIMIT,
 * ERR_FUTURE, ERR_EXPIRED or ERR_NOT_ALLOWED (sale_refused says which line;
 * what was sold already, a late entry, is not refused), and till_append's. */
struct sale {
    const struct cart *cart; /* begun, not empty */
    const struct payment *payments;
    int n_payments;
    int64_t op, late_ms;
};
enum err sale_commit(struct till *till, const struct sale *sale,
                     struct sold *out) MUST_USE;

/* Fills `out` from a stored sale; certificates are judged by the newest
 * lists. ERR_RECEIPT when `seq` is none. */
enum err sale_recall(struct till *till, int64_t seq, struct sold *out) MUST_USE;

/* The notes of one recorded line, sold on `day`: NOTE_EXPIRED, NOTE_EXPIRING,
 * NOTE_UNLISTED. */
int sale_line_notes(const struct till *till, const struct line *line, int day);

#endif
