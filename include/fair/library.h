/*
 * library.h - libraries that are loaded when they are first needed.
 *
 * A library that is linked is loaded with every command, and so is all that it
 * needs itself: a report then waits longer for what serves pages than for its
 * figures.
 */
#ifndef FAIR_LIBRARY_H
#define FAIR_LIBRARY_H

#include "fair/err.h"

struct library_symbol {
    const char *name;
    void *pointer; /* to a pointer to what the symbol is */
};

/* Opens the first of `files` that there is and sets the pointers of all
 * `symbols`, until the process ends; both lists end with NULL. False: there is
 * no such file, or a symbol is not in it. */
bool library_load(const char *const *files,
                  const struct library_symbol *symbols);

#define LIBRARY_FILES(file) ((const char *const[]){ (file), NULL })

/* A library that a program runs with, whether linked or loaded. */
struct library_use {
    const char *name;             /* "SQLite"; NULL ends a table of them */
    const char *(*version)(void); /* "3.40.1"; NULL: it is not installed */
    const char *least; /* what we use came with it, or what was wrong before
                          was put right; distributors also mend older ones */
};
/* Is the first of two versions older? Numbers between dots are compared; what
 * else stands in one ends it. */
bool library_is_older(const char *version, const char *than);
/* Is it installed, and older than `least`? */
bool library_is_old(const struct library_use *use);

/* Nothing can go on without this one: says so, and ends the process. */
NORETURN void library_missing(const char *file);

#endif
