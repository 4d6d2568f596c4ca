/*
 * glyphs.h - what the terminal's font can show.
 *
 * The Linux console's Vietnamese fonts have every Vietnamese letter and box
 * line, but no ₫ ★ ☆ … ▁ ▄ ✓ →; plain ones only ASCII. Screens draw as if
 * everything were there; the grid is fitted before it is shown.
 */
#ifndef POS_GLYPHS_H
#define POS_GLYPHS_H

#include "pos/term/grid.h"

enum glyphs { GLYPHS_FULL, GLYPHS_CONSOLE, GLYPHS_ASCII };

/* Replaces in place, column for column, what `set` does not have: "★" by "*",
 * "ệ" by "e" (ascii only). Half blocks of a QR code stay in `console`, which
 * draws them with the lower half block of CP437; in `ascii` they become '#'
 * (two modules a cell cannot be shown: see qr_fits). */
void glyphs_fit(struct grid *grid, enum glyphs set);

/* full, console or ascii by TERM, LANG and what the kernel says; `word` auto
 * decides, others force. */
enum glyphs glyphs_choose(const char *word);

#endif
