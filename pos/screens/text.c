/*
 * text.c - something to read: X and Z, a slip, the status; printable.
 *
 * What is read may be laid out for a narrower window than the paper is wide;
 * what is printed never is.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "pos/paper/slip.h"
#include "pos/screens/acts.h"
#include "pos/screens/bars.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"

struct text_state {
    const char *title; /* message id */
    char *text;        /* as it is read; its own */
    char *paper;       /* as it is printed; its own */
    bool print;
    int64_t of;       /* printing it is a reprint of this event; 0: it is not */
    int first, lines; /* first line shown; how many there are */
};

static void text_close(struct app *app, void *state)
{
    struct text_state *t = state;
    (void)app;
    free(t->text);
    free(t->paper);
}

static int count_lines(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static int page(const struct app *app)
{
    return app->rows > 6 ? app->rows - 6 : 1;
}

static bool text_key(struct app *app, void *state, const struct press *key)
{
    struct text_state *t = state;
    int to = t->first;
    switch ((int)key->kind) {
    case K_UP: to--; break;
    case K_DOWN: to++; break;
    case K_PAGE_UP: to -= page(app); break;
    case K_TEXT: /* the blank pages on, as everywhere */
    case K_PAGE_DOWN: to += page(app); break;
    case K_HOME: to = 0; break;
    case K_END: to = t->lines; break;
    default: return false;
    }
    if (to > t->lines - page(app))
        to = t->lines - page(app);
    t->first = to < 0 ? 0 : to;
    return true;
}

static void text_draw(const struct app *app, const void *state,
                      struct grid *grid, struct area area)
{
    const struct text_state *t = state;
    struct area body = { area.row + 1, area.rows - 1, area.cols };
    (void)app;
    grid_puts(grid, area.row, 1, STYLE_HEADING, _(t->title));
    draw_text(grid, body, str_of(t->text), t->first);
    if (t->first + body.rows < t->lines)
        grid_right(grid, area.row, area.cols - 1, STYLE_DIM,
                   str_of(_("↓ more")));
}

bool can_print_text(const struct app *app)
{
    const struct frame *f = &app->frames[app->depth - 1];
    const struct text_state *t = f->state;
    return f->screen == &text_screen && t->print;
}

void act_print_text(struct app *app, int arg)
{
    const struct text_state *t = app_state(app, &text_screen);
    (void)arg;
    ASSERT(t);
    enum err e = t->of > 0 && app_prints(app)
                     ? trail_reprint(&app->till, t->of, app->me.number)
                     : ERR_OK;
    if (e)
        app_fail(app, e, NULL);
    else
        app_print_text(app, str_of(t->paper));
}

const struct screen text_screen = {
    .id = "text",
    .title = N_("Text"),
    .context = IN_TEXT,
    .size = sizeof(struct text_state),
    .close = text_close,
    .draw = text_draw,
    .key = text_key,
};

/* ---- into the window ---- */

enum { MARGIN = 2, GO_ON = 2 /* columns a broken line goes on at */ };

int text_columns(const struct app *app, int paper)
{
    bool fits = app->cols == 0 || paper <= app->cols - MARGIN;
    return fits ? paper : SLIP_NARROW;
}

/* One line in as many as it takes. */
static void put_broken(struct buf *out, struct str line, int cols)
{
    int indent = 0;
    do {
        struct str now = draw_words(line, cols - indent);
        buf_printf(out, "%*s", indent, "");
        buf_str(out, now);
        buf_putc(out, '\n');
        line.data += now.len;
        line.len -= now.len;
        while (line.len > 0 && line.data[0] == ' ') {
            line.data++;
            line.len--;
        }
        indent = GO_ON;
    } while (line.len > 0);
}

static void put_readable(struct buf *out, struct str text, int cols)
{
    while (text.len > 0) {
        const char *end = memchr(text.data, '\n', text.len);
        size_t len = end ? (size_t)(end - text.data) : text.len;
        put_broken(out, (struct str){ text.data, len }, cols);
        len += end != NULL;
        text.data += len;
        text.len -= len;
    }
}

static char *own(struct str text)
{
    BUF(copy, MAX_OUTPUT);
    buf_str(&copy, text);
    return x_strdup(buf_text(&copy));
}

void show_text(struct app *app, const char *title, struct str text, bool print)
{
    BUF(seen, MAX_OUTPUT);
    put_readable(&seen, text,
                 app->cols < BARS_COLS_MIN ? INT_MAX : app->cols - MARGIN);
    app_push(app, &text_screen);
    struct text_state *t = app_state(app, &text_screen);
    t->title = title;
    t->print = print;
    t->text = own(buf_slice(&seen));
    t->paper = own(text);
    t->lines = count_lines(t->text);
}

void show_slip(struct app *app, const char *title, struct str text, int64_t of)
{
    show_text(app, title, text, true);
    struct text_state *t = app_state(app, &text_screen);
    t->of = of;
}

void text_on_paper(struct app *app, struct str paper)
{
    struct text_state *t = app_state(app, &text_screen);
    ASSERT(t);
    free(t->paper);
    t->paper = own(paper);
}
