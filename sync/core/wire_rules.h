/*
 * wire_rules.h - what the documents of the wire have in common. Private to
 * sync/core.
 *
 * A signed line is two lines: a canonical object, then 128 hex digits, the
 * Ed25519 signature over DOMAIN || object (without its newline).
 */
#ifndef FAIR_WIRE_RULES_H
#define FAIR_WIRE_RULES_H

#include "fair/wire.h"

struct signed_line {
    struct str line; /* without its newline */
    uint8_t signature[SIGNATURE_BYTES];
};

/* Signs with `key` what stands in `out` from `start` on, a line without
 * newline, and ends it. */
void signed_line_end(const struct keypair *key, const char *domain,
                     size_t start, struct buf *out);

/* Takes both lines off `bytes`; `max` is the longest the first may be.
 * ERR_FORM when they are not there. */
enum err signed_line_take(struct str *bytes, size_t max,
                          struct signed_line *out) MUST_USE;

/* ERR_SIGNATURE unless `public_key` made it. */
enum err signed_line_check(const struct signed_line *s, const char *domain,
                           const uint8_t public_key[KEY_BYTES]) MUST_USE;

/* Takes the next line, at most `max` bytes without its newline. */
bool line_take(struct str *bytes, size_t max, struct str *line);

/* Hex digits of `bytes` bytes; a device or key id. */
bool is_hex(struct str s, size_t bytes);
bool is_key_id(struct str s);
bool is_device_of(struct str id, const uint8_t public_key[KEY_BYTES]);

#endif
