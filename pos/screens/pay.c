/*
 * pay.c - how the customer pays: cash with suggested notes, a transfer by QR,
 * the bank's own card terminal, a voucher; in parts where need be.
 *
 * Promise: nothing is recorded before Enter on a screen that was seen.
 */
#include "pos/screens/pay.h"

#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/model/notes.h"
#include "pos/paper/qr.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/screens/sell.h"

enum { REFERENCE_ROOM = 26 };

struct pay {
    int method;
    struct payment parts[MAX_TENDERS]; /* taken so far */
    char references[MAX_TENDERS][REFERENCE_ROOM];
    int n_parts;
    struct qr qr; /* of the rest, by transfer; size 0: none */
};

/* In the order '/' walks them. */
static const struct method {
    const char *word; /* the ledger's */
    const char *name, *prompt;
} methods[] = {
    { "cash", N_("CASH"), N_("Received") },
    { "transfer", N_("BANK TRANSFER"), N_("Bank's reference (or Enter)") },
    { "card", N_("CARD at the bank's terminal"), N_("Slip number (or Enter)") },
    { "voucher", N_("VOUCHER"), N_("Its number (or Enter)") },
};

/* ---- amounts ---- */

static int64_t total_of(const struct app *app)
{
    int64_t total = 0;
    return cart_total(app->cart, &total) ? 0 : total;
}

static int64_t rest_of(const struct app *app, const struct pay *pay)
{
    int64_t rest = total_of(app);
    for (int i = 0; i < pay->n_parts; i++)
        rest -= pay->parts[i].amount_vnd;
    return rest;
}

static bool is_cash(const struct pay *pay)
{
    return pay->method == 0;
}

/* What stands in the entry line as cash received; the rest when nothing. */
static enum err received(const struct app *app, const struct pay *pay,
                         struct str text, int64_t *vnd)
{
    int64_t suggested[NOTES_SUGGESTED];
    if (text.len == 0) {
        *vnd = rest_of(app, pay);
        return ERR_OK;
    }
    if (text.data[0] == '*' && text.len == 2) {
        int n = notes_suggest(rest_of(app, pay), suggested);
        int i = text.data[1] - '1';
        if (i < 0 || i >= n)
            return ERR_INVALID;
        *vnd = suggested[i];
        return ERR_OK;
    }
    return entry_amount(text, app->set.thousands, vnd);
}

/* ---- the code to scan ---- */

static bool by_transfer(const struct pay *pay)
{
    return strcmp(methods[pay->method].word, "transfer") == 0;
}

static struct payslip payslip_of(const struct app *app, const struct pay *pay)
{
    return (struct payslip){ .bin = str_of(app->set.bank_bin),
                             .account = str_of(app->set.bank_account),
                             .holder = str_of(app->set.bank_holder),
                             .reference = str_of(app->cart->reference),
                             .vnd = rest_of(app, pay) };
}

static void make_qr(const struct app *app, struct pay *pay)
{
    BUF(payload, MAX_TEXT);
    struct payslip slip = payslip_of(app, pay);
    pay->qr.size = 0;
    if (!by_transfer(pay) || slip.bin.len == 0)
        return;
    if (payslip_payload(&app->till, &slip, &payload) ||
        qr_make(buf_slice(&payload), &pay->qr))
        pay->qr.size = 0;
}

bool can_payslip(const struct app *app)
{
    const struct pay *pay = app_state(app, &pay_screen);
    return pay && pay->qr.size > 0 && app_prints(app);
}

void act_payslip(struct app *app, int arg)
{
    const struct pay *pay = app_state(app, &pay_screen);
    (void)arg;
    ASSERT(pay);
    struct payslip slip = payslip_of(app, pay);
    app_print_payslip(app, &slip);
    if (app->message.text.len == 0)
        app_say(app, STYLE_GOOD, "%s", _("the code is being printed"));
}

/* ---- taking ---- */

static bool keep_part(struct app *app, struct pay *pay, int64_t vnd,
                      struct str reference)
{
    if (pay->n_parts == MAX_TENDERS) {
        app_fail(app, ERR_LIMIT, NULL);
        return false;
    }
    int i = pay->n_parts++;
    memcpy(pay->references[i], reference.data, reference.len);
    pay->references[i][reference.len] = '\0';
    pay->parts[i] = (struct payment){ methods[pay->method].word, vnd,
                                      str_of(pay->references[i]) };
    return true;
}

/* The reference that was typed, in capitals; a transfer without one carries
 * ours, which stands in its QR code. */
static bool reference_of(const struct app *app, const struct pay *pay,
                         struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c != ' ')
            buf_putc(out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    if (out->len == 0 && by_transfer(pay))
        till_payment_ref(&app->till, str_of(app->cart->reference), out);
    return out->len == 0 || id_reference(buf_slice(out));
}

/* Records; on failure everything stays as it was before this part. */
static void finish(struct app *app, struct pay *pay)
{
    struct payment parts[MAX_TENDERS];
    char references[MAX_TENDERS][REFERENCE_ROOM];
    int n = pay->n_parts;
    memcpy(references, pay->references, sizeof(references));
    memcpy(parts, pay->parts, sizeof(parts));
    for (int i = 0; i < n; i++)
        parts[i].reference = str_of(references[i]);
    pay->n_parts--;
    if (sell_finish(app, parts, n))
        app_pop(app);
    else
        app_keep_entry(app);
}

static void take_cash(struct app *app, struct pay *pay, struct str text)
{
    int64_t vnd, rest = rest_of(app, pay);
    if (received(app, pay, text, &vnd)) {
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s", _("this is no amount"));
    } else if (text.len == 2 && text.data[0] == '*') {
        act_note(app, text.data[1] - '0');
        app_keep_entry(app);
    } else if (vnd < rest) {
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s",
                _("less than what is due; + takes it as a part"));
    } else if (keep_part(app, pay, vnd, STR(""))) {
        finish(app, pay);
    }
}

static void take_other(struct app *app, struct pay *pay, struct str text)
{
    BUF(reference, MAX_TEXT);
    if (!reference_of(app, pay, text, &reference)) {
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s",
                _("a reference is 1 to 25 letters and digits"));
    } else if (keep_part(app, pay, rest_of(app, pay), buf_slice(&reference))) {
        finish(app, pay);
    }
}

static void pay_submit(struct app *app, void *state, struct str text)
{
    struct pay *pay = state;
    if (app_too_early(app))
        app_keep_entry(app);
    else if (is_cash(pay))
        take_cash(app, pay, text);
    else
        take_other(app, pay, text);
}

void pay_exact(struct app *app)
{
    struct pay *pay = app_state(app, &pay_screen);
    ASSERT(pay);
    if (app_too_early(app))
        return;
    pay->method = 0;
    make_qr(app, pay); /* there is none for cash */
    if (keep_part(app, pay, rest_of(app, pay), STR("")))
        finish(app, pay);
}

/* ---- actions ---- */

/* The amount goes into the entry line, where it can be seen and mended. */
void act_note(struct app *app, int arg)
{
    struct pay *pay = app_state(app, &pay_screen);
    int64_t suggested[NOTES_SUGGESTED];
    BUF(text, 64);
    ASSERT(pay);
    int n = notes_suggest(rest_of(app, pay), suggested);
    if (arg > n || !is_cash(pay))
        return;
    if (app->set.thousands && suggested[arg - 1] < 1000)
        buf_putc(&text, '!');
    buf_int(&text, suggested[arg - 1]);
    edit_clear(app_entry(app));
    edit_insert_text(app_entry(app), buf_slice(&text));
}

/* While another way to pay is chosen it would book cash nobody took. */
bool can_exact(const struct app *app)
{
    const struct frame *f = &app->frames[app->depth - 1];
    return f->screen == &pay_screen ? is_cash(f->state) : can_cart(app);
}

bool can_pay_method(const struct app *app)
{
    return app->frames[app->depth - 1].entry.text.len == 0;
}

void act_method(struct app *app, int arg)
{
    struct pay *pay = app_state(app, &pay_screen);
    (void)arg;
    ASSERT(pay);
    pay->method = (pay->method + 1) % (int)ARRAY_LEN(methods);
    make_qr(app, pay);
}

bool can_split(const struct app *app)
{
    return app->frames[app->depth - 1].entry.text.len > 0;
}

void act_split(struct app *app, int arg)
{
    struct pay *pay = app_state(app, &pay_screen);
    int64_t vnd;
    BUF(reference, MAX_TEXT);
    (void)arg;
    ASSERT(pay);
    struct str text = edit_text(app_entry(app));
    if (entry_amount(text, app->set.thousands, &vnd) || vnd <= 0 ||
        vnd >= rest_of(app, pay)) {
        app_say(app, STYLE_ERROR, "%s",
                _("a part is an amount below what is due"));
        return;
    }
    (void)!reference_of(app, pay, STR(""), &reference);
    if (!keep_part(app, pay, vnd, buf_slice(&reference)))
        return;
    edit_clear(app_entry(app));
    make_qr(app, pay);
}

/* Parts first: the last one taken comes back. */
static bool pay_back(struct app *app, void *state)
{
    struct pay *pay = state;
    if (pay->n_parts == 0)
        return false;
    pay->n_parts--;
    make_qr(app, pay);
    return true;
}

/* A code would be an amount received; but what one types while the till is busy
 * comes as a burst, too. And the digits of a voucher or slip are its number. */
static bool no_amount(struct app *app, const struct pay *pay, struct str text)
{
    struct scan scan;
    scan_parse(text, &app->set.masks, &scan);
    if (!is_cash(pay) || scan.kind == SCAN_OTHER)
        return false;
    if (pay->n_parts > 0)
        app_say(app, STYLE_ERROR, "%s",
                _("Esc takes the part back; then scan"));
    else if (!sell_misread(app, text))
        app_say(app, STYLE_ERROR, "%s", _("no such item here"));
    return true;
}

/* A product scanned while nothing is paid yet belongs to this cart. */
static bool pay_key(struct app *app, void *state, const struct press *key)
{
    struct pay *pay = state;
    BUF(text, MAX_TEXT);
    if (key->kind != K_SCAN)
        return false;
    buf_str(&text, key->text);
    if (pay->n_parts > 0 || !sell_scan(app, buf_slice(&text)))
        return no_amount(app, pay, buf_slice(&text));
    app_pop(app);
    return true;
}

/* ---- drawing ---- */

enum {
    QR_QUIET = 2,
    QR_TEXT_COLS = 38,
    ADVICE_APART = 8,
    BIG_FROM_ROWS = 20,
    NOTE_COLS = 13,
    CHANGE_ROWS = 2
};

/* True when the code was drawn at the right edge. */
static bool draw_qr(const struct pay *pay, struct grid *grid)
{
    int rows, cols;
    if (pay->qr.size == 0 || grid->letters_only)
        return false;
    qr_extent(&pay->qr, QR_QUIET, &rows, &cols);
    if (rows > grid->rows - 2 || cols + QR_TEXT_COLS > grid->cols)
        return false;
    for (int i = 0; i < rows; i++) {
        BUF(line, MAX_TEXT);
        qr_row(&pay->qr, QR_QUIET, i, &line);
        grid_put(grid, i, grid->cols - cols, STYLE_QR, buf_slice(&line));
    }
    return true;
}

/* Of the parts the newest ones, where there is no room for all: what is due,
 * the way to pay and two rows of it follow. */
static int draw_parts(const struct app *app, const struct pay *pay,
                      struct grid *grid, struct area area, int end)
{
    int due = grid->rows >= BIG_FROM_ROWS ? BIG_ROWS : 1, row = area.row;
    int room = area.rows - due - 4;
    draw_pair(grid, row++, end,
              (struct pair){ _("Total"), STYLE_TEXT, total_of(app) });
    for (int i = pay->n_parts > room ? pay->n_parts - room : 0;
         i < pay->n_parts; i++) {
        int m = 0;
        while (strcmp(methods[m].word, pay->parts[i].method) != 0)
            m++;
        draw_pair(grid, row++, end,
                  (struct pair){ _(methods[m].name), STYLE_TEXT,
                                 pay->parts[i].amount_vnd });
    }
    return row;
}

static int draw_due(const struct app *app, const struct pay *pay,
                    struct grid *grid, int row, int end)
{
    BUF(due, 64);
    money_render(&due, rest_of(app, pay));
    grid_puts(grid, row, 1, STYLE_HEADING,
              pay->n_parts > 0 ? _("STILL DUE") : _("TO PAY"));
    if (grid->rows >= BIG_FROM_ROWS &&
        draw_big(grid, row, end, STYLE_TOTAL, buf_text(&due)))
        return row + BIG_ROWS;
    grid_right(grid, row, end, STYLE_TOTAL, buf_slice(&due));
    return row + 1;
}

static void draw_suggestions(const struct app *app, const struct pay *pay,
                             struct grid *grid, int row, int end)
{
    int64_t suggested[NOTES_SUGGESTED];
    int n = notes_suggest(rest_of(app, pay), suggested);
    int cell = NOTE_COLS, per_row = (end - 1) / cell;
    for (int i = 0; i < n; i++) {
        BUF(key, 16);
        BUF(amount, 64);
        int col = 1 + i % per_row * cell, at = row + i / per_row;
        buf_printf(&key, "F%d", i + 2);
        money_render(&amount, suggested[i]);
        grid_puts(grid, at, col, STYLE_KEY, buf_text(&key));
        grid_puts(grid, at, col + 3, STYLE_TEXT, buf_text(&amount));
    }
}

/* What was typed, expanded, and what goes back. */
static void draw_change(const struct app *app, const struct pay *pay,
                        struct grid *grid, struct area area, int end)
{
    const struct frame *f = &app->frames[app->depth - 1];
    int64_t vnd, rest = rest_of(app, pay);
    int row = area.row, rows = area.rows - CHANGE_ROWS;
    BUF(notes, MAX_TEXT);
    if (received(app, pay, edit_text(&f->entry), &vnd))
        return;
    draw_pair(grid, row, end, (struct pair){ _("Received"), STYLE_TEXT, vnd });
    if (vnd < rest) {
        draw_pair(grid, row + 1, end,
                  (struct pair){ _("Missing"), STYLE_WARN, rest - vnd });
        return;
    }
    draw_pair(grid, row + 1, end,
              (struct pair){ _("CHANGE"), STYLE_TOTAL, vnd - rest });
    notes_render(&notes, vnd - rest);
    grid_wrap(grid, row + CHANGE_ROWS, 1, end - 1, rows < 2 ? rows : 2,
              STYLE_HEADING, buf_slice(&notes));
}

/* Where rows are few the suggestions give way to what is typed. */
static void draw_cash(const struct app *app, const struct pay *pay,
                      struct grid *grid, struct area area, int end)
{
    int64_t suggested[NOTES_SUGGESTED];
    bool typed = app->frames[app->depth - 1].entry.text.len > 0;
    int n = notes_suggest(rest_of(app, pay), suggested);
    int per_row = (end - 1) / NOTE_COLS;
    int rows = (n + per_row - 1) / per_row + (grid->rows >= BIG_FROM_ROWS);
    bool roomy = area.rows >= rows + CHANGE_ROWS;
    if (roomy || !typed)
        draw_suggestions(app, pay, grid, area.row, end);
    if (roomy)
        area = (struct area){ area.row + rows, area.rows - rows, area.cols };
    if (roomy || typed)
        draw_change(app, pay, grid, area, end);
}

/* What to do where the code has no room; "" where it is seen, or is none. */
static const char *code_hint(const struct app *app, const struct pay *pay,
                             bool shown)
{
    if (pay->qr.size == 0 || shown)
        return "";
    return can_payslip(app) ? _("F8 prints the code")
                            : _("The code needs a larger window");
}

/* To whom, and what to know, below the reference. */
static void draw_advice(struct grid *grid, struct area area, struct str to,
                        const char *hint)
{
    int cols = area.cols - 1, row = area.row;
    row += grid_wrap(grid, row, 1, cols, 2, STYLE_TEXT, to) + 1;
    row += grid_wrap(grid, row, 1, cols, 2, STYLE_DIM,
                     str_of(_("Enter only when the money has come: the code "
                              "is a request, nothing more")));
    grid_wrap(grid, row, 1, cols, 2, STYLE_DIM, str_of(hint));
}

/* The same where rows are few: the caution has the last one, whatever else
 * there is room for; without any the one above the reference. */
static void draw_caution(struct grid *grid, struct area area, struct str to,
                         const char *hint)
{
    int cols = area.cols - 1, rows = area.rows - 1;
    int last = area.rows > 0 ? area.row + rows : area.row - 2;
    grid_fill(grid, last, 0, area.cols, STYLE_TEXT, " ");
    grid_puts(grid, last, 1, STYLE_DIM,
              _("Enter only when the money has come"));
    if (*hint && rows > 0) {
        grid_puts(grid, last - 1, 1, STYLE_DIM, hint);
        rows--;
    }
    grid_wrap(grid, area.row, 1, cols, rows < 2 ? rows : 2, STYLE_TEXT, to);
}

static void draw_transfer(const struct app *app, const struct pay *pay,
                          struct grid *grid, struct area area, bool shown)
{
    BUF(reference, MAX_TEXT);
    BUF(to, MAX_TEXT);
    bool roomy = area.rows >= ADVICE_APART;
    const char *hint = code_hint(app, pay, shown);
    till_payment_ref(&app->till, str_of(app->cart->reference), &reference);
    grid_puts(grid, area.row, 1, STYLE_TEXT, _("Message of the transfer"));
    grid_puts(grid, area.row + 1, 1, STYLE_TOTAL, buf_text(&reference));
    if (app->set.bank_account[0])
        buf_printf(&to, _("To %s %s"), app->set.bank_account,
                   app->set.bank_holder);
    struct area below = { area.row + 2, area.rows - 2,
                          shown ? QR_TEXT_COLS : grid->cols - 1 };
    (roomy ? draw_advice : draw_caution)(grid, below, buf_slice(&to), hint);
}

static void pay_draw(const struct app *app, const void *state,
                     struct grid *grid, struct area area)
{
    const struct pay *pay = state;
    bool shown = draw_qr(pay, grid);
    int end = shown ? QR_TEXT_COLS : area.cols - 1;
    int row = draw_parts(app, pay, grid, area, end);
    row = draw_due(app, pay, grid, row, end);
    grid_puts(grid, row++, 1, STYLE_HEADING, _(methods[pay->method].name));
    struct area below = { row, area.row + area.rows - row, area.cols };
    if (is_cash(pay))
        draw_cash(app, pay, grid, below, end);
    else if (by_transfer(pay))
        draw_transfer(app, pay, grid, below, shown);
}

static const char *pay_prompt(const struct app *app, const void *state)
{
    const struct pay *pay = state;
    (void)app;
    return methods[pay->method].prompt;
}

const struct screen pay_screen = {
    .id = "pay",
    .title = N_("Pay"),
    .context = IN_PAY,
    .prompt = N_("Received"),
    .prompt_of = pay_prompt,
    .size = sizeof(struct pay),
    .draw = pay_draw,
    .key = pay_key,
    .submit = pay_submit,
    .back = pay_back,
};
