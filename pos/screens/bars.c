/*
 * bars.c - the frame around every screen.
 */
#include "pos/screens/bars.h"

#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/guide.h"

enum {
    MESSAGE_ROWS = 2,
    GUIDE_ROWS = 2,
    ENTRY_COLS = 8 /* at least, with what is around */
};

bool bars_room(const struct grid *grid)
{
    return grid->rows >= BARS_ROWS_MIN && grid->cols >= BARS_COLS_MIN;
}

void bars_too_small(struct grid *grid)
{
    BUF(text, MAX_TEXT);
    buf_printf(&text, _("window too small: %d×%d needed, this is %d×%d"),
               BARS_COLS_MIN, BARS_ROWS_MIN, grid->cols, grid->rows);
    grid_wrap(grid, 0, 0, grid->cols, grid->rows, STYLE_WARN, buf_slice(&text));
}

/* ---- the top row ---- */

static void put_where(const struct app *app, bool wide, struct buf *out)
{
    const struct till *till = &app->till;
    const struct admission *a = &ledger_state(till->ledger)->admission;
    buf_str(out, a->booth);
    if (till->shift.open) {
        int day = till_fair_day(till, till->shift.day);
        buf_puts(out, " · ");
        buf_printf(out, wide ? _("shift %lld") : _("sh.%lld"),
                   (long long)till->shift.number);
        buf_puts(out, " · ");
        if (day > 0)
            buf_printf(out, wide ? _("fair-day %d") : _("day %d"), day);
        else
            day_render_people(out, till->shift.day);
    }
}

static void put_who(const struct app *app, struct buf *out)
{
    if (!app->signed_in || app->me.number == 0)
        return;
    buf_printf(out, " · %02lld", (long long)app->me.number);
    if (app->me.name[0]) {
        buf_putc(out, ' ');
        buf_puts(out, app->me.name);
    }
}

/* What is left of the row: more than a letter or two, or nothing. */
static void put_booth(const struct app *app, int room, struct buf *out)
{
    const struct admission *a = &ledger_state(app->till.ledger)->admission;
    room -= text_width(buf_slice(out)) + 3;
    if (room < 8 || a->booth_name.len == 0)
        return;
    bool cut = text_width(a->booth_name) > room;
    buf_puts(out, " · ");
    buf_str(out, text_clip(a->booth_name, room - cut));
    buf_puts(out, cut ? "…" : "");
}

static void draw_top(const struct app *app, struct grid *grid)
{
    enum style style;
    bool wide = grid->cols >= 80;
    BUF(left, MAX_TEXT);
    BUF(right, MAX_TEXT);
    grid_fill(grid, 0, 0, grid->cols, STYLE_BAR, " ");
    if (app->till.ledger)
        put_where(app, wide, &left);
    if (wide)
        put_who(app, &left);
    status_line(&app->status, env_wall_ms(), !wide, &right, &style);
    if (grid->cols >= BARS_COLS_WIDE && !app->status.practice)
        status_more(&app->status, &right);
    /* Where and who keep the left third at least. */
    struct str state = text_clip(buf_slice(&right), grid->cols * 2 / 3);
    int room = grid->cols - 3 - text_width(state);
    if (wide && app->till.ledger)
        put_booth(app, room, &left);
    grid_field(grid, 0, 1, room, STYLE_BAR, buf_slice(&left));
    grid_right(grid, 0, grid->cols - 1, style, state);
}

/* ---- message, entry line, footer ---- */

static void put_message(const struct message *m, struct buf *out)
{
    static const char *const signs[STYLE_COUNT] = {
        [STYLE_GOOD] = "✓ ", [STYLE_WARN] = "! ", [STYLE_ERROR] = "✗ "
    };
    if (signs[m->style])
        buf_puts(out, signs[m->style]);
    buf_str(out, buf_slice(&m->text));
}

int bars_message_rows(const struct app *app, const struct grid *grid)
{
    BUF(text, MAX_TEXT);
    if (app->message.text.len == 0)
        return 1;
    put_message(&app->message, &text);
    return text_width(buf_slice(&text)) > grid->cols - 2 ? MESSAGE_ROWS : 1;
}

bool bars_message_free(const struct grid *grid, int rows)
{
    for (int i = 1; i < rows; i++) {
        for (int col = 0; col < grid->cols; col++) {
            if (strcmp(grid_at(grid, grid->rows - 3 - i, col)->text, " ") != 0)
                return false;
        }
    }
    return true;
}

void bars_message(const struct app *app, struct grid *grid)
{
    BUF(text, MAX_TEXT);
    enum style style = app->message.style;
    if (app->message.text.len == 0)
        return;
    int rows = bars_message_rows(app, grid), row = grid->rows - 2 - rows;
    put_message(&app->message, &text);
    for (int i = 0; i < rows; i++) {
        grid_fill(grid, row + i, 0, grid->cols, STYLE_TEXT, " ");
        grid_fill(grid, row + i, 1, grid->cols - 2, style, " ");
    }
    grid_wrap(grid, row, 1, grid->cols - 2, rows, style, buf_slice(&text));
}

static void draw_entry(const struct app *app, struct grid *grid, int row)
{
    const struct frame *f = &app->frames[app->depth - 1];
    if (!f->screen->prompt)
        return;
    BUF(stars, MAX_TEXT);
    struct str text = edit_text(&f->entry);
    int column = edit_column(&f->entry);
    const char *prompt = f->screen->prompt_of
                             ? f->screen->prompt_of(app, f->state)
                             : f->screen->prompt;
    struct str label = text_clip(str_of(_(prompt)), grid->cols - ENTRY_COLS);
    int at = 1 + grid_put(grid, row, 1, STYLE_DIM, label);
    at += grid_puts(grid, row, at, STYLE_DIM, " > ");
    if (f->screen->seen) {
        size_t seen = f->screen->seen(app, f->state, text);
        for (size_t i = 0; i < text.len; i++)
            buf_putc(&stars, i < seen ? text.data[i] : '*');
        text = buf_slice(&stars);
    }
    /* Of a long text the part around the insertion point is shown. */
    int room = grid->cols - at - 2;
    while (column > room && text.len > 0) {
        size_t skip = 0;
        utf8_next(text, &skip);
        column -= text_width((struct str){ text.data, skip });
        text.data += skip;
        text.len -= skip;
    }
    grid_field(grid, row, at, room + 1, STYLE_ENTRY, text);
    grid->cursor_row = row;
    grid->cursor_col = at + column;
}

static void draw_footer(const struct app *app, struct grid *grid)
{
    struct hint hints[HINTS_MAX];
    int row = grid->rows - 1;
    int n = action_hints(app, grid->cols, hints);
    grid_fill(grid, row, 0, grid->cols, STYLE_BAR, " ");
    for (int i = 0; i < n; i++) {
        int at = hints[i].col;
        at += grid_puts(grid, row, at, STYLE_KEY, hints[i].action->keys[0]);
        at += grid_puts(grid, row, at, STYLE_BAR, " ");
        grid_puts(grid, row, at, STYLE_BAR, _(hints[i].action->label));
    }
}

int bars_hints(const struct app *app, int row, struct hint out[HINTS_MAX])
{
    return row == app->rows - 1 ? action_hints(app, app->cols, out) : 0;
}

struct area bars_draw(const struct app *app, struct grid *grid, int message)
{
    draw_top(app, grid);
    draw_footer(app, grid);
    draw_entry(app, grid, grid->rows - 2);
    struct area area = { 1, grid->rows - 3 - message, grid->cols };
    if (guide_text(app)) {
        area.rows -= GUIDE_ROWS;
        grid_wrap(grid, area.row + area.rows, 1, grid->cols - 2, GUIDE_ROWS,
                  STYLE_HEADING, str_of(guide_text(app)));
    }
    return area;
}
