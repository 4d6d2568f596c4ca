/*
 * allow.c - a supervisor allows one thing, once.
 *
 * Promise: what was asked for runs at most once for each PIN given, and only
 * when it is recorded who allowed it; nothing of the permission remains.
 */
#include "fair/i18n.h"
#include "pos/screens/draw.h"
#include "pos/screens/pin.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"

struct allowing {
    struct pin_entry pin;
    const char *what; /* message id, and the ledger's words */
    void (*then)(struct app *app, int64_t by);
    bool recorded; /* by what runs then */
};

/* The screen is gone before what was asked for runs on the one below. */
static void allow_submit(struct app *app, void *state, struct str text)
{
    struct allowing *a = state;
    if (!pin_take(app, &a->pin, text))
        return;
    struct allowing done = *a;
    enum err e = ERR_OK;
    if (!done.recorded)
        e = trail_override(&app->till, done.pin.number, str_of(done.what),
                           app->me.number);
    app_pop(app);
    if (e)
        app_fail(app, e, NULL);
    else
        done.then(app, done.pin.number);
}

static bool allow_tick(struct app *app, void *state)
{
    const struct allowing *a = state;
    return pin_waits(app, &a->pin);
}

static size_t allow_seen(const struct app *app, const void *state,
                         struct str typed)
{
    const struct allowing *a = state;
    (void)app;
    return pin_seen(&a->pin, typed);
}

static void allow_draw(const struct app *app, const void *state,
                       struct grid *grid, struct area area)
{
    const struct allowing *a = state;
    int row = area.row + area.rows / 5;
    grid_puts(grid, row++, 1, STYLE_HEADING,
              _("A supervisor is to allow this once:"));
    grid_puts(grid, row, 1, STYLE_WARN, "!");
    row += grid_wrap(grid, row, 3, area.cols - 4, 2, STYLE_WARN,
                     str_of(_(a->what)));
    row += pin_draw(app, &a->pin, grid, row);
    pin_people(app, &a->pin, grid, row + 1, area.row + area.rows);
}

static const char *allow_prompt(const struct app *app, const void *state)
{
    const struct allowing *a = state;
    (void)app;
    return pin_prompt(&a->pin);
}

const struct screen allow_screen = {
    .id = "allow",
    .title = N_("Supervisor"),
    .context = IN_DIALOG,
    .prompt = N_("Number, or number*PIN"),
    .prompt_of = allow_prompt,
    .seen = allow_seen,
    .size = sizeof(struct allowing),
    .draw = allow_draw,
    .submit = allow_submit,
    .tick = allow_tick,
};

static void allow(struct app *app, const struct allowing *wanted)
{
    if (app->me.role == ROLE_SUPERVISOR) {
        wanted->then(app, app->me.number);
        return;
    }
    app_push(app, &allow_screen);
    struct allowing *a = app_state(app, &allow_screen);
    *a = *wanted;
    a->pin = (struct pin_entry){ .least = ROLE_SUPERVISOR };
}

void app_allow(struct app *app, const char *what,
               void (*then)(struct app *app, int64_t by))
{
    allow(app, &(struct allowing){ .what = what, .then = then });
}

void app_supervise(struct app *app, const char *what,
                   void (*then)(struct app *app, int64_t by))
{
    allow(app,
          &(struct allowing){ .what = what, .then = then, .recorded = true });
}
