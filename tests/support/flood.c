/*
 * flood.c - a client of many kept connections.
 *
 * Sockets block: a request is written whole, an answer is short and read whole
 * once its first byte is there. The server never waits for us, so neither can
 * wait for the other.
 */
#include "tests/support/flood.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fair/wire.h"

enum { WAIT_MS = 20000, READY_MAX = 64 };

struct link {
    gnutls_session_t tls;
    int fd;
    int sent;        /* requests of this run */
    int64_t sent_ns; /* when the last one went */
};

struct flood {
    gnutls_certificate_credentials_t credentials;
    struct link *links;
    int ready; /* an epoll of all links */
    int n;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void must(int rc, const char *what)
{
    if (rc < 0)
        err_die(what, 0, gnutls_strerror(rc));
}

/* ---- connections ---- */

static int connect_to(int port)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port) };
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
        err_die(__FILE__, __LINE__, "the server is not there");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

static void link_open(struct flood *f, int i, int port)
{
    struct link *l = &f->links[i];
    l->fd = connect_to(port);
    must(gnutls_init(&l->tls, GNUTLS_CLIENT), "gnutls_init");
    must(gnutls_set_default_priority(l->tls), "priority");
    must(gnutls_credentials_set(l->tls, GNUTLS_CRD_CERTIFICATE, f->credentials),
         "credentials");
    gnutls_transport_set_int(l->tls, l->fd);
    int rc;
    do
        rc = gnutls_handshake(l->tls);
    while (rc < 0 && !gnutls_error_is_fatal(rc));
    must(rc, "handshake");
    struct epoll_event want = { .events = EPOLLIN, .data.ptr = l };
    must(epoll_ctl(f->ready, EPOLL_CTL_ADD, l->fd, &want), "epoll");
}

struct flood *flood_open(int port, int n)
{
    struct flood *f = x_alloc(sizeof(*f));
    f->n = n;
    f->links = x_alloc((size_t)n * sizeof(*f->links));
    f->ready = epoll_create1(EPOLL_CLOEXEC);
    must(gnutls_certificate_allocate_credentials(&f->credentials), "allocate");
    for (int i = 0; i < n; i++)
        link_open(f, i, port);
    return f;
}

void flood_close(struct flood *f)
{
    for (int i = 0; i < f->n; i++) {
        gnutls_bye(f->links[i].tls, GNUTLS_SHUT_WR);
        gnutls_deinit(f->links[i].tls);
        close(f->links[i].fd);
    }
    gnutls_certificate_free_credentials(f->credentials);
    free(f->links);
    close(f->ready);
    free(f);
}

/* ---- requests ---- */

void flood_request(struct str push, struct buf *out)
{
    buf_printf(out,
               "POST " WIRE_PUSH_PATH " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
               "Content-Type: " WIRE_TYPE "\r\nContent-Length: %zu\r\n\r\n",
               push.len);
    buf_str(out, push);
    ASSERT(buf_ok(out));
}

static void request_send(struct link *l, struct str bytes)
{
    l->sent++;
    l->sent_ns = now_ns();
    while (bytes.len > 0) {
        ssize_t n = gnutls_record_send(l->tls, bytes.data, bytes.len);
        if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
            continue;
        must((int)n, "send");
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
}

/* Is the answer whole? Its length stands in its head. */
static bool answer_whole(const char *text, size_t len)
{
    static const char name[] = "Content-Length: ";
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = end ? strstr(text, name) : NULL;
    if (!length || length > end)
        return false;
    size_t body = strtoul(length + sizeof(name) - 1, NULL, 10);
    return len >= (size_t)(end + 4 - text) + body;
}

static void answer_take(struct link *l)
{
    char text[MAX_HEADER + MAX_TEXT];
    size_t len = 0;
    do {
        ssize_t n =
            gnutls_record_recv(l->tls, text + len, sizeof(text) - 1 - len);
        if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
            continue;
        if (n <= 0)
            err_die(__FILE__, __LINE__, "the server has hung up");
        len += (size_t)n;
        text[len] = '\0';
    } while (len == 0 || !answer_whole(text, len));
    if (strncmp(text, "HTTP/1.1 200", 12) != 0)
        err_die(__FILE__, __LINE__, text);
}

/* The answer of one link; then its next request. */
static void link_go_on(struct flood *f, struct link *l,
                       const struct buf *requests, int each)
{
    answer_take(l);
    if (l->sent < each)
        request_send(l, buf_slice(&requests[(l - f->links) * each + l->sent]));
}

int64_t flood_run(struct flood *f, const struct buf *requests, int each,
                  int64_t *waits)
{
    struct epoll_event ready[READY_MAX];
    int64_t from = now_ns();
    int left = f->n * each;
    for (int i = 0; i < f->n; i++) {
        f->links[i].sent = 0;
        request_send(&f->links[i], buf_slice(&requests[i * each]));
    }
    while (left > 0) {
        int n = epoll_wait(f->ready, ready, READY_MAX, WAIT_MS);
        if (n <= 0)
            err_die(__FILE__, __LINE__, "no answer");
        for (int i = 0; i < n; i++) {
            struct link *l = ready[i].data.ptr;
            int64_t sent_ns = l->sent_ns;
            link_go_on(f, l, requests, each);
            if (waits)
                *waits++ = now_ns() - sent_ns;
        }
        left -= n;
    }
    return now_ns() - from;
}
