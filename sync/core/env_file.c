/*
 * env_file.c - files for people: results and exports, replaced whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fair/env.h"

static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool put_all(int fd, struct str bytes)
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

static enum err put(const char *path, int flags, struct str bytes)
{
    int fd = open(path, flags | O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

    if (fd < 0)
        return err_from_errno(errno);
    bool plain = (flags & O_EXCL) != 0;
    enum err e = ERR_OK;
    if (!put_all(fd, bytes) || (plain && fsync(fd) < 0))
        e = err_from_errno(errno);
    if (close(fd) < 0 && e == ERR_OK)
        e = err_from_errno(errno);
    return e;
}

enum err env_file_replace(const char *path, struct str bytes)
{
    BUF(temp, MAX_TEXT);

    if (is_special(path))
        return put(path, 0, bytes);
    buf_printf(&temp, "%s.%ld.new", path, (long)getpid());
    enum err e = put(buf_text(&temp), O_EXCL, bytes);
    if (e == ERR_OK && rename(buf_text(&temp), path) < 0)
        e = err_from_errno(errno);
    if (e != ERR_OK && e != ERR_EXISTS)
        unlink(buf_text(&temp));
    return e;
}
