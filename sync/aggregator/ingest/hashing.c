/*
 * hashing.c - one hash in one call: nothing is kept, so that any thread may
 * ask.
 */
#include "hashing.h"

#include "fair/chain.h"

#include "gnutls.h"

static bool sha256(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    return gnutls.hash_fast(GNUTLS_DIG_SHA256, bytes, len, out) == 0;
}

bool hashing_begin(void)
{
    return gnutls_load() && chain_hash_use(sha256);
}
