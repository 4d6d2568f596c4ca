/*
 * https.h - a client of HTTPS that sends exactly the bytes it is told to.
 *
 * Only to 127.0.0.1, and without looking at certificates: what is tested is
 * the server. Nothing here waits longer than ten seconds.
 */
#ifndef FAIR_TEST_HTTPS_H
#define FAIR_TEST_HTTPS_H

#include "fair/buf.h"

struct https;

/* Connects and shakes hands; NULL when nobody is there or does not want to.
 * `versions` is part of a GnuTLS priority string, NULL: the usual ones. */
struct https *https_open(int port, const char *versions);
void https_close(struct https *h);

/* A connection that says nothing. */
int tcp_open(int port);
/* Whether the other end closes it in time. */
bool tcp_closed(int fd);

/* For poll(). */
int https_fd(const struct https *h);

/* False when the connection is gone. */
bool https_send(struct https *h, struct str bytes);

struct https_reply {
    int status; /* 0: closed without an answer */
    int retry_after_s;
    bool closes; /* says so */
    struct buf head, body;
};
void https_reply_done(struct https_reply *r);
#define HTTPS_REPLY(name) \
    __attribute__((cleanup(https_reply_done))) struct https_reply name = { 0 }

/* Reads one answer, as long as it says. */
void https_read(struct https *h, struct https_reply *out);
/* Reads the answer to a HEAD: it says a length and has no body. */
void https_read_head(struct https *h, struct https_reply *out);
/* Whether its head has this line, "Name: value". */
bool https_says(const struct https_reply *r, const char *line);
/* Reads to the end; false when the server does not end it in time. */
bool https_rest(struct https *h, struct buf *out);
/* Whether the server closes the connection in time, and says no more. */
bool https_closed(struct https *h);

/* METHOD of a path with more header lines ("A: b\r\n", "" none); a GET's answer
 * read. */
void https_ask_head(const char *method, const char *path, const char *more,
                    struct buf *out);
void https_get(struct https *h, const char *path, const char *more,
               struct https_reply *out);

/* POST of a body as a device sends it. */
void https_post_head(const char *path, size_t len, struct buf *out);
void https_send_post(struct https *h, const char *path, struct str body,
                     struct https_reply *out);

#endif
