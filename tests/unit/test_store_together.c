/*
 * test_store_together.c - two programs on one store: what each reads before it
 * writes is still true when it writes.
 *
 * On a shared store two threads do the same at once, each with a store of its
 * own; a file has one writer, so there they do it one after the other. What
 * must come out is the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "sync/aggregator/store/listing.h"
#include "tests/support/hall.h"
#include "tests/support/pushing.h"
#include "tests/support/roll_set.h"

enum { TURNS = 12, TWO = 2 };

static struct hall *hall;

/* ---- two at once --------------------------------------------------------- */

struct worker {
    struct store *store;
    pthread_t thread;
    enum err (*work)(struct store *s, void *ctx);
    int number, turn; /* whose turn it is, and which */
    enum err e;
};

static void *take_turns(void *ctx)
{
    struct worker *w = ctx;
    for (w->turn = 0; w->e == ERR_OK && w->turn < TURNS; w->turn++)
        w->e = store_do(w->store, w->work, w);
    return NULL;
}

static void together(enum err (*work)(struct store *s, void *ctx))
{
    bool shared = store_shared(hall->store);
    struct worker workers[TWO] = { { .work = work }, { .work = work } };
    for (int i = 0; i < TWO; i++) {
        struct worker *w = &workers[i];
        w->number = i;
        w->store = hall->store;
        if (shared)
            assert_int_equal(
                store_open(hall->dir, STORE_WRITE, NULL, &w->store), ERR_OK);
    }
    for (int i = 0; i < TWO; i++) {
        struct worker *w = &workers[i];
        assert_int_equal(pthread_create(&w->thread, NULL, take_turns, w), 0);
        if (!shared)
            pthread_join(w->thread, NULL);
    }
    for (int i = 0; i < TWO; i++) {
        if (shared) {
            pthread_join(workers[i].thread, NULL);
            store_close(workers[i].store);
        }
        assert_int_equal(workers[i].e, ERR_OK);
    }
}

static int open_hall(void **state)
{
    struct fair f = { .code = "XUAN",
                      .name = "Xuân",
                      .first_day = 20200114,
                      .days = 6,
                      .opens_min = 480,
                      .closes_min = 1320 };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    enum change change;
    (void)state;
    hall = hall_open(7);
    assert_int_equal(fair_put(hall->store, &f, &change), ERR_OK);
    assert_int_equal(booth_put(hall->store, STR("XUAN"), &b, &change), ERR_OK);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    hall_close(hall);
    return 0;
}

/* ---- numbers that are counted -------------------------------------------- */

static enum err add_catalogue(struct store *s, void *ctx)
{
    int64_t version = 0;
    (void)ctx;
    return catalogue_add(s, 1, &version);
}

static enum err bump(struct store *s, void *ctx)
{
    (void)ctx;
    return listing_bump(s, STR("XUAN"), INT64_C(1577836800000));
}

static void versions_follow_each_other(void **state)
{
    int64_t version = 0;
    (void)state;
    together(add_catalogue);
    assert_int_equal(catalogue_last(hall->store, &version), ERR_OK);
    assert_int_equal(version, TWO * TURNS);
    together(bump);
    assert_int_equal(
        listing_version(hall->store, STR("XUAN"), STR("A1"), &version), ERR_OK);
    assert_int_equal(version, TWO * TURNS);
}

static enum err decide(struct store *s, void *ctx)
{
    const struct worker *w = ctx;
    struct decision d = { .at_ms = w->turn,
                          .what = w->number ? "hold" : "release",
                          .first = 1,
                          .last = 1,
                          .reason = STR("") };
    return store_decide(s, hall_name(hall, 0), &d);
}

static enum err count_decision(void *ctx, const struct decision *d)
{
    int *n = ctx;
    (void)d;
    ++*n;
    return ERR_OK;
}

static void no_decision_takes_the_place_of_another(void **state)
{
    int n = 0;
    (void)state;
    together(decide);
    assert_int_equal(store_decision_each(hall->store, hall_name(hall, 0),
                                         count_decision, &n),
                     ERR_OK);
    assert_int_equal(n, TWO * TURNS);
}

static enum err note(struct store *s, void *ctx)
{
    const struct worker *w = ctx;
    struct access a = { w->turn, STR("lan"), STR("export"), STR("x") };
    return access_add(s, &a);
}

static enum err count_access(void *ctx, const struct access *a)
{
    int *n = ctx;
    (void)a;
    ++*n;
    return ERR_OK;
}

static void no_access_goes_unnoted(void **state)
{
    int n = 0;
    (void)state;
    together(note);
    assert_int_equal(access_each(hall->store, 100, count_access, &n), ERR_OK);
    assert_int_equal(n, TWO * TURNS);
}

/* ---- what is counted in a row -------------------------------------------- */

static enum err guess(struct store *s, void *ctx)
{
    struct deed deed = { 1000, STR("test") };
    struct sign_in in = { .name = STR("lan"), .secret = "" };
    struct signed_in out;
    (void)ctx;
    return deed_sign_in(s, &deed, &in, &out);
}

static void wrong_passwords_count_wherever_they_are_tried(void **state)
{
    struct account a = {
        .name = "lan", .role = ROLE_STAFF, .fair = "XUAN", .secret = "lan's"
    };
    (void)state;
    assert_int_equal(account_add(hall->store, &a), ERR_OK);
    together(guess);
    assert_int_equal(account_get(hall->store, STR("lan"), &a), ERR_OK);
    /* Whoever waits is not counted: the rules' own limit, and none lost. */
    struct account alone = { .fails = 0 };
    for (int i = 0; i < TWO * TURNS; i++) {
        if (account_open(&alone, 1000) == ERR_OK)
            account_wrong(&alone, 1000);
    }
    assert_int_equal(a.fails, alone.fails);
    assert_true(a.locked_until_ms == alone.locked_until_ms);
}

/* ---- enrolment ----------------------------------------------------------- */

static struct keys keys;
static struct book tills[TWO][TURNS];
static char codes[TURNS][ENROL_CODE_LEN + 1];

static void offer_codes(int n)
{
    for (int i = 0; i < n; i++) {
        struct enrol_offer o = { STR("XUAN"), STR("A1"), STR("till"),
                                 STR("fair.example.vn"), 8443 };
        struct enrolment e;
        BUF(word, MAX_TEXT);
        BUF(why, MAX_TEXT);
        assert_int_equal(enrol_offer(hall->store, &keys, &o, 1, &word), ERR_OK);
        assert_int_equal(enrolment_parse(buf_slice(&word), &e, &why), ERR_OK);
        memcpy(codes[i], e.code, sizeof(codes[i]));
    }
}

/* Both ask with the same code, each for a till of its own. */
static enum err enrol(struct store *s, void *ctx)
{
    const struct worker *w = ctx;
    struct asking a = { "XUAN", "A1", codes[w->turn], keys.pin };
    struct enrol_request r;
    BUF(bytes, MAX_TEXT);
    BUF(arena, MAX_TEXT);
    BUF(reply, MAX_REPLY);
    asking_put(&tills[w->number][w->turn], a, &bytes);
    enum err e = enrol_request_decode(buf_slice(&bytes), &arena, &r);
    if (e == ERR_OK)
        e = enrol_device(s, &keys, &r, 2, &reply);
    return e == ERR_CODE_USED ? ERR_OK : e;
}

static enum err mark_number(void *ctx, const struct device *d)
{
    bool *taken = ctx;
    assert_in_range(d->number, 1, TURNS + 2);
    assert_false(taken[d->number]);
    taken[d->number] = true;
    return ERR_OK;
}

static void a_code_lets_one_in_and_numbers_are_nobody_elses(void **state)
{
    bool taken[TURNS + 3] = { false };
    (void)state;
    for (int i = 0; i < TWO * TURNS; i++)
        book_init(&tills[i / TURNS][i % TURNS], (uint8_t)(100 + i), 1);
    pushing_keys(&tills[0][0], &keys);
    offer_codes(TURNS);
    together(enrol);
    /* The hall's own two stalls of this fair are numbers 1 and 2. */
    assert_int_equal(
        store_device_each(hall->store, STR("XUAN"), mark_number, taken),
        ERR_OK);
    for (int i = 1; i <= TURNS + 2; i++)
        assert_true(taken[i]);
    for (int i = 0; i < TWO * TURNS; i++)
        book_done(&tills[i / TURNS][i % TURNS]);
}

/* ---- folding ------------------------------------------------------------- */

/* Inside store_do there is no folding device by device: outside. */
static void *fold_on(void *ctx)
{
    struct worker *w = ctx;
    int64_t folded = 1;
    for (w->turn = 0; w->e == ERR_OK && (folded > 0 || w->turn < TURNS);
         w->turn++)
        w->e = w->turn % 5 == 4 && w->number == 1 && w->turn < TURNS
                   ? store_unfold_all(w->store)
                   : store_fold_step(w->store, 7, &folded);
    return NULL;
}

static void two_who_fold_count_nothing_twice(void **state)
{
    struct worker workers[TWO] = { { .number = 0 }, { .number = 1 } };
    bool shared = store_shared(hall->store);
    (void)state;
    for (int i = 0; i < STALLS; i++)
        hall_send(hall, i, 60);
    for (int i = 0; i < TWO; i++) {
        workers[i].store = hall->store;
        if (shared)
            assert_int_equal(
                store_open(hall->dir, STORE_WRITE, NULL, &workers[i].store),
                ERR_OK);
        assert_int_equal(
            pthread_create(&workers[i].thread, NULL, fold_on, &workers[i]), 0);
        if (!shared)
            pthread_join(workers[i].thread, NULL);
    }
    for (int i = 0; i < TWO; i++) {
        if (shared) {
            pthread_join(workers[i].thread, NULL);
            store_close(workers[i].store);
        }
        assert_int_equal(workers[i].e, ERR_OK);
    }
    hall_fold(hall);
    for (int i = 0; i < STALLS; i++)
        assert_int_equal(hall_mark(hall, i), 60);
    hall_expect(hall, hall->store);
}

/* ---- turns, leases, claims ----------------------------------------------- */

static enum err in_the_way(struct store *s, void *ctx)
{
    int *left = ctx;
    enum err e = add_catalogue(s, NULL);
    return e == ERR_OK && --*left >= 0 ? ERR_AGAIN : e;
}

static void a_group_is_run_again_whole_and_not_for_ever(void **state)
{
    int64_t version = 0;
    int left = 2;
    (void)state;
    assert_int_equal(store_do(hall->store, in_the_way, &left), ERR_OK);
    assert_int_equal(catalogue_last(hall->store, &version), ERR_OK);
    assert_int_equal(version, 1);
    left = 1000;
    assert_int_equal(store_do(hall->store, in_the_way, &left), ERR_AGAIN);
    assert_int_equal(catalogue_last(hall->store, &version), ERR_OK);
    assert_int_equal(version, 1);
    assert_true(left > 900);
}

static bool lease(const char *holder, int64_t now_ms)
{
    const struct lease l = { "fold", holder, now_ms, 100 };
    bool mine = false;
    assert_int_equal(store_lease(hall->store, &l, &mine), ERR_OK);
    return mine;
}

static void a_lease_is_one_holders_until_it_ends(void **state)
{
    bool alone = !store_shared(hall->store); /* a file: everybody's */
    (void)state;
    assert_true(lease("a", 5000));
    assert_int_equal(lease("b", 5099), alone);
    assert_true(lease("a", 5050));
    assert_int_equal(lease("b", 5149), alone);
    assert_true(lease("b", 5150));
    assert_int_equal(lease("a", 5200), alone);
    /* Who took it with a clock far ahead does not keep it for ever. */
    assert_true(lease("b", 900000));
    assert_true(lease("a", 5300));
}

static void a_database_belongs_to_who_came_first(void **state)
{
    enum err other = store_shared(hall->store) ? ERR_EXISTS : ERR_OK;
    (void)state;
    assert_int_equal(store_belongs(hall->store, "aaaa"), ERR_OK);
    assert_int_equal(store_claim(hall->store, "aaaa"), ERR_OK);
    assert_int_equal(store_claim(hall->store, "aaaa"), ERR_OK);
    assert_int_equal(store_belongs(hall->store, "aaaa"), ERR_OK);
    assert_int_equal(store_claim(hall->store, "bbbb"), other);
    assert_int_equal(store_belongs(hall->store, "bbbb"), other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(versions_follow_each_other),
        TEST(no_decision_takes_the_place_of_another),
        TEST(no_access_goes_unnoted),
        TEST(wrong_passwords_count_wherever_they_are_tried),
        TEST(a_code_lets_one_in_and_numbers_are_nobody_elses),
        TEST(two_who_fold_count_nothing_twice),
        TEST(a_group_is_run_again_whole_and_not_for_ever),
        TEST(a_lease_is_one_holders_until_it_ends),
        TEST(a_database_belongs_to_who_came_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
