/*
 * fairs.h - an aggregator's store with fairs, booths and devices whose events
 * a test writes one by one, at a clock that the test sets.
 */
#ifndef FAIR_TEST_FAIRS_H
#define FAIR_TEST_FAIRS_H

#include "sync/aggregator/store/reference.h"
#include "tests/support/book.h"
#include "tests/support/place.h"

enum { FAIRS_DEVICES = 12 };

struct fairs_device {
    struct book book;
    int sent; /* events the store has */
};

struct fairs {
    char dir[SCRATCH_ROOM], where[SCRATCH_ROOM]; /* for files; of the store */
    struct store *store;
    int n;
    struct fairs_device devices[FAIRS_DEVICES];
};

/* One for the group of tests; fairs_close puts the system's clock back. */
void fairs_open(struct fairs *f);
void fairs_open_file(struct fairs *f); /* in a file, whatever place.h says */
void fairs_close(struct fairs *f);

/* The clock of all tests: `minute` of `day`, local. */
void fairs_clock(int day, int minute);

/* `f->code` is open from its first day, closed on the listed ones. */
void fairs_fair(struct fairs *f, const struct fair *fair);
void fairs_booth(struct fairs *f, const char *fair, const struct booth *booth);

/* A device at a booth of a fair, number and seed 1, 2, 3…, label "1". */
struct fairs_device *fairs_device(struct fairs *f, const char *fair,
                                  const char *booth);
struct str fairs_id(const struct fairs *f, int i, char id[DEVICE_LEN + 1]);

/* When and what: one line of one piece, paid in cash. */
struct deal {
    int day, minute;
    const char *sku;
    int64_t amount_vnd;
    const char *seller; /* or NULL */
};
/* The number of the event. */
int fairs_sell(struct fairs_device *d, struct deal deal);
void fairs_void(struct fairs_device *d, int of, struct deal deal);
/* `foreign` is another till's receipt number; NULL: `of` here. */
void fairs_refund(struct fairs_device *d, int of, const char *foreign,
                  struct deal deal);

struct counting {
    int day, minute;
    const char *gate;
    int64_t n;
    bool estimated;
};
void fairs_visits(struct fairs_device *d, struct counting c);

/* Hands the store what it has not got, as one segment a device. */
void fairs_send(struct fairs *f);

#endif
