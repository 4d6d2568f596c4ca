/*
 * foreign.h - giving money back for another till's receipt: what is known of
 * it is its number and what the customer holds in hand.
 *
 * Its sale lies in another ledger, so nothing here can tell what is left of
 * it; a supervisor allows each, and the aggregator, where all ledgers meet,
 * notes what was given back twice.
 */
#ifndef POS_FOREIGN_H
#define POS_FOREIGN_H

#include "pos/till/refund.h"

enum { RECEIPT_ROOM = 32 }; /* BOOTH-LABEL-SEQ and a NUL */

/* The number of a receipt that is not this till's, in capitals. ERR_INVALID
 * when it is no such number; ERR_RECEIPT when it is one of this very till,
 * whose ledger knows more. */
enum err foreign_number(const struct till *till, struct str word,
                        char out[RECEIPT_ROOM]) MUST_USE;

/* The lines and the total of a foreign refund, from the lists in use. Strings
 * live as long as these. As refund_commit. */
enum err foreign_lines(const struct till *till, const struct refund *refund,
                       struct body_refund *out) MUST_USE;

#endif
