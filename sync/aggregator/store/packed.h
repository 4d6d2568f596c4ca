/*
 * packed.h - segments of a fair that is over, kept as few zstd frames (private
 * to the store).
 *
 * A device's events are frames first and segments behind them: packing only
 * ever moves the oldest segments behind the newest frame. Whoever reads sees
 * one segment more or less long, with the same lines; where several programs
 * write it reads one moment (store_read_begin) or has locked the device's row,
 * as packing does.
 */
#ifndef AGGREGATOR_PACKED_H
#define AGGREGATOR_PACKED_H

#include "store.h"

enum {
    PACKED_BYTES = 512 * 1024,    /* lines of one frame, unless one segment
                                     has more */
    PACKED_MAX = 32 * 1024 * 1024 /* no frame has more */
};

/* Frames that hold events from `from` on, ascending, one unpacked at a time.
 * Of a damaged frame there is what comes before the damage, and an empty line
 * for each event after it: so that every event keeps its number, and none that
 * is lost looks sound. ERR_CORRUPT: a row that tells nothing at all. */
enum err packed_each(struct store *s, struct str device, int64_t from,
                     enum err (*take)(void *ctx, const struct segment *seg),
                     void *ctx) MUST_USE;

/* The frame before event `first`: *last is its last event (0: there is none)
 * and `head` the hash after it. */
enum err packed_before(struct store *s, struct str device, int64_t first,
                       int64_t *last, uint8_t head[HASH_BYTES]) MUST_USE;

#endif
