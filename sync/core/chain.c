/*
 * chain.c - three hashes and nothing else.
 *
 * The bytes are hashed as they are; whoever has only the parsed event cannot
 * compute a hash, which is the point. An aggregator hashes little else all
 * day, and libsodium's SHA-256 is portable code: so it may name another one.
 */
#include "fair/chain.h"

#include <sodium.h>
#include <string.h>

static const uint8_t event_tag[] = "phien-cho event 1\n";

enum { TAG_BYTES = sizeof(event_tag) - 1, BEFORE = TAG_BYTES + HASH_BYTES };

static chain_sha256 *quick_hash; /* NULL: libsodium's */

void chain_start(const uint8_t public_key[KEY_BYTES], uint8_t out[HASH_BYTES])
{
    struct str key = { (const char *)public_key, KEY_BYTES };
    hash_tagged("phien-cho ledger 1\n", key, out);
}

static void portable_next(const uint8_t previous[HASH_BYTES], struct str bytes,
                          uint8_t out[HASH_BYTES])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, event_tag, TAG_BYTES);
    crypto_hash_sha256_update(&state, previous, HASH_BYTES);
    crypto_hash_sha256_update(&state, (const uint8_t *)bytes.data, bytes.len);
    crypto_hash_sha256_final(&state, out);
}

/* One call with all in one piece costs less than three. */
static bool quick_next(const uint8_t previous[HASH_BYTES], struct str bytes,
                       uint8_t out[HASH_BYTES])
{
    uint8_t text[BEFORE + MAX_EVENT];
    if (!quick_hash || bytes.len > MAX_EVENT)
        return false;
    memcpy(text, event_tag, TAG_BYTES);
    memcpy(text + TAG_BYTES, previous, HASH_BYTES);
    if (bytes.len > 0)
        memcpy(text + BEFORE, bytes.data, bytes.len);
    return quick_hash(text, BEFORE + bytes.len, out);
}

void chain_next(const uint8_t previous[HASH_BYTES], struct str bytes,
                uint8_t out[HASH_BYTES])
{
    if (!quick_next(previous, bytes, out))
        portable_next(previous, bytes, out);
}

/* The lengths at which padding and the loop over blocks differ; few, because
 * every command that begins waits for it. */
static bool agrees(chain_sha256 *quick)
{
    static const size_t lengths[] = { 0,  1,   55,  56,  63,  64,  65,
                                      91, 119, 120, 128, 443, 2048 };
    uint8_t text[2048], ours[HASH_BYTES], theirs[HASH_BYTES] = { 0 };
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (uint8_t)(i * 167 + (i >> 8) * 13 + 41);
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        crypto_hash_sha256(ours, text, lengths[i]);
        if (!quick(text, lengths[i], theirs) ||
            memcmp(ours, theirs, HASH_BYTES) != 0)
            return false;
    }
    return true;
}

bool chain_hash_use(chain_sha256 *quick)
{
    if (quick && !agrees(quick))
        return false;
    quick_hash = quick;
    return true;
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
