/*
 * cart_parts.h - what cart.c and cart_draft.c share.
 */
#ifndef POS_CART_PARTS_H
#define POS_CART_PARTS_H

#include "pos/model/cart.h"

/* Keeps s as a C string when it fits into `room` bytes and holds no NUL; else
 * false, and nothing changes. */
bool cart_text(char *to, size_t room, struct str s) MUST_USE;

#endif
