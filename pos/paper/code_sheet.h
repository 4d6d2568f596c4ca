/*
 * code_sheet.h - the booth's codes and hot keys on paper, to lie beside the
 * till (M03).
 */
#ifndef POS_CODE_SHEET_H
#define POS_CODE_SHEET_H

#include "pos/till/till.h"

/* Hot keys first, then every product by code; `columns` wide. */
void code_sheet_render(const struct till *till, int columns, struct buf *out);

#endif
