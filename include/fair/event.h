/*
 * event.h - the envelope of an event, its kinds and its running totals.
 *
 * One event is one line of canonical JSON, at most MAX_EVENT bytes, members in
 * this order (sync/PROTOCOL.md 3):
 *   v seq kind at boot up day shift op list sum [late] body
 * Fair, booth and device stand in event 1 (`enrolled`) only: the chain starts
 * from the device's key, so every later event is bound to them anyway, and
 * repeating them would cost an eighth of every sale's bytes.
 */
#ifndef FAIR_EVENT_H
#define FAIR_EVENT_H

#include "fair/codec.h"

// clang-format off
/* X(enum, word). A new kind must be added to body.h's table too. */
#define EVENT_KINDS(X) \
    X(ENROLLED, "enrolled")           X(SHIFT_OPENED, "shift_opened") \
    X(SHIFT_CLOSED, "shift_closed")   X(DAY_TURNED, "day_turned") \
    X(SALE, "sale")                   X(VOID, "void") \
    X(REFUND, "refund")               X(VISITS, "visits") \
    X(CASH, "cash")                   X(STOCK, "stock") \
    X(OVERRIDE, "override")           X(DRAWER, "drawer") \
    X(CART_CANCELLED, "cart_cancelled") X(LINE_REMOVED, "line_removed") \
    X(REPRINT, "reprint")             X(OPERATOR, "operator") \
    X(ACCESS, "access")               X(LIST, "list") \
    X(CLOCK, "clock")                 X(CALL, "call") \
    X(SEAL, "seal")                   X(NOTE, "note")
// clang-format on

enum event_kind {
#define X(name, word) EV_##name,
    EVENT_KINDS(X)
#undef X
        EV_UNKNOWN /* a later program's kind: stored, acknowledged, noted */
};

/* Totals of the whole ledger after the event, `sum` in the envelope. */
struct sums {
    int64_t gross_vnd;   /* sales, also those voided later */
    int64_t refunds_vnd; /* refunds */
    int64_t voids_vnd;   /* sales taken back by void */
    int64_t visits;      /* corrections included, never below 0 */
    int64_t sales;       /* number of sale events */
};

struct event {
    int64_t version; /* 1 */
    int64_t seq;     /* 1, 2, 3 … */
    struct str kind_word;
    enum event_kind kind; /* from kind_word */
    int64_t at_ms;        /* wall clock when it was written */
    struct str boot;      /* six characters naming the boot */
    int64_t up_ms;        /* monotonic clock of that boot */
    int64_t day;          /* fair-day it counts for; 0 outside all */
    int64_t shift;        /* open or last shift; 0 before the first */
    int64_t op;           /* operator number */
    int64_t list;         /* version of the lists in use; 0 none yet */
    struct sums sums;
    int64_t late_ms; /* entered afterwards: the time it happened, or 0 */
    struct str body; /* raw bytes of the body object */
};

const char *event_kind_word(enum event_kind kind);
enum event_kind event_kind_of(struct str word);

/* Appends the line (no newline). e->kind decides the word unless EV_UNKNOWN.
 * ASSERTs that body is an object. */
void event_encode(const struct event *e, struct buf *out);

/* Checks canonical form, then the envelope. ERR_CANONICAL (also when longer
 * than MAX_EVENT or with a doubled member), ERR_FORM: a member missing, out
 * of order or out of range (version other than 1, seq < 1, negative numbers,
 * day no date). Strings of `out` lie in `line`. */
enum err event_decode(struct str line, struct event *out) MUST_USE;

/* The moment an event counts at: late_ms when set, else at_ms. */
int64_t event_time_ms(const struct event *e);

/* What the device's clocks showed when it was written. */
struct clocks {
    int64_t at_ms, up_ms;
    char boot[7];
};
struct clocks event_clocks(const struct event *e);

#endif
