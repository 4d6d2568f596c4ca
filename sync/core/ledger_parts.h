/*
 * ledger_parts.h - what the files of the ledger module share.
 */
#ifndef LEDGER_PARTS_H
#define LEDGER_PARTS_H

#include "fair/db.h"
#include "fair/env.h"
#include "fair/ledger.h"

enum {
#define X(name, text) name,
#include "ledger_sql.def"
#undef X
    LEDGER_SQL_COUNT
};

/* Where a basket or reference may be: candidates by the hash of the word,
 * to be looked at in the event itself. Open addressing; seq 0 is free. */
struct basket_index {
    bool built;
    struct basket_slot {
        uint64_t hash;
        int64_t seq;
    } * slots;
    size_t n, room; /* room is 0 or a power of two */
};

struct ledger {
    char *dir;
    enum ledger_mode mode;
    struct lock *lock; /* of a writer */
    struct db *db;     /* NULL: no ledger.db to read yet */
    bool damaged;      /* it cannot even be opened (LEDGER_CHECK) */
    bool dead;         /* no more than ledger_close() */
    bool tight;        /* the reserve is gone */
    struct ledger_state state;
    struct buf admission_text, admission_arena; /* state.admission's strings */
    struct str admission, signature;            /* slices of admission_text */
    struct buf body, line;                      /* of the event being written */
    struct clocks clocks;                       /* of that event */
    struct buf got;                             /* what ledger_get() has lent */
    struct verifier guard; /* judges what is about to be written */
    struct buf why;
    struct basket_index baskets;
};

/* ---- ledger.c ---- */

/* `e`, with the detail kept for ledger_errmsg(). */
enum err ledger_fail(struct ledger *l, enum err e, const char *detail);
/* `e` of the database, with its own words. */
enum err ledger_db_fail(struct ledger *l, enum err e);
/* ERR_IO for a handle that answers nothing any more. */
enum err ledger_refuse_dead(const struct ledger *l) MUST_USE;
/* Does a handle that wrote with this result go on? */
bool ledger_goes_on(enum err e) MUST_USE;
/* The row a statement stands on. */
struct stored ledger_row(sqlite3_stmt *stmt, struct str *hash);

/* ---- ledger_disk.c: room for closing the shift on a full disk ---- */

bool reserve_stands(const char *dir);
/* Sees to it that it stands, making it where there is room for two. */
bool reserve_keep(const char *dir);
/* Gives the room away; false when there was none. */
bool reserve_drop(const char *dir);
bool disk_low(const char *dir);

/* ---- ledger_find.c ---- */

/* Notes what a new event can be found by, if the index is built. */
void basket_index_add(struct basket_index *index, int64_t seq,
                      enum event_kind kind, const union body *body);
void basket_index_done(struct basket_index *index);

#endif
