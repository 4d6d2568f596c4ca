/*
 * secrets.h - passwords, session cookies and link keys.
 *
 * argon2id (INTERACTIVE: 64 MiB, some 70 ms): the caller bounds how many run
 * at once. Cookies and keys are 32 random bytes; only their hash is stored.
 */
#ifndef AGGREGATOR_SECRETS_H
#define AGGREGATOR_SECRETS_H

#include "fair/buf.h"

#include "sync/aggregator/store/account.h"

enum { TOKEN_BYTES = 32, TOKEN_TEXT = 2 * TOKEN_BYTES };
enum { PASSWORD_MIN = 10, PASSWORD_MAX = 128 }; /* bytes */

/* A buffer for a password: it never moves while it is filled, and is wiped
 * before it is released. */
void secret_init(struct buf *b, size_t max);
void secret_done(struct buf *b);
#define SECRET(name, max)                                  \
    __attribute__((cleanup(secret_done))) struct buf name; \
    secret_init(&name, (max))

/* A new password: four groups of five of a-z2-7 without look-alikes. */
void password_make(struct buf *out);
/* Too short, too long, or no clean UTF-8 line: ERR_INVALID. */
enum err password_check(struct str password) MUST_USE;
enum err password_hash(struct str password,
                       char out[SECRET_ROOM]) MUST_USE; /* ERR_LIMIT: memory */
/* Takes as long when `secret` is "" (nobody of that name) and is false then. */
bool password_is(struct str password, const char *secret);

/* 64 hex digits. */
void token_make(char out[TOKEN_TEXT + 1]);
/* Of a session's cookie; false when the text is no token. Another domain than
 * link keys: neither passes for the other. */
bool token_hash(struct str token, uint8_t out[SESSION_HASH]) MUST_USE;
/* Of a press link's key, as hex: account.secret of that role. */
bool link_hash(struct str key, char out[TOKEN_TEXT + 1]) MUST_USE;
/* What forms of this session carry: a hash of its token, hex. "" for a token
 * that is none. */
void csrf_token(struct str token, char out[TOKEN_TEXT + 1]);
bool csrf_is(struct str token, struct str sent); /* in constant time */

#endif
