/*
 * hashing.c - one hash in one call: nothing is kept, so that any thread may
 * ask.
 */
#include "fair/hashing.h"

#include <nettle/sha2.h>

#include "fair/chain.h"
#include "fair/library.h"

#ifndef LIBRARY
#define LIBRARY "libnettle.so.8"
#endif

#define FUNCTIONS(X) \
    X(init)          \
    X(update)        \
    X(digest)

static struct {
#define X(name) __typeof__(nettle_sha256_##name) *name;
    FUNCTIONS(X)
#undef X
} nettle;

static bool sha256(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    struct sha256_ctx state;
    nettle.init(&state);
    nettle.update(&state, len, bytes);
    nettle.digest(&state, HASH_BYTES, out);
    return true;
}

bool hashing_begin(void)
{
    const struct library_symbol symbols[] = {
#define X(name) { "nettle_sha256_" #name, &nettle.name },
        FUNCTIONS(X)
#undef X
            { NULL, NULL }
    };
    return library_load(LIBRARY_FILES(LIBRARY), symbols) &&
           chain_hash_use(sha256);
}
