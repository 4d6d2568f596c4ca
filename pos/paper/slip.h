/*
 * slip.h - text laid out for a narrow roll of paper: receipts, X and Z.
 *
 * Every line is at most `columns` wide; long texts are broken at blanks, words
 * that are too long anywhere. Amounts end at the right edge. Whatever the
 * texts hold, nothing but visible characters and '\n' comes out.
 */
#ifndef POS_SLIP_H
#define POS_SLIP_H

#include "fair/buf.h"

enum { SLIP_NARROW = 32, SLIP_WIDE = 48 }; /* 58 and 80 mm of paper */

struct slip {
    struct buf *out;
    int columns;
};

void slip_center(struct slip *slip, struct str text);
void slip_text(struct slip *slip, struct str text);
/* `left` begins at `indent` columns; `right` ends at the edge, on a line of
 * its own when both have no room side by side. */
void slip_pair(struct slip *slip, int indent, struct str left,
               struct str right);
void slip_money(struct slip *slip, const char *label, int64_t vnd);
void slip_count(struct slip *slip, const char *label, int64_t n);
void slip_rule(struct slip *slip, char c);

#endif
