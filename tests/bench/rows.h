/*
 * rows.h - the floor: sales as plain rows, as a program without a ledger would
 * keep them, on the same disk and as durable.
 */
#ifndef FAIR_BENCH_ROWS_H
#define FAIR_BENCH_ROWS_H

#include "fair/buf.h"

struct rows_floor;

/* DIR/rows.db, made anew. `line` is an event to store beside its rows, an
 * empty one: none is stored. */
struct rows_floor *rows_floor_open(const char *dir, struct str line);
void rows_floor_close(struct rows_floor *r);

/* Inserts n sales (a header and three lines each), so many in a transaction;
 * nanoseconds. */
int64_t rows_floor_insert(struct rows_floor *r, int n, int in_one);
/* Moves the log into the file. */
void rows_floor_idle(struct rows_floor *r);

#endif
