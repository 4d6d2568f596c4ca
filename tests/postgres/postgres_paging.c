/*
 * postgres_paging.c - pages of lists beside a database that is slow to answer:
 * who waits for it stops nobody whose page is remembered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "fair/env.h"
#include "sync/aggregator/ingest/paging.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/place.h"
#include "tests/support/pushing.h"
#include "tests/support/raw.h"

#define NOW INT64_C(1578900000000)

enum { DEVICES = 2, LOOK_MS = 5, LIMIT_MS = 8000 };

static struct office {
    char where[SCRATCH_ROOM];
    struct store *store;
    struct keys keys;
    struct book books[DEVICES]; /* of booths A1 and A2 */
    struct paging *paging;
} office;

static void add_fair(struct store *s)
{
    static const char *const booths[DEVICES] = { "A1", "A2" };
    enum change change;
    int64_t version = 0;
    struct fair f = { .code = "XUAN",
                      .name = "Xuân",
                      .first_day = 20200114,
                      .days = 6,
                      .opens_min = 480,
                      .closes_min = 1320 };
    struct catalogue_product p = { .p = { .sku = STR("CHA-MUC"),
                                          .name = STR("Chả mực"),
                                          .unit = STR("kg"),
                                          .price_vnd = 1000 } };
    assert_int_equal(fair_put(s, &f, &change), ERR_OK);
    for (int i = 0; i < DEVICES; i++) {
        struct booth b = { str_of(booths[i]), STR("Hạ Long"),
                           STR("in-province"), STR(""), 1 };
        struct device d = { .fair = "XUAN", .label = "1" };
        struct admitted a = { STR("{}"), STR("00"), STR(""), NULL };
        memcpy(d.booth, booths[i], strlen(booths[i]));
        device_id(office.books[i].device.public_key, d.device);
        memcpy(d.public_key, office.books[i].device.public_key, KEY_BYTES);
        assert_int_equal(booth_put(s, STR("XUAN"), &b, &change), ERR_OK);
        assert_int_equal(store_admit(s, &d, &a), ERR_OK);
    }
    assert_int_equal(catalogue_add(s, NOW, &version), ERR_OK);
    assert_int_equal(product_add(s, version, 1, &p), ERR_OK);
    assert_int_equal(listing_bump(s, STR(""), NOW), ERR_OK);
}

static int open_office(void **state)
{
    (void)state;
    for (int i = 0; i < DEVICES; i++)
        book_init(&office.books[i], (uint8_t)(11 + i), 200);
    pushing_keys(&office.books[0], &office.keys);
    place_make(office.where);
    assert_int_equal(store_open(office.where, STORE_WRITE, NULL, &office.store),
                     ERR_OK);
    office.paging = paging_open(PAGING_BYTES);
    add_fair(office.store);
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    paging_close(office.paging);
    store_close(office.store);
    place_remove(office.where);
    for (int i = 0; i < DEVICES; i++)
        book_done(&office.books[i]);
    return 0;
}

/* A device asks for its manifest. */
static enum err fetch(struct store *s, int i, struct buf *out)
{
    char id[DEVICE_LEN + 1];
    device_id(office.books[i].device.public_key, id);
    struct push_header h = { .device = str_of(id), .want = STR("manifest") };
    return paging_answer(office.paging, s, &office.keys, &h, out);
}

struct slow {
    struct store *store;
    pthread_mutex_t mutex;
    bool done;
    enum err e;
    size_t len; /* of its answer */
};

static void *fetch_slowly(void *ctx)
{
    struct slow *slow = ctx;
    BUF(out, MAX_OUTPUT);
    slow->e = fetch(slow->store, 0, &out);
    slow->len = out.len;
    pthread_mutex_lock(&slow->mutex);
    slow->done = true;
    pthread_mutex_unlock(&slow->mutex);
    return NULL;
}

static bool is_done(struct slow *slow)
{
    pthread_mutex_lock(&slow->mutex);
    bool done = slow->done;
    pthread_mutex_unlock(&slow->mutex);
    return done;
}

static bool somebody_waits(struct store *s)
{
    int64_t until_ms = env_mono_ms() + LIMIT_MS;
    bool waits = false;
    while (!waits && env_mono_ms() < until_ms) {
        poll(NULL, 0, LOOK_MS);
        waits = raw_int(s, "SELECT count(*) FROM pg_locks WHERE NOT granted"
                           " AND relation = 'product'::regclass") > 0;
    }
    return waits;
}

static void a_remembered_page_waits_for_nobody(void **state)
{
    struct slow slow = { .done = false };
    struct store *holder = NULL;
    pthread_t thread;
    BUF(out, MAX_OUTPUT);
    (void)state;
    assert_int_equal(fetch(office.store, 1, &out), ERR_OK);
    buf_clear(&out);
    pthread_mutex_init(&slow.mutex, NULL);
    assert_int_equal(store_open(office.where, STORE_READ, NULL, &slow.store),
                     ERR_OK);
    assert_int_equal(store_open(office.where, STORE_WRITE, NULL, &holder),
                     ERR_OK);
    assert_int_equal(store_group_begin(holder), ERR_OK);
    assert_int_equal(
        engine_script(store_engine(holder), "", "LOCK TABLE product"), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, fetch_slowly, &slow), 0);
    assert_true(somebody_waits(office.store));
    assert_int_equal(fetch(office.store, 1, &out), ERR_OK);
    assert_true(out.len > 0);
    assert_false(is_done(&slow));
    store_group_rollback(holder);
    pthread_join(thread, NULL);
    assert_int_equal(slow.e, ERR_OK);
    assert_true(slow.len > 0);
    store_close(holder);
    store_close(slow.store);
    pthread_mutex_destroy(&slow.mutex);
}

/* Both make the document that nobody remembers, and both have it. */
static void two_may_make_the_same_document(void **state)
{
    struct slow slow[2] = { { .done = false }, { .done = false } };
    struct store *holder = NULL;
    pthread_t threads[2];
    (void)state;
    assert_int_equal(store_open(office.where, STORE_WRITE, NULL, &holder),
                     ERR_OK);
    assert_int_equal(store_group_begin(holder), ERR_OK);
    assert_int_equal(
        engine_script(store_engine(holder), "", "LOCK TABLE product"), ERR_OK);
    for (int i = 0; i < 2; i++) {
        pthread_mutex_init(&slow[i].mutex, NULL);
        assert_int_equal(
            store_open(office.where, STORE_READ, NULL, &slow[i].store), ERR_OK);
        assert_int_equal(
            pthread_create(&threads[i], NULL, fetch_slowly, &slow[i]), 0);
    }
    assert_true(somebody_waits(office.store));
    store_group_rollback(holder);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(slow[i].e, ERR_OK);
        store_close(slow[i].store);
        pthread_mutex_destroy(&slow[i].mutex);
    }
    assert_int_equal(slow[0].len, slow[1].len);
    assert_true(slow[0].len > 0);
    store_close(holder);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, open_office, close_office)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_remembered_page_waits_for_nobody),
        TEST(two_may_make_the_same_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
