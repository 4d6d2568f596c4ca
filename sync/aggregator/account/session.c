/*
 * session.c - from a token to the account that may look with it.
 */
#include "session.h"

#include <string.h>

#include "secrets.h"

static enum err login_as(const struct account *a, int64_t now_ms,
                         struct login *out)
{
    enum err e = account_open(a, now_ms);

    if (e != ERR_OK && e != ERR_BUSY)
        return ERR_NOT_FOUND;
    *out = (struct login){ .role = a->role };
    memcpy(out->name, a->name, sizeof(out->name));
    memcpy(out->fair, a->fair, sizeof(out->fair));
    memcpy(out->booth, a->booth, sizeof(out->booth));
    return ERR_OK;
}

enum err login_of_token(struct store *s, struct str token, int64_t now_ms,
                        struct login *out)
{
    uint8_t hash[SESSION_HASH];
    struct session session;
    struct account a;

    if (!token_hash(token, hash))
        return ERR_NOT_FOUND;
    enum err e = session_get(s, hash, &session);
    if (e == ERR_OK && now_ms >= session.expires_ms)
        e = ERR_NOT_FOUND;
    if (e == ERR_OK)
        e = account_get(s, str_of(session.account), &a);
    if (e == ERR_OK && a.role == ROLE_PRESS)
        e = ERR_NOT_FOUND;
    return e == ERR_OK ? login_as(&a, now_ms, out) : e;
}

enum err login_of_link(struct store *s, struct str key, int64_t now_ms,
                       struct login *out)
{
    char secret[TOKEN_TEXT + 1];
    struct account a;

    if (!link_hash(key, secret))
        return ERR_NOT_FOUND;
    enum err e = account_by_secret(s, str_of(secret), &a);
    if (e == ERR_OK && a.role != ROLE_PRESS)
        e = ERR_NOT_FOUND;
    return e == ERR_OK ? login_as(&a, now_ms, out) : e;
}
