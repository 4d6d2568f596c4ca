/*
 * glyphs.h - what the terminal's font can show.
 *
 * The Linux console's Vietnamese fonts have every Vietnamese letter, box lines
 * and the whole block, but neither half blocks nor ₫ ★ ☆ ▁ ✓; plain ones only
 * ASCII. Screens draw as if everything were there; the grid is fitted before
 * it is shown. Pictures made of half blocks (QR codes, big digits) can be
 * shown in `full` only: see letters_only in grid.h.
 */
#ifndef POS_GLYPHS_H
#define POS_GLYPHS_H

#include "pos/term/grid.h"

enum glyphs { GLYPHS_FULL, GLYPHS_CONSOLE, GLYPHS_ASCII };

/* Replaces in place, column for column, what `set` does not have: "★" by "*",
 * "ệ" by "e" (ascii only). */
void glyphs_fit(struct grid *grid, enum glyphs set);

/* full, console or ascii: forced by `word`, else (auto) by what TERM, the
 * locale and the console's font on standard output say. A Linux console
 * without a font that has "ệ", or that cannot be asked, is ascii; so is a
 * locale of another character set. No locale at all says nothing: full. */
enum glyphs glyphs_choose(const char *word);

#endif
