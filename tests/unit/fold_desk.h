/*
 * fold_desk.h - one device with hand-made events and what the fold makes of
 * them; for test_fold.c and test_fold_bounds.c.
 */
#ifndef FOLD_DESK_H
#define FOLD_DESK_H

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

static inline int open_desk(void **state)
{
    struct desk *d = x_alloc(sizeof(*d));
    book_init(&d->book, 1, STALL_AGGREGATOR);
    book_enrol(&d->book);
    d->book.next.day = DAY;
    *state = d;
    return 0;
}

static inline int close_desk(void **state)
{
    struct desk *d = *state;
    book_done(&d->book);
    roll_set_done(&d->rows);
    free(d);
    return 0;
}

static inline void at(struct desk *d, int day, int hour, int minute)
{
    d->book.next.at_ms =
        day_start_ms(day) + (hour * 60 + minute) * INT64_C(60000);
}

static inline void add(struct desk *d, enum event_kind kind)
{
    book_add(&d->book, kind, &d->body);
    memset(&d->body, 0, sizeof(d->body));
}

static inline struct line line(const char *sku, int64_t milli,
                               int64_t amount_vnd)
{
    return (struct line){ .sku = str_of(sku),
                          .name = str_of("Trà"),
                          .unit = str_of("kg"),
                          .milli = milli,
                          .amount_vnd = amount_vnd };
}

static inline struct tender tender(const char *method, int64_t amount_vnd)
{
    return (struct tender){ .method = str_of(method),
                            .amount_vnd = amount_vnd };
}

/* Two kilos of tea and a jar for 70,000, with a 100,000 note. */
static inline int sell(struct desk *d)
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

static inline void take_back(struct desk *d, int of, int day, int64_t at_ms)
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

static inline void refund(struct desk *d, int of)
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

static inline void visits(struct desk *d, int64_t n, const char *gate,
                          bool estimated)
{
    d->body.visits = (struct body_visits){ estimated, str_of(gate), n };
    add(d, EV_VISITS);
}

static inline void fold_into(struct roll_set *rows, const struct fold *f)
{
    struct roll_taker taker = roll_set_taker(rows);
    assert_int_equal(fold_each(f, &taker), ERR_OK);
}

static inline void fold_desk(struct desk *d)
{
    struct fold *f = fold_open();
    for (int seq = 1; seq <= d->book.n; seq++)
        fold_event(f, STR("D"), book_line(&d->book, seq), d->rules, d->n_rules);
    roll_set_done(&d->rows);
    fold_into(&d->rows, f);
    fold_close(f);
}

static inline void expect(struct desk *d, const char *rows)
{
    BUF(text, MAX_TEXT);
    fold_desk(d);
    roll_set_text(&d->rows, &text);
    assert_string_equal(buf_text(&text), rows);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

#endif
