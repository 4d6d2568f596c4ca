/*
 * store_roll.c - the watermark: what is folded into the tables, what is folded
 * when it is read, and that both together are exact.
 *
 * A step moves the marks of some devices and adds the fold of the events in
 * between, in one transaction; so at every moment, also after a kill, rows plus
 * the fold of what lies beyond the marks are the fold of everything.
 * Branches stay out of the tables: they are few, and a decision about one then
 * shows at once.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/wire.h"

#include "store_parts.h"

/* ---- decisions as rules -------------------------------------------------- */

struct verdict { /* about a branch */
    int64_t id;
    bool counted; /* or dropped: neither counted nor held */
};

struct verdicts {
    struct fold_rule *rules;
    int n_rules;
    struct verdict *branches;
    int n_branches;
};

static enum err take_decision(void *ctx, const struct decision *d)
{
    struct verdicts *v = ctx;
    struct str what = str_of(d->what);
    bool count = str_is(what, "count-branch");
    if (count || str_is(what, "drop-branch")) {
        size_t size = (size_t)(v->n_branches + 1) * sizeof(*v->branches);
        v->branches = x_realloc(v->branches, size);
        v->branches[v->n_branches++] = (struct verdict){ d->first, count };
        return ERR_OK;
    }
    size_t size = (size_t)(v->n_rules + 1) * sizeof(*v->rules);
    v->rules = x_realloc(v->rules, size);
    v->rules[v->n_rules++] =
        (struct fold_rule){ d->first, d->last,
                            str_is(what, "hold") || str_is(what, "revoke"),
                            str_is(what, "day") ? d->day : 0 };
    return ERR_OK;
}

static void verdicts_done(struct verdicts *v)
{
    free(v->rules);
    free(v->branches);
}

enum err store_rules(struct store *s, struct str device,
                     struct fold_rule **rules, int *n)
{
    struct verdicts v = { .n_rules = 0 };
    enum err e = store_decision_each(s, device, take_decision, &v);
    if (e != ERR_OK) {
        verdicts_done(&v);
        return e;
    }
    *rules = v.rules;
    *n = v.n_rules;
    free(v.branches);
    return ERR_OK;
}

/* ---- folding stored events ----------------------------------------------- */

struct run { /* of one device's events into a fold */
    struct fold *fold;
    struct str device;
    int64_t first, last;
    const struct fold_rule *rules;
    int n_rules;
};

static enum err fold_segment(void *ctx, const struct segment *seg)
{
    struct run *run = ctx;
    struct str bytes = seg->bytes, line;
    enum err e = ERR_OK;
    for (int64_t seq = seg->first; e == ERR_OK && lines_next(&bytes, &line);
         seq++) {
        if (seq < run->first || seq > run->last)
            continue;
        fold_event(run->fold, run->device, line, run->rules, run->n_rules);
        e = fold_spill(run->fold);
    }
    if (e != ERR_OK)
        return e;
    return seg->last >= run->last ? ERR_NOT_FOUND : ERR_OK; /* enough */
}

static enum err fold_run(struct store *s, struct run *run,
                         const struct verdicts *v)
{
    run->rules = v->rules;
    run->n_rules = v->n_rules;
    enum err e = store_segments(s, run->device, run->first, fold_segment, run);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err store_fold_range(struct store *s, struct str device, int64_t first,
                          int64_t last, struct fold *f)
{
    if (first > last)
        return ERR_OK;
    struct run run = {
        .fold = f, .device = device, .first = first, .last = last
    };
    struct verdicts v = { .n_rules = 0 };
    enum err e = store_decision_each(s, device, take_decision, &v);
    if (e == ERR_OK)
        e = fold_run(s, &run, &v);
    verdicts_done(&v);
    return e;
}

/* ---- moving the watermark ------------------------------------------------ */

struct due {
    char fair[FAIR_ROOM], device[DEVICE_LEN + 1];
    int64_t mark, count;
};

struct due_list {
    struct due *due;
    size_t n;
    int64_t room; /* for so many events more */
};

static void due_add(struct due_list *list, const struct due *due)
{
    list->due = x_realloc(list->due, (list->n + 1) * sizeof(*list->due));
    list->due[list->n++] = *due;
}

static enum err due_take(struct query *q, struct due_list *list)
{
    struct due due = { .mark = query_int(q, 1), .count = query_int(q, 2) };
    struct str device = query_str(q, 0), fair = query_str(q, 3);
    if (device.len != DEVICE_LEN || fair.len >= sizeof(due.fair))
        return ERR_CORRUPT;
    memcpy(due.device, device.data, DEVICE_LEN);
    memcpy(due.fair, fair.data, fair.len);
    if (due.count - due.mark > list->room)
        due.count = due.mark + list->room;
    list->room -= due.count - due.mark;
    due_add(list, &due);
    return ERR_OK;
}

/* Those behind `last` in the order of fairs, up to the first of the list. */
static enum err due_behind(struct store *s, const struct last_folded *last,
                           struct due_list *list)
{
    bool row = false;
    QUERY(all, s->engine, SQL_FOLD_DUE);
    query_bind(all, "ss", str_of(last->fair), str_of(last->device));
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row && list->room > 0 &&
           !(list->n > 0 && str_is(query_str(all, 0), list->due[0].device))) {
        e = due_take(all, list);
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    return e;
}

/* Who comes behind whoever was last, then from the beginning: while there is
 * more to fold than a step takes, every device has its turn. */
static enum err due_load(struct store *s, int64_t max_events,
                         struct due_list *list)
{
    static const struct last_folded none;
    struct last_folded *last = &s->last_folded;
    list->room = max_events;
    enum err e = due_behind(s, last, list);
    if (e == ERR_OK && list->room > 0 && last->device[0])
        e = due_behind(s, &none, list);
    *last = none;
    if (list->room == 0 && list->n > 0) { /* or these are all */
        const struct due *end = &list->due[list->n - 1];
        memcpy(last->fair, end->fair, sizeof(last->fair));
        memcpy(last->device, end->device, sizeof(last->device));
    }
    return e;
}

static enum err fold_due(struct store *s, const struct due_list *list,
                         struct fold *f, int64_t *folded)
{
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < list->n; i++) {
        const struct due *due = &list->due[i];
        struct str device = str_of(due->device);
        e = store_fold_range(s, device, due->mark + 1, due->count, f);
        if (e == ERR_OK)
            e = mark_move(s, device, due->count);
        *folded += due->count - due->mark;
    }
    return e;
}

static enum err fold_step(struct store *s, const struct due_list *list,
                          struct fold *f, int64_t *folded)
{
    enum err e = fold_due(s, list, f, folded);
    return e == ERR_OK ? rolls_add(s, f) : e;
}

static enum err give_tables(void *ctx, const struct fold *f)
{
    return rolls_add(ctx, f);
}

/* What a device sent never makes a step take much memory. */
static struct fold *fold_for_tables(struct store *s)
{
    struct fold *f = fold_open();
    fold_bound(f, (struct fold_bound){ give_tables, s });
    return f;
}

/* All due devices in one transaction: what a file does best. */
static enum err fold_together(struct store *s, struct due_list *list,
                              int64_t max_events, int64_t *folded)
{
    GROUP(group);
    enum err e = group_begin(s, &group);
    if (e == ERR_OK)
        e = due_load(s, max_events, list);
    if (e == ERR_OK && list->n > 0) {
        struct fold *f = fold_for_tables(s);
        e = fold_step(s, list, f, folded);
        fold_close(f);
    }
    return e == ERR_OK ? group_commit(&group) : e;
}

struct turn { /* of one device */
    struct due due;
    int64_t folded;
};

/* As it stands once nobody else can change it: since it was found due somebody
 * may have folded or unfolded it. */
static enum err fold_device(struct store *s, void *ctx)
{
    struct turn *turn = ctx;
    struct due now = turn->due;
    struct str device = str_of(now.device);
    struct device d;
    enum err e = store_device_locked(s, device, &d);
    turn->folded = 0;
    if (e == ERR_OK)
        e = derived_hold(s);
    if (e == ERR_OK)
        e = mark_get(s, device, &now.mark);
    if (e != ERR_OK)
        return e;
    now.count = now.mark + (turn->due.count - turn->due.mark);
    if (now.count > d.count)
        now.count = d.count;
    if (now.count <= now.mark)
        return ERR_OK;
    struct due_list one = { .due = &now, .n = 1 };
    struct fold *f = fold_for_tables(s);
    e = fold_step(s, &one, f, &turn->folded);
    fold_close(f);
    return e;
}

/* A transaction for each: what others need of a device waits for its own
 * alone. */
static enum err fold_singly(struct store *s, struct due_list *list,
                            int64_t max_events, int64_t *folded)
{
    enum err e = due_load(s, max_events, list);
    for (size_t i = 0; e == ERR_OK && i < list->n; i++) {
        struct turn turn = { .due = list->due[i] };
        e = store_do(s, fold_device, &turn);
        *folded += turn.folded;
    }
    return e;
}

enum err store_fold_step(struct store *s, int64_t max_events, int64_t *folded)
{
    int64_t n = 0;
    struct due_list list = { .n = 0 };
    enum err e = (store_shared(s) ? fold_singly
                                  : fold_together)(s, &list, max_events, &n);
    free(list.due);
    if (e == ERR_OK)
        *folded = n;
    return e;
}

enum err store_unfold(struct store *s, struct str device)
{
    struct device d;
    GROUP(group);
    enum err e = group_begin(s, &group);
    if (e == ERR_OK)
        e = store_device_locked(s, device, &d);
    if (e == ERR_OK)
        e = derived_hold(s);
    if (e == ERR_OK)
        e = rolls_drop(s, device);
    if (e == ERR_OK)
        e = mark_passed(s, device);
    if (e == ERR_OK)
        e = turn_device(s, device);
    return e == ERR_OK ? group_commit(&group) : e;
}

static enum err take_due(void *ctx, const struct device *d)
{
    struct due due = { .count = d->count };
    memcpy(due.device, d->device, DEVICE_LEN);
    due_add(ctx, &due);
    return ERR_OK;
}

static enum err unfold_due(struct store *s, void *ctx)
{
    const struct due *due = ctx;
    return store_unfold(s, str_of(due->device));
}

/* The tables stay where others work on them. */
enum err store_unfold_all(struct store *s)
{
    struct due_list list = { .n = 0 };
    if (!store_shared(s))
        return store_do(s, derived_anew, NULL);
    enum err e = store_device_each(s, STR(""), take_due, &list);
    for (size_t i = 0; e == ERR_OK && i < list.n; i++)
        e = store_do(s, unfold_due, &list.due[i]);
    free(list.due);
    return e;
}

/* ---- reading ------------------------------------------------------------- */

enum err store_rolls_stored(struct store *s, struct str device,
                            const struct roll_taker *taker)
{
    bool ours = false;
    enum err e = derived_ours(s, &ours);
    return e == ERR_OK && ours ? rolls_read(s, OF_DEVICE_ALONE, device, taker)
                               : e;
}

struct reading { /* of one fair */
    struct store *store;
    struct str fair;
    struct fold *fold; /* of everything that is not in the tables */
};

struct aside {
    struct run run;
    const struct verdicts *verdicts;
};

/* What is decided about all events of a branch; false: it was dropped. */
static bool branch_rule(const struct verdicts *v, const struct branch *b,
                        struct fold_rule *rule)
{
    bool dropped = false;
    *rule = (struct fold_rule){ .first = 1, .last = INT64_MAX, .hold = true };
    for (int i = 0; i < v->n_branches; i++) {
        if (v->branches[i].id != b->id)
            continue;
        rule->hold = !v->branches[i].counted;
        dropped = !v->branches[i].counted;
    }
    return !dropped;
}

static enum err take_branch(void *ctx, const struct branch *b)
{
    struct aside *aside = ctx;
    struct fold_rule rule;
    if (!branch_rule(aside->verdicts, b, &rule))
        return ERR_OK;
    aside->run.first = b->seg.first;
    aside->run.last = b->seg.last;
    aside->run.rules = &rule;
    aside->run.n_rules = 1;
    enum err e = fold_segment(&aside->run, &b->seg);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err fold_aside(struct reading *r, struct str device)
{
    struct verdicts v = { .n_rules = 0 };
    struct aside aside = { { .fold = r->fold, .device = device }, &v };
    enum err e = store_decision_each(r->store, device, take_decision, &v);
    if (e == ERR_OK)
        e = store_branch_each(r->store, device, take_branch, &aside);
    verdicts_done(&v);
    return e;
}

static enum err fold_branches(struct reading *r)
{
    bool row = false;
    QUERY(all, r->store->engine, SQL_BRANCHED_OF);
    query_bind(all, "s", r->fair);
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        e = fold_aside(r, query_str(all, 0));
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    return e;
}

struct counted {
    const struct verdicts *verdicts;
    enum err (*take)(void *ctx, const struct branch *b);
    void *ctx;
};

static enum err take_counted(void *ctx, const struct branch *b)
{
    const struct counted *c = ctx;
    struct fold_rule rule;
    bool counted = branch_rule(c->verdicts, b, &rule) && !rule.hold;
    return counted ? c->take(c->ctx, b) : ERR_OK;
}

enum err store_counted_each(struct store *s, struct str device,
                            enum err (*take)(void *ctx, const struct branch *b),
                            void *ctx)
{
    struct verdicts v = { .n_rules = 0 };
    struct counted counted = { &v, take, ctx };
    enum err e = store_decision_each(s, device, take_decision, &v);
    if (e == ERR_OK && v.n_branches > 0)
        e = store_branch_each(s, device, take_counted, &counted);
    verdicts_done(&v);
    return e;
}

/* Without tables everything lies beyond. */
static enum err fold_whole(void *ctx, const struct device *d)
{
    struct reading *r = ctx;
    return store_fold_range(r->store, str_of(d->device), 1, d->count, r->fold);
}

enum err store_rolls(struct store *s, struct str fair,
                     const struct roll_taker *taker)
{
    bool ours = false;
    struct reading r = { s, fair, fold_open() };
    fold_bound_taker(r.fold, taker);
    enum err e = derived_ours(s, &ours);
    if (e == ERR_OK && ours)
        e = rolls_read(s, OF_WHOLE_FAIR, fair, taker);
    if (e == ERR_OK)
        e = ours ? ahead_read(s, fair, taker)
                 : store_device_each(s, fair, fold_whole, &r);
    if (e == ERR_OK)
        e = fold_branches(&r);
    if (e == ERR_OK)
        e = fold_each_any(r.fold, taker);
    fold_close(r.fold);
    return e;
}

/* ---- event by event ------------------------------------------------------ */

struct walk {
    struct str device;
    struct verdicts verdicts;
    int64_t from;
    uint8_t head[HASH_BYTES]; /* of the event before */
    enum err (*take)(void *ctx, const struct folded *e);
    void *ctx;
};

static enum err walk_event(struct walk *w, struct folded *e,
                           const struct fold_rule *rules, int n_rules)
{
    uint8_t hash[HASH_BYTES];
    struct fold *fold = fold_open();
    chain_next(w->head, e->line, hash);
    fold_event(fold, w->device, e->line, rules, n_rules);
    e->before = w->head;
    e->hash = hash;
    e->fold = fold;
    enum err result = w->take(w->ctx, e);
    fold_close(fold);
    memcpy(w->head, hash, HASH_BYTES);
    return result;
}

static enum err walk_segment(void *ctx, const struct segment *seg)
{
    struct walk *w = ctx;
    const struct verdicts *v = &w->verdicts;
    struct str bytes = seg->bytes;
    struct folded event = { .seq = seg->first, .seg = seg };
    enum err e = ERR_OK;
    for (; e == ERR_OK && lines_next(&bytes, &event.line); event.seq++) {
        if (event.seq >= w->from)
            e = walk_event(w, &event, v->rules, v->n_rules);
    }
    return e;
}

static enum err walk_branch(void *ctx, const struct branch *b)
{
    struct walk *w = ctx;
    struct str bytes = b->seg.bytes;
    struct folded event = { .seq = b->seg.first,
                            .branch = b->id,
                            .seg = &b->seg };
    struct fold_rule rule;
    enum err e = ERR_OK;
    if (!branch_rule(&w->verdicts, b, &rule))
        return ERR_OK;
    memcpy(w->head, b->previous, HASH_BYTES);
    for (; e == ERR_OK && lines_next(&bytes, &event.line); event.seq++)
        e = walk_event(w, &event, &rule, 1);
    return e;
}

enum err store_folded_each(struct store *s, struct str device, int64_t from,
                           enum err (*take)(void *ctx, const struct folded *e),
                           void *ctx)
{
    struct walk w = {
        .device = device, .from = from, .take = take, .ctx = ctx
    };
    ASSERT(from > 0);
    enum err e = store_hash_at(s, device, from - 1, w.head);
    if (e == ERR_OK)
        e = store_decision_each(s, device, take_decision, &w.verdicts);
    if (e == ERR_OK)
        e = store_segments(s, device, from, walk_segment, &w);
    if (e == ERR_OK || e == ERR_NOT_FOUND)
        e = store_branch_each(s, device, walk_branch, &w);
    verdicts_done(&w.verdicts);
    return e;
}
