/*
 * buf.c - growable bytes with a maximum, slices, and allocation that never
 * returns NULL.
 *
 * Invariants: len <= max; cap is 0 or at least len + 1; data[len] is NUL
 * whenever cap > 0. After a refusal nothing is put until buf_clear(), so what
 * is in the buffer is always a clean prefix of what was meant.
 * It does not shrink and does not check that slices overlap the buffer.
 */
#include "fair/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAP_FIRST = 64 };

static const char digits[] = "0123456789abcdef";

void *x_alloc(size_t size)
{
    ASSERT(size > 0);
    void *p = calloc(1, size);
    if (!p)
        err_die(__FILE__, __LINE__, "out of memory");
    return p;
}

void *x_realloc(void *old, size_t size)
{
    ASSERT(size > 0);
    void *p = realloc(old, size);
    if (!p)
        err_die(__FILE__, __LINE__, "out of memory");
    return p;
}

char *x_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(x_alloc(size), text, size);
}

void buf_init(struct buf *b, size_t max)
{
    ASSERT(max < SIZE_MAX / 4);
    *b = (struct buf){ .max = max };
}

void buf_done(struct buf *b)
{
    free(b->data);
    *b = (struct buf){ .max = b->max };
}

void buf_cut(struct buf *b, size_t len)
{
    ASSERT(len <= b->len);
    b->len = len;
    b->refused = false;
    if (b->cap > 0)
        b->data[len] = '\0';
}

void buf_clear(struct buf *b)
{
    buf_cut(b, 0);
}

bool buf_ok(const struct buf *b)
{
    return !b->refused;
}

char *buf_room(struct buf *b, size_t len)
{
    ASSERT(b->len <= b->max);
    if (b->refused || len > b->max - b->len) {
        b->refused = true;
        return NULL;
    }
    size_t need = b->len + len + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : CAP_FIRST;
        if (cap > b->max + 1)
            cap = b->max + 1;
        if (cap < need)
            cap = need;
        b->data = x_realloc(b->data, cap);
        b->cap = cap;
        b->data[b->len] = '\0';
    }
    return b->data + b->len;
}

void buf_grew(struct buf *b, size_t len)
{
    ASSERT(b->cap > b->len && len <= b->cap - b->len - 1);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_put(struct buf *b, const void *bytes, size_t len)
{
    bool fits = !b->refused && b->cap > b->len && len < b->cap - b->len;
    char *to = fits ? b->data + b->len : buf_room(b, len);
    if (!to)
        return;
    if (len > 0)
        memcpy(to, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

/* Mostly there is room: half of all that is appended is single bytes. */
void buf_putc(struct buf *b, char c)
{
    if (b->refused || b->cap < b->len + 2) {
        buf_put(b, &c, 1);
        return;
    }
    b->data[b->len++] = c;
    b->data[b->len] = '\0';
}

void buf_str(struct buf *b, struct str s)
{
    buf_put(b, s.data, s.len);
}

void buf_int(struct buf *b, int64_t n)
{
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    size_t len = n < 0 ? 2 : 1; /* at most a sign and the 19 digits of 2^63 */
    for (uint64_t limit = 10; left >= limit; limit *= 10)
        len++;
    char *to = buf_room(b, len);
    if (!to)
        return;
    buf_grew(b, len);
    for (to += len; left >= 10; left /= 10)
        *--to = digits[left % 10];
    *--to = digits[left];
    if (n < 0)
        *--to = '-';
}

void buf_hex(struct buf *b, const void *bytes, size_t len)
{
    const unsigned char *from = bytes;
    /* More bytes than max/2 cannot fit, and doubling them could wrap. */
    char *to = buf_room(b, len <= b->max ? 2 * len : b->max + 1);
    if (!to)
        return;
    for (size_t i = 0; i < len; i++) {
        to[2 * i] = digits[from[i] >> 4];
        to[2 * i + 1] = digits[from[i] & 15];
    }
    buf_grew(b, 2 * len);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    /* clang-tidy 14 loses track of a va_list handed down. */
    int len = vsnprintf(NULL, 0, fmt, args); // NOLINT(*-valist.*)
    ASSERT(len >= 0);
    char *to = buf_room(b, (size_t)len);
    if (to) {
        vsnprintf(to, (size_t)len + 1, fmt, again);
        buf_grew(b, (size_t)len);
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_vprintf(b, fmt, args);
    va_end(args);
}

const char *buf_text(const struct buf *b)
{
    return b->cap > 0 ? b->data : "";
}

struct str buf_slice(const struct buf *b)
{
    return (struct str){ buf_text(b), b->len };
}

char *buf_take(struct buf *b)
{
    char *data = b->cap > 0 ? b->data : x_strdup("");
    *b = (struct buf){ .max = b->max };
    return data;
}

struct str str_of(const char *text)
{
    return text ? (struct str){ text, strlen(text) } : STR("");
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && str_cmp(a, b) == 0;
}

bool str_is(struct str a, const char *text)
{
    return str_eq(a, str_of(text));
}

int str_cmp(struct str a, struct str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    /* memcmp() may not be given the NULL of an empty slice. */
    int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

/* One more than a digit's value, 0 for anything else: looked up, because which
 * digit comes next cannot be foreseen. */
// clang-format off
static const uint8_t hex_values[UINT8_MAX + 1] = {
    ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6,
    ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};
// clang-format on

static int hex_value(char c)
{
    return hex_values[(unsigned char)c] - 1;
}

bool hex_bytes(struct str hex, void *out, size_t len)
{
    int all = 0; /* negative once any of them is */
    if (hex.len % 2 != 0 || hex.len / 2 != len)
        return false;
    for (size_t i = 0; i < hex.len; i++)
        all |= hex_value(hex.data[i]);
    if (all < 0)
        return false;
    unsigned char *to = out;
    for (size_t i = 0; i < len; i++) {
        int high = hex_value(hex.data[2 * i]);
        int low = hex_value(hex.data[2 * i + 1]);
        to[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}
