/*
 * buf.h - growable bytes with a maximum at birth, and borrowed slices.
 *
 * A buffer that would grow past its maximum (or has refused once) stays as it
 * is and remembers; callers write a whole thing and ask buf_ok() once.
 * Every maximum of the project stands in this list.
 */
#ifndef FAIR_BUF_H
#define FAIR_BUF_H

#include <stdarg.h>

#include "fair/err.h"

enum {
    MAX_NAME_COLUMNS = 80,         /* a name, in terminal columns */
    MAX_NOTE_COLUMNS = 400,        /* a note or reason */
    MAX_EVENT = 16 * 1024,         /* one event line, bytes */
    MAX_LINES = 200,               /* lines of one sale or refund */
    MAX_TENDERS = 8,               /* payments of one sale */
    MAX_BATCH_EVENTS = 500,        /* events in one push */
    MAX_BATCH = 256 * 1024,        /* one push body, bytes */
    MAX_REPLY = 64 * 1024,         /* one reply of the aggregator, bytes */
    MAX_PAGE = 48 * 1024,          /* one page of a list, bytes */
    MAX_MANIFEST = 48 * 1024,      /* a list's manifest, bytes */
    MAX_LIST = 32 * 1024 * 1024,   /* a whole list, bytes */
    MAX_TEXT = 64 * 1024,          /* a human text being worked on */
    MAX_CSV = 64 * 1024 * 1024,    /* a file to import, bytes */
    MAX_OUTPUT = 256 * 1024 * 1024 /* a report or a document, bytes */
};

struct buf {
    char *data; /* NUL-terminated at data[len] once anything was put */
    size_t len, cap, max;
    bool refused; /* a put did not fit; contents are those before it */
};

/* A borrowed run of bytes, not NUL-terminated. */
struct str {
    const char *data;
    size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory, forgets `refused` */
void buf_cut(struct buf *b, size_t len); /* back to len <= its length, and
                                            forgets `refused` */
bool buf_ok(const struct buf *b);

void buf_put(struct buf *b, const void *bytes, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_str(struct buf *b, struct str s);
void buf_int(struct buf *b, int64_t n);                     /* decimal */
void buf_hex(struct buf *b, const void *bytes, size_t len); /* lower case */
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list args)
    PRINTF_LIKE(2, 0);

/* Ensures room for `len` more bytes and returns where to write them, or NULL
 * when they do not fit; buf_grew() then says how many were written. */
char *buf_room(struct buf *b, size_t len);
void buf_grew(struct buf *b, size_t len);

/* The contents as a C string ("" when empty); borrowed. */
const char *buf_text(const struct buf *b);
struct str buf_slice(const struct buf *b);

/* The contents become the caller's (to free); the buffer is empty again. */
char *buf_take(struct buf *b);

struct str str_of(const char *text); /* NULL gives an empty slice */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *text);
int str_cmp(struct str a, struct str b); /* byte order, shorter first */

/* 2*len lower-case hex digits into exactly len bytes; false when they are
 * not that. */
bool hex_bytes(struct str hex, void *out, size_t len) MUST_USE;

/* Small allocations that never return NULL; they die when memory ends. */
void *x_alloc(size_t size); /* zeroed; size > 0 */
void *x_realloc(void *old, size_t size);
char *x_strdup(const char *text);

/* Scope-bound release (STYLE D6): `BUF(b, MAX_TEXT);` declares one. */
#define BUF(name, max)                                  \
    __attribute__((cleanup(buf_done))) struct buf name; \
    buf_init(&name, (max))

#endif
