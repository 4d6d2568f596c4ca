/*
 * http.h - HTTPS for devices and people: libmicrohttpd with everything it lets
 * through refused by us before a body is read (TRUST.md 3.3), and a reaper,
 * because its own time-out only watches for silence.
 */
#ifndef AGGREGATOR_HTTP_H
#define AGGREGATOR_HTTP_H

#include "service.h"
#include "sync/aggregator/web/visit.h"

struct http;

struct http_options {
    const char *address; /* "127.0.0.1:8443", "[::1]:0"; port 0: a free one */
    const char *venue;   /* its own networks, as venue_parse() takes them */
    int threads;         /* 1: an internal epoll thread; more: a pool */
    const struct service *service;
    const struct web *web;
};

/* Takes the address; whoever calls already waits. ERR_INVALID (address,
 * networks), ERR_BUSY (address in use), ERR_LIMIT (too few files may be open),
 * ERR_IO; `why` has the detail. */
enum err http_open(const struct http_options *options, struct buf *why,
                   struct http **out) MUST_USE;
/* Serves. ERR_IO. */
enum err http_serve(struct http *h, struct buf *why) MUST_USE;
/* Appends "https://ADDRESS:PORT" as it really is. */
void http_url(const struct http *h, struct buf *out);
/* Stops accepting; requests that are under way go on. */
void http_quiesce(struct http *h);
/* To be called after http_quiesce(), web_stop() and ingest_stop(): every
 * suspended request has its answer by then; waits until they are sent (at most
 * 5 s), then closes. */
void http_close(struct http *h);

#endif
