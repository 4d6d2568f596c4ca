#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier): renameat2
/*
 * env.c - the machine as it is, and the few things we do with files that must
 * survive a power cut.
 *
 * Promises: a file made by env_file_create() is there whole and durable, or
 * not at all; a lock ends with its process, however that ends.
 * Deliberately no option and no environment variable changes anything here:
 * only env_use(), which the installed programs call with env_system().
 */
#include "fair/env.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum {
    BOOT_CHARS = 6,
    LOCK_POLL_MS = 20,
    MAX_HOLDER = 128, /* "who, process N", bytes */
    READ_CHUNK = 4096,
    PATH_ROOM = 4096
};

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
    BUF(id, READ_CHUNK);
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

/* ---- files ---- */

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
        { EFBIG, ERR_LIMIT },       { ENAMETOOLONG, ERR_INVALID },
        { EAGAIN, ERR_BUSY },       { EBUSY, ERR_BUSY },
        { EMFILE, ERR_BUSY },       { ENFILE, ERR_BUSY },
    };
    for (size_t i = 0; i < ARRAY_LEN(map); i++) {
        if (map[i].number == number)
            return map[i].e;
    }
    return ERR_IO;
}

static void fd_done(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define FD(name, opened) \
    __attribute__((cleanup(fd_done))) const int name = (opened)

static int dir_open(const char *dir)
{
    return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Some file systems cannot sync a directory and say EINVAL; there is nothing
 * better to be had there. */
static bool dir_sync(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL;
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.data, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

/* rename() that does not replace. Where the file system has no such thing we
 * look first: who makes such a file holds the directory's lock. */
static bool rename_new(int dir, const char *from, const char *to)
{
    if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return renameat(dir, from, dir, to) == 0;
}

static enum err temp_write(int dir, const char *temp, struct str bytes)
{
    unlinkat(dir, temp, 0); /* left by a crashed process of our number */
    FD(fd, openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd < 0 || !write_all(fd, bytes) || fsync(fd) < 0)
        return err_from_errno(errno);
    return ERR_OK;
}

enum err env_file_create(const char *dir, const char *name, struct str bytes)
{
    FD(at, dir_open(dir));
    if (at < 0)
        return err_from_errno(errno);
    BUF(temp, PATH_ROOM);
    buf_printf(&temp, ".%s.%ld.new", name, (long)getpid());
    enum err e = temp_write(at, buf_text(&temp), bytes);
    if (e == ERR_OK && !rename_new(at, buf_text(&temp), name))
        e = err_from_errno(errno);
    if (e != ERR_OK) {
        unlinkat(at, buf_text(&temp), 0);
        return e;
    }
    if (!dir_sync(at)) {
        e = err_from_errno(errno);
        unlinkat(at, name, 0);
    }
    return e;
}

static enum err read_all(int fd, struct buf *out)
{
    char chunk[READ_CHUNK];
    ssize_t n;
    do {
        n = read(fd, chunk, sizeof(chunk));
        if (n > 0)
            buf_put(out, chunk, (size_t)n);
        if (!buf_ok(out))
            return ERR_LIMIT;
    } while (n > 0 || (n < 0 && errno == EINTR));
    return n < 0 ? ERR_IO : ERR_OK;
}

enum err env_file_read(const char *dir, const char *name, struct buf *out)
{
    FD(at, dir_open(dir));
    FD(fd, at < 0 ? -1 : openat(at, name, O_RDONLY | O_CLOEXEC));
    if (fd < 0) {
        enum err e = err_from_errno(errno);
        return e == ERR_NOT_FOUND ? e : ERR_IO;
    }
    BUF(whole, out->max);
    enum err e = read_all(fd, &whole);
    if (e != ERR_OK)
        return e;
    buf_str(out, buf_slice(&whole));
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

static bool is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A directory that a power cut takes away takes a device's key with it. */
static enum err parent_sync(const char *path)
{
    BUF(parent, PATH_ROOM);
    buf_printf(&parent, "%s/..", path);
    FD(fd, dir_open(buf_text(&parent)));
    if (fd < 0 || !dir_sync(fd))
        return err_from_errno(errno);
    return ERR_OK;
}

static enum err dir_make_one(const char *path)
{
    if (mkdir(path, 0700) == 0)
        return parent_sync(path);
    enum err e = err_from_errno(errno);
    return is_dir(path) ? ERR_OK : e;
}

enum err env_dir_make(const char *dir)
{
    BUF(path, PATH_ROOM);
    buf_puts(&path, dir);
    if (!buf_ok(&path) || path.len == 0)
        return ERR_INVALID;
    for (size_t i = 1; i < path.len; i++) {
        if (path.data[i] != '/')
            continue;
        path.data[i] = '\0';
        enum err e = dir_make_one(path.data);
        path.data[i] = '/';
        if (e != ERR_OK)
            return e;
    }
    return dir_make_one(path.data);
}

/* ---- locks ---- */

struct lock {
    int fd;
};

/* What the holder wrote about itself. Another program's text goes to a
 * terminal: it ends at the first control character. */
static void holder_read(int fd, struct buf *out)
{
    char text[MAX_HOLDER];
    ssize_t n = pread(fd, text, sizeof(text), 0);
    ssize_t end = 0;
    while (end < n && (unsigned char)text[end] >= ' ' && text[end] != 127)
        end++;
    if (end > 0)
        buf_put(out, text, (size_t)end);
    else
        buf_puts(out, "another program");
}

/* A courtesy: on a full disk the lock holds without it. */
static void holder_write(int fd, const char *who)
{
    BUF(text, MAX_HOLDER);
    buf_printf(&text, "%s, process %ld", who, (long)getpid());
    if (pwrite(fd, buf_text(&text), text.len, 0) != (ssize_t)text.len ||
        ftruncate(fd, (off_t)text.len) < 0)
        return;
}

static enum err lock_wait(int fd, int64_t wait_ms)
{
    int64_t end = env_mono_ms() + wait_ms;
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return err_from_errno(errno);
        int64_t left = end - env_mono_ms();
        if (left <= 0)
            return ERR_LOCKED;
        env_wait_ms(left < LOCK_POLL_MS ? left : LOCK_POLL_MS);
    }
    return ERR_OK;
}

enum err lock_take(const struct lock_request *want, struct buf *holder,
                   struct lock **out)
{
    FD(at, dir_open(want->dir));
    int fd = at < 0
                 ? -1
                 : openat(at, want->name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_from_errno(errno);
    enum err e = lock_wait(fd, want->wait_ms);
    if (e != ERR_OK) {
        if (e == ERR_LOCKED && holder)
            holder_read(fd, holder);
        close(fd);
        return e;
    }
    holder_write(fd, want->who);
    struct lock *lock = x_alloc(sizeof(*lock));
    lock->fd = fd;
    *out = lock;
    return ERR_OK;
}

void lock_close(struct lock *lock)
{
    if (!lock)
        return;
    close(lock->fd);
    free(lock);
}
