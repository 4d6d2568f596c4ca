/*
 * code_sheet.h - the booth's codes and hot keys on paper, to lie beside the
 * till.
 */
#ifndef POS_CODE_SHEET_H
#define POS_CODE_SHEET_H

#include "pos/till/till.h"

/* Hot keys first, where there are any, then every product by code (shorter
 * ones first, so that 2 stands before 12): code, name, unit and price, in
 * lines of at most `columns` (slip.h), in the language in use. The till has
 * lists. */
void code_sheet_render(const struct till *till, int columns, struct buf *out);

/* The lists' products in that order, lists_count() of them; to free. */
const struct product **code_sheet_order(const struct lists *lists);

#endif
