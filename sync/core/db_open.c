/*
 * db_open.c - a connection is set up once and for good.
 *
 * Promises: a foreign or newer file is refused before anything is written; a
 * writer commits with WAL and synchronous=FULL, read back; what a writer sees
 * after db_open() is durable, also when the process before it was killed
 * between writing the log and syncing it.
 */
#include "fair/db.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "db_parts.h"
#include "fair/env.h"

enum {
    BUSY_MS = 5000, /* a reader may be rebuilding the log's index */
    RESCUE_MS = 60000,
    MAX_PRAGMA = 80,
    MAX_PATH = 4096
};

enum err db_file_make(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? ERR_OK : err_from_errno(errno);
    close(fd);
    return ERR_OK;
}

/* SQLite says only that it cannot open such a file. */
static bool is_too_deep(const char *path)
{
    const sqlite3_vfs *vfs = sqlite3_vfs_find(env_get()->vfs);
    char *full = realpath(path, NULL);
    size_t len = full ? strlen(full) + strlen("-journal") : 0;
    free(full);
    return len > (size_t)vfs->mxPathname;
}

/* Refused once SQLite runs, when a test began it before. Nobody asks it how
 * much memory it holds, and counting that takes a lock at every allocation. No
 * file is mapped: a disk that fails below a mapping ends the program by a
 * signal where reading says what is wrong. */
static void configure(void)
{
    const sqlite3_int64 none = 0;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_MMAP_SIZE, none, none);
}

/* On a read-only disk SQLite cannot make the index of a log that there is none
 * of: such a file was closed in order, and is read without one. */
static bool lies_still(const char *path)
{
    struct statvfs disk;
    struct stat st;
    BUF(log, MAX_PATH);
    buf_printf(&log, "%s-wal", path);
    if (statvfs(path, &disk) < 0 || !(disk.f_flag & ST_RDONLY) || !buf_ok(&log))
        return false;
    /* A log that cannot be looked at may be full of sales. */
    return stat(buf_text(&log), &st) < 0 ? errno == ENOENT : st.st_size == 0;
}

/* The same file as SQLite's URI. */
static void put_still(struct buf *out, const char *path)
{
    buf_puts(out, "file:");
    for (; *path; path++) {
        bool plain = (*path >= 'a' && *path <= 'z') ||
                     (*path >= 'A' && *path <= 'Z') ||
                     (*path >= '-' && *path <= '9') || *path == '_';
        buf_printf(out, plain ? "%c" : "%%%02X", (unsigned char)*path);
    }
    buf_puts(out, "?immutable=1");
}

static int open_handle(struct db *db, const char *path, bool still)
{
    const char *vfs = env_get()->vfs;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    BUF(uri, 3 * MAX_PATH);
    flags |=
        db->mode == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (!still)
        return sqlite3_open_v2(path, &db->handle, flags, vfs);
    put_still(&uri, path);
    return sqlite3_open_v2(buf_text(&uri), &db->handle, flags | SQLITE_OPEN_URI,
                           vfs);
}

/* SQLite empties a log that it finds beside an empty file: what stands in it
 * are sales whose file somebody has moved away. */
static bool has_lost_its_file(const char *path)
{
    struct stat st;
    BUF(log, MAX_PATH);
    if (stat(path, &st) == 0 && st.st_size > 0)
        return false;
    buf_printf(&log, "%s-wal", path);
    return stat(buf_text(&log), &st) == 0 && st.st_size > 0;
}

/* SQLite would wait for the other end of a pipe, and make a file where a link
 * leads. */
static bool is_something_else(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return !S_ISREG(st.st_mode);
    return errno == ENOENT && lstat(path, &st) == 0;
}

static enum err connect(struct db *db, const char *path, bool still)
{
    static pthread_once_t begun = PTHREAD_ONCE_INIT;
    pthread_once(&begun, configure);
    if (is_something_else(path)) {
        db->detail = "this is no plain file";
        return ERR_IO;
    }
    if (db->mode == DB_WRITE && has_lost_its_file(path)) {
        db->detail = "the file is gone, but not its log";
        return ERR_CORRUPT;
    }
    enum err e = db->mode == DB_WRITE ? db_file_make(path) : ERR_OK;
    if (e != ERR_OK) {
        db->detail = strerror(errno);
        return e;
    }
    int rc = open_handle(db, path, still);
    ASSERT(db->handle);
    if (rc != SQLITE_OK && is_too_deep(path)) {
        db->detail = "the path is longer than SQLite takes";
        return ERR_LIMIT;
    }
    if (rc != SQLITE_OK)
        return db_fail(db, rc);
    if (db->mode == DB_WRITE && sqlite3_db_readonly(db->handle, "main") == 1) {
        db->detail = "the file is read-only";
        return ERR_READ_ONLY;
    }
    return ERR_OK;
}

static int on_log(void *ctx, sqlite3 *handle, const char *name, int pages)
{
    struct db *db = ctx;
    (void)handle;
    (void)name;
    if (pages < db->log_moved) /* it began anew */
        db->log_moved = 0;
    db->log_pages = pages;
    return SQLITE_OK;
}

/* Nothing here touches the file. */
static void harden(struct db *db)
{
    static const int config[][2] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },
        { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_DQS_DML, 0 },
        { SQLITE_DBCONFIG_DQS_DDL, 0 },
        { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
        { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(config); i++) {
        int now = -1;
        sqlite3_db_config(db->handle, config[i][0], config[i][1], &now);
        ASSERT(now == config[i][1]);
    }
    if (db->mode == DB_READ)
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                          NULL);
    sqlite3_wal_autocheckpoint(db->handle, 0);
    if (db->mode == DB_WRITE)
        sqlite3_wal_hook(db->handle, on_log, db);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
}

/* After migrating: schema texts with their comments are longer. */
static void limit(struct db *db)
{
    static const int limits[][2] = {
        { SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024 },
        { SQLITE_LIMIT_SQL_LENGTH, 10000 },
        { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_VDBE_OP, 25000 },
        { SQLITE_LIMIT_EXPR_DEPTH, 100 },
        { SQLITE_LIMIT_TRIGGER_DEPTH, 8 },
        { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(limits); i++)
        sqlite3_limit(db->handle, limits[i][0], limits[i][1]);
}

enum err db_ask(struct db *db, const char *sql, int64_t *number,
                struct buf *text)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW && number)
        *number = sqlite3_column_int64(stmt, 0);
    if (rc == SQLITE_ROW && text)
        buf_str(text, db_str(stmt, 0));
    enum err e =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? ERR_OK : db_fail(db, rc);
    sqlite3_finalize(stmt);
    return e;
}

static enum err refuse(struct db *db, enum err e, const char *detail)
{
    db->detail = detail;
    return e;
}

/* Whose file is it, and how old? An empty one is version 0. */
static enum err identify(struct db *db, int64_t *version)
{
    int64_t id = 0, objects = 0;
    enum err e = db_ask(db, "PRAGMA application_id", &id, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA user_version", version, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "SELECT count(*) FROM sqlite_schema", &objects, NULL);
    /* Killed while it was being made: never later, for the log needs no such
     * journal. A writer puts it right. */
    if (e == ERR_READ_ONLY &&
        sqlite3_extended_errcode(db->handle) == SQLITE_READONLY_ROLLBACK)
        return refuse(db, ERR_NOT_FOUND, "not finished yet");
    if (e != ERR_OK)
        return e;
    bool empty = id == 0 && *version == 0 && objects == 0;
    if (!empty && (id != db->kind->application_id || *version < 1))
        return refuse(db, ERR_CORRUPT, "this is another program's file");
    if (*version > db->kind->n_migrations)
        return refuse(db, ERR_NEWER, "written by a newer program");
    if (db->mode == DB_WRITE)
        return ERR_OK;
    if (empty)
        return refuse(db, ERR_NOT_FOUND, "empty yet");
    if (*version < db->kind->n_migrations)
        return refuse(db, ERR_BUSY,
                      "its own program has to bring it up to "
                      "date first");
    return ERR_OK;
}

static enum err durable(struct db *db)
{
    int64_t full = 0, checked = 0;
    BUF(mode, MAX_PRAGMA);
    enum err e = db_ask(db, "PRAGMA journal_mode = WAL", NULL, &mode);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA synchronous = FULL", NULL, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA synchronous", &full, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA cell_size_check = ON", NULL, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA cell_size_check", &checked, NULL);
    if (e == ERR_OK)
        e = db_ask(db, "PRAGMA temp_store = MEMORY", NULL, NULL);
    if (e != ERR_OK)
        return e;
    if (!str_is(buf_slice(&mode), "wal") || full != 2 || checked != 1)
        return refuse(db, ERR_IO, "this file system cannot keep a log");
    return ERR_OK;
}

static enum err script(struct db *db, const char *sql)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    enum err e = rc == SQLITE_OK ? ERR_OK : db_fail(db, rc);
    if (e == ERR_INVALID) /* our own text */
        err_die(__FILE__, __LINE__, sqlite3_errmsg(db->handle));
    return e;
}

static enum err migrate_step(struct db *db, int64_t version)
{
    TX(tx);
    enum err e = tx_begin(db, &tx);
    if (e == ERR_OK)
        e = script(db, db->kind->migrations[version - 1]);
    BUF(pragma, MAX_PRAGMA); /* a pragma takes no parameters */
    buf_printf(&pragma,
               "PRAGMA application_id = %ld; PRAGMA user_version = "
               "%ld",
               (long)db->kind->application_id, (long)version);
    if (e == ERR_OK)
        e = script(db, buf_text(&pragma));
    return e == ERR_OK ? tx_commit(&tx) : e;
}

static enum err migrate(struct db *db, int64_t version)
{
    enum err e = ERR_OK;
    while (e == ERR_OK && version < db->kind->n_migrations)
        e = migrate_step(db, ++version);
    return e == ERR_UNSURE ? ERR_IO : e;
}

/* Whoever wrote the log before us may have been killed before its sync, or
 * was told once that it failed; we must not call safe what only memory holds.
 * The log is synced whoever reads it; moving it writes the pages anew. */
enum err db_settle(struct db *db)
{
    sqlite3_file *log = NULL;
    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER,
                         (void *)&log);
    if (log && log->pMethods) {
        int rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
        if (rc != SQLITE_OK)
            return refuse(db, db_fail(db, rc), "the log cannot be synced");
    }
    db->settled = true;
    db_move_log(db);
    return db->dead;
}

static enum err cache(struct db *db)
{
    BUF(pragma, MAX_PRAGMA); /* a pragma takes no parameters */
    if (db->kind->cache_kb == 0)
        return ERR_OK;
    buf_printf(&pragma, "PRAGMA cache_size = -%d", db->kind->cache_kb);
    return script(db, buf_text(&pragma));
}

static enum err look(struct db *db, const char *path, bool still,
                     int64_t *version)
{
    enum err e = connect(db, path, still);
    if (e != ERR_OK)
        return e;
    harden(db);
    return identify(db, version);
}

/* Only what cannot be read with its locks is read without: a file that lies
 * still to us may be a till's at work, seen through a read-only mount. */
static enum err look_still(struct db *db, const char *path, enum err e,
                           int64_t *version)
{
    int code = sqlite3_errcode(db->handle);
    if (db->mode == DB_WRITE || db->detail || code != SQLITE_CANTOPEN ||
        !lies_still(path))
        return e;
    int rc = sqlite3_close(db->handle);
    ASSERT(rc == SQLITE_OK);
    return look(db, path, true, version);
}

static bool look_where(const char *path, struct place *out)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return false;
    *out = (struct place){ st.st_dev, st.st_ino };
    return true;
}

/* A tests' file system may have no such file. The log has been made by the
 * first look into the file, and stays the same one while a connection is
 * open. */
static void remember(struct db *db)
{
    const char *path = sqlite3_db_filename(db->handle, "main");
    if (db->mode != DB_WRITE || !look_where(path, &db->file))
        return;
    db->path = path;
    db->log_path = sqlite3_filename_wal(path);
    (void)look_where(db->log_path, &db->log);
}

static enum err set_up(struct db *db, const char *path)
{
    int64_t version = 0;
    enum err e = look(db, path, false, &version);
    if (e != ERR_OK)
        e = look_still(db, path, e, &version);
    if (e == ERR_OK && db->mode == DB_WRITE)
        e = durable(db);
    if (e == ERR_OK && db->mode == DB_WRITE)
        e = migrate(db, version);
    if (e == ERR_OK && db->mode == DB_WRITE && !db->kind->looks_first)
        e = db_settle(db);
    if (e == ERR_OK)
        e = cache(db);
    if (e != ERR_OK)
        return e;
    remember(db);
    limit(db);
    if (db->kind->setup)
        db->kind->setup(db->handle);
    return ERR_OK;
}

enum err db_open(const char *path, enum db_mode mode,
                 const struct db_kind *kind, struct buf *why, struct db **out)
{
    struct db *db = x_alloc(sizeof(*db));
    db->kind = kind;
    db->mode = mode;
    db->stmts = x_alloc((size_t)(kind->n_sql + TX_COUNT) * sizeof(*db->stmts));
    enum err e = set_up(db, path);
    if (e != ERR_OK) {
        if (why)
            buf_printf(why, "%s: %s", path, db_errmsg(db));
        db_close(db);
        return e;
    }
    *out = db;
    return ERR_OK;
}

/* A log without a name is read by nobody after us: its pages are moved into the
 * file, whoever still reads from before them is waited for. An empty log in its
 * place was made by a reader. But one that somebody has written to is read with
 * the file by whoever comes, and pages must not change below it. */
static void rescue(struct db *db)
{
    struct stat st;
    if (stat(db->log_path, &st) == 0 && st.st_size > 0)
        return;
    sqlite3_busy_timeout(db->handle, RESCUE_MS);
    sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_FULL, NULL,
                              NULL);
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (int i = 0; i < db->kind->n_sql + TX_COUNT; i++)
        sqlite3_finalize(db->stmts[i]);
    /* Leave everything as it is. */
    if (db->handle && (db->dead != ERR_OK || !db->settled))
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                          NULL);
    if (db->log_gone)
        rescue(db);
    int rc = sqlite3_close(db->handle);
    ASSERT(rc == SQLITE_OK);
    free(db->stmts);
    free(db);
}
