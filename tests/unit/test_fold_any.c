/*
 * test_fold_any.c - any stream of events gives the rows that it must, in
 * order, and cutting it anywhere changes nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/wire.h"
#include "tests/support/crowd.h"
#include "tests/support/stall.h"

static void fold_into(struct roll_set *rows, const struct fold *f)
{
    struct roll_taker taker = roll_set_taker(rows);
    assert_int_equal(fold_each(f, &taker), ERR_OK);
}

/* ---- rows ---- */

struct order {
    int table;
    char last[512];
    int n;
};

/* Keys as bytes of equal width, so that memcmp orders them. */
static enum err in_order(struct order *o, int table, const char *key)
{
    assert_true(table >= o->table);
    if (table == o->table)
        assert_true(strcmp(key, o->last) > 0);
    o->table = table;
    snprintf(o->last, sizeof(o->last), "%s", key);
    o->n++;
    return ERR_OK;
}

#define T(str) (int)(str).len, (str).data

static enum err order_day(void *ctx, const struct roll_day *r)
{
    char key[512];
    snprintf(key, sizeof(key), "%.*s %08d %.*s", T(r->device), r->day,
             T(r->gate));
    return in_order(ctx, 0, key);
}

static enum err order_sale(void *ctx, const struct roll_sale *r)
{
    char key[512];
    snprintf(key, sizeof(key), "%.*s %08d %03d", T(r->device), r->day, r->slot);
    return in_order(ctx, 1, key);
}

static enum err order_line(void *ctx, const struct roll_line *r)
{
    char key[512];
    snprintf(key, sizeof(key), "%.*s %08d %03d %.*s\001%.*s", T(r->device),
             r->day, r->hour, T(r->sku), T(r->seller));
    return in_order(ctx, 2, key);
}

static enum err order_item(void *ctx, const struct roll_item *r)
{
    char key[512];
    snprintf(key, sizeof(key), "%.*s %.*s", T(r->device), T(r->sku));
    return in_order(ctx, 3, key);
}

static enum err order_visit(void *ctx, const struct roll_visit *r)
{
    char key[512];
    snprintf(key, sizeof(key), "%.*s %08d %03d %.*s", T(r->device), r->day,
             r->slot, T(r->gate));
    return in_order(ctx, 5, key);
}

static enum err order_sold(void *ctx, const struct roll_sold *r)
{
    char key[512];
    snprintf(key, sizeof(key), "%.*s %08d %.*s\001%019lld", T(r->device),
             r->day, T(r->sku), (long long)r->list);
    return in_order(ctx, 6, key);
}

static enum err order_act(void *ctx, const struct roll_act *r)
{
    char key[512];
    snprintf(key, sizeof(key), "%.*s %08d %.*s\001%019lld", T(r->device),
             r->day, T(r->what), (long long)r->operator_number);
    return in_order(ctx, 7, key);
}

static void fold_all(struct fold *f, const struct stall *s, int first, int last)
{
    for (int seq = first; seq <= last; seq++)
        fold_event(f, str_of(s->device), book_line(&s->book, seq), NULL, 0);
}

static void rows_come_once_in_key_order(void **state)
{
    struct stall a, b;
    struct order o = { .n = 0 };
    struct roll_taker taker = { .ctx = &o,
                                .day = order_day,
                                .sale = order_sale,
                                .line = order_line,
                                .item = order_item,
                                .visit = order_visit,
                                .sold = order_sold,
                                .act = order_act };
    (void)state;
    stall_open(&a, 1, 11);
    stall_open(&b, 2, 12);
    stall_trade(&a, 300);
    stall_trade(&b, 300);
    struct fold *f = fold_open();
    fold_all(f, &b, 1, 300);
    fold_all(f, &a, 1, 300);
    assert_int_equal(fold_each(f, &taker), ERR_OK);
    assert_true(o.n > 300);
    fold_close(f);
    stall_close(&a);
    stall_close(&b);
}

/* ---- at random ---- */

/* Rules of every sort; days moved to are far from all others. */
static int some_rules(struct stall *s, struct fold_rule *rules)
{
    int n = stall_roll(s, 5);
    for (int i = 0; i < n; i++) {
        int first = 1 + stall_roll(s, s->book.n);
        rules[i] = (struct fold_rule){ .first = first,
                                       .last = first + stall_roll(s, 20),
                                       .hold = stall_roll(s, 3) > 0 };
        if (stall_roll(s, 3) == 0)
            rules[i].day = 20200301 + i;
    }
    return n;
}

static void any_stream_adds_up_however_it_is_cut(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        struct stall s;
        struct fold_rule rules[5];
        struct roll_set pieces = { .n = 0 }, wanted = { .n = 0 };
        stall_open(&s, 1, seed);
        stall_trade(&s, 150);
        int n_rules = some_rules(&s, rules);
        for (int seq = 1; seq <= s.book.n;) {
            struct fold *f = fold_open();
            for (int i = stall_roll(&s, 40); i >= 0 && seq <= s.book.n; i--)
                fold_event(f, str_of(s.device), book_line(&s.book, seq++),
                           rules, n_rules);
            fold_into(&pieces, f);
            fold_close(f);
        }
        stall_expect(&s, s.book.n, rules, n_rules, &wanted);
        roll_set_same(&pieces, &wanted);
        roll_set_done(&pieces);
        roll_set_done(&wanted);
        stall_close(&s);
    }
}

static void every_kind_of_event_can_be_folded(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        struct book b;
        struct roll_set rows = { .n = 0 };
        struct fold *f = fold_open();
        book_random(&b, seed, 200);
        for (int seq = 1; seq <= b.n; seq++)
            fold_event(f, STR("D"), book_line(&b, seq), NULL, 0);
        fold_into(&rows, f);
        assert_int_equal(roll_set_get(&rows, 0, "note D damaged"), 0);
        int64_t gross = 0, refunds = 0, visited = 0;
        for (int i = 0; i < rows.n; i++) {
            const struct roll_set_row *r = &rows.rows[i];
            bool sale = strncmp(r->key, "sale ", 5) == 0;
            gross += sale ? r->v[1] + r->v[5] : 0;
            refunds += sale ? r->v[3] : 0;
            visited += strncmp(r->key, "visit ", 6) == 0 ? r->v[0] : 0;
        }
        assert_int_equal(gross, b.sums.gross_vnd);
        assert_int_equal(refunds, b.sums.refunds_vnd);
        assert_int_equal(visited, b.sums.visits);
        roll_set_done(&rows);
        fold_close(f);
        book_done(&b);
    }
}

/* ---- what takes much memory ---- */

/* Of what was given away: so much that each row is not looked at alone. */
struct heap {
    int64_t times, lines, line_milli, items, sold, sold_milli;
};

static enum err heap_line(void *ctx, const struct roll_line *r)
{
    struct heap *heap = ctx;
    heap->lines++;
    heap->line_milli += r->milli * (int64_t)r->sku.data[r->sku.len - 1];
    return ERR_OK;
}

static enum err heap_item(void *ctx, const struct roll_item *r)
{
    struct heap *heap = ctx;
    heap->items += str_is(r->name, "n");
    return ERR_OK;
}

static enum err heap_sold(void *ctx, const struct roll_sold *r)
{
    struct heap *heap = ctx;
    heap->sold++;
    heap->sold_milli += r->milli * (int64_t)r->sku.data[r->sku.len - 1];
    return ERR_OK;
}

static enum err take_heap(void *ctx, const struct fold *f)
{
    struct heap *heap = ctx;
    struct roll_taker taker = {
        .ctx = heap, .line = heap_line, .item = heap_item, .sold = heap_sold
    };
    heap->times++;
    return fold_each_any(f, &taker);
}

/* The events of a push, its header's lines left out. */
static void fold_push(struct fold *f, struct str push, int header)
{
    struct str line;
    for (int i = 0; lines_next(&push, &line); i++) {
        if (i < header)
            continue;
        fold_event(f, STR("D"), line, NULL, 0);
        assert_int_equal(fold_spill(f), ERR_OK);
    }
}

static void what_a_fold_gives_away_and_what_is_left_add_up(void **state)
{
    enum { PUSHES = 4, HEADER = 2 };
    struct trader t;
    struct heap heap = { .times = 0 };
    struct heap wanted = { .times = 0 };
    struct fold *whole = fold_open(), *bounded = fold_open();
    size_t most = 0;
    BUF(push, MAX_BATCH);
    (void)state;
    fold_bound(bounded, (struct fold_bound){ take_heap, &heap });
    trader_open(&t, "F1", NULL, 1, &push);
    for (int i = 0; i < PUSHES; i++) {
        buf_clear(&push);
        trader_push_novel(&t, NOVEL_SALES, &push);
        fold_push(whole, buf_slice(&push), HEADER);
        fold_push(bounded, buf_slice(&push), HEADER);
        most = fold_bytes(bounded) > most ? fold_bytes(bounded) : most;
    }
    assert_false(fold_spilled(whole));
    assert_true(fold_spilled(bounded));
    assert_true(heap.times > 0);
    assert_true(most < 10 * 1024 * 1024);
    assert_true(fold_bytes(whole) > most);
    assert_int_equal(take_heap(&wanted, whole), ERR_OK);
    assert_int_equal(take_heap(&heap, bounded), ERR_OK);
    assert_int_equal(wanted.lines, t.novelties);
    heap.times = wanted.times;
    assert_memory_equal(&heap, &wanted, sizeof(heap));
    fold_close(whole);
    fold_close(bounded);
    trader_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_once_in_key_order),
        cmocka_unit_test(any_stream_adds_up_however_it_is_cut),
        cmocka_unit_test(every_kind_of_event_can_be_folded),
        cmocka_unit_test(what_a_fold_gives_away_and_what_is_left_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
