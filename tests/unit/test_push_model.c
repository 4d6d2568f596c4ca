/*
 * test_push_model.c - pushes in any order, held against a model that knows
 * nothing of hashes, segments or halving.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "tests/support/raw.h"
#include "tests/support/rivals.h"

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
    if (to > m->count)
        return m->aside[name_of(m, book, to)][to] ? ERR_FORK : ERR_OK;
    return held_same(m, book, to) ? ERR_OK : ERR_FORK;
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
    const struct rivals *w;
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

static void expect_model(struct rivals *w, const struct model *m)
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
        rivals_expect_held(w, m->held[m->count], m->count);
    assert_int_equal(store_branch_each(w->store, w->device, match_branch, &f),
                     ERR_OK);
    for (int book = 0; book < BOOKS; book++) {
        for (int seq = 1; seq <= EVENTS; seq++)
            aside += m->aside[book][seq];
    }
    assert_int_equal(f.n, aside);
}

static int64_t rows(struct rivals *w)
{
    static const char sql[] = "SELECT (SELECT count(*) FROM segment) * 100000"
                              " + (SELECT count(*) FROM branch) * 1000"
                              " + (SELECT count(*) FROM device)";
    return raw_int(w->store, sql);
}

static int roll(uint32_t *dice, int below)
{
    *dice = *dice * 1664525U + 1013904223U;
    return (int)((*dice >> 8) % (uint32_t)below);
}

static void step(struct rivals *w, struct model *m, uint32_t *dice)
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
    enum err e = rivals_send(w, book, from, to);
    assert_int_equal(e, wanted);
    expect_model(w, m);
    int64_t before = rows(w);
    e = rivals_send(w, book, from, to);
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
        struct rivals *w = rivals_open(m.same[1], m.same[2]);
        for (int i = 0; i < 25; i++)
            step(w, &m, &dice);
        rivals_close(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_pushes_come_the_model_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, rivals_forget_answer);
}
