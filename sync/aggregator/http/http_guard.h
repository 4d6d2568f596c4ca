/*
 * http_guard.h - who may stay connected: deadlines that no dripping moves
 * (libmicrohttpd only notices silence), a share for each address, and room for
 * who comes when the house is full.
 *
 * A client has 30 seconds of its own time for a request and its answer
 * together; what we take in between does not count. Only who is known and
 * really takes an answer that is long may go on (a page of 100 kB over 50
 * kbit/s takes 16 s, a workbook longer).
 *
 * Who has not yet shown that it is a device of ours or somebody signed in is a
 * stranger. Strangers from one address outside the venue's own networks are
 * few, with all others from there (listen_peer() says what one address is); and
 * when the house is nearly full, whoever
 * comes takes the place of the stranger who has been here longest. To keep
 * devices out, strangers would have to come faster than a device can say who
 * it is.
 */
#ifndef AGGREGATOR_HTTP_GUARD_H
#define AGGREGATOR_HTTP_GUARD_H

#include "mhd.h"

#include "fair/err.h"

#include "http_venue.h"

enum {
    REQUEST_MS = 29000, /* of a client's time, from connecting, or from the
                           answer before, to the last byte of the answer: so
                           that it sees no more than 30 s when we are late */
    ANSWER_MS = 500,    /* ... of which the answer has so much at least */
    OURS_MS = 60000,    /* from a whole request to its answer */
    TAKING_MS = 3000,   /* behind the deadline so much more, again and again, */
    TAKING_BYTES = 6 * 1024, /* for who has just taken that much in that time */
    FROM_ONE_MAX = 20        /* connections of an address outside the venue */
};

struct guard;

/* For at most `most` connections at once; `venue` outlives it. */
struct guard *guard_open(unsigned int most, const struct venue *venue);
void guard_close(struct guard *g); /* after the daemon has stopped */

/* libmicrohttpd's connection notification; `cls` is the guard. */
void guard_notify(void *cls, struct MHD_Connection *connection,
                  void **socket_context,
                  enum MHD_ConnectionNotificationCode code);

/* What a connection's clock is told. The request is whole: it is our turn. */
void guard_ours(struct guard *g, struct MHD_Connection *connection);
/* The answer stands; `known`: it went to a device or to somebody signed in. */
void guard_answer(struct guard *g, struct MHD_Connection *connection,
                  bool known);
/* It is sent: the next request may come. */
void guard_next(struct guard *g, struct MHD_Connection *connection);

#endif
