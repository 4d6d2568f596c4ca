/*
 * loop.c - keys from the terminal to the app, its picture back. One frame
 * after every key that is not followed by another at once, one tick a second.
 */
#include "pos/screens/loop.h"

#include "fair/env.h"
#include "pos/term/term.h"

enum { TICK_MS = 1000 };

static void show(struct app *app, struct term *term, struct grid *grid)
{
    int rows, cols;
    term_size(term, &rows, &cols);
    grid_reset(grid, rows, cols);
    grid->letters_only = app->set.glyphs != GLYPHS_FULL;
    if (app->restyle)
        term_restyle(term, app->set.theme, app->set.glyphs);
    app->restyle = false;
    app_draw(app, grid);
    term_draw(term, grid);
    if (app->message.bell)
        term_bell(term);
    app->message.bell = false;
}

static int until(int64_t due_ms)
{
    int64_t left = due_ms - env_mono_ms();
    return left < 0 ? 0 : left > TICK_MS ? TICK_MS : (int)left;
}

enum err loop_run(struct app *app, struct buf *why)
{
    struct term_options options = {
        .theme = app->set.theme,
        .glyphs = app->set.glyphs,
        .mouse = true,
        .keys = { app->set.scan_min, app->set.scan_gap_ms },
    };
    struct term *term;
    struct grid grid;
    struct press key;
    enum err e = term_open(&options, why, &term);
    if (e)
        return e;
    grid_init(&grid, 1, 1);
    int64_t tick_ms = env_mono_ms(); /* at once: it has waited for a frame */
    enum term_event event = TERM_KEY;
    show(app, term, &grid);
    while (!app->leave && event != TERM_GONE) {
        event = term_wait(term, until(tick_ms), &key);
        bool news = event == TERM_KEY;
        if (news)
            app_key(app, &key);
        else if (env_mono_ms() >= tick_ms) { /* never before a key's picture */
            news = app_tick(app);
            tick_ms = env_mono_ms() + TICK_MS;
        }
        if (news)
            show(app, term, &grid);
        till_tell(&app->till); /* after the picture: nobody waits for it */
    }
    grid_done(&grid);
    term_close(term);
    return ERR_OK;
}
