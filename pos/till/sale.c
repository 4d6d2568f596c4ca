/*
 * sale.c - from a cart and what was paid to the event, once.
 *
 * Promise: what sale_commit answers was read back from the ledger, also when
 * the sale had been recorded by an earlier call.
 */
#include "pos/till/sale.h"

#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/till/shift.h"

const struct sale_note_name sale_note_names[] = {
    { NOTE_EXPIRED, "expired", N_("a certificate has expired") },
    { NOTE_EXPIRING, "expiring", N_("a certificate expires during the fair") },
    { NOTE_UNLISTED, "unlisted", N_("an item is not on the list") },
    { NOTE_LATE, "late", N_("entered afterwards") },
    { NOTE_OUTSIDE, "outside_calendar",
      N_("this day is not in the fair's calendar") },
    { NOTE_DAY_TURNED, "day_turned", N_("a new fair-day has begun") },
    { 0, NULL, NULL },
};

/* ---- what was recorded ---- */

static int line_notes(const struct till *till, const struct line *line, int day)
{
    int notes = line->more.unlisted ? NOTE_UNLISTED : 0;
    const struct product *p = till_product(till, line->sku);
    if (!p)
        return notes;
    enum certificate c = product_certificate(p, day, till_last_day(till));
    notes |= c == CERT_EXPIRED ? NOTE_EXPIRED : 0;
    notes |= c == CERT_EXPIRING ? NOTE_EXPIRING : 0;
    return notes;
}

static int sale_notes(const struct till *till, const struct record *r)
{
    int day = (int)r->event.day;
    int notes = r->event.late_ms != 0 ? NOTE_LATE : 0;
    if (till_fair_day(till, day) == 0)
        notes |= NOTE_OUTSIDE;
    for (int64_t i = 0; i < r->body.sale.n_lines; i++)
        notes |= line_notes(till, &r->body.sale.lines[i], day);
    return notes;
}

static void keep(char *to, size_t room, struct str s)
{
    size_t len = s.len < room ? s.len : room - 1;
    memcpy(to, s.data, len);
    to[len] = '\0';
}

static void sold_fill(const struct record *r, struct sold *out)
{
    const struct body_sale *sale = &r->body.sale;
    *out = (struct sold){ .seq = r->event.seq,
                          .total_vnd = sale->total_vnd,
                          .change_vnd = sale->change_vnd,
                          .day = (int)r->event.day };
    for (int64_t i = 0; i < sale->n_tenders; i++)
        out->tendered_vnd += sale->tenders[i].amount_vnd;
    keep(out->reference, sizeof(out->reference), sale->reference);
    keep(out->basket, sizeof(out->basket),
         sale->basket.len > 0 ? sale->basket : sale->reference);
}

enum err sale_recall(struct till *till, int64_t seq, struct sold *out)
{
    struct record *r = record_open();
    struct sold sold;
    enum err e = till_record(till, seq, r);
    if (!e && r->event.kind != EV_SALE)
        e = ERR_RECEIPT;
    if (!e) {
        sold_fill(r, &sold);
        sold.notes = sale_notes(till, r);
        /* The event before a sale is `day_turned` only when the sale
         * turned it. */
        e = till_record(till, seq - 1, r);
    }
    if (!e) {
        if (r->event.kind == EV_DAY_TURNED)
            sold.notes |= NOTE_DAY_TURNED;
        *out = sold;
    }
    record_close(r);
    return e;
}

enum err sale_find(struct till *till, struct str basket, struct sold *out)
{
    struct sold sold;
    int64_t seq;
    enum err e = ledger_find_basket(till->ledger, basket, &seq);
    if (e)
        return e;
    e = sale_recall(till, seq, &sold);
    if (e)
        return e == ERR_RECEIPT ? ERR_EXISTS : e;
    sold.repeated = true;
    *out = sold;
    return ERR_OK;
}

/* ---- beginning ---- */

/* 31 signs that cannot be taken for one another, and no bank refuses. */
static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/* ERR_NOT_FOUND when no sale has this reference, nor anything a caller's
 * basket id that reads the same: one names the other where none is given. */
static enum err look_up(struct till *till, const char *reference)
{
    int64_t seq;
    enum err e = ledger_find_reference(till->ledger, str_of(reference), &seq);
    return e == ERR_NOT_FOUND
               ? ledger_find_basket(till->ledger, str_of(reference), &seq)
               : e;
}

enum err sale_begin(struct till *till, struct cart *cart)
{
    enum { TRIES = 100 }; /* of 28 million */
    for (int i = 0; i < TRIES; i++) {
        char reference[REFERENCE_LEN + 1] = "";
        for (int j = 0; j < REFERENCE_LEN; j++)
            reference[j] = signs[env_random_below(sizeof(signs) - 1)];
        enum err e = look_up(till, reference);
        if (e == ERR_NOT_FOUND) {
            memcpy(cart->reference, reference, sizeof(reference));
            return ERR_OK;
        }
        if (e)
            return e;
    }
    return ERR_LIMIT;
}

/* ---- paying ---- */

/* Change comes out of the cash; everything else is exact. */
static enum err settle_change(struct body_sale *sale, int64_t paid,
                              int64_t cash)
{
    int64_t change = paid - sale->total_vnd;
    if (change < 0 || change > cash)
        return ERR_TENDER;
    sale->change_vnd = change;
    return ERR_OK;
}

static enum err pay(struct body_sale *sale, const struct payment *payments,
                    int n)
{
    int64_t paid = 0, cash = 0;
    ASSERT(n >= 0 && n <= MAX_TENDERS);
    for (int i = 0; i < n; i++) {
        const struct payment *p = &payments[i];
        int64_t rest = sale->total_vnd > paid ? sale->total_vnd - paid : 0;
        int64_t amount = p->amount_vnd < 0 ? rest : p->amount_vnd;
        if (money_add(paid, amount, &paid) != ERR_OK)
            return ERR_LIMIT;
        if (strcmp(p->method, "cash") == 0)
            cash += amount;
        /* What is given away is paid for with nothing. */
        if (amount > 0)
            sale->tenders[sale->n_tenders++] =
                (struct tender){ str_of(p->method), amount, p->reference };
    }
    return settle_change(sale, paid, cash);
}

/* ---- recording ---- */

/* A clock that shows a time before 1970 makes nothing late. */
static enum err may_sell(const struct till *till, int64_t late_ms)
{
    if (!till->shift.open)
        return ERR_NO_SHIFT;
    return late_ms != 0 && late_ms > till_now_ms(till) ? ERR_FUTURE : ERR_OK;
}

/* Its void says all that a sale says and a little more: what could not be
 * taken back is not sold. */
static enum err may_be_voided(const union body *body)
{
    BUF(bytes, MAX_SALE_BODY);
    shape_encode(body_shape(EV_SALE), body, &bytes);
    return buf_ok(&bytes) ? ERR_OK : ERR_LIMIT;
}

static struct str basket_of(const struct cart *cart)
{
    return str_of(cart->basket[0] ? cart->basket : cart->reference);
}

enum err sale_commit(struct till *till, const struct sale *sale,
                     struct sold *out)
{
    const struct cart *cart = sale->cart;
    ASSERT(cart->reference[0] != '\0' && cart->n_lines > 0);
    enum err e = sale_find(till, basket_of(cart), out);
    if (e != ERR_NOT_FOUND)
        return e;
    union body *body = x_alloc(sizeof(*body));
    struct intent intent = { EV_SALE,       body, sale->op,
                             sale->late_ms, 0,    sale->draft };
    int64_t seq;
    e = may_sell(till, sale->late_ms);
    if (!e)
        e = cart_body(cart, &body->sale);
    if (!e)
        e = pay(&body->sale, sale->payments, sale->n_payments);
    if (!e)
        e = may_be_voided(body);
    if (!e && sale->late_ms == 0)
        e = shift_turn_day(till, sale->op, NULL);
    if (!e)
        e = till_append(till, &intent, &seq);
    free(body);
    if (e)
        return e;
    /* It is recorded; whoever cannot read it back must ask again. */
    return sale_recall(till, seq, out) == ERR_OK ? ERR_OK : ERR_UNSURE;
}
