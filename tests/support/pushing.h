/*
 * pushing.h - pushes and enrolment requests as a device makes them, of books.
 */
#ifndef FAIR_TEST_PUSHING_H
#define FAIR_TEST_PUSHING_H

#include "fair/wire.h"
#include "sync/aggregator/ingest/keys.h"
#include "tests/support/book.h"

/* The keys of the aggregator that admitted the book's device, without TLS. */
void pushing_keys(const struct book *b, struct keys *out);

/* Appends the push of events from…to; from = to + 1: the question. */
struct pushing {
    int from, to;
    const char *want; /* or NULL */
    const struct keys *keys;
};
void pushing_put(const struct book *b, struct pushing p, struct buf *out);

/* Appends a signed request of this book's device for a code. */
struct asking {
    const char *fair, *booth, *code;
    const uint8_t *pin;
};
void asking_put(const struct book *b, struct asking a, struct buf *out);

#endif
