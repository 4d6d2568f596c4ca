/*
 * ledger.h - the append-only, hash-chained record of one device.
 *
 * Promises: when ledger_append returns ERR_OK the event survives a kill or a
 * power cut at any later moment; the event and the removal of its draft are
 * one transaction; what was written was read back and hashed anew, and is what
 * the chain goes on from.
 * Nothing is ever changed or deleted (triggers, authoriser). One writer per
 * directory (lock.pos); readers never wait. After any I/O error the handle
 * refuses everything but ledger_close: reopen and look, for a failed commit
 * may be there after all. What a reopened ledger shows is durable.
 *
 * Room: `reserve` in the directory holds LEDGER_RESERVE bytes of the disk.
 * While it stands and as many more are free, everything is recorded; else only
 * what ends a day's work is (see ledger_append), and where even that finds no
 * room, the reserve is given up for it. It is taken again when a ledger is
 * opened with room for two. A reserve without events betrays a lost ledger.db.
 *
 * Table a script may read: event(seq, bytes, hash).
 */
#ifndef FAIR_LEDGER_H
#define FAIR_LEDGER_H

#include "fair/admission.h"
#include "fair/body.h"
#include "fair/verify.h"

struct ledger;

enum { LEDGER_RESERVE = 1024 * 1024 }; /* bytes */

struct ledger_state { /* after the last event */
    char device[DEVICE_LEN + 1];
    struct admission admission; /* strings live as long as the handle */
    struct keypair key;         /* secret part zero when opened to read */
    int64_t count;              /* last seq; 0: not even enrolled */
    uint8_t head[HASH_BYTES];
    struct sums sums;
    int64_t day, shift, op, list; /* of the last event */
    struct clocks clocks;         /* when it was written */
};

enum ledger_mode {
    LEDGER_READ,  /* no lock, nothing is written */
    LEDGER_WRITE, /* takes lock.pos (waits 10 s); makes ledger.db and event 1
                     from the admission at the first start */
    LEDGER_CHECK  /* as LEDGER_READ, but opens damaged ledgers too: only for
                     ledger_verify(). The state is what can be read of it. */
};

/* Opens the ledger of directory `dir`. `who` names the command to others that
 * wait ("fair-pos sell"). Checks that the newest events are chained, that
 * admission and key are the ledger's; what is refused stays as it is to the
 * last byte. A reader sees the ledger as it was at its opening (of a till that
 * never sold: no event), also while it grows. ERR_NOT_SET_UP (no key or
 * admission), ERR_LOCKED (why = the holder), ERR_CORRUPT, ERR_NEWER,
 * ERR_ADMISSION, ERR_FULL (not even the index of the log finds room),
 * ERR_READ_ONLY, ERR_IO. */
enum err ledger_open(const char *dir, enum ledger_mode mode, const char *who,
                     struct buf *why, struct ledger **out) MUST_USE;
void ledger_close(struct ledger *l);
const char *ledger_errmsg(const struct ledger *l);
/* True after an I/O error: this handle gives ERR_IO for good; close, reopen. */
bool ledger_lost(const struct ledger *l);
const struct ledger_state *ledger_state(const struct ledger *l);

/* What the caller decides about an event beside its body. */
struct ledger_entry {
    enum event_kind kind;
    const union body *body; /* of that kind */
    int64_t day, shift, op, list, late_ms;
    const char *draft; /* id of the draft removed with it, or NULL */
    size_t spare;      /* bytes that what is said of it later needs: its body
                          leaves so many of MAX_EVENT */
};

/* Appends; *seq is its number. Nothing is written with: ERR_LIMIT (longer
 * than MAX_EVENT less `spare`, or totals out of range), ERR_INVALID (verify
 * would refuse it; ledger_errmsg says why), ERR_FULL (no room; short of the
 * reserve any kind but shift_closed, seal, note, drawer, operator and access),
 * ERR_READ_ONLY, ERR_IO. ERR_UNSURE: not known; close, reopen, compare. */
enum err ledger_append(struct ledger *l, const struct ledger_entry *entry,
                       int64_t *seq) MUST_USE;

/* One stored event as it is. `bytes` is borrowed until the next call. */
struct stored {
    int64_t seq;
    struct str bytes;
    uint8_t hash[HASH_BYTES];
};
/* ERR_NOT_FOUND when there is none. */
enum err ledger_get(struct ledger *l, int64_t seq, struct stored *out) MUST_USE;
/* Calls `take` for from…to ascending, for none when from > to, until it
 * returns other than ERR_OK, which is passed on. ERR_NOT_FOUND from `take` is
 * the customary "found, stop". Numbers that do not exist are passed over.
 * `take` may append and get, but not start another walk. */
enum err ledger_each(struct ledger *l, int64_t from, int64_t to,
                     enum err (*take)(void *ctx, const struct stored *s),
                     void *ctx) MUST_USE;
/* The same towards the beginning: for from…1 descending. */
enum err ledger_back(struct ledger *l, int64_t from,
                     enum err (*take)(void *ctx, const struct stored *s),
                     void *ctx) MUST_USE;

/* The first sale or refund with this basket id (for a sale without one, with
 * this payment reference as its basket): *seq, or ERR_NOT_FOUND. By reference:
 * the sale with this reference of five characters. The first call walks the
 * ledger, later ones are a look-up. */
enum err ledger_find_basket(struct ledger *l, struct str basket,
                            int64_t *seq) MUST_USE;
enum err ledger_find_reference(struct ledger *l, struct str reference,
                               int64_t *seq) MUST_USE;
/* As ledger_find_basket(), of a basket that no event up to `since` has: until
 * something asks for the index, only the events behind it are walked. */
enum err ledger_find_basket_since(struct ledger *l, struct str basket,
                                  int64_t since, int64_t *seq) MUST_USE;

/* Drafts: open and parked carts, and small state of the till's screen, by id.
 * Saving replaces. Bytes are the caller's format, at most MAX_TEXT of them
 * (ERR_LIMIT). */
enum err ledger_draft_save(struct ledger *l, const char *id,
                           struct str bytes) MUST_USE;
enum err ledger_draft_drop(struct ledger *l, const char *id) MUST_USE;
enum err ledger_draft_each(struct ledger *l,
                           enum err (*take)(void *ctx, const char *id,
                                            struct str bytes),
                           void *ctx) MUST_USE;

/* Walks everything; a witness is the newest acknowledgement (count < 0:
 * none). Never fails for what it finds: that is in `v` (caller calls
 * verifier_done). ERR_IO only when rows cannot be read at all, then v says
 * ERR_CORRUPT at the first unreadable number. A file that SQLite finds out of
 * order though every event in it is sound is ERR_CORRUPT at the number behind
 * them: no event can be relied on to follow. */
enum err ledger_verify(struct ledger *l, int64_t ack_count,
                       const uint8_t *ack_head, struct verifier *v) MUST_USE;

/* Moves the WAL into the file; for idle moments. */
void ledger_idle(struct ledger *l);

#endif
