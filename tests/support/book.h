/*
 * book.h - ledgers in memory, for tests: made by the real encoder, or altered
 * by hand in any way a disk, a program or a person could.
 *
 * Everything is decided by the arguments: keys come from one byte, clocks
 * start at the first morning of the sample fair and move a minute an event.
 */
#ifndef FAIR_TEST_BOOK_H
#define FAIR_TEST_BOOK_H

#include "fair/verify.h"

struct book_event {
    struct buf bytes;
    uint8_t hash[HASH_BYTES]; /* as stored: altered bytes keep it */
};

struct book {
    struct keypair device, aggregator;
    struct admission admission; /* of event 1; may be changed before it */
    struct event next; /* envelope of the next event, but number and sums */
    struct sums sums;
    int n, room;
    struct book_event *events; /* events[i] has the number i + 1 */
};

/* Keys from seeds of one repeated byte; no event yet. */
void book_init(struct book *b, uint8_t device, uint8_t aggregator);
void book_done(struct book *b);

/* Appends event 1 from b->admission, signed by b->aggregator. */
void book_enrol(struct book *b);

/* Appends an event of the kind: totals moved, chained. */
void book_add(struct book *b, enum event_kind kind, const union body *body);
/* Some bodies that most ledgers need. */
void book_open_shift(struct book *b);
void book_sell(struct book *b, int64_t total_vnd);
void book_visit(struct book *b, int64_t n);
void book_note(struct book *b, struct str text);
void book_seal(struct book *b, const struct keypair *key);

/* Appends any bytes, chained. */
void book_bytes(struct book *b, struct str bytes);
struct str book_line(const struct book *b, int seq);
/* The hash of event `seq`, or the start for 0. */
void book_head(const struct book *b, int seq, uint8_t out[HASH_BYTES]);

/* Damage. `seq` counts from 1. book_edit puts `to` for the first `from` in
 * the event (which must be there) and leaves the hashes as they are;
 * book_rechain makes those of `seq` and all after it fit the bytes. */
void book_edit(struct book *b, int seq, const char *from, const char *to);
void book_rechain(struct book *b, int seq);
void book_drop(struct book *b, int seq);
void book_copy(struct book *b, int seq, int before);
void book_swap(struct book *b, int seq, int other);

/* Appends n events of any kind, sound ones, and moves `chance` on. */
void book_chance(struct book *b, uint64_t *chance, int n);
/* A sound ledger of n events that depend on the seed only. */
void book_random(struct book *b, uint32_t seed, int n);

#endif
