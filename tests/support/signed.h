/*
 * signed.h - signed lines made by hand, right or wrong in one thing.
 */
#ifndef FAIR_TEST_SIGNED_H
#define FAIR_TEST_SIGNED_H

#include "fair/sign.h"

/* How a line is signed, and who reads it. */
struct signing {
    const struct keypair *key;
    const char *domain;
    enum err (*decode)(struct str document);
};

/* Appends any line, its newline, its signature and a newline. */
void signed_put(const struct keypair *key, const char *domain, struct str line,
                struct buf *out);

/* The object `line` is taken, and refused as ERR_FORM without any one of its
 * members `names` (ended by NULL), although it is signed. */
void assert_members_needed(const struct signing *how, struct str line,
                           const char *const *names);

#endif
