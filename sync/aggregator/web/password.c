/*
 * password.c - another password for oneself, at a desk of the door.
 *
 * The old one is asked for again and its wrong tries count as at the sign-in:
 * who finds an unlocked phone cannot guess here either. All other sessions of
 * the account end.
 */
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/ops/journal.h"

#include "pages.h"
#include "sign_in.h"
#include "writing.h"

/* ---- the form ------------------------------------------------------------ */

static void put_field(struct buf *out, const char *label, const char *name,
                      const char *complete)
{
    html_put(out,
             "<label>%s <input type=\"password\" name=\"%s\""
             " autocomplete=\"%s\" required maxlength=\"%d\"></label>\n",
             label, name, complete, (int64_t)PASSWORD_MAX);
}

static void put_form(struct visit *v, const char *role, const char *message)
{
    struct buf *out = &v->answer.body;
    const struct frame f = { .title = _("Change password"),
                             .tab = "/password" };

    frame_begin(v, &f);
    html_put(out, "<form class=\"section form\" method=\"post\""
                  " action=\"/password\">\n");
    if (message[0] != '\0')
        html_put(out, "<p class=\"alert\" role=\"%s\">%s</p>\n", role, message);
    csrf_put(v, out);
    html_put(out,
             "<input class=\"visually-hidden\" name=\"name\" value=\"%s\""
             " autocomplete=\"username\" readonly tabindex=\"-1\""
             " aria-label=\"%s\">\n",
             v->who.name, _("Name"));
    put_field(out, _("Password so far"), "current", "current-password");
    put_field(out, _("New password, 10 characters or more"), "password",
              "new-password");
    put_field(out, _("The new one again"), "again", "new-password");
    html_put(out, "<p class=\"note\">%s</p>\n<button>%s</button>\n</form>\n",
             _("Wherever else this account is signed in it will be asked "
               "again."),
             _("Change password"));
    frame_end(v, &f);
}

bool page_password(struct visit *v)
{
    bool done = str_is(visit_param(v, "done"), "1");

    put_form(v, "status", done ? _("The password was changed.") : "");
    return true;
}

/* ---- the change ---------------------------------------------------------- */

struct changing {
    struct writing writing; /* first */
    char old[SECRET_ROOM], new[SECRET_ROOM];
    bool right;
    char peer[PEER_ROOM];
    struct signed_in found;
};

static enum err set(struct visit *v, struct store *s)
{
    struct changing *c = v->own;
    const struct deed deed = { env_wall_ms(), str_of(c->peer) };
    struct sign_in in = { .name = str_of(v->who.name),
                          .right = c->right,
                          .secret = c->old };
    bool known = token_hash(str_of(v->token), in.hash);

    ASSERT(known);
    return deed_own_password(s, &deed, &in, c->new, &c->found);
}

static void say(struct visit *v, enum err e)
{
    const struct changing *c = v->own;
    BUF(message, MAX_TEXT);

    if (e != ERR_OK) {
        visit_refuse(v, e);
        return;
    }
    journal(
        JOURNAL_INFO, c->found.outcome ? "password-refused" : "password",
        JOURNAL_FIELDS({ "account", v->who.name, 0 }, { "peer", c->peer, 0 }));
    if (c->found.outcome == ERR_OK) {
        visit_see_other(v, "/password?done=1");
        return;
    }
    v->answer.status = 403;
    if (c->found.outcome == ERR_BUSY)
        wrong_put(v, &c->found, &message);
    else
        buf_puts(&message, _("The password so far is not right."));
    put_form(v, "alert", buf_text(&message));
}

/* Both passwords: hashing the new one takes as long as judging the old one. */
static enum err judge(struct visit *v, struct str new, struct changing *c)
{
    struct account a;
    SECRET(old, FORM_MAX);
    enum err e = account_get(v->store, str_of(v->who.name), &a);

    if (e != ERR_OK)
        return e;
    memcpy(c->old, a.secret, sizeof(c->old));
    c->right = visit_field(v, "current", &old) &&
               password_is(buf_slice(&old), a.secret);
    return c->right ? password_hash(new, c->new) : ERR_OK;
}

static bool refuse_new(struct visit *v, const char *why)
{
    v->answer.status = 400;
    put_form(v, "alert", why);
    return true;
}

bool page_do_password(struct visit *v)
{
    SECRET(new, FORM_MAX);
    SECRET(again, FORM_MAX);

    if (!visit_is_ours(v))
        return true;
    if (!visit_field(v, "password", &new) ||
        password_check(buf_slice(&new)) != ERR_OK)
        return refuse_new(v, _("The new password needs 10 to 128 characters."));
    if (!visit_field(v, "again", &again) ||
        !str_eq(buf_slice(&new), buf_slice(&again)))
        return refuse_new(v, _("The new password was not the same twice."));
    struct changing *c = x_alloc(sizeof(*c));
    c->writing = (struct writing){ set, say, sizeof(*c) };
    peer_of(v, c->peer);
    enum err e = judge(v, buf_slice(&new), c);
    if (e == ERR_OK)
        return writing_queue(v, &c->writing);
    writing_drop(&c->writing);
    visit_refuse(v, e);
    return true;
}
