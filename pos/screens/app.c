/*
 * app.c - the stack of screens: who gets a key, what is drawn where, what time
 * does. Knows no particular screen but the first ones.
 *
 * Promise: a key is either taken by an action, by the top screen, or by its
 * entry line; it never falls through to a screen below.
 */
#include "pos/screens/app.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "pos/screens/action.h"
#include "pos/screens/bars.h"
#include "pos/screens/guide.h"
#include "pos/screens/screens.h"
#include "pos/till/learn.h"
#include "pos/till/trail.h"

/* ---- the stack ---- */

static struct frame *top(struct app *app)
{
    ASSERT(app->depth > 0);
    return &app->frames[app->depth - 1];
}

void app_push(struct app *app, const struct screen *screen)
{
    ASSERT(app->depth < SCREENS_MAX);
    struct frame *f = &app->frames[app->depth++];
    *f = (struct frame){ .screen = screen };
    f->state = x_alloc(screen->size ? screen->size : 1);
    edit_init(&f->entry);
    if (screen->open)
        screen->open(app, f->state);
}

void app_drop(struct app *app)
{
    struct frame *f = top(app);
    if (f->screen->close)
        f->screen->close(app, f->state);
    edit_done(&f->entry);
    free(f->state);
    app->depth--;
}

void app_pop(struct app *app)
{
    ASSERT(app->depth > 1);
    app_drop(app);
    app_fresh(app);
}

void app_home(struct app *app)
{
    while (app->depth > 1)
        app_pop(app);
}

const struct screen *app_top(const struct app *app)
{
    return app->frames[app->depth - 1].screen;
}

void *app_state(const struct app *app, const struct screen *screen)
{
    for (int i = app->depth - 1; i >= 0 && i >= app->depth - 2; i--) {
        if (app->frames[i].screen == screen)
            return app->frames[i].state;
    }
    return NULL;
}

struct line_edit *app_entry(struct app *app)
{
    return &top(app)->entry;
}

void app_keep_entry(struct app *app)
{
    app->keep_entry = true;
}

bool app_too_early(const struct app *app)
{
    const struct frame *f = &app->frames[app->depth - 1];
    return f->since_ms == 0 || app->key_ms <= f->since_ms;
}

void app_fresh(struct app *app)
{
    top(app)->since_ms = 0;
}

/* ---- the message ---- */

void app_say(struct app *app, enum style style, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_clear(&app->message.text);
    buf_vprintf(&app->message.text, fmt, args);
    va_end(args);
    app->message.style = style;
    app->message.bell = style == STYLE_ERROR;
}

void app_fail(struct app *app, enum err e, const char *detail)
{
    BUF(text, MAX_TEXT);
    if (detail && detail[0]) {
        buf_puts(&text, detail);
        buf_puts(&text, ": ");
    }
    buf_puts(&text, _(err_text(e)));
    if (err_remedy(e)[0]) {
        buf_puts(&text, " – ");
        buf_puts(&text, _(err_remedy(e)));
    }
    app_say(app, STYLE_ERROR, "%s", buf_text(&text));
}

/* ---- keys ---- */

static void edit_key(struct app *app, const struct press *key)
{
    struct line_edit *e = app_entry(app);
    switch ((int)key->kind) {
    case K_TEXT: edit_insert(e, key->code); break;
    case K_SCAN:
    case K_PASTE: edit_insert_text(e, key->text); break;
    case K_BACKSPACE: edit_backspace(e); break;
    case K_DELETE: edit_delete(e); break;
    case K_LEFT: edit_move(e, -1); break;
    case K_RIGHT: edit_move(e, 1); break;
    case K_HOME: edit_move(e, INT_MIN); break;
    case K_END: edit_move(e, INT_MAX); break;
    default: return;
    }
    if (app_top(app)->changed)
        app_top(app)->changed(app, top(app)->state);
}

/* The entry line is taken out before the screen sees it: it may push, pop or
 * say that the text stays. */
void app_submit(struct app *app)
{
    BUF(text, MAX_TEXT);
    const struct screen *screen = app_top(app);
    int depth = app->depth;
    if (!screen->submit)
        return;
    buf_str(&text, edit_text(app_entry(app)));
    app->keep_entry = false;
    screen->submit(app, top(app)->state, buf_slice(&text));
    if (text.len > 0) /* PINs pass here */
        sodium_memzero(text.data, text.len);
    if (app->keep_entry || app->depth < depth)
        return;
    edit_clear(&app->frames[depth - 1].entry);
    if (app->depth == depth && app_top(app)->changed)
        app_top(app)->changed(app, top(app)->state);
}

void app_back(struct app *app)
{
    const struct screen *screen = app_top(app);
    if (edit_text(app_entry(app)).len > 0) {
        edit_clear(app_entry(app));
        if (screen->changed)
            screen->changed(app, top(app)->state);
        return;
    }
    if (screen->back && screen->back(app, top(app)->state))
        return;
    if (app->depth > 1)
        app_pop(app);
}

static const struct action *clicked(const struct app *app,
                                    const struct press *key)
{
    struct hint hints[HINTS_MAX];
    int n = bars_hints(app, key->row, hints);
    for (int i = 0; i < n; i++) {
        if (key->col >= hints[i].col && key->col < hints[i].col + hints[i].cols)
            return hints[i].action;
    }
    return NULL;
}

static void key_take(struct app *app, const struct press *key)
{
    const struct action *a =
        key->kind == K_MOUSE ? clicked(app, key) : action_of(app, key);
    if (a) {
        a->run(app, a->arg);
        return;
    }
    const struct screen *screen = app_top(app);
    if (screen->key && screen->key(app, top(app)->state, key))
        return;
    if (key->kind == K_F || key->kind == K_CTRL || key->kind == K_ALT)
        app_say(app, STYLE_WARN, "%s", _("not possible now"));
    else if (screen->prompt)
        edit_key(app, key);
}

void app_key(struct app *app, const struct press *key)
{
    app->key_ms = key->at_ms;
    if (key->kind == K_NONE || key->kind == K_RESIZE)
        return;
    buf_clear(&app->message.text);
    app->message.bell = false;
    /* After a disk that failed nothing is known before it was read again. */
    enum err e = till_ready(&app->till);
    if (!e) {
        key_take(app, key);
        guide_follow(app);
    } else if (key->kind == K_CTRL && key->code == 'Q') {
        app->leave = true;
    } else {
        app_fail(app, e, NULL);
    }
}

/* ---- finding products ---- */

struct search *app_search(struct app *app)
{
    if (!app->search && app->till.lists) {
        lists_index(app->till.lists);
        app->search = search_open(app->till.lists);
    }
    return app->search;
}

/* ---- time ---- */

enum { RETRY_MS = 60 * 1000 };

/* What fair-sync brought: new lists are sold from at once, but never while a
 * screen above the first may hold products of the old ones. */
static bool lists_follow(struct app *app)
{
    struct inbox_state state;
    int64_t have = app->till.lists ? lists_version(app->till.lists) : 0;
    if (app->depth > 1 || !app->till.inbox ||
        inbox_state(app->till.inbox, &state) || state.list == have)
        return false;
    /* Lists that could not be read are not tried again every second. */
    int64_t now_ms = env_mono_ms();
    if (state.list == app->list_tried && now_ms - app->list_tried_ms < RETRY_MS)
        return false;
    app->list_tried = state.list;
    app->list_tried_ms = now_ms;
    search_close(app->search);
    app->search = NULL;
    (void)!till_learn(&app->till); /* what it could not note waits */
    /* What the screen found in the lists before is no more. */
    if (app_top(app)->changed)
        app_top(app)->changed(app, top(app)->state);
    return true;
}

static bool lock_due(const struct app *app)
{
    return app->set.lock_after_s > 0 && app->signed_in &&
           operators_count(app->operators) > 0 &&
           env_mono_ms() - app->key_ms > (int64_t)app->set.lock_after_s * 1000;
}

/* Moving the log may take a slow disk long: not between the keys of a sale. */
static bool is_quiet(const struct app *app)
{
    enum { QUIET_MS = 2000 };
    return env_mono_ms() - app->key_ms >= QUIET_MS;
}

bool app_tick(struct app *app)
{
    struct status before = app->status;
    bool news = false;
    if (till_ready(&app->till) == ERR_OK) {
        if (is_quiet(app))
            ledger_idle(app->till.ledger);
        news = lists_follow(app);
        app_cart_again(app);
        app_cart_begin(app);
        if (app->till.ledger)
            (void)!learn_news(&app->till); /* what cannot be noted now waits */
        (void)app_search(app);
    }
    app_status(app);
    app_tend(app);
    if (lock_due(app)) {
        app_lock(app);
        news = true;
    }
    if (app_top(app)->tick && app_top(app)->tick(app, top(app)->state))
        news = true;
    // NOLINTNEXTLINE(bugprone-*): padding costs a drawing at most
    return news || memcmp(&before, &app->status, sizeof(before)) != 0;
}

/* ---- drawing ---- */

/* Every screen shows what the ledger says; without one there is only this. */
static void draw_lost(struct grid *grid, struct area area)
{
    grid_wrap(grid, area.row + 1, 1, area.cols - 2, area.rows - 1, STYLE_ERROR,
              str_of(_("The disk failed, and what was recorded cannot be read "
                       "just now. Nothing recorded is lost. It is tried "
                       "again with every key. Ctrl-Q ends the program.")));
}

static void draw_screen(const struct app *app, struct grid *grid, int message)
{
    const struct frame *f = &app->frames[app->depth - 1];
    grid_reset(grid, grid->rows, grid->cols);
    struct area area = bars_draw(app, grid, message);
    if (app->till.ledger)
        f->screen->draw(app, f->state, grid, area);
    else
        draw_lost(grid, area);
}

/* A long message goes on in a row the screen left blank; where there is none
 * the screen gets along with one less. */
void app_draw(struct app *app, struct grid *grid)
{
    struct frame *f = top(app);
    app->rows = grid->rows;
    app->cols = grid->cols;
    if (!bars_room(grid)) {
        grid_reset(grid, grid->rows, grid->cols);
        bars_too_small(grid);
        return;
    }
    int message = bars_message_rows(app, grid);
    draw_screen(app, grid, 1);
    if (!bars_message_free(grid, message))
        draw_screen(app, grid, message);
    bars_message(app, grid);
    if (f->since_ms == 0) {
        int64_t now_ms = env_mono_ms();
        f->since_ms = app->key_ms > now_ms ? app->key_ms : now_ms;
    }
}
