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
    int day;        /* fair-day it sells for now */
    int64_t opened; /* seq of shift_opened; the day it was opened for, and */
    int opened_day; /* what the clocks showed then */
    struct clocks opened_clocks;
    int64_t closed;    /* seq of shift_closed, 0 while open */
    int64_t float_vnd; /* cash put in at opening */
};

struct till {
    struct ledger *ledger; /* NULL only after an append that failed and a
                              disk that could not be read again */
    struct inbox *inbox;   /* NULL when there is none to read */
    struct lists *lists;   /* NULL while none was fetched */
    struct shift shift;
    int64_t offset_ms; /* aggregator's clock - ours; 0 unknown */
    const char *dir;   /* the caller's, or own_dir */
    char *own_dir;     /* NULL but in practice */
    char who[80];
    enum ledger_mode mode;
    bool practice; /* sales here are never sent (practice.h) */
    bool untold;   /* something was appended since till_tell() */
    int64_t had;   /* events, when its ledger was last closed under it */
};

/* Opens the till of `dir`; `who` as for ledger_open. In LEDGER_WRITE it also
 * writes into the ledger what it learned since last time: a new list version
 * (`list`, with the hash of its manifest), notices (`note`). `why`
 * receives the detail of a failure; `out` is left closed then. */
enum err till_open(const char *dir, enum ledger_mode mode, const char *who,
                   struct buf *why, struct till *out) MUST_USE;
void till_close(struct till *till);
/* Tells fair-sync that something was appended, if anything was: one byte,
 * never waits. Whoever appends answers first and calls it then; till_close
 * does it too. */
void till_tell(struct till *till);

/* Opens the ledger again after the disk failed under it, and reads the shift
 * anew, for that event may be there; what a till that stays open asks before
 * anything else. ERR_CORRUPT when it has fewer events than it had: their
 * numbers are not given out again. */
enum err till_ready(struct till *till) MUST_USE;

/* Now, by the device's clock plus the last known offset; its fair-day. */
int64_t till_now_ms(const struct till *till);
int till_day_now(const struct till *till);

/* Is `day` one of the fair's open days, and which (1…)? 0 if not. By the
 * newest calendar known. And the last day of that calendar. */
int till_fair_day(const struct till *till, int day);
int till_last_day(const struct till *till);

/* The product with exactly this sku (never a code); NULL. */
const struct product *till_product(const struct till *till, struct str sku);

/* Appends an event for the open shift and day by operator `op`, refreshes
 * till->shift, leaves word for till_tell(). `late_ms` moves
 * it to the day of its own time. A `shift_opened` gets the next shift's
 * number. When the ledger does not know whether it was recorded, it is closed,
 * opened and looked at: ERR_OK when the event is there, ERR_IO when it is
 * not, ERR_UNSURE only when that cannot be told. */
struct intent {
    enum event_kind kind;
    const union body *body;
    int64_t op, late_ms;
    int day;           /* 0: late_ms's, else the open shift's, else none */
    const char *draft; /* removed with it; or NULL */
    size_t spare;      /* as in struct ledger_entry */
};
enum err till_append(struct till *till, const struct intent *intent,
                     int64_t *seq) MUST_USE;

/* The shift that event `seq` belongs to or follows: read from the ledger. */
enum err till_shift_at(struct till *till, int64_t seq,
                       struct shift *out) MUST_USE;

/* A receipt number "BOOTH-LABEL-SEQ" of this till, or a payment reference
 * (booth and five characters, or the five alone), in capitals or not -> seq
 * of the event, whatever its kind. ERR_RECEIPT. */
enum err till_receipt(struct till *till, struct str word,
                      int64_t *seq) MUST_USE;
void till_receipt_number(const struct till *till, int64_t seq, struct buf *out);
void till_payment_ref(const struct till *till, struct str reference,
                      struct buf *out);

/* A decoded event of this ledger; strings live in `text` and `arena`. */
struct record {
    struct event event;
    union body body;
    struct buf text, arena;
    uint8_t hash[HASH_BYTES];
};
struct record *record_open(void);
void record_close(struct record *r);
/* ERR_NOT_FOUND, ERR_CORRUPT. */
enum err till_record(struct till *till, int64_t seq, struct record *r) MUST_USE;
/* The same from a stored event at hand (ledger_each). */
enum err record_take(struct record *r, const struct stored *s) MUST_USE;

#endif
