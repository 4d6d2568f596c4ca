/*
 * http_listen.h - where the server listens.
 */
#ifndef AGGREGATOR_HTTP_LISTEN_H
#define AGGREGATOR_HTTP_LISTEN_H

#include "fair/buf.h"

struct listening {
    int fd;
    char host[64]; /* numeric, as bound */
    int port;      /* as bound; never 0 */
};

/* "127.0.0.1:8443", "[::1]:0", "host:port"; port 0 takes a free one, the same
 * port can be taken again at once. ERR_INVALID (address), ERR_BUSY (in use or
 * not ours), ERR_IO; `why` has the detail. */
enum err listen_at(const char *address, struct listening *out, struct buf *why)
    MUST_USE;

#endif
