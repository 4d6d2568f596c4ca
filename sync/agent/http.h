/*
 * http.h - the network as fair-sync sees it: one HTTPS POST at a time, to a
 * server known by its public key.
 *
 * Promises: nothing is sent before the server has proved the pinned key, and
 * nothing but https is spoken; no redirection is followed, no proxy, cookie,
 * netrc or other file of the user's is looked at; a reply longer than asked
 * for is refused. Names, dates and authorities of certificates do not count,
 * so a wrong clock never stops a sync. Whether a reply is true is not decided
 * here: that is a matter of its signature.
 */
#ifndef AGENT_HTTP_H
#define AGENT_HTTP_H

#include <signal.h>

#include "fair/env.h"

/* The `post` of the environment; `ctx` is not used. ERR_PIN: another server
 * than the pinned one answered, or no pin was given. ERR_UNREACHABLE: no
 * whole answer in time; whether the request arrived is not known then.
 * ERR_LIBRARY: there is no libcurl on this machine. The connection stays open
 * for the next request to the same server. */
enum err https_post(void *ctx, const struct net_request *req, int *status,
                    struct buf *reply) MUST_USE;

/* The detail of a request's failure: where it went, or which library is
 * missing. */
const char *https_detail(enum err e, const char *url);

/* Closes the connection. */
void https_done(void);

/* Makes https_post the network of this process's environment. */
void https_install(void);

/* Set (by a signal) to break off a request that is under way. */
extern volatile sig_atomic_t https_break;

/* Of libcurl; NULL: it is not installed. */
const char *https_version(void);

#endif
