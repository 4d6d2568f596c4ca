/*
 * http_venue.h - the venue's own networks: whole halls stand behind one of
 * their addresses, so nobody counts connections there.
 */
#ifndef AGGREGATOR_HTTP_VENUE_H
#define AGGREGATOR_HTTP_VENUE_H

#include <sys/socket.h>

#include "fair/buf.h"

enum { VENUE_RANGES = 32 };

struct venue {
    int n;
    struct range {
        uint8_t bytes[16]; /* IPv4 as ::ffff:A.B.C.D */
        int bits;
    } ranges[VENUE_RANGES];
};

/* "10.0.0.0/8, fd00::/8": addresses, `/` and how many bits of them count, with
 * commas; "" none. ERR_INVALID; `why` has the part that is none. */
enum err venue_parse(struct str text, struct venue *out,
                     struct buf *why) MUST_USE;
bool venue_has(const struct venue *v, const struct sockaddr *address);

#endif
