/*
 * house.c - see house.h.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/house.h"

/* ---- our clock ----------------------------------------------------------- */

static atomic_llong ahead_ms;
static atomic_llong stopped_ms; /* 0: it goes */
static struct env machine;

static int64_t shifted(void *ctx)
{
    (void)ctx;
    int64_t at = atomic_load(&stopped_ms);
    return (at ? at : machine.mono_ms(machine.ctx)) + atomic_load(&ahead_ms);
}

void house_clock_stop(void)
{
    atomic_store(&stopped_ms, machine.mono_ms(machine.ctx));
}

void house_clock_forward(int64_t ms)
{
    atomic_fetch_add(&ahead_ms, ms);
}

/* ---- the house ----------------------------------------------------------- */

void house_serve(struct house *h)
{
    struct http_options options = { .address = "127.0.0.1:0",
                                    .venue =
                                        h->venue ? h->venue : "127.0.0.0/8",
                                    .threads = 1,
                                    .service = &h->service,
                                    .web = &h->web };
    BUF(url, sizeof(h->url) - 1);
    BUF(why, MAX_TEXT);
    const struct ingest_options in = { .where = h->where,
                                       .queue =
                                           h->queue ? h->queue : HOUSE_QUEUE,
                                       .writers = 4 };
    assert_int_equal(ingest_open(&in, &why, &h->ingest), ERR_OK);
    service_init(&h->service, h->ingest, &h->keys);
    h->web = (struct web){ .dir = h->dir,
                           .where = h->where,
                           .ingest = h->ingest,
                           .url = h->url,
                           .language = "en",
                           .silent_min = 30,
                           .chart_js = "" };
    assert_int_equal(web_open(&h->web, &why), ERR_OK);
    assert_int_equal(http_open(&options, &why, &h->http), ERR_OK);
    http_url(h->http, &url);
    memcpy(h->url, buf_text(&url), url.len + 1);
    h->port = (int)strtol(strrchr(h->url, ':') + 1, NULL, 10);
    assert_int_equal(http_serve(h->http, &why), ERR_OK);
}

void house_stop(struct house *h)
{
    http_quiesce(h->http);
    web_stop(&h->web);
    ingest_stop(h->ingest);
    http_close(h->http);
    web_close(&h->web);
    service_done(&h->service);
    ingest_close(h->ingest);
}

/* A till of this aggregator, admitted with number 1. */
static void make_book(struct house *h)
{
    BUF(hex, 2 * KEY_BYTES);
    book_init(&h->book, 5, 200);
    struct str own = h->book.admission.aggregator;
    h->book.aggregator = h->keys.signing;
    buf_hex(&hex, h->keys.signing.public_key, KEY_BYTES);
    h->book.admission.aggregator = buf_slice(&hex);
    book_enrol(&h->book);
    h->book.admission.aggregator = own;
    for (int i = 0; i < 30; i++)
        book_visit(&h->book, 1);
}

int house_set_up(void **state)
{
    struct house *h = x_alloc(sizeof(*h));
    struct env env;
    machine = env_system();
    env = machine;
    env.mono_ms = shifted;
    env_use(&env);
    scratch_make(h->dir);
    place_make(h->where);
    assert_int_equal(keys_make(h->dir), ERR_OK);
    assert_int_equal(keys_load(h->dir, &h->keys), ERR_OK);
    make_book(h);
    house_serve(h);
    *state = h;
    return 0;
}

int house_tear_down(void **state)
{
    struct house *h = *state;
    house_stop(h);
    keys_done(&h->keys);
    book_done(&h->book);
    place_remove(h->where);
    scratch_remove(h->dir);
    env_use(&machine);
    free(h);
    return 0;
}

/* ---- what stands in its store -------------------------------------------- */

struct errand {
    struct job job;
    enum err (*what)(void *ctx, struct store *s);
    void *ctx;
    enum err e;
    atomic_bool done;
};

static enum err errand_run(struct job *job, struct store *s)
{
    struct errand *a = (struct errand *)job;
    return a->what(a->ctx, s);
}

static void errand_done(struct job *job, struct store *s, enum err e)
{
    struct errand *a = (struct errand *)job;
    (void)s;
    a->e = e;
    atomic_store(&a->done, true);
}

enum err house_do(struct house *h, enum err (*what)(void *ctx, struct store *s),
                  void *ctx)
{
    struct errand a = { .job = { errand_run, true, errand_done, NULL, false },
                        .what = what,
                        .ctx = ctx };
    assert_int_equal(ingest_queue(h->ingest, &a.job), ERR_OK);
    while (!atomic_load(&a.done))
        env_wait_ms(1);
    return a.e;
}

static enum err put_fair(void *ctx, struct store *s)
{
    const struct fair *f = ctx;
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    enum change change;
    enum err e = fair_put(s, f, &change);
    return e == ERR_OK ? booth_put(s, str_of(f->code), &b, &change) : e;
}

void house_fair(struct house *h, int first_day, int days)
{
    struct fair f = { .name = "Xuân",
                      .first_day = first_day,
                      .days = days,
                      .opens_min = 8 * 60,
                      .closes_min = 22 * 60,
                      .cut_off_min = 4 * 60 };
    struct str code = h->book.admission.fair;
    memcpy(f.code, code.data, code.len);
    assert_int_equal(house_do(h, put_fair, &f), ERR_OK);
}

static enum err put_session(void *ctx, struct store *s)
{
    struct house_guest *g = ctx;
    struct account a = { .role = g->role, .made_ms = 1 };
    struct session session = { .since_ms = env_wall_ms() };
    session.expires_ms = session.since_ms + 3600000;
    strncpy(a.name, g->name, sizeof(a.name) - 1);
    strncpy(a.fair, g->fair, sizeof(a.fair) - 1);
    strncpy(a.booth, g->booth, sizeof(a.booth) - 1);
    memcpy(session.account, a.name, sizeof(a.name));
    token_make(a.secret); /* nobody has that password */
    token_make(g->token);
    ASSERT(token_hash(str_of(g->token), session.hash));
    enum err e = account_add(s, &a);
    return e == ERR_OK ? session_add(s, &session) : e;
}

void house_sign_in(struct house *h, struct house_guest *g)
{
    BUF(line, sizeof(g->cookie) - 1);
    assert_int_equal(house_do(h, put_session, g), ERR_OK);
    buf_printf(&line, "Cookie: __Host-fair=%s\r\n", g->token);
    memcpy(g->cookie, buf_text(&line), line.len + 1);
}

int house_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int n = 0;
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

int house_figure(struct house *h, const char *name)
{
    BUF(start, MAX_TEXT);
    struct https *c = house_call(h);
    HTTPS_REPLY(r);
    buf_printf(&start, "\nfair_aggregator_%s ", name);
    https_get(c, "/metrics", "", &r);
    https_close(c);
    const char *at = strstr(buf_text(&r.body), buf_text(&start));
    assert_non_null(at);
    return (int)strtol(at + start.len, NULL, 10);
}

int house_viewers(struct house *h)
{
    return house_figure(h, "viewers");
}

/* ---- going there --------------------------------------------------------- */

struct https *house_call(struct house *h)
{
    struct https *c = https_open(h->port, NULL);
    assert_non_null(c);
    return c;
}

void house_push(struct house *h, int from, int to, struct buf *out)
{
    pushing_put(&h->book, (struct pushing){ from, to, NULL, &h->keys }, out);
}

void house_expect_ack(struct house *h, const struct https_reply *r,
                      const char *state, int64_t count)
{
    struct ack ack;
    struct str rest;
    assert_int_equal(ack_decode(buf_slice(&r->body), h->keys.signing.public_key,
                                STR(""), &ack, &rest),
                     ERR_OK);
    assert_true(str_is(ack.state, state));
    assert_int_equal(ack.count, count);
}
