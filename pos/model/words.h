/*
 * words.h - an amount in Vietnamese words, as slips print it under the total:
 * linh, nghìn, tư, tỷ; an empty thousands group before 100–999 is said, so
 * that 1.000.500 is not heard as one and a half million.
 */
#ifndef POS_WORDS_H
#define POS_WORDS_H

#include "fair/buf.h"

/* Appends "một trăm linh năm nghìn đồng"; 0 <= vnd. */
void words_vnd(struct buf *out, int64_t vnd);
/* The same with a capital first letter. */
void words_vnd_capital(struct buf *out, int64_t vnd);

#endif
