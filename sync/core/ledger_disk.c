/*
 * ledger_disk.c - a piece of the disk kept for the end of the day.
 *
 * SQLite leaves everything unchanged when a disk is full, but a shift must be
 * closed even then. The reserve is a file of real blocks, not a sparse one.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger_parts.h"

enum { PATH_ROOM = 4096 };

static void reserve_path(struct buf *out, const char *dir)
{
    buf_printf(out, "%s/reserve", dir);
}

bool reserve_stands(const char *dir)
{
    struct stat st;
    BUF(path, PATH_ROOM);
    reserve_path(&path, dir);
    return lstat(buf_text(&path), &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_size >= LEDGER_RESERVE;
}

static bool reserve_make(const char *dir)
{
    BUF(path, PATH_ROOM);
    reserve_path(&path, dir);
    unlink(buf_text(&path)); /* cut short, or a link to somewhere else */
    int fd = open(buf_text(&path), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool made = posix_fallocate(fd, 0, LEDGER_RESERVE) == 0;
    close(fd);
    if (!made)
        unlink(buf_text(&path));
    return made;
}

bool reserve_drop(const char *dir)
{
    BUF(path, PATH_ROOM);
    reserve_path(&path, dir);
    return unlink(buf_text(&path)) == 0;
}

static bool free_below(const char *dir, int64_t bytes)
{
    const struct env *env = env_get();
    int64_t left = env->disk_free(env->ctx, dir);
    return left >= 0 && left < bytes; /* unknown: the disk itself will say */
}

bool disk_low(const char *dir)
{
    return free_below(dir, LEDGER_RESERVE);
}

bool reserve_keep(const char *dir)
{
    if (reserve_stands(dir))
        return true;
    return !free_below(dir, 2 * (int64_t)LEDGER_RESERVE) && reserve_make(dir);
}
