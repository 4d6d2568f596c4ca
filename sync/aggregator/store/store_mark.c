/*
 * store_mark.c - the watermark's rows: how far each device is folded, which
 * devices have events beyond that, and whether a fair's sums are still those
 * that somebody has read.
 *
 * Invariant: a device is in fold_beyond when, and only when, it has more
 * events than its mark says; so looking for what is new costs nothing for
 * fairs that are over. A fair's turn is drawn at random: whatever happened to
 * the tables in between, a number that was there once does not come back.
 * These three tables have the same shape in every version: a program goes on
 * telling what it has taken in when a newer one folds.
 */
#include "fair/env.h"

#include "store_parts.h"

enum err mark_get(struct store *s, struct str device, int64_t *seq)
{
    bool row = false;
    QUERY(get, s->engine, SQL_MARK_GET);
    query_bind(get, "s", device);
    enum err e = query_step(get, &row);
    if (e == ERR_OK)
        *seq = row ? query_int(get, 0) : 0;
    return e;
}

enum err store_mark(struct store *s, struct str device, int64_t *seq)
{
    bool ours = false;
    enum err e = derived_ours(s, &ours);
    if (e == ERR_OK && ours)
        return mark_get(s, device, seq);
    if (e == ERR_OK)
        *seq = 0;
    return e;
}

enum err store_due(struct store *s, const struct device *d, bool *due)
{
    bool row = false, ours = false;
    enum err e = derived_ours(s, &ours);
    if (e == ERR_OK && !ours)
        *due = d->count > 0;
    if (e != ERR_OK || !ours)
        return e;
    QUERY(has, s->engine, SQL_BEYOND_HAS);
    query_bind(has, "ss", str_of(d->fair), str_of(d->device));
    e = query_step(has, &row);
    if (e == ERR_OK)
        *due = row;
    return e;
}

/* ---- turns --------------------------------------------------------------- */

/* 1…: 0 is none. */
static int64_t turn_draw(void)
{
    uint64_t n;
    env_random((uint8_t *)&n, sizeof(n));
    return (int64_t)(n >> 2) + 1;
}

enum err store_turned(struct store *s, struct str fair)
{
    QUERY(put, s->engine, SQL_TURN_PUT);
    query_bind(put, "si", fair, turn_draw());
    return query_run(put);
}

enum err turn_device(struct store *s, struct str device)
{
    QUERY(put, s->engine, SQL_TURN_PUT_OF);
    query_bind(put, "is", turn_draw(), device);
    return query_post(put);
}

enum err store_turn(struct store *s, struct str fair, int64_t *turn)
{
    bool row = false;
    *turn = 0;
    if (!s->derived)
        return ERR_OK;
    QUERY(get, s->engine, SQL_TURN_GET);
    query_bind(get, "s", fair);
    enum err e = query_step(get, &row);
    if (e == ERR_OK && row)
        *turn = query_int(get, 0);
    return e;
}

/* ---- marks --------------------------------------------------------------- */

enum err mark_move(struct store *s, struct str device, int64_t seq)
{
    QUERY(put, s->engine, SQL_MARK_PUT);
    query_bind(put, "si", device, seq);
    enum err e = query_post(put);
    if (e != ERR_OK)
        return e;
    QUERY(drop, s->engine, SQL_BEYOND_DROP);
    query_bind(drop, "si", device, seq);
    e = query_post(drop);
    return e == ERR_OK ? turn_device(s, device) : e;
}

enum err mark_passed(struct store *s, struct str device)
{
    QUERY(put, s->engine, SQL_BEYOND_PUT);
    query_bind(put, "s", device);
    return query_post(put);
}

enum err marks_passed(struct store *s)
{
    QUERY(put, s->engine, SQL_BEYOND_PUT_ALL);
    return query_run(put);
}
