/*
 * vietqr.h - the payload of a VietQR transfer code (EMVCo merchant-presented,
 * NAPAS QR switching IV 1.5.2).
 *
 * A code is a request: only the operator can say that the money has come.
 */
#ifndef POS_VIETQR_H
#define POS_VIETQR_H

#include "fair/buf.h"

struct vietqr {
    struct str bin;     /* bank, 6 digits */
    struct str account; /* account or card, 1–19 of 0-9A-Za-z */
    bool card;          /* QRIBFTTC instead of QRIBFTTA */
    int64_t amount_vnd; /* 0: static, the customer types it */
    struct str bill;    /* additional data 01, or empty; 25 of ASCII */
    struct str purpose; /* additional data 08. When made, any text is folded
                           to unaccented letters, digits and single blanks
                           and cut to 25, because banks take nothing else */
};

/* Appends the payload with its CRC, at most 250 bytes. ERR_INVALID; then
 * nothing is appended. */
enum err vietqr_make(const struct vietqr *qr, struct buf *out) MUST_USE;
/* Reads one strictly (every length, order, CRC; dynamic exactly when it has an
 * amount, in whole đồng); strings point into it. Merchant's name, city and
 * the other additional data are read over. ERR_INVALID. */
enum err vietqr_parse(struct str payload, struct vietqr *out) MUST_USE;

#endif
