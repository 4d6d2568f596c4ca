/*
 * quick.h - what makes a simulated device cheap: its disk is in memory, its
 * signatures are stand-ins.
 *
 * Programs of tests/trust that include simnet.h are linked so that calls of a
 * few functions (Makefile, quick_calls) come here first. After quick_begin()
 * - a signature is SHA-256 of key, domain and bytes: whatever damages one, or
 *   what it signs, is noticed as with the real one, at a tenth of its cost;
 * - ledger_open() and inbox_open() of a machine's folder open what it has in
 *   memory, as their headers promise. Writing to the ledger is book_…().
 * All else is the real code. Before quick_begin() everything is.
 */
#ifndef FAIR_TEST_QUICK_H
#define FAIR_TEST_QUICK_H

#include "fair/inbox.h"
#include "fair/ledger.h"
#include "tests/support/book.h"

/* A till's disk. Copied by machine_copy() it is a disk image. */
struct machine {
    char dir[24];     /* its name to ledger_open() and inbox_open() */
    struct book book; /* ledger.db */
    struct buf admission;
    size_t admission_len; /* of its line 1 */
    /* sync.db */
    int64_t acked, last_contact_ms, offset_ms, list_wanted;
    uint8_t acked_head[HASH_BYTES];
    char state[16];
    struct buf ack;
    int restored, forks, revoked; /* notices of these */
    int64_t restored_to;          /* what the last of them said */
    /* While open. */
    struct ledger_state view;
    struct book_event *got;
};

void quick_begin(void);
void quick_end(void);

/* An enrolled machine: event 1 is in its ledger. `key` and `fair` make it who
 * it is; the aggregator is that of book_init(…, 200). The names are borrowed
 * while it is there. */
struct machine_wish {
    uint64_t key;
    struct str fair, booth;
    int number;
    const char *successor_of; /* or NULL */
};
void machine_open(struct machine *m, const struct machine_wish *wish);
void machine_close(struct machine *m);
/* `to` is another machine with the same disk; it was never opened. */
void machine_copy(struct machine *to, const struct machine *from);
/* The same key and admission and nothing else: it begins with an event 1 of
 * its own. */
void machine_anew(struct machine *m);
/* Its first `n` events only, and the sync.db it has: as after its ledger was
 * put back from a copy. */
void machine_cut(struct machine *m, int n);

#endif
