/*
 * nudge.c - one datagram to a socket of the till's directory.
 *
 * The address goes through /proc/self/fd: a socket's path has room for 107
 * bytes only, a data directory may lie deeper than that.
 */
#define _GNU_SOURCE /* O_PATH */
#include "pos/till/nudge.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A socket that is connected to the agent's, or -1. */
static int call(const char *dir)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    snprintf(to.sun_path, sizeof(to.sun_path), "/proc/self/fd/%d/nudge.sock",
             folder);
    bool heard = folder >= 0 && fd >= 0 &&
                 connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
    if (folder >= 0)
        close(folder);
    if (!heard && fd >= 0)
        close(fd);
    return heard ? fd : -1;
}

void nudge_agent(const char *dir)
{
    int fd = call(dir);
    if (fd < 0)
        return; /* nobody listens: the agent finds the event by itself later */
    (void)!send(fd, "n", 1, MSG_NOSIGNAL);
    close(fd);
}

bool nudge_heard(const char *dir)
{
    int fd = call(dir);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}
