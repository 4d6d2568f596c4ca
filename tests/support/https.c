/*
 * https.c - see https.h.
 */
#include "tests/support/https.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000, MAX_HEAD = 8192 };

struct https {
    int fd;
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    struct buf in;
    bool over; /* the server has ended it */
};

int tcp_open(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT(fd >= 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool readable(int fd)
{
    struct pollfd p = { fd, POLLIN, 0 };
    return poll(&p, 1, PATIENCE_MS) == 1;
}

bool tcp_closed(int fd)
{
    char c;
    return readable(fd) && recv(fd, &c, 1, 0) <= 0;
}

/* Nothing listens to the signal of a broken pipe. */
static ssize_t push_bytes(gnutls_transport_ptr_t fd, const void *data,
                          size_t len)
{
    return send((int)(intptr_t)fd, data, len, MSG_NOSIGNAL);
}

struct https *https_open(int port, const char *versions)
{
    struct https *h = x_alloc(sizeof(*h));
    BUF(priority, 256);
    buf_printf(&priority, "NORMAL%s", versions ? versions : "");
    buf_init(&h->in, MAX_OUTPUT);
    h->fd = tcp_open(port);
    if (h->fd < 0) {
        free(h);
        return NULL;
    }
    gnutls_init(&h->session, GNUTLS_CLIENT);
    gnutls_certificate_allocate_credentials(&h->credentials);
    gnutls_credentials_set(h->session, GNUTLS_CRD_CERTIFICATE, h->credentials);
    gnutls_priority_set_direct(h->session, buf_text(&priority), NULL);
    gnutls_transport_set_int(h->session, h->fd);
    gnutls_transport_set_push_function(h->session, push_bytes);
    gnutls_handshake_set_timeout(h->session, PATIENCE_MS);
    int rc;
    do
        rc = gnutls_handshake(h->session);
    while (rc < 0 && !gnutls_error_is_fatal(rc));
    if (rc == 0)
        return h;
    https_close(h);
    return NULL;
}

void https_close(struct https *h)
{
    if (!h)
        return;
    close(h->fd);
    gnutls_deinit(h->session);
    gnutls_certificate_free_credentials(h->credentials);
    buf_done(&h->in);
    free(h);
}

int https_fd(const struct https *h)
{
    return h->fd;
}

bool https_send(struct https *h, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = gnutls_record_send(h->session, bytes.data, bytes.len);
        if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
            continue;
        if (n <= 0)
            return false;
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

/* More bytes; false at the end or when none come in time. */
static bool more(struct https *h)
{
    char chunk[4096];
    ssize_t n;
    do {
        if (gnutls_record_check_pending(h->session) == 0 && !readable(h->fd))
            return false;
        n = gnutls_record_recv(h->session, chunk, sizeof(chunk));
    } while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
    h->over = n <= 0;
    if (n > 0)
        buf_put(&h->in, chunk, (size_t)n);
    return n > 0;
}

static long header_number(const char *head, const char *name)
{
    const char *at = strstr(head, name);
    return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

void https_reply_done(struct https_reply *r)
{
    buf_done(&r->head);
    buf_done(&r->body);
}

/* The head ends with an empty line; 0 while it is not all there. */
static size_t head_len(const struct https *h)
{
    const char *end = strstr(buf_text(&h->in), "\r\n\r\n");
    return end ? (size_t)(end - h->in.data) + 4 : 0;
}

/* What has come of an answer after its head. */
static void read_reply(struct https *h, bool bare, struct https_reply *out)
{
    size_t head;
    https_reply_done(out);
    *out = (struct https_reply){ 0 };
    buf_init(&out->head, MAX_HEAD);
    buf_init(&out->body, MAX_OUTPUT);
    while ((head = head_len(h)) == 0) {
        if (!more(h))
            return;
    }
    buf_put(&out->head, h->in.data, head);
    const char *text = buf_text(&out->head);
    out->status = (int)header_number(text, "HTTP/1.1 ");
    size_t len = (size_t)header_number(text, "Content-Length: ");
    out->retry_after_s = (int)header_number(text, "Retry-After: ");
    out->closes = strstr(text, "Connection: close") != NULL ||
                  strstr(text, "Connection: Close") != NULL;
    if (bare || out->status == 100 || out->status == 304)
        len = 0;
    while (h->in.len < head + len && more(h))
        continue;
    buf_put(&out->body, h->in.data + head,
            h->in.len - head < len ? h->in.len - head : len);
    BUF(rest, MAX_OUTPUT);
    if (h->in.len > head + len)
        buf_put(&rest, h->in.data + head + len, h->in.len - head - len);
    buf_clear(&h->in);
    buf_str(&h->in, buf_slice(&rest));
}

void https_read(struct https *h, struct https_reply *out)
{
    read_reply(h, false, out);
}

void https_read_head(struct https *h, struct https_reply *out)
{
    read_reply(h, true, out);
}

bool https_says(const struct https_reply *r, const char *line)
{
    BUF(whole, MAX_HEAD);
    buf_printf(&whole, "\r\n%s\r\n", line);
    return strstr(buf_text(&r->head), buf_text(&whole)) != NULL;
}

bool https_rest(struct https *h, struct buf *out)
{
    while (more(h))
        continue;
    buf_str(out, buf_slice(&h->in));
    return h->over;
}

bool https_closed(struct https *h)
{
    BUF(rest, MAX_OUTPUT);
    return https_rest(h, &rest) && rest.len == 0;
}

void https_post_head(const char *path, size_t len, struct buf *out)
{
    buf_printf(out,
               "POST %s HTTP/1.1\r\nHost: localhost\r\n"
               "Content-Type: application/vnd.phien-cho\r\n"
               "Content-Length: %zu\r\n\r\n",
               path, len);
}

void https_send_post(struct https *h, const char *path, struct str body,
                     struct https_reply *out)
{
    BUF(head, MAX_HEAD);
    https_post_head(path, body.len, &head);
    if (https_send(h, buf_slice(&head)) && https_send(h, body))
        https_read(h, out);
}

void https_ask_head(const char *method, const char *path, const char *more,
                    struct buf *out)
{
    buf_printf(out, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, path,
               more);
}

void https_get(struct https *h, const char *path, const char *more,
               struct https_reply *out)
{
    BUF(head, MAX_HEAD);
    https_ask_head("GET", path, more, &head);
    if (https_send(h, buf_slice(&head)))
        https_read(h, out);
}
