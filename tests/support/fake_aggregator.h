/*
 * fake_aggregator.h - an aggregator for one device, in memory, behind the
 * environment's `post`; and everything that can go wrong on the way to it.
 *
 * It is written from sync/PROTOCOL.md 6.4 and shares no code with ours but the
 * codec of the wire. A request that is not well-formed fails the test. One at
 * a time; its environment is the process's until fake_done().
 */
#ifndef FAIR_TEST_FAKE_AGGREGATOR_H
#define FAIR_TEST_FAKE_AGGREGATOR_H

#include "fair/env.h"
#include "fair/inbox.h"
#include "fair/wire.h"

enum fake_fault {
    FAKE_FINE,
    FAKE_LOST_REQUEST, /* it never arrives */
    FAKE_LOST_ANSWER,  /* carried out, but nobody hears of it */
    FAKE_BUSY,         /* 503, Retry-After 7 */
    FAKE_TOO_LONG,     /* 413 */
    FAKE_REFUSED,      /* 400 with words */
    FAKE_WRONG_PIN,
    FAKE_CUT,       /* the reply ends in its first line */
    FAKE_SIGNATURE, /* another key signs */
    FAKE_NONCE,     /* the answer to another request */
    FAKE_STRANGER,  /* the answer about another device */
    FAKE_PAGE       /* one byte of what was wanted is another */
};

enum { FAKE_EVENTS = 2000, FAKE_PAGES = 8 };

struct fake {
    struct env before;
    struct keypair key, stranger;
    uint8_t device[KEY_BYTES]; /* of the first request */
    bool known, revoked, forked;
    int64_t count;
    uint8_t hashes[FAKE_EVENTS + 1][HASH_BYTES];
    int64_t appended, replayed, aside; /* events ever brought */
    int64_t branch_first, branch_last; /* what is set aside; 0: nothing */
    uint8_t branch[FAKE_EVENTS + 1][HASH_BYTES];
    int64_t limit;   /* events it takes in a push; 0: any */
    int64_t largest; /* events in one push so far */
    size_t longest;  /* bytes of one request so far */

    int requests;
    int fault_at; /* this request (from 1) meets the fault; 0: every one */
    enum fake_fault fault;
    /* Called before each request is looked at; may be NULL. */
    void (*look)(struct fake *f);

    int64_t list;      /* version; 0 none */
    const char *state; /* said whatever was found; NULL: what is so */
    const char *booth; /* whose lists it gives */
    int n_pages;
    struct buf pages[FAKE_PAGES];
    int64_t asked_pages; /* pages it was asked for */

    struct push_header last; /* numbers only; strings are gone */
    struct buf reply;        /* to an enrolment; empty: a refused code */
    const char *refusal;     /* code word of it */
    int after_s;             /* Retry-After of BUSY */
};

/* Keys from one byte each; with the lists of version 0. */
void fake_init(struct fake *f, uint8_t aggregator);
void fake_done(struct fake *f);

/* A new version of the lists, of n pages of one line each that differ from
 * those of every other `seed`. */
void fake_lists(struct fake *f, int64_t version, int n, int seed);
/* As after a restored backup: events behind `count` are forgotten, and what was
 * set aside. */
void fake_forget(struct fake *f, int64_t count);
/* Somebody else writes under the device's identity: n events more. */
void fake_impostor(struct fake *f, int n);
/* A signed acknowledgement as in a file, about `device`. */
void fake_ack(const struct fake *f, const char *device, struct buf *out);
/* The manifest of the lists for booth A1 of XUAN-2020. */
void fake_manifest(const struct fake *f, const char *booth, struct buf *out);
/* inbox_list() for booth A1 of XUAN-2020. */
enum err fake_held(const struct fake *f, struct inbox *in, int64_t *version,
                   struct buf *out) MUST_USE;

#endif
