/*
 * chain.c - three hashes and nothing else.
 *
 * The bytes are hashed as they are; whoever has only the parsed event cannot
 * compute a hash, which is the point.
 */
#include "fair/chain.h"

#include <sodium.h>

void chain_start(const uint8_t public_key[KEY_BYTES], uint8_t out[HASH_BYTES])
{
    struct str key = { (const char *)public_key, KEY_BYTES };
    hash_tagged("phien-cho ledger 1\n", key, out);
}

void chain_next(const uint8_t previous[HASH_BYTES], struct str bytes,
                uint8_t out[HASH_BYTES])
{
    static const uint8_t tag[] = "phien-cho event 1\n";
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, tag, sizeof(tag) - 1);
    crypto_hash_sha256_update(&state, previous, HASH_BYTES);
    crypto_hash_sha256_update(&state, (const uint8_t *)bytes.data, bytes.len);
    crypto_hash_sha256_final(&state, out);
}

void chain_short(const uint8_t head[HASH_BYTES], char out[10])
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n = n << 8 | head[i];
    /* 20^8 < 2^64: what is above the eighth letter is dropped. */
    for (int i = 8; i >= 0; i--) {
        if (i == 4) {
            out[i] = '-';
        } else {
            out[i] = letters[n % 20];
            n /= 20;
        }
    }
    out[9] = '\0';
}
