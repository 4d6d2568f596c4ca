/*
 * text.c - something to read: X and Z, a slip, the status; printable.
 */
#include <stdlib.h>

#include "fair/i18n.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"

struct text_state {
    const char *title; /* message id */
    char *text;        /* its own */
    bool print;
    int64_t of;       /* printing it is a reprint of this event; 0: it is not */
    int first, lines; /* first line shown; how many there are */
};

static void text_close(struct app *app, void *state)
{
    struct text_state *t = state;
    (void)app;
    free(t->text);
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
        app_print_text(app, str_of(t->text));
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

void show_text(struct app *app, const char *title, struct str text, bool print)
{
    BUF(copy, MAX_OUTPUT);
    buf_str(&copy, text);
    app_push(app, &text_screen);
    struct text_state *t = app_state(app, &text_screen);
    t->title = title;
    t->print = print;
    t->text = x_strdup(buf_text(&copy));
    t->lines = count_lines(t->text);
}

void show_slip(struct app *app, const char *title, struct str text, int64_t of)
{
    show_text(app, title, text, true);
    struct text_state *t = app_state(app, &text_screen);
    t->of = of;
}
