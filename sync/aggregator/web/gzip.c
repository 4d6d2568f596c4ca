/*
 * gzip.c - zlib, for answers only: nothing received is ever decompressed.
 */
#include "gzip.h"

#include <limits.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum { WINDOW = 15 + 16 /* 16: with gzip's own head */, MEMORY = 8 };

/* "gzip", "gzip;q=0.5"; a quality of nothing but noughts refuses. */
static bool takes_gzip(struct str item)
{
    static const char name[] = "gzip";
    size_t n = sizeof(name) - 1;
    const char *q = item.len > n ? memchr(item.data, '=', item.len) : NULL;

    if (item.len < n || strncasecmp(item.data, name, n) != 0 ||
        (item.len > n && item.data[n] != ';' && item.data[n] != ' '))
        return false;
    for (size_t i = q ? (size_t)(q - item.data) + 1 : item.len;
         q && i < item.len; i++) {
        if (item.data[i] >= '1' && item.data[i] <= '9')
            return true;
    }
    return q == NULL;
}

bool gzip_wanted(struct str encodings)
{
    size_t at = 0;

    while (at < encodings.len) {
        struct str rest = { encodings.data + at, encodings.len - at };
        const char *end = memchr(rest.data, ',', rest.len);
        size_t len = end ? (size_t)(end - rest.data) : rest.len;

        at += len + 1;
        while (len > 0 && rest.data[0] == ' ') {
            rest.data++;
            len--;
        }
        if (takes_gzip((struct str){ rest.data, len }))
            return true;
    }
    return false;
}

void gzip_put(struct buf *out, struct str in, int level)
{
    z_stream z = { 0 };

    ASSERT(in.len <= UINT_MAX);
    int rc =
        deflateInit2(&z, level, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY);
    ASSERT(rc == Z_OK);
    uLong most = deflateBound(&z, (uLong)in.len);
    char *room = buf_room(out, most);
    if (room != NULL) {
        z.next_in = (z_const Bytef *)(uintptr_t)in.data;
        z.avail_in = (uInt)in.len;
        z.next_out = (Bytef *)room;
        z.avail_out = (uInt)most;
        rc = deflate(&z, Z_FINISH);
        ASSERT(rc == Z_STREAM_END);
        buf_grew(out, z.total_out);
    }
    deflateEnd(&z);
}
