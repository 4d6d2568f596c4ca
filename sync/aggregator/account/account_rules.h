/*
 * account_rules.h - what a role may see, and how long a wrong password waits.
 *
 *   administrator  everything, accounts and the list of accesses too
 *   organiser      every fair, or the one named; may share a press link
 *   staff          one fair's pages
 *   booth          one booth's own figures of one fair, nothing compared
 *                  with others
 *   press          one page with a fair's published figures, by a link that
 *                  expires; never signs in
 */
#ifndef AGGREGATOR_ACCOUNT_RULES_H
#define AGGREGATOR_ACCOUNT_RULES_H

#include "sync/aggregator/store/account.h"

/* Bits of routes and reports: who may. */
#define MAY(role)    (1u << (role))
#define MAY_ANYBODY  (~0u)
#define MAY_ADMIN    MAY(ROLE_ADMINISTRATOR)
#define MAY_ORGANISE (MAY_ADMIN | MAY(ROLE_ORGANISER))
#define MAY_FAIR     (MAY_ORGANISE | MAY(ROLE_STAFF))
#define MAY_OWN      (MAY_FAIR | MAY(ROLE_BOOTH))

/* Who is asking: an account as far as pages need it. */
struct login {
    enum role role;
    char name[ACCOUNT_NAME_MAX + 1];
    char fair[17], booth[7];
};

/* Whether figures of this fair may be shown to them at all. */
bool login_sees_fair(const struct login *who, struct str fair);

bool account_name_good(struct str name);

/* Name and the fields that belong to its role. ERR_INVALID (name, a fair or
 * booth missing or not wanted by the role). Whether they exist is not asked. */
enum err account_check(const struct account *a) MUST_USE;

/* --valid DAYS of an account, and of a press link unless said otherwise. */
enum { VALID_DAYS_MAX = 366, PRESS_DAYS = 30 };

enum { TRIES_BEFORE_LOCK = 5, LOCK_FIRST_S = 30, LOCK_MOST_S = 3600 };
/* A wrong password: counts it, and from the fifth on locks for 30 s, doubling
 * to an hour. A right one sets both back. */
void account_wrong(struct account *a, int64_t now_ms);
void account_right(struct account *a);
/* May it sign in at all now? ERR_OK; ERR_BUSY (waits after wrong passwords),
 * ERR_REVOKED (locked by a person), ERR_EXPIRED. */
enum err account_open(const struct account *a, int64_t now_ms) MUST_USE;
/* The same for people, an English message id: "active", "locked"… */
const char *account_state(const struct account *a, int64_t now_ms);

#endif
