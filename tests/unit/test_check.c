/*
 * test_check.c - verify says what a till would say of the same damage, names
 * wrong sums, and a restore is whole or has not happened.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/sign.h"
#include "sync/aggregator/store/check.h"
#include "tests/support/raw.h"
#include "tests/support/scratch.h"
#include "tests/support/stall.h"

/* A store with one device that has traded. */
struct hall {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct stall stall;
    int sent;
    struct device_check found; /* the only device's */
    struct check check;
};

static void open_store(struct hall *h)
{
    BUF(why, MAX_TEXT);
    if (store_open(h->dir, STORE_WRITE, &why, &h->store) != ERR_OK)
        fail_msg("%s", buf_text(&why));
}

static void admit(struct hall *h)
{
    const struct book *book = &h->stall.book;
    uint8_t signature[SIGNATURE_BYTES];
    BUF(bytes, MAX_EVENT);
    BUF(hex, MAX_TEXT);
    shape_encode(&admission_shape, &book->admission, &bytes);
    sign_make(&book->aggregator, DOMAIN_ADMISSION, buf_slice(&bytes),
              signature);
    buf_hex(&hex, signature, sizeof(signature));
    struct device d = { .fair = "XUAN", .booth = "A1", .label = "1" };
    memcpy(d.device, h->stall.device, sizeof(d.device));
    memcpy(d.public_key, book->device.public_key, KEY_BYTES);
    struct admitted a = { buf_slice(&bytes), buf_slice(&hex), STR(""), NULL };
    assert_int_equal(store_admit(h->store, &d, &a), ERR_OK);
}

static void send(struct hall *h, int n)
{
    int last = h->sent + n;
    BUF(bytes, MAX_OUTPUT);
    stall_trade(&h->stall, last);
    stall_lines(&h->stall, h->sent + 1, last, &bytes);
    struct segment seg = { .first = h->sent + 1,
                           .last = last,
                           .bytes = buf_slice(&bytes),
                           .head = h->stall.book.events[last - 1].hash };
    assert_int_equal(
        store_append(h->store, str_of(h->stall.device), &seg, NULL), ERR_OK);
    h->sent = last;
}

static void fold(struct hall *h)
{
    int64_t n;
    assert_int_equal(store_fold_step(h->store, 100000, &n), ERR_OK);
}

static struct hall *hall_open(uint32_t seed)
{
    struct hall *h = x_alloc(sizeof(*h));
    scratch_make(h->dir);
    open_store(h);
    stall_open(&h->stall, 10, seed);
    admit(h);
    send(h, 10);
    send(h, 20);
    fold(h);
    send(h, 10);
    return h;
}

static void hall_close(struct hall *h)
{
    store_close(h->store);
    stall_close(&h->stall);
    scratch_remove(h->dir);
    free(h);
}

static int open_hall(void **state)
{
    *state = hall_open(1);
    return 0;
}

static int close_hall(void **state)
{
    hall_close(*state);
    return 0;
}

static void sql(struct hall *h, const char *text)
{
    sqlite3 *handle = raw_handle(h->store);
    if (sqlite3_exec(handle, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(handle), text);
}

static const uint8_t *our_key(const struct hall *h)
{
    return h->stall.book.aggregator.public_key;
}

static enum err keep(void *ctx, const struct device_check *d)
{
    struct hall *h = ctx;
    assert_string_equal(d->device->device, h->stall.device);
    h->found = *d;
    h->found.device = NULL; /* gone after the call */
    return ERR_OK;
}

static void verify(struct hall *h)
{
    assert_int_equal(check_verify(h->store, our_key(h), keep, h, &h->check),
                     ERR_OK);
}

static void expect_sound(struct hall *h)
{
    verify(h);
    assert_true(h->found.ok);
    assert_int_equal(h->found.error, ERR_OK);
    assert_int_equal(h->found.first_bad, 0);
    assert_true(h->check.devices_ok);
    assert_true(h->check.rollups_ok);
    assert_true(h->check.file_ok);
    assert_true(h->check.ok);
    assert_int_equal(h->check.devices, 1);
    assert_int_equal(h->check.events, h->sent);
}

static void expect_bad(struct hall *h, enum err error, int64_t first_bad)
{
    verify(h);
    assert_string_equal(err_code(h->found.error), err_code(error));
    assert_int_equal(h->found.first_bad, first_bad);
    assert_false(h->found.ok);
    assert_false(h->check.devices_ok);
    assert_false(h->check.ok);
}

static void decide(struct hall *h, const char *what, int64_t first,
                   int64_t last, int day)
{
    struct decision d = { 1, what, first, last, day, STR("") };
    assert_int_equal(store_decide(h->store, str_of(h->stall.device), &d),
                     ERR_OK);
}

/* ---- sound ---- */

static void a_sound_store_is_never_complained_of(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        struct hall *h = hall_open(seed);
        expect_sound(h);
        decide(h, "hold", 5, 12, 0);
        expect_sound(h);
        decide(h, "day", 10, 25, 20200301);
        decide(h, "revoke", 33, INT64_MAX, 0);
        expect_sound(h);
        fold(h);
        expect_sound(h);
        hall_close(h);
    }
}

static void an_empty_store_is_sound(void **state)
{
    struct hall *h = *state;
    sql(h, "DELETE FROM device; DELETE FROM segment");
    assert_int_equal(check_verify(h->store, our_key(h), NULL, NULL, &h->check),
                     ERR_OK);
    assert_true(h->check.ok);
    assert_int_equal(h->check.devices, 0);
}

static void a_reader_can_verify(void **state)
{
    struct hall *h = *state;
    struct store *writer = h->store;
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &h->store), ERR_OK);
    expect_sound(h);
    store_close(h->store);
    h->store = writer;
}

/* ---- damaged events ---- */

/* Puts `bytes` for those of the segment that begins with `first`. */
static void rewrite(struct hall *h, int first, struct str bytes)
{
    sqlite3_stmt *put = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(raw_handle(h->store),
                           "UPDATE segment SET bytes = $1 WHERE first = $2", -1,
                           &put, NULL),
        SQLITE_OK);
    sqlite3_bind_text64(put, 1, bytes.data, bytes.len, SQLITE_STATIC,
                        SQLITE_UTF8);
    sqlite3_bind_int(put, 2, first);
    assert_int_equal(sqlite3_step(put), SQLITE_DONE);
    sqlite3_finalize(put);
}

/* What a till says of the book as it is now. */
static struct verifier till_verdict(const struct hall *h)
{
    struct verifier v;
    const struct book *b = &h->stall.book;
    verifier_init(&v, b->device.public_key, our_key(h));
    for (int i = 0; i < b->n && v.error == ERR_OK; i++) {
        if (verifier_feed(&v, buf_slice(&b->events[i].bytes),
                          b->events[i].hash) != ERR_OK)
            break;
    }
    verifier_done(&v);
    return v;
}

/* The book's second batch (events 11…30) as damaged goes into the store. */
static void expect_as_in_a_till(struct hall *h, int last)
{
    BUF(bytes, MAX_OUTPUT);
    stall_lines(&h->stall, 11, last, &bytes);
    rewrite(h, 11, buf_slice(&bytes));
    struct verifier v = till_verdict(h);
    assert_int_not_equal(v.error, ERR_OK);
    expect_bad(h, v.error, v.first_bad);
}

static void every_flipped_byte_is_named_as_in_a_till(void **state)
{
    struct hall *h = *state;
    for (int seq = 11; seq <= 30; seq++) {
        struct buf *event = &h->stall.book.events[seq - 1].bytes;
        for (size_t at = (size_t)seq; at < event->len; at += 23) {
            char was = event->data[at];
            event->data[at] = (char)(was ^ 1);
            if (event->data[at] != '\n')
                expect_as_in_a_till(h, 30);
            event->data[at] = was;
        }
    }
    BUF(bytes, MAX_OUTPUT);
    stall_lines(&h->stall, 11, 30, &bytes);
    rewrite(h, 11, buf_slice(&bytes));
    expect_sound(h);
}

static void a_removed_event_is_named(void **state)
{
    struct hall *h = *state;
    book_drop(&h->stall.book, 17);
    expect_as_in_a_till(h, 29);
    assert_int_equal(h->found.first_bad, 17);
    assert_int_equal(h->found.error, ERR_SEQUENCE);
}

static void a_doubled_event_is_named(void **state)
{
    struct hall *h = *state;
    book_copy(&h->stall.book, 17, 18);
    expect_as_in_a_till(h, 31);
    assert_int_equal(h->found.first_bad, 18);
}

static void swapped_events_are_named(void **state)
{
    struct hall *h = *state;
    book_swap(&h->stall.book, 15, 21);
    expect_as_in_a_till(h, 30);
    assert_int_equal(h->found.first_bad, 15);
}

static void damage_in_the_database_is_named(void **state)
{
    static const struct {
        const char *damage;
        enum err error;
        int64_t first_bad;
    } cases[] = {
        { "DELETE FROM segment WHERE first = 31", ERR_TRUNCATED, 31 },
        { "DELETE FROM segment WHERE first = 11", ERR_SEQUENCE, 11 },
        { "DELETE FROM segment", ERR_TRUNCATED, 1 },
        { "UPDATE segment SET head = zeroblob(32) WHERE first = 11", ERR_CHAIN,
          30 },
        { "UPDATE segment SET head = zeroblob(3) WHERE first = 11", ERR_CORRUPT,
          11 },
        { "UPDATE device SET head = zeroblob(32)", ERR_REWRITTEN, 40 },
        { "UPDATE device SET count = 39", ERR_CORRUPT, 40 },
        { "UPDATE device SET count = 41", ERR_TRUNCATED, 41 },
        { "UPDATE device SET public_key = zeroblob(32)", ERR_ADMISSION, 1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hall *h = hall_open(3);
        sql(h, cases[i].damage);
        expect_bad(h, cases[i].error, cases[i].first_bad);
        hall_close(h);
    }
}

static void another_aggregators_devices_are_named(void **state)
{
    struct hall *h = *state;
    uint8_t other[KEY_BYTES] = { 1 };
    assert_int_equal(check_verify(h->store, other, keep, h, &h->check), ERR_OK);
    assert_int_equal(h->found.error, ERR_ADMISSION);
    assert_int_equal(h->found.first_bad, 1);
    assert_false(h->check.ok);
}

static void wrong_running_totals_in_a_valid_chain_are_named(void **state)
{
    struct hall *h = *state;
    struct book *b = &h->stall.book;
    book_visit(b, 5);
    int seq = b->n;
    h->stall.acts[seq - 1] = (struct act){ .kind = ACT_OTHER };
    BUF(wrong, MAX_TEXT);
    buf_printf(&wrong, ",%lld,", (long long)b->sums.visits);
    book_edit(b, seq, buf_text(&wrong), ",999999,");
    book_rechain(b, seq);
    send(h, 5);
    expect_bad(h, ERR_SUMS, seq);
}

static void a_damaged_branch_is_named(void **state)
{
    struct hall *h = *state;
    struct stall twin;
    uint8_t previous[HASH_BYTES];
    BUF(bytes, MAX_OUTPUT);
    stall_open(&twin, 10, 999);
    stall_trade(&twin, 20);
    stall_lines(&twin, 3, 20, &bytes);
    book_head(&twin.book, 2, previous);
    struct branch b = { .seg = { .first = 3,
                                 .last = 20,
                                 .bytes = buf_slice(&bytes),
                                 .head = twin.book.events[19].hash },
                        .previous = previous };
    assert_int_equal(store_branch_add(h->store, str_of(h->stall.device), &b),
                     ERR_OK);
    expect_sound(h);
    sql(h, "UPDATE branch SET bytes = replace(bytes, 'AB3DE', 'AB3DF')");
    expect_bad(h, ERR_CHAIN, 3);
    stall_close(&twin);
}

/* ---- wrong sums ---- */

static void every_changed_row_is_noticed_and_rebuilt(void **state)
{
    static const char *const damage[] = {
        "UPDATE roll_day SET sales = sales + 1",
        "UPDATE roll_day SET revenue_vnd = revenue_vnd + 1",
        "UPDATE roll_day SET refunds_vnd = refunds_vnd + 1",
        "UPDATE roll_day SET voids_vnd = voids_vnd + 1",
        "UPDATE roll_day SET visits = visits + 1",
        "UPDATE roll_day SET gate = gate || 'X'",
        "DELETE FROM roll_day",
        "UPDATE roll_sale SET revenue_vnd = revenue_vnd + 1",
        "UPDATE roll_sale SET sales = sales + 1",
        "UPDATE roll_sale SET voids = voids + 1",
        "UPDATE roll_sale SET voids_vnd = voids_vnd + 1",
        "UPDATE roll_sale SET refunds = refunds + 1",
        "UPDATE roll_sale SET refunds_vnd = refunds_vnd + 1",
        "UPDATE roll_sale SET slot = slot + 1000",
        "UPDATE roll_line SET milli = milli + 1",
        "UPDATE roll_line SET sales = sales + 1",
        "UPDATE roll_line SET amount_vnd = amount_vnd - 1",
        "UPDATE roll_line SET seller = seller || 'x'",
        "UPDATE roll_item SET name = name || 'x'",
        "UPDATE roll_item SET unit = unit || 'x'",
        "UPDATE roll_tender SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_visit SET visits = visits + 1",
        "UPDATE roll_visit SET estimated = estimated + 1",
        "UPDATE roll_sold SET milli = milli + 1",
        "UPDATE roll_sold SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_sold SET lines = lines + 1",
        "UPDATE roll_sold SET stamped = stamped + 1",
        "UPDATE roll_sold SET list = list + 1",
        "UPDATE roll_sold SET sku = sku || 'x'",
        "UPDATE roll_act SET events = events + 1",
        "UPDATE roll_act SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_act SET operator_number = operator_number + 50",
        "UPDATE roll_act SET what = what || 'x'",
        "UPDATE roll_hold SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_hold SET events = events + 1",
        "UPDATE roll_note SET last = last + 1",
        "DELETE FROM roll_sale",
        "DELETE FROM roll_sold",
        "DELETE FROM roll_act",
        "DELETE FROM roll_hold",
        "UPDATE fold_mark SET seq = seq + 1",
        "UPDATE fold_mark SET seq = 1000",
        "INSERT INTO fold_beyond SELECT fair, device FROM device",
        "UPDATE roll_sale SET revenue_vnd = 9223372036854775807",
    };
    struct hall *h = *state;
    send(h, 300);
    decide(h, "hold", 100, 110, 0);
    fold(h);
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        int64_t events = 0;
        sql(h, damage[i]);
        verify(h);
        assert_true(h->found.ok);
        if (h->check.rollups_ok)
            fail_msg("not noticed: %s", damage[i]);
        assert_false(h->check.ok);
        assert_int_equal(check_rebuild(h->store, &events), ERR_OK);
        assert_int_equal(events, h->sent);
        expect_sound(h);
    }
}

/* ---- restore ---- */

static void back_up(struct hall *h, const char *name)
{
    assert_int_equal(store_backup(h->store, scratch_path(h->dir, name)),
                     ERR_OK);
}

static enum err restore(struct hall *h, const char *name)
{
    BUF(why, MAX_TEXT);
    store_close(h->store);
    h->store = NULL;
    const struct restoring r = { h->dir, scratch_path(h->dir, name), our_key(h),
                                 NULL };
    enum err e = check_restore(&r, &why);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        assert_true(why.len > 0);
    return e;
}

static int64_t held_events(struct hall *h)
{
    struct device d;
    assert_int_equal(store_device(h->store, str_of(h->stall.device), &d),
                     ERR_OK);
    return d.count;
}

static void a_backup_takes_the_place_of_the_database(void **state)
{
    struct hall *h = *state;
    struct store *before = NULL;
    struct device d;
    back_up(h, "monday.db");
    send(h, 7);
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    open_store(h);
    assert_int_equal(held_events(h), 40);
    h->sent = 40;
    expect_sound(h);
    assert_int_equal(
        store_open_file(scratch_path(h->dir, "aggregator.db.before-restore"),
                        STORE_WRITE, NULL, &before),
        ERR_OK);
    assert_int_equal(store_device(before, str_of(h->stall.device), &d), ERR_OK);
    assert_int_equal(d.count, 47);
    store_close(before);
    assert_false(scratch_has(h->dir, "aggregator.db.restore"));
    assert_true(scratch_has(h->dir, "monday.db"));
}

static void the_log_is_moved_into_the_database_that_goes(void **state)
{
    struct hall *h = *state;
    struct store *reader = NULL, *before = NULL;
    struct device d;
    back_up(h, "monday.db");
    send(h, 7);
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &reader), ERR_OK);
    assert_int_equal(store_device(reader, str_of(h->stall.device), &d), ERR_OK);
    store_close(h->store); /* not the last one: the log stays */
    h->store = NULL;
    store_close(reader);
    assert_true(scratch_has(h->dir, STORE_FILE "-wal"));
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    assert_false(scratch_has(h->dir, "aggregator.db.before-restore-wal"));
    const char *path = scratch_path(h->dir, "aggregator.db.before-restore");
    assert_int_equal(store_open_file(path, STORE_READ, NULL, &before), ERR_OK);
    assert_int_equal(store_device(before, str_of(h->stall.device), &d), ERR_OK);
    assert_int_equal(d.count, 47);
    store_close(before);
    open_store(h);
}

static void sums_of_a_backup_are_made_anew(void **state)
{
    struct hall *h = *state;
    sql(h, "UPDATE roll_sale SET revenue_vnd = 1");
    back_up(h, "monday.db");
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    open_store(h);
    expect_sound(h);
}

static void a_restore_can_be_repeated(void **state)
{
    struct hall *h = *state;
    back_up(h, "monday.db");
    for (int i = 0; i < 3; i++) {
        scratch_write(h->dir, "aggregator.db.restore", STR("left over"));
        scratch_write(h->dir, "aggregator.db.restore-wal", STR("left over"));
        assert_int_equal(restore(h, "monday.db"), ERR_OK);
        open_store(h);
        expect_sound(h);
    }
}

static void a_restore_needs_no_database_to_replace(void **state)
{
    struct hall *h = *state;
    back_up(h, "monday.db");
    store_close(h->store);
    h->store = NULL;
    assert_int_equal(remove(scratch_path(h->dir, STORE_FILE)), 0);
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    assert_false(scratch_has(h->dir, "aggregator.db.before-restore"));
    open_store(h);
    expect_sound(h);
}

static void a_damaged_database_is_replaced_and_kept_with_its_log(void **state)
{
    struct hall *h = *state;
    BUF(kept, MAX_TEXT);
    back_up(h, "monday.db");
    store_close(h->store);
    h->store = NULL;
    scratch_write(h->dir, STORE_FILE, STR("what the disk has left of it"));
    scratch_write(h->dir, STORE_FILE "-wal", STR("and of its log"));
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    assert_false(scratch_has(h->dir, STORE_FILE "-wal"));
    scratch_read(h->dir, "aggregator.db.before-restore", &kept);
    scratch_read(h->dir, "aggregator.db.before-restore-wal", &kept);
    assert_string_equal(buf_text(&kept),
                        "what the disk has left of itand of its log");
    open_store(h);
    expect_sound(h);
}

static void expect_refused(struct hall *h, const char *name, enum err error)
{
    send(h, 1);
    assert_string_equal(err_code(restore(h, name)), err_code(error));
    assert_false(scratch_has(h->dir, "aggregator.db.before-restore"));
    assert_false(scratch_has(h->dir, "aggregator.db.restore"));
    assert_false(scratch_has(h->dir, "aggregator.db.restore-wal"));
    open_store(h);
    expect_sound(h);
}

static void what_is_no_sound_backup_of_ours_changes_nothing(void **state)
{
    static const struct {
        const char *damage;
        enum err error;
    } cases[] = {
        { "UPDATE segment SET bytes = replace(bytes, 'AB3DE', 'AB3DF')",
          ERR_CORRUPT },
        { "DELETE FROM segment WHERE first = 11", ERR_CORRUPT },
        { "DELETE FROM segment WHERE first = 31", ERR_CORRUPT },
        { "UPDATE device SET head = zeroblob(32)", ERR_CORRUPT },
        { "UPDATE device SET admission = '{}'", ERR_ADMISSION },
        { "UPDATE device SET public_key = zeroblob(32)", ERR_ADMISSION },
        { "PRAGMA application_id = 7", ERR_CORRUPT },
        { "PRAGMA user_version = 99", ERR_NEWER },
    };
    struct hall *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char name[32];
        sqlite3 *file = NULL;
        snprintf(name, sizeof(name), "bad%d.db", (int)i);
        back_up(h, name);
        const char *path = scratch_path(h->dir, name);
        assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
        assert_int_equal(sqlite3_exec(file, cases[i].damage, NULL, NULL, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_close(file), SQLITE_OK);
        expect_refused(h, name, cases[i].error);
    }
    scratch_write(h->dir, "noise.db", STR("this was never a database"));
    expect_refused(h, "noise.db", ERR_CORRUPT);
    expect_refused(h, "nothing.db", ERR_NOT_FOUND);
}

static void a_torn_page_of_a_backup_is_noticed(void **state)
{
    struct hall *h = *state;
    BUF(bytes, MAX_OUTPUT);
    back_up(h, "torn.db");
    scratch_read(h->dir, "torn.db", &bytes);
    memset(bytes.data + bytes.len / 2, 0, 4096);
    scratch_write(h->dir, "torn.db", buf_slice(&bytes));
    expect_refused(h, "torn.db", ERR_CORRUPT);
}

static void a_backup_of_another_aggregator_is_refused(void **state)
{
    struct hall *h = *state;
    uint8_t other[KEY_BYTES] = { 1 };
    BUF(why, MAX_TEXT);
    back_up(h, "theirs.db");
    const struct restoring r = { h->dir, scratch_path(h->dir, "theirs.db"),
                                 other, NULL };
    assert_int_equal(check_restore(&r, &why), ERR_ADMISSION);
    expect_sound(h);
}

static void a_database_in_use_is_no_backup(void **state)
{
    struct hall *h = *state;
    back_up(h, "live.db");
    scratch_write(h->dir, "live.db-wal", STR(""));
    expect_refused(h, "live.db", ERR_INVALID);
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_store_is_never_complained_of),
        HALL(an_empty_store_is_sound),
        HALL(a_reader_can_verify),
        HALL(every_flipped_byte_is_named_as_in_a_till),
        HALL(a_removed_event_is_named),
        HALL(a_doubled_event_is_named),
        HALL(swapped_events_are_named),
        cmocka_unit_test(damage_in_the_database_is_named),
        HALL(another_aggregators_devices_are_named),
        HALL(wrong_running_totals_in_a_valid_chain_are_named),
        HALL(a_damaged_branch_is_named),
        HALL(every_changed_row_is_noticed_and_rebuilt),
        HALL(a_backup_takes_the_place_of_the_database),
        HALL(the_log_is_moved_into_the_database_that_goes),
        HALL(sums_of_a_backup_are_made_anew),
        HALL(a_restore_can_be_repeated),
        HALL(a_restore_needs_no_database_to_replace),
        HALL(a_damaged_database_is_replaced_and_kept_with_its_log),
        HALL(what_is_no_sound_backup_of_ours_changes_nothing),
        HALL(a_torn_page_of_a_backup_is_noticed),
        HALL(a_backup_of_another_aggregator_is_refused),
        HALL(a_database_in_use_is_no_backup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
