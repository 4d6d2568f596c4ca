/*
 * test_plan.c - plans of simulated fairs: they add up, and nothing in them is
 * out of the ordinary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/money.h"
#include "tests/sim/plan.h"
#include "tests/support/scratch.h"

enum { BOOTHS = 23, PRODUCTS = 60, SEEDS = 40 };

static struct stock stock;

static int load_stock(void **state)
{
    (void)state;
    char dir[SCRATCH_ROOM];
    const struct stock_size size = { 11, BOOTHS, PRODUCTS };
    BUF(why, MAX_TEXT);
    scratch_make(dir);
    int bad = stock_invent(dir, &size) || stock_load(dir, &why, &stock);
    scratch_remove(dir);
    return bad;
}

static int forget_stock(void **state)
{
    (void)state;
    stock_done(&stock);
    return 0;
}

static struct wish wish_of(uint64_t seed)
{
    return (struct wish){ .seed = seed,
                          .first_day = 20200114,
                          .days = 3,
                          .sales = 700,
                          .target_vnd = 300000000 + (int64_t)seed * 1237,
                          .refunds = 30,
                          .voids = 12,
                          .gates = 4,
                          .visits = 7301,
                          .syncs = 5,
                          .faults_pct = 4,
                          .offline = true,
                          .binaries = seed % 2 == 0 };
}

static struct plan plan_of(uint64_t seed)
{
    const struct wish wish = wish_of(seed);
    struct plan plan;
    assert_int_equal(plan_make(&wish, &stock, &plan), ERR_OK);
    return plan;
}

/* ---- money --------------------------------------------------------------- */

static void basket_is_sound(const struct basket *b)
{
    int64_t sum = 0;
    assert_in_range(b->n_lines, 1, BASKET_LINES);
    for (int i = 0; i < b->n_lines; i++) {
        const struct ware *w = &stock.stalls[b->booth].wares[b->lines[i].ware];
        int64_t amount;
        assert_int_equal(money_line(w->price_vnd, b->lines[i].milli, &amount),
                         ERR_OK);
        assert_int_equal(b->lines[i].amount_vnd, amount);
        assert_true(w->by_weight || b->lines[i].milli % 1000 == 0);
        for (int j = 0; j < i; j++)
            assert_int_not_equal(b->lines[i].ware, b->lines[j].ware);
        sum += amount;
    }
    assert_int_equal(b->total_vnd, sum - b->discount_vnd);
    assert_true(b->total_vnd > 0 && sum <= BASKET_VND_MAX);
}

static void sales_less_returns_meet_the_target(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct plan p = plan_of(seed);
        int64_t net = 0;
        int discounts[BOOTHS] = { 0 };
        for (int i = 0; i < p.n_baskets; i++) {
            const struct basket *b = &p.baskets[i];
            basket_is_sound(b);
            discounts[b->booth] += b->discount_vnd > 0;
            net += b->total_vnd;
            if (b->back == BACK_ALL || b->back == BACK_VOID)
                net -= b->total_vnd;
            if (b->back == BACK_LINE)
                net -= b->lines[0].amount_vnd;
            assert_false(b->back != BACK_NONE && b->discount_vnd > 0);
        }
        assert_int_equal(net, wish_of(seed).target_vnd);
        assert_int_equal(net, p.net_vnd);
        for (int i = 0; i < BOOTHS; i++)
            assert_in_range(discounts[i], 0, i == p.by_binaries ? 0 : 1);
        assert_in_range(p.n_baskets, 600, 800);
        plan_done(&p);
    }
}

static void a_target_out_of_reach_is_refused(void **state)
{
    (void)state;
    struct plan plan;
    struct wish wish = wish_of(1);
    wish.target_vnd = BOOTHS; /* one đồng a booth */
    assert_int_equal(plan_make(&wish, &stock, &plan), ERR_LIMIT);
}

/* ---- time ---------------------------------------------------------------- */

static void acts_are_in_order(const struct plan *p)
{
    bool open[BOOTHS] = { false };
    bool sold[2000] = { false };
    assert_true(p->n_baskets < 2000);
    for (int i = 0; i < p->n_acts; i++) {
        const struct act *a = &p->acts[i];
        assert_true(i == 0 || a->ms >= p->acts[i - 1].ms);
        assert_in_range(i, p->day_acts[a->day], p->day_acts[a->day + 1] - 1);
        if (a->deed == DEED_OPEN || a->deed == DEED_CLOSE)
            open[a->booth] = a->deed == DEED_OPEN;
        else if (a->deed != DEED_SYNC)
            assert_true(open[a->booth]);
        if (a->deed == DEED_SALE)
            sold[a->what] = true;
        if (a->deed == DEED_VOID || a->deed == DEED_REFUND)
            assert_true(sold[a->what]);
    }
}

static void shifts_are_open_and_returns_follow_sales(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct plan p = plan_of(seed);
        acts_are_in_order(&p);
        plan_done(&p);
    }
}

static void visits_at_the_gates_add_up(void **state)
{
    (void)state;
    struct plan p = plan_of(3);
    int64_t visits = 0, contacts = 0;
    for (int i = 0; i < p.n_acts; i++) {
        if (p.acts[i].deed != DEED_VISITS)
            continue;
        if (p.acts[i].what == NO_GATE)
            contacts += p.acts[i].n;
        else
            visits += p.acts[i].n;
    }
    assert_int_equal(visits, wish_of(3).visits);
    assert_true(contacts > 0);
    plan_done(&p);
}

/* Of every booth's calls: how many find no network. */
static void a_third_is_offline_one_for_the_last_day(void **state)
{
    (void)state;
    struct plan p = plan_of(5);
    int down[BOOTHS] = { 0 }, up_last_day[BOOTHS] = { 0 };
    int some = 0, all_day = 0;
    for (int i = 0; i < p.n_acts; i++) {
        const struct act *a = &p.acts[i];
        if (a->deed != DEED_SYNC)
            continue;
        down[a->booth] += a->what == NET_DOWN;
        up_last_day[a->booth] +=
            a->day == p.wish.days - 1 && a->what != NET_DOWN;
    }
    for (int i = 0; i < BOOTHS; i++) {
        some += down[i] > 0;
        all_day += up_last_day[i] == 0;
    }
    assert_in_range(some, BOOTHS / 4, BOOTHS / 2);
    assert_int_equal(all_day, 1);
    assert_in_range(p.offline_booths, BOOTHS / 3, BOOTHS / 3 + 1);
    plan_done(&p);
}

/* ---- the seed ------------------------------------------------------------ */

static void the_same_seed_gives_the_same_plan(void **state)
{
    (void)state;
    struct plan a = plan_of(9), b = plan_of(9), other = plan_of(10);
    assert_int_equal(a.n_acts, b.n_acts);
    for (int i = 0; i < a.n_acts; i++) {
        assert_int_equal(a.acts[i].ms, b.acts[i].ms);
        assert_int_equal(a.acts[i].what, b.acts[i].what);
    }
    assert_false(a.n_acts == other.n_acts &&
                 a.acts[200].ms == other.acts[200].ms);
    plan_done(&a);
    plan_done(&b);
    plan_done(&other);
}

/* xoshiro256** from its authors' first state {1, 2, 3, 4}. */
static void chance_is_as_published(void **state)
{
    (void)state;
    struct chance c = { { 1, 2, 3, 4 } };
    static const uint64_t wanted[] = { 11520, 0, 1509978240,
                                       1215971899390074240 };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        assert_true(chance_next(&c) == wanted[i]);
}

static void shares_add_up(void **state)
{
    (void)state;
    static const int64_t weights[] = { 0, 3, 1, 0, 7, 5 };
    int64_t parts[ARRAY_LEN(weights)], sum = 0;
    share_out(1000003, weights, (int)ARRAY_LEN(weights), parts);
    for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
        sum += parts[i];
        int64_t due = 1000003 * weights[i] / 16;
        assert_in_range(parts[i], due > 0 ? due - 1 : 0, due + 1);
    }
    assert_int_equal(sum, 1000003);
    assert_int_equal(parts[0] + parts[3], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sales_less_returns_meet_the_target),
        cmocka_unit_test(a_target_out_of_reach_is_refused),
        cmocka_unit_test(shifts_are_open_and_returns_follow_sales),
        cmocka_unit_test(visits_at_the_gates_add_up),
        cmocka_unit_test(a_third_is_offline_one_for_the_last_day),
        cmocka_unit_test(the_same_seed_gives_the_same_plan),
        cmocka_unit_test(chance_is_as_published),
        cmocka_unit_test(shares_add_up),
    };
    return cmocka_run_group_tests(tests, load_stock, forget_stock);
}
