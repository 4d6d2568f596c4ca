/*
 * test_packed_damage.c - nothing goes before its frame was proved; a damaged
 * frame is named, and costs no more than it must.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/wire.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/packed.h"
#include "tests/support/hall.h"
#include "tests/support/raw.h"

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

/* Packs all that a stall has sent; how many events that were. */
static int64_t pack(struct hall *h, int i)
{
    struct packing step = { .events = 1 };
    int64_t events = 0;
    while (step.events > 0) {
        assert_int_equal(store_pack(h->store, hall_name(h, i), &step), ERR_OK);
        events += step.events;
    }
    return events;
}

/* ---- proof ---- */

static void expect_untouched(struct hall *h, int64_t segments)
{
    struct packing step = { .events = -1 };
    assert_int_equal(store_pack(h->store, hall_name(h, 0), &step), ERR_CORRUPT);
    assert_int_equal(step.events, -1);
    assert_int_equal(raw_int(h->store, "SELECT count(*) FROM packed"), 0);
    assert_int_equal(raw_int(h->store, "SELECT count(*) FROM segment"),
                     segments);
}

static void events_that_do_not_lead_to_their_head_are_not_packed(void **state)
{
    static const char *const damage[] = {
        "UPDATE segment SET bytes = replace(bytes, 'AB3DE', 'AB3DF')"
        " WHERE first = 11",
        "UPDATE segment SET bytes = bytes || '{}' || char(10)"
        " WHERE first = 21",
        "UPDATE segment SET bytes = bytes || '{}' WHERE first = 21",
        "UPDATE segment SET head = zeroblob(32) WHERE first = 21",
        "UPDATE segment SET head = x'00' WHERE first = 1",
        "UPDATE segment SET last = 25 WHERE first = 11",
        "UPDATE segment SET last = 31 WHERE first = 21",
        "UPDATE segment SET first = 2 WHERE first = 1",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        struct hall *h = hall_open((uint32_t)i + 1);
        for (int n = 0; n < 3; n++)
            hall_send(h, 0, 10);
        hall_sql(h, damage[i]);
        expect_untouched(h, 3);
        hall_close(h);
    }
}

static void a_missing_segment_stops_the_packing(void **state)
{
    struct hall *h = *state;
    for (int n = 0; n < 3; n++)
        hall_send(h, 0, 10);
    hall_sql(h, "DELETE FROM segment WHERE first = 11");
    expect_untouched(h, 2);
}

/* A disk that gives back something else than it was given. */
static void segments_stay_when_the_frame_reads_otherwise(void **state)
{
    static const char *const lies[] = {
        "bytes = zeroblob(length(new.bytes))",
        "bytes = substr(new.bytes, 1, length(new.bytes) - 1)",
        "checks = zeroblob(length(new.checks))",
        "head = zeroblob(32)",
        "last = new.last + 1",
        "size = new.size - 1",
    };
    struct hall *h = *state;
    BUF(sql, MAX_TEXT);
    hall_send(h, 0, 10);
    hall_send(h, 0, 20);
    for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
        buf_clear(&sql);
        buf_printf(&sql,
                   "CREATE TRIGGER lie AFTER INSERT ON packed BEGIN"
                   " UPDATE packed SET %s WHERE first = new.first; END",
                   lies[i]);
        hall_sql(h, buf_text(&sql));
        expect_untouched(h, 2);
        hall_sql(h, "DROP TRIGGER lie");
    }
    assert_int_equal(pack(h, 0), 30);
    hall_expect(h, h->store);
}

/* ---- damage ---- */

static enum err keep(void *ctx, const struct device_check *d)
{
    struct device_check *found = ctx;
    if (!d->ok)
        *found = *d;
    return ERR_OK;
}

static struct device_check verify(struct hall *h, struct check *check)
{
    struct device_check found = { .ok = true };
    const uint8_t *key = h->stalls[0].book.aggregator.public_key;
    assert_int_equal(check_verify(h->store, key, keep, &found, check), ERR_OK);
    return found;
}

/* Turns the byte at `at` of the only frame; what that event is now. */
static void flip(struct hall *h, int64_t at)
{
    BUF(sql, MAX_TEXT);
    buf_printf(&sql,
               "UPDATE packed SET bytes = CAST(substr(bytes, 1, %ld)"
               " || CASE hex(substr(bytes, %ld, 1)) WHEN '55' THEN x'aa'"
               " ELSE x'55' END || substr(bytes, %ld) AS BLOB)",
               (long)at, (long)at + 1, (long)at + 2);
    hall_sql(h, buf_text(&sql));
}

struct lines {
    const struct stall *stall;
    int64_t sound; /* in a row, from the first */
    int64_t n;
};

static enum err count_sound(void *ctx, const struct segment *seg)
{
    struct lines *l = ctx;
    struct str bytes = seg->bytes, line;
    for (; lines_next(&bytes, &line); l->n++) {
        bool same = str_eq(line, book_line(&l->stall->book, (int)l->n + 1));
        assert_true(same == segment_check(seg, l->n + 1 - seg->first, line));
        if (same && l->sound == l->n)
            l->sound++;
    }
    return ERR_OK;
}

/* Wherever a frame is hit, the events keep their numbers, what stands before
 * is there, the first wrong one is named, and no sum goes missing unseen. */
static void a_damaged_frame_is_named_with_its_first_wrong_event(void **state)
{
    struct hall *h = *state;
    uint8_t hash[HASH_BYTES];
    while (h->stalls[0].book.n < 1200)
        hall_send(h, 0, 100);
    pack(h, 0);
    assert_int_equal(raw_int(h->store, "SELECT count(*) FROM packed"), 1);
    hall_send(h, 0, 10);
    int64_t length = raw_int(h->store, "SELECT length(bytes) FROM packed");
    for (int64_t at = 0; at < length; at += length / 23) {
        struct lines lines = { .stall = &h->stalls[0] };
        struct check check;
        hall_sql(h, "CREATE TEMP TABLE sound AS SELECT * FROM packed");
        flip(h, at);
        assert_int_equal(
            store_segments(h->store, hall_name(h, 0), 1, count_sound, &lines),
            ERR_OK);
        assert_int_equal(lines.n, 1210);
        assert_true(lines.sound < 1200);
        struct device_check found = verify(h, &check);
        assert_false(found.ok);
        assert_int_equal(found.first_bad, lines.sound + 1);
        assert_int_equal(store_hash_at(h->store, hall_name(h, 0), 1199, hash),
                         ERR_CORRUPT);
        hall_sql(h, "DELETE FROM packed; INSERT INTO packed SELECT * FROM"
                    " sound; DROP TABLE sound");
    }
    hall_expect(h, h->store);
}

static void what_stands_before_the_damage_of_a_frame_is_there(void **state)
{
    static const char *const damage[] = {
        "UPDATE packed SET bytes ="
        " CAST(substr(bytes, 1, length(bytes) - 9) AS BLOB)",
        "UPDATE packed SET bytes = CAST(substr(bytes, 1, length(bytes) - 9)"
        " || zeroblob(9) AS BLOB)",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        struct hall *h = hall_open(1);
        struct lines lines = { .stall = &h->stalls[0] };
        while (h->stalls[0].book.n < 1200)
            hall_send(h, 0, 100);
        pack(h, 0);
        hall_sql(h, damage[i]);
        assert_int_equal(
            store_segments(h->store, hall_name(h, 0), 1, count_sound, &lines),
            ERR_OK);
        assert_int_equal(lines.n, 1200);
        assert_in_range(lines.sound, 600, 1199);
        hall_close(h);
    }
}

/* Reports go on: what cannot be read counts as damaged and held. */
static void events_of_a_damaged_frame_are_held(void **state)
{
    struct hall *h = *state;
    int64_t held = 0;
    hall_send(h, 0, 60);
    hall_send(h, 1, 60);
    pack(h, 0);
    hall_sql(h, "UPDATE packed SET bytes = x'00'");
    hall_fold(h);
    held = raw_int(h->store, "SELECT events FROM roll_hold");
    assert_int_equal(held, 60);
    assert_int_equal(hall_mark(h, 1), 60);
    assert_int_equal(raw_int(h->store, "SELECT events FROM roll_note"
                                       " WHERE what = 'damaged'"),
                     60);
}

static enum err keep_name(void *ctx, const struct device *d)
{
    buf_printf(ctx, "%s ", d->device);
    return ERR_OK;
}

/* The others are added up anew. */
static void rebuilding_keeps_the_sums_of_a_damaged_frame(void **state)
{
    static const char *const damage[] = {
        "UPDATE packed SET bytes = x'00'",
        "UPDATE packed SET size = 0",
    };
    struct hall *h = *state;
    BUF(wanted, MAX_TEXT);
    for (int i = 0; i < STALLS; i++)
        hall_send(h, i, 60);
    pack(h, 1);
    hall_fold(h);
    buf_printf(&wanted, "%s ", hall_name(h, 1).data);
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        struct rebuilt again = { 0 };
        int64_t damaged = 0;
        BUF(names, MAX_TEXT);
        hall_sql(h, damage[i]);
        hall_sql(h, "UPDATE roll_sale SET sales = sales + 1"
                    " WHERE device NOT IN (SELECT device FROM packed)");
        assert_int_equal(check_chains(h->store, NULL, NULL, &damaged), ERR_OK);
        assert_int_equal(damaged, 1);
        assert_int_equal(check_rebuild(h->store, keep_name, &names, &again),
                         ERR_OK);
        assert_int_equal(again.events, 120);
        assert_int_equal(again.damaged, 1);
        assert_string_equal(buf_text(&names), buf_text(&wanted));
        hall_expect(h, h->store);
    }
}

static enum err nothing(void *ctx, const struct segment *seg)
{
    (void)ctx;
    (void)seg;
    return ERR_OK;
}

static void a_row_that_tells_nothing_is_refused(void **state)
{
    static const char *const damage[] = {
        "UPDATE packed SET head = x'00'",
        "UPDATE packed SET size = 0",
        "UPDATE packed SET size = 1000000000",
        "UPDATE packed SET last = 0",
        "UPDATE packed SET last = 9223372036854775807",
        "UPDATE packed SET first = -5",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        struct hall *h = hall_open(3);
        struct check check;
        hall_send(h, 0, 20);
        pack(h, 0);
        hall_sql(h, damage[i]);
        assert_int_equal(
            store_segments(h->store, hall_name(h, 0), 0, nothing, NULL),
            ERR_CORRUPT);
        struct device_check found = verify(h, &check);
        assert_false(found.ok);
        assert_int_equal(found.first_bad, 1);
        hall_close(h);
    }
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_that_do_not_lead_to_their_head_are_not_packed),
        HALL(a_missing_segment_stops_the_packing),
        HALL(segments_stay_when_the_frame_reads_otherwise),
        HALL(a_damaged_frame_is_named_with_its_first_wrong_event),
        cmocka_unit_test(what_stands_before_the_damage_of_a_frame_is_there),
        HALL(events_of_a_damaged_frame_are_held),
        HALL(rebuilding_keeps_the_sums_of_a_damaged_frame),
        cmocka_unit_test(a_row_that_tells_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
