/*
 * receipt.h - the customer's slip as text: what was bought, paid and given
 * back, the receipt number and payment reference, and a short code of the
 * ledger's head, by which anyone can check the slip later.
 */
#ifndef POS_RECEIPT_H
#define POS_RECEIPT_H

#include "pos/till/till.h"

/* Appends the slip of event `seq` (sale, refund or void), `columns` wide (32
 * or 48), in the language in use. A copy says so. ERR_RECEIPT. */
enum err receipt_render(struct till *till, int64_t seq, int columns, bool copy,
                        struct buf *out) MUST_USE;

#endif
