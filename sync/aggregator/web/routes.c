/*
 * routes.c - the table, and finding one's way in it.
 */
#include "routes.h"

#include <string.h>

#include "fair/wire.h"

#include "pages.h"

enum { MAX_ENROL = MAX_HEADER + 2 * SIGNATURE_BYTES + 2 }; /* its two lines */

// clang-format off
const struct route web_routes[] = {
    { "POST", WIRE_PUSH_PATH, MAY_ANYBODY, MAX_BATCH, DESK_DEVICES, "",
      NULL, true },
    { "POST", WIRE_ENROL_PATH, MAY_ANYBODY, MAX_ENROL, DESK_DEVICES, "",
      NULL, true },

    { "GET", "/", MAY_OWN, 0, DESK_PAGES, "fair with", page_overview, false },
    { "GET", "/days", MAY_OWN, 0, DESK_PAGES, "fair with", page_tab, false },
    { "GET", "/hours", MAY_OWN, 0, DESK_PAGES, "fair", page_tab, false },
    { "GET", "/booths", MAY_OWN, 0, DESK_PAGES, "fair origin", page_tab,
      false },
    { "GET", "/products", MAY_OWN, 0, DESK_PAGES, "fair origin", page_tab,
      false },
    { "GET", "/league", MAY_OWN, 0, DESK_PAGES, "fair with by", page_tab,
      false },
    { "GET", "/visitors", MAY_FAIR, 0, DESK_PAGES, "fair", page_tab, false },
    { "GET", "/compare", MAY_FAIR, 0, DESK_PAGES, "fair with source", page_tab,
      false },
    { "GET", "/supervision", MAY_OWN, 0, DESK_PAGES, "fair", page_tab, false },
    { "GET", "/devices", MAY_OWN, 0, DESK_PAGES, "fair", page_tab, false },
    { "GET", "/explain", MAY_OWN, 0, DESK_PAGES,
      "fair day booth device seq limit", page_tab, false },
    { "GET", "/bulletin", MAY_FAIR, 0, DESK_PAGES, "fair day", page_bulletin,
      false },
    { "GET", "/daily", MAY_FAIR, 0, DESK_PAGES, "fair day", page_daily,
      false },
    { "GET", "/final", MAY_FAIR, 0, DESK_PAGES, "fair with", page_final,
      false },
    { "GET", "/definitions", MAY_ANYBODY, 0, DESK_PAGES, "fair",
      page_definitions, false },
    { "GET", "/press", MAY_ANYBODY, 0, DESK_PAGES, "key", page_press, false },

    { "GET", "/sign-in", MAY_ANYBODY, 0, DESK_PAGES, "", page_sign_in,
      false },
    { "POST", "/sign-in", MAY_ANYBODY, FORM_MAX, DESK_DOOR, "",
      page_do_sign_in, false },
    { "POST", "/sign-out", MAY_ANYBODY, FORM_MAX, DESK_PAGES, "",
      page_do_sign_out, false },
    { "GET", "/password", MAY_OWN, 0, DESK_PAGES, "done", page_password,
      false },
    { "POST", "/password", MAY_OWN, FORM_MAX, DESK_DOOR, "",
      page_do_password, false },
    { "GET", "/share", MAY_ORGANISE, 0, DESK_PAGES, "fair", page_share,
      false },
    { "POST", "/share", MAY_ORGANISE, FORM_MAX, DESK_PAGES, "", page_do_share,
      false },
    { "GET", "/accounts", MAY_ADMIN, 0, DESK_PAGES, "", page_accounts,
      false },
    { "POST", "/accounts", MAY_ADMIN, FORM_MAX, DESK_PAGES, "",
      page_do_account, false },

    { "GET", "/report", MAY_OWN, 0, DESK_PAGES,
      "kind fair with source origin booth by day device seq limit format",
      page_export, true },
    { "GET", "/live", MAY_OWN, 0, DESK_PAGES, "fair with", page_live, true },

    { "GET", "/assets/style.css", MAY_ANYBODY, 0, DESK_NONE, "v",
      page_asset_style, true },
    { "GET", "/assets/script.js", MAY_ANYBODY, 0, DESK_NONE, "v",
      page_asset_script, true },
    { "GET", "/assets/chart.js", MAY_ANYBODY, 0, DESK_NONE, "v",
      page_asset_charts, true },
    { "GET", "/assets/icon.svg", MAY_ANYBODY, 0, DESK_NONE, "v",
      page_asset_icon, true },
    { "GET", "/openapi.yaml", MAY_ANYBODY, 0, DESK_NONE, "",
      page_openapi, true },
    { "GET", "/healthz", MAY_ANYBODY, 0, DESK_NONE, "", page_health, true },
    { "GET", "/readyz", MAY_ANYBODY, 0, DESK_PAGES, "", page_ready, true },
    { "GET", "/metrics", MAY_ANYBODY, 0, DESK_PAGES, "", page_metrics, true },
    { "GET", "/version", MAY_ANYBODY, 0, DESK_NONE, "", page_version, true },
    { NULL, NULL, 0, 0, DESK_NONE, NULL, NULL, false },
};
// clang-format on

/* ---- addresses ----------------------------------------------------------- */

static bool has_method(const struct route *r, const char *method)
{
    return strcmp(r->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0);
}

const struct route *route_of(const char *method, const char *path,
                             struct buf *allow)
{
    for (const struct route *r = web_routes; r->path; r++) {
        if (strcmp(r->path, path) != 0)
            continue;
        if (has_method(r, method))
            return r;
        buf_puts(allow, allow->len > 0 ? ", " : "");
        buf_puts(allow, r->method);
        buf_puts(allow, has_method(r, "HEAD") ? ", HEAD" : "");
    }
    return NULL;
}

/* ---- queries ------------------------------------------------------------- */

enum { PARAMS_MAX = 16 };

/* The place of a key among the route's words, -1 none. */
static int place_of(const struct route *route, struct str key)
{
    const char *at = route->params;
    int n = 0;

    if (str_is(key, "lang") &&
        (route->desk == DESK_PAGES || route->desk == DESK_DOOR))
        return PARAMS_MAX;
    while (*at != '\0') {
        size_t len = strcspn(at, " ");

        if (str_eq(key, (struct str){ at, len }))
            return n;
        at += len + (at[len] == ' ');
        n++;
    }
    return -1;
}

/* What others hang on a link that they pass on stops nobody who reads a page.
 * But a key of ours is never passed over: whoever asks /?booth=B2 must not take
 * the answer for that booth's. */
static bool passes_over(const struct route *route, struct str key)
{
    bool ours = false;

    for (const struct route *r = web_routes; r->path; r++)
        ours = ours || place_of(r, key) >= 0;
    return !route->program && !ours;
}

static bool is_value(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                    "0123456789._-",
                    s.data[i]) ||
            s.data[i] == '\0')
            return false;
    }
    return true;
}

/* The slice up to `end` or the last byte; it and `end` are taken off. */
static struct str cut(struct str *s, char end)
{
    const char *at = s->len > 0 ? memchr(s->data, end, s->len) : NULL;
    struct str head = { s->data, at ? (size_t)(at - s->data) : s->len };
    size_t gone = head.len + (at != NULL);

    *s = (struct str){ s->data + gone, s->len - gone };
    return head;
}

bool route_takes(const struct route *route, struct str query)
{
    unsigned seen = 0;

    while (query.len > 0) {
        struct str value = cut(&query, '&');
        struct str key = cut(&value, '=');
        int place = place_of(route, key);

        if (place < 0 && passes_over(route, key))
            continue;
        if (place < 0 || !is_value(value))
            return false;
        if (seen & 1u << place)
            return false;
        seen |= 1u << place;
    }
    return true;
}
