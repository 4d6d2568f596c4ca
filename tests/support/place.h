/*
 * place.h - where a test's store is: a directory of its own, or, with
 * FAIR_TEST_STORE=postgresql://…, a schema of its own in that database. Tests
 * of the store say nothing about which; tests of the file use scratch.h.
 */
#ifndef PLACE_H
#define PLACE_H

#include "tests/support/scratch.h"

/* Makes one and puts what store_open takes. */
void place_make(char where[SCRATCH_ROOM]);
/* The same beside a directory that is there: for a file it is that one. */
void place_beside(const char *dir, char where[SCRATCH_ROOM]);
/* Removes it and everything in it. */
void place_remove(const char *where);

#endif
