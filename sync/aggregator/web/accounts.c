/*
 * accounts.c - who may look, and who came, tried and took files away: for
 * administrators. Accounts are made on the command line.
 */
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/ops/journal.h"

#include "pages.h"
#include "writing.h"

enum { ACCESSES_SHOWN = 100 };

static const char *const role_titles[] = {
    [ROLE_NONE] = "",
    [ROLE_PRESS] = N_("press link"),
    [ROLE_BOOTH] = N_("booth owner"),
    [ROLE_STAFF] = N_("staff of a fair"),
    [ROLE_ORGANISER] = N_("organiser"),
    [ROLE_ADMINISTRATOR] = N_("administrator"),
};

_Static_assert(ARRAY_LEN(role_titles) == ROLES, "a title for every role");

static const struct {
    const char *word, *title;
} whats[] = {
    { "sign-in", N_("signed in") },     { "refused", N_("wrong password") },
    { "locked", N_("locked") },         { "sign-out", N_("signed out") },
    { "password", N_("new password") }, { "export", N_("took a file") },
    { "share", N_("press link made") },
};

/* ---- tables -------------------------------------------------------------- */

static void put_table(struct buf *out, const char *title,
                      const char *const *columns)
{
    html_put(out,
             "<section class=\"section\">\n<h2>%s</h2>\n"
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\""
             " aria-label=\"%s\"><table>\n<thead><tr>",
             title, title);
    for (; *columns != NULL; columns++)
        html_put(out, "<th scope=\"col\">%s</th>", _(*columns));
    html_put(out, "</tr></thead>\n<tbody>\n");
}

static void end_table(struct buf *out)
{
    html_put(out, "</tbody>\n</table></div>\n</section>\n");
}

static void put_time(struct buf *out, int64_t ms)
{
    BUF(time, HEADER_TEXT);

    if (ms == 0) {
        html_put(out, "<td>–</td>");
        return;
    }
    time_render(&time, ms);
    html_put(out, "<td><time datetime=\"%s\">", buf_text(&time));
    day_render_people(out, day_of_ms(ms));
    html_put(out, " ");
    clock_render(out, ms);
    html_put(out, "</time></td>");
}

/* ---- accounts ------------------------------------------------------------ */

struct listing {
    struct visit *v;
    int64_t now_ms;
};

static void put_button(struct visit *v, const struct account *a, bool open)
{
    struct buf *out = &v->answer.body;
    const char *what = open ? _("Lock") : _("Let in again");

    html_put(out, "<form method=\"post\" action=\"/accounts\">");
    csrf_put(v, out);
    html_put(out,
             "<input type=\"hidden\" name=\"do\" value=\"%s\">"
             "<input type=\"hidden\" name=\"name\" value=\"%s\">"
             "<button aria-label=\"%s %s\">%s</button></form>",
             open ? "lock" : "release", a->name, what, a->name, what);
}

static enum err put_account(void *ctx, const struct account *a)
{
    struct listing *l = ctx;
    struct buf *out = &l->v->answer.body;
    enum err open = account_open(a, l->now_ms);
    int64_t last_ms = 0;
    enum err e = access_last(l->v->store, str_of(a->name), "sign-in", &last_ms);

    html_put(out, "<tr><th scope=\"row\"><bdi>%s</bdi></th><td>", a->name);
    if (open != ERR_EXPIRED && strcmp(a->name, l->v->who.name) != 0)
        put_button(l->v, a, open == ERR_OK);
    html_put(out, "</td><td>%s</td><td>%s</td><td>%s %s</td>",
             _(account_state(a, l->now_ms)), _(role_titles[a->role]), a->fair,
             a->booth);
    put_time(out, a->expires_ms);
    put_time(out, last_ms);
    html_put(out, "</tr>\n");
    return e;
}

static enum err put_accounts(struct visit *v)
{
    static const char *const columns[] = {
        N_("Name"),           N_("Lock or let in"),
        N_("State"),          N_("Role"),
        N_("Fair and booth"), N_("Valid until"),
        N_("Last sign-in"),   NULL
    };
    struct listing l = { v, env_wall_ms() };

    put_table(&v->answer.body, _("Accounts"), columns);
    enum err e = account_each(v->store, put_account, &l);
    end_table(&v->answer.body);
    return e;
}

/* ---- accesses ------------------------------------------------------------ */

static enum err put_access(void *ctx, const struct access *a)
{
    struct buf *out = ctx;

    html_put(out, "<tr>");
    put_time(out, a->at_ms);
    html_put(out, "<td>");
    html_name(out, a->account);
    html_put(out, "</td><td>");
    for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
        if (str_is(a->what, whats[i].word))
            html_puts(out, _(whats[i].title));
    }
    html_put(out, "</td><td>");
    html_name(out, a->detail);
    html_put(out, "</td></tr>\n");
    return ERR_OK;
}

static enum err put_accesses(struct visit *v)
{
    static const char *const columns[] = { N_("When"), N_("Name"), N_("What"),
                                           N_("By, from or of"), NULL };

    put_table(&v->answer.body, _("Who looked last"), columns);
    enum err e =
        access_each(v->store, ACCESSES_SHOWN, put_access, &v->answer.body);
    end_table(&v->answer.body);
    return e;
}

bool page_accounts(struct visit *v)
{
    const struct frame f = { .title = _("Accounts"), .tab = "/accounts" };

    frame_begin(v, &f);
    enum err e = put_accounts(v);
    html_put(&v->answer.body, "<p class=\"note\">%s <code>%s</code></p>\n",
             _("Accounts are added on the server:"),
             "fair-aggregator account add NAME --role …");
    if (e == ERR_OK)
        e = put_accesses(v);
    frame_end(v, &f);
    if (e != ERR_OK)
        visit_refuse(v, e);
    return true;
}

/* ---- locking ------------------------------------------------------------- */

struct locking {
    struct writing writing; /* first */
    char name[ACCOUNT_NAME_MAX + 1];
    bool release, changed;
};

static enum err turn(struct visit *v, struct store *s)
{
    struct locking *l = v->own;
    const struct deed deed = { env_wall_ms(), str_of(v->who.name) };

    return l->release ? deed_release(s, &deed, str_of(l->name), &l->changed)
                      : deed_lock(s, &deed, str_of(l->name), &l->changed);
}

static void turned(struct visit *v, enum err e)
{
    const struct locking *l = v->own;

    if (e != ERR_OK) {
        visit_refuse(v, e);
        return;
    }
    journal(
        JOURNAL_WARNING, l->release ? "released" : "locked",
        JOURNAL_FIELDS({ "account", l->name, 0 }, { "by", v->who.name, 0 }));
    visit_see_other(v, "/accounts");
}

/* Nobody locks themselves out. */
static bool take(struct visit *v, struct locking *l)
{
    BUF(name, FORM_MAX);
    BUF(what, FORM_MAX);

    if (!visit_field(v, "name", &name) || !visit_field(v, "do", &what) ||
        !account_name_good(buf_slice(&name)) ||
        str_is(buf_slice(&name), v->who.name))
        return false;
    memcpy(l->name, buf_text(&name), name.len + 1);
    l->release = str_is(buf_slice(&what), "release");
    return l->release || str_is(buf_slice(&what), "lock");
}

bool page_do_account(struct visit *v)
{
    if (!visit_is_ours(v))
        return true;
    struct locking *l = x_alloc(sizeof(*l));
    l->writing = (struct writing){ turn, turned, sizeof(*l) };
    if (take(v, l))
        return writing_queue(v, &l->writing);
    writing_drop(&l->writing);
    visit_refuse(v, ERR_INVALID);
    return true;
}
