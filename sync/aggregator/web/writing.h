/*
 * writing.h - a page that changes something: the change runs on the writer, in
 * a group of its own, and the page answers once it is durable.
 */
#ifndef AGGREGATOR_WRITING_H
#define AGGREGATOR_WRITING_H

#include "visit.h"

/* First member of what a page takes along, which x_alloc made. */
struct writing {
    /* On the writer: an error undoes everything. */
    enum err (*run)(struct visit *v, struct store *s);
    /* Afterwards, also on the writer: makes the answer. With ERR_OK v->store
     * is its store. */
    void (*answer)(struct visit *v, enum err e);
    size_t size; /* of the whole, which is wiped and freed then */
};

/* Hands it over as v->own. What a page returns: false, or true when nobody
 * could take it and the refusal stands. */
bool writing_queue(struct visit *v, struct writing *writing);

/* Wipes and frees what was not handed over. */
void writing_drop(struct writing *writing);

/* The peer's address, for journal and list of accesses. */
enum { PEER_ROOM = 64 };
void peer_of(const struct visit *v, char out[PEER_ROOM]);

/* The hidden field that forms of somebody signed in carry. */
void csrf_put(const struct visit *v, struct buf *out);

#endif
