/*
 * packing.c - moving a device's oldest segments into a frame.
 *
 * One step is one group: segments are read, packed and replaced, and before
 * that is committed what was written is read back, unpacked, compared with
 * them, and walked to the head that they led to. A frame that is not half full
 * is taken up again, so that late pushes leave no crumbs.
 */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "fair/chain.h"
#include "fair/wire.h"

#include "packed.h"
#include "store_parts.h"

/* Measured on the events of a simulated fair, frames of 512 KiB: level 1 makes
 * 51 bytes of an event's 370, level 9 40 at 40 MB/s, level 19 34 at a fiftieth
 * of that speed. Frames of 1 or 4 MiB are no smaller below level 17. */
enum { LEVEL = 9 };

/* What goes into one frame. */
struct bale {
    struct str device;
    int64_t from;  /* its first event */
    int64_t next;  /* the one behind its last */
    int64_t fresh; /* its first one that is not packed yet; 0: none is left */
    int64_t saved; /* bytes that packing has saved of it before */
    struct buf lines, checks, frame;
    uint8_t before[HASH_BYTES], head[HASH_BYTES];
};

static void bale_clear(struct bale *b)
{
    b->from = b->next = b->fresh = b->saved = 0;
    buf_clear(&b->lines);
    buf_clear(&b->checks);
    buf_clear(&b->frame);
}

/* ---- gathering ----------------------------------------------------------- */

/* Where to begin: with the newest frame when that has room, else with the
 * oldest segment. */
static enum err find_start(struct store *s, struct bale *b)
{
    bool row = false;
    QUERY(oldest, s->engine, SQL_SEGMENT_OLDEST);
    query_bind(oldest, "s", b->device);
    enum err e = query_step(oldest, &row);
    if (e != ERR_OK || !row)
        return e;
    b->from = b->next = b->fresh = query_int(oldest, 0);
    QUERY(newest, s->engine, SQL_PACKED_NEWEST);
    query_bind(newest, "s", b->device);
    e = query_step(newest, &row);
    if (e != ERR_OK || !row)
        return e;
    if (query_int(newest, 1) != b->fresh - 1)
        return ERR_CORRUPT;
    if (query_int(newest, 2) <= PACKED_BYTES / 2) {
        b->from = b->next = query_int(newest, 0);
        b->saved = query_int(newest, 2) - query_int(newest, 3);
    }
    return ERR_OK;
}

static enum err gather(void *ctx, const struct segment *seg)
{
    struct bale *b = ctx;
    if (seg->first != b->next || seg->last < seg->first)
        return ERR_CORRUPT;
    bool full = b->lines.len + seg->bytes.len > PACKED_BYTES;
    if (full && b->next > b->fresh) /* every step packs something */
        return ERR_NOT_FOUND;
    buf_str(&b->lines, seg->bytes);
    memcpy(b->head, seg->head, HASH_BYTES);
    b->next = seg->last + 1;
    return buf_ok(&b->lines) ? ERR_OK : ERR_LIMIT;
}

/* ---- the frame ----------------------------------------------------------- */

static void press(struct bale *b)
{
    size_t room = ZSTD_compressBound(b->lines.len);
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    ASSERT(zstd);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL);
    size_t size = ZSTD_compress2(zstd, buf_room(&b->frame, room), room,
                                 b->lines.data, b->lines.len);
    ZSTD_freeCCtx(zstd);
    ASSERT(!ZSTD_isError(size));
    buf_grew(&b->frame, size);
}

static enum err replace(struct store *s, struct bale *b)
{
    QUERY(drop_packed, s->engine, SQL_PACKED_DROP);
    query_bind(drop_packed, "si", b->device, b->from);
    enum err e = query_run(drop_packed);
    if (e != ERR_OK)
        return e;
    QUERY(drop, s->engine, SQL_SEGMENT_DROP);
    query_bind(drop, "si", b->device, b->next);
    e = query_run(drop);
    if (e != ERR_OK)
        return e;
    QUERY(add, s->engine, SQL_PACKED_ADD);
    query_bind(add, "siiibbb", b->device, b->from, b->next - 1,
               (int64_t)b->lines.len, buf_slice(&b->frame),
               (struct str){ (const char *)b->head, HASH_BYTES },
               buf_slice(&b->checks));
    return query_run(add);
}

/* ---- the proof ----------------------------------------------------------- */

/* The lines are as many as the events, and lead to the head. */
static bool leads(const struct bale *b, struct str lines)
{
    uint8_t head[HASH_BYTES];
    struct str line;
    int64_t n = 0;
    memcpy(head, b->before, HASH_BYTES);
    for (; lines_next(&lines, &line); n++)
        chain_next(head, line, head);
    return lines.len == 0 && n == b->next - b->from &&
           memcmp(head, b->head, HASH_BYTES) == 0;
}

/* What is read back is what it replaces, and sound. */
static enum err prove(void *ctx, const struct segment *seg)
{
    const struct bale *b = ctx;
    bool same = seg->first == b->from && seg->last == b->next - 1 &&
                str_eq(seg->bytes, buf_slice(&b->lines)) &&
                str_eq(seg->checks, buf_slice(&b->checks)) &&
                memcmp(seg->head, b->head, HASH_BYTES) == 0;
    return same && leads(b, seg->bytes) ? ERR_OK : ERR_CORRUPT;
}

/* ---- a step -------------------------------------------------------------- */

static enum err pack(struct store *s, const struct device *d, struct bale *b)
{
    enum err e = store_segments(s, b->device, b->from, gather, b);
    if (e == ERR_NOT_FOUND)
        e = ERR_OK;
    if (e == ERR_OK)
        e = store_hash_before(s, d, b->from, b->before);
    if (e != ERR_OK)
        return e;
    checks_put(buf_slice(&b->lines), &b->checks);
    press(b);
    e = replace(s, b);
    return e == ERR_OK ? packed_each(s, b->device, b->from, prove, b) : e;
}

/* With the device locked no other program packs or appends behind it. */
static enum err step(struct store *s, void *ctx)
{
    struct bale *b = ctx;
    struct device d;
    bale_clear(b);
    enum err e = store_device_locked(s, b->device, &d);
    if (e == ERR_OK)
        e = find_start(s, b);
    return e == ERR_OK && b->fresh > 0 ? pack(s, &d, b) : e;
}

enum err store_pack(struct store *s, struct str device, struct packing *out)
{
    struct bale b = { .device = device };
    buf_init(&b.lines, PACKED_MAX);
    buf_init(&b.checks, PACKED_MAX);
    buf_init(&b.frame, 2 * PACKED_MAX);
    enum err e = store_do(s, step, &b);
    if (e == ERR_OK)
        *out =
            (struct packing){ b.next - b.fresh, (int64_t)b.lines.len - b.saved,
                              (int64_t)b.frame.len };
    buf_done(&b.lines);
    buf_done(&b.checks);
    buf_done(&b.frame);
    return e;
}
