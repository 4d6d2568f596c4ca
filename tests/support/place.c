/*
 * place.c - directories or schemas.
 *
 * A schema is named after the process and a count, and chosen by the address
 * itself (search_path), so that the store knows nothing of it. Connections
 * bear its name: tests that end them end no other test's.
 */
#include "tests/support/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/aggregator/engine/postgres_parts.h"

static const char choice[] = "options=-csearch_path%3D";

/* What tests say to SQLite of bytes that are stored, said to PostgreSQL. */
static const char functions[] =
    "CREATE FUNCTION zeroblob(n INT) RETURNS BYTEA LANGUAGE sql AS"
    " $$ SELECT decode(repeat('00', n), 'hex') $$;"
    "CREATE FUNCTION replace(whole BYTEA, old TEXT, new TEXT) RETURNS BYTEA"
    " LANGUAGE sql AS $$ SELECT decode(replace(encode(whole, 'hex'),"
    " encode(convert_to(old, 'UTF8'), 'hex'),"
    " encode(convert_to(new, 'UTF8'), 'hex')), 'hex') $$;";

/* A text of statements over a connection of its own. */
static void command(const char *address, const char *sql)
{
    const struct libpq *pq = libpq();
    const char *const keywords[] = { "dbname", NULL };
    const char *const values[] = { address, NULL };

    ASSERT(pq);
    PGconn *conn = pq->PQconnectdbParams(keywords, values, 1);
    if (pq->PQstatus(conn) != CONNECTION_OK)
        err_die(__FILE__, __LINE__, pq->PQerrorMessage(conn));
    ASSERT(pq->PQsendQuery(conn, sql));
    for (PGresult *r = NULL; (r = pq->PQgetResult(conn)) != NULL;) {
        if (pq->PQresultStatus(r) != PGRES_COMMAND_OK)
            err_die(__FILE__, __LINE__, pq->PQerrorMessage(conn));
        pq->PQclear(r);
    }
    pq->PQfinish(conn);
}

static void drop(const char *where, const char *schema)
{
    BUF(sql, MAX_TEXT);

    buf_printf(&sql,
               "SET client_min_messages = warning; DROP SCHEMA %s CASCADE",
               schema);
    command(where, buf_text(&sql));
}

/* A schema in the database that is named; false: none is. */
static bool make_schema(char where[SCRATCH_ROOM])
{
    static int count;
    const char *address = getenv("FAIR_TEST_STORE");
    char schema[64];

    if (!address || !*address)
        return false;
    snprintf(schema, sizeof(schema), "t%ld_%d", (long)getpid(), ++count);
    int n = snprintf(where, SCRATCH_ROOM, "%s%capplication_name=%s&%s%s",
                     address, strchr(address, '?') ? '&' : '?', schema, choice,
                     schema);
    ASSERT(n > 0 && n < SCRATCH_ROOM);
    BUF(sql, MAX_TEXT);
    buf_printf(&sql, "CREATE SCHEMA %s; %s", schema, functions);
    command(where, buf_text(&sql));
    return true;
}

void place_make(char where[SCRATCH_ROOM])
{
    if (!make_schema(where))
        scratch_make(where);
}

void place_beside(const char *dir, char where[SCRATCH_ROOM])
{
    if (!make_schema(where))
        memcpy(where, dir, strlen(dir) + 1);
}

void place_remove(const char *where)
{
    const char *chosen = strstr(where, choice);

    if (chosen)
        drop(where, chosen + sizeof(choice) - 1);
    else
        scratch_remove(where);
}
