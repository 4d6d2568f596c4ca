/*
 * test_practice.c - practising: everything works, nothing counts.
 */
#include "pos/till/practice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/wire.h"
#include "pos/till/refund.h"
#include "pos/till/shift.h"
#include "sync/agent/session.h"
#include "sync/agent/usb.h"
#include "sync/aggregator/ingest/ingest.h"
#include "tests/support/book.h"
#include "tests/support/pushing.h"
#include "tests/support/till.h"
#include "tests/support/till_fixture.h"

enum { DEVICE = 1, AGGREGATOR = 2 };

static struct till_fixture f;
static struct till practice;
static char place[SCRATCH_ROOM]; /* DIR/practice */
static char bare[SCRATCH_ROOM];  /* a directory that was never enrolled */

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    scratch_make(bare);
    snprintf(place, sizeof(place), "%s", scratch_path(f.dir, "practice"));
    practice = (struct till){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_close(&practice);
    till_fixture_done(&f);
    scratch_remove(bare);
    return 0;
}

static void practise(const char *dir)
{
    BUF(why, MAX_TEXT);
    till_close(&practice);
    enum err e = practice_open(dir, "test", &why, &practice);
    if (e)
        fail_msg("%s: %s", err_code(e), buf_text(&why));
}

static int64_t events(const struct till *till)
{
    return ledger_state(till->ledger)->count;
}

/* Two of the first product, in cash. */
static int64_t sell(void)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sale sale = { .cart = cart, .payments = &cash, .n_payments = 1 };
    struct sold sold;
    const struct product *p = lists_find(practice.lists, STR("1"));
    assert_non_null(p);
    assert_int_equal(cart_add(cart, p, 2000), ERR_OK);
    assert_int_equal(sale_begin(&practice, cart), ERR_OK);
    assert_int_equal(sale_commit(&practice, &sale, &sold), ERR_OK);
    free(cart);
    return sold.seq;
}

static void open_shift(void)
{
    int64_t seq;
    assert_int_equal(shift_open(&practice, 100000, 0, 0, &seq), ERR_OK);
}

/* ---- a ledger of its own ---- */

static void n13_a_practice_sale_is_in_its_own_ledger_only(void **state)
{
    struct stat st;
    struct refunded back;
    (void)state;
    till_fixture_open(&f);
    int64_t before = events(&f.till);
    practise(f.dir);
    open_shift();
    int64_t seq = sell();
    assert_int_equal(void_commit(&practice, seq, STR(""), 0, &back), ERR_OK);
    assert_true(practice.practice);
    assert_string_equal(practice.dir, place);
    assert_int_equal(events(&practice), 5); /* enrolled, list, shift, sale… */
    till_fixture_open(&f);
    assert_false(f.till.practice);
    assert_int_equal(events(&f.till), before);
    till_verify(place);
    till_fixture_verify(&f);
    assert_int_equal(stat(place, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
}

static void n13_slips_and_fair_say_that_it_is_practice(void **state)
{
    BUF(number, MAX_TEXT);
    (void)state;
    practise(f.dir);
    const struct admission *a = &ledger_state(practice.ledger)->admission;
    assert_true(str_is(a->fair, "TAP-SU"));
    assert_true(str_is(a->booth, "A1"));
    till_receipt_number(&practice, 3, &number);
    assert_string_equal(buf_text(&number), "A1-TAP-3");
    assert_true(till_fair_day(&practice, till_day_now(&practice)) > 0);
}

static void n13_it_goes_on_where_it_was_left(void **state)
{
    char device[DEVICE_LEN + 1];
    (void)state;
    practise(f.dir);
    memcpy(device, ledger_state(practice.ledger)->device, sizeof(device));
    open_shift();
    sell();
    int64_t before = events(&practice);
    practise(f.dir);
    assert_string_equal(ledger_state(practice.ledger)->device, device);
    assert_int_equal(events(&practice), before);
    assert_true(practice.shift.open);
    sell();
    till_verify(place);
}

static void n13_a_start_that_was_killed_is_begun_again(void **state)
{
    (void)state;
    practise(f.dir);
    till_close(&practice);
    unlink(scratch_path(place, "ledger.db"));
    unlink(scratch_path(place, "reserve"));
    unlink(scratch_path(place, "admission"));
    practise(f.dir); /* with the key that stands */
    assert_true(events(&practice) > 0);
    till_verify(place);
}

static void n13_what_is_wrong_there_is_said_and_nothing_left_open(void **state)
{
    BUF(why, MAX_TEXT);
    (void)state;
    assert_int_equal(mkdir(place, 0700), 0);
    scratch_write(place, "device.key", STR("no key\n"));
    assert_int_equal(practice_open(f.dir, "test", &why, &practice),
                     ERR_CORRUPT);
    assert_string_equal(buf_text(&why), place);
    assert_null(practice.ledger);
    buf_clear(&why);
    scratch_write(bare, "practice", STR("a file"));
    assert_int_not_equal(practice_open(bare, "test", &why, &practice), ERR_OK);
    assert_non_null(strstr(buf_text(&why), bare));
}

/* ---- what it sells ---- */

static void n13_it_sells_from_the_real_lists_when_there_are_some(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    practise(f.dir);
    assert_int_equal(lists_count(practice.lists), till_fixture_n_products);
    assert_true(str_is(lists_at(practice.lists, 0)->sku, "CM-KG"));
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    practise(f.dir);
    assert_int_equal(lists_count(practice.lists), 2);
    assert_int_equal(ledger_state(practice.ledger)->list, 2);
}

/* Real codes, prices and a clean check of the file that is built in. */
static void sells_the_sample(void)
{
    const struct lists *l = practice.lists;
    assert_int_equal(lists_count(l), 100);
    for (int i = 0; i < 100; i++) {
        const struct product *p = lists_at(l, i);
        BUF(code, 8);
        buf_int(&code, i + 1);
        assert_true(str_eq(p->code, buf_slice(&code)));
        assert_int_equal(p->hotkey, i < 12 ? i + 1 : 0);
        assert_true(p->price_vnd > 0 && p->name.len > 0 && p->unit.len > 0);
        assert_int_equal(product_certificate(p, 20991231, 20991231), CERT_NONE);
    }
    assert_true(str_is(lists_at(l, 0)->sku, "TR01"));
    assert_int_equal(lists_at(l, 0)->price_vnd, 750000);
    assert_int_equal(lists_at(l, 0)->stars, 5);
}

static void n13_without_enrolment_it_sells_a_sample(void **state)
{
    (void)state;
    practise(bare);
    sells_the_sample();
    const struct admission *a = &ledger_state(practice.ledger)->admission;
    assert_true(str_is(a->booth, "TAP"));
    open_shift();
    sell();
    assert_false(scratch_has(bare, "ledger.db"));
    assert_false(scratch_has(bare, "device.key"));
    till_verify(scratch_path(bare, "practice"));
}

static void n13_before_the_first_lists_it_sells_a_sample(void **state)
{
    (void)state;
    till_enrol(bare, DEVICE, AGGREGATOR);
    practise(bare);
    sells_the_sample();
    assert_true(str_is(ledger_state(practice.ledger)->admission.booth, "A1"));
}

static void n13_lists_that_are_not_this_booths_are_not_practised(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    fair.booth = STR("B2");
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    practise(f.dir);
    sells_the_sample();
}

/* ---- it can never be sent ---- */

static void n13_the_agent_never_sends_it(void **state)
{
    struct session session;
    struct inbox *in = NULL;
    (void)state;
    practise(f.dir);
    open_shift();
    sell();
    till_close(&practice);
    session_init(&session, place, "test", 1000);
    for (int enrolled = 0; enrolled < 2; enrolled++) {
        assert_int_equal(session_run(&session), ERR_PRACTICE);
        assert_int_equal(usb_export(&session, scratch_path(f.dir, "out")),
                         ERR_PRACTICE);
        assert_false(scratch_has(f.dir, "out"));
        if (enrolled)
            break;
        assert_false(scratch_has(place, "sync.db"));
        /* Not even where somebody has made it look enrolled. */
        assert_int_equal(inbox_open(place, INBOX_WRITE, "test", NULL, &in),
                         ERR_OK);
        assert_int_equal(
            inbox_set_server(in, STR("https://fair.test:1"), STR("sha256//x")),
            ERR_OK);
        inbox_close(in);
    }
    session_done(&session);
}

/* Its events as a push that an agent of somebody's making would send. */
static void forge(struct buf *out, const char *aggregator)
{
    struct ledger *l = till_ledger_open(place, LEDGER_READ);
    const struct ledger_state *s = ledger_state(l);
    struct keypair key;
    struct stored e;
    BUF(lines, MAX_BATCH);
    BUF(public_key, 2 * KEY_BYTES);
    BUF(start, 2 * HASH_BYTES);
    BUF(head, 2 * HASH_BYTES);
    uint8_t previous[HASH_BYTES];
    chain_start(s->key.public_key, previous);
    buf_hex(&public_key, s->key.public_key, KEY_BYTES);
    buf_hex(&start, previous, HASH_BYTES);
    buf_hex(&head, s->head, HASH_BYTES);
    for (int64_t seq = 1; seq <= s->count; seq++) {
        assert_int_equal(ledger_get(l, seq, &e), ERR_OK);
        buf_str(&lines, e.bytes);
        buf_putc(&lines, '\n');
    }
    struct push_header h = { .aggregator = str_of(aggregator),
                             .clock_ms = f.wall_ms,
                             .device = str_of(s->device),
                             .from = 1,
                             .head = buf_slice(&head),
                             .key = buf_slice(&public_key),
                             .nonce = STR(NONCE_NONE),
                             .previous = buf_slice(&start),
                             .program = STR("test 1.0"),
                             .push = STR("1"),
                             .to = s->count };
    assert_int_equal(key_load(place, "device.key", &key), ERR_OK);
    push_encode(&h, &key, buf_slice(&lines), out);
    key_done(&key);
    ledger_close(l);
}

static void n13_no_aggregator_takes_it(void **state)
{
    struct store *store = NULL;
    struct book book;
    struct keys keys;
    struct push push;
    struct device held;
    BUF(bytes, MAX_BATCH);
    (void)state;
    practise(f.dir);
    open_shift();
    sell();
    till_close(&practice);
    book_init(&book, DEVICE, AGGREGATOR); /* the till's own aggregator */
    pushing_keys(&book, &keys);
    forge(&bytes, keys.id);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    assert_int_equal(store_open(bare, STORE_WRITE, NULL, &store), ERR_OK);
    assert_int_equal(ingest_push(store, &keys, &push, f.wall_ms, NULL),
                     ERR_ADMISSION);
    assert_int_equal(store_device(store, push.header.device, &held),
                     ERR_NOT_FOUND);
    store_close(store);
    book_done(&book);
}

/* Its key is made for it, serves once and is written nowhere. */
static void n13_every_practice_ledger_has_an_aggregator_of_its_own(void **state)
{
    BUF(first, 2 * KEY_BYTES);
    (void)state;
    practise(f.dir);
    buf_str(&first, ledger_state(practice.ledger)->admission.aggregator);
    practise(bare);
    struct str second = ledger_state(practice.ledger)->admission.aggregator;
    assert_false(str_eq(buf_slice(&first), second));
    till_fixture_open(&f);
    struct str real = ledger_state(f.till.ledger)->admission.aggregator;
    assert_false(str_eq(buf_slice(&first), real));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(n13_a_practice_sale_is_in_its_own_ledger_only),
        TEST(n13_slips_and_fair_say_that_it_is_practice),
        TEST(n13_it_goes_on_where_it_was_left),
        TEST(n13_a_start_that_was_killed_is_begun_again),
        TEST(n13_what_is_wrong_there_is_said_and_nothing_left_open),
        TEST(n13_it_sells_from_the_real_lists_when_there_are_some),
        TEST(n13_without_enrolment_it_sells_a_sample),
        TEST(n13_before_the_first_lists_it_sells_a_sample),
        TEST(n13_lists_that_are_not_this_booths_are_not_practised),
        TEST(n13_the_agent_never_sends_it),
        TEST(n13_no_aggregator_takes_it),
        TEST(n13_every_practice_ledger_has_an_aggregator_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
