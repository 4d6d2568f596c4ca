/*
 * versions.h - which version of the catalogue and of a fair's booth list
 * counted: at a till, by the version that its events name, and at a moment.
 * A sale is judged by both.
 */
#ifndef AGGREGATOR_VERSIONS_H
#define AGGREGATOR_VERSIONS_H

#include "reference.h"

struct versions {
    int64_t catalogue;  /* 0: none, nothing is known */
    int64_t booth_list; /* 0: none, everything is allowed */
};

/* What the lists of this version were made of. ERR_NOT_FOUND: none that we
 * know of (0: the till had none; others: of a database that was lost). */
enum err versions_of_list(struct store *s, struct str fair, int64_t list,
                          struct versions *out) MUST_USE;

/* The newest of each from before the moment. Where there was none yet it is
 * the first: lists that were entered late still say what they allow. */
enum err versions_before(struct store *s, struct str fair, int64_t ms,
                         struct versions *out) MUST_USE;

#endif
