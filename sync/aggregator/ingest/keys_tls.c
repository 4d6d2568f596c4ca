/*
 * keys_tls.c - the only user of GnuTLS's certificates.
 */
#include "keys_tls.h"

#include <sodium.h>
#include <string.h>

#include "fair/env.h"

#include "gnutls.h"

enum { CERTIFICATE_YEARS = 30 };

static void private_done(gnutls_x509_privkey_t *key)
{
    gnutls.x509_privkey_deinit(*key);
}
static void certificate_done(gnutls_x509_crt_t *crt)
{
    gnutls.x509_crt_deinit(*crt);
}
#define PRIVATE_KEY(name) \
    __attribute__((cleanup(private_done))) gnutls_x509_privkey_t name = NULL
#define CERTIFICATE(name) \
    __attribute__((cleanup(certificate_done))) gnutls_x509_crt_t name = NULL

static gnutls_datum_t datum(struct str s)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)s.data,
                             (unsigned int)s.len };
}

/* Takes what GnuTLS has allocated. */
static bool take_datum(int rc, gnutls_datum_t *from, struct buf *to)
{
    if (rc != 0)
        return false;
    buf_put(to, from->data, from->size);
    gnutls.memset(from->data, 0, from->size);
    (*gnutls.free)(from->data);
    return buf_ok(to);
}

bool tls_key_make(struct buf *pem)
{
    PRIVATE_KEY(key);
    gnutls_datum_t out = { NULL, 0 };
    unsigned int curve = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

    gnutls_need();
    return gnutls.x509_privkey_init(&key) == 0 &&
           gnutls.x509_privkey_generate(key, GNUTLS_PK_ECDSA, curve, 0) == 0 &&
           take_datum(
               gnutls.x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                                 GNUTLS_PKCS_PLAIN, &out),
               &out, pem);
}

static bool fill_certificate(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
    static const char name[] = "Phien Cho aggregator";
    uint8_t serial[16];
    time_t now = (time_t)(env_wall_ms() / 1000);
    time_t year = 366L * 86400;

    env_random(serial, sizeof(serial));
    serial[0] &= 0x7f; /* a positive number */
    return gnutls.x509_crt_set_version(crt, 3) == 0 &&
           gnutls.x509_crt_set_serial(crt, serial, sizeof(serial)) == 0 &&
           gnutls.x509_crt_set_activation_time(crt, now - year) == 0 &&
           gnutls.x509_crt_set_expiration_time(crt, now + CERTIFICATE_YEARS *
                                                              year) == 0 &&
           gnutls.x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0,
                                         name, sizeof(name) - 1) == 0 &&
           gnutls.x509_crt_set_subject_alt_name(
               crt, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET) == 0 &&
           gnutls.x509_crt_set_key(crt, key) == 0 &&
           gnutls.x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) == 0;
}

static bool private_read(struct str pem, gnutls_x509_privkey_t *out)
{
    gnutls_datum_t text = datum(pem);

    return gnutls.x509_privkey_init(out) == 0 &&
           gnutls.x509_privkey_import(*out, &text, GNUTLS_X509_FMT_PEM) == 0;
}

bool tls_certificate_make(struct str key_pem, struct buf *pem)
{
    PRIVATE_KEY(key);
    CERTIFICATE(crt);
    gnutls_datum_t out = { NULL, 0 };

    gnutls_need();
    return private_read(key_pem, &key) && gnutls.x509_crt_init(&crt) == 0 &&
           fill_certificate(crt, key) &&
           take_datum(gnutls.x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &out),
                      &out, pem);
}

/* SHA-256 of a SubjectPublicKeyInfo: what libcurl pins. */
static bool pin_make(gnutls_pubkey_t pub, uint8_t out[HASH_BYTES])
{
    gnutls_datum_t der = { NULL, 0 };
    bool ok = gnutls.pubkey_export2(pub, GNUTLS_X509_FMT_DER, &der) == 0;

    if (ok)
        crypto_hash_sha256(out, der.data, der.size);
    (*gnutls.free)(der.data);
    return ok;
}

static bool pin_of_certificate(struct str pem, uint8_t out[HASH_BYTES])
{
    CERTIFICATE(crt);
    gnutls_pubkey_t pub = NULL;
    gnutls_datum_t text = datum(pem);
    bool ok = gnutls.x509_crt_init(&crt) == 0 &&
              gnutls.x509_crt_import(crt, &text, GNUTLS_X509_FMT_PEM) == 0 &&
              gnutls.pubkey_init(&pub) == 0 &&
              gnutls.pubkey_import_x509(pub, crt, 0) == 0 && pin_make(pub, out);

    gnutls.pubkey_deinit(pub);
    return ok;
}

static bool pin_of_private(struct str pem, uint8_t out[HASH_BYTES])
{
    PRIVATE_KEY(key);
    gnutls_privkey_t abstract = NULL;
    gnutls_pubkey_t pub = NULL;
    bool ok = private_read(pem, &key) && gnutls.privkey_init(&abstract) == 0 &&
              gnutls.privkey_import_x509(abstract, key, 0) == 0 &&
              gnutls.pubkey_init(&pub) == 0 &&
              gnutls.pubkey_import_privkey(pub, abstract, 0, 0) == 0 &&
              pin_make(pub, out);

    gnutls.pubkey_deinit(pub);
    gnutls.privkey_deinit(abstract);
    return ok;
}

bool tls_pin(struct str key_pem, struct str crt_pem, uint8_t out[HASH_BYTES])
{
    uint8_t of_key[HASH_BYTES], of_crt[HASH_BYTES];

    gnutls_need();
    if (!pin_of_private(key_pem, of_key) ||
        !pin_of_certificate(crt_pem, of_crt) ||
        memcmp(of_key, of_crt, HASH_BYTES) != 0)
        return false;
    memcpy(out, of_crt, HASH_BYTES);
    return true;
}

int64_t tls_certificate_ends(struct str pem)
{
    gnutls_need();
    CERTIFICATE(crt);
    gnutls_datum_t text = datum(pem);

    if (gnutls.x509_crt_init(&crt) != 0 ||
        gnutls.x509_crt_import(crt, &text, GNUTLS_X509_FMT_PEM) != 0)
        return 0;
    return (int64_t)gnutls.x509_crt_get_expiration_time(crt) * 1000;
}
