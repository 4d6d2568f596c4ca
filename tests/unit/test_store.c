/*
 * test_store.c - what was acknowledged is kept as it came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "fair/wire.h"
#include "tests/support/hall.h"

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

/* ---- the place ---- */

static void nothing_is_read_where_nothing_was_set_up(void **state)
{
    char where[SCRATCH_ROOM];
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    (void)state;
    place_make(where);
    assert_int_equal(store_open(where, STORE_READ, &why, &s), ERR_NOT_SET_UP);
    assert_null(s);
    assert_true(why.len > 0);
    /* Nothing was made by looking. */
    assert_int_equal(store_open(where, STORE_READ, &why, &s), ERR_NOT_SET_UP);
    place_remove(where);
}

static void derived_tables_of_another_version_are_made_anew(void **state)
{
    struct hall *h = *state;
    hall_send(h, 0, 60);
    hall_fold(h);
    hall_sql(h, "UPDATE meta SET value = '0' WHERE name = 'derived_version';"
                "DROP TABLE roll_sale; CREATE TABLE roll_sale (x INTEGER)");
    hall_reopen(h);
    assert_int_equal(hall_mark(h, 0), 0);
    hall_expect(h, h->store);
    hall_fold(h);
    hall_expect(h, h->store);
}

static void a_reader_does_without_derived_tables_of_another_version(
    void **state)
{
    struct hall *h = *state;
    struct store *reader = NULL;
    hall_send(h, 0, 60);
    hall_fold(h);
    hall_sql(h, "UPDATE meta SET value = '0' WHERE name = 'derived_version';"
                "DROP TABLE roll_sale; DROP TABLE fold_mark");
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &reader), ERR_OK);
    hall_expect(h, reader);
    store_close(reader);
    hall_reopen(h);
    hall_expect(h, h->store);
    hall_fold(h);
    hall_expect(h, h->store);
}

static void a_group_that_is_rolled_back_leaves_nothing(void **state)
{
    struct hall *h = *state;
    const struct book *book = &h->stalls[0].book;
    struct device d;
    BUF(bytes, MAX_OUTPUT);
    stall_lines(&h->stalls[0], 1, 2, &bytes);
    struct segment seg = { .first = 1,
                           .last = 2,
                           .bytes = buf_slice(&bytes),
                           .head = book->events[1].hash };
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_append(h->store, hall_name(h, 0), &seg, NULL),
                     ERR_OK);
    store_group_rollback(h->store);
    assert_int_equal(store_device(h->store, hall_name(h, 0), &d), ERR_OK);
    assert_int_equal(d.count, 0);
    assert_int_equal(store_append(h->store, hall_name(h, 0), &seg, NULL),
                     ERR_OK);
    assert_int_equal(store_group_commit(h->store), ERR_OK);
    assert_int_equal(store_device(h->store, hall_name(h, 0), &d), ERR_OK);
    assert_int_equal(d.count, 2);
}

/* ---- devices ---- */

static void a_device_is_kept_as_it_was_admitted(void **state)
{
    struct hall *h = *state;
    const struct book *book = &h->stalls[1].book;
    struct device d;
    uint8_t start[HASH_BYTES];
    assert_int_equal(store_device(h->store, hall_name(h, 1), &d), ERR_OK);
    assert_string_equal(d.device, h->stalls[1].device);
    assert_string_equal(d.fair, "XUAN");
    assert_string_equal(d.booth, "A2");
    assert_string_equal(d.label, "1");
    assert_string_equal(d.name, "quầy Hạ Long");
    assert_int_equal(d.number, 2);
    assert_memory_equal(d.public_key, book->device.public_key, KEY_BYTES);
    assert_int_equal(d.state, DEVICE_ACTIVE);
    chain_start(d.public_key, start);
    assert_memory_equal(d.head, start, HASH_BYTES);
    assert_int_equal(d.count, 0);
    assert_int_equal(d.seen_ms, 0);
    assert_int_equal(hall_admit(h->store, &h->stalls[1], 9), ERR_EXISTS);
    assert_int_equal(store_device(h->store, STR("nobody"), &d), ERR_NOT_FOUND);
}

static void an_admission_comes_back_with_its_phone_key(void **state)
{
    struct hall *h = *state;
    struct stall extra;
    uint8_t phone[KEY_BYTES], got[KEY_BYTES], zero[KEY_BYTES] = { 0 };
    BUF(admission, MAX_TEXT);
    BUF(signature, MAX_TEXT);
    memset(phone, 7, sizeof(phone));
    memset(got, 1, sizeof(got));
    assert_int_equal(
        store_admission(h->store, hall_name(h, 0), &admission, &signature, got),
        ERR_OK);
    assert_non_null(strstr(buf_text(&admission), "\"booth\":\"A1\""));
    assert_int_equal(signature.len, 2 * SIGNATURE_BYTES);
    assert_memory_equal(got, zero, KEY_BYTES);
    stall_open(&extra, 99, 1);
    struct device d = { .number = 9 };
    memcpy(d.device, extra.device, sizeof(d.device));
    struct admitted a = { STR("{1}"), STR("11"), STR("x"), phone };
    assert_int_equal(store_admit(h->store, &d, &a), ERR_OK);
    assert_int_equal(store_admission(h->store, str_of(extra.device), &admission,
                                     &signature, got),
                     ERR_OK);
    assert_non_null(strstr(buf_text(&admission), "}{1}"));
    assert_memory_equal(got, phone, KEY_BYTES);
    assert_int_equal(
        store_admission(h->store, STR("nobody"), &admission, &signature, got),
        ERR_NOT_FOUND);
    stall_close(&extra);
}

static void a_heartbeat_tells_how_the_device_is(void **state)
{
    struct hall *h = *state;
    struct device d;
    struct heartbeat beat = { 1000, 5, -30, 900, 77, STR("fair-sync 1"), true };
    assert_int_equal(store_heartbeat(h->store, hall_name(h, 0), &beat), ERR_OK);
    beat.resent = false;
    assert_int_equal(store_heartbeat(h->store, hall_name(h, 0), &beat), ERR_OK);
    assert_int_equal(store_set_state(h->store, hall_name(h, 0), DEVICE_REVOKED),
                     ERR_OK);
    assert_int_equal(store_device(h->store, hall_name(h, 0), &d), ERR_OK);
    assert_int_equal(d.seen_ms, 1000);
    assert_int_equal(d.unsent, 5);
    assert_int_equal(d.offset_ms, -30);
    assert_int_equal(d.disk_mb, 900);
    assert_int_equal(d.list, 77);
    assert_string_equal(d.program, "fair-sync 1");
    assert_int_equal(d.resent, 1);
    assert_int_equal(d.state, DEVICE_REVOKED);
}

static void a_long_text_of_a_device_is_cut_between_characters(void **state)
{
    struct hall *h = *state;
    struct device d;
    BUF(program, MAX_TEXT);
    buf_putc(&program, 'x');
    for (int i = 0; i < 40; i++)
        buf_puts(&program, "ạ"); /* three bytes each */
    struct heartbeat beat = { .program = buf_slice(&program) };
    assert_int_equal(store_heartbeat(h->store, hall_name(h, 0), &beat), ERR_OK);
    assert_int_equal(store_device(h->store, hall_name(h, 0), &d), ERR_OK);
    assert_int_equal(strlen(d.program), 61); /* of 63 that would fit */
}

struct names {
    char text[256];
};

static enum err take_name(void *ctx, const struct device *d)
{
    struct names *n = ctx;
    size_t len = strlen(n->text);
    snprintf(n->text + len, sizeof(n->text) - len, "%s ", d->booth);
    return ERR_OK;
}

static void devices_are_listed_by_fair(void **state)
{
    struct hall *h = *state;
    struct names all = { "" }, one = { "" };
    assert_int_equal(store_device_each(h->store, STR(""), take_name, &all),
                     ERR_OK);
    assert_string_equal(all.text, "A3 A1 A2 ");
    assert_int_equal(store_device_each(h->store, STR("XUAN"), take_name, &one),
                     ERR_OK);
    assert_string_equal(one.text, "A1 A2 ");
}

/* ---- events ---- */

static enum err join(void *ctx, const struct segment *seg)
{
    buf_str(ctx, seg->bytes);
    return ERR_OK;
}

static void events_are_kept_as_they_came(void **state)
{
    struct hall *h = *state;
    BUF(found, MAX_OUTPUT);
    BUF(wanted, MAX_OUTPUT);
    for (int n = 1; n <= 12; n++)
        hall_send(h, 0, n);
    assert_int_equal(store_segments(h->store, hall_name(h, 0), 1, join, &found),
                     ERR_OK);
    stall_lines(&h->stalls[0], 1, h->sent[0], &wanted);
    assert_true(str_eq(buf_slice(&found), buf_slice(&wanted)));
}

static enum err first_of(void *ctx, const struct segment *seg)
{
    int64_t *first = ctx;
    *first = seg->first;
    return ERR_NOT_FOUND;
}

static void segments_begin_with_the_one_that_holds_the_event(void **state)
{
    static const struct {
        int64_t from, first;
    } cases[] = {
        { 1, 1 }, { 3, 1 }, { 4, 4 }, { 5, 4 }, { 9, 4 }, { 10, 10 }
    };
    struct hall *h = *state;
    int64_t first = -1;
    hall_send(h, 0, 3);
    hall_send(h, 0, 6);
    hall_send(h, 0, 1);
    hall_send(h, 1, 5);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(store_segments(h->store, hall_name(h, 0),
                                        cases[i].from, first_of, &first),
                         ERR_NOT_FOUND);
        assert_int_equal(first, cases[i].first);
    }
    first = -1;
    assert_int_equal(
        store_segments(h->store, hall_name(h, 0), 11, first_of, &first),
        ERR_OK);
    assert_int_equal(first, -1);
}

static void the_hash_of_every_event_is_known(void **state)
{
    struct hall *h = *state;
    uint8_t hash[HASH_BYTES], wanted[HASH_BYTES];
    for (int n = 1; n <= 9; n++)
        hall_send(h, 0, n);
    for (int seq = 0; seq <= h->sent[0]; seq++) {
        book_head(&h->stalls[0].book, seq, wanted);
        assert_int_equal(store_hash_at(h->store, hall_name(h, 0), seq, hash),
                         ERR_OK);
        assert_memory_equal(hash, wanted, HASH_BYTES);
    }
    assert_int_equal(store_hash_at(h->store, hall_name(h, 0), -1, hash),
                     ERR_NOT_FOUND);
    assert_int_equal(
        store_hash_at(h->store, hall_name(h, 0), h->sent[0] + 1, hash),
        ERR_NOT_FOUND);
    assert_int_equal(store_hash_at(h->store, STR("nobody"), 0, hash),
                     ERR_NOT_FOUND);
}

static void no_hash_is_told_of_damaged_events(void **state)
{
    static const char *const damage[] = {
        "UPDATE segment SET bytes = replace(bytes, 'AB3DE', 'AB3DF')"
        " WHERE first = 11",
        "UPDATE segment SET bytes = bytes || '{}\n'"
        " WHERE first = 11",
        "DELETE FROM segment WHERE first = 11",
        "UPDATE segment SET head = checks WHERE first = 11",
        "UPDATE segment SET head = checks WHERE first = 1",
        "UPDATE segment SET last = 25 WHERE first = 11",
        "UPDATE segment SET last = 9 WHERE first = 1",
        "DELETE FROM segment WHERE first = 1",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        uint8_t hash[HASH_BYTES] = { 9 };
        struct hall *h = hall_open((uint32_t)i + 1);
        hall_send(h, 0, 10);
        hall_send(h, 0, 10);
        hall_send(h, 0, 10);
        hall_sql(h, damage[i]);
        assert_int_equal(store_hash_at(h->store, hall_name(h, 0), 15, hash),
                         ERR_CORRUPT);
        assert_int_equal(hash[0], 9);
        hall_close(h);
    }
}

/* ---- branches ---- */

static enum err take_branch(void *ctx, const struct branch *b)
{
    buf_printf(ctx, "%ld-%ld ", (long)b->seg.first, (long)b->seg.last);
    return ERR_OK;
}

static void expect_branches(struct hall *h, const char *wanted)
{
    BUF(text, MAX_TEXT);
    assert_int_equal(
        store_branch_each(h->store, hall_name(h, 0), take_branch, &text),
        ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

static void the_same_branch_is_kept_once(void **state)
{
    struct hall *h = *state;
    struct stall twin, third;
    stall_open(&twin, 10, 777);
    stall_open(&third, 10, 778);
    stall_trade(&twin, 30);
    stall_trade(&third, 30);
    hall_set_aside(h, 0, &twin, 3, 8);
    hall_set_aside(h, 0, &twin, 3, 8);
    expect_branches(h, "3-8 ");
    hall_set_aside(h, 0, &twin, 3, 6); /* the beginning again */
    expect_branches(h, "3-8 ");
    hall_set_aside(h, 0, &twin, 3, 12); /* and more: only that */
    expect_branches(h, "3-8 9-12 ");
    hall_set_aside(h, 0, &twin, 3, 15);
    expect_branches(h, "3-8 9-12 13-15 ");
    hall_set_aside(h, 0, &twin, 16, 17);
    expect_branches(h, "3-8 9-12 13-15 16-17 ");
    hall_set_aside(h, 0, &third, 3, 8); /* another one from the same number */
    expect_branches(h, "3-8 3-8 9-12 13-15 16-17 ");
    stall_close(&twin);
    stall_close(&third);
}

static enum err take_light(void *ctx, const struct branch *b)
{
    assert_int_equal(b->seg.bytes.len, 0);
    return take_branch(ctx, b);
}

static void expect_over(struct hall *h, int first, int last, const char *wanted)
{
    struct stretch some = { hall_name(h, 0), first, last };
    BUF(text, MAX_TEXT);
    assert_int_equal(store_branch_over(h->store, &some, take_light, &text),
                     ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

static void expect_down(struct hall *h, int seq, const char *wanted)
{
    BUF(text, MAX_TEXT);
    assert_int_equal(
        store_branch_down(h->store, hall_name(h, 0), seq, take_light, &text),
        ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

static enum err take_lines(void *ctx, const struct branch *b)
{
    struct str bytes = b->seg.bytes, line;
    take_branch(ctx, b);
    for (int64_t seq = b->seg.first; seq <= b->seg.last; seq++)
        assert_true(lines_next(&bytes, &line));
    assert_int_equal(bytes.len, 0);
    return ERR_OK;
}

static void expect_one(struct hall *h, int64_t id, const char *wanted)
{
    BUF(text, MAX_TEXT);
    assert_int_equal(
        store_branch_get(h->store, hall_name(h, 0), id, take_lines, &text),
        ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

static void branches_are_looked_for_without_their_bytes(void **state)
{
    struct hall *h = *state;
    struct stall twin, third;
    stall_open(&twin, 10, 777);
    stall_open(&third, 10, 778);
    stall_trade(&twin, 30);
    stall_trade(&third, 30);
    hall_set_aside(h, 0, &twin, 3, 8);
    hall_set_aside(h, 0, &twin, 9, 12);
    hall_set_aside(h, 0, &third, 3, 10);
    expect_over(h, 1, 2, "");
    expect_over(h, 1, 3, "3-8 3-10 ");
    expect_over(h, 8, 8, "3-8 3-10 ");
    expect_over(h, 9, 10, "3-10 9-12 ");
    expect_over(h, 11, 30, "9-12 ");
    expect_over(h, 13, 30, "");
    expect_down(h, 2, "");
    expect_down(h, 8, "3-10 3-8 ");
    expect_down(h, 9, "9-12 3-10 3-8 ");
    expect_one(h, 2, "9-12 ");
    expect_one(h, 3, "3-10 ");
    expect_one(h, 4, "");
    stall_close(&twin);
    stall_close(&third);
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_read_where_nothing_was_set_up),
        HALL(derived_tables_of_another_version_are_made_anew),
        HALL(a_reader_does_without_derived_tables_of_another_version),
        HALL(a_group_that_is_rolled_back_leaves_nothing),
        HALL(a_device_is_kept_as_it_was_admitted),
        HALL(an_admission_comes_back_with_its_phone_key),
        HALL(a_heartbeat_tells_how_the_device_is),
        HALL(a_long_text_of_a_device_is_cut_between_characters),
        HALL(devices_are_listed_by_fair),
        HALL(events_are_kept_as_they_came),
        HALL(segments_begin_with_the_one_that_holds_the_event),
        HALL(the_hash_of_every_event_is_known),
        cmocka_unit_test(no_hash_is_told_of_damaged_events),
        HALL(the_same_branch_is_kept_once),
        HALL(branches_are_looked_for_without_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
