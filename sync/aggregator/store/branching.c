/*
 * branching.c - telling kept events of branches from new ones.
 *
 * An event is known by its number and hash. Chains that part never meet
 * again, so a kept branch is walked only until it leaves the push's chain.
 */
#include "branching.h"

#include <stdlib.h>
#include <string.h>

/* An event of a device, and whether the branch looked at last holds it. */
struct sought {
    struct store *store;
    struct str device;
    int64_t seq;
    uint8_t hash[HASH_BYTES];
    bool found;
    int64_t id;    /* of the branch climbed down last */
    int64_t until; /* no further down than to that event */
};

static enum err walk_to(void *ctx, const struct branch *b)
{
    struct sought *at = ctx;
    struct str bytes = b->seg.bytes, line;
    uint8_t hash[HASH_BYTES];

    memcpy(hash, b->previous, HASH_BYTES);
    for (int64_t seq = b->seg.first; seq <= at->seq; seq++) {
        if (!lines_next(&bytes, &line))
            return ERR_OK;
        chain_next(hash, line, hash);
    }
    at->found = memcmp(hash, at->hash, HASH_BYTES) == 0;
    return ERR_OK;
}

/* All that a device has set aside may be much, and others wait meanwhile: the
 * bytes are read only of a branch that goes on behind the event. */
static enum err look_into(struct sought *at, const struct branch *b)
{
    at->found = false;
    if (at->seq < b->seg.first || at->seq > b->seg.last)
        return ERR_OK;
    if (at->seq < b->seg.last)
        return store_branch_get(at->store, at->device, b->id, walk_to, at);
    at->found = memcmp(b->seg.head, at->hash, HASH_BYTES) == 0;
    return ERR_OK;
}

static enum err look_behind(void *ctx, const struct branch *b)
{
    struct sought *at = ctx;

    return at->found ? ERR_OK : look_into(at, b);
}

enum err branch_follows(struct store *s, const struct push *push, bool *follows)
{
    struct str device = push->header.device;
    int64_t seq = push->header.from - 1;
    struct sought at = { .store = s, .device = device, .seq = seq };

    memcpy(at.hash, push->previous, HASH_BYTES);
    enum err e = store_branch_over(s, &(struct stretch){ device, seq, seq },
                                   look_behind, &at);
    if (e == ERR_OK)
        *follows = at.found;
    return e;
}

/* ---- down to where a branch left ------------------------------------------
 */

/* Branches come from the last one on: what a branch left began before it. */
static enum err climb_down(void *ctx, const struct branch *b)
{
    struct sought *at = ctx;

    if (at->seq < at->until)
        return ERR_OK;
    enum err e = look_into(at, b);
    if (e == ERR_OK && at->found) {
        at->id = b->id;
        at->seq = b->seg.first - 1;
        memcpy(at->hash, b->previous, HASH_BYTES);
    }
    return e;
}

enum err branch_whole(struct store *s, const struct push *push, int64_t count,
                      bool *whole)
{
    struct str device = push->header.device;
    struct sought at = { .store = s, .device = device, .seq = push->header.to };
    uint8_t ours[HASH_BYTES];

    memcpy(at.hash, push->head, HASH_BYTES);
    enum err e = store_branch_down(s, device, at.seq, climb_down, &at);
    bool lands = at.seq <= count;
    if (e == ERR_OK && lands)
        e = store_hash_at(s, device, at.seq, ours);
    if (e == ERR_OK)
        *whole = lands && memcmp(ours, at.hash, HASH_BYTES) == 0;
    return e;
}

enum err branch_holding(struct store *s, struct str device,
                        const struct branch *b, int64_t seq, int64_t *id)
{
    struct sought at = { .store = s,
                         .device = device,
                         .seq = b->seg.first - 1,
                         .id = b->id,
                         .until = seq };
    enum err e = ERR_OK;

    memcpy(at.hash, b->previous, HASH_BYTES);
    if (at.seq >= seq)
        e = store_branch_down(s, device, at.seq, climb_down, &at);
    if (e == ERR_OK)
        *id = at.seq < seq ? at.id : 0;
    return e;
}

/* ---- the events of a push, one by one ------------------------------------ */

struct piece {
    uint8_t before[HASH_BYTES], hash[HASH_BYTES];
    struct str line; /* with its newline */
    bool kept;       /* in some branch */
};

struct pieces {
    struct store *store;
    struct str device;
    int64_t from, to;
    struct piece *at; /* of event from + i */
};

static void cut(struct store *s, const struct push *push, struct pieces *p)
{
    const struct push_header *h = &push->header;
    struct str events = push->events, line;
    uint8_t hash[HASH_BYTES];

    *p = (struct pieces){ s, h->device, h->from, h->to, NULL };
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

static enum err mark_over(void *ctx, const struct branch *b)
{
    struct pieces *p = ctx;

    return store_branch_get(p->store, p->device, b->id, mark_kept, p);
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
    cut(s, push, &p);
    struct stretch all = { p.device, p.from, p.to };
    enum err e = store_branch_over(s, &all, mark_over, &p);
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

struct kept { /* a branch, without its bytes */
    int64_t id, first, last;
    uint8_t previous[HASH_BYTES], head[HASH_BYTES];
    enum branch_verdict verdict;
};

struct kept_all {
    struct kept *at; /* in the order of their first events */
    struct kept **by_id;
    size_t n;
};

static void kept_done(struct kept_all *all)
{
    free(all->at);
    free(all->by_id);
}

static enum err take_kept(void *ctx, const struct branch *b)
{
    struct kept_all *all = ctx;
    struct kept k = { .id = b->id, .first = b->seg.first, .last = b->seg.last };

    memcpy(k.previous, b->previous, HASH_BYTES);
    memcpy(k.head, b->seg.head, HASH_BYTES);
    all->at = x_realloc(all->at, (all->n + 1) * sizeof(*all->at));
    all->at[all->n++] = k;
    return ERR_OK;
}

static int by_id(const void *a, const void *b)
{
    const struct kept *const *x = a, *const *y = b;

    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/* NULL: there is none. */
static struct kept *kept_find(const struct kept_all *all, int64_t id)
{
    const struct kept wanted = { .id = id }, *key = &wanted;
    struct kept **found = NULL;

    if (all->n > 0)
        found = bsearch(&key, all->by_id, all->n, sizeof(*all->by_id), by_id);
    return found ? *found : NULL;
}

/* Decisions come in their order: the last one stays. */
static enum err take_verdict(void *ctx, const struct decision *d)
{
    struct str what = str_of(d->what);
    bool counted = str_is(what, "count-branch");

    if (!counted && !str_is(what, "drop-branch"))
        return ERR_OK;
    struct kept *k = kept_find(ctx, d->first);
    if (k)
        k->verdict = counted ? BRANCH_COUNTED : BRANCH_DROPPED;
    return ERR_OK;
}

/* What is kept of the device, and what was decided about it; kept_done() ends
 * it, whatever comes back. */
static enum err kept_load(struct store *s, struct str device,
                          struct kept_all *all)
{
    const struct stretch whole = { device, 1, INT64_MAX };
    enum err e = store_branch_over(s, &whole, take_kept, all);

    if (e != ERR_OK || all->n == 0)
        return e;
    all->by_id = x_alloc(all->n * sizeof(*all->by_id));
    for (size_t i = 0; i < all->n; i++)
        all->by_id[i] = &all->at[i];
    qsort(all->by_id, all->n, sizeof(*all->by_id), by_id);
    return store_decision_each(s, device, take_verdict, all);
}

enum err branch_all_decided(struct store *s, struct str device, bool *decided)
{
    struct kept_all all = { .n = 0 };
    bool none_open = true;
    enum err e = kept_load(s, device, &all);

    for (size_t i = 0; i < all.n; i++)
        none_open = none_open && all.at[i].verdict != BRANCH_OPEN;
    kept_done(&all);
    if (e == ERR_OK)
        *decided = none_open;
    return e;
}

static bool goes_on(const struct kept *behind, const struct kept *k)
{
    return k->first == behind->last + 1 &&
           memcmp(k->previous, behind->head, HASH_BYTES) == 0;
}

/* What goes on behind a branch comes after it. */
static void run_follow(const struct kept_all *all, const struct kept *from,
                       struct branch_run *run)
{
    const struct kept *last = from, *end = all->at + all->n;

    *run = (struct branch_run){ .ids = x_alloc(all->n * sizeof(*run->ids)),
                                .verdict = from->verdict };
    run->ids[run->n++] = from->id;
    for (const struct kept *k = from + 1; k < end; k++) {
        if (k->verdict != run->verdict || !goes_on(last, k))
            continue;
        run->ids[run->n++] = k->id;
        last = k;
    }
}

enum err branch_run(struct store *s, struct str device, int64_t id,
                    struct branch_run *out)
{
    struct kept_all all = { .n = 0 };
    const struct kept *from = NULL;
    enum err e = kept_load(s, device, &all);

    if (e == ERR_OK)
        from = kept_find(&all, id);
    if (e == ERR_OK && !from)
        e = ERR_NOT_FOUND;
    if (e == ERR_OK)
        run_follow(&all, from, out);
    kept_done(&all);
    return e;
}
