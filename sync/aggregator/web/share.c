/*
 * share.c - press links: one page with a fair's figures for whoever has the
 * link, until it expires or somebody ends it.
 *
 * The key is shown once, when the link is made; only its hash is kept.
 */
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/store/reference.h"

#include "sections.h"
#include "writing.h"

enum { FAIR_ROOM = 17 };

/* ---- the list ------------------------------------------------------------ */

struct listing {
    struct visit *v;
    const char *fair;
    int64_t now_ms;
    int n;
};

static void put_day(struct buf *out, int64_t ms)
{
    BUF(time, HEADER_TEXT);

    time_render(&time, ms);
    html_put(out, "<td><time datetime=\"%s\">", buf_text(&time));
    day_render_people(out, day_of_ms(ms));
    html_put(out, " ");
    clock_render(out, ms);
    html_put(out, "</time></td>");
}

static void put_end(struct visit *v, const char *fair, const char *name)
{
    struct buf *out = &v->answer.body;

    html_put(out, "<form method=\"post\" action=\"/share\">");
    csrf_put(v, out);
    html_put(out,
             "<input type=\"hidden\" name=\"do\" value=\"end\">"
             "<input type=\"hidden\" name=\"fair\" value=\"%s\">"
             "<input type=\"hidden\" name=\"name\" value=\"%s\">"
             "<button aria-label=\"%s %s\">%s</button></form>",
             fair, name, _("End"), name, _("End"));
}

static enum err put_link(void *ctx, const struct account *a)
{
    struct listing *l = ctx;
    struct buf *out = &l->v->answer.body;

    if (a->role != ROLE_PRESS || strcmp(a->fair, l->fair) != 0)
        return ERR_OK;
    l->n++;
    html_put(out, "<tr><th scope=\"row\">%s</th><td>", a->name);
    if (account_open(a, l->now_ms) == ERR_OK)
        put_end(l->v, l->fair, a->name);
    else
        html_puts(out, _(account_state(a, l->now_ms)));
    html_put(out, "</td>");
    put_day(out, a->expires_ms);
    put_day(out, a->made_ms);
    html_put(out, "</tr>\n");
    return ERR_OK;
}

static enum err put_links(struct visit *v, const char *fair)
{
    struct buf *out = &v->answer.body;
    struct listing l = { .v = v, .fair = fair, .now_ms = env_wall_ms() };

    html_put(out,
             "<section class=\"section\">\n<h2>%s</h2>\n"
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\""
             " aria-label=\"%s\"><table>\n<thead><tr>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th>",
             _("Links"), _("Links"), _("Name"), _("State"));
    html_put(out,
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead>"
             "\n<tbody>\n",
             _("Valid until"), _("Made"));
    enum err e = account_each(v->store, put_link, &l);
    html_put(out, "</tbody>\n</table></div>\n");
    if (l.n == 0)
        html_put(out, "<p class=\"none\">%s</p>\n", _("No link yet."));
    html_put(out, "</section>\n");
    return e;
}

/* ---- the page ------------------------------------------------------------ */

static void put_form(struct visit *v, const char *fair)
{
    struct buf *out = &v->answer.body;

    html_put(out,
             "<form class=\"section form\" method=\"post\""
             " action=\"/share\">\n<p>%s</p>\n",
             _("Whoever has the link reads this fair's totals and its "
               "comparison, nothing else, without signing in."));
    csrf_put(v, out);
    html_put(out,
             "<input type=\"hidden\" name=\"do\" value=\"make\">\n"
             "<input type=\"hidden\" name=\"fair\" value=\"%s\">\n"
             "<label>%s <input type=\"number\" name=\"days\" min=\"1\""
             " max=\"%d\" value=\"%d\" required></label>\n"
             "<button>%s</button>\n</form>\n",
             fair, _("Valid for how many days"), (int64_t)VALID_DAYS_MAX,
             (int64_t)PRESS_DAYS, _("Make a link"));
}

/* Where people reach us is where this one has. */
static void put_new_link(struct visit *v, const char *key)
{
    struct buf *out = &v->answer.body;

    html_put(out,
             "<section class=\"section\" role=\"status\">\n<h2>%s</h2>\n"
             "<p><code class=\"key\" id=\"link\">https://",
             _("The new link"));
    html_text(out, v->ask.host);
    html_put(out,
             "/press?key=%s</code></p>\n"
             "<p><button type=\"button\" data-copy=\"link\""
             " data-done=\"%s\" hidden>%s</button></p>\n"
             "<p class=\"note\">%s</p>\n</section>\n",
             key, _("Copied"), _("Copy the text"),
             _("Copy it now: it is not shown again."));
}

/* `key` "" : nothing was made. `q` is about a fair this login sees. */
static void put_page(struct visit *v, const struct report_query *q,
                     const char *key)
{
    const struct frame f = { .title = _("Press links"),
                             .tab = "/share",
                             .q = q };

    frame_begin(v, &f);
    if (key[0] != '\0')
        put_new_link(v, key);
    put_form(v, q->fair);
    enum err e = put_links(v, q->fair);
    frame_end(v, &f);
    if (e != ERR_OK)
        visit_refuse(v, e);
}

bool page_share(struct visit *v)
{
    const struct frame f = { .title = _("Press links"), .tab = "/share" };
    struct report_query q;
    BUF(strings, MAX_TEXT);
    enum err e = visit_query(v, &strings, &q);

    if (e == ERR_OK)
        put_page(v, &q, "");
    else
        page_refuse(v, &f, e);
    return true;
}

/* ---- making and ending --------------------------------------------------- */

struct sharing {
    struct writing writing; /* first */
    char fair[FAIR_ROOM];
    struct account account;
    char key[TOKEN_TEXT + 1]; /* "": one was ended */
};

static void journal_share(const struct visit *v, const struct sharing *s,
                          const char *event)
{
    journal(JOURNAL_INFO, event,
            JOURNAL_FIELDS({ "account", v->who.name, 0 },
                           { "link", s->account.name, 0 },
                           { "fair", s->fair, 0 }));
}

static void answer(struct visit *v, enum err e)
{
    const struct sharing *s = v->own;
    const struct report_query q = { .fair = s->fair };
    BUF(path, HEADER_TEXT);

    if (e != ERR_OK) {
        visit_refuse(v, e);
        return;
    }
    journal_share(v, s, s->key[0] ? "share" : "share-ended");
    if (s->key[0] != '\0') {
        put_page(v, &q, s->key);
        return;
    }
    buf_printf(&path, "/share?fair=%s", s->fair);
    visit_see_other(v, buf_text(&path));
}

static enum err make(struct visit *v, struct store *s)
{
    struct sharing *sharing = v->own;
    const struct deed deed = { env_wall_ms(), str_of(v->who.name) };

    return deed_share(s, &deed, &sharing->account, sharing->key);
}

static enum err end(struct visit *v, struct store *s)
{
    struct sharing *sharing = v->own;
    const struct deed deed = { env_wall_ms(), str_of(v->who.name) };
    struct account a;
    bool changed = false;
    enum err e = account_get(s, str_of(sharing->account.name), &a);

    if (e == ERR_OK &&
        (a.role != ROLE_PRESS || strcmp(a.fair, sharing->fair) != 0))
        e = ERR_NOT_FOUND;
    return e == ERR_OK ? deed_lock(s, &deed, str_of(a.name), &changed) : e;
}

/* "press-xuan-2020-k3f9qa": nobody has to think of a name. */
static void name_link(const char *fair, char out[ACCOUNT_NAME_MAX + 1])
{
    enum { RANDOM_BYTES = 4 };
    uint8_t bytes[RANDOM_BYTES];
    BUF(name, ACCOUNT_NAME_MAX);

    env_random(bytes, sizeof(bytes));
    buf_puts(&name, "press-");
    for (const char *c = fair; *c != '\0'; c++)
        buf_putc(&name, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
    buf_putc(&name, '-');
    base32_put(&name, bytes, sizeof(bytes));
    ASSERT(buf_ok(&name));
    memcpy(out, buf_text(&name), name.len + 1);
}

static enum err take_make(struct visit *v, struct sharing *s)
{
    struct account *a = &s->account;
    int64_t days = 0;
    BUF(text, FORM_MAX);

    if (!visit_field(v, "days", &text) ||
        money_parse(buf_slice(&text), &days) != ERR_OK || days < 1 ||
        days > VALID_DAYS_MAX)
        return ERR_INVALID;
    a->role = ROLE_PRESS;
    memcpy(a->fair, s->fair, sizeof(a->fair));
    name_link(s->fair, a->name);
    a->expires_ms = env_wall_ms() + days * DAY_MS;
    s->writing.run = make;
    return ERR_OK;
}

static enum err take_end(struct visit *v, struct sharing *s)
{
    BUF(name, FORM_MAX);

    if (!visit_field(v, "name", &name) || !account_name_good(buf_slice(&name)))
        return ERR_INVALID;
    memcpy(s->account.name, buf_text(&name), name.len + 1);
    s->writing.run = end;
    return ERR_OK;
}

/* A fair that is there and that they may see. */
static enum err take_fair(struct visit *v, struct sharing *s)
{
    struct fair f;
    BUF(code, FORM_MAX);

    if (!visit_field(v, "fair", &code) || !id_fair(buf_slice(&code)))
        return ERR_INVALID;
    if (!login_sees_fair(&v->who, buf_slice(&code)))
        return ERR_NOT_MAY;
    memcpy(s->fair, buf_text(&code), code.len + 1);
    return fair_get(v->store, buf_slice(&code), &f);
}

static enum err take(struct visit *v, struct sharing *s)
{
    BUF(what, FORM_MAX);
    enum err e = take_fair(v, s);

    if (e != ERR_OK)
        return e;
    if (!visit_field(v, "do", &what))
        return ERR_INVALID;
    if (str_is(buf_slice(&what), "make"))
        return take_make(v, s);
    return str_is(buf_slice(&what), "end") ? take_end(v, s) : ERR_INVALID;
}

bool page_do_share(struct visit *v)
{
    if (!visit_is_ours(v))
        return true;
    struct sharing *s = x_alloc(sizeof(*s));
    s->writing = (struct writing){ NULL, answer, sizeof(*s) };
    enum err e = take(v, s);
    if (e == ERR_OK)
        return writing_queue(v, &s->writing);
    writing_drop(&s->writing);
    visit_refuse(v, e);
    return true;
}
