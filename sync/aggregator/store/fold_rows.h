/*
 * fold_rows.h - roll-up rows in memory, merged by key (private to fold.c).
 *
 * Texts are kept once and named by number, so that a key is six integers.
 * Rows come out in the order of their keys, texts compared byte by byte, which
 * is also the order of SQLite's primary keys: two folds of the same events
 * give the same rows in the same order, whatever the events' order was.
 */
#ifndef AGGREGATOR_FOLD_ROWS_H
#define AGGREGATOR_FOLD_ROWS_H

#include "fold.h"

enum roll_table {
    ROLL_DAY,
    ROLL_SALE,
    ROLL_LINE,
    ROLL_ITEM,
    ROLL_TENDER,
    ROLL_VISIT,
    ROLL_SOLD,
    ROLL_ACT,
    ROLL_HOLD,
    ROLL_NOTE
};

struct row_key { /* no padding: it is hashed and compared as bytes */
    uint32_t table, device;
    int32_t day, part; /* part: slot or hour */
    uint32_t a, b;     /* texts: sku and seller, method, gate, sku and list,
                          what and operator */
};

enum { ROW_SUMS = 6, ROWS_LAST = 16 };

struct row {
    struct row_key key;
    uint32_t hash;
    uint64_t stamp;      /* the caller's; 0 in a new row */
    int64_t v[ROW_SUMS]; /* in the order of the roll struct's members; an
                            item's: the numbers of its name and unit */
};

struct hash_index { /* positions + 1 by hash; 0: free */
    uint32_t *slots;
    size_t n_slots; /* a power of two, or 0 */
};

struct row_text {
    uint32_t at, len, hash;
};

struct rows {
    uint8_t seed[16]; /* of the hashes: no device can make them collide */
    struct row *rows;
    uint32_t n, room;
    struct hash_index by_key;
    uint32_t last[ROWS_LAST]; /* rows asked for last, by table */
    struct row_text *texts;
    uint32_t n_texts, texts_room;
    struct hash_index by_text;
    struct buf bytes; /* of the texts */
    bool allowed;     /* whatever the allowance says */
    size_t held;      /* bytes, about */
    struct row spare; /* what there is no room for */
};

/* Rows take of the thread's allowance (allowance.h), unless `allowed` is set:
 * what is refused is no text (number 0) and a row that nobody sees. */
void rows_init(struct rows *rows);
void rows_done(struct rows *rows);

/* The number of a text. */
uint32_t rows_text(struct rows *rows, struct str text);

/* The number of the text that stands for n >= 0 in a key: it has n's place
 * among others of its kind. */
uint32_t rows_int(struct rows *rows, int64_t n);

/* The row with this key, made when it is not there (all 0); valid until the
 * next call. */
struct row *rows_at(struct rows *rows, struct row_key key);

/* Adds to a sum, which stops at the ends of int64. What the fold counts does
 * not get there (fold_counts) but for a device that lies about its totals in a
 * million events, which `verify` names. */
void sum_add(int64_t *sum, int64_t by);

/* Every row once, in key order, or in any; see fold_each. */
enum err rows_each(const struct rows *rows,
                   const struct roll_taker *taker) MUST_USE;
enum err rows_each_any(const struct rows *rows,
                       const struct roll_taker *taker) MUST_USE;

#endif
