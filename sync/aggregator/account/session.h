/*
 * session.h - who asks: the account behind a cookie or behind a press link.
 *
 * Looked up at every request, so that what is locked, expires or is signed out
 * sees nothing from that moment on. Waiting after wrong passwords ends no
 * session: a stranger who guesses must not be able to send anybody away.
 */
#ifndef AGGREGATOR_SESSION_H
#define AGGREGATOR_SESSION_H

#include "account_rules.h"

enum { SESSION_S = 12 * 60 * 60 }; /* how long a session lasts */

/* Of a session's cookie. ERR_NOT_FOUND: nobody (any more), or no token. */
enum err login_of_token(struct store *s, struct str token, int64_t now_ms,
                        struct login *out) MUST_USE;
/* Of the key in a press link; likewise. Never of any other role. */
enum err login_of_link(struct store *s, struct str key, int64_t now_ms,
                       struct login *out) MUST_USE;

#endif
