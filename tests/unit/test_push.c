/*
 * test_push.c - what becomes of a push, case by case; then held against a
 * model that knows nothing of hashes, segments or halving.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/store/listing.h"
#include "tests/support/pushing.h"
#include "tests/support/scratch.h"

enum { NOW_MS = 1000, EVENTS = 24, BOOKS = 3 };

/* One identity; books[1] and [2] are copies that went their own way. */
struct world {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct keys keys;
    struct book books[BOOKS];
    struct str device;
    char id[DEVICE_LEN + 1];
};

/* Same events as `like` up to number `same`, then its own. */
static void write_book(struct book *b, const struct book *like, int same,
                       const char *name)
{
    book_init(b, 7, 200);
    if (like == NULL)
        book_enrol(b);
    for (int seq = 1; like != NULL && seq <= same; seq++)
        book_bytes(b, book_line(like, seq));
    while (b->n < EVENTS) {
        BUF(text, 40);
        buf_printf(&text, "%s %d", name, b->n);
        book_note(b, buf_slice(&text));
    }
}

static struct world *world_open(int same1, int same2)
{
    struct world *w = x_alloc(sizeof(*w));
    write_book(&w->books[0], NULL, 0, "first");
    write_book(&w->books[1], &w->books[0], same1, "second");
    write_book(&w->books[2], &w->books[1], same2, "third");
    pushing_keys(&w->books[0], &w->keys);
    device_id(w->books[0].device.public_key, w->id);
    w->device = str_of(w->id);
    scratch_make(w->dir);
    assert_int_equal(store_open(w->dir, STORE_WRITE, NULL, &w->store), ERR_OK);
    return w;
}

static void world_close(struct world *w)
{
    store_close(w->store);
    scratch_remove(w->dir);
    for (int i = 0; i < BOOKS; i++)
        book_done(&w->books[i]);
    free(w);
}

static int open_world(void **state)
{
    *state = world_open(10, 13);
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

/* The outcome of a push of events from…to of a book, and the signed answer's
 * words, which must agree with what is stored. */
static struct ack answer;
static struct buf answer_bytes;

static void read_answer(struct world *w, const struct push *push, enum err e)
{
    struct str rest;
    BUF(ack, MAX_REPLY);
    assert_int_equal(ingest_ack(w->store, &w->keys, push, e, NOW_MS, &ack),
                     ERR_OK);
    buf_done(&answer_bytes);
    answer_bytes = ack;
    ack = (struct buf){ 0 };
    assert_int_equal(ack_decode(buf_slice(&answer_bytes),
                                w->keys.signing.public_key, push->header.nonce,
                                &answer, &rest),
                     ERR_OK);
    assert_int_equal(rest.len, 0);
}

static enum err send(struct world *w, int book, int from, int to)
{
    struct push push;
    BUF(bytes, 2 * MAX_BATCH);
    pushing_put(&w->books[book], (struct pushing){ from, to, NULL, &w->keys },
                &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    assert_int_equal(store_group_begin(w->store), ERR_OK);
    enum err e = ingest_push(w->store, &w->keys, &push, NOW_MS);
    if (ingest_answers(e))
        assert_int_equal(store_group_commit(w->store), ERR_OK);
    else
        store_group_rollback(w->store);
    if (ingest_answers(e))
        read_answer(w, &push, e);
    return e;
}

static enum err ask(struct world *w, int book, int to)
{
    return send(w, book, to + 1, to);
}

static void expect_answer(const char *state, int count, int wanted)
{
    assert_true(str_is(answer.state, state));
    assert_int_equal(answer.count, count);
    assert_int_equal(answer.wanted, wanted);
}

static enum device_state state_of(struct world *w)
{
    struct device d;
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    return d.state;
}

static enum err put_segment(void *ctx, const struct segment *seg)
{
    buf_str(ctx, seg->bytes);
    return ERR_OK;
}

/* Events 1…n of the book are what is acknowledged, byte for byte. */
static void expect_held(struct world *w, int book, int n)
{
    struct device d;
    uint8_t head[HASH_BYTES];
    BUF(held, MAX_BATCH);
    BUF(wanted, MAX_BATCH);
    for (int seq = 1; seq <= n; seq++) {
        buf_str(&wanted, book_line(&w->books[book], seq));
        buf_putc(&wanted, '\n');
    }
    assert_int_equal(store_segments(w->store, w->device, 1, put_segment, &held),
                     ERR_OK);
    assert_string_equal(buf_text(&held), buf_text(&wanted));
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    assert_int_equal(d.count, n);
    book_head(&w->books[book], n, head);
    assert_memory_equal(d.head, head, HASH_BYTES);
}

static enum err put_branch(void *ctx, const struct branch *b)
{
    buf_printf(ctx, "%d-%d ", (int)b->seg.first, (int)b->seg.last);
    return ERR_OK;
}

static void expect_branches(struct world *w, const char *wanted)
{
    BUF(text, MAX_TEXT);
    assert_int_equal(store_branch_each(w->store, w->device, put_branch, &text),
                     ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

/* ---- the straight way ---------------------------------------------------- */

static void events_are_held_in_their_order(void **state)
{
    struct world *w = *state;
    assert_int_equal(send(w, 0, 1, 3), ERR_OK);
    expect_answer("active", 3, 4);
    assert_int_equal(send(w, 0, 4, 20), ERR_OK);
    expect_answer("active", 20, 21);
    expect_held(w, 0, 20);
    expect_branches(w, "");
}

static void the_same_again_changes_nothing(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 10);
    assert_int_equal(send(w, 0, 1, 10), ERR_OK);
    assert_int_equal(send(w, 0, 4, 6), ERR_OK);
    assert_int_equal(send(w, 0, 10, 10), ERR_OK);
    expect_answer("active", 10, 11);
    expect_held(w, 0, 10);
}

static void of_an_overlap_only_the_new_is_added(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 10);
    assert_int_equal(send(w, 0, 5, 15), ERR_OK);
    assert_int_equal(send(w, 0, 1, 16), ERR_OK);
    expect_held(w, 0, 16);
}

static void a_gap_stores_nothing_and_names_what_is_wanted(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 5);
    assert_int_equal(send(w, 0, 7, 9), ERR_GAP);
    expect_answer("gap", 5, 6);
    expect_held(w, 0, 5);
}

static void a_heartbeat_counts_what_was_sent_again(void **state)
{
    struct world *w = *state;
    struct device d;
    send(w, 0, 1, 5);
    send(w, 0, 1, 5);
    send(w, 0, 6, 15);
    send(w, 1, 11, 12); /* a copy's: that is not sent again */
    ask(w, 0, 7);
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
    struct world *w = *state;
    struct device d;
    assert_int_equal(send(w, 0, 3, 5), ERR_ADMISSION);
    expect_answer("unknown", 0, 1);
    assert_int_equal(send(w, 0, 1, 24), ERR_OK);
    expect_held(w, 0, 24);
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    assert_string_equal(d.fair, "XUAN-2020");
    assert_string_equal(d.booth, "A1");
    assert_string_equal(d.label, "1");
    assert_int_equal(d.number, 1);
}

static void a_question_of_a_stranger_is_answered_with_unknown(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, 0, 0), ERR_ADMISSION);
    expect_answer("unknown", 0, 1);
    assert_int_equal(ask(w, 0, 12), ERR_ADMISSION);
    expect_answer("unknown", 0, 1);
}

/* The first event is what `make` writes. */
static enum err send_first(struct world *w, void (*make)(struct book *b))
{
    struct push push;
    BUF(bytes, MAX_BATCH);
    struct book b;
    book_init(&b, 7, 200);
    make(&b);
    pushing_put(&b, (struct pushing){ 1, 1, NULL, &w->keys }, &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    enum err e = ingest_push(w->store, &w->keys, &push, NOW_MS);
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
    struct world *w = *state;
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
    struct world *w = *state;
    struct push push;
    struct book b;
    BUF(bytes, MAX_BATCH);
    book_init(&b, 7, 200);
    book_note(&b, STR("hello"));
    book_enrol(&b);
    pushing_put(&b, (struct pushing){ 2, 2, NULL, &w->keys }, &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    assert_int_equal(ingest_push(w->store, &w->keys, &push, NOW_MS),
                     ERR_ADMISSION);
    book_done(&b);
}

static void who_calls_another_aggregator_is_unknown_here(void **state)
{
    struct world *w = *state;
    struct keys own = w->keys;
    send(w, 0, 1, 5);
    w->keys.id[0] = w->keys.id[0] == 'a' ? 'b' : 'a';
    struct keys other = w->keys;
    struct push push;
    BUF(bytes, MAX_BATCH);
    pushing_put(&w->books[0], (struct pushing){ 6, 7, NULL, &other }, &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    w->keys = own;
    assert_int_equal(ingest_push(w->store, &w->keys, &push, NOW_MS),
                     ERR_ADMISSION);
    expect_held(w, 0, 5);
}

/* ---- revoked, on hold ---------------------------------------------------- */

static void decide(struct world *w, const char *what, int64_t first,
                   int64_t last)
{
    struct decision d = { .what = what, .first = first, .last = last };
    assert_int_equal(store_decide(w->store, w->device, &d), ERR_OK);
}

static void events_of_a_revoked_device_are_kept_and_it_is_told(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 5);
    assert_int_equal(store_set_state(w->store, w->device, DEVICE_REVOKED),
                     ERR_OK);
    assert_int_equal(send(w, 0, 6, 8), ERR_REVOKED);
    expect_answer("revoked", 8, 9);
    expect_held(w, 0, 8);
    assert_int_equal(ask(w, 0, 8), ERR_REVOKED);
    assert_int_equal(send(w, 0, 20, 21), ERR_GAP);
}

static void a_revoked_device_that_forks_stays_revoked(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 15);
    assert_int_equal(store_set_state(w->store, w->device, DEVICE_REVOKED),
                     ERR_OK);
    assert_int_equal(send(w, 1, 11, 14), ERR_FORK);
    assert_int_equal(ask(w, 1, 12), ERR_FORK);
    assert_int_equal(state_of(w), DEVICE_REVOKED);
    expect_branches(w, "11-14 ");
    assert_int_equal(send(w, 1, 15, 16), ERR_FORK);
    expect_branches(w, "11-14 15-16 ");
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
    struct world *w = *state;
    send(w, 0, 1, 10);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        decide(w, steps[i].what, steps[i].first, steps[i].last);
        assert_int_equal(ask(w, 0, 10), ERR_OK);
        expect_answer(steps[i].then, 10, 11);
    }
}

static void a_file_says_where_a_device_stands(void **state)
{
    struct world *w = *state;
    struct device d;
    struct str rest;
    BUF(ack, MAX_REPLY);
    send(w, 0, 1, 15);
    send(w, 1, 11, 14);
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    assert_int_equal(ingest_file_ack(w->store, &w->keys, &d, NOW_MS, &ack),
                     ERR_OK);
    assert_int_equal(ack_decode(buf_slice(&ack), w->keys.signing.public_key,
                                STR(NONCE_NONE), &answer, &rest),
                     ERR_OK);
    /* The branch that may go on must not stop because of the other. */
    expect_answer("active", 15, 16);
}

static void lists_are_announced_where_the_booth_is_known(void **state)
{
    struct world *w = *state;
    enum change change;
    struct fair f = {
        .code = "XUAN-2020", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    send(w, 0, 1, 2);
    assert_int_equal(answer.list, 0);
    assert_int_equal(fair_put(w->store, &f, &change), ERR_OK);
    assert_int_equal(listing_bump(w->store, STR("XUAN-2020"), NOW_MS), ERR_OK);
    ask(w, 0, 2);
    assert_int_equal(answer.list, 0);
    assert_int_equal(booth_put(w->store, STR("XUAN-2020"), &b, &change),
                     ERR_OK);
    ask(w, 0, 2);
    assert_true(answer.list > 0);
}

/* ---- questions ----------------------------------------------------------- */

static void a_question_is_answered_whatever_is_missing(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 10);
    for (int to = 0; to <= EVENTS; to++) {
        assert_int_equal(ask(w, 0, to), ERR_OK);
        expect_answer("active", 10, 11);
    }
    expect_held(w, 0, 10);
}

static void a_question_from_another_branch_is_a_fork(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 15);
    assert_int_equal(ask(w, 1, 10), ERR_OK); /* still the same there */
    assert_int_equal(state_of(w), DEVICE_ACTIVE);
    assert_int_equal(ask(w, 1, 11), ERR_FORK);
    expect_answer("fork", 15, 0);
    assert_int_equal(state_of(w), DEVICE_FORK);
    assert_int_equal(ask(w, 1, 16), ERR_OK); /* more than we hold */
    expect_branches(w, "");
}

/* ---- forks --------------------------------------------------------------- */

static void a_fork_is_found_at_any_place_of_a_push(void **state)
{
    (void)state;
    for (int same = 1; same < 8; same++) {
        for (int from = 1; from <= 8; from++) {
            for (int to = same + 1 > from ? same + 1 : from; to <= 12;
                 to += 3) {
                struct world *w = world_open(same, same);
                BUF(wanted, 40);
                send(w, 0, 1, 8);
                assert_int_equal(send(w, 1, from, to), ERR_FORK);
                expect_answer("fork", 8, 0);
                assert_int_equal(state_of(w), DEVICE_FORK);
                expect_held(w, 0, 8);
                buf_printf(&wanted, "%d-%d ", from > same ? from : same + 1,
                           to);
                expect_branches(w, buf_text(&wanted));
                world_close(w);
            }
        }
    }
}

static void a_chain_that_fits_nowhere_is_set_aside_too(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 15);
    /* Event 16 of a copy that parted at 11: of 11…15 we know nothing. */
    assert_int_equal(send(w, 1, 16, 18), ERR_FORK);
    expect_branches(w, "16-18 ");
    expect_held(w, 0, 15);
}

static void the_branch_that_was_first_goes_on(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 15);
    send(w, 1, 11, 20);
    assert_int_equal(send(w, 0, 16, 20), ERR_OK);
    expect_answer("active", 20, 21);
    expect_held(w, 0, 20);
    assert_int_equal(state_of(w), DEVICE_FORK);
}

static void a_longer_branch_goes_on_behind_its_own_end(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 12);
    assert_int_equal(send(w, 1, 11, 16), ERR_FORK);
    assert_int_equal(send(w, 1, 17, 20), ERR_FORK); /* for us a gap */
    assert_int_equal(send(w, 1, 18, 22), ERR_FORK); /* from its middle */
    expect_branches(w, "11-16 17-20 21-22 ");
    assert_int_equal(send(w, 1, 24, 24), ERR_GAP);
    expect_held(w, 0, 12);
}

static void each_event_of_a_branch_is_kept_once(void **state)
{
    struct world *w = *state;
    send(w, 0, 1, 15);
    send(w, 1, 12, 14); /* its 11 is missing */
    send(w, 1, 9, 13);
    expect_branches(w, "11-11 12-14 ");
    send(w, 1, 1, 24);
    expect_branches(w, "11-11 12-14 15-24 ");
    for (int from = 9; from <= 24; from++)
        assert_int_equal(send(w, 1, from, 24), ERR_FORK);
    expect_branches(w, "11-11 12-14 15-24 ");
}

static void a_branch_may_fork_again(void **state)
{
    struct world *w = *state; /* the third parted from the second at 14 */
    send(w, 0, 1, 15);
    send(w, 1, 1, 20);
    assert_int_equal(send(w, 2, 12, 18), ERR_FORK);
    assert_int_equal(send(w, 2, 14, 20), ERR_FORK);
    expect_branches(w, "11-20 14-18 19-20 ");
    expect_held(w, 0, 15);
}

/* ---- against the model --------------------------------------------------- */

/* Event `seq` of book b is known by the lowest book that has the same. */
struct model {
    int same[BOOKS]; /* events that a book shares with the one before */
    int held[EVENTS + 1];
    int count; /* of held */
    bool known, aside[BOOKS][EVENTS + 1];
};

static int name_of(const struct model *m, int book, int seq)
{
    while (book > 0 && seq <= m->same[book])
        book--;
    return book;
}

static bool held_same(const struct model *m, int book, int seq)
{
    return seq == 0 || name_of(m, book, seq) == m->held[seq];
}

static enum err model_aside(struct model *m, int book, int first, int to)
{
    for (int seq = first; seq <= to; seq++)
        m->aside[name_of(m, book, seq)][seq] = true;
    return ERR_FORK;
}

static enum err model_question(const struct model *m, int book, int to)
{
    if (!m->known)
        return ERR_ADMISSION;
    return to <= m->count && !held_same(m, book, to) ? ERR_FORK : ERR_OK;
}

static enum err model_events(struct model *m, int book, int from, int to)
{
    int common = to < m->count ? to : m->count, first = from;
    if (!m->known && from > 1)
        return ERR_ADMISSION;
    m->known = true;
    if (from > 1 && m->aside[name_of(m, book, from - 1)][from - 1])
        return model_aside(m, book, from, to);
    if (from > m->count + 1)
        return ERR_GAP;
    if (held_same(m, book, common)) {
        for (int seq = m->count + 1; seq <= to; seq++)
            m->held[m->count = seq] = name_of(m, book, seq);
        return ERR_OK;
    }
    while (first <= m->count && held_same(m, book, first))
        first++;
    return model_aside(m, book, first, to);
}

struct found {
    const struct world *w;
    const struct model *m;
    int n;
};

/* Each event of a branch is one that the model expects there. */
static enum err match_branch(void *ctx, const struct branch *b)
{
    struct found *f = ctx;
    struct str bytes = b->seg.bytes, line;
    uint8_t hash[HASH_BYTES];
    memcpy(hash, b->previous, HASH_BYTES);
    for (int64_t seq = b->seg.first; lines_next(&bytes, &line); seq++) {
        int book = 0;
        chain_next(hash, line, hash);
        while (memcmp(hash, f->w->books[book].events[seq - 1].hash,
                      HASH_BYTES) != 0)
            assert_true(++book < BOOKS);
        assert_true(f->m->aside[book][seq]);
        f->n++;
    }
    return ERR_OK;
}

static void expect_model(struct world *w, const struct model *m)
{
    struct device d;
    struct found f = { w, m, 0 };
    int aside = 0;
    enum err e = store_device(w->store, w->device, &d);
    assert_int_equal(e, m->known ? ERR_OK : ERR_NOT_FOUND);
    if (!m->known)
        return;
    assert_int_equal(d.count, m->count);
    if (m->count > 0)
        expect_held(w, m->held[m->count], m->count);
    assert_int_equal(store_branch_each(w->store, w->device, match_branch, &f),
                     ERR_OK);
    for (int book = 0; book < BOOKS; book++) {
        for (int seq = 1; seq <= EVENTS; seq++)
            aside += m->aside[book][seq];
    }
    assert_int_equal(f.n, aside);
}

static int64_t rows(struct world *w)
{
    sqlite3_stmt *st = NULL;
    static const char sql[] = "SELECT (SELECT count(*) FROM segment) * 100000"
                              " + (SELECT count(*) FROM branch) * 1000"
                              " + (SELECT count(*) FROM device)";
    assert_int_equal(
        sqlite3_prepare_v2(db_handle(store_db(w->store)), sql, -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static int roll(uint32_t *dice, int below)
{
    *dice = *dice * 1664525U + 1013904223U;
    return (int)((*dice >> 8) % (uint32_t)below);
}

static void step(struct world *w, struct model *m, uint32_t *dice)
{
    int book = roll(dice, BOOKS), last = EVENTS;
    int from = 1 + roll(dice, EVENTS);
    /* Half of them as a device would: from where it was told. */
    if (roll(dice, 2) == 0 && m->count < EVENTS)
        from = m->count + 1;
    int to = from - 1 + roll(dice, 8);
    to = to < last ? to : last;
    enum err wanted = to < from ? model_question(m, book, to)
                                : model_events(m, book, from, to);
    enum err e = send(w, book, from, to);
    assert_int_equal(e, wanted);
    expect_model(w, m);
    int64_t before = rows(w);
    e = send(w, book, from, to);
    assert_int_equal(before, rows(w));
    expect_model(w, m);
    /* What was appended is now a replay, everything else what it was. */
    assert_int_equal(e, wanted);
}

static void however_pushes_come_the_model_agrees(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        uint32_t dice = seed;
        struct model m = { .same = { 0, 1 + roll(&dice, EVENTS - 4),
                                     1 + roll(&dice, EVENTS - 4) } };
        struct world *w = world_open(m.same[1], m.same[2]);
        for (int i = 0; i < 25; i++)
            step(w, &m, &dice);
        world_close(w);
    }
}

#define WORLD(test) \
    cmocka_unit_test_setup_teardown(test, open_world, close_world)

static int forget_answer(void **state)
{
    (void)state;
    buf_done(&answer_bytes);
    return 0;
}

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
        cmocka_unit_test(a_fork_is_found_at_any_place_of_a_push),
        WORLD(a_chain_that_fits_nowhere_is_set_aside_too),
        WORLD(the_branch_that_was_first_goes_on),
        WORLD(a_longer_branch_goes_on_behind_its_own_end),
        WORLD(each_event_of_a_branch_is_kept_once),
        WORLD(a_branch_may_fork_again),
        cmocka_unit_test(however_pushes_come_the_model_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, forget_answer);
}
