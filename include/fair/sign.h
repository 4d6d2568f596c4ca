/*
 * sign.h - identities: keys, device names, and signatures with a domain.
 *
 * Ed25519 (RFC 8032) and SHA-256 by libsodium. A signature is always over
 * DOMAIN || bytes, where DOMAIN is a line such as "phien-cho push 1\n", so
 * that nothing signed for one purpose serves another. Secret keys are wiped
 * when a key is done.
 */
#ifndef FAIR_SIGN_H
#define FAIR_SIGN_H

#include "fair/buf.h"

enum {
    HASH_BYTES = 32,
    KEY_BYTES = 32,
    SIGNATURE_BYTES = 64,
    DEVICE_LEN = 16 /* base32 characters of a device or key id */
};

#define DOMAIN_ADMISSION "phien-cho admission 1\n"
#define DOMAIN_ENROL     "phien-cho enrol 1\n"
#define DOMAIN_PUSH      "phien-cho push 1\n"
#define DOMAIN_ACK       "phien-cho ack 1\n"
#define DOMAIN_LISTS     "phien-cho lists 1\n"
#define DOMAIN_SEAL      "phien-cho seal 1\n"
#define DOMAIN_SEEN      "phien-cho lists seen 1\n" /* of tag_make() only */

struct keypair {
    uint8_t public_key[KEY_BYTES];
    uint8_t secret[64]; /* libsodium's form; zero when only public */
};

/* Must be called once before anything else here; dies when libsodium does
 * not start. Harmless when repeated. */
void sign_init(void);

void key_make(struct keypair *out); /* from env_random */
void key_from_seed(const uint8_t seed[KEY_BYTES], struct keypair *out);
void key_done(struct keypair *key); /* wipes */

/* A key file: one line of 64 hex digits, the seed. */
enum err key_load(const char *dir, const char *name,
                  struct keypair *out) MUST_USE;
enum err key_store(const char *dir, const char *name,
                   const struct keypair *key) MUST_USE;

/* First 16 base32 characters of SHA-256("phien-cho device 1\n" || public). */
void device_id(const uint8_t public_key[KEY_BYTES], char out[DEVICE_LEN + 1]);
/* First 16 of SHA-256("phien-cho aggregator 1\n" || public). */
void aggregator_id(const uint8_t public_key[KEY_BYTES],
                   char out[DEVICE_LEN + 1]);

void sign_make(const struct keypair *key, const char *domain, struct str bytes,
               uint8_t out[SIGNATURE_BYTES]);
bool sign_check(const uint8_t public_key[KEY_BYTES], const char *domain,
                struct str bytes,
                const uint8_t signature[SIGNATURE_BYTES]) MUST_USE;

/* A note to oneself that nobody else can write: BLAKE2b-256 of DOMAIN || bytes
 * under the secret key. Over much text it takes a tenth of what SHA-256
 * does. */
void tag_make(const struct keypair *key, const char *domain, struct str bytes,
              uint8_t out[HASH_BYTES]);

/* Of libsodium, as it runs: "1.0.18". */
const char *sign_version(void);

/* SHA-256(tag || bytes). */
void hash_tagged(const char *tag, struct str bytes, uint8_t out[HASH_BYTES]);

#endif
