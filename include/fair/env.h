/*
 * env.h - the one seam through which time, chance, the disk and the network
 * enter.
 *
 * The installed programs use env_system() and nothing can change it: no
 * option, no environment variable. The simulator and the fault tests link the
 * same objects and install an environment of their own with env_use().
 * One environment per process, set before the first other call; without
 * env_use() it is env_system().
 */
#ifndef FAIR_ENV_H
#define FAIR_ENV_H

#include "fair/buf.h"

/* One HTTPS POST, as the sync agent makes it. */
struct net_request {
    const char *url; /* https://host:port/path */
    const char *pin; /* "sha256//BASE64" of the server's public key */
    struct str body;
    int timeout_ms;     /* whole request */
    size_t reply_max;   /* the reply may not be longer, bytes */
    int *retry_after_s; /* set when the answer asks to wait; NULL: not asked */
};

struct env {
    void *ctx;
    /* Milliseconds since 1970-01-01T00:00:00Z by the wall clock. */
    int64_t (*wall_ms)(void *ctx);
    /* Milliseconds since some fixed moment of this boot, never backwards. */
    int64_t (*mono_ms)(void *ctx);
    /* Six characters of a-z2-7 naming this boot of the machine. */
    void (*boot_id)(void *ctx, char out[7]);
    void (*random)(void *ctx, void *out, size_t len);
    /* SQLite VFS to open databases with; NULL is SQLite's own. */
    const char *vfs;
    /* Bytes free for us where `path` lies; -1 when unknown. */
    int64_t (*disk_free)(void *ctx, const char *path);
    /* The network. ERR_UNREACHABLE, ERR_PIN or ERR_OK with the HTTP status
     * and the reply appended to `reply`. NULL where a program has none. */
    enum err (*post)(void *ctx, const struct net_request *req, int *status,
                     struct buf *reply);
    /* Waits, or less when a signal comes; a simulated environment moves its
     * clock instead. */
    void (*wait_ms)(void *ctx, int64_t ms);
};

/* The machine as it is (post is NULL: the agent adds its own). */
struct env env_system(void);

/* Makes `env` (copied) the environment of this process. */
void env_use(const struct env *env);
const struct env *env_get(void);

/* Short forms on the environment in use. */
int64_t env_wall_ms(void);
int64_t env_mono_ms(void);
void env_random(void *out, size_t len);
/* A number in 0…below-1, each as likely as the others; below > 0. */
uint32_t env_random_below(uint32_t below);
void env_wait_ms(int64_t ms);

/* Files that are made once and never changed (keys, admissions): written to a
 * new file, synced, renamed, directory synced; mode 0600. ERR_EXISTS when the
 * name is taken. */
enum err env_file_create(const char *dir, const char *name,
                         struct str bytes) MUST_USE;
/* Appends the whole file to `out`. ERR_NOT_FOUND, ERR_IO (also what is no plain
 * file), ERR_LIMIT. */
enum err env_file_read(const char *dir, const char *name,
                       struct buf *out) MUST_USE;
/* The same of what somebody has named: it may be a pipe, which is read to its
 * end. */
enum err env_path_read(const char *path, struct buf *out) MUST_USE;
/* Makes DIR/NAME hold these bytes, whole and durable or not at all, whatever
 * was there; mode 0600. For small files of ours that do change. */
enum err env_file_put(const char *dir, const char *name,
                      struct str bytes) MUST_USE;
/* Makes a directory (and its parents), 0700, durably; fine when it exists. */
enum err env_dir_make(const char *dir) MUST_USE;

/* A lock held by this process until the handle is closed or it ends. Waits up
 * to wait_ms. ERR_LOCKED fills `holder` (if not NULL) with who holds it, as
 * "fair-pos sell, process 1234". */
struct lock;
struct lock_request {
    const char *dir, *name; /* the lock file, made when missing; no link */
    const char *who;        /* what others are told about us */
    int64_t wait_ms;
};
enum err lock_take(const struct lock_request *want, struct buf *holder,
                   struct lock **out) MUST_USE;
void lock_close(struct lock *lock);

/* From now on no core of this process is written and no other program of this
 * user may look into it or at its descriptors: keys and passwords are in its
 * memory. First thing in main; a sanitized build, which has to be looked into,
 * only forgoes the core. No library writes the secrets of its connections into
 * a file, whatever the environment says. */
void env_keep_secrets(void);

/* errno of a failed system call as one of ours (FULL, READ_ONLY, IO…). */
enum err err_from_errno(int number);

#endif
