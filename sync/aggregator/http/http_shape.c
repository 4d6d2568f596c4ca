/*
 * http_shape.c - the refusals, from what libmicrohttpd has parsed.
 */
#include "http_shape.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    HEADERS_MAX = 32,
    LENGTH_DIGITS = 9 /* longer numbers are beyond every limit */
};

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool shape_target(const char *uri, struct target *out)
{
    struct target t = { .at = uri, .len = strlen(uri) };
    size_t path = strspn(uri, LOWER DIGITS "/-_.");
    const char *query = uri + path;

    t.asks = *query == '?';
    query += t.asks;
    size_t n = t.asks ? strspn(query, UPPER LOWER DIGITS "._-=&") : 0;
    if (query[n] != '\0' || path > PATH_MAX_BYTES || n > QUERY_MAX)
        return false;
    memcpy(t.path, uri, path);
    memcpy(t.query, query, n);
    *out = t;
    return true;
}

/* ---- where it stands ------------------------------------------------------
 */

/*
 * libmicrohttpd (0.9.75) parses a head in place: all of it stays in one block
 * of at most CONNECTION_MEMORY bytes as it came, and only the byte behind each
 * part becomes a NUL: the blank behind the address, the colon behind a name,
 * the first byte of the line's end behind a value. Headers are told in the
 * order of their lines. So a NUL that came with the request shows: more of its
 * line stands behind the part that it has cut.
 *
 * The library promises none of this. What is not behind the part before it and
 * near is refused, and nothing is read across: with a library of another layout
 * nobody would get in, and test_http_shape.c says why.
 */
static bool is_behind(const char *end, const char *at)
{
    return (uintptr_t)at - (uintptr_t)end <= CONNECTION_MEMORY;
}

/* Both stand in the request line, one blank apart. */
bool shape_target_whole(const struct target *t, const char *version)
{
    return (uintptr_t)version - (uintptr_t)t->at == t->len + 1;
}

/* ---- headers --------------------------------------------------------------
 */

struct headers {
    int n, lengths, hosts;
    bool transfer, encoded, strange;
    const char *length, *expect, *type;
    const char *end; /* of the value before */
};

static bool has_control(const char *s)
{
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    }
    return false;
}

/* A value stands behind its name, but for blanks; only one that went on in the
 * next line (obs-fold) was put together elsewhere. */
static bool is_folded(const char *key, const char *value)
{
    const char *at = key + strlen(key) + 1;

    if (!is_behind(at, value))
        return true;
    while (at < value && (*at == ' ' || *at == '\t'))
        at++;
    return at != value;
}

static bool ends_line(char c)
{
    return c == '\0' || c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* Between a value and the next name stands the end of its line alone, two
 * bytes at least: a NUL would have cut the value and left the rest there. */
static bool is_cut(const char *end, const char *key)
{
    if (!is_behind(end, key))
        return true;
    for (const char *at = end; at < key; at++) {
        if (!ends_line(*at))
            return true;
    }
    return key - end < 2;
}

static enum MHD_Result look_at(void *cls, enum MHD_ValueKind kind,
                               const char *key, const char *value)
{
    struct headers *h = cls;

    (void)kind;
    h->n++;
    if (value == NULL || has_control(value) || has_control(key) ||
        is_folded(key, value) || (h->end && is_cut(h->end, key))) {
        h->strange = true;
        return MHD_YES;
    }
    h->end = value + strlen(value);
    if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        h->lengths++;
        h->length = value;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_HOST) == 0) {
        h->hosts++;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        h->transfer = true;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_ENCODING) == 0) {
        h->encoded = true;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_EXPECT) == 0) {
        h->expect = value;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_TYPE) == 0) {
        h->type = value;
    }
    return MHD_YES;
}

static int length_status(const char *length, size_t max)
{
    size_t n = strlen(length);

    if (n == 0 || strspn(length, "0123456789") != n)
        return MHD_HTTP_BAD_REQUEST;
    if (n > LENGTH_DIGITS || (size_t)strtol(length, NULL, 10) > max)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    return 0;
}

/* A form's type, whatever parameters follow. */
static bool is_form(const char *type)
{
    static const char form[] = MHD_HTTP_POST_ENCODING_FORM_URLENCODED;
    size_t n = sizeof(form) - 1;

    return type != NULL && strncasecmp(type, form, n) == 0 &&
           (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

int shape_headers(struct MHD_Connection *connection, enum shape_kind kind,
                  size_t body_max)
{
    struct headers h = { 0 };

    mhd.get_connection_values(connection, MHD_HEADER_KIND, look_at, &h);
    /* Behind the last value is its line's end, too, or another line's: the
     * empty one's that ends the head. */
    if (h.end != NULL && !h.strange && !ends_line(h.end[1]))
        h.strange = true;
    if (h.n > HEADERS_MAX || h.strange || h.lengths > 1 || h.hosts > 1 ||
        (h.transfer && (h.lengths > 0 || kind == SHAPE_ASKING)))
        return MHD_HTTP_BAD_REQUEST;
    if (h.lengths == 0 && kind != SHAPE_ASKING)
        return MHD_HTTP_LENGTH_REQUIRED;
    if (h.encoded || (kind == SHAPE_FORM && !is_form(h.type)))
        return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
    if (h.expect != NULL && strcasecmp(h.expect, "100-continue") != 0)
        return MHD_HTTP_EXPECTATION_FAILED;
    return h.lengths > 0 ? length_status(h.length, body_max) : 0;
}
