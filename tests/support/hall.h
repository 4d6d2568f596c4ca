/*
 * hall.h - a store in a place of its own (place.h), and devices that trade
 * beside it and send what they have. Everything fails the test that cannot be
 * done.
 */
#ifndef HALL_H
#define HALL_H

#include "sync/aggregator/store/store.h"
#include "tests/support/place.h"
#include "tests/support/stall.h"

enum { STALLS = 3 };

struct hall {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct stall stalls[STALLS];
    int sent[STALLS];                  /* events of each that the store holds */
    struct fold_rule rules[STALLS][8]; /* what was decided, for the model */
    int n_rules[STALLS];
};

/* Stalls A1 and A2 of fair XUAN, A3 of HA-2020, admitted, nothing sent. */
struct hall *hall_open(uint32_t seed);
void hall_close(struct hall *h);
void hall_reopen(struct hall *h);
struct str hall_name(const struct hall *h, int i);

/* store_admit for a stall, the number 1…3 says which. */
enum err hall_admit(struct store *s, const struct stall *stall, int number);

/* The next n events of a stall arrive as one batch. */
void hall_send(struct hall *h, int i, int n);
/* Events first…last of another ledger with the same key are set aside. */
void hall_set_aside(struct hall *h, int i, const struct stall *other, int first,
                    int last);

/* Folds everything, in small steps; how far a stall's events are folded. */
void hall_fold(struct hall *h);
int64_t hall_mark(struct hall *h, int i);

/* Any statements. */
void hall_sql(struct hall *h, const char *text);

/* What a report of the fair reads now ("": of both fairs, added up). */
void hall_read(struct store *s, const char *fair, struct roll_set *out);
/* ... of all fairs is what the model says. */
void hall_expect(struct hall *h, struct store *s);

#endif
