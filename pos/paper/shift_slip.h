/*
 * shift_slip.h - X and Z as text, for a roll of paper.
 */
#ifndef POS_SHIFT_SLIP_H
#define POS_SHIFT_SLIP_H

#include "pos/till/shift.h"

/* `columns` as in slip.h, in the language in use; shows line by line how the
 * expected cash comes about. */
void shift_report_render(const struct till *till,
                         const struct shift_report *report, int columns,
                         struct buf *out);

/* The name of a payment method; "" for an unknown word. */
const char *tender_name(struct str method);

#endif
