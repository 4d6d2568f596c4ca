/*
 * test_fold.c - what each event does to the sums, and that cutting the stream
 * anywhere changes nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "tests/support/stall.h"

enum { DAY = 20200114 };

/* One fold and what came out of it; one device with hand-made events. */
struct desk {
    struct book book;
    union body body; /* of the next event */
    struct fold_rule rules[4];
    int n_rules;
    struct roll_set rows;
};

static int open_desk(void **state)
{
    struct desk *d = x_alloc(sizeof(*d));
    book_init(&d->book, 1, STALL_AGGREGATOR);
    book_enrol(&d->book);
    d->book.next.day = DAY;
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *d = *state;
    book_done(&d->book);
    roll_set_done(&d->rows);
    free(d);
    return 0;
}

static void at(struct desk *d, int day, int hour, int minute)
{
    d->book.next.at_ms =
        day_start_ms(day) + (hour * 60 + minute) * INT64_C(60000);
}

static void add(struct desk *d, enum event_kind kind)
{
    book_add(&d->book, kind, &d->body);
    memset(&d->body, 0, sizeof(d->body));
}

static struct line line(const char *sku, int64_t milli, int64_t amount_vnd)
{
    return (struct line){ .sku = str_of(sku),
                          .name = str_of("Trà"),
                          .unit = str_of("kg"),
                          .milli = milli,
                          .amount_vnd = amount_vnd };
}

static struct tender tender(const char *method, int64_t amount_vnd)
{
    return (struct tender){ .method = str_of(method),
                            .amount_vnd = amount_vnd };
}

/* Two kilos of tea and a jar for 70,000, with a 100,000 note. */
static int sell(struct desk *d)
{
    struct body_sale *b = &d->body.sale;
    b->reference = STR("AB3DE");
    b->n_lines = 2;
    b->lines[0] = line("TRA", 2000, 50000);
    b->lines[1] = line("LO", 1000, 20000);
    b->lines[1].more.seller = STR("HTX");
    b->total_vnd = 70000;
    b->n_tenders = 1;
    b->tenders[0] = tender("cash", 100000);
    b->change_vnd = 30000;
    add(d, EV_SALE);
    return d->book.n;
}

static void take_back(struct desk *d, int of, int day, int64_t at_ms)
{
    struct body_void *b = &d->body.voided;
    b->of = of;
    b->day = day;
    b->at_ms = at_ms;
    b->n_lines = 2;
    b->lines[0] = line("TRA", 2000, 50000);
    b->lines[1] = line("LO", 1000, 20000);
    b->lines[1].more.seller = STR("HTX");
    b->total_vnd = 70000;
    b->n_tenders = 1;
    b->tenders[0] = tender("cash", 70000);
    add(d, EV_VOID);
}

static void refund(struct desk *d, int of)
{
    struct body_refund *b = &d->body.refund;
    b->of = of;
    b->n_lines = 1;
    b->lines[0] = line("TRA", 1000, 25000);
    b->total_vnd = 25000;
    b->n_tenders = 1;
    b->tenders[0] = tender("transfer", 25000);
    add(d, EV_REFUND);
}

static void visits(struct desk *d, int64_t n, const char *gate, bool estimated)
{
    d->body.visits = (struct body_visits){ estimated, str_of(gate), n };
    add(d, EV_VISITS);
}

static void fold_into(struct roll_set *rows, const struct fold *f)
{
    struct roll_taker taker = roll_set_taker(rows);
    assert_int_equal(fold_each(f, &taker), ERR_OK);
}

static void fold_desk(struct desk *d)
{
    struct fold *f = fold_open();
    for (int seq = 1; seq <= d->book.n; seq++)
        fold_event(f, STR("D"), book_line(&d->book, seq), d->rules, d->n_rules);
    roll_set_done(&d->rows);
    fold_into(&d->rows, f);
    fold_close(f);
}

static void expect(struct desk *d, const char *rows)
{
    BUF(text, MAX_TEXT);
    fold_desk(d);
    roll_set_text(&d->rows, &text);
    assert_string_equal(buf_text(&text), rows);
}

/* ---- kinds ---- */

static void a_sale_counts_on_its_day_in_its_ten_minutes(void **state)
{
    struct desk *d = *state;
    at(d, DAY, 9, 25);
    sell(d);
    expect(d, "item D LO|Trà|kg 1 0 0 0 0 0\n"
              "item D TRA|Trà|kg 1 0 0 0 0 0\n"
              "line D 20200114 9 LO|HTX 1000 20000 1 0 0 0\n"
              "line D 20200114 9 TRA| 2000 50000 1 0 0 0\n"
              "sale D 20200114 56 1 70000 0 0 0 0\n"
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
    expect(d, "item D LO|Trà|kg 1 0 0 0 0 0\n"
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
    expect(d, "item D LO|Trà|kg 1 0 0 0 0 0\n"
              "item D TRA|Trà|kg 1 0 0 0 0 0\n"
              "line D 20200114 9 LO|HTX 1000 20000 1 0 0 0\n"
              "line D 20200114 9 TRA| 2000 50000 1 0 0 0\n"
              "line D 20200115 10 TRA| -1000 -25000 0 0 0 0\n"
              "sale D 20200114 56 1 70000 0 0 0 0\n"
              "sale D 20200115 60 0 0 1 25000 0 0\n"
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
    expect(d, "visit D 20200114 48  4 0 0 0 0 0\n"
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

static void events_that_move_no_money_leave_no_row(void **state)
{
    struct desk *d = *state;
    d->body.cash = (struct body_cash){ -50000, STR("ice") };
    add(d, EV_CASH);
    d->body.cart = (struct body_cart){ 3, 90000 };
    add(d, EV_CART_CANCELLED);
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
    expect(d, "item D LO|Trà|kg 1 0 0 0 0 0\n"
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

static void sums_stop_at_the_ends_of_int64(void **state)
{
    struct desk *d = *state;
    struct fold *f = fold_open();
    struct body_sale *b = &d->body.sale;
    b->reference = STR("AB3DE");
    b->n_lines = 1;
    b->lines[0] = line("TRA", INT64_MAX, INT64_MAX - 1);
    b->total_vnd = INT64_MAX - 1;
    b->n_tenders = 1;
    b->tenders[0] = tender("card", INT64_MAX - 1);
    add(d, EV_SALE);
    for (int i = 0; i < 2; i++)
        fold_event(f, STR("D"), book_line(&d->book, 2), NULL, 0);
    fold_into(&d->rows, f);
    fold_close(f);
    assert_true(roll_set_get(&d->rows, 1, "sale D %d 48", DAY) == INT64_MAX);
    assert_true(roll_set_get(&d->rows, 0, "line D %d 8 TRA|", DAY) ==
                INT64_MAX);
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
                                .sale = order_sale,
                                .line = order_line,
                                .item = order_item,
                                .visit = order_visit };
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

#define DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

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
        DESK(events_that_move_no_money_leave_no_row),
        DESK(a_held_event_counts_on_hold_and_nowhere_else),
        DESK(the_later_rule_wins),
        DESK(a_void_is_held_with_its_sale),
        DESK(a_void_moves_to_another_day_with_its_sale),
        DESK(a_damaged_event_is_noted_and_held),
        DESK(bytes_that_are_no_event_are_damaged),
        DESK(an_unknown_kind_is_noted_and_changes_no_sum),
        DESK(sums_stop_at_the_ends_of_int64),
        cmocka_unit_test(rows_come_once_in_key_order),
        DESK(a_taker_stops_the_rows),
        DESK(an_empty_fold_has_no_rows),
        cmocka_unit_test(any_stream_adds_up_however_it_is_cut),
        cmocka_unit_test(every_kind_of_event_can_be_folded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
