/*
 * sign.c - the only place that touches libsodium's keys and signatures.
 *
 * Ed25519 and SHA-256 by libsodium. A signature covers DOMAIN || bytes in one
 * piece. Everything that held a secret is wiped before it is released.
 */
#include "fair/sign.h"

#include <sodium.h>
#include <string.h>

#include "fair/env.h"
#include "fair/text.h"

enum { SEED_HEX = 2 * KEY_BYTES };

_Static_assert(KEY_BYTES == crypto_sign_PUBLICKEYBYTES &&
                   KEY_BYTES == crypto_sign_SEEDBYTES &&
                   sizeof(((struct keypair *)0)->secret) ==
                       crypto_sign_SECRETKEYBYTES &&
                   SIGNATURE_BYTES == crypto_sign_BYTES &&
                   HASH_BYTES == crypto_hash_sha256_BYTES,
               "sizes of Ed25519 and SHA-256");

void sign_init(void)
{
    ASSERT(sodium_init() >= 0);
}

void key_from_seed(const uint8_t seed[KEY_BYTES], struct keypair *out)
{
    ASSERT(crypto_sign_seed_keypair(out->public_key, out->secret, seed) == 0);
}

void key_make(struct keypair *out)
{
    uint8_t seed[KEY_BYTES];
    env_random(seed, sizeof(seed));
    key_from_seed(seed, out);
    sodium_memzero(seed, sizeof(seed));
}

void key_done(struct keypair *key)
{
    sodium_memzero(key, sizeof(*key));
}

static void wipe(struct buf *secret)
{
    if (secret->cap > 0)
        sodium_memzero(secret->data, secret->cap);
}

enum err key_load(const char *dir, const char *name, struct keypair *out)
{
    BUF(text, SEED_HEX + 1);
    uint8_t seed[KEY_BYTES];
    enum err bad = env_file_read(dir, name, &text);
    if (!bad) {
        struct str hex = buf_slice(&text);
        bool good = hex.len == SEED_HEX + 1 && hex.data[SEED_HEX] == '\n';
        hex.len = good ? SEED_HEX : 0;
        bad = hex_bytes(hex, seed, sizeof(seed)) ? ERR_OK : ERR_CORRUPT;
    }
    if (!bad)
        key_from_seed(seed, out);
    sodium_memzero(seed, sizeof(seed));
    wipe(&text);
    return bad == ERR_LIMIT ? ERR_CORRUPT : bad;
}

enum err key_store(const char *dir, const char *name, const struct keypair *key)
{
    BUF(text, SEED_HEX + 1);
    uint8_t seed[KEY_BYTES];
    /* One growth, so that no copy of the seed is left behind. */
    ASSERT(buf_room(&text, SEED_HEX + 1));
    ASSERT(crypto_sign_ed25519_sk_to_seed(seed, key->secret) == 0);
    buf_hex(&text, seed, sizeof(seed));
    buf_putc(&text, '\n');
    enum err bad = env_file_create(dir, name, buf_slice(&text));
    sodium_memzero(seed, sizeof(seed));
    wipe(&text);
    return bad;
}

void hash_tagged(const char *tag, struct str bytes, uint8_t out[HASH_BYTES])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)tag, strlen(tag));
    crypto_hash_sha256_update(&state, (const uint8_t *)bytes.data, bytes.len);
    crypto_hash_sha256_final(&state, out);
}

static void name_of_key(const char *tag, const uint8_t key[KEY_BYTES],
                        char out[DEVICE_LEN + 1])
{
    uint8_t hash[HASH_BYTES];
    struct str bytes = { (const char *)key, KEY_BYTES };
    BUF(text, DEVICE_LEN);
    hash_tagged(tag, bytes, hash);
    base32_put(&text, hash, DEVICE_LEN * 5 / 8);
    ASSERT(text.len == DEVICE_LEN);
    memcpy(out, buf_text(&text), DEVICE_LEN + 1);
}

void device_id(const uint8_t public_key[KEY_BYTES], char out[DEVICE_LEN + 1])
{
    name_of_key("phien-cho device 1\n", public_key, out);
}

void aggregator_id(const uint8_t public_key[KEY_BYTES],
                   char out[DEVICE_LEN + 1])
{
    name_of_key("phien-cho aggregator 1\n", public_key, out);
}

static void in_domain(const char *domain, struct str bytes, struct buf *out)
{
    buf_init(out, strlen(domain) + bytes.len);
    buf_puts(out, domain);
    buf_str(out, bytes);
}

void sign_make(const struct keypair *key, const char *domain, struct str bytes,
               uint8_t out[SIGNATURE_BYTES])
{
    __attribute__((cleanup(buf_done))) struct buf text;
    in_domain(domain, bytes, &text);
    ASSERT(crypto_sign_detached(out, NULL, (const uint8_t *)text.data, text.len,
                                key->secret) == 0);
}

void tag_make(const struct keypair *key, const char *domain, struct str bytes,
              uint8_t out[HASH_BYTES])
{
    crypto_generichash_state state;
    int bad =
        crypto_generichash_init(&state, key->secret, KEY_BYTES, HASH_BYTES);
    bad |= crypto_generichash_update(&state, (const uint8_t *)domain,
                                     strlen(domain));
    bad |= crypto_generichash_update(&state, (const uint8_t *)bytes.data,
                                     bytes.len);
    bad |= crypto_generichash_final(&state, out, HASH_BYTES);
    ASSERT(bad == 0);
}

bool sign_check(const uint8_t public_key[KEY_BYTES], const char *domain,
                struct str bytes, const uint8_t signature[SIGNATURE_BYTES])
{
    __attribute__((cleanup(buf_done))) struct buf text;
    in_domain(domain, bytes, &text);
    return crypto_sign_verify_detached(signature, (const uint8_t *)text.data,
                                       text.len, public_key) == 0;
}

const char *sign_version(void)
{
    return sodium_version_string();
}
