/*
 * check_restore.c - putting a backup in the place of the database.
 *
 * The copy is prepared beside the database under another name, so that until
 * the one rename nothing has happened. The old database is given its second
 * name first. Its log must be gone before the new file gets the name, for
 * SQLite would take it as the new file's: it is moved into the old file before,
 * or, when that file cannot be opened any more, kept beside its second name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fair/env.h"

#include "check.h"
#include "copy.h"
#include "crew.h"
#include "store_parts.h"

enum { PATH_ROOM = 4096, COPY_BYTES = 16 * 1024 };

#define BEFORE ".before-restore"
#define NEW    ".restore"

/* DIR/aggregator.db and what is put behind. */
static void path_of(struct buf *out, const char *dir, const char *end)
{
    buf_clear(out);
    buf_printf(out, "%s/" STORE_FILE "%s", dir, end);
}

static enum err gone(const char *dir, const char *end)
{
    BUF(path, PATH_ROOM);
    path_of(&path, dir, end);
    if (unlink(buf_text(&path)) == 0 || errno == ENOENT)
        return ERR_OK;
    return err_from_errno(errno);
}

/* ---- copying ------------------------------------------------------------- */

static enum err copy_bytes(int from, int to)
{
    char bytes[COPY_BYTES];
    for (;;) {
        ssize_t got = read(from, bytes, sizeof(bytes));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_from_errno(errno);
        if (got == 0)
            return fsync(to) == 0 ? ERR_OK : err_from_errno(errno);
        for (ssize_t put = 0; put < got;) {
            ssize_t n = write(to, bytes + put, (size_t)(got - put));
            if (n < 0 && errno != EINTR)
                return err_from_errno(errno);
            put += n > 0 ? n : 0;
        }
    }
}

/* A device that never ends would fill the disk that tills are served from. */
static enum err worth_copying(int in, const char *from, const char *to,
                              struct buf *why)
{
    static const char title[] = "SQLite format 3"; /* and a NUL */
    const struct env *env = env_get();
    char first[sizeof(title)];
    struct stat st;
    if (fstat(in, &st) < 0)
        return err_from_errno(errno);
    if (!S_ISREG(st.st_mode) ||
        pread(in, first, sizeof(first), 0) != sizeof(first) ||
        memcmp(first, title, sizeof(title)) != 0) {
        buf_printf(why, "%s: this is no database", from);
        return ERR_CORRUPT;
    }
    int64_t room = env->disk_free(env->ctx, to);
    if (room >= 0 && st.st_size > room) {
        buf_printf(why, "%s: %lld bytes are free, it has %lld", from,
                   (long long)room, (long long)st.st_size);
        return ERR_FULL;
    }
    return ERR_OK;
}

static enum err copy_file(const struct restoring *r, const char *to,
                          struct buf *why)
{
    int in = open(r->file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : err_from_errno(errno);
    enum err e = worth_copying(in, r->file, r->dir, why);
    int out = e == ERR_OK
                  ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
                  : -1;
    if (e == ERR_OK)
        e = out < 0 ? err_from_errno(errno) : copy_bytes(in, out);
    if (out >= 0 && close(out) < 0 && e == ERR_OK)
        e = err_from_errno(errno);
    close(in);
    return e;
}

/* A file with a log beside it is a database in use and not a backup. */
static enum err refuse_live(const char *file, struct buf *why)
{
    BUF(log, PATH_ROOM);
    buf_printf(&log, "%s-wal", file);
    if (access(buf_text(&log), F_OK) < 0)
        return ERR_OK;
    buf_printf(why, "%s: not a backup: it has a log beside it", file);
    return ERR_INVALID;
}

/* ---- looking ------------------------------------------------------------- */

struct look {
    const uint8_t *aggregator;
    struct buf *why;
};

/* What is wrong with the device is found, not an error of looking. */
static enum err look_device(void *ctx, struct store *s, const struct device *d,
                            void *found)
{
    const struct look *l = ctx;
    enum err e = check_admission(s, d, l->aggregator);
    if (e == ERR_OK)
        e = check_chain(s, d);
    *(enum err *)found = e;
    return e == ERR_ADMISSION || e == ERR_CORRUPT ? ERR_OK : e;
}

static enum err take_device(void *ctx, const struct device *d,
                            const void *found)
{
    const struct look *l = ctx;
    enum err e = *(const enum err *)found;
    if (e != ERR_OK)
        buf_printf(l->why, "%s: %s", d->device,
                   e == ERR_ADMISSION
                       ? "its admission is damaged or another aggregator's"
                       : "events are damaged or missing");
    return e;
}

/* Not the whole of `verify`: a device that adds up wrongly is no reason to
 * refuse the backup of all others. */
static enum err look(const char *path, const uint8_t *aggregator,
                     struct buf *why)
{
    struct look l = { aggregator, why };
    struct crew crew = { look_device, sizeof(enum err), take_device, &l };
    struct store *s = NULL;
    enum err e = store_open_file(path, STORE_WRITE, why, &s);
    if (e != ERR_OK)
        return e;
    e = store_integrity(s);
    if (e == ERR_CORRUPT)
        buf_puts(why, "the file is damaged");
    if (e == ERR_OK)
        e = crew_run(s, &crew);
    if (e == ERR_OK)
        e = store_unfold_all(s);
    store_close(s);
    return e;
}

/* ---- changing places ----------------------------------------------------- */

static enum err second_name(const char *dir, const char *end, const char *to)
{
    BUF(from, PATH_ROOM);
    BUF(name, PATH_ROOM);
    path_of(&from, dir, end);
    path_of(&name, dir, to);
    enum err e = gone(dir, to);
    if (e != ERR_OK)
        return e;
    if (link(buf_text(&from), buf_text(&name)) == 0 || errno == ENOENT)
        return ERR_OK;
    return err_from_errno(errno);
}

/* Opening and closing moves the log into the file, when that still works. */
static void settle(const char *dir)
{
    struct store *old = NULL;
    BUF(path, PATH_ROOM);
    path_of(&path, dir, "");
    if (access(buf_text(&path), F_OK) < 0)
        return;
    if (store_open_file(buf_text(&path), STORE_WRITE, NULL, &old) == ERR_OK)
        store_close(old);
}

enum err dir_settle(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_from_errno(errno);
    int rc = fsync(fd);
    enum err e = rc == 0 || errno == EINVAL ? ERR_OK : err_from_errno(errno);
    close(fd);
    return e;
}

static enum err change_places(const char *dir)
{
    BUF(from, PATH_ROOM);
    BUF(to, PATH_ROOM);
    path_of(&from, dir, NEW);
    path_of(&to, dir, "");
    settle(dir);
    enum err e = second_name(dir, "", BEFORE);
    if (e == ERR_OK)
        e = second_name(dir, "-wal", BEFORE "-wal");
    if (e == ERR_OK)
        e = dir_settle(dir); /* both names are safe before one goes */
    if (e == ERR_OK)
        e = gone(dir, "-wal");
    if (e == ERR_OK)
        e = gone(dir, "-shm");
    if (e == ERR_OK)
        e = dir_settle(dir);
    if (e == ERR_OK && rename(buf_text(&from), buf_text(&to)) < 0)
        e = err_from_errno(errno);
    return e == ERR_OK ? dir_settle(dir) : e;
}

static enum err forget_copy(const char *dir)
{
    enum err e = gone(dir, NEW);
    if (e == ERR_OK)
        e = gone(dir, NEW "-wal");
    return e == ERR_OK ? gone(dir, NEW "-shm") : e;
}

static enum err pour_copy(const char *copy, struct store *to, struct buf *why)
{
    struct store *from = NULL;
    struct copied copied;
    enum err e = store_open_file(copy, STORE_WRITE, why, &from);
    if (e == ERR_OK)
        e = copy_store(from, to, &copied);
    store_close(from);
    return e;
}

enum err check_restore(const struct restoring *r, struct buf *why)
{
    BUF(copy, PATH_ROOM);
    path_of(&copy, r->dir, NEW);
    enum err e = refuse_live(r->file, why);
    if (e == ERR_OK)
        e = forget_copy(r->dir); /* of a restore that was interrupted */
    if (e == ERR_OK)
        e = copy_file(r, buf_text(&copy), why);
    if (e == ERR_OK)
        e = look(buf_text(&copy), r->aggregator, why);
    if (e == ERR_OK)
        e = r->to ? pour_copy(buf_text(&copy), r->to, why)
                  : change_places(r->dir);
    if (e != ERR_OK || r->to) {
        enum err gone = forget_copy(r->dir);
        e = e == ERR_OK ? gone : e; /* the first failure is the one to tell */
    }
    return e;
}
