/*
 * test_http_shape.c - where libmicrohttpd leaves the parts of a head, which
 * http_shape.c reads between: that the library of this machine does so, and
 * that everything is refused were it otherwise.
 */
#include "sync/aggregator/http/http_shape.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/aggregator/http/http_listen.h"
#include "tests/support/https.h"

/* ---- another library ----------------------------------------------------- */

enum { PARTS = 4 };

/* Each part with its NUL, in memory of its own or in lines of one block. */
static struct part {
    char *key, *value;
} parts[PARTS];

static int tell_parts(struct MHD_Connection *connection,
                      enum MHD_ValueKind kind, MHD_KeyValueIterator take,
                      void *cls)
{
    (void)connection;
    for (int i = 0; i < PARTS && parts[i].key; i++)
        take(cls, kind, parts[i].key, parts[i].value);
    return PARTS;
}

static int status(void)
{
    return shape_headers(NULL, SHAPE_ASKING, 0);
}

/* "Key: value\r\n" lines, cut as libmicrohttpd does; each 16 bytes long. */
#define LINES                \
    "Host\0 localhost\0\n"   \
    "Accept\0 anyth.\0\n"    \
    "X-Text\0  such a\0\n\r" \
    "\n"

static void parts_of(char *block)
{
    static const struct {
        size_t key, value;
    } at[] = { { 0, 6 }, { 17, 25 }, { 33, 42 } };
    memset(parts, 0, sizeof(parts));
    for (size_t i = 0; i < ARRAY_LEN(at); i++)
        parts[i] = (struct part){ block + at[i].key, block + at[i].value };
    assert_string_equal(parts[2].key, "X-Text");
    assert_string_equal(parts[2].value, "such a");
}

/* At the end of much memory: whoever reads on leaves it. */
static char *own(char *part)
{
    size_t n = strlen(part) + 1;
    char *block = x_alloc(2 * CONNECTION_MEMORY);
    return memcpy(block + 2 * CONNECTION_MEMORY - n, part, n);
}

static void drop(char *part)
{
    free(part + strlen(part) + 1 - 2 * CONNECTION_MEMORY);
}

static void parts_that_stand_as_they_came_are_taken(void **state)
{
    char block[] = LINES;
    (void)state;
    parts_of(block);
    assert_int_equal(status(), 0);
}

static void parts_in_memory_of_their_own_are_refused_unread(void **state)
{
    char block[] = LINES;
    (void)state;
    parts_of(block);
    for (int i = 0; i < 3; i++)
        parts[i] = (struct part){ own(parts[i].key), own(parts[i].value) };
    assert_int_equal(status(), MHD_HTTP_BAD_REQUEST);
    for (int i = 0; i < 3; i++) {
        drop(parts[i].key);
        drop(parts[i].value);
    }
}

/* Lines that are whole, but not where those before them are. */
static void lines_in_another_order_or_place_are_refused(void **state)
{
    char block[] = LINES, *far = x_alloc(3 * CONNECTION_MEMORY);
    (void)state;
    parts_of(block);
    struct part first = parts[0];
    parts[0] = parts[1];
    parts[1] = first;
    assert_int_equal(status(), MHD_HTTP_BAD_REQUEST);
    memset(far, '\n', 3 * CONNECTION_MEMORY);
    memcpy(far, block, sizeof(block));
    parts_of(far);
    memcpy(far + CONNECTION_MEMORY + 64, block + 33, 18);
    memset(far + 33, '\n', 18);
    parts[2].key = far + CONNECTION_MEMORY + 64;
    parts[2].value = parts[2].key + 9;
    assert_int_equal(status(), MHD_HTTP_BAD_REQUEST);
    free(far);
}

static void a_value_that_a_nul_cuts_is_refused(void **state)
{
    static const size_t cuts[] = { 9, 28, 44 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
        char block[] = LINES;
        parts_of(block);
        block[cuts[i]] = '\0';
        assert_int_equal(status(), MHD_HTTP_BAD_REQUEST);
    }
}

static void an_address_has_its_version_right_behind_it(void **state)
{
    char line[] = "GET /report\0HTTP/1.1", other[] = "HTTP/1.1";
    struct target t;
    (void)state;
    assert_true(shape_target(line + 4, &t));
    assert_true(shape_target_whole(&t, line + 12));
    assert_false(shape_target_whole(&t, line + 13));
    assert_false(shape_target_whole(&t, line));
    assert_false(shape_target_whole(&t, other));
}

/* ---- the library of this machine ----------------------------------------- */

static struct {
    const char *uri, *end;
    int headers, status;
    bool version_near, value_near, key_near;
} seen;

static void *look_uri(void *cls, const char *uri,
                      struct MHD_Connection *connection)
{
    (void)cls;
    (void)connection;
    seen.uri = uri + strlen(uri) + 1;
    return NULL;
}

static enum MHD_Result look_header(void *cls, enum MHD_ValueKind kind,
                                   const char *key, const char *value)
{
    (void)cls;
    (void)kind;
    seen.headers++;
    seen.value_near = seen.value_near && value == key + strlen(key) + 2;
    seen.key_near = seen.key_near && (!seen.end || key == seen.end + 2);
    seen.end = value + strlen(value);
    return MHD_YES;
}

// NOLINTNEXTLINE(readability-function-size): libmicrohttpd calls it so
static enum MHD_Result look(void *cls, struct MHD_Connection *connection,
                            const char *url, const char *method,
                            const char *version, const char *data, size_t *size,
                            void **con_cls)
{
    (void)cls;
    (void)url;
    (void)method;
    (void)data;
    (void)size;
    (void)con_cls;
    seen.version_near = version == seen.uri;
    seen.value_near = seen.key_near = true;
    mhd.get_connection_values(connection, MHD_HEADER_KIND, look_header, NULL);
    seen.status = shape_headers(connection, SHAPE_ASKING, 0);
    return MHD_NO; /* closes: all is seen */
}

/* What the library makes of a request's bytes. */
static void show(struct str request)
{
    struct listening at;
    BUF(why, MAX_TEXT);
    memset(&seen, 0, sizeof(seen));
    mhd_load();
    assert_int_equal(listen_at("127.0.0.1:0", &at, &why), ERR_OK);
    struct MHD_Daemon *daemon = mhd.start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, look, NULL,
        MHD_OPTION_LISTEN_SOCKET, at.fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, look_uri, NULL, MHD_OPTION_END);
    assert_non_null(daemon);
    int fd = tcp_open(at.port);
    assert_true(fd >= 0);
    assert_int_equal(send(fd, request.data, request.len, 0), request.len);
    assert_true(tcp_closed(fd));
    close(fd);
    mhd.stop_daemon(daemon);
}

static void libmicrohttpd_leaves_a_head_where_it_came(void **state)
{
    (void)state;
    show(STR("GET /report?kind=days HTTP/1.1\r\n"
             "Host: localhost\r\n"
             "Cookie: __Host-fair=1; fair-lang=vi\r\n"
             "Accept: text/html\r\n"
             "X-Text: such a\r\n\r\n"));
    if (!seen.version_near || !seen.value_near || !seen.key_near ||
        seen.headers != 4)
        fail_msg("libmicrohttpd %s keeps a head otherwise than http_shape.c "
                 "reads it",
                 mhd_version());
    assert_int_equal(seen.status, 0);
}

static void libmicrohttpd_shows_a_nul_in_a_head(void **state)
{
    (void)state;
    show(STR("GET /report HTTP/1.1\r\nHost: localhost\r\n"
             "X-Odd: a\0z\r\nX-Text: such a\r\n\r\n"));
    assert_true(seen.headers == 0 || seen.status == MHD_HTTP_BAD_REQUEST);
}

static int use_parts(void **state)
{
    (void)state;
    mhd.get_connection_values = tell_parts;
    return 0;
}

#define PLAYED(test) cmocka_unit_test_setup(test, use_parts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libmicrohttpd_leaves_a_head_where_it_came),
        cmocka_unit_test(libmicrohttpd_shows_a_nul_in_a_head),
        PLAYED(parts_that_stand_as_they_came_are_taken),
        PLAYED(parts_in_memory_of_their_own_are_refused_unread),
        PLAYED(lines_in_another_order_or_place_are_refused),
        PLAYED(a_value_that_a_nul_cuts_is_refused),
        cmocka_unit_test(an_address_has_its_version_right_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
