/*
 * store_event.c - acknowledged events as segments, branches set aside, and
 * people's decisions.
 *
 * Bytes are stored as they came and given back as they are. The device's row
 * holds count and head: it is what makes a batch count exactly once.
 */
#include <sodium.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/wire.h"

#include "packed.h"
#include "store_parts.h"

enum {
    CHECK_BYTES = 4,
    MAX_WHAT = 16 /* a decision's word; the table checks it */
};

static struct str hash_slice(const uint8_t hash[HASH_BYTES])
{
    return (struct str){ (const char *)hash, HASH_BYTES };
}

/* ---- segments ------------------------------------------------------------ */

/* Eight bytes from p on, the first the lowest, on any machine. */
static uint64_t word_at(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
           (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
           (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* A sum of 64 bits in which every wrong word shows: each step is a bijection
 * of the sum before it, and of the word. Its highest bits have seen most. */
static void check_make(struct str line, uint8_t out[CHECK_BYTES])
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    const uint8_t *p = (const uint8_t *)line.data;
    uint64_t sum = (uint64_t)line.len * odd;
    uint8_t rest[8] = { 0 };
    for (; line.len >= 8; p += 8, line.len -= 8) {
        sum = (sum ^ word_at(p)) * odd;
        sum ^= sum >> 32;
    }
    if (line.len > 0)
        memcpy(rest, p, line.len);
    sum = (sum ^ word_at(rest)) * odd;
    sum = (sum ^ sum >> 32) * odd;
    for (int i = 0; i < CHECK_BYTES; i++)
        out[i] = (uint8_t)(sum >> (32 + 8 * i));
}

/* As they were made before: the first bytes of a hash under a fixed key. */
static void old_check_make(struct str line, uint8_t out[CHECK_BYTES])
{
    static const uint8_t key[crypto_shorthash_KEYBYTES];
    uint8_t hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, (const uint8_t *)line.data, line.len, key);
    memcpy(out, hash, CHECK_BYTES);
}

bool segment_check(const struct segment *seg, int64_t n, struct str line)
{
    uint8_t check[CHECK_BYTES], old[CHECK_BYTES];
    if (seg->checks.len == 0)
        return true;
    size_t at = (size_t)n * CHECK_BYTES;
    if (n < 0 || at + CHECK_BYTES > seg->checks.len)
        return false;
    check_make(line, check);
    old_check_make(line, old);
    const char *kept = seg->checks.data + at;
    return memcmp(kept, check, CHECK_BYTES) == 0 ||
           memcmp(kept, old, CHECK_BYTES) == 0;
}

void checks_put(struct str lines, struct buf *checks)
{
    struct str line;
    while (lines_next(&lines, &line)) {
        uint8_t check[CHECK_BYTES];
        check_make(line, check);
        buf_put(checks, check, sizeof(check));
    }
}

/* The head moves to the segment's end, if it follows what is held. */
static enum err head_move(struct store *s, struct str device,
                          const struct segment *seg)
{
    QUERY(move, s->engine, SQL_DEVICE_MOVE);
    query_bind(move, "ibsi", seg->last, hash_slice(seg->head), device,
               seg->first - 1);
    enum err e = query_run(move);
    ASSERT(e != ERR_OK || query_changes(move) == 1);
    return e;
}

static enum err head_take(struct store *s, struct str device,
                          const struct segment *seg, const struct heartbeat *h)
{
    QUERY(take, s->engine, SQL_DEVICE_TAKE);
    query_bind(take, "iiiiisibsi", h->seen_ms, h->unsent, h->offset_ms,
               h->disk_mb, h->list, h->program, seg->last,
               hash_slice(seg->head), device, seg->first - 1);
    enum err e = query_run(take);
    ASSERT(e != ERR_OK || query_changes(take) == 1);
    return e;
}

enum err segment_add(struct store *s, struct str device,
                     const struct segment *seg)
{
    BUF(checks, MAX_BATCH);
    checks_put(seg->bytes, &checks);
    ASSERT(buf_ok(&checks));
    QUERY(add, s->engine, SQL_SEGMENT_ADD);
    query_bind(add, "siisbb", device, seg->first, seg->last, seg->bytes,
               hash_slice(seg->head), buf_slice(&checks));
    return query_post(add);
}

enum err store_append(struct store *s, struct str device,
                      const struct segment *seg, const struct heartbeat *heard)
{
    ASSERT(seg->first >= 1 && seg->last >= seg->first);
    enum err e = segment_add(s, device, seg);
    if (e == ERR_OK)
        e = heard ? head_take(s, device, seg, heard)
                  : head_move(s, device, seg);
    return e == ERR_OK ? mark_passed(s, device) : e;
}

static enum err segment_read(struct query *q, struct segment *out)
{
    struct str head = query_str(q, 3);
    *out = (struct segment){ .first = query_int(q, 0),
                             .last = query_int(q, 1),
                             .bytes = query_str(q, 2),
                             .head = (const uint8_t *)head.data,
                             .checks = query_str(q, 4) };
    return head.len == HASH_BYTES ? ERR_OK : ERR_CORRUPT;
}

static enum err unpacked_each(struct store *s, struct str device, int64_t from,
                              enum err (*take)(void *ctx,
                                               const struct segment *seg),
                              void *ctx)
{
    bool row = false;
    struct segment seg;
    QUERY(all, s->engine, SQL_SEGMENT_FROM);
    query_bind(all, "si", device, from);
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        e = segment_read(all, &seg);
        if (e == ERR_OK && seg.last >= from)
            e = take(ctx, &seg);
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    return e;
}

enum err store_segments(struct store *s, struct str device, int64_t from,
                        enum err (*take)(void *ctx, const struct segment *seg),
                        void *ctx)
{
    enum err e = packed_each(s, device, from, take, ctx);
    return e == ERR_OK ? unpacked_each(s, device, from, take, ctx) : e;
}

enum err store_hash_before(struct store *s, const struct device *d,
                           int64_t first, uint8_t out[HASH_BYTES])
{
    bool row = false;
    int64_t last = 0;
    uint8_t hash[HASH_BYTES];
    if (first == 1) {
        chain_start(d->public_key, out);
        return ERR_OK;
    }
    QUERY(get, s->engine, SQL_SEGMENT_BEFORE);
    query_bind(get, "si", str_of(d->device), first);
    enum err e = query_step(get, &row);
    if (e == ERR_OK && row) {
        last = query_int(get, 0);
        e = store_hash(query_str(get, 1), hash);
    } else if (e == ERR_OK) {
        e = packed_before(s, str_of(d->device), first, &last, hash);
    }
    if (e == ERR_OK && last != first - 1)
        e = ERR_CORRUPT;
    if (e == ERR_OK)
        memcpy(out, hash, HASH_BYTES);
    return e;
}

/* ---- the hash of an event ------------------------------------------------ */

struct wanted {
    struct store *store;
    const struct device *device;
    int64_t seq;
    uint8_t hash[HASH_BYTES];
};

/* Walks the segment to its end, so that a wrong byte behind the event is seen
 * too. */
static enum err hash_inside(const struct segment *seg, struct wanted *w)
{
    uint8_t head[HASH_BYTES];
    struct str bytes = seg->bytes, line;
    int64_t at = seg->first;
    enum err e = store_hash_before(w->store, w->device, at, head);
    if (e != ERR_OK)
        return e;
    for (; lines_next(&bytes, &line); at++) {
        chain_next(head, line, head);
        if (at == w->seq)
            memcpy(w->hash, head, HASH_BYTES);
    }
    bool sound = w->seq >= seg->first && at - 1 == seg->last &&
                 memcmp(head, seg->head, HASH_BYTES) == 0;
    return sound ? ERR_OK : ERR_CORRUPT;
}

static enum err take_holding(void *ctx, const struct segment *seg)
{
    enum err e = hash_inside(seg, ctx);
    return e == ERR_OK ? ERR_NOT_FOUND : e; /* enough */
}

enum err store_hash_at(struct store *s, struct str device, int64_t seq,
                       uint8_t out[HASH_BYTES])
{
    struct device d;
    struct wanted w = { .store = s, .device = &d, .seq = seq };
    enum err e = store_device(s, device, &d);
    if (e != ERR_OK)
        return e;
    if (seq < 0 || seq > d.count)
        return ERR_NOT_FOUND;
    if (seq == d.count) {
        memcpy(out, d.head, HASH_BYTES);
        return ERR_OK;
    }
    if (seq == 0)
        return store_hash_before(s, &d, 1, out);
    e = store_segments(s, device, seq, take_holding, &w);
    if (e != ERR_NOT_FOUND)
        return e == ERR_OK ? ERR_CORRUPT : e; /* nothing holds it */
    memcpy(out, w.hash, HASH_BYTES);
    return ERR_OK;
}

/* ---- branches ------------------------------------------------------------ */

static bool begins_with(struct str whole, struct str part)
{
    return part.len <= whole.len &&
           memcmp(whole.data, part.data, part.len) == 0;
}

/* Moves `rest` behind one kept branch that it begins with (*moved), or to
 * nothing when it is the beginning of one. Bytes end with a newline, so that
 * equal bytes are whole equal events. */
static enum err branch_skip(struct store *s, struct str device,
                            struct branch *rest, uint8_t previous[HASH_BYTES],
                            bool *moved)
{
    bool row = false;
    struct segment *seg = &rest->seg;
    QUERY(at, s->engine, SQL_BRANCH_AT);
    query_bind(at, "sib", device, seg->first, hash_slice(previous));
    enum err e = query_step(at, &row);
    for (; e == ERR_OK && row; e = query_step(at, &row)) {
        struct str kept = query_str(at, 1);
        if (begins_with(kept, seg->bytes)) {
            seg->bytes.len = 0;
            return ERR_OK;
        }
        if (begins_with(seg->bytes, kept)) {
            seg->first = query_int(at, 0) + 1;
            seg->bytes.data += kept.len;
            seg->bytes.len -= kept.len;
            *moved = true;
            return store_hash(query_str(at, 2), previous);
        }
    }
    return e;
}

enum err store_branch_add(struct store *s, struct str device,
                          const struct branch *b)
{
    struct branch rest = *b;
    uint8_t previous[HASH_BYTES];
    bool moved = true;
    enum err e = ERR_OK;
    memcpy(previous, b->previous, HASH_BYTES);
    while (e == ERR_OK && moved && rest.seg.bytes.len > 0) {
        moved = false;
        e = branch_skip(s, device, &rest, previous, &moved);
    }
    if (e != ERR_OK || rest.seg.bytes.len == 0)
        return e;
    QUERY(add, s->engine, SQL_BRANCH_ADD);
    query_bind(add, "siibsbi", device, rest.seg.first, rest.seg.last,
               hash_slice(previous), rest.seg.bytes, hash_slice(rest.seg.head),
               rest.at_ms);
    e = query_run(add);
    return e == ERR_OK ? turn_device(s, device) : e;
}

/* The rows of `all`, a query whose device is bound. */
static enum err branch_rows(struct query *all,
                            enum err (*take)(void *ctx, const struct branch *b),
                            void *ctx)
{
    bool row = false;
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        struct str previous = query_str(all, 3), head = query_str(all, 5);
        struct branch b = { .id = query_int(all, 0),
                            .seg = { .first = query_int(all, 1),
                                     .last = query_int(all, 2),
                                     .bytes = query_str(all, 4),
                                     .head = (const uint8_t *)head.data },
                            .previous = (const uint8_t *)previous.data,
                            .at_ms = query_int(all, 6) };
        e = previous.len == HASH_BYTES && head.len == HASH_BYTES ? take(ctx, &b)
                                                                 : ERR_CORRUPT;
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    return e;
}

enum err store_branch_each(struct store *s, struct str device,
                           enum err (*take)(void *ctx, const struct branch *b),
                           void *ctx)
{
    QUERY(all, s->engine, SQL_BRANCH_ALL);
    query_bind(all, "s", device);
    return branch_rows(all, take, ctx);
}

enum err store_branch_get(struct store *s, struct str device, int64_t id,
                          enum err (*take)(void *ctx, const struct branch *b),
                          void *ctx)
{
    QUERY(one, s->engine, SQL_BRANCH_GET);
    query_bind(one, "si", device, id);
    return branch_rows(one, take, ctx);
}

enum err store_branch_over(struct store *s, const struct stretch *stretch,
                           enum err (*take)(void *ctx, const struct branch *b),
                           void *ctx)
{
    QUERY(all, s->engine, SQL_BRANCH_OVER);
    query_bind(all, "sii", stretch->device, stretch->first, stretch->last);
    return branch_rows(all, take, ctx);
}

enum err store_branch_down(struct store *s, struct str device, int64_t seq,
                           enum err (*take)(void *ctx, const struct branch *b),
                           void *ctx)
{
    QUERY(all, s->engine, SQL_BRANCH_DOWN);
    query_bind(all, "si", device, seq);
    return branch_rows(all, take, ctx);
}

/* ---- decisions ----------------------------------------------------------- */

enum err store_decide_ahead(struct store *s, struct str device,
                            const struct decision *d)
{
    QUERY(add, s->engine, SQL_DECISION_ADD);
    query_bind(add, "sisiiis", device, d->at_ms, str_of(d->what), d->first,
               d->last, (int64_t)d->day, d->reason);
    return query_run(add);
}

enum err store_decide(struct store *s, struct str device,
                      const struct decision *d)
{
    int64_t mark = 0;
    struct device locked; /* against folding, too */
    struct str what = str_of(d->what);
    enum err e = store_device_locked(s, device, &locked);
    if (e != ERR_OK)
        return e;
    e = store_decide_ahead(s, device, d);
    if (e == ERR_OK)
        e = derived_hold(s);
    if (e == ERR_OK)
        e = store_mark(s, device, &mark);
    if (e == ERR_OK)
        e = turn_device(s, device);
    if (e != ERR_OK)
        return e;
    /* Branches are folded when they are read. */
    bool branch = str_is(what, "count-branch") || str_is(what, "drop-branch");
    return branch || d->first > mark ? ERR_OK : store_unfold(s, device);
}

enum err store_decision_each(struct store *s, struct str device,
                             enum err (*take)(void *ctx,
                                              const struct decision *d),
                             void *ctx)
{
    bool row = false;
    BUF(what, MAX_WHAT);
    QUERY(all, s->engine, SQL_DECISION_ALL);
    query_bind(all, "s", device);
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        buf_clear(&what);
        buf_str(&what, query_str(all, 1));
        struct decision d = { query_int(all, 0),      buf_text(&what),
                              query_int(all, 2),      query_int(all, 3),
                              (int)query_int(all, 4), query_str(all, 5) };
        e = take(ctx, &d);
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    return e;
}
