/*
 * paging.h - the list document of a booth as a signed manifest and pages
 * (PROTOCOL.md 8).
 */
#ifndef AGGREGATOR_PAGING_H
#define AGGREGATOR_PAGING_H

#include "fair/wire.h"

#include "keys.h"
#include "listing.h"

/* Appends what header->want names ("": nothing): the manifest of the device's
 * booth, or one page of it by hash. What is not there (any more) gives
 * nothing: the device asks for the manifest again. */
enum err paging_answer(struct store *s, const struct keys *keys,
                       const struct push_header *header, int64_t now_ms,
                       struct buf *out) MUST_USE;

/* Appends the records of a lists file for one booth: manifest, then each page
 * that `seen` does not name yet (raw hashes are added to it). */
enum err paging_file(struct store *s, const struct keys *keys, struct str fair,
                     struct str booth, int64_t now_ms, struct buf *seen,
                     struct buf *out) MUST_USE;

#endif
