/*
 * sign_in.c - in and out.
 *
 * A desk of the door judges the password, whoever the name belongs to; the
 * writer then counts and decides (deeds.h), so that a right password during a
 * lock is refused however the two meet. Whether a name exists shows in no
 * answer and in no time taken, until five wrong passwords in a row have locked
 * it: whoever is locked out must be told until when. Neither journal nor list
 * of accesses ever holds what nobody's name was typed: it may be a password in
 * the wrong field.
 */
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/ops/metrics.h"

#include "pages.h"
#include "sign_in.h"
#include "writing.h"

#define COOKIE       "__Host-fair="
#define COOKIE_RULES "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age="

/* ---- the form ------------------------------------------------------------ */

static void put_form(struct visit *v, const char *name, const char *message)
{
    struct buf *out = &v->answer.body;
    const struct frame f = { .title = _("Sign in"), .tab = "/sign-in" };

    frame_begin(v, &f);
    html_put(out, "<form class=\"section form\" method=\"post\""
                  " action=\"/sign-in\">\n");
    if (message[0] != '\0')
        html_put(out, "<p class=\"alert\" role=\"alert\">%s</p>\n", message);
    html_put(out,
             "<label>%s <input name=\"name\" autocomplete=\"username\""
             " autocapitalize=\"none\" spellcheck=\"false\" required"
             " maxlength=\"%d\" value=\"%s\"></label>\n",
             _("Name"), (int64_t)ACCOUNT_NAME_MAX, name);
    html_put(out,
             "<label>%s <input type=\"password\" name=\"password\""
             " autocomplete=\"current-password\" required"
             " maxlength=\"%d\"></label>\n"
             "<button>%s</button>\n</form>\n",
             _("Password"), (int64_t)PASSWORD_MAX, _("Sign in"));
    html_put(out, "<p class=\"note\">%s</p>\n",
             _("Whoever has no account asks the organiser."));
    frame_end(v, &f);
}

bool page_sign_in(struct visit *v)
{
    if (v->who.role != ROLE_NONE)
        visit_see_other(v, "/");
    else
        put_form(v, "", "");
    return true;
}

/* ---- a password that did not pass ---------------------------------------- */

void wrong_put(struct visit *v, const struct signed_in *found,
               struct buf *message)
{
    enum { MS_PER_S = 1000, S_PER_MIN = 60 };
    long long s = (long long)(found->wait_ms + MS_PER_S - 1) / MS_PER_S;

    if (found->outcome != ERR_BUSY) {
        buf_puts(message, _("Name or password is not right."));
        return;
    }
    v->answer.status = 429;
    v->answer.retry_after_s = (int)s;
    if (s <= 2 * S_PER_MIN)
        buf_printf(message,
                   _("Too many wrong passwords. Try again in %lld seconds."),
                   s);
    else
        buf_printf(message,
                   _("Too many wrong passwords. Try again in %lld minutes."),
                   (s + S_PER_MIN - 1) / S_PER_MIN);
}

/* ---- in ------------------------------------------------------------------ */

struct entering {
    struct writing writing; /* first */
    char name[ACCOUNT_NAME_MAX + 1];
    char secret[SECRET_ROOM];
    bool right;
    char token[TOKEN_TEXT + 1], old[TOKEN_TEXT + 1];
    char peer[PEER_ROOM];
    struct signed_in found;
};

static void journal_try(const struct entering *in)
{
    bool known = in->found.outcome != ERR_NOT_FOUND;
    const struct journal_field *fields = JOURNAL_FIELDS(
        { "account", known ? in->name : "", 0 }, { "peer", in->peer, 0 },
        { "reason", err_code(in->found.outcome), 0 });

    if (in->found.outcome == ERR_OK)
        journal(JOURNAL_INFO, "sign-in",
                JOURNAL_FIELDS({ "account", in->name, 0 },
                               { "peer", in->peer, 0 }));
    else
        journal(JOURNAL_WARNING,
                in->found.locked_now ? "locked" : "sign-in-refused", fields);
}

static enum err enter(struct visit *v, struct store *s)
{
    struct entering *in = v->own;
    const struct deed deed = { env_wall_ms(), str_of(in->peer) };
    struct sign_in try = { .name = str_of(in->name),
                           .right = in->right,
                           .secret = in->secret };
    uint8_t old[SESSION_HASH];
    bool made = token_hash(str_of(in->token), try.hash);

    ASSERT(made);
    enum err e = deed_sign_in(s, &deed, &try, &in->found);
    /* Who signs in anew is the same browser: one session of it is enough. */
    if (e == ERR_OK && in->found.outcome == ERR_OK &&
        token_hash(str_of(in->old), old))
        e = session_drop(s, old);
    return e;
}

static void let_in(struct visit *v, const struct entering *in)
{
    metrics_count(COUNT_SIGN_INS, 1);
    buf_printf(&v->answer.cookie, COOKIE "%s" COOKIE_RULES "%d", in->token,
               SESSION_S);
    visit_see_other(v, "/");
}

static void refuse(struct visit *v, const struct entering *in)
{
    BUF(message, MAX_TEXT);

    metrics_count(COUNT_SIGN_INS_WRONG, 1);
    v->answer.status = 401;
    if (in->found.outcome == ERR_REVOKED)
        buf_puts(&message, _("This account is locked. Ask the organiser."));
    else if (in->found.outcome == ERR_EXPIRED)
        buf_puts(&message, _("This account has expired. Ask the organiser."));
    else
        wrong_put(v, &in->found, &message);
    put_form(v, in->name, buf_text(&message));
}

static void entered(struct visit *v, enum err e)
{
    const struct entering *in = v->own;

    if (e != ERR_OK) {
        visit_refuse(v, e);
        return;
    }
    journal_try(in);
    if (in->found.outcome == ERR_OK)
        let_in(v, in);
    else
        refuse(v, in);
}

/* As long for nobody as for somebody. */
static enum err judge(struct visit *v, struct entering *in)
{
    struct account a = { .secret = "" };
    SECRET(password, FORM_MAX);
    enum err e = account_get(v->store, str_of(in->name), &a);

    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (!visit_field(v, "password", &password))
        buf_clear(&password);
    memcpy(in->secret, a.secret, sizeof(in->secret));
    in->right = password_is(buf_slice(&password), a.secret);
    return ERR_OK;
}

/* What is no name is nobody's. */
static void take_name(const struct visit *v, char out[ACCOUNT_NAME_MAX + 1])
{
    BUF(name, FORM_MAX);

    if (visit_field(v, "name", &name) && account_name_good(buf_slice(&name)))
        memcpy(out, buf_text(&name), name.len + 1);
}

bool page_do_sign_in(struct visit *v)
{
    struct entering *in = NULL;
    char old[TOKEN_TEXT + 1];

    /* Who comes from elsewhere may see the form although a session is there:
     * such a form carries no token, and signing in needs none. */
    memcpy(old, v->token, sizeof(old));
    v->who = (struct login){ .role = ROLE_NONE };
    v->token[0] = '\0';
    if (!visit_is_ours(v))
        return true;
    in = x_alloc(sizeof(*in));
    in->writing = (struct writing){ enter, entered, sizeof(*in) };
    memcpy(in->old, old, sizeof(old));
    take_name(v, in->name);
    peer_of(v, in->peer);
    token_make(in->token);
    enum err e = judge(v, in);
    if (e == ERR_OK)
        return writing_queue(v, &in->writing);
    writing_drop(&in->writing);
    visit_refuse(v, e);
    return true;
}

/* ---- out ----------------------------------------------------------------- */

static enum err leave(struct visit *v, struct store *s)
{
    char peer[PEER_ROOM];
    uint8_t hash[SESSION_HASH];

    peer_of(v, peer);
    if (!token_hash(str_of(v->token), hash))
        return ERR_OK; /* nobody was signed in */
    const struct deed deed = { env_wall_ms(), str_of(peer) };
    return deed_sign_out(s, &deed, str_of(v->who.name), hash);
}

static void left(struct visit *v, enum err e)
{
    char peer[PEER_ROOM];

    if (e != ERR_OK) {
        visit_refuse(v, e);
        return;
    }
    peer_of(v, peer);
    journal(JOURNAL_INFO, "sign-out",
            JOURNAL_FIELDS({ "account", v->who.name, 0 }, { "peer", peer, 0 }));
    buf_puts(&v->answer.cookie, COOKIE COOKIE_RULES "0");
    visit_see_other(v, "/sign-in");
}

bool page_do_sign_out(struct visit *v)
{
    if (!visit_is_ours(v))
        return true;
    struct writing *writing = x_alloc(sizeof(*writing));
    *writing = (struct writing){ leave, left, sizeof(*writing) };
    return writing_queue(v, writing);
}
