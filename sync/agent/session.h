/*
 * session.h - one visit to the aggregator: ask, push what it lacks, fetch the
 * lists (sync/PROTOCOL.md 6.6).
 *
 * Promises: the aggregator's signed (count, head) is the only cursor; every
 * answer is checked and kept durably before anything relies on it; a visit
 * may end anywhere and be made again. Bytes are read in short transactions
 * that have ended before the network is used, so the till never waits. The
 * ledger is only read. All network is the environment's `post`.
 */
#ifndef AGENT_SESSION_H
#define AGENT_SESSION_H

#include "fair/buf.h"

#define AGENT_VERSION "1.0"
#define AGENT_PROGRAM "fair-sync " AGENT_VERSION

struct session {
    /* What the caller wants. */
    const char *dir;
    const char *who;     /* told to others that wait for lock.sync */
    int64_t timeout_ms;  /* of one request */
    int64_t deadline_ms; /* no request beyond, by env_mono_ms(); 0: none */
    /* Kept from one visit to the next: events in a push. It is halved when
     * a push was too long or got lost, and grows again. */
    int batch;
    /* Also kept: when (monotonic) the pages of `list` were looked at, which
     * takes longer than all else a visit does; 0: not yet. */
    int64_t list_looked_ms;
    /* What the last visit found. */
    char state[16]; /* of the inbox */
    int64_t events, acknowledged, list;
    int64_t answers;        /* answers with a good signature */
    int64_t retry_after_ms; /* what the server asked for; 0: nothing */
    int64_t first_bad;      /* usb_export(): damaged from here on; 0: sound */
    struct buf why;         /* detail of a failure, for people */
};

void session_init(struct session *s, const char *dir, const char *who,
                  int64_t timeout_ms);
void session_done(struct session *s);

/* ERR_OK: nothing that was in the ledger at the beginning is unsent, and the
 * lists are the newest. ERR_UNREACHABLE, ERR_BUSY, ERR_REFUSED, ERR_PIN,
 * ERR_REVOKED (everything was sent), ERR_FORK (it was set aside by the
 * aggregator), ERR_LISTS; or, of this machine, ERR_NOT_SET_UP, ERR_PRACTICE
 * (its ledger is never sent), ERR_LIBRARY (no libcurl), ERR_LOCKED and what
 * ledger_open() and the inbox say. */
enum err session_run(struct session *s) MUST_USE;

#endif
