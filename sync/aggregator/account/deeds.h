/*
 * deeds.h - what changes accounts and sessions, each with its trace in the list
 * of accesses. Commands and pages share them; every deed belongs into a group
 * of the writer.
 */
#ifndef AGGREGATOR_DEEDS_H
#define AGGREGATOR_DEEDS_H

#include "secrets.h"
#include "session.h"

/* When, and who does it: an account, a command's words, an address. */
struct deed {
    int64_t now_ms;
    struct str by;
};

/* Adds what account_check passes. ERR_INVALID, ERR_EXISTS. */
enum err deed_add(struct store *s, const struct deed *deed,
                  const struct account *a) MUST_USE;
/* Makes the key of a press link, and the account that stands for it: role,
 * name, fair and expiry are in `a`. ERR_INVALID, ERR_EXISTS. */
enum err deed_share(struct store *s, const struct deed *deed, struct account *a,
                    char key[TOKEN_TEXT + 1]) MUST_USE;

/* Locks (ends its sessions) or lets in again (also from waiting after wrong
 * passwords). ERR_NOT_FOUND. */
enum err deed_lock(struct store *s, const struct deed *deed, struct str name,
                   bool *changed) MUST_USE;
enum err deed_release(struct store *s, const struct deed *deed, struct str name,
                      bool *changed) MUST_USE;

/* Another password, as password_hash made it: all sessions end.
 * ERR_NOT_FOUND, also for a press account. */
enum err deed_password(struct store *s, const struct deed *deed,
                       struct str name, const char *secret) MUST_USE;

/* Somebody has tried to sign in. The password was judged outside the group
 * against `secret`, so that the writer never waits for argon2id. */
struct sign_in {
    struct str name;
    bool right;                 /* the password fits `secret` */
    const char *secret;         /* of the account as it was read; "" none */
    uint8_t hash[SESSION_HASH]; /* of the session to begin, or to keep */
};
struct signed_in {
    /* ERR_OK: the session has begun. ERR_NOT_FOUND: nobody of that name (or a
     * press account); ERR_PIN_WRONG; ERR_BUSY: must wait, after this or
     * earlier wrong ones; ERR_REVOKED and ERR_EXPIRED: right, but locked by a
     * person or past its time. */
    enum err outcome;
    int64_t wait_ms; /* with ERR_BUSY */
    bool locked_now; /* this very try began the wait */
};
/* Counts and decides; what it decides stays, whatever it is. */
enum err deed_sign_in(struct store *s, const struct deed *deed,
                      const struct sign_in *in, struct signed_in *out) MUST_USE;
/* The same for somebody who sets another password for themselves: a wrong one
 * counts here too, or a lost phone could guess. Other sessions end. */
enum err deed_own_password(struct store *s, const struct deed *deed,
                           const struct sign_in *in, const char *secret,
                           struct signed_in *out) MUST_USE;
enum err deed_sign_out(struct store *s, const struct deed *deed,
                       struct str name,
                       const uint8_t hash[SESSION_HASH]) MUST_USE;

#endif
