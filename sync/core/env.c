/*
 * env.c - the machine as it is, or as a test says it is.
 *
 * Deliberately no option and no environment variable changes anything here:
 * only env_use(), which the installed programs call with env_system(). Files
 * are in env_file.c, locks in env_lock.c.
 */
#include "fair/env.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <time.h>

enum { BOOT_CHARS = 6, MAX_BOOT_ID = 4096 };

static struct env current;
static bool chosen;
static char this_boot[BOOT_CHARS + 1];

/* ---- the system environment ---- */

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t;
    int rc = clock_gettime(clock, &t);
    ASSERT(rc == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_wall_ms(void *ctx)
{
    (void)ctx;
    return clock_ms(CLOCK_REALTIME);
}

/* BOOTTIME, not MONOTONIC: it goes on while a laptop sleeps. */
static int64_t system_mono_ms(void *ctx)
{
    (void)ctx;
    return clock_ms(CLOCK_BOOTTIME);
}

static void system_boot_id(void *ctx, char out[7])
{
    (void)ctx;
    memcpy(out, this_boot, sizeof(this_boot));
}

static void system_random(void *ctx, void *out, size_t len)
{
    (void)ctx;
    randombytes_buf(out, len);
}

static int64_t system_disk_free(void *ctx, const char *path)
{
    (void)ctx;
    struct statvfs fs;
    int64_t bytes;
    if (statvfs(path, &fs) < 0 ||
        __builtin_mul_overflow(fs.f_bavail, fs.f_frsize, &bytes))
        return -1;
    return bytes;
}

static void system_wait_ms(void *ctx, int64_t ms)
{
    (void)ctx;
    if (ms <= 0)
        return;
    struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    nanosleep(&t, NULL);
}

/* The kernel's boot id is a random UUID: hashed and cut, it names the boot in
 * an event without naming the machine anywhere else. A boot that the kernel
 * does not name is known to this process only. */
static void name_this_boot(void)
{
    static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char hash[crypto_hash_sha256_BYTES];
    BUF(id, MAX_BOOT_ID);
    enum err e = env_file_read("/proc/sys/kernel/random", "boot_id", &id);
    struct str bytes = buf_slice(&id);
    if (e == ERR_OK)
        crypto_hash_sha256(hash, (const unsigned char *)bytes.data, bytes.len);
    else
        randombytes_buf(hash, sizeof(hash));
    for (int i = 0; i < BOOT_CHARS; i++)
        this_boot[i] = base32[hash[i] % 32];
}

struct env env_system(void)
{
    if (sodium_init() < 0)
        err_die(__FILE__, __LINE__, "no source of randomness");
    if (this_boot[0] == '\0')
        name_this_boot();
    return (struct env){ .wall_ms = system_wall_ms,
                         .mono_ms = system_mono_ms,
                         .boot_id = system_boot_id,
                         .random = system_random,
                         .disk_free = system_disk_free,
                         .wait_ms = system_wait_ms };
}

/* ---- the environment in use ---- */

void env_use(const struct env *env)
{
    current = *env;
    chosen = true;
}

const struct env *env_get(void)
{
    if (!chosen) {
        current = env_system();
        chosen = true;
    }
    return &current;
}

int64_t env_wall_ms(void)
{
    const struct env *env = env_get();
    return env->wall_ms(env->ctx);
}

int64_t env_mono_ms(void)
{
    const struct env *env = env_get();
    return env->mono_ms(env->ctx);
}

void env_random(void *out, size_t len)
{
    const struct env *env = env_get();
    env->random(env->ctx, out, len);
}

uint32_t env_random_below(uint32_t below)
{
    ASSERT(below > 0);
    /* Numbers of the last, incomplete run of `below` would favour the small
     * ones; draw again instead. */
    uint32_t rest = (uint32_t)(0 - below) % below;
    uint32_t n;
    do {
        env_random(&n, sizeof(n));
    } while (n > UINT32_MAX - rest);
    return n % below;
}

void env_wait_ms(int64_t ms)
{
    const struct env *env = env_get();
    env->wait_ms(env->ctx, ms);
}

/* ---- what is in our memory ---- */

void env_keep_secrets(void)
{
    static const struct rlimit none = { 0, 0 };
    int rc = setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* which looks for leaks from outside */
    if (rc == 0)
        rc = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
    ASSERT(rc == 0);
    unsetenv("SSLKEYLOGFILE"); /* libraries write there what they agree on */
}

/* ---- failed system calls ---- */

enum err err_from_errno(int number)
{
    static const struct {
        int number;
        enum err e;
    } map[] = {
        { ENOSPC, ERR_FULL },       { EDQUOT, ERR_FULL },
        { EROFS, ERR_READ_ONLY },   { EACCES, ERR_READ_ONLY },
        { EPERM, ERR_READ_ONLY },   { ENOENT, ERR_NOT_FOUND },
        { ENOTDIR, ERR_NOT_FOUND }, { EEXIST, ERR_EXISTS },
        { EFBIG, ERR_FULL },        { ENAMETOOLONG, ERR_INVALID },
        { EAGAIN, ERR_BUSY },       { EBUSY, ERR_BUSY },
        { EMFILE, ERR_BUSY },       { ENFILE, ERR_BUSY },
    };
    for (size_t i = 0; i < ARRAY_LEN(map); i++) {
        if (map[i].number == number)
            return map[i].e;
    }
    return ERR_IO;
}
