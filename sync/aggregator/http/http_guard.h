/*
 * http_guard.h - who may stay connected: deadlines that no dripping moves
 * (libmicrohttpd only notices silence), a share for each address, and room for
 * who comes when the house is full.
 *
 * A client has 29 seconds of its own time for a request and its answer
 * together, from connecting or from the answer before, and is disconnected
 * within 31; what we take in between does not count. Strangers have no more,
 * however fast they take. Who is known may take an answer that is long for
 * longer, as long as it takes 6 KiB of it every 3 seconds: a page of 100 kB
 * over 50 kbit/s takes 16 s, a workbook more.
 *
 * Known is a connection whose last answer went to a device that is let in, or
 * to somebody signed in: of each of them at most 64. All others are strangers.
 * From one address outside the venue's own networks only few connections are
 * kept, of strangers and others (listen_peer() says what one address is).
 *
 * When the house is nearly full, whoever comes takes the place of the stranger
 * who has been here longest; or, when only one of ten is a stranger, of the
 * known one that has been idle longest and loses nothing by it. So neither
 * strangers nor those we know can keep devices out: strangers would have to
 * come faster than a device can say who it is, the others to be very many.
 *
 * Whoever is ended is counted by the reason (metrics.h); the journal hears once
 * a minute how many had to go for others.
 */
#ifndef AGGREGATOR_HTTP_GUARD_H
#define AGGREGATOR_HTTP_GUARD_H

#include "mhd.h"

#include "fair/buf.h"

#include "http_venue.h"

enum {
    REQUEST_MS = 29000, /* of a client's time, from connecting, or from the
                           answer before, to the last byte of the answer:
                           looked at late, it is 31 s at most */
    ANSWER_MS = 500,    /* ... of which the answer has so much at least */
    OURS_MS = 60000,    /* from a whole request to its answer */
    TAKING_MS = 3000,   /* behind the deadline so much more, again and again, */
    TAKING_BYTES = 6 * 1024, /* for who has just taken that much in that time */
    FROM_ONE_MAX = 20,       /* connections of an address outside the venue */
    KNOWN_OF_ONE = 64        /* connections that one may have as known */
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
/* Somebody has looked who asks: this device or account is let in now; "":
 * nobody is. Unless it is told, a connection stays what it was. */
void guard_who(struct guard *g, struct MHD_Connection *connection,
               struct str who);
/* The answer stands. */
void guard_answer(struct guard *g, struct MHD_Connection *connection);
/* It is sent: the next request may come. */
void guard_next(struct guard *g, struct MHD_Connection *connection);

#endif
