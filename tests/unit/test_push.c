/*
 * test_push.c - what becomes of a push, case by case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/store/branching.h"
#include "sync/aggregator/store/listing.h"
#include "tests/support/rivals.h"

/* ---- the straight way ---------------------------------------------------- */

static void events_are_held_in_their_order(void **state)
{
    struct rivals *w = *state;
    assert_int_equal(rivals_send(w, 0, 1, 3), ERR_OK);
    rivals_expect_answer("active", 3, 4);
    assert_int_equal(rivals_send(w, 0, 4, 20), ERR_OK);
    rivals_expect_answer("active", 20, 21);
    rivals_expect_held(w, 0, 20);
    rivals_expect_branches(w, "");
}

static void the_same_again_changes_nothing(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 10);
    assert_int_equal(rivals_send(w, 0, 1, 10), ERR_OK);
    assert_int_equal(rivals_send(w, 0, 4, 6), ERR_OK);
    assert_int_equal(rivals_send(w, 0, 10, 10), ERR_OK);
    rivals_expect_answer("active", 10, 11);
    rivals_expect_held(w, 0, 10);
}

static void of_an_overlap_only_the_new_is_added(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 10);
    assert_int_equal(rivals_send(w, 0, 5, 15), ERR_OK);
    assert_int_equal(rivals_send(w, 0, 1, 16), ERR_OK);
    rivals_expect_held(w, 0, 16);
}

static void a_gap_stores_nothing_and_names_what_is_wanted(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 5);
    assert_int_equal(rivals_send(w, 0, 7, 9), ERR_GAP);
    rivals_expect_answer("gap", 5, 6);
    rivals_expect_held(w, 0, 5);
}

static void a_heartbeat_counts_what_was_sent_again(void **state)
{
    struct rivals *w = *state;
    struct device d;
    rivals_send(w, 0, 1, 5);
    rivals_send(w, 0, 1, 5);
    rivals_send(w, 0, 6, 15);
    rivals_send(w, 1, 11, 12); /* a copy's: that is not sent again */
    rivals_ask(w, 0, 7);
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    assert_int_equal(d.resent, 1);
    assert_int_equal(d.seen_ms, NOW_MS);
    assert_int_equal(d.unsent, EVENTS - 7);
    assert_int_equal(d.offset_ms, NOW_MS - 1578964300000);
    assert_string_equal(d.program, "test 1.0");
}

/* ---- who is let in ------------------------------------------------------- */

static void a_database_that_was_lost_needs_only_event_1(void **state)
{
    struct rivals *w = *state;
    struct device d;
    assert_int_equal(rivals_send(w, 0, 3, 5), ERR_ADMISSION);
    rivals_expect_answer("unknown", 0, 1);
    assert_int_equal(rivals_send(w, 0, 1, 24), ERR_OK);
    rivals_expect_held(w, 0, 24);
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    assert_string_equal(d.fair, "XUAN-2020");
    assert_string_equal(d.booth, "A1");
    assert_string_equal(d.label, "1");
    assert_int_equal(d.number, 1);
}

static void a_question_of_a_stranger_is_answered_with_unknown(void **state)
{
    struct rivals *w = *state;
    assert_int_equal(rivals_ask(w, 0, 0), ERR_ADMISSION);
    rivals_expect_answer("unknown", 0, 1);
    assert_int_equal(rivals_ask(w, 0, 12), ERR_ADMISSION);
    rivals_expect_answer("unknown", 0, 1);
}

/* The first event is what `make` writes. */
static enum err send_first(struct rivals *w, void (*make)(struct book *b))
{
    struct push push;
    BUF(bytes, MAX_BATCH);
    struct book b;
    book_init(&b, 7, 200);
    make(&b);
    pushing_put(&b, (struct pushing){ 1, 1, NULL, &w->keys }, &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    enum err e = ingest_push(w->store, &w->keys, &push, NOW_MS, NULL);
    book_done(&b);
    return e;
}

static void by_another_aggregator(struct book *b)
{
    uint8_t seed[KEY_BYTES] = { 99 };
    BUF(hex, 2 * KEY_BYTES);
    struct str own = b->admission.aggregator;
    key_from_seed(seed, &b->aggregator);
    buf_hex(&hex, b->aggregator.public_key, KEY_BYTES);
    b->admission.aggregator = buf_slice(&hex);
    book_enrol(b);
    b->admission.aggregator = own;
}

static void signed_by_somebody(struct book *b)
{
    uint8_t seed[KEY_BYTES] = { 98 };
    key_from_seed(seed, &b->aggregator);
    book_enrol(b);
}

static void for_another_device(struct book *b)
{
    struct str own = b->admission.key;
    b->admission.key = b->admission.aggregator;
    book_enrol(b);
    b->admission.key = own;
}

static void no_admission(struct book *b)
{
    book_note(b, STR("hello"));
}

static void nobody_is_let_in_without_our_own_admission(void **state)
{
    struct rivals *w = *state;
    struct device d;
    assert_int_equal(send_first(w, by_another_aggregator), ERR_ADMISSION);
    assert_int_equal(send_first(w, signed_by_somebody), ERR_ADMISSION);
    assert_int_equal(send_first(w, for_another_device), ERR_ADMISSION);
    assert_int_equal(send_first(w, no_admission), ERR_ADMISSION);
    assert_int_equal(store_device(w->store, w->device, &d), ERR_NOT_FOUND);
    assert_int_equal(send_first(w, book_enrol), ERR_OK);
}

static void an_admission_lets_nobody_in_but_as_event_1(void **state)
{
    struct rivals *w = *state;
    struct push push;
    struct book b;
    BUF(bytes, MAX_BATCH);
    book_init(&b, 7, 200);
    book_note(&b, STR("hello"));
    book_enrol(&b);
    pushing_put(&b, (struct pushing){ 2, 2, NULL, &w->keys }, &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    assert_int_equal(ingest_push(w->store, &w->keys, &push, NOW_MS, NULL),
                     ERR_ADMISSION);
    book_done(&b);
}

static void who_calls_another_aggregator_is_unknown_here(void **state)
{
    struct rivals *w = *state;
    struct keys own = w->keys;
    rivals_send(w, 0, 1, 5);
    w->keys.id[0] = w->keys.id[0] == 'a' ? 'b' : 'a';
    struct keys other = w->keys;
    struct push push;
    BUF(bytes, MAX_BATCH);
    pushing_put(&w->books[0], (struct pushing){ 6, 7, NULL, &other }, &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    w->keys = own;
    assert_int_equal(ingest_push(w->store, &w->keys, &push, NOW_MS, NULL),
                     ERR_ADMISSION);
    rivals_expect_held(w, 0, 5);
}

/* ---- revoked, on hold ---------------------------------------------------- */

static void decide(struct rivals *w, const char *what, int64_t first,
                   int64_t last)
{
    struct decision d = { .what = what, .first = first, .last = last };
    assert_int_equal(store_decide(w->store, w->device, &d), ERR_OK);
}

static void events_of_a_revoked_device_are_kept_and_it_is_told(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 5);
    assert_int_equal(store_set_state(w->store, w->device, DEVICE_REVOKED),
                     ERR_OK);
    assert_int_equal(rivals_send(w, 0, 6, 8), ERR_REVOKED);
    rivals_expect_answer("revoked", 8, 9);
    rivals_expect_held(w, 0, 8);
    assert_int_equal(rivals_ask(w, 0, 8), ERR_REVOKED);
    assert_int_equal(rivals_send(w, 0, 20, 21), ERR_GAP);
}

static void a_revoked_device_that_forks_stays_revoked(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 15);
    assert_int_equal(store_set_state(w->store, w->device, DEVICE_REVOKED),
                     ERR_OK);
    assert_int_equal(rivals_send(w, 1, 11, 14), ERR_FORK);
    assert_int_equal(rivals_ask(w, 1, 12), ERR_FORK);
    assert_int_equal(rivals_state(w), DEVICE_REVOKED);
    rivals_expect_branches(w, "11-14 ");
    assert_int_equal(rivals_send(w, 1, 15, 16), ERR_FORK);
    rivals_expect_branches(w, "11-14 15-16 ");
}

static void a_device_with_events_on_hold_is_told_so(void **state)
{
    static const struct {
        const char *what;
        int64_t first, last;
        const char *then;
    } steps[] = { { "hold", 30, 40, "active" }, /* none of these are here */
                  { "hold", 3, 6, "held" },
                  { "release", 1, 4, "held" },
                  { "day", 1, INT64_MAX, "held" },
                  { "release", 5, 5, "held" },
                  { "release", 6, INT64_MAX, "active" },
                  { "hold", 2, 2, "held" },
                  { "release", 2, 2, "active" },
                  { "count-branch", 2, 2, "active" },
                  { "hold", 1, INT64_MAX, "held" },
                  { "release", 1, 9, "held" },
                  { "release", 10, 10, "active" } };
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 10);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        decide(w, steps[i].what, steps[i].first, steps[i].last);
        assert_int_equal(rivals_ask(w, 0, 10), ERR_OK);
        rivals_expect_answer(steps[i].then, 10, 11);
    }
}

static void a_file_says_where_a_device_stands(void **state)
{
    struct rivals *w = *state;
    struct device d;
    struct ack told;
    struct str rest;
    BUF(ack, MAX_REPLY);
    rivals_send(w, 0, 1, 15);
    rivals_send(w, 1, 11, 14);
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    assert_int_equal(
        ingest_file_ack(w->store, &w->keys, str_of(d.device), NOW_MS, &ack),
        ERR_OK);
    assert_int_equal(ack_decode(buf_slice(&ack), w->keys.signing.public_key,
                                STR(NONCE_NONE), &told, &rest),
                     ERR_OK);
    /* The branch that may go on must not stop because of the other. */
    assert_true(str_is(told.state, "active"));
    assert_int_equal(told.count, 15);
    assert_int_equal(told.wanted, 16);
}

static void lists_are_announced_where_the_booth_is_known(void **state)
{
    struct rivals *w = *state;
    enum change change;
    struct fair f = {
        .code = "XUAN-2020", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    rivals_send(w, 0, 1, 2);
    assert_int_equal(rivals_answer()->list, 0);
    assert_int_equal(fair_put(w->store, &f, &change), ERR_OK);
    assert_int_equal(listing_bump(w->store, STR("XUAN-2020"), NOW_MS), ERR_OK);
    rivals_ask(w, 0, 2);
    assert_int_equal(rivals_answer()->list, 0);
    assert_int_equal(booth_put(w->store, STR("XUAN-2020"), &b, &change),
                     ERR_OK);
    rivals_ask(w, 0, 2);
    assert_true(rivals_answer()->list > 0);
}

/* ---- questions ----------------------------------------------------------- */

static void a_question_is_answered_whatever_is_missing(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 10);
    for (int to = 0; to <= EVENTS; to++) {
        assert_int_equal(rivals_ask(w, 0, to), ERR_OK);
        rivals_expect_answer("active", 10, 11);
    }
    rivals_expect_held(w, 0, 10);
}

static void a_question_from_another_branch_is_a_fork(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 15);
    assert_int_equal(rivals_ask(w, 1, 10), ERR_OK); /* still the same there */
    assert_int_equal(rivals_state(w), DEVICE_ACTIVE);
    assert_int_equal(rivals_ask(w, 1, 11), ERR_FORK);
    rivals_expect_answer("fork", 15, 0);
    assert_int_equal(rivals_state(w), DEVICE_FORK);
    assert_int_equal(rivals_ask(w, 1, 16), ERR_OK); /* more than we hold */
    rivals_expect_branches(w, "");
}

static void a_question_says_how_far_a_branch_is_held(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 17);
    rivals_send(w, 1, 9, 14);
    rivals_send(w, 1, 15, 20);
    for (int to = 11; to <= 20; to++) {
        assert_int_equal(rivals_ask(w, 1, to), ERR_FORK);
        rivals_expect_answer("fork", 17, to + 1);
    }
    assert_int_equal(rivals_ask(w, 1, 10), ERR_OK);
    assert_int_equal(rivals_ask(w, 1, 21), ERR_OK);
    rivals_expect_answer("active", 17, 18);
    assert_int_equal(rivals_ask(w, 2, 12), ERR_FORK);
    rivals_expect_answer("fork", 17, 13); /* the same in the second's */
    rivals_send(w, 2, 16, 18);            /* its 14 and 15 are missing */
    assert_int_equal(rivals_ask(w, 2, 17), ERR_FORK);
    rivals_expect_answer("fork", 17, 0);
    rivals_send(w, 2, 13, 15);
    assert_int_equal(rivals_ask(w, 2, 17), ERR_FORK);
    rivals_expect_answer("fork", 17, 18);
}

/* As long, and of the same events but for the last. */
static void a_branch_is_not_another_that_ends_where_it_does(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 12);
    rivals_send(w, 1, 11, 14);
    assert_int_equal(rivals_ask(w, 1, 14), ERR_FORK);
    assert_int_equal(rivals_ask(w, 2, 14), ERR_OK);
    rivals_expect_answer("active", 12, 13);
    assert_int_equal(rivals_send(w, 2, 15, 16), ERR_GAP);
    rivals_send(w, 0, 13, 16);
    assert_int_equal(rivals_ask(w, 2, 14), ERR_FORK);
    rivals_expect_answer("fork", 16, 0);
}

static void a_branch_decided_about_is_a_fork_only_by_what_is_new(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 15);
    rivals_send(w, 1, 11, 14);
    decide(w, "count-branch", 1, 1);
    assert_int_equal(store_set_state(w->store, w->device, DEVICE_ACTIVE),
                     ERR_OK);
    assert_int_equal(rivals_ask(w, 1, 14), ERR_FORK);
    assert_int_equal(rivals_send(w, 1, 9, 14), ERR_FORK);
    assert_int_equal(rivals_state(w), DEVICE_ACTIVE);
    assert_int_equal(rivals_send(w, 1, 15, 17), ERR_FORK);
    assert_int_equal(rivals_state(w), DEVICE_FORK);
    rivals_expect_branches(w, "11-14 15-17 ");
}

static void who_was_revoked_ahead_hears_it_at_once(void **state)
{
    struct rivals *w = *state;
    const struct decision d = { .what = "revoke",
                                .first = 1,
                                .last = INT64_MAX };
    assert_int_equal(store_decide_ahead(w->store, w->device, &d), ERR_OK);
    rivals_send(w, 0, 1, 8);
    rivals_expect_answer("revoked", 8, 9);
}

/* ---- forks --------------------------------------------------------------- */

/* A copy that parted after `same` events pushes from…to. */
static void expect_fork(int same, int from, int to)
{
    struct rivals *w = rivals_open(same, same);
    BUF(wanted, 40);
    rivals_send(w, 0, 1, 8);
    assert_int_equal(rivals_send(w, 1, from, to), ERR_FORK);
    rivals_expect_answer("fork", 8, from <= same + 1 ? to + 1 : 0);
    assert_int_equal(rivals_state(w), DEVICE_FORK);
    rivals_expect_held(w, 0, 8);
    buf_printf(&wanted, "%d-%d ", from > same ? from : same + 1, to);
    rivals_expect_branches(w, buf_text(&wanted));
    rivals_close(w);
}

static void a_fork_is_found_at_any_place_of_a_push(void **state)
{
    (void)state;
    for (int same = 1; same < 8; same++) {
        for (int from = 1; from <= 8; from++) {
            int first = same + 1 > from ? same + 1 : from;
            for (int to = first; to <= 12; to += 3)
                expect_fork(same, from, to);
        }
    }
}

static void a_chain_that_fits_nowhere_is_set_aside_too(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 15);
    /* Event 16 of a copy that parted at 11: of 11…15 we know nothing. */
    assert_int_equal(rivals_send(w, 1, 16, 18), ERR_FORK);
    rivals_expect_branches(w, "16-18 ");
    rivals_expect_held(w, 0, 15);
}

static void the_branch_that_was_first_goes_on(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 15);
    rivals_send(w, 1, 11, 20);
    assert_int_equal(rivals_send(w, 0, 16, 20), ERR_OK);
    rivals_expect_answer("active", 20, 21);
    rivals_expect_held(w, 0, 20);
    assert_int_equal(rivals_state(w), DEVICE_FORK);
}

static void a_longer_branch_goes_on_behind_its_own_end(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 12);
    assert_int_equal(rivals_send(w, 1, 11, 16), ERR_FORK);
    assert_int_equal(rivals_send(w, 1, 17, 20), ERR_FORK); /* for us a gap */
    assert_int_equal(rivals_send(w, 1, 18, 22), ERR_FORK); /* from its middle */
    rivals_expect_branches(w, "11-16 17-20 21-22 ");
    assert_int_equal(rivals_send(w, 1, 24, 24), ERR_GAP);
    rivals_expect_held(w, 0, 12);
}

/* The numbers of the run that begins with branch `id`. */
static void expect_run(const struct rivals *w, int64_t id, const char *wanted)
{
    struct branch_run run;
    BUF(text, MAX_TEXT);
    assert_int_equal(branch_run(w->store, w->device, id, &run), ERR_OK);
    for (size_t i = 0; i < run.n; i++)
        buf_printf(&text, "%lld ", (long long)run.ids[i]);
    free(run.ids);
    assert_string_equal(buf_text(&text), wanted);
}

static void what_goes_on_behind_a_branch_is_found_while_decided_alike(
    void **state)
{
    struct rivals *w = *state;
    struct branch_run run;
    rivals_send(w, 0, 1, 12);
    rivals_send(w, 1, 11, 16);
    rivals_send(w, 2, 11, 16); /* beside it from 14 on */
    rivals_send(w, 1, 17, 20);
    rivals_send(w, 1, 21, 22);
    rivals_expect_branches(w, "11-16 14-16 17-20 21-22 ");
    expect_run(w, 1, "1 3 4 ");
    expect_run(w, 2, "2 ");
    expect_run(w, 3, "3 4 ");
    assert_int_equal(branch_run(w->store, w->device, 5, &run), ERR_NOT_FOUND);
    decide(w, "drop-branch", 3, 3);
    expect_run(w, 1, "1 ");
    expect_run(w, 3, "3 ");
    decide(w, "count-branch", 4, 4);
    decide(w, "count-branch", 1, 1);
    expect_run(w, 1, "1 ");
    decide(w, "count-branch", 3, 3);
    expect_run(w, 1, "1 3 4 ");
}

struct question {
    const struct rivals *w;
    int64_t id, seq, holder;
};

static enum err ask_holder(void *ctx, const struct branch *b)
{
    struct question *q = ctx;
    return b->id == q->id ? branch_holding(q->w->store, q->w->device, b, q->seq,
                                           &q->holder)
                          : ERR_OK;
}

static int64_t holder(const struct rivals *w, int64_t id, int64_t seq)
{
    struct question q = { w, id, seq, -1 };
    assert_int_equal(store_branch_each(w->store, w->device, ask_holder, &q),
                     ERR_OK);
    return q.holder;
}

static void an_event_is_known_by_the_ledger_it_is_of(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 22);
    rivals_send(w, 1, 11, 16);
    rivals_send(w, 2, 11, 16); /* beside it from 14 on */
    rivals_send(w, 1, 17, 20);
    rivals_send(w, 2, 17, 20);
    rivals_expect_branches(w, "11-16 14-16 17-20 17-20 ");
    for (int64_t seq = 1; seq <= 20; seq++) {
        int64_t begins = seq < 11 ? 0 : 1, third = seq < 14 ? begins : 2;
        assert_int_equal(holder(w, 1, seq), begins);
        assert_int_equal(holder(w, 2, seq), third);
        assert_int_equal(holder(w, 3, seq), seq < 17 ? begins : 3);
        assert_int_equal(holder(w, 4, seq), seq < 17 ? third : 4);
    }
}

static void each_event_of_a_branch_is_kept_once(void **state)
{
    struct rivals *w = *state;
    rivals_send(w, 0, 1, 15);
    rivals_send(w, 1, 12, 14); /* its 11 is missing */
    rivals_send(w, 1, 9, 13);
    rivals_expect_branches(w, "11-11 12-14 ");
    rivals_send(w, 1, 1, 24);
    rivals_expect_branches(w, "11-11 12-14 15-24 ");
    for (int from = 9; from <= 24; from++)
        assert_int_equal(rivals_send(w, 1, from, 24), ERR_FORK);
    rivals_expect_branches(w, "11-11 12-14 15-24 ");
}

static void a_branch_may_fork_again(void **state)
{
    struct rivals *w = *state; /* the third parted from the second at 14 */
    rivals_send(w, 0, 1, 15);
    rivals_send(w, 1, 1, 20);
    assert_int_equal(rivals_send(w, 2, 12, 18), ERR_FORK);
    assert_int_equal(rivals_send(w, 2, 14, 20), ERR_FORK);
    rivals_expect_branches(w, "11-20 14-18 19-20 ");
    rivals_expect_held(w, 0, 15);
}

#define WORLD(test) \
    cmocka_unit_test_setup_teardown(test, rivals_set_up, rivals_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(events_are_held_in_their_order),
        WORLD(the_same_again_changes_nothing),
        WORLD(of_an_overlap_only_the_new_is_added),
        WORLD(a_gap_stores_nothing_and_names_what_is_wanted),
        WORLD(a_heartbeat_counts_what_was_sent_again),
        WORLD(a_database_that_was_lost_needs_only_event_1),
        WORLD(a_question_of_a_stranger_is_answered_with_unknown),
        WORLD(nobody_is_let_in_without_our_own_admission),
        WORLD(an_admission_lets_nobody_in_but_as_event_1),
        WORLD(who_calls_another_aggregator_is_unknown_here),
        WORLD(events_of_a_revoked_device_are_kept_and_it_is_told),
        WORLD(a_revoked_device_that_forks_stays_revoked),
        WORLD(a_device_with_events_on_hold_is_told_so),
        WORLD(a_file_says_where_a_device_stands),
        WORLD(lists_are_announced_where_the_booth_is_known),
        WORLD(a_question_is_answered_whatever_is_missing),
        WORLD(a_question_from_another_branch_is_a_fork),
        WORLD(a_question_says_how_far_a_branch_is_held),
        WORLD(a_branch_is_not_another_that_ends_where_it_does),
        WORLD(a_branch_decided_about_is_a_fork_only_by_what_is_new),
        cmocka_unit_test(a_fork_is_found_at_any_place_of_a_push),
        WORLD(a_chain_that_fits_nowhere_is_set_aside_too),
        WORLD(who_was_revoked_ahead_hears_it_at_once),
        WORLD(the_branch_that_was_first_goes_on),
        WORLD(a_longer_branch_goes_on_behind_its_own_end),
        WORLD(what_goes_on_behind_a_branch_is_found_while_decided_alike),
        WORLD(an_event_is_known_by_the_ledger_it_is_of),
        WORLD(each_event_of_a_branch_is_kept_once),
        WORLD(a_branch_may_fork_again),
    };
    return cmocka_run_group_tests(tests, NULL, rivals_forget_answer);
}
