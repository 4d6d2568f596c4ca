/*
 * table_parts.h - a table from within (private to table*.c).
 */
#ifndef AGGREGATOR_TABLE_PARTS_H
#define AGGREGATOR_TABLE_PARTS_H

#include "table.h"

struct table {
    const struct column *columns;
    int n_columns;
    int n_text;         /* so many of them in text */
    struct cell *cells; /* row by row; s.data is unset until read */
    size_t *starts;     /* where each cell's text begins in `text` */
    size_t n_cells, cap;
    int most;      /* rows that it keeps; 0: all */
    int left_out;  /* others */
    bool totalled; /* the last row is not for programs */
    struct buf text;
};

/* Rows, without and with the total. */
int table_rows(const struct table *t);
int table_rows_shown(const struct table *t);
/* The cell with its text, which may have moved since it was put in; borrowed
 * until the next row. */
struct cell table_cell(const struct table *t, int row, int column);

/* What kind of value the cell has. */
enum column_type cell_type(const struct column *column, const struct cell *c);

bool column_is_text(enum column_type type);
/* Stands at the left edge of its column: it is read, not compared. */
bool column_is_left(enum column_type type);

/* Appends what people read in the cell, not escaped for any sink. */
void table_people(const struct table *t, int row, int column, struct buf *out);
/* Appends what programs read in a cell that is not null, not escaped: the
 * bytes of CSV but for its quoting. */
void cell_plain(enum column_type type, const struct cell *c, struct buf *out);

#endif
