/*
 * test_fold.c - what each event does to the sums.
 */
#include "tests/unit/fold_desk.h"

/* ---- kinds ---- */

static void a_sale_counts_on_its_day_in_its_ten_minutes(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 9, 25);
    sell(d);
    expect(d, "act D 20200114 sale 0 1 70000 0 0 0 0\n"
              "day D 20200114  1 70000 0 0 0 0\n"
              "item D LO|Trà|kg 1 0 0 0 0 0\n"
              "item D TRA|Trà|kg 1 0 0 0 0 0\n"
              "line D 20200114 9 LO|HTX 1000 20000 1 0 0 0\n"
              "line D 20200114 9 TRA| 2000 50000 1 0 0 0\n"
              "sale D 20200114 56 1 70000 0 0 0 0\n"
              "sold D 20200114 LO 0 1000 20000 1 0 0 0\n"
              "sold D 20200114 TRA 0 2000 50000 1 0 0 0\n"
              "tender D 20200114 cash 70000 0 0 0 0 0\n");
}

static void change_is_taken_off_the_cash_only(void **state)
{
    struct desk *d = *state;
    struct body_sale *b = &d->body.sale;
    b->reference = STR("AB3DE");
    b->n_lines = 1;
    b->lines[0] = line("TRA", 1000, 45000);
    b->total_vnd = 45000;
    b->n_tenders = 2;
    b->tenders[0] = tender("voucher", 40000);
    b->tenders[1] = tender("cash", 20000);
    b->change_vnd = 15000;
    add(d, EV_SALE);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "tender D %d voucher", DAY),
                     40000);
    assert_int_equal(roll_set_get(&d->rows, 0, "tender D %d cash", DAY), 5000);
}

static void lines_of_one_product_are_one_sale_of_it(void **state)
{
    struct desk *d = *state;
    struct body_sale *b = &d->body.sale;
    b->reference = STR("AB3DE");
    b->n_lines = 3;
    b->lines[0] = line("TRA", 1000, 10000);
    b->lines[1] = line("LO", 1000, 10000);
    b->lines[2] = line("TRA", 500, 5000);
    b->total_vnd = 25000;
    b->n_tenders = 1;
    b->tenders[0] = tender("cash", 25000);
    add(d, EV_SALE);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "line D %d 8 TRA|", DAY), 1500);
    assert_int_equal(roll_set_get(&d->rows, 1, "line D %d 8 TRA|", DAY), 15000);
    assert_int_equal(roll_set_get(&d->rows, 2, "line D %d 8 TRA|", DAY), 1);
}

static void an_item_is_called_as_when_it_was_first_sold(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 9, 0);
    sell(d);
    at(d, DAY, 10, 0); /* another hour, so another row */
    struct body_refund *b = &d->body.refund;
    b->of = 2;
    b->n_lines = 1;
    b->lines[0] = line("TRA", 1000, 25000);
    b->lines[0].name = STR("Trà mới");
    b->total_vnd = 25000;
    b->n_tenders = 1;
    b->tenders[0] = tender("cash", 25000);
    add(d, EV_REFUND);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "item D TRA|Trà|kg"), 1);
    assert_int_equal(roll_set_get(&d->rows, 0, "item D TRA|Trà mới|kg"), 0);
}

static void a_void_takes_the_sale_back_where_it_stood(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 9, 25);
    int64_t at_ms = d->book.next.at_ms;
    int of = sell(d);
    at(d, DAY, 11, 0);
    take_back(d, of, DAY, at_ms);
    expect(d, "act D 20200114 sale 0 1 70000 0 0 0 0\n"
              "act D 20200114 void 0 1 70000 0 0 0 0\n"
              "day D 20200114  0 0 0 70000 0 0\n"
              "item D LO|Trà|kg 1 0 0 0 0 0\n"
              "item D TRA|Trà|kg 1 0 0 0 0 0\n"
              "sale D 20200114 56 0 0 0 0 1 70000\n");
}

static void a_refund_counts_where_it_is_made_and_the_sale_stays(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 9, 25);
    int of = sell(d);
    d->book.next.day = DAY + 1;
    at(d, DAY + 1, 10, 0);
    refund(d, of);
    expect(d, "act D 20200114 sale 0 1 70000 0 0 0 0\n"
              "act D 20200115 refund 0 1 25000 0 0 0 0\n"
              "day D 20200114  1 70000 0 0 0 0\n"
              "day D 20200115  0 0 25000 0 0 0\n"
              "item D LO|Trà|kg 1 0 0 0 0 0\n"
              "item D TRA|Trà|kg 1 0 0 0 0 0\n"
              "line D 20200114 9 LO|HTX 1000 20000 1 0 0 0\n"
              "line D 20200114 9 TRA| 2000 50000 1 0 0 0\n"
              "line D 20200115 10 TRA| -1000 -25000 0 0 0 0\n"
              "sale D 20200114 56 1 70000 0 0 0 0\n"
              "sale D 20200115 60 0 0 1 25000 0 0\n"
              "sold D 20200114 LO 0 1000 20000 1 0 0 0\n"
              "sold D 20200114 TRA 0 2000 50000 1 0 0 0\n"
              "sold D 20200115 TRA 0 -1000 -25000 0 0 0 0\n"
              "tender D 20200114 cash 70000 0 0 0 0 0\n"
              "tender D 20200115 transfer -25000 0 0 0 0 0\n");
}

static void visits_are_kept_by_gate_and_quality(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 8, 0);
    visits(d, 10, "A", false);
    at(d, DAY, 8, 5);
    visits(d, 25, "A", true);
    visits(d, -3, "A", false);
    visits(d, 4, "", false);
    expect(d, "day D 20200114  0 0 0 0 4 0\n"
              "day D 20200114 A 0 0 0 0 32 0\n"
              "visit D 20200114 48  4 0 0 0 0 0\n"
              "visit D 20200114 48 A 32 25 0 0 0 0\n");
}

static void hours_after_midnight_belong_to_the_day_before(void **state)
{
    struct desk *d = *state;
    at(d, DAY + 1, 0, 30);
    sell(d);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "sale D %d 147", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 2, "line D %d 24 TRA|", DAY), 1);
}

static void a_late_entry_counts_at_the_time_it_happened(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 18, 0);
    d->book.next.late_ms = day_start_ms(DAY) + 9 * INT64_C(3600000);
    int seq = sell(d);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "sale D %d 54", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 0, "note D late"), 1);
    assert_int_equal(roll_set_get(&d->rows, 1, "note D late"), seq);
}

static void an_event_without_a_day_counts_on_that_of_its_clock(void **state)
{
    struct desk *d = *state;
    d->book.next.day = 0;
    at(d, DAY + 2, 9, 0);
    visits(d, 7, "", false);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "visit D %d 54 ", DAY + 2), 7);
}

static void goods_are_kept_by_the_lists_they_were_sold_from(void **state)
{
    struct desk *d = *state;
    d->book.next.list = 255;
    sell(d);
    d->book.next.list = 256;
    int of = sell(d);
    at(d, DAY, 8, 59);
    refund(d, of);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 2, "sold D %d TRA 255", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 1, "sold D %d TRA 255", DAY),
                     50000);
    assert_int_equal(roll_set_get(&d->rows, 2, "sold D %d TRA 256", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 0, "sold D %d TRA 256", DAY), 1000);
    assert_int_equal(roll_set_get(&d->rows, 1, "sold D %d TRA 256", DAY),
                     25000);
}

/* The void says which goods, when and on which day, but not by which lists. */
static void a_void_takes_goods_back_from_the_lists_of_its_own(void **state)
{
    struct desk *d = *state;
    int64_t at_ms = d->book.next.at_ms;
    d->book.next.list = 5;
    int of = sell(d);
    d->book.next.list = 7;
    d->book.next.day = DAY + 1;
    take_back(d, of, DAY, at_ms);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 2, "sold D %d LO 5", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 2, "sold D %d LO 7", DAY), -1);
    assert_int_equal(roll_set_get(&d->rows, 1, "sold D %d LO 7", DAY), -20000);
}

static void every_line_with_a_stamp_is_counted(void **state)
{
    struct desk *d = *state;
    struct body_sale *b = &d->body.sale;
    b->reference = STR("AB3DE");
    b->n_lines = 4;
    for (int i = 0; i < 4; i++) {
        b->lines[i] = line(i < 3 ? "TRA" : "LO", 1000, 10000);
        if (i > 0)
            b->lines[i].more.stamp = STR("tem.vn/8934");
    }
    b->total_vnd = 40000;
    b->n_tenders = 1;
    b->tenders[0] = tender("cash", 40000);
    add(d, EV_SALE);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 2, "sold D %d TRA 0", DAY), 3);
    assert_int_equal(roll_set_get(&d->rows, 3, "sold D %d TRA 0", DAY), 2);
    assert_int_equal(roll_set_get(&d->rows, 3, "sold D %d LO 0", DAY), 1);
}

static void discounts_and_goods_off_the_list_are_acts_of_a_sale(void **state)
{
    struct desk *d = *state;
    struct body_sale *b = &d->body.sale;
    b->reference = STR("AB3DE");
    b->n_lines = 3;
    b->lines[0] = line("TRA", 1000, 10000);
    b->lines[1] = line("LO", 1000, 20000);
    b->lines[2] = line("XX", 1000, 30000);
    b->lines[0].more.discount_vnd = 1000;
    b->lines[1].more.discount_vnd = 500;
    b->lines[1].more.unlisted = b->lines[2].more.unlisted = 1;
    b->total_vnd = 60000;
    b->n_tenders = 1;
    b->tenders[0] = tender("cash", 60000);
    d->book.next.op = 4;
    add(d, EV_SALE);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "act D %d sale 4", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 0, "act D %d discount 4", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 1, "act D %d discount 4", DAY),
                     1500);
    assert_int_equal(roll_set_get(&d->rows, 0, "act D %d unlisted 4", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 1, "act D %d unlisted 4", DAY),
                     50000);
}

static void acts_are_those_of_the_operator_who_did_them(void **state)
{
    struct desk *d = *state;
    int64_t at_ms = d->book.next.at_ms;
    d->book.next.op = 3;
    int of = sell(d);
    d->book.next.op = 12;
    take_back(d, of, DAY, at_ms);
    d->body.line_removed.line = line("TRA", 1000, 25000);
    add(d, EV_LINE_REMOVED);
    add(d, EV_DRAWER);
    d->body.reprint.of = of;
    add(d, EV_REPRINT);
    d->body.override = (struct body_override){ 1, STR("discount") };
    add(d, EV_OVERRIDE);
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "act D %d sale 3", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 1, "act D %d void 12", DAY), 70000);
    assert_int_equal(roll_set_get(&d->rows, 1, "act D %d line_removed 12", DAY),
                     25000);
    assert_int_equal(roll_set_get(&d->rows, 0, "act D %d drawer 12", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 0, "act D %d reprint 12", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 0, "act D %d override 12", DAY), 1);
}

static void of_accesses_wrong_pins_alone_are_counted(void **state)
{
    static const char *const whats[] = { "wrong pin", "unlocked", "wrong pin",
                                         "wrong" };
    struct desk *d = *state;
    for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
        d->body.access = (struct body_access){ 7, str_of(whats[i]) };
        add(d, EV_ACCESS);
    }
    expect(d, "act D 20200114 pin_failed 0 2 0 0 0 0 0\n");
}

static void what_is_held_is_no_act_and_acts_move_to_the_day_decided(
    void **state)
{
    struct desk *d = *state;
    add(d, EV_DRAWER);
    add(d, EV_DRAWER);
    d->rules[d->n_rules++] =
        (struct fold_rule){ .first = 2, .last = 2, .hold = true };
    d->rules[d->n_rules++] =
        (struct fold_rule){ .first = 3, .last = 3, .day = 20200120 };
    expect(d, "act D 20200120 drawer 0 1 0 0 0 0 0\n"
              "hold D 1 0 0 0 0 0\n");
}

static void events_that_move_no_money_leave_no_row(void **state)
{
    struct desk *d = *state;
    d->body.cash = (struct body_cash){ -50000, STR("ice") };
    add(d, EV_CASH);
    book_note(&d->book, STR("rain"));
    expect(d, "");
}

/* ---- decisions ---- */

static void a_held_event_counts_on_hold_and_nowhere_else(void **state)
{
    struct desk *d = *state;
    int of = sell(d);
    refund(d, of);
    visits(d, 5, "", false);
    d->rules[d->n_rules++] =
        (struct fold_rule){ .first = of, .last = INT64_MAX, .hold = true };
    expect(d, "hold D 3 45000 0 0 0 0\n");
}

static void the_later_rule_wins(void **state)
{
    struct desk *d = *state;
    int of = sell(d);
    d->rules[d->n_rules++] =
        (struct fold_rule){ .first = 1, .last = INT64_MAX, .hold = true };
    d->rules[d->n_rules++] = (struct fold_rule){ .first = of, .last = of };
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "sale D %d 48", DAY), 1);
    assert_int_equal(roll_set_get(&d->rows, 0, "hold D"), 1); /* enrolled */
}

static void a_void_is_held_with_its_sale(void **state)
{
    struct desk *d = *state;
    int of = sell(d);
    take_back(d, of, DAY, d->book.next.at_ms);
    d->rules[d->n_rules++] =
        (struct fold_rule){ .first = of, .last = of, .hold = true };
    expect(d, "hold D 2 0 0 0 0 0\n");
}

static void a_void_moves_to_another_day_with_its_sale(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 9, 25);
    int64_t at_ms = d->book.next.at_ms;
    int of = sell(d);
    take_back(d, of, DAY, at_ms);
    d->rules[d->n_rules++] =
        (struct fold_rule){ .first = of, .last = of, .day = 20200120 };
    expect(d, "act D 20200120 sale 0 1 70000 0 0 0 0\n"
              "act D 20200120 void 0 1 70000 0 0 0 0\n"
              "day D 20200120  0 0 0 70000 0 0\n"
              "item D LO|Trà|kg 1 0 0 0 0 0\n"
              "item D TRA|Trà|kg 1 0 0 0 0 0\n"
              "sale D 20200120 56 0 0 0 0 1 70000\n");
}

/* ---- what cannot be understood ---- */

static void a_damaged_event_is_noted_and_held(void **state)
{
    struct desk *d = *state;
    int seq = sell(d);
    book_edit(&d->book, seq, "\"total\":70000", "\"total\":70001");
    fold_desk(d);
    assert_int_equal(roll_set_get(&d->rows, 0, "sale D %d 48", DAY), 0);
    assert_int_equal(roll_set_get(&d->rows, 0, "hold D"), 1);
    assert_int_equal(roll_set_get(&d->rows, 1, "hold D"), 0);
    assert_int_equal(roll_set_get(&d->rows, 0, "note D damaged"), 1);
    assert_int_equal(roll_set_get(&d->rows, 1, "note D damaged"), seq);
}

static void bytes_that_are_no_event_are_damaged(void **state)
{
    static const char *const bad[] = { "", "{}", "nonsense", "{\"v\":1}" };
    struct desk *d = *state;
    struct fold *f = fold_open();
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        fold_event(f, STR("D"), str_of(bad[i]), NULL, 0);
    fold_into(&d->rows, f);
    fold_close(f);
    assert_int_equal(roll_set_get(&d->rows, 0, "note D damaged"), 4);
}

static void an_unknown_kind_is_noted_and_changes_no_sum(void **state)
{
    struct desk *d = *state;
    int seq = sell(d);
    book_edit(&d->book, seq, "\"sale\"", "\"teleport\"");
    expect(d, "note D unknown_kind 1 2 2 0 0 0\n");
}

/* ---- rows ---- */

static enum err stop_at_second(void *ctx, const struct roll_line *r)
{
    int *n = ctx;
    (void)r;
    return ++*n == 2 ? ERR_BUSY : ERR_OK;
}

static void a_taker_stops_the_rows(void **state)
{
    struct desk *d = *state;
    int n = 0;
    struct roll_taker taker = { .ctx = &n, .line = stop_at_second };
    sell(d);
    struct fold *f = fold_open();
    fold_event(f, STR("D"), book_line(&d->book, 2), NULL, 0);
    fold_event(f, STR("E"), book_line(&d->book, 2), NULL, 0);
    assert_int_equal(fold_each(f, &taker), ERR_BUSY);
    assert_int_equal(n, 2);
    fold_close(f);
}

static void an_empty_fold_has_no_rows(void **state)
{
    struct desk *d = *state;
    struct fold *f = fold_open();
    fold_into(&d->rows, f);
    assert_int_equal(d->rows.n, 0);
    fold_close(f);
    fold_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(a_sale_counts_on_its_day_in_its_ten_minutes),
        DESK(change_is_taken_off_the_cash_only),
        DESK(lines_of_one_product_are_one_sale_of_it),
        DESK(an_item_is_called_as_when_it_was_first_sold),
        DESK(a_void_takes_the_sale_back_where_it_stood),
        DESK(a_refund_counts_where_it_is_made_and_the_sale_stays),
        DESK(visits_are_kept_by_gate_and_quality),
        DESK(hours_after_midnight_belong_to_the_day_before),
        DESK(a_late_entry_counts_at_the_time_it_happened),
        DESK(an_event_without_a_day_counts_on_that_of_its_clock),
        DESK(goods_are_kept_by_the_lists_they_were_sold_from),
        DESK(a_void_takes_goods_back_from_the_lists_of_its_own),
        DESK(every_line_with_a_stamp_is_counted),
        DESK(discounts_and_goods_off_the_list_are_acts_of_a_sale),
        DESK(acts_are_those_of_the_operator_who_did_them),
        DESK(of_accesses_wrong_pins_alone_are_counted),
        DESK(what_is_held_is_no_act_and_acts_move_to_the_day_decided),
        DESK(events_that_move_no_money_leave_no_row),
        DESK(a_held_event_counts_on_hold_and_nowhere_else),
        DESK(the_later_rule_wins),
        DESK(a_void_is_held_with_its_sale),
        DESK(a_void_moves_to_another_day_with_its_sale),
        DESK(a_damaged_event_is_noted_and_held),
        DESK(bytes_that_are_no_event_are_damaged),
        DESK(an_unknown_kind_is_noted_and_changes_no_sum),
        DESK(a_taker_stops_the_rows),
        DESK(an_empty_fold_has_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
