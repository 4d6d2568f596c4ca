/*
 * rivals.h - one identity, three machines that write under it, and a store
 * they push to: what tests of forks need.
 */
#ifndef FAIR_TEST_RIVALS_H
#define FAIR_TEST_RIVALS_H

#include "sync/aggregator/ingest/ingest.h"
#include "tests/support/pushing.h"
#include "tests/support/place.h"

enum { NOW_MS = 1000, EVENTS = 24, BOOKS = 3 };

/* One identity; books[1] and [2] are copies that went their own way. */
struct rivals {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct keys keys;
    struct book books[BOOKS];
    struct str device;
    char id[DEVICE_LEN + 1];
};

/* books[1] shares the first `same1` events with books[0], books[2] the first
 * `same2` with books[1]. */
struct rivals *rivals_open(int same1, int same2);
void rivals_close(struct rivals *w);

/* For cmocka: 10 and 13 events shared. */
int rivals_set_up(void **state);
int rivals_tear_down(void **state);
int rivals_forget_answer(void **state);

/* The outcome of a push of events from…to of a book; its signed answer, which
 * must agree with what is stored, is kept. */
enum err rivals_send(struct rivals *w, int book, int from, int to);
enum err rivals_ask(struct rivals *w, int book, int to);
const struct ack *rivals_answer(void);
void rivals_expect_answer(const char *state, int count, int wanted);

enum device_state rivals_state(struct rivals *w);
/* Events 1…n of the book are what is acknowledged, byte for byte. */
void rivals_expect_held(struct rivals *w, int book, int n);
/* "FIRST-LAST " of every branch set aside. */
void rivals_expect_branches(struct rivals *w, const char *wanted);

#endif
