/*
 * visit.c - a visit's life: its language, who asks, whether they may, the
 * page, and the answer when there is none.
 *
 * Promises that every visit begun gets its answer exactly once, and that a
 * page is called only for whoever its route is for.
 */
#include "visit.h"

#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/json.h"

#include "assets.h"
#include "gzip.h"
#include "html.h"
#include "routes.h"
#include "sync/aggregator/account/session.h"
#include "sync/aggregator/store/allowance.h"

#define SESSION_COOKIE  "__Host-fair"
#define LANGUAGE_COOKIE "fair-lang"

enum {
    BUSY_RETRY_S = 2,
    PACK_FROM = 1024, /* bytes: less is not worth it */
    PACK_LEVEL = 4
};

void visit_init(struct visit *v, const struct web *web)
{
    *v = (struct visit){ .web = web, .language = web->language };
    v->answer.status = 200;
    v->answer.type = "text/html; charset=utf-8";
    buf_init(&v->answer.body, ANSWER_MAX);
    buf_init(&v->answer.cookie, HEADER_TEXT);
    buf_init(&v->answer.cookie_more, HEADER_TEXT);
    buf_init(&v->answer.location, HEADER_TEXT);
    buf_init(&v->answer.file, HEADER_TEXT);
    buf_init(&v->answer.etag, HEADER_TEXT);
}

void visit_done(struct visit *v)
{
    buf_done(&v->answer.body);
    buf_done(&v->answer.cookie);
    buf_done(&v->answer.cookie_more);
    buf_done(&v->answer.location);
    buf_done(&v->answer.file);
    buf_done(&v->answer.etag);
}

/* ---- what the browser says ----------------------------------------------- */

/* The value of a cookie; "" when there is none. */
static struct str cookie_of(struct str cookies, const char *name)
{
    size_t n = strlen(name), at = 0;

    while (at < cookies.len) {
        struct str rest = { cookies.data + at, cookies.len - at };
        const char *end = memchr(rest.data, ';', rest.len);

        rest.len = end ? (size_t)(end - rest.data) : rest.len;
        at += rest.len + 1;
        while (rest.len > 0 && rest.data[0] == ' ')
            rest = (struct str){ rest.data + 1, rest.len - 1 };
        if (rest.len > n && memcmp(rest.data, name, n) == 0 &&
            rest.data[n] == '=')
            return (struct str){ rest.data + n + 1, rest.len - n - 1 };
    }
    return STR("");
}

/* "vi" or "en" as a word begins with it, NULL for others. */
static const char *language_of(struct str s)
{
    static const char *const known[] = { "vi", "en" };

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (s.len >= 2 && memcmp(s.data, known[i], 2) == 0 &&
            (s.len == 2 || strchr("-;, ", s.data[2])))
            return known[i];
    }
    return NULL;
}

/* The first of ours in an Accept-Language: browsers send them in the order of
 * their qualities. */
static const char *language_among(struct str s)
{
    const char *found = NULL;

    while (s.len > 0 && !found) {
        found = language_of(s);
        const char *comma = memchr(s.data, ',', s.len);
        size_t gone = comma ? (size_t)(comma - s.data) + 1 : s.len;
        while (gone < s.len && s.data[gone] == ' ')
            gone++;
        s = (struct str){ s.data + gone, s.len - gone };
    }
    return found;
}

static void choose_language(struct visit *v)
{
    const char *asked = language_of(visit_param(v, "lang"));
    const char *found = asked;

    if (!found)
        found = language_of(cookie_of(v->ask.cookie, LANGUAGE_COOKIE));
    if (!found)
        found = language_among(v->ask.languages);
    if (found)
        v->language = found;
    if (asked)
        buf_printf(&v->answer.cookie_more,
                   LANGUAGE_COOKIE
                   "=%s; Path=/; Secure; SameSite=Lax; Max-Age=31536000",
                   asked);
}

/* ---- who asks ------------------------------------------------------------ */

static enum err find_login(struct visit *v)
{
    struct str token = cookie_of(v->ask.cookie, SESSION_COOKIE);

    /* One that comes a second time is looked at anew. */
    v->who = (struct login){ .role = ROLE_NONE };
    v->token[0] = '\0';
    enum err e = login_of_token(v->store, token, env_wall_ms(), &v->who);

    if (e == ERR_NOT_FOUND)
        return ERR_OK; /* nobody is signed in */
    if (e == ERR_OK && token.len == TOKEN_TEXT)
        memcpy(v->token, token.data, token.len);
    return e;
}

static bool may(const struct visit *v)
{
    unsigned who = v->ask.route->who;

    return who == MAY_ANYBODY || (who & MAY(v->who.role)) != 0;
}

/* ---- no ------------------------------------------------------------------ */

/* What people read here where the error was named for tills. */
static const struct {
    enum err e;
    const char *text, *remedy;
} words[] = {
    { ERR_NOT_MAY, N_("this account may not see this"),
      N_("sign in with another account, or ask the organiser") },
    { ERR_USAGE, N_("this cannot be asked for in this way"),
      N_("choose again from the pages") },
    { ERR_LIMIT, N_("this is too much for one answer"),
      N_("ask for one booth or for fewer rows; the server's command line "
         "gives all") },
};

struct refusal {
    const char *code, *text, *remedy; /* translated */
};

static struct refusal refusal_of(enum err e)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (words[i].e == e)
            return (struct refusal){ err_code(e), _(words[i].text),
                                     _(words[i].remedy) };
    }
    return (struct refusal){ err_code(e), _(err_text(e)), _(err_remedy(e)) };
}

static void refuse_json(struct visit *v, const struct refusal *r)
{
    struct json j;

    v->answer.type = "application/json";
    json_begin(&j, &v->answer.body);
    json_object(&j, NULL);
    json_text(&j, "error", r->code);
    json_text(&j, "message", r->text);
    json_text(&j, "remedy", r->remedy);
    json_end_object(&j);
    json_finish(&j);
}

static void refuse_page(struct visit *v, const struct refusal *r)
{
    v->answer.type = "text/html; charset=utf-8";
    html_put(&v->answer.body,
             "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width\">"
             "<title>%s</title><link rel=\"stylesheet\" href=\"%s\"></head>\n"
             "<body><main><h1>%s</h1><p>%s</p>"
             "<p><a href=\"/\">%s</a></p></main></body></html>\n",
             v->language, r->text, assets_path(v->web->assets, ASSET_STYLE),
             r->text, r->remedy, _("To the first page"));
}

static void refuse(struct visit *v, int status, const struct refusal *r)
{
    struct answer *a = &v->answer;

    buf_clear(&a->body);
    a->lent = STR("");
    buf_clear(&a->file);
    a->gzip = a->keep = false;
    a->status = status;
    a->retry_after_s = status == 503 || status == 429 ? BUSY_RETRY_S : 0;
    if (v->ask.route->program)
        refuse_json(v, r);
    else
        refuse_page(v, r);
}

void visit_refuse(struct visit *v, enum err e)
{
    i18n_use(v->language);
    struct refusal r = refusal_of(e);
    refuse(v, err_http(e), &r);
}

void visit_no_page(const struct web *web, const struct ask *ask, enum err e,
                   struct buf *out)
{
    struct visit v;

    visit_init(&v, web);
    v.ask = *ask;
    choose_language(&v);
    i18n_use(v.language);
    struct refusal r = refusal_of(e);
    if (e == ERR_NOT_FOUND) {
        r.text = _("there is no such page");
        r.remedy = _("the address may be cut short or mistyped");
    }
    refuse_page(&v, &r);
    buf_str(out, buf_slice(&v.answer.body));
    visit_done(&v);
    i18n_use(NULL); /* this thread is not ours */
}

void visit_withdraw(struct visit *v)
{
    buf_done(&v->answer.body);
    visit_refuse(v, ERR_BUSY);
    i18n_use(NULL); /* this thread is not ours */
}

void visit_see_other(struct visit *v, const char *path)
{
    buf_clear(&v->answer.body);
    buf_clear(&v->answer.location);
    buf_puts(&v->answer.location, path);
    v->answer.status = 303;
}

/* Nobody is signed in. */
static void ask_to_sign_in(struct visit *v)
{
    struct refusal r = { "sign_in", _("nobody is signed in"),
                         _("sign in, then ask again") };

    if (v->ask.route->program)
        refuse(v, 401, &r);
    else
        visit_see_other(v, "/sign-in");
}

/* ---- its life ------------------------------------------------------------ */

static void pack(struct visit *v)
{
    struct answer *a = &v->answer;

    if (a->gzip || a->body.len < PACK_FROM || !gzip_wanted(v->ask.encodings))
        return;
    BUF(packed, ANSWER_MAX);
    gzip_put(&packed, buf_slice(&a->body), PACK_LEVEL);
    if (!buf_ok(&packed))
        return;
    struct buf whole = a->body;
    a->body = packed;
    packed = whole;
    a->gzip = true;
}

void visit_finish(struct visit *v)
{
    if (!buf_ok(&v->answer.body))
        visit_refuse(v, ERR_LIMIT);
    pack(v);
    i18n_use(NULL); /* this thread may not be ours */
    v->finished(v);
}

/* On a thread of a desk. From the page on, `v` may belong to another. */
static void carry_out(struct desk_job *job, struct store *s)
{
    struct visit *v = (struct visit *)job;

    i18n_use(v->language);
    v->store = s;
    allowance_begin(VISIT_ROOM);
    enum err e = find_login(v);
    bool answered = true;
    if (e != ERR_OK)
        visit_refuse(v, e);
    else if (may(v))
        answered = v->ask.route->page(v);
    else if (v->who.role == ROLE_NONE)
        ask_to_sign_in(v);
    else
        visit_refuse(v, ERR_NOT_MAY);
    allowance_end();
    if (answered)
        visit_finish(v);
}

/* A queue of guesses at passwords is somebody's fault, not our load. */
static enum err refuse_crowded(struct visit *v)
{
    visit_refuse(v, ERR_BUSY);
    if (v->ask.route->desk == DESK_DOOR)
        v->answer.status = 429;
    i18n_use(NULL);
    return ERR_BUSY;
}

enum err visit_begin(struct visit *v)
{
    const struct route *route = v->ask.route;

    ASSERT(route->desk != DESK_DEVICES);
    choose_language(v);
    if (route->desk == DESK_NONE) {
        bool answered = route->page(v);
        ASSERT(answered);
        visit_finish(v);
        return ERR_OK;
    }
    v->job.run = carry_out;
    struct desk *desk = route->desk == DESK_DOOR ? v->web->door : v->web->pages;
    return desk_queue(desk, &v->job) == ERR_OK ? ERR_OK : refuse_crowded(v);
}
