/*
 * inbox.c - sync.db through its statements (inbox_sql.def, inbox.sql).
 *
 * A version of the lists is current only with all its pages, which its
 * manifest names by their bytes; the swap is one statement.
 */
#include "fair/inbox.h"

#include <stdlib.h>
#include <string.h>

#include "fair/db.h"
#include "fair/env.h"
#include "fair/wire.h"

enum { LOCK_WAIT_MS = 10000, PATH_ROOM = 4096 };

enum {
#define X(name, text) name,
#include "inbox_sql.def"
#undef X
    SQL_COUNT
};

static const char *const sql[SQL_COUNT] = {
#define X(name, text) [name] = text,
#include "inbox_sql.def"
#undef X
};

extern const char embedded_sync_core_inbox_sql[];
static const char *const migrations[] = { embedded_sync_core_inbox_sql };

static const struct db_kind kind = {
    .application_id = 0x50436e62, /* "PCnb" */
    .migrations = migrations,
    .n_migrations = ARRAY_LEN(migrations),
    .sql = sql,
    .n_sql = SQL_COUNT,
    .cache_kb = 256, /* pages of lists pass through once */
};

struct inbox {
    struct db *db;
    struct lock *lock;  /* of a writer */
    struct buf state;   /* what inbox_state() has lent */
    const char *detail; /* when it is not the database's */
};

/* Damage here is no till's end: this file can be made again. */
static enum err damage(enum err e)
{
    return e == ERR_CORRUPT ? ERR_INBOX : e;
}

enum err inbox_open(const char *dir, enum inbox_mode mode, const char *who,
                    struct buf *why, struct inbox **out)
{
    struct inbox *in = x_alloc(sizeof(*in));
    buf_init(&in->state, MAX_REPLY);
    BUF(path, PATH_ROOM);
    buf_printf(&path, "%s/sync.db", dir);
    enum err e = ERR_OK;
    if (mode == INBOX_WRITE)
        e = lock_take(
            &(struct lock_request){ dir, "lock.sync", who, LOCK_WAIT_MS }, why,
            &in->lock);
    if (e == ERR_OK)
        e = db_open(buf_text(&path), mode == INBOX_WRITE ? DB_WRITE : DB_READ,
                    &kind, why, &in->db);
    if (e != ERR_OK) {
        inbox_close(in);
        return e == ERR_NOT_FOUND ? ERR_NOT_SET_UP : damage(e);
    }
    *out = in;
    return ERR_OK;
}

void inbox_close(struct inbox *in)
{
    if (!in)
        return;
    db_close(in->db);
    lock_close(in->lock);
    buf_done(&in->state);
    free(in);
}

const char *inbox_errmsg(const struct inbox *in)
{
    return in->detail ? in->detail : db_errmsg(in->db);
}

/* ---- the database ---- */

/* What follows is the database's word, until we have one of our own. */
static enum err step(struct inbox *in, sqlite3_stmt *stmt, bool *row)
{
    in->detail = NULL;
    return damage(db_step(in->db, stmt, row));
}

static enum err run(struct inbox *in, sqlite3_stmt *stmt)
{
    in->detail = NULL;
    return damage(db_run(in->db, stmt));
}

static enum err begin(struct inbox *in, struct tx *tx)
{
    in->detail = NULL;
    return damage(tx_begin(in->db, tx));
}

/* ---- state ---- */

/* Lends the bytes of a column. All four together are no longer than a
 * reply, for they came in one; their place does not move. */
static struct str lend(struct inbox *in, sqlite3_stmt *stmt, int column)
{
    struct str s = db_str(stmt, column);
    size_t at = in->state.len;
    buf_str(&in->state, s);
    return (struct str){ in->state.data + at, s.len };
}

enum err inbox_state(struct inbox *in, struct inbox_state *out)
{
    bool row = false;
    DB_STMT(stmt, in->db, SQL_STATE);
    enum err e = step(in, stmt, &row);
    if (e != ERR_OK)
        return e;
    struct str head = row ? db_str(stmt, 4) : STR("");
    buf_clear(&in->state);
    if (head.len != HASH_BYTES || !buf_room(&in->state, MAX_REPLY - 1)) {
        in->detail = "sync.db has lost its row of state";
        return ERR_INBOX;
    }
    struct inbox_state s = { .acked = db_int(stmt, 3),
                             .last_contact_ms = db_int(stmt, 6),
                             .offset_ms = db_int(stmt, 7),
                             .offset_known = db_int(stmt, 8) != 0,
                             .list = db_int(stmt, 9),
                             .list_wanted = db_int(stmt, 10) };
    memcpy(s.acked_head, head.data, HASH_BYTES);
    s.server = lend(in, stmt, 0);
    s.pin = lend(in, stmt, 1);
    s.state = lend(in, stmt, 2);
    s.ack = lend(in, stmt, 5);
    if (!buf_ok(&in->state))
        return ERR_LIMIT;
    *out = s;
    return ERR_OK;
}

enum err inbox_set_server(struct inbox *in, struct str server, struct str pin)
{
    DB_STMT(stmt, in->db, SQL_SET_SERVER);
    db_bind(stmt, "ss", server, pin);
    return run(in, stmt);
}

enum err inbox_set_state(struct inbox *in, const char *state)
{
    DB_STMT(stmt, in->db, SQL_SET_STATE);
    db_bind(stmt, "s", str_of(state));
    return run(in, stmt);
}

enum err inbox_set_ack(struct inbox *in, int64_t count,
                       const uint8_t head[HASH_BYTES], struct str ack,
                       int64_t list_wanted)
{
    DB_STMT(stmt, in->db, SQL_SET_ACK);
    db_bind(stmt, "ibbi", count, (struct str){ (const char *)head, HASH_BYTES },
            ack, list_wanted);
    return run(in, stmt);
}

enum err inbox_set_contact(struct inbox *in, int64_t at_ms, int64_t offset_ms)
{
    DB_STMT(stmt, in->db, SQL_SET_CONTACT);
    db_bind(stmt, "ii", at_ms, offset_ms);
    return run(in, stmt);
}

/* ---- lists ---- */

static bool names(struct str hash, struct str bytes)
{
    uint8_t real[HASH_BYTES];
    hash_tagged("", bytes, real);
    return str_eq(hash, (struct str){ (const char *)real, sizeof(real) });
}

enum pages { PAGES_CHECKED, PAGES_AS_THEY_LIE };

/* Appends the page to `out`, if that is not NULL. ERR_LISTS when its bytes are
 * not there, or are others. */
static enum err page_read(struct inbox *in, struct str hash, enum pages how,
                          struct buf *out)
{
    bool row = false;
    DB_STMT(stmt, in->db, SQL_PAGE);
    db_bind(stmt, "b", hash);
    enum err e = step(in, stmt, &row);
    if (e != ERR_OK)
        return e;
    struct str bytes = row ? db_str(stmt, 0) : STR("");
    if (!row || (how == PAGES_CHECKED && !names(hash, bytes))) {
        in->detail = "a page of the list is missing";
        return ERR_LISTS;
    }
    if (out)
        buf_str(out, bytes);
    return !out || buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

/* A page that cannot be looked up is as good as none: it is fetched again. */
bool inbox_has_page(struct inbox *in, const uint8_t hash[HASH_BYTES])
{
    return page_read(in, (struct str){ (const char *)hash, HASH_BYTES },
                     PAGES_CHECKED, NULL) == ERR_OK;
}

enum err inbox_put_page(struct inbox *in, const uint8_t hash[HASH_BYTES],
                        struct str bytes)
{
    struct str key = { (const char *)hash, HASH_BYTES };
    if (!names(key, bytes)) {
        in->detail = "a page's bytes are not those of its hash";
        return ERR_LISTS;
    }
    DB_STMT(stmt, in->db, SQL_PAGE_PUT);
    db_bind(stmt, "bb", key, bytes);
    return run(in, stmt);
}

/* All pages of a manifest, in order; as page_read(). */
static enum err pages_read(struct inbox *in, const struct manifest *m,
                           enum pages how, struct buf *out)
{
    enum err e = ERR_OK;
    for (int64_t n = 0; n < m->n_pages && e == ERR_OK; n++) {
        char hash[HASH_BYTES];
        if (!hex_bytes(m->pages[n].hash, hash, sizeof(hash)))
            return ERR_LISTS;
        e = page_read(in, (struct str){ hash, sizeof(hash) }, how, out);
    }
    return e;
}

static enum err list_put(struct inbox *in, int64_t version,
                         struct str signed_lines)
{
    DB_STMT(stmt, in->db, SQL_LIST_PUT);
    db_bind(stmt, "ib", version, signed_lines);
    return run(in, stmt);
}

enum err inbox_adopt(struct inbox *in, const struct manifest *m,
                     struct str signed_lines)
{
    TX(tx);
    enum err e = begin(in, &tx);
    if (e == ERR_OK)
        e = pages_read(in, m, PAGES_CHECKED, NULL);
    if (e == ERR_OK)
        e = list_put(in, m->version, signed_lines);
    if (e != ERR_OK)
        return e;
    DB_STMT(stmt, in->db, SQL_SET_LIST);
    db_bind(stmt, "i", m->version);
    e = run(in, stmt);
    return e == ERR_OK ? tx_commit(&tx) : e;
}

/* Both lines of the current manifest; ERR_LISTS when it is lost. */
static enum err manifest_read(struct inbox *in, int64_t *version,
                              struct buf *out)
{
    struct inbox_state state;
    bool row = false;
    enum err e = inbox_state(in, &state);
    if (e != ERR_OK || state.list == 0)
        return e != ERR_OK ? e : ERR_NOT_FOUND;
    DB_STMT(stmt, in->db, SQL_LIST_MANIFEST);
    db_bind(stmt, "i", state.list);
    e = step(in, stmt, &row);
    if (e != ERR_OK)
        return e;
    if (row)
        buf_str(out, db_str(stmt, 0));
    *version = state.list;
    return row && buf_ok(out) ? ERR_OK : ERR_LISTS;
}

static bool is_ours(const struct manifest *m, const struct admission *ours)
{
    return str_eq(m->fair, ours->fair) && str_eq(m->booth, ours->booth);
}

static enum err list_read(struct inbox *in, const struct manifest *m,
                          enum pages how, struct buf *document)
{
    if (!document)
        return pages_read(in, m, how, NULL);
    size_t before = document->len;
    size_t most = (size_t)m->n_pages * MAX_PAGE;
    if (most <= document->max - before)
        (void)buf_room(document, most); /* nothing moves on the way */
    enum err e = pages_read(in, m, how, document);
    if (e != ERR_OK)
        buf_cut(document, before);
    return e;
}

/* Pages are known by their bytes, and a manifest names them all: whatever is
 * adopted meanwhile, no transaction is needed around this. */
static enum err list_get(struct inbox *in, const struct admission *ours,
                         enum pages how, struct inbox_list *out,
                         struct buf *document)
{
    BUF(lines, MANIFEST_ROOM);
    uint8_t key[KEY_BYTES];
    struct inbox_list list;
    struct manifest m;
    struct str rest;
    enum err e = manifest_read(in, &list.version, &lines);
    if (e != ERR_OK)
        return e;
    if (!hex_bytes(ours->aggregator, key, sizeof(key)) ||
        manifest_decode(buf_slice(&lines), key, &m, &rest) != ERR_OK)
        return ERR_LISTS;
    bool good = is_ours(&m, ours) && m.version == list.version;
    e = good ? list_read(in, &m, how, document) : ERR_LISTS;
    free(m.pages);
    if (e != ERR_OK)
        return e;
    size_t line = strcspn(lines.data, "\n");
    hash_tagged("", (struct str){ lines.data, line }, list.hash);
    *out = list;
    return ERR_OK;
}

enum err inbox_list(struct inbox *in, const struct admission *ours,
                    struct inbox_list *out, struct buf *document)
{
    return list_get(in, ours, PAGES_CHECKED, out, document);
}

enum err inbox_list_unchecked(struct inbox *in, const struct admission *ours,
                              struct inbox_list *out, struct buf *document)
{
    return list_get(in, ours, PAGES_AS_THEY_LIE, out, document);
}

/* ---- notices ---- */

static enum err notice_repeats(struct inbox *in, const char *what,
                               struct str text, bool *repeats)
{
    bool row = false;
    DB_STMT(stmt, in->db, SQL_NOTICE_LAST);
    enum err e = step(in, stmt, &row);
    if (e == ERR_OK)
        *repeats = row && str_is(db_str(stmt, 0), what) &&
                   str_eq(db_str(stmt, 1), text);
    return e;
}

enum err inbox_notice(struct inbox *in, const char *what, struct str text)
{
    bool repeats = false;
    enum err e = notice_repeats(in, what, text, &repeats);
    if (e != ERR_OK || repeats)
        return e;
    DB_STMT(stmt, in->db, SQL_NOTICE_PUT);
    db_bind(stmt, "ss", str_of(what), text);
    return run(in, stmt);
}

enum err inbox_notices_after(struct inbox *in, int64_t id,
                             enum err (*take)(void *ctx, int64_t id,
                                              struct str what, struct str text),
                             void *ctx)
{
    DB_STMT(stmt, in->db, SQL_NOTICES_AFTER);
    db_bind(stmt, "i", id);
    for (;;) {
        bool row = false;
        enum err e = step(in, stmt, &row);
        if (e != ERR_OK || !row)
            return e;
        e = take(ctx, db_int(stmt, 0), db_str(stmt, 1), db_str(stmt, 2));
        if (e != ERR_OK)
            return e;
    }
}
