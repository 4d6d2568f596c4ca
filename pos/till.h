/*
 * till.h - everything an open till holds: its ledger, what fair-sync left for
 * it, the lists it sells from, and the shift as the ledger tells it.
 *
 * State is always derived from the ledger; nothing lives only in memory.
 */
#ifndef POS_TILL_H
#define POS_TILL_H

#include "fair/inbox.h"
#include "fair/ledger.h"
#include "fair/lists.h"

struct shift {
    int64_t number; /* 0: none yet */
    bool open;
    int day;           /* fair-day it sells for now */
    int64_t opened;    /* seq of shift_opened */
    int64_t closed;    /* seq of shift_closed, 0 while open */
    int64_t float_vnd; /* cash put in at opening */
};

struct till {
    struct ledger *ledger;
    struct inbox *inbox;  /* NULL when there is none to read */
    struct lists *lists;  /* NULL while none was fetched */
    struct shift shift;
    int64_t offset_ms;    /* aggregator's clock - ours; 0 unknown */
    const char *dir;
};

/* Opens the till of `dir`. In LEDGER_WRITE it also writes into the ledger
 * what it learned since last time: a new list version (`list`), notices
 * (`note`). `why` receives the detail of a failure. */
enum err till_open(const char *dir, enum ledger_mode mode, const char *who,
                   struct buf *why, struct till *out) MUST_USE;
void till_close(struct till *till);

/* Now, by the device's clock plus the last known offset. */
int64_t till_now_ms(const struct till *till);

/* Appends an event for the open shift and day by operator `op`, tells
 * fair-sync (one byte, never waits), refreshes till->shift. `late_ms` moves
 * it to the day of its own time. */
struct intent {
    enum event_kind kind;
    const union body *body;
    int64_t op, late_ms;
    int day;           /* 0: the shift's (or late_ms's) */
    const char *draft; /* removed with it; or NULL */
};
enum err till_append(struct till *till, const struct intent *intent,
                     int64_t *seq) MUST_USE;

/* A receipt number "BOOTH-LABEL-SEQ" of this till, or a payment reference
 * (booth and five characters, or the five alone) -> seq of the event.
 * ERR_RECEIPT. */
enum err till_receipt(struct till *till, struct str word, int64_t *seq)
    MUST_USE;
void till_receipt_number(const struct till *till, int64_t seq,
                         struct buf *out);
void till_payment_ref(const struct till *till, struct str reference,
                      struct buf *out);

/* A decoded event of this ledger; strings live in `text` and `body`. */
struct record {
    struct event event;
    union body body;
    struct buf text, arena;
};
struct record *record_open(void);
void record_close(struct record *r);
enum err till_record(struct till *till, int64_t seq, struct record *r)
    MUST_USE;

#endif
