/*
 * test_http.c - the aggregator's front door, over real sockets and real TLS.
 */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/http/http_guard.h"
#include "sync/aggregator/http/http_listen.h"
#include "tests/support/house.h"

enum { CROWD = 200 };

/* ---- the straight way ---------------------------------------------------- */

static void a_push_is_acknowledged_and_the_connection_kept(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    for (int i = 0; i < 3; i++) {
        BUF(push, MAX_BATCH);
        HTTPS_REPLY(r);
        house_push(h, 10 * i + 1, 10 * i + 10, &push);
        https_send_post(c, WIRE_PUSH_PATH, buf_slice(&push), &r);
        assert_int_equal(r.status, 200);
        assert_false(r.closes);
        house_expect_ack(h, &r, "active", 10 * i + 10);
    }
    HTTPS_REPLY(gap);
    BUF(push, MAX_BATCH);
    house_push(h, 31, 31, &push);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&push), &gap);
    house_expect_ack(h, &gap, "active", 31);
    https_close(c);
}

static void a_no_that_is_signed_keeps_the_connection_another_ends_it(
    void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    BUF(push, MAX_BATCH);
    HTTPS_REPLY(r);
    house_push(h, 5, 6, &push);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&push), &r);
    assert_int_equal(r.status, 409);
    assert_false(r.closes);
    house_expect_ack(h, &r, "unknown", 0);
    push.data[20] ^= 1;
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&push), &r);
    assert_int_equal(r.status / 100, 4);
    assert_non_null(strstr(buf_text(&r.body), "{\"error\":"));
    assert_true(r.closes);
    assert_true(https_closed(c));
    https_close(c);
}

static void bytes_behind_a_push_are_refused(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    BUF(push, MAX_BATCH);
    HTTPS_REPLY(r);
    house_push(h, 1, 2, &push);
    house_push(h, 3, 4, &push);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&push), &r);
    assert_int_equal(r.status, 400);
    https_close(c);
}

/* ---- shapes -------------------------------------------------------------- */

#define LINE "POST /v1/push HTTP/1.1\r\n"
#define HOST "Host: localhost\r\n"
#define MUCH "Content-Length: 200\r\n"
#define ENDS "\r\n"
#define TEN                                                            \
    "a: 1\r\na: 2\r\na: 3\r\na: 4\r\na: 5\r\na: 6\r\na: 7\r\na: 8\r\n" \
    "a: 9\r\na: 0\r\n"
#define LONG                                                          \
    "/v1/push/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"  \
    "aaaaaaaaaaaaaaaaaa"
#define SENT(raw) ((struct str){ (raw).data, (raw).len })
#define CASE(text, status)                        \
    {                                             \
        { text, sizeof(text) - 1 }, status, false \
    }
#define ITS_CASE(text, status)                   \
    {                                            \
        { text, sizeof(text) - 1 }, status, true \
    }

/* Each is refused before a byte of its body is there; those that libmicrohttpd
 * refuses by itself have no words of ours (and its head twice). Which these
 * are grows with its versions: later ones refuse more in words of HTML. */
static const struct shape_case {
    struct {
        const char *data;
        size_t len;
    } bytes;
    int status;
    bool its_own;
} shapes[] = {
    CASE(LINE HOST MUCH "Transfer-Encoding: chunked\r\n" ENDS, 400),
    CASE(LINE HOST "Transfer-Encoding: chunked\r\n" MUCH ENDS, 400),
    CASE(LINE HOST "Transfer-Encoding: chunked\r\n" ENDS, 411),
    CASE(LINE HOST "Transfer-Encoding: identity\r\n" ENDS, 411),
    CASE(LINE HOST "Transfer-Encoding: gzip, chunked\r\n" ENDS, 411),
    CASE(LINE HOST "transfer-encoding:\tnonsense\r\n" ENDS, 411),
    CASE(LINE HOST ENDS, 411),
    CASE(LINE HOST MUCH MUCH ENDS, 400),
    CASE(LINE HOST MUCH "content-length: 7\r\n" ENDS, 400),
    CASE(LINE HOST "Content-Length: 262145\r\n" ENDS, 413),
    CASE(LINE HOST "Content-Length: 9223372036854775807\r\n" ENDS, 413),
    ITS_CASE(LINE HOST "Content-Length: 99999999999999999999999\r\n" ENDS, 413),
    CASE("POST /v1/enrol HTTP/1.1\r\n" HOST "Content-Length: 2179\r\n" ENDS,
         413),
    ITS_CASE(LINE HOST "Content-Length: -1\r\n" ENDS, 400),
    ITS_CASE(LINE HOST "Content-Length: 1e3\r\n" ENDS, 400),
    ITS_CASE(LINE HOST "Content-Length: +12\r\n" ENDS, 400),
    CASE(LINE HOST MUCH "Content-Encoding: gzip\r\n" ENDS, 415),
    CASE(LINE HOST MUCH "Content-Encoding: identity\r\n" ENDS, 415),
    CASE(LINE HOST MUCH "Expect: 200-ok\r\n" ENDS, 417),
    CASE(LINE HOST MUCH "X-Odd: a\x01z\r\n" ENDS, 400),
    CASE(LINE HOST MUCH "X-Odd: a\x7fz\r\n" ENDS, 400),
    CASE(LINE HOST MUCH "X-Odd: a\0z\r\n" ENDS, 400),
    CASE(LINE HOST "X-Odd: a\0z\r\n" MUCH ENDS, 400),
    CASE(LINE HOST "X-Odd: a\0\0z\r\n" MUCH ENDS, 400),
    CASE(LINE "Host: localhost\n" MUCH ENDS, 400),
    CASE(LINE HOST MUCH "X-Odd\x01: a\r\n" ENDS, 400),
    CASE(LINE HOST MUCH "X-Fold: one\r\n two\r\n" ENDS, 400),
    CASE(LINE HOST MUCH "X-Fold: one\r\n\ttwo\r\n" ENDS, 400),
    CASE(LINE HOST TEN TEN TEN MUCH "b: 2\r\n" ENDS, 400),
    CASE("POST /v1/%70ush HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/push%00 HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/push%00/../x HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/..%2fv1/push HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/../v1/push HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST //v1/push HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1//push HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/push/ HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/push?a=b HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/push? HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/push\0x HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST /v1/Push HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST https://localhost/v1/push HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("POST " LONG " HTTP/1.1\r\n" HOST MUCH ENDS, 404),
    CASE("GET /v1 HTTP/1.1\r\n" HOST ENDS, 404),
    CASE("GET /v1/push HTTP/1.1\r\n" HOST ENDS, 405),
    CASE("PUT /v1/push HTTP/1.1\r\n" HOST MUCH ENDS, 405),
    CASE("post /v1/push HTTP/1.1\r\n" HOST MUCH ENDS, 405),
    CASE(LINE HOST "host: elsewhere\r\n" MUCH ENDS, 400),
    ITS_CASE(LINE MUCH ENDS, 400),
};

static void odd_shapes_are_refused_before_the_body(void **state)
{
    struct house *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        const struct shape_case *s = &shapes[i];
        struct https *c = house_call(h);
        HTTPS_REPLY(r);
        assert_true(https_send(c, SENT(s->bytes)));
        https_read(c, &r);
        if (r.status != s->status)
            fail_msg("%d instead of %d: %s", r.status, s->status,
                     s->bytes.data);
        bool its_own =
            s->its_own || strstr(buf_text(&r.body), "<html>") != NULL;
        /* What may follow is nobody's second request. */
        https_send(c, STR("0\r\n\r\nGET / HTTP/1.1\r\n" HOST ENDS));
        BUF(rest, MAX_TEXT);
        if (!https_rest(c, &rest) || (rest.len > 0 && !its_own))
            fail_msg("goes on: %s\n%s", s->bytes.data, buf_text(&rest));
        if (!its_own)
            assert_non_null(strstr(buf_text(&r.body), "\"remedy\""));
        https_close(c);
    }
}

static void right_shapes_are_taken_to_their_limits(void **state)
{
    static const struct shape_case right[] = {
        CASE(LINE HOST "Content-Length: 262144\r\n" ENDS, 0),
        CASE(LINE HOST TEN TEN TEN MUCH ENDS, 0),
        CASE("POST /v1/enrol HTTP/1.1\r\n" HOST "Content-Length: 2178\r\n" ENDS,
             0),
        CASE(LINE HOST "Content-Length:\t   7\r\nX-Text:\r\n" ENDS, 0),
    };
    struct house *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(right); i++) {
        struct https *c = house_call(h);
        HTTPS_REPLY(r);
        BUF(body, MAX_BATCH);
        assert_true(https_send(c, SENT(right[i].bytes)));
        while (body.len < MAX_BATCH)
            buf_putc(&body, 'x');
        https_send(c, buf_slice(&body));
        https_read(c, &r);
        if (r.status != 400 || !strstr(buf_text(&r.body), "\"form\""))
            fail_msg("%d %s: %s", r.status, buf_text(&r.body),
                     right[i].bytes.data);
        https_close(c);
    }
}

/* libmicrohttpd refuses it itself, once the connection's memory is full. */
static void a_head_beyond_its_memory_is_refused(void **state)
{
    static const struct {
        size_t head;
        bool fits;
    } cases[] = { { 12 * 1024, true }, { 17 * 1024, false } };
    struct house *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct https *c = house_call(h);
        BUF(head, MAX_BATCH);
        HTTPS_REPLY(r);
        buf_puts(&head, LINE HOST "Content-Length: 7\r\nX-Long: ");
        while (head.len < cases[i].head)
            buf_putc(&head, 'x');
        buf_puts(&head, "\r\n" ENDS "1234567");
        https_send(c, buf_slice(&head));
        https_read(c, &r);
        assert_int_equal(r.status == 400, cases[i].fits);
        if (!cases[i].fits && r.status != 0)
            assert_in_range(r.status, 413, 431);
        https_close(c);
    }
}

static void who_expects_to_be_asked_is_asked(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    BUF(push, MAX_BATCH);
    BUF(head, MAX_TEXT);
    HTTPS_REPLY(r);
    house_push(h, 1, 3, &push);
    buf_printf(&head,
               LINE HOST "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
               push.len);
    assert_true(https_send(c, buf_slice(&head)));
    https_read(c, &r);
    assert_int_equal(r.status, 100);
    assert_true(https_send(c, buf_slice(&push)));
    https_read(c, &r);
    assert_int_equal(r.status, 200);
    https_close(c);
}

static void old_versions_of_tls_are_not_spoken(void **state)
{
    static const struct {
        const char *versions;
        bool spoken;
    } cases[] = {
        { ":-VERS-ALL:+VERS-TLS1.0", false },
        { ":-VERS-ALL:+VERS-TLS1.1", false },
        { ":-VERS-ALL:+VERS-TLS1.2", true },
        { ":-VERS-ALL:+VERS-TLS1.3", true },
    };
    struct house *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct https *c = https_open(h->port, cases[i].versions);
        assert_int_equal(c != NULL, cases[i].spoken);
        https_close(c);
    }
}

static void a_thousand_may_wait_at_the_door(void **state)
{
    struct listening at;
    struct tcp_info info;
    socklen_t len = sizeof(info);
    (void)state;
    assert_int_equal(listen_at("127.0.0.1:0", &at, NULL), ERR_OK);
    assert_int_equal(getsockopt(at.fd, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
    assert_int_equal(info.tcpi_sacked, 1024); /* of a listener: its backlog */
    close(at.fd);
}

/* ---- those who take their time ------------------------------------------- */

static void a_request_has_thirty_seconds_however_it_drips(void **state)
{
    const struct str begun[] = { STR(""), STR("POST"),
                                 STR(LINE HOST "X-Slow: 1"),
                                 STR(LINE HOST MUCH ENDS "body") };
    struct house *h = *state;
    struct https *c[ARRAY_LEN(begun)];
    int silent = tcp_open(h->port); /* not even a handshake */
    for (size_t i = 0; i < ARRAY_LEN(begun); i++) {
        c[i] = house_call(h);
        assert_true(https_send(c[i], begun[i]));
    }
    for (int s = 0; s < 31; s += 10) { /* a byte now and then saves nobody */
        house_clock_forward(10500);
        https_send(c[2], STR("."));
        https_send(c[3], STR("."));
    }
    assert_true(tcp_closed(silent));
    for (size_t i = 0; i < ARRAY_LEN(begun); i++) {
        assert_true(https_closed(c[i]));
        https_close(c[i]);
    }
    close(silent);
}

static void who_ends_in_time_is_answered_and_has_the_time_again(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    for (int i = 0; i < 2; i++) {
        BUF(push, MAX_BATCH);
        BUF(head, MAX_TEXT);
        HTTPS_REPLY(r);
        house_push(h, 5 * i + 1, 5 * i + 5, &push);
        https_post_head(WIRE_PUSH_PATH, push.len, &head);
        assert_true(https_send(c, buf_slice(&head)));
        house_clock_forward(28000);
        assert_true(https_send(c, buf_slice(&push)));
        https_read(c, &r);
        assert_int_equal(r.status, 200);
    }
    /* The answer may be here before the server knows that it is. */
    for (int i = 0; i < 100; i++) {
        house_clock_forward(31000);
        env_wait_ms(1);
    }
    assert_true(https_closed(c));
    https_close(c);
}

/* From an address outside the venue's own networks. */
static void strangers_of_one_address_are_few(void **state)
{
    struct house *h = *state;
    int all[FROM_ONE_MAX];
    house_stop(h);
    h->venue = "10.0.0.0/8, ::1/128";
    house_serve(h);
    for (int i = 0; i < FROM_ONE_MAX; i++) {
        all[i] = tcp_open(h->port);
        assert_true(all[i] >= 0);
    }
    int more = tcp_open(h->port);
    assert_true(tcp_closed(more));
    close(more);
    for (int i = 0; i < FROM_ONE_MAX; i++) {
        char byte;
        assert_int_equal(recv(all[i], &byte, 1, MSG_DONTWAIT), -1);
        close(all[i]); /* it was still there */
    }
}

static void a_silent_crowd_is_shown_out_and_leaves_nothing(void **state)
{
    struct house *h = *state;
    int before = house_descriptors(), crowd[CROWD];
    HTTPS_REPLY(r);
    BUF(push, MAX_BATCH);
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = tcp_open(h->port);
        assert_true(crowd[i] >= 0);
    }
    struct https *c = house_call(h);
    house_push(h, 1, 10, &push);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&push), &r);
    assert_int_equal(r.status, 200);
    https_close(c);
    house_clock_forward(31000);
    for (int i = 0; i < CROWD; i++) {
        assert_true(tcp_closed(crowd[i]));
        close(crowd[i]);
    }
    /* The server closes its own ends a moment after ours see it. */
    for (int i = 0; i < 1000 && house_descriptors() > before; i++)
        env_wait_ms(1);
    assert_int_equal(house_descriptors(), before);
}

/* ---- the queue and the end ----------------------------------------------- */

/* Holds the writer until it is told to go on. */
struct plug {
    struct job job;
    atomic_bool begun, open;
};

static enum err plug_run(struct job *job, struct store *s)
{
    struct plug *p = (struct plug *)job;
    (void)s;
    atomic_store(&p->begun, true);
    while (!atomic_load(&p->open))
        env_wait_ms(1);
    return ERR_OK;
}

static void plug_done(struct job *job, struct store *s, enum err e)
{
    (void)job;
    (void)s;
    (void)e;
}

static void plug_in(struct house *h, struct plug *p)
{
    *p = (struct plug){ .job = { plug_run, false, plug_done, NULL, false } };
    assert_int_equal(ingest_queue(h->ingest, &p->job), ERR_OK);
    while (!atomic_load(&p->begun))
        env_wait_ms(1);
}

/* Fills the queue with pushes that wait for their answers. */
static void fill_queue(struct house *h, struct https *c[HOUSE_QUEUE])
{
    for (int i = 0; i < HOUSE_QUEUE; i++) {
        BUF(push, MAX_BATCH);
        BUF(head, MAX_TEXT);
        house_push(h, 1, i + 1, &push);
        https_post_head(WIRE_PUSH_PATH, push.len, &head);
        c[i] = house_call(h);
        assert_true(https_send(c[i], buf_slice(&head)));
        assert_true(https_send(c[i], buf_slice(&push)));
    }
    while (!ingest_full(h->ingest))
        env_wait_ms(1);
}

static void a_full_queue_is_said_before_the_body(void **state)
{
    struct house *h = *state;
    struct https *c[HOUSE_QUEUE], *late;
    struct plug plug;
    BUF(head, MAX_TEXT);
    HTTPS_REPLY(busy);
    plug_in(h, &plug);
    fill_queue(h, c);
    late = house_call(h);
    https_post_head(WIRE_PUSH_PATH, 1000, &head);
    assert_true(https_send(late, buf_slice(&head)));
    https_read(late, &busy);
    assert_int_equal(busy.status, 503);
    assert_in_range(busy.retry_after_s, 1, 10);
    assert_non_null(strstr(buf_text(&busy.body), "\"busy\""));
    assert_true(https_closed(late));
    https_close(late);
    atomic_store(&plug.open, true);
    for (int i = 0; i < HOUSE_QUEUE; i++) {
        HTTPS_REPLY(r);
        https_read(c[i], &r);
        assert_int_equal(r.status, 200);
        https_close(c[i]);
    }
}

static void *stop_house(void *ctx)
{
    house_stop(ctx);
    return NULL;
}

static void stopping_answers_everybody_who_waits(void **state)
{
    struct house *h = *state;
    struct https *c[HOUSE_QUEUE], *idle, *half;
    struct plug plug;
    pthread_t stopper;
    BUF(push, MAX_BATCH);
    BUF(head, MAX_TEXT);
    HTTPS_REPLY(late);
    plug_in(h, &plug);
    idle = house_call(h);
    half = house_call(h);
    house_push(h, 1, 2, &push);
    https_post_head(WIRE_PUSH_PATH, push.len, &head);
    assert_true(https_send(half, buf_slice(&head)));
    fill_queue(h, c);
    assert_int_equal(pthread_create(&stopper, NULL, stop_house, h), 0);
    atomic_store(&plug.open, true);
    for (int i = 0; i < HOUSE_QUEUE; i++) {
        HTTPS_REPLY(r);
        https_read(c[i], &r);
        assert_int_equal(r.status, 200);
        https_close(c[i]);
    }
    /* Whose body comes only now is told to come again. */
    assert_true(https_send(half, buf_slice(&push)));
    https_read(half, &late);
    assert_true(late.status == 503 || late.status == 200);
    https_close(half);
    pthread_join(stopper, NULL);
    assert_true(https_closed(idle));
    https_close(idle);
    assert_int_equal(tcp_open(h->port), -1);
    house_serve(h); /* for house_tear_down */
}

static void a_stopped_house_leaves_no_descriptor_behind(void **state)
{
    struct house *h = *state;
    house_stop(h);
    int before = house_descriptors();
    for (int i = 0; i < 3; i++) {
        house_serve(h);
        struct https *c = house_call(h);
        house_stop(h);
        https_close(c);
    }
    assert_int_equal(house_descriptors(), before);
    house_serve(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(a_push_is_acknowledged_and_the_connection_kept),
        HOUSE(a_no_that_is_signed_keeps_the_connection_another_ends_it),
        HOUSE(bytes_behind_a_push_are_refused),
        HOUSE(odd_shapes_are_refused_before_the_body),
        HOUSE(right_shapes_are_taken_to_their_limits),
        HOUSE(a_head_beyond_its_memory_is_refused),
        HOUSE(who_expects_to_be_asked_is_asked),
        HOUSE(old_versions_of_tls_are_not_spoken),
        cmocka_unit_test(a_thousand_may_wait_at_the_door),
        HOUSE(a_request_has_thirty_seconds_however_it_drips),
        HOUSE(who_ends_in_time_is_answered_and_has_the_time_again),
        HOUSE(strangers_of_one_address_are_few),
        HOUSE(a_silent_crowd_is_shown_out_and_leaves_nothing),
        HOUSE(a_full_queue_is_said_before_the_body),
        HOUSE(stopping_answers_everybody_who_waits),
        HOUSE(a_stopped_house_leaves_no_descriptor_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
