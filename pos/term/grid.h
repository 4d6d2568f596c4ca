/*
 * grid.h - what a screen looks like, as cells. Screens draw into it, a back-end
 * shows it: ncurses (term.h) or a test, which reads it as a picture.
 *
 * Drawing never fails and never leaves the grid: what lies outside is cut.
 * Texts are made harmless first (text_emit_terminal), so that no cell ever
 * holds a control or bidi character.
 */
#ifndef POS_GRID_H
#define POS_GRID_H

#include "fair/buf.h"

/* What a text means, never a colour: theme.h says how each looks. */
enum style {
    STYLE_TEXT,
    STYLE_DIM, /* said beside the main thing */
    STYLE_BAR, /* first and last row */
    STYLE_KEY, /* a key in the footer */
    STYLE_HEADING,
    STYLE_SELECTED, /* the line keys act on; also marked with '>' */
    STYLE_ENTRY,    /* where typing goes */
    STYLE_TOTAL,    /* the amount everybody looks for */
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_ERROR,
    STYLE_QR, /* always dark on light: a camera reads it */
    STYLE_COUNT
};

enum {
    CELL_BYTES = 15, /* a base and at most two combining marks */
    GRID_ROWS_MAX = 200,
    GRID_COLS_MAX = 500
};

struct cell {
    char text[CELL_BYTES]; /* UTF-8, NUL-terminated; "" is the right half of
                              the wide character before it */
    uint8_t style;
};

struct grid {
    int rows, cols;
    struct cell *cells; /* row by row */
    bool letters_only;  /* no pictures made of blocks: they say nothing to a
                           reader, and not every font has them; kept by
                           grid_reset */
    int cursor_row, cursor_col; /* where typing goes; row < 0: nowhere */
};

/* rows and cols are 1…their maximum; more is taken as the maximum. All cells
 * blank, no cursor. */
void grid_init(struct grid *grid, int rows, int cols);
void grid_done(struct grid *grid);
/* Blank, of this size. */
void grid_reset(struct grid *grid, int rows, int cols);

const struct cell *grid_at(const struct grid *grid, int row, int col);

/* Puts text at a cell, cut at the edges of the grid; returns how many columns
 * it took. */
int grid_put(struct grid *grid, int row, int col, enum style style,
             struct str text);
int grid_puts(struct grid *grid, int row, int col, enum style style,
              const char *text);
/* The same in exactly `columns`, cut (with '…' when something was) or padded
 * with blanks. */
void grid_field(struct grid *grid, int row, int col, int columns,
                enum style style, struct str text);
/* Ends before column `end`. */
void grid_right(struct grid *grid, int row, int end, enum style style,
                struct str text);
void grid_center(struct grid *grid, int row, enum style style, struct str text);
/* Repeats a one-column character. */
void grid_fill(struct grid *grid, int row, int col, int columns,
               enum style style, const char *glyph);
/* Text broken at blanks and newlines into `columns`, at most `rows` rows from
 * `row` on ('…' where there is more); returns how many it took. */
int grid_wrap(struct grid *grid, int row, int col, int columns, int rows,
              enum style style, struct str text);

/* The picture: one line a row, trailing blanks dropped. And the styles of the
 * same cells, a letter each (STYLE_TEXT is '.' and dropped at the end), for
 * golden pictures. */
void grid_picture(const struct grid *grid, struct buf *out);
void grid_styles(const struct grid *grid, struct buf *out);

#endif
