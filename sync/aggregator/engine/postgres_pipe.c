/*
 * postgres_pipe.c - messages to PostgreSQL and their answers, in libpq's
 * pipeline mode: many travel before the first answer is waited for.
 *
 * A run of messages ends with a sync. The first error in a run skips the rest
 * of it; pipe_prove tells that error. Promises that nothing waits for ever:
 * the server bounds statements, we bound the silence. A connection that is
 * lost stays lost: what is true is in the database, and who opens again finds
 * it there.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

#include "postgres_parts.h"

/* ---- errors -------------------------------------------------------------- */

/* Whole codes first, then classes; what is not here is ERR_IO. */
enum err pipe_err(const char *sqlstate)
{
    // clang-format off
    static const struct {
        const char *code;
        enum err e;
    } map[] = {
        { "40001", ERR_AGAIN },     /* serialization_failure */
        { "40P01", ERR_AGAIN },     /* deadlock_detected */
        { "23505", ERR_EXISTS },    /* unique_violation */
        { "25006", ERR_READ_ONLY }, /* read_only_sql_transaction */
        { "42710", ERR_EXISTS },    /* duplicate_object */
        { "42P07", ERR_EXISTS },    /* duplicate_table */
        { "42501", ERR_REFUSED },   /* insufficient_privilege */
        { "53100", ERR_FULL },      /* disk_full */
        { "55P03", ERR_BUSY },      /* lock_not_available */
        { "57014", ERR_BUSY },      /* query_canceled: it took too long */
        { "XX001", ERR_CORRUPT },   /* data_corrupted */
        { "XX002", ERR_CORRUPT },   /* index_corrupted */
        { "08", ERR_DATABASE },     /* connection exception */
        { "22", ERR_INVALID },      /* data exception */
        { "23", ERR_INVALID },      /* integrity constraint */
        { "28", ERR_REFUSED },      /* authorization */
        { "3D", ERR_REFUSED },      /* no such database */
        { "42", ERR_CORRUPT },      /* our tables are not there as they were */
        { "53", ERR_BUSY },         /* insufficient resources */
        { "54", ERR_LIMIT },        /* program limit */
        { "57P", ERR_DATABASE },    /* it is shut down, or starts only */
    };
    // clang-format on
    for (size_t i = 0; sqlstate && i < ARRAY_LEN(map); i++) {
        if (strncmp(sqlstate, map[i].code, strlen(map[i].code)) == 0)
            return map[i].e;
    }
    return ERR_IO;
}

enum err pipe_lost(struct pg *p, const char *why)
{
    if (p->dead == ERR_OK) {
        buf_clear(&p->detail);
        buf_put(&p->detail, why, strcspn(why, "\n")); /* then libpq guesses */
    }
    p->n_awaited = 0;
    p->dead = ERR_DATABASE;
    return p->dead;
}

enum err pipe_usable(const struct pg *p)
{
    return p->dead != ERR_OK ? p->dead : p->aborted;
}

/* Who is told FATAL is out, although the end may not have come in yet. */
static bool is_last(struct pg *p, const PGresult *r)
{
    const char *severity =
        p->pq->PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);

    return p->pq->PQstatus(p->conn) == CONNECTION_BAD ||
           (severity && strcmp(severity, "ERROR") != 0);
}

/* Keeps the first line of the server's text: it names no values. */
static enum err error_of(struct pg *p, const PGresult *r)
{
    const char *code = p->pq->PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *text = p->pq->PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

    if (is_last(p, r))
        return pipe_lost(p, text ? text : p->pq->PQerrorMessage(p->conn));
    buf_clear(&p->detail);
    buf_printf(&p->detail, "%s (SQLSTATE %s)", text ? text : "unknown error",
               code ? code : "-");
    return pipe_err(code);
}

/* ---- sending ------------------------------------------------------------- */

static enum err sent(struct pg *p, int ok, struct awaited a)
{
    if (!ok)
        return pipe_lost(p, p->pq->PQerrorMessage(p->conn));
    ASSERT(p->n_awaited < MAX_AWAITED);
    p->awaited[p->n_awaited++] = a;
    return ERR_OK;
}

static enum err prepare(struct pg *p, const struct message *m)
{
    int ok = p->pq->PQsendPrepare(p->conn, m->name, m->sql, m->n, m->types);
    enum err e = sent(p, ok, (struct awaited){ .prepared = m->done });

    *m->done = e == ERR_OK; /* until we hear otherwise */
    return e;
}

/* Takes answers when there is hardly any place left for more of them: a message
 * may be prepared first and have a sync behind it. */
static enum err make_place(struct pg *p)
{
    if (p->dead != ERR_OK || p->n_awaited + 3 <= MAX_AWAITED)
        return p->dead;
    return pipe_prove(p);
}

enum err pipe_message(struct pg *p, const struct message *m, PGresult **result)
{
    enum err e = make_place(p);
    int ok = 0;

    if (e == ERR_OK && m->name && m->sql)
        e = prepare(p, m);
    if (e != ERR_OK)
        return e;
    if (m->name)
        ok = p->pq->PQsendQueryPrepared(p->conn, m->name, m->n, m->values,
                                        m->lengths, m->formats, 1);
    else
        ok = p->pq->PQsendQueryParams(p->conn, m->sql, m->n, m->types,
                                      m->values, m->lengths, m->formats, 1);
    return sent(p, ok, (struct awaited){ .result = result });
}

enum err pipe_text(struct pg *p, const char *sql, PGresult **result)
{
    enum err e = make_place(p);
    if (e != ERR_OK)
        return e;
    int ok =
        p->pq->PQsendQueryParams(p->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
    return sent(p, ok, (struct awaited){ .result = result });
}

enum err pipe_begin(struct pg *p)
{
    const char *due = p->begin_due;

    p->begin_due = NULL;
    return due ? pipe_text(p, due, NULL) : ERR_OK;
}

enum err pipe_end(struct pg *p)
{
    if (p->dead != ERR_OK)
        return p->dead;
    p->sent = 0;
    p->unproved = false;
    return sent(p, p->pq->PQpipelineSync(p->conn),
                (struct awaited){ .sync = true });
}

/* ---- answers ------------------------------------------------------------- */

/* Waits until an answer can be taken without waiting. */
static enum err await(struct pg *p)
{
    int64_t until_ms = env_mono_ms() + p->wait_ms;

    while (p->pq->PQisBusy(p->conn)) {
        struct pollfd fd = { p->pq->PQsocket(p->conn), POLLIN, 0 };
        int64_t left_ms = until_ms - env_mono_ms();
        int n = left_ms > 0 ? poll(&fd, 1, (int)left_ms) : 0;
        if (n == 0)
            return pipe_lost(p, "the database does not answer");
        if (n < 0 && errno != EINTR)
            return pipe_lost(p, strerror(errno));
        if (n > 0 && !p->pq->PQconsumeInput(p->conn))
            return pipe_lost(p, p->pq->PQerrorMessage(p->conn));
    }
    return ERR_OK;
}

/* Whether it went well, what did not, and what did not come to pass. */
static enum err take(struct pg *p, PGresult *r, const struct awaited *a)
{
    ExecStatusType status = r ? p->pq->PQresultStatus(r) : PGRES_FATAL_ERROR;
    bool fine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
                status == PGRES_PIPELINE_SYNC;

    if (a->prepared && !fine)
        *a->prepared = false;
    if (status == PGRES_PIPELINE_ABORTED)
        return ERR_OK; /* the error before it was told */
    if (!fine)
        return r ? error_of(p, r)
                 : pipe_lost(p, p->pq->PQerrorMessage(p->conn));
    return ERR_OK;
}

/* One answer, with the mark that ends it. */
static enum err answer(struct pg *p, const struct awaited *a)
{
    enum err e = await(p);
    if (e != ERR_OK)
        return e;
    PGresult *r = p->pq->PQgetResult(p->conn);
    e = take(p, r, a);
    if (a->result && r && e == ERR_OK && p->dead == ERR_OK)
        *a->result = r;
    else
        p->pq->PQclear(r);
    if (a->sync || p->dead != ERR_OK)
        return e;
    enum err ended = await(p);
    if (ended != ERR_OK)
        return ended;
    p->pq->PQclear(p->pq->PQgetResult(p->conn));
    return e;
}

enum err pipe_answers(struct pg *p)
{
    enum err e = p->dead;
    bool within = p->depth > 0 || p->reading;

    for (int i = 0; p->dead == ERR_OK && i < p->n_awaited; i++) {
        enum err one = answer(p, &p->awaited[i]);
        if (e == ERR_OK || p->dead != ERR_OK)
            e = one;
    }
    p->n_awaited = 0;
    if (e != ERR_OK && p->dead == ERR_OK && within)
        p->aborted = e;
    return e;
}

enum err pipe_prove(struct pg *p)
{
    int n = p->n_awaited;
    enum err e = n > 0 && p->awaited[n - 1].sync ? p->dead : pipe_end(p);

    return e == ERR_OK ? pipe_answers(p) : e;
}

/* All answers of one text; the last of them, or the error. */
static enum err script_answers(struct pg *p, PGresult **last)
{
    const struct awaited plain = { .sync = false };
    enum err e = await(p);
    PGresult *r = NULL;

    while (p->dead == ERR_OK && (r = p->pq->PQgetResult(p->conn)) != NULL) {
        enum err one = take(p, r, &plain);
        p->pq->PQclear(*last);
        *last = r;
        e = e == ERR_OK ? one : e;
        one = await(p);
        e = e == ERR_OK ? one : e;
    }
    return e;
}

enum err pipe_script(struct pg *p, const char *sql, PGresult **result)
{
    PGresult *last = NULL;
    enum err e = p->n_awaited > 0 ? pipe_prove(p) : p->dead;

    if (e != ERR_OK)
        return e;
    int ok = p->pq->PQexitPipelineMode(p->conn);
    ASSERT(ok);
    if (p->pq->PQsendQuery(p->conn, sql))
        e = script_answers(p, &last);
    else
        e = pipe_lost(p, p->pq->PQerrorMessage(p->conn));
    if (e == ERR_OK && result)
        *result = last;
    else
        p->pq->PQclear(last);
    if (p->dead == ERR_OK) {
        ok = p->pq->PQenterPipelineMode(p->conn);
        ASSERT(ok);
    }
    if (e != ERR_OK && p->depth > 0)
        p->aborted = e;
    return e;
}
