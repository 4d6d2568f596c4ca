/*
 * store_shared.c - what several programs on one database agree on: who goes
 * first, who does what one of them has to do, whose the database is.
 *
 * Everything is a row of `meta` that is locked while it is looked at, so any
 * engine with locked rows will do. A file has one writer: nobody is asked.
 */
#include <string.h>

#include "fair/money.h"

#include "store_parts.h"

enum {
    TURNS = 8,        /* of a group that others were in the way of */
    LEASE_TEXT = 128, /* "UNTIL HOLDER" */
    LEASE_FAR = 10    /* so many times for_ms ahead, a clock was wrong */
};

bool store_shared(const struct store *s)
{
    return engine_shared(s->engine);
}

enum err store_do(struct store *s, enum err (*work)(struct store *s, void *ctx),
                  void *ctx)
{
    enum err e = ERR_AGAIN;
    for (int turn = 0; e == ERR_AGAIN && turn < TURNS; turn++) {
        GROUP(group);
        e = group_begin(s, &group);
        if (e == ERR_OK)
            e = work(s, ctx);
        if (e == ERR_OK)
            e = group_commit(&group);
    }
    return e;
}

/* ---- rows of meta -------------------------------------------------------- */

/* Locks the row; *there says whether there is one. */
static enum err row_lock(struct store *s, const char *name, struct buf *value,
                         bool *there)
{
    QUERY(lock, s->engine, SQL_META_LOCK);
    query_bind(lock, "s", str_of(name));
    enum err e = query_step(lock, there);
    if (e == ERR_OK && *there)
        buf_str(value, query_str(lock, 0));
    return e;
}

/* The value of a row that is ours until the group ends; "" when it is new. */
static enum err row_take(struct store *s, const char *name, struct buf *value)
{
    bool there = false;
    enum err e = row_lock(s, name, value, &there);
    if (e != ERR_OK || there)
        return e;
    QUERY(make, s->engine, SQL_META_ADD);
    query_bind(make, "ss", str_of(name), STR(""));
    e = query_run(make);
    return e == ERR_OK ? row_lock(s, name, value, &there) : e;
}

static enum err row_put(struct store *s, const char *name, struct str value)
{
    QUERY(put, s->engine, SQL_META_PUT);
    query_bind(put, "ss", str_of(name), value);
    return query_run(put);
}

enum err store_lock(struct store *s, const char *name)
{
    BUF(row, MAX_TEXT);
    BUF(value, MAX_TEXT);
    if (!store_shared(s))
        return ERR_OK;
    buf_printf(&row, "lock %s", name);
    return row_take(s, buf_text(&row), &value);
}

/* ---- leases -------------------------------------------------------------- */

/* May `l` take what the row says? */
static bool lease_free(struct str row, const struct lease *l)
{
    const char *blank = row.len > 0 ? memchr(row.data, ' ', row.len) : NULL;
    int64_t until = 0;
    if (!blank)
        return true;
    size_t digits = (size_t)(blank - row.data);
    struct str holder = { blank + 1, row.len - digits - 1 };
    if (money_parse((struct str){ row.data, digits }, &until) != ERR_OK)
        return true;
    return until <= l->now_ms || str_is(holder, l->holder) ||
           until - l->now_ms > LEASE_FAR * l->for_ms;
}

struct taking {
    const struct lease *lease;
    bool mine;
};

static enum err lease_take(struct store *s, void *ctx)
{
    struct taking *t = ctx;
    const struct lease *l = t->lease;
    BUF(name, LEASE_TEXT);
    BUF(row, LEASE_TEXT);
    buf_printf(&name, "lease %s", l->name);
    enum err e = row_take(s, buf_text(&name), &row);
    t->mine = e == ERR_OK && lease_free(buf_slice(&row), l);
    if (!t->mine)
        return e;
    buf_clear(&row);
    buf_int(&row, l->now_ms + l->for_ms);
    buf_printf(&row, " %s", l->holder);
    ASSERT(buf_ok(&row));
    return row_put(s, buf_text(&name), buf_slice(&row));
}

enum err store_lease(struct store *s, const struct lease *l, bool *mine)
{
    struct taking t = { l, true };
    enum err e = store_shared(s) ? store_do(s, lease_take, &t) : ERR_OK;
    if (e == ERR_OK)
        *mine = t.mine;
    return e;
}

/* ---- whose it is --------------------------------------------------------- */

#define OWNER "aggregator"

struct claim {
    const char *id;
};

static enum err claim(struct store *s, void *ctx)
{
    const struct claim *c = ctx;
    BUF(owner, MAX_TEXT);
    enum err e = row_take(s, OWNER, &owner);
    if (e != ERR_OK || str_is(buf_slice(&owner), c->id))
        return e;
    return owner.len > 0 ? ERR_EXISTS : row_put(s, OWNER, str_of(c->id));
}

enum err store_claim(struct store *s, const char *id)
{
    struct claim c = { id };
    return store_shared(s) ? store_do(s, claim, &c) : ERR_OK;
}

enum err store_belongs(struct store *s, const char *id)
{
    bool row = false;
    if (!store_shared(s))
        return ERR_OK;
    QUERY(get, s->engine, SQL_META_GET);
    query_bind(get, "s", STR(OWNER));
    enum err e = query_step(get, &row);
    if (e == ERR_OK && row && !str_is(query_str(get, 0), id))
        e = ERR_EXISTS;
    return e;
}
