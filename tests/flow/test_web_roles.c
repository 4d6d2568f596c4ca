/*
 * test_web_roles.c - a booth owner gets no other booth's figures by any
 * request, a press link nothing but its page.
 *
 * Three fairs, each booth with amounts, goods and names of its own. Everybody
 * walks every address of web_routes[] with every parameter it knows, and every
 * kind of report; what comes back is searched for whatever is not theirs. An
 * address that is not in the table here fails the test: whoever adds one says
 * who may.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/web/routes.h"
#include "tests/support/fairs.h"
#include "tests/support/guests.h"
#include "tests/support/markup.h"
#include "tests/support/unzip.h"

#define OWN   "XUAN-2020" /* compared with … */
#define OTHER "HE-2020"
#define THIRD "DONG-2020"

enum { DAY = 20200114, MINUTE = 600 };

/* ---- the world ----------------------------------------------------------- */

static const struct stall {
    const char *fair, *booth, *name, *origin, *sku, *seller;
    int64_t amount_vnd, visits;
} stalls[] = {
    /* No booth is alone in its origin: that has figures of its own. */
    { OWN, "A1", "Gian Ba Chẽ", "in-province", "MD-A1", "HTX Bình Liêu",
      1234567, 13 },
    { OWN, "B2", "Gian Tuyệt Mật", "other-province", "KIN-B2", "Cửa hàng Kín",
      7654321, 90817 },
    { OWN, "A3", "Gian Cô Tô", "in-province", "SU-A3", "HTX Cô Tô", 2987654,
      30109 },
    { OWN, "B4", "Gian Lạng Sơn", "other-province", "HOI-B4", "Xưởng Hồi",
      6789123, 20307 },
    { OTHER, "A1", "Gian Mùa Hè", "in-province", "HE-A1", "Xưởng Hè", 3456789,
      70205 },
    { OTHER, "C3", "Gian Nắng", "in-province", "NANG-C3", "Xưởng Nắng", 8765432,
      60403 },
    { THIRD, "D4", "Gian Mùa Đông", "in-province", "DONG-D4", "Xưởng Đông",
      5432109, 50602 },
};

static struct fairs world;
static char devices[ARRAY_LEN(stalls)][DEVICE_LEN + 1];

static void put_fair(const char *code, int first_day, const char *with)
{
    struct fair f = { .name = "Hội chợ",
                      .first_day = first_day,
                      .days = 6,
                      .opens_min = 8 * 60,
                      .closes_min = 22 * 60,
                      .cut_off_min = 4 * 60 };
    snprintf(f.code, sizeof(f.code), "%s", code);
    snprintf(f.compare_with, sizeof(f.compare_with), "%s", with);
    fairs_fair(&world, &f);
}

static enum err fill(void *ctx, struct store *s)
{
    (void)ctx;
    memset(&world, 0, sizeof(world));
    world.store = s;
    put_fair(OWN, DAY, OTHER);
    put_fair(OTHER, DAY, "");
    put_fair(THIRD, DAY, "");
    for (size_t i = 0; i < ARRAY_LEN(stalls); i++) {
        const struct stall *t = &stalls[i];
        struct booth b = { str_of(t->booth), str_of(t->name), str_of(t->origin),
                           STR("Hạ Long"), 1 };
        fairs_booth(&world, t->fair, &b);
        struct fairs_device *d = fairs_device(&world, t->fair, t->booth);
        struct deal deal = { DAY, MINUTE, t->sku, t->amount_vnd, t->seller };
        int sale = fairs_sell(d, deal);
        fairs_void(d, sale, deal);
        fairs_sell(d, deal);
        fairs_visits(d, (struct counting){ DAY, MINUTE, "", t->visits, false });
        (void)fairs_id(&world, (int)i, devices[i]);
    }
    fairs_send(&world);
    return ERR_OK;
}

/* ---- what is whose ------------------------------------------------------- */

struct mark {
    const char *fair, *booth; /* booth NULL: of the whole fair */
    const char *text;         /* or NULL: a number */
    int64_t n;
    bool rare; /* shown only when it is asked for in one way */
};
enum { MARKS_MAX = 64 };
static struct mark marks[MARKS_MAX];
static int n_marks;

static void mark(struct mark m)
{
    assert_true(n_marks < MARKS_MAX);
    marks[n_marks++] = m;
}

static void mark_fair(const char *fair)
{
    int64_t vnd = 0, visits = 0;
    int n = 0;
    for (size_t i = 0; i < ARRAY_LEN(stalls); i++) {
        if (strcmp(stalls[i].fair, fair) == 0) {
            vnd += stalls[i].amount_vnd;
            visits += stalls[i].visits;
            n++;
        }
    }
    if (n < 2)
        return; /* it is the booth's */
    mark((struct mark){ fair, NULL, NULL, vnd, false });
    mark((struct mark){ fair, NULL, NULL, visits, false });
}

static void make_marks(void)
{
    n_marks = 0;
    for (size_t i = 0; i < ARRAY_LEN(stalls); i++) {
        const struct stall *t = &stalls[i];
        const char *const texts[] = { t->name, t->sku, t->seller, devices[i] };
        for (size_t k = 0; k < ARRAY_LEN(texts); k++)
            mark((struct mark){ t->fair, t->booth, texts[k], 0, false });
        mark((struct mark){ t->fair, t->booth, NULL, t->amount_vnd, false });
        if (t->visits > 1000)
            mark((struct mark){ t->fair, t->booth, NULL, t->visits, true });
    }
    mark_fair(OWN);
    mark_fair(OTHER);
    mark_fair(THIRD);
}

static bool has_mark(const char *text, const struct mark *m)
{
    return m->text ? strstr(text, m->text) != NULL : markup_says(text, m->n);
}

/* ---- who asks ------------------------------------------------------------ */

enum who {
    NOBODY,
    LINK, /* whose cookie is a press link's key */
    ADMINISTRATOR,
    ORGANISER,
    STAFF,
    OTHER_STAFF,
    BOOTH,
    OTHER_BOOTH,
    GUESTS
};

static struct house_guest guests[GUESTS] = {
    [NOBODY] = { "nobody", ROLE_NONE, "", "", "", "" },
    [LINK] = { "link", ROLE_NONE, "", "", "", "" },
    [ADMINISTRATOR] = { "root", ROLE_ADMINISTRATOR, "", "", "", "" },
    [ORGANISER] = { "huy", ROLE_ORGANISER, OWN, "", "", "" },
    [STAFF] = { "minh", ROLE_STAFF, OWN, "", "", "" },
    [OTHER_STAFF] = { "nam", ROLE_STAFF, OTHER, "", "", "" },
    [BOOTH] = { "chau", ROLE_BOOTH, OWN, "A1", "", "" },
    [OTHER_BOOTH] = { "dung", ROLE_BOOTH, OTHER, "A1", "", "" },
};

static char link_key[TOKEN_TEXT + 1];

static enum err put_link(void *ctx, struct store *s)
{
    struct account a = { .name = "bao", .role = ROLE_PRESS, .fair = OWN };
    const struct deed deed = { env_wall_ms(), STR("huy") };
    (void)ctx;
    a.expires_ms = deed.now_ms + 3600000;
    return deed_share(s, &deed, &a, link_key);
}

static int open_world(void **state)
{
    if (house_set_up(state) != 0)
        return -1;
    struct house *h = *state;
    assert_int_equal(house_do(h, fill, NULL), ERR_OK);
    assert_int_equal(house_do(h, put_link, NULL), ERR_OK);
    make_marks();
    for (int i = ADMINISTRATOR; i < GUESTS; i++)
        house_sign_in(h, &guests[i]);
    snprintf(guests[LINK].token, sizeof(guests[LINK].token), "%s", link_key);
    snprintf(guests[LINK].cookie, sizeof(guests[LINK].cookie),
             "Cookie: __Host-fair=%s\r\n", link_key);
    return 0;
}

static int close_world(void **state)
{
    for (int i = 0; i < world.n; i++)
        book_done(&world.devices[i].book);
    return house_tear_down(state);
}

static bool may_see(const struct house_guest *g, const struct mark *m)
{
    bool same = strcmp(g->fair, m->fair) == 0;
    switch (g->role) {
    case ROLE_ADMINISTRATOR: return true;
    case ROLE_ORGANISER:
    case ROLE_STAFF: /* and what their fair is compared with */
        return same ||
               (strcmp(g->fair, OWN) == 0 && strcmp(m->fair, OTHER) == 0);
    case ROLE_BOOTH: return same && m->booth && strcmp(g->booth, m->booth) == 0;
    case ROLE_NONE:
    case ROLE_PRESS:
    case ROLES: break;
    }
    return false;
}

/* ---- what is where ------------------------------------------------------- */

enum kind {
    FILES,  /* no figures at all, for anybody */
    PAGE,   /* who is not signed in is led to the sign-in */
    FIGURES /* a program's: who is not signed in is told so */
};

static const struct place {
    const char *method, *path;
    enum kind kind;
    unsigned who;
    int plain; /* the status without parameters, for those who may */
} places[] = {
    { "POST", "/v1/push", FILES, MAY_ANYBODY, 0 },
    { "POST", "/v1/enrol", FILES, MAY_ANYBODY, 0 },
    { "GET", "/", PAGE, MAY_OWN, 200 },
    { "GET", "/days", PAGE, MAY_OWN, 200 },
    { "GET", "/hours", PAGE, MAY_OWN, 200 },
    { "GET", "/booths", PAGE, MAY_OWN, 200 },
    { "GET", "/products", PAGE, MAY_OWN, 200 },
    { "GET", "/league", PAGE, MAY_OWN, 200 },
    { "GET", "/visitors", PAGE, MAY_FAIR, 200 },
    { "GET", "/compare", PAGE, MAY_FAIR, 200 },
    { "GET", "/supervision", PAGE, MAY_OWN, 200 },
    { "GET", "/devices", PAGE, MAY_OWN, 200 },
    { "GET", "/explain", PAGE, MAY_OWN, 200 },
    { "GET", "/bulletin", PAGE, MAY_FAIR, 200 },
    { "GET", "/daily", PAGE, MAY_FAIR, 200 },
    { "GET", "/final", PAGE, MAY_FAIR, 200 },
    { "GET", "/definitions", FILES, MAY_ANYBODY, 200 },
    { "GET", "/press", FILES, MAY_ANYBODY, 404 },
    { "GET", "/sign-in", FILES, MAY_ANYBODY, 0 },
    { "POST", "/sign-in", FILES, MAY_ANYBODY, 401 },
    { "POST", "/sign-out", FILES, MAY_ANYBODY, 0 },
    { "GET", "/password", PAGE, MAY_OWN, 200 },
    { "POST", "/password", PAGE, MAY_OWN, 400 },
    { "GET", "/share", PAGE, MAY_ORGANISE, 200 },
    { "POST", "/share", PAGE, MAY_ORGANISE, 400 },
    { "GET", "/accounts", PAGE, MAY_ADMIN, 200 },
    { "POST", "/accounts", PAGE, MAY_ADMIN, 400 },
    { "GET", "/report", FIGURES, MAY_OWN, 404 },
    { "GET", "/live", FIGURES, MAY_OWN, 200 },
    { "GET", "/assets/style.css", FILES, MAY_ANYBODY, 200 },
    { "GET", "/assets/script.js", FILES, MAY_ANYBODY, 200 },
    { "GET", "/assets/chart.js", FILES, MAY_ANYBODY, 404 },
    { "GET", "/assets/icon.svg", FILES, MAY_ANYBODY, 200 },
    { "GET", "/openapi.yaml", FILES, MAY_ANYBODY, 200 },
    { "GET", "/healthz", FILES, MAY_ANYBODY, 200 },
    { "GET", "/readyz", FILES, MAY_ANYBODY, 0 },
    { "GET", "/metrics", FILES, MAY_ANYBODY, 200 },
    { "GET", "/version", FILES, MAY_ANYBODY, 200 },
};

static const struct place *place_of(const struct route *r)
{
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (strcmp(places[i].path, r->path) == 0 &&
            strcmp(places[i].method, r->method) == 0)
            return &places[i];
    }
    fail_msg("%s %s: say here who may see it", r->method, r->path);
    return NULL;
}

/* "@1" is the device of stalls[1], "@key" the link's, "@token" the guest's. */
enum { FAIRS_ONLY = 8 }; /* the first of them: they name fairs, no more */
static const char *const queries[] = {
    "",
    "fair=" OWN,
    "fair=" OTHER,
    "fair=" THIRD,
    "fair=NOWHERE",
    "with=" OWN,
    "with=" OTHER,
    "with=" THIRD,
    "source=measured",
    "source=published",
    "origin=in-province",
    "origin=other-province",
    "origin=foreign",
    "booth=A1",
    "booth=B2",
    "booth=C3",
    "booth=b2",
    "by=booth",
    "by=origin",
    "by=place",
    "by=producer",
    "by=group",
    "by=stars",
    "by=product",
    "day=2020-01-14",
    "day=2020-01-15",
    "device=@0",
    "device=@1",
    "device=@4",
    "seq=3",
    "device=@0&seq=3",
    "device=@1&seq=3",
    "device=@4&seq=3",
    "limit=1",
    "limit=100000",
    "lang=vi",
    "fair=" OWN "&booth=B2",
    "fair=" OTHER "&booth=A1",
    "fair=" OTHER "&booth=C3",
    "fair=" OTHER "&with=" OWN,
    "fair=" OWN "&with=" THIRD,
    "fair=" OWN "&day=2020-01-14&booth=A1&device=@1",
    "fair=" OWN "&day=2020-01-14&booth=B2&device=@1&seq=3",
    "origin=other-province&booth=A1",
    "with=" OTHER "&booth=A1",
    "by=booth&origin=other-province",
    "key=@token",
    "key=0",
};

static void put_query(const char *query, const struct house_guest *g,
                      struct buf *out)
{
    for (; *query != '\0'; query++) {
        if (*query != '@')
            buf_putc(out, *query);
        else if (query[1] >= '0' && query[1] <= '9')
            buf_puts(out, devices[*++query - '0']);
        else {
            buf_puts(out, g->token);
            query += strlen("token");
        }
    }
}

/* ---- looking ------------------------------------------------------------- */

struct walk {
    struct house *h;
    const struct house_guest *g;
    bool thorough;   /* every kind of report with every parameter */
    struct https *c; /* kept while the server keeps it */
    bool seen[MARKS_MAX];
    const char *asked; /* the query, for what it says itself */
    int n;
};

static void look(struct walk *w, const char *path, struct https_reply *r)
{
    unzip_workbook(&r->body);
    w->n++;
    for (int i = 0; i < n_marks; i++) {
        const struct mark *m = &marks[i];
        if (!has_mark(buf_text(&r->body), m) &&
            !has_mark(buf_text(&r->head), m))
            continue;
        w->seen[i] = true;
        /* What they named themselves they may read again. */
        if (!may_see(w->g, m) && !(m->text && strstr(w->asked, m->text)))
            fail_msg("%s sees %s%s%s (%lld) at %s: %s", w->g->name, m->fair,
                     m->booth ? " " : "", m->booth ? m->booth : "",
                     (long long)m->n, path, buf_text(&r->body));
    }
}

/* One request on the walk's connection. */
static void ask(struct walk *w, const char *method, const char *path,
                const char *form, struct https_reply *r)
{
    char csrf[TOKEN_TEXT + 1];
    BUF(more, MAX_TEXT);
    BUF(head, MAX_TEXT);
    BUF(body, MAX_TEXT);
    if (form) {
        csrf_token(str_of(w->g->token), csrf);
        buf_printf(&body, "csrf=%s&%s", csrf, form);
        buf_printf(&more,
                   FORM_OF_OURS
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Content-Length: %zu\r\n",
                   body.len);
    }
    buf_puts(&more, w->g->cookie);
    https_ask_head(method, path, buf_text(&more), &head);
    buf_str(&head, buf_slice(&body));
    if (w->c == NULL)
        w->c = house_call(w->h);
    assert_true(https_send(w->c, buf_slice(&head)));
    https_read(w->c, r);
    if (r->closes) {
        https_close(w->c);
        w->c = NULL;
    }
    if (r->status == 0 || r->status >= 500)
        fail_msg("%s %s: %d", method, path, r->status);
}

/* ---- what must come back ------------------------------------------------- */

static bool bound(const struct house_guest *g)
{
    return g->fair[0] != '\0';
}

/* Does the query name a fair or booth that is not the guest's? */
static bool names_another(const struct house_guest *g, const char *query)
{
    BUF(fair, 64);
    const char *at = strstr(query, "fair=");
    buf_printf(&fair, "fair=%s", g->fair);
    if (at && bound(g) && strncmp(at, buf_text(&fair), fair.len) != 0)
        return true;
    at = strstr(query, "booth=");
    return at && g->role == ROLE_BOOTH && strncmp(at, "booth=A1", 8) != 0;
}

static void judge(const struct walk *w, const struct place *p,
                  const char *query, const struct https_reply *r)
{
    const struct house_guest *g = w->g;
    bool may = p->who == MAY_ANYBODY || (p->who & MAY(g->role)) != 0;
    bool ok = true;
    if (!may && g->role != ROLE_NONE)
        ok = r->status == 403;
    else if (!may && p->kind == FIGURES)
        ok = r->status == 401;
    else if (!may)
        ok = r->status == 303 && https_says(r, "Location: /sign-in");
    else if (p->kind != FILES && names_another(g, query))
        ok = r->status >= 400;
    else if (query[0] == '\0' && p->plain != 0)
        ok = r->status == p->plain;
    if (!ok)
        fail_msg("%s at %s %s?%s: %d %s", g->name, p->method, p->path, query,
                 r->status, buf_text(&r->body));
}

static void visit(struct walk *w, const struct place *p, const char *query)
{
    BUF(asked, MAX_TEXT);
    BUF(path, MAX_TEXT);
    HTTPS_REPLY(r);
    put_query(query, w->g, &asked);
    buf_printf(&path, "%s%s%s", p->path, asked.len > 0 ? "?" : "",
               buf_text(&asked));
    w->asked = buf_text(&asked);
    ask(w, "GET", buf_text(&path), NULL, &r);
    judge(w, p, query, &r);
    look(w, buf_text(&path), &r);
}

/* ---- the walk ------------------------------------------------------------ */

/* Whether a route knows every key of a query. */
static bool takes(const struct route *route, const char *query)
{
    BUF(asked, MAX_TEXT);
    put_query(query, &guests[BOOTH], &asked);
    return route_takes(route, buf_slice(&asked));
}

/* What a kind does not take is refused, whoever asks; enough to try it with
 * the first. */
static bool kind_takes(const struct report_kind *k, const char *query)
{
    static const struct {
        const char *key;
        unsigned bit;
    } keys[] = { { "with=", TAKES_WITH },     { "source=", TAKES_SOURCE },
                 { "origin=", TAKES_ORIGIN }, { "day=", TAKES_DAY },
                 { "by=", TAKES_BY },         { "device=", TAKES_DEVICE },
                 { "seq=", TAKES_DEVICE },    { "limit=", TAKES_LIMIT } };
    for (size_t i = 0; k != report_kinds && i < ARRAY_LEN(keys); i++) {
        if (strstr(query, keys[i].key) && !(k->takes & keys[i].bit))
            return false;
    }
    return true;
}

/* On the page, and the first two questions as files, too. */
static void walk_report(struct walk *w, const struct place *p,
                        struct buf *query, bool files)
{
    static const char *const formats[] = { "&format=csv", "&format=xlsx" };
    size_t len = query->len;
    visit(w, p, buf_text(query));
    for (size_t f = 0; files && f < ARRAY_LEN(formats); f++) {
        buf_cut(query, len);
        buf_puts(query, formats[f]);
        visit(w, p, buf_text(query));
    }
}

static void walk_reports(struct walk *w, const struct place *p,
                         const struct route *route)
{
    size_t n = w->thorough ? ARRAY_LEN(queries) : FAIRS_ONLY;
    for (const struct report_kind *k = report_kinds; k->name; k++) {
        for (size_t i = 0; i < n; i++) {
            BUF(query, MAX_TEXT);
            buf_printf(&query, "kind=%s%s%s", k->name, queries[i][0] ? "&" : "",
                       queries[i]);
            if (kind_takes(k, queries[i]) && takes(route, buf_text(&query)))
                walk_report(w, p, &query, i < 2);
        }
    }
}

static void walk_form(struct walk *w, const struct place *p)
{
    bool device = strncmp(p->path, "/v1/", 4) == 0;
    bool out = strcmp(p->path, "/sign-out") == 0;
    HTTPS_REPLY(r);
    if (out && w->g->role != ROLE_NONE)
        return; /* they are needed yet */
    w->asked = "";
    ask(w, "POST", p->path, "kind=days&fair=" OWN "&booth=B2", &r);
    if (device)
        assert_in_range(r.status, 400, 499);
    else
        judge(w, p, "", &r);
    look(w, p->path, &r);
}

static void walk(struct walk *w)
{
    for (const struct route *route = web_routes; route->path; route++) {
        const struct place *p = place_of(route);
        if (strcmp(route->method, "POST") == 0) {
            walk_form(w, p);
            continue;
        }
        for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
            /* That the link's key opens its page is another test's. */
            bool key = w->g == &guests[LINK] && strchr(queries[i], '@');
            if (!key && takes(route, queries[i]))
                visit(w, p, queries[i]);
        }
        if (strcmp(route->path, "/report") == 0)
            walk_reports(w, p, route);
    }
    https_close(w->c);
}

/* The marks that a walk ought to have come across. */
static void expect_seen(const struct walk *w)
{
    for (int i = 0; i < n_marks; i++) {
        const struct mark *m = &marks[i];
        bool own = strcmp(w->g->fair, m->fair) == 0 || !bound(w->g);
        if (own && !m->rare && may_see(w->g, m) && !w->seen[i])
            fail_msg("%s never sees %s %s %s %lld", w->g->name, m->fair,
                     m->booth ? m->booth : "", m->text ? m->text : "",
                     (long long)m->n);
    }
}

static void walk_as(struct house *h, enum who who)
{
    struct walk w = { .h = h, .g = &guests[who], .thorough = who == BOOTH };
    walk(&w);
    expect_seen(&w);
    assert_true(w.n > 100);
}

/* ---- the tests ----------------------------------------------------------- */

static void s15_every_address_says_who_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        const struct route *r = web_routes;
        while (r->path && (strcmp(places[i].path, r->path) != 0 ||
                           strcmp(places[i].method, r->method) != 0))
            r++;
        if (!r->path)
            fail_msg("%s %s is gone", places[i].method, places[i].path);
    }
    for (const struct route *r = web_routes; r->path; r++) {
        if (r->who != place_of(r)->who)
            fail_msg("%s %s: others may than we thought", r->method, r->path);
    }
}

static void s15_nobody_gets_any_figure(void **state)
{
    walk_as(*state, NOBODY);
}

static void s15_a_press_link_is_no_session(void **state)
{
    walk_as(*state, LINK);
}

static void s15_an_administrator_gets_everything(void **state)
{
    walk_as(*state, ADMINISTRATOR);
}

static void s15_an_organiser_of_one_fair_gets_no_other(void **state)
{
    walk_as(*state, ORGANISER);
}

static void s15_staff_get_their_fair_and_what_it_is_held_against(void **state)
{
    walk_as(*state, STAFF);
    walk_as(*state, OTHER_STAFF);
}

static void s15_a_booth_owner_gets_no_other_booth_s_figures(void **state)
{
    walk_as(*state, BOOTH);
}

/* The code of a booth is another exhibitor's at the next fair. */
static void s15_a_booth_of_the_same_code_is_not_the_same_booth(void **state)
{
    walk_as(*state, OTHER_BOOTH);
}

static void s15_a_press_link_gets_nothing_but_its_page(void **state)
{
    struct house *h = *state;
    bool seen = false;
    BUF(path, MAX_TEXT);
    HTTPS_REPLY(r);
    buf_printf(&path, "/press?key=%s", link_key);
    guests_get(h, buf_text(&path), "", &r);
    reply_expect(&r, 200);
    assert_null(strstr(buf_text(&r.head), "Set-Cookie"));
    for (int i = 0; i < n_marks; i++) {
        const struct mark *m = &marks[i];
        if (!has_mark(buf_text(&r.body), m))
            continue;
        if (m->booth || strcmp(m->fair, THIRD) == 0)
            fail_msg("the press sees %s %s %s %lld", m->fair,
                     m->booth ? m->booth : "", m->text ? m->text : "",
                     (long long)m->n);
        seen = true;
    }
    assert_true(seen);
    /* Every address it leads to, and the key there, lead nowhere. */
    for (const struct route *route = web_routes; route->path; route++) {
        HTTPS_REPLY(other);
        if (strcmp(route->path, "/press") == 0)
            continue;
        buf_clear(&path);
        buf_printf(&path, "%s?key=%s", route->path, link_key);
        guests_get(h, buf_text(&path), "", &other);
        assert_in_range(other.status, 400, 499);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s15_every_address_says_who_may),
        cmocka_unit_test(s15_nobody_gets_any_figure),
        cmocka_unit_test(s15_a_press_link_is_no_session),
        cmocka_unit_test(s15_an_administrator_gets_everything),
        cmocka_unit_test(s15_an_organiser_of_one_fair_gets_no_other),
        cmocka_unit_test(s15_staff_get_their_fair_and_what_it_is_held_against),
        cmocka_unit_test(s15_a_booth_owner_gets_no_other_booth_s_figures),
        cmocka_unit_test(s15_a_booth_of_the_same_code_is_not_the_same_booth),
        cmocka_unit_test(s15_a_press_link_gets_nothing_but_its_page),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
