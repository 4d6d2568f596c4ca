/*
 * postgres_open.c - addresses, connecting, the session's settings and the
 * migrations of a PostgreSQL database.
 *
 * Promises that what was acknowledged is durable: a server or role that says
 * otherwise (synchronous_commit, fsync) is refused. No text from here holds a
 * password: an address that libpq reads otherwise than it was meant is refused
 * before anything is said about its parts.
 *
 * Migrations are counted in the table schema_version, one row for each kind
 * of database; its row is the lock under which one of several programs
 * migrates while the others wait for it.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

#include "postgres_parts.h"

enum { IN_VAIN_MS = 1900 }; /* libpq waits 2 s at least */
enum { TRIES = 20, MAX_SCRIPT = 64 * 1024 };

/* ---- the address --------------------------------------------------------- */

static bool has(const char *text, const char *any)
{
    return text && strpbrk(text, any) != NULL;
}

/* A password with @ or / in it makes libpq see other parts. */
static bool parts_are_sane(const PQconninfoOption *parts)
{
    for (const PQconninfoOption *o = parts; o->keyword; o++) {
        bool place = strcmp(o->keyword, "host") == 0 ||
                     strcmp(o->keyword, "dbname") == 0;
        bool port = strcmp(o->keyword, "port") == 0;
        if (place && has(o->val, "@"))
            return false;
        if (port && o->val && strspn(o->val, "0123456789,") < strlen(o->val))
            return false;
    }
    return true;
}

static enum err address_check(const struct libpq *pq, const char *address,
                              struct buf *why)
{
    char *unread = NULL; /* may repeat the password */
    PQconninfoOption *parts = pq->PQconninfoParse(address, &unread);
    bool sane = parts && parts_are_sane(parts);

    pq->PQconninfoFree(parts);
    free(unread);
    if (!sane && why)
        buf_puts(why, "not an address like postgresql://USER@HOST/DATABASE "
                      "(a password belongs into ~/.pgpass; within an address "
                      "write %40 for @, %2F for / and %25 for %)");
    return sane ? ERR_OK : ERR_CONFIG;
}

/* ---- connecting ---------------------------------------------------------- */

static void quiet(void *ctx, const char *message)
{
    (void)ctx;
    (void)message;
}

/* What stands before the address gives way to it, what is behind does not. */
static const char *const keywords[] = {
    "connect_timeout",           "keepalives_idle",  "keepalives_interval",
    "keepalives_count",          "tcp_user_timeout", "dbname",
    "fallback_application_name", "client_encoding",  NULL
};
enum { AT_ADDRESS = 5 };

/* One line, and never with a password in it. */
static void tell(struct buf *why, const char *text)
{
    size_t from = why ? why->len : 0;

    if (!why)
        return;
    buf_puts(why, text);
    while (why->len > from && why->data[why->len - 1] == '\n')
        buf_cut(why, why->len - 1);
    for (size_t i = from; i < why->len; i++) {
        if (why->data[i] == '\n' || why->data[i] == '\t')
            why->data[i] = ' ';
    }
}

/* Whoever reads has somebody waiting for a page. Asking once more tells a
 * server that refuses from one that does not answer. */
static enum err attach(struct pg *p, const char *address, struct buf *why)
{
    int64_t began_ms = env_mono_ms();
    const char *values[ARRAY_LEN(keywords)] = { p->mode == ENGINE_READ ? "4"
                                                                       : "10",
                                                "30",
                                                "10",
                                                "3",
                                                "60000",
                                                NULL,
                                                "fair-aggregator",
                                                "UTF8",
                                                NULL };

    values[AT_ADDRESS] = address;
    p->conn = p->pq->PQconnectdbParams(keywords, values, 1);
    if (p->pq->PQstatus(p->conn) == CONNECTION_OK) {
        p->pq->PQsetNoticeProcessor(p->conn, quiet, NULL);
        return ERR_OK;
    }
    tell(why, p->pq->PQerrorMessage(p->conn));
    bool in_vain = env_mono_ms() - began_ms >= IN_VAIN_MS;
    bool there =
        !in_vain && p->pq->PQpingParams(keywords, values, 1) == PQPING_OK;
    return there ? ERR_REFUSED : ERR_DATABASE;
}

/* ---- settings ------------------------------------------------------------ */

/* Each only where the server knows it; those with a third text only while the
 * setting has that value: what an administrator has set stays. */
static const char settings[] =
    "SELECT set_config(s.name, w.value, false) FROM pg_settings s JOIN (VALUES"
    " ('default_transaction_isolation', 'read committed', ''),"
    " ('plan_cache_mode', 'force_generic_plan', ''),"
    " ('jit', 'off', ''),"
    " ('default_toast_compression', 'lz4', ''),"
    " ('standard_conforming_strings', 'on', ''),"
    " ('statement_timeout', '60000', '0'),"
    " ('lock_timeout', '10000', '0'),"
    " ('idle_in_transaction_session_timeout', '60000', '0'))"
    " AS w (name, value, was) ON s.name = w.name"
    " WHERE (w.was = '' OR s.setting = w.was)"
    " AND (s.enumvals IS NULL OR w.value = ANY (s.enumvals))";

static const char read_only[] = "SET default_transaction_read_only = on";

/* What is needed, asked for in one answer: column, value that is refused (or
 * the only one taken), and what to do about it. */
static const char needs[] =
    "SELECT current_setting('server_encoding'),"
    " current_setting('synchronous_commit'), current_setting('fsync'),"
    " current_setting('transaction_read_only')";

static const struct need {
    int column;
    const char *refused;
    bool otherwise; /* everything but `refused` is */
    bool writing;   /* only who writes needs it */
    enum err e;
    const char *remedy;
} need[] = {
    { 0, "UTF8", true, false, ERR_REFUSED,
      "the database is not in UTF-8: CREATE DATABASE … ENCODING 'UTF8' "
      "TEMPLATE template0" },
    { 1, "off", false, true, ERR_REFUSED,
      "synchronous_commit is off: what is acknowledged would not be durable; "
      "set it to on for this role and database" },
    { 2, "off", false, true, ERR_REFUSED,
      "fsync is off on this server: a power cut would lose what is "
      "acknowledged; set it to on" },
    { 3, "on", false, true, ERR_READ_ONLY,
      "this server or role only reads: name the primary server" },
};

static enum err settled(struct pg *p, const PGresult *r, struct buf *why)
{
    for (size_t i = 0; i < ARRAY_LEN(need); i++) {
        const struct need *n = &need[i];
        const char *is = p->pq->PQgetvalue(r, 0, n->column);
        bool same = strcmp(is, n->refused) == 0;
        if (same == n->otherwise)
            continue;
        if (!n->writing || p->mode == ENGINE_WRITE) {
            tell(why, n->remedy);
            return n->e;
        }
        p->unfit = n->e;
        p->unfit_why = n->remedy;
    }
    return ERR_OK;
}

static enum err settle(struct pg *p, struct buf *why)
{
    PGresult *r = NULL;
    enum err e = pipe_script(p, settings, NULL);

    if (e == ERR_OK)
        e = pipe_script(p, needs, &r);
    if (e == ERR_OK)
        e = settled(p, r, why);
    else
        tell(why, buf_text(&p->detail));
    p->pq->PQclear(r);
    if (e == ERR_OK && p->mode == ENGINE_READ)
        e = pipe_script(p, read_only, NULL);
    return e;
}

/* ---- migrations ---------------------------------------------------------- */

/* The version that is there; 0: none. */
static enum err version_of(struct pg *p, bool lock, int64_t *version)
{
    PGresult *r = NULL;
    BUF(sql, MAX_SCRIPT);
    buf_printf(&sql,
               "SELECT version FROM schema_version WHERE application = %d",
               (int)p->kind->application_id);
    if (lock)
        buf_puts(&sql, " FOR UPDATE");
    enum err e = pipe_script(p, buf_text(&sql), &r);
    if (e == ERR_OK)
        *version = p->pq->PQntuples(r) > 0
                       ? strtoll(p->pq->PQgetvalue(r, 0, 0), NULL, 10)
                       : 0;
    p->pq->PQclear(r);
    return e;
}

static enum err begin_counting(struct pg *p)
{
    BUF(sql, MAX_SCRIPT);
    buf_printf(&sql,
               "BEGIN; SET LOCAL statement_timeout = 0;"
               "CREATE TABLE IF NOT EXISTS schema_version ("
               "application BIGINT PRIMARY KEY, version BIGINT NOT NULL);"
               "INSERT INTO schema_version (application, version)"
               " VALUES (%d, 0) ON CONFLICT (application) DO NOTHING",
               (int)p->kind->application_id);
    return pipe_script(p, buf_text(&sql), NULL);
}

static enum err end_counting(struct pg *p)
{
    BUF(sql, MAX_SCRIPT);
    buf_printf(&sql,
               "UPDATE schema_version SET version = %d WHERE application = %d;"
               "COMMIT",
               p->kind->n_postgres, (int)p->kind->application_id);
    return pipe_script(p, buf_text(&sql), NULL);
}

/* All that is missing, in one transaction. */
static enum err migrate_once(struct pg *p)
{
    int64_t version = 0;
    enum err e = begin_counting(p);

    if (e == ERR_OK)
        e = version_of(p, true, &version);
    for (; e == ERR_OK && version < p->kind->n_postgres; version++)
        e = pipe_script(p, p->kind->postgres[version], NULL);
    if (e == ERR_OK && version > p->kind->n_postgres)
        e = ERR_NEWER;
    if (e == ERR_OK)
        e = end_counting(p);
    if (e != ERR_OK && p->dead == ERR_OK) {
        enum err undone = pipe_script(p, "ROLLBACK", NULL);
        e = undone == ERR_OK ? e : undone;
    }
    return e;
}

/* Two programs that make the same table at once are in each other's way: the
 * catalogue's own keys are then broken for one of them, which tries again. */
static enum err migrate(struct pg *p)
{
    enum err e = ERR_AGAIN;

    p->wait_ms = WAIT_SCRIPT_MS;
    for (int i = 0; i < TRIES && (e == ERR_AGAIN || e == ERR_EXISTS); i++)
        e = migrate_once(p);
    p->wait_ms = WAIT_MS;
    return e == ERR_EXISTS ? ERR_AGAIN : e;
}

static enum err version_check(struct pg *p)
{
    int64_t version = 0;
    enum err e = version_of(p, false, &version);
    bool none = e == ERR_CORRUPT || (e == ERR_OK && version == 0);

    if (e != ERR_OK && !none)
        return e;
    if (!none && version > p->kind->n_postgres)
        return ERR_NEWER;
    if (!none && version == p->kind->n_postgres)
        return ERR_OK;
    if (p->mode == ENGINE_READ)
        return none ? ERR_NOT_FOUND : ERR_BUSY;
    return migrate(p);
}

enum err pg_connect(struct pg *p, const char *address, struct buf *why)
{
    enum err e = address_check(p->pq, address, why);

    if (e == ERR_OK)
        e = attach(p, address, why);
    if (e == ERR_OK) {
        int ok = p->pq->PQenterPipelineMode(p->conn);
        ASSERT(ok);
        e = settle(p, why);
        if (e == ERR_OK) {
            e = version_check(p);
            if (e == ERR_NOT_FOUND && why)
                engine_place(address, why);
            else if (e != ERR_OK)
                tell(why, buf_text(&p->detail));
        }
    }
    return e;
}
