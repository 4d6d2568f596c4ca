/*
 * visit.h - the parts of a session: what is open during a visit, and asking.
 * Private to sync/agent.
 */
#ifndef AGENT_VISIT_H
#define AGENT_VISIT_H

#include "fair/inbox.h"
#include "fair/ledger.h"
#include "fair/wire.h"
#include "sync/agent/session.h"

/* Room for event lines beside the header. */
enum { MAX_PUSH_LINES = MAX_BATCH - MAX_HEADER - 2 * SIGNATURE_BYTES - 2 };

struct point { /* a place in our ledger */
    int64_t seq;
    uint8_t hash[HASH_BYTES];
};

struct visit {
    struct session *session;
    struct inbox *inbox;
    struct ledger *ledger;
    const struct ledger_state *state;
    struct keypair key;            /* to sign with */
    uint8_t aggregator[KEY_BYTES]; /* whose answers are believed */
    struct buf server, pin;
    struct point acked;        /* the newest answer that agreed with us */
    struct point sent;         /* the last one sent and answered */
    struct point end;          /* our last event */
    int64_t list, list_wanted; /* held; newest named */
    struct buf request, reply, lines;
    struct point taken; /* last event in `lines` */
};

/* A batch of our events: the header's numbers, and the lines. */
struct batch {
    struct point before, last;
    struct str lines;
};

struct answer {
    struct ack ack; /* slices of visit.reply, like the rest */
    uint8_t head[HASH_BYTES];
    struct str lines; /* the signed ones */
    struct str rest;  /* what was wanted */
};

/* Opens what a visit needs; the inbox to read: nothing is sent. Visit_close()
 * is due also when this fails. */
enum err visit_open(struct visit *v, struct session *s,
                    enum inbox_mode mode) MUST_USE;
/* After visit_open() has said ERR_CORRUPT of the ledger: opens what of it is
 * sound, from the first event on; `end` is the last of those. */
enum err visit_open_sound(struct visit *v) MUST_USE;
void visit_close(struct visit *v);
/* Says in the session what was found. */
void visit_report(const struct visit *v);

/* Our hash after event `seq`; ERR_NOT_FOUND beyond our end. */
enum err visit_hash(struct visit *v, int64_t seq,
                    uint8_t hash[HASH_BYTES]) MUST_USE;

/* The batch of at most `limit` events behind `before`, as long as a push may
 * be. `before` is not our end. */
enum err visit_batch(struct visit *v, const struct point *before, int limit,
                     struct batch *out) MUST_USE;

/* Puts a request into v->request: `batch`, or NULL for a question at our
 * end. */
void visit_request(struct visit *v, const struct batch *batch, struct str want,
                   struct str nonce);

/* One request and its answer: as visit_request(), wanting `want` ("": nothing).
 * The answer is by the right key, to this request, about this device.
 * ERR_LIMIT: the server took it for too long. Else as session_run(). */
enum err visit_ask(struct visit *v, const struct batch *batch, struct str want,
                   struct answer *out) MUST_USE;

/* Fetches what is newer than our lists (fetch.c). ERR_LISTS. */
enum err visit_lists(struct visit *v) MUST_USE;

/* Compares an answer with our ledger and keeps what is to be kept (judge.c).
 * ERR_FORK when it contradicts it or knows of more. */
enum err visit_judge(struct visit *v, const struct answer *a) MUST_USE;

/* Keeps what an outcome says about where we stand with the aggregator, and
 * returns the outcome. */
enum err visit_conclude(struct visit *v, enum err outcome) MUST_USE;

/* Gives a failure of the inbox its detail. */
enum err visit_inbox(struct visit *v, enum err e) MUST_USE;
/* Records a failure's detail (translated by the caller) and returns `e`. */
enum err visit_fail(struct visit *v, enum err e, const char *text);

#endif
