/*
 * postgres_lost.c - a database that cannot be reached any more: nobody waits
 * for it again and again, and whoever tries later finds it.
 *
 * Everything goes through a door of the test's own, which can be shut: then it
 * hangs up on whoever is through and on whoever comes, and counts them.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/ops/health.h"
#include "sync/aggregator/ops/metrics.h"
#include "tests/support/hall.h"
#include "tests/support/raw.h"

enum {
    LINKS = 16,
    LOOK_MS = 5,
    LIMIT_MS = 20000,
    SOON_MS = 7000,
    JOBS = 20,
    TRY_MS = 1000
};

/* ---- the door ------------------------------------------------------------ */

struct link {
    int ours, theirs; /* -1: none */
};

static struct door {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int listener, port, behind; /* ports */
    bool shut, over, empty;
    bool deaf;  /* nothing passes, and nobody is answered */
    int knocks; /* while it was shut */
    struct link links[LINKS];
} door;

static struct sockaddr_in address_of(int port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void link_close(struct link *l)
{
    if (l->ours >= 0) {
        close(l->ours);
        close(l->theirs);
    }
    *l = (struct link){ -1, -1 };
}

static void let_in(int fd)
{
    struct sockaddr_in to = address_of(door.behind);
    int i = 0;
    while (i < LINKS && door.links[i].ours >= 0)
        i++;
    ASSERT(i < LINKS);
    door.links[i] = (struct link){ fd, socket(AF_INET, SOCK_STREAM, 0) };
    int rc = connect(door.links[i].theirs, (struct sockaddr *)&to, sizeof(to));
    ASSERT(rc == 0);
}

static bool passed_on(int from, int to)
{
    char bytes[16384];
    ssize_t n = recv(from, bytes, sizeof(bytes), MSG_DONTWAIT);
    return n < 0 || (n > 0 && send(to, bytes, (size_t)n, MSG_NOSIGNAL) == n);
}

static void answer_knock(void)
{
    int fd = accept(door.listener, NULL, NULL);
    ASSERT(fd >= 0);
    if (door.shut) {
        door.knocks++;
        close(fd);
    } else {
        let_in(fd);
    }
}

/* Under the lock. */
static void attend(void)
{
    struct pollfd knock = { door.listener, POLLIN, 0 };
    for (int i = 0; i < LINKS; i++) {
        struct link *l = &door.links[i];
        if (l->ours >= 0 && (door.shut || !passed_on(l->ours, l->theirs) ||
                             !passed_on(l->theirs, l->ours)))
            link_close(l);
    }
    if (poll(&knock, 1, 0) == 1)
        answer_knock();
    door.empty = door.shut;
    pthread_cond_broadcast(&door.changed);
}

static void *keep(void *ctx)
{
    (void)ctx;
    for (bool over = false, deaf = false; !over;) {
        struct pollfd fds[2 * LINKS + 1] = { { door.listener, POLLIN, 0 } };
        for (int i = 0; i < LINKS; i++) { /* changed by this thread alone */
            fds[2 * i + 1] = (struct pollfd){ door.links[i].ours, POLLIN, 0 };
            fds[2 * i + 2] = (struct pollfd){ door.links[i].theirs, POLLIN, 0 };
        }
        poll(fds, deaf ? 0 : ARRAY_LEN(fds), LOOK_MS);
        pthread_mutex_lock(&door.mutex);
        deaf = door.deaf;
        if (!deaf)
            attend();
        over = door.over;
        pthread_mutex_unlock(&door.mutex);
    }
    return NULL;
}

/* All that went through have been hung up on when it is shut. */
static void door_turn(bool shut)
{
    pthread_mutex_lock(&door.mutex);
    door.shut = shut;
    while (door.empty != shut)
        pthread_cond_wait(&door.changed, &door.mutex);
    pthread_mutex_unlock(&door.mutex);
}

static void door_deafen(void)
{
    pthread_mutex_lock(&door.mutex);
    door.deaf = true;
    pthread_mutex_unlock(&door.mutex);
}

static int knocks(void)
{
    pthread_mutex_lock(&door.mutex);
    int n = door.knocks;
    pthread_mutex_unlock(&door.mutex);
    return n;
}

/* `through` is `where` by way of the door. */
static void door_open(const char *where, char through[SCRATCH_ROOM])
{
    struct sockaddr_in at = address_of(0);
    socklen_t len = sizeof(at);
    const char *host = strrchr(strstr(where, "://"), '@');
    const char *port = host ? strchr(host, ':') : NULL;
    char *rest = NULL;
    BUF(text, SCRATCH_ROOM);
    ASSERT(port);
    door = (struct door){ .behind = (int)strtol(port + 1, &rest, 10) };
    door.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(door.listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(door.listener, LINKS), 0);
    assert_int_equal(getsockname(door.listener, (struct sockaddr *)&at, &len),
                     0);
    buf_put(&text, where, (size_t)(port + 1 - where));
    buf_printf(&text, "%d%s", ntohs(at.sin_port), rest);
    assert_true(buf_ok(&text));
    memcpy(through, buf_text(&text), text.len + 1);
    for (int i = 0; i < LINKS; i++)
        door.links[i] = (struct link){ -1, -1 };
    pthread_mutex_init(&door.mutex, NULL);
    pthread_cond_init(&door.changed, NULL);
    assert_int_equal(pthread_create(&door.thread, NULL, keep, NULL), 0);
}

static void door_close(void)
{
    pthread_mutex_lock(&door.mutex);
    door.over = true;
    pthread_mutex_unlock(&door.mutex);
    pthread_join(door.thread, NULL);
    for (int i = 0; i < LINKS; i++)
        link_close(&door.links[i]);
    close(door.listener);
    pthread_cond_destroy(&door.changed);
    pthread_mutex_destroy(&door.mutex);
}

/* Whoever is through is hung up on, and comes in again at once. */
static void door_slam(void)
{
    door_turn(true);
    door_turn(false);
}

static char through[SCRATCH_ROOM];

static int open_hall(void **state)
{
    struct hall *h = hall_open(3);
    hall_send(h, 0, 20);
    hall_send(h, 1, 20);
    door_open(h->dir, through);
    *state = h;
    return 0;
}

static int close_hall(void **state)
{
    door_close();
    hall_close(*state);
    return 0;
}

/* ---- who reads ----------------------------------------------------------- */

static void a_reader_is_told_at_once_until_it_is_time_for_another_try(
    void **state)
{
    struct hall *h = *state;
    struct store *s = NULL;
    struct device d;
    assert_int_equal(store_open(through, STORE_READ, NULL, &s), ERR_OK);
    assert_int_equal(store_revive(s), ERR_OK);
    door_turn(true);
    assert_int_equal(store_revive(s), ERR_DATABASE);
    int64_t began_ms = env_mono_ms();
    int once = knocks(), n = 0;
    for (int i = 0; i < JOBS; i++) {
        n = knocks();
        assert_int_equal(store_revive(s), ERR_DATABASE);
        assert_int_equal(store_device(s, hall_name(h, 0), &d), ERR_DATABASE);
    }
    assert_true(once > 0);
    assert_true(n <= once * (1 + (env_mono_ms() - began_ms) / TRY_MS));
    door_turn(false);
    while (store_revive(s) != ERR_OK && env_mono_ms() < began_ms + LIMIT_MS)
        poll(NULL, 0, LOOK_MS);
    hall_expect(h, s);
    store_close(s);
}

static void a_database_that_does_not_answer_is_soon_given_up(void **state)
{
    struct hall *h = *state;
    struct store *s = NULL, *other = NULL;
    struct device d;
    assert_int_equal(store_open(through, STORE_READ, NULL, &s), ERR_OK);
    door_deafen();
    int64_t began_ms = env_mono_ms();
    store_patience(s, 100);
    assert_int_equal(store_device(s, hall_name(h, 0), &d), ERR_DATABASE);
    assert_int_equal(store_open(through, STORE_READ, NULL, &other),
                     ERR_DATABASE);
    assert_true(env_mono_ms() < began_ms + SOON_MS);
    store_close(s);
}

static enum health_state database_of(struct store *s)
{
    char dir[SCRATCH_ROOM];
    const struct health_place place = { .dir = dir,
                                        .where = through,
                                        .store = s,
                                        .chart_js = "/dev/null",
                                        .serving = true };
    struct health h;
    enum health_state state = HEALTH_OK;
    scratch_make(dir);
    health_look(&place, &h);
    for (int i = 0; i < h.n; i++) {
        if (strcmp(h.items[i].name, "database") == 0)
            state = h.items[i].state;
    }
    health_done(&h);
    return state;
}

static void who_knows_that_it_is_lost_does_not_ask_again(void **state)
{
    struct store *s = NULL;
    (void)state;
    assert_int_equal(store_open(through, STORE_READ, NULL, &s), ERR_OK);
    assert_int_equal(database_of(s), HEALTH_OK);
    door_turn(true);
    int64_t began_ms = env_mono_ms();
    assert_int_equal(database_of(s), HEALTH_BAD);
    int once = knocks();
    for (int i = 0; i < JOBS; i++) {
        int n = knocks();
        assert_int_equal(database_of(s), HEALTH_BAD);
        assert_true(n <= once * (1 + (env_mono_ms() - began_ms) / TRY_MS));
    }
    store_close(s);
}

static void metrics_answer_without_the_database(void **state)
{
    struct store *s = NULL;
    BUF(page, 65536);
    (void)state;
    assert_int_equal(store_open(through, STORE_READ, NULL, &s), ERR_OK);
    metrics_render(s, through, &page);
    assert_non_null(
        strstr(buf_text(&page), "\nfair_aggregator_database_up 1\n"));
    assert_non_null(strstr(buf_text(&page), "fair_aggregator_devices{"));
    door_turn(true);
    buf_clear(&page);
    metrics_render(s, through, &page);
    assert_non_null(
        strstr(buf_text(&page), "\nfair_aggregator_database_up 0\n"));
    assert_null(strstr(buf_text(&page), "fair_aggregator_devices{"));
    assert_non_null(strstr(buf_text(&page), "\nfair_build_info{"));
    store_close(s);
}

/* ---- who writes ---------------------------------------------------------- */

struct errand {
    struct job job; /* first */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done;
    enum err e;
};

static enum err look(struct job *job, struct store *s)
{
    int64_t seq = 0;
    (void)job;
    return store_mark(s, STR("nobody"), &seq);
}

static void finished(struct job *job, struct store *s, enum err e)
{
    struct errand *r = (struct errand *)job;
    (void)s;
    pthread_mutex_lock(&r->mutex);
    r->done = true;
    r->e = e;
    pthread_cond_signal(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

static enum err run_this(struct ingest *in, struct job job)
{
    struct errand r = { .job = job };
    pthread_mutex_init(&r.mutex, NULL);
    pthread_cond_init(&r.changed, NULL);
    assert_int_equal(ingest_queue(in, &r.job), ERR_OK);
    pthread_mutex_lock(&r.mutex);
    while (!r.done)
        pthread_cond_wait(&r.changed, &r.mutex);
    pthread_mutex_unlock(&r.mutex);
    pthread_cond_destroy(&r.changed);
    pthread_mutex_destroy(&r.mutex);
    return r.e;
}

static enum err run(struct ingest *in)
{
    return run_this(in, (struct job){ look, true, finished, NULL, false });
}

static void jobs_are_told_at_once_until_it_is_time_for_another_try(void **state)
{
    const struct ingest_options options = { through, JOBS, 1, false };
    struct ingest *in = NULL;
    (void)state;
    assert_int_equal(ingest_open(&options, NULL, &in), ERR_OK);
    assert_int_equal(run(in), ERR_OK);
    door_turn(true);
    assert_int_equal(run(in), ERR_DATABASE);
    int64_t began_ms = env_mono_ms();
    int once = knocks(), n = 0;
    for (int i = 0; i < JOBS; i++) {
        n = knocks();
        assert_int_equal(run(in), ERR_DATABASE);
    }
    assert_true(n <= once * (1 + (env_mono_ms() - began_ms) / TRY_MS));
    door_turn(false);
    while (run(in) != ERR_OK && env_mono_ms() < began_ms + LIMIT_MS)
        poll(NULL, 0, LOOK_MS);
    assert_int_equal(run(in), ERR_OK);
    ingest_stop(in);
    ingest_close(in);
}

static int turns;

static enum err cut_off_within(struct job *job, struct store *s)
{
    enum err e = look(job, s);
    if (turns++ == 0)
        door_slam();
    return e == ERR_OK ? look(job, s) : e;
}

static enum err cut_off_before_commit(struct job *job, struct store *s)
{
    enum err e = look(job, s);
    if (turns++ == 0)
        door_slam();
    return e;
}

static void a_job_that_is_cut_off_is_run_again(void **state)
{
    const struct ingest_options options = { through, JOBS, 1, false };
    static const struct {
        enum err (*run)(struct job *job, struct store *s);
        bool in_group, repeats;
        int turns;
        enum err e;
    } cases[] = {
        { cut_off_within, true, false, 2, ERR_OK },
        { cut_off_within, false, false, 1, ERR_DATABASE },
        { cut_off_before_commit, true, true, 2, ERR_OK },
        { cut_off_before_commit, true, false, 1, ERR_UNSURE },
    };
    struct ingest *in = NULL;
    (void)state;
    assert_int_equal(ingest_open(&options, NULL, &in), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        turns = 0;
        assert_int_equal(
            run_this(in, (struct job){ cases[i].run, cases[i].in_group,
                                       finished, NULL, cases[i].repeats }),
            cases[i].e);
        assert_int_equal(turns, cases[i].turns);
        assert_int_equal(run(in), ERR_OK);
    }
    ingest_stop(in);
    ingest_close(in);
}

/* ---- who is told --------------------------------------------------------- */

enum { READERS = 3 };

static struct {
    int lost, back;
    char why[MAX_TEXT];
} told;

static void take_news(const struct store_loss *loss)
{
    assert_true(engine_is_address(loss->where));
    told.lost += loss->why != NULL;
    told.back += loss->why == NULL;
    if (loss->why)
        snprintf(told.why, sizeof(told.why), "%s", loss->why);
    else
        assert_true(loss->after_ms >= 0);
}

static void a_loss_is_told_once_and_its_end_too(void **state)
{
    struct store *s[READERS] = { NULL };
    (void)state;
    store_on_loss(take_news);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(store_open(through, STORE_READ, NULL, &s[i]), ERR_OK);
    for (int loss = 1; loss < 4; loss++) {
        door_turn(true);
        for (int i = 0; i < READERS - 1; i++)
            assert_int_equal(store_revive(s[i]), ERR_DATABASE);
        assert_int_equal(told.lost, loss);
        assert_int_equal(told.back, loss - 1);
        assert_true(strlen(told.why) > 0);
        assert_null(strchr(told.why, '\n'));
        door_turn(false);
        for (int i = 0; i < READERS; i++) {
            int64_t until_ms = env_mono_ms() + LIMIT_MS;
            while (store_revive(s[i]) != ERR_OK && env_mono_ms() < until_ms)
                poll(NULL, 0, LOOK_MS);
        }
        assert_int_equal(told.lost, loss);
        assert_int_equal(told.back, loss);
    }
    for (int i = 0; i < READERS; i++)
        store_close(s[i]);
    store_on_loss(NULL);
}

/* The two of them, and what has been told since. */
static void open_two(struct store *s[2], const char *second)
{
    told.lost = told.back = 0;
    store_on_loss(take_news);
    assert_int_equal(store_open(through, STORE_READ, NULL, &s[0]), ERR_OK);
    assert_int_equal(store_open(second, STORE_WRITE, NULL, &s[1]), ERR_OK);
}

static void close_two(struct store *s[2])
{
    store_on_loss(NULL);
    store_close(s[0]);
    store_close(s[1]);
}

static void a_connection_that_outlived_a_loss_tells_of_the_next(void **state)
{
    struct hall *h = *state;
    struct store *s[2] = { NULL };
    BUF(sql, MAX_TEXT);
    open_two(s, through);
    buf_printf(&sql, "SELECT pg_terminate_backend(%lld, 10000)::INT",
               (long long)raw_int(s[0], "SELECT pg_backend_pid()"));
    assert_int_equal(raw_int(h->store, buf_text(&sql)), 1);
    assert_int_equal(store_revive(s[0]), ERR_OK);
    assert_int_equal(store_revive(s[1]), ERR_OK);
    assert_int_equal(told.lost, 1);
    assert_int_equal(told.back, 1);
    door_turn(true);
    assert_int_equal(store_revive(s[1]), ERR_DATABASE);
    assert_int_equal(told.lost, 2);
    close_two(s);
}

static void who_can_still_write_tells_that_it_is_back(void **state)
{
    struct hall *h = *state;
    struct store *s[2] = { NULL };
    struct device d;
    open_two(s, h->dir);
    door_turn(true);
    assert_int_equal(store_revive(s[0]), ERR_DATABASE);
    assert_int_equal(told.back, 0);
    assert_int_equal(store_group_begin(s[1]), ERR_OK);
    assert_int_equal(store_device(s[1], hall_name(h, 0), &d), ERR_OK);
    assert_int_equal(store_group_commit(s[1]), ERR_OK);
    assert_int_equal(told.back, 1);
    close_two(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reader_is_told_at_once_until_it_is_time_for_another_try),
        TEST(a_database_that_does_not_answer_is_soon_given_up),
        TEST(who_knows_that_it_is_lost_does_not_ask_again),
        TEST(metrics_answer_without_the_database),
        TEST(jobs_are_told_at_once_until_it_is_time_for_another_try),
        TEST(a_job_that_is_cut_off_is_run_again),
        TEST(a_loss_is_told_once_and_its_end_too),
        TEST(a_connection_that_outlived_a_loss_tells_of_the_next),
        TEST(who_can_still_write_tells_that_it_is_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
