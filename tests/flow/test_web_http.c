/*
 * test_web_http.c - people at the aggregator's front door: which requests are
 * looked at, what every answer carries, and who may come in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/web/assets.h"
#include "tests/support/house.h"

#define HOST  "Host: localhost\r\n"
#define ENDS  "\r\n"
#define FAIR  "XUAN-2020" /* of the house's till */
#define EIGHT "aaaaaaaa"
#define MUCH  EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT
#define LONG  MUCH MUCH MUCH MUCH MUCH MUCH MUCH MUCH

static struct house_guest organiser(void)
{
    return (struct house_guest){ "lan", ROLE_ORGANISER, "", "", "", "" };
}

static void get(struct house *h, const char *path, const char *more,
                struct https_reply *out)
{
    struct https *c = house_call(h);
    https_get(c, path, more, out);
    https_close(c);
}

static void expect_word(const struct https_reply *r, const char *word)
{
    if (!strstr(buf_text(&r->body), word))
        fail_msg("no %s in %s", word, buf_text(&r->body));
}

/* ---- shapes -------------------------------------------------------------- */

#define ASK(target) "GET " target " HTTP/1.1\r\n" HOST

static const struct shape_case {
    const char *bytes;
    int status;
} shapes[] = {
    /* Looked at: nobody is signed in. */
    { ASK("/report") ENDS, 401 },
    { ASK("/report?") ENDS, 401 },
    { ASK("/report?kind=days&fair=XUAN-2020") ENDS, 401 },
    { ASK("/report?kind=&fair=") ENDS, 401 },
    { ASK("/report?lang=vi") ENDS, 401 },
    { ASK("/report?kind=a.b_c-D9") ENDS, 401 },
    { ASK("/report") "Content-Length: 0\r\n" ENDS, 401 },
    /* Not looked at. */
    { ASK("/report?other=1") ENDS, 404 },
    { ASK("/report?kind=days&kind=days") ENDS, 404 },
    { ASK("/report?kind=days&lang=vi&lang=en") ENDS, 404 },
    { ASK("/report?=days") ENDS, 404 },
    { ASK("/report?kind=days&") ENDS, 401 },
    { ASK("/report?&kind=days") ENDS, 404 },
    { ASK("/report?kind=a=b") ENDS, 404 },
    { ASK("/report?kind=%64ays") ENDS, 404 },
    { ASK("/report?kind=a+b") ENDS, 404 },
    { ASK("/report?kind=<b>") ENDS, 404 },
    { ASK("/report?kind=a;b") ENDS, 404 },
    { ASK("/report?kind=a/b") ENDS, 404 },
    { ASK("/report?Kind=days") ENDS, 404 },
    { ASK("/report?kind=" LONG) ENDS, 404 },
    { ASK("/report?kind=days?") ENDS, 404 },
    { ASK("/report#kind") ENDS, 404 },
    { ASK("/Report") ENDS, 404 },
    { ASK("/report/") ENDS, 404 },
    { ASK("//report") ENDS, 404 },
    { ASK("/assets/../report") ENDS, 404 },
    { ASK("/assets/style.css?lang=vi") ENDS, 404 },
    { ASK("/assets/style%2ecss") ENDS, 404 },
    { ASK("/assets/") ENDS, 404 },
    { ASK("/" LONG) ENDS, 404 },
    { ASK("https://localhost/report") ENDS, 404 },
    { "POST /v1/push?lang=vi HTTP/1.1\r\n" HOST "Content-Length: 1\r\n" ENDS,
      404 },
    { ASK("/report") "Content-Length: 5\r\n" ENDS, 413 },
    { ASK("/report") "Content-Length: 0\r\nContent-Length: 0\r\n" ENDS, 400 },
    { ASK("/report") "Transfer-Encoding: chunked\r\n" ENDS, 400 },
    { ASK("/report") "Content-Encoding: gzip\r\n" ENDS, 415 },
    { ASK("/report") "X-Odd: a\x01z\r\n" ENDS, 400 },
    { "POST /report HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" ENDS, 405 },
    { "PUT /report HTTP/1.1\r\n" HOST ENDS, 405 },
    { "get /report HTTP/1.1\r\n" HOST ENDS, 405 },
    /* Forms. */
    { "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 1\r\n" ENDS, 415 },
    { "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
      "Content-Type: application/json\r\n" ENDS,
      415 },
    { "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
      "Content-Type: application/x-www-form-urlencodedx\r\n" ENDS,
      415 },
    { "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 4097\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\n" ENDS,
      413 },
    { "POST /sign-in HTTP/1.1\r\n" HOST
      "Content-Type: application/x-www-form-urlencoded\r\n" ENDS,
      411 },
    { "POST /sign-in?a=b HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\n" ENDS,
      404 },
};

static void only_requests_of_our_shape_are_looked_at(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        const struct shape_case *s = &shapes[i];
        struct https *c = house_call(h);
        HTTPS_REPLY(r);
        assert_true(https_send(c, str_of(s->bytes)));
        https_read(c, &r);
        if (r.status != s->status)
            fail_msg("%d instead of %d: %s%s", r.status, s->status, s->bytes,
                     buf_text(&r.body));
        expect_word(&r, "\"remedy\"");
        assert_int_equal(r.closes, s->status != 401);
        if (r.closes)
            assert_true(https_closed(c));
        https_close(c);
    }
}

static void another_method_is_told_which_there_are(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    HTTPS_REPLY(r);
    assert_true(https_send(c, STR("PUT /report HTTP/1.1\r\n" HOST ENDS)));
    https_read(c, &r);
    assert_true(https_says(&r, "Allow: GET, HEAD"));
    https_close(c);
    c = house_call(h);
    assert_true(https_send(c, STR("GET /v1/push HTTP/1.1\r\n" HOST ENDS)));
    https_read(c, &r);
    assert_true(https_says(&r, "Allow: POST"));
    https_close(c);
}

/* ---- what answers carry -------------------------------------------------- */

static void expect_policy(const struct https_reply *r, const char *path)
{
    static const char *const lines[] = {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; "
        "style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin",
    };
    for (size_t l = 0; l < ARRAY_LEN(lines); l++) {
        if (!https_says(r, lines[l]))
            fail_msg("%s: %s\n%s", path, lines[l], buf_text(&r->head));
    }
}

static void every_answer_carries_the_policy(void **state)
{
    static const struct {
        const char *path;
        int status;
    } cases[] = { { "/assets/style.css", 200 }, { "/report", 401 },
                  { "/nowhere", 404 },          { "/report?x=1", 404 },
                  { "/assets/chart.js", 404 },  { "/healthz", 200 } };
    struct house *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        HTTPS_REPLY(r);
        get(h, cases[i].path, "", &r);
        assert_int_equal(r.status, cases[i].status);
        expect_policy(&r, cases[i].path);
        /* A certificate of our own: a browser told to insist would lock
         * people out when it is made anew. */
        assert_null(strstr(buf_text(&r.head), "Strict-Transport"));
    }
}

/* Whoever passes a link on may hang something on it. */
static void pages_pass_over_what_others_hang_on_their_links(void **state)
{
    struct house *h = *state;
    struct house_guest g = organiser();
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    static const char *const paths[] = {
        "/password?fbclid=IwAR0_a-b", "/days?fbclid=a&fbclid=b=c",
        "/days?fair=XUAN-2020&utm_source=zalo&=x", "/definitions?&x"
    };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        HTTPS_REPLY(r);
        get(h, paths[i], g.cookie, &r);
        if (r.status != 200)
            fail_msg("%d: %s", r.status, paths[i]);
    }
    HTTPS_REPLY(twice);
    get(h, "/days?fair=XUAN-2020&fair=XUAN-2020", g.cookie, &twice);
    assert_int_equal(twice.status, 404);
    HTTPS_REPLY(ours); /* of another route */
    get(h, "/hours?booth=B2&fbclid=a", g.cookie, &ours);
    assert_int_equal(ours.status, 404);
}

#define PAGE "Accept: text/html,*/*;q=0.8\r\n"

static void who_reads_pages_is_refused_by_one(void **state)
{
    struct house *h = *state;
    static const struct {
        const char *path, *lines, *language, *says;
    } cases[] = {
        { "/nowhere", PAGE "Accept-Language: en-GB, vi\r\n", "lang=\"en\"",
          "there is no such page" },
        { "/press?key=a%20b", PAGE "Accept-Language: vi\r\n", "lang=\"vi\"",
          "<a href=\"/\">" },
        { "/nowhere", PAGE "Cookie: fair-lang=en\r\n", "lang=\"en\"",
          "<a href=\"/\">To the first page</a>" },
        { "/sign-out", PAGE "Accept-Language: en\r\n", "lang=\"en\"",
          "choose again from the pages" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        HTTPS_REPLY(r);
        get(h, cases[i].path, cases[i].lines, &r);
        assert_int_equal(r.status, i == 3 ? 405 : 404);
        assert_true(https_says(&r, "Content-Type: text/html; charset=utf-8"));
        assert_true(r.closes);
        expect_policy(&r, cases[i].path);
        expect_word(&r, cases[i].language);
        expect_word(&r, cases[i].says);
    }
    HTTPS_REPLY(program);
    get(h, "/report?other=1", PAGE, &program);
    assert_int_equal(program.status, 404);
    expect_word(&program, "\"remedy\"");
}

static void what_pages_say_is_kept_nowhere(void **state)
{
    struct house *h = *state;
    struct house_guest g = organiser();
    HTTPS_REPLY(r);
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    get(h, "/report?kind=days", g.cookie, &r);
    assert_int_equal(r.status, 200);
    assert_true(https_says(&r, "Cache-Control: no-store"));
    get(h, "/report?kind=days", "", &r);
    assert_true(https_says(&r, "Cache-Control: no-store"));
}

static void a_head_says_the_length_and_no_more(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    BUF(head, MAX_TEXT);
    HTTPS_REPLY(full);
    HTTPS_REPLY(bare);
    https_get(c, "/assets/style.css", "", &full);
    https_ask_head("HEAD", "/assets/style.css", "", &head);
    assert_true(https_send(c, buf_slice(&head)));
    https_read_head(c, &bare);
    assert_int_equal(bare.status, 200);
    buf_clear(&head);
    buf_printf(&head, "Content-Length: %zu", full.body.len);
    assert_true(https_says(&bare, buf_text(&head)));
    https_get(c, "/healthz", "", &bare); /* nothing stands in between */
    assert_int_equal(bare.status, 200);
    assert_string_equal(buf_text(&bare.body), "ok\n");
    https_close(c);
}

/* ---- files --------------------------------------------------------------- */

static void a_file_under_its_version_is_kept_for_good(void **state)
{
    struct house *h = *state;
    const char *path = assets_path(h->web.assets, ASSET_STYLE);
    BUF(match, MAX_TEXT);
    HTTPS_REPLY(r);
    get(h, path, "", &r);
    assert_int_equal(r.status, 200);
    assert_true(https_says(&r, "Content-Type: text/css; charset=utf-8"));
    assert_true(
        https_says(&r, "Cache-Control: public, max-age=31536000, immutable"));
    get(h, "/assets/style.css?v=0123456789abcdef", "", &r);
    assert_int_equal(r.status, 200);
    assert_true(https_says(&r, "Cache-Control: no-cache"));
    buf_printf(&match, "If-None-Match: W/\"%s\"\r\n", strchr(path, '=') + 1);
    get(h, path, buf_text(&match), &r);
    assert_int_equal(r.status, 304);
    assert_int_equal(r.body.len, 0);
    assert_true(
        https_says(&r, "Cache-Control: public, max-age=31536000, immutable"));
    get(h, path, "If-None-Match: \"0123456789abcdef\"\r\n", &r);
    assert_int_equal(r.status, 200);
}

static void unpack(const struct buf *in, struct buf *out)
{
    z_stream z = { 0 };
    char *room = buf_room(out, MAX_TEXT);
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)in->data;
    z.avail_in = (uInt)in->len;
    z.next_out = (Bytef *)room;
    z.avail_out = MAX_TEXT;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    buf_grew(out, z.total_out);
    inflateEnd(&z);
}

static void answers_are_compressed_for_who_asks_for_it(void **state)
{
    static const char *const paths[] = { "/assets/style.css",
                                         "/report?kind=days" };
    struct house *h = *state;
    struct house_guest g = organiser();
    house_fair(h, 20200101, 20);
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        BUF(more, MAX_TEXT);
        BUF(whole, 4 * MAX_TEXT);
        HTTPS_REPLY(plain);
        HTTPS_REPLY(packed);
        get(h, paths[i], g.cookie, &plain);
        assert_null(strstr(buf_text(&plain.head), "Content-Encoding"));
        buf_printf(&more, "%sAccept-Encoding: br, gzip;q=0\r\n", g.cookie);
        get(h, paths[i], buf_text(&more), &packed);
        assert_null(strstr(buf_text(&packed.head), "Content-Encoding"));
        buf_clear(&more);
        buf_printf(&more, "%sAccept-Encoding: br, gzip;q=0.5\r\n", g.cookie);
        get(h, paths[i], buf_text(&more), &packed);
        assert_true(https_says(&packed, "Content-Encoding: gzip"));
        assert_true(https_says(&packed, "Vary: Accept-Encoding"));
        unpack(&packed.body, &whole);
        assert_true(str_eq(buf_slice(&whole), buf_slice(&plain.body)));
        assert_in_range(packed.body.len, 20, plain.body.len / 2);
    }
}

/* ---- language ------------------------------------------------------------ */

static void the_language_is_the_one_asked_for(void **state)
{
    static const struct {
        const char *query, *more;
        bool vi;
    } cases[] = {
        { "", "", false }, /* what the house is set to */
        { "", "Accept-Language: vi-VN,vi;q=0.9,en;q=0.8\r\n", true },
        { "", "Accept-Language: fr, vi;q=0.5\r\n", true },
        { "", "Accept-Language: en-GB, vi;q=0.5\r\n", false },
        { "", "Accept-Language: vietnamese\r\n", false },
        { "", "Accept-Language: en\r\nCookie: fair-lang=vi\r\n", true },
        { "", "Cookie: fair-lang=fr\r\nAccept-Language: vi\r\n", true },
        { "&lang=vi", "Cookie: fair-lang=en\r\nAccept-Language: en\r\n", true },
        { "&lang=en", "Cookie: fair-lang=vi\r\nAccept-Language: vi\r\n",
          false },
    };
    struct house *h = *state;
    struct house_guest g = organiser();
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(more, MAX_TEXT);
        BUF(path, MAX_TEXT);
        HTTPS_REPLY(r);
        /* One line of cookies, as browsers send them. */
        const char *own = strstr(cases[i].more, "Cookie: ");
        size_t before = own ? (size_t)(own - cases[i].more) : 0;
        buf_put(&more, cases[i].more, before);
        buf_put(&more, g.cookie, strlen(g.cookie) - 2);
        buf_puts(&more, own ? "; " : "\r\n");
        buf_puts(&more, own ? own + strlen("Cookie: ") : cases[i].more);
        buf_printf(&path, "/report?kind=nothing%s", cases[i].query);
        get(h, buf_text(&path), buf_text(&more), &r);
        assert_int_equal(r.status, 404);
        bool vi = strstr(buf_text(&r.body), "không tìm thấy") != NULL;
        if (vi != cases[i].vi)
            fail_msg("%s%s: %s", cases[i].query, cases[i].more,
                     buf_text(&r.body));
        assert_int_equal(strstr(buf_text(&r.head), "fair-lang=") != NULL,
                         cases[i].query[0] != '\0');
    }
}

/* ---- who may ------------------------------------------------------------- */

static void a_session_that_is_none_opens_nothing(void **state)
{
    static const char *const cookies[] = {
        "",
        "Cookie: __Host-fair=\r\n",
        "Cookie: __Host-fair=" MUCH "\r\n",
        "Cookie: __Host-fairy=" MUCH "; other=" MUCH "\r\n",
    };
    struct house *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(cookies); i++) {
        struct https *c = house_call(h);
        HTTPS_REPLY(r);
        https_get(c, "/report?kind=days", cookies[i], &r);
        assert_int_equal(r.status, 401);
        expect_word(&r, "\"sign_in\"");
        https_get(c, "/days", cookies[i], &r);
        assert_int_equal(r.status, 303);
        assert_true(https_says(&r, "Location: /sign-in"));
        https_close(c);
    }
}

static void nobody_is_shown_more_than_their_own(void **state)
{
    static const struct {
        enum role role;
        const char *fair, *booth, *query;
        int status;
    } cases[] = {
        { ROLE_ADMINISTRATOR, "", "", "kind=days&fair=" FAIR, 200 },
        { ROLE_ORGANISER, "", "", "kind=days&fair=" FAIR, 200 },
        { ROLE_ORGANISER, "", "", "kind=days&fair=" FAIR "&booth=A1", 200 },
        { ROLE_ORGANISER, "", "", "kind=days&fair=NOWHERE", 404 },
        { ROLE_ORGANISER, "HE-2020", "", "kind=days&fair=" FAIR, 403 },
        { ROLE_ORGANISER, FAIR, "", "kind=days", 200 },
        { ROLE_STAFF, FAIR, "", "kind=days", 200 },
        { ROLE_STAFF, FAIR, "", "kind=compare&with=HE-2020", 403 },
        { ROLE_STAFF, FAIR, "", "kind=compare&with=" FAIR, 200 },
        { ROLE_STAFF, "HE-2020", "", "kind=days&fair=" FAIR, 403 },
        { ROLE_STAFF, "HE-2020", "", "kind=days", 404 },
        { ROLE_BOOTH, FAIR, "A1", "kind=days", 200 },
        { ROLE_BOOTH, FAIR, "A1", "kind=days&booth=A1&fair=" FAIR, 200 },
        { ROLE_BOOTH, FAIR, "A1", "kind=days&booth=B2", 403 },
        { ROLE_BOOTH, FAIR, "A1", "kind=days&fair=HE-2020", 403 },
        { ROLE_BOOTH, FAIR, "A1", "kind=compare", 403 },
        { ROLE_BOOTH, FAIR, "A1", "kind=compare&with=" FAIR, 403 },
    };
    struct house *h = *state;
    house_fair(h, 20200114, 6);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(name, 32);
        BUF(path, MAX_TEXT);
        HTTPS_REPLY(r);
        buf_printf(&name, "guest-%zu", i);
        struct house_guest g = { buf_text(&name),
                                 cases[i].role,
                                 cases[i].fair,
                                 cases[i].booth,
                                 "",
                                 "" };
        house_sign_in(h, &g);
        buf_printf(&path, "/report?%s", cases[i].query);
        get(h, buf_text(&path), g.cookie, &r);
        if (r.status != cases[i].status)
            fail_msg("%zu %s: %d %s", i, cases[i].query, r.status,
                     buf_text(&r.body));
    }
}

static void what_a_report_does_not_take_is_said(void **state)
{
    static const char *const queries[] = {
        ("kind=days&with=" FAIR), "kind=days&seq=1", "kind=days&format=html",
        "kind=days&format=pdf", "kind=devices&limit=1"
    };
    struct house *h = *state;
    struct house_guest g = organiser();
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        BUF(path, MAX_TEXT);
        HTTPS_REPLY(r);
        buf_printf(&path, "/report?%s", queries[i]);
        get(h, buf_text(&path), g.cookie, &r);
        assert_int_equal(r.status, 400);
        expect_word(&r, "\"usage\"");
    }
}

/* ---- exports ------------------------------------------------------------- */

static enum err count_export(void *ctx, const struct access *a)
{
    struct buf *out = ctx;
    if (str_is(a->what, "export")) {
        buf_str(out, a->account);
        buf_putc(out, ' ');
        buf_str(out, a->detail);
        buf_putc(out, '\n');
    }
    return ERR_OK;
}

static enum err list_exports(void *ctx, struct store *s)
{
    return access_each(s, 100, count_export, ctx);
}

static void files_have_a_name_and_are_entered(void **state)
{
    static const struct {
        const char *format, *type, *file;
    } cases[] = {
        { "", "application/json", NULL },
        { "&format=json", "application/json", NULL },
        { "&format=csv", "text/csv; charset=utf-8", FAIR "-days.csv" },
        { "&format=xlsx",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          FAIR "-days.xlsx" },
    };
    struct house *h = *state;
    struct house_guest g = organiser();
    BUF(entered, MAX_TEXT);
    house_fair(h, 20200114, 6);
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(text, MAX_TEXT);
        HTTPS_REPLY(r);
        buf_printf(&text, "/report?kind=days&fair=" FAIR "%s", cases[i].format);
        get(h, buf_text(&text), g.cookie, &r);
        assert_int_equal(r.status, 200);
        buf_clear(&text);
        buf_printf(&text, "Content-Type: %s", cases[i].type);
        assert_true(https_says(&r, buf_text(&text)));
        buf_clear(&text);
        buf_printf(&text, "Content-Disposition: attachment; filename=\"%s\"",
                   cases[i].file ? cases[i].file : "");
        assert_int_equal(https_says(&r, buf_text(&text)),
                         cases[i].file != NULL);
    }
    assert_int_equal(house_do(h, list_exports, &entered), ERR_OK);
    assert_string_equal(buf_text(&entered), "lan days " FAIR " xlsx\n"
                                            "lan days " FAIR " csv\n");
}

/* ---- crowds -------------------------------------------------------------- */

/* Keeps a desk's thread until it is told to go on. */
struct plug {
    struct desk_job job;
    atomic_bool *open;
    atomic_int *begun;
};

static void plug_run(struct desk_job *job, struct store *s)
{
    struct plug *p = (struct plug *)job;
    (void)s;
    atomic_fetch_add(p->begun, 1);
    while (!atomic_load(p->open))
        env_wait_ms(1);
}

static void a_full_desk_says_when_to_come_again(void **state)
{
    static struct plug plugs[PAGE_THREADS + PAGE_QUEUE];
    struct house *h = *state;
    atomic_bool open = false;
    atomic_int begun = 0;
    HTTPS_REPLY(r);
    for (int i = 0; i < PAGE_THREADS + PAGE_QUEUE; i++) {
        plugs[i] = (struct plug){ { plug_run, NULL }, &open, &begun };
        assert_int_equal(desk_queue(h->web.pages, &plugs[i].job), ERR_OK);
        while (i < PAGE_THREADS && atomic_load(&begun) <= i)
            env_wait_ms(1);
    }
    get(h, "/report", "", &r);
    assert_int_equal(r.status, 503);
    assert_in_range(r.retry_after_s, 1, 10);
    expect_word(&r, "\"busy\"");
    get(h, "/healthz", "", &r); /* needs no desk */
    assert_int_equal(r.status, 200);
    atomic_store(&open, true);
    while (atomic_load(&begun) < PAGE_THREADS + PAGE_QUEUE)
        env_wait_ms(1);
    get(h, "/report", "", &r);
    assert_int_equal(r.status, 401);
}

static void at_the_door_a_crowd_is_told_that_it_is_too_many(void **state)
{
    static struct plug plugs[DOOR_THREADS + DOOR_QUEUE];
    struct house *h = *state;
    atomic_bool open = false;
    atomic_int begun = 0;
    HTTPS_REPLY(r);
    struct https *c = house_call(h);
    for (int i = 0; i < DOOR_THREADS + DOOR_QUEUE; i++) {
        plugs[i] = (struct plug){ { plug_run, NULL }, &open, &begun };
        assert_int_equal(desk_queue(h->web.door, &plugs[i].job), ERR_OK);
        while (i < DOOR_THREADS && atomic_load(&begun) <= i)
            env_wait_ms(1);
    }
    assert_true(https_send(
        c, STR("POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 18\r\n"
               "Content-Type: application/x-www-form-urlencoded\r\n" ENDS
               "name=lan&password=")));
    https_read(c, &r);
    assert_int_equal(r.status, 429);
    assert_in_range(r.retry_after_s, 1, 10);
    https_close(c);
    atomic_store(&open, true);
    while (atomic_load(&begun) < DOOR_THREADS + DOOR_QUEUE)
        env_wait_ms(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(only_requests_of_our_shape_are_looked_at),
        HOUSE(another_method_is_told_which_there_are),
        HOUSE(every_answer_carries_the_policy),
        HOUSE(pages_pass_over_what_others_hang_on_their_links),
        HOUSE(who_reads_pages_is_refused_by_one),
        HOUSE(what_pages_say_is_kept_nowhere),
        HOUSE(a_head_says_the_length_and_no_more),
        HOUSE(a_file_under_its_version_is_kept_for_good),
        HOUSE(answers_are_compressed_for_who_asks_for_it),
        HOUSE(the_language_is_the_one_asked_for),
        HOUSE(a_session_that_is_none_opens_nothing),
        HOUSE(nobody_is_shown_more_than_their_own),
        HOUSE(what_a_report_does_not_take_is_said),
        HOUSE(files_have_a_name_and_are_entered),
        HOUSE(a_full_desk_says_when_to_come_again),
        HOUSE(at_the_door_a_crowd_is_told_that_it_is_too_many),
    };
    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
