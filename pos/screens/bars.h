/*
 * bars.h - what frames every screen: the top row (where, who, is all well),
 * the message, the entry line, and the footer with the keys that count now.
 */
#ifndef POS_BARS_H
#define POS_BARS_H

#include "pos/screens/action.h"
#include "pos/screens/app.h"

enum { BARS_ROWS_MIN = 12, BARS_COLS_MIN = 40, BARS_COLS_WIDE = 120 };

bool bars_room(const struct grid *grid);
/* One line for a window that is too small; keys go on working. */
void bars_too_small(struct grid *grid);
/* Draws the frame and the cursor, leaving this many rows to the message; the
 * area between is the screen's. */
struct area bars_draw(const struct app *app, struct grid *grid, int message);
/* How many rows the message takes, one at least; are those above the first
 * blank as a screen left them? And the message itself, over all there is. */
int bars_message_rows(const struct app *app, const struct grid *grid);
bool bars_message_free(const struct grid *grid, int rows);
void bars_message(const struct app *app, struct grid *grid);
/* The hints drawn in grid row `row` of the last drawing (none but in the
 * footer), for clicks. */
int bars_hints(const struct app *app, int row, struct hint out[HINTS_MAX]);

#endif
