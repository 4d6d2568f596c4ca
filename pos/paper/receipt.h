/*
 * receipt.h - the customer's slip: what was bought, paid and given back, the
 * receipt number and payment reference, and a short code of the ledger's head,
 * by which anyone can check the slip later (`fair-pos receipt` shows the same
 * code for the same event).
 */
#ifndef POS_RECEIPT_H
#define POS_RECEIPT_H

#include "pos/paper/printer.h"
#include "pos/till/till.h"

/* Appends the slip of event `seq` (sale, refund or void), `columns` wide (32
 * or 48), in the language in use. A copy says so. ERR_RECEIPT. */
enum err receipt_render(struct till *till, int64_t seq, int columns, bool copy,
                        struct buf *out) MUST_USE;

/* The same as a job for the printer: heading and total large, and the drawer
 * open when cash moved, but not for a copy. `out` is initialised and empty. */
enum err receipt_job(struct till *till, int64_t seq, int columns, bool copy,
                     struct sheet *out) MUST_USE;

/* What a slip shows of the event's hash, to be compared with the ledger. */
void receipt_code(const struct record *r, char out[10]);

/* The words under a total, where the language has them; else nothing. */
void receipt_words(struct sheet *sheet, int columns, int64_t vnd);
/* Fair and booth, as every slip begins; says when it is practice. And the
 * latter again, as it ends. */
void receipt_head(struct sheet *sheet, int columns, const struct till *till);
void receipt_practice(struct sheet *sheet, int columns,
                      const struct till *till);

#endif
