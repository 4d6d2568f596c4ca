/*
 * branching.c - telling kept events of branches from new ones.
 *
 * An event is known by its number and hash. Chains that part never meet
 * again, so a kept branch is walked only until it leaves the push's chain.
 */
#include "branching.h"

#include <stdlib.h>
#include <string.h>

/* Walks `b` up to event `seq`; its hash goes to `hash`. */
static bool hash_in_branch(const struct branch *b, int64_t seq,
                           uint8_t hash[HASH_BYTES])
{
    struct str bytes = b->seg.bytes, line;

    if (seq < b->seg.first || seq > b->seg.last)
        return false;
    memcpy(hash, b->previous, HASH_BYTES);
    for (int64_t at = b->seg.first; at <= seq; at++) {
        if (!lines_next(&bytes, &line))
            return false;
        chain_next(hash, line, hash);
    }
    return true;
}

struct following {
    const struct push *push;
    bool found;
};

static enum err look_behind(void *ctx, const struct branch *b)
{
    struct following *f = ctx;
    uint8_t hash[HASH_BYTES];

    if (!f->found && hash_in_branch(b, f->push->header.from - 1, hash))
        f->found = memcmp(hash, f->push->previous, HASH_BYTES) == 0;
    return ERR_OK;
}

enum err branch_follows(struct store *s, const struct push *push, bool *follows)
{
    struct following f = { push, false };
    enum err e = store_branch_each(s, push->header.device, look_behind, &f);

    if (e == ERR_OK)
        *follows = f.found;
    return e;
}

/* ---- down to where a branch left ------------------------------------------
 */

struct descent {
    int64_t seq;
    uint8_t hash[HASH_BYTES];
};

/* Branches come from the last one on: what a branch left began before it. */
static enum err climb_down(void *ctx, const struct branch *b)
{
    struct descent *d = ctx;
    uint8_t hash[HASH_BYTES];

    if (!hash_in_branch(b, d->seq, hash) ||
        memcmp(hash, d->hash, HASH_BYTES) != 0)
        return ERR_OK;
    d->seq = b->seg.first - 1;
    memcpy(d->hash, b->previous, HASH_BYTES);
    return ERR_OK;
}

enum err branch_whole(struct store *s, const struct push *push, int64_t count,
                      bool *whole)
{
    struct str device = push->header.device;
    struct descent d = { .seq = push->header.to };
    uint8_t ours[HASH_BYTES];

    memcpy(d.hash, push->head, HASH_BYTES);
    enum err e = store_branch_down(s, device, climb_down, &d);
    bool lands = d.seq <= count;
    if (e == ERR_OK && lands)
        e = store_hash_at(s, device, d.seq, ours);
    if (e == ERR_OK)
        *whole = lands && memcmp(ours, d.hash, HASH_BYTES) == 0;
    return e;
}

/* ---- the events of a push, one by one ------------------------------------ */

struct piece {
    uint8_t before[HASH_BYTES], hash[HASH_BYTES];
    struct str line; /* with its newline */
    bool kept;       /* in some branch */
};

struct pieces {
    int64_t from, to;
    struct piece *at; /* of event from + i */
};

static void cut(const struct push *push, struct pieces *p)
{
    struct str events = push->events, line;
    uint8_t hash[HASH_BYTES];

    *p = (struct pieces){ push->header.from, push->header.to, NULL };
    p->at = x_alloc((size_t)push->n * sizeof(*p->at));
    memcpy(hash, push->previous, HASH_BYTES);
    for (int64_t i = 0; i < push->n; i++) {
        struct piece *piece = &p->at[i];
        bool any = lines_next(&events, &line);

        ASSERT(any);
        memcpy(piece->before, hash, HASH_BYTES);
        chain_next(hash, line, hash);
        memcpy(piece->hash, hash, HASH_BYTES);
        piece->line = (struct str){ line.data, line.len + 1 };
    }
}

static enum err mark_kept(void *ctx, const struct branch *b)
{
    struct pieces *p = ctx;
    struct str bytes = b->seg.bytes, line;
    uint8_t hash[HASH_BYTES];
    int64_t seq = b->seg.first;

    if (b->seg.last < p->from)
        return ERR_OK;
    memcpy(hash, b->previous, HASH_BYTES);
    for (; seq <= p->to && lines_next(&bytes, &line); seq++) {
        chain_next(hash, line, hash);
        if (seq < p->from)
            continue;
        if (memcmp(hash, p->at[seq - p->from].hash, HASH_BYTES) != 0)
            return ERR_OK;
        p->at[seq - p->from].kept = true;
    }
    return ERR_OK;
}

/* Adds the run of new events that begins with `*seq`, and moves behind it. */
static enum err keep_run(struct store *s, const struct push *push,
                         const struct pieces *p, int64_t now_ms, int64_t *seq)
{
    const struct piece *at = &p->at[*seq - p->from];
    struct branch b = { .seg = { .first = *seq, .bytes = at->line },
                        .previous = at->before,
                        .at_ms = now_ms };

    for (b.seg.last = *seq; b.seg.last < p->to && !at[1].kept; b.seg.last++)
        b.seg.bytes.len += (++at)->line.len;
    b.seg.head = at->hash;
    *seq = b.seg.last + 1;
    return store_branch_add(s, push->header.device, &b);
}

enum err branch_keep(struct store *s, const struct push *push, int64_t first,
                     int64_t now_ms)
{
    struct pieces p;
    int64_t seq = first;

    ASSERT(first >= push->header.from);
    cut(push, &p);
    enum err e = store_branch_each(s, push->header.device, mark_kept, &p);
    while (e == ERR_OK && seq <= p.to) {
        if (p.at[seq - p.from].kept)
            seq++;
        else
            e = keep_run(s, push, &p, now_ms, &seq);
    }
    free(p.at);
    return e;
}

/* ---- decisions about branches -------------------------------------------- */

struct numbers {
    int64_t *id; /* 0: somebody has decided */
    size_t n;
};

static enum err take_number(void *ctx, const struct branch *b)
{
    struct numbers *open = ctx;

    open->id = x_realloc(open->id, (open->n + 1) * sizeof(*open->id));
    open->id[open->n++] = b->id;
    return ERR_OK;
}

static enum err strike_out(void *ctx, const struct decision *d)
{
    struct numbers *open = ctx;
    struct str what = str_of(d->what);

    if (!str_is(what, "count-branch") && !str_is(what, "drop-branch"))
        return ERR_OK;
    for (size_t i = 0; i < open->n; i++) {
        if (open->id[i] == d->first)
            open->id[i] = 0;
    }
    return ERR_OK;
}

/* The branches that wait for a decision; `open` is the caller's to free. */
static enum err open_numbers(struct store *s, struct str device,
                             struct numbers *open)
{
    enum err e = store_branch_each(s, device, take_number, open);

    return e == ERR_OK ? store_decision_each(s, device, strike_out, open) : e;
}

enum err branch_all_decided(struct store *s, struct str device, bool *decided)
{
    struct numbers open = { NULL, 0 };
    bool none = true;
    enum err e = open_numbers(s, device, &open);

    for (size_t i = 0; i < open.n; i++)
        none = none && open.id[i] == 0;
    free(open.id);
    if (e == ERR_OK)
        *decided = none;
    return e;
}

struct succession {
    const struct numbers *open;
    int64_t id, last, next; /* last: 0 until `id` was seen */
    uint8_t head[HASH_BYTES];
};

static bool is_open(const struct numbers *open, int64_t id)
{
    for (size_t i = 0; i < open->n; i++) {
        if (open->id[i] == id)
            return true;
    }
    return false;
}

/* Branches come in the order of their first events. */
static enum err look_on(void *ctx, const struct branch *b)
{
    struct succession *s = ctx;

    if (b->id == s->id) {
        s->last = b->seg.last;
        memcpy(s->head, b->seg.head, HASH_BYTES);
    } else if (s->last > 0 && s->next == 0 && b->seg.first == s->last + 1 &&
               memcmp(b->previous, s->head, HASH_BYTES) == 0 &&
               is_open(s->open, b->id)) {
        s->next = b->id;
    }
    return ERR_OK;
}

enum err branch_next(struct store *s, struct str device, int64_t id,
                     int64_t *next)
{
    struct numbers open = { NULL, 0 };
    struct succession on = { .open = &open, .id = id };
    enum err e = open_numbers(s, device, &open);

    if (e == ERR_OK)
        e = store_branch_each(s, device, look_on, &on);
    free(open.id);
    if (e == ERR_OK)
        *next = on.next;
    return e;
}
