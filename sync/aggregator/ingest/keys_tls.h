/*
 * keys_tls.h - the key and the self-signed certificate of HTTPS, as PEM.
 *
 * Devices trust the SHA-256 of the public key (the pin), so the certificate's
 * names and dates decide nothing; it is long-lived.
 */
#ifndef AGGREGATOR_KEYS_TLS_H
#define AGGREGATOR_KEYS_TLS_H

#include "fair/sign.h"

/* Append PEM; false when GnuTLS fails or the key is none. */
bool tls_key_make(struct buf *key_pem) MUST_USE;
bool tls_certificate_make(struct str key_pem, struct buf *crt_pem) MUST_USE;
/* False when either is damaged or they do not belong together. */
bool tls_pin(struct str key_pem, struct str crt_pem,
             uint8_t out[HASH_BYTES]) MUST_USE;
/* When the certificate ends, milliseconds; 0 when it is damaged. */
int64_t tls_certificate_ends(struct str crt_pem);

#endif
