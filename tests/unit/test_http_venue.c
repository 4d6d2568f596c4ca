/*
 * test_http_venue.c - which addresses are the venue's own.
 */
#include "sync/aggregator/http/http_venue.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool is_in(const char *ranges, const char *address)
{
    struct venue v;
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    assert_int_equal(venue_parse(str_of(ranges), &v, NULL), ERR_OK);
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
        return venue_has(&v, (struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
    return venue_has(&v, (struct sockaddr *)&v6);
}

static void a_range_has_the_addresses_of_its_first_bits(void **state)
{
    static const struct {
        const char *ranges, *address;
        bool in;
    } cases[] = {
        { "10.0.0.0/8", "10.255.255.255", true },
        { "10.0.0.0/8", "11.0.0.0", false },
        { "172.16.0.0/12", "172.31.255.255", true },
        { "172.16.0.0/12", "172.32.0.0", false },
        { "192.168.7.9/32", "192.168.7.9", true },
        { "192.168.7.9/32", "192.168.7.8", false },
        { "192.168.7.9/31", "192.168.7.8", true },
        { "0.0.0.0/0", "203.0.113.1", true },
        { "0.0.0.0/0", "2001:db8::1", false },
        { "::/0", "2001:db8::1", true },
        { "::/0", "203.0.113.1", true },
        { "::ffff:10.0.0.0/104", "10.1.2.3", true },
        { "10.0.0.0/8", "::ffff:10.1.2.3", true }, /* an IPv4 guest of ours */
        { "fe80::/10", "febf::1", true },
        { "fe80::/10", "fec0::1", false },
        { "fc00::/7, 10.0.0.0/8", "10.1.1.1", true },
        { " 10.0.0.0/8 ,fc00::/7 ", "fd12::1", true },
        { "", "127.0.0.1", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (is_in(cases[i].ranges, cases[i].address) != cases[i].in)
            fail_msg("%s in %s", cases[i].address, cases[i].ranges);
    }
}

static void who_has_no_address_is_not_of_the_venue(void **state)
{
    struct venue v;
    const struct sockaddr local = { .sa_family = AF_UNIX };
    (void)state;
    assert_int_equal(venue_parse(STR("0.0.0.0/0, ::/0"), &v, NULL), ERR_OK);
    assert_false(venue_has(&v, &local));
}

static void what_is_no_range_is_named(void **state)
{
    static const char *const bad[] = {
        "10.0.0.0",    "10.0.0.0/",  "10.0.0.0/33", "::/129", "10.0.0/8",
        "10.0.0.0/8x", "/8",         "10.0.0.0/-1", "hall/8", "10.0.0.0/0008",
        "10.0.0.0 /8", "fd00::/8/8", "10.0.0.0/+8"
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct venue v;
        BUF(list, MAX_TEXT);
        BUF(why, MAX_TEXT);
        buf_printf(&list, "10.0.0.0/8, %s", bad[i]);
        if (venue_parse(buf_slice(&list), &v, &why) != ERR_INVALID)
            fail_msg("taken: %s", bad[i]);
        assert_ptr_equal(strstr(buf_text(&why), bad[i]), buf_text(&why));
    }
}

static void a_venue_has_32_ranges_at_most(void **state)
{
    struct venue v;
    BUF(list, MAX_TEXT);
    BUF(why, MAX_TEXT);
    (void)state;
    for (int i = 0; i < VENUE_RANGES; i++)
        buf_printf(&list, "%s10.0.%d.0/24", i > 0 ? "," : "", i);
    assert_int_equal(venue_parse(buf_slice(&list), &v, NULL), ERR_OK);
    assert_int_equal(v.n, VENUE_RANGES);
    buf_puts(&list, ",10.1.0.0/16");
    assert_int_equal(venue_parse(buf_slice(&list), &v, &why), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_has_the_addresses_of_its_first_bits),
        cmocka_unit_test(who_has_no_address_is_not_of_the_venue),
        cmocka_unit_test(what_is_no_range_is_named),
        cmocka_unit_test(a_venue_has_32_ranges_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
