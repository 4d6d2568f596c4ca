/*
 * scan.h - reading canonical JSON byte by byte: what codec.c and the checks
 * have in common. Private to sync/core.
 *
 * A scan stands between two bytes of a line. Every function reads one thing
 * at the scan's place and moves over it, or returns false, after which the
 * place means nothing. All of them stay inside the line whatever it holds.
 */
#ifndef FAIR_SCAN_H
#define FAIR_SCAN_H

#include "fair/codec.h"

struct scan {
    const char *p, *end;
    bool checked; /* canonical already: strings are not looked at again */
    bool plain;   /* nothing in it is escaped */
};

static inline bool scan_byte(struct scan *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* -?[1-9][0-9]*|0 within int64. */
bool scan_int(struct scan *s, int64_t *out);

/* A string; `raw` is what stands between the quotes. */
bool scan_string(struct scan *s, struct str *raw, bool *escaped);

/* Is this text canonical as it stands, of characters that are common here?
 * False says nothing. */
bool scan_is_common(struct str text);

/* A member's name and its colon. */
bool scan_name(struct scan *s, struct str *raw);

/* Any value, inside `depth` open containers. */
bool scan_value(struct scan *s, int depth);

/* Byte order of two raw names as they read without escapes. */
int scan_name_cmp(struct str a, struct str b);

#endif
