/*
 * till_bytes.h - P6: what the real fair-pos sends to its terminal, exactly.
 *
 * Its language is Vietnamese and its products have names as long as a row, so
 * that a full frame is one.
 */
#ifndef FAIR_TEST_TILL_BYTES_H
#define FAIR_TEST_TILL_BYTES_H

#include <stddef.h>

struct till_bytes {   /* of 24 rows and 80 columns */
    size_t digit;     /* typed into the entry line beside a cart: the most */
    size_t erased;    /* one taken back: the most */
    size_t list;      /* everything anew while all products are listed */
    size_t cart;      /* the same of a cart as long as the screen */
    int digits, rows; /* how many were typed; how many rows are not blank */
};

void till_bytes_measure(struct till_bytes *out);

#endif
