/*
 * entry.h - the grammar of the one entry line.
 *
 *   12        item 12                    3*12     three of item 12
 *   1.5*12    one and a half (also 1,5)  *5       last line becomes 5
 *   + and -   one more, one less of it   /85      off the list, for 85.000
 *   %10       10 % off the last line     %5000    5.000 đồng off it
 *   %%10      the same off the whole cart
 *   %0 %%0    no discount any more
 *   !200      exactly 200 đồng where an amount below 1.000 means thousands
 * A quantity may stand before /85 as before a code.
 *
 * Only form is judged here: whether there is such an item is for the lists.
 */
#ifndef POS_ENTRY_H
#define POS_ENTRY_H

#include "fair/buf.h"
#include "pos/model/edit.h"

enum entry_kind {
    ENTRY_EMPTY,    /* total */
    ENTRY_ITEM,     /* milli of word */
    ENTRY_QUANTITY, /* the last line becomes milli */
    ENTRY_MORE,     /* + */
    ENTRY_LESS,     /* - */
    ENTRY_UNLISTED, /* milli at vnd each, vnd > 0 */
    ENTRY_DISCOUNT, /* last line: percent_hundredths or vnd */
    ENTRY_DISCOUNT_ALL,
    ENTRY_WRONG /* why: an English message id */
};

struct entry {
    enum entry_kind kind;
    int64_t milli; /* 1000 when no quantity was given */
    bool counted;  /* a quantity was given */
    struct str word;
    int64_t vnd;
    int64_t percent_hundredths; /* 1…10000, or 0: vnd is meant; a
                                   discount of 0 takes one back */
    const char *why;
};

/* Reads a whole line; strings point into it. `thousands`: amounts below 1,000
 * mean thousands. After '%' a number up to 100 with at most two decimals is per
 * cent ("%12,5"), anything else an amount ("%5000", "%5.000", "%!50", "%150"
 * for 150,000). A '*' after what is no number belongs to the word. */
void entry_parse(struct str line, bool thousands, struct entry *out);

/* An amount as typed in a money field: "200" -> 200,000 with thousands,
 * "200." or "!200" -> 200, "1.500.000" or "1,500,000" -> 1,500,000; what is
 * grouped is meant as it stands. 0 is an amount. At most 13 digits:
 * ERR_INVALID. */
enum err entry_amount(struct str text, bool thousands, int64_t *vnd) MUST_USE;

#endif
