/*
 * receipt.c - finding a receipt of this till: by its number, its last digits,
 * its payment reference, or among the newest.
 */
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"

enum { NEWEST_MAX = 50, NUMBER_COLS = 10, AMOUNT_COLS = 14 };

struct receipts {
    struct newest {
        int64_t seq, total_vnd, at_ms;
        enum event_kind kind;
    } newest[NEWEST_MAX];
    struct picker picker;
    struct record *record; /* while they are read */
};

static void receipts_close(struct app *app, void *state)
{
    struct receipts *r = state;
    (void)app;
    record_close(r->record);
}

/* Sales, refunds and voids have slips. */
static int64_t total_of(const struct record *r)
{
    if (r->event.kind == EV_SALE)
        return r->body.sale.total_vnd;
    if (r->event.kind == EV_REFUND)
        return -r->body.refund.total_vnd;
    return r->event.kind == EV_VOID ? -r->body.voided.total_vnd : 0;
}

static enum err take(void *ctx, const struct stored *s)
{
    struct receipts *r = ctx;
    struct event e;
    if (event_decode(s->bytes, &e) ||
        (e.kind != EV_SALE && e.kind != EV_REFUND && e.kind != EV_VOID) ||
        record_take(r->record, s))
        return ERR_OK;
    r->newest[r->picker.n++] = (struct newest){ s->seq, total_of(r->record),
                                                event_time_ms(&e), e.kind };
    return r->picker.n < NEWEST_MAX ? ERR_OK : ERR_NOT_FOUND;
}

/* "A01-1-23", "23", "A01K7PQ2" or "K7PQ2". */
static enum err seq_of(struct app *app, struct str text, int64_t *seq)
{
    BUF(number, MAX_TEXT);
    int64_t n;
    if (money_parse(text, &n) == ERR_OK && n > 0) {
        till_receipt_number(&app->till, n, &number);
        text = buf_slice(&number);
    }
    return till_receipt(&app->till, text, seq);
}

static void receipts_submit(struct app *app, void *state, struct str text)
{
    struct receipts *r = state;
    int64_t seq = 0;
    enum err e = ERR_OK;
    if (text.len > 0)
        e = seq_of(app, text, &seq);
    else if (r->picker.n > 0)
        seq = r->newest[r->picker.selected].seq;
    else
        e = ERR_RECEIPT;
    if (e) {
        app_keep_entry(app);
        app_fail(app, e, NULL);
        return;
    }
    app_pop(app);
    refund_show(app, seq);
}

static bool receipts_key(struct app *app, void *state, const struct press *key)
{
    struct receipts *r = state;
    return picker_key(&r->picker, key, app->rows > 6 ? app->rows - 6 : 1);
}

static void draw_newest(const struct app *app, const void *state, int i,
                        const struct spot *at)
{
    const struct receipts *r = state;
    const struct newest *n = &r->newest[i];
    BUF(text, MAX_TEXT);
    BUF(number, MAX_TEXT);
    till_receipt_number(&app->till, n->seq, &number);
    buf_str(&text, buf_slice(&number));
    while (text.len < NUMBER_COLS) /* numbers are ASCII */
        buf_putc(&text, ' ');
    buf_puts(&text, "  ");
    clock_render(&text, n->at_ms);
    if (n->kind != EV_SALE) {
        buf_puts(&text, "  ");
        buf_puts(&text, n->kind == EV_VOID ? _("void") : _("refund"));
    }
    grid_field(at->grid, at->row, 2, at->grid->cols - 2 - AMOUNT_COLS,
               at->style, buf_slice(&text));
    draw_money(at->grid, at->row, at->grid->cols - 1, at->style, n->total_vnd);
}

static void receipts_draw(const struct app *app, const void *state,
                          struct grid *grid, struct area area)
{
    const struct receipts *r = state;
    struct area list = { area.row + 1, area.rows - 1, area.cols };
    grid_puts(grid, area.row, 1, STYLE_HEADING, _("Receipts, newest first"));
    if (r->picker.n == 0)
        grid_puts(grid, list.row, 1, STYLE_DIM, _("none yet"));
    draw_list(app, &(struct rows){ &r->picker, r, draw_newest }, grid, list);
}

const struct screen receipt_screen = {
    .id = "receipts",
    .title = N_("Receipts"),
    .context = IN_DIALOG,
    .prompt = N_("Receipt number"),
    .size = sizeof(struct receipts),
    .close = receipts_close,
    .draw = receipts_draw,
    .key = receipts_key,
    .submit = receipts_submit,
};

void act_refund(struct app *app, int arg)
{
    (void)arg;
    enum err e = till_ready(&app->till);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    app_push(app, &receipt_screen);
    struct receipts *r = app_state(app, &receipt_screen);
    r->record = record_open();
    e = ledger_back(app->till.ledger, ledger_state(app->till.ledger)->count,
                    take, r);
    if (e && e != ERR_NOT_FOUND) /* found all there is room for */
        app_fail(app, e, NULL);
}

/* ---- the last slip again ---- */

bool can_reprint(const struct app *app)
{
    return app->last.seq != 0;
}

void act_reprint(struct app *app, int arg)
{
    (void)arg;
    enum err e = till_ready(&app->till);
    if (!e)
        e = trail_reprint(&app->till, app->last.seq, app->me.number);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    app_print(app, app->last.seq, true);
    if (app->message.text.len == 0)
        app_say(app, STYLE_GOOD, "%s", _("the slip is printed again"));
}
