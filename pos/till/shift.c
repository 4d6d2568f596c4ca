/*
 * shift.c - when a shift begins, which day it sells for, and what it took.
 *
 * Promise: X and Z are the same sum over the same events; nothing is counted
 * while selling, so nothing can drift.
 */
#include "pos/till/shift.h"

#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/money.h"

/* ---- opening ---- */

enum err shift_open(struct till *till, int64_t float_vnd, int day, int64_t op,
                    int64_t *seq)
{
    union body body;
    ASSERT(float_vnd >= 0);
    if (till->shift.open)
        return ERR_SHIFT_OPEN;
    body.shift_opened.float_vnd = float_vnd;
    return till_append(
        till,
        &(struct intent){ .kind = EV_SHIFT_OPENED,
                          .body = &body,
                          .op = op,
                          .day = day ? day : till_day_now(till) },
        seq);
}

/* ---- the day turns ---- */

/* What the device's clock would show now had nobody touched it since the
 * shift was opened; false when that cannot be told. */
static bool untouched_now(const struct till *till, int64_t *ms)
{
    char boot[7];
    const struct env *env = env_get();
    const struct clocks *opened = &till->shift.opened_clocks;
    const struct clocks *last = &ledger_state(till->ledger)->clocks;
    int64_t up = env_mono_ms(), wall = env_wall_ms();
    env->boot_id(env->ctx, boot);
    if (strcmp(opened->boot, boot) == 0) {
        *ms = opened->at_ms + (up - opened->up_ms);
        return true;
    }
    /* The machine was started again: its clock is believed for a day. */
    *ms = wall;
    return wall >= last->at_ms && wall - last->at_ms <= DAY_MS;
}

int shift_day_now(const struct till *till)
{
    const struct shift *shift = &till->shift;
    int64_t now;
    ASSERT(shift->open);
    if (!untouched_now(till, &now))
        return shift->day;
    int cut_off = (int)ledger_state(till->ledger)->admission.cut_off_min;
    int64_t then = shift->opened_clocks.at_ms + till->offset_ms;
    int passed = day_diff(fair_day_of_ms(now + till->offset_ms, cut_off),
                          fair_day_of_ms(then, cut_off));
    int day = day_add(shift->opened_day, passed);
    return day > shift->day ? day : shift->day;
}

enum err shift_turn_day(struct till *till, int64_t op, bool *turned)
{
    union body body;
    int64_t seq;
    int day = shift_day_now(till);
    bool turn = day > till->shift.day;
    if (turn) {
        body.day_turned.from = till->shift.day;
        enum err e = till_append(
            till,
            &(struct intent){
                .kind = EV_DAY_TURNED, .body = &body, .op = op, .day = day },
            &seq);
        if (e)
            return e;
    }
    if (turned)
        *turned = turn;
    return ERR_OK;
}

/* ---- X and Z ---- */

/* In the order they are shown. */
static const char *const methods[] = { "cash", "transfer", "card", "voucher" };

static void method_add(struct shift_report *report, struct str method,
                       int64_t vnd)
{
    int i = 0;
    while (i < report->n_methods &&
           !str_is(method, report->by_method[i].method))
        i++;
    ASSERT(i < report->n_methods);
    report->by_method[i].vnd += vnd;
    report->by_method[i].used = true;
}

/* `cash_vnd` is where cash of this direction is added up. */
static void tenders_add(struct shift_report *report,
                        const struct tender *tenders, int64_t n, int sign,
                        int64_t *cash_vnd)
{
    for (int64_t i = 0; i < n; i++) {
        method_add(report, tenders[i].method, sign * tenders[i].amount_vnd);
        if (str_is(tenders[i].method, "cash"))
            *cash_vnd += tenders[i].amount_vnd;
    }
}

static void sale_add(struct shift_report *report, const struct record *r)
{
    const struct body_sale *sale = &r->body.sale;
    report->sales++;
    report->gross_vnd += sale->total_vnd;
    tenders_add(report, sale->tenders, sale->n_tenders, 1,
                &report->cash_taken_vnd);
    if (sale->change_vnd > 0)
        method_add(report, STR("cash"), -sale->change_vnd);
    report->change_vnd += sale->change_vnd;
    if (r->event.late_ms != 0) {
        report->late_sales++;
        report->late_vnd += sale->total_vnd;
    }
}

static void closed_add(struct shift_report *report,
                       const struct body_shift_closed *closed)
{
    size_t room = sizeof(report->reason) - 1;
    size_t len = closed->reason.len < room ? closed->reason.len : room;
    report->counted_vnd = closed->counted_vnd;
    if (len > 0)
        memcpy(report->reason, closed->reason.data, len);
    report->reason[len] = '\0';
}

static void report_add(struct shift_report *report, const struct record *r)
{
    const union body *body = &r->body;
    trail_count(&report->trail, r);
    if (r->event.kind == EV_SALE) {
        sale_add(report, r);
    } else if (r->event.kind == EV_VOID) {
        report->voids_vnd += body->voided.total_vnd;
        tenders_add(report, body->voided.tenders, body->voided.n_tenders, -1,
                    &report->cash_back_vnd);
    } else if (r->event.kind == EV_REFUND) {
        report->refunds_vnd += body->refund.total_vnd;
        tenders_add(report, body->refund.tenders, body->refund.n_tenders, -1,
                    &report->cash_back_vnd);
    } else if (r->event.kind == EV_SHIFT_CLOSED) {
        closed_add(report, &body->shift_closed);
    }
}

struct report_walk {
    struct shift_report *report;
    struct record *record;
};

/* Damage must not keep a day from being ended: it is counted, and said. */
static enum err report_take(void *ctx, const struct stored *s)
{
    struct report_walk *walk = ctx;
    if (record_take(walk->record, s) == ERR_OK)
        report_add(walk->report, walk->record);
    else
        walk->report->unread++;
    memcpy(walk->report->head, s->hash, HASH_BYTES);
    return ERR_OK;
}

static enum err report_of(struct till *till, const struct shift *shift,
                          struct shift_report *out)
{
    struct shift_report report = { .shift = *shift,
                                   .first_seq = shift->opened,
                                   .n_methods = ARRAY_LEN(methods) };
    struct report_walk walk = { &report, record_open() };
    for (int i = 0; i < report.n_methods; i++)
        report.by_method[i].method = methods[i];
    report.last_seq =
        shift->open ? ledger_state(till->ledger)->count : shift->closed;
    enum err e = ledger_each(till->ledger, report.first_seq, report.last_seq,
                             report_take, &walk);
    record_close(walk.record);
    if (e)
        return e;
    report.net_vnd = report.gross_vnd - report.refunds_vnd - report.voids_vnd;
    report.cash_expected_vnd = shift->float_vnd + report.cash_taken_vnd -
                               report.change_vnd - report.cash_back_vnd +
                               report.trail.cash_in_vnd -
                               report.trail.cash_out_vnd;
    if (!shift->open)
        report.difference_vnd = report.counted_vnd - report.cash_expected_vnd;
    *out = report;
    return ERR_OK;
}

enum err shift_report(struct till *till, bool z, struct shift_report *out)
{
    struct shift shift = till->shift;
    enum err e = ERR_OK;
    if (z && shift.open)
        e = till_shift_at(till, shift.opened - 1, &shift);
    if (e)
        return e;
    if (shift.number == 0 || shift.open == z)
        return ERR_NO_SHIFT;
    return report_of(till, &shift, out);
}

enum err shift_report_of(struct till *till, int64_t number,
                         struct shift_report *out)
{
    struct shift shift = till->shift;
    enum err e = ERR_OK;
    while (!e && shift.number > number)
        e = till_shift_at(till, shift.opened - 1, &shift);
    if (e)
        return e;
    if (number < 1 || shift.number != number)
        return ERR_NO_SHIFT;
    return report_of(till, &shift, out);
}

/* ---- closing ---- */

/* The device's signature on everything up to here. */
static enum err seal(struct till *till, int64_t op, int day)
{
    const struct ledger_state *state = ledger_state(till->ledger);
    BUF(hex, 2 * SIGNATURE_BYTES);
    uint8_t signature[SIGNATURE_BYTES];
    union body body;
    int64_t seq;
    sign_make(&state->key, DOMAIN_SEAL,
              (struct str){ (const char *)state->head, HASH_BYTES }, signature);
    buf_hex(&hex, signature, sizeof(signature));
    body.seal.signature = buf_slice(&hex);
    return till_append(
        till,
        &(struct intent){
            .kind = EV_SEAL, .body = &body, .op = op, .day = day },
        &seq);
}

static enum err closed_append(struct till *till, int64_t counted_vnd,
                              struct str reason, int64_t op,
                              struct shift_report *report)
{
    union body body = { .shift_closed = { counted_vnd,
                                          report->cash_expected_vnd,
                                          till->shift.opened, reason } };
    enum err e = till_append(
        till,
        &(struct intent){ .kind = EV_SHIFT_CLOSED, .body = &body, .op = op },
        &report->last_seq);
    if (e)
        return e;
    report->shift = till->shift;
    closed_add(report, &body.shift_closed);
    report->difference_vnd = counted_vnd - report->cash_expected_vnd;
    memcpy(report->head, ledger_state(till->ledger)->head, HASH_BYTES);
    return ERR_OK;
}

enum err shift_close(struct till *till, int64_t counted_vnd, struct str reason,
                     int64_t op, struct shift_report *out)
{
    struct shift_report report;
    ASSERT(counted_vnd >= 0);
    enum err e = reason_check(reason);
    if (!e)
        e = shift_report(till, false, &report);
    if (!e)
        e = closed_append(till, counted_vnd, reason, op, &report);
    if (e)
        return e;
    *out = report;
    /* The shift is closed whatever becomes of its seal: a disk that fills up
     * in between leaves a sound ledger, and the next close seals all of it. */
    (void)!seal(till, op, till->shift.day);
    return ERR_OK;
}
