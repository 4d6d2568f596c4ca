/*
 * trail.c - what is not a sale but happened all the same.
 *
 * Promise: one call, one event. Nothing here asks who may; that is decided
 * before.
 */
#include "pos/till/trail.h"

#include <stdlib.h>

#include "fair/money.h"
#include "fair/text.h"
#include "pos/till/shift.h"

const char *const access_wrong_pin = ACCESS_WRONG_PIN;

enum err reason_check(struct str reason)
{
    if (reason.len == 0)
        return ERR_OK;
    return reason.len < REASON_ROOM &&
                   text_check(reason, MAX_NAME_COLUMNS) == ERR_OK
               ? ERR_OK
               : ERR_INVALID;
}

static enum err append(struct till *till, enum event_kind kind,
                       const union body *body, int64_t op)
{
    int64_t seq;
    return till_append(
        till, &(struct intent){ .kind = kind, .body = body, .op = op }, &seq);
}

/* ---- cash ---- */

static enum err may_move(struct till *till, int64_t amount_vnd)
{
    struct shift_report report;
    if (amount_vnd > MONEY_MAX)
        return ERR_LIMIT;
    if (amount_vnd > 0)
        return till->shift.open ? ERR_OK : ERR_NO_SHIFT;
    enum err e = shift_report(till, false, &report);
    if (e)
        return e;
    return -amount_vnd > report.cash_expected_vnd ? ERR_LIMIT : ERR_OK;
}

enum err trail_cash(struct till *till, int64_t amount_vnd, struct str reason,
                    int64_t op, int64_t *seq)
{
    union body body = { .cash = { amount_vnd, reason } };
    ASSERT(amount_vnd != 0 && amount_vnd > INT64_MIN);
    if (reason.len == 0 || reason_check(reason) != ERR_OK)
        return ERR_INVALID;
    enum err e = till_ready(till);
    if (!e)
        e = may_move(till, amount_vnd);
    if (!e)
        e = shift_turn_day(till, op, NULL);
    return e ? e
             : till_append(
                   till,
                   &(struct intent){ .kind = EV_CASH, .body = &body, .op = op },
                   seq);
}

/* ---- the drawer and the printer ---- */

enum err trail_drawer(struct till *till, struct str reason, int64_t op)
{
    union body body = { .drawer = { reason } };
    enum err e = reason_check(reason);
    return e ? e : append(till, EV_DRAWER, &body, op);
}

enum err trail_reprint(struct till *till, int64_t of, int64_t op)
{
    union body body = { .reprint = { of } };
    ASSERT(of > 0);
    return append(till, EV_REPRINT, &body, op);
}

/* ---- what was thrown away ---- */

enum err trail_line_removed(struct till *till, const struct cart *cart, int i,
                            int64_t op)
{
    struct body_sale *sale = x_alloc(sizeof(*sale));
    union body body;
    ASSERT(i >= 0 && i < cart->n_lines);
    enum err e = cart_body(cart, sale);
    if (!e) {
        body.line_removed.line = sale->lines[i];
        e = append(till, EV_LINE_REMOVED, &body, op);
    }
    free(sale);
    return e;
}

enum err trail_cart_cancelled(struct till *till, const struct cart *cart,
                              const char *draft, int64_t op)
{
    union body body = { .cart = { .lines = cart->n_lines } };
    struct intent intent = {
        .kind = EV_CART_CANCELLED, .body = &body, .op = op, .draft = draft
    };
    int64_t seq;
    enum err e = cart_total(cart, &body.cart.total_vnd);
    return e ? e : till_append(till, &intent, &seq);
}

/* ---- people ---- */

enum err trail_access(struct till *till, int64_t number, const char *what,
                      int64_t op)
{
    union body body = { .access = { number, str_of(what) } };
    return append(till, EV_ACCESS, &body, op);
}

enum err trail_override(struct till *till, int64_t by, struct str what,
                        int64_t op)
{
    union body body = { .override = { by, what } };
    if (what.len == 0 || reason_check(what) != ERR_OK)
        return ERR_INVALID;
    return append(till, EV_OVERRIDE, &body, op);
}

/* ---- adding up ---- */

static const struct {
    enum event_kind kind;
    size_t counter;
} counted[] = {
    { EV_LINE_REMOVED, offsetof(struct trail_counts, line_removed) },
    { EV_CART_CANCELLED, offsetof(struct trail_counts, carts_cancelled) },
    { EV_DRAWER, offsetof(struct trail_counts, drawer) },
    { EV_REPRINT, offsetof(struct trail_counts, reprints) },
    { EV_OVERRIDE, offsetof(struct trail_counts, overrides) },
};

void trail_count(struct trail_counts *counts, const struct record *r)
{
    for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
        void *counter = (char *)counts + counted[i].counter;
        if (r->event.kind == counted[i].kind)
            ++*(int64_t *)counter;
    }
    if (r->event.kind == EV_ACCESS)
        counts->wrong_pins += str_is(r->body.access.what, access_wrong_pin);
    if (r->event.kind != EV_CASH)
        return;
    int64_t vnd = r->body.cash.amount_vnd;
    counts->cash_in_vnd += vnd > 0 ? vnd : 0;
    counts->cash_out_vnd += vnd < 0 ? -vnd : 0;
}
