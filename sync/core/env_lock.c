/*
 * env_lock.c - one process at a time.
 *
 * Promise: a lock ends with its process, however that ends. The file says who
 * holds it, as a courtesy; what it says decides nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "fair/env.h"
#include "sync/core/env_parts.h"

enum { LOCK_POLL_MS = 20, MAX_HOLDER = 128 /* "who, process N", bytes */ };

struct lock {
    int fd;
};

/* What the holder wrote about itself. Another program's text goes to a
 * terminal: it ends at the first control character. */
static void holder_read(int fd, struct buf *out)
{
    char text[MAX_HOLDER];
    ssize_t n = pread(fd, text, sizeof(text), 0);
    ssize_t end = 0;
    while (end < n && (unsigned char)text[end] >= ' ' && text[end] != 127)
        end++;
    if (end > 0)
        buf_put(out, text, (size_t)end);
    else
        buf_puts(out, "another program");
}

/* A courtesy: on a full disk the lock holds without it. */
static void holder_write(int fd, const char *who)
{
    BUF(text, MAX_HOLDER);
    buf_printf(&text, "%s, process %ld", who, (long)getpid());
    if (pwrite(fd, buf_text(&text), text.len, 0) != (ssize_t)text.len ||
        ftruncate(fd, (off_t)text.len) < 0)
        return;
}

static enum err lock_wait(int fd, int64_t wait_ms)
{
    int64_t end = env_mono_ms() + wait_ms;
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return err_from_errno(errno);
        int64_t left = end - env_mono_ms();
        if (left <= 0)
            return ERR_LOCKED;
        env_wait_ms(left < LOCK_POLL_MS ? left : LOCK_POLL_MS);
    }
    return ERR_OK;
}

enum err lock_take(const struct lock_request *want, struct buf *holder,
                   struct lock **out)
{
    FD(at, dir_open(want->dir));
    /* Its text is overwritten: never that of a file somewhere else. */
    int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
    int fd = at < 0 ? -1 : openat(at, want->name, flags, 0600);
    if (fd < 0)
        return err_from_errno(errno);
    enum err e = lock_wait(fd, want->wait_ms);
    if (e != ERR_OK) {
        if (e == ERR_LOCKED && holder)
            holder_read(fd, holder);
        close(fd);
        return e;
    }
    holder_write(fd, want->who);
    struct lock *lock = x_alloc(sizeof(*lock));
    lock->fd = fd;
    *out = lock;
    return ERR_OK;
}

void lock_close(struct lock *lock)
{
    if (!lock)
        return;
    close(lock->fd);
    free(lock);
}
