/*
 * mending.c - a device's events anew from who still has them: its own till.
 *
 * The head that was acknowledged says what they were. Lines that lead to it
 * are those bytes, wherever they come from; others change nothing.
 */
#include <string.h>

#include "fair/chain.h"
#include "fair/wire.h"

#include "store_parts.h"

struct mending {
    struct str device, lines;
};

/* Cuts `lines` behind the last event that was acknowledged. */
static bool leads(const struct device *d, struct str *lines)
{
    uint8_t head[HASH_BYTES];
    struct str rest = *lines, line;
    int64_t n = 0;
    chain_start(d->public_key, head);
    for (; n < d->count && lines_next(&rest, &line); n++)
        chain_next(head, line, head);
    lines->len -= rest.len;
    return n == d->count && memcmp(head, d->head, HASH_BYTES) == 0;
}

static enum err forget(struct store *s, struct str device)
{
    QUERY(packed, s->engine, SQL_PACKED_DROP);
    query_bind(packed, "si", device, INT64_MIN);
    enum err e = query_run(packed);
    if (e != ERR_OK)
        return e;
    QUERY(segments, s->engine, SQL_SEGMENT_DROP);
    query_bind(segments, "si", device, INT64_MAX);
    return query_run(segments);
}

/* As many as a push has, at most. */
static enum err put_all(struct store *s, const struct device *d,
                        struct str lines)
{
    uint8_t head[HASH_BYTES];
    struct segment seg = { .last = 0, .head = head };
    struct str line;
    enum err e = ERR_OK;
    chain_start(d->public_key, head);
    while (e == ERR_OK && lines.len > 0) {
        seg.first = seg.last + 1;
        seg.bytes = lines;
        while (seg.last - seg.first + 1 < MAX_BATCH_EVENTS &&
               lines_next(&lines, &line)) {
            chain_next(head, line, head);
            seg.last++;
        }
        seg.bytes.len -= lines.len;
        e = segment_add(s, str_of(d->device), &seg);
    }
    return e;
}

static enum err mend(struct store *s, void *ctx)
{
    const struct mending *m = ctx;
    struct str lines = m->lines;
    struct device d;
    enum err e = store_device_locked(s, m->device, &d);
    if (e == ERR_OK && !leads(&d, &lines))
        e = ERR_CHAIN;
    if (e == ERR_OK)
        e = forget(s, m->device);
    if (e == ERR_OK)
        e = put_all(s, &d, lines);
    return e == ERR_OK ? store_unfold(s, m->device) : e;
}

enum err store_mend(struct store *s, struct str device, struct str lines)
{
    struct mending m = { device, lines };
    return store_do(s, mend, &m);
}
