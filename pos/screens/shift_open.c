/*
 * shift_open.c - a shift begins: for which day, with how much in the drawer,
 * and is the till ready for it?
 *
 * Promise: nothing that was found wrong keeps anybody from opening.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/screens/count.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/setup.h"
#include "pos/till/shift.h"

struct opening {
    struct cash_count cash;
    bool on_day; /* typing goes to the day, not to the cash */
    int day;     /* 0: as the clock says */
    int n_findings;
    struct finding findings[FINDINGS_MAX];
};

/* ---- the day ---- */

static int day_of(const struct app *app, const struct opening *o)
{
    return o->day ? o->day : till_day_now(&app->till);
}

/* "15", "15/1" or "15/1/2020"; the rest is today's. */
static bool read_day(struct str text, int today, int *day)
{
    int parts[3] = { 0, today / 100 % 100, today / 10000 };
    int n = 0;
    bool digit = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c >= '0' && c <= '9') {
            parts[n] = digit ? parts[n] * 10 + (c - '0') : c - '0';
            digit = true;
        } else if ((c == '/' || c == '.' || c == '-') && digit && n < 2) {
            n++;
            digit = false;
        } else {
            return false;
        }
        if (parts[n] > 9999)
            return false;
    }
    if (parts[2] < 100)
        parts[2] += 2000;
    *day = (parts[2] * 100 + parts[1]) * 100 + parts[0];
    return digit && parts[1] < 100 && parts[0] < 100 && day_valid(*day);
}

static void take_day(struct app *app, struct opening *o, struct str text)
{
    int day = 0;
    if (text.len > 0 && !read_day(text, till_day_now(&app->till), &day)) {
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s",
                _("a day is typed as 15, 15/1 or 15/1/2020"));
        return;
    }
    if (text.len > 0)
        o->day = day;
    o->on_day = false;
    o->cash.row = COUNT_SUM;
}

static void put_day(const struct app *app, const struct opening *o,
                    struct buf *out)
{
    int day = day_of(app, o), nth = till_fair_day(&app->till, day);
    day_render_people(out, day);
    if (nth > 0)
        buf_printf(out, _(": fair-day %d"), nth);
    else
        buf_puts(out, _(": not a day of the fair"));
}

/* ---- opening ---- */

static void look(struct app *app, struct opening *o)
{
    struct printer_state printer = { 0 };
    BUF(why, MAX_TEXT);
    printer_look(&app->set.printer, app->dir, &printer, &why);
    int n = setup_check(&app->till, &printer, o->findings);
    o->n_findings = 0;
    for (int i = 0; i < n; i++) {
        /* This screen has only just started fair-sync. */
        if (!app->companions || strcmp(o->findings[i].id, "agent") != 0)
            o->findings[o->n_findings++] = o->findings[i];
    }
}

static void opening_open(struct app *app, void *state)
{
    look(app, state);
}

/* A cable plugged in is seen at once. */
static bool opening_tick(struct app *app, void *state)
{
    struct opening *o = state;
    struct opening *before = x_alloc(sizeof(*before));
    *before = *o;
    look(app, o);
    // NOLINTNEXTLINE(bugprone-*): padding costs a drawing at most
    bool news = memcmp(before, o, sizeof(*o)) != 0;
    free(before);
    return news;
}

static void open_now(struct app *app)
{
    struct opening *o = app_state(app, &open_screen);
    int64_t seq;
    BUF(day, MAX_TEXT);
    ASSERT(o);
    put_day(app, o, &day);
    enum err e = shift_open(&app->till, count_sum(&o->cash), day_of(app, o),
                            app->me.number, &seq);
    if (e && e != ERR_SHIFT_OPEN) {
        app_fail(app, e, NULL);
        return;
    }
    app_pop(app);
    app_status(app);
    if (e)
        app_fail(app, e, NULL);
    else
        app_say(app, STYLE_GOOD, _("shift %lld is open, %s"),
                (long long)app->till.shift.number, buf_text(&day));
}

/* Asks at most once, about all there is to ask. */
static void open_asked(struct app *app, struct opening *o)
{
    bool empty = count_sum(&o->cash) == 0;
    bool odd = till_fair_day(&app->till, day_of(app, o)) == 0;
    BUF(question, MAX_TEXT);
    if (odd) {
        put_day(app, o, &question);
        buf_puts(&question, ". ");
    }
    if (empty) {
        buf_puts(&question, _("Nothing is in the drawer."));
        buf_putc(&question, ' ');
    }
    buf_puts(&question, _("Open the shift?"));
    if (empty || odd)
        ask_yes(app, N_("Open shift"), buf_text(&question), open_now);
    else
        open_now(app);
}

static void opening_submit(struct app *app, void *state, struct str text)
{
    struct opening *o = state;
    bool whole = text.len == 0 && o->cash.row == COUNT_SUM;
    if (o->on_day)
        take_day(app, o, text);
    else if (whole && !app_too_early(app))
        open_asked(app, o);
    else if (whole || !count_take(app, &o->cash, text))
        app_keep_entry(app);
}

/* The day lies above the cash. */
static bool opening_key(struct app *app, void *state, const struct press *key)
{
    struct opening *o = state;
    (void)app;
    if (key->kind != K_UP && key->kind != K_DOWN)
        return false;
    if (o->on_day || !count_key(&o->cash, key))
        o->on_day = key->kind == K_UP;
    return true;
}

/* ---- drawing ---- */

enum { FORM_COLS = 44, TWO_FROM_COLS = 72, HEAD_FROM_ROWS = 14 };

static const struct {
    const char *sign;
    enum style style;
} levels[] = {
    [FINDING_GOOD] = { "✓", STYLE_GOOD },
    [FINDING_WARN] = { "!", STYLE_WARN },
    [FINDING_BAD] = { "✗", STYLE_ERROR },
};

static int draw_finding(const struct finding *f, struct grid *grid, int row,
                        int rows, int col)
{
    int room = grid->cols - col - 3, used;
    if (rows <= 0)
        return 0;
    grid_puts(grid, row, col, levels[f->level].style, levels[f->level].sign);
    used = grid_wrap(grid, row, col + 2, room, rows,
                     f->level == FINDING_GOOD ? STYLE_TEXT
                                              : levels[f->level].style,
                     str_of(f->text));
    if (f->level != FINDING_GOOD && used < rows)
        used += grid_wrap(grid, row + used, col + 2, room, rows - used,
                          STYLE_TEXT, str_of(_(f->remedy)));
    return used;
}

static void draw_findings(const struct opening *o, struct grid *grid,
                          struct area area, int col)
{
    int end = area.row + area.rows, row = area.row;
    grid_puts(grid, row++, col, STYLE_HEADING, _("Ready for the day?"));
    for (int i = 0; i < o->n_findings && row < end; i++)
        row += draw_finding(&o->findings[i], grid, row, end - row, col);
}

static void draw_day(const struct app *app, const struct opening *o,
                     struct grid *grid, int row, int cols)
{
    bool odd = till_fair_day(&app->till, day_of(app, o)) == 0;
    enum style style = odd ? STYLE_WARN : STYLE_TEXT;
    BUF(day, MAX_TEXT);
    if (o->on_day) {
        style = STYLE_SELECTED;
        grid_fill(grid, row, 0, cols, style, " ");
        grid_puts(grid, row, 0, style, ">");
    }
    if (odd)
        buf_puts(&day, "! ");
    put_day(app, o, &day);
    grid_field(grid, row, 2, cols - 2, style, buf_slice(&day));
}

static void opening_draw(const struct app *app, const void *state,
                         struct grid *grid, struct area area)
{
    const struct opening *o = state;
    struct cash_count cash = o->cash;
    bool two = area.cols >= TWO_FROM_COLS, tall = area.rows >= HEAD_FROM_ROWS;
    int cols = two ? FORM_COLS : area.cols - 1, row = area.row;
    int end = area.row + area.rows;
    if (two)
        draw_findings(o, grid, area, FORM_COLS + 3);
    else if (o->n_findings > 0 && o->findings[0].level != FINDING_GOOD)
        end -= draw_finding(&o->findings[0], grid, end - 1, 1, 1);
    if (tall)
        grid_puts(grid, row++, 1, STYLE_HEADING, _("Open shift"));
    draw_day(app, o, grid, row++, cols);
    row += tall;
    if (o->on_day)
        cash.row = COUNT_ROWS; /* none is selected */
    struct area form = { row, end - row - tall, cols };
    row += count_draw(app, &cash, _("Float"), grid, form);
    if (tall)
        grid_puts(grid, row < end - 1 ? row + 1 : row, 1, STYLE_DIM,
                  _("↓ counts note by note, ↑ changes the day"));
}

static const char *opening_prompt(const struct app *app, const void *state)
{
    const struct opening *o = state;
    (void)app;
    return o->on_day ? N_("Another day")
                     : count_prompt(&o->cash, N_("Float; Enter opens"));
}

const struct screen open_screen = {
    .id = "open",
    .title = N_("Open shift"),
    .context = IN_DIALOG,
    .prompt = N_("Float; Enter opens"),
    .prompt_of = opening_prompt,
    .size = sizeof(struct opening),
    .open = opening_open,
    .draw = opening_draw,
    .key = opening_key,
    .submit = opening_submit,
    .tick = opening_tick,
};
