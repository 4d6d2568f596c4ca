/*
 * check.c - verify and rebuild: the same fold and the same walk as everywhere
 * else, over everything, compared with what is stored.
 *
 * Rows are compared as one string per device, so that memory does not grow with
 * the number of devices. It mends nothing: `rebuild` does.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/money.h"
#include "fair/verify.h"
#include "fair/wire.h"

#include "crew.h"

enum { REBUILD_STEP = 60000 /* events a transaction */ };

/* ---- one device's bytes -------------------------------------------------- */

struct chain {
    int64_t count;
    uint8_t head[HASH_BYTES];
};

static enum err chain_segment(void *ctx, const struct segment *seg)
{
    struct chain *c = ctx;
    struct str bytes = seg->bytes, line;
    for (; lines_next(&bytes, &line); c->count++)
        chain_next(c->head, line, c->head);
    bool ends =
        c->count == seg->last && memcmp(c->head, seg->head, HASH_BYTES) == 0;
    return ends ? ERR_OK : ERR_CORRUPT;
}

enum err check_chain(struct store *s, const struct device *d)
{
    struct chain c = { .count = 0 };
    chain_start(d->public_key, c.head);
    enum err e = store_segments(s, str_of(d->device), 1, chain_segment, &c);
    bool whole =
        c.count == d->count && memcmp(c.head, d->head, HASH_BYTES) == 0;
    return e == ERR_OK && !whole ? ERR_CORRUPT : e;
}

/* ---- one device's events ------------------------------------------------- */

struct walk {
    const struct device *device;
    struct verifier verifier;
    struct fold_rule *rules;
    int n_rules;
    int64_t mark;
    struct fold *marked, *beyond; /* events up to the mark, and the others */
    struct sums uncounted;        /* of what moved the totals and is no sum's */
    bool unreadable;              /* some events are in neither */
    bool checked_bad;             /* a line is not what was kept of it */
    int64_t first_strange;        /* unreadable, or never acknowledged; or 0 */
    int64_t first_bad_branch;
    bool admitted;
};

static enum err walk_open(struct store *s, const uint8_t *aggregator,
                          const struct device *d, struct walk *w)
{
    *w = (struct walk){ .device = d };
    verifier_init(&w->verifier, d->public_key, aggregator);
    w->marked = fold_open();
    w->beyond = fold_open();
    enum err e = store_mark(s, str_of(d->device), &w->mark);
    return e == ERR_OK
               ? store_rules(s, str_of(d->device), &w->rules, &w->n_rules)
               : e;
}

static void walk_close(struct walk *w)
{
    verifier_done(&w->verifier);
    fold_close(w->marked);
    fold_close(w->beyond);
    free(w->rules);
}

/* The event fed last, which is sound. */
static struct decoded verified(const struct walk *w)
{
    return (struct decoded){ &w->verifier.event, w->verifier.scratch };
}

/* Adds to - from: all but the visits only grow, and those by little. */
static void sums_move(struct sums *out, const struct sums *from,
                      const struct sums *to)
{
    out->gross_vnd += to->gross_vnd - from->gross_vnd;
    out->refunds_vnd += to->refunds_vnd - from->refunds_vnd;
    out->voids_vnd += to->voids_vnd - from->voids_vnd;
    out->visits += to->visits - from->visits;
    out->sales += to->sales - from->sales;
}

/* A sound event is decoded once for both. */
static void fold_line(struct walk *w, int64_t seq, struct str line, bool sound)
{
    struct fold *f = seq <= w->mark ? w->marked : w->beyond;
    struct str device = str_of(w->device->device);
    if (seq > w->device->count)
        return;
    if (sound)
        fold_decoded(f, device, verified(w), w->rules, w->n_rules);
    else
        fold_event(f, device, line, w->rules, w->n_rules);
}

/* A line that is no longer what it was gets a hash that it cannot have, so
 * that it is judged as in a till, where every event's hash is stored. The first
 * fault is enough; what follows is only added up. */
static enum err feed_segment(void *ctx, const struct segment *seg)
{
    static const uint8_t no_hash[HASH_BYTES];
    struct walk *w = ctx;
    struct str bytes = seg->bytes, line;
    for (int64_t n = 0; lines_next(&bytes, &line); n++) {
        const uint8_t *hash = seg->first + n == seg->last ? seg->head : NULL;
        const struct sums before = w->verifier.sums;
        bool sound = w->verifier.error == ERR_OK;
        if (!segment_check(seg, n, line)) {
            w->checked_bad = true;
            hash = no_hash;
        }
        sound = sound && verifier_feed(&w->verifier, line, hash) == ERR_OK;
        fold_line(w, seg->first + n, line, sound);
        if (sound && !fold_counts(verified(w)))
            sums_move(&w->uncounted, &before, &w->verifier.sums);
    }
    return ERR_OK;
}

static enum err walk_branch(void *ctx, const struct branch *b)
{
    struct walk *w = ctx;
    uint8_t head[HASH_BYTES];
    struct str bytes = b->seg.bytes, line;
    memcpy(head, b->previous, HASH_BYTES);
    while (lines_next(&bytes, &line))
        chain_next(head, line, head);
    if (memcmp(head, b->seg.head, HASH_BYTES) != 0 && !w->first_bad_branch)
        w->first_bad_branch = b->seg.first;
    return ERR_OK;
}

static enum err walk_device(struct store *s, struct walk *w)
{
    const struct device *d = w->device;
    struct str device = str_of(d->device);
    enum err e = store_segments(s, device, 1, feed_segment, w);
    if (e != ERR_OK && e != ERR_CORRUPT)
        return e;
    w->unreadable = e == ERR_CORRUPT;
    if (w->verifier.error == ERR_OK) {
        if (w->unreadable)
            w->first_strange = w->verifier.events + 1;
        else if (w->verifier.events > d->count)
            w->first_strange = d->count + 1;
        else
            w->verifier.error =
                verifier_witness(&w->verifier, d->count, d->head);
    }
    return store_branch_each(s, device, walk_branch, w);
}

/* ---- the admission ------------------------------------------------------- */

static bool is_of(const struct device *d, const struct admission *a)
{
    return str_is(a->fair, d->fair) && str_is(a->booth, d->booth) &&
           str_is(a->label, d->label) && a->number == d->number;
}

enum err check_admission(struct store *s, const struct device *d,
                         const uint8_t aggregator[KEY_BYTES])
{
    BUF(bytes, MAX_EVENT);
    BUF(signature, 2 * SIGNATURE_BYTES);
    BUF(arena, MAX_EVENT);
    uint8_t phone_key[KEY_BYTES], named[KEY_BYTES];
    struct admission a;
    enum err e =
        store_admission(s, str_of(d->device), &bytes, &signature, phone_key);
    if (e == ERR_CORRUPT || e == ERR_NOT_FOUND)
        return ERR_ADMISSION; /* of this device alone */
    if (e != ERR_OK)
        return e;
    bool good = admission_check(buf_slice(&bytes), buf_slice(&signature),
                                d->public_key, &arena, &a) == ERR_OK &&
                hex_bytes(a.aggregator, named, sizeof(named)) &&
                memcmp(named, aggregator, KEY_BYTES) == 0 && is_of(d, &a);
    return good ? ERR_OK : ERR_ADMISSION;
}

static enum err walk_admission(struct store *s, const uint8_t *aggregator,
                               struct walk *w)
{
    enum err e = check_admission(s, w->device, aggregator);
    w->admitted = e == ERR_OK;
    return e == ERR_ADMISSION ? ERR_OK : e;
}

static struct device_check fault_at(const struct device *d, int64_t first_bad,
                                    enum err error)
{
    return (struct device_check){ .device = d,
                                  .ok = error == ERR_OK,
                                  .first_bad = first_bad,
                                  .error = error };
}

static struct device_check judge(const struct device *d, const struct walk *w)
{
    const struct verifier *v = &w->verifier;

    if (v->error != ERR_OK)
        return fault_at(d, v->first_bad, v->error);
    if (w->first_strange)
        return fault_at(d, w->first_strange, ERR_CORRUPT);
    if (!w->admitted)
        return fault_at(d, 1, ERR_ADMISSION);
    return fault_at(d, w->first_bad_branch,
                    w->first_bad_branch ? ERR_CHAIN : ERR_OK);
}

/* Is what is wrong the device's own word? Only asked of what is wrong. The
 * checks beside the events are our word: the chain says nothing of them. */
static enum err ask_as_sent(struct store *s, const struct walk *w,
                            struct device_check *found)
{
    if (found->ok || !w->admitted || w->first_bad_branch || w->checked_bad)
        return ERR_OK;
    enum err e = check_chain(s, w->device);
    found->as_sent = e == ERR_OK;
    return e == ERR_CORRUPT ? ERR_OK : e;
}

/* ---- rows as bytes ------------------------------------------------------- */

static void put_key(struct buf *out, char table, struct str a, struct str b)
{
    /* A newline stands in no text of an event. */
    buf_putc(out, table);
    buf_str(out, a);
    buf_putc(out, '\n');
    buf_str(out, b);
    buf_putc(out, '\n');
}

static enum err put_numbers(struct buf *out, const int64_t *n, size_t count)
{
    buf_put(out, n, count * sizeof(*n));
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

#define PUT_NUMBERS(out, ...)                            \
    put_numbers((out), (const int64_t[]){ __VA_ARGS__ }, \
                ARRAY_LEN(((const int64_t[]){ __VA_ARGS__ })))

static enum err text_day(void *ctx, const struct roll_day *r)
{
    put_key(ctx, 'd', r->gate, STR(""));
    return PUT_NUMBERS(ctx, r->day, r->sales, r->revenue_vnd, r->refunds_vnd,
                       r->voids_vnd, r->visits);
}

static enum err text_sale(void *ctx, const struct roll_sale *r)
{
    put_key(ctx, 's', r->device, STR(""));
    return PUT_NUMBERS(ctx, r->day, r->slot, r->sales, r->revenue_vnd,
                       r->refunds, r->refunds_vnd, r->voids, r->voids_vnd);
}

static enum err text_line(void *ctx, const struct roll_line *r)
{
    put_key(ctx, 'l', r->sku, r->seller);
    return PUT_NUMBERS(ctx, r->day, r->hour, r->milli, r->amount_vnd, r->sales);
}

static enum err text_item(void *ctx, const struct roll_item *r)
{
    put_key(ctx, 'i', r->sku, r->name);
    put_key(ctx, 'u', r->unit, STR(""));
    return buf_ok(ctx) ? ERR_OK : ERR_LIMIT;
}

static enum err text_tender(void *ctx, const struct roll_tender *r)
{
    put_key(ctx, 't', r->method, STR(""));
    return PUT_NUMBERS(ctx, r->day, r->amount_vnd);
}

static enum err text_visit(void *ctx, const struct roll_visit *r)
{
    put_key(ctx, 'v', r->gate, STR(""));
    return PUT_NUMBERS(ctx, r->day, r->slot, r->visits, r->estimated);
}

static enum err text_sold(void *ctx, const struct roll_sold *r)
{
    put_key(ctx, 'g', r->sku, STR(""));
    return PUT_NUMBERS(ctx, r->day, r->list, r->milli, r->amount_vnd, r->lines,
                       r->stamped);
}

static enum err text_act(void *ctx, const struct roll_act *r)
{
    put_key(ctx, 'a', r->what, STR(""));
    return PUT_NUMBERS(ctx, r->day, r->operator_number, r->events,
                       r->amount_vnd);
}

static enum err text_hold(void *ctx, const struct roll_hold *r)
{
    put_key(ctx, 'h', r->device, STR(""));
    return PUT_NUMBERS(ctx, r->events, r->amount_vnd);
}

static enum err text_note(void *ctx, const struct roll_note *r)
{
    put_key(ctx, 'n', r->what, STR(""));
    return PUT_NUMBERS(ctx, r->events, r->first, r->last);
}

static struct roll_taker as_text(struct buf *out)
{
    return (struct roll_taker){ .ctx = out,
                                .day = text_day,
                                .sale = text_sale,
                                .line = text_line,
                                .item = text_item,
                                .tender = text_tender,
                                .visit = text_visit,
                                .sold = text_sold,
                                .act = text_act,
                                .hold = text_hold,
                                .note = text_note };
}

static enum err rows_compare(struct store *s, const struct walk *w, bool *same)
{
    BUF(stored, MAX_OUTPUT);
    BUF(folded, MAX_OUTPUT);
    struct roll_taker to_stored = as_text(&stored);
    struct roll_taker to_folded = as_text(&folded);
    enum err e = store_rolls_stored(s, str_of(w->device->device), &to_stored);
    if (e == ERR_OK)
        e = fold_each(w->marked, &to_folded);
    if (e == ERR_OK)
        *same = str_eq(buf_slice(&stored), buf_slice(&folded));
    return e;
}

/* ---- the books ----------------------------------------------------------- */

struct books {
    struct sums sums; /* gross and sales without those voided */
    int64_t voids;
    int64_t held, held_vnd;
    bool overflown; /* by rows that no sound ledger can have */
};

static void book(struct books *b, int64_t *sum, int64_t by)
{
    b->overflown |= money_add(*sum, by, sum) != ERR_OK;
}

static enum err book_sale(void *ctx, const struct roll_sale *r)
{
    struct books *b = ctx;
    book(b, &b->sums.gross_vnd, r->revenue_vnd);
    book(b, &b->sums.refunds_vnd, r->refunds_vnd);
    book(b, &b->sums.voids_vnd, r->voids_vnd);
    book(b, &b->sums.sales, r->sales);
    book(b, &b->voids, r->voids);
    return ERR_OK;
}

static enum err book_visit(void *ctx, const struct roll_visit *r)
{
    struct books *b = ctx;
    book(b, &b->sums.visits, r->visits);
    return ERR_OK;
}

static enum err book_hold(void *ctx, const struct roll_hold *r)
{
    struct books *b = ctx;
    book(b, &b->held, r->events);
    book(b, &b->held_vnd, r->amount_vnd);
    return ERR_OK;
}

/* The net of everything that counts, held or not, is that of the running
 * totals (`last`, less what is beyond counting); with nothing on hold each of
 * the five is. */
static bool books_closed(const struct books *b, const struct sums *last)
{
    struct books all = *b;
    int64_t net = b->sums.gross_vnd;
    book(&all, &net, -b->sums.refunds_vnd);
    book(&all, &net, b->held_vnd);
    book(&all, &all.sums.gross_vnd, b->sums.voids_vnd);
    book(&all, &all.sums.sales, b->voids);
    return !all.overflown &&
           net == last->gross_vnd - last->voids_vnd - last->refunds_vnd &&
           (b->held > 0 || sums_equal(&all.sums, last));
}

/* The events up to the mark and those beyond it. The stored rows were compared
 * with the former: what closes here closes there. */
static enum err books_close(const struct walk *w, bool *closed)
{
    struct books books = { .voids = 0 };
    struct roll_taker taker = {
        .ctx = &books, .sale = book_sale, .visit = book_visit, .hold = book_hold
    };
    enum err e = fold_each(w->marked, &taker);
    if (e == ERR_OK)
        e = fold_each(w->beyond, &taker);
    struct sums last = { .gross_vnd = 0 };
    sums_move(&last, &w->uncounted, &w->verifier.sums);
    if (e == ERR_OK)
        *closed = books_closed(&books, &last);
    return e;
}

/* ---- everything ---------------------------------------------------------- */

struct verify {
    const uint8_t *aggregator;
    enum err (*take)(void *ctx, const struct device_check *d);
    void *ctx;
    struct check found;
};

struct looked {
    struct device_check device;
    bool rows_ok;
};

/* Are the stored rows those of the events? Of a ledger that is not sound the
 * totals say nothing. */
static enum err check_rows(struct store *s, const struct walk *w, bool sound,
                           bool *ok)
{
    bool same = false, closed = true, due = false;
    const struct device *d = w->device;
    enum err e = store_due(s, d, &due);
    if (e == ERR_OK && !w->unreadable)
        e = rows_compare(s, w, &same);
    if (e == ERR_OK && sound)
        e = books_close(w, &closed);
    if (e == ERR_OK)
        *ok = same && closed && w->mark <= d->count &&
              due == (w->mark < d->count);
    return e;
}

static enum err look_device(void *ctx, struct store *s, const struct device *d,
                            void *found)
{
    const struct verify *v = ctx;
    struct looked *looked = found;
    struct walk w;
    enum err e = walk_open(s, v->aggregator, d, &w);
    if (e == ERR_OK)
        e = walk_device(s, &w);
    if (e == ERR_OK)
        e = walk_admission(s, v->aggregator, &w);
    if (e == ERR_OK) {
        looked->device = judge(d, &w);
        e = ask_as_sent(s, &w, &looked->device);
    }
    if (e == ERR_OK) {
        e = check_rows(s, &w, looked->device.ok, &looked->rows_ok);
    }
    walk_close(&w);
    return e;
}

static enum err take_device(void *ctx, const struct device *d,
                            const void *found)
{
    struct verify *v = ctx;
    const struct looked *looked = found;
    struct device_check device = looked->device;
    device.device = d;
    v->found.devices++;
    v->found.events += d->count;
    if (device.as_sent && d->state == DEVICE_REVOKED)
        v->found.put_up_with++; /* nothing more can be done about it */
    else
        v->found.devices_ok = v->found.devices_ok && device.ok;
    v->found.as_sent = v->found.as_sent && (device.ok || device.as_sent);
    v->found.rollups_ok = v->found.rollups_ok && looked->rows_ok;
    return v->take ? v->take(v->ctx, &device) : ERR_OK;
}

enum err check_verify(struct store *s, const uint8_t aggregator[KEY_BYTES],
                      enum err (*take)(void *ctx, const struct device_check *d),
                      void *ctx, struct check *out)
{
    struct verify v = {
        aggregator,
        take,
        ctx,
        { .devices_ok = true, .as_sent = true, .rollups_ok = true }
    };
    struct crew crew = { look_device, sizeof(struct looked), take_device, &v };
    enum err e = store_read_begin(s);
    if (e != ERR_OK)
        return e;
    e = store_integrity(s);
    v.found.file_ok = e == ERR_OK;
    if (e == ERR_OK || e == ERR_CORRUPT)
        e = crew_run(s, &crew);
    store_read_end(s);
    if (e != ERR_OK)
        return e;
    v.found.ok = v.found.devices_ok && v.found.rollups_ok && v.found.file_ok;
    *out = v.found;
    return ERR_OK;
}

/* ---- damage, and sums anew ----------------------------------------------- */

static enum err look_chain(void *ctx, struct store *s, const struct device *d,
                           void *found)
{
    (void)ctx;
    enum err e = check_chain(s, d);
    *(bool *)found = e == ERR_CORRUPT;
    return e == ERR_CORRUPT ? ERR_OK : e;
}

struct sorting {
    enum err (*take)(void *ctx, const struct device *d);
    void *ctx;
    char (*sound)[DEVICE_LEN + 1]; /* names */
    size_t n_sound;
    int64_t damaged;
};

static enum err take_sorted(void *ctx, const struct device *d,
                            const void *found)
{
    struct sorting *l = ctx;
    if (*(const bool *)found) {
        l->damaged++;
        return l->take ? l->take(l->ctx, d) : ERR_OK;
    }
    l->sound = x_realloc(l->sound, (l->n_sound + 1) * sizeof(*l->sound));
    memcpy(l->sound[l->n_sound++], d->device, sizeof(*l->sound));
    return ERR_OK;
}

static enum err sort_devices(struct store *s, struct sorting *l)
{
    struct crew crew = { look_chain, sizeof(bool), take_sorted, l };
    enum err e = store_read_begin(s);
    if (e != ERR_OK)
        return e;
    e = crew_run(s, &crew);
    store_read_end(s);
    return e;
}

enum err check_chains(struct store *s,
                      enum err (*take)(void *ctx, const struct device *d),
                      void *ctx, int64_t *damaged)
{
    struct sorting l = { .take = take, .ctx = ctx };
    enum err e = sort_devices(s, &l);
    free(l.sound);
    if (e == ERR_OK)
        *damaged = l.damaged;
    return e;
}

static enum err unfold_one(struct store *s, void *ctx)
{
    return store_unfold(s, str_of(ctx));
}

/* What is damaged stays folded: better sums have been made of it before. */
static enum err unfold_sound(struct store *s, struct sorting *l)
{
    enum err e = ERR_OK;
    if (l->damaged == 0)
        return store_unfold_all(s);
    for (size_t i = 0; e == ERR_OK && i < l->n_sound; i++)
        e = store_do(s, unfold_one, l->sound[i]);
    return e;
}

enum err check_rebuild(struct store *s,
                       enum err (*take)(void *ctx, const struct device *d),
                       void *ctx, struct rebuilt *out)
{
    struct sorting l = { .take = take, .ctx = ctx };
    int64_t all = 0, folded = 1;
    enum err e = sort_devices(s, &l);
    if (e == ERR_OK)
        e = unfold_sound(s, &l);
    while (e == ERR_OK && folded > 0) {
        e = store_fold_step(s, REBUILD_STEP, &folded);
        all += folded;
    }
    free(l.sound);
    if (e == ERR_OK)
        *out = (struct rebuilt){ all, l.damaged };
    return e;
}
