/*
 * http_shape.c - the refusals, from what libmicrohttpd has parsed.
 */
#include "http_shape.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    URI_MAX = 128,
    HEADERS_MAX = 32,
    LENGTH_DIGITS = 9,       /* longer numbers are beyond every limit */
    REQUEST_LINE = 16 * 1024 /* longer ones libmicrohttpd refuses */
};

bool shape_uri(const char *uri)
{
    size_t n = strlen(uri);

    return n <= URI_MAX && strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789"
                                       "/-_") == n;
}

/* Both stand in the request line, one blank apart. */
bool shape_uri_whole(const char *uri, const char *version)
{
    uintptr_t apart = (uintptr_t)version - (uintptr_t)uri;

    return apart > REQUEST_LINE || apart == strlen(uri) + 1;
}

struct headers {
    int n, lengths;
    bool transfer, encoded, strange;
    const char *length, *expect;
};

static bool has_control(const char *s)
{
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    }
    return false;
}

/* A value stands behind its name where it was read, but for blanks; only one
 * that went on in the next line (obs-fold) was put together elsewhere. */
static bool is_folded(const char *key, const char *value)
{
    const char *at = key + strlen(key) + 1;

    while (*at == ' ' || *at == '\t')
        at++;
    return at != value;
}

static enum MHD_Result look_at(void *cls, enum MHD_ValueKind kind,
                               const char *key, const char *value)
{
    struct headers *h = cls;

    (void)kind;
    h->n++;
    if (value == NULL || has_control(value) || has_control(key) ||
        is_folded(key, value)) {
        h->strange = true;
        return MHD_YES;
    }
    if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        h->lengths++;
        h->length = value;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        h->transfer = true;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_ENCODING) == 0) {
        h->encoded = true;
    } else if (strcasecmp(key, MHD_HTTP_HEADER_EXPECT) == 0) {
        h->expect = value;
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

int shape_headers(struct MHD_Connection *connection, size_t body_max)
{
    struct headers h = { 0 };

    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at, &h);
    if (h.n > HEADERS_MAX || h.strange || h.lengths > 1 ||
        (h.transfer && h.lengths > 0))
        return MHD_HTTP_BAD_REQUEST;
    if (h.lengths == 0)
        return MHD_HTTP_LENGTH_REQUIRED;
    if (h.encoded)
        return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
    if (h.expect != NULL && strcasecmp(h.expect, "100-continue") != 0)
        return MHD_HTTP_EXPECTATION_FAILED;
    return length_status(h.length, body_max);
}
