/*
 * status.h - where a till stands with the aggregator, from its files alone.
 */
#ifndef AGENT_STATUS_H
#define AGENT_STATUS_H

#include "fair/inbox.h"
#include "fair/ledger.h"

struct status {
    struct ledger *ledger;
    struct inbox *inbox;
    const struct ledger_state *till;
    struct inbox_state contact;
};

/* Reads only and waits for nobody; status_done() when this succeeded.
 * ERR_NOT_SET_UP, else as ledger_open() and inbox_open(). */
enum err status_read(const char *dir, struct buf *why,
                     struct status *out) MUST_USE;
void status_done(struct status *s);

/* The members scripts read, and the same for people. */
void status_json(const struct status *s, struct buf *out);
void status_text(const struct status *s, struct buf *out);

#endif
