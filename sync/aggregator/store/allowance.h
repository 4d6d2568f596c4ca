/*
 * allowance.h - how much memory the thread's present work may take.
 *
 * What grows with what devices sent (rows of sums, tables) asks here before it
 * grows. Who is refused leaves out what does not fit; the refusal is
 * remembered, readers of the store then end with ERR_LIMIT, and what was made
 * is thrown away. A thread that was given no allowance is refused nothing.
 */
#ifndef AGGREGATOR_ALLOWANCE_H
#define AGGREGATOR_ALLOWANCE_H

#include "fair/err.h"

/* From here to allowance_end() this thread's work takes at most `bytes`. */
void allowance_begin(size_t bytes);
void allowance_end(void);

/* False when that is too much; so is everything then, up to the release. */
bool allowance_take(size_t bytes);
/* ERR_LIMIT once something was refused. */
enum err allowance_check(void) MUST_USE;

/* What was taken so far; and giving back whatever was taken since, refusals
 * too. */
size_t allowance_taken(void);
void allowance_release(size_t taken);

#endif
