/*
 * test_agent_http.c - the network of fair-sync against a real TLS server: it
 * talks to the pinned key and nobody else, and takes no more than it asked
 * for.
 */
#include "sync/agent/http.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include <cmocka.h>

#include "fair/wire.h"
#include "sync/aggregator/ingest/keys.h"
#include "tests/support/scratch.h"

static char dir[SCRATCH_ROOM];
static struct keys keys;
static char pin[64];

/* What the server answers, and what it has seen. Its thread writes only while
 * a request is under way. */
static struct {
    struct MHD_Daemon *daemon;
    int status;
    size_t bytes;             /* of the reply */
    bool cut;                 /* it ends after half of them */
    const char *name, *value; /* a header; or NULL */
    atomic_int requests, connections;
    struct buf body; /* of the request */
    char type[64], encoding[64], expect[64], length[32];
} server;

/* ---- the server ---------------------------------------------------------- */

static void note_header(struct MHD_Connection *c, const char *name, char *out,
                        size_t room)
{
    const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    snprintf(out, room, "%s", value ? value : "");
}

static ssize_t give(void *ctx, uint64_t at, char *out, size_t max)
{
    size_t end = server.cut ? server.bytes / 2 : server.bytes;
    (void)ctx;
    if (at >= end)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t n = end - at < max ? end - (size_t)at : max;
    memset(out, 'x', n);
    return (ssize_t)n;
}

static enum MHD_Result answer(struct MHD_Connection *c)
{
    struct MHD_Response *r =
        MHD_create_response_from_callback(server.bytes, 1024, give, NULL, NULL);
    if (server.name)
        MHD_add_response_header(r, server.name, server.value);
    server.requests++;
    enum MHD_Result ok = MHD_queue_response(c, (unsigned int)server.status, r);
    MHD_destroy_response(r);
    return ok;
}

// NOLINTNEXTLINE(readability-function-size): libmicrohttpd's parameters
static enum MHD_Result serve(void *ctx, struct MHD_Connection *c,
                             const char *url, const char *method,
                             const char *version, const char *data,
                             size_t *size, void **request)
{
    static int begun;
    (void)ctx, (void)url, (void)version;
    if (!*request) {
        *request = &begun;
        buf_clear(&server.body);
        note_header(c, "Content-Type", server.type, sizeof(server.type));
        note_header(c, "Accept-Encoding", server.encoding,
                    sizeof(server.encoding));
        note_header(c, "Expect", server.expect, sizeof(server.expect));
        note_header(c, "Content-Length", server.length, sizeof(server.length));
        return strcmp(method, "POST") == 0 ? MHD_YES : MHD_NO;
    }
    if (*size > 0) {
        buf_put(&server.body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return answer(c);
}

static void connected(void *ctx, struct MHD_Connection *c, void **socket,
                      enum MHD_ConnectionNotificationCode code)
{
    (void)ctx, (void)c, (void)socket;
    server.connections += code == MHD_CONNECTION_NOTIFY_STARTED;
}

static const char *start(bool tls)
{
    static char url[64];
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC;
    const char *key = buf_text(&keys.tls_key), *crt = buf_text(&keys.tls_crt);
    const struct MHD_OptionItem secure[] = {
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key },
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)crt },
        { MHD_OPTION_END, 0, NULL }
    };
    server.daemon = MHD_start_daemon(
        flags | (tls ? MHD_USE_TLS : 0U), 0, NULL, NULL, serve, NULL,
        MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_CONNECTION, connected,
        NULL, MHD_OPTION_ARRAY, tls ? secure : &secure[2], MHD_OPTION_END);
    assert_non_null(server.daemon);
    snprintf(url, sizeof(url), "%s://127.0.0.1:%d" WIRE_PUSH_PATH,
             tls ? "https" : "http",
             (int)MHD_get_daemon_info(server.daemon, MHD_DAEMON_INFO_BIND_PORT)
                 ->port);
    return url;
}

static int make_keys(void **state)
{
    BUF(text, MAX_TEXT);
    (void)state;
    sign_init();
    scratch_make(dir);
    assert_int_equal(keys_make(dir), ERR_OK);
    assert_int_equal(keys_load(dir, &keys), ERR_OK);
    pin_render(keys.pin, &text);
    snprintf(pin, sizeof(pin), "%s", buf_text(&text));
    buf_init(&server.body, MAX_BATCH);
    return 0;
}

static int wipe_keys(void **state)
{
    (void)state;
    keys_done(&keys);
    buf_done(&server.body);
    scratch_remove(dir);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    server.status = 200;
    server.bytes = 5;
    server.cut = false;
    server.name = NULL;
    server.requests = server.connections = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    https_done();
    if (server.daemon)
        MHD_stop_daemon(server.daemon);
    server.daemon = NULL;
    return 0;
}

/* ---- the client ---------------------------------------------------------- */

static struct net_request request(const char *url)
{
    return (struct net_request){ .url = url,
                                 .pin = pin,
                                 .body = STR("two\nlines\n"),
                                 .timeout_ms = 10000,
                                 .reply_max = MAX_REPLY };
}

/* A failure leaves everything as it was. */
static void fails(const struct net_request *r, enum err expected)
{
    int status = -1;
    BUF(reply, MAX_REPLY);
    buf_puts(&reply, "before");
    assert_int_equal(https_post(NULL, r, &status, &reply), expected);
    assert_int_equal(status, -1);
    assert_string_equal(buf_text(&reply), "before");
}

static void is_answered(const struct net_request *r, int status, size_t bytes)
{
    int got = -1;
    BUF(reply, MAX_REPLY);
    assert_int_equal(https_post(NULL, r, &got, &reply), ERR_OK);
    assert_int_equal(got, status);
    assert_int_equal(reply.len, bytes);
}

/* ---- the tests ----------------------------------------------------------- */

static void the_pinned_server_gets_the_request_as_it_is(void **state)
{
    struct net_request r = request(start(true));
    (void)state;
    is_answered(&r, 200, 5);
    assert_string_equal(buf_text(&server.body), "two\nlines\n");
    assert_string_equal(server.type, WIRE_TYPE);
    assert_string_equal(server.length, "10");
    assert_string_equal(server.encoding, "");
    assert_string_equal(server.expect, "");
}

static void the_longest_push_arrives_whole(void **state)
{
    struct net_request r = request(start(true));
    BUF(body, MAX_BATCH);
    (void)state;
    while (body.len < MAX_BATCH)
        buf_putc(&body, (char)('a' + body.len % 26));
    r.body = buf_slice(&body);
    is_answered(&r, 200, 5);
    assert_int_equal(server.body.len, MAX_BATCH);
    assert_memory_equal(server.body.data, body.data, MAX_BATCH);
    assert_string_equal(server.expect, "");
}

static void another_server_gets_nothing(void **state)
{
    struct net_request r = request(start(true));
    uint8_t other[HASH_BYTES];
    BUF(text, MAX_TEXT);
    (void)state;
    memcpy(other, keys.pin, sizeof(other));
    other[31] ^= 1;
    pin_render(other, &text);
    r.pin = buf_text(&text);
    fails(&r, ERR_PIN);
    assert_int_equal(server.requests, 0);
}

static void without_a_pin_nothing_is_sent(void **state)
{
    static const char *const pins[] = { NULL, "", "/etc/passwd", "sha256/x" };
    struct net_request r = request(start(true));
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pins); i++) {
        r.pin = pins[i];
        fails(&r, ERR_PIN);
    }
    assert_int_equal(server.connections, 0);
}

static void one_of_two_pins_will_do(void **state)
{
    struct net_request r = request(start(true));
    uint8_t other[HASH_BYTES] = { 1 };
    BUF(text, MAX_TEXT);
    (void)state;
    pin_render(other, &text);
    buf_printf(&text, ";%s", pin);
    r.pin = buf_text(&text);
    is_answered(&r, 200, 5);
}

static void nothing_but_https_is_spoken(void **state)
{
    struct net_request r = request(start(false));
    (void)state;
    fails(&r, ERR_UNREACHABLE);
    r.url = "file:///etc/passwd";
    fails(&r, ERR_UNREACHABLE);
    assert_int_equal(server.connections, 0);
}

static void no_redirection_is_followed(void **state)
{
    struct net_request r = request(start(true));
    (void)state;
    server.status = 307;
    server.name = "Location";
    server.value = r.url;
    is_answered(&r, 307, 5);
    assert_int_equal(server.requests, 1);
}

static void a_proxy_of_the_users_is_not_asked(void **state)
{
    struct net_request r = request(start(true));
    (void)state;
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    is_answered(&r, 200, 5);
    unsetenv("https_proxy");
    unsetenv("ALL_PROXY");
}

static void a_reply_may_be_as_long_as_asked_for_and_no_longer(void **state)
{
    struct net_request r = request(start(true));
    (void)state;
    server.bytes = MAX_REPLY;
    is_answered(&r, 200, MAX_REPLY);
    server.bytes = MAX_REPLY + 1;
    fails(&r, ERR_UNREACHABLE);
}

static void a_reply_cut_short_is_none(void **state)
{
    struct net_request r = request(start(true));
    (void)state;
    server.bytes = 2000;
    server.cut = true;
    fails(&r, ERR_UNREACHABLE);
    assert_int_equal(server.requests, 1);
}

static void a_busy_server_says_when_to_come_back(void **state)
{
    struct net_request r = request(start(true));
    int after_s = 0;
    (void)state;
    r.retry_after_s = &after_s;
    is_answered(&r, 200, 5);
    assert_int_equal(after_s, 0);
    server.status = 503;
    server.name = "Retry-After";
    server.value = "12";
    is_answered(&r, 503, 5);
    assert_int_equal(after_s, 12);
}

static void a_session_has_one_connection(void **state)
{
    struct net_request r = request(start(true));
    (void)state;
    for (int i = 0; i < 3; i++)
        is_answered(&r, 200, 5);
    assert_int_equal(server.connections, 1);
    https_done();
    is_answered(&r, 200, 5);
    assert_int_equal(server.connections, 2);
}

/* A socket that listens but never accepts. */
static int mute(char *url, size_t room)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    snprintf(url, room, "https://127.0.0.1:%d/", ntohs(at.sin_port));
    return fd;
}

static void who_does_not_answer_is_unreachable(void **state)
{
    char url[64];
    int fd = mute(url, sizeof(url));
    struct net_request r = request(url);
    (void)state;
    fails(&r, ERR_UNREACHABLE); /* refused */
    assert_int_equal(listen(fd, 1), 0);
    r.timeout_ms = 50;
    fails(&r, ERR_UNREACHABLE); /* out of time */
    close(fd);
}

static void a_signal_breaks_a_request_off(void **state)
{
    char url[64];
    int fd = mute(url, sizeof(url));
    struct net_request r = request(url);
    (void)state;
    assert_int_equal(listen(fd, 1), 0);
    https_break = 1;
    int64_t begun = env_mono_ms();
    fails(&r, ERR_UNREACHABLE);
    https_break = 0;
    assert_true(env_mono_ms() - begun < 5000);
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_pinned_server_gets_the_request_as_it_is),
        TEST(the_longest_push_arrives_whole),
        TEST(another_server_gets_nothing),
        TEST(without_a_pin_nothing_is_sent),
        TEST(one_of_two_pins_will_do),
        TEST(nothing_but_https_is_spoken),
        TEST(no_redirection_is_followed),
        TEST(a_proxy_of_the_users_is_not_asked),
        TEST(a_reply_may_be_as_long_as_asked_for_and_no_longer),
        TEST(a_reply_cut_short_is_none),
        TEST(a_busy_server_says_when_to_come_back),
        TEST(a_session_has_one_connection),
        TEST(who_does_not_answer_is_unreachable),
        TEST(a_signal_breaks_a_request_off),
    };
    return cmocka_run_group_tests(tests, make_keys, wipe_keys);
}
