/*
 * account_rules.c - which fields an account of a role has, which fairs it may
 * see, and when it may sign in.
 */
#include "account_rules.h"

#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"

enum { MS_PER_S = 1000 };

/* ---- what a role sees ---------------------------------------------------- */

bool login_sees_fair(const struct login *who, struct str fair)
{
    if (who->role == ROLE_NONE || fair.len == 0)
        return false;
    if ((MAY(who->role) & MAY_ORGANISE) != 0 && who->fair[0] == '\0')
        return true;
    return str_is(fair, who->fair);
}

/* ---- the fields of a role ------------------------------------------------ */

enum need { MUST_NOT, CAN, MUST };

static const struct {
    enum need fair, booth, expires;
} needs[] = {
    [ROLE_NONE] = { MUST_NOT, MUST_NOT, MUST_NOT },
    [ROLE_PRESS] = { MUST, MUST_NOT, MUST },
    [ROLE_BOOTH] = { MUST, MUST, CAN },
    [ROLE_STAFF] = { MUST, MUST_NOT, CAN },
    [ROLE_ORGANISER] = { CAN, MUST_NOT, CAN },
    [ROLE_ADMINISTRATOR] = { MUST_NOT, MUST_NOT, CAN },
};

_Static_assert(ARRAY_LEN(needs) == ROLES, "a row for every role");

static bool fits(enum need need, bool given, bool good)
{
    return given ? need != MUST_NOT && good : need != MUST;
}

bool account_name_good(struct str name)
{
    static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '\0' || !strchr(chars, name.data[i]))
            return false;
    }
    return name.len > 0 && name.len <= ACCOUNT_NAME_MAX;
}

enum err account_check(const struct account *a)
{
    ASSERT((size_t)a->role < ARRAY_LEN(needs));
    bool good =
        a->role != ROLE_NONE && account_name_good(str_of(a->name)) &&
        fits(needs[a->role].fair, a->fair[0] != '\0',
             id_fair(str_of(a->fair))) &&
        fits(needs[a->role].booth, a->booth[0] != '\0',
             id_booth(str_of(a->booth))) &&
        fits(needs[a->role].expires, a->expires_ms != 0, a->expires_ms > 0);

    return good ? ERR_OK : ERR_INVALID;
}

/* ---- signing in ---------------------------------------------------------- */

void account_wrong(struct account *a, int64_t now_ms)
{
    int64_t wait_s = LOCK_FIRST_S;

    a->fails++;
    if (a->fails < TRIES_BEFORE_LOCK)
        return;
    for (int64_t n = a->fails; n > TRIES_BEFORE_LOCK && wait_s < LOCK_MOST_S;
         n--)
        wait_s *= 2;
    if (wait_s > LOCK_MOST_S)
        wait_s = LOCK_MOST_S;
    a->locked_until_ms = now_ms + wait_s * MS_PER_S;
}

void account_right(struct account *a)
{
    a->fails = 0;
    a->locked_until_ms = 0;
}

enum err account_open(const struct account *a, int64_t now_ms)
{
    if (a->locked)
        return ERR_REVOKED;
    if (a->expires_ms != 0 && now_ms >= a->expires_ms)
        return ERR_EXPIRED;
    return now_ms < a->locked_until_ms ? ERR_BUSY : ERR_OK;
}

const char *account_state(const struct account *a, int64_t now_ms)
{
    enum err e = account_open(a, now_ms);

    return e == ERR_REVOKED   ? N_("locked")
           : e == ERR_EXPIRED ? N_("expired")
           : e == ERR_BUSY    ? N_("waits")
                              : N_("active");
}
