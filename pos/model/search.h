/*
 * search.h - finding a product while its name is typed.
 *
 * Accents are folded on both sides (đ -> d); words of the query are prefixes
 * of words of name, producer or code in any order ("ma on" -> mật ong), or it
 * is one word of two letters or more that begins the initials of the name
 * ("cmhl"). Words are runs of letters and digits.
 *
 * Matches with the very accents that were typed come first (words typed
 * without any do not ask for them), then those whose name begins with the
 * query, then list order; what only the initials matched comes last.
 */
#ifndef POS_SEARCH_H
#define POS_SEARCH_H

#include "fair/lists.h"

struct search;

/* Built once per list version; the lists must outlive it. */
struct search *search_open(const struct lists *lists);
void search_close(struct search *search);

/* The best matches of `query`, at most `max`; returns how many, 0 for an empty
 * query. The query may be any bytes, in any normal form. Costs a fraction of
 * the list even for a single letter (budget P4). */
int search_find(struct search *search, struct str query,
                const struct product **out, int max);

#endif
