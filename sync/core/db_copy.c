/*
 * db_copy.c - a live database copied into a new file.
 *
 * The copy appears under its name when it is complete and synced, or not at
 * all; the source stays in use meanwhile.
 */
#include "fair/db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db_parts.h"
#include "fair/env.h"
#include "sync/core/env_parts.h"

enum { PATH_ROOM = 4096 };

static enum err copy_pages(struct db *db, sqlite3 *to)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", db->handle, "main");
    if (!copy)
        return db_err(sqlite3_errcode(to));
    sqlite3_backup_step(copy, -1); /* in one go: one moment of the source */
    return db_err(sqlite3_backup_finish(copy));
}

static enum err copy_into(struct db *db, const char *path)
{
    sqlite3 *to = NULL;
    int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE;
    enum err e = db_file_make(path);
    if (e != ERR_OK)
        return e;
    e = db_err(sqlite3_open_v2(path, &to, flags, env_get()->vfs));
    if (e == ERR_OK)
        e = copy_pages(db, to);
    sqlite3_close(to);
    return e;
}

static enum err sync_parent(const char *path)
{
    BUF(dir, PATH_ROOM);
    const char *slash = strrchr(path, '/');
    buf_put(&dir, path, slash ? (size_t)(slash - path) + 1 : 0);
    buf_puts(&dir, ".");
    FD(fd, dir_open(buf_text(&dir)));
    if (fd < 0 || !dir_sync(fd))
        return err_from_errno(errno);
    return ERR_OK;
}

enum err db_backup(struct db *db, const char *path)
{
    if (access(path, F_OK) == 0)
        return ERR_EXISTS;
    BUF(temp, PATH_ROOM);
    buf_printf(&temp, "%s.new", path);
    unlink(buf_text(&temp)); /* of a backup that was interrupted */
    enum err e = copy_into(db, buf_text(&temp));
    if (e == ERR_OK && rename(buf_text(&temp), path) < 0)
        e = err_from_errno(errno);
    if (e != ERR_OK) {
        unlink(buf_text(&temp));
        return e;
    }
    return sync_parent(path);
}
