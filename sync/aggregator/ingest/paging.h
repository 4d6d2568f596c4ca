/*
 * paging.h - the list document of a booth as a signed manifest and pages
 * (PROTOCOL.md 8).
 */
#ifndef AGGREGATOR_PAGING_H
#define AGGREGATOR_PAGING_H

#include "fair/wire.h"

#include "keys.h"
#include "sync/aggregator/store/listing.h"
#include "sync/aggregator/store/strmap.h"

/* Documents that were asked for lately, cut: a fair's devices fetch the same
 * ones page by page. At most `max_bytes`, but always the last one. Several
 * threads may share it, each with its own store. */
enum { PAGING_BYTES = 64 * 1024 * 1024 };
struct paging;
struct paging *paging_open(size_t max_bytes);
void paging_close(struct paging *p);

/* Appends what header->want names ("": nothing): the manifest of the device's
 * booth, or one page of it by hash. What is not there (any more) gives
 * nothing: the device asks for the manifest again. */
enum err paging_answer(struct paging *p, struct store *s,
                       const struct keys *keys,
                       const struct push_header *header,
                       struct buf *out) MUST_USE;

/* For a lists file. */
struct paging_file {
    struct store *store;
    const struct keys *keys;
    struct strmap *seen; /* hashes of the pages that are in it */
    struct buf *out;
};
/* Appends the records of one booth: manifest, then each page that is not in
 * the file yet. */
enum err paging_file_put(const struct paging_file *f, struct str fair,
                         struct str booth) MUST_USE;

#endif
