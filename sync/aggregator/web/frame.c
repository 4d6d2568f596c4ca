/*
 * frame.c - what stands around every page: head, navigation, settings, foot.
 *
 * It works without the script: the bar of tabs scrolls, the settings unfold.
 * Who may not see a page is not led there.
 */
#include "sections.h"

#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"

#include "assets.h"
#include "routes.h"

struct place {
    const char *path, *title;
};

static const struct place tabs[] = {
    { "/", N_("Overview") },
    { "/days", N_("Days") },
    { "/hours", N_("Hours") },
    { "/booths", N_("Booths") },
    { "/products", N_("Products") },
    { "/league", N_("Leagues") },
    { "/visitors", N_("Visits") },
    { "/compare", N_("Fair against fair") },
    { "/supervision", N_("Supervision") },
    { "/devices", N_("Devices") },
    { "/explain", N_("Explain") },
    { "/bulletin", N_("Bulletin") },
    { "/daily", N_("Daily report") },
    { "/final", N_("Final report") },
    { "/definitions", N_("Definitions") },
};

static const struct place own_places[] = {
    { "/password", N_("Change password") },
    { "/share", N_("Press links") },
    { "/accounts", N_("Accounts") },
};

static const struct place languages[] = {
    { "vi", "Tiếng Việt" },
    { "en", "English" },
};

/* ---- numbers ------------------------------------------------------------- */

void numbers_for_people(void)
{
    bool english = strcmp(i18n_language(), "en") == 0;

    number_style_use(english ? NUMBERS_ENGLISH : NUMBERS_VIETNAMESE);
}

void put_millions(struct buf *out, int64_t vnd)
{
    BUF(whole, MAX_TEXT);
    BUF(millions, MAX_TEXT);

    numbers_for_people();
    money_render(&whole, vnd);
    hundredths_render(&millions, millions_hundredths(vnd));
    html_put(out,
             "<data value=\"%d\" title=\"%s đ\"><span class=\"figure\">%s"
             "</span> <small>%s</small></data>",
             vnd, buf_text(&whole), buf_text(&millions), _("million đ"));
}

/* ---- head ---------------------------------------------------------------- */

static bool signed_in(const struct visit *v)
{
    return v->who.role >= ROLE_BOOTH;
}

/* "" when it is not known. */
static void fair_name(struct visit *v, const struct frame *f, struct buf *out)
{
    struct fair fair;

    if (f->q && f->q->fair &&
        fair_get(v->store, str_of(f->q->fair), &fair) == ERR_OK)
        buf_puts(out, fair.name);
}

static void put_head(struct visit *v, const struct frame *f, const char *fair)
{
    struct buf *out = &v->answer.body;
    const struct assets *a = v->web->assets;

    html_put(out,
             "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
             "<meta charset=\"utf-8\">\n<meta name=\"viewport\""
             " content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<meta name=\"robots\" content=\"noindex\">\n"
             "<title>%s%s%s – Phiên Chợ</title>\n",
             i18n_language(), f->title, fair[0] ? " – " : "", fair);
    html_put(out,
             "<link rel=\"icon\" href=\"%s\" type=\"image/svg+xml\">\n"
             "<link rel=\"stylesheet\" href=\"%s\">\n"
             "<script src=\"%s\" data-charts=\"%s\"></script>\n</head>\n",
             assets_path(a, ASSET_ICON), assets_path(a, ASSET_STYLE),
             assets_path(a, ASSET_SCRIPT), assets_path(a, ASSET_CHARTS));
}

/* ---- settings ------------------------------------------------------------ */

static const char *here(const struct visit *v, const struct frame *f)
{
    return f->tab ? f->tab : v->ask.route ? v->ask.route->path : "/";
}

/* A press link stays one in the other language. */
static void put_key(const struct visit *v, struct buf *out)
{
    struct str key = visit_param(v, "key");

    if (key.len == 0)
        return;
    buf_puts(out, "key=");
    html_text(out, key);
    buf_puts(out, "&amp;");
}

static void put_languages(struct visit *v, const struct frame *f)
{
    struct buf *out = &v->answer.body;

    html_put(out, "<p class=\"words\">%s: ", _("Language"));
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        const char *code = languages[i].path;
        bool now = strcmp(code, i18n_language()) == 0;
        BUF(href, CARRY_MAX * 2);

        href_put(&href, here(v, f), f->q);
        buf_puts(&href, strchr(buf_text(&href), '?') ? "&amp;" : "?");
        put_key(v, &href);
        html_put(out, "<a href=\"%mlang=%s\" lang=\"%s\" hreflang=\"%s\"%m>",
                 buf_text(&href), code, code, code,
                 now ? " aria-current=\"true\"" : "");
        html_put(out, "%s</a>\n", languages[i].title);
    }
    html_put(out,
             "<button type=\"button\" data-theme-button hidden>%s</button>"
             "</p>\n",
             _("Light or dark"));
}

static void put_account(struct visit *v)
{
    struct buf *out = &v->answer.body;
    char csrf[TOKEN_TEXT + 1];

    if (!signed_in(v))
        return;
    csrf_token(str_of(v->token), csrf);
    html_put(out,
             "<form class=\"words\" method=\"post\" action=\"/sign-out\">"
             "<input type=\"hidden\" name=\"csrf\" value=\"%s\">",
             csrf);
    html_put(out, "%s <bdi>%s</bdi>", _("Signed in:"), v->who.name);
    for (size_t i = 0; i < ARRAY_LEN(own_places); i++) {
        if (may_visit(v, own_places[i].path))
            html_put(out, " <a href=\"%s\">%s</a>\n", own_places[i].path,
                     _(own_places[i].title));
    }
    html_put(out, " <button>%s</button></form>\n", _("Sign out"));
}

static void put_settings(struct visit *v, const struct frame *f,
                         const char *fair)
{
    struct buf *out = &v->answer.body;

    html_put(out, "<details class=\"settings\">\n<summary>");
    if (fair[0])
        html_put(out, "<bdi>%s</bdi>", fair);
    else
        html_puts(out, _("Settings"));
    html_put(out, "</summary>\n<div class=\"panel\">\n");
    size_t before = out->len;
    if (f->q && signed_in(v) && choice_put(v, f->q, here(v, f), out) != ERR_OK)
        buf_cut(out, before); /* the page itself still stands */
    put_languages(v, f);
    put_account(v);
    html_put(out, "</div>\n</details>\n");
}

/* ---- navigation ---------------------------------------------------------- */

static void put_tabs(struct visit *v, const struct frame *f)
{
    struct buf *out = &v->answer.body;

    html_put(out, "<nav class=\"tabs\" aria-label=\"%s\">\n<ul>\n", _("Pages"));
    for (size_t i = 0; i < ARRAY_LEN(tabs); i++) {
        bool now = f->tab && strcmp(f->tab, tabs[i].path) == 0;

        if (!may_visit(v, tabs[i].path))
            continue;
        html_put(out, "<li><a href=\"");
        href_put(out, tabs[i].path, f->q);
        html_put(out, "\"%m>%s</a></li>\n", now ? " aria-current=\"page\"" : "",
                 _(tabs[i].title));
    }
    html_put(out, "</ul>\n</nav>\n");
}

void frame_begin(struct visit *v, const struct frame *f)
{
    struct buf *out = &v->answer.body;
    BUF(fair, MAX_TEXT);

    v->answer.status = v->answer.status ? v->answer.status : 200;
    v->answer.type = "text/html; charset=utf-8";
    fair_name(v, f, &fair);
    put_head(v, f, buf_text(&fair));
    html_put(out,
             "<body%m>\n<a class=\"skip\" href=\"#main\">%s</a>\n"
             "<header class=\"top\">\n<p class=\"brand\">"
             "<img src=\"%s\" alt=\"\" width=\"28\" height=\"28\">"
             " Phiên Chợ</p>\n",
             f->print ? " class=\"paper\"" : "", _("To the content"),
             assets_path(v->web->assets, ASSET_ICON));
    put_settings(v, f, buf_text(&fair));
    html_put(out, "</header>\n");
    if (signed_in(v))
        put_tabs(v, f);
    html_put(out, "<main id=\"main\" tabindex=\"-1\">\n");
    if (!f->print)
        html_put(out, "<h1>%s</h1>\n", f->title);
}

void frame_end(struct visit *v, const struct frame *f)
{
    struct buf *out = &v->answer.body;

    html_put(out, "</main>\n<footer>\n");
    if (signed_in(v)) {
        html_put(out, "<p>%s <a href=\"",
                 _("Whatever is exported is recorded."));
        href_put(out, "/definitions", f->q);
        html_put(out, "\">%s</a></p>\n", _("What the terms mean"));
    }
    html_put(out, "<p>Phiên Chợ %s</p>\n</footer>\n</body>\n</html>\n",
             FAIR_VERSION);
}
