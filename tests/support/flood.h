/*
 * flood.h - a client of many kept connections that sends requests made before
 * and waits for nothing but answers: one thread, TLS, no checks of its own but
 * the status.
 */
#ifndef FAIR_TEST_FLOOD_H
#define FAIR_TEST_FLOOD_H

#include "fair/buf.h"

struct flood;

/* n connections to 127.0.0.1:port, handshakes done; dies when it cannot. */
struct flood *flood_open(int port, int n);
void flood_close(struct flood *f);

/* Appends the request that carries this push. */
void flood_request(struct str push, struct buf *out);

/* Every connection sends its requests one after the other: those of connection
 * i are requests[i * each] and the following. Nanoseconds until the last answer
 * is there. `waits` (or NULL) receives how long each took. Dies of any status
 * but 200. */
int64_t flood_run(struct flood *f, const struct buf *requests, int each,
                  int64_t *waits);

#endif
