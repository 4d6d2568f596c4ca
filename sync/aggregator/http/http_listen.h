/*
 * http_listen.h - where the server listens.
 */
#ifndef AGGREGATOR_HTTP_LISTEN_H
#define AGGREGATOR_HTTP_LISTEN_H

#include <sys/socket.h>

#include "tries.h"

struct listening {
    int fd;
    char host[64]; /* numeric, as bound */
    int port;      /* as bound; never 0 */
};

/* "127.0.0.1:8443", "[::1]:0", "host:port"; port 0 takes a free one, the same
 * port can be taken again at once. ERR_BUSY (in use), ERR_INVALID (no address,
 * or none of this machine's), ERR_IO; `why` has the detail. */
enum err listen_at(const char *address, struct listening *out,
                   struct buf *why) MUST_USE;

/* An address as IPv6, IPv4 as ::ffff:A.B.C.D; false: it is neither. */
bool listen_bytes(const struct sockaddr *address, uint8_t out[16]) MUST_USE;

/* Who is at the other end, as limits for each address count: of IPv6 the first
 * 64 bits, since one host has a whole such network to itself; of ::/64, which
 * nobody has, the last 64, so that IPv4 (::ffff:A.B.C.D in a socket for both)
 * counts whole and ::1 by itself. Zeros for what is no IP address. Whole halls
 * behind one of them are for http_venue.h. */
struct peer listen_peer(const struct sockaddr *address);

/* The same as text, "" for what is no IP address; *local: this machine. */
enum { PEER_TEXT = 64 };
void listen_peer_text(const struct sockaddr *address, char out[PEER_TEXT],
                      bool *local);

#endif
