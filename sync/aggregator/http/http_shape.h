/*
 * http_shape.h - what a request must look like before its body is read.
 *
 * libmicrohttpd 0.9.75 lets shapes through that two servers in a row read
 * differently; each of them is refused here (TRUST.md 3.3). Some of them can be
 * seen only from where libmicrohttpd has left the parts of a head; were they
 * elsewhere, everything would be refused (http_shape.c).
 */
#ifndef AGGREGATOR_HTTP_SHAPE_H
#define AGGREGATOR_HTTP_SHAPE_H

#include "mhd.h"

#include "fair/buf.h"

#include "sync/aggregator/web/visit.h"

enum {
    PATH_MAX_BYTES = 128,
    CONNECTION_MEMORY = 16 * 1024 /* bytes: what libmicrohttpd may keep of a
                                     connection, its whole head among them */
};

/* An address as it was sent, before anything is decoded. */
struct target {
    const char *at; /* where it stands, and how long it was then */
    size_t len;
    char path[PATH_MAX_BYTES + 1];
    char query[QUERY_MAX + 1];
    bool asks; /* has a `?` */
};
/* At most 128 of a-z 0-9 / - _ . and behind a `?` at most 512 of A-Z a-z 0-9
 * . _ - = &, and so no escape and no host; false for anything else. */
bool shape_target(const char *uri, struct target *out) MUST_USE;
/* Whether the address goes on until `version`: a NUL byte would have cut it. */
bool shape_target_whole(const struct target *t, const char *version);

/* What kind of request the headers must belong to. */
enum shape_kind {
    SHAPE_ASKING, /* GET, HEAD: no body */
    SHAPE_BODY,   /* of a device: one Content-Length */
    SHAPE_FORM    /* of a browser: and a form */
};

/* 0, or the status to refuse a request with that has these headers and may
 * have a body of `body_max` bytes: 400, 411, 413, 415, 417. */
int shape_headers(struct MHD_Connection *connection, enum shape_kind kind,
                  size_t body_max);

#endif
