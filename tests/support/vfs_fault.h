/*
 * vfs_fault.h - an SQLite VFS that fails on demand and remembers what it did.
 *
 * It lies over the system's own VFS, so that locks and shared memory are the
 * real ones. Two uses, alone or together:
 * - vfs_fault: the Nth write, sync, truncate, open or read fails;
 * - a record of every write, sync, truncate and unlink, from which the files
 *   are rebuilt as a power cut could have left them.
 */
#ifndef VFS_FAULT_H
#define VFS_FAULT_H

#include "fair/buf.h"

enum {
    FAULT_WRITE = 1,
    FAULT_SYNC = 2,
    FAULT_TRUNCATE = 4,
    FAULT_OPEN = 8,
    FAULT_READ = 16,
    FAULT_GROW = 32, /* the shared memory of the log's index */
    FAULT_ALL = 63
};

struct vfs_fault {
    unsigned ops;    /* which calls are counted */
    int64_t at;      /* the one that fails, from 1; 0: none */
    bool persistent; /* those after it fail too */
    int number;      /* EIO or ENOSPC */
    int done;        /* how much of a failing write happens: 0, 1 or 2 halves;
                        never all of one that is refused, as write(2) says */
    void (*asleep)(int us); /* in the place of sleeping, when set */

    int64_t calls; /* counted so far */
    int64_t hits;  /* failed so far */
    /* Of all calls, failed or not. */
    int64_t syncs;
    int64_t log_pages; /* whole pages written to a -wal file */
};
extern struct vfs_fault vfs_fault;

/* Makes it the VFS of the environment in use; nothing fails yet. */
void vfs_fault_install(void);
/* Forgets counters and plan. */
void vfs_fault_clear(void);

/* Begins a record; databases are opened after it. What the files contain at
 * their first opening counts as durable. */
void vfs_record_begin(void);
void vfs_record_end(void); /* stops; the record stays until the next begin */
int vfs_record_count(void);

enum power {
    POWER_SYNCED, /* only what was synced has reached the disk */
    POWER_ALL,    /* everything has */
    POWER_RANDOM  /* of what was not synced, any 512-byte sectors have, and any
                     new and unlinked names, in whatever order */
};

/* Writes the files into `dir` as a power cut after the first `calls` recorded
 * calls could have left them. */
void vfs_power_state(int calls, enum power power, uint64_t seed,
                     const char *dir);

#endif
