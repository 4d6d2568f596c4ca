/*
 * shift_close.c - a shift ends: the drawer is counted, the difference is
 * looked at, the Z is shown and printed. X and Z at any other time.
 *
 * Promise: whatever was counted, and whatever is not sent, sold or taken back
 * yet, the shift can be closed. In a blind count nobody sees what is expected
 * before having said what is there; who counts again after that needs a
 * supervisor.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/paper/shift_slip.h"
#include "pos/screens/acts.h"
#include "pos/screens/count.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/shift.h"

struct closing {
    struct cash_count cash;
    bool counted; /* the count was given: what is expected may be seen */
    bool known;   /* x holds the shift so far */
    struct shift_report x;
    int n_parked;
};

/* ---- counting, then closing ---- */

static void closing_open(struct app *app, void *state)
{
    struct closing *c = state;
    struct parked parked[PLACES_MAX];
    enum err e = till_ready(&app->till);
    if (!e)
        e = shift_report(&app->till, false, &c->x);
    c->known = e == ERR_OK;
    if (!e)
        e = carts_parked(&app->till, parked, &c->n_parked);
    if (e)
        app_fail(app, e, NULL);
}

static int64_t difference(const struct closing *c)
{
    return count_sum(&c->cash) - c->x.cash_expected_vnd;
}

static void give_count(struct app *app)
{
    struct closing *c = app_state(app, &close_screen);
    ASSERT(c);
    c->counted = true;
    app_fresh(app);
}

static void submit_count(struct app *app, struct closing *c, struct str text)
{
    if (text.len > 0 || c->cash.row != COUNT_SUM) {
        if (!count_take(app, &c->cash, text))
            app_keep_entry(app);
    } else if (!c->cash.given) {
        ask_yes(app, N_("Close shift"),
                _("Nothing was counted. Is the drawer empty?"), give_count);
    } else {
        give_count(app);
    }
}

static void show_report(struct app *app, const struct shift_report *report,
                        bool print)
{
    BUF(paper, MAX_OUTPUT);
    BUF(text, MAX_OUTPUT);
    int columns = app->set.printer.columns;
    shift_report_render(&app->till, report, columns, &paper);
    shift_report_render(&app->till, report, text_columns(app, columns), &text);
    if (print && app_prints(app))
        app_print_text(app, buf_slice(&paper));
    if (report->shift.closed > 0)
        show_slip(app, N_("Z report"), buf_slice(&text), report->shift.closed);
    else
        show_text(app, N_("X report"), buf_slice(&text), true);
    text_on_paper(app, buf_slice(&paper));
}

static void close_now(struct app *app, struct closing *c, struct str typed)
{
    struct shift_report z;
    BUF(reason, MAX_TEXT);
    if (typed.len > 0 && text_clean(&reason, typed, MAX_NAME_COLUMNS)) {
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s", _("a reason is one line of text"));
        return;
    }
    enum err e = shift_close(&app->till, count_sum(&c->cash),
                             buf_slice(&reason), app->me.number, &z);
    if (e) {
        app_keep_entry(app);
        app_fail(app, e, NULL);
        return;
    }
    app_pop(app);
    app_status(app);
    app_say(app, STYLE_GOOD, _("shift %lld is closed"),
            (long long)z.shift.number);
    show_report(app, &z, true);
}

static void closing_submit(struct app *app, void *state, struct str text)
{
    struct closing *c = state;
    bool step = c->counted || (text.len == 0 && c->cash.row == COUNT_SUM);
    if (step && app_too_early(app))
        app_keep_entry(app);
    else if (c->counted)
        close_now(app, c, text);
    else
        submit_count(app, c, text);
}

/* ---- counting again ---- */

static void count_again(struct app *app, int64_t by)
{
    struct closing *c = app_state(app, &close_screen);
    (void)by;
    ASSERT(c);
    c->counted = false;
    c->cash.row = COUNT_SUM;
    app_fresh(app);
}

/* Whoever saw what is expected in a blind count cannot undo that by leaving:
 * back is counting again, and that is allowed or not. */
static bool closing_back(struct app *app, void *state)
{
    struct closing *c = state;
    if (!c->counted)
        return false;
    if (app->set.blind_count)
        app_allow(app, N_("count the drawer again"), count_again);
    else
        count_again(app, app->me.number);
    return true;
}

static bool closing_key(struct app *app, void *state, const struct press *key)
{
    struct closing *c = state;
    (void)app;
    return !c->counted && count_key(&c->cash, key);
}

/* ---- drawing ---- */

enum { FORM_COLS = 44, SUMS_FROM_ROWS = 14 };

static int draw_sums(const struct shift_report *x, struct grid *grid, int row,
                     int end)
{
    const struct pair sums[] = {
        { _("Float"), STYLE_DIM, x->shift.float_vnd },
        { _("+ Cash taken"), STYLE_DIM, x->cash_taken_vnd },
        { _("- Change given"), STYLE_DIM, x->change_vnd },
        { _("- Given back in cash"), STYLE_DIM, x->cash_back_vnd },
        { _("+ Put in"), STYLE_DIM, x->trail.cash_in_vnd },
        { _("- Taken out"), STYLE_DIM, x->trail.cash_out_vnd },
    };
    for (size_t i = 0; i < ARRAY_LEN(sums); i++)
        draw_pair(grid, row++, end, sums[i]);
    return row;
}

static int draw_difference(const struct closing *c, struct grid *grid, int row,
                           int end, bool tall)
{
    int64_t vnd = difference(c);
    enum style style = vnd == 0 ? STYLE_GOOD : STYLE_WARN;
    BUF(text, 64);
    money_render(&text, vnd);
    grid_puts(grid, row, 1, style,
              vnd == 0  ? _("✓ AS EXPECTED")
              : vnd < 0 ? _("! MISSING")
                        : _("! TOO MUCH"));
    if (tall && draw_big(grid, row + 1, end, style, buf_text(&text)))
        return row + 1 + BIG_ROWS;
    grid_right(grid, row, end, style, buf_slice(&text));
    return row + 1;
}

static int draw_outcome(const struct closing *c, struct grid *grid, int row,
                        struct area area)
{
    bool tall = area.rows >= SUMS_FROM_ROWS;
    int end = area.cols < FORM_COLS + 1 ? area.cols - 1 : FORM_COLS;
    if (!c->known)
        return row;
    if (tall)
        row = draw_sums(&c->x, grid, row, end);
    draw_pair(
        grid, row++, end,
        (struct pair){ _("Expected"), STYLE_TEXT, c->x.cash_expected_vnd });
    draw_pair(
        grid, row++, end,
        (struct pair){ _("Counted"), STYLE_HEADING, count_sum(&c->cash) });
    return draw_difference(c, grid, row + tall, end, tall);
}

/* What goes on into the next shift. */
static void put_left(const struct app *app, const struct closing *c,
                     struct buf *out)
{
    if (app->cart->n_lines > 0)
        buf_printf(out, _("An open cart stays. "));
    if (c->n_parked > 0)
        buf_printf(out, _("Parked carts that stay: %d. "), c->n_parked);
}

static void draw_left(const struct app *app, const struct closing *c,
                      struct grid *grid, int row)
{
    BUF(text, MAX_TEXT);
    put_left(app, c, &text);
    grid_puts(grid, row, 1, STYLE_DIM, buf_text(&text));
}

/* With an open count what is expected stands beside it from the first. */
static void draw_expected(const struct app *app, const struct closing *c,
                          struct grid *grid, int row, int end)
{
    BUF(amount, 64);
    BUF(text, MAX_TEXT);
    if (app->set.blind_count || !c->known)
        return;
    money_render(&amount, c->x.cash_expected_vnd);
    buf_printf(&text, _("expected %s"), buf_text(&amount));
    grid_right(grid, row, end, STYLE_DIM, buf_slice(&text));
}

static void closing_draw(const struct app *app, const void *state,
                         struct grid *grid, struct area area)
{
    const struct closing *c = state;
    int cols = area.cols < FORM_COLS + 1 ? area.cols - 1 : FORM_COLS;
    BUF(title, MAX_TEXT);
    buf_printf(&title, _("Close shift %lld"),
               (long long)app->till.shift.number);
    grid_puts(grid, area.row, 1, STYLE_HEADING, buf_text(&title));
    if (c->counted) {
        int row = draw_outcome(c, grid, area.row + 1, area);
        draw_left(app, c, grid, row + (area.rows >= SUMS_FROM_ROWS));
        return;
    }
    draw_expected(app, c, grid, area.row, cols);
    bool tall = area.rows >= SUMS_FROM_ROWS;
    struct area form = { area.row + 1 + tall, area.rows - 1 - 3 * tall, cols };
    int row = form.row + count_draw(app, &c->cash, _("Counted"), grid, form);
    if (!tall)
        return;
    grid_puts(grid, row, 1, STYLE_DIM, _("↓ counts note by note"));
    draw_left(app, c, grid, row + 1);
}

static const char *closing_prompt(const struct app *app, const void *state)
{
    const struct closing *c = state;
    (void)app;
    if (!c->counted)
        return count_prompt(&c->cash, N_("Counted; Enter goes on"));
    return c->known && difference(c) == 0 ? N_("Enter closes")
                                          : N_("Reason, or none; Enter closes");
}

const struct screen close_screen = {
    .id = "close",
    .title = N_("Close shift"),
    .context = IN_DIALOG,
    .prompt = N_("Counted; Enter goes on"),
    .prompt_of = closing_prompt,
    .size = sizeof(struct closing),
    .open = closing_open,
    .draw = closing_draw,
    .key = closing_key,
    .submit = closing_submit,
    .back = closing_back,
};

/* ---- actions ---- */

bool can_shift_open(const struct app *app)
{
    return app->till.shift.open;
}

bool can_shift_closed(const struct app *app)
{
    return !app->till.shift.open;
}

void act_shift(struct app *app, int arg)
{
    (void)arg;
    app_push(app, app->till.shift.open ? &close_screen : &open_screen);
}

static void report_now(struct app *app, bool z)
{
    struct shift_report report;
    enum err e = till_ready(&app->till);
    if (!e)
        e = shift_report(&app->till, z, &report);
    if (e)
        app_fail(app, e, NULL);
    else
        show_report(app, &report, false);
}

static void x_allowed(struct app *app, int64_t by)
{
    (void)by;
    report_now(app, false);
}

/* It says what is expected in the drawer. */
void act_x(struct app *app, int arg)
{
    (void)arg;
    if (app->set.blind_count)
        app_allow(app, N_("X report"), x_allowed);
    else
        report_now(app, false);
}

void act_z(struct app *app, int arg)
{
    (void)arg;
    report_now(app, true);
}
