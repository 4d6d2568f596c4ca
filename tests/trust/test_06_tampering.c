/*
 * test_06_tampering.c - whatever is changed, removed, put in or moved is named
 * by its number, and an untouched ledger is never complained of.
 *
 * Exhaustively: every bit of every event of a ledger and of the hashes kept
 * beside them; every piece cut out of, every event repeated in or changed with
 * another of a longer ledger; whoever makes the chain anew without the device's
 * key is caught by the next seal, and by every acknowledgement from there on;
 * a tail cut off by every acknowledgement of more. A sample of the flips goes
 * through the aggregator's own check, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/store/check.h"
#include "tests/support/hall.h"
#include "tests/support/promise.h"
#include "tests/support/raw.h"

enum {
    FLIPPED = 60, /* events of the ledger whose every bit is flipped */
    EDITED = 200, /* of that whose every pair is moved */
    SEAL_EVERY = 10,
    CLEAN = 4000, /* ledgers */
    STORED = 40,  /* events of a stall in the aggregator's store */
    STORED_FLIPS = 400
};

/* Verifiers that have seen the first 0…n events; they share their arena with
 * the copies that go on from there. */
struct trail {
    struct book b;
    struct verifier *at;
    struct verifier v; /* the copy */
    int place;         /* of which */
};

static void trail_walk(struct trail *t)
{
    struct verifier v;
    t->at = x_alloc(((size_t)t->b.n + 1) * sizeof(*t->at));
    for (int seen = 0; seen <= t->b.n; seen++) {
        verifier_init(&v, t->b.device.public_key, t->b.aggregator.public_key);
        for (int i = 1; i <= seen; i++)
            assert_int_equal(
                verifier_feed(&v, book_line(&t->b, i), t->b.events[i - 1].hash),
                ERR_OK);
        t->at[seen] = v;
    }
}

static void trail_open(struct trail *t, int n)
{
    book_random(&t->b, (uint32_t)promise_seed(), n);
    trail_walk(t);
}

static void trail_close(struct trail *t)
{
    for (int i = 0; i <= t->b.n; i++)
        verifier_done(&t->at[i]);
    free(t->at);
    book_done(&t->b);
}

static struct verifier *from(struct trail *t, int seen)
{
    t->v = t->at[seen];
    t->place = seen;
    return &t->v;
}

static void back(struct trail *t)
{
    t->at[t->place].arena = t->v.arena;
}

static void feed(struct trail *t, int seq)
{
    (void)!verifier_feed(&t->v, book_line(&t->b, seq),
                         t->b.events[seq - 1].hash);
}

static void expect_bad(struct trail *t, int seq, const char *what)
{
    if (t->v.error == ERR_OK || t->v.first_bad != seq || t->v.events != seq - 1)
        fail_msg("seed %llu, %s: %s at %lld instead of %d",
                 (unsigned long long)promise_seed(), what, err_code(t->v.error),
                 (long long)t->v.first_bad, seq);
    back(t);
}

/* ---- every bit ---- */

static int64_t flip_event(struct trail *t, int seq)
{
    struct buf *bytes = &t->b.events[seq - 1].bytes;
    for (size_t bit = 0; bit < 8 * bytes->len; bit++) {
        char flip = (char)(1 << bit % 8);
        from(t, seq - 1);
        bytes->data[bit / 8] ^= flip;
        feed(t, seq);
        bytes->data[bit / 8] ^= flip;
        expect_bad(t, seq, "a flipped bit");
    }
    return (int64_t)(8 * bytes->len);
}

static int64_t flip_hash(struct trail *t, int seq)
{
    uint8_t *hash = t->b.events[seq - 1].hash;
    for (int bit = 0; bit < 8 * HASH_BYTES; bit++) {
        uint8_t flip = (uint8_t)(1 << bit % 8);
        from(t, seq - 1);
        hash[bit / 8] ^= flip;
        feed(t, seq);
        hash[bit / 8] ^= flip;
        expect_bad(t, seq, "a flipped bit of a hash");
    }
    return 8 * HASH_BYTES;
}

static void every_flipped_bit_is_found_where_it_is(void **state)
{
    struct trail t;
    int64_t flips = 0;
    (void)state;
    trail_open(&t, FLIPPED);
    for (int seq = 1; seq <= FLIPPED; seq++)
        flips += flip_event(&t, seq) + flip_hash(&t, seq);
    trail_close(&t);
    promise(6, "flips", flips);
}

/* ---- every pair ---- */

/* Events first…last are gone; all of the rest: only a witness knows. */
static void cut(struct trail *t, int first, int last)
{
    uint8_t head[HASH_BYTES];
    from(t, first - 1);
    if (last < EDITED)
        feed(t, last + 1);
    book_head(&t->b, EDITED, head);
    if (last == EDITED)
        verifier_witness(&t->v, EDITED, head);
    expect_bad(t, first, "cut out");
}

/* Event `seq` once more, before number `before`. */
static void repeat(struct trail *t, int seq, int before)
{
    from(t, before - 1);
    feed(t, seq);
    if (seq == before) {
        back(t);
        from(t, before);
        feed(t, seq);
        expect_bad(t, before + 1, "repeated");
        return;
    }
    expect_bad(t, before, "put in");
}

static void change_places(struct trail *t, int seq, int other)
{
    from(t, seq - 1);
    feed(t, other);
    expect_bad(t, seq, "moved");
}

static void every_moved_event_is_found_where_it_is(void **state)
{
    struct trail t;
    int64_t edits = 0;
    (void)state;
    trail_open(&t, EDITED);
    for (int i = 1; i <= EDITED; i++) {
        for (int k = 1; k <= EDITED; k++, edits++)
            repeat(&t, i, k);
        for (int k = i; k <= EDITED; k++, edits++)
            cut(&t, i, k);
        for (int k = i + 1; k <= EDITED; k++, edits++)
            change_places(&t, i, k);
    }
    trail_close(&t);
    promise(6, "edits", edits);
}

/* ---- who makes the chain anew ---- */

static void sealed_book(struct book *b)
{
    book_init(b, 11, 201);
    book_enrol(b);
    book_open_shift(b);
    while (b->n < FLIPPED) {
        if ((b->n + 1) % SEAL_EVERY == 0)
            book_seal(b, &b->device);
        else if (b->n % 3 == 0)
            book_note(b, STR("as agreed"));
        else
            book_sell(b, 1000 * b->n);
    }
}

static bool is_note(const struct book *b, int seq)
{
    struct event e;
    assert_int_equal(event_decode(book_line(b, seq), &e), ERR_OK);
    return e.kind == EV_NOTE;
}

/* The forged book up to `to`, held against who saw `to` events of the true
 * one. */
static void expect_caught(const struct book *forged, int to,
                          const uint8_t witness[HASH_BYTES], int bad)
{
    struct verifier v;
    verifier_init(&v, forged->device.public_key, NULL);
    for (int i = 1; i <= to; i++)
        (void)!verifier_feed(&v, book_line(forged, i),
                             forged->events[i - 1].hash);
    verifier_witness(&v, to, witness);
    assert_int_not_equal(v.error, ERR_OK);
    assert_int_equal(v.first_bad, bad);
    verifier_done(&v);
}

/* Event `seq` says something else, and all hashes after it fit. */
static int64_t forge(const struct book *b, int seq)
{
    struct book forged;
    uint8_t head[HASH_BYTES];
    int seal = (seq / SEAL_EVERY + 1) * SEAL_EVERY;
    sealed_book(&forged);
    book_edit(&forged, seq, "agreed", "wanted");
    book_rechain(&forged, seq);
    for (int to = seq; to <= FLIPPED; to++) {
        book_head(b, to, head);
        expect_caught(&forged, to, head, to < seal ? to : seal);
    }
    book_done(&forged);
    return FLIPPED - seq + 1;
}

static void who_makes_the_chain_anew_is_caught_by_who_saw_it(void **state)
{
    struct book b;
    int64_t forged = 0;
    (void)state;
    sealed_book(&b);
    for (int seq = 1; seq <= FLIPPED; seq++)
        forged += is_note(&b, seq) ? forge(&b, seq) : 0;
    book_done(&b);
    assert_true(forged > 0);
    promise(6, "forged-chains", forged);
}

static void a_tail_cut_off_is_missed_by_who_saw_more(void **state)
{
    struct trail t;
    int64_t cuts = 0;
    uint8_t head[HASH_BYTES];
    (void)state;
    trail_open(&t, FLIPPED);
    for (int left = 0; left < FLIPPED; left++) {
        for (int seen = left + 1; seen <= FLIPPED; seen++, cuts++) {
            book_head(&t.b, seen, head);
            from(&t, left);
            assert_int_equal(verifier_witness(&t.v, seen, head), ERR_TRUNCATED);
            expect_bad(&t, left + 1, "cut off");
        }
    }
    trail_close(&t);
    promise(6, "cut-tails", cuts);
}

/* ---- clean ledgers ---- */

static void an_untouched_ledger_is_never_complained_of(void **state)
{
    int64_t ledgers = promise_share(CLEAN), alarms = 0;
    uint32_t seed = (uint32_t)(promise_seed() * 1000003);
    (void)state;
    for (int64_t n = 0; n < ledgers; n++, seed++) {
        struct book b;
        struct verifier v;
        uint8_t head[HASH_BYTES];
        book_random(&b, seed, 2 + (int)(seed % 24));
        verifier_init(&v, b.device.public_key, b.aggregator.public_key);
        for (int i = 1; i <= b.n; i++) {
            alarms += verifier_feed(&v, book_line(&b, i),
                                    b.events[i - 1].hash) != ERR_OK;
            book_head(&b, i, head);
            alarms += verifier_witness(&v, i, head) != ERR_OK;
        }
        if (alarms > 0)
            fail_msg("book_random(%u): %s at %lld", seed, err_code(v.error),
                     (long long)v.first_bad);
        verifier_done(&v);
        book_done(&b);
    }
    promise(6, "clean-ledgers", ledgers);
    promise(6, "false-alarms", alarms);
}

/* ---- the aggregator's check ---- */

struct verdict {
    const char *device;
    int64_t bad;
    int others;
};

static enum err judge(void *ctx, const struct device_check *d)
{
    struct verdict *v = ctx;
    if (strcmp(d->device->device, v->device) == 0)
        v->bad = d->ok ? 0 : d->first_bad;
    else
        v->others += !d->ok;
    return ERR_OK;
}

static struct verdict verdict_of(struct hall *h)
{
    struct check check;
    struct verdict v = { .device = h->stalls[0].device };
    assert_int_equal(check_verify(h->store,
                                  h->stalls[0].book.aggregator.public_key,
                                  judge, &v, &check),
                     ERR_OK);
    return v;
}

static int event_of_byte(struct str lines, int first, size_t at)
{
    for (size_t i = 0; i < at; i++)
        first += lines.data[i] == '\n';
    return first;
}

/* Only its first stall is damaged, and its first batch. */
static void the_aggregator_finds_it_at_the_same_number(void **state)
{
    struct hall *h = hall_open((uint32_t)promise_seed());
    int64_t flips = promise_share(STORED_FLIPS);
    BUF(lines, MAX_OUTPUT);
    (void)state;
    hall_send(h, 0, STORED);
    hall_send(h, 0, STORED);
    hall_send(h, 1, STORED / 2);
    stall_lines(&h->stalls[0], STORED + 1, 2 * STORED, &lines);
    for (int64_t i = 0; i < flips; i++) {
        size_t at = (size_t)stall_roll(&h->stalls[2], (int)lines.len);
        char flip = (char)(1 << stall_roll(&h->stalls[2], 8));
        int wanted = event_of_byte(buf_slice(&lines), STORED + 1, at);
        lines.data[at] ^= flip;
        raw_segment(h->store, STORED + 1, buf_slice(&lines));
        struct verdict v = verdict_of(h);
        lines.data[at] ^= flip;
        if (v.bad != wanted || v.others != 0)
            fail_msg("byte %zu ^ %d: %lld instead of %d, %d others", at, flip,
                     (long long)v.bad, wanted, v.others);
    }
    raw_segment(h->store, STORED + 1, buf_slice(&lines));
    assert_int_equal(verdict_of(h).bad, 0);
    hall_close(h);
    promise(6, "stored-flips", flips);
    promise(6, "missed", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flipped_bit_is_found_where_it_is),
        cmocka_unit_test(every_moved_event_is_found_where_it_is),
        cmocka_unit_test(who_makes_the_chain_anew_is_caught_by_who_saw_it),
        cmocka_unit_test(a_tail_cut_off_is_missed_by_who_saw_more),
        cmocka_unit_test(an_untouched_ledger_is_never_complained_of),
        cmocka_unit_test(the_aggregator_finds_it_at_the_same_number),
    };
    return cmocka_run_group_tests_name("06_tampering", tests, NULL, NULL);
}
