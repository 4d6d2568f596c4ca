#define _GNU_SOURCE /* nftw's FTW_DEPTH */
/*
 * scratch.c - directories and files of tests.
 */
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"

void scratch_make(char path[SCRATCH_ROOM])
{
    const char *base = getenv("TMPDIR");
    int n = snprintf(path, SCRATCH_ROOM, "%s/fair-XXXXXX",
                     base && *base ? base : "/tmp");
    ASSERT(n > 0 && n < SCRATCH_ROOM);
    ASSERT(mkdtemp(path));
}

static int drop(const char *path, const struct stat *st, int type,
                struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void scratch_remove(const char *path)
{
    nftw(path, drop, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(const char *dir, const char *name)
{
    static char paths[4][SCRATCH_ROOM * 2];
    static unsigned turn;
    char *path = paths[turn++ % ARRAY_LEN(paths)];
    int n = snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
    ASSERT(n > 0 && (size_t)n < sizeof(paths[0]));
    return path;
}

void scratch_write(const char *dir, const char *name, struct str bytes)
{
    FILE *f = fopen(scratch_path(dir, name), "wb");
    ASSERT(f);
    ASSERT(fwrite(bytes.data, 1, bytes.len, f) == bytes.len);
    ASSERT(fclose(f) == 0);
}

void scratch_read(const char *dir, const char *name, struct buf *out)
{
    enum err e = env_file_read(dir, name, out);
    if (e != ERR_OK)
        err_die(err_code(e), 0, scratch_path(dir, name));
}

bool scratch_has(const char *dir, const char *name)
{
    return access(scratch_path(dir, name), F_OK) == 0;
}
