/*
 * listing.h - what goes out to devices: the list document of each booth, its
 * versions, and the one-time codes that let a device in.
 */
#ifndef AGGREGATOR_LISTING_H
#define AGGREGATOR_LISTING_H

#include "reference.h"

/* The list document of a booth (lists.h) by the fair's newest list version;
 * *version 0: nothing to sell yet. */
enum err listing_document(struct store *s, struct str fair, struct str booth,
                          int64_t *version, struct buf *out) MUST_USE;
/* Its number; 0: there is no document for this booth. */
enum err listing_version(struct store *s, struct str fair, struct str booth,
                         int64_t *version) MUST_USE;
/* Something devices should know has changed: a new list version of the fair
 * ("" all fairs). */
enum err listing_bump(struct store *s, struct str fair,
                      int64_t now_ms) MUST_USE;

/* An enrolment code: stored as BLAKE2b keyed with KEY_BYTES only. */
struct code {
    const uint8_t *key;
    struct str fair, booth, text;
};
enum err code_add(struct store *s, const struct code *code,
                  struct str device_name, int64_t expires_ms) MUST_USE;
/* Uses a code for `device`, inside a group: ERR_CODE (unknown, or 500 wrong
 * tries at this booth), ERR_CODE_USED (by another key), ERR_CODE_EXPIRED.
 * The same device again: ERR_EXISTS. */
enum err code_use(struct store *s, const struct code *code, struct str device,
                  int64_t now_ms, struct buf *device_name) MUST_USE;

#endif
