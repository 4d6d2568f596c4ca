/*
 * store_ahead.c - what a reader has folded of the events beyond the watermark,
 * kept from one report to the next: while devices push, a report folds what
 * came since the last one and not all that the writer has not come to.
 *
 * Invariant: an entry is the fold of the device's events behind `mark` up to
 * `upto`, under its first `decisions` decisions. Where any of these is not what
 * the store says now, it is made anew; what was acknowledged never changes.
 * What a fair's report does not need any more goes with it.
 */
#include <stdlib.h>
#include <string.h>

#include "store_parts.h"

enum {
    AHEAD_FAIRS = 4,
    AHEAD_MOST = 256,             /* devices of a fair that are kept */
    AHEAD_BYTES = 4 * 1024 * 1024 /* of their rows together */
};

struct entry {
    char device[DEVICE_LEN + 1];
    int64_t mark, upto, decisions;
    struct fold *fold;
};

struct folded_fair {
    char fair[17];
    struct entry *entries; /* by device */
    size_t n;
};

struct ahead {
    struct folded_fair fairs[AHEAD_FAIRS];
    int next; /* the one that gives way */
};

static void entries_close(struct entry *entries, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fold_close(entries[i].fold);
    free(entries);
}

static void fair_close(struct folded_fair *f)
{
    entries_close(f->entries, f->n);
    *f = (struct folded_fair){ .n = 0 };
}

void ahead_close(struct ahead *all)
{
    for (int i = 0; all && i < AHEAD_FAIRS; i++)
        fair_close(&all->fairs[i]);
    free(all);
}

/* NULL: nothing was folded of it. */
static struct folded_fair *fair_find(struct store *s, struct str fair)
{
    for (int i = 0; s->ahead && i < AHEAD_FAIRS; i++) {
        if (str_is(fair, s->ahead->fairs[i].fair))
            return &s->ahead->fairs[i];
    }
    return NULL;
}

static struct folded_fair *fair_of(struct store *s, struct str fair)
{
    struct folded_fair *f = fair_find(s, fair);
    if (f)
        return f;
    if (!s->ahead)
        s->ahead = x_alloc(sizeof(*s->ahead));
    f = &s->ahead->fairs[s->ahead->next];
    s->ahead->next = (s->ahead->next + 1) % AHEAD_FAIRS;
    fair_close(f);
    ASSERT(fair.len < sizeof(f->fair));
    memcpy(f->fair, fair.data, fair.len);
    return f;
}

/* What there is to fold, in the order of the devices. */
static enum err wanted_load(struct store *s, struct str fair,
                            struct entry **out, size_t *n)
{
    bool row = false;
    QUERY(all, s->engine, SQL_BEYOND_OF);
    query_bind(all, "s", fair);
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        struct str device = query_str(all, 0);
        struct entry want = { .mark = query_int(all, 1),
                              .upto = query_int(all, 2),
                              .decisions = query_int(all, 3) };
        if (device.len != DEVICE_LEN)
            return ERR_CORRUPT;
        memcpy(want.device, device.data, DEVICE_LEN);
        *out = x_realloc(*out, (*n + 1) * sizeof(**out));
        (*out)[(*n)++] = want;
        e = query_step(all, &row);
    }
    return e;
}

/* The fold for `want` and the number of the event that it goes up to: the one
 * that was kept, if that is still true. `old` moves along with the devices. */
static int64_t fold_take(struct entry **old, const struct entry *end,
                         struct entry *want)
{
    struct entry *o = *old;
    while (o < end && strcmp(o->device, want->device) < 0)
        o++;
    *old = o;
    bool kept = o < end && o->fold && strcmp(o->device, want->device) == 0 &&
                o->mark == want->mark && o->decisions == want->decisions &&
                o->upto <= want->upto;
    want->fold = kept ? o->fold : fold_open();
    if (kept)
        o->fold = NULL;
    return kept ? o->upto : want->mark;
}

static enum err give_taker(void *ctx, const struct fold *f)
{
    return fold_each_any(f, ctx);
}

void fold_bound_taker(struct fold *f, const struct roll_taker *taker)
{
    fold_bound(f, (struct fold_bound){ give_taker, (void *)(uintptr_t)taker });
}

static enum err fold_all(struct store *s, struct folded_fair *f,
                         struct entry *wanted, size_t n,
                         const struct roll_taker *taker)
{
    struct entry *old = f->entries;
    struct entry *end = f->n > 0 ? old + f->n : old; /* NULL + 0 is undefined */
    size_t held = 0;
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        struct entry *want = &wanted[i];
        int64_t from = fold_take(&old, end, want);
        fold_bound_taker(want->fold, taker);
        e = store_fold_range(s, str_of(want->device), from + 1, want->upto,
                             want->fold);
        fold_rest(want->fold);
        if (e == ERR_OK)
            e = fold_each_any(want->fold, taker);
        held += fold_bytes(want->fold);
        if (i < AHEAD_MOST && !fold_spilled(want->fold) && held <= AHEAD_BYTES)
            continue;
        held -= fold_bytes(want->fold);
        fold_close(want->fold);
        want->fold = NULL;
    }
    return e;
}

enum err ahead_read(struct store *s, struct str fair,
                    const struct roll_taker *taker)
{
    struct entry *wanted = NULL;
    size_t n = 0;
    enum err e = wanted_load(s, fair, &wanted, &n);
    struct folded_fair *f = n > 0 ? fair_of(s, fair) : fair_find(s, fair);
    if (e == ERR_OK && f)
        e = fold_all(s, f, wanted, n, taker);
    if (!f)
        return e;
    entries_close(f->entries, f->n);
    if (e != ERR_OK) { /* some folds are not whole */
        entries_close(wanted, n);
        wanted = NULL;
        n = 0;
    }
    f->entries = wanted;
    f->n = n < AHEAD_MOST ? n : AHEAD_MOST;
    return e;
}
