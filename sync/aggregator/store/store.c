/*
 * store.c - opening the store, groups, and devices.
 *
 * kept.sql is migrated step by step (kept-2.sql…) for good; derived.sql has one
 * version only: when the file has another one its tables are dropped and made
 * anew, empty, with every watermark at 0, so that folding fills them again.
 * On a shared database an older program may go on beside the one that did so:
 * see derived_ours.
 * Opening a file again is in store_again.c, events are in store_event.c,
 * roll-ups in store_roll.c and store_rows.c.
 */
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/env.h"
#include "fair/money.h"

#include "store_parts.h"

/* 'PhCA': what file(1) and other programs know the file by. */
enum { APPLICATION_ID = 0x50684341 };
enum { AGAIN_MS = 1000 }; /* at least, between two tries to connect */

extern const char embedded_sync_aggregator_store_kept_sql[];
extern const char embedded_sync_aggregator_store_kept_2_sql[];
extern const char embedded_sync_aggregator_store_kept_3_sql[];
extern const char embedded_sync_aggregator_store_kept_4_sql[];
extern const char embedded_sync_aggregator_store_derived_sql[];
extern const char embedded_sync_aggregator_store_kept_pg_sql[];
extern const char embedded_sync_aggregator_store_derived_pg_sql[];

static const char *const migrations[] = {
    embedded_sync_aggregator_store_kept_sql,
    embedded_sync_aggregator_store_kept_2_sql,
    embedded_sync_aggregator_store_kept_3_sql,
    embedded_sync_aggregator_store_kept_4_sql,
};

static const char *const migrations_postgres[] = {
    embedded_sync_aggregator_store_kept_pg_sql,
};

/* Every table that any version of derived.sql has made; fold_mark comes first
 * (derived_ours). */
static const char drop_derived[] = "DROP TABLE IF EXISTS fold_mark;"
                                   "DROP TABLE IF EXISTS fold_beyond;"
                                   "DROP TABLE IF EXISTS fold_turn;"
                                   "DROP TABLE IF EXISTS roll_day;"
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
#include "copy_sql.h"
};

static const struct engine_kind kind = {
    .application_id = APPLICATION_ID,
    .sqlite = migrations,
    .n_sqlite = ARRAY_LEN(migrations),
    .postgres = migrations_postgres,
    .n_postgres = ARRAY_LEN(migrations_postgres),
    .sql = store_sql_texts,
    .n_sql = STORE_SQL_COUNT,
};

/* ---- derived tables ------------------------------------------------------ */

#define DERIVED_ROW "derived_version"

/* A row of fold_mark tells the version, too. Who has read it keeps fold_mark
 * from being dropped, and with it all tables, until his transaction ends. The
 * row of `meta` does not do: a reader's moment may be from before the tables
 * were made anew, and then he finds the new ones empty. */
#define MARK_OF_VERSION ""

enum err derived_ours(struct store *s, bool *ours)
{
    int64_t version = DERIVED_VERSION;
    enum err e = ERR_OK;
    if (s->derived && store_shared(s))
        e = mark_get(s, STR(MARK_OF_VERSION), &version);
    if (e == ERR_OK)
        *ours = s->derived && version == DERIVED_VERSION;
    return e;
}

/* Looks whether the tables are there in our shape, or are to be made (anew).
 * Those of a newer program stay where that may be at work. */
static enum err derived_look(struct store *s, bool *due)
{
    bool row = false;
    int64_t version = 0;
    QUERY(get, s->engine, SQL_META_GET);
    query_bind(get, "s", STR(DERIVED_ROW));
    enum err e = query_step(get, &row);
    if (e != ERR_OK)
        return e;
    if (row && money_parse(query_str(get, 0), &version) != ERR_OK)
        version = 0;
    s->derived = version == DERIVED_VERSION;
    e = derived_ours(s, &s->derived);
    *due = !s->derived && (version <= DERIVED_VERSION || !store_shared(s));
    return e;
}

enum err derived_hold(struct store *s)
{
    bool ours = false;
    enum err e = derived_ours(s, &ours);
    return e == ERR_OK && !ours ? ERR_NEWER : e;
}

/* Tells the version in both places. */
static enum err derived_tell(struct store *s)
{
    BUF(version, MAX_TEXT);
    buf_int(&version, DERIVED_VERSION);
    QUERY(mark, s->engine, SQL_MARK_PUT);
    query_bind(mark, "si", STR(MARK_OF_VERSION), (int64_t)DERIVED_VERSION);
    enum err e = query_run(mark);
    if (e != ERR_OK)
        return e;
    QUERY(put, s->engine, SQL_META_PUT);
    query_bind(put, "ss", STR(DERIVED_ROW), buf_slice(&version));
    return query_run(put);
}

enum err derived_anew(struct store *s, void *ctx)
{
    (void)ctx;
    enum err e = engine_script(s->engine, drop_derived, drop_derived);
    if (e == ERR_OK)
        e = engine_script(s->engine, embedded_sync_aggregator_store_derived_sql,
                          embedded_sync_aggregator_store_derived_pg_sql);
    if (e == ERR_OK)
        e = marks_passed(s);
    return e == ERR_OK ? derived_tell(s) : e;
}

/* Several programs may come at once: the first one makes them. */
static enum err derived_bring(struct store *s, void *ctx)
{
    bool due = false;
    (void)ctx;
    enum err e = store_lock(s, "derived");
    if (e == ERR_OK)
        e = derived_look(s, &due);
    if (e == ERR_OK && due) {
        e = derived_anew(s, NULL);
        s->derived = true;
    }
    return e;
}

/* ---- opening ------------------------------------------------------------- */

enum err store_open_file(const char *path, enum store_mode mode,
                         struct buf *why, struct store **out)
{
    struct store *s = x_alloc(sizeof(*s));
    bool due = false;
    s->mode = mode;
    s->where = x_strdup(path);
    enum err e =
        engine_open(path, mode == STORE_WRITE ? ENGINE_WRITE : ENGINE_READ,
                    &kind, why, &s->engine);
    if (e == ERR_OK)
        e = derived_look(s, &due);
    if (e == ERR_OK && mode == STORE_WRITE)
        e = engine_settle(s->engine);
    if (e == ERR_OK && mode == STORE_WRITE && due)
        e = store_do(s, derived_bring, NULL);
    if (e != ERR_OK) {
        if (s->engine && why) {
            engine_place(path, why);
            buf_printf(why, ": %s", engine_errmsg(s->engine));
        }
        store_close(s);
        return e == ERR_NOT_FOUND ? ERR_NOT_SET_UP : e;
    }
    if (store_shared(s))
        s->losses = loss_over(path);
    *out = s;
    return ERR_OK;
}

enum err store_open(const char *where, enum store_mode mode, struct buf *why,
                    struct store **out)
{
    BUF(path, STORE_PATH_ROOM);
    if (engine_is_address(where))
        return store_open_file(where, mode, why, out);
    buf_printf(&path, "%s/" STORE_FILE, where);
    if (!buf_ok(&path))
        return ERR_LIMIT;
    return store_open_file(buf_text(&path), mode, why, out);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->memo.what)
        s->memo.done(s->memo.what);
    ahead_close(s->ahead);
    engine_close(s->engine);
    free(s->where);
    free(s);
}

struct store_memo *store_memo(struct store *s)
{
    return &s->memo;
}

/* When there may be another try after one that began then and has failed just
 * now: in a second, or in as long as it took, if that is more. */
static int64_t again_at(int64_t began_ms)
{
    int64_t now_ms = env_mono_ms(), took_ms = now_ms - began_ms;
    return now_ms + (took_ms > AGAIN_MS ? took_ms : AGAIN_MS);
}

enum err store_revive(struct store *s)
{
    struct store *again = NULL;
    int64_t now_ms = env_mono_ms();
    if (!engine_lost(s->engine)) {
        s->losses = losses_told();
        return ERR_OK;
    }
    loss_found(s->losses, s->where, engine_errmsg(s->engine));
    if (s->lost != ERR_OK && now_ms < s->again_ms)
        return s->lost;
    if (store_open_file(s->where, s->mode, NULL, &again) != ERR_OK) {
        s->lost = ERR_DATABASE; /* whatever keeps us out of it for now */
        s->again_ms = again_at(now_ms);
        engine_give_up(s->engine, s->lost);
        return s->lost;
    }
    struct store gone = *s;
    *s = *again;
    *again = gone;
    store_close(again);
    return ERR_OK;
}

enum err store_writable(struct store *s, struct buf *why)
{
    return engine_writable(s->engine, why);
}

void store_patience(struct store *s, int64_t ms)
{
    engine_patience(s->engine, ms);
}

const char *store_errmsg(struct store *s)
{
    return engine_errmsg(s->engine);
}

struct engine *store_engine(struct store *s)
{
    return s->engine;
}

/* ---- groups -------------------------------------------------------------- */

enum err store_group_begin(struct store *s)
{
    return engine_begin(s->engine);
}

enum err store_group_commit(struct store *s)
{
    enum err e = engine_commit(s->engine);
    if (e == ERR_OK && store_shared(s))
        s->losses = loss_over(s->where);
    return e;
}

void store_group_rollback(struct store *s)
{
    engine_rollback(s->engine);
}

enum err group_begin(struct store *s, struct group *g)
{
    enum err e = store_group_begin(s);
    if (e == ERR_OK)
        g->store = s;
    return e;
}

enum err group_commit(struct group *g)
{
    struct store *s = g->store;
    g->store = NULL;
    return store_group_commit(s);
}

void group_end(struct group *g)
{
    if (g->store)
        store_group_rollback(g->store);
}

enum err store_read_begin(struct store *s)
{
    return engine_read_begin(s->engine);
}

void store_read_end(struct store *s)
{
    engine_read_end(s->engine);
}

enum err store_integrity(struct store *s)
{
    return engine_integrity(s->engine);
}

enum err store_backup(struct store *s, const char *path)
{
    return engine_backup(s->engine, path);
}

enum err store_shrink(struct store *s, struct buf *why, int64_t *before,
                      int64_t *after)
{
    return engine_shrink(s->engine, why, before, after);
}

void store_idle(struct store *s)
{
    engine_idle(s->engine);
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

static enum err device_read(struct query *q, struct device *out)
{
    *out = (struct device){ .number = query_int(q, 3),
                            .count = query_int(q, 8),
                            .seen_ms = query_int(q, 10),
                            .unsent = query_int(q, 11),
                            .offset_ms = query_int(q, 12),
                            .disk_mb = query_int(q, 13),
                            .list = query_int(q, 14),
                            .resent = query_int(q, 16) };
    keep(out->device, sizeof(out->device), query_str(q, 0));
    keep(out->fair, sizeof(out->fair), query_str(q, 1));
    keep(out->booth, sizeof(out->booth), query_str(q, 2));
    keep(out->label, sizeof(out->label), query_str(q, 4));
    keep(out->name, sizeof(out->name), query_str(q, 5));
    keep(out->program, sizeof(out->program), query_str(q, 15));
    enum err e = store_hash(query_str(q, 6), out->public_key);
    if (e == ERR_OK)
        e = state_of(query_str(q, 7), &out->state);
    return e == ERR_OK ? store_hash(query_str(q, 9), out->head) : e;
}

static enum err device_by(struct store *s, enum store_sql sql,
                          struct str device, struct device *out)
{
    bool row = false;
    struct device d;
    QUERY(get, s->engine, sql);
    query_bind(get, "s", device);
    enum err e = query_step(get, &row);
    if (e == ERR_OK)
        e = row ? device_read(get, &d) : ERR_NOT_FOUND;
    if (e == ERR_OK)
        *out = d;
    return e;
}

enum err store_device(struct store *s, struct str device, struct device *out)
{
    return device_by(s, SQL_DEVICE_GET, device, out);
}

enum err store_device_locked(struct store *s, struct str device,
                             struct device *out)
{
    return device_by(s, SQL_DEVICE_LOCK, device, out);
}

enum err store_standing(struct store *s, struct str device,
                        struct standing *out)
{
    bool row = false;
    struct standing found;
    QUERY(get, s->engine, SQL_DEVICE_STANDING);
    query_bind(get, "s", device);
    enum err e = query_step(get, &row);
    if (e != ERR_OK || !row)
        return e == ERR_OK ? ERR_NOT_FOUND : e;
    found = (struct standing){ .count = query_int(get, 0),
                               .decided_on = query_int(get, 3) > 0 };
    if (!query_null(get, 4))
        found.list = query_int(get, 4);
    e = store_hash(query_str(get, 1), found.head);
    if (e == ERR_OK)
        e = state_of(query_str(get, 2), &found.state);
    if (e == ERR_OK)
        *out = found;
    return e;
}

enum err store_device_each(struct store *s, struct str fair,
                           enum err (*take)(void *ctx, const struct device *d),
                           void *ctx)
{
    bool row = false;
    struct device d;
    QUERY(all, s->engine, fair.len ? SQL_DEVICE_OF_FAIR : SQL_DEVICE_ALL);
    query_bind(all, fair.len ? "s" : "", fair);
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        e = device_read(all, &d);
        if (e == ERR_OK)
            e = take(ctx, &d);
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    return e;
}

enum err store_admission_lock(struct store *s)
{
    return store_lock(s, "admission");
}

enum err store_admit(struct store *s, const struct device *d,
                     const struct admitted *a)
{
    uint8_t head[HASH_BYTES];
    chain_start(d->public_key, head);
    struct str key = { (const char *)d->public_key, KEY_BYTES };
    struct str start = { (const char *)head, HASH_BYTES };
    struct str phone = { (const char *)a->phone_key, KEY_BYTES };
    /* A revocation that is being made ahead is seen. */
    enum err e = store_admission_lock(s);
    if (e != ERR_OK)
        return e;
    QUERY(add, s->engine, SQL_DEVICE_ADD);
    /* Without a phone key its place holds NULL. */
    if (a->phone_key)
        query_bind(add, "sssissbssbb", str_of(d->device), str_of(d->fair),
                   str_of(d->booth), d->number, str_of(d->label), a->name, key,
                   a->admission, a->signature, phone, start);
    else
        query_bind(add, "sssissbssnb", str_of(d->device), str_of(d->fair),
                   str_of(d->booth), d->number, str_of(d->label), a->name, key,
                   a->admission, a->signature, start);
    e = query_run(add);
    return e == ERR_OK ? store_turned(s, str_of(d->fair)) : e;
}

enum err store_admission(struct store *s, struct str device,
                         struct buf *admission, struct buf *signature,
                         uint8_t phone_key[KEY_BYTES])
{
    bool row = false;
    QUERY(get, s->engine, SQL_DEVICE_ADMISSION);
    query_bind(get, "s", device);
    enum err e = query_step(get, &row);
    if (e != ERR_OK || !row)
        return e == ERR_OK ? ERR_NOT_FOUND : e;
    struct str phone = query_str(get, 2);
    if (phone.len != 0 && phone.len != KEY_BYTES)
        return ERR_CORRUPT;
    buf_str(admission, query_str(get, 0));
    buf_str(signature, query_str(get, 1));
    memset(phone_key, 0, KEY_BYTES);
    memcpy(phone_key, phone.data, phone.len);
    return ERR_OK;
}

enum err store_heartbeat(struct store *s, struct str device,
                         const struct heartbeat *h)
{
    QUERY(put, s->engine, SQL_DEVICE_SEEN);
    query_bind(put, "iiiiisis", h->seen_ms, h->unsent, h->offset_ms, h->disk_mb,
               h->list, h->program, (int64_t)h->resent, device);
    return query_run(put);
}

enum err store_set_state(struct store *s, struct str device,
                         enum device_state state)
{
    QUERY(put, s->engine, SQL_DEVICE_STATE);
    query_bind(put, "ss", str_of(device_state_word(state)), device);
    return query_run(put);
}
