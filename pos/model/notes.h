/*
 * notes.h - bank notes of Việt Nam: what a customer may hand over, what to
 * hand back (500,000 … 500 are in use; 200 and 100 are legal, but gone).
 */
#ifndef POS_NOTES_H
#define POS_NOTES_H

#include "fair/buf.h"

enum { NOTES_KINDS = 10, NOTES_SUGGESTED = 6 };
extern const int64_t notes_vnd[NOTES_KINDS]; /* 500,000 … 500, descending */

/* Amounts a customer is likely to hand over for `due_vnd` (at most MONEY_MAX):
 * ascending, the first exact, at most NOTES_SUGGESTED; returns how many, 0
 * when nothing is due. 85,000 -> 85, 90, 100, 200, 500 thousand. Each but the
 * first is made of notes in use of which none could be kept back, and no
 * fewer notes make it: nobody hands over 86 or 120 thousand for 85. */
int notes_suggest(int64_t due_vnd, int64_t out[NOTES_SUGGESTED]);

/* How many of each note to hand back, greedy (optimal on 5-2-1); *rest is what
 * no note in use can make (below 500). change_vnd >= 0. */
void notes_return(int64_t change_vnd, int64_t count[NOTES_KINDS],
                  int64_t *rest_vnd);
/* "100k + 10k + 5k", "2×200k + 500"; what no note makes comes last, as it is:
 * "5k + 420". Nothing for nothing. */
void notes_render(struct buf *out, int64_t change_vnd);

#endif
