/*
 * codec.h - canonical JSON, described once by tables.
 *
 * Canonical form is a property of bytes, checked without knowing the kind:
 * one object, no blanks; strings UTF-8 NFC with only \" and \\ escaped and no
 * control characters (below U+0020, U+007F…U+009F); integers
 * -?[1-9][0-9]*|0 within int64; arrays; no fractions, true, false, null; the
 * members of every object in ascending byte order of their (unescaped) names
 * and none twice, but for the outermost object, whose order its shape fixes
 * and which has at most 32 members; depth at most 6.
 *
 * A `shape` lists the members of a record: encoder and decoder are the same
 * two functions for every record of the ledger and the wire. Decoding never
 * allocates: strings are slices of the input (or of `arena` when they were
 * escaped).
 */
#ifndef FAIR_CODEC_H
#define FAIR_CODEC_H

#include "fair/buf.h"

enum {
    CODEC_DEPTH = 6,   /* containers inside one another, the outermost too */
    CODEC_MEMBERS = 32 /* members of an object in fixed order */
};

enum field_type {
    F_INT,    /* int64_t */
    F_STR,    /* struct str */
    F_OBJECT, /* struct str: the raw bytes of a nested object */
    F_RECORD, /* nested record in place, described by `sub` */
    F_LIST    /* array of `sub` (a tuple or record) or, when sub is NULL, of
                 int64_t; at most `max`, their number (int64_t) stands at
                 count_offset */
};

struct shape;
struct field {
    const char *name; /* member name; in a tuple only documentation */
    enum field_type type;
    bool optional; /* absent exactly when 0 or empty; last in a tuple */
    size_t offset; /* of the value in the record */
    const struct shape *sub;
    size_t count_offset;
    int max;
};

enum shape_order {
    SHAPE_SORTED, /* an object, fields (and members) in ascending order */
    SHAPE_FIXED,  /* an object whose members come in the fields' order */
    SHAPE_TUPLE   /* an array, values by position */
};

struct shape {
    const char *name;
    enum shape_order order;
    const struct field *fields;
    int n;
    size_t size; /* of the record in memory */
};

/* True when `line` is canonical: `order` SHAPE_SORTED for everything but an
 * event envelope (SHAPE_FIXED: the outermost object's order is not checked
 * here, its doubled members are). */
bool canonical(struct str line, enum shape_order order);

/* Appends the record in canonical form. Programmer errors only (ASSERT):
 * callers pass valid UTF-8 NFC. */
void shape_encode(const struct shape *shape, const void *record,
                  struct buf *out);

/* Decodes an object. Every field is set, absent ones to 0 or empty; elements
 * of a list beyond its count are left as they were, so that large records
 * cost what they hold. ERR_CANONICAL when the bytes are not canonical, else
 * ERR_FORM when a known member is missing, of the wrong type, out of order or
 * present though 0 or empty and optional, or a list is too long; the record
 * is undefined then. Unknown members (and values beyond a tuple's fields) are
 * passed over; *unknown (may be NULL) counts them. Strings that were escaped
 * go to `arena`, which may be NULL when they are to be refused as ERR_FORM;
 * what it held before may move when it lacks room for line.len more bytes. */
enum err shape_decode(const struct shape *shape, struct str line,
                      struct buf *arena, void *record, int *unknown) MUST_USE;

/* The same for bytes that are known to be canonical (they lay in a line that
 * was decoded): strings are not checked again. Safe for any bytes. */
enum err shape_decode_inner(const struct shape *shape, struct str object,
                            struct buf *arena, void *record,
                            int *unknown) MUST_USE;

/* Appends a JSON string with canonical escapes. */
void canonical_string(struct buf *out, struct str s);

#endif
