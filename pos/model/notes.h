/*
 * notes.h - bank notes of Việt Nam: what a customer may hand over, what to
 * hand back (FIELD.md 4: 500,000 … 500 in use).
 */
#ifndef POS_NOTES_H
#define POS_NOTES_H

#include "fair/buf.h"

enum { NOTES_KINDS = 10, NOTES_SUGGESTED = 6 };
extern const int64_t notes_vnd[NOTES_KINDS]; /* 500,000 … 500, descending */

/* Amounts a customer is likely to hand over for `due_vnd`, ascending, the
 * first being exact; at most NOTES_SUGGESTED; returns how many. Each is
 * reached by notes in use: 85,000 -> 85, 90, 100, 200, 500 thousand. */
int notes_suggest(int64_t due_vnd, int64_t out[NOTES_SUGGESTED]);

/* How many of each note to hand back, greedy (optimal on 5-2-1); *rest is what
 * no note in use can make (below 500). */
void notes_return(int64_t change_vnd, int64_t count[NOTES_KINDS],
                  int64_t *rest_vnd);
/* "100k + 10k + 5k", "2×200k + 500". */
void notes_render(struct buf *out, int64_t change_vnd);

#endif
