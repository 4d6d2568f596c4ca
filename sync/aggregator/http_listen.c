/*
 * http_listen.c - a listening TCP socket from an address as people write it.
 */
#include "http_listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static enum err listen_on(struct listening *l, const struct addrinfo *ai,
                          struct buf *why)
{
    int one = 1;
    int fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);
    char port[8];

    if (fd < 0)
        return ERR_IO;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 ||
        listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &len) != 0 ||
        getnameinfo((struct sockaddr *)&bound, len, l->host, sizeof(l->host),
                    port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        buf_puts(why, strerror(errno));
        close(fd);
        return ERR_BUSY;
    }
    l->port = (int)strtol(port, NULL, 10);
    l->fd = fd;
    return ERR_OK;
}

enum err listen_at(const char *address, struct listening *l, struct buf *why)
{
    struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                              .ai_family = AF_UNSPEC,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    char host[256], port[8];

    if (!split_address(address, host, sizeof(host), port)) {
        buf_puts(why, address);
        return ERR_INVALID;
    }
    int rc = getaddrinfo(host, port, &hints, &found);
    if (rc != 0) {
        buf_puts(why, gai_strerror(rc));
        return ERR_INVALID;
    }
    enum err e = listen_on(l, found, why);
    freeaddrinfo(found);
    return e;
}
