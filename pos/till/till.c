/*
 * till.c - opening a till, the shift as its ledger tells it, and the one
 * place from which events are appended.
 *
 * Promise: a caller that gets ERR_OK has a recorded event, one that gets
 * another error than ERR_UNSURE has none. Decides nothing about money.
 */
#include "pos/till/till.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "pos/till/learn.h"
#include "pos/till/nudge.h"

/* ---- records ---- */

struct record *record_open(void)
{
    struct record *r = x_alloc(sizeof(*r));
    buf_init(&r->text, MAX_EVENT);
    buf_init(&r->arena, MAX_EVENT);
    return r;
}

void record_close(struct record *r)
{
    if (!r)
        return;
    buf_done(&r->text);
    buf_done(&r->arena);
    free(r);
}

enum err record_take(struct record *r, const struct stored *s)
{
    buf_clear(&r->text);
    buf_clear(&r->arena);
    buf_str(&r->text, s->bytes);
    if (!buf_ok(&r->text) || event_decode(buf_slice(&r->text), &r->event) ||
        body_decode(&r->event, &r->arena, &r->body))
        return ERR_CORRUPT;
    memcpy(r->hash, s->hash, sizeof(r->hash));
    return ERR_OK;
}

enum err till_record(struct till *till, int64_t seq, struct record *r)
{
    struct stored s;
    enum err bad = ledger_get(till->ledger, seq, &s);
    return bad ? bad : record_take(r, &s);
}

/* ---- the shift ---- */

struct shift_search {
    struct shift *shift;
    struct record *record;
};

/* What the event that opened it says. */
static void shift_begin(struct shift *shift, const struct record *r)
{
    shift->float_vnd = r->body.shift_opened.float_vnd;
    shift->opened_day = (int)r->event.day;
    shift->opened_clocks = event_clocks(&r->event);
}

/* Walks towards the beginning. Sales carry other days when they were entered
 * afterwards, so only the shift's own events say which day it is. */
static enum err shift_take(void *ctx, const struct stored *s)
{
    struct shift_search *search = ctx;
    struct shift *shift = search->shift;
    struct event e;
    if (event_decode(s->bytes, &e))
        return ERR_CORRUPT;
    if (e.kind != EV_DAY_TURNED && e.kind != EV_SHIFT_OPENED &&
        e.kind != EV_SHIFT_CLOSED)
        return ERR_OK;
    shift->number = e.shift;
    if (shift->day == 0)
        shift->day = (int)e.day;
    if (e.kind == EV_DAY_TURNED)
        return ERR_OK;
    enum err bad = record_take(search->record, s);
    if (bad)
        return bad;
    const union body *body = &search->record->body;
    shift->open = e.kind == EV_SHIFT_OPENED;
    shift->opened = shift->open ? e.seq : body->shift_closed.opened;
    shift->closed = shift->open ? 0 : e.seq;
    if (shift->open)
        shift_begin(shift, search->record);
    return ERR_NOT_FOUND;
}

enum err till_shift_at(struct till *till, int64_t seq, struct shift *out)
{
    struct shift shift = { 0 };
    struct shift_search search = { &shift, record_open() };
    enum err e = ledger_back(till->ledger, seq, shift_take, &search);
    if (e == ERR_NOT_FOUND)
        e = ERR_OK;
    if (!e && shift.closed > 0) {
        e = till_record(till, shift.opened, search.record);
        if (!e && search.record->event.kind != EV_SHIFT_OPENED)
            e = ERR_CORRUPT;
        if (!e)
            shift_begin(&shift, search.record);
    }
    record_close(search.record);
    if (!e)
        *out = shift;
    return e;
}

/* What an event that was just appended changes. */
static void shift_follow(struct shift *shift, const struct ledger_entry *entry,
                         const struct ledger_state *state)
{
    if (entry->kind == EV_SHIFT_OPENED) {
        *shift = (struct shift){
            .number = entry->shift,
            .open = true,
            .day = (int)entry->day,
            .opened = state->count,
            .float_vnd = entry->body->shift_opened.float_vnd,
            .opened_day = (int)entry->day,
            .opened_clocks = state->clocks,
        };
    } else if (entry->kind == EV_SHIFT_CLOSED) {
        shift->open = false;
        shift->closed = state->count;
    } else if (entry->kind == EV_DAY_TURNED) {
        shift->day = (int)entry->day;
    }
}

/* ---- opening ---- */

static enum err till_read(struct till *till, struct buf *why)
{
    enum err e =
        ledger_open(till->dir, till->mode, till->who, why, &till->ledger);
    if (e)
        return e;
    /* What is wrong with sync.db is fair-sync's to say: here it means that
     * there are no lists, and a shift can still be closed. */
    (void)!inbox_open(till->dir, INBOX_READ, till->who, NULL, &till->inbox);
    till->practice =
        str_is(ledger_state(till->ledger)->admission.fair, PRACTICE_FAIR);
    e = till_shift_at(till, ledger_state(till->ledger)->count, &till->shift);
    return e ? e : till_learn(till);
}

enum err till_open(const char *dir, enum ledger_mode mode, const char *who,
                   struct buf *why, struct till *out)
{
    struct till till = { .dir = dir, .mode = mode };
    snprintf(till.who, sizeof(till.who), "%s", who);
    sign_init();
    enum err e = till_read(&till, why);
    if (e) {
        till_close(&till);
        till = (struct till){ .dir = dir };
    }
    *out = till;
    return e;
}

void till_tell(struct till *till)
{
    if (till->untold)
        nudge_agent(till->dir);
    till->untold = false;
}

void till_close(struct till *till)
{
    till_tell(till);
    lists_close(till->lists);
    inbox_close(till->inbox);
    ledger_close(till->ledger);
    free(till->own_dir);
    till->lists = NULL;
    till->inbox = NULL;
    till->ledger = NULL;
    till->own_dir = NULL;
}

/* ---- time and lists ---- */

int64_t till_now_ms(const struct till *till)
{
    return env_wall_ms() + till->offset_ms;
}

static int day_of(const struct till *till, int64_t ms)
{
    int64_t cut_off = ledger_state(till->ledger)->admission.cut_off_min;
    return fair_day_of_ms(ms, (int)cut_off);
}

int till_day_now(const struct till *till)
{
    return day_of(till, till_now_ms(till));
}

/* The lists' calendar in the place of the admission's, which may be older. */
static struct calendar calendar(const struct till *till)
{
    if (!till->lists)
        return admission_calendar(&ledger_state(till->ledger)->admission);
    const struct list_fair *fair = lists_fair(till->lists);
    return (struct calendar){ fair->first_day, fair->days, fair->closed,
                              fair->n_closed };
}

int till_fair_day(const struct till *till, int day)
{
    struct calendar c = calendar(till);
    return calendar_fair_day(&c, day);
}

int till_last_day(const struct till *till)
{
    struct calendar c = calendar(till);
    return day_add((int)c.first_day, (int)c.days - 1);
}

const struct product *till_product(const struct till *till, struct str sku)
{
    return till->lists ? lists_find_sku(till->lists, sku) : NULL;
}

/* ---- appending ---- */

static int intent_day(const struct till *till, const struct intent *intent)
{
    if (intent->day != 0)
        return intent->day;
    if (intent->late_ms != 0)
        return day_of(till, intent->late_ms);
    return till->shift.open ? till->shift.day : 0;
}

static void let_go(struct till *till)
{
    if (till->ledger)
        till->had = ledger_state(till->ledger)->count;
    ledger_close(till->ledger);
    till->ledger = NULL;
}

enum err till_ready(struct till *till)
{
    BUF(why, MAX_TEXT);
    if (till->ledger && !ledger_lost(till->ledger))
        return ERR_OK;
    let_go(till);
    int64_t had = till->had;
    enum err e =
        ledger_open(till->dir, till->mode, till->who, &why, &till->ledger);
    if (!e && ledger_state(till->ledger)->count < had)
        e = ERR_CORRUPT;
    if (!e)
        e = till_shift_at(till, ledger_state(till->ledger)->count,
                          &till->shift);
    if (e) {
        let_go(till);
        till->had = had;
    }
    return e;
}

/* Number `seq` would have been this event. */
static enum err settle(struct till *till, const struct ledger_entry *entry,
                       int64_t seq)
{
    BUF(wanted, MAX_EVENT);
    struct stored s;
    struct event e;
    let_go(till);
    if (till_ready(till) != ERR_OK)
        return ERR_UNSURE;
    enum err found = ledger_get(till->ledger, seq, &s);
    if (found == ERR_NOT_FOUND)
        return ERR_IO;
    if (found || event_decode(s.bytes, &e))
        return ERR_UNSURE;
    shape_encode(body_shape(entry->kind), entry->body, &wanted);
    return e.kind == entry->kind && str_eq(e.body, buf_slice(&wanted)) ? ERR_OK
                                                                       : ERR_IO;
}

enum err till_append(struct till *till, const struct intent *intent,
                     int64_t *seq)
{
    enum err e = till_ready(till);
    if (e)
        return e;
    const struct ledger_state *state = ledger_state(till->ledger);
    struct ledger_entry entry = {
        .kind = intent->kind,
        .body = intent->body,
        .day = intent_day(till, intent),
        .shift = till->shift.number + (intent->kind == EV_SHIFT_OPENED),
        .op = intent->op,
        .list = till->lists ? lists_version(till->lists) : state->list,
        .late_ms = intent->late_ms,
        .draft = intent->draft,
        .spare = intent->spare,
    };
    int64_t number = state->count + 1;
    e = ledger_append(till->ledger, &entry, &number);
    if (e == ERR_UNSURE)
        e = settle(till, &entry, number);
    if (e == ERR_IO) { /* the handle answers nothing any more */
        let_go(till);
        (void)!till_ready(till); /* else whoever needs it asks again */
    }
    if (e)
        return e;
    shift_follow(&till->shift, &entry, ledger_state(till->ledger));
    till->untold = true;
    *seq = number;
    return ERR_OK;
}

/* ---- numbers on slips ---- */

void till_receipt_number(const struct till *till, int64_t seq, struct buf *out)
{
    const struct admission *a = &ledger_state(till->ledger)->admission;
    buf_str(out, a->booth);
    buf_putc(out, '-');
    buf_str(out, a->label);
    buf_putc(out, '-');
    buf_int(out, seq);
}

void till_payment_ref(const struct till *till, struct str reference,
                      struct buf *out)
{
    buf_str(out, ledger_state(till->ledger)->admission.booth);
    buf_str(out, reference);
}

static bool starts(struct str s, struct str with)
{
    return s.len >= with.len && memcmp(s.data, with.data, with.len) == 0;
}

/* The number after "BOOTH-LABEL-", which nothing renders in two ways. */
static int64_t number_in(const struct till *till, struct str word)
{
    BUF(mine, MAX_TEXT);
    int64_t seq = 0;
    till_receipt_number(till, 0, &mine);
    size_t lead = mine.len - 1;
    if (!starts(word, (struct str){ mine.data, lead }) || word.len == lead ||
        word.len > lead + 18 || word.data[lead] == '0')
        return 0;
    for (size_t i = lead; i < word.len; i++) {
        if (word.data[i] < '0' || word.data[i] > '9')
            return 0;
        seq = seq * 10 + (word.data[i] - '0');
    }
    return seq;
}

static enum err reference_in(struct till *till, struct str word, int64_t *seq)
{
    enum { LEN = 5 };
    struct str booth = ledger_state(till->ledger)->admission.booth;
    if (word.len == booth.len + LEN && starts(word, booth))
        word = (struct str){ word.data + booth.len, LEN };
    if (word.len != LEN)
        return ERR_RECEIPT;
    enum err e = ledger_find_reference(till->ledger, word, seq);
    return e == ERR_NOT_FOUND ? ERR_RECEIPT : e;
}

enum err till_receipt(struct till *till, struct str word, int64_t *seq)
{
    char capitals[64];
    if (word.len > sizeof(capitals))
        return ERR_RECEIPT;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.data[i];
        capitals[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    word.data = capitals;
    int64_t number = number_in(till, word);
    if (number == 0)
        return reference_in(till, word, seq);
    if (number > ledger_state(till->ledger)->count)
        return ERR_RECEIPT;
    *seq = number;
    return ERR_OK;
}
