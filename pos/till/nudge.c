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

void nudge_agent(const char *dir)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (folder >= 0 && fd >= 0) {
        snprintf(to.sun_path, sizeof(to.sun_path),
                 "/proc/self/fd/%d/nudge.sock", folder);
        /* Nobody listens: the agent finds the event by itself later. */
        (void)!sendto(fd, "n", 1, MSG_NOSIGNAL, (const struct sockaddr *)&to,
                      sizeof(to));
    }
    if (fd >= 0)
        close(fd);
    if (folder >= 0)
        close(folder);
}
