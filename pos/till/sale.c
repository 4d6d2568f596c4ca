/*
 * sale.c - from a cart and what was paid to the event, once.
 *
 * Promise: what sale_commit answers is what the ledger holds. A new sale was
 * read back and hashed anew by ledger_append before it says that it is there;
 * one of an earlier call is read again.
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

/* ---- judging ---- */

struct judgement sale_judge(const struct till *till,
                            const struct cart_line *line, int day)
{
    const struct list_fair *fair = till->lists ? lists_fair(till->lists) : NULL;
    if (line->unlisted)
        return judge_unlisted(fair);
    return judge_product(fair, till_product(till, str_of(line->sku)), day,
                         till_last_day(till));
}

int sale_refused(const struct till *till, const struct cart *cart,
                 enum err *why)
{
    if (!till->lists || lists_fair(till->lists)->refuse == 0)
        return -1;
    int day = shift_day_now(till);
    for (int i = 0; i < cart->n_lines; i++) {
        struct judgement j = sale_judge(till, &cart->lines[i], day);
        enum err e = judge_err(&j);
        if (e) {
            *why = e;
            return i;
        }
    }
    return -1;
}

/* ---- what was recorded ---- */

static int line_notes(const struct till *till, const struct line *line, int day,
                      int last_day)
{
    int notes = line->more.unlisted ? NOTE_UNLISTED : 0;
    const struct product *p = till_product(till, line->sku);
    if (!p)
        return notes;
    enum certificate c = product_certificate(p, day, last_day);
    notes |= c == CERT_EXPIRED ? NOTE_EXPIRED : 0;
    notes |= c == CERT_EXPIRING ? NOTE_EXPIRING : 0;
    return notes;
}

int sale_line_notes(const struct till *till, const struct line *line, int day)
{
    return line_notes(till, line, day, till_last_day(till));
}

static int sale_notes(const struct till *till, const struct body_sale *sale,
                      int day, int64_t late_ms)
{
    int notes = late_ms != 0 ? NOTE_LATE : 0;
    int last_day = till_last_day(till);
    if (till_fair_day(till, day) == 0)
        notes |= NOTE_OUTSIDE;
    for (int64_t i = 0; i < sale->n_lines; i++)
        notes |= line_notes(till, &sale->lines[i], day, last_day);
    return notes;
}

static void keep(char *to, size_t room, struct str s)
{
    size_t len = s.len < room ? s.len : room - 1;
    memcpy(to, s.data, len);
    to[len] = '\0';
}

static void sold_fill(const struct body_sale *sale, int64_t seq, int day,
                      struct sold *out)
{
    *out = (struct sold){ .seq = seq,
                          .total_vnd = sale->total_vnd,
                          .change_vnd = sale->change_vnd,
                          .day = day };
    for (int64_t i = 0; i < sale->n_tenders; i++)
        out->tendered_vnd += sale->tenders[i].amount_vnd;
    keep(out->reference, sizeof(out->reference), sale->reference);
    keep(out->basket, sizeof(out->basket),
         sale->basket.len > 0 ? sale->basket : sale->reference);
}

enum err sale_recall(struct till *till, int64_t seq, struct sold *out)
{
    struct record *r = record_open();
    struct sold sold = { 0 };
    enum err e = till_record(till, seq, r);
    if (!e && r->event.kind != EV_SALE)
        e = ERR_RECEIPT;
    if (!e) {
        int day = (int)r->event.day;
        sold_fill(&r->body.sale, seq, day, &sold);
        sold.notes = sale_notes(till, &r->body.sale, day, r->event.late_ms);
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

enum err sale_reference(struct till *till, char out[REFERENCE_LEN + 1])
{
    enum { TRIES = 100 }; /* of 28 million */
    for (int i = 0; i < TRIES; i++) {
        char reference[REFERENCE_LEN + 1] = "";
        for (int j = 0; j < REFERENCE_LEN; j++)
            reference[j] = signs[env_random_below(sizeof(signs) - 1)];
        enum err e = look_up(till, reference);
        if (e == ERR_NOT_FOUND) {
            memcpy(out, reference, sizeof(reference));
            return ERR_OK;
        }
        if (e)
            return e;
    }
    return ERR_LIMIT;
}

enum err sale_begin(struct till *till, struct cart *cart)
{
    enum err e = sale_reference(till, cart->reference);
    if (!e)
        cart->since = ledger_state(till->ledger)->count;
    return e;
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

/* A clock that shows a time before 1970 makes nothing late. What is late was
 * sold: that it should not have been is noted. */
static enum err may_sell(const struct till *till, const struct sale *sale)
{
    enum err why = ERR_OK;
    if (!till->shift.open)
        return ERR_NO_SHIFT;
    if (sale->late_ms != 0)
        return sale->late_ms > till_now_ms(till) ? ERR_FUTURE : ERR_OK;
    (void)sale_refused(till, sale->cart, &why);
    return why;
}

/* Goods that have left the list since they were put into the cart. */
static void mark_unlisted(const struct till *till, struct body_sale *sale)
{
    for (int64_t i = 0; till->lists && i < sale->n_lines; i++) {
        struct line *line = &sale->lines[i];
        if (!till_product(till, line->sku))
            line->more.unlisted = 1;
    }
}

static enum err sale_make(const struct till *till, const struct sale *sale,
                          struct body_sale *out)
{
    enum err e = may_sell(till, sale);
    if (!e)
        e = cart_body(sale->cart, out);
    if (e)
        return e;
    mark_unlisted(till, out);
    return pay(out, sale->payments, sale->n_payments);
}

static struct str basket_of(const struct cart *cart)
{
    return str_of(cart->basket[0] ? cart->basket : cart->reference);
}

enum err sale_commit(struct till *till, const struct sale *sale,
                     struct sold *out)
{
    const struct cart *cart = sale->cart;
    union body body; /* large: only what the cart fills is ever set */
    bool turned = false;
    int64_t seq;
    ASSERT(cart->reference[0] != '\0' && cart->n_lines > 0);
    enum err e = sale_find(till, basket_of(cart), out);
    if (e != ERR_NOT_FOUND)
        return e;
    struct intent intent = { .kind = EV_SALE,
                             .body = &body,
                             .op = sale->op,
                             .late_ms = sale->late_ms,
                             .spare = SALE_SPARE };
    e = sale_make(till, sale, &body.sale);
    if (!e && sale->late_ms == 0)
        e = shift_turn_day(till, sale->op, &turned);
    if (!e)
        e = till_append(till, &intent, &seq);
    if (e)
        return e;
    int day = (int)ledger_state(till->ledger)->day;
    sold_fill(&body.sale, seq, day, out);
    out->notes = sale_notes(till, &body.sale, day, sale->late_ms) |
                 (turned ? NOTE_DAY_TURNED : 0);
    return ERR_OK;
}
