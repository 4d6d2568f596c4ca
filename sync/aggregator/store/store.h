/*
 * store.h - where the aggregator keeps what it has acknowledged.
 *
 * The interface speaks of devices and batches, never of SQL; its unit is one
 * device's batch. A file (SQLite) or a database that several aggregators share
 * (PostgreSQL) stands behind the same functions. Reference data (fairs, booths,
 * products…) is in reference.h, what devices may read in listing.h.
 */
#ifndef AGGREGATOR_STORE_H
#define AGGREGATOR_STORE_H

#include "fair/sign.h"

#include "fold.h"
#include "sync/aggregator/engine/engine.h"

struct store;
enum store_mode { STORE_READ, STORE_WRITE };

#define STORE_FILE "aggregator.db"

/* The shape of the roll-up tables. A shared database may hold those of a newer
 * program beside us: then nothing is folded here (ERR_NEWER), and reports fold
 * every event. */
enum { DERIVED_VERSION = 4 };

/* `where` is a data directory, whose DIR/aggregator.db it is, or an address
 * (engine.h) of a database that several aggregators may share.
 *
 * Opens it (STORE_WRITE creates and migrates, and drops and marks for folding
 * anew derived tables of another version, but a newer one's of a shared
 * database; where they stay, reports fold everything each time).
 * ERR_NOT_SET_UP: there is none to read; otherwise db_open's errors. Callbacks
 * of one function of the store may call its other functions, but not the same
 * one again. */
enum err store_open(const char *where, enum store_mode mode, struct buf *why,
                    struct store **out) MUST_USE;
/* The same for an address or a file of any name. */
enum err store_open_file(const char *path, enum store_mode mode,
                         struct buf *why, struct store **out) MUST_USE;
/* Takes hold of the file of a store that is open, for store_open_again: while
 * it is held no other file can be taken for it. To be closed; -1: there is
 * none, as of an address. */
int store_hold(const char *where);
/* For writing, after an error: closes it (NULL: that is done) and opens it
 * anew. Only the file that is held is opened (ERR_IO, and *s is NULL): it had
 * what we said is safe, and its log, which may still be there, would spoil any
 * other one. When the log was lost the hold is let go (-1), and it stays closed
 * until the program is started anew. Of a file the loss is told
 * (store_on_loss). */
enum err store_open_again(const char *where, int *held,
                          struct store **s) MUST_USE;
void store_close(struct store *s);
/* Of one opened to read: would writing be refused (engine_writable)? */
enum err store_writable(struct store *s, struct buf *why) MUST_USE;
/* How long to wait for the database's answers (engine_patience). */
void store_patience(struct store *s, int64_t ms);
const char *store_errmsg(struct store *s);
/* Connects again to a shared database that has gone away meanwhile; between
 * groups. When that fails, whyever (ERR_DATABASE), so does every use, and
 * asking again, at once, until it is time for another try. */
enum err store_revive(struct store *s);
/* Calls `tell` when the database is lost and when it is back: once each,
 * whichever store of this process finds out first, on its thread and under a
 * lock (it must not use a store). NULL: nobody is told. */
struct store_loss {
    const char *where; /* as store_open takes it: engine_place() */
    const char *why;   /* NULL: it is back, after so long */
    int64_t after_ms;
};
void store_on_loss(void (*tell)(const struct store_loss *loss));
struct engine *store_engine(struct store *s); /* for the room's other files */
/* Something that who reads this store keeps beside it, of its own; `done` is
 * called when the store is closed. */
struct store_memo {
    void *what; /* NULL at first */
    void (*done)(void *what);
};
struct store_memo *store_memo(struct store *s);

/* A group of operations that becomes durable together: one transaction.
 * Groups nest up to three deep: an inner one is a savepoint. Reading groups see
 * one moment. Any function may give ERR_AGAIN on a shared store: the outermost
 * group is to be rolled back and may be run again. */
enum err store_group_begin(struct store *s) MUST_USE;
enum err store_group_commit(struct store *s) MUST_USE;
void store_group_rollback(struct store *s);
enum err store_read_begin(struct store *s) MUST_USE;
void store_read_end(struct store *s);

/* ---- several programs on one database (store_shared.c) ---- */

/* Several may write at once: groups are better run one by one, several at a
 * time. A file has one writer; there all of these find themselves alone. */
bool store_shared(const struct store *s);
/* Runs `work` as a group, again as long as others were in the way, but a few
 * times at most (ERR_AGAIN). Not inside a group. */
enum err store_do(struct store *s, enum err (*work)(struct store *s, void *ctx),
                  void *ctx) MUST_USE;
/* Nobody else passes here with this name until the group ends. */
enum err store_lock(struct store *s, const char *name) MUST_USE;
/* Who does what one of us has to do, such as folding: *mine until now_ms +
 * for_ms. Clocks of several machines need not agree well: two who believe it
 * do the same work twice, and nothing worse. Not inside a group. */
struct lease {
    const char *name, *holder;
    int64_t now_ms, for_ms;
};
enum err store_lease(struct store *s, const struct lease *l,
                     bool *mine) MUST_USE;
/* A shared database belongs to the aggregator, known by its keys' id, that
 * claims it first: ERR_EXISTS for any other. ERR_OK when reading what nobody
 * has claimed yet. */
enum err store_claim(struct store *s, const char *id) MUST_USE;
enum err store_belongs(struct store *s, const char *id) MUST_USE;

enum device_state { DEVICE_ACTIVE, DEVICE_FORK, DEVICE_REVOKED };
const char *device_state_word(enum device_state state);

struct device {
    char device[DEVICE_LEN + 1];
    char fair[17], booth[7], label[4], name[256];
    int64_t number;
    uint8_t public_key[KEY_BYTES];
    enum device_state state;
    int64_t count;
    uint8_t head[HASH_BYTES];
    int64_t seen_ms, unsent, offset_ms, disk_mb, list, resent;
    char program[64];
};

/* ERR_NOT_FOUND when unknown. */
enum err store_device(struct store *s, struct str device,
                      struct device *out) MUST_USE;
/* The same for a group that will change what belongs to the device: nobody else
 * does until the group ends. */
enum err store_device_locked(struct store *s, struct str device,
                             struct device *out) MUST_USE;
enum err store_device_each(struct store *s, struct str fair, /* "" all */
                           enum err (*take)(void *ctx, const struct device *d),
                           void *ctx) MUST_USE;

/* Adds a device with no events (head = hash(0)), revoked when somebody has
 * decided so before it came. ERR_EXISTS. */
struct admitted {
    struct str admission, signature, name;
    const uint8_t *phone_key; /* or NULL */
};
enum err store_admit(struct store *s, const struct device *d,
                     const struct admitted *a) MUST_USE;
/* Nobody else is admitted until the group ends: for who decides about a device
 * because it is not there. */
enum err store_admission_lock(struct store *s) MUST_USE;
/* The stored admission of a device, both parts appended. */
enum err store_admission(struct store *s, struct str device,
                         struct buf *admission, struct buf *signature,
                         uint8_t phone_key[KEY_BYTES]) MUST_USE;

/* What a request told about the device beside events. */
struct heartbeat {
    int64_t seen_ms, unsent, offset_ms, disk_mb, list;
    struct str program;
    bool resent; /* a push that held nothing new */
};
enum err store_heartbeat(struct store *s, struct str device,
                         const struct heartbeat *h) MUST_USE;

/* Where a device stands, for its answer. ERR_NOT_FOUND when unknown. */
struct standing {
    enum device_state state;
    int64_t count;
    uint8_t head[HASH_BYTES];
    int64_t list;    /* newest version of its booth's lists, 0 none */
    bool decided_on; /* somebody has decided about events of it */
};
enum err store_standing(struct store *s, struct str device,
                        struct standing *out) MUST_USE;

/* The unit of ingest, inside a group: events first…last, bytes as sent,
 * appended behind `count` = first-1, and the head moved, in one go. The caller
 * has compared with store_device_locked in the same group. */
struct segment {
    int64_t first, last;
    struct str bytes;
    const uint8_t *head;
    struct str checks; /* the store's own, see segment_check */
};
/* `heard` (or NULL) is written with it; nothing was resent. */
enum err store_append(struct store *s, struct str device,
                      const struct segment *seg,
                      const struct heartbeat *heard) MUST_USE;
/* hash(seq) of what is stored, 0 <= seq <= count; ERR_NOT_FOUND otherwise,
 * ERR_CORRUPT when the segment does not lead to its head. */
enum err store_hash_at(struct store *s, struct str device, int64_t seq,
                       uint8_t out[HASH_BYTES]) MUST_USE;
/* Is `line` what the n-th (0…) event of a stored segment was? Known by four
 * bytes kept beside it: for naming the damaged one, not for trust. True when
 * there are none. */
bool segment_check(const struct segment *seg, int64_t n,
                   struct str line) MUST_USE;
/* Segments that hold events from `from` on, ascending. */
enum err store_segments(struct store *s, struct str device, int64_t from,
                        enum err (*take)(void *ctx, const struct segment *seg),
                        void *ctx) MUST_USE;

/* Packs the device's oldest segments, some hundred kilobytes of them, in a
 * group of its own; readers see the same events as before. *out: how many
 * events (0: all are packed), and what they took before and take now.
 * ERR_CORRUPT: they do not lead to their head; nothing is changed. */
struct packing {
    int64_t events, bytes_before, bytes_after;
};
enum err store_pack(struct store *s, struct str device,
                    struct packing *out) MUST_USE;

/* Puts `lines`, a device's events from the first on, in the place of what is
 * stored of those that were acknowledged, and unfolds it: for damaged ones. A
 * group of its own. ERR_CHAIN: they are not what was acknowledged, or not all
 * of it; nothing is changed. */
enum err store_mend(struct store *s, struct str device,
                    struct str lines) MUST_USE;

enum err store_set_state(struct store *s, struct str device,
                         enum device_state state) MUST_USE;

/* Forks: events set aside. The same bytes twice are kept once: of a branch
 * that begins like one already kept only what is new is added, behind it. */
struct branch {
    int64_t id;
    struct segment seg;
    const uint8_t *previous;
    int64_t at_ms;
};
enum err store_branch_add(struct store *s, struct str device,
                          const struct branch *b) MUST_USE;
/* In the order of their first events. */
enum err store_branch_each(struct store *s, struct str device,
                           enum err (*take)(void *ctx, const struct branch *b),
                           void *ctx) MUST_USE;
enum err store_branch_get(struct store *s, struct str device, int64_t id,
                          enum err (*take)(void *ctx, const struct branch *b),
                          void *ctx) MUST_USE;
/* Both without the bytes, which are many: those that hold one of these events;
 * and those that begin at event `seq` or before it, the last one first. */
struct stretch {
    struct str device;
    int64_t first, last;
};
enum err store_branch_over(struct store *s, const struct stretch *stretch,
                           enum err (*take)(void *ctx, const struct branch *b),
                           void *ctx) MUST_USE;
enum err store_branch_down(struct store *s, struct str device, int64_t seq,
                           enum err (*take)(void *ctx, const struct branch *b),
                           void *ctx) MUST_USE;

struct decision {
    int64_t at_ms;
    const char *what; /* revoke, hold, release, count-branch, drop-branch,
                         day */
    int64_t first, last;
    int day;
    struct str reason;
};
/* Also unfolds the device when it concerns events behind its watermark;
 * ERR_NEWER where a newer program folds: only that can. */
enum err store_decide(struct store *s, struct str device,
                      const struct decision *d) MUST_USE;
/* The same about a device that is not there yet: it holds when it comes. */
enum err store_decide_ahead(struct store *s, struct str device,
                            const struct decision *d) MUST_USE;
enum err store_decision_each(struct store *s, struct str device,
                             enum err (*take)(void *ctx,
                                              const struct decision *d),
                             void *ctx) MUST_USE;

/* The same as fold_event wants them; the caller frees *rules. */
enum err store_rules(struct store *s, struct str device,
                     struct fold_rule **rules, int *n) MUST_USE;

/* The branches that people have decided to count, as store_branch_each. */
enum err store_counted_each(struct store *s, struct str device,
                            enum err (*take)(void *ctx, const struct branch *b),
                            void *ctx) MUST_USE;

/* Roll-ups. Moves the watermark over at most max_events events, of those
 * devices that have waited longest; *folded says how many; 0: nothing left. A
 * file: one transaction. A shared store: one for each device, which nobody can
 * change meanwhile; not inside a group. ERR_NEWER: a newer program has made the
 * tables anew, in its own shape; nothing is changed. */
enum err store_fold_step(struct store *s, int64_t max_events,
                         int64_t *folded) MUST_USE;
/* Drops all roll-ups (of one device); the next steps fold anew. All: not inside
 * a group. */
enum err store_unfold_all(struct store *s) MUST_USE;
enum err store_unfold(struct store *s, struct str device) MUST_USE;

/* A number that is another one as soon as something else is so of the fair
 * that its day table is made of: its calendar, gates, booths and devices, the
 * events of these, and what was decided about them. 0: there is none, because
 * some events are not folded yet. Never the same again for something else. */
enum err store_turn(struct store *s, struct str fair, int64_t *turn) MUST_USE;
/* The fair's calendar, gates, booths or devices are other ones. */
enum err store_turned(struct store *s, struct str fair) MUST_USE;

/* Every roll-up row of the fair's devices plus the fold of what lies beyond the
 * watermark and of counted branches; held branches appear as hold rows. Inside
 * store_read_begin. Exact at every moment. */
enum err store_rolls(struct store *s, struct str fair,
                     const struct roll_taker *taker) MUST_USE;
/* For verify, of one device: what is stored in the roll-up tables, in key
 * order, and the watermark it stands for; the fold of events 1…last as decided,
 * without branches. */
enum err store_rolls_stored(struct store *s, struct str device,
                            const struct roll_taker *taker) MUST_USE;
enum err store_mark(struct store *s, struct str device, int64_t *seq) MUST_USE;
/* Is the device looked at for events beyond its watermark? */
enum err store_due(struct store *s, const struct device *d, bool *due) MUST_USE;
enum err store_fold_range(struct store *s, struct str device, int64_t first,
                          int64_t last, struct fold *f) MUST_USE;

/* One event as it counts: for following a sum down to its bytes. */
struct folded {
    int64_t seq, branch; /* id of a branch that was set aside; 0: none */
    struct str line;
    const uint8_t *before, *hash; /* of the event before; its own */
    const struct segment *seg;    /* it was stored in */
    const struct fold *fold;      /* of this event alone, as decided */
};
/* The device's events from `from` (1…) on, then those of all its branches that
 * were not dropped: together they are what store_rolls adds up for it. Ends
 * with the first error of `take`, and returns that; but ERR_NOT_FOUND ends the
 * ledger alone and goes on with the branches. */
enum err store_folded_each(struct store *s, struct str device, int64_t from,
                           enum err (*take)(void *ctx, const struct folded *e),
                           void *ctx) MUST_USE;

/* Whether the engine finds its own data in order (engine.h). */
enum err store_integrity(struct store *s) MUST_USE; /* ERR_CORRUPT */
/* db_backup. */
enum err store_backup(struct store *s, const char *path) MUST_USE;
/* engine_shrink. */
enum err store_shrink(struct store *s, struct buf *why, int64_t *before,
                      int64_t *after) MUST_USE;
void store_idle(struct store *s); /* checkpoint */

#endif
