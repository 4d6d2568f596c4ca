/*
 * report_refunds.c - refunds held against the receipts they name.
 *
 * A till refunds its own receipts up to what was paid; another till's receipt
 * it cannot check, so the same goods may come back at two tills. Only here all
 * ledgers are together. Two passes over the acknowledged events: the first
 * finds the refunds, the second the few receipts they name. Nothing is
 * recomputed and no total changes: the result is a remark.
 */
#include "report_refunds.h"

#include <stdlib.h>
#include <string.h>

#include "fair/body.h"
#include "fair/wire.h"

/* What was given back for one receipt. */
struct given {
    int post; /* index of the device that sold; -1: no such device */
    int64_t seq;
    struct str receipt; /* as written on a foreign refund; owned */
    int64_t refunds, amount_vnd, paid_vnd;
    bool found; /* the sale */
};

struct refunds {
    const struct fairground *ground;
    int post; /* the device being read */
    struct given *given;
    size_t n;
    struct buf arena;
    union body *body;
};

/* ---- receipts ------------------------------------------------------------ */

/* The device that prints BOOTH-LABEL on its slips. */
static int post_find(const struct fairground *g, struct str booth,
                     struct str label)
{
    for (int i = 0; i < g->n_devices; i++) {
        const struct device *d = &g->devices[i].d;

        if (str_is(booth, d->booth) && str_is(label, d->label))
            return i;
    }
    return -1;
}

/* Cuts "left-right" at its last hyphen; `s` becomes the left part. */
static struct str cut_last(struct str *s)
{
    size_t at = s->len;

    while (at > 0 && s->data[at - 1] != '-')
        at--;
    struct str right = { s->data + at, s->len - at };
    s->len = at > 0 ? at - 1 : 0;
    return right;
}

/* 0 when it is no number. */
static int64_t number_of(struct str digits)
{
    int64_t n = 0;

    if (digits.len > 18)
        return 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return 0;
        n = n * 10 + (digits.data[i] - '0');
    }
    return n;
}

static struct given receipt_read(const struct fairground *g, struct str receipt)
{
    struct str booth = receipt;
    struct given out = { .seq = number_of(cut_last(&booth)) };
    struct str label = cut_last(&booth);

    out.post = out.seq > 0 ? post_find(g, booth, label) : -1;
    if (out.post < 0) {
        BUF(copy, MAX_EVENT);
        buf_str(&copy, receipt);
        out.receipt.len = copy.len;
        out.receipt.data = buf_take(&copy);
    }
    return out;
}

/* ---- first pass: refunds ------------------------------------------------- */

static void refund_add(struct refunds *all, const struct body_refund *b)
{
    struct given g = { .post = all->post, .seq = b->of };

    if (b->foreign.len > 0)
        g = receipt_read(all->ground, b->foreign);
    g.refunds = 1;
    g.amount_vnd = b->total_vnd;
    all->given = x_realloc(all->given, (all->n + 1) * sizeof(*all->given));
    all->given[all->n++] = g;
}

static bool line_is(struct str line, const char *kind)
{
    struct event e;

    return event_decode(line, &e) == ERR_OK && str_is(e.kind_word, kind);
}

/* Decodes into all->body; a line that does not decode or is beyond counting is
 * said by its note. */
static bool body_of(struct refunds *all, struct str line)
{
    struct event e;

    buf_clear(&all->arena);
    return event_decode(line, &e) == ERR_OK &&
           body_decode(&e, &all->arena, all->body) == ERR_OK &&
           fold_counts((struct decoded){ &e, all->body });
}

/* Finds bytes, so that the many other lines are not decoded. */
static bool has(struct str line, struct str what)
{
    for (size_t i = 0; i + what.len <= line.len; i++) {
        const char *at = memchr(line.data + i, what.data[0], line.len - i);
        if (!at)
            return false;
        i = (size_t)(at - line.data);
        if (i + what.len <= line.len && memcmp(at, what.data, what.len) == 0)
            return true;
    }
    return false;
}

static enum err take_refunds(void *ctx, const struct segment *seg)
{
    struct refunds *all = ctx;
    struct str bytes = seg->bytes, line;

    while (lines_next(&bytes, &line)) {
        if (has(line, STR("\"kind\":\"refund\"")) && line_is(line, "refund") &&
            body_of(all, line))
            refund_add(all, &all->body->refund);
    }
    return ERR_OK;
}

/* ---- merging ------------------------------------------------------------- */

static int by_receipt(const void *left, const void *right)
{
    const struct given *a = left, *b = right;

    if (a->post != b->post)
        return a->post < b->post ? -1 : 1;
    if (a->post < 0)
        return str_cmp(a->receipt, b->receipt);
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static void merge(struct refunds *all)
{
    size_t kept = 0;

    if (all->n == 0)
        return;
    qsort(all->given, all->n, sizeof(*all->given), by_receipt);
    for (size_t i = 1; i < all->n; i++) {
        struct given *to = &all->given[kept], *from = &all->given[i];

        if (by_receipt(to, from) != 0) {
            all->given[++kept] = *from;
            continue;
        }
        to->refunds += from->refunds;
        sum_add(&to->amount_vnd, from->amount_vnd);
        free((char *)(uintptr_t)from->receipt.data);
    }
    all->n = kept + 1;
}

/* ---- second pass: receipts ----------------------------------------------- */

static struct given *given_at(struct refunds *all, int64_t seq)
{
    struct given key = { .post = all->post, .seq = seq };

    return bsearch(&key, all->given, all->n, sizeof(key), by_receipt);
}

/* A sale adds what was paid, its void takes it away. */
static enum err take_paid(void *ctx, const struct segment *seg)
{
    struct refunds *all = ctx;
    struct str bytes = seg->bytes, line;

    for (int64_t seq = seg->first; lines_next(&bytes, &line); seq++) {
        struct given *g = given_at(all, seq);

        if (g && line_is(line, "sale") && body_of(all, line)) {
            sum_add(&g->paid_vnd, all->body->sale.total_vnd);
            g->found = true;
        }
        if (!has(line, STR("\"kind\":\"void\"")) || !line_is(line, "void") ||
            !body_of(all, line))
            continue;
        g = given_at(all, all->body->voided.of);
        if (g)
            sum_add(&g->paid_vnd, -all->body->voided.total_vnd);
    }
    return ERR_OK;
}

/* ---- the whole ----------------------------------------------------------- */

typedef enum err take_segment(void *ctx, const struct segment *seg);

static enum err read_all(struct refunds *all, struct store *s,
                         take_segment *take)
{
    enum err e = ERR_OK;

    for (int i = 0; e == ERR_OK && i < all->ground->n_devices; i++) {
        struct str device = str_of(all->ground->devices[i].d.device);

        all->post = i;
        e = store_segments(s, device, 1, take, all);
    }
    return e;
}

static void give_excess(const struct refunds *all,
                        void (*take)(void *ctx, const struct over_refund *o),
                        void *ctx)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct given *g = &all->given[i];
        struct over_refund o = { .receipt = g->receipt,
                                 .found = g->found,
                                 .refunds = g->refunds,
                                 .excess_vnd = g->amount_vnd - g->paid_vnd };
        BUF(number, MAX_TEXT);

        if (g->post >= 0) {
            o.post = &all->ground->devices[g->post];
            buf_printf(&number, "%s-%s-%lld", o.post->d.booth, o.post->d.label,
                       (long long)g->seq);
            o.receipt = buf_slice(&number);
        }
        if (o.excess_vnd > 0)
            take(ctx, &o);
    }
}

enum err over_refunds(struct store *s, const struct fairground *ground,
                      void (*take)(void *ctx, const struct over_refund *o),
                      void *ctx)
{
    struct refunds all = { .ground = ground };

    all.body = x_alloc(sizeof(*all.body));
    buf_init(&all.arena, MAX_EVENT);
    enum err e = read_all(&all, s, take_refunds);
    merge(&all);
    if (e == ERR_OK && all.n > 0)
        e = read_all(&all, s, take_paid);
    if (e == ERR_OK)
        give_excess(&all, take, ctx);
    for (size_t i = 0; i < all.n; i++)
        free((char *)(uintptr_t)all.given[i].receipt.data);
    free(all.given);
    free(all.body);
    buf_done(&all.arena);
    return e;
}
