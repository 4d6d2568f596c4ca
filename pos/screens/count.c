/*
 * count.c - counting the drawer.
 */
#include "pos/screens/count.h"

#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/screens/draw.h"

/* ---- counting ---- */

static enum err sum_of(const struct cash_count *c, int64_t *out)
{
    int64_t sum = c->typed_vnd, part;
    enum err e = money_add(sum, c->other_vnd, &sum);
    for (int i = 0; i < NOTES_KINDS && !e; i++) {
        e = money_mul(c->notes[i], notes_vnd[i], &part);
        if (!e)
            e = money_add(sum, part, &sum);
    }
    if (!e && sum > MONEY_MAX)
        e = ERR_LIMIT;
    if (!e)
        *out = sum;
    return e;
}

int64_t count_sum(const struct cash_count *c)
{
    int64_t sum = 0;
    enum err e = sum_of(c, &sum);
    ASSERT(e == ERR_OK);
    return sum;
}

/* What the count is once `text` is taken for its row. */
static enum err put(struct cash_count *c, struct str text, bool thousands)
{
    struct cash_count next = *c;
    int64_t n, sum;
    bool is_note = c->row >= COUNT_NOTE && c->row < COUNT_OTHER;
    enum err e =
        is_note ? money_parse(text, &n) : entry_amount(text, thousands, &n);
    if (e)
        return e;
    if (c->row == COUNT_SUM)
        next = (struct cash_count){ .typed_vnd = n };
    else if (is_note)
        next.notes[c->row - COUNT_NOTE] = n;
    else
        next.other_vnd = n;
    if (c->row != COUNT_SUM)
        next.typed_vnd = 0;
    next.given = true;
    e = sum_of(&next, &sum);
    if (!e)
        *c = next;
    return e;
}

bool count_take(struct app *app, struct cash_count *c, struct str text)
{
    enum err e = text.len > 0 ? put(c, text, app->set.thousands) : ERR_OK;
    if (e == ERR_LIMIT)
        app_fail(app, e, NULL);
    else if (e)
        app_say(app, STYLE_ERROR, "%s", _("this is no amount"));
    else if (c->row != COUNT_SUM)
        c->row = (c->row + 1) % COUNT_ROWS;
    else
        app_fresh(app);
    return !e;
}

bool count_key(struct cash_count *c, const struct press *key)
{
    int to = c->row;
    switch ((int)key->kind) {
    case K_UP: to--; break;
    case K_DOWN: to++; break;
    default: return false;
    }
    if (to < 0 || to >= COUNT_ROWS)
        return false;
    c->row = to;
    return true;
}

const char *count_prompt(const struct cash_count *c, const char *sum)
{
    if (c->row == COUNT_SUM)
        return sum;
    return c->row == COUNT_OTHER ? N_("Other cash, an amount")
                                 : N_("How many of it");
}

/* ---- drawing ---- */

enum { LABEL_COL = 2, COUNT_COL = 18, BIG_FROM_ROWS = BIG_ROWS + COUNT_ROWS };

static enum style style_of(const struct cash_count *c, int row,
                           struct grid *grid, int at, int cols)
{
    if (c->row != row)
        return STYLE_TEXT;
    grid_fill(grid, at, 0, cols, STYLE_SELECTED, " ");
    grid_puts(grid, at, 0, STYLE_SELECTED, ">");
    return STYLE_SELECTED;
}

static void draw_kind(const struct cash_count *c, int row, struct grid *grid,
                      int at, int cols)
{
    enum style style = style_of(c, row, grid, at, cols);
    BUF(label, 64);
    BUF(count, 64);
    if (row == COUNT_OTHER) {
        grid_puts(grid, at, LABEL_COL, style, _("other"));
        if (c->other_vnd > 0)
            draw_money(grid, at, cols, style, c->other_vnd);
        return;
    }
    int64_t n = c->notes[row - COUNT_NOTE], vnd = notes_vnd[row - COUNT_NOTE];
    money_render(&label, vnd);
    grid_right(grid, at, LABEL_COL + 7, style, buf_slice(&label));
    grid_puts(grid, at, LABEL_COL + 8, style, "×");
    if (n == 0)
        return;
    money_render(&count, n);
    grid_right(grid, at, COUNT_COL, style, buf_slice(&count));
    draw_money(grid, at, cols, style, n * vnd);
}

static int draw_sum(const struct cash_count *c, const char *label,
                    struct grid *grid, struct area area)
{
    bool big = area.rows >= BIG_FROM_ROWS;
    enum style style = style_of(c, COUNT_SUM, grid, area.row, area.cols);
    BUF(text, 64);
    grid_puts(grid, area.row, LABEL_COL, style, label);
    money_render(&text, count_sum(c));
    if (big &&
        draw_big(grid, area.row + 1, area.cols, STYLE_TOTAL, buf_text(&text)))
        return 1 + BIG_ROWS;
    grid_right(grid, area.row, area.cols, STYLE_TOTAL, buf_slice(&text));
    return 1;
}

int count_draw(const struct app *app, const struct cash_count *c,
               const char *label, struct grid *grid, struct area area)
{
    struct cash_count would = *c;
    struct str typed = edit_text(&app->frames[app->depth - 1].entry);
    bool here = c->row < COUNT_ROWS;
    if (typed.len > 0 && here)
        (void)!put(&would, typed, app->set.thousands);
    would.row = c->row;
    int used = draw_sum(&would, label, grid, area);
    int rows = area.rows - used, n = COUNT_ROWS - COUNT_NOTE;
    struct picker list = {
        .n = n, .selected = here && c->row > COUNT_SUM ? c->row - COUNT_NOTE : 0
    };
    int first = picker_top(&list, rows), i = 0;
    for (; i < rows && first + i < n; i++)
        draw_kind(&would, COUNT_NOTE + first + i, grid, area.row + used + i,
                  area.cols);
    return used + i;
}
