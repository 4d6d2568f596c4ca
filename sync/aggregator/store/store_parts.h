/*
 * store_parts.h - what the store's own files share (private to store*.c).
 */
#ifndef AGGREGATOR_STORE_PARTS_H
#define AGGREGATOR_STORE_PARTS_H

#include "store.h"
#include "store_sql.h"

struct store {
    struct engine *engine;
    bool derived; /* the roll-up tables are there, in our shape */
};

/* A group that is rolled back unless it was committed. */
struct group {
    struct store *store; /* NULL: not begun */
};
enum err group_begin(struct store *s, struct group *g) MUST_USE;
enum err group_commit(struct group *g) MUST_USE;
void group_end(struct group *g);
#define GROUP(name) \
    __attribute__((cleanup(group_end))) struct group name = { 0 }

/* A stored hash; ERR_CORRUPT when it is none. */
enum err store_hash(struct str bytes, uint8_t out[HASH_BYTES]) MUST_USE;

/* Roll-up tables, row by row: what they hold of a device; adding to them. */
enum err rolls_read(struct store *s, struct str device,
                    const struct roll_taker *taker) MUST_USE;
/* Inside a group. */
enum err rolls_add(struct store *s, const struct fold *f) MUST_USE;
/* Forgets a device. */
enum err rolls_drop(struct store *s, struct str device) MUST_USE;

#endif
