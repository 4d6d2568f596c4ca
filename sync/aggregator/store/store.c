/*
 * store.c - opening aggregator.db, groups, and devices.
 *
 * kept.sql is migrated step by step (kept-2.sql…) for good; derived.sql has one
 * version only: when the file has another one its tables are dropped and made
 * anew, empty, with every watermark at 0, so that folding fills them again.
 * Events are in store_event.c, roll-ups in store_roll.c and store_rows.c.
 */
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"

#include "store_parts.h"

/* 'PhCA': what file(1) and other programs know the file by. */
enum { APPLICATION_ID = 0x50684341, PATH_ROOM = 4096 };

#define DERIVED_VERSION "2"

extern const char embedded_sync_aggregator_store_kept_sql[];
extern const char embedded_sync_aggregator_store_kept_2_sql[];
extern const char embedded_sync_aggregator_store_kept_3_sql[];
extern const char embedded_sync_aggregator_store_derived_sql[];

static const char *const migrations[] = {
    embedded_sync_aggregator_store_kept_sql,
    embedded_sync_aggregator_store_kept_2_sql,
    embedded_sync_aggregator_store_kept_3_sql,
};

/* Every table that any version of derived.sql has made. */
static const char drop_derived[] = "DROP TABLE IF EXISTS fold_mark;"
                                   "DROP TABLE IF EXISTS roll_sale;"
                                   "DROP TABLE IF EXISTS roll_line;"
                                   "DROP TABLE IF EXISTS roll_item;"
                                   "DROP TABLE IF EXISTS roll_tender;"
                                   "DROP TABLE IF EXISTS roll_visit;"
                                   "DROP TABLE IF EXISTS roll_sold;"
                                   "DROP TABLE IF EXISTS roll_act;"
                                   "DROP TABLE IF EXISTS roll_hold;"
                                   "DROP TABLE IF EXISTS roll_note;";

const char *const store_sql_texts[] = {
#define X(index, text) [index] = (text),
#include "account_sql.def"
#include "reference_sql.def"
#include "store_sql.def"
#undef X
};

static const struct db_kind kind = {
    .application_id = APPLICATION_ID,
    .migrations = migrations,
    .n_migrations = ARRAY_LEN(migrations),
    .sql = store_sql_texts,
    .n_sql = STORE_SQL_COUNT,
};

/* ---- derived tables ------------------------------------------------------ */

static enum err derived_current(struct store *s, bool *current)
{
    bool row = false;
    DB_STMT(get, s->db, SQL_META_GET);
    db_bind(get, "s", STR("derived_version"));
    enum err e = db_step(s->db, get, &row);
    if (e == ERR_OK)
        *current = row && str_is(db_str(get, 0), DERIVED_VERSION);
    return e;
}

static enum err script(struct store *s, const char *sql)
{
    return db_err(sqlite3_exec(db_handle(s->db), sql, NULL, NULL, NULL));
}

static enum err derived_make(struct store *s)
{
    TX(tx);
    enum err e = tx_begin(s->db, &tx);
    if (e == ERR_OK)
        e = script(s, drop_derived);
    if (e == ERR_OK)
        e = script(s, embedded_sync_aggregator_store_derived_sql);
    if (e != ERR_OK)
        return e;
    DB_STMT(put, s->db, SQL_META_PUT);
    db_bind(put, "ss", STR("derived_version"), STR(DERIVED_VERSION));
    e = db_run(s->db, put);
    return e == ERR_OK ? tx_commit(&tx) : e;
}

enum err store_unfold_all(struct store *s)
{
    return derived_make(s);
}

/* ---- opening ------------------------------------------------------------- */

enum err store_open_file(const char *path, enum store_mode mode,
                         struct buf *why, struct store **out)
{
    struct store *s = x_alloc(sizeof(*s));
    enum err e = db_open(path, mode == STORE_WRITE ? DB_WRITE : DB_READ, &kind,
                         why, &s->db);
    if (e == ERR_OK)
        e = derived_current(s, &s->derived);
    if (e == ERR_OK && mode == STORE_WRITE && !s->derived) {
        e = derived_make(s);
        s->derived = true;
    }
    if (e != ERR_OK) {
        if (s->db && why)
            buf_printf(why, "%s: %s", path, db_errmsg(s->db));
        store_close(s);
        return e == ERR_NOT_FOUND ? ERR_NOT_SET_UP : e;
    }
    *out = s;
    return ERR_OK;
}

enum err store_open(const char *dir, enum store_mode mode, struct buf *why,
                    struct store **out)
{
    BUF(path, PATH_ROOM);
    buf_printf(&path, "%s/" STORE_FILE, dir);
    if (!buf_ok(&path))
        return ERR_LIMIT;
    return store_open_file(buf_text(&path), mode, why, out);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    while (s->n_groups > 0)
        store_group_rollback(s);
    db_close(s->db);
    free(s);
}

const char *store_errmsg(struct store *s)
{
    return db_errmsg(s->db);
}

struct db *store_db(struct store *s)
{
    return s->db;
}

/* ---- groups -------------------------------------------------------------- */

enum err store_group_begin(struct store *s)
{
    ASSERT(s->n_groups < STORE_GROUPS);
    enum err e = tx_begin(s->db, &s->groups[s->n_groups]);
    if (e == ERR_OK)
        s->n_groups++;
    return e;
}

enum err store_group_commit(struct store *s)
{
    ASSERT(s->n_groups > 0);
    return tx_commit(&s->groups[--s->n_groups]);
}

void store_group_rollback(struct store *s)
{
    ASSERT(s->n_groups > 0);
    tx_rollback(&s->groups[--s->n_groups]);
}

enum err store_read_begin(struct store *s)
{
    return db_read_begin(s->db);
}

void store_read_end(struct store *s)
{
    db_read_end(s->db);
}

enum err store_integrity(struct store *s)
{
    bool row = false;
    DB_STMT(ask, s->db, SQL_INTEGRITY);
    enum err e = db_step(s->db, ask, &row);
    if (e != ERR_OK)
        return e;
    return row && str_is(db_str(ask, 0), "ok") ? ERR_OK : ERR_CORRUPT;
}

enum err store_backup(struct store *s, const char *path)
{
    return db_backup(s->db, path);
}

void store_idle(struct store *s)
{
    db_checkpoint(s->db);
}

/* ---- devices ------------------------------------------------------------- */

static const char *const state_words[] = {
    [DEVICE_ACTIVE] = "active",
    [DEVICE_FORK] = "fork",
    [DEVICE_REVOKED] = "revoked",
};

const char *device_state_word(enum device_state state)
{
    ASSERT((size_t)state < ARRAY_LEN(state_words));
    return state_words[state];
}

enum err store_hash(struct str bytes, uint8_t out[HASH_BYTES])
{
    if (bytes.len != HASH_BYTES)
        return ERR_CORRUPT;
    memcpy(out, bytes.data, HASH_BYTES);
    return ERR_OK;
}

/* As much as fits, whole characters, with a NUL. */
static void keep(char *to, size_t room, struct str s)
{
    size_t len = s.len < room ? s.len : room - 1;
    while (len < s.len && len > 0 &&
           ((unsigned char)s.data[len] & 0xc0) == 0x80)
        len--;
    memcpy(to, s.data, len);
    to[len] = '\0';
}

static enum err state_of(struct str word, enum device_state *state)
{
    for (size_t i = 0; i < ARRAY_LEN(state_words); i++) {
        if (str_is(word, state_words[i])) {
            *state = (enum device_state)i;
            return ERR_OK;
        }
    }
    return ERR_CORRUPT;
}

static enum err device_read(sqlite3_stmt *q, struct device *out)
{
    *out = (struct device){ .number = db_int(q, 3),
                            .count = db_int(q, 8),
                            .seen_ms = db_int(q, 10),
                            .unsent = db_int(q, 11),
                            .offset_ms = db_int(q, 12),
                            .disk_mb = db_int(q, 13),
                            .list = db_int(q, 14),
                            .resent = db_int(q, 16) };
    keep(out->device, sizeof(out->device), db_str(q, 0));
    keep(out->fair, sizeof(out->fair), db_str(q, 1));
    keep(out->booth, sizeof(out->booth), db_str(q, 2));
    keep(out->label, sizeof(out->label), db_str(q, 4));
    keep(out->name, sizeof(out->name), db_str(q, 5));
    keep(out->program, sizeof(out->program), db_str(q, 15));
    enum err e = store_hash(db_str(q, 6), out->public_key);
    if (e == ERR_OK)
        e = state_of(db_str(q, 7), &out->state);
    return e == ERR_OK ? store_hash(db_str(q, 9), out->head) : e;
}

enum err store_device(struct store *s, struct str device, struct device *out)
{
    bool row = false;
    struct device d;
    DB_STMT(get, s->db, SQL_DEVICE_GET);
    db_bind(get, "s", device);
    enum err e = db_step(s->db, get, &row);
    if (e == ERR_OK)
        e = row ? device_read(get, &d) : ERR_NOT_FOUND;
    if (e == ERR_OK)
        *out = d;
    return e;
}

enum err store_device_each(struct store *s, struct str fair,
                           enum err (*take)(void *ctx, const struct device *d),
                           void *ctx)
{
    bool row = false;
    struct device d;
    DB_STMT(all, s->db, fair.len ? SQL_DEVICE_OF_FAIR : SQL_DEVICE_ALL);
    db_bind(all, fair.len ? "s" : "", fair);
    enum err e = db_step(s->db, all, &row);
    while (e == ERR_OK && row) {
        e = device_read(all, &d);
        if (e == ERR_OK)
            e = take(ctx, &d);
        if (e == ERR_OK)
            e = db_step(s->db, all, &row);
    }
    return e;
}

enum err store_admit(struct store *s, const struct device *d,
                     const struct admitted *a)
{
    uint8_t head[HASH_BYTES];
    chain_start(d->public_key, head);
    struct str key = { (const char *)d->public_key, KEY_BYTES };
    struct str start = { (const char *)head, HASH_BYTES };
    struct str phone = { (const char *)a->phone_key, KEY_BYTES };
    DB_STMT(add, s->db, SQL_DEVICE_ADD);
    /* Without a phone key its place holds NULL. */
    if (a->phone_key)
        db_bind(add, "sssissbssbb", str_of(d->device), str_of(d->fair),
                str_of(d->booth), d->number, str_of(d->label), a->name, key,
                a->admission, a->signature, phone, start);
    else
        db_bind(add, "sssissbssnb", str_of(d->device), str_of(d->fair),
                str_of(d->booth), d->number, str_of(d->label), a->name, key,
                a->admission, a->signature, start);
    return db_run(s->db, add);
}

enum err store_admission(struct store *s, struct str device,
                         struct buf *admission, struct buf *signature,
                         uint8_t phone_key[KEY_BYTES])
{
    bool row = false;
    DB_STMT(get, s->db, SQL_DEVICE_ADMISSION);
    db_bind(get, "s", device);
    enum err e = db_step(s->db, get, &row);
    if (e != ERR_OK || !row)
        return e == ERR_OK ? ERR_NOT_FOUND : e;
    struct str phone = db_str(get, 2);
    if (phone.len != 0 && phone.len != KEY_BYTES)
        return ERR_CORRUPT;
    buf_str(admission, db_str(get, 0));
    buf_str(signature, db_str(get, 1));
    memset(phone_key, 0, KEY_BYTES);
    memcpy(phone_key, phone.data, phone.len);
    return ERR_OK;
}

enum err store_heartbeat(struct store *s, struct str device,
                         const struct heartbeat *h)
{
    DB_STMT(put, s->db, SQL_DEVICE_SEEN);
    db_bind(put, "iiiiisis", h->seen_ms, h->unsent, h->offset_ms, h->disk_mb,
            h->list, h->program, (int64_t)h->resent, device);
    return db_run(s->db, put);
}

enum err store_set_state(struct store *s, struct str device,
                         enum device_state state)
{
    DB_STMT(put, s->db, SQL_DEVICE_STATE);
    db_bind(put, "ss", str_of(device_state_word(state)), device);
    return db_run(s->db, put);
}
