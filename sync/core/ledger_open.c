/*
 * ledger_open.c - whose ledger it is, and whether it may be gone on with.
 *
 * The first start makes ledger.db where it stays, empty, and appends event 1
 * like any other: killed at any moment, there is no event or there is event 1,
 * and the next start goes on from there.
 */
#include "fair/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/i18n.h"
#include "ledger_parts.h"

enum {
    LOCK_WAIT_MS = 10000,
    PATH_ROOM = 4096,
    TAIL = 64, /* events whose chain is checked at every start */
    LARGEST = 1024 * 1024
};

static const char *const sql[LEDGER_SQL_COUNT] = {
#define X(name, text) [name] = text,
#include "ledger_sql.def"
#undef X
};

extern const char embedded_sync_core_ledger_sql[];
static const char *const migrations[] = { embedded_sync_core_ledger_sql };

/* ---- what a connection to ledger.db may do ---- */

/* Everything is asked when a statement is prepared; what is not listed is
 * refused: changing events, the schema, settings, other files. The one pragma
 * only looks. */
// NOLINTNEXTLINE(readability-function-size): the signature is SQLite's
static int may(void *ctx, int action, const char *what, const char *column,
               const char *database, const char *trigger)
{
    static const int allowed[] = { SQLITE_SELECT,      SQLITE_READ,
                                   SQLITE_INSERT,      SQLITE_FUNCTION,
                                   SQLITE_TRANSACTION, SQLITE_SAVEPOINT };
    (void)ctx;
    (void)column;
    (void)database;
    (void)trigger;
    for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
        if (allowed[i] == action)
            return SQLITE_OK;
    }
    if (action == SQLITE_PRAGMA && str_is(str_of(what), "integrity_check"))
        return SQLITE_OK;
    bool changes = action == SQLITE_UPDATE || action == SQLITE_DELETE;
    return changes && str_is(str_of(what), "draft") ? SQLITE_OK : SQLITE_DENY;
}

static void restrict_to_appending(sqlite3 *handle)
{
    sqlite3_set_authorizer(handle, may, NULL);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, LARGEST);
}

static const struct db_kind kind = {
    .application_id = 0x50436c64, /* "PCld" */
    .migrations = migrations,
    .n_migrations = ARRAY_LEN(migrations),
    .sql = sql,
    .n_sql = LEDGER_SQL_COUNT,
    .setup = restrict_to_appending,
    .looks_first = true,
};

/* ---- whose it is ---- */

static enum err not_enrolled(struct ledger *l, const char *missing)
{
    buf_clear(&l->why);
    buf_printf(&l->why, "%s/%s", l->dir, missing);
    return ERR_NOT_SET_UP;
}

/* Key and admission, made by enrolling. */
static enum err load_identity(struct ledger *l)
{
    struct ledger_state *s = &l->state;
    enum err e = key_load(l->dir, "device.key", &s->key);
    if (e == ERR_NOT_FOUND)
        return not_enrolled(l, "device.key");
    if (e != ERR_OK)
        return ledger_fail(l, e, N_("device.key cannot be read"));
    device_id(s->key.public_key, s->device);
    chain_start(s->key.public_key, s->head);
    if (l->mode != LEDGER_WRITE)
        memset(s->key.secret, 0, sizeof(s->key.secret));
    e = admission_load(l->dir, &l->admission_text, &l->admission,
                       &l->signature);
    if (e == ERR_NOT_FOUND)
        return not_enrolled(l, "admission");
    if (e == ERR_IO)
        return ledger_fail(l, e, N_("admission cannot be read"));
    if (e == ERR_OK) {
        buf_room(&l->admission_arena, l->admission.len);
        e = admission_check(l->admission, l->signature, s->key.public_key,
                            &l->admission_arena, &s->admission);
    }
    if (e == ERR_OK || l->mode == LEDGER_CHECK)
        return ERR_OK;
    return ledger_fail(l, e, N_("the admission is not this device's"));
}

static enum err take_lock(struct ledger *l, const char *who)
{
    struct lock_request want = { l->dir, "lock.pos", who, LOCK_WAIT_MS };
    buf_clear(&l->why);
    return l->mode == LEDGER_WRITE ? lock_take(&want, &l->why, &l->lock)
                                   : ERR_OK;
}

static enum err open_db(struct ledger *l)
{
    BUF(path, PATH_ROOM);
    buf_printf(&path, "%s/ledger.db", l->dir);
    enum db_mode mode = l->mode == LEDGER_WRITE ? DB_WRITE : DB_READ;
    buf_clear(&l->why);
    enum err e = db_open(buf_text(&path), mode, &kind, &l->why, &l->db);
    if (e == ERR_FULL && l->mode == LEDGER_WRITE && reserve_drop(l->dir)) {
        buf_clear(&l->why);
        e = db_open(buf_text(&path), mode, &kind, &l->why, &l->db);
    }
    if (e == ERR_NOT_FOUND && l->mode != LEDGER_WRITE)
        return ERR_OK; /* never started */
    if (e == ERR_CORRUPT && l->mode == LEDGER_CHECK) {
        l->damaged = true;
        return ERR_OK;
    }
    return e;
}

static enum err count_events(struct ledger *l)
{
    bool row = false;
    if (!l->db)
        return ERR_OK;
    DB_STMT(stmt, l->db, SQL_COUNT);
    enum err e = db_step(l->db, stmt, &row);
    if (e == ERR_OK && row)
        l->state.count = db_int(stmt, 0);
    return e == ERR_OK ? e : ledger_db_fail(l, e);
}

/* Event 1 holds the admission we have, and hashes to what is stored. */
static enum err check_first(struct ledger *l)
{
    struct stored s;
    struct event e;
    uint8_t head[HASH_BYTES];
    union body *body = l->guard.scratch;
    enum err err = ledger_get(l, 1, &s);
    if (err != ERR_OK && err != ERR_NOT_FOUND)
        return err;
    buf_clear(&l->guard.arena);
    if (err != ERR_OK || event_decode(s.bytes, &e) != ERR_OK ||
        e.kind != EV_ENROLLED ||
        body_decode(&e, &l->guard.arena, body) != ERR_OK)
        return ledger_fail(l, ERR_CORRUPT, N_("event 1 is damaged"));
    if (!str_eq(body->enrolled.admission, l->admission))
        return ledger_fail(l, ERR_ADMISSION,
                           N_("ledger.db is of another admission"));
    chain_start(l->state.key.public_key, head);
    chain_next(head, s.bytes, head);
    if (memcmp(head, s.hash, HASH_BYTES) != 0)
        return ledger_fail(l, ERR_CORRUPT, N_("event 1 is damaged"));
    return ERR_OK;
}

struct tail {
    int64_t next; /* number that has to come; 0: any */
    uint8_t head[HASH_BYTES];
};

static enum err check_link(void *ctx, const struct stored *s)
{
    struct tail *t = ctx;
    uint8_t head[HASH_BYTES];
    chain_next(t->head, s->bytes, head);
    /* The first one seen is what the next is held against. */
    bool links = t->next == 0 ||
                 (s->seq == t->next && memcmp(head, s->hash, HASH_BYTES) == 0);
    memcpy(t->head, s->hash, HASH_BYTES);
    t->next = s->seq + 1;
    return links ? ERR_OK : ERR_CHAIN;
}

static enum err check_tail(struct ledger *l)
{
    struct ledger_state *state = &l->state;
    struct tail t = { 0 };
    int64_t from = state->count > TAIL ? state->count - TAIL : 1;
    enum err e = ledger_each(l, from, state->count, check_link, &t);
    struct stored s;
    struct event last;
    if (e == ERR_OK)
        e = ledger_get(l, state->count, &s);
    /* A disk that fails or is full says nothing about the events. */
    if (e != ERR_OK && e != ERR_CHAIN && e != ERR_NOT_FOUND)
        return e;
    if (e != ERR_OK || event_decode(s.bytes, &last) != ERR_OK ||
        last.seq != state->count)
        return ledger_fail(l, ERR_CORRUPT,
                           N_("the newest events do not follow one another"));
    memcpy(state->head, s.hash, HASH_BYTES);
    state->sums = last.sums;
    state->day = last.day;
    state->shift = last.shift;
    state->op = last.op;
    state->list = last.list;
    state->clocks = event_clocks(&last);
    return ERR_OK;
}

/* As far as it can be told of a ledger that may be damaged. */
static enum err check_nothing(struct ledger *l)
{
    struct stored s;
    if (ledger_get(l, l->state.count, &s) == ERR_OK)
        memcpy(l->state.head, s.hash, HASH_BYTES);
    return ERR_OK;
}

static enum err enrol(struct ledger *l)
{
    int64_t seq;
    union body body = { .enrolled = { l->admission, l->signature } };
    struct ledger_entry entry = { .kind = EV_ENROLLED, .body = &body };
    enum err e = ledger_append(l, &entry, &seq);
    return e == ERR_UNSURE ? ERR_IO : e;
}

/* It is ours and whole: now it may be written to. What is refused before stays
 * as it is to the last byte, its log, too. */
static enum err settle(struct ledger *l)
{
    enum err e = l->mode == LEDGER_WRITE ? db_settle(l->db) : ERR_OK;
    return e == ERR_OK ? e : ledger_db_fail(l, e);
}

static enum err begin(struct ledger *l)
{
    if (reserve_stands(l->dir))
        return ledger_fail(l, ERR_CORRUPT, N_("ledger.db has lost its events"));
    enum err e = settle(l);
    return e == ERR_OK && l->mode == LEDGER_WRITE ? enrol(l) : e;
}

static enum err check(struct ledger *l)
{
    enum err e = count_events(l);
    if (l->mode == LEDGER_CHECK)
        return e == ERR_CORRUPT || e == ERR_OK ? check_nothing(l) : e;
    if (e != ERR_OK)
        return e;
    if (l->state.count == 0)
        return begin(l);
    e = check_first(l);
    if (e == ERR_OK)
        e = check_tail(l);
    return e == ERR_OK ? settle(l) : e;
}

/* ---- opening and closing ---- */

static struct ledger *make(const char *dir, enum ledger_mode mode)
{
    static const uint8_t nobody[KEY_BYTES];
    struct ledger *l = x_alloc(sizeof(*l));
    l->dir = x_strdup(dir);
    l->mode = mode;
    buf_init(&l->admission_text, MAX_EVENT);
    buf_init(&l->admission_arena, MAX_EVENT);
    buf_init(&l->body, MAX_EVENT);
    buf_init(&l->line, MAX_EVENT);
    buf_init(&l->got, MAX_EVENT);
    buf_init(&l->why, MAX_TEXT);
    verifier_init(&l->guard, nobody, NULL);
    return l;
}

static enum err set_up(struct ledger *l, const char *who)
{
    enum err e = load_identity(l);
    if (e == ERR_OK)
        e = take_lock(l, who);
    if (e == ERR_OK)
        e = open_db(l);
    if (e != ERR_OK)
        return e;
    memcpy(l->guard.key, l->state.key.public_key, KEY_BYTES);
    e = check(l);
    if (e == ERR_OK && l->mode == LEDGER_WRITE)
        l->tight = !reserve_keep(l->dir);
    return e;
}

enum err ledger_open(const char *dir, enum ledger_mode mode, const char *who,
                     struct buf *why, struct ledger **out)
{
    struct ledger *l = make(dir, mode);
    enum err e = set_up(l, who);
    if (e != ERR_OK) {
        if (why)
            buf_str(why, buf_slice(&l->why));
        ledger_close(l);
        return e;
    }
    *out = l;
    return ERR_OK;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    db_close(l->db);
    lock_close(l->lock);
    verifier_done(&l->guard);
    basket_index_done(&l->baskets);
    buf_done(&l->admission_text);
    buf_done(&l->admission_arena);
    buf_done(&l->body);
    buf_done(&l->line);
    buf_done(&l->got);
    buf_done(&l->why);
    key_done(&l->state.key);
    free(l->dir);
    free(l);
}
