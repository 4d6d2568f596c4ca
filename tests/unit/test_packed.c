/*
 * test_packed.c - packed events are the same events, whatever comes between.
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

/* Bytes of all frames; of the lines of stall 0 from `first` on. */
static const char frames[] =
    "SELECT CAST(coalesce(sum(length(bytes)), 0) AS BIGINT) FROM packed";

static int64_t lines_of(const struct hall *h, int first)
{
    BUF(lines, MAX_OUTPUT);
    stall_lines(&h->stalls[0], first, h->sent[0], &lines);
    return (int64_t)lines.len;
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
    assert_int_equal(raw_int(h->store, "SELECT count(*) FROM packed"), 1);
    assert_int_equal(raw_int(h->store, "SELECT count(*) FROM segment"), 1);
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
    int64_t lines = lines_of(h, 1);
    assert_true(lines > 2 * PACKED_BYTES);
    assert_int_equal(pack(h, 0), 5000);
    assert_int_equal(
        raw_int(h->store, "SELECT CAST(sum(size) AS BIGINT) FROM packed"),
        lines);
    assert_true(raw_int(h->store, "SELECT max(size) FROM packed") <=
                PACKED_BYTES);
    assert_int_equal(raw_int(h->store, "SELECT count(*) FROM packed"),
                     lines / PACKED_BYTES + 1);
    assert_true(raw_int(h->store, frames) < lines / 3);
    expect_all(h);
    /* Reading begins with the frame that holds the event. */
    int64_t second = raw_int(h->store, "SELECT first FROM packed ORDER BY first"
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
    assert_int_equal(raw_int(h->store, "SELECT count(*) FROM packed"), 2);
    assert_int_equal(raw_int(h->store, "SELECT max(last) FROM packed"), 3200);
    assert_true(raw_int(h->store, "SELECT max(size) FROM packed") >
                PACKED_BYTES);
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
        assert_int_equal(raw_int(h->store, "SELECT count(*) FROM packed"), 1);
    }
    expect_all(h);
}

/* What is said about a step is what the tables took and take. */
static void a_step_tells_what_it_has_saved(void **state)
{
    struct hall *h = *state;
    struct packing step;
    for (int n = 0; n < 3; n++) {
        int64_t before = raw_int(h->store, frames);
        int first = h->sent[0] + 1;
        hall_send(h, 0, 50);
        assert_int_equal(store_pack(h->store, hall_name(h, 0), &step), ERR_OK);
        assert_int_equal(step.events, 50);
        assert_int_equal(step.bytes_before, before + lines_of(h, first));
        assert_int_equal(step.bytes_after, raw_int(h->store, frames));
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
        HALL(sound_frames_verify),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
