/*
 * http_guest.h - a person's request between libmicrohttpd and visit.h: what
 * came, as a visit sees it, and its answer with every header of ours.
 */
#ifndef AGGREGATOR_HTTP_GUEST_H
#define AGGREGATOR_HTTP_GUEST_H

#include "mhd.h"

#include "sync/aggregator/web/routes.h"

#include "http_listen.h"

struct guest {
    struct visit visit; /* first */
    char peer[PEER_TEXT];
    void (*resume)(void *ctx); /* called on any thread when the answer stands */
    void *ctx;
};

/* `query` and whatever the connection holds are borrowed until guest_close. */
struct guest *guest_open(const struct web *web, const struct route *route,
                         struct MHD_Connection *connection, const char *query);
void guest_close(struct guest *g);

/* The answer, once it stands; its body is taken. NULL: no memory. */
struct MHD_Response *guest_response(struct guest *g);

/* What browsers are told with every answer that is not a device's. */
void guest_policy(struct MHD_Response *response);

#endif
