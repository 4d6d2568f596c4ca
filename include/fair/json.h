/*
 * json.h - writing JSON for people's tools (command output, HTTP answers).
 *
 * Not the canonical form of the ledger and never hashed. Members come in the
 * order they are written; strings are escaped, also control characters.
 */
#ifndef FAIR_JSON_H
#define FAIR_JSON_H

#include "fair/buf.h"

/* jansson exports functions of these names; under other symbols a program may
 * hold both. A file includes one of the two headers. */
#define JSON_SYMBOL(name) __asm__("fair_json_" name)

struct json {
    struct buf *out;
    int depth;
    bool comma; /* something stands before at this level */
};

void json_begin(struct json *j, struct buf *out);
/* `name` NULL inside arrays and for the outermost value. */
void json_object(struct json *j, const char *name) JSON_SYMBOL("object");
void json_array(struct json *j, const char *name) JSON_SYMBOL("array");
void json_end_object(struct json *j);
void json_end_array(struct json *j);
void json_int(struct json *j, const char *name, int64_t n);
void json_str(struct json *j, const char *name, struct str s);
/* A C string; NULL gives null. */
void json_text(struct json *j, const char *name, const char *s);
void json_bool(struct json *j, const char *name, bool b);
void json_null(struct json *j, const char *name) JSON_SYMBOL("null");
/* Integer hundredths as a number with exactly two decimals. */
void json_hundredths(struct json *j, const char *name, int64_t hundredths);
void json_day(struct json *j, const char *name, int day);     /* 0: null */
void json_time(struct json *j, const char *name, int64_t ms); /* 0: null */
/* Members, or elements, that another json has printed; may be empty. */
void json_members(struct json *j, struct str printed);
void json_hex(struct json *j, const char *name, const void *bytes, size_t n);
/* The document is whole: ends the line. */
void json_finish(struct json *j);

#endif
