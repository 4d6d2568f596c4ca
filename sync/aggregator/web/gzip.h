/*
 * gzip.h - bytes made shorter for whoever asks for it.
 */
#ifndef AGGREGATOR_GZIP_H
#define AGGREGATOR_GZIP_H

#include "fair/buf.h"

/* Whether an Accept-Encoding takes gzip. */
bool gzip_wanted(struct str encodings);
/* Appends `in` compressed; `level` 1 (fast) … 9 (small). */
void gzip_put(struct buf *out, struct str in, int level);

#endif
