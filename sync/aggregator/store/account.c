/*
 * account.c - accounts, sessions and the list of accesses, row by row.
 *
 * Promises that a row is given back as it was put, that sessions which have
 * expired are forgotten when the next one begins, and that the list of
 * accesses stays bounded. What a row means is decided elsewhere.
 */
#include "account.h"

#include <string.h>

#include "store_sql.h"

enum { ACCESSES_KEPT = 100000 };

static const char *const role_words[] = {
    [ROLE_NONE] = "none",           [ROLE_PRESS] = "press",
    [ROLE_BOOTH] = "booth",         [ROLE_STAFF] = "staff",
    [ROLE_ORGANISER] = "organiser", [ROLE_ADMINISTRATOR] = "administrator",
};

_Static_assert(ARRAY_LEN(role_words) == ROLES, "a word for every role");

const char *role_word(enum role role)
{
    ASSERT((size_t)role < ARRAY_LEN(role_words));
    return role_words[role];
}

enum role role_of(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(role_words); i++) {
        if (str_is(word, role_words[i]))
            return (enum role)i;
    }
    return ROLES;
}

/* What we stored fits; anything else was not us. */
static enum err take_text(struct str s, char *out, size_t room)
{
    if (s.len >= room)
        return ERR_CORRUPT;
    memcpy(out, s.data, s.len);
    out[s.len] = '\0';
    return ERR_OK;
}

/* ---- accounts ------------------------------------------------------------ */

enum err account_add(struct store *s, const struct account *a)
{
    struct engine *db = store_engine(s);
    QUERY(add, db, SQL_ACCOUNT_ADD);
    query_bind(add, "sssssiiiii", str_of(a->name), str_of(role_word(a->role)),
               str_of(a->fair), str_of(a->booth), str_of(a->secret),
               (int64_t)a->locked, a->fails, a->locked_until_ms, a->expires_ms,
               a->made_ms);
    return query_run(add);
}

static enum err account_read(struct query *q, struct account *out)
{
    *out = (struct account){ .role = role_of(query_str(q, 1)),
                             .locked = query_int(q, 5) != 0,
                             .fails = query_int(q, 6),
                             .locked_until_ms = query_int(q, 7),
                             .expires_ms = query_int(q, 8),
                             .made_ms = query_int(q, 9) };
    const struct {
        char *to;
        size_t room;
    } texts[] = { { out->name, sizeof(out->name) },
                  { NULL, 0 }, /* the role */
                  { out->fair, sizeof(out->fair) },
                  { out->booth, sizeof(out->booth) },
                  { out->secret, sizeof(out->secret) } };
    enum err e = out->role < ROLES ? ERR_OK : ERR_CORRUPT;
    for (size_t i = 0; e == ERR_OK && i < ARRAY_LEN(texts); i++) {
        if (texts[i].to)
            e = take_text(query_str(q, (int)i), texts[i].to, texts[i].room);
    }
    return e;
}

static enum err account_by(struct store *s, enum store_sql sql, struct str key,
                           struct account *out)
{
    bool row = false;
    struct account a;
    struct engine *db = store_engine(s);
    QUERY(get, db, sql);
    query_bind(get, "s", key);
    enum err e = query_step(get, &row);
    if (e == ERR_OK)
        e = row ? account_read(get, &a) : ERR_NOT_FOUND;
    if (e == ERR_OK)
        *out = a;
    return e;
}

enum err account_get(struct store *s, struct str name, struct account *out)
{
    return account_by(s, SQL_ACCOUNT_GET, name, out);
}

enum err account_locked(struct store *s, struct str name, struct account *out)
{
    return account_by(s, SQL_ACCOUNT_LOCK, name, out);
}

enum err account_by_secret(struct store *s, struct str secret,
                           struct account *out)
{
    return account_by(s, SQL_ACCOUNT_BY_SECRET, secret, out);
}

enum err account_put(struct store *s, const struct account *a)
{
    struct engine *db = store_engine(s);
    QUERY(put, db, SQL_ACCOUNT_PUT);
    query_bind(put, "ssssiiiis", str_of(role_word(a->role)), str_of(a->fair),
               str_of(a->booth), str_of(a->secret), (int64_t)a->locked,
               a->fails, a->locked_until_ms, a->expires_ms, str_of(a->name));
    enum err e = query_run(put);
    return e == ERR_OK && query_changes(put) == 0 ? ERR_NOT_FOUND : e;
}

enum err account_each(struct store *s,
                      enum err (*take)(void *ctx, const struct account *a),
                      void *ctx)
{
    bool row = false;
    struct account a;
    struct engine *db = store_engine(s);
    QUERY(all, db, SQL_ACCOUNT_ALL);
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        e = account_read(all, &a);
        if (e == ERR_OK)
            e = take(ctx, &a);
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    return e;
}

/* ---- sessions ------------------------------------------------------------ */

static struct str hash_slice(const uint8_t hash[SESSION_HASH])
{
    return (struct str){ (const char *)hash, SESSION_HASH };
}

static enum err expire(struct engine *db, int64_t now_ms)
{
    QUERY(drop, db, SQL_SESSION_EXPIRE);
    query_bind(drop, "i", now_ms);
    return query_run(drop);
}

enum err session_add(struct store *s, const struct session *session)
{
    struct engine *db = store_engine(s);
    enum err e = expire(db, session->since_ms);
    if (e != ERR_OK)
        return e;
    QUERY(add, db, SQL_SESSION_ADD);
    query_bind(add, "bsii", hash_slice(session->hash), str_of(session->account),
               session->since_ms, session->expires_ms);
    return query_run(add);
}

static enum err session_read(struct query *q, struct session *out)
{
    struct str hash = query_str(q, 0);
    if (hash.len != SESSION_HASH)
        return ERR_CORRUPT;
    *out = (struct session){ .since_ms = query_int(q, 2),
                             .expires_ms = query_int(q, 3) };
    memcpy(out->hash, hash.data, SESSION_HASH);
    return take_text(query_str(q, 1), out->account, sizeof(out->account));
}

enum err session_get(struct store *s, const uint8_t hash[SESSION_HASH],
                     struct session *out)
{
    bool row = false;
    struct session found;
    struct engine *db = store_engine(s);
    QUERY(get, db, SQL_SESSION_GET);
    query_bind(get, "b", hash_slice(hash));
    enum err e = query_step(get, &row);
    if (e == ERR_OK)
        e = row ? session_read(get, &found) : ERR_NOT_FOUND;
    if (e == ERR_OK)
        *out = found;
    return e;
}

enum err session_drop(struct store *s, const uint8_t hash[SESSION_HASH])
{
    struct engine *db = store_engine(s);
    QUERY(drop, db, SQL_SESSION_DROP);
    query_bind(drop, "b", hash_slice(hash));
    return query_run(drop);
}

enum err session_drop_all(struct store *s, struct str account)
{
    struct engine *db = store_engine(s);
    QUERY(drop, db, SQL_SESSION_DROP_ALL);
    query_bind(drop, "s", account);
    return query_run(drop);
}

/* ---- accesses ------------------------------------------------------------ */

static enum err trim(struct engine *db)
{
    QUERY(drop, db, SQL_ACCESS_TRIM);
    query_bind(drop, "i", (int64_t)ACCESSES_KEPT);
    return query_run(drop);
}

enum err access_add(struct store *s, const struct access *a)
{
    struct engine *db = store_engine(s);
    enum err e = ERR_OK;
    /* Somebody else may have taken the next number: then the one after. */
    for (bool added = false; e == ERR_OK && !added;) {
        QUERY(add, db, SQL_ACCESS_ADD);
        query_bind(add, "isss", a->at_ms, a->account, a->what, a->detail);
        e = query_run(add);
        added = query_changes(add) > 0;
    }
    return e == ERR_OK ? trim(db) : e;
}

enum err access_each(struct store *s, int most,
                     enum err (*take)(void *ctx, const struct access *a),
                     void *ctx)
{
    bool row = false;
    struct engine *db = store_engine(s);
    QUERY(newest, db, SQL_ACCESS_NEWEST);
    query_bind(newest, "i", (int64_t)most);
    enum err e = query_step(newest, &row);
    while (e == ERR_OK && row) {
        struct access a = { query_int(newest, 0), query_str(newest, 1),
                            query_str(newest, 2), query_str(newest, 3) };
        e = take(ctx, &a);
        if (e == ERR_OK)
            e = query_step(newest, &row);
    }
    return e;
}

enum err access_last(struct store *s, struct str account, const char *what,
                     int64_t *at_ms)
{
    bool row = false;
    struct engine *db = store_engine(s);
    QUERY(last, db, SQL_ACCESS_LAST);
    query_bind(last, "ss", account, str_of(what));
    enum err e = query_step(last, &row);
    if (e == ERR_OK)
        *at_ms = row ? query_int(last, 0) : 0;
    return e;
}
