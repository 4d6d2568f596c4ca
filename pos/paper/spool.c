/*
 * spool.c - job files. A number is used again only after its job has gone, so
 * that order and name can never clash; who comes second to one takes the next.
 */
#include "pos/paper/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"
#include "pos/paper/printer.h"

enum { PATH_ROOM = 4096, DIGITS = 6, LAST = 999999, TRIES = 100 };

void spool_path(const char *dir, struct buf *out)
{
    buf_printf(out, "%s/spool", dir);
}

/* The number of a job's file; 0 for any other. */
static int number_of(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    if (digits != DIGITS || strcmp(name + digits, ".job") != 0)
        return 0;
    return (int)strtol(name, NULL, 10);
}

struct waiting {
    int count;
    int first, last; /* 0: none */
};

static struct waiting look(const char *dir)
{
    struct waiting w = { 0 };
    BUF(path, PATH_ROOM);
    spool_path(dir, &path);
    DIR *folder = opendir(buf_text(&path));
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        int n = number_of(entry->d_name);
        if (n == 0)
            continue;
        w.count++;
        w.first = w.first == 0 || n < w.first ? n : w.first;
        w.last = n > w.last ? n : w.last;
    }
    if (folder)
        closedir(folder);
    return w;
}

static void name_of(int number, char name[SPOOL_NAME])
{
    snprintf(name, SPOOL_NAME, "%06d.job", number);
}

int spool_look(const char *dir, char first[SPOOL_NAME])
{
    struct waiting w = look(dir);
    name_of(w.first, first);
    return w.count;
}

enum err spool_put(const char *dir, struct str bytes)
{
    BUF(path, PATH_ROOM);
    spool_path(dir, &path);
    enum err e = env_dir_make(buf_text(&path));
    struct waiting w = look(dir);
    if (!e && w.count >= SPOOL_MAX)
        return ERR_LIMIT;
    for (int i = 1; !e && i <= TRIES; i++) {
        char name[SPOOL_NAME];
        if (w.last + i > LAST)
            return ERR_LIMIT;
        name_of(w.last + i, name);
        e = env_file_create(buf_text(&path), name, bytes);
        if (e != ERR_EXISTS)
            return e;
        e = ERR_OK;
    }
    return e ? e : ERR_BUSY;
}

enum err spool_read(const char *dir, const char *name, struct buf *out)
{
    BUF(path, PATH_ROOM);
    spool_path(dir, &path);
    return env_file_read(buf_text(&path), name, out);
}

/* The folder is synced, too: a power cut must not bring slips back that were
 * printed long ago. */
enum err spool_drop(const char *dir, const char *name)
{
    BUF(path, PATH_ROOM);
    enum err e = ERR_OK;
    spool_path(dir, &path);
    int at = open(buf_text(&path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return err_from_errno(errno);
    if (unlinkat(at, name, 0) < 0 || (fsync(at) < 0 && errno != EINVAL))
        e = err_from_errno(errno);
    close(at);
    return e;
}
