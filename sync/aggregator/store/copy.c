/*
 * copy.c - copying table by table, from copy_tables.def.
 *
 * A table is read in pages, each behind the last key of the one before, since
 * an engine may hold a page whole. Every value goes into a hash on its way; the
 * target's rows are read again the same way, and both hashes must agree.
 */
#include "copy.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"

#include "reference.h"
#include "store_parts.h"

enum { MAX_KEYS = 4, COPY_FOLD = 16384, PATH_ROOM = 4096 };

/* Where a page begins: behind these values, by column. */
struct key {
    struct buf text[MAX_KEYS];
    int64_t number[MAX_KEYS];
};

struct table {
    const char *letters; /* of the columns, those of the key first */
    int n_keys;
    enum store_sql get, put;
    void (*bind_key)(struct query *get, const struct key *k);
    void (*bind_row)(struct query *put, const struct query *row);
};

/* ---- the tables ---------------------------------------------------------- */

/* For each: its columns by number, and the two functions that bind. */
// clang-format off
#define COLUMN(letter, name) C_##name,
#define LETTER(letter, name) #letter
#define OF_KEY(letter, name) KEY_##letter(C_##name)
#define OF_ROW(letter, name) ROW_##letter(C_##name)
#define KEY_i(column)        , k->number[column]
#define KEY_s(column)        , buf_slice(&k->text[column])
#define KEY_b(column)        KEY_s(column)
#define ROW_i(column)        , query_int(row, column)
#define ROW_s(column)        , query_str(row, column)
#define ROW_b(column)        ROW_s(column)
#define ALL(t, what)         KEY_##t(what, what) REST_##t(what)

#define TABLE(t, behind, values, page)                                            \
    static void bind_key_##t(struct query *get, const struct key *k)        \
    {                                                                       \
        enum { KEY_##t(COLUMN, COLUMN) };                                   \
        query_bind(get, KEY_##t(LETTER, LETTER) KEY_##t(OF_KEY, OF_KEY));   \
    }                                                                       \
    static void bind_row_##t(struct query *put, const struct query *row)    \
    {                                                                       \
        enum { ALL(t, COLUMN) };                                            \
        query_bind(put, ALL(t, LETTER) ALL(t, OF_ROW));                     \
    }
// clang-format on
#include "copy_tables.def"
#undef TABLE

static const struct table tables[] = {
#define TABLE(t, behind, values, page)               \
    { .letters = ALL(t, LETTER),                     \
      .n_keys = sizeof(KEY_##t(LETTER, LETTER)) - 1, \
      .get = COPY_GET_##t,                           \
      .put = COPY_PUT_##t,                           \
      .bind_key = bind_key_##t,                      \
      .bind_row = bind_row_##t },
#include "copy_tables.def"
#undef TABLE
};

/* ---- rows ---------------------------------------------------------------- */

struct pass { /* over all tables */
    crypto_generichash_state hash;
    struct store *from;
    struct store *to; /* or NULL: only looked at */
    int64_t rows;
};

static void hash_int(struct pass *p, int64_t n)
{
    uint8_t bytes[sizeof(n)];
    for (size_t i = 0; i < sizeof(n); i++)
        bytes[i] = (uint8_t)((uint64_t)n >> 8 * i);
    crypto_generichash_update(&p->hash, bytes, sizeof(bytes));
}

static void hash_row(struct pass *p, const struct table *t,
                     const struct query *row)
{
    for (int i = 0; t->letters[i]; i++) {
        bool null = query_null(row, i);
        hash_int(p, null ? 'n' : t->letters[i]);
        if (null)
            continue;
        if (t->letters[i] == 'i') {
            hash_int(p, query_int(row, i));
            continue;
        }
        struct str s = query_str(row, i);
        hash_int(p, (int64_t)s.len);
        if (s.len > 0)
            crypto_generichash_update(&p->hash, (const uint8_t *)s.data, s.len);
    }
}

static enum err put_row(struct store *to, const struct table *t,
                        const struct query *row)
{
    QUERY(put, to->engine, t->put);
    t->bind_row(put, row);
    for (int i = 0; t->letters[i]; i++) {
        if (query_null(row, i))
            query_bind_null(put, i + 1);
    }
    return query_post(put);
}

/* ---- pages --------------------------------------------------------------- */

static void place_init(struct key *k)
{
    for (int i = 0; i < MAX_KEYS; i++) {
        buf_init(&k->text[i], MAX_TEXT);
        k->number[i] = INT64_MIN;
    }
}

static void place_done(struct key *k)
{
    for (int i = 0; i < MAX_KEYS; i++)
        buf_done(&k->text[i]);
}

static void key_of(const struct table *t, const struct query *row,
                   struct key *k)
{
    for (int i = 0; i < t->n_keys; i++) {
        if (t->letters[i] == 'i') {
            k->number[i] = query_int(row, i);
            continue;
        }
        buf_clear(&k->text[i]);
        buf_str(&k->text[i], query_str(row, i));
        ASSERT(buf_ok(&k->text[i]));
    }
}

/* The rows behind `k`; *last becomes the key of the last of them. */
static enum err page_walk(struct pass *p, const struct table *t,
                          const struct key *k, struct key *last, bool *any)
{
    bool row = false;
    QUERY(get, p->from->engine, t->get);
    t->bind_key(get, k);
    enum err e = query_step(get, &row);
    *any = row;
    for (; e == ERR_OK && row; e = query_step(get, &row)) {
        hash_row(p, t, get);
        key_of(t, get, last);
        p->rows++;
        if (p->to)
            e = put_row(p->to, t, get);
        if (e != ERR_OK)
            return e;
    }
    return e;
}

/* Two keys take turns: one is bound while the next one grows. */
static enum err table_walk(struct pass *p, const struct table *t)
{
    struct key keys[2];
    bool any = true;
    enum err e = ERR_OK;
    place_init(&keys[0]);
    place_init(&keys[1]);
    for (int turn = 0; e == ERR_OK && any; turn++)
        e = page_walk(p, t, &keys[turn % 2], &keys[(turn + 1) % 2], &any);
    place_done(&keys[0]);
    place_done(&keys[1]);
    return e;
}

static enum err walk_all(struct pass *p, uint8_t hash[HASH_BYTES])
{
    enum err e = ERR_OK;
    crypto_generichash_init(&p->hash, NULL, 0, HASH_BYTES);
    for (size_t i = 0; e == ERR_OK && i < ARRAY_LEN(tables); i++) {
        hash_int(p, (int64_t)i);
        e = table_walk(p, &tables[i]);
    }
    if (e == ERR_OK)
        crypto_generichash_final(&p->hash, hash, HASH_BYTES);
    return e;
}

/* ---- the whole ----------------------------------------------------------- */

static enum err is_empty(struct store *s)
{
    struct pass look = { .from = s };
    uint8_t hash[HASH_BYTES];
    enum err e = walk_all(&look, hash);
    return e == ERR_OK && look.rows > 0 ? ERR_EXISTS : e;
}

/* In a reading group of the source and a group of the target. */
static enum err pour(struct store *from, struct store *to, int64_t *rows)
{
    struct pass pouring = { .from = from, .to = to };
    struct pass reading = { .from = to };
    uint8_t read[HASH_BYTES] = { 0 }, written[HASH_BYTES] = { 0 };
    enum err e = reference_lock(to);
    if (e == ERR_OK)
        e = is_empty(to);
    if (e == ERR_OK)
        e = walk_all(&pouring, read);
    if (e == ERR_OK)
        e = walk_all(&reading, written);
    if (e == ERR_OK && (reading.rows != pouring.rows ||
                        memcmp(read, written, HASH_BYTES) != 0))
        e = ERR_CORRUPT;
    *rows = pouring.rows;
    return e == ERR_OK ? derived_anew(to, NULL) : e;
}

static enum err pour_now(struct store *from, struct store *to, int64_t *rows)
{
    GROUP(group);
    enum err e = store_read_begin(from);
    if (e != ERR_OK)
        return e;
    e = group_begin(to, &group);
    if (e == ERR_OK)
        e = pour(from, to, rows);
    store_read_end(from);
    return e == ERR_OK ? group_commit(&group) : e;
}

static enum err count_device(void *ctx, const struct device *d)
{
    struct copied *c = ctx;
    c->devices++;
    c->events += d->count;
    return ERR_OK;
}

enum err copy_store(struct store *from, struct store *to, struct copied *out)
{
    struct copied c = { 0 };
    int64_t folded = 1;
    enum err e = pour_now(from, to, &c.rows);
    while (e == ERR_OK && folded > 0)
        e = store_fold_step(to, COPY_FOLD, &folded);
    if (e == ERR_OK)
        e = store_device_each(to, STR(""), count_device, &c);
    if (e == ERR_OK)
        *out = c;
    return e;
}

/* ---- into a file --------------------------------------------------------- */

/* Of a copy that was interrupted, or has failed. */
static void forget(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        BUF(name, PATH_ROOM);
        buf_printf(&name, "%s%s", path, ends[i]);
        unlink(buf_text(&name));
    }
}

static enum err fill(struct store *from, const char *path, struct copied *out)
{
    struct store *to = NULL;
    enum err e = store_open_file(path, STORE_WRITE, NULL, &to);
    if (e == ERR_OK)
        e = copy_store(from, to, out);
    store_close(to); /* moves its log into the file */
    return e == ERR_NOT_SET_UP ? ERR_NOT_FOUND : e;
}

static enum err sync_parent(const char *path)
{
    BUF(dir, PATH_ROOM);
    const char *slash = strrchr(path, '/');
    buf_put(&dir, path, slash ? (size_t)(slash - path) + 1 : 0);
    buf_puts(&dir, ".");
    return dir_settle(buf_text(&dir));
}

enum err copy_to_file(struct store *from, const char *path, struct copied *out)
{
    BUF(temp, PATH_ROOM);
    buf_printf(&temp, "%s.new", path);
    if (!buf_ok(&temp))
        return ERR_LIMIT;
    if (access(path, F_OK) == 0)
        return ERR_EXISTS;
    forget(buf_text(&temp));
    enum err e = fill(from, buf_text(&temp), out);
    if (e == ERR_OK && rename(buf_text(&temp), path) < 0)
        e = err_from_errno(errno);
    if (e == ERR_OK)
        return sync_parent(path);
    forget(buf_text(&temp));
    return e;
}
