/*
 * test_http_listen.c - by what a connection's other end is counted.
 */
#include "sync/aggregator/http/http_listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct peer peer_at(const char *address)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
        return listen_peer((struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
    return listen_peer((struct sockaddr *)&v6);
}

static bool is_zeros(struct peer p)
{
    static const struct peer zeros;
    return memcmp(&p, &zeros, sizeof(p)) == 0;
}

static void a_host_counts_as_one_whatever_address_it_takes(void **state)
{
    static const struct {
        const char *one, *other;
        bool same;
    } cases[] = {
        { "203.0.113.7", "203.0.113.7", true },
        { "203.0.113.7", "203.0.113.8", false },
        { "203.0.113.7", "::ffff:203.0.113.7", true },
        { "::ffff:203.0.113.7", "::ffff:203.0.113.8", false },
        { "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true },
        { "2001:db8:1:2::1", "2001:db8:1:3::1", false },
        { "2001:db8::", "2001:db8:8000::", false },
        { "203.0.113.7", "cb00:7107::1", false }, /* the same first bytes */
        { "127.0.0.1", "::1", false },
        { "::1", "::2", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct peer a = peer_at(cases[i].one), b = peer_at(cases[i].other);
        if ((memcmp(&a, &b, sizeof(a)) == 0) != cases[i].same)
            fail_msg("%s, %s", cases[i].one, cases[i].other);
    }
}

static void only_what_is_no_address_is_zeros(void **state)
{
    const struct sockaddr none = { .sa_family = AF_UNIX };
    (void)state;
    assert_true(is_zeros(listen_peer(&none)));
    assert_false(is_zeros(peer_at("::1")));
    assert_false(is_zeros(peer_at("127.0.0.1")));
    assert_false(is_zeros(peer_at("0.0.0.0")));
    assert_false(is_zeros(peer_at("fe80::1")));
}

static void who_is_on_this_machine_is_known_by_its_address(void **state)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    static const struct {
        const char *address, *text;
        bool local;
    } cases[] = {
        { "::1", "::1", true },
        { "::ffff:127.0.0.9", "::ffff:127.0.0.9", true },
        { "2001:db8::1", "2001:db8::1", false },
        { "::ffff:10.0.0.1", "::ffff:10.0.0.1", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[PEER_TEXT];
        bool local = !cases[i].local;
        assert_int_equal(inet_pton(AF_INET6, cases[i].address, &v6.sin6_addr),
                         1);
        listen_peer_text((struct sockaddr *)&v6, text, &local);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(local, cases[i].local);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_counts_as_one_whatever_address_it_takes),
        cmocka_unit_test(only_what_is_no_address_is_zeros),
        cmocka_unit_test(who_is_on_this_machine_is_known_by_its_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
