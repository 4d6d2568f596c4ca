/*
 * http_venue.c - see http_venue.h.
 */
#include "http_venue.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"

#include "http_listen.h"

enum { V4_BITS = 96, ALL_BITS = 128, RANGE_TEXT = 64 };

/* "ADDRESS/BITS" */
static bool range_of(char *text, struct range *out)
{
    char *slash = strchr(text, '/');
    struct range r = { .bits = V4_BITS };
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    const struct sockaddr *four = (const void *)&v4;

    if (!slash)
        return false;
    *slash = '\0';
    const char *digits = slash + 1;
    size_t n = strlen(digits);
    if (n < 1 || n > 3 || strspn(digits, "0123456789") != n)
        return false;
    if (inet_pton(AF_INET6, text, r.bytes) == 1)
        r.bits = 0;
    else if (inet_pton(AF_INET, text, &v4.sin_addr) != 1 ||
             !listen_bytes(four, r.bytes))
        return false;
    r.bits += (int)strtol(digits, NULL, 10);
    *out = r;
    return r.bits <= ALL_BITS;
}

enum err venue_parse(struct str text, struct venue *out, struct buf *why)
{
    struct venue v = { 0 };

    while (text.len > 0) {
        const char *comma = memchr(text.data, ',', text.len);
        size_t n = comma ? (size_t)(comma - text.data) : text.len;
        struct str part = { text.data, n };
        char word[RANGE_TEXT] = "";

        n += comma != NULL;
        text = (struct str){ text.data + n, text.len - n };
        for (; part.len > 0 && *part.data == ' '; part.len--)
            part.data++;
        while (part.len > 0 && part.data[part.len - 1] == ' ')
            part.len--;
        if (part.len < sizeof(word))
            memcpy(word, part.data, part.len);
        if (v.n == VENUE_RANGES || !range_of(word, &v.ranges[v.n++])) {
            buf_printf(why, _("%.*s is no ADDRESS/BITS"), (int)part.len,
                       part.data);
            return ERR_INVALID;
        }
    }
    *out = v;
    return ERR_OK;
}

static bool is_within(const uint8_t a[16], const struct range *r)
{
    int whole = r->bits / 8, more = r->bits % 8;

    return memcmp(a, r->bytes, (size_t)whole) == 0 &&
           (more == 0 || (a[whole] ^ r->bytes[whole]) >> (8 - more) == 0);
}

bool venue_has(const struct venue *v, const struct sockaddr *address)
{
    uint8_t bytes[16];

    if (!listen_bytes(address, bytes))
        return false;
    for (int i = 0; i < v->n; i++) {
        if (is_within(bytes, &v->ranges[i]))
            return true;
    }
    return false;
}
