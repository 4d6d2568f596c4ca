/*
 * vfs_fault.c - failing calls, and files after a power cut.
 *
 * Model of the disk: a file's writes and truncations before its last sync are
 * there; of those after it any 512-byte sectors may be, in any order, for an
 * older write over a newer one is the newer one missing. Directory changes are
 * there once the directory was synced, as SQLite does with the first sync of a
 * new log or journal and with an unlink that asks for it; of later ones those
 * of one name reach the disk in their order, those of two names do not.
 */
#include "tests/support/vfs_fault.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "tests/support/scratch.h"

enum { SECTOR = 512, PAGE = 4096, MAX_FILES = 64, MAX_NAME = 64 };

struct vfs_fault vfs_fault;

/* ---- the record ---- */

enum call { CALL_WRITE, CALL_TRUNCATE, CALL_SYNC, CALL_CREATE, CALL_UNLINK };

struct recorded {
    enum call call;
    int file;
    int64_t offset; /* of a write; new size of a truncation */
    char *bytes;
    size_t len;
    bool durable; /* an unlink with its directory synced */
};

struct disk_file {
    char name[MAX_NAME];
    char *base; /* contents before the record */
    size_t base_len;
    bool old;      /* was there before the record */
    bool unlinked; /* the name is free again */
};

static struct {
    bool on;
    struct recorded *calls;
    int n, room;
    struct disk_file files[MAX_FILES];
    int n_files;
} record;

static struct recorded *note(enum call call, int file)
{
    if (record.n == record.room) {
        record.room = record.room ? 2 * record.room : 1024;
        record.calls = x_realloc(record.calls,
                                 (size_t)record.room * sizeof(*record.calls));
    }
    struct recorded *r = &record.calls[record.n++];
    *r = (struct recorded){ .call = call, .file = file };
    return r;
}

static void note_write(int file, const void *bytes, size_t len, int64_t at)
{
    struct recorded *r = note(CALL_WRITE, file);
    r->offset = at;
    r->len = len;
    r->bytes = x_alloc(len);
    memcpy(r->bytes, bytes, len);
}

void vfs_record_begin(void)
{
    for (int i = 0; i < record.n; i++) {
        if (record.calls[i].call == CALL_WRITE)
            free(record.calls[i].bytes);
    }
    for (int i = 0; i < record.n_files; i++)
        free(record.files[i].base);
    record.n = record.n_files = 0;
    record.on = true;
}

void vfs_record_end(void)
{
    record.on = false;
}

int vfs_record_count(void)
{
    return record.n;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int file_named(const char *path)
{
    for (int i = record.n_files - 1; i >= 0; i--) {
        if (!record.files[i].unlinked &&
            strcmp(record.files[i].name, base_name(path)) == 0)
            return i;
    }
    return -1;
}

/* The file at its first opening in this record. */
static int file_add(const char *path, sqlite3_file *real, bool existed)
{
    ASSERT(record.n_files < MAX_FILES);
    struct disk_file *f = &record.files[record.n_files];
    ASSERT(strlen(base_name(path)) < MAX_NAME);
    *f = (struct disk_file){ .old = existed };
    memcpy(f->name, base_name(path), strlen(base_name(path)) + 1);
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    if (existed && size > 0) {
        f->base_len = (size_t)size;
        f->base = x_alloc(f->base_len);
        int rc = real->pMethods->xRead(real, f->base, (int)size, 0);
        ASSERT(rc == SQLITE_OK);
    }
    if (!existed)
        note(CALL_CREATE, record.n_files);
    return record.n_files++;
}

/* ---- files after a power cut ---- */

struct image {
    char *data; /* with room for all the record writes to it */
    size_t len;
};

static void image_size(struct image *m, size_t len)
{
    if (len > m->len)
        memset(m->data + m->len, 0, len - m->len);
    m->len = len;
}

static void image_room(struct image *m, int file)
{
    size_t room = record.files[file].base_len + 1;
    for (int i = 0; i < record.n; i++) {
        const struct recorded *r = &record.calls[i];
        size_t end = (size_t)r->offset + r->len;
        if (r->file == file && end > room)
            room = end;
    }
    m->data = x_alloc(room);
}

static uint64_t dice(uint64_t *seed) /* splitmix64 */
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void image_put(struct image *m, size_t at, const char *bytes, size_t len)
{
    if (at + len > m->len)
        image_size(m, at + len);
    memcpy(m->data + at, bytes, len);
}

/* How likely something unsynced is there, of 8: in one state little has
 * reached the disk, in another nearly all. */
struct luck {
    uint64_t seed;
    uint64_t of8;
};

static bool lucky(struct luck *luck)
{
    return dice(&luck->seed) % 8 < luck->of8;
}

static struct luck luck_of(uint64_t seed)
{
    static const uint64_t of8[] = { 4, 1, 7, 4 };
    struct luck luck = { .seed = seed };
    luck.of8 = of8[dice(&luck.seed) % ARRAY_LEN(of8)];
    return luck;
}

/* Sectors are of the disk, not of the write. */
static void image_tear(struct image *m, const struct recorded *r,
                       struct luck *luck)
{
    for (size_t done = 0; done < r->len;) {
        size_t at = (size_t)r->offset + done;
        size_t len = SECTOR - at % SECTOR;
        if (len > r->len - done)
            len = r->len - done;
        if (lucky(luck))
            image_put(m, at, r->bytes + done, len);
        done += len;
    }
}

static int last_sync(int file, int calls)
{
    while (calls-- > 0) {
        if (record.calls[calls].file == file &&
            record.calls[calls].call == CALL_SYNC)
            return calls;
    }
    return -1;
}

static void image_make(int file, int calls, enum power power, struct luck *luck,
                       struct image *m)
{
    int synced = last_sync(file, calls);
    const struct disk_file *f = &record.files[file];
    image_room(m, file);
    if (f->base_len > 0)
        image_put(m, 0, f->base, f->base_len);
    for (int i = 0; i < calls; i++) {
        const struct recorded *r = &record.calls[i];
        bool sure = i < synced || power == POWER_ALL;
        if (r->file != file || (!sure && power == POWER_SYNCED))
            continue;
        if (r->call == CALL_WRITE && sure)
            image_put(m, (size_t)r->offset, r->bytes, r->len);
        else if (r->call == CALL_WRITE)
            image_tear(m, r, luck);
        else if (r->call == CALL_TRUNCATE && (sure || lucky(luck)))
            image_size(m, (size_t)r->offset);
    }
}

static bool syncs_directory(int file)
{
    const char *name = record.files[file].name;
    return strstr(name, "-wal") || strstr(name, "-journal");
}

/* The first sync of a file made in this record. */
static bool is_first_sync(int call)
{
    const struct recorded *r = &record.calls[call];
    while (call-- > 0) {
        const struct recorded *before = &record.calls[call];
        if (before->file == r->file && before->call == CALL_CREATE)
            return true;
        if (before->file == r->file && before->call == CALL_SYNC)
            return false;
    }
    return false;
}

/* How many of the first `calls` calls have surely changed the directory, as
 * far as they do so at all. */
static int names_durable(int calls)
{
    for (int i = calls - 1; i >= 0; i--) {
        const struct recorded *r = &record.calls[i];
        if (r->call == CALL_UNLINK
                ? r->durable
                : r->call == CALL_SYNC && syncs_directory(r->file) &&
                      is_first_sync(i))
            return i + 1;
    }
    return 0;
}

/* Has a change of this name before already not reached the disk? Then this one
 * has not, either. */
static bool name_lags(const bool *lags, int file)
{
    for (int f = 0; f < record.n_files; f++) {
        if (lags[f] &&
            strcmp(record.files[f].name, record.files[file].name) == 0)
            return true;
    }
    return false;
}

static void names_after(int calls, enum power power, struct luck *luck,
                        bool there[MAX_FILES])
{
    bool lags[MAX_FILES] = { false };
    int sure = power == POWER_ALL ? calls : names_durable(calls);
    for (int f = 0; f < record.n_files; f++)
        there[f] = record.files[f].old;
    for (int i = 0; i < calls; i++) {
        const struct recorded *r = &record.calls[i];
        if (r->call != CALL_CREATE && r->call != CALL_UNLINK)
            continue;
        if (i >= sure &&
            (power == POWER_SYNCED || name_lags(lags, r->file) || !lucky(luck)))
            lags[r->file] = true;
        else
            there[r->file] = r->call == CALL_CREATE;
    }
}

void vfs_power_state(int calls, enum power power, uint64_t seed,
                     const char *dir)
{
    struct luck luck = luck_of(seed);
    bool there[MAX_FILES];
    names_after(calls, power, &luck, there);
    for (int f = 0; f < record.n_files; f++) {
        struct image m = { 0 };
        if (there[f]) {
            image_make(f, calls, power, &luck, &m);
            scratch_write(dir, record.files[f].name,
                          (struct str){ m.data, m.len });
        }
        free(m.data);
    }
}

/* ---- failing calls ---- */

static bool fails(unsigned op)
{
    if (!(vfs_fault.ops & op))
        return false;
    int64_t call = ++vfs_fault.calls;
    if (vfs_fault.at == 0 || call < vfs_fault.at ||
        (call > vfs_fault.at && !vfs_fault.persistent))
        return false;
    vfs_fault.hits++;
    errno = vfs_fault.number;
    return true;
}

/* ---- the VFS ---- */

struct fault_file {
    sqlite3_file base;
    int file; /* in the record, or -1 */
    bool log;
    sqlite3_file *real;
};

static sqlite3_vfs *below(sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

static struct fault_file *mine(sqlite3_file *file)
{
    return (struct fault_file *)(void *)file;
}

static sqlite3_file *real(sqlite3_file *file)
{
    return mine(file)->real;
}

#define BELOW(f) real(f)->pMethods

static int fault_close(sqlite3_file *f)
{
    return BELOW(f)->xClose(real(f));
}

static int fault_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    if (fails(FAULT_READ))
        return SQLITE_IOERR_READ;
    return BELOW(f)->xRead(real(f), to, n, at);
}

static int write_through(sqlite3_file *f, const void *from, int n,
                         sqlite3_int64 at)
{
    if (record.on && mine(f)->file >= 0)
        note_write(mine(f)->file, from, (size_t)n, at);
    return BELOW(f)->xWrite(real(f), from, n, at);
}

static int fault_write(sqlite3_file *f, const void *from, int n,
                       sqlite3_int64 at)
{
    if (mine(f)->log && n == PAGE)
        vfs_fault.log_pages++;
    if (!fails(FAULT_WRITE))
        return write_through(f, from, n, at);
    bool whole = vfs_fault.done == 2 && vfs_fault.number == EIO;
    if (vfs_fault.done > 0 && n > 1)
        write_through(f, from, whole ? n : n / 2, at);
    errno = vfs_fault.number;
    return vfs_fault.number == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int fault_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (fails(FAULT_TRUNCATE))
        return SQLITE_IOERR_TRUNCATE;
    if (record.on && mine(f)->file >= 0)
        note(CALL_TRUNCATE, mine(f)->file)->offset = size;
    return BELOW(f)->xTruncate(real(f), size);
}

static int fault_sync(sqlite3_file *f, int flags)
{
    vfs_fault.syncs++;
    if (fails(FAULT_SYNC))
        return SQLITE_IOERR_FSYNC;
    if (record.on && mine(f)->file >= 0)
        note(CALL_SYNC, mine(f)->file);
    return BELOW(f)->xSync(real(f), flags);
}

static int fault_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return BELOW(f)->xFileSize(real(f), size);
}

static int fault_lock(sqlite3_file *f, int level)
{
    return BELOW(f)->xLock(real(f), level);
}

static int fault_unlock(sqlite3_file *f, int level)
{
    return BELOW(f)->xUnlock(real(f), level);
}

static int fault_check_lock(sqlite3_file *f, int *out)
{
    return BELOW(f)->xCheckReservedLock(real(f), out);
}

static int fault_control(sqlite3_file *f, int op, void *arg)
{
    return BELOW(f)->xFileControl(real(f), op, arg);
}

static int fault_sector(sqlite3_file *f)
{
    return BELOW(f)->xSectorSize(real(f));
}

static int fault_character(sqlite3_file *f)
{
    return BELOW(f)->xDeviceCharacteristics(real(f));
}

static int fault_shm_map(sqlite3_file *f, int page, int size, int extend,
                         void volatile **out)
{
    if (extend && fails(FAULT_GROW))
        return SQLITE_IOERR_SHMSIZE;
    return BELOW(f)->xShmMap(real(f), page, size, extend, out);
}

static int fault_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return BELOW(f)->xShmLock(real(f), offset, n, flags);
}

static void fault_shm_barrier(sqlite3_file *f)
{
    BELOW(f)->xShmBarrier(real(f));
}

static int fault_shm_unmap(sqlite3_file *f, int drop)
{
    return BELOW(f)->xShmUnmap(real(f), drop);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_check_lock,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector,
    .xDeviceCharacteristics = fault_character,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

static int fault_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file,
                      int flags, int *out_flags)
{
    struct fault_file *f = mine(file);
    *f = (struct fault_file){ .file = -1 };
    if (fails(FAULT_OPEN))
        return SQLITE_CANTOPEN;
    f->real = (sqlite3_file *)(f + 1);
    f->real->pMethods = NULL;
    int existed = 0;
    if (path)
        below(vfs)->xAccess(below(vfs), path, SQLITE_ACCESS_EXISTS, &existed);
    int rc = below(vfs)->xOpen(below(vfs), path, f->real, flags, out_flags);
    if (!f->real->pMethods)
        return rc;
    f->base.pMethods = &methods;
    f->log = (flags & SQLITE_OPEN_WAL) != 0;
    if (rc == SQLITE_OK && record.on && path) {
        f->file = file_named(path);
        if (f->file < 0)
            f->file = file_add(path, f->real, existed != 0);
    }
    return rc;
}

static int fault_delete(sqlite3_vfs *vfs, const char *path, int dir_sync)
{
    int file = record.on ? file_named(path) : -1;
    if (file >= 0) {
        note(CALL_UNLINK, file)->durable = dir_sync != 0;
        record.files[file].unlinked = true;
    }
    return below(vfs)->xDelete(below(vfs), path, dir_sync);
}

static int fault_sleep(sqlite3_vfs *vfs, int us)
{
    sqlite3_vfs *system = vfs->pAppData;
    if (!vfs_fault.asleep)
        return system->xSleep(system, us);
    vfs_fault.asleep(us);
    return us;
}

void vfs_fault_install(void)
{
    static sqlite3_vfs vfs;
    if (!vfs.zName) {
        sqlite3_initialize();
        sqlite3_vfs *system = sqlite3_vfs_find(NULL);
        vfs = *system;
        vfs.pNext = NULL;
        vfs.zName = "fault";
        vfs.pAppData = system;
        vfs.szOsFile = (int)sizeof(struct fault_file) + system->szOsFile;
        vfs.xOpen = fault_open;
        vfs.xDelete = fault_delete;
        vfs.xSleep = fault_sleep;
        sqlite3_vfs_register(&vfs, 0);
    }
    struct env env = *env_get();
    env.vfs = vfs.zName;
    env_use(&env);
    vfs_fault_clear();
}

void vfs_fault_clear(void)
{
    vfs_fault = (struct vfs_fault){ .number = EIO };
}
