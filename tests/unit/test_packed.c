/*
 * test_packed.c - packed events are the same events; what is damaged is named,
 * and nothing goes before its frame was proved.
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

static int64_t number(struct hall *h, const char *sql)
{
    sqlite3_stmt *ask = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(raw_handle(h->store), sql, -1, &ask, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(ask, 0);
    sqlite3_finalize(ask);
    return n;
}

/* ---- reading ---- */

static enum err join(void *ctx, const struct segment *seg)
{
    struct str bytes = seg->bytes, line;
    int64_t n = 0;
    for (; lines_next(&bytes, &line); n++)
        assert_true(segment_check(seg, n, line));
    assert_int_equal(n, seg->last - seg->first + 1);
    buf_str(ctx, seg->bytes);
    return ERR_OK;
}

static enum err first_of(void *ctx, const struct segment *seg)
{
    int64_t *first = ctx;
    *first = seg->first;
    return ERR_NOT_FOUND;
}

static void expect_hash(struct hall *h, int i, int seq)
{
    uint8_t hash[HASH_BYTES], wanted[HASH_BYTES];
    book_head(&h->stalls[i].book, seq, wanted);
    assert_int_equal(store_hash_at(h->store, hall_name(h, i), seq, hash),
                     ERR_OK);
    assert_memory_equal(hash, wanted, HASH_BYTES);
}

/* Lines, sums and hashes are those of the ledgers. */
static void expect_all(struct hall *h)
{
    BUF(found, MAX_OUTPUT);
    BUF(wanted, MAX_OUTPUT);
    for (int i = 0; i < STALLS; i++) {
        buf_clear(&found);
        buf_clear(&wanted);
        assert_int_equal(
            store_segments(h->store, hall_name(h, i), 1, join, &found), ERR_OK);
        stall_lines(&h->stalls[i], 1, h->sent[i], &wanted);
        assert_true(str_eq(buf_slice(&found), buf_slice(&wanted)));
        for (int seq = 0; seq <= h->sent[i]; seq += 1 + h->sent[i] / 7)
            expect_hash(h, i, seq);
    }
    hall_expect(h, h->store);
}

static void packed_events_are_read_as_before(void **state)
{
    struct hall *h = *state;
    for (int n = 1; n <= 30; n++)
        hall_send(h, 0, n);
    hall_send(h, 1, 40);
    assert_int_equal(pack(h, 0), h->sent[0]);
    assert_int_equal(number(h, "SELECT count(*) FROM packed"), 1);
    assert_int_equal(number(h, "SELECT count(*) FROM segment"), 1);
    expect_all(h);
    for (int seq = 1; seq <= h->sent[0]; seq++)
        expect_hash(h, 0, seq);
    hall_fold(h);
    expect_all(h);
    assert_int_equal(store_unfold_all(h->store), ERR_OK);
    hall_fold(h);
    expect_all(h);
    hall_reopen(h);
    expect_all(h);
}

static void a_long_ledger_makes_frames_of_bounded_size(void **state)
{
    struct hall *h = *state;
    int64_t first = 0;
    while (h->stalls[0].book.n < 5000)
        hall_send(h, 0, 100);
    int64_t lines = number(h, "SELECT sum(length(CAST(bytes AS BLOB)))"
                              " FROM segment");
    assert_true(lines > 2 * PACKED_BYTES);
    assert_int_equal(pack(h, 0), 5000);
    assert_int_equal(number(h, "SELECT sum(size) FROM packed"), lines);
    assert_true(number(h, "SELECT max(size) FROM packed") <= PACKED_BYTES);
    assert_int_equal(number(h, "SELECT count(*) FROM packed"),
                     lines / PACKED_BYTES + 1);
    assert_true(number(h, "SELECT sum(length(bytes)) FROM packed") < lines / 3);
    expect_all(h);
    /* Reading begins with the frame that holds the event. */
    int64_t second = number(h, "SELECT first FROM packed ORDER BY first"
                               " LIMIT 1 OFFSET 1");
    const int64_t from[] = { 1, second - 1, second, second + 1, 5000 };
    const int64_t wanted[] = { 1, 1, second, second };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_int_equal(store_segments(h->store, hall_name(h, 0), from[i],
                                        first_of, &first),
                         ERR_NOT_FOUND);
        assert_int_equal(first, wanted[i]);
    }
}

static void a_segment_beyond_the_bound_is_packed_too(void **state)
{
    struct hall *h = *state;
    hall_send(h, 0, 100);
    hall_send(h, 0, 3000);
    hall_send(h, 0, 100);
    assert_int_equal(pack(h, 0), 3200);
    assert_int_equal(number(h, "SELECT count(*) FROM packed"), 2);
    assert_int_equal(number(h, "SELECT max(last) FROM packed"), 3200);
    assert_true(number(h, "SELECT max(size) FROM packed") > PACKED_BYTES);
    expect_all(h);
}

static void late_pushes_go_into_the_frame_that_has_room(void **state)
{
    struct hall *h = *state;
    for (int n = 1; n <= 10; n++) {
        hall_send(h, 0, 7);
        expect_all(h);
        assert_int_equal(pack(h, 0), 7);
        assert_int_equal(pack(h, 0), 0);
        assert_int_equal(number(h, "SELECT count(*) FROM packed"), 1);
    }
    expect_all(h);
}

/* What is said about a step is what the tables took and take. */
static void a_step_tells_what_it_has_saved(void **state)
{
    static const char stored[] =
        "SELECT (SELECT coalesce(sum(length(CAST(bytes AS BLOB))), 0)"
        " FROM segment) + (SELECT coalesce(sum(length(bytes)), 0) FROM packed)";
    struct hall *h = *state;
    struct packing step;
    for (int n = 0; n < 3; n++) {
        hall_send(h, 0, 50);
        int64_t before = number(h, stored);
        assert_int_equal(store_pack(h->store, hall_name(h, 0), &step), ERR_OK);
        assert_int_equal(step.events, 50);
        assert_int_equal(step.bytes_before, before);
        assert_int_equal(step.bytes_after, number(h, stored));
    }
    assert_int_equal(store_pack(h->store, hall_name(h, 0), &step), ERR_OK);
    assert_int_equal(step.events, 0);
    assert_int_equal(store_pack(h->store, STR("nobody"), &step), ERR_NOT_FOUND);
}

static void whatever_comes_between_two_steps_the_events_are_there(void **state)
{
    struct packing step;
    (void)state;
    for (uint32_t seed = 1; seed <= 5; seed++) {
        struct hall *h = hall_open(seed);
        for (int round = 0; round < 40; round++) {
            int i = stall_roll(&h->stalls[0], STALLS);
            int what = stall_roll(&h->stalls[0], 4);
            int64_t folded = 0;
            if (what <= 1)
                hall_send(h, i, 1 + stall_roll(&h->stalls[0], 60));
            else if (what == 2)
                assert_int_equal(store_pack(h->store, hall_name(h, i), &step),
                                 ERR_OK);
            else
                assert_int_equal(store_fold_step(h->store, 37, &folded),
                                 ERR_OK);
            expect_all(h);
        }
        hall_close(h);
    }
}

/* ---- proof ---- */

static void expect_untouched(struct hall *h, int64_t segments)
{
    struct packing step = { .events = -1 };
    assert_int_equal(store_pack(h->store, hall_name(h, 0), &step), ERR_CORRUPT);
    assert_int_equal(step.events, -1);
    assert_int_equal(number(h, "SELECT count(*) FROM packed"), 0);
    assert_int_equal(number(h, "SELECT count(*) FROM segment"), segments);
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
    expect_all(h);
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

static void sound_frames_verify(void **state)
{
    struct hall *h = *state;
    struct check check;
    for (int i = 0; i < STALLS; i++) {
        hall_send(h, i, 50);
        pack(h, i);
        hall_send(h, i, 5);
    }
    hall_fold(h);
    assert_true(verify(h, &check).ok);
    assert_true(check.ok);
    assert_int_equal(check.events, 3 * 55);
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
    assert_int_equal(number(h, "SELECT count(*) FROM packed"), 1);
    hall_send(h, 0, 10);
    int64_t length = number(h, "SELECT length(bytes) FROM packed");
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
    expect_all(h);
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
    held = number(h, "SELECT events FROM roll_hold");
    assert_int_equal(held, 60);
    assert_int_equal(hall_mark(h, 1), 60);
    assert_int_equal(number(h, "SELECT events FROM roll_note"
                               " WHERE what = 'damaged'"),
                     60);
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
        int64_t first = 0;
        hall_send(h, 0, 20);
        pack(h, 0);
        hall_sql(h, damage[i]);
        assert_int_equal(
            store_segments(h->store, hall_name(h, 0), 0, first_of, &first),
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
        HALL(packed_events_are_read_as_before),
        HALL(a_long_ledger_makes_frames_of_bounded_size),
        HALL(a_segment_beyond_the_bound_is_packed_too),
        HALL(late_pushes_go_into_the_frame_that_has_room),
        HALL(a_step_tells_what_it_has_saved),
        cmocka_unit_test(whatever_comes_between_two_steps_the_events_are_there),
        cmocka_unit_test(events_that_do_not_lead_to_their_head_are_not_packed),
        HALL(a_missing_segment_stops_the_packing),
        HALL(segments_stay_when_the_frame_reads_otherwise),
        HALL(sound_frames_verify),
        HALL(a_damaged_frame_is_named_with_its_first_wrong_event),
        cmocka_unit_test(what_stands_before_the_damage_of_a_frame_is_there),
        HALL(events_of_a_damaged_frame_are_held),
        cmocka_unit_test(a_row_that_tells_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
