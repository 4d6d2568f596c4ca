/*
 * listing.c - list documents for booths, and enrolment codes.
 *
 * A document is a pure function of the newest list version of a fair, so that
 * the same version always has the same pages. Codes are kept only as keyed
 * hashes: a copied database enrols nobody.
 */
#include "listing.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store_sql.h"

/* ---- versions ------------------------------------------------------------ */

struct versions {
    int64_t version, catalogue, booth_list;
};

static enum err versions_get(struct engine *db, struct str fair,
                             struct versions *out)
{
    QUERY(st, db, REF_VERSION_LAST);
    bool row = false;

    query_bind(st, "s", fair);
    enum err e = query_step(st, &row);
    if (e == ERR_OK) {
        *out = (struct versions){ 0 };
        if (row)
            *out = (struct versions){ query_int(st, 0), query_int(st, 1),
                                      query_int(st, 2) };
    }
    return e;
}

enum err listing_version(struct store *s, struct str fair, struct str booth,
                         int64_t *version)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_VERSION_OF_BOOTH);
    bool row = false;

    query_bind(st, "ss", fair, booth);
    enum err e = query_step(st, &row);
    if (e == ERR_OK)
        *version = row ? query_int(st, 0) : 0;
    return e;
}

/* Minutes since 2020-01-01 UTC: a number that goes on growing when the
 * database was lost and devices still name the old ones. */
static int64_t minutes_since_2020(int64_t ms)
{
    return (ms - INT64_C(1577836800000)) / 60000;
}

static enum err bump_fair(struct store *s, struct str fair, int64_t now_ms)
{
    struct engine *db = store_engine(s);
    struct versions v;
    int64_t catalogue = 0, booth_list = 0;
    enum err e = versions_get(db, fair, &v);

    if (e == ERR_OK)
        e = catalogue_last(s, &catalogue);
    if (e == ERR_OK)
        e = booth_list_last(s, fair, &booth_list);
    if (e != ERR_OK)
        return e;
    int64_t version = minutes_since_2020(now_ms);
    if (version <= v.version)
        version = v.version + 1;
    QUERY(st, db, REF_VERSION_ADD);

    query_bind(st, "siiii", fair, version, catalogue, booth_list, now_ms);
    return query_run(st);
}

struct bump {
    struct store *store;
    int64_t now_ms;
};

static enum err bump_one(void *ctx, const struct fair *f)
{
    struct bump *b = ctx;

    return bump_fair(b->store, str_of(f->code), b->now_ms);
}

enum err listing_bump(struct store *s, struct str fair, int64_t now_ms)
{
    struct bump b = { s, now_ms };
    enum err e = reference_lock(s);

    if (e != ERR_OK)
        return e;
    if (fair.len > 0)
        return bump_fair(s, fair, now_ms);
    return fair_each(s, bump_one, &b);
}

/* ---- the document -------------------------------------------------------- */

static enum err fair_line(struct store *s, struct str fair, struct str booth,
                          bool restricted, struct buf *out)
{
    struct list_fair *line = x_alloc(sizeof(*line));
    char gates[MAX_GATES][7];
    struct fair f;
    struct booth b;
    int n_gates = 0;
    BUF(strings, MAX_TEXT);
    enum err e = fair_get(s, fair, &f);

    if (e == ERR_OK)
        e = booth_get(s, fair, booth, &b, &strings);
    if (e == ERR_OK)
        e = gates_get(s, fair, gates, &n_gates);
    if (e == ERR_OK) {
        *line = (struct list_fair){ .booth = b.code,
                                    .booth_name = b.name,
                                    .n_closed = f.n_closed,
                                    .closes_min = f.closes_min,
                                    .cut_off_min = f.cut_off_min,
                                    .days = f.days,
                                    .fair = str_of(f.code),
                                    .first_day = f.first_day,
                                    .n_gates = n_gates,
                                    .name = str_of(f.name),
                                    .opens_min = f.opens_min,
                                    .origin = b.origin,
                                    .refuse = f.refuse,
                                    .restricted = restricted };
        for (int i = 0; i < f.n_closed; i++)
            line->closed[i] = f.closed[i];
        for (int i = 0; i < n_gates; i++)
            line->gates[i].code = str_of(gates[i]);
        lists_fair_encode(line, out);
    }
    free(line);
    return e;
}

/* Rows of either listing statement as product lines. A fair without a booth
 * list numbers its products 1, 2, 3… */
static enum err product_lines(struct query *st, struct buf *out)
{
    bool row = false;
    enum err e;

    while ((e = query_step(st, &row)) == ERR_OK && row) {
        struct product p = { .sku = query_str(st, 0),
                             .name = query_str(st, 1),
                             .unit = query_str(st, 2),
                             .price_vnd = query_int(st, 3),
                             .seller = query_str(st, 4),
                             .place = query_str(st, 5),
                             .group = query_str(st, 6),
                             .stars = query_int(st, 7),
                             .certificate = query_str(st, 8),
                             .certified_day = query_int(st, 9),
                             .expires_day = query_int(st, 10),
                             .barcode = query_str(st, 11),
                             .code = query_str(st, 12),
                             .hotkey = query_int(st, 13) };

        lists_product_encode(&p, out);
    }
    return e;
}

enum err listing_document(struct store *s, struct str fair, struct str booth,
                          int64_t *version, struct buf *out)
{
    struct engine *db = store_engine(s);
    struct versions v;
    enum err e = versions_get(db, fair, &v);

    if (e != ERR_OK)
        return e;
    if (v.version == 0) {
        *version = 0;
        return ERR_OK;
    }
    e = fair_line(s, fair, booth, v.booth_list > 0, out);
    if (e != ERR_OK)
        return e;
    QUERY(st, db, v.booth_list > 0 ? REF_LISTING_BOOTH : REF_LISTING_FREE);

    if (v.booth_list > 0)
        query_bind(st, "isis", v.catalogue, fair, v.booth_list, booth);
    else
        query_bind(st, "i", v.catalogue);
    e = product_lines(st, out);
    if (e == ERR_OK && !buf_ok(out))
        e = ERR_LIMIT;
    if (e == ERR_OK)
        *version = v.version;
    return e;
}

/* ---- enrolment codes ----------------------------------------------------- */

/* So many that no stranger shuts a booth out before its till is in, and so few
 * that guessing stays hopeless: see test_16_enrolment. */
enum { CODE_TRIES = 500, CODE_HASH_BYTES = 32 };

/* Booth and fair are hashed with the code: a guess hits one booth only. */
static void code_hash(const struct code *code, uint8_t out[CODE_HASH_BYTES])
{
    BUF(text, MAX_TEXT);

    buf_str(&text, code->fair);
    buf_putc(&text, '\n');
    buf_str(&text, code->booth);
    buf_putc(&text, '\n');
    buf_str(&text, code->text);
    int rc = crypto_generichash(out, CODE_HASH_BYTES,
                                (const uint8_t *)buf_text(&text), text.len,
                                code->key, KEY_BYTES);
    ASSERT(rc == 0);
    sodium_memzero(text.data, text.len);
}

static struct str hash_str(const uint8_t hash[CODE_HASH_BYTES])
{
    return (struct str){ (const char *)hash, CODE_HASH_BYTES };
}

enum err code_add(struct store *s, const struct code *code,
                  struct str device_name, int64_t expires_ms)
{
    struct engine *db = store_engine(s);
    uint8_t hash[CODE_HASH_BYTES];
    QUERY(st, db, REF_CODE_ADD);

    code_hash(code, hash);
    query_bind(st, "bsssi", hash_str(hash), code->fair, code->booth,
               device_name, expires_ms);
    return query_run(st);
}

/* A wrong guess counts against every open code of the booth. */
static enum err code_wrong(struct engine *db, struct str fair, struct str booth)
{
    QUERY(st, db, REF_CODE_WRONG);

    query_bind(st, "ss", fair, booth);
    enum err e = query_run(st);
    return e == ERR_OK ? ERR_CODE : e;
}

static enum err code_take(struct engine *db, struct str device, struct str hash)
{
    QUERY(st, db, REF_CODE_USE);

    query_bind(st, "sb", device, hash);
    enum err e = query_run(st);
    if (e == ERR_OK && query_changes(st) != 1)
        e = ERR_CODE_USED;
    return e;
}

enum err code_use(struct store *s, const struct code *code, struct str device,
                  int64_t now_ms, struct buf *device_name)
{
    struct engine *db = store_engine(s);
    uint8_t hash[CODE_HASH_BYTES];
    bool row = false;
    QUERY(st, db, REF_CODE_GET);

    code_hash(code, hash);
    query_bind(st, "bss", hash_str(hash), code->fair, code->booth);
    enum err e = query_step(st, &row);
    if (e != ERR_OK)
        return e;
    if (!row)
        return code_wrong(db, code->fair, code->booth);
    struct str used_by = query_str(st, 3);
    if (used_by.len > 0)
        return str_eq(used_by, device) ? ERR_EXISTS : ERR_CODE_USED;
    if (query_int(st, 2) >= CODE_TRIES)
        return ERR_CODE;
    if (query_int(st, 1) <= now_ms)
        return ERR_CODE_EXPIRED;
    buf_str(device_name, query_str(st, 0));
    return code_take(db, device, hash_str(hash));
}
