/*
 * cache.h - what many ask for at once is made once: reports printed for pages,
 * kept for two seconds. The key says everything the result depends on, the
 * booth of whoever asks too.
 */
#ifndef AGGREGATOR_CACHE_H
#define AGGREGATOR_CACHE_H

#include "sync/aggregator/report/report.h"

enum { CACHE_MS = 2000, CACHE_ENTRIES = 64, CACHE_BYTES = 16 * 1024 * 1024 };

struct cache;
struct cache *cache_open(void);
void cache_close(struct cache *c);

/* Appends what stands under `key`; false: nothing fresh. */
bool cache_get(struct cache *c, struct str key, struct buf *out) MUST_USE;
void cache_put(struct cache *c, struct str key, struct str value);

/* report_make through the cache. */
enum err cache_report(struct cache *c, struct store *s,
                      const struct report_query *q, struct buf *out,
                      struct buf *why) MUST_USE;

/* There is news: what cache_report gives from now on about the fair and booth
 * of `q` was begun afterwards. */
void cache_forget(struct cache *c, const struct report_query *q);

#endif
