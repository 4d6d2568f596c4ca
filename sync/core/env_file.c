#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier): renameat2
/*
 * env_file.c - the few things we do with files that must survive a power cut.
 *
 * Promise: a file made here is there whole and durable, or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fair/env.h"
#include "sync/core/env_parts.h"

enum { READ_CHUNK = 4096, PATH_ROOM = 4096 };

/* ---- descriptors ---- */

void fd_done(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

int dir_open(const char *dir)
{
    return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool dir_sync(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL;
}

bool fd_write(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.data, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

/* ---- files of our own ---- */

/* rename() that does not replace. Where the file system has no such thing we
 * look first: who makes such a file holds the directory's lock. */
static bool rename_new(int dir, const char *from, const char *to)
{
    if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return renameat(dir, from, dir, to) == 0;
}

static enum err temp_write(int dir, const char *temp, struct str bytes)
{
    unlinkat(dir, temp, 0); /* left by a crashed process of our number */
    FD(fd, openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd < 0 || !fd_write(fd, bytes) || fsync(fd) < 0)
        return err_from_errno(errno);
    return ERR_OK;
}

enum err env_file_create(const char *dir, const char *name, struct str bytes)
{
    FD(at, dir_open(dir));
    if (at < 0)
        return err_from_errno(errno);
    BUF(temp, PATH_ROOM);
    buf_printf(&temp, ".%s.%ld.new", name, (long)getpid());
    enum err e = temp_write(at, buf_text(&temp), bytes);
    if (e == ERR_OK && !rename_new(at, buf_text(&temp), name))
        e = err_from_errno(errno);
    if (e != ERR_OK) {
        unlinkat(at, buf_text(&temp), 0);
        return e;
    }
    if (!dir_sync(at)) {
        e = err_from_errno(errno);
        unlinkat(at, name, 0);
    }
    return e;
}

enum err env_file_put(const char *dir, const char *name, struct str bytes)
{
    FD(at, dir_open(dir));
    if (at < 0)
        return err_from_errno(errno);
    BUF(temp, PATH_ROOM);
    buf_printf(&temp, ".%s.%ld.new", name, (long)getpid());
    enum err e = temp_write(at, buf_text(&temp), bytes);
    if (e == ERR_OK && renameat(at, buf_text(&temp), at, name) < 0)
        e = err_from_errno(errno);
    if (e != ERR_OK) {
        unlinkat(at, buf_text(&temp), 0);
        return e;
    }
    return dir_sync(at) ? ERR_OK : err_from_errno(errno);
}

/* It may be a key: what it passed through is wiped. */
static enum err read_all(int fd, struct buf *out)
{
    char chunk[READ_CHUNK];
    ssize_t n;
    do {
        n = read(fd, chunk, sizeof(chunk));
        if (n > 0)
            buf_put(out, chunk, (size_t)n);
        if (!buf_ok(out))
            return ERR_LIMIT;
    } while (n > 0 || (n < 0 && errno == EINTR));
    explicit_bzero(chunk, sizeof(chunk));
    return n < 0 ? ERR_IO : ERR_OK;
}

static enum err read_fd(int fd, struct buf *out)
{
    BUF(whole, out->max);
    enum err e = read_all(fd, &whole);
    if (e != ERR_OK)
        return e;
    buf_str(out, buf_slice(&whole));
    if (whole.len > 0)
        explicit_bzero(whole.data, whole.len);
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

static enum err not_opened(void)
{
    return err_from_errno(errno) == ERR_NOT_FOUND ? ERR_NOT_FOUND : ERR_IO;
}

/* Not waiting for somebody to open the other end, of what may be a pipe. */
enum err env_file_read(const char *dir, const char *name, struct buf *out)
{
    struct stat st;
    FD(at, dir_open(dir));
    FD(fd, at < 0 ? -1 : openat(at, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (fd < 0)
        return not_opened();
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return ERR_IO;
    return read_fd(fd, out);
}

enum err env_path_read(const char *path, struct buf *out)
{
    FD(fd, open(path, O_RDONLY | O_CLOEXEC));
    return fd < 0 ? not_opened() : read_fd(fd, out);
}

/* ---- directories ---- */

static bool is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A directory that a power cut takes away takes a device's key with it. */
static enum err parent_sync(const char *path)
{
    BUF(parent, PATH_ROOM);
    buf_printf(&parent, "%s/..", path);
    FD(fd, dir_open(buf_text(&parent)));
    if (fd < 0 || !dir_sync(fd))
        return err_from_errno(errno);
    return ERR_OK;
}

static enum err dir_make_one(const char *path)
{
    if (mkdir(path, 0700) == 0)
        return parent_sync(path);
    enum err e = err_from_errno(errno);
    return is_dir(path) ? ERR_OK : e;
}

enum err env_dir_make(const char *dir)
{
    BUF(path, PATH_ROOM);
    buf_puts(&path, dir);
    if (!buf_ok(&path) || path.len == 0)
        return ERR_INVALID;
    for (size_t i = 1; i < path.len; i++) {
        if (path.data[i] != '/')
            continue;
        path.data[i] = '\0';
        enum err e = dir_make_one(path.data);
        path.data[i] = '/';
        if (e != ERR_OK)
            return e;
    }
    return dir_make_one(path.data);
}
