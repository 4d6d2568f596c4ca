/*
 * refund.c - what of a sale can still be given back, and giving it back.
 *
 * Promise: however refunds are cut and ordered, together they never give back
 * more of a line than was sold, and all of them together exactly what was
 * paid: a part's amount is the difference of two roundings of the whole.
 * Another till's receipt is not known here: foreign.c.
 */
#include "pos/till/refund.h"

#include <stdlib.h>
#include <string.h>

#include "fair/money.h"
#include "pos/till/foreign.h"
#include "pos/till/shift.h"

/* ---- what remains ---- */

int64_t refund_part(const struct body_sale *sale, const struct remaining *left,
                    int64_t i, int64_t milli)
{
    const struct line *l = &sale->lines[i];
    int64_t before = l->milli - left->milli[i];
    int64_t due = money_part(l->amount_vnd, before + milli, l->milli);
    int64_t given = l->amount_vnd - left->amount_vnd[i];
    return due > given ? due - given : 0;
}

static bool same_goods(const struct line *a, const struct line *b)
{
    return str_eq(a->sku, b->sku) && a->price_vnd == b->price_vnd &&
           str_eq(a->more.stamp, b->more.stamp);
}

/* The sale's line a refunded line came from: of alike ones the first whose
 * part has just this amount, else the first with room. */
static int64_t line_of(const struct body_sale *sale,
                       const struct remaining *left, const struct line *given)
{
    int64_t room = -1;
    for (int64_t i = 0; i < sale->n_lines; i++) {
        if (!same_goods(&sale->lines[i], given) ||
            left->milli[i] < given->milli ||
            left->amount_vnd[i] < given->amount_vnd)
            continue;
        if (refund_part(sale, left, i, given->milli) == given->amount_vnd)
            return i;
        if (room < 0)
            room = i;
    }
    return room;
}

struct walk {
    const struct body_sale *sale;
    struct remaining *left;
    struct record *record;
};

static enum err walk_take(void *ctx, const struct stored *s)
{
    struct walk *walk = ctx;
    struct event e;
    if (event_decode(s->bytes, &e))
        return ERR_CORRUPT;
    if (e.kind != EV_VOID && e.kind != EV_REFUND)
        return ERR_OK;
    enum err bad = record_take(walk->record, s);
    if (bad)
        return bad;
    const union body *body = &walk->record->body;
    if (e.kind == EV_VOID) {
        walk->left->voided |= body->voided.of == walk->left->seq;
        return ERR_OK;
    }
    if (body->refund.of != walk->left->seq)
        return ERR_OK;
    walk->left->touched = true;
    for (int64_t j = 0; j < body->refund.n_lines; j++) {
        const struct line *given = &body->refund.lines[j];
        int64_t i = line_of(walk->sale, walk->left, given);
        if (i < 0)
            return ERR_CORRUPT;
        walk->left->milli[i] -= given->milli;
        walk->left->amount_vnd[i] -= given->amount_vnd;
    }
    return ERR_OK;
}

static void all_of(const struct record *r, struct remaining *left)
{
    const struct body_sale *sale = &r->body.sale;
    memset(left, 0, sizeof(*left));
    left->seq = r->event.seq;
    left->n_lines = (int)sale->n_lines;
    for (int64_t i = 0; i < sale->n_lines; i++) {
        left->milli[i] = sale->lines[i].milli;
        left->amount_vnd[i] = sale->lines[i].amount_vnd;
    }
}

static void add_up(struct remaining *left)
{
    left->total_vnd = 0;
    for (int i = 0; i < left->n_lines; i++) {
        if (left->voided)
            left->milli[i] = left->amount_vnd[i] = 0;
        left->total_vnd += left->amount_vnd[i];
    }
}

/* Reads sale `seq` into `sale` and what was given back of it since. */
static enum err sale_and_rest(struct till *till, int64_t seq,
                              struct record *sale, struct remaining *out)
{
    enum err e = till_record(till, seq, sale);
    if (e == ERR_NOT_FOUND || (!e && sale->event.kind != EV_SALE))
        return ERR_RECEIPT;
    if (e)
        return e;
    all_of(sale, out);
    struct walk walk = { &sale->body.sale, out, record_open() };
    e = ledger_each(till->ledger, seq + 1, ledger_state(till->ledger)->count,
                    walk_take, &walk);
    record_close(walk.record);
    if (!e)
        add_up(out);
    return e;
}

enum err refund_remaining(struct till *till, int64_t seq, struct remaining *out)
{
    struct record *sale = record_open();
    struct remaining left;
    enum err e = sale_and_rest(till, seq, sale, &left);
    if (!e)
        *out = left;
    record_close(sale);
    return e;
}

/* ---- choosing lines ---- */

/* A refund being put together: the sale, what is left of it, the result. */
struct giving {
    const struct body_sale *sale;
    struct remaining left;
    struct body_refund *out;
};

static enum err give(struct giving *g, int64_t i, int64_t milli)
{
    if (g->out->n_lines == MAX_LINES)
        return ERR_LIMIT;
    int64_t amount = refund_part(g->sale, &g->left, i, milli), full;
    struct line *line = &g->out->lines[g->out->n_lines++];
    *line = g->sale->lines[i];
    line->milli = milli;
    line->amount_vnd = amount;
    if (line->more.discount_vnd > 0 &&
        money_line(line->price_vnd, milli, &full) == ERR_OK)
        line->more.discount_vnd = full > amount ? full - amount : 0;
    g->left.milli[i] -= milli;
    g->left.amount_vnd[i] -= amount;
    g->left.total_vnd -= amount;
    g->out->total_vnd += amount;
    return ERR_OK;
}

static bool on_receipt(const struct body_sale *sale, struct str sku)
{
    for (int64_t i = 0; i < sale->n_lines; i++) {
        if (str_eq(sale->lines[i].sku, sku))
            return true;
    }
    return false;
}

static enum err sku_of(const struct till *till, const struct body_sale *sale,
                       struct str word, struct str *sku)
{
    const struct product *p =
        till->lists ? lists_find(till->lists, word) : NULL;
    struct str found = p && on_receipt(sale, p->sku) ? p->sku : word;
    if (!on_receipt(sale, found))
        return ERR_ITEM;
    *sku = found;
    return ERR_OK;
}

static enum err give_item(struct till *till, struct giving *g,
                          const struct refund_item *item)
{
    struct str sku;
    int64_t rest = item->milli;
    enum err e = sku_of(till, g->sale, item->word, &sku);
    for (int64_t i = 0; !e && rest > 0 && i < g->sale->n_lines; i++) {
        int64_t milli = rest < g->left.milli[i] ? rest : g->left.milli[i];
        if (milli == 0 || !str_eq(g->sale->lines[i].sku, sku))
            continue;
        rest -= milli;
        e = give(g, i, milli);
    }
    if (e)
        return e;
    return rest > 0 ? ERR_REFUNDED : ERR_OK;
}

static enum err give_all(struct giving *g)
{
    enum err e = ERR_OK;
    for (int64_t i = 0; !e && i < g->sale->n_lines; i++) {
        if (g->left.milli[i] > 0)
            e = give(g, i, g->left.milli[i]);
    }
    if (e)
        return e;
    return g->out->n_lines > 0 ? ERR_OK : ERR_REFUNDED;
}

static enum err give_lines(struct giving *g, const int64_t *milli)
{
    enum err e = ERR_OK;
    for (int64_t i = 0; !e && i < g->sale->n_lines; i++) {
        if (milli[i] < 0 || milli[i] > g->left.milli[i])
            e = ERR_REFUNDED;
        else if (milli[i] > 0)
            e = give(g, i, milli[i]);
    }
    if (e)
        return e;
    return g->out->n_lines > 0 ? ERR_OK : ERR_ITEM;
}

static enum err give_wanted(struct till *till, struct giving *g,
                            const struct refund *refund)
{
    enum err e = g->left.voided ? ERR_VOIDED : ERR_OK;
    if (!e && refund->by_line)
        return give_lines(g, refund->by_line);
    if (!e && refund->n_items == 0)
        e = give_all(g);
    for (int i = 0; !e && i < refund->n_items; i++)
        e = give_item(till, g, &refund->items[i]);
    return e;
}

/* ---- the way back ---- */

static void ways_of(const struct tender *tenders, int64_t n, int64_t *back_vnd)
{
    static const char *const words[BACK_WAYS] = {
        [BACK_CASH] = "cash",
        [BACK_TRANSFER] = "transfer",
        [BACK_CARD] = "card",
        [BACK_VOUCHER] = "voucher",
    };
    for (int64_t i = 0; i < n; i++) {
        for (int way = 0; way < BACK_WAYS; way++) {
            if (str_is(tenders[i].method, words[way]))
                back_vnd[way] += tenders[i].amount_vnd;
        }
    }
}

/* ---- refund ---- */

static void pay_back(struct body_refund *body, struct str transfer)
{
    if (body->total_vnd == 0)
        return;
    body->n_tenders = 1;
    body->tenders[0] =
        (struct tender){ transfer.len > 0 ? STR("transfer") : STR("cash"),
                         body->total_vnd, transfer };
}

/* For another till's receipt with the word of the supervisor, who allowed
 * this one and no other. */
static enum err refund_append(struct till *till, const struct refund *refund,
                              union body *body, int64_t *seq)
{
    BUF(what, MAX_TEXT);
    enum err e = shift_turn_day(till, refund->op, NULL);
    body->refund.basket = refund->basket;
    body->refund.reason = refund->reason;
    pay_back(&body->refund, refund->transfer);
    if (!e && body->refund.foreign.len > 0) {
        buf_puts(&what, "foreign refund ");
        buf_str(&what, body->refund.foreign);
        e = trail_override(till, refund->by, buf_slice(&what), refund->op);
    }
    return e ? e
             : till_append(till,
                           &(struct intent){ .kind = EV_REFUND,
                                             .body = body,
                                             .op = refund->op },
                           seq);
}

/* Is `r` a refund of what is to be given back? */
static enum err same_receipt(const struct till *till,
                             const struct refund *refund,
                             const struct record *r)
{
    char number[RECEIPT_ROOM];
    const struct body_refund *given = &r->body.refund;
    if (r->event.kind != EV_REFUND)
        return ERR_EXISTS;
    if (refund->foreign.len == 0)
        return given->of == refund->of ? ERR_OK : ERR_EXISTS;
    enum err e = foreign_number(till, refund->foreign, number);
    if (!e && !str_is(given->foreign, number))
        e = ERR_EXISTS;
    return e;
}

/* What this basket gave back; ERR_NOT_FOUND when there is none of it. */
static enum err refund_find(struct till *till, const struct refund *refund,
                            struct refunded *out)
{
    int64_t seq;
    struct remaining left = { 0 };
    if (refund->basket.len == 0)
        return ERR_NOT_FOUND;
    enum err e = ledger_find_basket(till->ledger, refund->basket, &seq);
    if (e)
        return e;
    struct record *r = record_open();
    e = till_record(till, seq, r);
    if (!e)
        e = same_receipt(till, refund, r);
    if (!e && refund->foreign.len == 0)
        e = refund_remaining(till, refund->of, &left);
    if (!e) {
        *out = (struct refunded){ .seq = seq,
                                  .refund_vnd = r->body.refund.total_vnd,
                                  .remaining_vnd = left.total_vnd,
                                  .repeated = true };
        ways_of(r->body.refund.tenders, r->body.refund.n_tenders,
                out->back_vnd);
    }
    record_close(r);
    return e;
}

static enum err refund_ours(struct till *till, const struct refund *refund,
                            union body *body, struct refunded *out)
{
    struct record *sale = record_open();
    struct giving g = { .sale = &sale->body.sale, .out = &body->refund };
    enum err e = sale_and_rest(till, refund->of, sale, &g.left);
    if (!e)
        e = give_wanted(till, &g, refund);
    body->refund.of = refund->of;
    if (!e)
        e = refund_append(till, refund, body, &out->seq);
    out->remaining_vnd = g.left.total_vnd;
    record_close(sale);
    return e;
}

static enum err refund_foreign(struct till *till, const struct refund *refund,
                               union body *body, struct refunded *out)
{
    char number[RECEIPT_ROOM];
    enum err e = foreign_number(till, refund->foreign, number);
    if (e)
        return e;
    body->refund.foreign = str_of(number);
    e = foreign_lines(till, refund, &body->refund);
    return e ? e : refund_append(till, refund, body, &out->seq);
}

static enum err refund_new(struct till *till, const struct refund *refund,
                           struct refunded *out)
{
    struct refunded done = { 0 };
    if (!till->shift.open)
        return ERR_NO_SHIFT;
    enum err e = reason_check(refund->reason);
    if (e)
        return e;
    union body *body = x_alloc(sizeof(*body));
    e = refund->foreign.len > 0 ? refund_foreign(till, refund, body, &done)
                                : refund_ours(till, refund, body, &done);
    done.refund_vnd = body->refund.total_vnd;
    ways_of(body->refund.tenders, body->refund.n_tenders, done.back_vnd);
    free(body);
    if (!e)
        *out = done;
    return e;
}

enum err refund_commit(struct till *till, const struct refund *refund,
                       struct refunded *out)
{
    ASSERT((refund->of == 0) || (refund->foreign.len == 0));
    enum err e = refund_find(till, refund, out);
    return e == ERR_NOT_FOUND ? refund_new(till, refund, out) : e;
}

/* ---- void ---- */

/* Tenders net of change, which came out of the cash. */
static void tenders_net(const struct body_sale *sale, struct body_void *out)
{
    int64_t change = sale->change_vnd;
    for (int64_t i = 0; i < sale->n_tenders; i++) {
        struct tender t = sale->tenders[i];
        if (str_is(t.method, "cash")) {
            int64_t less = change < t.amount_vnd ? change : t.amount_vnd;
            t.amount_vnd -= less;
            change -= less;
        }
        if (t.amount_vnd > 0)
            out->tenders[out->n_tenders++] = t;
    }
}

static void void_body(const struct record *r, struct body_void *out)
{
    const struct body_sale *sale = &r->body.sale;
    out->at_ms = event_time_ms(&r->event);
    out->day = r->event.day;
    out->of = r->event.seq;
    out->total_vnd = sale->total_vnd;
    out->n_lines = sale->n_lines;
    for (int64_t i = 0; i < sale->n_lines; i++)
        out->lines[i] = sale->lines[i];
    tenders_net(sale, out);
}

static enum err may_void(const struct till *till, const struct record *sale,
                         const struct remaining *left)
{
    if (left->voided)
        return ERR_VOIDED;
    if (sale->event.shift != till->shift.number)
        return ERR_OTHER_SHIFT;
    return left->touched ? ERR_REFUNDED : ERR_OK;
}

/* Reads the sale, which `body`'s texts are of; what its void gives back. */
static enum err void_read(struct till *till, int64_t sale_seq,
                          struct record *sale, struct body_void *body,
                          struct refunded *out)
{
    struct remaining left;
    if (!till->shift.open)
        return ERR_NO_SHIFT;
    enum err e = sale_and_rest(till, sale_seq, sale, &left);
    if (!e)
        e = may_void(till, sale, &left);
    if (e)
        return e;
    void_body(sale, body);
    *out = (struct refunded){ .refund_vnd = body->total_vnd };
    ways_of(body->tenders, body->n_tenders, out->back_vnd);
    return ERR_OK;
}

enum err void_check(struct till *till, int64_t sale_seq, struct refunded *out)
{
    struct record *sale = record_open();
    union body *body = x_alloc(sizeof(*body));
    enum err e = void_read(till, sale_seq, sale, &body->voided, out);
    free(body);
    record_close(sale);
    return e;
}

enum err void_commit(struct till *till, int64_t sale_seq, struct str reason,
                     int64_t op, struct refunded *out)
{
    if (!till->shift.open)
        return ERR_NO_SHIFT;
    if (reason_check(reason) != ERR_OK)
        return ERR_INVALID;
    struct record *sale = record_open();
    union body *body = x_alloc(sizeof(*body));
    struct refunded done;
    enum err e = void_read(till, sale_seq, sale, &body->voided, &done);
    body->voided.reason = reason;
    if (!e)
        e = till_append(
            till, &(struct intent){ .kind = EV_VOID, .body = body, .op = op },
            &done.seq);
    if (!e)
        *out = done;
    free(body);
    record_close(sale);
    return e;
}
