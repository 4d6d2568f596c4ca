/*
 * test_fold_bounds.c - amounts that no till of ours records are noted and in no
 * sum, so that no sum leaves int64.
 */
#include "sync/aggregator/store/fold_rows.h"
#include "tests/unit/fold_desk.h"

/* Every amount of it may be as much as it is. */
static struct body_sale *great_sale(struct desk *d)
{
    struct body_sale *b = &d->body.sale;
    b->reference = STR("AB3DE");
    b->n_lines = 2;
    b->lines[0] = line("TRA", FOLD_MILLI_MAX, FOLD_VND_MAX);
    b->lines[0].more.discount_vnd = FOLD_VND_MAX;
    b->lines[1] = line("LO", 1000, 0);
    b->total_vnd = FOLD_VND_MAX;
    b->n_tenders = 2;
    b->tenders[0] = tender("cash", FOLD_VND_MAX);
    b->tenders[1] = tender("card", FOLD_VND_MAX);
    b->change_vnd = FOLD_VND_MAX;
    return b;
}

static void a_sale_at_every_bound_counts(void **state)
{
    struct desk *d = *state;
    d->book.sums.gross_vnd = FOLD_LEDGER_MAX - FOLD_VND_MAX;
    d->book.sums.refunds_vnd = d->book.sums.voids_vnd = FOLD_LEDGER_MAX;
    d->book.sums.visits = FOLD_LEDGER_MAX;
    great_sale(d);
    add(d, EV_SALE);
    fold_desk(d);
    assert_true(roll_set_get(&d->rows, 1, "sale D %d 48", DAY) == FOLD_VND_MAX);
    assert_int_equal(roll_set_get(&d->rows, 0, "note D beyond_counting"), 0);
}

/* The amounts go on adding up: what does not is damaged. */
static void more_goods(struct body_sale *b)
{
    b->lines[0].milli++;
}

static void more_discount(struct body_sale *b)
{
    b->lines[0].more.discount_vnd++;
}

static void discounts_together(struct body_sale *b)
{
    b->lines[1].more.discount_vnd = 1;
}

static void more_change(struct body_sale *b)
{
    b->n_tenders = 3;
    b->tenders[2] = tender("cash", 1);
    b->change_vnd++;
}

static void more_cash(struct body_sale *b)
{
    b->tenders[0].amount_vnd++;
    b->tenders[1].amount_vnd--;
}

static void more_charged(struct body_sale *b)
{
    b->lines[0].amount_vnd++;
    b->total_vnd++;
    b->change_vnd--;
}

static void more_in_all(struct body_sale *b)
{
    b->lines[1].amount_vnd++;
    b->total_vnd++;
    b->change_vnd--;
}

static void a_sale_beyond_a_bound_is_noted_and_in_no_sum(void **state)
{
    static void (*const beyond[])(struct body_sale * b) = {
        more_goods, more_discount, discounts_together, more_change,
        more_cash,  more_charged,  more_in_all,
    };
    struct desk *d = *state;
    BUF(want, MAX_TEXT);
    for (size_t i = 0; i < ARRAY_LEN(beyond); i++) {
        beyond[i](great_sale(d));
        add(d, EV_SALE);
    }
    buf_printf(&want, "note D beyond_counting %d 2 %d 0 0 0\n",
               (int)ARRAY_LEN(beyond), d->book.n);
    expect(d, buf_text(&want));
}

static void a_void_and_a_refund_beyond_a_bound_are_too(void **state)
{
    struct desk *d = *state;
    d->book.sums.gross_vnd = FOLD_LEDGER_MAX;
    d->body.voided =
        (struct body_void){ .of = 2, .n_lines = 1, .n_tenders = 1 };
    d->body.voided.lines[0] = line("TRA", 1, INT64_MAX);
    d->body.voided.tenders[0] = tender("cash", INT64_MAX);
    d->body.voided.total_vnd = INT64_MAX;
    add(d, EV_VOID);
    d->book.sums.voids_vnd = 0;
    d->body.refund = (struct body_refund){ .of = 2, .n_lines = 1 };
    d->body.refund.lines[0] = line("TRA", 1, INT64_MAX);
    d->body.refund.n_tenders = 1;
    d->body.refund.tenders[0] = tender("cash", INT64_MAX);
    d->body.refund.total_vnd = INT64_MAX;
    add(d, EV_REFUND);
    expect(d, "note D beyond_counting 2 2 3 0 0 0\n");
}

static void a_removed_line_and_a_cart_beyond_a_bound_are_too(void **state)
{
    struct desk *d = *state;
    d->body.line_removed.line = line("TRA", 1000, FOLD_VND_MAX + 1);
    add(d, EV_LINE_REMOVED);
    d->body.cart = (struct body_cart){ 1, FOLD_VND_MAX + 1 };
    add(d, EV_CART_CANCELLED);
    expect(d, "note D beyond_counting 2 2 3 0 0 0\n");
}

/* A till whose totals no till can have; what is in none of them goes on. */
static void with_totals_beyond_the_bound_nothing_moves_a_sum(void **state)
{
    struct desk *d = *state;
    int64_t *const totals[] = { &d->book.sums.gross_vnd,
                                &d->book.sums.refunds_vnd,
                                &d->book.sums.voids_vnd, &d->book.sums.visits };
    for (size_t i = 0; i < ARRAY_LEN(totals); i++) {
        d->book.sums = (struct sums){ .gross_vnd = 1000000 };
        *totals[i] = FOLD_LEDGER_MAX + 1;
        int of = sell(d);
        refund(d, of);
        visits(d, 7, "G1", false);
        take_back(d, of, DAY, d->book.next.at_ms);
    }
    add(d, EV_DRAWER);
    expect(d, "act D 20200114 drawer 0 1 0 0 0 0 0\n"
              "note D beyond_counting 16 2 17 0 0 0\n");
}

static void what_is_beyond_counting_is_on_no_hold(void **state)
{
    struct desk *d = *state;
    more_in_all(great_sale(d));
    add(d, EV_SALE);
    d->rules[d->n_rules++] =
        (struct fold_rule){ .first = 1, .last = 1000, .hold = true };
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "hold D"), 1); /* the first */
    assert_int_equal(roll_set_get(&d->rows, 1, "hold D"), 0);
    assert_int_equal(roll_set_get(&d->rows, 0, "note D beyond_counting"), 1);
}

/* Whoever lies about the totals in a million events gets there. */
static void a_sum_stops_at_the_ends_of_int64(void **state)
{
    int64_t sum = INT64_MAX - 1;
    (void)state;
    sum_add(&sum, 2);
    assert_true(sum == INT64_MAX);
    sum = INT64_MIN + 1;
    sum_add(&sum, -2);
    assert_true(sum == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(a_sale_at_every_bound_counts),
        DESK(a_sale_beyond_a_bound_is_noted_and_in_no_sum),
        DESK(a_void_and_a_refund_beyond_a_bound_are_too),
        DESK(a_removed_line_and_a_cart_beyond_a_bound_are_too),
        DESK(with_totals_beyond_the_bound_nothing_moves_a_sum),
        DESK(what_is_beyond_counting_is_on_no_hold),
        cmocka_unit_test(a_sum_stops_at_the_ends_of_int64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
