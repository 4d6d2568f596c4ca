/*
 * http_listen.c - a listening TCP socket from an address as people write it.
 */
#include "http_listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fair/i18n.h"

enum { BACKLOG = 1024 };

/* "HOST:PORT", "[V6]:PORT" -> both parts. */
static bool split_address(const char *address, char *host, size_t size,
                          char port[8])
{
    const char *colon = strrchr(address, ':');
    const char *from = address;

    if (colon == NULL || strlen(colon + 1) == 0 || strlen(colon + 1) > 5 ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return false;
    if (strtol(colon + 1, NULL, 10) > 65535)
        return false;
    size_t n = (size_t)(colon - address);
    if (n >= 2 && from[0] == '[' && from[n - 1] == ']') {
        from++;
        n -= 2;
    }
    if (n == 0 || n >= size)
        return false;
    memcpy(host, from, n);
    host[n] = '\0';
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return true;
}

static enum err why_not(const char *address, int number, struct buf *why)
{
    buf_clear(why);
    buf_printf(why, "%s: %s", address, strerror(number));
    return number == EADDRINUSE                          ? ERR_BUSY
           : number == EADDRNOTAVAIL || number == EACCES ? ERR_INVALID
                                                         : ERR_IO;
}

static bool listen_on(struct listening *l, const struct addrinfo *ai)
{
    int one = 1;
    int fd =
        socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
               ai->ai_protocol);
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);
    char port[8];

    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 ||
        listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &len) != 0 ||
        getnameinfo((struct sockaddr *)&bound, len, l->host, sizeof(l->host),
                    port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        int number = errno;

        close(fd);
        errno = number;
        return false;
    }
    l->port = (int)strtol(port, NULL, 10);
    l->fd = fd;
    return true;
}

enum err listen_at(const char *address, struct listening *out, struct buf *why)
{
    struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                              .ai_family = AF_UNSPEC,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    struct listening l = { .fd = -1 };
    enum err e = ERR_INVALID;
    char host[256], port[8];

    if (!split_address(address, host, sizeof(host), port)) {
        buf_printf(why, _("%s is no ADDRESS:PORT"), address);
        return e;
    }
    int rc = getaddrinfo(host, port, &hints, &found);
    if (rc != 0) {
        buf_printf(why, "%s: %s", address, gai_strerror(rc));
        return e;
    }
    /* A name may have addresses that this machine does not speak. */
    for (const struct addrinfo *ai = found; ai != NULL && e != ERR_OK;
         ai = ai->ai_next)
        e = listen_on(&l, ai) ? ERR_OK : why_not(address, errno, why);
    freeaddrinfo(found);
    if (e == ERR_OK)
        *out = l;
    return e;
}

bool listen_bytes(const struct sockaddr *address, uint8_t out[16])
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    const struct sockaddr_in *v4 = (const void *)address;
    const struct sockaddr_in6 *v6 = (const void *)address;

    if (address->sa_family == AF_INET) {
        memcpy(out, mapped, sizeof(mapped));
        memcpy(out + sizeof(mapped), &v4->sin_addr, sizeof(v4->sin_addr));
    } else if (address->sa_family == AF_INET6) {
        memcpy(out, &v6->sin6_addr, sizeof(v6->sin6_addr));
    }
    return address->sa_family == AF_INET || address->sa_family == AF_INET6;
}

struct peer listen_peer(const struct sockaddr *address)
{
    static const uint8_t nowhere[sizeof(struct peer)] = { 0 };
    struct peer p = { { 0 } };
    uint8_t bytes[16];

    if (!listen_bytes(address, bytes))
        return p;
    bool last = memcmp(bytes, nowhere, sizeof(nowhere)) == 0;
    memcpy(p.bytes, bytes + (last ? sizeof(p.bytes) : 0), sizeof(p.bytes));
    return p;
}

void listen_peer_text(const struct sockaddr *address, char out[PEER_TEXT],
                      bool *local)
{
    bool v6 = address->sa_family == AF_INET6;
    socklen_t len =
        v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    const char *four = out;

    out[0] = '\0';
    *local = false;
    if ((address->sa_family != AF_INET && !v6) ||
        getnameinfo(address, len, out, PEER_TEXT, NULL, 0, NI_NUMERICHOST) != 0)
        return;
    if (strncmp(out, "::ffff:", 7) == 0)
        four = out + 7;
    *local = strncmp(four, "127.", 4) == 0 || strcmp(out, "::1") == 0;
}
