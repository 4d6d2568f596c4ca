/*
 * store_again.c - opening a store's file again, after an error has closed it.
 *
 * Promises that nothing but that very file is written to, and that none is
 * begun anew. The descriptor that knows it reads nothing: closing it leaves
 * SQLite's locks alone, as closing any other one would not.
 */
#define _GNU_SOURCE /* O_PATH */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fair/env.h"

#include "store_parts.h"

static void put_path(const char *where, struct buf *path)
{
    buf_printf(path, "%s/" STORE_FILE, where);
}

int store_hold(const char *where)
{
    BUF(path, STORE_PATH_ROOM);
    if (engine_is_address(where))
        return -1;
    put_path(where, &path);
    return open(buf_text(&path), O_PATH | O_CLOEXEC);
}

static bool is_there(int held, const char *path)
{
    struct stat was, is;
    return fstat(held, &was) == 0 && stat(path, &is) == 0 &&
           is.st_dev == was.st_dev && is.st_ino == was.st_ino;
}

/* Who reads in this program still has the log that was lost, and with it would
 * misread what a new one says. */
static void close_lost(int *held, struct store **s)
{
    if (*s && engine_log_gone((*s)->engine) && *held >= 0) {
        close(*held);
        *held = -1;
    }
    store_close(*s);
    *s = NULL;
}

static enum err open_held(int held, const char *path, struct buf *why,
                          struct store **out)
{
    if (held >= 0 && is_there(held, path))
        return store_open_file(path, STORE_WRITE, why, out);
    buf_puts(why, held < 0 ? "its log is no longer there, or another one is: "
                             "stop `serve` and start it again"
                           : "the file is no longer there, or another one is: "
                             "put it back as it was, or stop `serve` and use "
                             "`restore`");
    return ERR_IO;
}

enum err store_open_again(const char *where, int *held, struct store **s)
{
    BUF(path, STORE_PATH_ROOM);
    BUF(why, MAX_TEXT);
    close_lost(held, s);
    if (engine_is_address(where))
        return store_open(where, STORE_WRITE, NULL, s);
    put_path(where, &path);
    enum err e = open_held(*held, buf_text(&path), &why, s);
    if (e == ERR_OK)
        (void)loss_over(buf_text(&path));
    else
        loss_found(losses_told(), buf_text(&path), buf_text(&why));
    return e;
}
