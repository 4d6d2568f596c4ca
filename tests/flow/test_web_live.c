/*
 * test_web_live.c - those who watch: told of news, let go after a while, never
 * in anybody's way.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/aggregator/store/reference.h"
#include "sync/aggregator/web/cache.h"
#include "sync/aggregator/web/live.h"
#include "tests/support/house.h"

enum { VIEWERS = 65, SOON_MS = 8000 /* looked for every two seconds */ };

struct watcher {
    struct https *c;
    struct house_guest *guest;
    char seen[64]; /* the last event's id */
};

static int watch_up(void **state)
{
    house_set_up(state);
    house_fair(*state, 20200114, 6);
    return 0;
}
#define WATCH(test) \
    cmocka_unit_test_setup_teardown(test, watch_up, house_tear_down)

static void ask(struct watcher *w)
{
    BUF(more, MAX_TEXT);
    BUF(head, MAX_TEXT);
    buf_puts(&more, w->guest->cookie);
    if (w->seen[0])
        buf_printf(&more, "Last-Event-ID: %s\r\n", w->seen);
    https_ask_head("GET", "/live", buf_text(&more), &head);
    assert_true(https_send(w->c, buf_slice(&head)));
}

/* Takes the event's id. */
static void take(struct watcher *w)
{
    HTTPS_REPLY(r);
    https_read(w->c, &r);
    assert_int_equal(r.status, 200);
    assert_false(r.closes);
    assert_true(
        https_says(&r, "Content-Type: text/event-stream; charset=utf-8"));
    assert_true(https_says(&r, "Cache-Control: no-store"));
    const char *body = buf_text(&r.body);
    const char *id = strstr(body, "\nid: ");
    assert_non_null(id);
    assert_int_equal(strncmp(body, "retry: 1000\n", 12), 0);
    assert_non_null(strstr(body, "\ndata: <"));
    assert_string_equal(body + r.body.len - 2, "\n\n");
    size_t n = strcspn(id + 5, "\n");
    assert_true(n < sizeof(w->seen));
    memcpy(w->seen, id + 5, n);
    w->seen[n] = '\0';
}

/* Sees what is there, then waits for more. */
static void begin(struct house *h, struct house_guest *g, struct watcher *w)
{
    *w = (struct watcher){ .c = house_call(h), .guest = g };
    ask(w);
    take(w);
    ask(w);
}

static void expect_viewers(struct house *h, int n)
{
    int64_t end = env_mono_ms() + SOON_MS;
    while (house_viewers(h) != n && env_mono_ms() < end)
        env_wait_ms(1);
    assert_int_equal(house_viewers(h), n);
}

static void push(struct house *h, int from, int to)
{
    struct https *c = house_call(h);
    BUF(bytes, MAX_BATCH);
    HTTPS_REPLY(r);
    house_push(h, from, to, &bytes);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&bytes), &r);
    assert_int_equal(r.status, 200);
    house_expect_ack(h, &r, "active", to);
    https_close(c);
}

static void who_has_seen_nothing_is_answered_at_once(void **state)
{
    struct house *h = *state;
    struct house_guest g = {
        .name = "lan", .role = ROLE_ORGANISER, .fair = "", .booth = ""
    };
    struct watcher w = { .c = house_call(h), .guest = &g };
    house_sign_in(h, &g);
    ask(&w);
    take(&w);
    assert_string_equal(w.seen, "0-0");
    push(h, 1, 3);
    house_clock_forward(CACHE_MS); /* what was made is given so long */
    memcpy(w.seen, "nonsense, longer than any id of ours can be 1-1", 48);
    ask(&w);
    take(&w);
    assert_string_equal(w.seen, "3-1");
    https_close(w.c);
}

static void who_has_seen_everything_waits_for_news(void **state)
{
    struct house *h = *state;
    struct house_guest g = {
        .name = "lan", .role = ROLE_ORGANISER, .fair = "", .booth = ""
    };
    struct watcher w;
    house_sign_in(h, &g);
    begin(h, &g, &w);
    expect_viewers(h, 1);
    int64_t from = env_mono_ms();
    push(h, 1, 10);
    take(&w);
    assert_string_equal(w.seen, "10-1");
    assert_in_range(env_mono_ms() - from, 0, SOON_MS);
    expect_viewers(h, 0);
    ask(&w); /* the same connection serves the next stream */
    expect_viewers(h, 1);
    push(h, 11, 11);
    take(&w);
    assert_string_equal(w.seen, "11-1");
    https_close(w.c);
}

static void a_stream_ends_after_twenty_five_seconds(void **state)
{
    struct house *h = *state;
    struct house_guest g = {
        .name = "lan", .role = ROLE_ORGANISER, .fair = "", .booth = ""
    };
    struct watcher w;
    house_sign_in(h, &g);
    begin(h, &g, &w);
    expect_viewers(h, 1);
    house_clock_forward(LIVE_HOLD_MS);
    take(&w);
    assert_string_equal(w.seen, "0-0");
    https_close(w.c);
}

static enum err end_sessions(void *ctx, struct store *s)
{
    return session_drop_all(s, str_of(ctx));
}

static void who_was_signed_out_meanwhile_is_told_nothing(void **state)
{
    struct house *h = *state;
    char name[] = "lan";
    struct house_guest g = {
        .name = name, .role = ROLE_ORGANISER, .fair = "", .booth = ""
    };
    struct watcher w;
    HTTPS_REPLY(r);
    house_sign_in(h, &g);
    begin(h, &g, &w);
    expect_viewers(h, 1);
    assert_int_equal(house_do(h, end_sessions, name), ERR_OK);
    push(h, 1, 3);
    https_read(w.c, &r);
    assert_int_equal(r.status, 401);
    assert_null(strstr(buf_text(&r.body), "data:"));
    https_close(w.c);
}

static void a_booth_watches_its_own_fair_alone(void **state)
{
    struct house *h = *state;
    struct house_guest g = {
        .name = "a1", .role = ROLE_BOOTH, .fair = "XUAN-2020", .booth = "A1"
    };
    struct https *c = house_call(h);
    HTTPS_REPLY(r);
    house_sign_in(h, &g);
    https_get(c, "/live", g.cookie, &r);
    assert_int_equal(r.status, 200);
    https_get(c, "/live?fair=HE-2020", g.cookie, &r);
    assert_int_equal(r.status, 403);
    https_close(c);
}

static enum err put_booth(void *ctx, struct store *s)
{
    const struct booth b = { .code = STR("A2"),
                             .name = STR("Gian A2"),
                             .origin = STR("in-province"),
                             .stands = 1 };
    enum change change;
    (void)ctx;
    return booth_put(s, STR("XUAN-2020"), &b, &change);
}

static void a_booth_is_not_told_that_others_sell(void **state)
{
    struct house *h = *state;
    struct house_guest g = {
        .name = "a2", .role = ROLE_BOOTH, .fair = "XUAN-2020", .booth = "A2"
    };
    struct watcher w;
    assert_int_equal(house_do(h, put_booth, NULL), ERR_OK);
    house_sign_in(h, &g);
    push(h, 1, 3); /* of A1 */
    begin(h, &g, &w);
    assert_string_equal(w.seen, "0-0");
    expect_viewers(h, 1);
    push(h, 4, 10);
    house_clock_forward(LIVE_HOLD_MS);
    take(&w);
    assert_string_equal(w.seen, "0-0");
    https_close(w.c);
}

static void a_hall_of_viewers_is_in_no_tills_way(void **state)
{
    struct house *h = *state;
    static struct watcher w[VIEWERS];
    struct house_guest g = {
        .name = "lan", .role = ROLE_ORGANISER, .fair = "", .booth = ""
    };
    house_sign_in(h, &g);
    int before = house_descriptors();
    for (int i = 0; i < VIEWERS; i++)
        begin(h, &g, &w[i]);
    expect_viewers(h, VIEWERS);
    int64_t from = env_mono_ms();
    push(h, 1, 20);
    assert_in_range(env_mono_ms() - from, 0, SOON_MS);
    for (int i = 0; i < VIEWERS; i++) {
        take(&w[i]);
        assert_string_equal(w[i].seen, "20-1");
        https_close(w[i].c);
    }
    /* The server closes its own ends a moment after ours. */
    for (int i = 0; i < 5000 && house_descriptors() > before; i++)
        env_wait_ms(1);
    assert_int_equal(house_descriptors(), before);
}

static void *stop_house(void *ctx)
{
    house_stop(ctx);
    return NULL;
}

static void stopping_answers_everybody_who_watches(void **state)
{
    struct house *h = *state;
    struct watcher w[3];
    pthread_t stopper;
    struct house_guest g = {
        .name = "lan", .role = ROLE_ORGANISER, .fair = "", .booth = ""
    };
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(w); i++)
        begin(h, &g, &w[i]);
    expect_viewers(h, (int)ARRAY_LEN(w));
    assert_int_equal(pthread_create(&stopper, NULL, stop_house, h), 0);
    for (size_t i = 0; i < ARRAY_LEN(w); i++) {
        HTTPS_REPLY(r);
        https_read(w[i].c, &r);
        assert_int_equal(r.status, 503);
        assert_in_range(r.retry_after_s, 1, 10);
        https_close(w[i].c);
    }
    pthread_join(stopper, NULL);
    house_serve(h); /* for house_tear_down */
    expect_viewers(h, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WATCH(who_has_seen_nothing_is_answered_at_once),
        WATCH(who_has_seen_everything_waits_for_news),
        WATCH(a_stream_ends_after_twenty_five_seconds),
        WATCH(who_was_signed_out_meanwhile_is_told_nothing),
        WATCH(a_booth_watches_its_own_fair_alone),
        WATCH(a_booth_is_not_told_that_others_sell),
        WATCH(a_hall_of_viewers_is_in_no_tills_way),
        WATCH(stopping_answers_everybody_who_watches),
    };
    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
