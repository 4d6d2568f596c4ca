/*
 * edit.h - the text of an entry line before Enter, one code point a key.
 *
 * What was typed is kept as it came, and shown in NFC: a mark typed after
 * its letter joins it, and Backspace takes off exactly what the last key put
 * there. So the burst of erasing and typing again that Vietnamese input
 * methods send ends in the word that was meant, composed or not.
 */
#ifndef POS_EDIT_H
#define POS_EDIT_H

#include "fair/buf.h"

enum { ENTRY_MAX = 400 /* bytes of one entry line */ };

struct line_edit {
    struct buf typed; /* code points as they came, at most ENTRY_MAX bytes */
    size_t at;        /* insertion point in it, a code point's beginning */
    struct buf text;  /* the same in NFC, at most ENTRY_MAX bytes */
};

void edit_init(struct line_edit *e);
void edit_done(struct line_edit *e);
/* Wipes the bytes: PINs are typed here too. */
void edit_clear(struct line_edit *e);
/* What does not fit, is no printable character, or is a mark with no letter
 * before it is left out (false). */
bool edit_insert(struct line_edit *e, int32_t code);
void edit_insert_text(struct line_edit *e, struct str text);
void edit_backspace(struct line_edit *e); /* the code point before */
void edit_delete(struct line_edit *e);    /* the letter after, with its marks */
/* Letters to the left or right; INT_MIN and INT_MAX: the ends. */
void edit_move(struct line_edit *e, int by);
/* NFC; borrowed until the next change. */
struct str edit_text(const struct line_edit *e);
/* Columns before the insertion point. */
int edit_column(const struct line_edit *e);

#endif
