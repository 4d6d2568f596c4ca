/*
 * address.c - addresses of pages within the same question, and the form that
 * chooses another fair.
 *
 * A link carries on what the page it leads to knows about, no more: the table
 * of routes says what that is.
 */
#include "sections.h"

#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "routes.h"
#include "sync/aggregator/report/table.h"

/* ---- addresses ----------------------------------------------------------- */

/* Of one member of a query as an address writes it; false: not given. */
static bool member(const struct report_query *q, const char *key,
                   struct buf *out)
{
    const struct {
        const char *key, *text;
    } texts[] = {
        { "kind", q->kind },     { "fair", q->fair },     { "with", q->with },
        { "source", q->source }, { "origin", q->origin }, { "booth", q->booth },
        { "by", q->by },         { "device", q->device },
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (strcmp(texts[i].key, key) == 0) {
            buf_puts(out, texts[i].text ? texts[i].text : "");
            return texts[i].text != NULL;
        }
    }
    if (strcmp(key, "day") == 0 && q->day != 0)
        day_render(out, q->day);
    else if (strcmp(key, "seq") == 0 && q->seq != 0)
        buf_int(out, q->seq);
    else if (strcmp(key, "limit") == 0 && q->limit != 0)
        buf_int(out, q->limit);
    return out->len > 0;
}

static const struct route *page_route(const char *path)
{
    const struct route *r = web_routes;

    while (r->path &&
           (strcmp(r->path, path) != 0 || strcmp(r->method, "GET") != 0))
        r++;
    return r->path ? r : NULL;
}

bool may_visit(const struct visit *v, const char *path)
{
    const struct route *r = page_route(path);

    return r && (r->who & MAY(v->who.role)) != 0;
}

/* Calls `put` for every key the page at `path` knows and the query has. */
static void each_member(const char *path, const struct report_query *q,
                        void (*put)(struct buf *out, const char *key,
                                    const char *value),
                        struct buf *out)
{
    const struct route *r = page_route(path);
    const char *at = r && q ? r->params : "";

    for (at += strspn(at, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        BUF(key, 16);
        BUF(value, CARRY_MAX);

        buf_put(&key, at, len);
        at += len;
        if (member(q, buf_text(&key), &value))
            put(out, buf_text(&key), buf_text(&value));
    }
}

static void put_query(struct buf *out, const char *key, const char *value)
{
    html_put(out, "&amp;%s=%s", key, value);
}

static void put_carry(struct buf *out, const char *key, const char *value)
{
    if (strcmp(key, "limit") != 0)
        buf_printf(out, "&%s=%s", key, value);
}

void href_put(struct buf *out, const char *path, const struct report_query *q)
{
    static const char amp[] = "&amp;";
    BUF(query, CARRY_MAX);

    each_member(path, q, put_query, &query);
    html_puts(out, path);
    if (query.len > 0) {
        buf_putc(out, '?');
        buf_puts(out, buf_text(&query) + strlen(amp));
    }
}

void carry_put(struct buf *out, const char *path, const struct report_query *q)
{
    each_member(path, q, put_carry, out);
}

/* ---- the choice of fairs ------------------------------------------------- */

struct choice {
    const struct visit *v;
    const char *chosen;
    const char *left_out; /* a code */
    struct buf *out;
};

static void put_option(struct choice *c, const char *code, struct str name)
{
    bool chosen = c->chosen && strcmp(c->chosen, code) == 0;

    html_put(c->out, "<option value=\"%s\"%m>", code,
             chosen ? " selected" : "");
    html_text(c->out, name);
    html_put(c->out, " (%s)</option>", code);
}

static enum err take_fair(void *ctx, const struct fair *f)
{
    struct choice *c = ctx;

    if (strcmp(f->code, c->left_out) != 0 &&
        login_sees_fair(&c->v->who, str_of(f->code)))
        put_option(c, f->code, str_of(f->name));
    return ERR_OK;
}

/* Fairs known by published figures alone. */
static enum err take_figures(void *ctx, const struct figures *f)
{
    struct choice *c = ctx;
    struct fair calendar;
    BUF(code, sizeof(calendar.code));

    buf_str(&code, f->fair);
    if (strcmp(buf_text(&code), c->left_out) != 0 &&
        fair_get(c->v->store, f->fair, &calendar) == ERR_NOT_FOUND &&
        login_sees_fair(&c->v->who, f->fair))
        put_option(c, buf_text(&code), f->name);
    return ERR_OK;
}

static enum err put_fairs(struct choice *c)
{
    html_put(c->out, "<label>%s <select name=\"fair\">", _("Fair"));
    enum err e = fair_each(c->v->store, take_fair, c);
    buf_puts(c->out, "</select></label>\n");
    return e;
}

static enum err put_others(struct choice *c)
{
    html_put(c->out,
             "<label>%s <select name=\"with\"><option value=\"\">%s"
             "</option>",
             _("Compared with"), _("the one it names itself"));
    enum err e = fair_each(c->v->store, take_fair, c);
    if (e == ERR_OK)
        e = figures_each(c->v->store, take_figures, c);
    buf_puts(c->out, "</select></label>\n");
    return e;
}

static void put_sources(struct buf *out, const char *chosen)
{
    static const struct word_name sources[] = {
        { "", N_("as each fair has them") },
        { "measured", N_("measured") },
        { "published", N_("published") },
    };

    html_put(out, "<label>%s <select name=\"source\">", _("Figures"));
    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        const char *word = sources[i].word;
        bool now = strcmp(chosen ? chosen : "", word) == 0;

        html_put(out, "<option value=\"%s\"%m>%s</option>", word,
                 now ? " selected" : "", _(sources[i].text));
    }
    html_put(out, "</select></label>\n");
}

static bool takes(const char *path, const char *key)
{
    const struct route *r = page_route(path);
    const char *at = r ? strstr(r->params, key) : NULL;

    return at && (at[strlen(key)] == ' ' || at[strlen(key)] == '\0');
}

enum err choice_put(struct visit *v, const struct report_query *q,
                    const char *path, struct buf *out)
{
    struct choice fair = { v, q->fair, "", out };
    struct choice with = { v, q->with, q->fair, out };

    html_put(out, "<form class=\"choice\" method=\"get\" action=\"%s\">\n",
             path);
    enum err e = put_fairs(&fair);
    if (e == ERR_OK && takes(path, "with") && !q->booth)
        e = put_others(&with);
    if (e == ERR_OK && takes(path, "source"))
        put_sources(out, q->source);
    html_put(out, "<button>%s</button>\n</form>\n", _("Show"));
    return e;
}
