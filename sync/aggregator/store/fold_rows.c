/*
 * fold_rows.c - a hash table of rows and one of texts, and sorting them.
 *
 * Open addressing with linear probing, at most half full; both tables hold
 * positions in plain arrays, so that growing moves nothing but integers.
 * It knows what the columns of a row are, not what they mean (fold.c).
 */
#include "fold_rows.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

#include "allowance.h"

enum { ROOM_FIRST = 64, SLOTS_FIRST = 128, MAX_FOLD_TEXT = 1024 * 1024 * 1024 };

/* Bytes of a row and of a text beside its own: their slots, and what is made
 * of them while they are sorted and printed. */
enum { ROW_BYTES = sizeof(struct row) + 80, TEXT_BYTES = 48 };

_Static_assert(sizeof(((struct rows *)0)->seed) == crypto_shorthash_KEYBYTES,
               "the seed is the hash's key");
_Static_assert(sizeof(struct row_key) == 24, "a key has no padding");

void rows_init(struct rows *rows)
{
    *rows = (struct rows){ .n = 0 };
    env_random(rows->seed, sizeof(rows->seed));
    buf_init(&rows->bytes, MAX_FOLD_TEXT);
}

void rows_done(struct rows *rows)
{
    free(rows->rows);
    free(rows->by_key.slots);
    free(rows->texts);
    free(rows->by_text.slots);
    buf_done(&rows->bytes);
}

static bool take(struct rows *rows, size_t bytes)
{
    if (!rows->allowed && !allowance_take(bytes))
        return false;
    rows->held += bytes;
    return true;
}

/* ---- hashing ------------------------------------------------------------- */

static uint32_t hash_of(const struct rows *rows, const void *bytes, size_t len)
{
    uint8_t out[crypto_shorthash_BYTES];
    uint32_t hash;
    crypto_shorthash(out, bytes, len, rows->seed);
    memcpy(&hash, out, sizeof(hash));
    return hash;
}

/* Of a key: its numbers are ours, given out one by one, so that with a secret
 * seed one multiplication a word is mixing enough. */
static uint32_t hash_of_key(const struct rows *rows, const struct row_key *key)
{
    uint64_t words[sizeof(*key) / sizeof(uint64_t)], seed[2];
    memcpy(words, key, sizeof(words));
    memcpy(seed, rows->seed, sizeof(seed));
    uint64_t hash = seed[0];
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        hash = (hash ^ words[i]) * (seed[1] | 1);
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

static void index_put(struct hash_index *index, uint32_t hash, uint32_t at)
{
    size_t i = hash & (index->n_slots - 1);
    while (index->slots[i] != 0)
        i = (i + 1) & (index->n_slots - 1);
    index->slots[i] = at + 1;
}

/* Room for one entry more; true when the slots are new and empty. */
static bool index_grow(struct hash_index *index, uint32_t n)
{
    if (n < index->n_slots / 2)
        return false;
    free(index->slots);
    index->n_slots = index->n_slots ? index->n_slots * 2 : SLOTS_FIRST;
    index->slots = x_alloc(index->n_slots * sizeof(*index->slots));
    return true;
}

static void array_grow(void **array, uint32_t n, uint32_t *room, size_t size)
{
    if (n < *room)
        return;
    ASSERT(*room < UINT32_MAX / 2);
    *room = *room ? *room * 2 : ROOM_FIRST;
    *array = x_realloc(*array, *room * size);
}

/* ---- texts --------------------------------------------------------------- */

static struct str text_at(const struct rows *rows, uint32_t number)
{
    const struct row_text *t = &rows->texts[number];
    return (struct str){ rows->bytes.data + t->at, t->len };
}

static uint32_t text_add(struct rows *rows, struct str text, uint32_t hash)
{
    void *array = rows->texts;
    array_grow(&array, rows->n_texts, &rows->texts_room, sizeof(*rows->texts));
    rows->texts = array;
    rows->texts[rows->n_texts] = (struct row_text){ (uint32_t)rows->bytes.len,
                                                    (uint32_t)text.len, hash };
    buf_str(&rows->bytes, text);
    ASSERT(buf_ok(&rows->bytes));
    return rows->n_texts++;
}

uint32_t rows_text(struct rows *rows, struct str text)
{
    uint32_t hash = hash_of(rows, text.data, text.len);
    if (index_grow(&rows->by_text, rows->n_texts)) {
        for (uint32_t i = 0; i < rows->n_texts; i++)
            index_put(&rows->by_text, rows->texts[i].hash, i);
    }
    const struct hash_index *index = &rows->by_text;
    size_t i = hash & (index->n_slots - 1);
    for (; index->slots[i] != 0; i = (i + 1) & (index->n_slots - 1)) {
        uint32_t at = index->slots[i] - 1;
        if (rows->texts[at].hash == hash && str_eq(text_at(rows, at), text))
            return at;
    }
    if (!take(rows, TEXT_BYTES + text.len))
        return 0;
    uint32_t added = text_add(rows, text, hash);
    index->slots[i] = added + 1;
    return added;
}

enum { INT_BYTES = 8 };

/* The high byte first, so that bytes compare as the numbers do. */
uint32_t rows_int(struct rows *rows, int64_t n)
{
    char bytes[INT_BYTES];
    ASSERT(n >= 0);
    for (int i = INT_BYTES - 1; i >= 0; i--, n >>= 8)
        bytes[i] = (char)(uint8_t)n;
    return rows_text(rows, (struct str){ bytes, INT_BYTES });
}

static int64_t int_at(const struct rows *rows, uint32_t number)
{
    struct str bytes = text_at(rows, number);
    int64_t n = 0;
    for (size_t i = 0; i < bytes.len; i++)
        n = n << 8 | (uint8_t)bytes.data[i];
    return n;
}

/* ---- rows ---------------------------------------------------------------- */

static struct row *row_find(struct rows *rows, struct row_key key,
                            uint32_t *last)
{
    uint32_t hash = hash_of_key(rows, &key);
    if (index_grow(&rows->by_key, rows->n)) {
        for (uint32_t i = 0; i < rows->n; i++)
            index_put(&rows->by_key, rows->rows[i].hash, i);
    }
    const struct hash_index *index = &rows->by_key;
    size_t i = hash & (index->n_slots - 1);
    for (; index->slots[i] != 0; i = (i + 1) & (index->n_slots - 1)) {
        *last = index->slots[i] - 1;
        struct row *row = &rows->rows[*last];
        if (row->hash == hash && memcmp(&row->key, &key, sizeof(key)) == 0)
            return row;
    }
    if (!take(rows, ROW_BYTES)) {
        rows->spare = (struct row){ .key = key };
        return &rows->spare;
    }
    void *array = rows->rows;
    array_grow(&array, rows->n, &rows->room, sizeof(*rows->rows));
    rows->rows = array;
    rows->rows[rows->n] = (struct row){ .key = key, .hash = hash };
    *last = rows->n;
    index->slots[i] = ++rows->n;
    return &rows->rows[rows->n - 1];
}

/* Events come in order: often it is the row of the one before. */
struct row *rows_at(struct rows *rows, struct row_key key)
{
    uint32_t *last = &rows->last[key.table % ROWS_LAST];
    if (*last < rows->n &&
        memcmp(&rows->rows[*last].key, &key, sizeof(key)) == 0)
        return &rows->rows[*last];
    return row_find(rows, key, last);
}

void sum_add(int64_t *sum, int64_t by)
{
    int64_t end = by < 0 ? INT64_MIN : INT64_MAX;
    if (__builtin_add_overflow(*sum, by, sum))
        *sum = end;
}

/* ---- rows as records ----------------------------------------------------- */

typedef enum err give_row(const struct rows *rows, const struct row *row,
                          const struct roll_taker *taker);

static enum err give_day(const struct rows *rows, const struct row *row,
                         const struct roll_taker *taker)
{
    struct roll_day r = { text_at(rows, row->key.device),
                          row->key.day,
                          text_at(rows, row->key.a),
                          row->v[0],
                          row->v[1],
                          row->v[2],
                          row->v[3],
                          row->v[4] };
    return taker->day(taker->ctx, &r);
}

static enum err give_sale(const struct rows *rows, const struct row *row,
                          const struct roll_taker *taker)
{
    struct roll_sale r = { text_at(rows, row->key.device),
                           row->key.day,
                           row->key.part,
                           row->v[0],
                           row->v[1],
                           row->v[2],
                           row->v[3],
                           row->v[4],
                           row->v[5] };
    return taker->sale(taker->ctx, &r);
}

static enum err give_line(const struct rows *rows, const struct row *row,
                          const struct roll_taker *taker)
{
    struct roll_line r = { text_at(rows, row->key.device),
                           row->key.day,
                           row->key.part,
                           text_at(rows, row->key.a),
                           text_at(rows, row->key.b),
                           row->v[0],
                           row->v[1],
                           row->v[2] };
    return taker->line(taker->ctx, &r);
}

static enum err give_item(const struct rows *rows, const struct row *row,
                          const struct roll_taker *taker)
{
    struct roll_item r = { text_at(rows, row->key.device),
                           text_at(rows, row->key.a),
                           text_at(rows, (uint32_t)row->v[0]),
                           text_at(rows, (uint32_t)row->v[1]) };
    return taker->item(taker->ctx, &r);
}

static enum err give_tender(const struct rows *rows, const struct row *row,
                            const struct roll_taker *taker)
{
    struct roll_tender r = { text_at(rows, row->key.device), row->key.day,
                             text_at(rows, row->key.a), row->v[0] };
    return taker->tender(taker->ctx, &r);
}

static enum err give_visit(const struct rows *rows, const struct row *row,
                           const struct roll_taker *taker)
{
    struct roll_visit r = {
        text_at(rows, row->key.device), row->key.day, row->key.part,
        text_at(rows, row->key.a),      row->v[0],    row->v[1]
    };
    return taker->visit(taker->ctx, &r);
}

static enum err give_sold(const struct rows *rows, const struct row *row,
                          const struct roll_taker *taker)
{
    struct roll_sold r = { text_at(rows, row->key.device),
                           row->key.day,
                           text_at(rows, row->key.a),
                           int_at(rows, row->key.b),
                           row->v[0],
                           row->v[1],
                           row->v[2],
                           row->v[3] };
    return taker->sold(taker->ctx, &r);
}

static enum err give_act(const struct rows *rows, const struct row *row,
                         const struct roll_taker *taker)
{
    struct roll_act r = {
        text_at(rows, row->key.device), row->key.day, text_at(rows, row->key.a),
        int_at(rows, row->key.b),       row->v[0],    row->v[1]
    };
    return taker->act(taker->ctx, &r);
}

static enum err give_hold(const struct rows *rows, const struct row *row,
                          const struct roll_taker *taker)
{
    struct roll_hold r = { text_at(rows, row->key.device), row->v[0],
                           row->v[1] };
    return taker->hold(taker->ctx, &r);
}

static enum err give_note(const struct rows *rows, const struct row *row,
                          const struct roll_taker *taker)
{
    struct roll_note r = { text_at(rows, row->key.device),
                           text_at(rows, row->key.a), row->v[0], row->v[1],
                           row->v[2] };
    return taker->note(taker->ctx, &r);
}

static give_row *const give[] = {
    [ROLL_DAY] = give_day,       [ROLL_SALE] = give_sale,
    [ROLL_LINE] = give_line,     [ROLL_ITEM] = give_item,
    [ROLL_TENDER] = give_tender, [ROLL_VISIT] = give_visit,
    [ROLL_SOLD] = give_sold,     [ROLL_ACT] = give_act,
    [ROLL_HOLD] = give_hold,     [ROLL_NOTE] = give_note,
};

/* ---- order --------------------------------------------------------------- */

struct ranked {
    struct str text;
    uint32_t number;
};

static int by_bytes(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    return str_cmp(a->text, b->text);
}

static int by_row_key(const void *left, const void *right)
{
    const struct row_key *a = left, *b = right;
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

/* rank[number] = place of that text among all texts. */
static uint32_t *rank_texts(const struct rows *rows)
{
    struct ranked *all = x_alloc(rows->n_texts * sizeof(*all));
    uint32_t *rank = x_alloc(rows->n_texts * sizeof(*rank));
    for (uint32_t i = 0; i < rows->n_texts; i++)
        all[i] = (struct ranked){ text_at(rows, i), i };
    qsort(all, rows->n_texts, sizeof(*all), by_bytes);
    for (uint32_t i = 0; i < rows->n_texts; i++)
        rank[all[i].number] = i;
    free(all);
    return rank;
}

struct place { /* a row's key with ranks for its texts, and where it is */
    struct row_key key;
    uint32_t at;
};

/* By table: does anybody want its rows? */
static void tables_wanted(const struct roll_taker *t, bool wanted[])
{
    wanted[ROLL_DAY] = t->day;
    wanted[ROLL_SALE] = t->sale;
    wanted[ROLL_LINE] = t->line;
    wanted[ROLL_ITEM] = t->item;
    wanted[ROLL_TENDER] = t->tender;
    wanted[ROLL_VISIT] = t->visit;
    wanted[ROLL_SOLD] = t->sold;
    wanted[ROLL_ACT] = t->act;
    wanted[ROLL_HOLD] = t->hold;
    wanted[ROLL_NOTE] = t->note;
}

enum err rows_each_any(const struct rows *rows, const struct roll_taker *taker)
{
    bool wanted[ARRAY_LEN(give)];
    enum err e = ERR_OK;
    tables_wanted(taker, wanted);
    for (uint32_t i = 0; e == ERR_OK && i < rows->n; i++) {
        const struct row *row = &rows->rows[i];
        if (wanted[row->key.table])
            e = give[row->key.table](rows, row, taker);
        if (e == ERR_OK)
            e = allowance_check();
    }
    return e;
}

enum err rows_each(const struct rows *rows, const struct roll_taker *taker)
{
    bool wanted[ARRAY_LEN(give)];
    if (rows->n == 0)
        return ERR_OK;
    tables_wanted(taker, wanted);
    uint32_t *rank = rank_texts(rows);
    struct place *order = x_alloc(rows->n * sizeof(*order));
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        struct row_key key = rows->rows[i].key;
        if (!wanted[key.table])
            continue;
        key.device = rank[key.device];
        key.a = rank[key.a];
        key.b = rank[key.b];
        order[n++] = (struct place){ key, i };
    }
    qsort(order, n, sizeof(*order), by_row_key);
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < n; i++) {
        const struct row *row = &rows->rows[order[i].at];
        e = give[row->key.table](rows, row, taker);
    }
    free(order);
    free(rank);
    return e;
}
