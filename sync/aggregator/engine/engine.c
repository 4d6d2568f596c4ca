/*
 * engine.c - chooses the engine by the form of its place, and passes on.
 */
#include "engine_ops.h"

#include <string.h>

bool engine_is_address(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 ||
           strncmp(where, "postgres://", 11) == 0;
}

/* A password stands behind the user's colon, or among the parameters. One that
 * was not escaped may hold anything: where that could be, nothing is told. */
void engine_place(const char *where, struct buf *out)
{
    if (!engine_is_address(where)) {
        buf_puts(out, where);
        return;
    }
    const char *rest = strstr(where, "://") + 3;
    const char *at = strrchr(rest, '@');
    const char *host = at ? at + 1 : rest;
    buf_put(out, where, (size_t)(rest - where));
    if (at && at > rest + strcspn(rest, "/?")) {
        buf_puts(out, "...");
        return;
    }
    if (at) {
        buf_put(out, rest, strcspn(rest, ":@"));
        buf_putc(out, '@');
    }
    buf_put(out, host, strcspn(host, "?"));
}

bool engine_has_password(const char *where)
{
    const char *rest = strstr(where, "://");
    const char *at = rest ? strrchr(rest + 3, '@') : NULL;

    return (at && memchr(rest + 3, ':', (size_t)(at - rest - 3))) ||
           strstr(where, "password=");
}

enum err engine_open(const char *where, enum engine_mode mode,
                     const struct engine_kind *kind, struct buf *why,
                     struct engine **out)
{
    return (engine_is_address(where) ? postgres_open : sqlite_open)(
        where, mode, kind, why, out);
}

void engine_close(struct engine *e)
{
    if (e)
        e->ops->close(e);
}

enum err engine_writable(struct engine *e, struct buf *why)
{
    return e->ops->writable ? e->ops->writable(e, why) : ERR_OK;
}

const char *engine_errmsg(struct engine *e)
{
    return e->ops->errmsg(e);
}

bool engine_shared(const struct engine *e)
{
    return e->ops->shared;
}

bool engine_lost(struct engine *e)
{
    return e->ops->lost && e->ops->lost(e);
}

bool engine_log_gone(struct engine *e)
{
    return e->ops->log_gone && e->ops->log_gone(e);
}

void engine_give_up(struct engine *e, enum err why)
{
    ASSERT(e->ops->give_up && why != ERR_OK);
    e->ops->give_up(e, why);
}

void engine_patience(struct engine *e, int64_t ms)
{
    if (e->ops->patience)
        e->ops->patience(e, ms);
}

/* ---- statements ---------------------------------------------------------- */

struct query *engine_query(struct engine *e, int index)
{
    return e->ops->query(e, index);
}

void query_release(struct query **q)
{
    if (*q)
        (*q)->engine->ops->release(*q);
}

void query_bind(struct query *q, const char *types, ...)
{
    va_list args;

    va_start(args, types);
    q->engine->ops->bind(q, types, args);
    va_end(args);
}

void query_bind_null(struct query *q, int position)
{
    q->engine->ops->bind_null(q, position);
}

enum err query_step(struct query *q, bool *row)
{
    return q->engine->ops->step(q, row);
}

enum err query_run(struct query *q)
{
    return q->engine->ops->run(q);
}

enum err query_post(struct query *q)
{
    return q->engine->ops->post(q);
}

int64_t query_changes(const struct query *q)
{
    return q->engine->ops->changes(q);
}

int64_t query_int(const struct query *q, int column)
{
    return q->engine->ops->integer(q, column);
}

struct str query_str(const struct query *q, int column)
{
    return q->engine->ops->string(q, column);
}

bool query_null(const struct query *q, int column)
{
    return q->engine->ops->null(q, column);
}

/* ---- transactions and the whole ------------------------------------------ */

enum err engine_begin(struct engine *e)
{
    return e->ops->begin(e);
}

enum err engine_commit(struct engine *e)
{
    return e->ops->commit(e);
}

void engine_rollback(struct engine *e)
{
    e->ops->rollback(e);
}

enum err engine_read_begin(struct engine *e)
{
    return e->ops->read_begin(e);
}

void engine_read_end(struct engine *e)
{
    e->ops->read_end(e);
}

enum err engine_script(struct engine *e, const char *sqlite,
                       const char *postgres)
{
    return e->ops->script(e, sqlite, postgres);
}

enum err engine_integrity(struct engine *e)
{
    return e->ops->integrity(e);
}

enum err engine_backup(struct engine *e, const char *path)
{
    return e->ops->backup(e, path);
}

enum err engine_shrink(struct engine *e, struct buf *why, int64_t *before,
                       int64_t *after)
{
    if (e->ops->shrink)
        return e->ops->shrink(e, why, before, after);
    *before = *after = 0;
    return ERR_OK;
}

enum err engine_settle(struct engine *e)
{
    return e->ops->settle ? e->ops->settle(e) : ERR_OK;
}

void engine_idle(struct engine *e)
{
    e->ops->idle(e);
}
