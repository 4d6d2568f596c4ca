/*
 * stand_own.c - acts by the till's and the agent's functions, in this process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/inbox.h"
#include "pos/till/refund.h"
#include "pos/till/shift.h"
#include "pos/till/visits.h"
#include "sync/agent/enrol.h"
#include "tests/sim/stand.h"

enum { CALL_MS = 20000 };
#define FLOAT_VND INT64_C(500000)

static const struct basket *basket_of(const struct stand *s,
                                      const struct act *a)
{
    return &s->plan->baskets[a->what];
}

static enum err as_planned(struct stand *s, int64_t done, int64_t planned)
{
    if (done == planned)
        return ERR_OK;
    buf_printf(&s->why, "%lld instead of %lld", (long long)done,
               (long long)planned);
    return ERR_SUMS;
}

/* ---- the shift ----------------------------------------------------------- */

static enum err open_day(struct stand *s, const struct act *a)
{
    int64_t seq;
    enum err e = till_open(s->dir, LEDGER_WRITE, "fair-pos", &s->why, &s->till);
    if (e)
        return e;
    s->open = true;
    return shift_open(&s->till, FLOAT_VND, plan_day(s->plan, a->day), 0, &seq);
}

static enum err close_day(struct stand *s, const struct act *a)
{
    struct shift_report x;
    (void)a;
    enum err e = shift_report(&s->till, false, &x);
    /* Below nothing where more was given back than came in: somebody lent. */
    int64_t counted = e || x.cash_expected_vnd < 0 ? 0 : x.cash_expected_vnd;
    if (!e)
        e = shift_close(&s->till, counted, STR(""), 0, &x);
    till_close(&s->till);
    s->open = false;
    return e;
}

/* ---- selling ------------------------------------------------------------- */

static enum err fill_cart(struct stand *s, const struct act *a,
                          struct cart *cart)
{
    const struct basket *b = basket_of(s, a);
    const struct stall *stall = stand_stall(s);
    BUF(id, BASKET_MAX);
    cart_init(cart);
    stand_basket(a->what, &id);
    memcpy(cart->basket, buf_text(&id), id.len + 1);
    cart->order_discount_vnd = b->discount_vnd;
    for (int i = 0; i < b->n_lines; i++) {
        const struct ware *ware = &stall->wares[b->lines[i].ware];
        const struct product *p =
            s->till.lists ? lists_find(s->till.lists, str_of(ware->code))
                          : NULL;
        enum err e = p ? cart_add(cart, p, b->lines[i].milli) : ERR_ITEM;
        if (e)
            return e;
    }
    return sale_begin(&s->till, cart);
}

/* Notes are of 50,000 or, for more, 500,000. */
static struct payment payment_of(const struct basket *b, struct buf *reference)
{
    int64_t note = b->total_vnd < 500000 ? 50000 : 500000;
    struct payment p = { "cash", -1, { NULL, 0 } };
    if (b->pay == PAY_NOTES)
        p.amount_vnd = (b->total_vnd + note - 1) / note * note;
    if (b->pay == PAY_TRANSFER) {
        buf_printf(reference, "FT%lld", (long long)b->total_vnd);
        p.method = "transfer";
        p.reference = buf_slice(reference);
    }
    return p;
}

static enum err sell(struct stand *s, const struct act *a)
{
    const struct basket *b = basket_of(s, a);
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sold sold;
    BUF(reference, MAX_TEXT);
    struct payment payment = payment_of(b, &reference);
    struct sale sale = { .cart = cart, .payments = &payment, .n_payments = 1 };
    enum err e = fill_cart(s, a, cart);
    if (!e)
        e = sale_commit(&s->till, &sale, &sold);
    if (!e)
        e = as_planned(s, sold.total_vnd, b->total_vnd);
    s->tally.sales += !e;
    free(cart);
    return e;
}

/* ---- giving back --------------------------------------------------------- */

static enum err sale_of(struct stand *s, const struct act *a, int64_t *seq)
{
    struct sold sold;
    BUF(id, BASKET_MAX);
    stand_basket(a->what, &id);
    enum err e = sale_find(&s->till, buf_slice(&id), &sold);
    if (!e)
        *seq = sold.seq;
    return e;
}

static enum err void_sale(struct stand *s, const struct act *a)
{
    struct refunded back;
    int64_t seq;
    enum err e = sale_of(s, a, &seq);
    if (!e)
        e = void_commit(&s->till, seq, STR(""), 0, &back);
    if (!e)
        e = as_planned(s, back.refund_vnd, basket_of(s, a)->total_vnd);
    s->tally.voids += !e;
    return e;
}

static enum err refund(struct stand *s, const struct act *a)
{
    const struct basket *b = basket_of(s, a);
    const struct ware *ware = &stand_stall(s)->wares[b->lines[0].ware];
    struct refund_item item = { str_of(ware->code), b->lines[0].milli };
    struct refund wish = { .items = &item, .n_items = b->back == BACK_LINE };
    int64_t due = wish.n_items ? b->lines[0].amount_vnd : b->total_vnd;
    struct refunded back;
    enum err e = sale_of(s, a, &wish.of);
    if (!e)
        e = refund_commit(&s->till, &wish, &back);
    if (!e)
        e = as_planned(s, back.refund_vnd, due);
    s->tally.refunds += !e;
    return e;
}

/* ---- visitors ------------------------------------------------------------ */

static enum err count_visitors(struct stand *s, const struct act *a)
{
    char gate[16] = "";
    struct visited visited;
    if (a->what != NO_GATE)
        snprintf(gate, sizeof(gate), "G%d", a->what + 1);
    struct visits visits = { .n = a->n, .gate = str_of(gate) };
    enum err e = visits_commit(&s->till, &visits, &visited);
    s->tally.visits += e ? 0 : a->n;
    return e;
}

/* ---- the agent ----------------------------------------------------------- */

/* A network that is gone or busy is part of the plan; anything else is not. */
static enum err calls_end(struct stand *s, enum err e, struct session *session)
{
    s->tally.syncs++;
    s->tally.lost += s->world->lost;
    s->tally.doubled += s->world->doubled;
    s->world->lost = s->world->doubled = 0;
    if (e == ERR_UNREACHABLE || e == ERR_BUSY) {
        s->tally.unreached++;
        e = ERR_OK;
    }
    if (e)
        buf_str(&s->why, buf_slice(&session->why));
    session_done(session);
    world_hang_up(s->world);
    return e;
}

static enum err call(struct stand *s, const struct act *a)
{
    struct session session;
    session_init(&session, s->dir, "fair-sync", CALL_MS);
    world_call(s->world, (enum network)a->what);
    return calls_end(s, session_run(&session), &session);
}

static enum err enrol(struct stand *s, const char *word)
{
    struct session session;
    struct enrol_wish wish = { .word = str_of(word) };
    enum err e = env_dir_make(s->dir);
    if (e)
        return e;
    session_init(&session, s->dir, "fair-sync", CALL_MS);
    world_call(s->world, NET_UP);
    return calls_end(s, agent_enrol(&session, &wish), &session);
}

/* ---- verifying ----------------------------------------------------------- */

/* Against what the aggregator has acknowledged. */
static enum err witness(struct stand *s, int64_t *count,
                        uint8_t head[HASH_BYTES])
{
    struct inbox *inbox;
    struct inbox_state state;
    enum err e = inbox_open(s->dir, INBOX_READ, "sim", &s->why, &inbox);
    if (e)
        return e;
    e = inbox_state(inbox, &state);
    if (!e) {
        *count = state.acked;
        memcpy(head, state.acked_head, HASH_BYTES);
    }
    inbox_close(inbox);
    return e;
}

static enum err verify(struct stand *s)
{
    struct ledger *l;
    struct verifier v;
    uint8_t head[HASH_BYTES];
    int64_t count;
    enum err e = witness(s, &count, head);
    if (!e)
        e = ledger_open(s->dir, LEDGER_CHECK, "sim", &s->why, &l);
    if (e)
        return e;
    e = ledger_verify(l, count > 0 ? count : -1, head, &v);
    s->tally.sound += !e && v.error == ERR_OK;
    if (!e)
        verifier_done(&v);
    ledger_close(l);
    return e;
}

const struct hands own_hands = {
    .enrol = enrol,
    .deeds = { [DEED_OPEN] = open_day,
               [DEED_SALE] = sell,
               [DEED_VOID] = void_sale,
               [DEED_REFUND] = refund,
               [DEED_VISITS] = count_visitors,
               [DEED_CLOSE] = close_day,
               [DEED_SYNC] = call },
    .verify = verify,
};
