/*
 * entry.h - the grammar of the one entry line.
 *
 *   12        item 12                    3*12     three of item 12
 *   1.5*12    one and a half (also 1,5)  *5       last line becomes 5
 *   + and -   one more, one less of it   /85      off the list, for 85.000
 *   %10       10 % off the last line     %5000    5.000 đồng off it
 *   %%10      the same off the whole cart
 *   !200      exactly 200 đồng where an amount below 1.000 means thousands
 *
 * Only form is judged here: whether there is such an item is for the lists.
 */
#ifndef POS_ENTRY_H
#define POS_ENTRY_H

#include "fair/buf.h"

enum { ENTRY_MAX = 400 /* bytes of one entry line */ };

enum entry_kind {
    ENTRY_EMPTY,    /* total */
    ENTRY_ITEM,     /* milli of word */
    ENTRY_QUANTITY, /* the last line becomes milli */
    ENTRY_MORE,     /* + */
    ENTRY_LESS,     /* - */
    ENTRY_UNLISTED, /* milli at vnd */
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
    int64_t percent_hundredths; /* 1…10000, or 0: vnd is meant */
    const char *why;
};

/* Reads a whole line; strings point into it. `thousands`: amounts below 1,000
 * mean thousands. */
void entry_parse(struct str line, bool thousands, struct entry *out);

/* An amount as typed in a money field: "200" -> 200,000 with thousands,
 * "200." or "!200" -> 200, "1.500.000" -> 1,500,000. ERR_INVALID. */
enum err entry_amount(struct str text, bool thousands, int64_t *vnd) MUST_USE;

/* ---- editing: the text before Enter, one code point a key ---- */

struct line_edit {
    struct buf text; /* NFC UTF-8, at most ENTRY_MAX bytes */
    size_t at;       /* insertion point, a code point's beginning */
};
void edit_init(struct line_edit *e);
void edit_done(struct line_edit *e);
void edit_clear(struct line_edit *e);
/* Inserts NFC-composing with what stands before it (Telex bursts, NFD): what
 * does not fit or is no printable character is left out (false). */
bool edit_insert(struct line_edit *e, int32_t code);
void edit_insert_text(struct line_edit *e, struct str text);
void edit_backspace(struct line_edit *e); /* one code point of typed text */
void edit_delete(struct line_edit *e);
void edit_move(struct line_edit *e, int by); /* -1, +1; INT_MIN/MAX: ends */
struct str edit_text(const struct line_edit *e);
/* Columns before the insertion point. */
int edit_column(const struct line_edit *e);

#endif
