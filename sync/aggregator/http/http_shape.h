/*
 * http_shape.h - what a request must look like before its body is read.
 *
 * libmicrohttpd 0.9.75 lets shapes through that two servers in a row read
 * differently; each of them is refused here (TRUST.md 3.3).
 */
#ifndef AGGREGATOR_HTTP_SHAPE_H
#define AGGREGATOR_HTTP_SHAPE_H

#include <microhttpd.h>

#include "fair/buf.h"

/* The address as it was sent, before anything is decoded: at most 128 of
 * a-z 0-9 / - _, and so no escape, no dot, no query, no host. */
bool shape_uri(const char *uri);
/* Whether `uri` goes on until `version`: a NUL byte would have cut it. */
bool shape_uri_whole(const char *uri, const char *version);

/* 0, or the status to refuse a request with that has these headers and may
 * have a body of `body_max` bytes: 400, 411, 413, 415, 417. */
int shape_headers(struct MHD_Connection *connection, size_t body_max);

#endif
