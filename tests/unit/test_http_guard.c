/*
 * test_http_guard.c - who may stay connected, and which networks are the
 * venue's; libmicrohttpd is played by a table of three answers.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/http/http_guard.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/ops/metrics.h"
#include "tests/support/hall.h"

enum {
    MOST = 100,
    FULL = 95,
    LOOKS_MS = 700,
    MINUTE_MS = 60000,
    PATIENCE_MS = 10000
};

/* ---- a connection -------------------------------------------------------- */

struct guest {
    int ours, theirs;
    struct sockaddr_storage at;
    void *context;
    union MHD_ConnectionInfo info;
};

static const union MHD_ConnectionInfo *told(struct MHD_Connection *connection,
                                            enum MHD_ConnectionInfoType what,
                                            ...)
{
    struct guest *g = (struct guest *)connection;
    if (what == MHD_CONNECTION_INFO_CONNECTION_FD)
        g->info.connect_fd = g->ours;
    else if (what == MHD_CONNECTION_INFO_CLIENT_ADDRESS)
        g->info.client_addr = (struct sockaddr *)&g->at;
    else
        g->info.socket_context = g->context;
    return &g->info;
}

static struct MHD_Connection *of(struct guest *g)
{
    return (struct MHD_Connection *)g;
}

/* Over TCP: how much has been taken of it is known only there. */
static void connect_both(struct guest *g)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof(at);
    int door = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(door, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(door, 1), 0);
    assert_int_equal(getsockname(door, (struct sockaddr *)&at, &len), 0);
    g->theirs = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(g->theirs, (struct sockaddr *)&at, len), 0);
    g->ours = accept(door, NULL, NULL);
    assert_true(g->ours >= 0);
    close(door);
}

static void come(struct guard *guard, struct guest *g, const char *address)
{
    int family = strchr(address, ':') ? AF_INET6 : AF_INET;
    *g = (struct guest){ .at = { .ss_family = (sa_family_t)family } };
    struct sockaddr_in *four = (void *)&g->at;
    struct sockaddr_in6 *six = (void *)&g->at;
    void *to = family == AF_INET6 ? (void *)&six->sin6_addr : &four->sin_addr;
    assert_int_equal(inet_pton(family, address, to), 1);
    connect_both(g);
    guard_notify(guard, of(g), &g->context, MHD_CONNECTION_NOTIFY_STARTED);
}

static void go(struct guard *guard, struct guest *g)
{
    guard_notify(guard, of(g), &g->context, MHD_CONNECTION_NOTIFY_CLOSED);
    close(g->ours);
    close(g->theirs);
}

/* Whether it was ended, or is within so many milliseconds. */
static bool is_ended(const struct guest *g, int wait_ms)
{
    struct pollfd p = { g->theirs, POLLRDNORM, 0 };
    char bytes[64 * 1024];
    while (poll(&p, 1, wait_ms) == 1) {
        if (recv(g->theirs, bytes, sizeof(bytes), MSG_DONTWAIT) <= 0)
            return true;
    }
    return false;
}

/* ---- the house ----------------------------------------------------------- */

static struct env machine;
static atomic_llong now_ms;
static struct venue venue;

static int64_t our_mono(void *ctx)
{
    (void)ctx;
    return atomic_load(&now_ms);
}

static void pass(int64_t ms)
{
    atomic_fetch_add(&now_ms, ms);
}

static int guard_set_up(void **state)
{
    BUF(why, MAX_TEXT);
    machine = env_system();
    struct env env = machine;
    env.mono_ms = our_mono;
    env_use(&env);
    atomic_store(&now_ms, 1000000);
    mhd.get_connection_info = told;
    assert_int_equal(venue_parse(STR("10.0.0.0/8"), &venue, &why), ERR_OK);
    *state = guard_open(MOST, &venue);
    return 0;
}

static int guard_tear_down(void **state)
{
    guard_close(*state);
    env_use(&machine);
    return 0;
}

/* Its answer stands, to whoever it turned out to be. */
static void answer(struct guard *guard, struct guest *g, const char *who)
{
    guard_who(guard, of(g), str_of(who));
    guard_answer(guard, of(g));
}

/* ---- figures --------------------------------------------------------------
 */

static struct hall *hall;
static int64_t figure(const char *sample)
{
    BUF(page, MAX_TEXT);
    metrics_render(hall->store, hall->dir, &page);
    const char *at = strstr(buf_text(&page), sample);
    assert_non_null(at);
    return strtoll(at + strlen(sample), NULL, 10);
}

#define ENDED(reason) \
    figure("\nfair_aggregator_connections_ended_total{reason=\"" reason "\"}")

#define KNOWN_NOW figure("\nfair_aggregator_connections_known ")

/* ---- places -------------------------------------------------------------- */

static void an_address_outside_the_venue_has_twenty(void **state)
{
    struct guest g[FROM_ONE_MAX + 2], other;
    for (int i = 0; i < FROM_ONE_MAX + 1; i++)
        come(*state, &g[i], "203.0.113.7");
    for (int i = 0; i < FROM_ONE_MAX + 1; i++)
        assert_int_equal(is_ended(&g[i], 0), i == FROM_ONE_MAX);
    come(*state, &other, "203.0.113.8");
    assert_false(is_ended(&other, 0));
    go(*state, &g[0]); /* two went: one that was counted, one too many */
    go(*state, &g[FROM_ONE_MAX]);
    come(*state, &g[0], "203.0.113.7");
    come(*state, &g[FROM_ONE_MAX], "203.0.113.7");
    assert_false(is_ended(&g[0], 0));
    assert_true(is_ended(&g[FROM_ONE_MAX], 0));
    for (int i = 0; i < FROM_ONE_MAX + 1; i++)
        go(*state, &g[i]);
    go(*state, &other);
}

static void nobody_counts_in_the_venue(void **state)
{
    struct guest g[3 * FROM_ONE_MAX];
    for (size_t i = 0; i < ARRAY_LEN(g); i++)
        come(*state, &g[i], "10.9.8.7");
    for (size_t i = 0; i < ARRAY_LEN(g); i++) {
        assert_false(is_ended(&g[i], 0));
        go(*state, &g[i]);
    }
}

static void in_a_full_house_the_stranger_longest_here_makes_room(void **state)
{
    struct guest g[FULL + 3];
    for (int i = 0; i < FULL; i++)
        come(*state, &g[i], "10.0.0.1");
    answer(*state, &g[0], "till"); /* a device */
    answer(*state, &g[1], "");     /* nobody we know */
    for (int i = FULL; i < FULL + 3; i++)
        come(*state, &g[i], "10.0.0.2");
    for (int i = 0; i < FULL + 3; i++)
        assert_int_equal(is_ended(&g[i], 0), i >= 1 && i <= 3);
    for (int i = 0; i < FULL + 3; i++)
        go(*state, &g[i]);
}

/* Each is answered, by a name of its own. */
static void know_all(struct guard *guard, struct guest *g, int n)
{
    for (int i = 0; i < n; i++) {
        BUF(name, MAX_TEXT);
        buf_printf(&name, "till-%d", i);
        answer(guard, &g[i], buf_text(&name));
    }
}

/* Some strangers stay, so that each has time to say who it is. */
static void in_a_house_of_those_we_know_who_is_idle_longest_makes_room(
    void **state)
{
    enum { STRANGE = FULL / 10, IDLE = 7, MORE = 3 };
    struct guest g[FULL], next[STRANGE + MORE];
    for (int i = 0; i < FULL; i++)
        come(*state, &g[i], "10.0.0.1");
    know_all(*state, g, FULL);
    for (int i = IDLE; i < FULL; i++)
        guard_next(*state, of(&g[i]));
    for (int i = IDLE - 1; i >= 0; i--) /* the others still take theirs */
        guard_next(*state, of(&g[i]));
    guard_ours(*state, of(&g[IDLE]));
    for (int i = 0; i < STRANGE + MORE; i++)
        come(*state, &next[i], "10.0.0.2");
    for (int i = 0; i < FULL; i++)
        assert_int_equal(is_ended(&g[i], 0), i > IDLE && i <= IDLE + STRANGE);
    for (int i = 0; i < STRANGE + MORE; i++)
        assert_int_equal(is_ended(&next[i], 0), i < MORE);
    for (int i = 0; i < FULL; i++)
        go(*state, &g[i]);
    for (int i = 0; i < STRANGE + MORE; i++)
        go(*state, &next[i]);
}

static void who_is_known_and_busy_is_not_sent_away_for_another(void **state)
{
    struct guest g[FULL + 2];
    for (int i = 0; i < FULL; i++)
        come(*state, &g[i], "10.0.0.1");
    know_all(*state, g, FULL);
    come(*state, &g[FULL], "10.0.0.1");
    come(*state, &g[FULL + 1], "10.0.0.1");
    for (int i = 0; i < FULL + 2; i++) {
        assert_int_equal(is_ended(&g[i], 0), i >= FULL);
        go(*state, &g[i]);
    }
}

static void nobody_is_known_more_than_64_times(void **state)
{
    enum { MANY = KNOWN_OF_ONE + 3 };
    struct guest g[MANY], other;
    int64_t known = KNOWN_NOW;
    come(*state, &other, "10.0.0.1");
    for (int i = 0; i < MANY; i++) {
        come(*state, &g[i], "10.0.0.1");
        answer(*state, &g[i], "insider");
    }
    assert_int_equal(KNOWN_NOW - known, KNOWN_OF_ONE);
    answer(*state, &other, "another");
    assert_int_equal(KNOWN_NOW - known, KNOWN_OF_ONE + 1);
    go(*state, &g[0]);
    answer(*state, &g[MANY - 1], "insider");
    assert_int_equal(KNOWN_NOW - known, KNOWN_OF_ONE + 1);
    for (int i = 1; i < MANY; i++)
        go(*state, &g[i]);
    go(*state, &other);
    assert_int_equal(KNOWN_NOW - known, 0);
}

/* A device that was revoked, somebody who has signed out. */
static void who_is_not_let_in_any_more_is_a_stranger_again(void **state)
{
    struct guest g[FULL + 1];
    for (int i = 0; i < FULL; i++)
        come(*state, &g[i], "10.0.0.1");
    know_all(*state, g, FULL);
    int64_t known = KNOWN_NOW;
    guard_answer(*state, of(&g[7])); /* of what anybody may have */
    for (int i = 0; i < FULL; i++)
        answer(*state, &g[i], i < FULL / 2 ? "" : "till");
    assert_int_equal(known - KNOWN_NOW, FULL / 2);
    come(*state, &g[FULL], "10.0.0.1");
    for (int i = 0; i < FULL + 1; i++) {
        assert_int_equal(is_ended(&g[i], 0), i == 0);
        go(*state, &g[i]);
    }
}

static void a_whole_network_of_a_host_has_twenty(void **state)
{
    struct guest g[FROM_ONE_MAX + 1], other;
    for (int i = 0; i < FROM_ONE_MAX + 1; i++) {
        BUF(address, MAX_TEXT);
        buf_printf(&address, "2001:db8:0:1:%x::%x", i, i);
        come(*state, &g[i], buf_text(&address));
    }
    come(*state, &other, "2001:db8:0:2::1");
    for (int i = 0; i < FROM_ONE_MAX + 1; i++) {
        assert_int_equal(is_ended(&g[i], 0), i == FROM_ONE_MAX);
        go(*state, &g[i]);
    }
    assert_false(is_ended(&other, 0));
    go(*state, &other);
}

/* It may take a while until libmicrohttpd lets go of it. */
static void who_was_ended_takes_no_share(void **state)
{
    struct guest g[FROM_ONE_MAX + 1], next[FROM_ONE_MAX];
    for (int i = 0; i < FROM_ONE_MAX + 1; i++)
        come(*state, &g[i], "203.0.113.7");
    pass(REQUEST_MS);
    for (int i = 0; i < FROM_ONE_MAX + 1; i++)
        assert_true(is_ended(&g[i], PATIENCE_MS));
    for (int i = 0; i < FROM_ONE_MAX; i++)
        come(*state, &next[i], "203.0.113.7");
    for (int i = 0; i < FROM_ONE_MAX; i++) {
        assert_false(is_ended(&next[i], 0));
        go(*state, &next[i]);
        go(*state, &g[i]);
    }
    go(*state, &g[FROM_ONE_MAX]);
}

/* ---- what is told of it -------------------------------------------------- */

static struct {
    pthread_mutex_t mutex;
    struct buf text;
} said = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void hear(void *ctx, struct str line)
{
    (void)ctx;
    pthread_mutex_lock(&said.mutex);
    buf_str(&said.text, line);
    pthread_mutex_unlock(&said.mutex);
}

static bool has_said(const char *text)
{
    pthread_mutex_lock(&said.mutex);
    bool has = strcmp(buf_text(&said.text), text) == 0;
    pthread_mutex_unlock(&said.mutex);
    return has;
}

/* The journal's lines, all of them, before long. */
static void expect_said(const char *text)
{
    for (int i = 0; !has_said(text) && i < PATIENCE_MS; i++)
        env_wait_ms(1);
    BUF(all, MAX_TEXT);
    pthread_mutex_lock(&said.mutex);
    buf_str(&all, buf_slice(&said.text));
    pthread_mutex_unlock(&said.mutex);
    assert_string_equal(buf_text(&all), text);
}

static int counted_set_up(void **state)
{
    hall = hall_open(7);
    buf_init(&said.text, MAX_TEXT);
    journal_to(hear, NULL);
    return guard_set_up(state);
}

static int counted_tear_down(void **state)
{
    guard_tear_down(state);
    journal_to(NULL, NULL);
    buf_done(&said.text);
    hall_close(hall);
    return 0;
}

#define REMEDY                                                            \
    "remedy=\"if it is the venue's own, add its network to venue in the " \
    "configuration\"\n"

static void who_has_to_go_is_counted_by_the_reason(void **state)
{
    struct guest g[FULL + 2], one[FROM_ONE_MAX + 3];
    int64_t late = ENDED("late"), crowd = ENDED("crowd"),
            share = ENDED("share");
    for (int i = 0; i < FROM_ONE_MAX + 3; i++)
        come(*state, &one[i], "203.0.113.7");
    for (int i = 0; i < FROM_ONE_MAX + 3; i++)
        go(*state, &one[i]);
    for (int i = 0; i < FULL + 2; i++)
        come(*state, &g[i], "10.0.0.1");
    assert_int_equal(ENDED("share") - share, 3);
    assert_int_equal(ENDED("crowd") - crowd, 2);
    assert_int_equal(ENDED("late") - late, 0);
    pass(MINUTE_MS);
    for (int i = 0; i < FULL + 2; i++) {
        assert_true(is_ended(&g[i], PATIENCE_MS));
        go(*state, &g[i]);
    }
    assert_int_equal(ENDED("late") - late, FULL);
    expect_said("<4>event=house-full ended=2\n"
                "<4>event=address-full ended=3 most=20 "
                "last=203.0.113.7 " REMEDY);
}

/* And the guard has looked since, more than once. */
static void too_many_come(struct guard *guard, struct guest *g, int n)
{
    struct guest late;
    for (int i = 0; i < FROM_ONE_MAX + n; i++)
        come(guard, &g[i], "2001:db8::7");
    pass(REQUEST_MS);
    assert_true(is_ended(&g[0], PATIENCE_MS));
    come(guard, &late, "10.0.0.1");
    pass(REQUEST_MS);
    assert_true(is_ended(&late, PATIENCE_MS));
    go(guard, &late);
}

static void the_journal_hears_of_them_once_a_minute(void **state)
{
    static const char first[] =
        "<4>event=address-full ended=1 most=20 last=2001:db8::7 " REMEDY;
    static const char both[] =
        "<4>event=address-full ended=1 most=20 last=2001:db8::7 " REMEDY
        "<4>event=address-full ended=3 most=20 last=2001:db8::7 " REMEDY;
    struct guest g[FROM_ONE_MAX + 1], h[FROM_ONE_MAX + 3];
    too_many_come(*state, g, 1);
    assert_true(has_said(""));
    pass(MINUTE_MS - 2 * REQUEST_MS);
    expect_said(first);
    too_many_come(*state, h, 3);
    assert_true(has_said(first));
    pass(MINUTE_MS - 2 * REQUEST_MS);
    expect_said(both);
    for (int i = 0; i < FROM_ONE_MAX + 3; i++) {
        if (i < FROM_ONE_MAX + 1)
            go(*state, &g[i]);
        go(*state, &h[i]);
    }
}

/* ---- time ---------------------------------------------------------------- */

static void our_turn_is_not_taken_off_its_time(void **state)
{
    struct guest slow, late;
    come(*state, &slow, "10.0.0.1");
    come(*state, &late, "10.0.0.1");
    pass(20000);
    guard_ours(*state, of(&slow));
    pass(REQUEST_MS - 20000); /* now the other one's time is up */
    assert_true(is_ended(&late, PATIENCE_MS));
    assert_false(is_ended(&slow, 0));
    pass(20000);
    answer(*state, &slow, "");
    pass(REQUEST_MS - 20000 - 1);
    assert_false(is_ended(&slow, LOOKS_MS));
    pass(1);
    assert_true(is_ended(&slow, PATIENCE_MS));
    go(*state, &slow);
    go(*state, &late);
}

static void an_answer_has_a_moment_at_least_and_the_next_request_all(
    void **state)
{
    struct guest g;
    come(*state, &g, "10.0.0.1");
    pass(REQUEST_MS - 1);
    answer(*state, &g, "");
    pass(ANSWER_MS - 1);
    assert_false(is_ended(&g, LOOKS_MS));
    guard_next(*state, of(&g));
    pass(REQUEST_MS - 1);
    assert_false(is_ended(&g, LOOKS_MS));
    pass(1);
    assert_true(is_ended(&g, PATIENCE_MS));
    go(*state, &g);
}

static void only_who_is_known_and_takes_a_long_answer_may_go_on(void **state)
{
    static const char much[2 * TAKING_BYTES];
    struct guest takes, waits, strange;
    come(*state, &takes, "10.0.0.1");
    come(*state, &waits, "10.0.0.1");
    come(*state, &strange, "10.0.0.1");
    answer(*state, &takes, "till");
    answer(*state, &waits, "till");
    answer(*state, &strange, "");
    assert_int_equal(send(takes.ours, much, sizeof(much), 0), sizeof(much));
    assert_int_equal(send(strange.ours, much, sizeof(much), 0), sizeof(much));
    pass(REQUEST_MS);
    assert_true(is_ended(&waits, PATIENCE_MS));
    assert_true(is_ended(&strange, PATIENCE_MS));
    assert_false(is_ended(&takes, LOOKS_MS));
    pass(TAKING_MS);
    assert_true(is_ended(&takes, PATIENCE_MS));
    go(*state, &takes);
    go(*state, &waits);
    go(*state, &strange);
}

static void who_was_ended_is_not_given_more_time(void **state)
{
    struct guest g;
    come(*state, &g, "10.0.0.1");
    pass(REQUEST_MS);
    assert_true(is_ended(&g, PATIENCE_MS));
    guard_ours(*state, of(&g));
    answer(*state, &g, "till");
    guard_next(*state, of(&g));
    assert_true(is_ended(&g, 0));
    go(*state, &g);
}

/* ---- the venue ----------------------------------------------------------- */

static bool has(const char *ranges, int family, const char *address)
{
    struct venue v;
    struct sockaddr_in four = { .sin_family = AF_INET };
    struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
    BUF(why, MAX_TEXT);
    assert_int_equal(venue_parse(str_of(ranges), &v, &why), ERR_OK);
    if (family == AF_INET6) {
        assert_int_equal(inet_pton(AF_INET6, address, &six.sin6_addr), 1);
        return venue_has(&v, (struct sockaddr *)&six);
    }
    assert_int_equal(inet_pton(AF_INET, address, &four.sin_addr), 1);
    return venue_has(&v, (struct sockaddr *)&four);
}

static void a_range_has_what_its_first_bits_say(void **state)
{
    static const struct {
        const char *ranges;
        int family;
        const char *address;
        bool has;
    } rows[] = {
        { "", AF_INET, "10.0.0.1", false },
        { "10.0.0.0/8", AF_INET, "10.255.255.255", true },
        { "10.0.0.0/8", AF_INET, "11.0.0.0", false },
        { "172.16.0.0/12", AF_INET, "172.31.255.255", true },
        { "172.16.0.0/12", AF_INET, "172.32.0.0", false },
        { "192.0.2.5/32", AF_INET, "192.0.2.5", true },
        { "192.0.2.5/32", AF_INET, "192.0.2.4", false },
        { "192.0.2.5/31", AF_INET, "192.0.2.4", true },
        { "0.0.0.0/0", AF_INET, "203.0.113.7", true },
        { "0.0.0.0/0", AF_INET6, "2001:db8::1", false },
        { "0.0.0.0/0, ::/0", AF_INET6, "2001:db8::1", true },
        { "10.0.0.0/8", AF_INET6, "::ffff:10.1.2.3", true },
        { "fc00::/7", AF_INET6, "fdff::1", true },
        { "fc00::/7", AF_INET6, "fe00::1", false },
        { " ::1/128 ,10.0.0.0/8", AF_INET6, "::1", true },
        { "::1/128", AF_INET6, "::2", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (has(rows[i].ranges, rows[i].family, rows[i].address) != rows[i].has)
            fail_msg("%s in %s", rows[i].address, rows[i].ranges);
    }
}

static void what_is_no_range_is_named(void **state)
{
    static const char *const texts[] = {
        "10.0.0.0",      "10.0.0.0/",   "10.0.0.0/33", "10.0.0/8",
        "::/129",        "10.0.0.0/-1", "10.0.0.0/8x", "hall/8",
        "10.0.0.0/8,,x", ",",           "1.2.3.4/0008"
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct venue v = { .n = 7 };
        BUF(why, MAX_TEXT);
        if (venue_parse(str_of(texts[i]), &v, &why) != ERR_INVALID)
            fail_msg("%s", texts[i]);
        assert_true(why.len > 0 && v.n == 7);
    }
}

static void there_are_at_most_32_ranges(void **state)
{
    struct venue v;
    BUF(why, MAX_TEXT);
    BUF(text, MAX_TEXT);
    (void)state;
    for (int i = 0; i < VENUE_RANGES; i++)
        buf_printf(&text, "%s10.%d.0.0/16", i ? ", " : "", i);
    assert_int_equal(venue_parse(buf_slice(&text), &v, &why), ERR_OK);
    assert_int_equal(v.n, VENUE_RANGES);
    buf_puts(&text, ", 10.99.0.0/16");
    assert_int_equal(venue_parse(buf_slice(&text), &v, &why), ERR_INVALID);
}

#define GUARD(test) \
    cmocka_unit_test_setup_teardown(test, guard_set_up, guard_tear_down)
#define COUNTED(test) \
    cmocka_unit_test_setup_teardown(test, counted_set_up, counted_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUARD(an_address_outside_the_venue_has_twenty),
        GUARD(a_whole_network_of_a_host_has_twenty),
        GUARD(who_was_ended_takes_no_share),
        GUARD(nobody_counts_in_the_venue),
        GUARD(in_a_full_house_the_stranger_longest_here_makes_room),
        COUNTED(in_a_house_of_those_we_know_who_is_idle_longest_makes_room),
        COUNTED(who_is_known_and_busy_is_not_sent_away_for_another),
        COUNTED(nobody_is_known_more_than_64_times),
        COUNTED(who_is_not_let_in_any_more_is_a_stranger_again),
        COUNTED(who_has_to_go_is_counted_by_the_reason),
        COUNTED(the_journal_hears_of_them_once_a_minute),
        GUARD(our_turn_is_not_taken_off_its_time),
        GUARD(an_answer_has_a_moment_at_least_and_the_next_request_all),
        GUARD(only_who_is_known_and_takes_a_long_answer_may_go_on),
        GUARD(who_was_ended_is_not_given_more_time),
        cmocka_unit_test(a_range_has_what_its_first_bits_say),
        cmocka_unit_test(what_is_no_range_is_named),
        cmocka_unit_test(there_are_at_most_32_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
