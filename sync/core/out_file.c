/*
 * out_file.c - the one way by which a result gets into a file of a name that
 * somebody has typed.
 *
 * Whose directory it is, is told by what lies there and not by --data: another
 * till's files are no less its own. A link is followed first, so that the rule
 * holds for where it leads, and the link stays.
 */
#include "fair/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fair/env.h"
#include "sync/core/env_parts.h"

enum { PATH_ROOM = 4096 };

struct out_file {
    int fd, dir; /* dir: -1 when what is there is written to */
    struct buf name, temp;
};

/* ---- whose directory it is ---- */

static bool has_file(int dir, const char *name)
{
    struct stat st;
    return fstatat(dir, name, &st, 0) == 0 && S_ISREG(st.st_mode);
}

/* Who has a key works here, and it may lie elsewhere, behind a link. Copies
 * that somebody was given have none. */
static bool has_a_key(int dir)
{
    return has_file(dir, "device.key") || has_file(dir, "signing.key") ||
           has_file(dir, "keys/signing.key");
}

/* Such a file stays wherever it lies, and a database gets no other's log. */
static bool is_own_file(int dir, const char *name)
{
    static const char *const own[] = {
        "ledger.db",     "sync.db",        "aggregator.db",        "admission",
        "fair-pos.conf", "fair-sync.conf", "fair-aggregator.conf",
    };
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        if (strncmp(name, own[i], strlen(own[i])) == 0 && has_file(dir, own[i]))
            return true;
    }
    return false;
}

static bool is_backups_of(int dir, int above)
{
    struct stat here, backups;
    return fstat(dir, &here) == 0 &&
           fstatat(above, "backups", &backups, AT_SYMLINK_NOFOLLOW) == 0 &&
           here.st_dev == backups.st_dev && here.st_ino == backups.st_ino;
}

static bool is_ours(int dir, const char *name)
{
    if (has_a_key(dir) || is_own_file(dir, name))
        return true;
    FD(above, openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return above >= 0 && has_a_key(above) && !is_backups_of(dir, above);
}

/* ---- opening ---- */

/* Nothing waits here for who reads it, as nothing else that writes does. */
static enum err open_special(struct out_file *f, const char *path, mode_t mode)
{
    if (!S_ISFIFO(mode) && !S_ISCHR(mode))
        return ERR_INVALID;
    f->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    return f->fd < 0 ? err_from_errno(errno) : ERR_OK;
}

static enum err open_beside(struct out_file *f)
{
    if (is_ours(f->dir, buf_text(&f->name)))
        return ERR_OWN_FILES;
    buf_printf(&f->temp, ".fair.%ld.new", (long)getpid());
    const char *temp = buf_text(&f->temp);
    unlinkat(f->dir, temp, 0); /* left by a crashed process of our number */
    f->fd = openat(f->dir, temp,
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    return f->fd < 0 ? err_from_errno(errno) : ERR_OK;
}

static enum err open_plain(struct out_file *f, const char *path)
{
    const char *slash = strrchr(path, '/');
    BUF(dir, PATH_ROOM);
    buf_put(&dir, path, slash ? (size_t)(slash - path) + 1 : 0);
    buf_puts(&dir, ".");
    buf_puts(&f->name, slash ? slash + 1 : path);
    if (!buf_ok(&dir) || !buf_ok(&f->name) || f->name.len == 0)
        return ERR_INVALID;
    f->dir = dir_open(buf_text(&dir));
    return f->dir < 0 ? err_from_errno(errno) : open_beside(f);
}

static enum err open_at(struct out_file *f, const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return open_plain(f, path);
    if (!S_ISREG(st.st_mode))
        return open_special(f, path, st.st_mode);
    char *real = realpath(path, NULL);
    enum err e = real ? open_plain(f, real) : err_from_errno(errno);
    free(real);
    return e;
}

enum err out_file_open(const char *path, struct out_file **out)
{
    struct out_file *f = x_alloc(sizeof(*f));
    f->fd = f->dir = -1;
    buf_init(&f->name, PATH_ROOM);
    buf_init(&f->temp, PATH_ROOM);
    enum err e = open_at(f, path);
    if (e == ERR_OK)
        *out = f;
    else
        out_file_close(f);
    return e;
}

/* ---- writing ---- */

enum err out_file_write(struct out_file *f, struct str bytes)
{
    return fd_write(f->fd, bytes) ? ERR_OK : err_from_errno(errno);
}

static enum err close_now(struct out_file *f)
{
    int fd = f->fd;
    f->fd = -1;
    return close(fd) < 0 ? err_from_errno(errno) : ERR_OK;
}

enum err out_file_settle(struct out_file *f)
{
    if (f->dir < 0)
        return close_now(f);
    enum err e = fsync(f->fd) < 0 ? err_from_errno(errno) : ERR_OK;
    enum err closed = close_now(f);
    if (e == ERR_OK)
        e = closed;
    if (e == ERR_OK &&
        renameat(f->dir, buf_text(&f->temp), f->dir, buf_text(&f->name)) < 0)
        e = err_from_errno(errno);
    if (e != ERR_OK)
        return e;
    buf_clear(&f->temp);
    return dir_sync(f->dir) ? ERR_OK : err_from_errno(errno);
}

void out_file_close(struct out_file *f)
{
    if (!f)
        return;
    if (f->temp.len > 0)
        unlinkat(f->dir, buf_text(&f->temp), 0);
    fd_done(&f->fd);
    fd_done(&f->dir);
    buf_done(&f->name);
    buf_done(&f->temp);
    free(f);
}

enum err out_file_put(const char *path, struct str bytes)
{
    struct out_file *f = NULL;
    enum err e = out_file_open(path, &f);
    if (e == ERR_OK)
        e = out_file_write(f, bytes);
    if (e == ERR_OK)
        e = out_file_settle(f);
    out_file_close(f);
    return e;
}
