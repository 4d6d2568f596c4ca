/*
 * draw.c - lists, money and big digits on the grid.
 */
#include "pos/screens/draw.h"

#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"

/* ---- lists ---- */

bool picker_key(struct picker *p, const struct press *key, int page)
{
    int to = p->selected;
    switch ((int)key->kind) {
    case K_UP: to--; break;
    case K_DOWN: to++; break;
    case K_PAGE_UP: to -= page; break;
    case K_PAGE_DOWN: to += page; break;
    default: return false;
    }
    if (to >= p->n)
        to = p->n - 1;
    p->selected = to < 0 ? 0 : to;
    p->top = picker_top(p, page);
    return true;
}

int picker_top(const struct picker *p, int page)
{
    int first = p->top;
    if (first > p->n - page)
        first = p->n - page;
    if (p->selected >= first + page)
        first = p->selected - page + 1;
    if (p->selected < first)
        first = p->selected;
    return first < 0 ? 0 : first;
}

void draw_list(const struct app *app, const struct rows *rows,
               struct grid *grid, struct area area)
{
    const struct picker *p = rows->picker;
    int first = picker_top(p, area.rows);
    for (int i = 0; i < area.rows && first + i < p->n; i++) {
        bool selected = first + i == p->selected;
        enum style style = selected ? STYLE_SELECTED : STYLE_TEXT;
        if (selected) {
            grid_fill(grid, area.row + i, 0, area.cols, style, " ");
            grid_puts(grid, area.row + i, 0, style, ">");
        }
        rows->draw(app, rows->state, first + i,
                   &(struct spot){ grid, area.row + i, style });
    }
}

/* ---- money ---- */

void draw_money(struct grid *grid, int row, int end, enum style style,
                int64_t vnd)
{
    BUF(text, 64);
    money_render(&text, vnd);
    grid_right(grid, row, end, style, buf_slice(&text));
}

void draw_pair(struct grid *grid, int row, int end, struct pair pair)
{
    grid_puts(grid, row, 1, pair.style, pair.label);
    draw_money(grid, row, end, pair.style, pair.vnd);
}

/* ---- big digits ---- */

struct figure {
    char sign;
    const char *rows[BIG_ROWS];
};

/* Half blocks, five rows of dots in three. */
static const struct figure figures[] = {
    { '0', { "█▀█", "█ █", "▀▀▀" } }, { '1', { "▀█ ", " █ ", "▀▀▀" } },
    { '2', { "▀▀█", "█▀▀", "▀▀▀" } }, { '3', { "▀▀█", " ▀█", "▀▀▀" } },
    { '4', { "█ █", "▀▀█", "  ▀" } }, { '5', { "█▀▀", "▀▀█", "▀▀▀" } },
    { '6', { "█▀▀", "█▀█", "▀▀▀" } }, { '7', { "▀▀█", "  █", "  ▀" } },
    { '8', { "█▀█", "█▀█", "▀▀▀" } }, { '9', { "█▀█", "▀▀█", "▀▀▀" } },
    { '.', { " ", " ", "▀" } },       { '-', { "  ", "▀▀", "  " } },
    { ' ', { " ", " ", " " } },
};

static const struct figure *figure_of(char sign)
{
    for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
        if (figures[i].sign == sign)
            return &figures[i];
    }
    return &figures[ARRAY_LEN(figures) - 1];
}

static int figure_cols(const struct figure *f)
{
    return text_width(str_of(f->rows[0])) + 1;
}

int draw_big(struct grid *grid, int row, int end, enum style style,
             const char *digits)
{
    int cols = -1;
    for (const char *d = digits; *d; d++)
        cols += figure_cols(figure_of(*d));
    if (grid->letters_only || cols > end || row < 0 ||
        row + BIG_ROWS > grid->rows)
        return 0;
    int at = end - cols;
    for (const char *d = digits; *d; d++) {
        const struct figure *f = figure_of(*d);
        for (int i = 0; i < BIG_ROWS; i++)
            grid_puts(grid, row + i, at, style, f->rows[i]);
        at += figure_cols(f);
    }
    return cols;
}

/* ---- text ---- */

struct str draw_words(struct str text, int columns)
{
    struct str fit = text_clip(text, columns);
    size_t end = fit.len;
    if (fit.len == text.len || text.data[fit.len] == ' ')
        return fit;
    while (end > 0 && text.data[end] != ' ')
        end--;
    return (struct str){ text.data, end > 0 ? end : fit.len };
}

int draw_text(struct grid *grid, struct area area, struct str text, int first)
{
    int n = 0;
    while (text.len > 0) {
        const char *end = memchr(text.data, '\n', text.len);
        size_t len = end ? (size_t)(end - text.data) : text.len;
        int row = n++ - first;
        if (row >= 0 && row < area.rows)
            grid_put(grid, area.row + row, 1, STYLE_TEXT,
                     (struct str){ text.data, len });
        len += end != NULL;
        text.data += len;
        text.len -= len;
    }
    return n;
}
