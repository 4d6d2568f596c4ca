/*
 * deeds.c - changes of accounts and what the list of accesses says about them.
 *
 * A name that is nobody's leaves no trace there: what a stranger types may be
 * anything, a password in the wrong field too. Neither does a try while an
 * account waits, so that guessing cannot push the rest out of the list.
 */
#include "deeds.h"

#include <string.h>

enum { MS_PER_S = 1000 };

static enum err note(struct store *s, const struct deed *deed,
                     struct str account, struct str what)
{
    struct access access = { deed->now_ms, account, what, deed->by };

    return access_add(s, &access);
}

/* ---- accounts ------------------------------------------------------------ */

enum err deed_add(struct store *s, const struct deed *deed,
                  const struct account *a)
{
    enum err e = account_check(a);

    if (e == ERR_OK)
        e = account_add(s, a);
    if (e == ERR_OK && a->role == ROLE_PRESS)
        e = note(s, deed, str_of(a->name), STR("share"));
    return e;
}

enum err deed_share(struct store *s, const struct deed *deed, struct account *a,
                    char key[TOKEN_TEXT + 1])
{
    ASSERT(a->role == ROLE_PRESS);
    token_make(key);
    bool made = link_hash(str_of(key), a->secret);
    ASSERT(made);
    a->made_ms = deed->now_ms;
    return deed_add(s, deed, a);
}

enum err deed_lock(struct store *s, const struct deed *deed, struct str name,
                   bool *changed)
{
    struct account a;
    enum err e = account_locked(s, name, &a);

    if (e != ERR_OK)
        return e;
    bool was = a.locked;
    a.locked = true;
    e = was ? ERR_OK : account_put(s, &a);
    if (e == ERR_OK)
        e = session_drop_all(s, name);
    if (e == ERR_OK && !was)
        e = note(s, deed, name, STR("locked"));
    if (e == ERR_OK)
        *changed = !was;
    return e;
}

enum err deed_release(struct store *s, const struct deed *deed, struct str name,
                      bool *changed)
{
    struct account a;
    enum err e = account_locked(s, name, &a);

    if (e != ERR_OK)
        return e;
    bool was = a.locked || a.locked_until_ms > deed->now_ms;
    a.locked = false;
    account_right(&a);
    e = account_put(s, &a);
    if (e == ERR_OK)
        *changed = was;
    return e;
}

/* Sets it; the sessions are the caller's to end. */
static enum err put_secret(struct store *s, const struct deed *deed,
                           struct account *a, const char *secret)
{
    ASSERT(strlen(secret) < sizeof(a->secret));
    memcpy(a->secret, secret, strlen(secret) + 1);
    account_right(a);
    enum err e = account_put(s, a);
    return e == ERR_OK ? note(s, deed, str_of(a->name), STR("password")) : e;
}

enum err deed_password(struct store *s, const struct deed *deed,
                       struct str name, const char *secret)
{
    struct account a;
    enum err e = account_locked(s, name, &a);

    if (e == ERR_OK && a.role == ROLE_PRESS)
        e = ERR_NOT_FOUND;
    if (e == ERR_OK)
        e = put_secret(s, deed, &a, secret);
    return e == ERR_OK ? session_drop_all(s, name) : e;
}

/* ---- signing in ---------------------------------------------------------- */

static enum err begin_session(struct store *s, const struct deed *deed,
                              struct account *a, const struct sign_in *in)
{
    struct session session = { .since_ms = deed->now_ms,
                               .expires_ms =
                                   deed->now_ms + SESSION_S * MS_PER_S };

    memcpy(session.hash, in->hash, SESSION_HASH);
    memcpy(session.account, a->name, sizeof(session.account));
    account_right(a);
    enum err e = account_put(s, a);
    if (e == ERR_OK)
        e = session_add(s, &session);
    return e == ERR_OK ? note(s, deed, in->name, STR("sign-in")) : e;
}

static enum err count_wrong(struct store *s, const struct deed *deed,
                            struct account *a, struct signed_in *out)
{
    account_wrong(a, deed->now_ms);
    out->locked_now = account_open(a, deed->now_ms) == ERR_BUSY;
    out->outcome = out->locked_now ? ERR_BUSY : ERR_PIN_WRONG;
    out->wait_ms = out->locked_now ? a->locked_until_ms - deed->now_ms : 0;
    enum err e = account_put(s, a);
    struct str what = out->locked_now ? STR("locked") : STR("refused");
    return e == ERR_OK ? note(s, deed, str_of(a->name), what) : e;
}

/* What somebody who is there may do next: ERR_OK stands in `out` when they are
 * who they say they are. */
static enum err judge(struct store *s, const struct deed *deed,
                      const struct sign_in *in, struct account *a,
                      struct signed_in *out)
{
    /* The password may have changed since it was judged. */
    bool right = in->right && strcmp(in->secret, a->secret) == 0;
    enum err open = account_open(a, deed->now_ms);

    *out = (struct signed_in){ .outcome = ERR_OK };
    if (open == ERR_BUSY) {
        out->outcome = ERR_BUSY;
        out->wait_ms = a->locked_until_ms - deed->now_ms;
        return ERR_OK;
    }
    if (open != ERR_OK) { /* only who knows the password is told */
        out->outcome = right ? open : ERR_PIN_WRONG;
        return ERR_OK;
    }
    return right ? ERR_OK : count_wrong(s, deed, a, out);
}

/* judge() of whoever has that name, if anybody has. */
static enum err judge_named(struct store *s, const struct deed *deed,
                            const struct sign_in *in, struct account *a,
                            struct signed_in *out)
{
    enum err e = account_locked(s, in->name, a);

    if (e == ERR_NOT_FOUND || (e == ERR_OK && a->role == ROLE_PRESS)) {
        *out = (struct signed_in){ .outcome = ERR_NOT_FOUND };
        return ERR_OK;
    }
    return e == ERR_OK ? judge(s, deed, in, a, out) : e;
}

enum err deed_sign_in(struct store *s, const struct deed *deed,
                      const struct sign_in *in, struct signed_in *out)
{
    struct account a;
    struct signed_in found;
    enum err e = judge_named(s, deed, in, &a, &found);

    if (e == ERR_OK && found.outcome == ERR_OK)
        e = begin_session(s, deed, &a, in);
    if (e == ERR_OK)
        *out = found;
    return e;
}

/* Ends all sessions of an account but the one that asks. */
static enum err drop_others(struct store *s, const struct sign_in *in)
{
    struct session kept;
    enum err found = session_get(s, in->hash, &kept);

    if (found != ERR_OK && found != ERR_NOT_FOUND)
        return found;
    enum err e = session_drop_all(s, in->name);
    if (e == ERR_OK && found == ERR_OK &&
        str_eq(in->name, str_of(kept.account)))
        e = session_add(s, &kept);
    return e;
}

enum err deed_own_password(struct store *s, const struct deed *deed,
                           const struct sign_in *in, const char *secret,
                           struct signed_in *out)
{
    struct account a;
    struct signed_in found;
    enum err e = judge_named(s, deed, in, &a, &found);

    if (e == ERR_OK && found.outcome == ERR_OK) {
        e = put_secret(s, deed, &a, secret);
        if (e == ERR_OK)
            e = drop_others(s, in);
    }
    if (e == ERR_OK)
        *out = found;
    return e;
}

enum err deed_sign_out(struct store *s, const struct deed *deed,
                       struct str name, const uint8_t hash[SESSION_HASH])
{
    enum err e = session_drop(s, hash);

    return e == ERR_OK ? note(s, deed, name, STR("sign-out")) : e;
}
