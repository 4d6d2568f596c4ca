/*
 * golden_base.c - the ledger that most golden cases are an edit of.
 */
#include "tests/support/golden_base.h"

static void add_list(struct book *b)
{
    union body body = { .list = { STR("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
                                      "2b0b822cd15d6c15b0f00a08"),
                                  3 } };
    b->next.list = 3;
    book_add(b, EV_LIST, &body);
}

/* 385 g by weight with a discount, and two boxes of another producer. */
static void add_large_sale(struct book *b)
{
    union body body = { 0 };
    struct body_sale *s = &body.sale;
    s->basket = STR("cart-0001");
    s->discount_vnd = 10000;
    s->lines[0] = (struct line){
        STR("CM-KG"), STR("Chả mực Hạ Long"),  STR("kg"), 385, 450000,
        166320,       { .discount_vnd = 6930 }
    };
    s->lines[1] =
        (struct line){ STR("TH-01"),
                       STR("Trà hoa vàng Ba Chẽ"),
                       STR("hộp"),
                       2000,
                       120000,
                       236930,
                       { 3070, STR("HTX Ba Chẽ"), STR("8936012340017"), 0 } };
    s->lines[2] = (struct line){
        STR("NM-05"), STR("Nước mắm Cái Rồng"), STR("chai"), 1000, 65000,
        65000,        { .unlisted = 1 }
    };
    s->n_lines = 3;
    s->tenders[0] =
        (struct tender){ STR("transfer"), 400000, STR("FT20014ABC") };
    s->tenders[1] = (struct tender){ STR("cash"), 68250, STR("") };
    s->n_tenders = 2;
    s->reference = STR("K7Q2M");
    s->total_vnd = 468250;
    book_add(b, EV_SALE, &body);
}

static void add_cash_sale(struct book *b)
{
    union body body = { 0 };
    struct body_sale *s = &body.sale;
    s->lines[0] = (struct line){ STR("CM-500"), STR("Chả mực 500 g"),
                                 STR("hộp"),    1000,
                                 225000,        225000,
                                 { 0 } };
    s->n_lines = 1;
    s->tenders[0] = (struct tender){ STR("cash"), 500000, STR("") };
    s->n_tenders = 1;
    s->change_vnd = 275000;
    s->reference = STR("P3T8W");
    s->total_vnd = 225000;
    book_add(b, EV_SALE, &body);
}

static void add_refund(struct book *b)
{
    union body body = { 0 };
    struct body_refund *r = &body.refund;
    r->lines[0] = (struct line){
        STR("TH-01"), STR("Trà hoa vàng Ba Chẽ"),     STR("hộp"), 1000, 120000,
        118465,       { .seller = STR("HTX Ba Chẽ") }
    };
    r->n_lines = 1;
    r->tenders[0] = (struct tender){ STR("cash"), 118465, STR("") };
    r->n_tenders = 1;
    r->of = 4;
    r->reason = STR("hộp bị móp");
    r->total_vnd = 118465;
    book_add(b, EV_REFUND, &body);
}

static void add_void(struct book *b)
{
    union body body = { 0 };
    struct body_void *v = &body.voided;
    v->at_ms = b->next.at_ms - 180000;
    v->day = 20200114;
    v->lines[0] = (struct line){ STR("CM-500"), STR("Chả mực 500 g"),
                                 STR("hộp"),    1000,
                                 225000,        225000,
                                 { 0 } };
    v->n_lines = 1;
    v->tenders[0] = (struct tender){ STR("cash"), 225000, STR("") };
    v->n_tenders = 1;
    v->of = 5;
    v->total_vnd = 225000;
    book_add(b, EV_VOID, &body);
}

static void add_shift_closed(struct book *b)
{
    union body body = { .shift_closed = { 449000, 449785, 3,
                                          STR("thiếu tiền lẻ") } };
    book_add(b, EV_SHIFT_CLOSED, &body);
}

void begin_base(struct book *b)
{
    book_init(b, DEVICE, AGGREGATOR);
    book_enrol(b);
    add_list(b);
    book_open_shift(b);
    add_large_sale(b);
}

void open_base(struct book *b)
{
    begin_base(b);
    add_cash_sale(b);
    book_visit(b, 40);
    add_refund(b);
    add_void(b);
    book_note(b, STR("ghi chú \"thử\""));
    add_shift_closed(b);
}

void close_base(struct book *b)
{
    book_seal(b, &b->device);
    book_note(b, STR("sau khi niêm phong"));
}
