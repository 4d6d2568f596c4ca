/*
 * keys.c - making, reading, exporting and importing the aggregator's keys.
 *
 * Each key is a file made once. The certificate is self-signed and long-lived:
 * devices trust the SHA-256 of its public key (the pin), so its names and
 * dates decide nothing. No key is ever printed or logged.
 */
#include "keys.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <string.h>

#include "fair/env.h"

enum { MAX_PEM = 16 * 1024, CERTIFICATE_YEARS = 30 };

#define KEYS_DIR     "keys"
#define EXPORT_TITLE "phien-cho keys 1"

/* The files, in the order of an export. */
static const char *const key_files[] = { "signing.key", "code.key", "tls.key",
                                         "tls.crt" };

static void keys_path(const char *dir, struct buf *out)
{
    buf_puts(out, dir);
    buf_puts(out, "/" KEYS_DIR);
}

static bool file_there(const char *path, const char *name)
{
    BUF(bytes, MAX_PEM);

    return env_file_read(path, name, &bytes) == ERR_OK;
}

/* ---- the certificate ----------------------------------------------------- */

static bool export_pem(gnutls_x509_privkey_t key, gnutls_x509_crt_t crt,
                       struct buf *key_pem, struct buf *crt_pem)
{
    gnutls_datum_t k = { NULL, 0 }, c = { NULL, 0 };
    bool ok = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                                GNUTLS_PKCS_PLAIN, &k) == 0 &&
              gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &c) == 0;

    if (ok) {
        buf_put(key_pem, k.data, k.size);
        buf_put(crt_pem, c.data, c.size);
    }
    if (k.data != NULL)
        gnutls_memset(k.data, 0, k.size);
    gnutls_free(k.data);
    gnutls_free(c.data);
    return ok && buf_ok(key_pem) && buf_ok(crt_pem);
}

static bool fill_certificate(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
    static const char name[] = "Phien Cho aggregator";
    uint8_t serial[16];
    time_t now = (time_t)(env_wall_ms() / 1000);
    time_t year = 366L * 86400;

    env_random(serial, sizeof(serial));
    serial[0] &= 0x7f; /* a positive number */
    return gnutls_x509_crt_set_version(crt, 3) == 0 &&
           gnutls_x509_crt_set_serial(crt, serial, sizeof(serial)) == 0 &&
           gnutls_x509_crt_set_activation_time(crt, now - year) == 0 &&
           gnutls_x509_crt_set_expiration_time(crt, now + CERTIFICATE_YEARS *
                                                              year) == 0 &&
           gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0,
                                         name, sizeof(name) - 1) == 0 &&
           gnutls_x509_crt_set_subject_alt_name(
               crt, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET) == 0 &&
           gnutls_x509_crt_set_key(crt, key) == 0 &&
           gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) == 0;
}

static bool make_certificate(struct buf *key_pem, struct buf *crt_pem)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t crt = NULL;
    unsigned int curve = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
    bool ok =
        gnutls_x509_privkey_init(&key) == 0 &&
        gnutls_x509_crt_init(&crt) == 0 &&
        gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, curve, 0) == 0 &&
        fill_certificate(crt, key) && export_pem(key, crt, key_pem, crt_pem);

    if (crt != NULL)
        gnutls_x509_crt_deinit(crt);
    if (key != NULL)
        gnutls_x509_privkey_deinit(key);
    return ok;
}

/* SHA-256 of the SubjectPublicKeyInfo: what libcurl pins. */
static bool pin_of(const struct buf *crt_pem, uint8_t out[HASH_BYTES])
{
    gnutls_x509_crt_t crt = NULL;
    gnutls_pubkey_t pub = NULL;
    gnutls_datum_t der = { NULL, 0 };
    gnutls_datum_t pem = { (unsigned char *)crt_pem->data,
                           (unsigned int)crt_pem->len };
    bool ok = gnutls_x509_crt_init(&crt) == 0 &&
              gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM) == 0 &&
              gnutls_pubkey_init(&pub) == 0 &&
              gnutls_pubkey_import_x509(pub, crt, 0) == 0 &&
              gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_DER, &der) == 0;

    if (ok)
        crypto_hash_sha256(out, der.data, der.size);
    gnutls_free(der.data);
    if (pub != NULL)
        gnutls_pubkey_deinit(pub);
    if (crt != NULL)
        gnutls_x509_crt_deinit(crt);
    return ok;
}

/* ---- making -------------------------------------------------------------- */

/* ERR_EXISTS is as good: the file is there. */
static enum err made(enum err e)
{
    return e == ERR_EXISTS ? ERR_OK : e;
}

/* The key first: a certificate without its key would be a dead end, a key
 * without certificate is made again with a new one. */
static enum err make_tls(const char *path)
{
    BUF(key_pem, MAX_PEM);
    BUF(crt_pem, MAX_PEM);

    if (file_there(path, "tls.crt") && file_there(path, "tls.key"))
        return ERR_OK;
    if (!make_certificate(&key_pem, &crt_pem))
        return ERR_IO;
    enum err e = env_file_create(path, "tls.key", buf_slice(&key_pem));
    if (e == ERR_OK)
        e = env_file_create(path, "tls.crt", buf_slice(&crt_pem));
    sodium_memzero(key_pem.data, key_pem.len);
    return e;
}

enum err keys_make(const char *dir)
{
    struct key key;
    BUF(path, MAX_TEXT);

    sign_init();
    keys_path(dir, &path);
    enum err e = env_dir_make(buf_text(&path));
    for (int i = 0; i < 2 && e == ERR_OK; i++) {
        key_make(&key);
        e = made(key_store(buf_text(&path), key_files[i], &key));
        key_done(&key);
    }
    return e == ERR_OK ? make_tls(buf_text(&path)) : e;
}

/* ---- reading ------------------------------------------------------------- */

/* code.key has the form of a signing key; its seed is the secret. */
static enum err code_key_load(const char *path, uint8_t out[KEY_BYTES])
{
    struct key key;
    enum err e = key_load(path, "code.key", &key);

    if (e == ERR_OK) {
        memcpy(out, key.secret, KEY_BYTES);
        key_done(&key);
    }
    return e;
}

enum err keys_load(const char *dir, struct keys *out)
{
    BUF(path, MAX_TEXT);

    sign_init();
    keys_path(dir, &path);
    *out = (struct keys){ 0 };
    buf_init(&out->tls_key, MAX_PEM);
    buf_init(&out->tls_crt, MAX_PEM);
    enum err e = key_load(buf_text(&path), "signing.key", &out->signing);
    if (e == ERR_OK)
        e = code_key_load(buf_text(&path), out->code_key);
    if (e == ERR_OK)
        e = env_file_read(buf_text(&path), "tls.key", &out->tls_key);
    if (e == ERR_OK)
        e = env_file_read(buf_text(&path), "tls.crt", &out->tls_crt);
    if (e == ERR_OK && !pin_of(&out->tls_crt, out->pin))
        e = ERR_CORRUPT;
    if (e != ERR_OK) {
        keys_done(out);
        return e == ERR_NOT_FOUND ? ERR_NOT_SET_UP : e;
    }
    aggregator_id(out->signing.public_key, out->id);
    return ERR_OK;
}

void keys_done(struct keys *keys)
{
    key_done(&keys->signing);
    sodium_memzero(keys->code_key, sizeof(keys->code_key));
    if (keys->tls_key.data != NULL)
        sodium_memzero(keys->tls_key.data, keys->tls_key.len);
    buf_done(&keys->tls_key);
    buf_done(&keys->tls_crt);
}

/* ---- one file for all ---------------------------------------------------- */

/* Title, then for every key its name, its length and its bytes, a line each. */
static enum err export_text(const char *path, struct buf *out)
{
    buf_puts(out, EXPORT_TITLE "\n");
    for (size_t i = 0; i < ARRAY_LEN(key_files); i++) {
        BUF(bytes, MAX_PEM);
        enum err e = env_file_read(path, key_files[i], &bytes);

        if (e != ERR_OK)
            return e == ERR_NOT_FOUND ? ERR_NOT_SET_UP : e;
        buf_puts(out, key_files[i]);
        buf_putc(out, ' ');
        buf_int(out, (int64_t)bytes.len);
        buf_putc(out, '\n');
        buf_str(out, buf_slice(&bytes));
        buf_putc(out, '\n');
        sodium_memzero(bytes.data, bytes.len);
    }
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

/* "dir/name" apart; a bare name lies in ".". */
static const char *split_path(const char *path, struct buf *dir)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        buf_puts(dir, ".");
        return path;
    }
    buf_put(dir, path, slash == path ? 1 : (size_t)(slash - path));
    return slash + 1;
}

enum err keys_export(const char *dir, const char *path)
{
    BUF(from, MAX_TEXT);
    BUF(text, MAX_TEXT);
    BUF(to, MAX_TEXT);

    keys_path(dir, &from);
    enum err e = export_text(buf_text(&from), &text);
    if (e == ERR_OK) {
        const char *name = split_path(path, &to);
        e = env_file_create(buf_text(&to), name, buf_slice(&text));
    }
    if (text.data != NULL)
        sodium_memzero(text.data, text.len);
    return e;
}

/* Takes "NAME LENGTH\nBYTES\n" off the text; the names come in our order. */
static bool next_key(struct str *text, const char *name, struct str *bytes)
{
    size_t n = strlen(name), length = 0, at = n + 1;

    if (text->len < n + 2 || memcmp(text->data, name, n) != 0 ||
        text->data[n] != ' ')
        return false;
    while (at < text->len && text->data[at] >= '0' && text->data[at] <= '9' &&
           length < MAX_PEM)
        length = length * 10 + (size_t)(text->data[at++] - '0');
    if (at + 1 + length + 1 > text->len || text->data[at] != '\n' ||
        text->data[at + 1 + length] != '\n')
        return false;
    *bytes = (struct str){ text->data + at + 1, length };
    text->data += at + length + 2;
    text->len -= at + length + 2;
    return true;
}

/* The same key again is fine; another one is refused, never replaced. */
static enum err import_one(const char *path, const char *name, struct str bytes)
{
    BUF(old, MAX_PEM);
    enum err e = env_file_create(path, name, bytes);

    if (e != ERR_EXISTS)
        return e;
    e = env_file_read(path, name, &old);
    if (e != ERR_OK)
        return e;
    return str_eq(buf_slice(&old), bytes) ? ERR_OK : ERR_EXISTS;
}

enum err keys_import(const char *dir, const char *path)
{
    struct str text, bytes[ARRAY_LEN(key_files)];
    BUF(to, MAX_TEXT);
    BUF(from, MAX_TEXT);
    BUF(file, MAX_TEXT);
    const char *name = split_path(path, &from);
    enum err e = env_file_read(buf_text(&from), name, &file);

    if (e != ERR_OK)
        return e;
    text = buf_slice(&file);
    struct str title = STR(EXPORT_TITLE "\n");
    if (text.len < title.len || memcmp(text.data, title.data, title.len) != 0)
        return ERR_INVALID;
    text.data += title.len;
    text.len -= title.len;
    for (size_t i = 0; i < ARRAY_LEN(key_files); i++) {
        if (!next_key(&text, key_files[i], &bytes[i]))
            return ERR_INVALID;
    }
    keys_path(dir, &to);
    e = env_dir_make(buf_text(&to));
    for (size_t i = 0; i < ARRAY_LEN(key_files) && e == ERR_OK; i++)
        e = import_one(buf_text(&to), key_files[i], bytes[i]);
    sodium_memzero(file.data, file.len);
    return e;
}
