/*
 * simnet.h - an aggregator, a network and a clock in one process, all chance
 * from one seed.
 *
 * The aggregator is the real one from service_push() down to its store
 * (place.h says where); it takes its turns on the caller's thread. Devices are
 * machines (quick.h) whose session_run() is the real one. The network between
 * them loses, doubles, delays, cuts, splits, merges, damages and repeats what
 * is sent and what is answered; the aggregator is started anew, or its disk
 * fails in the middle of a commit. Whatever cannot be done fails the test.
 */
#ifndef FAIR_TEST_SIMNET_H
#define FAIR_TEST_SIMNET_H

#include "fair/env.h"
#include "sync/agent/session.h"
#include "sync/aggregator/http/service.h"
#include "tests/sim/chance.h"
#include "tests/support/place.h"
#include "tests/support/quick.h"

enum trouble {
    TROUBLE_NONE,
    TROUBLE_DROPPED,    /* the request never arrives */
    TROUBLE_DELAYED,    /* it arrives behind later ones */
    TROUBLE_DOUBLED,    /* it arrives twice, in one group */
    TROUBLE_UNHEARD,    /* it arrives; the answer does not */
    TROUBLE_CUT,        /* only its beginning arrives */
    TROUBLE_SPLIT,      /* it arrives as two requests */
    TROUBLE_MERGED,     /* it and an older one arrive as one */
    TROUBLE_FLIPPED,    /* one bit of it is another */
    TROUBLE_REPLAYED,   /* older ones arrive with it, in any order */
    TROUBLE_ANSWER_CUT, /* only the beginning of the answer is heard */
    TROUBLE_ANSWER_BIT, /* one bit of the answer is another */
    TROUBLE_ANSWER_OLD, /* the answer to an older request is heard */
    TROUBLE_RESTARTED,  /* the aggregator was started anew before */
    TROUBLE_DISK,       /* the aggregator's disk fails at the commit */
    TROUBLES
};
const char *trouble_word(enum trouble t);

enum { SIMNET_PAST = 32 /* requests and answers that are remembered */ };

struct simnet_past {
    struct buf items[SIMNET_PAST];
    int n, next;
};

struct simnet {
    char where[SCRATCH_ROOM];
    struct keys keys;
    struct ingest *ingest;
    struct service service;
    struct store *reader; /* NULL: the next simnet_reader() opens it */
    struct env before;
    struct chance chance;
    int64_t now_ms;     /* the aggregator's clock */
    int64_t device_ms;  /* so far that of the device is ahead */
    bool serving;       /* it is the aggregator that reads the clock */
    int64_t latency_ms; /* a request's way there and back */
    int trouble_pct;    /* requests that meet some */
    unsigned spared;    /* troubles that do not come, 1 << TROUBLE_… each */
    struct simnet_past requests, answers, delayed;
    int64_t met[TROUBLES]; /* so far */
    int64_t sent;          /* requests of devices so far */
    /* Called with every undamaged request that the aggregator is about to get,
     * in that order; then once when all are done: `sure` when none of them met
     * the failing disk. May be NULL. */
    void (*arrives)(void *ctx, struct str request);
    void (*settled)(void *ctx, bool sure);
    void *ctx;
};

/* A new place, nobody known, clock at the morning of book_init(). It is the
 * environment until simnet_close(). The second: with true signatures, for
 * devices in folders of their own. */
void simnet_open(struct simnet *n);
void simnet_open_true(struct simnet *n);
void simnet_close(struct simnet *n);
/* Chance begins anew; nothing is under way, nothing is remembered. */
void simnet_seed(struct simnet *n, uint64_t seed);
int64_t simnet_below(struct simnet *n, int64_t below);
bool simnet_one_in(struct simnet *n, int64_t many);

/* One visit of a machine's agent, on this network. */
enum err simnet_visit(struct simnet *n, struct session *s);
/* Visits until one says ERR_OK, with no trouble; `most` of them at most. */
void simnet_settle(struct simnet *n, struct session *s, int most);

/* Requests arrive as one group, in this order; the last one's HTTP status, and
 * its answer (NULL: unheard). */
int simnet_arrive(struct simnet *n, const struct str *requests, int count,
                   struct buf *reply);
/* All that is delayed arrives, in any order; all that is remembered does once
 * more. */
void simnet_delayed_arrive(struct simnet *n);
void simnet_past_arrives(struct simnet *n);

/* The aggregator adds up what it has to; ends; begins again. */
void simnet_fold(struct simnet *n);
void simnet_stop(struct simnet *n);
void simnet_start(struct simnet *n);

/* The aggregator's database is gone while its keys are not; it begins again
 * with none, or with a backup: a file that simnet_backup() has made anew. */
void simnet_lose(struct simnet *n);
void simnet_backup(struct simnet *n, const char *path);
void simnet_restore(struct simnet *n, const char *path);
/* Some places of the database's file are others. It is served again, if the
 * aggregator still does that: false. Only of a file. */
bool simnet_damage(struct simnet *n);

/* The store, to look at: what is committed. */
struct store *simnet_reader(struct simnet *n);
/* How many events it holds of a device; 0 of one that it does not know. */
int64_t simnet_stored(struct simnet *n, const char *device);
/* What reports read of a device now. */
struct simnet_counted {
    int64_t revenue_vnd, refunds_vnd, voids_vnd, visits;
    int64_t held, held_vnd; /* events */
};
struct simnet_counted simnet_counted(struct simnet *n, const char *fair,
                                     const char *device);
/* That is what these running totals say, nothing else. */
void simnet_counts(struct simnet *n, const char *fair, const char *device,
                   const struct sums *sums);
/* Everything in the store is sound, and every row of every roll-up is what
 * adding up all events anew gives. */
void simnet_verify(struct simnet *n);

#endif
