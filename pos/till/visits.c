/*
 * visits.c - a count of visitors becomes an event.
 */
#include "pos/till/visits.h"

#include <string.h>

#include "fair/text.h"
#include "pos/till/shift.h"

static enum err gate_check(const struct till *till, struct str gate)
{
    if (gate.len == 0)
        return ERR_OK;
    if (!id_booth(gate))
        return ERR_INVALID;
    if (!till->lists || lists_fair(till->lists)->n_gates == 0)
        return ERR_OK;
    const struct list_fair *fair = lists_fair(till->lists);
    for (int64_t i = 0; i < fair->n_gates; i++) {
        if (str_eq(fair->gates[i].code, gate))
            return ERR_OK;
    }
    return ERR_NOT_FOUND;
}

static enum err visits_check(const struct till *till, const struct visits *v)
{
    if (v->n < -VISITS_ENTRY_MAX || v->n > VISITS_ENTRY_MAX ||
        ledger_state(till->ledger)->sums.visits + v->n < 0)
        return ERR_INVALID;
    if (v->late_ms != 0 && v->late_ms > till_now_ms(till))
        return ERR_FUTURE;
    return gate_check(till, v->gate);
}

/* Without a shift it is the clock's day; a late count names its own. */
static enum err visits_day(struct till *till, const struct visits *v, int *day)
{
    enum err e = ERR_OK;
    *day = 0;
    if (v->late_ms != 0)
        return ERR_OK;
    if (till->shift.open)
        e = shift_turn_day(till, v->op, NULL);
    else
        *day = till_day_now(till);
    return e;
}

enum err visits_commit(struct till *till, const struct visits *visits,
                       struct visited *out)
{
    union body body;
    struct intent intent = { .kind = EV_VISITS,
                             .body = &body,
                             .op = visits->op,
                             .late_ms = visits->late_ms };
    int64_t seq;
    enum err e = visits_check(till, visits);
    if (!e)
        e = visits_day(till, visits, &intent.day);
    if (e)
        return e;
    body.visits =
        (struct body_visits){ visits->estimated, visits->gate, visits->n };
    e = till_append(till, &intent, &seq);
    if (e)
        return e;
    const struct ledger_state *state = ledger_state(till->ledger);
    *out = (struct visited){ seq, state->sums.visits, (int)state->day };
    return ERR_OK;
}

/* ---- gate by gate ---- */

struct gate_walk {
    int64_t day;
    struct record *record;
    struct day_visits *sum;
};

/* The row of this gate, a new one if there is none yet; NULL when there is no
 * room for it. */
static struct gate_count *row_of(struct day_visits *sum, struct str gate)
{
    for (int i = 0; i < sum->n_gates; i++) {
        if (str_is(gate, sum->gates[i].gate))
            return &sum->gates[i];
    }
    struct gate_count *row = &sum->gates[sum->n_gates];
    if (sum->n_gates == GATE_ROWS_MAX || gate.len >= sizeof(row->gate))
        return NULL;
    sum->n_gates++;
    *row = (struct gate_count){ 0 };
    if (gate.len > 0)
        memcpy(row->gate, gate.data, gate.len);
    return row;
}

static enum err gate_take(void *ctx, const struct stored *s)
{
    struct gate_walk *walk = ctx;
    struct event e;
    if (event_decode(s->bytes, &e))
        return ERR_CORRUPT;
    if (e.kind != EV_VISITS || e.day != walk->day)
        return ERR_OK;
    enum err bad = record_take(walk->record, s);
    if (bad)
        return bad;
    const struct body_visits *v = &walk->record->body.visits;
    struct gate_count *row = row_of(walk->sum, v->gate);
    if (row)
        row->n += v->n;
    walk->sum->total += v->n;
    return ERR_OK;
}

enum err visits_by_gate(struct till *till, int day, struct day_visits *out)
{
    struct day_visits sum = { 0 };
    struct gate_walk walk = { day, record_open(), &sum };
    const struct list_fair *fair = till->lists ? lists_fair(till->lists) : NULL;
    for (int64_t i = 0; fair && i < fair->n_gates; i++)
        (void)row_of(&sum, fair->gates[i].code);
    enum err e = ledger_each(till->ledger, 1, ledger_state(till->ledger)->count,
                             gate_take, &walk);
    record_close(walk.record);
    if (!e)
        *out = sum;
    return e;
}
