/*
 * secrets.c - passwords by argon2id, random tokens by a hash with a domain.
 *
 * A password is hashed in NFC, so that it is the same from every keyboard.
 * What held one is wiped before it is released.
 */
#include "secrets.h"

#include <sodium.h>
#include <string.h>

#include "fair/env.h"
#include "fair/sign.h"
#include "fair/text.h"

#define DOMAIN_SESSION "phien-cho session 1\n"
#define DOMAIN_LINK    "phien-cho press link 1\n"
#define DOMAIN_CSRF    "phien-cho csrf 1\n"

#define ARGON2ID "$argon2id$"

enum {
    GROUPS = 4,
    GROUP_LETTERS = 5,
    NFC_ROOM = 4 * PASSWORD_MAX /* what normal form can make of it */
};

_Static_assert(SECRET_ROOM >= crypto_pwhash_STRBYTES &&
                   (int)SESSION_HASH == (int)HASH_BYTES,
               "room for what is stored");

void secret_init(struct buf *b, size_t max)
{
    buf_init(b, max);
    ASSERT(buf_room(b, max));
}

void secret_done(struct buf *b)
{
    sodium_memzero(b->data, b->cap);
    buf_done(b);
}

/* ---- passwords ----------------------------------------------------------- */

void password_make(struct buf *out)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz234567";

    for (int i = 0; i < GROUPS * GROUP_LETTERS; i++) {
        if (i > 0 && i % GROUP_LETTERS == 0)
            buf_putc(out, '-');
        buf_putc(out, letters[env_random_below(sizeof(letters) - 1)]);
    }
}

enum err password_check(struct str password)
{
    if (password.len < PASSWORD_MIN || password.len > PASSWORD_MAX ||
        !utf8_valid(password))
        return ERR_INVALID;
    for (size_t i = 0; i < password.len; i++) {
        unsigned char c = (unsigned char)password.data[i];
        if (c < 0x20 || c == 0x7f)
            return ERR_INVALID;
    }
    return ERR_OK;
}

/* The same from every keyboard: NFC, in `room` when it is not yet. What is no
 * text is taken as it is: it is nobody's password. */
static struct str normal(struct str password, struct buf *room)
{
    if (!utf8_valid(password) || text_is_nfc(password) ||
        text_nfc(room, password) != ERR_OK)
        return password;
    return buf_slice(room);
}

enum err password_hash(struct str password, char out[SECRET_ROOM])
{
    char hash[crypto_pwhash_STRBYTES] = { 0 };
    SECRET(nfc, NFC_ROOM);

    sign_init();
    password = normal(password, &nfc);
    int rc = crypto_pwhash_str(hash, password.data, password.len,
                               crypto_pwhash_OPSLIMIT_INTERACTIVE,
                               crypto_pwhash_MEMLIMIT_INTERACTIVE);
    if (rc != 0)
        return ERR_LIMIT;
    memset(out, 0, SECRET_ROOM);
    memcpy(out, hash, sizeof(hash));
    return ERR_OK;
}

bool password_is(struct str password, const char *secret)
{
    /* Of nobody, and of what no password opens: verified all the same, so that
     * the time tells nothing about who exists. */
    static const char decoy[] =
        "$argon2id$v=19$m=65536,t=2,p=1$eFdNclJiZzanTj9rpInwUQ$"
        "fnmpd1MACoBVL4KxJ4mlr4BiNCOTzIe8QLcq7ebfj/w";
    bool real = strncmp(secret, ARGON2ID, sizeof(ARGON2ID) - 1) == 0;
    SECRET(nfc, NFC_ROOM);

    sign_init();
    password = normal(password, &nfc);
    int rc = crypto_pwhash_str_verify(real ? secret : decoy, password.data,
                                      password.len);
    return real && rc == 0;
}

/* ---- tokens -------------------------------------------------------------- */

void token_make(char out[TOKEN_TEXT + 1])
{
    uint8_t bytes[TOKEN_BYTES];

    env_random(bytes, sizeof(bytes));
    sodium_bin2hex(out, TOKEN_TEXT + 1, bytes, sizeof(bytes));
    sodium_memzero(bytes, sizeof(bytes));
}

static bool hash_for(const char *domain, struct str token,
                     uint8_t out[HASH_BYTES])
{
    uint8_t bytes[TOKEN_BYTES];
    struct str raw = { (const char *)bytes, sizeof(bytes) };
    bool good = hex_bytes(token, bytes, sizeof(bytes));

    if (good)
        hash_tagged(domain, raw, out);
    sodium_memzero(bytes, sizeof(bytes));
    return good;
}

static bool text_for(const char *domain, struct str token,
                     char out[TOKEN_TEXT + 1])
{
    uint8_t hash[HASH_BYTES];

    if (!hash_for(domain, token, hash))
        return false;
    sodium_bin2hex(out, TOKEN_TEXT + 1, hash, sizeof(hash));
    return true;
}

bool token_hash(struct str token, uint8_t out[SESSION_HASH])
{
    return hash_for(DOMAIN_SESSION, token, out);
}

bool link_hash(struct str key, char out[TOKEN_TEXT + 1])
{
    return text_for(DOMAIN_LINK, key, out);
}

void csrf_token(struct str token, char out[TOKEN_TEXT + 1])
{
    if (!text_for(DOMAIN_CSRF, token, out))
        out[0] = '\0';
}

bool csrf_is(struct str token, struct str sent)
{
    char wanted[TOKEN_TEXT + 1];

    csrf_token(token, wanted);
    return wanted[0] != '\0' && sent.len == TOKEN_TEXT &&
           sodium_memcmp(wanted, sent.data, TOKEN_TEXT) == 0;
}
