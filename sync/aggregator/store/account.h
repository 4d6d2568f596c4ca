/*
 * account.h - who may look at figures, as rows of the store.
 *
 * Rows only: what a role may see and how a password is judged is in
 * sync/aggregator/account. Writing functions run on the writer.
 */
#ifndef AGGREGATOR_STORE_ACCOUNT_H
#define AGGREGATOR_STORE_ACCOUNT_H

#include "store.h"

enum role {
    ROLE_NONE, /* nobody signed in */
    ROLE_PRESS,
    ROLE_BOOTH,
    ROLE_STAFF,
    ROLE_ORGANISER,
    ROLE_ADMINISTRATOR,
    ROLES
};
/* "administrator"…, "none"; ROLES for any other word. */
const char *role_word(enum role role);
enum role role_of(struct str word);

enum { ACCOUNT_NAME_MAX = 32, SECRET_ROOM = 160, SESSION_HASH = 32 };

struct account {
    char name[ACCOUNT_NAME_MAX + 1];
    enum role role;
    char fair[17], booth[7]; /* "": see kept-3.sql */
    char secret[SECRET_ROOM];
    bool locked; /* by a person */
    int64_t fails, locked_until_ms;
    int64_t expires_ms; /* 0 never */
    int64_t made_ms;
};

/* ERR_EXISTS. */
enum err account_add(struct store *s, const struct account *a) MUST_USE;
/* ERR_NOT_FOUND. */
enum err account_get(struct store *s, struct str name,
                     struct account *out) MUST_USE;
/* The same for a group that will change it: nobody else does until it ends. */
enum err account_locked(struct store *s, struct str name,
                        struct account *out) MUST_USE;
enum err account_by_secret(struct store *s, struct str secret,
                           struct account *out) MUST_USE;
/* All but the name and when it was made. */
enum err account_put(struct store *s, const struct account *a) MUST_USE;
enum err account_each(struct store *s, /* by role (highest first), name */
                      enum err (*take)(void *ctx, const struct account *a),
                      void *ctx) MUST_USE;

struct session {
    uint8_t hash[SESSION_HASH];
    char account[ACCOUNT_NAME_MAX + 1];
    int64_t since_ms, expires_ms;
};
/* Also forgets those that have expired by since_ms. */
enum err session_add(struct store *s, const struct session *session) MUST_USE;
enum err session_get(struct store *s, const uint8_t hash[SESSION_HASH],
                     struct session *out) MUST_USE;
enum err session_drop(struct store *s,
                      const uint8_t hash[SESSION_HASH]) MUST_USE;
/* All of an account: when it is locked or gets another password. */
enum err session_drop_all(struct store *s, struct str account) MUST_USE;

struct access {
    int64_t at_ms;
    struct str account, what, detail; /* `what`: a word of kept-3.sql */
};
/* Keeps the newest 100,000. */
enum err access_add(struct store *s, const struct access *a) MUST_USE;
/* The newest first, at most `most`. */
enum err access_each(struct store *s, int most,
                     enum err (*take)(void *ctx, const struct access *a),
                     void *ctx) MUST_USE;
/* When this last happened to the account, as far as the list goes back; 0:
 * never. */
enum err access_last(struct store *s, struct str account, const char *what,
                     int64_t *at_ms) MUST_USE;

#endif
