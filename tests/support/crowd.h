/*
 * crowd.h - devices that sell as fast as they can: signed pushes of three-line
 * sales, made before anything is measured.
 *
 * Keys come from the fair's code and the device's number; the aggregator that
 * admits them is the one of crowd_aggregator().
 */
#ifndef FAIR_TEST_CROWD_H
#define FAIR_TEST_CROWD_H

#include "tests/support/book.h"

struct trader {
    struct book book; /* events 1 and 2: enrolled, shift opened */
    char device[DEVICE_LEN + 1];
    int64_t seq; /* last event made */
    uint8_t head[HASH_BYTES];
    int64_t at_ms;   /* of the last sale, in opening hours */
    int64_t step_ms; /* from one sale to the next: a minute, or the caller's */
    uint64_t dice;
    int64_t novelties; /* products made up so far, see trader_push_novel */
};

void crowd_aggregator(struct keypair *out);
/* Appends a sale as a line of some device's, for floors. */
void crowd_line(struct buf *out);

/* Number 1…1023 in the fair, at a booth of it (NULL: A1); its events 1 and 2
 * are made, and appended to `first` as a push. */
void trader_open(struct trader *t, const char *fair, const char *booth,
                 int number, struct buf *first);
void trader_close(struct trader *t);

/* Appends the lines of the next n sales, each with its newline. They go on in
 * time; after the sixth evening the first morning comes again. */
void trader_lines(struct trader *t, int n, struct buf *out);
/* The same as a signed push. */
void trader_push(struct trader *t, int n, struct buf *out);

/* A push of n sales of MAX_LINES lines at 0 đ, each line a product that nobody
 * has sold before: as much as a device can make of so many bytes. */
enum { NOVEL_SALES = 40 }; /* what a push has room for */
void trader_push_novel(struct trader *t, int n, struct buf *out);

#endif
