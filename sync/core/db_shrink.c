/*
 * db_shrink.c - a file gives back the pages that it does not use any more.
 *
 * SQLite writes what is used into a file of its own and from there, through
 * the log, over the old pages; both lie beside the database for that while.
 * Memory stays small: the copy is a file, not memory as other temporary
 * things of ours.
 */
#include "fair/db.h"

#include <string.h>

#include "db_parts.h"
#include "fair/env.h"

enum {
    WORTH = 16,           /* a part of so many is worth the writing */
    MARGIN = 1024 * 1024, /* beside two copies */
    PATH_ROOM = 4096
};

struct pages {
    int64_t size, count, unused;
};

static enum err count_pages(struct db *db, struct pages *p)
{
    enum err e = db_ask(db, "PRAGMA page_size", &p->size, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA page_count", &p->count, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA freelist_count", &p->unused, NULL);
    return e;
}

/* The directory of the file, which a path without one is in, too. */
static void find_dir(struct db *db, struct buf *dir)
{
    const char *path = sqlite3_db_filename(db->handle, "main");
    const char *slash = strrchr(path, '/');
    buf_put(dir, path, slash ? (size_t)(slash - path) : 0);
    if (dir->len == 0)
        buf_puts(dir, slash ? "/" : ".");
}

static enum err find_room(const struct pages *p, const char *dir,
                          struct buf *why)
{
    int64_t need = 2 * (p->count - p->unused) * p->size + MARGIN;
    const struct env *env = env_get();
    int64_t free = env->disk_free(env->ctx, dir);
    if (free < 0 || free >= need) /* not known: SQLite will notice */
        return ERR_OK;
    if (why)
        buf_printf(why, "%s: %lld MB needed, %lld MB free", dir,
                   (long long)need / 1000000 + 1, (long long)(free / 1000000));
    return ERR_FULL;
}

static enum err vacuum(struct db *db, char *dir)
{
    char *kept = sqlite3_temp_directory;
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1);
    enum err e = db_ask(db, "PRAGMA temp_store = FILE", NULL, NULL);
    sqlite3_temp_directory = dir;
    if (e == ERR_OK)
        e = db_ask(db, "VACUUM", NULL, NULL);
    sqlite3_temp_directory = kept;
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    enum err again = db_ask(db, "PRAGMA temp_store = MEMORY", NULL, NULL);
    return e == ERR_OK ? again : e;
}

enum err db_shrink(struct db *db, struct buf *why, struct db_shrunk *out)
{
    struct pages before, after;
    BUF(dir, PATH_ROOM);
    ASSERT(db->mode == DB_WRITE && db->depth == 0);
    find_dir(db, &dir);
    enum err e = count_pages(db, &before);
    if (e != ERR_OK)
        return e;
    after = before;
    if (before.unused >= before.count / WORTH) {
        e = find_room(&before, buf_text(&dir), why);
        if (e == ERR_OK)
            e = vacuum(db, dir.data);
        if (e == ERR_OK)
            db_move_log(db);
        if (e == ERR_OK)
            e = count_pages(db, &after);
    }
    if (e == ERR_OK)
        *out = (struct db_shrunk){ before.count * before.size,
                                   after.count * after.size };
    return e;
}
