/*
 * gnutls.h - what we use of GnuTLS, loaded when a certificate is looked at.
 */
#ifndef AGGREGATOR_GNUTLS_H
#define AGGREGATOR_GNUTLS_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "fair/err.h"

#define GNUTLS_FUNCTIONS(X)          \
    X(memset)                        \
    X(privkey_deinit)                \
    X(privkey_import_x509)           \
    X(privkey_init)                  \
    X(pubkey_deinit)                 \
    X(pubkey_export2)                \
    X(pubkey_import_privkey)         \
    X(pubkey_import_x509)            \
    X(pubkey_init)                   \
    X(x509_crt_deinit)               \
    X(x509_crt_export2)              \
    X(x509_crt_get_expiration_time)  \
    X(x509_crt_import)               \
    X(x509_crt_init)                 \
    X(x509_crt_set_activation_time)  \
    X(x509_crt_set_dn_by_oid)        \
    X(x509_crt_set_expiration_time)  \
    X(x509_crt_set_key)              \
    X(x509_crt_set_serial)           \
    X(x509_crt_set_subject_alt_name) \
    X(x509_crt_set_version)          \
    X(x509_crt_sign2)                \
    X(x509_privkey_deinit)           \
    X(x509_privkey_export2_pkcs8)    \
    X(x509_privkey_generate)         \
    X(x509_privkey_import)           \
    X(x509_privkey_init)

/* Each function under its name without gnutls_. */
struct gnutls {
#define X(name) __typeof__(gnutls_##name) *name;
    GNUTLS_FUNCTIONS(X)
#undef X
    __typeof__(gnutls_free) *free; /* a variable of theirs */
};
extern struct gnutls gnutls;

/* Before any of them is called. Nothing can go on without GnuTLS: ends the
 * process when it is not installed. */
void gnutls_need(void);

/* Of GnuTLS; NULL: it is not installed. */
const char *gnutls_version(void);

#endif
