/*
 * till.c - a till's directory for tests.
 */
#include "tests/support/till.h"

#include <string.h>

#include "fair/env.h"
#include "tests/support/book.h"

void till_enrol_day(const char *dir, uint8_t device, uint8_t aggregator,
                    int first_day)
{
    struct book book;
    uint8_t signature[SIGNATURE_BYTES];
    BUF(text, MAX_TEXT);
    sign_init();
    book_init(&book, device, aggregator);
    if (first_day)
        book.admission.first_day = first_day;
    shape_encode(&admission_shape, &book.admission, &text);
    sign_make(&book.aggregator, DOMAIN_ADMISSION, buf_slice(&text), signature);
    buf_putc(&text, '\n');
    buf_hex(&text, signature, sizeof(signature));
    buf_putc(&text, '\n');
    ASSERT(key_store(dir, "device.key", &book.device) == ERR_OK);
    ASSERT(env_file_create(dir, "admission", buf_slice(&text)) == ERR_OK);
    book_done(&book);
}

void till_enrol(const char *dir, uint8_t device, uint8_t aggregator)
{
    till_enrol_day(dir, device, aggregator, 0);
}

struct ledger *till_ledger_open(const char *dir, enum ledger_mode mode)
{
    struct ledger *l = NULL;
    BUF(why, MAX_TEXT);
    enum err e = ledger_open(dir, mode, "test", &why, &l);
    if (e != ERR_OK)
        err_die(err_code(e), 0, buf_text(&why));
    return l;
}

enum err till_ledger_append(struct ledger *l, enum event_kind kind,
                            const union body *body, int64_t *seq)
{
    struct ledger_entry entry = {
        .kind = kind, .body = body, .day = 20200114, .shift = 1, .list = 1
    };
    return ledger_append(l, &entry, seq);
}

/* Five characters that another basket hardly shares. */
static void reference_of(const char *basket, char out[6])
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
    uint8_t hash[HASH_BYTES];
    hash_tagged("reference", str_of(basket), hash);
    for (int i = 0; i < 5; i++)
        out[i] = letters[hash[i] % 20];
    out[5] = '\0';
}

void till_sale(union body *body, const char *basket, int n)
{
    static char reference[6];
    reference_of(basket, reference);
    memset(body, 0, sizeof(*body));
    struct body_sale *s = &body->sale;
    s->basket = str_of(basket);
    s->reference = str_of(reference);
    s->n_lines = n;
    for (int i = 0; i < n; i++)
        s->lines[i] = (struct line){ .sku = STR("OCOP-QN-0117"),
                                     .name = STR("Chả mực Hạ Long loại một"),
                                     .unit = STR("kg"),
                                     .milli = 500,
                                     .price_vnd = 450000,
                                     .amount_vnd = 225000 };
    s->total_vnd = 225000 * (int64_t)n;
    s->n_tenders = 1;
    s->tenders[0] =
        (struct tender){ .method = STR("cash"), .amount_vnd = s->total_vnd };
}

enum err till_sell(struct ledger *l, const char *basket, int64_t total_vnd,
                   const char *draft, int64_t *seq)
{
    static union body body;
    till_sale(&body, basket, 1);
    body.sale.lines[0].amount_vnd = total_vnd;
    body.sale.tenders[0].amount_vnd = total_vnd;
    body.sale.total_vnd = total_vnd;
    struct ledger_entry entry = { .kind = EV_SALE,
                                  .body = &body,
                                  .day = 20200114,
                                  .shift = 1,
                                  .list = 1,
                                  .draft = draft };
    return ledger_append(l, &entry, seq);
}

void till_verify(const char *dir)
{
    struct verifier v;
    struct ledger *l = till_ledger_open(dir, LEDGER_CHECK);
    ASSERT(ledger_verify(l, -1, NULL, &v) == ERR_OK);
    if (v.error != ERR_OK)
        err_die(err_code(v.error), (int)v.first_bad, "the ledger is unsound");
    ASSERT(v.events == ledger_state(l)->count);
    verifier_done(&v);
    ledger_close(l);
}
