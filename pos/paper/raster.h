/*
 * raster.h - text as dots, for printers that know no Vietnamese.
 *
 * A cell is 12 x 24 dots (203 a inch: 32 columns are 384 dots, 58 mm of
 * paper; 48 are 576, 80 mm), or twice that. The font is scaled so that every
 * Vietnamese letter, marks and all, stays inside its rows. What the font has
 * no picture of is drawn a mark plainer, at last as '?'.
 */
#ifndef POS_RASTER_H
#define POS_RASTER_H

#include "fair/buf.h"

enum {
    CELL_DOTS = 12,
    CELL_ROWS = 24,
    STRIP_DOTS = 576, /* the widest paper */
    STRIP_ROWS = 2 * CELL_ROWS
};

/* A band across the paper, most significant bit left, 1 is black. */
struct strip {
    int rows;
    uint8_t bits[STRIP_ROWS][STRIP_DOTS / 8];
};

/* Sets the dots from (column, row) on; outside the strip nothing happens. */
void strip_fill(struct strip *strip, int column, int row, int columns,
                int rows);

struct raster;

/* The font of a file. ERR_NOT_FOUND when it cannot be read, ERR_INVALID when
 * it is no font whose letters can be scaled. */
enum err raster_open(const char *font, struct raster **out) MUST_USE;
void raster_close(struct raster *r);

/* Draws a line of text from the left edge into `out`, cells `wide` times as
 * wide and `tall` times as high (1 or 2). What is too long is cut. */
void raster_text(struct raster *r, struct str text, int wide, int tall,
                 struct strip *out);

#endif
