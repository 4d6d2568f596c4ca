/*
 * refund.c - one receipt: what of it is to be given back, how, and why; or all
 * of it undone; or its slip again.
 */
#include "pos/till/refund.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/paper/receipt.h"
#include "pos/paper/slip.h"
#include "pos/screens/acts.h"
#include "pos/screens/back.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"

struct giving {
    int64_t seq;
    struct record *sale; /* or another event with a slip */
    struct remaining rest;
    int64_t marked[MAX_LINES]; /* milli to give back */
    struct picker picker;
    bool transfer;
    /* This giving back, which counts once however often it is tried. */
    char basket[REFERENCE_LEN + 1];
    char *slip; /* of what is no sale: it can only be looked at */
};

static void giving_close(struct app *app, void *state)
{
    struct giving *g = state;
    (void)app;
    record_close(g->sale);
    free(g->slip);
}

static bool is_sale(const struct giving *g)
{
    return g->sale->event.kind == EV_SALE;
}

static int64_t marked_vnd(const struct giving *g)
{
    int64_t sum = 0;
    for (int i = 0; i < g->picker.n; i++) {
        if (g->marked[i] > 0)
            sum += refund_part(&g->sale->body.sale, &g->rest, i, g->marked[i]);
    }
    return sum;
}

static bool any_marked(const struct giving *g)
{
    for (int i = 0; i < g->picker.n; i++) {
        if (g->marked[i] > 0)
            return true;
    }
    return false;
}

/* ---- marking ---- */

/* A quantity as it is typed when selling, at most what remains of line i. */
static bool read_quantity(struct app *app, const struct giving *g, int i,
                          struct str text, int64_t *milli)
{
    BUF(line, ENTRY_MAX + 1);
    struct entry typed;
    buf_putc(&line, '*');
    buf_str(&line, text);
    entry_parse(buf_slice(&line), false, &typed);
    if (typed.kind != ENTRY_QUANTITY) {
        app_say(app, STYLE_ERROR, "%s", _("this is no quantity"));
        return false;
    }
    if (typed.milli > g->rest.milli[i]) {
        app_fail(app, ERR_REFUNDED, NULL);
        return false;
    }
    *milli = typed.milli;
    return true;
}

/* Enter marks all that remains of a line, or nothing again; a number that
 * many. */
static void giving_submit(struct app *app, void *state, struct str text)
{
    struct giving *g = state;
    int i = g->picker.selected;
    if (g->picker.n == 0)
        return;
    int64_t milli = g->marked[i] > 0 ? 0 : g->rest.milli[i];
    if (text.len > 0 && !read_quantity(app, g, i, text, &milli)) {
        app_keep_entry(app);
        return;
    }
    g->marked[i] = milli;
    if (text.len == 0 && i + 1 < g->picker.n)
        g->picker.selected++;
}

void act_mark_all(struct app *app, int arg)
{
    struct giving *g = app_state(app, &refund_screen);
    bool any = any_marked(g);
    (void)arg;
    for (int i = 0; i < g->picker.n; i++)
        g->marked[i] = any ? 0 : g->rest.milli[i];
}

void act_back_by(struct app *app, int arg)
{
    struct giving *g = app_state(app, &refund_screen);
    (void)arg;
    g->transfer = !g->transfer;
}

/* ---- giving back ---- */

bool can_give_back(const struct app *app)
{
    const struct giving *g = app_state(app, &refund_screen);
    return g && is_sale(g) && any_marked(g);
}

static void done(struct app *app, enum err e, const struct refunded *out)
{
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    BUF(back, MAX_TEXT);
    back_words(out, &back);
    app_pop(app);
    app->last_shown = false;
    app_say(app, STYLE_GOOD, _("give back %s"), buf_text(&back));
    app_print(app, out->seq, false);
    app_status(app);
}

static void commit(struct app *app, struct giving *g, struct str reason)
{
    struct refund refund = { .of = g->seq,
                             .by_line = g->marked,
                             .reason = reason,
                             .op = app->me.number };
    struct refunded out;
    BUF(reference, MAX_TEXT);
    if (g->transfer) {
        till_payment_ref(&app->till, g->sale->body.sale.reference, &reference);
        refund.transfer = buf_slice(&reference);
    }
    enum err e = till_ready(&app->till);
    if (!e && g->basket[0] == '\0')
        e = sale_reference(&app->till, g->basket);
    refund.basket = str_of(g->basket);
    if (!e)
        e = refund_commit(&app->till, &refund, &out);
    done(app, e, &out);
}

static void reason_given(struct app *app, struct str reason)
{
    struct giving *g = app_state(app, &refund_screen);
    ASSERT(g);
    commit(app, g, reason);
}

/* The way it goes back is read before it is done. */
static void note_back(struct app *app, const struct refunded *back)
{
    BUF(ways, MAX_TEXT);
    BUF(note, MAX_TEXT);
    back_words(back, &ways);
    buf_printf(&note, _("To give back: %s"), buf_text(&ways));
    ask_note(app, buf_text(&note));
}

void act_give_back(struct app *app, int arg)
{
    const struct giving *g = app_state(app, &refund_screen);
    struct refunded back = { 0 };
    (void)arg;
    ASSERT(g);
    back.refund_vnd = marked_vnd(g);
    back.back_vnd[g->transfer ? BACK_TRANSFER : BACK_CASH] = back.refund_vnd;
    ask_text(app, N_("Why is it given back?"), N_("Reason"), _("brought back"),
             reason_given);
    note_back(app, &back);
}

bool can_void(const struct app *app)
{
    const struct giving *g = app_state(app, &refund_screen);
    return g && is_sale(g) && !g->rest.voided && !g->rest.touched &&
           app->till.shift.open && g->seq > app->till.shift.opened;
}

static void void_reason_given(struct app *app, struct str reason)
{
    struct giving *g = app_state(app, &refund_screen);
    struct refunded out;
    ASSERT(g);
    enum err e = till_ready(&app->till);
    if (!e)
        e = void_commit(&app->till, g->seq, reason, app->me.number, &out);
    done(app, e, &out);
}

void act_void(struct app *app, int arg)
{
    const struct giving *g = app_state(app, &refund_screen);
    struct refunded back;
    (void)arg;
    ASSERT(g);
    if (!back_of_void(app, g->seq, &back))
        return;
    ask_text(app, N_("Why is the sale taken back?"), N_("Reason"), _("mistake"),
             void_reason_given);
    note_back(app, &back);
}

void act_copy(struct app *app, int arg)
{
    struct giving *g = app_state(app, &refund_screen);
    (void)arg;
    ASSERT(g);
    enum err e = till_ready(&app->till);
    if (!e)
        e = trail_reprint(&app->till, g->seq, app->me.number);
    if (e)
        app_fail(app, e, NULL);
    else
        app_print(app, g->seq, true);
}

/* ---- drawing ---- */

static bool giving_key(struct app *app, void *state, const struct press *key)
{
    struct giving *g = state;
    if (key->kind == K_F && key->code == 7) { /* the action cannot be done */
        act_void(app, 0);
        return true;
    }
    return picker_key(&g->picker, key, app->rows > 10 ? app->rows - 10 : 1);
}

static void draw_line(const struct app *app, const void *state, int i,
                      const struct spot *at)
{
    const struct giving *g = state;
    const struct line *l = &g->sale->body.sale.lines[i];
    BUF(text, MAX_TEXT);
    (void)app;
    if (g->marked[i] > 0) {
        buf_puts(&text, "✓ ");
        qty_render(&text, g->marked[i]);
        buf_puts(&text, " / ");
    } else {
        buf_puts(&text, "  ");
    }
    qty_render(&text, g->rest.milli[i]);
    grid_field(at->grid, at->row, 1, 14, at->style, buf_slice(&text));
    grid_field(at->grid, at->row, 16, at->grid->cols - 16 - 15, at->style,
               l->name);
    draw_money(at->grid, at->row, at->grid->cols - 1, at->style,
               g->rest.amount_vnd[i]);
}

static void giving_draw(const struct app *app, const void *state,
                        struct grid *grid, struct area area)
{
    const struct giving *g = state;
    struct area list = { area.row + 1, area.rows - 3, area.cols };
    BUF(number, MAX_TEXT);
    int end = area.cols - 1, low = area.row + area.rows - 2;
    till_receipt_number(&app->till, g->seq, &number);
    grid_puts(grid, area.row, 1, STYLE_HEADING, buf_text(&number));
    if (!is_sale(g)) {
        draw_text(grid, list, str_of(g->slip), 0);
        return;
    }
    grid_right(grid, area.row, end, STYLE_DIM,
               str_of(g->rest.voided ? _("VOIDED")
                                     : _("what can still be given back")));
    draw_list(app, &(struct rows){ &g->picker, g, draw_line }, grid, list);
    draw_pair(grid, low, end,
              (struct pair){ _("Remaining"), STYLE_TEXT, g->rest.total_vnd });
    draw_pair(grid, low + 1, end,
              (struct pair){ g->transfer ? _("Give back by transfer")
                                         : _("Give back in cash"),
                             STYLE_TOTAL, marked_vnd(g) });
}

const struct screen refund_screen = {
    .id = "refund",
    .title = N_("Slip"),
    .context = IN_RECEIPT,
    .prompt = N_("How many of it"),
    .size = sizeof(struct giving),
    .close = giving_close,
    .draw = giving_draw,
    .key = giving_key,
    .submit = giving_submit,
};

static enum err read_slip(struct app *app, struct giving *g)
{
    BUF(text, MAX_OUTPUT);
    enum err e = receipt_render(&app->till, g->seq, SLIP_NARROW, true, &text);
    if (!e)
        g->slip = x_strdup(buf_text(&text));
    return e;
}

void refund_show(struct app *app, int64_t seq)
{
    app_push(app, &refund_screen);
    struct giving *g = app_state(app, &refund_screen);
    g->seq = seq;
    g->sale = record_open();
    enum err e = till_record(&app->till, seq, g->sale);
    if (!e && is_sale(g)) {
        e = refund_remaining(&app->till, seq, &g->rest);
        g->picker.n = g->rest.n_lines;
    } else if (!e) {
        e = read_slip(app, g);
    }
    if (e) {
        app_pop(app);
        app_fail(app, e, NULL);
    }
}
