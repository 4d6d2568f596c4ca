/*
 * ingest.h - the one writer of a serving aggregator.
 *
 * HTTP threads check form, signature and the chain inside a batch, then hand
 * over a job and suspend. The writer thread takes whatever has queued up,
 * compares each batch with its device's head (a savepoint each), commits them
 * as one group, re-reads the heads it is about to sign, and lets the requests
 * resume. Acknowledged means durable. Administration commands are jobs too.
 * Between jobs it folds roll-ups and checkpoints.
 */
#ifndef AGGREGATOR_INGEST_H
#define AGGREGATOR_INGEST_H

#include "fair/wire.h"

#include "keys.h"
#include "store.h"

/* What becomes of one decoded push, inside a group: compares, appends, sets
 * aside, admits a device from its event 1. Fills the acknowledgement's fields
 * from the store as it is then (to be re-read after the commit). Also used by
 * `import ledger` without any thread. ERR_OK, ERR_GAP, ERR_FORK, ERR_REVOKED
 * (stored and held), ERR_ADMISSION (unknown device, from > 1: state
 * "unknown", wanted 1); other errors are the store's. */
enum err ingest_push(struct store *s, const struct keys *keys,
                     const struct push *push, int64_t now_ms) MUST_USE;

/* The signed answer about a device as the store stands now; `outcome` is
 * ingest_push's. */
enum err ingest_ack(struct store *s, const struct keys *keys,
                    const struct push *push, enum err outcome, int64_t now_ms,
                    struct buf *out) MUST_USE;

/* The same for a lists file: where a device stands, asked by nobody. */
enum err ingest_file_ack(struct store *s, const struct keys *keys,
                         const struct device *d, int64_t now_ms,
                         struct buf *out) MUST_USE;

struct ingest;
struct job {
    /* Runs on the writer thread. In a group: ERR_OK keeps its changes (a
     * domain outcome such as a gap belongs into the job's own record), any
     * error undoes this job alone. Outside: the job begins its own groups. */
    enum err (*run)(struct job *job, struct store *s);
    bool in_group;
    /* Called on the writer thread once the outcome is durable (ERR_OK) or has
     * failed: may read the store (NULL: it could not be opened), must hand
     * the result back to its own thread. */
    void (*done)(struct job *job, struct store *s, enum err e);
    struct job *next;
};

/* `dir` must outlive the ingest. */
enum err ingest_start(const char *dir, int max_queue, struct buf *why,
                      struct ingest **out) MUST_USE;
/* ERR_BUSY when the queue is full or it is stopping. */
enum err ingest_queue(struct ingest *in, struct job *job) MUST_USE;
bool ingest_full(struct ingest *in);
/* Finishes the queue, then ends the thread and closes the store. */
void ingest_stop(struct ingest *in);

#endif
