/*
 * cmd_receipt.c - `receipt`: a slip again, marked as a copy, and what of a sale
 * can still be given back. Changes nothing.
 */
#include "fair/json.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/paper/receipt.h"

static void put_line(struct json *j, const struct line *l)
{
    json_object(j, NULL);
    json_str(j, "sku", l->sku);
    json_str(j, "name", l->name);
    json_int(j, "quantity_milli", l->milli);
    json_str(j, "unit", l->unit);
    json_int(j, "price_vnd", l->price_vnd);
    json_int(j, "amount_vnd", l->amount_vnd);
    json_end_object(j);
}

static void put_lines(struct json *j, const struct record *r)
{
    const struct line *lines = r->body.refund.lines;
    int64_t n = r->body.refund.n_lines;
    if (r->event.kind == EV_SALE) {
        lines = r->body.sale.lines;
        n = r->body.sale.n_lines;
    } else if (r->event.kind == EV_VOID) {
        lines = r->body.voided.lines;
        n = r->body.voided.n_lines;
    }
    json_array(j, "lines");
    for (int64_t i = 0; i < n; i++)
        put_line(j, &lines[i]);
    json_end_array(j);
}

static int64_t total_of(const struct record *r)
{
    if (r->event.kind == EV_SALE)
        return r->body.sale.total_vnd;
    return r->event.kind == EV_VOID ? r->body.voided.total_vnd
                                    : r->body.refund.total_vnd;
}

static void put_json(const struct till *till, const struct record *r,
                     const struct remaining *left, struct buf *out)
{
    struct json j;
    char code[10];
    BUF(number, MAX_TEXT);
    receipt_code(r, code);
    till_receipt_number(till, r->event.seq, &number);
    json_begin(&j, out);
    json_object(&j, NULL);
    json_str(&j, "receipt", buf_slice(&number));
    json_text(&j, "kind", event_kind_word(r->event.kind));
    json_int(&j, "seq", r->event.seq);
    json_day(&j, "day", (int)r->event.day);
    json_time(&j, "at", event_time_ms(&r->event));
    put_lines(&j, r);
    json_int(&j, "total_vnd", total_of(r));
    json_text(&j, "ledger_code", code);
    if (r->event.kind == EV_SALE) {
        json_int(&j, "remaining_vnd", left->total_vnd);
        json_bool(&j, "voided", left->voided);
    }
    json_end_object(&j);
    json_finish(&j);
}

static enum err answer_json(struct cli *cli, struct till *till, int64_t seq)
{
    struct record *r = record_open();
    struct remaining left;
    enum err e = till_record(till, seq, r);
    if (!e && r->event.kind == EV_SALE)
        e = refund_remaining(till, seq, &left);
    else if (!e && r->event.kind != EV_REFUND && r->event.kind != EV_VOID)
        e = ERR_RECEIPT;
    if (!e)
        put_json(till, r, &left, &cli->out);
    record_close(r);
    return e;
}

enum err pos_receipt(struct cli *cli)
{
    struct till till;
    int64_t seq;
    int columns;
    enum err e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_READ, &till);
    if (e)
        return e;
    e = pos_receipt_seq(cli, &till, &seq);
    if (!e && cli->format == FORMAT_JSON)
        e = answer_json(cli, &till, seq);
    else if (!e)
        e = pos_slip(cli, &till, seq, true);
    till_close(&till);
    return e;
}
