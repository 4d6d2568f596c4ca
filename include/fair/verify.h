/*
 * verify.h - the one walk that decides whether a ledger is sound.
 *
 * The same function serves fair-pos verify, fair-aggregator verify and file
 * imports; tests hold it against an independent verifier written from
 * PROTOCOL.md. For every event, in this order, the first that fails names it:
 * canonical, form (envelope), sequence, chain (stored hash, if there is one),
 * admission (event 1, whatever is wrong with it; `enrolled` anywhere else),
 * form/sums (body), sums (running totals), seal.
 * Memory is constant; a sound ledger is never complained of.
 */
#ifndef FAIR_VERIFY_H
#define FAIR_VERIFY_H

#include "fair/admission.h"
#include "fair/body.h"

struct verifier {
    uint8_t key[KEY_BYTES]; /* the device's */
    uint8_t aggregator[KEY_BYTES];
    bool any_aggregator; /* take the one the admission names */
    uint8_t head[HASH_BYTES];
    int64_t events; /* sound so far */
    struct sums sums;
    enum err error;      /* ERR_OK while sound */
    int64_t first_bad;   /* number of the first wrong event, or 0 */
    struct event event;  /* the last one that was sound, and its body; texts */
    union body *scratch; /* of both lie in its line or in arena */
    struct buf arena;
};

/* aggregator NULL: accept any aggregator that signed the admission. */
void verifier_init(struct verifier *v, const uint8_t device_key[KEY_BYTES],
                   const uint8_t *aggregator);
void verifier_done(struct verifier *v);

/* Takes the next stored event. `stored_hash` may be NULL (segments). After
 * the first fault further calls change nothing. Returns v->error. */
enum err verifier_feed(struct verifier *v, struct str bytes,
                       const uint8_t *stored_hash);

/* A witness: `count` events ended in `head`. Call it once events == count
 * was fed, or at the end: ERR_TRUNCATED at the first missing number when the
 * ledger is shorter, ERR_REWRITTEN at number `count` when the head differs. */
enum err verifier_witness(struct verifier *v, int64_t count,
                          const uint8_t head[HASH_BYTES]);

#endif
