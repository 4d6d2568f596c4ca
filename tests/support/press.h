/*
 * press.h - a receipt printer for tests: it obeys the commands our slips may
 * hold, shows the paper as a picture and as text, and fails the test at any
 * byte that is neither one of these commands nor visible.
 */
#ifndef FAIR_TEST_PRESS_H
#define FAIR_TEST_PRESS_H

#include "fair/buf.h"

enum { PRESS_DOTS = 576, PRESS_ROWS = 6000 };

struct press {
    int rows;                             /* of dots, rasters only */
    uint8_t dots[PRESS_ROWS][PRESS_DOTS]; /* 1 black */
    int width;                            /* the widest raster, dots */
    struct buf text; /* bytes of text lines, as UTF-8 by the table chosen */
    int begun, kicks, pin, cuts, rasters;
    int largest; /* rows of the largest raster */
    int wide, tall, table;
    int sizes[3][3]; /* lines printed in each size, by wide and tall */
};

struct press *press_open(void);
void press_close(struct press *p);

/* Prints the bytes. Code pages 30 and 31 are TCVN-3, 52 is CP1258 and 60 is
 * VISCII; what no page has a letter for reads as U+FFFD. */
void press_print(struct press *p, struct str bytes);

/* The paper as Braille patterns, 2 x 4 dots a character, blanks at the ends of
 * lines dropped. */
void press_picture(const struct press *p, struct buf *out);
/* How many dots differ from a picture, and how many black ones it has. */
void press_compare(const struct press *p, struct str picture, int *differing,
                   int *black);

#endif
