/*
 * qr.h - a QR code as modules (libqrencode), for paper and screen.
 */
#ifndef POS_QR_H
#define POS_QR_H

#include "fair/buf.h"

enum { QR_MAX = 177 };

struct qr {
    int size;                      /* modules a side, without quiet zone */
    uint8_t dark[QR_MAX * QR_MAX]; /* row by row, 1 dark */
};

/* Error correction M, the smallest version that has room. ERR_INVALID for an
 * empty text or one with a NUL, ERR_LIMIT when it does not fit. */
enum err qr_make(struct str text, struct qr *out) MUST_USE;

/* Half blocks: one terminal row shows two rows of modules, `quiet` modules of
 * light around (4 by the standard; 2 where a screen is small: a transfer code
 * of 37 modules then takes 21 rows). Rows and columns it takes; and text row i
 * of it in "█▀▄ ": light modules are blocks, dark ones blank, so the letters'
 * colour has to be the light one (STYLE_QR). Where the rows of modules are odd
 * the last half row is light too. */
void qr_extent(const struct qr *qr, int quiet, int *rows, int *cols);
void qr_row(const struct qr *qr, int quiet, int i, struct buf *out);

#endif
