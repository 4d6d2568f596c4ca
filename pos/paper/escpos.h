/*
 * escpos.h - the bytes receipt printers obey, and the only place that makes
 * any: text goes through charset.h, from which no control byte comes.
 */
#ifndef POS_ESCPOS_H
#define POS_ESCPOS_H

#include "pos/paper/charset.h"
#include "pos/paper/raster.h"

struct escpos {
    struct buf *out;
    enum charset set;
    int tables[2]; /* code pages of ESC t, the second for TCVN-3's capitals;
                      -1: none is chosen */
    int table;     /* the printer's now; -1 at the beginning */
};

/* Initialises the printer and leaves the Chinese mode that clones begin in. */
void escpos_begin(struct escpos *e);
/* Opens the drawer at connector pin 0 (pin 2) or 1 (pin 5). */
void escpos_drawer(struct escpos *e, int pin);
/* Text from here on is 1 or 2 times as wide and as tall. */
void escpos_size(struct escpos *e, int wide, int tall);
/* Text of one line, and its end. */
void escpos_line(struct escpos *e, struct str text);
/* Dots from the left edge on; a blank right margin costs nothing. */
void escpos_strip(struct escpos *e, const struct strip *strip);
/* Moves the last line past the edge where paper is torn, and cuts. */
void escpos_end(struct escpos *e, bool cut);

#endif
