/*
 * engine_ops.h - what one engine must do (private to engine/): the functions
 * of engine.h, each under its own name.
 */
#ifndef AGGREGATOR_ENGINE_OPS_H
#define AGGREGATOR_ENGINE_OPS_H

#include <stdarg.h>

#include "engine.h"

struct engine_ops {
    bool shared;
    void (*close)(struct engine *e);
    const char *(*errmsg)(struct engine *e);
    bool (*lost)(struct engine *e);                  /* or NULL: it cannot be */
    bool (*log_gone)(struct engine *e);              /* or NULL: it has none */
    void (*give_up)(struct engine *e, enum err why); /* of a lost one */

    enum err (*settle)(struct engine *e); /* or NULL: nothing to do */
    enum err (*writable)(struct engine *e,
                         struct buf *why); /* or NULL: opening says it */

    void (*patience)(struct engine *e, int64_t ms); /* or NULL */

    struct query *(*query)(struct engine *e, int index);
    void (*release)(struct query *q);
    void (*bind)(struct query *q, const char *types, va_list args);
    void (*bind_null)(struct query *q, int position);
    enum err (*step)(struct query *q, bool *row);
    enum err (*run)(struct query *q);
    enum err (*post)(struct query *q);
    int64_t (*changes)(const struct query *q);
    int64_t (*integer)(const struct query *q, int column);
    struct str (*string)(const struct query *q, int column);
    bool (*null)(const struct query *q, int column);

    enum err (*begin)(struct engine *e);
    enum err (*commit)(struct engine *e);
    void (*rollback)(struct engine *e);
    enum err (*read_begin)(struct engine *e);
    void (*read_end)(struct engine *e);

    enum err (*script)(struct engine *e, const char *sqlite,
                       const char *postgres);
    enum err (*integrity)(struct engine *e);
    enum err (*backup)(struct engine *e, const char *path);
    enum err (*shrink)(struct engine *e, struct buf *why, int64_t *before,
                       int64_t *after); /* or NULL: it needs none */
    void (*idle)(struct engine *e);
};

/* First member of every engine and of every query. */
struct engine {
    const struct engine_ops *ops;
};

struct query {
    struct engine *engine;
};

enum err sqlite_open(const char *path, enum engine_mode mode,
                     const struct engine_kind *kind, struct buf *why,
                     struct engine **out) MUST_USE;
struct sqlite3; /* SQLite's own handle, for tests */
struct sqlite3 *sqlite_handle(struct engine *e);
enum err postgres_open(const char *address, enum engine_mode mode,
                       const struct engine_kind *kind, struct buf *why,
                       struct engine **out) MUST_USE;

#endif
