/*
 * ingest.h - the writers of a serving aggregator.
 *
 * HTTP threads check form, signature and the chain inside a batch, then hand
 * over a job and suspend. A file has one writer thread: it takes whatever has
 * queued up, compares each batch with its device's head (a savepoint each),
 * commits them as one group, re-reads the heads it is about to sign, and lets
 * the requests resume. A shared store has several, each with a connection of
 * its own: one job is one transaction, which locks its device's row, and is run
 * again when another program was in the way. Acknowledged means durable.
 * Administration commands are jobs too. Between jobs one of them folds roll-ups
 * and checkpoints; of several programs on one store one at a time.
 */
#ifndef AGGREGATOR_INGEST_H
#define AGGREGATOR_INGEST_H

#include "fair/wire.h"

#include "keys.h"
#include "sync/aggregator/store/store.h"

/* What becomes of one decoded push, inside a group (push.c): compares,
 * appends, sets aside, admits a device from its event 1. Also used by `import
 * ledger` without any thread. ERR_OK, ERR_GAP, ERR_FORK, ERR_REVOKED (stored
 * and held), ERR_ADMISSION (another aggregator's, or an unknown device without
 * its event 1: state "unknown"); other errors are the store's. *added (may be
 * NULL) says how many events are new, whatever became of them. */
enum err ingest_push(struct store *s, const struct keys *keys,
                     const struct push *push, int64_t now_ms,
                     int64_t *added) MUST_USE;

/* The outcomes above: those that leave their changes and are answered. */
bool ingest_answers(enum err outcome);

/* The signed answer about a device as the store stands now (answer.c). */
struct ingested {
    const struct push *push;
    enum err outcome; /* ingest_push's */
    int64_t now_ms;
};
enum err ingest_ack(struct store *s, const struct keys *keys,
                    const struct ingested *ingested, struct buf *out) MUST_USE;

/* The same for a lists file: where a device stands, asked by nobody. */
enum err ingest_file_ack(struct store *s, const struct keys *keys,
                         struct str device, int64_t now_ms,
                         struct buf *out) MUST_USE;

struct ingest;
struct job {
    /* Runs on a writer thread. In a group: ERR_OK keeps its changes (a
     * domain outcome such as a gap belongs into the job's own record), any
     * error undoes this job alone; only a failing disk undoes the group;
     * ERR_AGAIN undoes it and may run it again. Outside: the job begins its own
     * groups. In a group it is run once more when a shared store was lost
     * under it and has come back. */
    enum err (*run)(struct job *job, struct store *s);
    bool in_group;
    /* Called on the same thread once the outcome is durable (ERR_OK) or has
     * failed: may read the store (NULL: it could not be opened), must hand
     * the result back to its own thread. */
    void (*done)(struct job *job, struct store *s, enum err e);
    struct job *next;
    /* In a group: run twice it leaves the same as once, so that it may be run
     * again also when nobody knows whether it was committed. */
    bool repeats;
};

struct ingest_options {
    const char *where; /* the database: store_open; outlives the ingest */
    int queue;         /* jobs that may wait */
    int writers;       /* threads, of a shared store */
    bool by_turns;     /* no thread at all, one writer: see ingest_turn() */
};
/* store_open's errors. */
enum err ingest_open(const struct ingest_options *options, struct buf *why,
                     struct ingest **out) MUST_USE;
/* ERR_BUSY when the queue is full or it is stopping. */
enum err ingest_queue(struct ingest *in, struct job *job) MUST_USE;
bool ingest_full(struct ingest *in);
/* For jobs, on a writer thread: they have stored so many events, which are to
 * be folded before long. */
void ingest_stored(struct ingest *in, int64_t events);
/* What a writer's thread would do next, on the caller's, who has opened it
 * by_turns: carries out what has queued up as one group (of a shared store: one
 * job), or else folds. For simulations, where nothing may be left to chance. */
void ingest_turn(struct ingest *in);
/* Finishes the queue, ends the threads and closes the store (once; fine when
 * repeated). From then on the ingest is full for whoever still asks, until
 * ingest_close(). */
void ingest_stop(struct ingest *in);
void ingest_close(struct ingest *in);

#endif
