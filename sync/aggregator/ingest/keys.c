/*
 * keys.c - making, reading, exporting and importing the aggregator's keys.
 *
 * Each key is a file made once and never changed. None is ever printed or
 * logged, and texts of secret ones are wiped.
 */
#include "keys.h"

#include <sodium.h>
#include <string.h>

#include "fair/env.h"

#include "keys_tls.h"

enum { MAX_PEM = 16 * 1024, MAX_EXPORT = 4 * MAX_PEM + 1024 };

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

/* Texts of keys are wiped wherever they go out of use. */
static void secret_done(struct buf *b)
{
    if (b->data != NULL)
        sodium_memzero(b->data, b->cap);
    buf_done(b);
}
#define SECRET(name, max)                                  \
    __attribute__((cleanup(secret_done))) struct buf name; \
    buf_init(&name, (max));                                \
    ASSERT(buf_room(&name, (max)) != NULL) /* so that it never moves */

/* ---- making -------------------------------------------------------------- */

/* ERR_EXISTS is as good: the file is there. */
static enum err made(enum err e)
{
    return e == ERR_EXISTS ? ERR_OK : e;
}

/* The key first, and the certificate from whatever key is there: so we can
 * be stopped anywhere and begin again. */
static enum err make_tls(const char *path)
{
    SECRET(key_pem, MAX_PEM);
    BUF(crt_pem, MAX_PEM);
    enum err e = env_file_read(path, "tls.key", &key_pem);

    if (e == ERR_NOT_FOUND) {
        if (!tls_key_make(&key_pem))
            return ERR_IO;
        e = env_file_create(path, "tls.key", buf_slice(&key_pem));
    }
    if (e != ERR_OK || env_file_read(path, "tls.crt", &crt_pem) == ERR_OK)
        return e;
    if (!tls_certificate_make(buf_slice(&key_pem), &crt_pem))
        return ERR_CORRUPT;
    return env_file_create(path, "tls.crt", buf_slice(&crt_pem));
}

enum err keys_make(const char *dir)
{
    struct keypair key;
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
    struct keypair key;
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
    if (e == ERR_OK &&
        !tls_pin(buf_slice(&out->tls_key), buf_slice(&out->tls_crt), out->pin))
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
    secret_done(&keys->tls_key);
    buf_done(&keys->tls_crt);
}

/* ---- one file for all ---------------------------------------------------- */

static void put_check(struct str text, struct buf *out)
{
    uint8_t hash[HASH_BYTES];

    crypto_hash_sha256(hash, (const uint8_t *)text.data, text.len);
    buf_hex(out, hash, HASH_BYTES);
    buf_putc(out, '\n');
}

/* Title, then for every key its name, its length and its bytes, a line each;
 * at the end the SHA-256 of all that, for a file is carried about. */
static enum err export_text(const char *path, struct buf *out)
{
    buf_puts(out, EXPORT_TITLE "\n");
    for (size_t i = 0; i < ARRAY_LEN(key_files); i++) {
        SECRET(bytes, MAX_PEM);
        enum err e = env_file_read(path, key_files[i], &bytes);

        if (e != ERR_OK)
            return e == ERR_NOT_FOUND ? ERR_NOT_SET_UP : e;
        buf_puts(out, key_files[i]);
        buf_putc(out, ' ');
        buf_int(out, (int64_t)bytes.len);
        buf_putc(out, '\n');
        buf_str(out, buf_slice(&bytes));
        buf_putc(out, '\n');
    }
    put_check(buf_slice(out), out);
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
    SECRET(text, MAX_EXPORT);
    struct keys keys;
    BUF(from, MAX_TEXT);
    BUF(to, MAX_TEXT);

    enum err e = keys_load(dir, &keys); /* only what is sound goes out */
    if (e != ERR_OK)
        return e;
    keys_done(&keys);
    keys_path(dir, &from);
    e = export_text(buf_text(&from), &text);
    if (e == ERR_OK) {
        const char *name = split_path(path, &to);
        e = env_file_create(buf_text(&to), name, buf_slice(&text));
    }
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

/* All four, cut out of the text of an export. */
static bool cut_keys(struct str text, struct str bytes[ARRAY_LEN(key_files)])
{
    const struct str title = STR(EXPORT_TITLE "\n");
    struct str rest = { text.data + title.len, text.len - title.len };
    BUF(check, 2 * HASH_BYTES + 1);

    if (text.len < title.len || memcmp(text.data, title.data, title.len) != 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(key_files); i++) {
        if (!next_key(&rest, key_files[i], &bytes[i]))
            return false;
    }
    put_check((struct str){ text.data, text.len - rest.len }, &check);
    return str_eq(rest, buf_slice(&check));
}

/* The same key again is fine; another one is refused, never replaced. */
static enum err check_one(const char *path, const char *name, struct str bytes)
{
    SECRET(old, MAX_PEM);
    enum err e = env_file_read(path, name, &old);

    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    if (e != ERR_OK)
        return e;
    return str_eq(buf_slice(&old), bytes) ? ERR_OK : ERR_EXISTS;
}

enum err keys_import(const char *dir, const char *path)
{
    struct str bytes[ARRAY_LEN(key_files)];
    SECRET(file, MAX_EXPORT);
    BUF(to, MAX_TEXT);
    enum err e = env_path_read(path, &file);

    if (e != ERR_OK)
        return e;
    if (!cut_keys(buf_slice(&file), bytes))
        return ERR_INVALID;
    keys_path(dir, &to);
    e = env_dir_make(buf_text(&to));
    for (size_t i = 0; i < ARRAY_LEN(key_files) && e == ERR_OK; i++)
        e = check_one(buf_text(&to), key_files[i], bytes[i]);
    for (size_t i = 0; i < ARRAY_LEN(key_files) && e == ERR_OK; i++)
        e = made(env_file_create(buf_text(&to), key_files[i], bytes[i]));
    return e;
}
