/*
 * http_guard.h - deadlines of connections: no client holds one open longer
 * than it may, however slowly it drips (libmicrohttpd only notices silence).
 */
#ifndef AGGREGATOR_HTTP_GUARD_H
#define AGGREGATOR_HTTP_GUARD_H

#include "mhd.h"

#include "fair/err.h"

enum {
    REQUEST_MS = 30000, /* from connecting, or from the answer before, to the
                           whole request */
    RESPONSE_MS = 60000 /* from there to the last byte of its answer taken */
};

struct guard;

struct guard *guard_open(void);
void guard_close(struct guard *g); /* after the daemon has stopped */

/* libmicrohttpd's connection notification; `cls` is the guard. */
void guard_notify(void *cls, struct MHD_Connection *connection,
                  void **socket_context,
                  enum MHD_ConnectionNotificationCode code);

/* Gives the connection this many milliseconds from now. */
void guard_deadline(struct guard *g, struct MHD_Connection *connection,
                    int64_t ms);

#endif
