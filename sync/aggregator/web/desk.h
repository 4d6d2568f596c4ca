/*
 * desk.h - threads that carry out visits, each with a store of its own to
 * read: neither the network's thread nor the writer ever waits for a page.
 */
#ifndef AGGREGATOR_DESK_H
#define AGGREGATOR_DESK_H

#include "sync/aggregator/store/store.h"

struct desk;
struct desk_job {
    void (*run)(struct desk_job *job, struct store *s);
    struct desk_job *next;
};
struct desk_options {
    const char *where; /* the database; outlives the desk */
    int threads;
    int queue; /* jobs that may wait */
};
enum err desk_open(const struct desk_options *options, struct buf *why,
                   struct desk **out) MUST_USE;
/* ERR_BUSY: the queue is full or it is stopping. */
enum err desk_queue(struct desk *d, struct desk_job *job) MUST_USE;
/* Finishes what waits and ends the threads (once; fine when repeated). */
void desk_stop(struct desk *d);
void desk_close(struct desk *d);

#endif
