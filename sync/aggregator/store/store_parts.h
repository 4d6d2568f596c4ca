/*
 * store_parts.h - what the store's own files share (private to store*.c).
 */
#ifndef AGGREGATOR_STORE_PARTS_H
#define AGGREGATOR_STORE_PARTS_H

#include "store.h"
#include "store_sql.h"

enum { FAIR_ROOM = 17, STORE_PATH_ROOM = 4096 };

struct store {
    struct engine *engine;
    enum store_mode mode;
    char *where;
    bool derived;        /* the roll-up tables were there, in our shape */
    struct last_folded { /* "": nothing else was due */
        char fair[FAIR_ROOM], device[DEVICE_LEN + 1];
    } last_folded;
    enum err lost;    /* why the last try to connect again has failed */
    int64_t again_ms; /* ... and when there may be another; monotonic */
    int64_t losses;   /* that had been told when it was seen alive */
    struct store_memo memo;
    struct ahead *ahead; /* see ahead_read */
};

/* A group that is rolled back unless it was committed. */
struct group {
    struct store *store; /* NULL: not begun */
};
enum err group_begin(struct store *s, struct group *g) MUST_USE;
enum err group_commit(struct group *g) MUST_USE;
void group_end(struct group *g);
#define GROUP(name) \
    __attribute__((cleanup(group_end))) struct group name = { 0 }

/* This shared database is lost, and `known` is how many losses had been told
 * when it was there; it answers (store_loss.c). */
void loss_found(int64_t known, const char *where, const char *why);
int64_t loss_over(const char *where);
int64_t losses_told(void);

/* A stored hash; ERR_CORRUPT when it is none. */
enum err store_hash(struct str bytes, uint8_t out[HASH_BYTES]) MUST_USE;

/* The hash before event `first`, with which a segment or frame begins. */
enum err store_hash_before(struct store *s, const struct device *d,
                           int64_t first, uint8_t out[HASH_BYTES]) MUST_USE;
/* Stores a row of it. Posted: it travels with the head's move, whose answer
 * tells of both. */
enum err segment_add(struct store *s, struct str device,
                     const struct segment *seg) MUST_USE;
/* Appends what segment_check asks of these lines. */
void checks_put(struct str lines, struct buf *checks);

/* What was named or renamed in the directory is so after a power cut. */
enum err dir_settle(const char *dir) MUST_USE;
/* Makes the roll-up tables anew, empty: for store_do. */
enum err derived_anew(struct store *s, void *ctx) MUST_USE;
/* Are they there, in our shape? In a transaction they stay so until it ends,
 * for others wait who would make them anew. */
enum err derived_ours(struct store *s, bool *ours) MUST_USE;
/* The same for who changes them: ERR_NEWER when they are not. */
enum err derived_hold(struct store *s) MUST_USE;

/* Roll-up tables, row by row: what they hold of a device, in key order, or of
 * all devices of a fair; adding to them. */
enum rolls_of { OF_DEVICE_ALONE, OF_WHOLE_FAIR };
enum err rolls_read(struct store *s, enum rolls_of which, struct str of,
                    const struct roll_taker *taker) MUST_USE;
/* Inside a group. */
enum err rolls_add(struct store *s, const struct fold *f) MUST_USE;
/* fold_bound: rows that there is no room for go to `taker` at once. */
void fold_bound_taker(struct fold *f, const struct roll_taker *taker);
/* Rows of the events beyond the watermark of a fair's devices, which this
 * reader folds for itself and keeps (store_ahead.c). */
enum err ahead_read(struct store *s, struct str fair,
                    const struct roll_taker *taker) MUST_USE;
void ahead_close(struct ahead *all);
/* Forgets a device. */
enum err rolls_drop(struct store *s, struct str device) MUST_USE;

/* Where the watermark stands, and who has events beyond it (store_mark.c):
 * to call in the group that changes either. The device's events up to `seq` are
 * in the tables; it has other ones; all devices' are. Before them: the mark as
 * it stands in the table. */
enum err mark_get(struct store *s, struct str device, int64_t *seq) MUST_USE;
enum err mark_move(struct store *s, struct str device, int64_t seq) MUST_USE;
enum err mark_passed(struct store *s, struct str device) MUST_USE;
enum err marks_passed(struct store *s) MUST_USE;
/* What reports read of the device's fair may be other than it was. */
enum err turn_device(struct store *s, struct str device) MUST_USE;

#endif
