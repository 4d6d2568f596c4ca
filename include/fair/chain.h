/*
 * chain.h - the hash chain of a ledger.
 *
 *   hash(0) = SHA-256("phien-cho ledger 1\n" || public key)
 *   hash(n) = SHA-256("phien-cho event 1\n" || hash(n-1) || bytes(n))
 *
 * bytes(n) is the event line exactly as stored, without a newline. The start
 * from the public key binds every event to its device.
 */
#ifndef FAIR_CHAIN_H
#define FAIR_CHAIN_H

#include "fair/sign.h"

void chain_start(const uint8_t public_key[KEY_BYTES], uint8_t out[HASH_BYTES]);
/* `previous` and `out` may be the same. */
void chain_next(const uint8_t previous[HASH_BYTES], struct str bytes,
                uint8_t out[HASH_BYTES]);

/* SHA-256 of `bytes` by another kept library, for programs that have one which
 * uses the processor's own instructions; false when it cannot, then and there.
 * Called on any thread. */
typedef bool chain_sha256(const void *bytes, size_t len,
                          uint8_t out[HASH_BYTES]);
/* From now on events are hashed by it; NULL: by libsodium, as in the
 * beginning. False when it does not agree with libsodium on some texts:
 * then nothing changes. Before there are threads. */
bool chain_hash_use(chain_sha256 *quick) MUST_USE;

/* The head as people compare it: 8 characters of a 20-letter alphabet
 * (BCDFGHJKLMNPQRSTVWXZ), from the hash's first 8 bytes big-endian, most
 * significant first, printed "BCDF-GHJK". */
void chain_short(const uint8_t head[HASH_BYTES], char out[10]);

#endif
