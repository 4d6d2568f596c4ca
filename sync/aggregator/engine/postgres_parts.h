/*
 * postgres_parts.h - what the files of the PostgreSQL engine share (private to
 * postgres*.c).
 *
 * postgres_load.c  libpq's functions, loaded when first asked for
 * postgres_open.c  addresses, connecting, settings, migrations
 * postgres_pipe.c  messages on their way, their answers, errors
 * postgres_batch.c posted rows gathered into statements of many rows
 * postgres_query.c statements, one after the other, and their results
 * postgres.c       transactions: the engine itself
 */
#ifndef AGGREGATOR_POSTGRES_PARTS_H
#define AGGREGATOR_POSTGRES_PARTS_H

#include <libpq-fe.h>

#include "engine_ops.h"

/* ---- libpq --------------------------------------------------------------- */

// clang-format off
#define LIBPQ(X) \
    X(PQclear) X(PQcmdStatus) X(PQcmdTuples) \
    X(PQconninfoFree) X(PQconninfoParse) \
    X(PQconnectdbParams) X(PQconsumeInput) X(PQenterPipelineMode) \
    X(PQerrorMessage) X(PQexitPipelineMode) X(PQfinish) \
    X(PQftype) X(PQgetResult) X(PQgetisnull) X(PQgetlength) X(PQgetvalue) \
    X(PQisBusy) X(PQnfields) X(PQntuples)  \
    X(PQpingParams) X(PQpipelineSync) X(PQresultErrorField) \
    X(PQresultStatus) X(PQsendPrepare) X(PQsendQuery) X(PQsendQueryParams) \
    X(PQsendQueryPrepared) X(PQsetNoticeProcessor) \
    X(PQsocket) X(PQstatus)
// clang-format on

struct libpq {
#define X(name) __typeof__(name) *name;
    LIBPQ(X)
#undef X
};

/* NULL when this machine has none that can do it (version 14 or later). */
const struct libpq *libpq(void);

/* ---- one connection ------------------------------------------------------ */

enum { WAIT_MS = 90 * 1000 };          /* longer than any statement may take */
enum { WAIT_SCRIPT_MS = 3600 * 1000 }; /* making an index may */
enum { MAX_PARAMETERS = 24, N_SIZES = 4, INT8_BYTES = 8 };

/* How many rows one INSERT carries: each size is a prepared statement. */
extern const int batch_sizes[N_SIZES]; /* descending; the last is 1 */

struct value {
    char letter;             /* as in query_bind */
    struct str bytes;        /* s, b */
    char number[INT8_BYTES]; /* i: in network order */
};

struct pg_query {
    struct query base;
    int index;
    bool used;                  /* by a caller; one at a time */
    bool paged;                 /* BY PAGES */
    int cursor;                 /* its name while it is open; 0: none */
    int page;                   /* rows that were asked for */
    int undone;                 /* the engine's, when it was opened */
    bool many;                  /* an INSERT that may carry many rows */
    char types[MAX_PARAMETERS]; /* letters known so far; n: none yet */
    int n_parameters;
    bool sent;      /* prepared with these */
    int generation; /* of the names, since letters came */
    bool prepared[N_SIZES];
    struct value values[MAX_PARAMETERS];
    PGresult *result; /* NULL: not run yet */
    int row;          /* where it stands; -1 before the first */
    int64_t changes;
    char (*numbers)[24]; /* integers asked for as text, by column */
};

/* An answer that is on its way. */
struct awaited {
    bool sync;         /* the end of a run of messages */
    bool *prepared;    /* becomes false if it fails */
    PGresult **result; /* becomes this */
};

enum { MAX_AWAITED = 1024 };

struct batch { /* rows of one INSERT that were posted but not sent */
    struct pg_query *query;
    int rows;
    struct buf bytes;
    int *lengths; /* by row and parameter; -1: NULL */
};

struct pg {
    struct engine base;
    const struct libpq *pq;
    PGconn *conn;
    enum engine_mode mode;
    const struct engine_kind *kind;
    struct pg_query *queries; /* by index */
    struct buf detail;        /* of the last error */
    enum err unfit;           /* what writing would be refused for */
    const char *unfit_why;
    enum err dead;    /* the connection is lost, for good */
    enum err aborted; /* ... the transaction, until it is rolled back */
    int depth;
    bool reading;
    const char *begin_due; /* it travels with the first statement */
    struct awaited awaited[MAX_AWAITED];
    int n_awaited;
    size_t sent;     /* bytes since the last sync, about */
    bool unproved;   /* something was posted since */
    int n_cursors;   /* that ever were */
    int undone;      /* parts of transactions that ended so */
    int64_t wait_ms; /* for an answer */
    struct batch batch;
};

struct pg *pg_of(struct engine *e);

/* ---- messages (postgres_pipe.c) ------------------------------------------ */

/* ERR_OK while statements may be sent. */
enum err pipe_usable(const struct pg *p) MUST_USE;
/* Sends a statement without parameters; `result` may be NULL. */
enum err pipe_text(struct pg *p, const char *sql, PGresult **result) MUST_USE;
/* What was put off: BEGIN. */
enum err pipe_begin(struct pg *p) MUST_USE;
struct message {
    const char *name; /* prepared under it; NULL: used once */
    const char *sql;  /* NULL: prepared already */
    bool *done;       /* tells whether it is */
    const Oid *types;
    int n;
    const char *const *values;
    const int *lengths, *formats;
};
/* Sends a statement with parameters, preparing it before if need be. */
enum err pipe_message(struct pg *p, const struct message *m,
                      PGresult **result) MUST_USE;
/* Everything sent so far, proved: the first error among the answers. */
enum err pipe_prove(struct pg *p) MUST_USE;
/* Ends the run of messages without waiting for the answers. */
enum err pipe_end(struct pg *p) MUST_USE;
/* Waits for what has ended. */
enum err pipe_answers(struct pg *p) MUST_USE;
/* A text of several statements, alone. *result (may be NULL) is the last. */
enum err pipe_script(struct pg *p, const char *sql, PGresult **result) MUST_USE;
/* The kind of error of an SQLSTATE ("" or NULL: the connection's). */
enum err pipe_err(const char *sqlstate);
/* Forgets the connection; returns ERR_DATABASE. */
enum err pipe_lost(struct pg *p, const char *why);

/* ---- rows (postgres_batch.c) --------------------------------------------- */

/* The statement's text for so many rows, as PostgreSQL reads it. */
void batch_text(const struct pg *p, int index, int rows, struct buf *out);
/* Rows of a statement, their values one row after the other. */
struct rows {
    int size; /* index of batch_sizes */
    const char *const *values;
    const int *lengths;
};
enum err batch_send(struct pg *p, struct pg_query *q, const struct rows *rows,
                    PGresult **result) MUST_USE;
/* The type of a parameter by its letter. A text takes that of its place: bytes
 * that a file keeps as a text may be kept as bytes here. */
Oid batch_oid(char letter);
/* Can the statement carry many rows? */
bool batch_able(const char *sql);
/* What the statement is bound to; returns its bytes. */
size_t batch_row(const struct pg_query *q, const char **values, int *lengths);
/* Takes the row that `q` is bound to; it may travel later. */
enum err batch_add(struct pg *p, struct pg_query *q) MUST_USE;
/* Sends what was taken. */
enum err batch_flush(struct pg *p) MUST_USE;
void batch_forget(struct pg *p);

/* ---- statements (postgres_query.c): as engine_ops.h ---------------------- */

struct query *pg_query_at(struct engine *e, int index);
void pg_release(struct query *query);
void pg_bind(struct query *query, const char *types, va_list args);
void pg_bind_null(struct query *query, int position);
enum err pg_step(struct query *query, bool *row) MUST_USE;
enum err pg_run(struct query *query) MUST_USE;
enum err pg_post(struct query *query) MUST_USE;
int64_t pg_changes(const struct query *query);
int64_t pg_integer(const struct query *query, int column);
struct str pg_string(const struct query *query, int column);
bool pg_null(const struct query *query, int column);

/* ---- opening (postgres_open.c) ------------------------------------------- */

/* Connects, sets and checks the session; migrates when p->mode says so. */
enum err pg_connect(struct pg *p, const char *address,
                    struct buf *why) MUST_USE;

#endif
