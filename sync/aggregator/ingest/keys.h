/*
 * keys.h - the aggregator's secrets, as files in DIR/keys (0600), never in
 * the database: `signing.key` (Ed25519 seed, hex), `tls.key` and `tls.crt`
 * (PEM, ECDSA P-256, self-signed: devices trust the pin, not the name),
 * `code.key` (32 bytes hex, for keyed hashes of enrolment codes).
 */
#ifndef AGGREGATOR_KEYS_H
#define AGGREGATOR_KEYS_H

#include "fair/sign.h"

struct keys {
    struct keypair signing;
    char id[DEVICE_LEN + 1]; /* aggregator_id */
    uint8_t code_key[KEY_BYTES];
    uint8_t pin[HASH_BYTES];     /* SHA-256 of the certificate's public key */
    struct buf tls_key, tls_crt; /* PEM */
};

/* Makes what is missing; fine when all is there. ERR_CORRUPT: there is a
 * damaged one, which is left alone. */
enum err keys_make(const char *dir) MUST_USE;
enum err keys_load(const char *dir, struct keys *out) MUST_USE;
void keys_done(struct keys *keys); /* wipes */
/* All keys, if they are sound, as one file (0600, must not exist), and back
 * (`init --keys`; the directory must have no keys yet or the same ones:
 * ERR_EXISTS). ERR_INVALID: no such file, or not whole; nothing is written
 * then. */
enum err keys_export(const char *dir, const char *path) MUST_USE;
enum err keys_import(const char *dir, const char *path) MUST_USE;

#endif
