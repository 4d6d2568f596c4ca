/*
 * strmap.h - texts by text, for finding doubles and changes while importing.
 */
#ifndef AGGREGATOR_STRMAP_H
#define AGGREGATOR_STRMAP_H

#include "fair/buf.h"

struct strmap;
struct strmap *strmap_open(void);
void strmap_close(struct strmap *m);

/* Copies both; false (and nothing changes) when the key is there already. */
bool strmap_put(struct strmap *m, struct str key, struct str value);
/* NULL when there is none; borrowed until the next put. */
const char *strmap_get(const struct strmap *m, struct str key);
int64_t strmap_count(const struct strmap *m);

#endif
