/*
 * draw.h - what screens draw with: lists, pairs, big digits.
 */
#ifndef POS_DRAW_H
#define POS_DRAW_H

#include "pos/screens/app.h"

/* A list of which one row is selected and always in sight. */
struct picker {
    int n, selected, top;
};
/* Up, Down, Page, Home, End; true when the key was one of them. `page` rows
 * are in sight. */
bool picker_key(struct picker *p, const struct press *key, int page);
/* Keeps selected and top in range; the first row to draw of `page` rows. */
int picker_top(const struct picker *p, int page);

/* Where a row of a list is drawn; the style says if it is selected. */
struct spot {
    struct grid *grid;
    int row;
    enum style style;
};
/* Draws row `i` of what `state` lists. */
typedef void draw_row(const struct app *app, const void *state, int i,
                      const struct spot *at);
struct rows {
    const struct picker *picker;
    const void *state;
    draw_row *draw;
};
/* The rows that fit into the area; the selected one begins with '>'. */
void draw_list(const struct app *app, const struct rows *rows,
               struct grid *grid, struct area area);

/* "1.234.000" at a column's end. */
void draw_money(struct grid *grid, int row, int end, enum style style,
                int64_t vnd);
/* The label at column 1, the amount ending before `end`. */
struct pair {
    const char *label;
    enum style style;
    int64_t vnd;
};
void draw_pair(struct grid *grid, int row, int end, struct pair pair);

enum { BIG_ROWS = 3 };
/* Digits, '.', '-' and ' ' three rows high, ending before column `end`;
 * returns the columns taken, 0 when there is no room (then nothing is drawn).
 * A screen reader has the plain number elsewhere. */
int draw_big(struct grid *grid, int row, int end, enum style style,
             const char *digits);

/* As many whole words as fit; of a longer word what fits. */
struct str draw_words(struct str text, int columns);
/* Text of many lines from line `first` on; returns the number of lines. */
int draw_text(struct grid *grid, struct area area, struct str text, int first);

#endif
