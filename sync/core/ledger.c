/*
 * ledger.c - events are appended, read back, walked over and judged.
 *
 * What is about to be written goes through the verifier first (`guard`, which
 * stands at the head): a ledger of ours is never one that verify would refuse.
 * The guard also computes the new head. What was written is read back and
 * hashed again, which has to give the same.
 */
#include "fair/ledger.h"

#include <string.h>

#include "fair/chain.h"
#include "fair/i18n.h"
#include "ledger_parts.h"

enum err ledger_fail(struct ledger *l, enum err e, const char *detail)
{
    buf_clear(&l->why);
    buf_puts(&l->why, _(detail));
    return e;
}

/* No row of ours is longer than the connection takes: one that is, is damage.
 */
static enum err row_err(enum err e)
{
    return e == ERR_LIMIT ? ERR_CORRUPT : e;
}

enum err ledger_db_fail(struct ledger *l, enum err e)
{
    return ledger_fail(l, row_err(e), db_errmsg(l->db));
}

const char *ledger_errmsg(const struct ledger *l)
{
    return buf_text(&l->why);
}

const struct ledger_state *ledger_state(const struct ledger *l)
{
    return &l->state;
}

bool ledger_lost(const struct ledger *l)
{
    return l->dead || (l->db && db_lost(l->db));
}

enum err ledger_refuse_dead(const struct ledger *l)
{
    return l->dead ? ERR_IO : ERR_OK;
}

/* ---- appending ---- */

/* What a day is ended with, whatever the disk. */
static bool finishing(enum event_kind kind)
{
    static const enum event_kind kinds[] = { EV_SHIFT_CLOSED, EV_SEAL,
                                             EV_NOTE,         EV_DRAWER,
                                             EV_OPERATOR,     EV_ACCESS,
                                             EV_ENROLLED };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (kinds[i] == kind)
            return true;
    }
    return false;
}

static void clocks_read(struct clocks *out)
{
    const struct env *env = env_get();
    int64_t wall = env_wall_ms();
    env->boot_id(env->ctx, out->boot);
    out->at_ms = wall > 0 ? wall : 0; /* no clock ever stops a sale */
    out->up_ms = env_mono_ms();
}

static void encode(struct ledger *l, const struct ledger_entry *entry,
                   const struct sums *sums)
{
    clocks_read(&l->clocks);
    buf_clear(&l->body);
    buf_clear(&l->line);
    shape_encode(body_shape(entry->kind), entry->body, &l->body);
    struct event e = {
        .version = 1,
        .seq = l->state.count + 1,
        .kind = entry->kind,
        .at_ms = l->clocks.at_ms,
        .boot = str_of(l->clocks.boot),
        .up_ms = l->clocks.up_ms,
        .day = entry->day,
        .shift = entry->shift,
        .op = entry->op,
        .list = entry->list,
        .sums = *sums,
        .late_ms = entry->late_ms,
        .body = buf_slice(&l->body),
    };
    if (buf_ok(&l->body))
        event_encode(&e, &l->line);
}

/* The guard stands where the ledger ends. */
static void guard_set(struct ledger *l)
{
    memcpy(l->guard.head, l->state.head, HASH_BYTES);
    l->guard.events = l->state.count;
    l->guard.sums = l->state.sums;
    l->guard.error = ERR_OK;
    l->guard.first_bad = 0;
}

/* The new line, judged: afterwards the guard's head and sums are those after
 * it. */
static enum err prepare(struct ledger *l, const struct ledger_entry *entry)
{
    struct sums sums = l->state.sums;
    if (sums_apply(&sums, entry->kind, entry->body) != ERR_OK)
        return ledger_fail(l, ERR_LIMIT, N_("totals out of range"));
    encode(l, entry, &sums);
    if (!buf_ok(&l->body) || !buf_ok(&l->line) ||
        l->body.len + entry->spare > MAX_EVENT)
        return ledger_fail(l, ERR_LIMIT, N_("longer than an event may be"));
    guard_set(l);
    enum err e = verifier_feed(&l->guard, buf_slice(&l->line), NULL);
    return e == ERR_OK ? e : ledger_fail(l, ERR_INVALID, err_text(e));
}

typedef enum err run_fn(struct db *db, sqlite3_stmt *stmt);

static enum err put_event(struct ledger *l, run_fn *run)
{
    DB_STMT(stmt, l->db, SQL_APPEND);
    db_bind(stmt, "ibb", l->guard.events, buf_slice(&l->line),
            (struct str){ (const char *)l->guard.head, HASH_BYTES });
    enum err e = run(l->db, stmt);
    /* Somebody else has written: this ledger is not ours alone. */
    return e == ERR_EXISTS || e == ERR_INVALID ? ERR_CORRUPT : e;
}

static enum err drop_draft(struct ledger *l, const char *id)
{
    DB_STMT(stmt, l->db, SQL_DRAFT_DROP);
    db_bind(stmt, "s", str_of(id));
    return db_run(l->db, stmt);
}

static enum err put_both(struct ledger *l, const char *draft)
{
    TX(tx);
    enum err e = tx_begin(l->db, &tx);
    if (e == ERR_OK)
        e = put_event(l, db_run);
    if (e == ERR_OK)
        e = drop_draft(l, draft);
    return e == ERR_OK ? tx_commit(&tx) : e;
}

static enum err commit(struct ledger *l, const char *draft)
{
    enum err e = draft ? put_both(l, draft) : put_event(l, db_run_alone);
    return e == ERR_OK ? e : ledger_db_fail(l, e);
}

/* A fresh look at the row: hashed once more, it must be what the chain goes on
 * from. So no damage on the way to the disk goes unseen, that of our own
 * memory neither. */
static enum err read_back(struct ledger *l)
{
    bool row = false;
    uint8_t again[HASH_BYTES];
    DB_STMT(stmt, l->db, SQL_GET);
    db_bind(stmt, "i", l->guard.events);
    enum err e = db_step(l->db, stmt, &row);
    if (e != ERR_OK || !row)
        return ledger_fail(l, ERR_UNSURE, N_("it cannot be read back"));
    struct str head = { (const char *)l->guard.head, HASH_BYTES }, hash;
    struct stored s = ledger_row(stmt, &hash);
    chain_next(l->state.head, s.bytes, again);
    if (memcmp(again, head.data, HASH_BYTES) != 0 || !str_eq(hash, head))
        return ledger_fail(l, ERR_UNSURE,
                           N_("it reads back as something else"));
    return ERR_OK;
}

bool ledger_goes_on(enum err e)
{
    return e == ERR_OK || e == ERR_FULL || e == ERR_LOCKED;
}

static enum err record(struct ledger *l, const struct ledger_entry *entry)
{
    enum err e = commit(l, entry->draft);
    if (e == ERR_FULL && finishing(entry->kind) && reserve_drop(l->dir)) {
        l->tight = true;
        e = commit(l, entry->draft);
    }
    if (e == ERR_OK)
        e = read_back(l);
    l->dead = !ledger_goes_on(e);
    return e;
}

enum err ledger_append(struct ledger *l, const struct ledger_entry *entry,
                       int64_t *seq)
{
    ASSERT(l->mode == LEDGER_WRITE);
    enum err e = ledger_refuse_dead(l);
    if (e != ERR_OK)
        return e;
    if (!finishing(entry->kind) && (l->tight || disk_low(l->dir)))
        return ledger_fail(l, ERR_FULL,
                           N_("no room but for closing the shift"));
    e = prepare(l, entry);
    if (e == ERR_OK)
        e = record(l, entry);
    if (e != ERR_OK)
        return e;
    struct ledger_state *state = &l->state;
    state->count = l->guard.events;
    memcpy(state->head, l->guard.head, HASH_BYTES);
    state->sums = l->guard.sums;
    state->day = entry->day;
    state->shift = entry->shift;
    state->op = entry->op;
    state->list = entry->list;
    state->clocks = l->clocks;
    basket_index_add(&l->baskets, state->count, entry->kind, entry->body);
    *seq = state->count;
    return ERR_OK;
}

/* ---- reading ---- */

struct stored ledger_row(sqlite3_stmt *stmt, struct str *hash)
{
    struct stored s = { .seq = db_int(stmt, 0), .bytes = db_str(stmt, 1) };
    *hash = db_str(stmt, 2);
    if (hash->len == HASH_BYTES)
        memcpy(s.hash, hash->data, HASH_BYTES);
    return s;
}

enum err ledger_get(struct ledger *l, int64_t seq, struct stored *out)
{
    enum err e = ledger_refuse_dead(l);
    if (e != ERR_OK || seq < 1 || seq > l->state.count)
        return e == ERR_OK ? ERR_NOT_FOUND : e;
    bool row = false;
    DB_STMT(stmt, l->db, SQL_GET);
    db_bind(stmt, "i", seq);
    e = db_step(l->db, stmt, &row);
    if (e != ERR_OK)
        return ledger_db_fail(l, e);
    if (!row)
        return ERR_NOT_FOUND;
    struct str hash;
    struct stored s = ledger_row(stmt, &hash);
    buf_clear(&l->got);
    buf_str(&l->got, s.bytes);
    if (!buf_ok(&l->got) || hash.len != HASH_BYTES)
        return ledger_fail(l, ERR_CORRUPT, N_("an event cannot be read"));
    s.bytes = buf_slice(&l->got);
    *out = s;
    return ERR_OK;
}

struct range {
    int sql; /* SQL_UP or SQL_DOWN */
    int64_t low, high;
};

static enum err range_walk(struct ledger *l, struct range range,
                           enum err (*take)(void *ctx, const struct stored *s),
                           void *ctx)
{
    enum err e = ledger_refuse_dead(l);
    if (range.high > l->state.count)
        range.high = l->state.count;
    if (e != ERR_OK || range.high < range.low || !l->db)
        return e;
    DB_STMT(stmt, l->db, range.sql);
    db_bind(stmt, "ii", range.low, range.high);
    for (;;) {
        bool row = false;
        struct str hash;
        e = db_step(l->db, stmt, &row);
        if (e != ERR_OK)
            return ledger_db_fail(l, e);
        if (!row)
            return ERR_OK;
        struct stored s = ledger_row(stmt, &hash);
        if (hash.len != HASH_BYTES)
            return ledger_fail(l, ERR_CORRUPT, N_("an event has no hash"));
        e = take(ctx, &s);
        if (e != ERR_OK)
            return e;
    }
}

enum err ledger_each(struct ledger *l, int64_t from, int64_t to,
                     enum err (*take)(void *ctx, const struct stored *s),
                     void *ctx)
{
    return range_walk(l, (struct range){ SQL_UP, from, to }, take, ctx);
}

enum err ledger_back(struct ledger *l, int64_t from,
                     enum err (*take)(void *ctx, const struct stored *s),
                     void *ctx)
{
    return range_walk(l, (struct range){ SQL_DOWN, 1, from }, take, ctx);
}

/* ---- verifying ---- */

struct witness {
    int64_t count;
    const uint8_t *head;
};

static void feed(struct verifier *v, const struct stored *s, struct str hash,
                 const struct witness *w)
{
    static const uint8_t none[HASH_BYTES]; /* a hash of another length */
    verifier_feed(v, s->bytes, hash.len == HASH_BYTES ? s->hash : none);
    if (v->error == ERR_OK && v->events == w->count)
        verifier_witness(v, w->count, w->head);
}

/* What cannot be read is damage at the number where it lies. */
static enum err unreadable(struct ledger *l, struct verifier *v, enum err e)
{
    if (v->error == ERR_OK) {
        v->error = ERR_CORRUPT;
        v->first_bad = v->events + 1;
    }
    if (l->db)
        ledger_db_fail(l, e);
    return row_err(e) == ERR_CORRUPT ? ERR_OK : ERR_IO;
}

static enum err walk(struct ledger *l, struct verifier *v,
                     const struct witness *w)
{
    DB_STMT(stmt, l->db, SQL_ALL);
    for (;;) {
        bool row = false;
        struct str hash;
        enum err e = db_step(l->db, stmt, &row);
        if (e != ERR_OK)
            return unreadable(l, v, e);
        if (!row || v->error != ERR_OK)
            return ERR_OK;
        struct stored s = ledger_row(stmt, &hash);
        feed(v, &s, hash, w);
    }
}

enum err ledger_verify(struct ledger *l, int64_t ack_count,
                       const uint8_t *ack_head, struct verifier *v)
{
    uint8_t aggregator[KEY_BYTES];
    bool known = hex_bytes(l->state.admission.aggregator, aggregator,
                           sizeof(aggregator));
    verifier_init(v, l->state.key.public_key, known ? aggregator : NULL);
    struct witness w = { ack_count, ack_head };
    enum err e = ledger_refuse_dead(l);
    if (e == ERR_OK && l->db)
        e = walk(l, v, &w);
    if (e != ERR_OK || l->damaged)
        return unreadable(l, v, l->damaged ? ERR_CORRUPT : e);
    if (v->error == ERR_OK && v->events < w.count)
        verifier_witness(v, w.count, w.head);
    if (v->error == ERR_OK && l->db)
        e = db_integrity(l->db);
    return e == ERR_OK ? e : unreadable(l, v, e);
}

void ledger_idle(struct ledger *l)
{
    ASSERT(l->mode == LEDGER_WRITE);
    db_checkpoint(l->db);
}
