/*
 * report_latest.c - the last sales, refunds and voids of a fair.
 *
 * Nothing is kept for it: the ends of all ledgers are read, those of devices
 * heard most recently first, and each only as far back as it may still hold
 * something newer than what was found. "Newest" is by the devices' clocks and
 * for showing alone; no sum depends on it. What is on hold is left out, and so
 * are branches that were set aside, counted or not.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/wire.h"

#include "report_parts.h"

enum { COLUMNS = 10, ROWS_USUAL = 20, ROWS_MOST = 1000 };
enum { WINDOW = 8, WIDER = 4 }; /* events read at first; then times more */

static const struct column columns[COLUMNS] = {
    { "time", N_("Time"), COL_TIME },
    { "booth", N_("Booth"), COL_TEXT },
    { "booth_name", N_("Name"), COL_NAME },
    { "receipt", N_("Receipt"), COL_TEXT },
    { "kind", N_("Kind"), COL_TEXT },
    { "lines", NULL, COL_INT },
    { "product", N_("Product"), COL_NAME },
    { "amount_vnd", N_("Amount"), COL_MONEY },
    { "device", NULL, COL_TEXT },
    { "seq", NULL, COL_INT },
};

struct deal {
    const struct post *post;
    const struct word_name *kind;
    int64_t at_ms, seq, lines, amount_vnd;
    char *product; /* name of the first line; owned */
};

struct latest {
    struct report *r;
    struct deal *best; /* newest first; room for one more than `most` */
    size_t n, most;
    /* The device being read. */
    const struct post *post;
    bool decided;       /* somebody has decided about events of it */
    int64_t from, to;   /* the events wanted */
    int64_t written_ms; /* when the first of them was written */
    struct deal *found;
    size_t n_found;
    struct buf arena;
    union body *body;
};

/* ---- reading the end of a ledger ----------------------------------------- */

/* What the kinds have in common. */
static bool deal_of(enum event_kind kind, const union body *b, struct deal *d,
                    const struct line **first)
{
    static const struct word_name names[] = {
        [EV_SALE] = { "sale", N_("sale") },
        [EV_VOID] = { "void", N_("void") },
        [EV_REFUND] = { "refund", N_("refund") },
    };

    if (kind == EV_SALE) {
        d->lines = b->sale.n_lines;
        d->amount_vnd = b->sale.total_vnd;
        *first = b->sale.lines;
    } else if (kind == EV_VOID) {
        d->lines = b->voided.n_lines;
        d->amount_vnd = -b->voided.total_vnd;
        *first = b->voided.lines;
    } else if (kind == EV_REFUND) {
        d->lines = b->refund.n_lines;
        d->amount_vnd = -b->refund.total_vnd;
        *first = b->refund.lines;
    } else {
        return false;
    }
    d->kind = &names[kind];
    return true;
}

static char *copy_of(struct str s)
{
    BUF(text, MAX_EVENT);

    buf_str(&text, s);
    return x_strdup(buf_text(&text));
}

/* A damaged line is on hold and one beyond counting in no sum, which others
 * say. */
static void take_line(struct latest *l, int64_t seq, struct str line)
{
    struct deal d = { .post = l->post, .seq = seq };
    const struct line *first = NULL;
    struct event e;

    buf_clear(&l->arena);
    if (event_decode(line, &e) != ERR_OK ||
        body_decode(&e, &l->arena, l->body) != ERR_OK)
        return;
    if (l->written_ms == 0)
        l->written_ms = e.at_ms;
    if (!deal_of(e.kind, l->body, &d, &first) ||
        !fold_counts((struct decoded){ &e, l->body }))
        return;
    d.at_ms = event_time_ms(&e);
    d.product = copy_of(d.lines > 0 ? first->name : STR(""));
    l->found = x_realloc(l->found, (l->n_found + 1) * sizeof(*l->found));
    l->found[l->n_found++] = d;
}

static enum err take_segment(void *ctx, const struct segment *seg)
{
    struct latest *l = ctx;
    struct str bytes = seg->bytes, line;

    for (int64_t seq = seg->first; seq <= l->to && lines_next(&bytes, &line);
         seq++) {
        if (seq >= l->from)
            take_line(l, seq, line);
    }
    return seg->last >= l->to ? ERR_NOT_FOUND : ERR_OK; /* enough */
}

/* ---- what is on hold ----------------------------------------------------- */

static enum err take_decision(void *ctx, const struct decision *d)
{
    struct latest *l = ctx;

    (void)d;
    l->decided = true;
    return ERR_OK;
}

static enum err take_held(void *ctx, const struct roll_hold *h)
{
    bool *held = ctx;

    *held = *held || h->events > 0;
    return ERR_OK;
}

/* The fold knows what decisions mean. */
static enum err is_held(const struct latest *l, const struct deal *d,
                        bool *held)
{
    struct roll_taker taker = { .ctx = held, .hold = take_held };
    struct fold *f = fold_open();
    enum err e = store_fold_range(l->r->store, str_of(d->post->d.device),
                                  d->seq, d->seq, f);

    *held = false;
    if (e == ERR_OK)
        e = fold_each(f, &taker);
    fold_close(f);
    return e;
}

/* ---- the newest of all --------------------------------------------------- */

static int by_time(const struct deal *a, const struct deal *b)
{
    if (a->at_ms != b->at_ms)
        return a->at_ms > b->at_ms ? -1 : 1;
    int devices = strcmp(a->post->d.device, b->post->d.device);
    return devices != 0 ? devices : (a->seq < b->seq) - (a->seq > b->seq);
}

/* Takes the deal's text over. */
static void best_add(struct latest *l, const struct deal *d)
{
    size_t at = l->n;

    while (at > 0 && by_time(d, &l->best[at - 1]) < 0)
        at--;
    memmove(&l->best[at + 1], &l->best[at], (l->n - at) * sizeof(*l->best));
    l->best[at] = *d;
    l->n++;
    if (l->n > l->most)
        free(l->best[--l->n].product);
}

static enum err best_take(struct latest *l)
{
    enum err e = ERR_OK;

    for (size_t i = 0; i < l->n_found; i++) {
        bool held = false;

        if (e == ERR_OK && l->decided)
            e = is_held(l, &l->found[i], &held);
        if (e == ERR_OK && !held)
            best_add(l, &l->found[i]);
        else
            free(l->found[i].product);
    }
    l->n_found = 0;
    return e;
}

/* Could the device hold something newer before what has been read? Not when it
 * was written before all that is shown; a late entry is older than that. */
static bool may_have_more(const struct latest *l)
{
    return l->from > 1 && (l->n < l->most || l->written_ms == 0 ||
                           l->written_ms >= l->best[l->n - 1].at_ms);
}

static enum err take_device(struct latest *l, const struct post *p)
{
    struct store *s = l->r->store;
    struct str device = str_of(p->d.device);
    enum err e;

    l->post = p;
    l->decided = false;
    e = store_decision_each(s, device, take_decision, l);
    l->from = p->d.count + 1;
    for (int64_t n = WINDOW; e == ERR_OK && may_have_more(l); n *= WIDER) {
        l->to = l->from - 1;
        l->from = l->to > n ? l->to - n + 1 : 1;
        l->written_ms = 0;
        e = store_segments(s, device, l->from, take_segment, l);
        e = e == ERR_NOT_FOUND ? ERR_OK : e;
        if (e == ERR_OK)
            e = best_take(l);
    }
    return e;
}

static int by_heard(const void *left, const void *right)
{
    const struct post *const *a = left, *const *b = right;
    int64_t x = (*a)->d.seen_ms, y = (*b)->d.seen_ms;

    return x != y ? (x < y) - (x > y) : strcmp((*a)->d.device, (*b)->d.device);
}

static enum err take_devices(struct latest *l)
{
    const struct fairground *g = &l->r->ground;
    size_t n = (size_t)g->n_devices;
    const struct post **posts = x_alloc((n + 1) * sizeof(*posts));
    enum err e = ERR_OK;

    for (size_t i = 0; i < n; i++)
        posts[i] = &g->devices[i];
    qsort(posts, n, sizeof(*posts), by_heard);
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        l->written_ms = 0;
        if (ground_wants(g, &g->booths[posts[i]->booth]))
            e = take_device(l, posts[i]);
    }
    free(posts);
    return e;
}

/* ---- the report ---------------------------------------------------------- */

static void put_row(const struct latest *l, const struct deal *d,
                    struct table *table)
{
    const struct device *device = &d->post->d;
    BUF(receipt, MAX_TEXT);

    buf_printf(&receipt, "%s-%s-%lld", device->booth, device->label,
               (long long)d->seq);
    const struct cell cells[COLUMNS] = {
        cell_int(d->at_ms),
        cell_word(device->booth),
        cell_word(l->r->ground.booths[d->post->booth].name),
        cell_str(buf_slice(&receipt)),
        cell_named(d->kind),
        cell_int(d->lines),
        d->product[0] ? cell_word(d->product) : cell_null,
        cell_int(d->amount_vnd),
        cell_word(device->device),
        cell_int(d->seq),
    };

    table_row(table, cells);
}

static void latest_done(struct latest *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->best[i].product);
    for (size_t i = 0; i < l->n_found; i++)
        free(l->found[i].product);
    free(l->best);
    free(l->found);
    free(l->body);
    buf_done(&l->arena);
}

enum err report_latest(struct report *r, struct buf *out)
{
    int limit = r->query->limit > 0 ? r->query->limit : ROWS_USUAL;
    int most = limit < ROWS_MOST ? limit : ROWS_MOST;
    struct latest l = { .r = r, .most = (size_t)most };
    struct roll_taker taker = { .ctx = r, .hold = report_hold };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);

    l.best = x_alloc((l.most + 1) * sizeof(*l.best));
    l.body = x_alloc(sizeof(*l.body));
    buf_init(&l.arena, MAX_EVENT);
    ASSERT(buf_room(&l.arena, MAX_EVENT)); /* texts lie in it: it never moves */
    if (e == ERR_OK)
        e = take_devices(&l);
    if (e == ERR_OK) {
        struct table *table = table_open(columns, COLUMNS);
        struct page page = { .array = "latest", .table = table };

        for (size_t i = 0; i < l.n; i++)
            put_row(&l, &l.best[i], table);
        report_print(r, &page, out);
        table_close(table);
    }
    latest_done(&l);
    return e;
}
