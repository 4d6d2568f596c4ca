/*
 * control_wire.c - length-prefixed strings over a socket in the data
 * directory.
 */
#define _GNU_SOURCE /* O_PATH */
#include "control_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "fair/env.h"

enum { BACKLOG = 16 };

void wire_put_number(struct buf *out, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        buf_putc(out, (char)(unsigned char)(n >> (8 * i)));
}

void wire_put_string(struct buf *out, struct str s)
{
    wire_put_number(out, (uint32_t)s.len);
    buf_str(out, s);
}

bool wire_take_number(struct str *bytes, uint32_t *n)
{
    uint32_t value = 0;

    if (bytes->len < 4)
        return false;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)(unsigned char)bytes->data[i] << (8 * i);
    bytes->data += 4;
    bytes->len -= 4;
    *n = value;
    return true;
}

bool wire_take_string(struct str *bytes, struct str *out)
{
    uint32_t n = 0;

    if (!wire_take_number(bytes, &n) || n > bytes->len)
        return false;
    *out = (struct str){ bytes->data, n };
    bytes->data += n;
    bytes->len -= n;
    return true;
}

bool wire_read_all(int fd, struct buf *out)
{
    char chunk[16 * 1024];

    for (;;) {
        ssize_t n = read(fd, chunk, sizeof(chunk));

        if (n == 0)
            return buf_ok(out);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || !buf_ok(out))
            return false;
        buf_put(out, chunk, (size_t)n);
    }
}

bool wire_write_all(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

/* An address through the directory's descriptor: sun_path holds 107 bytes,
 * directories may be longer. */
static int socket_in(const char *dir, struct sockaddr_un *address, int *dir_fd)
{
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    *dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*dir_fd < 0)
        return -1;
    snprintf(address->sun_path, sizeof(address->sun_path),
             "/proc/self/fd/%d/" CONTROL_SOCKET, *dir_fd);
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void close_both(int fd, int dir_fd)
{
    if (fd >= 0)
        close(fd);
    if (dir_fd >= 0)
        close(dir_fd);
}

enum err wire_listen(const char *dir, struct buf *why, int *out)
{
    struct sockaddr_un address;
    int dir_fd = -1;
    int fd = socket_in(dir, &address, &dir_fd);

    if (fd >= 0) {
        unlinkat(dir_fd, CONTROL_SOCKET, 0);
        if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
            fchmodat(dir_fd, CONTROL_SOCKET, 0600, 0) == 0 &&
            listen(fd, BACKLOG) == 0) {
            close(dir_fd);
            *out = fd;
            return ERR_OK;
        }
    }
    enum err e = err_from_errno(errno);
    buf_puts(why, CONTROL_SOCKET);
    close_both(fd, dir_fd);
    return e;
}

void wire_unlisten(const char *dir, int fd)
{
    int dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (dir_fd >= 0) {
        unlinkat(dir_fd, CONTROL_SOCKET, 0);
        close(dir_fd);
    }
    /* Who holds the name already is refused from here on. */
    shutdown(fd, SHUT_RDWR);
}

enum err wire_connect(const char *dir, int *out)
{
    struct sockaddr_un address;
    int dir_fd = -1;
    int fd = socket_in(dir, &address, &dir_fd);

    if (fd >= 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
        close(dir_fd);
        *out = fd;
        return ERR_OK;
    }
    close_both(fd, dir_fd);
    return ERR_NOT_FOUND;
}
