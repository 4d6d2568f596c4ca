/*
 * postgres.c - the store on PostgreSQL: pushes decoded, compared and stored in
 * transactions of their own, against COPY of the same sales as raw rows (the
 * event, the sale, its three lines) into the same server, as many in a
 * transaction. What COPY sends is made beforehand.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"
#include "tests/bench/yard.h"
#include "tests/support/place.h"
#include "tests/support/pq.h"

enum { DEVICES = 4, BATCH = 500, EVENTS = 10000, LINES = 3, TABLES = 3 };

static const char *const tables[TABLES] = { "event", "sale", "line" };

static const char schema[] =
    "CREATE TABLE event (id BIGINT PRIMARY KEY, device TEXT, bytes TEXT,"
    " hash BYTEA);"
    "CREATE TABLE sale (id BIGINT PRIMARY KEY, day BIGINT, at_ms BIGINT,"
    " total_vnd BIGINT, method TEXT);"
    "CREATE TABLE line (id BIGINT PRIMARY KEY, sale BIGINT, sku TEXT,"
    " name TEXT, unit TEXT, milli BIGINT, price_vnd BIGINT,"
    " amount_vnd BIGINT)";

struct race {
    char where[SCRATCH_ROOM], floor[SCRATCH_ROOM];
    struct yard yard;
    struct engine *engine; /* of the floor */
    struct buf event;      /* as COPY wants it */
    struct buf rows[TABLES];
    int64_t sales;
};

/* ---- ours ---------------------------------------------------------------- */

static int64_t ours(void *ctx)
{
    struct race *race = ctx;
    struct buf pushes[EVENTS / BATCH];
    for (size_t i = 0; i < ARRAY_LEN(pushes); i++) {
        buf_init(&pushes[i], MAX_BATCH);
        trader_push(&race->yard.traders[i % DEVICES], BATCH, &pushes[i]);
    }
    int64_t from = bench_ns();
    for (size_t i = 0; i < ARRAY_LEN(pushes); i++)
        yard_take(&race->yard, buf_slice(&pushes[i]));
    int64_t ns = bench_ns() - from;
    for (size_t i = 0; i < ARRAY_LEN(pushes); i++)
        buf_done(&pushes[i]);
    return ns;
}

static int64_t ours_folded(void *ctx)
{
    struct race *race = ctx;
    int64_t ns = ours(ctx);
    int64_t from = bench_ns();
    yard_fold(&race->yard);
    return ns + bench_ns() - from;
}

/* ---- the floor ----------------------------------------------------------- */

static void rows_make(struct race *race)
{
    for (int i = 0; i < TABLES; i++)
        buf_clear(&race->rows[i]);
    for (int i = 0; i < BATCH; i++) {
        int64_t id = ++race->sales;
        buf_printf(&race->rows[0], "%lld\taaaabbbbccccdddd\t%s\t\\\\x%064d\n",
                   (long long)id, buf_text(&race->event), 0);
        buf_printf(&race->rows[1], "%lld\t20200114\t%lld\t1380000\tcash\n",
                   (long long)id, 1578963600000LL + id);
        for (int k = 0; k < LINES; k++)
            buf_printf(&race->rows[2],
                       "%lld\t%lld\tTR01\tTrà hoa vàng Ba Chẽ\thộp 50g\t1000\t"
                       "750000\t750000\n",
                       (long long)id * LINES + k, (long long)id);
    }
}

static void run(struct race *race, const char *sql, ExecStatusType wanted)
{
    struct pg *p = pg_of(race->engine);
    PGresult *r = pq_more()->exec(p->conn, sql);
    if (p->pq->PQresultStatus(r) != wanted)
        err_die(__FILE__, __LINE__, p->pq->PQerrorMessage(p->conn));
    p->pq->PQclear(r);
}

static void copy(struct race *race, int table)
{
    struct pg *p = pg_of(race->engine);
    const struct buf *rows = &race->rows[table];
    BUF(sql, MAX_NAME_COLUMNS);
    buf_printf(&sql, "COPY %s FROM STDIN", tables[table]);
    run(race, buf_text(&sql), PGRES_COPY_IN);
    ASSERT(pq_more()->copy(p->conn, rows->data, (int)rows->len) == 1);
    ASSERT(pq_more()->copied(p->conn, NULL) == 1);
    for (PGresult *r; (r = p->pq->PQgetResult(p->conn)) != NULL;) {
        ASSERT(p->pq->PQresultStatus(r) == PGRES_COMMAND_OK);
        p->pq->PQclear(r);
    }
}

static int64_t by_copy(void *ctx)
{
    struct race *race = ctx;
    int64_t ns = 0;
    for (int i = 0; i < EVENTS / BATCH; i++) {
        rows_make(race);
        int64_t from = bench_ns();
        run(race, "BEGIN", PGRES_COMMAND_OK);
        for (int table = 0; table < TABLES; table++)
            copy(race, table);
        run(race, "COMMIT", PGRES_COMMAND_OK);
        ns += bench_ns() - from;
    }
    return ns;
}

/* ---- both ---------------------------------------------------------------- */

static void floor_open(struct race *race)
{
    static const char *const none[] = { schema };
    static const struct engine_kind kind = { .application_id = 1,
                                             .postgres = none,
                                             .n_postgres = 1,
                                             .sql = none,
                                             .n_sql = 1 };
    BUF(line, MAX_EVENT);
    BUF(why, MAX_TEXT);
    if (engine_open(race->floor, ENGINE_WRITE, &kind, &why, &race->engine) !=
        ERR_OK)
        err_die(__FILE__, __LINE__, buf_text(&why));
    ASSERT(
        pg_of(race->engine)->pq->PQexitPipelineMode(pg_of(race->engine)->conn));
    crowd_line(&line);
    buf_init(&race->event, MAX_EVENT);
    for (size_t i = 0; i < line.len; i++) { /* COPY's own escapes */
        if (line.data[i] == '\\')
            buf_putc(&race->event, '\\');
        if (line.data[i] != '\n')
            buf_putc(&race->event, line.data[i]);
    }
    for (int i = 0; i < TABLES; i++)
        buf_init(&race->rows[i], MAX_LIST);
}

static void race_run(struct bench *b, struct race *race)
{
    struct contest c = { .id = "P19",
                         .what = "taken in on PostgreSQL, 500 a push / COPY of"
                                 " raw rows",
                         .ctx = race,
                         .ours = ours,
                         .floor = by_copy,
                         .ours_ops = EVENTS,
                         .floor_ops = EVENTS,
                         .goal = { AT_LEAST, 1000, 3000 } };
    bench_contest(b, &c);
    yard_fold(&race->yard);
    c.id = "";
    c.what = "taken in and folded on PostgreSQL, 500 a push / COPY";
    c.ours = ours_folded;
    c.goal = (struct goal){ AT_LEAST, 0, 0 };
    bench_contest(b, &c);
}

void bench_postgres(struct bench *b)
{
    struct race race = { .sales = 0 };
    const char *address = getenv("FAIR_TEST_STORE");
    if (!address || !*address) {
        bench_missing(b, "P19", "taken in on PostgreSQL / COPY of raw rows",
                      "no server: run it by tests/postgres/with-server");
        return;
    }
    place_make(race.where);
    place_make(race.floor);
    yard_open_at(&race.yard, race.where, 1, DEVICES);
    floor_open(&race);
    race_run(b, &race);
    for (int i = 0; i < TABLES; i++)
        buf_done(&race.rows[i]);
    buf_done(&race.event);
    engine_close(race.engine);
    yard_close(&race.yard);
    place_remove(race.where);
    place_remove(race.floor);
}
