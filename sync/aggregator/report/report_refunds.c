/*
 * report_refunds.c - refunds and voids held against the receipts they name.
 *
 * A till refunds its own receipts up to what was paid; another till's receipt
 * it cannot check, so the same goods may come back at two tills. Only here all
 * ledgers are together. A till of ours takes a sale of its own back once; the
 * fold takes every void at its word, since each says all that it undoes. Two
 * passes over the events that count, acknowledged or of a counted branch: the
 * first finds the refunds and voids, the second the few receipts they name. Two
 * machines that went on under one identity gave the same numbers to different
 * sales, but took back the same ones of before. Nothing is recomputed and no
 * total changes: the result is a remark.
 */
#include "report_refunds.h"

#include <stdlib.h>
#include <string.h>

#include "fair/body.h"
#include "fair/wire.h"
#include "sync/aggregator/store/allowance.h"
#include "sync/aggregator/store/branching.h"

enum { KIND_ENDS = 64 }; /* at the latest, in an envelope */

/* What was given back for one receipt, or taken back. */
struct given {
    int post; /* index of the device that sold; -1: no such device */
    int64_t seq;
    int64_t branch;     /* that holds it; 0: none */
    struct str receipt; /* as written on a foreign refund; owned */
    int64_t refunds, refunded_vnd, voids, voided_vnd;
    int64_t sold_vnd;
    bool found; /* the sale */
};

struct refunds {
    struct store *store;
    const struct fairground *ground;
    int post;                    /* the device being read */
    const struct branch *branch; /* of it; NULL: what was acknowledged */
    enum err (*take)(void *ctx, const struct segment *seg);
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

/* ---- first pass: refunds and voids --------------------------------------- */

static void given_add(struct refunds *all, struct given g)
{
    allowance_take(sizeof(*all->given) + g.receipt.len);
    all->given = x_realloc(all->given, (all->n + 1) * sizeof(*all->given));
    all->given[all->n++] = g;
}

/* Event `of` as the till being read knows it. */
static enum err own_receipt(const struct refunds *all, int64_t of,
                            struct given *out)
{
    const struct post *post = &all->ground->devices[all->post];

    *out = (struct given){ .post = all->post, .seq = of };
    return all->branch ? branch_holding(all->store, str_of(post->d.device),
                                        all->branch, of, &out->branch)
                       : ERR_OK;
}

static enum err refund_add(struct refunds *all)
{
    const struct body_refund *b = &all->body->refund;
    struct given g;
    enum err e = ERR_OK;

    if (b->foreign.len > 0)
        g = receipt_read(all->ground, b->foreign);
    else
        e = own_receipt(all, b->of, &g);
    if (e != ERR_OK)
        return e;
    g.refunds = 1;
    g.refunded_vnd = b->total_vnd;
    given_add(all, g);
    return ERR_OK;
}

static enum err void_add(struct refunds *all)
{
    const struct body_void *b = &all->body->voided;
    struct given g;
    enum err e = own_receipt(all, b->of, &g);

    if (e != ERR_OK)
        return e;
    g.voids = 1;
    g.voided_vnd = b->total_vnd;
    given_add(all, g);
    return ERR_OK;
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

/* Finds bytes in an envelope's beginning, so that the many other lines are not
 * decoded: a kind stands behind two numbers. */
static bool has(struct str line, struct str what)
{
    if (line.len > KIND_ENDS)
        line.len = KIND_ENDS;
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
    enum err e = ERR_OK;

    while (e == ERR_OK && lines_next(&bytes, &line)) {
        if (has(line, STR("\"kind\":\"refund\"")) && body_of(all, line))
            e = refund_add(all);
        else if (has(line, STR("\"kind\":\"void\"")) && body_of(all, line))
            e = void_add(all);
    }
    return e == ERR_OK ? allowance_check() : e;
}

/* ---- merging ------------------------------------------------------------- */

static int by_receipt(const void *left, const void *right)
{
    const struct given *a = left, *b = right;

    if (a->post != b->post)
        return a->post < b->post ? -1 : 1;
    if (a->post < 0)
        return str_cmp(a->receipt, b->receipt);
    if (a->seq != b->seq)
        return a->seq < b->seq ? -1 : 1;
    return (a->branch > b->branch) - (a->branch < b->branch);
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
        sum_add(&to->refunded_vnd, from->refunded_vnd);
        to->voids += from->voids;
        sum_add(&to->voided_vnd, from->voided_vnd);
        free((char *)(uintptr_t)from->receipt.data);
    }
    all->n = kept + 1;
}

/* ---- second pass: receipts ----------------------------------------------- */

static struct given *given_at(struct refunds *all, int64_t seq)
{
    struct given key = { .post = all->post,
                         .seq = seq,
                         .branch = all->branch ? all->branch->id : 0 };

    return bsearch(&key, all->given, all->n, sizeof(key), by_receipt);
}

static enum err take_sales(void *ctx, const struct segment *seg)
{
    struct refunds *all = ctx;
    struct str bytes = seg->bytes, line;

    for (int64_t seq = seg->first; lines_next(&bytes, &line); seq++) {
        struct given *g = given_at(all, seq);

        if (g && has(line, STR("\"kind\":\"sale\"")) && body_of(all, line)) {
            g->sold_vnd = all->body->sale.total_vnd;
            g->found = true;
        }
    }
    return ERR_OK;
}

/* ---- the whole ----------------------------------------------------------- */

static enum err take_branch(void *ctx, const struct branch *b)
{
    struct refunds *all = ctx;

    all->branch = b;
    return all->take(all, &b->seg);
}

static enum err read_all(struct refunds *all,
                         enum err (*take)(void *ctx, const struct segment *seg))
{
    enum err e = ERR_OK;

    all->take = take;
    for (int i = 0; e == ERR_OK && i < all->ground->n_devices; i++) {
        struct str device = str_of(all->ground->devices[i].d.device);

        all->post = i;
        all->branch = NULL;
        e = store_segments(all->store, device, 1, take, all);
        if (e == ERR_OK)
            e = store_counted_each(all->store, device, take_branch, all);
    }
    return e;
}

static int64_t beyond(int64_t vnd, int64_t most_vnd)
{
    return vnd > most_vnd ? vnd - most_vnd : 0;
}

/* Voids first: what they have taken back cannot be given back. */
static void judge(const struct given *g, struct receipt_remark *remark,
                  take_remark *take, void *ctx)
{
    int64_t paid_vnd = beyond(g->sold_vnd, g->voided_vnd);

    if (g->voids > g->found || g->voided_vnd > g->sold_vnd) {
        remark->what = VOID_UNMATCHED;
        remark->times = g->voids;
        remark->excess_vnd = beyond(g->voided_vnd, g->sold_vnd);
        take(ctx, remark);
    }
    if (g->refunded_vnd > paid_vnd) {
        remark->what = g->found ? OVER_REFUND : REFUND_UNMATCHED;
        remark->times = g->refunds;
        remark->excess_vnd = beyond(g->refunded_vnd, paid_vnd);
        take(ctx, remark);
    }
}

static void judge_all(const struct refunds *all, take_remark *take, void *ctx)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct given *g = &all->given[i];
        struct receipt_remark remark = { .receipt = g->receipt };
        BUF(number, MAX_TEXT);

        if (g->post >= 0) {
            remark.post = &all->ground->devices[g->post];
            buf_printf(&number, "%s-%s-%lld", remark.post->d.booth,
                       remark.post->d.label, (long long)g->seq);
            remark.receipt = buf_slice(&number);
        }
        judge(g, &remark, take, ctx);
    }
}

enum err receipt_remarks(struct store *s, const struct fairground *ground,
                         take_remark *take, void *ctx)
{
    struct refunds all = { .store = s, .ground = ground };

    all.body = x_alloc(sizeof(*all.body));
    buf_init(&all.arena, MAX_EVENT);
    enum err e = read_all(&all, take_refunds);
    merge(&all);
    if (e == ERR_OK && all.n > 0)
        e = read_all(&all, take_sales);
    if (e == ERR_OK)
        judge_all(&all, take, ctx);
    for (size_t i = 0; i < all.n; i++)
        free((char *)(uintptr_t)all.given[i].receipt.data);
    free(all.given);
    free(all.body);
    buf_done(&all.arena);
    return e;
}
