#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier): nftw's FTW_DEPTH
/*
 * scene.c - see place.h.
 */
#include "tests/sim/scene.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "fair/env.h"
#include "tests/sim/crew.h"

static bool has_room(const char *dir, int64_t need_mb)
{
    struct statvfs fs;
    return access(dir, W_OK) == 0 && statvfs(dir, &fs) == 0 &&
           (int64_t)fs.f_bavail / 1024 * (int64_t)fs.f_frsize / 1024 >= need_mb;
}

enum err scene_make(int64_t need_mb, char path[64], bool *memory)
{
    const char *other = getenv("TMPDIR");
    bool shm = has_room("/dev/shm", need_mb);
    int n = snprintf(path, 64, "%s/fair-sim-XXXXXX",
                     shm               ? "/dev/shm"
                     : other && *other ? other
                                       : "/tmp");
    if (n >= 64)
        return ERR_LIMIT;
    if (!mkdtemp(path))
        return err_from_errno(errno);
    *memory = shm;
    return ERR_OK;
}

static int drop(const char *path, const struct stat *st, int type,
                struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void scene_remove(const char *path)
{
    nftw(path, drop, 16, FTW_DEPTH | FTW_PHYS);
}

static void stop(int number)
{
    (void)number;
    crew_stop = 1;
}

void scene_signals(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction action = { .sa_handler = stop };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        sigaction(numbers[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void scene_report(enum err e, const char *why)
{
    if (crew_stop)
        fputs("sim: interrupted; everything it made is removed\n", stderr);
    else
        fprintf(stderr, "sim: %s: %s%s%s\n", err_text(e), why,
                *err_remedy(e) ? "\nremedy: " : "", err_remedy(e));
}

int scene_code(void)
{
    return crew_stop ? 130 : 1;
}
