/*
 * copy.h - a whole store into another one, whichever engine holds either: what
 * stands behind `migrate`, and behind `backup` and `restore` of a database that
 * is no file.
 *
 * What is kept is copied row by row in the order of its keys, of one moment of
 * the source, in one transaction of the target; what can be made again is not.
 * Memory does not grow with the store.
 */
#ifndef AGGREGATOR_COPY_H
#define AGGREGATOR_COPY_H

#include "store.h"

struct copied {
    int64_t rows; /* of all tables */
    int64_t devices, events;
};

/* Copies all of `from`, which may be in use, into `to`, which holds nothing
 * (ERR_EXISTS). Before it commits it reads what it wrote and compares both:
 * ERR_CORRUPT when they differ. Then folds. Not inside a group. */
enum err copy_store(struct store *from, struct store *to,
                    struct copied *out) MUST_USE;
/* The same into a new file, which has its name only when it is complete and
 * synced: ERR_EXISTS. */
enum err copy_to_file(struct store *from, const char *path,
                      struct copied *out) MUST_USE;

#endif
