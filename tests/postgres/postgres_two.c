/*
 * postgres_two.c - two aggregators on one database, devices that move between
 * them at random, and one of the two killed, or all connections to the database
 * cut, at random moments: nothing that was acknowledged is missing, nothing
 * counts twice, and no transaction has touched the rows of two devices.
 *
 * Devices send little batches, sometimes one that was acknowledged before (its
 * answer may have been lost), sometimes one to both servers at once. Chances
 * come from SEED, which is printed; SOAK kills so many times as often. Nothing
 * here waits for a time to pass, only for acknowledgements.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/wire.h"
#include "sync/aggregator/ingest/waiting.h"
#include "sync/aggregator/store/store.h"
#include "tests/support/crowd.h"
#include "tests/support/https.h"
#include "tests/support/pair.h"
#include "tests/support/raw.h"

enum {
    DEVICES = 200,
    CLIENTS = 8, /* threads; each has its own devices */
    KILLS = 12,  /* times SOAK */
    SALES_MOST = 12,
    ACKS_MOST = 300, /* between two kills */
    PATIENCE_MS = 60000,
    TRIES = 200
};

/* ---- chances ------------------------------------------------------------- */

struct dice {
    uint64_t state;
};

static int roll(struct dice *d, int below)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return (int)((d->state >> 33) % (uint64_t)below);
}

/* ---- both ---------------------------------------------------------------- */

static struct two {
    struct pair pair;
    uint8_t aggregator[KEY_BYTES];
    /* Shared with the clients. */
    pthread_mutex_t mutex;
    pthread_cond_t news;
    int64_t acks, replays, crossings, closed, busy, failed;
    bool over;
} two;

/* ---- the devices --------------------------------------------------------- */

struct device_here {
    struct trader trader;
    struct buf push; /* its last one; "" none yet */
    bool unsure;     /* ... is not acknowledged */
};

struct client {
    pthread_t thread;
    struct dice dice;
    struct device_here *devices; /* DEVICES / CLIENTS of them */
    struct https *links[PAIR];
    const char *wrong; /* what must not happen; NULL: nothing */
    int status;        /* ... and the answer it came with */
};

static void count(int64_t *counter)
{
    pthread_mutex_lock(&two.mutex);
    ++*counter;
    pthread_cond_signal(&two.news);
    pthread_mutex_unlock(&two.mutex);
}

static void hang_up(struct client *c, int server)
{
    https_close(c->links[server]);
    c->links[server] = NULL;
}

static bool send_to(struct client *c, int server, struct str push)
{
    BUF(head, MAX_TEXT);
    if (!c->links[server])
        c->links[server] = https_open(two.pair.ports[server], NULL);
    if (!c->links[server])
        return false;
    https_post_head(WIRE_PUSH_PATH, push.len, &head);
    if (https_send(c->links[server], buf_slice(&head)) &&
        https_send(c->links[server], push))
        return true;
    hang_up(c, server);
    return false;
}

/* An acknowledgement says that everything made so far is held. */
static bool is_whole(const struct https_reply *r, const struct trader *t)
{
    struct ack ack;
    struct str rest;
    BUF(head, 2 * HASH_BYTES);
    buf_hex(&head, t->head, HASH_BYTES);
    return ack_decode(buf_slice(&r->body), two.aggregator, STR(""), &ack,
                      &rest) == ERR_OK &&
           ack.count == t->seq && str_eq(ack.head, buf_slice(&head));
}

/* True when the batch was acknowledged. A server may be gone, or too busy, or
 * may not know what became of it; every other answer is wrong. */
static bool hear_from(struct client *c, int server, const struct trader *t)
{
    HTTPS_REPLY(reply);
    https_read(c->links[server], &reply);
    if (reply.status != 200 || reply.closes)
        hang_up(c, server);
    if (reply.status == 200 && is_whole(&reply, t))
        return true;
    if (reply.status == 0) {
        count(&two.closed);
    } else if (reply.status == 503) {
        count(&two.busy);
    } else if (reply.status == 500) {
        count(&two.failed);
    } else {
        c->wrong = reply.status == 200 ? "it is not whole" : "refused";
        c->status = reply.status;
    }
    return false;
}

static bool push_to(struct client *c, int server, struct device_here *d)
{
    return send_to(c, server, buf_slice(&d->push)) &&
           hear_from(c, server, &d->trader);
}

/* The same batch to both before either has answered. */
static bool push_to_both(struct client *c, struct device_here *d)
{
    bool sent[PAIR], good = false;
    for (int i = 0; i < PAIR; i++)
        sent[i] = send_to(c, i, buf_slice(&d->push));
    for (int i = 0; i < PAIR; i++)
        good = (sent[i] && hear_from(c, i, &d->trader)) || good;
    count(&two.crossings);
    return good;
}

static void prepare(struct client *c, struct device_here *d)
{
    if (d->unsure)
        return;
    buf_clear(&d->push);
    trader_push(&d->trader, 1 + roll(&c->dice, SALES_MOST), &d->push);
    d->unsure = true;
}

static void trade(struct client *c, struct device_here *d)
{
    int server = roll(&c->dice, PAIR);
    if (!d->unsure && roll(&c->dice, 8) == 0) {
        if (push_to(c, server, d))
            count(&two.replays);
        return;
    }
    prepare(c, d);
    bool good =
        roll(&c->dice, 8) == 0 ? push_to_both(c, d) : push_to(c, server, d);
    if (good) {
        d->unsure = false;
        count(&two.acks);
    }
}

static bool is_over(void)
{
    pthread_mutex_lock(&two.mutex);
    bool over = two.over;
    pthread_mutex_unlock(&two.mutex);
    return over;
}

static void *client(void *ctx)
{
    struct client *c = ctx;
    int n = DEVICES / CLIENTS;
    while (!c->wrong && !is_over())
        trade(c, &c->devices[roll(&c->dice, n)]);
    for (int i = 0; i < n && !c->wrong; i++) {
        for (int k = 0; k < TRIES && c->devices[i].unsure && !c->wrong; k++)
            c->devices[i].unsure = !push_to(c, k % PAIR, &c->devices[i]);
        if (c->devices[i].unsure && !c->wrong)
            c->wrong = "a batch is not taken";
    }
    for (int i = 0; i < PAIR; i++)
        https_close(c->links[i]);
    return NULL;
}

/* ---- under fire ---------------------------------------------------------- */

/* Until so many more batches are acknowledged; false: they are not. */
static bool wait_for_acks(int n)
{
    int64_t until_ms = env_mono_ms() + PATIENCE_MS;
    pthread_mutex_lock(&two.mutex);
    int64_t wanted = two.acks + n;
    while (two.acks < wanted && env_mono_ms() < until_ms)
        waiting_for(&two.news, &two.mutex, 1000);
    bool reached = two.acks >= wanted;
    pthread_mutex_unlock(&two.mutex);
    return reached;
}

/* The place's connections but ours; the server waits until they are gone. */
static void cut_all(struct store *s)
{
    raw_exec(s, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE application_name = current_setting('application_name')"
                " AND pid <> pg_backend_pid()");
}

/* The other one goes on alone for a while; then it comes back. */
static void kill_one(struct dice *d)
{
    int victim = roll(d, PAIR);
    child_end(&two.pair.servers[victim], SIGKILL);
    assert_true(wait_for_acks(roll(d, ACKS_MOST / 4)));
    pair_serve(&two.pair, victim);
}

static void clients_start(struct client *clients, struct device_here *devices,
                          uint64_t seed)
{
    for (int i = 0; i < DEVICES; i++) {
        struct device_here *d = &devices[i];
        buf_init(&d->push, MAX_BATCH);
        trader_open(&d->trader, PAIR_FAIR, NULL, i + 1, &d->push);
        d->unsure = true;
    }
    for (int i = 0; i < CLIENTS; i++) {
        clients[i].devices = &devices[i * (DEVICES / CLIENTS)];
        clients[i].dice.state = seed * 1000003 + (uint64_t)i + 1;
        assert_int_equal(
            pthread_create(&clients[i].thread, NULL, client, &clients[i]), 0);
    }
}

static void clients_end(struct client *clients)
{
    pthread_mutex_lock(&two.mutex);
    two.over = true;
    pthread_mutex_unlock(&two.mutex);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i].thread, NULL);
    for (int i = 0; i < CLIENTS; i++) {
        if (clients[i].wrong)
            fail_msg("client %d: %s (status %d)", i, clients[i].wrong,
                     clients[i].status);
    }
}

/* ---- what must be so afterwards ------------------------------------------ */

static int64_t member(const json_t *doc, const char *object, const char *name)
{
    const json_t *value = json_object_get(json_object_get(doc, object), name);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static json_t *asked(int server, const char *const *words)
{
    BUF(out, MAX_OUTPUT);
    pair_run(&two.pair, server, words, &out);
    json_t *doc = json_loadb(buf_text(&out), out.len, 0, NULL);
    assert_non_null(doc);
    return doc;
}

static void every_batch_is_there_whole(struct store *s,
                                       const struct device_here *devices)
{
    for (int i = 0; i < DEVICES; i++) {
        const struct trader *t = &devices[i].trader;
        struct device d;
        assert_int_equal(store_device(s, str_of(t->device), &d), ERR_OK);
        assert_int_equal(d.count, t->seq);
        assert_memory_equal(d.head, t->head, HASH_BYTES);
        assert_int_equal(d.state, DEVICE_ACTIVE);
    }
}

static void the_totals_are_those_of_the_ledgers(const struct device_here *all)
{
    int64_t gross = 0, sales = 0;
    for (int i = 0; i < DEVICES; i++) {
        gross += all[i].trader.book.sums.gross_vnd;
        sales += all[i].trader.book.sums.sales;
    }
    json_t *doc = asked(
        1, WORDS("report", "days", "--fair", PAIR_FAIR, "--format", "json"));
    assert_int_equal(member(doc, "totals", "revenue_vnd"), gross);
    assert_int_equal(member(doc, "totals", "sales"), sales);
    json_decref(doc);
}

static void verify_agrees(void)
{
    json_t *doc = asked(0, WORDS("verify", "--format", "json"));
    assert_true(json_is_true(json_object_get(doc, "ok")));
    assert_true(json_is_true(json_object_get(doc, "rollups_ok")));
    json_decref(doc);
}

/* Every row says which transaction wrote it last. */
#define WROTE(table) \
    " UNION ALL SELECT CAST(CAST(xmin AS TEXT) AS BIGINT), device FROM " table

static void no_transaction_wrote_rows_of_two_devices(struct store *s)
{
    assert_int_equal(
        raw_int(s, "SELECT count(*) FROM (SELECT 1 FROM (SELECT 0 AS tx,"
                   " '' AS device" WROTE("device") WROTE("segment") WROTE(
                       "packed") WROTE("fold_mark") WROTE("fold_beyond")
                       WROTE("roll_day") WROTE("roll_sale") WROTE("roll_line")
                           WROTE("roll_item") WROTE("roll_tender") WROTE(
                               "roll_sold") ") w GROUP BY tx HAVING "
                                            "count(DISTINCT device) > 1) t"),
        0);
    /* One batch, one transaction: no two segments came with the same. */
    assert_int_equal(
        raw_int(s, "SELECT count(*) - count(DISTINCT CAST(xmin AS TEXT))"
                   " FROM segment"),
        0);
}

/* ---- connections that went away ------------------------------------------ */

/* As when the database was restarted while nobody used it: the next push must
 * not notice. */
static void lost_connections_are_made_anew(struct store *s,
                                           struct device_here *devices)
{
    struct client c = { .dice = { 5 } };
    cut_all(s);
    for (int i = 0; i < 4 * PAIR; i++) {
        prepare(&c, &devices[i]);
        assert_true(push_to(&c, i % PAIR, &devices[i]));
        devices[i].unsure = false;
    }
    for (int i = 0; i < PAIR; i++)
        https_close(c.links[i]);
}

/* ---- there and back ------------------------------------------------------ */

/* What reports say that know no clock but as_of; and that all is sound. (Those
 * of every kind are in test_copy.c, whose clock stands.) */
static void told_by(const char *place, struct buf *out)
{
    static const char *const kinds[] = { "days",     "hours",       "booths",
                                         "products", "visitors",    "latest",
                                         "stamps",   "supervision", "pace" };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        json_t *doc = asked(0, WORDS("report", kinds[i], "--fair", PAIR_FAIR,
                                     "--format", "json", "--store", place));
        json_object_del(doc, "as_of");
        char *text = json_dumps(doc, JSON_SORT_KEYS);
        buf_printf(out, "%s %s\n", kinds[i], text);
        free(text);
        json_decref(doc);
    }
    json_t *doc =
        asked(0, WORDS("verify", "--format", "json", "--store", place));
    assert_true(json_is_true(json_object_get(doc, "ok")));
    json_decref(doc);
    assert_true(buf_ok(out));
}

static void says(const struct buf *before, const char *place)
{
    BUF(after, MAX_OUTPUT);
    told_by(place, &after);
    assert_string_equal(buf_text(&after), buf_text(before));
}

#define RUN(...)                                           \
    do {                                                   \
        BUF(said, MAX_TEXT);                               \
        pair_run(&two.pair, 0, WORDS(__VA_ARGS__), &said); \
    } while (0)

/* The command is refused with these words. */
static void refused(const char *const *words, const char *said)
{
    BUF(out, MAX_TEXT);
    int code = 0;
    assert_int_equal(child_run(&two.pair.programs[0], words, &out, &code),
                     ERR_OK);
    assert_int_equal(code, 1);
    if (!strstr(buf_text(&out), said))
        fail_msg("no \"%s\" in %s", said, buf_text(&out));
}

#define REFUSED(said, ...) \
    refused(WORDS(__VA_ARGS__, "--format", "json", "--language", "en"), said)

/* What is not empty is named itself; what is damaged is not copied, and keeps
 * its sums. */
static void it_says_what_it_refuses(const char *file, const char *place)
{
    struct store *s = NULL;
    const char *const rows =
        "SELECT * FROM roll_day ORDER BY device, day, gate";
    BUF(before, MAX_OUTPUT);
    BUF(after, MAX_OUTPUT);
    REFUSED("the database is not empty: postgresql://", "restore", file,
            "--store", place);
    REFUSED("the database is not empty: postgresql://", "migrate", place,
            "--store=");
    assert_int_equal(store_open(place, STORE_WRITE, NULL, &s), ERR_OK);
    raw_text(s, rows, &before);
    raw_exec(s, "UPDATE segment SET bytes = 'x' WHERE device ="
                " (SELECT max(device) FROM segment)");
    REFUSED("events of these devices are damaged: ", "migrate", "sqlite",
            "--store", place);
    REFUSED("\"damaged\":[\"", "rebuild", "--store", place);
    raw_text(s, rows, &after);
    assert_string_equal(buf_text(&after), buf_text(&before));
    store_close(s);
}

static void it_asks_for_keys(const char *place)
{
    char dir[SCRATCH_ROOM + 16];
    BUF(said, MAX_TEXT);
    snprintf(dir, sizeof(dir), "%s/none", two.pair.dir);
    pair_run(&two.pair, 0,
             WORDS("migrate", "sqlite", "--data", dir, "--store", place),
             &said);
    assert_non_null(strstr(buf_text(&said), "init --keys"));
}

/* Into the directory's file (--store= means it), from there into another
 * database, and as a backup into a third one. */
static void it_moves_there_and_back(void)
{
    char second[SCRATCH_ROOM], third[SCRATCH_ROOM], file[SCRATCH_ROOM + 16];
    BUF(before, MAX_OUTPUT);
    place_make(second);
    place_make(third);
    snprintf(file, sizeof(file), "%s/backup.db", two.pair.dir);
    told_by(two.pair.where, &before);
    assert_true(before.len > 10000);
    RUN("migrate", "sqlite");
    says(&before, "");
    BUF(next, MAX_TEXT);
    pair_run(&two.pair, 0, WORDS("migrate", second, "--store="), &next);
    assert_non_null(strstr(buf_text(&next), "\n  store = postgresql://fair@"));
    assert_non_null(strstr(buf_text(&next), "/aggregator.db"));
    assert_null(strstr(buf_text(&next), second)); /* that has a password */
    says(&before, second);
    RUN("backup", file, "--store", second);
    RUN("restore", file, "--store", third);
    says(&before, third);
    it_asks_for_keys(third);
    it_says_what_it_refuses(file, third);
    place_remove(second);
    place_remove(third);
}

/* ---- the test ------------------------------------------------------------ */

static int number_of(const char *name, int otherwise)
{
    const char *text = getenv(name);
    return text && *text ? (int)strtol(text, NULL, 10) : otherwise;
}

static void nothing_is_lost_or_counted_twice_when_one_is_killed(void **state)
{
    uint64_t seed = (uint64_t)number_of("SEED", 20200114);
    struct dice dice = { seed + 1 };
    struct device_here *devices = x_alloc(DEVICES * sizeof(*devices));
    struct client clients[CLIENTS] = { 0 };
    struct store *s = NULL;
    (void)state;
    for (int i = 0; i < PAIR; i++)
        pair_serve(&two.pair, i);
    assert_int_equal(store_open(two.pair.where, STORE_READ, NULL, &s), ERR_OK);
    clients_start(clients, devices, seed);
    for (int i = 0; i < KILLS * number_of("SOAK", 1); i++) {
        assert_true(wait_for_acks(1 + roll(&dice, ACKS_MOST)));
        if (i % 5 == 4) /* while devices push to both */
            RUN("compact", "--all");
        if (i % 3 == 2)
            cut_all(s);
        else
            kill_one(&dice);
    }
    clients_end(clients);
    printf("seed %llu: %lld batches, %lld sent again, %lld to both, %lld not"
           " answered, %lld busy, %lld not known\n",
           (unsigned long long)seed, (long long)two.acks,
           (long long)two.replays, (long long)two.crossings,
           (long long)two.closed, (long long)two.busy, (long long)two.failed);
    assert_true(two.replays > 0 && two.crossings > 0 && two.closed > 0);
    /* While both serve, and fold: reports are exact at every moment. */
    every_batch_is_there_whole(s, devices);
    the_totals_are_those_of_the_ledgers(devices);
    assert_true(raw_int(s, "SELECT count(*) FROM fold_mark") > 0);
    assert_true(raw_int(s, "SELECT count(*) FROM packed") > 0);
    lost_connections_are_made_anew(s, devices);
    for (int i = 0; i < PAIR; i++)
        assert_int_equal(child_end(&two.pair.servers[i], SIGTERM), 0);
    verify_agrees();
    the_totals_are_those_of_the_ledgers(devices);
    no_transaction_wrote_rows_of_two_devices(s);
    store_close(s);
    it_moves_there_and_back();
    for (int i = 0; i < DEVICES; i++) {
        trader_close(&devices[i].trader);
        buf_done(&devices[i].push);
    }
    free(devices);
}

static int open_two(void **state)
{
    struct keypair key;
    BUF(path, MAX_TEXT);
    (void)state;
    buf_printf(&path, "%s/fair-aggregator", getenv("FAIR_BUILD"));
    crowd_aggregator(&key);
    memcpy(two.aggregator, key.public_key, KEY_BYTES);
    pthread_mutex_init(&two.mutex, NULL);
    waiting_init(&two.news);
    pair_open(&two.pair, buf_text(&path));
    return 0;
}

static int close_two(void **state)
{
    (void)state;
    pair_close(&two.pair);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            nothing_is_lost_or_counted_twice_when_one_is_killed, open_two,
            close_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
