/*
 * packed.c - reading packed events, frame by frame.
 *
 * Only what we have packed ourselves is ever unpacked, and never into more
 * than its row says.
 */
#include "packed.h"

#include <zstd.h>

#include "fair/chain.h"
#include "fair/wire.h"

#include "store_parts.h"

/* Ours need less; a damaged one may ask for no more. */
enum { WINDOW_LOG = 24 };

struct unpacking {
    ZSTD_DCtx *zstd; /* made with the first frame */
    struct buf lines;
};

static void unpacking_done(struct unpacking *u)
{
    ZSTD_freeDCtx(u->zstd);
    buf_done(&u->lines);
}

/* Appends what can be read of the frame, at most `size` bytes. zstd asks for
 * one block at a time: when one is damaged those before it are here. */
static void unpack(struct unpacking *u, struct str frame, size_t size)
{
    ZSTD_inBuffer in = { frame.data, 0, 0 };
    ZSTD_outBuffer out = { buf_room(&u->lines, size), size, 0 };
    if (!u->zstd) {
        u->zstd = ZSTD_createDCtx();
        ASSERT(u->zstd);
        ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
    }
    size_t want = ZSTD_initDStream(u->zstd);
    while (want > 0 && !ZSTD_isError(want) && in.pos < frame.len) {
        in.size = want < frame.len - in.pos ? in.pos + want : frame.len;
        want = ZSTD_decompressStream(u->zstd, &out, &in);
    }
    buf_grew(&u->lines, out.pos);
}

/* Makes as many lines of it as there are events. */
static void settle(struct buf *lines, int64_t events)
{
    struct str rest = buf_slice(lines), line;
    int64_t n = 0;
    while (n < events && lines_next(&rest, &line))
        n++;
    buf_cut(lines, lines->len - rest.len);
    for (; n < events; n++)
        buf_putc(lines, '\n');
}

static enum err frame_read(struct unpacking *u, const struct query *q,
                           struct segment *out)
{
    struct str head = query_str(q, 4);
    int64_t first = query_int(q, 0), last = query_int(q, 1);
    int64_t size = query_int(q, 2);
    bool sound = first >= 1 && last >= first && size > last - first &&
                 size <= PACKED_MAX && head.len == HASH_BYTES;
    if (!sound)
        return ERR_CORRUPT;
    buf_clear(&u->lines);
    unpack(u, query_str(q, 3), (size_t)size);
    settle(&u->lines, last - first + 1);
    *out = (struct segment){ .first = first,
                             .last = last,
                             .bytes = buf_slice(&u->lines),
                             .head = (const uint8_t *)head.data,
                             .checks = query_str(q, 5) };
    return ERR_OK;
}

enum err packed_each(struct store *s, struct str device, int64_t from,
                     enum err (*take)(void *ctx, const struct segment *seg),
                     void *ctx)
{
    bool row = false;
    struct segment seg;
    struct unpacking u = { .zstd = NULL };
    QUERY(all, s->engine, SQL_PACKED_FROM);
    query_bind(all, "si", device, from);
    buf_init(&u.lines, 2 * PACKED_MAX);
    enum err e = query_step(all, &row);
    while (e == ERR_OK && row) {
        if (query_int(all, 1) >= from) {
            e = frame_read(&u, all, &seg);
            if (e == ERR_OK)
                e = take(ctx, &seg);
        }
        if (e == ERR_OK)
            e = query_step(all, &row);
    }
    unpacking_done(&u);
    return e;
}

enum err packed_before(struct store *s, struct str device, int64_t first,
                       int64_t *last, uint8_t head[HASH_BYTES])
{
    bool row = false;
    QUERY(get, s->engine, SQL_PACKED_BEFORE);
    query_bind(get, "si", device, first);
    enum err e = query_step(get, &row);
    if (e != ERR_OK)
        return e;
    if (row)
        e = store_hash(query_str(get, 1), head);
    if (e == ERR_OK)
        *last = row ? query_int(get, 0) : 0;
    return e;
}
